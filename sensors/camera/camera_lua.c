// camera_lua.c: reading camera sheets and mounts from Lua.
#include "sensors/camera/camera_lua.h"

#include <stdio.h>
#include <string.h>

// ---- parameters -------------------------------------------------------------------------------
static const char *const origin_words[] = {"guessed",  "fitted",    "derived",
                                           "measured", "datasheet", NULL};
static const bt_origin origin_of_word[] = {BT_ORIGIN_GUESSED, BT_ORIGIN_FITTED, BT_ORIGIN_DERIVED,
                                           BT_ORIGIN_MEASURED, BT_ORIGIN_DATASHEET};

// A child's failure is its parent's too, and is looked at there.
static void end_child(bt_table *child)
{
    bt_status status = bt_table_end(child);
    (void)status;
}

static void read_provenance(bt_table *table, bt_provenance *provenance)
{
    provenance->origin = origin_of_word[bt_table_choice(table, "from", 0, origin_words)];
    const char *source = bt_table_string(table, "source", "");
    snprintf(provenance->source, sizeof provenance->source, "%s", source);
}

static int type_under(const bt_table *table, const char *key)
{
    if (table->status != BT_OK) return LUA_TNIL;
    lua_pushstring(table->lua, key);
    int type = lua_rawget(table->lua, table->index);
    lua_pop(table->lua, 1);
    return type;
}

// A number, or true and false for 1 and 0.
static double read_value(bt_table *table, const char *key, const bt_sheet_key_info *info)
{
    if (info->whole && type_under(table, key) == LUA_TBOOLEAN)
        return bt_table_bool(table, key, false) ? 1.0 : 0.0;
    double value = bt_table_number(table, key, info->fallback, info->min, info->max);
    if (info->whole && value != floor(value))
        bt_table_fail(table, key, "expected a whole number from %g to %g, got %g", info->min,
                      info->max, value);
    return value;
}

static void read_number(bt_table *table, const bt_sheet_key_info *info, bt_sheet_number *number)
{
    int type = type_under(table, info->key);
    if (type != LUA_TTABLE) {
        number->value = read_value(table, info->key, info);
        number->provenance.origin = type == LUA_TNIL ? BT_ORIGIN_DEFAULT : BT_ORIGIN_GUESSED;
        return;
    }
    bt_table child;
    if (!bt_table_open(table, info->key, &child)) return;
    if (type_under(&child, "value") == LUA_TNIL)
        bt_table_fail(&child, "value", "missing");
    else
        number->value = read_value(&child, "value", info);
    read_provenance(&child, &number->provenance);
    end_child(&child);
}

static void read_section_numbers(bt_table *section, const char *name, bt_camera_sheet *sheet)
{
    for (int key = 0; key < BT_SHEET_KEY_COUNT; key++) {
        const bt_sheet_key_info *info = bt_sheet_key_get((bt_sheet_key)key);
        if (strcmp(info->section, name) == 0) read_number(section, info, &sheet->numbers[key]);
    }
}

// { value = { ... }, from, source }: at most `max_count` numbers; gives how many.
static size_t read_list(bt_table *table, const char *key, double *values, size_t max_count,
                        double limit, bt_provenance *provenance)
{
    bt_table parameter, list;
    size_t count = 0;
    if (!bt_table_open(table, key, &parameter)) return 0;
    if (bt_table_open(&parameter, "value", &list)) {
        count = bt_table_length(&list);
        if (count > max_count)
            bt_table_fail(&list, "", "expected at most %zu numbers, got %zu", max_count, count);
        for (size_t i = 0; i < count && list.status == BT_OK; i++)
            values[i] = bt_table_item_number(&list, i, -limit, limit);
        end_child(&list);
    }
    read_provenance(&parameter, provenance);
    end_child(&parameter);
    return count;
}

// ---- curves -----------------------------------------------------------------------------------
typedef struct curve_limits {
    const char *at_name, *value_name;
    double at_min, at_max, value_min, value_max;
} curve_limits;

static const curve_limits spectral_limits = {"wavelength_nm", "value", 200.0, 2000.0, 0.0, 1.0};
static const curve_limits angular_limits = {"theta_deg", "value", 0.0, 180.0, 0.0, 2.0};
static const curve_limits inl_limits = {"range", "value_dn", 0.0, 1.0, -64.0, 64.0};
static const curve_limits companding_limits = {"linear_dn", "code_dn", 0.0,
                                               268435455.0, 0.0,       65535.0};

static size_t read_axis(bt_table *curve, const char *key, double min, double max, double *values)
{
    bt_table list;
    if (!bt_table_open(curve, key, &list)) {
        bt_table_fail(curve, key, "missing: expected an array of numbers");
        return 0;
    }
    size_t count = bt_table_length(&list);
    if (count < 1 || count > BT_SHEET_CURVE_MAX)
        bt_table_fail(&list, "", "expected 1 to %d numbers, got %zu", BT_SHEET_CURVE_MAX, count);
    for (size_t i = 0; i < count && list.status == BT_OK; i++)
        values[i] = bt_table_item_number(&list, i, min, max);
    return bt_table_end(&list) == BT_OK ? count : 0;
}

