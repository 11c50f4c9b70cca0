// camera_meter.c: a camera chooses its exposure.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "sensors/camera/camera_internal.h"
#include "sensors/camera/control/meter.h"

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

    double gain = bt_sheet_get(sheet, BT_SHEET_ANALOG_GAIN);
    bt_meter meter = {
        .key = bt_sheet_get(sheet, BT_SHEET_KEY),
        .highlights = bt_sheet_get(sheet, BT_SHEET_HIGHLIGHTS),
        .gain_max = bt_sheet_get(sheet, BT_SHEET_GAIN_MAX),
        .saturation_e = bt_camera_saturation_e(camera, gain) * gain,
        .exposure_min_s = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MIN_S),
        .exposure_max_s = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MAX_S),
        .row_time_s = bt_sheet_get(sheet, BT_SHEET_ROW_TIME_S),
        .analog_gain_min = gain,
        .analog_gain_max = fmax(gain, bt_sheet_get(sheet, BT_SHEET_ANALOG_GAIN_MAX)),
    };
    bt_metered metered;
    bt_meter_film(&meter, film, &metered);
    *exposure = (bt_camera_exposure){.exposure_s = metered.exposure_s,
                                     .analog_gain = metered.analog_gain,
                                     .digital_gain = metered.digital_gain};
    return BT_OK;
}
