// camera.c: a camera's calibration from its sheet.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "sensors/camera/camera_internal.h"
#include "sensors/camera/optics/lens.h"
#include "sensors/camera/optics/shield.h"
#include "sensors/camera/response.h"
#include "shaders/shared/lens.h"

static void set_size(bt_camera *camera, const bt_camera_desc *desc)
{
    double array_width = bt_sheet_get(desc->sheet, BT_SHEET_WIDTH_PX);
    double array_height = bt_sheet_get(desc->sheet, BT_SHEET_HEIGHT_PX);
    camera->width_px = desc->width_px ? desc->width_px : (uint32_t)array_width;
    camera->height_px = desc->height_px ? desc->height_px : (uint32_t)array_height;
    camera->scale =
        fmax((double)camera->width_px / array_width, (double)camera->height_px / array_height);
    camera->binned = 1.0 / (camera->scale * camera->scale);
}

// A coordinate of the array in the scaled, cropped picture; pixel centres are at integers.
static double scaled_centre(double centre_px, double array_px, double picture_px, double scale)
{
    double crop_px = 0.5 * (picture_px - array_px * scale); // not above 0
    return (centre_px + 0.5) * scale - 0.5 + crop_px;
}

static bt_status set_lens(bt_camera *camera)
{
    bt_lens *lens = &camera->lens;
    double scale = camera->scale, limit = bt_sheet_lens(&camera->sheet, lens);
    if (limit < 0.01)
        return bt_fail(BT_ERR_INPUT,
                       "%s: lens.coefficients bend the picture back %g degrees off the axis",
                       camera->sheet.name, limit / BT_RAD_PER_DEG);
    double width = bt_sheet_get(&camera->sheet, BT_SHEET_WIDTH_PX);
    double height = bt_sheet_get(&camera->sheet, BT_SHEET_HEIGHT_PX);
    lens->fx = (float)((double)lens->fx * scale);
    lens->fy = (float)((double)lens->fy * scale);
    lens->cx = (float)scaled_centre((double)lens->cx, width, camera->width_px, scale);
    lens->cy = (float)scaled_centre((double)lens->cy, height, camera->height_px, scale);
    return BT_OK;
}

// The pupil of a thin lens; the binned picture's is the same.
static void set_pupil(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double focus_m = bt_sheet_get(sheet, BT_SHEET_FOCUS_M);
    double focal_m = bt_sheet_get(sheet, BT_SHEET_FOCAL_LENGTH_M);
    if (focus_m <= 0.0) return;
    if (focal_m <= 0.0)
        focal_m =
            (double)camera->lens.fx / camera->scale * bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    camera->pupil = (bt_pupil){
        .radius_m = (float)(0.5 * focal_m / bt_sheet_get(sheet, BT_SHEET_F_NUMBER)),
        .focus_m = (float)focus_m,
        .obscuration = (float)bt_sheet_get(sheet, BT_SHEET_OBSCURATION),
        .blades = (uint32_t)bt_sheet_get(sheet, BT_SHEET_BLADES),
        .turn_rad = (float)(bt_sheet_get(sheet, BT_SHEET_BLADE_ROTATION_DEG) * BT_RAD_PER_DEG)};
}

// Drops are on the glass: the same for every camera behind it.
static bt_status set_shield(bt_camera *camera, const bt_camera_desc *desc)
{
    if (!desc->windshield) return BT_OK;
    camera->has_windshield = true;
    camera->windshield = *desc->windshield;
    uint32_t seed = bt_random_block(desc->seed, BT_STREAM_SENSOR_FIXED, 0, UINT32_MAX - 1).v[0];
    return bt_shield_make(desc->windshield, desc->vehicle_from_cam, seed, &camera->shield,
                          camera->glass);
}

static void set_vignette(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bool cos4 = bt_sheet_get(sheet, BT_SHEET_COS4) > 0.5;
    double axis = fmax(bt_sheet_curve_at(&sheet->illumination, 0.0, 1.0), 1e-6);
    for (int i = 0; i < BT_VIEW_VIGNETTE_BINS; i++) {
        double theta = (double)camera->lens.theta_max_rad * i / (BT_VIEW_VIGNETTE_BINS - 1);
        double cosine = fmax(cos(theta), 0.0);
        double natural = cos4 ? cosine * cosine * cosine * cosine : 1.0;
        double table = bt_sheet_curve_at(&sheet->illumination, theta / BT_RAD_PER_DEG, 1.0);
        camera->vignette[i] = (float)(natural * table / axis);
    }
}

