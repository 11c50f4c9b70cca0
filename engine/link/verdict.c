// verdict.c: the judge: collision, off road, wrong way, red light, goal, time out. See link.h.
#include "engine/link/link.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/memory.h"
#include "engine/link/stop_line.h"
#include "engine/sim/standing.h"

#define OFF_ROAD_TOLERANCE_M 0.15 // half a tyre
#define OFF_ROAD_S 0.5
#define WRONG_WAY_S 1.0
#define WRONG_WAY_COSINE (-0.5)
#define MOVING_M_S 0.5
#define GOAL_NEAR_M 3.0
#define LOCATIONS_MOST 8
#define PARTS 2 // body, trailer

// Something that must last before it counts, and is then told once.
typedef struct judge_clock {
    bt_time_ns since_ns; // -1: not going on
    bool told;
} judge_clock;

struct bt_judge {
    bt_judge_desc desc;
    const bt_road_network *net;
    uint32_t ego;
    bt_stop_line *lines;
    uint32_t line_count;
    bool *touching; // (actors) told, and not yet apart
    bt_vec3 front_world_m;
    bool front_known;
    judge_clock off_road, wrong_way;
    double farthest_off_m;
    bool goal_told, time_told;
    uint64_t impacts; // that have been looked at

    bt_verdict_event *events;
    size_t event_count, event_capacity;
};

const char *bt_verdict_name(bt_verdict_kind kind)
{
    static const char *const names[BT_VERDICT_COUNT] = {"running",   "goal_reached",    "time_out",
                                                        "collision", "off_road",        "wrong_way",
                                                        "red_light", "autopilot_failed"};
    return kind >= 0 && kind < BT_VERDICT_COUNT ? names[kind] : "?";
}

// ---- life -------------------------------------------------------------------------------------
bt_status bt_judge_create(const bt_judge_desc *desc, bt_judge **out)
{
    *out = NULL;
    if (bt_sim_ego(desc->sim) == BT_SIM_NONE)
        return bt_fail(BT_ERR_INPUT, "a verdict needs an ego vehicle");
    bt_judge *judge = bt_alloc(1, sizeof *judge);
    if (!judge) return bt_fail(BT_ERR_MEMORY, "no memory for the judge");
    judge->desc = *desc;
    if (judge->desc.off_road_s <= 0.0) judge->desc.off_road_s = OFF_ROAD_S;
    if (judge->desc.wrong_way_s <= 0.0) judge->desc.wrong_way_s = WRONG_WAY_S;
    judge->net = bt_sim_network(desc->sim);
    judge->ego = bt_sim_ego(desc->sim);
    judge->off_road.since_ns = judge->wrong_way.since_ns = -1;
    judge->touching = bt_alloc(bt_sim_actor_count(desc->sim), sizeof *judge->touching);
    bt_status status = judge->touching ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for the judge");
    if (status == BT_OK) status = bt_stop_lines_find(judge->net, &judge->lines, &judge->line_count);
    if (status != BT_OK) {
        bt_judge_destroy(judge);
        return status;
    }
    *out = judge;
    return BT_OK;
}

bt_status bt_judge_carry(bt_judge *judge, const bt_sim *sim, const uint32_t *origins)
{
    uint32_t count = bt_sim_actor_count(sim);
    bool *touching = bt_alloc(count, sizeof *touching);
    if (!touching) return bt_fail(BT_ERR_MEMORY, "no memory for the judge");
    bt_stop_line *lines;
    uint32_t line_count;
    bt_status status = bt_stop_lines_find(bt_sim_network(sim), &lines, &line_count);
    if (status != BT_OK) {
        bt_free(touching);
        return status;
    }
    for (uint32_t i = 0; i < count; i++)
        touching[i] = origins[i] != BT_SIM_NONE && judge->touching[origins[i]];
    bt_free(judge->touching);
    bt_free(judge->lines);
    judge->touching = touching;
    judge->lines = lines;
    judge->line_count = line_count;
    judge->desc.sim = sim;
    judge->net = bt_sim_network(sim);
    judge->ego = bt_sim_ego(sim);
    return BT_OK;
}

void bt_judge_destroy(bt_judge *judge)
{
    if (!judge) return;
    bt_free(judge->lines);
    bt_free(judge->touching);
    bt_free(judge->events);
    bt_free(judge);
}

static bt_status tell(bt_judge *judge, bt_time_ns time_ns, bt_verdict_kind kind, uint32_t other,
                      double value)
{
    bt_status status =
        BT_ARRAY_RESERVE(judge->events, judge->event_capacity, judge->event_count + 1);
    if (status != BT_OK) return status;
    judge->events[judge->event_count++] =
        (bt_verdict_event){.time_ns = time_ns, .kind = kind, .other = other, .value = value};
    return BT_OK;
}

