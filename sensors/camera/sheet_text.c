// sheet_text.c: a camera's data sheet as text.
#include "sensors/camera/sheet_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/memory.h"

typedef struct text_out {
    char *text;
    size_t count, capacity;
    bt_status status;
} text_out;

static void print(text_out *out, const char *format, ...) BT_PRINTF(2, 3);

static void print(text_out *out, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    size_t add = length < (int)sizeof line ? (size_t)length : sizeof line - 1;
    if (out->status == BT_OK)
        out->status = BT_ARRAY_RESERVE(out->text, out->capacity, out->count + add + 1);
    if (out->status != BT_OK) return;
    memcpy(out->text + out->count, line, add + 1);
    out->count += add;
}

// Units are the ends of names (STYLE: units end every physical name).
static const char *unit_of(const char *key)
{
    static const char *const units[][2] = {
        {"_e_dn", "e/DN"}, {"_e_s", "e/s"}, {"_kelvin", "K"}, {"_cd_m2", "cd/m^2"},
        {"_deg", "deg"},   {"_rad", "rad"}, {"_px", "px"},    {"_nm", "nm"},
        {"_um", "um"},     {"_ns", "ns"},   {"_hz", "Hz"},    {"_dn", "DN"},
        {"_m", "m"},       {"_s", "s"},     {"_e", "e"},      {"_depth", "bits"},
    };
    size_t length = strlen(key);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t end = strlen(units[i][0]);
        if (length > end && strcmp(key + length - end, units[i][0]) == 0) return units[i][1];
    }
    return "";
}

// What nobody has measured or published is assumed.
static bool is_assumed(bt_origin origin)
{
    return origin == BT_ORIGIN_GUESSED || origin == BT_ORIGIN_DEFAULT;
}

static void print_line(text_out *out, const char *name, const char *value, const char *unit,
                       const bt_provenance *provenance)
{
    print(out, "%c %-26s %14s %-9s %-10s %s\n", is_assumed(provenance->origin) ? '?' : ' ', name,
          value, unit, bt_origin_name(provenance->origin), provenance->source);
}

static uint32_t print_numbers(text_out *out, const bt_camera_sheet *sheet)
{
    const char *section = "";
    uint32_t assumed = 0;
    for (int key = 0; key < BT_SHEET_KEY_COUNT; key++) {
        const bt_sheet_key_info *info = bt_sheet_key_get((bt_sheet_key)key);
        const bt_sheet_number *number = &sheet->numbers[key];
        char value[32];
        if (strcmp(section, info->section) != 0) print(out, "\n[%s]\n", info->section);
        section = info->section;
        snprintf(value, sizeof value, "%.6g", number->value);
        print_line(out, info->key, value, unit_of(info->key), &number->provenance);
        assumed += is_assumed(number->provenance.origin);
    }
    return assumed;
}

static void print_curve(text_out *out, const char *name, const bt_sheet_curve *curve,
                        const char *unit)
{
    char value[32];
    if (curve->count == 0) return;
    snprintf(value, sizeof value, "%u points", curve->count);
    print_line(out, name, value, unit, &curve->provenance);
    print(out, "    %g to %g %s\n", curve->at[0], curve->at[curve->count - 1], unit);
}

static void print_curves(text_out *out, const bt_camera_sheet *sheet)
{
    char value[32] = "", name[32];
    print(out, "\n[curves]\n");
    for (uint32_t band = 0; band < sheet->band_count; band++) {
        snprintf(name, sizeof name, "qe.%s", bt_filter_name((bt_filter)sheet->filters[band]));
        print_curve(out, name, &sheet->qe[band], "nm");
    }
    print_curve(out, "ir_cut", &sheet->ir_cut, "nm");
    print_curve(out, "lens.illumination", &sheet->illumination, "deg");
    print_line(out, "lens.coefficients", value, "", &sheet->lens_provenance);
    print(out, "   ");
    const bt_lens_model *model = bt_lens_model_get(sheet->lens_kind);
    double numbers[BT_LENS_MOST_COEFFICIENTS];
    bt_sheet_lens_numbers(sheet, numbers);
    for (int i = 0; i < model->k_count + model->s_count; i++)
        print(out, " %g", numbers[i]);
    print(out, " (%s)", model->order);
    print(out, "\n");
}

static void print_derived(text_out *out, const bt_camera_sheet *sheet)
{
    bt_sheet_derived derived[BT_SHEET_DERIVED_MAX];
    size_t count = bt_sheet_derive(sheet, derived);
    print(out, "\n[derived]\n");
    for (size_t i = 0; i < count; i++)
        print(out, "  %-26s %14.6g %-9s %s\n", derived[i].name, derived[i].value, derived[i].unit,
              derived[i].formula);
}

bt_status bt_camera_sheet_text(const bt_camera_sheet *sheet, char **text)
{
    text_out out = {0};
    *text = NULL;
    print(&out, "%s: %s\nmosaic %s, lens %s\n", sheet->name, sheet->description, sheet->mosaic_name,
          bt_lens_model_get(sheet->lens_kind)->name);
    print(&out, "Lines that begin with ? are assumed: guessed, or the program's default.\n");
    uint32_t assumed = print_numbers(&out, sheet);
    print_curves(&out, sheet);
    print_derived(&out, sheet);
    print(&out, "\n%u of %d numbers are assumed.", assumed, BT_SHEET_KEY_COUNT);
    if (out.status != BT_OK) {
        bt_free(out.text);
        return out.status;
    }
    *text = out.text;
    return BT_OK;
}

// Same name twice, SNR in ratio and dB: the unit is part of the key then.
static void print_derived_json(text_out *out, const bt_camera_sheet *sheet)
{
    bt_sheet_derived derived[BT_SHEET_DERIVED_MAX];
    size_t count = bt_sheet_derive(sheet, derived);
    for (size_t i = 0; i < count; i++) {
        bool twice = i > 0 && strcmp(derived[i].name, derived[i - 1].name) == 0;
        print(out, "%s\"%s%s%s\":{\"value\":%.17g,\"unit\":\"%s\",\"formula\":\"%s\"}",
              i ? "," : "", derived[i].name, twice ? ", " : "", twice ? derived[i].unit : "",
              derived[i].value, derived[i].unit, derived[i].formula);
    }
}

bt_status bt_camera_sheet_text_json(const bt_camera_sheet *sheet, char **text)
{
    char *plain = NULL;
    text_out out = {0};
    *text = NULL;
    bt_status status = bt_camera_sheet_json(sheet, &plain);
    if (status != BT_OK) return status;
    size_t length = strlen(plain);
    status = BT_ARRAY_RESERVE(out.text, out.capacity, length + 16);
    if (status == BT_OK) {
        out.count = (size_t)sprintf(out.text, "{\"sheet\":%s,\"derived\":{", plain);
        print_derived_json(&out, sheet);
        print(&out, "}}");
        status = out.status;
    }
    bt_free(plain);
    if (status == BT_OK) *text = out.text;
    if (status != BT_OK) bt_free(out.text);
    return status;
}
