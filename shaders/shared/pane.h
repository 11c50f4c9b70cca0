// pane.h: what a thin pane in the way of a shadow ray lets through.
#ifndef BT_SHARED_PANE_H
#define BT_SHARED_PANE_H

#include "shaders/shared/fresnel.h"
#include "shaders/shared/hit.h"
#include "shaders/shared/spectral.h"

// A ray that meets more panes than this ends there.
#define BT_MAX_PANES_OPEN 16u

FN float4 bt_pane_open(bt_scene_ref sc, bt_hit hit, float3 dir, float u, bt_wavelengths w)
{
    float3 normal = bt_hit_normal(sc, hit, u);
    bt_triangle t = scene_triangle(sc, scene_placed(sc, hit.placed).first_triangle + hit.triangle);
    bt_material m = scene_material(sc, scene_slot(sc, t.slot).material);
    float4 tint = bt_spectrum_at(scene_spectrum(sc, m.reflectance), w);
    if (m.texture_color != 0u) {
        float2 uv = bt_triangle_uv(sc, t, hit.bary_u, hit.bary_v);
        float4 texel = bt_texture_factor(sc, m.texture_color, uv, 0.0f);
        tint = tint * bt_texel_spectrum(sc, m.texture_color, texel, w);
    }
    return bt_pane_at(abs(dot3(normal, dir)), m.ior, tint).transmitted;
}

#endif
