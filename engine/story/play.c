// play.c: the tree of a story as it goes on: what starts, ends, stops; and the whole of a step.
#include "engine/story/play_internal.h"

#include "engine/core/memory.h"

#include <stdio.h>
#include <string.h>

// ---- life -------------------------------------------------------------------------------------
static bt_status allocate(const bt_story *story, bt_story_player *p)
{
    p->actors = bt_alloc(story->actors_count, sizeof *p->actors);
    p->actions = bt_alloc(story->actions_count, sizeof *p->actions);
    p->nodes = bt_alloc(story->nodes_count, sizeof *p->nodes);
    p->conditions = bt_alloc(story->conditions_count, sizeof *p->conditions);
    p->variables = bt_alloc(story->variables_count, sizeof *p->variables);
    p->programmes = bt_alloc(story->programmes_count, sizeof *p->programmes);
    p->routes = bt_alloc(story->routes_count, sizeof *p->routes);
    p->acquired = bt_alloc(story->actors_count, sizeof *p->acquired);
    bool complete = p->actors && p->actions && p->nodes && p->conditions && p->variables &&
                    p->programmes && p->routes && p->acquired;
    return complete ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory to play a story");
}

void bt_story_player_destroy(bt_story_player *p)
{
    if (!p) return;
    for (size_t i = 0; p->actors && i < p->story->actors_count; i++)
        bt_trail_clear(&p->actors[i].path);
    for (size_t i = 0; p->routes && i < p->story->routes_count; i++)
        bt_free((void *)(uintptr_t)p->routes[i].lanes);
    for (size_t i = 0; p->acquired && i < p->story->actors_count; i++)
        bt_free((void *)(uintptr_t)p->acquired[i].lanes);
    bt_free(p->actors);
    bt_free(p->actions);
    bt_free(p->nodes);
    bt_free(p->conditions);
    bt_free(p->programmes);
    bt_free(p->variables);
    bt_free(p->routes);
    bt_free(p->acquired);
    bt_free(p->events);
    bt_free(p);
}

// What is done at once is done before the first step.
static bt_status do_first(bt_story_player *p, uint32_t action)
{
    const bt_action *a = &p->story->actions[action];
    bt_status status = bt_action_start(p, action);
    bool step = a->kind == BT_DO_SPEED && a->dynamics.shape == BT_SHAPE_STEP;
    bool put = a->kind == BT_DO_TELEPORT || (a->kind == BT_DO_KEEP_DISTANCE && !a->continuous);
    if (status == BT_OK && (step || put)) status = bt_action_step(p, action);
    if (status == BT_OK && p->actions[action].done) bt_action_stop(p, action);
    return status;
}

// Speeds that refer to nobody come first: others may refer to them.
static bool refers(const bt_action *a)
{
    return a->ref != BT_STORY_NONE;
}

static bt_status begin(bt_story_player *p)
{
    bt_status status = bt_story_routes_resolve(p);
    p->dt_s = 1e-9;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < p->story->init_count && status == BT_OK; i++)
            if (refers(&p->story->actions[p->story->init[i]]) == (pass == 1))
                status = do_first(p, p->story->init[i]);
    return status;
}

bt_status bt_story_player_create(const bt_story *story, const bt_road_network *net,
                                 const bt_story_senses *senses, bt_story_player **player)
{
    *player = NULL;
    bt_story_player *p = bt_alloc(1, sizeof *p);
    if (!p) return bt_fail(BT_ERR_MEMORY, "no memory to play a story");
    p->story = story;
    p->net = net;
    if (senses) p->senses = *senses;
    bt_status status = allocate(story, p);
    for (size_t i = 0; status == BT_OK && i < story->actors_count; i++) {
        bt_actor_state *a = &p->actors[i];
        a->along = a->across = a->controller = a->trailer = BT_STORY_NONE;
        a->role.on.lane = BT_ROAD_NONE;
        a->role.route = BT_ROAD_NONE;
    }
    for (size_t i = 0; status == BT_OK && i < story->programmes_count; i++)
        p->programmes[i] = (bt_programme_state){story->programmes[i].delay_s, BT_STORY_NONE};
    for (size_t i = 0; status == BT_OK && i < story->variables_count; i++)
        snprintf(p->variables[i], BT_STORY_VALUE_MAX, "%s", story->variables[i].value);
    if (status == BT_OK) status = begin(p);
    if (status != BT_OK) {
        bt_story_player_destroy(p);
        return status;
    }
    *player = p;
    return BT_OK;
}

