// motion.c: what others may know of an actor: pose, speeds, lamps, place on the road.
#include "engine/sim/sim_internal.h"

#include <math.h>

#define BLINK_NS INT64_C(666666667) // 90 a minute (UN R48 asks for 60 to 120)
#define SIDES (BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT)
// UN R65, annex 5: 2 to 4 flashes or groups of them a second, a group lit for at most 0.4 of that, then dark for 0.1 s
// (from memory).
#define BEACON_NS (400 * BT_NS_PER_MS)
#define FLASH_NS (50 * BT_NS_PER_MS)
// 75 a minute: SAE J887 has 60 to 120, left and right in turn (from memory).
#define HALT_NS (800 * BT_NS_PER_MS)
#define FLASHING (SIDES | BT_LAMPS_BEACON | BT_LAMPS_HALT)
#define ARM_RAD_S 1.2 // chosen: out within a second and a half

// ---- rates ------------------------------------------------------------------------------------
// World angular velocity that turns one rotation into another within dt.
static bt_vec3 turning(bt_quat from, bt_quat to, double dt)
{
    bt_quat q = bt_quat_mul(to, bt_quat_conjugate(from));
    double sign = q.w < 0.0 ? -1.0 : 1.0;
    bt_vec3 v = {q.x * sign, q.y * sign, q.z * sign};
    double sine = bt_vec3_length(v);
    double angle = 2.0 * atan2(sine, fabs(q.w));
    return bt_vec3_scale(v, sine > 1e-12 ? angle / (sine * dt) : 2.0 / dt);
}

// Rates from the pose before; horizontal velocity (`level` ahead) is known exactly, the rest by
// differences.
static void set_rates(const bt_motion *before, double forward, double level, double left,
                      double yaw, double dt, bt_motion *m)
{
    const bt_pose *from = &before->pose.world_from_actor, *to = &m->pose.world_from_actor;
    double c = cos(yaw), s = sin(yaw);
    m->velocity_m_s = (bt_vec3){level * c - left * s, level * s + left * c, 0.0};
    m->speed_m_s = forward;
    if (dt <= 0.0) return;
    m->velocity_m_s.z = (to->pos.z - from->pos.z) / dt;
    m->acceleration_m_s2 =
        bt_vec3_scale(bt_vec3_sub(m->velocity_m_s, before->velocity_m_s), 1.0 / dt);
    m->angular_velocity_rad_s = turning(from->rot, to->rot, dt);
    m->accel_m_s2 = (forward - before->speed_m_s) / dt;
}

static void rest(bt_motion *m)
{
    m->velocity_m_s = m->acceleration_m_s2 = m->angular_velocity_rad_s = (bt_vec3){0};
    m->speed_m_s = m->accel_m_s2 = 0.0;
}

// Who walks along a polyline looks ahead of its corners: the way it goes is not the way it looks.
static void set_velocity_of_path(const bt_motion *before, double dt, bt_motion *m)
{
    if (dt <= 0.0) return;
    m->velocity_m_s = bt_vec3_scale(
        bt_vec3_sub(m->pose.world_from_actor.pos, before->pose.world_from_actor.pos), 1.0 / dt);
    m->acceleration_m_s2 =
        bt_vec3_scale(bt_vec3_sub(m->velocity_m_s, before->velocity_m_s), 1.0 / dt);
}

// Left and right in turn, each a double flash.
static uint32_t beacons(bt_time_ns time_ns)
{
    bt_time_ns t = time_ns % BEACON_NS, half = t % (BEACON_NS / 2);
    bool flash = half < FLASH_NS || (half >= 2 * FLASH_NS && half < 3 * FLASH_NS);
    uint32_t side = t < BEACON_NS / 2 ? BT_LAMP_BEACON_LEFT : BT_LAMP_BEACON_RIGHT;
    return flash ? side : 0;
}

static uint32_t lit(const bt_actor_desc *d, uint32_t wanted, bt_time_ns time_ns)
{
    // not all cars blink together
    bt_time_ns own = time_ns + (bt_time_ns)d->number * 97 * BT_NS_PER_MS;
    uint32_t on = own % BLINK_NS < BLINK_NS / 2 ? SIDES : 0;
    on |= own % HALT_NS < HALT_NS / 2 ? BT_LAMP_HALT_LEFT : BT_LAMP_HALT_RIGHT;
    on |= beacons(own);
    if (d->emergency) wanted |= BT_LAMPS_BEACON;
    return d->lamps | (wanted & ~(uint32_t)FLASHING) | (wanted & on);
}

