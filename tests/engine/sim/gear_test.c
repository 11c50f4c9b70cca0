// gear_test.c: wheels and cranks go round with the way, limbs reach what they hold, bicycles lean as the circle asks.
#include "engine/sim/audit.h"
#include "engine/sim/cycle.h"
#include "engine/sim/gear.h"
#include "engine/sim/sim.h"
#include "engine/sim/vehicle_lua.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/networks.h"

static void roll(const bt_gear *g, double speed, double rate, double seconds, bt_gear_state *s)
{
    for (int i = 0; i < (int)(100.0 * seconds); i++)
        bt_gear_roll(g, 0.01 * speed, 0.01 * rate, 0.01, s);
}

// A turn of the crank for 5.2 m, none while it slows down; tan(lean) = v^2 / (r g).
static void test_bicycle(void)
{
    bt_gear g = bt_gear_make(BT_GEAR_BICYCLE, 1.75);
    bt_gear_state s = {0};
    roll(&g, 5.0, 0.0, 10.0, &s);
    CHECK_NEAR(s.rolled_m[0], 50.0, 1e-6);
    CHECK_NEAR(s.stroke * 5.2, 50.0, 1e-6);
    double before = s.stroke;
    for (int i = 0; i < 100; i++)
        bt_gear_roll(&g, 0.01 * (5.0 - 0.02 * i), 0.0, 0.01, &s);
    CHECK_NEAR(s.stroke, before, 0.02);
    roll(&g, 5.0, 0.5, 1.0, &s); // radius of 10 m
    CHECK_NEAR(tan(bt_gear_lean(&s)), 25.0 / (10.0 * 9.80665), 1e-6);
    CHECK_NEAR(tan(s.steer_rad), 1.08 / 10.0, 1e-6);
}

// Turning on the spot the wheels of a wheelchair roll against each other.
static void test_wheelchair(void)
{
    bt_gear g = bt_gear_make(BT_GEAR_WHEELCHAIR, 1.7);
    bt_gear_state s = {0};
    roll(&g, 0.0, 1.0, 1.0, &s);
    CHECK_NEAR(s.rolled_m[1], 0.5 * g.track_m, 1e-6);
    CHECK_NEAR(s.rolled_m[0], -0.5 * g.track_m, 1e-6);
    CHECK(g.half_width_m <= 0.35 &&
          g.back_m + g.nose_m <= 1.25); // ISO 7193: 0.7 by 1.2 m, and toes
}

// Sizes for all who use them: knees and elbows stay bent, the knee by 30 degrees at the lowest pedal.
static void test_reach(void)
{
    for (int kind = BT_GEAR_WHEELCHAIR; kind < BT_GEAR_KIND_COUNT; kind++) {
        for (double h = kind == BT_GEAR_KICK_SCOOTER ? 1.3 : 1.5; h < 2.05; h += 0.1) {
            bt_gear g = bt_gear_make((bt_gear_kind)kind, h);
            double least_knee = 9.0, least_elbow = 9.0, most_knee = 0.0;
            for (int i = 0; i < 48; i++) {
                double c[BT_CHANNEL_COUNT] = {0};
                bt_gear_state s = {.stroke = i / 48.0};
                bt_gear_pose_rider(&g, &s, c);
                for (int right = 0; right < 2; right++) {
                    least_knee = fmin(least_knee, c[BT_CHANNEL_KNEE_LEFT + right]);
                    most_knee = fmax(most_knee, c[BT_CHANNEL_KNEE_LEFT + right]);
                    least_elbow = fmin(least_elbow, c[BT_CHANNEL_ELBOW_LEFT + right]);
                }
            }
            CHECK(least_knee > 0.03 && most_knee < 2.4 && least_elbow > 0.03);
            if (!(least_knee > 0.03 && least_elbow > 0.03 && most_knee < 2.4))
                printf("%s, %.1f m: knee %.2f to %.2f, elbow %.2f\n", bt_gear_name(g.kind), h,
                       least_knee, most_knee, least_elbow);
            if (kind == BT_GEAR_BICYCLE) CHECK_NEAR(least_knee, 0.52, 0.09);
            CHECK(g.tall_m > g.hips.z_m && g.tall_m < 2.4);
        }
    }
}

