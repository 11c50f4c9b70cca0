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

// Where the ball of the right foot is in the world: the bicycle at a place, leaning.
static bt_vec3 ball_at(const bt_gear *g, const bt_gear_state *s, double x, double y, double yaw)
{
    double c[BT_CHANNEL_COUNT] = {0};
    bt_gear_pose_rider(g, s, c);
    bt_pose pose = {{x, y, 0.0}, bt_quat_yaw_pitch_roll(yaw, 0.0, -bt_gear_stand_lean(s))};
    return bt_pose_point(pose, bt_gear_right_ball(g, c));
}

// Slowly, with the bar turned: the foot stays where it is until it is behind, then it leaves the ground.
static void test_set_off(const bt_gear *g, bt_gear_state s)
{
    double x = 0.0, y = 0.0, yaw = 0.0, speed = 0.0, gone = 0.0, slip = 0.0, up = 0.0;
    bt_vec3 first = ball_at(g, &s, 0.0, 0.0, 0.0);
    while (s.foot_down >= 1.0 && gone < 1.0) {
        bt_vec3 now = ball_at(g, &s, x, y, yaw);
        slip = fmax(slip, hypot(now.x - first.x, now.y - first.y));
        up = fmax(up, fabs(now.z));
        speed += 0.002;
        double way = 0.01 * speed, turn = 0.4 * way;
        bt_gear_roll(g, way, turn, 0.01, &s);
        x += way * cos(yaw + 0.5 * turn);
        y += way * sin(yaw + 0.5 * turn);
        yaw += turn;
        gone += way;
    }
    printf("%.1f m tall, sets off: foot slips by %.4f mm, %.4f mm off the ground, for %.2f m\n",
           g->height_m, 1e3 * slip, 1e3 * up, gone);
    // what it turns aside is taken as if it stood upright: 0.4 % of 3 cm
    CHECK(slip < 2e-4 && up < 1e-6);
    CHECK(gone > 0.1 && gone < 0.2);
    for (int i = 0; i < 100; i++)
        bt_gear_roll(g, 0.01 * (speed + 0.01 * i), 0.0, 0.01, &s);
    CHECK(s.foot_down == 0.0 && hypot(s.foot_x_m, s.foot_y_m) < 0.01);
}

// The foot comes down as the bicycle stops, and is on the ground when it nearly stands, no sooner.
static void test_foot_down(double height)
{
    bt_gear g = bt_gear_make(BT_GEAR_BICYCLE, height);
    bt_gear_state s = {0};
    roll(&g, 4.0, 0.0, 1.0, &s);
    CHECK(s.foot_down == 0.0);
    for (double speed = 4.0; speed > 0.0; speed -= 0.015) {
        bt_gear_roll(&g, 0.01 * speed, 0.0, 0.01, &s);
        CHECK(speed < 0.15 || (s.foot_down < 0.95 && (speed < 1.0 || s.foot_down == 0.0)));
    }
    roll(&g, 0.0, 0.0, 1.0, &s);
    CHECK(s.foot_down == 1.0);
    CHECK_NEAR(bt_gear_stand_lean(&s), -BT_GEAR_STAND_RAD, 1e-12);
    test_set_off(&g, s);
}

// Who creeps on takes steps: the foot stays near the ground, and is on it again when the bicycle stands.
static void test_creeps(void)
{
    bt_gear g = bt_gear_make(BT_GEAR_BICYCLE, 1.75);
    bt_gear_state s = {.foot_down = 1.0};
    double least = 1.0;
    for (int i = 0; i < 400; i++) {
        roll(&g, 0.11 * i / 400.0, 0.0, 0.01, &s);
        least = fmin(least, s.foot_down);
    }
    CHECK(least < 0.9 && least > 0.6);
    roll(&g, 0.0, 0.0, 0.6, &s);
    CHECK(s.foot_down == 1.0);
}

// On ground that is lower or higher beside the wheels, a kerb too, the foot reaches it: by leaning, then by the leg.
static void test_uneven(void)
{
    double worst = 0.0;
    for (double h = 1.5; h < 2.05; h += 0.1)
        for (double up = -0.015; up < 0.151; up += 0.015) {
            bt_gear g = bt_gear_make(BT_GEAR_BICYCLE, h);
            bt_gear_state s = {.foot_down = 1.0, .foot_up_m = up};
            worst = fmax(worst, fabs(ball_at(&g, &s, 0.0, 0.0, 0.0).z - up));
            CHECK(bt_gear_stand_lean(&s) < -0.02 && bt_gear_stand_lean(&s) > -0.2);
        }
    printf("beside ground 15 mm lower to 150 mm higher: foot off it by %.4f mm\n", 1e3 * worst);
    CHECK(worst < 1e-6);
}

