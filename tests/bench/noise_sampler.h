// noise_sampler.h: brings path.h and eye.h with a sampler whose numbers of one cause can be drawn anew. Include once,
// in the place of shaders/shared/path.h, after all other headers but the renderer's own.
#ifndef BT_BENCH_NOISE_SAMPLER_H
#define BT_BENCH_NOISE_SAMPLER_H

#include "shaders/shared/sampler.h"

typedef enum cause {
    CAUSE_NONE,
    CAUSE_ALL,
    CAUSE_WAVELENGTH,
    CAUSE_FILTER,
    CAUSE_TIME,
    CAUSE_LENS,
    CAUSE_LIGHT,       // at the first vertex: which lamp, and whether a kind of light is asked
    CAUSE_LIGHT_PLACE, // and where on it, of sun and lamp
    CAUSE_SKY,         // direction of the sky there
    CAUSE_SCATTER,     // direction that the first vertex (and panes before it) scatters to
    CAUSE_LATER_LIGHT,
    CAUSE_LATER_SCATTER, // roulette too
    CAUSE_FOG,
    CAUSES
} cause;

static const char *const cause_names[CAUSES] = {"none",
                                                "all",
                                                "wavelengths",
                                                "pixel filter",
                                                "time",
                                                "lens",
                                                "which light, first hit",
                                                "where on sun or lamp, first hit",
                                                "direction of the sky, first hit",
                                                "direction of scattering, first hit",
                                                "lights later",
                                                "scattering and roulette later",
                                                "fog"};

#define PANE_SETS 8192u // BT_SETS_PER_PANE, asserted below

static _Thread_local cause drawn_anew;
static _Thread_local uint32_t salt;

static void causes_of(uint set, cause of[4])
{
    uint at = set % PANE_SETS;
    uint kind = at < 16u ? at : 16u + (at - 16u) % 4u, vertex = at < 16u ? 0u : (at - 16u) / 4u;
    cause all = CAUSE_NONE;
    switch (kind) {
    case 0u:
        of[0] = of[1] = CAUSE_FILTER;
        of[2] = CAUSE_TIME;
        of[3] = CAUSE_WAVELENGTH;
        return;
    case 1u:
        all = CAUSE_LENS;
        break;
    case 16u:
        all = vertex == 0u ? CAUSE_SCATTER : CAUSE_LATER_SCATTER;
        break;
    case 17u:
        all = CAUSE_LATER_LIGHT;
        if (vertex > 0u) break;
        of[0] = of[1] = CAUSE_LIGHT_PLACE;
        of[2] = of[3] = CAUSE_SKY;
        return;
    case 18u:
        all = CAUSE_LATER_LIGHT;
        if (vertex > 0u) break;
        of[0] = of[3] = CAUSE_LIGHT;
        of[1] = of[2] = CAUSE_LIGHT_PLACE;
        return;
    default:
        all = CAUSE_FOG;
        break;
    }
    of[0] = of[1] = of[2] = of[3] = all;
}

// As bt_sampler_4d, but for the salt.
static float4 salted_4d(bt_sampler s, uint set)
{
    cause of[4];
    uint key = bt_hash2(s.seed, set);
    uint index = bt_owen_low_to_high(s.index, key);
    uint4 keys = splat_u4(key) * uint4(0x9e3779b1u, 0x85ebca77u, 0xc2b2ae3du, 0x27d4eb2fu) +
                 uint4(0x165667b1u, 0xd3a2646cu, 0xfd7046c5u, 0xb55a4f09u);
    causes_of(set, of);
    for (int k = 0; k < 4; k++)
        if (drawn_anew != CAUSE_NONE && (of[k] == drawn_anew || drawn_anew == CAUSE_ALL))
            keys[k] = bt_hash2(keys[k], salt);
    keys = keys ^ (keys >> 15u);
    keys = keys * splat_u4(0x735a2d97u);
    keys = keys ^ (keys >> 15u);
    uint4 x = bitrev4(bt_owen_low_to_high4(bt_sobol4(index), keys));
    return f4_from_u4(x >> 8u) * (1.0f / 16777216.0f);
}
#define bt_sampler_4d salted_4d
#include "shaders/shared/path.h"
#include "shaders/shared/eye.h"
#undef bt_sampler_4d

#include "engine/render/internal.h"
#include "engine/render/eye_make.h"

_Static_assert(PANE_SETS == BT_SETS_PER_PANE && BT_SET_SCATTER == 16u && BT_SETS_PER_VERTEX == 4u,
               "causes_of knows the sets of path_types.h");

#endif
