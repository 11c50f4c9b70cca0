// vehicle.c: the double-track model: forces, their derivatives, a fixed number of substeps.
#include "engine/sim/vehicle.h"

#include "engine/sim/chassis.h"

#include <math.h>

// Speeds between which the kinematic motion passes into the dynamic one, and the time constant that
// pulls the motion to the kinematic one below: chosen, no visible step and no stiffness.
#define BLEND_LOW_M_S 1.0
#define BLEND_HIGH_M_S 3.0
#define BLEND_TIME_S 0.05
// Of the slip modes' decay in one substep of the motion; classic Runge-Kutta then errs by 1e-5 of it.
#define DECAY_MOST 0.25

// Of the motion: place and course in the world, speeds in vehicle axes.
typedef struct motion {
    double x, y, yaw, vx, vy, yaw_rate;
} motion;

typedef struct derivative {
    motion rate;
    double force_x, force_y; // tyre and air forces over mass
} derivative;

// The four wheels in one substep: place from the centre of gravity, direction, tyre, slip. One array for
// each, so that one instruction does all four.
typedef struct wheels {
    double x[BT_WHEEL_COUNT], y[BT_WHEEL_COUNT], c[BT_WHEEL_COUNT], s[BT_WHEEL_COUNT];
    double load[BT_WHEEL_COUNT], friction[BT_WHEEL_COUNT];
    double along[BT_WHEEL_COUNT], across[BT_WHEEL_COUNT]; // stiffness
    double sigma[BT_WHEEL_COUNT];
} wheels;

// What holds through a step: gravity in vehicle axes (minus the third row of Rz Ry Rx, times g).
typedef struct slope {
    double x_m_s2, y_m_s2, normal_m_s2;
    double level; // plan metres for one along the slope
} slope;

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
        {"trailer_wheelbase_m", v->trailer_wheelbase_m, bt_vehicle_has_trailer(v) ? 0.5 : 0.0,
         30.0},
        {"trailer_axles", v->trailer_axles, 0.0, 3.0},
        {"trailer_axle_gap_m", v->trailer_axle_gap_m, v->trailer_axles > 1.0 ? 0.5 : 0.0, 3.0},
        {"trailer_track_m", v->trailer_track_m, 0.0, 4.0},
        {"trailer_tyre_m", v->trailer_tyre_m, 0.0, 1.0},
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
        {"trailer_roll_gain_rad_s2_m", v->trailer_roll_gain_rad_s2_m, 0.0, 0.05},
        {"rider_height_m", v->rider_height_m, v->rider_height_m == 0.0 ? 0.0 : 1.5, 2.1},
    };
    return check_ranges(v, ranges, sizeof ranges / sizeof ranges[0]);
}

// The fastest slip mode at 1 m/s decays with (Cf + Cr) / m and (Cf a^2 + Cr b^2) / I; classic
// Runge-Kutta holds it while rate * substep < 2.78. With 2.5 ms: 1112 1/s; 600 leaves room.
static void slip_rates(const bt_vehicle *v, double *slide, double *turn)
{
    double rear = v->cg_from_rear_m, front = v->wheelbase_m - rear;
    double cf = v->cornering_front_n_rad, cr = v->cornering_rear_n_rad;
    *slide = (cf + cr) / v->mass_kg;
    *turn = (cf * front * front + cr * rear * rear) / v->yaw_inertia_kg_m2;
}

static bt_status check_stiffness(const bt_vehicle *v)
{
    double slide, turn;
    slip_rates(v, &slide, &turn);
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
    if (accel_m_s2 <= 0.0) return -v->mass_kg * bt_min(-accel_m_s2, v->brake_max_m_s2);
    double force = v->mass_kg * bt_min(accel_m_s2, v->accel_max_m_s2);
    return bt_min(force, v->power_max_w / bt_max(vx_m_s, 0.1));
}

