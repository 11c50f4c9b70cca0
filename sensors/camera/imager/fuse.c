// fuse.c: fusion of reads, companding.
#include "sensors/camera/imager/fuse.h"

#include <math.h>

void bt_fuse_sort(bt_fuse *fuse)
{
    for (uint32_t i = 0; i < fuse->read_count; i++) {
        uint32_t at = i;
        for (; at > 0 && fuse->reads[fuse->order[at - 1]].scale > fuse->reads[i].scale; at--)
            fuse->order[at] = fuse->order[at - 1];
        fuse->order[at] = i;
    }
}

// Share of a read in what it hands over: 1 below the blend, 0 above.
static double share(const bt_fuse_read *read, double dn)
{
    if (dn <= read->low_dn) return 1.0;
    if (dn >= read->high_dn) return 0.0;
    return (read->high_dn - dn) / (read->high_dn - read->low_dn);
}

static double variance_dn2(const bt_fuse_read *read, double dn)
{
    return read->scale * read->scale * (read->noise_dn2 + read->gain_dn_e * fmax(dn, 0.0));
}

// The read that saw a pulse which the first, most sensitive one missed.
static double mitigated(const bt_fuse *fuse, const double *dn, double fused)
{
    const bt_fuse_read *main = &fuse->reads[fuse->order[0]];
    double best = fused;
    for (uint32_t k = 0; k < fuse->read_count; k++) {
        const bt_fuse_read *read = &fuse->reads[k];
        if (read->exposure_s <= main->exposure_s || dn[k] >= read->low_dn) continue;
        double sigma = sqrt(variance_dn2(read, dn[k]) + variance_dn2(main, fused / main->scale));
        double seen = dn[k] * read->scale;
        if (seen - fused > fuse->flicker_sigmas * sigma && seen > best) best = seen;
    }
    return best;
}

double bt_fuse_pixel(const bt_fuse *fuse, const uint16_t codes[BT_SHEET_READS_MAX])
{
    double dn[BT_SHEET_READS_MAX] = {0};
    for (uint32_t k = 0; k < fuse->read_count; k++)
        dn[k] = (double)codes[k] - fuse->black_dn;
    // from the least sensitive read on
    uint32_t k = fuse->order[fuse->read_count - 1];
    double fused = dn[k] * fuse->reads[k].scale;
    for (uint32_t i = fuse->read_count - 1; i-- > 0;) {
        k = fuse->order[i];
        double weight = share(&fuse->reads[k], dn[k]);
        fused = weight * dn[k] * fuse->reads[k].scale + (1.0 - weight) * fused;
    }
    return fuse->flicker_sigmas > 0.0 ? mitigated(fuse, dn, fused) : fused;
}

double bt_fuse_top_dn(const bt_fuse *fuse)
{
    const bt_fuse_read *last = &fuse->reads[fuse->order[fuse->read_count - 1]];
    double codes_dn = fmin(fuse->fused_top_dn, bt_expand(fuse->knees, fuse->code_top_dn));
    return fmin(last->range_dn * last->scale, codes_dn - fuse->fused_black_dn);
}

double bt_compand(const bt_sheet_curve *knees, double linear_dn)
{
    if (knees->count == 0) return linear_dn;
    uint32_t i = 1;
    while (i + 1 < knees->count && linear_dn > knees->at[i])
        i++;
    double slope = (knees->value[i] - knees->value[i - 1]) / (knees->at[i] - knees->at[i - 1]);
    double code = knees->value[i - 1] + (linear_dn - knees->at[i - 1]) * slope;
    return fmin(code, knees->value[knees->count - 1]);
}

double bt_expand(const bt_sheet_curve *knees, double code_dn)
{
    if (knees->count == 0) return code_dn;
    uint32_t i = 1;
    while (i + 1 < knees->count && code_dn > knees->value[i])
        i++;
    double slope = (knees->at[i] - knees->at[i - 1]) / (knees->value[i] - knees->value[i - 1]);
    double linear = knees->at[i - 1] + (code_dn - knees->value[i - 1]) * slope;
    return fmin(linear, knees->at[knees->count - 1]);
}

void bt_fuse_row(const bt_fuse *fuse, uint32_t width, const uint16_t *const *codes, uint16_t *raw)
{
    for (uint32_t x = 0; x < width; x++) {
        uint16_t pixel[BT_SHEET_READS_MAX];
        for (uint32_t k = 0; k < fuse->read_count; k++)
            pixel[k] = codes[k][x];
        // the linear signal is whole counts, too
        double linear = floor(bt_fuse_pixel(fuse, pixel) + fuse->fused_black_dn + 0.5);
        linear = fmax(0.0, fmin(linear, fuse->fused_top_dn));
        double code = floor(bt_compand(fuse->knees, linear) + 0.5);
        raw[x] = (uint16_t)fmin(code, fuse->code_top_dn);
    }
}
