// camera_lua.c: reading camera sheets and mounts from Lua.
#include "sensors/camera/camera_lua.h"

#include <stdio.h>
#include <string.h>

#include "sensors/camera/sheet_lua.h"

#define MOST_TILT_RAD 1.0 // chosen: Scheimpflug cameras stay well below

// ---- sections ---------------------------------------------------------------------------------
static void read_section_numbers(bt_table *section, const char *name, bt_camera_sheet *sheet)
{
    for (int key = 0; key < BT_SHEET_KEY_COUNT; key++) {
        const bt_sheet_key_info *info = bt_sheet_key_get((bt_sheet_key)key);
        if (strcmp(info->section, name) == 0)
            bt_sheet_read_number(section, info, &sheet->numbers[key]);
    }
}

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
    bt_sheet_end(&section);
}

// k0 to k5 of radius against angle, or j0 to j5 of angle against radius, pixels and radians; k0 and j0, on
// the axis, must be 0. Whichever is the calibration's reference: the inverse is sought to the last bit.
static void read_ftheta(bt_table *section, bt_camera_sheet *sheet)
{
    static const char *const names[] = {"coefficients", "pixeldist_to_angle"};
    double k[6] = {0}, affine[3] = {1.0, 0.0, 0.0};
    bt_provenance from;
    bool inverse = bt_sheet_type_under(section, names[1]) != LUA_TNIL;
    const char *name = names[inverse];
    if (inverse && bt_sheet_type_under(section, names[0]) != LUA_TNIL)
        bt_table_fail(
            section, name,
            "expected either this or coefficients (angle to pixel distance), the one that "
            "is the calibration's reference, got both");
    bt_sheet_read_list(section, name, k, 6, 1e6, &sheet->lens_provenance);
    if (inverse) sheet->lens_kind = BT_LENS_FTHETA_INVERSE;
    size_t count = bt_sheet_read_list(section, "affine", affine, 3, 10.0, &from);
    if (count != 0 && count != 3)
        bt_table_fail(section, "affine", "expected c, d and e, got %zu numbers", count);
    if (k[0] != 0.0)
        bt_table_fail(section, name, "expected %s = 0 (the axis lands on cx, cy), got %g",
                      inverse ? "j0" : "k0", k[0]);
    for (int i = 0; i < 5; i++)
        sheet->lens_k[i] = (float)k[i + 1];
    for (int i = 0; i < 3; i++)
        sheet->lens_s[i] = (float)affine[i];
}

static void read_coefficients(bt_table *section, bt_camera_sheet *sheet)
{
    double k[14] = {0};
    if (sheet->lens_kind == BT_LENS_FTHETA) {
        read_ftheta(section, sheet);
        return;
    }
    size_t most = sheet->lens_kind == BT_LENS_FISHEYE ? 4 : 14;
    bt_sheet_read_list(section, "coefficients", k, most, 1e4, &sheet->lens_provenance);
    for (int i = 0; i < 8; i++)
        sheet->lens_k[i] = (float)k[i];
    for (int i = 0; i < 6; i++)
        sheet->lens_s[i] = (float)k[8 + i];
    if (!(fabs(k[12]) < MOST_TILT_RAD && fabs(k[13]) < MOST_TILT_RAD))
        bt_table_fail(section, "coefficients",
                      "expected a sensor tilted by less than %g rad (tau_x, tau_y), got %g and %g",
                      MOST_TILT_RAD, k[12], k[13]);
}

static const bt_sheet_curve_limits inl_limits = {"range", "value_dn", 0.0, 1.0, -64.0, 64.0};
static const bt_sheet_curve_limits companding_limits = {"linear_dn", "code_dn", 0.0,
                                                        268435455.0, 0.0,       65535.0};
static const bt_sheet_curve_limits focus_limits = {"wavelength_nm", "value", 200.0,
                                                   2000.0,          -1e-3,   1e-3};
static const bt_sheet_curve_limits magnification_limits = {"wavelength_nm", "value", 200.0,
                                                           2000.0,          -0.05,   0.05};

