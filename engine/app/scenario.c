// scenario.c: see scenario.h.
#include "engine/app/scenario_internal.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/openscenario/openscenario.h"
#include "engine/script/script.h"
#include "engine/story/story_lua.h"
#include "procedural/placement/surroundings.h"
#include "procedural/roads/road_make_lua.h"
#include "sensors/camera/camera_lua.h"

const char *const bt_backend_names[BT_BACKENDS + 1] = {"cpu", "vulkan", "vulkan-rt", NULL};

void scenario_copy_text(bt_table *table, const char *key, const char *text, char *out, size_t size)
{
    int written = snprintf(out, size, "%s", text);
    if (written < 0 || (size_t)written >= size)
        bt_table_fail(table, key, "longer than %zu letters", size - 1);
}

void scenario_read_file_name(const scenario_reading *in, bt_table *table, const char *key,
                             const char *fallback, char *out, size_t size)
{
    const char *name = bt_table_string(table, key, fallback);
    if (table->status != BT_OK) return;
    if (name[0] == '\0' || bt_script_find_file(in->script, name, out, size) != BT_OK)
        bt_table_fail(table, key, "%s", name[0] ? bt_error_message() : "expected a file name");
}

static void read_mount(bt_table *table, bt_pose *vehicle_from_cam)
{
    bt_table mount;
    *vehicle_from_cam = bt_camera_mount(2.0, 0.0, 1.4, 0.0, 0.0, 0.0);
    if (!bt_table_open(table, "mount", &mount)) return;
    if (bt_camera_mount_read(&mount, vehicle_from_cam) != BT_OK)
        *vehicle_from_cam = BT_POSE_IDENTITY; // the failure has gone up to the table
}

// Of a camera in a scene of its own: in the scene's axes.
static void read_pose(bt_table *table, bt_pose *world_from_cam)
{
    bt_table pose;
    *world_from_cam = bt_camera_mount(0.0, 0.0, 1.4, 0.0, 0.0, 0.0);
    if (!bt_table_open(table, "pose", &pose)) return;
    double x = bt_table_number(&pose, "x_m", 0.0, -1e5, 1e5);
    double y = bt_table_number(&pose, "y_m", 0.0, -1e5, 1e5);
    double z = bt_table_number(&pose, "z_m", BT_REQUIRED, -1e4, 1e5);
    double yaw = bt_table_number(&pose, "yaw_deg", 0.0, -360.0, 360.0);
    double pitch = bt_table_number(&pose, "pitch_deg", 0.0, -90.0, 90.0);
    double roll = bt_table_number(&pose, "roll_deg", 0.0, -360.0, 360.0);
    if (bt_table_end(&pose) == BT_OK)
        *world_from_cam = bt_camera_mount(x, y, z, yaw * BT_RAD_PER_DEG, pitch * BT_RAD_PER_DEG,
                                          roll * BT_RAD_PER_DEG);
}

static bool good_camera_name(const char *name)
{
    size_t count = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return count > 0 && count < sizeof((bt_scenario_camera *)0)->name && name[count] == '\0' &&
           name[0] != '-';
}

static void read_cameras(const scenario_reading *in, bt_table *root, bt_scenario *scenario)
{
    bt_table all;
    if (!bt_table_open(root, "cameras", &all)) {
        bt_table_fail(root, "cameras", "missing: { NAME = { sheet = , rate_hz = , ... } }");
        return;
    }
    const char *name;
    for (size_t i = 0; (name = bt_table_key(&all, i)) != NULL; i++) {
        bt_table table;
        if (i == BT_SCENARIO_MAX_CAMERAS || !good_camera_name(name)) {
            bt_table_fail(&all, name, "at most %d cameras, named by letters, digits, - and _",
                          BT_SCENARIO_MAX_CAMERAS);
            break;
        }
        if (!bt_table_open(&all, name, &table)) break;
        bt_scenario_camera *camera = &scenario->cameras[i];
        snprintf(camera->name, sizeof camera->name, "%s", name);
        scenario_read_file_name(in, &table, "sheet", "cameras/front_1mp.lua", camera->sheet,
                                sizeof camera->sheet);
        if (bt_table_string(&table, "windshield", "")[0] != '\0')
            scenario_read_file_name(in, &table, "windshield", "", camera->windshield,
                                    sizeof camera->windshield);
        camera->rate_hz = bt_table_number(&table, "rate_hz", 10.0, 0.1, 1000.0);
        bt_exposure_plan_read(&table, &camera->plan);
        camera->dng = bt_table_bool(&table, "dng", false);
        if (scenario->only_scene)
            read_pose(&table, &camera->vehicle_from_cam);
        else
            read_mount(&table, &camera->vehicle_from_cam);
        if (bt_table_end(&table) == BT_OK) scenario->camera_count++;
    }
    if (bt_table_end(&all) == BT_OK && scenario->camera_count == 0)
        bt_table_fail(root, "cameras", "expected at least one camera");
}

