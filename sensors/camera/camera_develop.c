// camera_develop.c: from counts to a picture.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "sensors/camera/camera_internal.h"

bt_isp bt_camera_isp(const bt_camera *camera, const bt_camera_state *state)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bt_isp isp = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        // other mosaics than Bayer's come out grey
        .band_count = bt_sheet_is_bayer(sheet) ? 3 : 1,
        .black_level_dn = camera->black_level_dn,
        // where the well fills before the counts do, that is white
        .top_dn = fmin(camera->top_dn, camera->black_level_dn + camera->full_well_e *
                                                                    state->exposure.analog_gain /
                                                                    camera->conversion_e_dn),
        .digital_gain = state->exposure.digital_gain,
        .saturation = bt_sheet_get(sheet, BT_SHEET_SATURATION),
        .knee = bt_sheet_get(sheet, BT_SHEET_KNEE),
        .contrast = bt_sheet_get(sheet, BT_SHEET_CONTRAST),
    };
    for (uint32_t i = 0; i < 4; i++)
        isp.mosaic[i] = (uint8_t)bt_sheet_band(sheet, i & 1, i >> 1);
    memcpy(isp.white_balance, camera->white_balance, sizeof isp.white_balance);
    memcpy(isp.matrix, camera->matrix, sizeof isp.matrix);
    return isp;
}

bt_status bt_camera_develop(const bt_camera *camera, const bt_camera_state *state,
                            const uint16_t *raw, bt_jobs *jobs, uint8_t *rgb)
{
    bt_isp isp = bt_camera_isp(camera, state);
    return bt_isp_develop(&isp, raw, jobs, rgb);
}
