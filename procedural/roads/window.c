// window.c: makes the tiles of a window anew at each move: some milliseconds each, less than reading
// them would take.
#include "procedural/roads/window.h"

#include "engine/core/memory.h"
#include "engine/road/opendrive.h"

#include <math.h>
#include <stdlib.h>

struct bt_window {
    bt_world_desc world;
    const bt_world_folder *folder; // NULL: tiles are made
    int reach, ix, iy;
    uint32_t tile_count;
    bt_road_network *net;
    char *text; // it was read from
    size_t text_bytes;
};

int bt_window_reach(bt_world_kind kind, double radius_m)
{
    double tiles = ceil(radius_m / bt_world_tile_side(kind));
    return tiles < 0.0 ? 0 : tiles > BT_WINDOW_MAX_REACH ? BT_WINDOW_MAX_REACH : (int)tiles;
}

static bt_status check(const bt_world_desc *world, int reach, double x_m, double y_m)
{
    if (reach < 0 || reach > BT_WINDOW_MAX_REACH)
        return bt_fail(BT_ERR_INPUT, "a window of %d tiles' reach: expected 0 to %d", reach,
                       BT_WINDOW_MAX_REACH);
    // all of its tiles have numbers
    double tiles = 0.5 * sqrt(BT_WORLD_MAX_TILES) - 1.0 - reach;
    double most = tiles * bt_world_tile_side(world->kind);
    if (fabs(x_m) <= most && fabs(y_m) <= most) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "place (%g, %g) is outside the world: x and y from -%.0f to %.0f",
                   x_m, y_m, most, most);
}

static int tile_of(const bt_world_desc *world, double coordinate_m)
{
    return (int)floor(coordinate_m / bt_world_tile_side(world->kind));
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t *a = left;
    const uint32_t *b = right;
    return (*a > *b) - (*a < *b);
}

static bt_status make_tiles(const bt_world_desc *world, const uint32_t *numbers, uint32_t count,
                            bt_xodr_writer *w, bt_world_report *report)
{
    bt_layout layout;
    bt_world_gates gates = {0};
    bt_world_begin(world, &layout);
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < count && status == BT_OK; i++)
        status = bt_world_add_tile(world, numbers[i], &layout, &gates);
    if (status == BT_OK) {
        bt_world_link_gates(&layout, &gates);
        status = bt_layout_write(&layout, "Blacktop window", w);
    }
    *report = (bt_world_report){layout.length_m, count, w->count};
    bt_layout_clear(&layout);
    bt_free(gates.items);
    return status;
}

// In order of the tiles' numbers, as a file of the whole world has them.
static bt_status write_tiles(const bt_world_desc *world, const bt_world_folder *folder, int reach,
                             int ix, int iy, bt_xodr_writer *w, bt_world_report *report)
{
    uint32_t numbers[(2 * BT_WINDOW_MAX_REACH + 1) * (2 * BT_WINDOW_MAX_REACH + 1)];
    uint32_t count = 0;
    for (int y = iy - reach; y <= iy + reach; y++)
        for (int x = ix - reach; x <= ix + reach; x++)
            numbers[count++] = bt_world_tile_number(x, y);
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    return folder ? bt_world_folder_write(folder, numbers, count, w, report)
                  : make_tiles(world, numbers, count, w, report);
}

static bt_status check_folder(const bt_world_folder *folder, int ix, int iy)
{
    if (!folder || bt_world_folder_has(folder, ix, iy)) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "the folder has no tile at (%d, %d)", ix, iy);
}

static bt_status write(const bt_world_desc *world, const bt_world_folder *folder, int reach,
                       double x_m, double y_m, bt_xodr_writer *w, bt_world_report *report)
{
    *report = (bt_world_report){0};
    bt_status status = check(world, reach, x_m, y_m);
    if (status != BT_OK) return status;
    int ix = tile_of(world, x_m), iy = tile_of(world, y_m);
    status = check_folder(folder, ix, iy);
    return status == BT_OK ? write_tiles(world, folder, reach, ix, iy, w, report) : status;
}

bt_status bt_window_write(const bt_world_desc *world, int reach, double x_m, double y_m,
                          bt_xodr_writer *w, bt_world_report *report)
{
    return write(world, NULL, reach, x_m, y_m, w, report);
}

bt_status bt_window_write_from(const bt_world_folder *folder, int reach, double x_m, double y_m,
                               bt_xodr_writer *w, bt_world_report *report)
{
    const bt_world_desc world = bt_world_folder_world(folder);
    return write(&world, folder, reach, x_m, y_m, w, report);
}

