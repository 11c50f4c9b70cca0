// luminance.c: see luminance.h.
#include "engine/render/luminance.h"

#include "engine/spectrum/spectrum.h"

double bt_luminance_of(const float *spectrum)
{
    return bt_spectrum_luminance_cd_m2(spectrum);
}
