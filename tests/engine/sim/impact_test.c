// impact_test.c: impacts against closed forms, and what must hold for all of them; where boxes have met.
#include "engine/sim/touch.h"

#include "engine/core/random.h"
#include "tests/support/check.h"

#include <math.h>

#define EXACT 1e-9

static bt_impact_body body(double x, double y, double vx, double vy, double kg, double kg_m2)
{
    return (bt_impact_body){.x_m = x,
                            .y_m = y,
                            .vx_m_s = vx,
                            .vy_m_s = vy,
                            .per_kg = kg > 0.0 ? 1.0 / kg : 0.0,
                            .per_kg_m2 = kg_m2 > 0.0 ? 1.0 / kg_m2 : 0.0};
}

typedef struct sums {
    double px, py, spin, energy;
} sums;

static sums sums_of(const bt_impact_body *a, const bt_impact_body *b)
{
    sums s = {0};
    const bt_impact_body *both[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        const bt_impact_body *k = both[i];
        double m = 1.0 / k->per_kg, inertia = 1.0 / k->per_kg_m2;
        s.px += m * k->vx_m_s;
        s.py += m * k->vy_m_s;
        s.spin += m * (k->x_m * k->vy_m_s - k->y_m * k->vx_m_s) + inertia * k->rate_rad_s;
        s.energy += 0.5 * m * (k->vx_m_s * k->vx_m_s + k->vy_m_s * k->vy_m_s) +
                    0.5 * inertia * k->rate_rad_s * k->rate_rad_s;
    }
    return s;
}

// v1' = (m1 v1 + m2 v2 - m2 e (v1 - v2)) / (m1 + m2), and what that costs: m1 m2 / (m1 + m2) (1 - e^2) (v1 - v2)^2 / 2.
static void test_collinear(void)
{
    bt_impact_body a = body(0.0, 0.0, 15.0, 0.0, 1500.0, 2500.0);
    bt_impact_body b = body(4.5, 0.0, 3.0, 0.0, 1000.0, 1500.0);
    sums before = sums_of(&a, &b);
    bt_impact_contact c = {2.25, 0.0, 1.0, 0.0, 0.2, 0.5};
    bt_impact_result r = bt_impact_apply(&c, &a, &b);
    double common = (1500.0 * 15.0 + 1000.0 * 3.0) / 2500.0;
    CHECK_NEAR(a.vx_m_s, common - 1000.0 / 2500.0 * 0.2 * 12.0, EXACT);
    CHECK_NEAR(b.vx_m_s, common + 1500.0 / 2500.0 * 0.2 * 12.0, EXACT);
    CHECK_NEAR(a.rate_rad_s, 0.0, EXACT);
    CHECK_NEAR(r.normal_ns, 1.2 * 600.0 * 12.0, 1e-6);
    CHECK_NEAR(r.closing_m_s, 12.0, EXACT);
    double lost = 0.5 * 600.0 * (1.0 - 0.04) * 144.0;
    CHECK_NEAR(before.energy - sums_of(&a, &b).energy, lost, 1e-6);
    // they part now: nothing more happens
    CHECK(bt_impact_apply(&c, &a, &b).normal_ns == 0.0);
}

// Through the centres, but aslant: holds within the cone of friction, slides beyond, with the cone's edge as its impulse.
static void test_oblique(void)
{
    for (int i = 0; i < 2; i++) {
        double aside = i == 0 ? 2.0 : 12.0, friction = 0.5;
        bt_impact_body a = body(0.0, 0.0, 10.0, aside, 1200.0, 0.0);
        bt_impact_body b = body(4.0, 0.0, 0.0, 0.0, 1800.0, 0.0);
        bt_impact_contact c = {2.0, 0.0, 1.0, 0.0, 0.1, friction};
        bt_impact_result r = bt_impact_apply(&c, &a, &b);
        double mass = 1200.0 * 1800.0 / 3000.0;
        CHECK(r.sticks == (i == 0));
        CHECK_NEAR(r.normal_ns, 1.1 * mass * 10.0, 1e-6);
        CHECK_NEAR(r.tangent_ns, i == 0 ? 1.1 * mass * aside : friction * r.normal_ns, 1e-6);
        CHECK_NEAR(b.vy_m_s, r.tangent_ns / 1800.0, EXACT);
    }
}

