// mesh_grid.c: samples a lane section: as many rows and columns as the chord error asks for.
#include "engine/road/mesh_internal.h"

#include <stdlib.h>
#include <string.h>

#define TWIST_M 0.0015 // a quad's middle, from its diagonal: below the paint's height
#define ROW_LEAST_M 0.05
#define COLUMNS_MOST 32u // of one lane
#define STATIONS_MOST 400000u

typedef struct grid_maker {
    const bt_road_network *net;
    section_grid *grid;
    uint32_t road;
    double chord_m, lift_m, row_most_m;
    bt_status status;
    ROAD_ARRAY(double) breaks;
} grid_maker;

// ---- which lanes --------------------------------------------------------------------------------------
static bt_surface_kind lane_kind(bt_lane_type type)
{
    switch (type) {
    case BT_LANE_SIDEWALK:
        return BT_SURFACE_SIDEWALK;
    case BT_LANE_CURB:
        return BT_SURFACE_CURB;
    case BT_LANE_PARKING:
        return BT_SURFACE_PARKING;
    case BT_LANE_BIKING:
        return BT_SURFACE_BIKING;
    case BT_LANE_NONE:
    case BT_LANE_BORDER:
    case BT_LANE_MEDIAN:
        return BT_SURFACE_GRASS;
    default:
        return BT_SURFACE_ASPHALT;
    }
}

static void list_lanes(grid_maker *m)
{
    const bt_lane_section *section = &m->net->sections.items[m->grid->section];
    m->grid->lane_count = 0;
    m->grid->lanes = bt_alloc(section->lane_count, sizeof *m->grid->lanes);
    if (m->grid->lanes == NULL) {
        m->status = bt_fail(BT_ERR_MEMORY, "no memory for the road mesh");
        return;
    }
    for (uint32_t i = 0; i < section->lane_count; i++) {
        uint32_t lane = section->first_lane + i;
        const bt_lane *l = &m->net->lanes.items[lane];
        if (l->id == 0) continue;
        m->grid->lanes[m->grid->lane_count++] = (grid_lane){lane, 0, 2, lane_kind(l->type)};
    }
}

// ---- one row --------------------------------------------------------------------------------------------
// Tiny deterministic height of a surface in a junction, where roads overlap: the upper one is seen
// and shaded, wherever a ray comes from. What is not for driving lies a little lower; bicycle lanes, whose
// colour is to be seen all the way over, lie higher.
static double junction_lift(const grid_maker *m, const grid_lane *lane)
{
    if (m->lift_m < 0.0) return 0.0;
    if (lane->kind == BT_SURFACE_GRASS) return m->lift_m - 0.006;
    return lane->kind == BT_SURFACE_BIKING ? m->lift_m + 0.003 : m->lift_m;
}

static void fill_row(const grid_maker *m, double s, grid_point *row)
{
    road_frame frame = road_frame_at(m->net, m->road, s);
    road_cut cut;
    road_cut_at(m->net, m->grid->section, s, &cut);
    for (uint32_t i = 0; i < m->grid->lane_count; i++) {
        const grid_lane *lane = &m->grid->lanes[i];
        uint32_t index = road_lane_index(m->net, lane->lane);
        bool is_left = m->net->lanes.items[lane->lane].id > 0;
        double inner = road_cut_inner(&cut, index);
        double outer = cut.t_m[index];
        double left = is_left ? outer : inner;
        double right = is_left ? inner : outer;
        double lift = junction_lift(m, lane);
        for (uint32_t c = 0; c < lane->column_count; c++) {
            double v = (double)c / (lane->column_count - 1);
            double t = bt_lerp(left, right, v);
            bt_pose pose = road_surface_pose(m->net, &frame, &cut, index, t, 0.0);
            bt_vec3 up = bt_pose_dir(pose, (bt_vec3){0.0, 0.0, 1.0});
            row[lane->first_column + c] =
                (grid_point){bt_vec3_mad(pose.pos, frame.up, lift), up, t};
        }
    }
}

