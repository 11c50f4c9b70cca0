// sim_test.c: the ego by commands, walkers, fixtures, and descriptions that are refused.
#include "engine/sim/sim_internal.h"
#include "engine/sim/spawn.h"
#include "engine/sim/vehicle.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

static bt_actor_desc ego_on(const bt_road_network *net, uint32_t road, double s_m, double speed)
{
    return (bt_actor_desc){.name = "ego",
                           .kind = BT_ACTOR_VEHICLE,
                           .vehicle = fixture_car(),
                           .lamps = BT_LAMP_LOW_BEAM | BT_LAMP_TAIL,
                           .lane = bt_lane_find(net, road, s_m, -1),
                           .s_m = s_m,
                           .speed_m_s = speed,
                           .goal_lane = BT_ROAD_NONE,
                           .external = true};
}

static bt_sim *make(const bt_road_network *net, const bt_actor_desc *actors, uint32_t count,
                    uint32_t ego, bt_state **state)
{
    bt_sim *sim = NULL;
    bt_sim_desc desc = {.net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = ego};
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, state));
    return sim;
}

// Steers round the ring by feed-forward and feedback on the route's offset.
static void test_ego_on_ring(void)
{
    double radius = 60.0;
    bt_road_network *net = network_ring(radius);
    bt_actor_desc actor = ego_on(net, 0, 20.0, 8.0);
    bt_state *state;
    bt_sim *sim = make(net, &actor, 1, 0, &state);
    CHECK(bt_sim_route(sim, 0) != NULL);
    double spin = 0.0, start = bt_state_motion(state, 0)->route_m;
    for (int i = 0; i < 6000; i++) {
        const bt_motion *m = bt_state_motion(state, 0);
        bt_vec3 p = m->pose.world_from_actor.pos;
        double out = hypot(p.x, p.y) - radius;
        double tangent = atan2(p.y, p.x) + 0.5 * BT_PI;
        double turned = bt_wrap_angle(bt_quat_yaw(m->pose.world_from_actor.rot) - tangent);
        bt_command c = {.steer_rad = atan(2.7 / radius) + 0.05 * out - 0.6 * turned,
                        .accel_m_s2 = 0.8 * (8.0 - m->speed_m_s)};
        CHECK_OK(bt_sim_step(sim, state, &c));
        m = bt_state_motion(state, 0);
        CHECK(fabs(out) < 0.6 && m->lane != BT_ROAD_NONE);
        CHECK_NEAR(p.z, 0.0, 0.02);
        spin = m->pose.channel_rad[BT_CHANNEL_SPIN_REAR_LEFT];
    }
    const bt_motion *m = bt_state_motion(state, 0);
    // 60 s at nearly 8 m/s: along the route, and in turns of the wheel on the inner circle
    double way = m->route_m - start;
    CHECK_NEAR(way, 480.0, 12.0);
    CHECK_NEAR(spin * 0.32, way * (radius - 0.775) / radius, 0.01 * way);
    CHECK_NEAR(m->angular_velocity_rad_s.z, m->speed_m_s / radius, 0.01);
    // centripetal acceleration, in world axes
    double pull = hypot(m->acceleration_m_s2.x, m->acceleration_m_s2.y);
    CHECK_NEAR(pull, m->speed_m_s * m->speed_m_s / radius, 0.1);
    // leans outwards: turning left, to the right
    bt_vec3 left = bt_pose_dir(m->pose.world_from_actor, bt_vec3_make(0.0, 1.0, 0.0));
    CHECK_NEAR(left.z, 0.006 * pull, 0.002);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

static void test_ego_lamps(void)
{
    bt_road_network *net = network_crossing(0);
    bt_actor_desc actor = ego_on(net, 0, 30.0, 15.0);
    bt_state *state;
    bt_sim *sim = make(net, &actor, 1, 0, &state);
    int lit = 0;
    for (int i = 0; i < 400; i++) {
        bt_command c = {.accel_m_s2 = i < 200 ? 0.0 : -3.0, .indicators = BT_LAMP_INDICATOR_LEFT};
        CHECK_OK(bt_sim_step(sim, state, &c));
        uint32_t lamps = bt_state_motion(state, 0)->pose.lamps;
        CHECK((lamps & BT_LAMP_LOW_BEAM) && (lamps & BT_LAMP_TAIL));
        CHECK(!!(lamps & BT_LAMP_BRAKE) == (i >= 200));
        CHECK(!(lamps & BT_LAMP_INDICATOR_RIGHT));
        lit += !!(lamps & BT_LAMP_INDICATOR_LEFT);
    }
    CHECK_NEAR(lit / 400.0, 0.5, 0.1); // blinks: half of the time
    // 2 s of coasting, 2 s of braking
    CHECK_NEAR(bt_state_motion(state, 0)->speed_m_s, 15.0 - 2.0 * 3.0 - 4.0 * 0.1, 0.3);
    bt_command bad = {.steer_rad = NAN};
    CHECK(bt_sim_step(sim, state, &bad) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "steer");
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// Others yield to an ego that drives through a crossing without looking.
static void test_others_yield(void)
{
    bt_road_network *net = network_crossing(0);
    int met = 0;
    for (double start = 20.0; start <= 90.0; start += 5.0) {
        bt_actor_desc actors[3] = {ego_on(net, 0, 70.0, 9.0)};
        for (uint32_t i = 1; i < 3; i++) {
            actors[i] = ego_on(net, i == 1 ? 1 : 3, start, 9.0);
            actors[i].external = false;
        }
        for (uint32_t i = 0; i < 3; i++)
            actors[i].lane = bt_lane_find(net, i == 0 ? 0 : i == 1 ? 1 : 3, 70.0, 1);
        // a goal straight on: the ego's intention
        actors[0].goal_lane = bt_lane_find(net, 2, 100.0, -1);
        actors[0].goal_s_m = 100.0;
        bt_state *state;
        bt_sim *sim = make(net, actors, 3, 0, &state);
        for (int i = 0; i < 1500; i++) {
            const bt_motion *m = bt_state_motion(state, 0);
            bt_command c = {.accel_m_s2 = 9.0 - m->speed_m_s};
            CHECK_OK(bt_sim_step(sim, state, &c));
            for (uint32_t k = 1; k < 3; k++) {
                bt_footprint a, b;
                bt_state_footprint(sim, state, 0, 0, &a);
                bt_state_footprint(sim, state, k, 0, &b);
                CHECK(!bt_footprint_overlap(&a, &b));
                met += hypot(a.x_m - b.x_m, a.y_m - b.y_m) < 9.0;
            }
        }
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    CHECK(met > 0); // some did come close
    bt_road_network_destroy(net);
}

// Somebody walks to the end and back; starts when told; stands at the end when not looping.
static void test_walker(void)
{
    bt_road_network *net = network_crossing(0);
    bt_vec3 path[] = {{60.0, -8.0, 0.0}, {70.0, -8.0, 0.0}, {70.0, 8.0, 0.0}};
    bt_actor_desc actor = {.name = "walker",
                           .kind = BT_ACTOR_WALKER,
                           .height_m = 1.75,
                           .path = path,
                           .path_count = 3,
                           .walk_speed_m_s = 1.4,
                           .start_ns = 2 * BT_NS_PER_S};
    bt_state *state;
    bt_sim *sim = make(net, &actor, 1, BT_SIM_NONE, &state);
    double last_yaw = 0.0, fastest = 0.0;
    for (int i = 0; i < 3000; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        const bt_motion *m = bt_state_motion(state, 0);
        double yaw = bt_quat_yaw(m->pose.world_from_actor.rot);
        if (i < 199) CHECK(m->speed_m_s == 0.0 && m->route_m == 0.0);
        CHECK(fabs(bt_wrap_angle(yaw - last_yaw)) < 0.04);
        last_yaw = yaw;
        fastest = fmax(fastest, m->speed_m_s);
    }
    const bt_motion *m = bt_state_motion(state, 0);
    CHECK_NEAR(fastest, 1.4, 1e-6);
    CHECK_NEAR(m->route_m, 26.0, 0.05);
    CHECK_NEAR(m->pose.world_from_actor.pos.y, 8.0, 0.05);
    CHECK(m->speed_m_s < 0.05);
    CHECK_NEAR(last_yaw, 0.5 * BT_PI, 0.1);
    bt_state_destroy(state);
    bt_sim_destroy(sim);

    actor.path_loop = true;
    sim = make(net, &actor, 1, BT_SIM_NONE, &state);
    double far = 0.0;
    for (int i = 0; i < 4400; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        far = fmax(far, bt_state_motion(state, 0)->route_m);
    }
    CHECK(far > 25.9 && bt_state_motion(state, 0)->route_m < 5.0); // there and back
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// A car brakes for somebody who crosses the road in front of it.
static void test_walker_crosses(void)
{
    bt_road_network *net = network_crossing(0);
    for (int start = 0; start < 16; start++) {
        bool careless = start % 2 == 0;
        bt_vec3 path[] = {{60.0, -9.0, 0.0}, {60.0, 9.0, 0.0}};
        bt_actor_desc actors[2] = {{.name = "walker",
                                    .kind = BT_ACTOR_WALKER,
                                    .height_m = 1.75,
                                    .path = path,
                                    .path_count = 2,
                                    .walk_speed_m_s = 1.4,
                                    .careless = careless,
                                    .start_ns = start / 2 * BT_NS_PER_S},
                                   ego_on(net, 0, 130.0, 12.0)};
        actors[1].external = false;
        actors[1].lane = bt_lane_find(net, 0, 130.0, 1);
        bt_state *state;
        bt_sim *sim = make(net, actors, 2, BT_SIM_NONE, &state);
        double hardest = 0.0;
        for (int i = 0; i < 3500; i++) {
            CHECK_OK(bt_sim_step(sim, state, NULL));
            hardest = fmin(hardest, bt_state_motion(state, 1)->accel_m_s2);
            bt_footprint a, b;
            bt_state_footprint(sim, state, 0, 0, &a);
            bt_state_footprint(sim, state, 1, 0, &b);
            CHECK(!bt_footprint_overlap(&a, &b));
        }
        CHECK(bt_state_motion(state, 1)->route_m > 100.0);
        CHECK(bt_state_motion(state, 0)->route_m > 15.0);
        if (!careless) CHECK(hardest > -2.5); // who looks first makes nobody brake hard
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    bt_road_network_destroy(net);
}

static bt_actor_desc walker_on(const bt_vec3 path[2], double speed)
{
    return (bt_actor_desc){.name = "walker",
                           .kind = BT_ACTOR_WALKER,
                           .height_m = 1.75,
                           .path = path,
                           .path_count = 2,
                           .walk_speed_m_s = speed};
}

// Two who walk towards each other on one line pass, and reach their ends.
static void test_walkers_meet(void)
{
    bt_road_network *net = network_crossing(0);
    bt_vec3 there[] = {{2000.0, 0.0, 0.0}, {2020.0, 0.0, 0.0}}, back[] = {there[1], there[0]};
    bt_actor_desc actors[2] = {walker_on(there, 1.4), walker_on(back, 1.3)};
    bt_state *state;
    bt_sim *sim = make(net, actors, 2, BT_SIM_NONE, &state);
    double aside = 0.0;
    for (int i = 0; i < 2200; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        bt_footprint a, b;
        bt_state_footprint(sim, state, 0, 0, &a);
        bt_state_footprint(sim, state, 1, 0, &b);
        CHECK(!bt_footprint_overlap(&a, &b));
        aside = fmax(aside, fabs(a.y_m));
    }
    CHECK(aside > 0.1 && aside < 1.5);
    for (uint32_t i = 0; i < 2; i++)
        CHECK_NEAR(bt_state_motion(state, i)->route_m, 20.0, 0.05);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// Somebody walks round a parked car that stands on the path, and goes on behind it.
static void test_walks_round(void)
{
    bt_road_network *net = network_crossing(0);
    bt_actor_desc car = ego_on(net, 0, 60.0, 0.0);
    car.external = false;
    car.parked = true;
    bt_pose at = bt_lane_pose(net, car.lane, 60.0, 0.0);
    bt_vec3 path[] = {bt_pose_point(at, bt_vec3_make(-10.0, 0.3, 0.0)),
                      bt_pose_point(at, bt_vec3_make(15.0, 0.3, 0.0))};
    bt_actor_desc actors[2] = {car, walker_on(path, 1.4)};
    bt_state *state;
    bt_sim *sim = make(net, actors, 2, BT_SIM_NONE, &state);
    for (int i = 0; i < 3000; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        bt_footprint a, b;
        bt_state_footprint(sim, state, 0, 0, &a);
        bt_state_footprint(sim, state, 1, 0, &b);
        CHECK(!bt_footprint_overlap(&a, &b));
    }
    CHECK_NEAR(bt_state_motion(state, 1)->route_m, 25.0, 0.05);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

static uint32_t count_marked(const bt_road_network *net, double lateral_m, bool trailer)
{
    bt_actor_desc actors[2] = {ego_on(net, 0, 130.0, 0.0), ego_on(net, 1, 150.0, 0.0)};
    for (uint32_t i = 0; i < 2; i++) {
        actors[i].external = false;
        actors[i].lane = bt_lane_find(net, i, actors[i].s_m, i == 0 ? 1 : -1);
    }
    if (trailer) actors[0].vehicle = fixture_truck();
    actors[1].parked = true;
    actors[1].lateral_m = lateral_m;
    bt_sim *sim = NULL;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &sim));
    uint32_t marked = 0;
    for (uint32_t i = 0; i < sim->graph.lane_count; i++)
        marked += sim->graph.lanes[i].no_trailer;
    bt_sim_destroy(sim);
    return marked;
}

// A car parked in an arm bars it, and the junction's ways into it, to trailers; one beside does not.
static void test_narrow_for_trailers(void)
{
    bt_road_network *net = network_crossing(0);
    CHECK(count_marked(net, 0.0, true) >= 4);
    CHECK(count_marked(net, -12.0, true) == 0);
    CHECK(count_marked(net, 0.0, false) == 0);
    bt_road_network_destroy(net);
}

static void test_fixture(void)
{
    bt_road_network *net = network_crossing(1);
    bt_actor_desc actors[2] = {{.name = "head 0", .kind = BT_ACTOR_FIXTURE, .signal = 0},
                               {.name = "head 1", .kind = BT_ACTOR_FIXTURE, .signal = 1}};
    for (int i = 0; i < 2; i++)
        actors[i].world_from_fixture = bt_road_signal_get(net, (uint32_t)i)->world_from_signal;
    bt_state *state;
    bt_sim *sim = make(net, actors, 2, BT_SIM_NONE, &state);
    uint32_t seen = 0;
    for (int i = 0; i < 4000; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        uint32_t a = bt_state_motion(state, 0)->pose.lamps,
                 b = bt_state_motion(state, 1)->pose.lamps;
        CHECK(a != 0 && b != 0);
        CHECK(!((a & BT_LAMP_SIGNAL_GREEN) && (b & BT_LAMP_SIGNAL_GREEN)));
        seen |= a;
        bool green = bt_state_signal(state, 0) == BT_PHASE_GREEN;
        CHECK(green == (a == BT_LAMP_SIGNAL_GREEN));
    }
    CHECK(seen == (BT_LAMP_SIGNAL_RED | BT_LAMP_SIGNAL_AMBER | BT_LAMP_SIGNAL_GREEN));
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

static void refused(const bt_road_network *net, const bt_actor_desc *actor, uint32_t ego,
                    bt_time_ns step_ns, const char *words)
{
    bt_sim *sim = NULL;
    bt_sim_desc desc = {
        .net = net, .actors = actor, .actor_count = 1, .ego = ego, .step_ns = step_ns};
    CHECK(bt_sim_create(&desc, &sim) == BT_ERR_INPUT && sim == NULL);
    CHECK_CONTAINS(bt_error_message(), words);
}

static void test_bad_input(void)
{
    bt_road_network *net = network_crossing(1);
    bt_actor_desc good = ego_on(net, 0, 30.0, 10.0), bad = good;
    refused(net, &good, 7, 0, "not a vehicle");
    refused(net, &good, 0, 20 * BT_NS_PER_MS, "expected 0.1 to 10");
    bad.lane = 100000;
    refused(net, &bad, 0, 0, "start lane");
    bad = good;
    bad.s_m = 1e6;
    refused(net, &bad, 0, 0, "s of the start lane");
    bad = good;
    bad.speed_m_s = NAN;
    refused(net, &bad, 0, 0, "speed_m_s");
    bad = good;
    bad.vehicle.mass_kg = -1.0;
    refused(net, &bad, 0, 0, "mass_kg");
    bad = good;
    bad.goal_lane = good.lane; // behind it, and the arm's end is dead
    bad.goal_s_m = 5.0;
    refused(net, &bad, 0, 0, "ego");
    bad = good;
    bad.external = false;
    bad.lane = bt_lane_find(net, 0, 30.0, -3); // a sidewalk
    refused(net, &bad, BT_SIM_NONE, 0, "not for driving");
    bt_vec3 path[2] = {{0.0, 0.0, 0.0}, {0.0, INFINITY, 0.0}};
    bad = (bt_actor_desc){.name = "w", .kind = BT_ACTOR_WALKER, .height_m = 1.7};
    refused(net, &bad, BT_SIM_NONE, 0, "at least 2 points");
    bad.path = path;
    bad.path_count = 2;
    refused(net, &bad, BT_SIM_NONE, 0, "not finite");
    path[1].y = 0.0;
    refused(net, &bad, BT_SIM_NONE, 0, "0 m long");
    bad = (bt_actor_desc){.name = "head", .kind = BT_ACTOR_FIXTURE, .signal = 99};
    refused(net, &bad, BT_SIM_NONE, 0, "no signal 99");
    bt_road_network_destroy(net);
}

static void test_spawn_ego(void)
{
    bt_road_network *net = network_crossing(1);
    uint32_t lane, goal;
    double s, goal_s;
    for (uint64_t seed = 0; seed < 8; seed++) {
        CHECK_OK(bt_spawn_ego_start(net, seed, &lane, &s));
        CHECK(bt_road_lane_get(net, lane)->id == 1); // those lead on, the others out of the map
        CHECK_OK(bt_spawn_ego_goal(net, seed, lane, s, 200.0, &goal, &goal_s));
        bt_route *route = NULL;
        CHECK_OK(bt_route_find(net, lane, s, goal, goal_s, &route));
        CHECK_NEAR(bt_route_length(route), 200.0, 1.0);
        bt_route_destroy(route);
    }
    CHECK(bt_spawn_ego_goal(net, 1, bt_lane_find(net, 0, 150.0, -1), 150.0, 100.0, &goal,
                            &goal_s) == BT_ERR_INPUT);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_ego_on_ring();
    test_ego_lamps();
    test_others_yield();
    test_walker();
    test_walker_crosses();
    test_walkers_meet();
    test_walks_round();
    test_narrow_for_trailers();
    test_fixture();
    test_bad_input();
    test_spawn_ego();
    return check_end();
}
