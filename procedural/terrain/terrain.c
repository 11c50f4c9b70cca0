// terrain.c: the height of the ground.
#include "procedural/terrain/terrain.h"

#include "engine/core/memory.h"
#include "procedural/terrain/noise.h"
#include "procedural/terrain/terrain_internal.h"

#include <math.h>
#include <string.h>

#define MEAN_CELL_M 8.0
#define MAX_MEAN_CELLS 6000000.0
#define COARSE_M 512.0    // a window's middle lies on multiples of this
#define BRIDGE_M 2.6      // a surface this far above the land is a bridge
#define EDGE_DROP_M 0.03  // the ground stands this much below the edge
#define UNDER_DROP_M 0.30 // and this much below the middle of the surface

static double smooth(double low, double high, double x)
{
    double u = bt_clamp((x - low) / (high - low), 0.0, 1.0);
    return u * u * (3.0 - 2.0 * u);
}

// ---- land near the network --------------------------------------------------------------------

static double mean_node(const bt_terrain *t, int32_t x, int32_t y)
{
    if (x < 0 || y < 0 || x >= t->mean_x || y >= t->mean_y) return (double)NAN;
    return (double)t->mean[(size_t)y * (size_t)t->mean_x + (size_t)x];
}

// Where a place lies among nodes: in cells from the first. In a window nodes are those of the world's own grid, whose
// cells are powers of two, and the share of a cell is the same to the bit in every window.
static double cells_from(const bt_terrain *t, double x, double low, double cell, double *share)
{
    bool window = t->desc.tile_m > 0.0;
    double g = window ? x / cell : (x - low) / cell, whole = floor(g);
    *share = g - whole;
    return window ? whole - low / cell : whole;
}

// Bilinear over the nodes that are known.
static bool mean_height(const bt_terrain *t, double x, double y, double *height)
{
    double u, v, fx = cells_from(t, x, t->mean_low_x, t->mean_cell_m, &u);
    double fy = cells_from(t, y, t->mean_low_y, t->mean_cell_m, &v);
    if (!(fx >= -1.0 && fy >= -1.0 && fx <= t->mean_x && fy <= t->mean_y)) return false;
    double sum = 0.0, weights = 0.0;
    for (int k = 0; k < 4; k++) {
        double w = (k & 1 ? u : 1.0 - u) * (k & 2 ? v : 1.0 - v);
        double z = mean_node(t, (int32_t)fx + (k & 1), (int32_t)fy + (k >> 1));
        if (isnan(z)) continue;
        sum += w * z;
        weights += w;
    }
    if (weights < 1e-6) return false;
    *height = sum / weights;
    return true;
}

// What the ground is for: the network, or the window.
static void find_bounds(const bt_terrain *t, bt_vec3 *low, bt_vec3 *high)
{
    const bt_terrain_desc *d = &t->desc;
    bt_footprint_bounds(t->footprint, low, high);
    if (d->tile_m <= 0.0) return;
    *low = (bt_vec3){d->low_x_m, d->low_y_m, 0.0};
    *high = (bt_vec3){d->high_x_m, d->high_y_m, 0.0};
}

static bt_status make_mean(bt_terrain *t)
{
    bt_vec3 low, high;
    find_bounds(t, &low, &high);
    double reach = BT_TERRAIN_NEAR_M + 16.0;
    double width = high.x - low.x + 2.0 * reach, height = high.y - low.y + 2.0 * reach;
    t->mean_cell_m = MEAN_CELL_M;
    while (width / t->mean_cell_m * height / t->mean_cell_m > MAX_MEAN_CELLS)
        t->mean_cell_m *= 1.5;
    t->mean_low_x = low.x - reach;
    t->mean_low_y = low.y - reach;
    if (t->desc.tile_m > 0.0) { // the world's own grid
        t->mean_low_x = t->mean_cell_m * floor(t->mean_low_x / t->mean_cell_m);
        t->mean_low_y = t->mean_cell_m * floor(t->mean_low_y / t->mean_cell_m);
    }
    t->mean_x = (int32_t)(width / t->mean_cell_m) + 2;
    t->mean_y = (int32_t)(height / t->mean_cell_m) + 2;
    t->mean = bt_alloc((size_t)t->mean_x * (size_t)t->mean_y, sizeof *t->mean);
    if (!t->mean) return bt_fail(BT_ERR_MEMORY, "no memory for the land's grid");
    for (int32_t y = 0; y < t->mean_y; y++) {
        for (int32_t x = 0; x < t->mean_x; x++) {
            double z = (double)NAN;
            bool known = bt_footprint_mean_height(t->footprint, t->mean_low_x + x * t->mean_cell_m,
                                                  t->mean_low_y + y * t->mean_cell_m, reach, &z);
            t->mean[(size_t)y * (size_t)t->mean_x + (size_t)x] = known ? (float)z : NAN;
        }
    }
    return BT_OK;
}

