// drive.h: the closed loop: the autopilot commands, the world steps, cameras expose, frames are
// developed and labelled, the judge looks.
//
// Per tick of the simulation the order is fixed:
//   1. every frame whose last row has closed is developed and handed to the autopilot
//   2. the autopilot is asked, when it is due
//   3. the simulation steps, the next leg begins if it is time, poses are remembered, the judge looks
// A frame's labels are made when the next frame's interval has passed (flow needs it); after the end
// the simulation goes on, unjudged, until the last frame has its labels.
#ifndef BT_APP_DRIVE_H
#define BT_APP_DRIVE_H

#include "engine/app/lead.h"
#include "engine/app/leg.h"
#include "engine/label/clip.h"
#include "engine/link/link.h"
#include "engine/render/render.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/control/exposure_plan.h"

#include <stdio.h>

typedef struct bt_drive_camera {
    const char *name;
    uint32_t number; // its place in the scenario: other numbers give other noise
    bt_camera *camera;
    bt_exposure_plan plan; // how its exposure goes
    bool dng;              // frames are written as Digital Negatives too
    bt_camera_state state; // of the frame at hand
    bt_pose vehicle_from_cam;
    bt_view view; // as exposed
    bt_time_ns period_ns;
} bt_drive_camera;

typedef struct bt_drive_desc {
    const bt_leg *leg; // the first
    bt_jobs *jobs;
    bt_autopilot *autopilot; // NULL: the ego rolls on its own
    const bt_lead *lead;     // the story's actors; NULL: there are none
    bt_drive_camera *cameras;
    uint32_t camera_count;
    bt_render_settings render; // seed included; the frame number is set per frame
    bool denoise;              // films, before sensors read them
    bt_time_ns end_ns;
    bool has_goal;
    double goal_m; // as bt_judge_desc's
    uint64_t first_frame, last_frame; // that are written; UINT64_MAX: to the end
    bool images;
    bool reads; // each read of a sensor that fuses several, too
    // Called once, when the exposure of every camera is known: makes the clip to write to.
    bt_status (*open_clip)(void *context, bt_clip **clip);
    // Called after every step, but not while frames wait for labels in the leg before. When the next leg has begun
    // *next is the state to go on with and *now that leg; *before, which has been until now, becomes the drive's.
    // Else *next is NULL. NULL: the run has one leg.
    bt_status (*follow)(void *context, const bt_state *state, bt_leg *before, bt_state **next,
                        const bt_leg **now);
    void *context;
} bt_drive_desc;

typedef struct bt_drive_result {
    bt_verdict_kind verdict;
    bool passed;
    bt_time_ns end_ns; // when the verdict fell
    uint64_t frames;   // written, over all cameras
    double render_s;   // seconds of the steady clock spent tracing light
    uint64_t rendered; // frames traced, not found
    double samples;    // of one pixel of each of those, on average, added up
} bt_drive_result;

// Runs to the verdict. The clip that open_clip made holds all frames and commands.jsonl, but is not
// finished. BT_ERR_CANCELLED between frames when asked to stop.
BT_CHECKED bt_status bt_drive_run(const bt_drive_desc *desc, bt_drive_result *result);

#endif
