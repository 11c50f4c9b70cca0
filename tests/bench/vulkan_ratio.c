// vulkan_ratio.c: paths per second on the Vulkan device at hand against the CPU backend, on the first
// instant of a scenario, in turns; and how far apart the two films are.
//   bench.vulkan_ratio [SCENARIO.lua width height samples rounds]
#include "engine/core/file.h"
#include "engine/render/vulkan/device.h"
#include "tests/bench/first_instant.h"
#include "tests/bench/measure.h"
#include "tests/engine/render/render_fixture.h"
#include "tests/support/machine.h"

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
    film_likeness like = film_likeness_of(cpu->film, device->film);
    double paths = measure_mpaths(m);
    printf("  CPU %.3f s: %.4f Mpaths/s; device %.3f s: %.4f Mpaths/s; ratio %.3f\n", cpu->best_s,
           paths / cpu->best_s, device->best_s, paths / device->best_s,
           cpu->best_s / device->best_s);
    printf("  kernels %.3f s of it: %.2f Mpaths/s\n", device->busy_s, paths / device->busy_s);
    printf("  means: ratio %.5f; %.2f %% of values the same within 1e-4\n", like.means,
           like.same_percent);
}

static void compare(bt_production *p, bt_vulkan *vulkan, const measure *m, bt_jobs *jobs)
{
    bt_view view;
    backend both[2] = {{.renderer = p->leg.renderer, .best_s = 1e30}, {.best_s = 1e30}};
    bt_snapshot *snapshot = first_picture(p, FX_LABEL_NS, &view); // by which paths are counted
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
    // a device that waited while the CPU rendered has slowed its clocks (an H200 to 345 MHz of 1980): it renders twice
    // in a row, the second time awake
    for (int round = 0; round < m->rounds && check_failed_count == 0; round++)
        for (int i = 0; i < 3; i++)
            film_once(&both[i > 0], &view, m, vulkan, jobs);
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
    measure m = measure_of(argc, argv, (measure){96, 60, 8, 3});
    char name[256];
    bt_settings settings = {0};
    prepared p;
    bt_vulkan *vulkan = NULL;
    bt_jobs *jobs = NULL;
    bt_vulkan_desc device = {0};
    CHECK_OK(bt_vulkan_create(&device, &vulkan));
    CHECK_OK(bt_jobs_create(0, &jobs));
    prepared_init(path, &settings, m.width, m.height, NULL, &p);
    if (check_failed_count == 0) {
        machine_name(name, sizeof name);
        printf("%s: %s, %u threads, against %s\n", path, name, bt_jobs_threads(jobs),
               bt_vulkan_name(vulkan));
        compare(&p.production, vulkan, &m, jobs);
    }
    prepared_clear(&p);
    bt_jobs_destroy(jobs);
    bt_vulkan_destroy(vulkan);
    return check_failed_count > 0;
}
