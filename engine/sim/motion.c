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
    double angle = 2.0 * bt_atan2(sine, fabs(q.w));
    return bt_vec3_scale(v, sine > 1e-12 ? angle / (sine * dt) : 2.0 / dt);
}

// What of a motion the next one is compared with.
typedef struct instant {
    bt_pose pose;
    bt_vec3 velocity_m_s;
    double speed_m_s;
} instant;

static instant instant_of(const bt_motion *m)
{
    return (instant){m->pose.world_from_actor, m->velocity_m_s, m->speed_m_s};
}

static bt_vec3 level_velocity(double level, double left, double yaw)
{
    double c = bt_cos(yaw), s = bt_sin(yaw);
    return (bt_vec3){level * c - left * s, level * s + left * c, 0.0};
}

// Rates from the instant before; horizontal velocity (`level` ahead) is known exactly, the rest by
// differences.
static void set_rates(const instant *before, double forward, double level, double left, double yaw,
                      double dt, bt_motion *m)
{
    const bt_pose *from = &before->pose, *to = &m->pose.world_from_actor;
    m->velocity_m_s = level_velocity(level, left, yaw);
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

static bt_vec3 velocity_between(bt_pose from, bt_pose to, double dt)
{
    return bt_vec3_scale(bt_vec3_sub(to.pos, from.pos), 1.0 / dt);
}

// Who walks along a polyline looks ahead of its corners: the way it goes is not the way it looks.
static void set_velocity_of_path(const instant *before, double dt, bt_motion *m)
{
    if (dt <= 0.0) return;
    m->velocity_m_s = velocity_between(before->pose, m->pose.world_from_actor, dt);
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
static double level_speed(const bt_vehicle *v, const bt_ground *ground, double forward)
{
    double pitch, roll;
    bt_ground_sines(v, ground, &pitch, &roll);
    return forward * sqrt(1.0 - pitch * pitch);
}

static uint32_t place_of(uint32_t slot, uint32_t now, uint32_t ago)
{
    return slot * BT_INSTANTS + (now + BT_INSTANTS - ago) % BT_INSTANTS;
}

static bt_car_trace trace_of(const bt_vehicle *v, const bt_car *car)
{
    const bt_drive *drive = &car->body.drive;
    bool near = car->near_ego;
    return (bt_car_trace){
        .x_m = car->x_m,
        .y_m = car->y_m,
        .yaw_rad = car->yaw_rad,
        .z_m = car->ride.z_m,
        .pitch_rad = car->ride.pitch_rad,
        .roll_rad = car->ride.roll_rad,
        .forward_m_s = car->speed_m_s,
        .left_m_s = near ? drive->vy_m_s - v->cg_from_rear_m * drive->yaw_rate_rad_s : 0.0,
        .ground = car->body.ground,
        .near_ego = near,
        .rests = car->parked || bt_car_rests(car)};
}

static bt_ride ride_of(const bt_car_trace *t)
{
    return (bt_ride){.z_m = t->z_m, .pitch_rad = t->pitch_rad, .roll_rad = t->roll_rad};
}

static bt_pose car_pose(const bt_vehicle *v, const bt_car_trace *t)
{
    bt_ride ride = ride_of(t);
    return bt_chassis_pose(v, t->x_m, t->y_m, t->yaw_rad, &ride);
}

static double car_level(const bt_vehicle *v, const bt_car_trace *t)
{
    return t->near_ego ? level_speed(v, &t->ground, t->forward_m_s) : t->forward_m_s;
}

static instant car_before(const bt_vehicle *v, const bt_state *state, uint32_t slot, double dt)
{
    const bt_car_trace *at = &state->car_traces[place_of(slot, state->now, 1)];
    const bt_car_trace *from = &state->car_traces[place_of(slot, state->now, 2)];
    instant i = {.pose = car_pose(v, at)};
    if (at->rests) return i;
    i.velocity_m_s = level_velocity(car_level(v, at), at->left_m_s, at->yaw_rad);
    bt_ride earlier = ride_of(from);
    i.velocity_m_s.z = (i.pose.pos.z - bt_ride_height(v, &earlier, 0.0, 0.0)) / dt;
    i.speed_m_s = at->forward_m_s;
    return i;
}

static void car_motion(const bt_sim *sim, const bt_state *state, uint32_t actor, double dt,
                       bt_motion *m)
{
    const bt_actor_desc *d = &sim->actors[actor];
    uint32_t slot = sim->slots[actor];
    const bt_car *car = &state->cars[slot];
    const bt_car_trace *at = &state->car_traces[place_of(slot, state->now, 0)];
    m->pose.lamps = lit(d, car->lamps, state->time_ns);
    if (at->rests && dt > 0.0) { // all is as it was
        rest(m);
        return;
    }
    instant before = {0};
    if (dt > 0.0) before = car_before(&d->vehicle, state, slot, dt);
    m->pose.world_from_actor = car_pose(&d->vehicle, at);
    if (dt > 0.0 && !bt_vehicle_is_cycle(&d->vehicle)) {
        bt_wheels_steer(&d->vehicle, car->steer_rad, m->pose.channel_rad);
        bt_travel_pose(&d->vehicle, &car->ride, &car->ground, m->pose.channel_rad);
    }
    if (bt_vehicle_has_trailer(&d->vehicle) && !car->parked)
        bt_trailer_pose(&d->vehicle, &m->pose.world_from_actor, &car->body.trailer,
                        m->pose.channel_rad);
    set_rates(&before, at->forward_m_s, car_level(&d->vehicle, at), at->left_m_s, at->yaw_rad, dt,
              m);
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
    instant before = instant_of(m);
    m->pose.world_from_actor =
        bt_chassis_pose(&d->vehicle, drive->x_m, drive->y_m, drive->yaw_rad, &drive->ride);
    if (dt > 0.0) bt_travel_pose(&d->vehicle, &drive->ride, &ego->ground, m->pose.channel_rad);
    if (bt_vehicle_has_trailer(&d->vehicle))
        bt_trailer_pose(&d->vehicle, &m->pose.world_from_actor, &ego->trailer, m->pose.channel_rad);
    double left = drive->vy_m_s - d->vehicle.cg_from_rear_m * drive->yaw_rate_rad_s;
    double level = level_speed(&d->vehicle, &ego->ground, drive->vx_m_s);
    set_rates(&before, drive->vx_m_s, level, left, drive->yaw_rad, dt, m);
    m->pose.lamps = lit(d, ego->lamps, state->time_ns);
    m->steer_rad = drive->steer_rad;
    ego_place(sim, state, dt, m);
}

static double ahead_of(const bt_walk *walk, double *left)
{
    double c = bt_cos(walk->yaw_rad), s = bt_sin(walk->yaw_rad);
    *left = -walk->vx_m_s * s + walk->vy_m_s * c;
    return walk->vx_m_s * c + walk->vy_m_s * s;
}

static bt_pose walk_stand(const bt_sim *sim, uint32_t slot, const bt_walk *walk)
{
    const bt_actor_desc *d = &sim->actors[sim->walk_actor[slot]];
    return bt_walk_stand(d, &sim->walk_bodies[slot], &sim->walk_paths[slot], walk);
}

static instant walk_before(const bt_sim *sim, const bt_state *state, uint32_t slot, double dt)
{
    const bt_walk *at = &state->walk_traces[place_of(slot, state->now, 1)];
    const bt_walk *from = &state->walk_traces[place_of(slot, state->now, 2)];
    double left;
    instant i = {.pose = walk_stand(sim, slot, at), .speed_m_s = ahead_of(at, &left)};
    i.velocity_m_s = velocity_between(walk_stand(sim, slot, from), i.pose, dt);
    return i;
}

static void walk_motion(const bt_sim *sim, const bt_state *state, uint32_t actor, double dt,
                        bt_motion *m)
{
    uint32_t slot = sim->slots[actor];
    const bt_walk_path *path = &sim->walk_paths[slot];
    const bt_walk *walk = &state->walks[slot];
    instant before = {0};
    if (dt > 0.0) before = walk_before(sim, state, slot, dt);
    bt_walk_pose(&sim->actors[actor], &sim->walk_bodies[slot], path, walk, &m->pose);
    double left, ahead = ahead_of(walk, &left);
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
    instant before = instant_of(m);
    m->pose.world_from_actor = bt_led_pose(d, led, m->pose.channel_rad);
    set_rates(&before, led->speed_m_s, led->speed_m_s * bt_cos(led->pitch_rad), 0.0, led->yaw_rad,
              dt, m);
    set_velocity_of_path(&before, dt, m); // it goes where it is put, whatever its wheels say
    m->pose.lamps = lit(d, led->lamps, state->time_ns);
    swing_arm(led->lamps, dt, m);
    m->steer_rad = led->steer_rad;
    m->lane = led->lane;
    m->s_m = led->s_m;
}

// Of a wreck its body is the truth; from the motion of the step before.
static void wreck_motion(const bt_sim *sim, bt_state *state, uint32_t actor, double dt,
                         bt_motion *m)
{
    const bt_actor_desc *d = &sim->actors[actor];
    const bt_wreck *w = &state->wrecks[actor];
    const bt_drive *drive = &w->body.drive;
    bool falls = bt_wreck_falls(d), fresh = w->struck_ns == state->time_ns;
    instant before = instant_of(m);
    m->pose.world_from_actor = bt_wreck_pose(d, w, m->pose.channel_rad);
    double left = drive->vy_m_s;
    double level = falls ? drive->vx_m_s : level_speed(&d->vehicle, &w->body.ground, drive->vx_m_s);
    if (!falls) left -= d->vehicle.cg_from_rear_m * drive->yaw_rate_rad_s;
    set_rates(&before, drive->vx_m_s, level, left, drive->yaw_rad, dt, m);
    // what it was before this step is not in the motion of this one
    if (fresh) m->angular_velocity_rad_s = (bt_vec3){0.0, 0.0, drive->yaw_rate_rad_s};
    m->steer_rad = drive->steer_rad;
    if (actor == sim->ego && sim->movers[actor] == BT_MOVER_EGO) ego_place(sim, state, dt, m);
    bt_road_location at;
    bt_vec3 pos = m->pose.world_from_actor.pos;
    bool found = bt_road_locate(sim->net, pos, BT_ROAD_NONE, &at) && at.distance_m <= 0.0;
    m->lane = found ? at.lane : BT_ROAD_NONE;
    m->s_m = found ? at.s_m : 0.0;
}

static void tell_impacts(const bt_state *state, uint32_t actor, bt_motion *m)
{
    if (!m->wreck) m->impact_actor = m->impact_standing = BT_SIM_NONE;
    for (uint64_t n = state->impact_count; n > 0 && state->impact_count - n < BT_IMPACTS; n--) {
        const bt_impact *r = bt_state_impact(state, n - 1);
        int side = r->actor[1] == actor;
        double change = bt_hypot(r->delta_v_m_s[side][0], r->delta_v_m_s[side][1]);
        if (r->actor[side] != actor || change < m->impact_delta_v_m_s) continue;
        m->impact_closing_m_s = r->closing_m_s;
        m->impact_delta_v_m_s = change;
        m->impulse_ns = r->impulse_ns;
        m->impact_actor = r->actor[1 - side];
        m->impact_standing = r->standing;
    }
    m->wreck = true;
}

void bt_state_move_wreck(const bt_sim *sim, bt_state *state, uint32_t actor, double dt)
{
    bt_motion *m = &state->motions[actor];
    const bt_wreck *w = &state->wrecks[actor];
    if (bt_wreck_rests(w))
        rest(m);
    else
        wreck_motion(sim, state, actor, dt, m);
    tell_impacts(state, actor, m);
    uint32_t lamps = bt_wreck_falls(&sim->actors[actor]) ? 0 : bt_wreck_lamps(w, state->time_ns);
    m->pose.lamps = lit(&sim->actors[actor], lamps, state->time_ns);
}

static void fixture_motion(const bt_sim *sim, const bt_state *state, uint32_t actor, bt_motion *m)
{
    const bt_actor_desc *d = &sim->actors[actor];
    m->pose.world_from_actor = d->world_from_fixture;
    bt_signal_phase phase = bt_state_signal(state, d->signal);
    m->pose.lamps = bt_phase_lamps(phase);
    m->lane = BT_ROAD_NONE;
}

// ---- when -------------------------------------------------------------------------------------
// Of those whose motion is not left until it is asked for.
static void move_at_once(const bt_sim *sim, bt_state *state, uint32_t actor, double dt)
{
    bt_motion *m = &state->motions[actor];
    switch ((bt_mover)sim->movers[actor]) {
    case BT_MOVER_EGO:
        ego_motion(sim, state, actor, dt, m);
        break;
    case BT_MOVER_LED:
        led_motion(sim, state, actor, dt, m);
        break;
    case BT_MOVER_STILL:
        fixture_motion(sim, state, actor, m);
        break;
    case BT_MOVER_CAR:
    case BT_MOVER_WALK:
        break;
    }
}

static void leave_trace(const bt_sim *sim, bt_state *state, uint32_t actor, uint32_t now)
{
    uint32_t slot = sim->slots[actor], place = place_of(slot, now, 0);
    if (sim->movers[actor] == BT_MOVER_CAR)
        state->car_traces[place] = trace_of(&sim->actors[actor].vehicle, &state->cars[slot]);
    else if (sim->movers[actor] == BT_MOVER_WALK)
        state->walk_traces[place] = state->walks[slot];
}

static void make(const bt_state *state, uint32_t actor, double dt)
{
    const bt_sim *sim = state->sim;
    if (sim->movers[actor] == BT_MOVER_CAR)
        car_motion(sim, state, actor, dt, &state->motions[actor]);
    else
        walk_motion(sim, state, actor, dt, &state->motions[actor]);
    state->stale[actor] = 0;
}

static bool is_left(const bt_sim *sim, uint32_t actor)
{
    return sim->movers[actor] == BT_MOVER_CAR || sim->movers[actor] == BT_MOVER_WALK;
}

void bt_state_begin_motion(const bt_sim *sim, bt_state *state, uint32_t actor)
{
    for (uint32_t i = 0; i < BT_INSTANTS; i++)
        leave_trace(sim, state, actor, i);
    if (is_left(sim, actor))
        make(state, actor, 0.0);
    else
        move_at_once(sim, state, actor, 0.0);
}

void bt_state_go_on(const bt_sim *sim, bt_state *state, uint32_t actor, double dt)
{
    if (state->is_wreck[actor]) { // bt_state_move_wreck
        leave_trace(sim, state, actor, state->now);
        return;
    }
    if (!is_left(sim, actor)) {
        move_at_once(sim, state, actor, dt);
        return;
    }
    leave_trace(sim, state, actor, state->now);
    state->stale[actor] = 1;
    // who comes to rest keeps the motion of the last step before, wherever its way may be laid later
    bool car = sim->movers[actor] == BT_MOVER_CAR;
    if (car && bt_car_comes_to_rest(&state->cars[sim->slots[actor]])) make(state, actor, dt);
}

void bt_state_settle(const bt_state *state, uint32_t actor)
{
    if (state->stale[actor]) make(state, actor, bt_seconds(state->sim->step_ns));
}

void bt_state_glance(const bt_state *state, uint32_t actor, bt_footprint *f, double *x_m_s,
                     double *y_m_s)
{
    const bt_sim *sim = state->sim;
    uint32_t slot = sim->slots[actor];
    const bt_walk *at = &state->walks[slot];
    const bt_walk *from = &state->walk_traces[place_of(slot, state->now, 1)];
    double per_s = 1.0 / bt_seconds(sim->step_ns);
    *x_m_s = (at->x_m - from->x_m) * per_s;
    *y_m_s = (at->y_m - from->y_m) * per_s;
    bt_walk_upright(&sim->actors[actor], &sim->walk_bodies[slot].gear,
                    bt_walk_place(&sim->walk_paths[slot], at), at->yaw_rad, f);
}

void bt_state_update_phases(const bt_sim *sim, bt_state *state)
{
    for (uint32_t i = 0; i < sim->signals.signal_count; i++)
        state->phases[i] = state->shown[i] >= 0
                               ? (uint8_t)state->shown[i]
                               : (uint8_t)bt_signal_plan_phase(&sim->signals, i, state->time_ns);
}
