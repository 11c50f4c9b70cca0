// audit_wheels.c: every wheel of a vehicle and of what it draws: how far it is off the road (audit_wheel.h), and where it is.
#include "engine/sim/audit_internal.h"

#include "engine/sim/audit_wheel.h"
#include "engine/sim/chassis.h"
#include "engine/sim/trailer.h"

#include <math.h>

// Where a wheel stands, and which.
typedef struct wheel_look {
    const bt_pose *body;
    bt_vec3 foot;
    double steer_rad;
    const char *of; // its axle is of the vehicle, or of what that draws
    int wheel;
} wheel_look;

static void look_at_wheel(bt_audit *a, uint32_t actor, bt_time_ns now, const bt_wheel_shape *shape,
                          const wheel_look *w)
{
    const bt_road_network *net = bt_sim_network(a->desc.sim);
    double off = bt_wheel_off_road(net, w->foot, w->body, w->steer_rad, shape);
    bt_audit_note(a, BT_AUDIT_WHEEL, actor, now, off);
    if (off <= a->desc.limit[BT_AUDIT_WHEEL] || !a->desc.log) return;
    fprintf(a->desc.log, "%.2f s: %s's %s %d is %.4f m off the road at %.3f %.3f %.4f\n",
            bt_seconds(now), bt_sim_actor(a->desc.sim, actor)->name, w->of, w->wheel, off,
            w->foot.x, w->foot.y, w->foot.z);
}

void bt_audit_wheels(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now)
{
    const bt_vehicle *v = &bt_sim_actor(a->desc.sim, actor)->vehicle;
    bt_wheel_shape shape = {v->wheel_radius_m, BT_TYRE_WIDTH_RADII * v->wheel_radius_m};
    const bt_pose *body = &m->pose.world_from_actor;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double up = m->pose.channel_rad[BT_CHANNEL_TRAVEL_FRONT_LEFT + i];
        bt_vec3 foot = bt_wheel_foot(v, body, (bt_wheel)i, BT_SUSPENSION_ARM_M * sin(up));
        bool front = i == BT_WHEEL_FRONT_LEFT || i == BT_WHEEL_FRONT_RIGHT;
        wheel_look w = {body, foot, front ? m->steer_rad : 0.0, "wheel", i};
        look_at_wheel(a, actor, now, &shape, &w);
    }
}

void bt_audit_trailer(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now)
{
    const bt_vehicle *v = &bt_sim_actor(a->desc.sim, actor)->vehicle;
    bt_pose body = bt_trailer_body(v, &m->pose);
    bt_wheel_shape shape = bt_trailer_wheel_shape(v);
    for (int i = 0; i < bt_trailer_wheel_count(v); i++) {
        double up = m->pose.channel_rad[BT_CHANNEL_TRAVEL_TRAILER + i];
        bt_vec3 foot = {0.0, 0.0, BT_SUSPENSION_ARM_M * sin(up)};
        bt_trailer_wheel_place(v, i, &foot.x, &foot.y);
        wheel_look w = {&body, bt_pose_point(body, foot), 0.0, "trailer's wheel", i};
        look_at_wheel(a, actor, now, &shape, &w);
    }
}
