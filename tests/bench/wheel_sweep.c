// wheel_sweep.c: wheels put down beside the edges of a map's lanes, at all angles: how far contact.h puts them off the
// road as the audit sees it, and where.
//
//     bench.wheel_sweep MAP.xodr [EACH [STEP_M [X Y RADIUS_M]]]
//
// EACH (8) wheels at each STEP_M (0.5) of each edge; only within RADIUS_M of a place, if given.
#include "engine/road/opendrive.h"
#include "tests/engine/sim/put_wheel.h"

#include <stdio.h>
#include <stdlib.h>

#define OFF_M 0.01
#define MUCH_M 0.03
#define TOLD_MOST 40u
#define APART_M 3.0

typedef struct sweep {
    const bt_road_network *net;
    uint32_t each;
    double step_m, x_m, y_m, radius_m;
    uint64_t wheels, off, much, restless;
    put_wheel told[TOLD_MOST]; // the worst, apart from each other
    uint32_t told_count;
} sweep;

static void note(const put_wheel *w, sweep *s)
{
    uint32_t i = 0, least = 0;
    s->wheels++;
    if (w->off_m <= OFF_M) return;
    if (!put_wheel_may_rest(s->net, w, 0.5 * OFF_M)) {
        s->restless++;
        return;
    }
    s->much += w->off_m > MUCH_M;
    s->off++;
    for (; i < s->told_count; i++) {
        if (s->told[i].off_m < s->told[least].off_m) least = i;
        if (hypot(s->told[i].foot.x - w->foot.x, s->told[i].foot.y - w->foot.y) < APART_M) break;
    }
    if (i == s->told_count && i < TOLD_MOST)
        s->told[s->told_count++] = *w;
    else if (w->off_m > s->told[i < s->told_count ? i : least].off_m)
        s->told[i < s->told_count ? i : least] = *w;
}

static void sweep_lane(uint32_t lane, sweep *s)
{
    const bt_lane *l = bt_road_lane_get(s->net, lane);
    if (l->id == 0) return;
    uint64_t index = (uint64_t)lane << 32;
    for (double at = l->s0_m + 1e-3; at < l->s1_m; at += s->step_m)
        for (uint32_t k = 0; k < 2 * s->each; k++) {
            put_wheel w = put_wheel_draw(index++, lane, at, k % 2 == 0);
            bt_vec3 p = bt_road_point(s->net, l->road, at, put_wheel_border(s->net, &w, at));
            if (hypot(p.x - s->x_m, p.y - s->y_m) > s->radius_m) continue;
            if (put_wheel_at_edge(s->net, &w) && put_wheel_down(s->net, &w)) note(&w, s);
        }
}

static int by_off(const void *a, const void *b)
{
    double x = ((const put_wheel *)a)->off_m, y = ((const put_wheel *)b)->off_m;
    return (x < y) - (x > y);
}

static void tell(sweep *s)
{
    qsort(s->told, s->told_count, sizeof *s->told, by_off);
    for (uint32_t i = 0; i < s->told_count; i++) {
        const put_wheel *w = &s->told[i];
        const bt_lane *l = bt_road_lane_get(s->net, w->lane);
        printf("  %.4f m: road %s lane %d s %.3f of %.3f..%.3f %s, angle %.4f, beyond %.5f, pitch "
               "%.4f "
               "roll %.4f, r %.2f at %.3f %.3f %.4f\n",
               w->off_m, bt_road_get(s->net, l->road)->id, (int)l->id, w->s_m, l->s0_m, l->s1_m,
               w->left ? "left" : "right", w->angle_rad, w->beyond_m, w->pitch_rad, w->roll_rad,
               w->shape.radius_m, w->foot.x, w->foot.y, w->foot.z);
    }
}

int main(int argc, char **argv)
{
    bt_road_network *net;
    if (argc < 2 || bt_opendrive_load(argv[1], &net) != BT_OK) {
        fprintf(stderr, "%s\n", argc < 2 ? "bench.wheel_sweep MAP.xodr" : bt_error_message());
        return 2;
    }
    sweep s = {.net = net,
               .each = argc > 2 ? (uint32_t)atoi(argv[2]) : 8,
               .step_m = argc > 3 ? atof(argv[3]) : 0.5,
               .x_m = argc > 4 ? atof(argv[4]) : 0.0,
               .y_m = argc > 5 ? atof(argv[5]) : 0.0,
               .radius_m = argc > 6 ? atof(argv[6]) : 1e9};
    for (uint32_t lane = 0; lane < bt_road_lane_count(net); lane++)
        sweep_lane(lane, &s);
    printf(
        "%s: %llu wheels, %llu more than %g m off (%.1f of a million), %llu more than %g m; %llu "
        "find no rest\n",
        argv[1], (unsigned long long)s.wheels, (unsigned long long)s.off, OFF_M,
        1e6 * (double)s.off / (double)s.wheels, (unsigned long long)s.much, MUCH_M,
        (unsigned long long)s.restless);
    tell(&s);
    bt_road_network_destroy(net);
    return 0;
}
