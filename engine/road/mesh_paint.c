// mesh_paint.c: paint that objects and signals give: crosswalks, stop lines, parking bays.
//
// Everything is cut into four-cornered patches in the world's plane, each laid on the grid in cells
// small enough to follow it.
#include "engine/road/mesh_internal.h"

#include <ctype.h>
#include <string.h>

#define CELL_M 0.4
#define CELLS_MOST 64u  // per side; greater patches have coarser cells
#define STOP_LINE_M 0.5 // RMS (Germany) sign 294, in towns
#define WAIT_LINE_M 0.5 // RMS sign 341: bars of 0.5 m, gaps of 0.25 m
#define WAIT_GAP_M 0.25
#define ZEBRA_BAR_M 0.5 // RMS sign 293: bars and gaps of 0.5 m
#define ZEBRA_GAP_M 0.5
#define OUTSIDE_M 0.05 // beyond the road's edge nothing is painted

typedef struct painter {
    mesh_builder *b;
    uint32_t road;
    const section_grid *grids;
    uint32_t grid_count;
    double s_hint_m, tile_s_m;
    bt_surface_kind kind;
} painter;

// ---- on the grid ------------------------------------------------------------------------------------------
static const section_grid *grid_of(const painter *p, double s_m)
{
    const section_grid *found = NULL;
    for (uint32_t i = 0; i < p->grid_count; i++) {
        const section_grid *grid = &p->grids[i];
        if (grid->stations.count < 2) continue;
        if (found == NULL || grid->s0_m <= s_m) found = grid;
    }
    return found;
}

// The lane that holds t; at a border the one nearer the road's middle, which is the lower at a kerb.
static uint32_t lane_of(const mesh_builder *b, const section_grid *grid, double s_m, double t_m,
                        double *outside_m)
{
    uint32_t best = 0;
    double best_outside = INFINITY;
    int32_t best_id = 0;
    for (uint32_t i = 0; i < grid->lane_count; i++) {
        double left;
        double right;
        grid_lane_span(grid, i, s_m, &left, &right);
        double outside = fmax(0.0, fmax(t_m - left, right - t_m));
        if (outside < 1e-6) outside = 0.0;
        int32_t id = b->net->lanes.items[grid->lanes[i].lane].id;
        if (id < 0) id = -id;
        if (outside > best_outside || (outside == best_outside && id >= best_id)) continue;
        best = i;
        best_outside = outside;
        best_id = id;
    }
    *outside_m = best_outside;
    return best;
}

// False where the road has no surface.
static bool lay(painter *p, bt_vec3 point, uint32_t *vertex)
{
    double s;
    double t;
    double along = road_project(p->b->net, p->road, point, p->s_hint_m, &s, &t);
    const section_grid *grid = grid_of(p, s);
    if (grid == NULL || fabs(along) > OUTSIDE_M) return false;
    double outside;
    uint32_t lane = lane_of(p->b, grid, s, t, &outside);
    if (outside > OUTSIDE_M) return false;
    grid_point on = grid_point_in_lane(grid, lane, s, t);
    on.t_m = t;
    *vertex = mesh_grid_vertex(p->b, &on, s, MESH_OBJECT_PAINT_HEIGHT_M);
    return p->b->status == BT_OK;
}

static uint32_t cells(double length_m)
{
    double n = ceil(length_m / CELL_M);
    return n < 1.0 ? 1u : n > (double)CELLS_MOST ? CELLS_MOST : (uint32_t)n;
}

static bt_vec3 bilinear(const bt_vec3 c[4], double u, double v)
{
    return bt_vec3_lerp(bt_vec3_lerp(c[0], c[1], u), bt_vec3_lerp(c[3], c[2], u), v);
}

