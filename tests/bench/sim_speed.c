// sim_speed.c: steps per second of the simulation on one thread.
//
//     bench.sim_speed [MAP.xodr [CARS [SECONDS [PEOPLE]]]]   CARS and PEOPLE round the first car, which
//                                                            is the ego: those near it move by forces
//     bench.sim_speed growth [CARS]   100 to 5,000 cars, or so many, on rings of three lanes at 40 m each
//     bench.sim_speed hash [SECONDS [MAP.xodr]]
//                               ten minutes of dense traffic in the town, or of so much as above round the first
//                               car of a map, stepped twice, the second time from a copy every minute: the
//                               hash of all states, the same for both or it fails
#include "engine/core/hash.h"
#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/sim/spawn.h"
#include "engine/sim/standing.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
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

static bt_status spawn(const bt_road_network *net, uint32_t cars, uint32_t people, double radius_m,
                       bt_spawn_list *list)
{
    bt_vehicle car = fixture_car();
    bt_spawn_desc desc = {.net = net,
                          .seed = 1,
                          .counts = {cars, 0, 20, people, 5},
                          .cars = &car,
                          .car_models = 1,
                          .ego_lane = BT_ROAD_NONE};
    if (radius_m > 0.0) { // as in a scenario: round a place to begin
        desc.radius_m = radius_m;
        bt_status status = bt_spawn_ego_start(net, 1, &desc.ego_lane, &desc.ego_s_m);
        if (status != BT_OK) return status;
    }
    return bt_spawn(&desc, list);
}

// Simulated seconds after which the speed is taken: traffic has mixed by then.
#define WARM_S 20.0
#define RADIUS_M 300.0 // of all that is there round the first car, which is the ego

static int run(const bt_sim *sim, double seconds, const char *map)
{
    bt_state *state = NULL;
    if (bt_state_create(sim, &state) != BT_OK) return failed("state");
    int steps = (int)(seconds * 100.0), warm = (int)(WARM_S * 100.0);
    double begun = 0.0;
    for (int i = 0; i < steps + warm; i++) {
        if (i == warm) begun = now_s();
        if (bt_sim_step(sim, state, NULL) != BT_OK) return failed("step");
    }
    double took = now_s() - begun;
    char host[256] = "?";
    gethostname(host, sizeof host - 1);
    printf("%s: %s, %u actors: %.0f steps per CPU second (%.0f times real time), %.2f us per actor "
           "and step, "
           "at most %.1f MiB\n",
           host, map, bt_sim_actor_count(sim), steps / took, seconds / took,
           1e6 * took / steps / bt_sim_actor_count(sim),
           (double)bt_memory_high_water() / 1048576.0);
    bt_state_destroy(state);
    return 0;
}

// Trunks 12 m to both sides of all roads, every 5 m.
static bt_status stand_around(const bt_road_network *net, bt_sim *sim)
{
    bt_standing *things = NULL;
    size_t count = 0, capacity = 0;
    bt_status status = BT_OK;
    for (uint32_t road = 0; road < bt_road_count(net); road++)
        for (double s = 0.0; s < bt_road_get(net, road)->length_m; s += 5.0)
            for (int side = -1; side <= 1 && status == BT_OK; side += 2) {
                bt_vec3 p = bt_road_point(net, road, s, 12.0 * side);
                status = BT_ARRAY_RESERVE(things, capacity, count + 1);
                if (status == BT_OK)
                    things[count++] =
                        (bt_standing){.box = {p.x, p.y, 0.0, 0.2, 0.2, p.z - 1.0, p.z + 5.0},
                                      .kind = BT_STANDING_RIGID};
            }
    if (status == BT_OK) status = bt_sim_stand(sim, things, (uint32_t)count);
    bt_free(things);
    return status;
}

// One network with so many cars and people; `ego`: the first car is one.
static int measure(const bt_road_network *net, const char *name, uint32_t cars, uint32_t people,
                   double seconds, bool ego)
{
    bt_spawn_list list;
    if (spawn(net, cars, people, ego ? RADIUS_M : 0.0, &list) != BT_OK) return failed("spawn");
    bt_actor_desc *actors = bt_alloc(list.count, sizeof *actors);
    uint32_t first = BT_SIM_NONE, placed[2] = {0};
    for (uint32_t i = 0; i < list.count; i++) {
        actors[i] = list.entries[i].desc;
        bool drives = list.entries[i].kind == BT_SPAWN_CAR;
        if (ego && drives && first == BT_SIM_NONE) first = i;
        placed[0] += drives;
        placed[1] += list.entries[i].kind == BT_SPAWN_PEDESTRIAN;
    }
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = list.count, .ego = first};
    bt_sim *sim = NULL;
    double begun = now_s();
    if (bt_sim_create(&desc, &sim) != BT_OK) return failed("sim");
    if (stand_around(net, sim) != BT_OK) return failed("what stands there");
    printf("compiled in %.3f s: %u cars drive, %u people walk\n", now_s() - begun, placed[0],
           placed[1]);
    int result = run(sim, seconds, name);
    bt_sim_destroy(sim);
    bt_free(actors);
    bt_spawn_clear(&list);
    return result;
}