static bt_status copy_choice(const bt_lane_choice *from, bt_lane_choice *to)
{
    uint32_t *lanes = bt_alloc(from->count, sizeof *lanes);
    if (!lanes) return bt_fail(BT_ERR_MEMORY, "no memory for a route");
    if (from->count > 0) memcpy(lanes, from->lanes, from->count * sizeof *lanes);
    *to = (bt_lane_choice){lanes, from->count};
    return BT_OK;
}

static bt_status copy_parts(const bt_story_player *from, bt_story_player *p)
{
    const bt_story *story = from->story;
    bt_status status = BT_OK;
    memcpy(p->actions, from->actions, story->actions_count * sizeof *p->actions);
    memcpy(p->nodes, from->nodes, story->nodes_count * sizeof *p->nodes);
    memcpy(p->conditions, from->conditions, story->conditions_count * sizeof *p->conditions);
    memcpy(p->programmes, from->programmes, story->programmes_count * sizeof *p->programmes);
    memcpy(p->variables, from->variables, story->variables_count * sizeof *p->variables);
    for (size_t i = 0; i < story->routes_count && status == BT_OK; i++)
        status = copy_choice(&from->routes[i], &p->routes[i]);
    for (size_t i = 0; i < story->actors_count && status == BT_OK; i++) {
        p->actors[i] = from->actors[i];
        p->actors[i].path = (bt_trail){0};
        status = copy_choice(&from->acquired[i], &p->acquired[i]);
        if (status == BT_OK) status = bt_trail_copy(&from->actors[i].path, &p->actors[i].path);
    }
    if (status == BT_OK) status = BT_ARRAY_RESERVE(p->events, p->event_capacity, from->event_count);
    if (status == BT_OK && from->event_count > 0)
        memcpy(p->events, from->events, from->event_count * sizeof *p->events);
    p->event_count = from->event_count;
    return status;
}

bt_status bt_story_player_copy(const bt_story_player *from, bt_story_player **to)
{
    *to = NULL;
    bt_story_player *p = bt_alloc(1, sizeof *p);
    if (!p) return bt_fail(BT_ERR_MEMORY, "no memory to play a story");
    p->story = from->story;
    p->net = from->net;
    p->senses = from->senses;
    p->time_ns = from->time_ns;
    p->dt_s = from->dt_s;
    p->ended = from->ended;
    bt_status status = allocate(from->story, p);
    if (status == BT_OK) status = copy_parts(from, p);
    if (status != BT_OK)
        bt_story_player_destroy(p);
    else
        *to = p;
    return status;
}

// ---- nodes ------------------------------------------------------------------------------------
static bt_status tell(bt_story_player *p, uint32_t node, bt_node_change change)
{
    p->nodes[node].changes |= (uint8_t)(1 << change);
    if (p->event_count >= BT_STORY_EVENTS_MAX) return BT_OK; // the story goes on untold
    bt_status status = BT_ARRAY_RESERVE(p->events, p->event_capacity, p->event_count + 1);
    if (status == BT_OK) p->events[p->event_count++] = (bt_story_event){p->time_ns, node, change};
    return status;
}

static void reset_below(bt_story_player *p, uint32_t node)
{
    for (uint32_t c = p->story->nodes[node].first; c != BT_STORY_NONE;
         c = p->story->nodes[c].next) {
        p->nodes[c].state = BT_STANDBY;
        p->nodes[c].runs = 0;
        reset_below(p, c);
    }
}

static bt_status stop_node(bt_story_player *p, uint32_t node)
{
    const bt_story_node *n = &p->story->nodes[node];
    bt_status status = BT_OK;
    if (p->nodes[node].state == BT_COMPLETE) return BT_OK;
    bool ran = p->nodes[node].state == BT_RUNNING;
    p->nodes[node].state = BT_COMPLETE;
    if (ran && n->kind == BT_NODE_ACTION) bt_action_stop(p, n->action);
    for (uint32_t c = n->first; c != BT_STORY_NONE && status == BT_OK; c = p->story->nodes[c].next)
        status = stop_node(p, c);
    return status == BT_OK && ran ? tell(p, node, BT_STOPS) : status;
}

