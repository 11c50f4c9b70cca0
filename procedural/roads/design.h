// design.h: what a road of a given design speed must keep to.
//
// Follows AASHTO, "A Policy on Geometric Design of Highways and Streets" (the Green Book, 2018, metric):
//  stopping sight distance  S = 0.278 V t + 0.039 V^2 / a, t = 2.5 s, a = 3.4 m/s^2 (eq. 3-2)
//  crest curves             K = S^2 / 658 (eq. 3-44: eye at 1.08 m, object at 0.60 m)
//  sag curves               K = S^2 / (120 + 3.5 S) (eq. 3-49: headlamps at 0.6 m, 1 degree up)
//  curves                   R = V^2 / (127 (e + f)) (eq. 3-8)
//  spirals                  L = 0.0214 V^3 / (R C), C = 1.2 m/s^3 (eq. 3-27); sqrt(24 * 0.20 R) (eq. 3-26)
// Side friction f, relative gradients of the runoff and greatest grades stand in small tables in
// design.c; they and the equation numbers are quoted from memory and have not been compared with
// the printed book. Superelevation falls with curvature (method 1: e = e_max R_min / R).
#ifndef BT_PROCEDURAL_ROADS_DESIGN_H
#define BT_PROCEDURAL_ROADS_DESIGN_H

typedef struct bt_road_design {
    double speed_km_h;
    double e_max; // greatest superelevation as a slope; 0 on streets
    double side_friction;
    double radius_min_m;
    double sight_m;          // stopping
    double k_crest, k_sag;   // metres of vertical curve per percent of grade change
    double grade_max;        // slope
    double runoff_slope_max; // of the carriageway's edge against its axis
    double turned_m;         // width that the superelevation turns
} bt_road_design;

// speed_km_h from 20 to 130; e_max 0 to 0.08.
bt_road_design bt_road_design_for(double speed_km_h, double e_max);

// Superelevation of a curve: a slope, never above e_max.
double bt_road_design_superelevation(const bt_road_design *design, double radius_m);
// Length of its spirals: comfort, least shift, and runoff of the superelevation.
double bt_road_design_spiral(const bt_road_design *design, double radius_m);
// The fastest design of at most this one's speed, in steps of 10 km/h, that a radius allows.
bt_road_design bt_road_design_within(const bt_road_design *design, double radius_m);

#endif
