// tyre.c: the brush model.
#include "engine/sim/tyre.h"

#include <math.h>

#define PEAK_LOADS 2.0
#define ALONG_OVER_ACROSS 1.5
#define ITERATIONS 6
#define CLOSE_ENOUGH 1e-10

bt_tyre bt_tyre_make(double c_n_rad, double nominal_n, double load_n, double friction)
{
    if (load_n <= 0.0 || nominal_n <= 0.0) return (bt_tyre){0};
    // sin(2 atan(x)) = 2 x / (1 + x^2)
    double x = load_n / (PEAK_LOADS * nominal_n), x0 = 1.0 / PEAK_LOADS;
    double across = c_n_rad * (x / (1.0 + x * x)) / (x0 / (1.0 + x0 * x0));
    return (bt_tyre){load_n, friction * load_n, ALONG_OVER_ACROSS * across, across};
}

// F / gamma.
static double secant(double gamma, double friction_n)
{
    if (gamma >= 3.0 * friction_n) return friction_n / gamma;
    double u = gamma / (3.0 * friction_n);
    return 1.0 - u + u * u / 3.0;
}

void bt_tyre_force(const bt_tyre *t, double sigma_x, double tan_slip, double *along_n,
                   double *across_n)
{
    *along_n = *across_n = 0.0;
    if (t->friction_n <= 0.0) return;
    // sigma_y = tan(alpha) / (1 + kappa) = tan(alpha) (1 - sigma_x)
    double x = t->along_n * sigma_x, y = t->across_n * tan_slip * (1.0 - sigma_x);
    double g = secant(sqrt(x * x + y * y), t->friction_n);
    *along_n = x * g;
    *across_n = -y * g;
}

double bt_tyre_slip_for(const bt_tyre *t, double wanted_n, double tan_slip)
{
    if (t->friction_n <= 0.0 || wanted_n == 0.0) return 0.0;
    double sign = wanted_n > 0.0 ? 1.0 : -1.0, wanted = fabs(wanted_n);
    double most = 3.0 * t->friction_n / t->along_n, fx, fy;
    bt_tyre_force(t, sign * most, tan_slip, &fx, &fy);
    if (wanted >= fabs(fx)) return sign * most;
    // Newton from below on a curve that rises ever more slowly
    double s = fmin(wanted / t->along_n, most), s3 = 3.0 * t->friction_n;
    for (int i = 0; i < ITERATIONS; i++) {
        double x = t->along_n * s, y = t->across_n * tan_slip * (1.0 - sign * s);
        double gamma = sqrt(x * x + y * y), g = secant(gamma, t->friction_n);
        double miss = wanted - x * g;
        if (fabs(miss) < CLOSE_ENOUGH * wanted) break;
        double bend = gamma < s3 ? -1.0 / s3 + 2.0 * gamma / (3.0 * s3 * s3)
                                 : -t->friction_n / (gamma * gamma);
        double slope = t->along_n * (g + (gamma > 0.0 ? x * bend * x / gamma : 0.0));
        s += miss / fmax(slope, 0.02 * t->along_n);
        s = fmin(fmax(s, 0.0), most);
    }
    return sign * s;
}

double bt_tyre_lateral_n(double c_n_rad, double friction_n, double tan_slip)
{
    bt_tyre t = {friction_n, friction_n, c_n_rad, c_n_rad};
    double fx, fy;
    bt_tyre_force(&t, 0.0, tan_slip, &fx, &fy);
    return fy;
}
