// wreck.c: see wreck.h.
#include "engine/sim/wreck.h"

#include "engine/sim/cycle.h"
#include "engine/sim/slide.h"

#include <math.h>

#define REACTION_NS (700 * BT_NS_PER_MS) // until a driver brakes: usual for who is startled
#define REST_STEPS 500                   // springs have come to rest
#define SETTLE_M_S 0.5
// Of height cubed: adults 14 kg/m^3 (Rohrer 1921); animals so that 0.6 m are 12 kg and 1.9 m 380 kg: chosen.
#define PERSON_KG_M3 14.0
#define ANIMAL_KG_M3 55.0
#define MIDDLE 0.55       // of the height: where a body is pushed, and its centre of gravity
#define TILT_LEAST 0.6    // rad/s: legs give way
#define TILT_FASTEST 4.0  // chosen: no body lies before half a second has passed
#define FLIES_M_S 3.0     // who is struck slower is pushed over
#define LIMBS_PER_S 6.0   // so fast they come to be straight
#define LYING_PERSON 0.07 // of its height that a lying body's middle is above the ground
#define LYING_ANIMAL 0.16
#define LYING_CYCLE_M 0.22

bool bt_wreck_falls(const bt_actor_desc *d)
{
    return d->kind == BT_ACTOR_WALKER || bt_vehicle_is_cycle(&d->vehicle);
}

static bool falls_aside(const bt_actor_desc *d)
{
    return d->kind != BT_ACTOR_WALKER || d->four_legged || bt_gear_is_ridden(d->gear);
}

static double height_of(const bt_actor_desc *d)
{
    return d->kind == BT_ACTOR_WALKER ? d->height_m : d->vehicle.rider_height_m;
}

double bt_wreck_mass_kg(const bt_actor_desc *d)
{
    if (d->kind != BT_ACTOR_WALKER) return d->vehicle.mass_kg;
    double h = d->height_m;
    return (d->four_legged ? ANIMAL_KG_M3 : PERSON_KG_M3) * h * h * h;
}

static double ahead_of_origin(const bt_actor_desc *d)
{
    return bt_wreck_falls(d) ? 0.0 : d->vehicle.cg_from_rear_m;
}

bt_impact_body bt_wreck_body(const bt_actor_desc *d, const bt_wreck *w)
{
    const bt_drive *m = &w->body.drive;
    double c = bt_cos(m->yaw_rad), s = bt_sin(m->yaw_rad), ahead = ahead_of_origin(d);
    return (bt_impact_body){.x_m = m->x_m + ahead * c,
                            .y_m = m->y_m + ahead * s,
                            .vx_m_s = m->vx_m_s * c - m->vy_m_s * s,
                            .vy_m_s = m->vx_m_s * s + m->vy_m_s * c,
                            .rate_rad_s = m->yaw_rate_rad_s,
                            .per_kg = 1.0 / bt_wreck_mass_kg(d),
                            .per_kg_m2 =
                                bt_wreck_falls(d) ? 0.0 : 1.0 / d->vehicle.yaw_inertia_kg_m2};
}

void bt_wreck_set(const bt_actor_desc *d, const bt_impact_body *b, bt_wreck *w)
{
    bt_drive *m = &w->body.drive;
    double c = bt_cos(m->yaw_rad), s = bt_sin(m->yaw_rad), ahead = ahead_of_origin(d);
    m->x_m = b->x_m - ahead * c;
    m->y_m = b->y_m - ahead * s;
    m->vx_m_s = b->vx_m_s * c + b->vy_m_s * s;
    m->vy_m_s = -b->vx_m_s * s + b->vy_m_s * c;
    m->yaw_rate_rad_s = b->rate_rad_s;
    w->rests = 0;
    w->body.still = 0;
}

void bt_wreck_shift(const bt_actor_desc *d, double x_m, double y_m, double turn_rad, bt_wreck *w)
{
    bt_impact_body b = bt_wreck_body(d, w);
    b.x_m += x_m;
    b.y_m += y_m;
    w->body.drive.yaw_rad = bt_wrap_angle(w->body.drive.yaw_rad + turn_rad);
    bt_wreck_set(d, &b, w);
}