// ---- a window that moves ----------------------------------------------------------------------
static bt_status load(bt_window *window, int ix, int iy)
{
    bt_xodr_writer w;
    bt_world_report report;
    const char *text;
    size_t count;
    bt_road_network *net = NULL;
    bt_xodr_init(&w);
    bt_status status =
        write_tiles(&window->world, window->folder, window->reach, ix, iy, &w, &report);
    if (status == BT_OK) status = bt_xodr_finish(&w, &text, &count);
    if (status == BT_OK) status = bt_opendrive_parse("window", text, count, &net);
    if (status != BT_OK) {
        bt_xodr_clear(&w);
        return status;
    }
    bt_road_network_destroy(window->net);
    bt_free(window->text);
    window->net = net;
    window->text = w.text;
    window->text_bytes = count;
    w.text = NULL; // the window's now
    bt_xodr_clear(&w);
    window->ix = ix;
    window->iy = iy;
    window->tile_count = report.tiles;
    return BT_OK;
}

static bt_status create(const bt_world_desc *world, const bt_world_folder *folder, int reach,
                        double x_m, double y_m, bt_window **window)
{
    *window = NULL;
    bt_status status = check(world, reach, x_m, y_m);
    if (status == BT_OK) status = check_folder(folder, tile_of(world, x_m), tile_of(world, y_m));
    if (status != BT_OK) return status;
    bt_window *made = bt_alloc(1, sizeof *made);
    if (made == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a window of the world");
    *made = (bt_window){.world = *world, .folder = folder, .reach = reach};
    status = load(made, tile_of(world, x_m), tile_of(world, y_m));
    if (status == BT_OK)
        *window = made;
    else
        bt_window_destroy(made);
    return status;
}

bt_status bt_window_create(const bt_world_desc *world, int reach, double x_m, double y_m,
                           bt_window **window)
{
    return create(world, NULL, reach, x_m, y_m, window);
}

bt_status bt_window_create_from(const bt_world_folder *folder, int reach, double x_m, double y_m,
                                bt_window **window)
{
    const bt_world_desc world = bt_world_folder_world(folder);
    return create(&world, folder, reach, x_m, y_m, window);
}

void bt_window_destroy(bt_window *window)
{
    if (window == NULL) return;
    bt_road_network_destroy(window->net);
    bt_free(window->text);
    bt_free(window);
}

static bool beyond(double coordinate_m, int tile, double side_m)
{
    double off = coordinate_m / side_m - tile;
    return off < -BT_WINDOW_SLACK || off > 1.0 + BT_WINDOW_SLACK;
}

bool bt_window_would_move(const bt_window *window, double x_m, double y_m)
{
    double side = bt_world_tile_side(window->world.kind);
    int ix = tile_of(&window->world, x_m), iy = tile_of(&window->world, y_m);
    if (window->folder && !bt_world_folder_has(window->folder, ix, iy)) return false;
    return beyond(x_m, window->ix, side) || beyond(y_m, window->iy, side);
}

void bt_window_centre_of(const bt_window *window, double x_m, double y_m, int *ix, int *iy)
{
    *ix = tile_of(&window->world, x_m);
    *iy = tile_of(&window->world, y_m);
}

bt_status bt_window_follow(bt_window *window, double x_m, double y_m, bool *moved)
{
    *moved = false;
    bt_status status = check(&window->world, window->reach, x_m, y_m);
    if (status != BT_OK) return status;
    if (!bt_window_would_move(window, x_m, y_m)) return BT_OK;
    status = load(window, tile_of(&window->world, x_m), tile_of(&window->world, y_m));
    *moved = status == BT_OK;
    return status;
}

const bt_road_network *bt_window_network(const bt_window *window)
{
    return window->net;
}

bt_road_network *bt_window_release(bt_window *window)
{
    bt_road_network *net = window->net;
    window->net = NULL;
    return net;
}

const char *bt_window_text(const bt_window *window, size_t *bytes)
{
    *bytes = window->text_bytes;
    return window->text;
}

uint32_t bt_window_tile_count(const bt_window *window)
{
    return window->tile_count;
}

void bt_window_centre(const bt_window *window, int *ix, int *iy)
{
    *ix = window->ix;
    *iy = window->iy;
}

void bt_window_rim(const bt_window *window, double low_m[2], double high_m[2])
{
    double side = bt_world_tile_side(window->world.kind);
    const int centre[2] = {window->ix, window->iy};
    for (int k = 0; k < 2; k++) {
        low_m[k] = side * (centre[k] - window->reach);
        high_m[k] = side * (centre[k] + window->reach + 1);
    }
}
