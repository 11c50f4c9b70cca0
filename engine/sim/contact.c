// contact.c: see contact.h.
#include "engine/sim/contact.h"

#include <math.h>

#define EDGE_MOST_M 0.3  // no kerb is higher
#define PITCH_MOST 0.2   // of a body over an edge, rad
#define LEVEL_RAD 0.03   // a body that leans less stands on ground that is about level: under 1 mm
#define LEVEL_SHARE 0.99 // of that, where its sine and its angle are as good as the same
#define LANES_MOST 3     // looked at on either side
#define LEVELS_MOST 16
#define ONE_LEVEL_M 0.03
#define TURN_M 0.1
#define JOINED_MOST 8
#define CLIMB_LOOKS 4
#define CLIMB_LOOK_M 0.002 // on a body that leans by 5 % 0.1 mm aside
#define SLOPE_MOST (-0.1)
#define UPRIGHT_LEAST 0.2
#define SAME_M 1e-3 // levels: the lane whose middle is nearer counts

// How far a rigid wheel's underside is above its lowest point, u ahead of it.
static double roundness(double radius, double u)
{
    return u < radius ? radius - sqrt(radius * radius - u * u) : radius;
}

// Of the edge's nearest point under the tread: how far along its course a wheel meets it, ahead or behind; false: it bends
// away before. A flank h beside the course meets the edge u along it: u sin + h cos = away + bend (u cos - h sin)^2 / 2.
static bool meets_edge(const bt_wheel_shape *w, double away_m, double angle_rad, double bend_1_m,
                       double *along_m)
{
    double along = fabs(sin(angle_rad)), across = fabs(cos(angle_rad)), h = 0.5 * w->width_m;
    double beyond = away_m - h * across; // of the tread's nearest flank
    *along_m = 0.0;
    if (beyond <= 0.0) return true;
    // a u^2 - b u + c = 0
    double a = 0.5 * bend_1_m * across * across, b = along * (1.0 + bend_1_m * across * h);
    double c = beyond + 0.5 * bend_1_m * h * h * along * along, root = b * b - 4.0 * a * c;
    if (root < 0.0) return false;
    *along_m = 2.0 * c / fmax(b + sqrt(root), 1e-9);
    return true;
}

double bt_wheel_over_edge(const bt_wheel_shape *w, double away_m, double angle_rad, double bend_1_m,
                          double rise_m)
{
    double u;
    if (!meets_edge(w, away_m, angle_rad, bend_1_m, &u)) return 0.0;
    return fmax(0.0, rise_m - roundness(w->radius_m, u));
}

// Towards greater t, or smaller.
static uint32_t lane_beside(const bt_road_network *net, uint32_t lane, bool left)
{
    return bt_lane_neighbour(net, lane, bt_road_lane_get(net, lane)->forward == left ? 1 : -1);
}

static double border_height(const bt_road_network *net, uint32_t lane, double s_m, bool left)
{
    bool outer = (bt_road_lane_get(net, lane)->id > 0) == left;
    return bt_lane_border_point(net, lane, s_m, outer).z;
}

// Turn of a lane's border against the reference line, where its width changes.
static double border_turn(const bt_road_network *net, uint32_t lane, double s_m, bool left,
                          double curvature_1_m)
{
    const bt_lane *l = bt_road_lane_get(net, lane);
    double from = bt_clamp(s_m - TURN_M, l->s0_m, l->s1_m),
           to = bt_clamp(s_m + TURN_M, from, l->s1_m);
    double a[2], b[2];
    bt_lane_borders(net, lane, from, &a[0], &a[1]);
    bt_lane_borders(net, lane, to, &b[0], &b[1]);
    double first = left ? fmax(a[0], a[1]) : fmin(a[0], a[1]);
    double last = left ? fmax(b[0], b[1]) : fmin(b[0], b[1]);
    return atan2(last - first, (to - from) * fmax(1.0 - curvature_1_m * first, 0.05));
}

