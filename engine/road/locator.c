// locator.c: samples the reference lines and builds the hierarchy that locate.c searches.
//
// Segments are chords within CHORD_M of the line, each with the reach of its lanes to both sides.
// The hierarchy is a balanced binary tree over the segments in Morton order of their middles.
#include "engine/road/road_internal.h"

#include <stdlib.h>

#define CHORD_M 0.03     // chosen: far below a lane's width
#define STEP_MOST_M 20.0 // so that boxes of straight roads stay slim
#define STEP_LEAST_M 0.25
#define SAMPLES_MOST 4e6
#define LEAF_SEGMENTS 4u
#define BOX_MARGIN_M 0.25

typedef struct locator {
    bt_road_network *net;
    uint32_t road;
    double step_least_m;
    bt_status status;
    bool far; // something not finite or beyond the world
} locator;

static void keep(locator *l, bt_status status)
{
    if (l->status == BT_OK) l->status = status;
}

static void grow_bounds(locator *l, bt_vec3 p)
{
    bt_road_network *net = l->net;
    bool fine = fabs(p.x) < ROAD_WORLD_LIMIT_M && fabs(p.y) < ROAD_WORLD_LIMIT_M &&
                fabs(p.z) < ROAD_WORLD_LIMIT_M;
    if (!fine) {
        l->far = true;
        return;
    }
    net->low = (bt_vec3){fmin(net->low.x, p.x), fmin(net->low.y, p.y), fmin(net->low.z, p.z)};
    net->high = (bt_vec3){fmax(net->high.x, p.x), fmax(net->high.y, p.y), fmax(net->high.z, p.z)};
}

// Outermost borders at s in one section; grows the bounds.
static void reach_at(locator *l, uint32_t section, double s, double *left, double *right)
{
    road_frame frame = road_frame_at(l->net, l->road, s);
    *left = *right = 0.0;
    if (section != BT_ROAD_NONE) {
        road_cut cut;
        road_cut_at(l->net, section, s, &cut);
        *left = cut.t_m[0];
        *right = cut.t_m[cut.lane_count - 1];
        grow_bounds(l, road_surface_point(l->net, &frame, &cut, 0, *left));
        grow_bounds(l, road_surface_point(l->net, &frame, &cut, cut.lane_count - 1, *right));
    } else {
        grow_bounds(l, frame.origin);
    }
}

// The segment that begins at the last sample: its lanes' reach, from ends and middle.
static void set_reach(locator *l, road_sample *sample, double s1)
{
    double middle = 0.5 * (sample->s_m + s1);
    uint32_t section = road_section_at(l->net, l->road, middle);
    double stations[3] = {sample->s_m, middle, s1};
    double left_low = INFINITY, left_high = -INFINITY;
    double right_low = INFINITY, right_high = -INFINITY;
    for (int i = 0; i < 3; i++) {
        double left;
        double right;
        reach_at(l, section, stations[i], &left, &right);
        left_low = fmin(left_low, left);
        left_high = fmax(left_high, left);
        right_low = fmin(right_low, right);
        right_high = fmax(right_high, right);
    }
    // a cubic may bulge between the three
    sample->left_m = left_high + 0.1 + 0.5 * (left_high - left_low);
    sample->right_m = right_low - 0.1 - 0.5 * (right_high - right_low);
    if (!(sample->left_m < 1e5 && sample->right_m > -1e5)) l->far = true;
}

static void push_sample(locator *l, double s, double s1)
{
    road_plan plan = road_plan_at(l->net, l->road, s);
    road_sample sample = {s, plan.x_m, plan.y_m, 0.0, 0.0};
    set_reach(l, &sample, s1);
    keep(l, ROAD_PUSH(l->net->samples, sample));
}

