// traffic_test.c: cars on a ring and at a crossing: gaps, right of way, signals, lamps.
#include "engine/sim/idm.h"
#include "engine/sim/sim.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#define RING_CARS 12
#define QUEUE 20u

static void run(const bt_sim *sim, bt_state *state, double seconds)
{
    int steps = (int)(seconds * 100.0 + 0.5);
    for (int i = 0; i < steps; i++)
        CHECK_OK(bt_sim_step(sim, state, NULL));
}

// On a ring all end at one speed: that whose equilibrium gap is the room there is.
static void test_ring(void)
{
    double radius = 80.0, length = 2.0 * BT_PI * radius;
    bt_road_network *net = network_ring(radius);
    bt_actor_desc actors[RING_CARS];
    for (uint32_t i = 0; i < RING_CARS; i++) {
        // unevenly spaced
        double way = length * i / RING_CARS + 4.0 * sin(3.0 * i);
        double s = fmod(way + length, 0.5 * length) * (radius - 1.75) / radius;
        uint32_t road = fmod(way + length, length) < 0.5 * length ? 0 : 1;
        actors[i] = fixture_driver(bt_lane_find(net, road, s, -1), s, 3.0, 12.0);
    }
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, RING_CARS, &state);
    run(sim, state, 400.0);
    bt_idm idm = bt_idm_city(12.0); // the bend allows 12.6
    double speed = bt_state_motion(state, 0)->speed_m_s;
    double gap = length / RING_CARS - 4.5;
    // the rear axle runs on the circle, noses cut it: 1 % for the chord of a car's length
    CHECK_NEAR(bt_idm_equilibrium_gap(&idm, speed), gap, 0.02 * gap);
    for (uint32_t i = 0; i < RING_CARS; i++) {
        const bt_motion *m = bt_state_motion(state, i);
        bt_vec3 p = m->pose.world_from_actor.pos;
        CHECK_NEAR(m->speed_m_s, speed, 0.01 * speed); // the last waves
        CHECK_NEAR(hypot(p.x, p.y), radius, 0.05);
        CHECK_NEAR(m->steer_rad, atan(2.7 / radius), 0.003);
        CHECK_NEAR(m->angular_velocity_rad_s.z, speed / radius, 0.003);
        CHECK(!(m->pose.lamps & BT_LAMP_BRAKE));
    }
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// How many pairs of cars touch.
static uint32_t overlaps(const bt_sim *sim, const bt_state *state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < bt_sim_actor_count(sim); i++) {
        for (uint32_t k = 0; k < i; k++) {
            bt_footprint a, b;
            if (bt_state_footprint(sim, state, i, 0, &a) &&
                bt_state_footprint(sim, state, k, 0, &b))
                count += bt_footprint_overlap(&a, &b);
        }
    }
    return count;
}

