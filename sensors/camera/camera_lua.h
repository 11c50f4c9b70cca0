// camera_lua.h: camera sheets and mounts as Lua tables.
//
// A sheet file returns a table with the sections of sheet.h. A parameter is a plain value (counts
// as guessed) or { value = , from = 'datasheet' | 'measured' | 'fitted' | 'derived' | 'guessed',
// source = 'document, page' }. Curves are { wavelength_nm = {...}, value = {...}, from = , ... };
// lens.illumination has theta_deg instead. Besides the numbers:
//
//   name, description
//   array.mosaic       'MONO', or the letters of a tile of 2 x 2 or 4 x 4 pixels, row by row: R red,
//                      G green, B blue, C clear, Y yellow, Cy cyan, at most four different ones:
//                      'RGGB', 'GRBG', 'RCCB', 'RCCC', 'RYYCy', ...
//   lens.model         'brown_conrady' (k1 k2 p1 p2 k3 k4 k5 k6 s1 s2 s3 s4 tau_x tau_y: OpenCV's, the
//                      last two in radians), 'kannala_brandt' (k1 k2 k3 k4) or 'f_theta' (k0 to k5:
//                      radius in pixels of the array against radians; k0 is 0, fx_px and fy_px are not
//                      read)
//   lens.pixeldist_to_angle  { value = { j0 .. j5 } } of f_theta in the place of coefficients, where a
//                      calibration's reference is radians against pixels
//   lens.affine        { value = { c, d, e } } of f_theta: u = c x + d y + cx, v = e x + y + cy
//   lens.coefficients  { value = {...} }, missing ones 0
//   qe.red, .green, .blue, .clear, .yellow, .cyan, .mono: those of the mosaic; ir_cut
//   readout.inl        { range = {0 .. 1 of the converter's range}, value_dn = {counts too many} }
//   reads              one to four of { name = 'hcg', small = , exposure_ratio = , after = , ... },
//                      the keys of bt_read_key; the first has the highest sensitivity
//   companding         { linear_dn = {0, ...}, code_dn = {0, ...} }: knees, straight between
//   isp.white_balance { value = {3} }, isp.color_matrix { value = {9} }: computed when absent
//
// A split pixel with dual conversion gain and a very short exposure after it, 20 linear bits on 12:
//
//   reads = { { name = 'hcg', conversion_e_dn = 0.9, read_noise_e = 0.8 },
//             { name = 'lcg', conversion_e_dn = 6.6, read_noise_e = 3 },
//             { name = 'spd', small = true, exposure_min_s = 11e-3, read_noise_e = 3 },
//             { name = 'vs', after = true, exposure_ratio = 40, conversion_e_dn = 6.6 } },
//   small = { sensitivity = 0.1, full_well_e = 7900 },
//   hdr = { bits = 20, output_bits = 12 },
//   companding = { linear_dn = {0, 1023, 8191, 1048575}, code_dn = {0, 1023, 2047, 4095} },
//
// A mount is { x_m, y_m, z_m, yaw_deg, pitch_deg, roll_deg } in the vehicle frame (ISO 8855: x
// forward, y left, z up; positive pitch looks down): where the lens is and how the camera, at rest
// looking along x, is turned.
#ifndef BT_CAMERA_CAMERA_LUA_H
#define BT_CAMERA_CAMERA_LUA_H

#include "engine/math/pose.h"
#include "engine/script/script.h"
#include "sensors/camera/sheet.h"

// Runs a sheet file (found as bt_script_find_file finds it) in a script of its own and reads it.
// `roots`: folders that require and the file itself may come from.
BT_CHECKED bt_status bt_camera_sheet_load(const char *name, const char *const *roots,
                                          size_t root_count, bt_camera_sheet *sheet);
// Reads a sheet that is a table already; ends the table.
BT_CHECKED bt_status bt_camera_sheet_read(bt_table *table, bt_camera_sheet *sheet);

// Reads a mount and ends the table.
BT_CHECKED bt_status bt_camera_mount_read(bt_table *table, bt_pose *vehicle_from_cam);
bt_pose bt_camera_mount(double x_m, double y_m, double z_m, double yaw_rad, double pitch_rad,
                        double roll_rad);

#endif
