// web_beam.h: what a light tree needs to know of a photometric web: where most of its light goes.
#ifndef BT_RENDER_WEB_BEAM_H
#define BT_RENDER_WEB_BEAM_H

#include <stdint.h>

// In the axes of the lamp's mesh. All directions with more than a twentieth of the peak lie within
// the cone. Every web has some stray light, so that no direction is ever left out.
typedef struct bt_web_beam {
    float axis[3]; // unit
    float cos_half;
    float beam_cd;  // mean over the directions above a twentieth of the peak
    float stray_cd; // mean over the others
} bt_web_beam;

// webs: the world's table.
bt_web_beam bt_web_beam_make(const float *webs, uint32_t web);

#endif
