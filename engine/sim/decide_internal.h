// decide_internal.h: what the files of one driver's decision share: the way ahead (view.c), who is on it (ahead.c), ways
// that become one (merge.c), the last guard (guard.c), lamps.c, pass.c, lane_change.c, emergency.c; put together in decide.c.
#ifndef BT_SIM_DECIDE_INTERNAL_H
#define BT_SIM_DECIDE_INTERNAL_H

#include "engine/sim/idm.h"
#include "engine/sim/sweep.h"
#include "engine/sim/traffic.h"

#define VIEW_MAX 96
#define VIEW_PART 8 // points

// A circle round some points next to each other.
typedef struct bt_view_part {
    double x_m, y_m, radius_m;
} bt_view_part;

// The way ahead, sampled once per decision.
typedef struct bt_view {
    bt_lane_point points[VIEW_MAX];
    bt_view_part parts[VIEW_MAX / VIEW_PART]; // of VIEW_PART points each
    uint32_t count;
    double step_m;
    double from_m; // q of the first point less the car's
} bt_view;

// Where a body is as seen along the way.
typedef struct bt_sight {
    double q, aside, above; // of its centre
    double half_along, half_across;
    double along_m_s, across_m_s; // of its motion
    double facing;                // 1: as the way, -1: against it
} bt_sight;

// Who brakes goes on braking until there is hardly any need: no flicker.
#define BT_GO_ON_BRAKING_M_S2 0.4
static inline bool bt_is_braking(const bt_car *car)
{
    return (car->lamps & BT_LAMP_BRAKE) && car->speed_m_s > 0.1;
}

// The way of `car` (a car of this index, perhaps on trial), as far as its driver sees: to where it stops, and to whoever
// might leave it no room behind the next junction.
void bt_look_ahead(const bt_traffic *traffic, uint32_t index, const bt_car *car, bt_view *view);
// Fills in the points of a way from from_m to from_m + (count - 1) step_m past a car.
void bt_view_fill(const bt_lane_graph *graph, const bt_itinerary *way, const bt_car *car,
                  bt_view *view);
// Free road, curves and whoever is ahead along `car`'s way (a car of this index, perhaps on trial);
// notes the leader in it. Gives the IDM of here.
double bt_accel_along(const bt_traffic *traffic, uint32_t index, bt_car *car, const bt_view *view,
                      bt_idm *idm);
// False: farther than reach_m aside of the way in view.
bool bt_see_body(const bt_view *view, const bt_car *car, const bt_obstacle *obstacle,
                 double reach_m, bt_sight *seen);
// Behind whoever is ahead along the way, by the IDM of here; notes the leader and the walker watched.
double bt_accel_followed(const bt_traffic *traffic, uint32_t index, bt_car *car,
                         const bt_view *view, const bt_idm *idm);
// Where ways become one, keeps behind who will be there earlier, as if it were ahead already.
// Behind who is first where lanes of a junction join or cross at an acute angle (join.c).
double bt_accel_joining(const bt_traffic *traffic, uint32_t car);
double bt_accel_merging(const bt_traffic *traffic, uint32_t index, const bt_idm *idm);
// Last of all: nobody on foot, and nobody who stands, is where the body itself comes next.
double bt_accel_guard(const bt_traffic *traffic, uint32_t index);
// Somebody is where a long vehicle comes next.
double bt_accel_sweep(const bt_traffic *traffic, uint32_t index);
uint32_t bt_driver_lamps(const bt_traffic *traffic, const bt_car *car);
bt_idm bt_driver_idm(const bt_driver *driver, double desired_m_s);

// Comes a car onto a lane within `see` without a junction before (but for those it is cleared for, when
// `through_junctions`)? The distance that its rear axle has
// to go until the lane begins (negative on it).
bool bt_comes_onto(const bt_traffic *traffic, const bt_car *car, uint32_t lane, double see_m,
                   bool through_junctions, double *distance_m);

// Goes round the leader that was noted last, if that can be passed (pass.c), or gives the acceleration with which
// to wait for that; BT_FAR_M: none. After bt_accel_along, while the grid still holds what it has gathered.
double bt_traffic_pass(const bt_traffic *traffic, uint32_t index, const bt_idm *idm);

// Length of the way out by so much at a speed.
double bt_pass_ramp(double aside_m, double speed_m_s);

// For those under siren (emergency.c): what making way asks, and what a red signal asks of themselves.
double bt_traffic_make_way(const bt_traffic *traffic, uint32_t index);
double bt_traffic_siren_caution(const bt_traffic *traffic, uint32_t index);

// Changes to the lane beside when that is worth it and safe (lane_change.c).
void bt_traffic_change_lane(const bt_traffic *traffic, uint32_t index, double accel_m_s2,
                            const bt_view *view);

#endif
