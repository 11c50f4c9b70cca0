// fuse.h: one linear number from the reads of a pixel, and its compression to a code.
//
// As a high-dynamic-range sensor does it: the read with the highest sensitivity that is not saturated,
// scaled by the ratio of sensitivities; between two shares of its range it hands over linearly to the
// next. So signal-to-noise falls at each hand-over. The unit is a count of the first read in the
// sheet. Where flicker is to be mitigated, a longer exposure that sees more light by so many standard
// deviations of both wins: a pulsed lamp was dark when the shorter one looked.
//
// Companding: codes along straight lines between knees, rounded to the nearest; expansion goes the same
// lines back. |compress(expand(code))| is exact, and a code is within a half of what it stands for.
//
// Threads: pure functions.
#ifndef BT_CAMERA_IMAGER_FUSE_H
#define BT_CAMERA_IMAGER_FUSE_H

#include "sensors/camera/sheet.h"

typedef struct bt_fuse_read {
    double scale;           // fused counts per count
    double range_dn;        // above black, where it saturates
    double low_dn, high_dn; // above black, where the next read takes over
    double exposure_s;
    double gain_dn_e; // counts per electron: shot noise of a count
    double noise_dn2; // variance in the dark
} bt_fuse_read;

typedef struct bt_fuse {
    uint32_t read_count;
    bt_fuse_read reads[BT_SHEET_READS_MAX];
    uint32_t order[BT_SHEET_READS_MAX]; // of falling sensitivity
    double black_dn;                    // of the reads
    double fused_black_dn, fused_top_dn;
    double flicker_sigmas;       // 0: never
    const bt_sheet_curve *knees; // count 0: codes are the fused counts
    double code_top_dn;
} bt_fuse;

// Sorts the reads by scale: order.
void bt_fuse_sort(bt_fuse *fuse);
// Fused counts, without black, of one pixel.
double bt_fuse_pixel(const bt_fuse *fuse, const uint16_t codes[BT_SHEET_READS_MAX]);
// A row of codes of each read -> a row of the raw picture.
void bt_fuse_row(const bt_fuse *fuse, uint32_t width, const uint16_t *const *codes, uint16_t *raw);

// Fused counts, without black, at which the signal ends: the least sensitive read saturates, or codes do.
double bt_fuse_top_dn(const bt_fuse *fuse);

// Code of a linear signal in fused counts, black included, before rounding; and back.
double bt_compand(const bt_sheet_curve *knees, double linear_dn);
double bt_expand(const bt_sheet_curve *knees, double code_dn);

#endif
