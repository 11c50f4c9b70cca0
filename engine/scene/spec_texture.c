// spec_texture.c: textures: packed texels and their smaller levels.
#include "engine/scene/spec_internal.h"

#include "engine/spectrum/color.h"
#include "engine/spectrum/uplift.h"

#include <math.h>
#include <string.h>

#define MAX_LEVELS 15 // of 16384 texels, down to one

static uint32_t words_per_texel(uint32_t format)
{
    return format == BT_TEXTURE_COLOR ? 2 : 1;
}

// ---- packing --------------------------------------------------------------------------------------
static uint32_t quantise(double value, double most)
{
    return (uint32_t)(fmin(fmax(value, 0.0), 1.0) * most + 0.5);
}

static void pack(const bt_texture *level, uint32_t *texels, size_t texel, const double c[4])
{
    uint32_t *to = texels + level->first + texel * words_per_texel(level->format);
    if (level->format == BT_TEXTURE_COLOR) {
        to[0] = quantise(c[0], 65535.0) | quantise(c[1], 65535.0) << 16;
        to[1] = quantise(c[2], 65535.0) | quantise(c[3], 65535.0) << 16;
        return;
    }
    to[0] = 0;
    for (int k = 0; k < 4; k++)
        to[0] |= quantise(c[k], 255.0) << (8 * k);
}

static void unpack(const bt_texture *level, const uint32_t *texels, size_t texel, double c[4])
{
    const uint32_t *from = texels + level->first + texel * words_per_texel(level->format);
    for (int k = 0; k < 4; k++)
        c[k] = level->format == BT_TEXTURE_COLOR
                   ? (double)(from[k / 2] >> (16 * (k % 2)) & 0xffff) / 65535.0
                   : (double)(from[0] >> (8 * k) & 0xff) / 255.0;
}

static void fill_first(const bt_texture_desc *desc, const bt_texture *level, uint32_t *texels)
{
    double decoded[256];
    for (int i = 0; i < 256; i++)
        decoded[i] = desc->color ? bt_srgb_decode(i / 255.0) : i / 255.0;
    size_t count = (size_t)level->width * level->height;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *p = desc->rgba + 4 * i;
        pack(level, texels, i,
             (double[4]){decoded[p[0]], decoded[p[1]], decoded[p[2]], p[3] / 255.0});
    }
}

// ---- smaller levels -------------------------------------------------------------------------------
// The part of `from` texels that texel `at` of `to` covers: first, last and the weight of each end.
typedef struct cover {
    uint32_t first, last;
    double first_weight, last_weight; // those between weigh 1
} cover;

static cover cover_of(uint32_t at, uint32_t to, uint32_t from)
{
    double begin = (double)at * from / to, end = (double)(at + 1) * from / to;
    cover c = {.first = (uint32_t)begin, .last = (uint32_t)ceil(end) - 1};
    c.first_weight = fmin(end, (double)c.first + 1.0) - begin;
    c.last_weight = end - (double)c.last;
    return c;
}

static double weight_in(const cover *c, uint32_t i)
{
    return i == c->first ? c->first_weight : i == c->last ? c->last_weight : 1.0;
}

static void average(const bt_texture *fine, const uint32_t *texels, const cover *x, const cover *y,
                    double mean[4])
{
    double total = 0.0;
    for (int k = 0; k < 4; k++)
        mean[k] = 0.0;
    for (uint32_t j = y->first; j <= y->last; j++)
        for (uint32_t i = x->first; i <= x->last; i++) {
            double c[4], weight = weight_in(x, i) * weight_in(y, j);
            unpack(fine, texels, (size_t)j * fine->width + i, c);
            for (int k = 0; k < 4; k++)
                mean[k] += weight * c[k];
            total += weight;
        }
    for (int k = 0; k < 4; k++)
        mean[k] /= total;
}

static void fill_smaller(const bt_texture *fine, const bt_texture *level, uint32_t *texels)
{
    for (uint32_t j = 0; j < level->height; j++) {
        cover y = cover_of(j, level->height, fine->height);
        for (uint32_t i = 0; i < level->width; i++) {
            cover x = cover_of(i, level->width, fine->width);
            double mean[4];
            average(fine, texels, &x, &y, mean);
            pack(level, texels, (size_t)j * level->width + i, mean);
        }
    }
}

