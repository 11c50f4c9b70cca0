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

bt_isp bt_camera_isp(const bt_camera *camera, const bt_camera_state *state)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bt_isp isp = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        .band_count = camera->isp_kind == BT_ISP_GREY ? 1 : 3,
        .kind = camera->isp_kind,
        .tile_px = sheet->tile_px,
        .black_level_dn = camera->black_level_dn,
        // where the well fills before the counts do, that is white
        .top_dn = fmin(camera->top_dn, camera->black_level_dn + camera->full_well_e *
                                                                    state->exposure.analog_gain /
                                                                    camera->conversion_e_dn),
        .digital_gain = state->exposure.digital_gain,
        .saturation = bt_sheet_get(sheet, BT_SHEET_SATURATION),
        .knee = bt_sheet_get(sheet, BT_SHEET_KNEE),
        .contrast = bt_sheet_get(sheet, BT_SHEET_CONTRAST),
        .defects = bt_sheet_get(sheet, BT_SHEET_DEFECTS),
        .shading = bt_sheet_get(sheet, BT_SHEET_SHADING),
        .denoise = bt_sheet_get(sheet, BT_SHEET_NOISE_REDUCTION),
        .sharpen = bt_sheet_get(sheet, BT_SHEET_SHARPENING),
        .local = bt_sheet_get(sheet, BT_SHEET_LOCAL_TONE),
        .gain_dn_e = state->exposure.analog_gain / camera->conversion_e_dn,
    };
    bt_readout readout = bt_camera_readout(camera, state, 0);
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
    return isp;
}

bt_status bt_camera_develop(const bt_camera *camera, const bt_camera_state *state,
                            const uint16_t *raw, bt_jobs *jobs, uint8_t *rgb)
{
    bt_isp isp = bt_camera_isp(camera, state);
    return bt_isp_develop(&isp, raw, jobs, rgb);
}
