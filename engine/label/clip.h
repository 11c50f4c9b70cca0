// clip.h: a clip on disk: frames, label images, truth, map; clip.json last, so that its presence
// means that the clip is whole.
//
//     bt_clip_create(&desc, &clip);
//     each tick:   bt_sim_step; bt_pose_history_push; bt_track_push(track, state)
//     each frame, once its interval has been simulated:
//         bt_clip_find_raw(...) and bt_clip_find_image(...): left by a killed run? else render and
//         bt_clip_put_raw(clip, camera, frame, raw); bt_clip_put_image(clip, camera, frame, rgb)
//     when the NEXT frame's interval has been simulated too (flow needs it):
//         bt_clip_add_frame(clip, &frame)   labels and truth; also for the last frame, for which
//                                           one more interval is simulated
//     bt_clip_put_file(clip, "commands.jsonl", text, bytes)
//     bt_clip_finish(clip, verdict_json)
//     bt_clip_destroy(clip)
//
// The track must still hold the frame's label time in bt_clip_add_frame.
//
// A run that was killed is completed by the same run again: a file .key in the folder holds the
// hash of all that decides the bytes. A folder with another key or a finished clip of another run
// is refused; a finished clip of the same run is written again, byte for byte.
//
// Files and their fields are described in clip.json itself under "conventions".
//
// Threads: one at a time; label images are made by the pool.
#ifndef BT_LABEL_CLIP_H
#define BT_LABEL_CLIP_H

#include "engine/label/box_truth.h"
#include "engine/label/label_images.h"
#include "engine/label/track.h"

typedef struct bt_clip bt_clip;

// What is written per frame beside the pictures: bits.
typedef enum bt_label {
    BT_LABEL_DEPTH = 1 << 0,    // .depth.exr: Z, D
    BT_LABEL_NORMAL = 1 << 1,   // .normal.exr: X, Y, Z
    BT_LABEL_FLOW = 1 << 2,     // .flow.exr: X, Y
    BT_LABEL_INSTANCE = 1 << 3, // .instance.png, 16 bits
    BT_LABEL_SEMANTIC = 1 << 4, // .semantic.png, 8 bits
    BT_LABEL_BOXES = 1 << 5,    // 2-D truth in truth.jsonl
    BT_LABEL_ALL = (1 << 6) - 1,
} bt_label;

// "all", "none", or names with commas: "depth,flow,boxes". Fails naming what is accepted.
BT_CHECKED bt_status bt_label_parse(const char *list, uint32_t *labels);

typedef struct bt_clip_camera {
    const char *name;       // its folder: letters, digits, '_', '-'
    const bt_view *view;    // outlives the clip
    const char *sheet_json; // sensor sheet with provenance, a JSON object; NULL: {}
    uint32_t raw_bits;      // counts are below 2^raw_bits; 0: 12
} bt_clip_camera;

typedef struct bt_clip_desc {
    const char *dir;
    const char *program;       // name and version
    const char *scenario_name; // as it was given
    const char *scenario_text; // hashed
    const char *settings_json; // an object: what the run was asked for; NULL: {}
    const char *inputs; // hashes of whatever else decides the bytes (assets, autopilot); NULL: ""
    uint64_t seed;
    const char *map_xodr; // bytes of the OpenDRIVE file
    size_t map_xodr_bytes;

    const bt_world *world; // all of these outlive the clip
    const bt_sim *sim;
    bt_renderer *renderer;
    bt_jobs *jobs; // NULL: this thread

    const bt_clip_camera *cameras; // all carried by the ego
    uint32_t camera_count;
    uint32_t labels; // bits of bt_label; 0: none
} bt_clip_desc;

BT_CHECKED bt_status bt_clip_create(const bt_clip_desc *desc, bt_clip **clip);
void bt_clip_destroy(bt_clip *clip); // NULL is fine; without finish, what was written stays

// ---- windows of an endless world --------------------------------------------------------------
// What is loaded of a world that is never whole in memory, from some frame on; 0: what the desc says.
typedef struct bt_clip_window {
    uint32_t number; // counts from 1, in order
    bt_time_ns from_ns;
    const bt_world *world;
    const char *map_xodr;
    size_t map_xodr_bytes;
    // What bt_map_json makes of it, when that is known already: the clip's from then on. NULL: made.
    char *map_json;
    size_t map_json_bytes;
} bt_clip_window;

