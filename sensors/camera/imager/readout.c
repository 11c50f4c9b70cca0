// readout.c: from light to counts, one row at a time.
#include "sensors/camera/imager/readout.h"

#include <math.h>
#include <stddef.h>

#include "sensors/camera/imager/noise.h"

// One index for each pixel of each frame; shot noise, read noise and row noise draw from sources of
// their own, told apart by bits that frames and pixels leave free.
#define SOURCE_SHOT UINT64_C(0)
#define SOURCE_READ (UINT64_C(1) << 62)
#define SOURCE_ROW (UINT64_C(2) << 62)

static bt_noise noise_at(const bt_readout *readout, uint64_t source, uint64_t place)
{
    uint64_t index = source | (readout->frame & UINT64_C(0x3fffffff)) << 32 | place;
    return bt_noise_begin(readout->seed, BT_STREAM_SENSOR_NOISE, index);
}

void bt_readout_expose(const bt_readout *readout, const bt_film *film, uint32_t row, float *e)
{
    const float *rates = film->rate_e_s + (size_t)row * film->width_px * film->band_count;
    const uint8_t *bands = &readout->mosaic[4 * (row & 3)];
    for (uint32_t x = 0; x < readout->width_px; x++) {
        double rate = (double)rates[(size_t)x * film->band_count + bands[x & 3]];
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
    for (uint32_t x = 0; x < readout->width_px; x++) {
        bt_noise noise = noise_at(readout, SOURCE_SHOT, first + x);
        e[x] = (float)bt_noise_poisson(&noise, (double)e[x]);
    }
}

void bt_readout_fill(const bt_readout *readout, float *e)
{
    float most = (float)readout->full_well_e;
    for (uint32_t x = 0; x < readout->width_px; x++)
        e[x] = e[x] < most ? e[x] : most;
}

void bt_readout_sense(const bt_readout *readout, uint32_t row, float *e)
{
    bt_noise row_noise = noise_at(readout, SOURCE_ROW, row);
    double row_e = readout->row_noise_e * bt_noise_normal(&row_noise);
    uint64_t first = (uint64_t)row * readout->width_px;
    for (uint32_t x = 0; x < readout->width_px; x++) {
        bt_noise noise = noise_at(readout, SOURCE_READ, first + x);
        double read_e = readout->read_noise_e * bt_noise_normal(&noise);
        e[x] = (float)((double)e[x] + (double)readout->offset_e[first + x] + read_e + row_e);
    }
}

void bt_readout_convert(const bt_readout *readout, const float *e, uint16_t *counts)
{
    for (uint32_t x = 0; x < readout->width_px; x++) {
        double dn = floor((double)e[x] * readout->counts_per_e + readout->black_level_dn + 0.5);
        dn = dn > 0.0 ? dn : 0.0;
        counts[x] = (uint16_t)(dn < readout->top_dn ? dn : readout->top_dn);
    }
}

double bt_dark_current(double reference_e_s, double reference_kelvin, double doubling_kelvin,
                       double kelvin)
{
    return reference_e_s * exp2((kelvin - reference_kelvin) / doubling_kelvin);
}
