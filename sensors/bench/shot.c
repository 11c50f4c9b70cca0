// shot.c: a camera at work on the bench: frames and their means.
#include "sensors/bench/bench_internal.h"

#include <string.h>

#include "engine/core/memory.h"
#include "sensors/camera/imager/fuse.h"

void bench_shot_expose(bench_shot *shot, double exposure_s)
{
    shot->state.exposure.exposure_s = exposure_s;
    bt_camera_view(shot->camera, &shot->state, BT_POSE_IDENTITY, &shot->view);
}

bt_status bench_shot_begin(const bench *b, bench_shot *shot)
{
    *shot = (bench_shot){0};
    bt_status status = bench_camera(b, &shot->camera);
    if (status != BT_OK) return status;
    bt_camera_state_init(shot->camera, &shot->state);
    bench_shot_expose(shot, shot->state.exposure.exposure_s);
    size_t pixels = (size_t)b->width_px * b->height_px;
    shot->raw = bt_alloc(pixels, sizeof *shot->raw);
    shot->mean = bt_alloc(pixels, sizeof *shot->mean);
    if (!shot->raw || !shot->mean)
        return bt_fail(BT_ERR_MEMORY, "no memory for frames of %u x %u", b->width_px, b->height_px);
    return BT_OK;
}

void bench_shot_clear(bench_shot *shot)
{
    bt_free(shot->raw);
    bt_free(shot->mean);
    bt_camera_destroy(shot->camera);
    *shot = (bench_shot){0};
}

bt_status bench_shot_read(const bench *b, bench_shot *shot, const bt_film *film, uint32_t reads)
{
    size_t pixels = (size_t)b->width_px * b->height_px;
    memset(shot->mean, 0, pixels * sizeof *shot->mean);
    for (uint32_t read = 0; read < reads; read++) {
        bt_status status = bt_camera_read(shot->camera, &shot->state, film, shot->frame++,
                                          b->desc->jobs, shot->raw);
        if (status != BT_OK) return status;
        for (size_t i = 0; i < pixels; i++)
            shot->mean[i] += bt_camera_linear(shot->camera, shot->raw[i]) / (double)reads;
    }
    return BT_OK;
}

void bench_shot_average(const bench *b, bench_shot *shot)
{
    const bt_sheet_curve *knees = &b->sheet.companding;
    for (size_t i = 0; i < (size_t)b->width_px * b->height_px; i++) {
        double code = knees->count > 0 ? bt_compand(knees, shot->mean[i]) : shot->mean[i];
        shot->raw[i] = (uint16_t)bt_clamp(code + 0.5, 0.0, 65535.0);
    }
}

double bench_linear_scale(const bench *b)
{
    double analog = bt_sheet_get(&b->sheet, BT_SHEET_ANALOG_GAIN);
    return 65535.0 / (bench_black_dn(&b->truth) +
                      bench_gain_dn_e(&b->truth, analog) * bench_saturation_e(&b->truth, analog));
}

double bench_linear_black(const bench *b)
{
    return bench_black_dn(&b->sheet) * bench_linear_scale(b);
}

bt_status bench_write_linear(const bench *b, const bench_shot *shot, const char *name)
{
    size_t pixels = (size_t)b->width_px * b->height_px;
    uint16_t *out = bt_alloc(pixels, sizeof *out);
    if (!out) return bt_fail(BT_ERR_MEMORY, "no memory for %zu pixels", pixels);
    double scale = bench_linear_scale(b);
    for (size_t i = 0; i < pixels; i++)
        out[i] = (uint16_t)bt_clamp(shot->mean[i] * scale + 0.5, 0.0, 65535.0);
    bt_status status = bench_write_tiff(b, name, b->width_px, b->height_px, out);
    bt_free(out);
    return status;
}

bt_status bench_cap(const bench *b, const bench_shot *shot, bt_film **film)
{
    return bt_film_create_planes(b->width_px, b->height_px, b->sheet.band_count,
                                 bt_view_planes(&shot->view), film);
}

double bench_rect_mean(const bench *b, const bench_shot *shot, uint32_t plane, bench_rect rect,
                       uint32_t *count)
{
    uint32_t step = b->sheet.band_count == 1 ? 1 : 2, pixels = 0;
    double sum = 0.0;
    for (uint32_t y = plane / 2; y < rect.y1 && y < b->height_px; y += step)
        for (uint32_t x = plane % 2; x < rect.x1 && x < b->width_px; x += step) {
            if (x < rect.x0 || y < rect.y0) continue;
            sum += shot->mean[(size_t)y * b->width_px + x];
            pixels++;
        }
    if (count) *count = pixels;
    return pixels > 0 ? sum / pixels : 0.0;
}