static int on_ring(uint32_t cars)
{
    // three lanes, 40 m for each car
    bt_road_network *net = network_ring_lanes(cars * 40.0 / (3.0 * 2.0 * BT_PI), 3);
    int result = net ? measure(net, "ring", cars, 0, 10.0, false) : 1;
    bt_road_network_destroy(net);
    return result;
}

static int growth(void)
{
    static const uint32_t counts[] = {100, 200, 500, 1000, 2000, 5000};
    int result = 0;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && result == 0; i++)
        result = on_ring(counts[i]);
    return result;
}

// The bytes of all seconds of a run, in one hash.
static bt_status hash_run(const bt_sim *sim, int seconds, bool branches, bt_sha256 *sum)
{
    bt_state *state = NULL;
    uint8_t chain[64] = {0};
    bt_status status = bt_state_create(sim, &state);
    for (int s = 0; s < seconds && status == BT_OK; s++) {
        bt_state *copy = NULL;
        if (branches && s % 60 == 59) { // go on from a copy
            status = bt_state_copy(state, &copy);
            if (status != BT_OK) break;
            bt_state_destroy(state);
            state = copy;
        }
        for (int i = 0; i < 100 && status == BT_OK; i++)
            status = bt_sim_step(sim, state, NULL);
        if (status == BT_OK) status = bt_state_digest(state, chain + 32);
        if (status == BT_OK) status = bt_sha256_of(chain, sizeof chain, sum);
        if (status == BT_OK) memcpy(chain, sum->bytes, 32);
    }
    bt_state_destroy(state);
    return status;
}

static int hash(const char *map, double radius_m, int seconds)
{
    bt_road_network *net = NULL;
    bt_spawn_list list;
    if (bt_opendrive_load(map, &net) != BT_OK) return failed(map);
    if (spawn(net, 200, 200, radius_m, &list) != BT_OK) return failed("spawn");
    bt_actor_desc *actors = bt_alloc(list.count, sizeof *actors);
    for (uint32_t i = 0; i < list.count; i++)
        actors[i] = list.entries[i].desc;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = list.count, .ego = 0};
    bt_sim *sim = NULL;
    bt_sha256 sums[2] = {0};
    if (bt_sim_create(&desc, &sim) != BT_OK) return failed("sim");
    for (int i = 0; i < 2; i++)
        if (hash_run(sim, seconds, i == 1, &sums[i]) != BT_OK) return failed("run");
    bool same = memcmp(sums[0].bytes, sums[1].bytes, 32) == 0;
    printf("%s, %u actors, %d s: ", map, list.count, seconds);
    for (int i = 0; i < 16; i++)
        printf("%02x", sums[0].bytes[i]);
    printf(same ? ", twice\n" : ", but another from copies\n");
    bt_sim_destroy(sim);
    bt_free(actors);
    bt_spawn_clear(&list);
    bt_road_network_destroy(net);
    return same ? 0 : 1;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *map = argc > 1 ? argv[1] : "assets/maps/town.xodr";
    uint32_t cars = argc > 2 ? (uint32_t)atoi(argv[2]) : 100;
    double seconds = argc > 3 ? atof(argv[3]) : 60.0;
    uint32_t people = argc > 4 ? (uint32_t)atoi(argv[4]) : 30;
    if (strcmp(map, "growth") == 0) return argc > 2 ? on_ring(cars) : growth();
    if (strcmp(map, "hash") == 0)
        return hash(argc > 3 ? argv[3] : "assets/maps/town.xodr", argc > 3 ? RADIUS_M : 0.0,
                    argc > 2 ? atoi(argv[2]) : 600);
    bt_road_network *net = NULL;
    if (bt_opendrive_load(map, &net) != BT_OK) return failed(map);
    int result = measure(net, map, cars, people, seconds, true);
    bt_road_network_destroy(net);
    return result;
}
