// sign.h: traffic signs: plates on poles, what they show chosen from the network's signal.
//
// A sign's frame: x out of its face, z up, origin at the plate's lower edge (as OpenDRIVE places
// signals). Plates face +x and are read along +y.
#ifndef BT_PROCEDURAL_SIGN_H
#define BT_PROCEDURAL_SIGN_H

#include "engine/road/road.h"
#include "engine/scene/spec.h"

typedef enum bt_sign_face {
    BT_SIGN_STOP,
    BT_SIGN_YIELD,
    BT_SIGN_SPEED,    // round, red rim, number
    BT_SIGN_SPEED_US, // upright white plate, SPEED LIMIT, number
    BT_SIGN_SPEED_END,
    BT_SIGN_PRIORITY, // yellow diamond
    BT_SIGN_NO_ENTRY,
    BT_SIGN_WARNING,    // triangle
    BT_SIGN_CROSSWALK,  // blue square, white triangle
    BT_SIGN_MANDATORY,  // blue disc
    BT_SIGN_PROHIBITED, // empty disc with red rim
    BT_SIGN_PLATE,      // unknown: white plate with its text
    BT_SIGN_GUIDE,      // blue plate with its text
    BT_SIGN_DIRECTION,  // yellow plate with its text and an arrow ahead
    BT_SIGN_EXIT,       // blue plate with its text and a slanting arrow
    BT_SIGN_CURVE,      // triangle
    BT_SIGN_WORKS,      // triangle
    BT_SIGN_ROUNDABOUT, // blue disc
    BT_SIGN_PASS,       // blue disc: pass on the side of its arrow
    BT_SIGN_CHEVRONS,   // red on white, as many as fit its width
} bt_sign_face;

typedef struct bt_sign_desc {
    bt_sign_face face;
    int number;               // of a speed sign
    bool left;                // of signs with a side
    char text[24];            // of a plate
    double width_m, height_m; // 0: the face's usual size
} bt_sign_desc;

// Types of the German catalogue (StVO numbers), the Swedish one (letter and number) and the
// American one (R1-1, ...); others become plates with the signal's text or name.
bt_sign_desc bt_sign_describe(const bt_signal *signal);

typedef struct bt_sign {
    uint32_t mesh;
    double width_m, height_m;
} bt_sign;

// With a pole down from the plate by pole_m (0: none), behind it.
BT_CHECKED bt_status bt_sign_build(bt_spec *spec, const bt_sign_desc *desc, double pole_m,
                                   bt_sign *sign);

#endif
