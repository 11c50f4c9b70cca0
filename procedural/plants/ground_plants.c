// ground_plants.c: blades, rosettes and hedges.
#include "procedural/plants/ground_plants.h"

#include "procedural/draw.h"
#include "procedural/mesh_shapes.h"
#include "procedural/palette.h"

#include <math.h>

static bt_vec3 polar(double radius, double angle)
{
    return (bt_vec3){radius * bt_cos(angle), radius * bt_sin(angle), 0.0};
}

static bt_status finish(bt_mesh_builder *mesh, bt_spec *spec, const char *name,
                        const bt_palette_entry *entries, uint32_t count, bt_plant *plant)
{
    bt_slot slots[4];
    bt_status status = bt_palette_find(spec, entries, count, slots);
    if (!status) status = bt_mesh_finish(mesh, spec, name, slots, count, &plant->mesh);
    for (size_t i = 0; i < mesh->vertex_count; i++) {
        bt_vec3 p = bt_mesh_position(mesh, (uint32_t)i);
        plant->height_m = fmax(plant->height_m, p.z);
        plant->radius_m = fmax(plant->radius_m, bt_hypot(p.x, p.y));
    }
    bt_mesh_clear(mesh);
    return status;
}

// ---- grass ------------------------------------------------------------------------------------

// A ribbon of three pieces that bends over: 5 triangles, pointed.
static void add_grass_blade(bt_mesh_builder *mesh, bt_draw *draw, bt_vec3 foot, double height)
{
    double heading = bt_draw_range(draw, 0.0, 2.0 * BT_PI);
    double lean = bt_draw_range(draw, 0.1, 0.55), bend = bt_draw_range(draw, 0.1, 1.1);
    double width = bt_draw_range(draw, 0.0022, 0.0048) * (1.0 + height);
    bt_vec3 ahead = polar(1.0, heading), side = polar(1.0, heading + 0.5 * BT_PI);
    bt_vec3 pos = foot;
    uint32_t first = (uint32_t)mesh->vertex_count;
    double u = 0.5 + first % 61, v = 0.2 + first / 61 % 61;
    for (int i = 0; i <= 3; i++) {
        double tilt = lean + bend * i / 3.0;
        bt_vec3 dir =
            bt_vec3_add(bt_vec3_scale(ahead, bt_sin(tilt)), (bt_vec3){0, 0, bt_cos(tilt)});
        bt_vec3 normal = bt_vec3_cross(dir, side);
        double half = i == 3 ? 0.0 : width * (1.0 - 0.2 * i);
        bt_mesh_add_vertex(mesh, bt_vec3_mad(pos, side, -half), normal, u - half,
                           v + i * height / 3.0);
        if (i < 3)
            bt_mesh_add_vertex(mesh, bt_vec3_mad(pos, side, half), normal, u + half,
                               v + i * height / 3.0);
        pos = bt_vec3_mad(pos, dir, height / 3.0);
    }
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t a = first + 2 * i;
        bt_mesh_add_triangle(mesh, a, a + 1, a + 3);
        bt_mesh_add_triangle(mesh, a, a + 3, a + 2);
    }
    bt_mesh_add_triangle(mesh, first + 4, first + 5, first + 6);
}

bt_status bt_grass_build(bt_spec *spec, const bt_grass_desc *desc, uint64_t seed, uint64_t index,
                         bt_plant *plant)
{
    static const bt_palette_entry entries[] = {{"leaf_hedge", BT_CLASS_TERRAIN},
                                               {"grass", BT_CLASS_TERRAIN},
                                               {"dry_grass", BT_CLASS_TERRAIN}};
    *plant = (bt_plant){.mesh = BT_NO_INDEX};
    bt_draw draw = bt_draw_begin(seed, BT_STREAM_PLANT, index ^ 0x6772617373u);
    bt_mesh_builder mesh = {0};
    uint32_t per_tuft = 9;
    bt_vec3 tuft = {0.0, 0.0, 0.0};
    double tall = 1.0;
    for (uint32_t i = 0; i < desc->blades; i++) {
        if (i % per_tuft == 0) {
            double r = desc->radius_m * sqrt(bt_draw_unit(&draw));
            tuft = polar(r, bt_draw_range(&draw, 0.0, 2.0 * BT_PI));
            tall = bt_draw_range(&draw, 0.45, 1.35);
        }
        bt_vec3 foot = bt_vec3_add(
            tuft, polar(0.035 * bt_draw_unit(&draw), bt_draw_range(&draw, 0.0, 2.0 * BT_PI)));
        foot.z = -0.02;
        mesh.slot = bt_draw_chance(&draw, desc->dryness) ? 2 : 1;
        add_grass_blade(&mesh, &draw, foot, desc->height_m * tall * bt_draw_range(&draw, 0.6, 1.2));
    }
    return finish(&mesh, spec, "grass tufts", entries, 3, plant);
}

