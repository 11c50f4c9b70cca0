// window_test.c: a long drive through a world of which only a window is loaded is, to the bit, the drive
// through the whole; memory stays that of a window; what is loaded does not depend on how one came.
#include "procedural/roads/window.h"

#include "procedural/roads/tile.h"

#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/road/road_mesh.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP_M 12.0

static bt_road_network *whole(const bt_world_desc *world, int reach)
{
    bt_xodr_writer w;
    bt_world_report report;
    const char *text = NULL;
    size_t count = 0;
    bt_road_network *net = NULL;
    bt_xodr_init(&w);
    CHECK_OK(bt_window_write(world, reach, 1.0, 1.0, &w, &report));
    CHECK_OK(bt_xodr_finish(&w, &text, &count));
    CHECK_OK(bt_opendrive_parse("whole", text, count, &net));
    bt_xodr_clear(&w);
    return net;
}

// ---- the same drive ---------------------------------------------------------------------------
// A driver who takes, at each branch, the way that leads more to the east; by ids, as they outlive windows.
typedef struct driver {
    char road[16];
    int32_t lane;
    double s_m;
} driver;

static bt_pose pose_of(const bt_road_network *net, const driver *d)
{
    uint32_t road = bt_road_find(net, d->road);
    CHECK(road != BT_ROAD_NONE);
    uint32_t lane = road != BT_ROAD_NONE ? bt_lane_find(net, road, d->s_m, d->lane) : BT_ROAD_NONE;
    CHECK(lane != BT_ROAD_NONE);
    return lane != BT_ROAD_NONE ? bt_lane_pose(net, lane, d->s_m, 0.0) : BT_POSE_IDENTITY;
}

static void settle(const bt_road_network *net, uint32_t lane, double along_m, driver *d)
{
    const bt_lane *l = bt_road_lane_get(net, lane);
    snprintf(d->road, sizeof d->road, "%s", bt_road_get(net, l->road)->id);
    d->lane = l->id;
    d->s_m = l->forward ? l->s0_m + along_m : l->s1_m - along_m;
}

// How far east a lane leads, its end's direction before its place; not into pockets that open.
static double eastward(const bt_road_network *net, uint32_t lane)
{
    const bt_lane *l = bt_road_lane_get(net, lane);
    bt_pose end = bt_lane_pose(net, lane, l->forward ? l->s1_m : l->s0_m, 0.0);
    bool opens = bt_lane_width(net, lane, l->forward ? l->s0_m : l->s1_m) < 0.01;
    return cos(bt_quat_yaw(end.rot)) + 1e-6 * end.pos.x - (opens ? 0.5 : 0.0);
}

// False where the road ends.
static bool advance(const bt_road_network *net, driver *d, double step_m)
{
    uint32_t lane = bt_lane_find(net, bt_road_find(net, d->road), d->s_m, d->lane);
    if (lane == BT_ROAD_NONE) return false;
    const bt_lane *l = bt_road_lane_get(net, lane);
    double left = l->forward ? l->s1_m - d->s_m : d->s_m - l->s0_m;
    while (step_m >= left) {
        uint32_t next[8];
        uint32_t count = bt_lane_successors(net, lane, next, 8);
        uint32_t best = BT_ROAD_NONE;
        for (uint32_t i = 0; i < count && i < 8; i++)
            if (bt_lane_type_drivable(bt_road_lane_get(net, next[i])->type) &&
                (best == BT_ROAD_NONE || eastward(net, next[i]) > eastward(net, best)))
                best = next[i];
        if (best == BT_ROAD_NONE) return false;
        step_m -= left;
        lane = best;
        left = bt_lane_length(net, lane);
    }
    l = bt_road_lane_get(net, lane);
    double done = bt_lane_length(net, lane) - left + step_m;
    settle(net, lane, done, d);
    return true;
}

static bool begin(const bt_road_network *net, const double y_m[2], driver *d)
{
    // the first lane that leads east out of the west of the world
    double west = 1e300;
    for (uint32_t lane = 0; lane < bt_road_lane_count(net); lane++) {
        const bt_lane *l = bt_road_lane_get(net, lane);
        uint32_t before;
        if (l->type != BT_LANE_DRIVING || !l->forward || l->id >= 0) continue;
        if (bt_lane_predecessors(net, lane, &before, 1) > 0) continue;
        bt_pose pose = bt_lane_pose(net, lane, l->s0_m, 0.0);
        double heading = bt_quat_yaw(pose.rot);
        if (fabs(heading) > 0.5 || pose.pos.x > west - 1.0) continue;
        if (pose.pos.y < y_m[0] || pose.pos.y > y_m[1]) continue;
        west = pose.pos.x;
        settle(net, lane, 1.0, d);
    }
    return west < 1e300;
}

