// camera_view.c: the camera in one state, as the renderer sees it.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "sensors/camera/camera_internal.h"

void bt_camera_state_init(const bt_camera *camera, bt_camera_state *state)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    state->exposure = (bt_camera_exposure){
        .exposure_s = bt_sheet_get(sheet, BT_SHEET_EXPOSURE_S),
        .analog_gain = bt_sheet_get(sheet, BT_SHEET_ANALOG_GAIN),
        .digital_gain = bt_sheet_get(sheet, BT_SHEET_GAIN),
    };
    state->temperature_kelvin = bt_sheet_get(sheet, BT_SHEET_TEMPERATURE_KELVIN);
}

double bt_camera_saturation_e(const bt_camera *camera, double analog_gain)
{
    double counts_e =
        (camera->top_dn - camera->black_level_dn) * camera->conversion_e_dn / analog_gain;
    return fmin(camera->full_well_e, counts_e);
}

double bt_camera_aperture_px(const bt_camera *camera)
{
    bool binned_colour = camera->sheet.band_count > 1 && camera->scale < 1.0;
    return binned_colour ? sqrt(4.0 - 3.0 * camera->scale * camera->scale) : 1.0;
}

// What the sensor can tell at best. Rounding to counts is uniform over one of them. Noise that a row
// shares is left out: eyes and networks see through it.
static void sensor_limits(const bt_camera *camera, const bt_camera_state *state, bt_view *view)
{
    bt_readout readout = bt_camera_readout(camera, state, 0);
    double count_e = 1.0 / readout.counts_per_e;
    double noise_e2 = readout.read_noise_e * readout.read_noise_e +
                      readout.dark_current_e_s * readout.exposure_s + count_e * count_e / 12.0;
    for (uint32_t band = 0; band < view->band_count; band++) {
        view->noise_e2[band] = (float)noise_e2;
        view->full_e[band] = (float)bt_camera_saturation_e(camera, state->exposure.analog_gain);
    }
    for (int i = 0; i < 16; i++)
        view->read_bands[i] = (uint8_t)(1u << readout.mosaic[i]);
}

void bt_camera_view(const bt_camera *camera, const bt_camera_state *state, bt_pose vehicle_from_cam,
                    bt_view *view)
{
    memset(view, 0, sizeof *view);
    view->width_px = camera->width_px;
    view->height_px = camera->height_px;
    view->lens = camera->lens;
    view->vehicle_from_cam = vehicle_from_cam;
    view->row_time_ns = camera->row_time_s * 1e9;
    view->exposure_ns = state->exposure.exposure_s * 1e9;
    view->band_count = camera->sheet.band_count;
    for (uint32_t band = 0; band < view->band_count; band++)
        memcpy(view->response[band], camera->response.band[band], sizeof view->response[band]);
    memcpy(view->vignette, camera->vignette, sizeof view->vignette);
    view->theta_max_rad = camera->lens.theta_max_rad;
    view->pupil = camera->pupil;
    view->shield = camera->shield;
    memcpy(view->glass, camera->glass, sizeof view->glass);
    if (camera->kernel) {
        view->filter_sigma_px = (float)camera->kernel->filter_sigma_px;
        view->guard_px = camera->guard_px;
        sensor_limits(camera, state, view);
        return;
    }
    // the lens's blur, and what a pixel gathers from
    double aperture_px = bt_camera_aperture_px(camera);
    double blur_px = bt_sheet_get(&camera->sheet, BT_SHEET_BLUR_SIGMA_PX) * camera->scale;
    view->filter_sigma_px =
        (float)fmin(sqrt(blur_px * blur_px + aperture_px * aperture_px / 12.0), 2.0);
    sensor_limits(camera, state, view);
}
