// ghost_test.c: ghosts and double images against rays of their own.
#include "sensors/camera/optics/ghost.h"

#include "engine/math/pose.h"
#include "tests/support/check.h"

// Snell's law in two dimensions: bends (x, z) at a surface of unit normal n against the ray.
static void refract2(double d[2], const double n[2], double ratio)
{
    double c = -(d[0] * n[0] + d[1] * n[1]);
    double k = sqrt(1.0 - ratio * ratio * (1.0 - c * c));
    for (int i = 0; i < 2; i++)
        d[i] = ratio * d[i] + (ratio * c - k) * n[i];
}

static void reflect2(double d[2], const double n[2])
{
    double c = d[0] * n[0] + d[1] * n[1];
    for (int i = 0; i < 2; i++)
        d[i] -= 2.0 * c * n[i];
}

// The same light through a wedge, straight and reflected at both faces: exact, no small angles.
static double traced_angle(double wedge, double incidence, double index)
{
    double front[2] = {0.0, -1.0}, back[2] = {-sin(wedge), -cos(wedge)};
    double inner_back[2] = {sin(wedge), cos(wedge)}, inner_front[2] = {0.0, 1.0};
    double d[2] = {sin(incidence), cos(incidence)};
    refract2(d, front, 1.0 / index);
    double twice[2] = {d[0], d[1]};
    refract2(d, back, index);
    reflect2(twice, back);
    reflect2(twice, inner_front);
    (void)inner_back;
    refract2(twice, back, index);
    return fabs(atan2(d[0], d[1]) - atan2(twice[0], twice[1]));
}

static void test_double_angle(void)
{
    static const double incidences_deg[] = {0.0, 30.0, 55.0, 60.0, 65.0, 70.0};
    for (int i = 0; i < 6; i++)
        for (double wedge = 0.05e-3; wedge <= 0.3e-3; wedge += 0.05e-3) {
            double incidence = incidences_deg[i] * BT_RAD_PER_DEG;
            double got = bt_pane_double_angle(wedge, incidence, 1.52);
            double minute = BT_RAD_PER_DEG / 60.0;
            CHECK_NEAR(got / minute, traced_angle(wedge, incidence, 1.52) / minute, 0.05);
        }
    CHECK_NEAR(bt_pane_double_angle(0.1e-3, 60.0 * BT_RAD_PER_DEG, 1.52) / BT_RAD_PER_DEG * 60.0, 1.72,
               0.01);
}

// R_s and R_p by sine and tangent (Fresnel), another form than the module's.
static void test_double_ratio(void)
{
    for (double deg = 5.0; deg <= 75.0; deg += 5.0) {
        double i = deg * BT_RAD_PER_DEG, t = asin(sin(i) / 1.52);
        double rs = pow(sin(i - t) / sin(i + t), 2.0), rp = pow(tan(i - t) / tan(i + t), 2.0);
        double ts = (1.0 - rs) * (1.0 - rs), tp = (1.0 - rp) * (1.0 - rp);
        double want = (rs * rs * ts + rp * rp * tp) / (ts + tp);
        CHECK_NEAR(bt_pane_double_ratio(i, 1.52) / want, 1.0, 1e-9);
    }
    CHECK_NEAR(bt_pane_double_ratio(0.0, 1.52), pow(0.52 / 2.52, 4.0), 1e-12);
    double at_60 = bt_pane_double_ratio(60.0 * BT_RAD_PER_DEG, 1.52);
    CHECK(at_60 > 0.008 && at_60 < 0.018);
}

// A thin lens and a filter before the sensor: light reflected at both of the filter's faces has gone
// 2 t / n too far when it arrives.
static void test_filter_ghost(void)
{
    double focal = 5e-3, index = 1.5, t = 0.8e-3, pupil = 1.2e-3, gap = 1e-3;
    bt_lens_surface s[4] = {
        {0.5 * focal, 0.0, 1.5, 0.005}, // plano-convex, thin: f = R / (n - 1)
        {0.0, focal - gap - t / index, 1.0, 0.005},
        {0.0, t, index, 0.02},
        {0.0, gap, 1.0, 0.03},
    };
    bt_ghost ghosts[BT_GHOST_MAX];
    uint32_t count;
    double got_focal;
    CHECK_OK(bt_ghosts_trace(s, 4, 0.0, pupil, 0.0, ghosts, &count, &got_focal));
    CHECK(count == 6); // 4 x 3 / 2
    CHECK_NEAR(got_focal, focal, 1e-9);
    double extra = 2.0 * t / index;
    CHECK_NEAR(ghosts[0].share, 0.02 * 0.03, 1e-12); // strongest first
    CHECK_NEAR(ghosts[0].scale, 1.0 + extra / focal, 1e-9);
    CHECK_NEAR(ghosts[0].radius_m, pupil * extra / focal, 1e-9);
    for (uint32_t i = 1; i < count; i++)
        CHECK(ghosts[i].share <= ghosts[i - 1].share);
}

// A ball's two faces: light reflected at the back and then at the front, by rays near the axis.
static void test_ball_ghost(void)
{
    double r = 2e-3, n = 1.5, gap = 1e-3, h0 = 1e-7;
    bt_lens_surface s[2] = {{r, 2.0 * r, n, 0.04}, {-r, gap, 1.0, 0.04}};
    bt_ghost ghosts[BT_GHOST_MAX];
    uint32_t count;
    double focal;
    CHECK_OK(bt_ghosts_trace(s, 2, 0.0, h0, 0.0, ghosts, &count, &focal));
    CHECK(count == 1);
    CHECK_NEAR(ghosts[0].share, 0.0016, 1e-15);
    // angles to first order, all measured from the axis at the ball's middle
    double in = h0 / r, bent = in / n, along = in; // place on the front: angle `along`
    // a chord of a circle turns the place by pi - 2 bent; each reflection keeps the angle
    double place = along + 3.0 * (BT_PI - 2.0 * bent); // after three chords it leaves at the back
    double leaving = place + in - bent * 0.0;          // direction off the normal there is `in`
    double height = r * sin(place - 3.0 * BT_PI);
    double slope = (place - 3.0 * BT_PI) + in;
    (void)leaving;
    CHECK_NEAR(ghosts[0].radius_m / fabs(-height - gap * slope), 1.0, 1e-3);
}

static void test_bad_surfaces(void)
{
    bt_lens_surface s[2] = {{1e-3, 1e-3, 0.5, 0.0}, {0.0, 1e-3, 1.0, 0.0}};
    bt_ghost ghosts[BT_GHOST_MAX];
    uint32_t count;
    double focal;
    CHECK(bt_ghosts_trace(s, 2, 0.0, 1e-3, 0.0, ghosts, &count, &focal) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "index 0.5");
    CHECK(bt_ghosts_trace(s, 1, 0.0, 1e-3, 0.0, ghosts, &count, &focal) == BT_ERR_INPUT);
}

int main(void)
{
    test_double_angle();
    test_double_ratio();
    test_filter_ghost();
    test_ball_ghost();
    test_bad_surfaces();
    return check_end();
}
