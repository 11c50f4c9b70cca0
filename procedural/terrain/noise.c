// noise.c: gradient noise on a hashed lattice.
#include "procedural/terrain/noise.h"

#include <math.h>

// SplitMix64's finisher (Steele, Lea, Flood 2014), over the cell's coordinates.
static uint64_t hash_cell(uint64_t seed, int64_t x, int64_t y)
{
    uint64_t h = seed + 0x9e3779b97f4a7c15u * (uint64_t)x + 0xd1b54a32d192ed03u * (uint64_t)y;
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

double bt_noise_cell(uint64_t seed, int64_t x, int64_t y)
{
    return (double)(hash_cell(seed, x, y) >> 11) * 0x1p-53;
}

// Eight directions: enough for land, and exact.
static double corner(uint64_t seed, int64_t x, int64_t y, double dx, double dy)
{
    static const double gradients[8][2] = {{1, 0},     {-1, 0},     {0, 1},      {0, -1},
                                           {0.7, 0.7}, {-0.7, 0.7}, {0.7, -0.7}, {-0.7, -0.7}};
    const double *g = gradients[hash_cell(seed, x, y) >> 61];
    return g[0] * dx + g[1] * dy;
}

static double fade(double t)
{
    return t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
}

double bt_noise2(uint64_t seed, double x, double y)
{
    double fx = floor(x), fy = floor(y), dx = x - fx, dy = y - fy;
    int64_t ix = (int64_t)fx, iy = (int64_t)fy;
    double u = fade(dx), v = fade(dy);
    double low =
        corner(seed, ix, iy, dx, dy) * (1.0 - u) + corner(seed, ix + 1, iy, dx - 1.0, dy) * u;
    double high = corner(seed, ix, iy + 1, dx, dy - 1.0) * (1.0 - u) +
                  corner(seed, ix + 1, iy + 1, dx - 1.0, dy - 1.0) * u;
    return 1.5 * (low * (1.0 - v) + high * v);
}

double bt_noise_fbm2(uint64_t seed, double x, double y, int octaves, double gain)
{
    double sum = 0.0, weight = 1.0, weights = 0.0;
    for (int i = 0; i < octaves; i++) {
        sum += weight * bt_noise2(seed + (uint64_t)i * 0x632be5abu, x, y);
        weights += weight;
        weight *= gain;
        // turned a little, so that lattices do not line up
        double nx = 1.6 * x - 1.2 * y, ny = 1.2 * x + 1.6 * y;
        x = nx;
        y = ny;
    }
    return sum / weights;
}