static void test_drive(bt_world_kind kind, int tiles, double low_y_m, double high_y_m)
{
    bt_world_desc world = {21, kind};
    bt_road_network *all = whole(&world, tiles);
    driver d;
    bt_window *window = NULL;
    if (all == NULL || !begin(all, (double[2]){low_y_m, high_y_m}, &d)) {
        CHECK(false);
        return;
    }
    bt_pose at = pose_of(all, &d);
    CHECK_OK(bt_window_create(&world, 1, at.pos.x, at.pos.y, &window));
    int moves = 0;
    int steps = 0;
    int differ = 0;
    double side = bt_world_tile_side(kind);
    // until the window would look over the whole's edge
    while (window != NULL && at.pos.x < side * (tiles - 0.2) && steps < 4000) {
        bool moved = false;
        CHECK_OK(bt_window_follow(window, at.pos.x, at.pos.y, &moved));
        moves += moved;
        driver seen = d;
        bt_pose here = pose_of(bt_window_network(window), &seen);
        differ += memcmp(&here, &at, sizeof here) != 0;
        bool on = advance(bt_window_network(window), &seen, STEP_M);
        if (!advance(all, &d, STEP_M)) break;
        CHECK(on);
        differ += strcmp(seen.road, d.road) != 0 || seen.lane != d.lane || seen.s_m != d.s_m;
        at = pose_of(all, &d);
        steps++;
    }
    printf("%s: %d steps, %d moves of the window, %d differ\n", bt_world_kind_names[kind], steps,
           moves, differ);
    CHECK(differ == 0);
    CHECK(moves >= tiles);
    CHECK(at.pos.x > side * (tiles - 0.5));
    bt_window_destroy(window);
    bt_road_network_destroy(all);
}

// ---- the same bytes ---------------------------------------------------------------------------
static const bt_road_tile *tiles_of_road(const bt_road_mesh *mesh, uint32_t road, uint32_t *count)
{
    const bt_road_tile *first = NULL;
    *count = 0;
    for (uint32_t i = 0; i < mesh->tile_count; i++) {
        if (mesh->tiles[i].road != road) continue;
        if (first == NULL) first = &mesh->tiles[i];
        (*count)++;
    }
    return first;
}

static bool same_tile(const bt_road_tile *a, const bt_road_tile *b)
{
    return a->vertex_count == b->vertex_count && a->triangle_count == b->triangle_count &&
           memcmp(&a->origin_world_m, &b->origin_world_m, sizeof a->origin_world_m) == 0 &&
           memcmp(a->positions, b->positions, 12 * (size_t)a->vertex_count) == 0 &&
           memcmp(a->uvs, b->uvs, 8 * (size_t)a->vertex_count) == 0 &&
           memcmp(a->indices, b->indices, 12 * (size_t)a->triangle_count) == 0 &&
           memcmp(a->kinds, b->kinds, a->triangle_count) == 0;
}

// The surface of the centre tile's roads is that of the whole world, triangle by triangle.
static void test_surface(bt_world_kind kind)
{
    bt_world_desc world = {5, kind};
    bt_road_network *nets[2] = {whole(&world, 2), whole(&world, 1)};
    bt_road_mesh *meshes[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++)
        if (nets[i] != NULL) CHECK_OK(bt_road_mesh_build(nets[i], NULL, &meshes[i]));
    int roads = 0;
    for (uint32_t r = 0; meshes[1] != NULL && r < bt_road_count(nets[1]); r++) {
        const char *id = bt_road_get(nets[1], r)->id;
        if (atoi(id) >= 10000) continue; // of other tiles
        uint32_t count[2];
        const bt_road_tile *a = tiles_of_road(meshes[0], bt_road_find(nets[0], id), &count[0]);
        const bt_road_tile *b = tiles_of_road(meshes[1], r, &count[1]);
        CHECK(count[0] == count[1] && count[0] > 0);
        for (uint32_t k = 0; k < count[0] && k < count[1]; k++)
            CHECK(same_tile(a + k, b + k));
        roads++;
    }
    CHECK(roads > 3);
    for (int i = 0; i < 2; i++) {
        bt_road_mesh_destroy(meshes[i]);
        bt_road_network_destroy(nets[i]);
    }
}

