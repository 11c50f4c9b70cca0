// glint.h: the sun's glint on what is bent, for eyes whose samples lie farther apart than it is wide.
//
// Within the cone of a ray that a pixel's samples share, normals of a bent surface turn. Were each sample's lobe as
// narrow as the surface is smooth, few would meet a glint, and be giants. Kaplanyan, Hill, Patney, Lefohn 2016,
// "Filtering distributions of normals for shading antialiasing"; Tokuyoshi and Kaplanyan 2021, "Stable geometric
// specular antialiasing with projected-space NDF filtering": to GGX's alpha^2, a matrix over the tangent plane, is
// added twice the covariance of normals under a kernel of half the cone's width. A pixel's samples share that width, so
// that the picture without it is what many samples come to.
//
// It is for the sun as the eye's own rays see it: there light sampling alone brings the disc, and what scattering meets
// of it is left out.
#ifndef BT_SHARED_GLINT_H
#define BT_SHARED_GLINT_H

#include "shaders/shared/bsdf.h"
#include "shaders/shared/hit.h"
#include "shaders/shared/path_types.h"

// The most that is added, both axes together: chosen. Wider lobes are brighter towards the sun's side.
#define BT_GLINT_MOST 0.04f
// What is added, over 1 - cosine of the sun's radius, below which nothing is: the disc is as wide as reflected directions
// turn then, and scattering meets it where lobes asked for within it would be seldom there and giants.
#define BT_GLINT_LEAST 1.0f

// Twice the covariance of normals is p p^T + q q^T, in the snapshot's frame.
STRUCT(bt_glint)
{
    float3 p, q;
    bool on;
};

FN bool bt_can_glint(uint kind)
{
    return kind == BT_MATERIAL_GLASS_THIN || kind == BT_MATERIAL_CONDUCTOR ||
           kind == BT_MATERIAL_COATED || kind == BT_MATERIAL_RETRO || kind == BT_MATERIAL_PAINT;
}

// How normals turn for each metre of a triangle, N M^-1 N^T of its normals' differences N and its edges' Gram matrix M,
// by M^-1's Cholesky factor.
FN bt_glint bt_glint_of_triangle(bt_triangle t)
{
    float3 n = normalize3(bt_normal_unpack(t.normal[0]));
    float3 n1 = normalize3(bt_normal_unpack(t.normal[1])) - n;
    float3 n2 = normalize3(bt_normal_unpack(t.normal[2])) - n;
    float3 e1 = bt_triangle_edge(t, 1);
    float3 e2 = bt_triangle_edge(t, 2);
    float3 area = cross3(e1, e2);
    float along = max(dot3(e2, e2), 1e-20f);
    float size = max(dot3(area, area), 1e-30f);
    bt_glint g;
    g.p = (n1 * along - n2 * dot3(e1, e2)) * (1.0f / sqrt(along * size));
    g.q = n2 * (1.0f / sqrt(along));
    g.on = true;
    return g;
}

FN bt_glint bt_glint_find(bt_scene_ref sc, bt_path_setup setup, bt_hit hit, IN(bt_path) path,
                          uint kind)
{
    bt_glint g;
    g.p = splat3(0.0f);
    g.q = splat3(0.0f);
    g.on = false;
    bt_sky sky = scene_of(sc).sky;
    if (!bt_can_glint(kind) || bt_path_vertex(path) > 0u || D(path).alpha_floor > 0.0f) return g;
    if (!(sky.sun_up > 0.0f) || sky.is_moon > 0.0f || setup.scatter_only != 0u) return g;
    bt_placed placed = scene_placed(sc, hit.placed);
    bt_triangle t = bt_placed_triangle(sc, placed, hit.triangle, D(path).u);
    if (t.normal[0] == t.normal[1] && t.normal[1] == t.normal[2]) return g;
    g = bt_glint_of_triangle(t);
    bt_placement at = scene_placement(sc, placed, D(path).u);
    // turned into the snapshot, and per metre there; twice the kernel's variance is half the width squared
    float size = D(path).cone_m * sqrt(0.5f / to_f(setup.cone_samples)) / sqr(placed.scale);
    g.p = bt_placement_vector(at, g.p) * size;
    g.q = bt_placement_vector(at, g.q) * size;
    float all = dot3(g.p, g.p) + dot3(g.q, g.q);
    g.on = all > BT_GLINT_LEAST * sky.sun_height;
    float less = all > BT_GLINT_MOST ? sqrt(BT_GLINT_MOST / all) : 1.0f;
    g.p = g.p * less;
    g.q = g.q * less;
    return g;
}

// bt_bsdf.spread with it.
FN float3 bt_glint_spread(IN(bt_bsdf) s, bt_glint g)
{
    float px = dot3(g.p, D(s).frame.x);
    float py = dot3(g.p, D(s).frame.y);
    float qx = dot3(g.q, D(s).frame.x);
    float qy = dot3(g.q, D(s).frame.y);
    float own = D(s).kind == BT_MATERIAL_GLASS_THIN ? sqr(BT_GGX_MIN_ALPHA) : sqr(D(s).alpha);
    return float3(own + px * px + qx * qx, px * py + qx * qy, own + py * py + qy * qy);
}

// What a pane mirrors towards the eye, times the cosine; wi in the shading frame.
FN float4 bt_glint_pane(IN(bt_bsdf) s, bt_glint g, float3 wi)
{
    if (!(wi[2] > 0.0f)) return splat4(0.0f);
    float3 h = normalize3(D(s).wo + wi);
    float gloss = 0.25f * bt_ggx_d_spread(h, bt_glint_spread(s, g)) / D(s).wo[2];
    return bt_pane_at(dot3(D(s).wo, h), D(s).ior, D(s).color).reflected * gloss;
}

#endif
