// curve_test.c: plan geometry against closed forms and independent sums.
#include "engine/road/curve.h"
#include "tests/support/check.h"

#include <stdlib.h>

// An independent sum of the spiral: the same integral in long double, by a power series on short
// steps (exact to 1e-17 of each step).
static void spiral_by_series(double heading, double k0, double rate, double s, double *x, double *y)
{
    const int steps = 20000;
    long double h = (long double)s / steps;
    long double sum_x = 0.0L;
    long double sum_y = 0.0L;
    for (int i = 0; i < steps; i++) {
        // about the step's middle: angle = A + B v + C v^2, |v| <= h/2; integrate to v^4
        long double m = h * (i + 0.5L);
        long double a = heading + (long double)k0 * m + 0.5L * (long double)rate * m * m;
        long double b = (long double)k0 + (long double)rate * m;
        long double c = 0.5L * (long double)rate;
        long double h3 = h * h * h / 12.0L; // integral of v^2
        long double h5 = h * h * h * h * h / 80.0L;
        // cos(A + d), d = B v + C v^2: even parts in v up to the fourth order
        long double even_cos = h - 0.5L * b * b * h3 + (b * b * b * b / 24.0L - 0.5L * c * c) * h5;
        long double even_sin = c * h3 - 0.5L * b * b * c * h5;
        sum_x += cosl(a) * even_cos - sinl(a) * even_sin;
        sum_y += sinl(a) * even_cos + cosl(a) * even_sin;
    }
    *x = (double)sum_x;
    *y = (double)sum_y;
}

