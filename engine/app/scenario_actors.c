// scenario_actors.c: who is in a scenario, where they begin, and what they do.
#include "engine/app/scenario_internal.h"

#include <stdio.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/story/story_lua.h"

// A table that is open.
static void read_place_keys(bt_table *child, bt_place *place)
{
    place->given = true;
    scenario_copy_text(child, "road", bt_table_string(child, "road", NULL), place->road,
                       sizeof place->road);
    place->s_m = bt_table_number(child, "s_m", BT_REQUIRED, 0.0, 1e7);
    place->lane = (int32_t)bt_table_integer(child, "lane", 0, -64, 64);
    place->t_m = bt_table_number(child, "t_m", 0.0, -1000.0, 1000.0);
}

static void read_place(bt_table *table, const char *key, bt_place *place)
{
    bt_table child;
    if (!bt_table_open(table, key, &child)) return;
    read_place_keys(&child, place);
    if (bt_table_end(&child) != BT_OK) place->given = false;
}

// A place, or so far along the way.
static void read_goal(bt_table *table, bt_scenario_actor *actor)
{
    bt_table child;
    if (!bt_table_open(table, "goal", &child)) return;
    actor->goal_after_m = bt_table_number(&child, "after_m", 0.0, 10.0, 1e7);
    if (actor->goal_after_m == 0.0) read_place_keys(&child, &actor->goal);
    if (bt_table_end(&child) != BT_OK) actor->goal.given = false;
}

static void read_path(bt_table *table, bt_scenario_actor *actor)
{
    bt_table path;
    if (!bt_table_open(table, "path", &path)) {
        bt_table_fail(table, "path", "missing: a walker needs at least two places");
        return;
    }
    size_t count = bt_table_length(&path);
    if (count < 2 || count > BT_SCENARIO_MAX_WAYPOINTS)
        bt_table_fail(&path, "", "expected 2 to %d places, got %zu", BT_SCENARIO_MAX_WAYPOINTS,
                      count);
    for (size_t i = 0; i < count && path.status == BT_OK; i++) {
        bt_table item;
        bt_place *place = &actor->path[actor->path_count++];
        if (!bt_table_open_item(&path, i, &item)) break;
        scenario_copy_text(&item, "road", bt_table_string(&item, "road", NULL), place->road,
                           sizeof place->road);
        place->s_m = bt_table_number(&item, "s_m", BT_REQUIRED, 0.0, 1e7);
        place->t_m = bt_table_number(&item, "t_m", BT_REQUIRED, -1000.0, 1000.0);
        place->given = bt_table_end(&item) == BT_OK;
    }
    if (bt_table_end(&path) != BT_OK) actor->path_count = 0;
}

static void read_driver(bt_table *table, bt_driver *driver)
{
    bt_table child;
    if (!bt_table_open(table, "driver", &child)) return;
    driver->speed_factor = bt_table_number(&child, "speed_factor", 0.0, 0.1, 3.0);
    driver->headway_s = bt_table_number(&child, "headway_s", 0.0, 0.3, 10.0);
    driver->min_gap_m = bt_table_number(&child, "min_gap_m", 0.0, 0.5, 50.0);
    driver->accel_m_s2 = bt_table_number(&child, "accel_m_s2", 0.0, 0.1, 10.0);
    driver->brake_m_s2 = bt_table_number(&child, "brake_m_s2", 0.0, 0.1, 10.0);
    driver->politeness = bt_table_number(&child, "politeness", 0.0, -1.0, 2.0);
    driver->keep_lane_m_s2 = bt_table_number(&child, "keep_lane_m_s2", 0.0, 0.0, 1e9);
    driver->ignores_signals = bt_table_bool(&child, "ignores_signals", false);
    driver->reaction_s = bt_table_number(&child, "reaction_s", 0.0, 0.0, 2.0);
    if (bt_table_end(&child) != BT_OK) *driver = (bt_driver){0};
}

// Of an actor that a story leads: anywhere; else on a lane.
static void read_start(bt_table *table, bt_story *story, bt_scenario_actor *actor)
{
    if (!actor->led)
        read_place(table, "start", &actor->start);
    else if (!bt_story_lua_read_spot(table, "start", story, &actor->start_spot))
        bt_table_fail(table, "start", "missing: { road = , s_m = , lane = or t_m = }");
}

static void read_driven(const scenario_reading *in, bt_table *table, bt_scenario_actor *actor)
{
    actor->kind = BT_SCENARIO_VEHICLE;
    scenario_read_file_name(in, table, "vehicle", "vehicles/hatch.lua", actor->vehicle,
                            sizeof actor->vehicle);
    actor->has_color = bt_table_numbers(table, "color", actor->color, 3, 0.0, 1.0);
    actor->speed_m_s = bt_table_number(table, "speed_m_s", 10.0, 0.0, 80.0);
    bool lit = bt_table_bool(table, "headlamps", in->lamps_lit && !actor->parked);
    bool high = bt_table_bool(table, "high_beam", false);
    actor->lamps = lit ? BT_LAMP_LOW_BEAM | BT_LAMP_TAIL : actor->parked ? 0 : BT_LAMP_DAY;
    if (high) actor->lamps |= BT_LAMP_HIGH_BEAM;
}