// ---- far land ---------------------------------------------------------------------------------
// Uniform cubic B-spline weights: smooth to the second derivative.
static void spline_weights(double u, double w[4])
{
    double v = 1.0 - u;
    w[0] = v * v * v / 6.0;
    w[1] = (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0;
    w[2] = (3.0 * v * v * v - 6.0 * v * v + 4.0) / 6.0;
    w[3] = u * u * u / 6.0;
}

// Which cell of the far land a place is in, and where in it.
static int32_t far_cell(const bt_terrain *t, double x, double centre, double *share)
{
    double low = centre - t->half_m, most = t->far_count - 1.001;
    if (t->desc.tile_m > 0.0)
        return (int32_t)cells_from(t, bt_clamp(x, low, low + most * t->far_cell_m), low,
                                   t->far_cell_m, share);
    double g = bt_clamp((x - centre + t->half_m) / t->far_cell_m, 0.0, most);
    *share = g - (int32_t)g;
    return (int32_t)g;
}

static double far_field(const bt_terrain *t, const float *field, double x, double y)
{
    double u, v, wx[4], wy[4], sum = 0.0;
    int32_t ix = far_cell(t, x, t->centre_x, &u), iy = far_cell(t, y, t->centre_y, &v);
    spline_weights(u, wx);
    spline_weights(v, wy);
    if (t->desc.far_as_asked) bt_terrain_need_far(t, ix - 1, iy - 1, ix + 2, iy + 2);
    for (int j = 0; j < 4; j++) {
        int32_t cy = (int32_t)bt_clamp(iy + j - 1, 0, t->far_count - 1);
        for (int i = 0; i < 4; i++) {
            int32_t cx = (int32_t)bt_clamp(ix + i - 1, 0, t->far_count - 1);
            sum += wx[i] * wy[j] * (double)field[(size_t)cy * (size_t)t->far_count + (size_t)cx];
        }
    }
    return sum;
}

// What noise adds, where it adds anything: most of the ground's vertices lie beside a road, where it does not.
static double add_noise(double weight, uint64_t seed, double x, double y, int octaves, double gain)
{
    return weight > 0.0 ? weight * bt_noise_fbm2(seed, x, y, octaves, gain) : 0.0;
}

// Gentle land that rises to ridges with distance.
static double free_height(const bt_terrain *t, double x, double y, double distance)
{
    uint64_t seed = t->desc.seed;
    double h = far_field(t, t->far_height, x, y);
    h += add_noise(0.5 * smooth(5.0, 40.0, distance), seed + 1, x / 35.0, y / 35.0, 2, 0.5);
    h += add_noise(2.0 * smooth(20.0, 140.0, distance), seed + 2, x / 130.0, y / 130.0, 3, 0.4);
    h += add_noise(11.0 * smooth(90.0, 700.0, distance), seed + 3, x / 520.0, y / 520.0, 3, 0.4);
    double rise = smooth(250.0, fmax(0.6 * t->desc.far_radius_m, 400.0), distance);
    if (!(rise > 0.0)) return h;
    double ridge = bt_noise_fbm2(seed + 4, x / 1500.0, y / 1500.0, 5, 0.45);
    return h + rise * t->desc.hill_height_m * bt_clamp(0.55 + 0.75 * ridge, 0.1, 1.6);
}

// ---- the ground -------------------------------------------------------------------------------

typedef struct edge_view {
    double distance, height, land;
    uint32_t edge;
} edge_view;

static bool view_edge(const bt_terrain *t, double x, double y, edge_view *view)
{
    if (!mean_height(t, x, y, &view->land)) return false;
    view->edge = bt_footprint_nearest_edge(t->footprint, x, y, BT_TERRAIN_NEAR_M,
                                           view->land + BRIDGE_M, &view->distance, &view->height);
    return view->edge != BT_ROAD_NONE;
}

// Verge: level with the edge for half a metre, then down into a ditch where there is no sidewalk.
static double verge_height(const bt_terrain *t, const edge_view *view, double x, double y)
{
    double d = view->distance;
    double h = view->height - EDGE_DROP_M - 0.02 * fmin(d, 1.0);
    bt_surface_kind kind = bt_footprint_edge(t->footprint, view->edge)->kind;
    bool walked = kind == BT_SURFACE_SIDEWALK || kind == BT_SURFACE_CURB;
    if (!walked && t->desc.ditch_m > 0.0) {
        double depth =
            t->desc.ditch_m * (0.8 + 0.4 * bt_noise2(t->desc.seed + 5, x / 19.0, y / 19.0));
        h -= depth * smooth(0.7, 2.6, d) * (1.0 - smooth(3.0, 6.5, d));
    }
    // unevenness that no mower takes away
    h += 0.05 * smooth(0.5, 3.0, d) * bt_noise2(t->desc.seed + 6, x / 2.3, y / 2.3);
    return bt_lerp(h, fmin(h, view->land) * 0.5 + view->land * 0.5, smooth(4.0, 16.0, d));
}

// Below the lowest surface that lies on the land.
static bool under_surface(const bt_terrain *t, double x, double y, const edge_view *view,
                          double *height)
{
    bt_footprint_hit hits[8];
    uint32_t count = bt_footprint_hits(t->footprint, x, y, hits, 8);
    for (uint32_t i = 0; i < count; i++) {
        if (hits[i].height_m > view->land + BRIDGE_M) continue;
        double depth = EDGE_DROP_M + 0.01;
        depth += (UNDER_DROP_M - depth) * smooth(0.0, 3.0, view->distance);
        *height = hits[i].height_m - depth;
        return true;
    }
    return false;
}

double bt_terrain_height(const bt_terrain *t, double x_m, double y_m)
{
    edge_view view;
    if (!view_edge(t, x_m, y_m, &view))
        return free_height(t, x_m, y_m,
                           fmax(far_field(t, t->far_distance, x_m, y_m), BT_TERRAIN_NEAR_M));
    double h;
    if (under_surface(t, x_m, y_m, &view, &h)) return h;
    double near = verge_height(t, &view, x_m, y_m), d = view.distance;
    double freedom = smooth(6.0, BT_TERRAIN_NEAR_M, d);
    if (!(freedom > 0.0)) return near;
    // the coarse distance takes over before the near one ends
    double coarse = smooth(20.0, BT_TERRAIN_NEAR_M, d);
    if (coarse > 0.0)
        d = bt_lerp(d, fmax(far_field(t, t->far_distance, x_m, y_m), BT_TERRAIN_NEAR_M), coarse);
    return bt_lerp(near, free_height(t, x_m, y_m, d), freedom);
}

double bt_terrain_edge_distance(const bt_terrain *t, double x_m, double y_m)
{
    edge_view view;
    if (!view_edge(t, x_m, y_m, &view))
        return fmax(far_field(t, t->far_distance, x_m, y_m), BT_TERRAIN_NEAR_M);
    double h;
    return under_surface(t, x_m, y_m, &view, &h) ? -view.distance : view.distance;
}

// ---- cover ------------------------------------------------------------------------------------

double bt_terrain_forest(const bt_terrain *t, double x_m, double y_m)
{
    double distance = far_field(t, t->far_distance, x_m, y_m);
    double patches = bt_noise_fbm2(t->desc.seed + 10, x_m / 420.0, y_m / 420.0, 3, 0.5);
    double more = smooth(250.0, 2200.0, distance); // hills are wooded
    return smooth(0.02, 0.22, patches + 0.35 * more - 0.08);
}

bt_ground_cover bt_terrain_cover(const bt_terrain *t, double x_m, double y_m)
{
    uint64_t seed = t->desc.seed;
    double distance = far_field(t, t->far_distance, x_m, y_m);
    if (distance > 45.0 && bt_terrain_forest(t, x_m, y_m) > 0.55) return BT_COVER_FOREST_FLOOR;
    // fields: a lattice of strips, turned, its lines wavy
    double wave = 14.0 * bt_noise2(seed + 12, x_m / 160.0, y_m / 160.0);
    double u = 0.87 * x_m + 0.49 * y_m + wave, v = -0.49 * x_m + 0.87 * y_m + wave;
    double pick = bt_noise_cell(seed + 13, (int64_t)floor(u / 190.0), (int64_t)floor(v / 110.0));
    if (distance < 40.0 || pick > t->desc.field_share) {
        double dry = bt_noise_fbm2(seed + 11, x_m / 55.0, y_m / 55.0, 3, 0.5);
        return dry > 0.12 ? BT_COVER_DRY_GRASS : BT_COVER_GRASS;
    }
    double kind = pick / t->desc.field_share;
    if (kind < 0.5) return BT_COVER_FIELD;
    return kind < 0.65 ? BT_COVER_SOIL : kind < 0.8 ? BT_COVER_DRY_GRASS : BT_COVER_GRASS;
}

bt_vec3 bt_terrain_centre(const bt_terrain *t, double *half_m)
{
    *half_m = t->half_m;
    return (bt_vec3){t->centre_x, t->centre_y, t->base_z};
}

// ---- life -------------------------------------------------------------------------------------

static double total_edge_length(const bt_footprint *fp)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < bt_footprint_edge_count(fp); i++)
        sum += bt_footprint_edge(fp, i)->length_m;
    return sum;
}

