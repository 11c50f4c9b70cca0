// conditions.c: triggers.
#include "engine/openscenario/internal.h"

#include <math.h>
#include <string.h>

static const char *const rules[] = {"greaterThan", "lessThan",   "equalTo", "greaterOrEqual",
                                    "lessOrEqual", "notEqualTo", NULL};

static bt_rule read_rule(osc_reader *r, const xml_node *n, int fallback)
{
    return (bt_rule)osc_choice(r, n, "rule", rules, fallback);
}

// Which way a distance is measured: coordinateSystem and relativeDistanceType of 1.1; 1.0's alongRoute.
static bt_measure read_measure(osc_reader *r, const xml_node *n)
{
    static const char *const systems[] = {"entity", "lane", "road", "trajectory", "world", NULL};
    static const char *const types[] = {"longitudinal", "lateral", "cartesianDistance",
                                        "euclidianDistance", NULL};
    bool road = osc_bool(r, n, "alongRoute", false);
    int system = osc_choice(r, n, "coordinateSystem", systems, road ? 2 : 0);
    // of a distance of which nothing is said: as the crow flies
    bool said = osc_has(n, "coordinateSystem") || road;
    int type = osc_choice(r, n, "relativeDistanceType", types, said ? 0 : 3);
    if (type >= 2) return BT_MEASURE_STRAIGHT;
    if (type == 1) return system == 0 ? BT_MEASURE_ASIDE : BT_MEASURE_ROAD_ASIDE;
    return system == 1 || system == 2 ? BT_MEASURE_ROAD : BT_MEASURE_ENTITY;
}

// Headway and time to collision are along the entity or the road where nothing is said.
static bt_measure read_way_measure(osc_reader *r, const xml_node *n)
{
    bool said = osc_has(n, "coordinateSystem") || osc_has(n, "relativeDistanceType") ||
                osc_has(n, "alongRoute");
    return said ? read_measure(r, n) : BT_MEASURE_ENTITY;
}

// ---- by value ---------------------------------------------------------------------------------
static bt_node_kind node_kind(osc_reader *r, const xml_node *n)
{
    static const char *const kinds[] = {"story",  "act", "maneuverGroup", "maneuver", "event",
                                        "action", NULL};
    return (bt_node_kind)osc_choice(r, n, "storyboardElementType", kinds, -1);
}

static void read_node(osc_reader *r, xml_node *n, bt_condition *c)
{
    static const char *const states[] = {"standbyState", "runningState", "completeState", NULL};
    static const char *const changes[] = {"startTransition", "endTransition", "stopTransition",
                                          "skipTransition", NULL};
    c->kind = BT_WHEN_NODE;
    c->text = osc_text(r, n, "storyboardElementRef", NULL);
    c->value = node_kind(r, n);
    const char *state = osc_text(r, n, "state", "");
    bool change = strstr(state, "Transition") != NULL;
    c->node_state = osc_choice(r, n, "state", change ? changes : states, -1);
    if (change) c->node_state += BT_NODE_CHANGE;
}

static void read_variable(osc_reader *r, xml_node *n, const char *ref, bt_condition *c)
{
    c->kind = BT_WHEN_VARIABLE;
    c->rule = read_rule(r, n, -1);
    c->text = osc_text(r, n, "value", NULL);
    c->variable = osc_variable(r, n, ref);
}

static void read_signal(osc_reader *r, xml_node *n, bt_condition *c)
{
    c->kind = BT_WHEN_SIGNAL;
    c->text = osc_text(r, n, "name", NULL);
    c->value = osc_read_phase(r, n, "state");
}

static void read_programme(osc_reader *r, xml_node *n, bt_condition *c)
{
    uint32_t phase;
    c->kind = BT_WHEN_PROGRAMME;
    osc_read_programme_phase(r, n, &c->variable, &phase);
    c->value = phase;
}

// A parameter does not change: what it is now decides.
static void read_parameter(osc_reader *r, xml_node *n, bt_condition *c)
{
    const char *name = osc_text(r, n, "parameterRef", NULL);
    char dollar[130] = "$";
    strncat(dollar, name, sizeof dollar - 2);
    bt_story_variable v = {name, NULL};
    xml_attribute a = {.name = "value", .value = dollar};
    xml_node fake = {.name = n->name, .attributes = &a, .attribute_count = 1, .line = n->line};
    v.value = osc_text(r, &fake, "value", NULL);
    c->kind = BT_WHEN_VARIABLE;
    c->rule = read_rule(r, n, -1);
    c->text = osc_text(r, n, "value", NULL);
    c->variable = bt_story_find_variable(r->story, name);
    if (r->status == BT_OK && c->variable == BT_STORY_NONE)
        r->status = BT_STORY_ADD(r->story, variables, v, &c->variable);
}

