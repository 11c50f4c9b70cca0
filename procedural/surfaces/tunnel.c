// tunnel.c: cross-sections carried along the road.
#include "procedural/surfaces/tunnel.h"

#include "engine/core/memory.h"
#include "procedural/mesh_shapes.h"
#include "procedural/palette.h"

#include <math.h>

#define STEP_M 2.0     // between stations, chosen: 1 cm of sagitta at a radius of 50 m
#define WALK_M 0.8     // footway between lanes and wall
#define WALK_UP_M 0.14 // its height
#define WALL_M 3.4     // straight part of the walls
#define LINING_M 0.8   // thickness of the concrete
#define COVER_M 1.1    // earth over the crown
#define HEADWALL_M 1.1 // portal: thickness,
#define PARAPET_M 0.9  // height above the earth behind it,
#define WING_M 1.6     // width beside the tube
#define SLOPE 1.6      // of the bank: run over rise
#define SUNK_M 4.0     // the bank reaches so far below the road, where the ground is lower
#define KEEP_OFF_M 1.5 // from the surface of roads outside tunnels
#define COLUMN_EVERY_M 8.0
#define LAMP_EVERY_M 8.0

#define ARC_POINTS 13u
#define INNER_POINTS (ARC_POINTS + 6u)
#define BANK_SIDE 9u // columns on a slope
#define BANK_COLUMNS (2u * BANK_SIDE + 2u)

enum { SLOT_LINING, SLOT_SHELL, SLOT_EARTH, SLOT_LAMP, SLOT_COUNT };

typedef struct station {
    bt_vec3 middle;        // of the surface between the outermost borders
    double left_x, left_y; // unit, across the road
    double half_m;         // from the middle to the wall
    double inside_m;       // along the road from the nearer portal
} station;

typedef struct tube {
    const bt_tunnel_desc *desc;
    const bt_tunnel *tunnel;
    station *stations;
    uint32_t count;
    bt_vec3 origin;
    double crown_m; // clear height in the middle
    bt_mesh_builder mesh;
} tube;

// ---- stations ---------------------------------------------------------------------------------
// Verges stay outside.
static bool is_inside(bt_lane_type type)
{
    return type != BT_LANE_NONE && type != BT_LANE_BORDER && type != BT_LANE_MEDIAN;
}

static const bt_lane_section *section_at(const bt_road_network *net, const bt_road *road,
                                         double s_m)
{
    uint32_t i = 0;
    while (i + 1 < road->section_count &&
           s_m > bt_road_section_get(net, road->first_section + i)->s1_m)
        i++;
    return bt_road_section_get(net, road->first_section + i);
}

// t of the outermost borders of what runs through, at s.
static void find_borders(const bt_road_network *net, uint32_t road, double s_m, double *left_m,
                         double *right_m)
{
    *left_m = *right_m = 0.0;
    bool none = true;
    const bt_lane_section *section = section_at(net, bt_road_get(net, road), s_m);
    for (uint32_t k = 0; k < section->lane_count; k++) {
        double inner, outer;
        if (!is_inside(bt_road_lane_get(net, section->first_lane + k)->type)) continue;
        bt_lane_borders(net, section->first_lane + k, s_m, &inner, &outer);
        *left_m = none ? fmax(inner, outer) : fmax(*left_m, fmax(inner, outer));
        *right_m = none ? fmin(inner, outer) : fmin(*right_m, fmin(inner, outer));
        none = false;
    }
}

static double crown_of(double half_m)
{
    return bt_clamp(WALL_M + 0.34 * half_m, 5.2, 8.5);
}

double bt_tunnel_reach(const bt_road_network *net, const bt_tunnel *tunnel, double s_m,
                       double *middle_t_m)
{
    double left, right;
    find_borders(net, tunnel->road, s_m, &left, &right);
    *middle_t_m = 0.5 * (left + right);
    double half = 0.5 * (left - right) + WALK_M;
    if (tunnel->underpass) return half + LINING_M;
    return half + LINING_M + SLOPE * (crown_of(half) + COVER_M);
}

