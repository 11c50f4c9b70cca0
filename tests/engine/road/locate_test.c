// locate_test.c: from points to places and back, on the town and on shapes with known answers.
#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/road/opendrive.h"
#include "engine/road/road_mesh.h"
#include "tests/support/check.h"

static bt_road_network *load(const char *path)
{
    bt_road_network *net;
    CHECK_OK(bt_opendrive_load(path, &net));
    return net;
}

static double draw(uint64_t index, uint32_t dim, double low, double high)
{
    return bt_random_range(3, BT_STREAM_TEST, index, dim, low, high);
}

// A point raised over any lane must be found again: same s, t, and the height it was raised by.
static void test_round_trip(const bt_road_network *net)
{
    double worst = 0.0;
    for (uint32_t i = 0; i < 4000; i++) {
        uint32_t lane = bt_random_below(4, BT_STREAM_TEST, i, 0, bt_road_lane_count(net));
        const bt_lane *l = bt_road_lane_get(net, lane);
        if (l->id == 0) continue;
        double s = draw(i, 1, l->s0_m, l->s1_m);
        double inner;
        double outer;
        bt_lane_borders(net, lane, s, &inner, &outer);
        if (fabs(outer - inner) < 0.1) continue;
        double t = inner + (outer - inner) * draw(i, 2, 0.05, 0.95);
        bt_vec3 p = bt_road_point(net, l->road, s, t);
        p.z += 0.25;
        // overlapping roads of a junction are all there: ours is among them
        bt_road_location all[32];
        uint32_t count = bt_road_locate_all(net, p, all, 32);
        int found = 0;
        for (uint32_t k = 0; k < count; k++) {
            if (all[k].road != l->road) continue;
            found = 1;
            CHECK(all[k].lane == lane);
            CHECK_NEAR(all[k].height_m, 0.25, 1e-6);
            worst = fmax(worst, fmax(fabs(all[k].s_m - s), fabs(all[k].t_m - t)));
        }
        CHECK(found);
        if (bt_road_get(net, l->road)->junction == BT_ROAD_NONE) {
            bt_road_location location;
            CHECK(bt_road_locate(net, p, l->road, &location));
            CHECK(location.road == l->road && location.lane == lane);
            CHECK(location.distance_m == 0.0);
        }
    }
    // Newton stops below 1e-9 m; tilted kerbs are corrected once, to the square of a small shift
    CHECK(worst < 1e-4);
    printf("round trip: worst %.2e m\n", worst);
}

// The nearest place by the hierarchy against a search of everything, coarse then fine.
static double brute_distance(const bt_road_network *net, double x, double y)
{
    double best = INFINITY;
    for (uint32_t i = 0; i < bt_road_lane_count(net); i++) {
        const bt_lane *l = bt_road_lane_get(net, i);
        double length = l->s1_m - l->s0_m;
        int steps = 1 + (int)(length / 0.25);
        for (int k = 0; k <= steps; k++) {
            bt_vec3 p = bt_lane_border_point(net, i, l->s0_m + length * k / steps, true);
            best = fmin(best, hypot(p.x - x, p.y - y));
        }
    }
    return best;
}

static void test_nearest(const bt_road_network *net)
{
    bt_vec3 low;
    bt_vec3 high;
    bt_road_bounds(net, &low, &high);
    int outside = 0;
    for (uint32_t i = 0; outside < 25 && i < 400; i++) {
        double x = draw(i, 5, low.x - 20.0, high.x + 20.0);
        double y = draw(i, 6, low.y - 20.0, high.y + 20.0);
        double height;
        double distance;
        bool near = bt_road_height_near(net, x, y, 40.0, &height, &distance);
        if (near && distance == 0.0) continue;
        double want = brute_distance(net, x, y);
        outside++;
        if (near) {
            // measured along the normal of the reference line: where a border runs askew (bays,
            // tapers: up to 2.2 m in 5) that is a little more than the nearest point; and the
            // search of everything goes in steps of 25 cm
            CHECK(distance > want - 0.25 * 0.25 / (8.0 * fmax(want, 0.05)) - 1e-3);
            CHECK(distance < 1.1 * want + 0.02);
        } else {
            CHECK(want > 39.9);
        }
    }
    CHECK(outside > 10);
}

