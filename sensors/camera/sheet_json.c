// sheet_json.c: a camera's data sheet as JSON, each number with its origin.
#include <jansson.h>
#include <string.h>

#include "engine/core/memory.h"
#include "sensors/camera/sheet.h"
#include "sensors/camera/windshield_json.h"

// json_object_set_new & co. take NULL values and report failure; one flag is enough for a tree.
static void put(json_t *object, const char *key, json_t *value, int *failed)
{
    if (json_object_set_new(object, key, value) != 0) *failed = 1;
}

static void put_provenance(json_t *object, const bt_provenance *provenance, int *failed)
{
    put(object, "from", json_string(bt_origin_name(provenance->origin)), failed);
    if (provenance->source[0] != '\0')
        put(object, "source", json_string(provenance->source), failed);
}

static json_t *numbers_json(const double *values, size_t count, int *failed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(array, json_real(values[i])) != 0) *failed = 1;
    return array;
}

static json_t *number_json(const bt_sheet_number *number, bool whole, int *failed)
{
    json_t *object = json_object();
    put(object, "value", whole ? json_integer((json_int_t)number->value) : json_real(number->value),
        failed);
    put_provenance(object, &number->provenance, failed);
    return object;
}

static json_t *curve_json(const bt_sheet_curve *curve, const char *at_name, const char *value_name,
                          int *failed)
{
    json_t *object = json_object();
    put(object, at_name, numbers_json(curve->at, curve->count, failed), failed);
    put(object, value_name, numbers_json(curve->value, curve->count, failed), failed);
    put_provenance(object, &curve->provenance, failed);
    return object;
}

static json_t *section(json_t *root, const char *name, int *failed)
{
    json_t *found = json_object_get(root, name);
    if (found) return found;
    put(root, name, json_object(), failed);
    return json_object_get(root, name);
}

static void put_lens(json_t *root, const bt_camera_sheet *sheet, int *failed)
{
    json_t *lens = section(root, "lens", failed);
    const bt_lens_model *model = bt_lens_model_get(sheet->lens_kind);
    put(lens, "model", json_string(model->name), failed);
    double k[BT_LENS_MOST_COEFFICIENTS];
    bt_sheet_lens_numbers(sheet, k);
    json_t *coefficients = json_object();
    put(coefficients, "value", numbers_json(k, (size_t)(model->k_count + model->s_count), failed),
        failed);
    put_provenance(coefficients, &sheet->lens_provenance, failed);
    put(lens, "coefficients", coefficients, failed);
    if (sheet->illumination.count > 0)
        put(lens, "illumination", curve_json(&sheet->illumination, "theta_deg", "value", failed),
            failed);
}

// Rows of named numbers with one origin.
static void put_rows(json_t *lens, const char *key, const char *const *names, size_t columns,
                     const double *rows, size_t count, const bt_provenance *from, int *failed)
{
    if (count == 0) return;
    json_t *object = json_object(), *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_object();
        for (size_t k = 0; k < columns; k++)
            put(row, names[k], json_real(rows[i * columns + k]), failed);
        if (json_array_append_new(list, row) != 0) *failed = 1;
    }
    put(object, "value", list, failed);
    put_provenance(object, from, failed);
    put(lens, key, object, failed);
}

static void put_optics(json_t *root, const bt_camera_sheet *sheet, int *failed)
{
    static const char *const zernike[] = {"noll", "axis_m", "edge_m"};
    static const char *const surface[] = {"radius_m", "thickness_m", "index", "reflectance"};
    static const char *const ghost[] = {"scale", "radius_m", "share"};
    json_t *lens = section(root, "lens", failed);
    double rows[BT_SHEET_MAX_ZERNIKES * 3];
    for (uint32_t i = 0; i < sheet->zernike_count; i++) {
        rows[3 * i] = sheet->zernikes[i].noll;
        rows[3 * i + 1] = sheet->zernikes[i].axis_m;
        rows[3 * i + 2] = sheet->zernikes[i].edge_m;
    }
    put_rows(lens, "zernike", zernike, 3, rows, sheet->zernike_count, &sheet->zernike_provenance,
             failed);
    put_rows(lens, "surfaces", surface, 4, &sheet->surfaces[0].radius_m, sheet->surface_count,
             &sheet->surface_provenance, failed);
    put_rows(lens, "ghosts", ghost, 3, &sheet->ghosts[0].scale, sheet->ghost_count,
             &sheet->ghost_provenance, failed);
    if (sheet->axial_color.count > 0)
        put(lens, "axial_color", curve_json(&sheet->axial_color, "wavelength_nm", "value", failed),
            failed);
    if (sheet->lateral_color.count > 0)
        put(lens, "lateral_color",
            curve_json(&sheet->lateral_color, "wavelength_nm", "value", failed), failed);
}

static void put_curves(json_t *root, const bt_camera_sheet *sheet, int *failed)
{
    json_t *qe = section(root, "qe", failed);
    for (uint32_t band = 0; band < sheet->band_count; band++)
        put(qe, bt_filter_name((bt_filter)sheet->filters[band]),
            curve_json(&sheet->qe[band], "wavelength_nm", "value", failed), failed);
    if (sheet->ir_cut.count > 0)
        put(root, "ir_cut", curve_json(&sheet->ir_cut, "wavelength_nm", "value", failed), failed);
}

