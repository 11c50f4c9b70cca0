// edge.c: see edge.h.
#include "engine/sim/edge.h"

#include <math.h>

#define EDGE_MOST_M 0.3 // no kerb is higher
#define STEP_LEAST_M 1e-3
#define WIDE_LEAST_M 1e-3 // narrower is no kerb: islands begin from nothing
#define PITCH_MOST 0.2    // of a body over an edge, rad
#define TREAD 0.4999      // of its width, to either side: all but what rounding may put outside
#define INNER_LEAST 0.05  // of a border's length on the inner side of a bend
#define LANES_MOST 3      // looked at on either side
#define SECTIONS_MOST 16u
#define JOINED_MOST 8u
#define ACROSS_MOST 64u // lanes of a section
#define FITS_M 5e-5     // halves fit eight times better
#define FITS_UP_M 5e-4
#define BENDS_M 0.02 // that an edge goes off the middle between two of its points
#define HALVES_MOST 6
#define RAMP_LOOKS 8 // along an edge that climbs
#define LEVELS_MOST 16
#define FAR_M 1e9
#define LEVEL_LEAST_M 0.003 // that another road is higher
#define OTHER_AHEAD 0.6     // of its radius: there other roads are looked for too
#define OTHER_NEAR_M 0.01
#define OWN_SURE_M 0.02 // a road bends by less over a tyre

// How far a rigid wheel's underside is above its lowest point, u ahead of it.
static double roundness(double radius, double u)
{
    return fabs(u) < radius ? radius - sqrt(radius * radius - u * u) : radius;
}

// How far ahead of its middle the highest edge lifts it.
static double ahead_most(const bt_wheel_shape *w)
{
    double edge = fmin(EDGE_MOST_M, w->radius_m);
    return sqrt(edge * (2.0 * w->radius_m - edge));
}

// ---- one edge ---------------------------------------------------------------------------------
// A parabola: m + d x + c x^2, x in [-1, 1].
typedef struct arc {
    bt_vec3 m, d, c;
} arc;

static arc arc_through(const bt_vec3 p[3])
{
    bt_vec3 mean = bt_vec3_scale(bt_vec3_add(p[0], p[2]), 0.5);
    return (arc){p[1], bt_vec3_scale(bt_vec3_sub(p[2], p[0]), 0.5), bt_vec3_sub(mean, p[1])};
}

static double lift_at(const bt_wheel_shape *w, const arc *a, double x)
{
    if (fabs(x) > 1.0) return 0.0;
    bt_vec3 p = bt_vec3_mad(bt_vec3_mad(a->m, a->d, x), a->c, x * x);
    if (fabs(p.y) > TREAD * w->width_m + 1e-9) return 0.0;
    return fmax(0.0, p.z - roundness(w->radius_m, p.x));
}

// Where m + d x + c x^2 is some value: at most twice.
static int solve(double m, double d, double c, double value, double x[2])
{
    double root = d * d - 4.0 * c * (m - value);
    if (root < 0.0) return 0;
    double q = -0.5 * (d + (d < 0.0 ? -sqrt(root) : sqrt(root)));
    int count = 0;
    if (fabs(q) > 1e-12) x[count++] = (m - value) / q;
    if (fabs(c) > 1e-12) x[count++] = q / c;
    return count;
}

// It is highest over the tyre where it is nearest to below the hub: at its ends, on the flanks, below the hub, or between; one
// that climbs along its course is looked at here and there besides.
double bt_wheel_over_edge(const bt_wheel_shape *w, const bt_vec3 p[3])
{
    arc a = arc_through(p);
    double flank = TREAD * w->width_m, x[8], lift = 0.0;
    int count = solve(a.m.y, a.d.y, a.c.y, flank, x);
    count += solve(a.m.y, a.d.y, a.c.y, -flank, &x[count]);
    count += solve(a.m.x, a.d.x, a.c.x, 0.0, &x[count]);
    if (fabs(a.c.x) > 1e-12) x[count++] = -0.5 * a.d.x / a.c.x;
    for (int i = 0; i < count; i++)
        lift = fmax(lift, lift_at(w, &a, x[i]));
    bool climbs = fabs(a.d.z) + fabs(a.c.z) > STEP_LEAST_M;
    int looks = climbs ? RAMP_LOOKS : 1;
    for (int i = 0; i <= looks; i++)
        lift = fmax(lift, lift_at(w, &a, 2.0 * i / looks - 1.0));
    return lift;
}

