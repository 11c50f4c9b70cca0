// clip_files.c: the files of a clip: each is hashed, lies whole under its final name, then is listed.
#include "engine/label/clip_internal.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/exr.h"
#include "engine/image/png.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- files ------------------------------------------------------------------------------------
static clip_file *find_file(const bt_clip *clip, const char *path)
{
    for (size_t i = 0; i < clip->file_count; i++) {
        if (strcmp(clip->files[i].path, path) == 0) return &clip->files[i];
    }
    return NULL;
}

static bt_status list_file(bt_clip *clip, const clip_file *file)
{
    clip_file *known = find_file(clip, file->path);
    if (known != NULL) {
        *known = *file;
        return BT_OK;
    }
    bt_status status = BT_ARRAY_RESERVE(clip->files, clip->file_capacity, clip->file_count + 1);
    if (status == BT_OK) clip->files[clip->file_count++] = *file;
    return status;
}

// The longest camera name fits.
clip_file clip_frame_file(const bt_clip *clip, uint32_t camera, uint32_t frame, const char *kind,
                          const char *end)
{
    clip_file file = {.camera = camera, .frame = frame};
    snprintf(file.path, sizeof file.path, "%s/%06u%s", clip->cameras[camera].name, frame, end);
    snprintf(file.kind, sizeof file.kind, "%s", kind);
    return file;
}

// Writes bytes that are freed here, and lists the file.
bt_status clip_put_bytes(bt_clip *clip, clip_file *file, char *bytes, size_t count)
{
    char path[4096];
    file->bytes = count;
    bt_status status = bt_sha256_of(bytes, count, &file->sha256);
    if (status == BT_OK) status = bt_path_join(path, sizeof path, clip->dir, file->path);
    if (status == BT_OK) status = bt_file_write(path, bytes, count);
    if (status == BT_OK) status = list_file(clip, file);
    bt_free(bytes);
    return status;
}