// ---- columns ----------------------------------------------------------------------------------------------
static double across_error(const grid_maker *m, uint32_t i, double s, uint32_t pieces)
{
    road_frame frame = road_frame_at(m->net, m->road, s);
    road_cut cut;
    road_cut_at(m->net, m->grid->section, s, &cut);
    uint32_t index = road_lane_index(m->net, m->grid->lanes[i].lane);
    double inner = road_cut_inner(&cut, index);
    double outer = cut.t_m[index];
    double worst = 0.0;
    for (uint32_t p = 0; p < pieces; p++) {
        double t0 = bt_lerp(inner, outer, (double)p / pieces);
        double t1 = bt_lerp(inner, outer, (double)(p + 1) / pieces);
        bt_vec3 a = road_surface_point(m->net, &frame, &cut, index, t0);
        bt_vec3 c = road_surface_point(m->net, &frame, &cut, index, t1);
        for (int q = 1; q < 4; q++) {
            double u = 0.25 * q;
            bt_vec3 on = road_surface_point(m->net, &frame, &cut, index, bt_lerp(t0, t1, u));
            worst = fmax(worst, bt_vec3_distance(on, bt_vec3_lerp(a, c, u)));
        }
    }
    return worst;
}

static void choose_columns(grid_maker *m)
{
    const road_detail *road = &m->net->road_details.items[m->road];
    // cross-sections are straight within a lane but for these
    bool curved = road->shapes.count > 0 || road_is_blended(m->net, m->road);
    double s0 = m->grid->s0_m;
    double length = m->grid->s1_m - s0;
    uint32_t column = 0;
    for (uint32_t i = 0; i < m->grid->lane_count; i++) {
        uint32_t pieces = 1;
        double looks = road_is_blended(m->net, m->road) ? fmax(8.0, ceil(length)) : 8.0;
        for (double k = 0.0; k <= looks && curved; k += 1.0)
            while (pieces < COLUMNS_MOST &&
                   across_error(m, i, s0 + length * k / looks, pieces) > 0.5 * m->chord_m)
                pieces *= 2;
        m->grid->lanes[i].first_column = column;
        m->grid->lanes[i].column_count = pieces + 1;
        column += pieces + 1;
    }
    m->grid->columns = column;
}

// ---- rows -------------------------------------------------------------------------------------------------
static void add_break(grid_maker *m, double s)
{
    if (s <= m->grid->s0_m + 1e-4 || s >= m->grid->s1_m - 1e-4 || m->status != BT_OK) return;
    m->status = ROAD_PUSH(m->breaks, s);
}

static void break_at_cubics(grid_maker *m, road_run run)
{
    for (uint32_t i = 0; i < run.count; i++)
        add_break(m, m->net->cubics.items[run.first + i].s0_m);
}

static int number_order(const void *left, const void *right)
{
    double a;
    double b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return a < b ? -1 : a > b;
}

// Stations where something begins: the surface may bend there.
static void find_breaks(grid_maker *m)
{
    const road_detail *road = &m->net->road_details.items[m->road];
    break_at_cubics(m, road->elevation);
    break_at_cubics(m, road->superelevation);
    break_at_cubics(m, road->lane_offset);
    break_at_cubics(m, road->crossfall_left);
    break_at_cubics(m, road->crossfall_right);
    for (uint32_t i = 0; i < road->curves.count; i++)
        add_break(m, m->net->curves.items[road->curves.first + i].s0_m);
    for (uint32_t i = 0; i < road->shapes.count; i++)
        add_break(m, m->net->shapes.items[road->shapes.first + i].s0_m);
    for (uint32_t i = 0; i < m->grid->lane_count; i++) {
        const lane_detail *lane = &m->net->lane_details.items[m->grid->lanes[i].lane];
        break_at_cubics(m, lane->widths);
        for (uint32_t k = 0; k < lane->heights.count; k++)
            add_break(m, m->net->heights.items[lane->heights.first + k].s0_m);
    }
    // no row longer than a tile
    double length = m->grid->s1_m - m->grid->s0_m;
    double pieces = fmin(ceil(length / m->row_most_m - 1e-6), STATIONS_MOST);
    for (double k = 1.0; k < pieces; k += 1.0)
        add_break(m, m->grid->s0_m + length * k / pieces);
    if (m->breaks.count > 1)
        qsort(m->breaks.items, m->breaks.count, sizeof *m->breaks.items, number_order);
}

