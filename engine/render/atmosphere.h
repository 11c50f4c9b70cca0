// atmosphere.h: from weather to the tables of the clear sky (shaders/shared/sky.h reads them).
//
// A spherical atmosphere of air, aerosol and ozone. Single scattering is integrated along each ray;
// what scatters more often is taken as isotropic with a geometric series over orders (Hillaire 2020,
// "A scalable and production ready sky and atmosphere rendering technique", section 5.5), and the
// light of the ground is in it. Not modelled: polarisation, refraction, clouds, night airglow.
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
    float radiance[BT_SKY_FLOATS]; // over extraterrestrial irradiance
    float pick[BT_SKY_PICK_FLOATS];
} bt_sky_tables;

// Large: allocate it. Values outside what is physical are clamped.
BT_CHECKED bt_status bt_sky_tables_create(const bt_weather *weather, bt_sky_tables **tables);
void bt_sky_tables_destroy(bt_sky_tables *tables); // NULL is fine

// Divides [0, 1], whose `count` equal parts have these masses, into cells of equal mass: cells + 1
// ascending limits. Parts without mass at either end are left out.
void bt_quantiles(const double *mass, uint32_t count, uint32_t cells, float *limits);

#endif
