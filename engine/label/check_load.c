// check_load.c: clip.json and truth.jsonl as structs.
#include "engine/label/check_internal.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/label/clip_head.h"

#include <math.h>
#include <string.h>

// ---- typed reading ----------------------------------------------------------------------------
bool check_read_number(const json_t *object, const char *key, double *value)
{
    const json_t *v = json_object_get(object, key);
    if (!json_is_number(v)) return false;
    *value = json_number_value(v);
    return true;
}

bool check_read_integer(const json_t *object, const char *key, int64_t *value)
{
    const json_t *v = json_object_get(object, key);
    if (!json_is_integer(v)) return false;
    *value = json_integer_value(v);
    return true;
}

bool check_read_reals(const json_t *array, double *values, size_t count)
{
    if (!json_is_array(array) || json_array_size(array) != count) return false;
    for (size_t i = 0; i < count; i++) {
        if (!json_is_number(json_array_get(array, i))) return false;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = json_number_value(json_array_get(array, i));
    return true;
}

bool check_read_vec3(const json_t *object, const char *key, bt_vec3 *v)
{
    double x[3];
    if (!check_read_reals(json_object_get(object, key), x, 3)) return false;
    *v = (bt_vec3){x[0], x[1], x[2]};
    return true;
}

static bool unit_quat(const double x[4], bt_quat *q)
{
    double length2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2] + x[3] * x[3];
    if (!(fabs(length2 - 1.0) < 1e-5)) return false; // keys come from floats
    *q = bt_quat_normalize((bt_quat){x[0], x[1], x[2], x[3]});
    return true;
}

bool check_read_quat(const json_t *object, const char *key, bt_quat *q)
{
    double x[4];
    return check_read_reals(json_object_get(object, key), x, 4) && unit_quat(x, q);
}

bool check_read_pose(const json_t *object, const char *key, bt_pose *pose)
{
    const json_t *v = json_object_get(object, key);
    return check_read_vec3(v, "pos_m", &pose->pos) && check_read_quat(v, "rot_wxyz", &pose->rot);
}

const char *check_read_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

// ---- shutters ---------------------------------------------------------------------------------
bool check_shutter_read(const json_t *object, check_shutter *shutter)
{
    int64_t label, open, close;
    *shutter = (check_shutter){0};
    const json_t *poses = json_object_get(object, "world_from_cam");
    size_t count = json_array_size(poses);
    if (!check_read_integer(object, "label_time_ns", &label) ||
        !check_read_integer(object, "open_ns", &open) ||
        !check_read_integer(object, "close_ns", &close) || open >= label || label >= close ||
        count < 1 || count > CHECK_MAX_KEYS) {
        return false;
    }
    *shutter = (check_shutter){label, open, close, (uint32_t)count, NULL};
    shutter->keys = bt_alloc(count, sizeof *shutter->keys);
    bool good = shutter->keys != NULL;
    for (size_t i = 0; i < count && good; i++) {
        double x[7];
        good = check_read_reals(json_array_get(poses, i), x, 7) &&
               unit_quat(x + 3, &shutter->keys[i].rot);
        if (good) shutter->keys[i].pos = (bt_vec3){x[0], x[1], x[2]};
    }
    if (!good) check_shutter_clear(shutter);
    return good;
}

void check_shutter_clear(check_shutter *shutter)
{
    bt_free(shutter->keys);
    *shutter = (check_shutter){0};
}

bt_pose check_shutter_at(const check_shutter *s, double time_ns)
{
    if (s->key_count == 1) return s->keys[0];
    double u = (time_ns - (double)s->open_ns) / (double)(s->close_ns - s->open_ns);
    double x = bt_clamp(u, 0.0, 1.0) * (s->key_count - 1);
    uint32_t i = (uint32_t)x;
    if (i > s->key_count - 2) i = s->key_count - 2;
    return bt_pose_lerp(s->keys[i], s->keys[i + 1], x - i);
}

