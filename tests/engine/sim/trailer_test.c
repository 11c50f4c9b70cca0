// trailer_test.c: tyres over edges and trailers on kerbs, against closed forms.
#include "engine/sim/trailer.h"

#include "engine/road/opendrive.h"
#include "engine/sim/audit.h"
#include "engine/sim/edge.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#include <math.h>

#define DT 0.01
#define KERB_M 0.12

static bt_vehicle truck(void)
{
    bt_vehicle v = fixture_truck();
    v.trailer_axles = 3.0;
    v.trailer_axle_gap_m = 1.3;
    v.trailer_track_m = 2.1;
    v.trailer_tyre_m = 0.37;
    v.ride_frequency_hz = 1.6;
    v.ride_damping = 0.25;
    return v;
}

// ---- tyres ------------------------------------------------------------------------------------
// How far an edge lifts one whose middle is away before it, its course at an angle to the edge, which bends away from it.
static double over_edge(const bt_wheel_shape *w, double away, double angle, double bend,
                        double rise)
{
    bt_vec3 through[3];
    for (int i = 0; i < 3; i++) {
        double along = 1.5 * (i - 1), towards = away + 0.5 * bend * along * along;
        through[i] = bt_vec3_make(towards * sin(angle) + along * cos(angle),
                                  towards * cos(angle) - along * sin(angle), rise);
    }
    return bt_wheel_over_edge(w, through);
}

// Square on, the middle rolls over the edge on a circle about it: from sqrt(2 R h - h^2) before it on.
static void test_step(void)
{
    bt_wheel_shape w = {0.5, 0.3};
    double begins = sqrt(2.0 * w.radius_m * KERB_M - KERB_M * KERB_M);
    CHECK(over_edge(&w, begins + 1e-6, 0.5 * BT_PI, 0.0, KERB_M) == 0.0);
    for (int i = 0; i <= 20; i++) {
        double x = begins * i / 20.0, lift = over_edge(&w, x, 0.5 * BT_PI, 0.0, KERB_M);
        // from the edge to the middle it is one radius
        CHECK_NEAR(hypot(x, w.radius_m + lift - KERB_M), w.radius_m, 1e-12);
    }
    CHECK(over_edge(&w, 0.1, 0.5 * BT_PI, 0.0, -KERB_M) == 0.0); // downwards it is still up here
}

// At any angle: the most that any point of the tread has to be lifted, tried one by one.
static double tried(const bt_wheel_shape *w, double away, double angle, double bend, double rise)
{
    double most = 0.0;
    for (int i = -400; i <= 400; i++)
        for (int k = -20; k <= 20; k++) {
            double u = w->radius_m * i / 400.0, y = 0.5 * w->width_m * k / 20.0;
            double towards = u * sin(angle) + y * cos(angle);
            double along = u * cos(angle) - y * sin(angle);
            if (towards < away + 0.5 * bend * along * along) continue;
            most = fmax(most, rise - w->radius_m + sqrt(w->radius_m * w->radius_m - u * u));
        }
    return most;
}

static void test_any_angle(void)
{
    bt_wheel_shape w = {0.5, 0.37};
    double worst = 0.0;
    for (int i = 0; i <= 12; i++)
        for (int k = 0; k < 30; k++) {
            double angle = BT_PI * i / 12.0, away = 0.02 * k;
            double lift = over_edge(&w, away, angle, 0.0, KERB_M);
            worst = fmax(worst, fabs(lift - tried(&w, away, angle, 0.0, KERB_M)));
        }
    CHECK(worst < 2e-3); // 1.25 mm between points tried, slope below one
}

// Nearly along kerbs of 8 m radius: far too low or too high if they were straight.
static void test_bend(void)
{
    bt_wheel_shape w = {0.5, 0.37};
    double worst = 0.0, straight = 0.0;
    for (int bends = -1; bends <= 1; bends += 2)
        for (int i = 1; i <= 4; i++)
            for (int k = 0; k < 30; k++) {
                double angle = 0.03 * i, away = 0.18 + 0.002 * k, bend = bends / 8.0;
                double wanted = tried(&w, away, angle, bend, KERB_M);
                double lift = over_edge(&w, away, angle, bend, KERB_M);
                worst = fmax(worst, fabs(lift - wanted));
                lift = over_edge(&w, away, angle, 0.0, KERB_M);
                straight = fmax(straight, fabs(lift - wanted));
            }
    CHECK(worst < 2e-3);
    CHECK(straight > 0.05);
}

