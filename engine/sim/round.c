// round.c: room for what a round of decisions notes (bt_round in traffic.h): as much as the actors of a sim can need.
#include "engine/sim/sim_internal.h"
#include "engine/sim/sweep.h"

#include "engine/core/memory.h"

#define MOVING_CELL_M 48.0
#define GOER_CELL_M 24.0

// Bodies, trailers, and where long vehicles leave their way.
uint32_t bt_round_obstacles_most(const bt_sim *sim)
{
    return 2 * sim->actor_count + BT_SWEEP_MAX * sim->long_count;
}

static bool allocate_for_cars(const bt_sim *sim, bt_round *r)
{
    r->junction_count = bt_road_junction_count(sim->net);
    r->order = bt_alloc(sim->car_count, sizeof *r->order);
    r->mergers = bt_alloc(sim->car_count, sizeof *r->mergers);
    r->passages = bt_alloc(sim->car_count, sizeof *r->passages);
    r->waits = bt_alloc(sim->car_count, sizeof *r->waits);
    r->junction = bt_alloc(r->junction_count, sizeof *r->junction);
    r->entry_next = bt_alloc((size_t)sim->car_count * (BT_CAR_HOLDS + 1), sizeof *r->entry_next);
    r->claims_most = sim->long_count * BT_CLAIMS;
    r->claims = bt_alloc(r->claims_most, sizeof *r->claims);
    return r->order && r->mergers && r->passages && r->waits && r->junction && r->entry_next &&
           r->claims;
}

static bool allocate_for_people(const bt_sim *sim, bt_round *r)
{
    r->moving = bt_alloc((size_t)sim->actor_count * 2, sizeof *r->moving);
    r->goers = bt_alloc(sim->walk_count, sizeof *r->goers);
    r->near = bt_alloc(sim->walk_count, sizeof *r->near);
    r->lets_pass = bt_alloc(sim->walk_count, sizeof *r->lets_pass);
    return r->moving && r->goers && r->near && r->lets_pass;
}

bt_status bt_round_create(const bt_sim *sim, bt_round *r)
{
    r->leave_way_m = BT_LEAVE_WAY_M;
    if (!allocate_for_cars(sim, r) || !allocate_for_people(sim, r))
        return bt_fail(BT_ERR_MEMORY, "no memory for the decisions of %u cars and %u people",
                       sim->car_count, sim->walk_count);
    bt_status status = bt_grid_create(bt_round_obstacles_most(sim), BT_GRID_CELL_M, &r->grid);
    if (status == BT_OK)
        status = bt_grid_create(sim->actor_count * 2, MOVING_CELL_M, &r->moving_grid);
    return status == BT_OK ? bt_grid_create(sim->walk_count, GOER_CELL_M, &r->goer_grid) : status;
}

void bt_round_clear(bt_round *r)
{
    bt_free(r->order);
    bt_free(r->mergers);
    bt_free(r->passages);
    bt_free(r->waits);
    bt_free(r->junction);
    bt_free(r->entry_next);
    bt_free(r->claims);
    bt_free(r->moving);
    bt_free(r->goers);
    bt_free(r->near);
    bt_free(r->lets_pass);
    bt_grid_clear(&r->grid);
    bt_grid_clear(&r->moving_grid);
    bt_grid_clear(&r->goer_grid);
}
