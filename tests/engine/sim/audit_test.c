// audit_test.c: the audit sees what is wrong; traffic round an ego has nothing wrong.
#include "engine/sim/audit.h"
#include "engine/sim/spawn.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/maps.h"
#include "tests/engine/sim/networks.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define SECONDS 8.0
#else
#define SECONDS 60.0
#endif

static void run(const bt_sim *sim, bt_state *state, bt_audit *audit, double seconds)
{
    for (int i = 0; i < (int)(seconds * 100.0); i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i % 10 == 0) bt_audit_look(audit, state);
    }
}

// A town full of traffic, an ego that drives itself: what is near it moves by forces.
static void test_round_ego(const char *map, uint64_t seed, bool level)
{
    bt_road_network *net = map_load(map);
    if (!net) return;
    bt_vehicle car = fixture_car(), truck = fixture_truck();
    bt_spawn_desc spawn = {.net = net,
                           .seed = seed,
                           .counts = {50, 3, 10, 15, 2},
                           .cars = &car,
                           .trucks = &truck,
                           .car_models = 1,
                           .truck_models = 1,
                           .ego_lane = BT_ROAD_NONE};
    bt_spawn_list list;
    CHECK_OK(bt_spawn(&spawn, &list));
    bt_actor_desc *actors = calloc(list.count, sizeof *actors);
    uint32_t ego = BT_SIM_NONE;
    for (uint32_t i = 0; i < list.count; i++) {
        actors[i] = list.entries[i].desc;
        if (ego == BT_SIM_NONE && list.entries[i].kind == BT_SPAWN_CAR) ego = i;
    }
    bt_sim_desc desc = {
        .net = net, .seed = seed, .actors = actors, .actor_count = list.count, .ego = ego};
    audited a = audited_begin(&desc, (bt_audit_desc){.wheels_every = 2, .log = stdout});
    run(a.sim, a.state, a.audit, 0.5 * SECONDS);
    const bt_audit_report *r = bt_audit_get(a.audit);
    bt_audit_print(a.audit, stdout);
    CHECK(r->touches == 0);
    for (int k = 0; k < BT_AUDIT_KIND_COUNT; k++)
        // where the map's roads lie on top of each other at different heights a wheel has two grounds
        if (level || k != BT_AUDIT_WHEEL) CHECK(r->worst[k].over == 0);
    CHECK(r->vehicle_km > 0.1);
    audited_end(&a);
    free(actors);
    bt_spawn_clear(&list);
    bt_road_network_destroy(net);
}

static bt_actor_desc driver(uint32_t lane, double s_m, double speed_m_s)
{
    bt_actor_desc d = {.kind = BT_ACTOR_VEHICLE,
                       .vehicle = fixture_car(),
                       .lane = lane,
                       .s_m = s_m,
                       .speed_m_s = speed_m_s,
                       .goal_lane = BT_ROAD_NONE};
    snprintf(d.name, sizeof d.name, "car at %.0f", s_m);
    return d;
}

// Who begins inside another is refused, with both names and the place.
static void test_begins_inside(void)
{
    bt_road_network *net = network_ring(60.0);
    bt_actor_desc actors[2] = {driver(bt_lane_find(net, 0, 20.0, -1), 20.0, 5.0),
                               driver(bt_lane_find(net, 0, 22.0, -1), 22.0, 5.0)};
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
    bt_sim *sim;
    bt_state *state;
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK(bt_state_create(sim, &state) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "'car at 22' begins inside actor 'car at 20' at x = ");
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// Two cars head on: the audit sees a near miss, or the brake that avoids it; one whose driver is an
// outside command that steers into a wall of parked cars touches, and is seen to.
static void drive_outwards(bool wall, bt_audit_report *report)
{
    bt_road_network *net = network_ring(60.0);
    bt_actor_desc actors[2] = {driver(bt_lane_find(net, 0, 20.0, -1), 20.0, 12.0),
                               driver(bt_lane_find(net, 0, 60.0, -1), 60.0, 0.0)};
    actors[0].external = true;
    actors[1].parked = true;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = wall ? 2 : 1, .ego = 0};
    audited a = audited_begin(&desc, (bt_audit_desc){0});
    for (int i = 0; i < 400; i++) {
        bool stamps = i > 350 && i / 10 % 2;
        bt_command command = {.steer_rad = (2.7 + 0.0028 * 144.0) / 60.0,
                              .accel_m_s2 = stamps ? -8.0 : 0.5};
        audited_step(&a, i, &command);
    }
    *report = *bt_audit_get(a.audit);
    audited_end(&a);
    bt_road_network_destroy(net);
}

