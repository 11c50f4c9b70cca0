// camera_meter.c: a camera chooses its exposure.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "sensors/camera/camera_internal.h"
#include "sensors/camera/control/meter.h"

#define METER_ROUNDS 3 // how much reads differ changes, where their exposures have limits

double bt_camera_top_dn(const bt_camera *camera, const bt_camera_state *state)
{
    bt_read_plan plan;
    bt_fuse fuse;
    bt_read_plan_make(&camera->sheet, state->exposure.exposure_s, &plan);
    bt_camera_fuse(camera, state, &plan, &fuse);
    return bt_fuse_top_dn(&fuse);
}

// Electrons of the first read, at analog gain 1, at which the raw picture's signal ends.
static double top_e(const bt_camera *camera, double exposure_s, double gain)
{
    bt_camera_state state;
    bt_read_plan plan;
    bt_camera_state_init(camera, &state);
    state.exposure.exposure_s = exposure_s;
    state.exposure.analog_gain = gain;
    bt_read_plan_make(&camera->sheet, exposure_s, &plan);
    bt_readout first = bt_camera_readout(camera, &state, &plan, 0, 0);
    return bt_camera_top_dn(camera, &state) / (first.counts_per_e * first.digital_gain) * gain;
}

bt_meter bt_camera_meter_limits(const bt_camera *camera, double exposure_s)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double gain = bt_sheet_get(sheet, BT_SHEET_ANALOG_GAIN);
    return (bt_meter){
        .key = bt_sheet_get(sheet, BT_SHEET_KEY),
        .highlights = bt_sheet_get(sheet, BT_SHEET_HIGHLIGHTS),
        .gain_max = bt_sheet_get(sheet, BT_SHEET_GAIN_MAX),
        .saturation_e = bt_camera_saturation_e(camera, gain) * gain,
        .top_e = bt_camera_is_fused(camera) ? top_e(camera, exposure_s, gain) : 0.0,
        .exposure_min_s = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MIN_S),
        .exposure_max_s = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MAX_S),
        .row_time_s = bt_sheet_get(sheet, BT_SHEET_ROW_TIME_S),
        .analog_gain_min = gain,
        .analog_gain_max = fmax(gain, bt_sheet_get(sheet, BT_SHEET_ANALOG_GAIN_MAX)),
    };
}

bt_status bt_camera_meter(const bt_camera *camera, const bt_film *film,
                          bt_camera_exposure *exposure)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bt_camera_state fixed;
    bt_camera_state_init(camera, &fixed);
    *exposure = fixed.exposure;
    if (bt_sheet_get(sheet, BT_SHEET_AUTO) < 0.5) return BT_OK;
    if (film->band_count != sheet->band_count || film->width_px == 0 || film->height_px == 0)
        return bt_fail(BT_ERR_INPUT, "metering '%s': the film has %u bands, the camera %u",
                       sheet->name, film->band_count, sheet->band_count);

    bt_metered metered = {.exposure_s = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MAX_S)};
    for (int i = 0; i < METER_ROUNDS; i++) {
        bt_meter meter = bt_camera_meter_limits(camera, metered.exposure_s);
        bt_meter_film(&meter, film, &metered);
    }
    *exposure = (bt_camera_exposure){.exposure_s = metered.exposure_s,
                                     .analog_gain = metered.analog_gain,
                                     .digital_gain = metered.digital_gain};
    return BT_OK;
}
