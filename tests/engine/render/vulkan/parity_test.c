// parity_test.c: shared functions give the same bits in C and, compiled exactly, on a Vulkan device:
// a million items of 16 numbers for each group of parity.h.
//
// Bits are promised by lavapipe only: Vulkan lets a GPU's division and square root be a little off
// (specification 1.2, "Precision and operation of SPIR-V instructions": 2.5 ulp), so there numbers
// that are off by more than such steps make are counted, and must be few: where a rounding decides.
#include "tests/engine/render/vulkan/toy_world.h"
#include "tests/engine/render/vulkan/vulkan_fixture.h"

#include <float.h>

#include "engine/render/bvh.h"
#include "engine/render/vulkan/arguments.h"
#include "engine/render/vulkan/scene.h"

static uint32_t parity_asked; // the group that C is asked for
#include "tests/engine/render/vulkan/parity.h"

static const uint32_t words_0[] = {
#include "tests/engine/render/vulkan/parity_test.comp.0.inc"
};
static const uint32_t words_1[] = {
#include "tests/engine/render/vulkan/parity_test.comp.1.inc"
};
static const uint32_t words_2[] = {
#include "tests/engine/render/vulkan/parity_test.comp.2.inc"
};
static const uint32_t words_3[] = {
#include "tests/engine/render/vulkan/parity_test.comp.3.inc"
};
static const uint32_t words_4[] = {
#include "tests/engine/render/vulkan/parity_test.comp.4.inc"
};
static const uint32_t words_5[] = {
#include "tests/engine/render/vulkan/parity_test.comp.5.inc"
};
static const uint32_t words_6[] = {
#include "tests/engine/render/vulkan/parity_test.comp.6.inc"
};
static const uint32_t words_7[] = {
#include "tests/engine/render/vulkan/parity_test.comp.7.inc"
};
static const uint32_t words_8[] = {
#include "tests/engine/render/vulkan/parity_test.comp.8.inc"
};
static const uint32_t words_9[] = {
#include "tests/engine/render/vulkan/parity_test.comp.9.inc"
};
static const uint32_t words_10[] = {
#include "tests/engine/render/vulkan/parity_test.comp.10.inc"
};
static const uint32_t words_11[] = {
#include "tests/engine/render/vulkan/parity_test.comp.11.inc"
};
static const uint32_t words_12[] = {
#include "tests/engine/render/vulkan/parity_test.comp.12.inc"
};
static const uint32_t words_13[] = {
#include "tests/engine/render/vulkan/parity_test.comp.13.inc"
};
static const uint32_t words_14[] = {
#include "tests/engine/render/vulkan/parity_test.comp.14.inc"
};

#define ITEMS (1u << 20)
#define AT_ONCE (1u << 18)

#define GROUP(name, n)                                                                             \
    {                                                                                              \
        name, words_##n, sizeof words_##n                                                          \
    }
static const struct {
    const char *name;
    const uint32_t *words;
    size_t size;
} groups[PARITY_GROUPS] = {GROUP("math", 0),       GROUP("sampler", 1), GROUP("ggx", 2),
                           GROUP("fresnel", 3),    GROUP("sky", 4),     GROUP("lens", 5),
                           GROUP("bsdf", 6),       GROUP("noise", 7),   GROUP("pattern", 8),
                           GROUP("light tree", 9), GROUP("motion", 10), GROUP("fog", 11),
                           GROUP("traverse", 12),  GROUP("eye", 13),    GROUP("shield", 14)};

typedef struct setting {
    fx_scene world;
    bt_view view;
    float limits[BT_WAVELENGTH_CELLS + 1];
    bt_seen lattice[(TOY_HEIGHT + 6) * (TOY_WIDTH + 6)];
    bt_eye eye;
    bt_bvh *meshes, *things;
    bt_bvh_ref bvh;
    bt_vulkan *vulkan;
    bt_vulkan_buffer results, arguments;
} setting;

static void point_eye(setting *s)
{
    const bt_snapshot *snapshot = s->world.snapshot;
    s->view = toy_view();
    for (uint32_t i = 0; i < BT_SPECTRUM_BINS; i++)
        s->view.lateral_color[i] = 1e-3f * (float)i - 0.03f; // to half a pixel in the corner
    for (uint32_t i = 0; i <= BT_WAVELENGTH_CELLS; i++)
        s->limits[i] = 400.0f + 2.5f * (float)i;
    s->eye = (bt_eye){.lattice = s->lattice,
                      .keys = snapshot->camera,
                      .key_count = snapshot->camera_key_count,
                      .limits_nm = s->limits,
                      .response = s->view.response[0],
                      .vignette = s->view.vignette,
                      .color = s->view.lateral_color,
                      .color_on = 1,
                      .left = -BT_EYE_MARGIN_PX,
                      .top = -BT_EYE_MARGIN_PX,
                      .columns = TOY_WIDTH + 2 * BT_EYE_MARGIN_PX,
                      .rows = TOY_HEIGHT + 2 * BT_EYE_MARGIN_PX,
                      .band_count = 3,
                      .first_log2 = 2,
                      .seed = 99,
                      .theta_max_rad = 1.5f,
                      .filter_sigma_px = 0.45f,
                      .filter_radius_px = 1.35f,
                      .cone_rad = 0.01f,
                      .u_first = 0.3f,
                      .u_row = 0.01f,
                      .u_exposure = 0.2f,
                      .row_last = (float)(TOY_HEIGHT - 1),
                      .stretch_count = 2,
                      .stretches = {{0.0f, 0.05f, 0.0f, 0.4f}, {0.05f, 0.15f, 0.4f, 0.6f}},
                      .lens = s->view.lens};
    for (int i = 0; i < s->eye.rows * s->eye.columns; i++)
        s->lattice[i].ray = bt_eye_look(&s->eye, (float)(i % s->eye.columns + s->eye.left),
                                        (float)(i / s->eye.columns + s->eye.top));
}

