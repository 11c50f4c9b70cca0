// pattern_road.h: asphalt, road markings, slabs of sidewalks. uv = (s, t): metres along and across
// the road (in junctions world x, y).
//
// What daylight photographs of roads show, from large to small: mottling from laying and traffic;
// wheel tracks, dark and polished; the drip line between them; sealed cracks; patches of another
// age; tyre marks; stones of 5 to 12 mm, lighter than the bitumen around them.
#ifndef BT_SHARED_PATTERN_ROAD_H
#define BT_SHARED_PATTERN_ROAD_H

#include "shaders/shared/pattern_relief.h"

// ---- asphalt: traffic ---------------------------------------------------------------------------
// Wheels run 0.78 m to either side of the lane's middle (track width of cars 1.5 to 1.6 m). `blotch`
// is the mottling of the place.
FN bt_relief asphalt_traffic(bt_relief r, float s, float t, float lane_m, float wear,
                             float strength, float blotch)
{
    float lane = floor(t / lane_m);
    float off = t - (lane + 0.5f) * lane_m;
    // drivers drift within the lane; where they do, the lane is used more or less
    float2 drift = noise_gradient1(s * 0.021f + lane * 7.31f, 11u);
    float way = off + 0.10f * drift[0];
    float much = strength * wear * clampf(1.0f + 0.12f * drift[1], 0.2f, 1.8f);

    // wheel tracks: rubber in the pores, stones polished
    float track = hump((abs(way) - 0.78f) * (1.0f / 0.55f));
    r.tint = r.tint * (1.0f - much * track * clampf(0.25f + 0.07f * blotch, 0.0f, 0.5f));
    r.roughness = r.roughness - 0.10f * wear * track;

    // drip line: oil between the wheels, in blotches
    float drip = hump(way * (1.0f / 0.40f));
    r.tint = r.tint * (1.0f - much * drip * clampf(0.26f + 0.12f * blotch, 0.0f, 0.6f));

    // dust lies where nobody drives
    float edge = step_smooth(0.30f, 0.5f, abs(off) / lane_m);
    r.tint = r.tint * (1.0f + 0.16f * strength * edge);
    return r;
}

// Two strips of rubber where somebody braked: in one of five blocks of 40 m by a lane.
FN bt_relief asphalt_tyre_marks(bt_relief r, float s, float t, float lane_m, float wear, float f)
{
    float wide = lane_m > 0.5f ? lane_m : 3.6f;
    int block = noise_cell(s * (1.0f / 40.0f));
    int lane = noise_cell(t / wide);
    uint h = noise_hash2(block, lane, 21u);
    if (noise_unit(h) > 0.22f * wear) return r;
    float begin = (to_f(block) + 0.1f + 0.3f * noise_unit_again(h, 1u)) * 40.0f;
    float length = 5.0f + 16.0f * noise_unit_again(h, 2u);
    float u = (s - begin) / length;
    if (u < 0.0f || u > 1.0f) return r;

    float pull = noise_unit_again(h, 3u) - 0.5f;
    float middle = (to_f(lane) + 0.5f) * wide + pull * (0.6f + 1.2f * u * u);
    float strip = cover_line(abs(t - middle) - 0.76f, 0.085f, f);
    float fade = u * (2.0f - u) * (1.0f - step_smooth(0.92f, 1.0f, u));
    float grain = 1.0f + 0.4f * noise_streak2(s, t, 0.9f, 0.02f, f, 22u);
    r.tint = r.tint * (1.0f - 0.42f * strip * fade * clampf(grain, 0.0f, 1.6f));
    return r;
}

// ---- asphalt: cracks and patches ------------------------------------------------------------------
// Bitumen poured over a crack: nearly black, glossier, 3 to 7 cm wide with a ragged edge.
FN bt_relief asphalt_seal(bt_relief r, float cover)
{
    r.weight = max(r.weight, 0.92f * cover);
    r.slope_u = r.slope_u * (1.0f - cover);
    r.slope_v = r.slope_v * (1.0f - cover);
    return r;
}

// One crack across the road in about every 16 m, over part of its width.
FN float asphalt_crack_across(float s, float t, float wear, float f)
{
    float spacing = 16.0f;
    int i = noise_cell(s / spacing);
    uint h = noise_hash2(i, 0, 31u);
    if (noise_unit(h) > wear) return 0.0f;
    float at = (to_f(i) + 0.25f + 0.5f * noise_unit_again(h, 1u)) * spacing;
    if (abs(s - at) > 1.5f) return 0.0f;
    float row = 17.0f * noise_unit_again(h, 2u);
    float3 wide = noise_gradient2(t * 0.37f, row, 32u);
    float3 fine = noise_gradient2(t * 3.7f, row, 33u);
    float d = s - at - 0.13f * wide[0] - 0.022f * fine[0];
    float ends = cover_above(wide[1] + 2.2f - 1.6f * noise_unit_again(h, 3u), 0.3f, 0.0f);
    return ends * cover_line(d, 0.026f + 0.0016f * fine[1], f);
}