static void test_limits(const bt_road_network *net)
{
    bt_road_location location;
    CHECK(!bt_road_locate(net, (bt_vec3){5000.0, 0.0, 0.0}, BT_ROAD_NONE, &location));
    CHECK(location.road == BT_ROAD_NONE);
    CHECK(!bt_road_locate(net, (bt_vec3){NAN, 0.0, 0.0}, BT_ROAD_NONE, &location));
    bt_road_location none[1];
    CHECK(bt_road_locate_all(net, (bt_vec3){5000.0, 0.0, 0.0}, none, 1) == 0);
}

// An overpass: the road at the point's height is the one.
static void test_height(void)
{
    static const char map[] =
        "<OpenDRIVE><header revMajor='1' revMinor='6'/>"
        "<road id='low' length='100'><planView><geometry s='0' x='-50' y='0' hdg='0' length='100'>"
        "<line/></geometry></planView><lanes><laneSection s='0'><center><lane id='0'/></center>"
        "<right><lane id='-1' type='driving'><width sOffset='0' a='4' b='0' c='0' d='0'/></lane>"
        "</right></laneSection></lanes></road>"
        "<road id='high' length='100'><planView><geometry s='0' x='0' y='-50' "
        "hdg='1.5707963267948966' length='100'><line/></geometry></planView><elevationProfile>"
        "<elevation s='0' a='6' b='0' c='0' d='0'/></elevationProfile><lanes><laneSection s='0'>"
        "<center><lane id='0'/></center><right><lane id='-1' type='driving'><width sOffset='0' "
        "a='4' b='0' c='0' d='0'/></lane></right></laneSection></lanes></road></OpenDRIVE>";
    bt_road_network *net;
    CHECK_OK(bt_opendrive_parse("bridge", map, sizeof map - 1, &net));
    if (net == NULL) return;
    bt_road_location location;
    CHECK(bt_road_locate(net, (bt_vec3){2.0, -2.0, 0.3}, BT_ROAD_NONE, &location));
    CHECK(location.road == 0);
    CHECK(bt_road_locate(net, (bt_vec3){2.0, -2.0, 5.8}, BT_ROAD_NONE, &location));
    CHECK(location.road == 1);
    CHECK_NEAR(location.height_m, -0.2, 1e-9);
    bt_road_location all[2];
    CHECK(bt_road_locate_all(net, (bt_vec3){2.0, -2.0, 0.0}, all, 2) == 1);
    double height;
    double distance;
    CHECK(bt_road_height_near(net, 2.0, -2.0, 10.0, &height, &distance));
    CHECK_NEAR(height, 0.0, 1e-12); // terrain stays below both
    bt_road_network_destroy(net);
}

static void print_speed(const bt_road_network *net)
{
    const uint32_t count = 20000;
    double start = bt_clock_s();
    for (uint32_t i = 0; i < count; i++) {
        uint32_t lane = bt_random_below(4, BT_STREAM_TEST, i, 9, bt_road_lane_count(net));
        const bt_lane *l = bt_road_lane_get(net, lane);
        bt_road_location location;
        (void)bt_road_locate(net, bt_lane_pose(net, lane, 0.5 * (l->s0_m + l->s1_m), 0.0).pos,
                             l->road, &location);
    }
    printf("%.2f us per pose and locate\n", (bt_clock_s() - start) * 1e6 / count);
}

int main(void)
{
    bt_road_network *net = load("assets/maps/town.xodr");
    if (net == NULL) return check_end();
    test_round_trip(net);
    test_nearest(net);
    test_limits(net);
    print_speed(net);
    bt_road_network_destroy(net);
    test_height();
    return check_end();
}
