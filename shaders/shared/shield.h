// shield.h: a ray from the pupil through the glass before the camera: where it leaves, whither, and how
// much light comes the other way.
//
// Snell's law at both faces, which are curved and wedged (shield_types.h), so that the picture is
// shifted and the camera's intrinsics change; Fresnel's losses at both and the glass's absorption along
// the ray's own path, at each of the four wavelengths. A plate at angle of incidence t of thickness d
// shifts a ray sideways by d sin t (1 - cos t / sqrt(n^2 - sin^2 t)).
// Rays bend by the index in the middle of the spectrum: a wedge of 0.1 mrad spreads colours by 1e-6 rad,
// a drop's by a few per mille of its own bending; neither is shown.
// Light mirrored twice between the faces, the ghost, is not traced here: it belongs to the point spread
// (sensors/camera/optics/windshield_ghost.h). Light is unpolarised: sky and wet road are not dimmed or
// brightened as their polarisation would have it.
// The drops (shield_drops.h) refract at their flat foot and at the cap; what is mirrored totally within
// them is lost, and a ray that leaves bare glass does not meet the flank of a drop beside it.
#ifndef BT_SHARED_SHIELD_H
#define BT_SHARED_SHIELD_H

#include "shaders/shared/fresnel.h"
#include "shaders/shared/shield_drops.h"
#include "shaders/shared/spectral.h"

STRUCT(bt_shield_ray)
{
    float3 origin, dir; // in the glass frame where bt_shield_cross gives it, else the camera's
    float cos_inner, cos_outer; // in air, at the faces
    float path_m;               // within the glass
    float drop; // share that a drop's two faces let through; below 0: no drop is met
    bool open;  // false: the ray misses the glass, or no light comes out
};

// Distance along a ray to a face; below 0: it is not met.
FN float bt_shield_reach(bt_shield_face f, float3 o, float3 d)
{
    float a = 0.5f * (f.bend_x * d[0] * d[0] + f.bend_y * d[1] * d[1]);
    float b = d[2] - f.slope_x * d[0] - f.slope_y * d[1];
    b = b + (f.bend_x * o[0] * d[0] + f.bend_y * o[1] * d[1]);
    float c = o[2] - f.height - f.slope_x * o[0] - f.slope_y * o[1];
    c = c + 0.5f * (f.bend_x * o[0] * o[0] + f.bend_y * o[1] * o[1]);
    float disc = b * b - 4.0f * a * c;
    if (!(disc >= 0.0f)) return -1.0f;
    float low = b + sqrt(disc);
    if (!(low > 1e-6f) || c > 0.0f) return -1.0f;
    return -2.0f * c / low;
}
// The outward unit normal.
FN float3 bt_shield_normal(bt_shield_face f, float x, float y)
{
    return normalize3(float3(f.bend_x * x - f.slope_x, f.bend_y * y - f.slope_y, 1.0f));
}

STRUCT(bt_shield_bent)
{
    float3 dir;
    float cos_in, cos_out;
    bool open; // false: reflected totally
};

// Snell: a unit direction through a face whose unit normal looks the same way; eta: index before it
// over the index behind.
FN bt_shield_bent bt_shield_refract(float3 d, float3 n, float eta)
{
    bt_shield_bent b;
    b.cos_in = dot3(d, n);
    float rest = 1.0f - eta * eta * (1.0f - b.cos_in * b.cos_in);
    b.open = rest > 0.0f && b.cos_in > 0.0f;
    b.cos_out = sqrt(max(rest, 0.0f));
    b.dir = d * eta + n * (b.cos_out - eta * b.cos_in);
    return b;
}

FN bool bt_shield_clear(IN(bt_shield) shield, float3 at)
{
    return abs(at[0]) <= D(shield).half_x && abs(at[1]) <= D(shield).half_y;
}

// On through a drop: from its foot at ray.origin, ray.dir still within the glass.
FN void bt_shield_cross_drop(IN(bt_shield) shield, bt_shield_drop drop, float3 n,
                             INOUT(bt_shield_ray) ray)
{
    float water = D(shield).drop_index;
    bt_shield_bent in_ = bt_shield_refract(D(ray).dir, n, D(shield).index / water);
    D(ray).open = in_.open;
    if (!in_.open) return;
    float foot = bt_fresnel_unpolarised(in_.cos_in, water / D(shield).index);

    // the sphere that the cap is cut from, its centre below the foot's, where the drop is round
    float sphere = drop.radius_m / D(shield).drop_sin;
    float3 long_axis = float3(drop.along_x, drop.along_y, 0.0f);
    long_axis = normalize3(long_axis - n * dot3(long_axis, n));
    float3 short_axis = cross3(n, long_axis);
    float3 across = float3(D(ray).origin[0] - drop.x, D(ray).origin[1] - drop.y, 0.0f);
    float widen = drop.stretch;
    float3 from = float3(dot3(across, long_axis) / widen, dot3(across, short_axis) * widen,
                         sphere * D(shield).drop_cos);
    float3 along = float3(dot3(in_.dir, long_axis) / widen, dot3(in_.dir, short_axis) * widen,
                          dot3(in_.dir, n));
    float a = dot3(along, along);
    float b = dot3(along, from);
    float t = (sqrt(max(0.0f, b * b - a * (dot3(from, from) - sphere * sphere))) - b) / a;
    float3 at = from + along * t;
    float3 skin =
        normalize3(long_axis * (at[0] / widen) + short_axis * (at[1] * widen) + n * at[2]);
    bt_shield_bent out_ = bt_shield_refract(in_.dir, skin, water);
    D(ray).open = out_.open;
    D(ray).origin = D(ray).origin + in_.dir * t;
    D(ray).dir = out_.dir;
    D(ray).drop = (1.0f - foot) * (1.0f - bt_fresnel_unpolarised(out_.cos_out, water));
}

