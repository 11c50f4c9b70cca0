// car.c: pure pursuit along the itinerary, heights below the wheels.
#include "engine/sim/car.h"

#include "engine/sim/vehicle.h"

#include <math.h>

#define AHEAD_M 340.0        // of the way kept known
#define BRAKE_MAX_M_S2 8.0   // dry road
#define JERK_UP_M_S3 5.0     // a foot on the pedal
#define JERK_BRAKE_M_S3 12.0 // likewise on the brake, and in an emergency
#define JERK_EMERGENCY_M_S3 25.0
#define EMERGENCY_M_S2 4.0
#define LOOK_MIN_M 3.5 // pure pursuit looks this far, and this long, ahead
#define LOOK_TIME_S 0.45
#define CYCLE_CLIMB_M 0.02 // in a step
#define SETTLE_M_S 0.5     // and how fast it settles at rest
#define STILL_STEPS 500
#define SWING_SHARE 0.7
#define SWING_MAX_M 0.9
#define SWING_INNER_M 0.15
#define STEER_RATE_RAD_S 0.8 // of the road wheels, in a driver's hands
#define STRAIGHT_RAD 0.01
#define BACK_M_S2 0.5 // in reverse gear
#define ANY_M 1e9
#define ALONG_M 0.1 // so far a way goes on as straight and as steep

double bt_car_front(const bt_vehicle *v, const bt_car *car)
{
    return car->q_m + v->length_m - v->rear_overhang_m;
}

double bt_car_rear(const bt_vehicle *v, const bt_car *car)
{
    double rear = v->rear_overhang_m;
    double nose = v->hitch_from_rear_m > 0.0 ? BT_TRAILER_NOSE_M : 0.0;
    if (bt_vehicle_has_trailer(v))
        rear = bt_max(rear, v->trailer_length_m - nose - v->hitch_from_rear_m);
    return car->q_m - rear;
}

// ---- ground -----------------------------------------------------------------------------------
// Wheels of one axle, beside a place of the way.
typedef struct axle {
    bt_wheel_shape shape;
    bt_wheel_stance stance;
    double q_m;
    bt_lane_point at;
    double room_m; // aside that the way's lane holds all of the tread
} axle;

static void put_axle(const bt_lane_graph *g, const bt_car *car, double q_m, axle *on)
{
    on->q_m = q_m;
    on->at = bt_itinerary_at(g, &car->way, q_m);
    // the sine is no more than the angle
    double turn = fabs(bt_wrap_angle(on->stance.heading_rad - on->at.heading_rad));
    double reach = on->shape.radius_m * bt_min(turn, 1.0) + 0.5 * on->shape.width_m;
    on->room_m = (double)on->at.room_m - reach;
}

static double aside_of(const axle *on, bt_vec3 foot, double *along)
{
    double dx = foot.x - on->at.x_m, dy = foot.y - on->at.y_m;
    double c = (double)on->at.cos_heading, s = (double)on->at.sin_heading;
    *along = dx * c + dy * s;
    return dy * c - dx * s;
}

// Moves a wheel's ground: by the way's height, slope and bank while all its tread is on the way's lane, else by the
// surface. It climbs at most by climb_m.
static void move_ground(const bt_lane_graph *g, const bt_car *car, axle *on, bt_vec3 foot,
                        double ahead_m, double climb_m, bt_contact *contact, double *z_m)
{
    double along, aside = aside_of(on, foot, &along);
    if (fabs(along) > ALONG_M) {
        put_axle(g, car, on->q_m + along, on);
        aside = aside_of(on, foot, &along);
    }
    if (fabs(aside) < on->room_m) {
        *contact = BT_CONTACT_NONE;
        double to = on->at.z_m + on->at.bank * aside + (double)on->at.slope * along;
        *z_m += bt_clamp(to - *z_m, -climb_m, climb_m);
    } else {
        foot.z = *z_m;
        *z_m = bt_contact_climb(g->net, foot, &on->stance, ahead_m, climb_m, &on->shape, contact);
    }
}