static double off_chord(bt_vec3 a, bt_vec3 b, bt_vec3 p)
{
    bt_vec3 chord = bt_vec3_sub(b, a);
    double length2 = bt_vec3_dot(chord, chord);
    bt_vec3 to = bt_vec3_sub(p, a);
    if (!(length2 > 1e-18)) return bt_vec3_length(to);
    return bt_vec3_distance(to, bt_vec3_scale(chord, bt_vec3_dot(to, chord) / length2));
}

// `inner` holds the rows at a quarter, the middle and three quarters between a and b.
static bool needs_split(const grid_maker *m, const grid_point *a, const grid_point *b,
                        const grid_point *inner)
{
    uint32_t columns = m->grid->columns;
    const grid_point *middle = inner + columns;
    // a part is left for the quad's own twist
    double most = m->chord_m - 0.5 * TWIST_M;
    for (uint32_t c = 0; c < columns; c++)
        for (uint32_t k = 0; k < 3; k++)
            if (off_chord(a[c].pos, b[c].pos, inner[k * columns + c].pos) > most) return true;
    for (uint32_t i = 0; i < m->grid->lane_count; i++) {
        const grid_lane *lane = &m->grid->lanes[i];
        for (uint32_t c = lane->first_column; c + 1 < lane->first_column + lane->column_count;
             c++) {
            bt_vec3 one = bt_vec3_sub(a[c].pos, a[c + 1].pos);
            bt_vec3 other = bt_vec3_sub(b[c].pos, b[c + 1].pos);
            // only out of the plane: in it a quad may be any shape
            bt_vec3 twist = bt_vec3_sub(one, other);
            if (fabs(bt_vec3_dot(twist, middle[c].normal)) > 4.0 * TWIST_M) return true;
        }
    }
    return false;
}

static void push_row(grid_maker *m, double s, const grid_point *row)
{
    if (m->status != BT_OK) return;
    if (m->grid->stations.count >= STATIONS_MOST) {
        m->status = bt_fail(BT_ERR_LIMIT, "lane section of more than %u stations", STATIONS_MOST);
        return;
    }
    bt_vec3 left = road_frame_at(m->net, m->road, s).left;
    m->status = ROAD_PUSH(m->grid->stations, s);
    if (m->status == BT_OK) m->status = ROAD_PUSH(m->grid->lefts, left);
    for (uint32_t c = 0; c < m->grid->columns && m->status == BT_OK; c++)
        m->status = ROAD_PUSH(m->grid->points, row[c]);
}

// Adds the rows in (s0, s1], given those at s0 and s1.
static void fill_span(grid_maker *m, double s0, const grid_point *row0, double s1,
                      const grid_point *row1, int depth)
{
    if (m->status != BT_OK) return;
    bool fine = depth == 0 || s1 - s0 < 2.0 * ROW_LEAST_M;
    uint32_t columns = m->grid->columns;
    grid_point *inner = fine ? NULL : bt_alloc(3 * (size_t)columns, sizeof *inner);
    if (!fine && inner == NULL) m->status = bt_fail(BT_ERR_MEMORY, "no memory for the road mesh");
    if (inner != NULL) {
        for (uint32_t k = 0; k < 3; k++)
            fill_row(m, bt_lerp(s0, s1, 0.25 * (k + 1)), inner + k * columns);
        double s = 0.5 * (s0 + s1);
        const grid_point *middle = inner + columns;
        if (needs_split(m, row0, row1, inner)) {
            fill_span(m, s0, row0, s, middle, depth - 1);
            fill_span(m, s, middle, s1, row1, depth - 1);
        } else {
            fine = true;
        }
        bt_free(inner);
    }
    if (fine) push_row(m, s1, row1);
}