static void place_wheels(const bt_vehicle *v, const bt_drive *d, double steer_tan,
                         const slope *under, wheels *w)
{
    double weight = v->mass_kg * BT_GRAVITY_M_S2;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bool front = i < BT_WHEEL_REAR_LEFT;
        bt_wheel_place(v, (bt_wheel)i, &w->x[i], &w->y[i]);
        w->x[i] -= v->cg_from_rear_m;
        w->c[i] = 1.0;
        w->s[i] = 0.0;
        if (front) bt_wheel_direct(v, steer_tan, w->y[i], &w->c[i], &w->s[i]);
        double lever = front ? v->cg_from_rear_m : v->wheelbase_m - v->cg_from_rear_m;
        double nominal = 0.5 * weight * lever / v->wheelbase_m;
        double stiffness = 0.5 * (front ? v->cornering_front_n_rad : v->cornering_rear_n_rad);
        double load = d->ride.load_n[i] * under->normal_m_s2 / BT_GRAVITY_M_S2;
        bt_tyre t = bt_tyre_make(stiffness, nominal, load, v->friction);
        w->load[i] = t.load_n;
        w->friction[i] = t.friction_n;
        w->along[i] = t.along_n;
        w->across[i] = t.across_n;
    }
}

// Velocity of a wheel's contact along and across it: the tangent of its slip.
static inline double tangent(const wheels *w, int i, double vx_m_s, double vy_m_s, double rate)
{
    double vx = vx_m_s - rate * w->y[i], vy = vy_m_s + rate * w->x[i];
    double along = vx * w->c[i] + vy * w->s[i], across = -vx * w->s[i] + vy * w->c[i];
    return across / (along > BLEND_LOW_M_S ? along : BLEND_LOW_M_S);
}

// The slips that give the forces asked for, as far as the tyres let them. An engine's power gives what it
// gives in the middle of the substep.
static void find_slips(const bt_vehicle *v, const bt_drive_input *in, double dt, bt_drive *d,
                       wheels *w)
{
    double speed = d->vx_m_s + 0.5 * dt * d->force_x_m_s2;
    double wanted = wanted_force(v, in->accel_m_s2, speed), total = 0.0;
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        total += w->load[i];
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bool front = i < BT_WHEEL_REAR_LEFT;
        double share = wanted <= 0.0 ? w->load[i] / bt_max(total, 1.0)
                                     : 0.5 * (front ? v->drive_front : 1.0 - v->drive_front);
        bt_tyre t = {w->load[i], w->friction[i], w->along[i], w->across[i]};
        w->sigma[i] = bt_tyre_slip_for(&t, wanted * share,
                                       tangent(w, i, d->vx_m_s, d->vy_m_s, d->yaw_rate_rad_s),
                                       d->slip[i] / (1.0 + d->slip[i]));
        d->slip[i] = w->sigma[i] / (1.0 - w->sigma[i]);
    }
}

// Tyre and air forces and their yaw moment at a motion, vehicle axes.
static void sum_forces(const bt_vehicle *v, const motion *m, const wheels *w, const slope *under,
                       double sum[3])
{
    double fx[BT_WHEEL_COUNT], fy[BT_WHEEL_COUNT], moment[BT_WHEEL_COUNT];
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bt_tyre t = {w->load[i], w->friction[i], w->along[i], w->across[i]};
        double along, across;
        bt_tyre_force(&t, w->sigma[i], tangent(w, i, m->vx, m->vy, m->yaw_rate), &along, &across);
        fx[i] = along * w->c[i] - across * w->s[i];
        fy[i] = along * w->s[i] + across * w->c[i];
        moment[i] = w->x[i] * fy[i] - w->y[i] * fx[i];
    }
    double air = 0.5 * BT_AIR_DENSITY_KG_M3 * v->drag_area_m2 * sqrt(m->vx * m->vx + m->vy * m->vy);
    sum[0] = -air * m->vx - v->roll_resistance * v->mass_kg * under->normal_m_s2;
    sum[1] = -air * m->vy;
    sum[2] = 0.0;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        sum[0] += fx[i];
        sum[1] += fy[i];
        sum[2] += moment[i];
    }
}

