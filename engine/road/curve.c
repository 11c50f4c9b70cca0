// curve.c: plan-view geometry of OpenDRIVE.
#include "engine/road/curve.h"

#include "engine/math/elementary.h"

#include <math.h>
#include <stddef.h>

// Gauss-Legendre, 12 points on [-1, 1] (Abramowitz and Stegun 1964, table 25.4), half of them.
#define GAUSS_HALF 6
static const double gauss_x[GAUSS_HALF] = {0.125233408511468916, 0.367831498998180194,
                                           0.587317954286617447, 0.769902674194304687,
                                           0.904117256370474857, 0.981560634246719251};
static const double gauss_w[GAUSS_HALF] = {0.249147045813402785, 0.233492536538354809,
                                           0.203167426723065922, 0.160078328543346226,
                                           0.106939325995318431, 0.047175336386511827};

// Largest curvature times half a panel.
#define PANEL_HALF_TURN_RAD 1.0

double road_spiral_turn(double curvature_1_m, double rate_1_m2, double s_m)
{
    double k0 = fabs(curvature_1_m);
    double k1 = fabs(curvature_1_m + rate_1_m2 * s_m);
    double low = k0 < k1 ? k0 : k1;
    double high = k0 < k1 ? k1 : k0;
    bool inflects = (curvature_1_m < 0.0) != (curvature_1_m + rate_1_m2 * s_m < 0.0);
    // without inflection the mean curvature times length; with one, two triangles
    if (!inflects) return 0.5 * (low + high) * fabs(s_m);
    double sum = k0 + k1;
    return sum > 0.0 ? 0.5 * (k0 * k0 + k1 * k1) / sum * fabs(s_m) : 0.0;
}

// One panel of the Fresnel integral, its middle headed by `angle`: half times the integral over [-1, 1] of
// exp(i (angle + a x + b x^2)), by the power series f of exp(i (a x + b x^2)), of which odd powers cancel. From
// f' = i (a + 2 b x) f follows (n + 1) f_{n+1} = i (a f_n + 2 b f_{n-1}). With |a| + 2 |b| <= 1, PANEL_HALF_TURN_RAD,
// once two neighbours are below e, all later ones together are below e: the sum is left short by at most e.
static void spiral_panel(double angle, double a, double b, double half, double *x, double *y)
{
    double even_re = 1.0, even_im = 0.0, odd_re = 0.0, odd_im = a; // f_n and f_{n+1}
    double sum_re = 1.0, sum_im = 0.0;
    for (int n = 0; n < 40; n += 2) {
        double over = 1.0 / (n + 2), over_next = 1.0 / (n + 3);
        double re = -(a * odd_im + 2.0 * b * even_im) * over;
        double im = (a * odd_re + 2.0 * b * even_re) * over;
        even_re = re, even_im = im;
        sum_re += re * over_next;
        sum_im += im * over_next;
        re = -(a * even_im + 2.0 * b * odd_im) * over_next;
        im = (a * even_re + 2.0 * b * odd_re) * over_next;
        odd_re = re, odd_im = im;
        if (fabs(even_re) + fabs(even_im) + fabs(odd_re) + fabs(odd_im) < 1e-17) break;
    }
    double c = 2.0 * half * bt_cos(angle), s = 2.0 * half * bt_sin(angle);
    *x += sum_re * c - sum_im * s;
    *y += sum_re * s + sum_im * c;
}

void road_spiral_integral(double heading_rad, double curvature_1_m, double rate_1_m2, double s_m,
                          double *x_m, double *y_m)
{
    // equal panels, each turning little even where the curvature is greatest
    double k0 = fabs(curvature_1_m);
    double k1 = fabs(curvature_1_m + rate_1_m2 * s_m);
    double most = (k0 > k1 ? k0 : k1) * fabs(s_m);
    double limit = 4.0 * ROAD_SPIRAL_MAX_TURN_RAD; // never endless, whatever is asked
    if (!(most < limit)) most = limit;
    int panels = 1 + (int)(most / (2.0 * PANEL_HALF_TURN_RAD));
    double half = 0.5 * s_m / panels;

    *x_m = 0.0;
    *y_m = 0.0;
    for (int i = 0; i < panels; i++) {
        double u = half * (2 * i + 1);
        double angle = heading_rad + u * (curvature_1_m + 0.5 * rate_1_m2 * u);
        double a = (curvature_1_m + rate_1_m2 * u) * half, b = 0.5 * rate_1_m2 * half * half;
        spiral_panel(angle, a, b, half, x_m, y_m);
    }
}

// ---- polynomials --------------------------------------------------------------------------------
static double poly(const double c[4], double p)
{
    return c[0] + p * (c[1] + p * (c[2] + p * c[3]));
}

static double poly_slope(const double c[4], double p)
{
    return c[1] + p * (2.0 * c[2] + p * 3.0 * c[3]);
}

static double poly_second(const double c[4], double p)
{
    return 2.0 * c[2] + 6.0 * c[3] * p;
}

// Metres per unit of p.
static double param_speed(const road_curve *curve, double p)
{
    return bt_hypot(poly_slope(curve->u, p), poly_slope(curve->v, p));
}

static double param_arc_length(const road_curve *curve, double p0, double p1)
{
    double half = 0.5 * (p1 - p0);
    double centre = 0.5 * (p0 + p1);
    double sum = 0.0;
    for (int i = 0; i < GAUSS_HALF; i++)
        sum += gauss_w[i] * (param_speed(curve, centre - half * gauss_x[i]) +
                             param_speed(curve, centre + half * gauss_x[i]));
    return sum * half;
}

