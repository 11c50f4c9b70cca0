// gap.h: gaps that drivers accept where a sign says who waits: will one of two cars be through before the other
// comes? Each is taken at its best or at its worst, whichever leaves less.
//
// Times are reckoned from the speed now, what the driver accelerates with, what bends allow and who is ahead; which gaps
// are left was chosen by tests/bench/roundabout_flow.c: as small as they may be without a touch.
#ifndef BT_SIM_GAP_H
#define BT_SIM_GAP_H

#include "engine/sim/traffic.h"

// A car, and the stretch of a lane of its way where another may be in its way.
typedef struct bt_gap_place {
    uint32_t car, slot;
    bt_lane_stretch stretch;
    bool waits; // behind a sign
} bt_gap_place;

// Shares of the usual gaps that are to be left: when who asks goes first, and when the other does.
typedef struct bt_gap_margins {
    double own_first, other_first;
} bt_gap_margins;

#define BT_GAP_BEND 1.15 // who goes into a gap takes bends so much faster: 2.6 m/s^2 to the side

// How hard a driver accelerates: into a gap that it has accepted, or as usual.
double bt_gap_accel(const bt_driver *driver, bool goes_in);
// Is a car on its way into a gap, or in it: cleared for a junction behind a sign, and not out of it?
bool bt_gap_goes_in(const bt_traffic *t, const bt_car *car);

// joins: their ways become one there; else they cross, and one has left before the other comes.
bool bt_gap_parts(const bt_traffic *t, bt_gap_place own, bt_gap_place other, bool joins,
                  bt_gap_margins m);

#endif