// Powers of two, so that grid places are exact in float and chunks meet without a crack.
static void size_square(bt_terrain *t)
{
    bt_vec3 low, high;
    find_bounds(t, &low, &high);
    t->fine_m = t->desc.fine_m;
    if (t->fine_m <= 0.0 && t->desc.tile_m > 0.0) t->fine_m = 1.0; // whatever is loaded
    if (t->fine_m <= 0.0) {
        double length = total_edge_length(t->footprint);
        if (t->desc.focus_count > 0) length = fmin(length, 20000.0);
        t->fine_m = length > 45000.0 ? length / 22500.0 : length > 16000.0 ? 1.0 : 0.5;
    }
    t->fine_m = ldexp(1.0, (int)round(bt_ln(bt_clamp(t->fine_m, 0.25, 32.0)) / bt_ln(2.0)));
    t->centre_x = round(0.5 * (low.x + high.x));
    t->centre_y = round(0.5 * (low.y + high.y));
    t->base_z = low.z;
    double need = 0.5 * fmax(high.x - low.x, high.y - low.y) + t->desc.far_radius_m;
    if (t->desc.tile_m > 0.0) {
        // squares and far cells of every window lie on the same grids
        t->centre_x = COARSE_M * round(t->centre_x / COARSE_M);
        t->centre_y = COARSE_M * round(t->centre_y / COARSE_M);
        need = COARSE_M * ceil((need + 0.5 * COARSE_M) / COARSE_M);
    }
    t->half_m = ceil(need);
    t->root_half_m = t->fine_m;
    while (t->root_half_m < need)
        t->root_half_m *= 2.0;
}

