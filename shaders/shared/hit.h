// hit.h: what a ray found: from triangle numbers to a surface that can be shaded.
#ifndef BT_SHARED_HIT_H
#define BT_SHARED_HIT_H

#include "shaders/shared/frame.h"
#include "shaders/shared/lamp.h"
#include "shaders/shared/octahedral.h"
#include "shaders/shared/pattern.h"
#include "shaders/shared/scene.h"
#include "shaders/shared/surface.h"
#include "shaders/shared/textured.h"

STRUCT(bt_hit)
{
    float distance;
    float bary_u, bary_v;
    uint placed;   // index into the scene's
    uint triangle; // of its mesh
};

STRUCT(bt_shade_point)
{
    bt_surface surface;
    bt_material material;
    float3 pos;     // in the snapshot
    float reach;    // for bt_offset_origin
    float emission; // of the material's, towards where it is seen from; 0: its lamp is off
    float4 texel;   // of material.texture_color, where there is one
    bool front;     // seen from outside
};

// ---- a triangle in its mesh's frame -------------------------------------------------------------
FN float3 bt_triangle_corner(bt_triangle t, int k)
{
    return float3(t.pos[3 * k], t.pos[3 * k + 1], t.pos[3 * k + 2]);
}
FN float3 bt_triangle_edge(bt_triangle t, int k)
{
    return bt_triangle_corner(t, k) - bt_triangle_corner(t, 0);
}
// Twice the area long, on the front side.
FN float3 bt_triangle_normal(bt_triangle t)
{
    return cross3(bt_triangle_edge(t, 1), bt_triangle_edge(t, 2));
}
FN float3 bt_mix_corners(float3 a, float3 b, float3 c, float bary_u, float bary_v)
{
    return a * (1.0f - bary_u - bary_v) + b * bary_u + c * bary_v;
}
FN float3 bt_triangle_point(bt_triangle t, float bary_u, float bary_v)
{
    return bt_mix_corners(bt_triangle_corner(t, 0), bt_triangle_corner(t, 1),
                          bt_triangle_corner(t, 2), bary_u, bary_v);
}
FN float3 bt_triangle_shading_normal(bt_triangle t, float bary_u, float bary_v)
{
    if (t.normal[0] == t.normal[1] && t.normal[1] == t.normal[2])
        return bt_normal_unpack(t.normal[0]);
    return bt_mix_corners(normalize3(bt_normal_unpack(t.normal[0])),
                          normalize3(bt_normal_unpack(t.normal[1])),
                          normalize3(bt_normal_unpack(t.normal[2])), bary_u, bary_v);
}

// ---- what a hit is made of ----------------------------------------------------------------------
// A vertex of something that deforms, `vertex` of the world's, at normalised time u.
FN bt_deformed_vertex bt_deformed_at(bt_scene_ref sc, bt_deformed d, uint vertex, float u)
{
    uint first = d.first + vertex - d.first_vertex;
    if (d.key_count < 2u) return scene_deformed_vertex(sc, first);
    bt_key_place place = bt_key_place_at(d.key_count, u);
    first = first + place.first * d.vertex_count;
    return bt_deformed_between(scene_deformed_vertex(sc, first),
                               scene_deformed_vertex(sc, first + d.vertex_count), place.v);
}
FN bt_triangle bt_triangle_deformed(bt_scene_ref sc, bt_deformed d, bt_triangle t, float u)
{
    for (int k = 0; k < 3; k++) {
        bt_deformed_vertex v = bt_deformed_at(sc, d, t.vertex[k], u);
        for (int i = 0; i < 3; i++)
            t.pos[3 * k + i] = v.pos[i];
        t.normal[k] = v.normal;
    }
    return t;
}
// The thing's triangle as it is at u, in the mesh's frame.
FN_IN bt_triangle bt_placed_triangle(bt_scene_ref sc, bt_placed p, uint triangle, float u)
{
    bt_triangle t = scene_triangle(sc, p.first_triangle + triangle);
    if (p.deformed == 0u) return t;
    return bt_triangle_deformed(sc, scene_deformed(sc, p.deformed - 1u), t, u);
}
// The front side's unit normal in the snapshot.
FN float3 bt_hit_normal(bt_scene_ref sc, bt_hit hit, float u)
{
    bt_placed p = scene_placed(sc, hit.placed);
    bt_triangle t = bt_placed_triangle(sc, p, hit.triangle, u);
    return normalize3(bt_placement_vector(scene_placement(sc, p, u), bt_triangle_normal(t)));
}

// Directions of growing uv, orthonormal to the shading normal.
FN void bt_fill_tangents(bt_scene_ref sc, bt_triangle t, bt_placement at, float bary_u,
                         float bary_v, INOUT(bt_surface) s)
{
    float2 uv0 = scene_uv(sc, t.vertex[0]);
    float2 uv1 = scene_uv(sc, t.vertex[1]);
    float2 uv2 = scene_uv(sc, t.vertex[2]);
    D(s).uv = bt_triangle_uv(sc, t, bary_u, bary_v);
    float3 e1 = bt_triangle_edge(t, 1);
    float3 e2 = bt_triangle_edge(t, 2);
    float2 d1 = uv1 - uv0;
    float2 d2 = uv2 - uv0;
    float side = d1[0] * d2[1] - d2[0] * d1[1] < 0.0f ? -1.0f : 1.0f;
    float3 normal = D(s).normal;
    float3 along = bt_placement_vector(at, (e1 * d2[1] - e2 * d1[1]) * side);
    along = along - normal * dot3(along, normal);
    float size = length3(along);
    if (!(size > 1e-20f)) {
        bt_frame frame = bt_frame_about(normal);
        D(s).tangent = frame.x;
        D(s).bitangent = frame.y;
        return;
    }
    float3 tangent = along * (1.0f / size);
    float3 bitangent = cross3(normal, tangent);
    float3 up = bt_placement_vector(at, (e2 * d1[0] - e1 * d2[0]) * side);
    D(s).tangent = tangent;
    D(s).bitangent = dot3(up, bitangent) < 0.0f ? bitangent * -1.0f : bitangent;
}

