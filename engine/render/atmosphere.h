// atmosphere.h: from weather to the tables of the sky (shaders/shared/sky.h reads them).
//
// A spherical atmosphere of air, aerosol and ozone, lit by the sun (to 18 degrees below the horizon)
// and the moon: scatter.c. What the night has of its own, and a town's glow: night.c. A layer of
// cloud: cloud.c. Not modelled: polarisation; refraction, so that elevations are those seen through
// no air, and the sun sets 0.6 degrees early; clouds lit from below by a set sun or by a town.
//
// Threads: a finished sky is constant.
#ifndef BT_RENDER_ATMOSPHERE_H
#define BT_RENDER_ATMOSPHERE_H

#include "engine/core/status.h"
#include "engine/scene/spec.h"

#include "shaders/shared/sky.h"

typedef struct bt_sky_tables {
    bt_sky sky;
    float spectra[BT_SKY_SPECTRA * BT_SPECTRUM_BINS];
    float radiance[BT_SKY_TABLE_FLOATS]; // air over the sun's irradiance above it; clouds
    float pick[BT_SKY_PICK_FLOATS];
} bt_sky_tables;

// Large: allocate it. Values outside what is physical are clamped.
BT_CHECKED bt_status bt_sky_tables_create(const bt_weather *weather, bt_sky_tables **tables);
void bt_sky_tables_destroy(bt_sky_tables *tables); // NULL is fine

// Divides [0, 1], whose `count` equal parts have these masses, into cells of equal mass: cells + 1
// ascending limits. Parts without mass at either end are left out.
void bt_quantiles(const double *mass, uint32_t count, uint32_t cells, float *limits);

#endif
