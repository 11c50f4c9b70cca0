// textured.h: what images say about a surface: colour, roughness, metal, normal, light, holes.
//
// glTF 2.0, section 3.9. Colours are factors on the material's own spectra. Images are filtered over
// the ray's cone (texture.h), but never for holes: those are met or not, and a pixel's samples
// average them.
#ifndef BT_SHARED_TEXTURED_H
#define BT_SHARED_TEXTURED_H

#include "shaders/shared/sampler.h"
#include "shaders/shared/scene.h"
#include "shaders/shared/surface.h"
#include "shaders/shared/texture.h"

FN bool bt_is_textured(bt_material m)
{
    return (m.texture_color | m.texture_surface | m.texture_normal) != 0u;
}
FN float4 bt_texture_factor(bt_scene_ref sc, uint texture, float2 uv, float footprint)
{
    if (texture == 0u) return splat4(1.0f);
    return bt_texture_at(scene_of(sc).textures, texture - 1u, uv, footprint);
}
// A texture's colour, or one without a texture, at the path's wavelengths.
FN float4 bt_texel_spectrum(bt_scene_ref sc, uint texture, float4 texel, bt_wavelengths w)
{
    if (texture == 0u) return splat4(1.0f);
    return bt_rgb_reflectance(scene_of(sc).textures.basis, texel, w);
}

// ---- where on the image -------------------------------------------------------------------------
FN float2 bt_triangle_uv(bt_scene_ref sc, bt_triangle t, float bary_u, float bary_v)
{
    float2 a = scene_uv(sc, t.vertex[0]);
    float2 b = scene_uv(sc, t.vertex[1]);
    float2 c = scene_uv(sc, t.vertex[2]);
    return a * (1.0f - bary_u - bary_v) + b * bary_u + c * bary_v;
}
// Twice the triangle's area on the image, in units of uv.
FN float bt_triangle_uv_area(bt_scene_ref sc, bt_triangle t)
{
    float2 a = scene_uv(sc, t.vertex[0]);
    float2 b = scene_uv(sc, t.vertex[1]) - a;
    float2 c = scene_uv(sc, t.vertex[2]) - a;
    return abs(b[0] * c[1] - b[1] * c[0]);
}

// ---- what it says -------------------------------------------------------------------------------
// The shading normal of a tangent-space image; front: seen from outside, where `normal` points.
FN float3 bt_texture_normal(bt_material m, bt_surface s, float4 texel, bool front)
{
    float side = front ? m.bump : -m.bump;
    float3 n = s.tangent * ((2.0f * texel[0] - 1.0f) * side) +
               s.bitangent * ((2.0f * texel[1] - 1.0f) * side) +
               s.normal * (2.0f * texel[2] - 1.0f);
    float size = length3(n);
    return size > 1e-3f && dot3(n, s.normal) > 0.0f ? n * (1.0f / size) : s.normal;
}
// Needs uv and tangents. Changes roughness, metal and normal; gives the colour's factor.
FN float4 bt_textures_apply(bt_scene_ref sc, float footprint, bool front,
                            INOUT(bt_material) material, INOUT(bt_surface) surface)
{
    bt_material m = D(material);
    float2 uv = D(surface).uv;
    float4 rough = bt_texture_factor(sc, m.texture_surface, uv, footprint);
    D(surface).roughness = D(surface).roughness * rough[1];
    D(material).metal = m.metal * rough[2];
    if (m.texture_normal != 0u) {
        float4 leans = bt_texture_factor(sc, m.texture_normal, uv, footprint);
        D(surface).normal = bt_texture_normal(m, D(surface), leans, front);
    }
    return bt_texture_factor(sc, m.texture_color, uv, footprint);
}

// ---- holes --------------------------------------------------------------------------------------
// Does a ray that meets the triangle here go on as if it were not there? Where the surface covers
// only a part, chance decides: a hash of the place, so that asking twice gives one answer.
FN bool bt_is_hole(bt_scene_ref sc, uint placed, uint triangle, float bary_u, float bary_v)
{
    bt_triangle t = scene_triangle(sc, scene_placed(sc, placed).first_triangle + triangle);
    bt_material m = scene_material(sc, scene_slot(sc, t.slot).material);
    if (m.alpha == BT_ALPHA_OPAQUE) return false;
    float2 uv = bt_triangle_uv(sc, t, bary_u, bary_v);
    float alpha = bt_texture_factor(sc, m.texture_color, uv, 0.0f)[3];
    if (m.alpha == BT_ALPHA_CUT) return alpha < m.alpha_level;
    // coarser than rounding, so that every backend's ray decides alike
    uint cell_u = to_u(clampf(bary_u, 0.0f, 1.0f) * 65536.0f);
    uint cell_v = to_u(clampf(bary_v, 0.0f, 1.0f) * 65536.0f);
    uint h = bt_hash2(bt_hash2(cell_u, cell_v), bt_hash2(placed, triangle));
    return to_f(h >> 8) * (1.0f / 16777216.0f) >= alpha * m.alpha_level;
}

#endif
