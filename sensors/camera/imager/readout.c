// readout.c: from light to counts, one row at a time.
#include "sensors/camera/imager/readout.h"

#include <math.h>
#include <stddef.h>

#include "sensors/camera/imager/noise.h"
#include "sensors/camera/imager/rts.h"

// One index for each pixel of each frame; shot noise, read noise, noise of rows and of columns draw from
// sources of their own, told apart by bits that frames and pixels leave free. The shot noise of a
// plane begins at its own dimension, the read noise of a read is its word of the block.
#define SOURCE_SHOT UINT64_C(0)
#define SOURCE_READ (UINT64_C(1) << 62)
#define SOURCE_ROW (UINT64_C(2) << 62)
#define SOURCE_COLUMN (UINT64_C(3) << 62)
#define PLANE_DIMS 0x10000u
#define PLACE_FRAME UINT64_C(0xffffffff)

static uint64_t index_at(const bt_readout *readout, uint64_t source, uint64_t place)
{
    return source | (readout->frame & UINT64_C(0x3fffffff)) << 32 | place;
}

static bt_noise noise_at(const bt_readout *readout, uint64_t source, uint64_t place, uint32_t dim)
{
    bt_noise noise =
        bt_noise_begin(readout->seed, BT_STREAM_SENSOR_NOISE, index_at(readout, source, place));
    noise.dim = dim;
    return noise;
}

// Pixels from x on that are drawn for at once.
static uint32_t span_at(const bt_readout *readout, uint32_t x)
{
    return readout->width_px - x < BT_NOISE_SPAN ? readout->width_px - x : BT_NOISE_SPAN;
}

static double or_one(double factor)
{
    return factor > 0.0 ? factor : 1.0;
}

// Square of the distance from the middle, 1 in the corner.
static double radius2(const bt_readout *readout, uint32_t row, uint32_t x)
{
    double half_w = 0.5 * readout->width_px, half_h = 0.5 * readout->height_px;
    double u = x + 0.5 - half_w, v = row + 0.5 - half_h;
    return (u * u + v * v) / (half_w * half_w + half_h * half_h);
}

// Electrons per second of light in a pixel.
static double rate_at(const bt_readout *readout, const float *rates, uint32_t row, uint32_t x)
{
    uint32_t band = readout->mosaic[4 * (row & 3) + (x & 3)];
    double rate = (double)rates[band] * or_one(readout->band_gain[band]);
    double corner = or_one(readout->corner);
    return corner == 1.0 ? rate : rate * (1.0 + (corner - 1.0) * radius2(readout, row, x));
}

static const float *film_row(const bt_readout *readout, const bt_film *film, uint32_t row)
{
    return film->rate_e_s + readout->plane * bt_film_plane_stride(film) +
           (size_t)row * film->width_px * film->band_count;
}

void bt_readout_expose(const bt_readout *readout, const bt_film *film, uint32_t row, float *e)
{
    const float *rates = film_row(readout, film, row);
    for (uint32_t x = 0; x < readout->width_px; x++) {
        double rate = rate_at(readout, rates + (size_t)x * film->band_count, row, x);
        e[x] = (float)(rate * readout->exposure_s);
    }
}

void bt_readout_collect(const bt_readout *readout, uint32_t row, float *e)
{
    size_t first = (size_t)row * readout->width_px;
    double dark = readout->dark_current_e_s * readout->exposure_s;
    for (uint32_t x = 0; x < readout->width_px; x++)
        e[x] = (float)((double)e[x] * (double)readout->gain[first + x] +
                       dark * (double)readout->dark[first + x]);
}

void bt_readout_shoot(const bt_readout *readout, uint32_t row, float *e)
{
    uint64_t first = (uint64_t)row * readout->width_px;
    for (uint32_t x = 0; x < readout->width_px; x += BT_NOISE_SPAN)
        bt_noise_poissons(readout->seed, BT_STREAM_SENSOR_NOISE,
                          index_at(readout, SOURCE_SHOT, first + x), readout->plane * PLANE_DIMS,
                          span_at(readout, x), e + x);
}

// Beyond the knee the well fills like a capacitor, with the slope 1 at the knee.
static float softly(float e, float knee, float most)
{
    if (e <= knee) return e;
    return knee + (most - knee) * (1.0f - expf(-(e - knee) / (most - knee)));
}

void bt_readout_fill(const bt_readout *readout, float *e)
{
    float most = (float)readout->full_well_e;
    float knee = (float)(or_one(readout->soft_well) * readout->full_well_e);
    for (uint32_t x = 0; x < readout->width_px; x++) {
        if (knee < most) e[x] = softly(e[x], knee, most);
        e[x] = e[x] < most ? e[x] : most;
    }
}

