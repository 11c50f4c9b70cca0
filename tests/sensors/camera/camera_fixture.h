// camera_fixture.h: cameras of shipped sheets and of a small one written here, and even light for them.
#ifndef BT_TESTS_CAMERA_FIXTURE_H
#define BT_TESTS_CAMERA_FIXTURE_H

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/spectrum/spectrum.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/check.h"

static const char *const roots[] = {"assets"};
static bt_camera_sheet sheet;

static inline bt_camera *make(const char *name, uint32_t width, uint32_t height, uint64_t seed)
{
    bt_camera *camera = NULL;
    CHECK_OK(bt_camera_sheet_load(name, roots, 1, &sheet));
    sheet.numbers[BT_SHEET_SHADING].value = 0.0; // films here are even
    bt_camera_desc desc = {.sheet = &sheet, .width_px = width, .height_px = height, .seed = seed};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    return camera;
}

static inline bt_view view_of(const bt_camera *camera)
{
    bt_camera_state state;
    bt_view view;
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    return view;
}

static inline bt_film *even_film(const bt_view *view, double luminance_cd_m2)
{
    bt_film *film = bt_alloc(1, sizeof *film);
    size_t pixels = (size_t)view->width_px * view->height_px;
    *film = (bt_film){.width_px = view->width_px,
                      .height_px = view->height_px,
                      .band_count = view->band_count,
                      .plane_count = 1,
                      .rate_e_s = bt_alloc(pixels * view->band_count, sizeof(float))};
    float radiance[BT_SPECTRUM_BINS];
    memcpy(radiance, bt_illuminant_d65, sizeof radiance);
    CHECK(bt_spectrum_set_luminance(radiance, luminance_cd_m2));
    for (uint32_t band = 0; band < view->band_count; band++) {
        double rate = 0.0;
        for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
            rate += 5.0 * (double)view->response[band][bin] * (double)radiance[bin];
        for (size_t i = 0; i < pixels; i++)
            film->rate_e_s[i * view->band_count + band] = (float)rate;
    }
    return film;
}

static inline void free_film(bt_film *film)
{
    bt_free(film->rate_e_s);
    bt_free(film);
}

static const char good_head[] = "local s = { name = 'x', array = { width_px = 64, height_px = 64, "
                                "pixel_pitch_m = 3e-6 }, lens = { fx_px = 60, f_number = 2 }, "
                                "pixel = { full_well_e = 1e4 }, qe = {} }\n"
                                "for _, b in ipairs { 'red', 'green', 'blue' } do s.qe[b] = "
                                "{ wavelength_nm = { 400, 700 }, value = { 0.5, 0.4 } } end\n";

// Reads a small sheet that `change` was done to, and tries to make its camera. It is written to a file of that name.
static inline bt_status load_changed(const char *file, const char *change)
{
    char text[2048], path[256];
    snprintf(text, sizeof text, "%s%s\nreturn s\n", good_head, change);
    snprintf(path, sizeof path, "build/camera_test/%s", file);
    CHECK_OK(bt_folder_make("build/camera_test"));
    CHECK_OK(bt_file_write(path, text, strlen(text)));
    bt_status status = bt_camera_sheet_load(path, roots, 1, &sheet);
    bt_camera *camera = NULL;
    if (status == BT_OK) {
        bt_camera_desc desc = {.sheet = &sheet};
        status = bt_camera_create(&desc, NULL, &camera);
    }
    bt_camera_destroy(camera);
    return status;
}

#endif
