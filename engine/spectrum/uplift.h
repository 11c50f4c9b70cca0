// uplift.h: the smooth reflectance that looks like a given colour under D65.
//
// Jakob and Hanika 2019, "A low-dimensional function space for efficient spectral upsampling":
// S(lambda) = s(c0 u^2 + c1 u + c2), s(x) = 1/2 + x / (2 sqrt(1 + x^2)), u = (lambda - 380) / 400.
// The sigmoid bounds the reflectance within [0, 1]. The coefficients are found per colour. Beyond
// 780 nm, which colour says nothing of, the last value is held: right for most minerals, greys and
// metals; leaves, cloth, skin and many pigments are brighter there, and their sheets say so.
#ifndef BT_SPECTRUM_UPLIFT_H
#define BT_SPECTRUM_UPLIFT_H

#include "engine/core/status.h"
#include "shaders/shared/types.h"

// Coefficients for a colour of linear sRGB, each 0..1. The colour comes back within 1e-3 per
// encoded channel; black and white are met within 2e-3 (the sigmoid never quite reaches them).
BT_CHECKED bt_status bt_uplift_fit(const double rgb_linear[3], double coefficients[3]);
void bt_uplift_eval(const double coefficients[3], float out[BT_SPECTRUM_BINS]);

// From 700 nm along a smooth step to `infrared` (a reflectance at each bin) at 800 nm and beyond:
// pigments and dyes that make a colour mostly let the infrared pass to what is below.
void bt_uplift_infrared(float spectrum[BT_SPECTRUM_BINS], const float infrared[BT_SPECTRUM_BINS]);

// Both at once, for gamma-encoded sRGB, each 0..1.
BT_CHECKED bt_status bt_uplift_srgb(double red, double green, double blue,
                                    float out[BT_SPECTRUM_BINS]);

// For textures: reflectances whose mix by linear red, green and blue (each 0..1) has that colour
// under D65 exactly. They sum to 1 everywhere, so what is mixed stays within [0, 1], and being
// linear the mix may be taken before or after filtering. Less smooth than the above for strong
// colours. Mallett and Yuksel 2019. Beyond 780 nm each is held: the mix stays what red is, as soil,
// wood, brick and skin about do; the green of plants in a texture stays dark in the infrared.
extern const float bt_rgb_basis[3][BT_SPECTRUM_BINS];

#endif
