// ride.c: springs, dampers, links; semi-implicit Euler.
#include "engine/sim/ride.h"

#include <math.h>

#define FREQUENCY_HZ 1.3  // of heave where the sheet gives none: usual for cars (1 to 1.5)
#define DAMPING 0.35      // likewise (0.2 to 0.4)
#define PITCH_OF_YAW 0.95 // inertia over that in yaw: chosen, in the range of measured cars
#define ROLL_RADIUS 0.39  // radius of gyration in roll over the track: likewise
#define ROLL_FRONT 0.55
#define SINK_MAX_M 0.12 // bump stops: from here on springs are ten times as stiff
#define STOP_STIFFER 9.0
#define TILT_MAX_RAD 1.3

// What follows from a sheet.
typedef struct springs {
    double front_m, rear_m; // levers of the axles from the centre of gravity
    double front_n_m, rear_n_m;
    double damp_s; // damper over spring, heave and pitch
    double roll_nm, roll_damp_nms;
    double pitch_kg_m2, roll_kg_m2;
    double lift; // share of the pitching moment that the springs carry
} springs;

static springs find_springs(const bt_vehicle *v)
{
    springs s = {.rear_m = v->cg_from_rear_m, .front_m = v->wheelbase_m - v->cg_from_rear_m};
    double hz = v->ride_frequency_hz > 0.0 ? v->ride_frequency_hz : FREQUENCY_HZ;
    double damping = v->ride_damping > 0.0 ? v->ride_damping : DAMPING, w = 2.0 * BT_PI * hz;
    double k = v->mass_kg * w * w, h = v->cg_height_m;
    s.front_n_m = k * s.rear_m / v->wheelbase_m;
    s.rear_n_m = k * s.front_m / v->wheelbase_m;
    s.damp_s = 2.0 * damping / w;
    s.pitch_kg_m2 =
        v->pitch_inertia_kg_m2 > 0.0 ? v->pitch_inertia_kg_m2 : PITCH_OF_YAW * v->yaw_inertia_kg_m2;
    double radius = ROLL_RADIUS * v->track_m;
    s.roll_kg_m2 =
        v->roll_inertia_kg_m2 > 0.0 ? v->roll_inertia_kg_m2 : v->mass_kg * radius * radius;
    // a body that hardly rolls is not infinitely stiff
    s.roll_nm = v->mass_kg * h / bt_max(v->roll_gain_rad_s2_m, 5e-4);
    // at most 40 rad/s, for steps of 10 ms
    s.roll_nm = bt_min(s.roll_nm, 1600.0 * s.roll_kg_m2);
    s.roll_damp_nms = 2.0 * damping * sqrt(s.roll_nm * s.roll_kg_m2);
    double pitch_nm = k * s.front_m * s.rear_m;
    s.lift = h > 0.0 ? bt_min(1.0, v->pitch_gain_rad_s2_m * pitch_nm / (v->mass_kg * h)) : 0.0;
    return s;
}

bt_ride_modes bt_ride_find_modes(const bt_vehicle *v)
{
    springs s = find_springs(v);
    double k = s.front_n_m + s.rear_n_m;
    double pitch = s.front_n_m * s.front_m * s.front_m + s.rear_n_m * s.rear_m * s.rear_m;
    double heave = sqrt(k / v->mass_kg);
    return (bt_ride_modes){heave, sqrt(pitch / s.pitch_kg_m2), sqrt(s.roll_nm / s.roll_kg_m2),
                           0.5 * s.damp_s * heave};
}

void bt_ground_sines(const bt_vehicle *v, const bt_ground *ground, double *pitch, double *roll)
{
    const double *z = ground->z_m;
    double front = 0.5 * (z[BT_WHEEL_FRONT_LEFT] + z[BT_WHEEL_FRONT_RIGHT]);
    double rear = 0.5 * (z[BT_WHEEL_REAR_LEFT] + z[BT_WHEEL_REAR_RIGHT]);
    double left = 0.5 * (z[BT_WHEEL_FRONT_LEFT] + z[BT_WHEEL_REAR_LEFT]);
    double right = 0.5 * (z[BT_WHEEL_FRONT_RIGHT] + z[BT_WHEEL_REAR_RIGHT]);
    // wheels are rigid on the body: rises are sines of the angles
    *pitch = bt_clamp((rear - front) / v->wheelbase_m, -0.9, 0.9);
    *roll = bt_clamp((left - right) / v->track_m, -0.9, 0.9);
}