static void refuse(osc_reader *r, xml_node *holder, bt_condition *c)
{
    c->kind = BT_WHEN_TIME_OF_DAY; // never met
    xml_node *n = holder->first ? holder->first : holder;
    osc_mark_node(r, n, BT_OSC_REFUSED, "a condition that is not known here");
}

static void read_by_value(osc_reader *r, xml_node *v, bt_condition *c)
{
    xml_node *n;
    if ((n = xml_child(v, "SimulationTimeCondition")) != NULL) {
        c->kind = BT_WHEN_TIME;
        c->rule = read_rule(r, n, -1);
        c->value = osc_number(r, n, "value", NAN);
    } else if ((n = xml_child(v, "StoryboardElementStateCondition")) != NULL) {
        read_node(r, n, c);
    } else if ((n = xml_child(v, "VariableCondition")) != NULL) {
        read_variable(r, n, "variableRef", c);
    } else if ((n = xml_child(v, "ParameterCondition")) != NULL) {
        read_parameter(r, n, c);
    } else if ((n = xml_child(v, "TrafficSignalCondition")) != NULL) {
        read_signal(r, n, c);
    } else if ((n = xml_child(v, "TrafficSignalControllerCondition")) != NULL) {
        read_programme(r, n, c);
    } else {
        refuse(r, v, c);
    }
}

// ---- by entity --------------------------------------------------------------------------------
static void read_simple(osc_reader *r, xml_node *n, bt_condition_kind kind, bt_condition *c)
{
    c->kind = kind;
    c->rule = read_rule(r, n, -1);
    c->value = osc_number(r, n, "value", NAN);
    osc_ignore(r, n, "direction", "the whole is compared");
}

static void read_lasting(osc_reader *r, xml_node *n, bt_condition_kind kind, bt_condition *c)
{
    c->kind = kind;
    c->value = osc_number_in(r, n, "duration", NAN, 0.0, 1e9);
}

static void read_pair(osc_reader *r, xml_node *n, bt_condition_kind kind, bt_condition *c)
{
    read_simple(r, n, kind, c);
    c->freespace = osc_bool(r, n, "freespace", false);
    c->measure = kind == BT_WHEN_DISTANCE ? read_measure(r, n) : read_way_measure(r, n);
    if (osc_has(n, "entityRef"))
        c->ref = osc_entity(r, n, "entityRef");
    else
        c->spot = osc_read_position(r, xml_child(n, "Position"));
}

static void read_ttc(osc_reader *r, xml_node *n, bt_condition *c)
{
    read_simple(r, n, BT_WHEN_TTC, c);
    c->freespace = osc_bool(r, n, "freespace", false);
    c->measure = read_way_measure(r, n);
    xml_node *target = xml_child(n, "TimeToCollisionConditionTarget");
    xml_node *entity = xml_child(target, "EntityRef");
    if (entity)
        c->ref = osc_entity(r, entity, "entityRef");
    else
        c->spot = osc_read_position(r, xml_child(target, "Position"));
}

static void read_collision(osc_reader *r, xml_node *n, bt_condition *c)
{
    c->kind = BT_WHEN_COLLISION;
    xml_node *entity = xml_child(n, "EntityRef");
    if (entity) c->ref = osc_entity(r, entity, "entityRef");
    xml_node *type = xml_child(n, "ByType");
    if (type) c->kinds = osc_kinds(r, type, osc_has(type, "objectType") ? "objectType" : "type");
}

static void read_reach(osc_reader *r, xml_node *n, bt_condition *c)
{
    c->kind = BT_WHEN_REACHED;
    c->measure = BT_MEASURE_STRAIGHT;
    c->value = osc_number_in(r, n, "tolerance", NAN, 0.0, 1e6);
    c->spot = osc_read_position(r, xml_child(n, "Position"));
}

static void read_entity_condition(osc_reader *r, xml_node *e, bt_condition *c)
{
    xml_node *n;
    if ((n = xml_child(e, "SpeedCondition")) != NULL)
        read_simple(r, n, BT_WHEN_SPEED, c);
    else if ((n = xml_child(e, "AccelerationCondition")) != NULL)
        read_simple(r, n, BT_WHEN_ACCELERATION, c);
    else if ((n = xml_child(e, "RelativeSpeedCondition")) != NULL)
        read_simple(r, n, BT_WHEN_RELATIVE_SPEED, c), c->ref = osc_entity(r, n, "entityRef");
    else if ((n = xml_child(e, "StandStillCondition")) != NULL)
        read_lasting(r, n, BT_WHEN_STANDS, c);
    else if ((n = xml_child(e, "EndOfRoadCondition")) != NULL)
        read_lasting(r, n, BT_WHEN_END_OF_ROAD, c);
    else if ((n = xml_child(e, "OffroadCondition")) != NULL)
        read_lasting(r, n, BT_WHEN_OFF_ROAD, c);
    else if ((n = xml_child(e, "TraveledDistanceCondition")) != NULL)
        c->kind = BT_WHEN_TRAVELLED, c->value = osc_number(r, n, "value", NAN);
    else if ((n = xml_child(e, "ReachPositionCondition")) != NULL)
        read_reach(r, n, c);
    else if ((n = xml_child(e, "RelativeDistanceCondition")) != NULL)
        read_pair(r, n, BT_WHEN_DISTANCE, c);
    else if ((n = xml_child(e, "DistanceCondition")) != NULL)
        read_pair(r, n, BT_WHEN_DISTANCE, c);
    else if ((n = xml_child(e, "TimeHeadwayCondition")) != NULL)
        read_pair(r, n, BT_WHEN_HEADWAY, c);
    else if ((n = xml_child(e, "TimeToCollisionCondition")) != NULL)
        read_ttc(r, n, c);
    else if ((n = xml_child(e, "CollisionCondition")) != NULL)
        read_collision(r, n, c);
    else
        refuse(r, e, c);
}

