// camera_chain.c: what everything after the renderer costs a frame: point spread, readout, picture.
//
//   bench.camera_chain [SHEET [WIDTH HEIGHT [THREADS]]]     (cameras/front_glass.lua, 1280 960, 2)
//
// A made-up night: a dark ramp, lamps of 1e4 to 1e7 times its light, some beyond the frame. Prints the
// seconds of each stage, best of three, and the memory held and used at most.
#include "engine/core/memory.h"
#include "engine/core/file.h"
#include "engine/render/render.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_internal.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <time.h>

static void paint(bt_film *film)
{
    for (uint32_t y = 0; y < film->height_px; y++)
        for (uint32_t x = 0; x < film->width_px; x++) {
            size_t at = (size_t)y * film->width_px + x;
            bool lamp = x % 97 < 3 && y % 131 < 3;
            float light = lamp ? powf(10.0f, 4.0f + (float)(x / 97 % 4)) : 1.0f;
            for (uint32_t b = 0; b < film->band_count; b++) {
                film->rate_e_s[at * film->band_count + b] = 100.0f * light;
                film->variance_e2_s2[at * film->band_count + b] = light;
            }
            film->samples[at] = 16;
        }
}

static double best(double a, double b)
{
    return a < b ? a : b;
}

// Seconds of all threads together: what a busy machine does not change.
static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void measure(const bt_camera *camera, bt_jobs *jobs)
{
    bt_camera_state state;
    bt_view view;
    bt_film *film = NULL, *picture = NULL;
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    CHECK_OK(bt_film_create_view(&view, &film));
    CHECK_OK(bt_film_create_planes(view.width_px, view.height_px, view.band_count,
                                   bt_view_planes(&view), &picture));
    paint(film);
    size_t pixels = (size_t)view.width_px * view.height_px;
    uint16_t *raw = bt_alloc(pixels, sizeof *raw);
    uint8_t *rgb = bt_alloc(pixels, 3);
    double spread_s = 1e30, read_s = 1e30, develop_s = 1e30, all_cpu_s = 1e30, spread_cpu_s = 1e30;
    for (int i = 0; i < 3; i++) {
        double cpu0_s = cpu_s(), s0 = bt_clock_s();
        CHECK_OK(bt_camera_spread(camera, film, jobs, picture));
        double s1 = bt_clock_s();
        spread_cpu_s = best(spread_cpu_s, cpu_s() - cpu0_s);
        CHECK_OK(bt_camera_read(camera, &state, picture, 0, jobs, raw));
        double s2 = bt_clock_s();
        CHECK_OK(bt_camera_develop(camera, &state, raw, jobs, rgb));
        spread_s = best(spread_s, s1 - s0);
        read_s = best(read_s, s2 - s1);
        develop_s = best(develop_s, bt_clock_s() - s2);
        all_cpu_s = best(all_cpu_s, cpu_s() - cpu0_s);
    }
    printf("%u x %u px, %u bands, guard band %u px, %u threads\n", view.width_px, view.height_px,
           view.band_count, view.guard_px, bt_jobs_threads(jobs));
    printf("  point spread %.3f s, readout %.3f s, development %.3f s: %.3f s;\n"
           "  core seconds: %.3f for the point spread, %.3f for all\n",
           spread_s, read_s, develop_s, spread_s + read_s + develop_s, spread_cpu_s, all_cpu_s);
    bt_free(raw);
    bt_free(rgb);
    bt_film_destroy(film);
    bt_film_destroy(picture);
}

int main(int argc, char **argv)
{
    static const char *const roots[] = {"assets"};
    static bt_camera_sheet sheet;
    bt_jobs *jobs = NULL;
    bt_camera *camera = NULL;
    CHECK_OK(
        bt_camera_sheet_load(argc > 1 ? argv[1] : "cameras/front_glass.lua", roots, 1, &sheet));
    CHECK_OK(bt_jobs_create(argc > 4 ? (uint32_t)atoi(argv[4]) : 2, &jobs));
    bt_camera_desc desc = {.sheet = &sheet,
                           .width_px = argc > 3 ? (uint32_t)atoi(argv[2]) : 1280,
                           .height_px = argc > 3 ? (uint32_t)atoi(argv[3]) : 960};
    double begun_s = bt_clock_s();
    CHECK_OK(bt_camera_create(&desc, jobs, &camera));
    printf("camera made in %.2f s, %.2f core seconds\n", bt_clock_s() - begun_s, cpu_s());
    if (camera) {
        if (camera->kernel)
            printf("  filter sigma %.3f px, %u x %u nodes, near to %d px, kernels %.1f MB, spectra "
                   "%.1f MB\n",
                   camera->kernel->filter_sigma_px, camera->kernel->nodes_x,
                   camera->kernel->nodes_y, camera->kernel->near_radius,
                   1e-6 * (double)camera->kernel->bytes,
                   1e-6 * (double)bt_spread_bytes(camera->spread));
        measure(camera, jobs);
    }
    printf("  memory: at most %.1f MB\n", 1e-6 * (double)bt_memory_high_water());
    bt_camera_destroy(camera);
    bt_jobs_destroy(jobs);
    return check_end();
}
