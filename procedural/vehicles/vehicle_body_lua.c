// vehicle_body_lua.c: reads the `body` table of vehicle sheets.
#include "procedural/vehicles/vehicle_body_lua.h"

#include <lauxlib.h>

typedef struct sizes {
    bt_coupled_sizes outer;
    double rider_height_m;
} sizes;

// A number of the sheet's `dynamics`, which has more fields than the body needs.
static bt_status shared_number(lua_State *lua, int dynamics, const char *source, const char *key,
                               bool required, double *value)
{
    int type = lua_getfield(lua, dynamics, key);
    bool number = type == LUA_TNUMBER;
    *value = number ? lua_tonumber(lua, -1) : 0.0;
    lua_pop(lua, 1);
    if (number || (type == LUA_TNIL && !required)) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "%s: dynamics.%s: expected a number, got %s", source, key,
                   lua_typename(lua, type));
}

static bt_status read_sizes(lua_State *lua, int sheet, const char *source, sizes *s)
{
    bt_status status = BT_OK;
    if (lua_getfield(lua, sheet, "dynamics") != LUA_TTABLE) {
        status = bt_fail(BT_ERR_INPUT, "%s: dynamics: expected a table, got %s", source,
                         luaL_typename(lua, -1));
        lua_pop(lua, 1);
        return status;
    }
    int dynamics = lua_gettop(lua);
    const struct {
        const char *key;
        double *value;
        bool required;
    } fields[] = {
        {"length_m", &s->outer.length_m, true},
        {"width_m", &s->outer.width_m, true},
        {"height_m", &s->outer.height_m, true},
        {"wheelbase_m", &s->outer.wheelbase_m, true},
        {"rear_overhang_m", &s->outer.rear_overhang_m, true},
        {"track_m", &s->outer.track_m, true},
        {"wheel_radius_m", &s->outer.wheel_radius_m, true},
        {"trailer_length_m", &s->outer.trailer_length_m, false},
        {"hitch_from_rear_m", &s->outer.hitch_from_rear_m, false},
        {"trailer_wheelbase_m", &s->outer.trailer_wheelbase_m, false},
        {"trailer_axles", &s->outer.trailer_axles, false},
        {"trailer_axle_gap_m", &s->outer.trailer_axle_gap_m, false},
        {"trailer_track_m", &s->outer.trailer_track_m, false},
        {"rider_height_m", &s->rider_height_m, false},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0] && !status; i++)
        status = shared_number(lua, dynamics, source, fields[i].key, fields[i].required,
                               fields[i].value);
    lua_pop(lua, 1);
    s->outer.trailer_axles = fmax(1.0, s->outer.trailer_axles);
    if (s->outer.trailer_track_m <= 0.0) s->outer.trailer_track_m = s->outer.track_m;
    return status;
}

