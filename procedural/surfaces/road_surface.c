// road_surface.c: tiles to meshes, kinds of surface to materials and classes.
#include "procedural/surfaces/road_surface.h"

#include "engine/core/memory.h"
#include "procedural/mesh_builder.h"
#include "procedural/palette.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOT_JUNCTION BT_SURFACE_KIND_COUNT
#define SLOT_SHOULDER (BT_SURFACE_KIND_COUNT + 1)
#define SLOT_COUNT (BT_SURFACE_KIND_COUNT + 2)
#define PATTERN_LANE_M                                                                             \
    3.3 // pattern_scale_m of "asphalt" and of paint (street.lua): lanes as the pattern has them

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
    [SLOT_SHOULDER] = {"asphalt_shoulder", BT_CLASS_ROAD},
};

// The lane that a triangle's middle lies on; BT_ROAD_NONE: beside the road.
static uint32_t lane_below(const bt_road_network *net, const bt_road_tile *tile, uint32_t triangle)
{
    double s = 0.0;
    double t = 0.0;
    for (uint32_t k = 0; k < 3; k++) {
        const float *uv = tile->uvs + 2 * (size_t)tile->indices[3 * (size_t)triangle + k];
        s += (double)uv[0] / 3.0;
        t += (double)uv[1] / 3.0;
    }
    const bt_lane_section *section = NULL;
    const bt_road *road = bt_road_get(net, tile->road);
    for (uint32_t i = 0; i < road->section_count; i++) {
        const bt_lane_section *next = bt_road_section_get(net, road->first_section + i);
        if (section == NULL || next->s0_m <= s) section = next;
    }
    for (uint32_t i = 0; section != NULL && i < section->lane_count; i++) {
        double inner, outer;
        bt_lane_borders(net, section->first_lane + i, s, &inner, &outer);
        if (fmin(inner, outer) <= t && t < fmax(inner, outer)) return section->first_lane + i;
    }
    return BT_ROAD_NONE;
}

// Patterns know lanes of one width side by side. A driven lane's own middle is put where the nearest of
// those has its own, so that wheel tracks run where wheels do; patches and cracks end at its borders, as
// at the joints of the paver's strips.
static void shift_to_lane(const bt_road_network *net, const bt_road_tile *tile, uint32_t triangle,
                          uint32_t lane, float *uvs)
{
    for (uint32_t k = 0; k < 3; k++) {
        size_t v = tile->indices[3 * (size_t)triangle + k];
        double inner, outer;
        bt_lane_borders(net, lane, (double)tile->uvs[2 * v], &inner, &outer);
        double middle = 0.5 * (inner + outer);
        double whose = (floor(middle / PATTERN_LANE_M) + 0.5) * PATTERN_LANE_M;
        uvs[2 * v + 1] = tile->uvs[2 * v + 1] + (float)(whose - middle);
    }
}

// Slots of the triangles, and uv with lanes where patterns have them.
static void dress_tile(const bt_road_network *net, const bt_road_tile *tile,
                       uint8_t *triangle_slots, float *uvs)
{
    bool known = tile->road < bt_road_count(net);
    bool junction = known && bt_road_get(net, tile->road)->junction != BT_ROAD_NONE;
    for (size_t i = 0; i < 2 * (size_t)tile->vertex_count; i++)
        uvs[i] = tile->uvs[i];
    for (uint32_t i = 0; i < tile->triangle_count; i++) {
        uint8_t kind = tile->kinds[i];
        bool asphalt = kind == BT_SURFACE_ASPHALT;
        bool paint = kind >= BT_SURFACE_MARKING_WHITE;
        triangle_slots[i] = asphalt && junction ? SLOT_JUNCTION : kind;
        if (!known || junction || (!asphalt && !paint)) continue;
        uint32_t lane = lane_below(net, tile, i);
        if (lane == BT_ROAD_NONE) continue;
        if (bt_lane_type_drivable(bt_road_lane_get(net, lane)->type))
            shift_to_lane(net, tile, i, lane, uvs);
        else if (asphalt)
            triangle_slots[i] = SLOT_SHOULDER;
    }
}

static bt_status add_tile(bt_spec *spec, const bt_road_network *net, const bt_road_tile *tile,
                          const bt_slot *slots, uint32_t number)
{
    if (tile->triangle_count == 0) return BT_OK;
    uint8_t *triangle_slots = bt_alloc(tile->triangle_count, 1);
    float *uvs = bt_alloc(2 * (size_t)tile->vertex_count + 1, sizeof *uvs);
    if (!triangle_slots || !uvs) {
        bt_free(triangle_slots);
        bt_free(uvs);
        return bt_fail(BT_ERR_MEMORY, "no memory for a road tile");
    }
    dress_tile(net, tile, triangle_slots, uvs);
    char name[32];
    snprintf(name, sizeof name, "road_%u", number);
    bt_mesh_desc desc = {.name = name,
                         .positions = tile->positions,
                         .normals = tile->normals,
                         .uvs = uvs,
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
    bt_free(uvs);
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