// The reset level is sampled after the signal's light has already begun to discharge it: above a rate
// correlated double sampling takes away more and more of the signal.
void bt_readout_eclipse(const bt_readout *readout, const bt_film *film, uint32_t row, float *e)
{
    if (readout->eclipse_e_s <= 0.0) return;
    const float *rates = film_row(readout, film, row);
    for (uint32_t x = 0; x < readout->width_px; x++) {
        double rate = rate_at(readout, rates + (size_t)x * film->band_count, row, x);
        double left = 2.0 - rate / readout->eclipse_e_s;
        if (left < 1.0) e[x] = (float)((double)e[x] * fmax(left, 0.0));
    }
}

// What all pixels of a row share, electrons.
static double row_e(const bt_readout *readout, uint32_t row)
{
    bt_noise noise = noise_at(readout, SOURCE_ROW, row, readout->read);
    double shared = readout->row_noise_e * bt_noise_normal(&noise);
    return shared - readout->black_e - readout->black_row_e * bt_noise_normal(&noise);
}

static void add_jumps(const bt_readout *readout, uint32_t row, float *e)
{
    size_t first = (size_t)row * readout->width_px;
    for (uint32_t x = 0; x < readout->width_px; x++) {
        float jump = readout->rts_e[first + x];
        if (jump > 0.0f && bt_rts_is_high(readout->seed, first + x, readout->rts_rate_hz,
                                          readout->rts_duty, readout->time_s))
            e[x] += jump;
    }
}

void bt_readout_sense(const bt_readout *readout, uint32_t row, float *e)
{
    uint64_t first = (uint64_t)row * readout->width_px;
    float shared = (float)row_e(readout, row), most = INFINITY, noise[BT_NOISE_SPAN];
    float offset_scale = (float)or_one(readout->offset_scale);
    float read_noise = (float)readout->read_noise_e;
    if (readout->range_e > 0.0) most = (float)readout->range_e;
    for (uint32_t x0 = 0; x0 < readout->width_px; x0 += BT_NOISE_SPAN) {
        uint32_t count = span_at(readout, x0);
        bt_noise_normals(readout->seed, BT_STREAM_SENSOR_NOISE,
                         index_at(readout, SOURCE_READ, first + x0), 0, readout->read, count,
                         noise);
        const float *offset_e = readout->offset_e + first + x0;
        for (uint32_t i = 0; i < count; i++) {
            float held = e[x0 + i] > most ? most : e[x0 + i];
            e[x0 + i] = held + offset_scale * offset_e[i] + shared + read_noise * noise[i];
        }
    }
    if (readout->rts_e) add_jumps(readout, row, e);
    if (readout->column_e)
        for (uint32_t x = 0; x < readout->width_px; x++)
            e[x] += readout->column_e[x];
}

static double code_of(const bt_readout *readout, double signal_dn)
{
    if (readout->adc) return (double)bt_adc_code(readout->adc, signal_dn);
    double dn = floor(signal_dn + 0.5);
    dn = dn > 0.0 ? dn : 0.0;
    return dn < readout->top_dn ? dn : readout->top_dn;
}

void bt_readout_convert(const bt_readout *readout, const float *e, uint16_t *counts)
{
    double gain = or_one(readout->digital_gain);
    for (uint32_t x = 0; x < readout->width_px; x++) {
        double dn =
            code_of(readout, (double)e[x] * readout->counts_per_e + readout->black_level_dn);
        if (gain != 1.0) {
            dn = floor((dn - readout->black_level_dn) * gain + readout->black_level_dn + 0.5);
            dn = fmax(0.0, fmin(dn, readout->top_dn));
        }
        counts[x] = (uint16_t)dn;
    }
}

void bt_readout_columns(const bt_readout *readout, double column_noise_e, float *column_e)
{
    for (uint32_t x = 0; x < readout->width_px; x++) {
        bt_noise noise = noise_at(readout, SOURCE_COLUMN, x, readout->read);
        column_e[x] = (float)(column_noise_e * bt_noise_normal(&noise));
    }
}

double bt_readout_frame_normal(const bt_readout *readout)
{
    bt_noise noise = noise_at(readout, SOURCE_ROW, PLACE_FRAME, readout->read);
    return bt_noise_normal(&noise);
}

double bt_readout_saturation_e(const bt_readout *readout)
{
    double counts_e = (readout->top_dn - readout->black_level_dn) / readout->counts_per_e /
                      fmax(1.0, or_one(readout->digital_gain));
    double most_e = fmin(readout->full_well_e, counts_e);
    return readout->range_e > 0.0 ? fmin(most_e, readout->range_e) : most_e;
}

double bt_dark_current(double reference_e_s, double reference_kelvin, double doubling_kelvin,
                       double kelvin)
{
    return reference_e_s * exp2((kelvin - reference_kelvin) / doubling_kelvin);
}