// Of the border at some t, away from a place to its right (or left).
static double bend_away(double curvature_1_m, double t_m, bool left)
{
    double bend = curvature_1_m / fmax(1.0 - curvature_1_m * t_m, 0.05);
    return left ? bend : -bend;
}

// How much higher than a lane's the surface is beyond so many borders beside it, at a station: kerbs come and go by ramps.
static double level_beside(const bt_road_network *net, uint32_t lane, double s_m, bool left,
                           int borders)
{
    double level = 0.0;
    for (int i = 1;; i++) {
        uint32_t next = lane_beside(net, lane, left);
        double near = border_height(net, next, s_m, !left);
        level += near - border_height(net, lane, s_m, left);
        if (i == borders) return level;
        level += border_height(net, next, s_m, left) - near;
        lane = next;
    }
}

// How far along the road from its middle a wheel's flank meets an edge: ahead when its course leads there.
static double station_met(const bt_wheel_shape *w, double along_m, double angle_rad, bool left)
{
    double c = cos(angle_rad), s = sin(angle_rad), h = 0.5 * w->width_m;
    double u = (s > 0.0) == left ? along_m : -along_m;
    return u * c - (left == (c > 0.0) ? h : -h) * s;
}

static double rise_beside(const bt_road_network *net, const bt_road_location *at, bool left,
                          double away_m, double reach_m, double angle_rad, double curvature_1_m,
                          const bt_wheel_shape *w)
{
    double rise = 0.0, u;
    uint32_t lane = at->lane;
    for (int i = 0; i < LANES_MOST && away_m < reach_m; i++) {
        uint32_t next = lane_beside(net, lane, left);
        if (next == BT_ROAD_NONE) break;
        double bend = bend_away(curvature_1_m, at->t_m + (left ? away_m : -away_m), left);
        double angle = angle_rad - border_turn(net, lane, at->s_m, left, curvature_1_m);
        if (meets_edge(w, away_m, angle, bend, &u)) {
            double s = at->s_m + station_met(w, u, angle, left);
            double level = level_beside(net, at->lane, s, left, i + 1);
            rise = fmax(rise, level - roundness(w->radius_m, u));
        }
        away_m += bt_lane_width(net, next, at->s_m);
        lane = next;
    }
    return rise;
}

// How far the hub is ahead of the place below which it stands on the surface.
static double hub_ahead(const bt_road_network *net, const bt_road_location *at,
                        const bt_wheel_stance *stance, double radius_m)
{
    bt_pose surface = bt_road_pose(net, at->road, at->s_m, at->t_m);
    bt_vec3 lean = bt_vec3_sub(stance->up, bt_pose_dir(surface, bt_vec3_make(0.0, 0.0, 1.0)));
    return radius_m * (lean.x * cos(stance->heading_rad) + lean.y * sin(stance->heading_rad));
}

// ---- ends of kerbs ----------------------------------------------------------------------------
// Where a road goes on with kerbs that begin there (an island's end in a junction's mouth).
typedef struct tread {
    bt_vec3 place, up;                      // on the surface, and its up
    double cos_heading, sin_heading, hub_m; // the hub is so far ahead of the place
    const bt_wheel_shape *shape;
} tread;

// A flat end from p to q, whose z are heights over the surface: what of it is below the tread lifts the wheel where it
// is nearest to below the hub.
double bt_wheel_over_end(const bt_wheel_shape *w, bt_vec3 p, bt_vec3 q)
{
    double h = 0.5 * w->width_m, from = 0.0, to = 1.0, across = q.y - p.y;
    if (fabs(across) < 1e-9) {
        if (fabs(p.y) > h) return 0.0;
    } else {
        double a = (-h - p.y) / across, b = (h - p.y) / across;
        from = fmax(from, fmin(a, b));
        to = fmin(to, fmax(a, b));
        if (from > to) return 0.0;
    }
    double along = q.x - p.x, nearest = fabs(along) > 1e-9 ? -p.x / along : from;
    nearest = bt_clamp(nearest, from, to);
    double rise = bt_lerp(p.z, q.z, nearest), u = fabs(bt_lerp(p.x, q.x, nearest));
    return fmax(0.0, rise - roundness(w->radius_m, u));
}

