// audit_wheels.c: every wheel of a vehicle and of what it draws: how far it is off the road (audit_wheel.h), and where it is.
#include "engine/sim/audit_internal.h"

#include "engine/sim/audit_wheel.h"
#include "engine/sim/cycle.h"
#include "engine/sim/trailer.h"

#include <math.h>

// Which wheel it is.
typedef struct wheel_name {
    const char *of; // its axle is of the vehicle, or of what that draws
    int wheel;
} wheel_name;

static void look_at_wheel(bt_audit *a, uint32_t actor, bt_time_ns now, const bt_wheel_disc *w,
                          wheel_name name)
{
    double off = bt_wheel_off_road(bt_sim_network(a->desc.sim), w);
    bt_audit_note(a, BT_AUDIT_WHEEL, actor, now, off);
    if (off <= a->desc.limit[BT_AUDIT_WHEEL] || !a->desc.log) return;
    fprintf(a->desc.log, "%.2f s: %s's %s %d is %.4f m off the road at %.3f %.3f %.4f\n",
            bt_seconds(now), bt_sim_actor(a->desc.sim, actor)->name, name.of, name.wheel, off,
            w->foot.x, w->foot.y, w->foot.z);
}

// A wheel that stands on its body's plane, steered; that the body leans is left to its tyre and its axle.
static bt_wheel_disc disc_of(const bt_pose *body, bt_vec3 foot, double steer_rad,
                             bt_wheel_shape shape)
{
    double c = bt_cos(steer_rad), s = bt_sin(steer_rad);
    return (bt_wheel_disc){.foot = foot,
                           .ahead = bt_pose_dir(*body, bt_vec3_make(c, s, 0.0)),
                           .left = bt_pose_dir(*body, bt_vec3_make(-s, c, 0.0)),
                           .up = {0.0, 0.0, 1.0},
                           .shape = shape};
}

// A bicycle's wheels lean with it, the front one turns about the steering head.
static void look_at_cycle(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now)
{
    const bt_vehicle *v = &bt_sim_actor(a->desc.sim, actor)->vehicle;
    const bt_pose *body = &m->pose.world_from_actor;
    double bar = m->pose.channel_rad[BT_CHANNEL_STEER_LEFT];
    for (int rear = 0; rear < 2; rear++) {
        bt_cycle_wheel wheel = bt_cycle_wheel_of(v, !rear, bar);
        bt_vec3 left = bt_pose_dir(*body, wheel.axle);
        bt_wheel_disc disc = {.left = left,
                              .ahead = bt_vec3_normalize(bt_vec3_make(left.y, -left.x, 0.0)),
                              .shape = bt_cycle_wheel_shape(v),
                              .section_m = BT_GEAR_TYRE_M};
        disc.up = bt_vec3_cross(disc.ahead, left);
        disc.foot = bt_vec3_mad(bt_pose_point(*body, wheel.hub), disc.up, -v->wheel_radius_m);
        look_at_wheel(a, actor, now, &disc, (wheel_name){"wheel", 2 * rear});
    }
}

void bt_audit_wheels(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now)
{
    const bt_vehicle *v = &bt_sim_actor(a->desc.sim, actor)->vehicle;
    bt_wheel_shape shape = {v->wheel_radius_m, BT_TYRE_WIDTH_RADII * v->wheel_radius_m};
    const bt_pose *body = &m->pose.world_from_actor;
    if (bt_vehicle_is_cycle(v)) {
        look_at_cycle(a, actor, m, now);
        return;
    }
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double up = m->pose.channel_rad[BT_CHANNEL_TRAVEL_FRONT_LEFT + i];
        bt_vec3 foot = bt_wheel_foot(v, body, (bt_wheel)i, BT_SUSPENSION_ARM_M * bt_sin(up));
        bool front = i == BT_WHEEL_FRONT_LEFT || i == BT_WHEEL_FRONT_RIGHT;
        bt_wheel_disc disc = disc_of(body, foot, front ? m->steer_rad : 0.0, shape);
        look_at_wheel(a, actor, now, &disc, (wheel_name){"wheel", i});
    }
}

void bt_audit_trailer(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now)
{
    const bt_vehicle *v = &bt_sim_actor(a->desc.sim, actor)->vehicle;
    bt_pose body = bt_trailer_body(v, &m->pose);
    for (int i = 0; i < bt_trailer_wheel_count(v); i++) {
        double up = m->pose.channel_rad[BT_CHANNEL_TRAVEL_TRAILER + i];
        bt_vec3 foot = {0.0, 0.0, BT_SUSPENSION_ARM_M * bt_sin(up)};
        bt_trailer_wheel_place(v, i, &foot.x, &foot.y);
        bt_wheel_disc disc =
            disc_of(&body, bt_pose_point(body, foot), 0.0, bt_trailer_wheel_shape(v));
        look_at_wheel(a, actor, now, &disc, (wheel_name){"trailer's wheel", i});
    }
}
