// camera_json.c: what is in effect in a camera, for clip.json.
#include <jansson.h>
#include <math.h>

#include "engine/core/memory.h"
#include "sensors/camera/camera_internal.h"
#include "sensors/camera/windshield_json.h"

static void put(json_t *object, const char *key, json_t *value, int *failed)
{
    if (json_object_set_new(object, key, value) != 0) *failed = 1;
}

static void put_real(json_t *object, const char *key, double value, int *failed)
{
    put(object, key, json_real(value), failed);
}

static json_t *numbers(const double *values, int count, int *failed)
{
    json_t *array = json_array();
    for (int i = 0; i < count; i++)
        if (json_array_append_new(array, json_real(values[i])) != 0) *failed = 1;
    return array;
}

static json_t *intrinsics_json(const bt_camera *camera, int *failed)
{
    const bt_lens *lens = &camera->lens;
    const bt_lens_model *model = bt_lens_model_get(lens->kind);
    json_t *object = json_object();
    put(object, "model", json_string(model->name), failed);
    put_real(object, "fx_px", (double)lens->fx, failed);
    put_real(object, "fy_px", (double)lens->fy, failed);
    put_real(object, "cx_px", (double)lens->cx, failed);
    put_real(object, "cy_px", (double)lens->cy, failed);
    double k[BT_LENS_MOST_COEFFICIENTS];
    bt_sheet_lens_numbers(&camera->sheet, k);
    // the array's pixels are 1 / scale of the picture's
    for (int i = 0; i < model->k_count; i++) {
        if (lens->kind == BT_LENS_FTHETA) k[i] *= camera->scale;
        if (lens->kind == BT_LENS_FTHETA_INVERSE) k[i] /= pow(camera->scale, i + 1);
    }
    put(object, "coefficients", numbers(k, model->k_count + model->s_count, failed), failed);
    put(object, "coefficient_order", json_string(model->order), failed);
    put_real(object, "theta_max_rad", (double)lens->theta_max_rad, failed);
    return object;
}

static json_t *shutter_json(const bt_camera *camera, const bt_camera_state *state, int *failed)
{
    json_t *object = json_object();
    put_real(object, "exposure_s", state->exposure.exposure_s, failed);
    put_real(object, "open_s", bt_camera_open_s(camera, state->exposure.exposure_s), failed);
    put_real(object, "row_time_s", camera->row_time_s, failed);
    put_real(object, "readout_s", fabs(camera->row_time_s) * camera->height_px, failed);
    const char *order = camera->row_time_s > 0.0   ? "rows, top first"
                        : camera->row_time_s < 0.0 ? "rows, bottom first"
                                                   : "all rows together";
    put(object, "order", json_string(order), failed);
    return object;
}

static json_t *read_json(const bt_camera *camera, const bt_camera_state *state,
                         const bt_read_plan *plan, uint32_t k, int *failed)
{
    bt_readout readout = bt_camera_readout(camera, state, plan, k, 0);
    json_t *object = json_object();
    put(object, "name", json_string(bt_camera_read_name(camera, k)), failed);
    put(object, "plane", json_integer(readout.plane), failed);
    put_real(object, "starts_after_s", plan->planes[readout.plane].start_s, failed);
    put_real(object, "exposure_s", readout.exposure_s, failed);
    put_real(object, "electrons_per_dn", 1.0 / readout.counts_per_e, failed);
    put_real(object, "full_well_e", readout.full_well_e, failed);
    put_real(object, "saturation_e", bt_readout_saturation_e(&readout), failed);
    put_real(object, "read_noise_e", readout.read_noise_e, failed);
    put_real(object, "row_noise_e", readout.row_noise_e, failed);
    put_real(object, "dark_current_e_s", readout.dark_current_e_s, failed);
    return object;
}