static void put_reads(json_t *root, const bt_camera_sheet *sheet, int *failed)
{
    json_t *reads = json_array();
    for (uint32_t k = 0; k < sheet->read_count; k++) {
        json_t *read = json_object();
        put(read, "name", json_string(sheet->reads[k].name), failed);
        for (int key = 0; key < BT_READ_KEY_COUNT; key++) {
            const bt_sheet_key_info *info = bt_read_key_get((bt_read_key)key);
            put(read, info->key, number_json(&sheet->reads[k].numbers[key], info->whole, failed),
                failed);
        }
        if (json_array_append_new(reads, read) != 0) *failed = 1;
    }
    put(root, "reads", reads, failed);
    if (sheet->inl.count > 0)
        put(section(root, "readout", failed), "inl",
            curve_json(&sheet->inl, "range", "value_dn", failed), failed);
    if (sheet->companding.count > 0)
        put(root, "companding", curve_json(&sheet->companding, "linear_dn", "code_dn", failed),
            failed);
}

static void put_color(json_t *root, const bt_camera_sheet *sheet, int *failed)
{
    json_t *isp = section(root, "isp", failed);
    if (sheet->has_white_balance) {
        json_t *object = json_object();
        put(object, "value", numbers_json(sheet->white_balance, 3, failed), failed);
        put_provenance(object, &sheet->white_balance_provenance, failed);
        put(isp, "white_balance", object, failed);
    }
    if (sheet->has_color_matrix) {
        json_t *object = json_object();
        put(object, "value", numbers_json(sheet->color_matrix, 9, failed), failed);
        put_provenance(object, &sheet->color_matrix_provenance, failed);
        put(isp, "color_matrix", object, failed);
    }
}

// ---- windshields ------------------------------------------------------------------------------
static json_t *list_json(const double *values, size_t count, const bt_provenance *provenance,
                         int *failed)
{
    json_t *object = json_object();
    put(object, "value", numbers_json(values, count, failed), failed);
    put_provenance(object, provenance, failed);
    return object;
}

static void put_arcs(json_t *wiper, const bt_windshield *w, int *failed)
{
    json_t *arcs = json_array();
    for (uint32_t i = 0; i < w->arc_count; i++) {
        const bt_windshield_arc *a = &w->arcs[i];
        const double values[] = {a->pivot_m[0],   a->pivot_m[1], a->radius_min_m,
                                 a->radius_max_m, a->from_rad,   a->to_rad};
        json_array_append_new(arcs, numbers_json(values, 6, failed));
    }
    put(wiper, "arcs", arcs, failed);
    put(wiper, "arc_order",
        json_string("pivot_u_m pivot_v_m radius_min_m radius_max_m from_rad to_rad"), failed);
    put_provenance(wiper, &w->arc_provenance, failed);
}

json_t *windshield_json(const bt_windshield *w, int *failed)
{
    json_t *root = json_object();
    put(root, "name", json_string(w->name), failed);
    put(root, "description", json_string(w->description), failed);
    for (int key = 0; key < BT_WINDSHIELD_KEY_COUNT; key++) {
        const bt_sheet_key_info *info = bt_windshield_key_get((bt_windshield_key)key);
        put(section(root, info->section, failed), info->key,
            number_json(&w->numbers[key], info->whole, failed), failed);
    }
    const double anchor[3] = {w->anchor_m.x, w->anchor_m.y, w->anchor_m.z};
    if (w->has_anchor)
        put(section(root, "pane", failed), "anchor_m",
            list_json(anchor, 3, &w->anchor_provenance, failed), failed);
    if (w->has_sellmeier)
        put(section(root, "glass", failed), "sellmeier",
            list_json(w->sellmeier, 6, &w->sellmeier_provenance, failed), failed);
    if (w->transmission.count > 0)
        put(section(root, "glass", failed), "transmission",
            curve_json(&w->transmission, "wavelength_nm", "value", failed), failed);
    put(section(root, "film", failed), "model",
        json_string(w->film == BT_WINDSHIELD_ABG ? "abg" : "harvey"), failed);
    if (w->arc_count > 0) put_arcs(section(root, "wiper", failed), w, failed);
    return root;
}

static json_t *sheet_json(const bt_camera_sheet *sheet, int *failed)
{
    json_t *root = json_object();
    put(root, "name", json_string(sheet->name), failed);
    put(root, "description", json_string(sheet->description), failed);
    for (int key = 0; key < BT_SHEET_KEY_COUNT; key++) {
        const bt_sheet_key_info *info = bt_sheet_key_get((bt_sheet_key)key);
        put(section(root, info->section, failed), info->key,
            number_json(&sheet->numbers[key], info->whole, failed), failed);
    }
    put(section(root, "array", failed), "mosaic", json_string(sheet->mosaic_name), failed);
    put_lens(root, sheet, failed);
    put_optics(root, sheet, failed);
    put_curves(root, sheet, failed);
    put_reads(root, sheet, failed);
    put_color(root, sheet, failed);
    return root;
}

bt_status bt_camera_sheet_json(const bt_camera_sheet *sheet, char **text)
{
    *text = NULL;
    int failed = 0;
    json_t *root = sheet_json(sheet, &failed);
    // 17 digits: every number comes back as it was
    size_t size = failed ? 0 : json_dumpb(root, NULL, 0, JSON_COMPACT | JSON_REAL_PRECISION(17));
    if (size > 0) {
        *text = bt_alloc(size + 1, 1);
        if (*text) json_dumpb(root, *text, size, JSON_COMPACT | JSON_REAL_PRECISION(17));
    }
    json_decref(root);
    if (!*text) return bt_fail(BT_ERR_MEMORY, "no memory for the JSON of sheet '%s'", sheet->name);
    return BT_OK;
}
