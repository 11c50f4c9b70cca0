// vehicle_test.c: the double-track model against closed forms.
#include "engine/sim/vehicle.h"
#include "tests/engine/sim/fixture.h"
#include "tests/support/check.h"

#define DT 0.01

static bt_vehicle frictionless_air(bt_vehicle v)
{
    v.drag_area_m2 = 0.0;
    v.roll_resistance = 0.0;
    return v;
}

// Holds speed within a millimetre per second by asking for the missing force.
static void hold_speed(const bt_vehicle *v, bt_drive *d, double speed, double steer, double seconds)
{
    for (int i = 0; i < (int)(seconds / DT); i++) {
        bt_drive_input in = {.steer_rad = steer, .accel_m_s2 = (speed - d->vx_m_s) * 20.0};
        bt_drive_step(v, &in, DT, d);
    }
}

static void test_fiala(void)
{
    double c = 1e5, f = 5000.0;
    // slope at the origin is the cornering stiffness; full slide at tan = 3 F / C
    CHECK_NEAR(bt_tyre_lateral_n(c, f, 1e-6), -0.1, 1e-5);
    CHECK_NEAR(bt_tyre_lateral_n(c, f, 3.0 * f / c), -f, 1e-9);
    CHECK_NEAR(bt_tyre_lateral_n(c, f, -0.5), f, 1e-9);
    // half-way to sliding the brush model gives F (1 - (1/2)^3)
    CHECK_NEAR(bt_tyre_lateral_n(c, f, 1.5 * f / c), -f * 0.875, 1e-9);
}

// Combined slip stays on the friction circle; what is asked for is what comes, up to sliding.
static void test_combined_slip(void)
{
    bt_tyre t = bt_tyre_make(60000.0, 4000.0, 4000.0, 0.9);
    CHECK_NEAR(t.across_n, 60000.0, 1e-9);
    double fx, fy;
    for (double tan_slip = 0.0; tan_slip < 0.3; tan_slip += 0.02) {
        double pure = bt_tyre_lateral_n(t.across_n, t.friction_n, tan_slip);
        bt_tyre_force(&t, 0.0, tan_slip, &fx, &fy);
        CHECK(fx == 0.0 && fy == pure);
        for (double wanted = -3500.0; wanted <= 3500.0; wanted += 500.0) {
            double sigma = bt_tyre_slip_for(&t, wanted, tan_slip, 0.0);
            bt_tyre_force(&t, sigma, tan_slip, &fx, &fy);
            CHECK(hypot(fx, fy) <= t.friction_n * (1.0 + 1e-12));
            CHECK(fabs(fx) <= fabs(wanted) + 1.0);
            // traction costs side force; a tyre that slides already has no more to give along
            CHECK(fabs(fy) <= fabs(pure) * 1.12 + 1e-9);
            if (tan_slip < 0.03) CHECK_NEAR(fx, wanted, 30.0);
        }
        // asked for too much: slides at the circle
        double most = bt_tyre_slip_for(&t, -1e6, tan_slip, 0.0);
        bt_tyre_force(&t, most, tan_slip, &fx, &fy);
        CHECK_NEAR(hypot(fx, fy), t.friction_n, 1e-6);
    }
    // stiffness falls off with load: two tyres at half and one and a half carry less than two at one
    bt_tyre light = bt_tyre_make(60000.0, 4000.0, 2000.0, 0.9);
    bt_tyre heavy = bt_tyre_make(60000.0, 4000.0, 6000.0, 0.9);
    CHECK(light.across_n + heavy.across_n < 2.0 * t.across_n);
}

// Yaw gain v / (L + K v^2) in the linear range: 0.1 m/s^2 of lateral acceleration, where the Fiala
// force departs from linear by C tan / (3 F) = 0.4 %.
static void test_yaw_gain(void)
{
    bt_vehicle v = frictionless_air(fixture_car());
    double k = bt_vehicle_understeer(&v);
    CHECK_NEAR(k, 1500.0 / 2.7 * (1.5 / 110000.0 - 1.2 / 140000.0), 1e-12);
    for (double speed = 4.0; speed <= 36.0; speed += 8.0) {
        double gain = speed / (v.wheelbase_m + k * speed * speed);
        double steer = 0.1 / (gain * speed);
        bt_drive d;
        bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, speed, &d);
        hold_speed(&v, &d, speed, steer, 10.0);
        CHECK_NEAR(d.yaw_rate_rad_s / (steer * gain), 1.0, 0.006);
    }
}

