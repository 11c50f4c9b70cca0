// kernel_streak.h: the streaks of a kernel's scratches: what they throw, and the mean of places that light
// which is not bright takes. Part of kernel.c.
#ifndef BT_CAMERA_OPTICS_KERNEL_STREAK_H
#define BT_CAMERA_OPTICS_KERNEL_STREAK_H

#include "sensors/camera/optics/kernel.h"

// Fills streaks, streak_near, streak_far, straight, place_at and context; without scratches only straight.
BT_CHECKED bt_status bt_kernel_make_streaks(const bt_kernel_desc *desc, double straight,
                                            bt_kernel *kernel, bt_jobs *jobs);

#endif
