// ascending.h: doubles in order, for qsort.
#ifndef BT_TESTS_BENCH_ASCENDING_H
#define BT_TESTS_BENCH_ASCENDING_H

static inline int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

#endif
