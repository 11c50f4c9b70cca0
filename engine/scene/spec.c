// spec.c: a spec's life, its names, spectra and materials.
#include "engine/scene/spec_internal.h"

#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/uplift.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- life -------------------------------------------------------------------------------------
bt_status bt_spec_create(bt_spec **spec)
{
    *spec = bt_alloc(1, sizeof **spec);
    if (*spec == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a scene");
    (*spec)->weather.sun_elevation_rad = 45.0 * BT_RAD_PER_DEG;
    (*spec)->texture_basis = BT_NO_SPECTRUM;

    // object 0 is "nothing"
    uint32_t nothing;
    bt_status status = bt_spec_add_object(*spec, "none", BT_CLASS_NONE, &nothing);
    if (status != BT_OK) {
        bt_spec_destroy(*spec);
        *spec = NULL;
    }
    return status;
}

void bt_spec_destroy(bt_spec *spec)
{
    if (spec == NULL) return;
    void *arrays[] = {
        spec->names,       spec->spectra,        spec->spectrum_names, spec->materials,
        spec->tints,       spec->normals,        spec->material_names, spec->positions,
        spec->uvs,         spec->indices,        spec->triangle_slots, spec->slots,
        spec->meshes,      spec->objects,        spec->statics,        spec->parts,
        spec->skins,       spec->keypoints,      spec->cuboids,        spec->models,
        spec->actors,      spec->textures,       spec->texels,         spec->web_heads,
        spec->web_values,  spec->dusk_materials, spec->object_ids,     spec->actor_ids,
        spec->mesh_origins};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        bt_free(arrays[i]);
    bt_piece_list_clear(&spec->pieces);
    bt_free(spec);
}

// ---- what is shared by the other files ----------------------------------------------------------
bt_status bt_spec_keep_name(bt_spec *spec, const char *name, uint32_t *offset)
{
    const char *text = name ? name : "";
    size_t bytes = strlen(text) + 1;
    *offset = 0;
    if (bytes > 4096) return bt_fail(BT_ERR_INPUT, "a name of %zu bytes; at most 4095", bytes - 1);
    if (spec->names_count + bytes > BT_SPEC_MAX_ELEMENTS)
        return bt_fail(BT_ERR_LIMIT, "names of the scene exceed %u bytes", BT_SPEC_MAX_ELEMENTS);
    bt_status status = BT_SPEC_GROW(spec, names, bytes, 1);
    if (status != BT_OK) return status;
    memcpy(spec->names + spec->names_count, text, bytes);
    *offset = spec->names_count;
    spec->names_count += (uint32_t)bytes;
    return BT_OK;
}

bool bt_spec_finite3(bt_vec3 v)
{
    return isfinite(v.x) && isfinite(v.y) && isfinite(v.z);
}

bt_status bt_spec_check_pose(const char *what, bt_pose pose, bt_pose *clean)
{
    bt_quat q = pose.rot;
    double length2 = q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z;
    *clean = BT_POSE_IDENTITY;
    if (!bt_spec_finite3(pose.pos))
        return bt_fail(BT_ERR_INPUT, "%s: its position is not finite", what);
    if (!(bt_vec3_length(pose.pos) <= BT_SPEC_MAX_POSITION_M))
        return bt_fail(BT_ERR_INPUT, "%s: it is %g m from the origin; expected at most %g m", what,
                       bt_vec3_length(pose.pos), BT_SPEC_MAX_POSITION_M);
    if (!(fabs(length2 - 1.0) < 1e-3))
        return bt_fail(BT_ERR_INPUT,
                       "%s: its rotation (%g %g %g %g) is not a quaternion of length 1", what, q.w,
                       q.x, q.y, q.z);
    *clean = (bt_pose){pose.pos, bt_quat_normalize(q)};
    return BT_OK;
}

// ---- spectra ------------------------------------------------------------------------------------
bt_status bt_spec_keep_spectrum(bt_spec *spec, const char *name,
                                const float values[BT_SPECTRUM_BINS], uint32_t *spectrum)
{
    uint32_t name_offset;
    bt_status status = bt_spec_keep_name(spec, name, &name_offset);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, spectra, 1, BT_SPECTRUM_BINS);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, spectrum_names, 1, 1);
    if (status != BT_OK) return status;
    memcpy(spec->spectra + (size_t)spec->spectra_count * BT_SPECTRUM_BINS, values,
           BT_SPECTRUM_BINS * sizeof *values);
    spec->spectrum_names[spec->spectrum_names_count++] = name_offset;
    *spectrum = spec->spectra_count++;
    return BT_OK;
}

