// vulkan_rays.c: paths per second of the Vulkan device at hand by the compute kernels and by its own ray
// tracing, on the first instant of a scenario, in turns; what each stage takes, and how far apart the two
// films are.
//   bench.vulkan_rays [SCENARIO.lua width height samples rounds]
#include "engine/core/file.h"
#include "engine/render/bvh.h"
#include "engine/render/internal.h"
#include "engine/render/vulkan/device.h"
#include "tests/bench/first_instant.h"
#include "tests/bench/measure.h"
#include "tests/engine/render/render_fixture.h"

typedef struct way {
    const char *name;
    bt_vulkan *vulkan;
    bt_renderer *renderer;
    bt_stage *stage;
    bt_film *film;
    double best_s, busy_s;                 // of the best film: all of it, and its kernels
    double stage_s[BT_VULKAN_PATH_STAGES]; // of that film
} way;

static void film_once(way *w, const bt_view *view, uint32_t samples, bt_jobs *jobs)
{
    bt_render_settings settings = {.samples = samples};
    double stage_s[BT_VULKAN_PATH_STAGES];
    for (int i = 0; i < BT_VULKAN_PATH_STAGES; i++)
        stage_s[i] = bt_vulkan_stage_s(w->vulkan, i);
    double begun_s = bt_clock_s(), busy_s = bt_vulkan_busy_s(w->vulkan);
    CHECK_OK(bt_render_film(w->stage, view, FX_LABEL_NS, &settings, jobs, w->film));
    double took_s = bt_clock_s() - begun_s;
    if (took_s >= w->best_s) return;
    w->best_s = took_s;
    w->busy_s = bt_vulkan_busy_s(w->vulkan) - busy_s;
    for (int i = 0; i < BT_VULKAN_PATH_STAGES; i++)
        w->stage_s[i] = bt_vulkan_stage_s(w->vulkan, i) - stage_s[i];
}

static void way_begin(way *w, const bt_world *world, const bt_snapshot *snapshot,
                      const bt_view *view, bt_jobs *jobs)
{
    double begun_s = bt_clock_s();
    CHECK_OK(bt_renderer_create(world, &w->renderer));
    CHECK_OK(bt_renderer_use_vulkan(w->renderer, w->vulkan));
    double world_s = bt_clock_s() - begun_s;
    CHECK_OK(bt_stage_create(w->renderer, snapshot, NULL, 0, &w->stage));
    double stage_s = bt_clock_s() - begun_s - world_s;
    CHECK_OK(bt_film_create_view(view, &w->film));
    w->best_s = 1e30;
    film_once(w, view, 1, jobs);
    printf("  %s: world %.2f s, stage %.2f s, first film with what the driver compiles %.1f s\n",
           w->name, world_s, stage_s, w->best_s);
    w->best_s = 1e30;
}

static void report(const way *w, const measure *m)
{
    double paths = measure_mpaths(m), all_s = 0.0;
    for (int i = 0; i < BT_VULKAN_PATH_STAGES; i++)
        all_s += w->stage_s[i];
    printf("  %s: %.3f s: %.2f Mpaths/s; kernels %.3f s: %.2f Mpaths/s; by the device's clock "
           "%.3f s: begin %.1f %%, rays %.1f %%, sort %.1f %%, meet %.1f %%, shadows %.1f %%, end "
           "%.1f %%\n",
           w->name, w->best_s, paths / w->best_s, w->busy_s, paths / w->busy_s, all_s,
           100.0 * w->stage_s[BT_VULKAN_PATH_BEGIN] / all_s,
           100.0 * w->stage_s[BT_VULKAN_PATH_RAYS] / all_s,
           100.0 * w->stage_s[BT_VULKAN_PATH_SORT] / all_s,
           100.0 * (w->stage_s[BT_VULKAN_PATH_MEET] + w->stage_s[BT_VULKAN_PATH_MEET_FOG]) / all_s,
           100.0 * w->stage_s[BT_VULKAN_PATH_SHADOWS] / all_s,
           100.0 * w->stage_s[BT_VULKAN_PATH_END] / all_s);
}

static void compare(const way ways[2])
{
    film_likeness like = film_likeness_of(ways[0].film, ways[1].film);
    printf("  own rays / kernels: speed %.3f, of rays alone %.3f, of shadows alone %.3f; means "
           "%.5f; %.2f %% of values the same within 1e-4\n",
           ways[0].best_s / ways[1].best_s,
           ways[0].stage_s[BT_VULKAN_PATH_RAYS] / ways[1].stage_s[BT_VULKAN_PATH_RAYS],
           ways[0].stage_s[BT_VULKAN_PATH_SHADOWS] / ways[1].stage_s[BT_VULKAN_PATH_SHADOWS],
           like.means, like.same_percent);
}

static void run(bt_production *p, way ways[2], const measure *m, bt_jobs *jobs)
{
    bt_view view;
    bt_snapshot *snapshot = first_picture(p, FX_LABEL_NS, &view); // by which paths are counted
    for (int i = 0; i < 2; i++)
        way_begin(&ways[i], p->leg.world, snapshot, &view, jobs);
    uint32_t moving = 0;
    for (uint32_t i = 0; i < ways[0].stage->count; i++)
        moving += bt_placed_moves(&ways[0].stage->placed[i]);
    printf("  %u things, %u of them move\n", ways[0].stage->count, moving);
    for (int round = 0; round < m->rounds && check_failed_count == 0; round++)
        for (int i = 0; i < 2; i++)
            film_once(&ways[i], &view, m->samples, jobs);
    for (int i = 0; i < 2 && check_failed_count == 0; i++)
        report(&ways[i], m);
    if (check_failed_count == 0) compare(ways);
    for (int i = 0; i < 2; i++) {
        bt_film_destroy(ways[i].film);
        bt_stage_destroy(ways[i].stage);
        bt_renderer_destroy(ways[i].renderer);
    }
    bt_snapshot_destroy(snapshot);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "scenarios/first_drive.lua";
    measure m = measure_of(argc, argv, (measure){96, 60, 8, 3});
    bt_settings settings = {0};
    prepared p;
    way ways[2] = {{.name = "kernels"}, {.name = "own rays"}};
    bt_jobs *jobs = NULL;
    for (int i = 0; i < 2; i++) {
        bt_vulkan_desc device = {.own_rays = i == 1, .timed = true};
        CHECK_OK(bt_vulkan_create(&device, &ways[i].vulkan));
    }
    CHECK_OK(bt_jobs_create(0, &jobs));
    prepared_init(path, &settings, m.width, m.height, NULL, &p);
    if (check_failed_count == 0) {
        printf("%s: %s, %u x %u, %u samples\n", path, bt_vulkan_name(ways[1].vulkan), m.width,
               m.height, m.samples);
        if (bt_vulkan_has_own_rays(ways[1].vulkan))
            run(&p.production, ways, &m, jobs);
        else
            printf("  it has no ray tracing of its own\n");
    }
    prepared_clear(&p);
    bt_jobs_destroy(jobs);
    for (int i = 0; i < 2; i++)
        bt_vulkan_destroy(ways[i].vulkan);
    return check_failed_count > 0;
}
