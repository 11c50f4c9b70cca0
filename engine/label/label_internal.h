// label_internal.h: what the label files of this folder share: rays of rows, landing points.
#ifndef BT_LABEL_LABEL_INTERNAL_H
#define BT_LABEL_LABEL_INTERNAL_H

#include "engine/label/label_images.h"

#include <stdbool.h>

// The camera in the middle of one row's exposure.
typedef struct label_row {
    float u;                // normalised time in the snapshot
    bt_snapshot_key camera; // snapshot_from_cam
} label_row;

// `row` may lie beyond the image: then the nearest instant of the snapshot is taken.
label_row label_row_at(const bt_snapshot *snapshot, const bt_view *view, bt_time_ns label_time_ns,
                       double row);

// Something whose place depends on the time, in the snapshot's frame.
typedef void (*label_place_fn)(const void *context, const label_row *row, float pos[3]);

// Lands it on the picture: its row sets the time, the time its place, so the row is sought by
// repetition from first_row. False: outside the lens's field.
bool label_land(const bt_snapshot *snapshot, const bt_view *view, bt_time_ns label_time_ns,
                double first_row, label_place_fn place, const void *context, double *x_px,
                double *y_px);

// First surface along a ray of the snapshot's frame, through the carrier's own thin glass. The hit's
// distance is from `origin`. False: sky.
bool label_trace(const bt_label_frame *frame, const float origin[3], const float dir[3], float u,
                 bt_surface_hit *hit);

#endif
