// tile_through.c: pieces of a road between its gores, and the gores.
#include "procedural/roads/tile_through.h"

#include "engine/math/pose.h"

#include <math.h>
#include <stdlib.h>

#define RAMP_BESIDE_M 5.0 // of a ramp's axis from the lane's inner border it parts from
#define OPENS_M 5.0       // a lane of no width cannot begin at a road's end
#define CHANGE_M 200.0    // over which the section at a gate becomes the road's own
#define BEFORE_CHANGE_M 140.0
#define WORKS_ROOM_M 620.0
#define MAX_BREAKS 16
#define WIDE_M 70.0 // where a verge beside a ramp is wide again

// ---- frames -----------------------------------------------------------------------------------
bt_plan_pose through_pose(const through *th, int direction, double ahead_m, double left_m,
                          double heading_rad)
{
    double sign = direction == 0 ? 1.0 : -1.0;
    double c = bt_cos(th->origin.heading_rad);
    double s = bt_sin(th->origin.heading_rad);
    return (bt_plan_pose){th->origin.x_m + sign * (ahead_m * c - left_m * s),
                          th->origin.y_m + sign * (ahead_m * s + left_m * c),
                          th->origin.heading_rad + (direction == 0 ? 0.0 : BT_PI) + heading_rad};
}

bt_plan_pose through_ramp_pose(const through *th, int gore, int direction, bool off)
{
    const through_gore *g = &th->gores[gore];
    double at = direction == 0 ? g->at_m : -g->at_m;
    double lanes_m = bt_side_inner(&th->plain.right, BT_STRIP_DRIVE + th->plain.right.drive);
    return through_pose(th, direction, off ? at + g->half_m : at - g->half_m,
                        -lanes_m - RAMP_BESIDE_M, off ? -g->lean_rad : g->lean_rad);
}

void through_add_gore(through *th, double at_m, double half_m, double lean_rad, double z_m,
                      unsigned exits, unsigned enters)
{
    through_gore *g = &th->gores[th->gore_count++];
    *g = (through_gore){.at_m = at_m, .half_m = half_m, .lean_rad = lean_rad, .z_m = z_m};
    for (int d = 0; d < 2; d++) {
        g->exits[d] = (exits >> d & 1) != 0;
        g->enters[d] = (enters >> d & 1) != 0;
        g->off[d] = g->on[d] = THROUGH_NO_RAMP;
    }
}

// ---- a piece's sections -----------------------------------------------------------------------
// What a direction's lane beside the others is for, seen from one piece's low to its high end.
typedef struct aux_lane {
    bool low, high; // there at this end
    bt_side_use low_use, high_use;
} aux_lane;

typedef struct piece {
    double length_m, aux_m, taper_m;
    aux_lane aux[2];                // right (direction 0), left
    bool ramp_low[2], ramp_high[2]; // a ramp runs beside its end
    bt_cross_section ends[2];       // where the piece ends at an end of the road: its section there
    bool changes[2];
} piece;

static piece plan_piece(const through *th, int i, double length_m)
{
    const through_gore *low = i > 0 ? &th->gores[i - 1] : NULL;
    const through_gore *high = i < th->gore_count ? &th->gores[i] : NULL;
    piece p = {.length_m = length_m, .taper_m = th->taper_m};
    p.aux[0] = (aux_lane){low && low->enters[0], high && high->exits[0], BT_USE_ENTRY, BT_USE_EXIT};
    p.aux[1] = (aux_lane){low && low->exits[1], high && high->enters[1], BT_USE_EXIT, BT_USE_ENTRY};
    for (int k = 0; k < 2; k++) {
        p.ends[k] = th->ends[k].section;
        p.changes[k] = k == 0 ? low == NULL : high == NULL;
    }
    for (int k = 0; k < 2; k++) { // who leaves does so with travel, who comes against it
        p.ramp_low[k] = low && (k == 0 ? low->exits[0] : low->enters[1]);
        p.ramp_high[k] = high && (k == 0 ? high->enters[0] : high->exits[1]);
    }
    bool both = (p.aux[0].low || p.aux[1].low) && (p.aux[0].high || p.aux[1].high);
    double room = both ? 0.5 * length_m - OPENS_M : length_m - OPENS_M;
    p.aux_m = th->aux_m;
    if (p.aux_m + p.taper_m > room) p.aux_m = length_m - p.taper_m - OPENS_M;
    return p;
}

static bool weaves(const aux_lane *aux)
{
    return aux->low && aux->high;
}