// Of a place: how far it is ahead of the wheel's middle, to its left, and over the surface.
static bt_vec3 from_tread(const tread *t, bt_vec3 place)
{
    bt_vec3 d = bt_vec3_sub(place, t->place);
    return (bt_vec3){d.x * t->cos_heading + d.y * t->sin_heading - t->hub_m,
                     d.y * t->cos_heading - d.x * t->sin_heading, bt_vec3_dot(d, t->up)};
}

static double end_of_section(const bt_road_network *net, uint32_t section, const tread *t)
{
    const bt_lane_section *sec = bt_road_section_get(net, section);
    bt_vec3 start = bt_road_point(net, sec->road, sec->s0_m, 0.0);
    bt_vec3 end = bt_road_point(net, sec->road, sec->s1_m, 0.0);
    bool starts = hypot(start.x - t->place.x, start.y - t->place.y) <
                  hypot(end.x - t->place.x, end.y - t->place.y);
    double s = starts ? sec->s0_m : sec->s1_m, rise = 0.0;
    for (uint32_t lane = sec->first_lane; lane < sec->first_lane + sec->lane_count; lane++) {
        bt_vec3 p = from_tread(t, bt_lane_border_point(net, lane, s, false));
        bt_vec3 q = from_tread(t, bt_lane_border_point(net, lane, s, true));
        rise = fmax(rise, bt_wheel_over_end(t->shape, p, q));
    }
    return rise;
}

// Where the lanes of a section go on at its end (or start): each section once.
static uint32_t sections_beyond(const bt_road_network *net, uint32_t section, bool at_end,
                                uint32_t beyond[JOINED_MOST])
{
    const bt_lane_section *sec = bt_road_section_get(net, section);
    uint32_t joined[JOINED_MOST], found = 0;
    for (uint32_t lane = sec->first_lane; lane < sec->first_lane + sec->lane_count; lane++) {
        uint32_t count = bt_road_lane_get(net, lane)->forward == at_end
                             ? bt_lane_successors(net, lane, joined, JOINED_MOST)
                             : bt_lane_predecessors(net, lane, joined, JOINED_MOST);
        for (uint32_t i = 0; i < count && i < JOINED_MOST && found < JOINED_MOST; i++) {
            uint32_t other = bt_road_lane_get(net, joined[i])->section, k = 0;
            while (k < found && beyond[k] != other)
                k++;
            if (k == found) beyond[found++] = other;
        }
    }
    return found;
}

static double rise_of_ends(const bt_road_network *net, const bt_road_location *at,
                           const bt_wheel_stance *stance, double reach_m, const bt_wheel_shape *w)
{
    const bt_lane *l = bt_road_lane_get(net, at->lane);
    double rise = 0.0;
    bool near[2] = {at->s_m - l->s0_m < reach_m, l->s1_m - at->s_m < reach_m};
    if (!near[0] && !near[1]) return 0.0;
    bt_pose pose = bt_road_pose(net, at->road, at->s_m, at->t_m);
    tread t = {.place = pose.pos,
               .up = bt_pose_dir(pose, bt_vec3_make(0.0, 0.0, 1.0)),
               .cos_heading = cos(stance->heading_rad),
               .sin_heading = sin(stance->heading_rad),
               .hub_m = hub_ahead(net, at, stance, w->radius_m),
               .shape = w};
    for (int end = 0; end < 2; end++) {
        uint32_t beyond[JOINED_MOST];
        uint32_t count = near[end] ? sections_beyond(net, l->section, end == 1, beyond) : 0;
        for (uint32_t i = 0; i < count; i++)
            rise = fmax(rise, end_of_section(net, beyond[i], &t));
    }
    return rise;
}

