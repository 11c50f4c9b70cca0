// led.c: see led.h.
#include "engine/sim/led.h"

#include <math.h>

#define ANY_M 1e9
#define NEAR_SURFACE_M 1.5  // farther below it is another storey
#define SETTLE_M 0.002      // and how far it settles in a step
#define LOOKS_S 0.7         // so far ahead in a bend, as who cycles: chosen
#define LOOKS_FROM_M_S 0.3  // slower is no course to look along
#define ACCEL_MAX_M_S2 12.0 // that springs are shown: stories jump

// Each wheel looks for its own surface, of the road it was on by preference; it climbs at most by `climb`.
static void find_ground(const bt_road_network *net, const bt_vehicle *v, double climb, bt_led *led)
{
    bool cycle = bt_vehicle_is_cycle(v);
    bt_pose body = bt_chassis_pose(v, led->x_m, led->y_m, led->yaw_rad, &led->ride);
    bt_pose plane = {{led->x_m, led->y_m, led->z_m},
                     bt_quat_yaw_pitch_roll(led->yaw_rad, led->pitch_rad, led->roll_rad)};
    bt_vec3 up = bt_pose_dir(plane, bt_vec3_make(0.0, 0.0, 1.0));
    bt_wheel_shape shape = {v->wheel_radius_m, BT_TYRE_WIDTH_RADII * v->wheel_radius_m};
    if (cycle) {
        shape = bt_cycle_wheel_shape(v);
        up = bt_cycle_up(&plane);
    }
    uint32_t road =
        led->lane == BT_ROAD_NONE ? BT_ROAD_NONE : bt_road_lane_get(net, led->lane)->road;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y;
        bt_road_location at;
        bt_wheel_place(v, (bt_wheel)i, &x, &y);
        bt_vec3 wheel = bt_pose_point(plane, (bt_vec3){x, y, 0.0});
        bool front = i == BT_WHEEL_FRONT_LEFT || i == BT_WHEEL_FRONT_RIGHT;
        if (cycle) { // aside as it leans
            bt_vec3 foot = bt_cycle_foot(v, &body, front, led->gear.steer_rad);
            wheel = bt_vec3_make(foot.x, foot.y, wheel.z);
        }
        bool found = bt_road_locate(net, wheel, road, &at) && at.distance_m <= 0.0 &&
                     fabs(at.height_m) < NEAR_SURFACE_M;
        double steer = front ? led->steer_rad : 0.0;
        double wanted = wheel.z;
        bt_wheel_stance stance = {led->yaw_rad + steer, up};
        if (found) wanted += bt_contact_rise(net, wheel, &at, &stance, &shape) - at.height_m;
        led->ground.z_m[i] += bt_clamp(wanted - led->ground.z_m[i], -climb, climb);
    }
}

static void put(const bt_led_place *place, bt_led *led)
{
    led->x_m = place->pos.x;
    led->y_m = place->pos.y;
    led->z_m = place->pos.z;
    led->yaw_rad = place->yaw_rad;
    led->pitch_rad = place->pitch_rad;
    led->roll_rad = place->roll_rad;
    led->speed_m_s = place->speed_m_s;
    led->steer_rad = place->steer_rad;
    led->lamps = place->lamps;
    led->lane = place->lane;
    led->s_m = place->s_m;
}

static void init_ride(const bt_vehicle *v, bt_led *led)
{
    if (bt_vehicle_is_cycle(v))
        bt_cycle_init(v, &led->ground, &led->ride);
    else
        bt_ride_init(v, &led->ground, &led->ride);
}

static void init_trailer(const bt_road_network *net, const bt_vehicle *v, double hitch_rad,
                         bt_led *led)
{
    if (!bt_vehicle_has_trailer(v)) return;
    bt_pose pose = bt_chassis_pose(v, led->x_m, led->y_m, led->yaw_rad, &led->ride);
    bt_trailer_init(v, &pose, hitch_rad, &led->trailer);
    bt_trailer_find_ground(net, v, &pose, hitch_rad, 0.0, NEAR_SURFACE_M, &led->trailer);
    bt_trailer_settle(v, &led->ride, hitch_rad, &led->trailer);
}

