// signal_head.c: housing, visors, lenses; and the pole.
#include "procedural/props/signal_head.h"

#include "procedural/mesh_shapes.h"
#include "procedural/palette.h"

#include <math.h>
#include <stdio.h>

#define LENS_RADIUS_M 0.1
#define LENS_STEP_M 0.31

typedef struct lens {
    const char *name, *material;
    uint32_t lamp;
} lens;

static const lens lenses[3] = {{"lens_red", "signal_red", BT_LAMP_SIGNAL_RED},
                               {"lens_amber", "signal_amber", BT_LAMP_SIGNAL_AMBER},
                               {"lens_green", "signal_green", BT_LAMP_SIGNAL_GREEN}};

static bt_status finish_one(bt_mesh_builder *mesh, bt_spec *spec, const char *name,
                            const char *material, bt_class class_id, uint32_t *index)
{
    bt_palette_entry entry = {material, class_id};
    bt_slot slot;
    bt_status status = bt_palette_find(spec, &entry, 1, &slot);
    if (!status) status = bt_mesh_finish(mesh, spec, name, &slot, 1, index);
    bt_mesh_clear(mesh);
    return status;
}

// A hood over each lens: three quarters of a tube, longer above.
static void add_visor(bt_mesh_builder *mesh, double z)
{
    enum { STEPS = 14 };
    bt_vec3 points[2][STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
        double angle = -0.2 * BT_PI + 1.4 * BT_PI * i / STEPS; // from low right over the top
        double y = 0.118 * bt_cos(angle), up = 0.118 * bt_sin(angle);
        double reach = 0.08 + 0.11 * fmax(0.0, bt_sin(angle));
        points[0][i] = (bt_vec3){0.0, y, z + up};
        points[1][i] = (bt_vec3){reach, y, z + up};
    }
    bt_mesh_add_grid(mesh, &points[0][0], 2, STEPS + 1, 0, 1.0);
    // its inside too
    bt_mesh_mark inside = bt_mesh_here(mesh);
    for (int i = 0; i <= STEPS; i++) {
        for (int k = 0; k < 2; k++) {
            points[k][i].y *= 0.97;
            points[k][i].z = z + 0.97 * (points[k][i].z - z);
        }
    }
    bt_mesh_add_grid(mesh, &points[0][0], 2, STEPS + 1, 0, 1.0);
    bt_mesh_flip(mesh, inside);
}

