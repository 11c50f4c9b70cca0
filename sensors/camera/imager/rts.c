// rts.c: the level of a random-telegraph pixel at a time.
#include "sensors/camera/imager/rts.h"

#include <math.h>

#include "sensors/camera/imager/noise.h"

#define EVER 64 // stretches without an event: one in e^64

// The level that the last event before `until` of a stretch sets; -1: there is no such event.
static int level_in(uint64_t key, int64_t stretch, double until, double duty)
{
    bt_noise noise = bt_noise_begin(key, BT_STREAM_SENSOR_FIXED, (uint64_t)stretch);
    int events = (int)bt_noise_poisson(&noise, 1.0), level = -1;
    double last = -1.0;
    for (int i = 0; i < events; i++) {
        double at = bt_noise_unit(&noise);
        bool high = bt_noise_unit(&noise) < duty;
        if (at >= until || at <= last) continue;
        last = at;
        level = high;
    }
    return level;
}

bool bt_rts_is_high(uint64_t seed, uint64_t pixel, double rate_hz, double duty, double time_s)
{
    uint64_t key = seed ^ ((pixel + 1) * UINT64_C(0x9E3779B97F4A7C15));
    double at = time_s * rate_hz;
    int64_t stretch = (int64_t)floor(at);
    int level = level_in(key, stretch, at - floor(at), duty);
    for (int back = 1; level < 0 && back < EVER; back++)
        level = level_in(key, stretch - back, 1.0, duty);
    return level > 0;
}