// Of a bicycle, which has one behind another: as high as they are on both sides.
static void find_cycle_ground(const bt_lane_graph *g, const bt_vehicle *v, double ahead_m,
                              double climb_m, bt_car *car)
{
    bt_pose body = bt_chassis_pose(v, car->x_m, car->y_m, car->yaw_rad, &car->ride);
    axle on = {.shape = bt_cycle_wheel_shape(v), .stance.up = bt_cycle_up(&body)};
    double *z = car->ground.z_m;
    for (int i = 0; i < BT_WHEEL_COUNT; i += 2) {
        bool front = i == BT_WHEEL_FRONT_LEFT;
        on.stance.heading_rad = car->yaw_rad + (front ? car->steer_rad : 0.0);
        put_axle(g, car, car->q_m + (front ? v->wheelbase_m : 0.0), &on);
        bt_vec3 foot = bt_cycle_foot(v, &body, front, car->gear.steer_rad);
        move_ground(g, car, &on, foot, ahead_m, climb_m, &car->body.contact[i], &z[i]);
        z[i + 1] = z[i];
    }
}

// Where the wheels are as the body stands now: it pitches on slopes and leans in bends.
static void find_ground(const bt_lane_graph *g, const bt_vehicle *v, double ahead_m, double climb_m,
                        bt_car *car)
{
    if (bt_vehicle_is_cycle(v)) {
        find_cycle_ground(g, v, ahead_m, climb_m, car);
        return;
    }
    bt_wheel_shape shape = {v->wheel_radius_m, BT_TYRE_WIDTH_RADII * v->wheel_radius_m};
    bt_vec3 feet[BT_WHEEL_COUNT];
    axle on = {.shape = shape};
    double *z = car->ground.z_m;
    bt_wheel_feet(v, car->x_m, car->y_m, car->yaw_rad, &car->ride, feet, &on.stance.up);
    for (int i = 0; i < BT_WHEEL_COUNT; i += 2) {
        bool front = i == BT_WHEEL_FRONT_LEFT;
        on.stance.heading_rad = car->yaw_rad + (front ? car->steer_rad : 0.0);
        put_axle(g, car, car->q_m + (front ? v->wheelbase_m : 0.0), &on);
        for (int k = i; k < i + 2; k++)
            move_ground(g, car, &on, feet[k], ahead_m, climb_m, &car->body.contact[k], &z[k]);
    }
}

static void find_trailer_ground(const bt_lane_graph *g, const bt_vehicle *v, double hitch,
                                double ahead_m, double climb_m, bt_car *car)
{
    bt_trailer *t = &car->body.trailer;
    bt_wheel_shape shape = bt_trailer_wheel_shape(v);
    bt_pose tractor = bt_chassis_pose(v, car->x_m, car->y_m, car->yaw_rad, &car->ride);
    bt_pose body = bt_trailer_stand(v, &tractor, hitch, t);
    bt_vec3 up = bt_pose_dir(body, bt_vec3_make(0.0, 0.0, 1.0));
    axle on = {.shape = shape, .stance = {car->yaw_rad + hitch, up}};
    for (int i = 0; i < bt_trailer_wheel_count(v); i += 2) {
        double x, y;
        bt_trailer_wheel_place(v, i, &x, &y);
        put_axle(g, car, car->q_m + v->hitch_from_rear_m + x, &on);
        for (int k = i; k < i + 2; k++)
            move_ground(g, car, &on, bt_trailer_foot(v, &body, t, k), ahead_m, climb_m,
                        &t->contact[k], &t->ground_m[k]);
    }
}

// All ground level with its way, nothing known of where the wheels are.
static void begin_ground(const bt_lane_graph *g, const bt_vehicle *v, bt_car *car)
{
    bt_ego_forget_ground(&car->body);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bool front = i == BT_WHEEL_FRONT_LEFT || i == BT_WHEEL_FRONT_RIGHT;
        double q = car->q_m + (front ? v->wheelbase_m : 0.0);
        car->ground.z_m[i] = bt_itinerary_at(g, &car->way, q).z_m;
    }
}

static void begin_ride(const bt_vehicle *v, bt_car *car)
{
    if (bt_vehicle_is_cycle(v))
        bt_cycle_init(v, &car->ground, &car->ride);
    else
        bt_ride_init(v, &car->ground, &car->ride);
}

// ---- back -------------------------------------------------------------------------------------
static bt_trail_point place_of(const bt_car *car)
{
    return (bt_trail_point){car->x_m,     car->y_m,       car->yaw_rad,  car->q_m,
                            car->aside_m, car->steer_rad, car->hitch_rad};
}