// For bt_offset_step: the largest coordinate that a place `pos`, `distance` away, was made from; `turned`: it in its mesh's
// frame, turned and scaled.
FN float bt_reach_of(float3 pos, bt_placement at, float3 turned, float distance)
{
    float3 size = abs(pos) + abs(at.pos) + abs(turned);
    return max(size[0], max(size[1], size[2])) + distance;
}

FN void bt_fill_position(bt_placed p, bt_placement at, float3 on_ray, float3 pos_mesh,
                         float distance, INOUT(bt_shade_point) point)
{
    float3 turned = bt_placement_vector(at, pos_mesh);
    // on what moves, the point of the ray: the tracer's own idea of where the surface is
    float3 pos = p.key_count > 1u || p.deformed != 0u ? on_ray : turned + at.pos;
    D(point).pos = pos;
    D(point).reach = bt_reach_of(pos, at, turned, distance);
    float3 own = pos_mesh * p.scale;
    D(point).surface.pos_mesh = own;
    D(point).surface.pos_noise =
        (p.actor != 0u ? own : turned) + first3(p.noise);
    D(point).surface.hash = p.hash;
}

FN void bt_fill_normals(bt_triangle t, bt_placement at, bt_hit hit, float3 dir,
                        INOUT(bt_shade_point) point)
{
    float3 ng = normalize3(bt_placement_vector(at, bt_triangle_normal(t)));
    // a sliver whose area is nothing in floats: as if it faced the ray
    if (!(dot3(ng, ng) > 0.5f)) ng = dir * -1.0f;
    float3 n =
        normalize3(bt_placement_vector(at, bt_triangle_shading_normal(t, hit.bary_u, hit.bary_v)));
    float facing = dot3(ng, dir);
    // a shading normal beyond the horizon of the true one is no use
    float agree = dot3(n, ng);
    if (agree < -0.1f) n = n * -1.0f;
    if (abs(agree) <= 0.1f || !(abs(agree) <= 2.0f)) n = ng;
    bool front = facing <= 0.0f;
    D(point).front = front;
    D(point).surface.normal_geometric = front ? ng : ng * -1.0f;
    D(point).surface.normal = front ? n : n * -1.0f;
    D(point).surface.cos_view = clampf(abs(facing), 1e-3f, 1.0f);
}

// Units of uv per metre of the surface.
FN float bt_uv_per_m(bt_scene_ref sc, bt_triangle t, bt_placement at)
{
    float3 along = bt_placement_vector(at, bt_triangle_edge(t, 1));
    float3 up = bt_placement_vector(at, bt_triangle_edge(t, 2));
    float area = length3(cross3(along, up));
    return sqrt(bt_triangle_uv_area(sc, t) / max(area, 1e-20f));
}
// Needs normals and footprint; fills tangents.
FN void bt_fill_textures(bt_scene_ref sc, bt_triangle t, bt_placement at, bt_hit hit,
                         INOUT(bt_shade_point) point)
{
    bt_fill_tangents(sc, t, at, hit.bary_u, hit.bary_v, A(D(point).surface));
    float footprint = bt_uv_per_m(sc, t, at) * D(point).surface.footprint_m;
    D(point).texel =
        bt_textures_apply(sc, footprint, D(point).front, A(D(point).material), A(D(point).surface));
}

// Everything about a hit that shading needs; cone_m: width of the ray's cone there.
FN_IN void bt_shade_point_find(bt_scene_ref sc, bt_hit hit, float3 origin, float3 dir, float u,
                            float cone_m, INOUT(bt_shade_point) point)
{
    bt_placed p = scene_placed(sc, hit.placed);
    bt_triangle t = bt_placed_triangle(sc, p, hit.triangle, u);
    bt_slot_shade slot = scene_slot(sc, t.slot);
    bt_placement at = scene_placement(sc, p, u);
    D(point).material = scene_material(sc, slot.material);
    D(point).emission = bt_lamp_emission(sc, p, slot, D(point).material, at, dir, u);
    bt_fill_position(p, at, origin + dir * hit.distance,
                     bt_triangle_point(t, hit.bary_u, hit.bary_v), hit.distance, point);
    bt_fill_normals(t, at, hit, dir, point);
    D(point).surface.footprint_m = cone_m;
    D(point).surface.footprint_max_m = cone_m / D(point).surface.cos_view;
    D(point).surface.weight = 0.0f;
    D(point).surface.tint = 1.0f;
    D(point).surface.roughness = D(point).material.roughness;
    D(point).surface.uv = float2(0.0f, 0.0f);
    D(point).surface.tangent = splat3(0.0f);
    D(point).surface.bitangent = splat3(0.0f);
    if (D(point).material.pattern != BT_PATTERN_NONE) {
        bt_fill_tangents(sc, t, at, hit.bary_u, hit.bary_v, A(D(point).surface));
        bt_pattern_apply(D(point).material, A(D(point).surface));
    }
    D(point).texel = splat4(1.0f);
    if (bt_is_textured(D(point).material)) bt_fill_textures(sc, t, at, hit, point);
}

#endif
