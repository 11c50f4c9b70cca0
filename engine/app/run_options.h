// run_options.h: the command line of `blacktop run`.
#ifndef BT_APP_RUN_OPTIONS_H
#define BT_APP_RUN_OPTIONS_H

#include "engine/app/scenario.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct bt_run_options {
    const char *scenario;
    const char *out;
    bt_settings settings;
    bool has_seed;
    uint64_t seed;
    bool has_frames;
    uint64_t first_frame, last_frame; // inclusive
    uint32_t samples;                 // 0: the scenario's
    bool has_sensor_share;
    double sensor_share; // engine/render/render.h
    bool by_need;
    uint32_t width_px, height_px; // 0: the sheet's
    const char *cameras;          // comma-separated names; NULL: all
    uint32_t labels;              // bits of bt_label (engine/label/clip.h)
    bool images;                  // 8-bit images besides raw
    bool reads;                   // each read of a sensor that fuses several, besides raw
    bool ahead;                   // the next window of endless roads is made while the run goes on
    bool denoise;                 // even where the scenario does not
    bool has_backend;             // `backend` instead of the scenario's
    bt_backend backend;
    uint32_t threads;      // 0: all
    const char *autopilot; // NULL: the scenario's
    bool quiet;
    bool help;
} bt_run_options;

// argv[0] is "run". Strings point into argv.
BT_CHECKED bt_status bt_run_options_parse(int argc, char **argv, bt_run_options *options);
// True when a comma-separated list (NULL: everything) holds the name.
bool bt_list_holds(const char *list, const char *name);

extern const char bt_run_help[];

#endif
