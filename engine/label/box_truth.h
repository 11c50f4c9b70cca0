// box_truth.h: what one camera sees of each actor: boxes, visible pixels, occlusion, truncation.
//
// Boxes are edges in pixels, the first pixel spanning -0.5 to 0.5.
//   visible    around the actor's pixels in the instance image
//   amodal     around all its vertices, hidden or outside the image or not, each projected at the
//              time of the row it lands in; what lies beyond the lens's field is cut at its edge
//   pixels     visible: in the instance image; amodal: those its surfaces would have if it were
//              alone, counted with a stage that holds only it
//   occluded   1 - visible / amodal pixels inside the image
//   truncated  share of amodal pixels outside the image, on the pixel grid continued beyond it to
//              the edge of the lens's field (sampled when more than 16384 pixels lie there); rows
//              beyond the image are seen at the time of the nearest instant of the snapshot
#ifndef BT_LABEL_BOX_TRUTH_H
#define BT_LABEL_BOX_TRUTH_H

#include "engine/label/label_images.h"

#include <stdbool.h>

typedef struct bt_box {
    double x0, y0, x1, y1;
} bt_box;

typedef struct bt_box_truth {
    bool in_field; // some of it can be projected: `amodal` is valid
    bt_box amodal_px;
    bt_box visible_px; // valid when visible_count > 0
    uint64_t visible_count;
    uint64_t amodal_count; // inside the image
    double occluded;       // 0..1; NaN when amodal_count is 0
    double truncated;      // 0..1; NaN when no amodal pixel exists, in or out
} bt_box_truth;

// `truths` has one per actor of the world; the carrier's own is left empty. `images` are the
// frame's own. The renderer makes one small stage per actor in the field.
BT_CHECKED bt_status bt_box_truth_measure(bt_renderer *renderer, const bt_label_frame *frame,
                                          const bt_label_images *images, bt_jobs *jobs,
                                          bt_box_truth *truths);

// Where a point of an instance (mesh frame, scale not applied) lands, at the time of the row it lands
// in. False: outside the lens's field.
bool bt_label_project(const bt_snapshot *snapshot, const bt_view *view, bt_time_ns label_time_ns,
                      uint32_t instance, const float pos_mesh[3], double *x_px, double *y_px);

#endif
