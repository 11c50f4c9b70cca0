// sky_ways.h: what directions towards sun and sky need but of the path (sky.h, sky_sample.h), sixteen at once.
#ifndef BT_RENDER_SKY_WAYS_H
#define BT_RENDER_SKY_WAYS_H

#include <stdint.h>

#include "shaders/shared/sky.h"

#define BT_SKY_WAYS 16u

// Directions, and where they are in the sky's table.
typedef struct bt_sky_spots {
    float x[BT_SKY_WAYS], y[BT_SKY_WAYS], z[BT_SKY_WAYS];
    // found: bt_sky_spot
    uint32_t at[BT_SKY_WAYS];
    float row_part[BT_SKY_WAYS], column_part[BT_SKY_WAYS], phase[BT_SKY_WAYS];
    float turn[BT_SKY_WAYS]; // bt_sky_turns_find
} bt_sky_spots;

// Directions that are drawn: of the sun's disc and of the sky.
typedef struct bt_sky_picks {
    float sun_u0[BT_SKY_WAYS], sun_u1[BT_SKY_WAYS], sky_u0[BT_SKY_WAYS], sky_u1[BT_SKY_WAYS];
    // found: bt_disc_place; bt_sky_picked, whose direction is that of `spots`
    float sun_x[BT_SKY_WAYS], sun_y[BT_SKY_WAYS], sun_along[BT_SKY_WAYS];
    float pdf[BT_SKY_WAYS];
    bt_sky_spots spots;
} bt_sky_picks;

// All of them: those that nobody set have to hold numbers. In the table of sky.day.
void bt_sky_spots_find(bt_sky_spots *spots, const bt_sky *sky);
void bt_sky_turns_find(bt_sky_spots *spots, const bt_sky *sky);
void bt_sky_picks_find(bt_sky_picks *picks, const bt_sky *sky, const float *pick);

static inline bt_sky_spot bt_sky_spots_at(const bt_sky_spots *s, uint32_t i)
{
    return (bt_sky_spot){s->at[i], s->row_part[i], s->column_part[i], s->phase[i]};
}
static inline bt_disc_place bt_sky_picks_sun(const bt_sky_picks *p, uint32_t i)
{
    return (bt_disc_place){p->sun_x[i], p->sun_y[i], p->sun_along[i]};
}
static inline bt_sky_picked bt_sky_picks_sky(const bt_sky_picks *p, uint32_t i)
{
    return (bt_sky_picked){p->spots.x[i], p->spots.y[i], p->spots.z[i], p->pdf[i]};
}

#endif
