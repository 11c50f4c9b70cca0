// fall_cost.c: what it costs to let rain fall: placing drops and building the stage they are in.
//
//   bench.fall_cost [RAIN_MM_H SNOW_MM_H]
#include "procedural/weather/precipitation.h"
#include "tests/engine/render/render_fixture.h"

#include <sys/resource.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double resident_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

static void measure(fx_scene *s, const bt_precipitation *p, uint32_t budget)
{
    bt_fall_view view = {.half_angle_rad = 0.6, .budget = budget};
    fx_place_still(s, fx_look((bt_vec3){0, 0, 1.5}, (bt_vec3){9, 0, 1.5}));
    bt_stage_destroy(s->stage);
    double before = resident_mib(), start = seconds();
    CHECK_OK(bt_precipitation_place(p, &view, s->snapshot));
    double placed = seconds();
    CHECK_OK(bt_stage_create(s->renderer, s->snapshot, NULL, 0, &s->stage));
    double built = seconds();
    bt_view v = fx_view(320, 200, 300.0);
    v.exposure_ns = 1e6;
    bt_render_settings settings = {.samples = 8};
    bt_film *film = fx_render(s, &v, &settings, NULL);
    printf("%6u placed: %.3f s, stage %.3f s, %.0f MiB more; 320x200 at 8 samples %.2f s\n",
           s->snapshot->particle_count, placed - start, built - placed, resident_mib() - before,
           seconds() - built);
    bt_film_destroy(film);
    bt_snapshot_destroy(s->snapshot);
    bt_stage_destroy(s->stage);
    bt_pose_history_destroy(s->history);
    CHECK_OK(bt_pose_history_create(s->world, 4, &s->history));
}

int main(int argc, char **argv)
{
    fx_scene s;
    bt_precipitation p;
    bt_weather weather = {.rain_mm_h = argc > 1 ? atof(argv[1]) : 20.0,
                          .snow_mm_h = argc > 2 ? atof(argv[2]) : 0.0};
    fx_begin(&s);
    CHECK_OK(bt_precipitation_create(s.spec, &weather, 7, &p));
    uint32_t ground = fx_plain(&s, "ground", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    fx_static(
        &s, fx_quad(&s, ground, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
        0, 0, 0);
    fx_compile(&s);
    for (uint32_t budget = 1; budget <= 100000; budget = budget == 1 ? 1000 : budget * 10)
        measure(&s, &p, budget);
    return check_failed_count > 0;
}
