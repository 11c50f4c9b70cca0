// shield_types.h: a pane of glass before a camera, and the pupil that rays start from (shield.h).
#ifndef BT_SHARED_SHIELD_TYPES_H
#define BT_SHARED_SHIELD_TYPES_H

#include "shaders/shared/types.h"

#define BT_SHIELD_WIPERS 2u

#if !defined(VULKAN)
typedef struct bt_shield_face bt_shield_face;
typedef struct bt_shield_wiper bt_shield_wiper;
typedef struct bt_shield bt_shield;
typedef struct bt_pupil bt_pupil;
#endif

// z = height + slope_x x + slope_y y - (bend_x x^2 + bend_y y^2) / 2 in the glass frame: a patch with
// curvatures 1 / radius at the anchor. 20 bytes.
struct bt_shield_face {
    float height, slope_x, slope_y;
    float bend_x, bend_y; // per metre
};

// Right and up on the glass; angles from the right, anticlockwise. 24 bytes.
struct bt_shield_wiper {
    float pivot_u, pivot_v;
    float radius_min, radius_max;
    float from_rad, span_rad;
};

// 224 bytes.
struct bt_shield {
    bt_uint on;           // 0: no glass, all else is unset
    float turn[9];        // glass from camera, row by row
    float offset[3];      // pos_glass = turn pos_cam + offset
    float index;          // by which rays bend; how much is let through knows its dispersion
    float half_x, half_y; // of the clear part; beyond, no light
    bt_shield_face inner, outer;
    // drops on the outer face; drop_mean 0: none
    float drop_mean;                 // in a cell, long after a wiper
    float drop_cell_m;               // their largest diameter
    float drop_radius_m, drop_sigma; // median of the wetted circle's, spread of the logarithm
    float drop_fill_s; // drops' number grows as 1 - exp(-age / fill); 0: they are there at once
    float drop_sin, drop_cos; // of the contact angle
    float drop_index;
    float drop_fall, drop_shape; // logarithm of the stretch downhill, spread of that in any direction
    bt_uint seed;
    // wiping; period 0: never
    float period_s, stroke_s;
    float phase_s, span_s; // phase at the snapshot's opening, and seconds that it spans
    bt_uint sweep;         // number of the sweep that the phase counts from
    float blade_half_m;
    bt_uint wiper_count;
    bt_shield_wiper wipers[BT_SHIELD_WIPERS];
};

// 20 bytes.
struct bt_pupil {
    float radius_m;    // of the disc with its area; 0: a point
    float focus_m;     // distance of what is sharp
    float obscuration; // radius of the central stop over the pupil's
    bt_uint blades;    // 0: round
    float turn_rad;    // of the first corner
};

#endif
