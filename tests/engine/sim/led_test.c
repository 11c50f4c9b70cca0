// led_test.c: actors that are moved from outside: they are where they are put, wheels roll, feet stand, trailers follow
// and climb kerbs, others see them, and nobody begins inside anybody.
#include "engine/sim/chassis.h"
#include "engine/sim/gait.h"
#include "engine/sim/sim.h"

#include "engine/road/opendrive.h"
#include "tests/engine/sim/fixture.h"
#include "tests/support/check.h"

#include <math.h>

#define STEP_S 0.01

static bt_road_network *net;

static bt_led_place place_at(double x_m, double y_m, double speed_m_s)
{
    // the road climbs by 1 %
    return (bt_led_place){
        .pos = {x_m, y_m, 0.01 * x_m}, .speed_m_s = speed_m_s, .lane = BT_ROAD_NONE};
}

static bt_actor_desc led(bt_actor_kind kind, const char *name, double x_m, double y_m)
{
    bt_actor_desc d = {.kind = kind,
                       .vehicle = fixture_car(),
                       .height_m = 1.8,
                       .led = true,
                       .goal_lane = BT_ROAD_NONE,
                       .size_m = {1.0, 2.0, 0.5},
                       .led_from = place_at(x_m, y_m, 0.0)};
    snprintf(d.name, sizeof d.name, "%s", name);
    return d;
}

static void open_state(const bt_actor_desc *actors, uint32_t count, bt_sim **sim, bt_state **state)
{
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    *state = NULL;
    CHECK_OK(bt_sim_create(&desc, sim));
    if (*sim) CHECK_OK(bt_state_create(*sim, state));
}

static void check_vehicle(void)
{
    bt_actor_desc car = led(BT_ACTOR_VEHICLE, "car", 20.0, -1.75);
    bt_sim *sim = NULL;
    bt_state *state = NULL, *copy = NULL;
    open_state(&car, 1, &sim, &state);
    for (int i = 1; i <= 300 && state; i++) {
        bt_led_place to = place_at(20.0 + 8.0 * STEP_S * i, -1.75, 8.0);
        bt_state_lead(state, 0, &to);
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i == 150) CHECK_OK(bt_state_copy(state, &copy));
        if (i <= 150 || !copy) continue;
        bt_state_lead(copy, 0, &to);
        CHECK_OK(bt_sim_step(sim, copy, NULL));
    }
    const bt_motion *m = bt_state_motion(state, 0);
    CHECK_NEAR(m->pose.world_from_actor.pos.x, 44.0, 0.01);
    CHECK_NEAR(m->speed_m_s, 8.0, 1e-12);
    CHECK_NEAR(m->velocity_m_s.x, 8.0, 0.01);
    // wheels roll: angle = way / radius
    CHECK_NEAR(m->pose.channel_rad[BT_CHANNEL_SPIN_REAR_LEFT], 24.0 / car.vehicle.wheel_radius_m,
               0.01);
    uint8_t one[32], two[32];
    CHECK_OK(bt_state_digest(state, one));
    CHECK_OK(bt_state_digest(copy, two));
    CHECK(memcmp(one, two, sizeof one) == 0);
    bt_state_destroy(copy);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
}

// A standing foot keeps its place: the ankle below the hip goes back as far as the hips go on.
static void check_walker(void)
{
    bt_actor_desc person = led(BT_ACTOR_WALKER, "person", 20.0, -1.75);
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    open_state(&person, 1, &sim, &state);
    double swing = 0.0, least = 1e9;
    for (int i = 1; i <= 300 && state; i++) {
        bt_led_place to = place_at(20.0 + 1.4 * STEP_S * i, -1.75, 1.4);
        bt_state_lead(state, 0, &to);
        CHECK_OK(bt_sim_step(sim, state, NULL));
        const double *c = bt_state_motion(state, 0)->pose.channel_rad;
        swing = fmax(swing, fabs(c[BT_CHANNEL_HIP_LEFT] - c[BT_CHANNEL_HIP_RIGHT]));
        if (i > 100) least = fmin(least, fabs(c[BT_CHANNEL_HIP_LEFT] - c[BT_CHANNEL_HIP_RIGHT]));
    }
    CHECK(swing > 0.5 && least < 0.1); // legs pass each other
    bt_state_destroy(state);
    bt_sim_destroy(sim);
}

