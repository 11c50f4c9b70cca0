// sheet_check.c: contradictions in a sheet's imager.
#include "sensors/camera/imager/sheet_check.h"

#include <math.h>

// A well that fills less of the counts than this at analog gain 1 belongs to another converter (chosen).
#define LEAST_FILLED 0.25

static double counts(const bt_camera_sheet *sheet)
{
    return exp2(bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH)) - 1.0 -
           bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN);
}

static bt_status check_well(const bt_camera_sheet *sheet, const char *what, double full_well_e,
                            double conversion_e_dn)
{
    if (conversion_e_dn <= 0.0 || full_well_e >= LEAST_FILLED * conversion_e_dn * counts(sheet))
        return BT_OK;
    return bt_fail(
        BT_ERR_INPUT,
        "%s: %s.full_well_e %g fills %.0f of %.0f counts at %g e a count: expected a well "
        "of at least %g e",
        sheet->name, what, full_well_e, full_well_e / conversion_e_dn, counts(sheet),
        conversion_e_dn, LEAST_FILLED * conversion_e_dn * counts(sheet));
}

// The read that makes the most of a photodiode's well is the one with most electrons a count.
static bt_status check_wells(const bt_camera_sheet *sheet)
{
    double most_e_dn[2] = {0.0, 0.0};
    most_e_dn[0] = sheet->read_count ? 0.0 : bt_sheet_get(sheet, BT_SHEET_CONVERSION_E_DN);
    for (uint32_t k = 0; k < sheet->read_count; k++) {
        bool small = bt_read_get(&sheet->reads[k], BT_READ_SMALL) > 0.5;
        double own = bt_read_get(&sheet->reads[k], BT_READ_CONVERSION_E_DN);
        if (own <= 0.0 && !small) own = bt_sheet_get(sheet, BT_SHEET_CONVERSION_E_DN);
        most_e_dn[small] = fmax(most_e_dn[small], own);
    }
    bt_status status =
        check_well(sheet, "pixel", bt_sheet_get(sheet, BT_SHEET_FULL_WELL_E), most_e_dn[0]);
    if (status != BT_OK) return status;
    return check_well(sheet, "small", bt_sheet_get(sheet, BT_SHEET_SMALL_FULL_WELL_E),
                      most_e_dn[1]);
}

static bt_status check_read_diode(const bt_camera_sheet *sheet, const bt_sheet_read *read)
{
    if (bt_read_get(read, BT_READ_SMALL) < 0.5) return BT_OK;
    if (bt_sheet_get(sheet, BT_SHEET_SMALL_SENSITIVITY) <= 0.0)
        return bt_fail(BT_ERR_INPUT,
                       "%s: reads '%s' is of the small photodiode: small.sensitivity "
                       "must be above 0",
                       sheet->name, read->name);
    if (bt_sheet_get(sheet, BT_SHEET_SMALL_FULL_WELL_E) < 100.0)
        return bt_fail(BT_ERR_INPUT,
                       "%s: reads '%s' is of the small photodiode: small.full_well_e "
                       "%g: expected at least 100",
                       sheet->name, read->name, bt_sheet_get(sheet, BT_SHEET_SMALL_FULL_WELL_E));
    return BT_OK;
}

// At the longest exposure a read must have a row's time, or it never is what its ratio says.
static bt_status check_read_time(const bt_camera_sheet *sheet, const bt_sheet_read *read)
{
    double row_s = bt_sheet_get(sheet, BT_SHEET_ROW_TIME_S);
    double longest_s = bt_sheet_get(sheet, BT_SHEET_AUTO) > 0.5
                           ? bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MAX_S)
                           : bt_sheet_get(sheet, BT_SHEET_EXPOSURE_S);
    double ratio = bt_read_get(read, BT_READ_EXPOSURE_RATIO);
    double low_s = bt_read_get(read, BT_READ_EXPOSURE_MIN_S);
    double high_s = bt_read_get(read, BT_READ_EXPOSURE_MAX_S);
    if (high_s > 0.0 && low_s > high_s)
        return bt_fail(BT_ERR_INPUT, "%s: reads '%s': exposure_min_s %g is above exposure_max_s %g",
                       sheet->name, read->name, low_s, high_s);
    if (ratio > 1.0 && longest_s / ratio < 0.999 * row_s)
        return bt_fail(BT_ERR_INPUT,
                       "%s: reads '%s': exposure_ratio %g makes %g s of the longest exposure %g s: "
                       "less than shutter.row_time_s %g",
                       sheet->name, read->name, ratio, longest_s / ratio, longest_s, row_s);
    if (high_s > 0.0 && high_s < 0.999 * row_s)
        return bt_fail(BT_ERR_INPUT,
                       "%s: reads '%s': exposure_max_s %g is less than "
                       "shutter.row_time_s %g",
                       sheet->name, read->name, high_s, row_s);
    return BT_OK;
}

