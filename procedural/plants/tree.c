// tree.c: from a grown form to triangles.
#include "procedural/plants/tree.h"

#include "procedural/draw.h"
#include "procedural/mesh_builder.h"
#include "procedural/palette.h"

#include <math.h>
#include <string.h>

#define SLOT_BARK 0
#define SLOT_LEAF 1
#define MAX_GROVE_SPECIES 4

// ---- stems ------------------------------------------------------------------------------------

// Two unit vectors across `dir` that turn as little as possible from `*side`.
static void carry_side(bt_vec3 dir, bt_vec3 *side, bt_vec3 *other)
{
    bt_vec3 s = bt_vec3_mad(*side, dir, -bt_vec3_dot(*side, dir));
    if (bt_vec3_length(s) < 1e-4)
        s = bt_vec3_cross(dir, fabs(dir.x) < 0.8 ? (bt_vec3){1, 0, 0} : (bt_vec3){0, 1, 0});
    *side = bt_vec3_normalize(s);
    *other = bt_vec3_cross(dir, *side);
}

static bt_vec3 node_dir(const bt_tree_node *nodes, uint32_t count, uint32_t i)
{
    const bt_tree_node *from = &nodes[i > 0 ? i - 1 : 0];
    const bt_tree_node *to = &nodes[i + 1 < count ? i + 1 : count - 1];
    return bt_vec3_normalize(bt_vec3_sub(to->pos_m, from->pos_m));
}

static void add_ring(bt_mesh_builder *mesh, const bt_tree_node *node, bt_vec3 side, bt_vec3 other,
                     int sides, double along_m)
{
    for (int k = 0; k <= sides; k++) {
        double angle = 2.0 * BT_PI * k / sides;
        bt_vec3 out =
            bt_vec3_add(bt_vec3_scale(side, bt_cos(angle)), bt_vec3_scale(other, bt_sin(angle)));
        bt_mesh_add_vertex(mesh, bt_vec3_mad(node->pos_m, out, node->radius_m), out,
                           angle * node->radius_m, along_m);
    }
}

static void add_stem(bt_mesh_builder *mesh, const bt_tree_form *form, const bt_tree_stem *stem,
                     int sides)
{
    const bt_tree_node *nodes = form->nodes + stem->first_node;
    bt_vec3 side = {1.0, 0.0, 0.0}, other;
    double along = 0.0;
    uint32_t first = (uint32_t)mesh->vertex_count;
    for (uint32_t i = 0; i < stem->node_count; i++) {
        carry_side(node_dir(nodes, stem->node_count, i), &side, &other);
        if (i > 0) along += bt_vec3_distance(nodes[i].pos_m, nodes[i - 1].pos_m);
        add_ring(mesh, &nodes[i], side, other, sides, along);
    }
    uint32_t ring = (uint32_t)sides + 1;
    for (uint32_t i = 0; i + 1 < stem->node_count; i++) {
        for (uint32_t k = 0; k < (uint32_t)sides; k++) {
            uint32_t a = first + i * ring + k;
            bt_mesh_add_triangle(mesh, a, a + 1, a + ring + 1);
            bt_mesh_add_triangle(mesh, a, a + ring + 1, a + ring);
        }
    }
}

static int stem_sides(int level, double detail)
{
    static const int fine[BT_TREE_MAX_LEVELS] = {12, 6, 3, 0};
    static const int coarse[BT_TREE_MAX_LEVELS] = {5, 3, 0, 0};
    return detail > 0.4 ? fine[level] : coarse[level];
}

static void add_stems(bt_mesh_builder *mesh, const bt_tree_form *form, double detail)
{
    mesh->slot = SLOT_BARK;
    for (size_t i = 0; i < form->stem_count; i++) {
        int sides = stem_sides(form->stems[i].level, detail);
        if (sides > 0) add_stem(mesh, form, &form->stems[i], sides);
    }
}

// ---- leaves -----------------------------------------------------------------------------------