// Cracks along the road, at the joints of the paver's strips.
FN float asphalt_crack_along(float s, float t, float wear, float f)
{
    float spacing = 3.55f;
    int j = noise_cell(t / spacing + 0.5f);
    int block = noise_cell(s * (1.0f / 60.0f));
    uint h = noise_hash2(j, block, 34u);
    if (noise_unit(h) > 0.6f * wear) return 0.0f;
    float at = (to_f(j) + 0.24f * (noise_unit_again(h, 1u) - 0.5f)) * spacing;
    if (abs(t - at) > 0.6f) return 0.0f;
    float row = to_f(j) * 5.7f;
    float3 wide = noise_gradient2(s * 0.31f, row, 35u);
    float3 fine = noise_gradient2(s * 2.3f, row, 36u);
    float d = t - at - 0.06f * wide[0] - 0.015f * fine[0];
    float u = s * (1.0f / 60.0f) - to_f(block);
    float ends = hump(2.0f * u - 1.0f) > 0.1f ? 1.0f : 0.0f;
    return ends * cover_line(d, 0.022f + 0.0014f * fine[1], f);
}

// Crazing in tired places: plates of three decimetres with cracks of some millimetres between.
FN float asphalt_crazing(float s, float t, float tired, float wear, float f)
{
    float much = cover_above(tired - 1.9f + 0.9f * wear, 0.5f, 0.0f);
    if (f > 0.06f || much <= 0.0f) return 0.0f;
    float3 bend = noise_octave2(s, t, 0.11f, f, 38u);
    float edge_m = 0.33f * noise_edges2((s + 0.02f * bend[0]) * 3.0f,
                                        (t + 0.02f * bend[1] * 0.11f) * 3.4f, 39u);
    return much * cover_line(edge_m, 0.0024f, f);
}

// A rectangle where a trench was dug and filled: another age, a sealed rim.
FN bt_relief asphalt_patch(bt_relief r, float s, float t, float wear, float f)
{
    float2 cell = float2(27.0f, 4.6f);
    int i = noise_cell(s / cell[0]);
    int j = noise_cell(t / cell[1]);
    uint h = noise_hash2(i, j, 41u);
    if (noise_unit(h) > 0.28f * wear) return r;
    float half_s = 0.5f + 2.8f * sqr(noise_unit_again(h, 1u));
    float half_t = 0.35f + 0.75f * noise_unit_again(h, 2u);
    float middle_s = (to_f(i) + 0.3f + 0.4f * noise_unit_again(h, 3u)) * cell[0];
    float middle_t = (to_f(j) + 0.4f + 0.2f * noise_unit_again(h, 4u)) * cell[1];
    // the saw does not run quite straight
    float bent = 0.012f * noise_plane2(s, t, 0.7f, f, 42u);
    float ds = abs(s - middle_s) + bent;
    float dt = abs(t - middle_t) + bent;
    float inside = cover_line(ds, half_s, f) * cover_line(dt, half_t, f);
    float outer = cover_line(ds, half_s + 0.03f, f) * cover_line(dt, half_t + 0.03f, f);
    float age = noise_unit_again(h, 5u);
    r.tint = r.tint * (1.0f + inside * (age > 0.75f ? 0.12f : -0.42f + 0.35f * age));
    r.roughness = r.roughness - 0.05f * inside;
    if (noise_unit_again(h, 6u) < 0.6f)
        r = asphalt_seal(r, clampf(outer - inside, 0.0f, 1.0f) * 0.8f);
    return r;
}

// ---- asphalt: the stones --------------------------------------------------------------------------
// Stones of about 9 mm: domes with their own brightness in dark bitumen.
FN bt_relief asphalt_stones(bt_relief r, float s, float t, float bump, float wear, float strength,
                            float f)
{
    float cell_m = 0.0085f;
    float band = noise_band(cell_m, f);
    if (band <= 0.0f) return r;
    // turned against the road, so that no row of cells lines up with it
    float x = (0.83f * s - 0.56f * t) / cell_m;
    float y = (0.56f * s + 0.83f * t) / cell_m;
    float4 stone = noise_cells2(x, y, 51u);
    float dome = hump(stone[0] * (1.15f + 0.8f * noise_unit(noise_mix(f2u(stone[1])))));
    float shade = (stone[1] - 0.5f) * 0.75f + (stone[1] > 0.93f ? 0.45f : 0.0f);
    // mean over the plane of the dome is about 0.42: keep the mean of the tint at 1
    float contrast = strength * (0.55f + 0.45f * wear);
    r.tint = r.tint * (1.0f + band * contrast * (shade * dome + 0.55f * (dome - 0.42f)));
    float slope = band * bump * 1.3f * (1.0f - dome);
    r.slope_u = r.slope_u + slope * (0.83f * stone[2] + 0.56f * stone[3]);
    r.slope_v = r.slope_v + slope * (0.83f * stone[3] - 0.56f * stone[2]);
    return r;
}

