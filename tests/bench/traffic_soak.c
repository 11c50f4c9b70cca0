// traffic_soak.c: many hours of seeded traffic, audited: who touches whom, near misses, who gets
// stuck, throughput, the hardest braking and jerk; each wheel that is off the road, with its place.
//
//     bench.traffic_soak [VEHICLE_HOURS [MAP.xodr [CARS [TRUCKS [SEED [RUN_S [CYCLISTS]]]]]]]
//
// MAP "ring": three lanes round a circle of 500 m radius, made here.
// Runs of RUN_S (half an hour) each with a seed of their own, until there are enough vehicle hours.
#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/sim/audit.h"
#include "engine/sim/spawn.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_STEPS 10

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int failed(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, bt_error_message());
    return 1;
}

typedef struct totals {
    double hours, km, worst[BT_AUDIT_KIND_COUNT];
    uint64_t over[BT_AUDIT_KIND_COUNT];
    double longest_s;
    uint32_t touches, near_misses, walker_touches, stuck;
} totals;

static void add(const bt_audit_report *r, totals *sum)
{
    sum->hours += r->vehicle_hours;
    sum->km += r->vehicle_km;
    sum->touches += r->touches;
    sum->near_misses += r->near_misses;
    sum->walker_touches += r->walker_touches;
    sum->stuck += r->stuck;
    if (r->longest_s > sum->longest_s) sum->longest_s = r->longest_s;
    for (int k = 0; k < BT_AUDIT_KIND_COUNT; k++) {
        if (r->worst[k].value > sum->worst[k]) sum->worst[k] = r->worst[k].value;
        sum->over[k] += r->worst[k].over;
    }
}

// A run in which something happened, a foot or a wheel off the ground too, and how long it has to be to be repeated
// alone. What drivers and walkers choose has limits that are for looking at, not for repeating: it is in the table.
static void tell(const bt_audit_report *r, uint64_t seed, double seconds)
{
    static const bt_audit_kind off_ground[] = {BT_AUDIT_WHEEL, BT_AUDIT_FOOT, BT_AUDIT_STAND};
    uint64_t off[3], all = 0;
    for (int i = 0; i < 3; i++)
        all += off[i] = r->worst[off_ground[i]].over;
    if (r->touches + r->stuck + r->walker_touches + all == 0) return;
    printf("seed %llu, %.0f s (%.2f vehicle hours): %u touch, %u walkers touch, %u stood",
           (unsigned long long)seed, seconds, r->vehicle_hours, r->touches, r->walker_touches,
           r->stuck);
    for (int i = 0; i < 3; i++)
        if (off[i] > 0)
            printf(", %s in %llu looks", bt_audit_kind_name(off_ground[i]),
                   (unsigned long long)off[i]);
    printf("\n");
}

static int run(const bt_road_network *net, const uint32_t counts[3], uint64_t seed, double seconds,
               totals *sum)
{
    bt_vehicle car = fixture_car(), truck = fixture_truck(), bicycle = fixture_bicycle();
    bt_spawn_desc spawn = {.net = net,
                           .seed = seed,
                           .counts = {counts[0], counts[1], 10, 20, counts[2]},
                           .cars = &car,
                           .trucks = &truck,
                           .car_models = 1,
                           .truck_models = 1,
                           .bicycles = &bicycle,
                           .bicycle_models = 1,
                           .ego_lane = BT_ROAD_NONE};
    bt_spawn_list list;
    if (bt_spawn(&spawn, &list) != BT_OK) return failed("spawn");
    bt_actor_desc *actors = bt_alloc(list.count, sizeof *actors);
    for (uint32_t i = 0; i < list.count; i++)
        actors[i] = list.entries[i].desc;
    bt_sim_desc desc = {
        .net = net, .seed = seed, .actors = actors, .actor_count = list.count, .ego = BT_SIM_NONE};
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    bt_audit *audit = NULL;
    if (bt_sim_create(&desc, &sim) != BT_OK || bt_state_create(sim, &state) != BT_OK)
        return failed("sim");
    bt_audit_desc how = {.sim = sim, .wheels_every = 20, .log = stdout};
    if (bt_audit_create(&how, &audit) != BT_OK) return failed("audit");
    for (int i = 0; i < (int)(seconds * 100.0); i++) {
        if (bt_sim_step(sim, state, NULL) != BT_OK) return failed("step");
        if (i % LOOK_STEPS == 0) bt_audit_look(audit, state);
    }
    add(bt_audit_get(audit), sum);
    tell(bt_audit_get(audit), seed, seconds);
    if (getenv("SOAK_VERBOSE")) bt_audit_print(audit, stdout);
    bt_audit_destroy(audit);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_free(actors);
    bt_spawn_clear(&list);
    return 0;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    double hours = argc > 1 ? atof(argv[1]) : 10.0;
    const char *map = argc > 2 ? argv[2] : "assets/maps/town.xodr";
    uint32_t counts[3] = {argc > 3 ? (uint32_t)atoi(argv[3]) : 60,
                          argc > 4 ? (uint32_t)atoi(argv[4]) : 0,
                          argc > 7 ? (uint32_t)atoi(argv[7]) : 0};
    uint64_t seed = argc > 5 ? (uint64_t)atoll(argv[5]) : 1;
    double run_s = argc > 6 ? atof(argv[6]) : 1800.0;
    bt_road_network *net = NULL;
    if (strcmp(map, "ring") == 0) net = network_ring_lanes(500.0, 3);
    if (!net && bt_opendrive_load(map, &net) != BT_OK) return failed(map);
    totals sum = {0};
    double begun = cpu_s();
    while (sum.hours < hours) {
        double before = sum.hours;
        double left = (hours - sum.hours) * 3600.0 / (counts[0] + counts[1] + counts[2]);
        double seconds = left < run_s ? left + 1.0 : run_s;
        if (run(net, counts, seed++, seconds, &sum) != 0) return 1;
        if (sum.hours <= before) return failed("nobody drives");
    }
    printf("%s: %.1f vehicle hours, %.0f km, mean %.1f km/h: %u touch, %u near misses (1 s), %u "
           "walkers touch; %u stood for three minutes, the longest for %.0f s; %.0f CPU s\n",
           map, sum.hours, sum.km, sum.km / sum.hours, sum.touches, sum.near_misses,
           sum.walker_touches, sum.stuck, sum.longest_s, cpu_s() - begun);
    for (int k = 0; k < BT_AUDIT_KIND_COUNT; k++)
        printf("  %-30s at most %8.3f, over the limit of %g: %.2f looks per vehicle hour\n",
               bt_audit_kind_name((bt_audit_kind)k), sum.worst[k],
               bt_audit_limit_default((bt_audit_kind)k), (double)sum.over[k] / sum.hours);
    bt_road_network_destroy(net);
    return sum.touches > 0;
}
