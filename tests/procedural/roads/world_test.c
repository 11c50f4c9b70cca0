// world_test.c: generated networks are sound, keep to their design, and repeat.
#include "procedural/roads/world.h"

#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/road/road_check.h"
#include "engine/road/road_internal.h"
#include "tests/support/check.h"
#include "tests/support/mutate.h"

#include <math.h>
#include <string.h>

static void print_finding(void *context, const char *finding)
{
    (void)context;
    fprintf(stderr, "    %s\n", finding);
}

// ---- the plan keeps to its design -------------------------------------------------------------
static const bt_layout_road *find_road(const bt_layout *layout, int id)
{
    for (size_t i = 0; i < layout->road_count; i++)
        if (layout->roads[i].street->id == id) return &layout->roads[i];
    return NULL;
}

// What a road's end bends like where another meets it: straight, or as the ring does there, whose
// circles have one middle.
static double bend_beside(const bt_layout *layout, const bt_street_link *link, bt_plan_pose end)
{
    const bt_layout_road *other =
        link->kind != NULL && strcmp(link->kind, "road") == 0 ? find_road(layout, link->id) : NULL;
    if (other == NULL || !other->ring) return 0.0;
    const bt_alignment *a = &other->street->alignment;
    bool at_end = strcmp(link->contact, "end") == 0;
    bt_plan_pose pose = bt_alignment_at(a, at_end ? a->length_m : 0.0);
    double aside = hypot(end.x_m - pose.x_m, end.y_m - pose.y_m); // to the right, outwards
    return 1.0 / (1.0 / a->pieces[0].curvature0_1_m + aside);
}

static void check_alignment(const bt_layout *layout, const bt_layout_road *road, bool in_junction)
{
    const bt_alignment *a = &road->street->alignment;
    double k0 = a->pieces[0].curvature0_1_m;
    double k1 = a->pieces[a->count - 1].curvature1_1_m;
    if (!road->ring) {
        bt_plan_pose first = bt_alignment_at(a, 0.0);
        bt_plan_pose last = bt_alignment_at(a, a->length_m);
        CHECK_NEAR(k0, bend_beside(layout, &road->street->predecessor, first), 1e-9);
        CHECK_NEAR(k1, bend_beside(layout, &road->street->successor, last), 1e-9);
    }
    for (uint32_t i = 0; i < a->count; i++) {
        const bt_alignment_piece *p = &a->pieces[i];
        if (!in_junction) // what is flatter than a second of turn over 20 km is no curve
            CHECK(fabs(p->curvature1_1_m) * road->design.radius_min_m <= 1.0 + 1e-9);
        if (i == 0) continue;
        const bt_alignment_piece *last = p - 1;
        CHECK_NEAR(p->curvature0_1_m, last->curvature1_1_m, 1e-12);
        double turned = last->heading_rad +
                        0.5 * last->length_m * (last->curvature0_1_m + last->curvature1_1_m);
        CHECK_NEAR(p->heading_rad, turned, 1e-9);
        bt_plan_pose end = bt_alignment_at(&(bt_alignment){.pieces = {*last}, .count = 1},
                                           last->s_m + last->length_m);
        CHECK_NEAR(hypot(end.x_m - p->x_m, end.y_m - p->y_m), 0.0, 1e-6);
    }
}

// Slope and height go on without a step; slopes and their change per metre stay within the design.
static void check_heights(const bt_layout_road *road)
{
    const bt_street *street = road->street;
    for (int i = 0; i < street->elevation_count; i++) {
        const bt_street_record *r = &street->elevation[i];
        double end = i + 1 < street->elevation_count ? r[1].s_m : street->alignment.length_m;
        double ds = end - r->s_m;
        double slope = r->b + 2.0 * r->c * ds;
        CHECK(fabs(r->b) <= road->design.grade_max + 1e-9);
        CHECK(fabs(slope) <= road->design.grade_max + 1e-9);
        // K is metres per percent: slope changes by at most 0.01 / K per metre
        double k = r->c < 0.0 ? road->design.k_crest : road->design.k_sag;
        CHECK(fabs(2.0 * r->c) <= 0.01 / k * (1.0 + 1e-6));
        if (i + 1 < street->elevation_count) {
            CHECK_NEAR(r[1].a, r->a + ds * (r->b + ds * r->c), 1e-6);
            CHECK_NEAR(r[1].b, slope, 1e-6);
        } else {
            CHECK_NEAR(slope, 0.0, 1e-9);
        }
    }
}

static void check_lean(const bt_layout_road *road)
{
    const bt_street *street = road->street;
    for (int i = 0; i < street->superelevation_count; i++) {
        const bt_street_record *r = &street->superelevation[i];
        CHECK(fabs(r->a) <= road->design.e_max + 1e-12);
        // runoff: the edge of the lane rises against the axis no faster than allowed
        CHECK(fabs(r->b) * road->design.turned_m <= road->design.runoff_slope_max * (1.0 + 1e-6));
    }
}