// Four cars reach a crossing without signals at once, in all combinations of turns: nobody touches,
// everybody gets through.
static void test_right_of_way(void)
{
    bt_road_network *net = network_crossing(0);
    for (uint64_t choice = 0; choice < 12; choice++) {
        bt_actor_desc actors[8];
        for (uint32_t i = 0; i < 8; i++) {
            uint32_t lane = bt_lane_find(net, i % 4, 50.0, 1);
            actors[i] = fixture_driver(lane, i < 4 ? 40.0 : 60.0, 9.0, 12.0);
            actors[i].choice = 8 * choice + i;
        }
        bt_state *state;
        bt_sim *sim = fixture_sim(net, actors, 8, &state);
        for (int i = 0; i < 100; i++) {
            run(sim, state, 0.5);
            CHECK(overlaps(sim, state) == 0);
        }
        for (uint32_t i = 0; i < 8; i++) {
            const bt_motion *m = bt_state_motion(state, i);
            const bt_lane *lane = bt_road_lane_get(net, m->lane);
            CHECK(lane->id == -1 && bt_road_get(net, lane->road)->junction == BT_ROAD_NONE);
            CHECK(m->route_m > 100.0);
        }
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    bt_road_network_destroy(net);
}

// One that goes straight on over the crossing.
static bt_actor_desc straight_on(const bt_road_network *net, int arm, double s_m, double speed_m_s)
{
    bt_actor_desc d =
        fixture_driver(bt_lane_find(net, (uint32_t)arm, 50.0, 1), s_m, speed_m_s, 12.0);
    d.goal_lane = bt_lane_find(net, (uint32_t)(arm + 2) % 4, 50.0, -1);
    d.goal_s_m = CROSSING_ARM_M - 2.0;
    return d;
}

// Queues go straight on over a crossing without signs, from both sides; who comes from a third arm and has to cross both
// gets its turn, a lorry as well.
static void test_long_wait(bool is_long)
{
    bt_road_network *net = network_crossing(0);
    bt_actor_desc actors[1 + 2 * QUEUE];
    actors[0] = fixture_driver(bt_lane_find(net, 1, 50.0, 1), is_long ? 80.0 : 30.0, 3.0, 12.0);
    if (is_long) actors[0].vehicle = fixture_truck();
    actors[0].goal_lane = bt_lane_find(net, 3, 50.0, -1);
    actors[0].goal_s_m = CROSSING_ARM_M - 20.0;
    for (uint32_t i = 0; i < 2 * QUEUE; i++)
        actors[1 + i] = straight_on(net, i % 2 ? 2 : 0, 6.0 + 7.5 * (i / 2), 0.0);
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 1 + 2 * QUEUE, &state);
    double waits_s = 0.0;
    for (int i = 0; i < 900; i++) {
        run(sim, state, 0.1);
        CHECK(overlaps(sim, state) == 0);
        const bt_motion *m = bt_state_motion(state, 0);
        if (m->lane == actors[0].lane && m->speed_m_s < 0.1) waits_s += 0.1;
    }
    CHECK(waits_s < 40.0);
    CHECK(bt_state_motion(state, 0)->route_m > 60.0);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// Who waits behind a sign and keeps to a low speed turns left, to where a queue goes straight on. The first of that, which
// stands as well, comes after it no sooner than it is gone as fast as it goes.
static void test_slow_joins(void)
{
    bt_road_network *net = network_crossing(CROSSING_SIGNS);
    for (int n = 0; n < 8; n++) {
        bt_actor_desc actors[3] = {
            fixture_driver(bt_lane_find(net, 3, 50.0, 1), 6.0, 0.0, n % 2 ? 3.0 : 2.5),
            straight_on(net, 0, 6.0 + n, 0.0), straight_on(net, 0, 13.5 + n, 0.0)};
        actors[0].goal_lane = actors[1].goal_lane;
        actors[0].goal_s_m = actors[1].goal_s_m;
        bt_state *state;
        bt_sim *sim = fixture_sim(net, actors, 3, &state);
        for (int i = 0; i < 200; i++) {
            run(sim, state, 0.1);
            CHECK(overlaps(sim, state) == 0);
        }
        CHECK(bt_state_impact_count(state) == 0);
        CHECK(bt_state_motion(state, 0)->route_m > 20.0);
        CHECK(bt_state_motion(state, 1)->route_m > 30.0);
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    bt_road_network_destroy(net);
}

// Nose of a car that comes in on an arm: distance to the signal's stop line, + before it.
static double before_line(const bt_motion *m)
{
    return m->s_m - 2.0 - 3.6;
}

static void test_signals(void)
{
    bt_road_network *net = network_crossing(1);
    bt_actor_desc actors[4];
    for (uint32_t i = 0; i < 4; i++)
        actors[i] = fixture_driver(bt_lane_find(net, i, 50.0, 1), 90.0 + 10.0 * i, 10.0, 12.0);
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 4, &state);
    int stood[4] = {0}, crossed[4] = {0}, stood_still[4] = {0};
    double last[4];
    for (uint32_t i = 0; i < 4; i++)
        last[i] = before_line(bt_state_motion(state, i));
    for (int step = 0; step < 8000; step++) {
        bool green[4];
        for (uint32_t i = 0; i < 4; i++) {
            bt_signal_phase phase = bt_state_signal(state, i);
            green[i] = phase == BT_PHASE_GREEN || phase == BT_PHASE_AMBER;
        }
        // opposite arms share a controller; the two controllers are never both open
        CHECK(green[0] == green[2] && green[1] == green[3] && !(green[0] && green[1]));
        run(sim, state, 0.01);
        for (uint32_t i = 0; i < 4; i++) {
            const bt_motion *m = bt_state_motion(state, i);
            if (bt_road_lane_get(net, m->lane)->id != 1) continue;
            double now = before_line(m);
            if (last[i] > 0.0 && now <= 0.0) {
                CHECK(green[i]);
                crossed[i] = 1;
            }
            last[i] = now;
            if (m->speed_m_s < 0.01 && !crossed[i]) {
                stood[i] = 1;
                CHECK_NEAR(now, 1.0, 0.7); // a metre before the line
                if (m->accel_m_s2 <= 0.0 && stood_still[i]) CHECK(m->pose.lamps & BT_LAMP_BRAKE);
            }
            stood_still[i] = m->speed_m_s <= 0.0;
        }
    }
    for (uint32_t i = 0; i < 4; i++)
        CHECK(crossed[i]);
    CHECK(stood[0] + stood[1] + stood[2] + stood[3] > 0);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// A car alone: indicates turns only, stops at the end of the road, brakes with lamps on.
static void test_alone(void)
{
    bt_road_network *net = network_crossing(0);
    for (uint64_t choice = 0; choice < 6; choice++) {
        bt_actor_desc actor = fixture_driver(bt_lane_find(net, 0, 50.0, 1), 70.0, 10.0, 12.0);
        actor.choice = choice;
        actor.lamps = BT_LAMP_LOW_BEAM;
        bt_state *state;
        bt_sim *sim = fixture_sim(net, &actor, 1, &state);
        uint32_t seen = 0, braked = 0;
        for (int i = 0; i < 6000; i++) {
            run(sim, state, 0.01);
            const bt_motion *m = bt_state_motion(state, 0);
            seen |= m->pose.lamps;
            CHECK(m->pose.lamps & BT_LAMP_LOW_BEAM);
            if (m->accel_m_s2 < -1.2) CHECK(m->pose.lamps & BT_LAMP_BRAKE);
            braked |= m->pose.lamps & BT_LAMP_BRAKE;
            CHECK(m->accel_m_s2 > -3.0 && m->accel_m_s2 < 1.3);
        }
        const bt_motion *m = bt_state_motion(state, 0);
        // arm 1 is to the right of one who comes in on arm 0 (heading west, north is right)
        uint32_t arm = bt_road_lane_get(net, m->lane)->road;
        uint32_t sides = seen & (BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT);
        CHECK(sides == (arm == 1   ? (uint32_t)BT_LAMP_INDICATOR_RIGHT
                        : arm == 3 ? (uint32_t)BT_LAMP_INDICATOR_LEFT
                                   : 0u));
        CHECK(braked && m->speed_m_s < 0.01);
        CHECK_NEAR(m->s_m, CROSSING_ARM_M - 3.6 - 1.0, 0.7);
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    bt_road_network_destroy(net);
}

// With a goal it goes there and stops.
static void test_goal(void)
{
    bt_road_network *net = network_crossing(1);
    for (uint32_t arm = 1; arm < 4; arm++) {
        bt_actor_desc actor = fixture_driver(bt_lane_find(net, 0, 50.0, 1), 70.0, 10.0, 12.0);
        actor.goal_lane = bt_lane_find(net, arm, 80.0, -1);
        actor.goal_s_m = 80.0;
        bt_state *state;
        bt_sim *sim = fixture_sim(net, &actor, 1, &state);
        CHECK(bt_sim_route(sim, 0) != NULL);
        run(sim, state, 90.0);
        const bt_motion *m = bt_state_motion(state, 0);
        CHECK(bt_road_lane_get(net, m->lane)->road == arm);
        CHECK_NEAR(m->s_m + 3.6, 80.0 - 1.0, 0.7);
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    bt_road_network_destroy(net);
}

// Six cars side by side where two lanes become one: they file in without touching, indicate, and
// follow each other at more than the smallest gap.
static void test_narrowing(int left_hand)
{
    bt_road_network *net = network_narrowing(left_hand);
    int sign = left_hand ? 1 : -1;
    bt_actor_desc actors[6];
    for (uint32_t i = 0; i < 6; i++) {
        double s = 20.0 + 22.0 * (i / 2) + 3.0 * (i % 2);
        actors[i] = fixture_driver(bt_lane_find(net, 0, s, i % 2 ? 2 * sign : sign), s, 10.0, 12.0);
    }
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 6, &state);
    uint32_t seen[6] = {0};
    double fastest_turn = 0.0;
    for (int i = 0; i < 3000; i++) {
        run(sim, state, 0.01);
        if (i % 10 == 0) CHECK(overlaps(sim, state) == 0);
        for (uint32_t k = 0; k < 6; k++) {
            const bt_motion *m = bt_state_motion(state, k);
            seen[k] |= m->pose.lamps;
            fastest_turn = fmax(fastest_turn, fabs(m->angular_velocity_rad_s.z));
            CHECK(m->accel_m_s2 > -3.5);
        }
    }
    uint32_t inwards = left_hand ? BT_LAMP_INDICATOR_RIGHT : BT_LAMP_INDICATOR_LEFT;
    for (uint32_t k = 0; k < 6; k++) {
        const bt_motion *m = bt_state_motion(state, k);
        CHECK(m->s_m > 200.0);
        CHECK_NEAR(m->pose.world_from_actor.pos.y, sign * 1.75, 0.1);
        uint32_t sides = seen[k] & (BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT);
        CHECK(sides == (k % 2 ? inwards : 0u));
    }
    CHECK(fastest_turn < 0.25);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_narrowing(0);
    test_narrowing(1);
    test_ring();
    test_right_of_way();
    test_long_wait(false);
    test_long_wait(true);
    test_slow_joins();
    test_signals();
    test_alone();
    test_goal();
    return check_end();
}
