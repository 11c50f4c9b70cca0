// sheet.c: limits and defaults of a camera's numbers, and what must fit together.
#include "sensors/camera/sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MUST NAN

// Defaults of physics are chosen to be plain: they show up as "default" in every JSON.
static const bt_sheet_key_info key_infos[BT_SHEET_KEY_COUNT] = {
    [BT_SHEET_WIDTH_PX] = {"array", "width_px", MUST, 8, 16384, true},
    [BT_SHEET_HEIGHT_PX] = {"array", "height_px", MUST, 8, 16384, true},
    [BT_SHEET_PIXEL_PITCH_M] = {"array", "pixel_pitch_m", MUST, 0.5e-6, 50e-6, false},

    [BT_SHEET_FOCAL_LENGTH_M] = {"lens", "focal_length_m", 0.0, 0.0, 1.0, false},
    [BT_SHEET_FX_PX] = {"lens", "fx_px", 0.0, 0.0, 1e6, false},
    [BT_SHEET_FY_PX] = {"lens", "fy_px", 0.0, 0.0, 1e6, false},
    [BT_SHEET_CX_PX] = {"lens", "cx_px", -1.0, -1.0, 16384, false},
    [BT_SHEET_CY_PX] = {"lens", "cy_px", -1.0, -1.0, 16384, false},
    [BT_SHEET_THETA_MAX_DEG] = {"lens", "theta_max_deg", 0.0, 0.0, 170.0, false},
    [BT_SHEET_F_NUMBER] = {"lens", "f_number", MUST, 0.5, 64.0, false},
    [BT_SHEET_TRANSMISSION] = {"lens", "transmission", 1.0, 0.01, 1.0, false},
    [BT_SHEET_COS4] = {"lens", "cos4", 1.0, 0.0, 1.0, true},
    [BT_SHEET_BLUR_SIGMA_PX] = {"lens", "blur_sigma_px", 0.3, 0.0, 4.0, false},

    [BT_SHEET_POINT_SPREAD] = {"lens", "point_spread", 0.0, 0.0, 1.0, true},
    [BT_SHEET_BLADES] = {"lens", "blades", 0.0, 0.0, 16.0, true},
    [BT_SHEET_BLADE_ROTATION_DEG] = {"lens", "blade_rotation_deg", 0.0, -360.0, 360.0, false},
    [BT_SHEET_OBSCURATION] = {"lens", "obscuration", 0.0, 0.0, 0.9, false},
    [BT_SHEET_FOCUS_SHIFT_M] = {"lens", "focus_shift_m", 0.0, -1e-3, 1e-3, false},
    [BT_SHEET_SCATTER_SHARE] = {"lens", "scatter_share", 0.0, 0.0, 0.5, false},
    [BT_SHEET_SCATTER_SHOULDER] = {"lens", "scatter_shoulder", 0.01, 1e-4, 1.0, false},
    [BT_SHEET_SCATTER_SLOPE] = {"lens", "scatter_slope", 2.0, 0.1, 6.0, false},
    [BT_SHEET_ENTRANCE_PUPIL_M] = {"lens", "entrance_pupil_m", 0.0, -1.0, 1.0, false},
    [BT_SHEET_GUARD_PX] = {"lens", "guard_px", -1.0, -1.0, 2048.0, true},

    [BT_SHEET_DIRT_PANE_DISTANCE_M] = {"dirt", "pane_distance_m", 0.06, 0.001, 5.0, false},
    [BT_SHEET_DIRT_PANE_RAKE_DEG] = {"dirt", "pane_rake_deg", 60.0, 0.0, 80.0, false},
    [BT_SHEET_DIRT_WIPER_X_M] = {"dirt", "wiper_x_m", 0.25, -3.0, 3.0, false},
    [BT_SHEET_DIRT_WIPER_Y_M] = {"dirt", "wiper_y_m", 0.55, -3.0, 3.0, false},
    [BT_SHEET_DIRT_SCRATCHES_PER_M] = {"dirt", "scratches_per_m", 0.0, 0.0, 20000.0, false},
    [BT_SHEET_DIRT_SCRATCH_WIDTH_M] = {"dirt", "scratch_width_m", 15e-6, 1e-6, 1e-3, false},
    [BT_SHEET_DIRT_SCRATCH_OPACITY] = {"dirt", "scratch_opacity", 1.0, 0.0, 1.0, false},
    [BT_SHEET_DIRT_DUST_COVER] = {"dirt", "dust_cover", 0.0, 0.0, 0.5, false},
    [BT_SHEET_DIRT_DUST_DIAMETER_M] = {"dirt", "dust_diameter_m", 30e-6, 1e-6, 1e-3, false},
    [BT_SHEET_DIRT_DUST_SPREAD] = {"dirt", "dust_spread", 0.5, 0.0, 1.5, false},
    [BT_SHEET_DIRT_FILM_SHARE] = {"dirt", "film_share", 0.0, 0.0, 0.9, false},
    [BT_SHEET_DIRT_FILM_SHOULDER] = {"dirt", "film_shoulder", 0.02, 1e-4, 1.0, false},
    [BT_SHEET_DIRT_FILM_SLOPE] = {"dirt", "film_slope", 2.5, 0.1, 6.0, false},

    [BT_SHEET_ROW_TIME_S] = {"shutter", "row_time_s", 0.0, 0.0, 1e-2, false},
    [BT_SHEET_AUTO] = {"shutter", "auto", 1.0, 0.0, 1.0, true},
    [BT_SHEET_EXPOSURE_S] = {"shutter", "exposure_s", 1e-3, 1e-6, 1.0, false},
    [BT_SHEET_EXPOSURE_MIN_S] = {"shutter", "exposure_min_s", 2e-5, 1e-6, 1.0, false},
    [BT_SHEET_EXPOSURE_MAX_S] = {"shutter", "exposure_max_s", 2e-2, 1e-6, 1.0, false},

    [BT_SHEET_FULL_WELL_E] = {"pixel", "full_well_e", MUST, 100.0, 1e7, false},
    [BT_SHEET_PRNU] = {"pixel", "prnu", 0.0, 0.0, 0.2, false},
    [BT_SHEET_DSNU_E] = {"pixel", "dsnu_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_DARK_CURRENT_E_S] = {"pixel", "dark_current_e_s", 0.0, 0.0, 1e6, false},
    [BT_SHEET_DARK_TEMPERATURE_KELVIN] = {"pixel", "dark_temperature_kelvin", 298.15, 200.0, 450.0,
                                          false},
    [BT_SHEET_DARK_DOUBLING_KELVIN] = {"pixel", "dark_doubling_kelvin", 7.0, 1.0, 50.0, false},
    [BT_SHEET_DARK_SPREAD] = {"pixel", "dark_spread", 0.0, 0.0, 2.0, false},
    [BT_SHEET_HOT_FRACTION] = {"pixel", "hot_fraction", 0.0, 0.0, 0.1, false},
    [BT_SHEET_HOT_FACTOR] = {"pixel", "hot_factor", 100.0, 1.0, 1e6, false},
    [BT_SHEET_TEMPERATURE_KELVIN] = {"pixel", "temperature_kelvin", 318.15, 200.0, 450.0, false},

    [BT_SHEET_CONVERSION_E_DN] = {"readout", "conversion_e_dn", 0.0, 0.0, 1e4, false},
    [BT_SHEET_ANALOG_GAIN] = {"readout", "analog_gain", 1.0, 0.125, 64.0, false},
    [BT_SHEET_ANALOG_GAIN_MAX] = {"readout", "analog_gain_max", 8.0, 0.125, 64.0, false},
    [BT_SHEET_READ_NOISE_E] = {"readout", "read_noise_e", 0.0, 0.0, 1e4, false},
    [BT_SHEET_ROW_NOISE_E] = {"readout", "row_noise_e", 0.0, 0.0, 1e4, false},
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
};

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

void bt_sheet_init(bt_camera_sheet *sheet)
{
    memset(sheet, 0, sizeof *sheet);
    for (int key = 0; key < BT_SHEET_KEY_COUNT; key++)
        sheet->numbers[key].value = key_infos[key].fallback;
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

bt_status bt_sheet_set_mosaic(bt_camera_sheet *sheet, const char *name)
{
    if (strcmp(name, "MONO") == 0) {
        sheet->band_count = 1;
        memset(sheet->mosaic, BT_BAND_RED, sizeof sheet->mosaic);
    } else {
        static const char *const known[] = {"RGGB", "BGGR", "GRBG", "GBRG"};
        int found = 0;
        for (int i = 0; i < 4; i++)
            found |= strcmp(name, known[i]) == 0;
        if (!found)
            return bt_fail(BT_ERR_INPUT, "mosaic '%.16s': expected RGGB, BGGR, GRBG, GBRG or MONO",
                           name);
        sheet->band_count = 3;
        for (int i = 0; i < 4; i++)
            sheet->mosaic[i] = name[i] == 'R'   ? BT_BAND_RED
                               : name[i] == 'G' ? BT_BAND_GREEN
                                                : BT_BAND_BLUE;
    }
    snprintf(sheet->mosaic_name, sizeof sheet->mosaic_name, "%s", name);
    return BT_OK;
}

static bt_status check_curves(const bt_camera_sheet *sheet)
{
    static const char *const names[BT_BAND_COUNT] = {"red", "green", "blue"};
    for (uint32_t band = 0; band < sheet->band_count; band++) {
        if (sheet->qe[band].count == 0)
            return bt_fail(BT_ERR_INPUT, "%s: qe.%s is missing", sheet->name,
                           sheet->band_count == 1 ? "mono" : names[band]);
    }
    return BT_OK;
}

bt_status bt_sheet_check(const bt_camera_sheet *sheet)
{
    if (sheet->band_count == 0)
        return bt_fail(BT_ERR_INPUT, "%s: array.mosaic is missing", sheet->name);
    bt_status status = check_curves(sheet);
    if (status != BT_OK) return status;
    if (bt_sheet_get(sheet, BT_SHEET_FX_PX) <= 0.0 &&
        bt_sheet_get(sheet, BT_SHEET_FOCAL_LENGTH_M) <= 0.0)
        return bt_fail(BT_ERR_INPUT, "%s: lens needs fx_px or focal_length_m", sheet->name);

    double top = exp2(bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH)) - 1.0;
    double black = bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN);
    if (black >= 0.5 * top)
        return bt_fail(BT_ERR_INPUT,
                       "%s: readout.black_level_dn %g: expected less than half of the top count %g",
                       sheet->name, black, top);
    double low = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MIN_S);
    double high = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MAX_S);
    if (low > high)
        return bt_fail(BT_ERR_INPUT,
                       "%s: shutter.exposure_min_s %g is above shutter.exposure_max_s %g",
                       sheet->name, low, high);
    return BT_OK;
}
