// ride_test.c: the body on its springs: natural frequencies, damping, load, kerbs.
#include "engine/sim/ride.h"
#include "tests/engine/sim/fixture.h"
#include "tests/support/check.h"

#define DT 0.001

static double value(const bt_ride *r, int mode)
{
    return mode == 0 ? r->z_m : mode == 1 ? r->pitch_rad : r->roll_rad;
}

// Let go from aside, a mode swings at w sqrt(1 - z^2) and loses exp(-z w t): times of its zeros, and
// its peaks.
static void test_mode(const bt_vehicle *v, int mode, double w, double damping, double offset)
{
    bt_ground level = {{0.0}};
    bt_ride r;
    bt_ride_init(v, &level, &r);
    double *start = mode == 0 ? &r.z_m : mode == 1 ? &r.pitch_rad : &r.roll_rad;
    *start = offset;
    double before = offset, zeros[2], top[2] = {0};
    int count = 0;
    for (int i = 1; i < 20000 && count < 2; i++) {
        bt_ride_step(v, &level, 0.0, 0.0, DT, &r);
        double now = value(&r, mode);
        if ((now > 0.0) != (before > 0.0)) zeros[count++] = DT * (i - now / (now - before));
        if (count < 2) top[count] = fmax(top[count], fabs(now));
        before = now;
        // modes do not mix
        for (int k = 0; k < 3; k++)
            if (k != mode) CHECK_NEAR(value(&r, k), 0.0, 1e-6);
    }
    double wd = w * sqrt(1.0 - damping * damping);
    CHECK_NEAR((zeros[1] - zeros[0]) * wd, BT_PI, 0.01);
    // half a swing later: exp(-pi z / sqrt(1 - z^2)) of what it was
    CHECK_NEAR(top[1] / offset, exp(-BT_PI * damping / sqrt(1.0 - damping * damping)), 0.01);
}

static void test_frequencies(void)
{
    bt_vehicle cars[2] = {fixture_car(), fixture_truck()};
    cars[0].ride_frequency_hz = 1.2;
    cars[0].ride_damping = 0.3;
    for (int i = 0; i < 2; i++) {
        bt_ride_modes m = bt_ride_find_modes(&cars[i]);
        CHECK_NEAR(m.heave_rad_s, 2.0 * BT_PI * (i == 0 ? 1.2 : 1.3), 1e-9);
        CHECK_NEAR(m.damping, i == 0 ? 0.3 : 0.35, 1e-12);
        test_mode(&cars[i], 0, m.heave_rad_s, m.damping, 0.04);
        double in_pitch = m.damping * m.pitch_rad_s / m.heave_rad_s;
        test_mode(&cars[i], 1, m.pitch_rad_s, in_pitch, 0.01);
        test_mode(&cars[i], 2, m.roll_rad_s, m.damping, 0.01);
        printf("%s: heave %.2f, pitch %.2f, roll %.2f Hz\n", cars[i].name,
               m.heave_rad_s / (2.0 * BT_PI), m.pitch_rad_s / (2.0 * BT_PI),
               m.roll_rad_s / (2.0 * BT_PI));
    }
}

// A wheel on a kerb: the body settles on the plane through three axles' middles, nothing is lost.
static void test_kerb(void)
{
    bt_vehicle v = fixture_car();
    bt_ground level = {{0.0}}, kerb = {{0.12, 0.0, 0.0, 0.0}};
    bt_ride r;
    bt_ride_init(&v, &level, &r);
    for (int i = 0; i < 10000; i++)
        bt_ride_step(&v, &kerb, 0.0, 0.0, DT, &r);
    double sum = 0.0;
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        sum += r.load_n[i];
    CHECK_NEAR(sum, v.mass_kg * BT_GRAVITY_M_S2, 1.0);
    // the corner on the kerb and the one across carry more
    CHECK(r.load_n[BT_WHEEL_FRONT_LEFT] > r.load_n[BT_WHEEL_FRONT_RIGHT]);
    CHECK(r.load_n[BT_WHEEL_REAR_RIGHT] > r.load_n[BT_WHEEL_REAR_LEFT]);
    CHECK_NEAR(r.roll_rad, 0.55 * 0.12 / v.track_m, 1e-4);
    double travel[BT_WHEEL_COUNT];
    bt_ride_travel(&v, &r, travel);
    CHECK(travel[BT_WHEEL_FRONT_LEFT] > 0.01);
}

// Up a long slope the body keeps its height over the ground.
static void test_slope(void)
{
    bt_vehicle v = fixture_car();
    bt_ground ground = {{0.0}};
    bt_ride r;
    bt_ride_init(&v, &ground, &r);
    for (int i = 0; i < 5000; i++) {
        for (int k = 0; k < BT_WHEEL_COUNT; k++)
            ground.z_m[k] += 1.5 * DT;
        bt_ride_step(&v, &ground, 0.0, 0.0, DT, &r);
    }
    CHECK_NEAR(r.z_m, ground.z_m[0], 2e-3);
    CHECK_NEAR(r.rise_m_s, 1.5, 1e-3);
}

// Steps of 10 ms, as the simulation takes them, stay bounded on a washboard.
static void test_stable(void)
{
    bt_vehicle cars[2] = {fixture_car(), fixture_truck()};
    for (int c = 0; c < 2; c++) {
        bt_ground ground = {{0.0}};
        bt_ride r;
        bt_ride_init(&cars[c], &ground, &r);
        for (int i = 0; i < 20000; i++) {
            for (int k = 0; k < BT_WHEEL_COUNT; k++)
                ground.z_m[k] = 0.1 * sin(0.7 * i + 2.1 * k);
            bt_ride_step(&cars[c], &ground, 9.0 * sin(0.3 * i), 9.0 * cos(0.2 * i), 0.01, &r);
            CHECK(fabs(r.z_m) < 0.5 && fabs(r.pitch_rad) < 0.3 && fabs(r.roll_rad) < 0.3);
        }
    }
}

int main(void)
{
    test_frequencies();
    test_kerb();
    test_slope();
    test_stable();
    return check_end();
}
