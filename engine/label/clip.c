// clip.c: writes a clip, file by file, clip.json last.
//
// Invariants: a file is listed only after it lies under its final name; clip.json is written only
// when every listed file is there. `.key` says whose half-made clip a folder holds.
#include "engine/label/clip_internal.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/exr.h"
#include "engine/image/png.h"
#include "engine/label/clip_head.h"
#include "engine/label/map_json.h"
#include "engine/label/truth_json.h"
#include "engine/road/opendrive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- creating ---------------------------------------------------------------------------------
static bool good_name(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t length = strlen(name);
    return length > 0 && length < CLIP_MAX_NAME && strspn(name, letters) == length;
}

static bt_status check_cameras(const bt_clip_desc *desc)
{
    for (uint32_t i = 0; i < desc->camera_count; i++) {
        const bt_clip_camera *camera = &desc->cameras[i];
        if (!good_name(camera->name)) {
            return bt_fail(BT_ERR_INPUT,
                           "camera name '%s': expected 1 to %d letters, digits, '_' or '-'",
                           camera->name, (int)CLIP_MAX_NAME - 1);
        }
        if (camera->raw_bits > 16) {
            return bt_fail(BT_ERR_INPUT, "camera '%s': %u raw bits: expected at most 16",
                           camera->name, camera->raw_bits);
        }
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(desc->cameras[j].name, camera->name) == 0) {
                return bt_fail(BT_ERR_INPUT, "two cameras are named '%s'", camera->name);
            }
        }
    }
    return BT_OK;
}

// Everything that decides the bytes: the head, the map, and the program itself.
static bt_status make_key(bt_clip *clip)
{
    bt_sha256 parts[3], key;
    char *text = NULL;
    size_t bytes;
    bt_status status = out_text(&clip->maker, clip->head, false, &text, &bytes);
    if (status == BT_OK) status = bt_sha256_of(text, bytes, &parts[0]);
    bt_free(text);
    if (status == BT_OK) {
        status = bt_sha256_of(clip->desc.map_xodr, clip->desc.map_xodr_bytes, &parts[1]);
    }
    if (status == BT_OK) status = bt_sha256_of_file("/proc/self/exe", &parts[2]);
    if (status == BT_OK) status = bt_sha256_of(parts, sizeof parts, &key);
    if (status == BT_OK) clip->key = bt_sha256_format(&key);
    return status;
}

// The key of a finished clip; "" when there is none that can be read.
static void finished_key(const char *path, char *key, size_t size)
{
    char *text;
    size_t bytes;
    key[0] = '\0';
    if (bt_file_read(path, 0, &text, &bytes) != BT_OK) return;
    json_t *clip = json_loadb(text, bytes, 0, NULL);
    const char *value = json_string_value(json_object_get(clip, "key"));
    snprintf(key, size, "%s", value != NULL ? value : "?");
    json_decref(clip);
    bt_free(text);
}

// Refuses a folder that holds somebody else's clip, begun or finished; claims it else.
static bt_status claim_folder(bt_clip *clip)
{
    char path[4096], key[128];
    bt_status status = bt_path_join(path, sizeof path, clip->dir, "clip.json");
    if (status != BT_OK) return status;
    finished_key(path, key, sizeof key);
    if (key[0] != '\0' && strcmp(key, clip->key.hex) != 0) {
        return bt_fail(BT_ERR_INPUT,
                       "'%s' holds a finished clip of another run: expected a new or empty folder",
                       clip->dir);
    }
    status = bt_path_join(path, sizeof path, clip->dir, ".key");
    if (status != BT_OK) return status;
    char *old;
    size_t bytes;
    if (bt_file_exists(path)) {
        status = bt_file_read(path, 1000, &old, &bytes);
        if (status != BT_OK) return status;
        bool same = strcmp(old, clip->key.hex) == 0;
        bt_free(old);
        if (!same) {
            return bt_fail(BT_ERR_INPUT,
                           "'%s' holds an unfinished clip of another run: expected a new or empty "
                           "folder",
                           clip->dir);
        }
        return BT_OK;
    }
    return bt_file_write(path, clip->key.hex, strlen(clip->key.hex));
}