// Corners counter-clockwise seen from above.
static void paint_patch(painter *p, const bt_vec3 corners[4])
{
    bt_vec3 c[4] = {corners[0], corners[1], corners[2], corners[3]};
    bt_vec3 a = bt_vec3_sub(c[1], c[0]);
    bt_vec3 d = bt_vec3_sub(c[3], c[0]);
    if (a.x * d.y - a.y * d.x < 0.0) { // the other way round
        c[1] = corners[3];
        c[3] = corners[1];
    }
    uint32_t nu = cells(bt_vec3_distance(c[0], c[1]));
    uint32_t nv = cells(bt_vec3_distance(c[0], c[3]));
    uint32_t rows[2][CELLS_MOST + 1];
    bool there[2][CELLS_MOST + 1];
    mesh_count_cells(p->b, nu * nv);
    for (uint32_t v = 0; v <= nv && p->b->status == BT_OK; v++) {
        uint32_t *row = rows[v % 2];
        for (uint32_t u = 0; u <= nu; u++)
            there[v % 2][u] = lay(p, bilinear(c, (double)u / nu, (double)v / nv), &row[u]);
        if (v == 0) continue;
        const uint32_t *last = rows[(v + 1) % 2];
        const bool *last_there = there[(v + 1) % 2];
        for (uint32_t u = 0; u < nu && p->b->status == BT_OK; u++)
            if (there[v % 2][u] && there[v % 2][u + 1] && last_there[u] && last_there[u + 1])
                mesh_add_quad(p->b, p->kind, last[u], last[u + 1], row[u + 1], row[u]);
    }
}

// A straight line of some width between two points, from `from` to `to` metres along it.
static void paint_stretch(painter *p, bt_vec3 a, bt_vec3 b, double width, double from, double to)
{
    double length = bt_hypot(b.x - a.x, b.y - a.y);
    if (length < 1e-6 || to - from < 1e-6) return;
    bt_vec3 side = {-(b.y - a.y) / length * 0.5 * width, (b.x - a.x) / length * 0.5 * width, 0.0};
    bt_vec3 one = bt_vec3_lerp(a, b, from / length);
    bt_vec3 two = bt_vec3_lerp(a, b, to / length);
    bt_vec3 corners[4] = {bt_vec3_sub(one, side), bt_vec3_sub(two, side), bt_vec3_add(two, side),
                          bt_vec3_add(one, side)};
    paint_patch(p, corners);
}

// ---- objects ----------------------------------------------------------------------------------------------
static void paint_marking(painter *p, const bt_object_marking *marking)
{
    const bt_vec3 *points = p->b->net->marking_points.items + marking->first_point;
    for (uint32_t i = 0; i + 1 < marking->point_count; i++) {
        bt_vec3 a = points[i];
        bt_vec3 b = points[i + 1];
        double end = bt_hypot(b.x - a.x, b.y - a.y) - marking->stop_m;
        bool dashed = marking->line_m > 0.0 && marking->space_m > 0.0 &&
                      marking->line_m + marking->space_m > 0.05;
        double step = dashed ? marking->line_m + marking->space_m : fmax(end, 1.0);
        double begin = marking->start_m;
        while (begin < end && p->b->status == BT_OK) {
            double stop = dashed ? fmin(begin + marking->line_m, end) : end;
            paint_stretch(p, a, b, marking->width_m, begin, stop);
            begin += step;
        }
    }
}

// Four corners of an object's outline; of its box when the outline has another number.
static void object_quad(const painter *p, const bt_road_object *object, bt_vec3 corners[4])
{
    if (object->corner_count == 4) {
        for (uint32_t i = 0; i < 4; i++)
            corners[i] = p->b->net->corners.items[object->first_corner + i].pos_world_m;
        return;
    }
    double u = 0.5 * object->length_m;
    double v = 0.5 * object->width_m;
    const bt_vec3 box[4] = {{-u, -v, 0.0}, {u, -v, 0.0}, {u, v, 0.0}, {-u, v, 0.0}};
    for (int i = 0; i < 4; i++)
        corners[i] = bt_pose_point(object->world_from_object, box[i]);
}