// A ray in the glass frame, from behind the glass, through it.
FN bt_shield_ray bt_shield_cross(IN(bt_shield) shield, float3 origin, float3 dir, float time_u)
{
    bt_shield_ray ray;
    ray.origin = origin;
    ray.dir = dir;
    ray.cos_inner = 1.0f;
    ray.cos_outer = 1.0f;
    ray.path_m = 0.0f;
    ray.drop = -1.0f;
    ray.open = false;
    // into the glass
    float t = bt_shield_reach(D(shield).inner, origin, dir);
    if (!(t >= 0.0f)) return ray;
    float3 at = origin + dir * t;
    if (!bt_shield_clear(shield, at)) return ray;
    bt_shield_bent in_ = bt_shield_refract(dir, bt_shield_normal(D(shield).inner, at[0], at[1]),
                                           1.0f / D(shield).index);
    if (!in_.open) return ray;
    ray.cos_inner = in_.cos_in;
    // to the outer face
    ray.path_m = bt_shield_reach(D(shield).outer, at, in_.dir);
    if (!(ray.path_m >= 0.0f)) return ray;
    at = at + in_.dir * ray.path_m;
    if (!bt_shield_clear(shield, at)) return ray;
    if (bt_shield_wiped_at(shield, at[0], -at[1], time_u).covered) return ray;
    ray.origin = at;
    ray.dir = in_.dir;
    float3 n = bt_shield_normal(D(shield).outer, at[0], at[1]);
    bt_shield_drop drop = bt_shield_drop_at(shield, at[0], at[1], time_u);
    if (drop.radius_m > 0.0f) {
        bt_shield_cross_drop(shield, drop, n, A(ray));
        return ray;
    }
    // out of it
    bt_shield_bent out_ = bt_shield_refract(in_.dir, n, D(shield).index);
    ray.dir = out_.dir;
    ray.cos_outer = out_.cos_out;
    ray.open = out_.open;
    return ray;
}

// The same in the camera's frame.
FN bt_shield_ray bt_shield_through(IN(bt_shield) shield, float3 origin, float3 dir, float time_u)
{
    float3 x = float3(D(shield).turn[0], D(shield).turn[1], D(shield).turn[2]);
    float3 y = float3(D(shield).turn[3], D(shield).turn[4], D(shield).turn[5]);
    float3 z = float3(D(shield).turn[6], D(shield).turn[7], D(shield).turn[8]);
    float3 offset = float3(D(shield).offset[0], D(shield).offset[1], D(shield).offset[2]);
    float3 from = float3(dot3(x, origin), dot3(y, origin), dot3(z, origin)) + offset;
    float3 along = float3(dot3(x, dir), dot3(y, dir), dot3(z, dir));
    bt_shield_ray ray = bt_shield_cross(shield, from, along, time_u);
    float3 back = ray.origin - offset;
    ray.origin = x * back[0] + y * back[1] + z * back[2];
    ray.dir = normalize3(x * ray.dir[0] + y * ray.dir[1] + z * ray.dir[2]);
    return ray;
}

// What two faces let through at once, unpolarised: their planes of incidence are nearly the same, so
// that each polarisation keeps to itself.
FN float bt_shield_faces(float cos_inner, float cos_outer, float index)
{
    bt_interface a = bt_fresnel_interface(cos_inner, index);
    bt_interface b = bt_fresnel_interface(cos_outer, index);
    return 0.5f * ((1.0f - a.r_s) * (1.0f - b.r_s) + (1.0f - a.r_p) * (1.0f - b.r_p));
}

// Share of the light that comes through along a ray, straight: without what is mirrored between the
// faces. glass: (2 x BT_SPECTRUM_BINS) index, then absorption per metre.
FN float4 bt_shield_open(BT_FLOATS glass, bt_shield_ray ray, bt_wavelengths w)
{
    if (!ray.open) return splat4(0.0f);
    float4 index = bt_spectrum_at(glass, w);
    float4 absorbed = bt_spectrum_at(floats_from(glass, to_u(BT_SPECTRUM_BINS)), w);
    float4 open = pm_exp4(absorbed * -ray.path_m);
    for (int i = 0; i < 4; i++) {
        float faces = ray.drop < 0.0f
                          ? bt_shield_faces(ray.cos_inner, ray.cos_outer, index[i])
                          : ray.drop * (1.0f - bt_fresnel_unpolarised(ray.cos_inner, index[i]));
        open[i] = open[i] * faces;
    }
    return open;
}

#endif
