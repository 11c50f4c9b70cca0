// crop_view.c: a piece of a scenario's first instant at its camera's full size, at several numbers of
// samples: the light before the sensor, and what the camera makes of it. Tells noise of sampling,
// aliasing and the developer's faults apart.
//
//   bench.crop_view SCENARIO.lua FOLDER X Y WIDTH HEIGHT SAMPLES[,SAMPLES...] [KEY=VALUE...]
//
// FOLDER gets light_N.png (all bands at every pixel, no mosaic, no noise) and picture_N.png; films are
// kept there. X, Y, WIDTH and HEIGHT: multiples of 4.
#include <stdlib.h>

#include "engine/app/production.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "sensors/camera/camera_internal.h"
#include "tests/bench/first_instant.h"
#include "tests/bench/kept_film.h"
#include "tests/support/check.h"

typedef struct bench {
    const char *folder;
    bt_jobs *jobs;
    bt_drive_camera *camera;
    bt_stage *stage;
    bt_time_ns label_ns;
    bt_view whole, crop;
    uint32_t x, y;
} bench;

static bt_film *render(const bench *b, const bt_view *view, uint32_t samples, uint64_t frame)
{
    char path[1024];
    bt_film *film = NULL;
    snprintf(path, sizeof path, "%s/film_%llu_%u.raw", b->folder, (unsigned long long)frame,
             samples);
    bt_render_settings settings = {.samples = samples, .seed = 5, .frame = frame};
    CHECK_OK(bt_film_create_view(view, &film));
    if (kept_film_load(path, film)) return film;
    CHECK_OK(bt_render_film(b->stage, view, b->label_ns, &settings, b->jobs, film));
    CHECK_OK(kept_film_save(path, film));
    return film;
}

static void write(const bench *b, const char *name, uint32_t samples, const uint8_t *rgb)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s_%u.png", b->folder, name, samples);
    CHECK_OK(bt_png_write_u8(path, b->crop.width_px, b->crop.height_px, 3, rgb));
}

// ---- the light, developed as if every pixel had all filters and no noise -------------------------
static void light(const bench *b, const bt_film *film, uint32_t samples)
{
    bt_isp isp = bt_camera_isp(b->camera->camera, &b->camera->state);
    bt_isp_curve curve;
    isp.width_px = film->width_px;
    bt_isp_curve_fill(&isp, &curve);
    double unit =
        b->camera->state.exposure.exposure_s * isp.gain_dn_e / (isp.top_dn - isp.black_level_dn);
    double white = isp.digital_gain * fmax(isp.white, 1.0);
    uint8_t *rgb = bt_alloc((size_t)film->width_px * film->height_px, 3);
    float *row = bt_alloc(film->width_px, 3 * sizeof *row);
    for (uint32_t y = 0; y < film->height_px; y++) {
        size_t first = (size_t)y * film->width_px * 3;
        for (uint32_t i = 0; i < 3 * film->width_px; i++)
            row[i] = (float)((double)film->rate_e_s[first + i] * unit * isp.white_balance[i % 3]);
        bt_isp_color(&isp, row);
        for (uint32_t x = 0; x < film->width_px; x++)
            bt_isp_tone_color(&isp, &curve, row + 3 * x, white);
        for (uint32_t i = 0; i < 3 * film->width_px; i++)
            rgb[first + i] = (uint8_t)(255.0f * row[i] + 0.5f);
    }
    write(b, "light", samples, rgb);
    bt_free(row);
    bt_free(rgb);
}

// ---- through the sensor --------------------------------------------------------------------------
// The piece in its place in a dark picture, so that sensor and developer are those of the whole.
static bt_film *placed(const bench *b, const bt_film *film)
{
    bt_film *all = NULL;
    CHECK_OK(bt_film_create_view(&b->whole, &all));
    size_t line = (size_t)film->width_px * film->band_count;
    for (uint32_t y = 0; y < film->height_px; y++)
        memcpy(all->rate_e_s + ((size_t)(b->y + y) * all->width_px + b->x) * film->band_count,
               film->rate_e_s + y * line, line * sizeof *film->rate_e_s);
    return all;
}

