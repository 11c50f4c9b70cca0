// programme.c: phases by time, and how a network's signals are grouped.
#include "engine/sim/programme.h"

#include "engine/core/memory.h"
#include "engine/core/random.h"

#include <math.h>
#include <string.h>

bt_time_ns bt_programme_cycle_ns(const bt_programme *p, uint32_t group_count)
{
    bt_time_ns turn = p->green_ns + p->amber_ns + p->all_red_ns;
    return turn * (group_count < 2 ? 2 : (bt_time_ns)group_count);
}

bt_signal_phase bt_programme_phase(const bt_programme *p, uint32_t group, uint32_t group_count,
                                   bt_time_ns time_ns)
{
    bt_time_ns turn = p->green_ns + p->amber_ns + p->all_red_ns;
    bt_time_ns cycle = bt_programme_cycle_ns(p, group_count);
    bt_time_ns t = (time_ns - turn * (bt_time_ns)group) % cycle;
    if (t < 0) t += cycle;
    bt_time_ns both = p->all_red_ns < BT_NS_PER_S ? p->all_red_ns : BT_NS_PER_S;
    if (t < p->green_ns) return BT_PHASE_GREEN;
    if (t < p->green_ns + p->amber_ns) return BT_PHASE_AMBER;
    return t >= cycle - both ? BT_PHASE_RED_AMBER : BT_PHASE_RED;
}

uint32_t bt_phase_lamps(bt_signal_phase phase)
{
    switch (phase) {
    case BT_PHASE_RED:
        return BT_LAMP_SIGNAL_RED;
    case BT_PHASE_RED_AMBER:
        return BT_LAMP_SIGNAL_RED | BT_LAMP_SIGNAL_AMBER;
    case BT_PHASE_AMBER:
        return BT_LAMP_SIGNAL_AMBER;
    case BT_PHASE_GREEN:
        return BT_LAMP_SIGNAL_GREEN;
    case BT_PHASE_OFF:
        break;
    }
    return 0;
}

bool bt_signal_pedestrian(const bt_signal *signal)
{
    return signal->type && strcmp(signal->type, "1000002") == 0;
}

// ---- grouping ---------------------------------------------------------------------------------
typedef struct group {
    uint32_t place; // junction, or for signals away from junctions count of junctions + signal
    uint32_t index; // among those of its place
    uint32_t controller;
    bool pedestrian;
    double heading_rad; // of the traffic it lets go, without controller
} group;

// The junction that a lane leads into, or lies in.
static uint32_t junction_ahead(const bt_road_network *net, uint32_t road, bool forward)
{
    const bt_road *r = bt_road_get(net, road);
    if (r->junction != BT_ROAD_NONE) return r->junction;
    uint32_t last = forward ? r->first_section + r->section_count - 1 : r->first_section;
    const bt_lane_section *section = bt_road_section_get(net, last);
    for (uint32_t i = 0; i < section->lane_count; i++) {
        uint32_t lane = section->first_lane + i, next[8];
        if (bt_road_lane_get(net, lane)->forward != forward) continue;
        uint32_t count = bt_lane_successors(net, lane, next, 8);
        for (uint32_t k = 0; k < count && k < 8; k++) {
            uint32_t j = bt_road_get(net, bt_road_lane_get(net, next[k])->road)->junction;
            if (j != BT_ROAD_NONE) return j;
        }
    }
    return BT_ROAD_NONE;
}

static uint32_t signal_place(const bt_road_network *net, uint32_t signal)
{
    const bt_signal *s = bt_road_signal_get(net, signal);
    uint32_t junction = BT_ROAD_NONE;
    if (s->road != BT_ROAD_NONE) {
        junction = junction_ahead(net, s->road, s->orientation >= 0);
        if (junction == BT_ROAD_NONE && s->orientation == 0)
            junction = junction_ahead(net, s->road, false);
    }
    return junction == BT_ROAD_NONE ? bt_road_junction_count(net) + signal : junction;
}

static double signal_heading(const bt_road_network *net, const bt_signal *s)
{
    double heading = 0.0;
    if (s->road != BT_ROAD_NONE) bt_road_heading(net, s->road, s->s_m, &heading, NULL);
    return s->orientation < 0 ? heading + BT_PI : heading;
}

static bool same_group(const group *a, const group *b)
{
    if (a->place != b->place || a->pedestrian != b->pedestrian) return false;
    if (a->pedestrian) return true;
    if (a->controller != b->controller) return false;
    if (a->controller != BT_ROAD_NONE) return true;
    // the same approach or the opposite one
    double turn = fabs(bt_wrap_angle(a->heading_rad - b->heading_rad));
    return fmin(turn, BT_PI - turn) < 40.0 * BT_RAD_PER_DEG;
}