void bt_ground_tilt(const bt_vehicle *v, const bt_ground *ground, double *pitch_rad,
                    double *roll_rad)
{
    double pitch, roll;
    bt_ground_sines(v, ground, &pitch, &roll);
    *pitch_rad = bt_asin(pitch);
    *roll_rad = bt_asin(roll);
}

double bt_ride_height(const bt_vehicle *v, const bt_ride *r, double x_m, double y_m)
{
    double z = r->z_m - (x_m - v->cg_from_rear_m) * bt_sin(r->pitch_rad);
    return y_m == 0.0 ? z : z + y_m * bt_sin(r->roll_rad);
}

void bt_ride_above_plane(const bt_vehicle *v, const bt_ride *r, double sin_pitch, double sin_roll,
                         double above_m[BT_WHEEL_COUNT])
{
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y;
        bt_wheel_place(v, (bt_wheel)i, &x, &y);
        double plane = r->z_m - (x - v->cg_from_rear_m) * sin_pitch + y * sin_roll;
        above_m[i] = r->ground_m[i] - plane;
    }
}

void bt_ride_travel(const bt_vehicle *v, const bt_ride *r, double travel_m[BT_WHEEL_COUNT])
{
    double sp = bt_sin(r->pitch_rad), sr = bt_sin(r->roll_rad);
    double upright = sqrt((1.0 - sp * sp) * (1.0 - sr * sr));
    bt_ride_above_plane(v, r, sp, sr, travel_m);
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        travel_m[i] /= upright;
}

static void static_loads(const bt_vehicle *v, double load_n[BT_WHEEL_COUNT])
{
    double front = 0.5 * v->mass_kg * BT_GRAVITY_M_S2 * v->cg_from_rear_m / v->wheelbase_m;
    double rear = 0.5 * v->mass_kg * BT_GRAVITY_M_S2 - front;
    load_n[BT_WHEEL_FRONT_LEFT] = load_n[BT_WHEEL_FRONT_RIGHT] = front;
    load_n[BT_WHEEL_REAR_LEFT] = load_n[BT_WHEEL_REAR_RIGHT] = rear;
}

void bt_ride_init(const bt_vehicle *v, const bt_ground *ground, bt_ride *ride)
{
    *ride = (bt_ride){0};
    bt_ground_tilt(v, ground, &ride->pitch_rad, &ride->roll_rad);
    const double *z = ground->z_m;
    double front = 0.5 * (z[BT_WHEEL_FRONT_LEFT] + z[BT_WHEEL_FRONT_RIGHT]);
    double rear = 0.5 * (z[BT_WHEEL_REAR_LEFT] + z[BT_WHEEL_REAR_RIGHT]);
    ride->z_m = bt_lerp(rear, front, v->cg_from_rear_m / v->wheelbase_m);
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        ride->ground_m[i] = z[i];
    static_loads(v, ride->load_n);
}

// An axle's springs at its mean compression and its rate.
static double axle_force(double spring_n_m, double damp_s, double sink_m, double rate_m_s)
{
    double over = bt_max(0.0, fabs(sink_m) - SINK_MAX_M) * (sink_m > 0.0 ? 1.0 : -1.0);
    return spring_n_m * (sink_m + STOP_STIFFER * over + damp_s * rate_m_s);
}

// How far an axle's wheels are pushed up on average, and how much more the left than the right.
typedef struct sink {
    double mean_m, mean_m_s, twist_rad, twist_rad_s;
} sink;

// Of the body's pitch and roll.
typedef struct tilt {
    double sin_pitch, cos_pitch, sin_roll, cos_roll;
} tilt;

