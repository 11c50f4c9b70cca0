// road_surface.c: tiles to meshes, kinds of surface to materials and classes.
#include "procedural/surfaces/road_surface.h"

#include "engine/core/memory.h"
#include "procedural/mesh_builder.h"
#include "procedural/palette.h"

#include <stdio.h>
#include <stdlib.h>

#define SLOT_JUNCTION BT_SURFACE_KIND_COUNT
#define SLOT_COUNT (BT_SURFACE_KIND_COUNT + 1)

static const bt_palette_entry palette[SLOT_COUNT] = {
    [BT_SURFACE_ASPHALT] = {"asphalt", BT_CLASS_ROAD},
    [BT_SURFACE_SIDEWALK] = {"sidewalk", BT_CLASS_SIDEWALK},
    [BT_SURFACE_CURB] = {"curb", BT_CLASS_CURB},
    [BT_SURFACE_PARKING] = {"parking_asphalt", BT_CLASS_PARKING},
    [BT_SURFACE_BIKING] = {"bike_lane", BT_CLASS_ROAD},
    [BT_SURFACE_GRASS] = {"grass", BT_CLASS_TERRAIN},
    [BT_SURFACE_MARKING_WHITE] = {"marking_white", BT_CLASS_ROAD_MARKING},
    [BT_SURFACE_MARKING_YELLOW] = {"marking_yellow", BT_CLASS_ROAD_MARKING},
    [BT_SURFACE_MARKING_BLUE] = {"marking_blue", BT_CLASS_ROAD_MARKING},
    [BT_SURFACE_MARKING_RED] = {"marking_red", BT_CLASS_ROAD_MARKING},
    [BT_SURFACE_MARKING_ORANGE] = {"marking_orange", BT_CLASS_ROAD_MARKING},
    [BT_SURFACE_MARKING_GREEN] = {"marking_green", BT_CLASS_ROAD_MARKING},
    [BT_SURFACE_BOTTS_DOT] = {"botts_dot", BT_CLASS_ROAD_MARKING},
    [BT_SURFACE_STOP_LINE] = {"stop_line", BT_CLASS_STOP_LINE},
    [BT_SURFACE_CROSSWALK] = {"crosswalk", BT_CLASS_CROSSWALK},
    [SLOT_JUNCTION] = {"asphalt_junction", BT_CLASS_ROAD},
};

static bt_status add_tile(bt_spec *spec, const bt_road_network *net, const bt_road_tile *tile,
                          const bt_slot *slots, uint32_t number)
{
    if (tile->triangle_count == 0) return BT_OK;
    uint8_t *triangle_slots = bt_alloc(tile->triangle_count, 1);
    if (!triangle_slots) return bt_fail(BT_ERR_MEMORY, "no memory for a road tile");
    bool junction =
        tile->road < bt_road_count(net) && bt_road_get(net, tile->road)->junction != BT_ROAD_NONE;
    for (uint32_t i = 0; i < tile->triangle_count; i++) {
        bool asphalt = tile->kinds[i] == BT_SURFACE_ASPHALT;
        triangle_slots[i] = junction && asphalt ? SLOT_JUNCTION : tile->kinds[i];
    }
    char name[32];
    snprintf(name, sizeof name, "road_%u", number);
    bt_mesh_desc desc = {.name = name,
                         .positions = tile->positions,
                         .normals = tile->normals,
                         .uvs = tile->uvs,
                         .vertex_count = tile->vertex_count,
                         .indices = tile->indices,
                         .triangle_count = tile->triangle_count,
                         .triangle_slots = triangle_slots,
                         .slots = slots,
                         .slot_count = SLOT_COUNT};
    uint32_t mesh;
    bt_status status = bt_spec_add_mesh(spec, &desc, &mesh);
    bt_pose place = {tile->origin_world_m, BT_QUAT_IDENTITY};
    if (!status) status = bt_spec_add_static(spec, mesh, place, 1.0, 0);
    bt_free(triangle_slots);
    return status;
}

bt_status bt_road_surface_add(bt_spec *spec, const bt_road_network *net, const bt_road_mesh *mesh)
{
    bt_slot slots[SLOT_COUNT];
    bt_status status = bt_palette_find(spec, palette, SLOT_COUNT, slots);
    for (uint32_t i = 0; i < mesh->tile_count && !status; i++)
        status = add_tile(spec, net, &mesh->tiles[i], slots, i);
    return status;
}

// ---- sides ------------------------------------------------------------------------------------

#define SIDE_TILE_M 256.0

typedef struct side_ground {
    bt_ground_fn height;
    const void *context;
    double least_m;
} side_ground;

typedef struct side_key {
    int32_t x, y;
    uint32_t edge;
} side_key;

