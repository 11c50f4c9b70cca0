// ego.c: the ego's step: ground, dynamics, wheels, lamps.
#include "engine/sim/ego.h"

#include <math.h>

#define STILL_STEPS 100
#define SETTLE_M_S 0.5 // and how fast it settles at rest
#define KERB_M 0.3     // no kerb is higher: up it at once
#define SPINS 1.5
#define BRAKE_ON_M_S2 (-0.8)
#define BRAKE_OFF_M_S2 (-0.4)

void bt_ego_forget_ground(bt_ego *ego)
{
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        ego->contact[i] = BT_CONTACT_NONE;
}

static void find_ground(const bt_road_network *net, const bt_vehicle *v, double ahead_m,
                        double climb, bt_ego *ego)
{
    const bt_drive *d = &ego->drive;
    bt_wheel_shape shape = {v->wheel_radius_m, BT_TYRE_WIDTH_RADII * v->wheel_radius_m};
    bt_vec3 feet[BT_WHEEL_COUNT], up;
    bt_wheel_feet(v, d->x_m, d->y_m, d->yaw_rad, &d->ride, feet, &up);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bool front = i == BT_WHEEL_FRONT_LEFT || i == BT_WHEEL_FRONT_RIGHT;
        bt_wheel_stance stance = {d->yaw_rad + (front ? d->steer_rad : 0.0), up};
        double *z = &ego->ground.z_m[i];
        feet[i].z = *z;
        *z = bt_contact_climb(net, feet[i], &stance, ahead_m, climb, &shape, &ego->contact[i]);
    }
}

// The trailer's wheels and springs, behind the tractor as it stands now.
static void trailer_step(const bt_road_network *net, const bt_vehicle *v, double hitch_rad,
                         double way, double climb, double dt, bt_ego *ego)
{
    const bt_drive *d = &ego->drive;
    bt_pose pose = bt_chassis_pose(v, d->x_m, d->y_m, d->yaw_rad, &d->ride);
    if (ego->still < STILL_STEPS)
        bt_trailer_find_ground(net, v, &pose, hitch_rad, way, climb, &ego->trailer);
    bt_trailer_ride(v, &d->ride, hitch_rad, d->vx_m_s, d->yaw_rate_rad_s, dt, &ego->trailer);
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
    bt_ride_init(v, &ego->ground, &ego->drive.ride);
    find_ground(net, v, 0.0, 1.0, ego);
    bt_drive_init(v, &ego->ground, start.pos.x, start.pos.y, bt_quat_yaw(start.rot), speed_m_s,
                  &ego->drive);
    if (!bt_vehicle_has_trailer(v)) return;
    bt_trailer_init(v, &start, 0.0, &ego->trailer);
    bt_trailer_find_ground(net, v, &start, 0.0, 0.0, 1.0, &ego->trailer);
    bt_trailer_settle(v, &ego->drive.ride, 0.0, &ego->trailer);
}

static uint32_t brake_lamp(const bt_ego *ego, double asked)
{
    double on = ego->lamps & BT_LAMP_BRAKE ? BRAKE_OFF_M_S2 : BRAKE_ON_M_S2;
    bool stands = ego->drive.vx_m_s < 0.1 && asked <= 0.0;
    return stands || asked < on ? BT_LAMP_BRAKE : 0;
}

void bt_ego_follow(const bt_road_network *net, const bt_vehicle *v, double dt, bt_ego *ego,
                   double channel[BT_CHANNEL_COUNT])
{
    const bt_drive *d = &ego->drive;
    double left = d->vy_m_s - v->cg_from_rear_m * d->yaw_rate_rad_s, way = d->vx_m_s * dt;
    double climb = BT_CLIMB * fabs(way) + SETTLE_M_S * dt;
    double aside = fmax(fabs(left), fabs(left + d->yaw_rate_rad_s * v->wheelbase_m));
    // slides or spins, more than any steering turns: a wheel's flank knows no roundness
    if (aside * dt > SPINS * fabs(way)) climb += KERB_M;
    if (ego->still < STILL_STEPS) find_ground(net, v, way, climb, ego);
    bt_ground_speed speed = {d->vx_m_s, left, d->yaw_rate_rad_s};
    bt_wheels_step(v, &speed, d->steer_rad, d->slip, dt, channel);
    if (bt_vehicle_has_trailer(v))
        trailer_step(net, v, channel[BT_CHANNEL_HITCH], way, climb, dt, ego);
}

void bt_ego_step(const bt_road_network *net, const bt_vehicle *v, const bt_command *command,
                 double dt, bt_ego *ego, double channel[BT_CHANNEL_COUNT])
{
    bt_drive *d = &ego->drive;
    bt_drive_input input = {
        .steer_rad = command->steer_rad, .accel_m_s2 = command->accel_m_s2, .ground = &ego->ground};
    bt_ground_tilt(v, &ego->ground, &input.pitch_rad, &input.roll_rad);
    bt_drive_step(v, &input, dt, d);
    // who stands has found its ground (after a second)
    ego->still = d->vx_m_s > 0.0 ? 0 : ego->still < STILL_STEPS ? ego->still + 1 : STILL_STEPS;
    bt_ego_follow(net, v, dt, ego, channel);
    uint32_t sides = BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT;
    ego->lamps = brake_lamp(ego, command->accel_m_s2) | (command->indicators & sides);
}
