// audit_test.c: the audit sees what is wrong; traffic round an ego has nothing wrong.
#include "engine/sim/audit.h"
#include "engine/sim/spawn.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/maps.h"
#include "tests/engine/sim/networks.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define SECONDS 8.0
#else
#define SECONDS 60.0
#endif

static void run(const bt_sim *sim, bt_state *state, bt_audit *audit, double seconds)
{
    for (int i = 0; i < (int)(seconds * 100.0); i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i % 10 == 0) bt_audit_look(audit, state);
    }
}

// A town full of traffic, an ego that drives itself: what is near it moves by forces.
static void test_round_ego(const char *map, uint64_t seed)
{
    bt_road_network *net = map_load(map);
    if (!net) return;
    bt_vehicle car = fixture_car(), truck = fixture_truck();
    bt_spawn_desc spawn = {.net = net,
                           .seed = seed,
                           .counts = {50, 3, 10, 15, 2},
                           .cars = &car,
                           .trucks = &truck,
                           .car_models = 1,
                           .truck_models = 1,
                           .ego_lane = BT_ROAD_NONE};
    bt_spawn_list list;
    CHECK_OK(bt_spawn(&spawn, &list));
    bt_actor_desc *actors = calloc(list.count, sizeof *actors);
    uint32_t ego = BT_SIM_NONE;
    for (uint32_t i = 0; i < list.count; i++) {
        actors[i] = list.entries[i].desc;
        if (ego == BT_SIM_NONE && list.entries[i].kind == BT_SPAWN_CAR) ego = i;
    }
    bt_sim_desc desc = {
        .net = net, .seed = seed, .actors = actors, .actor_count = list.count, .ego = ego};
    bt_sim *sim;
    bt_state *state;
    bt_audit *audit;
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, &state));
    bt_audit_desc how = {.sim = sim, .wheels_every = 2, .log = stdout};
    CHECK_OK(bt_audit_create(&how, &audit));
    run(sim, state, audit, SECONDS);
    const bt_audit_report *r = bt_audit_get(audit);
    bt_audit_print(audit, stdout);
    CHECK(r->touches == 0);
    for (int k = 0; k < BT_AUDIT_KIND_COUNT; k++)
        CHECK(r->worst[k].over == 0);
    CHECK(r->vehicle_km > 0.1);
    bt_audit_destroy(audit);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    free(actors);
    bt_spawn_clear(&list);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_round_ego("assets/maps/town.xodr", 3);
    test_round_ego("carla/Town03", 4);
    return check_end();
}