static int compare_sides(const void *left, const void *right)
{
    const side_key *a = left, *b = right;
    if (a->y != b->y) return a->y < b->y ? -1 : 1;
    if (a->x != b->x) return a->x < b->x ? -1 : 1;
    return (a->edge > b->edge) - (a->edge < b->edge);
}

static void add_side(bt_mesh_builder *mesh, const bt_edge_sample *edge, bt_vec3 origin,
                     double depth_m)
{
    bt_vec3 a = bt_vec3_sub(edge->from_world_m, origin), b = bt_vec3_sub(edge->to_world_m, origin);
    bt_vec3 down = {0.15 * depth_m * edge->out_x, 0.15 * depth_m * edge->out_y, -depth_m};
    bt_vec3 normal = bt_vec3_normalize((bt_vec3){edge->out_x, edge->out_y, 0.15});
    mesh->slot = (uint8_t)edge->kind;
    double along = edge->from_world_m.x + edge->from_world_m.y;
    uint32_t v = bt_mesh_add_vertex(mesh, a, normal, along, 0.0);
    bt_mesh_add_vertex(mesh, b, normal, along + edge->length_m, 0.0);
    bt_mesh_add_vertex(mesh, bt_vec3_add(b, down), normal, along + edge->length_m, depth_m);
    bt_mesh_add_vertex(mesh, bt_vec3_add(a, down), normal, along, depth_m);
    // front towards `out`, whichever way the edge runs
    double turn = (b.x - a.x) * edge->out_y - (b.y - a.y) * edge->out_x;
    bool left = turn > 0.0;
    bt_mesh_add_triangle(mesh, v, left ? v + 1 : v + 2, left ? v + 2 : v + 1);
    bt_mesh_add_triangle(mesh, v, left ? v + 2 : v + 3, left ? v + 3 : v + 2);
}

// How deep a side goes to end in the ground.
static double side_depth(const side_ground *g, const bt_edge_sample *edge)
{
    bt_vec3 p = edge->pos_world_m;
    double ground = g->height(g->context, p.x + 0.3 * edge->out_x, p.y + 0.3 * edge->out_y);
    double depth = p.z - ground + 0.2;
    return depth > BT_BRIDGE_CLEAR_M ? g->least_m : fmax(depth, g->least_m);
}

static bt_status add_side_tile(bt_spec *spec, const bt_footprint *fp, const side_key *keys,
                               size_t count, const bt_slot *slots, const side_ground *g)
{
    bt_mesh_builder mesh = {0};
    bt_vec3 low, high;
    bt_footprint_bounds(fp, &low, &high);
    bt_vec3 origin = {(keys->x + 0.5) * SIDE_TILE_M, (keys->y + 0.5) * SIDE_TILE_M, low.z};
    for (size_t i = 0; i < count; i++) {
        const bt_edge_sample *edge = bt_footprint_edge(fp, keys[i].edge);
        add_side(&mesh, edge, origin, side_depth(g, edge));
    }
    uint32_t index;
    bt_status status = bt_mesh_finish(&mesh, spec, "road_side", slots, SLOT_COUNT, &index);
    bt_pose place = {origin, BT_QUAT_IDENTITY};
    if (!status) status = bt_spec_add_static(spec, index, place, 1.0, 0);
    bt_mesh_clear(&mesh);
    return status;
}

bt_status bt_road_surface_add_sides(bt_spec *spec, const bt_footprint *footprint,
                                    bt_ground_fn ground, const void *context, double depth_m)
{
    side_ground g = {ground, context, depth_m};
    bt_slot slots[SLOT_COUNT];
    bt_status status = bt_palette_find(spec, palette, SLOT_COUNT, slots);
    if (status) return status;
    size_t count = bt_footprint_edge_count(footprint);
    side_key *keys = bt_alloc(count + 1, sizeof *keys);
    if (!keys) return bt_fail(BT_ERR_MEMORY, "no memory for %zu road edges", count);
    for (size_t i = 0; i < count; i++) {
        bt_vec3 pos = bt_footprint_edge(footprint, (uint32_t)i)->pos_world_m;
        keys[i] = (side_key){(int32_t)floor(pos.x / SIDE_TILE_M),
                             (int32_t)floor(pos.y / SIDE_TILE_M), (uint32_t)i};
    }
    qsort(keys, count, sizeof *keys, compare_sides);
    for (size_t i = 0; i < count && !status;) {
        size_t end = i + 1;
        while (end < count && keys[end].x == keys[i].x && keys[end].y == keys[i].y)
            end++;
        status = add_side_tile(spec, footprint, keys + i, end - i, slots, &g);
        i = end;
    }
    bt_free(keys);
    return status;
}
