// prop.c: the table of props, and what is made to measure: wires, blocks, lumps, posts.
#include "procedural/props/prop.h"

#include "engine/core/random.h"
#include "procedural/palette.h"
#include "procedural/props/prop_parts.h"

#include <math.h>

static const char *const slot_materials[SLOTS] = {
    [GALVANISED] = "metal_galvanised",
    [GREY] = "metal_painted_grey",
    [GREEN] = "metal_painted_green",
    [BLACK] = "metal_painted_black",
    [CONCRETE] = "concrete_wall",
    [WOOD] = "wood",
    [FENCE] = "fence_wood",
    [STONE] = "stone",
    [PLASTIC] = "bin_plastic",
    [ORANGE] = "cone_orange",
    [WHITE] = "sign_white",
    [RED] = "sign_red",
    [LAMP] = "lamp_street",
    [SODIUM] = "lamp_street_sodium",
    [LANTERN] = "lamp_lantern",
    [RAIL] = "guard_rail",
    [BRICK] = "brick_red",
    [GLASS] = "window_glass",
    [YELLOW] = "sign_yellow",
};

typedef struct prop_kind {
    const char *name;
    void (*make)(bt_mesh_builder *);
    bt_class class_id;
    double radius_m, module_m;
} prop_kind;

static const prop_kind kinds[BT_PROP_KIND_COUNT] = {
    [BT_PROP_LAMP_STREET] = {"street lamp", prop_lamp_street, BT_CLASS_POLE, 0.12, 0},
    [BT_PROP_LAMP_POST] = {"lamp post", prop_lamp_post, BT_CLASS_POLE, 0.1, 0},
    [BT_PROP_LAMP_MOTORWAY] = {"motorway lamp", prop_lamp_motorway, BT_CLASS_POLE, 0.12, 0},
    [BT_PROP_UTILITY_POLE] = {"utility pole", prop_utility_pole, BT_CLASS_POLE, 0.17, 0},
    [BT_PROP_DELINEATOR] = {"delineator", prop_delineator, BT_CLASS_POLE, 0.08, 0},
    [BT_PROP_BOLLARD] = {"bollard", prop_bollard, BT_CLASS_POLE, 0.08, 0},
    [BT_PROP_BIN] = {"bin", prop_bin, BT_CLASS_PROP, 0.3, 0},
    [BT_PROP_WHEELED_BIN] = {"wheeled bin", prop_wheeled_bin, BT_CLASS_PROP, 0.4, 0},
    [BT_PROP_BENCH] = {"bench", prop_bench, BT_CLASS_PROP, 0.9, 0},
    [BT_PROP_MAILBOX] = {"mailbox", prop_mailbox, BT_CLASS_PROP, 0.25, 0},
    [BT_PROP_CABINET] = {"cabinet", prop_cabinet, BT_CLASS_PROP, 0.45, 0},
    [BT_PROP_HYDRANT] = {"hydrant", prop_hydrant, BT_CLASS_PROP, 0.2, 0},
    [BT_PROP_CONE] = {"cone", prop_cone, BT_CLASS_PROP, 0.27, 0},
    [BT_PROP_DRUM] = {"drum", prop_drum, BT_CLASS_PROP, 0.38, 0},
    [BT_PROP_TRESTLE] = {"barrier board", prop_trestle, BT_CLASS_PROP, 1.0, 0},
    [BT_PROP_MANHOLE] = {"manhole cover", prop_manhole, BT_CLASS_ROAD, 0.36, 0},
    [BT_PROP_DRAIN] = {"drain", prop_drain, BT_CLASS_ROAD, 0.3, 0},
    [BT_PROP_GUARD_RAIL] = {"guard rail", prop_guard_rail, BT_CLASS_GUARD_RAIL, 0.2, 4.0},
    [BT_PROP_CONCRETE_BARRIER] = {"concrete barrier", prop_concrete_barrier, BT_CLASS_GUARD_RAIL,
                                  0.3, 3.0},
    [BT_PROP_NOISE_WALL] = {"noise wall", prop_noise_wall, BT_CLASS_WALL, 0.15, 4.0},
    [BT_PROP_NOISE_WALL_LOW] = {"noise wall", prop_noise_wall_low, BT_CLASS_WALL, 0.15, 4.0},
    [BT_PROP_FENCE_PLANK] = {"plank fence", prop_fence_plank, BT_CLASS_FENCE, 0.15, 2.4},
    [BT_PROP_FENCE_PICKET] = {"picket fence", prop_fence_picket, BT_CLASS_FENCE, 0.12, 2.4},
    [BT_PROP_FENCE_BARS] = {"bar fence", prop_fence_bars, BT_CLASS_FENCE, 0.05, 2.5},
    [BT_PROP_FENCE_RAIL] = {"field fence", prop_fence_rail, BT_CLASS_FENCE, 0.1, 3.0},
    [BT_PROP_WALL] = {"garden wall", prop_wall, BT_CLASS_WALL, 0.15, 3.0},
    [BT_PROP_BUS_SHELTER] = {"bus shelter", prop_bus_shelter, BT_CLASS_PROP, 2.2, 0},
};

