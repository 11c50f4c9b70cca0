// lens.h: pixels and rays of a view, through its lens and the glass before it, for C that does not read
// portable.h. For this folder only.
//
// A pixel's ray is the principal one: from the middle of the pupil, through the glass without drops and
// wiper. Without glass it starts in the camera's origin.
#ifndef BT_LABEL_LENS_H
#define BT_LABEL_LENS_H

#include "engine/render/view.h"

#include <stdbool.h>

typedef struct label_ray {
    float origin[3], dir[3]; // camera frame, in air; dir of length 1
} label_ray;

// The ray that a place on the picture looks along; false outside the field or beside the glass.
bool label_eye_ray(const bt_view *view, double x_px, double y_px, label_ray *ray);
// Where a point in the camera frame lands: the place whose ray goes through it; false outside the field
// or beside the glass.
bool label_eye_pixel(const bt_view *view, const float point_cam[3], double *x_px, double *y_px);

// The point of a ray at a distance from its origin: what the label image D tells.
static inline bt_vec3 label_ray_at(const label_ray *ray, double distance_m)
{
    return (bt_vec3){(double)ray->origin[0] + distance_m * (double)ray->dir[0],
                     (double)ray->origin[1] + distance_m * (double)ray->dir[1],
                     (double)ray->origin[2] + distance_m * (double)ray->dir[2]};
}

#endif