static bt_status start_node(bt_story_player *p, uint32_t node)
{
    const bt_story_node *n = &p->story->nodes[node];
    p->nodes[node].state = BT_RUNNING;
    bt_status status = tell(p, node, BT_STARTS);
    if (status != BT_OK || n->kind != BT_NODE_ACTION) return status;
    status = bt_action_start(p, n->action);
    return status == BT_OK ? BT_OK : bt_fail_prefix(status, "action '%s'", n->name);
}

// An event begins beside others of its maneuver: stops them, or waits for them in vain.
static bt_status start_event(bt_story_player *p, uint32_t node, bool *skipped)
{
    const bt_story_node *n = &p->story->nodes[node];
    bt_status status = BT_OK;
    *skipped = false;
    uint32_t c = p->story->nodes[n->parent].first;
    for (; c != BT_STORY_NONE && status == BT_OK; c = p->story->nodes[c].next) {
        if (c == node || p->nodes[c].state != BT_RUNNING) continue;
        if (n->priority == BT_PRIORITY_SKIP) *skipped = true;
        if (n->priority == BT_PRIORITY_OVERRIDE) status = stop_node(p, c);
    }
    if (status != BT_OK) return status;
    return *skipped ? tell(p, node, BT_SKIPS) : start_node(p, node);
}

static bool all_complete(const bt_story_player *p, uint32_t node)
{
    for (uint32_t c = p->story->nodes[node].first; c != BT_STORY_NONE; c = p->story->nodes[c].next)
        if (p->nodes[c].state != BT_COMPLETE) return false;
    return true;
}

static bt_status end_node(bt_story_player *p, uint32_t node)
{
    const bt_story_node *n = &p->story->nodes[node];
    bt_node_record *r = &p->nodes[node];
    r->runs++;
    bool again = (n->kind == BT_NODE_EVENT || n->kind == BT_NODE_GROUP) && r->runs < n->most;
    r->state = again ? BT_STANDBY : BT_COMPLETE;
    bt_status status = tell(p, node, BT_ENDS);
    if (again) reset_below(p, node);
    return status;
}

static bt_status step_node(bt_story_player *p, uint32_t node);

static bt_status begin_if_met(bt_story_player *p, uint32_t node)
{
    const bt_story_node *n = &p->story->nodes[node];
    bool met = n->start == BT_STORY_NONE, skipped = false;
    bt_status status = met ? BT_OK : bt_trigger_met(p, n->start, &met);
    if (status != BT_OK || !met) return status;
    if (n->kind == BT_NODE_EVENT) {
        status = start_event(p, node, &skipped);
        if (skipped && ++p->nodes[node].runs >= n->most) p->nodes[node].state = BT_COMPLETE;
    } else {
        status = start_node(p, node);
    }
    return status;
}

static bt_status run_node(bt_story_player *p, uint32_t node)
{
    const bt_story_node *n = &p->story->nodes[node];
    bool met = false;
    bt_status status = bt_trigger_met(p, n->stop, &met);
    if (status != BT_OK) return status;
    if (met) return stop_node(p, node);
    for (uint32_t c = n->first; c != BT_STORY_NONE && status == BT_OK; c = p->story->nodes[c].next)
        status = step_node(p, c);
    if (status != BT_OK || p->nodes[node].state != BT_RUNNING) return status;
    bool ended = n->kind == BT_NODE_ACTION ? p->actions[n->action].done : all_complete(p, node);
    if (ended && n->kind == BT_NODE_ACTION) bt_action_stop(p, n->action);
    return ended ? end_node(p, node) : BT_OK;
}

static bt_status step_node(bt_story_player *p, uint32_t node)
{
    bt_status status = BT_OK;
    if (p->nodes[node].state == BT_STANDBY) status = begin_if_met(p, node);
    if (status == BT_OK && p->nodes[node].state == BT_RUNNING) status = run_node(p, node);
    return status;
}