static void test_spiral(void)
{
    static const struct {
        double heading, k0, k1, length;
    } cases[] = {
        {0.3, 0.0, 0.01, 100.0},  {0.0, 0.02, -0.02, 120.0},    {1.0, -0.005, 0.001, 1000.0},
        {2.0, 0.0, 1e-9, 1000.0}, {-1.0, 1e-12, 2e-12, 1000.0}, {0.5, 0.01, 0.01 + 1e-13, 1000.0},
        {0.0, 0.0, 0.1, 1000.0},  {0.0, 0.5, -0.3, 30.0},       {3.0, 0.1, 0.1, 50.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double rate = (cases[i].k1 - cases[i].k0) / cases[i].length;
        double x;
        double y;
        double want_x;
        double want_y;
        road_spiral_integral(cases[i].heading, cases[i].k0, rate, cases[i].length, &x, &y);
        spiral_by_series(cases[i].heading, cases[i].k0, rate, cases[i].length, &want_x, &want_y);
        CHECK_NEAR(x, want_x, 1e-9); // the bound promised for 1 km
        CHECK_NEAR(y, want_y, 1e-9);
    }
    // Fresnel integrals at 1: C(1) = 0.7798934004, S(1) = 0.4382591474 (Abramowitz and Stegun,
    // table 7.7, with t^2 pi/2 in the argument)
    double c;
    double s;
    road_spiral_integral(0.0, 0.0, 3.14159265358979323846, 1.0, &c, &s);
    CHECK_NEAR(c, 0.7798934003768228, 1e-12);
    CHECK_NEAR(s, 0.4382591473903548, 1e-12);
}

static void test_turn(void)
{
    CHECK_NEAR(road_spiral_turn(0.0, 0.001, 100.0), 5.0, 1e-12);
    // two triangles: 0.1 over half the length each
    CHECK_NEAR(road_spiral_turn(0.1, -0.002, 100.0), 5.0, 1e-12);
    CHECK_NEAR(road_spiral_turn(0.1, 0.0, 30.0), 3.0, 1e-12);
}

static void test_arc(void)
{
    road_curve arc = {
        .kind = ROAD_CURVE_ARC, .length_m = 100.0, .x_m = 1.0, .y_m = 2.0, .curvature_1_m = 0.02};
    road_curve_aim(&arc, 0.5);
    // centre 50 m to the left of the start
    double cx = 1.0 - 50.0 * sin(0.5);
    double cy = 2.0 + 50.0 * cos(0.5);
    for (int i = 0; i <= 10; i++) {
        double s = 10.0 * i;
        road_plan p = road_curve_at(&arc, NULL, s);
        CHECK_NEAR(p.x_m, cx + 50.0 * sin(0.5 + 0.02 * s), 1e-11);
        CHECK_NEAR(p.y_m, cy - 50.0 * cos(0.5 + 0.02 * s), 1e-11);
        CHECK_NEAR(p.heading_rad, 0.5 + 0.02 * s, 1e-14);
    }
    arc.curvature_1_m = 1e-14; // as good as a line
    road_plan p = road_curve_at(&arc, NULL, 100.0);
    CHECK_NEAR(p.x_m, 1.0 + 100.0 * cos(0.5), 1e-9);
}

// Length of a curve between two stations by a fine polyline.
static double polyline_length(const road_curve *curve, const double *knots, double s0, double s1)
{
    const int steps = 4000;
    double length = 0.0;
    road_plan last = road_curve_at(curve, knots, s0);
    for (int i = 1; i <= steps; i++) {
        road_plan p = road_curve_at(curve, knots, s0 + (s1 - s0) * i / steps);
        length += hypot(p.x_m - last.x_m, p.y_m - last.y_m);
        last = p;
    }
    return length;
}

static void test_polynomials(void)
{
    double knots[ROAD_CURVE_KNOTS];
    double total;
    road_curve poly = {
        .kind = ROAD_CURVE_POLY3, .length_m = 60.0, .u = {0, 1, 0, 0}, .v = {0, 0, 0.004, 0.0001}};
    road_curve_aim(&poly, 0.0);
    CHECK(road_curve_tabulate(&poly, knots, &total));
    CHECK_NEAR(total, 60.0, 1e-9);
    CHECK_NEAR(polyline_length(&poly, knots, 0.0, 60.0), 60.0, 1e-5);
    CHECK_NEAR(polyline_length(&poly, knots, 10.0, 20.0), 10.0, 1e-5);
    // on the curve: v = 0.004 u^2 + 0.0001 u^3
    road_plan p = road_curve_at(&poly, knots, 33.0);
    CHECK_NEAR(p.y_m, 0.004 * p.x_m * p.x_m + 0.0001 * p.x_m * p.x_m * p.x_m, 1e-9);
    CHECK_NEAR(p.heading_rad, atan(0.008 * p.x_m + 0.0003 * p.x_m * p.x_m), 1e-12);

    // a parameter that runs unevenly: u = 30 p + 20 p^2, v = 10 p^2
    road_curve param = {
        .kind = ROAD_CURVE_PARAM, .p_end = 1.0, .u = {0, 30, 20, 0}, .v = {0, 0, 10, 0}};
    road_curve_aim(&param, 0.0);
    CHECK(road_curve_tabulate(&param, knots, &total));
    param.length_m = total;
    CHECK_NEAR(polyline_length(&param, knots, 0.0, 0.25 * total), 0.25 * total, 1e-5);
    road_plan end = road_curve_at(&param, knots, total);
    CHECK_NEAR(end.x_m, 50.0, 1e-9);
    CHECK_NEAR(end.y_m, 10.0, 1e-9);
    CHECK_NEAR(end.heading_rad, atan2(20.0, 70.0), 1e-9);

    road_curve nothing = {.kind = ROAD_CURVE_PARAM, .p_end = 1.0, .length_m = 10.0};
    CHECK(!road_curve_tabulate(&nothing, knots, &total));
}

static void test_curvature(void)
{
    double knots[ROAD_CURVE_KNOTS];
    double total;
    road_curve poly = {
        .kind = ROAD_CURVE_POLY3, .length_m = 40.0, .u = {0, 1, 0, 0}, .v = {0, 0, 0.01, 0}};
    road_curve_aim(&poly, 0.0);
    CHECK(road_curve_tabulate(&poly, knots, &total));
    for (double s = 1.0; s < 39.0; s += 5.0) {
        const double h = 1e-4;
        double turn = road_curve_at(&poly, knots, s + h).heading_rad -
                      road_curve_at(&poly, knots, s - h).heading_rad;
        CHECK_NEAR(road_curve_at(&poly, knots, s).curvature_1_m, turn / (2.0 * h), 1e-6);
    }
}

int main(void)
{
    test_spiral();
    test_turn();
    test_arc();
    test_polynomials();
    test_curvature();
    return check_end();
}
