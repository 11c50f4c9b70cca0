// pattern_wall.h: brick, plaster, concrete, roof tiles, boards.
//
// Brick, roof and boards use uv: u along the wall (eave, board), v up. Plaster and concrete use the
// world position, so that stains and run-off do not care how a house was unwrapped.
#ifndef BT_SHARED_PATTERN_WALL_H
#define BT_SHARED_PATTERN_WALL_H

#include "shaders/shared/pattern_relief.h"

// Streaks that water leaves below edges, 0..1: long upright, in a few places of the wall, wandering in
// strength along and across; between them the wall is clean.
FN float wall_run_off(float2 at, float f, uint seed)
{
    float where = noise_streak2(at[0], at[1], 1.9f, 4.3f, f, seed);
    float gate = step_smooth(0.2f, 0.85f, where);
    if (gate <= 0.0f) return 0.0f;
    float wide = noise_streak2(at[0], at[1], 0.34f, 5.3f, f, seed + 1u);
    float thin = noise_streak2(at[0], at[1], 0.07f, 3.7f, f, seed + 2u);
    return gate * clampf(0.42f + 0.45f * wide + 0.25f * thin, 0.0f, 1.0f);
}

// What a sill sheds, 0..1: uv is (metres in from its nearer end, metres below it), `reach` how far down
// it is seen. Most runs round the ends; it thins out as it goes down.
FN float wall_below_sill(bt_surface p, float2 at, float reach, float f)
{
    float below = clampf(p.uv[1] / reach, 0.0f, 1.0f);
    float ends = 0.3f + 0.7f * hump(p.uv[0] / 0.22f);
    float wide = noise_streak2(at[0], at[1], 0.13f, 3.1f, f, 506u);
    float thin = noise_streak2(at[0], at[1], 0.031f, 1.7f, f, 507u);
    float lane = clampf(0.45f + 0.6f * wide + 0.4f * thin, 0.0f, 1.0f);
    return sqr(1.0f - below) * step_smooth(0.0f, 0.04f, below) * ends * lane;
}

// Soil that rain throws up from the ground, 0..1: thick at a house's foot, gone within a metre; its
// edge wanders. Heights are those of the mesh, which stands on the ground.
FN float wall_splash(bt_surface p, float large, float middle)
{
    float upright = 1.0f - abs(p.normal_geometric[2]);
    float top = 0.75f + 0.16f * large + 0.07f * middle;
    float low = 1.0f - step_smooth(0.0f, max(top, 0.3f), p.pos_mesh[2]);
    return upright * low * (0.75f + 0.12f * middle);
}

// Running bond; pattern_scale_m is a stretcher with its joint, a course is 0.324 of that.
FN bt_relief pattern_brick(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float length = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.25f;
    float course = 0.324f * length;
    float f = relief_footprint(p);
    float v = p.uv[1] / course;
    int row = noise_cell(v);
    float u = p.uv[0] / length + ((row & 1) == 1 ? 0.5f : 0.0f);
    int column = noise_cell(u);
    float du = (u - to_f(column)) * length;
    float dv = (v - to_f(row)) * course;
    float3 ragged = noise_octave2(p.uv[0], p.uv[1], 0.03f, f, 401u);
    float gap_u = min(du, length - du) + 0.0012f * ragged[0];
    float gap_v = min(dv, course - dv) + 0.0012f * ragged[0];
    float joint = max(cover_joint(gap_u, 0.005f, length, f), cover_joint(gap_v, 0.005f, course, f));
    r.weight = joint;

    // every brick was fired in its own place of the kiln; some are burnt dark
    uint h = noise_hash2(column, row, 402u);
    float band = noise_band(course, f);
    float burnt = noise_unit_again(h, 1u) > 0.9f ? -0.30f : 0.0f;
    float brick = 0.34f * (noise_unit(h) - 0.5f) + burnt + 0.03f;
    float3 face = noise_octave2(p.uv[0], p.uv[1], 0.011f, f, 403u);
    float large = noise_streak2(p.uv[0], p.uv[1], 2.9f, 1.9f, f, 404u);
    float stain = wall_run_off(p.uv, f, 405u);
    r.tint = 1.0f + m.strength * (band * brick * (1.0f - joint) + 0.07f * face[0] + 0.05f * large);
    float middle = noise_plane2(p.uv[0], p.uv[1], 0.45f, f, 406u);
    float soil = max(stain, wall_splash(p, large, middle));
    r.tint = r.tint * (1.0f - 0.45f * m.wear * soil);

    // mortar lies 3 mm back: the arrises slope over 6 mm
    float edge = band * m.bump * 0.35f;
    float left = du < 0.5f * length ? 1.0f : -1.0f;
    float low = dv < 0.5f * course ? 1.0f : -1.0f;
    r.slope_u = edge * left * hump((gap_u - 0.006f) * 250.0f) + m.bump * 0.0006f * face[1];
    r.slope_v = edge * low * hump((gap_v - 0.006f) * 250.0f) + m.bump * 0.0006f * face[2];
    return r;
}

