// camera.c: a camera's calibration from its sheet; metering, reading and developing with it.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "sensors/camera/camera_internal.h"
#include "sensors/camera/optics/lens.h"
#include "sensors/camera/control/meter.h"
#include "sensors/camera/response.h"

#define PINHOLE_FIELD_DEG 80.0 // where the sheet says nothing: beyond, a plane is no model
#define FISHEYE_FIELD_DEG 170.0

// ---- calibration ------------------------------------------------------------------------------
static void set_size(bt_camera *camera, const bt_camera_desc *desc)
{
    double array_width = bt_sheet_get(desc->sheet, BT_SHEET_WIDTH_PX);
    double array_height = bt_sheet_get(desc->sheet, BT_SHEET_HEIGHT_PX);
    camera->width_px = desc->width_px ? desc->width_px : (uint32_t)array_width;
    camera->height_px = desc->height_px ? desc->height_px : (uint32_t)array_height;
    camera->scale =
        fmax((double)camera->width_px / array_width, (double)camera->height_px / array_height);
    camera->binned = 1.0 / (camera->scale * camera->scale);
}

// A coordinate of the array in the scaled, cropped picture; pixel centres are at integers.
static double scaled_centre(double centre_px, double array_px, double picture_px, double scale)
{
    double crop_px = 0.5 * (picture_px - array_px * scale); // not above 0
    return (centre_px + 0.5) * scale - 0.5 + crop_px;
}

static bt_status set_lens(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bt_lens *lens = &camera->lens;
    double width = bt_sheet_get(sheet, BT_SHEET_WIDTH_PX);
    double height = bt_sheet_get(sheet, BT_SHEET_HEIGHT_PX);
    double fx = bt_sheet_get(sheet, BT_SHEET_FX_PX);
    double fy = bt_sheet_get(sheet, BT_SHEET_FY_PX);
    double cx = bt_sheet_get(sheet, BT_SHEET_CX_PX);
    double cy = bt_sheet_get(sheet, BT_SHEET_CY_PX);
    if (fx <= 0.0)
        fx = bt_sheet_get(sheet, BT_SHEET_FOCAL_LENGTH_M) /
             bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    if (fy <= 0.0) fy = fx;
    if (cx < 0.0) cx = 0.5 * (width - 1.0);
    if (cy < 0.0) cy = 0.5 * (height - 1.0);

    lens->kind = sheet->lens_kind;
    lens->fx = (float)(fx * camera->scale);
    lens->fy = (float)(fy * camera->scale);
    lens->cx = (float)scaled_centre(cx, width, camera->width_px, camera->scale);
    lens->cy = (float)scaled_centre(cy, height, camera->height_px, camera->scale);
    memcpy(lens->k, sheet->lens_k, sizeof lens->k);

    double field_deg = bt_sheet_get(sheet, BT_SHEET_THETA_MAX_DEG);
    if (field_deg <= 0.0)
        field_deg = lens->kind == BT_LENS_FISHEYE ? FISHEYE_FIELD_DEG : PINHOLE_FIELD_DEG;
    double limit = bt_lens_limit(lens, field_deg * BT_RAD_PER_DEG);
    if (limit < 0.01)
        return bt_fail(BT_ERR_INPUT,
                       "%s: lens.coefficients bend the picture back %g degrees off the axis",
                       sheet->name, limit / BT_RAD_PER_DEG);
    lens->theta_max_rad = (float)limit;
    return BT_OK;
}

static void set_vignette(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bool cos4 = bt_sheet_get(sheet, BT_SHEET_COS4) > 0.5;
    double axis = fmax(bt_sheet_curve_at(&sheet->illumination, 0.0, 1.0), 1e-6);
    for (int i = 0; i < BT_VIEW_VIGNETTE_BINS; i++) {
        double theta = (double)camera->lens.theta_max_rad * i / (BT_VIEW_VIGNETTE_BINS - 1);
        double cosine = fmax(cos(theta), 0.0);
        double natural = cos4 ? cosine * cosine * cosine * cosine : 1.0;
        double table = bt_sheet_curve_at(&sheet->illumination, theta / BT_RAD_PER_DEG, 1.0);
        camera->vignette[i] = (float)(natural * table / axis);
    }
}

static void set_counts(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    camera->top_dn = exp2(bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH)) - 1.0;
    camera->black_level_dn = bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN);
    camera->full_well_e = bt_sheet_get(sheet, BT_SHEET_FULL_WELL_E) * camera->binned;
    double conversion = bt_sheet_get(sheet, BT_SHEET_CONVERSION_E_DN) * camera->binned;
    if (conversion <= 0.0)
        conversion = camera->full_well_e / (camera->top_dn - camera->black_level_dn);
    camera->conversion_e_dn = conversion;
    camera->row_time_s = bt_sheet_get(sheet, BT_SHEET_ROW_TIME_S) / camera->scale;
}

