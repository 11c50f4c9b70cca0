// camera_reads.c: the reads of a camera in one state, and how they are fused.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "sensors/camera/camera_internal.h"

// pixel.* or small.* of the read's photodiode.
static double of_diode(const bt_camera_sheet *sheet, bool small, bt_sheet_key large_key,
                       bt_sheet_key small_key)
{
    return bt_sheet_get(sheet, small ? small_key : large_key);
}

// A read's own number, or what the sheet says for all.
static double own_or(const bt_camera_sheet *sheet, uint32_t read, bt_read_key key, double fallback)
{
    if (read >= sheet->read_count) return fallback;
    double own = bt_read_get(&sheet->reads[read], key);
    return own < 0.0 ? fallback : own;
}

// Electrons per count of a picture's pixel at analog gain 1.
static double conversion_e_dn(const bt_camera *camera, uint32_t read, bool small)
{
    double own = own_or(&camera->sheet, read, BT_READ_CONVERSION_E_DN, 0.0) * camera->binned;
    if (own > 0.0) return own;
    if (!small) return camera->conversion_e_dn;
    return bt_sheet_get(&camera->sheet, BT_SHEET_SMALL_FULL_WELL_E) * camera->binned /
           (camera->top_dn - camera->black_level_dn);
}

static void set_charge(const bt_camera *camera, const bt_camera_state *state, bool small,
                       bt_readout *r)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    const bt_pattern *pattern = small ? &camera->small_pattern : &camera->pattern;
    double dark = bt_dark_current(
        of_diode(sheet, small, BT_SHEET_DARK_CURRENT_E_S, BT_SHEET_SMALL_DARK_CURRENT_E_S),
        bt_sheet_get(sheet, BT_SHEET_DARK_TEMPERATURE_KELVIN),
        bt_sheet_get(sheet, BT_SHEET_DARK_DOUBLING_KELVIN), state->temperature_kelvin);
    r->dark_current_e_s = dark * camera->binned;
    r->full_well_e =
        of_diode(sheet, small, BT_SHEET_FULL_WELL_E, BT_SHEET_SMALL_FULL_WELL_E) * camera->binned;
    r->soft_well = bt_sheet_get(sheet, BT_SHEET_SOFT_WELL);
    r->eclipse_e_s = bt_sheet_get(sheet, BT_SHEET_ECLIPSE_E_S) * camera->binned;
    r->gain = pattern->gain;
    r->offset_e = pattern->offset_e;
    r->dark = pattern->dark;
    r->rts_e = pattern->rts_e;
    if (!small) return;
    r->corner = bt_sheet_get(sheet, BT_SHEET_SMALL_CORNER);
    for (uint32_t band = 0; band < sheet->band_count; band++)
        r->band_gain[band] =
            bt_sheet_get(sheet, (bt_sheet_key)(BT_SHEET_SMALL_RED + sheet->filters[band]));
}

// The clamp averages covered pixels: it takes their dark current off, and errs by their noise. Of n
// binned pixels all have the frame's error, and n^1/2 rows their own.
static void set_black(const bt_camera *camera, bt_readout *r, double read_noise_e, double dsnu_e)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double pixels = bt_sheet_get(sheet, BT_SHEET_BLACK_PIXELS);
    if (pixels < 1.0) return;
    double dark_e = r->dark_current_e_s / camera->binned * r->exposure_s *
                    bt_sheet_get(sheet, BT_SHEET_BLACK_DARK);
    double error_e = sqrt((read_noise_e * read_noise_e + dsnu_e * dsnu_e + dark_e) / pixels);
    r->black_e = dark_e * camera->binned;
    if (bt_sheet_get(sheet, BT_SHEET_BLACK_ROWS) > 0.5)
        r->black_row_e = error_e * pow(camera->binned, 0.75);
    else
        r->black_e += error_e * camera->binned * bt_readout_frame_normal(r);
}

static void set_sense(const bt_camera *camera, bt_readout *r, bool small)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double root = sqrt(camera->binned);
    double dsnu_e = of_diode(sheet, small, BT_SHEET_DSNU_E, BT_SHEET_SMALL_DSNU_E);
    double own_dsnu_e = own_or(sheet, r->read, BT_READ_DSNU_E, dsnu_e);
    double read_noise_e =
        own_or(sheet, r->read, BT_READ_READ_NOISE_E, bt_sheet_get(sheet, BT_SHEET_READ_NOISE_E));
    // what is 0 for all of the photodiode is no number to scale
    r->offset_scale = dsnu_e > 0.0 ? fmax(own_dsnu_e / dsnu_e, 1e-9) : 1.0;
    r->read_noise_e = read_noise_e * root;
    // summed along n^1/2 pixels that share it, over n^1/2 rows that do not
    r->row_noise_e =
        own_or(sheet, r->read, BT_READ_ROW_NOISE_E, bt_sheet_get(sheet, BT_SHEET_ROW_NOISE_E)) *
        root * sqrt(root);
    r->rts_rate_hz = bt_sheet_get(sheet, BT_SHEET_RTS_RATE_HZ);
    r->rts_duty = bt_sheet_get(sheet, BT_SHEET_RTS_DUTY);
    r->range_e = own_or(sheet, r->read, BT_READ_RANGE_E, 0.0) * camera->binned;
    set_black(camera, r, read_noise_e, own_dsnu_e);
}