// Is the lane of full width there?
static bool has_aux(const piece *p, const aux_lane *aux, double s_m)
{
    if (weaves(aux)) return true;
    if (aux->low) return s_m <= p->aux_m + 1e-6;
    return aux->high && s_m >= p->length_m - p->aux_m - 1e-6;
}

static double verge_at(const piece *p, int k, double full_m, double s_m)
{
    double from = 1e9;
    if (p->ramp_low[k]) from = s_m;
    if (p->ramp_high[k]) from = fmin(from, p->length_m - s_m);
    double share = bt_clamp((from - THROUGH_NARROW_M) / (WIDE_M - THROUGH_NARROW_M), 0.0, 1.0);
    return THROUGH_NARROW_VERGE_M + (full_m - THROUGH_NARROW_VERGE_M) * share;
}

// One end's use of the lane beside the others names the whole stretch.
static bt_side side_at(const piece *p, const bt_side *plain, int k, double s_m, bool named)
{
    const aux_lane *aux = &p->aux[k];
    bt_side side = *plain;
    side.verge_m = verge_at(p, k, plain->verge_m, s_m);
    if (has_aux(p, aux, s_m)) side.drive++;
    if (named) side.use = weaves(aux) ? BT_USE_WEAVE : aux->low ? aux->low_use : aux->high_use;
    return side;
}

static bt_stretch stretch_between(const through *th, const piece *p, double s0, double s1)
{
    bt_stretch s = {.s0_m = s0, .s1_m = s1, .from = th->plain, .to = th->plain};
    bt_side *const from[2] = {&s.from.right, &s.from.left};
    bt_side *const to[2] = {&s.to.right, &s.to.left};
    for (int k = 0; k < 2; k++) {
        const bt_side *plain = k == 0 ? &th->plain.right : &th->plain.left;
        const aux_lane *aux = &p->aux[k];
        bool named = has_aux(p, aux, s0) || has_aux(p, aux, s1);
        *from[k] = side_at(p, plain, k, s0, named);
        *to[k] = side_at(p, plain, k, s1, named);
    }
    return s;
}

