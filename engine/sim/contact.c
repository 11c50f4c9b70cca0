// contact.c: see contact.h.
#include "engine/sim/contact.h"

#include "engine/sim/edge.h"

#include <math.h>

#define LEVEL_RAD 0.03   // a body that leans less stands on ground that is about level: under 1 mm
#define LEVEL_SHARE 0.99 // of that, where its sine and its angle are as good as the same
#define LEVELS_MOST 16
#define ONE_LEVEL_M 0.03
#define CLIMB_LOOKS 14
#define CLIMB_LOOK_M 0.002 // on a body that leans by 5 % 0.1 mm aside
#define SLOPE_MOST (-0.1)
#define UPRIGHT_LEAST 0.2
#define SAME_M 1e-3 // levels: the lane whose middle is nearer counts

// A wheel's lowest point as its body leans is not that which is nearest to a surface that leans otherwise: where they differ
// by an angle in the wheel's plane that point stands R (1 - cos) off it.
static double rise_of_pitch(const bt_road_network *net, const bt_road_location *at,
                            const bt_wheel_stance *stance, double radius_m)
{
    // whatever its course, no more than its whole lean
    bt_vec3 up = stance->up;
    double level = LEVEL_SHARE * LEVEL_RAD * up.z;
    if (up.z > 0.0 && up.x * up.x + up.y * up.y < level * level) return 0.0;
    double c = bt_cos(stance->heading_rad), s = bt_sin(stance->heading_rad);
    double body = bt_atan2(stance->up.x * c + stance->up.y * s, stance->up.z);
    if (fabs(body) < LEVEL_RAD) return 0.0;
    bt_pose pose = bt_road_pose(net, at->road, at->s_m, at->t_m);
    bt_vec3 n = bt_pose_dir(pose, bt_vec3_make(0.0, 0.0, 1.0));
    double surface = bt_atan2(n.x * c + n.y * s, n.z);
    return radius_m * (1.0 - bt_cos(body - surface)) / bt_cos(surface);
}

static double rise_at(const bt_road_network *net, bt_vec3 place, const bt_road_location *at,
                      const bt_wheel_stance *stance, const bt_wheel_shape *w, double *last_m)
{
    double edges = bt_edges_rise(net, place, at, stance, w, last_m);
    if (at->lane == BT_ROAD_NONE) return edges;
    return fmax(rise_of_pitch(net, at, stance, w->radius_m), edges);
}

double bt_contact_rise(const bt_road_network *net, bt_vec3 place, const bt_road_location *at,
                       const bt_wheel_stance *stance, const bt_wheel_shape *w)
{
    double last_m;
    return rise_at(net, place, at, stance, w, &last_m);
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
    double last_m, rise = rise_at(net, place, &at, stance, wheel, &last_m);
    place.z -= at.height_m;
    if (last_m < 0.5 * wheel->width_m) place.z = highest_near(net, place);
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

// Between a climb that is too little and one that is too much: by false position (Dowell and Jarratt 1971, "A modified regula falsi
// method", the Illinois one: the caller halves what stays).
static double climb_between(double a, double off_a, double b, double off_b)
{
    return a - off_a * (b - a) / (off_b - off_a);
}

// A wheel that climbs moves along its body's up, and so aside or ahead where that leans: at an edge that it meets at a small
// angle a millimetre aside is centimetres of height. Sought by secants, and between two climbs once it is between them: beside
// a kerb that it leans away from it may rest on its tread's very flank.
double bt_contact_climb(const bt_road_network *net, bt_vec3 foot, const bt_wheel_stance *stance,
                        double ahead_m, double climb_m, const bt_wheel_shape *wheel,
                        bt_contact *contact)
{
    double climbs = 0.0, slope = -1.0, other = 0.0, other_off = 0.0; // 0: not known to be between
    double off = climb_missing(net, foot, stance, ahead_m, 0.0, climb_m, wheel, contact);
    for (int i = 0; i < CLIMB_LOOKS && fabs(off) > CLIMB_LOOK_M; i++) {
        double before = climbs, before_off = off;
        climbs = other_off != 0.0 ? climb_between(climbs, off, other, other_off)
                                  : bt_clamp(climbs - off / slope, -climb_m, climb_m);
        if (climbs == before) break;
        off = climb_missing(net, foot, stance, 0.0, climbs, climb_m, wheel, contact);
        slope = (off - before_off) / (climbs - before);
        if (slope > SLOPE_MOST) slope = -1.0; // it jumps: as high as it was found there
        if ((off > 0.0) != (before_off > 0.0)) {
            other = before;
            other_off = before_off;
        } else {
            other_off *= 0.5;
        }
    }
    bool jumps = other_off != 0.0 && fabs(off) > CLIMB_LOOK_M; // it rests where it would begin to
    return foot.z + climbs + (jumps ? 0.0 : off);
}
