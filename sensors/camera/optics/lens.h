// lens.h: checking a lens before it is used: how far out it can be inverted.
//
// The shading side of lenses is shaders/shared/lens.h; this one is in double and runs when a sheet
// is read. Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_LENS_H
#define BT_CAMERA_OPTICS_LENS_H

#include "shaders/shared/lens_types.h"

#include <stdbool.h>
#include <stdint.h>

// The widest field angle up to which the radial part rises steadily: its slope stays above
// BT_LENS_SLOPE_MIN of the slope on the axis, the rational's denominator above zero. At most
// `limit_rad` (pinhole: 89 degrees, fisheye: 180), to 1e-9 rad below the true place.
#define BT_LENS_SLOPE_MIN 0.05 // chosen: Newton in float keeps its accuracy down to there
double bt_lens_limit(const bt_lens *lens, double limit_rad);

// Distorted radius (plane z = 1, or bent angle) at a field angle: radial part only, in double.
double bt_lens_radius(const bt_lens *lens, double theta_rad);

// The field angle of the picture's farthest corner, by bisection on bt_lens_radius within
// [0, theta_max_rad] of the lens; tangential terms left out.
double bt_lens_corner_angle(const bt_lens *lens, uint32_t width_px, uint32_t height_px);

#endif
