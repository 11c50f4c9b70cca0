// starts.c: see starts.h: loops in a file of their own, which the compiler takes many turns of at once.
#include "engine/render/starts.h"

void bt_start_samplers_find(bt_start_samplers *restrict s, uint32_t first_log2, uint32_t seed)
{
    uint32_t levels[BT_STARTS];
    for (uint32_t i = 0; i < BT_STARTS; i++)
        levels[i] = bt_sampler_level(s->number[i], first_log2);
    for (uint32_t i = 0; i < BT_STARTS; i++) {
        bt_sampler of =
            bt_sampler_begin_level(s->x[i], s->y[i], s->number[i], first_log2, levels[i], seed);
        s->index[i] = of.index;
        s->seed[i] = of.seed;
    }
}

// Weights between the keys about each: bt_key_weigh, whose turning is left out where no key turns.
static void weigh(const bt_snapshot_key *keys, uint32_t key_count, const float *restrict u,
                  float *restrict of_a, float *restrict of_b)
{
    bool turns = false;
    for (uint32_t k = 0; k + 1u < key_count; k++)
        turns |= bt_key_turns(keys[k], keys[k + 1u]);
    for (uint32_t i = 0; i < BT_STARTS; i++) {
        float v = bt_key_place_at(key_count, u[i]).v;
        of_a[i] = 1.0f - v;
        of_b[i] = v;
    }
    if (!turns) return;
    for (uint32_t i = 0; i < BT_STARTS; i++) {
        bt_key_place at = bt_key_place_at(key_count, u[i]);
        bt_key_weights w = bt_key_weigh(keys[at.first], keys[at.first + 1u], at.v);
        of_a[i] = w.a;
        of_b[i] = w.b;
    }
}

void bt_start_cameras_find(bt_start_cameras *restrict c, const bt_snapshot_key *keys,
                           uint32_t key_count)
{
    float of_a[BT_STARTS], of_b[BT_STARTS];
    weigh(keys, key_count, c->u, of_a, of_b);
    for (uint32_t i = 0; i < BT_STARTS; i++) {
        bt_key_place at = bt_key_place_at(key_count, c->u[i]);
        bt_snapshot_key key = bt_key_mix(keys[at.first], keys[at.first + 1u], at.v,
                                         (bt_key_weights){of_a[i], of_b[i]});
        bt_placement p = bt_placement_from_key(key, 1.0f);
        for (int k = 0; k < 3; k++) {
            c->axes[k][i] = p.x[k];
            c->axes[3 + k][i] = p.y[k];
            c->axes[6 + k][i] = p.z[k];
            c->pos[k][i] = p.pos[k];
        }
    }
}