static void test_sees_a_touch(void)
{
    bt_audit_report wall, none;
    drive_outwards(true, &wall);
    drive_outwards(false, &none);
    CHECK(wall.touches == 1 && wall.near_misses >= 1);
    CHECK(none.touches == 0 && none.near_misses == 0);
    CHECK(wall.worst[BT_AUDIT_WHEEL].value == 0.0); // not asked for
    // what moves a body after a crash nobody chose: its jerk is no finding any more
    CHECK(none.worst[BT_AUDIT_JERK].over > 0 && wall.worst[BT_AUDIT_JERK].over == 0);
}

// A thing that is led through another touches it once; one that lies against another, and pieces that fly apart, do not.
static void test_things(void)
{
    bt_road_network *net = network_ring(60.0);
    static const struct {
        double from_m, speed_m_s;
        uint32_t touches;
    } tries[] = {{-2.0, 3.0, 1}, {-0.9, 0.0, 0}, {-0.3, -3.0, 0}};
    for (int n = 0; n < 3; n++) {
        bt_actor_desc actors[2];
        for (int i = 0; i < 2; i++) {
            actors[i] = (bt_actor_desc){.kind = BT_ACTOR_THING,
                                        .led = true,
                                        .size_m = {1.0, 1.0, 1.0},
                                        .goal_lane = BT_ROAD_NONE,
                                        .led_from = {.lane = BT_ROAD_NONE}};
            snprintf(actors[i].name, sizeof actors[i].name, "thing %d", i);
        }
        actors[1].led_from.pos.x = -3.0; // apart at first
        bt_sim_desc desc = {
            .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
        audited a = audited_begin(&desc, (bt_audit_desc){0});
        for (int i = 0; i < 100; i++) {
            bt_led_place to = {.lane = BT_ROAD_NONE};
            to.speed_m_s = tries[n].speed_m_s;
            to.pos.x = tries[n].from_m + 0.01 * i * to.speed_m_s;
            bt_state_lead(a.state, 1, &to);
            CHECK_OK(bt_sim_step(a.sim, a.state, NULL));
            if (i > 0 && i % 10 == 0) bt_audit_look(a.audit, a.state);
        }
        CHECK(bt_audit_get(a.audit)->touches == tries[n].touches);
        audited_end(&a);
    }
    bt_road_network_destroy(net);
}

// A car passes by the ego's reach: where it begins and ends to move by forces nothing jumps.
static void test_switch(void)
{
    bt_road_network *net = network_ring(200.0);
    bt_actor_desc actors[2] = {driver(bt_lane_find(net, 0, 20.0, -1), 20.0, 0.0),
                               driver(bt_lane_find(net, 0, 200.0, -1), 200.0, 12.0)};
    actors[0].external = true;  // stands
    actors[0].lateral_m = -8.0; // beside the lane
    bt_sim_desc desc = {.net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = 0};
    bt_sim *sim;
    bt_state *state;
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, &state));
    double jump = 0.0, accel = 0.0, tilt = 0.0;
    bt_motion before = *bt_state_motion(state, 1);
    for (int i = 0; i < 12000; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        const bt_motion *m = bt_state_motion(state, 1);
        bt_vec3 way = bt_vec3_sub(m->pose.world_from_actor.pos, before.pose.world_from_actor.pos);
        bt_vec3 mean = bt_vec3_scale(bt_vec3_add(m->velocity_m_s, before.velocity_m_s), 0.005);
        jump = fmax(jump, hypot(way.x - mean.x, way.y - mean.y));
        if (i > 200) accel = fmax(accel, fabs(m->accel_m_s2 - before.accel_m_s2));
        if (i > 200)
            tilt = fmax(tilt, hypot(m->angular_velocity_rad_s.x, m->angular_velocity_rad_s.y));
        before = *m;
    }
    // a step of 10 ms: a millimetre, a tenth of a metre per second squared, a degree per second
    CHECK(jump < 1e-3);
    CHECK(accel < 0.1);
    CHECK(tilt < 0.02);
    CHECK(bt_state_motion(state, 1)->route_m > 1000.0);
    printf("switching: jump %.2f mm, acceleration %.3f m/s^2, tilt %.4f rad/s\n", 1e3 * jump, accel,
           tilt);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// Thirty drivers of different tempers on three lanes: they overtake, smoothly, and are faster for it.