// A blade: a rhomb folded along its midrib, the tip drooping. Its uv cell (floor of u and v) is its
// own, so that patterns can vary from leaf to leaf.
static void add_blade(bt_mesh_builder *mesh, bt_vec3 foot, bt_vec3 dir, bt_vec3 normal,
                      double length, double width, uint32_t number)
{
    bt_vec3 across = bt_vec3_cross(normal, dir);
    bt_vec3 middle = bt_vec3_mad(bt_vec3_mad(foot, dir, 0.45 * length), normal, 0.1 * width);
    bt_vec3 tip = bt_vec3_mad(bt_vec3_mad(foot, dir, length), normal, -0.1 * length);
    double u = 0.5 + number % 64, v = 0.3 + number / 64 % 64;
    bt_vec3 left = bt_vec3_normalize(bt_vec3_mad(normal, across, -0.15));
    bt_vec3 right = bt_vec3_normalize(bt_vec3_mad(normal, across, 0.15));
    uint32_t a = bt_mesh_add_vertex(mesh, foot, normal, u, v);
    bt_mesh_add_vertex(mesh, bt_vec3_mad(middle, across, -0.5 * width), right, u - 0.5 * width,
                       v + 0.45 * length);
    bt_mesh_add_vertex(mesh, tip, normal, u, v + length);
    bt_mesh_add_vertex(mesh, bt_vec3_mad(middle, across, 0.5 * width), left, u + 0.5 * width,
                       v + 0.45 * length);
    bt_mesh_add_triangle(mesh, a, a + 1, a + 2);
    bt_mesh_add_triangle(mesh, a, a + 2, a + 3);
}

static void add_leaf(bt_mesh_builder *mesh, const bt_tree_species *species,
                     const bt_tree_leaf *leaf, double grow, uint32_t number)
{
    int blades = species->leaf_blades;
    for (int i = 0; i < blades; i++) {
        bt_vec3 dir = leaf->dir, normal = leaf->normal, foot = leaf->pos_m;
        if (blades > 1) { // a fan about the midrib, alternately in and out of its plane
            double spread = species->leaf_blade_deg * BT_RAD_PER_DEG;
            double around = 2.0 * BT_PI * i / blades + 0.7 * (number % 9);
            bt_vec3 across = bt_vec3_cross(normal, dir);
            bt_vec3 out = bt_vec3_add(bt_vec3_scale(across, bt_cos(around)),
                                      bt_vec3_scale(normal, bt_sin(around)));
            dir = bt_vec3_add(bt_vec3_scale(leaf->dir, bt_cos(spread)),
                              bt_vec3_scale(out, bt_sin(spread)));
            normal = bt_vec3_normalize(bt_vec3_mad(normal, dir, -bt_vec3_dot(normal, dir)));
            foot = bt_vec3_mad(foot, dir, species->leaf_stalk * leaf->length_m * grow);
        }
        add_blade(mesh, foot, dir, normal, leaf->length_m * grow, leaf->width_m * grow, number);
    }
}

// Every n-th leaf, grown so that the area stays.
static void add_leaves(bt_mesh_builder *mesh, const bt_tree_species *species,
                       const bt_tree_form *form, double detail)
{
    size_t stride = detail >= 1.0 ? 1 : (size_t)(1.0 / detail + 0.5);
    double grow = sqrt((double)stride);
    mesh->slot = SLOT_LEAF;
    for (size_t i = 0; i < form->leaf_count; i += stride)
        add_leaf(mesh, species, &form->leaves[i], grow, (uint32_t)(i / stride));
}

// ---- whole trees ------------------------------------------------------------------------------

static bt_status add_tree(bt_mesh_builder *mesh, const bt_tree_species *species, uint64_t seed,
                          uint64_t index, double detail)
{
    bt_tree_form form = {0};
    bt_status status = bt_tree_grow(species, seed, index, &form);
    if (!status) {
        add_stems(mesh, &form, detail);
        add_leaves(mesh, species, &form, detail);
    }
    bt_tree_form_clear(&form);
    return status;
}