bt_status clip_put_copy(bt_clip *clip, const char *name, const void *bytes, size_t count)
{
    clip_file file = {.camera = BT_NO_INDEX, .frame = BT_NO_INDEX};
    if (strlen(name) >= CLIP_MAX_NAME || strchr(name, '/') != NULL || name[0] == '.' ||
        name[0] == '\0') {
        return bt_fail(BT_ERR_INPUT, "clip: '%s' is no file name for it", name);
    }
    snprintf(file.path, sizeof file.path, "%s", name);
    char *copy = bt_alloc(count + 1, 1);
    if (copy == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for '%s'", name);
    if (count > 0) memcpy(copy, bytes, count);
    return clip_put_bytes(clip, &file, copy, count);
}

bt_status bt_clip_put_file(bt_clip *clip, const char *name, const void *bytes, size_t count)
{
    return clip_put_copy(clip, name, bytes, count);
}

// ---- pictures ---------------------------------------------------------------------------------
static bt_status put_counts(bt_clip *clip, clip_file file, const uint16_t *raw_dn)
{
    const bt_view *view = clip->cameras[file.camera].view;
    char *bytes;
    size_t count;
    bt_status status = bt_png_encode_u16(view->width_px, view->height_px, raw_dn, &bytes, &count);
    return status == BT_OK ? clip_put_bytes(clip, &file, bytes, count) : status;
}

static clip_file read_file(const bt_clip *clip, uint32_t camera, uint32_t frame, const char *name)
{
    char kind[24], end[32];
    snprintf(kind, sizeof kind, "read_%.15s", name);
    snprintf(end, sizeof end, ".%s.png", kind);
    return clip_frame_file(clip, camera, frame, kind, end);
}

bt_status bt_clip_put_raw(bt_clip *clip, uint32_t camera, uint32_t frame, const uint16_t *raw_dn)
{
    return put_counts(clip, clip_frame_file(clip, camera, frame, "raw", ".raw.png"), raw_dn);
}

bt_status bt_clip_put_read(bt_clip *clip, uint32_t camera, uint32_t frame, const char *name,
                           const uint16_t *raw_dn)
{
    return put_counts(clip, read_file(clip, camera, frame, name), raw_dn);
}

bt_status bt_clip_put_image(bt_clip *clip, uint32_t camera, uint32_t frame, const uint8_t *rgb)
{
    const bt_view *view = clip->cameras[camera].view;
    clip_file file = clip_frame_file(clip, camera, frame, "image", ".png");
    char *bytes;
    size_t count;
    bt_status status = bt_png_encode_u8(view->width_px, view->height_px, 3, rgb, &bytes, &count);
    return status == BT_OK ? clip_put_bytes(clip, &file, bytes, count) : status;
}

bt_status bt_clip_put_dng(bt_clip *clip, uint32_t camera, uint32_t frame, char *bytes, size_t count)
{
    clip_file file = clip_frame_file(clip, camera, frame, "dng", ".dng");
    return clip_put_bytes(clip, &file, bytes, count);
}

// Lists a file that lies there already.
static bt_status adopt(bt_clip *clip, clip_file *file, const char *path)
{
    bt_status status = bt_sha256_of_file(path, &file->sha256);
    if (status == BT_OK) status = bt_file_size(path, &file->bytes);
    return status == BT_OK ? list_file(clip, file) : status;
}

static bt_status find_counts(bt_clip *clip, clip_file file, uint16_t *raw_dn, bool *found)
{
    *found = false;
    const bt_view *view = clip->cameras[file.camera].view;
    char path[4096];
    bt_status status = bt_path_join(path, sizeof path, clip->dir, file.path);
    if (status != BT_OK || !bt_file_exists(path)) return status;
    bt_image_u16 image;
    if (bt_png_read_u16(path, &image) != BT_OK) return BT_OK;
    if (image.width_px == view->width_px && image.height_px == view->height_px) {
        memcpy(raw_dn, image.pixels, sizeof *raw_dn * image.width_px * image.height_px);
        status = adopt(clip, &file, path);
        *found = status == BT_OK;
    }
    bt_image_u16_clear(&image);
    return status;
}

bt_status bt_clip_find_raw(bt_clip *clip, uint32_t camera, uint32_t frame, uint16_t *raw_dn,
                           bool *found)
{
    return find_counts(clip, clip_frame_file(clip, camera, frame, "raw", ".raw.png"), raw_dn,
                       found);
}

bt_status bt_clip_find_read(bt_clip *clip, uint32_t camera, uint32_t frame, const char *name,
                            uint16_t *raw_dn, bool *found)
{
    return find_counts(clip, read_file(clip, camera, frame, name), raw_dn, found);
}

bt_status bt_clip_find_image(bt_clip *clip, uint32_t camera, uint32_t frame, uint8_t *rgb,
                             bool *found)
{
    *found = false;
    const bt_view *view = clip->cameras[camera].view;
    clip_file file = clip_frame_file(clip, camera, frame, "image", ".png");
    char path[4096];
    bt_status status = bt_path_join(path, sizeof path, clip->dir, file.path);
    if (status != BT_OK || !bt_file_exists(path)) return status;
    bt_image_u8 image;
    if (bt_png_read_u8(path, 3, &image) != BT_OK) return BT_OK;
    if (image.width_px == view->width_px && image.height_px == view->height_px) {
        memcpy(rgb, image.pixels, (size_t)3 * image.width_px * image.height_px);
        status = adopt(clip, &file, path);
        *found = status == BT_OK;
    }
    bt_image_u8_clear(&image);
    return status;
}

// ---- maps of samples --------------------------------------------------------------------------
static clip_samples sum_up(const float *samples, const float *left, size_t pixels)
{
    clip_samples s = {.least = UINT32_MAX};
    for (size_t i = 0; i < pixels; i++) {
        uint32_t count = (uint32_t)samples[i];
        s.mean += (double)samples[i];
        s.left += (double)left[i];
        s.least = count < s.least ? count : s.least;
        s.most = count > s.most ? count : s.most;
    }
    s.mean /= (double)pixels;
    s.left /= (double)pixels;
    return s;
}

static bt_status put_planes(bt_clip *clip, clip_file *file, const float *samples, const float *left)
{
    const bt_view *view = clip->cameras[file->camera].view;
    const bt_exr_channel channels[] = {{"N", samples}, {"E", left}};
    char *bytes;
    size_t count;
    file->samples = sum_up(samples, left, (size_t)view->width_px * view->height_px);
    bt_status status = bt_exr_encode(view->width_px, view->height_px, channels, 2, &bytes, &count);
    return status == BT_OK ? clip_put_bytes(clip, file, bytes, count) : status;
}

bt_status bt_clip_put_samples(bt_clip *clip, uint32_t camera, uint32_t frame,
                              const uint32_t *samples, const float *sensor_share)
{
    const bt_view *view = clip->cameras[camera].view;
    size_t pixels = (size_t)view->width_px * view->height_px;
    clip_file file = clip_frame_file(clip, camera, frame, "samples", ".samples.exr");
    float *counts = bt_alloc(pixels, sizeof *counts);
    if (counts == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for '%s'", file.path);
    for (size_t i = 0; i < pixels; i++)
        counts[i] = (float)samples[i];
    bt_status status = put_planes(clip, &file, counts, sensor_share);
    bt_free(counts);
    return status;
}

// Is it a map such as put_samples makes?
static bool good_samples(const bt_exr_image *image)
{
    size_t pixels = (size_t)image->width_px * image->height_px;
    for (size_t i = 0; i < pixels; i++) {
        float count = image->pixels[i], left = image->pixels[pixels + i];
        if (!(count >= 1.0f && count <= 16777216.0f && left >= 0.0f && isfinite(left)))
            return false;
    }
    return true;
}

bt_status bt_clip_find_samples(bt_clip *clip, uint32_t camera, uint32_t frame, bool *found)
{
    *found = false;
    const bt_view *view = clip->cameras[camera].view;
    clip_file file = clip_frame_file(clip, camera, frame, "samples", ".samples.exr");
    char path[4096];
    bt_status status = bt_path_join(path, sizeof path, clip->dir, file.path);
    if (status != BT_OK || !bt_file_exists(path)) return status;
    bt_exr_image image;
    if (bt_exr_read(path, (const char *const[]){"N", "E"}, 2, &image) != BT_OK) return BT_OK;
    if (image.width_px == view->width_px && image.height_px == view->height_px &&
        good_samples(&image)) {
        size_t pixels = (size_t)image.width_px * image.height_px;
        file.samples = sum_up(image.pixels, image.pixels + pixels, pixels);
        status = adopt(clip, &file, path);
        *found = status == BT_OK;
    }
    bt_exr_image_clear(&image);
    return status;
}
