// shot.h: a frame of film while it is sampled: by all threads (shot_tiles.c) or on a device (shot_device.c), round by
// round as render_film.c says. Internal to the room.
#ifndef BT_RENDER_SHOT_H
#define BT_RENDER_SHOT_H

#include "engine/core/jobs.h"
#include "engine/render/eye_make.h"
#include "engine/render/internal.h"

typedef struct bt_shot {
    const bt_stage *stage;
    bt_path_setup setup;
    const bt_view *view;
    bt_eye eye;       // asks for limits_nm and looks through the lattice
    bt_seen *lattice; // ((height + 2 margins) x (width + 2 margins))
    bt_tally tally;
    bt_ray_log *log;
    uint32_t samples; // of a pixel: at most; by need: on average
    bool by_need;
    uint32_t first; // that every pixel gets in the first round
    uint32_t width_px, height_px;
    bool *unfinished;          // (height): a pixel of this row wants more samples
    uint32_t planes, channels; // channels: planes x bands
    bt_exposures exposures;
    float limits_nm[BT_WAVELENGTH_CELLS + 1]; // cells of wavelengths, equally likely
    struct bt_shot_tile *tiles;               // (workers) shot_tiles.c
} bt_shot;

// What a sample is worth in each exposure plane: a matter of when its ray was sent.
const float *bt_shot_weights(const bt_shot *shot, uint32_t x, uint32_t y, uint32_t number);
// Rates of all channels from those of the bands. `rates` has BT_MAX_CHANNELS, zero to begin with, and stays so
// past the channels: bands beyond the view's are zero.
void bt_shot_spread(const bt_shot *shot, float4 bands, const float *weight, float *rates);

// Takes what each pixel is short of. Tiles are to be made before the first round, and freed by bt_free.
BT_CHECKED bt_status bt_shot_make_tiles(uint32_t workers, struct bt_shot_tile **tiles);
BT_CHECKED bt_status bt_shot_sample_tiles(bt_shot *shot, bt_jobs *jobs);
// The same on the stage's device.
BT_CHECKED bt_status bt_shot_sample_on_device(bt_shot *shot, bt_jobs *jobs);

#endif
