// tyre.c: the brush model.
#include "engine/sim/tyre.h"

#include "engine/math/pose.h"

#include <stdbool.h>

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

double bt_tyre_slip_for(const bt_tyre *t, double wanted_n, double tan_slip, double guess)
{
    if (t->friction_n <= 0.0 || wanted_n == 0.0) return 0.0;
    double sign = wanted_n > 0.0 ? 1.0 : -1.0, wanted = fabs(wanted_n);
    double slides = 3.0 * t->friction_n, most = slides / t->along_n; // gamma and sigma_x there
    double side = t->across_n * tan_slip, y = side * (1.0 - sign * most);
    // at `most` it pushes with S slides / sqrt(slides^2 + y^2)
    double ratio = wanted / t->friction_n;
    if (ratio * ratio * (slides * slides + y * y) >= slides * slides) return sign * most;
    // Newton on a curve that rises ever more slowly: from below from the second on
    double s = bt_min(sign * guess > 0.0 ? sign * guess : wanted / t->along_n, most);
    for (int i = 0; i < ITERATIONS; i++) {
        double x = t->along_n * s;
        y = side * (1.0 - sign * s);
        double gamma = sqrt(x * x + y * y), u = gamma / slides;
        bool sticks = u < 1.0;
        double g = sticks ? 1.0 - u + u * u * (1.0 / 3.0) : t->friction_n / gamma;
        double miss = wanted - x * g;
        if (fabs(miss) < CLOSE_ENOUGH * wanted) break;
        // dg / dgamma over gamma
        double bend = sticks ? (2.0 / 3.0 * u - 1.0) / (slides * gamma) : -g / (gamma * gamma);
        double slope = t->along_n * (g + (gamma > 0.0 ? x * x * bend : 0.0));
        s += miss / bt_max(slope, 0.02 * t->along_n);
        s = bt_min(bt_max(s, 0.0), most);
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
