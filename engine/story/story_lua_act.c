// story_lua_act.c: actions.
#include "engine/story/story_lua_internal.h"

#include <string.h>

#include "engine/math/pose.h"
#include "engine/scene/actor_pose.h"

#define PLACES_MAX 64
#define KNOTS_MAX 50
#define JERK_M_S3 20.0 // a foot on a pedal

enum {
    SPEED,
    BRAKE,
    SPEED_PROFILE,
    CHANGE_LANE,
    OFFSET,
    KEEP_DISTANCE,
    SYNCHRONIZE,
    FOLLOW,
    CROSS,
    LAMPS,
    PUT,
    SIGNAL,
    FALL
};

const char *const story_lua_actions[] = {
    "speed",  "brake", "speed_profile", "change_lane", "offset", "keep_distance", "synchronize",
    "follow", "cross", "lamps",         "put",         "signal", "fall",          NULL};

static bt_dynamics read_dynamics(bt_table *table, bt_shape shape, const char *rate,
                                 double fallback_s)
{
    static const char *const shapes[] = {"linear", "cubic", "sinusoidal", "step", "smooth", NULL};
    bt_dynamics d = {.shape = shape, .value = fallback_s};
    double time = bt_table_number(table, "over_s", -1.0, 0.0, 1e5);
    double way = bt_table_number(table, "over_m", -1.0, 0.0, 1e6);
    double speed = bt_table_number(table, rate, -1.0, 0.0, 1000.0);
    if ((time >= 0.0) + (way >= 0.0) + (speed >= 0.0) > 1)
        bt_table_fail(table, "over_s", "give one of over_s, over_m and %s", rate);
    if (time >= 0.0) d.value = time;
    if (way >= 0.0) d.dimension = BT_BY_DISTANCE, d.value = way;
    if (speed >= 0.0) d.dimension = BT_BY_RATE, d.value = speed;
    d.shape = (bt_shape)bt_table_choice(table, "shape", (int)shape, shapes);
    return d;
}

static void read_speed(bt_table *table, bt_story *story, bt_action *a)
{
    a->kind = BT_DO_SPEED;
    a->ref = story_lua_actor(table, story, "as", BT_STORY_NONE);
    if (a->ref == BT_STORY_NONE) {
        a->value = bt_table_number(table, "to_m_s", BT_REQUIRED, 0.0, 150.0);
    } else {
        a->factor = bt_table_number(table, "times", 1.0, 0.0, 100.0);
        a->value = bt_table_number(table, "plus_m_s", 0.0, -150.0, 150.0);
        a->continuous = bt_table_bool(table, "always", false);
    }
    a->dynamics = read_dynamics(table, BT_SHAPE_LINEAR, "rate_m_s2", 0.0);
    a->jerk_m_s3 = bt_table_number(table, "jerk_m_s3", JERK_M_S3, 0.0, 1e4);
    // without a time, a way or a rate: at once
    bool at_once = a->dynamics.dimension == BT_BY_TIME && a->dynamics.value <= 0.0;
    if (at_once) a->dynamics.shape = BT_SHAPE_STEP;
}

static void read_brake(bt_table *table, bt_action *a)
{
    a->kind = BT_DO_SPEED;
    a->value = bt_table_number(table, "to_m_s", 0.0, 0.0, 150.0);
    a->dynamics = (bt_dynamics){BT_SHAPE_LINEAR, BT_BY_RATE,
                                bt_table_number(table, "rate_m_s2", 4.0, 0.01, 20.0)};
    a->jerk_m_s3 = bt_table_number(table, "jerk_m_s3", JERK_M_S3, 0.0, 1e4);
}