// True once when `going_on` has lasted for `limit_s`.
static bool clock_strikes(judge_clock *clock, bool going_on, bt_time_ns now_ns, double limit_s)
{
    if (!going_on) {
        *clock = (judge_clock){.since_ns = -1};
        return false;
    }
    if (clock->since_ns < 0) clock->since_ns = now_ns;
    if (clock->told || now_ns - clock->since_ns < bt_from_seconds(limit_s)) return false;
    clock->told = true;
    return true;
}

// ---- collision --------------------------------------------------------------------------------
static bool touches(const bt_judge *judge, const bt_state *state, uint32_t actor)
{
    const bt_sim *sim = judge->desc.sim;
    bt_footprint own[PARTS], other;
    int own_count = 0;
    for (uint32_t part = 0; part < PARTS; part++)
        if (bt_state_footprint(sim, state, judge->ego, part, &own[own_count])) own_count++;
    for (uint32_t part = 0; part < PARTS; part++) {
        if (!bt_state_footprint(sim, state, actor, part, &other)) continue;
        for (int i = 0; i < own_count; i++)
            if (bt_footprint_overlap(&own[i], &other)) return true;
    }
    return false;
}

// The latest impact between the ego and another that is not over; NULL: none. After it they may lie apart.
static const bt_impact *impact_with(const bt_judge *judge, const bt_state *state, uint32_t actor,
                                    bt_time_ns now_ns)
{
    for (uint64_t n = bt_state_impact_count(state); n > 0; n--) {
        const bt_impact *r = bt_state_impact(state, n - 1);
        if (!r) break;
        bool pair = (r->actor[0] == judge->ego && r->actor[1] == actor) ||
                    (r->actor[1] == judge->ego && r->actor[0] == actor);
        if (pair && now_ns - r->last_ns < BT_NS_PER_S / 2) return r;
    }
    return NULL;
}

// What stands beside the road; each impact is told once.
static bt_status look_for_things(bt_judge *judge, const bt_state *state, bt_time_ns now_ns)
{
    uint64_t count = bt_state_impact_count(state);
    bt_status status = BT_OK;
    for (uint64_t n = judge->impacts; n < count && status == BT_OK; n++) {
        const bt_impact *r = bt_state_impact(state, n);
        const bt_standing *thing = r ? bt_sim_standing(judge->desc.sim, r->standing) : NULL;
        if (!thing || r->actor[0] != judge->ego) continue;
        status = tell(judge, now_ns, BT_VERDICT_COLLISION, BT_SIM_NONE, r->speed_m_s);
        if (status != BT_OK) break;
        bt_verdict_thing *told = &judge->events[judge->event_count - 1].thing;
        snprintf(told->name, sizeof told->name, "%s", thing->name);
        told->id = thing->id;
        told->class_id = thing->class_id;
        told->closing_m_s = r->closing_m_s;
        told->delta_v_m_s = bt_hypot(r->delta_v_m_s[0][0], r->delta_v_m_s[0][1]);
    }
    judge->impacts = count;
    return status;
}

static bt_status look_for_collisions(bt_judge *judge, const bt_state *state, bt_time_ns now_ns)
{
    bt_vec3 ego_m_s = bt_state_motion(state, judge->ego)->velocity_m_s;
    for (uint32_t actor = 0; actor < bt_sim_actor_count(judge->desc.sim); actor++) {
        if (actor == judge->ego) continue;
        bool before = judge->touching[actor];
        const bt_impact *impact = impact_with(judge, state, actor, now_ns);
        judge->touching[actor] = impact || touches(judge, state, actor);
        if (before || !judge->touching[actor]) continue;
        bt_vec3 other_m_s = bt_state_motion(state, actor)->velocity_m_s;
        double impact_m_s =
            impact ? impact->speed_m_s : bt_vec3_length(bt_vec3_sub(ego_m_s, other_m_s));
        uint32_t other = bt_sim_actor(judge->desc.sim, actor)->number;
        bt_status status = tell(judge, now_ns, BT_VERDICT_COLLISION, other, impact_m_s);
        if (status != BT_OK) return status;
    }
    return BT_OK;
}

// ---- off road ---------------------------------------------------------------------------------
// Where a car may be without having left the road.
static bool holds_cars(bt_lane_type type)
{
    return bt_lane_type_drivable(type) || type == BT_LANE_SHOULDER || type == BT_LANE_STOP ||
           type == BT_LANE_PARKING || type == BT_LANE_BIKING || type == BT_LANE_BORDER;
}

