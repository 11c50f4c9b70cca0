// fog_table.h: the phase function of a fog, as shaders/shared/fog.h reads it.
#ifndef BT_RENDER_FOG_TABLE_H
#define BT_RENDER_FOG_TABLE_H

#include "engine/core/status.h"

// Droplets of radius r are as frequent as r^6 exp(-6 r / mode): the modified gamma distribution
// (Deirmendjian 1969, "Electromagnetic scattering on spherical polydispersions") with the shape that
// Shettle and Fenn 1979 (AFGL-TR-79-0214) give to radiation fogs; theirs have modes of 2 and 4 um,
// advection fogs reach 10 um. mode_um: 0.5 to 20. Water of index 1.333 at all wavelengths, so that
// bow and glory have colours by diffraction alone. table: (BT_FOG_FLOATS). 0.01 to 0.5 s.
BT_CHECKED bt_status bt_fog_table_compute(double mode_um, float *table);
// Mean cosine of the scattering angle in the middle of the spectrum.
double bt_fog_table_mean_cosine(const float *table);

#endif
