// passage.h: a car's run through a junction: its right to go, and whether another's run crosses it, or comes too soon.
//
// right_of_way.c decides by these who may enter; signal_stop.c where signals stop a car.
#ifndef BT_SIM_PASSAGE_H
#define BT_SIM_PASSAGE_H

#include "engine/sim/gap.h"
#include "engine/sim/sweep.h"
#include "engine/sim/traffic.h"

#define BT_AMBER_M_S2                                                                              \
    3.0 // drivers brake at most this hard for amber, and for a gap that has closed

static inline uint32_t bt_slot_ring(uint32_t slot)
{
    return slot % BT_ITINERARY_RING;
}

static inline const bt_lane_path *bt_slot_path(const bt_traffic *t, const bt_car *car,
                                               uint32_t slot)
{
    return &t->graph->lanes[car->way.lane[bt_slot_ring(slot)]];
}

static inline const bt_vehicle *bt_vehicle_of(const bt_traffic *t, uint32_t car)
{
    return &t->actors[t->car_actor[car]].vehicle;
}

// q of its nose when its tail has left the junction run: so far there has to be room.
static inline double bt_passage_out(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_vehicle *v = bt_vehicle_of(t, index);
    return p->exit_m + bt_car_front(v, &t->cars[index]) - bt_car_rear(v, &t->cars[index]);
}

// q that a nose has to stay before without clearance for the junction run [first, end): where it begins; behind a sign
// where others' ways through it do, if there is room to wait.
double bt_passage_entry(const bt_traffic *t, uint32_t index, uint32_t first, uint32_t end);

// Does a give-way or stop sign stand before the junction run that begins with this slot, or in it?
bool bt_behind_sign(const bt_traffic *t, const bt_car *car, uint32_t first);

// Smaller goes first: under siren, 0 straight, 1 turn to the near side, 2 across oncoming traffic; 3 more
// behind a give-way or stop sign.
int bt_passage_rank(const bt_traffic *t, uint32_t index, const bt_passage *p);

// Up to where on lane `other` a body is in the way of a car on its slots [first, end); -1e9: nowhere.
double bt_passage_crosses(const bt_traffic *t, uint32_t index, uint32_t first, uint32_t end,
                          uint32_t other, bt_body_kind body);

// Is one of both behind a sign, and do their ways meet only where they become one, or cross at an acute angle, as on
// roundabouts? Or neither, and they only cross so, as who leaves the inner lane of a ring and who goes on in the outer
// one? Then drivers look at gaps; elsewhere, and where one of both rides a bicycle, cars clear the junction for each other.
bool bt_meet_by_gap(const bt_traffic *t, uint32_t index, const bt_passage *p, uint32_t other_index,
                    uint32_t first, uint32_t end);

// Is a car that holds its junction still in the way of a passage? Behind the crossing it is not.
bool bt_held_against(const bt_traffic *t, uint32_t index, const bt_passage *p, uint32_t other_index,
                     bt_gap_margins m);

bool bt_passages_cross(const bt_traffic *t, uint32_t a, const bt_passage *pa, uint32_t b,
                       const bt_passage *pb);

// Would a car with more right to go, not yet cleared, arrive before we are through?
bool bt_must_give_way(const bt_traffic *t, uint32_t index, const bt_passage *p, int rank,
                      uint32_t other_index);

#endif