static void read_curve(bt_table *table, const char *key, const curve_limits *limits,
                       bt_sheet_curve *curve)
{
    bt_table child;
    if (!bt_table_open(table, key, &child)) return;
    size_t count = read_axis(&child, limits->at_name, limits->at_min, limits->at_max, curve->at);
    size_t values =
        read_axis(&child, limits->value_name, limits->value_min, limits->value_max, curve->value);
    if (count != values)
        bt_table_fail(&child, limits->value_name,
                      "expected as many numbers as %s has, %zu, got %zu", limits->at_name, count,
                      values);
    for (size_t i = 1; i < count; i++)
        if (!(curve->at[i] > curve->at[i - 1]))
            bt_table_fail(&child, limits->at_name, "expected ascending numbers, got %g after %g",
                          curve->at[i], curve->at[i - 1]);
    curve->count = (uint32_t)count;
    read_provenance(&child, &curve->provenance);
    end_child(&child);
}

// ---- sections ---------------------------------------------------------------------------------
// Opens a section; fails when it must be there and is not.
static bool open_section(bt_table *table, const char *name, bool needed, bt_table *section)
{
    if (bt_table_open(table, name, section)) return true;
    if (needed) bt_table_fail(table, name, "missing");
    return false;
}

static void read_array(bt_table *table, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, "array", true, &section)) return;
    read_section_numbers(&section, "array", sheet);
    const char *mosaic = bt_table_string(&section, "mosaic", "RGGB");
    if (section.status == BT_OK && bt_sheet_set_mosaic(sheet, mosaic) != BT_OK)
        bt_table_fail(&section, "mosaic",
                      "expected MONO, or a tile of 4 or 16 letters of R, G, B, C, Y, Cy with at "
                      "most %d different ones (RGGB, RCCB, RCCC, RYYCy, ...), got '%.40s'",
                      BT_SHEET_BANDS_MAX, mosaic);
    end_child(&section);
}

static void read_lens(bt_table *table, bt_camera_sheet *sheet)
{
    static const char *const models[] = {"brown_conrady", "kannala_brandt", NULL};
    bt_table section;
    if (!open_section(table, "lens", true, &section)) return;
    read_section_numbers(&section, "lens", sheet);
    int model = bt_table_choice(&section, "model", 0, models);
    sheet->lens_kind = model == 1 ? BT_LENS_FISHEYE : BT_LENS_PINHOLE;
    double k[8] = {0};
    read_list(&section, "coefficients", k, model == 1 ? 4 : 8, 1e4, &sheet->lens_provenance);
    for (int i = 0; i < 8; i++)
        sheet->lens_k[i] = (float)k[i];
    read_curve(&section, "illumination", &angular_limits, &sheet->illumination);
    end_child(&section);
}

static void read_qe(bt_table *table, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, "qe", true, &section)) return;
    for (uint32_t band = 0; band < sheet->band_count; band++)
        read_curve(&section, bt_filter_name((bt_filter)sheet->filters[band]), &spectral_limits,
                   &sheet->qe[band]);
    end_child(&section);
}

static void read_plain(bt_table *table, const char *name, bool needed, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, name, needed, &section)) return;
    read_section_numbers(&section, name, sheet);
    end_child(&section);
}

static void read_isp(bt_table *table, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, "isp", false, &section)) return;
    read_section_numbers(&section, "isp", sheet);
    size_t balance = read_list(&section, "white_balance", sheet->white_balance, 3, 64.0,
                               &sheet->white_balance_provenance);
    size_t matrix = read_list(&section, "color_matrix", sheet->color_matrix, 9, 64.0,
                              &sheet->color_matrix_provenance);
    if (balance != 0 && balance != 3)
        bt_table_fail(&section, "white_balance", "expected 3 numbers, got %zu", balance);
    if (matrix != 0 && matrix != 9)
        bt_table_fail(&section, "color_matrix", "expected 9 numbers, got %zu", matrix);
    for (size_t i = 0; i < balance; i++)
        if (!(sheet->white_balance[i] >= 0.1))
            bt_table_fail(&section, "white_balance", "expected gains of at least 0.1");
    sheet->has_white_balance = balance == 3;
    sheet->has_color_matrix = matrix == 9;
    end_child(&section);
}

static void read_readout(bt_table *table, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, "readout", false, &section)) return;
    read_section_numbers(&section, "readout", sheet);
    read_curve(&section, "inl", &inl_limits, &sheet->inl);
    end_child(&section);
}

