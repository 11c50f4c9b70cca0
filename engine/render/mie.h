// mie.h: light scattered by one sphere.
//
// Mie 1908 in the form of Bohren and Huffman 1983, "Absorption and scattering of light by small
// particles", chapter 4, for spheres that absorb nothing. Series of x + 4 x^(1/3) + 2 terms
// (Wiscombe 1980); sizes x from 0.01 to 5000.
#ifndef BT_RENDER_MIE_H
#define BT_RENDER_MIE_H

#include "engine/core/status.h"

#include <stdint.h>

// x: circumference over wavelength; index: refractive index over that of the air, real.
// intensity: (count) for each cosine of the scattering angle, (|S1|^2 + |S2|^2) / 2: mean over
// polarisations; scattered power per solid angle is irradiance times that over the square of the
// wavenumber. efficiency: scattering cross-section over the sphere's shadow; NULL is fine.
BT_CHECKED bt_status bt_mie_intensity(double x, double index, const double *cosines, uint32_t count,
                                      double *intensity, double *efficiency);

#endif
