// tile_ramp.h: ramps between roads that do not meet, for every kind of interchange.
//
// A ramp is one lane with a hard shoulder. What goes wrong is kept in the tile's layout, as of all its
// roads; calls after that do nothing and return road 0.
#ifndef BT_PROCEDURAL_ROADS_TILE_RAMP_H
#define BT_PROCEDURAL_ROADS_TILE_RAMP_H

#include "procedural/roads/tile_through.h"

typedef struct ramp_shape {
    bt_plan_pose from, to;
    double z0_m, z1_m, straight0_m, straight1_m, speed_km_h;
    const bt_alignment *alignment; // NULL: corners at the ends of the straights
    bool two_way;
    bool beside_start, beside_end; // a highway lies on its left there
} ramp_shape;

uint32_t ramp_add(tile *t, const ramp_shape *shape);

// A loop to the right by nearly three quarters of a turn, for 40 km/h at least.
uint32_t ramp_add_loop(tile *t, bt_plan_pose from, bt_plan_pose to, double z0_m, double z1_m,
                       bool beside_start);

// From a gore of one road to a gore of another.
typedef struct ramp_ends {
    through *from, *to;
    int from_gore, from_direction, to_gore, to_direction;
} ramp_ends;

// A ramp, or a loop, that the gores know of.
void ramp_join_gores(tile *t, const ramp_ends *e, bool loop, double speed_km_h);

// A ramp that is driven both ways.
bt_cross_section ramp_section_two_way(void);

#endif
