// vehicle.c: the dynamic single-track model: forces, their derivatives, a fixed number of substeps.
#include "engine/sim/vehicle.h"

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

typedef struct axle {
    double load_n, lever_m, stiffness; // lever: from the centre of gravity, + forward
    double steer_rad;
} axle;

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
double bt_tyre_lateral_n(double c_n_rad, double friction_n, double tan_slip)
{
    if (friction_n <= 0.0) return 0.0;
    double t = tan_slip, at = fabs(t);
    if (c_n_rad * at >= 3.0 * friction_n) return t > 0.0 ? -friction_n : friction_n;
    double u = c_n_rad / (3.0 * friction_n);
    return -c_n_rad * t * (1.0 - u * at + u * u * t * t / 3.0);
}

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

// Adds one axle's tyre force (vehicle axes) and its yaw moment.
static void add_axle(const bt_vehicle *v, const axle *ax, const bt_drive *d, double force_wanted_n,
                     double sum[3])
{
    double c = cos(ax->steer_rad), s = sin(ax->steer_rad);
    double vy = d->vy_m_s + ax->lever_m * d->yaw_rate_rad_s;
    // velocity of the contact along and across the wheel
    double along = d->vx_m_s * c + vy * s;
    double across = -d->vx_m_s * s + vy * c;
    double friction_n = v->friction * ax->load_n;
    double fx = force_wanted_n;
    double fy = bt_tyre_lateral_n(ax->stiffness, friction_n, across / fmax(along, BLEND_LOW_M_S));
    // the friction circle: what is wanted beyond it shrinks in proportion
    double size = sqrt(fx * fx + fy * fy);
    if (size > friction_n) {
        fx *= friction_n / size;
        fy *= friction_n / size;
    }
    double force_y = fx * s + fy * c;
    sum[0] += fx * c - fy * s;
    sum[1] += force_y;
    sum[2] += ax->lever_m * force_y;
}

// Weight on the axles; braking loads the front (quasi-static, from the last step's force).
static void axle_loads(const bt_vehicle *v, double normal_m_s2, double force_x_m_s2,
                       double *front_n, double *rear_n)
{
    double weight = v->mass_kg * normal_m_s2;
    double front = v->mass_kg * (normal_m_s2 * v->cg_from_rear_m - force_x_m_s2 * v->cg_height_m) /
                   v->wheelbase_m;
    *front_n = bt_clamp(front, 0.0, weight);
    *rear_n = weight - *front_n;
}

// Slip, drive and air forces at a state; force_x and force_y over mass.
static void tyre_forces(const bt_vehicle *v, const bt_drive *d, const bt_drive_input *in,
                        double normal_m_s2, double sum[3])
{
    double front_n, rear_n;
    axle_loads(v, normal_m_s2, d->force_x_m_s2, &front_n, &rear_n);
    double wanted = wanted_force(v, in->accel_m_s2, d->vx_m_s);
    double share = front_n / (front_n + rear_n);
    double lever_rear = v->cg_from_rear_m;
    axle front = {front_n, v->wheelbase_m - lever_rear, v->cornering_front_n_rad, d->steer_rad};
    axle rear = {rear_n, -lever_rear, v->cornering_rear_n_rad, 0.0};
    add_axle(v, &front, d, wanted * share, sum);
    add_axle(v, &rear, d, wanted * (1.0 - share), sum);
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

static derivative derive(const bt_vehicle *v, const bt_drive *d, const bt_drive_input *in)
{
    // gravity in vehicle axes: minus the third row of Rz Ry Rx, times g
    double cp = cos(in->pitch_rad);
    double gx = BT_GRAVITY_M_S2 * sin(in->pitch_rad);
    double gy = -BT_GRAVITY_M_S2 * cp * sin(in->roll_rad);
    double normal = BT_GRAVITY_M_S2 * cp * cos(in->roll_rad);
    double sum[3] = {0.0, 0.0, 0.0};
    tyre_forces(v, d, in, normal, sum);

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

// Classic Runge-Kutta of order 4. The load transfer's force is held within a substep.
static void substep(const bt_vehicle *v, const bt_drive_input *in, double dt, bt_drive *d)
{
    derivative k1 = derive(v, d, in);
    bt_drive d2 = moved(d, &k1, 0.5 * dt);
    derivative k2 = derive(v, &d2, in);
    bt_drive d3 = moved(d, &k2, 0.5 * dt);
    derivative k3 = derive(v, &d3, in);
    bt_drive d4 = moved(d, &k3, dt);
    derivative k4 = derive(v, &d4, in);
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
}

void bt_drive_init(bt_drive *drive, double x_m, double y_m, double yaw_rad, double speed_m_s)
{
    *drive = (bt_drive){.x_m = x_m, .y_m = y_m, .yaw_rad = yaw_rad, .vx_m_s = speed_m_s};
}

void bt_drive_step(const bt_vehicle *v, const bt_drive_input *input, double dt_s, bt_drive *d)
{
    double dt = dt_s / BT_DRIVE_SUBSTEPS;
    double turn = v->steer_rate_max_rad_s * dt;
    double wanted = bt_clamp(input->steer_rad, -v->steer_max_rad, v->steer_max_rad);
    for (int i = 0; i < BT_DRIVE_SUBSTEPS; i++) {
        d->steer_rad += bt_clamp(wanted - d->steer_rad, -turn, turn);
        substep(v, input, dt, d);
    }
    // at rest nothing leans on the tyres but the slope
    if (d->vx_m_s <= 0.0) d->force_x_m_s2 = -BT_GRAVITY_M_S2 * sin(input->pitch_rad);
    d->yaw_rad = bt_wrap_angle(d->yaw_rad);
}