void bt_led_init(const bt_road_network *net, const bt_actor_desc *d, bt_led *led)
{
    *led = (bt_led){0};
    put(&d->led_from, led);
    led->gaze.watch_rad = led->yaw_rad;
    if (d->kind != BT_ACTOR_VEHICLE) return;
    find_ground(net, &d->vehicle, ANY_M, led);
    init_ride(&d->vehicle, led);
    init_trailer(net, &d->vehicle, 0.0, led);
}

static void drive(const bt_road_network *net, const bt_vehicle *v, double way, double turn,
                  double dt, bt_led *led, double channel[BT_CHANNEL_COUNT])
{
    if (way != 0.0) find_ground(net, v, BT_CLIMB * fabs(way) + SETTLE_M, led);
    double yaw_rate = turn / dt, level = way / dt;
    if (bt_vehicle_is_cycle(v)) {
        bt_cycle_step(v, &led->ground, way, turn, dt, &led->gear, &led->ride, channel);
        bt_pose body = bt_chassis_pose(v, led->x_m, led->y_m, led->yaw_rad, &led->ride);
        bt_cycle_find_foot(net, v, &body, dt, &led->gear);
        return;
    }
    bt_ground_speed speed = {level, 0.0, yaw_rate};
    double lateral = bt_clamp(level * yaw_rate, -ACCEL_MAX_M_S2, ACCEL_MAX_M_S2);
    bt_ride_step(v, &led->ground, bt_clamp(led->accel_m_s2, -ACCEL_MAX_M_S2, ACCEL_MAX_M_S2),
                 lateral, dt, &led->ride);
    double most = v->steer_max_rad;
    led->steer_rad = bt_clamp(led->steer_rad, -most, most);
    bt_wheels_step(v, &speed, led->steer_rad, NULL, dt, channel);
    bt_travel_pose(v, &led->ride, &led->ground, channel);
}

static void trailer_step(const bt_road_network *net, const bt_vehicle *v, double hitch_rad,
                         double way, double turn, double dt, bt_led *led)
{
    bt_pose pose = bt_chassis_pose(v, led->x_m, led->y_m, led->yaw_rad, &led->ride);
    if (way != 0.0)
        bt_trailer_find_ground(net, v, &pose, hitch_rad, way, BT_CLIMB * fabs(way) + SETTLE_M,
                               &led->trailer);
    bt_trailer_ride(v, &led->ride, hitch_rad, way / dt, turn / dt, dt, &led->trailer);
}

// Where a walker goes: its course, led on as it turns. A story says no more; cars are not looked for.
static void look(const bt_led *before, double dx, double dy, double dt, bt_led *led)
{
    double turn_rad_s = bt_wrap_angle(led->yaw_rad - before->yaw_rad) / dt;
    bool goes = dx * dx + dy * dy > LOOKS_FROM_M_S * LOOKS_FROM_M_S * dt * dt;
    led->gaze.watch_rad = (goes ? bt_atan2(dy, dx) : led->yaw_rad) +
                          bt_clamp(LOOKS_S * turn_rad_s, -BT_GAZE_MOST_RAD, BT_GAZE_MOST_RAD);
    bt_gaze_step(led->yaw_rad, dt, &led->gaze);
}