// A body that stands, struck at its side d behind its centre by a heavy one: as a hammer strikes a rod, w = J d / I with
// J = v / (1/m + d^2/I).
static void test_off_centre(void)
{
    double m = 1500.0, inertia = 2500.0, d = 1.4;
    bt_impact_body hammer = body(-d, -3.0, 0.0, 12.0, 0.0, 0.0),
                   car = body(0.0, 0.0, 0.0, 0.0, m, inertia);
    bt_impact_contact c = {-d, -0.9, 0.0, 1.0, 0.0, 0.0};
    bt_impact_result r = bt_impact_apply(&c, &hammer, &car);
    double impulse = 12.0 / (1.0 / m + d * d / inertia);
    CHECK_NEAR(r.normal_ns, impulse, 1e-6);
    CHECK_NEAR(car.vy_m_s, impulse / m, EXACT);
    CHECK_NEAR(car.rate_rad_s, -impulse * d / inertia, EXACT);
    CHECK_NEAR(hammer.vy_m_s, 12.0, EXACT);
    // e of the way back, where both came from, with full impact
    bt_impact_body a = body(0.0, 0.0, 9.0, 1.0, 1400.0, 2300.0),
                   b = body(3.6, 0.8, -6.0, 0.5, 1900.0, 3500.0);
    a.rate_rad_s = 0.3;
    bt_impact_contact k = {2.0, 0.6, 1.0, 0.0, 0.3, 5.0};
    double x0, y0, x1, y1;
    bt_impact_relative(&a, &b, k.x_m, k.y_m, &x0, &y0);
    CHECK(bt_impact_apply(&k, &a, &b).sticks);
    bt_impact_relative(&a, &b, k.x_m, k.y_m, &x1, &y1);
    CHECK_NEAR(x1, -0.3 * x0, EXACT);
    CHECK_NEAR(y1, -0.3 * y0, EXACT);
}

static double draw(uint64_t i, uint32_t dim, double low, double high)
{
    return bt_random_range(7, BT_STREAM_TRAFFIC, i, dim, low, high);
}

// Whatever meets however: momentum and angular momentum stay, energy does not grow, nobody closes any more.
static void test_any(void)
{
    double worst_p = 0.0, worst_spin = 0.0, worst_energy = 0.0, worst_closing = 0.0;
    for (uint64_t i = 0; i < 20000; i++) {
        bt_impact_body a = body(0.0, 0.0, draw(i, 0, -30.0, 30.0), draw(i, 1, -30.0, 30.0),
                                draw(i, 2, 60.0, 3000.0), draw(i, 3, 20.0, 6000.0));
        bt_impact_body b =
            body(draw(i, 4, -4.0, 4.0), draw(i, 5, -4.0, 4.0), draw(i, 6, -30.0, 30.0),
                 draw(i, 7, -30.0, 30.0), draw(i, 8, 60.0, 3000.0), draw(i, 9, 20.0, 6000.0));
        a.rate_rad_s = draw(i, 10, -4.0, 4.0);
        b.rate_rad_s = draw(i, 11, -4.0, 4.0);
        double angle = draw(i, 12, 0.0, 6.2831853);
        bt_impact_contact c = {
            draw(i, 13, -3.0, 3.0), draw(i, 14, -3.0, 3.0), cos(angle), sin(angle),
            draw(i, 15, 0.0, 0.6),  draw(i, 16, 0.0, 1.0)};
        sums before = sums_of(&a, &b);
        bt_impact_result r = bt_impact_apply(&c, &a, &b);
        sums after = sums_of(&a, &b);
        double scale = fabs(r.normal_ns) + 1.0, vx, vy;
        worst_p = fmax(worst_p, hypot(after.px - before.px, after.py - before.py) / scale);
        worst_spin = fmax(worst_spin, fabs(after.spin - before.spin) / scale);
        worst_energy = fmax(worst_energy, (after.energy - before.energy) / before.energy);
        bt_impact_relative(&a, &b, c.x_m, c.y_m, &vx, &vy);
        if (r.closing_m_s > 0.0) worst_closing = fmax(worst_closing, -(vx * c.nx + vy * c.ny));
    }
    printf("20000 impacts: momentum off by %.1e, spin by %.1e of the impulse; energy gained %.1e; "
           "closing "
           "left %.1e m/s\n",
           worst_p, worst_spin, worst_energy, worst_closing);
    CHECK(worst_p < 1e-9);
    CHECK(worst_spin < 1e-9);
    CHECK(worst_energy < 1e-12);
    CHECK(worst_closing < 1e-6);
}

