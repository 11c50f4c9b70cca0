// crash.c: see crash.h.
#include "engine/sim/crash_internal.h"

#include "engine/sim/touch.h"

#include <math.h>
#include <string.h>

#define ROUNDS 8         // of pushes within a step
#define ROUNDS_APART 24  // of moves that part bodies
#define SLACK_M 0.004    // that is left of an overlap
#define PART 0.8         // of the rest that one move takes out
#define PART_MOST_M 0.05 // at most in one move
#define CLOSES_M_S 1e-3  // slower is rest
#define GOES_ON_NS (250 * BT_NS_PER_MS)
#define TOLD_M_S 0.05 // an impact slower than this is no news

// ---- who and where ----------------------------------------------------------------------------
// The box of a part as it is now; NULL: no such part.
const bt_footprint *bt_crash_box(const bt_crash_scene *s, uint32_t actor, uint32_t part)
{
    bt_crash_search *c = &s->state->crashes;
    const bt_actor_desc *d = &s->sim->actors[actor];
    bt_footprint *box = &c->boxes[BT_CRASH_PARTS * actor + part];
    if (part == 1 && (d->kind != BT_ACTOR_VEHICLE || !bt_vehicle_has_trailer(&d->vehicle)))
        return NULL;
    if (c->known[actor] & 1u << part) return box;
    c->known[actor] |= (uint8_t)(1u << part);
    bt_actor_pose pose = {.lamps = 0};
    if (d->kind == BT_ACTOR_WALKER) {
        pose.world_from_actor = s->state->is_wreck[actor]
                                    ? bt_wreck_pose(d, &s->state->wrecks[actor], pose.channel_rad)
                                    : bt_state_motion(s->state, actor)->pose.world_from_actor;
        bt_walk_footprint(d, &pose, box);
        return box;
    }
    bt_spot at = bt_crash_spot(s, actor);
    pose.world_from_actor.pos = (bt_vec3){at.x, at.y, at.z};
    pose.world_from_actor.rot = bt_quat_yaw_pitch_roll(at.yaw, 0.0, 0.0);
    if (part == 1)
        pose.channel_rad[BT_CHANNEL_HITCH] =
            s->state->motions[actor].pose.channel_rad[BT_CHANNEL_HITCH];
    bt_chassis_footprint(&d->vehicle, &pose, part, box);
    return box;
}

void bt_crash_forget_box(const bt_crash_scene *s, uint32_t actor)
{
    s->state->crashes.known[actor] = 0;
}

// Wrecks may have been pushed to any speed since.
static bool anyone_slides(const bt_crash_scene *s)
{
    for (uint32_t i = 0; s->state->wreck_count > 0 && i < s->sim->actor_count; i++)
        if (s->state->is_wreck[i] && bt_crash_spot(s, i).speed > 0.0) return true;
    return false;
}

// ---- impacts ----------------------------------------------------------------------------------
// With what it draws; where that is struck, the rod from the hitch, which turns as its wheels lead it.
static void hitch(const bt_crash_scene *s, uint32_t actor, uint32_t part, bt_impact_body *b)
{
    const bt_vehicle *v = &s->sim->actors[actor].vehicle;
    bt_spot at = bt_crash_spot(s, actor);
    double x = at.x + v->hitch_from_rear_m * bt_cos(at.yaw),
           y = at.y + v->hitch_from_rear_m * bt_sin(at.yaw);
    double yaw = at.yaw + s->state->motions[actor].pose.channel_rad[BT_CHANNEL_HITCH];
    bt_impact_tow t = {.x_m = x,
                       .y_m = y,
                       .c = bt_cos(yaw),
                       .s = bt_sin(yaw),
                       .length_m = v->trailer_wheelbase_m,
                       .struck = part > 0};
    if (b->per_kg > 0.0) t.per_kg = 1.0 / (BT_TRAILER_KG_M * v->trailer_length_m);
    if (part > 0) {
        t.draws_x_m = b->x_m;
        t.draws_y_m = b->y_m;
        t.draws_per_kg = b->per_kg;
        t.draws_per_kg_m2 = b->per_kg_m2;
        b->vx_m_s -= b->rate_rad_s * (y - b->y_m);
        b->vy_m_s += b->rate_rad_s * (x - b->x_m);
        b->rate_rad_s = (-b->vx_m_s * t.s + b->vy_m_s * t.c) / t.length_m;
        b->x_m = x;
        b->y_m = y;
    }
    b->tow = t;
}

