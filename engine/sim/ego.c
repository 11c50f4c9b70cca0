// ego.c: the ego's step: ground, dynamics, wheels, lamps.
#include "engine/sim/ego.h"

#include <math.h>

#define STILL_STEPS 100
#define CLIMB 0.6      // slope that a wheel follows at most
#define SETTLE_M_S 0.5 // and how fast it settles at rest
#define BRAKE_ON_M_S2 (-0.8)
#define BRAKE_OFF_M_S2 (-0.4)

void bt_ego_forget_ground(bt_ego *ego)
{
    for (int i = 0; i < BT_EGO_TOUCHES; i++)
        ego->road[i] = ego->lane[i] = BT_ROAD_NONE;
}

// Height of the surface at a wheel; the last one where there is none. ahead_m: about how far it has gone in
// its lane since.
static double surface(const bt_road_network *net, double x, double y, double last_z, int touch,
                      double ahead_m, bt_ego *ego)
{
    bt_vec3 p = {x, y, last_z};
    bt_road_location at = {
        .road = ego->road[touch], .lane = ego->lane[touch], .s_m = ego->s_m[touch]};
    if (at.lane != BT_ROAD_NONE)
        at.s_m += bt_road_lane_get(net, at.lane)->forward ? ahead_m : -ahead_m;
    if (!bt_road_follow(net, p, &at) && !bt_road_locate(net, p, ego->road[touch], &at)) {
        ego->lane[touch] = BT_ROAD_NONE;
        return last_z;
    }
    ego->road[touch] = at.road;
    ego->lane[touch] = at.lane;
    ego->s_m[touch] = at.s_m;
    return last_z - at.height_m;
}

static void find_ground(const bt_road_network *net, const bt_vehicle *v, double ahead_m,
                        double climb, bt_ego *ego)
{
    double c = cos(ego->drive.yaw_rad), s = sin(ego->drive.yaw_rad);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y, *z = &ego->ground.z_m[i];
        bt_wheel_place(v, (bt_wheel)i, &x, &y);
        double wx = ego->drive.x_m + x * c - y * s, wy = ego->drive.y_m + x * s + y * c;
        double wanted = surface(net, wx, wy, *z, i, ahead_m, ego);
        *z += bt_clamp(wanted - *z, -climb, climb);
    }
}

// The trailer's axle, tandem or more, follows the ground below its middle.
static void find_trailer_ground(const bt_road_network *net, const bt_vehicle *v, double hitch_rad,
                                double ahead_m, double climb, bt_ego *ego)
{
    const bt_drive *d = &ego->drive;
    bt_pose pose = bt_chassis_pose(v, d->x_m, d->y_m, d->yaw_rad, &d->ride);
    bt_vec3 axle = bt_trailer_axle(v, &pose, hitch_rad);
    int touch = BT_WHEEL_COUNT;
    if (ego->road[touch] == BT_ROAD_NONE) ego->road[touch] = ego->road[BT_WHEEL_REAR_LEFT];
    double wanted = surface(net, axle.x, axle.y, ego->trailer_z_m, touch, ahead_m, ego);
    ego->trailer_z_m += bt_clamp(wanted - ego->trailer_z_m, -climb, climb);
}

void bt_ego_init(const bt_road_network *net, const bt_vehicle *v, bt_pose start, double speed_m_s,
                 bt_ego *ego)
{
    *ego = (bt_ego){0};
    bt_ego_forget_ground(ego);
    ego->drive.x_m = start.pos.x;
    ego->drive.y_m = start.pos.y;
    ego->drive.yaw_rad = bt_quat_yaw(start.rot);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        // heights of the start's plane, so that the right level of a bridge is found
        double x, y;
        bt_wheel_place(v, (bt_wheel)i, &x, &y);
        ego->ground.z_m[i] = bt_pose_point(start, bt_vec3_make(x, y, 0.0)).z;
    }
    find_ground(net, v, 0.0, 1.0, ego);
    bt_drive_init(v, &ego->ground, start.pos.x, start.pos.y, bt_quat_yaw(start.rot), speed_m_s,
                  &ego->drive);
    if (v->trailer_length_m <= 0.0) return;
    ego->trailer_z_m = bt_trailer_axle(v, &start, 0.0).z;
    find_trailer_ground(net, v, 0.0, 0.0, 1.0, ego);
}

static uint32_t brake_lamp(const bt_ego *ego, double asked)
{
    double on = ego->lamps & BT_LAMP_BRAKE ? BRAKE_OFF_M_S2 : BRAKE_ON_M_S2;
    bool stands = ego->drive.vx_m_s < 0.1 && asked <= 0.0;
    return stands || asked < on ? BT_LAMP_BRAKE : 0;
}

void bt_ego_step(const bt_road_network *net, const bt_vehicle *v, const bt_command *command,
                 double dt, bt_ego *ego, double channel[BT_CHANNEL_COUNT])
{
    bt_drive *d = &ego->drive;
    bt_drive_input input = {
        .steer_rad = command->steer_rad, .accel_m_s2 = command->accel_m_s2, .ground = &ego->ground};
    bt_ground_tilt(v, &ego->ground, &input.pitch_rad, &input.roll_rad);
    bt_drive_step(v, &input, dt, d);
    double way = d->vx_m_s * dt, climb = CLIMB * way + SETTLE_M_S * dt;
    // who stands has found its ground (after a second)
    ego->still = d->vx_m_s > 0.0 ? 0 : ego->still < STILL_STEPS ? ego->still + 1 : STILL_STEPS;
    if (ego->still < STILL_STEPS) find_ground(net, v, way, climb, ego);
    bt_ground_speed speed = {d->vx_m_s, d->vy_m_s - v->cg_from_rear_m * d->yaw_rate_rad_s,
                             d->yaw_rate_rad_s};
    bt_wheels_step(v, &speed, d->steer_rad, d->slip, dt, channel);
    if (v->trailer_length_m > 0.0 && ego->still < STILL_STEPS)
        find_trailer_ground(net, v, channel[BT_CHANNEL_HITCH], way, climb, ego);
    uint32_t sides = BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT;
    ego->lamps = brake_lamp(ego, command->accel_m_s2) | (command->indicators & sides);
}