// A straight edge that ends, at any place and angle below the tread: the most that any point of it has to be lifted.
static double tried_end(const bt_wheel_shape *w, bt_vec3 p, bt_vec3 q)
{
    double most = 0.0;
    for (int i = 0; i <= 4000; i++) {
        bt_vec3 at = bt_vec3_lerp(p, q, i / 4000.0);
        if (fabs(at.y) > 0.5 * w->width_m || fabs(at.x) >= w->radius_m) continue;
        most = fmax(most, at.z - w->radius_m + sqrt(w->radius_m * w->radius_m - at.x * at.x));
    }
    return most;
}

static double over_end(const bt_wheel_shape *w, bt_vec3 p, bt_vec3 q)
{
    return bt_wheel_over_edge(w, (bt_vec3[3]){p, bt_vec3_lerp(p, q, 0.5), q});
}

static void test_end(void)
{
    bt_wheel_shape w = {0.35, 0.21};
    uint32_t lifted = 0, free = 0;
    double worst = 0.0;
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < 12; k++)
            for (int n = 0; n < 12; n++) {
                double turn = BT_PI * n / 6.0;
                bt_vec3 p = {0.1 * (i - 4) + 0.01, 0.05 * (k - 6), KERB_M};
                bt_vec3 q = {p.x + 0.6 * cos(turn), p.y + 0.6 * sin(turn), KERB_M};
                double wanted = tried_end(&w, p, q), lift = over_end(&w, p, q);
                worst = fmax(worst, fabs(lift - wanted));
                lifted += lift > 0.0;
                free += lift == 0.0;
            }
    CHECK(worst < 1e-3); // 0.15 mm between points tried, at a slope below two
    CHECK(lifted > 100 && free > 100);
    CHECK(over_end(&w, (bt_vec3){0.0, 0.0, -0.1}, (bt_vec3){0.0, 1.0, -0.1}) == 0.0);
}

// The same over a road: a lane, a kerb beyond it.
static void test_road(void)
{
    bt_road_network *net = network_kerb_corner(40.0, 12.0, KERB_M);
    bt_wheel_shape w = {0.5, 0.37};
    for (int i = 0; i < 40; i++) {
        double y = -2.8 - 0.02 * i, angle = -0.5;
        bt_road_location at;
        bt_vec3 place = {20.0, y, 0.0};
        CHECK(bt_road_locate(net, place, BT_ROAD_NONE, &at));
        bt_wheel_stance stance = {angle, bt_vec3_make(0.0, 0.0, 1.0)};
        double up = bt_contact_rise(net, place, &at, &stance, &w) - at.height_m;
        double wanted = y <= -3.5 ? KERB_M : tried(&w, y + 3.5, -angle, 0.0, KERB_M);
        CHECK_NEAR(up, wanted, 2e-3);
    }
    bt_road_network_destroy(net);
}

// A pitched body's lowest point of a round wheel: the hub is one radius above the ground.
static void test_pitched(void)
{
    bt_road_network *net = network_kerb_corner(40.0, 12.0, KERB_M);
    bt_wheel_shape w = {0.5, 0.37};
    bt_road_location at;
    const bt_vec3 place = {10.0, -1.75, 0.0};
    CHECK(bt_road_locate(net, place, BT_ROAD_NONE, &at));
    for (int i = -10; i <= 10; i++) {
        double pitch = 0.035 * i;
        bt_wheel_stance stance = {0.0, bt_vec3_make(-sin(pitch), 0.0, cos(pitch))};
        double up = bt_contact_rise(net, place, &at, &stance, &w) - at.height_m;
        CHECK_NEAR(up + w.radius_m * stance.up.z, w.radius_m, 1e-9);
        // leaning to a side does not count
        bt_wheel_stance across = {0.5 * BT_PI, stance.up};
        CHECK_NEAR(bt_contact_rise(net, place, &at, &across, &w), at.height_m, 1e-9);
    }
    bt_road_network_destroy(net);
}