static void fill_rows(grid_maker *m)
{
    uint32_t columns = m->grid->columns;
    grid_point *rows = bt_alloc(2 * (size_t)columns, sizeof *rows);
    if (rows == NULL) {
        m->status = bt_fail(BT_ERR_MEMORY, "no memory for the road mesh");
        return;
    }
    double s = m->grid->s0_m;
    fill_row(m, s, rows);
    push_row(m, s, rows);
    for (size_t i = 0; i <= m->breaks.count && m->status == BT_OK; i++) {
        double next = i < m->breaks.count ? m->breaks.items[i] : m->grid->s1_m;
        if (next < s + 1e-4 && i < m->breaks.count) continue;
        fill_row(m, next, rows + columns);
        fill_span(m, s, rows, next, rows + columns, 18);
        memcpy(rows, rows + columns, columns * sizeof *rows);
        s = next;
    }
    bt_free(rows);
}

bt_status grid_build(const mesh_builder *b, uint32_t section, double lift_m, section_grid *grid)
{
    const bt_lane_section *sec = &b->net->sections.items[section];
    memset(grid, 0, sizeof *grid);
    grid->section = section;
    grid->s0_m = sec->s0_m;
    grid->s1_m = sec->s1_m;
    grid_maker m = {.net = b->net,
                    .grid = grid,
                    .road = sec->road,
                    .chord_m = b->desc.chord_error_m,
                    .lift_m = lift_m,
                    .row_most_m = b->desc.tile_length_m};
    list_lanes(&m);
    if (m.status == BT_OK && grid->lane_count > 0 && grid->s1_m - grid->s0_m > 1e-4) {
        choose_columns(&m);
        find_breaks(&m);
        if (m.status == BT_OK) fill_rows(&m);
    }
    bt_free(m.breaks.items);
    return m.status;
}

void grid_clear(section_grid *grid)
{
    bt_free(grid->lanes);
    bt_free(grid->lefts.items);
    bt_free(grid->stations.items);
    bt_free(grid->points.items);
    memset(grid, 0, sizeof *grid);
}

// ---- looking up ---------------------------------------------------------------------------------------------
uint32_t grid_row(const section_grid *grid, double s_m)
{
    size_t low = 0;
    size_t high = grid->stations.count > 1 ? grid->stations.count - 1 : 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (grid->stations.items[middle] <= s_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

static double row_fraction(const section_grid *grid, uint32_t row, double s_m)
{
    double s0 = grid->stations.items[row];
    double s1 = grid->stations.items[row + 1];
    return s1 > s0 ? bt_clamp((s_m - s0) / (s1 - s0), 0.0, 1.0) : 0.0;
}

void grid_lane_span(const section_grid *grid, uint32_t lane, double s_m, double *left_t_m,
                    double *right_t_m)
{
    const grid_lane *l = &grid->lanes[lane];
    uint32_t row = grid_row(grid, s_m);
    double u = row_fraction(grid, row, s_m);
    uint32_t last = l->first_column + l->column_count - 1;
    *left_t_m = bt_lerp(grid_at(grid, row, l->first_column)->t_m,
                        grid_at(grid, row + 1, l->first_column)->t_m, u);
    *right_t_m = bt_lerp(grid_at(grid, row, last)->t_m, grid_at(grid, row + 1, last)->t_m, u);
}

static grid_point mix_points(const grid_point *a, const grid_point *b, double u)
{
    return (grid_point){bt_vec3_lerp(a->pos, b->pos, u),
                        bt_vec3_normalize(bt_vec3_lerp(a->normal, b->normal, u)),
                        bt_lerp(a->t_m, b->t_m, u)};
}

grid_point grid_point_in_lane(const section_grid *grid, uint32_t lane, double s_m, double t_m)
{
    const grid_lane *l = &grid->lanes[lane];
    uint32_t row = grid_row(grid, s_m);
    double u = row_fraction(grid, row, s_m);
    double left;
    double right;
    grid_lane_span(grid, lane, s_m, &left, &right);
    double v = left - right > 1e-9 ? bt_clamp((left - t_m) / (left - right), 0.0, 1.0) : 0.0;
    double across = v * (l->column_count - 1);
    uint32_t column = (uint32_t)fmin(across, l->column_count - 2.0);
    double w = across - column;
    column += l->first_column;
    grid_point a = mix_points(grid_at(grid, row, column), grid_at(grid, row, column + 1), w);
    grid_point b =
        mix_points(grid_at(grid, row + 1, column), grid_at(grid, row + 1, column + 1), w);
    return mix_points(&a, &b, u);
}
