// film.h: what the lens has gathered: mean electron rate per pixel and band, with its Monte-Carlo
// variance.
//
// Rows top down, pixels left to right, bands innermost. Threads: several may write one film while
// their pixels do not overlap.
#ifndef BT_RENDER_FILM_H
#define BT_RENDER_FILM_H

#include "engine/core/status.h"

#include <stdint.h>

typedef struct bt_film {
    uint32_t width_px, height_px, band_count;
    float *rate_e_s;       // (height x width x bands): electrons per second
    float *variance_e2_s2; // (height x width x bands): variance of that mean from sampling light
} bt_film;

BT_CHECKED bt_status bt_film_create(uint32_t width_px, uint32_t height_px, uint32_t band_count,
                                    bt_film **film);
void bt_film_destroy(bt_film *film); // NULL is fine

#endif
