// match.c: see match.h.
#include "engine/road/match.h"

#include "engine/core/memory.h"

#include <string.h>

static void fill_with_none(uint32_t *indices, uint32_t count)
{
    memset(indices, 0xff, count * sizeof *indices);
}

// Have both roads the same sections of the same lanes?
static bool same_shape(const bt_road_network *from, const bt_road *a, const bt_road_network *to,
                       const bt_road *b)
{
    if (a->section_count != b->section_count || a->length_m != b->length_m) return false;
    for (uint32_t i = 0; i < a->section_count; i++) {
        const bt_lane_section *x = bt_road_section_get(from, a->first_section + i);
        const bt_lane_section *y = bt_road_section_get(to, b->first_section + i);
        if (x->lane_count != y->lane_count || x->s0_m != y->s0_m) return false;
    }
    return true;
}

static void match_road(const bt_road_network *from, uint32_t road, const bt_road_network *to,
                       bt_road_match *match)
{
    const bt_road *a = bt_road_get(from, road);
    uint32_t other = bt_road_find(to, a->id);
    if (other == BT_ROAD_NONE) return;
    const bt_road *b = bt_road_get(to, other);
    if (!same_shape(from, a, to, b)) return;
    match->roads[road] = other;
    for (uint32_t i = 0; i < a->section_count; i++) {
        const bt_lane_section *x = bt_road_section_get(from, a->first_section + i);
        const bt_lane_section *y = bt_road_section_get(to, b->first_section + i);
        for (uint32_t k = 0; k < x->lane_count; k++)
            match->lanes[x->first_lane + k] = y->first_lane + k;
    }
}

// The n-th signal of a road is the n-th of the same road: `first_of_road` (roads of `to`) and
// `next_of_road` (its signals) are room for lists that are taken from as signals are met.
static void match_signals(const bt_road_network *from, const bt_road_network *to,
                          uint32_t *first_of_road, uint32_t *next_of_road, bt_road_match *match)
{
    uint32_t count = bt_road_signal_count(to), roads = bt_road_count(to);
    fill_with_none(first_of_road, roads);
    for (uint32_t i = count; i > 0; i--) {
        uint32_t road = bt_road_signal_get(to, i - 1)->road;
        if (road == BT_ROAD_NONE) continue;
        next_of_road[i - 1] = first_of_road[road];
        first_of_road[road] = i - 1;
    }
    for (uint32_t i = 0; i < match->signal_count; i++) {
        uint32_t road = bt_road_match_road(match, bt_road_signal_get(from, i)->road);
        if (road == BT_ROAD_NONE || first_of_road[road] == BT_ROAD_NONE) continue;
        match->signals[i] = first_of_road[road];
        first_of_road[road] = next_of_road[first_of_road[road]];
    }
}

bt_status bt_road_match_init(const bt_road_network *from, const bt_road_network *to,
                             bt_road_match *match)
{
    *match = (bt_road_match){.road_count = bt_road_count(from),
                             .lane_count = bt_road_lane_count(from),
                             .signal_count = bt_road_signal_count(from)};
    match->roads = bt_alloc(match->road_count, sizeof *match->roads);
    match->lanes = bt_alloc(match->lane_count, sizeof *match->lanes);
    match->signals = bt_alloc(match->signal_count, sizeof *match->signals);
    uint32_t *first = bt_alloc(bt_road_count(to), sizeof *first);
    uint32_t *next = bt_alloc(bt_road_signal_count(to), sizeof *next);
    bool complete = match->roads && match->lanes && match->signals && first && next;
    if (complete) {
        fill_with_none(match->roads, match->road_count);
        fill_with_none(match->lanes, match->lane_count);
        fill_with_none(match->signals, match->signal_count);
        for (uint32_t i = 0; i < match->road_count; i++)
            match_road(from, i, to, match);
        match_signals(from, to, first, next, match);
    }
    bt_free(first);
    bt_free(next);
    if (complete) return BT_OK;
    bt_road_match_clear(match);
    return bt_fail(BT_ERR_MEMORY, "no memory to match two road networks");
}

void bt_road_match_clear(bt_road_match *match)
{
    bt_free(match->roads);
    bt_free(match->lanes);
    bt_free(match->signals);
    *match = (bt_road_match){0};
}