// As if it had come along its lane, as far as that is straight behind it.
static void begin_trail(const bt_lane_graph *g, bt_car *car)
{
    bt_car was = *car;
    double from = fmax(bt_itinerary_start(&car->way, car->way.first),
                       car->q_m - BT_TRAIL_POINTS * BT_TRAIL_STEP_M);
    while (was.q_m - BT_TRAIL_STEP_M > from) {
        bt_lane_point p = bt_itinerary_at(g, &car->way, was.q_m - BT_TRAIL_STEP_M);
        if (fabs(bt_wrap_angle(p.heading_rad - car->yaw_rad)) > STRAIGHT_RAD) break;
        was.q_m -= BT_TRAIL_STEP_M;
    }
    for (; was.q_m < car->q_m; was.q_m += BT_TRAIL_STEP_M) {
        bt_lane_point p = bt_itinerary_at(g, &car->way, was.q_m);
        was.x_m = p.x_m;
        was.y_m = p.y_m;
        was.yaw_rad = p.heading_rad;
        bt_trail_point here = place_of(&was);
        bt_trail_leave(&here, &car->trail);
    }
}

double bt_car_roll_back(double way_m, bt_car *car)
{
    bt_trail_point at = place_of(car);
    double went = bt_trail_go_back(way_m, &at, &car->trail);
    car->x_m = at.x_m;
    car->y_m = at.y_m;
    car->yaw_rad = at.yaw_rad;
    car->q_m = at.q_m;
    car->aside_m = at.aside_m;
    car->steer_rad = at.steer_rad;
    car->hitch_rad = at.hitch_rad;
    return went;
}

void bt_car_init(const bt_lane_graph *g, const bt_vehicle *v, double speed_m_s, bt_car *car)
{
    bt_lane_point p = bt_itinerary_at(g, &car->way, car->q_m);
    car->x_m = p.x_m;
    car->y_m = p.y_m;
    car->yaw_rad = p.heading_rad;
    car->speed_m_s = speed_m_s;
    car->leader = car->followed = car->watched = car->lets_by = BT_SIM_NONE;
    car->wait.car = BT_SIM_NONE;
    car->leader_q_m = 1e9;
    begin_trail(g, car);
    begin_ground(g, v, car);
    begin_ride(v, car);
    find_ground(g, v, 0.0, ANY_M, car);
    begin_ride(v, car);
    if (!bt_vehicle_has_trailer(v)) return;
    bt_pose pose = bt_chassis_pose(v, car->x_m, car->y_m, car->yaw_rad, &car->ride);
    bt_trailer_init(v, &pose, 0.0, &car->body.trailer);
    find_trailer_ground(g, v, 0.0, 0.0, ANY_M, car);
    bt_trailer_settle(v, &car->ride, 0.0, &car->body.trailer);
}

// With a trailer the tractor swings out, so that the tail does not cut the corner: part of the
// steady off-tracking L^2 / 2R of the trailer's axle.
static double swing_out(const bt_lane_graph *g, const bt_vehicle *v, const bt_car *car, double q_m)
{
    double length = v->trailer_wheelbase_m;
    bt_way_spot before = bt_itinerary_spot(g, &car->way, q_m - 0.5 * length);
    bt_way_spot after = bt_itinerary_spot(g, &car->way, q_m + 0.5 * length);
    double curvature = bt_wrap_angle(after.heading_rad - before.heading_rad) / length;
    double out = -0.5 * SWING_SHARE * length * length * curvature;
    // hardly towards oncoming traffic, but for junctions, which it has to itself
    uint32_t lane = bt_itinerary_lane(&car->way, bt_itinerary_slot(&car->way, q_m));
    const bt_road *road = bt_road_get(g->net, bt_road_lane_get(g->net, lane)->road);
    double inner = SWING_MAX_M, outer = SWING_MAX_M;
    if (road->junction == BT_ROAD_NONE) inner = SWING_INNER_M;
    if (g->lanes[lane].parked_beside) { // stays in its lane
        double s_m = bt_itinerary_at(g, &car->way, q_m).s_m;
        double spare = 0.5 * (bt_lane_width(g->net, lane, s_m) - v->width_m);
        outer = bt_clamp(spare, SWING_INNER_M, SWING_MAX_M);
    }
    return road->left_hand_traffic ? bt_clamp(out, -inner, outer) : bt_clamp(out, -outer, inner);
}