static void read_subjects(osc_reader *r, xml_node *by, bt_condition *c)
{
    static const char *const words[] = {"any", "all", NULL};
    xml_node *list = xml_child(by, "TriggeringEntities");
    if (!list) {
        osc_fail(r, by, "no TriggeringEntities");
        return;
    }
    c->all = osc_choice(r, list, "triggeringEntitiesRule", words, 0) == 1;
    c->first_subject = (uint32_t)r->story->subjects_count;
    for (xml_node *e = xml_child(list, "EntityRef"); e && r->status == BT_OK; e = xml_next(e)) {
        uint32_t actors[OSC_ACTORS_MAX];
        uint32_t count = osc_entities(r, e, "entityRef", actors, OSC_ACTORS_MAX);
        for (uint32_t i = 0; i < count && r->status == BT_OK; i++)
            r->status = BT_STORY_ADD(r->story, subjects, actors[i], NULL);
        c->subject_count += count;
    }
}

// ---- whole ------------------------------------------------------------------------------------
static void wait_for_node(osc_reader *r, const xml_node *node, uint32_t condition,
                          const bt_condition *c)
{
    bt_status status = BT_ARRAY_RESERVE(r->waiting, r->waiting_capacity, r->waiting_count + 1);
    if (status != BT_OK) {
        r->status = status;
        return;
    }
    r->waiting[r->waiting_count].condition = condition;
    r->waiting[r->waiting_count].from = r->node;
    r->waiting[r->waiting_count].kind = (bt_node_kind)c->value;
    r->waiting[r->waiting_count].name = c->text;
    r->waiting[r->waiting_count].file = r->file;
    r->waiting[r->waiting_count++].line = node->line;
}

static bt_condition read_condition(osc_reader *r, xml_node *n)
{
    static const char *const edges[] = {"none", "rising", "falling", "risingOrFalling", NULL};
    bt_condition c = {.ref = BT_STORY_NONE, .spot = BT_STORY_NONE, .node = BT_STORY_NONE};
    c.name = osc_text(r, n, "name", "");
    c.edge = (bt_edge)osc_choice(r, n, "conditionEdge", edges, 0);
    c.delay_s = osc_number_in(r, n, "delay", 0.0, 0.0, 1e9);
    xml_node *value = xml_child(n, "ByValueCondition"), *entity = xml_child(n, "ByEntityCondition");
    if (value) {
        read_by_value(r, value, &c);
    } else if (entity) {
        read_subjects(r, entity, &c);
        xml_node *what = xml_child(entity, "EntityCondition");
        if (what)
            read_entity_condition(r, what, &c);
        else
            osc_fail(r, entity, "no EntityCondition");
    } else {
        refuse(r, n, &c);
    }
    return c;
}

// Conditions of a group lie together: what one refers to may add others' items, not conditions.
static void read_group(osc_reader *r, xml_node *n, bt_condition_group *group)
{
    group->first_condition = (uint32_t)r->story->conditions_count;
    for (xml_node *c = xml_child(n, "Condition"); c && r->status == BT_OK; c = xml_next(c)) {
        bt_condition item = read_condition(r, c);
        uint32_t index = 0;
        if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, conditions, item, &index);
        if (r->status == BT_OK && item.kind == BT_WHEN_NODE) wait_for_node(r, c, index, &item);
        group->condition_count++;
    }
}

uint32_t osc_read_trigger(osc_reader *r, xml_node *n)
{
    if (!n) return BT_STORY_NONE;
    bt_trigger trigger = {.first_group = (uint32_t)r->story->groups_count};
    uint32_t index = BT_STORY_NONE;
    for (xml_node *g = xml_child(n, "ConditionGroup"); g && r->status == BT_OK; g = xml_next(g)) {
        bt_condition_group group = {0};
        read_group(r, g, &group);
        if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, groups, group, NULL);
        trigger.group_count++;
    }
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, triggers, trigger, &index);
    return index;
}
