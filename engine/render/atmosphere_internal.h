// atmosphere_internal.h: tables behind atmosphere.c.
#ifndef BT_RENDER_ATMOSPHERE_INTERNAL_H
#define BT_RENDER_ATMOSPHERE_INTERNAL_H

#include "shaders/shared/types.h"

extern const float bt_solar_irradiance[BT_SPECTRUM_BINS];
extern const float bt_ozone_absorption[BT_SPECTRUM_BINS];
extern const float bt_water_absorption[BT_SPECTRUM_BINS];
extern const float bt_mixed_absorption[BT_SPECTRUM_BINS];

#endif