// ---- wheels on the road -----------------------------------------------------------------------
// A wheel's lowest point as its body leans is not that which is nearest to a surface that leans otherwise: where they differ
// by an angle in the wheel's plane that point stands R (1 - cos) off it.
static double rise_of_pitch(const bt_road_network *net, const bt_road_location *at,
                            const bt_wheel_stance *stance, double radius_m)
{
    // whatever its course, no more than its whole lean
    bt_vec3 up = stance->up;
    double level = LEVEL_SHARE * LEVEL_RAD * up.z;
    if (up.z > 0.0 && up.x * up.x + up.y * up.y < level * level) return 0.0;
    double c = cos(stance->heading_rad), s = sin(stance->heading_rad);
    double body = atan2(stance->up.x * c + stance->up.y * s, stance->up.z);
    if (fabs(body) < LEVEL_RAD) return 0.0;
    bt_pose pose = bt_road_pose(net, at->road, at->s_m, at->t_m);
    bt_vec3 n = bt_pose_dir(pose, bt_vec3_make(0.0, 0.0, 1.0));
    double surface = atan2(n.x * c + n.y * s, n.z);
    return radius_m * (1.0 - cos(body - surface)) / cos(surface);
}

// How far a place is from the borders of its lane, to its left and to its right.
typedef struct room_beside {
    double left_m, right_m;
} room_beside;

static room_beside borders_beside(const bt_road_network *net, const bt_road_location *at)
{
    double inner, outer;
    bt_lane_borders(net, at->lane, at->s_m, &inner, &outer);
    return (room_beside){bt_max(inner, outer) - at->t_m, at->t_m - bt_min(inner, outer)};
}

// Over all edges near.
static double rise_of_edges(const bt_road_network *net, const bt_road_location *at,
                            room_beside borders, const bt_wheel_stance *stance,
                            const bt_wheel_shape *w)
{
    double edge = fmin(EDGE_MOST_M, w->radius_m), left = borders.left_m, right = borders.right_m;
    double reach = sqrt(edge * (2.0 * w->radius_m - edge)) + 0.5 * w->width_m;
    double ends = rise_of_ends(net, at, stance, reach + PITCH_MOST * w->radius_m, w);
    if (fmin(left, right) > reach + PITCH_MOST * w->radius_m) return ends;
    double heading, curvature;
    bt_road_heading(net, at->road, at->s_m, &heading, &curvature);
    double angle = stance->heading_rad - heading;
    double aside = hub_ahead(net, at, stance, w->radius_m) * sin(angle);
    double beside = fmax(rise_beside(net, at, true, left - aside, reach, angle, curvature, w),
                         rise_beside(net, at, false, right + aside, reach, angle, curvature, w));
    return fmax(ends, beside);
}

static double rise_of(const bt_road_network *net, const bt_road_location *at, room_beside borders,
                      const bt_wheel_stance *stance, const bt_wheel_shape *w)
{
    return fmax(rise_of_pitch(net, at, stance, w->radius_m),
                rise_of_edges(net, at, borders, stance, w));
}

double bt_contact_rise(const bt_road_network *net, const bt_road_location *at,
                       const bt_wheel_stance *stance, const bt_wheel_shape *w)
{
    if (at->lane == BT_ROAD_NONE) return 0.0;
    return rise_of(net, at, borders_beside(net, at), stance, w);
}

// Whoever leaves a lane stays on the level that it was on.
static bool nearest_level(const bt_road_network *net, bt_vec3 place, bt_road_location *nearest)
{
    bt_road_location at[LEVELS_MOST];
    uint32_t count = bt_road_locate_all(net, place, at, LEVELS_MOST), best = 0;
    for (uint32_t i = 1; i < count; i++)
        if (fabs(at[i].height_m) < fabs(at[best].height_m) - SAME_M) best = i;
    if (count > 0) *nearest = at[best];
    return count > 0;
}

