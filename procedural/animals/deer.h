// deer.h: deer and moose: slim legs, deep chest, long head; antlers for some.
//
// Frame, joints and leg lengths as dog.h: shares of the withers' height, which is what the gait goes by
// (engine/sim/gait.h). Proportions after red deer (Cervus elaphus, withers about 1.2 m) and moose (Alces alces,
// about 1.9 m), chosen from their outlines.
#ifndef BT_PROCEDURAL_DEER_H
#define BT_PROCEDURAL_DEER_H

#include "procedural/support/body.h"

typedef struct bt_deer_params {
    double withers_m; // 0.6 to 2.3
    bool moose;       // else a deer
    bool antlers;
    double stout; // girth over the average, 0.8 to 1.3
} bt_deer_params;

bt_deer_params bt_deer_defaults(void);
bt_deer_params bt_moose_defaults(void);
// As one meets them, from (seed, index).
bt_deer_params bt_deer_random(uint64_t seed, uint64_t index, bool moose);
BT_CHECKED bt_status bt_deer_check(const bt_deer_params *params);
BT_CHECKED bt_status bt_deer_build(const bt_deer_params *params, bt_body **body);
BT_CHECKED bt_status bt_deer_generate(bt_spec *spec, const bt_deer_params *params, uint32_t *model);

#endif
