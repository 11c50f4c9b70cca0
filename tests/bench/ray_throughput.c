// ray_throughput.c: how much of the path tracer's time is Embree's.
//
// Renders a frame on one thread, then asks Embree alone the same rays again one by one, several
// times in turns, and prints the ratio of the best times: first of a scenario as `blacktop run`
// builds it, then of a generated street of plain surfaces whose rays are short and cheap.
// "street" in the scenario's place: the street alone.
//   bench.ray_throughput [SCENARIO.lua width height samples rounds]
#include "engine/core/random.h"
#include "engine/render/ray_log.h"
#include "tests/bench/first_instant.h"
#include "tests/bench/measure.h"
#include "tests/engine/render/render_fixture.h"
#include "tests/support/machine.h"

#include <time.h>

#define ROAD_M 600.0

// Of this thread's processor time: a busy machine disturbs it less.
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double unit(uint32_t index, uint32_t dim)
{
    return bt_random_unit(1, BT_STREAM_TEST, index, dim);
}

// A strip of bumpy ground, nx x ny quads.
static uint32_t bumpy(fx_scene *s, uint32_t material, double y0, double y1, int nx, int ny,
                      double bump_m)
{
    int across = ny + 1, vertices = (nx + 1) * across;
    float *positions = calloc((size_t)vertices * 3, sizeof(float));
    uint32_t *indices = calloc((size_t)nx * (size_t)ny * 6, sizeof(uint32_t)), *at = indices;
    for (int i = 0; i <= nx; i++)
        for (int k = 0; k <= ny; k++) {
            float *p = positions + 3 * (i * across + k);
            p[0] = (float)(ROAD_M * i / nx - 50.0);
            p[1] = (float)(y0 + (y1 - y0) * k / ny);
            p[2] = (float)(bump_m * unit((uint32_t)(i * across + k), 0));
        }
    for (int i = 0; i < nx; i++)
        for (int k = 0; k < ny; k++) {
            uint32_t a = (uint32_t)(i * across + k), b = a + (uint32_t)across;
            uint32_t six[6] = {a, b, b + 1, a, b + 1, a + 1};
            memcpy(at, six, sizeof six);
            at += 6;
        }
    bt_slot slot = {material, BT_CLASS_ROAD};
    bt_mesh_desc desc = {.name = "strip",
                         .positions = positions,
                         .vertex_count = (uint32_t)vertices,
                         .indices = indices,
                         .triangle_count = (uint32_t)(2 * nx * ny),
                         .slots = &slot,
                         .slot_count = 1};
    uint32_t mesh;
    CHECK_OK(bt_spec_add_mesh(s->spec, &desc, &mesh));
    free(positions);
    free(indices);
    return mesh;
}

// A crown of `count` leaves in a ball.
static uint32_t crown(fx_scene *s, uint32_t material, int count, uint32_t seed)
{
    float *positions = calloc((size_t)count * 9, sizeof(float));
    uint32_t *indices = calloc((size_t)count * 3, sizeof(uint32_t));
    for (int i = 0; i < count; i++) {
        uint32_t n = seed * 100000u + (uint32_t)i;
        double z = 2 * unit(n, 1) - 1, turn = 2 * BT_PI * unit(n, 2), r = 2.2 * cbrt(unit(n, 3));
        double c[3] = {r * sqrt(1 - z * z) * cos(turn), r * sqrt(1 - z * z) * sin(turn), r * z};
        for (int k = 0; k < 9; k++)
            positions[9 * i + k] = (float)(c[k % 3] + 0.12 * (2 * unit(n, 4 + (uint32_t)k) - 1));
        for (int k = 0; k < 3; k++)
            indices[3 * i + k] = (uint32_t)(3 * i + k);
    }
    bt_slot slot = {material, BT_CLASS_VEGETATION};
    bt_mesh_desc desc = {.name = "crown",
                         .positions = positions,
                         .vertex_count = (uint32_t)(3 * count),
                         .indices = indices,
                         .triangle_count = (uint32_t)count,
                         .slots = &slot,
                         .slot_count = 1};
    uint32_t mesh;
    CHECK_OK(bt_spec_add_mesh(s->spec, &desc, &mesh));
    free(positions);
    free(indices);
    return mesh;
}

static void house(fx_scene *s, uint32_t wall, double x, double side, double height)
{
    bt_vec3 up = {0, 0, height}, along = {18, 0, 0}, away = {0, side * 10, 0};
    bt_vec3 front = {0, 0, 0}, roof = up;
    fx_static(s, fx_quad(s, wall, front, along, up), x, side * 12, 0);
    fx_static(s, fx_quad(s, wall, front, up, away), x, side * 12, 0);
    fx_static(s, fx_quad(s, wall, (bt_vec3){18, 0, 0}, up, away), x, side * 12, 0);
    fx_static(s, fx_quad(s, wall, roof, along, away), x, side * 12, 0);
}