static void set_color(bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double pitch_m = bt_sheet_get(sheet, BT_SHEET_PIXEL_PITCH_M);
    bt_response_compute(sheet, pitch_m * pitch_m * camera->binned, &camera->response);
    for (int i = 0; i < 3; i++)
        camera->white_balance[i] = 1.0;
    for (int i = 0; i < 9; i++)
        camera->matrix[i] = i % 4 == 0 ? 1.0 : 0.0;
    if (sheet->band_count != 3) return;

    float white[BT_SPECTRUM_BINS];
    bt_daylight(bt_sheet_get(sheet, BT_SHEET_WHITE_KELVIN), white);
    // the matrix is fitted under the illuminant that these gains make grey; other gains then turn
    // another illuminant grey, with the same matrix
    bt_white_balance(&camera->response, white, camera->white_balance);
    bt_color_fit(&camera->response, white, camera->white_balance, camera->matrix);
    if (sheet->has_white_balance)
        memcpy(camera->white_balance, sheet->white_balance, sizeof camera->white_balance);
    // the ISP clips at 1 after these gains, so none may be below 1
    double least =
        fmin(camera->white_balance[0], fmin(camera->white_balance[1], camera->white_balance[2]));
    for (int i = 0; i < 3; i++)
        camera->white_balance[i] /= least;
    if (sheet->has_color_matrix) memcpy(camera->matrix, sheet->color_matrix, sizeof camera->matrix);
}

static bt_status set_pattern(bt_camera *camera, bt_jobs *jobs)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double root = sqrt(camera->binned);
    bt_pattern_desc desc = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        .seed = camera->seed,
        .prnu = bt_sheet_get(sheet, BT_SHEET_PRNU) / root,
        .dsnu_e = bt_sheet_get(sheet, BT_SHEET_DSNU_E) * root,
        // a sum of n log-normal pixels spreads by sqrt(n) less and is hot as often as any of them
        .dark_spread = bt_sheet_get(sheet, BT_SHEET_DARK_SPREAD) / root,
        .hot_fraction = fmin(1.0, bt_sheet_get(sheet, BT_SHEET_HOT_FRACTION) * camera->binned),
        .hot_factor =
            1.0 + (bt_sheet_get(sheet, BT_SHEET_HOT_FACTOR) - 1.0) / fmax(1.0, camera->binned),
    };
    return bt_pattern_init(&desc, jobs, &camera->pattern);
}

static uint64_t specimen_seed(uint64_t seed, uint32_t number)
{
    bt_random4 block = bt_random_block(seed, BT_STREAM_SENSOR_FIXED, number, UINT32_MAX);
    return (uint64_t)block.v[0] << 32 | block.v[1];
}

bt_status bt_camera_create(const bt_camera_desc *desc, bt_jobs *jobs, bt_camera **out)
{
    *out = NULL;
    bt_status status = bt_sheet_check(desc->sheet);
    if (status != BT_OK) return status;
    if (desc->width_px > 16384 || desc->height_px > 16384 ||
        (desc->width_px && desc->width_px < 8) || (desc->height_px && desc->height_px < 8))
        return bt_fail(BT_ERR_INPUT, "camera size %u x %u: expected 8 to 16384 pixels",
                       desc->width_px, desc->height_px);
    bt_camera *camera = bt_alloc(1, sizeof *camera);
    if (!camera) return bt_fail(BT_ERR_MEMORY, "no memory for camera '%s'", desc->sheet->name);
    camera->sheet = *desc->sheet;
    camera->seed = specimen_seed(desc->seed, desc->number);
    set_size(camera, desc);
    set_counts(camera);
    set_color(camera);
    status = set_lens(camera);
    if (status == BT_OK) {
        set_vignette(camera);
        status = set_pattern(camera, jobs);
    }
    if (status != BT_OK) {
        bt_camera_destroy(camera);
        return status;
    }
    *out = camera;
    return BT_OK;
}

void bt_camera_destroy(bt_camera *camera)
{
    if (!camera) return;
    bt_pattern_clear(&camera->pattern);
    bt_free(camera);
}

uint32_t bt_camera_width(const bt_camera *camera)
{
    return camera->width_px;
}

uint32_t bt_camera_height(const bt_camera *camera)
{
    return camera->height_px;
}

const bt_camera_sheet *bt_camera_sheet_of(const bt_camera *camera)
{
    return &camera->sheet;
}

// ---- exposure and view ------------------------------------------------------------------------
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
    *exposure = (bt_camera_exposure){metered.exposure_s, metered.analog_gain, metered.digital_gain};
    return BT_OK;
}