static int compare_stations(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

// Stations where lanes and verges begin and cease to widen, each once.
static int find_breaks(const piece *p, double breaks[MAX_BREAKS])
{
    double all[MAX_BREAKS] = {0.0, p->length_m};
    int n = 2;
    for (int k = 0; k < 2; k++) {
        double full = p->aux[k].low ? p->aux_m : p->length_m - p->aux_m;
        if (p->aux[k].low != p->aux[k].high) {
            all[n++] = full;
            all[n++] = p->aux[k].low ? full + p->taper_m : full - p->taper_m;
        }
        if (p->length_m < 2.0 * WIDE_M) continue;
        if (p->ramp_low[k]) all[n++] = THROUGH_NARROW_M;
        if (p->ramp_low[k]) all[n++] = WIDE_M;
        if (p->ramp_high[k]) all[n++] = p->length_m - THROUGH_NARROW_M;
        if (p->ramp_high[k]) all[n++] = p->length_m - WIDE_M;
    }
    qsort(all, (size_t)n, sizeof *all, compare_stations);
    int count = 0;
    for (int i = 0; i < n; i++)
        if (count == 0 || all[i] > breaks[count - 1] + 1e-6) breaks[count++] = all[i];
    return count;
}

// Splits the plain stretch beside a gate so that it becomes the gate's section.
static int change_at_end(const piece *p, int end, bt_stretch *s, int n)
{
    bt_stretch plain = end == 0 ? s[0] : s[n - 1];
    double room = plain.s1_m - plain.s0_m;
    double before = fmin(BEFORE_CHANGE_M, 0.3 * room);
    double change = fmin(CHANGE_M, 0.5 * room);
    bt_cross_section gate = p->ends[end];
    if (end == 1) {
        double at = plain.s0_m + before;
        s[n - 1].s1_m = at;
        s[n++] = (bt_stretch){.s0_m = at, .s1_m = at + change, .from = plain.to, .to = gate};
        s[n++] = (bt_stretch){.s0_m = at + change, .s1_m = plain.s1_m, .from = gate, .to = gate};
        return n;
    }
    for (int i = n + 1; i > 1; i--)
        s[i] = s[i - 2];
    double at = plain.s1_m - before;
    s[0] = (bt_stretch){.s0_m = plain.s0_m, .s1_m = at - change, .from = gate, .to = gate};
    s[1] = (bt_stretch){.s0_m = at - change, .s1_m = at, .from = gate, .to = plain.from};
    s[2].s0_m = at;
    return n + 2;
}

static bool same_lanes(const bt_cross_section *a, const bt_cross_section *b)
{
    return a->left.drive == b->left.drive && bt_side_total(&a->left) == bt_side_total(&b->left);
}

static int plan_stretches(const through *th, const piece *p, bt_stretch *s)
{
    double breaks[MAX_BREAKS];
    int n = 0;
    int count = find_breaks(p, breaks);
    for (int i = 0; i + 1 < count; i++)
        s[n++] = stretch_between(th, p, breaks[i], breaks[i + 1]);
    for (int end = 0; end < 2; end++)
        if (p->changes[end] && !same_lanes(&p->ends[end], &th->plain))
            n = change_at_end(p, end, s, n);
    return n;
}

static bt_cross_section mirrored(bt_cross_section cross)
{
    bt_side left = cross.left;
    cross.left = cross.right;
    cross.right = left;
    return cross;
}

static void reverse(bt_stretch *s, int n, double length_m)
{
    for (int i = 0; i < n; i++)
        s[i] = (bt_stretch){.s0_m = length_m - s[i].s1_m,
                            .s1_m = length_m - s[i].s0_m,
                            .from = mirrored(s[i].to),
                            .to = mirrored(s[i].from)};
    for (int i = 0; i < n / 2; i++) {
        bt_stretch swap = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = swap;
    }
}

// The last lane before the interchange is closed for a while.
static int add_works(const through *th, uint32_t road, bt_stretch *s, int n)
{
    double room = s[0].s1_m;
    bool plain = s[0].from.right.use == BT_USE_PLAIN && same_lanes(&s[0].from, &th->plain);
    if (!th->works || th->reversed || !plain || room < WORKS_ROOM_M ||
        !bt_draw_chance(&th->t->draw, 0.3))
        return n;
    for (int i = n + 1; i > 1; i--)
        s[i] = s[i - 2];
    double s1 = room - 120.0;
    (void)tile_plan_works(th->plain, 140.0, s1, s);
    s[2].s0_m = s1;
    bt_layout_set_stretches(th->t->layout, road, s, n + 2);
    tile_add_works(th->t, road, &th->plain.right, 140.0, s1);
    return n + 2;
}

// ---- pieces -----------------------------------------------------------------------------------
static bool in_line(const through *th, const through_end *end)
{
    double aside = -(end->pose.x_m - th->origin.x_m) * bt_sin(th->origin.heading_rad) +
                   (end->pose.y_m - th->origin.y_m) * bt_cos(th->origin.heading_rad);
    return fabs(aside) < 1e-6 &&
           fabs(bt_wrap_angle(end->pose.heading_rad - th->origin.heading_rad)) < 1e-9;
}

static tile_road piece_road(const through *th, int i)
{
    bool first = i == 0;
    bool last = i == th->gore_count;
    const through_gore *low = first ? NULL : &th->gores[i - 1];
    const through_gore *high = last ? NULL : &th->gores[i];
    tile_road road = {
        .name = th->name,
        .type = th->type,
        .from = first ? th->ends[0].pose : through_pose(th, 0, low->at_m + low->half_m, 0.0, 0.0),
        .to = last ? th->ends[1].pose : through_pose(th, 0, high->at_m - high->half_m, 0.0, 0.0),
        .z0_m = first ? th->ends[0].z_m : low->z_m,
        .z1_m = last ? th->ends[1].z_m : high->z_m,
        .speed_km_h = th->speed_km_h,
        .e_max = th->e_max};
    const double beside_gore = th->aux_m + th->taper_m + 60.0;
    if (first && !in_line(th, &th->ends[0])) {
        road.straight0_m = th->ends[0].straight_m;
        road.straight1_m = last ? th->ends[1].straight_m : beside_gore;
    }
    if (last && !first && !in_line(th, &th->ends[1])) {
        road.straight0_m = beside_gore;
        road.straight1_m = th->ends[1].straight_m;
    }
    return road;
}

static void turn_round(tile_road *road)
{
    tile_road was = *road;
    road->from = was.to;
    road->to = was.from;
    road->from.heading_rad += BT_PI;
    road->to.heading_rad += BT_PI;
    road->z0_m = was.z1_m;
    road->z1_m = was.z0_m;
    road->straight0_m = was.straight1_m;
    road->straight1_m = was.straight0_m;
}

static void dress_piece(through *th, int i)
{
    uint32_t road = th->pieces[i];
    const through_gore *low = i > 0 ? &th->gores[i - 1] : NULL;
    const through_gore *high = i < th->gore_count ? &th->gores[i] : NULL;
    if (low == NULL && th->ends[0].edge >= 0) tile_note_gate(th->t, th->ends[0].edge, 0, road);
    if (high == NULL && th->ends[1].edge >= 0) tile_note_gate(th->t, th->ends[1].edge, 0, road);
    if (low == NULL || high == NULL) tile_speed_signs(th->t, road);
    tile_curve_signs(th->t, road);
    int lanes = th->plain.right.drive;
    if (high && high->exits[0]) tile_exit_signs(th->t, road, !th->reversed, lanes);
    if (low && low->exits[1]) tile_exit_signs(th->t, road, th->reversed, lanes);
}

static void add_piece(through *th, int i)
{
    bt_layout *l = th->t->layout;
    tile_road road = piece_road(th, i);
    if (th->reversed) turn_round(&road);
    uint32_t index = tile_add_road(th->t, &road);
    th->pieces[i] = index;
    if (l->status != BT_OK) return;
    double length = l->roads[index].street->alignment.length_m;
    piece p = plan_piece(th, i, length);
    bt_stretch s[BT_STREET_MAX_SECTIONS];
    int n = plan_stretches(th, &p, s);
    if (th->reversed) reverse(s, n, length);
    l->roads[index].start = s[0].from;
    l->roads[index].end = s[n - 1].to;
    bt_layout_set_stretches(l, index, s, n);
    (void)add_works(th, index, s, n);
    dress_piece(th, i);
}

void through_add_pieces(through *th)
{
    for (int i = 0; i <= th->gore_count && th->t->layout->status == BT_OK; i++)
        add_piece(th, i);
}

// ---- gores ------------------------------------------------------------------------------------
// A ramp's arm at a gore and its movement.
static bt_movement ramp_movement(const through *th, const through_gore *g, int direction, bool off,
                                 const bt_arm *highway, bt_arm *ramp)
{
    double turn = th->origin.heading_rad + (direction == 0 ? 0.0 : BT_PI);
    *ramp = (bt_arm){off ? g->off[direction] : g->on[direction], !off,
                     off ? turn - g->lean_rad : turn + g->lean_rad + BT_PI, false, 0.0};
    int lanes = th->plain.right.drive;
    bt_movement m = {.in = off ? highway : ramp,
                     .out = off ? ramp : highway,
                     .lanes = 1,
                     .outer = true,
                     .left_opens = off,
                     .left_closes = !off};
    *(off ? &m.in_first : &m.out_first) = lanes;
    return m;
}

static void connect_gore(through *th, int i)
{
    const through_gore *g = &th->gores[i];
    double along = th->origin.heading_rad;
    int lanes = th->plain.right.drive;
    bt_arm low = {th->pieces[i], !th->reversed, along + BT_PI, true, 0.0};
    bt_arm high = {th->pieces[i + 1], th->reversed, along, true, 0.0};
    bt_arm ramps[4];
    const bt_arm *arms[6] = {&low, &high};
    bt_movement moves[6] = {
        {.in = &low, .out = &high, .lanes = lanes, .outer = !g->exits[0] && !g->enters[0]},
        {.in = &high, .out = &low, .lanes = lanes, .outer = !g->exits[1] && !g->enters[1]}};
    for (int d = 0; d < 2; d++) {
        moves[d].outer_opens = g->exits[d];
        moves[d].outer_closes = g->enters[d];
    }
    int n = 2;
    for (int d = 0; d < 2; d++)
        for (int off = 0; off < 2; off++) {
            if (!(off ? g->exits[d] : g->enters[d])) continue;
            const bt_arm *highway = (d == 0) == (off == 1) ? &low : &high;
            arms[n] = &ramps[n - 2];
            moves[n] = ramp_movement(th, g, d, off == 1, highway, &ramps[n - 2]);
            n++;
        }
    uint32_t j = bt_layout_begin_junction(th->t->layout, "Ramps", arms, n);
    bt_layout *l = th->t->layout;
    uint32_t first = (uint32_t)l->road_count;
    for (int k = 0; k < n; k++) {
        moves[k].marked = true;
        bt_layout_add_movement(l, j, &moves[k]);
        bool off = moves[k].left_opens;
        if (off) tile_mark_gore(l, first + (moves[k].in == &high), first + (uint32_t)k);
    }
}

void through_connect(through *th)
{
    for (int i = 0; i < th->gore_count && th->t->layout->status == BT_OK; i++)
        connect_gore(th, i);
}
