// idm_test.c: the Intelligent Driver Model against its equilibrium and its stopping behaviour.
#include "engine/sim/idm.h"
#include "tests/support/check.h"

static void test_free_road(void)
{
    bt_idm m = bt_idm_city(15.0);
    CHECK_NEAR(bt_idm_accel(&m, 0.0, BT_IDM_NO_GAP, 0.0), m.accel_m_s2, 1e-12);
    CHECK_NEAR(bt_idm_accel(&m, 15.0, BT_IDM_NO_GAP, 0.0), 0.0, 1e-12);
    CHECK_NEAR(bt_idm_accel(&m, 7.5, BT_IDM_NO_GAP, 0.0), m.accel_m_s2 * 15.0 / 16.0, 1e-12);
}

static void test_equilibrium(void)
{
    bt_idm m = bt_idm_city(15.0);
    CHECK_NEAR(bt_idm_equilibrium_gap(&m, 0.0), m.min_gap_m, 1e-12);
    CHECK_NEAR(bt_idm_equilibrium_gap(&m, 10.0), 12.0 / sqrt(1.0 - 16.0 / 81.0), 1e-12);
    for (double v = 1.0; v < 14.5; v += 1.0)
        CHECK_NEAR(bt_idm_accel(&m, v, bt_idm_equilibrium_gap(&m, v), v), 0.0, 1e-12);
}

// Ten cars behind one that drives 8 m/s: all settle at the closed-form gap.
static void test_string(void)
{
    enum { N = 10 };
    bt_idm m = bt_idm_city(15.0);
    double x[N + 1], v[N + 1];
    for (int i = 0; i <= N; i++) {
        x[i] = -20.0 * i;
        v[i] = 12.0;
    }
    v[0] = 8.0;
    for (int step = 0; step < 60000; step++) {
        double a[N + 1];
        for (int i = 1; i <= N; i++)
            a[i] = bt_idm_accel(&m, v[i], x[i - 1] - x[i] - 5.0, v[i - 1]);
        x[0] += v[0] * 0.01;
        for (int i = 1; i <= N; i++) {
            v[i] = fmax(0.0, v[i] + a[i] * 0.01);
            x[i] += v[i] * 0.01;
            CHECK(x[i - 1] - x[i] > 5.0);
        }
    }
    for (int i = 1; i <= N; i++)
        CHECK_NEAR(x[i - 1] - x[i] - 5.0, bt_idm_equilibrium_gap(&m, 8.0), 0.01);
}

// Coming up to a wall at 14 m/s it stops at s0 and brakes no harder than twice comfortable.
static void test_wall(void)
{
    bt_idm m = bt_idm_city(14.0);
    double gap = 150.0, v = 14.0, worst = 0.0;
    for (int step = 0; step < 12000; step++) {
        double a = bt_idm_accel(&m, v, gap, 0.0);
        worst = fmin(worst, a);
        v = fmax(0.0, v + a * 0.01);
        gap -= v * 0.01;
    }
    CHECK_NEAR(gap, m.min_gap_m, 0.25);
    // its last 0.2 m of braking come late: it ends a little inside s0
    CHECK(worst > -2.0 * m.brake_m_s2);
    printf("wall: gap %.4f m, hardest braking %.3f m/s^2\n", gap, worst);
}

int main(void)
{
    test_free_road();
    test_equilibrium();
    test_string();
    test_wall();
    return check_end();
}