// A straight road of a lane, tilted to one side.
static bt_road_network *tilted(double bank_rad)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_add(t,
             "<road id=\"1\" length=\"100\" junction=\"-1\"><planView><geometry s=\"0\" x=\"0\" "
             "y=\"0\" hdg=\"0\" length=\"100\"><line/></geometry></planView><lateralProfile>"
             "<superelevation s=\"0\" a=\"%g\" b=\"0\" c=\"0\" d=\"0\"/></lateralProfile>\n",
             bank_rad);
    text_add(t, "<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center>"
                "<right>\n");
    text_lane(t, -1, "driving", 3.5, "");
    text_add(t, "</right></laneSection></lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

// Beside a kerb the foot stands on what is highest under its sole.
static void test_foot_at_kerb(void)
{
    const double kerb = 0.12, edge = -3.5;
    bt_road_network *net = network_kerb_corner(60.0, 20.0, kerb);
    bt_vehicle v;
    CHECK_OK(bt_vehicle_load("assets/vehicles/bicycle.lua", NULL, 0, &v));
    bt_gear g = bt_gear_make(BT_GEAR_BICYCLE, v.rider_height_m);
    for (int mm = -100; mm <= 100; mm += 10) {
        bt_gear_state s = {.foot_down = 1.0};
        double x, y, from_edge = 1e-3 * mm + 0.5e-3;
        bt_gear_foot_place(&g, &s, &x, &y);
        bt_pose body = {{20.0, edge + from_edge - y, 0.0}, bt_quat_yaw_pitch_roll(0.0, 0.0, 0.0)};
        for (int i = 0; i < 50; i++)
            bt_cycle_find_foot(net, &v, &body, 0.01, &s);
        CHECK_NEAR(s.foot_up_m, from_edge < BT_GEAR_SOLE_M ? kerb : 0.0, 1e-4);
    }
    bt_road_network_destroy(net);
}

// A cyclist who comes to the end of the road stands there, leaning to the foot on the ground, which does not slip.
static void test_stands(double bank_rad)
{
    bt_road_network *net = tilted(bank_rad);
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
    audited a = audited_begin(&desc, (bt_audit_desc){.wheels_every = 1, .log = stdout});
    const bt_motion *m = bt_state_motion(a.state, 0);
    bt_vec3 first = {0.0, 0.0, 0.0}, ball = first;
    double slip = 0.0;
    bool down = false;
    for (int i = 0; i < 4000; i++) {
        audited_step(&a, i, NULL);
        m = bt_state_motion(a.state, 0);
        ball = bt_pose_point(m->pose.world_from_actor, bt_gear_right_ball(&g, m->pose.channel_rad));
        bool on = fabs(m->pose.channel_rad[BT_CHANNEL_SADDLE] - g.swing_rad) < 1e-12;
        if (on && !down) first = ball;
        if (on) slip = fmax(slip, hypot(ball.x - first.x, ball.y - first.y));
        CHECK(!on || m->speed_m_s < 0.15);
        down = on;
    }
    bt_vec3 left = bt_quat_rotate(m->pose.world_from_actor.rot, bt_vec3_make(0.0, 1.0, 0.0));
    bt_road_location at;
    CHECK(down && m->speed_m_s == 0.0);
    // its left side is up, the more the lower the ground is on the right; round tyres lift it by 0.1 mm
    CHECK_NEAR(asin(left.z), BT_GEAR_STAND_RAD + bank_rad, 1e-3);
    CHECK(slip < 1e-3);
    const bt_audit_report *r = bt_audit_get(a.audit);
    CHECK(r->worst[BT_AUDIT_STAND].over == 0 && r->worst[BT_AUDIT_WHEEL].value < 1e-3);
    CHECK(bt_road_locate(net, ball, BT_ROAD_NONE, &at));
    CHECK_NEAR(at.height_m, 0.0, 1e-4);
    printf("tilted by %.3f rad a cyclist stands: foot %.3f mm off the ground, slips by %.2f mm, "
           "wheels %.2f mm off\n",
           bank_rad, 1e3 * r->worst[BT_AUDIT_STAND].value, 1e3 * slip,
           1e3 * r->worst[BT_AUDIT_WHEEL].value);
    audited_end(&a);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_foot_down(1.62);
    test_foot_down(1.84);
    test_creeps();
    test_uneven();
    test_foot_at_kerb();
    test_stands(0.0);
    test_stands(0.05);
    test_stands(-0.04);
    test_bicycle();
    test_wheelchair();
    test_reach();
    test_on_the_road();
    return check_end();
}