// What the lens leaves of the light, at the nodes of the ISP's mesh.
static void set_mesh(bt_camera *camera)
{
    for (int k = 0; k < BT_ISP_MESH_ROWS * BT_ISP_MESH_COLUMNS; k++) {
        int i = k % BT_ISP_MESH_COLUMNS, j = k / BT_ISP_MESH_COLUMNS;
        double x = (double)i * (camera->width_px - 1) / (BT_ISP_MESH_COLUMNS - 1);
        double y = (double)j * (camera->height_px - 1) / (BT_ISP_MESH_ROWS - 1);
        bt_lens_ray ray = bt_lens_unproject(camera->lens, (float)x, (float)y);
        double most = (double)camera->lens.theta_max_rad;
        double theta = ray.valid ? fmin((double)bt_lens_angle(ray.dir), most) : most;
        double at = theta / most * (BT_VIEW_VIGNETTE_BINS - 1);
        int bin = (int)fmin(at, BT_VIEW_VIGNETTE_BINS - 2);
        double part = at - bin;
        camera->mesh[k] = (float)((1.0 - part) * (double)camera->vignette[bin] +
                                  part * (double)camera->vignette[bin + 1]);
    }
}

static void set_counts(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    camera->top_dn = exp2(bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH)) - 1.0;
    camera->black_level_dn = bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN);
    camera->full_well_e = bt_sheet_get(sheet, BT_SHEET_FULL_WELL_E) * camera->binned;
    double conversion = bt_sheet_get(sheet, BT_SHEET_CONVERSION_E_DN) * camera->binned;
    if (conversion <= 0.0)
        conversion = camera->full_well_e / (camera->top_dn - camera->black_level_dn);
    camera->conversion_e_dn = conversion;
    camera->row_time_s = bt_sheet_get(sheet, BT_SHEET_ROW_TIME_S) / camera->scale;
    if (bt_sheet_get(sheet, BT_SHEET_BOTTOM_UP) > 0.5) camera->row_time_s = -camera->row_time_s;
    if (bt_sheet_get(sheet, BT_SHEET_GLOBAL) > 0.5) camera->row_time_s = 0.0;
}

// How the ISP makes colours of this mosaic; grey: it does not.
static bt_isp_mosaic isp_kind_of(const bt_camera_sheet *sheet)
{
    uint32_t ones = 0, zeros = 0;
    if (sheet->band_count == 3 && sheet->tile_px == 4) return BT_ISP_TILE;
    if (sheet->tile_px != 2) return BT_ISP_GREY;
    for (uint32_t i = 0; i < 4; i++) {
        ones += bt_sheet_band(sheet, i & 1, i >> 1) == 1;
        zeros += bt_sheet_band(sheet, i & 1, i >> 1) == 0;
    }
    bool diagonal = bt_sheet_band(sheet, 0, 0) == 1
                        ? bt_sheet_band(sheet, 1, 1) == 1
                        : bt_sheet_band(sheet, 1, 0) == 1 && bt_sheet_band(sheet, 0, 1) == 1;
    if (sheet->band_count == 3 && ones == 2 && diagonal) return BT_ISP_QUINCUNX;
    if (sheet->band_count == 2 && zeros == 1) return BT_ISP_SPARSE;
    return BT_ISP_GREY;
}

static void set_color(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double pitch_m = bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    bt_response_compute(sheet, pitch_m * pitch_m * camera->binned, &camera->response);
    for (int i = 0; i < 3; i++)
        camera->white_balance[i] = 1.0;
    for (int i = 0; i < 9; i++)
        camera->matrix[i] = i % 4 == 0 ? 1.0 : 0.0;
    camera->isp_kind = isp_kind_of(sheet);
    if (camera->isp_kind == BT_ISP_GREY) return;

    float white[BT_SPECTRUM_BINS];
    bt_daylight(bt_sheet_get(sheet, BT_SHEET_WHITE_KELVIN), white);
    // the matrix is fitted under the illuminant that these gains make grey; other gains then turn
    // another illuminant grey, with the same matrix
    bt_white_balance(&camera->response, white, camera->white_balance);
    if (camera->isp_kind == BT_ISP_SPARSE)
        bt_color_fit_pair(&camera->response, white, camera->white_balance, camera->matrix);
    else
        bt_color_fit(&camera->response, white, camera->white_balance, camera->matrix);
    if (sheet->has_white_balance)
        memcpy(camera->white_balance, sheet->white_balance, sizeof camera->white_balance);
    // the ISP clips at 1 after these gains, so none may be below 1
    double least =
        fmin(camera->white_balance[0], fmin(camera->white_balance[1], camera->white_balance[2]));
    for (int i = 0; i < 3; i++)
        camera->white_balance[i] /= least;
    if (sheet->has_color_matrix) memcpy(camera->matrix, sheet->color_matrix, sizeof camera->matrix);
}