static bt_status make_stations(tube *t)
{
    const bt_road_network *net = t->desc->net;
    const bt_tunnel *tunnel = t->tunnel;
    t->count = (uint32_t)ceil(tunnel->length_m / STEP_M) + 1;
    t->stations = bt_alloc(t->count, sizeof *t->stations);
    if (!t->stations) return bt_fail(BT_ERR_MEMORY, "no memory for a tunnel");
    double widest = 0.0;
    for (uint32_t i = 0; i < t->count; i++) {
        station *at = &t->stations[i];
        double along = tunnel->length_m * i / (t->count - 1);
        double s = tunnel->s_m + along, left, right, heading, curvature;
        find_borders(net, tunnel->road, s, &left, &right);
        bt_road_heading(net, tunnel->road, s, &heading, &curvature);
        at->middle = bt_road_point(net, tunnel->road, s, 0.5 * (left + right));
        at->left_x = -bt_sin(heading), at->left_y = bt_cos(heading);
        at->half_m = 0.5 * (left - right) + WALK_M;
        at->inside_m = fmin(along, tunnel->length_m - along);
        widest = fmax(widest, at->half_m);
    }
    t->crown_m = crown_of(widest);
    t->origin = t->stations[t->count / 2].middle;
    return BT_OK;
}

// A point of a cross-section: y to the left of the middle, z above the road; in the mesh's frame.
static bt_vec3 place(const tube *t, const station *at, double y, double z)
{
    return bt_vec3_sub(
        (bt_vec3){at->middle.x + y * at->left_x, at->middle.y + y * at->left_y, at->middle.z + z},
        t->origin);
}

// The station moved out of its portal by so much.
static station before_portal(const tube *t, bool first, double out_m)
{
    station at = t->stations[first ? 0 : t->count - 1];
    double sign = first ? -1.0 : 1.0; // the road runs along (left_y, -left_x)
    at.middle.x += sign * out_m * at.left_y;
    at.middle.y -= sign * out_m * at.left_x;
    return at;
}

// ---- lining and shell -------------------------------------------------------------------------
// Footway, wall, vault, wall, footway; from right to left.
static void inner_profile(const tube *t, const station *at, bt_point2 points[INNER_POINTS])
{
    double half = at->half_m, lane = half - WALK_M + 0.02;
    points[0] = (bt_point2){-lane, -0.3};
    points[1] = (bt_point2){-lane, WALK_UP_M};
    points[2] = (bt_point2){-half, WALK_UP_M};
    for (uint32_t i = 0; i < ARC_POINTS; i++) {
        double angle = BT_PI * (1.0 - (double)i / (ARC_POINTS - 1));
        points[3 + i] =
            (bt_point2){half * bt_cos(angle), WALL_M + (t->crown_m - WALL_M) * bt_sin(angle)};
    }
    for (uint32_t i = 0; i < 3; i++)
        points[INNER_POINTS - 1 - i] = (bt_point2){-points[i].x, points[i].y};
}

// A sheet between two stations whose front faces the road, or away from it.
static void add_sheet(tube *t, const station *from, const station *to, const bt_point2 *a,
                      const bt_point2 *b, uint32_t count, bool outward)
{
    for (uint32_t i = 0; i + 1 < count; i++) {
        bt_vec3 p = place(t, from, a[i].x, a[i].y), q = place(t, to, b[i].x, b[i].y);
        bt_vec3 r = place(t, to, b[i + 1].x, b[i + 1].y),
                s = place(t, from, a[i + 1].x, a[i + 1].y);
        if (outward)
            bt_mesh_add_quad(&t->mesh, p, q, r, s);
        else
            bt_mesh_add_quad(&t->mesh, p, s, r, q);
    }
}

static void add_lining(tube *t)
{
    bt_point2 a[INNER_POINTS], b[INNER_POINTS];
    t->mesh.slot = SLOT_LINING;
    bt_mesh_mark mark = bt_mesh_here(&t->mesh);
    station first = before_portal(t, true, HEADWALL_M), last = before_portal(t, false, HEADWALL_M);
    for (uint32_t i = 0; i <= t->count; i++) {
        const station *from = i == 0 ? &first : &t->stations[i - 1];
        const station *to = i == t->count ? &last : &t->stations[i];
        inner_profile(t, from, a);
        inner_profile(t, to, b);
        add_sheet(t, from, to, a, b, INNER_POINTS, false);
    }
    bt_mesh_smooth(&t->mesh, mark, 0.5);
}