// `large` and `middle`: mottling over metres, unit variance.
FN bt_relief asphalt_mottle(bt_relief r, float s, float t, float large, float middle, float bump,
                            float strength, float f)
{
    float small = noise_plane2(s, t, 0.21f, f, 3u);
    float grain = noise_plane2(s, t, 0.05f, f, 4u);
    float3 grit = noise_octave2(s, t, 0.016f, f, 5u);
    float sum = 0.09f * large + 0.07f * middle + 0.05f * small + 0.08f * grain;
    r.tint = r.tint * (1.0f + strength * (sum + 0.13f * grit[0]));
    // heights of 0.5 mm over centimetres
    r.slope_u = r.slope_u + bump * 0.0005f * grit[1];
    r.slope_v = r.slope_v + bump * 0.0005f * grit[2];
    return r;
}

// Drops of oil and old gum.
FN bt_relief asphalt_spots(bt_relief r, float s, float t, float wear, float f)
{
    float cell_m = 0.8f;
    if (f > 0.3f) return r;
    int i = noise_cell(s / cell_m);
    int j = noise_cell(t / cell_m);
    uint h = noise_hash2(i, j, 61u);
    float rare = noise_unit(h);
    if (rare > 0.35f * wear) return r;
    float radius = 0.015f + 0.22f * sqr(rare);
    float ds = s - (to_f(i) + 0.5f) * cell_m - 0.3f * (to_f(to_i(h & 255u)) * 0.0039f - 0.5f);
    float dt =
        t - (to_f(j) + 0.5f) * cell_m - 0.3f * (to_f(to_i((h >> 4) & 255u)) * 0.0039f - 0.5f);
    float cover = cover_line(sqrt(ds * ds + dt * dt), radius, f + 0.4f * radius);
    r.tint = r.tint * (1.0f - 0.32f * cover);
    return r;
}

// pattern_scale_m: the lane width, 0: no lanes (junctions, car parks).
FN bt_relief pattern_asphalt(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float s = p.uv[0];
    float t = p.uv[1];
    float f = relief_footprint(p);
    float across = p.footprint_m; // lines are seen at their own width
    float large = noise_streak2(s, t, 14.0f, 3.2f, f, 1u);
    float middle = noise_streak2(s, t, 2.4f, 0.9f, f, 2u);
    r = asphalt_mottle(r, s, t, large, middle, m.bump, m.strength, f);
    r = asphalt_stones(r, s, t, m.bump, m.wear, m.strength, f);
    if (m.pattern_scale_m > 0.5f)
        r = asphalt_traffic(r, s, t, m.pattern_scale_m, m.wear, m.strength, large + middle);
    r = asphalt_spots(r, s, t, m.wear, f);
    r = asphalt_tyre_marks(r, s, t, m.pattern_scale_m, m.wear, across);
    r = asphalt_patch(r, s, t, m.wear, across);
    float craze = asphalt_crazing(s, t, 0.8f * large + 0.6f * middle, m.wear, f);
    r.tint = r.tint * (1.0f - 0.7f * craze);
    float seal = asphalt_crack_across(s, t, m.wear, f);
    seal = max(seal, asphalt_crack_along(s, t, m.wear, across));
    return asphalt_seal(r, seal);
}

// ---- markings -----------------------------------------------------------------------------------
// How much wheels roll over this t: 1 in the tracks.
FN float marking_track(float t, float lane_m)
{
    if (lane_m < 0.5f) return 0.0f;
    float off = t - (floor(t / lane_m) + 0.5f) * lane_m;
    return hump((abs(off) - 0.78f) * (1.0f / 0.6f));
}