static bt_status make_folders(bt_clip *clip)
{
    bt_status status = bt_folder_make(clip->dir);
    if (status == BT_OK) status = bt_folder_sweep(clip->dir);
    if (status == BT_OK) status = claim_folder(clip);
    for (uint32_t i = 0; i < clip->desc.camera_count && status == BT_OK; i++) {
        char path[4096];
        status = bt_path_join(path, sizeof path, clip->dir, clip->cameras[i].name);
        if (status == BT_OK) status = bt_folder_make(path);
        if (status == BT_OK) status = bt_folder_sweep(path);
    }
    return status;
}

// From the same bytes, so that a check can derive it again.
static bt_status describe_map(const char *name, const char *xodr, size_t xodr_bytes, char **text,
                              size_t *bytes)
{
    bt_road_network *net = NULL;
    bt_status status = bt_opendrive_parse(name, xodr, xodr_bytes, &net);
    if (status == BT_OK) status = bt_map_json(net, text, bytes);
    bt_road_network_destroy(net);
    return status;
}

// `text`: of the lanes, the clip's from now on; NULL: found.
static bt_status put_map(bt_clip *clip, const char *xodr_name, const char *json_name,
                         const char *xodr, size_t xodr_bytes, char *text, size_t bytes)
{
    bt_status status = clip_put_copy(clip, xodr_name, xodr, xodr_bytes);
    if (status == BT_OK && !text) status = describe_map(xodr_name, xodr, xodr_bytes, &text, &bytes);
    if (status != BT_OK) {
        bt_free(text);
        return status;
    }
    clip_file file = {.camera = BT_NO_INDEX, .frame = BT_NO_INDEX};
    snprintf(file.path, sizeof file.path, "%s", json_name);
    return clip_put_bytes(clip, &file, text, bytes);
}

static bt_status init_clip(bt_clip *clip, const bt_clip_desc *desc)
{
    size_t length = strlen(desc->dir);
    if (length == 0 || length + 2 * CLIP_MAX_NAME >= sizeof clip->dir) {
        return bt_fail(BT_ERR_INPUT, "clip folder '%.60s': expected a shorter, non-empty path",
                       desc->dir);
    }
    memcpy(clip->dir, desc->dir, length + 1);
    clip->desc = *desc;
    clip->carrier = bt_sim_ego(desc->sim);
    clip->cameras = bt_alloc(desc->camera_count, sizeof *clip->cameras);
    clip->truth = json_array();
    if (clip->cameras == NULL || clip->truth == NULL) {
        return bt_fail(BT_ERR_MEMORY, "no memory for a clip");
    }
    if (desc->camera_count > 0) {
        memcpy(clip->cameras, desc->cameras, desc->camera_count * sizeof *clip->cameras);
    }
    clip->desc.cameras = clip->cameras;
    return check_cameras(desc);
}