// Rendered walls, flat roofs, glazed dots: mottled, grained, dirty where water runs. pattern_scale_m:
// 0, or this is the piece below a sill and so far the dirt runs down; all else there is as round it.
FN bt_relief pattern_plaster(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float upright = 1.0f - abs(p.normal_geometric[2]);
    float large = noise_octave3(p.pos_noise, 2.7f, f, 501u);
    float middle = noise_octave3(p.pos_noise, 0.55f, f, 502u);
    float small = noise_octave3(p.pos_noise, 0.09f, f, 503u);
    float2 at = relief_wall(p);
    float grain_at = upright > 0.5f ? at[1] : p.pos_noise[1];
    float3 grain = noise_octave2(at[0], grain_at, 0.006f, f, 504u);
    r.tint =
        1.0f + m.strength * (0.045f * large + 0.035f * middle + 0.03f * small + 0.05f * grain[0]);
    float dirt = wall_run_off(at, f, 505u) * (0.3f + 0.7f * upright);
    float blotch = clampf(0.3f * large + 0.25f * middle - 0.15f, 0.0f, 1.0f);
    float soil = 0.6f * dirt + 0.35f * blotch + 0.75f * wall_splash(p, large, middle);
    if (m.pattern_scale_m > 0.0f)
        soil = soil + 0.7f * wall_below_sill(p, at, m.pattern_scale_m, f);
    r.weight = m.wear * m.strength * clampf(soil, 0.0f, 0.9f);
    r.slope_u = m.bump * 0.0009f * grain[1];
    r.slope_v = m.bump * 0.0009f * grain[2];
    return r;
}

// Cast concrete and stone. pattern_scale_m: length of a unit along u (joints), 0: one piece.
FN bt_relief pattern_concrete(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float f = relief_footprint(p);
    float upright = 1.0f - abs(p.normal_geometric[2]);
    float large = noise_octave3(p.pos_noise, 1.9f, f, 601u);
    float middle = noise_octave3(p.pos_noise, 0.37f, f, 602u);
    float small = noise_octave3(p.pos_noise, 0.06f, f, 603u);
    float2 at = relief_wall(p);
    float flat_x = upright > 0.5f ? at[0] : p.pos_noise[0];
    float flat_y = upright > 0.5f ? at[1] : p.pos_noise[1];
    float3 grain = noise_octave2(flat_x, flat_y, 0.007f, f, 604u);
    r.tint =
        1.0f + m.strength * (0.07f * large + 0.06f * middle + 0.05f * small + 0.05f * grain[0]);
    float dirt = wall_run_off(at, f, 605u) * upright;
    float blotch = clampf(0.35f * large + 0.35f * middle + 0.2f * small - 0.25f, 0.0f, 1.0f);
    r.weight = m.wear * m.strength * clampf(0.6f * dirt + 0.45f * blotch, 0.0f, 0.85f);

    if (m.pattern_scale_m > 0.0f) {
        float u = p.uv[0] / m.pattern_scale_m;
        int unit = noise_cell(u);
        float du = (u - to_f(unit)) * m.pattern_scale_m;
        float gap = min(du, m.pattern_scale_m - du);
        r.weight = max(r.weight, cover_joint(gap, 0.004f, m.pattern_scale_m, f));
        float own = noise_unit(noise_hash2(unit, 0, 606u)) - 0.5f;
        r.tint = r.tint * (1.0f + 0.12f * m.strength * own);
    }
    if (f < 0.02f) { // pores: air that stayed at the formwork
        float4 pore = noise_cells2(flat_x * 28.0f, flat_y * 28.0f, 607u);
        float radius = 0.0035f * (1.0f - 2.2f * pore[1]);
        float cover = radius > 0.0f ? cover_line(pore[0] * 0.0357f, radius, f + 0.001f) : 0.0f;
        r.tint = r.tint * (1.0f - 0.55f * cover);
    }
    r.slope_u = m.bump * 0.0008f * grain[1];
    r.slope_v = m.bump * 0.0008f * grain[2];
    return r;
}

