// scenario.h: what a scenario file says, as plain data. The file is Lua and returns one table; the
// README of scenarios/ lists its keys. Degrees there, radians here.
//
// Ownership: strings and arrays belong to the scenario until bt_scenario_clear.
#ifndef BT_APP_SCENARIO_H
#define BT_APP_SCENARIO_H

#include "procedural/roads/road_make_lua.h"
#include "engine/app/settings.h"
#include "engine/math/pose.h"
#include "engine/scene/gltf.h"
#include "engine/scene/spec.h"
#include "engine/sim/sim.h"
#include "engine/story/story.h"
#include "sensors/camera/control/exposure_plan.h"

#include <stdbool.h>
#include <stdint.h>

#define BT_PATH_MAX 1024
#define BT_SCENARIO_MAX_CAMERAS 16
#define BT_SCENARIO_MAX_ACTORS 512
#define BT_SCENARIO_MAX_WAYPOINTS 64
#define BT_SCENARIO_MAX_SCENERY 64

// A place on the road network: by road id, station and lane (or lateral offset t).
typedef struct bt_place {
    bool given;
    char road[64];
    double s_m;
    int32_t lane;
    double t_m; // for walkers
} bt_place;

typedef struct bt_scenario_camera {
    char name[64];
    char sheet[BT_PATH_MAX];      // resolved
    char windshield[BT_PATH_MAX]; // resolved; "": none
    bt_pose vehicle_from_cam;
    double rate_hz;
    bt_exposure_plan plan; // how its exposure goes
    bool dng;              // frames as Digital Negatives too
} bt_scenario_camera;

typedef enum bt_scenario_actor_kind {
    BT_SCENARIO_VEHICLE,
    BT_SCENARIO_PEDESTRIAN,
    BT_SCENARIO_DOG,
    BT_SCENARIO_DEER,
    BT_SCENARIO_MOOSE,
    BT_SCENARIO_THING,
} bt_scenario_actor_kind;

typedef enum bt_scenario_thing {
    BT_SCENARIO_BOX,
    BT_SCENARIO_CONE,
    BT_SCENARIO_BARRIER,
    BT_SCENARIO_BIN,
    BT_SCENARIO_SNOW, // a lump of it, or of ice
    BT_SCENARIO_ICE,
} bt_scenario_thing;

typedef struct bt_scenario_actor {
    char name[64];
    bt_scenario_actor_kind kind;
    char vehicle[BT_PATH_MAX]; // resolved sheet; vehicles
    bool has_color;
    double color[3]; // sRGB
    bt_place start, goal;
    double goal_after_m; // of the ego: a goal by the way driven; 0: none
    double lateral_m;
    double speed_m_s, desired_speed_m_s;
    bt_driver driver;
    bool parked;
    bool emergency;    // drives under siren
    uint32_t lamps;    // lit all the time: bits of bt_lamp
    double height_m;   // walkers; 0: that of one of the bodies of which traffic is made
    bool careless;     // steps onto the road without looking
    bt_gear_kind gear; // of a pedestrian
    bt_place path[BT_SCENARIO_MAX_WAYPOINTS];
    size_t path_count;
    bool path_loop;
    double start_s;       // when a walker sets off
    uint32_t story_actor; // index in the scenario's story
    bool led;             // moved by it, from start_spot on
    uint32_t start_spot;  // BT_STORY_NONE: the story has it among what it does first
    bt_scenario_thing thing;
    double size_m[3]; // things
    bool carried;     // it lies on another actor at the beginning
    uint32_t carrier; // in the story
} bt_scenario_actor;

typedef struct bt_scenario_traffic {
    uint32_t cars, trucks, parked, pedestrians, cyclists, dogs;
    double gear_share[BT_GEAR_KIND_COUNT]; // of the pedestrians
    double radius_m;
} bt_scenario_traffic;

typedef struct bt_scenario_surroundings {
    int style; // bt_land_use
    double density;
    bool plants, buildings;
} bt_scenario_surroundings;

// A glTF file that stands in the world.
typedef struct bt_scenario_scenery {
    char gltf[BT_PATH_MAX]; // resolved
    bt_gltf_place place;
} bt_scenario_scenery;

// Where light is traced: by Embree, by a Vulkan device's kernels, or with its own ray tracing besides.
typedef enum bt_backend {
    BT_BACKEND_CPU,
    BT_BACKEND_VULKAN,
    BT_BACKEND_VULKAN_RT,
    BT_BACKENDS
} bt_backend;
extern const char *const bt_backend_names[BT_BACKENDS + 1]; // the last is NULL

typedef struct bt_scenario {
    char title[128];
    uint64_t seed;
    double duration_s;
    uint32_t crashes; // that it means to have, for audits
    char map[BT_PATH_MAX]; // resolved; of a generated map: what it is, for messages
    bool map_made;         // else it is a file
    bt_road_make make;     // of a generated map
    bt_weather weather;
    bool lamps_lit; // low beams and tail lamps of all that drive; else daytime lamps
    bt_scenario_actor ego;
    char autopilot[BT_PATH_MAX]; // resolved
    bt_scenario_traffic traffic;
    bt_scenario_surroundings surroundings;
    bt_scenario_camera cameras[BT_SCENARIO_MAX_CAMERAS];
    size_t camera_count;
    bt_scenario_actor *actors; // besides the ego and the traffic
    size_t actor_count;
    bt_story *story;        // everybody by name; what those who are led do. NULL: only_scene
    bool led;               // somebody is
    bool from_openscenario; // the story has everybody's beginning, the ego's too
    bt_scenario_scenery *scenery;
    size_t scenery_count;
    bool only_scene; // the scenery is all there is; the ego is a stand for cameras at its origin
    uint32_t samples, max_depth;  // 0: the renderer's
    double sensor_share;          // engine/render/render.h; 0: all samples everywhere
    bool by_need;                 // the same; samples are a pixel's mean
    bool steady_lamps;            // lamps shine with the mean of their flicker
    bool denoise;                 // engine/render/denoise.h
    bt_backend backend;           // where films are traced
    uint32_t width_px, height_px; // 0: the sheet's
} bt_scenario;

// Runs the file with the settings and reads its table; or reads an OpenSCENARIO file (.xosc), whose
// parameters are what may be set. `assets` is the asset folder; seed (when
// given) replaces the scenario's, also for math.random.
BT_CHECKED bt_status bt_scenario_load(const char *path, const char *assets, bt_settings *settings,
                                      const uint64_t *seed, bt_scenario *scenario);
void bt_scenario_clear(bt_scenario *scenario);

#endif
