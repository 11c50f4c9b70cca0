// gaze_test.c: heads turn as the spring says, within what necks can; people look at each other and at cars that come.
#include "engine/sim/gaze.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

// A step of an angle: the closed form of a critically damped spring, and its peak velocity of angle x frequency / e.
static void test_step(void)
{
    double dt = 0.01, peak = 0.0, w = BT_GAZE_FREQUENCY_S;
    bt_gaze g = {.watch_rad = 0.8};
    for (int i = 1; i <= 200; i++) {
        double before = g.head_rad, t = i * dt;
        bt_gaze_step(0.0, dt, &g);
        CHECK_NEAR(g.head_rad, 0.8 * (1.0 - (1.0 + w * t) * exp(-w * t)), 1e-9);
        CHECK(g.head_rad >= before);
        peak = fmax(peak, (g.head_rad - before) / dt);
    }
    CHECK_NEAR(peak, 0.8 * w / exp(1.0), 0.01); // within a step of 10 ms
}

// What is behind is looked at as far as the neck turns, on the nearer side; nothing goes beyond the limits.
static void test_limits(void)
{
    bt_gaze g = {.watch_rad = 3.0};
    for (int i = 0; i < 1000; i++) {
        double before = g.head_rad;
        if (i % 200 == 50) g.watch_rad = -g.watch_rad; // from one side to the other
        bt_gaze_step(0.0, 0.01, &g);
        CHECK(fabs(g.head_rad) <= BT_GAZE_MOST_RAD);
        CHECK(fabs(g.head_rad - before) <= 0.01 * BT_GAZE_RATE_RAD_S + 1e-12);
    }
    CHECK_NEAR(fabs(g.head_rad), BT_GAZE_MOST_RAD, 0.1);
    g.watch_rad = 0.4; // the body turns there
    for (int i = 0; i < 200; i++)
        bt_gaze_step(0.002 * i, 0.01, &g);
    CHECK_NEAR(g.head_rad, 0.4 - 0.002 * 199, 0.06);
}

static bt_actor_desc walker(const char *name, const bt_vec3 path[2])
{
    bt_actor_desc d = {.kind = BT_ACTOR_WALKER,
                       .height_m = 1.75,
                       .walk_speed_m_s = 1.3,
                       .path = path,
                       .path_count = 2};
    snprintf(d.name, sizeof d.name, "%s", name);
    return d;
}

static double head_of(const bt_state *state, uint32_t actor)
{
    return bt_state_motion(state, actor)->pose.channel_rad[BT_CHANNEL_HEAD];
}

// Two who walk abreast look at each other at times, and ahead at others.
static void test_companions(void)
{
    bt_road_network *net = network_crossing(0);
    const bt_vec3 paths[2][2] = {{{2000.0, 0.0, 0.0}, {2060.0, 0.0, 0.0}},
                                 {{2000.0, 0.8, 0.0}, {2060.0, 0.8, 0.0}}};
    bt_actor_desc actors[2] = {walker("right", paths[0]), walker("left", paths[1])};
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
    uint32_t at_other[2] = {0}, ahead = 0;
    double before[2] = {0.0};
    for (int i = 0; i < 3500; i++) {
        audited_step(&a, i, NULL);
        for (uint32_t k = 0; k < 2; k++) {
            double head = head_of(a.state, k), toward = k == 0 ? head : -head;
            at_other[k] += toward > 1.0;
            ahead += fabs(head) < 0.1;
            CHECK(fabs(head) <= BT_GAZE_MOST_RAD);
            CHECK(fabs(head - before[k]) <= 0.01 * BT_GAZE_RATE_RAD_S + 1e-12);
            before[k] = head;
        }
    }
    CHECK(at_other[0] > 200 && at_other[1] > 200);
    CHECK(ahead > 500);
    audited_end(&a);
    bt_road_network_destroy(net);
}

// Who comes to a road looks at the car that comes from the left (or from the right) before stepping onto it.
static void test_kerb(bool from_left)
{
    bt_road_network *net = network_two_way(300.0);
    const bt_vec3 path[2] = {{150.0, -9.0, 0.0}, {150.0, 9.0, 0.0}};
    uint32_t lane = bt_lane_find(net, 0, 150.0, from_left ? -1 : 1);
    bt_actor_desc actors[2] = {walker("walker", path),
                               {.name = "car",
                                .kind = BT_ACTOR_VEHICLE,
                                .vehicle = fixture_car(),
                                .lane = lane,
                                .s_m = from_left ? 105.0 : 195.0,
                                .speed_m_s = 10.0,
                                .desired_speed_m_s = 10.0,
                                .goal_lane = BT_ROAD_NONE}};
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
    double most = 0.0, sign = from_left ? 1.0 : -1.0;
    for (int i = 0; i < 400; i++) {
        audited_step(&a, i, NULL);
        bool before = bt_state_motion(a.state, 0)->pose.world_from_actor.pos.y < -3.6;
        if (before) most = fmax(most, sign * head_of(a.state, 0));
    }
    CHECK(most > 0.9);
    audited_end(&a);
    bt_road_network_destroy(net);
}

// Minds are drawn: the same for the same instant, and all of them met.
static void test_minds(void)
{
    uint32_t met[4] = {0};
    for (uint32_t i = 0; i < 2000; i++) {
        double aside[2];
        int left[2];
        bt_gaze_mind mind = bt_gaze_mind_of(i % 20, (int64_t)i * 1700000000, &aside[0], &left[0]);
        CHECK(mind == bt_gaze_mind_of(i % 20, (int64_t)i * 1700000000, &aside[1], &left[1]));
        CHECK(aside[0] == aside[1] && left[0] == left[1]);
        CHECK(fabs(aside[0]) >= 0.35 && fabs(aside[0]) <= 1.0);
        met[mind]++;
    }
    for (int k = 0; k < 4; k++)
        CHECK(met[k] > 100);
}

int main(void)
{
    test_step();
    test_limits();
    test_companions();
    test_kerb(true);
    test_kerb(false);
    test_minds();
    return check_end();
}