// Bars along the road from one walking edge to the other. People walk along the pair of edges that
// leads more across the road.
static void paint_zebra(painter *p, const bt_road_object *object)
{
    bt_vec3 c[4];
    object_quad(p, object, c);
    double heading;
    bt_road_heading(p->b->net, p->road, object->s_m, &heading, NULL);
    double across[2];
    for (int e = 0; e < 2; e++) {
        bt_vec3 edge = bt_vec3_sub(c[e + 1], c[e]);
        across[e] = fabs(-edge.x * bt_sin(heading) + edge.y * bt_cos(heading));
    }
    // first walking edge a-b, second d-c
    bool first = across[0] >= across[1];
    bt_vec3 a = first ? c[0] : c[1];
    bt_vec3 b = first ? c[1] : c[2];
    bt_vec3 cc = first ? c[2] : c[3];
    bt_vec3 d = first ? c[3] : c[0];
    double length = bt_vec3_distance(a, b);
    double period = ZEBRA_BAR_M + ZEBRA_GAP_M;
    double bars = floor((length + ZEBRA_GAP_M) / period);
    double start = 0.5 * (length - bars * period + ZEBRA_GAP_M);
    for (double k = 0.0; k < bars && p->b->status == BT_OK; k += 1.0) {
        double u0 = (start + k * period) / length;
        double u1 = (start + k * period + ZEBRA_BAR_M) / length;
        bt_vec3 bar[4] = {bt_vec3_lerp(a, b, u0), bt_vec3_lerp(a, b, u1), bt_vec3_lerp(d, cc, u1),
                          bt_vec3_lerp(d, cc, u0)};
        paint_patch(p, bar);
    }
}

// "stop" followed by "line" within, whatever the case and what is between.
static bool names_stop_line(const char *text)
{
    char folded[64];
    size_t n = 0;
    for (; *text != '\0' && n + 1 < sizeof folded; text++)
        if (isalpha((unsigned char)*text)) folded[n++] = (char)tolower((unsigned char)*text);
    folded[n] = '\0';
    return strstr(folded, "stopline") != NULL || strstr(folded, "signalline") != NULL;
}

// ---- filled outlines --------------------------------------------------------------------------------------
#define OUTLINE_MOST 64u

static double twice_area(bt_vec3 a, bt_vec3 b, bt_vec3 c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

// Is corner i of those left an ear: convex, and none of the others within?
static bool is_ear(const bt_vec3 *points, const uint32_t *left, uint32_t count, uint32_t i)
{
    bt_vec3 a = points[left[(i + count - 1) % count]];
    bt_vec3 b = points[left[i]];
    bt_vec3 c = points[left[(i + 1) % count]];
    if (twice_area(a, b, c) <= 0.0) return false;
    for (uint32_t k = 2; k + 1 < count; k++) {
        bt_vec3 q = points[left[(i + k) % count]];
        if (twice_area(a, b, q) > 0.0 && twice_area(b, c, q) > 0.0 && twice_area(c, a, q) > 0.0)
            return false;
    }
    return true;
}

// A polygon by its ears, counter-clockwise seen from above; what crosses itself stays unpainted in part.
static void paint_outline(painter *p, const bt_vec3 *points, uint32_t count)
{
    uint32_t vertices[OUTLINE_MOST];
    uint32_t left[OUTLINE_MOST];
    mesh_count_cells(p->b, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!lay(p, points[i], &vertices[i])) return;
        left[i] = i;
    }
    for (uint32_t i = 0, tried = 0; count > 2 && tried < count && p->b->status == BT_OK;) {
        if (!is_ear(points, left, count, i)) {
            i = (i + 1) % count;
            tried++;
            continue;
        }
        mesh_add_triangle(p->b, p->kind, vertices[left[(i + count - 1) % count]], vertices[left[i]],
                          vertices[left[(i + 1) % count]]);
        memmove(left + i, left + i + 1, (count - i - 1) * sizeof *left);
        count--;
        i %= count;
        tried = 0;
    }
}

// Arrows, letters: road marks that are nothing but an outline.
static void paint_road_mark(painter *p, const bt_road_object *object)
{
    bt_vec3 points[OUTLINE_MOST];
    uint32_t n = object->corner_count;
    double area = 0.0;
    for (uint32_t i = 0; i < n; i++)
        points[i] = p->b->net->corners.items[object->first_corner + i].pos_world_m;
    for (uint32_t i = 1; i + 1 < n; i++)
        area += twice_area(points[0], points[i], points[i + 1]);
    for (uint32_t i = 0; area < 0.0 && i < n / 2; i++) {
        bt_vec3 swap = points[i];
        points[i] = points[n - 1 - i];
        points[n - 1 - i] = swap;
    }
    p->kind = BT_SURFACE_MARKING_WHITE;
    paint_outline(p, points, n);
}

static void open_tile(painter *p, double s_m, bt_vec3 origin)
{
    if (p->b->open && fabs(s_m - p->tile_s_m) <= p->b->desc.tile_length_m) return;
    mesh_end_tile(p->b);
    mesh_begin_tile(p->b, origin);
    p->tile_s_m = s_m;
}