static void read_profile(bt_table *table, bt_story *story, bt_action *a)
{
    size_t count = bt_table_length(table);
    a->kind = BT_DO_SPEED_PROFILE;
    a->factor = 0.0;
    a->value = bt_table_number(table, "jerk_m_s3", 0.0, 0.0, 1e4);
    a->factor = a->value;
    a->first_number = (uint32_t)story->numbers_count;
    if (count == 0 || count > KNOTS_MAX)
        bt_table_fail(table, "", "expected 1 to %d pairs { seconds, m/s }, got %zu", KNOTS_MAX,
                      count);
    for (size_t i = 0; i < count && table->status == BT_OK; i++) {
        bt_table pair;
        if (!bt_table_open_item(table, i, &pair)) break;
        double values[2] = {bt_table_item_number(&pair, 0, 0.0, 1e5),
                            bt_table_item_number(&pair, 1, 0.0, 150.0)};
        for (int k = 0; k < 2 && pair.status == BT_OK; k++)
            STORY_LUA_ADD(&pair, story, numbers, values[k], NULL);
        a->number_count += 2;
        if (bt_table_end(&pair) != BT_OK) break;
    }
}

static void read_lane(bt_table *table, bt_story *story, bt_action *a)
{
    a->kind = BT_DO_CHANGE_LANE;
    a->ref = story_lua_actor(table, story, "into", a->actor);
    a->lane = (int32_t)bt_table_integer(table, "lanes", 0, -8, 8);
    a->lateral_m = bt_table_number(table, "lateral_m", 0.0, -10.0, 10.0);
    if (a->ref == a->actor && a->lane == 0)
        bt_table_fail(table, "lanes",
                      "missing: +1 is one to the left, -1 one to the right; or into "
                      "= NAME, the lane of somebody");
    a->dynamics = read_dynamics(table, BT_SHAPE_QUINTIC, "rate_m_s", 4.0);
}

static void read_offset(bt_table *table, bt_action *a)
{
    a->kind = BT_DO_OFFSET;
    a->lateral_m = bt_table_number(table, "lateral_m", BT_REQUIRED, -20.0, 20.0);
    a->dynamics = read_dynamics(table, BT_SHAPE_QUINTIC, "rate_m_s", 3.0);
}

static void read_distance(bt_table *table, bt_story *story, bt_action *a)
{
    a->kind = BT_DO_KEEP_DISTANCE;
    a->ref = story_lua_actor(table, story, "to", BT_STORY_NONE);
    if (a->ref == BT_STORY_NONE) bt_table_fail(table, "to", "missing: whom?");
    double way = bt_table_number(table, "gap_m", -1.0, 0.0, 1e5);
    double time = bt_table_number(table, "gap_s", -1.0, 0.0, 1e3);
    if ((way >= 0.0) == (time >= 0.0)) bt_table_fail(table, "gap_m", "give either gap_m or gap_s");
    a->by_time = time >= 0.0;
    a->value = a->by_time ? time : way;
    a->leads = bt_table_bool(table, "ahead", false);
    a->freespace = true;
    a->continuous = bt_table_bool(table, "always", true);
    a->item = 1; // along the road
    a->max_accel_m_s2 = bt_table_number(table, "max_accel_m_s2", 3.0, 0.1, 20.0);
    a->max_decel_m_s2 = bt_table_number(table, "max_brake_m_s2", 5.0, 0.1, 20.0);
    a->max_speed_m_s = bt_table_number(table, "max_speed_m_s", 0.0, 0.0, 150.0);
}

static void read_synchronize(bt_table *table, bt_story *story, bt_action *a)
{
    a->kind = BT_DO_SYNCHRONIZE;
    a->factor = 0.0;
    a->ref = story_lua_actor(table, story, "with", BT_STORY_NONE);
    if (a->ref == BT_STORY_NONE) bt_table_fail(table, "with", "missing: whom?");
    if (!bt_story_lua_read_spot(table, "at", story, &a->spot))
        bt_table_fail(table, "at", "missing: where this actor is to be then");
    if (!bt_story_lua_read_spot(table, "when_at", story, &a->spot2))
        bt_table_fail(table, "when_at", "missing: where the other one is then");
    double last = bt_table_number(table, "last_m_s", -1.0, 0.0, 150.0);
    a->item = last >= 0.0;
    a->value = last >= 0.0 ? last : 0.0;
    a->steady_m = bt_table_number(table, "steady_m", 0.0, 0.0, 1e5);
}