// ---- below a tread ----------------------------------------------------------------------------
typedef struct tread {
    bt_vec3 place, up;                      // on the surface, and its up
    double cos_heading, sin_heading, hub_m; // the hub is so far ahead of the place
    double ahead_m, around_m;               // of the hub: where edges may lift it
    const bt_wheel_shape *shape;
} tread;

double bt_hub_ahead(const bt_pose *surface, const bt_wheel_stance *stance, double radius_m)
{
    bt_vec3 up = bt_pose_dir(*surface, bt_vec3_make(0.0, 0.0, 1.0));
    bt_vec3 lean = bt_vec3_sub(stance->up, up);
    return radius_m * (lean.x * bt_cos(stance->heading_rad) + lean.y * bt_sin(stance->heading_rad));
}

static tread tread_at(const bt_road_network *net, bt_vec3 place, const bt_road_location *at,
                      const bt_wheel_stance *stance, const bt_wheel_shape *w)
{
    bt_pose pose = bt_road_pose(net, at->road, at->s_m, at->t_m);
    double ahead = ahead_most(w);
    place.z -= at->height_m;
    return (tread){.place = place,
                   .up = bt_pose_dir(pose, bt_vec3_make(0.0, 0.0, 1.0)),
                   .cos_heading = bt_cos(stance->heading_rad),
                   .sin_heading = bt_sin(stance->heading_rad),
                   .hub_m = bt_hub_ahead(&pose, stance, w->radius_m),
                   .ahead_m = ahead,
                   .around_m = bt_hypot(ahead, 0.5 * w->width_m),
                   .shape = w};
}

// Of a place: how far it is ahead of the wheel's middle, to its left, and over the surface.
static bt_vec3 from_tread(const tread *t, bt_vec3 place)
{
    bt_vec3 d = bt_vec3_sub(place, t->place);
    return (bt_vec3){d.x * t->cos_heading + d.y * t->sin_heading - t->hub_m,
                     d.y * t->cos_heading - d.x * t->sin_heading, bt_vec3_dot(d, t->up)};
}

// ---- along a border ---------------------------------------------------------------------------
// The border between a lane and that beyond it towards greater t, as a tread sees it; or the last one of a road, on some side.
typedef struct border {
    const bt_road_network *net;
    const tread *tread;
    uint32_t lane, beyond; // BT_ROAD_NONE: it is the last
    bool left;             // of the lane: the last one
    double other_m;        // over the ground: what lies beyond the last one, 0: nothing does
} border;

typedef struct border_point {
    bt_vec3 at; // of the higher side
    double s_m, step_m;
} border_point;

static border_point last_at(const border *b, double s_m)
{
    bool outer = (bt_road_lane_get(b->net, b->lane)->id > 0) == b->left;
    bt_vec3 at = from_tread(b->tread, bt_lane_border_point(b->net, b->lane, s_m, outer));
    if (b->other_m > 0.0) at.z = b->other_m;
    return (border_point){at, s_m, at.z};
}

static border_point border_at(const border *b, double s_m)
{
    bt_vec3 sides[2];
    if (b->beyond == BT_ROAD_NONE) return last_at(b, s_m);
    uint32_t lanes[2] = {b->lane, b->beyond};
    if (!bt_lane_border_sides(b->net, b->lane, s_m, sides)) return last_at(b, s_m);
    int high = sides[1].z > sides[0].z;
    double step = sides[high].z - sides[!high].z;
    if (step > STEP_LEAST_M && bt_lane_width(b->net, lanes[high], s_m) < WIDE_LEAST_M) {
        high = !high;
        step = 0.0;
    }
    return (border_point){from_tread(b->tread, sides[high]), s_m, step};
}