// Lays out all levels from word `first` on; gives their number and the words they take.
static uint32_t plan_levels(const bt_texture_desc *desc, uint32_t first,
                            bt_texture levels[MAX_LEVELS], uint64_t *words)
{
    uint32_t format = desc->color ? BT_TEXTURE_COLOR : BT_TEXTURE_DATA, count = 0;
    uint32_t width = desc->width_px, height = desc->height_px;
    *words = 0;
    for (;; count++) {
        levels[count] = (bt_texture){.format = format,
                                     .first = (uint32_t)(first + *words),
                                     .width = width,
                                     .height = height,
                                     .wrap_u = desc->wrap_u,
                                     .wrap_v = desc->wrap_v};
        *words += (uint64_t)width * height * words_per_texel(format);
        if (width == 1 && height == 1) break;
        width = width > 1 ? width / 2 : 1;
        height = height > 1 ? height / 2 : 1;
    }
    count++;
    for (uint32_t i = 0; i < count; i++)
        levels[i].levels = count - i;
    return count;
}

// The first colour texture brings the spectra that all are mixed from.
static bt_status need_basis(bt_spec *spec)
{
    static const char *const names[] = {"texture red", "texture green", "texture blue"};
    bt_status status = BT_OK;
    uint32_t first = spec->spectra_count;
    for (int k = 0; status == BT_OK && spec->texture_basis == BT_NO_SPECTRUM && k < 3; k++) {
        uint32_t spectrum;
        status = bt_spec_keep_spectrum(spec, names[k], bt_rgb_basis[k], &spectrum);
    }
    if (status == BT_OK && spec->texture_basis == BT_NO_SPECTRUM) spec->texture_basis = first;
    return status;
}

static bt_status check_desc(const bt_texture_desc *desc, const char *name)
{
    if (desc->width_px == 0 || desc->height_px == 0 || desc->width_px > BT_TEXTURE_MAX_SIDE_PX ||
        desc->height_px > BT_TEXTURE_MAX_SIDE_PX)
        return bt_fail(BT_ERR_INPUT, "texture '%s': %u x %u pixels; expected 1 to %u each", name,
                       desc->width_px, desc->height_px, BT_TEXTURE_MAX_SIDE_PX);
    if (desc->wrap_u > BT_WRAP_CLAMP || desc->wrap_v > BT_WRAP_CLAMP)
        return bt_fail(BT_ERR_INPUT, "texture '%s': wrap %u, %u; expected 0 to %u", name,
                       desc->wrap_u, desc->wrap_v, BT_WRAP_CLAMP);
    return BT_OK;
}

bt_status bt_spec_add_texture(bt_spec *spec, const bt_texture_desc *desc, uint32_t *texture)
{
    const char *name = desc->name ? desc->name : "";
    bt_texture levels[MAX_LEVELS];
    uint64_t words;
    *texture = 0;
    bt_status status = check_desc(desc, name);
    if (status != BT_OK) return status;
    uint32_t count = plan_levels(desc, spec->texels_count, levels, &words);
    if (spec->texels_count + words > BT_SPEC_MAX_ELEMENTS)
        return bt_fail(BT_ERR_LIMIT, "texture '%s': the scene's textures exceed %u words", name,
                       BT_SPEC_MAX_ELEMENTS);
    status = desc->color ? need_basis(spec) : BT_OK;
    if (status == BT_OK) status = BT_SPEC_GROW(spec, textures, count, 1);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, texels, (size_t)words, 1);
    if (status != BT_OK) return status;

    fill_first(desc, &levels[0], spec->texels);
    for (uint32_t i = 1; i < count; i++)
        fill_smaller(&levels[i - 1], &levels[i], spec->texels);
    memcpy(spec->textures + spec->textures_count, levels, count * sizeof *levels);
    *texture = spec->textures_count + 1;
    spec->textures_count += count;
    spec->texels_count += (uint32_t)words;
    return BT_OK;
}
