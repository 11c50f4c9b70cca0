// loop.c: see loop.h.
#include "sensors/camera/control/loop.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/spectrum/spectrum.h"
#include "sensors/camera/camera_internal.h"

#define BLOCKS 96u         // across the picture at most: as metering the first frame
#define CLIPPED 0.98       // of the range of the fused signal
#define CLIPPED_COUNTS 2.0 // what is clipped is brighter by who knows how much
#define WHITE_SHARE 0.2    // of the way to the new white in a frame
#define WHITE_APART 0.35   // log2 of how far a grey may lie from a light's own
#define WHITE_BLOCKS 24    // fewer say nothing

// ---- lights ---------------------------------------------------------------------------------------
// Evenly in reciprocal temperature, as eyes and colours step (mired).
static double light_kelvin(int i)
{
    double from = 1.0 / 2500.0, to = 1.0 / 12000.0;
    return 1.0 / (from + (to - from) * i / (BT_LOOP_LIGHTS - 1));
}

static void fill_lights(const bt_camera *camera, bt_loop *loop)
{
    loop->has_lights = camera->isp_kind == BT_ISP_QUINCUNX;
    for (int i = 0; i < BT_LOOP_LIGHTS && loop->has_lights; i++) {
        float light[BT_SPECTRUM_BINS];
        double kelvin = light_kelvin(i), least;
        if (kelvin < 4000.0)
            bt_spectrum_blackbody(kelvin, light);
        else
            bt_daylight(kelvin, light);
        bt_white_balance(&camera->response, light, loop->lights[i]);
        least = fmin(loop->lights[i][0], fmin(loop->lights[i][1], loop->lights[i][2]));
        for (int c = 0; c < 3; c++)
            loop->lights[i][c] /= least;
    }
}

// How far a colour times gains is from grey: log2 of red and blue over luma.
static double apart(const double color[3], const double gains[3], double difference[2])
{
    double luma = color[1] * gains[1];
    difference[0] = log2(color[0] * gains[0] / luma);
    difference[1] = log2(color[2] * gains[2] / luma);
    return hypot(difference[0], difference[1]);
}

static int nearest_light(const bt_loop *loop, const double color[3], double *distance)
{
    int best = 0;
    double difference[2];
    *distance = INFINITY;
    for (int i = 0; i < BT_LOOP_LIGHTS; i++) {
        double d = apart(color, loop->lights[i], difference);
        if (d < *distance) *distance = d, best = i;
    }
    return best;
}

// ---- counts back to light -------------------------------------------------------------------------
typedef struct seen {
    bt_film film;    // (blocks x bands), electrons per second
    uint8_t *usable; // a block's colour: neither dark nor clipped
} seen;

static void block_sums(const bt_camera *camera, const bt_isp *isp, double range_dn,
                       const uint16_t *raw, uint32_t left, uint32_t top, uint32_t side,
                       double sum[4], uint32_t count[4], uint32_t *clipped)
{
    for (uint32_t y = top; y < top + side && y < camera->height_px; y++)
        for (uint32_t x = left; x < left + side && x < camera->width_px; x++) {
            uint16_t code = raw[(size_t)y * camera->width_px + x];
            double level = bt_isp_expand(isp, code) - isp->black_level_dn;
            bool full = level >= CLIPPED * range_dn;
            uint32_t band = bt_sheet_band(&camera->sheet, x, y);
            *clipped += full;
            sum[band] += level * (full ? CLIPPED_COUNTS : 1.0);
            count[band]++;
        }
}

static void fill_seen(const bt_camera *camera, const bt_camera_state *state, const uint16_t *raw,
                      uint32_t side, seen *s)
{
    bt_isp isp = bt_camera_isp(camera, state);
    double per_dn = 1.0 / (isp.gain_dn_e * state->exposure.exposure_s);
    double range_dn = isp.top_dn - isp.black_level_dn;
    if (bt_camera_is_fused(camera)) range_dn = bt_camera_top_dn(camera, state);
    uint32_t bands = s->film.band_count;
    for (uint32_t k = 0; k < s->film.width_px * s->film.height_px; k++) {
        double sum[4] = {0};
        uint32_t count[4] = {0}, clipped = 0;
        block_sums(camera, &isp, range_dn, raw, k % s->film.width_px * side,
                   k / s->film.width_px * side, side, sum, count, &clipped);
        bool usable = clipped == 0;
        for (uint32_t b = 0; b < bands; b++) {
            double mean = count[b] ? sum[b] / count[b] : 0.0;
            usable = usable && count[b] && mean > 4.0 * isp.noise_dn;
            s->film.rate_e_s[k * bands + b] = (float)fmax(mean * per_dn, 0.0);
        }
        s->usable[k] = usable;
    }
}

static bt_status look(const bt_camera *camera, const bt_camera_state *state, const uint16_t *raw,
                      seen *s)
{
    uint32_t side = (camera->width_px + BLOCKS - 1) / BLOCKS;
    side = side < 4 ? 4 : (side + 3) / 4 * 4; // whole tiles
    *s = (seen){.film = {.width_px = (camera->width_px + side - 1) / side,
                         .height_px = (camera->height_px + side - 1) / side,
                         .band_count = camera->sheet.band_count,
                         .plane_count = 1}};
    size_t blocks = (size_t)s->film.width_px * s->film.height_px;
    s->film.rate_e_s = bt_alloc(blocks * s->film.band_count, sizeof(float));
    s->usable = bt_alloc(blocks, 1);
    if (!s->film.rate_e_s || !s->usable)
        return bt_fail(BT_ERR_MEMORY, "no memory to meter '%s'", camera->sheet.name);
    fill_seen(camera, state, raw, side, s);
    return BT_OK;
}

