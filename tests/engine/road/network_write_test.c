// network_write_test.c: real maps written back and read again are the same networks: the same lanes,
// links and things, every border within 1 mm. Maps that are not there are skipped; those of this tree are.
#include "engine/road/network_write.h"

#include "engine/road/opendrive.h"
#include "engine/road/road_internal.h"
#include "tests/support/check.h"

#include <string.h>
#include <unistd.h>

#define TOLERANCE_M 1e-3
#define STATIONS 12

static const char *const own[] = {"assets/maps/town.xodr", "tests/engine/road/maps/rich.xodr",
                                  "tests/engine/road/maps/junction.xodr"};
static const char *const shared[] = {
    "alks/alks_road_different_curvatures.xodr",
    "carla/Town01.xodr",
    "carla/Town03.xodr",
    "esmini/crest-curve.xodr",
    "esmini/direct_junction_simple.xodr",
    "esmini/e6mini-lht.xodr",
    "esmini/jolengatan.xodr",
    "esmini/parking_demo.xodr",
    "esmini/soderleden.xodr",
    "esmini/stationary_objects.xodr",
    "esmini/straight_500_superelevation_elevation_curve.xodr",
    "esmini/tunnels.xodr",
    "esmini/velodrome.xodr",
    "ncap/X-Intersection_NCAP.xodr",
    "rtron/basic_sample_01.xodr",
};

static bt_road_network *written(const bt_road_network *net)
{
    bt_xodr_writer w;
    const char *text = NULL;
    size_t count = 0;
    bt_road_network *again = NULL;
    bt_xodr_init(&w);
    CHECK_OK(bt_road_network_write(net, "again", &w));
    CHECK_OK(bt_xodr_finish(&w, &text, &count));
    if (text != NULL) CHECK_OK(bt_opendrive_parse("written", text, count, &again));
    bt_xodr_clear(&w);
    return again;
}

static double worst_border(const bt_road_network *a, const bt_road_network *b)
{
    double worst = 0.0;
    for (uint32_t i = 0; i < bt_road_lane_count(a); i++) {
        const bt_lane *lane = bt_road_lane_get(a, i);
        for (int k = 0; k <= STATIONS; k++) {
            double s = lane->s0_m + (lane->s1_m - lane->s0_m) * k / STATIONS;
            for (int outer = 0; outer < 2; outer++)
                worst = fmax(worst, bt_vec3_distance(bt_lane_border_point(a, i, s, outer == 1),
                                                     bt_lane_border_point(b, i, s, outer == 1)));
        }
    }
    return worst;
}

static double pose_gap(bt_pose a, bt_pose b)
{
    // a metre ahead and a metre aside too: turned things are elsewhere
    double worst = bt_vec3_distance(a.pos, b.pos);
    for (int axis = 0; axis < 2; axis++) {
        bt_vec3 p = {axis == 0, axis == 1, 0.0};
        worst = fmax(worst, bt_vec3_distance(bt_pose_point(a, p), bt_pose_point(b, p)));
    }
    return worst;
}

static void check_things(const char *map, const bt_road_network *a, const bt_road_network *b)
{
    double worst = 0.0;
    for (uint32_t i = 0; i < bt_road_signal_count(a); i++) {
        const bt_signal *s = bt_road_signal_get(a, i);
        const bt_signal *t = bt_road_signal_get(b, i);
        worst = fmax(worst, pose_gap(s->world_from_signal, t->world_from_signal));
        CHECK(strcmp(s->id, t->id) == 0 && strcmp(s->type, t->type) == 0 &&
              strcmp(s->text, t->text) == 0 && s->dynamic == t->dynamic &&
              s->orientation == t->orientation && s->from_lane == t->from_lane &&
              s->to_lane == t->to_lane && s->controller == t->controller);
    }
    for (uint32_t i = 0; i < bt_road_object_count(a); i++) {
        const bt_road_object *o = bt_road_object_get(a, i);
        const bt_road_object *p = bt_road_object_get(b, i);
        worst = fmax(worst, pose_gap(o->world_from_object, p->world_from_object));
        CHECK(o->corner_count == p->corner_count && o->marking_count == p->marking_count);
        for (uint32_t k = 0; k < o->corner_count && k < p->corner_count; k++)
            worst =
                fmax(worst,
                     bt_vec3_distance(bt_road_object_corner(a, o->first_corner + k)->pos_world_m,
                                      bt_road_object_corner(b, p->first_corner + k)->pos_world_m));
    }
    CHECK(a->marking_points.count == b->marking_points.count);
    for (size_t i = 0; i < a->marking_points.count && i < b->marking_points.count; i++)
        worst =
            fmax(worst, bt_vec3_distance(a->marking_points.items[i], b->marking_points.items[i]));
    if (worst > TOLERANCE_M) fprintf(stderr, "    %s: a thing is off by %.4f m\n", map, worst);
    CHECK(worst < TOLERANCE_M);
}

