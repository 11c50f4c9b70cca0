// audit_wreck.c: is what wrecks do physically possible?
#include "engine/sim/audit_internal.h"
#include "engine/sim/wreck.h"

#include <math.h>

// Place and velocity of its centre of gravity: that is what goes straight while it spins.
static bt_vec3 middle_of(const bt_actor_desc *d, const bt_motion *m, bt_vec3 *velocity_m_s)
{
    *velocity_m_s = m->velocity_m_s;
    bt_vec3 at = m->pose.world_from_actor.pos;
    if (bt_wreck_falls(d)) return at;
    double yaw = bt_quat_yaw(m->pose.world_from_actor.rot), rate = m->angular_velocity_rad_s.z;
    double x = d->vehicle.cg_from_rear_m * bt_cos(yaw), y = d->vehicle.cg_from_rear_m * bt_sin(yaw);
    velocity_m_s->x -= rate * y;
    velocity_m_s->y += rate * x;
    return (bt_vec3){at.x + x, at.y + y, at.z};
}

// Between impacts friction alone moves it.
void bt_audit_wreck(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now, double dt)
{
    bt_audit_memory *was = &a->memories[actor];
    const bt_actor_desc *d = bt_sim_actor(a->desc.sim, actor);
    if (was->pushed || !was->wreck) return;
    bt_vec3 v0, v1, from = middle_of(d, &was->motion, &v0), to = middle_of(d, m, &v1);
    double mu = bt_wreck_falls(d) ? BT_BODY_FRICTION : d->vehicle.friction;
    // who is thrown and comes down is braked by that too
    double down = bt_wreck_falls(d) ? fmax(0.0, v1.z - v0.z) : 0.0;
    bt_audit_note(a, BT_AUDIT_SLIDE, actor, now,
                  bt_hypot(v1.x - v0.x, v1.y - v0.y) / (mu * (BT_GRAVITY_M_S2 * dt + down)));
    double x = 0.5 * (v0.x + v1.x) * dt, y = 0.5 * (v0.y + v1.y) * dt;
    bt_audit_note(a, BT_AUDIT_JUMP, actor, now, bt_hypot(to.x - from.x - x, to.y - from.y - y));
}

void bt_audit_depth(bt_audit *a, const bt_state *state, uint32_t b, uint32_t c)
{
    uint32_t i = a->owner[b], k = a->owner[c];
    if (!bt_state_is_wreck(state, i) && !bt_state_is_wreck(state, k)) return;
    if (bt_sim_actor(a->desc.sim, i)->kind == BT_ACTOR_THING ||
        bt_sim_actor(a->desc.sim, k)->kind == BT_ACTOR_THING)
        return;
    uint32_t wreck = bt_state_is_wreck(state, i) ? i : k;
    bt_audit_note(a, BT_AUDIT_DEEP, wreck, bt_state_time_ns(state),
                  -bt_footprint_gap(&a->boxes[b], &a->boxes[c]));
}

// Mass times change of velocity of both, which must be nothing together.
void bt_audit_impact(bt_audit *a, const bt_impact *r, bt_time_ns now)
{
    double sum[2] = {0.0}, size = 0.0;
    for (int i = 0; i < 2; i++) {
        // what is drawn takes its part, which is not told
        const bt_actor_desc *d = bt_sim_actor(a->desc.sim, r->actor[i]);
        if (d->kind == BT_ACTOR_VEHICLE && bt_vehicle_has_trailer(&d->vehicle)) return;
    }
    for (int i = 0; i < 2; i++) {
        double kg = bt_wreck_mass_kg(bt_sim_actor(a->desc.sim, r->actor[i]));
        sum[0] += kg * r->delta_v_m_s[i][0];
        sum[1] += kg * r->delta_v_m_s[i][1];
        size += kg * bt_hypot(r->delta_v_m_s[i][0], r->delta_v_m_s[i][1]);
    }
    if (size > 0.0)
        bt_audit_note(a, BT_AUDIT_MOMENTUM, r->actor[0], now, bt_hypot(sum[0], sum[1]) / size);
}
