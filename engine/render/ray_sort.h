// ray_sort.h: puts rays in an order in which neighbours point about the same way and start near each
// other, so that packets of them are worth while.
#ifndef BT_RENDER_RAY_SORT_H
#define BT_RENDER_RAY_SORT_H

#include <stdint.h>

#include "shaders/shared/portable.h"

#define BT_RAY_SORT_MAX 1024u

// What there is to sort, by axis, so that many are looked at at once; and room for it.
typedef struct bt_ray_sort {
    float origins[3][BT_RAY_SORT_MAX], dirs[3][BT_RAY_SORT_MAX];
    uint32_t keys[2][BT_RAY_SORT_MAX], spare[BT_RAY_SORT_MAX];
} bt_ray_sort;

// Says where ray `i` starts and where it goes.
static inline void bt_ray_sort_put(bt_ray_sort *sort, uint32_t i, const float3 *origin,
                                   const float3 *dir)
{
    for (int axis = 0; axis < 3; axis++) {
        sort->origins[axis][i] = (*origin)[axis];
        sort->dirs[axis][i] = (*dir)[axis];
    }
}

// Ray i of `count`, put there as i, is named rays[i]: reorders the names. The same rays in the same order
// always give the same one.
void bt_ray_sort_run(bt_ray_sort *sort, uint32_t count, uint32_t *rays);

#endif
