// camera_develop.c: from counts to a picture.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "sensors/camera/camera_internal.h"

bt_isp bt_camera_isp(const bt_camera *camera, const bt_camera_state *state)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bt_plan plan;
    bt_plan_make(sheet, state->exposure.exposure_s, &plan);
    bt_readout readout = bt_camera_readout(camera, state, &plan, 0, 0);
    double gain_dn_e = readout.counts_per_e * readout.digital_gain;
    bt_isp isp = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        .band_count = camera->isp_kind == BT_ISP_GREY ? 1 : 3,
        .kind = camera->isp_kind,
        .tile_px = sheet->tile_px,
        .black_level_dn = camera->black_level_dn,
        // where the well fills before the counts do, that is white
        .top_dn = fmin(camera->top_dn,
                       camera->black_level_dn + bt_readout_saturation_e(&readout) * gain_dn_e),
        .digital_gain = state->exposure.digital_gain,
        .saturation = bt_sheet_get(sheet, BT_SHEET_SATURATION),
        .knee = bt_sheet_get(sheet, BT_SHEET_KNEE),
        .contrast = bt_sheet_get(sheet, BT_SHEET_CONTRAST),
        .defects = bt_sheet_get(sheet, BT_SHEET_DEFECTS),
        .shading = bt_sheet_get(sheet, BT_SHEET_SHADING),
        .denoise = bt_sheet_get(sheet, BT_SHEET_NOISE_REDUCTION),
        .sharpen = bt_sheet_get(sheet, BT_SHEET_SHARPENING),
        .local = bt_sheet_get(sheet, BT_SHEET_LOCAL_TONE),
        .gain_dn_e = gain_dn_e,
    };
    double dark_e = readout.dark_current_e_s * readout.exposure_s;
    double read_e2 = readout.read_noise_e * readout.read_noise_e +
                     readout.row_noise_e * readout.row_noise_e + dark_e;
    isp.noise_dn = sqrt(read_e2 * isp.gain_dn_e * isp.gain_dn_e + 1.0 / 12.0); // and rounding
    isp.dark = camera->pattern.dark;
    isp.dark_e = fmax(dark_e, 1e-12);
    memcpy(isp.illumination, camera->mesh, sizeof isp.illumination);
    for (uint32_t i = 0; i < 4; i++)
        isp.mosaic[i] = (uint8_t)bt_sheet_band(sheet, i & 1, i >> 1);
    memcpy(isp.tile, sheet->mosaic, sizeof isp.tile);
    const double *balance = state->exposure.white_balance;
    memcpy(isp.white_balance, balance[0] > 0.0 ? balance : camera->white_balance,
           sizeof isp.white_balance);
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
