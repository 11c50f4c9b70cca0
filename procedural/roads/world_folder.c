// world_folder.c: see world_folder.h.
#include "procedural/roads/world_folder.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/road/opendrive_join.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_MAX_BYTES ((size_t)256 << 20)
#define TILE_MAX_BYTES ((size_t)64 << 20)
#define TILE_MAX_GATES 64u
#define WORLD_PATH_MAX 4096

typedef struct folder_tile {
    uint32_t number;
    double length_m;
    size_t first_gate, gate_count;
} folder_tile;

struct bt_world_folder {
    char path[WORLD_PATH_MAX];
    bt_world_desc world;
    folder_tile *tiles; // (tile_count), by number
    size_t tile_count;
    bt_world_gates gates;
    size_t gate_capacity;
};

// ---- the index --------------------------------------------------------------------------------
// A whole number within bounds; *good is left as it is, or false.
static int whole(const json_t *object, const char *key, int low, int high, bool *good)
{
    const json_t *value = json_object_get(object, key);
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : (json_int_t)high + 1;
    if (number >= low && number <= high) return (int)number;
    *good = false;
    return 0;
}

static bool read_gate(const json_t *item, uint32_t tile, bt_world_gate *gate)
{
    bool good = json_is_object(item);
    const json_t *end = json_object_get(item, "end");
    const char *axis = json_string_value(json_object_get(item, "axis"));
    const int most = 1000000;
    *gate = (bt_world_gate){.number = tile,
                            .axis = axis && strcmp(axis, "y") == 0,
                            .i = whole(item, "i", -most, most, &good),
                            .j = whole(item, "j", -most, most, &good),
                            .road_id = whole(item, "road", 0, INT32_MAX - 1, &good),
                            .at_end = json_is_true(end)};
    bool known = axis && (strcmp(axis, "x") == 0 || strcmp(axis, "y") == 0);
    return good && known && json_is_boolean(end);
}

static bt_status read_gates(bt_world_folder *f, const json_t *list, folder_tile *tile)
{
    size_t count = json_array_size(list);
    bool good = json_is_array(list) && count <= TILE_MAX_GATES;
    tile->first_gate = f->gates.count;
    bt_status status =
        BT_ARRAY_RESERVE(f->gates.items, f->gate_capacity, f->gates.count + (good ? count : 0));
    if (status != BT_OK) return status;
    for (size_t i = 0; i < count && good; i++)
        good = read_gate(json_array_get(list, i), tile->number, &f->gates.items[f->gates.count++]);
    tile->gate_count = f->gates.count - tile->first_gate;
    return good ? BT_OK : bt_fail(BT_ERR_INPUT, "tile %u: gates that are none", tile->number);
}

static bt_status read_tile(bt_world_folder *f, const json_t *item, size_t index)
{
    bool good = json_is_object(item);
    const int most = (int)BT_WORLD_MAX_TILES;
    folder_tile *tile = &f->tiles[index];
    int number = whole(item, "tile", 0, most - 1, &good);
    int ix = whole(item, "x", -most, most, &good), iy = whole(item, "y", -most, most, &good);
    const json_t *length = json_object_get(item, "length_m");
    tile->number = (uint32_t)number;
    tile->length_m = json_number_value(length);
    good = good && json_is_number(length) && tile->length_m >= 0.0 && tile->length_m < 1e7;
    if (!good) return bt_fail(BT_ERR_INPUT, "tile %zu of the list is none", index);
    if (bt_world_tile_number(ix, iy) != tile->number)
        return bt_fail(BT_ERR_INPUT, "tile %u is not at (%d, %d)", tile->number, ix, iy);
    if (index > 0 && f->tiles[index - 1].number >= tile->number)
        return bt_fail(BT_ERR_INPUT, "tile %u after tile %u: expected in ascending order",
                       tile->number, f->tiles[index - 1].number);
    return read_gates(f, json_object_get(item, "gates"), tile);
}

