// sheet.c: limits and defaults of a camera's numbers, and what must fit together.
#include "sensors/camera/sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/math/pose.h"
#include "sensors/camera/imager/sheet_check.h"
#include "sensors/camera/optics/lens.h"
#include "shaders/shared/types.h"

#define PINHOLE_FIELD_DEG 80.0 // where the sheet says nothing: beyond, a plane is no model
#define FISHEYE_FIELD_DEG 170.0
#define MUST NAN

// Defaults of physics are chosen to be plain: they show up as "default" in every JSON.
static const bt_sheet_key_info key_infos[BT_SHEET_KEY_COUNT] = {
    [BT_SHEET_WIDTH_PX] = {"array", "width_px", MUST, 8, 16384, true},
    [BT_SHEET_HEIGHT_PX] = {"array", "height_px", MUST, 8, 16384, true},
    [BT_SHEET_PIXEL_PITCH_M] = {"array", "pixel_pitch_m", MUST, 0.5e-6, 50e-6, false},

    [BT_SHEET_FOCAL_LENGTH_M] = {"lens", "focal_length_m", 0.0, 0.0, 1.0, false},
    [BT_SHEET_FX_PX] = {"lens", "fx_px", 0.0, 0.0, 1e6, false},
    [BT_SHEET_FY_PX] = {"lens", "fy_px", 0.0, 0.0, 1e6, false},
    [BT_SHEET_CX_PX] = {"lens", "cx_px", -1.0, -1e9, 1e9, false},
    [BT_SHEET_CY_PX] = {"lens", "cy_px", -1.0, -1e9, 1e9, false},
    [BT_SHEET_THETA_MAX_DEG] = {"lens", "theta_max_deg", 0.0, 0.0, 170.0, false},
    [BT_SHEET_F_NUMBER] = {"lens", "f_number", MUST, 0.5, 64.0, false},
    [BT_SHEET_TRANSMISSION] = {"lens", "transmission", 1.0, 0.01, 1.0, false},
    [BT_SHEET_COS4] = {"lens", "cos4", 1.0, 0.0, 1.0, true},
    [BT_SHEET_FOCUS_M] = {"lens", "focus_m", 0.0, 0.0, 1e9, false},
    [BT_SHEET_BLADES] = {"lens", "blades", 0.0, 0.0, 16.0, true},
    [BT_SHEET_BLADE_ROTATION_DEG] = {"lens", "blade_rotation_deg", 0.0, -360.0, 360.0, false},
    [BT_SHEET_OBSCURATION] = {"lens", "obscuration", 0.0, 0.0, 0.9, false},
    [BT_SHEET_BLUR_SIGMA_PX] = {"lens", "blur_sigma_px", 0.3, 0.0, 4.0, false},

    [BT_SHEET_POINT_SPREAD] = {"lens", "point_spread", 0.0, 0.0, 1.0, true},
    [BT_SHEET_FOCUS_SHIFT_M] = {"lens", "focus_shift_m", 0.0, -1e-3, 1e-3, false},
    [BT_SHEET_SCATTER_SHARE] = {"lens", "scatter_share", 0.0, 0.0, 0.5, false},
    [BT_SHEET_SCATTER_SHOULDER] = {"lens", "scatter_shoulder", 0.01, 1e-4, 1.0, false},
    [BT_SHEET_SCATTER_SLOPE] = {"lens", "scatter_slope", -2.0, -6.0, -0.1, false},
    [BT_SHEET_ENTRANCE_PUPIL_M] = {"lens", "entrance_pupil_m", 0.0, -1.0, 1.0, false},
    [BT_SHEET_GUARD_PX] = {"lens", "guard_px", -1.0, -1.0, 2048.0, true},

    [BT_SHEET_ROW_TIME_S] = {"shutter", "row_time_s", 0.0, 0.0, 1e-2, false},
    [BT_SHEET_GLOBAL] = {"shutter", "global", 0.0, 0.0, 1.0, true},
    [BT_SHEET_BOTTOM_UP] = {"shutter", "bottom_up", 0.0, 0.0, 1.0, true},
    [BT_SHEET_AUTO] = {"shutter", "auto", 1.0, 0.0, 1.0, true},
    [BT_SHEET_EXPOSURE_S] = {"shutter", "exposure_s", 1e-3, 1e-6, 1.0, false},
    [BT_SHEET_EXPOSURE_MIN_S] = {"shutter", "exposure_min_s", 2e-5, 1e-6, 1.0, false},
    [BT_SHEET_EXPOSURE_MAX_S] = {"shutter", "exposure_max_s", 2e-2, 1e-6, 1.0, false},

    [BT_SHEET_FULL_WELL_E] = {"pixel", "full_well_e", MUST, 100.0, 1e7, false},
    [BT_SHEET_PRNU] = {"pixel", "prnu", 0.0, 0.0, 0.2, false},
    [BT_SHEET_PRNU_ROW] = {"pixel", "prnu_row", 0.0, 0.0, 0.2, false},
    [BT_SHEET_PRNU_COLUMN] = {"pixel", "prnu_column", 0.0, 0.0, 0.2, false},
    [BT_SHEET_DSNU_E] = {"pixel", "dsnu_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_DSNU_ROW_E] = {"pixel", "dsnu_row_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_DSNU_COLUMN_E] = {"pixel", "dsnu_column_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_DARK_CURRENT_E_S] = {"pixel", "dark_current_e_s", 0.0, 0.0, 1e6, false},
    [BT_SHEET_DARK_TEMPERATURE_KELVIN] = {"pixel", "dark_temperature_kelvin", 298.15, 200.0, 450.0,
                                          false},
    [BT_SHEET_DARK_DOUBLING_KELVIN] = {"pixel", "dark_doubling_kelvin", 7.0, 1.0, 50.0, false},
    [BT_SHEET_DARK_SPREAD] = {"pixel", "dark_spread", 0.0, 0.0, 2.0, false},
    [BT_SHEET_HOT_FRACTION] = {"pixel", "hot_fraction", 0.0, 0.0, 0.1, false},
    [BT_SHEET_HOT_FACTOR] = {"pixel", "hot_factor", 100.0, 1.0, 1e6, false},
    [BT_SHEET_TEMPERATURE_KELVIN] = {"pixel", "temperature_kelvin", 318.15, 200.0, 450.0, false},
    [BT_SHEET_RTS_FRACTION] = {"pixel", "rts_fraction", 0.0, 0.0, 1.0, false},
    [BT_SHEET_RTS_AMPLITUDE_E] = {"pixel", "rts_amplitude_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_RTS_RATE_HZ] = {"pixel", "rts_rate_hz", 10.0, 1e-4, 1e6, false},
    [BT_SHEET_RTS_DUTY] = {"pixel", "rts_duty", 0.5, 0.0, 1.0, false},
    [BT_SHEET_SOFT_WELL] = {"pixel", "soft_well", 1.0, 0.1, 1.0, false},
    [BT_SHEET_BLOOM] = {"pixel", "bloom", 0.0, 0.0, 1.0, false},
    [BT_SHEET_BLOOM_COLUMN] = {"pixel", "bloom_column", 0.8, 0.0, 1.0, false},
    [BT_SHEET_ECLIPSE_E_S] = {"pixel", "eclipse_e_s", 0.0, 0.0, 1e15, false},

    [BT_SHEET_SMALL_SENSITIVITY] = {"small", "sensitivity", 0.0, 0.0, 10.0, false},
    [BT_SHEET_SMALL_CORNER] = {"small", "corner", 1.0, 0.1, 10.0, false},
    [BT_SHEET_SMALL_RED] = {"small", "red", 1.0, 0.01, 100.0, false},
    [BT_SHEET_SMALL_GREEN] = {"small", "green", 1.0, 0.01, 100.0, false},
    [BT_SHEET_SMALL_BLUE] = {"small", "blue", 1.0, 0.01, 100.0, false},
    [BT_SHEET_SMALL_CLEAR] = {"small", "clear", 1.0, 0.01, 100.0, false},
    [BT_SHEET_SMALL_YELLOW] = {"small", "yellow", 1.0, 0.01, 100.0, false},
    [BT_SHEET_SMALL_CYAN] = {"small", "cyan", 1.0, 0.01, 100.0, false},
    [BT_SHEET_SMALL_MONO] = {"small", "mono", 1.0, 0.01, 100.0, false},
    [BT_SHEET_SMALL_FULL_WELL_E] = {"small", "full_well_e", 0.0, 0.0, 1e7, false},
    [BT_SHEET_SMALL_PRNU] = {"small", "prnu", 0.0, 0.0, 0.2, false},
    [BT_SHEET_SMALL_DSNU_E] = {"small", "dsnu_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_SMALL_DARK_CURRENT_E_S] = {"small", "dark_current_e_s", 0.0, 0.0, 1e6, false},

    [BT_SHEET_CONVERSION_E_DN] = {"readout", "conversion_e_dn", 0.0, 0.0, 1e4, false},
    [BT_SHEET_ANALOG_GAIN] = {"readout", "analog_gain", 1.0, 0.125, 64.0, false},
    [BT_SHEET_ANALOG_GAIN_MAX] = {"readout", "analog_gain_max", 8.0, 0.125, 64.0, false},
    [BT_SHEET_READ_NOISE_E] = {"readout", "read_noise_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_ROW_NOISE_E] = {"readout", "row_noise_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_COLUMN_NOISE_E] = {"readout", "column_noise_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_DIGITAL_GAIN] = {"readout", "digital_gain", 1.0, 0.125, 64.0, false},
    [BT_SHEET_DNL_DN] = {"readout", "dnl_dn", 0.0, 0.0, 0.5, false},
    [BT_SHEET_BLACK_PIXELS] = {"readout", "black_pixels", 0.0, 0.0, 1e7, true},
    [BT_SHEET_BLACK_ROWS] = {"readout", "black_rows", 0.0, 0.0, 1.0, true},
    [BT_SHEET_BLACK_DARK] = {"readout", "black_dark", 1.0, 0.0, 10.0, false},
    [BT_SHEET_HDR_BITS] = {"hdr", "bits", 20.0, 12.0, 28.0, true},
    [BT_SHEET_HDR_BLACK_DN] = {"hdr", "black_dn", 0.0, 0.0, 16384.0, true},
    [BT_SHEET_BLEND_LOW] = {"hdr", "blend_low", 0.8, 0.05, 0.99, false},
    [BT_SHEET_BLEND_HIGH] = {"hdr", "blend_high", 0.9, 0.05, 0.99, false},
    [BT_SHEET_FLICKER_SIGMAS] = {"hdr", "flicker_sigmas", 0.0, 0.0, 100.0, false},
    [BT_SHEET_OUTPUT_BITS] = {"hdr", "output_bits", 12.0, 8.0, 16.0, true},
    [BT_SHEET_BLACK_LEVEL_DN] = {"readout", "black_level_dn", 0.0, 0.0, 16384.0, true},
    [BT_SHEET_BIT_DEPTH] = {"readout", "bit_depth", 12.0, 8.0, 16.0, true},

    [BT_SHEET_WHITE_KELVIN] = {"isp", "white_kelvin", 5500.0, 4000.0, 25000.0, false},
    [BT_SHEET_GAIN] = {"isp", "gain", 1.0, 1.0, 64.0, false},
    [BT_SHEET_GAIN_MAX] = {"isp", "gain_max", 6.0, 1.0, 64.0, false},
    [BT_SHEET_KEY] = {"isp", "key", 0.18, 0.02, 0.5, false},
    [BT_SHEET_HIGHLIGHTS] = {"isp", "highlights", 0.01, 0.0, 0.5, false},
    [BT_SHEET_KNEE] = {"isp", "knee", 0.5, 0.05, 0.99, false},
    [BT_SHEET_CONTRAST] = {"isp", "contrast", 0.25, 0.0, 1.0, false},
    [BT_SHEET_SATURATION] = {"isp", "saturation", 1.1, 0.0, 3.0, false},
    [BT_SHEET_DEFECTS] = {"isp", "defects", 6.0, 0.0, 100.0, false},
    [BT_SHEET_SHADING] = {"isp", "shading", 0.8, 0.0, 1.0, false},
    [BT_SHEET_NOISE_REDUCTION] = {"isp", "noise_reduction", 2.0, 0.0, 10.0, false},
    [BT_SHEET_SHARPENING] = {"isp", "sharpening", 0.3, 0.0, 4.0, false},
    [BT_SHEET_LOCAL_TONE] = {"isp", "local_tone", 0.0, 0.0, 1.0, false},
};

static const bt_sheet_key_info read_infos[BT_READ_KEY_COUNT] = {
    [BT_READ_SMALL] = {"reads", "small", 0.0, 0.0, 1.0, true},
    [BT_READ_EXPOSURE_RATIO] = {"reads", "exposure_ratio", 1.0, 0.01, 1e5, false},
    [BT_READ_EXPOSURE_MIN_S] = {"reads", "exposure_min_s", 0.0, 0.0, 1.0, false},
    [BT_READ_EXPOSURE_MAX_S] = {"reads", "exposure_max_s", 0.0, 0.0, 1.0, false},
    [BT_READ_AFTER] = {"reads", "after", 0.0, 0.0, 1.0, true},
    [BT_READ_GAP_ROWS] = {"reads", "gap_rows", 0.0, 0.0, 1e4, true},
    [BT_READ_CONVERSION_E_DN] = {"reads", "conversion_e_dn", 0.0, 0.0, 1e4, false},
    [BT_READ_RANGE_E] = {"reads", "range_e", 0.0, 0.0, 1e7, false},
    [BT_READ_READ_NOISE_E] = {"reads", "read_noise_e", -1.0, 0.0, 1e4, false},
    [BT_READ_ROW_NOISE_E] = {"reads", "row_noise_e", -1.0, 0.0, 1e4, false},
    [BT_READ_DSNU_E] = {"reads", "dsnu_e", -1.0, 0.0, 1e4, false},
};

const bt_sheet_key_info *bt_read_key_get(bt_read_key key)
{
    return &read_infos[key];
}

const bt_sheet_key_info *bt_sheet_key_get(bt_sheet_key key)
{
    return &key_infos[key];
}

const char *bt_origin_name(bt_origin origin)
{
    static const char *const names[BT_ORIGIN_COUNT] = {"default", "guessed",  "fitted",
                                                       "derived", "measured", "datasheet"};
    return names[origin];
}

const bt_lens_model *bt_lens_model_get(uint32_t lens_kind)
{
    static const bt_lens_model models[] = {
        [BT_LENS_PINHOLE] = {"brown_conrady", "k1 k2 p1 p2 k3 k4 k5 k6 s1 s2 s3 s4 tau_x tau_y", 8,
                             6},
        [BT_LENS_FISHEYE] = {"kannala_brandt", "k1 k2 k3 k4", 4, 0},
        [BT_LENS_FTHETA] = {"f_theta", "k1 k2 k3 k4 k5 c d e", 5, 3},
        [BT_LENS_FTHETA_INVERSE] = {"f_theta_inverse", "j1 j2 j3 j4 j5 c d e", 5, 3},
    };
    return &models[lens_kind];
}

void bt_sheet_lens_numbers(const bt_camera_sheet *sheet, double numbers[BT_LENS_MOST_COEFFICIENTS])
{
    const bt_lens_model *model = bt_lens_model_get(sheet->lens_kind);
    for (int i = 0; i < model->k_count; i++)
        numbers[i] = (double)sheet->lens_k[i];
    for (int i = 0; i < model->s_count; i++)
        numbers[model->k_count + i] = (double)sheet->lens_s[i];
}

// Coefficients with the scale of the axis taken out; gives that scale, pixels a radian.
static double take_scale_out(const bt_camera_sheet *sheet, bt_lens *lens)
{
    double first = (double)sheet->lens_k[0], scale = 1.0;
    bool inverse = lens->kind == BT_LENS_FTHETA_INVERSE;
    for (int i = 0; i < 5; i++) {
        scale *= inverse ? first : 1.0;
        lens->k[i] = (float)((double)sheet->lens_k[i] / (inverse ? scale : first));
    }
    return inverse ? 1.0 / first : first;
}

double bt_sheet_lens(const bt_camera_sheet *sheet, bt_lens *lens)
{
    double fx = bt_sheet_get(sheet, BT_SHEET_FX_PX), fy = bt_sheet_get(sheet, BT_SHEET_FY_PX);
    double cx = bt_sheet_get(sheet, BT_SHEET_CX_PX), cy = bt_sheet_get(sheet, BT_SHEET_CY_PX);
    double field_deg = bt_sheet_get(sheet, BT_SHEET_THETA_MAX_DEG);
    *lens = (bt_lens){.kind = sheet->lens_kind};
    memcpy(lens->k, sheet->lens_k, sizeof lens->k);
    memcpy(lens->s, sheet->lens_s, sizeof lens->s);
    if (fx <= 0.0)
        fx = bt_sheet_get(sheet, BT_SHEET_FOCAL_LENGTH_M) /
             bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    if (fy <= 0.0) fy = fx;
    if (lens->kind == BT_LENS_PINHOLE) memcpy(lens->tilt, sheet->lens_s + 4, sizeof lens->tilt);
    if (lens->kind == BT_LENS_FTHETA || lens->kind == BT_LENS_FTHETA_INVERSE)
        fx = fy = take_scale_out(sheet, lens);
    lens->fx = (float)fx;
    lens->fy = (float)fy;
    lens->cx =
        (float)(bt_sheet_is_middle(cx) ? 0.5 * (bt_sheet_get(sheet, BT_SHEET_WIDTH_PX) - 1.0) : cx);
    lens->cy =
        (float)(bt_sheet_is_middle(cy) ? 0.5 * (bt_sheet_get(sheet, BT_SHEET_HEIGHT_PX) - 1.0)
                                       : cy);
    if (field_deg <= 0.0)
        field_deg = lens->kind == BT_LENS_PINHOLE ? PINHOLE_FIELD_DEG : FISHEYE_FIELD_DEG;
    return bt_lens_end(lens, field_deg * BT_RAD_PER_DEG);
}

void bt_sheet_init(bt_camera_sheet *sheet)
{
    memset(sheet, 0, sizeof *sheet);
    for (int key = 0; key < BT_SHEET_KEY_COUNT; key++)
        sheet->numbers[key].value = key_infos[key].fallback;
}

void bt_sheet_read_init(bt_sheet_read *read)
{
    memset(read, 0, sizeof *read);
    for (int key = 0; key < BT_READ_KEY_COUNT; key++)
        read->numbers[key].value = read_infos[key].fallback;
}

double bt_sheet_curve_at(const bt_sheet_curve *curve, double at, double fallback)
{
    if (curve->count == 0) return fallback;
    if (at <= curve->at[0]) return curve->value[0];
    for (uint32_t i = 1; i < curve->count; i++) {
        if (at > curve->at[i]) continue;
        double u = (at - curve->at[i - 1]) / (curve->at[i] - curve->at[i - 1]);
        return curve->value[i - 1] + (curve->value[i] - curve->value[i - 1]) * u;
    }
    return curve->value[curve->count - 1];
}

const char *bt_filter_name(bt_filter filter)
{
    static const char *const names[BT_FILTER_COUNT] = {"red",    "green", "blue", "clear",
                                                       "yellow", "cyan",  "mono"};
    return names[filter];
}

// Filter of the next letter; BT_FILTER_COUNT: none that is known.
static bt_filter next_filter(const char **letters)
{
    static const char known[] = "RGBCY";
    char letter = *(*letters)++;
    if (letter == 'C' && **letters == 'y') {
        (*letters)++;
        return BT_FILTER_CYAN;
    }
    const char *found = strchr(known, letter);
    return found ? (bt_filter)(found - known) : BT_FILTER_COUNT;
}

// Filters of a tile, their number; 0: something else is in the name.
static uint32_t read_tile(const char *name, uint8_t filters[16])
{
    uint32_t count = 0;
    while (*name) {
        bt_filter filter = next_filter(&name);
        if (filter == BT_FILTER_COUNT || count == 16) return 0;
        filters[count++] = (uint8_t)filter;
    }
    return count == 4 || count == 16 ? count : 0;
}

// Gives each filter that is there its band.
static uint32_t number_bands(const uint8_t tile[16], uint32_t count, uint8_t bands[BT_FILTER_COUNT],
                             uint8_t filters[BT_FILTER_COUNT])
{
    static const uint8_t order[BT_FILTER_COUNT] = {
        BT_FILTER_RED,  BT_FILTER_GREEN, BT_FILTER_CLEAR, BT_FILTER_YELLOW,
        BT_FILTER_BLUE, BT_FILTER_CYAN,  BT_FILTER_MONO};
    uint32_t found = 0;
    for (int i = 0; i < BT_FILTER_COUNT; i++) {
        if (!memchr(tile, order[i], count)) continue;
        bands[order[i]] = (uint8_t)found;
        filters[found++] = order[i];
    }
    return found;
}

bt_status bt_sheet_set_mosaic(bt_camera_sheet *sheet, const char *name)
{
    uint8_t tile[16] = {BT_FILTER_MONO, BT_FILTER_MONO, BT_FILTER_MONO, BT_FILTER_MONO};
    uint8_t bands[BT_FILTER_COUNT], filters[BT_FILTER_COUNT];
    uint32_t count = strcmp(name, "MONO") == 0 ? 4 : read_tile(name, tile);
    uint32_t band_count = count ? number_bands(tile, count, bands, filters) : 0;
    if (band_count == 0 || band_count > BT_SHEET_BANDS_MAX)
        return bt_fail(BT_ERR_INPUT,
                       "mosaic '%.40s': expected MONO, or 4 or 16 of R, G, B, C, Y, Cy "
                       "with at most %d different ones",
                       name, BT_SHEET_BANDS_MAX);
    sheet->band_count = band_count;
    sheet->tile_px = count == 4 ? 2 : 4;
    memcpy(sheet->filters, filters, sizeof sheet->filters);
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t x = i % 4 % sheet->tile_px, y = i / 4 % sheet->tile_px;
        sheet->mosaic[i] = bands[tile[y * sheet->tile_px + x]];
    }
    snprintf(sheet->mosaic_name, sizeof sheet->mosaic_name, "%s", name);
    return BT_OK;
}

bool bt_sheet_is_bayer(const bt_camera_sheet *sheet)
{
    const uint8_t *m = sheet->mosaic;
    bool rgb = sheet->band_count == 3 && sheet->tile_px == 2 &&
               sheet->filters[1] == BT_FILTER_GREEN && sheet->filters[2] == BT_FILTER_BLUE;
    return rgb && ((m[0] == 1 && m[5] == 1) || (m[1] == 1 && m[4] == 1)) &&
           m[0] + m[1] + m[4] + m[5] == 4;
}

static bt_status check_curves(const bt_camera_sheet *sheet)
{
    for (uint32_t band = 0; band < sheet->band_count; band++) {
        const bt_sheet_curve *qe = &sheet->qe[band];
        const char *name = bt_filter_name((bt_filter)sheet->filters[band]);
        if (qe->count == 0)
            return bt_fail(BT_ERR_INPUT, "%s: qe.%s is missing: array.mosaic is '%s'", sheet->name,
                           name, sheet->mosaic_name);
        if (qe->at[0] >= (double)BT_SPECTRUM_MAX_NM ||
            (qe->count > 1 && qe->at[qe->count - 1] <= (double)BT_SPECTRUM_MIN_NM))
            return bt_fail(BT_ERR_INPUT,
                           "%s: qe.%s from %g to %g nm: expected some of %g to %g nm, the light "
                           "that is simulated",
                           sheet->name, name, qe->at[0], qe->at[qe->count - 1],
                           (double)BT_SPECTRUM_MIN_NM, (double)BT_SPECTRUM_MAX_NM);
    }
    return BT_OK;
}

static bt_status check_ftheta(const bt_camera_sheet *sheet)
{
    double det = (double)sheet->lens_s[0] - (double)sheet->lens_s[1] * (double)sheet->lens_s[2];
    if (!(sheet->lens_k[0] > 0.0f))
        return bt_fail(
            BT_ERR_INPUT, "%s: lens.%s of f_theta is %g %s: expected above 0", sheet->name,
            sheet->lens_kind == BT_LENS_FTHETA ? "coefficients: k1" : "pixeldist_to_angle: j1",
            (double)sheet->lens_k[0],
            sheet->lens_kind == BT_LENS_FTHETA ? "pixels a radian" : "radians a pixel");
    if (!(det > 0.1 && det < 10.0))
        return bt_fail(
            BT_ERR_INPUT,
            "%s: lens.affine { c, d, e } has determinant c - d e = %g: expected 0.1 to 10",
            sheet->name, det);
    return BT_OK;
}

static bt_status check_lens(const bt_camera_sheet *sheet)
{
    double focal_m = bt_sheet_get(sheet, BT_SHEET_FOCAL_LENGTH_M);
    double focus_m = bt_sheet_get(sheet, BT_SHEET_FOCUS_M);
    double fx_px = bt_sheet_get(sheet, BT_SHEET_FX_PX);
    if (sheet->lens_kind == BT_LENS_FTHETA || sheet->lens_kind == BT_LENS_FTHETA_INVERSE) {
        bt_status status = check_ftheta(sheet);
        if (status != BT_OK) return status;
        double first = (double)sheet->lens_k[0];
        fx_px = sheet->lens_kind == BT_LENS_FTHETA ? first : 1.0 / first;
    }
    if (fx_px <= 0.0 && focal_m <= 0.0)
        return bt_fail(BT_ERR_INPUT, "%s: lens needs fx_px or focal_length_m", sheet->name);
    if (focal_m <= 0.0) focal_m = fx_px * bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    if (focus_m > 0.0 && bt_sheet_get(sheet, BT_SHEET_FOCUS_SHIFT_M) != 0.0)
        return bt_fail(BT_ERR_INPUT,
                       "%s: lens.focus_m %g and lens.focus_shift_m %g both put the image before or "
                       "behind the sensor: expected one of them, focus_m for things at any "
                       "distance, focus_shift_m for a lens of a fixed mistake",
                       sheet->name, focus_m, bt_sheet_get(sheet, BT_SHEET_FOCUS_SHIFT_M));
    if (focus_m > 0.0 && focus_m <= 2.0 * focal_m)
        return bt_fail(BT_ERR_INPUT,
                       "%s: lens.focus_m %g: expected more than twice the focal length, %g, or 0",
                       sheet->name, focus_m, focal_m);
    double blades = bt_sheet_get(sheet, BT_SHEET_BLADES);
    if (blades == 1.0 || blades == 2.0)
        return bt_fail(BT_ERR_INPUT, "%s: lens.blades %g: expected 0 (round) or 3 to 16",
                       sheet->name, blades);
    return BT_OK;
}

bt_status bt_sheet_check(const bt_camera_sheet *sheet)
{
    if (sheet->band_count == 0)
        return bt_fail(BT_ERR_INPUT, "%s: array.mosaic is missing", sheet->name);
    bt_status status = check_curves(sheet);
    if (status != BT_OK) return status;
    status = check_lens(sheet);
    if (status != BT_OK) return status;
    double top = exp2(bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH)) - 1.0;
    double black = bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN);
    if (black >= 0.5 * top)
        return bt_fail(BT_ERR_INPUT,
                       "%s: readout.black_level_dn %g: expected less than half of the top count %g",
                       sheet->name, black, top);
    status = bt_sheet_check_imager(sheet);
    if (status != BT_OK) return status;
    double low = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MIN_S);
    double high = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MAX_S);
    if (low > high)
        return bt_fail(BT_ERR_INPUT,
                       "%s: shutter.exposure_min_s %g is above shutter.exposure_max_s %g",
                       sheet->name, low, high);
    return BT_OK;
}