static void put_reads(const bt_camera *camera, const bt_camera_state *state,
                      const bt_read_plan *plan, json_t *counts, int *failed)
{
    json_t *reads = json_array();
    bt_fuse fuse;
    bt_camera_fuse(camera, state, plan, &fuse);
    for (uint32_t k = 0; k < plan->read_count; k++) {
        json_t *read = read_json(camera, state, plan, k, failed);
        put_real(read, "fused_dn_per_dn", fuse.reads[k].scale, failed);
        put_real(read, "hands_over_from_dn", fuse.reads[k].low_dn, failed);
        put_real(read, "hands_over_to_dn", fuse.reads[k].high_dn, failed);
        if (json_array_append_new(reads, read) != 0) *failed = 1;
    }
    put(counts, "reads", reads, failed);
    put_real(counts, "fused_black_dn", fuse.fused_black_dn, failed);
    put_real(counts, "fused_top_dn", fuse.fused_top_dn, failed);
}

static json_t *counts_json(const bt_camera *camera, const bt_camera_state *state, int *failed)
{
    bt_read_plan plan;
    bt_read_plan_make(&camera->sheet, state->exposure.exposure_s, &plan);
    bt_readout readout = bt_camera_readout(camera, state, &plan, 0, 0);
    json_t *object = json_object();
    put(object, "mosaic", json_string(camera->sheet.mosaic_name), failed);
    put(object, "raw_bits", json_integer(bt_camera_raw_bits(camera)), failed);
    put_real(object, "analog_gain", state->exposure.analog_gain, failed);
    put_real(object, "electrons_per_dn", 1.0 / readout.counts_per_e, failed);
    put_real(object, "black_level_dn", camera->black_level_dn, failed);
    put_real(object, "top_dn", camera->top_dn, failed);
    put_real(object, "full_well_e", readout.full_well_e, failed);
    put_real(object, "read_noise_e", readout.read_noise_e, failed);
    put_real(object, "row_noise_e", readout.row_noise_e, failed);
    put_real(object, "dark_current_e_s", readout.dark_current_e_s, failed);
    put_real(object, "temperature_kelvin", state->temperature_kelvin, failed);
    put_real(object, "array_pixels_per_pixel", camera->binned, failed);
    put(object, "noise_seed", json_sprintf("%016llx", (unsigned long long)camera->seed), failed);
    if (bt_camera_is_fused(camera)) put_reads(camera, state, &plan, object, failed);
    return object;
}

static json_t *isp_json(const bt_camera *camera, const bt_camera_state *state, int *failed)
{
    bt_isp isp = bt_camera_isp(camera, state);
    json_t *object = json_object();
    static const char *const demosaics[] = {
        [BT_ISP_GREY] = "none",
        [BT_ISP_QUINCUNX] = "Zhang and Wu 2005, directional LMMSE",
        [BT_ISP_SPARSE] = "luma along the direction of less change, red linear",
        [BT_ISP_TILE] = "mean of the nearest, weighed by distance"};
    put(object, "demosaic", json_string(demosaics[isp.kind]), failed);
    if (bt_isp_is_quincunx(&isp))
        put(object, "highlights", json_string("at the hue of the light nearby"), failed);
    put(object, "false_colour", json_string("3 x 3 median of colour differences"), failed);
    put(object, "white_balance", numbers(isp.white_balance, 3, failed), failed);
    put(object, "srgb_linear_from_camera", numbers(isp.matrix, 9, failed), failed);
    put_real(object, "saturation_dn", isp.top_dn, failed);
    put_real(object, "digital_gain", isp.digital_gain, failed);
    put_real(object, "saturation", isp.saturation, failed);
    put_real(object, "knee", isp.knee, failed);
    put_real(object, "contrast", isp.contrast, failed);
    put_real(object, "defects", isp.defects, failed);
    put_real(object, "shading", isp.shading, failed);
    put_real(object, "noise_reduction", isp.denoise, failed);
    put_real(object, "noise_model_dn", isp.noise_dn, failed);
    put_real(object, "noise_model_dn_per_e", isp.gain_dn_e, failed);
    put_real(object, "sharpening", isp.sharpen, failed);
    put_real(object, "local_tone", isp.local, failed);
    put(object, "encoding", json_string("sRGB, IEC 61966-2-1, 8 bits"), failed);
    return object;
}