void scenario_read_vehicle(const scenario_reading *in, bt_table *table, bt_scenario_actor *actor)
{
    actor->parked = bt_table_bool(table, "parked", false);
    read_driven(in, table, actor);
    read_place(table, "start", &actor->start);
    read_goal(table, actor);
    actor->lateral_m = bt_table_number(table, "lateral_m", 0.0, -20.0, 20.0);
    actor->emergency = bt_table_bool(table, "emergency", false);
    actor->desired_speed_m_s = bt_table_number(table, "desired_speed_m_s", 0.0, 0.0, 80.0);
    read_driver(table, &actor->driver);
}

// What a pedestrian has along: by bt_gear_name.
static bt_gear_kind read_gear(bt_table *table)
{
    const char *names[BT_GEAR_KIND_COUNT + 1] = {NULL};
    for (int k = 0; k < BT_GEAR_KIND_COUNT; k++)
        names[k] = bt_gear_name((bt_gear_kind)k);
    return (bt_gear_kind)bt_table_choice(table, "with", BT_GEAR_NONE, names);
}

static void read_walker(bt_table *table, bt_story *story, bt_scenario_actor *actor)
{
    double pace = 1.35;
    if (actor->kind == BT_SCENARIO_PEDESTRIAN) actor->gear = read_gear(table);
    if (actor->gear != BT_GEAR_NONE) {
        const double *usual = bt_gear_limits_of(actor->gear)->speed_m_s;
        pace = 0.5 * (usual[0] + usual[1]);
    }
    actor->height_m = bt_table_number(table, "height_m", 0.0, 0.2, 2.3);
    actor->speed_m_s = bt_table_number(table, "speed_m_s", actor->led ? 0.0 : pace, 0.0, 8.0);
    if (actor->led) {
        read_start(table, story, actor);
        return;
    }
    actor->path_loop = bt_table_bool(table, "loop", false);
    actor->careless = bt_table_bool(table, "careless", false);
    actor->start_s = bt_table_number(table, "start_s", 0.0, 0.0, 3600.0);
    read_path(table, actor);
}

// on = { actor = "truck", at_m = { x, y, z }, roof_m = { rear, front, half width } }: from that one's origin.
static bool read_carrier(bt_table *table, bt_story *story, bt_scenario_actor *actor)
{
    bt_table on;
    if (!bt_table_open(table, "on", &on)) return false;
    double place[3] = {0.0, 0.0, 0.0};
    const char *name = bt_table_string(&on, "actor", "");
    bt_table_numbers(&on, "at_m", place, 3, -100.0, 100.0);
    bt_table_numbers(&on, "roof_m", story->actors[actor->story_actor].roof_m, 3, -100.0, 100.0);
    story->actors[actor->story_actor].carried_m = (bt_vec3){place[0], place[1], place[2]};
    actor->carrier = bt_story_find_actor(story, name);
    actor->carried = true;
    if (actor->carrier == BT_STORY_NONE || actor->carrier == actor->story_actor)
        bt_table_fail(&on, "actor", "expected the name of another actor, got '%s'", name);
    return bt_table_end(&on) == BT_OK;
}

static void read_thing(bt_table *table, bt_story *story, bt_scenario_actor *actor)
{
    static const char *const things[] = {"box", "cone", "barrier", "bin", "snow", "ice", NULL};
    static const double sizes[][3] = {{0.6, 0.4, 0.4}, {0.4, 0.4, 0.75}, {0.6, 3.0, 0.8},
                                      {0.6, 0.6, 1.1}, {0.4, 0.4, 0.15}, {0.4, 0.3, 0.04}};
    actor->thing = (bt_scenario_thing)bt_table_choice(table, "thing", BT_SCENARIO_BOX, things);
    memcpy(actor->size_m, sizes[actor->thing], sizeof actor->size_m);
    bool any_size = actor->thing == BT_SCENARIO_BOX || actor->thing >= BT_SCENARIO_SNOW;
    if (any_size) bt_table_numbers(table, "size_m", actor->size_m, 3, 0.02, 20.0);
    if (!read_carrier(table, story, actor)) read_start(table, story, actor);
}

