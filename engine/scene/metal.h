// metal.h: reflectance of bare metals from their complex index of refraction.
//
// "aluminium", "copper": Hagemann, Gudat, Kunz 1974, DESY SR-74/7, table 3. "chromium": the
// Lorentz-Drude model of Rakic, Djurisic, Elazar, Majewski 1998, Appl. Opt. 37, 5271, table 2. Between
// points n and k are linear.
#ifndef BT_SCENE_METAL_H
#define BT_SCENE_METAL_H

#include "engine/core/status.h"
#include "shaders/shared/types.h"

typedef enum bt_metal { BT_METAL_ALUMINIUM, BT_METAL_COPPER, BT_METAL_CHROMIUM } bt_metal;

void bt_metal_index(bt_metal metal, double nm, double *n, double *k);

// Unpolarised reflectance at a cosine of incidence, exact.
double bt_metal_reflectance(double n, double k, double cosine);

// Reflectance at normal incidence, and what Schlick's Fresnel has too much at cosine 1/7 as a share,
// mean over 380 to 780 nm: `edge_dip` of bt_material.
void bt_metal_fill(bt_metal metal, float f0[BT_SPECTRUM_BINS], float *edge_dip);

#endif
