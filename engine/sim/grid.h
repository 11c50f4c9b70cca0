// grid.h: who is near: bodies sorted into square cells in plan, built anew for each round of decisions.
//
// Counting sort, so that the order inside a cell is that of the indices: the same on every run. Cells
// are as large as asked for, larger where the map would need more than BT_GRID_CELLS of them.
//
// Ownership: the grid owns its arrays; one thread.
#ifndef BT_SIM_GRID_H
#define BT_SIM_GRID_H

#include "engine/core/status.h"

#include <stdint.h>

#define BT_GRID_CELLS 65536u

typedef struct bt_grid {
    double x0_m, y0_m, cell_m;
    double least_m; // of a cell
    uint32_t columns, rows;
    uint32_t *first;   // (BT_GRID_CELLS + 1), into items
    uint32_t *items;   // (capacity) indices by cell
    uint32_t *cell_of; // (capacity)
    uint32_t *seen;    // (BT_GRID_CELLS) number of the query that visited a cell last
    uint32_t *found;   // (capacity) what the query has gathered
    uint32_t found_count, query, capacity;
} bt_grid;

#define BT_GRID_CELL_M 16.0 // for what is looked for within some tens of metres
BT_CHECKED bt_status bt_grid_create(uint32_t capacity, double cell_m, bt_grid *grid);
void bt_grid_clear(bt_grid *grid); // zeroed is fine

// Sorts points in; x and y of point i are at[i * stride] and at[i * stride + 1].
void bt_grid_build(bt_grid *grid, const double *at, uint32_t stride, uint32_t count);

// A query: begin, then boxes; each index comes out once, in grid->found[0 .. found_count).
void bt_grid_begin(bt_grid *grid);
void bt_grid_gather(bt_grid *grid, double x0_m, double y0_m, double x1_m, double y1_m);

#endif
