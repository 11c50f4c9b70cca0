// clip_json.c: clip.json, which lists a finished clip's files and frames.
#include "engine/label/clip_internal.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"

#include <stdlib.h>

static json_t *file_json(json_maker *m, const clip_file *file)
{
    json_t *o = json_object();
    out_put(m, o, "path", json_string(file->path));
    out_put(m, o, "bytes", json_integer((json_int_t)file->bytes));
    out_put(m, o, "sha256", json_string(bt_sha256_format(&file->sha256).hex));
    if (file->samples.most > 0) {
        out_put(m, o, "samples_mean", out_real(file->samples.mean));
        out_put(m, o, "samples_least", json_integer(file->samples.least));
        out_put(m, o, "samples_most", json_integer(file->samples.most));
        out_put(m, o, "left_mean", out_real(file->samples.left));
    }
    return o;
}

static void put_exposure(json_maker *m, json_t *o, const bt_clip_exposure *e)
{
    json_t *balance = json_array();
    out_put(m, o, "exposure_s", out_real(e->exposure_s));
    out_put(m, o, "analog_gain", out_real(e->analog_gain));
    out_put(m, o, "digital_gain", out_real(e->digital_gain));
    for (int i = 0; i < 3; i++)
        json_array_append_new(balance, out_real(e->white_balance[i]));
    out_put(m, o, "white_balance", balance);
}

static json_t *frame_json(bt_clip *clip, const clip_frame *frame)
{
    json_maker *m = &clip->maker;
    json_t *o = json_object(), *files = json_object();
    out_put(m, o, "frame", json_integer(frame->frame));
    out_put(m, o, "camera", json_string(clip->cameras[frame->camera].name));
    out_put(m, o, "label_time_ns", json_integer(frame->label_time_ns));
    if (frame->window > 0) out_put(m, o, "window", json_integer(frame->window));
    if (frame->exposure.exposure_s > 0.0) put_exposure(m, o, &frame->exposure);
    for (size_t i = 0; i < clip->file_count; i++) {
        const clip_file *file = &clip->files[i];
        if (file->camera != frame->camera || file->frame != frame->frame) continue;
        out_put(m, files, file->kind, file_json(m, file));
    }
    out_put(m, o, "files", files);
    return o;
}

static int by_time(const void *a, const void *b)
{
    const clip_frame *x = a, *y = b;
    if (x->label_time_ns != y->label_time_ns) return x->label_time_ns < y->label_time_ns ? -1 : 1;
    return x->camera < y->camera ? -1 : x->camera > y->camera;
}

// The digest is the SHA-256 of all other members as one line.
static bt_status put_clip_json(bt_clip *clip, json_t *root)
{
    char path[4096], *text;
    size_t bytes;
    bt_sha256 digest;
    bt_status status = out_text(&clip->maker, root, false, &text, &bytes);
    if (status != BT_OK) return status;
    status = bt_sha256_of(text, bytes, &digest);
    bt_free(text);
    if (status != BT_OK) return status;
    out_put(&clip->maker, root, "digest", json_string(bt_sha256_format(&digest).hex));

    status = out_text(&clip->maker, root, true, &text, &bytes);
    if (status == BT_OK) status = bt_path_join(path, sizeof path, clip->dir, "clip.json");
    if (status == BT_OK) status = bt_file_write(path, text, bytes);
    bt_free(text);
    return status;
}

bt_status clip_put_json(bt_clip *clip, json_t *verdict)
{
    json_maker *m = &clip->maker;
    json_t *root = json_copy(clip->head), *files = json_array(), *frames = json_array();
    out_put(m, root, "key", json_string(clip->key.hex));
    json_object_set(root, "verdict", verdict);
    for (size_t i = 0; i < clip->file_count; i++) {
        if (clip->files[i].camera == BT_NO_INDEX) out_add(m, files, file_json(m, &clip->files[i]));
    }
    out_put(m, root, "files", files);
    if (clip->windows != NULL) out_put(m, root, "windows", json_incref(clip->windows));
    if (clip->frame_count > 0) {
        qsort(clip->frames, clip->frame_count, sizeof *clip->frames, by_time);
    }
    for (size_t i = 0; i < clip->frame_count; i++) {
        out_add(m, frames, frame_json(clip, &clip->frames[i]));
    }
    out_put(m, root, "frames", frames);
    bt_status status = root == NULL ? bt_fail(BT_ERR_MEMORY, "no memory for clip.json")
                                    : put_clip_json(clip, root);
    json_decref(root);
    return status;
}