static void read_night(bt_table *table, bt_weather *weather)
{
    weather->moon_azimuth_rad =
        bt_table_number(table, "moon_azimuth_deg", 90.0, -360.0, 360.0) * BT_RAD_PER_DEG;
    weather->moon_elevation_rad =
        bt_table_number(table, "moon_elevation_deg", -90.0, -90.0, 90.0) * BT_RAD_PER_DEG;
    weather->moon_phase_rad =
        bt_table_number(table, "moon_phase_deg", 0.0, 0.0, 180.0) * BT_RAD_PER_DEG;
    weather->moon = weather->moon_elevation_rad > -89.0 * BT_RAD_PER_DEG;
    weather->hour = bt_table_number(table, "hour", 21.0, 0.0, 24.0);
    if (!(weather->hour > 0.0)) weather->hour = 24.0;
    weather->sky_glow_cd_m2 = 1e-3 * bt_table_number(table, "sky_glow_mcd_m2", 0.0, 0.0, 1000.0);
}

static void read_weather(bt_table *root, bt_weather *weather)
{
    bt_table table;
    *weather = (bt_weather){.sun_azimuth_rad = 230.0 * BT_RAD_PER_DEG,
                            .sun_elevation_rad = 40.0 * BT_RAD_PER_DEG};
    if (!bt_table_open(root, "weather", &table)) return;
    weather->sun_azimuth_rad =
        bt_table_number(&table, "sun_azimuth_deg", 230.0, -360.0, 360.0) * BT_RAD_PER_DEG;
    weather->sun_elevation_rad =
        bt_table_number(&table, "sun_elevation_deg", 40.0, -90.0, 90.0) * BT_RAD_PER_DEG;
    weather->sun_radius_rad =
        bt_table_number(&table, "sun_radius_deg", 0.0, 0.01, 10.0) * BT_RAD_PER_DEG;
    read_night(&table, weather);
    weather->cloud = bt_table_number(&table, "cloud", 0.0, 0.0, 1.0);
    weather->cloud_optical_depth = bt_table_number(&table, "cloud_optical_depth", 0.0, 0.0, 300.0);
    weather->aerosol_optical_depth =
        bt_table_number(&table, "aerosol_optical_depth", 0.0, 0.0, 1.0);
    weather->angstrom_exponent = bt_table_number(&table, "angstrom_exponent", 0.0, 0.0, 3.0);
    weather->ozone_atm_cm = bt_table_number(&table, "ozone_atm_cm", 0.0, 0.0, 0.6);
    weather->ground_albedo = bt_table_number(&table, "ground_albedo", 0.0, 0.0, 1.0);
    weather->wetness = bt_table_number(&table, "wet", 0.0, 0.0, 1.0);
    weather->altitude_m = bt_table_number(&table, "altitude_m", 0.0, -400.0, 6000.0);
    weather->rain_mm_h = bt_table_number(&table, "rain_mm_h", 0.0, 0.0, 150.0);
    weather->snow_mm_h = bt_table_number(&table, "snow_mm_h", 0.0, 0.0, 20.0);
    weather->wind_m_s = bt_table_number(&table, "wind_m_s", 0.0, 0.0, 40.0);
    weather->wind_azimuth_rad =
        bt_table_number(&table, "wind_azimuth_deg", 0.0, -360.0, 360.0) * BT_RAD_PER_DEG;
    weather->fog_range_m = bt_table_number(&table, "fog_range_m", 0.0, 0.0, 1e5);
    weather->fog_base_m = bt_table_number(&table, "fog_base_m", 0.0, -1000.0, 1000.0);
    weather->fog_height_m = bt_table_number(&table, "fog_height_m", 0.0, 1.0, 1e4);
    weather->fog_droplet_um = bt_table_number(&table, "fog_droplet_um", 0.0, 0.5, 20.0);
    if (bt_table_end(&table) != BT_OK) *weather = (bt_weather){0};
}

