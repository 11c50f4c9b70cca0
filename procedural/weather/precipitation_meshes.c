// precipitation_meshes.c: shapes of drops and flakes, and what they are made of.
#include "procedural/weather/precipitation_internal.h"

#include "procedural/draw.h"
#include "procedural/mesh_shapes.h"
#include "shaders/shared/types.h"

#include <stdio.h>

#define DROP_SEGMENTS 10u // across a streak's few pixels nobody counts corners: chosen
#define FLAKE_PLATES 6

static bt_status add_flat(bt_spec *spec, const char *name, double value, uint32_t *spectrum)
{
    double nm[2] = {380.0, 780.0}, values[2] = {value, value};
    return bt_spec_add_spectrum(spec, name, nm, values, 2, spectrum);
}

// A drop of unit volume diameter, its axis upright.
static bt_status add_drop(bt_spec *spec, const bt_slot *slot, const bt_fall_class *c,
                          uint32_t *mesh)
{
    char name[32];
    double ratio = bt_drop_axis_ratio(bt_fall_middle_mm(c));
    double across = 0.5 * bt_pow(ratio, -1.0 / 3.0);
    bt_mesh_builder builder;
    bt_mesh_init(&builder);
    bt_mesh_add_ellipsoid(&builder, BT_POSE_IDENTITY, (bt_vec3){across, across, across * ratio},
                          DROP_SEGMENTS);
    snprintf(name, sizeof name, "raindrop %u", (unsigned)c->number);
    bt_status status = bt_mesh_finish(&builder, spec, name, slot, 1, mesh);
    bt_mesh_clear(&builder);
    return status;
}

bt_status bt_fall_add_rain_meshes(bt_spec *spec, bt_precipitation *p)
{
    bt_material water = {.kind = BT_MATERIAL_DIELECTRIC,
                         .reflectance2 = BT_NO_SPECTRUM,
                         .emission = BT_NO_SPECTRUM,
                         .ior = 1.333f};
    bt_slot slot = {.class_id = BT_CLASS_PROP}; // labels never meet it
    bt_status status = add_flat(spec, "rain water", 1.0, &water.reflectance);
    if (status == BT_OK) status = bt_spec_add_material(spec, "rain water", &water, &slot.material);
    for (uint32_t i = 0; i < BT_FALL_CLASSES && status == BT_OK; i++) {
        bt_fall_class c = bt_fall_class_make(p, BT_FALL_RAIN, i);
        status = add_drop(spec, &slot, &c, &p->rain_meshes[i]);
    }
    return status;
}

// An aggregate: hexagonal plates at all angles that hang together about the middle, extent 1.
static void add_plate(bt_mesh_builder *builder, bt_draw *draw, bool first)
{
    double radius = first ? 0.3 : bt_draw_range(draw, 0.14, 0.24);
    bt_quat turn = bt_quat_yaw_pitch_roll(bt_draw_range(draw, 0.0, 2.0 * BT_PI),
                                          bt_draw_range(draw, -0.5 * BT_PI, 0.5 * BT_PI),
                                          bt_draw_range(draw, 0.0, 2.0 * BT_PI));
    bt_vec3 away = {first ? 0.0 : 0.48 - radius, 0.0, 0.0};
    bt_pose pose = {bt_quat_rotate(turn, away), turn};
    bt_vec3 corners[6];
    for (int i = 0; i < 6; i++) {
        double angle = BT_PI / 3.0 * i;
        corners[i] =
            bt_pose_point(pose, (bt_vec3){radius * bt_cos(angle), radius * bt_sin(angle), 0.0});
    }
    bt_mesh_add_polygon(builder, corners, 6);
}

static bt_status add_flake(bt_spec *spec, const bt_slot *slot, uint32_t shape, uint32_t *mesh)
{
    char name[32];
    bt_draw draw = bt_draw_begin(1, BT_STREAM_WEATHER, shape);
    bt_mesh_builder builder;
    bt_mesh_init(&builder);
    for (int i = 0; i < FLAKE_PLATES; i++)
        add_plate(&builder, &draw, i == 0);
    snprintf(name, sizeof name, "snowflake %u", (unsigned)shape);
    bt_status status = bt_mesh_finish(&builder, spec, name, slot, 1, mesh);
    bt_mesh_clear(&builder);
    return status;
}

// Ice is clear; what its many faces do together is close to a white leaf that lets light through.
bt_status bt_fall_add_snow_meshes(bt_spec *spec, bt_precipitation *p)
{
    bt_material ice = {
        .kind = BT_MATERIAL_LEAF, .emission = BT_NO_SPECTRUM, .ior = 1.31f, .roughness = 0.5f};
    bt_slot slot = {.class_id = BT_CLASS_PROP}; // labels never meet it
    bt_status status = add_flat(spec, "snowflake reflected", 0.5, &ice.reflectance);
    if (status == BT_OK) status = add_flat(spec, "snowflake passed", 0.45, &ice.reflectance2);
    if (status == BT_OK) status = bt_spec_add_material(spec, "snowflake", &ice, &slot.material);
    for (uint32_t i = 0; i < BT_FLAKE_SHAPES && status == BT_OK; i++)
        status = add_flake(spec, &slot, i, &p->snow_meshes[i]);
    return status;
}