// Metres across from a place on a road to the nearest lane that holds cars; huge when none does.
static double off_this_road(const bt_road_network *net, const bt_road_location *at)
{
    const bt_road *road = bt_road_get(net, at->road);
    double nearest = 1e9;
    for (uint32_t i = 0; i < road->section_count; i++) {
        const bt_lane_section *section = bt_road_section_get(net, road->first_section + i);
        if (at->s_m < section->s0_m - 1e-9 || at->s_m > section->s1_m + 1e-9) continue;
        for (uint32_t k = 0; k < section->lane_count; k++) {
            uint32_t lane = section->first_lane + k;
            const bt_lane *info = bt_road_lane_get(net, lane);
            if (info->id == 0 || !holds_cars(info->type)) continue;
            double inner, outer;
            bt_lane_borders(net, lane, at->s_m, &inner, &outer);
            double low = fmin(inner, outer), high = fmax(inner, outer);
            if (high - low < 1e-6) continue;
            nearest = fmin(nearest, fmax(0.0, fmax(low - at->t_m, at->t_m - high)));
        }
    }
    // beyond the road's ends
    return at->lane == BT_ROAD_NONE ? fmax(nearest, at->distance_m) : nearest;
}

static double off_road_m(const bt_road_network *net, bt_vec3 point)
{
    bt_road_location at[LOCATIONS_MOST];
    uint32_t count = bt_road_locate_all(net, point, at, LOCATIONS_MOST);
    if (count > LOCATIONS_MOST) count = LOCATIONS_MOST;
    double nearest = 1e9;
    for (uint32_t i = 0; i < count; i++)
        nearest = fmin(nearest, off_this_road(net, &at[i]));
    if (nearest > 0.0 && bt_road_locate(net, point, BT_ROAD_NONE, &at[0]))
        nearest = fmin(nearest, off_this_road(net, &at[0]));
    return fmin(nearest, 50.0); // as far as roads are looked for
}

static bt_status look_for_road(bt_judge *judge, const bt_state *state, bt_time_ns now_ns)
{
    const bt_vehicle *vehicle = &bt_sim_actor(judge->desc.sim, judge->ego)->vehicle;
    bt_pose pose = bt_state_motion(state, judge->ego)->pose.world_from_actor;
    double farthest = 0.0;
    for (int wheel = 0; wheel < 4; wheel++) {
        double x = wheel < 2 ? vehicle->wheelbase_m : 0.0;
        double y = (wheel & 1 ? -0.5 : 0.5) * vehicle->track_m;
        farthest =
            fmax(farthest, off_road_m(judge->net, bt_pose_point(pose, bt_vec3_make(x, y, 0.0))));
    }
    bool off = farthest > OFF_ROAD_TOLERANCE_M;
    judge->farthest_off_m = off ? fmax(judge->farthest_off_m, farthest) : 0.0;
    if (!clock_strikes(&judge->off_road, off, now_ns, judge->desc.off_road_s)) return BT_OK;
    return tell(judge, now_ns, BT_VERDICT_OFF_ROAD, BT_SIM_NONE, judge->farthest_off_m);
}

// ---- wrong way --------------------------------------------------------------------------------
static bool goes_against_all(const bt_road_network *net, bt_vec3 point, bt_vec3 heading)
{
    bt_road_location at[LOCATIONS_MOST];
    uint32_t count = bt_road_locate_all(net, point, at, LOCATIONS_MOST);
    if (count > LOCATIONS_MOST) count = LOCATIONS_MOST;
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        if (at[i].lane == BT_ROAD_NONE) continue;
        const bt_lane *lane = bt_road_lane_get(net, at[i].lane);
        if (!bt_lane_type_drivable(lane->type)) continue;
        if (lane->type == BT_LANE_BIDIRECTIONAL) return false;
        bt_pose pose = bt_lane_pose(net, at[i].lane, at[i].s_m, 0.0);
        bt_vec3 travel = bt_pose_dir(pose, bt_vec3_make(1.0, 0.0, 0.0));
        if (bt_vec3_dot(travel, heading) > WRONG_WAY_COSINE) return false;
        any = true;
    }
    return any;
}