// ---- clip.json --------------------------------------------------------------------------------
// Thin prism and tilt, which older clips lack, or the affine sensor of f-theta.
static bool load_lens_rest(const json_t *o, uint32_t kind, double s[4], double tilt[2])
{
    const json_t *prism = json_object_get(o, "s"), *tilted = json_object_get(o, "tilt_rad");
    if (kind == BT_LENS_PINHOLE)
        return (prism == NULL || check_read_reals(prism, s, 4)) &&
               (tilted == NULL || check_read_reals(tilted, tilt, 2));
    if (kind == BT_LENS_FISHEYE) return true;
    return check_read_reals(json_object_get(o, "affine"), s, 3) && s[0] - s[1] * s[2] > 0.01;
}

static bool load_lens(const json_t *o, bt_lens *lens)
{
    const char *model = check_read_text(o, "model");
    static const char *const models[] = {"brown_conrady", "kannala_brandt", "f_theta",
                                         "f_theta_inverse"};
    static const size_t counts[] = {8, 4, 5, 6};
    double fx, fy, cx, cy, theta, k[8] = {0}, s[4] = {0}, tilt[2] = {0};
    if (model == NULL) return false;
    uint32_t kind = 0;
    while (kind < 4 && strcmp(model, models[kind]) != 0)
        kind++;
    if (kind == 4 || !check_read_number(o, "fx_px", &fx) || !check_read_number(o, "fy_px", &fy) ||
        !check_read_number(o, "cx_px", &cx) || !check_read_number(o, "cy_px", &cy) ||
        !check_read_number(o, "theta_max_rad", &theta) ||
        !check_read_reals(json_object_get(o, "k"), k, counts[kind]) ||
        !load_lens_rest(o, kind, s, tilt)) {
        return false;
    }
    double most = kind == BT_LENS_PINHOLE ? 1.571 : 3.2;
    if (!(fx > 0.0 && fy > 0.0 && theta > 0.0 && theta <= most)) return false;
    *lens = (bt_lens){.kind = kind,
                      .fx = (float)fx,
                      .fy = (float)fy,
                      .cx = (float)cx,
                      .cy = (float)cy,
                      .theta_max_rad = (float)theta,
                      .tilt = {(float)tilt[0], (float)tilt[1]}};
    for (int i = 0; i < 8; i++)
        lens->k[i] = (float)k[i];
    for (int i = 0; i < 4; i++)
        lens->s[i] = (float)s[i];
    return true;
}

static bool load_face(const json_t *o, bt_shield_face *face)
{
    double v[5];
    if (!check_read_reals(o, v, 5)) return false;
    *face = (bt_shield_face){(float)v[0], (float)v[1], (float)v[2], (float)v[3], (float)v[4]};
    return true;
}

static bool load_glass(const json_t *o, bt_shield *glass)
{
    double turn[9], offset[3], half[2], index;
    *glass = (bt_shield){.on = o != NULL};
    if (o == NULL) return true;
    if (!check_read_reals(json_object_get(o, "turn"), turn, 9) ||
        !check_read_reals(json_object_get(o, "offset_m"), offset, 3) ||
        !check_read_reals(json_object_get(o, "half_m"), half, 2) ||
        !check_read_number(o, "index", &index) || !(index >= 1.0 && index <= 4.0) ||
        !load_face(json_object_get(o, "inner"), &glass->inner) ||
        !load_face(json_object_get(o, "outer"), &glass->outer)) {
        return false;
    }
    for (int i = 0; i < 9; i++)
        glass->turn[i] = (float)turn[i];
    for (int i = 0; i < 3; i++)
        glass->offset[i] = (float)offset[i];
    glass->half_x = (float)half[0];
    glass->half_y = (float)half[1];
    glass->index = (float)index;
    return true;
}

static bool load_camera(const json_t *o, check_camera *camera)
{
    const char *name = check_read_text(o, "name");
    int64_t width, height, bits;
    bt_view *view = &camera->view;
    if (name == NULL || strlen(name) >= sizeof camera->name || strchr(name, '/') != NULL ||
        name[0] == '.' || !check_read_integer(o, "width_px", &width) ||
        !check_read_integer(o, "height_px", &height) || !check_read_integer(o, "raw_bits", &bits) ||
        width < 1 || width > 16384 || height < 1 || height > 16384 || bits < 1 || bits > 16) {
        return false;
    }
    snprintf(camera->name, sizeof camera->name, "%s", name);
    view->width_px = (uint32_t)width;
    view->height_px = (uint32_t)height;
    camera->raw_bits = (uint32_t)bits;
    return load_lens(json_object_get(o, "lens"), &view->lens) &&
           load_glass(json_object_get(o, "glass"), &view->shield) &&
           check_read_pose(o, "vehicle_from_cam", &view->vehicle_from_cam) &&
           check_read_number(o, "row_time_ns", &view->row_time_ns) && view->row_time_ns > -1e9 &&
           view->row_time_ns < 1e9 && check_read_number(o, "exposure_ns", &view->exposure_ns) &&
           view->exposure_ns > 0.0 && view->exposure_ns < 1e10;
}