void bt_led_step(const bt_road_network *net, const bt_actor_desc *d, const bt_led_place *place,
                 double dt, bt_led *led, double channel[BT_CHANNEL_COUNT])
{
    bt_led before = *led;
    put(place, led);
    led->accel_m_s2 = (led->speed_m_s - before.speed_m_s) / dt;
    double dx = led->x_m - before.x_m, dy = led->y_m - before.y_m;
    double way = dx * bt_cos(led->yaw_rad) + dy * bt_sin(led->yaw_rad);
    double turn = bt_wrap_angle(led->yaw_rad - before.yaw_rad);
    bool jumps = bt_hypot(dx, dy) > 1.0 + 2.0 * fabs(led->speed_m_s) * dt; // put elsewhere
    if (jumps && d->kind == BT_ACTOR_VEHICLE) {
        find_ground(net, &d->vehicle, ANY_M, led);
        init_ride(&d->vehicle, led);
        init_trailer(net, &d->vehicle, channel[BT_CHANNEL_HITCH], led);
        way = turn = 0.0;
    }
    if (d->kind == BT_ACTOR_VEHICLE) {
        drive(net, &d->vehicle, way, turn, dt, led, channel);
        if (bt_vehicle_has_trailer(&d->vehicle))
            trailer_step(net, &d->vehicle, channel[BT_CHANNEL_HITCH], way, turn, dt, led);
    } else if (d->kind == BT_ACTOR_WALKER && !jumps) {
        if (!d->four_legged) look(&before, dx, dy, dt, led);
        double middle = before.yaw_rad + 0.5 * turn, c = bt_cos(middle), s = bt_sin(middle);
        bt_gait_step step = {dx * c + dy * s, -dx * s + dy * c, turn};
        if (!bt_gear_is_ridden(d->gear))
            bt_gait_walk(d->height_m, d->four_legged, &step, dt, &led->feet);
        bt_gear gear = bt_gear_make(d->gear, d->height_m);
        if (d->gear != BT_GEAR_NONE)
            bt_gear_roll(&gear, step.ahead_m, step.turn_rad, dt, &led->gear);
    }
}

static bt_pose walker_pose(const bt_actor_desc *d, const bt_led *led, bt_vec3 pos,
                           double channel[BT_CHANNEL_COUNT])
{
    bt_gear gear = bt_gear_make(d->gear, d->height_m);
    if (!d->four_legged) channel[BT_CHANNEL_HEAD] = led->gaze.head_rad;
    if (bt_gear_is_ridden(d->gear)) {
        double roll = bt_gear_leans(d->gear) ? bt_gear_roll_of(&led->gear) : led->roll_rad;
        bt_gear_pose_rider(&gear, &led->gear, channel);
        return (bt_pose){pos, bt_quat_yaw_pitch_roll(led->yaw_rad, led->pitch_rad, roll)};
    }
    bt_gait gait = {
        .height_m = d->height_m, .four_legged = d->four_legged, .speed_m_s = led->speed_m_s};
    double sink = bt_gait_pose_feet(&gait, &led->feet, channel);
    if (d->gear != BT_GEAR_NONE)
        bt_gear_pose_walker(&gear, &led->gear, &gait, &led->feet, sink, channel);
    pos.z -= sink;
    return (bt_pose){pos, bt_quat_yaw_pitch_roll(led->yaw_rad, 0.0, 0.0)};
}

bt_pose bt_led_pose(const bt_actor_desc *d, const bt_led *led, double channel[BT_CHANNEL_COUNT])
{
    bt_vec3 pos = {led->x_m, led->y_m, led->z_m};
    if (d->kind == BT_ACTOR_VEHICLE) {
        bt_pose pose = bt_chassis_pose(&d->vehicle, led->x_m, led->y_m, led->yaw_rad, &led->ride);
        if (bt_vehicle_has_trailer(&d->vehicle))
            bt_trailer_pose(&d->vehicle, &pose, &led->trailer, channel);
        return pose;
    }
    if (d->kind == BT_ACTOR_WALKER) return walker_pose(d, led, pos, channel);
    return (bt_pose){pos, bt_quat_yaw_pitch_roll(led->yaw_rad, led->pitch_rad, led->roll_rad)};
}