static bt_status finish(bt_mesh_builder *mesh, bt_spec *spec, const char *name, bt_class class_id,
                        uint32_t *index)
{
    bt_palette_entry entries[SLOTS];
    bt_slot slots[SLOTS];
    for (int i = 0; i < SLOTS; i++)
        entries[i] = (bt_palette_entry){slot_materials[i], class_id};
    bt_status status = bt_palette_find(spec, entries, SLOTS, slots);
    if (!status) status = bt_mesh_finish(mesh, spec, name, slots, SLOTS, index);
    bt_mesh_clear(mesh);
    return status;
}

bt_status bt_prop_build(bt_spec *spec, bt_prop_kind kind, bt_prop *prop)
{
    const prop_kind *k = &kinds[kind];
    bt_mesh_builder mesh = {0};
    k->make(&mesh);
    double height = 0.0;
    for (size_t i = 0; i < mesh.vertex_count; i++)
        height = fmax(height, (double)mesh.positions[3 * i + 2]);
    *prop = (bt_prop){BT_NO_INDEX, k->class_id, k->radius_m, height, k->module_m, k->name};
    return finish(&mesh, spec, k->name, k->class_id, &prop->mesh);
}

bt_status bt_prop_wires_build(bt_spec *spec, bt_pose from, bt_pose to, double slack, uint32_t *mesh)
{
    bt_mesh_builder builder = {0};
    for (int wire = -1; wire <= 1; wire++) {
        bt_vec3 hook = at(0.95 * wire, 0, 8.6);
        bt_vec3 a = bt_vec3_sub(bt_pose_point(from, hook), from.pos);
        bt_vec3 b = bt_vec3_sub(bt_pose_point(to, hook), from.pos);
        double sag = slack * bt_vec3_distance(a, b);
        bt_vec3 path[13];
        double radii[13];
        for (int i = 0; i < 13; i++) {
            double u = i / 12.0;
            path[i] = bt_vec3_lerp(a, b, u);
            path[i].z -= 4.0 * sag * u * (1.0 - u); // a parabola: a taut catenary to first order
            radii[i] = 0.008;
        }
        builder.slot = BLACK;
        bt_mesh_add_tube(&builder, path, radii, 13, 3);
    }
    return finish(&builder, spec, "wires", BT_CLASS_POLE, mesh);
}

static bt_status finish_plain(bt_mesh_builder *mesh, bt_spec *spec, const char *name,
                              const char *material, bt_class class_id, uint32_t *index)
{
    bt_palette_entry entry = {material, class_id};
    bt_slot slot;
    bt_status status = bt_palette_find(spec, &entry, 1, &slot);
    if (!status) status = bt_mesh_finish(mesh, spec, name, &slot, 1, index);
    bt_mesh_clear(mesh);
    return status;
}

bt_status bt_prop_block_build(bt_spec *spec, const char *material, bt_class class_id,
                              double length_m, double width_m, double height_m, uint32_t *mesh)
{
    bt_mesh_builder builder = {0};
    double bevel = fmin(0.03, 0.2 * fmin(length_m, fmin(width_m, height_m)));
    bt_pose pose = {{0, 0, 0.5 * height_m - 0.1}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(&builder, pose, (bt_vec3){length_m, width_m, height_m + 0.2}, bevel, 1);
    return finish_plain(&builder, spec, "block", material, class_id, mesh);
}

// An ellipsoid squared off, its corners pushed in by chance.
bt_status bt_prop_lump_build(bt_spec *spec, const char *material, bt_class class_id,
                             const double size[3], uint64_t seed, uint32_t index, uint32_t *mesh)
{
    bt_mesh_builder builder = {0};
    bt_mesh_add_ellipsoid(&builder, BT_POSE_IDENTITY, (bt_vec3){1.0, 1.0, 1.0}, 14);
    for (size_t i = 0; i < builder.vertex_count; i++) {
        float *v = builder.positions + 3 * i;
        // the same place gets the same push, whatever its number: seams stay closed
        uint32_t place = (uint32_t)(lroundf(50.0f * v[0]) * 7919 + lroundf(50.0f * v[1]) * 104729 +
                                    lroundf(50.0f * v[2]) * 1299709);
        double push = bt_random_range(seed ^ index, BT_STREAM_PLACEMENT, place, 90, 0.82, 1.0);
        for (int k = 0; k < 3; k++) {
            double squared = copysign(bt_pow(fabs((double)v[k]), 0.45), (double)v[k]) * push;
            v[k] = (float)(0.5 * size[k] * bt_clamp(squared, -1.0, 1.0));
        }
        v[2] += (float)(0.5 * size[2]);
    }
    bt_mesh_smooth(&builder, (bt_mesh_mark){0, 0}, 0.6);
    return finish_plain(&builder, spec, "lump", material, class_id, mesh);
}

bt_status bt_prop_post_build(bt_spec *spec, const char *material, bt_class class_id,
                             double radius_m, double height_m, uint32_t *mesh)
{
    bt_mesh_builder builder = {0};
    bt_mesh_add_cylinder(&builder, at(0, 0, -0.3), at(0, 0, height_m), radius_m, radius_m, 16);
    return finish_plain(&builder, spec, "post", material, class_id, mesh);
}
