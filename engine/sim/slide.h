// slide.h: a vehicle that nobody drives any more: it rolls and slides on its wheels until it rests.
//
// Plan motion of a rigid body on four wheels, each with its share of the weight (ride.h). A wheel that is held (braked, or in gear)
// slides with friction times load against its motion, whichever way that is. One that is free rolls along itself, against
// its rolling resistance, and is pushed aside by what its tyre gives at that slip angle (tyre.h), at most friction times load
// when it goes sideways. Forces of friction end motion and never turn it round: they are found as impulses of a step that bring
// each contact to rest, within those bounds, one after another in fixed order until they agree (projected Gauss-Seidel;
// Catto 2005, "Iterative Dynamics with Temporal Coherence"). So what rests rests, on slopes too, and what slides
// on held wheels slows by mu g exactly.
//
// Left out: wheels bent or jammed by the impact, air drag, friction of a body that scrapes over the ground, rolling over.
#ifndef BT_SIM_SLIDE_H
#define BT_SIM_SLIDE_H

#include "engine/sim/vehicle.h"

#define BT_SLIDE_HELD_REAR 1u // wheels that are held
#define BT_SLIDE_HELD_ALL 2u

// One step. vx_m_s may be negative here.
void bt_slide_step(const bt_vehicle *vehicle, const bt_ground *ground, unsigned held, double dt_s,
                   bt_drive *drive);
// Has it come to rest?
bool bt_slide_rests(const bt_drive *drive);

#endif
