// storyboard.c: the tree of stories, acts, groups, maneuvers, events, actions; and what is done first.
#include "engine/openscenario/internal.h"

#include <math.h>
#include <string.h>

// ---- the tree ---------------------------------------------------------------------------------
static uint32_t add_node(osc_reader *r, xml_node *n, bt_node_kind kind)
{
    bt_story_node node = {.kind = kind,
                          .most = 1,
                          .start = BT_STORY_NONE,
                          .stop = BT_STORY_NONE,
                          .action = BT_STORY_NONE,
                          .line = n->line};
    uint32_t index = BT_STORY_NONE;
    node.name = osc_text(r, n, "name", kind == BT_NODE_ACT || kind == BT_NODE_STORY ? "" : NULL);
    if (r->status == BT_OK) r->status = bt_story_add_node(r->story, r->node, &node, &index);
    return index;
}

// A start trigger that says nothing is met at once, as a missing one.
static uint32_t read_start(osc_reader *r, xml_node *n)
{
    xml_node *trigger = xml_child(n, "StartTrigger");
    if (!trigger || !xml_child(trigger, "ConditionGroup")) return BT_STORY_NONE;
    return osc_read_trigger(r, trigger);
}

static uint32_t read_executions(osc_reader *r, xml_node *n)
{
    uint32_t most = osc_count(r, n, "maximumExecutionCount", 1);
    return most > 0 ? most : 1;
}

static void add_action_node(osc_reader *r, xml_node *n, xml_node *inner, uint32_t actor)
{
    uint32_t node = add_node(r, n, BT_NODE_ACTION);
    uint32_t action = osc_read_action(r, inner, actor);
    if (r->status == BT_OK) r->story->nodes[node].action = action;
}

static void read_action_node(osc_reader *r, xml_node *n)
{
    xml_node *inner = xml_child(n, "PrivateAction");
    if (inner && r->actor_count == 0) osc_mark_node(r, n, BT_OSC_IGNORED, "nobody is to do it");
    for (uint32_t i = 0; inner && i < r->actor_count && r->status == BT_OK; i++)
        add_action_node(r, n, inner, r->actors[i]);
    if (inner) return;
    inner = xml_child(n, "GlobalAction");
    if (!inner) inner = xml_child(n, "UserDefinedAction");
    if (inner)
        add_action_node(r, n, inner, BT_STORY_NONE);
    else
        osc_fail(r, n, "expected a PrivateAction, GlobalAction or UserDefinedAction");
}

static void read_event(osc_reader *r, xml_node *n)
{
    static const char *const priorities[] = {"override", "overwrite", "skip", "parallel", NULL};
    uint32_t above = r->node, node = add_node(r, n, BT_NODE_EVENT);
    if (r->status != BT_OK) return;
    r->node = node;
    int priority = osc_choice(r, n, "priority", priorities, -1);
    uint32_t most = read_executions(r, n), start = read_start(r, n);
    if (r->status == BT_OK) {
        r->story->nodes[node].priority = priority < 2    ? BT_PRIORITY_OVERRIDE
                                         : priority == 2 ? BT_PRIORITY_SKIP
                                                         : BT_PRIORITY_PARALLEL;
        r->story->nodes[node].most = most;
        r->story->nodes[node].start = start;
    }
    for (xml_node *a = xml_child(n, "Action"); a && r->status == BT_OK; a = xml_next(a))
        read_action_node(r, a);
    r->node = above;
}

void osc_read_maneuver(osc_reader *r, xml_node *n)
{
    uint32_t above = r->node, node = add_node(r, n, BT_NODE_MANEUVER);
    if (r->status != BT_OK) return;
    r->node = node;
    for (xml_node *e = xml_child(n, "Event"); e && r->status == BT_OK; e = xml_next(e))
        read_event(r, e);
    r->node = above;
}

static void read_actors(osc_reader *r, xml_node *n)
{
    xml_node *actors = xml_child(n, "Actors");
    r->actor_count = 0;
    if (!actors) return;
    if (osc_bool(r, actors, "selectTriggeringEntities", false))
        osc_mark_node(r, actors, BT_OSC_REFUSED, "actors that are found by a trigger");
    for (xml_node *e = xml_child(actors, "EntityRef"); e && r->status == BT_OK; e = xml_next(e)) {
        r->actor_count += osc_entities(r, e, "entityRef", r->actors + r->actor_count,
                                       OSC_ACTORS_MAX - r->actor_count);
    }
}

static void read_group(osc_reader *r, xml_node *n)
{
    uint32_t above = r->node, node = add_node(r, n, BT_NODE_GROUP);
    if (r->status != BT_OK) return;
    r->node = node;
    r->story->nodes[node].most = read_executions(r, n);
    read_actors(r, n);
    for (xml_node *c = n->first; c && r->status == BT_OK; c = c->next) {
        if (strcmp(c->name, "Maneuver") == 0) {
            c->known = true;
            osc_scope_open(r, c);
            osc_read_declarations(r, c, false);
            osc_read_maneuver(r, c);
            osc_scope_close(r);
        } else if (strcmp(c->name, "CatalogReference") == 0) {
            c->known = true;
            osc_entry entry = osc_enter_entry(r, c);
            if (entry.node) osc_read_maneuver(r, entry.node);
            osc_leave_entry(r, &entry);
        }
    }
    r->node = above;
}

