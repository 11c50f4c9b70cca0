// mesh_marks.c: lane border markings as decals on the grid.
#include "engine/road/mesh_internal.h"

// Chosen where a file names a type and gives no measures: German practice (3 m of paint, 6 m gap;
// narrow lines 12 cm, broad ones 25 cm; twin lines one line's width apart).
#define DASH_M 3.0
#define DASH_GAP_M 6.0
#define LINE_M 0.12
#define LINE_HEAVY_M 0.25
#define DOT_RADIUS_M 0.05
#define DOT_HEIGHT_M 0.018
#define DOT_EVERY_M 1.2
#define PERIOD_LEAST_M 0.2 // shorter patterns are painted through
#define LINES_MOST 16

typedef struct mark_stroke { // one painted line of a mark
    double t_offset_m, width_m, line_m, gap_m, s_offset_m;
    bool once;
    bt_surface_kind kind;
} mark_stroke;

typedef struct mark_place { // the border it is on, over what stretch
    const section_grid *grid;
    uint32_t lane;       // of the mark
    double s0_m, s1_m;   // of the mark's validity
    double from_m, to_m; // of the rows being built
} mark_place;

// ---- what to paint --------------------------------------------------------------------------------------
static uint32_t strokes_of_type(const bt_road_mark *mark, int32_t lane_id, mark_stroke *strokes)
{
    double width = mark->width_m > 0.0 ? mark->width_m : mark->heavy ? LINE_HEAVY_M : LINE_M;
    mark_stroke solid = {0.0, width, 0.0, 0.0, 0.0, false, mesh_mark_kind(mark->color)};
    mark_stroke broken = solid;
    broken.line_m = DASH_M;
    broken.gap_m = DASH_GAP_M;
    // pairs: the first named is nearer the reference line; on the centre line, the left one
    double first = lane_id > 0 ? -width : width;
    mark_stroke pair[2] = {solid, solid};
    switch (mark->type) {
    case BT_MARK_SOLID:
        strokes[0] = solid;
        return 1;
    case BT_MARK_BROKEN:
        strokes[0] = broken;
        return 1;
    case BT_MARK_SOLID_SOLID:
        break;
    case BT_MARK_SOLID_BROKEN:
        pair[1] = broken;
        break;
    case BT_MARK_BROKEN_SOLID:
        pair[0] = broken;
        break;
    case BT_MARK_BROKEN_BROKEN:
        pair[0] = pair[1] = broken;
        break;
    default: // none, grass, kerb, custom, edge: nothing painted
        return 0;
    }
    pair[0].t_offset_m = first;
    pair[1].t_offset_m = -first;
    strokes[0] = pair[0];
    strokes[1] = pair[1];
    return 2;
}

static uint32_t strokes_of(const bt_road_network *net, const bt_road_mark *mark, int32_t lane_id,
                           mark_stroke *strokes)
{
    if (mark->line_count == 0) return strokes_of_type(mark, lane_id, strokes);
    if (mark->type == BT_MARK_NONE || mark->type == BT_MARK_BOTTS_DOTS) return 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < mark->line_count && count < LINES_MOST; i++) {
        const bt_road_mark_line *line = &net->mark_lines.items[mark->first_line + i];
        bt_mark_color color = line->color >= 0 ? (bt_mark_color)line->color : mark->color;
        double width = line->width_m > 0.0   ? line->width_m
                       : mark->width_m > 0.0 ? mark->width_m
                                             : LINE_M;
        strokes[count++] =
            (mark_stroke){line->t_offset_m, width,      line->length_m,       line->space_m,
                          line->s_offset_m, line->once, mesh_mark_kind(color)};
    }
    return count;
}

// ---- where: t of the border ---------------------------------------------------------------------------------
// t of the mark's border on the grid: the lane's outer border; the lane offset for the centre.
static double border_t(const bt_road_network *net, const mark_place *p, double s_m)
{
    int32_t id = net->lanes.items[p->lane].id;
    for (uint32_t i = 0; i < p->grid->lane_count; i++) {
        int32_t other = net->lanes.items[p->grid->lanes[i].lane].id;
        double left;
        double right;
        if (id == 0 ? (other < 0 || i + 1 == p->grid->lane_count) : other == id) {
            grid_lane_span(p->grid, i, s_m, &left, &right);
            if (id == 0) return other < 0 ? left : right;
            return id > 0 ? left : right;
        }
    }
    return 0.0;
}

