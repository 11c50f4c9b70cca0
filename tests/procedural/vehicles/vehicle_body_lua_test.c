// vehicle_body_lua_test.c: the shipped sheets load and build; broken ones are refused by name.
#include "procedural/vehicles/vehicle_body_lua.h"

#include "engine/sim/vehicle.h"
#include "engine/sim/vehicle_lua.h"
#include "tests/support/check.h"

#include <lauxlib.h>
#include <lualib.h>

static void test_shipped(const char *path, bool truck)
{
    bt_vehicle_body body;
    CHECK_OK(bt_vehicle_body_load(path, &body));
    CHECK(body.is_truck == truck);
    CHECK(!body.has_colour);
    // the same sheet drives, and is as large
    bt_vehicle vehicle;
    CHECK_OK(bt_vehicle_load(path, NULL, 0, &vehicle));
    CHECK_OK(bt_vehicle_check(&vehicle));
    CHECK_NEAR(vehicle.length_m, truck ? body.truck.length_m : body.car.length_m, 0.0);
    double understeer = bt_vehicle_understeer(&vehicle);
    CHECK(understeer > 0.001 && understeer < 0.005); // as SOURCE.md says
    bt_body *built = NULL;
    bt_vehicle_body_vary(&body, 1, 2);
    if (truck)
        CHECK_OK(bt_truck_build(&body.truck, &built));
    else
        CHECK_OK(bt_car_build(&body.car, &built));
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
    const char *const cars[] = {"hatch", "sedan", "wagon", "suv", "van", "pickup"};
    for (int i = 0; i < 6; i++) {
        char path[64];
        snprintf(path, sizeof path, "assets/vehicles/%s.lua", cars[i]);
        test_shipped(path, false);
    }
    test_shipped("assets/vehicles/truck.lua", true);
    test_reading();
    test_refusals();
    return check_end();
}
