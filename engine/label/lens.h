// lens.h: the shared lens functions for C that does not read portable.h. For this folder only.
#ifndef BT_LABEL_LENS_H
#define BT_LABEL_LENS_H

#include "shaders/shared/lens_types.h"

#include <stdbool.h>

// The unit direction (camera frame) that a place on the picture looks along; false outside the
// field.
bool label_lens_ray(const bt_lens *lens, double x_px, double y_px, float dir_cam[3]);
// Where a point in the camera frame lands; false outside the field.
bool label_lens_pixel(const bt_lens *lens, const float point_cam[3], double *x_px, double *y_px);

#endif