// Drivers switch on their lamps in the dark and where they are hard to see; towns in the dark.
#define DARK_ELEVATION_RAD (3.0 * BT_RAD_PER_DEG)
#define FOG_RANGE_M 500.0
static void read_lamps(bt_table *root, bt_scenario *scenario)
{
    static const char *const words[] = {"auto", "on", "off", NULL};
    bt_weather *w = &scenario->weather;
    int lamps = bt_table_choice(root, "lamps", 0, words);
    bool dark = w->sun_elevation_rad < DARK_ELEVATION_RAD;
    bool falls = w->rain_mm_h > 0.0 || w->snow_mm_h > 0.0;
    bool fog = w->fog_range_m > 0.0 && w->fog_range_m < FOG_RANGE_M;
    w->dusk_lamps = lamps == 1 || (lamps == 0 && dark);
    scenario->lamps_lit = lamps == 1 || (lamps == 0 && (dark || falls || fog));
}

// How many of the pedestrians have what with them. Chosen: a street in a European town.
static void read_walkers(bt_table *table, bt_scenario_traffic *traffic)
{
    static const double shares[BT_GEAR_KIND_COUNT] = {
        [BT_GEAR_CANE] = 0.03,       [BT_GEAR_WHITE_CANE] = 0.003,  [BT_GEAR_STROLLER] = 0.03,
        [BT_GEAR_WHEELCHAIR] = 0.01, [BT_GEAR_KICK_SCOOTER] = 0.01, [BT_GEAR_E_SCOOTER] = 0.02};
    bt_table walkers;
    memcpy(traffic->gear_share, shares, sizeof shares);
    if (!bt_table_open(table, "walkers", &walkers)) return;
    double sum = 0.0;
    for (int k = 1; k < BT_GEAR_KIND_COUNT; k++) {
        double *share = &traffic->gear_share[k];
        *share = bt_table_number(&walkers, bt_gear_name((bt_gear_kind)k), *share, 0.0, 1.0);
        sum += *share;
    }
    if (sum > 1.0) bt_table_fail(&walkers, "", "shares add up to %g, at most 1", sum);
    if (bt_table_end(&walkers) != BT_OK) memcpy(traffic->gear_share, shares, sizeof shares);
}

static void read_traffic(bt_table *root, bt_scenario_traffic *traffic)
{
    bt_table table;
    traffic->radius_m = 150.0;
    if (!bt_table_open(root, "traffic", &table)) return;
    traffic->cars = (uint32_t)bt_table_integer(&table, "cars", 0, 0, 500);
    traffic->trucks = (uint32_t)bt_table_integer(&table, "trucks", 0, 0, 100);
    traffic->parked = (uint32_t)bt_table_integer(&table, "parked", 0, 0, 500);
    traffic->pedestrians = (uint32_t)bt_table_integer(&table, "pedestrians", 0, 0, 500);
    traffic->cyclists = (uint32_t)bt_table_integer(&table, "cyclists", 0, 0, 200);
    traffic->dogs = (uint32_t)bt_table_integer(&table, "dogs", 0, 0, 100);
    read_walkers(&table, traffic);
    traffic->radius_m = bt_table_number(&table, "radius_m", 150.0, 20.0, 5000.0);
    if (bt_table_end(&table) != BT_OK) *traffic = (bt_scenario_traffic){0};
}

static void read_surroundings(bt_table *root, bt_scenario_surroundings *surroundings)
{
    static const char *const styles[] = {"auto", "urban", "residential", "rural", "motorway", NULL};
    bt_table table;
    *surroundings = (bt_scenario_surroundings){.density = 1.0, .plants = true, .buildings = true};
    if (!bt_table_open(root, "surroundings", &table)) return;
    surroundings->style = bt_table_choice(&table, "style", BT_LAND_AUTO, styles);
    surroundings->density = bt_table_number(&table, "density", 1.0, 0.05, 2.0);
    surroundings->plants = bt_table_bool(&table, "plants", true);
    surroundings->buildings = bt_table_bool(&table, "buildings", true);
    if (bt_table_end(&table) != BT_OK) surroundings->density = 1.0;
}

