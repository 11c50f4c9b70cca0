// surface.h: the point that is being shaded: what patterns read and what they change.
//
// The integrator fills the first part from the hit, sets the second to the material's plain values,
// calls bt_pattern_apply(material, A(surface)) (pattern.h) when the material has a pattern, and
// then builds the BSDF. Directions are in the snapshot's frame: combine them only with each other.
// Snapshot positions move with the camera, so noise never uses them: it uses pos_noise, pos_mesh
// or uv, which stay with the surface.
#ifndef BT_SHARED_SURFACE_H
#define BT_SHARED_SURFACE_H

#include "shaders/shared/portable.h"
#include "shaders/shared/types.h"

// pos_noise of things that stand still wraps at this period, in metres; noise lattices whose cell
// divides it have no seam.
#define BT_NOISE_PERIOD_M 4096.0f

STRUCT(bt_surface)
{
    // ---- given
    float3 pos_mesh;  // in the mesh's own frame, times the instance's scale: metres
    float3 pos_noise; // for solid noise: standing things: world position modulo BT_NOISE_PERIOD_M
                      // (continuous from one mesh to the next); moving ones: pos_mesh plus an
                      // offset of their own
    float3 normal_geometric; // unit, on the side of the viewer
    float3 tangent;          // unit, direction of growing uv[0] (any, where uv is degenerate)
    float3 bitangent;        // unit, direction of growing uv[1]; both perpendicular to `normal`
    float2 uv;               // metres along the surface; may be (0, 0) everywhere
    float footprint_m;       // width of the ray's cone here, across the ray: smallest width seen
    float footprint_max_m;   // along the surface in the plane of the ray: width / cosine. Detail
                             // finer than about half of these must be averaged, not sampled
    float cos_view;          // of the angle to the viewer's ray, geometric normal, (0, 1]
    uint hash;               // another number for each instance: leaves, cars, houses differ

    // ---- changed by patterns
    float3 normal;   // unit shading normal, on the viewer's side as far as it can
    float weight;    // 0..1: how much of reflectance2 (and roughness2) shows instead of reflectance
    float tint;      // >= 0: factor on the reflectance, 1 plain; the result is clamped below 1
    float roughness; // perceptual, 0..1; the pattern mixes roughness2 in by itself
};

#endif
