// slide.c: see slide.h.
#include "engine/sim/slide.h"

#include <math.h>

#define ROUNDS 12
#define LEAST_M_S 0.5 // along a wheel, for its slip angle
#define RESTS_M_S 1e-4

// A wheel's contact in a step: lever from the centre of gravity, direction, and the most that it can push.
typedef struct grip {
    double x, y, c, s;
    double along_ns, across_ns,
        whole_ns;         // bounds; whole: of both together where it is held, else 0
    double along, across; // impulses so far
} grip;

typedef struct plan {
    double vx, vy, rate; // vehicle axes
} plan;

static void contact_speed(const grip *g, const plan *m, double *along, double *across)
{
    double vx = m->vx - m->rate * g->y, vy = m->vy + m->rate * g->x;
    *along = vx * g->c + vy * g->s;
    *across = -vx * g->s + vy * g->c;
}

static grip grip_of(const bt_vehicle *v, const bt_drive *d, const plan *m, int wheel, bool held,
                    double weight, double dt)
{
    bool front = wheel < BT_WHEEL_REAR_LEFT;
    double lever = front ? v->cg_from_rear_m : v->wheelbase_m - v->cg_from_rear_m;
    double nominal = 0.5 * v->mass_kg * BT_GRAVITY_M_S2 * lever / v->wheelbase_m;
    double stiffness = 0.5 * (front ? v->cornering_front_n_rad : v->cornering_rear_n_rad);
    double load = d->ride.load_n[wheel] * weight, angle = front ? d->steer_rad : 0.0;
    grip g = {.c = bt_cos(angle), .s = bt_sin(angle)};
    bt_wheel_place(v, (bt_wheel)wheel, &g.x, &g.y);
    g.x -= v->cg_from_rear_m;
    if (held) g.whole_ns = v->friction * load * dt;
    if (held || load <= 0.0) return g;
    double along, across, unused, side;
    contact_speed(&g, m, &along, &across);
    bt_tyre tyre = bt_tyre_make(stiffness, nominal, load, v->friction);
    bt_tyre_force(&tyre, 0.0, across / fmax(fabs(along), LEAST_M_S), &unused, &side);
    g.along_ns = v->roll_resistance * load * dt;
    g.across_ns = fabs(side) * dt;
    return g;
}

// Brings a contact nearer to rest, within its bounds.
static void hold(const bt_vehicle *v, plan *m, grip *g)
{
    double along, across, per = 1.0 / v->mass_kg, per_turn = 1.0 / v->yaw_inertia_kg_m2;
    contact_speed(g, m, &along, &across);
    double lever_along = g->x * g->s - g->y * g->c, lever_across = g->x * g->c + g->y * g->s;
    double ka = per + lever_along * lever_along * per_turn;
    double kb = per + lever_across * lever_across * per_turn;
    if (g->whole_ns > 0.0) ka = kb = fmax(ka, kb); // against the motion
    double a = g->along - along / ka, b = g->across - across / kb, whole = bt_hypot(a, b);
    if (g->whole_ns > 0.0) {
        double part = fmin(1.0, g->whole_ns / fmax(whole, 1e-12));
        a *= part;
        b *= part;
    } else {
        a = bt_clamp(a, -g->along_ns, g->along_ns);
        b = bt_clamp(b, -g->across_ns, g->across_ns);
    }
    double da = a - g->along, db = b - g->across;
    g->along = a;
    g->across = b;
    m->vx += (da * g->c - db * g->s) * per;
    m->vy += (da * g->s + db * g->c) * per;
    m->rate += (da * lever_along + db * lever_across) * per_turn;
}

static bool is_rest(double vx, double vy, double rate)
{
    return bt_hypot(vx, vy) < RESTS_M_S && fabs(rate) < RESTS_M_S;
}

bool bt_slide_rests(const bt_drive *d)
{
    return is_rest(d->vx_m_s, d->vy_m_s, d->yaw_rate_rad_s);
}

// The body keeps its velocity in the world while it turns.
static void move(const bt_vehicle *v, const plan *m, double dt, bt_drive *d)
{
    double yaw = d->yaw_rad, b = v->cg_from_rear_m, turn = m->rate * dt;
    double c = bt_cos(yaw), s = bt_sin(yaw), x = d->x_m + b * c, y = d->y_m + b * s;
    x += (m->vx * c - m->vy * s) * dt;
    y += (m->vx * s + m->vy * c) * dt;
    d->yaw_rad = bt_wrap_angle(yaw + turn);
    d->x_m = x - b * bt_cos(d->yaw_rad);
    d->y_m = y - b * bt_sin(d->yaw_rad);
    d->vx_m_s = m->vx * bt_cos(turn) + m->vy * bt_sin(turn);
    d->vy_m_s = -m->vx * bt_sin(turn) + m->vy * bt_cos(turn);
    d->yaw_rate_rad_s = m->rate;
}

// The body on its springs, which gives the wheels their loads.
static void settle_body(const bt_vehicle *v, const bt_ground *ground, double dt, bt_drive *d)
{
    bt_ground from, now;
    for (int k = 0; k < BT_WHEEL_COUNT; k++)
        from.z_m[k] = d->ride.ground_m[k];
    for (int i = 1; i <= BT_DRIVE_SUBSTEPS; i++) {
        for (int k = 0; k < BT_WHEEL_COUNT; k++)
            now.z_m[k] = bt_lerp(from.z_m[k], ground->z_m[k], (double)i / BT_DRIVE_SUBSTEPS);
        bt_ride_step(v, &now, d->force_x_m_s2, d->force_y_m_s2, dt / BT_DRIVE_SUBSTEPS, &d->ride);
    }
}

void bt_slide_step(const bt_vehicle *v, const bt_ground *ground, unsigned held, double dt,
                   bt_drive *d)
{
    double pitch, roll;
    bt_ground_tilt(v, ground, &pitch, &roll);
    settle_body(v, ground, dt, d);
    // springs say how the wheels share the weight: a body that heaves or lifts a wheel is not heavier for that
    double sum = 0.0;
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        sum += d->ride.load_n[i];
    double weight = v->mass_kg * BT_GRAVITY_M_S2 * bt_cos(pitch) * bt_cos(roll) / fmax(sum, 1.0);
    plan m = {d->vx_m_s, d->vy_m_s, d->yaw_rate_rad_s};
    m.vx += BT_GRAVITY_M_S2 * bt_sin(pitch) * dt;
    m.vy -= BT_GRAVITY_M_S2 * bt_cos(pitch) * bt_sin(roll) * dt;
    grip grips[BT_WHEEL_COUNT];
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bool fast =
            held & BT_SLIDE_HELD_ALL || (held & BT_SLIDE_HELD_REAR && i >= BT_WHEEL_REAR_LEFT);
        grips[i] = grip_of(v, d, &m, i, fast, weight, dt);
        d->slip[i] = fast ? -1.0 : 0.0;
    }
    plan before = m;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < BT_WHEEL_COUNT; i++)
            hold(v, &m, &grips[i]);
    d->force_x_m_s2 = (m.vx - before.vx) / dt;
    d->force_y_m_s2 = (m.vy - before.vy) / dt;
    if (held && is_rest(m.vx, m.vy, m.rate))
        d->vx_m_s = d->vy_m_s = d->yaw_rate_rad_s = 0.0;
    else
        move(v, &m, dt, d);
}
