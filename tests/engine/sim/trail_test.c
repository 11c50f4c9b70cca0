// trail_test.c: tests engine/sim/trail.c and how cars go back: a circle's chords, and a car that has come round a bend.
#include "engine/sim/car.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#define RADIUS_M 10.0

static bt_trail_point on_circle(double way_m)
{
    double angle = way_m / RADIUS_M;
    return (bt_trail_point){.x_m = RADIUS_M * sin(angle),
                            .y_m = RADIUS_M * (1.0 - cos(angle)),
                            .yaw_rad = angle,
                            .q_m = way_m};
}

// Whoever goes back over points of a circle is on their chords: within the sagitta h^2 / 8R of it.
static void test_circle(void)
{
    bt_trail trail = {0};
    bt_trail_point at = {0};
    for (int i = 0; i <= 1000; i++) {
        at = on_circle(0.01 * i);
        bt_trail_leave(&at, &trail);
    }
    CHECK(trail.count == 20); // a step of half a metre each, the chord a little less than the arc
    double sagitta = 0.52 * 0.52 / (8.0 * RADIUS_M), q = at.q_m;
    for (int i = 1; i < 90; i++) {
        double went = bt_trail_go_back(0.1, &at, &trail);
        CHECK_NEAR(went, 0.1, 1e-12);
        CHECK_NEAR(hypot(at.x_m, at.y_m - RADIUS_M), RADIUS_M, sagitta);
        CHECK_NEAR(at.yaw_rad, at.q_m / RADIUS_M, 1e-9);
        CHECK_NEAR(q - at.q_m, 0.1, 1e-3);
        q = at.q_m;
    }
    // no farther than it has come
    CHECK(bt_trail_go_back(50.0, &at, &trail) < 2.0);
    CHECK_NEAR(at.q_m, 0.0, 1e-12);
}

// Only the last points are kept.
static void test_forgets(void)
{
    bt_trail trail = {0};
    bt_trail_point at = {0};
    for (int i = 0; i <= 100; i++) {
        at.x_m = i;
        bt_trail_leave(&at, &trail);
    }
    CHECK(trail.count == BT_TRAIL_POINTS);
    CHECK_NEAR(bt_trail_go_back(1000.0, &at, &trail), BT_TRAIL_POINTS - 1, 1e-9);
}

// A lorry on its way round a corner, then back: where it was before, its trailer too.
static void test_lorry(void)
{
    bt_road_network *net = network_corner(120.0, 12.0);
    bt_lane_graph graph;
    CHECK_OK(bt_lane_graph_compile(net, &graph));
    bt_vehicle v = fixture_truck();
    double channel[BT_CHANNEL_COUNT] = {0};
    bt_car car, was;
    memset(&car, 0, sizeof car);
    was = car;
    bt_itinerary_init(&car.way, bt_lane_find(net, 0, 112.0, -1), 112.0, 0, NULL);
    bt_itinerary_advance(&graph, NULL, &car.way, 0.0, 100.0);
    bt_car_init(&graph, &v, 2.0, &car);
    for (int i = 0; i < 1000; i++) {
        car.accel_wanted_m_s2 = i < 850 ? 0.0 : -2.0;
        if (i == 500) was = car;
        bt_car_step(&graph, &v, NULL, 0.01, &car, channel);
    }
    CHECK(car.speed_m_s == 0.0 && fabs(car.hitch_rad) > 0.1);
    double most_m_s2 = 0.0, speed = 0.0;
    for (int i = 0; i < 3000 && car.q_m > was.q_m; i++) {
        car.back_m_s = 0.8;
        bt_car_step(&graph, &v, NULL, 0.01, &car, channel);
        most_m_s2 = fmax(most_m_s2, fabs(car.speed_m_s - speed) / 0.01);
        speed = car.speed_m_s;
    }
    CHECK_NEAR(car.speed_m_s, -0.8, 1e-9);
    CHECK(most_m_s2 < 0.5 + 1e-9);
    // the last step goes over by 8 mm, chords cut by millimetres
    CHECK_NEAR(hypot(car.x_m - was.x_m, car.y_m - was.y_m), 0.0, 0.02);
    CHECK_NEAR(bt_wrap_angle(car.yaw_rad - was.yaw_rad), 0.0, 0.005);
    CHECK_NEAR(car.hitch_rad, was.hitch_rad, 0.005);
    bt_lane_graph_clear(&graph);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_circle();
    test_forgets();
    test_lorry();
    return check_end();
}
