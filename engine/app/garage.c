// garage.c: see garage.h.
#include "engine/app/garage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/sim/vehicle_lua.h"
#include "procedural/animals/deer.h"
#include "procedural/animals/dog.h"
#include "procedural/gear/gear_body.h"
#include "procedural/people/person.h"
#include "procedural/vehicles/vehicle_body_lua.h"

// Sheets by how often one meets them (chosen: a European street).
static const char *const car_sheets[] = {
    "vehicles/hatch.lua", "vehicles/suv.lua",   "vehicles/wagon.lua", "vehicles/sedan.lua",
    "vehicles/van.lua",   "vehicles/hatch.lua", "vehicles/suv.lua",   "vehicles/pickup.lua",
};
#define CAR_SHEETS (sizeof car_sheets / sizeof *car_sheets)
static const char truck_sheet[] = "vehicles/truck.lua";
static const char bicycle_sheet[] = "vehicles/bicycle.lua";

static void forget_models(uint32_t *models, size_t count)
{
    for (size_t i = 0; i < count; i++)
        models[i] = BT_NO_INDEX;
}

static bt_status load_vehicle(const bt_garage *garage, const char *sheet, bt_vehicle *vehicle)
{
    char path[4096];
    bt_status status = bt_path_join(path, sizeof path, garage->desc.assets, sheet);
    if (status == BT_OK) status = bt_vehicle_load(path, &garage->desc.assets, 1, vehicle);
    if (status == BT_OK) status = bt_input_list_add(garage->desc.inputs, path);
    return status;
}

static bt_status build_ghost(bt_spec *spec, uint32_t *model);

bt_status bt_garage_init(const bt_garage_desc *desc, bt_garage *garage)
{
    memset(garage, 0, sizeof *garage);
    garage->desc = *desc;
    forget_models(garage->car_models, BT_GARAGE_CARS);
    forget_models(garage->truck_models, BT_GARAGE_TRUCKS);
    forget_models(garage->people_models, BT_GARAGE_PEOPLE);
    forget_models(garage->dog_models, BT_GARAGE_DOGS);
    forget_models(garage->gear_models[0], BT_GEAR_KIND_COUNT * BT_GARAGE_GEAR);
    forget_models(garage->bicycle_models, BT_GARAGE_BICYCLES);

    bt_vehicle sheets[CAR_SHEETS], truck, bicycle;
    bt_status status = load_vehicle(garage, truck_sheet, &truck);
    if (status == BT_OK) status = load_vehicle(garage, bicycle_sheet, &bicycle);
    if (status == BT_OK && desc->without_bodies) status = build_ghost(desc->spec, &garage->ghost);
    for (size_t i = 0; i < CAR_SHEETS && status == BT_OK; i++)
        status = load_vehicle(garage, car_sheets[i], &sheets[i]);
    if (status != BT_OK) return status;
    for (uint32_t i = 0; i < BT_GARAGE_CARS; i++) {
        uint32_t turn = bt_random_below(desc->seed, BT_STREAM_VEHICLE, 0, 0, CAR_SHEETS);
        garage->car_sheets[i] = (i + turn) % CAR_SHEETS;
        garage->cars[i] = sheets[garage->car_sheets[i]];
    }
    for (uint32_t i = 0; i < BT_GARAGE_TRUCKS; i++)
        garage->trucks[i] = truck;
    for (uint32_t i = 0; i < BT_GARAGE_BICYCLES; i++) {
        bt_gear_params rider = bt_gear_random(BT_GEAR_BICYCLE, desc->seed, i);
        garage->bicycles[i] = bicycle;
        garage->bicycles[i].rider_height_m = rider.person.height_m;
    }
    return BT_OK;
}