static bt_status look_for_direction(bt_judge *judge, const bt_state *state, bt_time_ns now_ns)
{
    const bt_vehicle *vehicle = &bt_sim_actor(judge->desc.sim, judge->ego)->vehicle;
    const bt_motion *motion = bt_state_motion(state, judge->ego);
    bt_pose pose = motion->pose.world_from_actor;
    bt_vec3 middle = bt_pose_point(pose, bt_vec3_make(0.5 * vehicle->wheelbase_m, 0.0, 0.0));
    bt_vec3 heading = bt_pose_dir(pose, bt_vec3_make(1.0, 0.0, 0.0));
    bool wrong = motion->speed_m_s > MOVING_M_S && goes_against_all(judge->net, middle, heading);
    bt_time_ns since_ns = judge->wrong_way.since_ns;
    if (!clock_strikes(&judge->wrong_way, wrong, now_ns, judge->desc.wrong_way_s)) return BT_OK;
    return tell(judge, now_ns, BT_VERDICT_WRONG_WAY, BT_SIM_NONE, bt_seconds(now_ns - since_ns));
}

// ---- red light --------------------------------------------------------------------------------
static bt_status look_for_lights(bt_judge *judge, const bt_state *state, bt_time_ns now_ns)
{
    const bt_vehicle *vehicle = &bt_sim_actor(judge->desc.sim, judge->ego)->vehicle;
    const bt_motion *motion = bt_state_motion(state, judge->ego);
    double front_m = vehicle->length_m - vehicle->rear_overhang_m;
    bt_vec3 before = judge->front_world_m;
    bool known = judge->front_known;
    bt_vec3 front = bt_pose_point(motion->pose.world_from_actor, bt_vec3_make(front_m, 0.0, 0.0));
    judge->front_world_m = front;
    judge->front_known = true;
    for (uint32_t i = 0; known && i < judge->line_count; i++) {
        const bt_stop_line *line = &judge->lines[i];
        double u;
        if (!bt_stop_line_passed(line, before, front, &u)) continue;
        bt_signal_phase phase = bt_state_signal(state, line->signal);
        if (phase != BT_PHASE_RED && phase != BT_PHASE_RED_AMBER) continue;
        bt_status status =
            tell(judge, now_ns, BT_VERDICT_RED_LIGHT, line->signal, motion->speed_m_s);
        if (status != BT_OK) return status;
    }
    return BT_OK;
}

// ---- ends -------------------------------------------------------------------------------------
static bt_status look_for_goal(bt_judge *judge, const bt_state *state, bt_time_ns now_ns)
{
    const bt_route *route = bt_sim_route(judge->desc.sim, judge->ego);
    if (!judge->desc.has_goal || judge->goal_told || !route) return BT_OK;
    double goal_m = judge->desc.goal_m > 0.0 ? judge->desc.goal_m : bt_route_length(route);
    double left_m = goal_m - bt_state_motion(state, judge->ego)->route_m;
    if (left_m > GOAL_NEAR_M) return BT_OK;
    judge->goal_told = true;
    return tell(judge, now_ns, BT_VERDICT_GOAL, BT_SIM_NONE, left_m);
}

static bt_status look_at_time(bt_judge *judge, bt_time_ns now_ns)
{
    if (judge->time_told || now_ns < judge->desc.end_ns) return BT_OK;
    judge->time_told = true;
    return tell(judge, now_ns, BT_VERDICT_TIME_OUT, BT_SIM_NONE, 0.0);
}

bt_status bt_judge_look(bt_judge *judge, const bt_state *state)
{
    bt_time_ns now_ns = bt_state_time_ns(state);
    bt_status status = look_for_collisions(judge, state, now_ns);
    if (status == BT_OK) status = look_for_things(judge, state, now_ns);
    if (status == BT_OK) status = look_for_road(judge, state, now_ns);
    if (status == BT_OK) status = look_for_direction(judge, state, now_ns);
    if (status == BT_OK) status = look_for_lights(judge, state, now_ns);
    if (status == BT_OK) status = look_for_goal(judge, state, now_ns);
    if (status == BT_OK) status = look_at_time(judge, now_ns);
    return status;
}

void bt_judge_end(bt_judge *judge, bt_time_ns time_ns)
{
    if (time_ns < judge->desc.end_ns) judge->desc.end_ns = time_ns;
}

bt_verdict_kind bt_judge_verdict(const bt_judge *judge)
{
    return judge->event_count > 0 ? judge->events[0].kind : BT_VERDICT_RUNNING;
}

bool bt_judge_passed(const bt_judge *judge)
{
    bt_verdict_kind verdict = bt_judge_verdict(judge);
    return verdict == BT_VERDICT_GOAL || (verdict == BT_VERDICT_TIME_OUT && !judge->desc.has_goal);
}

uint32_t bt_judge_event_count(const bt_judge *judge)
{
    return (uint32_t)judge->event_count;
}

const bt_verdict_event *bt_judge_event(const bt_judge *judge, uint32_t event)
{
    return &judge->events[event];
}
