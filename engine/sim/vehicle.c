// vehicle.c: the double-track model: forces, their derivatives, a fixed number of substeps.
#include "engine/sim/vehicle.h"

#include "engine/sim/chassis.h"

#include <math.h>

// Speeds between which the kinematic motion passes into the dynamic one, and the time constant that
// pulls the motion to the kinematic one below: chosen, no visible step and no stiffness.
#define BLEND_LOW_M_S 1.0
#define BLEND_HIGH_M_S 3.0
#define BLEND_TIME_S 0.05

typedef struct derivative {
    double x, y, yaw, vx, vy, yaw_rate;
    double force_x, force_y;
} derivative;

// A wheel in one substep: its place from the centre of gravity, its direction, its tyre.
typedef struct wheel {
    double x, y, c, s;
    bt_tyre tyre;
    double sigma;
} wheel;

// ---- checks -----------------------------------------------------------------------------------
typedef struct range {
    const char *name;
    double value, low, high;
} range;

static bt_status check_ranges(const bt_vehicle *v, const range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const range *r = &ranges[i];
        if (!(r->value >= r->low && r->value <= r->high))
            return bt_fail(BT_ERR_INPUT, "vehicle '%.63s': %s is %g, expected %g to %g", v->name,
                           r->name, r->value, r->low, r->high);
    }
    return BT_OK;
}

static bt_status check_shape(const bt_vehicle *v)
{
    const range ranges[] = {
        {"wheelbase_m", v->wheelbase_m, 0.5, 15.0},
        {"track_m", v->track_m, 0.3, 4.0},
        {"wheel_radius_m", v->wheel_radius_m, 0.1, 1.5},
        {"length_m", v->length_m, 0.8, 30.0},
        {"width_m", v->width_m, 0.3, 5.0},
        {"height_m", v->height_m, 0.3, 6.0},
        {"rear_overhang_m", v->rear_overhang_m, 0.0, v->length_m},
        {"trailer_length_m", v->trailer_length_m, 0.0, 30.0},
        {"hitch_from_rear_m", v->hitch_from_rear_m, -5.0, 5.0},
        {"trailer_wheelbase_m", v->trailer_wheelbase_m, v->trailer_length_m > 0.0 ? 0.5 : 0.0,
         30.0},
    };
    return check_ranges(v, ranges, sizeof ranges / sizeof ranges[0]);
}

static bt_status check_dynamics(const bt_vehicle *v)
{
    // the upper ends of stiffness and inertia keep the explicit integration stable: see below
    const range ranges[] = {
        {"mass_kg", v->mass_kg, 50.0, 1e5},
        {"yaw_inertia_kg_m2", v->yaw_inertia_kg_m2, 5.0, 1e7},
        {"cg_from_rear_m", v->cg_from_rear_m, 0.05 * v->wheelbase_m, 0.95 * v->wheelbase_m},
        {"cg_height_m", v->cg_height_m, 0.0, 4.0},
        {"cornering_front_n_rad", v->cornering_front_n_rad, 1e2, 1e7},
        {"cornering_rear_n_rad", v->cornering_rear_n_rad, 1e2, 1e7},
        {"steer_max_rad", v->steer_max_rad, 0.01, 1.3},
        {"steer_rate_max_rad_s", v->steer_rate_max_rad_s, 0.01, 20.0},
        {"accel_max_m_s2", v->accel_max_m_s2, 0.01, 30.0},
        {"brake_max_m_s2", v->brake_max_m_s2, 0.01, 30.0},
        {"power_max_w", v->power_max_w, 1.0, 1e7},
        {"drag_area_m2", v->drag_area_m2, 0.0, 50.0},
        {"roll_resistance", v->roll_resistance, 0.0, 0.5},
        {"friction", v->friction, 0.01, 2.0},
        {"roll_gain_rad_s2_m", v->roll_gain_rad_s2_m, 0.0, 0.05},
        {"pitch_gain_rad_s2_m", v->pitch_gain_rad_s2_m, 0.0, 0.05},
        {"ride_frequency_hz", v->ride_frequency_hz, 0.0, 4.0},
        {"ride_damping", v->ride_damping, 0.0, 1.5},
        {"pitch_inertia_kg_m2", v->pitch_inertia_kg_m2, 0.0, 1e7},
        {"roll_inertia_kg_m2", v->roll_inertia_kg_m2, 0.0, 1e7},
        {"drive_front", v->drive_front, 0.0, 1.0},
        {"trailer_slip_rad_s2_m", v->trailer_slip_rad_s2_m, 0.0, 0.2},
        {"rider_height_m", v->rider_height_m, v->rider_height_m == 0.0 ? 0.0 : 1.5, 2.1},
    };
    return check_ranges(v, ranges, sizeof ranges / sizeof ranges[0]);
}

