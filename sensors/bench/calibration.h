// calibration.h: how well a calibration can know a camera: the covariance of its intrinsics.
//
// Least squares over intrinsics and one pose a view (Zhang 2000, "A flexible new technique for camera
// calibration"): covariance = sigma^2 (J^T J)^-1 for corners whose coordinates err independently by
// sigma; poses are eliminated view by view (Schur's complement). Free are what OpenCV's calibrateCamera
// and fisheye::calibrate set free by default: fx fy cx cy and k1 k2 p1 p2 k3, or k1 to k4.
//
// Threads: pure functions.
#ifndef BT_BENCH_CALIBRATION_H
#define BT_BENCH_CALIBRATION_H

#include "engine/math/pose.h"
#include "sensors/camera/sheet.h"

// points (count): of the board; cam_from_board (views); sigma_px: of a corner's coordinate. out: standard
// deviations of fx, fy, cx, cy in pixels. Fails where the views do not determine the camera.
BT_CHECKED bt_status calibration_sigma(const bt_camera_sheet *lens, const bt_vec3 *points,
                                       uint32_t count, const bt_pose *cam_from_board,
                                       uint32_t views, double sigma_px, double out[4]);

#endif
