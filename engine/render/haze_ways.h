// haze_ways.h: what haze does along many ways at once (sky.h), but for wavelengths.
#ifndef BT_RENDER_HAZE_WAYS_H
#define BT_RENDER_HAZE_WAYS_H

#include <stdint.h>

#include "shaders/shared/sky.h"

#define BT_HAZE_WAYS 16u

typedef struct bt_haze_ways {
    // of each way: where it begins and how far it goes; rise and cosine to the sun of its direction
    float z_m[BT_HAZE_WAYS], distance_m[BT_HAZE_WAYS], rise[BT_HAZE_WAYS], cosine[BT_HAZE_WAYS];
    // found: bt_haze_way
    float air_m[BT_HAZE_WAYS], aerosol_m[BT_HAZE_WAYS];
    float air_phase[BT_HAZE_WAYS], aerosol_phase[BT_HAZE_WAYS];
} bt_haze_ways;

// All of them: those that nobody set have to hold numbers.
void bt_haze_ways_find(bt_haze_ways *ways, float aerosol_g);

static inline bt_haze_way bt_haze_ways_at(const bt_haze_ways *ways, uint32_t i)
{
    return (bt_haze_way){ways->air_m[i], ways->aerosol_m[i], ways->air_phase[i],
                         ways->aerosol_phase[i]};
}

#endif