// ---- ways -------------------------------------------------------------------------------------
// Vehicles go on curves, those on foot from corner to corner; so does who goes by the clock.
static uint32_t add_path(bt_table *table, bt_story *story, const bt_action *a, const bt_spot *spots,
                         const double *times, size_t count)
{
    bool curved = story->actors[a->actor].kind == BT_STORY_CAR && !a->timed && count > 2;
    bt_story_path path = {.name = "path", .shape = curved ? BT_PATH_SPLINE : BT_PATH_POLYLINE};
    uint32_t index = 0;
    path.first_spot = (uint32_t)story->spots_count;
    path.spot_count = path.number_count = (uint32_t)count;
    path.first_number = (uint32_t)story->numbers_count;
    for (size_t i = 0; i < count && table->status == BT_OK; i++) {
        STORY_LUA_ADD(table, story, spots, spots[i], NULL);
        if (table->status == BT_OK) STORY_LUA_ADD(table, story, numbers, times[i], NULL);
    }
    if (table->status == BT_OK) STORY_LUA_ADD(table, story, paths, path, &index);
    return index;
}

static bt_spot own_place(uint32_t actor)
{
    return (bt_spot){
        .kind = BT_SPOT_RELATIVE_OBJECT, .ref = actor, .on_ground = true, .where = "here"};
}

static void read_follow(bt_table *table, bt_story *story, bt_action *a)
{
    bt_spot spots[PLACES_MAX + 1] = {own_place(a->actor)};
    double times[PLACES_MAX + 1] = {0.0};
    size_t count = bt_table_length(table), timed = 0;
    a->kind = BT_DO_FOLLOW_PATH;
    a->time_scale = 1.0;
    a->value = bt_table_number(table, "speed_m_s", 0.0, 0.0, 150.0);
    a->max_accel_m_s2 = bt_table_number(
        table, "accel_m_s2", story->actors[a->actor].kind == BT_STORY_CAR ? 3.0 : 0.9, 0.1, 50.0);
    a->item2 = bt_table_bool(table, "stand", story->actors[a->actor].kind != BT_STORY_CAR);
    if (count == 0 || count > PLACES_MAX)
        bt_table_fail(table, "", "expected 1 to %d places, got %zu", PLACES_MAX, count);
    for (size_t i = 0; i < count && table->status == BT_OK; i++) {
        bt_table item;
        uint32_t spot;
        if (!bt_table_open_item(table, i, &item)) break;
        times[i + 1] = bt_table_number(&item, "at_s", -1.0, 0.0, 1e5);
        timed += times[i + 1] >= 0.0;
        if (times[i + 1] < 0.0) times[i + 1] = (double)NAN;
        if (story_lua_spot(&item, story, &spot)) spots[i + 1] = story->spots[spot];
        if (bt_table_end(&item) != BT_OK) break;
    }
    if (timed != 0 && timed != count) bt_table_fail(table, "", "at_s: at all places, or at none");
    a->timed = timed > 0;
    a->item = add_path(table, story, a, spots, times, count + 1);
}

// From where it is straight to a place, at a walk.
static void read_cross(bt_table *table, bt_story *story, bt_action *a)
{
    // its own place is where it is then
    bt_spot spots[2] = {own_place(a->actor)};
    double times[2] = {(double)NAN, (double)NAN};
    uint32_t spot;
    a->kind = BT_DO_FOLLOW_PATH;
    a->time_scale = 1.0;
    a->value = bt_table_number(table, "speed_m_s", 1.4, 0.05, 12.0);
    a->max_accel_m_s2 = bt_table_number(
        table, "accel_m_s2", story->actors[a->actor].kind == BT_STORY_CAR ? 3.0 : 0.9, 0.1, 50.0);
    a->item2 = 1;
    if (bt_story_lua_read_spot(table, "to", story, &spot))
        spots[1] = story->spots[spot];
    else
        bt_table_fail(table, "to", "missing: the place on the other side");
    if (table->status == BT_OK) a->item = add_path(table, story, a, spots, times, 2);
}

