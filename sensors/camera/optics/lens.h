// lens.h: checking a lens before it is used: how far out it can be inverted; and the same projection
// in double.
//
// The shading side of lenses is shaders/shared/lens.h, with the formulas; this one is in double and
// runs when a sheet is read, and where a test bench or an export wants more than a float has.
// Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_LENS_H
#define BT_CAMERA_OPTICS_LENS_H

#include "engine/core/status.h"
#include "engine/math/pose.h"
#include "shaders/shared/lens_types.h"

#include <stdbool.h>
#include <stdint.h>

// The widest field angle up to which the picture rises steadily: the radius's slope stays above
// BT_LENS_SLOPE_MIN of the slope on the axis, the rational's denominator above zero; with tangential
// or thin prism terms half of that is asked of the whole map's determinant, all around. At most
// `limit_rad` (pinhole: 89 degrees, others: 180), to 1e-9 rad below the true place. A tilted sensor must be
// before the lens by the same share; the inverse polynomial of f-theta may not rise twenty times faster
// than on the axis either, to a thousandth of a radian.
#define BT_LENS_SLOPE_MIN 0.05 // chosen: Newton in float keeps its accuracy down to there
double bt_lens_limit(const bt_lens *lens, double limit_rad);
// The same, written into the lens as where its field ends.
double bt_lens_end(bt_lens *lens, double limit_rad);

// Distorted radius (plane z = 1, or bent angle) at a field angle: radial part only, in double.
double bt_lens_radius(const bt_lens *lens, double theta_rad);

// And back, at most theta_max_rad.
double bt_lens_angle_of_radius(const bt_lens *lens, double radius);

// The field angle of the picture's farthest corner; tangential terms, affine and tilt left out.
double bt_lens_corner_angle(const bt_lens *lens, uint32_t width_px, uint32_t height_px);

// Where a direction or point in the camera frame (any length but 0) lands, and the unit direction that
// a place on the picture looks along: Newton to below 1e-12 rad where the picture rises steadily.
// Beyond the field: BT_ERR_INPUT with angle or place and the field.
BT_CHECKED bt_status bt_lens_project_exact(const bt_lens *lens, bt_vec3 point_cam, double *x_px,
                                           double *y_px);
BT_CHECKED bt_status bt_lens_unproject_exact(const bt_lens *lens, double x_px, double y_px,
                                             bt_vec3 *dir_cam);

#endif
