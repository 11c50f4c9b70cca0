// vehicle_body_lua_test.c: the shipped sheets load and build; broken ones are refused by name.
#include "procedural/vehicles/vehicle_body_lua.h"

#include "engine/sim/vehicle.h"
#include "engine/sim/vehicle_lua.h"
#include "tests/support/check.h"

#include <lauxlib.h>
#include <lualib.h>

static double length_of(const bt_vehicle_body *body)
{
    return body->form == BT_FORM_TRUCK ? body->truck.size.length_m
           : body->form == BT_FORM_BUS ? body->bus.size.length_m
                                       : body->car.length_m;
}

static bt_status build(const bt_vehicle_body *body, bt_body **built)
{
    return body->form == BT_FORM_TRUCK ? bt_truck_build(&body->truck, built)
           : body->form == BT_FORM_BUS ? bt_bus_build(&body->bus, built)
                                       : bt_car_build(&body->car, built);
}

static uint32_t count_beacons(const bt_body *body)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < body->part_count; i++)
        count += (body->parts[i].lamp_mask & BT_LAMPS_BEACON) != 0;
    return count;
}

static void test_shipped(const char *path, bt_class class_id, bool has_colour, uint32_t beacons)
{
    const char *root = "assets";
    bt_vehicle_body body;
    CHECK_OK(bt_vehicle_body_load(path, &root, 1, &body));
    CHECK(bt_vehicle_body_class(&body) == class_id);
    CHECK(body.has_colour == has_colour);
    // the same sheet drives, and is as large
    bt_vehicle vehicle;
    CHECK_OK(bt_vehicle_load(path, &root, 1, &vehicle));
    CHECK_OK(bt_vehicle_check(&vehicle));
    CHECK_NEAR(vehicle.length_m, length_of(&body), 0.0);
    double understeer = bt_vehicle_understeer(&vehicle);
    CHECK(understeer > 0.001 && understeer < 0.005); // as SOURCE.md says
    bt_body *built = NULL;
    bt_vehicle_body_vary(&body, 1, 2);
    CHECK_OK(build(&body, &built));
    if (built) CHECK(count_beacons(built) == beacons);
    bt_body_destroy(built);
}

static bt_status read_text(const char *text, bt_vehicle_body *body)
{
    lua_State *lua = luaL_newstate();
    bt_status status = BT_ERR_INTERNAL;
    if (luaL_dostring(lua, text) == LUA_OK)
        status = bt_vehicle_body_read(lua, -1, "sheet.lua", body);
    lua_close(lua);
    return status;
}

#define SIZES                                                                                      \
    "length_m = 4.3, width_m = 1.8, height_m = 1.5, wheelbase_m = 2.65, rear_overhang_m = 0.8, "   \
    "track_m = 1.55, wheel_radius_m = 0.32"

static void test_reading(void)
{
    bt_vehicle_body body;
    CHECK_OK(read_text("return {dynamics = {" SIZES ", mass_kg = 1}, body = {kind = 'suv', "
                       "colour = {0.1, 0.2, 0.3}, spokes = 7, roof_rails = false}}",
                       &body));
    CHECK(body.car.kind == BT_CAR_SUV && body.has_colour && body.car.spokes == 7);
    CHECK(!body.car.roof_rails);
    CHECK_NEAR(body.car.colour[2], 0.3, 0.0);
    CHECK_NEAR(body.car.length_m, 4.3, 0.0);
    bt_vehicle_body_vary(&body, 3, 4);
    CHECK_NEAR(body.car.colour[2], 0.3, 0.0);
}

static void test_refusals(void)
{
    const char *const cases[][2] = {
        {"return 3", "a vehicle sheet returns a table"},
        {"return {body = {kind = 'suv'}}", "dynamics"},
        {"return {dynamics = {" SIZES "}}", "body"},
        {"return {dynamics = {length_m = 'x'}, body = {kind = 'suv'}}", "length_m"},
        {"return {dynamics = {" SIZES "}, body = {}}", "kind"},
        {"return {dynamics = {" SIZES "}, body = {kind = 'tank'}}", "kind"},
        {"return {dynamics = {" SIZES "}, body = {kind = 'suv', wings = 2}}", "wings"},
        {"return {dynamics = {" SIZES "}, body = {kind = 'suv', clearance_m = 0/0}}",
         "clearance_m"},
        {"return {dynamics = {" SIZES "}, body = {kind = 'suv', cowl_height_m = 1.9}}",
         "cowl_height_m"},
        {"return {dynamics = {" SIZES "}, body = {kind = 'truck'}}", "truck"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bt_vehicle_body body;
        CHECK(read_text(cases[i][0], &body) == BT_ERR_INPUT);
        CHECK_CONTAINS(bt_error_message(), cases[i][1]);
    }
}

int main(void)
{
    static const struct {
        const char *name;
        bt_class class_id;
        bool has_colour;
        uint32_t beacons;
    } sheets[] = {{"hatch", BT_CLASS_CAR, false, 0},
                  {"sedan", BT_CLASS_CAR, false, 0},
                  {"wagon", BT_CLASS_CAR, false, 0},
                  {"suv", BT_CLASS_CAR, false, 0},
                  {"van", BT_CLASS_CAR, false, 0},
                  {"pickup", BT_CLASS_CAR, false, 0},
                  {"ambulance", BT_CLASS_CAR, true, 2},
                  {"police", BT_CLASS_CAR, true, 2},
                  {"truck", BT_CLASS_TRUCK, false, 0},
                  {"bus", BT_CLASS_BUS, false, 0},
                  {"articulated_bus", BT_CLASS_BUS, false, 0},
                  {"school_bus", BT_CLASS_BUS, true, 0}};
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        char path[64];
        snprintf(path, sizeof path, "assets/vehicles/%s.lua", sheets[i].name);
        test_shipped(path, sheets[i].class_id, sheets[i].has_colour, sheets[i].beacons);
    }
    test_reading();
    test_refusals();
    return check_end();
}