static void paint_object(painter *p, const bt_road_object *object)
{
    bool crosswalk = strcmp(object->type, "crosswalk") == 0;
    bool stop_line = names_stop_line(object->name) || names_stop_line(object->subtype);
    bool filled = strcmp(object->type, "roadMark") == 0 && object->marking_count == 0 &&
                  object->corner_count >= 3 && object->corner_count <= OUTLINE_MOST;
    if (object->marking_count == 0 && !crosswalk && !stop_line && !filled) return;
    open_tile(p, object->s_m, object->world_from_object.pos);
    p->s_hint_m = object->s_m;
    for (uint32_t i = 0; i < object->marking_count && p->b->status == BT_OK; i++) {
        const bt_object_marking *marking =
            &p->b->net->object_markings.items[object->first_marking + i];
        p->kind = crosswalk ? BT_SURFACE_CROSSWALK : mesh_mark_kind(marking->color);
        paint_marking(p, marking);
    }
    if (object->marking_count > 0) return;
    if (filled && !stop_line) {
        paint_road_mark(p, object);
        return;
    }
    p->kind = crosswalk ? BT_SURFACE_CROSSWALK : BT_SURFACE_STOP_LINE;
    if (crosswalk) {
        paint_zebra(p, object);
    } else {
        bt_vec3 corners[4];
        object_quad(p, object, corners);
        paint_patch(p, corners);
    }
}

// ---- signals ----------------------------------------------------------------------------------------------
// Does the stop line hold for this lane?
static bool holds_for(const bt_signal *signal, const bt_lane *lane)
{
    if (lane->id == 0 || !bt_lane_type_drivable(lane->type)) return false;
    if (signal->from_lane != 0 || signal->to_lane != 0)
        return lane->id >= signal->from_lane && lane->id <= signal->to_lane;
    return signal->orientation == 0 || lane->forward == (signal->orientation > 0);
}

static void paint_stop_line(painter *p, const bt_signal *signal)
{
    const bt_road_network *net = p->b->net;
    double s = bt_clamp(signal->s_m, 0.0, net->roads.items[p->road].length_m);
    uint32_t section = road_section_at(net, p->road, s);
    if (section == BT_ROAD_NONE) return;
    road_cut cut;
    road_cut_at(net, section, s, &cut);
    double left = -INFINITY;
    double right = INFINITY;
    for (uint32_t i = 0; i < cut.lane_count; i++) {
        if (!holds_for(signal, &net->lanes.items[cut.first_lane + i])) continue;
        double inner = road_cut_inner(&cut, i);
        left = fmax(left, fmax(inner, cut.t_m[i]));
        right = fmin(right, fmin(inner, cut.t_m[i]));
    }
    if (!(left - right > 0.1)) return;
    road_frame frame = road_frame_at(net, p->road, s);
    bt_vec3 a = road_frame_point(&frame, left, 0.0);
    bt_vec3 b = road_frame_point(&frame, right, 0.0);
    open_tile(p, s, a);
    p->s_hint_m = s;
    p->kind = BT_SURFACE_STOP_LINE;
    double length = bt_vec3_distance(a, b);
    bool waiting = strcmp(signal->type, "341") == 0;
    if (!waiting) paint_stretch(p, a, b, STOP_LINE_M, 0.0, length);
    for (double at = 0.0; waiting && at < length; at += WAIT_LINE_M + WAIT_GAP_M)
        paint_stretch(p, a, b, STOP_LINE_M, at, fmin(at + WAIT_LINE_M, length));
}

void mesh_add_paint(mesh_builder *b, uint32_t road, const section_grid *grids, uint32_t count)
{
    painter p = {.b = b, .road = road, .grids = grids, .grid_count = count};
    // objects and signals lie in the order of their roads
    for (size_t i = 0; i < b->net->objects.count && b->status == BT_OK; i++)
        if (b->net->objects.items[i].road == road) paint_object(&p, &b->net->objects.items[i]);
    for (size_t i = 0; i < b->net->signals.count && b->status == BT_OK; i++) {
        const bt_signal *signal = &b->net->signals.items[i];
        if (signal->road == road &&
            (strcmp(signal->type, "294") == 0 || strcmp(signal->type, "341") == 0 ||
             names_stop_line(signal->name)))
            paint_stop_line(&p, signal);
    }
    mesh_end_tile(b);
}
