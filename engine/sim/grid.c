// grid.c: counting sort into cells.
#include "engine/sim/grid.h"

#include "engine/core/memory.h"
#include "engine/math/pose.h"

#include <math.h>
#include <string.h>

bt_status bt_grid_create(uint32_t capacity, double cell_m, bt_grid *g)
{
    *g = (bt_grid){.capacity = capacity, .least_m = cell_m};
    g->first = bt_alloc(BT_GRID_CELLS + 1, sizeof *g->first);
    g->seen = bt_alloc(BT_GRID_CELLS, sizeof *g->seen);
    g->items = bt_alloc(capacity, sizeof *g->items);
    g->cell_of = bt_alloc(capacity, sizeof *g->cell_of);
    g->found = bt_alloc(capacity, sizeof *g->found);
    if (g->first && g->seen && g->items && g->cell_of && g->found) return BT_OK;
    bt_grid_clear(g);
    return bt_fail(BT_ERR_MEMORY, "no memory for a grid of %u bodies", capacity);
}

void bt_grid_clear(bt_grid *g)
{
    bt_free(g->first);
    bt_free(g->seen);
    bt_free(g->items);
    bt_free(g->cell_of);
    bt_free(g->found);
    *g = (bt_grid){0};
}

// Extent of the points, and cells that cover it.
static void lay_out(bt_grid *g, const double *at, uint32_t stride, uint32_t count)
{
    double x1 = -1e300, y1 = -1e300;
    g->x0_m = g->y0_m = 1e300;
    for (uint32_t i = 0; i < count; i++) {
        double x = at[(size_t)i * stride], y = at[(size_t)i * stride + 1];
        g->x0_m = bt_min(g->x0_m, x);
        g->y0_m = bt_min(g->y0_m, y);
        x1 = bt_max(x1, x);
        y1 = bt_max(y1, y);
    }
    double width = bt_max(x1 - g->x0_m, 0.0), height = bt_max(y1 - g->y0_m, 0.0);
    g->cell_m = g->least_m;
    while ((floor(width / g->cell_m) + 1.0) * (floor(height / g->cell_m) + 1.0) > BT_GRID_CELLS)
        g->cell_m *= 1.25;
    g->columns = (uint32_t)(width / g->cell_m) + 1;
    g->rows = (uint32_t)(height / g->cell_m) + 1;
}

static uint32_t index_of(double offset_m, double cell_m, uint32_t count)
{
    double at = floor(offset_m / cell_m);
    return at <= 0.0 ? 0 : at >= count ? count - 1 : (uint32_t)at;
}

void bt_grid_build(bt_grid *g, const double *at, uint32_t stride, uint32_t count)
{
    if (count == 0) {
        g->columns = g->rows = 0;
        return;
    }
    lay_out(g, at, stride, count);
    uint32_t cells = g->columns * g->rows;
    memset(g->first, 0, (cells + 1) * sizeof *g->first);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t x = index_of(at[(size_t)i * stride] - g->x0_m, g->cell_m, g->columns);
        uint32_t y = index_of(at[(size_t)i * stride + 1] - g->y0_m, g->cell_m, g->rows);
        g->cell_of[i] = y * g->columns + x;
        g->first[g->cell_of[i] + 1]++;
    }
    for (uint32_t c = 0; c < cells; c++)
        g->first[c + 1] += g->first[c];
    // from the last to the first, each cell filled from its end
    for (uint32_t i = count; i-- > 0;)
        g->items[--g->first[g->cell_of[i] + 1]] = i;
    // now first[c + 1] is where cell c begins: back by one
    memmove(g->first, g->first + 1, cells * sizeof *g->first);
    g->first[cells] = count;
}

void bt_grid_begin(bt_grid *g)
{
    g->found_count = 0;
    if (++g->query != 0) return;
    memset(g->seen, 0, BT_GRID_CELLS * sizeof *g->seen);
    g->query = 1;
}

void bt_grid_gather(bt_grid *g, double x0, double y0, double x1, double y1)
{
    double width = g->columns * g->cell_m, height = g->rows * g->cell_m;
    x0 -= g->x0_m, x1 -= g->x0_m, y0 -= g->y0_m, y1 -= g->y0_m;
    if (g->columns == 0 || x1 < 0.0 || y1 < 0.0 || x0 > width || y0 > height) return;
    uint32_t ix0 = index_of(x0, g->cell_m, g->columns), ix1 = index_of(x1, g->cell_m, g->columns);
    uint32_t iy0 = index_of(y0, g->cell_m, g->rows), iy1 = index_of(y1, g->cell_m, g->rows);
    for (uint32_t y = iy0; y <= iy1; y++) {
        for (uint32_t x = ix0; x <= ix1; x++) {
            uint32_t c = y * g->columns + x;
            if (g->seen[c] == g->query) continue;
            g->seen[c] = g->query;
            for (uint32_t i = g->first[c]; i < g->first[c + 1]; i++)
                g->found[g->found_count++] = g->items[i];
        }
    }
}
