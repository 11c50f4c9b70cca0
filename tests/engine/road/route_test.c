// route_test.c: ways are found, are the shortest, and can be followed smoothly.
#include "engine/core/random.h"
#include "engine/road/opendrive.h"
#include "tests/support/check.h"

static bt_vec3 route_point(const bt_road_network *net, const bt_route *route, double d)
{
    return bt_route_pose(net, route, d, 0.0, NULL, NULL).pos;
}

// Along the route a metre is a metre and there are no jumps; x points ahead; projecting a point
// beside the route gives it back.
static void check_following(const bt_road_network *net, const bt_route *route)
{
    double length = bt_route_length(route);
    bt_vec3 last = route_point(net, route, 0.0);
    double travelled = 0.0;
    for (double d = 0.25; d <= length; d += 0.25) {
        bt_pose pose = bt_route_pose(net, route, d, 0.0, NULL, NULL);
        double step = bt_vec3_distance(pose.pos, last);
        CHECK(step < 0.40); // a lane change adds to it
        bt_vec3 ahead = bt_pose_dir(pose, (bt_vec3){1.0, 0.0, 0.0});
        CHECK(bt_vec3_dot(bt_vec3_sub(pose.pos, last), ahead) > 0.9 * step);
        travelled += step;
        last = pose.pos;
    }
    CHECK_NEAR(travelled, length, 0.3 + 0.002 * length);
    for (int i = 1; i < 10; i++) {
        double d = length * i / 10.0;
        bt_vec3 p = bt_route_pose(net, route, d, 0.6, NULL, NULL).pos;
        double lateral;
        double got = bt_route_project(net, route, p, d + 1.5, 6.0, &lateral);
        CHECK_NEAR(got, d, 0.05);
        CHECK_NEAR(lateral, 0.6, 0.02);
    }
}

// Every driving lane of the town reaches every other.
static void test_reach(const bt_road_network *net)
{
    uint32_t driving[256];
    uint32_t count = 0;
    for (uint32_t i = 0; i < bt_road_lane_count(net) && count < 256; i++)
        if (bt_road_lane_get(net, i)->type == BT_LANE_DRIVING) driving[count++] = i;
    CHECK(count > 20 && count < 256);
    uint32_t followed = 0;
    for (uint32_t i = 0; i < count; i++) {
        // all goals from a few beginnings, one goal from all
        uint32_t stride = i % 8 == 0 ? 1 : count;
        for (uint32_t j = i % count; j < count; j += stride) {
            uint32_t a = driving[i];
            uint32_t b = driving[(j * 7 + 3) % count];
            const bt_lane *from = bt_road_lane_get(net, a);
            const bt_lane *to = bt_road_lane_get(net, b);
            bt_route *route;
            CHECK_OK(bt_route_find(net, a, 0.5 * (from->s0_m + from->s1_m), b,
                                   0.5 * (to->s0_m + to->s1_m), &route));
            if (route == NULL) continue;
            CHECK(bt_route_lane(route, 0) == a);
            CHECK(bt_route_lane(route, bt_route_lane_count(route) - 1) == b);
            if (++followed % 40 == 1) check_following(net, route);
            bt_route_destroy(route);
        }
    }
    CHECK(followed > 100);
}

// Chains of successors only: each begins where the last ends.
static void test_wander(const bt_road_network *net)
{
    for (uint64_t choice = 0; choice < 6; choice++) {
        uint32_t lane = bt_lane_find(net, bt_road_find(net, "1"), 10.0, -1);
        bt_route *route;
        bt_route *again;
        CHECK_OK(bt_route_wander(net, lane, 10.0, 1500.0, choice, &route));
        CHECK_OK(bt_route_wander(net, lane, 10.0, 1500.0, choice, &again));
        CHECK(bt_route_length(route) >= 1450.0); // s against metres driven: a few per cent
        CHECK(bt_route_length(route) == bt_route_length(again));
        for (uint32_t i = 0; i + 1 < bt_route_lane_count(route); i++) {
            uint32_t next[16];
            uint32_t count = bt_lane_successors(net, bt_route_lane(route, i), next, 16);
            int follows = 0;
            for (uint32_t k = 0; k < count; k++)
                follows = follows || next[k] == bt_route_lane(route, i + 1);
            CHECK(follows);
            CHECK(bt_route_lane(route, i) == bt_route_lane(again, i));
        }
        check_following(net, route);
        bt_route_destroy(route);
        bt_route_destroy(again);
    }
}

