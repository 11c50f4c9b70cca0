// adc.c: codes of a converter with integral and differential non-linearity.
#include "sensors/camera/imager/adc.h"

#include <math.h>

#include "engine/core/memory.h"
#include "sensors/camera/imager/noise.h"

#define PLACE_CODE (UINT64_C(3) << 40)
#define FARTHEST_DN 0.49 // so that thresholds ascend

bt_status bt_adc_init(const bt_sheet_curve *inl, double dnl_dn, uint32_t top_dn, uint64_t seed,
                      bt_adc *adc)
{
    *adc = (bt_adc){.top_dn = top_dn,
                    .inl_dn = bt_alloc(top_dn + 1, sizeof *adc->inl_dn),
                    .threshold_dn = bt_alloc(top_dn + 2, sizeof *adc->threshold_dn)};
    if (!adc->inl_dn || !adc->threshold_dn) {
        bt_adc_clear(adc);
        return bt_fail(BT_ERR_MEMORY, "no memory for a converter of %u codes", top_dn + 1);
    }
    for (uint32_t code = 0; code <= top_dn; code++) {
        bt_noise noise = bt_noise_begin(seed, BT_STREAM_SENSOR_FIXED, PLACE_CODE | code);
        double moved = dnl_dn * sqrt(0.5) * bt_noise_normal(&noise);
        adc->inl_dn[code] = (float)bt_sheet_curve_at(inl, (double)code / top_dn, 0.0);
        adc->threshold_dn[code] =
            (float)(code - 0.5 + fmax(-FARTHEST_DN, fmin(moved, FARTHEST_DN)));
    }
    adc->threshold_dn[0] = -1e9f;
    adc->threshold_dn[top_dn + 1] = 1e9f;
    return BT_OK;
}

void bt_adc_clear(bt_adc *adc)
{
    bt_free(adc->inl_dn);
    bt_free(adc->threshold_dn);
    *adc = (bt_adc){0};
}

uint16_t bt_adc_code(const bt_adc *adc, double signal_dn)
{
    double at = fmax(0.0, fmin(signal_dn, (double)adc->top_dn));
    uint32_t below = (uint32_t)at;
    uint32_t above = below < adc->top_dn ? below + 1 : below;
    double inl = (double)adc->inl_dn[below] +
                 (at - below) * (double)(adc->inl_dn[above] - adc->inl_dn[below]);
    double bent = fmax(0.0, fmin(signal_dn + inl, (double)adc->top_dn));
    uint32_t code = (uint32_t)(bent + 0.5);
    // a threshold is never a whole count away from where it should be
    if (bent < (double)adc->threshold_dn[code]) return (uint16_t)(code - 1);
    if (bent >= (double)adc->threshold_dn[code + 1]) return (uint16_t)(code + 1);
    return (uint16_t)code;
}
