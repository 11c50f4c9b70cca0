// clip_internal.h: a clip being written, for the clip*.c files of this folder.
#ifndef BT_LABEL_CLIP_INTERNAL_H
#define BT_LABEL_CLIP_INTERNAL_H

#include "engine/core/hash.h"
#include "engine/label/clip.h"
#include "engine/label/json_out.h"

#define CLIP_MAX_NAME ((size_t)64)

// What is said of a map of samples: number of a pixel's, and mean share of the sensor's variance left.
typedef struct clip_samples {
    double mean;
    uint32_t least, most; // most 0: no such map
    double left;
} clip_samples;

// A file that lies whole in the clip.
typedef struct clip_file {
    char path[2 * CLIP_MAX_NAME]; // below the clip's folder
    char kind[24];                // "raw", "depth", ...
    uint32_t camera, frame;       // BT_NO_INDEX: at the top
    uint64_t bytes;
    bt_sha256 sha256;
    clip_samples samples;
} clip_file;

typedef struct clip_frame {
    uint32_t camera, frame, window;
    bt_time_ns label_time_ns;
    bt_clip_exposure exposure;
} clip_frame;

struct bt_clip {
    bt_clip_desc desc; // pointers inside are the caller's; cameras are copied
    bt_clip_camera *cameras;
    char dir[4096];
    uint32_t carrier;
    bt_sha256_text key;
    json_maker maker;
    json_t *windows; // of an endless world; NULL: none after the first
    json_t *head;
    json_t *truth;    // the latest lines, in order of their label times
    char *truth_text; // the lines before those
    size_t truth_bytes, truth_capacity;
    bt_time_ns truth_last_ns; // label time of the last of those
    clip_file *files;
    size_t file_count, file_capacity;
    clip_frame *frames;
    size_t frame_count, frame_capacity;
};

// The name of a frame's file, CAMERA/000000END.
clip_file clip_frame_file(const bt_clip *clip, uint32_t camera, uint32_t frame, const char *kind,
                          const char *end);
// Writes bytes, frees them whatever happens, and lists the file.
BT_CHECKED bt_status clip_put_bytes(bt_clip *clip, clip_file *file, char *bytes, size_t count);
// Writes a file at the top of the clip.
BT_CHECKED bt_status clip_put_copy(bt_clip *clip, const char *name, const void *bytes,
                                   size_t count);
// Writes clip.json: what the head says, the verdict, all files, and the frames in order of their label times.
BT_CHECKED bt_status clip_put_json(bt_clip *clip, json_t *verdict);

#endif
