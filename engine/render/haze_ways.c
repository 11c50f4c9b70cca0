// haze_ways.c: see haze_ways.h: one loop in a file of its own, which the compiler takes sixteen at once.
#include "engine/render/haze_ways.h"

void bt_haze_ways_find(bt_haze_ways *restrict ways, float aerosol_g)
{
    for (uint32_t i = 0; i < BT_HAZE_WAYS; i++) {
        bt_haze_way way = bt_haze_way_along(ways->z_m[i], ways->rise[i], ways->distance_m[i],
                                            ways->cosine[i], aerosol_g);
        ways->air_m[i] = way.air_m;
        ways->aerosol_m[i] = way.aerosol_m;
        ways->air_phase[i] = way.air_phase;
        ways->aerosol_phase[i] = way.aerosol_phase;
    }
}