static void picture(const bench *b, const bt_film *film, uint32_t samples)
{
    bt_film *all = placed(b, film);
    size_t pixels = (size_t)all->width_px * all->height_px;
    uint16_t *raw = bt_alloc(pixels, sizeof *raw);
    uint8_t *rgb = bt_alloc(pixels, 3),
            *out = bt_alloc((size_t)film->width_px * film->height_px, 3);
    const bt_camera *camera = b->camera->camera;
    CHECK_OK(bt_camera_read(camera, &b->camera->state, all, 0, b->jobs, raw));
    CHECK_OK(bt_camera_develop(camera, &b->camera->state, raw, b->jobs, rgb));
    for (uint32_t y = 0; y < film->height_px; y++)
        memcpy(out + 3 * (size_t)y * film->width_px,
               rgb + 3 * ((size_t)(b->y + y) * all->width_px + b->x), 3 * film->width_px);
    write(b, "picture", samples, out);
    bt_free(raw);
    bt_free(rgb);
    bt_free(out);
    bt_film_destroy(all);
}

static void meter(bench *b)
{
    bt_view small = b->whole; // every eighth pixel
    float s = 0.125f;
    small.width_px /= 8;
    small.height_px /= 8;
    small.lens.fx *= s;
    small.lens.fy *= s;
    small.lens.cx *= s;
    small.lens.cy *= s;
    bt_film *film = render(b, &small, 16, 9);
    CHECK_OK(bt_camera_meter(b->camera->camera, film, &b->camera->state.exposure));
    bt_film_destroy(film);
}

static void run(bench *b, bt_production *p, char *samples)
{
    b->camera = &p->cameras[0];
    b->label_ns = BT_NS_PER_S / 2;
    bt_camera_view(b->camera->camera, &b->camera->state, b->camera->vehicle_from_cam, &b->whole);
    b->whole.guard_px = 0; // light before the lens spreads it
    bt_snapshot *snapshot = first_frame(p, &b->whole, b->label_ns);
    CHECK_OK(bt_stage_create(p->leg.renderer, snapshot, NULL, 0, &b->stage));
    uint32_t width = b->crop.width_px, height = b->crop.height_px;
    meter(b);
    b->crop = b->whole;
    b->crop.width_px = width;
    b->crop.height_px = height;
    b->crop.lens.cx -= (float)b->x;
    b->crop.lens.cy -= (float)b->y;
    for (char *at = strtok(samples, ","); at; at = strtok(NULL, ",")) {
        bt_film *film = render(b, &b->crop, (uint32_t)atoi(at), 0);
        if (film->band_count == 3) light(b, film, (uint32_t)atoi(at));
        picture(b, film, (uint32_t)atoi(at));
        bt_film_destroy(film);
    }
    bt_stage_destroy(b->stage);
    bt_snapshot_destroy(snapshot);
}

static int crop(int argc, char **argv)
{
    bench b = {.folder = argv[2], .x = (uint32_t)atoi(argv[3]), .y = (uint32_t)atoi(argv[4])};
    b.crop.width_px = (uint32_t)atoi(argv[5]);
    b.crop.height_px = (uint32_t)atoi(argv[6]);
    bt_settings settings = {0};
    prepared p;
    prepared_set(argc, argv, 8, &settings);
    CHECK_OK(bt_folder_make(b.folder));
    CHECK_OK(bt_jobs_create(0, &b.jobs));
    prepared_init(argv[1], &settings, 1280, 960, b.jobs, &p);
    if (check_failed_count == 0) run(&b, &p.production, argv[7]);
    prepared_clear(&p);
    bt_jobs_destroy(b.jobs);
    return check_failed_count > 0;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc < 8) {
        fprintf(stderr, "usage: bench.crop_view SCENARIO.lua FOLDER X Y WIDTH HEIGHT SAMPLES[,...] "
                        "[KEY=VALUE...]\n");
        return 2;
    }
    return crop(argc, argv);
}
