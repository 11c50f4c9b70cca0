// scenario_internal.h: what the readers of a scenario file share.
#ifndef BT_APP_SCENARIO_INTERNAL_H
#define BT_APP_SCENARIO_INTERNAL_H

#include "engine/app/scenario.h"
#include "engine/script/script.h"

typedef struct scenario_reading {
    bt_script *script;
    const char *path;
    bool lamps_lit; // of the scenario
} scenario_reading;

void scenario_copy_text(bt_table *table, const char *key, const char *text, char *out, size_t size);
// A file named in the scenario, looked for beside it and among the assets.
void scenario_read_file_name(const scenario_reading *in, bt_table *table, const char *key,
                             const char *fallback, char *out, size_t size);
// An .xosc file (scenario_xosc.c).
BT_CHECKED bt_status scenario_load_openscenario(const char *path, const char *assets,
                                                bt_settings *settings, const uint64_t *seed,
                                                bt_scenario *scenario);
// Who is in it (scenario_actors.c).
void scenario_read_vehicle(const scenario_reading *in, bt_table *table, bt_scenario_actor *actor);
void scenario_read_actors(const scenario_reading *in, bt_table *root, bt_scenario *scenario);

#endif
