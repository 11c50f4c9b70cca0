// texture.h: looking up images on surfaces: bilinear, between two levels chosen by the ray's cone.
//
// Akenine-Moller et al. 2021, "Improved shader and texture level of detail using ray cones", with the
// cone's width across the ray: along the surface the samples of a pixel do the averaging, so that a
// road seen at a low angle stays sharp. Colours are filtered as linear RGB and become reflectances
// after that, by a basis that is linear (engine/spectrum/uplift.h): the order does not matter.
#ifndef BT_SHARED_TEXTURE_H
#define BT_SHARED_TEXTURE_H

#include "shaders/shared/portable.h"
#include "shaders/shared/spectral.h"
#include "shaders/shared/types.h"

#if defined(VULKAN)
layout(buffer_reference, std430, buffer_reference_align = 4) readonly buffer bt_texture_buffer
{
    bt_texture at[];
};
layout(buffer_reference, std430, buffer_reference_align = 4) readonly buffer bt_texel_buffer
{
    uint at[];
};
struct bt_textures {
    bt_texture_buffer levels;
    bt_texel_buffer texels;
    BT_FLOATS basis;
};
#define texture_level(set, i) set.levels.at[i]
#define texture_word(set, i) set.texels.at[i]
#else
typedef struct bt_textures {
    const bt_texture *levels; // (the world's textures, each with all its levels)
    const uint *texels;       // (words)
    BT_FLOATS basis;          // (3 x BT_SPECTRUM_BINS) reflectances of red, green, blue
} bt_textures;
#define texture_level(set, i) ((set).levels[i])
#define texture_word(set, i) ((set).texels[i])
#endif

// One texel, unpacked to 0..1. Inside the level.
FN float4 bt_texel(bt_textures set, bt_texture t, uint x, uint y)
{
    uint i = y * t.width + x;
    if (t.format == BT_TEXTURE_COLOR) {
        uint rg = texture_word(set, t.first + 2u * i);
        uint ba = texture_word(set, t.first + 2u * i + 1u);
        uint4 c = uint4(rg & 0xffffu, rg >> 16, ba & 0xffffu, ba >> 16);
        return f4_from_u4(c) * (1.0f / 65535.0f);
    }
    uint w = texture_word(set, t.first + i);
    uint4 c = uint4(w & 0xffu, (w >> 8) & 0xffu, (w >> 16) & 0xffu, w >> 24);
    return f4_from_u4(c) * (1.0f / 255.0f);
}

// A coordinate brought into one copy of the image, 0..1.
FN float bt_wrap_unit(uint wrap, float x)
{
    if (!(abs(x) < 1.0e6f)) return 0.0f; // far away, or no number
    if (wrap == BT_WRAP_CLAMP) return clampf(x, 0.0f, 1.0f);
    if (wrap == BT_WRAP_REPEAT) return x - floor(x);
    float half_turn = x * 0.5f;
    return 1.0f - abs((half_turn - floor(half_turn)) * 2.0f - 1.0f);
}
// The texel at or beyond an edge: at most one step outside.
FN uint bt_wrap_texel(uint wrap, int i, uint size)
{
    int last = to_i(size) - 1;
    if (wrap == BT_WRAP_REPEAT) {
        if (i < 0) return to_u(last);
        if (i > last) return 0u;
        return to_u(i);
    }
    return to_u(min(max(i, 0), last));
}

FN float4 bt_texture_bilinear(bt_textures set, bt_texture t, float2 uv)
{
    float x = bt_wrap_unit(t.wrap_u, uv[0]) * to_f(t.width) - 0.5f;
    // rows run from the top, v from the bottom
    float y = bt_wrap_unit(t.wrap_v, 1.0f - uv[1]) * to_f(t.height) - 0.5f;
    float x_low = floor(x);
    float y_low = floor(y);
    uint x0 = bt_wrap_texel(t.wrap_u, to_i(x_low), t.width);
    uint x1 = bt_wrap_texel(t.wrap_u, to_i(x_low) + 1, t.width);
    uint y0 = bt_wrap_texel(t.wrap_v, to_i(y_low), t.height);
    uint y1 = bt_wrap_texel(t.wrap_v, to_i(y_low) + 1, t.height);
    float4 top = lerp4(bt_texel(set, t, x0, y0), bt_texel(set, t, x1, y0), x - x_low);
    float4 low = lerp4(bt_texel(set, t, x0, y1), bt_texel(set, t, x1, y1), x - x_low);
    return lerp4(top, low, y - y_low);
}

// log2, linear between powers of two: exact there, 0.086 low at most.
FN float bt_log2_about(float x)
{
    uint bits = f2u(max(x, 1.0e-30f));
    return to_f(to_i(bits >> 23) - 127) + to_f(bits & 0x007fffffu) * (1.0f / 8388608.0f);
}

// Texture number `index` of the set at uv (v upward), averaged over `footprint` units of uv.
FN float4 bt_texture_at(bt_textures set, uint index, float2 uv, float footprint)
{
    bt_texture t = texture_level(set, index);
    float texels = footprint * sqrt(to_f(t.width) * to_f(t.height));
    float level = clampf(bt_log2_about(texels), 0.0f, to_f(t.levels) - 1.0f);
    uint fine = to_u(level);
    float part = level - to_f(fine);
    float4 a = bt_texture_bilinear(set, texture_level(set, index + fine), uv);
    if (!(part > 0.0f)) return a;
    float4 b = bt_texture_bilinear(set, texture_level(set, index + fine + 1u), uv);
    return lerp4(a, b, part);
}

// Reflectance of linear RGB at four wavelengths. Mallett and Yuksel 2019.
FN float4 bt_rgb_reflectance(BT_FLOATS basis, float4 rgb, bt_wavelengths w)
{
    float4 red = bt_spectrum_at(basis, w);
    float4 green = bt_spectrum_at(floats_from(basis, to_u(BT_SPECTRUM_BINS)), w);
    float4 blue = bt_spectrum_at(floats_from(basis, to_u(2 * BT_SPECTRUM_BINS)), w);
    return red * rgb[0] + green * rgb[1] + blue * rgb[2];
}

#endif
