// lens_types.h: a lens's projection (lens.h has the formulas). 80 bytes.
#ifndef BT_SHARED_LENS_TYPES_H
#define BT_SHARED_LENS_TYPES_H

#include "shaders/shared/types.h"

#define BT_LENS_PINHOLE 0u // Brown-Conrady: k1 k2 p1 p2 k3 k4 k5 k6 (OpenCV's order)
#define BT_LENS_FISHEYE 1u // Kannala-Brandt: k1 k2 k3 k4 (cv::fisheye)
#define BT_LENS_FTHETA 2u  // f-theta: k[i] = k_(i+1) / k_1, five of them, fx = fy = k_1 in px per rad
// f-theta by its inverse: k[i] = j_(i+1) / j_1^(i+1), five of them, fx = fy = 1 / j_1; k[5] is the bent
// angle at theta_max_rad
#define BT_LENS_FTHETA_INVERSE 3u

#if !defined(VULKAN)
typedef struct bt_lens bt_lens;
#endif
struct bt_lens {
    bt_uint kind;
    float fx, fy, cx, cy; // pixels
    float k[8];
    float theta_max_rad; // the field in which the model is invertible and used
    float s[4];    // pinhole: thin prism s1 s2 s3 s4; f-theta: affine c d e, (1, 0, 0) for none
    float tilt[2]; // pinhole: of the sensor, OpenCV's tau_x and tau_y, radians
};

#endif
