// lead.c: see lead.h.
#include "engine/app/lead.h"

#include "engine/core/hash.h"

#include <math.h>
#include <string.h>

#define STANDS_M_S 0.01

static bt_vec3 middle(const bt_role *r, const bt_story_actor *a)
{
    double c = cos(r->yaw_rad), s = sin(r->yaw_rad);
    return (bt_vec3){r->pos.x + c * a->center_x_m - s * a->center_y_m,
                     r->pos.y + s * a->center_x_m + c * a->center_y_m, r->pos.z};
}

bt_led_place bt_lead_place(const bt_story_player *player, uint32_t story_actor, bool thing)
{
    const bt_role *r = bt_story_player_role(player, story_actor);
    const bt_story_actor *actor = &bt_story_player_story(player)->actors[story_actor];
    return (bt_led_place){.pos = thing ? middle(r, actor) : r->pos,
                          .yaw_rad = r->yaw_rad,
                          .pitch_rad = r->pitch_rad,
                          .roll_rad = r->roll_rad,
                          .speed_m_s = r->speed_m_s,
                          .steer_rad = r->steer_rad,
                          .s_m = r->on.lane == BT_ROAD_NONE ? 0.0 : r->on.s_m,
                          .lane = r->on.lane,
                          .lamps = r->lamps};
}

static void see(const bt_sim *sim, const bt_state *state, uint32_t actor, double dt, bt_role *role)
{
    const bt_motion *m = bt_state_motion(state, actor);
    const bt_pose *pose = &m->pose.world_from_actor;
    bt_role before = *role;
    role->pos = pose->pos;
    role->yaw_rad = bt_quat_yaw(pose->rot);
    role->speed_m_s = m->speed_m_s;
    role->accel_m_s2 = m->accel_m_s2;
    role->velocity_m_s = m->velocity_m_s;
    uint32_t road = m->lane == BT_ROAD_NONE ? BT_ROAD_NONE
                                            : bt_road_lane_get(bt_sim_network(sim), m->lane)->road;
    role->on = bt_lane_place_find(bt_sim_network(sim), pose->pos, role->yaw_rad, road);
    if (before.placed)
        role->travelled_m += hypot(role->pos.x - before.pos.x, role->pos.y - before.pos.y);
    bool stands = fabs(role->speed_m_s) < STANDS_M_S, off = role->on.lane == BT_ROAD_NONE;
    role->stands_s = stands ? role->stands_s + dt : 0.0;
    role->off_s = off ? role->off_s + dt : 0.0;
}

// Index of the signal of this id; BT_ROAD_NONE: there is none.
static uint32_t find_signal(const bt_state *state, const char *id)
{
    const bt_road_network *net = bt_state_network(state);
    for (uint32_t i = 0; i < bt_road_signal_count(net); i++)
        if (strcmp(bt_road_signal_get(net, i)->id, id) == 0) return i;
    return BT_ROAD_NONE;
}

static int signal_phase(void *context, const char *id)
{
    uint32_t signal = find_signal(context, id);
    return signal == BT_ROAD_NONE ? -1 : (int)bt_state_signal(context, signal);
}

static bool show_signal(void *context, const char *id, int phase)
{
    uint32_t signal = find_signal(context, id);
    if (signal == BT_ROAD_NONE) return false;
    bt_state_show_signal(context, signal, phase);
    return true;
}

bt_story_senses bt_lead_senses(bt_state *state)
{
    return (bt_story_senses){state, signal_phase, show_signal};
}

// Who of the story has hit whom.
static void tell_impacts(const bt_lead *lead, const bt_state *state)
{
    uint64_t count = bt_state_impact_count(state);
    for (uint64_t n = count > BT_IMPACTS ? count - BT_IMPACTS : 0; n < count; n++) {
        const bt_impact *r = bt_state_impact(state, n);
        for (int i = 0; i < 2; i++) {
            uint32_t own = r->actor[i], other = r->actor[1 - i];
            if (own >= lead->count || other >= lead->count) continue;
            bt_role role = *bt_story_player_role(lead->player, lead->story_actors[own]);
            role.struck = lead->story_actors[other] + 1;
            bt_story_player_set_role(lead->player, lead->story_actors[own], &role);
        }
    }
}

bt_status bt_lead_step(const bt_lead *lead, const bt_sim *sim, bt_state *state)
{
    if (!lead->player) return BT_OK;
    double dt = bt_seconds(bt_sim_step_ns(sim));
    for (uint32_t i = 0; i < lead->count; i++) {
        bool wreck = bt_state_is_wreck(state, i);
        if (bt_sim_actor(sim, i)->led && !wreck) continue;
        bt_role role = *bt_story_player_role(lead->player, lead->story_actors[i]);
        see(sim, state, i, dt, &role);
        role.is_wreck = wreck;
        bt_story_player_set_role(lead->player, lead->story_actors[i], &role);
    }
    tell_impacts(lead, state);
    bt_story_player_set_senses(lead->player, bt_lead_senses(state));
    bt_status status = bt_story_player_step(lead->player, bt_sim_step_ns(sim));
    if (status != BT_OK)
        return bt_fail_prefix(status, "at %.2f s", bt_seconds(bt_state_time_ns(state)));
    bt_lead_echo(lead, sim, sim, state);
    return BT_OK;
}

// The same lane by its names, where the roads are not the same.
static uint32_t lane_in(const bt_road_network *to, const bt_road_network *from, uint32_t lane,
                        double s_m)
{
    if (to == from || lane == BT_ROAD_NONE) return lane;
    const bt_lane *l = bt_road_lane_get(from, lane);
    uint32_t road = bt_road_find(to, bt_road_get(from, l->road)->id);
    return road == BT_ROAD_NONE ? BT_ROAD_NONE : bt_lane_find(to, road, s_m, l->id);
}

void bt_lead_echo(const bt_lead *lead, const bt_sim *now, const bt_sim *sim, bt_state *state)
{
    for (uint32_t i = 0; lead->player && i < lead->count; i++) {
        const bt_actor_desc *actor = bt_sim_actor(sim, i);
        if (!actor->led) continue;
        bt_led_place place =
            bt_lead_place(lead->player, lead->story_actors[i], actor->kind == BT_ACTOR_THING);
        place.lane = lane_in(bt_sim_network(sim), bt_sim_network(now), place.lane, place.s_m);
        bt_state_lead(state, i, &place);
    }
}

bt_status bt_lead_digest(const bt_lead *lead, const bt_state *state, uint8_t digest[32])
{
    uint8_t both[64] = {0};
    bt_sha256 sum;
    bt_status status = bt_state_digest(state, both);
    if (status == BT_OK && lead->player) status = bt_story_player_digest(lead->player, both + 32);
    if (status == BT_OK) status = bt_sha256_of(both, sizeof both, &sum);
    if (status == BT_OK) memcpy(digest, sum.bytes, sizeof sum.bytes);
    return status;
}
