// footprint.c: triangles of the road mesh in plan: what is at a point, and near one.
#include "procedural/surfaces/footprint_internal.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

static unsigned kind_mask(unsigned kind)
{
    switch (kind) {
    case BT_SURFACE_ASPHALT:
    case BT_SURFACE_PARKING:
    case BT_SURFACE_BIKING:
        return BT_FOOTPRINT_VEHICLES;
    case BT_SURFACE_SIDEWALK:
    case BT_SURFACE_CURB:
        return BT_FOOTPRINT_WALKS;
    case BT_SURFACE_GRASS:
        return BT_FOOTPRINT_VERGES;
    default:
        return 0; // markings lie on something
    }
}

// ---- triangles --------------------------------------------------------------------------------
static plan_triangle read_triangle(const bt_road_tile *tile, uint32_t triangle)
{
    plan_triangle t = {.road = tile->road, .kind = tile->kinds[triangle]};
    for (int i = 0; i < 3; i++) {
        const float *p =
            tile->positions + 3 * (size_t)tile->indices[3 * (size_t)triangle + (size_t)i];
        t.x[i] = tile->origin_world_m.x + (double)p[0];
        t.y[i] = tile->origin_world_m.y + (double)p[1];
        t.z[i] = tile->origin_world_m.z + (double)p[2];
    }
    return t;
}

static bt_status read_tiles(bt_footprint *fp, const bt_road_mesh *mesh)
{
    for (uint32_t i = 0; i < mesh->tile_count; i++) {
        const bt_road_tile *tile = &mesh->tiles[i];
        bt_status status = BT_ARRAY_RESERVE(fp->triangles, fp->triangle_capacity,
                                            fp->triangle_count + tile->triangle_count);
        if (status) return status;
        for (uint32_t k = 0; k < tile->triangle_count; k++) {
            if (!kind_mask(tile->kinds[k])) continue;
            plan_triangle t = read_triangle(tile, k);
            if (fabs(plan_area2(&t)) < 1e-6) continue; // kerb faces stand upright
            fp->triangles[fp->triangle_count++] = t;
        }
    }
    return BT_OK;
}

static void find_bounds(bt_footprint *fp)
{
    fp->low = (bt_vec3){HUGE_VAL, HUGE_VAL, HUGE_VAL};
    fp->high = (bt_vec3){-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    for (size_t i = 0; i < fp->triangle_count; i++) {
        const plan_triangle *t = &fp->triangles[i];
        for (int k = 0; k < 3; k++) {
            fp->low.x = fmin(fp->low.x, t->x[k]), fp->high.x = fmax(fp->high.x, t->x[k]);
            fp->low.y = fmin(fp->low.y, t->y[k]), fp->high.y = fmax(fp->high.y, t->y[k]);
            fp->low.z = fmin(fp->low.z, t->z[k]), fp->high.z = fmax(fp->high.z, t->z[k]);
        }
    }
    if (fp->triangle_count == 0) fp->low = fp->high = (bt_vec3){0.0, 0.0, 0.0};
}

void bt_footprint_bounds(const bt_footprint *fp, bt_vec3 *low, bt_vec3 *high)
{
    *low = fp->low;
    *high = fp->high;
}

// ---- boxes ------------------------------------------------------------------------------------
static plan_box box_of(const bt_footprint *fp, const plan_triangle *t)
{
    double x0 = fmin(t->x[0], fmin(t->x[1], t->x[2])), x1 = fmax(t->x[0], fmax(t->x[1], t->x[2]));
    double y0 = fmin(t->y[0], fmin(t->y[1], t->y[2])), y1 = fmax(t->y[0], fmax(t->y[1], t->y[2]));
    return (plan_box){
        (float)(x0 - fp->low.x - PLAN_SLACK_M), (float)(y0 - fp->low.y - PLAN_SLACK_M),
        (float)(x1 - fp->low.x + PLAN_SLACK_M), (float)(y1 - fp->low.y + PLAN_SLACK_M)};
}

static bt_status find_boxes(const bt_footprint *fp, const plan_grid *g, plan_box **boxes)
{
    size_t count = g->first[(size_t)g->cells_x * (size_t)g->cells_y];
    *boxes = bt_alloc(count + 1, sizeof **boxes);
    if (!*boxes) return bt_fail(BT_ERR_MEMORY, "no memory for the plan grid");
    for (size_t i = 0; i < count; i++)
        (*boxes)[i] = box_of(fp, &fp->triangles[g->items[i]]);
    return BT_OK;
}

// From a place, counted from `low` as well.
static double box_distance2(const plan_box *b, double x, double y)
{
    double x0 = (double)b->x0, y0 = (double)b->y0, x1 = (double)b->x1, y1 = (double)b->y1;
    double dx = x < x0 ? x0 - x : x > x1 ? x - x1 : 0.0;
    double dy = y < y0 ? y0 - y : y > y1 ? y - y1 : 0.0;
    return dx * dx + dy * dy;
}

// ---- point queries ----------------------------------------------------------------------------

// Barycentric weights in plan; true inside (border included).
static bool plan_inside(const plan_triangle *t, double x, double y, double w[3])
{
    double area = plan_area2(t);
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        w[i] = ((t->x[j] - x) * (t->y[k] - y) - (t->x[k] - x) * (t->y[j] - y)) / area;
        if (w[i] < -1e-9) return false;
    }
    return true;
}