// The point of its way at q that the rear axle steers for: with a trailer further out in bends.
static bt_way_spot aim(const bt_lane_graph *g, const bt_vehicle *v, const bt_car *car, double q_m)
{
    bt_way_spot p = bt_itinerary_spot(g, &car->way, q_m);
    if (!bt_vehicle_has_trailer(v)) return p;
    double out = swing_out(g, v, car, q_m);
    p.x_m -= out * p.sin_heading;
    p.y_m += out * p.cos_heading;
    return p;
}

// Road-wheel angle that takes the rear axle to a point of the way ahead, on a circle.
static double pursue(const bt_lane_graph *g, const bt_vehicle *v, const bt_car *car, double speed)
{
    double look = bt_max(LOOK_MIN_M, 0.6 * v->wheelbase_m) + LOOK_TIME_S * speed;
    bt_way_spot p = aim(g, v, car, car->q_m + look);
    if (bt_vehicle_is_cycle(v)) {
        double sway = bt_cycle_sway(car->way.choice, car->q_m + look, look, speed);
        p.x_m -= sway * p.sin_heading;
        p.y_m += sway * p.cos_heading;
    }
    double dx = p.x_m - car->x_m, dy = p.y_m - car->y_m;
    double across = -dx * bt_sin(car->yaw_rad) + dy * bt_cos(car->yaw_rad);
    double square = bt_max(dx * dx + dy * dy, 1.0);
    double steer = bt_atan(v->wheelbase_m * 2.0 * across / square);
    return bt_clamp(steer, -v->steer_max_rad, v->steer_max_rad);
}

// The foot moves towards what is wanted as fast as feet do.
static void press_pedal(const bt_vehicle *v, double dt, bt_car *car)
{
    double most = bt_min(BRAKE_MAX_M_S2, v->brake_max_m_s2);
    double wanted = bt_clamp(car->accel_wanted_m_s2, -most, v->accel_max_m_s2);
    double down = wanted < -EMERGENCY_M_S2 ? JERK_EMERGENCY_M_S3 : JERK_BRAKE_M_S3;
    // letting go of the brake is as quick as pressing it
    double up = car->pedal_m_s2 < 0.0 ? JERK_BRAKE_M_S3 : JERK_UP_M_S3;
    car->pedal_m_s2 += bt_clamp(wanted - car->pedal_m_s2, -down * dt, up * dt);
}

// On the circle that the wheels steer.
static void go_round(const bt_vehicle *v, double steer_tan, double way, bt_car *car)
{
    double turn = way * steer_tan / v->wheelbase_m, course = car->yaw_rad + 0.5 * turn;
    car->x_m += way * bt_cos(course);
    car->y_m += way * bt_sin(course);
    car->yaw_rad = bt_wrap_angle(car->yaw_rad + turn);
}

static void move_on_rails(const bt_vehicle *v, double steer_tan, double dt, bt_car *car)
{
    double before = car->speed_m_s;
    car->speed_m_s = bt_max(0.0, before + car->pedal_m_s2 * dt);
    car->accel_m_s2 = (car->speed_m_s - before) / dt;
    // who stands has let go
    if (car->speed_m_s <= 0.0) car->pedal_m_s2 = bt_max(car->pedal_m_s2, 0.0);
    go_round(v, steer_tan, 0.5 * (before + car->speed_m_s) * dt, car);
}
// Newton's step towards the foot of the perpendicular on the way: progress and offset.
static void find_progress(const bt_lane_graph *g, double way_m, bt_car *car)
{
    bt_way_spot p = bt_itinerary_spot(g, &car->way, car->q_m + way_m);
    double c = p.cos_heading, s = p.sin_heading;
    double dx = car->x_m - p.x_m, dy = car->y_m - p.y_m;
    double along = dx * c + dy * s;
    // never back, never more than the car could have gone
    car->q_m += bt_clamp(way_m + along, 0.0, 3.0 * way_m);
    car->aside_m = -dx * s + dy * c;
}

bt_footprint bt_car_box(const bt_vehicle *v, const bt_car *car, double room_m)
{
    double middle = 0.5 * v->length_m - v->rear_overhang_m;
    double z = bt_ride_height(v, &car->ride, 0.0, 0.0);
    return (bt_footprint){.x_m = car->x_m + middle * bt_cos(car->yaw_rad),
                          .y_m = car->y_m + middle * bt_sin(car->yaw_rad),
                          .yaw_rad = car->yaw_rad,
                          .half_length_m = 0.5 * v->length_m + room_m,
                          .half_width_m = 0.5 * v->width_m + room_m,
                          .z_low_m = z - 0.5,
                          .z_high_m = z + v->height_m};
}