// ---- weeds ------------------------------------------------------------------------------------

static void add_weed_leaf(bt_mesh_builder *mesh, bt_draw *draw, bt_vec3 foot, double length,
                          double rise_rad)
{
    double heading = bt_draw_range(draw, 0.0, 2.0 * BT_PI);
    double width = length * bt_draw_range(draw, 0.16, 0.3);
    bt_vec3 side = polar(1.0, heading + 0.5 * BT_PI), pos = foot;
    uint32_t first = (uint32_t)mesh->vertex_count;
    static const double widths[4] = {0.15, 0.8, 1.0, 0.05};
    for (int i = 0; i < 4; i++) {
        double tilt = rise_rad - 0.45 * i;
        bt_vec3 dir = bt_vec3_add(polar(bt_cos(tilt), heading), (bt_vec3){0, 0, bt_sin(tilt)});
        bt_vec3 normal = bt_vec3_cross(dir, side);
        double half = 0.5 * width * widths[i];
        double v = 0.2 + first % 53 + i * length / 3.0;
        bt_mesh_add_vertex(mesh, bt_vec3_mad(pos, side, -half), normal, 0.5 - half, v);
        bt_mesh_add_vertex(mesh, bt_vec3_mad(pos, side, half), normal, 0.5 + half, v);
        pos = bt_vec3_mad(pos, dir, length / 3.0);
    }
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t a = first + 2 * i;
        bt_mesh_add_triangle(mesh, a, a + 1, a + 3);
        bt_mesh_add_triangle(mesh, a, a + 3, a + 2);
    }
}

bt_status bt_weed_build(bt_spec *spec, uint64_t seed, uint64_t index, bt_plant *plant)
{
    static const bt_palette_entry entries[] = {{"leaf_hedge", BT_CLASS_TERRAIN},
                                               {"leaf_birch", BT_CLASS_TERRAIN}};
    *plant = (bt_plant){.mesh = BT_NO_INDEX};
    bt_draw draw = bt_draw_begin(seed, BT_STREAM_PLANT, index ^ 0x77656564u);
    bt_mesh_builder mesh = {0};
    for (int i = 0; i < 16; i++)
        add_weed_leaf(&mesh, &draw, (bt_vec3){0, 0, -0.01}, bt_draw_range(&draw, 0.06, 0.2),
                      bt_draw_range(&draw, 0.25, 1.3));
    uint32_t stalks = 2 + bt_draw_below(&draw, 4);
    mesh.slot = 1;
    for (uint32_t i = 0; i < stalks; i++) {
        double height = bt_draw_range(&draw, 0.2, 0.6);
        bt_vec3 top = polar(0.3 * height * bt_draw_unit(&draw), bt_draw_range(&draw, 0, 2 * BT_PI));
        top.z = height;
        bt_mesh_add_cylinder(&mesh, (bt_vec3){0, 0, 0}, top, 0.003, 0.0015, 4);
        for (int k = 0; k < 9; k++)
            add_weed_leaf(&mesh, &draw, bt_vec3_scale(top, bt_draw_range(&draw, 0.3, 1.0)),
                          bt_draw_range(&draw, 0.03, 0.08), bt_draw_range(&draw, 0.2, 1.0));
    }
    return finish(&mesh, spec, "weed", entries, 2, plant);
}

// ---- hedges -----------------------------------------------------------------------------------