static void read_act(osc_reader *r, xml_node *n)
{
    uint32_t above = r->node, node = add_node(r, n, BT_NODE_ACT);
    if (r->status != BT_OK) return;
    r->node = node;
    uint32_t start = read_start(r, n), stop = osc_read_trigger(r, xml_child(n, "StopTrigger"));
    if (r->status == BT_OK) {
        r->story->nodes[node].start = start;
        r->story->nodes[node].stop = stop;
    }
    for (xml_node *g = xml_child(n, "ManeuverGroup"); g && r->status == BT_OK; g = xml_next(g))
        read_group(r, g);
    r->node = above;
}

static void read_story(osc_reader *r, xml_node *n)
{
    osc_scope_open(r, n);
    osc_read_declarations(r, n, false);
    r->node = BT_STORY_NONE;
    uint32_t node = add_node(r, n, BT_NODE_STORY);
    r->node = node;
    for (xml_node *a = xml_child(n, "Act"); a && r->status == BT_OK; a = xml_next(a))
        read_act(r, a);
    r->node = BT_STORY_NONE;
    osc_scope_close(r);
}

// ---- the beginning ----------------------------------------------------------------------------
void osc_add_init(osc_reader *r, const bt_action *action)
{
    uint32_t index = BT_STORY_NONE;
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, actions, *action, &index);
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, init, index, NULL);
}

static void add_init(osc_reader *r, xml_node *n, uint32_t actor)
{
    uint32_t action = osc_read_action(r, n, actor);
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, init, action, NULL);
}

static void read_init_global(osc_reader *r, xml_node *n)
{
    xml_node *environment = xml_child(n, "EnvironmentAction");
    if (environment && osc_read_environment(r, environment)) return;
    if (osc_read_swarm(r, xml_child(n, "TrafficAction"))) return;
    add_init(r, n, BT_STORY_NONE);
}

// Those who are put first come first: what is relative to them may then be found.
static bool is_placing(xml_node *n)
{
    return xml_child(n, "TeleportAction") != NULL;
}

static void read_private(osc_reader *r, xml_node *p, bool placing)
{
    uint32_t actors[OSC_ACTORS_MAX];
    uint32_t count = osc_entities(r, p, "entityRef", actors, OSC_ACTORS_MAX);
    for (xml_node *a = xml_child(p, "PrivateAction"); a && r->status == BT_OK; a = xml_next(a))
        for (uint32_t i = 0; i < count && is_placing(a) == placing; i++)
            add_init(r, a, actors[i]);
}

static void read_init(osc_reader *r, xml_node *init)
{
    xml_node *actions = xml_child(init, "Actions");
    for (xml_node *g = xml_child(actions, "GlobalAction"); g && r->status == BT_OK; g = xml_next(g))
        read_init_global(r, g);
    for (int pass = 0; pass < 2; pass++) { // places, then the rest
        for (xml_node *p = xml_child(actions, "Private"); p && r->status == BT_OK;
             p = xml_next(p)) {
            read_private(r, p, pass == 0);
        }
    }
    for (xml_node *u = xml_child(actions, "UserDefinedAction"); u; u = xml_next(u))
        osc_mark_node(r, u, BT_OSC_IGNORED, "for other programs");
}

// ---- names of nodes ---------------------------------------------------------------------------
static void resolve_names(osc_reader *r)
{
    for (size_t i = 0; i < r->waiting_count && r->status == BT_OK; i++) {
        uint32_t node = bt_story_find_node(r->story, r->waiting[i].from, r->waiting[i].kind,
                                           r->waiting[i].name);
        if (node == BT_STORY_NONE)
            r->status = bt_fail(BT_ERR_INPUT,
                                "%s:%u: a condition waits for '%s', which the storyboard has not",
                                r->waiting[i].file, r->waiting[i].line, r->waiting[i].name);
        r->story->conditions[r->waiting[i].condition].node = node;
    }
}

void osc_read_storyboard(osc_reader *r)
{
    xml_node *board = xml_child(r->root, "Storyboard");
    if (!board) {
        osc_fail(r, r->root, "no Storyboard");
        return;
    }
    r->node = BT_STORY_NONE;
    xml_node *init = xml_child(board, "Init");
    if (init) read_init(r, init);
    for (xml_node *s = xml_child(board, "Story"); s && r->status == BT_OK; s = xml_next(s))
        read_story(r, s);
    r->node = BT_STORY_NONE;
    uint32_t stop = osc_read_trigger(r, xml_child(board, "StopTrigger"));
    if (r->status == BT_OK) r->story->stop = stop;
    resolve_names(r);
}