static uint32_t insert_hit(bt_footprint_hit *hits, uint32_t count, uint32_t max,
                           bt_footprint_hit hit)
{
    uint32_t at = count < max ? count : max;
    while (at > 0 && hits[at - 1].height_m > hit.height_m) {
        if (at < max) hits[at] = hits[at - 1];
        at--;
    }
    if (at < max) hits[at] = hit;
    return count < max ? count + 1 : max;
}

uint32_t bt_footprint_hits(const bt_footprint *fp, double x_m, double y_m, bt_footprint_hit *hits,
                           uint32_t max)
{
    if (!(x_m >= fp->low.x && x_m <= fp->high.x && y_m >= fp->low.y && y_m <= fp->high.y)) return 0;
    const plan_grid *g = &fp->point_grid;
    int32_t cx = plan_cell_clamped(x_m, fp->low.x, g->cell_m, g->cells_x);
    int32_t cy = plan_cell_clamped(y_m, fp->low.y, g->cell_m, g->cells_y);
    const uint32_t *first = g->first + (size_t)cy * (size_t)g->cells_x + (size_t)cx;
    uint32_t count = 0;
    for (uint32_t i = first[0]; i < first[1]; i++) {
        if (box_distance2(&fp->point_boxes[i], x_m - fp->low.x, y_m - fp->low.y) > 0.0) continue;
        const plan_triangle *t = &fp->triangles[g->items[i]];
        double w[3];
        if (!plan_inside(t, x_m, y_m, w)) continue;
        bt_footprint_hit hit = {w[0] * t->z[0] + w[1] * t->z[1] + w[2] * t->z[2], t->road,
                                (bt_surface_kind)t->kind};
        count = insert_hit(hits, count, max, hit);
    }
    return count;
}

// Plan distance squared to a triangle, with the height at its nearest point.
static double triangle_distance2(const plan_triangle *t, double x, double y, double *height)
{
    double w[3];
    if (plan_inside(t, x, y, w)) {
        *height = w[0] * t->z[0] + w[1] * t->z[1] + w[2] * t->z[2];
        return 0.0;
    }
    double best = HUGE_VAL;
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3;
        double ex = t->x[j] - t->x[i], ey = t->y[j] - t->y[i];
        double length2 = ex * ex + ey * ey;
        double u = length2 > 0.0 ? ((x - t->x[i]) * ex + (y - t->y[i]) * ey) / length2 : 0.0;
        u = bt_clamp(u, 0.0, 1.0);
        double dx = t->x[i] + u * ex - x, dy = t->y[i] + u * ey - y;
        if (dx * dx + dy * dy >= best) continue;
        best = dx * dx + dy * dy;
        *height = t->z[i] + u * (t->z[j] - t->z[i]);
    }
    return best;
}

typedef struct near_search {
    double x, y, best2, height;
    unsigned mask;
} near_search;

