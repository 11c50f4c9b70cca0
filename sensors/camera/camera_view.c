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
    state->time_s = 0.0;
    state->temperature_kelvin = bt_sheet_get(sheet, BT_SHEET_TEMPERATURE_KELVIN);
}

double bt_camera_saturation_e(const bt_camera *camera, double analog_gain)
{
    bt_camera_state state;
    bt_read_plan plan;
    bt_camera_state_init(camera, &state);
    state.exposure.analog_gain = analog_gain;
    bt_read_plan_make(&camera->sheet, state.exposure.exposure_s, &plan);
    bt_readout readout = bt_camera_readout(camera, &state, &plan, 0, 0);
    return bt_readout_saturation_e(&readout);
}

double bt_camera_aperture_px(const bt_camera *camera)
{
    bool binned_colour = camera->sheet.band_count > 1 && camera->scale < 1.0;
    return binned_colour ? sqrt(4.0 - 3.0 * camera->scale * camera->scale) : 1.0;
}

// What the sensor can tell at best of a plane: its quietest read, and the one that takes most. Rounding to
// counts is uniform over one of them. Noise that a row shares is left out: eyes and networks see
// through it.
static void read_limits(const bt_readout *readout, double *noise_e2, double *full_e)
{
    double count_e = 1.0 / (readout->counts_per_e * readout->digital_gain);
    double own_e2 = readout->read_noise_e * readout->read_noise_e +
                    readout->dark_current_e_s * readout->exposure_s + count_e * count_e / 12.0;
    *noise_e2 = fmin(*noise_e2, own_e2);
    *full_e = fmax(*full_e, bt_readout_saturation_e(readout));
}

static void sensor_limits(const bt_camera *camera, const bt_camera_state *state,
                          const bt_read_plan *plan, bt_view *view)
{
    for (uint32_t plane = 0; plane < plan->plane_count; plane++) {
        double noise_e2 = INFINITY, full_e = 0.0;
        for (uint32_t k = 0; k < plan->read_count; k++) {
            bt_readout readout = bt_camera_readout(camera, state, plan, k, 0);
            if (plan->plane_of[k] == plane) read_limits(&readout, &noise_e2, &full_e);
        }
        for (uint32_t band = 0; band < view->band_count; band++) {
            view->noise_e2[plane][band] = (float)noise_e2;
            view->full_e[plane][band] = (float)full_e;
        }
    }
    for (uint32_t i = 0; i < 16; i++)
        view->read_bands[i] = (uint8_t)(1u << bt_sheet_band(&camera->sheet, i & 3, i >> 2));
}

static void set_planes(const bt_camera *camera, const bt_read_plan *plan, bt_view *view)
{
    view->exposure_ns = plan->open_s * 1e9;
    if (plan->plane_count == 1 && !plan->planes[0].small) return;
    view->plane_count = plan->plane_count;
    for (uint32_t i = 0; i < plan->plane_count; i++) {
        const bt_read_plane *p = &plan->planes[i];
        view->planes[i] = (bt_view_plane){
            .offset_ns = fmax(0.0, p->start_s * 1e9),
            .exposure_ns = p->exposure_s * 1e9,
            .gain =
                p->small ? (float)bt_sheet_get(&camera->sheet, BT_SHEET_SMALL_SENSITIVITY) : 1.0f,
        };
    }
}

static void set_lateral_color(const bt_sheet_curve *curve, bt_view *view)
{
    for (uint32_t bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
        double nm = (double)BT_SPECTRUM_MIN_NM + (double)BT_SPECTRUM_STEP_NM * bin;
        view->lateral_color[bin] = (float)bt_sheet_curve_at(curve, nm, 0.0);
    }
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
    view->band_count = camera->sheet.band_count;
    for (uint32_t band = 0; band < view->band_count; band++)
        memcpy(view->response[band], camera->response.band[band], sizeof view->response[band]);
    memcpy(view->vignette, camera->vignette, sizeof view->vignette);
    bt_read_plan plan;
    bt_read_plan_make(&camera->sheet, state->exposure.exposure_s, &plan);
    set_planes(camera, &plan, view);
    sensor_limits(camera, state, &plan, view);
    view->theta_max_rad = camera->lens.theta_max_rad;
    view->pupil = camera->pupil;
    view->shield = camera->shield;
    set_lateral_color(&camera->sheet.lateral_color, view);
    memcpy(view->glass, camera->glass, sizeof view->glass);
    if (camera->kernel) {
        view->filter_sigma_px = (float)camera->kernel->filter_sigma_px;
        view->guard_px = camera->guard_px;
        return;
    }
    // the lens's blur, and what a pixel gathers from
    double aperture_px = bt_camera_aperture_px(camera);
    double blur_px = bt_sheet_get(&camera->sheet, BT_SHEET_BLUR_SIGMA_PX) * camera->scale;
    view->filter_sigma_px =
        (float)fmin(sqrt(blur_px * blur_px + aperture_px * aperture_px / 12.0), 2.0);
}
