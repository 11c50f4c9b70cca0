// guides.h: what a denoiser is told besides the light: albedo, normal and nearness of each pixel.
//
// Means over the same reconstruction filter, shutter, lens, pupil and glass before the camera as the
// film's (eye_make.h), each with the variance of that mean: a thing out of focus is as wide in both, and
// what a pane shifts is shifted in both. What no light comes from counts as sky. Rows top down, pixels left to right, channels innermost.
//
//   albedo    0..1 per band of the film: reflectance of the first surface that is not a pane,
//             weighted by the band's response; 1 where there is none (sky)
//   normal    of that surface, facing the camera, in the camera's frame at that moment; 0: none
//   nearness  1 / distance, m^-1: linear in the picture on a plane, and 0 for the sky
//
// Fog counts as white and as near as its mean free path, by its share of what is seen: divided by the albedo of what it
// hides its light would be as varied as that, and what it nearly hides would still be told apart by its nearness.
#ifndef BT_RENDER_GUIDES_H
#define BT_RENDER_GUIDES_H

#include "engine/render/render.h"

#define BT_GUIDE_ALBEDO 0 // + band, up to four
#define BT_GUIDE_NORMAL 4 // + axis
#define BT_GUIDE_NEARNESS 7
#define BT_GUIDE_CHANNELS 8

typedef struct bt_guides {
    uint32_t width_px, height_px;
    float *mean;     // (height x width x BT_GUIDE_CHANNELS)
    float *variance; // (height x width x BT_GUIDE_CHANNELS)
} bt_guides;

BT_CHECKED bt_status bt_guides_create(uint32_t width_px, uint32_t height_px, bt_guides **guides);
void bt_guides_destroy(bt_guides *guides); // NULL is fine

// Traces `samples` (0: 16) camera rays per pixel. Writes every pixel; guides and view are of one
// size. The same inputs give the same bytes for any number of threads.
BT_CHECKED bt_status bt_guides_trace(const bt_stage *stage, const bt_view *view,
                                     bt_time_ns label_time_ns, uint32_t samples, uint64_t seed,
                                     bt_jobs *jobs, bt_guides *guides);

#endif