// Beside a kerb a line lies wholly on the lower lane. Gives how far to move it.
static double kerb_shift(const bt_road_network *net, const mark_place *p, double s_m, double width)
{
    uint32_t left = UINT32_MAX;
    double t = border_t(net, p, s_m);
    for (uint32_t i = 0; i + 1 < p->grid->lane_count; i++) {
        double a;
        double border;
        grid_lane_span(p->grid, i, s_m, &a, &border);
        if (fabs(border - t) < 1e-6) left = i;
    }
    if (left == UINT32_MAX) return 0.0;
    grid_point on_left = grid_point_in_lane(p->grid, left, s_m, t);
    grid_point on_right = grid_point_in_lane(p->grid, left + 1, s_m, t);
    double step = bt_vec3_dot(bt_vec3_sub(on_left.pos, on_right.pos), on_left.normal);
    if (fabs(step) < 0.005) return 0.0;
    return step > 0.0 ? -0.5 * width : 0.5 * width;
}

// ---- decals -------------------------------------------------------------------------------------------------
// One rung of a decal in one lane at s: the part of [right, left] that lies in the lane.
static bool add_rung(mesh_builder *b, const mark_place *p, uint32_t lane, double s_m, double left_t,
                     double right_t, uint32_t rung[2])
{
    double lane_left;
    double lane_right;
    grid_lane_span(p->grid, lane, s_m, &lane_left, &lane_right);
    double left = bt_clamp(left_t, lane_right, lane_left);
    double right = bt_clamp(right_t, lane_right, lane_left);
    grid_point a = grid_point_in_lane(p->grid, lane, s_m, left);
    grid_point c = grid_point_in_lane(p->grid, lane, s_m, right);
    a.t_m = left;
    c.t_m = right;
    rung[0] = mesh_grid_vertex(b, &a, s_m, MESH_PAINT_HEIGHT_M);
    rung[1] = mesh_grid_vertex(b, &c, s_m, MESH_PAINT_HEIGHT_M);
    return left - right > 1e-6;
}

static bool touches(const mark_place *p, uint32_t lane, double s_m, double left_t, double right_t)
{
    double lane_left;
    double lane_right;
    grid_lane_span(p->grid, lane, s_m, &lane_left, &lane_right);
    return fmin(left_t, lane_left) - fmax(right_t, lane_right) > 1e-6;
}

// One dash from s0 to s1 in one lane, with a rung at every row between.
static void add_dash_in_lane(mesh_builder *b, const mark_place *p, uint32_t lane,
                             const mark_stroke *stroke, double shift, double s0, double s1)
{
    double half = 0.5 * stroke->width_m;
    double offset = stroke->t_offset_m + shift;
    double ends[3] = {s0, 0.5 * (s0 + s1), s1};
    bool any = false;
    for (int i = 0; i < 3; i++) {
        double t = border_t(b->net, p, ends[i]) + offset;
        any = any || touches(p, lane, ends[i], t + half, t - half);
    }
    if (!any) return;
    uint32_t last[2] = {0, 0};
    bool last_wide = false;
    double s = s0;
    for (uint32_t row = grid_row(p->grid, s0); b->status == BT_OK; row++) {
        double t = border_t(b->net, p, s) + offset;
        uint32_t rung[2];
        bool wide = add_rung(b, p, lane, s, t + half, t - half, rung);
        if (s > s0 && (wide || last_wide) && b->status == BT_OK)
            mesh_add_quad(b, stroke->kind, last[0], last[1], rung[1], rung[0]);
        last[0] = rung[0];
        last[1] = rung[1];
        last_wide = wide;
        if (s >= s1) break;
        bool more = row + 1 < p->grid->stations.count;
        double next = more ? p->grid->stations.items[row + 1] : s1;
        if (next > s + 1e-9 || !more) s = fmin(next, s1);
    }
}

static void add_dash(mesh_builder *b, const mark_place *p, const mark_stroke *stroke, double s0,
                     double s1)
{
    s0 = fmax(s0, fmax(p->s0_m, p->from_m));
    s1 = fmin(s1, fmin(p->s1_m, p->to_m));
    if (s1 - s0 < 1e-3) return;
    mesh_count_dashes(b, p->grid->lane_count);
    double shift = kerb_shift(b->net, p, 0.5 * (s0 + s1), stroke->width_m);
    for (uint32_t i = 0; i < p->grid->lane_count && b->status == BT_OK; i++)
        add_dash_in_lane(b, p, i, stroke, shift, s0, s1);
}

