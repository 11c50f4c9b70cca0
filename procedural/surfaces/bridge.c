// bridge.c: a slab under the surface, beams at its edges, round piers.
#include "procedural/surfaces/bridge.h"

#include "procedural/mesh_shapes.h"
#include "procedural/palette.h"

#include <math.h>
#include <stdbool.h>

#define DECK_M 0.9
#define BEAM_OUT_M 0.32
#define PARAPET_M 0.88
#define PIER_EVERY_M 24.0
#define PIER_RADIUS_M 0.55
#define PIER_CLEAR_M 1.2 // from lanes below

static double clearance(const bt_bridge_desc *d, bt_vec3 at)
{
    return at.z - d->ground(d->context, at.x, at.y);
}

static bt_status finish(bt_mesh_builder *mesh, bt_spec *spec, bt_vec3 origin, const bt_slot *slot)
{
    bt_status status = mesh->status;
    if (!status && mesh->triangle_count > 0) {
        uint32_t index;
        status = bt_mesh_finish(mesh, spec, "bridge", slot, 1, &index);
        bt_pose place = {origin, BT_QUAT_IDENTITY};
        if (!status) status = bt_spec_add_static(spec, index, place, 1.0, 0);
    }
    bt_mesh_clear(mesh);
    return status;
}

// ---- underside --------------------------------------------------------------------------------

static bt_vec3 tile_point(const bt_road_tile *tile, uint32_t vertex)
{
    const float *p = tile->positions + 3 * (size_t)vertex;
    return (bt_vec3){(double)p[0], (double)p[1], (double)p[2]};
}

static void add_underside(bt_mesh_builder *mesh, const bt_bridge_desc *d, const bt_road_tile *tile)
{
    for (uint32_t t = 0; t < tile->triangle_count; t++) {
        uint8_t kind = tile->kinds[t];
        if (kind >= BT_SURFACE_MARKING_WHITE) continue; // paint
        bt_vec3 p[3], middle = tile->origin_world_m;
        for (int i = 0; i < 3; i++) {
            p[i] = tile_point(tile, tile->indices[3 * t + (uint32_t)i]);
            middle = bt_vec3_mad(middle, p[i], 1.0 / 3.0);
        }
        if (clearance(d, middle) < BT_BRIDGE_CLEAR_M) continue;
        uint32_t a = (uint32_t)mesh->vertex_count;
        for (int i = 0; i < 3; i++) {
            p[i].z -= DECK_M;
            bt_mesh_add_vertex(mesh, p[i], (bt_vec3){0.0, 0.0, -1.0}, p[i].x, p[i].y);
        }
        bt_mesh_add_triangle(mesh, a, a + 2, a + 1);
    }
}

// ---- edges ------------------------------------------------------------------------------------

// Inner face of the parapet, its top, the beam's outer face and its underside.
static void add_beam(bt_mesh_builder *mesh, const bt_edge_sample *edge, bt_vec3 origin)
{
    static const double profile[5][2] = {{0.02, -0.05},
                                         {0.04, PARAPET_M},
                                         {BEAM_OUT_M, PARAPET_M},
                                         {BEAM_OUT_M, -DECK_M - 0.15},
                                         {-0.1, -DECK_M - 0.15}};
    bt_vec3 along = bt_vec3_sub(edge->to_world_m, edge->from_world_m);
    bool left = along.x * edge->out_y - along.y * edge->out_x > 0.0;
    bt_vec3 ends[2] = {bt_vec3_sub(edge->from_world_m, origin),
                       bt_vec3_sub(edge->to_world_m, origin)};
    if (left) { // so that faces come out counter-clockwise
        bt_vec3 swap = ends[0];
        ends[0] = ends[1];
        ends[1] = swap;
    }
    for (int i = 0; i < 4; i++) {
        bt_vec3 q[4];
        for (int k = 0; k < 4; k++) {
            const double *at = profile[k == 0 || k == 1 ? i : i + 1];
            q[k] = ends[k == 1 || k == 2];
            q[k].x += at[0] * edge->out_x;
            q[k].y += at[0] * edge->out_y;
            q[k].z += at[1];
        }
        bt_mesh_add_quad(mesh, q[3], q[2], q[1], q[0]);
    }
}

static bool lane_below(const bt_bridge_desc *d, bt_vec3 at)
{
    for (int i = 0; i < 8; i++) {
        double angle = 0.25 * BT_PI * i;
        bt_footprint_hit hits[8];
        uint32_t count = bt_footprint_hits(d->footprint, at.x + PIER_CLEAR_M * bt_cos(angle),
                                           at.y + PIER_CLEAR_M * bt_sin(angle), hits, 8);
        for (uint32_t k = 0; k < count; k++) {
            if (hits[k].height_m < at.z - BT_BRIDGE_CLEAR_M) return true;
        }
    }
    return false;
}

// A pier under the edge, one metre in.
static void add_pier(bt_mesh_builder *mesh, const bt_bridge_desc *d, const bt_edge_sample *edge,
                     bt_vec3 origin)
{
    bt_vec3 at = edge->pos_world_m;
    at.x -= 1.2 * edge->out_x;
    at.y -= 1.2 * edge->out_y;
    if (lane_below(d, at)) return;
    bt_vec3 top = {at.x, at.y, at.z - DECK_M}, foot = top;
    foot.z = d->ground(d->context, at.x, at.y) - 1.0;
    bt_mesh_add_cylinder(mesh, bt_vec3_sub(foot, origin), bt_vec3_sub(top, origin), PIER_RADIUS_M,
                         PIER_RADIUS_M, 20);
}

static bt_status add_edges(bt_spec *spec, const bt_bridge_desc *d, const bt_slot *slot)
{
    uint32_t count = bt_footprint_edge_count(d->footprint);
    bt_mesh_builder mesh = {0};
    bt_vec3 origin = {0.0, 0.0, 0.0};
    double since_pier = 0.5 * PIER_EVERY_M;
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < count && !status; i++) {
        const bt_edge_sample *edge = bt_footprint_edge(d->footprint, i);
        bt_vec3 beside = edge->pos_world_m;
        beside.x += 0.5 * edge->out_x;
        beside.y += 0.5 * edge->out_y;
        if (clearance(d, beside) < BT_BRIDGE_CLEAR_M) continue;
        // one mesh while edges stay together
        if (mesh.triangle_count > 0 && bt_vec3_distance(edge->pos_world_m, origin) > 150.0)
            status = finish(&mesh, spec, origin, slot);
        if (mesh.triangle_count == 0) origin = edge->pos_world_m;
        add_beam(&mesh, edge, origin);
        since_pier += edge->length_m;
        if (since_pier < PIER_EVERY_M) continue;
        add_pier(&mesh, d, edge, origin);
        since_pier = 0.0;
    }
    bt_status last = finish(&mesh, spec, origin, slot);
    return status ? status : last;
}

bt_status bt_bridge_add(bt_spec *spec, const bt_bridge_desc *desc)
{
    bt_palette_entry entry = {"concrete_wall", BT_CLASS_BRIDGE};
    bt_slot slot;
    bt_status status = bt_palette_find(spec, &entry, 1, &slot);
    for (uint32_t i = 0; i < desc->mesh->tile_count && !status; i++) {
        bt_mesh_builder mesh = {0};
        add_underside(&mesh, desc, &desc->mesh->tiles[i]);
        status = finish(&mesh, spec, desc->mesh->tiles[i].origin_world_m, &slot);
    }
    if (!status) status = add_edges(spec, desc, &slot);
    return status;
}