// Below 1 m/s: the rear axle runs on a circle of radius L / tan(steer).
static void test_kinematic(void)
{
    bt_vehicle v = frictionless_air(fixture_car());
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 0.9, &d);
    d.steer_rad = 0.3;
    d.yaw_rate_rad_s = 0.9 * tan(0.3) / v.wheelbase_m;
    d.vy_m_s = v.cg_from_rear_m * d.yaw_rate_rad_s;
    double radius = v.wheelbase_m / tan(0.3);
    for (int i = 0; i < 3000; i++) {
        bt_drive_input in = {.steer_rad = 0.3};
        bt_drive_step(&v, &in, DT, &d);
        CHECK_NEAR(hypot(d.x_m, d.y_m - radius), radius, 2e-3);
    }
}

// v^2 / (2 mu g) from the first to the last metre; the last 10 ms step may overshoot by v dt.
static void test_braking(void)
{
    bt_vehicle v = frictionless_air(fixture_car());
    for (double speed = 5.0; speed <= 35.0; speed += 10.0) {
        bt_drive d;
        bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, speed, &d);
        bt_drive_input in = {.accel_m_s2 = -100.0};
        for (int i = 0; i < 1000; i++)
            bt_drive_step(&v, &in, DT, &d);
        double distance = speed * speed / (2.0 * v.friction * BT_GRAVITY_M_S2);
        CHECK_NEAR(d.x_m, distance, 1e-3 + 1e-4 * distance);
        CHECK(d.vx_m_s == 0.0);
    }
    // a weak brake is the limit instead
    v.brake_max_m_s2 = 3.0;
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 20.0, &d);
    bt_drive_input in = {.accel_m_s2 = -100.0};
    for (int i = 0; i < 1000; i++)
        bt_drive_step(&v, &in, DT, &d);
    CHECK_NEAR(d.x_m, 400.0 / 6.0, 1e-2);
}

// dv/dt = -(A + B v^2) has v = sqrt(A/B) tan(atan(v0 sqrt(B/A)) - sqrt(A B) t).
static void test_coast_down(void)
{
    bt_vehicle v = fixture_car();
    double a = v.roll_resistance * BT_GRAVITY_M_S2;
    double b = 0.5 * BT_AIR_DENSITY_KG_M3 * v.drag_area_m2 / v.mass_kg;
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 40.0, &d);
    for (int i = 1; i <= 10000; i++) {
        bt_drive_input in = {0};
        bt_drive_step(&v, &in, DT, &d);
        double angle = atan(40.0 * sqrt(b / a)) - sqrt(a * b) * i * DT;
        if (i % 1000 == 0) CHECK_NEAR(d.vx_m_s, sqrt(a / b) * tan(angle), 1e-6);
    }
}

// At top speed the power goes into air and tyres: P = v (m g f + rho cd A v^2 / 2).
static void test_top_speed(void)
{
    bt_vehicle v = fixture_car();
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 50.0, &d);
    bt_drive_input in = {.accel_m_s2 = 10.0};
    for (int i = 0; i < 30000; i++)
        bt_drive_step(&v, &in, DT, &d);
    double top = d.vx_m_s, air = 0.5 * BT_AIR_DENSITY_KG_M3 * v.drag_area_m2;
    double power = top * (v.mass_kg * BT_GRAVITY_M_S2 * v.roll_resistance + air * top * top);
    CHECK_NEAR(power / v.power_max_w, 1.0, 1e-3);
    printf("top speed %.1f km/h\n", 3.6 * top);
}