// ---- motion -----------------------------------------------------------------------------------
static double blend_weight(double vx_m_s)
{
    double u = bt_clamp((vx_m_s - BLEND_LOW_M_S) / (BLEND_HIGH_M_S - BLEND_LOW_M_S), 0.0, 1.0);
    return u * u * (3.0 - 2.0 * u);
}

static slope slope_of(const bt_drive_input *in)
{
    double cp = bt_cos(in->pitch_rad), cr = bt_cos(in->roll_rad);
    return (slope){.x_m_s2 = BT_GRAVITY_M_S2 * bt_sin(in->pitch_rad),
                   .y_m_s2 = -BT_GRAVITY_M_S2 * cp * bt_sin(in->roll_rad),
                   .normal_m_s2 = BT_GRAVITY_M_S2 * cp * cr,
                   .level = cp};
}

static derivative derive(const bt_vehicle *v, const motion *m, const wheels *w, double steer_tan,
                         const slope *under)
{
    double sum[3];
    sum_forces(v, m, w, under, sum);
    derivative out;
    double b = v->cg_from_rear_m, r = m->yaw_rate;
    out.force_x = sum[0] / v->mass_kg;
    out.force_y = sum[1] / v->mass_kg;
    // dynamic: Newton and Euler in the turning frame
    double weight = blend_weight(m->vx);
    double vy_dot = out.force_y + under->y_m_s2 - m->vx * r;
    double r_dot = sum[2] / v->yaw_inertia_kg_m2;
    // kinematic: the rear axle does not slip sideways
    double r_kin = m->vx * steer_tan / v->wheelbase_m;
    out.rate.vy = bt_lerp((b * r_kin - m->vy) / BLEND_TIME_S, vy_dot, weight);
    out.rate.yaw_rate = bt_lerp((r_kin - r) / BLEND_TIME_S, r_dot, weight);
    // brakes, rolling resistance and the hill holder stop a car, they never pull it back
    out.rate.vx = out.force_x + under->x_m_s2 + weight * r * m->vy;
    if (m->vx <= 0.0 && out.rate.vx < 0.0) out.rate.vx = 0.0;
    // the origin is the rear axle; the plan shortens a slope
    double c = bt_cos(m->yaw), s = bt_sin(m->yaw), along = m->vx * under->level;
    double across = m->vy - b * r;
    out.rate.x = along * c - across * s;
    out.rate.y = along * s + across * c;
    out.rate.yaw = r;
    return out;
}

static motion moved(const motion *m, const motion *rate, double dt)
{
    return (motion){.x = m->x + rate->x * dt,
                    .y = m->y + rate->y * dt,
                    .yaw = m->yaw + rate->yaw * dt,
                    .vx = bt_max(0.0, m->vx + rate->vx * dt),
                    .vy = m->vy + rate->vy * dt,
                    .yaw_rate = m->yaw_rate + rate->yaw_rate * dt};
}

static double mean4(double a, double b, double c, double d)
{
    return (a + 2.0 * b + 2.0 * c + d) / 6.0;
}

// Classic Runge-Kutta of order 4.
static motion integrate(const bt_vehicle *v, const motion *m, const wheels *w, double steer_tan,
                        const slope *under, double dt, bt_drive *d)
{
    derivative k1 = derive(v, m, w, steer_tan, under);
    motion m2 = moved(m, &k1.rate, 0.5 * dt);
    derivative k2 = derive(v, &m2, w, steer_tan, under);
    motion m3 = moved(m, &k2.rate, 0.5 * dt);
    derivative k3 = derive(v, &m3, w, steer_tan, under);
    motion m4 = moved(m, &k3.rate, dt);
    derivative k4 = derive(v, &m4, w, steer_tan, under);
    d->force_x_m_s2 = mean4(k1.force_x, k2.force_x, k3.force_x, k4.force_x);
    d->force_y_m_s2 = mean4(k1.force_y, k2.force_y, k3.force_y, k4.force_y);
    motion rate = {mean4(k1.rate.x, k2.rate.x, k3.rate.x, k4.rate.x),
                   mean4(k1.rate.y, k2.rate.y, k3.rate.y, k4.rate.y),
                   mean4(k1.rate.yaw, k2.rate.yaw, k3.rate.yaw, k4.rate.yaw),
                   mean4(k1.rate.vx, k2.rate.vx, k3.rate.vx, k4.rate.vx),
                   mean4(k1.rate.vy, k2.rate.vy, k3.rate.vy, k4.rate.vy),
                   mean4(k1.rate.yaw_rate, k2.rate.yaw_rate, k3.rate.yaw_rate, k4.rate.yaw_rate)};
    return moved(m, &rate, dt);
}

