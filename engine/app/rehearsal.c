// rehearsal.c: see rehearsal.h.
#include "engine/app/rehearsal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "engine/app/production.h"
#include "engine/core/file.h"

typedef struct rehearsal {
    const bt_rehearsal_desc *desc;
    bt_rehearsal_result *result;
    bt_production_desc production_desc;
    bt_production production;
    bt_state *state;
    bt_judge *judge;
    bt_command command;
    bt_time_ns next_command_ns, next_row_ns;
} rehearsal;

// ---- rows -------------------------------------------------------------------------------------
static void print_header(const rehearsal *r)
{
    fputs("time_s,actor,x_m,y_m,z_m,heading_rad,speed_m_s,lane,s_m\n", r->desc->csv);
}

static void print_rows(rehearsal *r)
{
    bt_time_ns now = bt_state_time_ns(r->state);
    if (!r->desc->csv || now < r->next_row_ns) return;
    r->next_row_ns = now + bt_from_seconds(r->desc->csv_step_s);
    const bt_road_network *net = bt_sim_network(r->production.leg.sim);
    for (uint32_t i = 0; i < bt_sim_actor_count(r->production.leg.sim); i++) {
        const bt_motion *m = bt_state_motion(r->state, i);
        bt_vec3 p = m->pose.world_from_actor.pos;
        int lane = m->lane == BT_ROAD_NONE ? 0 : (int)bt_road_lane_get(net, m->lane)->id;
        fprintf(r->desc->csv, "%.3f,%s,%.3f,%.3f,%.3f,%.5f,%.3f,%d,%.3f\n", bt_seconds(now),
                bt_sim_actor(r->production.leg.sim, i)->name, p.x, p.y, p.z,
                bt_quat_yaw(m->pose.world_from_actor.rot), m->speed_m_s, lane, m->s_m);
    }
}

// ---- stepping ---------------------------------------------------------------------------------
static bt_status ask_autopilot(rehearsal *r)
{
    bt_autopilot *autopilot = r->production.autopilot;
    bt_time_ns now = bt_state_time_ns(r->state);
    if (!autopilot || now < r->next_command_ns) return BT_OK;
    r->next_command_ns = now + bt_autopilot_period_ns(autopilot);
    bt_observation observation = {.sim = r->production.leg.sim, .state = r->state};
    return bt_autopilot_step(autopilot, &observation, &r->command);
}

// What stands beside the road is not known before somebody leaves it.
static bt_status find_standing(rehearsal *r)
{
    bt_leg *leg = &r->production.leg;
    if (bt_sim_knows_standing(leg->sim) || !bt_state_asks_for_standing(leg->sim, r->state))
        return BT_OK;
    const bt_leg_desc desc = {.scenario = r->desc->scenario,
                              .assets = r->desc->assets,
                              .without_light = true,
                              .part = r->production.window ? &r->production.part : NULL};
    return bt_leg_stand_late(&desc, leg->net, leg->sim);
}

static bt_status step(rehearsal *r)
{
    const bt_lead *lead = &r->production.lead;
    bt_status status = ask_autopilot(r);
    if (status == BT_OK) status = find_standing(r);
    if (status == BT_OK) status = bt_lead_step(lead, r->production.leg.sim, r->state);
    if (status == BT_OK) status = bt_sim_step(r->production.leg.sim, r->state, &r->command);
    if (status != BT_OK) return status;
    if (lead->player && bt_story_player_ended(lead->player))
        bt_judge_end(r->judge, bt_state_time_ns(r->state));
    print_rows(r);
    return bt_judge_look(r->judge, r->state);
}

