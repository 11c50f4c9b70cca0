// ahead.h: the next window of an endless world with its leg, made on a thread of its own while the run goes on.
//
// What is made follows from the place and from the leg before alone, and it is taken when the ego comes to the place:
// a run's bytes are the same whether it was ready long before or is waited for.
//
// Ownership: who takes window, leg or map_json sets them to zero; the rest goes with bt_ahead_drop. Threads: one uses it; the
// other it has itself. The leg before and the scenario stay as they are until then.
#ifndef BT_APP_AHEAD_H
#define BT_APP_AHEAD_H

#include "engine/app/leg.h"
#include "engine/core/task.h"
#include "procedural/roads/window.h"

typedef struct bt_ahead {
    bt_leg_desc leg_desc;
    const bt_world_folder *folder; // of the tiles; NULL: they are made
    const bt_leg *before;
    double x_m, y_m, along_m; // where the ego is expected, and how far along its way
    bt_task *task;            // NULL: it has ended, or not begun
    bool begun;
    // when it has ended
    bt_window *window;
    bt_leg leg;     // prepared
    char *map_json; // of its lanes, for the clip; NULL without light
    size_t map_json_bytes;
    bt_route_part part;
    bt_input_list inputs;
    double made_s; // of processor
} bt_ahead;

// The window round a place, of a scenario whose map is endless, and what of the world that is.
BT_CHECKED bt_status bt_ahead_open_window(const bt_scenario *scenario,
                                          const bt_world_folder *folder, double x_m, double y_m,
                                          bt_window **window);
bt_route_part bt_ahead_part(const bt_window *window);

// Begins on a thread, with leg_desc (its inputs and part are set here), folder, before and the place filled in.
BT_CHECKED bt_status bt_ahead_begin(bt_ahead *ahead);
// Waits for it; what has not begun is made now, on this thread.
BT_CHECKED bt_status bt_ahead_end(bt_ahead *ahead);
// Stops it and forgets what there is; a zeroed one is fine.
void bt_ahead_drop(bt_ahead *ahead);

// The first place on the ego's way with which the window would move. False: there is none, as far as the way is known and
// a car can come before end_ns.
bool bt_ahead_foresee(const bt_window *window, const bt_leg *leg, const bt_state *state,
                      bt_time_ns end_ns, bt_ahead *ahead);

#endif
