// interchange_test.c: over every interchange one gets from each road to each other one; loops, weaving
// lanes and clearances are what the design says; a mixed world's towns are joined to its motorway.
#include "procedural/roads/tile.h"
#include "procedural/roads/window.h"

#include "engine/core/memory.h"
#include "engine/math/pose.h"
#include "engine/road/opendrive.h"
#include "engine/road/road_check.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void print_finding(void *context, const char *finding)
{
    (void)context;
    fprintf(stderr, "    %s\n", finding);
}

// ---- one tile ---------------------------------------------------------------------------------
typedef struct made {
    bt_layout layout;
    bt_world_gates gates;
    bt_road_network *net;
} made;

static made make_tile(const bt_world_desc *desc, uint32_t number)
{
    made m = {0};
    bt_xodr_writer w;
    const char *text = NULL;
    size_t count = 0;
    bt_world_begin(desc, &m.layout);
    CHECK_OK(bt_world_add_tile(desc, number, &m.layout, &m.gates));
    bt_xodr_init(&w);
    CHECK_OK(bt_layout_write(&m.layout, "tile", &w));
    CHECK_OK(bt_xodr_finish(&w, &text, &count));
    CHECK_OK(bt_opendrive_parse("tile", text, count, &m.net));
    bt_xodr_clear(&w);
    return m;
}

static void clear_tile(made *m)
{
    bt_road_network_destroy(m->net);
    bt_layout_clear(&m->layout);
    bt_free(m->gates.items);
}

static int count_named(const bt_layout *layout, const char *name)
{
    int count = 0;
    for (size_t i = 0; i < layout->road_count; i++)
        count += strcmp(layout->roads[i].street->name, name) == 0;
    return count;
}

// ---- where one gets ---------------------------------------------------------------------------
// Marks all lanes that are reached by going on and by changing lanes.
static void reach_from(const bt_road_network *net, uint8_t *seen, uint32_t *stack)
{
    uint32_t n = 0;
    uint32_t lanes = bt_road_lane_count(net);
    for (uint32_t i = 0; i < lanes; i++)
        if (seen[i]) stack[n++] = i;
    while (n > 0) {
        uint32_t lane = stack[--n];
        uint32_t next[18];
        uint32_t count = bt_lane_successors(net, lane, next, 16);
        if (count > 16) count = 16;
        for (int side = -1; side <= 1; side += 2) {
            uint32_t beside = bt_lane_neighbour(net, lane, side);
            if (beside == BT_ROAD_NONE) continue;
            if (bt_road_lane_get(net, beside)->forward == bt_road_lane_get(net, lane)->forward)
                next[count++] = beside;
        }
        for (uint32_t i = 0; i < count; i++) {
            if (seen[next[i]] || !bt_lane_type_drivable(bt_road_lane_get(net, next[i])->type))
                continue;
            seen[next[i]] = 1;
            stack[n++] = next[i];
        }
    }
}

// Lanes at a gate of a tile that lead into it, or out of it.
static int mark_gate(const made *m, const bt_world_gate *gate, bool in, uint8_t *seen)
{
    char id[16];
    snprintf(id, sizeof id, "%d", gate->road_id);
    uint32_t road = bt_road_find(m->net, id);
    double s = gate->at_end ? bt_road_get(m->net, road)->length_m - 0.01 : 0.01;
    int marked = 0;
    for (int32_t lane_id = -8; lane_id <= 8; lane_id++) {
        uint32_t lane = lane_id == 0 ? BT_ROAD_NONE : bt_lane_find(m->net, road, s, lane_id);
        if (lane == BT_ROAD_NONE) continue;
        const bt_lane *l = bt_road_lane_get(m->net, lane);
        bool leads_in = l->forward != gate->at_end;
        if (!bt_lane_type_drivable(l->type) || leads_in != in) continue;
        marked += seen[lane];
        if (in) seen[lane] = 1;
    }
    return marked;
}

static void check_reach(const made *m)
{
    uint32_t lanes = bt_road_lane_count(m->net);
    uint8_t *seen = bt_alloc(lanes, 1);
    uint32_t *stack = bt_alloc(lanes, sizeof *stack);
    for (size_t from = 0; from < m->gates.count; from++) {
        memset(seen, 0, lanes);
        (void)mark_gate(m, &m->gates.items[from], true, seen);
        reach_from(m->net, seen, stack);
        for (size_t to = 0; to < m->gates.count; to++)
            if (to != from) CHECK(mark_gate(m, &m->gates.items[to], false, seen) > 0);
    }
    bt_free(seen);
    bt_free(stack);
}

