// programme.h: the fixed-time programme of traffic signals: which group of a junction is green when.
//
// The groups of a junction take turns: green, amber, all red, next group. Red and amber show
// together in the last second before green (as in most of Europe). A junction with one group rests
// on red for as long as a second one would take. Phases are a function of time alone.
#ifndef BT_SIM_PROGRAMME_H
#define BT_SIM_PROGRAMME_H

#include "engine/sim/sim.h"

typedef struct bt_programme {
    bt_time_ns green_ns, amber_ns, all_red_ns;
} bt_programme;

bt_time_ns bt_programme_cycle_ns(const bt_programme *programme, uint32_t group_count);
// group < group_count; time counts from when group 0 turned green.
bt_signal_phase bt_programme_phase(const bt_programme *programme, uint32_t group,
                                   uint32_t group_count, bt_time_ns time_ns);

// Which group of which junction every signal of a network belongs to: its controller's, or, without
// controller, that of its approach; opposite approaches (within 40 degrees) share one; all
// pedestrian lights of a junction share one of their own.
typedef struct bt_signal_plan {
    uint32_t signal_count;
    uint32_t *group;       // (signals) within its junction; BT_SIM_NONE: a plate
    uint32_t *group_count; // (signals) of its junction
    bt_time_ns *offset_ns; // (signals) drawn from the seed and their junction's id
    bt_programme programme;
} bt_signal_plan;

BT_CHECKED bt_status bt_signal_plan_compile(const bt_road_network *net,
                                            const bt_programme *programme, uint64_t seed,
                                            bt_signal_plan *plan);
void bt_signal_plan_clear(bt_signal_plan *plan);
bt_signal_phase bt_signal_plan_phase(const bt_signal_plan *plan, uint32_t signal,
                                     bt_time_ns time_ns);

// A light for people on foot (OpenDRIVE type 1000002): cars do not look at it.
bool bt_signal_pedestrian(const bt_signal *signal);
// Lamps of a head that shows a phase.
uint32_t bt_phase_lamps(bt_signal_phase phase);

#endif
