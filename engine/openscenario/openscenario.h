// openscenario.h: ASAM OpenSCENARIO XML 1.0 to 1.3, read into a story (engine/story/story.h).
//
// Expat does the parsing (engine/road/xml.h: bounded, no entities). Parameters and expressions are
// resolved while reading, catalogs are read from the folders the file names. Every element is
//
//   supported   does what the standard says
//   ignored     has no effect here; the run goes on without it
//   refused     cannot be left out without telling another story: the file is not run
//
// and bt_openscenario.elements lists how often each of them occurs, with attributes that nobody reads. What is not specified by the standard
// (how a distance is kept, how a synchronisation is approached) is the player's: engine/story/action.c.
//
// Ownership: bt_openscenario owns all, texts live in its story's arena.
#ifndef BT_OPENSCENARIO_OPENSCENARIO_H
#define BT_OPENSCENARIO_OPENSCENARIO_H

#include "engine/story/story.h"

#define BT_OSC_MAX_BYTES ((size_t)16 << 20) // of the file and of each catalog
#define BT_OSC_PATH_MAX 1024

// A declared parameter: what may be set from outside.
typedef struct bt_osc_parameter {
    const char *name, *type; // type as in the file: "double", "string", ...
    const char *value;       // in effect
} bt_osc_parameter;

typedef enum bt_osc_verdict { BT_OSC_SUPPORTED, BT_OSC_IGNORED, BT_OSC_REFUSED } bt_osc_verdict;

typedef struct bt_osc_element {
    const char *name;   // "Element", or "Element@attribute" of those that nobody reads
    uint32_t counts[3]; // by verdict
    uint32_t line;      // of the first that is not supported
    const char *reason; // of that, "" when all are supported
} bt_osc_element;

// What the sky is to be like; NAN: not said.
typedef struct bt_osc_weather {
    double sun_azimuth_rad; // as the file: 0 north, clockwise
    double sun_elevation_rad;
    double cloud; // 0 to 1
    double fog_range_m;
    double rain_mm_h, snow_mm_h;
    double wetness; // 0 to 1
    double hour;    // of the day, as TimeOfDay says
} bt_osc_weather;

// Vehicles that are to be round the ego.
typedef struct bt_osc_traffic {
    uint32_t vehicles;
    double radius_m;
} bt_osc_traffic;

typedef struct bt_openscenario {
    bt_story *story;
    uint32_t major, minor;
    const char *description;
    char map[BT_OSC_PATH_MAX]; // beside the file, as it names it
    bt_osc_weather weather;
    bt_osc_traffic traffic;
    bt_osc_parameter *parameters;
    size_t parameter_count, parameter_capacity;
    bt_osc_element *elements; // and attributes without effect, in order of their names
    size_t element_count, element_capacity;
} bt_openscenario;

// A value given from outside for a declared parameter.
typedef struct bt_osc_setting {
    const char *name, *value;
    bool used;
} bt_osc_setting;

typedef struct bt_osc_desc {
    const char *path;
    bt_osc_setting *settings; // `used` is set
    size_t setting_count;
    bool only_coverage; // refused elements are listed, they do not fail the reading
} bt_osc_desc;

BT_CHECKED bt_status bt_openscenario_load(const bt_osc_desc *desc, bt_openscenario **scenario);
// The same of bytes in memory; `path` stands for them in messages, catalogs are looked for beside it.
BT_CHECKED bt_status bt_openscenario_parse(const bt_osc_desc *desc, const char *bytes, size_t count,
                                           bt_openscenario **scenario);
void bt_openscenario_destroy(bt_openscenario *scenario); // NULL is fine
// Has the name of an OpenSCENARIO file (.xosc)?
bool bt_openscenario_is_name(const char *path);

// ---- expressions ------------------------------------------------------------------------------
// "${...}" as in OpenSCENARIO 1.3, 9.2: + - * / %, power by pow, not, and, or, comparisons, functions round floor
// ceil sqrt pow sin cos tan asin acos atan sign abs max min, the constant pi; $names are looked up.
// False: not an expression, with the reason in `why`.
typedef const char *(*bt_osc_lookup)(void *context, const char *name);
bool bt_osc_evaluate(const char *text, bt_osc_lookup lookup, void *context, double *value,
                     const char **why);

#endif
