// cast_stock.c: what can be made before it is known who is in another window of the world: bodies, and where on its
// way the ego will see fine detail.
#include "engine/app/cast_internal.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/core/task.h"
#include "procedural/gear/gear_body.h"

#define FOCUS_STEP_M 40.0    // between points: chosen
#define FOCUS_BEHIND_M 200.0 // detail is kept for what a camera that looks back sees

bt_status cast_open_garage(const bt_cast_desc *desc, bt_garage *garage)
{
    bt_garage_desc of = {.spec = desc->spec,
                         .inputs = desc->inputs,
                         .assets = desc->assets,
                         .seed = desc->scenario->seed,
                         .without_bodies = desc->without_bodies};
    return bt_garage_init(&of, garage);
}

// ---- traffic ----------------------------------------------------------------------------------
static bool may_have(const bt_scenario *scenario, bt_gear_kind gear)
{
    return scenario->traffic.pedestrians > 0 && scenario->traffic.gear_share[gear] > 0.0;
}

static bt_status fill_streets(bt_garage *garage, const bt_scenario_traffic *t)
{
    bt_status status = BT_OK;
    uint32_t model;
    for (uint32_t i = 0; i < BT_GARAGE_CARS && t->cars + t->parked > 0 && status == BT_OK; i++)
        status = bt_garage_car(garage, i, &model);
    for (uint32_t i = 0; i < BT_GARAGE_TRUCKS && t->trucks > 0 && status == BT_OK; i++)
        status = bt_garage_truck(garage, i, &model);
    for (uint32_t i = 0; i < BT_GARAGE_BICYCLES && t->cyclists > 0 && status == BT_OK; i++)
        status = bt_garage_bicycle(garage, i, &model);
    return status;
}

static bt_status fill_pavements(bt_garage *garage, const bt_scenario *scenario)
{
    const bt_scenario_traffic *t = &scenario->traffic;
    bt_status status = bt_task_go_on();
    uint32_t model;
    double height_m;
    for (uint32_t i = 0; i < BT_GARAGE_PEOPLE && t->pedestrians > 0 && status == BT_OK; i++)
        status = bt_garage_person(garage, i, &model, &height_m);
    for (uint32_t i = 0; i < BT_GARAGE_DOGS && t->dogs > 0 && status == BT_OK; i++)
        status = bt_garage_dog(garage, i, &model, &height_m);
    for (int kind = BT_GEAR_NONE + 1; kind < BT_GEAR_KIND_COUNT; kind++)
        for (uint32_t i = 0;
             i < BT_GARAGE_GEAR && may_have(scenario, (bt_gear_kind)kind) && status == BT_OK; i++) {
            height_m = 0.0; // that of the body
            status = bt_garage_gear(garage, (bt_gear_kind)kind, i, &model, &height_m);
        }
    return status;
}

// ---- the scenario's own -----------------------------------------------------------------------
static bt_status fill_own(const bt_cast_desc *desc, const bt_cast *before, bt_cast_stock *stock)
{
    casting c = {.desc = desc, .garage = &stock->garage};
    bt_status status = BT_OK;
    stock->own = bt_alloc(before->count, sizeof *stock->own);
    if (!stock->own) return bt_fail(BT_ERR_MEMORY, "no memory for %zu actors", before->count);
    stock->own_count = before->count;
    for (size_t i = 0; i < before->count && status == BT_OK; i++) {
        bt_actor_desc actor = before->actors[i];
        if (!before->bodies[i].own) continue;
        status = cast_build_body(&c, &before->bodies[i], &actor, &stock->own[i].model,
                                 &stock->own[i].class_id);
    }
    return status;
}

bt_status bt_cast_stock_fill(const bt_cast_desc *desc, const bt_cast *before, bt_cast_stock *stock)
{
    bt_status status = cast_open_garage(desc, &stock->garage);
    if (status == BT_OK) status = fill_own(desc, before, stock);
    if (status == BT_OK) status = fill_streets(&stock->garage, &desc->scenario->traffic);
    return status == BT_OK ? fill_pavements(&stock->garage, desc->scenario) : status;
}

void bt_cast_stock_clear(bt_cast_stock *stock)
{
    bt_free(stock->own);
    *stock = (bt_cast_stock){0};
}

void bt_cast_choose_bodies(const bt_cast *cast, const bt_cast_stock *stock,
                           const bt_scenario *scenario, bt_body_choice *choice)
{
    const bt_scenario_traffic *t = &scenario->traffic;
    const bt_garage *garage = &stock->garage;
    for (size_t i = 0; i < cast->count; i++)
        if (cast->bodies[i].own && cast->actors[i].kind == BT_ACTOR_VEHICLE && !cast->actors[i].led)
            bt_body_choice_add(choice, &cast->actors[i].vehicle);
    for (uint32_t i = 0; i < BT_GARAGE_CARS && t->cars + t->parked > 0; i++)
        bt_body_choice_add(choice, &garage->cars[i]);
    for (uint32_t i = 0; i < BT_GARAGE_TRUCKS && t->trucks > 0; i++)
        bt_body_choice_add(choice, &garage->trucks[i]);
    for (uint32_t i = 0; i < BT_GARAGE_BICYCLES && t->cyclists > 0; i++)
        bt_body_choice_add(choice, &garage->bicycles[i]);
}

// ---- where the ego will pass ------------------------------------------------------------------
bt_status cast_add_focus(const bt_cast_desc *desc, const bt_route *route, double from_m,
                         double to_m, bt_cast_focus *focus)
{
    bt_status status = BT_OK;
    for (double at_m = FOCUS_STEP_M * ceil(from_m / FOCUS_STEP_M);
         status == BT_OK && at_m <= to_m + FOCUS_STEP_M; at_m += FOCUS_STEP_M) {
        if (at_m > bt_route_length(route) + FOCUS_STEP_M) break;
        status = BT_ARRAY_RESERVE(focus->points, focus->capacity, focus->count + 1);
        if (status != BT_OK) break;
        bt_pose pose = bt_route_pose(desc->net, route, at_m, 0.0, NULL, NULL);
        focus->points[focus->count++] = pose.pos;
    }
    return status;
}

double cast_focus_reach(const bt_scenario *scenario, double speed_m_s)
{
    return FOCUS_STEP_M + scenario->duration_s * (speed_m_s + 3.0);
}

bt_status bt_cast_focus_find(const bt_cast_desc *desc, const bt_route *route, double along_m,
                             bt_cast_focus *focus)
{
    return cast_add_focus(desc, route, fmax(0.0, along_m - FOCUS_BEHIND_M),
                          cast_focus_reach(desc->scenario, desc->scenario->ego.speed_m_s), focus);
}

void bt_cast_focus_clear(bt_cast_focus *focus)
{
    bt_free(focus->points);
    *focus = (bt_cast_focus){0};
}
