// adc.h: a converter that is not quite linear.
//
// Integral non-linearity is a curve over the range, in counts too many. Differential non-linearity moves
// the threshold below each code by a fixed random number, so that the width of a code has the
// standard deviation asked for and no walk builds up (widths of neighbours are correlated by -1/2).
//
// Ownership: the tables belong to the converter until bt_adc_clear. Threads: constant once made.
#ifndef BT_CAMERA_IMAGER_ADC_H
#define BT_CAMERA_IMAGER_ADC_H

#include "sensors/camera/sheet.h"

typedef struct bt_adc {
    uint32_t top_dn;
    float *inl_dn; // (top_dn + 1) at whole counts
    float
        *threshold_dn; // (top_dn + 2): code c begins here; the first and the last are out of reach
} bt_adc;

BT_CHECKED bt_status bt_adc_init(const bt_sheet_curve *inl, double dnl_dn, uint32_t top_dn,
                                 uint64_t seed, bt_adc *adc);
void bt_adc_clear(bt_adc *adc);
// Code of a signal in counts.
uint16_t bt_adc_code(const bt_adc *adc, double signal_dn);

#endif
