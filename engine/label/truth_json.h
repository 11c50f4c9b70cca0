// truth_json.h: the lines of truth.jsonl. For this folder only.
#ifndef BT_LABEL_TRUTH_JSON_H
#define BT_LABEL_TRUTH_JSON_H

#include "engine/label/clip.h"
#include "engine/label/json_out.h"

// The world at a label time: ego, actors, signals; with an empty object "cameras". `crash` of an actor: null until it
// has crashed, then its hardest impact so far (closing_m_s, delta_v_m_s, impulse_ns: engine/sim/sim.h; with: id, name and class of whom or what, null when that is not known).
BT_CHECKED bt_status truth_world(json_maker *maker, const bt_world *world, const bt_track *track,
                                 bt_time_ns time_ns, json_t **line);

typedef struct truth_frame {
    const bt_clip_frame *frame;
    const bt_view *view;
    const bt_label_images *images; // NULL: no 2-D truth
    const bt_box_truth *boxes;     // (actors), with images
    uint32_t carrier;
} truth_frame;

// What one camera adds to a line.
BT_CHECKED bt_status truth_camera(json_maker *maker, const truth_frame *frame, json_t **camera);

// "brake", "signal_red", ...; NULL: no such lamp. `bit` counts from 0.
const char *truth_lamp_name(uint32_t bit);
const char *truth_channel_name(uint32_t channel);

#endif
