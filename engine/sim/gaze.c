// gaze.c: see gaze.h.
#include "engine/sim/gaze.h"

#include "engine/core/random.h"
#include "engine/math/pose.h"

#include <math.h>

#define MIND_NS INT64_C(1700000000) // one thing is looked at for so long
#define KERB_NS INT64_C(800000000)  // to one side of a road
#define SHARE_COMPANION 0.40
#define SHARE_PASSER 0.22
#define SHARE_ASIDE 0.12
enum { DIM_PHASE = 700, DIM_MIND, DIM_ASIDE };

void bt_gaze_step(double yaw, double dt, bt_gaze *g)
{
    double goal = bt_clamp(bt_wrap_angle(g->watch_rad - yaw), -BT_GAZE_MOST_RAD, BT_GAZE_MOST_RAD);
    // the spring's own course over dt
    double w = BT_GAZE_FREQUENCY_S, off = g->head_rad - goal, c = g->head_rad_s + w * off;
    double left = bt_exp(-w * dt), next = goal + (off + c * dt) * left;
    double most = BT_GAZE_RATE_RAD_S * dt, rate = (g->head_rad_s - w * c * dt) * left;
    double change = bt_clamp(next - g->head_rad, -most, most);
    g->head_rad = bt_clamp(g->head_rad + change, -BT_GAZE_MOST_RAD, BT_GAZE_MOST_RAD);
    g->head_rad_s = bt_clamp(rate, -BT_GAZE_RATE_RAD_S, BT_GAZE_RATE_RAD_S);
}

bt_gaze_mind bt_gaze_mind_of(uint32_t number, int64_t time_ns, double *aside, int *left)
{
    double phase = bt_random_unit(0, BT_STREAM_PEDESTRIAN, number, DIM_PHASE);
    int64_t at = time_ns + (int64_t)(phase * (double)MIND_NS);
    uint64_t which = ((uint64_t)number << 32) + (uint64_t)(at / MIND_NS);
    double mind = bt_random_unit(1, BT_STREAM_PEDESTRIAN, which, DIM_MIND);
    double turn = 2.0 * bt_random_unit(1, BT_STREAM_PEDESTRIAN, which, DIM_ASIDE) - 1.0;
    *aside = copysign(0.35 + 0.65 * fabs(turn), turn);
    *left = (at / KERB_NS) % 2 == 0 ? 1 : -1;
    if (mind < SHARE_COMPANION) return BT_GAZE_COMPANION;
    mind -= SHARE_COMPANION;
    if (mind < SHARE_PASSER) return BT_GAZE_PASSER;
    return mind < SHARE_PASSER + SHARE_ASIDE ? BT_GAZE_ASIDE : BT_GAZE_AHEAD;
}
