// draw.h: random draws in sequence, for generators that grow things step by step.
//
// Still counter-based: draw k of a sequence is a function of (seed, stream, index, k), so a thing's
// shape does not depend on what was made before it. Start one sequence per thing.
#ifndef BT_PROCEDURAL_DRAW_H
#define BT_PROCEDURAL_DRAW_H

#include "engine/core/random.h"

typedef struct bt_draw {
    uint64_t seed, index;
    uint32_t stream, next;
} bt_draw;

static inline bt_draw bt_draw_begin(uint64_t seed, uint32_t stream, uint64_t index)
{
    return (bt_draw){seed, index, stream, 0};
}
// [0, 1)
static inline double bt_draw_unit(bt_draw *draw)
{
    return bt_random_unit(draw->seed, draw->stream, draw->index, draw->next++);
}
static inline double bt_draw_range(bt_draw *draw, double low, double high)
{
    return low + (high - low) * bt_draw_unit(draw);
}
// centre +- spread, uniform
static inline double bt_draw_about(bt_draw *draw, double centre, double spread)
{
    return centre + spread * (2.0 * bt_draw_unit(draw) - 1.0);
}
// 0 .. count-1
static inline uint32_t bt_draw_below(bt_draw *draw, uint32_t count)
{
    return bt_random_below(draw->seed, draw->stream, draw->index, draw->next++, count);
}
static inline int bt_draw_chance(bt_draw *draw, double probability)
{
    return bt_draw_unit(draw) < probability;
}
// A sequence beside this one, for what other draws must not notice; one `stretch` (1..) for each use.
static inline bt_draw bt_draw_aside(const bt_draw *draw, uint32_t stretch)
{
    bt_draw aside = *draw;
    aside.next += stretch << 20;
    return aside;
}

#endif