static void read_render(bt_table *root, bt_scenario *scenario)
{
    bt_table table;
    if (!bt_table_open(root, "render", &table)) return;
    scenario->samples = (uint32_t)bt_table_integer(&table, "samples", 0, 1, 65536);
    scenario->max_depth = (uint32_t)bt_table_integer(&table, "max_depth", 0, 1, 64);
    scenario->sensor_share = bt_table_number(&table, "sensor_share", 0.0, 0.0, 1.0);
    scenario->by_need = bt_table_bool(&table, "by_need", false);
    if (scenario->by_need && scenario->sensor_share > 0.0)
        bt_table_fail(&table, "by_need", "give by_need or sensor_share, not both");
    scenario->denoise = bt_table_bool(&table, "denoise", false);
    scenario->steady_lamps = bt_table_bool(&table, "steady_lamps", false);
    scenario->backend = (bt_backend)bt_table_choice(&table, "backend", 0, bt_backend_names);
    scenario->width_px = (uint32_t)bt_table_integer(&table, "width_px", 0, 16, 16384);
    scenario->height_px = (uint32_t)bt_table_integer(&table, "height_px", 0, 16, 16384);
    if ((scenario->width_px == 0) != (scenario->height_px == 0))
        bt_table_fail(&table, "width_px", "give both width_px and height_px, or neither");
    if (bt_table_end(&table) != BT_OK) scenario->samples = 0;
}

static void read_ego(const scenario_reading *in, bt_table *root, bt_scenario *scenario)
{
    bt_table table;
    snprintf(scenario->ego.name, sizeof scenario->ego.name, "ego");
    if (!bt_table_open(root, "ego", &table)) {
        bt_table_fail(root, "ego", "missing: { vehicle = , speed_m_s = , autopilot = }");
        return;
    }
    scenario_read_vehicle(in, &table, &scenario->ego);
    scenario_read_file_name(in, &table, "autopilot", "autopilots/lane_follower.lua",
                            scenario->autopilot, sizeof scenario->autopilot);
    if (bt_table_end(&table) != BT_OK) scenario->ego.parked = false;
}

// ---- scenes from elsewhere --------------------------------------------------------------------
// scene.gltf "FILE" or scene.gltf { "FILE", x_m = ... }: a table with the file under `gltf`.
static int lua_scene_gltf(lua_State *lua)
{
    if (lua_type(lua, 1) != LUA_TSTRING) {
        luaL_checktype(lua, 1, LUA_TTABLE);
        lua_geti(lua, 1, 1);
        lua_pushnil(lua);
        lua_seti(lua, 1, 1);
    } else {
        lua_createtable(lua, 0, 1);
        lua_insert(lua, 1);
        lua_settop(lua, 2);
    }
    lua_setfield(lua, 1, "gltf");
    lua_settop(lua, 1);
    return 1;
}

static void open_scene(bt_script *script)
{
    lua_State *lua = bt_script_lua(script);
    lua_createtable(lua, 0, 1);
    lua_pushcfunction(lua, lua_scene_gltf);
    lua_setfield(lua, -2, "gltf");
    lua_setglobal(lua, "scene");
}

static void read_gltf(const scenario_reading *in, bt_table *table, bt_scenario_scenery *scenery)
{
    scenario_read_file_name(in, table, "gltf", NULL, scenery->gltf, sizeof scenery->gltf);
    bt_gltf_place *place = &scenery->place;
    place->pos_world_m.x = bt_table_number(table, "x_m", 0.0, -1e5, 1e5);
    place->pos_world_m.y = bt_table_number(table, "y_m", 0.0, -1e5, 1e5);
    place->pos_world_m.z = bt_table_number(table, "z_m", 0.0, -1e4, 1e4);
    place->heading_rad = bt_table_number(table, "heading_deg", 0.0, -360.0, 360.0) * BT_RAD_PER_DEG;
    place->scale = bt_table_number(table, "scale", 1.0, 1e-4, 1e4);
}

