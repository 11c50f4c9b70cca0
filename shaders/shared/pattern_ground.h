// pattern_ground.h: grass seen as a surface, straw, soil, gravel. Over the plan position, so that it
// runs on from mesh to mesh; the blades themselves are geometry, where they are near.
#ifndef BT_SHARED_PATTERN_GROUND_H
#define BT_SHARED_PATTERN_GROUND_H

#include "shaders/shared/pattern_relief.h"

// pattern_scale_m: size of a clump (grass 0.4), clod (soil 0.08) or stone (gravel 0.02).
// wear: how much of the second spectrum shows on average.
FN bt_relief pattern_ground(bt_material m, bt_surface p)
{
    bt_relief r = relief_plain();
    float size = m.pattern_scale_m > 0.0f ? m.pattern_scale_m : 0.35f;
    float f = relief_footprint(p);
    float x = p.pos_noise[0];
    float y = p.pos_noise[1];
    float3 field = noise_octave2(x, y, 23.0f, f, 301u);
    float3 large = noise_octave2(x, y, 6.1f, f, 302u);
    float3 middle = noise_octave2(x, y, 1.3f, f, 303u);
    float3 clump = noise_octave2(x, y, size, f, 304u);
    float3 tuft = noise_octave2(x, y, size * 0.31f, f, 305u);
    float3 blade = noise_octave2(x, y, size * 0.07f, f, 306u);

    // dry places: large to small, softened by what is averaged away
    float dry = 0.40f * field[0] + 0.55f * large[0] + 0.55f * middle[0] + 0.40f * clump[0];
    dry = dry + 0.35f * tuft[0] + 0.25f * blade[0];
    float seen = 0.5f * noise_band(size, f) + 0.5f * noise_band(size * 0.07f, f);
    r.weight = m.strength * cover_above(dry, 1.5f - 3.0f * m.wear, 1.9f - 0.6f * seen);

    // lit tips and dark gaps
    float sum = 0.05f * large[0] + 0.08f * middle[0] + 0.12f * clump[0];
    sum = sum + 0.16f * tuft[0] + 0.22f * blade[0];
    r.tint = max(1.0f + m.strength * sum, 0.25f);
    float up = m.bump * size;
    r.slope_u = up * (0.10f * clump[1] + 0.05f * tuft[1] + 0.018f * blade[1]);
    r.slope_v = up * (0.10f * clump[2] + 0.05f * tuft[2] + 0.018f * blade[2]);
    return r;
}

#endif
