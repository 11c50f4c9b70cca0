// read_model.h: what a sheet promises of its reads and of what is fused and companded from them: mean
// and variance of counts in closed form, apart from the code that makes counts. camera.md 1.3, 1.6.
//
// A read: sigma^2 = g^2 (sigma_d^2 + mu) + 1/12, at most full. Of the fused signal f = sum c_k s_k d_k:
// reads of one exposure have the same shot noise; the slopes of the weights cancel, as both reads say
// the same there. A code's own width comes in through the probability of each code.
//
// Threads: pure functions.
#ifndef BT_BENCH_READ_MODEL_H
#define BT_BENCH_READ_MODEL_H

#include "sensors/camera/sheet.h"

typedef struct read_model_read {
    uint32_t plane;
    bool small;
    double exposure_s, e_s;             // e_s: electrons per second for one unit of light
    double dark_e, noise_e2, gain_dn_e; // noise_e2: in the dark, without shot noise
    double row_noise_e2;                // of it, the same all along a row
    double full_e, scale, low_dn, high_dn;
    double prnu, dsnu_e;
} read_model_read;

typedef struct read_model {
    const bt_camera_sheet *sheet;
    uint32_t read_count;
    read_model_read reads[BT_SHEET_READS_MAX]; // in the sheet's order
    uint32_t order[BT_SHEET_READS_MAX];        // of falling sensitivity at this exposure
    double black_dn, fused_black_dn, top_dn;
    double offset_sigma_dn; // of the first read in the dark, from pixel to pixel
    bool fused;             // from several reads, or companded
} read_model;

typedef struct read_signal {
    double mean_dn, variance_dn2; // linear counts, black included: companded ones are expanded
} read_signal;

// unit_e_s: electrons per second on the large photodiode, in this band, for one unit of light: quantum
// efficiency where light is in photons per second, 1 where it is in electrons. The sheet outlives the
// model.
void read_model_make(const bt_camera_sheet *sheet, double exposure_s, double analog_gain,
                     uint32_t band, double unit_e_s, read_model *m);
// Electrons that a read collects of this light (units per second), dark current included.
double read_model_electrons(const read_model_read *r, double light);
// signal: a read, or read_count: what is fused.
read_signal read_model_signal(const read_model *m, uint32_t signal, double light);
// The raw picture's: read_count where there is one, else read 0.
static inline uint32_t read_model_raw(const read_model *m)
{
    return m->fused ? m->read_count : 0;
}
// Linear counts for a code, and codes for linear counts, before rounding.
double read_model_expand(const read_model *m, double code);
double read_model_compress(const read_model *m, double linear);
// Charge that the first read's photodiode and exposure can tell, by whichever read of it: electrons.
double read_model_range_e(const read_model *m);

#endif
