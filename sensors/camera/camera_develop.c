// camera_develop.c: from counts to a picture.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
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

// Codes to counts of the first read; what it could not hold is white.
static void linearise(const bt_camera *camera, const uint16_t *raw, size_t pixels, uint16_t *linear)
{
    for (size_t i = 0; i < pixels; i++)
        linear[i] = (uint16_t)fmin(floor(bt_camera_linear(camera, raw[i]) + 0.5), 65535.0);
}

bt_status bt_camera_develop(const bt_camera *camera, const bt_camera_state *state,
                            const uint16_t *raw, bt_jobs *jobs, uint8_t *rgb)
{
    bt_isp isp = bt_camera_isp(camera, state);
    if (!bt_camera_is_fused(camera)) return bt_isp_develop(&isp, raw, jobs, rgb);
    if (camera->sheet.read_count > 1) {
        isp.top_dn += bt_sheet_get(&camera->sheet, BT_SHEET_HDR_BLACK_DN) - isp.black_level_dn;
        isp.black_level_dn = bt_sheet_get(&camera->sheet, BT_SHEET_HDR_BLACK_DN);
    }
    size_t pixels = (size_t)camera->width_px * camera->height_px;
    uint16_t *linear = bt_alloc(pixels, sizeof *linear);
    if (!linear) return bt_fail(BT_ERR_MEMORY, "no memory to develop '%s'", camera->sheet.name);
    linearise(camera, raw, pixels, linear);
    bt_status status = bt_isp_develop(&isp, linear, jobs, rgb);
    bt_free(linear);
    return status;
}
