// material_lua.c: one flat list of reads per material; spectra in any of their spellings.
#include "engine/scene/material_lua_internal.h"

#include "engine/core/file.h"
#include "engine/scene/metal.h"
#include "engine/scene/retro.h"
#include "engine/scene/spec_internal.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/spectrum_csv.h"
#include "engine/spectrum/uplift.h"

#include <stdio.h>
#include <string.h>

#define MAX_POINTS 1024 // of a spectrum written in a sheet

static const char *const kind_words[] = {"diffuse",    "conductor", "coated", "glass_thin",
                                         "dielectric", "leaf",      "retro",  "cloth",
                                         "paint",      NULL};
static const char *const metal_words[] = {"aluminium", "copper", "chromium", NULL};
static const char *const pattern_words[] = {
    "none", "asphalt", "concrete", "marking", "ground", "brick", "plaster", "roof", "bark",
    "leaf", "paint",   "metal",    "paving",  "rubber", "cloth", "wood",    "hair", NULL};

// ---- spectra ------------------------------------------------------------------------------------
void bt_sheet_fill(float out[BT_SPECTRUM_BINS], double value)
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        out[i] = (float)value;
}

// Puts what a call said under the table's own path.
void bt_sheet_fail_with(bt_table *table, const char *key)
{
    char message[512];
    snprintf(message, sizeof message, "%s", bt_error_message());
    bt_table_fail(table, key, "%s", message);
}

void bt_sheet_read_csv(bt_sheet_reader *r, bt_table *table, float out[BT_SPECTRUM_BINS])
{
    char path[4096];
    const char *file = bt_table_string(table, "csv", NULL);
    const char *column = bt_table_string(table, "column", NULL);
    if (table->status != BT_OK) return;
    if (bt_script_find_file(r->script, file, path, sizeof path) != BT_OK ||
        bt_spectrum_read_csv(path, column, out) != BT_OK)
        bt_sheet_fail_with(table, "csv");
}

static void read_points(bt_table *table, float out[BT_SPECTRUM_BINS])
{
    static const double least_nm = 100.0, most_nm = 3000.0;
    double nm[MAX_POINTS], values[MAX_POINTS];
    size_t count = bt_table_length(table);
    if (count < 1 || count > MAX_POINTS) {
        bt_table_fail(table, "", "%zu points; expected 1 to %d of {nm, value}", count, MAX_POINTS);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bt_table point;
        if (!bt_table_open_item(table, i, &point)) return;
        if (bt_table_length(&point) != 2) bt_table_fail(&point, "", "expected a pair {nm, value}");
        nm[i] = bt_table_item_number(&point, 0, least_nm, most_nm);
        values[i] = bt_table_item_number(&point, 1, 0.0, 1.0);
        if (bt_table_end(&point) != BT_OK) return;
    }
    if (bt_spectrum_resample(nm, values, count, out) != BT_OK) bt_sheet_fail_with(table, "");
}

// What stands under a key, without accepting it.
int bt_sheet_type_of(bt_table *table, const char *key)
{
    lua_pushstring(table->lua, key);
    int type = lua_rawget(table->lua, table->index);
    lua_pop(table->lua, 1);
    return type;
}

// `reflectance = ...` in its three spellings; false when absent.
static bool read_reflectance(bt_sheet_reader *r, bt_table *table, const char *key,
                             float out[BT_SPECTRUM_BINS])
{
    bt_table child;
    if (bt_sheet_type_of(table, key) == LUA_TNUMBER) {
        bt_sheet_fill(out, bt_table_number(table, key, 0.0, 0.0, 1.0));
        return true;
    }
    if (!bt_table_open(table, key, &child)) return false;
    if (bt_sheet_type_of(&child, "csv") != LUA_TNIL)
        bt_sheet_read_csv(r, &child, out);
    else
        read_points(&child, out);
    return bt_table_end(&child) == BT_OK;
}