// The sign of a school bus follows its red lamps: both are one switch (FMVSS 131, S5.5; from memory).
static void swing_arm(uint32_t wanted, double dt, bt_motion *m)
{
    double to = wanted & BT_LAMPS_HALT ? 0.5 * BT_PI : 0.0,
           *arm = &m->pose.channel_rad[BT_CHANNEL_STOP_ARM];
    double most = dt > 0.0 ? ARM_RAD_S * dt : BT_PI; // at the beginning it is where it is to be
    *arm += bt_clamp(to - *arm, -most, most);
}

// ---- movers -----------------------------------------------------------------------------------
// Speed in plan: a slope shortens the way.
static double level_speed(const bt_actor_desc *d, const bt_ego *body)
{
    double pitch, roll;
    bt_ground_tilt(&d->vehicle, &body->ground, &pitch, &roll);
    return body->drive.vx_m_s * cos(pitch);
}

static void car_motion(const bt_sim *sim, const bt_state *state, uint32_t actor, double dt,
                       bt_motion *m)
{
    const bt_actor_desc *d = &sim->actors[actor];
    const bt_car *car = &state->cars[sim->slots[actor]];
    if ((car->parked || bt_car_rests(car)) && dt > 0.0) { // all is as it was
        rest(m);
        m->pose.lamps = lit(d, car->lamps, state->time_ns);
        return;
    }
    bt_motion before = *m;
    m->pose.world_from_actor =
        bt_chassis_pose(&d->vehicle, car->x_m, car->y_m, car->yaw_rad, &car->ride);
    if (d->vehicle.trailer_length_m > 0.0 && !car->parked)
        bt_trailer_pose(&d->vehicle, &m->pose.world_from_actor, &car->body.trailer,
                        m->pose.channel_rad);
    const bt_drive *drive = &car->body.drive;
    double left =
        car->near_ego ? drive->vy_m_s - d->vehicle.cg_from_rear_m * drive->yaw_rate_rad_s : 0.0;
    double level = car->near_ego ? level_speed(d, &car->body) : car->speed_m_s;
    set_rates(&before, car->speed_m_s, level, left, car->yaw_rad, dt, m);
    m->pose.lamps = lit(d, car->lamps, state->time_ns);
    m->steer_rad = car->steer_rad;
    if (car->parked) {
        m->lane = d->lane;
        m->s_m = d->s_m;
        return;
    }
    m->route_m = car->q_m;
    m->lane = bt_itinerary_lane(&car->way, car->way.head);
    m->s_m = bt_itinerary_station(&sim->graph, &car->way, car->q_m);
}

static void ego_place(const bt_sim *sim, bt_state *state, double dt, bt_motion *m)
{
    bt_road_location at;
    bt_vec3 pos = m->pose.world_from_actor.pos;
    const bt_route *route = sim->routes[sim->ego];
    double window = dt > 0.0 ? 2.0 + 2.0 * m->speed_m_s * dt : 5.0, aside;
    state->ego.route_m = bt_route_project(sim->net, route, pos, state->ego.route_m, window, &aside);
    m->route_m = state->ego.route_m;
    // the route's road wins where roads overlap
    uint32_t lane;
    bt_route_pose(sim->net, route, m->route_m, 0.0, &lane, NULL);
    uint32_t road = lane == BT_ROAD_NONE ? BT_ROAD_NONE : bt_road_lane_get(sim->net, lane)->road;
    bool found = bt_road_locate(sim->net, pos, road, &at) && at.distance_m < 0.05;
    m->lane = found ? at.lane : BT_ROAD_NONE;
    m->s_m = found ? at.s_m : 0.0;
}

