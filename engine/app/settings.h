// settings.h: `--set KEY=VALUE` on the command line, `setting(KEY, default)` in a scenario.
//
// A scenario declares what may be set by asking for it; a key that was given but never asked for is
// an error that lists what could be set.
#ifndef BT_APP_SETTINGS_H
#define BT_APP_SETTINGS_H

#include "engine/script/script.h"

#define BT_SETTINGS_MAX 32

typedef struct bt_setting {
    const char *key, *value; // point into the command line
    bool used;
} bt_setting;

typedef struct bt_settings {
    bt_setting given[BT_SETTINGS_MAX];
    size_t given_count;
    char declared[BT_SETTINGS_MAX][64]; // what the scenario asked for, in that order
    size_t declared_count;
} bt_settings;

// Takes "KEY=VALUE"; the argument is changed in place and must outlive the settings.
BT_CHECKED bt_status bt_settings_add(bt_settings *settings, char *argument);
// Opens the global function `setting` in a script; `settings` outlives the script.
void bt_settings_open(bt_settings *settings, bt_script *script);
// Fails when something was given that nobody asked for.
BT_CHECKED bt_status bt_settings_check(const bt_settings *settings);

#endif
