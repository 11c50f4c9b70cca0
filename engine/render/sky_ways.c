// sky_ways.c: see sky_ways.h: loops in a file of their own, which the compiler takes many turns of at once.
#include "engine/render/sky_ways.h"

void bt_sky_spots_find(bt_sky_spots *restrict spots, const bt_sky *sky)
{
    float side_x = sky->day.side[0], side_y = sky->day.side[1], g = sky->aerosol_g;
    float sun_x = sky->day.dir[0], sun_y = sky->day.dir[1], sun_z = sky->day.dir[2];
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++) {
        float x = spots->x[i], y = spots->y[i], z = spots->z[i];
        float cosine = (x * sun_x + y * sun_y) + z * sun_z; // dot3
        bt_sky_spot spot = bt_sky_spot_at(side_x, side_y, x, y, z, cosine, g);
        spots->at[i] = spot.at;
        spots->row_part[i] = spot.row_part;
        spots->column_part[i] = spot.column_part;
        spots->phase[i] = spot.phase;
    }
}

void bt_sky_turns_find(bt_sky_spots *restrict spots, const bt_sky *sky)
{
    float side_x = sky->day.side[0], side_y = sky->day.side[1];
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++)
        spots->turn[i] = bt_sky_turn(side_x, side_y, spots->x[i], spots->y[i]);
}

void bt_sky_picks_find(bt_sky_picks *restrict picks, const bt_sky *sky, const float *pick)
{
    float side_x = sky->day.side[0], side_y = sky->day.side[1], height = sky->sun_height;
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++) {
        bt_disc_place at = bt_disc_sample(height, picks->sun_u0[i], picks->sun_u1[i]);
        picks->sun_x[i] = at.x;
        picks->sun_y[i] = at.y;
        picks->sun_along[i] = at.along;
    }
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++) {
        bt_sky_picked at = bt_sky_pick_at(pick, side_x, side_y, picks->sky_u0[i], picks->sky_u1[i]);
        picks->spots.x[i] = at.x;
        picks->spots.y[i] = at.y;
        picks->spots.z[i] = at.z;
        picks->pdf[i] = at.pdf;
    }
    bt_sky_spots_find(&picks->spots, sky);
}