static double mean_speed(double keep_lane_m_s2, uint32_t *changes, bt_audit_report *report)
{
    bt_road_network *net = network_ring_lanes(400.0, 3);
    bt_actor_desc actors[30];
    for (uint32_t i = 0; i < 30; i++) {
        double s = 20.0 + 38.0 * i;
        actors[i] = driver(bt_lane_find(net, 0, s, -2), s, 8.0);
        actors[i].driver = bt_driver_draw(7, i);
        actors[i].driver.keep_lane_m_s2 = keep_lane_m_s2;
        actors[i].desired_speed_m_s = i % 3 == 0 ? 9.0 : 16.0;
    }
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 30, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
    uint32_t lanes[30];
    *changes = 0;
    for (int i = 0; i < (int)(SECONDS * 100.0); i++) {
        audited_step(&a, i, NULL);
        for (uint32_t k = 0; k < 30 && i % 100 == 0; k++) {
            uint32_t lane = (uint32_t)-bt_road_lane_get(net, bt_state_motion(a.state, k)->lane)->id;
            *changes += i > 0 && lane != lanes[k];
            lanes[k] = lane;
        }
    }
    *report = *bt_audit_get(a.audit);
    audited_end(&a);
    bt_road_network_destroy(net);
    return report->vehicle_km / report->vehicle_hours / 3.6;
}

static void test_lane_changes(void)
{
    bt_audit_report with, without;
    uint32_t changes, none;
    double fast = mean_speed(0.0, &changes, &with), slow = mean_speed(1e3, &none, &without);
    CHECK(none == 0 && changes >= 10);
    // overtaking pays within a minute; a sanitized run is too short to tell
    if (SECONDS > 30.0) CHECK(fast > 1.05 * slow);
    CHECK(with.touches == 0 && with.near_misses == 0);
    // lanes 3.5 m apart in 4.5 s: 5.8 d / T^2 = 1.0 m/s^2 beside the bend's v^2 / R = 0.65, and
    // 60 d / T^3 = 2.3 m/s^3, a third more for steering that follows by pure pursuit
    CHECK(with.worst[BT_AUDIT_SIDE].value < 2.2);
    CHECK(with.worst[BT_AUDIT_SIDE_JERK].value < 4.0);
    CHECK(with.worst[BT_AUDIT_BRAKE].value < 3.0);
    printf("%u changes of lane: %.1f m/s, %.1f without; side %.2f m/s^2, side jerk %.2f m/s^3\n",
           changes, fast, slow, with.worst[BT_AUDIT_SIDE].value,
           with.worst[BT_AUDIT_SIDE_JERK].value);
}

int main(void)
{
    test_begins_inside();
    test_sees_a_touch();
    test_things();
    test_switch();
    test_lane_changes();
    test_round_ego("assets/maps/town.xodr", 3, true);
    test_round_ego("carla/Town03", 4, false);
    return check_end();
}