// Scales to a luminous reflectance; the spectrum must stay at or below 1.
static void scale_to_albedo(bt_table *table, const char *key, double albedo,
                            float spectrum[BT_SPECTRUM_BINS])
{
    double xyz[3];
    bt_spectrum_xyz_reflected(spectrum, bt_illuminant_d65, xyz);
    if (!(xyz[1] > 1e-6)) {
        bt_table_fail(table, key, "a black spectrum cannot be scaled to %g", albedo);
        return;
    }
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        spectrum[i] = (float)((double)spectrum[i] * albedo / xyz[1]);
        if (spectrum[i] > 1.0f) {
            bt_table_fail(table, key, "%g brings the spectrum to %g at %g nm; at most 1", albedo,
                          (double)spectrum[i], bt_spectrum_bin_nm((unsigned)i));
            return;
        }
    }
}

// A colour keeps its chromaticity; its spectrum is that of the wanted luminance.
void bt_sheet_uplift_color(bt_table *table, const char *key, const double rgb[3], double albedo,
                           float out[BT_SPECTRUM_BINS])
{
    double linear[3], xyz[3], c[3];
    for (int k = 0; k < 3; k++)
        linear[k] = bt_srgb_decode(rgb[k]);
    bt_xyz_from_srgb_linear(linear, xyz);
    double scale = albedo > 0.0 && xyz[1] > 1e-6 ? albedo / xyz[1] : 1.0;
    for (int k = 0; k < 3; k++)
        linear[k] *= scale;
    if (bt_uplift_fit(linear, c) != BT_OK)
        bt_sheet_fail_with(table, key);
    else
        bt_uplift_eval(c, out);
}

uint32_t bt_sheet_add_spectrum(bt_sheet_reader *r, bt_table *table,
                               const float spectrum[BT_SPECTRUM_BINS])
{
    double nm[BT_SPECTRUM_BINS], values[BT_SPECTRUM_BINS];
    uint32_t index = BT_NO_SPECTRUM;
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        nm[i] = bt_spectrum_bin_nm(i);
        values[i] = (double)spectrum[i];
    }
    if (bt_spec_add_spectrum(r->spec, table->path, nm, values, BT_SPECTRUM_BINS, &index) != BT_OK)
        bt_sheet_fail_with(table, "");
    return index;
}

// Reads color/reflectance/albedo/infrared under the given keys and adds the spectrum.
static uint32_t read_surface(bt_sheet_reader *r, bt_table *table, const char *color_key,
                             const char *reflectance_key, const char *albedo_key,
                             const char *infrared_key)
{
    float spectrum[BT_SPECTRUM_BINS], beyond[BT_SPECTRUM_BINS];
    double rgb[3];
    double albedo = bt_table_number(table, albedo_key, 0.0, 1e-4, 1.0);
    double infrared = bt_table_number(table, infrared_key, -1.0, 0.0, 1.0);
    bool colored = bt_table_numbers(table, color_key, rgb, 3, 0.0, 1.0);
    bool tabled = read_reflectance(r, table, reflectance_key, spectrum);
    if (table->status != BT_OK || (!colored && !tabled)) return BT_NO_SPECTRUM;
    if (colored && tabled)
        bt_table_fail(table, color_key, "expected it or '%s', not both", reflectance_key);
    else if (colored)
        bt_sheet_uplift_color(table, color_key, rgb, albedo, spectrum);
    else if (albedo > 0.0)
        scale_to_albedo(table, albedo_key, albedo, spectrum);
    if (table->status != BT_OK) return BT_NO_SPECTRUM;

    bt_sheet_fill(beyond, infrared);
    if (infrared >= 0.0) bt_uplift_infrared(spectrum, beyond);
    return bt_sheet_add_spectrum(r, table, spectrum);
}

