// digest.c: all bytes that decide how a story goes on, as a hash. Structs with padding are written field by field.
#include "engine/story/play_internal.h"

#include "engine/core/hash.h"
#include "engine/core/memory.h"

#include <string.h>

typedef struct writer {
    uint8_t *bytes;
    size_t count, capacity;
    bt_status status;
} writer;

static void put(writer *w, const void *from, size_t size)
{
    if (w->status == BT_OK) w->status = BT_ARRAY_RESERVE(w->bytes, w->capacity, w->count + size);
    if (w->status != BT_OK || size == 0) return;
    memcpy(w->bytes + w->count, from, size);
    w->count += size;
}

static void put_number(writer *w, double value)
{
    put(w, &value, sizeof value);
}

static void put_count(writer *w, uint64_t value)
{
    put(w, &value, sizeof value);
}

static void put_role(writer *w, const bt_role *r)
{
    const double numbers[] = {
        r->pos.x,          r->pos.y,     r->pos.z,      r->yaw_rad,        r->pitch_rad,
        r->roll_rad,       r->speed_m_s, r->accel_m_s2, r->velocity_m_s.x, r->velocity_m_s.y,
        r->velocity_m_s.z, r->on.s_m,    r->on.aside_m, r->travelled_m,    r->stands_s,
        r->end_s,          r->off_s,     r->turned_rad, r->steer_rad};
    const uint32_t counts[] = {r->on.lane, r->on.against, r->route,  r->placed,
                               r->lamps,   r->at_end,     r->struck, r->is_wreck};
    put(w, numbers, sizeof numbers);
    put(w, counts, sizeof counts);
}

static void put_trail(writer *w, const bt_trail *t)
{
    put_count(w, t->count);
    put(w, t->points, t->count * sizeof *t->points);
    put(w, t->along_m, t->count * sizeof *t->along_m);
    put(w, t->time_s, t->count * sizeof *t->time_s);
    put(w, t->yaw_rad, t->count * sizeof *t->yaw_rad);
    const uint8_t flags[] = {t->timed, t->curved};
    put(w, flags, sizeof flags);
}

static void put_actor(writer *w, const bt_actor_state *a)
{
    put_role(w, &a->role);
    put_trail(w, &a->path);
    const double numbers[] = {a->path_m,     a->speed_before_m_s, a->sideways_m, a->wish_m_s,
                              a->fall_m_s.x, a->fall_m_s.y,       a->fall_m_s.z, a->turn_rad_s};
    const uint32_t counts[] = {a->along,   a->across, a->controller, a->trailer,
                               a->carrier, a->fall,   a->hits};
    const uint8_t flags[] = {a->on_path, a->halts, a->controlled, a->towed, a->falls};
    put(w, numbers, sizeof numbers);
    put(w, counts, sizeof counts);
    put(w, flags, sizeof flags);
}

static void put_action(writer *w, const bt_action_state *a)
{
    const double numbers[] = {a->elapsed_s, a->gone_m, a->from, a->to, a->duration};
    const uint8_t flags[] = {a->running, a->done, a->fresh};
    put(w, numbers, sizeof numbers);
    put(w, flags, sizeof flags);
}

static void put_condition(writer *w, const bt_condition_state *c)
{
    put_count(w, c->queued);
    put(w, c->time_s, c->queued * sizeof *c->time_s);
    put(w, c->value, c->queued);
    const uint8_t flags[] = {c->seen, c->before, c->now};
    put(w, flags, sizeof flags);
}

static void put_node(writer *w, const bt_node_record *n)
{
    const uint8_t flags[] = {n->state, n->changes, n->before};
    put(w, flags, sizeof flags);
    put_count(w, n->runs);
}

static void put_choice(writer *w, const bt_lane_choice *c)
{
    put_count(w, c->count);
    put(w, c->lanes, c->count * sizeof *c->lanes);
}

static void put_player(writer *w, const bt_story_player *p)
{
    const bt_story *s = p->story;
    put_count(w, (uint64_t)p->time_ns);
    put_count(w, p->ended);
    for (size_t i = 0; i < s->actors_count; i++) {
        put_actor(w, &p->actors[i]);
        put_choice(w, &p->acquired[i]);
    }
    for (size_t i = 0; i < s->actions_count; i++)
        put_action(w, &p->actions[i]);
    for (size_t i = 0; i < s->nodes_count; i++)
        put_node(w, &p->nodes[i]);
    for (size_t i = 0; i < s->conditions_count; i++)
        put_condition(w, &p->conditions[i]);
    for (size_t i = 0; i < s->programmes_count; i++) {
        put_number(w, p->programmes[i].begun_s);
        put_count(w, p->programmes[i].phase);
    }
    for (size_t i = 0; i < s->variables_count; i++)
        put(w, p->variables[i], strlen(p->variables[i]) + 1);
}

bt_status bt_story_player_digest(const bt_story_player *player, uint8_t digest[32])
{
    writer w = {.status = BT_OK};
    bt_sha256 sum;
    put_player(&w, player);
    bt_status status = w.status == BT_OK ? bt_sha256_of(w.bytes, w.count, &sum) : w.status;
    if (status == BT_OK) memcpy(digest, sum.bytes, sizeof sum.bytes);
    bt_free(w.bytes);
    return status;
}
