// material_lua_internal.h: what the readers of material sheets share.
#ifndef BT_SCENE_MATERIAL_LUA_INTERNAL_H
#define BT_SCENE_MATERIAL_LUA_INTERNAL_H

#include "engine/scene/material_lua.h"
#include "engine/script/script.h"
#include "shaders/shared/types.h"

typedef struct bt_sheet_reader {
    bt_script *script;
    bt_spec *spec;
} bt_sheet_reader;

void bt_sheet_fill(float out[BT_SPECTRUM_BINS], double value);
// Puts what a call said under the table's own path.
void bt_sheet_fail_with(bt_table *table, const char *key);
// What stands under a key, without accepting it.
int bt_sheet_type_of(bt_table *table, const char *key);
// `csv` and `column`.
void bt_sheet_read_csv(bt_sheet_reader *r, bt_table *table, float out[BT_SPECTRUM_BINS]);
// A colour keeps its chromaticity; its spectrum is that of the wanted luminance (0: its own).
void bt_sheet_uplift_color(bt_table *table, const char *key, const double rgb[3], double albedo,
                           float out[BT_SPECTRUM_BINS]);
uint32_t bt_sheet_add_spectrum(bt_sheet_reader *r, bt_table *table,
                               const float spectrum[BT_SPECTRUM_BINS]);

// `emission`: the material's spectrum, scale, web and flicker, and whether it is one of those that are
// lit from dusk on, between two hours. material_lamp.c
typedef struct bt_lamp_hours {
    bool dusk;
    double from_h, to_h;
} bt_lamp_hours;
void bt_sheet_read_emission(bt_sheet_reader *r, bt_table *parent, bt_material *m,
                            bt_lamp_hours *hours);

#endif