// Steady circle at 4 m/s^2: wheels carry m a h / t more outside, in all, and the front alone turns
// the wheel loads by the brake's m a h / L when slowing down.
static void test_load_transfer(void)
{
    bt_vehicle v = frictionless_air(fixture_car());
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 20.0, &d);
    hold_speed(&v, &d, 20.0, 0.04, 15.0);
    double side = d.force_y_m_s2, moved = v.mass_kg * side * v.cg_height_m / v.track_m;
    const double *n = d.ride.load_n;
    double left = n[BT_WHEEL_FRONT_LEFT] + n[BT_WHEEL_REAR_LEFT];
    double right = n[BT_WHEEL_FRONT_RIGHT] + n[BT_WHEEL_REAR_RIGHT];
    CHECK(side > 3.0);
    CHECK_NEAR(0.5 * (right - left), moved, 0.01 * moved);
    CHECK_NEAR(left + right, v.mass_kg * BT_GRAVITY_M_S2, 1.0);
    CHECK_NEAR(d.ride.roll_rad, v.roll_gain_rad_s2_m * side, 1e-3 * side);
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 40.0, &d);
    bt_drive_input in = {.accel_m_s2 = -4.0};
    for (int i = 0; i < 400; i++)
        bt_drive_step(&v, &in, DT, &d);
    double front = n[BT_WHEEL_FRONT_LEFT] + n[BT_WHEEL_FRONT_RIGHT];
    double at_rest = v.mass_kg * BT_GRAVITY_M_S2 * v.cg_from_rear_m / v.wheelbase_m;
    double dive = v.mass_kg * 4.0 * v.cg_height_m / v.wheelbase_m;
    CHECK_NEAR(front - at_rest, dive, 0.01 * dive);
    CHECK_NEAR(d.ride.pitch_rad, 4.0 * v.pitch_gain_rad_s2_m, 2e-4);
}

static void test_steer_rate(void)
{
    bt_vehicle v = fixture_car();
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 1.0, &d);
    bt_drive_input in = {.steer_rad = 5.0};
    for (int i = 1; i <= 200; i++) {
        bt_drive_step(&v, &in, DT, &d);
        CHECK_NEAR(d.steer_rad, fmin(v.steer_max_rad, v.steer_rate_max_rad_s * DT * i), 1e-12);
    }
}

static void test_power(void)
{
    // at full throttle power limits: d(v^2)/dt = 2 P / m above P / (m a)
    bt_vehicle v = frictionless_air(fixture_car());
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 20.0, &d);
    bt_drive_input in = {.accel_m_s2 = 10.0};
    for (int i = 0; i < 500; i++)
        bt_drive_step(&v, &in, DT, &d);
    // P / v is held over a substep, at most 3.3 m/s^2 x 1.25 ms late
    CHECK_NEAR(d.vx_m_s, sqrt(400.0 + 2.0 * v.power_max_w / v.mass_kg * 5.0), 4e-3);
}

static void test_grade(void)
{
    bt_vehicle v = frictionless_air(fixture_car());
    // rolling down 5 % gathers g sin; braked or uphill it stands
    double slope = atan(0.05);
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 0.0, &d);
    bt_drive_input in = {.pitch_rad = slope};
    for (int i = 0; i < 500; i++)
        bt_drive_step(&v, &in, DT, &d);
    CHECK_NEAR(d.vx_m_s, BT_GRAVITY_M_S2 * sin(slope) * 5.0, 1e-9);
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 0.0, &d);
    in.accel_m_s2 = -1.0;
    for (int i = 0; i < 500; i++)
        bt_drive_step(&v, &in, DT, &d);
    CHECK(d.vx_m_s == 0.0 && d.x_m == 0.0);
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 0.0, &d);
    in = (bt_drive_input){.pitch_rad = -slope};
    for (int i = 0; i < 500; i++)
        bt_drive_step(&v, &in, DT, &d);
    CHECK(d.vx_m_s == 0.0 && d.x_m == 0.0);
}

// Coasting, whatever the steering does, tyres only take energy away. Below 3 m/s steering is a
// constraint that turns the car without slowing it: with r = v tan(steer) / L the energy grows by
// (I / m + b^2) / L^2 d(tan^2 steer) of itself, here 2.8e-3 per step at 0.4 rad.
static void test_energy(void)
{
    bt_vehicle v = fixture_car();
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 30.0, &d);
    double before = bt_drive_energy_j(&v, &d), growth_fast = -1e9, growth_slow = -1e9, side = 0.0;
    for (int i = 0; i < 6000; i++) {
        bt_drive_input in = {.steer_rad = 0.4 * sin(0.013 * i)};
        bt_drive_step(&v, &in, DT, &d);
        double now = bt_drive_energy_j(&v, &d);
        double *growth = d.vx_m_s > 3.0 ? &growth_fast : &growth_slow;
        *growth = fmax(*growth, now / before - 1.0);
        before = fmax(now, 1.0);
        side = fmax(side, fabs(d.force_y_m_s2));
    }
    CHECK(growth_fast <= 0.0);
    CHECK(growth_slow <= 3.5e-3);
    CHECK(d.vx_m_s < 3.0);
    // the friction circle, and the air's share
    CHECK(side > 0.9 * v.friction * BT_GRAVITY_M_S2);
    CHECK(side <= 1.02 * v.friction * BT_GRAVITY_M_S2);
    printf("energy growth per step: %.2e, below 3 m/s %.2e\n", growth_fast, growth_slow);
}