// Also of who has not been struck yet: by its motion.
bt_impact_body bt_crash_body(const bt_crash_scene *s, uint32_t actor, uint32_t part)
{
    const bt_actor_desc *d = &s->sim->actors[actor];
    bt_impact_body b;
    if (s->state->is_wreck[actor]) {
        b = bt_wreck_body(d, &s->state->wrecks[actor]);
    } else {
        const bt_motion *m = bt_state_motion(s->state, actor);
        bt_spot at = bt_crash_spot(s, actor);
        double ahead = bt_wreck_falls(d) ? 0.0 : d->vehicle.cg_from_rear_m;
        double c = ahead * bt_cos(at.yaw), n = ahead * bt_sin(at.yaw),
               rate = m->angular_velocity_rad_s.z;
        if (bt_wreck_falls(d)) rate = 0.0;
        b = (bt_impact_body){.x_m = at.x + c,
                             .y_m = at.y + n,
                             .vx_m_s = m->velocity_m_s.x - rate * n,
                             .vy_m_s = m->velocity_m_s.y + rate * c,
                             .rate_rad_s = rate};
    }
    if (d->kind == BT_ACTOR_VEHICLE && bt_vehicle_has_trailer(&d->vehicle))
        hitch(s, actor, part, &b);
    return b;
}

static bt_impact *record_of(const bt_crash_scene *s, uint32_t low, uint32_t high)
{
    bt_state *state = s->state;
    uint64_t kept = state->impact_count < BT_IMPACTS ? state->impact_count : BT_IMPACTS;
    for (uint64_t i = 1; i <= kept; i++) {
        bt_impact *r = &state->impacts[(state->impact_count - i) % BT_IMPACTS];
        bool same = r->actor[0] == low && r->actor[1] == high && r->standing == BT_SIM_NONE;
        if (same && state->time_ns - r->last_ns <= GOES_ON_NS) return r;
    }
    return NULL;
}

void bt_crash_add_change(const bt_impact_body *before, const bt_impact_body *after,
                         double change_m_s[2])
{
    bool drawn = after->tow.struck; // of who draws
    change_m_s[0] += drawn ? after->tow.draws_vx_m_s : after->vx_m_s - before->vx_m_s;
    change_m_s[1] += drawn ? after->tow.draws_vy_m_s : after->vy_m_s - before->vy_m_s;
}

bt_impact *bt_crash_begin_record(const bt_crash_scene *s, bt_impact impact)
{
    bt_impact *to = &s->state->impacts[s->state->impact_count++ % BT_IMPACTS];
    *to = impact;
    to->time_ns = s->state->time_ns;
    return to;
}

static void note(const bt_crash_scene *s, uint32_t low, uint32_t high, const bt_touch *t,
                 const bt_impact_result *r, const bt_impact_body before[2],
                 const bt_impact_body after[2])
{
    bt_impact *to = record_of(s, low, high);
    if (!to) {
        if (r->closing_m_s < TOLD_M_S) return;
        to = bt_crash_begin_record(s,
                                   (bt_impact){.actor = {low, high},
                                               .standing = BT_SIM_NONE,
                                               .x_m = t->x_m,
                                               .y_m = t->y_m,
                                               .speed_m_s = bt_hypot(r->closing_m_s, r->slide_m_s),
                                               .closing_m_s = r->closing_m_s});
    }
    to->last_ns = s->state->time_ns;
    to->impulse_ns += bt_hypot(r->normal_ns, r->tangent_ns);
    for (int i = 0; i < 2; i++) {
        bt_crash_add_change(&before[i], &after[i], to->delta_v_m_s[i]);
    }
}

