// blend.c: one height where the driving lanes of a junction's roads lie over each other.
//
// Files describe each road of a junction by itself, and often give the same place several heights: wheels would step from one to
// the other, and who looks sees the uppermost. Here they become one: at a place in plan the height is the mean of the surfaces of
// all of the junction's roads that are driven there, weighted (a partition of unity; Shepard 1968, "A two-dimensional
// interpolation function for irregularly-spaced data", with the lanes themselves as the data), so that it is a function of the
// place alone and smooth:
//
// 1. across, a road's weight falls to nothing, with its slope, BESIDE_M beyond its outermost driving lanes: where another begins
//    it begins with nothing;
// 2. towards its ends it outweighs all others, so that the surface leaves the roads outside as the file has it;
// 3. surfaces farther apart than OVER_M pass over each other and stay apart, those nearer than ONE_M become one.
//
// What a road's surface is moved by is kept on a grid of its own and interpolated by cubics (Catmull-Rom); a road that nobody
// differs from has none, and its numbers stay the file's to the last bit.
#include "engine/road/road_internal.h"

#include <string.h>

#define STEP_M 0.5
#define LOOK_M 1.5 // between places where roads are looked at for a difference
#define DIFFER_M 5e-4
#define BESIDE_M 2.0
#define END_M 4.0 // so near its end a road weighs twice as much
#define END_LEAST_M 0.02
#define BESIDE_END_M 3.0  // and is no wider than its lanes where it ends
#define ALONG_MOST_M 0.02 // beyond a road's end
#define ONE_M 1.0
#define OVER_M 2.0
#define OWN_LEAST 0.05 // what is not driven has its own height where nobody drives
#define COLUMNS_MOST 256.0
#define ROADS_MOST 2000u // in a junction: more are left as they are
#define WORK_MOST 4e7    // nodes times roads that may lie there, longer ones counting more
#define SAMPLES_EACH 32.0

typedef struct road_box {
    double low[2], high[2];
} road_box;

typedef struct blender {
    bt_road_network *net;
    road_box *boxes;     // by road
    uint32_t *group;     // roads of junctions, by junction
    uint32_t first, end; // of the junction in hand, in group
    uint32_t *beside;    // roads whose boxes meet that of the road in hand, itself the first
    uint32_t beside_count;
    double step_m;
} blender;

// ---- a road's own surface -----------------------------------------------------------------------
typedef struct driven {
    road_cut cut;
    uint32_t leftmost, rightmost; // driving lanes, indices in the section
    double left_m, right_m;       // t of their outer borders
    bool any;
} driven;

static void find_driven(const bt_road_network *net, uint32_t road, double s, driven *d)
{
    uint32_t section = road_section_at(net, road, s);
    d->any = false;
    if (section == BT_ROAD_NONE) return;
    road_cut_at(net, section, s, &d->cut);
    for (uint32_t i = 0; i < d->cut.lane_count; i++) {
        if (i == d->cut.centre) continue;
        if (!bt_lane_type_drivable(net->lanes.items[d->cut.first_lane + i].type)) continue;
        if (!d->any) d->leftmost = i;
        d->rightmost = i;
        d->any = true;
    }
    if (!d->any) return;
    bool is_left = d->leftmost < d->cut.centre;
    d->left_m = is_left ? d->cut.t_m[d->leftmost] : road_cut_inner(&d->cut, d->leftmost);
    is_left = d->rightmost < d->cut.centre;
    d->right_m = is_left ? road_cut_inner(&d->cut, d->rightmost) : d->cut.t_m[d->rightmost];
    d->any = d->left_m - d->right_m > 1e-3;
}

// The surface that is driven, carried on beyond its borders.
static double driven_height(const bt_road_network *net, const road_frame *frame, const driven *d,
                            double t)
{
    uint32_t index = road_cut_lane(&d->cut, bt_clamp(t, d->right_m, d->left_m));
    if (index < d->leftmost) index = d->leftmost;
    if (index > d->rightmost) index = d->rightmost;
    return road_surface_point(net, frame, &d->cut, index, t).z;
}

static double smooth(double low, double high, double x)
{
    double u = bt_clamp((x - low) / (high - low), 0.0, 1.0);
    return u * u * (3.0 - 2.0 * u);
}