void bt_car_roll(const bt_lane_graph *g, const bt_vehicle *v, double way_m, double speed_m_s,
                 bt_car *car)
{
    double most = STEER_RATE_RAD_S * way_m / speed_m_s;
    car->steer_rad += bt_clamp(pursue(g, v, car, speed_m_s) - car->steer_rad, -most, most);
    double yaw = car->yaw_rad;
    go_round(v, bt_tan(car->steer_rad), way_m, car);
    find_progress(g, way_m, car);
    if (!bt_vehicle_has_trailer(v)) return;
    // as chassis.h, at low speed
    double turn = bt_wrap_angle(car->yaw_rad - yaw), phi = car->hitch_rad;
    double across = -way_m * bt_sin(phi) + turn * v->hitch_from_rear_m * bt_cos(phi);
    car->hitch_rad += across / v->trailer_wheelbase_m - turn;
}

// ---- near the ego -----------------------------------------------------------------------------
void bt_car_set_near(const bt_vehicle *v, bool near_ego, bt_car *car)
{
    bt_ego *body = &car->body;
    if (near_ego == (bool)car->near_ego) return;
    car->near_ego = near_ego;
    if (!near_ego) return; // all that counts is carried along
    *body = (bt_ego){.ground = car->ground, .trailer = body->trailer};
    body->drive =
        (bt_drive){.x_m = car->x_m, .y_m = car->y_m, .yaw_rad = car->yaw_rad, .ride = car->ride};
    bt_drive_follow(v, car->speed_m_s, car->steer_rad, &body->drive);
    body->drive.force_x_m_s2 = car->accel_m_s2;
    bt_ego_forget_ground(body);
}

// What a driver asks of pedals for an acceleration: drag, rolling and the slope are made up for.
static double effort(const bt_vehicle *v, const bt_car *car)
{
    double speed = car->speed_m_s, pitch, roll;
    if (speed <= 0.0 && car->accel_wanted_m_s2 <= 0.0) return -1.0; // the foot on the brake
    bt_ground_sines(v, &car->body.ground, &pitch, &roll);
    double air = 0.5 * BT_AIR_DENSITY_KG_M3 * v->drag_area_m2 * speed * speed / v->mass_kg;
    return car->pedal_m_s2 + air + BT_GRAVITY_M_S2 * (v->roll_resistance - pitch);
}

static void move_by_forces(const bt_lane_graph *g, const bt_vehicle *v, double steer_rad, double dt,
                           bt_car *car, double channel[BT_CHANNEL_COUNT])
{
    bt_command command = {.steer_rad = steer_rad, .accel_m_s2 = effort(v, car)};
    double before = car->speed_m_s;
    bt_drive *d = &car->body.drive;
    bt_ego_step(g->net, v, &command, dt, &car->body, channel);
    car->x_m = d->x_m;
    car->y_m = d->y_m;
    car->yaw_rad = d->yaw_rad;
    car->speed_m_s = d->vx_m_s;
    car->accel_m_s2 = (d->vx_m_s - before) / dt;
    if (car->speed_m_s <= 0.0) car->pedal_m_s2 = bt_max(car->pedal_m_s2, 0.0);
    car->steer_rad = d->steer_rad;
    car->ride = d->ride;
    car->ground = car->body.ground;
}

// ---- whole ------------------------------------------------------------------------------------
// Sway of 1.3 Hz, damped by 0.35, has come down to a millionth.
bool bt_car_rests(const bt_car *car)
{
    return car->still > STILL_STEPS;
}

bool bt_car_comes_to_rest(const bt_car *car)
{
    return car->still == STILL_STEPS;
}

// The way that it went, to the bit: a foot stays where it is.
static void finish_cycle(const bt_lane_graph *g, const bt_vehicle *v, double steer_tan, double dt,
                         bt_car *car, double channel[BT_CHANNEL_COUNT])
{
    double way = (car->speed_m_s - 0.5 * car->accel_m_s2 * dt) * dt;
    double turn = way * steer_tan / v->wheelbase_m;
    find_ground(g, v, way, CYCLE_CLIMB_M, car);
    bt_cycle_step(v, &car->ground, way, turn, dt, &car->gear, &car->ride, channel);
    bt_pose body = bt_chassis_pose(v, car->x_m, car->y_m, car->yaw_rad, &car->ride);
    bt_cycle_find_foot(g->net, v, &body, dt, &car->gear);
}