// ---- shapes -----------------------------------------------------------------------------------
static double turned(const bt_alignment *a)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < a->count; i++)
        sum += 0.5 * a->pieces[i].length_m *
               (a->pieces[i].curvature0_1_m + a->pieces[i].curvature1_1_m);
    return sum;
}

// Ramps that turn right by more than two thirds of a circle: spiral, arc, spiral between straights, for 40 km/h
// at least.
static int check_loops(const bt_layout *layout)
{
    int loops = 0;
    for (size_t i = 0; i < layout->road_count; i++) {
        const bt_street *street = layout->roads[i].street;
        if (strcmp(street->name, "Ramp") != 0 || turned(&street->alignment) > -4.2) continue;
        loops++;
        int arcs = 0;
        for (uint32_t k = 0; k < street->alignment.count; k++) {
            const bt_alignment_piece *p = &street->alignment.pieces[k];
            arcs += p->curvature0_1_m == p->curvature1_1_m && p->curvature0_1_m != 0.0;
        }
        CHECK(arcs == 1);
        CHECK(street->speed_km_h >= 40);
    }
    return loops;
}

// Under and over the crossing of a cloverleaf one lane leads from each loop to the next: 120 m between
// the gores, 220 m between the ramps.
static void check_weaving(const bt_layout *layout)
{
    int weaving = 0;
    for (size_t i = 0; i < layout->road_count; i++) {
        const bt_layout_road *r = &layout->roads[i];
        if (r->start.right.use != BT_USE_WEAVE) continue;
        weaving++;
        CHECK(r->start.left.use == BT_USE_WEAVE && r->end.right.use == BT_USE_WEAVE);
        CHECK_NEAR(r->street->alignment.length_m, 120.0, 1e-6);
    }
    CHECK(weaving == 2);
}

// A street's axis at a station.
static bt_vec3 axis_at(const bt_street *street, double s_m)
{
    bt_plan_pose p = bt_alignment_at(&street->alignment, s_m);
    int i = street->elevation_count - 1;
    while (i > 0 && street->elevation[i].s_m > s_m)
        i--;
    const bt_street_record *r = &street->elevation[i];
    double ds = s_m - r->s_m;
    return (bt_vec3){p.x_m, p.y_m, r->a + ds * (r->b + ds * (r->c + ds * r->d))};
}

// Where axes of roads outside junctions cross that of the highway in plan one is above the other by a
// clearance of 4.9 m and a deck of more than a metre.
static int check_clearance(const bt_layout *layout)
{
    int crossings = 0;
    for (size_t a = 0; a < layout->road_count; a++) {
        const bt_street *below = layout->roads[a].street;
        if (below->speed_km_h <= 100) continue; // the highway, through its gores too
        for (double sa = 0.0; sa < below->alignment.length_m; sa += 1.0) {
            bt_vec3 p = axis_at(below, sa);
            for (size_t b = 0; b < layout->road_count; b++) {
                const bt_street *above = layout->roads[b].street;
                if (above->junction >= 0 || above->speed_km_h > 100) continue;
                for (double sb = 0.0; sb < above->alignment.length_m;) {
                    bt_vec3 q = axis_at(above, sb);
                    double apart = hypot(q.x - p.x, q.y - p.y);
                    double turn = bt_alignment_at(&above->alignment, sb).heading_rad -
                                  bt_alignment_at(&below->alignment, sa).heading_rad;
                    if (apart < 0.75 && fabs(sin(turn)) > 0.5) {
                        crossings++;
                        CHECK(q.z - p.z > 6.0);
                    }
                    sb += fmax(1.0, 0.9 * apart);
                }
            }
        }
    }
    return crossings;
}