#define TABLE_PANELS (ROAD_CURVE_KNOTS - 1)

static double fill_knots(const road_curve *curve, double p_end, double *knots)
{
    knots[0] = 0.0;
    for (int i = 0; i < TABLE_PANELS; i++)
        knots[i + 1] = knots[i] + param_arc_length(curve, p_end * i / TABLE_PANELS,
                                                   p_end * (i + 1) / TABLE_PANELS);
    return knots[TABLE_PANELS];
}

bool road_curve_tabulate(road_curve *curve, double *knots, double *total_m)
{
    if (curve->kind == ROAD_CURVE_PARAM) {
        *total_m = fill_knots(curve, curve->p_end, knots);
        return isfinite(*total_m) && *total_m > 0.0;
    }
    // poly3: the u that ends an arc of the given length; speed >= 1, so u <= length
    double low = 0.0;
    double high = curve->length_m;
    for (int i = 0; i < 60 && high - low > 1e-12 * curve->length_m; i++) {
        double middle = 0.5 * (low + high);
        double length = fill_knots(curve, middle, knots);
        if (!isfinite(length)) return false;
        if (length < curve->length_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    curve->p_end = high;
    *total_m = fill_knots(curve, high, knots);
    return isfinite(*total_m) && *total_m > 0.0;
}

// p at arc length ds: the table's panel, then Newton on the exact length.
static double param_at(const road_curve *curve, const double *knots, double ds)
{
    double total = knots[TABLE_PANELS];
    double want = ds * total / curve->length_m;
    int low = 0;
    int high = TABLE_PANELS;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (knots[middle] <= want) {
            low = middle;
        } else {
            high = middle;
        }
    }
    double step = curve->p_end / TABLE_PANELS;
    double span = knots[low + 1] - knots[low];
    double p0 = step * low;
    double p = p0 + (span > 0.0 ? step * (want - knots[low]) / span : 0.0);
    for (int i = 0; i < 3; i++) {
        double speed = param_speed(curve, p);
        if (!(speed > 1e-9)) break;
        double change = (want - knots[low] - param_arc_length(curve, p0, p)) / speed;
        if (!(fabs(change) <= step)) break;
        p += change;
        if (fabs(change) < 1e-12 * step) break;
    }
    return p;
}

void road_curve_aim(road_curve *curve, double heading_rad)
{
    curve->heading_rad = heading_rad;
    curve->cos_heading = bt_cos(heading_rad);
    curve->sin_heading = bt_sin(heading_rad);
}

// From the frame of the curve's start, x along it: a place, and a turn with its cosine and sine.
static road_plan place(const road_curve *curve, double u, double v, double turn, double cos_turn,
                       double sin_turn, double curvature)
{
    double c = curve->cos_heading;
    double s = curve->sin_heading;
    return (road_plan){curve->x_m + u * c - v * s,  curve->y_m + u * s + v * c,
                       curve->heading_rad + turn,   curvature,
                       c * cos_turn - s * sin_turn, s * cos_turn + c * sin_turn};
}

static road_plan polynomial_at(const road_curve *curve, double p)
{
    double du = poly_slope(curve->u, p);
    double dv = poly_slope(curve->v, p);
    double speed2 = du * du + dv * dv;
    double curvature = 0.0, cos_turn = 1.0, sin_turn = 0.0;
    if (speed2 > 1e-18) {
        double speed = sqrt(speed2);
        curvature =
            (du * poly_second(curve->v, p) - dv * poly_second(curve->u, p)) / (speed2 * speed);
        cos_turn = du / speed;
        sin_turn = dv / speed;
    }
    return place(curve, poly(curve->u, p), poly(curve->v, p), bt_atan2(dv, du), cos_turn, sin_turn,
                 curvature);
}

static road_plan arc_at(const road_curve *curve, double ds)
{
    // chord of an arc: length 2 sin(turn/2)/k, direction turn/2; sin(x)/x keeps small k exact
    double turn = curve->curvature_1_m * ds;
    double half = 0.5 * turn;
    double c = bt_cos(half), s = bt_sin(half);
    double sinc = fabs(half) < 1e-4 ? 1.0 - half * half / 6.0 : s / half;
    return place(curve, ds * sinc * c, ds * sinc * s, turn, 1.0 - 2.0 * s * s, 2.0 * s * c,
                 curve->curvature_1_m);
}

static road_plan spiral_at(const road_curve *curve, double ds)
{
    double u, v, k = curve->curvature_1_m, rate = curve->curvature_rate_1_m2;
    road_spiral_integral(0.0, k, rate, ds, &u, &v);
    double turn = ds * (k + 0.5 * rate * ds);
    return place(curve, u, v, turn, bt_cos(turn), bt_sin(turn), k + rate * ds);
}

road_plan road_curve_at(const road_curve *curve, const double *knots, double ds_m)
{
    switch (curve->kind) {
    case ROAD_CURVE_ARC:
        return arc_at(curve, ds_m);
    case ROAD_CURVE_SPIRAL:
        return spiral_at(curve, ds_m);
    case ROAD_CURVE_POLY3:
    case ROAD_CURVE_PARAM:
        return polynomial_at(curve, param_at(curve, knots + curve->first_knot, ds_m));
    case ROAD_CURVE_LINE:
        break;
    }
    return place(curve, ds_m, 0.0, 0.0, 1.0, 0.0, 0.0);
}
