// eye_make.h: the eye (shaders/shared/eye.h) of a frame: from a view and a stage to what samples look
// through. Films and denoiser guides take theirs from here, so that both see through the same lens,
// pupil and pane at the same times. Include last: it brings portable.h's macros.
#ifndef BT_RENDER_EYE_MAKE_H
#define BT_RENDER_EYE_MAKE_H

#include "engine/render/internal.h"

#include "shaders/shared/eye.h"

// Cells of wavelengths, equally likely: as what all bands together answer to sunlight, with a little
// everywhere they answer at all.
void bt_wavelength_limits(const bt_renderer *renderer, const bt_view *view,
                          float limits_nm[BT_WAVELENGTH_CELLS + 1]);

typedef struct bt_aim {
    const bt_stage *stage;
    const bt_view *view;
    bt_time_ns label_time_ns;
    uint64_t seed, frame;
    uint32_t first_samples; // of a pixel, stratified together
    bool fog_exact;
    const float *limits_nm; // bt_wavelength_limits
} bt_aim;

// Without a lattice. Borrows all of the aim's.
bt_eye bt_eye_make(const bt_aim *aim);

// Points the eye at a lattice of `columns` x `rows` of the film's pixels from (left, top) on, and
// fills it: its owner is the caller.
void bt_eye_fill_lattice(bt_eye *eye, int left, int top, int columns, int rows, bt_seen *lattice);

#endif