static bool beyond_all(double a, double b, double c, double most)
{
    double slack = BENDS_M + fabs(0.5 * (a + c) - b);
    return (fmin(fmin(a, b), c) > most + slack) || (fmax(fmax(a, b), c) < -most - slack);
}

// Cannot what goes through three points lift the wheel?
static bool misses(const tread *t, const border_point p[3])
{
    if (fmax(fmax(p[0].step_m, p[1].step_m), p[2].step_m) < STEP_LEAST_M) return true;
    return beyond_all(p[0].at.x, p[1].at.x, p[2].at.x, t->ahead_m) ||
           beyond_all(p[0].at.y, p[1].at.y, p[2].at.y, 0.5 * t->shape->width_m);
}

// Is the parabola through three points of an edge where a fourth is, a quarter along (or three)? Off it along its course is no matter.
static bool fits(const border_point p[3], bool late, bt_vec3 fourth)
{
    bt_vec3 a = p[late ? 2 : 0].at, c = p[late ? 0 : 2].at;
    bt_vec3 there = bt_vec3_mad(bt_vec3_scale(a, 0.375), p[1].at, 0.75);
    bt_vec3 off = bt_vec3_sub(fourth, bt_vec3_mad(there, c, -0.125));
    double dx = c.x - a.x, dy = c.y - a.y, length = fmax(bt_hypot(dx, dy), 1e-9);
    return fabs(off.x * dy - off.y * dx) < FITS_M * length && fabs(off.z) < FITS_UP_M;
}

static double rise_between(const border *b, const border_point p[3], int halves)
{
    if (misses(b->tread, p)) return 0.0;
    border_point first = border_at(b, 0.5 * (p[0].s_m + p[1].s_m));
    border_point last = border_at(b, 0.5 * (p[1].s_m + p[2].s_m));
    border_point low[3] = {p[0], first, p[1]}, high[3] = {p[1], last, p[2]};
    if (halves > 0 && !(fits(p, false, first.at) && fits(p, true, last.at)))
        return fmax(rise_between(b, low, halves - 1), rise_between(b, high, halves - 1));
    const bt_wheel_shape *w = b->tread->shape;
    return fmax(bt_wheel_over_edge(w, (bt_vec3[3]){low[0].at, low[1].at, low[2].at}),
                bt_wheel_over_edge(w, (bt_vec3[3]){high[0].at, high[1].at, high[2].at}));
}

static double rise_along(const border *b, double from_m, double to_m)
{
    border_point p[3];
    for (int i = 0; i < 3; i++)
        p[i] = border_at(b, bt_lerp(from_m, to_m, 0.5 * i));
    return rise_between(b, p, HALVES_MOST);
}

// ---- the wheel's own section ------------------------------------------------------------------
// How far along the road to look for what is near the tread at some t: less on the inner side of a bend.
static double stretch(const tread *t, double curvature_1_m, double t_m)
{
    return 1.1 * (t->around_m + fabs(t->hub_m)) / fmax(1.0 - curvature_1_m * t_m, INNER_LEAST);
}

// Over the borders towards greater t (or smaller), the nearest away_m off.
static double rise_beside(const bt_road_network *net, const bt_road_location *at, bool left,
                          double away_m, double reach_m, double curvature_1_m, const tread *t)
{
    const bt_lane *l = bt_road_lane_get(net, at->lane);
    uint32_t lane = at->lane;
    double rise = 0.0;
    for (int i = 0; i < LANES_MOST && away_m < reach_m; i++) {
        bool forward = bt_road_lane_get(net, lane)->forward;
        uint32_t next = bt_lane_neighbour(net, lane, forward == left ? 1 : -1);
        if (next == BT_ROAD_NONE) break;
        if (bt_lane_is_raised(net, lane) || bt_lane_is_raised(net, next)) {
            border b = {
                .net = net, .tread = t, .lane = left ? lane : next, .beyond = left ? next : lane};
            double along = stretch(t, curvature_1_m, at->t_m + (left ? away_m : -away_m));
            rise = fmax(rise, rise_along(&b, fmax(l->s0_m, at->s_m - along),
                                         fmin(l->s1_m, at->s_m + along)));
        }
        away_m += bt_lane_width(net, next, at->s_m);
        lane = next;
    }
    return rise;
}

