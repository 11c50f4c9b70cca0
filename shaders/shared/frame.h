// frame.h: directions about a normal, and how rays leave a surface.
#ifndef BT_SHARED_FRAME_H
#define BT_SHARED_FRAME_H

#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"

STRUCT(bt_frame)
{
    float3 x, y, z; // orthonormal, right-handed
};

// Any frame about a unit normal. Duff et al. 2017, "Building an orthonormal basis, revisited".
FN bt_frame bt_frame_about(float3 n)
{
    float sign = n[2] >= 0.0f ? 1.0f : -1.0f;
    float a = -1.0f / (sign + n[2]);
    float b = n[0] * n[1] * a;
    bt_frame f;
    f.x = float3(1.0f + sign * n[0] * n[0] * a, sign * b, -sign * n[0]);
    f.y = float3(b, sign + n[1] * n[1] * a, -n[1]);
    f.z = n;
    return f;
}
FN float3 bt_frame_to(bt_frame f, float3 v)
{
    return float3(dot3(v, f.x), dot3(v, f.y), dot3(v, f.z));
}
FN float3 bt_frame_from(bt_frame f, float3 v)
{
    return f.x * v[0] + f.y * v[1] + f.z * v[2];
}

// Cosine-distributed about +z; density cos / pi.
FN float3 bt_cosine_sample(float u0, float u1)
{
    float r = sqrt(u0);
    float2 sc = pm_sincos(2.0f * BT_PI_F * u1);
    return float3(r * sc[1], r * sc[0], sqrt(max(0.0f, 1.0f - u0)));
}

// The shading normal nearest to `n` whose mirror direction does not go below the surface: so that
// no reflection is lost. All unit; wo and ng on one side. After Keller et al. 2017 ("The Iray light
// transport simulation and rendering system").
FN float3 bt_normal_consistent(float3 n, float3 ng, float3 wo)
{
    float3 r = reflect3(wo, n);
    float below = dot3(ng, r);
    float least = 0.02f * min(dot3(ng, wo), 0.5f);
    if (below >= least && dot3(n, wo) > 0.0f) return n;
    float3 lifted = r + ng * (least - below);
    float d = dot3(lifted, lifted);
    if (!(d > 1e-12f)) return ng;
    float3 half_way = wo + lifted * (1.0f / sqrt(d));
    d = dot3(half_way, half_way);
    if (!(d > 1e-12f)) return ng;
    half_way = half_way * (1.0f / sqrt(d));
    return dot3(half_way, wo) > 0.0f ? half_way : ng;
}

// What a ray keeps off the surface it starts from, along the normal, so as not to meet it: it grows with the rounding
// of positions. `reach` is the largest coordinate the position was made from.
FN float bt_offset_step(float reach)
{
    return 2.0e-5f + reach * 1.0e-6f;
}
FN float3 bt_offset_origin(float3 pos, float3 normal_geometric, float3 dir, float reach)
{
    float step = bt_offset_step(reach);
    return pos + normal_geometric * (dot3(dir, normal_geometric) >= 0.0f ? step : -step);
}

#endif
