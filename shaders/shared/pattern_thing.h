// pattern_thing.h: paint, metal, rubber, bark, leaves: solid patterns over pos_noise, which moves with
// the thing; cloth over uv.
#ifndef BT_SHARED_PATTERN_THING_H
#define BT_SHARED_PATTERN_THING_H

#include "shaders/shared/pattern_relief.h"

// An offset of its own for each thing, so that two of a kind do not wear alike.
FN float3 thing_pos(bt_surface p)
{
    float shift = to_f(to_i(p.hash & 1023u)) * 0.37f;
    return float3(p.pos_noise[0] + shift, p.pos_noise[1] - shift, p.pos_noise[2]);
}

// Car paint: flakes near by, the spray gun's orange peel, dust towards the sills and on what faces up.
FN bt_relief pattern_paint(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float3 at = thing_pos(p);
    float flake_m = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.0004f;
    float band = noise_band(flake_m, f);
    if (band > 0.0f) {
        float4 flake = noise_cells2(p.uv[0] / flake_m, p.uv[1] / flake_m, 901u);
        r.tint = r.tint * (1.0f + m.strength * band * (1.6f * sqr(flake[1]) - 0.53f));
    }
    float large = noise_octave3(at, 0.7f, f, 902u);
    float small = noise_octave3(at, 0.08f, f, 903u);
    float spray = noise_octave3(at, 0.011f, f, 904u);
    // spray from the wheels reaches half a metre up
    float low = 1.0f - step_smooth(0.12f, 0.75f, p.pos_mesh[2] + 0.08f * large);
    float up = clampf(p.normal_geometric[2], 0.0f, 1.0f);
    float dust = 0.8f * low * low * (1.0f + 0.22f * large + 0.10f * small + 0.12f * spray);
    dust = dust + 0.10f * up * (1.0f + 0.15f * large);
    r.weight = m.wear * clampf(dust, 0.0f, 1.0f);
    float3 peel = noise_octave2(p.uv[0], p.uv[1], 0.004f, f, 905u);
    r.slope_u = m.bump * 0.00012f * peel[1];
    r.slope_v = m.bump * 0.00012f * peel[2];
    return r;
}

// Galvanised or painted metal. pattern_scale_m: size of zinc crystals, 0: none. Nothing here looks at
// the normal: a wheel carries its dirt around.
FN bt_relief pattern_metal(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float3 at = thing_pos(p);
    float large = noise_octave3(at, 0.83f, f, 1001u);
    float middle = noise_octave3(at, 0.13f, f, 1002u);
    float small = noise_octave3(at, 0.019f, f, 1003u);
    float spangle = 0.0f;
    float crystal_m = max(m.pattern_scale_m, 1.0e-4f);
    float band = m.pattern_scale_m > 0.0f ? noise_band(crystal_m, f) : 0.0f;
    if (band > 0.0f) {
        float4 crystal = noise_cells2((at[0] + 0.61f * at[2]) / crystal_m,
                                      (at[1] + 0.79f * at[2]) / crystal_m, 1004u);
        spangle = band * (crystal[1] - 0.5f);
    }
    float sum = 0.35f * spangle + 0.07f * large + 0.05f * middle + 0.03f * small;
    r.tint = 1.0f + m.strength * sum;
    r.roughness = 0.10f * m.strength * (spangle + 0.5f * middle) + 0.05f * m.wear * large;
    float streak = noise_streak2(at[0] + at[1], at[2], 0.05f, 0.9f, f, 1005u);
    float grime = 0.45f * large + 0.4f * middle + 0.25f * small + 0.2f * streak;
    float lost =
        noise_lost(0.45f, 0.83f, f) + noise_lost(0.4f, 0.13f, f) + noise_lost(0.32f, 0.019f, f);
    r.weight = m.strength * m.wear * cover_above(grime - 1.4f + 1.1f * m.wear, 1.2f, lost);
    r.slope_u = m.bump * 0.02f * middle;
    r.slope_v = m.bump * 0.02f * small;
    return r;
}

// Tyres, trim: dust in the pores, less where it was rubbed.
FN bt_relief pattern_rubber(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float3 at = thing_pos(p);
    float middle = noise_octave3(at, 0.07f, f, 1101u);
    float small = noise_octave3(at, 0.012f, f, 1102u);
    r.tint = 1.0f + m.strength * (0.10f * middle + 0.10f * small);
    r.weight = m.strength * m.wear * clampf(0.35f + 0.28f * middle + 0.15f * small, 0.0f, 1.0f);
    float3 grain = noise_octave2(p.uv[0], p.uv[1], 0.003f, f, 1103u);
    r.slope_u = m.bump * 0.0003f * grain[1];
    r.slope_v = m.bump * 0.0003f * grain[2];
    return r;
}