// ---- metals and reflectors ----------------------------------------------------------------------
// `metal = "..."` in the place of a colour.
static void read_metal(bt_sheet_reader *r, bt_table *table, bt_material *m)
{
    float f0[BT_SPECTRUM_BINS];
    if (bt_sheet_type_of(table, "metal") == LUA_TNIL) return;
    int metal = bt_table_choice(table, "metal", 0, metal_words);
    if (m->kind != BT_MATERIAL_CONDUCTOR)
        bt_table_fail(table, "metal", "expected kind \"conductor\" with it");
    if (m->reflectance != BT_NO_SPECTRUM)
        bt_table_fail(table, "metal", "expected it or a colour, not both");
    if (table->status != BT_OK) return;
    bt_metal_fill((bt_metal)metal, f0, &m->edge_dip);
    m->reflectance = bt_sheet_add_spectrum(r, table, f0);
}

static double luminous(bt_sheet_reader *r, uint32_t spectrum)
{
    double xyz[3];
    if (spectrum == BT_NO_SPECTRUM) return 0.5;
    bt_spectrum_xyz_reflected(r->spec->spectra + (size_t)spectrum * BT_SPECTRUM_BINS,
                              bt_illuminant_d65, xyz);
    return fmax(xyz[1], 1e-3);
}

static void read_retro(bt_sheet_reader *r, bt_table *parent, bt_material *m)
{
    bt_table table;
    if (bt_sheet_type_of(parent, "retro") == LUA_TNIL) {
        if (m->kind == BT_MATERIAL_RETRO)
            bt_table_fail(parent, "retro", "expected {ra = ...} or {rl = ...}");
        return;
    }
    if (!bt_table_open(parent, "retro", &table)) return;
    double ra = bt_table_number(&table, "ra", 0.0, 0.0, 2000.0);
    double rl = bt_table_number(&table, "rl", 0.0, 0.0, 5000.0);
    double spread_deg = bt_table_number(&table, "spread_deg", ra > 0.0 ? 0.52 : 4.0, 0.1, 20.0);
    double tail = bt_table_number(&table, "tail", 1.5, 1.1, 20.0);
    if ((ra > 0.0) == (rl > 0.0)) bt_table_fail(&table, "", "expected one of ra, rl above 0");
    if (m->kind != BT_MATERIAL_RETRO) bt_table_fail(&table, "", "expected kind \"retro\" with it");
    if (bt_table_end(&table) != BT_OK) return;
    if (ra > 0.0)
        bt_retro_sheeting(m, ra, luminous(r, m->reflectance), spread_deg, tail);
    else
        bt_retro_marking(m, rl, luminous(r, m->reflectance), spread_deg, tail);
}

// Water, fibres, flakes.
static void read_finish(bt_table *table, bt_material *m)
{
    m->wet = (float)bt_table_number(table, "wet", 0.0, 0.0, 1.0);
    double porous = m->kind == BT_MATERIAL_DIFFUSE || m->kind == BT_MATERIAL_CLOTH ? 0.8 : 0.0;
    m->porosity = (float)bt_table_number(table, "porosity", porous, 0.0, 1.0);
    m->sheltered = (float)bt_table_number(table, "sheltered", 0.0, 0.0, 1.0);
    m->tint_depth_m = (float)bt_table_number(table, "tint_depth_m", 0.0, 0.0, 1e3);
    m->sheen = (float)bt_table_number(table, "sheen", 0.0, 0.0, 1.0);
    m->flakes = (float)bt_table_number(table, "flakes", 0.0, 0.0, 1.0);
    if (m->sheen > 0.0f && m->kind != BT_MATERIAL_CLOTH)
        bt_table_fail(table, "sheen", "expected kind \"cloth\" with it");
    if (m->flakes > 0.0f && m->kind != BT_MATERIAL_PAINT)
        bt_table_fail(table, "flakes", "expected kind \"paint\" with it");
}