// ---- optics -----------------------------------------------------------------------------------
// { value = { { ... }, ... }, from, source }: rows of so many named numbers; gives how many.
typedef struct row_shape {
    const char *names[4];
    double min[4], max[4];
    uint32_t columns, most;
} row_shape;

static uint32_t read_rows(bt_table *table, const char *key, const row_shape *shape,
                          double (*rows)[4], bt_provenance *provenance)
{
    bt_table parameter, list, row;
    if (!bt_table_open(table, key, &parameter)) return 0;
    size_t count = 0;
    if (bt_table_open(&parameter, "value", &list)) {
        count = bt_table_length(&list);
        if (count > shape->most)
            bt_table_fail(&list, "", "expected at most %u rows, got %zu", shape->most, count);
        for (size_t i = 0; i < count && list.status == BT_OK; i++) {
            if (!bt_table_open_item(&list, i, &row)) break;
            for (uint32_t k = 0; k < shape->columns; k++)
                rows[i][k] = bt_table_number(&row, shape->names[k], BT_REQUIRED, shape->min[k],
                                             shape->max[k]);
            bt_sheet_end(&row);
        }
        bt_sheet_end(&list);
    } else {
        bt_table_fail(&parameter, "value", "missing");
    }
    bt_sheet_read_provenance(&parameter, provenance);
    bt_sheet_end(&parameter);
    return table->status == BT_OK ? (uint32_t)count : 0;
}

static void read_zernikes(bt_table *section, bt_camera_sheet *sheet)
{
    static const row_shape shape = {{"noll", "axis_m", "edge_m"},
                                    {4, -1e-5, -1e-5},
                                    {36, 1e-5, 1e-5},
                                    3,
                                    BT_SHEET_MAX_ZERNIKES};
    double rows[BT_SHEET_MAX_ZERNIKES][4];
    uint32_t count = read_rows(section, "zernike", &shape, rows, &sheet->zernike_provenance);
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i][0] != floor(rows[i][0]))
            bt_table_fail(section, "zernike", "expected a whole number noll, got %g", rows[i][0]);
        sheet->zernikes[i] = (bt_sheet_zernike){(uint32_t)rows[i][0], rows[i][1], rows[i][2]};
    }
    sheet->zernike_count = count;
}

static void read_surfaces(bt_table *section, bt_camera_sheet *sheet)
{
    static const row_shape surface = {{"radius_m", "thickness_m", "index", "reflectance"},
                                      {-1e3, 0.0, 1.0, 0.0},
                                      {1e3, 1.0, 4.0, 0.5},
                                      4,
                                      BT_SHEET_MAX_SURFACES};
    static const row_shape ghost = {
        {"scale", "radius_m", "share"}, {-20, 0, 0}, {20, 1, 0.1}, 3, BT_SHEET_MAX_GHOSTS};
    double rows[BT_SHEET_MAX_SURFACES][4];
    sheet->surface_count =
        read_rows(section, "surfaces", &surface, rows, &sheet->surface_provenance);
    for (uint32_t i = 0; i < sheet->surface_count; i++)
        sheet->surfaces[i] = (bt_sheet_surface){rows[i][0], rows[i][1], rows[i][2], rows[i][3]};
    sheet->ghost_count = read_rows(section, "ghosts", &ghost, rows, &sheet->ghost_provenance);
    for (uint32_t i = 0; i < sheet->ghost_count; i++)
        sheet->ghosts[i] = (bt_sheet_ghost){rows[i][0], rows[i][1], rows[i][2]};
}

// Left out it is the middle of the array.
static void check_principal(bt_table *section, const char *name, bt_sheet_key key,
                            bt_sheet_key size_key, const bt_camera_sheet *sheet)
{
    const bt_sheet_number *at = &sheet->numbers[key];
    double last = bt_sheet_get(sheet, size_key) - 1.0;
    if (at->provenance.origin == BT_ORIGIN_DEFAULT || section->status != BT_OK) return;
    if (!(at->value >= 0.0 && at->value <= last))
        bt_table_fail(section, name,
                      "expected 0 to %g, a place on the array, or nothing for its middle, got %g",
                      last, at->value);
}