// Cloth and fur: threads of pattern_scale_m (0: 1.2 mm), crumples of some centimetres, over uv, which
// stays with the cloth where a body bends (folds are geometry). wear: how much of the second spectrum
// shows, where dye was rubbed off.
FN bt_relief pattern_cloth(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float shift = to_f(to_i(p.hash & 1023u)) * 0.37f;
    float u = p.uv[0] + shift;
    float v = p.uv[1] - shift;
    float thread_m = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.0012f;
    float large = noise_plane2(u, v, 0.19f, f, 1201u);
    float3 crumple = noise_octave2(u, v, 0.045f, f, 1202u);
    float3 weave = noise_octave2(u, v, thread_m * 2.0f, f, 1204u);
    r.tint = 1.0f + m.strength * (0.07f * large + 0.05f * crumple[0] + 0.16f * weave[0]);
    float rubbed = 1.0f + 0.35f * large + 0.25f * crumple[0] + 0.3f * weave[0];
    r.weight = m.wear * clampf(rubbed, 0.0f, 2.0f);
    r.slope_u = m.bump * (0.0018f * crumple[1] + 0.15f * thread_m * weave[1]);
    r.slope_v = m.bump * (0.0018f * crumple[2] + 0.15f * thread_m * weave[2]);
    return r;
}

// Hair and fur that lies: strands run along v, pattern_scale_m (0: 0.8 mm) from one bundle to the next, in locks six
// times as wide. They lean across and not along, so that gloss is drawn out across them; too fine to be
// seen they roughen it.
FN bt_relief pattern_hair(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float wide = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.0008f;
    float u = p.uv[0] + to_f(to_i(p.hash & 1023u)) * 0.37f;
    float strand_seen = noise_band(wide, f);
    float lock_seen = noise_band(wide * 6.0f, f);
    float3 strand = noise_gradient2(u / wide, p.uv[1] / (wide * 40.0f), 1251u);
    float3 lock = noise_gradient2(u / (wide * 6.0f), p.uv[1] / (wide * 60.0f), 1252u);
    r.tint = 1.0f + m.strength * (0.16f * lock_seen * lock[0] + 0.14f * strand_seen * strand[0]);
    r.slope_u = m.bump * (0.22f * lock_seen * lock[1] + 0.30f * strand_seen * strand[1]);
    r.roughness = m.bump * 0.15f * (1.0f - strand_seen);
    return r;
}

// pattern_scale_m: width of a ridge. bump of 0.5 and more: furrows along the trunk, dark inside; less:
// smooth bark with dark marks lying across it (birch). The trunk is taken to stand.
FN bt_relief pattern_bark(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float size = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.03f;
    float rough = m.bump >= 0.5f ? 1.0f : 0.0f;
    // furrows are long upright; birch marks are wide and low
    float squeeze = rough > 0.5f ? 0.2f : 3.5f;
    float3 at = float3(p.pos_noise[0], p.pos_noise[1], p.pos_noise[2] * squeeze);
    float large = noise_octave3(at, size * 7.0f, f, 1301u);
    float ridge = noise_octave3(at, size * 1.6f, f, 1302u);
    float fine = noise_octave3(at, size * 0.5f, f, 1303u);
    float band = noise_band(size * 1.6f, f);
    float furrow = hump((ridge + 0.25f * fine) * 1.9f) * band + 0.21f * (1.0f - band);
    float lost = noise_lost(0.9f, size * 1.6f, f) + noise_lost(0.5f, size * 7.0f, f);
    lost = lost + noise_lost(0.35f, size * 0.5f, f);
    float dark = 0.9f * ridge + 0.5f * large + 0.35f * fine - 1.55f + 0.6f * m.wear;
    float marks = cover_above(dark, 0.25f, lost);
    r.weight = m.strength * (rough > 0.5f ? furrow * 0.85f : marks);
    r.tint = 1.0f + m.strength * (0.12f * large + 0.10f * ridge + 0.10f * fine);
    r.slope_u = m.bump * 0.30f * ridge * band * rough + m.bump * 0.1f * fine;
    r.slope_v = m.bump * 0.10f * fine;
    return r;
}

// Leaves of one tree differ: by branch, by leaf (about 8 cm), by side of the crown.
FN bt_relief pattern_leaf(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float3 at = thing_pos(p);
    float crown = noise_octave3(at, 1.7f, f, 1401u);
    float branch = noise_octave3(at, 0.31f, f, 1402u);
    float own = noise_octave3(at, 0.05f, f, 1403u);
    float tree = noise_unit(noise_mix(p.hash)) - 0.5f;
    r.tint = max(1.0f + m.strength * (0.16f * tree + 0.10f * crown + 0.11f * branch + 0.13f * own),
                 0.3f);
    r.roughness = 0.06f * own;
    r.slope_u = m.bump * 0.12f * own;
    r.slope_v = m.bump * 0.12f * branch;
    return r;
}

#endif