// Samples [s0, s1), splitting until the chord is close.
static void sample_span(locator *l, double s0, double s1, int depth)
{
    road_plan a = road_plan_at(l->net, l->road, s0);
    road_plan b = road_plan_at(l->net, l->road, s1);
    road_plan m = road_plan_at(l->net, l->road, 0.5 * (s0 + s1));
    road_plan q = road_plan_at(l->net, l->road, s0 + 0.25 * (s1 - s0)); // S-shapes cross the middle
    double off_middle = bt_hypot(m.x_m - 0.5 * (a.x_m + b.x_m), m.y_m - 0.5 * (a.y_m + b.y_m));
    double off_quarter =
        bt_hypot(q.x_m - 0.75 * a.x_m - 0.25 * b.x_m, q.y_m - 0.75 * a.y_m - 0.25 * b.y_m);
    bool split = fmax(off_middle, off_quarter) > CHORD_M || s1 - s0 > STEP_MOST_M;
    if (!split || depth == 0 || s1 - s0 < 2.0 * l->step_least_m || l->status != BT_OK) {
        push_sample(l, s0, s1);
        return;
    }
    double middle = 0.5 * (s0 + s1);
    sample_span(l, s0, middle, depth - 1);
    sample_span(l, middle, s1, depth - 1);
}

// The least station above s where a curve or a section begins, at most the road's end.
static double next_break(const locator *l, double s, uint32_t *curve, uint32_t *section)
{
    const bt_road *road = &l->net->roads.items[l->road];
    road_run curves = l->net->road_details.items[l->road].curves;
    double next = road->length_m;
    while (*curve < curves.count && l->net->curves.items[curves.first + *curve].s0_m <= s)
        (*curve)++;
    while (*section < road->section_count &&
           l->net->sections.items[road->first_section + *section].s0_m <= s)
        (*section)++;
    if (*curve < curves.count) next = fmin(next, l->net->curves.items[curves.first + *curve].s0_m);
    if (*section < road->section_count)
        next = fmin(next, l->net->sections.items[road->first_section + *section].s0_m);
    return next;
}

static void sample_road(locator *l)
{
    road_run run = {(uint32_t)l->net->samples.count, 0};
    double length = l->net->roads.items[l->road].length_m;
    uint32_t curve = 0;
    uint32_t section = 0;
    double s = 0.0;
    while (s < length && l->status == BT_OK && !l->far) {
        double next = next_break(l, s, &curve, &section);
        if (!(next > s)) next = length;
        sample_span(l, s, next, 24);
        s = next;
    }
    push_sample(l, length, length); // the end; the only one of a road without length
    run.count = (uint32_t)l->net->samples.count - run.first;
    keep(l, ROAD_PUSH(l->net->road_samples, run));
}

// ---- hierarchy --------------------------------------------------------------------------------------
typedef struct keyed_segment {
    uint64_t key;
    road_segment segment;
} keyed_segment;

static int keyed_order(const void *left, const void *right)
{
    const keyed_segment *a = left;
    const keyed_segment *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return a->segment.sample < b->segment.sample ? -1 : a->segment.sample > b->segment.sample;
}

// Every second bit of the result is a bit of x.
static uint64_t spread_bits(uint32_t x)
{
    uint64_t v = x;
    v = (v | v << 16) & UINT64_C(0x0000ffff0000ffff);
    v = (v | v << 8) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v | v << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    v = (v | v << 2) & UINT64_C(0x3333333333333333);
    v = (v | v << 1) & UINT64_C(0x5555555555555555);
    return v;
}

static uint32_t grid_cell(double x, double low, double high)
{
    double u = high > low ? (x - low) / (high - low) : 0.0;
    return (uint32_t)(bt_clamp(u, 0.0, 1.0) * 4294967000.0);
}

