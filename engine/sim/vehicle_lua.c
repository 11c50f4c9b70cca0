// vehicle_lua.c: reading vehicle sheets.
#include "engine/sim/vehicle_lua.h"

#include "engine/sim/vehicle.h"

#include <stddef.h>
#include <stdio.h>

// A number of `dynamics`: where it goes and what is accepted before all are checked together.
typedef struct field {
    const char *key;
    size_t offset;
    double fallback, min, max;
} field;

#define REQUIRED(name, low, high)                                                                  \
    {                                                                                              \
#name, offsetof(bt_vehicle, name), BT_REQUIRED, low, high                                  \
    }
#define OPTIONAL(name, low, high)                                                                  \
    {                                                                                              \
#name, offsetof(bt_vehicle, name), 0.0, low, high                                          \
    }

static const field fields[] = {
    REQUIRED(mass_kg, 50.0, 1e5),
    REQUIRED(yaw_inertia_kg_m2, 5.0, 1e7),
    REQUIRED(wheelbase_m, 0.5, 15.0),
    REQUIRED(cg_from_rear_m, 0.0, 15.0),
    REQUIRED(cg_height_m, 0.0, 4.0),
    REQUIRED(track_m, 0.3, 4.0),
    REQUIRED(wheel_radius_m, 0.1, 1.5),
    REQUIRED(length_m, 0.8, 30.0),
    REQUIRED(width_m, 0.3, 5.0),
    REQUIRED(height_m, 0.3, 6.0),
    REQUIRED(rear_overhang_m, 0.0, 15.0),
    REQUIRED(cornering_front_n_rad, 1e2, 1e7),
    REQUIRED(cornering_rear_n_rad, 1e2, 1e7),
    REQUIRED(steer_max_rad, 0.01, 1.3),
    REQUIRED(steer_rate_max_rad_s, 0.01, 20.0),
    REQUIRED(accel_max_m_s2, 0.01, 30.0),
    REQUIRED(brake_max_m_s2, 0.01, 30.0),
    REQUIRED(power_max_w, 1.0, 1e7),
    REQUIRED(drag_area_m2, 0.0, 50.0),
    REQUIRED(roll_resistance, 0.0, 0.5),
    REQUIRED(friction, 0.01, 2.0),
    REQUIRED(roll_gain_rad_s2_m, 0.0, 0.05),
    REQUIRED(pitch_gain_rad_s2_m, 0.0, 0.05),
    OPTIONAL(ride_frequency_hz, 0.5, 4.0),
    OPTIONAL(ride_damping, 0.05, 1.5),
    OPTIONAL(pitch_inertia_kg_m2, 5.0, 1e7),
    OPTIONAL(roll_inertia_kg_m2, 5.0, 1e7),
    OPTIONAL(drive_front, 0.0, 1.0),
    OPTIONAL(trailer_length_m, 0.0, 30.0),
    OPTIONAL(hitch_from_rear_m, -5.0, 5.0),
    OPTIONAL(trailer_wheelbase_m, 0.0, 30.0),
    OPTIONAL(trailer_slip_rad_s2_m, 0.0, 0.2),
    OPTIONAL(trailer_axles, 0.0, 3.0),
    OPTIONAL(trailer_axle_gap_m, 0.0, 3.0),
    OPTIONAL(trailer_track_m, 0.0, 4.0),
    OPTIONAL(trailer_tyre_m, 0.0, 1.0),
    OPTIONAL(trailer_roll_gain_rad_s2_m, 0.0, 0.05),
    OPTIONAL(rider_height_m, 1.5, 2.1),
};

static void read_dynamics(bt_table *dynamics, bt_vehicle *vehicle)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const field *f = &fields[i];
        double *to = (double *)(void *)((char *)vehicle + f->offset);
        *to = bt_table_number(dynamics, f->key, f->fallback, f->min, f->max);
    }
}

bt_status bt_vehicle_read(bt_table *sheet, bt_vehicle *vehicle)
{
    *vehicle = (bt_vehicle){0};
    const char *name = bt_table_string(sheet, "name", NULL);
    snprintf(vehicle->name, sizeof vehicle->name, "%s", name);
    bt_table_string(sheet, "source", NULL);
    bt_table dynamics;
    if (!bt_table_open(sheet, "dynamics", &dynamics)) {
        bt_table_fail(sheet, "dynamics", "missing: expected a table of numbers");
        return sheet->status;
    }
    read_dynamics(&dynamics, vehicle);
    bt_status status = bt_table_end(&dynamics);
    if (status == BT_OK) status = bt_vehicle_check(vehicle);
    // what the numbers say together is the sheet's failure too
    if (status != BT_OK && sheet->status == BT_OK)
        bt_table_fail(sheet, "dynamics", "%s", bt_error_message());
    return sheet->status;
}

// Accepts what others read.
static void skip_body(bt_table *sheet)
{
    bt_table body;
    if (!bt_table_open(sheet, "body", &body)) return;
    for (size_t i = 0; bt_table_key(&body, i); i++) {
    }
    bt_status status = bt_table_end(&body);
    (void)status; // the sheet's own end reports it
}

static bt_status read_result(bt_script *script, const char *path, bt_vehicle *vehicle)
{
    lua_State *lua = bt_script_lua(script);
    if (!lua_istable(lua, -1))
        return bt_fail(BT_ERR_INPUT, "%s: expected the file to return a table", path);
    bt_table sheet;
    bt_table_begin(&sheet, lua, lua_gettop(lua), path, "");
    bt_status status = bt_vehicle_read(&sheet, vehicle);
    skip_body(&sheet);
    bt_status ended = bt_table_end(&sheet);
    return status == BT_OK ? ended : status;
}

bt_status bt_vehicle_load(const char *path, const char *const *roots, size_t root_count,
                          bt_vehicle *vehicle)
{
    *vehicle = (bt_vehicle){0};
    char found[4096];
    bt_script *script = NULL;
    bt_script_desc desc = {.roots = roots, .root_count = root_count};
    bt_status status = bt_script_create(&desc, &script);
    if (status == BT_OK) status = bt_script_find_file(script, path, found, sizeof found);
    if (status == BT_OK) status = bt_script_run_file(script, found, 1);
    if (status == BT_OK) status = read_result(script, found, vehicle);
    bt_script_destroy(script);
    return status;
}
