// gltf_material.c: metallic-roughness materials and their textures as our own kinds.
//
// glTF 2.0, appendix B: a dielectric is GGX of F0 0.04 (or by KHR_materials_ior) over a diffuse
// body: our COATED; a metal is GGX with the base colour as F0: our CONDUCTOR; between the two lies
// their linear mix, bt_material.metal.
#include "engine/scene/gltf_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/decode.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/uplift.h"
#include "shaders/shared/types.h"

#define MAX_IMAGE_BYTES ((size_t)256 << 20)

typedef struct reader {
    bt_gltf_document *document;
    bt_spec *spec;
    bt_gltf_info *info;
    uint32_t *textures[2]; // (textures) by use: data, colour; 0: not read yet or not readable
    // of the material being read
    bt_gltf_uv uv;
    bool has_uv;
} reader;

static const bt_gltf_uv uv_plain = {{0.0, 0.0}, {1.0, 1.0}, 0.0};

// ---- textures -----------------------------------------------------------------------------------
static uint32_t wrap_of(const json_t *sampler, const char *key)
{
    double wrap = bt_gltf_number(sampler, key, 10497.0);
    return wrap == 33071.0 ? BT_WRAP_CLAMP : wrap == 33648.0 ? BT_WRAP_MIRROR : BT_WRAP_REPEAT;
}

static bt_status decode_image(const reader *r, const json_t *image, bt_image_u8 *pixels)
{
    const bt_gltf_document *d = r->document;
    const json_t *number = json_object_get(image, "bufferView");
    if (number != NULL) {
        const json_t *view =
            bt_gltf_item(d->json, "bufferViews", (size_t)json_integer_value(number));
        return bt_image_decode_rgba(d->bytes + (size_t)bt_gltf_number(view, "byteOffset", 0.0),
                                    (size_t)bt_gltf_number(view, "byteLength", 0.0), pixels);
    }
    char path[2048], *bytes;
    size_t count;
    const char *uri = json_string_value(json_object_get(image, "uri"));
    if (uri == NULL) return bt_fail(BT_ERR_INPUT, "an image without bytes");
    bt_status status = bt_gltf_path_of(d, uri, path, sizeof path);
    if (status == BT_OK) status = bt_file_read(path, MAX_IMAGE_BYTES, &bytes, &count);
    if (status != BT_OK) return status;
    status = bt_image_decode_rgba(bytes, count, pixels);
    bt_free(bytes);
    return status;
}

static bt_status load_texture(reader *r, size_t index, bool color, uint32_t *texture)
{
    const json_t *root = r->document->json;
    const json_t *t = bt_gltf_item(root, "textures", index);
    const json_t *sampler = json_object_get(t, "sampler");
    if (sampler != NULL)
        sampler = bt_gltf_item(root, "samplers", (size_t)json_integer_value(sampler));
    const json_t *image =
        bt_gltf_item(root, "images", (size_t)json_integer_value(json_object_get(t, "source")));
    bt_image_u8 pixels = {0};
    char name[32];
    snprintf(name, sizeof name, "textures[%zu]", index);
    bt_status status = decode_image(r, image, &pixels);
    bt_texture_desc desc = {.name = name,
                            .rgba = pixels.pixels,
                            .width_px = pixels.width_px,
                            .height_px = pixels.height_px,
                            .color = color,
                            .wrap_u = wrap_of(sampler, "wrapS"),
                            .wrap_v = wrap_of(sampler, "wrapT")};
    if (status == BT_OK) status = bt_spec_add_texture(r->spec, &desc, texture);
    bt_image_u8_clear(&pixels);
    return status;
}

static void read_pair(const json_t *object, const char *key, double out[2])
{
    const json_t *list = json_object_get(object, key);
    for (size_t k = 0; k < 2; k++) {
        const json_t *value = json_array_get(list, k);
        if (json_is_number(value)) out[k] = json_number_value(value);
    }
}

// Vertices are moved by the transform of a material's first image; others must have the same.
static void read_transform(reader *r, const json_t *named, size_t index)
{
    const json_t *from = bt_gltf_extension(named, "KHR_texture_transform");
    bt_gltf_uv uv = uv_plain;
    read_pair(from, "offset", uv.offset);
    read_pair(from, "scale", uv.scale);
    uv.rotation_rad = bt_gltf_number(from, "rotation", 0.0);
    if (!r->has_uv) r->uv = uv;
    r->has_uv = true;
    if (memcmp(&uv, &r->uv, sizeof uv) != 0)
        bt_gltf_warn(r->document,
                     "textures[%zu]: KHR_texture_transform unlike that of its material's first "
                     "image: that one instead",
                     index);
}

