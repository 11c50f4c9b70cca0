// film_test.c: films traced on a Vulkan device against those of Embree: the same samples, so nearly
// every pixel is the same, and the rest differ where a rounding sent one path another way.
#include "tests/engine/render/render_fixture.h"
#include "tests/engine/render/vulkan/vulkan_fixture.h"

#include "engine/core/file.h"

#define WIDTH 32
#define HEIGHT 20
#define SAMPLES 4

typedef struct weather_case {
    const char *name;
    double sun_elevation_rad, fog_range_m;
} weather_case;

static uint32_t lamp_material(fx_scene *s, double radiance)
{
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(s, 0.1),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(s, 1.0),
                     .emission_scale = (float)radiance};
    return fx_material(s, "lamp", m);
}

// A patterned ground, one ball of each kind of material, a pane, a moving ball, two lamps.
static void fill(fx_scene *s, bool night)
{
    bt_material road = {.kind = BT_MATERIAL_COATED,
                        .pattern = BT_PATTERN_ASPHALT,
                        .reflectance = fx_flat(s, 0.1),
                        .reflectance2 = fx_flat(s, 0.05),
                        .emission = BT_NO_SPECTRUM,
                        .roughness = 0.8f,
                        .roughness2 = 0.5f,
                        .strength = 0.5f,
                        .bump = 0.5f,
                        .wear = 0.5f};
    uint32_t asphalt = fx_material(s, "asphalt", road);
    fx_static(
        s, fx_quad(s, asphalt, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
        0, 0, 0);
    for (uint32_t kind = 0; kind < BT_MATERIAL_KIND_COUNT; kind++) {
        char name[16];
        snprintf(name, sizeof name, "kind %u", kind);
        uint32_t material = fx_plain(s, name, kind, 0.5, 0.3f);
        fx_static(s, fx_sphere(s, material, 0.45, 12), 5.0 + 1.1 * (kind / 3),
                  1.1 * (kind % 3) - 1.1, 0.5);
    }
    uint32_t pane = fx_plain(s, "pane", BT_MATERIAL_GLASS_THIN, 0.8, 0.0f);
    fx_static(s, fx_quad(s, pane, (bt_vec3){4, -2, 0}, (bt_vec3){0, 2, 0}, (bt_vec3){0.2, 0, 2}), 0,
              0, 0);
    uint32_t lamp = lamp_material(s, night ? 3.0 : 0.01);
    fx_static(s, fx_quad(s, lamp, (bt_vec3){6, -1, 3}, (bt_vec3){0, 0.3, 0}, (bt_vec3){0.3, 0, 0}),
              0, 0, 0);
    fx_static(s, fx_quad(s, lamp, (bt_vec3){9, 3, 1}, (bt_vec3){0, 0, 0.3}, (bt_vec3){0, 0.3, 0}),
              0, 0, 0);
    fx_actor(s, fx_sphere(s, fx_plain(s, "gloss", BT_MATERIAL_COATED, 0.5, 0.2f), 0.4, 12));
}

static void place(fx_scene *s)
{
    bt_pose from[2] = {fx_look((bt_vec3){0, 0, 1.4}, (bt_vec3){6, 0, 0.7}),
                       {{4.5, -1.0, 0.6}, {1, 0, 0, 0}}};
    bt_pose to[2] = {from[0], {{4.5, 1.5, 0.6}, {0, 0, 0, 1}}};
    to[0].pos.x += 0.5;
    fx_place(s, from, to, 200 * BT_NS_PER_MS, 800 * BT_NS_PER_MS);
}

static bt_view make_view(void)
{
    bt_view v = fx_view(WIDTH, HEIGHT, 0.9 * WIDTH);
    v.exposure_ns = 2e8;
    v.row_time_ns = 5e6;
    v.filter_sigma_px = 0.45f;
    v.band_count = 3;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        for (int b = 0; b < 3; b++)
            v.response[b][i] = i / 27 == 2 - b ? 1.0f : 0.1f;
    return v;
}

// The share of pixels that agree within 1e-4, and the ratio of the means.
static void compare(const char *name, const bt_film *cpu, const bt_film *gpu)
{
    double sum_cpu = 0.0, sum_gpu = 0.0, sum_variance = 0.0, beyond = 0.0;
    size_t same = 0, count = (size_t)WIDTH * HEIGHT * 3;
    for (size_t i = 0; i < count; i++) {
        double a = (double)cpu->rate_e_s[i], b = (double)gpu->rate_e_s[i];
        double error = sqrt((double)cpu->variance_e2_s2[i] + (double)gpu->variance_e2_s2[i]);
        sum_cpu += a;
        sum_gpu += b;
        sum_variance += error * error;
        same += fabs(a - b) <= 1e-4 * fmax(fabs(a), 1e-12);
        beyond += fabs(a - b) > 4.0 * error + 1e-4 * fabs(a);
    }
    double ratio = sum_gpu / sum_cpu;
    printf("%s: mean %.6g, ratio %.6f, %.2f %% of values the same within 1e-4, %g beyond noise\n",
           name, sum_cpu / (double)count, ratio, 100.0 * (double)same / (double)count, beyond);
    CHECK(sum_cpu > 0.0);
    CHECK_NEAR(ratio, 1.0, 1e-3);
    CHECK((double)same > 0.97 * (double)count);
    CHECK(beyond <= 0.002 * (double)count);
}

static void test_case(bt_vulkan *vulkan, const weather_case *w)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = w->sun_elevation_rad;
    s.weather.fog_range_m = w->fog_range_m;
    fill(&s, w->sun_elevation_rad < 0.0);
    fx_compile(&s);
    place(&s);
    bt_view view = make_view();
    bt_render_settings settings = {.samples = SAMPLES, .seed = 5, .frame = 2};
    bt_film *cpu = fx_render(&s, &view, &settings, NULL);
    bt_stage_destroy(s.stage);
    CHECK_OK(bt_renderer_use_vulkan(s.renderer, vulkan));
    CHECK_OK(bt_stage_create(s.renderer, s.snapshot, NULL, 0, &s.stage));
    double begun_s = bt_clock_s();
    bt_film *gpu = fx_render(&s, &view, &settings, NULL);
    double took_s = bt_clock_s() - begun_s;
    compare(w->name, cpu, gpu);
    bt_film *again = fx_render(&s, &view, &settings, NULL);
    CHECK(memcmp(again->rate_e_s, gpu->rate_e_s, (size_t)WIDTH * HEIGHT * 3 * sizeof(float)) == 0);
    printf("%s: %.2f s\n", w->name, took_s);
    bt_film_destroy(again);
    bt_film_destroy(cpu);
    bt_film_destroy(gpu);
    fx_end(&s);
}

int main(void)
{
    static const weather_case cases[] = {
        {"day", 0.7, 0.0}, {"night", -0.6, 0.0}, {"fog", 0.5, 40.0}};
    bt_vulkan *vulkan = vk_open();
    if (!vulkan) return CHECK_SKIP;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        test_case(vulkan, &cases[i]);
    vk_close(vulkan);
    return check_end();
}
