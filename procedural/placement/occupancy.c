// occupancy.c: blocks of half-metre cells, open addressing over the blocks.
#include "procedural/placement/occupancy.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

#define CELL_M 0.5
#define SIDE 16 // cells of a block, each way
#define CELLS (SIDE * SIDE)
#define FIRST (INT64_C(1) << 30) // cells are counted from here on, so that no number is negative

// ---- blocks -----------------------------------------------------------------------------------
static uint64_t block_key(int64_t x, int64_t y)
{
    return ((uint64_t)x << 32 | (uint64_t)y) + 1;
}

static size_t find_slot(const bt_occupancy *set, uint64_t key)
{
    size_t at = key * 0x9e3779b97f4a7c15u >> 22 & (set->capacity - 1);
    while (set->keys[at] != 0 && set->keys[at] != key)
        at = (at + 1) & (set->capacity - 1);
    return at;
}

static bt_status grow(bt_occupancy *set)
{
    bt_occupancy bigger = *set;
    bigger.capacity = set->capacity ? 2 * set->capacity : 1024;
    bigger.keys = bt_alloc(bigger.capacity, sizeof *bigger.keys);
    bigger.blocks = bt_alloc(bigger.capacity, sizeof *bigger.blocks);
    if (!bigger.keys || !bigger.blocks) {
        bt_free(bigger.keys);
        bt_free(bigger.blocks);
        return bt_fail(BT_ERR_MEMORY, "no memory for %zu taken places", bigger.capacity);
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->keys[i] == 0) continue;
        size_t at = find_slot(&bigger, set->keys[i]);
        bigger.keys[at] = set->keys[i];
        bigger.blocks[at] = set->blocks[i];
    }
    bt_free(set->keys);
    bt_free(set->blocks);
    *set = bigger;
    return BT_OK;
}

// The marks of a block, row by row; NULL: nothing was ever marked there.
static const uint8_t *block_at(const bt_occupancy *set, int64_t x, int64_t y)
{
    if (set->capacity == 0) return NULL;
    size_t at = find_slot(set, block_key(x, y));
    return set->keys[at] ? set->marks + (size_t)set->blocks[at] * CELLS : NULL;
}

// Likewise, made where there is none.
static bt_status open_block(bt_occupancy *set, int64_t x, int64_t y, uint8_t **marks)
{
    bt_status status = 2 * set->block_count >= set->capacity ? grow(set) : BT_OK;
    if (status) return status;
    size_t at = find_slot(set, block_key(x, y));
    if (set->keys[at] == 0) {
        size_t cells = set->block_count * CELLS;
        status = BT_ARRAY_RESERVE(set->marks, set->mark_capacity, cells + CELLS);
        if (status) return status;
        memset(set->marks + cells, 0, CELLS);
        set->keys[at] = block_key(x, y);
        set->blocks[at] = (uint32_t)set->block_count++;
    }
    *marks = set->marks + (size_t)set->blocks[at] * CELLS;
    return BT_OK;
}

void bt_occupancy_clear(bt_occupancy *set)
{
    bt_free(set->keys);
    bt_free(set->blocks);
    bt_free(set->marks);
    memset(set, 0, sizeof *set);
}

// ---- shapes -----------------------------------------------------------------------------------
typedef struct shape {
    double x, y, ux, uy, half_length_m, half_width_m;
    bool round; // a disc of radius half_length_m
} shape;

typedef struct cell_range {
    int64_t x0, y0, x1, y1;
} cell_range;

// False: nobody can stand there.
static bool cells_round(const shape *s, cell_range *r)
{
    double reach_x = fabs(s->ux) * s->half_length_m + fabs(s->uy) * s->half_width_m;
    double reach_y = fabs(s->uy) * s->half_length_m + fabs(s->ux) * s->half_width_m;
    if (!isfinite(s->x + s->y + reach_x + reach_y) || fabs(s->x) > 4e8 || fabs(s->y) > 4e8)
        return false;
    *r = (cell_range){FIRST + (int64_t)floor((s->x - reach_x) / CELL_M),
                      FIRST + (int64_t)floor((s->y - reach_y) / CELL_M),
                      FIRST + (int64_t)floor((s->x + reach_x) / CELL_M),
                      FIRST + (int64_t)floor((s->y + reach_y) / CELL_M)};
    return true;
}