// The trailer's axle leaves the lane for the sidewalk, 12 cm higher, and the trailer tilts by that.
static void check_trailer_on_kerb(void)
{
    bt_actor_desc truck = led(BT_ACTOR_VEHICLE, "truck", 40.0, -1.75);
    truck.vehicle = fixture_truck();
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    open_state(&truck, 1, &sim, &state);
    double level = 0.0;
    for (int i = 1; i <= 1200 && state; i++) {
        // moves over to the sidewalk within 20 m, then along it
        double way = 4.0 * STEP_S * i, aside = fmin(1.0, way / 20.0);
        bt_led_place to = place_at(40.0 + way, -1.75 - 2.75 * aside, 4.0);
        to.pitch_rad = -0.01;
        to.pos.z += aside >= 1.0 ? 0.12 : 0.0;
        to.yaw_rad = way < 20.0 ? -atan(2.75 / 20.0) : 0.0;
        bt_state_lead(state, 0, &to);
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i == 20) level = bt_state_motion(state, 0)->pose.channel_rad[BT_CHANNEL_HITCH_PITCH];
    }
    const bt_actor_pose *pose = &bt_state_motion(state, 0)->pose;
    bt_vec3 axle = bt_trailer_axle(&truck.vehicle, &pose->world_from_actor,
                                   pose->channel_rad[BT_CHANNEL_HITCH]);
    CHECK(axle.y < -3.5); // on the sidewalk
    CHECK_NEAR(pose->channel_rad[BT_CHANNEL_HITCH_PITCH], level, 0.01);
    CHECK_NEAR(pose->channel_rad[BT_CHANNEL_HITCH], 0.0, 0.05); // straightened again
    bt_state_destroy(state);
    bt_sim_destroy(sim);
}

// Traffic stops behind a thing in its lane.
static void check_seen(void)
{
    bt_actor_desc actors[2] = {led(BT_ACTOR_THING, "box", 100.0, -1.75)};
    uint32_t road = bt_road_find(net, "1");
    actors[1] = (bt_actor_desc){.kind = BT_ACTOR_VEHICLE,
                                .name = "car",
                                .vehicle = fixture_car(),
                                .lane = bt_lane_find(net, road, 30.0, -1),
                                .s_m = 30.0,
                                .speed_m_s = 10.0,
                                .goal_lane = BT_ROAD_NONE};
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    open_state(actors, 2, &sim, &state);
    for (int i = 0; i < 2500 && state; i++)
        CHECK_OK(bt_sim_step(sim, state, NULL));
    double front = bt_state_motion(state, 1)->pose.world_from_actor.pos.x + 3.6;
    CHECK(front < 99.5 && front > 95.0);
    CHECK_NEAR(bt_state_motion(state, 1)->speed_m_s, 0.0, 0.01);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
}

