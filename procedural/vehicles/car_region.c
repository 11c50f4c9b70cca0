// car_region.c: outlines on the skin and gaps along them.
#include "procedural/vehicles/car_internal.h"

bt_car_region bt_car_region_make(bt_car_plane plane, const bt_corner *corners, size_t count)
{
    bt_car_region region = {.plane = plane,
                            .min_x = -INFINITY,
                            .max_x = INFINITY,
                            .min_z = -INFINITY,
                            .max_z = INFINITY,
                            .min_normal_z = -1.0,
                            .max_normal_z = 1.0};
    bt_outline_round(&region.outline, corners, count);
    return region;
}

// Distance to the limits in x, z and steepness; steepness counts as 0.1 m from level to upright.
static double limits(const bt_car_region *r, const bt_patch_vertex *v)
{
    double x = fmax(r->min_x - v->pos.x, v->pos.x - r->max_x);
    double z = fmax(r->min_z - v->pos.z, v->pos.z - r->max_z);
    double steep = r->min_normal_z > -1.0 ? 0.1 * (r->min_normal_z - v->normal.z) : -1e9;
    double level = r->max_normal_z < 1.0 ? 0.1 * (v->normal.z - r->max_normal_z) : -1e9;
    return fmax(fmax(x, z), fmax(steep, level));
}

static double outline_distance(const bt_car_region *r, const bt_patch_vertex *v)
{
    bt_point2 p = {v->around_m, v->up_m};
    if (r->plane == BT_CAR_PLANE_SIDE) p = (bt_point2){v->pos.x, v->pos.z};
    if (r->plane == BT_CAR_PLANE_PLAN) p = (bt_point2){v->pos.x, v->pos.y};
    return bt_outline_distance(&r->outline, p);
}

double bt_car_region_distance(const void *region, const bt_patch_vertex *vertex)
{
    const bt_car_region *r = region;
    return fmax(outline_distance(r, vertex), limits(r, vertex));
}

static double line_distance(const void *region, const bt_patch_vertex *vertex)
{
    return outline_distance(region, vertex);
}

static double limit_distance(const void *region, const bt_patch_vertex *vertex)
{
    return fmax(limits(region, vertex), -1.0);
}

// Adds the triangles of `from` to `to`, as they are.
static void join(bt_patch *to, bt_patch *from)
{
    uint32_t first = (uint32_t)to->vertex_count;
    if (from->status && !to->status) to->status = from->status;
    for (size_t i = 0; i < from->vertex_count; i++)
        bt_patch_add_vertex(to, &from->vertices[i]);
    for (size_t t = 0; t < from->triangle_count; t++) {
        const uint32_t *i = from->indices + 3 * t;
        bt_patch_add_triangle(to, first + i[0], first + i[1], first + i[2]);
    }
    bt_patch_clear(from);
}

void bt_car_shut_line(bt_car *car, bt_patch *patch, const bt_car_region *region, double width_m)
{
    bt_patch within = {0}, strip = {0}, inner = {0};
    // what lies within the limits, then within +width/2, then without -width/2
    bt_patch_cut(patch, limit_distance, region, 0.0, &within);
    bt_patch_cut(&within, line_distance, region, 0.5 * width_m, &strip);
    bt_patch_cut(&strip, line_distance, region, -0.5 * width_m, &inner);
    join(patch, &within);
    join(patch, &inner);
    car->mesh->slot = car->slots.black;
    bt_patch_emit(&strip, car->mesh, 0.003);
    bt_patch_clear(&strip);
}
