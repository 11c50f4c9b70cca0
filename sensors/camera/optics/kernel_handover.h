// kernel_handover.h: how the part of a kernel that is told per block and the part told per pixel make one.
//
// Light goes to the blocks about it linearly and is read linearly between them: on average over the places
// within a block the far part arrives through a cubic B-spline, and each block's own value is a mean by a
// tent. That smooths: what falls steeply comes out too bright. So far is given less where it bends, and near
// is whatever far leaves of the light, not a share of it.
#ifndef BT_CAMERA_OPTICS_KERNEL_HANDOVER_H
#define BT_CAMERA_OPTICS_KERNEL_HANDOVER_H

#include "sensors/camera/optics/kernel.h"

// What a block must hold at r pixels so that light that goes straight is read as it is: it falls with the third
// power. by_tent: the block's own value is such a mean.
double bt_kernel_sharpen_straight(double mean, double r_px, bool by_tent);
// The same of light that falls by any law: at r, a block nearer, a block farther, and a block aside.
double bt_kernel_sharpen(double at, double nearer, double farther, double aside);

// near: all light in each pixel outside the core, side^2; becomes what far, (rows x columns) of one band and
// node, leaves to it. Never negative.
void bt_kernel_hand_over(const bt_kernel *kernel, const double *far, double *near);

#endif