static void read_actor(const scenario_reading *in, bt_table *table, size_t index,
                       bt_scenario *scenario)
{
    static const char *const kinds[] = {"vehicle", "pedestrian", "dog", "deer",
                                        "moose",   "thing",      NULL};
    bt_scenario_actor *actor = &scenario->actors[index];
    const bt_story_actor *role = &scenario->story->actors[actor->story_actor];
    (void)bt_table_string(table, "name", "");
    scenario_copy_text(table, "name", role->name, actor->name, sizeof actor->name);
    actor->kind = (bt_scenario_actor_kind)bt_table_choice(table, "kind", 0, kinds);
    actor->led = actor->kind == BT_SCENARIO_THING || bt_story_lua_has_events(table);
    if (actor->kind == BT_SCENARIO_THING) {
        read_thing(table, scenario->story, actor);
    } else if (actor->kind != BT_SCENARIO_VEHICLE) {
        read_walker(table, scenario->story, actor);
    } else if (actor->led) {
        read_driven(in, table, actor);
        read_start(table, scenario->story, actor);
    } else {
        scenario_read_vehicle(in, table, actor);
        if (actor->goal_after_m > 0.0)
            bt_table_fail(table, "goal", "after_m is for the ego; expected a place");
        if (!actor->start.given)
            bt_table_fail(table, "start", "missing: { road = , s_m = , lane = }");
    }
}

// ---- the story --------------------------------------------------------------------------------
static bt_story_actor_kind kind_of_name(const char *kind)
{
    static const char *const animals[] = {"dog", "deer", "moose"};
    for (size_t i = 0; i < sizeof animals / sizeof *animals; i++)
        if (strcmp(kind, animals[i]) == 0) return BT_STORY_ANIMAL;
    if (strcmp(kind, "pedestrian") == 0) return BT_STORY_PERSON;
    return strcmp(kind, "thing") == 0 ? BT_STORY_THING : BT_STORY_CAR;
}

// Everybody is in the story by name before anybody's events are read.
static void introduce(bt_table *list, size_t index, bt_scenario *scenario)
{
    bt_table item;
    char fallback[64];
    snprintf(fallback, sizeof fallback, "actor_%zu", index + 1);
    if (!bt_table_open_item(list, index, &item)) return;
    const char *name = bt_table_string(&item, "name", fallback);
    bt_story_actor role = {.external = true, .model = ""};
    role.kind = kind_of_name(bt_table_string(&item, "kind", "vehicle"));
    role.name = bt_arena_strdup(scenario->story->arena, name);
    if (item.status == BT_OK && role.name &&
        bt_story_find_actor(scenario->story, role.name) != BT_STORY_NONE)
        bt_table_fail(&item, "name", "there are two actors named '%s'", role.name);
    bt_status status = role.name ? BT_STORY_ADD(scenario->story, actors, role,
                                                &scenario->actors[index].story_actor)
                                 : BT_ERR_MEMORY;
    if (status != BT_OK) bt_table_fail(&item, "", "%s", bt_error_message());
    // not its end: what else is in it is read later
    lua_settop(item.lua, item.index - 1);
}

static bt_status begin_story(bt_scenario *scenario)
{
    bt_story_actor ego = {.name = "ego", .model = "", .external = true};
    bt_status status = bt_story_create(&scenario->story);
    if (status == BT_OK)
        status = BT_STORY_ADD(scenario->story, actors, ego, &scenario->ego.story_actor);
    return status;
}

static void read_own(const scenario_reading *in, bt_table *list, size_t index,
                     bt_scenario *scenario)
{
    bt_table item;
    bool any;
    if (!bt_table_open_item(list, index, &item)) return;
    read_actor(in, &item, index, scenario);
    bt_scenario_actor *actor = &scenario->actors[index];
    if (item.status == BT_OK && actor->led) {
        scenario->story->actors[actor->story_actor].external = false;
        scenario->led =
            bt_story_lua_read_events(&item, scenario->story, actor->story_actor, &any) == BT_OK;
    }
    if (bt_table_end(&item) == BT_OK) scenario->actor_count++;
}

void scenario_read_actors(const scenario_reading *in, bt_table *root, bt_scenario *scenario)
{
    bt_table list;
    if (begin_story(scenario) != BT_OK) bt_table_fail(root, "actors", "%s", bt_error_message());
    if (!bt_table_open(root, "actors", &list)) return;
    size_t count = bt_table_length(&list);
    if (count > BT_SCENARIO_MAX_ACTORS) {
        bt_table_fail(&list, "", "at most %d actors, got %zu", BT_SCENARIO_MAX_ACTORS, count);
        count = 0;
    }
    scenario->actors = bt_alloc(count, sizeof *scenario->actors);
    if (!scenario->actors) bt_table_fail(&list, "", "no memory for %zu actors", count);
    for (size_t i = 0; i < count && list.status == BT_OK; i++)
        introduce(&list, i, scenario);
    for (size_t i = 0; i < count && list.status == BT_OK; i++)
        read_own(in, &list, i, scenario);
    if (list.status == BT_OK && bt_story_lua_finish(scenario->story, in->path) != BT_OK)
        bt_table_fail(&list, "", "%s", bt_error_message());
    if (bt_table_end(&list) != BT_OK) scenario->actor_count = 0;
}