// ---- sections joined to it --------------------------------------------------------------------
// A section into which the surface goes on at its start, or at its end; so far from the tread's section.
typedef struct entered {
    uint32_t section;
    bool at_end;
    double away_m;
} entered;

static double rise_of_end(const tread *t, bt_vec3 p, bt_vec3 q)
{
    bt_vec3 middle = bt_vec3_lerp(p, q, 0.5);
    const border_point through[3] = {{p, 0.0, p.z}, {middle, 0.0, middle.z}, {q, 0.0, q.z}};
    if (misses(t, through)) return 0.0;
    return bt_wheel_over_edge(t->shape, (bt_vec3[3]){p, middle, q});
}

// The border on the left of one of its lanes, which begins somewhere, as far as that is near.
static double rise_of_begun(const bt_road_network *net, const entered *e, uint32_t lane,
                            bt_vec3 begins, const tread *t)
{
    const bt_lane *l = bt_road_lane_get(net, lane);
    double far = bt_hypot(begins.x, begins.y), from = e->at_end ? l->s1_m : l->s0_m;
    uint32_t beyond = bt_lane_neighbour(net, lane, l->forward ? 1 : -1);
    if (beyond == BT_ROAD_NONE || l->id == 0 || far > 2.0 * t->around_m + fabs(t->hub_m))
        return 0.0;
    if (!bt_lane_is_raised(net, lane) && !bt_lane_is_raised(net, beyond)) return 0.0;
    double curvature, inner, outer;
    bt_road_heading(net, l->road, from, NULL, &curvature);
    bt_lane_borders(net, lane, from, &inner, &outer);
    double rate = fmax(1.0 - curvature * fmax(inner, outer), INNER_LEAST);
    double along = (far + t->around_m) / rate;
    border b = {.net = net, .tread = t, .lane = lane, .beyond = beyond};
    return rise_along(&b, from, bt_clamp(from + (e->at_end ? -along : along), l->s0_m, l->s1_m));
}

// Where one that has been entered begins: the ends of its lanes, and its borders from there on.
static double rise_beyond(const bt_road_network *net, const entered *e, const tread *t)
{
    const bt_lane_section *sec = bt_road_section_get(net, e->section);
    bt_vec3 ends[2 * ACROSS_MOST];
    uint32_t count = bt_road_section_borders(net, e->section, e->at_end ? sec->s1_m : sec->s0_m,
                                             ACROSS_MOST, ends);
    double rise = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        bt_vec3 p = from_tread(t, ends[2 * i]), q = from_tread(t, ends[2 * i + 1]);
        rise = fmax(rise, rise_of_end(t, p, q));
        rise = fmax(rise, rise_of_begun(net, e, sec->first_lane + i, p, t));
    }
    return rise;
}

// Adds the sections that a section's lanes go on in at its end (or start), each once.
static uint32_t add_beyond(const bt_road_network *net, uint32_t section, bool at_end, double away_m,
                           entered *all, uint32_t count)
{
    const bt_lane_section *sec = bt_road_section_get(net, section);
    uint32_t joined[JOINED_MOST];
    for (uint32_t lane = sec->first_lane; lane < sec->first_lane + sec->lane_count; lane++) {
        uint32_t found = bt_road_lane_get(net, lane)->forward == at_end
                             ? bt_lane_successors(net, lane, joined, JOINED_MOST)
                             : bt_lane_predecessors(net, lane, joined, JOINED_MOST);
        for (uint32_t i = 0; i < found && i < JOINED_MOST && count < SECTIONS_MOST; i++) {
            const bt_lane *here = bt_road_lane_get(net, lane);
            const bt_lane *l = bt_road_lane_get(net, joined[i]);
            bool same_way = here->forward == l->forward; // of s
            entered e = {l->section, at_end != same_way, away_m};
            uint32_t k = 0;
            while (k < count && (all[k].section != e.section || all[k].at_end != e.at_end))
                k++;
            if (k == count && e.section != section) all[count++] = e;
        }
    }
    return count;
}