// ---- cars -------------------------------------------------------------------------------------
static void read_car(bt_table *t, bt_car_params *p)
{
    const struct {
        const char *key;
        double *value;
        double low, high; // bt_car_check has the exact limits
    } fields[] = {
        {"tyre_width_m", &p->tyre_width_m, 0.1, 0.5},
        {"rim_radius_m", &p->rim_radius_m, 0.1, 0.5},
        {"clearance_m", &p->clearance_m, 0.05, 0.6},
        {"nose_height_m", &p->nose_height_m, 0.4, 2.0},
        {"cowl_behind_m", &p->cowl_behind_m, -1.0, 2.0},
        {"cowl_height_m", &p->cowl_height_m, 0.5, 2.0},
        {"windscreen_run_m", &p->windscreen_run_m, 0.1, 2.0},
        {"belt_height_m", &p->belt_height_m, 0.5, 2.0},
        {"belt_rise_m", &p->belt_rise_m, -0.2, 0.4},
        {"roof_drop_m", &p->roof_drop_m, 0.0, 0.5},
        {"roof_rear_m", &p->roof_rear_m, -3.0, 3.0},
        {"glass_rear_m", &p->glass_rear_m, -3.0, 3.0},
        {"deck_height_m", &p->deck_height_m, 0.5, 2.0},
        {"tumblehome_m", &p->tumblehome_m, 0.0, 0.5},
        {"shoulder_m", &p->shoulder_m, 0.0, 0.3},
        {"nose_bow_m", &p->nose_bow_m, 0.0, 0.5},
        {"tail_bow_m", &p->tail_bow_m, 0.0, 0.5},
        {"side_glass_end_m", &p->side_glass_end_m, -3.0, 3.0},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        *fields[i].value =
            bt_table_number(t, fields[i].key, *fields[i].value, fields[i].low, fields[i].high);
    static const char *const grilles[] = {"trapezoid", "slim", "frame", "tall", NULL};
    static const char *const lamps[] = {"swept", "slim", "block", "large", NULL};
    static const char *const tails[] = {"swept", "deck", "slim", "upright", "pillar", NULL};
    p->grille = (bt_car_grille_style)bt_table_choice(t, "grille", (int)p->grille, grilles);
    p->lamps = (bt_car_lamp_style)bt_table_choice(t, "lamps", (int)p->lamps, lamps);
    p->tails = (bt_car_tail_style)bt_table_choice(t, "tails", (int)p->tails, tails);
    p->detail = bt_table_number(t, "detail", p->detail, 0.0, 2.0);
    p->doors = (unsigned)bt_table_integer(t, "doors", p->doors, 1, 2);
    p->spokes = (unsigned)bt_table_integer(t, "spokes", p->spokes, 4, 20);
    p->cladding = bt_table_bool(t, "cladding", p->cladding);
    p->privacy_glass = bt_table_bool(t, "privacy_glass", p->privacy_glass);
    p->roof_rails = bt_table_bool(t, "roof_rails", p->roof_rails);
    p->steel_wheels = bt_table_bool(t, "steel_wheels", p->steel_wheels);
    static const char *const beacons[] = {"none", "blue", "red_blue", NULL};
    p->beacons = (bt_beacon_kind)bt_table_choice(t, "beacons", (int)p->beacons, beacons);
    bt_table_numbers(t, "stripe", p->stripe, 3, 0.0, 1.0);
}

static void size_car(bt_car_kind kind, const sizes *s, bt_car_params *p)
{
    *p = bt_car_defaults(kind);
    const bt_coupled_sizes *o = &s->outer;
    bt_car_resize(p, o->length_m, o->width_m, o->height_m, o->wheelbase_m, o->rear_overhang_m,
                  o->track_m, o->wheel_radius_m);
}

// ---- trucks -----------------------------------------------------------------------------------
static void size_truck(const sizes *s, bt_truck_params *p)
{
    *p = bt_truck_defaults();
    p->size = s->outer;
    p->cab_height_m = fmin(p->cab_height_m, p->size.height_m);
}

static void read_truck(bt_table *t, bt_truck_params *p)
{
    p->cab_length_m = bt_table_number(t, "cab_length_m", p->cab_length_m, 1.0, 4.0);
    p->cab_height_m = bt_table_number(t, "cab_height_m", p->cab_height_m, 2.0, 5.0);
    bt_table_numbers(t, "trailer_colour", p->trailer_colour, 3, 0.0, 1.0);
}

// ---- buses ------------------------------------------------------------------------------------
static void size_bus(const sizes *s, bool school, bt_bus_params *p)
{
    *p = bt_bus_defaults(school);
    p->size = s->outer;
}

static void read_bus(bt_table *t, bt_bus_params *p)
{
    p->bonnet_m = bt_table_number(t, "bonnet_m", p->bonnet_m, 0.0, 2.0);
    p->floor_m = bt_table_number(t, "floor_m", p->floor_m, 0.2, 1.4);
    p->sill_m = bt_table_number(t, "sill_m", p->sill_m, 0.5, 2.5);
}

// ---- sheets -----------------------------------------------------------------------------------
static void read_form(bt_table *table, int kind, const sizes *s, bt_vehicle_body *body)
{
    switch (body->form) {
    case BT_FORM_CAR:
        size_car(kind < 0 ? BT_CAR_HATCH : (bt_car_kind)kind, s, &body->car);
        read_car(table, &body->car);
        break;
    case BT_FORM_TRUCK:
        size_truck(s, &body->truck);
        read_truck(table, &body->truck);
        break;
    case BT_FORM_BUS:
        size_bus(s, kind == BT_CAR_KIND_COUNT + 2, &body->bus);
        read_bus(table, &body->bus);
        break;
    case BT_FORM_BICYCLE:
        body->bicycle = bt_gear_random(BT_GEAR_BICYCLE, 1, 0);
        body->bicycle.person.height_m = s->rider_height_m;
        break;
    }
}

static bt_status check_form(const bt_vehicle_body *body)
{
    switch (body->form) {
    case BT_FORM_CAR:
        return bt_car_check(&body->car);
    case BT_FORM_TRUCK:
        return bt_truck_check(&body->truck);
    case BT_FORM_BUS:
        return bt_bus_check(&body->bus);
    case BT_FORM_BICYCLE:
        return bt_gear_body_check(&body->bicycle);
    }
    return BT_OK;
}

static bt_status read_body(lua_State *lua, int index, const char *source, const sizes *s,
                           bt_vehicle_body *body)
{
    static const char *const kinds[] = {"hatch", "sedan", "wagon",      "suv",     "van", "pickup",
                                        "truck", "bus",   "school_bus", "bicycle", NULL};
    bt_table table;
    bt_table_begin(&table, lua, index, source, "body");
    int kind = bt_table_choice(&table, "kind", -1, kinds);
    if (kind < 0)
        bt_table_fail(&table, "kind",
                      "expected one of hatch, sedan, wagon, suv, van, "
                      "pickup, truck, bus, school_bus, bicycle");
    body->form = kind < BT_CAR_KIND_COUNT        ? BT_FORM_CAR
                 : kind == BT_CAR_KIND_COUNT     ? BT_FORM_TRUCK
                 : kind == BT_CAR_KIND_COUNT + 3 ? BT_FORM_BICYCLE
                                                 : BT_FORM_BUS;
    read_form(&table, kind, s, body);
    body->has_colour = bt_table_numbers(&table, "colour", bt_vehicle_body_paint(body), 3, 0.0, 1.0);
    bt_status status = bt_table_end(&table);
    if (status) return status;
    status = check_form(body);
    return status ? bt_fail_prefix(status, "%s", source) : BT_OK;
}

bt_status bt_vehicle_body_read(lua_State *lua, int index, const char *source, bt_vehicle_body *body)
{
    *body = (bt_vehicle_body){0};
    sizes s;
    index = lua_absindex(lua, index);
    if (!lua_istable(lua, index))
        return bt_fail(BT_ERR_INPUT, "%s: a vehicle sheet returns a table, not %s", source,
                       luaL_typename(lua, index));
    bt_status status = read_sizes(lua, index, source, &s);
    if (status) return status;
    if (lua_getfield(lua, index, "body") != LUA_TTABLE)
        status = bt_fail(BT_ERR_INPUT, "%s: body: expected a table, got %s", source,
                         luaL_typename(lua, -1));
    if (!status) status = read_body(lua, lua_gettop(lua), source, &s, body);
    lua_pop(lua, 1);
    return status;
}

bt_status bt_vehicle_body_load(const char *path, const char *const *roots, size_t root_count,
                               bt_vehicle_body *body)
{
    *body = (bt_vehicle_body){0};
    bt_script_desc desc = {.roots = roots, .root_count = root_count};
    bt_script *script = NULL;
    bt_status status = bt_script_create(&desc, &script);
    if (!status) status = bt_script_run_file(script, path, 1);
    if (!status) status = bt_vehicle_body_read(bt_script_lua(script), -1, path, body);
    bt_script_destroy(script);
    return status;
}

bt_class bt_vehicle_body_class(const bt_vehicle_body *body)
{
    static const bt_class classes[] = {BT_CLASS_CAR, BT_CLASS_TRUCK, BT_CLASS_BUS,
                                       BT_CLASS_BICYCLE};
    return classes[body->form];
}

double *bt_vehicle_body_paint(bt_vehicle_body *body)
{
    switch (body->form) {
    case BT_FORM_CAR:
        return body->car.colour;
    case BT_FORM_TRUCK:
        return body->truck.colour;
    case BT_FORM_BUS:
        return body->bus.colour;
    case BT_FORM_BICYCLE:
        return body->bicycle.colour;
    }
    return body->car.colour;
}

void bt_vehicle_body_vary(bt_vehicle_body *body, uint64_t seed, uint64_t index)
{
    if (body->form == BT_FORM_BICYCLE) {
        bt_gear_params bicycle = bt_gear_random(BT_GEAR_BICYCLE, seed, index);
        bicycle.person.height_m = body->bicycle.person.height_m;
        for (int k = 0; k < 3 && body->has_colour; k++)
            bicycle.colour[k] = body->bicycle.colour[k];
        body->bicycle = bicycle;
        return;
    }
    bt_truck_params truck = bt_truck_random(seed, index);
    bt_car_params car = bt_car_random(seed, index);
    body->car.seed = car.seed;
    body->truck.seed = truck.seed;
    body->bus.seed = truck.seed;
    body->car.spokes = car.spokes;
    if (body->form == BT_FORM_CAR) bt_car_random_style(seed, index, &body->car);
    if (body->has_colour) return;
    for (int k = 0; k < 3; k++) {
        body->car.colour[k] = car.colour[k];
        body->truck.colour[k] = truck.colour[k];
        body->truck.trailer_colour[k] = truck.trailer_colour[k];
        if (!body->bus.school) body->bus.colour[k] = car.colour[k];
    }
}

bt_status bt_vehicle_body_generate(bt_spec *spec, const bt_vehicle_body *body, uint32_t *model)
{
    switch (body->form) {
    case BT_FORM_CAR:
        return bt_car_generate(spec, &body->car, model);
    case BT_FORM_TRUCK:
        return bt_truck_generate(spec, &body->truck, model);
    case BT_FORM_BUS:
        return bt_bus_generate(spec, &body->bus, model);
    case BT_FORM_BICYCLE:
        return bt_gear_body_generate(spec, &body->bicycle, model);
    }
    return bt_fail(BT_ERR_INTERNAL, "a body of no form");
}