static void search_cell(const bt_footprint *fp, int32_t cx, int32_t cy, near_search *search)
{
    if (cx < 0 || cy < 0 || cx >= fp->triangle_grid.cells_x || cy >= fp->triangle_grid.cells_y)
        return;
    const uint32_t *first =
        fp->triangle_grid.first + (size_t)cy * (size_t)fp->triangle_grid.cells_x + (size_t)cx;
    for (uint32_t i = first[0]; i < first[1]; i++) {
        double x = search->x - fp->low.x, y = search->y - fp->low.y;
        if (box_distance2(&fp->triangle_boxes[i], x, y) > search->best2) continue;
        const plan_triangle *t = &fp->triangles[fp->triangle_grid.items[i]];
        if (!(kind_mask(t->kind) & search->mask)) continue;
        double height = 0.0, d2 = triangle_distance2(t, search->x, search->y, &height);
        if (d2 > search->best2) continue;
        if (d2 == search->best2 && d2 == 0.0 && height >= search->height) continue;
        search->best2 = d2;
        search->height = height;
    }
}

static void search_ring(const bt_footprint *fp, int32_t cx, int32_t cy, int32_t r,
                        near_search *search)
{
    for (int32_t x = cx - r; x <= cx + r; x++) {
        search_cell(fp, x, cy - r, search);
        if (r > 0) search_cell(fp, x, cy + r, search);
    }
    for (int32_t y = cy - r + 1; y <= cy + r - 1; y++) {
        search_cell(fp, cx - r, y, search);
        search_cell(fp, cx + r, y, search);
    }
}

bool bt_footprint_near(const bt_footprint *fp, double x_m, double y_m, double reach_m,
                       unsigned mask, double *distance_m, double *height_m)
{
    near_search search = {x_m, y_m, reach_m * reach_m, HUGE_VAL, mask};
    if (!(x_m > fp->low.x - reach_m && x_m < fp->high.x + reach_m && y_m > fp->low.y - reach_m &&
          y_m < fp->high.y + reach_m))
        return false;
    int32_t cx = (int32_t)floor((x_m - fp->low.x) / fp->triangle_grid.cell_m);
    int32_t cy = (int32_t)floor((y_m - fp->low.y) / fp->triangle_grid.cell_m);
    int32_t last = (int32_t)(reach_m / fp->triangle_grid.cell_m) + 1;
    for (int32_t r = plan_empty_rings(&fp->triangle_grid, cx, cy); r <= last; r++) {
        search_ring(fp, cx, cy, r, &search);
        if (search.height < HUGE_VAL && sqrt(search.best2) <= r * fp->triangle_grid.cell_m) break;
    }
    if (search.height == HUGE_VAL) return false;
    *distance_m = sqrt(search.best2);
    *height_m = search.height;
    return true;
}
// ---- life -------------------------------------------------------------------------------------

bt_status bt_footprint_create(const bt_road_mesh *mesh, bt_footprint **footprint)
{
    *footprint = NULL;
    bt_footprint *fp = bt_alloc(1, sizeof *fp);
    if (!fp) return bt_fail(BT_ERR_MEMORY, "no memory for a footprint");
    bt_status status = read_tiles(fp, mesh);
    if (status) goto done;
    find_bounds(fp);
    status = plan_grid_make(fp, false, &fp->triangle_grid);
    if (!status) status = find_boxes(fp, &fp->triangle_grid, &fp->triangle_boxes);
    if (!status) status = plan_grid_make_fine(fp, &fp->point_grid);
    if (!status) status = find_boxes(fp, &fp->point_grid, &fp->point_boxes);
    if (status) goto done;
    status = plan_edges_find(fp);
    if (status) goto done;
    *footprint = fp;
    fp = NULL;
done:
    bt_footprint_destroy(fp);
    return status;
}

void bt_footprint_destroy(bt_footprint *fp)
{
    if (!fp) return;
    bt_free(fp->triangles);
    bt_free(fp->edges);
    plan_grid_clear(&fp->triangle_grid);
    plan_grid_clear(&fp->edge_grid);
    plan_grid_clear(&fp->point_grid);
    bt_free(fp->edge_places);
    bt_free(fp->triangle_boxes);
    bt_free(fp->point_boxes);
    bt_free(fp);
}