static bt_status read_world(bt_world_folder *f, const json_t *root)
{
    const char *kind = json_string_value(json_object_get(root, "kind"));
    const json_t *seed = json_object_get(root, "seed");
    const json_t *tiles = json_object_get(root, "tiles");
    double side_m = json_number_value(json_object_get(root, "side_m"));
    int k = 0;
    while (k < BT_WORLD_KIND_COUNT && (!kind || strcmp(kind, bt_world_kind_names[k]) != 0))
        k++;
    if (k == BT_WORLD_KIND_COUNT)
        return bt_fail(BT_ERR_INPUT, "kind: expected rural, suburb, downtown, highway or mixed");
    f->world = (bt_world_desc){(uint64_t)json_integer_value(seed), (bt_world_kind)k};
    if (side_m != bt_world_tile_side(f->world.kind))
        return bt_fail(BT_ERR_INPUT, "side_m: %g, expected %g of a world of kind %s", side_m,
                       bt_world_tile_side(f->world.kind), kind);
    f->tile_count = json_array_size(tiles);
    if (f->tile_count < 1 || f->tile_count > BT_WORLD_MAX_TILES)
        return bt_fail(BT_ERR_INPUT, "tiles: expected a list of 1 to %u", BT_WORLD_MAX_TILES);
    f->tiles = bt_alloc(f->tile_count, sizeof *f->tiles);
    if (!f->tiles) return bt_fail(BT_ERR_MEMORY, "no memory for %zu tiles", f->tile_count);
    bt_status status = BT_OK;
    for (size_t i = 0; i < f->tile_count && status == BT_OK; i++)
        status = read_tile(f, json_array_get(tiles, i), i);
    return status;
}

static bt_status read_index(bt_world_folder *f)
{
    char path[WORLD_PATH_MAX], *text = NULL;
    size_t count;
    bt_status status = bt_path_join(path, sizeof path, f->path, "index.json");
    if (status == BT_OK) status = bt_file_read(path, INDEX_MAX_BYTES, &text, &count);
    if (status != BT_OK) return bt_fail_prefix(BT_ERR_INPUT, "folder of a world");
    json_error_t error;
    json_t *root = json_loadb(text, count, JSON_REJECT_DUPLICATES, &error);
    bt_free(text);
    if (!root)
        return bt_fail(BT_ERR_INPUT, "%s:%d:%d: %s", path, error.line, error.column, error.text);
    status = read_world(f, root);
    json_decref(root);
    return status == BT_OK ? BT_OK : bt_fail_prefix(status, "%s", path);
}

bt_status bt_world_folder_open(const char *path, bt_world_folder **folder)
{
    *folder = NULL;
    bt_world_folder *f = bt_alloc(1, sizeof *f);
    if (!f) return bt_fail(BT_ERR_MEMORY, "no memory for a folder of tiles");
    bt_status status = strlen(path) < sizeof f->path
                           ? BT_OK
                           : bt_fail(BT_ERR_INPUT, "folder of a world: its name is too long");
    if (status == BT_OK) {
        memcpy(f->path, path, strlen(path) + 1);
        status = read_index(f);
    }
    if (status == BT_OK)
        *folder = f;
    else
        bt_world_folder_close(f);
    return status;
}

void bt_world_folder_close(bt_world_folder *f)
{
    if (!f) return;
    bt_free(f->tiles);
    bt_free(f->gates.items);
    bt_free(f);
}

bt_world_desc bt_world_folder_world(const bt_world_folder *f)
{
    return f->world;
}