bt_status bt_spec_add_spectrum(bt_spec *spec, const char *name, const double *wavelengths_nm,
                               const double *values, size_t count, uint32_t *spectrum)
{
    float table[BT_SPECTRUM_BINS];
    *spectrum = BT_NO_SPECTRUM;
    bt_status status = bt_spectrum_resample(wavelengths_nm, values, count, table);
    if (status != BT_OK) return bt_fail_prefix(status, "spectrum '%s'", name ? name : "");
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        if (!(table[i] >= 0.0f && isfinite(table[i])))
            return bt_fail(BT_ERR_INPUT,
                           "spectrum '%s': %g at %g nm; expected numbers from 0 upward",
                           name ? name : "", (double)table[i], bt_spectrum_bin_nm((unsigned)i));
    return bt_spec_keep_spectrum(spec, name, table, spectrum);
}

bt_status bt_spec_add_reflectance_srgb(bt_spec *spec, const char *name, double red, double green,
                                       double blue, uint32_t *spectrum)
{
    float table[BT_SPECTRUM_BINS];
    *spectrum = BT_NO_SPECTRUM;
    bt_status status = bt_uplift_srgb(red, green, blue, table);
    if (status != BT_OK) return bt_fail_prefix(status, "spectrum '%s'", name ? name : "");
    return bt_spec_keep_spectrum(spec, name, table, spectrum);
}

// ---- materials ----------------------------------------------------------------------------------
static bt_status check_spectrum(const bt_spec *spec, const char *name, const char *field,
                                uint32_t index, double most)
{
    if (index == BT_NO_SPECTRUM) return BT_OK;
    if (index >= spec->spectra_count)
        return bt_fail(BT_ERR_INPUT, "material '%s': %s: there is no spectrum %u of %u", name,
                       field, index, spec->spectra_count);
    const float *values = spec->spectra + (size_t)index * BT_SPECTRUM_BINS;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        if (!((double)values[i] <= most))
            return bt_fail(BT_ERR_INPUT, "material '%s': %s is %g at %g nm; expected 0 to %g", name,
                           field, (double)values[i], bt_spectrum_bin_nm((unsigned)i), most);
    return BT_OK;
}

static bt_status check_number(const char *name, const char *field, float value, double low,
                              double high)
{
    if ((double)value >= low && (double)value <= high) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "material '%s': %s is %g; expected %g to %g", name, field,
                   (double)value, low, high);
}

static bt_status check_texture(const bt_spec *spec, const char *name, const char *field,
                               uint32_t texture, uint32_t format)
{
    if (texture == 0) return BT_OK;
    if (texture > spec->textures_count)
        return bt_fail(BT_ERR_INPUT, "material '%s': %s: there is no texture %u", name, field,
                       texture);
    if (spec->textures[texture - 1].format != format)
        return bt_fail(BT_ERR_INPUT, "material '%s': %s: texture %u holds %s", name, field, texture,
                       format == BT_TEXTURE_COLOR ? "no colours" : "colours");
    return BT_OK;
}

static bt_status check_textures(const bt_spec *spec, const char *name, const bt_material *m)
{
    const struct {
        const char *field;
        uint32_t texture, format;
    } textures[] = {
        {"texture_color", m->texture_color, BT_TEXTURE_COLOR},
        {"texture_surface", m->texture_surface, BT_TEXTURE_DATA},
        {"texture_normal", m->texture_normal, BT_TEXTURE_DATA},
        {"texture_emission", m->texture_emission, BT_TEXTURE_COLOR},
    };
    bt_status status = BT_OK;
    for (size_t i = 0; status == BT_OK && i < sizeof textures / sizeof *textures; i++)
        status =
            check_texture(spec, name, textures[i].field, textures[i].texture, textures[i].format);
    return status;
}