static void street(fx_scene *s)
{
    uint32_t asphalt = fx_plain(s, "asphalt", BT_MATERIAL_COATED, 0.1, 0.8f);
    uint32_t grass = fx_plain(s, "grass", BT_MATERIAL_DIFFUSE, 0.2, 0.5f);
    uint32_t wall = fx_plain(s, "wall", BT_MATERIAL_DIFFUSE, 0.5, 0.3f);
    uint32_t paint = fx_plain(s, "paint", BT_MATERIAL_COATED, 0.4, 0.15f);
    uint32_t chrome = fx_plain(s, "chrome", BT_MATERIAL_CONDUCTOR, 0.8, 0.2f);
    bt_material m = {.kind = BT_MATERIAL_LEAF,
                     .reflectance = fx_flat(s, 0.1),
                     .reflectance2 = fx_flat(s, 0.1),
                     .emission = BT_NO_SPECTRUM,
                     .roughness = 0.5f};
    uint32_t leaf = fx_material(s, "leaf", m);
    fx_static(s, bumpy(s, asphalt, -4, 4, 3000, 32, 0.004), 0, 0, 0);
    fx_static(s, bumpy(s, grass, -150, -4, 1000, 80, 0.1), 0, 0, -0.1);
    fx_static(s, bumpy(s, grass, 4, 150, 1000, 80, 0.1), 0, 0, -0.1);
    uint32_t body = fx_sphere(s, paint, 0.9, 64), ball = fx_sphere(s, chrome, 0.4, 48);
    uint32_t crowns[3] = {crown(s, leaf, 9000, 1), crown(s, leaf, 9000, 2),
                          crown(s, leaf, 9000, 3)};
    for (uint32_t i = 0; i < 40; i++) {
        fx_static(s, body, 8.0 + 9.0 * i, i & 1 ? 2.0 : -2.0, 0.9);
        fx_static(s, ball, 12.0 + 9.0 * i, i & 1 ? -3.4 : 3.4, 0.4);
        for (uint32_t side = 0; side < 2; side++)
            fx_static(s, crowns[i % 3], 10.0 + 12.0 * i, side ? 7.5 : -7.5, 4.0);
    }
    for (uint32_t i = 0; i < 20; i++) {
        house(s, wall, 5.0 + 25.0 * i, 1.0, 5.0 + 2.0 * (i % 4));
        house(s, wall, 5.0 + 25.0 * i, -1.0, 4.0 + 2.0 * (i % 5));
    }
}

static void measure_stage(const bt_stage *stage, const bt_view *view, bt_time_ns label_ns,
                          const measure *m)
{
    bt_render_settings settings = {.samples = m->samples};
    bt_film *film = NULL;
    bt_ray_log log = {0};
    CHECK_OK(bt_film_create_view(view, &film));
    CHECK_OK(bt_render_film_logged(stage, view, label_ns, &settings, film, &log));
    CHECK(!log.lost && log.count > 0);
    double best_frame = 1e30, best_bare = 1e30;
    uint64_t hits = 0;
    for (int i = 0; i < m->rounds; i++) {
        double start = seconds();
        CHECK_OK(bt_render_film(stage, view, label_ns, &settings, NULL, film));
        best_frame = fmin(best_frame, seconds() - start);
        start = seconds();
        hits = bt_ray_log_replay(stage, &log);
        best_bare = fmin(best_bare, seconds() - start);
    }
    double paths = (double)view->width_px * view->height_px * m->samples;
    double rays = (double)log.count;
    printf("  %.2f rays per path, %.0f %% of them meet something\n", rays / paths,
           100.0 * (double)hits / rays);
    printf("  path tracer %.3f s: %.2f Mpaths/s, %.2f Mrays/s\n", best_frame,
           1e-6 * paths / best_frame, 1e-6 * rays / best_frame);
    printf("  bare Embree %.3f s: %.2f Mrays/s\n", best_bare, 1e-6 * rays / best_bare);
    printf("  ratio %.3f\n", best_bare / best_frame);
    bt_ray_log_clear(&log);
    bt_film_destroy(film);
}

// The first instant of a scenario, through its first camera.
static void measure_production(bt_production *p, const measure *m)
{
    bt_view view;
    bt_snapshot *snapshot = first_picture(p, FX_LABEL_NS, &view); // by which paths are counted
    bt_stage *stage = NULL;
    CHECK_OK(bt_stage_create(p->leg.renderer, snapshot, NULL, 0, &stage));
    measure_stage(stage, &view, FX_LABEL_NS, m);
    bt_stage_destroy(stage);
    bt_snapshot_destroy(snapshot);
}

static void measure_scenario(const char *path, const measure *m)
{
    bt_settings settings = {0};
    prepared p;
    prepared_init(path, &settings, m->width, m->height, NULL, &p);
    if (check_failed_count == 0) {
        printf("%s: %u triangles, %u instances\n", path, p.production.leg.world->triangle_count,
               p.production.leg.world->instance_count);
        measure_production(&p.production, m);
    }
    prepared_clear(&p);
}

static void measure_street(const measure *m)
{
    fx_scene s;
    fx_begin(&s);
    street(&s);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, -2, 1.3}, (bt_vec3){20, -1.5, 1.2}));
    printf("generated street: %u triangles, %u instances\n", s.world->triangle_count,
           s.world->instance_count);
    bt_view view = fx_view(m->width, m->height, 0.8 * m->width);
    measure_stage(s.stage, &view, FX_LABEL_NS, m);
    fx_end(&s);
}

int main(int argc, char **argv)
{
    const char *scenario = argc > 1 ? argv[1] : "scenarios/first_drive.lua";
    measure m = measure_of(argc, argv, (measure){192, 120, 32, 5});
    char name[256];
    machine_name(name, sizeof name);
    printf("%s, one thread, %u x %u px, %u samples (target of the ratio: 0.8)\n", name, m.width,
           m.height, m.samples);
    if (strcmp(scenario, "street") != 0) measure_scenario(scenario, &m);
    measure_street(&m);
    return check_failed_count > 0;
}
