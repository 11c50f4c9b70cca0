// driver.c: tempers of drivers.
//
// Means and spreads are chosen, of the order that Treiber and Kesting 2013, "Traffic Flow Dynamics",
// ch. 11 and 12, and Kesting, Treiber, Helbing 2007, "General lane-changing model MOBIL for
// car-following models", TRR 1999, give for mixed traffic.
#include "engine/core/random.h"
#include "engine/sim/sim.h"

typedef struct spread {
    double mean, sigma;
} spread;

static double draw(uint64_t seed, uint64_t index, uint32_t dim, spread s)
{
    double n = bt_random_normal(seed, BT_STREAM_TRAFFIC, index, 40 + dim);
    return s.mean + s.sigma * bt_clamp(n, -2.5, 2.5);
}

bt_driver bt_driver_draw(uint64_t seed, uint64_t index)
{
    const spread speed = {1.0, 0.08}, headway = {1.3, 0.2}, gap = {2.2, 0.3}, accel = {1.3, 0.2};
    const spread brake = {1.8, 0.2}, politeness = {0.25, 0.1}, keep = {0.2, 0.04};
    const spread reaction = {0.15, 0.04};
    return (bt_driver){.speed_factor = draw(seed, index, 0, speed),
                       .headway_s = draw(seed, index, 1, headway),
                       .min_gap_m = draw(seed, index, 2, gap),
                       .accel_m_s2 = draw(seed, index, 3, accel),
                       .brake_m_s2 = draw(seed, index, 4, brake),
                       .politeness = draw(seed, index, 5, politeness),
                       .keep_lane_m_s2 = draw(seed, index, 6, keep),
                       .reaction_s = draw(seed, index, 7, reaction)};
}