// ---- body -------------------------------------------------------------------------------------
static bt_trailer on_level(const bt_vehicle *v, const bt_ride *tractor)
{
    bt_trailer t;
    bt_pose pose = BT_POSE_IDENTITY;
    bt_trailer_init(v, &pose, 0.0, &t);
    bt_trailer_settle(v, tractor, 0.0, &t);
    return t;
}

// A kerb below all wheels of the right side leans the body to the left by h / track, less what the hitch holds.
static void test_lean(void)
{
    bt_vehicle v = truck();
    bt_ride tractor = {0};
    bt_trailer t = on_level(&v, &tractor);
    CHECK(t.roll_rad == 0.0 && t.z_m == 0.0);
    for (int i = 1; i < BT_TRAILER_WHEELS; i += 2)
        t.ground_m[i] = KERB_M;
    for (int i = 0; i < 3000; i++)
        bt_trailer_ride(&v, &tractor, 0.0, 0.0, 0.0, DT, &t);
    double twist = -asin(KERB_M / 2.1);
    double gravity = v.roll_gain_rad_s2_m * BT_GRAVITY_M_S2 * sin(twist);
    CHECK_NEAR(t.roll_rad, (1.0 - BT_HITCH_ROLL) * twist + gravity, 1e-9);
    CHECK_NEAR(t.z_m, 0.5 * KERB_M, 1e-9);
    // the tractor leans too: straight behind it by its roll, across behind it by its pitch
    tractor.roll_rad = 0.04;
    tractor.pitch_rad = -0.03;
    for (int i = 0; i < 3000; i++)
        bt_trailer_ride(&v, &tractor, 0.5, 0.0, 0.0, DT, &t);
    double lean = 0.04 * cos(0.5) - 0.03 * sin(0.5);
    CHECK_NEAR(t.roll_rad, (1.0 - BT_HITCH_ROLL) * twist + BT_HITCH_ROLL * lean + gravity, 1e-9);
}

// In steady turning it leans outwards by gain times v^2 / R, v and R the trailer's own.
static void test_turning(void)
{
    bt_vehicle v = truck();
    bt_ride tractor = {0};
    bt_trailer t = on_level(&v, &tractor);
    v.trailer_roll_gain_rad_s2_m = 0.012;
    double speed = 10.0, rate = 0.2, hitch = -0.3;
    t.hitch_rad = hitch;
    for (int i = 0; i < 3000; i++)
        bt_trailer_ride(&v, &tractor, hitch, speed, rate, DT, &t);
    CHECK_NEAR(t.roll_rad, 0.012 * speed * cos(hitch) * rate, 1e-9);
}

// Let go it swings with the sheet's frequencies, damped: times between crossings of zero are half periods.
static double half_period(bool roll)
{
    bt_vehicle v = truck();
    bt_ride tractor = {0};
    bt_trailer t = on_level(&v, &tractor);
    *(roll ? &t.roll_rad : &t.z_m) = 0.05;
    double first = 0.0, before = 0.05, dt = 1e-4;
    for (int i = 0; i < 40000; i++) {
        bt_trailer_ride(&v, &tractor, 0.0, 0.0, 0.0, dt, &t);
        double now = roll ? t.roll_rad : t.z_m;
        bool crosses = now * before < 0.0;
        before = now;
        if (!crosses) continue;
        if (first > 0.0) return i * dt - first;
        first = i * dt;
    }
    return 0.0;
}

static void test_frequencies(void)
{
    double shorter = sqrt(1.0 - 0.25 * 0.25);
    CHECK_NEAR(half_period(false), 0.5 / (1.6 * shorter), 1e-3);
    CHECK_NEAR(half_period(true), 0.5 / (BT_TRAILER_ROLL_HZ * shorter), 1e-3);
}