static void fill_defaults(bt_terrain_desc *desc)
{
    if (desc->far_radius_m <= 0.0) desc->far_radius_m = 4000.0;
    desc->far_radius_m = bt_clamp(desc->far_radius_m, 200.0, 20000.0);
    if (desc->hill_height_m == 0.0) desc->hill_height_m = 165.0;
    if (desc->ditch_m == 0.0) desc->ditch_m = 0.3;
    if (desc->focus_radius_m <= 0.0) desc->focus_radius_m = 120.0;
}

bt_status bt_terrain_create(const bt_footprint *footprint, const bt_terrain_desc *desc,
                            bt_terrain **terrain)
{
    *terrain = NULL;
    bt_terrain *t = bt_alloc(1, sizeof *t);
    if (!t) return bt_fail(BT_ERR_MEMORY, "no memory for the terrain");
    t->footprint = footprint;
    t->desc = *desc;
    fill_defaults(&t->desc);
    size_square(t);
    t->focus = bt_alloc(desc->focus_count + 1, sizeof *t->focus);
    bt_status status = t->focus ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for focus points");
    if (status) goto done;
    if (desc->focus_count > 0)
        memcpy(t->focus, desc->focus_world_m, desc->focus_count * sizeof *t->focus);
    t->desc.focus_world_m = t->focus;
    status = make_mean(t);
    if (!status) status = bt_terrain_make_far(t);
    if (status) goto done;
    *terrain = t;
    t = NULL;
done:
    bt_terrain_destroy(t);
    return status;
}

void bt_terrain_destroy(bt_terrain *t)
{
    if (!t) return;
    bt_free(t->focus);
    bt_free(t->mean);
    bt_free(t->far_height);
    bt_free(t->far_distance);
    bt_free(t->far_edges);
    bt_free(t);
}