// Wheels, springs and trailer of a car on rails.
static void finish_on_rails(const bt_lane_graph *g, const bt_vehicle *v, double steer_tan,
                            double dt, bt_car *car, double channel[BT_CHANNEL_COUNT])
{
    double yaw_rate = car->speed_m_s * steer_tan / v->wheelbase_m, pitch, roll;
    double way = car->speed_m_s * dt;
    if (bt_vehicle_is_cycle(v)) {
        finish_cycle(g, v, steer_tan, dt, car, channel);
        return;
    }
    double climb = BT_CLIMB * fabs(way) + SETTLE_M_S * dt;
    if (way != 0.0) find_ground(g, v, way, climb, car);
    bt_ground_sines(v, &car->ground, &pitch, &roll);
    // what the tyres push with, gravity's part on a slope too
    bt_ride_step(v, &car->ground, car->accel_m_s2 - BT_GRAVITY_M_S2 * pitch,
                 car->speed_m_s * yaw_rate + BT_GRAVITY_M_S2 * roll, dt, &car->ride);
    bt_ground_speed speed = {car->speed_m_s, 0.0, yaw_rate};
    bt_wheels_turn(v, &speed, steer_tan, NULL, dt, channel);
    if (!bt_vehicle_has_trailer(v)) return;
    double hitch = channel[BT_CHANNEL_HITCH];
    if (way != 0.0) find_trailer_ground(g, v, hitch, way, climb, car);
    bt_trailer_ride(v, &car->ride, hitch, car->speed_m_s, yaw_rate, dt, &car->body.trailer);
}

// Over its own trail; on rails, wherever it is.
static void step_back(const bt_lane_graph *g, const bt_vehicle *v, double dt, bt_car *car,
                      double channel[BT_CHANNEL_COUNT])
{
    double before = car->speed_m_s, most = BACK_M_S2 * dt;
    car->still = 0;
    car->pedal_m_s2 = 0.0;
    car->speed_m_s += bt_clamp(-car->back_m_s - before, -most, most);
    double way = -0.5 * (before + car->speed_m_s) * dt;
    if (bt_car_roll_back(way, car) < way) car->speed_m_s = 0.0;
    car->accel_m_s2 = (car->speed_m_s - before) / dt;
    car->back_left_m -= way;
    car->way.head = bt_itinerary_slot(&car->way, car->q_m);
    finish_on_rails(g, v, bt_tan(car->steer_rad), dt, car, channel);
    channel[BT_CHANNEL_HITCH] = car->hitch_rad;
}

void bt_car_step(const bt_lane_graph *g, const bt_vehicle *v, const bt_plan *plan, double dt,
                 bt_car *car, double channel[BT_CHANNEL_COUNT])
{
    if (bt_car_backs(car)) {
        step_back(g, v, dt, car, channel);
        return;
    }
    bool stands = car->speed_m_s <= 0.0 && car->accel_wanted_m_s2 <= 0.0;
    car->still = !stands ? 0 : bt_car_rests(car) ? car->still : car->still + 1;
    if (bt_car_rests(car)) return;
    double turn = STEER_RATE_RAD_S * dt;
    double steer =
        stands ? car->steer_rad
               : car->steer_rad +
                     bt_clamp(pursue(g, v, car, car->speed_m_s) - car->steer_rad, -turn, turn);
    press_pedal(v, dt, car);
    double steer_tan = bt_tan(steer);
    if (car->near_ego) {
        move_by_forces(g, v, steer, dt, car, channel);
    } else {
        car->steer_rad = steer;
        move_on_rails(v, steer_tan, dt, car);
    }
    if (!stands) {
        find_progress(g, car->speed_m_s * dt, car);
        bt_trail_point here = place_of(car);
        bt_trail_leave(&here, &car->trail);
        bt_itinerary_advance(g, plan, &car->way, car->q_m, AHEAD_M);
    }
    if (!car->near_ego) finish_on_rails(g, v, steer_tan, dt, car, channel);
    car->hitch_rad = channel[BT_CHANNEL_HITCH];
}
