// measure.h: what benches that render one frame again and again are asked for, and how alike two films are.
#ifndef BT_TESTS_BENCH_MEASURE_H
#define BT_TESTS_BENCH_MEASURE_H

#include "engine/render/film.h"

#include <math.h>
#include <stdlib.h>

typedef struct measure {
    uint32_t width, height, samples;
    int rounds;
} measure;

// From SCENARIO.lua width height samples rounds, as far as they are given.
static inline measure measure_of(int argc, char **argv, measure otherwise)
{
    measure m = otherwise;
    if (argc > 2) m.width = (uint32_t)atoi(argv[2]);
    if (argc > 3) m.height = (uint32_t)atoi(argv[3]);
    if (argc > 4) m.samples = (uint32_t)atoi(argv[4]);
    if (argc > 5) m.rounds = atoi(argv[5]);
    return m;
}

static inline double measure_mpaths(const measure *m)
{
    return (double)m->width * m->height * m->samples * 1e-6;
}

typedef struct film_likeness {
    double means;        // the second's over the first's
    double same_percent; // of the values that are within 1e-4 of the first's
} film_likeness;

static inline film_likeness film_likeness_of(const bt_film *first, const bt_film *second)
{
    double sums[2] = {0.0, 0.0}, same = 0.0;
    size_t count = bt_film_plane_stride(first) * first->plane_count;
    for (size_t i = 0; i < count; i++) {
        double a = (double)first->rate_e_s[i], b = (double)second->rate_e_s[i];
        sums[0] += a;
        sums[1] += b;
        same += fabs(a - b) <= 1e-4 * fabs(a);
    }
    return (film_likeness){sums[1] / sums[0], 100.0 * same / (double)count};
}

#endif