// Interlocking tiles: u along the eave, v up the slope; pattern_scale_m is a tile's cover width, a
// row shows 1.1 of that. A wave across, a step where one row ends on the next.
FN bt_relief pattern_roof(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float width = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.3f;
    float height = 1.1f * width;
    float f = relief_footprint(p);
    float v = p.uv[1] / height;
    int row = noise_cell(v);
    float u = p.uv[0] / width;
    int column = noise_cell(u);
    float du = u - to_f(column);
    float dv = (v - to_f(row)) * height;
    uint h = noise_hash2(column, row, 701u);
    float band = noise_band(width, f);
    float own = noise_unit(h) - 0.5f + (noise_unit_again(h, 1u) > 0.94f ? 0.7f : 0.0f);
    float3 lichen = noise_octave2(p.uv[0], p.uv[1], 0.05f, f, 702u);
    float3 grain = noise_octave2(p.uv[0], p.uv[1], 0.012f, f, 703u);
    float large = noise_streak2(p.uv[0], p.uv[1], 1.6f, 2.9f, f, 704u);
    r.tint = 1.0f + m.strength * (0.30f * band * own + 0.08f * large + 0.07f * grain[0]);
    // under the lap and in the trough it is dark
    float lap = cover_joint(min(dv, height - dv), 0.009f, height, f);
    float trough = band * hump((du - 0.5f) * 3.2f);
    r.tint = r.tint * (1.0f - 0.6f * lap - 0.16f * trough);
    float old = 0.6f * lichen[0] + 0.6f * large + 0.3f * grain[0] - 2.1f + 1.5f * m.wear;
    float lost =
        noise_lost(0.6f, 0.05f, f) + noise_lost(0.6f, 1.6f, f) + noise_lost(0.3f, 0.012f, f);
    r.weight = 0.7f * m.strength * cover_above(old, 0.6f, lost);
    // wave of 2 cm height across, rows tilted by their thickness of 2 cm
    float wave = 3.14159265f * 0.02f / width * 2.0f;
    float2 sc = float2(du - 0.5f, 1.0f - 4.0f * sqr(du - 0.5f));
    r.slope_u = band * m.bump * (wave * 2.0f * sc[0] * sc[1] * 2.0f) + m.bump * 0.0008f * grain[1];
    r.slope_v = -band * m.bump * 0.02f / height + m.bump * 0.0008f * grain[2];
    return r;
}

// Boards along u, one above the other along v; pattern_scale_m is a board's width.
FN bt_relief pattern_wood(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float width = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.14f;
    float f = relief_footprint(p);
    float v = p.uv[1] / width;
    int board = noise_cell(v);
    float dv = (v - to_f(board)) * width;
    uint h = noise_hash2(board, 0, 801u);
    float shift = 9.0f * noise_unit(h);
    float gap = cover_joint(min(dv, width - dv), 0.002f, width, f);
    float ring = noise_streak2(p.uv[0] + shift, p.uv[1] + shift, 0.55f, 0.011f, f, 802u);
    float fibre = noise_streak2(p.uv[0] + shift, p.uv[1], 0.09f, 0.0022f, f, 803u);
    float large = noise_streak2(p.uv[0] + shift, p.uv[1] + shift, 1.3f, 0.19f, f, 804u);
    float own = (noise_unit_again(h, 1u) - 0.5f) * noise_band(width, f);
    r.tint = 1.0f + m.strength * (0.30f * own + 0.10f * ring + 0.07f * fibre + 0.07f * large);
    r.tint = r.tint * (1.0f - 0.7f * gap);
    float grey = 0.5f * large + 0.3f * ring + 1.6f * m.wear - 1.2f;
    float lost = noise_lost(0.5f, 0.19f, f) + noise_lost(0.3f, 0.011f, f);
    r.weight = m.strength * cover_above(grey, 1.0f, lost);
    float3 grain = noise_octave2(p.uv[0] * 0.05f, p.uv[1], 0.004f, f, 805u);
    r.slope_v = m.bump * 0.0005f * grain[2];
    return r;
}

#endif