static void check_design(const bt_layout *layout)
{
    for (size_t i = 0; i < layout->road_count; i++) {
        const bt_layout_road *road = &layout->roads[i];
        bool in_junction = road->street->junction >= 0;
        check_alignment(layout, road, in_junction);
        if (in_junction) continue;
        check_heights(road);
        check_lean(road);
    }
}

// ---- the file says the same -------------------------------------------------------------------
static void check_round_trip(const bt_layout *layout, const bt_road_network *net)
{
    double worst = 0.0;
    for (size_t i = 0; i < layout->road_count; i++) {
        const bt_street *street = layout->roads[i].street;
        char id[16];
        snprintf(id, sizeof id, "%d", street->id);
        uint32_t road = bt_road_find(net, id);
        CHECK(road != BT_ROAD_NONE);
        if (road == BT_ROAD_NONE) continue;
        double length = street->alignment.length_m;
        for (int k = 0; k <= 20; k++) {
            bt_plan_pose plan = bt_alignment_at(&street->alignment, length * k / 20.0);
            // the axis itself: on a slope the surface of an island leans beside it
            bt_vec3 read = road_frame_at(net, road, length * k / 20.0).origin;
            worst = fmax(worst, hypot(read.x - plan.x_m, read.y - plan.y_m));
        }
    }
    CHECK(worst < 1e-3);
}

// A lane that cars use leads on, or ends where it should: at a road's free end, at road works, or
// where it has narrowed away.
static void check_lanes(const bt_road_network *net)
{
    for (uint32_t lane = 0; lane < bt_road_lane_count(net); lane++) {
        const bt_lane *l = bt_road_lane_get(net, lane);
        if (l->id == 0 || !bt_lane_type_drivable(l->type)) continue;
        uint32_t next;
        if (bt_lane_successors(net, lane, &next, 1) > 0) continue;
        const bt_road *road = bt_road_get(net, l->road);
        bool outer_section = l->forward ? l->s1_m > road->length_m - 1e-6 : l->s0_m < 1e-6;
        double s = l->forward ? l->s1_m + 0.1 : l->s0_m - 0.1;
        uint32_t beyond = outer_section ? BT_ROAD_NONE : bt_lane_find(net, l->road, s, l->id);
        bool works =
            beyond != BT_ROAD_NONE && bt_road_lane_get(net, beyond)->type == BT_LANE_ROAD_WORKS;
        bool free_end = outer_section && road->junction == BT_ROAD_NONE;
        bool tapered = bt_lane_width(net, lane, l->forward ? l->s1_m : l->s0_m) < 1e-6;
        CHECK(works || free_end || tapered);
    }
}

static void test_world(bt_world_kind kind, uint64_t seed)
{
    bt_world_desc desc = {seed, kind};
    bt_layout layout;
    bt_world_gates gates = {0};
    bt_xodr_writer w;
    bt_xodr_init(&w);
    bt_world_begin(&desc, &layout);
    for (uint32_t n = 0; n < 5; n++)
        CHECK_OK(bt_world_add_tile(&desc, n, &layout, &gates));
    bt_world_link_gates(&layout, &gates);
    check_design(&layout);
    const char *text = NULL;
    size_t count = 0;
    CHECK_OK(bt_layout_write(&layout, "test", &w));
    CHECK_OK(bt_xodr_finish(&w, &text, &count));
    bt_road_network *net;
    CHECK_OK(bt_opendrive_parse("world", text, count, &net));
    if (net != NULL) {
        CHECK(bt_road_warning_count(net) == 0);
        CHECK(bt_road_check(net, print_finding, NULL) == 0);
        check_round_trip(&layout, net);
        check_lanes(net);
    }
    bt_road_network_destroy(net);
    bt_xodr_clear(&w);
    bt_layout_clear(&layout);
    bt_free(gates.items);
}

// ---- tiles ------------------------------------------------------------------------------------
static void write_tile(const bt_world_desc *desc, uint32_t number, bt_xodr_writer *w,
                       bt_world_gates *gates)
{
    bt_layout layout;
    const char *text;
    size_t count;
    bt_xodr_init(w);
    bt_world_begin(desc, &layout);
    CHECK_OK(bt_world_add_tile(desc, number, &layout, gates));
    CHECK_OK(bt_layout_write(&layout, "tile", w));
    CHECK_OK(bt_xodr_finish(w, &text, &count));
    bt_layout_clear(&layout);
}

