// tile_through.h: a fast road with gores: places where ramps leave and join it.
//
// It runs straight and flat through its interchange. Stations are metres from the crossing along its
// frame; direction 0 travels with the frame, 1 against it, each on its right. A ramp leaves from a lane
// of its own that opens before the gore and joins into one that ends behind it; where who joins and who
// leaves share a piece (a cloverleaf), one lane leads from gore to gore: they weave.
#ifndef BT_PROCEDURAL_ROADS_TILE_THROUGH_H
#define BT_PROCEDURAL_ROADS_TILE_THROUGH_H

#include "procedural/roads/tile.h"

#define THROUGH_MAX_GORES 4
#define THROUGH_NO_RAMP UINT32_MAX
// Where a ramp and a highway lie beside each other, the verge between is this narrow from their gore to
// THROUGH_NARROW_M.
#define THROUGH_NARROW_VERGE_M 0.5
#define THROUGH_NARROW_M 10.0

// A junction of half_m to either side of a station. Ramps part from the road at lean_rad.
typedef struct through_gore {
    double at_m, half_m, lean_rad, z_m;
    bool exits[2], enters[2]; // by direction
    uint32_t off[2], on[2];   // ramps: begin, end here
} through_gore;

// One of its two ends.
typedef struct through_end {
    bt_plan_pose pose; // heading with the frame
    double z_m, straight_m;
    bt_cross_section section;
    int edge; // of the tile; -1: not at a gate
} through_end;

typedef struct through {
    tile *t;
    const char *name, *type;
    bt_plan_pose origin; // the crossing; heading along the frame
    bool reversed;       // its roads run against the frame, so that they run east or north
    double speed_km_h, e_max, aux_m, taper_m;
    bt_cross_section plain;
    bool works; // now and then, before the interchange
    int gore_count;
    through_gore gores[THROUGH_MAX_GORES]; // from low to high stations
    through_end ends[2];                   // low and high
    uint32_t pieces[THROUGH_MAX_GORES + 1];
} through;

// As a direction's travel sees it: ahead of the crossing, left of the axis, heading against its own.
bt_plan_pose through_pose(const through *th, int direction, double ahead_m, double left_m,
                          double heading_rad);
// Where a ramp of a direction begins (off) or ends (on) at a gore, along the ramp.
bt_plan_pose through_ramp_pose(const through *th, int gore, int direction, bool off);
void through_add_gore(through *th, double at_m, double half_m, double lean_rad, double z_m,
                      unsigned exits, unsigned enters); // bits: 1 with the frame, 2 against
// All its roads; then ramps are made and noted in the gores; then these are connected.
void through_add_pieces(through *th);
void through_connect(through *th);

// Chevrons on the asphalt between a highway and a ramp that leaves it (tile_gore.c): both connecting
// roads begin side by side, the ramp on the right.
void tile_mark_gore(bt_layout *layout, uint32_t highway, uint32_t ramp);

#endif