static bt_status check_material(const bt_spec *spec, const char *name, const bt_material *m)
{
    const struct {
        const char *field;
        float value;
        double low, high;
    } numbers[] = {
        {"emission_scale", m->emission_scale, 0.0, 1e12},
        {"roughness", m->roughness, 0.0, 1.0},
        {"roughness2", m->roughness2, 0.0, 1.0},
        {"ior", m->ior, 0.0, 5.0},
        {"pattern_scale_m", m->pattern_scale_m, 0.0, 1e4},
        {"bump", m->bump, 0.0, 1.0},
        {"wear", m->wear, 0.0, 1.0},
        {"strength", m->strength, 0.0, 1.0},
        {"metal", m->metal, 0.0, 1.0},
        {"wet", m->wet, 0.0, 1.0},
        {"sheltered", m->sheltered, 0.0, 1.0},
        {"porosity", m->porosity, 0.0, 1.0},
        {"retro", m->retro, 0.0, 1e6},
        {"retro_spread_rad", m->retro_spread_rad, 0.0, 1.0},
        {"retro_tail", m->retro_tail, 0.0, 100.0},
        {"retro_tilt", m->retro_tilt, -10.0, 10.0},
        {"sheen", m->sheen, 0.0, 1.0},
        {"flakes", m->flakes, 0.0, 1.0},
        {"edge_dip", m->edge_dip, -1.0, 1.0},
        {"flicker_hz", m->flicker_hz, 0.0, 20000.0},
        {"flicker_duty", m->flicker_duty, 0.0, 1.0},
        {"flicker_ripple", m->flicker_ripple, 0.0, 1.0},
        {"tint_depth_m", m->tint_depth_m, 0.0, 1e6},
    };
    if (m->kind >= BT_MATERIAL_KIND_COUNT)
        return bt_fail(BT_ERR_INPUT, "material '%s': kind %u; expected 0 to %u", name, m->kind,
                       BT_MATERIAL_KIND_COUNT - 1u);
    if (m->pattern >= BT_PATTERN_COUNT)
        return bt_fail(BT_ERR_INPUT, "material '%s': pattern %u; expected 0 to %u", name,
                       m->pattern, BT_PATTERN_COUNT - 1u);
    bt_status status = check_spectrum(spec, name, "reflectance", m->reflectance, 1.0);
    if (status == BT_OK) status = check_spectrum(spec, name, "reflectance2", m->reflectance2, 1.0);
    if (status == BT_OK) status = check_spectrum(spec, name, "emission", m->emission, 1e12);
    if (status == BT_OK) status = check_textures(spec, name, m);
    if (status == BT_OK && m->web > spec->web_heads_count)
        status =
            bt_fail(BT_ERR_INPUT, "material '%s': there is no photometric web %u", name, m->web);
    if (status == BT_OK && m->shines_both != 0 && (m->web != 0 || m->shines_both != 1))
        status = bt_fail(BT_ERR_INPUT,
                         "material '%s': shines_both is %u; expected 0, or 1 without a web", name,
                         m->shines_both);
    if (status == BT_OK && m->flicker_hz != truncf(m->flicker_hz))
        status = bt_fail(BT_ERR_INPUT, "material '%s': flicker_hz is %g; expected whole hertz",
                         name, (double)m->flicker_hz);
    for (size_t i = 0; status == BT_OK && i < sizeof numbers / sizeof *numbers; i++)
        status =
            check_number(name, numbers[i].field, numbers[i].value, numbers[i].low, numbers[i].high);
    return status;
}

static uint32_t find_name(const bt_spec *spec, const char *name)
{
    for (uint32_t i = 0; i < spec->materials_count; i++)
        if (strcmp(spec->names + spec->material_names[i], name) == 0) return i;
    return BT_NO_INDEX;
}

bt_status bt_spec_add_material(bt_spec *spec, const char *name, const bt_material *material,
                               uint32_t *index)
{
    uint32_t name_offset;
    *index = BT_NO_INDEX;
    if (name == NULL || name[0] == '\0') return bt_fail(BT_ERR_INPUT, "a material needs a name");
    if (find_name(spec, name) != BT_NO_INDEX)
        return bt_fail(BT_ERR_INPUT, "material '%s' is there already", name);
    bt_status status = check_material(spec, name, material);
    if (status == BT_OK) status = bt_spec_keep_name(spec, name, &name_offset);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, materials, 1, 1);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, material_names, 1, 1);
    if (status != BT_OK) return status;

    bt_material kept = *material;
    if (kept.ior == 0.0f) kept.ior = 1.5f;
    spec->materials[spec->materials_count] = kept;
    spec->material_names[spec->material_names_count++] = name_offset;
    *index = spec->materials_count++;
    return BT_OK;
}

bt_status bt_spec_light_at_dusk(bt_spec *spec, uint32_t material)
{
    return bt_spec_light_between(spec, material, 0.0, 24.0);
}

bt_status bt_spec_light_between(bt_spec *spec, uint32_t material, double from_h, double to_h)
{
    if (!(from_h >= 0.0 && from_h <= 24.0 && to_h >= 0.0 && to_h <= 24.0))
        return bt_fail(BT_ERR_INPUT, "lit from %g to %g h: expected 0 to 24", from_h, to_h);
    if (material >= spec->materials_count)
        return bt_fail(BT_ERR_INPUT, "dusk: there is no material %u of %u", material,
                       spec->materials_count);
    bt_status status = BT_SPEC_GROW(spec, dusk_materials, 1, 1);
    if (status == BT_OK)
        spec->dusk_materials[spec->dusk_materials_count++] =
            (bt_dusk_material){material, from_h, to_h};
    return status;
}

