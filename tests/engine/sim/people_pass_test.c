// people_pass_test.c: whom people let pass is the same however far from a driver's way one looks for people whom its body may
// come near (BT_LEAVE_WAY_M); and not when one looks too near.
#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/sim/sim_internal.h"
#include "engine/sim/spawn.h"
#include "tests/engine/sim/fixture.h"
#include "tests/support/sanitized.h"

#define STATES 3
#define SECONDS (int)(30 / SANITIZED_SHARE)

static const double leave_m[STATES] = {BT_LEAVE_WAY_M, 1e6, 0.0};

static bool same(const bt_state *a, const bt_state *b)
{
    uint8_t own[32], other[32];
    CHECK_OK(bt_state_digest(a, own));
    CHECK_OK(bt_state_digest(b, other));
    return memcmp(own, other, sizeof own) == 0;
}

static void test_town(const bt_road_network *net)
{
    bt_vehicle car = fixture_car(), truck = fixture_truck();
    bt_spawn_desc spawn = {.net = net,
                           .seed = 11,
                           .counts = {50, 4, 0, 250, 0},
                           .cars = &car,
                           .trucks = &truck,
                           .car_models = 1,
                           .truck_models = 1,
                           .ego_lane = BT_ROAD_NONE};
    bt_spawn_list list;
    CHECK_OK(bt_spawn(&spawn, &list));
    bt_actor_desc *actors = bt_alloc(list.count, sizeof *actors);
    for (uint32_t i = 0; i < list.count; i++)
        actors[i] = list.entries[i].desc;
    bt_sim_desc desc = {
        .net = net, .seed = 11, .actors = actors, .actor_count = list.count, .ego = BT_SIM_NONE};
    bt_sim *sim = NULL;
    bt_state *state[STATES];
    CHECK_OK(bt_sim_create(&desc, &sim));
    for (int k = 0; k < STATES; k++) {
        CHECK_OK(bt_state_create(sim, &state[k]));
        state[k]->round.leave_way_m = leave_m[k];
    }
    bool farther = true, nearer = true;
    for (int i = 0; i < SECONDS * 100; i++) {
        for (int k = 0; k < STATES; k++)
            CHECK_OK(bt_sim_step(sim, state[k], NULL));
        if (i % 100 != 99) continue;
        farther = farther && same(state[0], state[1]);
        nearer = nearer && same(state[0], state[2]);
    }
    CHECK(farther);
    CHECK(!nearer); // so that this can fail
    for (int k = 0; k < STATES; k++)
        bt_state_destroy(state[k]);
    bt_sim_destroy(sim);
    bt_free(actors);
    bt_spawn_clear(&list);
}

int main(void)
{
    bt_road_network *net = NULL;
    CHECK_OK(bt_opendrive_load("assets/maps/town.xodr", &net));
    if (net) test_town(net);
    bt_road_network_destroy(net);
    return check_end();
}