static bool reserve_scenery(bt_table *table, bt_scenario *scenario, size_t count)
{
    if (count > BT_SCENARIO_MAX_SCENERY)
        bt_table_fail(table, "", "at most %d files, got %zu", BT_SCENARIO_MAX_SCENERY, count);
    else if (!(scenario->scenery = bt_alloc(count, sizeof *scenario->scenery)))
        bt_table_fail(table, "", "no memory for %zu files", count);
    return scenario->scenery != NULL;
}

static void read_scenery(const scenario_reading *in, bt_table *root, bt_scenario *scenario)
{
    bt_table list;
    if (!bt_table_open(root, "scenery", &list)) return;
    size_t count = bt_table_length(&list);
    if (!reserve_scenery(&list, scenario, count)) count = 0;
    for (size_t i = 0; i < count && list.status == BT_OK; i++) {
        bt_table item;
        if (!bt_table_open_item(&list, i, &item)) break;
        read_gltf(in, &item, &scenario->scenery[i]);
        if (bt_table_end(&item) == BT_OK) scenario->scenery_count++;
    }
    if (bt_table_end(&list) != BT_OK) scenario->scenery_count = 0;
}

// A scene that is all there is. Its cameras stand on a car without a body, on a road that nobody
// sees: so that all the rest goes as it always does.
static bool read_scene(const scenario_reading *in, bt_table *root, bt_scenario *scenario)
{
    bt_table table;
    if (!bt_table_open(root, "scene", &table)) return false;
    scenario->only_scene = true;
    if (reserve_scenery(&table, scenario, 1)) read_gltf(in, &table, scenario->scenery);
    scenario->scenery_count = bt_table_end(&table) == BT_OK;
    bt_scenario_actor *ego = &scenario->ego;
    *ego = (bt_scenario_actor){
        .name = "stand", .start = {true, "1", 200.0, -1, 0.0}, .lateral_m = 2.0};
    if (bt_script_find_file(in->script, "maps/stand.xodr", scenario->map, sizeof scenario->map) ||
        bt_script_find_file(in->script, "vehicles/hatch.lua", ego->vehicle, sizeof ego->vehicle))
        bt_table_fail(root, "scene", "%s", bt_error_message());
    return true;
}

// The folder of a made map, found as files are: by its index. "": it has none.
static void read_map_folder(const scenario_reading *in, bt_table *made, char *out, size_t size)
{
    static const char index[] = "/index.json";
    char asked[BT_PATH_MAX];
    const char *name = bt_table_string(made, "folder", "");
    out[0] = '\0';
    if (made->status != BT_OK || name[0] == '\0') return;
    int length = snprintf(asked, sizeof asked, "%s%s", name, index);
    if (length < 0 || (size_t)length >= sizeof asked ||
        bt_script_find_file(in->script, asked, out, size) != BT_OK)
        bt_table_fail(made, "folder", "no world in '%s': it has no index.json", name);
    else
        out[strlen(out) - strlen(index)] = '\0';
}

// A file's name, or what road.make gave.
static void read_map(const scenario_reading *in, bt_table *root, bt_scenario *scenario)
{
    bt_table made;
    if (root->status != BT_OK) return;
    lua_pushstring(root->lua, "map");
    int type = lua_rawget(root->lua, root->index);
    lua_pop(root->lua, 1);
    if (type != LUA_TTABLE) {
        scenario_read_file_name(in, root, "map", "maps/town.xodr", scenario->map,
                                sizeof scenario->map);
    } else if (bt_table_open(root, "map", &made)) {
        char folder[BT_PATH_MAX];
        const bt_road_make *make = &scenario->make;
        read_map_folder(in, &made, folder, sizeof folder);
        if (bt_road_make_read(&made, folder, &scenario->make) != BT_OK) return;
        scenario->map_made = true;
        const char *kind = bt_world_kind_names[make->world.kind];
        if (folder[0] != '\0') {
            snprintf(scenario->map, sizeof scenario->map, "%s", folder);
            return;
        }
        unsigned long long seed = make->world.seed;
        if (make->endless)
            snprintf(scenario->map, sizeof scenario->map, "endless road (%s, seed %llu)", kind,
                     seed);
        else if (make->km > 0.0)
            snprintf(scenario->map, sizeof scenario->map, "generated map (%s, %g km, seed %llu)",
                     kind, make->km, seed);
        else
            snprintf(scenario->map, sizeof scenario->map,
                     "generated map (%s, %g m around %g, %g, seed %llu)", kind, make->radius_m,
                     make->x_m, make->y_m, seed);
    }
}

