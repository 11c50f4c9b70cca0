// film_test.c: films traced on a Vulkan device against those of Embree: the same samples, so nearly
// every pixel is the same, and the rest differ where a rounding sent one path another way. In the mean
// those even out, of so many samples. A GPU rounds its divisions otherwise and turns more paths.
#include "tests/engine/render/vulkan/toy_world.h"
#include "tests/engine/render/vulkan/vulkan_fixture.h"

#include "engine/core/file.h"

#define SAMPLES_OF_PIXELS 4u // by which values are the same
#define SAMPLES_OF_MEAN 32u
#define SAMPLES_OF_GPU 256u // both, on hardware

typedef struct weather_case {
    const char *name;
    double sun_elevation_rad, fog_range_m;
    bool glass;   // a wet pane and a pupil before the camera
    bool cancels; // asks to stop in the end: nothing is rendered in this program after that
} weather_case;

// The share of pixels that agree within 1e-4, and the ratio of the means.
static void compare(const char *name, const bt_film *cpu, const bt_film *gpu, bool same_values,
                    bool same_mean)
{
    double sum_cpu = 0.0, sum_gpu = 0.0, sum_variance = 0.0, beyond = 0.0;
    size_t same = 0, count = bt_film_plane_stride(cpu) * cpu->plane_count;
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
    if (same_mean) CHECK_NEAR(ratio, 1.0, 1e-3);
    // what moves is placed a hundredth of a millimetre apart (bvh_test), which turns a path now and then
    CHECK(!same_values || (double)same > 0.95 * (double)count);
    CHECK(beyond <= 0.002 * (double)count);
}

static void add_glass(bt_view *view)
{
    view->pupil = (bt_pupil){.radius_m = 2e-3f, .focus_m = 4.0f, .blades = 6};
    view->shield = (bt_shield){.on = 1,
                               .turn = {1, 0, 0, 0, 0.6f, 0.8f, 0, -0.8f, 0.6f},
                               .offset = {0, -0.04f, -0.03f},
                               .index = 1.52f,
                               .half_x = 1.0f,
                               .half_y = 1.0f,
                               .inner = {.bend_x = 0.25f},
                               .outer = {.height = 5e-3f, .slope_y = 1e-4f, .bend_x = 0.25f},
                               .drop_mean = 1.0f,
                               .drop_cell_m = 6e-3f,
                               .drop_radius_m = 1e-3f,
                               .drop_sigma = 0.4f,
                               .drop_fill_s = 1.0f,
                               .drop_sin = 0.6f,
                               .drop_cos = 0.8f,
                               .drop_index = 1.333f,
                               .period_s = 1.4f,
                               .stroke_s = 0.5f,
                               .blade_half_m = 6e-3f,
                               .wiper_count = 1,
                               .wipers = {{0, -0.5f, 0.1f, 0.8f, 0.1f, 2.8f}}};
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        view->glass[i] = 1.53f - 1e-4f * (float)i;
        view->glass[BT_SPECTRUM_BINS + i] = 20.0f + (float)i;
    }
}

static void test_case(bt_vulkan *vulkan, const weather_case *w, bool cancels)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = w->sun_elevation_rad;
    s.weather.fog_range_m = w->fog_range_m;
    toy_fill(&s, w->sun_elevation_rad < 0.0 ? 3.0 : 0.01);
    fx_compile(&s);
    toy_place(&s);
    bt_view view = toy_view();
    if (w->glass) add_glass(&view);
    bool software = bt_vulkan_is_software(vulkan);
    bt_render_settings settings[2] = {{.samples = SAMPLES_OF_PIXELS, .seed = 5, .frame = 2},
                                      {.samples = SAMPLES_OF_MEAN, .seed = 5, .frame = 2}};
    if (!software) settings[0].samples = settings[1].samples = SAMPLES_OF_GPU;
    bt_film *cpu[2], *gpu[2];
    for (int i = 0; i < 2; i++)
        cpu[i] = fx_render(&s, &view, &settings[i], NULL);
    bt_stage_destroy(s.stage);
    CHECK_OK(bt_renderer_use_vulkan(s.renderer, vulkan));
    CHECK_OK(bt_stage_create(s.renderer, s.snapshot, NULL, 0, &s.stage));
    for (int i = 0; i < 2; i++) {
        double begun_s = bt_clock_s();
        gpu[i] = fx_render(&s, &view, &settings[i], NULL);
        printf("%s: %u samples, %.2f s\n", w->name, settings[i].samples, bt_clock_s() - begun_s);
        compare(w->name, cpu[i], gpu[i], software && i == 0, !software || i == 1);
    }
    bt_film *again = fx_render(&s, &view, &settings[0], NULL);
    CHECK(memcmp(again->rate_e_s, gpu[0]->rate_e_s,
                 2 * bt_film_plane_stride(gpu[0]) * sizeof(float)) == 0);
    CHECK(gpu[0]->plane_count == 2 && s.snapshot->deformed_count == 1);
    if (w->cancels && cancels) {
        bt_cancel_request(15);
        CHECK(bt_render_film(s.stage, &view, FX_LABEL_NS, &settings[0], NULL, again) ==
              BT_ERR_CANCELLED);
    }
    bt_film_destroy(again);
    for (int i = 0; i < 2; i++) {
        bt_film_destroy(cpu[i]);
        bt_film_destroy(gpu[i]);
    }
    fx_end(&s);
    skies_clear(); // before their device
}

static void test_device(bt_vulkan *vulkan, bool cancels)
{
    static const weather_case cases[] = {{"day", 0.7, 0.0, false, false},
                                         {"night", -0.6, 0.0, false, false},
                                         {"behind glass", 0.7, 0.0, true, false},
                                         {"fog", 0.5, 40.0, false, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        test_case(vulkan, &cases[i], cancels);
}

int main(void)
{
    bt_vulkan *vulkan = vk_open_as((bt_vulkan_desc){.own_rays = true});
    if (!vulkan) return CHECK_SKIP;
    if (bt_vulkan_has_own_rays(vulkan)) {
        printf("by its own ray tracing:\n");
        test_device(vulkan, false);
    } else {
        printf("skipped: it has no ray tracing of its own\n");
    }
    vk_close(vulkan);
    vulkan = vk_open();
    test_device(vulkan, true);
    vk_close(vulkan);
    return check_end();
}