static void begin(setting *s, bt_vulkan *vulkan)
{
    s->vulkan = vulkan;
    fx_begin(&s->world);
    s->world.weather.sun_elevation_rad = 0.4;
    s->world.weather.fog_range_m = 80.0;
    toy_fill(&s->world, 3.0);
    fx_compile(&s->world);
    CHECK_OK(bt_renderer_use_vulkan(s->world.renderer, vulkan));
    toy_place(&s->world);
    point_eye(s);
    CHECK_OK(bt_bvh_create(s->world.renderer, &s->meshes));
    CHECK_OK(bt_bvh_create_things(s->world.stage, s->meshes, &s->things));
    s->bvh = (bt_bvh_ref){s->things->nodes, s->meshes->nodes,     s->meshes->triangles,
                          s->meshes->roots, s->things->triangles, s->things->roots};
    bt_path_setup setup = {.max_depth = 6};
    CHECK_OK(bt_vulkan_aim(s->world.stage->vulkan, &s->eye, &setup));
    CHECK_OK(bt_vulkan_buffer_create(vulkan, "results", AT_ONCE * sizeof(bt_parity), &s->results));
    CHECK_OK(bt_vulkan_buffer_create(vulkan, "arguments", 64, &s->arguments));
}

static void end(setting *s)
{
    bt_vulkan_buffer_clear(s->vulkan, &s->results);
    bt_vulkan_buffer_clear(s->vulkan, &s->arguments);
    bt_bvh_destroy(s->things);
    bt_bvh_destroy(s->meshes);
    fx_end(&s->world);
    skies_clear(); // before their device
}

static void ask_device(setting *s, const bt_vulkan_kernel *kernel, uint32_t first, uint32_t count,
                       bt_parity *got)
{
    struct {
        VkDeviceAddress scene, results;
        uint32_t first, count;
    } a = {.results = s->results.address, .first = first, .count = count};
    VkDeviceAddress tables;
    bt_vulkan_stage_addresses(s->world.stage->vulkan, &tables, &a.scene);
    CHECK_OK(bt_vulkan_write(s->vulkan, &s->arguments, 0, &a, sizeof a));
    CHECK_OK(bt_vulkan_run(s->vulkan, kernel, tables, s->arguments.address, (count + 63u) / 64u));
    CHECK_OK(bt_vulkan_read(s->vulkan, &s->results, 0, got, count * sizeof *got));
}

// What is too small for a normal number counts as zero: the CPU's paths are walked with such numbers
// flushed, a device may keep them.
static bool same(float a, float b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (fabsf(a) < FLT_MIN && fabsf(b) < FLT_MIN);
}

// Is the difference more than some roundings make?
static bool is_far(float a, float b)
{
    return !(fabsf(a - b) <= 1e-3f * fmaxf(fabsf(a), fabsf(b)) + 1e-5f);
}

typedef struct tally {
    uint32_t items, numbers; // that differ
    uint32_t far;            // numbers, of these
} tally;

// Counts an item's numbers that differ; the first of all is shown.
static void count_differing(const bt_parity *want, const bt_parity *got, uint32_t item, tally *t)
{
    float a[16], b[16];
    memcpy(a, want, sizeof a);
    memcpy(b, got, sizeof b);
    uint32_t before = t->numbers;
    for (int k = 0; k < 16; k++) {
        if (same(a[k], b[k])) continue;
        if (t->numbers++ == 0)
            printf("  item %u, number %d: %a in C, %a on the device\n", item, k, (double)a[k],
                   (double)b[k]);
        t->far += is_far(a[k], b[k]);
    }
    t->items += t->numbers > before;
}

static void test_group(setting *s, uint32_t group)
{
    bt_vulkan_kernel kernel;
    CHECK_OK(bt_vulkan_kernel_create(s->vulkan, groups[group].name, groups[group].words,
                                     groups[group].size, group, &kernel));
    parity_asked = group;
    bt_parity *got = bt_alloc(AT_ONCE, sizeof *got);
    tally t = {0};
    unsigned old = bt_embree_float_begin();
    for (uint32_t first = 0; first < ITEMS; first += AT_ONCE) {
        uint32_t count = min(AT_ONCE, ITEMS - first);
        ask_device(s, &kernel, first, count, got);
        for (uint32_t i = 0; i < count; i++) {
            bt_parity want = parity_group(&s->world.stage->scene, s->bvh, &s->eye, first + i);
            count_differing(&want, &got[i], first + i, &t);
        }
    }
    bt_embree_float_end(old);
    printf("%-10s %u of %u items differ, %u of 16 x %u numbers by more than roundings\n",
           groups[group].name, t.items, ITEMS, t.far, ITEMS);
    if (bt_vulkan_is_software(s->vulkan))
        CHECK(t.items == 0);
    else
        CHECK(t.far < ITEMS * 16u / 100u);
    bt_free(got);
    bt_vulkan_kernel_clear(s->vulkan, &kernel);
}

int main(void)
{
    static setting s;
    CHECK(sizeof(bt_parity) == 64);
    bt_vulkan *vulkan = vk_open();
    if (!vulkan) return CHECK_SKIP;
    begin(&s, vulkan);
    for (uint32_t group = 0; group < PARITY_GROUPS; group++)
        test_group(&s, group);
    end(&s);
    vk_close(vulkan);
    return check_end();
}