static void check_lanes(const bt_road_network *a, const bt_road_network *b)
{
    for (uint32_t i = 0; i < bt_road_lane_count(a); i++) {
        const bt_lane *l = bt_road_lane_get(a, i);
        const bt_lane *m = bt_road_lane_get(b, i);
        CHECK(l->id == m->id && l->type == m->type && l->forward == m->forward);
        CHECK_NEAR(l->speed_limit_m_s, m->speed_limit_m_s, 1e-9);
        uint32_t count[2];
        const bt_road_mark *marks[2] = {bt_lane_marks(a, i, &count[0]),
                                        bt_lane_marks(b, i, &count[1])};
        CHECK(count[0] == count[1]);
        for (uint32_t k = 0; k < count[0] && k < count[1]; k++)
            CHECK(marks[0][k].type == marks[1][k].type && marks[0][k].color == marks[1][k].color &&
                  marks[0][k].line_count == marks[1][k].line_count &&
                  marks[0][k].change_left == marks[1][k].change_left &&
                  marks[0][k].change_right == marks[1][k].change_right);
    }
    // who leads to whom, as the reader worked it out
    CHECK(a->joints.count == b->joints.count);
    for (size_t i = 0; i < a->joints.count && i < b->joints.count; i++)
        CHECK(a->joints.items[i] == b->joints.items[i]);
}

static void test_map(const char *map)
{
    bt_road_network *a = NULL;
    CHECK_OK(bt_opendrive_load(map, &a));
    if (a == NULL) return;
    bt_road_network *b = written(a);
    CHECK(b != NULL);
    if (b != NULL) {
        bool same = bt_road_count(a) == bt_road_count(b) &&
                    bt_road_section_count(a) == bt_road_section_count(b) &&
                    bt_road_lane_count(a) == bt_road_lane_count(b) &&
                    bt_road_junction_count(a) == bt_road_junction_count(b) &&
                    bt_road_connection_count(a) == bt_road_connection_count(b) &&
                    bt_road_signal_count(a) == bt_road_signal_count(b) &&
                    bt_road_signal_reference_count(a) == bt_road_signal_reference_count(b) &&
                    bt_road_object_count(a) == bt_road_object_count(b) &&
                    bt_road_tunnel_count(a) == bt_road_tunnel_count(b) &&
                    bt_road_controller_count(a) == bt_road_controller_count(b);
        if (!same) fprintf(stderr, "    %s: counts differ\n", map);
        CHECK(same);
        if (same) {
            check_lanes(a, b);
            check_things(map, a, b);
            double worst = worst_border(a, b);
            printf("%s: %u lanes, borders within %.2g mm\n", map, bt_road_lane_count(a),
                   1e3 * worst);
            CHECK(worst < TOLERANCE_M);
        }
    }
    bt_road_network_destroy(a);
    bt_road_network_destroy(b);
}

// Real maps beside the tree, where there are any.
static void test_shared(const char *name)
{
    static const char *const folders[] = {"../shared", "../../shared"};
    char path[512];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/data/opendrive/%s", folders[i], name);
        if (access(path, R_OK) != 0) continue;
        test_map(path);
        return;
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        test_map(own[i]);
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        test_shared(shared[i]);
    return check_end();
}
