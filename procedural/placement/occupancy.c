// occupancy.c: open addressing over half-metre cells.
#include "procedural/placement/occupancy.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

#define CELL_M 0.5

static uint64_t cell_key(int64_t x, int64_t y)
{
    return ((uint64_t)(x + (1 << 30)) << 32 | (uint64_t)(y + (1 << 30))) + 1;
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
    bt_occupancy bigger = {.capacity = set->capacity ? 2 * set->capacity : 16384};
    bigger.keys = bt_alloc(bigger.capacity, sizeof *bigger.keys);
    bigger.marks = bt_alloc(bigger.capacity, sizeof *bigger.marks);
    if (!bigger.keys || !bigger.marks) {
        bt_occupancy_clear(&bigger);
        return bt_fail(BT_ERR_MEMORY, "no memory for %zu taken places", bigger.capacity);
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->keys[i] == 0) continue;
        size_t at = find_slot(&bigger, set->keys[i]);
        bigger.keys[at] = set->keys[i];
        bigger.marks[at] = set->marks[i];
    }
    bigger.count = set->count;
    bt_occupancy_clear(set);
    *set = bigger;
    return BT_OK;
}

static bt_status mark_cell(bt_occupancy *set, int64_t x, int64_t y, unsigned mark)
{
    if (2 * set->count >= set->capacity) {
        bt_status status = grow(set);
        if (status) return status;
    }
    uint64_t key = cell_key(x, y);
    size_t at = find_slot(set, key);
    if (set->keys[at] == 0) set->count++;
    set->keys[at] = key;
    set->marks[at] |= (uint8_t)mark;
    return BT_OK;
}

void bt_occupancy_clear(bt_occupancy *set)
{
    bt_free(set->keys);
    bt_free(set->marks);
    memset(set, 0, sizeof *set);
}

// All cells whose middle lies in the box, or that hold its middle. mark 0: only looks, and stops at
// the first cell taken for `mask`.
static bt_status each_cell(bt_occupancy *set, const double box[6], bool round, unsigned mark,
                           unsigned mask, bool *free)
{
    double x = box[0], y = box[1], ux = box[2], uy = box[3], hl = box[4], hw = box[5];
    double reach_x = fabs(ux) * hl + fabs(uy) * hw, reach_y = fabs(uy) * hl + fabs(ux) * hw;
    *free = true;
    if (!isfinite(x + y + reach_x + reach_y) || fabs(x) > 4e8 || fabs(y) > 4e8) return BT_OK;
    int64_t x0 = (int64_t)floor((x - reach_x) / CELL_M),
            x1 = (int64_t)floor((x + reach_x) / CELL_M);
    int64_t y0 = (int64_t)floor((y - reach_y) / CELL_M),
            y1 = (int64_t)floor((y + reach_y) / CELL_M);
    for (int64_t cy = y0; cy <= y1; cy++) {
        for (int64_t cx = x0; cx <= x1; cx++) {
            double dx = ((double)cx + 0.5) * CELL_M - x, dy = ((double)cy + 0.5) * CELL_M - y;
            double slack = 0.5 * CELL_M;
            bool inside = round ? dx * dx + dy * dy < (hl + slack) * (hl + slack)
                                : fabs(dx * ux + dy * uy) < hl + slack &&
                                      fabs(dx * uy - dy * ux) < hw + slack;
            if (!inside) continue;
            if (mark) {
                bt_status status = mark_cell(set, cx, cy, mark);
                if (status) return status;
            } else if (set->capacity) {
                size_t at = find_slot(set, cell_key(cx, cy));
                if (set->keys[at] != 0 && (set->marks[at] & mask)) {
                    *free = false;
                    return BT_OK;
                }
            }
        }
    }
    return BT_OK;
}

bt_status bt_occupancy_add_disc(bt_occupancy *set, double x_m, double y_m, double radius_m,
                                unsigned mark)
{
    bool free;
    return each_cell(set, (double[]){x_m, y_m, 1.0, 0.0, radius_m, radius_m}, true, mark, 0, &free);
}

bt_status bt_occupancy_add_box(bt_occupancy *set, double x_m, double y_m, double ux, double uy,
                               double half_length_m, double half_width_m, unsigned mark)
{
    bool free;
    return each_cell(set, (double[]){x_m, y_m, ux, uy, half_length_m, half_width_m}, false, mark, 0,
                     &free);
}

bool bt_occupancy_disc_free(const bt_occupancy *set, double x_m, double y_m, double radius_m,
                            unsigned mask)
{
    bool free = true;
    bt_occupancy look = *set; // looking changes nothing
    bt_status status =
        each_cell(&look, (double[]){x_m, y_m, 1.0, 0.0, radius_m, radius_m}, true, 0, mask, &free);
    return status == BT_OK && free;
}

bool bt_occupancy_box_free(const bt_occupancy *set, double x_m, double y_m, double ux, double uy,
                           double half_length_m, double half_width_m, unsigned mask)
{
    bool free = true;
    bt_occupancy look = *set;
    bt_status status = each_cell(&look, (double[]){x_m, y_m, ux, uy, half_length_m, half_width_m},
                                 false, 0, mask, &free);
    return status == BT_OK && free;
}