static tilt tilt_of(const bt_ride *r)
{
    tilt t = {.sin_pitch = bt_sin(r->pitch_rad), .sin_roll = bt_sin(r->roll_rad)};
    // below a right angle: TILT_MAX_RAD
    t.cos_pitch = sqrt(1.0 - t.sin_pitch * t.sin_pitch);
    t.cos_roll = sqrt(1.0 - t.sin_roll * t.sin_roll);
    return t;
}

static sink sink_of(const bt_vehicle *v, const bt_ground *ground, const bt_ride *r, const tilt *t,
                    int front, double dt)
{
    int left = front ? BT_WHEEL_FRONT_LEFT : BT_WHEEL_REAR_LEFT;
    double z[2], rate[2], x = (front ? v->wheelbase_m : 0.0) - v->cg_from_rear_m;
    for (int i = 0; i < 2; i++) {
        z[i] = ground->z_m[left + i];
        rate[i] = (z[i] - r->ground_m[left + i]) / dt;
    }
    double body = r->z_m - x * t->sin_pitch;
    double body_rate = r->rise_m_s - x * t->cos_pitch * r->pitch_rad_s;
    return (sink){.mean_m = 0.5 * (z[0] + z[1]) - body,
                  .mean_m_s = 0.5 * (rate[0] + rate[1]) - body_rate,
                  .twist_rad = (z[0] - z[1]) / v->track_m - t->sin_roll,
                  .twist_rad_s = (rate[0] - rate[1]) / v->track_m - t->cos_roll * r->roll_rad_s};
}

void bt_ride_step(const bt_vehicle *v, const bt_ground *ground, double forward_m_s2,
                  double lateral_m_s2, double dt, bt_ride *r)
{
    springs s = find_springs(v);
    tilt t = tilt_of(r);
    sink front = sink_of(v, ground, r, &t, 1, dt), rear = sink_of(v, ground, r, &t, 0, dt);
    double ff = axle_force(s.front_n_m, s.damp_s, front.mean_m, front.mean_m_s);
    double fr = axle_force(s.rear_n_m, s.damp_s, rear.mean_m, rear.mean_m_s);
    double share = 1.0 - ROLL_FRONT;
    double mf = ROLL_FRONT * (s.roll_nm * front.twist_rad + s.roll_damp_nms * front.twist_rad_s);
    double mr = share * (s.roll_nm * rear.twist_rad + s.roll_damp_nms * rear.twist_rad_s);
    // slowing down presses the nose down, turning left leans to the right
    double moment = v->mass_kg * v->cg_height_m;
    double dive = -moment * forward_m_s2, lean = moment * lateral_m_s2;
    r->rise_m_s += (ff + fr) / v->mass_kg * dt;
    r->pitch_rad_s += (s.lift * dive + fr * s.rear_m - ff * s.front_m) / s.pitch_kg_m2 * dt;
    r->roll_rad_s += (lean + mf + mr) / s.roll_kg_m2 * dt;
    r->z_m += r->rise_m_s * dt;
    r->pitch_rad = bt_clamp(r->pitch_rad + r->pitch_rad_s * dt, -TILT_MAX_RAD, TILT_MAX_RAD);
    r->roll_rad = bt_clamp(r->roll_rad + r->roll_rad_s * dt, -TILT_MAX_RAD, TILT_MAX_RAD);
    // springs, and what goes through the links of the front (+) and the rear (-)
    double link = (1.0 - s.lift) * dive / v->wheelbase_m;
    double add[BT_WHEEL_COUNT] = {
        0.5 * (ff + link) + mf / v->track_m, 0.5 * (ff + link) - mf / v->track_m,
        0.5 * (fr - link) + mr / v->track_m, 0.5 * (fr - link) - mr / v->track_m};
    static_loads(v, r->load_n);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        r->load_n[i] = bt_max(0.0, r->load_n[i] + add[i]);
        r->ground_m[i] = ground->z_m[i];
    }
}