static bt_drive manoeuvre(const bt_vehicle *v, double dt)
{
    bt_drive d;
    bt_drive_init(v, NULL, 0.0, 0.0, 0.2, 1.0, &d);
    int steps = (int)(20.0 / dt + 0.5);
    for (int i = 0; i < steps; i++) {
        double t = i * dt;
        bt_drive_input in = {.steer_rad = 0.03 * sin(0.7 * t), .accel_m_s2 = 1.2 * cos(0.4 * t)};
        bt_drive_step(v, &in, dt, &d);
    }
    return d;
}

// Steps of 10 ms and 1 ms end 20 s later within 2 cm and 0.1 degrees of each other; most of it is
// the command held over a step (first order in dt), not the integration.
static void test_step_size(void)
{
    bt_vehicle v = fixture_car();
    bt_drive a = manoeuvre(&v, 0.01), b = manoeuvre(&v, 0.005), c = manoeuvre(&v, 0.001);
    double coarse = hypot(a.x_m - c.x_m, a.y_m - c.y_m);
    double fine = hypot(b.x_m - c.x_m, b.y_m - c.y_m);
    CHECK(coarse < 0.2);
    CHECK_NEAR(coarse / fine, 9.0 / 4.0, 0.3); // first order: (10 - 1) / (5 - 1)
    CHECK_NEAR(a.yaw_rad, c.yaw_rad, 0.002);
    CHECK_NEAR(a.vx_m_s, c.vx_m_s, 0.01);
}

static void test_check(void)
{
    bt_vehicle v = fixture_car();
    CHECK_OK(bt_vehicle_check(&v));
    v.mass_kg = 0.0;
    CHECK(bt_vehicle_check(&v) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "mass_kg is 0, expected 50");
    v = fixture_car();
    v.friction = NAN;
    CHECK(bt_vehicle_check(&v) == BT_ERR_INPUT);
    v = fixture_car();
    v.cornering_front_n_rad = 5e6;
    CHECK(bt_vehicle_check(&v) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "stiffness too high");
    v = fixture_car();
    v.trailer_length_m = 10.0;
    CHECK(bt_vehicle_check(&v) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "trailer_wheelbase_m");
}

// The stiffest vehicle the check lets through stays bounded under wild commands.
static void test_stiff_is_stable(void)
{
    bt_vehicle v = fixture_car();
    v.cornering_front_n_rad = v.cornering_rear_n_rad = 299.0 * v.mass_kg;
    v.yaw_inertia_kg_m2 = v.mass_kg * 2.0;
    if (bt_vehicle_check(&v) != BT_OK) v.yaw_inertia_kg_m2 = v.mass_kg * 2.2;
    CHECK_OK(bt_vehicle_check(&v));
    bt_drive d;
    bt_drive_init(&v, NULL, 0.0, 0.0, 0.0, 0.0, &d);
    for (int i = 0; i < 5000; i++) {
        bt_drive_input in = {.steer_rad = sin(0.05 * i), .accel_m_s2 = 9.0 * cos(0.011 * i)};
        bt_drive_step(&v, &in, DT, &d);
        CHECK(fabs(d.yaw_rate_rad_s) < 10.0 && fabs(d.vy_m_s) < 30.0);
    }
}

int main(void)
{
    test_fiala();
    test_combined_slip();
    test_top_speed();
    test_load_transfer();
    test_yaw_gain();
    test_kinematic();
    test_braking();
    test_coast_down();
    test_steer_rate();
    test_power();
    test_grade();
    test_energy();
    test_step_size();
    test_check();
    test_stiff_is_stable();
    return check_end();
}
