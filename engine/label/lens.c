// lens.c: calls shaders/shared/lens.h and shield.h, whose portable.h makes macros of words like `min`.
#include "engine/label/lens.h"

#include "shaders/shared/lens.h"
#include "shaders/shared/shield.h"

// A pane turns a ray by some milliradians at most, nearly the same for neighbouring directions, so that
// each round gains two digits.
#define GLASS_ROUNDS 8

static bt_shield clear_glass(const bt_view *view)
{
    bt_shield shield = view->shield;
    shield.drop_mean = 0.0f;
    shield.period_s = 0.0f;
    return shield;
}

bool label_eye_ray(const bt_view *view, double x_px, double y_px, label_ray *ray)
{
    bt_lens_ray seen = bt_lens_unproject(view->lens, (float)x_px, (float)y_px);
    float3 origin = splat3(0.0f), dir = seen.dir;
    bool open = seen.valid != 0u;
    if (open && view->shield.on != 0u) {
        bt_shield shield = clear_glass(view);
        bt_shield_ray through = bt_shield_through(&shield, origin, dir, 0.0f);
        origin = through.origin;
        dir = through.dir;
        open = through.open;
    }
    for (int i = 0; i < 3; i++) {
        ray->origin[i] = origin[i];
        ray->dir[i] = dir[i];
    }
    return open;
}

// The direction within, whose ray without goes through the point. What lies behind the outer face of
// the glass or in it is seen by nobody.
static bool through_glass(const bt_view *view, float3 point, float3 *within)
{
    bt_shield shield = clear_glass(view);
    float3 dir = normalize3(point);
    for (int round = 0; round < GLASS_ROUNDS; round++) {
        bt_shield_ray r = bt_shield_through(&shield, splat3(0.0f), dir, 0.0f);
        float3 to = point - r.origin;
        if (!r.open || !(dot3(to, r.dir) > 0.0f)) return false;
        dir = normalize3(dir + (normalize3(to) - r.dir));
    }
    *within = dir;
    return true;
}

bool label_eye_pixel(const bt_view *view, const float point_cam[3], double *x_px, double *y_px)
{
    float3 point = float3(point_cam[0], point_cam[1], point_cam[2]);
    if (view->shield.on != 0u && !through_glass(view, point, &point)) return false;
    bt_lens_pixel pixel = bt_lens_project(view->lens, point);
    *x_px = (double)pixel.x;
    *y_px = (double)pixel.y;
    return pixel.valid != 0u;
}
