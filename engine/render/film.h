// film.h: what the lens has gathered: mean electron rate per pixel and band, with its Monte-Carlo
// variance.
//
// Rows top down, pixels left to right, bands innermost; exposure planes (view.h) one after the other,
// each a film of its own. Threads: several may write one film while
// their pixels do not overlap.
#ifndef BT_RENDER_FILM_H
#define BT_RENDER_FILM_H

#include "engine/core/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct bt_film {
    uint32_t width_px, height_px, band_count;
    uint32_t plane_count;
    float *rate_e_s; // (planes x height x width x bands): electrons per second while it is exposed
    float *variance_e2_s2; // (as rates): variance of that mean from sampling light
    uint32_t *samples;     // (height x width): spent on the pixel
    // (height x width): variance that sampling leaves over that of the sensor's own noise, of the
    // band that the sensor reads there (the worst of them and of the planes, where there are several).
    // Estimated from the samples of the pixel and its neighbours, rather too large than too small. 0
    // where the sensor is too full to show any, below 8 samples, and for a view without noise.
    float *sensor_share;
} bt_film;

BT_CHECKED bt_status bt_film_create(uint32_t width_px, uint32_t height_px, uint32_t band_count,
                                    bt_film **film);
// With exposure planes: 1 to BT_VIEW_MAX_PLANES.
BT_CHECKED bt_status bt_film_create_planes(uint32_t width_px, uint32_t height_px,
                                           uint32_t band_count, uint32_t plane_count,
                                           bt_film **film);
// Numbers from one plane to the next.
static inline size_t bt_film_plane_stride(const bt_film *film)
{
    return (size_t)film->width_px * film->height_px * film->band_count;
}
void bt_film_destroy(bt_film *film); // NULL is fine

#endif