// Edits (insert, remove, replace) between two short words, over one row of the table.
// Levenshtein 1966; words longer than 63 letters are cut.
static unsigned edit_distance(const char *a, const char *b)
{
    unsigned row[64];
    size_t a_length = strnlen(a, 63), b_length = strnlen(b, 63);
    for (size_t j = 0; j <= b_length; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned replaced = diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u);
            diagonal = row[j];
            unsigned least = row[j - 1] < row[j] ? row[j - 1] + 1u : row[j] + 1u;
            row[j] = replaced < least ? replaced : least;
        }
    }
    return row[b_length];
}

// A word that is part of the other is nearer than any misspelling.
static unsigned name_distance(const char *asked, const char *known)
{
    if (asked[0] != '\0' && strstr(known, asked) != NULL) return 0;
    return edit_distance(asked, known);
}

// "'a', 'b', 'c'": the three nearest names.
static void list_nearest(const bt_spec *spec, const char *name, char *out, size_t size)
{
    uint32_t taken[3] = {BT_NO_INDEX, BT_NO_INDEX, BT_NO_INDEX};
    size_t used = 0;
    out[0] = '\0';
    for (int k = 0; k < 3; k++) {
        unsigned best_distance = 0;
        for (uint32_t i = 0; i < spec->materials_count; i++) {
            if (i == taken[0] || i == taken[1]) continue;
            unsigned distance = name_distance(name, spec->names + spec->material_names[i]);
            if (taken[k] != BT_NO_INDEX && distance >= best_distance) continue;
            taken[k] = i;
            best_distance = distance;
        }
        if (taken[k] == BT_NO_INDEX || used >= size) break;
        int wrote = snprintf(out + used, size - used, "%s'%.60s'", k > 0 ? ", " : "",
                             spec->names + spec->material_names[taken[k]]);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

bt_status bt_spec_find_material(const bt_spec *spec, const char *name, uint32_t *index)
{
    *index = find_name(spec, name);
    if (*index != BT_NO_INDEX) return BT_OK;
    char nearest[256];
    list_nearest(spec, name, nearest, sizeof nearest);
    if (nearest[0] == '\0')
        return bt_fail(BT_ERR_INPUT, "there is no material '%s': no material sheet was read", name);
    return bt_fail(BT_ERR_INPUT, "there is no material '%s'; the nearest names are %s", name,
                   nearest);
}

static const bt_spec_tint *find_tint(const bt_spec *spec, uint32_t base, const double rgb[3])
{
    for (uint32_t i = 0; i < spec->tints_count; i++) {
        const bt_spec_tint *t = &spec->tints[i];
        if (t->base == base && t->rgb[0] == rgb[0] && t->rgb[1] == rgb[1] && t->rgb[2] == rgb[2])
            return t;
    }
    return NULL;
}

void bt_spec_steady_lamps(bt_spec *spec)
{
    for (uint32_t i = 0; i < spec->materials_count; i++)
        spec->materials[i].flicker_hz = 0.0f;
}

bt_status bt_spec_tint_material(bt_spec *spec, uint32_t base, double red, double green, double blue,
                                uint32_t *index)
{
    const double rgb[3] = {red, green, blue};
    *index = BT_NO_INDEX;
    if (base >= spec->materials_count)
        return bt_fail(BT_ERR_INPUT, "tint: there is no material %u of %u", base,
                       spec->materials_count);
    const bt_spec_tint *known = find_tint(spec, base, rgb);
    if (known != NULL) {
        *index = known->material;
        return bt_spec_note_tint(spec, known);
    }

    char name[200];
    snprintf(name, sizeof name, "%.100s(%.17g %.17g %.17g)",
             spec->names + spec->material_names[base], red, green, blue);
    bt_material material = spec->materials[base];
    const uint32_t undyed = material.reflectance;
    bt_status status =
        bt_spec_add_reflectance_srgb(spec, name, red, green, blue, &material.reflectance);
    if (status == BT_OK && material.kind == BT_MATERIAL_CLOTH && undyed != BT_NO_SPECTRUM)
        bt_uplift_infrared(spec->spectra + (size_t)material.reflectance * BT_SPECTRUM_BINS,
                           spec->spectra + (size_t)undyed * BT_SPECTRUM_BINS);
    if (status == BT_OK) status = bt_spec_add_material(spec, name, &material, index);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, tints, 1, 1);
    if (status != BT_OK) return status;
    spec->tints[spec->tints_count] = (bt_spec_tint){base, *index, {red, green, blue}};
    return bt_spec_note_tint(spec, &spec->tints[spec->tints_count++]);
}

// ---- light --------------------------------------------------------------------------------------
void bt_spec_set_weather(bt_spec *spec, const bt_weather *weather)
{
    spec->weather = *weather;
}