// 0.6 at a creep, about 0.24 at 5 m/s and 0.09 at 10, falling all the way.
static void test_restitution(void)
{
    CHECK(bt_impact_restitution(0.1) == 0.0); // leans
    CHECK_NEAR(bt_impact_restitution(0.5), 0.53, 0.01);
    CHECK_NEAR(bt_impact_restitution(5.0), 0.236, 0.005);
    CHECK_NEAR(bt_impact_restitution(10.0), 0.1, 1e-6);
    for (double v = 0.4; v < 60.0; v += 0.1)
        CHECK(bt_impact_restitution(v + 0.1) <= bt_impact_restitution(v));
}

static bt_footprint box(double x, double y, double yaw)
{
    return (bt_footprint){x, y, yaw, 2.25, 0.9, 0.0, 1.5};
}

// A nose that has come 0.1 m into a side: there, towards the side, 10 ms ago. The corners of two that pass: aside.
static void test_touch(void)
{
    bt_impact_body a = body(0.0, 0.0, 10.0, 0.0, 1500.0, 2500.0),
                   b = body(3.05, 0.5, 0.0, 0.0, 1500.0, 2500.0);
    bt_footprint one = box(0.0, 0.0, 0.0), two = box(3.05, 0.5, 0.5 * BT_PI);
    bt_touch t;
    CHECK(bt_touch_find(&one, &two, &a, &b, 0.02, &t));
    CHECK_NEAR(t.nx, 1.0, EXACT);
    CHECK_NEAR(t.depth_m, 0.1, EXACT);
    CHECK_NEAR(t.ago_s, 0.01, EXACT);
    CHECK_NEAR(t.x_m, 2.2, EXACT);
    CHECK_NEAR(t.y_m, 0.0, EXACT);
    // less deep along than aside, but it came from aside
    a = body(0.0, 0.0, 0.0, 10.0, 1500.0, 2500.0);
    b = body(4.45, 1.7, 0.0, 0.0, 1500.0, 2500.0);
    two = box(4.45, 1.7, 0.0);
    CHECK(bt_touch_find(&one, &two, &a, &b, 0.02, &t));
    CHECK_NEAR(t.ny, 1.0, EXACT);
    CHECK_NEAR(t.depth_m, 0.1, EXACT);
    // long within: the shorter way out
    CHECK(bt_touch_find(&one, &two, &a, &b, 0.0, &t));
    CHECK_NEAR(t.nx, 1.0, EXACT);
    CHECK_NEAR(t.depth_m, 0.05, EXACT);
    two = box(4.6, 0.0, 0.0);
    CHECK(!bt_touch_find(&one, &two, &a, &b, 0.02, &t));
}

// ---- hitched ----------------------------------------------------------------------------------
static bt_impact_body drawn(double hitch_x, bool struck)
{
    // who draws: centre of gravity at (0, 0); the rod back along x from the hitch, 8 m to its axle
    bt_impact_body b = {.per_kg = 1.0 / 12000.0, .per_kg_m2 = 1.0 / 40000.0};
    b.tow = (bt_impact_tow){.x_m = hitch_x,
                            .c = 1.0,
                            .length_m = 8.0,
                            .per_kg = 1.0 / 13000.0,
                            .struck = struck,
                            .draws_per_kg = b.per_kg,
                            .draws_per_kg_m2 = b.per_kg_m2};
    if (struck) b.x_m = hitch_x;
    return b;
}