// A body is a piece of the spec, which the next window of a world takes over. The format says which one it is.
BT_PRINTF(4, 5)
static bt_status begin(bt_garage *garage, uint32_t *model, bool *found, const char *format, ...)
{
    char key[4096 + 256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(key, sizeof key, format, arguments);
    va_end(arguments);
    return bt_spec_begin_piece(garage->desc.spec, key, model, sizeof *model, found);
}

static bt_status end(bt_garage *garage, bt_status status, const uint32_t *model)
{
    return status == BT_OK ? bt_spec_end_piece(garage->desc.spec, model, sizeof *model) : status;
}

// Builds the body of the sheet at a path, with a paint of its own.
static bt_status build_from(bt_garage *garage, const char *path, uint64_t index,
                            const double *color, uint32_t *model, bt_class *class_id)
{
    bt_vehicle_body body;
    *model = garage->ghost;
    bt_status status = bt_vehicle_body_load(path, &garage->desc.assets, 1, &body);
    *class_id = bt_vehicle_body_class(&body);
    if (status != BT_OK || garage->desc.without_bodies) return status;
    bt_vehicle_body_vary(&body, garage->desc.seed, index);
    double *paint = bt_vehicle_body_paint(&body);
    if (color) memcpy(paint, color, 3 * sizeof *color);
    bool found;
    status = begin(garage, model, &found, "%" PRIu64 " of %" PRIu64 ", %.17g %.17g %.17g: %s",
                   index, garage->desc.seed, paint[0], paint[1], paint[2], path);
    if (status != BT_OK || found) return status;
    return end(garage, bt_vehicle_body_generate(garage->desc.spec, &body, model), model);
}

// The same for a sheet among the assets.
static bt_status build_asset(bt_garage *garage, const char *sheet, uint64_t index, uint32_t *model)
{
    char path[4096];
    bt_class class_id;
    bt_status status = bt_path_join(path, sizeof path, garage->desc.assets, sheet);
    return status == BT_OK ? build_from(garage, path, index, NULL, model, &class_id) : status;
}

static bt_status build_person(bt_garage *garage, uint64_t choice, const bt_person_params *params,
                              uint32_t *model)
{
    bool found;
    bt_status status = begin(garage, model, &found, "person %" PRIu64 " of %" PRIu64 ", %.17g",
                             choice, garage->desc.seed, params->height_m);
    if (status != BT_OK || found) return status;
    return end(garage, bt_person_generate(garage->desc.spec, params, model), model);
}

static bt_status build_dog(bt_garage *garage, uint64_t choice, const bt_dog_params *params,
                           uint32_t *model)
{
    bool found;
    bt_status status = begin(garage, model, &found, "dog %" PRIu64 " of %" PRIu64 ", %.17g", choice,
                             garage->desc.seed, params->withers_m);
    if (status != BT_OK || found) return status;
    return end(garage, bt_dog_generate(garage->desc.spec, params, model), model);
}

static bt_status build_gear(bt_garage *garage, bt_gear_kind kind, uint64_t choice,
                            const bt_gear_params *params, uint32_t *model)
{
    bool found;
    bt_status status = begin(garage, model, &found, "gear %d, %" PRIu64 " of %" PRIu64 ", %.17g",
                             (int)kind, choice, garage->desc.seed, params->person.height_m);
    if (status != BT_OK || found) return status;
    return end(garage, bt_gear_body_generate(garage->desc.spec, params, model), model);
}

bt_status bt_garage_car(bt_garage *garage, uint32_t choice, uint32_t *model)
{
    uint32_t car = choice % BT_GARAGE_CARS;
    bt_status status = BT_OK;
    if (garage->car_models[car] == BT_NO_INDEX)
        status =
            build_asset(garage, car_sheets[garage->car_sheets[car]], car, &garage->car_models[car]);
    *model = garage->car_models[car];
    return status;
}

bt_status bt_garage_truck(bt_garage *garage, uint32_t choice, uint32_t *model)
{
    uint32_t truck = choice % BT_GARAGE_TRUCKS;
    bt_status status = BT_OK;
    if (garage->truck_models[truck] == BT_NO_INDEX)
        status =
            build_asset(garage, truck_sheet, BT_GARAGE_CARS + truck, &garage->truck_models[truck]);
    *model = garage->truck_models[truck];
    return status;
}

bt_status bt_garage_person(bt_garage *garage, uint32_t choice, uint32_t *model, double *height_m)
{
    uint32_t person = choice % BT_GARAGE_PEOPLE;
    bt_person_params params = bt_person_random(garage->desc.seed, person);
    bt_status status = BT_OK;
    *model = garage->ghost;
    *height_m = params.height_m;
    if (garage->desc.without_bodies) return BT_OK;
    if (garage->people_models[person] == BT_NO_INDEX)
        status = build_person(garage, person, &params, &garage->people_models[person]);
    *model = garage->people_models[person];
    return status;
}

bt_status bt_garage_dog(bt_garage *garage, uint32_t choice, uint32_t *model, double *height_m)
{
    uint32_t dog = choice % BT_GARAGE_DOGS;
    bt_dog_params params = bt_dog_random(garage->desc.seed, dog);
    bt_status status = BT_OK;
    *model = garage->ghost;
    *height_m = params.withers_m;
    if (garage->desc.without_bodies) return BT_OK;
    if (garage->dog_models[dog] == BT_NO_INDEX)
        status = build_dog(garage, dog, &params, &garage->dog_models[dog]);
    *model = garage->dog_models[dog];
    return status;
}

bt_status bt_garage_gear(bt_garage *garage, bt_gear_kind kind, uint32_t choice, uint32_t *model,
                         double *height_m)
{
    uint32_t which = choice % BT_GARAGE_GEAR, *built = &garage->gear_models[kind][which];
    bt_gear_params params = bt_gear_random(kind, garage->desc.seed, 100 * kind + which);
    bt_status status = BT_OK;
    if (*height_m > 0.0) { // a model of its own
        params.person.height_m = *height_m;
        *model = garage->ghost;
        return garage->desc.without_bodies
                   ? bt_gear_body_check(&params)
                   : build_gear(garage, kind, 100 * kind + which, &params, model);
    }
    *height_m = params.person.height_m;
    *model = garage->ghost;
    if (garage->desc.without_bodies) return BT_OK;
    if (*built == BT_NO_INDEX)
        status = build_gear(garage, kind, 100 * kind + which, &params, built);
    *model = *built;
    return status;
}

bt_status bt_garage_bicycle(bt_garage *garage, uint32_t choice, uint32_t *model)
{
    uint32_t which = choice % BT_GARAGE_BICYCLES, *built = &garage->bicycle_models[which];
    bt_gear_params params = bt_gear_random(BT_GEAR_BICYCLE, garage->desc.seed, which);
    bt_status status = BT_OK;
    *model = garage->ghost;
    if (garage->desc.without_bodies) return BT_OK;
    if (*built == BT_NO_INDEX) status = build_gear(garage, BT_GEAR_BICYCLE, which, &params, built);
    *model = *built;
    return status;
}

bt_status bt_garage_walker(bt_garage *garage, bool dog, uint32_t choice, double height_m,
                           uint32_t *model)
{
    *model = garage->ghost;
    if (garage->desc.without_bodies) return BT_OK;
    if (dog) {
        bt_dog_params params = bt_dog_random(garage->desc.seed, choice);
        params.withers_m = height_m;
        return build_dog(garage, choice, &params, model);
    }
    bt_person_params params = bt_person_random(garage->desc.seed, choice);
    params.height_m = height_m;
    return build_person(garage, choice, &params, model);
}

bt_status bt_garage_deer(bt_garage *garage, bool moose, uint32_t choice, double *height_m,
                         uint32_t *model)
{
    bt_deer_params params = bt_deer_random(garage->desc.seed, choice, moose);
    if (*height_m > 0.0) params.withers_m = *height_m;
    *height_m = params.withers_m;
    *model = garage->ghost;
    return garage->desc.without_bodies ? bt_deer_check(&params)
                                       : bt_deer_generate(garage->desc.spec, &params, model);
}

bt_status bt_garage_sheet(bt_garage *garage, const char *sheet, const double *color, uint32_t index,
                          bt_vehicle *vehicle, uint32_t *model, bt_class *class_id)
{
    *class_id = BT_CLASS_CAR;
    bt_status status = bt_vehicle_load(sheet, &garage->desc.assets, 1, vehicle);
    if (status == BT_OK) status = bt_input_list_add(garage->desc.inputs, sheet);
    if (status == BT_OK) status = build_from(garage, sheet, index, color, model, class_id);
    return status;
}

static bt_status add_thing_model(bt_spec *spec, uint32_t mesh, const double size[3],
                                 uint32_t *model)
{
    bt_part_desc part = {.name = "thing",
                         .mesh = mesh,
                         .parent = BT_NO_INDEX,
                         .rest = BT_POSE_IDENTITY,
                         .channel = -1};
    bt_cuboid_desc cuboid = {
        BT_CLASS_PROP, BT_NO_INDEX, {0, 0, 0.5 * size[2]}, {size[0], size[1], size[2]}};
    bt_model_desc desc = {.name = "thing",
                          .class_id = BT_CLASS_PROP,
                          .parts = &part,
                          .part_count = 1,
                          .cuboids = &cuboid,
                          .cuboid_count = 1};
    return bt_spec_add_model(spec, &desc, model);
}

// BT_PROP_KIND_COUNT: a box of cardboard's colour.
bt_status bt_garage_thing(bt_garage *garage, bt_prop_kind kind, const double size[3],
                          uint32_t *model)
{
    bt_prop prop = {0};
    *model = garage->ghost;
    if (garage->desc.without_bodies) return BT_OK;
    bt_spec *spec = garage->desc.spec;
    bt_status status = kind == BT_PROP_KIND_COUNT
                           ? bt_prop_block_build(spec, "wood", BT_CLASS_PROP, size[0], size[1],
                                                 size[2], &prop.mesh)
                           : bt_prop_build(spec, kind, &prop);
    return status == BT_OK ? add_thing_model(spec, prop.mesh, size, model) : status;
}

bt_status bt_garage_lump(bt_garage *garage, const char *material, const double size[3],
                         uint32_t index, uint32_t *model)
{
    uint32_t mesh;
    *model = garage->ghost;
    if (garage->desc.without_bodies) return BT_OK;
    bt_spec *spec = garage->desc.spec;
    bt_status status =
        bt_prop_lump_build(spec, material, BT_CLASS_PROP, size, garage->desc.seed, index, &mesh);
    return status == BT_OK ? add_thing_model(spec, mesh, size, model) : status;
}

static bt_status build_ghost(bt_spec *spec, uint32_t *model)
{
    bt_part_desc part = {.name = "stand",
                         .mesh = BT_NO_INDEX,
                         .parent = BT_NO_INDEX,
                         .rest = BT_POSE_IDENTITY,
                         .channel = -1};
    bt_cuboid_desc cuboid = {BT_CLASS_EGO, BT_NO_INDEX, {0, 0, 0}, {1, 1, 1}};
    bt_model_desc desc = {.name = "stand",
                          .class_id = BT_CLASS_EGO,
                          .parts = &part,
                          .part_count = 1,
                          .cuboids = &cuboid,
                          .cuboid_count = 1};
    return bt_spec_add_model(spec, &desc, model);
}

bt_status bt_garage_stand(bt_garage *garage, const char *sheet, bt_vehicle *vehicle,
                          uint32_t *model)
{
    bt_status status = bt_vehicle_load(sheet, &garage->desc.assets, 1, vehicle);
    if (status == BT_OK) status = bt_input_list_add(garage->desc.inputs, sheet);
    return status == BT_OK ? build_ghost(garage->desc.spec, model) : status;
}
