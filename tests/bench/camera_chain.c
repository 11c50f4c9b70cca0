// camera_chain.c: what everything after the renderer costs a frame: point spread, readout, picture.
//
//   bench.camera_chain [SHEET [WIDTH HEIGHT [THREADS [RUNS [WINDSHIELD]]]]]
//
// By default cameras/front_glass.lua, 1280 960, 2, 5 and no windshield.
//
// A made-up night: a dark ramp, lamps of 1e4 to 1e7 times its light, some beyond the frame. First the
// sheet as it is; then with a fourth filter, clear, in its mosaic: point spread and readout of four
// bands, and the development of the former, since no processor here makes colours of that mosaic.
// Prints wall and core seconds (of all threads together: what a busy machine changes least) of each
// stage, best of the runs, and the memory held and used at most.
#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/render/render.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_internal.h"
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/optics/windshield_lua.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SPREAD, READ, DEVELOP, STAGES };

typedef struct cost {
    double wall_s, core_s;
} cost;

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

static cost now(void)
{
    return (cost){bt_clock_s(), (double)clock() / CLOCKS_PER_SEC};
}

static void keep_best(cost begun, cost *best)
{
    cost ended = now();
    best->wall_s = fmin(best->wall_s, ended.wall_s - begun.wall_s);
    best->core_s = fmin(best->core_s, ended.core_s - begun.core_s);
}

static void measure(const bt_camera *camera, bt_jobs *jobs, int runs, cost costs[STAGES])
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
    for (int i = 0; i < STAGES; i++)
        costs[i] = (cost){1e30, 1e30};
    for (int i = 0; i < runs; i++) {
        cost begun = now();
        CHECK_OK(bt_camera_spread(camera, film, jobs, picture));
        keep_best(begun, &costs[SPREAD]);
        begun = now();
        CHECK_OK(bt_camera_read(camera, &state, picture, 0, jobs, raw));
        keep_best(begun, &costs[READ]);
        begun = now();
        CHECK_OK(bt_camera_develop(camera, &state, raw, jobs, rgb));
        keep_best(begun, &costs[DEVELOP]);
    }
    printf("%u x %u px, %u bands, %u planes, guard band %u px, %u threads, best of %d\n",
           view.width_px, view.height_px, view.band_count, bt_view_planes(&view), view.guard_px,
           bt_jobs_threads(jobs), runs);
    bt_free(raw);
    bt_free(rgb);
    bt_film_destroy(film);
    bt_film_destroy(picture);
}

static void print_costs(const cost costs[STAGES])
{
    static const char *const names[STAGES] = {"point spread", "readout", "development"};
    cost all = {0};
    for (int i = 0; i < STAGES; i++) {
        printf("  %-12s %.3f s, %.3f core seconds\n", names[i], costs[i].wall_s, costs[i].core_s);
        all.wall_s += costs[i].wall_s;
        all.core_s += costs[i].core_s;
    }
    printf("  %-12s %.3f s, %.3f core seconds\n", "all", all.wall_s, all.core_s);
}

static void print_kernel(const bt_camera *camera)
{
    const bt_kernel *k = camera->kernel;
    if (!k) return;
    printf("  filter sigma %.3f px, cores of %u x %u nodes, near to %d px, kernels %.1f MB, "
           "spectra %.1f MB\n",
           k->filter_sigma_px, k->core_grid.columns, k->core_grid.rows, k->near_radius,
           1e-6 * (double)k->bytes, 1e-6 * (double)bt_spread_bytes(camera->spread));
}

static bool measure_sheet(const bt_camera_desc *desc, bt_jobs *jobs, int runs, cost costs[STAGES])
{
    bt_camera *camera = NULL;
    cost begun = now();
    CHECK_OK(bt_camera_create(desc, jobs, &camera));
    cost made = now();
    if (!camera) return false;
    printf("camera made in %.2f s, %.2f core seconds\n", made.wall_s - begun.wall_s,
           made.core_s - begun.core_s);
    print_kernel(camera);
    measure(camera, jobs, runs, costs);
    bt_camera_destroy(camera);
    return true;
}

// Every other green of a sheet of red, green and blue becomes clear: what all three answer together.
static void add_clear(bt_camera_sheet *sheet)
{
    bt_sheet_curve qe[3];
    memcpy(qe, sheet->qe, sizeof qe);
    CHECK_OK(bt_sheet_set_mosaic(sheet, "GRBC"));
    for (uint32_t b = 0; b < sheet->band_count; b++) {
        bt_filter filter = (bt_filter)sheet->filters[b];
        sheet->qe[b] = qe[filter == BT_FILTER_RED ? 0 : filter == BT_FILTER_BLUE ? 2 : 1];
        for (uint32_t i = 0; filter == BT_FILTER_CLEAR && i < sheet->qe[b].count; i++) {
            double at = sheet->qe[b].at[i], sum = 0.0;
            for (int k = 0; k < 3; k++)
                sum += bt_sheet_curve_at(&qe[k], at, 0.0);
            sheet->qe[b].value[i] = fmin(sum, 1.0);
        }
    }
}

int main(int argc, char **argv)
{
    static const char *const roots[] = {"assets"};
    static bt_camera_sheet sheet;
    static bt_windshield pane;
    bt_jobs *jobs = NULL;
    CHECK_OK(
        bt_camera_sheet_load(argc > 1 ? argv[1] : "cameras/front_glass.lua", roots, 1, &sheet));
    CHECK_OK(bt_jobs_create(argc > 4 ? (uint32_t)atoi(argv[4]) : 2, &jobs));
    if (argc > 6) CHECK_OK(bt_windshield_load(argv[6], roots, 1, &pane));
    bt_camera_desc desc = {.sheet = &sheet,
                           .windshield = argc > 6 ? &pane : NULL,
                           .vehicle_from_cam =
                               bt_camera_mount(1.75, 0.0, 1.34, 0.0, BT_RAD_PER_DEG, 0.0),
                           .width_px = argc > 3 ? (uint32_t)atoi(argv[2]) : 1280,
                           .height_px = argc > 3 ? (uint32_t)atoi(argv[3]) : 960};
    int runs = argc > 5 ? atoi(argv[5]) : 5;
    cost plain[STAGES], four[STAGES];
    if (measure_sheet(&desc, jobs, runs, plain)) print_costs(plain);
    if (bt_sheet_is_bayer(&sheet)) {
        add_clear(&sheet);
        if (measure_sheet(&desc, jobs, runs, four)) {
            four[DEVELOP] = plain[DEVELOP];
            print_costs(four);
        }
    }
    printf("  memory: at most %.1f MB\n", 1e-6 * (double)bt_memory_high_water());
    bt_jobs_destroy(jobs);
    return check_end();
}