// The texture that `key` of the object names, or 0: with a warning when it cannot be had.
static uint32_t texture_of(reader *r, const json_t *object, const char *key, bool color)
{
    const json_t *named = json_object_get(object, key);
    if (named == NULL) return 0;
    size_t index = (size_t)json_integer_value(json_object_get(named, "index"));
    double set = bt_gltf_number(named, "texCoord", 0.0);
    set = bt_gltf_number(bt_gltf_extension(named, "KHR_texture_transform"), "texCoord", set);
    if (set != 0.0) {
        bt_gltf_warn(r->document, "textures[%zu]: left out: only TEXCOORD_0 is read", index);
        return 0;
    }
    read_transform(r, named, index);
    uint32_t *known = &r->textures[color][index];
    if (*known != 0) return *known;
    if (load_texture(r, index, color, known) == BT_OK) {
        r->info->textures++;
    } else {
        bt_gltf_warn(r->document, "textures[%zu]: %s; the plain %s factor instead", index,
                     bt_error_message(), key);
    }
    return *known;
}

// ---- factors ------------------------------------------------------------------------------------
static double clamp_unit(double x)
{
    return fmin(fmax(x, 0.0), 1.0);
}

static void read_color(const json_t *object, const char *key, double fallback, double rgb[3])
{
    const json_t *list = json_object_get(object, key);
    for (size_t k = 0; k < 3; k++) {
        const json_t *value = json_array_get(list, k);
        rgb[k] = clamp_unit(json_is_number(value) ? json_number_value(value) : fallback);
    }
}

// Linear RGB as a spectrum; equal channels are exactly flat, so that white leaves a texture as it is.
static bt_status color_spectrum(bt_spec *spec, const double rgb[3], uint32_t *spectrum)
{
    if (rgb[0] == rgb[1] && rgb[1] == rgb[2])
        return bt_spec_add_spectrum(spec, "glTF grey", (double[]){550.0}, rgb, 1, spectrum);
    return bt_spec_add_reflectance_srgb(spec, "glTF colour", bt_srgb_encode(rgb[0]),
                                        bt_srgb_encode(rgb[1]), bt_srgb_encode(rgb[2]), spectrum);
}

// Light of D65's shape filtered by the factor, `strength` cd m^-2 for white.
static bt_status add_emission(reader *r, const json_t *from, bt_material *m)
{
    double rgb[3], nm[BT_SPECTRUM_BINS], values[BT_SPECTRUM_BINS];
    read_color(from, "emissiveFactor", 0.0, rgb);
    double strength = bt_gltf_number(bt_gltf_extension(from, "KHR_materials_emissive_strength"),
                                     "emissiveStrength", 1.0);
    if (!(rgb[0] + rgb[1] + rgb[2] > 0.0 && strength > 0.0 && strength <= 1e9)) return BT_OK;
    float white[BT_SPECTRUM_BINS];
    memcpy(white, bt_illuminant_d65, sizeof white);
    (void)bt_spectrum_set_luminance(white, strength);
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        nm[i] = bt_spectrum_bin_nm(i);
        values[i] = 0.0;
        for (int k = 0; k < 3; k++)
            values[i] += rgb[k] * (double)(bt_rgb_basis[k][i] * white[i]);
    }
    m->emission_scale = 1.0f;
    m->shines_both = json_is_true(json_object_get(from, "doubleSided"));
    m->texture_emission = texture_of(r, from, "emissiveTexture", true);
    return bt_spec_add_spectrum(r->spec, "glTF emission", nm, values, BT_SPECTRUM_BINS,
                                &m->emission);
}

static void read_surface(reader *r, const json_t *from, const json_t *pbr, bt_material *m)
{
    m->kind = BT_MATERIAL_COATED;
    m->roughness = (float)clamp_unit(bt_gltf_number(pbr, "roughnessFactor", 1.0));
    m->metal = (float)clamp_unit(bt_gltf_number(pbr, "metallicFactor", 1.0));
    m->texture_color = texture_of(r, pbr, "baseColorTexture", true);
    m->texture_surface = texture_of(r, pbr, "metallicRoughnessTexture", false);
    m->texture_normal = texture_of(r, from, "normalTexture", false);
    if (m->texture_normal != 0)
        m->bump =
            (float)clamp_unit(bt_gltf_number(json_object_get(from, "normalTexture"), "scale", 1.0));
    if (m->metal == 1.0f && m->texture_surface == 0) m->kind = BT_MATERIAL_CONDUCTOR;
}

// KHR_materials_volume: what is left of light after a distance inside is the glass's colour.
static void read_volume(const json_t *volume, double rgb[3], bt_material *m)
{
    double distance_m = bt_gltf_number(volume, "attenuationDistance", 0.0);
    if (!(distance_m > 0.0 && distance_m <= 1e6)) return;
    m->tint_depth_m = (float)distance_m;
    read_color(volume, "attenuationColor", 1.0, rgb);
}

