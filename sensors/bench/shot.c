// shot.c: a camera at work on the bench: frames and their means.
#include "sensors/bench/bench_internal.h"

#include <string.h>

#include "engine/core/memory.h"

bt_status bench_shot_begin(const bench *b, bench_shot *shot)
{
    *shot = (bench_shot){0};
    bt_status status = bench_camera(b, &shot->camera);
    if (status != BT_OK) return status;
    bt_camera_state_init(shot->camera, &shot->state);
    bt_camera_view(shot->camera, &shot->state, BT_POSE_IDENTITY, &shot->view);
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
            shot->mean[i] += (double)shot->raw[i] / (double)reads;
    }
    return BT_OK;
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