// A very heavy body at 1 m/s across: nothing springs back, no friction.
static bt_impact_result blow(double x, double nx, double ny, bt_impact_body *b)
{
    bt_impact_body wall = {.x_m = x, .vx_m_s = -nx, .vy_m_s = -ny, .per_kg = 1e-12};
    const bt_impact_contact c = {x, 0.0, nx, ny, 0.0, 0.0};
    return bt_impact_apply(&c, b, &wall);
}

static void test_hitched(void)
{
    // across, at its axle: nobody else feels it; at the hitch: all is the vehicle's; between: by the lever
    bt_impact_body b = drawn(-1.0, true);
    bt_impact_result r = blow(-9.0, 0.0, 1.0, &b);
    CHECK_NEAR(r.normal_ns, 13000.0, 0.1);
    CHECK_NEAR(hypot(b.tow.draws_vx_m_s, b.tow.draws_vy_m_s), 0.0, 1e-12);
    CHECK_NEAR(b.tow.draws_rate_rad_s, 0.0, 1e-12);
    CHECK_NEAR(b.rate_rad_s, 1.0 / 8.0, 1e-6);
    b = drawn(-1.0, true);
    r = blow(-1.0, 0.0, 1.0, &b);
    CHECK_NEAR(1.0 / r.normal_ns, 1.0 / 12000.0 + 1.0 / 40000.0, 1e-8);
    CHECK_NEAR(b.tow.draws_vy_m_s, -r.normal_ns / 12000.0, 1e-9);
    CHECK_NEAR(b.tow.draws_rate_rad_s, r.normal_ns / 40000.0, 1e-9);
    b = drawn(-1.0, true);
    r = blow(-3.0, 0.0, 1.0, &b); // a quarter of the way
    CHECK_NEAR(b.tow.draws_vy_m_s, -0.75 * r.normal_ns / 12000.0, 1e-9);
    CHECK_NEAR(b.tow.draws_rate_rad_s, 0.75 * r.normal_ns / 40000.0, 1e-9);
    double hitch = 1.0 / 12000.0 + 1.0 / 40000.0; // the place goes by that of both ends
    CHECK_NEAR(1.0 / r.normal_ns, 0.5625 * hitch + 0.0625 / 13000.0, 1e-8);
    // along: both masses, on either
    for (int struck = 0; struck < 2; struck++) {
        b = drawn(-1.0, struck);
        r = blow(struck ? -9.0 : 3.0, 1.0, 0.0, &b);
        CHECK_NEAR(r.normal_ns, 25000.0, 0.1);
        CHECK_NEAR(struck ? b.tow.draws_vx_m_s : b.vx_m_s, -1.0, 1e-6);
    }
    // across on who draws: the rod turns about its axle, and holds nothing
    b = drawn(-1.0, false);
    r = blow(2.0, 0.0, 1.0, &b);
    CHECK_NEAR(1.0 / r.normal_ns, 1.0 / 12000.0 + 4.0 / 40000.0, 1e-8);
}

// ---- staged collisions ------------------------------------------------------------------------
// Rose et al. 2006, SAE 2006-01-0908: frontal offset collisions of a Honda Accord with a Chevrolet Blazer, a Chevrolet Trailblazer and
// a Mitsubishi Montero Sport at 35 mph each, 30 degrees between them. Figures as kept by pycrash (github.com/joe-cormier/pycrash,
// test_inputs_rose.py, vehicle_data_collection.py); whether its changes of velocity are measured or the paper's
// reconstruction of the test is not said there.
#define MPH 0.44704
#define FT 0.3048
#define LB 0.45359237
#define LB_FT_S2 1.3558179483
#define DEG (BT_PI / 180.0)

typedef struct staged {
    double weight_lb[2], inertia[2]; // lb ft s^2
    double reach_ft[2],
        reach_deg[2]; // of the point of impact from the centre of gravity, from its heading
    double heading_deg[2], speed_mph[2];
    double normal_deg, restitution;
    double delta_v_mph[2], delta_rate_deg_s[2], ratio; // published
} staged;

