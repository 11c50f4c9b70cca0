// skyline.c: bells over the middles of towns.
#include "procedural/placement/skyline.h"

#include <math.h>

// Endless downtown: one middle in each square of so many metres. Chosen: business districts reach some 500 m.
#define SQUARE_M 1800.0
#define SQUARE_REACH_M 430.0

// A town as a file has it: so much road with sidewalks, so dense (km per km2; blocks of 120 m have 12, suburbs
// about 6), before it has towers. Chosen.
#define LEAST_WALKED_M 4000.0
#define LEAST_DENSITY_KM 9.0
#define MOST_M 150.0

static double bell(double x_m, double y_m, double reach_m)
{
    return bt_exp(-(x_m * x_m + y_m * y_m) / (reach_m * reach_m));
}

static double endless_height(const bt_placer *p, double x, double y)
{
    double most = 0.0, column = floor(x / SQUARE_M), row = floor(y / SQUARE_M);
    for (int i = 0; i < 9; i++) {
        double cx = column + i % 3 - 1.0, cy = row + i / 3 - 1.0;
        uint64_t square = (uint64_t)(int64_t)cx * UINT64_C(0x9e3779b97f4a7c15) +
                          (uint64_t)(int64_t)cy + (UINT64_C(7) << 40);
        bt_draw draw = bt_draw_begin(p->params.seed, BT_STREAM_PLACEMENT, square);
        double mx = (cx + bt_draw_range(&draw, 0.25, 0.75)) * SQUARE_M;
        double my = (cy + bt_draw_range(&draw, 0.25, 0.75)) * SQUARE_M;
        double peak = bt_draw_range(&draw, 70.0, MOST_M);
        most = fmax(most, peak * bell(x - mx, y - my, SQUARE_REACH_M));
    }
    return most;
}

// Mean distance from the middle of a square of side a: 0.383 a, so its area is 6.83 times that squared.
static double town_height(const bt_town *town, double x, double y)
{
    if (town->walked_m < LEAST_WALKED_M || !(town->radius_m > 1.0)) return 0.0;
    double area_m2 = 6.83 * town->radius_m * town->radius_m;
    if (1000.0 * town->walked_m / area_m2 < LEAST_DENSITY_KM) return 0.0;
    double peak = fmin(25.0 + 0.012 * town->walked_m, MOST_M);
    return peak * bell(x - town->x, y - town->y, 0.9 * town->radius_m);
}

double bt_skyline_height(const bt_placer *p, double x, double y)
{
    const bt_surroundings_window *window = p->params.window;
    if (!window) return town_height(&p->frontage.town, x, y);
    return window->downtown ? endless_height(p, x, y) : 0.0;
}
