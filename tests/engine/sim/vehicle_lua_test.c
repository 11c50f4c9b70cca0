// vehicle_lua_test.c: sheets are read whole, or refused with the reason.
#include "engine/sim/vehicle_lua.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <unistd.h>

static const char *const head = "return { name = 'compact', source = 'test',\n"
                                "  body = { kind = 'hatch', colour = {1, 0, 0} },\n"
                                "  dynamics = { mass_kg = 1300, yaw_inertia_kg_m2 = 2000,\n"
                                "    wheelbase_m = 2.6, cg_from_rear_m = 1.5, cg_height_m = 0.55,\n"
                                "    track_m = 1.53, wheel_radius_m = 0.31, length_m = 4.2,\n"
                                "    width_m = 1.78, height_m = 1.48, rear_overhang_m = 0.75,\n"
                                "    cornering_front_n_rad = 90e3, cornering_rear_n_rad = 110e3,\n"
                                "    steer_max_rad = 0.6, steer_rate_max_rad_s = 0.6,\n"
                                "    accel_max_m_s2 = 3.5, brake_max_m_s2 = 10,\n"
                                "    power_max_w = 80e3, drag_area_m2 = 0.66,\n"
                                "    roll_resistance = 0.011, roll_gain_rad_s2_m = 0.006,\n"
                                "    pitch_gain_rad_s2_m = 0.004";

// Writes a sheet whose dynamics end with `more`, loads it, gives the status.
static bt_status load(const char *more, bt_vehicle *vehicle)
{
    char path[] = "/tmp/bt_sheet_XXXXXX";
    int handle = mkstemp(path);
    CHECK(handle >= 0);
    FILE *file = fdopen(handle, "w");
    fprintf(file, "%s%s\n", head, more);
    fclose(file);
    bt_status status = bt_vehicle_load(path, NULL, 0, vehicle);
    unlink(path);
    return status;
}

int main(void)
{
    bt_vehicle v;
    CHECK_OK(load(", friction = 0.9 } }", &v));
    CHECK(strcmp(v.name, "compact") == 0 && v.mass_kg == 1300.0 && v.friction == 0.9);
    CHECK(v.cornering_rear_n_rad == 110e3 && v.trailer_length_m == 0.0);
    CHECK_OK(load(", friction = 0.9, trailer_length_m = 6, hitch_from_rear_m = -0.9,"
                  " trailer_wheelbase_m = 4 } }",
                  &v));
    CHECK(v.hitch_from_rear_m == -0.9);

    CHECK(load("} }", &v) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "dynamics.friction");
    CHECK(load(", friction = 9 } }", &v) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "dynamics.friction");
    CHECK(load(", friction = 0.9, wings = 2 } }", &v) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "wings");
    CHECK(load(", friction = 0.9 }, colour = 1 }", &v) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "colour");
    // numbers that are fine each and impossible together
    CHECK(load(", friction = 0.9, trailer_length_m = 6 } }", &v) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "trailer_wheelbase_m");
    CHECK(load(", friction = ", &v) == BT_ERR_INPUT);
    CHECK(bt_vehicle_load("no_such_sheet.lua", NULL, 0, &v) != BT_OK);
    return check_end();
}