static void shell_profile(const tube *t, const station *at, bt_point2 points[4])
{
    double half = at->half_m + LINING_M, top = t->crown_m + COVER_M + 0.2;
    points[0] = (bt_point2){-half, -SUNK_M};
    points[1] = (bt_point2){-half, top};
    points[2] = (bt_point2){half, top};
    points[3] = (bt_point2){half, -SUNK_M};
}

// The tube's outer sides, seen near the portals, and a kerb along its roof.
static void add_shell(tube *t)
{
    t->mesh.slot = SLOT_SHELL;
    for (uint32_t i = 0; i + 1 < t->count; i++) {
        bt_point2 a[4], b[4];
        shell_profile(t, &t->stations[i], a);
        shell_profile(t, &t->stations[i + 1], b);
        add_sheet(t, &t->stations[i], &t->stations[i + 1], a, b, 2, true);
        add_sheet(t, &t->stations[i], &t->stations[i + 1], a + 2, b + 2, 2, true);
    }
}

// ---- portals ----------------------------------------------------------------------------------
// Where a ray from the middle of the vault through a point of the lining meets the headwall's
// outline; beside the walls it is level.
static bt_point2 on_outline(bt_point2 p, double half_m, double top_m)
{
    double up = p.y - WALL_M, scale = half_m / fmax(fabs(p.x), 1e-6);
    if (up <= 0.0) return (bt_point2){p.x < 0.0 ? -half_m : half_m, p.y};
    scale = fmin(scale, (top_m - WALL_M) / up);
    return (bt_point2){p.x * scale, WALL_M + up * scale};
}

// A polygon of the plane across the road at a station, counter-clockwise for those who look along the
// road; turned round for those who look back.
static void add_across(tube *t, const station *at, const bt_point2 *points, uint32_t count,
                       bool ahead)
{
    bt_vec3 corners[5];
    for (uint32_t i = 0; i < count; i++) {
        const bt_point2 *p = &points[ahead ? i : count - 1 - i];
        corners[i] = place(t, at, p->x, p->y);
    }
    bt_mesh_add_polygon(&t->mesh, corners, count);
}

static void add_rectangle(tube *t, const station *at, double right_m, double left_m, double low_m,
                          double high_m, bool ahead)
{
    bt_point2 corners[4] = {{left_m, low_m}, {right_m, low_m}, {right_m, high_m}, {left_m, high_m}};
    add_across(t, at, corners, 4, ahead);
}

// Around the opening, piece by piece of the lining.
static void add_face(tube *t, const station *face, double half_m, double top_m, bool ahead)
{
    bt_point2 inner[INNER_POINTS];
    inner_profile(t, face, inner);
    for (uint32_t i = 2; i + 3 < INNER_POINTS; i++) {
        bt_point2 a = on_outline(inner[i], half_m, top_m);
        bt_point2 b = on_outline(inner[i + 1], half_m, top_m);
        bt_point2 corner = {a.x + b.x < 0.0 ? -half_m : half_m, top_m};
        bool turns = (a.y < top_m - 1e-6) != (b.y < top_m - 1e-6); // the corner lies between
        bt_point2 piece[5] = {inner[i + 1], inner[i], a, b};
        if (turns) piece[3] = corner, piece[4] = b;
        add_across(t, face, piece, turns ? 5 : 4, ahead);
    }
    add_rectangle(t, face, -half_m, -face->half_m, -SUNK_M, WALK_UP_M, ahead);
    add_rectangle(t, face, face->half_m, half_m, -SUNK_M, WALK_UP_M, ahead);
}

// A slab with the opening, wings beside the tube and a parapet above the earth.
static void add_headwall(tube *t, bool first)
{
    station face = before_portal(t, first, HEADWALL_M);
    const station *back = &t->stations[first ? 0 : t->count - 1];
    double half = face.half_m + WING_M, top = t->crown_m + COVER_M + PARAPET_M;
    double tube_half = face.half_m + LINING_M, roof = t->crown_m + COVER_M;
    t->mesh.slot = SLOT_SHELL;
    add_face(t, &face, half, top, first);
    bt_point2 outline[4] = {{-half, -SUNK_M}, {-half, top}, {half, top}, {half, -SUNK_M}};
    const station *from = first ? &face : back, *to = first ? back : &face;
    add_sheet(t, from, to, outline, outline, 4, true);
    // what the bank leaves of its back
    add_rectangle(t, back, -half, -tube_half, -SUNK_M, top, !first);
    add_rectangle(t, back, tube_half, half, -SUNK_M, top, !first);
    add_rectangle(t, back, -tube_half, tube_half, roof - 0.3, top, !first);
}