// Writes window_000001.xodr, .map.json and .objects.json; frames name their window. Of a thing whose id is in
// two windows: actors are the same throughout the clip, what stands is the same as long as it is loaded.
BT_CHECKED bt_status bt_clip_add_window(bt_clip *clip, const bt_clip_window *window);

// ---- pictures ---------------------------------------------------------------------------------
// Writes CAMERA/000000.raw.png: (height x width) counts.
BT_CHECKED bt_status bt_clip_put_raw(bt_clip *clip, uint32_t camera, uint32_t frame,
                                     const uint16_t *raw_dn);
// Writes CAMERA/000000.read_NAME.png: counts of one read of a sensor that fuses several. NAME: at most 15
// small letters, digits and _.
BT_CHECKED bt_status bt_clip_put_read(bt_clip *clip, uint32_t camera, uint32_t frame,
                                      const char *name, const uint16_t *raw_dn);
// Writes CAMERA/000000.png: (height x width x 3) sRGB.
BT_CHECKED bt_status bt_clip_put_image(bt_clip *clip, uint32_t camera, uint32_t frame,
                                       const uint8_t *rgb);
// Writes CAMERA/000000.samples.exr: light samples spent on each pixel, and the variance that they leave
// over that of the sensor's own noise (bt_film); a summary goes into clip.json. Only of frames whose
// sampling ended by the sensor: others have none.
BT_CHECKED bt_status bt_clip_put_samples(bt_clip *clip, uint32_t camera, uint32_t frame,
                                         const uint32_t *samples, const float *sensor_share);
BT_CHECKED bt_status bt_clip_find_samples(bt_clip *clip, uint32_t camera, uint32_t frame,
                                          bool *found);
// Reads what a killed run left into the caller's pixels and counts it as put. A file of the wrong
// kind or size is as good as none.
// Writes CAMERA/000000.dng, whose bytes (from bt_alloc) become the clip's.
BT_CHECKED bt_status bt_clip_put_dng(bt_clip *clip, uint32_t camera, uint32_t frame, char *bytes,
                                     size_t count);
BT_CHECKED bt_status bt_clip_find_raw(bt_clip *clip, uint32_t camera, uint32_t frame,
                                      uint16_t *raw_dn, bool *found);
BT_CHECKED bt_status bt_clip_find_read(bt_clip *clip, uint32_t camera, uint32_t frame,
                                       const char *name, uint16_t *raw_dn, bool *found);
BT_CHECKED bt_status bt_clip_find_image(bt_clip *clip, uint32_t camera, uint32_t frame,
                                        uint8_t *rgb, bool *found);

// ---- labels and truth -------------------------------------------------------------------------
// What a camera chose for a frame, for clip.json; exposure_s 0: nothing to say.
typedef struct bt_clip_exposure {
    double exposure_s, analog_gain, digital_gain;
    double white_balance[3];
} bt_clip_exposure;

typedef struct bt_clip_frame {
    uint32_t camera, frame;
    bt_time_ns label_time_ns, next_label_time_ns;
    const bt_snapshot *snapshot; // spans the frame's interval
    const bt_snapshot *next;     // spans the next frame's
    const bt_stage *stage;       // of `snapshot`; NULL: made here
    bt_renderer *renderer;       // of its window; NULL: the clip's
    uint32_t window;
    const bt_track *track;
    bt_clip_exposure exposure;
} bt_clip_frame;

// Frames of one camera come in order. Cameras that share a label time share a line of truth.jsonl.
BT_CHECKED bt_status bt_clip_add_frame(bt_clip *clip, const bt_clip_frame *frame);

// ---- the rest ---------------------------------------------------------------------------------
// Any other file at the top of the clip, e.g. commands.jsonl.
BT_CHECKED bt_status bt_clip_put_file(bt_clip *clip, const char *name, const void *bytes,
                                      size_t count);
// Writes truth.jsonl and, last, clip.json. verdict_json: an object; NULL: {}.
BT_CHECKED bt_status bt_clip_finish(bt_clip *clip, const char *verdict_json);

#endif