// ---- whole ------------------------------------------------------------------------------------
static bt_status step_tree(bt_story_player *p)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < p->story->nodes_count; i++) {
        p->nodes[i].before = p->nodes[i].changes;
        p->nodes[i].changes = 0;
    }
    for (uint32_t n = p->story->first_story; n != BT_STORY_NONE && status == BT_OK;
         n = p->story->nodes[n].next)
        status = step_node(p, n);
    bool met = false;
    if (status == BT_OK) status = bt_trigger_met(p, p->story->stop, &met);
    p->ended = p->ended || met;
    return status;
}

static bt_status check_finite(const bt_story_player *p)
{
    for (size_t i = 0; i < p->story->actors_count; i++) {
        const bt_role *r = &p->actors[i].role;
        if (!isfinite(r->pos.x + r->pos.y + r->pos.z + r->yaw_rad + r->speed_m_s))
            return bt_fail(BT_ERR_INPUT, "actor '%s' left the numbers at %.3f s",
                           p->story->actors[i].name, bt_seconds(p->time_ns));
    }
    return BT_OK;
}

static void move_all(bt_story_player *p)
{
    uint32_t count = (uint32_t)p->story->actors_count;
    // controllers see where those whom the story leads have come to, as in the reference player
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < count; i++) {
            const bt_actor_state *a = &p->actors[i];
            if (p->story->actors[i].external || a->towed || a->falls || a->role.is_wreck ||
                a->controlled != pass)
                continue;
            if (a->controlled)
                bt_story_controller_step(p, i);
            else
                bt_actor_move(p, i);
        }
    for (uint32_t i = 0; i < count; i++)
        if (!p->actors[i].towed) bt_story_trailer_pull(p, i);
    for (uint32_t i = 0; i < count; i++) {
        if (p->actors[i].falls == BT_CARRIED) bt_story_ride(p, i, p->dt_s);
        if (p->actors[i].falls > BT_CARRIED) bt_story_fall_step(p, i);
    }
}

bt_status bt_story_player_step(bt_story_player *p, bt_time_ns step_ns)
{
    p->dt_s = bt_seconds(step_ns);
    bt_story_programmes_step(p);
    bt_status status = step_tree(p);
    for (size_t i = 0; i < p->story->actors_count; i++) {
        p->actors[i].speed_before_m_s = p->actors[i].role.speed_m_s;
        p->actors[i].sideways_m = 0.0;
    }
    for (size_t i = 0; i < p->story->actions_count && status == BT_OK; i++)
        status = bt_action_step(p, (uint32_t)i);
    for (size_t i = 0; i < p->story->init_count && status == BT_OK; i++)
        if (p->actions[p->story->init[i]].done) bt_action_stop(p, p->story->init[i]);
    if (status == BT_OK) move_all(p);
    p->time_ns += step_ns;
    return status == BT_OK ? check_finite(p) : status;
}

const bt_role *bt_story_player_role(const bt_story_player *p, uint32_t actor)
{
    return &p->actors[actor].role;
}

// What the story itself gave the actor, it keeps.
void bt_story_player_set_role(bt_story_player *p, uint32_t actor, const bt_role *role)
{
    bt_role *own = &p->actors[actor].role;
    uint32_t route = own->route, lamps = own->lamps;
    *own = *role;
    own->route = route;
    own->lamps = lamps;
    own->placed = 1;
}

const bt_story *bt_story_player_story(const bt_story_player *p)
{
    return p->story;
}

void bt_story_player_set_senses(bt_story_player *p, bt_story_senses senses)
{
    p->senses = senses;
}

bt_time_ns bt_story_player_time_ns(const bt_story_player *p)
{
    return p->time_ns;
}

bool bt_story_player_ended(const bt_story_player *p)
{
    return p->ended;
}

bt_node_state bt_story_player_state(const bt_story_player *p, uint32_t node)
{
    return (bt_node_state)p->nodes[node].state;
}

uint32_t bt_story_player_runs(const bt_story_player *p, uint32_t node)
{
    return p->nodes[node].runs;
}

const char *bt_story_player_variable(const bt_story_player *p, uint32_t variable)
{
    return p->variables[variable];
}

uint32_t bt_story_player_event_count(const bt_story_player *p)
{
    return (uint32_t)p->event_count;
}

const bt_story_event *bt_story_player_event(const bt_story_player *p, uint32_t event)
{
    return &p->events[event];
}