static void test_highways(void)
{
    int cloverleaves = 0;
    int trumpets = 0;
    for (uint64_t seed = 1; seed <= 6; seed++)
        for (uint32_t number = 0; number < 6; number++) {
            bt_world_desc desc = {seed, BT_WORLD_HIGHWAY};
            made m = make_tile(&desc, number);
            check_reach(&m);
            CHECK(bt_road_check(m.net, print_finding, NULL) == 0);
            int loops = check_loops(&m.layout);
            bool cloverleaf = count_named(&m.layout, "Arterial") > 0;
            bool trumpet = count_named(&m.layout, "Link Road") > 0;
            if (cloverleaf) {
                check_weaving(&m.layout);
                CHECK(loops == 4);
            }
            if (trumpet) CHECK(loops == 1 && m.gates.count == 3);
            if ((cloverleaf && cloverleaves == 0) || (trumpet && trumpets == 0))
                CHECK(check_clearance(&m.layout) > 0);
            cloverleaves += cloverleaf;
            trumpets += trumpet;
            clear_tile(&m);
        }
    printf("highway tiles: %d cloverleaves, %d trumpets\n", cloverleaves, trumpets);
    CHECK(cloverleaves > 0 && trumpets > 1);
}

// ---- mixed worlds -----------------------------------------------------------------------------
// Some lane of a road of this name among those seen.
static bool sees(const bt_road_network *net, const uint8_t *seen, const char *name)
{
    for (uint32_t i = 0; i < bt_road_lane_count(net); i++)
        if (seen[i] && strcmp(bt_road_get(net, bt_road_lane_get(net, i)->road)->name, name) == 0)
            return true;
    return false;
}

// In a window of 3 by 3 tiles round an interchange: from the middle of a town onto the motorway, from
// the motorway into the town.
static void test_joined(uint64_t seed)
{
    bt_world_desc desc = {seed, BT_WORLD_MIXED};
    int row = tile_row_has_motorway(&desc, 1) ? 1 : -1;
    CHECK(tile_row_has_motorway(&desc, row) && !tile_row_has_motorway(&desc, 0));
    double side = bt_world_tile_side(BT_WORLD_MIXED);
    bt_window *window = NULL;
    CHECK_OK(bt_window_create(&desc, 1, 0.5 * side, (row + 0.5) * side, &window));
    const bt_road_network *net = bt_window_network(window);
    CHECK(bt_road_check(net, print_finding, NULL) == 0);
    uint32_t lanes = bt_road_lane_count(net);
    uint8_t *seen = bt_alloc(lanes, 1);
    uint32_t *stack = bt_alloc(lanes, sizeof *stack);
    const char *const ends[2] = {"Street", "Highway"};
    for (int from = 0; from < 2; from++) {
        memset(seen, 0, lanes);
        for (uint32_t i = 0; i < lanes; i++) {
            const bt_lane *l = bt_road_lane_get(net, i);
            const bt_road *road = bt_road_get(net, l->road);
            // of the town at the origin: its tile has ids below 10000
            bool here = from == 1 || atoi(road->id) < 10000;
            if (here && l->id != 0 && bt_lane_type_drivable(l->type) &&
                strcmp(road->name, ends[from]) == 0)
                seen[i] = 1;
        }
        reach_from(net, seen, stack);
        CHECK(sees(net, seen, ends[1 - from]));
    }
    bt_free(seen);
    bt_free(stack);
    bt_window_destroy(window);
}

// What a motorway's row has: interchanges every third tile, roads over it between, villages.
static void test_rows(void)
{
    int interchanges = 0;
    int crossings = 0;
    int villages = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        bt_world_desc desc = {seed, BT_WORLD_MIXED};
        int row = tile_row_has_motorway(&desc, 1) ? 1 : -1;
        for (int ix = -3; ix <= 5; ix++) {
            made m = make_tile(&desc, bt_world_tile_number(ix, row));
            int ramps = count_named(&m.layout, "Ramp");
            if (ramps > 0) check_reach(&m);
            CHECK(bt_road_check(m.net, print_finding, NULL) == 0);
            CHECK((ramps > 0) == (ix % 3 == 0));
            interchanges += ramps > 0;
            if (ramps == 0 && m.gates.count == 4) {
                if (crossings == 0) CHECK(check_clearance(&m.layout) > 0);
                crossings++;
            }
            villages += count_named(&m.layout, "Village Street");
            clear_tile(&m);
        }
    }
    CHECK(interchanges == 9 && crossings > 3 && villages > 0);
}

int main(void)
{
    test_highways();
    test_rows();
    for (uint64_t seed = 1; seed <= 4; seed++)
        test_joined(seed);
    return check_end();
}