bt_readout bt_camera_readout(const bt_camera *camera, const bt_camera_state *state,
                             const bt_read_plan *plan, uint32_t read, uint64_t frame)
{
    const bt_read_plane *plane = &plan->planes[plan->plane_of[read]];
    bt_readout r = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        .seed = camera->seed,
        .frame = frame,
        .time_s = state->time_s,
        .plane = plan->plane_of[read],
        .read = read,
        .exposure_s = plane->exposure_s,
        .counts_per_e = state->exposure.analog_gain / conversion_e_dn(camera, read, plane->small),
        .digital_gain = bt_sheet_get(&camera->sheet, BT_SHEET_DIGITAL_GAIN),
        .black_level_dn = camera->black_level_dn,
        .top_dn = camera->top_dn,
        .adc = camera->adc.inl_dn ? &camera->adc : NULL,
    };
    memcpy(r.mosaic, camera->sheet.mosaic, sizeof r.mosaic);
    set_charge(camera, state, plane->small, &r);
    set_sense(camera, &r, plane->small);
    return r;
}

bool bt_camera_is_fused(const bt_camera *camera)
{
    return camera->sheet.read_count > 1 || camera->sheet.companding.count > 0;
}

// Counts per electron that falls on the large photodiode in a second: how sensitive a read is.
static double sensitivity(const bt_camera *camera, const bt_read_plan *plan, const bt_readout *r)
{
    double size = plan->planes[r->plane].small
                      ? bt_sheet_get(&camera->sheet, BT_SHEET_SMALL_SENSITIVITY)
                      : 1.0;
    return r->counts_per_e * r->digital_gain * r->exposure_s * size;
}

void bt_camera_fuse(const bt_camera *camera, const bt_camera_state *state, const bt_read_plan *plan,
                    bt_fuse *fuse)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    bool fused = sheet->read_count > 1;
    *fuse = (bt_fuse){
        .read_count = plan->read_count,
        .black_dn = camera->black_level_dn,
        .fused_black_dn =
            fused ? bt_sheet_get(sheet, BT_SHEET_HDR_BLACK_DN) : camera->black_level_dn,
        .fused_top_dn = fused ? exp2(bt_sheet_get(sheet, BT_SHEET_HDR_BITS)) - 1.0 : camera->top_dn,
        .flicker_sigmas = bt_sheet_get(sheet, BT_SHEET_FLICKER_SIGMAS),
        .knees = &sheet->companding,
        .code_top_dn = exp2(bt_sheet_get(sheet, BT_SHEET_OUTPUT_BITS)) - 1.0,
    };
    double first = 0.0;
    for (uint32_t k = 0; k < plan->read_count; k++) {
        bt_readout r = bt_camera_readout(camera, state, plan, k, 0);
        double gain = r.counts_per_e * r.digital_gain;
        double range_dn = bt_readout_saturation_e(&r) * gain;
        double own = sensitivity(camera, plan, &r);
        if (k == 0) first = own;
        fuse->reads[k] = (bt_fuse_read){
            .scale = first / own,
            .range_dn = range_dn,
            .low_dn = range_dn * bt_sheet_get(sheet, BT_SHEET_BLEND_LOW),
            .high_dn = range_dn * bt_sheet_get(sheet, BT_SHEET_BLEND_HIGH),
            .exposure_s = r.exposure_s,
            .gain_dn_e = gain,
            .noise_dn2 = r.read_noise_e * r.read_noise_e * gain * gain + 1.0 / 12.0,
        };
    }
    bt_fuse_sort(fuse);
}

double bt_camera_open_s(const bt_camera *camera, double exposure_s)
{
    bt_read_plan plan;
    bt_read_plan_make(&camera->sheet, exposure_s, &plan);
    return plan.open_s;
}

uint32_t bt_camera_read_count(const bt_camera *camera)
{
    return camera->sheet.read_count ? camera->sheet.read_count : 1;
}

const char *bt_camera_read_name(const bt_camera *camera, uint32_t read)
{
    return read < camera->sheet.read_count ? camera->sheet.reads[read].name : "raw";
}

uint32_t bt_camera_raw_bits(const bt_camera *camera)
{
    bool fused = bt_camera_is_fused(camera);
    return (uint32_t)bt_sheet_get(&camera->sheet,
                                  fused ? BT_SHEET_OUTPUT_BITS : BT_SHEET_BIT_DEPTH);
}

double bt_camera_linear(const bt_camera *camera, double code_dn)
{
    return bt_expand(&camera->sheet.companding, code_dn);
}