// On a ring: it leans as v^2 / (r g) asks, stands on the road, keeps its speed, and pedals.
static void test_on_the_road(void)
{
    bt_road_network *net = network_ring_lanes(20.0, 1);
    bt_actor_desc d = {.kind = BT_ACTOR_VEHICLE,
                       .name = "bicycle",
                       .speed_m_s = 5.0,
                       .desired_speed_m_s = 5.0,
                       .goal_lane = BT_ROAD_NONE,
                       .driver = {.accel_m_s2 = 0.6}};
    CHECK_OK(bt_vehicle_load("assets/vehicles/bicycle.lua", NULL, 0, &d.vehicle));
    for (uint32_t i = 0; i < bt_road_lane_count(net); i++)
        if (bt_lane_type_drivable(bt_road_lane_get(net, i)->type)) d.lane = i;
    d.s_m = 5.0;
    bt_sim_desc desc = {.net = net, .seed = 1, .actors = &d, .actor_count = 1, .ego = BT_SIM_NONE};
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, &state));
    for (int i = 0; i < 1500; i++)
        CHECK_OK(bt_sim_step(sim, state, NULL));
    // it sways: the means over a whole round
    double lean = 0.0, rate = 0.0, asked = 0.0;
    int steps = (int)(100.0 * 2.0 * BT_PI * 20.0 / 5.0 + 0.5);
    const bt_motion *m = NULL;
    for (int i = 0; i < steps; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        m = bt_state_motion(state, 0);
        bt_vec3 up = bt_quat_rotate(m->pose.world_from_actor.rot, bt_vec3_make(0.0, 0.0, 1.0));
        lean += hypot(up.x, up.y) / up.z / steps;
        rate += fabs(m->angular_velocity_rad_s.z) / steps;
        asked += m->speed_m_s * fabs(m->angular_velocity_rad_s.z) / 9.80665 / steps;
    }
    CHECK(m->speed_m_s > 4.0);
    CHECK_NEAR(lean, asked, 0.005);
    CHECK_NEAR(rate, m->speed_m_s / 20.0, 0.01);
    double bar = m->pose.channel_rad[BT_CHANNEL_STEER_LEFT];
    for (int front = 0; front < 2; front++) {
        bt_vec3 foot = bt_cycle_foot(&d.vehicle, &m->pose.world_from_actor, front == 1, bar);
        CHECK_NEAR(foot.z, 0.0, 1e-5);
    }
    CHECK(m->pose.channel_rad[BT_CHANNEL_CRANK] > 2.0 * BT_PI * 8.0);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    d.external = true;
    desc.ego = 0;
    CHECK(bt_sim_create(&desc, &sim) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "bicycle");
    bt_road_network_destroy(net);
}

// The foot is on the ground at rest alone: it comes down as the bicycle stops, and is off it at the first step.
static void test_foot_down(void)
{
    bt_gear g = bt_gear_make(BT_GEAR_BICYCLE, 1.75);
    bt_gear_state s = {0};
    roll(&g, 4.0, 0.0, 1.0, &s);
    CHECK(s.foot_down == 0.0);
    for (double speed = 4.0; speed > 0.0; speed -= 0.015) {
        bt_gear_roll(&g, 0.01 * speed, 0.0, 0.01, &s);
        CHECK(s.foot_down < 1.0 && (speed < 1.0 || s.foot_down == 0.0));
    }
    roll(&g, 0.0, 0.0, 1.0, &s);
    CHECK(s.foot_down == 1.0);
    CHECK_NEAR(bt_gear_stand_lean(&s), -BT_GEAR_STAND_RAD, 1e-12);
    bt_gear_roll(&g, 1e-5, 0.0, 0.01, &s);
    CHECK(s.foot_down < 1.0);
    roll(&g, 0.5, 0.0, 1.0, &s);
    CHECK(s.foot_down == 0.0);
}

// A cyclist who comes to the end of the road stands there, leaning to the foot on the ground, which does not slip.
static void test_stands(void)
{
    bt_road_network *net = network_two_way(100.0);
    bt_actor_desc d = {.kind = BT_ACTOR_VEHICLE,
                       .name = "bicycle",
                       .speed_m_s = 5.0,
                       .desired_speed_m_s = 5.0,
                       .lane = bt_lane_find(net, 0, 30.0, -1),
                       .s_m = 30.0,
                       .goal_lane = BT_ROAD_NONE};
    CHECK_OK(bt_vehicle_load("assets/vehicles/bicycle.lua", NULL, 0, &d.vehicle));
    bt_sim_desc desc = {.net = net, .seed = 1, .actors = &d, .actor_count = 1, .ego = BT_SIM_NONE};
    bt_gear g = bt_gear_make(BT_GEAR_BICYCLE, d.vehicle.rider_height_m);
    audited a = audited_begin(&desc, (bt_audit_desc){0});
    const bt_motion *m = bt_state_motion(a.state, 0);
    bt_vec3 first = {0.0, 0.0, 0.0};
    double slip = 0.0;
    bool down = false;
    for (int i = 0; i < 4000; i++) {
        audited_step(&a, i, NULL);
        m = bt_state_motion(a.state, 0);
        bt_vec3 ball =
            bt_pose_point(m->pose.world_from_actor, bt_gear_right_ball(&g, m->pose.channel_rad));
        bool on = fabs(m->pose.channel_rad[BT_CHANNEL_SADDLE] - g.swing_rad) < 1e-12;
        if (on && !down) first = ball;
        if (on) slip = fmax(slip, hypot(ball.x - first.x, ball.y - first.y));
        CHECK(!on || m->speed_m_s == 0.0);
        down = on;
    }
    bt_vec3 left = bt_quat_rotate(m->pose.world_from_actor.rot, bt_vec3_make(0.0, 1.0, 0.0));
    CHECK(down && m->speed_m_s == 0.0);
    CHECK_NEAR(asin(left.z), BT_GEAR_STAND_RAD, 1e-6); // its left side is up
    CHECK(slip < 1e-3);
    const bt_audit_worst *foot = &bt_audit_get(a.audit)->worst[BT_AUDIT_STAND];
    CHECK(foot->over == 0);
    CHECK_NEAR(
        bt_pose_point(m->pose.world_from_actor, bt_gear_right_ball(&g, m->pose.channel_rad)).z, 0.0,
        1e-3);
    printf("cyclist stands: foot %.2f mm off the ground, slips by %.2f mm\n", 1e3 * foot->value,
           1e3 * slip);
    audited_end(&a);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_foot_down();
    test_stands();
    test_bicycle();
    test_wheelchair();
    test_reach();
    test_on_the_road();
    return check_end();
}