static void measure(const bt_mesh_builder *mesh, bt_plant *plant)
{
    double radius2 = 0.0, low2 = 0.0;
    for (size_t i = 0; i < mesh->vertex_count; i++) {
        bt_vec3 p = bt_mesh_position(mesh, (uint32_t)i);
        radius2 = fmax(radius2, p.x * p.x + p.y * p.y);
        if (p.z < 4.5) low2 = fmax(low2, p.x * p.x + p.y * p.y);
        plant->height_m = fmax(plant->height_m, p.z);
    }
    plant->radius_m = sqrt(radius2);
    plant->low_radius_m = sqrt(low2);
}

bt_status bt_tree_build(bt_spec *spec, const bt_tree_species *species, uint64_t seed,
                        uint64_t index, double detail, bt_plant *plant)
{
    *plant = (bt_plant){.mesh = BT_NO_INDEX};
    bt_palette_entry entries[] = {{species->bark, BT_CLASS_VEGETATION},
                                  {species->leaf, BT_CLASS_VEGETATION}};
    bt_slot slots[2];
    bt_status status = bt_palette_find(spec, entries, 2, slots);
    if (status) return status;
    bt_mesh_builder mesh = {0};
    status = add_tree(&mesh, species, seed, index, detail);
    if (!status) status = bt_mesh_finish(&mesh, spec, species->name, slots, 2, &plant->mesh);
    if (!status) measure(&mesh, plant);
    plant->trunk_radius_m = species->height_m * species->ratio;
    bt_mesh_clear(&mesh);
    return status;
}

// Golden-angle spiral with jitter: even cover without rows.
static bt_vec3 grove_place(bt_draw *draw, uint32_t i, uint32_t count, double radius)
{
    double r = radius * sqrt((i + 0.5) / count), angle = 2.399963 * i;
    double jitter = 0.35 * radius / sqrt((double)count);
    return (bt_vec3){r * bt_cos(angle) + bt_draw_about(draw, 0.0, jitter),
                     r * bt_sin(angle) + bt_draw_about(draw, 0.0, jitter),
                     bt_draw_about(draw, -0.4, 0.4)};
}

bt_status bt_grove_build(bt_spec *spec, const bt_grove_desc *desc, uint64_t seed, uint64_t index,
                         bt_plant *plant)
{
    *plant = (bt_plant){.mesh = BT_NO_INDEX};
    uint32_t count = desc->species_count;
    if (count < 1 || count > MAX_GROVE_SPECIES)
        return bt_fail(BT_ERR_INPUT, "a grove has 1 to %d species", MAX_GROVE_SPECIES);
    bt_slot slots[2 * MAX_GROVE_SPECIES];
    bt_mesh_builder mesh = {0};
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < count && !status; i++) {
        bt_palette_entry entries[] = {{desc->species[i]->bark, BT_CLASS_VEGETATION},
                                      {desc->species[i]->leaf, BT_CLASS_VEGETATION}};
        status = bt_palette_find(spec, entries, 2, slots + 2 * i);
    }
    bt_draw draw = bt_draw_begin(seed, BT_STREAM_PLANT, index ^ 0x67726f7665u);
    for (uint32_t i = 0; i < desc->tree_count && !status; i++) {
        uint32_t kind = bt_draw_below(&draw, count);
        bt_mesh_mark mark = bt_mesh_here(&mesh);
        status = add_tree(&mesh, desc->species[kind], seed, index * 1000 + i, desc->detail);
        double scale = bt_draw_range(&draw, 0.7, 1.15);
        bt_mesh_scale(&mesh, mark, (bt_vec3){scale, scale, scale});
        bt_mesh_transform(
            &mesh, mark,
            (bt_pose){grove_place(&draw, i, desc->tree_count, desc->radius_m), BT_QUAT_IDENTITY});
        for (size_t t = mark.triangle; t < mesh.triangle_count; t++)
            mesh.slots[t] = (uint8_t)(mesh.slots[t] + 2 * kind);
    }
    if (!status) status = bt_mesh_finish(&mesh, spec, "grove", slots, 2 * count, &plant->mesh);
    if (!status) measure(&mesh, plant);
    bt_mesh_clear(&mesh);
    return status;
}