static bt_impact_body staged_body(const staged *s, int i)
{
    double heading = s->heading_deg[i] * DEG, to = heading + s->reach_deg[i] * DEG;
    double v = s->speed_mph[i] * MPH, reach = s->reach_ft[i] * FT;
    return (bt_impact_body){.x_m = -reach * cos(to),
                            .y_m = -reach * sin(to),
                            .vx_m_s = v * cos(heading),
                            .vy_m_s = v * sin(heading),
                            .per_kg = 1.0 / (s->weight_lb[i] * LB),
                            .per_kg_m2 = 1.0 / (s->inertia[i] * LB_FT_S2)};
}

static void check_staged(const char *name, const staged *s, double e, double off_v, double off_rate)
{
    bt_impact_body was[2], body[2];
    for (int i = 0; i < 2; i++)
        was[i] = body[i] = staged_body(s, i);
    double n = (s->normal_deg + 180.0) * DEG; // from the first to the second
    const bt_impact_contact c = {0.0, 0.0, cos(n), sin(n), e, 1.0};
    bt_impact_result r = bt_impact_apply(&c, &body[0], &body[1]);
    CHECK(r.sticks); // as published: all of the critical impulse ratio
    CHECK_NEAR(r.tangent_ns / r.normal_ns, s->ratio, 0.05);
    for (int i = 0; i < 2; i++) {
        double dv = hypot(body[i].vx_m_s - was[i].vx_m_s, body[i].vy_m_s - was[i].vy_m_s) / MPH;
        double rate = fabs(body[i].rate_rad_s) / DEG;
        printf("%s, car %d: change %.1f mph (%.1f published), %.0f deg/s (%.0f)\n", name, i + 1, dv,
               s->delta_v_mph[i], rate, s->delta_rate_deg_s[i]);
        CHECK_NEAR(dv, s->delta_v_mph[i], off_v * s->delta_v_mph[i]);
        // of the faster turn
        CHECK_NEAR(rate, s->delta_rate_deg_s[i], off_rate * s->delta_rate_deg_s[1]);
    }
}

static void test_staged(void)
{
    static const staged blazer = {{3451.1, 4695.4}, {2152, 2805}, {2.6, 5.7}, {23.8, 10.6},
                                  {180, 32},        {35.1, 35.0}, 55.0,       0.126,
                                  {39.5, 29.1},     {31, 182},    -0.51};
    static const staged trailblazer = {{3451.1, 5192.5}, {2152, 3563}, {2.3, 7.1}, {45.7, 11.2},
                                       {180, 30},        {35.0, 34.9}, 51.9,       0.089,
                                       {40.1, 26.6},     {108, 148},   -0.42};
    static const staged montero = {{3305.7, 4725.3}, {2066, 2889}, {2.8, 5.0}, {35.3, 13.2},
                                   {180, 30},        {34.7, 35.0}, 50.7,       0.095,
                                   {39.7, 27.8},     {68, 166},    -0.44};
    // the difference of the laws: (1 + e) on the tangential impulse too
    check_staged("test 4363", &blazer, blazer.restitution, 0.04, 0.17);
    check_staged("test 4364", &trailblazer, trailblazer.restitution, 0.04, 0.17);
    check_staged("test 4438", &montero, montero.restitution, 0.04, 0.17);
    // with the restitution of this speed, as crashes have it
    double e = bt_impact_restitution(23.4);
    check_staged("test 4363, own restitution", &blazer, e, 0.04, 0.17);
}

// SAE 931842, abstract: 0.2 to 0.4 where velocities change by 2 to 5 mph (the struck of two alike cars: half of (1 + e)
// times the closing speed), about 0.1 at medium speeds.
static void test_restitution_published(void)
{
    for (double v = 1.5; v < 5.0; v += 0.1) {
        double e = bt_impact_restitution(v), change = 0.5 * (1.0 + e) * v / MPH;
        if (change >= 2.6 && change <= 5.0) CHECK(e >= 0.2 && e <= 0.45);
    }
    CHECK_NEAR(bt_impact_restitution(9.0), 0.1, 0.05);
    CHECK_NEAR(bt_impact_restitution(25.0), 0.1, 1e-9);
}

int main(void)
{
    test_collinear();
    test_oblique();
    test_off_centre();
    test_any();
    test_restitution();
    test_touch();
    test_hitched();
    test_staged();
    test_restitution_published();
    return check_end();
}
