// pattern_ground.h: grass seen as a surface, straw, soil, gravel. Over the plan position, so that it
// runs on from mesh to mesh; the blades themselves are geometry, where they are near.
#ifndef BT_SHARED_PATTERN_GROUND_H
#define BT_SHARED_PATTERN_GROUND_H

#include "shaders/shared/pattern_relief.h"

// Stones or clods lying in finer stuff: domes with their own brightness.
FN bt_relief ground_stones(bt_relief r, float x, float y, float size, float bump, float f)
{
    float band = noise_band(size, f);
    if (band <= 0.0f) return r;
    float4 stone =
        noise_cells2((0.83f * x - 0.56f * y) / size, (0.56f * x + 0.83f * y) / size, 311u);
    float dome = hump(stone[0] * (1.1f + 0.9f * noise_unit(noise_mix(f2u(stone[1])))));
    r.tint = r.tint * (1.0f + band * (0.7f * (stone[1] - 0.5f) * dome + 0.6f * (dome - 0.42f)));
    float slope = band * bump * 1.2f * (1.0f - dome);
    r.slope_u = r.slope_u + slope * (0.83f * stone[2] + 0.56f * stone[3]);
    r.slope_v = r.slope_v + slope * (0.83f * stone[3] - 0.56f * stone[2]);
    return r;
}

// pattern_scale_m: size of a clump (grass 0.4), clod (soil 0.08) or stone (gravel 0.02); below 0.1 it
// is stones. wear: how much of the second spectrum shows on average.
FN bt_relief pattern_ground(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float size = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.35f;
    float f = relief_footprint(p);
    float x = p.pos_noise[0];
    float y = p.pos_noise[1];
    float field = noise_plane2(x, y, 23.0f, f, 301u);
    float large = noise_plane2(x, y, 6.1f, f, 302u);
    float middle = noise_plane2(x, y, 1.3f, f, 303u);
    float clump = noise_plane2(x, y, size, f, 304u);
    float3 tuft = noise_octave2(x, y, size * 0.31f, f, 305u);
    float bunch = noise_plane2(x, y, size * 0.14f, f, 308u);
    float fine = min(size * 0.06f, 0.024f);
    float3 blade = noise_octave2(x, y, fine, f, 306u);
    float3 tip = noise_octave2(x, y, fine * 0.31f, f, 307u);

    // dry places: large to small, softened by what is averaged away
    float dry = 0.30f * field + 0.35f * large + 0.40f * middle + 0.35f * clump;
    dry = dry + 0.38f * tuft[0] + 0.38f * bunch + 0.40f * blade[0] + 0.40f * tip[0];
    float lost =
        noise_lost(0.30f, 23.0f, f) + noise_lost(0.35f, 6.1f, f) + noise_lost(0.40f, 1.3f, f);
    lost = lost + noise_lost(0.35f, size, f) + noise_lost(0.38f, size * 0.31f, f);
    lost = lost + noise_lost(0.38f, size * 0.14f, f);
    lost = lost + noise_lost(0.40f, fine, f) + noise_lost(0.40f, fine * 0.31f, f);
    r.weight = m.strength * cover_above(dry - 1.8f + 3.6f * m.wear, 1.1f, lost);

    // lit tips and dark gaps
    float sum = 0.06f * field + 0.07f * large + 0.09f * middle + 0.10f * clump;
    sum = sum + 0.12f * tuft[0] + 0.17f * bunch + 0.20f * blade[0] + 0.20f * tip[0];
    r.tint = max(1.0f + m.strength * sum, 0.2f);
    float up = m.bump * size;
    float low = m.bump * fine;
    r.slope_u = 0.013f * up * tuft[1] + low * (0.09f * blade[1] + 0.045f * tip[1]);
    r.slope_v = 0.013f * up * tuft[2] + low * (0.09f * blade[2] + 0.045f * tip[2]);
    if (size < 0.1f) r = ground_stones(r, x, y, size, m.bump, f);
    return r;
}

#endif