// However tractor and ground lie, the channels put the body at its height and lean and all wheels on their ground.
static void test_pose(void)
{
    bt_vehicle v = truck();
    bt_actor_pose pose = {
        .world_from_actor = {{5.0, -3.0, 1.0}, bt_quat_yaw_pitch_roll(0.3, 0.03, -0.04)}};
    pose.channel_rad[BT_CHANNEL_HITCH] = -0.6;
    bt_trailer t;
    bt_trailer_init(&v, &pose.world_from_actor, -0.6, &t);
    t.z_m = 1.2;
    t.roll_rad = -0.05;
    for (int i = 0; i < BT_TRAILER_WHEELS; i++)
        t.ground_m[i] = 1.1 + 0.03 * i - 0.02 * (i % 2);
    bt_trailer_pose(&v, &pose.world_from_actor, &t, pose.channel_rad);
    bt_pose body = bt_trailer_body(&v, &pose);
    CHECK_NEAR(bt_pose_point(body, bt_vec3_make(-v.trailer_wheelbase_m, 0.0, 0.0)).z, 1.2, 2e-3);
    CHECK_NEAR(bt_quat_rotate(body.rot, bt_vec3_make(0.0, 1.0, 0.0)).z, sin(-0.05), 1e-12);
    for (int i = 0; i < BT_TRAILER_WHEELS; i++) {
        double up = BT_SUSPENSION_ARM_M * sin(pose.channel_rad[BT_CHANNEL_TRAVEL_TRAILER + i]);
        bt_vec3 p = {0.0, 0.0, up};
        bt_trailer_wheel_place(&v, i, &p.x, &p.y);
        CHECK_NEAR(bt_pose_point(body, p).z, t.ground_m[i], 1e-12);
    }
}

static void test_places(void)
{
    bt_vehicle v = truck();
    double x, y;
    CHECK(bt_trailer_wheel_count(&v) == 6);
    bt_trailer_wheel_place(&v, 0, &x, &y);
    CHECK_NEAR(x, -7.5 + 1.3, 1e-12);
    CHECK_NEAR(y, 1.05, 1e-12);
    bt_trailer_wheel_place(&v, 5, &x, &y);
    CHECK_NEAR(x, -7.5 - 1.3, 1e-12);
    CHECK_NEAR(y, -1.05, 1e-12);
    v = fixture_truck(); // one axle, of the tractor's track
    CHECK(bt_trailer_wheel_count(&v) == 2);
    bt_trailer_wheel_place(&v, 1, &x, &y);
    CHECK_NEAR(x, -7.5, 1e-12);
    CHECK_NEAR(y, -0.5 * v.track_m, 1e-12);
}

// ---- in traffic -------------------------------------------------------------------------------
// Round a tight corner the trailer cuts over the kerb and comes down again; all wheels stand on the surface, by the
// audit's own search for it. On rails, or near an ego, by forces.
static void test_corner(bool near_ego)
{
    bt_road_network *net = network_kerb_corner(60.0, 14.0, KERB_M);
    bt_actor_desc actors[2] = {{.kind = BT_ACTOR_VEHICLE,
                                .name = "truck",
                                .vehicle = truck(),
                                .lane = bt_lane_find(net, 0, 25.0, -1),
                                .s_m = 25.0,
                                .speed_m_s = 4.0,
                                .desired_speed_m_s = 4.0,
                                .goal_lane = BT_ROAD_NONE}};
    actors[1] = actors[0];
    actors[1].vehicle = fixture_car();
    actors[1].s_m = 110.0;
    actors[1].lateral_m = 5.0; // stands beside the lane
    actors[1].external = true;
    actors[1].speed_m_s = 0.0;
    snprintf(actors[1].name, sizeof actors[1].name, "ego");
    bt_sim_desc desc = {.net = net,
                        .seed = 1,
                        .actors = actors,
                        .actor_count = near_ego ? 2 : 1,
                        .ego = near_ego ? 1 : BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.wheels_every = 1, .log = stdout});
    double highest = 0.0, lean = 0.0;
    const bt_actor_pose *pose = &bt_state_motion(a.state, 0)->pose;
    for (int i = 0; i < 2300; i++) {
        audited_step(&a, i, NULL);
        bt_pose body = bt_trailer_body(&actors[0].vehicle, pose);
        lean = fmax(lean, -asin(bt_quat_rotate(body.rot, bt_vec3_make(0.0, 1.0, 0.0)).z));
        bt_vec3 right = {0.0, 0.0, sin(pose->channel_rad[BT_CHANNEL_TRAVEL_TRAILER + 3])};
        bt_trailer_wheel_place(&actors[0].vehicle, 3, &right.x, &right.y);
        highest = fmax(highest, bt_pose_point(body, right).z);
    }
    const bt_audit_worst *wheel = &bt_audit_get(a.audit)->worst[BT_AUDIT_WHEEL];
    printf(
        "corner%s: up by %.3f m, leans by %.2f degrees, wheels off by %.4f m at most at %.2f s\n",
        near_ego ? " by forces" : "", highest, lean * 180.0 / BT_PI, wheel->value,
        bt_seconds(wheel->time_ns));
    CHECK(wheel->over == 0);
    CHECK_NEAR(highest, KERB_M, 1e-3);
    double twist = asin(KERB_M / 2.1); // leans to the left
    CHECK(lean > 0.5 * (1.0 - BT_HITCH_ROLL) * twist && lean < 1.5 * twist);
    CHECK_NEAR(pose->channel_rad[BT_CHANNEL_HITCH_ROLL], 0.0, 2e-3); // down again
    CHECK_NEAR(pose->channel_rad[BT_CHANNEL_HITCH_PITCH], 0.0, 2e-3);
    audited_end(&a);
    bt_road_network_destroy(net);
}