// The fastest slip mode at 1 m/s decays with (Cf + Cr) / m and (Cf a^2 + Cr b^2) / I; classic
// Runge-Kutta holds it while rate * substep < 2.78. With 2.5 ms: 1112 1/s; 600 leaves room.
static bt_status check_stiffness(const bt_vehicle *v)
{
    double rear = v->cg_from_rear_m, front = v->wheelbase_m - rear;
    double cf = v->cornering_front_n_rad, cr = v->cornering_rear_n_rad;
    double slide = (cf + cr) / v->mass_kg;
    double turn = (cf * front * front + cr * rear * rear) / v->yaw_inertia_kg_m2;
    if (slide > 600.0 || turn > 600.0)
        return bt_fail(BT_ERR_INPUT,
                       "vehicle '%.63s': cornering stiffness too high for its mass and inertia "
                       "(%.0f and %.0f per second, at most 600)",
                       v->name, slide, turn);
    return BT_OK;
}

bt_status bt_vehicle_check(const bt_vehicle *vehicle)
{
    bt_status status = check_shape(vehicle);
    if (status == BT_OK) status = check_dynamics(vehicle);
    if (status == BT_OK) status = check_stiffness(vehicle);
    return status;
}

// ---- forces -----------------------------------------------------------------------------------
double bt_vehicle_understeer(const bt_vehicle *v)
{
    double rear = v->cg_from_rear_m, front = v->wheelbase_m - rear;
    return v->mass_kg / v->wheelbase_m *
           (rear / v->cornering_front_n_rad - front / v->cornering_rear_n_rad);
}

double bt_drive_energy_j(const bt_vehicle *v, const bt_drive *d)
{
    return 0.5 * v->mass_kg * (d->vx_m_s * d->vx_m_s + d->vy_m_s * d->vy_m_s) +
           0.5 * v->yaw_inertia_kg_m2 * d->yaw_rate_rad_s * d->yaw_rate_rad_s;
}

// Drive or brake force wanted of all wheels, within the engine's and the brake's limits.
static double wanted_force(const bt_vehicle *v, double accel_m_s2, double vx_m_s)
{
    if (accel_m_s2 <= 0.0) return -v->mass_kg * fmin(-accel_m_s2, v->brake_max_m_s2);
    double force = v->mass_kg * fmin(accel_m_s2, v->accel_max_m_s2);
    return fmin(force, v->power_max_w / fmax(vx_m_s, 0.1));
}

static void place_wheels(const bt_vehicle *v, const bt_drive *d, double normal_m_s2,
                         wheel w[BT_WHEEL_COUNT])
{
    double left, right, weight = v->mass_kg * BT_GRAVITY_M_S2;
    bt_ackermann(v, d->steer_rad, &left, &right);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bool front = i < BT_WHEEL_REAR_LEFT;
        double angle = !front ? 0.0 : i == BT_WHEEL_FRONT_LEFT ? left : right;
        bt_wheel_place(v, (bt_wheel)i, &w[i].x, &w[i].y);
        w[i].x -= v->cg_from_rear_m;
        w[i].c = cos(angle);
        w[i].s = sin(angle);
        double lever = front ? v->cg_from_rear_m : v->wheelbase_m - v->cg_from_rear_m;
        double nominal = 0.5 * weight * lever / v->wheelbase_m;
        double stiffness = 0.5 * (front ? v->cornering_front_n_rad : v->cornering_rear_n_rad);
        double load = d->ride.load_n[i] * normal_m_s2 / BT_GRAVITY_M_S2;
        w[i].tyre = bt_tyre_make(stiffness, nominal, load, v->friction);
    }
}

// Velocity of a wheel's contact along and across it.
static double tangent(const wheel *w, const bt_drive *d)
{
    double vx = d->vx_m_s - d->yaw_rate_rad_s * w->y, vy = d->vy_m_s + d->yaw_rate_rad_s * w->x;
    double along = vx * w->c + vy * w->s, across = -vx * w->s + vy * w->c;
    return across / fmax(along, BLEND_LOW_M_S);
}

// The slips that give the forces asked for, as far as the tyres let them.
static void find_slips(const bt_vehicle *v, const bt_drive_input *in, bt_drive *d,
                       wheel w[BT_WHEEL_COUNT])
{
    double wanted = wanted_force(v, in->accel_m_s2, d->vx_m_s), total = 0.0;
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        total += w[i].tyre.load_n;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bool front = i < BT_WHEEL_REAR_LEFT;
        double share = wanted <= 0.0 ? w[i].tyre.load_n / fmax(total, 1.0)
                                     : 0.5 * (front ? v->drive_front : 1.0 - v->drive_front);
        w[i].sigma = bt_tyre_slip_for(&w[i].tyre, wanted * share, tangent(&w[i], d));
        d->slip[i] = w[i].sigma / (1.0 - w[i].sigma);
    }
}