// Those of a range that are a block's.
static cell_range cells_within(cell_range r, int64_t bx, int64_t by)
{
    int64_t x = bx * SIDE, y = by * SIDE;
    return (cell_range){r.x0 > x ? r.x0 : x, r.y0 > y ? r.y0 : y,
                        r.x1 < x + SIDE - 1 ? r.x1 : x + SIDE - 1,
                        r.y1 < y + SIDE - 1 ? r.y1 : y + SIDE - 1};
}

static size_t place_in_block(int64_t cx, int64_t cy)
{
    return (size_t)(cy % SIDE * SIDE + cx % SIDE);
}

// A cell whose middle lies in the shape, or that holds its middle.
static bool covers(const shape *s, int64_t cx, int64_t cy)
{
    double dx = ((double)(cx - FIRST) + 0.5) * CELL_M - s->x;
    double dy = ((double)(cy - FIRST) + 0.5) * CELL_M - s->y;
    double slack = 0.5 * CELL_M, half_length = s->half_length_m + slack;
    if (s->round) return dx * dx + dy * dy < half_length * half_length;
    return fabs(dx * s->ux + dy * s->uy) < half_length &&
           fabs(dx * s->uy - dy * s->ux) < s->half_width_m + slack;
}

static void mark_block(const shape *s, cell_range r, unsigned mark, uint8_t *marks)
{
    for (int64_t cy = r.y0; cy <= r.y1; cy++)
        for (int64_t cx = r.x0; cx <= r.x1; cx++)
            if (covers(s, cx, cy)) marks[place_in_block(cx, cy)] |= (uint8_t)mark;
}

static bool block_is_free(const shape *s, cell_range r, unsigned mask, const uint8_t *marks)
{
    for (int64_t cy = r.y0; cy <= r.y1; cy++)
        for (int64_t cx = r.x0; cx <= r.x1; cx++)
            if ((marks[place_in_block(cx, cy)] & mask) && covers(s, cx, cy)) return false;
    return true;
}

static bt_status add(bt_occupancy *set, const shape *s, unsigned mark)
{
    cell_range r;
    bt_status status = BT_OK;
    if (!cells_round(s, &r)) return status;
    for (int64_t by = r.y0 / SIDE; by <= r.y1 / SIDE; by++)
        for (int64_t bx = r.x0 / SIDE; bx <= r.x1 / SIDE && !status; bx++) {
            uint8_t *marks;
            status = open_block(set, bx, by, &marks);
            if (!status) mark_block(s, cells_within(r, bx, by), mark, marks);
        }
    return status;
}

static bool is_free(const bt_occupancy *set, const shape *s, unsigned mask)
{
    cell_range r;
    if (!cells_round(s, &r)) return true;
    for (int64_t by = r.y0 / SIDE; by <= r.y1 / SIDE; by++)
        for (int64_t bx = r.x0 / SIDE; bx <= r.x1 / SIDE; bx++) {
            const uint8_t *marks = block_at(set, bx, by);
            if (marks && !block_is_free(s, cells_within(r, bx, by), mask, marks)) return false;
        }
    return true;
}

static shape disc(double x_m, double y_m, double radius_m)
{
    return (shape){x_m, y_m, 1.0, 0.0, radius_m, radius_m, true};
}

bt_status bt_occupancy_add_disc(bt_occupancy *set, double x_m, double y_m, double radius_m,
                                unsigned mark)
{
    shape s = disc(x_m, y_m, radius_m);
    return add(set, &s, mark);
}

bt_status bt_occupancy_add_box(bt_occupancy *set, double x_m, double y_m, double ux, double uy,
                               double half_length_m, double half_width_m, unsigned mark)
{
    return add(set, &(shape){x_m, y_m, ux, uy, half_length_m, half_width_m, false}, mark);
}

bool bt_occupancy_disc_free(const bt_occupancy *set, double x_m, double y_m, double radius_m,
                            unsigned mask)
{
    shape s = disc(x_m, y_m, radius_m);
    return is_free(set, &s, mask);
}

bool bt_occupancy_box_free(const bt_occupancy *set, double x_m, double y_m, double ux, double uy,
                           double half_length_m, double half_width_m, unsigned mask)
{
    return is_free(set, &(shape){x_m, y_m, ux, uy, half_length_m, half_width_m, false}, mask);
}