// A controller's signals stay together: its place is that of its first signal.
static uint32_t controller_place(const bt_road_network *net, uint32_t controller, uint32_t signal)
{
    const bt_controller *c = bt_road_controller_get(net, controller);
    if (c->signal_count > 0) signal = bt_road_controller_signal(net, c->first_signal);
    return signal_place(net, signal);
}

static group describe(const bt_road_network *net, uint32_t signal)
{
    const bt_signal *s = bt_road_signal_get(net, signal);
    group g = {.controller = s->controller, .heading_rad = signal_heading(net, s)};
    g.pedestrian = bt_signal_pedestrian(s) && s->controller == BT_ROAD_NONE;
    g.place = s->controller == BT_ROAD_NONE ? signal_place(net, signal)
                                            : controller_place(net, s->controller, signal);
    return g;
}

// The group a signal belongs to; a new one when there is none.
static uint32_t find_group(group *groups, uint32_t *count, group wanted)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (same_group(&groups[i], &wanted)) return i;
        if (groups[i].place == wanted.place) wanted.index++;
    }
    groups[*count] = wanted;
    return (*count)++;
}

// By ids, which are the same in every part of a world that is loaded. FNV-1a.
static uint64_t place_key(const bt_road_network *net, uint32_t place)
{
    uint32_t junctions = bt_road_junction_count(net);
    bool junction = place < junctions;
    const char *id = junction ? bt_road_junction_get(net, place)->id
                              : bt_road_signal_get(net, place - junctions)->id;
    uint64_t key = junction ? UINT64_C(0xcbf29ce484222325) : UINT64_C(0x84222325cbf29ce4);
    for (; id && *id; id++)
        key = (key ^ (uint8_t)*id) * UINT64_C(0x100000001b3);
    return key;
}

static void assign_groups(const bt_road_network *net, uint64_t seed, group *groups,
                          bt_signal_plan *plan)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->signal_count; i++) {
        plan->group[i] = BT_SIM_NONE;
        if (!bt_road_signal_get(net, i)->dynamic) continue;
        plan->group[i] = find_group(groups, &count, describe(net, i));
    }
    for (uint32_t i = 0; i < plan->signal_count; i++) {
        if (plan->group[i] == BT_SIM_NONE) continue;
        const group *own = &groups[plan->group[i]];
        uint32_t of_place = 0;
        for (uint32_t k = 0; k < count; k++)
            of_place += groups[k].place == own->place;
        plan->group[i] = own->index;
        plan->group_count[i] = of_place;
        bt_time_ns cycle = bt_programme_cycle_ns(&plan->programme, of_place);
        double share = bt_random_unit(seed, BT_STREAM_TRAFFIC, place_key(net, own->place), 1);
        plan->offset_ns[i] = bt_from_seconds(floor(share * bt_seconds(cycle)));
    }
}

bt_status bt_signal_plan_compile(const bt_road_network *net, const bt_programme *programme,
                                 uint64_t seed, bt_signal_plan *plan)
{
    *plan = (bt_signal_plan){.programme = *programme, .signal_count = bt_road_signal_count(net)};
    uint32_t n = plan->signal_count;
    group *groups = bt_alloc(n, sizeof *groups);
    plan->group = bt_alloc(n, sizeof *plan->group);
    plan->group_count = bt_alloc(n, sizeof *plan->group_count);
    plan->offset_ns = bt_alloc(n, sizeof *plan->offset_ns);
    bool complete = groups && plan->group && plan->group_count && plan->offset_ns;
    if (complete) assign_groups(net, seed, groups, plan);
    bt_free(groups);
    if (complete) return BT_OK;
    bt_signal_plan_clear(plan);
    return bt_fail(BT_ERR_MEMORY, "no memory for a plan of %u signals", n);
}

void bt_signal_plan_clear(bt_signal_plan *plan)
{
    bt_free(plan->group);
    bt_free(plan->group_count);
    bt_free(plan->offset_ns);
    *plan = (bt_signal_plan){0};
}

bt_signal_phase bt_signal_plan_phase(const bt_signal_plan *plan, uint32_t signal,
                                     bt_time_ns time_ns)
{
    if (signal >= plan->signal_count || plan->group[signal] == BT_SIM_NONE) return BT_PHASE_OFF;
    return bt_programme_phase(&plan->programme, plan->group[signal], plan->group_count[signal],
                              time_ns + plan->offset_ns[signal]);
}