// What the lens makes of light: optics/kernel.h.
static json_t *optics_json(const bt_camera *camera, int *failed)
{
    const bt_kernel *k = camera->kernel;
    json_t *object = json_object();
    put(object, "model",
        json_string(k ? "pupil function (Fraunhofer), non-negative kernels" : "Gaussian"), failed);
    if (!k) return object;
    put_real(object, "film_filter_sigma_px", k->filter_sigma_px, failed);
    put(object, "guard_px", json_integer(camera->guard_px), failed);
    put(object, "guard_rows", json_string("timed as the picture's first and last"), failed);
    put(object, "core_nodes", json_integer(k->core_grid.columns), failed);
    put(object, "halo_nodes", json_integer(k->halo_grid.columns), failed);
    put(object, "near_radius_px", json_integer(k->near_radius), failed);
    put(object, "far_block_px", json_integer(BT_KERNEL_BLOCK), failed);
    put(object, "illuminant", json_string("equal energy"), failed);
    put_real(object, "wavelength_step_nm", BT_CAMERA_WAVE_STEP_NM, failed);
    put(object, "passed", numbers(k->passed, (int)k->band_count, failed), failed);
    put(object, "halo_share", numbers(k->halo_share, (int)k->band_count, failed), failed);
    put(object, "ghosts", json_integer(bt_spread_ghosts(camera->spread)), failed);
    return object;
}

static void list(json_t *array, const char *name, int *failed)
{
    if (json_array_append_new(array, json_string(name)) != 0) *failed = 1;
}

static json_t *left_out_json(const bt_camera *camera, int *failed)
{
    static const char *const missing[] = {
        "polarisation",
        "lag",
        "pixel crosstalk",
        "settling of column amplifiers",
    };
    json_t *array = json_array();
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++)
        list(array, missing[i], failed);
    bool waves = camera->kernel != NULL;
    if (!camera->has_windshield) list(array, "windshield", failed);
    if (camera->has_windshield && !waves)
        list(array, "scratches, dust and ghost of the windshield", failed);
    if (!waves) list(array, "pupil point spread", failed);
    if (!waves) list(array, "veiling glare", failed);
    if (!waves || bt_spread_ghosts(camera->spread) == 0) list(array, "lens ghosts", failed);
    if (camera->sheet.lateral_color.count == 0) list(array, "lateral colour", failed);
    if (!waves || camera->sheet.axial_color.count == 0) list(array, "axial colour", failed);
    return array;
}

bt_status bt_camera_json(const bt_camera *camera, const bt_camera_state *state, char **text)
{
    *text = NULL;
    int failed = 0;
    json_t *root = json_object();
    put(root, "sheet", json_string(camera->sheet.name), &failed);
    put(root, "width_px", json_integer(camera->width_px), &failed);
    put(root, "height_px", json_integer(camera->height_px), &failed);
    put(root, "intrinsics", intrinsics_json(camera, &failed), &failed);
    put(root, "optics", optics_json(camera, &failed), &failed);
    put(root, "shutter", shutter_json(camera, state, &failed), &failed);
    put(root, "counts", counts_json(camera, state, &failed), &failed);
    put(root, "isp", isp_json(camera, state, &failed), &failed);
    if (camera->has_windshield)
        put(root, "windshield", windshield_json(&camera->windshield, &failed), &failed);
    put(root, "not_modelled", left_out_json(camera, &failed), &failed);

    size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(17);
    size_t size = failed ? 0 : json_dumpb(root, NULL, 0, flags);
    if (size > 0) {
        *text = bt_alloc(size + 1, 1);
        if (*text) json_dumpb(root, *text, size, flags);
    }
    json_decref(root);
    if (!*text)
        return bt_fail(BT_ERR_MEMORY, "no memory for the JSON of camera '%s'", camera->sheet.name);
    return BT_OK;
}