bool bt_contact_follow(const bt_road_network *net, bt_vec3 place, double ahead_m, bt_contact *c,
                       bt_road_location *at)
{
    *at = (bt_road_location){.road = c->road, .lane = c->lane, .s_m = c->s_m};
    if (at->lane != BT_ROAD_NONE)
        at->s_m += bt_road_lane_get(net, at->lane)->forward ? ahead_m : -ahead_m;
    if (!bt_road_follow(net, place, at) && !nearest_level(net, place, at) &&
        !bt_road_locate(net, place, c->road, at)) {
        c->lane = BT_ROAD_NONE;
        return false;
    }
    *c = (bt_contact){at->s_m, at->road, at->lane};
    return true;
}

static bool hangs_over(const bt_road_network *net, uint32_t lane, room_beside borders,
                       double width_m)
{
    if (borders.left_m < 0.5 * width_m) return lane_beside(net, lane, true) == BT_ROAD_NONE;
    return borders.right_m < 0.5 * width_m && lane_beside(net, lane, false) == BT_ROAD_NONE;
}

static double highest_near(const bt_road_network *net, bt_vec3 place)
{
    bt_road_location at[LEVELS_MOST];
    uint32_t count = bt_road_locate_all(net, place, at, LEVELS_MOST);
    double z = place.z;
    for (uint32_t i = 0; i < count && i < LEVELS_MOST; i++)
        if (fabs(at[i].height_m) < ONE_LEVEL_M) z = fmax(z, place.z - at[i].height_m);
    return z;
}

double bt_contact_height(const bt_road_network *net, bt_vec3 place, const bt_wheel_stance *stance,
                         double ahead_m, const bt_wheel_shape *wheel, bt_contact *contact)
{
    bt_road_location at;
    if (!bt_contact_follow(net, place, ahead_m, contact, &at)) return place.z;
    place.z -= at.height_m;
    if (at.lane == BT_ROAD_NONE) return place.z;
    room_beside borders = borders_beside(net, &at);
    double rise = rise_of(net, &at, borders, stance, wheel);
    if (hangs_over(net, at.lane, borders, wheel->width_m)) place.z = highest_near(net, place);
    return place.z + rise;
}

// What is missing at a climb that has been tried.
static double climb_missing(const bt_road_network *net, bt_vec3 foot, const bt_wheel_stance *stance,
                            double ahead_m, double tried_m, double climb_m,
                            const bt_wheel_shape *wheel, bt_contact *contact)
{
    double up = fmax(stance->up.z, UPRIGHT_LEAST);
    bt_vec3 then = bt_vec3_mad(foot, stance->up, tried_m / up);
    double to = bt_contact_height(net, then, stance, ahead_m, wheel, contact);
    return bt_clamp(to - foot.z, -climb_m, climb_m) - tried_m;
}

// A wheel that climbs moves along its body's up, and so aside or ahead where that leans: at an edge that it meets at a small
// angle a millimetre aside is centimetres of height. Sought by secants.
double bt_contact_climb(const bt_road_network *net, bt_vec3 foot, const bt_wheel_stance *stance,
                        double ahead_m, double climb_m, const bt_wheel_shape *wheel,
                        bt_contact *contact)
{
    double climbs = 0.0, slope = -1.0;
    double off = climb_missing(net, foot, stance, ahead_m, 0.0, climb_m, wheel, contact);
    for (int i = 0; i < CLIMB_LOOKS && fabs(off) > CLIMB_LOOK_M; i++) {
        double before = climbs, before_off = off;
        climbs = bt_clamp(climbs - off / slope, -climb_m, climb_m);
        if (climbs == before) break;
        off = climb_missing(net, foot, stance, 0.0, climbs, climb_m, wheel, contact);
        slope = (off - before_off) / (climbs - before);
        if (slope > SLOPE_MOST) slope = -1.0; // it jumps: as high as it was found there
    }
    return foot.z + climbs + off;
}
