// blend_test.c: roads of a junction that cross at two heights have one; bridges keep their own; ends and lone roads stay the file's.
//
// Two roads of two lanes cross in a junction: one is level, the other runs over a hump whose top is in the middle.
#include "engine/road/opendrive.h"
#include "tests/support/check.h"

#define HALF_M 30.0
#define LANE_M 3.5
#define SLOPE_MOST 0.08 // of a hump of 0.3 m that is taken back over the width of the other road

// A road over the middle, at a height at its ends and a hump on that, as two cubics without slope at their ends.
static void write_road(char *text, size_t size, int id, int junction, double heading, double base_m,
                       double hump_m)
{
    double c = 3.0 * hump_m / (HALF_M * HALF_M), d = -2.0 * hump_m / (HALF_M * HALF_M * HALF_M);
    const char *lane = "<lane id='%d' type='driving' level='false'><width sOffset='0' a='3.5' "
                       "b='0' c='0' d='0'/></lane>";
    char left[160], right[160];
    snprintf(left, sizeof left, lane, 1);
    snprintf(right, sizeof right, lane, -1);
    snprintf(
        text, size,
        "<road name='' length='%.17g' id='%d' junction='%d'><planView><geometry s='0' x='%.17g' "
        "y='%.17g' hdg='%.17g' length='%.17g'><line/></geometry></planView><elevationProfile>"
        "<elevation s='0' a='%.17g' b='0' c='%.17g' d='%.17g'/>"
        "<elevation s='%.17g' a='%.17g' b='0' c='%.17g' d='%.17g'/></elevationProfile><lanes>"
        "<laneSection s='0'><left>%s</left><center><lane id='0' type='none' level='false'/>"
        "</center><right>%s</right></laneSection></lanes></road>",
        2.0 * HALF_M, id, junction, -HALF_M * cos(heading), -HALF_M * sin(heading), heading,
        2.0 * HALF_M, base_m, c, d, HALF_M, base_m + hump_m, -c, -d, left, right);
}

static bt_road_network *crossing(double base_m, double hump_m, int junction)
{
    char one[1600], other[1600], text[4000];
    bt_road_network *net = NULL;
    write_road(one, sizeof one, 1, junction, 0.0, 0.0, 0.0);
    write_road(other, sizeof other, 2, junction, BT_PI / 2.0, base_m, hump_m);
    snprintf(
        text, sizeof text,
        "<OpenDRIVE><header revMajor='1' revMinor='4'/>%s%s<junction id='7' name=''/></OpenDRIVE>",
        one, other);
    CHECK_OK(bt_opendrive_parse("crossing", text, strlen(text), &net));
    return net;
}

// Road 0 runs east, so that (s, t) is (x + HALF_M, y); road 1 north: (y + HALF_M, -x).
static double height(const bt_road_network *net, uint32_t road, double x, double y)
{
    return road == 0 ? bt_road_point(net, 0, x + HALF_M, y).z
                     : bt_road_point(net, 1, y + HALF_M, -x).z;
}

static void test_one_height(void)
{
    bt_road_network *net = crossing(0.0, 0.3, 7);
    if (net == NULL) return;
    double worst = 0.0, steepest = 0.0;
    for (double x = -LANE_M; x <= LANE_M; x += 0.07)
        for (double y = -LANE_M; y <= LANE_M; y += 0.07)
            worst = fmax(worst, fabs(height(net, 0, x, y) - height(net, 1, x, y)));
    // the hump slides below the other road's lanes on its grid: 0.5 m, cubics
    CHECK(worst < 2e-3);
    // both are as far from their borders and ends: the mean
    CHECK_NEAR(height(net, 0, 0.0, 0.0), 0.15, 1e-4);
    CHECK_NEAR(height(net, 1, 0.0, 0.0), 0.15, 1e-4);
    // halfway to the border of the road that runs north, the weights are products of the distances to what reaches
    // 2 m beyond the borders, squared; both are 30 m from their ends
    double near = (5.5 - 1.75) * (5.5 + 1.75) / 5.5, mid = 5.5;
    double e0 = 1.0 + pow(4.0 / (HALF_M - 1.75 + 0.02), 2),
           e1 = 1.0 + pow(4.0 / (HALF_M + 0.02), 2);
    double share = near * near * e1 / (near * near * e1 + mid * mid * e0);
    CHECK_NEAR(height(net, 0, 1.75, 0.0), 0.3 * share, 2e-3);
    for (double x = -HALF_M; x < HALF_M; x += 0.05)
        steepest =
            fmax(steepest, fabs(height(net, 0, x + 0.05, 1.0) - height(net, 0, x, 1.0)) / 0.05);
    CHECK(steepest < SLOPE_MOST);
    // the file's own where nobody else is, and at its ends
    for (double x = 6.5; x <= HALF_M; x += 0.25)
        CHECK(bt_road_moved(net, 0, HALF_M + x, 1.0) == 0.0);
    CHECK(bt_road_moved(net, 1, 0.0, 0.0) == 0.0 &&
          bt_road_moved(net, 1, 2.0 * HALF_M, 0.0) == 0.0);
    bt_road_network_destroy(net);
}

// The normal is that of the surface, moved or not.
static void test_normal(void)
{
    bt_road_network *net = crossing(0.0, 0.3, 7);
    if (net == NULL) return;
    const double step = 1e-4;
    for (double x = -5.0; x < 5.0; x += 0.37) {
        double along =
            (height(net, 0, x + step, 1.3) - height(net, 0, x - step, 1.3)) / (2.0 * step);
        double across =
            (height(net, 0, x, 1.3 + step) - height(net, 0, x, 1.3 - step)) / (2.0 * step);
        bt_vec3 up = bt_pose_dir(bt_road_pose(net, 0, x + HALF_M, 1.3), (bt_vec3){0.0, 0.0, 1.0});
        bt_vec3 want = bt_vec3_normalize((bt_vec3){-along, -across, 1.0});
        CHECK(bt_vec3_distance(up, want) < 1e-4);
    }
    bt_road_network_destroy(net);
}

static void test_left_alone(void)
{
    bt_road_network *nets[3] = {crossing(6.0, 0.3, 7),  // a bridge
                                crossing(0.0, 0.3, -1), // in no junction
                                crossing(0.0, 0.0, 7)}; // nothing differs
    for (int i = 0; i < 3; i++) {
        if (nets[i] == NULL) continue;
        for (uint32_t road = 0; road < 2; road++)
            for (double s = 0.0; s <= 2.0 * HALF_M; s += 0.5)
                CHECK(bt_road_moved(nets[i], road, s, 0.7) == 0.0);
        bt_road_network_destroy(nets[i]);
    }
}

int main(void)
{
    test_one_height();
    test_normal();
    test_left_alone();
    return check_end();
}