bt_status bt_clip_create(const bt_clip_desc *desc, bt_clip **out)
{
    *out = NULL;
    bt_clip *clip = bt_alloc(1, sizeof *clip);
    if (clip == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a clip");
    bt_status status = init_clip(clip, desc);
    if (status == BT_OK) status = clip_head(&clip->maker, &clip->desc, &clip->head);
    if (status == BT_OK) status = make_key(clip);
    if (status == BT_OK) status = make_folders(clip);
    if (status == BT_OK)
        status =
            put_map(clip, "map.xodr", "map.json", desc->map_xodr, desc->map_xodr_bytes, NULL, 0);
    if (status != BT_OK) {
        bt_clip_destroy(clip);
        return status;
    }
    *out = clip;
    return BT_OK;
}

static bt_status put_objects(bt_clip *clip, const char *name, const bt_world *world)
{
    json_t *objects;
    char *text = NULL;
    size_t bytes = 0;
    bt_status status = clip_objects(&clip->maker, world, &objects);
    if (status == BT_OK) status = out_text(&clip->maker, objects, true, &text, &bytes);
    json_decref(objects);
    if (status != BT_OK) return status;
    clip_file file = {.camera = BT_NO_INDEX, .frame = BT_NO_INDEX};
    snprintf(file.path, sizeof file.path, "%s", name);
    return clip_put_bytes(clip, &file, text, bytes);
}

bt_status bt_clip_add_window(bt_clip *clip, const bt_clip_window *window)
{
    char map[CLIP_MAX_NAME], lanes[CLIP_MAX_NAME], objects[CLIP_MAX_NAME];
    snprintf(map, sizeof map, "window_%06u.xodr", window->number);
    snprintf(lanes, sizeof lanes, "window_%06u.map.json", window->number);
    snprintf(objects, sizeof objects, "window_%06u.objects.json", window->number);
    bt_status status = put_map(clip, map, lanes, window->map_xodr, window->map_xodr_bytes,
                               window->map_json, window->map_json_bytes);
    if (status == BT_OK) status = put_objects(clip, objects, window->world);
    if (status != BT_OK) return bt_fail_prefix(status, "window %u", window->number);
    json_maker *m = &clip->maker;
    json_t *o = json_object();
    out_put(m, o, "window", json_integer(window->number));
    out_put(m, o, "from_ns", json_integer(window->from_ns));
    out_put(m, o, "map", json_string(map));
    out_put(m, o, "lanes", json_string(lanes));
    out_put(m, o, "objects", json_string(objects));
    if (clip->windows == NULL) clip->windows = json_array();
    out_add(m, clip->windows, o);
    return BT_OK;
}

void bt_clip_destroy(bt_clip *clip)
{
    if (clip == NULL) return;
    json_decref(clip->windows);
    json_decref(clip->head);
    json_decref(clip->truth);
    bt_free(clip->truth_text);
    bt_free(clip->cameras);
    bt_free(clip->files);
    bt_free(clip->frames);
    bt_free(clip);
}

// ---- labels -----------------------------------------------------------------------------------
static bt_status put_exr(bt_clip *clip, const bt_clip_frame *frame, const char *kind,
                         const bt_exr_channel *channels, uint32_t count)
{
    const bt_view *view = clip->cameras[frame->camera].view;
    char end[32], *bytes;
    size_t size;
    snprintf(end, sizeof end, ".%s.exr", kind);
    clip_file file = clip_frame_file(clip, frame->camera, frame->frame, kind, end);
    bt_status status =
        bt_exr_encode(view->width_px, view->height_px, channels, count, &bytes, &size);
    return status == BT_OK ? clip_put_bytes(clip, &file, bytes, size) : status;
}

static bt_status put_ids(bt_clip *clip, const bt_clip_frame *frame, const bt_label_images *images,
                         uint32_t label)
{
    bool instance = label == BT_LABEL_INSTANCE;
    clip_file file =
        clip_frame_file(clip, frame->camera, frame->frame, instance ? "instance" : "semantic",
                        instance ? ".instance.png" : ".semantic.png");
    char *bytes;
    size_t count;
    bt_status status = instance ? bt_png_encode_u16(images->width_px, images->height_px,
                                                    images->instance, &bytes, &count)
                                : bt_png_encode_u8(images->width_px, images->height_px, 1,
                                                   images->semantic, &bytes, &count);
    return status == BT_OK ? clip_put_bytes(clip, &file, bytes, count) : status;
}

static bt_status put_labels(bt_clip *clip, const bt_clip_frame *frame,
                            const bt_label_images *images)
{
    uint32_t labels = clip->desc.labels;
    const bt_exr_channel depth[] = {{"Z", images->depth_z_m}, {"D", images->depth_d_m}};
    const bt_exr_channel normal[] = {
        {"X", images->normal_x}, {"Y", images->normal_y}, {"Z", images->normal_z}};
    const bt_exr_channel flow[] = {{"X", images->flow_x_px}, {"Y", images->flow_y_px}};
    bt_status status = BT_OK;
    if (labels & BT_LABEL_DEPTH) status = put_exr(clip, frame, "depth", depth, 2);
    if (status == BT_OK && (labels & BT_LABEL_NORMAL)) {
        status = put_exr(clip, frame, "normal", normal, 3);
    }
    if (status == BT_OK && (labels & BT_LABEL_FLOW)) {
        status = put_exr(clip, frame, "flow", flow, 2);
    }
    if (status == BT_OK && (labels & BT_LABEL_INSTANCE)) {
        status = put_ids(clip, frame, images, BT_LABEL_INSTANCE);
    }
    if (status == BT_OK && (labels & BT_LABEL_SEMANTIC)) {
        status = put_ids(clip, frame, images, BT_LABEL_SEMANTIC);
    }
    return status;
}

// ---- truth ------------------------------------------------------------------------------------
// Lines kept as JSON: another camera may still add to them. Chosen: more than cameras lag behind.
#define OPEN_LINES 64

// Turns all but the latest lines into text.
static bt_status flush_truth(bt_clip *clip, size_t keep)
{
    while (json_array_size(clip->truth) > keep) {
        char *text;
        size_t bytes;
        json_t *line = json_array_get(clip->truth, 0);
        bt_status status = out_text(&clip->maker, line, false, &text, &bytes);
        if (status == BT_OK) {
            status =
                BT_ARRAY_RESERVE(clip->truth_text, clip->truth_capacity, clip->truth_bytes + bytes);
        }
        if (status != BT_OK) {
            bt_free(text);
            return status;
        }
        memcpy(clip->truth_text + clip->truth_bytes, text, bytes);
        clip->truth_bytes += bytes;
        clip->truth_last_ns = json_integer_value(json_object_get(line, "label_time_ns"));
        bt_free(text);
        json_array_remove(clip->truth, 0);
    }
    return BT_OK;
}

// The line of a label time, made when it is new; lines stay in order of time.
static bt_status truth_line(bt_clip *clip, const bt_clip_frame *frame, json_t **line)
{
    size_t at = json_array_size(clip->truth);
    *line = NULL;
    while (at > 0) {
        json_t *before = json_array_get(clip->truth, at - 1);
        bt_time_ns time_ns = json_integer_value(json_object_get(before, "label_time_ns"));
        if (time_ns == frame->label_time_ns) {
            *line = before;
            return BT_OK;
        }
        if (time_ns < frame->label_time_ns) break;
        at--;
    }
    bt_status status =
        truth_world(&clip->maker, frame->snapshot->world, frame->track, frame->label_time_ns, line);
    if (status == BT_OK && frame->window > 0)
        out_put(&clip->maker, *line, "window", json_integer(frame->window));
    if (status == BT_OK && json_array_insert_new(clip->truth, at, *line) != 0) {
        status = bt_fail(BT_ERR_MEMORY, "no memory for a line of truth");
    }
    return status;
}

static bt_status add_truth(bt_clip *clip, const bt_clip_frame *frame, const bt_label_images *images,
                           const bt_box_truth *boxes)
{
    json_t *line, *camera;
    truth_frame f = {.frame = frame,
                     .view = clip->cameras[frame->camera].view,
                     .images = images,
                     .boxes = boxes,
                     .carrier = clip->carrier};
    bt_status status = truth_line(clip, frame, &line);
    if (status == BT_OK) status = truth_camera(&clip->maker, &f, &camera);
    if (status != BT_OK) return status;
    out_put(&clip->maker, json_object_get(line, "cameras"), clip->cameras[frame->camera].name,
            camera);
    return BT_OK;
}

// ---- frames -----------------------------------------------------------------------------------
static bt_renderer *renderer_of(const bt_clip *clip, const bt_clip_frame *frame)
{
    return frame->renderer != NULL ? frame->renderer : clip->desc.renderer;
}

static bt_status label_frame(bt_clip *clip, const bt_clip_frame *frame, const bt_stage *stage)
{
    const bt_view *view = clip->cameras[frame->camera].view;
    const bt_label_frame f = {.stage = stage,
                              .snapshot = frame->snapshot,
                              .next = frame->next,
                              .view = view,
                              .label_time_ns = frame->label_time_ns,
                              .next_label_time_ns = frame->next_label_time_ns,
                              .carrier = clip->carrier};
    bool boxed = (clip->desc.labels & BT_LABEL_BOXES) != 0;
    bt_box_truth *boxes = NULL;
    bt_label_images images;
    bt_status status = bt_label_images_init(&images, view->width_px, view->height_px);
    if (status == BT_OK) status = bt_label_images_render(&images, &f, clip->desc.jobs);
    if (status == BT_OK) status = put_labels(clip, frame, &images);
    if (status == BT_OK && boxed) {
        boxes = bt_alloc(frame->snapshot->world->actor_count, sizeof *boxes);
        status = boxes == NULL ? bt_fail(BT_ERR_MEMORY, "no memory for boxes")
                               : bt_box_truth_measure(renderer_of(clip, frame), &f, &images,
                                                      clip->desc.jobs, boxes);
    }
    if (status == BT_OK) status = add_truth(clip, frame, boxed ? &images : NULL, boxes);
    bt_free(boxes);
    bt_label_images_clear(&images);
    return status;
}

static bt_status label_on_stage(bt_clip *clip, const bt_clip_frame *frame)
{
    if (clip->desc.labels == 0) return add_truth(clip, frame, NULL, NULL);
    if (frame->stage != NULL) return label_frame(clip, frame, frame->stage);
    bt_stage *stage = NULL;
    bt_status status = bt_stage_create(renderer_of(clip, frame), frame->snapshot, NULL, 0, &stage);
    if (status == BT_OK) status = label_frame(clip, frame, stage);
    bt_stage_destroy(stage);
    return status;
}

bt_status bt_clip_add_frame(bt_clip *clip, const bt_clip_frame *frame)
{
    if (frame->camera >= clip->desc.camera_count) {
        return bt_fail(BT_ERR_INTERNAL, "clip: camera %u of %u", frame->camera,
                       clip->desc.camera_count);
    }
    bt_status status = label_on_stage(clip, frame);
    if (status == BT_OK) {
        status = BT_ARRAY_RESERVE(clip->frames, clip->frame_capacity, clip->frame_count + 1);
    }
    if (status != BT_OK) {
        return bt_fail_prefix(status, "labels of frame %u of camera '%s'", frame->frame,
                              clip->cameras[frame->camera].name);
    }
    clip->frames[clip->frame_count++] = (clip_frame){frame->camera, frame->frame, frame->window,
                                                     frame->label_time_ns, frame->exposure};
    return BT_OK;
}

// ---- the end ----------------------------------------------------------------------------------
static bt_status put_truth(bt_clip *clip)
{
    bt_status status = flush_truth(clip, 0);
    if (status != BT_OK) return status;
    return clip_put_copy(clip, "truth.jsonl", clip->truth_text, clip->truth_bytes);
}

bt_status bt_clip_finish(bt_clip *clip, const char *verdict_json)
{
    json_t *verdict;
    bt_status status = put_truth(clip);
    if (status == BT_OK) status = out_parse(verdict_json, "verdict", &verdict);
    if (status != BT_OK) return status;
    status = clip_put_json(clip, verdict);
    json_decref(verdict);
    char path[4096];
    if (status == BT_OK) status = bt_path_join(path, sizeof path, clip->dir, ".key");
    if (status == BT_OK) status = bt_file_remove(path);
    return status;
}
