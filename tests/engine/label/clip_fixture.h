// clip_fixture.h: a clip of what label_fixture.h plays: labels as they are, pictures painted.
#ifndef BT_TESTS_CLIP_FIXTURE_H
#define BT_TESTS_CLIP_FIXTURE_H

#include "engine/label/clip.h"
#include "tests/engine/label/label_fixture.h"

#define FIXTURE_FRAMES 3

// Counts and a picture that show the same: a slanted wave and noise.
static inline void paint_frame(uint32_t width, uint32_t height, uint32_t frame, uint16_t *raw,
                               uint8_t *rgb)
{
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            double level = 0.5 + 0.4 * sin(0.11 * x + 0.07 * y + frame);
            size_t pixel = (size_t)y * width + x;
            raw[pixel] = (uint16_t)(168.0 + 3000.0 * level + (double)((x * 7 + y * 13) % 50));
            for (int i = 0; i < 3; i++)
                rgb[3 * pixel + (size_t)i] = (uint8_t)(255.0 * sqrt(level));
        }
    }
}

static inline bt_clip_desc fixture_clip_desc(const fixture *f, const char *dir,
                                             const bt_clip_camera cameras[2], uint32_t labels)
{
    return (bt_clip_desc){.dir = dir,
                          .program = "blacktop test",
                          .scenario_name = "fixture.lua",
                          .scenario_text = "return {}",
                          .settings_json = "{\"spp\": 1}",
                          .seed = 7,
                          .map_xodr = fixture_xodr,
                          .map_xodr_bytes = sizeof fixture_xodr - 1,
                          .world = f->world,
                          .sim = &f->sim,
                          .renderer = f->renderer,
                          .jobs = f->jobs,
                          .cameras = cameras,
                          .camera_count = 2,
                          .labels = labels};
}

static inline bt_time_ns fixture_label_time(uint32_t camera, uint32_t frame)
{
    return (bt_time_ns)(50 + 20 * camera + 100 * frame) * BT_NS_PER_MS;
}

static inline void put_samples(bt_clip *clip, uint32_t camera, uint32_t frame, uint32_t pixels)
{
    uint32_t *samples = calloc(pixels, sizeof *samples);
    float *left = calloc(pixels, sizeof *left);
    for (uint32_t i = 0; i < pixels; i++) {
        samples[i] = 16 + i % 5 * 16;
        left[i] = 0.001f * (float)(i % 17 + frame);
    }
    CHECK_OK(bt_clip_put_samples(clip, camera, frame, samples, left));
    free(samples);
    free(left);
}

static inline void put_pictures(const fixture *f, bt_clip *clip, uint32_t camera, uint32_t frame)
{
    const bt_view *view = &f->views[camera];
    size_t pixels = (size_t)view->width_px * view->height_px;
    uint16_t *raw = malloc(sizeof *raw * pixels);
    uint8_t *rgb = malloc(3 * pixels);
    bool found = false;
    CHECK_OK(bt_clip_find_raw(clip, camera, frame, raw, &found));
    if (!found) {
        paint_frame(view->width_px, view->height_px, frame, raw, rgb);
        CHECK_OK(bt_clip_put_raw(clip, camera, frame, raw));
    }
    CHECK_OK(bt_clip_find_image(clip, camera, frame, rgb, &found));
    if (!found) {
        paint_frame(view->width_px, view->height_px, frame, raw, rgb);
        CHECK_OK(bt_clip_put_image(clip, camera, frame, rgb));
    }
    CHECK_OK(bt_clip_find_samples(clip, camera, frame, &found));
    if (!found) put_samples(clip, camera, frame, view->width_px * view->height_px);
    free(raw);
    free(rgb);
}

static inline void add_labels(const fixture *f, bt_clip *clip, uint32_t camera, uint32_t frame)
{
    const bt_view *view = &f->views[camera];
    bt_clip_frame desc = {.camera = camera,
                          .frame = frame,
                          .label_time_ns = fixture_label_time(camera, frame),
                          .next_label_time_ns = fixture_label_time(camera, frame + 1),
                          .track = f->track};
    bt_snapshot *snapshot = fixture_snapshot(f, view, desc.label_time_ns);
    bt_snapshot *next = fixture_snapshot(f, view, desc.next_label_time_ns);
    desc.snapshot = snapshot;
    desc.next = next;
    CHECK_OK(bt_clip_add_frame(clip, &desc));
    bt_snapshot_destroy(snapshot);
    bt_snapshot_destroy(next);
}

// Writes a whole clip with two cameras; `frames` may stop early (no clip.json then).
static inline void fixture_write_clip(const fixture *f, const char *dir, uint32_t labels,
                                      uint32_t frames)
{
    static const char commands[] =
        "{\"time_ns\":0,\"command\":{\"steer_rad\":0.05,\"accel_m_s2\":0,\"indicators\":0}}\n"
        "{\"time_ns\":350000000,\"event\":{\"kind\":\"time_out\",\"other\":null,\"value\":0}}\n";
    const bt_clip_camera cameras[2] = {{"front", &f->views[0], "{\"mosaic\":\"mono\"}", 12},
                                       {"wide", &f->views[1], NULL, 12}};
    bt_clip_desc desc = fixture_clip_desc(f, dir, cameras, labels);
    bt_clip *clip = NULL;
    CHECK_OK(bt_clip_create(&desc, &clip));
    if (clip == NULL) return;
    for (uint32_t frame = 0; frame < frames; frame++) {
        for (uint32_t camera = 0; camera < 2; camera++) {
            put_pictures(f, clip, camera, frame);
            add_labels(f, clip, camera, frame);
        }
    }
    if (frames == FIXTURE_FRAMES) {
        CHECK_OK(bt_clip_put_file(clip, "commands.jsonl", commands, sizeof commands - 1));
        CHECK_OK(bt_clip_finish(clip, "{\"verdict\":\"time_out\",\"passed\":true,"
                                      "\"time_ns\":350000000}"));
    }
    bt_clip_destroy(clip);
}

#endif
