// texture_test.c: textures from a spec to a lookup: texels, filtering, edges, levels, colours.
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/scene/world.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/uplift.h"
#include "tests/support/check.h"

#include "shaders/shared/texture.h"

static bt_spec *spec;
static bt_world *world;

static uint add(const uint8_t *rgba, uint width, uint height, bool color, uint wrap)
{
    uint texture;
    bt_texture_desc desc = {.name = "test",
                            .rgba = rgba,
                            .width_px = width,
                            .height_px = height,
                            .color = color,
                            .wrap_u = wrap,
                            .wrap_v = wrap};
    CHECK_OK(bt_spec_add_texture(spec, &desc, &texture));
    return texture;
}

static bt_textures compiled(void)
{
    bt_world_destroy(world);
    CHECK_OK(bt_world_compile(spec, &world));
    bt_textures t = {.levels = world->textures, .texels = world->texels};
    if (world->texture_basis != BT_NO_SPECTRUM)
        t.basis = world->spectra + (size_t)world->texture_basis * BT_SPECTRUM_BINS;
    return t;
}

static void test_texels_and_filter(void)
{
    // 2 x 2: top row 0, 255; bottom row 51, 102
    uint8_t p[16] = {0, 0, 0, 255, 255, 0, 0, 255, 51, 0, 0, 255, 102, 0, 0, 255};
    uint t = add(p, 2, 2, false, BT_WRAP_CLAMP);
    bt_textures set = compiled();
    CHECK_NEAR(bt_texture_at(set, t - 1, float2(0.25f, 0.75f), 0.0f)[0], 0.0, 1e-6);
    CHECK_NEAR(bt_texture_at(set, t - 1, float2(0.75f, 0.75f), 0.0f)[0], 1.0, 1e-6);
    CHECK_NEAR(bt_texture_at(set, t - 1, float2(0.25f, 0.25f), 0.0f)[0], 0.2, 1e-6);
    CHECK_NEAR(bt_texture_at(set, t - 1, float2(0.75f, 0.25f), 0.0f)[0], 0.4, 1e-6);
    CHECK_NEAR(bt_texture_at(set, t - 1, float2(0.5f, 0.5f), 0.0f)[0], 0.4, 1e-6);
    CHECK_NEAR(bt_texture_at(set, t - 1, float2(0.375f, 0.75f), 0.0f)[0], 0.25, 1e-6);
    // beyond the edge the edge goes on; far off and no number are no harm
    CHECK_NEAR(bt_texture_at(set, t - 1, float2(5.0f, 0.75f), 0.0f)[0], 1.0, 1e-6);
    const float odd[] = {NAN, INFINITY, -INFINITY, 3e38f, -1e7f};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        float4 c = bt_texture_at(set, t - 1, float2(odd[i], odd[i]), odd[i]);
        CHECK(c[0] >= 0.0f && c[0] <= 1.0f);
    }
}

static void test_wrap(void)
{
    uint8_t p[16] = {0, 0, 0, 0, 85, 0, 0, 0, 170, 0, 0, 0, 255, 0, 0, 0}; // 4 x 1
    uint repeat = add(p, 4, 1, false, BT_WRAP_REPEAT);
    uint mirror = add(p, 4, 1, false, BT_WRAP_MIRROR);
    bt_textures set = compiled();
    const float at = 0.375f; // centre of the second texel
    for (int k = -3; k <= 3; k++) {
        float4 c = bt_texture_at(set, repeat - 1, float2(at + to_f(k), 0.5f), 0.0f);
        CHECK_NEAR(c[0], 1.0 / 3.0, 1e-5);
        c = bt_texture_at(set, mirror - 1, float2(at + to_f(2 * k), 0.5f), 0.0f);
        CHECK_NEAR(c[0], 1.0 / 3.0, 1e-5);
        c = bt_texture_at(set, mirror - 1, float2(to_f(2 * k) - at, 0.5f), 0.0f);
        CHECK_NEAR(c[0], 1.0 / 3.0, 1e-5);
    }
    // the seam: the last texel runs into the first, or into itself
    CHECK_NEAR(bt_texture_at(set, repeat - 1, float2(1.0f, 0.5f), 0.0f)[0], 0.5, 1e-5);
    CHECK_NEAR(bt_texture_at(set, mirror - 1, float2(1.0f, 0.5f), 0.0f)[0], 1.0, 1e-5);
}

