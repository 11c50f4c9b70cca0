// strike.c: from rails, lanes, leads and feet to a wreck.
#include "engine/sim/crash_internal.h"

#include <math.h>

#define BRAKES_M_S2 (-2.0)

// Of who is parked nothing is known of its trailer's springs.
static void begin_trailer(const bt_crash_scene *s, const bt_vehicle *v, bt_wreck *w)
{
    const bt_drive *d = &w->body.drive;
    bt_pose pose = bt_chassis_pose(v, d->x_m, d->y_m, d->yaw_rad, &d->ride);
    bt_trailer_init(v, &pose, 0.0, &w->body.trailer);
    bt_trailer_find_ground(s->sim->net, v, &pose, 0.0, 0.0, 1.0, &w->body.trailer);
    bt_trailer_settle(v, &d->ride, 0.0, &w->body.trailer);
}

static void take_car(const bt_crash_scene *s, uint32_t actor, bt_wreck *w)
{
    bt_car *car = &s->state->cars[s->sim->slots[actor]];
    const bt_vehicle *v = &s->sim->actors[actor].vehicle;
    w->driven = !car->parked;
    w->brakes = car->accel_m_s2 < BRAKES_M_S2;
    if (bt_vehicle_is_cycle(v)) {
        w->body = (bt_ego){.ground = car->ground};
        w->body.drive = (bt_drive){.x_m = car->x_m, .y_m = car->y_m, .yaw_rad = car->yaw_rad};
        w->body.drive.vx_m_s = car->speed_m_s;
        bt_ego_forget_ground(&w->body);
    } else {
        if (car->speed_m_s >= 0.0) bt_car_set_near(v, true, car);
        w->body = car->body;
        w->body.drive.ride = car->ride;
        w->body.ground = car->ground;
        if (car->speed_m_s < 0.0) { // was in reverse gear, on rails
            w->body.drive = (bt_drive){.x_m = car->x_m, .y_m = car->y_m, .yaw_rad = car->yaw_rad};
            w->body.drive.vx_m_s = car->speed_m_s;
            w->body.drive.ride = car->ride;
        }
    }
    if (car->parked && bt_vehicle_has_trailer(v)) begin_trailer(s, v, w);
    // traffic takes it for parked from now on
    car->parked = 1;
    car->hold_count = 0;
    car->near_ego = 0;
    car->leader = car->followed = car->watched = car->lets_by = BT_SIM_NONE;
    car->wait = (bt_wait){.kind = BT_WAIT_NONE, .car = BT_SIM_NONE};
}

static void take_led(const bt_crash_scene *s, uint32_t actor, bt_wreck *w)
{
    const bt_led *led = &s->state->leds[s->sim->slots[actor]];
    const bt_motion *m = bt_state_motion(s->state, actor);
    const bt_actor_desc *d = &s->sim->actors[actor];
    double c = bt_cos(led->yaw_rad), n = bt_sin(led->yaw_rad);
    bt_vec3 v = m->velocity_m_s;
    w->body = (bt_ego){.ground = led->ground, .trailer = led->trailer};
    w->body.drive = (bt_drive){.x_m = led->x_m,
                               .y_m = led->y_m,
                               .yaw_rad = led->yaw_rad,
                               .steer_rad = led->steer_rad,
                               .ride = led->ride};
    w->body.drive.vx_m_s = v.x * c + v.y * n;
    w->body.drive.vy_m_s = -v.x * n + v.y * c;
    bt_ego_forget_ground(&w->body);
    w->driven = 1;
    w->brakes = led->accel_m_s2 < BRAKES_M_S2;
    if (d->kind == BT_ACTOR_WALKER) w->body.ground.z_m[0] = led->z_m;
    if (bt_wreck_falls(d)) return;
    w->body.drive.yaw_rate_rad_s = m->angular_velocity_rad_s.z;
    w->body.drive.vy_m_s += d->vehicle.cg_from_rear_m * m->angular_velocity_rad_s.z;
}

static void take_walk(const bt_crash_scene *s, uint32_t actor, bt_wreck *w)
{
    uint32_t slot = s->sim->slots[actor];
    const bt_walk *k = &s->state->walks[slot];
    double c = bt_cos(k->yaw_rad), n = bt_sin(k->yaw_rad);
    w->body = (bt_ego){0};
    w->body.drive = (bt_drive){.x_m = k->x_m, .y_m = k->y_m, .yaw_rad = k->yaw_rad};
    w->body.drive.vx_m_s = k->vx_m_s * c + k->vy_m_s * n;
    w->body.drive.vy_m_s = -k->vx_m_s * n + k->vy_m_s * c;
    w->body.ground.z_m[0] = bt_walk_place(&s->sim->walk_paths[slot], k).z;
    bt_ego_forget_ground(&w->body);
}

void bt_crash_strike(const bt_crash_scene *s, uint32_t actor)
{
    bt_wreck *w = &s->state->wrecks[actor];
    if (s->state->is_wreck[actor]) return;
    bt_state_settle(s->state, actor);
    *w = (bt_wreck){.struck_ns = s->state->time_ns};
    s->state->is_wreck[actor] = 1;
    s->state->wreck_count++;
    switch ((bt_mover)s->sim->movers[actor]) {
    case BT_MOVER_CAR:
        take_car(s, actor, w);
        break;
    case BT_MOVER_WALK:
        take_walk(s, actor, w);
        break;
    case BT_MOVER_EGO:
        w->body = s->state->ego;
        w->driven = 1;
        w->brakes = s->state->motions[actor].accel_m_s2 < BRAKES_M_S2;
        break;
    case BT_MOVER_LED:
        take_led(s, actor, w);
        break;
    case BT_MOVER_STILL:
        break;
    }
}

void bt_crash_write_back(const bt_crash_scene *s, uint32_t actor)
{
    uint32_t slot = s->sim->slots[actor];
    const bt_wreck *w = &s->state->wrecks[actor];
    const bt_drive *d = &w->body.drive;
    bt_impact_body b = bt_wreck_body(&s->sim->actors[actor], w);
    if (s->sim->movers[actor] == BT_MOVER_CAR) {
        bt_car *car = &s->state->cars[slot];
        car->x_m = d->x_m;
        car->y_m = d->y_m;
        car->yaw_rad = d->yaw_rad;
        car->speed_m_s = car->accel_m_s2 = car->pedal_m_s2 = 0.0;
        car->back_left_m = car->back_m_s = 0.0;
    } else if (s->sim->movers[actor] == BT_MOVER_WALK) {
        bt_walk *k = &s->state->walks[slot];
        k->x_m = d->x_m;
        k->y_m = d->y_m;
        k->vx_m_s = b.vx_m_s;
        k->vy_m_s = b.vy_m_s;
    } else if (s->sim->movers[actor] == BT_MOVER_EGO) {
        double route = s->state->ego.route_m;
        s->state->ego = w->body;
        s->state->ego.route_m = route;
    } else if (s->sim->movers[actor] == BT_MOVER_LED) {
        bt_led *led = &s->state->leds[slot];
        led->x_m = d->x_m;
        led->y_m = d->y_m;
        led->yaw_rad = d->yaw_rad;
        led->speed_m_s = d->vx_m_s;
        led->accel_m_s2 = 0.0;
    }
}
