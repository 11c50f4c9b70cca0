// signal_head.h: traffic lights as models: the simulation switches their lamps.
//
// A head's frame: x out of its face, z up, origin at the middle of the housing's underside. Each
// lens is a part of its own whose emission is lit by its bit of bt_lamp.
#ifndef BT_PROCEDURAL_SIGNAL_HEAD_H
#define BT_PROCEDURAL_SIGNAL_HEAD_H

#include "engine/scene/spec.h"

#define BT_SIGNAL_HEAD_WIDTH_M 0.34
#define BT_SIGNAL_HEAD_HEIGHT_M 1.0
#define BT_SIGNAL_HEAD_DEPTH_M 0.2 // of the housing, behind its face

typedef enum bt_signal_head_kind {
    BT_SIGNAL_HEAD_CARS,    // red, amber, green
    BT_SIGNAL_HEAD_WALKERS, // red, green
    BT_SIGNAL_HEAD_KIND_COUNT
} bt_signal_head_kind;

BT_CHECKED bt_status bt_signal_head_build(bt_spec *spec, bt_signal_head_kind kind, uint32_t *model);

// What carries it: a pole beside the road, with an arm of `arm_m` along +y when the head hangs over
// the road. Origin: the pole's foot; the head's underside is at head_z_m above it, arm_m along y.
BT_CHECKED bt_status bt_signal_pole_build(bt_spec *spec, double head_z_m, double arm_m,
                                          uint32_t *mesh);

#endif
