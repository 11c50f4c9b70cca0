// coupled.h: sizes of trucks and buses, which draw a second section: those of bt_vehicle (engine/sim/sim.h) that can be
// seen, by the same names.
#ifndef BT_PROCEDURAL_COUPLED_H
#define BT_PROCEDURAL_COUPLED_H

typedef struct bt_coupled_sizes {
    double length_m, width_m, height_m; // of the first section; width and height of both
    double wheelbase_m, rear_overhang_m, track_m, wheel_radius_m;
    double trailer_length_m; // the second section; 0: none
    double hitch_from_rear_m, trailer_wheelbase_m;
    double trailer_axles, trailer_axle_gap_m, trailer_track_m; // 1 to 3 of them; a bus's has one
} bt_coupled_sizes;

#endif