// ---- white ----------------------------------------------------------------------------------------
// Gains of the light that the picture's greys were lit by; false: too few greys.
static bool find_white(const bt_loop *loop, const seen *s, double gains[3])
{
    double mean[3] = {0.0, 0.0, 0.0}, distance;
    uint32_t votes = 0, blocks = s->film.width_px * s->film.height_px;
    for (uint32_t k = 0; k < blocks; k++) {
        if (!s->usable[k]) continue;
        const float *rate = s->film.rate_e_s + 3 * (size_t)k;
        double color[3] = {(double)rate[0], (double)rate[1], (double)rate[2]};
        (void)nearest_light(loop, color, &distance);
        if (distance > WHITE_APART) continue;
        for (int c = 0; c < 3; c++)
            mean[c] += log2(color[c] / color[1]);
        votes++;
    }
    if (votes < WHITE_BLOCKS) return false;
    for (int c = 0; c < 3; c++)
        mean[c] = exp2(mean[c] / votes);
    memcpy(gains, loop->lights[nearest_light(loop, mean, &distance)], 3 * sizeof *gains);
    return true;
}

// ---- control --------------------------------------------------------------------------------------
void bt_loop_split(const bt_exposure_plan *plan, const bt_camera *camera, double total,
                   bt_camera_exposure *exposure)
{
    bt_meter m = bt_camera_meter_limits(camera, total);
    double time_s = fmax(m.exposure_min_s, fmin(total / m.analog_gain_min, m.exposure_max_s));
    if (plan->flicker_hz > 0.0 && time_s * plan->flicker_hz >= 1.0)
        time_s = floor(time_s * plan->flicker_hz * (1.0 + 1e-9)) / plan->flicker_hz;
    if (m.row_time_s > 0.0) {
        double rows = floor(time_s / m.row_time_s * (1.0 + 1e-9));
        time_s = fmax(1.0, rows) * m.row_time_s;
    }
    exposure->exposure_s = time_s;
    exposure->analog_gain = fmax(m.analog_gain_min, fmin(total / time_s, m.analog_gain_max));
}

void bt_loop_begin(const bt_exposure_plan *plan, const bt_camera *camera,
                   const bt_camera_exposure *first, bt_loop *loop)
{
    memset(loop, 0, sizeof *loop);
    loop->plan = *plan;
    loop->now = *first;
    loop->total = first->exposure_s * first->analog_gain;
    if (!(loop->now.white_balance[0] > 0.0))
        memcpy(loop->now.white_balance, camera->white_balance, sizeof loop->now.white_balance);
    if (plan->white_balance) fill_lights(camera, loop);
    for (int i = 0; i <= BT_EXPOSURE_PLAN_DELAY_MAX; i++)
        loop->targets[i] = loop->now;
}

// A share of the way from one to the other in stops.
static double toward(const bt_exposure_plan *plan, double from, double to)
{
    double stops = plan->damping * log2(to / from);
    return from * exp2(fmax(-plan->step_stops, fmin(stops, plan->step_stops)));
}

static void step(bt_loop *loop, const bt_camera *camera, const bt_camera_exposure *target)
{
    const bt_exposure_plan *plan = &loop->plan;
    double total = target->exposure_s * target->analog_gain;
    double off = fabs(log2(total * target->digital_gain / (loop->total * loop->now.digital_gain)));
    // once moving it goes on until it is much nearer than what made it move
    loop->moving = off > (loop->moving ? 0.25 * plan->hold_stops : plan->hold_stops);
    if (loop->moving) {
        loop->total = toward(plan, loop->total, total);
        loop->now.digital_gain = toward(plan, loop->now.digital_gain, target->digital_gain);
        bt_loop_split(plan, camera, loop->total, &loop->now);
    }
    double least = INFINITY;
    for (int c = 0; c < 3; c++) {
        double *gain = &loop->now.white_balance[c];
        *gain *= pow(target->white_balance[c] / *gain, WHITE_SHARE);
        least = fmin(least, *gain);
    }
    for (int c = 0; c < 3; c++)
        loop->now.white_balance[c] /= least;
}

bt_status bt_loop_see(bt_loop *loop, const bt_camera *camera, double temperature_kelvin,
                      const uint16_t *raw)
{
    bt_camera_state state = {.exposure = loop->now, .temperature_kelvin = temperature_kelvin};
    bt_meter meter = bt_camera_meter_limits(camera, loop->now.exposure_s);
    const uint32_t slots = BT_EXPOSURE_PLAN_DELAY_MAX + 1;
    bt_camera_exposure *target = &loop->targets[loop->seen % slots];
    bt_metered metered;
    seen s;
    bt_status status = look(camera, &state, raw, &s);
    if (status == BT_OK) {
        bt_meter_film(&meter, &s.film, &metered);
        *target = (bt_camera_exposure){.exposure_s = metered.exposure_s,
                                       .analog_gain = metered.analog_gain,
                                       .digital_gain = metered.digital_gain};
        memcpy(target->white_balance, loop->now.white_balance, sizeof target->white_balance);
        if (loop->has_lights) (void)find_white(loop, &s, target->white_balance);
        // the next frame goes by the one `delay` before it, once there is one
        loop->seen++;
        if (loop->seen >= loop->plan.delay_frames)
            step(loop, camera, &loop->targets[(loop->seen - loop->plan.delay_frames) % slots]);
    }
    bt_free(s.film.rate_e_s);
    bt_free(s.usable);
    return status;
}