// On a slope each axle has a height of its own.
static void test_slope(void)
{
    bt_road_network *net = NULL;
    CHECK_OK(bt_opendrive_load("tests/support/straight.xodr", &net)); // climbs by 1 %
    bt_actor_desc actor = {.kind = BT_ACTOR_VEHICLE,
                           .name = "truck",
                           .vehicle = truck(),
                           .lane = bt_lane_find(net, bt_road_find(net, "1"), 30.0, -1),
                           .s_m = 30.0,
                           .speed_m_s = 8.0,
                           .goal_lane = BT_ROAD_NONE};
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = &actor, .actor_count = 1, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.wheels_every = 1});
    for (int i = 0; i < 500; i++) {
        audited_step(&a, i, NULL);
    }
    CHECK(bt_audit_get(a.audit)->worst[BT_AUDIT_WHEEL].value < 1e-3);
    audited_end(&a);
    bt_road_network_destroy(net);
}

// A car that is steered over the kerb: its wheels roll over the edge, one after the other, and it leans and pitches.
static void test_car_over_kerb(void)
{
    bt_road_network *net = network_kerb_corner(60.0, 14.0, KERB_M);
    bt_actor_desc actor = {.kind = BT_ACTOR_VEHICLE,
                           .name = "car",
                           .vehicle = fixture_car(),
                           .lane = bt_lane_find(net, 0, 10.0, -1),
                           .s_m = 10.0,
                           .speed_m_s = 4.0,
                           .external = true,
                           .goal_lane = BT_ROAD_NONE};
    bt_sim_desc desc = {.net = net, .seed = 1, .actors = &actor, .actor_count = 1};
    audited a = audited_begin(&desc, (bt_audit_desc){.wheels_every = 1});
    double lean = 0.0;
    for (int i = 0; i < 800; i++) {
        bt_command command = {.accel_m_s2 = 0.4,
                              .steer_rad = i < 170   ? -0.12
                                           : i < 340 ? 0.12
                                                     : 0.0};
        CHECK_OK(bt_sim_step(a.sim, a.state, &command));
        if (i % 5 == 0) bt_audit_look(a.audit, a.state);
        bt_quat rot = bt_state_motion(a.state, 0)->pose.world_from_actor.rot;
        lean = fmax(lean, -asin(bt_quat_rotate(rot, bt_vec3_make(0.0, 1.0, 0.0)).z));
    }
    const bt_audit_worst *wheel = &bt_audit_get(a.audit)->worst[BT_AUDIT_WHEEL];
    bt_vec3 at = bt_state_motion(a.state, 0)->pose.world_from_actor.pos;
    printf("car over the kerb: leans by %.2f degrees, wheels off by %.4f m at most, ends at %.2f "
           "%.2f %.3f\n",
           lean * 180.0 / BT_PI, wheel->value, at.x, at.y, at.z);
    CHECK(wheel->over == 0);
    CHECK(at.y < -4.5);
    CHECK_NEAR(at.z, KERB_M, 5e-3);
    // half of it by the axle that is up while the other is not yet
    CHECK(lean > 0.5 * asin(KERB_M / actor.vehicle.track_m));
    audited_end(&a);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_car_over_kerb();
    test_slope();
    test_step();
    test_any_angle();
    test_bend();
    test_end();
    test_road();
    test_pitched();
    test_lean();
    test_turning();
    test_frequencies();
    test_pose();
    test_places();
    test_corner(false);
    test_corner(true);
    return check_end();
}
