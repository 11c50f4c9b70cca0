// wheel_test.c: wheels keep the ground where dense traffic found it hardest: a kerb that comes by a ramp, a kerb met at a small
// angle by a body that leans, a kerb's end, all edges of a town, a sag in a tight bend.
#include "engine/road/opendrive.h"
#include "engine/sim/contact.h"

#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"
#include "tests/engine/sim/put_wheel.h"

#include <math.h>

#define KERB_M 0.12
#define RAMP_FROM_M 10.0
#define RAMP_M 1.2
#define BORDER_M (-3.5)
#define OFF_MOST_M 0.01

static double roundness(double radius, double u)
{
    return radius - sqrt(radius * radius - u * u);
}

// A road and its sidewalk, whose heights are still to be added.
static text *sidewalk_begin(void)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_corner(t, 40.0, 20.0, -1.0);
    text_add(
        t, "<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", -BORDER_M, "");
    text_add(t, "<lane id=\"-2\" type=\"sidewalk\" level=\"false\"><width sOffset=\"0\" a=\"4\" "
                "b=\"0\" c=\"0\" d=\"0\"/>");
    return t;
}
static void add_height(text *t, double s_m, double height_m)
{
    text_add(t, "<height sOffset=\"%g\" inner=\"%g\" outer=\"%g\"/>", s_m, height_m, height_m);
}
static bt_road_network *sidewalk_take(text *t)
{
    text_add(t, "</lane>\n</right></laneSection></lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

// ---- a kerb that comes by a ramp --------------------------------------------------------------
static bt_road_network *ramped(void)
{
    text *t = sidewalk_begin();
    add_height(t, 0.0, 0.0);
    add_height(t, RAMP_FROM_M, 0.0);
    add_height(t, RAMP_FROM_M + RAMP_M, KERB_M);
    return sidewalk_take(t);
}

// The most that any point of the tread has to be lifted, tried one by one.
static double tried(const bt_wheel_shape *w, double x, double y, double angle)
{
    double most = 0.0;
    for (int i = -400; i <= 400; i++)
        for (int k = -20; k <= 20; k++) {
            double u = w->radius_m * i / 400.0, side = 0.5 * w->width_m * k / 20.0;
            if (y + u * sin(angle) + side * cos(angle) > BORDER_M) continue;
            double s = x + u * cos(angle) - side * sin(angle);
            double level = KERB_M * bt_clamp((s - RAMP_FROM_M) / RAMP_M, 0.0, 1.0);
            most = fmax(most, level - roundness(w->radius_m, u));
        }
    return most;
}

static void test_ramp(void)
{
    bt_road_network *net = ramped();
    bt_wheel_shape w = {0.5, 0.3};
    double worst = 0.0, highest = 0.0;
    for (int i = 0; i < 16; i++)
        for (int k = 0; k < 8; k++)
            for (int n = -2; n <= 2; n++) {
                double x = 9.6 + 0.12 * i, y = -3.19 - 0.03 * k, angle = 0.15 * n;
                bt_road_location at;
                bt_vec3 place = {x, y, 0.0};
                CHECK(bt_road_locate(net, place, BT_ROAD_NONE, &at));
                bt_wheel_stance stance = {angle, bt_vec3_make(0.0, 0.0, 1.0)};
                double wanted = tried(&w, x, y, angle);
                worst = fmax(worst, fabs(bt_contact_rise(net, place, &at, &stance, &w) - wanted));
                highest = fmax(highest, wanted);
            }
    printf("beside a ramp: at most %.4f m off, of %.3f m\n", worst, highest);
    // the edge's nearest point is taken: where it rises by 1:10 a farther one is R (1:10)^2 / 2 higher
    CHECK(worst < 0.5 * w.radius_m * 0.01 + 2e-3);
    CHECK(highest > 0.1);
    bt_road_network_destroy(net);
}

// ---- at a small angle -------------------------------------------------------------------------
// Where the foot has climbed to it stands as high as a wheel does there.
static void test_climb(void)
{
    bt_road_network *net = network_kerb_corner(40.0, 12.0, KERB_M);
    bt_wheel_shape w = {0.5, 0.3};
    bt_wheel_stance stance = {-0.03, bt_vec3_normalize(bt_vec3_make(0.0, -0.02, 1.0))};
    double worst = 0.0, at_once = 0.0;
    for (int i = 0; i < 60; i++) {
        bt_vec3 foot = {20.0, -3.3402 - 2e-4 * i, 0.0};
        bt_contact c = BT_CONTACT_NONE;
        double once = bt_contact_height(net, foot, &stance, 0.0, &w, &c);
        double z = bt_contact_climb(net, foot, &stance, 0.0, 1.0, &w, &c);
        bt_vec3 there = bt_vec3_mad(foot, stance.up, z / stance.up.z);
        double stands = bt_contact_height(net, there, &stance, 0.0, &w, &c);
        worst = fmax(worst, fabs(stands - z));
        at_once = fmax(at_once, fabs(stands - once));
        CHECK_NEAR(bt_contact_climb(net, foot, &stance, 0.0, 0.01, &w, &c), fmin(z, 0.01), 2e-3);
    }
    printf("at a small angle: off by %.4f m at most, %.4f m by one look\n", worst, at_once);
    CHECK(worst < 2e-3);
    CHECK(at_once > 0.01);
    bt_road_network_destroy(net);
}

// ---- before a kerb's end ----------------------------------------------------------------------
// A road with a kerb all along.
static bt_road_network *kerbed(void)
{
    text *t = sidewalk_begin();
    add_height(t, 0.0, KERB_M);
    return sidewalk_take(t);
}

// The most that a point of the kerb's corner and of its two edges lifts the tread, tried one by one.
static double tried_at_corner(const bt_wheel_shape *w, double x, double y, double angle)
{
    double most = 0.0, c = cos(angle), s = sin(angle);
    for (int i = -10000; i <= 10000; i++) {
        double dx = bt_max(0.0, 1e-4 * i) - x, dy = BORDER_M + bt_min(0.0, 1e-4 * i) - y;
        double u = dx * c + dy * s;
        if (fabs(dy * c - dx * s) > 0.4999 * w->width_m || fabs(u) > w->radius_m) continue;
        most = fmax(most, KERB_M - roundness(w->radius_m, u));
    }
    return most;
}

// Beyond the road's end, at all angles to the kerb: it stands on that by its round, as the audit sees it too.
static void test_before_end(void)
{
    bt_road_network *net = kerbed();
    const bt_wheel_shape w = {0.5, 0.3};
    double worst = 0.0, seen = 0.0;
    for (int k = 0; k < 400; k++) {
        double x = -0.06 - 0.02 * (k % 20), angle = 0.1 * (k / 20 - 10);
        bt_wheel_stance stance = {angle, {0.0, 0.0, 1.0}};
        bt_contact contact = BT_CONTACT_NONE;
        bt_vec3 place = {x, BORDER_M + 0.1, 0.0};
        bt_wheel_disc disc = {.ahead = {cos(angle), sin(angle), 0.0},
                              .left = {-sin(angle), cos(angle), 0.0},
                              .up = stance.up,
                              .shape = w};
        place.z = bt_contact_height(net, place, &stance, 0.0, &w, &contact);
        disc.foot = place;
        worst = fmax(worst, fabs(place.z - tried_at_corner(&w, x, place.y, angle)));
        if (angle == 0.0) seen = fmax(seen, bt_wheel_off_road(net, &disc));
    }
    printf("before a kerb's end: off by %.4f m at most, %.4f m to the audit\n", worst, seen);
    CHECK(worst < 1e-3);
    CHECK(seen < OFF_MOST_M);
    bt_road_network_destroy(net);
}

// ---- beside all edges -------------------------------------------------------------------------
// On a map: wheels at all angles beside kerbs, where those bend, widen and begin; those that may rest stand on the road.
static void test_map(const char *path, uint32_t each, double step_m)
{
    bt_road_network *net = NULL;
    uint32_t wheels = 0, off = 0;
    double worst = 0.0;
    CHECK_OK(bt_opendrive_load(path, &net));
    for (uint32_t lane = 0; lane < bt_road_lane_count(net); lane++) {
        const bt_lane *l = bt_road_lane_get(net, lane);
        uint64_t index = (uint64_t)lane << 32;
        for (double s = l->s0_m + 1e-3; l->id != 0 && s < l->s1_m; s += step_m)
            for (uint32_t k = 0; k < 2 * each; k++) {
                put_wheel w = put_wheel_draw(index++, lane, s, k % 2 == 0);
                if (!put_wheel_at_edge(net, &w) || !put_wheel_down(net, &w)) continue;
                wheels++;
                if (w.off_m < OFF_MOST_M || !put_wheel_may_rest(net, &w, 0.5 * OFF_MOST_M))
                    continue;
                off++;
                worst = fmax(worst, w.off_m);
            }
    }
    printf("%s: %u of %u wheels off by more than %g m, %.4f m at most\n", path, off, wheels,
           OFF_MOST_M, worst);
    CHECK(wheels > 1000);
    CHECK(off == 0);
    bt_road_network_destroy(net);
}

// ---- in a bend --------------------------------------------------------------------------------
// The heights of a road of CARLA's Town03 (OpenDRIVE, road 269), on a bend as tight as there.
static bt_road_network *sag_in_bend(void)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_corner(t, 30.0, 6.5, -1.0);
    text_add(t, "<elevationProfile><elevation s=\"0\" a=\"0\" b=\"0\" c=\"0\" d=\"0\"/>"
                "<elevation s=\"29\" a=\"0\" b=\"0\" c=\"-0.0080429\" d=\"0\"/>"
                "<elevation s=\"31.1719\" a=\"-0.0379376\" b=\"-0.0349357\" c=\"0\" d=\"0\"/>"
                "<elevation s=\"33.3438\" a=\"-0.1138138\" b=\"-0.0349357\" c=\"0.0167421\" "
                "d=\"0\"/><elevation s=\"35.5156\" a=\"-0.1107165\" b=\"0.0377871\" c=\"0\" "
                "d=\"0\"/></elevationProfile>\n");
    text_add(
        t, "<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", 3.5, "");
    text_add(t, "</right></laneSection></lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

static void test_sag(void)
{
    bt_road_network *net = sag_in_bend();
    bt_actor_desc car = {.kind = BT_ACTOR_VEHICLE,
                         .name = "car",
                         .vehicle = fixture_car(),
                         .lane = bt_lane_find(net, 0, 15.0, -1),
                         .s_m = 15.0,
                         .speed_m_s = 3.0,
                         .desired_speed_m_s = 3.0,
                         .goal_lane = BT_ROAD_NONE};
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = &car, .actor_count = 1, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.wheels_every = 1, .log = stdout});
    for (int i = 0; i < 1000; i++)
        audited_step(&a, i, NULL);
    const bt_audit_report *r = bt_audit_get(a.audit);
    printf("a sag in a bend: wheels off by %.4f m at most, on %.0f m\n",
           r->worst[BT_AUDIT_WHEEL].value, 1e3 * r->vehicle_km);
    CHECK(r->worst[BT_AUDIT_WHEEL].over == 0);
    CHECK(r->vehicle_km > 0.02);
    audited_end(&a);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_ramp();
    test_climb();
    test_before_end();
    test_map("assets/maps/town.xodr", 2, 3.0);
    test_sag();
    return check_end();
}