// Is its middle higher than where the front ends of who strikes it?
static bool is_struck_low(const bt_actor_desc *d, const bt_actor_desc *by)
{
    if (!by || by->kind != BT_ACTOR_VEHICLE || bt_wreck_falls(by)) return false;
    return MIDDLE * height_of(d) > BT_BONNET_PART * by->vehicle.height_m;
}

void bt_wreck_push(const bt_actor_desc *d, double vx, double vy, const bt_actor_desc *by,
                   bt_wreck *w)
{
    if (!bt_wreck_falls(d)) return;
    double yaw = w->body.drive.yaw_rad, to = bt_atan2(vy, vx), speed = bt_hypot(vx, vy);
    if (falls_aside(d)) to = yaw + (bt_sin(to - yaw) < 0.0 ? -0.5 : 0.5) * BT_PI;
    w->towards_rad = to;
    w->tilt_rad_s = bt_clamp(speed / (MIDDLE * height_of(d)), TILT_LEAST, TILT_FASTEST);
    if (!is_struck_low(d, by) || speed < FLIES_M_S) return;
    w->flies = 1;
    w->up_m = MIDDLE * height_of(d);
    w->up_m_s = bt_tan(BT_WRAP_RAD) * speed;
}

// ---- falls ------------------------------------------------------------------------------------
static void tilt(const bt_actor_desc *d, double dt, bt_wreck *w)
{
    if (!w->flies) w->tilt_rad_s += 1.5 * BT_GRAVITY_M_S2 / height_of(d) * bt_sin(w->tilt_rad) * dt;
    w->tilt_rad += w->tilt_rad_s * dt;
    if (w->tilt_rad < 0.5 * BT_PI) return;
    w->tilt_rad = 0.5 * BT_PI;
    w->tilt_rad_s = 0.0;
}

// Of a lying body's middle above the ground.
static double thickness_of(const bt_actor_desc *d)
{
    if (d->kind != BT_ACTOR_WALKER) return LYING_CYCLE_M;
    return (d->four_legged ? LYING_ANIMAL : LYING_PERSON) * d->height_m;
}

// How high the middle is when the body touches the ground, leaning so far.
static double touches_at(const bt_actor_desc *d, const bt_wreck *w)
{
    return MIDDLE * height_of(d) * bt_cos(w->tilt_rad) + thickness_of(d) * bt_sin(w->tilt_rad);
}

static void lose_speed(bt_drive *m, double by_m_s)
{
    double speed = bt_hypot(m->vx_m_s, m->vy_m_s);
    double part = speed > by_m_s ? 1.0 - by_m_s / speed : 0.0;
    m->vx_m_s *= part;
    m->vy_m_s *= part;
}

// The middle goes as a body that is thrown does.
static void fly(const bt_actor_desc *d, double dt, bt_wreck *w)
{
    w->up_m += (w->up_m_s - 0.5 * BT_GRAVITY_M_S2 * dt) * dt;
    w->up_m_s -= BT_GRAVITY_M_S2 * dt;
    if (w->up_m_s > 0.0 || w->up_m > touches_at(d, w)) return;
    // what touches the ground comes down slower than the middle while the body turns
    double turns = MIDDLE * height_of(d) * bt_sin(w->tilt_rad) * w->tilt_rad_s;
    lose_speed(&w->body.drive, BT_BODY_FRICTION * fmax(0.0, -w->up_m_s - turns));
    w->flies = 0;
}

static void slide_body(const bt_road_network *net, double dt, bt_wreck *w)
{
    bt_drive *m = &w->body.drive;
    double speed = bt_hypot(m->vx_m_s, m->vy_m_s), c = bt_cos(m->yaw_rad), s = bt_sin(m->yaw_rad);
    double mu = w->flies ? 0.0 : BT_BODY_FRICTION;
    double after = fmax(0.0, speed - mu * BT_GRAVITY_M_S2 * dt);
    double part = speed > 0.0 ? after / speed : 0.0, way = 0.5 * (1.0 + part) * dt;
    m->x_m += (m->vx_m_s * c - m->vy_m_s * s) * way;
    m->y_m += (m->vx_m_s * s + m->vy_m_s * c) * way;
    m->vx_m_s *= part;
    m->vy_m_s *= part;
    m->yaw_rate_rad_s = 0.0;
    bt_road_location at;
    double *z = &w->body.ground.z_m[0], most = (SETTLE_M_S + speed) * dt;
    bt_vec3 place = {m->x_m, m->y_m, *z};
    if (bt_contact_follow(net, place, 0.0, &w->body.contact[0], &at))
        *z += bt_clamp(-at.height_m, -most, most);
}