// Closing at these speeds, do they hurt each other?
static bool counts(const bt_crash_scene *s, const uint32_t who[2], const bt_impact_body body[2],
                   const bt_touch *t, double closing)
{
    if (s->state->is_wreck[who[0]] && s->state->is_wreck[who[1]]) return closing > CLOSES_M_S;
    for (int i = 0; i < 2; i++) {
        if (s->sim->actors[who[i]].kind != BT_ACTOR_WALKER || s->state->is_wreck[who[i]]) continue;
        const bt_impact_body still = {.x_m = t->x_m, .y_m = t->y_m};
        double vx, vy, side = i == 0 ? -1.0 : 1.0; // of the vehicle towards it
        bt_impact_relative(&still, &body[1 - i], t->x_m, t->y_m, &vx, &vy);
        return closing > 0.0 && side * (vx * t->nx + vy * t->ny) > BT_CRASH_ON_FOOT_M_S;
    }
    bool led = s->sim->actors[who[0]].led && s->sim->actors[who[1]].led;
    return closing > (led ? BT_CRASH_LED_M_S : BT_CRASH_LEAST_M_S);
}

void bt_crash_go(const bt_crash_scene *s, uint32_t actor, double dt)
{
    bt_wreck *w = &s->state->wrecks[actor];
    bt_impact_body b = bt_wreck_body(&s->sim->actors[actor], w);
    bt_wreck_shift(&s->sim->actors[actor], b.vx_m_s * dt, b.vy_m_s * dt, b.rate_rad_s * dt, w);
}

void bt_crash_take_over(const bt_crash_scene *s, uint32_t actor, uint32_t part,
                        const bt_impact_body *body, const bt_actor_desc *by, bool first)
{
    const bt_actor_desc *d = &s->sim->actors[actor];
    bt_wreck *w = &s->state->wrecks[actor];
    bt_impact_body to = bt_wreck_body(d, w), was = to;
    if (part > 0) {
        to.vx_m_s += body->tow.draws_vx_m_s;
        to.vy_m_s += body->tow.draws_vy_m_s;
        to.rate_rad_s += body->tow.draws_rate_rad_s;
    } else {
        to.vx_m_s = body->vx_m_s;
        to.vy_m_s = body->vy_m_s;
        to.rate_rad_s = body->rate_rad_s;
    }
    bt_wreck_set(d, &to, w);
    if (first) bt_wreck_push(d, to.vx_m_s - was.vx_m_s, to.vy_m_s - was.vy_m_s, by, w);
}

// One part of one against one of another. True: it has changed something.
static bool hit(const bt_crash_scene *s, const uint32_t who[2], const uint32_t part[2],
                bool first_round)
{
    const bt_footprint *a = bt_crash_box(s, who[0], part[0]), *b = bt_crash_box(s, who[1], part[1]);
    if (!a || !b || !bt_footprint_overlap(a, b)) return false;
    bt_impact_body body[2] = {bt_crash_body(s, who[0], part[0]), bt_crash_body(s, who[1], part[1])};
    bt_touch t;
    double vx, vy, within = first_round ? 1.5 * s->dt : 0.0;
    if (!bt_touch_find(a, b, &body[0], &body[1], within, &t)) return false;
    bt_impact_relative(&body[0], &body[1], t.x_m, t.y_m, &vx, &vy);
    double closing = -(vx * t.nx + vy * t.ny);
    if (!counts(s, who, body, &t, closing)) return false;
    bool first[2], on_foot = false;
    for (int i = 0; i < 2; i++) {
        first[i] = !s->state->is_wreck[who[i]];
        bt_crash_strike(s, who[i]);
        if (t.ago_s > 0.0) bt_crash_go(s, who[i], -t.ago_s);
        body[i] = bt_crash_body(s, who[i], part[i]);
        on_foot = on_foot || bt_wreck_falls(&s->sim->actors[who[i]]);
    }
    const bt_impact_body before[2] = {body[0], body[1]};
    bt_impact_contact contact = {t.x_m, t.y_m, t.nx, t.ny, 0.0, BT_IMPACT_FRICTION};
    contact.restitution = on_foot ? 0.0 : bt_impact_restitution(closing);
    bt_impact_result r = bt_impact_apply(&contact, &body[0], &body[1]);
    note(s, who[0], who[1], &t, &r, before, body);
    for (int i = 0; i < 2; i++) {
        bt_crash_take_over(s, who[i], part[i], &body[i], &s->sim->actors[who[1 - i]], first[i]);
        if (t.ago_s > 0.0) bt_crash_go(s, who[i], t.ago_s);
        bt_crash_forget_box(s, who[i]);
    }
    return true;
}