static void read_lens(bt_table *table, bt_camera_sheet *sheet)
{
    static const char *const models[] = {"brown_conrady", "kannala_brandt", "f_theta", NULL};
    static const uint32_t kinds[] = {BT_LENS_PINHOLE, BT_LENS_FISHEYE, BT_LENS_FTHETA};
    bt_table section;
    if (!open_section(table, "lens", true, &section)) return;
    read_section_numbers(&section, "lens", sheet);
    check_principal(&section, "cx_px", BT_SHEET_CX_PX, BT_SHEET_WIDTH_PX, sheet);
    check_principal(&section, "cy_px", BT_SHEET_CY_PX, BT_SHEET_HEIGHT_PX, sheet);
    sheet->lens_kind = kinds[bt_table_choice(&section, "model", 0, models)];
    read_coefficients(&section, sheet);
    bt_sheet_read_curve(&section, "illumination", &bt_sheet_angular, &sheet->illumination);
    bt_sheet_read_curve(&section, "axial_color", &focus_limits, &sheet->axial_color);
    bt_sheet_read_curve(&section, "lateral_color", &magnification_limits, &sheet->lateral_color);
    read_zernikes(&section, sheet);
    read_surfaces(&section, sheet);
    bt_sheet_end(&section);
}

static void read_qe(bt_table *table, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, "qe", true, &section)) return;
    for (uint32_t band = 0; band < sheet->band_count; band++)
        bt_sheet_read_curve(&section, bt_filter_name((bt_filter)sheet->filters[band]),
                            &bt_sheet_spectral, &sheet->qe[band]);
    bt_sheet_end(&section);
}

static void read_plain(bt_table *table, const char *name, bool needed, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, name, needed, &section)) return;
    read_section_numbers(&section, name, sheet);
    bt_sheet_end(&section);
}

static void read_isp(bt_table *table, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, "isp", false, &section)) return;
    read_section_numbers(&section, "isp", sheet);
    size_t balance = bt_sheet_read_list(&section, "white_balance", sheet->white_balance, 3, 64.0,
                                        &sheet->white_balance_provenance);
    size_t matrix = bt_sheet_read_list(&section, "color_matrix", sheet->color_matrix, 9, 64.0,
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
    bt_sheet_end(&section);
}

static void read_readout(bt_table *table, bt_camera_sheet *sheet)
{
    bt_table section;
    if (!open_section(table, "readout", false, &section)) return;
    read_section_numbers(&section, "readout", sheet);
    bt_sheet_read_curve(&section, "inl", &inl_limits, &sheet->inl);
    bt_sheet_end(&section);
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
        bt_sheet_read_number(read, bt_read_key_get((bt_read_key)key), &out->numbers[key]);
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
        bt_sheet_end(&read);
    }
    sheet->read_count = list.status == BT_OK ? (uint32_t)count : 0;
    bt_sheet_end(&list);
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
    bt_sheet_read_curve(table, "ir_cut", &bt_sheet_spectral, &sheet->ir_cut);
    if (bt_sheet_type_under(table, "dirt") != LUA_TNIL)
        bt_table_fail(
            table, "dirt",
            "marks and dirt belong to a pane: expected a windshield's sheet with scratches, "
            "dust and film (windshields/worn.lua) before this camera");
    read_plain(table, "shutter", false, sheet);
    read_plain(table, "pixel", true, sheet);
    read_plain(table, "small", false, sheet);
    read_readout(table, sheet);
    read_reads(table, sheet);
    read_plain(table, "hdr", false, sheet);
    bt_sheet_read_curve(table, "companding", &companding_limits, &sheet->companding);
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
    bt_status status = bt_sheet_script(name, roots, root_count, path, sizeof path, &script);
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
