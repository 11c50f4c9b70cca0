// drive_internal.h: what the files of the closed loop share.
#ifndef BT_APP_DRIVE_INTERNAL_H
#define BT_APP_DRIVE_INTERNAL_H

#include "engine/app/drive.h"
#include "engine/link/commands.h"
#include "engine/render/denoise.h"
#include "sensors/camera/control/loop.h"

// One leg of the run with all that is remembered of it.
typedef struct drive_scene {
    bt_leg leg; // its parts are the production's, or, once it is the leg before, this one's
    bool ours;
    bt_state *state;
    bt_pose_history *history;
    bt_track *track;
    bt_actor_pose *poses;
    bt_time_ns from_ns; // frames whose label time is not earlier are taken in it
    bt_time_ns to_ns;   // until when it is kept, once there is a next one
} drive_scene;

typedef struct shooter {
    bt_drive_camera *camera;
    uint32_t index;      // into the run's and the clip's cameras
    uint64_t next_frame; // the next one to become ready
    bool metered;
    bt_loop loop;           // exposure by earlier frames, when the plan asks for it
    bt_clip_exposure taken; // of the frame that waits for its labels
    bt_film *film;          // with the view's guard band
    uint64_t film_instant;  // what it holds: an instant and an exposure; UINT64_MAX: nothing
    double film_exposure_s;
    bt_film *picture;  // what the lens makes of it
    bt_guides *guides; // NULL: frames are not denoised
    uint16_t *raw;
    uint16_t *reads; // (reads x height x width); NULL: not wanted
    uint8_t *rgb;
    bt_link_frame shown; // for the autopilot
    // the frame before, waiting for its labels
    const drive_scene *scene; // in which it was taken
    bt_snapshot *snapshot;
    bt_stage *stage;
    bool unlabelled;
} shooter;

typedef struct drive {
    const bt_drive_desc *desc;
    bt_drive_result *result;
    drive_scene scenes[2]; // leg n is scenes[n % 2]
    uint32_t leg;          // at present
    bool changing;         // the leg before is still needed
    uint32_t ticks;        // that are remembered
    bt_judge *judge;
    bt_command_log *log;
    bt_clip *clip;
    shooter shooters[BT_LINK_MAX_CAMERAS];
    bt_time_ns longest_ns; // that a frame is open on one side of its label time, at most
    bt_time_ns lead_ns;    // label time of frame 0
    bt_time_ns next_command_ns;
    bt_command command;
    uint32_t events_logged;
    uint64_t frames_expected;
    bool ended; // the verdict has fallen
} drive;

static inline drive_scene *drive_now(drive *d)
{
    return &d->scenes[d->leg % 2];
}
static inline drive_scene *drive_before(drive *d)
{
    return &d->scenes[(d->leg + 1) % 2];
}

// ---- drive_frames.c ---------------------------------------------------------------------------
BT_CHECKED bt_status drive_prepare_shooter(drive *d, uint32_t index);
void drive_clear_shooter(shooter *s);
// Every frame whose last row has closed becomes a picture; the one before it gets its labels.
BT_CHECKED bt_status drive_develop_ready_frames(drive *d);
void drive_forget_snapshot(shooter *s);

// ---- drive_scene.c ----------------------------------------------------------------------------
// The first leg, at its start.
BT_CHECKED bt_status drive_begin_scene(drive *d);
// Poses and motions of now, of all legs that are still needed.
BT_CHECKED bt_status drive_remember(drive *d);
// One step of the leg before, while frames taken in it wait for their labels.
BT_CHECKED bt_status drive_step_before(drive *d);
// Goes over to the next leg, or lets go of the one before, when it is time.
BT_CHECKED bt_status drive_follow(drive *d);
// The leg in which a frame of this label time is taken.
drive_scene *drive_scene_of(drive *d, bt_time_ns label_time_ns);
void drive_clear_scenes(drive *d);

#endif
