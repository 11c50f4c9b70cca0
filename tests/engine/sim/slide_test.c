// slide_test.c: what nobody drives slows by mu g on held wheels, rolls on free ones, spins out, and rests, on slopes too.
#include "engine/sim/slide.h"
#include "tests/engine/sim/fixture.h"
#include "tests/support/check.h"

#define DT 0.01

typedef struct run {
    bt_vehicle v;
    bt_ground ground;
    bt_drive d;
    double way_m, turned_rad, seconds, worst_m_s2;
} run;

static run begin(double vx, double vy, double rate, double slope)
{
    run r = {.v = fixture_car()};
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y;
        bt_wheel_place(&r.v, (bt_wheel)i, &x, &y);
        r.ground.z_m[i] = slope * x;
    }
    bt_drive_init(&r.v, &r.ground, 0.0, 0.0, 0.0, 0.0, &r.d);
    r.d.vx_m_s = vx;
    r.d.vy_m_s = vy;
    r.d.yaw_rate_rad_s = rate;
    return r;
}

static void step(run *r, unsigned held)
{
    const bt_drive *d = &r->d;
    double speed = hypot(d->vx_m_s, d->vy_m_s);
    bt_slide_step(&r->v, &r->ground, held, DT, &r->d);
    double after = hypot(d->vx_m_s, d->vy_m_s);
    r->way_m += 0.5 * (speed + after) * DT;
    r->turned_rad += d->yaw_rate_rad_s * DT;
    r->seconds += DT;
    r->worst_m_s2 = fmax(r->worst_m_s2, fabs(speed - after) / DT);
}

static void until_rest(run *r, unsigned held)
{
    for (int i = 0; i < 3000 && !bt_slide_rests(&r->d); i++)
        step(r, held);
    CHECK(bt_slide_rests(&r->d));
}

// Held wheels: v^2 / 2 mu g, whichever way it goes, and never more than mu g.
static void test_held(void)
{
    const double along[3] = {20.0, 0.0, -12.0}, aside[3] = {0.0, 15.0, 9.0};
    for (int i = 0; i < 3; i++) {
        run r = begin(along[i], aside[i], 0.0, 0.0);
        until_rest(&r, BT_SLIDE_HELD_ALL);
        double v2 = along[i] * along[i] + aside[i] * aside[i], mu_g = 0.9 * BT_GRAVITY_M_S2;
        printf("slides %.2f m, %.2f s, at most %.2f m/s^2\n", r.way_m, r.seconds, r.worst_m_s2);
        CHECK_NEAR(r.way_m, v2 / (2.0 * mu_g), 0.003 * v2 / (2.0 * mu_g));
        CHECK(r.worst_m_s2 < mu_g + 1e-6);
    }
}

// Free wheels: rolling resistance alone; pushed aside at rest: mu g across; rear wheels held: their share of mu g.
static void test_free(void)
{
    run r = begin(15.0, 0.0, 0.0, 0.0);
    for (int i = 0; i < 200; i++)
        step(&r, 0);
    CHECK_NEAR(15.0 - r.d.vx_m_s, 0.01 * BT_GRAVITY_M_S2 * 2.0, 0.01);
    CHECK_NEAR(r.d.vy_m_s, 0.0, 1e-9);
    run aside = begin(0.0, 8.0, 0.0, 0.0);
    for (int i = 0; i < 20; i++)
        step(&aside, 0);
    CHECK_NEAR(8.0 - aside.d.vy_m_s, 0.9 * BT_GRAVITY_M_S2 * 0.2, 0.15);
    run rear = begin(15.0, 0.0, 0.0, 0.0);
    until_rest(&rear, BT_SLIDE_HELD_REAR);
    // N of the rear = m (g a - slows h) / L, a: from the front axle to the centre of gravity; slows = mu N / m
    double mu = 0.9, h = 0.55, l = 2.7, a = 2.7 - 1.5;
    double g = BT_GRAVITY_M_S2, slows = mu * g * a / (l + mu * h);
    CHECK_NEAR(rear.way_m, 225.0 / (2.0 * slows), 0.05 * rear.way_m);
}

// A car struck at its tail spins, and rests; it loses energy in every step.
static void test_spins(void)
{
    for (unsigned held = 0; held <= BT_SLIDE_HELD_ALL; held += BT_SLIDE_HELD_ALL) {
        run r = begin(12.0, -3.0, 4.0, 0.0);
        for (int i = 0; i < 1500; i++) {
            double before = bt_drive_energy_j(&r.v, &r.d);
            step(&r, i < 300 ? held : BT_SLIDE_HELD_ALL);
            CHECK(bt_drive_energy_j(&r.v, &r.d) <= before + 1e-9);
        }
        printf("spins by %.0f degrees, %.1f m\n", r.turned_rad / BT_RAD_PER_DEG, r.way_m);
        CHECK(r.turned_rad > 1.0);
        CHECK(bt_slide_rests(&r.d));
    }
}

// On a slope of 20 % held wheels hold, to the bit; free ones let it roll down.
static void test_slope(void)
{
    run r = begin(0.0, 0.0, 0.0, 0.2);
    for (int i = 0; i < 300; i++)
        step(&r, BT_SLIDE_HELD_ALL);
    CHECK(r.d.x_m == 0.0 && r.d.y_m == 0.0 && r.d.yaw_rad == 0.0);
    run rolls = begin(0.0, 0.0, 0.0, 0.2);
    for (int i = 0; i < 100; i++)
        step(&rolls, 0);
    double slope = asin(0.2);
    CHECK_NEAR(rolls.d.vx_m_s, -BT_GRAVITY_M_S2 * (sin(slope) - 0.01 * cos(slope)), 0.05);
}

int main(void)
{
    test_held();
    test_free();
    test_spins();
    test_slope();
    return check_end();
}