// Tyre and air forces and their yaw moment at a state, vehicle axes.
static void sum_forces(const bt_vehicle *v, const bt_drive *d, const wheel w[BT_WHEEL_COUNT],
                       double normal_m_s2, double sum[3])
{
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double along, across;
        bt_tyre_force(&w[i].tyre, w[i].sigma, tangent(&w[i], d), &along, &across);
        double fx = along * w[i].c - across * w[i].s, fy = along * w[i].s + across * w[i].c;
        sum[0] += fx;
        sum[1] += fy;
        sum[2] += w[i].x * fy - w[i].y * fx;
    }
    double speed = sqrt(d->vx_m_s * d->vx_m_s + d->vy_m_s * d->vy_m_s);
    double air = 0.5 * BT_AIR_DENSITY_KG_M3 * v->drag_area_m2 * speed;
    sum[0] -= air * d->vx_m_s + v->roll_resistance * v->mass_kg * normal_m_s2;
    sum[1] -= air * d->vy_m_s;
}

// ---- motion -----------------------------------------------------------------------------------
static double blend_weight(double vx_m_s)
{
    double u = bt_clamp((vx_m_s - BLEND_LOW_M_S) / (BLEND_HIGH_M_S - BLEND_LOW_M_S), 0.0, 1.0);
    return u * u * (3.0 - 2.0 * u);
}

static double normal_gravity(const bt_drive_input *in)
{
    return BT_GRAVITY_M_S2 * cos(in->pitch_rad) * cos(in->roll_rad);
}

static derivative derive(const bt_vehicle *v, const bt_drive *d, const wheel w4[BT_WHEEL_COUNT],
                         const bt_drive_input *in)
{
    // gravity in vehicle axes: minus the third row of Rz Ry Rx, times g
    double cp = cos(in->pitch_rad);
    double gx = BT_GRAVITY_M_S2 * sin(in->pitch_rad);
    double gy = -BT_GRAVITY_M_S2 * cp * sin(in->roll_rad);
    double sum[3] = {0.0, 0.0, 0.0};
    sum_forces(v, d, w4, normal_gravity(in), sum);

    derivative out;
    double b = v->cg_from_rear_m, r = d->yaw_rate_rad_s;
    out.force_x = sum[0] / v->mass_kg;
    out.force_y = sum[1] / v->mass_kg;
    // dynamic: Newton and Euler in the turning frame
    double w = blend_weight(d->vx_m_s);
    double vy_dot = out.force_y + gy - d->vx_m_s * r;
    double r_dot = sum[2] / v->yaw_inertia_kg_m2;
    // kinematic: the rear axle does not slip sideways
    double r_kin = d->vx_m_s * tan(d->steer_rad) / v->wheelbase_m;
    out.vy = bt_lerp((b * r_kin - d->vy_m_s) / BLEND_TIME_S, vy_dot, w);
    out.yaw_rate = bt_lerp((r_kin - r) / BLEND_TIME_S, r_dot, w);
    // brakes, rolling resistance and the hill holder stop a car, they never pull it back
    out.vx = out.force_x + gx + w * r * d->vy_m_s;
    if (d->vx_m_s <= 0.0 && out.vx < 0.0) out.vx = 0.0;
    // the origin is the rear axle; the plan shortens a slope
    double c = cos(d->yaw_rad), s = sin(d->yaw_rad), along = d->vx_m_s * cp;
    double across = d->vy_m_s - b * r;
    out.x = along * c - across * s;
    out.y = along * s + across * c;
    out.yaw = r;
    return out;
}

static bt_drive moved(const bt_drive *d, const derivative *k, double dt)
{
    bt_drive out = *d;
    out.x_m += k->x * dt;
    out.y_m += k->y * dt;
    out.yaw_rad += k->yaw * dt;
    out.vx_m_s = fmax(0.0, out.vx_m_s + k->vx * dt);
    out.vy_m_s += k->vy * dt;
    out.yaw_rate_rad_s += k->yaw_rate * dt;
    return out;
}

static double mean4(double a, double b, double c, double d)
{
    return (a + 2.0 * b + 2.0 * c + d) / 6.0;
}