static void add_stroke(mesh_builder *b, const mark_place *p, const mark_stroke *stroke)
{
    double begin = p->s0_m + stroke->s_offset_m;
    if (stroke->once) {
        double end = stroke->line_m > 0.0 ? begin + stroke->line_m : p->s1_m;
        add_dash(b, p, stroke, begin, end);
        return;
    }
    double period = stroke->line_m + stroke->gap_m;
    if (!(stroke->line_m > 0.0) || !(stroke->gap_m > 0.0) || period < PERIOD_LEAST_M) {
        add_dash(b, p, stroke, begin, p->s1_m);
        return;
    }
    double from = fmax(begin, fmax(p->s0_m, p->from_m) - period);
    double k = fmax(0.0, floor((from - begin) / period));
    double end = fmin(p->s1_m, p->to_m);
    for (; begin + k * period < end && b->status == BT_OK; k += 1.0)
        add_dash(b, p, stroke, begin + k * period, begin + k * period + stroke->line_m);
}

// ---- raised dots --------------------------------------------------------------------------------------------
static void add_dot(mesh_builder *b, const mark_place *p, double s_m, double t_m)
{
    // a low dome of eight sides: rim, and a smaller ring on top
    for (uint32_t lane = 0; lane < p->grid->lane_count; lane++) {
        if (!touches(p, lane, s_m, t_m + 1e-3, t_m - 1e-3)) continue;
        grid_point c = grid_point_in_lane(p->grid, lane, s_m, t_m);
        bt_vec3 left = p->grid->lefts.items[grid_row(p->grid, s_m)];
        bt_vec3 along = bt_vec3_cross(left, c.normal);
        uint32_t rim[8];
        uint32_t top[8];
        for (int i = 0; i < 8; i++) {
            double angle = 0.25 * BT_PI * i;
            bt_vec3 out = bt_vec3_mad(bt_vec3_scale(along, bt_cos(angle)), left, bt_sin(angle));
            bt_vec3 low = bt_vec3_mad(c.pos, out, DOT_RADIUS_M);
            bt_vec3 high =
                bt_vec3_mad(bt_vec3_mad(c.pos, out, 0.6 * DOT_RADIUS_M), c.normal, DOT_HEIGHT_M);
            bt_vec3 slant = bt_vec3_normalize(bt_vec3_mad(out, c.normal, 0.6));
            rim[i] = mesh_add_vertex(b, &(mesh_vertex){low, slant, s_m, t_m});
            top[i] = mesh_add_vertex(
                b, &(mesh_vertex){high, bt_vec3_normalize(bt_vec3_mad(slant, c.normal, 2.0)), s_m,
                                  t_m});
        }
        for (int i = 0; i < 8 && b->status == BT_OK; i++)
            mesh_add_quad(b, BT_SURFACE_BOTTS_DOT, rim[i], rim[(i + 1) % 8], top[(i + 1) % 8],
                          top[i]);
        for (int i = 1; i < 7 && b->status == BT_OK; i++)
            mesh_add_triangle(b, BT_SURFACE_BOTTS_DOT, top[0], top[i], top[i + 1]);
        return;
    }
}

static void add_dots(mesh_builder *b, const mark_place *p)
{
    double from = fmax(p->s0_m, p->from_m);
    double end = fmin(p->s1_m, p->to_m);
    double k = ceil((from - p->s0_m) / DOT_EVERY_M - 1e-9);
    for (; p->s0_m + k * DOT_EVERY_M < end && b->status == BT_OK; k += 1.0) {
        double s = p->s0_m + k * DOT_EVERY_M;
        add_dot(b, p, s, border_t(b->net, p, s));
    }
}

// ---- all marks of a section -----------------------------------------------------------------------------------
void mesh_add_marks(mesh_builder *b, const section_grid *grid, uint32_t first_row,
                    uint32_t last_row)
{
    const bt_lane_section *section = &b->net->sections.items[grid->section];
    for (uint32_t i = 0; i < section->lane_count; i++) {
        uint32_t lane = section->first_lane + i;
        road_run run = b->net->lane_details.items[lane].marks;
        for (uint32_t m = 0; m < run.count && b->status == BT_OK; m++) {
            const bt_road_mark *mark = &b->net->marks.items[run.first + m];
            mark_place place = {grid,
                                lane,
                                fmax(mark->s0_m, grid->s0_m),
                                m + 1 < run.count ? fmin(mark[1].s0_m, grid->s1_m) : grid->s1_m,
                                grid->stations.items[first_row],
                                grid->stations.items[last_row]};
            if (place.s1_m <= place.from_m || place.s0_m >= place.to_m) continue;
            mark_stroke strokes[LINES_MOST];
            uint32_t count = strokes_of(b->net, mark, b->net->lanes.items[lane].id, strokes);
            for (uint32_t k = 0; k < count; k++)
                add_stroke(b, &place, &strokes[k]);
            if (mark->type == BT_MARK_BOTTS_DOTS) add_dots(b, &place);
        }
    }
}
