// story_lua_when.c: conditions.
#include "engine/story/story_lua_internal.h"

#include <math.h>
#include <string.h>

#define SUBJECTS_MAX 64

const char *const story_lua_conditions[] = {
    "always", "time",      "distance",    "headway",  "time_to_collision", "reached", "speed",
    "stands", "travelled", "end_of_road", "off_road", "collision",         "began",   "ended",
    "signal", "brakes",    NULL};

static const bt_condition_kind kinds[] = {
    BT_WHEN_ALWAYS,    BT_WHEN_TIME,        BT_WHEN_DISTANCE, BT_WHEN_HEADWAY,
    BT_WHEN_TTC,       BT_WHEN_REACHED,     BT_WHEN_SPEED,    BT_WHEN_STANDS,
    BT_WHEN_TRAVELLED, BT_WHEN_END_OF_ROAD, BT_WHEN_OFF_ROAD, BT_WHEN_COLLISION,
    BT_WHEN_NODE,      BT_WHEN_NODE,        BT_WHEN_SIGNAL,   BT_WHEN_ACCELERATION};

// "below_X" or "above_X", one of them.
static void read_bound(bt_table *table, const char *below, const char *above, double most,
                       bt_condition *c)
{
    double low = bt_table_number(table, below, -1.0, 0.0, most);
    double high = bt_table_number(table, above, -1.0, 0.0, most);
    if ((low >= 0.0) == (high >= 0.0))
        bt_table_fail(table, below, "give either %s or %s", below, above);
    c->rule = low >= 0.0 ? BT_RULE_LESS : BT_RULE_GREATER;
    c->value = low >= 0.0 ? low : high;
}

// Between two actors, or an actor and a place.
static void read_pair(bt_table *table, bt_story *story, bt_condition *c)
{
    static const char *const ways[] = {"own", "road", "straight", "aside", "road_aside", NULL};
    c->measure = (bt_measure)bt_table_choice(table, "along", BT_MEASURE_ROAD, ways);
    c->ref = story_lua_actor(table, story, "to", BT_STORY_NONE);
    c->freespace = bt_table_bool(table, "between_boxes", true);
    static const char *const sides[] = {"behind", "either", "ahead", NULL};
    c->side = bt_table_choice(table, "side", c->kind == BT_WHEN_HEADWAY ? 2 : 1, sides) - 1;
    if (c->ref != BT_STORY_NONE) return;
    if (!bt_story_lua_read_spot(table, "place", story, &c->spot))
        bt_table_fail(table, "to", "missing: the other actor's name, or a place under `place`");
}

// `of`: whose; by default the actor whose event it is.
static void read_subjects(bt_table *table, bt_story *story, uint32_t actor, bt_condition *c)
{
    uint32_t own = story_lua_actor(table, story, "of", actor);
    c->first_subject = (uint32_t)story->subjects_count;
    c->subject_count = 1;
    if (table->status == BT_OK) STORY_LUA_ADD(table, story, subjects, own, NULL);
}

static void read_values(bt_table *table, bt_story *story, bt_condition *c)
{
    switch (c->kind) {
    case BT_WHEN_TIME:
        c->rule = BT_RULE_GREATER_EQUAL;
        c->value = bt_table_number(table, "after_s", BT_REQUIRED, 0.0, 1e6);
        break;
    case BT_WHEN_DISTANCE:
        read_pair(table, story, c);
        read_bound(table, "below_m", "above_m", 1e6, c);
        break;
    case BT_WHEN_HEADWAY:
    case BT_WHEN_TTC:
        read_pair(table, story, c);
        read_bound(table, "below_s", "above_s", 1e6, c);
        break;
    case BT_WHEN_REACHED:
        c->measure = BT_MEASURE_STRAIGHT;
        c->value = bt_table_number(table, "within_m", 2.0, 0.0, 1e5);
        if (!bt_story_lua_read_spot(table, "place", story, &c->spot))
            bt_table_fail(table, "place", "missing: where?");
        break;
    case BT_WHEN_SPEED:
        read_bound(table, "below_m_s", "above_m_s", 1000.0, c);
        break;
    case BT_WHEN_ACCELERATION:
        c->rule = BT_RULE_LESS;
        c->value = -bt_table_number(table, "above_m_s2", BT_REQUIRED, 0.0, 100.0);
        break;
    case BT_WHEN_STANDS:
    case BT_WHEN_END_OF_ROAD:
    case BT_WHEN_OFF_ROAD:
        c->value = bt_table_number(table, "for_s", 0.0, 0.0, 1e6);
        break;
    case BT_WHEN_TRAVELLED:
        c->value = bt_table_number(table, "above_m", BT_REQUIRED, 0.0, 1e7);
        break;
    case BT_WHEN_COLLISION:
        c->ref = story_lua_actor(table, story, "with", BT_STORY_NONE);
        break;
    default:
        break;
    }
}

static void read_signal(bt_table *table, bt_story *story, bt_condition *c)
{
    static const char *const phases[] = {"off", "red", "red_amber", "amber", "green", NULL};
    c->text = story_lua_text(table, story, "id", NULL);
    c->value = bt_table_choice(table, "shows", -1, phases);
    if (table->status == BT_OK && c->value < 0.0)
        bt_table_fail(table, "shows", "missing: off, red, red_amber, amber or green");
}

void story_lua_read_condition(bt_table *table, bt_story *story, uint32_t actor, bt_condition *c)
{
    static const char *const edges[] = {"none", "rising", "falling", "both", NULL};
    *c = (bt_condition){.ref = BT_STORY_NONE, .spot = BT_STORY_NONE, .node = BT_STORY_NONE};
    int which = bt_table_choice(table, "when", -1, story_lua_conditions);
    if (which < 0) {
        bt_table_fail(table, "", "expected a condition: when.time { after_s = 2 }, ...");
        return;
    }
    c->name = story_lua_conditions[which];
    c->kind = kinds[which];
    c->edge = (bt_edge)bt_table_choice(table, "edge", 0, edges);
    c->delay_s = bt_table_number(table, "delay_s", 0.0, 0.0, 1e6);
    if (c->kind == BT_WHEN_SIGNAL) {
        read_signal(table, story, c);
    } else if (c->kind == BT_WHEN_NODE) {
        bool began = strcmp(c->name, "began") == 0;
        c->text = story_lua_text(table, story, "event", NULL);
        c->node_state = BT_NODE_CHANGE + (began ? BT_STARTS : BT_ENDS);
    } else {
        if (c->kind >= BT_WHEN_SPEED) read_subjects(table, story, actor, c);
        read_values(table, story, c);
    }
}
