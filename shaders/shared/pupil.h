// pupil.h: rays from all over the entrance pupil: what is not in focus is blurred as a thin lens does.
//
// All rays of a place on the picture meet in the point that it is focused on: for a pinhole's
// projection in the plane z = focus, for fisheyes on the sphere of that radius, with the pupil turned
// towards the chief ray, as theirs is. A point at distance d on the axis then makes a disc of
//     |f^2 / (N (s - f)) (d - s) / d|  on the sensor  (s = focus, radius = f / (2 N))
// Distances count from the entrance pupil. Geometry only: what remains at best focus, diffraction and
// aberrations, is the point spread's (sensors/camera/optics).
#ifndef BT_SHARED_PUPIL_H
#define BT_SHARED_PUPIL_H

#include "shaders/shared/lens.h"
#include "shaders/shared/shield_types.h"

STRUCT(bt_pupil_point)
{
    float x, y, weight;
};

// A disc or ring of even area.
FN bt_pupil_point bt_pupil_round(bt_pupil pupil, float u0, float u1)
{
    float hole = sqr(pupil.obscuration);
    float r = pupil.radius_m * sqrt(hole + (1.0f - hole) * u0);
    float2 sc = pm_sincos(2.0f * BT_PI_F * u1);
    bt_pupil_point p;
    p.x = r * sc[1];
    p.y = r * sc[0];
    p.weight = 1.0f;
    return p;
}

// A polygon with the disc's area, its corners at turn + k 2 pi / n; what falls on the central stop has
// weight 0, all else so much more.
FN bt_pupil_point bt_pupil_bladed(bt_pupil pupil, float u0, float u1)
{
    float count = to_f(pupil.blades);
    float side = min(floor(u0 * count), count - 1.0f);
    float along = u0 * count - side;
    float turn = 2.0f * BT_PI_F / count;
    float corner = pupil.radius_m * sqrt(turn / pm_sin(turn));
    float2 a = pm_sincos(pupil.turn_rad + turn * side);
    float2 b = pm_sincos(pupil.turn_rad + turn * (side + 1.0f));
    float out_ = corner * sqrt(u1);
    bt_pupil_point p;
    p.x = out_ * lerp(a[1], b[1], along);
    p.y = out_ * lerp(a[0], b[0], along);
    float hole = sqr(pupil.obscuration);
    bool stopped = p.x * p.x + p.y * p.y < hole * sqr(pupil.radius_m);
    p.weight = stopped ? 0.0f : 1.0f / (1.0f - hole);
    return p;
}

STRUCT(bt_pupil_ray)
{
    float3 origin,
        dir; // camera frame; the origin from the pupil's centre, the direction of length 1
    float weight;
};

// The ray from a point of the pupil (u0, u1 in [0, 1)) for the chief ray's unit direction.
FN bt_pupil_ray bt_pupil_sample(bt_pupil pupil, uint lens_kind, float3 chief, float u0, float u1)
{
    bt_pupil_point p =
        pupil.blades < 3u ? bt_pupil_round(pupil, u0, u1) : bt_pupil_bladed(pupil, u0, u1);
    bt_pupil_ray ray;
    ray.weight = p.weight;
    ray.origin = float3(p.x, p.y, 0.0f);
    float reach = pupil.focus_m;
    if (lens_kind == BT_LENS_PINHOLE) {
        reach = reach / max(chief[2], 1e-3f);
    } else {
        // the shortest turn that takes the axis to the chief ray
        float share = (chief[0] * p.x + chief[1] * p.y) / max(1.0f + chief[2], 1e-2f);
        ray.origin = float3(p.x - chief[0] * share, p.y - chief[1] * share,
                            -chief[0] * p.x - chief[1] * p.y);
    }
    ray.dir = normalize3(chief * reach - ray.origin);
    return ray;
}

#endif