// Two ways to one place give one network.
static void test_ways(void)
{
    bt_world_desc world = {9, BT_WORLD_SUBURB};
    bt_xodr_writer w[2];
    bt_world_report report;
    for (int i = 0; i < 2; i++)
        bt_xodr_init(&w[i]);
    CHECK_OK(bt_window_write(&world, 1, 5000.0, -3000.0, &w[0], &report));
    bt_window *window = NULL;
    CHECK_OK(bt_window_create(&world, 1, 0.0, 0.0, &window));
    bool moved = false;
    CHECK_OK(bt_window_follow(window, 5000.0, 0.0, &moved));
    CHECK(moved);
    CHECK_OK(bt_window_follow(window, 5000.0, -3000.0, &moved));
    CHECK(moved);
    // a little over the border and back: nothing is loaded again
    int ix;
    int iy;
    bt_window_centre(window, &ix, &iy);
    CHECK(ix == 6 && iy == -4);
    CHECK_OK(bt_window_follow(window, 4799.0, -3000.0, &moved));
    CHECK(!moved);
    CHECK_OK(bt_window_follow(window, 4690.0, -3000.0, &moved));
    CHECK(moved);
    CHECK_OK(bt_window_follow(window, 4801.0, -3000.0, &moved));
    CHECK(!moved);
    CHECK(bt_window_tile_count(window) == 9);
    CHECK_OK(bt_window_write(&world, 1, 4900.0, -2700.0, &w[1], &report));
    CHECK(w[0].count == w[1].count && memcmp(w[0].text, w[1].text, w[0].count) == 0);
    for (int i = 0; i < 2; i++)
        bt_xodr_clear(&w[i]);
    bt_window_destroy(window);
}

// Far drives leave no more behind than near ones.
static void test_memory(void)
{
    bt_world_desc world = {2, BT_WORLD_RURAL};
    bt_window *window = NULL;
    size_t early = 0;
    CHECK_OK(bt_window_create(&world, 1, 0.0, 0.0, &window));
    for (int i = 0; i < 14 && window != NULL; i++) {
        bool moved;
        CHECK_OK(bt_window_follow(window, 1700.0 * i, 900.0 * i, &moved));
        if (i == 5) early = bt_memory_high_water();
    }
    CHECK(early > 0 && bt_memory_high_water() < early + early / 4);
    bt_window_destroy(window);
}

static void test_bad(void)
{
    bt_world_desc world = {1, BT_WORLD_RURAL};
    bt_window *window = NULL;
    CHECK(bt_window_create(&world, -1, 0.0, 0.0, &window) == BT_ERR_INPUT && window == NULL);
    CHECK(bt_window_create(&world, 99, 0.0, 0.0, &window) == BT_ERR_INPUT && window == NULL);
    CHECK(bt_window_create(&world, 1, 1e9, 0.0, &window) == BT_ERR_INPUT && window == NULL);
    CHECK(bt_window_create(&world, 1, 0.0, NAN, &window) == BT_ERR_INPUT && window == NULL);
    CHECK_OK(bt_window_create(&world, 0, 0.0, 0.0, &window));
    bool moved = true;
    CHECK(bt_window_follow(window, -1e9, 0.0, &moved) == BT_ERR_INPUT && !moved);
    CHECK(bt_window_network(window) != NULL);
    bt_window_destroy(window);
}

int main(void)
{
    test_memory();
    test_bad();
    test_ways();
    test_drive(BT_WORLD_RURAL, 2, -1600.0, 1600.0);
    test_drive(BT_WORLD_SUBURB, 1, -1600.0, 1600.0);
    // along a motorway through a mixed world: it lies in row 1 or -1
    bool north = tile_row_has_motorway(&(bt_world_desc){21, BT_WORLD_MIXED}, 1);
    test_drive(BT_WORLD_MIXED, 1, north ? 1600.0 : -1600.0, north ? 3200.0 : 0.0);
    test_surface(BT_WORLD_RURAL);
    return check_end();
}