static bool load_cameras(check *c)
{
    const json_t *cameras = json_object_get(c->root, "cameras");
    size_t count = json_array_size(cameras);
    if (!json_is_array(cameras) || count > CHECK_MAX_CAMERAS) return false;
    c->cameras = bt_alloc(count, sizeof *c->cameras);
    if (c->cameras == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        if (!load_camera(json_array_get(cameras, i), &c->cameras[i])) return false;
    }
    c->camera_count = (uint32_t)count;
    return true;
}

static bool load_object(check *c, const json_t *o)
{
    int64_t id, class_id;
    if (!check_read_integer(o, "id", &id) || !check_read_integer(o, "class", &class_id) || id < 0 ||
        id >= CHECK_MAX_OBJECTS || class_id < 0 || class_id >= c->class_count) {
        return false;
    }
    check_object *object = &c->objects[id];
    if (object->known) return false;
    *object = (check_object){.known = true,
                             .actor = json_is_true(json_object_get(o, "actor")),
                             .class_id = (uint32_t)class_id};
    const json_t *surfaces = json_object_get(o, "surfaces");
    for (size_t i = 0; i < json_array_size(surfaces); i++) {
        int64_t surface = json_integer_value(json_array_get(surfaces, i));
        if (surface < 0 || surface >= c->class_count) return false;
        object->surfaces |= UINT64_C(1) << surface;
    }
    return true;
}

bool check_load_objects(check *c, const json_t *objects)
{
    if (!json_is_array(objects)) return false;
    memset(c->objects, 0, CHECK_MAX_OBJECTS * sizeof *c->objects);
    for (size_t i = 0; i < json_array_size(objects); i++) {
        if (!load_object(c, json_array_get(objects, i))) return false;
    }
    return true;
}

static bool load_classes(check *c)
{
    size_t class_count = json_array_size(json_object_get(c->root, "classes"));
    if (class_count < 1 || class_count > 64) return false;
    c->class_count = (uint32_t)class_count;
    c->objects = bt_alloc(CHECK_MAX_OBJECTS, sizeof *c->objects);
    return c->objects != NULL && check_load_objects(c, json_object_get(c->root, "objects"));
}

// A relative path that stays below the clip's folder.
static bool tame_path(const char *path)
{
    return path != NULL && path[0] != '\0' && path[0] != '/' && strstr(path, "..") == NULL &&
           strlen(path) < 160;
}

static bool load_frame(check *c, const json_t *o, check_frame *frame)
{
    static const char *const kinds[BT_CHECK_KIND_COUNT] = {
        "raw", "image", "depth", "normal", "flow", "instance", "semantic", "samples"};
    int64_t number;
    const char *camera = check_read_text(o, "camera");
    *frame = (check_frame){.truth = SIZE_MAX, .next = SIZE_MAX};
    if (camera == NULL || !check_read_integer(o, "frame", &number) || number < 0 ||
        number > UINT32_MAX || !check_read_integer(o, "label_time_ns", &frame->label_time_ns)) {
        return false;
    }
    if (json_object_get(o, "exposure_s") != NULL &&
        (!check_read_number(o, "exposure_s", &frame->exposure_s) ||
         !(frame->exposure_s > 0.0 && frame->exposure_s < 10.0))) {
        return false;
    }
    frame->frame = (uint32_t)number;
    frame->window = json_integer_value(json_object_get(o, "window"));
    while (frame->camera < c->camera_count && strcmp(c->cameras[frame->camera].name, camera) != 0) {
        frame->camera++;
    }
    if (frame->camera == c->camera_count) return false;
    for (int kind = 0; kind < BT_CHECK_KIND_COUNT; kind++) {
        const json_t *file = json_object_get(json_object_get(o, "files"), kinds[kind]);
        if (file == NULL) continue;
        frame->paths[kind] = check_read_text(file, "path");
        if (!tame_path(frame->paths[kind])) return false;
    }
    return true;
}