// Goes on in the next window of an endless world when it is time.
static bt_status follow(rehearsal *r)
{
    bt_leg before = {0};
    bt_state *next;
    double begun_s = bt_clock_s();
    bt_status status =
        bt_production_follow(&r->production_desc, &r->production, r->state, &before, &next);
    if (status != BT_OK || !next) return status;
    status = bt_judge_carry(r->judge, r->production.leg.sim, r->production.leg.origins);
    bt_state_destroy(r->state);
    bt_leg_clear(&before);
    r->state = next;
    double stood_s = bt_clock_s() - begun_s;
    r->result->windows++;
    r->result->ahead += r->production.leg.ahead;
    r->result->stood_s += stood_s;
    r->result->stood_most_s = fmax(r->result->stood_most_s, stood_s);
    bt_leg_report(&r->production.leg, next, stood_s);
    return status;
}

// Whoever had this number; "" when it was left behind.
static const char *name_of(const rehearsal *r, uint32_t number)
{
    const bt_sim *sim = r->production.leg.sim;
    for (uint32_t i = 0; i < bt_sim_actor_count(sim); i++)
        if (bt_sim_actor(sim, i)->number == number) return bt_sim_actor(sim, i)->name;
    return "";
}

static void conclude(rehearsal *r)
{
    bt_rehearsal_result *out = r->result;
    const bt_lead *lead = &r->production.lead;
    out->verdict = bt_judge_verdict(r->judge);
    out->passed = bt_judge_passed(r->judge);
    out->end_s = bt_seconds(bt_state_time_ns(r->state));
    out->travelled_m = bt_state_motion(r->state, 0)->route_m;
    if (bt_judge_event_count(r->judge) > 0) {
        const bt_verdict_event *event = bt_judge_event(r->judge, 0);
        bool thing = event->thing.name[0] != '\0';
        if (event->kind == BT_VERDICT_COLLISION)
            snprintf(out->other, sizeof out->other, "%s",
                     thing ? event->thing.name : name_of(r, event->other));
    }
    for (uint32_t i = 0; lead->player && i < bt_story_player_event_count(lead->player); i++) {
        const bt_story_event *event = bt_story_player_event(lead->player, i);
        bool is_event = r->desc->scenario->story->nodes[event->node].kind == BT_NODE_EVENT;
        out->events += is_event && event->change == BT_STARTS;
    }
}

static bt_status rehearse(rehearsal *r)
{
    const bt_scenario *scenario = r->desc->scenario;
    double seconds = r->desc->seconds > 0.0 ? r->desc->seconds : scenario->duration_s;
    bt_judge_desc judge = {.sim = r->production.leg.sim,
                           .end_ns = bt_from_seconds(scenario->duration_s),
                           .has_goal = r->production.has_goal,
                           .goal_m = r->production.goal_m};
    bt_status status = bt_state_create(r->production.leg.sim, &r->state);
    if (status == BT_OK) status = bt_judge_create(&judge, &r->judge);
    if (status == BT_OK && r->desc->csv) print_header(r);
    if (status == BT_OK) print_rows(r);
    while (status == BT_OK && bt_judge_verdict(r->judge) == BT_VERDICT_RUNNING &&
           bt_seconds(bt_state_time_ns(r->state)) < seconds - 1e-9) {
        status = step(r);
        if (status == BT_OK) status = follow(r);
    }
    if (status != BT_OK) return status;
    conclude(r);
    return bt_lead_digest(&r->production.lead, r->state, r->result->digest);
}

bt_status bt_rehearse(const bt_rehearsal_desc *desc, bt_rehearsal_result *result)
{
    *result = (bt_rehearsal_result){.verdict = BT_VERDICT_RUNNING};
    rehearsal r = {.desc = desc, .result = result};
    r.production_desc = (bt_production_desc){.scenario = desc->scenario,
                                             .assets = desc->assets,
                                             .autopilot = desc->autopilot,
                                             .without_light = true,
                                             .no_ahead = desc->no_ahead};
    bt_status status = bt_production_init(&r.production_desc, &r.production);
    if (status == BT_OK) status = rehearse(&r);
    bt_judge_destroy(r.judge);
    bt_state_destroy(r.state);
    bt_production_clear(&r.production);
    return status;
}