static bool push_all(const bt_crash_scene *s, const uint64_t *pairs, uint32_t count,
                     bool first_round)
{
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t who[2] = {(uint32_t)pairs[i], (uint32_t)(pairs[i] >> 32)};
        for (uint32_t k = 0; k < BT_CRASH_PARTS * BT_CRASH_PARTS; k++) {
            const uint32_t part[2] = {k / BT_CRASH_PARTS, k % BT_CRASH_PARTS};
            changed = hit(s, who, part, first_round) || changed;
        }
    }
    return changed;
}

// ---- apart ------------------------------------------------------------------------------------
static bool part_two(const bt_crash_scene *s, const uint32_t who[2], const uint32_t part[2])
{
    const bt_footprint *box[2] = {bt_crash_box(s, who[0], part[0]),
                                  bt_crash_box(s, who[1], part[1])};
    if (!box[0] || !box[1] || !bt_footprint_overlap(box[0], box[1])) return false;
    bt_impact_body body[2] = {bt_crash_body(s, who[0], part[0]), bt_crash_body(s, who[1], part[1])};
    double sum = body[0].per_kg + body[1].per_kg; // 0: of who has not been struck
    bt_touch t;
    if (sum <= 0.0 || !bt_touch_find(box[0], box[1], &body[0], &body[1], 0.0, &t)) return false;
    if (t.depth_m <= SLACK_M) return false;
    double way = fmin(PART * (t.depth_m - SLACK_M) + 1e-5, PART_MOST_M);
    for (int i = 0; i < 2; i++) {
        double own = (i == 0 ? -way : way) * body[i].per_kg / sum;
        if (body[i].per_kg <= 0.0) continue;
        bt_wreck_shift(&s->sim->actors[who[i]], own * t.nx, own * t.ny, 0.0,
                       &s->state->wrecks[who[i]]);
        bt_crash_forget_box(s, who[i]);
    }
    return true;
}

static bool part_all(const bt_crash_scene *s)
{
    const bt_crash_search *c = &s->state->crashes;
    bool changed = false;
    for (uint32_t i = 0; i < c->pair_count; i++) {
        const uint32_t who[2] = {(uint32_t)c->pairs[i], (uint32_t)(c->pairs[i] >> 32)};
        if (!s->state->is_wreck[who[0]] && !s->state->is_wreck[who[1]]) continue;
        for (uint32_t k = 0; k < BT_CRASH_PARTS * BT_CRASH_PARTS; k++) {
            const uint32_t part[2] = {k / BT_CRASH_PARTS, k % BT_CRASH_PARTS};
            changed = part_two(s, who, part) || changed;
        }
    }
    return changed;
}

// ---- whole ------------------------------------------------------------------------------------
void bt_crash_step(const bt_sim *sim, bt_state *state, double dt)
{
    bt_crash_scene s = {sim, state, dt};
    bt_crash_search *c = &state->crashes;
    bool round = state->time_ns / sim->step_ns % sim->decision_steps == 0;
    bool slides = anyone_slides(&s);
    if (round || !c->searched || slides) bt_crash_find_pairs(&s);
    bt_crash_find_near(&s);
    if (c->near_count > 0) memset(c->known, 0, sim->actor_count);
    bt_crash_hit_standing(&s);
    bool changed = push_all(&s, c->near, c->near_count, true);
    // who has been pushed may have come to others
    for (int i = 1; i < ROUNDS && changed; i++)
        changed = push_all(&s, c->pairs, c->pair_count, false);
    for (int i = 0; i < ROUNDS_APART && state->wreck_count > 0; i++) {
        bool parted = c->near_count > 0 && part_all(&s);
        if (!(bt_crash_part_standing(&s) || parted)) break;
    }
    for (uint32_t i = 0; state->wreck_count > 0 && i < sim->actor_count; i++) {
        if (!state->is_wreck[i]) continue;
        bt_crash_write_back(&s, i);
        bt_state_move_wreck(sim, state, i, dt);
    }
}

uint64_t bt_state_impact_count(const bt_state *state)
{
    return state->impact_count;
}

const bt_impact *bt_state_impact(const bt_state *state, uint64_t index)
{
    if (index >= state->impact_count || state->impact_count - index > BT_IMPACTS) return NULL;
    return &state->impacts[index % BT_IMPACTS];
}

bool bt_state_is_wreck(const bt_state *state, uint32_t actor)
{
    return state->is_wreck[actor];
}