// Paint goes where wheels and frost take it: chips from millimetres to decimetres, cracks of the
// asphalt below, a grey film over the rest. pattern_scale_m: the lane width as for asphalt; bars across
// the road wear in the wheel tracks.
FN bt_relief pattern_marking(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float s = p.uv[0];
    float t = p.uv[1];
    float f = relief_footprint(p);
    float3 tired = noise_octave2(s * 0.35f, t, 1.3f, f, 101u);
    float3 large = noise_octave2(s, t, 0.16f, f, 102u);
    float3 middle = noise_octave2(s, t, 0.045f, f, 103u);
    float3 small = noise_octave2(s, t, 0.014f, f, 104u);
    float3 grain = noise_octave2(s, t, 0.006f, f, 105u);

    float lost =
        noise_lost(0.75f, 0.16f, f) + noise_lost(0.6f, 0.045f, f) + noise_lost(0.7f, 1.3f, f);
    lost = lost + noise_lost(0.5f, 0.014f, f) + noise_lost(0.35f, 0.006f, f);
    float height = 0.75f * large[0] + 0.6f * middle[0] + 0.5f * small[0] + 0.35f * grain[0];
    float wear = m.wear * (1.0f + 0.55f * marking_track(t, m.pattern_scale_m));
    // painted again by stretches of 80 m: one in four is new, the others are of any age
    float age = noise_unit(noise_hash2(noise_cell(s * 0.0125f), 0, 107u));
    wear = wear * (age < 0.25f ? 0.35f : 0.8f + 0.4f * age);
    float chips = cover_above(height + 0.7f * tired[0] - 2.7f + 2.4f * wear, 0.25f, lost);
    float seam = asphalt_crack_across(s, t, 0.65f, f);
    r.weight = clampf(max(chips, 0.9f * seam), 0.0f, 1.0f);

    // dirt: rubber along the road, dust in blotches
    float rubber = noise_streak2(s, t, 1.6f, 0.05f, f, 106u);
    float dirt = 0.5f + 0.22f * rubber + 0.2f * tired[0] + 0.14f * large[0];
    r.tint = 1.0f - 0.34f * m.strength * wear * clampf(dirt, 0.0f, 1.6f);
    r.tint = r.tint * (1.0f + 0.05f * m.strength * (middle[0] + grain[0]));
    // through thin paint the stones are felt
    r.slope_u = m.bump * (0.0009f * middle[1] + 0.0005f * small[1] + 0.0002f * grain[1]);
    r.slope_v = m.bump * (0.0009f * middle[2] + 0.0005f * small[2] + 0.0002f * grain[2]);
    return r;
}

// ---- slabs ----------------------------------------------------------------------------------------
// Joints every pattern_scale_m both ways, rows shifted by half; slabs differ a little; stains, gum.
FN bt_relief pattern_paving(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float size = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.5f;
    float f = relief_footprint(p);
    float v = p.uv[1] / size;
    int row = noise_cell(v);
    float u = p.uv[0] / size + ((row & 1) == 1 ? 0.5f : 0.0f);
    int column = noise_cell(u);
    float du = (u - to_f(column)) * size;
    float dv = (v - to_f(row)) * size;
    float gap_u = min(du, size - du);
    float gap_v = min(dv, size - dv);
    float joint = max(cover_joint(gap_u, 0.0035f, size, f), cover_joint(gap_v, 0.0035f, size, f));
    float moss = 0.75f + 0.2f * noise_plane2(p.uv[0], p.uv[1], 0.9f, f, 204u);
    r.weight = joint * clampf(moss, 0.2f, 1.0f);

    uint h = noise_hash2(column, row, 201u);
    float slab = (noise_unit(h) - 0.5f) * noise_band(size, f);
    float3 large = noise_octave2(p.uv[0], p.uv[1], 1.7f, f, 202u);
    float3 middle = noise_octave2(p.uv[0], p.uv[1], 0.21f, f, 203u);
    float3 grain = noise_octave2(p.uv[0], p.uv[1], 0.012f, f, 205u);
    float3 sand = noise_octave2(p.uv[0], p.uv[1], 0.004f, f, 206u);
    float sum = 0.22f * slab + 0.08f * large[0] + 0.06f * middle[0] + 0.05f * grain[0];
    r.tint = 1.0f + m.strength * (sum + 0.06f * sand[0]);
    // stains near the joints, where water stands
    float near_joint = 1.0f - min(min(gap_u, gap_v) * 14.0f, 1.0f);
    r.tint =
        r.tint * (1.0f - 0.16f * m.wear * near_joint * clampf(0.6f + 0.5f * middle[0], 0.0f, 1.5f));
    if (f < 0.05f) {
        float4 gum = noise_cells2(p.uv[0] * 2.2f, p.uv[1] * 2.2f, 207u);
        float spot =
            gum[1] < 0.4f * m.wear ? cover_line(gum[0] * 0.4545f, 0.016f, f + 0.004f) : 0.0f;
        r.tint = r.tint * (1.0f - 0.35f * spot);
    }
    // a slab may tilt by half a degree; the joint is a groove
    float tilt = 0.016f * noise_band(size, f);
    r.slope_u =
        m.bump * (tilt * (noise_unit_again(h, 1u) - 0.5f) + 0.0005f * grain[1] + 0.0002f * sand[1]);
    r.slope_v =
        m.bump * (tilt * (noise_unit_again(h, 2u) - 0.5f) + 0.0005f * grain[2] + 0.0002f * sand[2]);
    return r;
}

#endif