// A way to a place is found on a map that is whole.
static void check_endless(bt_table *root, const bt_scenario *scenario)
{
    if (!scenario->map_made || !scenario->make.endless) return;
    bool goal = scenario->ego.goal.given;
    for (size_t i = 0; i < scenario->actor_count; i++)
        goal = goal || scenario->actors[i].goal.given;
    if (goal)
        bt_table_fail(
            root, "map",
            "endless = true goes with no place as a goal; the ego's may be { after_m = }");
}

// The world of a scenario: roads and who is on them.
static void read_world(const scenario_reading *in, bt_table *root, bt_scenario *scenario)
{
    read_map(in, root, scenario);
    read_ego(in, root, scenario);
    read_traffic(root, &scenario->traffic);
    scenario_read_actors(in, root, scenario);
    read_surroundings(root, &scenario->surroundings);
    read_scenery(in, root, scenario);
    check_endless(root, scenario);
}

static bt_status read_scenario(scenario_reading *in, lua_State *lua, bt_scenario *scenario)
{
    bt_table root;
    bt_table_begin(&root, lua, -1, in->path, "");
    scenario_copy_text(&root, "title", bt_table_string(&root, "title", "untitled"), scenario->title,
                       sizeof scenario->title);
    int64_t seed = bt_table_integer(&root, "seed", (int64_t)scenario->seed, 0, INT64_MAX);
    scenario->seed = (uint64_t)seed;
    scenario->duration_s = bt_table_number(&root, "duration_s", 5.0, 0.05, 3600.0);
    scenario->crashes = (uint32_t)bt_table_integer(&root, "crashes", 0, 0, 1000);
    read_weather(&root, &scenario->weather);
    if (!read_scene(in, &root, scenario)) {
        read_lamps(&root, scenario);
        in->lamps_lit = scenario->lamps_lit;
        read_world(in, &root, scenario);
    }
    read_cameras(in, &root, scenario);
    read_render(&root, scenario);
    return bt_table_end(&root);
}

// Runs and reads the file with math.random seeded by `seed`.
static bt_status load_seeded(const char *path, const char *assets, bt_settings *settings,
                             uint64_t seed, bt_scenario *scenario)
{
    memset(scenario, 0, sizeof *scenario);
    char folder[BT_PATH_MAX];
    bt_script *script = NULL;
    bt_status status = bt_path_dir(folder, sizeof folder, path);
    if (status != BT_OK) return status;
    const char *roots[] = {folder, assets};
    bt_script_desc desc = {.seed = seed, .roots = roots, .root_count = 2};
    status = bt_script_create(&desc, &script);
    if (status != BT_OK) return status;
    bt_settings_open(settings, script, seed);
    open_scene(script);
    bt_story_lua_open(script);
    bt_road_make_open(script);

    scenario_reading in = {.script = script, .path = path};
    scenario->seed = seed;
    status = bt_script_run_file(script, path, 1);
    if (status == BT_OK) status = bt_settings_check(settings);
    if (status == BT_OK) status = read_scenario(&in, bt_script_lua(script), scenario);
    bt_script_destroy(script);
    if (status != BT_OK) bt_scenario_clear(scenario);
    return status;
}

bt_status bt_scenario_load(const char *path, const char *assets, bt_settings *settings,
                           const uint64_t *seed, bt_scenario *scenario)
{
    if (bt_openscenario_is_name(path))
        return scenario_load_openscenario(path, assets, settings, seed, scenario);
    uint64_t first = seed ? *seed : 1;
    bt_status status = load_seeded(path, assets, settings, first, scenario);
    if (status != BT_OK || scenario->seed == first) return status;

    // the file names a seed of its own, which math.random must follow too: once more with it
    uint64_t named = seed ? *seed : scenario->seed;
    bt_scenario_clear(scenario);
    status = load_seeded(path, assets, settings, named, scenario);
    if (status == BT_OK) scenario->seed = named;
    return status;
}

void bt_scenario_clear(bt_scenario *scenario)
{
    bt_story_destroy(scenario->story);
    bt_free(scenario->actors);
    bt_free(scenario->scenery);
    memset(scenario, 0, sizeof *scenario);
}