static bt_status order_segments(bt_road_network *net)
{
    size_t capacity = net->samples.count;
    keyed_segment *keyed = bt_alloc(capacity, sizeof *keyed);
    if (keyed == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for %zu road segments", capacity);
    size_t count = 0;
    for (uint32_t road = 0; road < net->roads.count; road++) {
        road_run run = net->road_samples.items[road];
        for (uint32_t i = 0; i + 1 < run.count || (i == 0 && run.count == 1); i++) {
            const road_sample *a = &net->samples.items[run.first + i];
            const road_sample *b = run.count > 1 ? a + 1 : a;
            uint32_t x = grid_cell(0.5 * (a->x_m + b->x_m), net->low.x, net->high.x);
            uint32_t y = grid_cell(0.5 * (a->y_m + b->y_m), net->low.y, net->high.y);
            keyed[count++] =
                (keyed_segment){spread_bits(x) | spread_bits(y) << 1, {road, run.first + i}};
        }
    }
    if (count > 1) qsort(keyed, count, sizeof *keyed, keyed_order);
    bt_status status = BT_OK;
    for (size_t i = 0; i < count && status == BT_OK; i++)
        status = ROAD_PUSH(net->segments, keyed[i].segment);
    bt_free(keyed);
    return status;
}

static void segment_box(const bt_road_network *net, road_segment segment, road_node *box)
{
    const road_sample *a = &net->samples.items[segment.sample];
    road_run run = net->road_samples.items[segment.road];
    bool alone = segment.sample + 1 >= run.first + run.count;
    double ends[2] = {a->s_m, alone ? a->s_m : a[1].s_m};
    double reach[2] = {a->left_m, a->right_m};
    for (int e = 0; e < 2; e++) {
        road_frame frame = road_frame_at(net, segment.road, ends[e]);
        for (int side = 0; side < 2; side++) {
            bt_vec3 p = road_frame_point(&frame, reach[side], 0.0);
            box->low[0] = fmin(box->low[0], p.x - BOX_MARGIN_M);
            box->low[1] = fmin(box->low[1], p.y - BOX_MARGIN_M);
            box->high[0] = fmax(box->high[0], p.x + BOX_MARGIN_M);
            box->high[1] = fmax(box->high[1], p.y + BOX_MARGIN_M);
        }
    }
}

static void join_boxes(road_node *node, const road_node *a)
{
    for (int i = 0; i < 2; i++) {
        node->low[i] = fmin(node->low[i], a->low[i]);
        node->high[i] = fmax(node->high[i], a->high[i]);
    }
}

static bt_status build_node(bt_road_network *net, uint32_t node, uint32_t first, uint32_t count)
{
    road_node box = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}, first, count};
    if (count <= LEAF_SEGMENTS) {
        for (uint32_t i = 0; i < count; i++)
            segment_box(net, net->segments.items[first + i], &box);
        net->nodes.items[node] = box;
        return BT_OK;
    }
    uint32_t child = (uint32_t)net->nodes.count;
    road_node empty = {{0.0, 0.0}, {0.0, 0.0}, 0, 0};
    bt_status status = ROAD_PUSH(net->nodes, empty);
    if (status == BT_OK) status = ROAD_PUSH(net->nodes, empty);
    if (status == BT_OK) status = build_node(net, child, first, count / 2);
    if (status == BT_OK) status = build_node(net, child + 1, first + count / 2, count - count / 2);
    if (status != BT_OK) return status;
    join_boxes(&box, &net->nodes.items[child]);
    join_boxes(&box, &net->nodes.items[child + 1]);
    box.first = child;
    box.count = 0;
    net->nodes.items[node] = box;
    return BT_OK;
}

bt_status road_build_locator(bt_road_network *net, uint32_t *bad_road)
{
    *bad_road = BT_ROAD_NONE;
    net->low = (bt_vec3){INFINITY, INFINITY, INFINITY};
    net->high = (bt_vec3){-INFINITY, -INFINITY, -INFINITY};
    bt_status status = road_find_even(net);
    if (status != BT_OK) return status;
    double total = 0.0;
    for (size_t i = 0; i < net->roads.count; i++)
        total += net->roads.items[i].length_m;

    locator l = {.net = net, .step_least_m = fmax(STEP_LEAST_M, total / SAMPLES_MOST)};
    for (l.road = 0; l.road < net->roads.count; l.road++) {
        sample_road(&l);
        if (l.status != BT_OK) return l.status;
        if (!l.far) continue;
        *bad_road = l.road;
        return bt_fail(BT_ERR_INPUT, "surface not finite, or farther than %g m from the origin",
                       ROAD_WORLD_LIMIT_M);
    }
    if (net->roads.count == 0) {
        net->low = net->high = (bt_vec3){0.0, 0.0, 0.0};
        return BT_OK;
    }
    status = order_segments(net);
    road_node root = {{0.0, 0.0}, {0.0, 0.0}, 0, 0};
    if (status == BT_OK) status = ROAD_PUSH(net->nodes, root);
    if (status == BT_OK) status = build_node(net, 0, 0, (uint32_t)net->segments.count);
    return status;
}
