// dog.h: a dog of middle size: lofted body, jointed legs, head with muzzle and ears, tail.
//
// Frame: x forward, y left, z up, origin on the ground midway between fore and hind feet. At channel
// angles 0 it stands with straight legs, paws at z = 0. Leg lengths are those of engine/sim/gait.h.
// Shoulder and elbow channels move the fore legs, hip and knee the hind legs.
#ifndef BT_PROCEDURAL_DOG_H
#define BT_PROCEDURAL_DOG_H

#include "procedural/support/body.h"

typedef struct bt_dog_params {
    double withers_m; // height of the back over the fore legs, 0.2 to 0.9
    double stout;     // girth over the average, 0.8 to 1.3
    bool black;       // else brown
    bool pricked;     // ears up, else hanging
    double tail_up;   // 0 hangs .. 1 up
} bt_dog_params;

bt_dog_params bt_dog_defaults(void);
// A dog as one meets them, from (seed, index).
bt_dog_params bt_dog_random(uint64_t seed, uint64_t index);
BT_CHECKED bt_status bt_dog_check(const bt_dog_params *params);
BT_CHECKED bt_status bt_dog_build(const bt_dog_params *params, bt_body **body);
BT_CHECKED bt_status bt_dog_generate(bt_spec *spec, const bt_dog_params *params, uint32_t *model);

#endif