static void check_apart(void)
{
    static const struct {
        bt_actor_kind a, b;
        double gap_m;
        bool refused;
    } pairs[] = {{BT_ACTOR_THING, BT_ACTOR_THING, 0.5, true},
                 {BT_ACTOR_THING, BT_ACTOR_THING, 1.5, false},
                 {BT_ACTOR_VEHICLE, BT_ACTOR_THING, 3.0, true},
                 {BT_ACTOR_VEHICLE, BT_ACTOR_WALKER, 2.0, true},
                 {BT_ACTOR_WALKER, BT_ACTOR_WALKER, 0.1, false}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        bt_actor_desc actors[2] = {led(pairs[i].a, "first", 50.0, -1.75),
                                   led(pairs[i].b, "second", 50.0 + pairs[i].gap_m, -1.75)};
        bt_sim_desc desc = {.net = net, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
        bt_sim *sim = NULL;
        bt_state *state = NULL;
        CHECK_OK(bt_sim_create(&desc, &sim));
        bt_status status = bt_state_create(sim, &state);
        CHECK((status == BT_ERR_INPUT) == pairs[i].refused);
        if (pairs[i].refused)
            CHECK_CONTAINS(bt_error_message(), "'second' begins inside actor 'first' at x =");
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
}

static void check_refused(void)
{
    bt_actor_desc nowhere = led(BT_ACTOR_VEHICLE, "nowhere", (double)NAN, 0.0);
    bt_actor_desc flat = led(BT_ACTOR_THING, "flat", 10.0, 0.0);
    flat.size_m[2] = 0.0;
    const bt_actor_desc *bad[] = {&nowhere, &flat};
    for (int i = 0; i < 2; i++) {
        bt_sim_desc desc = {.net = net, .actors = bad[i], .actor_count = 1, .ego = BT_SIM_NONE};
        bt_sim *sim = NULL;
        CHECK(bt_sim_create(&desc, &sim) == BT_ERR_INPUT && sim == NULL);
        CHECK_CONTAINS(bt_error_message(), bad[i]->name);
    }
}

// ---- lamps that flash -------------------------------------------------------------------------
typedef struct flashes {
    int lit_ms, on, groups,
        longest_group_ms; // groups: flashes with dark of at least 100 ms between
    int dark_ms, group_ms;
} flashes;

static void look_at_lamp(bool lit, bool before, int step_ms, flashes *f)
{
    if (lit && !before) {
        f->on++;
        if (f->dark_ms >= 100 || f->groups == 0) f->groups++, f->group_ms = 0;
    }
    f->dark_ms = lit ? 0 : f->dark_ms + step_ms;
    f->group_ms += step_ms;
    if (lit) f->lit_ms += step_ms;
    if (lit && f->group_ms > f->longest_group_ms) f->longest_group_ms = f->group_ms;
}

// UN R65: 2 to 4 groups a second, none longer than 0.4 of the period; left and right never together.
static void check_beacons(void)
{
    bt_actor_desc car = led(BT_ACTOR_VEHICLE, "ambulance", 20.0, -1.75);
    car.emergency = true;
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    open_state(&car, 1, &sim, &state);
    flashes left = {0}, right = {0};
    uint32_t before = 0;
    for (int i = 0; i < 995 && state; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        uint32_t lamps = bt_state_motion(state, 0)->pose.lamps;
        CHECK((lamps & BT_LAMPS_BEACON) != BT_LAMPS_BEACON);
        look_at_lamp(lamps & BT_LAMP_BEACON_LEFT, before & BT_LAMP_BEACON_LEFT, 10, &left);
        look_at_lamp(lamps & BT_LAMP_BEACON_RIGHT, before & BT_LAMP_BEACON_RIGHT, 10, &right);
        before = lamps;
    }
    CHECK_NEAR(left.groups / 10.0, 2.5, 0.11);
    CHECK_NEAR(right.groups / 10.0, 2.5, 0.11);
    CHECK(left.on == 2 * left.groups && left.longest_group_ms <= 160);
    CHECK_NEAR(left.lit_ms / 10000.0, 0.25, 0.01);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
}

// A school bus's red lamps take turns, 60 to 120 a minute, and its arm is out within two seconds.
static void check_school_bus(void)
{
    bt_actor_desc bus = led(BT_ACTOR_VEHICLE, "bus", 20.0, -1.75);
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    open_state(&bus, 1, &sim, &state);
    bt_led_place to = place_at(20.0, -1.75, 0.0);
    flashes left = {0};
    uint32_t before = 0;
    double arm = 0.0;
    for (int i = 0; i < 1000 && state; i++) {
        to.lamps = BT_LAMPS_HALT;
        bt_state_lead(state, 0, &to);
        CHECK_OK(bt_sim_step(sim, state, NULL));
        uint32_t lamps = bt_state_motion(state, 0)->pose.lamps;
        double now = bt_state_motion(state, 0)->pose.channel_rad[BT_CHANNEL_STOP_ARM];
        uint32_t halt = lamps & BT_LAMPS_HALT;
        CHECK(halt == BT_LAMP_HALT_LEFT || halt == BT_LAMP_HALT_RIGHT);
        CHECK(now >= arm && now - arm < 0.02); // without a jump
        if (i == 200) CHECK_NEAR(now, 0.5 * BT_PI, 1e-9);
        arm = now;
        look_at_lamp(lamps & BT_LAMP_HALT_LEFT, before & BT_LAMP_HALT_LEFT, 10, &left);
        before = lamps;
    }
    CHECK(left.on >= 10 && left.on <= 20);
    CHECK_NEAR(left.lit_ms / 10000.0, 0.5, 0.05);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
}

// Who is led round a bend looks into it: as far as it leads in 0.7 s; straight on, and as a dog, straight ahead.
static void check_gaze(void)
{
    double rate = 0.5, pace = 1.3;
    for (int dog = 0; dog < 2; dog++) {
        bt_actor_desc person = led(BT_ACTOR_WALKER, "person", 20.0, -1.75);
        bt_sim *sim = NULL;
        bt_state *state = NULL;
        double x = 20.0, y = -1.75, yaw = 0.0;
        person.four_legged = dog;
        open_state(&person, 1, &sim, &state);
        for (int i = 1; i <= 400 && state; i++) {
            double straight = bt_state_motion(state, 0)->pose.channel_rad[BT_CHANNEL_HEAD];
            if (i <= 100) CHECK_NEAR(straight, 0.0, 1e-6);
            if (i > 100) yaw += rate * STEP_S;
            x += pace * STEP_S * cos(yaw - 0.5 * rate * STEP_S * (i > 100));
            y += pace * STEP_S * sin(yaw - 0.5 * rate * STEP_S * (i > 100));
            bt_led_place to = place_at(x, y, pace);
            to.yaw_rad = yaw;
            bt_state_lead(state, 0, &to);
            CHECK_OK(bt_sim_step(sim, state, NULL));
        }
        if (state)
            CHECK_NEAR(bt_state_motion(state, 0)->pose.channel_rad[BT_CHANNEL_HEAD],
                       dog ? 0.0 : 0.7 * rate, 0.08); // the spring trails what turns
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
}

int main(void)
{
    CHECK_OK(bt_opendrive_load("tests/support/straight.xodr", &net));
    check_vehicle();
    check_walker();
    check_gaze();
    check_trailer_on_kerb();
    check_seen();
    check_apart();
    check_refused();
    check_beacons();
    check_school_bus();
    bt_road_network_destroy(net);
    return check_end();
}
