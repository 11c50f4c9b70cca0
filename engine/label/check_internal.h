// check_internal.h: a clip read back from its files, for the check_*.c files of this folder.
//
// Files are hostile until proven: every value is read with its type and range, every path is kept
// inside the clip's folder. What is wrong becomes a finding, never a failure of the check.
#ifndef BT_LABEL_CHECK_INTERNAL_H
#define BT_LABEL_CHECK_INTERNAL_H

#include "engine/image/exr.h"
#include "engine/image/png.h"
#include "engine/label/clip_check.h"
#include "engine/math/pose.h"
#include "engine/render/view.h"
#include "engine/road/road.h"

#include <jansson.h>
#include <stdbool.h>

#define CHECK_MAX_CAMERAS 64
#define CHECK_MAX_KEYS 1024     // poses within one shutter
#define CHECK_MAX_OBJECTS 65536 // ids have 16 bits
#define CHECK_LINES_PER_FILE 20

typedef enum check_kind { // files of a frame
    BT_CHECK_RAW,
    BT_CHECK_IMAGE,
    BT_CHECK_DEPTH,
    BT_CHECK_NORMAL,
    BT_CHECK_FLOW,
    BT_CHECK_INSTANCE,
    BT_CHECK_SEMANTIC,
    BT_CHECK_SAMPLES,
    BT_CHECK_KIND_COUNT
} check_kind;

typedef struct check_camera {
    char name[64];
    bt_view view; // only what clip.json has
    uint32_t raw_bits;
} check_camera;

typedef struct check_object {
    bool known, actor;
    uint32_t class_id;
    uint64_t surfaces; // classes that its pixels may have
} check_object;

typedef struct check_frame {
    uint32_t camera, frame;
    int64_t window; // of an endless world
    bt_time_ns label_time_ns;
    double exposure_s;                      // 0: the camera's
    const char *paths[BT_CHECK_KIND_COUNT]; // inside `root`; NULL: no such file
    size_t truth;                           // line of truth.jsonl; SIZE_MAX: none
    size_t next;                            // this camera's next frame; SIZE_MAX: none
} check_frame;

typedef struct check_file_count {
    char path[160];
    uint32_t lines;
} check_file_count;

typedef struct check {
    const char *dir;
    bt_jobs *jobs;
    bt_finding_fn report;
    void *context;
    bt_check_counts counts;
    check_file_count *reported;
    size_t reported_count, reported_capacity;

    json_t *root; // clip.json
    check_camera *cameras;
    uint32_t camera_count;
    check_object *objects; // (CHECK_MAX_OBJECTS) by id
    uint32_t class_count;
    check_frame *frames; // in the order of clip.json
    size_t frame_count;
    json_t *truth;        // array of lines
    int64_t window;       // whose objects and map are loaded
    bt_road_network *net; // its map; NULL: it could not be read
} check;

// Reports one line, "path: ...".
void check_found(check *c, const char *path, const char *format, ...) BT_PRINTF(3, 4);
// `path` below the clip's folder.
BT_CHECKED bt_status check_path(const check *c, const char *path, char *out, size_t size);

// ---- typed reading: false, and the output untouched, when it is not there or not such a thing ---
bool check_read_number(const json_t *object, const char *key, double *value);
bool check_read_integer(const json_t *object, const char *key, int64_t *value);
bool check_read_reals(const json_t *array, double *values, size_t count);
bool check_read_vec3(const json_t *object, const char *key, bt_vec3 *v);
bool check_read_quat(const json_t *object, const char *key, bt_quat *q); // of unit length
bool check_read_pose(const json_t *object, const char *key, bt_pose *pose);
const char *check_read_text(const json_t *object, const char *key); // NULL when it is no text

// ---- the steps --------------------------------------------------------------------------------
// False when clip.json is so wrong that nothing more can be looked at.
bool check_load(check *c, const char *text, size_t bytes);
// Reads a table of objects in place of the one that is loaded; false: it is none.
bool check_load_objects(check *c, const json_t *objects);
// Makes a window's objects and map those that are loaded; 0: clip.json's own.
void check_enter_window(check *c, int64_t window);
void check_files(check *c);
void check_load_truth(check *c);
void check_truth(check *c); // times, motion, ids
void check_map(check *c);
void check_commands(check *c);
BT_CHECKED bt_status check_frame_images(check *c, size_t frame);

// ---- cameras in motion --------------------------------------------------------------------------
typedef struct check_shutter {
    bt_time_ns label_time_ns, open_ns, close_ns;
    uint32_t key_count;
    bt_pose *keys; // world_from_cam, evenly spaced
} check_shutter;

// Free with check_shutter_clear.
bool check_shutter_read(const json_t *object, check_shutter *shutter);
void check_shutter_clear(check_shutter *shutter);
bt_pose check_shutter_at(const check_shutter *shutter, double time_ns);

// Where a world point lands, at the time of the row it lands in. `velocity` moves it from where it
// is at reference_ns; NULL: it stands still. False: outside the lens's field.
bool check_land(const check_shutter *shutter, const bt_view *view, bt_vec3 point_world_m,
                const bt_vec3 *velocity_m_s, double reference_ns, double first_row, double *x_px,
                double *y_px);

// The line of this camera in a line of truth; NULL when there is none.
json_t *check_camera_truth(const check *c, size_t frame);

// The actor with this id in a line of truth; NULL when there is none.
json_t *check_actor(const json_t *line, int64_t id);

// ---- the pictures of one frame ------------------------------------------------------------------
typedef struct check_tally check_tally;

typedef struct check_pictures {
    check *c;
    const check_frame *frame;
    const bt_view *view;
    bt_image_u16 raw, instance; // pixels NULL: no such file, or no good one
    bt_image_u8 image, semantic;
    bt_exr_image depth, normal, flow; // Z D; X Y Z; X Y
    check_shutter shutter, next;
    bool has_shutter, has_next;
    uint32_t sky_class;
    check_tally *rows; // (height)
} check_pictures;

size_t check_pixel(const check_pictures *p, uint32_t x, uint32_t y);
double check_channel(const check_pictures *p, const bt_exr_image *image, uint32_t plane,
                     size_t pixel);
// Flow of vehicles with their poses; road with the map.
void check_against_world(const check_pictures *p);

// 2-D truth of a frame against its instance image (height x width).
void check_boxes(check *c, size_t frame, const uint16_t *instance);

#endif