static void ego_motion(const bt_sim *sim, bt_state *state, uint32_t actor, double dt, bt_motion *m)
{
    const bt_actor_desc *d = &sim->actors[actor];
    const bt_ego *ego = &state->ego;
    const bt_drive *drive = &ego->drive;
    bt_motion before = *m;
    m->pose.world_from_actor =
        bt_chassis_pose(&d->vehicle, drive->x_m, drive->y_m, drive->yaw_rad, &drive->ride);
    if (d->vehicle.trailer_length_m > 0.0)
        bt_trailer_pose(&d->vehicle, &m->pose.world_from_actor, &ego->trailer, m->pose.channel_rad);
    double left = drive->vy_m_s - d->vehicle.cg_from_rear_m * drive->yaw_rate_rad_s;
    set_rates(&before, drive->vx_m_s, level_speed(d, ego), left, drive->yaw_rad, dt, m);
    m->pose.lamps = lit(d, ego->lamps, state->time_ns);
    m->steer_rad = drive->steer_rad;
    ego_place(sim, state, dt, m);
}

static void walk_motion(const bt_sim *sim, const bt_state *state, uint32_t actor, double dt,
                        bt_motion *m)
{
    const bt_actor_desc *d = &sim->actors[actor];
    const bt_walk_path *path = &sim->walk_paths[sim->slots[actor]];
    const bt_walk *walk = &state->walks[sim->slots[actor]];
    bt_motion before = *m;
    bt_walk_pose(d, &sim->walk_bodies[sim->slots[actor]], path, walk, &m->pose);
    double c = cos(walk->yaw_rad), s = sin(walk->yaw_rad);
    double ahead = walk->vx_m_s * c + walk->vy_m_s * s, left = -walk->vx_m_s * s + walk->vy_m_s * c;
    set_rates(&before, ahead, ahead, left, walk->yaw_rad, dt, m);
    set_velocity_of_path(&before, dt, m);
    m->route_m = walk->way_m;
    m->lane = path->lanes[bt_walk_point(path, walk, 0.0)];
}

static void led_motion(const bt_sim *sim, const bt_state *state, uint32_t actor, double dt,
                       bt_motion *m)
{
    const bt_actor_desc *d = &sim->actors[actor];
    const bt_led *led = &state->leds[sim->slots[actor]];
    bt_motion before = *m;
    m->pose.world_from_actor = bt_led_pose(d, led, m->pose.channel_rad);
    set_rates(&before, led->speed_m_s, led->speed_m_s * cos(led->pitch_rad), 0.0, led->yaw_rad, dt,
              m);
    set_velocity_of_path(&before, dt, m); // it goes where it is put, whatever its wheels say
    m->pose.lamps = lit(d, led->lamps, state->time_ns);
    swing_arm(led->lamps, dt, m);
    m->steer_rad = led->steer_rad;
    m->lane = led->lane;
    m->s_m = led->s_m;
}

static void fixture_motion(const bt_sim *sim, const bt_state *state, uint32_t actor, bt_motion *m)
{
    const bt_actor_desc *d = &sim->actors[actor];
    m->pose.world_from_actor = d->world_from_fixture;
    bt_signal_phase phase = bt_state_signal(state, d->signal);
    m->pose.lamps = bt_phase_lamps(phase);
    m->lane = BT_ROAD_NONE;
}

void bt_state_update_motion(const bt_sim *sim, bt_state *state, uint32_t actor, double dt)
{
    bt_motion *m = &state->motions[actor];
    switch ((bt_mover)sim->movers[actor]) {
    case BT_MOVER_CAR:
        car_motion(sim, state, actor, dt, m);
        break;
    case BT_MOVER_WALK:
        walk_motion(sim, state, actor, dt, m);
        break;
    case BT_MOVER_EGO:
        ego_motion(sim, state, actor, dt, m);
        break;
    case BT_MOVER_LED:
        led_motion(sim, state, actor, dt, m);
        break;
    case BT_MOVER_STILL:
        fixture_motion(sim, state, actor, m);
        break;
    }
}

void bt_state_update_phases(const bt_sim *sim, bt_state *state)
{
    for (uint32_t i = 0; i < sim->signals.signal_count; i++)
        state->phases[i] = state->shown[i] >= 0
                               ? (uint8_t)state->shown[i]
                               : (uint8_t)bt_signal_plan_phase(&sim->signals, i, state->time_ns);
}
