// label_images.h: what every pixel of one frame is of: depth, normal, flow, instance, class.
//
// A label is that of the one ray through the pixel's centre (the lens's inverse) in the middle of
// the pixel's own exposure (its row's), in the same stage that the picture is rendered from. The
// ray passes through thin glass of the car that carries the camera (its windshield), through
// nothing else: a label names the first surface, be it glass or a leaf.
//
// Planes are rows top down, pixels left to right:
//   depth_z   along the camera's z axis, metres; sky: +infinity
//   depth_d   along the ray (Euclidean), metres; sky: +infinity
//   normal_*  geometric, unit, towards the camera, camera frame (x right, y down, z forward); sky: 0
//   flow_*    pixels: where the same surface point is in the next frame, at the time of the row
//             it lands in, minus here. The sky is at infinity: camera rotation only. NaN where
//             the point lies outside the lens's field next time; a point that only leaves the image
//             keeps its vector.
//   instance  object id (world.h); 0: no identity (road, ground, sky)
//   semantic  bt_class; sky is BT_CLASS_SKY
// Outside the lens's field (corners of a fisheye): depth, normal and flow NaN, instance 0, semantic
// BT_CLASS_NONE.
//
// Threads: rows go to the pool given; the same inputs give the same bytes for any number.
#ifndef BT_LABEL_LABEL_IMAGES_H
#define BT_LABEL_LABEL_IMAGES_H

#include "engine/core/jobs.h"
#include "engine/render/render.h"

typedef struct bt_label_images {
    uint32_t width_px, height_px;
    float *depth_z_m, *depth_d_m; // (height x width) each, as all below
    float *normal_x, *normal_y, *normal_z;
    float *flow_x_px, *flow_y_px;
    uint16_t *instance;
    uint8_t *semantic;
} bt_label_images;

typedef struct bt_label_frame {
    const bt_stage *stage;       // of `snapshot`, everything in it
    const bt_snapshot *snapshot; // spans the frame's interval (bt_view_interval_ns)
    const bt_snapshot *next;     // the next frame's; NULL: flow is NaN
    const bt_view *view;
    bt_time_ns label_time_ns, next_label_time_ns;
    uint32_t carrier; // the actor that carries the camera; BT_NO_INDEX: none
} bt_label_frame;

// Allocates all planes; on failure *images is empty.
BT_CHECKED bt_status bt_label_images_init(bt_label_images *images, uint32_t width_px,
                                          uint32_t height_px);
void bt_label_images_clear(bt_label_images *images);
// Writes every pixel; sizes must be the view's.
BT_CHECKED bt_status bt_label_images_render(bt_label_images *images, const bt_label_frame *frame,
                                            bt_jobs *jobs);

#endif
