// rehearsal.h: a scenario without light: who goes where, and how it ends. Fast: for authors, searches, tests.
//
// The same world, autopilot, story and judge as a run; no cameras, no scenery, no clip. An autopilot that looks
// through cameras gets no frames.
#ifndef BT_APP_REHEARSAL_H
#define BT_APP_REHEARSAL_H

#include "engine/app/scenario.h"
#include "engine/link/link.h"

#include <stdio.h>

typedef struct bt_rehearsal_desc {
    const bt_scenario *scenario;
    const char *assets;
    const char *autopilot; // NULL: the scenario's
    double seconds;        // 0: the scenario's
    FILE *csv;             // places of everybody; NULL: none
    double csv_step_s;     // between its rows; 0: every step
    bool no_ahead;         // see bt_production_desc
} bt_rehearsal_desc;

typedef struct bt_rehearsal_result {
    bt_verdict_kind verdict; // RUNNING: none within the seconds
    bool passed;
    double end_s;
    char other[64];               // whom a collision was with
    uint32_t events;              // of the story, that started
    double travelled_m;           // by the ego
    uint32_t windows;             // of an endless world, after the first
    uint32_t ahead;               // of these, made while the run went on
    double stood_s, stood_most_s; // still at their borders: in all, at one
    uint8_t digest[32];           // of simulation and story at the end
} bt_rehearsal_result;

BT_CHECKED bt_status bt_rehearse(const bt_rehearsal_desc *desc, bt_rehearsal_result *result);

#endif
