// world.c: tiles in a spiral, as one file or as a folder.
#include "procedural/roads/world.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "procedural/roads/tile.h"
#include "procedural/terrain/noise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define IDS_PER_TILE 10000

const char *const bt_world_kind_names[BT_WORLD_KIND_COUNT + 1] = {"rural",   "suburb", "downtown",
                                                                  "highway", "mixed",  NULL};

double bt_world_tile_side(bt_world_kind kind)
{
    static const double sides[] = {1600.0, 800.0, 360.0, 3000.0, 1600.0};
    return sides[kind];
}

// Ring r holds numbers (2r - 1)^2 to (2r + 1)^2 - 1: up the right side from (r, 1 - r), left along the
// top, down, and right along the bottom to (r, -r).
void bt_world_tile_place(uint32_t number, int *ix, int *iy)
{
    int r = 0;
    while ((uint32_t)((2 * r + 1) * (2 * r + 1)) <= number)
        r++;
    if (r == 0) {
        *ix = *iy = 0;
        return;
    }
    int step = (int)number - (2 * r - 1) * (2 * r - 1);
    int along = step % (2 * r) + 1;
    static const int at[4][2] = {{1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
    static const int go[4][2] = {{0, 1}, {-1, 0}, {0, -1}, {1, 0}};
    int side = step / (2 * r);
    *ix = at[side][0] * r + go[side][0] * along;
    *iy = at[side][1] * r + go[side][1] * along;
}

uint32_t bt_world_tile_number(int ix, int iy)
{
    int r = abs(ix) > abs(iy) ? abs(ix) : abs(iy);
    if (r == 0) return 0;
    int base = (2 * r - 1) * (2 * r - 1);
    if (ix == r && iy > -r) return (uint32_t)(base + iy + r - 1);
    if (iy == r) return (uint32_t)(base + 2 * r + r - ix - 1);
    if (ix == -r) return (uint32_t)(base + 4 * r + r - iy - 1);
    return (uint32_t)(base + 6 * r + ix + r - 1);
}

// ---- tiles ------------------------------------------------------------------------------------
void bt_world_begin(const bt_world_desc *desc, bt_layout *layout)
{
    static const bt_land lands[] = {
        {0, 14.0, 900.0}, {0, 3.0, 700.0}, {0, 0.6, 900.0}, {0, 6.0, 1800.0}, {0, 10.0, 900.0}};
    bt_land land = lands[desc->kind];
    land.seed = desc->seed;
    bt_layout_init(layout, 0, &land);
}

static void make_tile(tile *t)
{
    switch (t->desc->kind) {
    case BT_WORLD_RURAL:
        tile_make_rural(t);
        return;
    case BT_WORLD_SUBURB:
        tile_make_suburb(t);
        return;
    case BT_WORLD_DOWNTOWN:
        tile_make_downtown(t);
        return;
    case BT_WORLD_HIGHWAY:
        tile_make_highway(t);
        return;
    default:
        break;
    }
    if (tile_row_has_motorway(t->desc, t->iy)) {
        tile_make_motorway(t);
        return;
    }
    // a third of a mixed world are towns; the one at the origin too
    bool town = t->number == 0 || bt_noise_cell(t->desc->seed + 101, t->ix, t->iy) < 0.34;
    if (town)
        tile_make_town(t);
    else
        tile_make_rural(t);
}

bt_status bt_world_add_tile(const bt_world_desc *desc, uint32_t number, bt_layout *layout,
                            bt_world_gates *gates)
{
    if (number >= BT_WORLD_MAX_TILES)
        return bt_fail(BT_ERR_LIMIT, "tile %u: tiles are numbered below %u", number,
                       BT_WORLD_MAX_TILES);
    tile t = {.desc = desc, .layout = layout, .gates = gates, .number = number};
    bt_world_tile_place(number, &t.ix, &t.iy);
    t.side_m = bt_world_tile_side(desc->kind);
    t.x_m = t.side_m * t.ix;
    t.y_m = t.side_m * t.iy;
    t.draw = bt_draw_begin(desc->seed, BT_STREAM_ROAD, number);
    int first = IDS_PER_TILE * (int)number;
    layout->first_id = layout->last_id = layout->last_furniture_id = first;
    make_tile(&t);
    if (layout->status == BT_OK && (layout->last_id >= first + IDS_PER_TILE ||
                                    layout->last_furniture_id >= first + IDS_PER_TILE))
        layout->status = bt_fail(BT_ERR_INTERNAL, "more than %d ids in a tile", IDS_PER_TILE);
    if (layout->status != BT_OK) return bt_fail_prefix(layout->status, "tile %u", number);
    return BT_OK;
}

static int gate_order(const void *left, const void *right)
{
    const bt_world_gate *a = left;
    const bt_world_gate *b = right;
    if (a->axis != b->axis) return a->axis - b->axis;
    if (a->i != b->i) return a->i < b->i ? -1 : 1;
    if (a->j != b->j) return a->j < b->j ? -1 : 1;
    return (int)b->at_end - (int)a->at_end; // the road that ends there first
}

void bt_world_sort_gates(bt_world_gates *gates)
{
    if (gates->count > 1) qsort(gates->items, gates->count, sizeof *gates->items, gate_order);
}

void bt_world_link_gates(bt_layout *layout, bt_world_gates *gates)
{
    bt_world_sort_gates(gates);
    for (size_t k = 1; k < gates->count; k++) {
        const bt_world_gate *a = &gates->items[k - 1];
        const bt_world_gate *b = &gates->items[k];
        if (a->axis == b->axis && a->i == b->i && a->j == b->j) tile_link(layout, a->road, b->road);
    }
}

// ---- one file ---------------------------------------------------------------------------------
static bt_status check_km(double km, double most)
{
    if (km > 0.0 && km <= most) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "%g km of road: expected more than 0, at most %g", km, most);
}

bt_status bt_world_write_file(const bt_world_desc *desc, double km, bt_xodr_writer *w,
                              bt_world_report *report)
{
    *report = (bt_world_report){0};
    bt_status status = check_km(km, BT_WORLD_MAX_FILE_KM);
    if (status != BT_OK) return status;
    bt_layout layout;
    bt_world_gates gates = {0};
    bt_world_begin(desc, &layout);
    while (status == BT_OK && layout.length_m < 1000.0 * km)
        status = bt_world_add_tile(desc, report->tiles++, &layout, &gates);
    if (status == BT_OK) {
        bt_world_link_gates(&layout, &gates);
        status = bt_layout_write(&layout, "Blacktop world", w);
    }
    report->length_m = layout.length_m;
    report->bytes = w->count;
    bt_layout_clear(&layout);
    bt_free(gates.items);
    return status;
}

// ---- a folder ---------------------------------------------------------------------------------
static void note_tile(FILE *index, const bt_layout *layout, const bt_world_gates *gates,
                      uint32_t number)
{
    int ix;
    int iy;
    bt_world_tile_place(number, &ix, &iy);
    fprintf(index, "%s{\"tile\":%u,\"x\":%d,\"y\":%d,\"length_m\":%.3f,\"gates\":[",
            number > 0 ? ",\n" : "\n", number, ix, iy, layout->length_m);
    for (size_t i = 0; i < gates->count; i++) {
        const bt_world_gate *g = &gates->items[i];
        fprintf(index,
                "%s{\"axis\":\"%c\",\"i\":%d,\"j\":%d,\"road\":%d,\"end\":%s,"
                "\"x_m\":%.6f,\"y_m\":%.6f,\"z_m\":%.6f}",
                i > 0 ? "," : "", g->axis ? 'y' : 'x', g->i, g->j, g->road_id,
                g->at_end ? "true" : "false", g->x_m, g->y_m, g->z_m);
    }
    fprintf(index, "]}");
}

static bt_status write_tile(const bt_world_desc *desc, uint32_t number, const char *folder,
                            FILE *index, bt_world_report *report)
{
    char name[32];
    char path[4096];
    bt_layout layout;
    bt_world_gates gates = {0};
    bt_xodr_writer w;
    const char *text;
    size_t count;
    bt_world_begin(desc, &layout);
    bt_xodr_init(&w);
    snprintf(name, sizeof name, "%06u.xodr", number);
    bt_status status = bt_world_add_tile(desc, number, &layout, &gates);
    if (status == BT_OK) status = bt_layout_write(&layout, "Blacktop tile", &w);
    if (status == BT_OK) status = bt_xodr_finish(&w, &text, &count);
    if (status == BT_OK) status = bt_path_join(path, sizeof path, folder, name);
    if (status == BT_OK) status = bt_file_write(path, text, count);
    if (status == BT_OK) {
        note_tile(index, &layout, &gates, number);
        report->length_m += layout.length_m;
        report->bytes += count;
        report->tiles++;
    }
    bt_xodr_clear(&w);
    bt_layout_clear(&layout);
    bt_free(gates.items);
    return status;
}

bt_status bt_world_write_folder(const bt_world_desc *desc, double km, const char *folder,
                                bt_world_report *report)
{
    *report = (bt_world_report){0};
    char path[4096];
    bt_file_pending pending;
    bt_status status = check_km(km, BT_WORLD_MAX_KM);
    if (status == BT_OK) status = bt_folder_make(folder);
    if (status == BT_OK) status = bt_path_join(path, sizeof path, folder, "index.json");
    if (status == BT_OK) status = bt_file_begin(path, &pending);
    if (status != BT_OK) return status;
    FILE *index = fopen(pending.temporary, "w");
    if (index == NULL) status = bt_fail(BT_ERR_IO, "cannot write '%s'", path);
    if (index != NULL)
        fprintf(index, "{\"seed\":%llu,\"kind\":\"%s\",\"side_m\":%.1f,\"tiles\":[",
                (unsigned long long)desc->seed, bt_world_kind_names[desc->kind],
                bt_world_tile_side(desc->kind));
    while (status == BT_OK && report->length_m < 1000.0 * km)
        status = write_tile(desc, report->tiles, folder, index, report);
    if (index != NULL) fprintf(index, "\n]}\n");
    bool bad = index != NULL && ferror(index) != 0;
    if (index != NULL && (fclose(index) != 0 || bad) && status == BT_OK)
        status = bt_fail(BT_ERR_IO, "cannot write '%s'", path);
    if (status == BT_OK) return bt_file_commit(&pending);
    bt_file_abort(&pending);
    return status;
}