static void read_read(bt_table *read, uint32_t index, bt_sheet_read *out)
{
    char fallback[16];
    bt_sheet_read_init(out);
    snprintf(fallback, sizeof fallback, "read%u", index + 1);
    snprintf(out->name, sizeof out->name, "%s", bt_table_string(read, "name", fallback));
    for (size_t i = 0; out->name[i] != '\0'; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", out->name[i]))
            bt_table_fail(read, "name", "expected small letters, digits and _, got '%.16s'",
                          out->name);
    for (int key = 0; key < BT_READ_KEY_COUNT; key++)
        read_number(read, bt_read_key_get((bt_read_key)key), &out->numbers[key]);
}

static void read_reads(bt_table *table, bt_camera_sheet *sheet)
{
    bt_table list, read;
    if (!bt_table_open(table, "reads", &list)) return;
    size_t count = bt_table_length(&list);
    if (count < 1 || count > BT_SHEET_READS_MAX)
        bt_table_fail(&list, "", "expected 1 to %d reads, got %zu", BT_SHEET_READS_MAX, count);
    for (size_t i = 0; i < count && list.status == BT_OK; i++) {
        if (!bt_table_open_item(&list, i, &read)) break;
        read_read(&read, (uint32_t)i, &sheet->reads[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(sheet->reads[k].name, sheet->reads[i].name) == 0)
                bt_table_fail(&read, "name", "'%s' is there twice", sheet->reads[i].name);
        end_child(&read);
    }
    sheet->read_count = list.status == BT_OK ? (uint32_t)count : 0;
    end_child(&list);
}

bt_status bt_camera_sheet_read(bt_table *table, bt_camera_sheet *sheet)
{
    bt_sheet_init(sheet);
    const char *name = bt_table_string(table, "name", NULL);
    snprintf(sheet->name, sizeof sheet->name, "%s", name);
    const char *description = bt_table_string(table, "description", "");
    snprintf(sheet->description, sizeof sheet->description, "%s", description);
    read_array(table, sheet);
    read_lens(table, sheet);
    read_qe(table, sheet);
    read_curve(table, "ir_cut", &spectral_limits, &sheet->ir_cut);
    read_plain(table, "shutter", false, sheet);
    read_plain(table, "pixel", true, sheet);
    read_plain(table, "small", false, sheet);
    read_readout(table, sheet);
    read_reads(table, sheet);
    read_plain(table, "hdr", false, sheet);
    read_curve(table, "companding", &companding_limits, &sheet->companding);
    read_isp(table, sheet);
    bt_status status = bt_table_end(table);
    return status != BT_OK ? status : bt_sheet_check(sheet);
}

bt_status bt_camera_sheet_load(const char *name, const char *const *roots, size_t root_count,
                               bt_camera_sheet *sheet)
{
    bt_sheet_init(sheet);
    bt_script *script = NULL;
    char path[4096];
    bt_table table;
    bt_script_desc desc = {.memory_limit_bytes = (size_t)64 << 20,
                           .instruction_limit = 10000000,
                           .roots = roots,
                           .root_count = root_count};
    bt_status status = bt_script_create(&desc, &script);
    if (status == BT_OK) status = bt_script_find_file(script, name, path, sizeof path);
    if (status == BT_OK) status = bt_script_run_file(script, path, 1);
    if (status == BT_OK) {
        bt_table_begin(&table, bt_script_lua(script), -1, path, "");
        status = bt_camera_sheet_read(&table, sheet);
    }
    bt_script_destroy(script);
    return status;
}

// ---- mounts -----------------------------------------------------------------------------------
bt_pose bt_camera_mount(double x_m, double y_m, double z_m, double yaw_rad, double pitch_rad,
                        double roll_rad)
{
    bt_quat turned = bt_quat_yaw_pitch_roll(yaw_rad, pitch_rad, roll_rad);
    return (bt_pose){{x_m, y_m, z_m}, bt_quat_mul(turned, bt_quat_vehicle_from_camera())};
}

bt_status bt_camera_mount_read(bt_table *table, bt_pose *vehicle_from_cam)
{
    double x = bt_table_number(table, "x_m", 0.0, -50.0, 50.0);
    double y = bt_table_number(table, "y_m", 0.0, -50.0, 50.0);
    double z = bt_table_number(table, "z_m", BT_REQUIRED, -5.0, 50.0);
    double yaw = bt_table_number(table, "yaw_deg", 0.0, -360.0, 360.0);
    double pitch = bt_table_number(table, "pitch_deg", 0.0, -90.0, 90.0);
    double roll = bt_table_number(table, "roll_deg", 0.0, -360.0, 360.0);
    *vehicle_from_cam = bt_camera_mount(x, y, z, yaw * BT_RAD_PER_DEG, pitch * BT_RAD_PER_DEG,
                                        roll * BT_RAD_PER_DEG);
    return bt_table_end(table);
}