static double weight(const bt_road_network *net, uint32_t road, const driven *d, double s, double t)
{
    double end = bt_max(0.0, bt_min(s, net->roads.items[road].length_m - s));
    double beside = BESIDE_M * smooth(0.0, BESIDE_END_M, end);
    double left = d->left_m + beside - t, right = t - d->right_m + beside;
    if (left <= 0.0 || right <= 0.0) return 0.0;
    double across = left * right / (0.5 * (d->left_m - d->right_m) + beside);
    double near_end = END_M / (end + END_LEAST_M);
    return across * across * (1.0 + near_end * near_end);
}

// ---- all of a junction --------------------------------------------------------------------------
// Where a place lies on a road, sought from its nearest sample. False: beyond its ends.
static bool find_on(const bt_road_network *net, uint32_t road, bt_vec3 place, double *s, double *t)
{
    road_run run = net->road_samples.items[road];
    double nearest = INFINITY, from = 0.0;
    for (uint32_t i = 0; i < run.count; i++) {
        const road_sample *sample = &net->samples.items[run.first + i];
        double dx = place.x - sample->x_m, dy = place.y - sample->y_m;
        double away = dx * dx + dy * dy;
        if (away < nearest) from = sample->s_m;
        nearest = bt_min(nearest, away);
    }
    return fabs(road_project(net, road, place, from, s, t)) < ALONG_MOST_M;
}

static bool in_box(const road_box *box, bt_vec3 p)
{
    return p.x >= box->low[0] && p.x <= box->high[0] && p.y >= box->low[1] && p.y <= box->high[1];
}

// Another road's surface at a place: its height and weight; 0: it is not there.
static double surface_of(const blender *b, uint32_t road, bt_vec3 place, double *height_m)
{
    double s, t;
    driven d;
    if (!in_box(&b->boxes[road], place) || !find_on(b->net, road, place, &s, &t)) return 0.0;
    find_driven(b->net, road, s, &d);
    double w = d.any ? weight(b->net, road, &d, s, t) : 0.0;
    if (w <= 0.0) return 0.0;
    road_frame frame = road_frame_at(b->net, road, s);
    *height_m = driven_height(b->net, &frame, &d, t);
    return w * (1.0 - smooth(ONE_M, OVER_M, fabs(*height_m - place.z)));
}

// How far the road's surface is to be moved up along its plane's up; the greatest difference of another's from it.
static double move_at(const blender *b, uint32_t road, double s, double t, double *differs_m,
                      uint32_t *from)
{
    const bt_road_network *net = b->net;
    driven d;
    find_driven(net, road, s, &d);
    road_frame frame = road_frame_at(net, road, s);
    bt_vec3 place = road_frame_point(&frame, t, 0.0);
    place.z = d.any ? driven_height(net, &frame, &d, t) : place.z;
    double sum = bt_max(OWN_LEAST, d.any ? weight(net, road, &d, s, t) : 0.0), moved = 0.0;
    for (uint32_t i = 1; i < b->beside_count; i++) {
        double height;
        double w = surface_of(b, b->beside[i], place, &height);
        if (w <= 0.0) continue;
        sum += w;
        moved += w * (height - place.z);
        if (differs_m == NULL || fabs(height - place.z) <= *differs_m) continue;
        *differs_m = fabs(height - place.z);
        *from = b->beside[i];
    }
    return moved / sum / frame.up.z;
}

// ---- grids --------------------------------------------------------------------------------------
static void road_reach(const bt_road_network *net, uint32_t road, double *low, double *high)
{
    road_run run = net->road_samples.items[road];
    *low = INFINITY;
    *high = -INFINITY;
    for (uint32_t i = 0; i < run.count; i++) {
        const road_sample *sample = &net->samples.items[run.first + i];
        *low = bt_min(*low, sample->right_m);
        *high = bt_max(*high, sample->left_m);
    }
}

static road_blend lay_grid(const bt_road_network *net, uint32_t road, double step)
{
    double low, high, length = net->roads.items[road].length_m;
    road_reach(net, road, &low, &high);
    double rows = bt_max(1.0, ceil(length / step));
    double columns = bt_clamp(ceil((high - low) / step), 1.0, COLUMNS_MOST);
    double column_m = (high - low) / columns;
    // one more on either side, for the cubics' slope at the edges
    return (road_blend){.rows = (uint32_t)rows + 1,
                        .columns = (uint32_t)columns + 3,
                        .row_m = length / rows,
                        .column_m = column_m,
                        .low_t_m = low - column_m};
}

