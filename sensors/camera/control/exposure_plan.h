// exposure_plan.h: how a camera's exposure goes from frame to frame.
//
//   metered   once, from the light of the first frame (meter.h), then fixed
//   manual    fixed numbers
//   sweep     exposures times gains in turn: frame k has exposure k / gains and gain k modulo gains,
//             each list from the start again at its end; `instant`: all of one turn are of one
//             instant, as if a camera had stopped time (a nanosecond apart)
//   auto      a loop over the counts of earlier frames (loop.h), begun by metering the first
//
// Threads: pure functions of a constant plan.
#ifndef BT_CAMERA_CONTROL_EXPOSURE_PLAN_H
#define BT_CAMERA_CONTROL_EXPOSURE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/script/script.h"
#include "sensors/camera/camera.h"

#define BT_EXPOSURE_PLAN_EXPOSURES_MAX 32
#define BT_EXPOSURE_PLAN_GAINS_MAX 8
#define BT_EXPOSURE_PLAN_DELAY_MAX 8

typedef enum bt_exposure_plan_mode {
    BT_EXPOSURE_PLAN_METERED,
    BT_EXPOSURE_PLAN_MANUAL,
    BT_EXPOSURE_PLAN_SWEEP,
    BT_EXPOSURE_PLAN_AUTO
} bt_exposure_plan_mode;

typedef struct bt_exposure_plan {
    bt_exposure_plan_mode mode;
    uint32_t exposure_count, gain_count; // manual: 1 and 1
    double exposures_s[BT_EXPOSURE_PLAN_EXPOSURES_MAX];
    double gains[BT_EXPOSURE_PLAN_GAINS_MAX]; // analog
    double digital_gain;                      // of the picture
    bool instant;
    uint32_t delay_frames; // auto: frame k goes by the counts of frame k - delay and earlier
    double damping;        // 0..1: share of the way to the target that one frame goes, in stops
    double step_stops;     // at most in one frame
    double hold_stops;     // a target nearer than this is no reason to move
    double flicker_hz;     // lamps': exposures of a period or more are whole periods; 0: any
    bool white_balance;    // auto: follows the light's colour
} bt_exposure_plan;

// Reads `exposure = {...}` of a scenario's camera, if it is there, against the sheet's limits, which
// the table's error names; without it the plan is metered.
void bt_exposure_plan_read(bt_table *parent, bt_exposure_plan *plan);
// Numbers that this camera cannot do: BT_ERR_INPUT.
BT_CHECKED bt_status bt_exposure_plan_check(const bt_exposure_plan *plan, const bt_camera *camera);

// Frames of one instant: 1, or all of a sweep's turn.
uint64_t bt_exposure_plan_frames_per_instant(const bt_exposure_plan *plan);
// The exposure of a frame; manual and sweep.
bt_camera_exposure bt_exposure_plan_at(const bt_exposure_plan *plan, uint64_t frame);
// The longest it may ask for; 0: the sheet's longest.
double bt_exposure_plan_longest_s(const bt_exposure_plan *plan);

#endif
