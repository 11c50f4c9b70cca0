// camera_json.c: what is in effect in a camera, for clip.json.
#include <jansson.h>
#include <math.h>

#include "engine/core/memory.h"
#include "sensors/camera/camera_internal.h"

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
    bool fisheye = lens->kind == BT_LENS_FISHEYE;
    json_t *object = json_object();
    put(object, "model", json_string(fisheye ? "kannala_brandt" : "brown_conrady"), failed);
    put_real(object, "fx_px", (double)lens->fx, failed);
    put_real(object, "fy_px", (double)lens->fy, failed);
    put_real(object, "cx_px", (double)lens->cx, failed);
    put_real(object, "cy_px", (double)lens->cy, failed);
    double k[8];
    for (int i = 0; i < 8; i++)
        k[i] = (double)lens->k[i];
    put(object, "coefficients", numbers(k, fisheye ? 4 : 8, failed), failed);
    put(object, "coefficient_order",
        json_string(fisheye ? "k1 k2 k3 k4" : "k1 k2 p1 p2 k3 k4 k5 k6"), failed);
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

static json_t *read_json(const bt_camera *camera, const bt_camera_state *state, const bt_plan *plan,
                         uint32_t k, int *failed)
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

static void put_reads(const bt_camera *camera, const bt_camera_state *state, const bt_plan *plan,
                      json_t *counts, int *failed)
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
    bt_plan plan;
    bt_plan_make(&camera->sheet, state->exposure.exposure_s, &plan);
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
    put(object, "demosaic", json_string("Malvar, He, Cutler 2004"), failed);
    put(object, "false_colour", json_string("3 x 3 median of colour differences"), failed);
    put(object, "white_balance", numbers(isp.white_balance, 3, failed), failed);
    put(object, "srgb_linear_from_camera", numbers(isp.matrix, 9, failed), failed);
    put_real(object, "saturation_dn", isp.top_dn, failed);
    put_real(object, "digital_gain", isp.digital_gain, failed);
    put_real(object, "saturation", isp.saturation, failed);
    put_real(object, "knee", isp.knee, failed);
    put_real(object, "contrast", isp.contrast, failed);
    put(object, "encoding", json_string("sRGB, IEC 61966-2-1, 8 bits"), failed);
    return object;
}

static json_t *left_out_json(int *failed)
{
    static const char *const missing[] = {
        "windshield",
        "pupil point spread",
        "lens flare and ghosts",
        "lateral colour",
        "light beyond 780 nm",
        "lag",
        "pixel crosstalk",
        "settling of column amplifiers",
    };
    json_t *array = json_array();
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++)
        if (json_array_append_new(array, json_string(missing[i])) != 0) *failed = 1;
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
    put(root, "shutter", shutter_json(camera, state, &failed), &failed);
    put(root, "counts", counts_json(camera, state, &failed), &failed);
    put(root, "isp", isp_json(camera, state, &failed), &failed);
    put(root, "not_modelled", left_out_json(&failed), &failed);

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