// The motion, with the wheels' loads and slips held within a substep.
static void move(const bt_vehicle *v, const bt_drive_input *in, const slope *under, double dt,
                 bt_drive *d)
{
    wheels w;
    double steer_tan = bt_tan(d->steer_rad);
    place_wheels(v, d, steer_tan, under, &w);
    find_slips(v, in, dt, d, &w);
    motion now = {d->x_m, d->y_m, d->yaw_rad, d->vx_m_s, d->vy_m_s, d->yaw_rate_rad_s};
    motion next = integrate(v, &now, &w, steer_tan, under, dt, d);
    d->x_m = next.x;
    d->y_m = next.y;
    d->yaw_rad = next.yaw;
    d->vx_m_s = next.vx;
    d->vy_m_s = next.vy;
    d->yaw_rate_rad_s = next.yaw_rate;
    if (d->vx_m_s > 0.0) return;
    // at rest nothing leans on the tyres but the slope
    d->force_x_m_s2 = -under->x_m_s2;
    d->force_y_m_s2 = -under->y_m_s2;
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
    double r = speed_m_s * bt_tan(steer_rad) / v->wheelbase_m, side = speed_m_s * r;
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
        ground.z_m[i] = -x * bt_sin(in->pitch_rad) + y * bt_sin(in->roll_rad);
    }
    return ground;
}

// Substeps of the motion that the slip modes at this speed ask for (check_stiffness), a divisor of the body's.
static int motion_substeps(const bt_vehicle *v, double speed_m_s, double dt_s)
{
    double slide, turn;
    slip_rates(v, &slide, &turn);
    double decay = bt_max(slide, turn) / bt_max(speed_m_s, BLEND_LOW_M_S) * dt_s;
    return decay <= DECAY_MOST ? 1 : decay <= 2.0 * DECAY_MOST ? 2 : BT_DRIVE_SUBSTEPS;
}

// The body goes before the motion, as it gives the wheels their loads.
void bt_drive_step(const bt_vehicle *v, const bt_drive_input *input, double dt_s, bt_drive *d)
{
    double dt = dt_s / BT_DRIVE_SUBSTEPS;
    int every = BT_DRIVE_SUBSTEPS / motion_substeps(v, d->vx_m_s, dt_s);
    double turn = v->steer_rate_max_rad_s * dt;
    double wanted = bt_clamp(input->steer_rad, -v->steer_max_rad, v->steer_max_rad);
    slope under = slope_of(input);
    bt_ground to = input->ground ? *input->ground : plane(v, input), from;
    for (int k = 0; k < BT_WHEEL_COUNT; k++)
        from.z_m[k] = d->ride.ground_m[k];
    for (int i = 0; i < BT_DRIVE_SUBSTEPS; i++) {
        bt_ground now;
        for (int k = 0; k < BT_WHEEL_COUNT; k++)
            now.z_m[k] = bt_lerp(from.z_m[k], to.z_m[k], (i + 1.0) / BT_DRIVE_SUBSTEPS);
        d->steer_rad += bt_clamp(wanted - d->steer_rad, -turn, turn);
        bt_ride_step(v, &now, d->force_x_m_s2, d->force_y_m_s2, dt, &d->ride);
        if ((i + 1) % every == 0) move(v, input, &under, every * dt, d);
    }
    d->yaw_rad = bt_wrap_angle(d->yaw_rad);
}