// Variance of the place a pixel's electrons come from, pixels^2: 1/12 for one square pixel. Binned
// k = 1/scale times each way, a colour pixel sums k x k array pixels of its own colour, which lie two
// apart: (4 (k^2 - 1) + 1) / 12 array pixels^2, that is (4 - 3 scale^2) / 12.
static double aperture_px2(const bt_camera *camera)
{
    bool binned_colour = camera->sheet.band_count == 3 && camera->scale < 1.0;
    return binned_colour ? (4.0 - 3.0 * camera->scale * camera->scale) / 12.0 : 1.0 / 12.0;
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
    for (int i = 0; i < 4; i++)
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
    // the lens's blur, and what a pixel gathers from
    double blur_px = bt_sheet_get(&camera->sheet, BT_SHEET_BLUR_SIGMA_PX) * camera->scale;
    view->filter_sigma_px = (float)fmin(sqrt(blur_px * blur_px + aperture_px2(camera)), 2.0);
    sensor_limits(camera, state, view);
}

// ---- reading and developing -------------------------------------------------------------------
bt_readout bt_camera_readout(const bt_camera *camera, const bt_camera_state *state, uint64_t frame)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double root = sqrt(camera->binned);
    double dark = bt_dark_current(bt_sheet_get(sheet, BT_SHEET_DARK_CURRENT_E_S),
                                  bt_sheet_get(sheet, BT_SHEET_DARK_TEMPERATURE_KELVIN),
                                  bt_sheet_get(sheet, BT_SHEET_DARK_DOUBLING_KELVIN),
                                  state->temperature_kelvin);
    bt_readout readout = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        .seed = camera->seed,
        .frame = frame,
        .exposure_s = state->exposure.exposure_s,
        .dark_current_e_s = dark * camera->binned,
        .full_well_e = camera->full_well_e,
        .read_noise_e = bt_sheet_get(sheet, BT_SHEET_READ_NOISE_E) * root,
        // summed along n^1/2 pixels that share it, over n^1/2 rows that do not
        .row_noise_e = bt_sheet_get(sheet, BT_SHEET_ROW_NOISE_E) * root * sqrt(root),
        .counts_per_e = state->exposure.analog_gain / camera->conversion_e_dn,
        .black_level_dn = camera->black_level_dn,
        .top_dn = camera->top_dn,
        .gain = camera->pattern.gain,
        .offset_e = camera->pattern.offset_e,
        .dark = camera->pattern.dark,
    };
    memcpy(readout.mosaic, sheet->mosaic, sizeof readout.mosaic);
    return readout;
}

typedef struct read_job {
    const bt_readout *readout;
    const bt_film *film;
    float *scratch; // (threads x width)
    uint16_t *raw;
} read_job;

static bt_status check_row(const float *e, uint32_t row, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++)
        if (!isfinite(e[x]))
            return bt_fail(BT_ERR_INTERNAL, "film: pixel (%u, %u) is not a number", x, row);
    return BT_OK;
}

static bt_status read_row(void *context, uint32_t row, uint32_t worker)
{
    const read_job *job = context;
    const bt_readout *readout = job->readout;
    float *e = job->scratch + (size_t)worker * readout->width_px;
    bt_readout_expose(readout, job->film, row, e);
    bt_status status = check_row(e, row, readout->width_px);
    if (status != BT_OK) return status;
    bt_readout_collect(readout, row, e);
    bt_readout_shoot(readout, row, e);
    bt_readout_fill(readout, e);
    bt_readout_sense(readout, row, e);
    bt_readout_convert(readout, e, job->raw + (size_t)row * readout->width_px);
    return BT_OK;
}

bt_status bt_camera_read(const bt_camera *camera, const bt_camera_state *state, const bt_film *film,
                         uint64_t frame, bt_jobs *jobs, uint16_t *raw)
{
    if (film->width_px != camera->width_px || film->height_px != camera->height_px ||
        film->band_count != camera->sheet.band_count)
        return bt_fail(BT_ERR_INPUT, "reading '%s': film is %u x %u x %u, camera %u x %u x %u",
                       camera->sheet.name, film->width_px, film->height_px, film->band_count,
                       camera->width_px, camera->height_px, camera->sheet.band_count);
    bt_readout readout = bt_camera_readout(camera, state, frame);
    uint32_t threads = jobs ? bt_jobs_threads(jobs) : 1;
    read_job job = {&readout, film, NULL, raw};
    job.scratch = bt_alloc((size_t)threads * camera->width_px, sizeof *job.scratch);
    if (!job.scratch) return bt_fail(BT_ERR_MEMORY, "no memory to read '%s'", camera->sheet.name);
    bt_status status = bt_jobs_run(jobs, camera->height_px, read_row, &job);
    bt_free(job.scratch);
    return status;
}

bt_isp bt_camera_isp(const bt_camera *camera, const bt_camera_state *state)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bt_isp isp = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        .band_count = sheet->band_count,
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
    memcpy(isp.mosaic, sheet->mosaic, sizeof isp.mosaic);
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
