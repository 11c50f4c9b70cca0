// time.h: simulated time: integer nanoseconds since the scenario began.
#ifndef BT_CORE_TIME_H
#define BT_CORE_TIME_H

#include <stdint.h>

typedef int64_t bt_time_ns;

#define BT_NS_PER_S INT64_C(1000000000)
#define BT_NS_PER_MS INT64_C(1000000)

static inline double bt_seconds(bt_time_ns time_ns)
{
    return (double)time_ns * 1e-9;
}

// Nearest nanosecond, halves away from zero; |seconds| below 9e9.
static inline bt_time_ns bt_from_seconds(double seconds)
{
    double ns = seconds * 1e9;
    return (bt_time_ns)(ns < 0.0 ? ns - 0.5 : ns + 0.5);
}

#endif
