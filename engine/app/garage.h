// garage.h: bodies to choose from: each a model in the spec with the vehicle the simulation drives.
//
// Bodies are shared: fifty cars in the street are a dozen models. The same body asked for twice is
// built once.
#ifndef BT_APP_GARAGE_H
#define BT_APP_GARAGE_H

#include "engine/app/assets.h"
#include "engine/scene/spec.h"
#include "engine/sim/sim.h"
#include "procedural/props/prop.h"

#include <stdbool.h>

#define BT_GARAGE_CARS 12
#define BT_GARAGE_TRUCKS 2
#define BT_GARAGE_PEOPLE 24
#define BT_GARAGE_DOGS 3
#define BT_GARAGE_GEAR 3 // of each kind
#define BT_GARAGE_BICYCLES 4

typedef struct bt_garage_desc {
    bt_spec *spec;
    bt_input_list *inputs;
    const char *assets;
    uint64_t seed;
    bool without_bodies; // all are one model that is not seen: for rehearsals
} bt_garage_desc;

typedef struct bt_garage {
    bt_garage_desc desc;
    // what traffic is made of; the models are built when first asked for
    bt_vehicle cars[BT_GARAGE_CARS];
    uint32_t car_models[BT_GARAGE_CARS]; // BT_NO_INDEX: not built yet, as all below
    uint32_t car_sheets[BT_GARAGE_CARS];
    bt_vehicle trucks[BT_GARAGE_TRUCKS];
    uint32_t truck_models[BT_GARAGE_TRUCKS];
    uint32_t people_models[BT_GARAGE_PEOPLE];
    uint32_t dog_models[BT_GARAGE_DOGS];
    uint32_t gear_models[BT_GEAR_KIND_COUNT][BT_GARAGE_GEAR];
    bt_vehicle bicycles[BT_GARAGE_BICYCLES]; // each with a rider of another height
    uint32_t bicycle_models[BT_GARAGE_BICYCLES];
    uint32_t ghost; // the model of all, without bodies
} bt_garage;

// Reads the sheets of all kinds of car and truck.
BT_CHECKED bt_status bt_garage_init(const bt_garage_desc *desc, bt_garage *garage);

// Models of traffic: `choice` is any number.
BT_CHECKED bt_status bt_garage_car(bt_garage *garage, uint32_t choice, uint32_t *model);
BT_CHECKED bt_status bt_garage_truck(bt_garage *garage, uint32_t choice, uint32_t *model);
// Walkers: height_m is the body's, by which the gait goes (a dog's: at the withers).
BT_CHECKED bt_status bt_garage_person(bt_garage *garage, uint32_t choice, uint32_t *model,
                                      double *height_m);
BT_CHECKED bt_status bt_garage_dog(bt_garage *garage, uint32_t choice, uint32_t *model,
                                   double *height_m);
// Somebody who rides, pushes or leans on something.
BT_CHECKED bt_status bt_garage_gear(bt_garage *garage, bt_gear_kind kind, uint32_t choice,
                                    uint32_t *model, double *height_m);
BT_CHECKED bt_status bt_garage_bicycle(bt_garage *garage, uint32_t choice, uint32_t *model);
// A walker of this height, a model of its own.
BT_CHECKED bt_status bt_garage_walker(bt_garage *garage, bool dog, uint32_t choice, double height_m,
                                      uint32_t *model);

// A deer or moose, of this height at the withers; 0: as one meets them. *height_m: as it was built.
BT_CHECKED bt_status bt_garage_deer(bt_garage *garage, bool moose, uint32_t choice,
                                    double *height_m, uint32_t *model);

// A car without a body, which carries cameras.
BT_CHECKED bt_status bt_garage_stand(bt_garage *garage, const char *sheet, bt_vehicle *vehicle,
                                     uint32_t *model);

// Something that lies or stands on the road, of this size: length, width, height. A cone or barrier has its
// own.
BT_CHECKED bt_status bt_garage_thing(bt_garage *garage, bt_prop_kind prop, const double size_m[3],
                                     uint32_t *model);

// A lump of snow or ice with this material, of a shape of its own by `index`.
BT_CHECKED bt_status bt_garage_lump(bt_garage *garage, const char *material, const double size_m[3],
                                    uint32_t index, uint32_t *model);

// A vehicle of its own by its sheet; color NULL: the sheet's, or one that is common, by `index` (0: the sheet's).
BT_CHECKED bt_status bt_garage_sheet(bt_garage *garage, const char *sheet, const double *color,
                                     uint32_t index, bt_vehicle *vehicle, uint32_t *model,
                                     bt_class *class_id);

#endif
