// camera_internal.h: what a bt_camera is made of, for the files of this folder.
#ifndef BT_CAMERA_CAMERA_INTERNAL_H
#define BT_CAMERA_CAMERA_INTERNAL_H

#include "sensors/camera/camera.h"
#include "sensors/camera/control/meter.h"
#include "sensors/camera/isp/isp.h"
#include "sensors/camera/imager/fuse.h"
#include "sensors/camera/optics/spread.h"
#include "sensors/camera/imager/pattern.h"
#include "sensors/camera/imager/read_plan.h"
#include "sensors/camera/imager/readout.h"
#include "sensors/camera/response.h"

struct bt_camera {
    bt_camera_sheet sheet;
    uint32_t width_px, height_px;
    uint64_t seed; // of the specimen
    double scale;  // picture pixels per array pixel
    double binned; // array pixels in a picture pixel

    // in effect: of one picture pixel
    bt_lens lens;
    double row_time_s; // from a picture's row to the next below: negative bottom up, 0 global
    double full_well_e;
    double conversion_e_dn; // at analog gain 1
    double black_level_dn, top_dn;

    bt_pupil pupil; // radius_m 0: a point
    bool has_windshield;
    bt_windshield windshield;
    bt_shield shield; // all zero without one
    float glass[2 * BT_SPECTRUM_BINS];

    // point spread from the pupil function; NULL: the renderer's Gaussian stands in
    bt_pose cam_from_glass; // with a windshield
    uint64_t glass_seed;
    bt_kernel *kernel;
    bt_spread *spread;
    uint32_t guard_px;

    bt_response response;
    float vignette[BT_VIEW_VIGNETTE_BINS];
    bt_isp_mosaic isp_kind;
    double white_balance[3];
    double matrix[9];
    float mesh[BT_ISP_MESH_ROWS * BT_ISP_MESH_COLUMNS]; // illumination over the picture
    bt_pattern pattern;                                 // of the large photodiode
    bt_pattern small_pattern;                           // empty: there is none
    bt_adc adc;                                         // empty: linear
};

#define BT_CAMERA_WAVE_STEP_NM 20.0 // between the wavelengths of a point spread
// Makes kernel and spread, where the sheet asks for them. camera_optics.c
BT_CHECKED bt_status bt_camera_set_optics(bt_camera *camera, const bt_camera_desc *from,
                                          bt_jobs *jobs);
// Side of the square that a pixel gathers from, picture pixels: 1; binned k = 1/scale times each way,
// a colour pixel sums k x k array pixels of its own colour, which lie two apart: the square of that
// variance, (4 (k^2 - 1) + 1) / 12 array pixels^2, that is (4 - 3 scale^2) / 12.
double bt_camera_aperture_px(const bt_camera *camera);

// What readout and ISP need in this state. Reads are those of the plan; without column noise.
bt_readout bt_camera_readout(const bt_camera *camera, const bt_camera_state *state,
                             const bt_read_plan *plan, uint32_t read, uint64_t frame);
void bt_camera_fuse(const bt_camera *camera, const bt_camera_state *state, const bt_read_plan *plan,
                    bt_fuse *fuse);
// The raw picture is fused or companded: codes of hdr.output_bits, not of the converter.
bool bt_camera_is_fused(const bt_camera *camera);
// What metering goes by when the first read exposes so long: with several reads it is the fused signal.
bt_meter bt_camera_meter_limits(const bt_camera *camera, double exposure_s);
// Linear counts of the first read, black left out, at which the raw picture's signal ends.
double bt_camera_top_dn(const bt_camera *camera, const bt_camera_state *state);
bt_isp bt_camera_isp(const bt_camera *camera, const bt_camera_state *state);
// Electrons at which counts or the well of the first read are full, at an analog gain.
double bt_camera_saturation_e(const bt_camera *camera, double analog_gain);

#endif