static bool load_frames(check *c)
{
    const json_t *frames = json_object_get(c->root, "frames");
    size_t count = json_array_size(frames);
    if (!json_is_array(frames)) return false;
    c->frames = bt_alloc(count, sizeof *c->frames);
    if (c->frames == NULL) return false;
    size_t last[CHECK_MAX_CAMERAS];
    for (size_t i = 0; i < CHECK_MAX_CAMERAS; i++)
        last[i] = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        check_frame *frame = &c->frames[i];
        if (!load_frame(c, json_array_get(frames, i), frame)) return false;
        if (last[frame->camera] != SIZE_MAX) c->frames[last[frame->camera]].next = i;
        last[frame->camera] = i;
    }
    c->frame_count = count;
    return true;
}

static bool load_files(const check *c)
{
    const json_t *files = json_object_get(c->root, "files");
    for (size_t i = 0; i < json_array_size(files); i++) {
        if (!tame_path(check_read_text(json_array_get(files, i), "path"))) return false;
    }
    return json_is_array(files);
}

bool check_load(check *c, const char *text, size_t bytes)
{
    json_error_t error;
    c->root = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(c->root)) {
        check_found(c, "clip.json", "line %d: %s", error.line, error.text);
        return false;
    }
    const char *schema = check_read_text(c->root, "schema");
    if (schema == NULL || strcmp(schema, CLIP_SCHEMA) != 0) {
        check_found(c, "clip.json", "schema: expected \"%s\"", CLIP_SCHEMA);
        return false;
    }
    const char *wrong = NULL;
    if (!load_cameras(c)) {
        wrong = "cameras";
    } else if (!load_classes(c)) {
        wrong = "classes or objects";
    } else if (!load_files(c)) {
        wrong = "files";
    } else if (!load_frames(c)) {
        wrong = "frames";
    }
    if (wrong != NULL)
        check_found(c, "clip.json", "%s: missing, of the wrong kind or range", wrong);
    return wrong == NULL;
}

// ---- truth.jsonl ------------------------------------------------------------------------------
static void load_line(check *c, const char *text, size_t bytes, size_t number)
{
    json_error_t error;
    json_t *line = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(line)) {
        check_found(c, "truth.jsonl", "line %zu: %s", number, error.text);
        json_decref(line);
        line = json_object(); // keeps the count of lines
    }
    json_array_append_new(c->truth, line);
}

// The line of a frame's label time; lines are in order of time when they are good.
static size_t find_line(const check *c, bt_time_ns time_ns)
{
    size_t low = 0, high = json_array_size(c->truth);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t at = 0;
        check_read_integer(json_array_get(c->truth, middle), "label_time_ns", &at);
        if (at == time_ns) return middle;
        if (at < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return SIZE_MAX;
}

void check_load_truth(check *c)
{
    char path[4096], *text;
    size_t bytes;
    c->truth = json_array();
    if (check_path(c, "truth.jsonl", path, sizeof path) != BT_OK ||
        bt_file_read(path, 0, &text, &bytes) != BT_OK) {
        check_found(c, "truth.jsonl", "%s", bt_error_message());
        return;
    }
    size_t number = 1;
    for (size_t at = 0; at < bytes; number++) {
        const char *end = memchr(text + at, '\n', bytes - at);
        size_t length = end != NULL ? (size_t)(end - (text + at)) : bytes - at;
        load_line(c, text + at, length, number);
        at += length + 1;
    }
    bt_free(text);
    for (size_t i = 0; i < c->frame_count; i++) {
        c->frames[i].truth = find_line(c, c->frames[i].label_time_ns);
    }
}

json_t *check_camera_truth(const check *c, size_t frame)
{
    const check_frame *f = &c->frames[frame];
    if (f->truth == SIZE_MAX) return NULL;
    json_t *cameras = json_object_get(json_array_get(c->truth, f->truth), "cameras");
    return json_object_get(cameras, c->cameras[f->camera].name);
}
