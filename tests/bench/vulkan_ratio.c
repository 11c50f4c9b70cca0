// vulkan_ratio.c: paths per second on the Vulkan device at hand against the CPU backend, on the first
// instant of a scenario, in turns; and how far apart the two films are.
//   bench.vulkan_ratio [SCENARIO.lua width height samples rounds]
#include "engine/app/production.h"
#include "engine/core/file.h"
#include "engine/render/vulkan/device.h"
#include "tests/bench/first_instant.h"
#include "tests/engine/render/render_fixture.h"
#include "tests/support/machine.h"

typedef struct measure {
    uint32_t width, height, samples;
    int rounds;
} measure;

typedef struct backend {
    bt_renderer *renderer;
    bt_stage *stage;
    bt_film *film;
    double best_s, busy_s; // of the best film: all of it, and what a device's kernels took
} backend;

static void film_once(backend *b, const bt_view *view, const measure *m, const bt_vulkan *vulkan,
                      bt_jobs *jobs)
{
    bt_render_settings settings = {.samples = m->samples};
    double begun_s = bt_clock_s(), busy_s = bt_vulkan_busy_s(vulkan);
    CHECK_OK(bt_render_film(b->stage, view, FX_LABEL_NS, &settings, jobs, b->film));
    double took_s = bt_clock_s() - begun_s;
    if (took_s >= b->best_s) return;
    b->best_s = took_s;
    b->busy_s = bt_vulkan_busy_s(vulkan) - busy_s;
}

static void report(const backend *cpu, const backend *device, const measure *m)
{
    double sums[2] = {0.0, 0.0}, same = 0.0;
    size_t count = bt_film_plane_stride(cpu->film) * cpu->film->plane_count;
    for (size_t i = 0; i < count; i++) {
        double a = (double)cpu->film->rate_e_s[i], b = (double)device->film->rate_e_s[i];
        sums[0] += a;
        sums[1] += b;
        same += fabs(a - b) <= 1e-4 * fabs(a);
    }
    double paths = (double)m->width * m->height * m->samples * 1e-6;
    printf("  CPU %.3f s: %.4f Mpaths/s; device %.3f s: %.4f Mpaths/s; ratio %.3f\n", cpu->best_s,
           paths / cpu->best_s, device->best_s, paths / device->best_s,
           cpu->best_s / device->best_s);
    printf("  kernels %.3f s of it: %.2f Mpaths/s\n", device->busy_s, paths / device->busy_s);
    printf("  means: ratio %.5f; %.2f %% of values the same within 1e-4\n", sums[1] / sums[0],
           100.0 * same / (double)count);
}

static void compare(bt_production *p, bt_vulkan *vulkan, const measure *m, bt_jobs *jobs)
{
    bt_view view;
    backend both[2] = {{.renderer = p->leg.renderer, .best_s = 1e30}, {.best_s = 1e30}};
    bt_drive_camera *camera = &p->cameras[0];
    bt_camera_view(camera->camera, &camera->state, camera->vehicle_from_cam, &view);
    view.guard_px = 0; // paths are counted by the picture
    bt_snapshot *snapshot = first_frame(p, &view, FX_LABEL_NS);
    CHECK_OK(bt_renderer_create(p->leg.world, &both[1].renderer));
    CHECK_OK(bt_renderer_use_vulkan(both[1].renderer, vulkan));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(bt_stage_create(both[i].renderer, snapshot, NULL, 0, &both[i].stage));
        CHECK_OK(bt_film_create_view(&view, &both[i].film));
    }
    double begun_s = bt_clock_s();
    measure first = *m;
    first.samples = 1;
    film_once(&both[1], &view, &first, vulkan, jobs);
    printf("  the first film, with what the driver compiles: %.1f s\n", bt_clock_s() - begun_s);
    both[1].best_s = 1e30;
    for (int round = 0; round < m->rounds && check_failed_count == 0; round++)
        for (int i = 0; i < 2; i++)
            film_once(&both[i], &view, m, vulkan, jobs);
    if (check_failed_count == 0) report(&both[0], &both[1], m);
    for (int i = 0; i < 2; i++) {
        bt_film_destroy(both[i].film);
        bt_stage_destroy(both[i].stage);
    }
    bt_renderer_destroy(both[1].renderer);
    bt_snapshot_destroy(snapshot);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "scenarios/first_drive.lua";
    measure m = {.width = argc > 2 ? (uint32_t)atoi(argv[2]) : 96,
                 .height = argc > 3 ? (uint32_t)atoi(argv[3]) : 60,
                 .samples = argc > 4 ? (uint32_t)atoi(argv[4]) : 8,
                 .rounds = argc > 5 ? atoi(argv[5]) : 3};
    char assets[4096], name[256];
    bt_settings settings = {0};
    bt_scenario scenario = {0};
    bt_production p = {0};
    bt_vulkan *vulkan = NULL;
    bt_jobs *jobs = NULL;
    bt_vulkan_desc device = {0};
    CHECK_OK(bt_vulkan_create(&device, &vulkan));
    CHECK_OK(bt_jobs_create(0, &jobs));
    CHECK_OK(bt_assets_find(assets, sizeof assets));
    CHECK_OK(bt_scenario_load(path, assets, &settings, NULL, &scenario));
    bt_production_desc desc = {
        .scenario = &scenario, .assets = assets, .width_px = m.width, .height_px = m.height};
    if (check_failed_count == 0) CHECK_OK(bt_production_init(&desc, &p));
    if (check_failed_count == 0) {
        machine_name(name, sizeof name);
        printf("%s: %s, %u threads, against %s\n", path, name, bt_jobs_threads(jobs),
               bt_vulkan_name(vulkan));
        compare(&p, vulkan, &m, jobs);
    }
    bt_production_clear(&p);
    bt_scenario_clear(&scenario);
    bt_jobs_destroy(jobs);
    bt_vulkan_destroy(vulkan);
    return check_failed_count > 0;
}