// rgb: the base colour, or the volume's where it has one.
static void read_glass(const json_t *from, double rgb[3], bt_material *m)
{
    double ior = bt_gltf_number(bt_gltf_extension(from, "KHR_materials_ior"), "ior", 1.5);
    m->ior = (float)fmin(fmax(ior, 1.01), 3.0);
    double passes = bt_gltf_number(bt_gltf_extension(from, "KHR_materials_transmission"),
                                   "transmissionFactor", 0.0);
    if (!(passes >= 0.5)) return;
    const json_t *volume = bt_gltf_extension(from, "KHR_materials_volume");
    double thick = bt_gltf_number(volume, "thicknessFactor", 0.0);
    if (thick > 0.0) read_volume(volume, rgb, m);
    m->kind = thick > 0.0 ? BT_MATERIAL_DIELECTRIC : BT_MATERIAL_GLASS_THIN;
    m->metal = 0.0f;
    m->texture_surface = 0;
}

static void read_coat(reader *r, const json_t *from, size_t number, bt_material *m)
{
    const json_t *coat = bt_gltf_extension(from, "KHR_materials_clearcoat");
    if (!(bt_gltf_number(coat, "clearcoatFactor", 0.0) > 0.0)) return;
    if (m->kind != BT_MATERIAL_COATED || m->metal > 0.0f) {
        bt_gltf_warn(r->document, "materials[%zu]: its clear coat over metal left out", number);
        return;
    }
    m->roughness = (float)clamp_unit(bt_gltf_number(coat, "clearcoatRoughnessFactor", 0.0));
    m->texture_surface = 0;
}

// Cut out by a limit on alpha, or covering a part. Glass lets light through on its own.
static void read_alpha(const json_t *from, const json_t *pbr, bt_material *m)
{
    const char *mode = json_string_value(json_object_get(from, "alphaMode"));
    const json_t *value = json_array_get(json_object_get(pbr, "baseColorFactor"), 3);
    double alpha = clamp_unit(json_is_number(value) ? json_number_value(value) : 1.0);
    bool image = m->texture_color != 0;
    if (mode == NULL || m->kind == BT_MATERIAL_GLASS_THIN || m->kind == BT_MATERIAL_DIELECTRIC)
        return;
    if (strcmp(mode, "BLEND") == 0 && (image || alpha < 1.0)) {
        m->alpha = BT_ALPHA_SHARE;
        m->alpha_level = (float)alpha;
    }
    double limit = bt_gltf_number(from, "alphaCutoff", 0.5);
    if (strcmp(mode, "MASK") == 0 && limit > 0.0 && (image || alpha < limit)) {
        m->alpha = BT_ALPHA_CUT;
        m->alpha_level = (float)fmin(limit / fmax(alpha, 1e-6), 2.0); // on the image's own
    }
}

static bt_status add_material(reader *r, const json_t *from, size_t number,
                              bt_gltf_material *material)
{
    const json_t *pbr = json_object_get(from, "pbrMetallicRoughness");
    bt_material m = {.reflectance2 = BT_NO_SPECTRUM, .emission = BT_NO_SPECTRUM};
    double rgb[3];
    char name[64];
    snprintf(name, sizeof name, "gltf %zu", number);
    r->uv = uv_plain;
    r->has_uv = false;
    read_color(pbr, "baseColorFactor", 1.0, rgb);
    read_surface(r, from, pbr, &m);
    read_glass(from, rgb, &m);
    read_coat(r, from, number, &m);
    read_alpha(from, pbr, &m);
    bt_status status = color_spectrum(r->spec, rgb, &m.reflectance);
    if (status == BT_OK) status = add_emission(r, from, &m);
    material->uv = r->uv;
    if (status == BT_OK) status = bt_spec_add_material(r->spec, name, &m, &material->index);
    return status;
}

bt_status bt_gltf_add_materials(bt_gltf_document *document, bt_spec *spec,
                                bt_gltf_material **materials, bt_gltf_info *info)
{
    reader r = {.document = document, .spec = spec, .info = info};
    size_t count = bt_gltf_count(document->json, "materials");
    size_t textures = bt_gltf_count(document->json, "textures");
    bt_status status = BT_OK;
    *materials = bt_alloc(count + 1, sizeof **materials);
    for (int k = 0; k < 2; k++)
        r.textures[k] = bt_alloc(textures + 1, sizeof **r.textures);
    if (*materials == NULL || r.textures[0] == NULL || r.textures[1] == NULL)
        status = bt_fail(BT_ERR_MEMORY, "%s: no memory for its materials", document->path);
    for (size_t i = 0; i <= count && status == BT_OK; i++)
        status =
            add_material(&r, bt_gltf_item(document->json, "materials", i), i, &(*materials)[i]);
    info->materials = (uint32_t)count;
    bt_free(r.textures[0]);
    bt_free(r.textures[1]);
    if (status != BT_OK) {
        bt_free(*materials);
        *materials = NULL;
    }
    return status;
}
