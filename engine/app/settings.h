// settings.h: what of a scenario may be set from outside, by name: settings and distributions.
//
// A scenario declares what may be set by asking for it:
//
//   setting(NAME, default)              what `--set NAME=VALUE` gave, as the kind of the default
//   uniform(NAME, low, high)            else drawn evenly
//   normal(NAME, mean, sigma[, low, high])   else drawn from a normal distribution, cut there
//   choice(NAME, { a, b, c })           else one of the list
//
// A draw is a function of the scenario's seed and the name alone: another one added changes no other. A name that
// was given but never asked for is an error that lists what could be set; so is a value outside of a
// distribution's range. clip.json has all of them as they were in effect.
#ifndef BT_APP_SETTINGS_H
#define BT_APP_SETTINGS_H

#include "engine/script/script.h"

#define BT_SETTINGS_MAX 64
#define BT_PARAMETER_NO_CUT 1e300 // the end of a normal distribution that goes on for ever

typedef struct bt_setting {
    const char *key, *value; // point into the command line
    bool used;
} bt_setting;

typedef enum bt_parameter_kind {
    BT_PARAMETER_SETTING,
    BT_PARAMETER_UNIFORM,
    BT_PARAMETER_NORMAL,
    BT_PARAMETER_CHOICE,
} bt_parameter_kind;
extern const char *const bt_parameter_kind_names[]; // "setting", "uniform", ...

// What a scenario asked for.
typedef struct bt_parameter {
    char name[64];
    bt_parameter_kind kind;
    bool is_number;     // of setting and choice
    double low, high;   // of uniform and normal; normal: -+BT_PARAMETER_NO_CUT where it is not cut
    double mean, sigma; // of normal
    char choices[256];  // of choice, with commas
    char value[128];    // in effect
    bool given;         // from outside
} bt_parameter;

typedef struct bt_settings {
    bt_setting given[BT_SETTINGS_MAX];
    size_t given_count;
    uint64_t seed;                          // of the draws
    bt_parameter declared[BT_SETTINGS_MAX]; // in the order in which the scenario asked
    size_t declared_count;
} bt_settings;

// Takes "KEY=VALUE"; the argument is changed in place and must outlive the settings.
BT_CHECKED bt_status bt_settings_add(bt_settings *settings, char *argument);
// Opens the global functions in a script; `settings` outlives the script. What was declared before is
// forgotten.
void bt_settings_open(bt_settings *settings, bt_script *script, uint64_t seed);
// Fails when something was given that nobody asked for.
BT_CHECKED bt_status bt_settings_check(const bt_settings *settings);

#endif