static void test_junction_map(void)
{
    bt_road_network *net;
    CHECK_OK(bt_opendrive_load("tests/engine/road/maps/junction.xodr", &net));
    if (net == NULL) return;
    uint32_t west = bt_lane_find(net, bt_road_find(net, "west"), 0.0, -1);
    uint32_t east = bt_lane_find(net, bt_road_find(net, "east"), 0.0, -1);
    uint32_t ring = bt_lane_find(net, bt_road_find(net, "ring"), 0.0, -1);
    bt_route *route;
    CHECK_OK(bt_route_find(net, west, 10.0, east, 30.0, &route));
    if (route != NULL) {
        CHECK_NEAR(bt_route_length(route), 140.0, 1e-9); // 90 + 20 + 30, straight
        CHECK(bt_route_lane_count(route) == 3);
        CHECK_NEAR(bt_route_curvature(net, route, 70.0), 0.0, 1e-12);
        double s;
        uint32_t lane;
        bt_pose pose = bt_route_pose(net, route, 120.0, 0.5, &lane, &s);
        CHECK(lane == east);
        CHECK_NEAR(s, 10.0, 1e-9);
        CHECK_NEAR(pose.pos.x, 20.0, 1e-9);
        CHECK_NEAR(pose.pos.y, -1.0, 1e-9);
    }
    bt_route_destroy(route);
    // no lane change leads against the traffic, and nothing leads to the ring
    CHECK(bt_route_find(net, west, 10.0, ring, 1.0, &route) == BT_ERR_INPUT);
    CHECK(route == NULL);
    CHECK_CONTAINS(bt_error_message(), "no way from lane -1 of road 'west'");
    CHECK(bt_route_find(net, west, 10.0, west, 5.0, &route) == BT_ERR_INPUT);

    // the ring: lane centre at 11.5 m radius, turning left; behind means once around
    CHECK_OK(bt_route_find(net, ring, 30.0, ring, 20.0, &route));
    if (route != NULL) {
        double want = 2.0 * BT_PI * 11.5 * (62.8318530718 - 10.0) / 62.8318530718;
        CHECK_NEAR(bt_route_length(route), want, 0.05); // chords of a metre: 3e-4 short
        CHECK_NEAR(bt_route_curvature(net, route, 20.0), 1.0 / 11.5, 1e-3);
    }
    bt_route_destroy(route);
    CHECK_OK(bt_route_wander(net, ring, 0.0, 1e4, 1, &route));
    CHECK(bt_route_length(route) >= 1e4);
    bt_route_destroy(route);
    bt_road_network_destroy(net);
}

// Two lanes of a straight road: the change is smooth and takes its stretch.
static void test_lane_change(void)
{
    static const char map[] =
        "<OpenDRIVE><header revMajor='1' revMinor='6'/><road id='a' length='200'><planView>"
        "<geometry s='0' x='0' y='0' hdg='0' length='200'><line/></geometry></planView><lanes>"
        "<laneSection s='0'><center><lane id='0'/></center><right><lane id='-1' type='driving'>"
        "<width sOffset='0' a='4' b='0' c='0' d='0'/></lane><lane id='-2' type='driving'><width "
        "sOffset='0' a='4' b='0' c='0' d='0'/></lane></right></laneSection></lanes></road>"
        "</OpenDRIVE>";
    bt_road_network *net;
    CHECK_OK(bt_opendrive_parse("lanes", map, sizeof map - 1, &net));
    if (net == NULL) return;
    bt_route *route;
    CHECK_OK(bt_route_find(net, bt_lane_find(net, 0, 0.0, -2), 0.0, bt_lane_find(net, 0, 0.0, -1),
                           200.0, &route));
    if (route != NULL) {
        CHECK(bt_route_lane_count(route) == 2);
        CHECK_NEAR(route_point(net, route, 0.0).y, -6.0, 1e-9);
        CHECK_NEAR(route_point(net, route, 1e9).y, -2.0, 1e-9);
        double last = -6.0;
        for (double d = 0.0; d < bt_route_length(route); d += 1.0) {
            double y = route_point(net, route, d).y;
            CHECK(y >= last - 1e-12 && y - last < 0.05); // 4 m over 200: 1.9 times 2 % at most
            last = y;
        }
        check_following(net, route);
    }
    bt_route_destroy(route);
    bt_road_network_destroy(net);
}

int main(void)
{
    bt_road_network *net;
    CHECK_OK(bt_opendrive_load("assets/maps/town.xodr", &net));
    if (net != NULL) {
        test_reach(net);
        test_wander(net);
    }
    bt_road_network_destroy(net);
    test_junction_map();
    test_lane_change();
    return check_end();
}