// The body first, which gives the wheels their loads; then classic Runge-Kutta of order 4 with loads
// and slips held within a substep.
static void substep(const bt_vehicle *v, const bt_drive_input *in, const bt_ground *ground,
                    double dt, bt_drive *d)
{
    bt_ride_step(v, ground, d->force_x_m_s2, d->force_y_m_s2, dt, &d->ride);
    wheel w[BT_WHEEL_COUNT];
    place_wheels(v, d, normal_gravity(in), w);
    find_slips(v, in, d, w);
    derivative k1 = derive(v, d, w, in);
    bt_drive d2 = moved(d, &k1, 0.5 * dt);
    derivative k2 = derive(v, &d2, w, in);
    bt_drive d3 = moved(d, &k2, 0.5 * dt);
    derivative k3 = derive(v, &d3, w, in);
    bt_drive d4 = moved(d, &k3, dt);
    derivative k4 = derive(v, &d4, w, in);
    derivative k = {mean4(k1.x, k2.x, k3.x, k4.x),
                    mean4(k1.y, k2.y, k3.y, k4.y),
                    mean4(k1.yaw, k2.yaw, k3.yaw, k4.yaw),
                    mean4(k1.vx, k2.vx, k3.vx, k4.vx),
                    mean4(k1.vy, k2.vy, k3.vy, k4.vy),
                    mean4(k1.yaw_rate, k2.yaw_rate, k3.yaw_rate, k4.yaw_rate),
                    mean4(k1.force_x, k2.force_x, k3.force_x, k4.force_x),
                    mean4(k1.force_y, k2.force_y, k3.force_y, k4.force_y)};
    *d = moved(d, &k, dt);
    d->force_x_m_s2 = k.force_x;
    d->force_y_m_s2 = k.force_y;
    if (d->vx_m_s > 0.0) return;
    // at rest nothing leans on the tyres but the slope
    d->force_x_m_s2 = -BT_GRAVITY_M_S2 * sin(in->pitch_rad);
    d->force_y_m_s2 = BT_GRAVITY_M_S2 * cos(in->pitch_rad) * sin(in->roll_rad);
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        d->slip[i] = 0.0;
}

void bt_drive_init(const bt_vehicle *v, const bt_ground *ground, double x_m, double y_m,
                   double yaw_rad, double speed_m_s, bt_drive *drive)
{
    static const bt_ground level;
    *drive = (bt_drive){.x_m = x_m, .y_m = y_m, .yaw_rad = yaw_rad, .vx_m_s = speed_m_s};
    bt_ride_init(v, ground ? ground : &level, &drive->ride);
}

void bt_drive_follow(const bt_vehicle *v, double speed_m_s, double steer_rad, bt_drive *d)
{
    double r = speed_m_s * tan(steer_rad) / v->wheelbase_m, side = speed_m_s * r;
    // tyres slip as steady turning asks for, linear
    double front = v->wheelbase_m - v->cg_from_rear_m, w = blend_weight(speed_m_s);
    double slip = w * v->mass_kg * side * front / (v->wheelbase_m * v->cornering_rear_n_rad);
    d->vx_m_s = speed_m_s;
    d->steer_rad = steer_rad + w * bt_vehicle_understeer(v) * side;
    d->yaw_rate_rad_s = r;
    d->vy_m_s = v->cg_from_rear_m * r - speed_m_s * slip;
    d->force_y_m_s2 = side;
}

// Heights below the wheels of the plane with the input's angles.
static bt_ground plane(const bt_vehicle *v, const bt_drive_input *in)
{
    bt_ground ground;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y;
        bt_wheel_place(v, (bt_wheel)i, &x, &y);
        ground.z_m[i] = -x * sin(in->pitch_rad) + y * sin(in->roll_rad);
    }
    return ground;
}

void bt_drive_step(const bt_vehicle *v, const bt_drive_input *input, double dt_s, bt_drive *d)
{
    double dt = dt_s / BT_DRIVE_SUBSTEPS;
    double turn = v->steer_rate_max_rad_s * dt;
    double wanted = bt_clamp(input->steer_rad, -v->steer_max_rad, v->steer_max_rad);
    bt_ground to = input->ground ? *input->ground : plane(v, input), from;
    for (int k = 0; k < BT_WHEEL_COUNT; k++)
        from.z_m[k] = d->ride.ground_m[k];
    for (int i = 0; i < BT_DRIVE_SUBSTEPS; i++) {
        bt_ground now;
        for (int k = 0; k < BT_WHEEL_COUNT; k++)
            now.z_m[k] = bt_lerp(from.z_m[k], to.z_m[k], (i + 1.0) / BT_DRIVE_SUBSTEPS);
        d->steer_rad += bt_clamp(wanted - d->steer_rad, -turn, turn);
        substep(v, input, &now, dt, d);
    }
    d->yaw_rad = bt_wrap_angle(d->yaw_rad);
}