// A point on the hedge's rounded box, and the way out of it.
static bt_vec3 hedge_point(bt_draw *draw, double length, double width, double height, bt_vec3 *out)
{
    double sides = 2.0 * height, top = width, ends = 2.0 * width * height / length;
    double pick = bt_draw_unit(draw) * (sides + top + ends);
    double x = bt_draw_about(draw, 0.0, 0.5 * length), z = height * bt_draw_unit(draw);
    double sign = bt_draw_chance(draw, 0.5) ? 1.0 : -1.0;
    if (pick < sides) {
        *out = (bt_vec3){0.0, sign, 0.25};
        return (bt_vec3){x, sign * 0.5 * width, z};
    }
    if (pick < sides + top) {
        *out = (bt_vec3){0.0, 0.0, 1.0};
        return (bt_vec3){x, bt_draw_about(draw, 0.0, 0.5 * width), height};
    }
    *out = (bt_vec3){sign, 0.0, 0.25};
    return (bt_vec3){sign * 0.5 * length, bt_draw_about(draw, 0.0, 0.5 * width), z};
}

static void add_hedge_leaf(bt_mesh_builder *mesh, bt_draw *draw, bt_vec3 pos, bt_vec3 out)
{
    bt_vec3 random = {bt_draw_about(draw, 0, 1), bt_draw_about(draw, 0, 1),
                      bt_draw_about(draw, 0.1, 1)};
    bt_vec3 dir = bt_vec3_normalize(bt_vec3_mad(random, out, 0.9));
    bt_vec3 side = bt_vec3_normalize(bt_vec3_cross(dir, (bt_vec3){0.31, 0.22, 0.93}));
    bt_vec3 normal = bt_vec3_cross(side, dir);
    double length = bt_draw_range(draw, 0.045, 0.085), half = 0.26 * length;
    uint32_t a = (uint32_t)mesh->vertex_count;
    double u = 0.5 + a / 4 % 61, v = 0.3 + a / 244 % 61;
    bt_vec3 middle = bt_vec3_mad(bt_vec3_mad(pos, dir, 0.45 * length), normal, 0.15 * half);
    bt_mesh_add_vertex(mesh, pos, normal, u, v);
    bt_mesh_add_vertex(mesh, bt_vec3_mad(middle, side, half), normal, u + half, v + 0.45 * length);
    bt_mesh_add_vertex(mesh, bt_vec3_mad(pos, dir, length), normal, u, v + length);
    bt_mesh_add_vertex(mesh, bt_vec3_mad(middle, side, -half), normal, u - half, v + 0.45 * length);
    bt_mesh_add_triangle(mesh, a, a + 1, a + 2);
    bt_mesh_add_triangle(mesh, a, a + 2, a + 3);
}

bt_status bt_hedge_build(bt_spec *spec, double length_m, double width_m, double height_m,
                         uint64_t seed, uint64_t index, bt_plant *plant)
{
    static const bt_palette_entry entries[] = {{"hedge_inner", BT_CLASS_VEGETATION},
                                               {"leaf_hedge", BT_CLASS_VEGETATION}};
    *plant = (bt_plant){.mesh = BT_NO_INDEX};
    bt_draw draw = bt_draw_begin(seed, BT_STREAM_PLANT, index ^ 0x6865646765u);
    bt_mesh_builder mesh = {0};
    bt_vec3 inner = {length_m - 0.1, width_m - 0.22, height_m - 0.1};
    bt_pose middle = {{0.0, 0.0, 0.5 * inner.z - 0.1}, BT_QUAT_IDENTITY};
    bt_mesh_add_box(&mesh, middle, inner);
    mesh.slot = 1;
    double area = length_m * (2.0 * height_m + width_m) + 2.0 * width_m * height_m;
    uint32_t leaves = (uint32_t)(area * 1150.0); // three layers of leaves
    for (uint32_t i = 0; i < leaves; i++) {
        bt_vec3 out, pos = hedge_point(&draw, length_m, width_m, height_m, &out);
        // clipped, but not by a machine: lumps, twigs that stand out, leaves further in
        double lump =
            0.03 * bt_sin(5.1 * pos.x + (double)index) + 0.025 * bt_sin(7.3 * pos.z + 2.7 * pos.x);
        double depth = bt_draw_unit(&draw);
        double twig = bt_draw_chance(&draw, 0.04) ? bt_draw_range(&draw, 0.0, 0.09) : 0.0;
        pos = bt_vec3_mad(pos, out, lump + twig - 0.11 * depth * depth);
        add_hedge_leaf(&mesh, &draw, pos, out);
    }
    return finish(&mesh, spec, "hedge", entries, 2, plant);
}