static bt_status fill_grid(blender *b, uint32_t road, road_blend *grid, double *most)
{
    bt_road_network *net = b->net;
    *grid = lay_grid(net, road, b->step_m);
    grid->first = (uint32_t)net->blend_m.count;
    bt_status status = BT_OK;
    for (uint32_t row = 0; row < grid->rows; row++)
        for (uint32_t c = 0; c < grid->columns && status == BT_OK; c++) {
            double t = grid->low_t_m + c * grid->column_m;
            float moved = (float)move_at(b, road, row * grid->row_m, t, NULL, NULL);
            if (!(fabsf(moved) < (float)OVER_M)) moved = 0.0f;
            *most = bt_max(*most, fabs((double)moved));
            status = ROAD_PUSH(net->blend_m, moved);
        }
    return status;
}

static void find_beside(blender *b, uint32_t road)
{
    const road_box *own = &b->boxes[road];
    b->beside_count = 0;
    b->beside[b->beside_count++] = road;
    for (uint32_t i = b->first; i < b->end; i++) {
        const road_box *other = &b->boxes[b->group[i]];
        if (b->group[i] == road || other->low[0] > own->high[0] || other->high[0] < own->low[0] ||
            other->low[1] > own->high[1] || other->high[1] < own->low[1])
            continue;
        b->beside[b->beside_count++] = b->group[i];
    }
}

static bool is_constant(const bt_road_network *net, road_run run, double *value)
{
    *value = run.count > 0 ? net->cubics.items[run.first].a : 0.0;
    for (uint32_t i = 0; i < run.count; i++) {
        const road_cubic *r = &net->cubics.items[run.first + i];
        if (r->a != *value || r->b != 0.0 || r->c != 0.0 || r->d != 0.0) return false;
    }
    return true;
}

// Is all of it that may be driven in one level plane?
static bool is_level(const bt_road_network *net, uint32_t road, double *height_m)
{
    const road_detail *detail = &net->road_details.items[road];
    double roll;
    if (!is_constant(net, detail->elevation, height_m)) return false;
    if (!is_constant(net, detail->superelevation, &roll) || roll != 0.0) return false;
    if (detail->shapes.count + detail->crossfall_left.count + detail->crossfall_right.count > 0)
        return false;
    const bt_road *r = &net->roads.items[road];
    for (uint32_t i = r->first_section; i < r->first_section + r->section_count; i++) {
        const bt_lane_section *section = &net->sections.items[i];
        for (uint32_t lane = section->first_lane; lane < section->first_lane + section->lane_count;
             lane++)
            if (net->lane_details.items[lane].heights.count > 0 &&
                bt_lane_type_drivable(net->lanes.items[lane].type))
                return false;
    }
    return true;
}

static bool are_one_level(const blender *b)
{
    double first, other;
    if (!is_level(b->net, b->beside[0], &first)) return false;
    for (uint32_t i = 1; i < b->beside_count; i++)
        if (!is_level(b->net, b->beside[i], &other) || other != first) return false;
    return true;
}

// Marks roads that differ from each other where they lie over each other.
static void look(blender *b, uint32_t road, bool *differs)
{
    if (are_one_level(b)) return;
    road_blend grid = lay_grid(b->net, road, LOOK_M / STEP_M * b->step_m);
    for (uint32_t row = 0; row < grid.rows && b->beside_count > 1; row++)
        for (uint32_t c = 0; c < grid.columns; c++) {
            double difference = DIFFER_M, t = grid.low_t_m + c * grid.column_m;
            uint32_t from = road;
            move_at(b, road, row * grid.row_m, t, &difference, &from);
            if (from != road) differs[road] = differs[from] = true;
        }
}