static bt_status check_reads(const bt_camera_sheet *sheet)
{
    for (uint32_t k = 0; k < sheet->read_count; k++) {
        const bt_sheet_read *read = &sheet->reads[k];
        bt_status status = check_read_diode(sheet, read);
        if (status == BT_OK) status = check_read_time(sheet, read);
        if (status != BT_OK) return status;
        if (k == 0 &&
            (bt_read_get(read, BT_READ_AFTER) > 0.5 || bt_read_get(read, BT_READ_SMALL) > 0.5))
            return bt_fail(BT_ERR_INPUT,
                           "%s: reads '%s' is the first: it must be of the large photodiode and "
                           "after none",
                           sheet->name, read->name);
    }
    return BT_OK;
}

static bt_status check_fusion(const bt_camera_sheet *sheet)
{
    double low = bt_sheet_get(sheet, BT_SHEET_BLEND_LOW);
    double high = bt_sheet_get(sheet, BT_SHEET_BLEND_HIGH);
    if (low > high)
        return bt_fail(BT_ERR_INPUT, "%s: hdr.blend_low %g is above hdr.blend_high %g", sheet->name,
                       low, high);
    double bits = bt_sheet_get(sheet, BT_SHEET_HDR_BITS);
    if (bits < bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH))
        return bt_fail(BT_ERR_INPUT, "%s: hdr.bits %g is below readout.bit_depth %g", sheet->name,
                       bits, bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH));
    if (sheet->read_count > 1 && sheet->companding.count == 0 &&
        bits > bt_sheet_get(sheet, BT_SHEET_OUTPUT_BITS))
        return bt_fail(BT_ERR_INPUT,
                       "%s: %g hdr.bits do not fit into hdr.output_bits %g: companding is missing",
                       sheet->name, bits, bt_sheet_get(sheet, BT_SHEET_OUTPUT_BITS));
    return BT_OK;
}

static bt_status check_companding(const bt_camera_sheet *sheet)
{
    const bt_sheet_curve *knees = &sheet->companding;
    if (knees->count == 0) return BT_OK;
    double top = exp2(bt_sheet_get(sheet, BT_SHEET_OUTPUT_BITS)) - 1.0;
    double last = knees->value[knees->count - 1];
    if (knees->count < 2 || knees->at[0] > 0.0 || knees->value[0] > 0.0)
        return bt_fail(BT_ERR_INPUT, "%s: companding: expected at least 2 knees, the first at 0, 0",
                       sheet->name);
    if (last > top)
        return bt_fail(BT_ERR_INPUT,
                       "%s: companding.code_dn ends at %g: hdr.output_bits %g end at "
                       "%g",
                       sheet->name, last, bt_sheet_get(sheet, BT_SHEET_OUTPUT_BITS), top);
    for (uint32_t i = 0; i < knees->count; i++) {
        if (knees->at[i] != floor(knees->at[i]) || knees->value[i] != floor(knees->value[i]))
            return bt_fail(BT_ERR_INPUT, "%s: companding: knee %g, %g: expected whole counts",
                           sheet->name, knees->at[i], knees->value[i]);
        if (i > 0 && !(knees->value[i] > knees->value[i - 1]))
            return bt_fail(BT_ERR_INPUT,
                           "%s: companding.code_dn: expected ascending numbers, got "
                           "%g after %g",
                           sheet->name, knees->value[i], knees->value[i - 1]);
    }
    return BT_OK;
}

bt_status bt_sheet_check_imager(const bt_camera_sheet *sheet)
{
    bt_status status = check_wells(sheet);
    if (status == BT_OK) status = check_reads(sheet);
    if (status == BT_OK) status = check_fusion(sheet);
    if (status == BT_OK) status = check_companding(sheet);
    return status;
}