// ---- the rest ---------------------------------------------------------------------------------
static void read_lamps(bt_table *table, bt_action *a)
{
    static const struct {
        const char *name;
        uint32_t bits;
    } lamps[] = {{"left", BT_LAMP_INDICATOR_LEFT},
                 {"right", BT_LAMP_INDICATOR_RIGHT},
                 {"hazard", BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT},
                 {"brake", BT_LAMP_BRAKE},
                 {"reverse", BT_LAMP_REVERSE},
                 {"low_beam", BT_LAMP_LOW_BEAM | BT_LAMP_TAIL},
                 {"high_beam", BT_LAMP_HIGH_BEAM},
                 {"beacons", BT_LAMPS_BEACON},
                 {"school_stop", BT_LAMPS_HALT}};
    a->kind = BT_DO_LAMPS;
    for (size_t i = 0; i < sizeof lamps / sizeof *lamps; i++) {
        bool on = bt_table_bool(table, lamps[i].name, false);
        bool off = !on && !bt_table_bool(table, lamps[i].name, true);
        if (on) a->item |= lamps[i].bits;
        if (on || off) a->item2 |= lamps[i].bits;
    }
}

static void read_put(bt_table *table, bt_story *story, bt_action *a)
{
    a->kind = BT_DO_TELEPORT;
    if (!bt_story_lua_read_spot(table, "at", story, &a->spot))
        bt_table_fail(table, "at", "missing: where?");
}

static void read_signal(bt_table *table, bt_story *story, bt_action *a)
{
    static const char *const phases[] = {"programme", "off",   "red", "red_amber",
                                         "amber",     "green", NULL};
    a->kind = BT_DO_SIGNAL;
    a->text = story_lua_text(table, story, "id", NULL);
    a->value = bt_table_choice(table, "shows", 0, phases) - 1;
    a->actor = BT_STORY_NONE;
}

// Packed snow, ice: densities by tables; spring and friction on a wet road chosen.
static void read_fall(bt_table *table, bt_story *story, bt_action *a)
{
    double slab[6];
    a->kind = BT_DO_FALL;
    a->value = bt_table_number(table, "density_kg_m3", 350.0, 10.0, 3000.0);
    a->factor = bt_table_number(table, "bounce", 0.15, 0.0, 0.9);
    a->lateral_m = bt_table_number(table, "friction", 0.3, 0.0, 2.0);
    a->item = (uint32_t)bt_table_integer(table, "seed", (int64_t)a->actor, 0, 1000000000);
    if (!bt_table_numbers(table, "slab_m", slab, 3, 0.01, 20.0)) return;
    if (!bt_table_numbers(table, "slab_at_m", slab + 3, 3, -100.0, 100.0))
        bt_table_fail(table, "slab_at_m", "missing: where the slab's middle is on what carries it");
    a->first_number = (uint32_t)story->numbers_count;
    a->number_count = 6;
    for (int i = 0; i < 6; i++)
        STORY_LUA_ADD(table, story, numbers, slab[i], NULL);
}

void story_lua_read_action(bt_table *table, bt_story *story, uint32_t actor, bt_action *a)
{
    *a = (bt_action){.actor = actor,
                     .ref = BT_STORY_NONE,
                     .spot = BT_STORY_NONE,
                     .spot2 = BT_STORY_NONE,
                     .factor = 1.0};
    switch (bt_table_choice(table, "act", -1, story_lua_actions)) {
    case SPEED:
        read_speed(table, story, a);
        break;
    case BRAKE:
        read_brake(table, a);
        break;
    case SPEED_PROFILE:
        read_profile(table, story, a);
        break;
    case CHANGE_LANE:
        read_lane(table, story, a);
        break;
    case OFFSET:
        read_offset(table, a);
        break;
    case KEEP_DISTANCE:
        read_distance(table, story, a);
        break;
    case SYNCHRONIZE:
        read_synchronize(table, story, a);
        break;
    case FOLLOW:
        read_follow(table, story, a);
        break;
    case CROSS:
        read_cross(table, story, a);
        break;
    case LAMPS:
        read_lamps(table, a);
        break;
    case PUT:
        read_put(table, story, a);
        break;
    case SIGNAL:
        read_signal(table, story, a);
        break;
    case FALL:
        read_fall(table, story, a);
        break;
    default:
        bt_table_fail(table, "", "expected an action: act.speed { to_m_s = 10 }, ...");
    }
}