static double rise_of_joined(const bt_road_network *net, const bt_road_location *at, const tread *t)
{
    const bt_lane *l = bt_road_lane_get(net, at->lane);
    double reach = t->around_m + fabs(t->hub_m), rise = 0.0;
    double away[2] = {at->s_m - l->s0_m, l->s1_m - at->s_m};
    entered all[SECTIONS_MOST];
    uint32_t count = 0;
    for (int end = 0; end < 2; end++) {
        // a place beyond all lanes may lie before its own road's end
        if (away[end] <= 0.0) all[count++] = (entered){l->section, end == 1, 0.0};
        if (away[end] < reach) count = add_beyond(net, l->section, end == 1, away[end], all, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        const bt_lane_section *sec = bt_road_section_get(net, all[i].section);
        double out = all[i].away_m + sec->s1_m - sec->s0_m;
        rise = fmax(rise, rise_beyond(net, &all[i], t));
        if (out < reach) count = add_beyond(net, all[i].section, !all[i].at_end, out, all, count);
    }
    return rise;
}

// ---- other roads ------------------------------------------------------------------------------
// Along the borders of a lane.
static double rise_round(const bt_road_network *net, const bt_road_location *at, double other_m,
                         bool last_only, const tread *t)
{
    const bt_lane *l = bt_road_lane_get(net, at->lane);
    double curvature, rise = 0.0;
    bt_road_heading(net, at->road, at->s_m, NULL, &curvature);
    double along = stretch(t, curvature, at->t_m);
    for (int left = 0; left < 2; left++) {
        uint32_t next = bt_lane_neighbour(net, at->lane, l->forward == (left == 1) ? 1 : -1);
        if (next != BT_ROAD_NONE && last_only) continue;
        border b = {.net = net, .tread = t, .lane = at->lane, .beyond = next};
        if (next == BT_ROAD_NONE) {
            b.left = left == 1;
            b.other_m = other_m;
        } else if (left == 0) {
            b.lane = next;
            b.beyond = at->lane;
        }
        rise = fmax(rise,
                    rise_along(&b, fmax(l->s0_m, at->s_m - along), fmin(l->s1_m, at->s_m + along)));
    }
    return rise;
}

// What lies under the tread at a place where its own road does not: how far the highest there lifts it.
static double rise_of_other(const bt_road_network *net, const bt_road_location *own, const tread *t,
                            bt_vec3 place, double ahead_m)
{
    bt_road_location at[LEVELS_MOST];
    uint32_t count = bt_road_locate_all(net, place, at, LEVELS_MOST);
    double rise = 0.0;
    for (uint32_t i = 0; i < count && i < LEVELS_MOST; i++)
        if (at[i].road == own->road) return 0.0;
    for (uint32_t i = 0; i < count && i < LEVELS_MOST; i++) {
        double height = bt_vec3_dot(bt_vec3_sub(place, t->place), t->up) - at[i].height_m;
        if (height < LEVEL_LEAST_M || height > EDGE_MOST_M) continue;
        // where its lane begins, or own road's last border ends: what of both is nearer to below the hub
        double begins = ahead_m == 0.0 ? height : rise_round(net, &at[i], 0.0, false, t);
        rise = fmax(rise, fmin(begins, rise_round(net, own, height, true, t)));
    }
    return rise;
}

// Is a place on the same lane, surely? It lies so far along the road and to the left of one that is known.
static bool on_own(const bt_road_network *net, const bt_road_location *at, double along_m,
                   double left_m)
{
    const bt_lane *l = bt_road_lane_get(net, at->lane);
    double s = at->s_m + along_m, t = at->t_m + left_m, inner, outer;
    if (s < l->s0_m + OWN_SURE_M || s > l->s1_m - OWN_SURE_M) return false;
    bt_lane_borders(net, at->lane, s, &inner, &outer);
    return t > fmin(inner, outer) + OWN_SURE_M && t < fmax(inner, outer) - OWN_SURE_M;
}

// Under its flank where it hangs over the last border of its own.
static double rise_of_others(const bt_road_network *net, const bt_road_location *at, bool left,
                             double away_m, const bt_wheel_stance *stance, const tread *t)
{
    const bt_wheel_shape *w = t->shape;
    double heading, rise = 0.0;
    bt_road_heading(net, at->road, at->s_m, &heading, NULL);
    double along = bt_cos(stance->heading_rad - heading),
           across = bt_sin(stance->heading_rad - heading);
    double reach = 0.5 * w->width_m * fabs(along) + OTHER_AHEAD * w->radius_m * fabs(across);
    if (away_m > reach + OTHER_NEAR_M) return 0.0;
    double flank = left == (along > 0.0) ? TREAD * w->width_m : -TREAD * w->width_m;
    for (int i = -1; i <= 1; i++) {
        double ahead = OTHER_AHEAD * i * w->radius_m, u = ahead + t->hub_m;
        if (on_own(net, at, u * along - flank * across, u * across + flank * along)) continue;
        bt_vec3 p = {t->place.x + u * t->cos_heading - flank * t->sin_heading,
                     t->place.y + u * t->sin_heading + flank * t->cos_heading, t->place.z};
        rise = fmax(rise, rise_of_other(net, at, t, p, ahead));
    }
    return rise;
}

// ---- all --------------------------------------------------------------------------------------
// The outermost lane that a place beside its road's lanes is nearest to.
static uint32_t lane_near(const bt_road_network *net, const bt_road_location *at)
{
    const bt_road *road = bt_road_get(net, at->road);
    uint32_t section = road->first_section, last = section + road->section_count - 1;
    if (road->section_count == 0) return BT_ROAD_NONE;
    while (section < last && bt_road_section_get(net, section + 1)->s0_m <= at->s_m)
        section++;
    const bt_lane_section *sec = bt_road_section_get(net, section);
    uint32_t leftmost = sec->first_lane, rightmost = leftmost + sec->lane_count - 1;
    double inner, outer, right;
    if (leftmost == rightmost) return BT_ROAD_NONE;
    if (bt_road_lane_get(net, leftmost)->id == 0) leftmost++;
    if (bt_road_lane_get(net, rightmost)->id == 0) rightmost--;
    bt_lane_borders(net, leftmost, at->s_m, &inner, &outer);
    bt_lane_borders(net, rightmost, at->s_m, &inner, &right);
    return at->t_m > 0.5 * (outer + right) ? leftmost : rightmost;
}

double bt_edges_rise(const bt_road_network *net, bt_vec3 place, const bt_road_location *found,
                     const bt_wheel_stance *stance, const bt_wheel_shape *w, double *last_m)
{
    *last_m = FAR_M;
    bt_road_location at = *found;
    double reach = ahead_most(w) + 0.5 * w->width_m + PITCH_MOST * w->radius_m;
    double inner, outer, curvature;
    if (at.lane == BT_ROAD_NONE && at.distance_m < reach) at.lane = lane_near(net, &at);
    if (at.lane == BT_ROAD_NONE) return 0.0;
    const bt_lane *l = bt_road_lane_get(net, at.lane);
    bt_lane_borders(net, at.lane, at.s_m, &inner, &outer);
    double left = fmax(inner, outer) - at.t_m, right = at.t_m - fmin(inner, outer);
    bool beside = fmin(left, right) < reach;
    if (!beside && fmin(at.s_m - l->s0_m, l->s1_m - at.s_m) > reach) return 0.0;
    tread t = tread_at(net, place, &at, stance, w);
    double rise = rise_of_joined(net, &at, &t);
    if (!beside) return rise;
    bool last_left = left < right; // so near may be the last border of its road
    if (found->lane != BT_ROAD_NONE && fmin(left, right) < w->radius_m &&
        bt_lane_neighbour(net, at.lane, l->forward == last_left ? 1 : -1) == BT_ROAD_NONE) {
        *last_m = fmin(left, right);
        rise = fmax(rise, rise_of_others(net, &at, last_left, *last_m, stance, &t));
    }
    bt_road_heading(net, at.road, at.s_m, NULL, &curvature);
    rise = fmax(rise, rise_beside(net, &at, true, left, reach, curvature, &t));
    return fmax(rise, rise_beside(net, &at, false, right, reach, curvature, &t));
}
