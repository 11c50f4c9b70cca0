// window_scenery.c: does what stands in a world stay the same when its window moves?
//
//   bench.window_scenery [KIND [REACH [TILE_X TILE_Y]]]    rural, 1 tile, the first tile, unless said
//
// Generates the surroundings of two windows that are one tile apart and compares what stands within 0.4
// tiles of the border over which the ego drives when the window moves. Prints how much of it is the same.
#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/scene/material_lua.h"
#include "engine/scene/world.h"
#include "procedural/placement/surroundings.h"
#include "procedural/roads/window.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAME_M 1e-4

static bt_status build(const bt_window *window, bt_road_network *net, bt_world_kind kind,
                       const double first[2], bt_world **world)
{
    bt_spec *spec = NULL;
    double low[2], high[2];
    bt_window_rim(window, low, high);
    bt_surroundings_window w = {low[0],
                                low[1],
                                high[0],
                                high[1],
                                bt_world_tile_side(kind),
                                false,
                                kind == BT_WORLD_DOWNTOWN};
    // one way straight through both windows, as a run would have it
    bt_vec3 focus[2] = {{first[0] + 0.5 * w.tile_m, first[1] + 0.5 * w.tile_m, 0.0},
                        {first[0] + 1.5 * w.tile_m, first[1] + 0.5 * w.tile_m, 0.0}};
    bt_surroundings_params params = {
        .seed = 5, .density = 1.0, .focus_world_m = focus, .focus_count = 2, .window = &w};
    if (kind == BT_WORLD_DOWNTOWN) params.style = BT_LAND_URBAN; // as a run has it
    bt_surroundings_result result = {0};
    bt_status status = bt_spec_create(&spec);
    if (status == BT_OK) status = bt_material_sheet_load(spec, "assets/materials/street.lua");
    if (status == BT_OK) status = bt_surroundings_generate(spec, net, &params, &result);
    bt_surroundings_result_clear(&result);
    if (status == BT_OK) status = bt_world_compile(spec, world);
    bt_spec_destroy(spec);
    return status;
}

static int by_place(const void *left, const void *right)
{
    const bt_world_static *a = left, *b = right;
    bt_vec3 p = a->world_from_mesh.pos, q = b->world_from_mesh.pos;
    return p.x != q.x ? (p.x > q.x) - (p.x < q.x) : (p.y > q.y) - (p.y < q.y);
}

// What has an identity, or of that the houses, sorted by place.
static bt_world_static *things_of(const bt_world *world, const double low[2], const double high[2],
                                  bool houses, uint32_t *count)
{
    bt_world_static *things = bt_alloc(world->static_count, sizeof *things);
    *count = 0;
    for (uint32_t i = 0; things && i < world->static_count; i++) {
        bt_vec3 p = world->statics[i].world_from_mesh.pos;
        bool inside = p.x >= low[0] && p.y >= low[1] && p.x < high[0] && p.y < high[1];
        uint32_t id = world->statics[i].object_id;
        bool house = id > 0 && world->objects[id].class_id == BT_CLASS_BUILDING;
        if (inside && id > 0 && (house || !houses)) things[(*count)++] = world->statics[i];
    }
    if (things) qsort(things, *count, sizeof *things, by_place);
    return things;
}

static bool same(const bt_world_static *a, const bt_world_static *b)
{
    const bt_pose *p = &a->world_from_mesh, *q = &b->world_from_mesh;
    return bt_vec3_distance(p->pos, q->pos) < SAME_M && fabs(p->rot.w - q->rot.w) < 1e-4 &&
           a->scale == b->scale;
}

// Things of a that b has too, both sorted by place.
static uint32_t count_same(const bt_world_static *a, uint32_t na, const bt_world_static *b,
                           uint32_t nb, double *worst_z)
{
    uint32_t found = 0, from = 0;
    for (uint32_t i = 0; i < na; i++) {
        while (from < nb && b[from].world_from_mesh.pos.x < a[i].world_from_mesh.pos.x - SAME_M)
            from++;
        for (uint32_t k = from; k < nb; k++) {
            bt_vec3 p = a[i].world_from_mesh.pos, q = b[k].world_from_mesh.pos;
            if (q.x > p.x + SAME_M) break;
            if (hypot(p.x - q.x, p.y - q.y) < SAME_M) *worst_z = fmax(*worst_z, fabs(p.z - q.z));
            if (!same(&a[i], &b[k])) continue;
            found++;
            break;
        }
    }
    return found;
}

static void compare(const bt_world *a, const bt_world *b, const double low[2], const double high[2],
                    bool houses)
{
    uint32_t na, nb;
    bt_world_static *x = things_of(a, low, high, houses, &na);
    bt_world_static *y = things_of(b, low, high, houses, &nb);
    double worst_z = 0.0;
    uint32_t found = x && y ? count_same(x, na, y, nb, &worst_z) : 0;
    printf("%u and %u %s beside the border, %u the same within 0.1 mm (%.2f %%); of those at one "
           "place the heights are %.3f m apart at most\n",
           na, nb, houses ? "houses" : "things", found, 100.0 * found / fmax(1.0, fmax(na, nb)),
           worst_z);
    bt_free(x);
    bt_free(y);
}

int main(int argc, char **argv)
{
    bt_world_desc desc = {7, BT_WORLD_RURAL};
    int reach = argc > 2 ? atoi(argv[2]) : 1;
    for (int i = 0; argc > 1 && i < BT_WORLD_KIND_COUNT; i++)
        if (strcmp(argv[1], bt_world_kind_names[i]) == 0) desc.kind = (bt_world_kind)i;
    double side = bt_world_tile_side(desc.kind);
    const double first[2] = {argc > 4 ? side * atoi(argv[3]) : 0.0,
                             argc > 4 ? side * atoi(argv[4]) : 0.0};
    bt_world *worlds[2] = {NULL, NULL};
    bt_status status = BT_OK;
    for (int k = 0; k < 2 && status == BT_OK; k++) {
        bt_window *window;
        double begin = bt_clock_s();
        status = bt_window_create(&desc, reach, first[0] + side * (k + 0.5), first[1] + 0.5 * side,
                                  &window);
        if (status != BT_OK) break;
        bt_road_network *net = bt_window_release(window);
        status = build(window, net, desc.kind, first, &worlds[k]);
        printf("%s, window %d: %.1f s\n", bt_world_kind_names[desc.kind], k, bt_clock_s() - begin);
        bt_road_network_destroy(net);
        bt_window_destroy(window);
    }
    if (status == BT_OK) {
        const double low[2] = {first[0] + 0.6 * side, first[1]};
        const double high[2] = {first[0] + 1.4 * side, first[1] + side};
        compare(worlds[0], worlds[1], low, high, false);
        compare(worlds[0], worlds[1], low, high, true);
    } else {
        fprintf(stderr, "%s\n", bt_error_message());
    }
    bt_world_destroy(worlds[0]);
    bt_world_destroy(worlds[1]);
    return status == BT_OK ? 0 : 2;
}
