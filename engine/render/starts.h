// starts.h: what sixteen paths begin with, found at once: their samplers (sampler.h), and where the camera is
// when each of them leaves it (motion.h).
#ifndef BT_RENDER_STARTS_H
#define BT_RENDER_STARTS_H

#include <stdint.h>

#include "shaders/shared/motion.h"
#include "shaders/shared/sampler.h"

#define BT_STARTS 16u

typedef struct bt_start_samplers {
    uint32_t x[BT_STARTS], y[BT_STARTS], number[BT_STARTS]; // pixel and sample
    uint32_t index[BT_STARTS], seed[BT_STARTS];             // found: bt_sampler
} bt_start_samplers;

typedef struct bt_start_cameras {
    float u[BT_STARTS];                          // normalised time
    float axes[9][BT_STARTS], pos[3][BT_STARTS]; // found: bt_placement
} bt_start_cameras;

// All of them: those that nobody set have to hold numbers. As bt_sampler_begin_open.
void bt_start_samplers_find(bt_start_samplers *samplers, uint32_t first_log2, uint32_t seed);
// key_count: two at least.
void bt_start_cameras_find(bt_start_cameras *cameras, const bt_snapshot_key *keys,
                           uint32_t key_count);

static inline bt_sampler bt_start_sampler_at(const bt_start_samplers *s, uint32_t i)
{
    return (bt_sampler){s->index[i], s->seed[i]};
}
static inline bt_placement bt_start_camera_at(const bt_start_cameras *c, uint32_t i)
{
    return (bt_placement){.x = float3(c->axes[0][i], c->axes[1][i], c->axes[2][i]),
                          .y = float3(c->axes[3][i], c->axes[4][i], c->axes[5][i]),
                          .z = float3(c->axes[6][i], c->axes[7][i], c->axes[8][i]),
                          .pos = float3(c->pos[0][i], c->pos[1][i], c->pos[2][i])};
}

#endif
