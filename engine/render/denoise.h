// denoise.h: takes Monte-Carlo noise out of a film before a sensor reads it. Off unless asked for:
// what it makes is smoother than light, and a clip that used it says so in its settings.
//
// The method is that of Bitterli, Rousselle, Moon et al. 2016, "Nonlinearly weighted first-order
// regression for denoising Monte Carlo renderings", on one film with variances instead of two half
// films: radiance over albedo is regressed on normal, nearness and albedo in a window about each
// pixel, weighted by non-local means (Rousselle, Knaus, Zwicker 2012, "Adaptive rendering with
// non-local means filtering"), and each pixel is the weighted mean of what all models near it say
// (collaborative). Two strengths are made; Stein's unbiased risk estimate (Li, Wu, Chuang 2012,
// "SURE-based optimization for adaptive sampling and reconstruction") picks between them.
//
// Neighbours must be independent: true of films, each of whose samples goes into one pixel.
// Glints, more than 20 times as bright as what is about them, are no noise: what they have above that is
// put back as it was.
// What no variance covers is kept: a region of variance 0 keeps its bytes. A pixel that is not a
// number is filled in from its neighbours. Detail that is neither in the guides nor above the noise
// is lost: faint reflections, soft caustics, thin shadows.
//
// Threads: uses the pool given; the same bytes for any number of threads.
#ifndef BT_RENDER_DENOISE_H
#define BT_RENDER_DENOISE_H

#include "engine/render/guides.h"

#define BT_DENOISER_NAME "nfor-sure-2" // for metadata; another number gives other pictures

typedef struct bt_denoise_settings {
    uint32_t radius_px;  // of the window; 0: 7; at most 15
    bool keep_fireflies; // else a pixel that its own variance doubts, more than twice as bright as
                         // the third brightest within 2 px, is lowered to that: a bias, downwards
} bt_denoise_settings;

// The variance of `out` is what is left of the noise: that of its estimate, from above as far as
// the weights are free of it; what was smoothed away (bias) is not in it. `out` may be `noisy`.
// Films of 1 to 4 bands; all of one size. Exposure planes are denoised one by one, with guides of all
// the time that any is open. settings NULL: defaults.
BT_CHECKED bt_status bt_denoise(const bt_film *noisy, const bt_guides *guides,
                                const bt_denoise_settings *settings, bt_jobs *jobs, bt_film *out);

#endif