// Made alone or after others, a tile is the same; another seed gives another.
static void test_same_bytes(bt_world_kind kind)
{
    bt_world_desc desc = {11, kind};
    bt_xodr_writer first;
    bt_xodr_writer again;
    bt_xodr_writer other;
    write_tile(&desc, 6, &first, NULL);
    write_tile(&desc, 2, &other, NULL);
    bt_xodr_clear(&other);
    write_tile(&desc, 6, &again, NULL);
    CHECK(first.count == again.count && memcmp(first.text, again.text, first.count) == 0);
    desc.seed = 12;
    write_tile(&desc, 6, &other, NULL);
    CHECK(first.count != other.count || memcmp(first.text, other.text, first.count) != 0);
    bt_xodr_clear(&first);
    bt_xodr_clear(&again);
    bt_xodr_clear(&other);
}

// Tiles made apart agree on their border: place and height to the bit.
static void test_borders(bt_world_kind kind)
{
    bt_world_desc desc = {5, kind};
    bt_world_gates gates[2] = {{0}, {0}};
    bt_xodr_writer w;
    write_tile(&desc, bt_world_tile_number(0, 0), &w, &gates[0]);
    bt_xodr_clear(&w);
    write_tile(&desc, bt_world_tile_number(1, 0), &w, &gates[1]);
    bt_xodr_clear(&w);
    int met = 0;
    for (size_t a = 0; a < gates[0].count; a++)
        for (size_t b = 0; b < gates[1].count; b++) {
            const bt_world_gate *g = &gates[0].items[a];
            const bt_world_gate *h = &gates[1].items[b];
            if (g->axis != h->axis || g->i != h->i || g->j != h->j) continue;
            CHECK(g->at_end && !h->at_end);
            CHECK(g->x_m == h->x_m && g->y_m == h->y_m && g->z_m == h->z_m);
            met++;
        }
    CHECK(met >= 1);
    bt_free(gates[0].items);
    bt_free(gates[1].items);
}

static void test_numbers(void)
{
    for (uint32_t n = 0; n < 2000; n++) {
        int ix;
        int iy;
        bt_world_tile_place(n, &ix, &iy);
        CHECK(bt_world_tile_number(ix, iy) == n);
    }
}

// Two-line hand sums at 80 km/h with 6 %: R = 6400 / (127 * 0.20), S = 55.6 + 73.41.
static void test_design(void)
{
    bt_road_design d = bt_road_design_for(80.0, 0.06);
    CHECK_NEAR(d.radius_min_m, 251.97, 0.01);
    CHECK_NEAR(d.sight_m, 129.01, 0.01);
    CHECK_NEAR(d.k_crest, 25.29, 0.01);
    CHECK_NEAR(d.k_sag, 29.12, 0.01);
    CHECK(bt_road_design_within(&d, 100.0).speed_km_h == 50.0);
}

static void test_bad(void)
{
    bt_world_desc desc = {1, BT_WORLD_RURAL};
    bt_world_report report;
    bt_xodr_writer w;
    bt_xodr_init(&w);
    CHECK(bt_world_write_file(&desc, -1.0, &w, &report) == BT_ERR_INPUT);
    CHECK(bt_world_write_file(&desc, 1e9, &w, &report) == BT_ERR_INPUT);
    CHECK(bt_world_write_file(&desc, NAN, &w, &report) == BT_ERR_INPUT);
    bt_xodr_clear(&w);
}

// 200 damaged copies of a generated file: refused with a line, or read and looked over.
static void test_mutated(void)
{
    bt_world_desc desc = {4, BT_WORLD_HIGHWAY};
    bt_xodr_writer w;
    write_tile(&desc, 0, &w, NULL);
    char *damaged = bt_alloc(w.count + 16, 1);
    int read = 0;
    for (uint64_t variant = 0; variant < 200 && damaged != NULL; variant++) {
        bt_road_network *net = NULL;
        size_t count = mutate(w.text, w.count, variant, damaged);
        bt_status status = bt_opendrive_parse("damaged", damaged, count, &net);
        CHECK((status == BT_OK) == (net != NULL));
        CHECK(status == BT_OK || bt_error_message()[0] != '\0');
        if (net != NULL) (void)bt_road_check(net, NULL, NULL);
        read += net != NULL;
        bt_road_network_destroy(net);
    }
    CHECK(read > 0 && read < 200); // both happen, or the test tests nothing
    bt_free(damaged);
    bt_xodr_clear(&w);
}

int main(void)
{
    test_mutated();
    test_design();
    test_numbers();
    test_bad();
    for (int kind = 0; kind < BT_WORLD_KIND_COUNT; kind++) {
        for (uint64_t seed = 1; seed <= 3; seed++)
            test_world((bt_world_kind)kind, seed);
        test_same_bytes((bt_world_kind)kind);
        test_borders((bt_world_kind)kind);
    }
    return check_end();
}
