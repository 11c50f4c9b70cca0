// loop.h: automatic exposure and white balance from the counts of earlier frames.
//
// Each frame's counts, averaged over blocks, are light again (linear counts less black over gain and
// exposure: of several reads their fused signal, expanded), and are metered as the first frame's light is
// (meter.h): that is the target, whatever the frame's own exposure was, but for what it clipped, which
// counts twice. Frame k goes by the target of frame k - delay: sensors latch exposures a frame ahead and
// statistics come a frame late.
// It goes a share (`damping`) of the way in stops, at most `step_stops`, and rests while the target
// is within `hold_stops`. The product of time and gain is split: time first, in whole rows and, from
// one period of `flicker_hz` on, in whole periods; gain makes up for the rest.
//
// White balance: of blocks that are neither dark nor clipped, those whose colour could be a grey under
// daylight of 2500 to 12000 K (a black body below 4000 K) vote by the mean of their colour; the
// nearest such light is the target, a fifth of whose distance is gone in a frame.
//
// State is what the last few frames said: seeing the same counts again from the first frame on gives
// the same state. Threads: one loop, one thread; bytes do not depend on how many.
#ifndef BT_CAMERA_CONTROL_LOOP_H
#define BT_CAMERA_CONTROL_LOOP_H

#include "sensors/camera/control/exposure_plan.h"

#define BT_LOOP_LIGHTS 24

typedef struct bt_loop {
    bt_exposure_plan plan;
    bt_camera_exposure now; // of the frame that comes next, or was just taken
    bt_camera_exposure targets[BT_EXPOSURE_PLAN_DELAY_MAX + 1]; // by frame modulo their number
    uint64_t seen;                                              // frames
    bool moving;
    double total;                     // exposure_s times analog gain, before rounding to rows
    double lights[BT_LOOP_LIGHTS][3]; // gains that turn each light's grey grey
    bool has_lights;
} bt_loop;

// Begins with the first frame's exposure.
void bt_loop_begin(const bt_exposure_plan *plan, const bt_camera *camera,
                   const bt_camera_exposure *first, bt_loop *loop);
// The next frame's counts, taken with loop->now: sets loop->now for the one after it.
BT_CHECKED bt_status bt_loop_see(bt_loop *loop, const bt_camera *camera, double temperature_kelvin,
                                 const uint16_t *raw);
// Splits a product of time and gain; public for tests.
void bt_loop_split(const bt_exposure_plan *plan, const bt_camera *camera, double total,
                   bt_camera_exposure *exposure);

#endif