// ---- the bank ---------------------------------------------------------------------------------
// Columns from right to left: slope, roof, slope.
static double bank_column(const tube *t, const station *at, uint32_t column)
{
    double roof = at->half_m + LINING_M, run = SLOPE * (t->crown_m + COVER_M + SUNK_M);
    if (column < BANK_SIDE) return -roof - run * (1.0 - (double)column / (BANK_SIDE - 1));
    if (column >= BANK_SIDE + 2)
        return roof + run * (column - BANK_SIDE - 2) / (double)(BANK_SIDE - 1);
    return (column == BANK_SIDE ? -1.0 : 1.0) * (roof - 0.02);
}

static double bank_height(const tube *t, const station *at, uint32_t column)
{
    double top = t->crown_m + COVER_M, roof = at->half_m + LINING_M;
    if (column == BANK_SIDE || column == BANK_SIDE + 1) return top;
    double y = bank_column(t, at, column);
    double side = top - fmax(fabs(y) - roof, 0.0) / SLOPE;
    return fmin(side, at->inside_m / SLOPE - 0.6);
}

// Is there another road's surface, in the open or in a tunnel of its own?
static bool is_road_beside(const tube *t, bt_vec3 at_world_m)
{
    double distance, height;
    return bt_footprint_near(t->desc->footprint, at_world_m.x, at_world_m.y, KEEP_OFF_M,
                             BT_FOOTPRINT_VEHICLES | BT_FOOTPRINT_WALKS, &distance, &height);
}

static void add_bank(tube *t)
{
    t->mesh.slot = SLOT_EARTH;
    bt_mesh_mark mark = bt_mesh_here(&t->mesh);
    uint32_t first = (uint32_t)t->mesh.vertex_count;
    for (uint32_t i = 0; i < t->count; i++) {
        const station *at = &t->stations[i];
        for (uint32_t k = 0; k < BANK_COLUMNS; k++) {
            double y = bank_column(t, at, k), z = bank_height(t, at, k);
            bt_vec3 point = place(t, at, y, z);
            bool slope = k < BANK_SIDE || k >= BANK_SIDE + 2;
            if (slope && is_road_beside(t, bt_vec3_add(point, t->origin)))
                point = place(t, at, y, -SUNK_M);
            bt_mesh_add_vertex(&t->mesh, point, (bt_vec3){0.0, 0.0, 0.0}, y, at->inside_m);
        }
    }
    for (uint32_t i = 0; i + 1 < t->count; i++) {
        for (uint32_t k = 0; k + 1 < BANK_COLUMNS; k++) {
            if (k + 1 == BANK_SIDE || k == BANK_SIDE + 1) continue; // the shell stands there
            uint32_t a = first + i * BANK_COLUMNS + k;
            bt_mesh_add_triangle(&t->mesh, a, a + BANK_COLUMNS, a + BANK_COLUMNS + 1);
            bt_mesh_add_triangle(&t->mesh, a, a + BANK_COLUMNS + 1, a + 1);
        }
    }
    bt_mesh_smooth(&t->mesh, mark, 0.9);
}

// ---- lamps, columns ---------------------------------------------------------------------------
static void add_box_at(tube *t, const station *at, double y, double z, bt_vec3 size)
{
    double yaw = bt_atan2(-at->left_x, at->left_y);
    bt_pose pose = {place(t, at, y, z), bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, yaw)};
    bt_mesh_add_box(&t->mesh, pose, size);
}

static void add_lamps(tube *t, double ceiling_m)
{
    double every = LAMP_EVERY_M / fmax(t->tunnel->lighting, 0.2), since = 0.5 * every;
    if (t->tunnel->lighting <= 0.0) return;
    t->mesh.slot = SLOT_LAMP;
    for (uint32_t i = 1; i + 1 < t->count; i++) {
        since += t->tunnel->length_m / (t->count - 1);
        if (since < every) continue;
        since = 0.0;
        const station *at = &t->stations[i];
        int rows = at->half_m > 6.0 ? 2 : 1;
        for (int row = 0; row < rows; row++) {
            double y = rows == 1 ? 0.0 : (row - 0.5) * at->half_m;
            double z = ceiling_m > 0.0
                           ? ceiling_m
                           : WALL_M + (t->crown_m - WALL_M) *
                                          sqrt(1.0 - (y / at->half_m) * (y / at->half_m));
            add_box_at(t, at, y, z - 0.12, (bt_vec3){1.2, 0.3, 0.1});
        }
    }
}

