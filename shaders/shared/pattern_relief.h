// pattern_relief.h: what a pattern finds at a point, before it is laid onto the surface.
#ifndef BT_SHARED_PATTERN_RELIEF_H
#define BT_SHARED_PATTERN_RELIEF_H

#include "shaders/shared/noise.h"
#include "shaders/shared/surface.h"

STRUCT(bt_relief)
{
    float tint;      // factor on the reflectance
    float weight;    // of reflectance2, 0..1
    float roughness; // added
    float slope_u;   // of the height along the tangent, metre per metre
    float slope_v;   // along the bitangent
};

FN bt_relief relief_plain(void)
{
    bt_relief r;
    r.tint = 1.0f;
    r.weight = 0.0f;
    r.roughness = 0.0f;
    r.slope_u = 0.0f;
    r.slope_v = 0.0f;
    return r;
}

// The footprint that isotropic detail is faded by: between the ellipse's axes, nearer the short one
// (short^3/4 long^1/4). Fading by the long axis blurs a road seen at a glance across the view, where
// it is not blurred; what is left along the long axis is averaged by the samples of the pixel.
FN float relief_footprint(bt_surface s)
{
    float mean = sqrt(max(s.footprint_m * s.footprint_max_m, 0.0f));
    return sqrt(max(s.footprint_m, 0.0f) * mean);
}

// Where the height of a wall and the way along it are, from the world position: windows of the same
// wall agree, whatever its uv. Walls that are not square to the axes are stretched by up to 1.41.
FN float2 relief_wall(bt_surface s)
{
    float3 n = s.normal_geometric;
    float along = abs(n[0]) > abs(n[1]) ? s.pos_noise[1] : s.pos_noise[0];
    return float2(along, s.pos_noise[2]);
}

#endif