static void find_box(const bt_road_network *net, uint32_t road, road_box *box)
{
    road_run run = net->road_samples.items[road];
    *box = (road_box){{INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
    for (uint32_t i = 0; i < run.count; i++) {
        const road_sample *a = &net->samples.items[run.first + i];
        double reach = bt_max(fabs(a->left_m), fabs(a->right_m)) + BESIDE_M + STEP_M;
        box->low[0] = bt_min(box->low[0], a->x_m - reach);
        box->low[1] = bt_min(box->low[1], a->y_m - reach);
        box->high[0] = bt_max(box->high[0], a->x_m + reach);
        box->high[1] = bt_max(box->high[1], a->y_m + reach);
    }
}

static double work_of(blender *b)
{
    double work = 0.0;
    for (uint32_t i = b->first; i < b->end; i++) {
        find_beside(b, b->group[i]);
        road_blend grid = lay_grid(b->net, b->group[i], STEP_M);
        double each = 0.0;
        for (uint32_t k = 1; k < b->beside_count; k++)
            each += 1.0 + b->net->road_samples.items[b->beside[k]].count / SAMPLES_EACH;
        work += (double)grid.rows * grid.columns * each;
    }
    return work;
}

// Runs of one junction in group: calls for each.
typedef bt_status (*junction_fn)(blender *b, void *context);

static bt_status each_junction(blender *b, uint32_t count, junction_fn call, void *context)
{
    bt_status status = BT_OK;
    const bt_road *roads = b->net->roads.items;
    for (b->first = 0; b->first < count && status == BT_OK; b->first = b->end) {
        b->end = b->first + 1;
        while (b->end < count &&
               roads[b->group[b->end]].junction == roads[b->group[b->first]].junction)
            b->end++;
        if (b->end - b->first <= ROADS_MOST) status = call(b, context);
    }
    return status;
}

static bt_status add_work(blender *b, void *context)
{
    double work = work_of(b), sum;
    memcpy(&sum, context, sizeof sum);
    sum += work;
    memcpy(context, &sum, sizeof sum);
    return BT_OK;
}

static bt_status look_at_junction(blender *b, void *context)
{
    for (uint32_t i = b->first; i < b->end; i++) {
        find_beside(b, b->group[i]);
        look(b, b->group[i], context);
    }
    return BT_OK;
}

typedef struct fill_context {
    const bool *differs;
    road_blend *made;
    double most_m;
} fill_context;

static bt_status fill_junction(blender *b, void *context)
{
    fill_context *c = context;
    bt_status status = BT_OK;
    for (uint32_t i = b->first; i < b->end && status == BT_OK; i++) {
        uint32_t road = b->group[i];
        if (!c->differs[road]) continue;
        find_beside(b, road);
        status = fill_grid(b, road, &c->made[road], &c->most_m);
    }
    return status;
}

// Roads by junction, those in none left out: a counting sort, so that a junction's stay in their order.
static bt_status group_roads(blender *b, uint32_t *count)
{
    const bt_road_network *net = b->net;
    size_t junctions = net->junctions.count;
    uint32_t *at = bt_alloc(junctions + 1, sizeof *at);
    if (at == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for junctions' surfaces");
    memset(at, 0, (junctions + 1) * sizeof *at);
    for (size_t i = 0; i < net->roads.count; i++)
        if (net->roads.items[i].junction < junctions) at[net->roads.items[i].junction + 1]++;
    for (size_t j = 0; j < junctions; j++)
        at[j + 1] += at[j];
    *count = at[junctions];
    for (uint32_t i = 0; i < net->roads.count; i++)
        if (net->roads.items[i].junction < junctions)
            b->group[at[net->roads.items[i].junction]++] = i;
    bt_free(at);
    return BT_OK;
}

// All grids are made from the file's own surfaces: they are handed over at the end.
static bt_status blend_groups(blender *b, bool *differs, bool *coarse)
{
    bt_road_network *net = b->net;
    uint32_t count = 0;
    bt_status status = group_roads(b, &count);
    if (status != BT_OK) return status;
    double work = 0.0;
    status = each_junction(b, count, add_work, &work);
    if (work > WORK_MOST) b->step_m *= sqrt(work / WORK_MOST);
    *coarse = work > WORK_MOST;
    if (status == BT_OK) status = each_junction(b, count, look_at_junction, differs);
    bool any = false;
    for (size_t i = 0; i < net->roads.count; i++)
        any |= differs[i];
    if (!any || status != BT_OK) return status;
    fill_context fill = {differs, bt_alloc(net->roads.count, sizeof(road_blend)), 0.0};
    if (fill.made == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for junctions' surfaces");
    memset(fill.made, 0, net->roads.count * sizeof(road_blend));
    status = each_junction(b, count, fill_junction, &fill);
    for (size_t i = 0; i < net->roads.count && status == BT_OK; i++)
        status = ROAD_PUSH(net->blends, fill.made[i]);
    net->low.z -= fill.most_m;
    net->high.z += fill.most_m;
    bt_free(fill.made);
    return status;
}

bt_status road_blend_all(bt_road_network *net, bool *coarse)
{
    *coarse = false;
    size_t roads = net->roads.count;
    if (net->junctions.count == 0 || roads == 0) return BT_OK;
    blender b = {.net = net,
                 .boxes = bt_alloc(roads, sizeof *b.boxes),
                 .group = bt_alloc(roads, sizeof *b.group),
                 .beside = bt_alloc(roads, sizeof *b.beside),
                 .step_m = STEP_M};
    bool *differs = bt_alloc(roads, sizeof *differs);
    bt_status status = BT_OK;
    if (b.boxes == NULL || b.group == NULL || b.beside == NULL || differs == NULL)
        status = bt_fail(BT_ERR_MEMORY, "no memory for junctions' surfaces");
    if (status == BT_OK) {
        memset(differs, 0, roads * sizeof *differs);
        for (uint32_t i = 0; i < roads; i++)
            find_box(net, i, &b.boxes[i]);
        status = blend_groups(&b, differs, coarse);
    }
    bt_free(b.boxes);
    bt_free(b.group);
    bt_free(b.beside);
    bt_free(differs);
    return status;
}

// ---- asking -------------------------------------------------------------------------------------
// Weights of the four nodes about u in [0, 1] between the middle two, and their slopes.
static void catmull_rom(double u, double w[4], double slope[4])
{
    w[0] = 0.5 * u * (-1.0 + u * (2.0 - u));
    w[1] = 0.5 * (2.0 + u * u * (-5.0 + 3.0 * u));
    w[2] = 0.5 * u * (1.0 + u * (4.0 - 3.0 * u));
    w[3] = 0.5 * u * u * (u - 1.0);
    slope[0] = 0.5 * (-1.0 + u * (4.0 - 3.0 * u));
    slope[1] = 0.5 * u * (-10.0 + 9.0 * u);
    slope[2] = 0.5 * (1.0 + u * (8.0 - 9.0 * u));
    slope[3] = 0.5 * u * (3.0 * u - 2.0);
}

// The node below a place in steps, and how far it is beyond it; beyond the grid its edge holds.
static uint32_t node_below(double place, uint32_t count, double *u)
{
    double inside = bt_clamp(place, 0.0, (double)count - 1.0);
    double below = bt_min(floor(inside), (double)count - 2.0);
    *u = inside - below;
    return (uint32_t)below;
}

static uint32_t node_clamped(uint32_t below, uint32_t k, uint32_t count) // below + k - 1
{
    uint32_t i = below + k;
    if (i == 0) return 0;
    return i - 1 < count ? i - 1 : count - 1;
}

double road_blend_at(const bt_road_network *net, uint32_t road, double s_m, double t_m,
                     double *slope_s, double *slope_t)
{
    const road_blend *grid = &net->blends.items[road];
    double u, v, a[4], a_slope[4], c[4], c_slope[4], sum = 0.0;
    uint32_t row = node_below(s_m / grid->row_m, grid->rows, &u);
    uint32_t column = node_below((t_m - grid->low_t_m) / grid->column_m, grid->columns, &v);
    catmull_rom(u, a, a_slope);
    catmull_rom(v, c, c_slope);
    *slope_s = *slope_t = 0.0;
    for (uint32_t i = 0; i < 4; i++) {
        const float *m = net->blend_m.items + grid->first +
                         (size_t)node_clamped(row, i, grid->rows) * grid->columns;
        double value = 0.0, across = 0.0;
        for (uint32_t k = 0; k < 4; k++) {
            double node = (double)m[node_clamped(column, k, grid->columns)];
            value += c[k] * node;
            across += c_slope[k] * node;
        }
        sum += a[i] * value;
        *slope_s += a_slope[i] * value / grid->row_m;
        *slope_t += a[i] * across / grid->column_m;
    }
    return sum;
}

double bt_road_moved(const bt_road_network *net, uint32_t road, double s_m, double t_m)
{
    double along, across;
    if (!road_is_blended(net, road)) return 0.0;
    return road_blend_at(net, road, s_m, t_m, &along, &across);
}
