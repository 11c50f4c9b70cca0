// wet.h: where water stands: puddles fill the low places of roads and paving before all is wet.
//
// Call bt_wet_apply after the patterns and before bt_bsdf_make, when material.wet is above 0.
#ifndef BT_SHARED_WET_H
#define BT_SHARED_WET_H

#include "shaders/shared/noise.h"
#include "shaders/shared/pattern_road.h"
#include "shaders/shared/surface.h"

FN bool bt_wet_pools(uint pattern)
{
    return pattern == BT_PATTERN_ASPHALT || pattern == BT_PATTERN_MARKING ||
           pattern == BT_PATTERN_CONCRETE || pattern == BT_PATTERN_PAVING;
}
// 0 damp ground .. 1 standing water. The ground's height is noise of three sizes (chosen: 5, 1.6 and
// 0.35 m), and wheels have pressed ruts into lanes (lane_m wide; 0: none are known): there water stands
// first, in long strips. As it gets wetter the level rises from below nearly all to above the mean. Far
// away it is the share of ground under water.
FN float bt_wet_puddle(float wet, float lane_m, bt_surface s)
{
    float f = s.footprint_max_m;
    float x = s.pos_noise[0];
    float y = s.pos_noise[1];
    float height = 0.6f * noise_plane2(x, y, 5.0f, f, 771u) +
                   0.3f * noise_plane2(x, y, 1.6f, f, 772u) +
                   0.12f * noise_plane2(x, y, 0.35f, f, 773u);
    height = height - 0.45f * marking_track(s.uv[1], lane_m);
    float level = lerp(-1.6f, 0.15f, wet);
    float lost =
        noise_lost(0.6f, 5.0f, f) + noise_lost(0.3f, 1.6f, f) + noise_lost(0.12f, 0.35f, f);
    return cover_above(level - height, 0.035f, lost);
}
// Changes how wet the material is at this point, and levels the normal under standing water.
FN void bt_wet_apply(INOUT(bt_material) material, INOUT(bt_surface) surface)
{
    bt_surface s = D(surface);
    bt_material m = D(material);
    if (!bt_wet_pools(m.pattern) || s.normal_geometric[2] < 0.9f) return;
    bool lanes = m.pattern == BT_PATTERN_ASPHALT || m.pattern == BT_PATTERN_MARKING;
    float pool = bt_wet_puddle(m.wet, lanes ? m.pattern_scale_m : 0.0f, s);
    // between the puddles the stones stand out of the water
    D(material).wet = lerp(0.55f * m.wet, 1.0f, pool);
    D(surface).normal = normalize3(lerp3(s.normal, s.normal_geometric, pool));
}

#endif
