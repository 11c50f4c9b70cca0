// stride.h: an animal's feet through one stride of a trot.
#ifndef BT_TESTS_STRIDE_H
#define BT_TESTS_STRIDE_H

#include "engine/sim/gait.h"
#include "procedural/support/body.h"
#include "tests/support/check.h"

#include <math.h>
#include <string.h>

// `feet` begins the names of their keypoints.
static inline void check_stride(const bt_body *body, double withers_m, const char *feet)
{
    for (int i = 0; i < 16; i++) {
        bt_gait gait = {withers_m, true, 1.6, i / 16.0};
        double channels[BT_CHANNEL_COUNT] = {0};
        double sink = bt_gait_pose(&gait, channels);
        bt_pose poses[BT_BODY_MAX_PARTS];
        bt_body_pose_parts(body, channels, poses);
        double low = INFINITY;
        for (uint32_t k = 0; k < body->keypoint_count; k++) {
            const bt_keypoint_desc *key = &body->keypoints[k];
            if (strncmp(key->name, feet, strlen(feet)) != 0) continue;
            low = fmin(low, bt_pose_point(poses[key->part], key->pos_part_m).z);
        }
        // the lowest foot stands; it is flat, and tips a little about its middle
        CHECK_NEAR(low - sink, 0.0, 0.03 * withers_m);
    }
}

#endif