static void fall(const bt_road_network *net, const bt_actor_desc *d, double dt, bt_wreck *w,
                 double channel[BT_CHANNEL_COUNT])
{
    tilt(d, dt, w);
    if (w->flies) fly(d, dt, w);
    slide_body(net, dt, w);
    double keep = 1.0 - LIMBS_PER_S * dt;
    for (int i = 0; d->kind == BT_ACTOR_WALKER && i < BT_CHANNEL_COUNT; i++)
        channel[i] *= d->gear == BT_GEAR_NONE ? keep : 1.0;
    bool lies = !w->flies && w->tilt_rad_s == 0.0 &&
                bt_hypot(w->body.drive.vx_m_s, w->body.drive.vy_m_s) <= 0.0;
    w->rests = lies ? w->rests + 1 : 0;
}

static bt_pose fallen_pose(const bt_actor_desc *d, const bt_wreck *w)
{
    const bt_drive *m = &w->body.drive;
    bt_vec3 axis = {-bt_sin(w->towards_rad), bt_cos(w->towards_rad), 0.0};
    double up = thickness_of(d) * bt_sin(w->tilt_rad); // of its foot
    if (w->flies) up = fmax(up, w->up_m - MIDDLE * height_of(d) * bt_cos(w->tilt_rad));
    bt_quat rot = bt_quat_mul(bt_quat_axis_angle(axis, w->tilt_rad),
                              bt_quat_yaw_pitch_roll(m->yaw_rad, 0.0, 0.0));
    return (bt_pose){{m->x_m, m->y_m, w->body.ground.z_m[0] + up}, bt_quat_normalize(rot)};
}

// ---- on wheels --------------------------------------------------------------------------------
static bool brakes(const bt_wreck *w, bt_time_ns time_ns)
{
    return w->driven && (w->brakes || time_ns - w->struck_ns >= REACTION_NS);
}

static void roll(const bt_road_network *net, const bt_vehicle *v, bt_time_ns time_ns, double dt,
                 bt_wreck *w, double channel[BT_CHANNEL_COUNT])
{
    unsigned held = brakes(w, time_ns) ? BT_SLIDE_HELD_ALL : w->driven ? 0 : BT_SLIDE_HELD_REAR;
    bt_slide_step(v, &w->body.ground, held, dt, &w->body.drive);
    bool still = bt_slide_rests(&w->body.drive);
    w->body.still = still ? w->body.still + 1 : 0;
    bt_ego_follow(net, v, dt, &w->body, channel);
    w->rests = still && held ? w->rests + 1 : 0;
}

// ---- whole ------------------------------------------------------------------------------------
bool bt_wreck_rests(const bt_wreck *w)
{
    return w->rests > REST_STEPS;
}

void bt_wreck_step(const bt_road_network *net, const bt_actor_desc *d, bt_time_ns time_ns,
                   double dt, bt_wreck *w, double channel[BT_CHANNEL_COUNT])
{
    if (bt_wreck_rests(w)) return;
    if (bt_wreck_falls(d))
        fall(net, d, dt, w, channel);
    else
        roll(net, &d->vehicle, time_ns, dt, w, channel);
}

uint32_t bt_wreck_lamps(const bt_wreck *w, bt_time_ns time_ns)
{
    if (!brakes(w, time_ns)) return 0;
    return BT_LAMP_BRAKE | BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT;
}

bt_pose bt_wreck_pose(const bt_actor_desc *d, const bt_wreck *w, double channel[BT_CHANNEL_COUNT])
{
    const bt_drive *m = &w->body.drive;
    if (bt_wreck_falls(d)) return fallen_pose(d, w);
    bt_pose pose = bt_chassis_pose(&d->vehicle, m->x_m, m->y_m, m->yaw_rad, &m->ride);
    bt_travel_pose(&d->vehicle, &m->ride, &w->body.ground, channel);
    if (bt_vehicle_has_trailer(&d->vehicle))
        bt_trailer_pose(&d->vehicle, &pose, &w->body.trailer, channel);
    return pose;
}