static bt_status build_housing(bt_spec *spec, int count, uint32_t *mesh)
{
    bt_mesh_builder m = {0};
    double height = 0.07 + LENS_STEP_M * count;
    bt_pose pose = {{-0.5 * BT_SIGNAL_HEAD_DEPTH_M, 0.0, 0.5 * height}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(
        &m, pose, (bt_vec3){BT_SIGNAL_HEAD_DEPTH_M, BT_SIGNAL_HEAD_WIDTH_M, height}, 0.03, 3);
    for (int i = 0; i < count; i++)
        add_visor(&m, 0.035 + LENS_STEP_M * (i + 0.5));
    return finish_one(&m, spec, "signal housing", "signal_housing", BT_CLASS_TRAFFIC_LIGHT, mesh);
}

// A shallow dome, so that it catches the sky like glass does.
static bt_status build_lens(bt_spec *spec, const lens *l, uint32_t *mesh)
{
    bt_mesh_builder m = {0};
    enum { RINGS = 5 };
    bt_point2 profile[RINGS + 1];
    for (int i = 0; i <= RINGS; i++) {
        double r = LENS_RADIUS_M * (1.0 - (double)i / RINGS);
        profile[i] =
            (bt_point2){r, 0.004 + 0.018 * (1.0 - r * r / (LENS_RADIUS_M * LENS_RADIUS_M))};
    }
    bt_quat lay = bt_quat_from_axes((bt_vec3){0, 1, 0}, (bt_vec3){0, 0, 1}, (bt_vec3){1, 0, 0});
    bt_mesh_add_lathe(&m, (bt_pose){{0, 0, 0}, lay}, profile, RINGS + 1, 24, 1.0);
    return finish_one(&m, spec, l->name, l->material, BT_CLASS_TRAFFIC_LIGHT, mesh);
}

bt_status bt_signal_head_build(bt_spec *spec, bt_signal_head_kind kind, uint32_t *model)
{
    static const int cars[3] = {2, 1, 0}, walkers[2] = {2, 0}; // from the bottom up
    const int *order = kind == BT_SIGNAL_HEAD_CARS ? cars : walkers;
    int count = kind == BT_SIGNAL_HEAD_CARS ? 3 : 2;
    bt_part_desc parts[4] = {0};
    bt_status status = build_housing(spec, count, &parts[0].mesh);
    parts[0].name = "housing";
    for (int i = 0; i < count && !status; i++) {
        const lens *l = &lenses[order[i]];
        bt_part_desc *part = &parts[i + 1];
        status = build_lens(spec, l, &part->mesh);
        part->name = l->name;
        part->lamp_mask = l->lamp;
        part->rest.pos.z = 0.035 + LENS_STEP_M * (i + 0.5);
    }
    for (int i = 0; i <= count; i++) {
        parts[i].parent = BT_NO_INDEX;
        parts[i].channel = -1;
        parts[i].rest.rot = BT_QUAT_IDENTITY;
        parts[i].axis = (bt_vec3){0.0, 0.0, 1.0};
    }
    if (status) return status;
    double height = 0.07 + LENS_STEP_M * count;
    bt_cuboid_desc cuboid = {BT_CLASS_TRAFFIC_LIGHT,
                             BT_NO_INDEX,
                             {-0.5 * BT_SIGNAL_HEAD_DEPTH_M + 0.05, 0.0, 0.5 * height},
                             {BT_SIGNAL_HEAD_DEPTH_M + 0.2, BT_SIGNAL_HEAD_WIDTH_M, height}};
    bt_model_desc desc = {.name = kind == BT_SIGNAL_HEAD_CARS ? "signal head" : "walkers' signal",
                          .class_id = BT_CLASS_TRAFFIC_LIGHT,
                          .parts = parts,
                          .part_count = (uint32_t)count + 1,
                          .cuboids = &cuboid,
                          .cuboid_count = 1};
    return bt_spec_add_model(spec, &desc, model);
}

bt_status bt_signal_pole_build(bt_spec *spec, double head_z_m, double arm_m, uint32_t *mesh)
{
    bt_mesh_builder m = {0};
    double top = head_z_m + BT_SIGNAL_HEAD_HEIGHT_M + 0.1;
    if (fabs(arm_m) < 0.3) { // the head is on the pole
        bt_mesh_add_cylinder(&m, (bt_vec3){0, 0, -0.5}, (bt_vec3){0, 0, top}, 0.06, 0.055, 14);
        for (int i = 0; i < 2; i++) {
            bt_vec3 from = {0, 0, head_z_m + 0.15 + 0.7 * i};
            bt_mesh_add_cylinder(&m, from, (bt_vec3){0.14, 0, from.z}, 0.018, 0.018, 8);
        }
        return finish_one(&m, spec, "signal pole", "metal_galvanised", BT_CLASS_POLE, mesh);
    }
    double z = head_z_m + 0.75;
    bt_mesh_add_cylinder(&m, (bt_vec3){0, 0, -0.8}, (bt_vec3){0, 0, z + 0.3}, 0.12, 0.09, 16);
    bt_mesh_add_cylinder(&m, (bt_vec3){0, 0, z - 0.1}, (bt_vec3){0, arm_m, z + 0.08}, 0.075, 0.045,
                         14);
    bt_mesh_add_cylinder(&m, (bt_vec3){0, arm_m, z + 0.06}, (bt_vec3){0.16, arm_m, z + 0.06}, 0.025,
                         0.025, 8);
    bt_pose plate = {{0.0, 0.0, 0.02}, BT_QUAT_IDENTITY};
    bt_mesh_add_box(&m, plate, (bt_vec3){0.4, 0.4, 0.05});
    return finish_one(&m, spec, "signal mast", "metal_galvanised", BT_CLASS_POLE, mesh);
}
