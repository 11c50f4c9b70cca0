// imager_speed.c: how long a read takes: a 1280 x 960 film to the raw picture, one read and all models,
// then four reads of three exposures, fused and companded. Usage: imager_speed [threads]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/render/view.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/check.h"

static const char *const roots[] = {"assets"};

static const char common[] =
    "local s = { name = 'speed', array = { width_px = 1280, height_px = 960, pixel_pitch_m = 3e-6 "
    "}, "
    "lens = { fx_px = 1000, f_number = 2 }, qe = {}, shutter = { auto = false, row_time_s = 1e-5, "
    "exposure_s = 1e-2 }, pixel = { full_well_e = 22000, prnu = 0.01, prnu_row = 0.001, dsnu_e = "
    "2, "
    "dark_current_e_s = 20, dark_spread = 0.4, hot_fraction = 1e-4, rts_fraction = 1e-3, "
    "rts_amplitude_e = 10, soft_well = 0.95, bloom = 0.5, eclipse_e_s = 1e9 }, readout = { "
    "bit_depth = "
    "12, black_level_dn = 64, read_noise_e = 2, row_noise_e = 0.5, column_noise_e = 0.5, dnl_dn = "
    "0.1, "
    "black_pixels = 1000, inl = { range = {0, 0.5, 1}, value_dn = {0, 2, 0} } } }\n"
    "for _, b in ipairs { 'red', 'green', 'blue' } do s.qe[b] = { wavelength_nm = { 400, 700 }, "
    "value = "
    "{ 0.5, 0.4 } } end\n";
static const char four[] =
    "s.small = { sensitivity = 0.1, full_well_e = 7900, prnu = 0.01 } s.reads = { { name = 'hcg', "
    "conversion_e_dn = 0.8 }, { name = 'lcg', conversion_e_dn = 5.5 }, { name = 'spd', small = "
    "true, "
    "conversion_e_dn = 2 }, { name = 'vs', after = true, exposure_ratio = 40, conversion_e_dn = "
    "5.5 } } "
    "s.hdr = { bits = 20, output_bits = 12 } s.companding = { linear_dn = {0, 1024, 8192, "
    "1048575}, "
    "code_dn = {0, 1024, 2048, 4095} }\n";

// A street's spread of light: 1 e to 1e6 e in the longest exposure, some wells full.
static void fill(const bt_view *view, bt_film *film)
{
    size_t stride = bt_film_plane_stride(film);
    for (uint32_t p = 0; p < film->plane_count; p++) {
        double gain = p == 1 ? (double)view->planes[p].gain : 1.0;
        for (size_t i = 0; i < stride; i++) {
            size_t x = i / film->band_count % film->width_px;
            double lit = pow(10.0, 4.5 * (double)x / film->width_px);
            film->rate_e_s[p * stride + i] = (float)(gain * 100.0 * lit);
        }
    }
}

static void run(const char *name, const char *extra, bt_jobs *jobs)
{
    static bt_camera_sheet sheet;
    char text[4096];
    snprintf(text, sizeof text, "%s%sreturn s\n", common, extra);
    CHECK_OK(bt_folder_make("build/imager_speed"));
    CHECK_OK(bt_file_write("build/imager_speed/sheet.lua", text, strlen(text)));
    CHECK_OK(bt_camera_sheet_load("build/imager_speed/sheet.lua", roots, 1, &sheet));
    bt_camera_desc desc = {.sheet = &sheet, .seed = 1};
    bt_camera *camera;
    bt_camera_state state;
    bt_view view;
    bt_film *film;
    CHECK_OK(bt_camera_create(&desc, jobs, &camera));
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    CHECK_OK(bt_film_create_planes(view.width_px, view.height_px, view.band_count,
                                   bt_view_planes(&view), &film));
    fill(&view, film);
    uint16_t *raw = bt_alloc((size_t)view.width_px * view.height_px, sizeof *raw);
    double best_s = 1e9, work_s = 1e9;
    for (uint64_t frame = 0; frame < 7; frame++) {
        double begun_s = bt_clock_s();
        clock_t begun = clock();
        CHECK_OK(bt_camera_read(camera, &state, film, frame, jobs, raw));
        best_s = fmin(best_s, bt_clock_s() - begun_s);
        work_s = fmin(work_s, (double)(clock() - begun) / CLOCKS_PER_SEC);
    }
    printf("%-28s %.3f s, %.3f s of all processors together\n", name, best_s, work_s);
    bt_free(raw);
    bt_film_destroy(film);
    bt_camera_destroy(camera);
}

int main(int argc, char **argv)
{
    bt_jobs *jobs;
    CHECK_OK(bt_jobs_create(argc > 1 ? (uint32_t)atoi(argv[1]) : 2, &jobs));
    run("one read, no blooming", "s.pixel.bloom = 0\n", jobs);
    run("one read, everything", "", jobs);
    run("four reads, everything", four, jobs);
    bt_jobs_destroy(jobs);
    return check_end();
}
