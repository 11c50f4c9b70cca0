// lens.c: calls shaders/shared/lens.h, whose portable.h makes macros of words like `min`.
#include "engine/label/lens.h"

#include "shaders/shared/lens.h"

bool label_lens_ray(const bt_lens *lens, double x_px, double y_px, float dir_cam[3])
{
    bt_lens_ray ray = bt_lens_unproject(*lens, (float)x_px, (float)y_px);
    for (int i = 0; i < 3; i++)
        dir_cam[i] = ray.dir[i];
    return ray.valid != 0u;
}

bool label_lens_pixel(const bt_lens *lens, const float point_cam[3], double *x_px, double *y_px)
{
    bt_lens_pixel pixel = bt_lens_project(*lens, float3(point_cam[0], point_cam[1], point_cam[2]));
    *x_px = (double)pixel.x;
    *y_px = (double)pixel.y;
    return pixel.valid != 0u;
}