static bt_status set_pattern(bt_camera *camera, bt_jobs *jobs)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double root = sqrt(camera->binned);
    // what rows share is summed along n^1/2 pixels and over n^1/2 rows that differ; columns alike
    double lines = root * sqrt(root);
    bt_pattern_desc desc = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        .seed = camera->seed,
        .prnu = bt_sheet_get(sheet, BT_SHEET_PRNU) / root,
        .prnu_row = bt_sheet_get(sheet, BT_SHEET_PRNU_ROW) / sqrt(root),
        .prnu_column = bt_sheet_get(sheet, BT_SHEET_PRNU_COLUMN) / sqrt(root),
        .dsnu_e = bt_sheet_get(sheet, BT_SHEET_DSNU_E) * root,
        .dsnu_row_e = bt_sheet_get(sheet, BT_SHEET_DSNU_ROW_E) * lines,
        .dsnu_column_e = bt_sheet_get(sheet, BT_SHEET_DSNU_COLUMN_E) * lines,
        // a sum of n log-normal pixels spreads by sqrt(n) less and is hot as often as any of them
        .dark_spread = bt_sheet_get(sheet, BT_SHEET_DARK_SPREAD) / root,
        .hot_fraction = fmin(1.0, bt_sheet_get(sheet, BT_SHEET_HOT_FRACTION) * camera->binned),
        .hot_factor =
            1.0 + (bt_sheet_get(sheet, BT_SHEET_HOT_FACTOR) - 1.0) / fmax(1.0, camera->binned),
        // one of the n jumps
        .rts_fraction = fmin(1.0, bt_sheet_get(sheet, BT_SHEET_RTS_FRACTION) * camera->binned),
        .rts_amplitude_e = bt_sheet_get(sheet, BT_SHEET_RTS_AMPLITUDE_E),
    };
    bt_status status = bt_pattern_init(&desc, jobs, &camera->pattern);
    if (status != BT_OK || bt_sheet_get(sheet, BT_SHEET_SMALL_SENSITIVITY) <= 0.0) return status;
    desc.seed = ~desc.seed;
    desc.prnu = bt_sheet_get(sheet, BT_SHEET_SMALL_PRNU) / root;
    desc.dsnu_e = bt_sheet_get(sheet, BT_SHEET_SMALL_DSNU_E) * root;
    return bt_pattern_init(&desc, jobs, &camera->small_pattern);
}

// Codes of n converted pixels are averaged: steps of their own get smaller, the bend stays.
static bt_status set_adc(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double dnl_dn = bt_sheet_get(sheet, BT_SHEET_DNL_DN) / sqrt(fmax(1.0, camera->binned));
    if (dnl_dn <= 0.0 && sheet->inl.count == 0) return BT_OK;
    return bt_adc_init(&sheet->inl, dnl_dn, (uint32_t)camera->top_dn, camera->seed, &camera->adc);
}

static uint64_t specimen_seed(uint64_t seed, uint32_t number)
{
    bt_random4 block = bt_random_block(seed, BT_STREAM_SENSOR_FIXED, number, UINT32_MAX);
    return (uint64_t)block.v[0] << 32 | block.v[1];
}

bt_status bt_camera_create(const bt_camera_desc *desc, bt_jobs *jobs, bt_camera **out)
{
    *out = NULL;
    bt_status status = bt_sheet_check(desc->sheet);
    if (status != BT_OK) return status;
    if (desc->width_px > 16384 || desc->height_px > 16384 ||
        (desc->width_px && desc->width_px < 8) || (desc->height_px && desc->height_px < 8))
        return bt_fail(BT_ERR_INPUT, "camera size %u x %u: expected 8 to 16384 pixels",
                       desc->width_px, desc->height_px);
    bt_camera *camera = bt_alloc(1, sizeof *camera);
    if (!camera) return bt_fail(BT_ERR_MEMORY, "no memory for camera '%s'", desc->sheet->name);
    camera->sheet = *desc->sheet;
    camera->seed = specimen_seed(desc->seed, desc->number);
    set_size(camera, desc);
    set_counts(camera);
    set_color(camera);
    status = set_lens(camera);
    if (status == BT_OK) {
        set_vignette(camera);
        set_mesh(camera);
        set_pupil(camera);
        status = set_shield(camera, desc);
    }
    if (status == BT_OK) {
        status = set_pattern(camera, jobs);
        if (status == BT_OK) status = set_adc(camera);
    }
    if (status == BT_OK && !desc->without_spread) {
        status = bt_camera_set_optics(camera, desc, jobs);
    }
    if (status != BT_OK) {
        bt_camera_destroy(camera);
        return status;
    }
    *out = camera;
    return BT_OK;
}

void bt_camera_destroy(bt_camera *camera)
{
    if (!camera) return;
    bt_pattern_clear(&camera->pattern);
    bt_pattern_clear(&camera->small_pattern);
    bt_adc_clear(&camera->adc);
    bt_spread_destroy(camera->spread);
    bt_kernel_destroy(camera->kernel);
    bt_free(camera);
}

uint32_t bt_camera_width(const bt_camera *camera)
{
    return camera->width_px;
}

uint32_t bt_camera_height(const bt_camera *camera)
{
    return camera->height_px;
}

const bt_camera_sheet *bt_camera_sheet_of(const bt_camera *camera)
{
    return &camera->sheet;
}

const bt_windshield *bt_camera_windshield_of(const bt_camera *camera)
{
    return camera->has_windshield ? &camera->windshield : NULL;
}