static int compare_tiles(const void *left, const void *right)
{
    const folder_tile *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

static const folder_tile *find_tile(const bt_world_folder *f, uint32_t number)
{
    const folder_tile key = {.number = number};
    return bsearch(&key, f->tiles, f->tile_count, sizeof key, compare_tiles);
}

bool bt_world_folder_has(const bt_world_folder *f, int ix, int iy)
{
    return find_tile(f, bt_world_tile_number(ix, iy)) != NULL;
}

// ---- a window ---------------------------------------------------------------------------------
typedef struct loading {
    const bt_world_folder *folder;
    bt_opendrive_part *parts;
    char (*names)[WORLD_PATH_MAX + 16];
    uint32_t count;
    bt_world_gates gates;
    size_t gate_capacity;
    bt_opendrive_joint *joints;
    uint32_t joint_count;
} loading;

// A file that is broken is named here, before it is one of many.
static bt_status check_part(const bt_opendrive_part *part)
{
    bt_road_network *net;
    bt_status status = bt_opendrive_parse(part->name, part->bytes, part->count, &net);
    if (status == BT_OK) bt_road_network_destroy(net);
    return status;
}

static bt_status load_tile(loading *l, const folder_tile *tile)
{
    bt_opendrive_part *part = &l->parts[l->count];
    char *name = l->names[l->count++], *bytes = NULL;
    snprintf(name, sizeof *l->names, "%s/%06u.xodr", l->folder->path, tile->number);
    part->name = name;
    bt_status status = bt_file_read(name, TILE_MAX_BYTES, &bytes, &part->count);
    part->bytes = bytes;
    if (status != BT_OK) return bt_fail_prefix(BT_ERR_INPUT, "tile %u", tile->number);
    status = check_part(part);
    if (status == BT_OK)
        status =
            BT_ARRAY_RESERVE(l->gates.items, l->gate_capacity, l->gates.count + tile->gate_count);
    for (size_t i = 0; i < tile->gate_count && status == BT_OK; i++)
        l->gates.items[l->gates.count++] = l->folder->gates.items[tile->first_gate + i];
    return status;
}

static bt_status find_joints(loading *l)
{
    l->joints = bt_alloc(l->gates.count + 1, sizeof *l->joints);
    if (!l->joints) return bt_fail(BT_ERR_MEMORY, "no memory for the joints of tiles");
    bt_world_sort_gates(&l->gates);
    for (size_t k = 1; k < l->gates.count; k++) {
        const bt_world_gate *a = &l->gates.items[k - 1], *b = &l->gates.items[k];
        bool meet = a->axis == b->axis && a->i == b->i && a->j == b->j;
        if (!meet || !a->at_end || b->at_end) continue;
        bt_opendrive_joint *joint = &l->joints[l->joint_count++];
        snprintf(joint->before, sizeof joint->before, "%d", a->road_id);
        snprintf(joint->after, sizeof joint->after, "%d", b->road_id);
    }
    return BT_OK;
}

static void clear(loading *l)
{
    for (uint32_t i = 0; i < l->count; i++)
        bt_free((void *)(uintptr_t)l->parts[i].bytes);
    bt_free(l->parts);
    bt_free(l->names);
    bt_free(l->gates.items);
    bt_free(l->joints);
}

bt_status bt_world_folder_write(const bt_world_folder *folder, const uint32_t *numbers,
                                uint32_t count, bt_xodr_writer *w, bt_world_report *report)
{
    loading l = {.folder = folder};
    *report = (bt_world_report){0};
    l.parts = bt_alloc(count, sizeof *l.parts);
    l.names = bt_alloc(count, sizeof *l.names);
    bt_status status = l.parts && l.names
                           ? BT_OK
                           : bt_fail(BT_ERR_MEMORY, "no memory for a window of %u tiles", count);
    for (uint32_t i = 0; i < count && status == BT_OK; i++) {
        const folder_tile *tile = find_tile(folder, numbers[i]);
        if (!tile) continue;
        status = load_tile(&l, tile);
        report->length_m += tile->length_m;
        report->tiles++;
    }
    if (status == BT_OK) status = find_joints(&l);
    if (status == BT_OK) status = bt_opendrive_join(l.parts, l.count, l.joints, l.joint_count, w);
    report->bytes = w->count;
    clear(&l);
    return status;
}