// An underpass: a slab on two rows of columns.
static void add_underpass(tube *t)
{
    double clear = 5.0;
    t->mesh.slot = SLOT_SHELL;
    double since = COLUMN_EVERY_M;
    for (uint32_t i = 0; i + 1 < t->count; i++) {
        bt_point2 a[5], b[5];
        const station *from = &t->stations[i], *to = &t->stations[i + 1];
        double ha = from->half_m + LINING_M, hb = to->half_m + LINING_M;
        const double z[5] = {clear, clear + 1.0, clear + 1.0, clear, clear};
        const double side[5] = {-1.0, -1.0, 1.0, 1.0, -1.0};
        for (int k = 0; k < 5; k++) {
            a[k] = (bt_point2){side[k] * ha, z[k]};
            b[k] = (bt_point2){side[k] * hb, z[k]};
        }
        add_sheet(t, from, to, a, b, 5, true);
        since += t->tunnel->length_m / (t->count - 1);
        if (since < COLUMN_EVERY_M) continue;
        since = 0.0;
        for (int row = -1; row <= 1; row += 2)
            add_box_at(t, from, row * (from->half_m + 0.3), 0.5 * (clear - 1.0),
                       (bt_vec3){0.6, 0.6, clear + 1.0});
    }
    for (int end = 0; end < 2; end++) {
        const station *at = &t->stations[end ? t->count - 1 : 0];
        double half = at->half_m + LINING_M;
        bt_vec3 p[4] = {place(t, at, -half, clear), place(t, at, half, clear),
                        place(t, at, half, clear + 1.0), place(t, at, -half, clear + 1.0)};
        if (end)
            bt_mesh_add_quad(&t->mesh, p[0], p[1], p[2], p[3]);
        else
            bt_mesh_add_quad(&t->mesh, p[3], p[2], p[1], p[0]);
    }
    add_lamps(t, clear);
}

static void add_covered(tube *t)
{
    add_lining(t);
    add_shell(t);
    add_headwall(t, true);
    add_headwall(t, false);
    add_bank(t);
    add_lamps(t, 0.0);
}

static bt_status add_tunnel(bt_spec *spec, const bt_tunnel_desc *desc, const bt_tunnel *tunnel,
                            const bt_slot *slots)
{
    tube t = {.desc = desc, .tunnel = tunnel};
    bt_status status = make_stations(&t);
    if (!status && tunnel->underpass) add_underpass(&t);
    if (!status && !tunnel->underpass) add_covered(&t);
    uint32_t index = 0;
    if (!status) status = t.mesh.status;
    if (!status) status = bt_mesh_finish(&t.mesh, spec, "tunnel", slots, SLOT_COUNT, &index);
    bt_pose here = {t.origin, BT_QUAT_IDENTITY};
    if (!status) status = bt_spec_add_static(spec, index, here, 1.0, 0);
    bt_mesh_clear(&t.mesh);
    bt_free(t.stations);
    return status;
}

bt_status bt_tunnel_add(bt_spec *spec, const bt_tunnel_desc *desc)
{
    static const bt_palette_entry entries[SLOT_COUNT] = {
        [SLOT_LINING] = {"tunnel_lining", BT_CLASS_TUNNEL},
        [SLOT_SHELL] = {"concrete_wall", BT_CLASS_TUNNEL},
        [SLOT_EARTH] = {"grass", BT_CLASS_TERRAIN},
        [SLOT_LAMP] = {"lamp_tunnel", BT_CLASS_TUNNEL},
    };
    bt_slot slots[SLOT_COUNT];
    uint32_t count = bt_road_tunnel_count(desc->net);
    bt_status status = count > 0 ? bt_palette_find(spec, entries, SLOT_COUNT, slots) : BT_OK;
    for (uint32_t i = 0; i < count && !status; i++)
        status = add_tunnel(spec, desc, bt_road_tunnel_get(desc->net, i), slots);
    return status;
}