// ---- materials ----------------------------------------------------------------------------------
static void read_material(bt_sheet_reader *r, bt_table *table, const char *name)
{
    bt_material m = {0};
    bt_lamp_hours hours = {0};
    m.kind = (uint32_t)bt_table_choice(table, "kind", (int)BT_MATERIAL_DIFFUSE, kind_words);
    m.pattern = (uint32_t)bt_table_choice(table, "pattern", (int)BT_PATTERN_NONE, pattern_words);
    m.reflectance = read_surface(r, table, "color", "reflectance", "albedo", "infrared");
    m.reflectance2 = read_surface(r, table, "color2", "reflectance2", "albedo2", "infrared2");
    bt_sheet_read_emission(r, table, &m, &hours);
    m.roughness = (float)bt_table_number(table, "roughness", 0.8, 0.0, 1.0);
    m.roughness2 = (float)bt_table_number(table, "roughness2", (double)m.roughness, 0.0, 1.0);
    m.ior = (float)bt_table_number(table, "ior", 1.5, 1.0, 4.0);
    m.pattern_scale_m = (float)bt_table_number(table, "pattern_scale_m", 0.0, 0.0, 1000.0);
    m.bump = (float)bt_table_number(table, "bump", 0.0, 0.0, 1.0);
    m.wear = (float)bt_table_number(table, "wear", 0.0, 0.0, 1.0);
    m.strength = (float)bt_table_number(table, "strength", 1.0, 0.0, 1.0);
    read_metal(r, table, &m);
    read_retro(r, table, &m);
    read_finish(table, &m);
    if (strlen(bt_table_string(table, "source", NULL)) < 6)
        bt_table_fail(table, "source", "expected words that say where the numbers come from");
    if (m.reflectance == BT_NO_SPECTRUM && m.emission == BT_NO_SPECTRUM)
        bt_table_fail(table, "", "expected a color, a reflectance or an emission");

    uint32_t index;
    if (table->status == BT_OK && bt_spec_add_material(r->spec, name, &m, &index) != BT_OK)
        bt_sheet_fail_with(table, "");
    if (table->status == BT_OK && hours.dusk &&
        bt_spec_light_between(r->spec, index, hours.from_h, hours.to_h) != BT_OK)
        bt_sheet_fail_with(table, "");
}

static void read_group(bt_sheet_reader *r, bt_table *group)
{
    const char *name;
    for (size_t i = 0; group->status == BT_OK && (name = bt_table_key(group, i)) != NULL; i++) {
        bt_table entry;
        if (!bt_table_open(group, name, &entry)) break;
        read_material(r, &entry, name);
        if (bt_table_end(&entry) != BT_OK) break;
    }
}

static bt_status read_sheet(bt_sheet_reader *r, const char *path)
{
    bt_status status = bt_script_run_file(r->script, path, 1);
    if (status != BT_OK) return status;
    lua_State *lua = bt_script_lua(r->script);
    bt_table sheet;
    const char *name;
    bt_table_begin(&sheet, lua, -1, path, "");
    for (size_t i = 0; sheet.status == BT_OK && (name = bt_table_key(&sheet, i)) != NULL; i++) {
        bt_table group;
        if (!bt_table_open(&sheet, name, &group)) break;
        read_group(r, &group);
        if (bt_table_end(&group) != BT_OK) break;
    }
    status = bt_table_end(&sheet);
    lua_settop(lua, 0);
    return status;
}

bt_status bt_material_sheet_load(bt_spec *spec, const char *path)
{
    char dir[4096], spectra[4096];
    bt_status status = bt_path_dir(dir, sizeof dir, path);
    if (status == BT_OK) status = bt_path_join(spectra, sizeof spectra, dir, "../spectra");
    if (status != BT_OK) return status;

    const char *roots[] = {dir, spectra};
    // chosen: a hundred times what the largest sheet needs
    bt_script_desc desc = {.memory_limit_bytes = 64u << 20,
                           .instruction_limit = 10000000,
                           .roots = roots,
                           .root_count = 2};
    bt_sheet_reader r = {.spec = spec};
    status = bt_script_create(&desc, &r.script);
    if (status == BT_OK) status = read_sheet(&r, path);
    bt_script_destroy(r.script);
    return status;
}
