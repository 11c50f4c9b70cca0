// spectrum.h: spectra as tables every 5 nm from 380 to 1000 nm, linear between; light they describe.
//
// A spectrum is a plain array of BT_SPECTRUM_BINS floats (shaders/shared/types.h): a reflectance in
// [0, 1], or a spectral radiance in W m^-2 sr^-1 nm^-1. Integrals over wavelength are sums over the
// bins times 5 nm, as CIE 015:2018 does with tables every 5 nm.
//
// Threads: pure functions and constants.
#ifndef BT_SPECTRUM_SPECTRUM_H
#define BT_SPECTRUM_SPECTRUM_H

#include "engine/core/status.h"
#include "shaders/shared/types.h"

#include <stdbool.h>
#include <stddef.h>

// Lumen per watt at 555 nm (540 THz): the definition of the candela (683), times V there (CIE 015).
#define BT_LUMINOUS_EFFICACY_LM_W 683.002

// Colour matching functions, 2 degrees; beyond 780 nm, where CIE 015 ends its sums, zero.
extern const float bt_cie_1931_x[BT_SPECTRUM_BINS];
extern const float bt_cie_1931_y[BT_SPECTRUM_BINS]; // also the luminous efficiency V(lambda)
extern const float bt_cie_1931_z[BT_SPECTRUM_BINS];
// Relative power, 100 at 560 nm. A by its formula (Planck); D65 by the CIE to 830 nm, from there on
// as bt_daylight_extend says.
extern const float bt_illuminant_a[BT_SPECTRUM_BINS];
extern const float bt_illuminant_d65[BT_SPECTRUM_BINS];

static inline double bt_spectrum_bin_nm(unsigned bin)
{
    return (double)BT_SPECTRUM_MIN_NM + (double)BT_SPECTRUM_STEP_NM * bin;
}

// Daylight beyond 830 nm, where the CIE's components end: the global spectrum of ASTM G173-03 (37
// degrees tilt, air mass 1.5, 1.42 cm of water) in its shape, scaled to meet the mean of 800 to
// 830 nm. Overwrites the bins beyond 830 nm.
void bt_daylight_extend(float daylight[BT_SPECTRUM_BINS]);

// Linear between bins, constant beyond the ends.
double bt_spectrum_value(const float spectrum[BT_SPECTRUM_BINS], double wavelength_nm);

// Brings `count` values at strictly ascending wavelengths onto the bins: linear between points and
// constant beyond the ends; where points lie closer than half a bin, the mean over the bin, so that
// narrow lines keep their power. Fails for count 0, wavelengths that do not ascend or lie outside
// 1 .. 100000 nm, and values that are not finite.
BT_CHECKED bt_status bt_spectrum_resample(const double *wavelengths_nm, const double *values,
                                          size_t count, float out[BT_SPECTRUM_BINS]);

// Tristimulus values of a reflectance under an illuminant (relative power): Y is 1 for the perfect
// diffuser.
void bt_spectrum_xyz_reflected(const float reflectance[BT_SPECTRUM_BINS],
                               const float illuminant[BT_SPECTRUM_BINS], double xyz[3]);
// Tristimulus values of a spectral radiance; Y is its luminance in cd m^-2.
void bt_spectrum_xyz_emitted(const float radiance[BT_SPECTRUM_BINS], double xyz[3]);
double bt_spectrum_luminance_cd_m2(const float radiance[BT_SPECTRUM_BINS]);
// Scales a spectrum so that, as a radiance, it has this luminance. False when it has no light.
bool bt_spectrum_set_luminance(float spectrum[BT_SPECTRUM_BINS], double luminance_cd_m2);

// Planck's law: W m^-2 sr^-1 nm^-1 of a black body.
double bt_blackbody_w_m2_sr_nm(double wavelength_nm, double temperature_kelvin);
void bt_spectrum_blackbody(double temperature_kelvin, float out[BT_SPECTRUM_BINS]);

#endif
