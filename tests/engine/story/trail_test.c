// trail_test.c: ways against closed forms: clothoids by their Fresnel integrals, a NURBS that is a circle, splines
// through their points with a curvature that does not jump; times, nearest points.
#include "engine/story/trail.h"

#include "engine/core/memory.h"
#include "tests/support/check.h"

// Quadrature of the heading, fine.
static void fresnel(double k0, double k1, double length, double *x, double *y)
{
    int n = 200000;
    *x = *y = 0.0;
    for (int i = 0; i < n; i++) {
        double s = length * (i + 0.5) / n, yaw = k0 * s + 0.5 * (k1 - k0) / length * s * s;
        *x += cos(yaw) * length / n;
        *y += sin(yaw) * length / n;
    }
}

static void check_clothoid(void)
{
    static const double cases[][3] = {{0.0, 0.05, 40.0}, {-0.1, 0.1252, 70.0}, {0.02, 0.02, 30.0}};
    for (int i = 0; i < 3; i++) {
        bt_trail t = {0};
        bt_trail_point end, start = {{0, 0, 0}, 0.0};
        double x, y, k0 = cases[i][0], k1 = cases[i][1], length = cases[i][2];
        CHECK_OK(bt_trail_add(&t, start.pos, NAN));
        CHECK_OK(bt_trail_add_clothoid(&t, start, length, k0, k1, &end));
        bt_trail_finish(&t);
        fresnel(k0, k1, length, &x, &y);
        CHECK_NEAR(end.pos.x, x, 1e-6);
        CHECK_NEAR(end.pos.y, y, 1e-6);
        CHECK_NEAR(end.yaw_rad, 0.5 * (k0 + k1) * length, 1e-12);
        CHECK_NEAR(bt_trail_length(&t), length, 1e-3 * length); // chords
        bt_trail_clear(&t);
    }
}

// A quarter of a circle of 10 m: quadratic, weights 1, cos 45, 1 (Piegl and Tiller, 7.2).
static void check_circle(void)
{
    const bt_vec3 control[] = {{10, 0, 0}, {10, 10, 0}, {0, 10, 0}};
    const double weight[] = {1.0, sqrt(0.5), 1.0}, time[] = {0.0, 1.0, 2.0};
    const double knots[] = {0, 0, 0, 1, 1, 1};
    bt_trail t = {0};
    CHECK_OK(bt_trail_add_nurbs(&t, control, weight, time, 3, knots, 3));
    bt_trail_finish(&t);
    for (uint32_t i = 0; i < t.count; i++)
        CHECK_NEAR(hypot(t.points[i].x, t.points[i].y), 10.0, 1e-6);
    CHECK_NEAR(bt_trail_length(&t), 5.0 * BT_PI, 1e-3);
    CHECK(t.timed);
    CHECK_NEAR(t.time_s[0], 0.0, 1e-9);
    CHECK_NEAR(t.time_s[t.count - 1], 2.0, 1e-6);
    // the middle one's basis function is greatest in the middle
    CHECK_NEAR(bt_trail_along_at_time(&t, 1.0), 2.5 * BT_PI, 0.01);
    const double falling[] = {0, 0, 1, 0, 1, 1};
    CHECK(bt_trail_add_nurbs(&t, control, weight, time, 3, falling, 3) == BT_ERR_INPUT);
    CHECK(bt_trail_add_nurbs(&t, control, weight, time, 2, knots, 3) == BT_ERR_INPUT);
    bt_trail_clear(&t);
}

static void check_spline(void)
{
    const bt_vec3 points[] = {{0, 0, 0}, {20, 0, 0}, {35, 10, 0}, {35, 30, 0}, {20, 45, 0}};
    bt_trail t = {0};
    CHECK_OK(bt_trail_add_spline(&t, points, 5, 0.0));
    bt_trail_finish(&t);
    for (int i = 0; i < 5; i++) {
        bt_trail_point p = bt_trail_at(&t, bt_trail_nearest(&t, points[i]));
        CHECK_NEAR(hypot(p.pos.x - points[i].x, p.pos.y - points[i].y), 0.0, 2e-3); // chords
    }
    CHECK_NEAR(t.yaw_rad[0], 0.0, 0.01);
    // turning per metre changes evenly: no jump between neighbours
    double before = 0.0, worst = 0.0;
    for (uint32_t i = 1; i + 2 < t.count; i++) {
        double curvature =
            bt_wrap_angle(t.yaw_rad[i + 1] - t.yaw_rad[i]) / (t.along_m[i + 1] - t.along_m[i]);
        if (i > 1) worst = fmax(worst, fabs(curvature - before));
        before = curvature;
    }
    CHECK(worst < 0.003);
    bt_trail_clear(&t);
}

static void check_polyline(void)
{
    bt_trail t = {0};
    CHECK_OK(bt_trail_add(&t, (bt_vec3){0, 0, 0}, 0.0));
    CHECK_OK(bt_trail_add(&t, (bt_vec3){30, 0, 0}, 2.0));
    CHECK_OK(bt_trail_add(&t, (bt_vec3){30, 40, 4}, 6.0));
    bt_trail_finish(&t);
    CHECK_NEAR(bt_trail_length(&t), 70.0, 1e-12);
    CHECK_NEAR(bt_trail_along_at_time(&t, 4.0), 50.0, 1e-12);
    CHECK_NEAR(bt_trail_at(&t, 50.0).pos.z, 2.0, 1e-12);
    CHECK_NEAR(bt_trail_at(&t, 50.0).yaw_rad, 0.5 * BT_PI, 1e-12);
    CHECK_NEAR(bt_trail_at(&t, 900.0).pos.y, 40.0, 1e-12);
    CHECK_NEAR(bt_trail_nearest(&t, (bt_vec3){33, 10, 0}), 40.0, 1e-12);
    bt_trail copy;
    CHECK_OK(bt_trail_copy(&t, &copy));
    CHECK_NEAR(bt_trail_length(&copy), 70.0, 1e-12);
    bt_trail_clear(&copy);
    bt_trail_clear(&t);
}

int main(void)
{
    check_clothoid();
    check_circle();
    check_spline();
    check_polyline();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
