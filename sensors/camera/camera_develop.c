// camera_develop.c: from counts to a picture.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "sensors/camera/camera_internal.h"

void bt_camera_balance(const bt_camera *camera, const bt_camera_exposure *exposure, double gains[3])
{
    bool set = exposure->white_balance[0] > 0.0;
    memcpy(gains, set ? exposure->white_balance : camera->white_balance, 3 * sizeof *gains);
}

// Levels of fused counts: one is still what the first read can hold, and there is more above.
static void set_fused(const bt_camera *camera, bt_isp *isp)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double top_code = exp2(bt_sheet_get(sheet, BT_SHEET_OUTPUT_BITS)) - 1.0;
    if (sheet->read_count > 1) {
        double black = bt_sheet_get(sheet, BT_SHEET_HDR_BLACK_DN);
        isp->top_dn += black - isp->black_level_dn;
        isp->black_level_dn = black;
    }
    isp->knees = &sheet->companding;
    isp->white =
        (bt_isp_expand(isp, top_code) - isp->black_level_dn) / (isp->top_dn - isp->black_level_dn);
}

bt_isp bt_camera_isp(const bt_camera *camera, const bt_camera_state *state)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bt_read_plan plan;
    bt_read_plan_make(sheet, state->exposure.exposure_s, &plan);
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
    bt_camera_balance(camera, &state->exposure, isp.white_balance);
    memcpy(isp.matrix, camera->matrix, sizeof isp.matrix);
    if (bt_camera_is_fused(camera)) set_fused(camera, &isp);
    return isp;
}

bt_status bt_camera_develop(const bt_camera *camera, const bt_camera_state *state,
                            const uint16_t *raw, bt_jobs *jobs, uint8_t *rgb)
{
    bt_isp isp = bt_camera_isp(camera, state);
    return bt_isp_develop(&isp, raw, jobs, rgb);
}