// Every level has the mean of the first, for any size; footprints between levels go from one to the
// next without a jump.
static void test_levels(uint width, uint height)
{
    uint8_t *p = bt_alloc((size_t)width * height, 4);
    double mean = 0.0;
    for (uint i = 0; i < width * height; i++) {
        p[4 * i] = (uint8_t)bt_random_below(1, BT_STREAM_TEST, i, 0, 256);
        mean += p[4 * i] / 255.0 / (width * height);
    }
    uint t = add(p, width, height, false, BT_WRAP_REPEAT);
    bt_textures set = compiled();
    const bt_texture *levels = world->textures + t - 1;
    for (uint l = 0; l < levels[0].levels; l++) {
        double sum = 0.0;
        for (uint y = 0; y < levels[l].height; y++)
            for (uint x = 0; x < levels[l].width; x++)
                sum += (double)bt_texel(set, levels[l], x, y)[0];
        // each level rounds once to 1/255: half a step each, at most
        double error = sum / (levels[l].width * levels[l].height) - mean;
        CHECK_NEAR(error, 0.0, (l + 1) * 0.5 / 255.0);
    }
    CHECK_NEAR(bt_texture_at(set, t - 1, float2(0.3f, 0.6f), 1000.0f)[0], mean, 0.02);
    float before = bt_texture_at(set, t - 1, float2(0.3f, 0.6f), 1e-4f)[0];
    for (float f = 1e-4f; f < 4.0f; f *= 1.002f) {
        float now = bt_texture_at(set, t - 1, float2(0.3f, 0.6f), f)[0];
        CHECK(abs(now - before) < 0.01f);
        before = now;
    }
    bt_free(p);
}

// Colours of a texture are those of the image, and mixed from the basis (whose own colours
// tests/engine/spectrum/rgb_basis_test.c checks).
static void test_colors(void)
{
    uint8_t p[4 * 64];
    for (uint i = 0; i < 4 * 64; i++)
        p[i] = (uint8_t)bt_random_below(2, BT_STREAM_TEST, i, 0, 256);
    uint t = add(p, 64, 1, true, BT_WRAP_REPEAT);
    bt_textures set = compiled();
    for (uint i = 0; i < 64; i++) {
        float4 c = bt_texture_at(set, t - 1, float2((to_f(i) + 0.5f) / 64.0f, 0.5f), 0.0f);
        for (uint k = 0; k < 3; k++) // 16 bits
            CHECK_NEAR(c[k], bt_srgb_decode(p[4 * i + k] / 255.0), 1e-5);
        CHECK_NEAR(c[3], p[4 * i + 3] / 255.0, 1e-5);
        for (uint b = 0; b < BT_SPECTRUM_BINS - 1u; b++) {
            bt_wavelengths w;
            w.bin = splat_u4(b);
            w.part = splat4(0.0f);
            double want = 0.0;
            for (uint k = 0; k < 3; k++)
                want += (double)(c[k] * bt_rgb_basis[k][b]);
            CHECK_NEAR(bt_rgb_reflectance(set.basis, c, w)[0], want, 1e-6);
        }
    }
}

static void test_refused(void)
{
    uint8_t p[4] = {0};
    uint texture;
    bt_texture_desc desc = {.name = "big", .rgba = p, .width_px = 20000, .height_px = 1};
    CHECK(bt_spec_add_texture(spec, &desc, &texture) == BT_ERR_INPUT && texture == 0);
    CHECK_CONTAINS(bt_error_message(), "texture 'big': 20000 x 1 pixels; expected 1 to 16384 each");
    desc.width_px = 0;
    CHECK(bt_spec_add_texture(spec, &desc, &texture) == BT_ERR_INPUT);
    desc = (bt_texture_desc){.rgba = p, .width_px = 1, .height_px = 1, .wrap_u = 3};
    CHECK(bt_spec_add_texture(spec, &desc, &texture) == BT_ERR_INPUT);

    uint data = add(p, 1, 1, false, 0), material;
    bt_material m = {.reflectance = BT_NO_SPECTRUM,
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = BT_NO_SPECTRUM,
                     .texture_color = data};
    CHECK(bt_spec_add_material(spec, "wrong", &m, &material) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "holds no colours");
    m.texture_color = 9999;
    CHECK(bt_spec_add_material(spec, "wrong", &m, &material) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "there is no texture 9999");
}

int main(void)
{
    CHECK_OK(bt_spec_create(&spec));
    test_texels_and_filter();
    test_wrap();
    test_levels(64, 64);
    test_levels(37, 5);
    test_levels(1, 9);
    test_colors();
    test_refused();
    bt_world_destroy(world);
    bt_spec_destroy(spec);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
