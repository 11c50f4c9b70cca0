// audit_feet.c: feet on the ground: those of who walks, and of who stands on a bicycle.
#include "engine/sim/audit_internal.h"

#include "engine/sim/cycle.h"
#include "engine/sim/gait.h"

#include <math.h>

#define STANDS_M                                                                                   \
    1e-5 // a sole this near the ground stands; one that swings is higher but for an instant
#define FOOT_DOWN_S 1.0
#define STEP_S 0.5
#define RESTS_M 2e-3    // a cyclist's foot so near the ground
#define SOLE_RIM_M 0.02 // of a sole

// ---- on bicycles ------------------------------------------------------------------------------
// Of a place over the surface nearest in height; where there is no road over the plane of both wheels.
static double height_of(const bt_audit *a, const bt_pose *body, bt_vec3 place)
{
    bt_road_location at;
    bool road = bt_road_locate(bt_sim_network(a->desc.sim), place, BT_ROAD_NONE, &at);
    if (road && at.distance_m <= 0.0) return at.height_m;
    double along = bt_pose_point(bt_pose_inverse(*body), place).x;
    return place.z - bt_pose_point(*body, bt_vec3_make(along, 0.0, 0.0)).z;
}

// How far the ground under a sole so wide rises by a step over that under its middle.
static double step_under(const bt_audit *a, const bt_pose *body, bt_vec3 middle, double half_m)
{
    double over = height_of(a, body, middle), most = 0.0, yaw = bt_quat_yaw(body->rot);
    for (int i = 0; i < 4; i++) {
        double course = yaw + 0.5 * BT_PI * i;
        bt_vec3 rim = {middle.x + half_m * bt_cos(course), middle.y + half_m * bt_sin(course),
                       middle.z};
        double up = over - height_of(a, body, rim);
        if (up > BT_GEAR_SOLE_STEP_M) most = fmax(most, up);
    }
    return most;
}

// Of the ball of a foot over the highest ground under its sole; a kerb's edge right at the sole's rim may be under it or not.
static double height_of_foot(const bt_audit *a, const bt_pose *body, bt_vec3 ball)
{
    double over = height_of(a, body, ball);
    double least = step_under(a, body, ball, BT_GEAR_SOLE_M - SOLE_RIM_M);
    double most = step_under(a, body, ball, BT_GEAR_SOLE_M + SOLE_RIM_M);
    double off_least = over - fmin(least, most), off_most = over - fmax(least, most);
    return fabs(off_least) < fabs(off_most) ? off_least : off_most;
}

// Who stands on a bicycle, or sets off, has a foot on the ground, which does not slip; who still rolls may take a step.
void bt_audit_cyclist(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now, double dt)
{
    const bt_vehicle *v = &bt_sim_actor(a->desc.sim, actor)->vehicle;
    bt_audit_memory *was = &a->memories[actor];
    if (!bt_vehicle_is_cycle(v)) return;
    bt_gear bicycle = bt_gear_make(BT_GEAR_BICYCLE, v->rider_height_m);
    bt_vec3 ball = bt_gear_right_ball(&bicycle, m->pose.channel_rad);
    bt_vec3 place = bt_pose_point(m->pose.world_from_actor, ball), before = was->sole[0];
    double up = height_of_foot(a, &m->pose.world_from_actor, place);
    bool stands = fabs(up) < RESTS_M, stood = was->stood[0];
    was->sole[0] = place;
    was->stood[0] = stands;
    if (stands && stood)
        bt_audit_note(a, BT_AUDIT_FOOT, actor, now,
                      bt_hypot(place.x - before.x, place.y - before.y) / dt);
    if (stands || stood) was->steps = m->speed_m_s > 0.0;
    was->steps_s = stands ? 0.0 : was->steps_s + dt;
    if (was->stands_s < FOOT_DOWN_S || (was->steps && was->steps_s < STEP_S)) return;
    bt_audit_note(a, BT_AUDIT_STAND, actor, now, fabs(up));
    if (fabs(up) <= a->desc.limit[BT_AUDIT_STAND] || !a->desc.log) return;
    fprintf(a->desc.log, "%.2f s: %s's foot is %.4f m off the ground at %.3f %.3f %.4f\n",
            bt_seconds(now), bt_sim_actor(a->desc.sim, actor)->name, up, place.x, place.y, place.z);
}

// ---- walkers ----------------------------------------------------------------------------------
// Heel and ball of a foot in the world, by the joints' angles.
static void sole_of(const bt_actor_desc *d, const bt_motion *m, int right, bt_vec3 sole[2])
{
    const double *c = m->pose.channel_rad;
    double h = d->height_m;
    double hip = c[BT_CHANNEL_HIP_LEFT + right], knee = c[BT_CHANNEL_KNEE_LEFT + right];
    double foot = hip - knee + c[BT_CHANNEL_ANKLE_LEFT + right]; // toes up
    double tilt = c[BT_CHANNEL_HIP_SIDE_LEFT + right];
    double x = h * (BT_GAIT_THIGH * bt_sin(hip) + BT_GAIT_SHANK * bt_sin(hip - knee));
    double down = h * (BT_GAIT_THIGH * bt_cos(hip) + BT_GAIT_SHANK * bt_cos(hip - knee));
    for (int ball = 0; ball < 2; ball++) {
        double ahead = ball ? BT_GAIT_BALL : -BT_GAIT_HEEL;
        double below = down - h * (ahead * bt_sin(foot) - BT_GAIT_ANKLE * bt_cos(foot));
        bt_vec3 p = {x + h * (ahead * bt_cos(foot) + BT_GAIT_ANKLE * bt_sin(foot)),
                     (right ? -1.0 : 1.0) * BT_GAIT_HIP_ASIDE * h + below * bt_sin(tilt),
                     h * BT_GAIT_HIP - below * bt_cos(tilt)};
        sole[ball] = bt_pose_point(m->pose.world_from_actor, p);
    }
}

// A heel or ball on the ground in both looks has stood there. The ground is where the lower of a
// walker's soles is: one always stands.
void bt_audit_walker(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now, double dt)
{
    bt_audit_memory *was = &a->memories[actor];
    const bt_actor_desc *d = bt_sim_actor(a->desc.sim, actor);
    bt_audit_note(a, BT_AUDIT_WALK, actor, now, fabs(m->speed_m_s - was->motion.speed_m_s) / dt);
    if (d->four_legged || bt_gear_is_ridden(d->gear)) return;
    bt_vec3 soles[4];
    double ground = 1e9;
    for (int right = 0; right < 2; right++)
        sole_of(d, m, right, &soles[2 * right]);
    for (int i = 0; i < 4; i++)
        ground = fmin(ground, soles[i].z);
    for (int i = 0; i < 4; i++) {
        bool stands = soles[i].z < ground + STANDS_M, stood = stands && was->stood[i];
        bt_vec3 moved = bt_vec3_sub(soles[i], was->sole[i]);
        was->sole[i] = soles[i];
        was->stood[i] = stands;
        // flat on the ground its ball counts: a sole may turn about that
        bool flat = i % 2 == 0 && (was->stood[i + 1] || soles[i + 1].z < ground + STANDS_M);
        if (stood && !flat && was->looks > 1)
            bt_audit_note(a, BT_AUDIT_FOOT, actor, now, bt_hypot(moved.x, moved.y) / dt);
    }
}
