// snapshot.c: cuts one interval out of a history: keys dense enough for every part.
#include "engine/scene/snapshot.h"

#include "engine/core/memory.h"
#include "engine/scene/history_internal.h"
#include "engine/scene/skin.h"

#include <math.h>
#include <string.h>

#include "shaders/shared/motion.h"

// No turn from key to key exceeds this, and no straight step leaves the true path by more.
#define MAX_TURN_RAD (20.0 * BT_RAD_PER_DEG)
#define MAX_CHORD_ERROR_M 2e-4
// Of what deforms, chosen: 0.1 px at 5 m and a focal length of 1000 px; each key costs a BVH more.
#define MAX_BEND_ERROR_M 5e-4
#define BEND_ERROR_PX 0.1
#define REACH_M 2.5      // no part of what bends is farther from its actor's origin
#define BEND_PROBES 512u // at least so many vertices are looked at
// Embree takes at most 129 time steps (RTC_MAX_TIME_STEP_COUNT); refinement for chords stops early.
#define MAX_KEYS 129u
#define MAX_CHORD_KEYS 33u

// ---- a thing that moves with an actor -----------------------------------------------------------
typedef struct mover {
    const bt_pose_history *history;
    uint32_t actor;
    const bt_world_part *parts; // of the actor's model
    uint32_t part;              // BT_NO_INDEX: fixed to the actor's own frame
    bt_pose tail;               // part_from_thing
    double open_ns, close_ns;   // after the oldest tick
} mover;

static bt_pose world_from_thing(const mover *m, double after_oldest_ns)
{
    bt_actor_pose pose = bt_history_sample(m->history, after_oldest_ns, m->actor);
    bt_pose thing = m->tail;
    for (uint32_t i = m->part; i != BT_NO_INDEX; i = m->parts[i].parent)
        thing = bt_pose_mul(bt_world_part_pose(&m->parts[i], &pose), thing);
    return bt_pose_mul(pose.world_from_actor, thing);
}

static double angle_between(bt_quat a, bt_quat b)
{
    bt_quat d = bt_quat_mul(bt_quat_conjugate(a), b);
    return 2.0 * bt_atan2(sqrt(d.x * d.x + d.y * d.y + d.z * d.z), fabs(d.w));
}

// An upper bound on how far the thing turns between two poses: the turns along its chain add up.
static double turn_bound(const mover *m, const bt_actor_pose *a, const bt_actor_pose *b)
{
    double turn = angle_between(a->world_from_actor.rot, b->world_from_actor.rot);
    for (uint32_t i = m->part; i != BT_NO_INDEX; i = m->parts[i].parent) {
        const bt_world_part *part = &m->parts[i];
        if (part->channel < 0) continue;
        turn += fabs(part->gain * (b->channel_rad[part->channel] - a->channel_rad[part->channel]));
    }
    return turn;
}

// Fastest turn within the interval in radians per nanosecond; *still: nothing moves at all.
static double fastest_turn(const mover *m, bool *still)
{
    const bt_pose_history *h = m->history;
    double fastest = 0.0;
    *still = true;
    if (h->count < 2) return 0.0;
    double oldest = (double)bt_history_tick_ns(h, 0);
    for (uint32_t i = bt_history_find(h, m->open_ns); i + 1 < h->count; i++) {
        double from_ns = (double)bt_history_tick_ns(h, i) - oldest;
        double to_ns = (double)bt_history_tick_ns(h, i + 1) - oldest;
        if (from_ns >= m->close_ns) break;
        const bt_actor_pose *a = bt_history_tick(h, i, m->actor);
        const bt_actor_pose *b = bt_history_tick(h, i + 1, m->actor);
        double turn = turn_bound(m, a, b);
        double moved = bt_vec3_distance(a->world_from_actor.pos, b->world_from_actor.pos);
        if (turn > 0.0 || moved > 0.0) *still = false;
        fastest = fmax(fastest, turn / (to_ns - from_ns));
    }
    return fastest;
}

static double key_time(const mover *m, uint32_t keys, double key)
{
    return m->open_ns + (m->close_ns - m->open_ns) * key / (double)(keys - 1);
}

// How far the straight steps between `keys` keys leave the true path, at their middles.
static double chord_error(const mover *m, uint32_t keys)
{
    double worst = 0.0;
    bt_vec3 from = world_from_thing(m, key_time(m, keys, 0.0)).pos;
    for (uint32_t i = 1; i < keys; i++) {
        bt_vec3 to = world_from_thing(m, key_time(m, keys, i)).pos;
        bt_vec3 middle = world_from_thing(m, key_time(m, keys, i - 0.5)).pos;
        worst = fmax(worst, bt_vec3_distance(middle, bt_vec3_lerp(from, to, 0.5)));
        from = to;
    }
    return worst;
}

static bt_status choose_keys(const mover *m, const char *name, uint32_t *keys)
{
    bool still;
    double turn = fastest_turn(m, &still) * (m->close_ns - m->open_ns);
    *keys = 1;
    if (still) return BT_OK;
    double steps = ceil(turn / MAX_TURN_RAD * (1.0 + 1e-9));
    if (!(steps <= MAX_KEYS - 1.0))
        return bt_fail(BT_ERR_LIMIT,
                       "snapshot: actor '%s' turns %.0f rad within %.3f s; at most %.0f rad", name,
                       turn, (m->close_ns - m->open_ns) * 1e-9, (MAX_KEYS - 1) * MAX_TURN_RAD);
    *keys = steps < 1.0 ? 2u : (uint32_t)steps + 1u;
    while (*keys < MAX_CHORD_KEYS && chord_error(m, *keys) > MAX_CHORD_ERROR_M)
        *keys = 2 * (*keys - 1) + 1;
    return BT_OK;
}

// ---- keys ---------------------------------------------------------------------------------------
static bt_snapshot_key key_of(bt_pose world_from_thing, bt_vec3 origin_world_m)
{
    // the difference of large coordinates is taken in double
    bt_vec3 p = bt_vec3_sub(world_from_thing.pos, origin_world_m);
    bt_quat q = bt_quat_normalize(world_from_thing.rot);
    return (bt_snapshot_key){{(float)p.x, (float)p.y, (float)p.z},
                             {(float)q.w, (float)q.x, (float)q.y, (float)q.z}};
}

static float quat_dot(const float a[4], const float b[4])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}

static void fill_keys(const mover *m, bt_vec3 origin_world_m, uint32_t count, bt_snapshot_key *keys)
{
    if (count == 1) {
        keys[0] = key_of(world_from_thing(m, m->open_ns), origin_world_m);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = key_of(world_from_thing(m, key_time(m, count, i)), origin_world_m);
        if (i > 0 && quat_dot(keys[i - 1].rot, keys[i].rot) < 0.0f)
            for (int k = 0; k < 4; k++)
                keys[i].rot[k] = -keys[i].rot[k];
    }
}

// ---- the snapshot -------------------------------------------------------------------------------
typedef struct builder {
    bt_snapshot *snapshot;
    size_t key_capacity, deformed_capacity, vertex_capacity;
    const bt_pose_history *history;
    double open_ns, close_ns; // after the oldest tick
    double px_per_rad;
} builder;

static bt_status reserve_keys(builder *b, uint32_t more)
{
    bt_snapshot *s = b->snapshot;
    if ((uint64_t)s->key_count + more > UINT32_MAX)
        return bt_fail(BT_ERR_LIMIT, "snapshot: too many keys");
    return BT_ARRAY_RESERVE(s->keys, b->key_capacity, (size_t)s->key_count + more);
}

static bt_status add_statics(builder *b)
{
    bt_snapshot *s = b->snapshot;
    const bt_world *w = s->world;
    bt_status status = reserve_keys(b, w->static_count);
    if (status != BT_OK) return status;
    for (uint32_t i = 0; i < w->static_count; i++) {
        s->instances[i] =
            (bt_snapshot_instance){s->key_count, 1, (float)w->statics[i].scale, 1.0f, 0.0f, 0};
        s->keys[s->key_count++] = key_of(w->statics[i].world_from_mesh, s->origin_world_m);
    }
    return BT_OK;
}

// ---- what deforms -------------------------------------------------------------------------------
// Does the actor bend within the interval, whether or not it moves?
static bool bends(const mover *m)
{
    const bt_pose_history *h = m->history;
    double oldest = (double)bt_history_tick_ns(h, 0);
    for (uint32_t i = h->count < 2 ? 0 : bt_history_find(h, m->open_ns); i + 1 < h->count; i++) {
        const bt_actor_pose *a = bt_history_tick(h, i, m->actor);
        const bt_actor_pose *b = bt_history_tick(h, i + 1, m->actor);
        if ((double)bt_history_tick_ns(h, i) - oldest >= m->close_ns) break;
        for (int k = 0; k < BT_CHANNEL_COUNT; k++)
            if (a->channel_rad[k] != b->channel_rad[k]) return true;
    }
    return false;
}

static bt_status bend_at(const mover *m, double time_ns, uint32_t step, bt_deformed_vertex *to)
{
    bt_actor_pose pose = bt_history_sample(m->history, time_ns, m->actor);
    return bt_skin_bend(m->history->world, m->actor, m->part, &pose, step, to);
}

// As chord_error, of every step-th vertex; three rows of `count` to work in.
static bt_status bend_error(const mover *m, uint32_t keys, uint32_t step, bt_deformed_vertex *rows,
                            uint32_t count, double *worst)
{
    bt_deformed_vertex *from = rows, *middle = rows + count, *to = middle + count;
    *worst = 0.0;
    bt_status status = bend_at(m, key_time(m, keys, 0.0), step, from);
    for (uint32_t i = 1; i < keys && status == BT_OK; i++) {
        status = bend_at(m, key_time(m, keys, i - 0.5), step, middle);
        if (status == BT_OK) status = bend_at(m, key_time(m, keys, i), step, to);
        for (uint32_t v = 0; v < count && status == BT_OK; v++) {
            double off[3];
            for (int k = 0; k < 3; k++)
                off[k] = (double)middle[v].pos[k] -
                         0.5 * ((double)from[v].pos[k] + (double)to[v].pos[k]);
            *worst = fmax(*worst, bt_vec3_length((bt_vec3){off[0], off[1], off[2]}));
        }
        memcpy(from, to, count * sizeof *from);
    }
    return status;
}

// What may be off a bending thing's course between two keys: the farther, the more.
static double bend_error_m(const builder *b, const mover *m)
{
    if (!(b->px_per_rad > 0.0)) return MAX_BEND_ERROR_M;
    double nearest = HUGE_VAL;
    for (int i = 0; i <= 2; i++) {
        double at = m->open_ns + 0.5 * i * (m->close_ns - m->open_ns);
        bt_vec3 pos = bt_history_sample(m->history, at, m->actor).world_from_actor.pos;
        nearest = fmin(nearest, bt_vec3_distance(pos, b->snapshot->origin_world_m));
    }
    return fmax(MAX_BEND_ERROR_M, BEND_ERROR_PX / b->px_per_rad * (nearest - REACH_M));
}

static bt_status bend_keys(const mover *m, uint32_t vertex_count, double most_m, uint32_t *keys)
{
    *keys = 1;
    if (!bends(m)) return BT_OK;
    uint32_t step = 1 + vertex_count / (2 * BEND_PROBES);
    uint32_t count = (vertex_count + step - 1) / step;
    bt_deformed_vertex *rows = bt_alloc(3 * (size_t)count, sizeof *rows);
    if (rows == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a snapshot");
    double error;
    *keys = 2;
    bt_status status = bend_error(m, *keys, step, rows, count, &error);
    while (status == BT_OK && error > most_m && *keys < MAX_CHORD_KEYS) {
        // the error falls with the square of the steps
        double steps = ceil(1.05 * (*keys - 1) * sqrt(error / most_m));
        *keys = 1 + (uint32_t)bt_clamp(steps, (double)*keys, MAX_CHORD_KEYS - 1.0);
        status = bend_error(m, *keys, step, rows, count, &error);
    }
    bt_free(rows);
    return status;
}

static bt_status reserve_deformed(builder *b, uint64_t vertices)
{
    bt_snapshot *s = b->snapshot;
    vertices += s->deformed_vertex_count;
    if (vertices > UINT32_MAX) return bt_fail(BT_ERR_LIMIT, "snapshot: too much that deforms");
    bt_status status = BT_ARRAY_RESERVE(s->deformed_vertices, b->vertex_capacity, (size_t)vertices);
    if (status != BT_OK) return status;
    return BT_ARRAY_RESERVE(s->deformed, b->deformed_capacity, (size_t)s->deformed_count + 1);
}

// Bends the skin of a part for each of its keys.
static bt_status add_skin(builder *b, const mover *m, uint32_t instance)
{
    bt_snapshot *s = b->snapshot;
    const bt_world_part *part = &m->parts[m->part];
    if (part->first_skin == BT_NO_INDEX) return BT_OK;
    const bt_world_mesh *mesh = &s->world->meshes[part->mesh];
    bt_deformed d = {.first = s->deformed_vertex_count,
                     .vertex_count = mesh->vertex_count,
                     .first_vertex = mesh->first_vertex};
    bt_status status = bend_keys(m, mesh->vertex_count, bend_error_m(b, m), &d.key_count);
    if (status == BT_OK) status = reserve_deformed(b, (uint64_t)d.key_count * d.vertex_count);
    for (uint32_t k = 0; status == BT_OK && k < d.key_count; k++)
        status = bend_at(m, d.key_count > 1 ? key_time(m, d.key_count, k) : m->open_ns, 1,
                         s->deformed_vertices + d.first + (size_t)k * d.vertex_count);
    if (status != BT_OK) return status;
    s->deformed_vertex_count += d.key_count * d.vertex_count;
    s->deformed[s->deformed_count++] = d;
    s->instances[instance].deformed = s->deformed_count;
    return BT_OK;
}

// Is a lamp with this mask lit when the interval opens, and when does it first switch after that?
static void set_lamps(const builder *b, uint32_t actor, uint32_t mask, bt_snapshot_instance *in)
{
    const bt_pose_history *h = b->history;
    double oldest = (double)bt_history_tick_ns(h, 0);
    bool lit = (bt_history_sample(h, b->open_ns, actor).lamps & mask) != 0;
    in->emission = mask == 0 || lit ? 1.0f : 0.0f;
    in->lamp_switch = 0.0f;
    for (uint32_t i = 0; i < h->count && mask != 0; i++) {
        double at_ns = (double)bt_history_tick_ns(h, i) - oldest;
        if (at_ns <= b->open_ns || at_ns >= b->close_ns) continue;
        if (((bt_history_tick(h, i, actor)->lamps & mask) != 0) == lit) continue;
        float u = (float)((at_ns - b->open_ns) / (b->close_ns - b->open_ns));
        in->emission = 1.0f;
        in->lamp_switch = lit ? -u : u;
        return;
    }
}

static bt_status add_part(builder *b, uint32_t instance)
{
    bt_snapshot *s = b->snapshot;
    const bt_world_instance *in = &s->world->instances[instance];
    const bt_world_actor *actor = &s->world->actors[in->actor];
    const bt_world_part *parts = s->world->parts + s->world->models[actor->model].first_part;
    mover m = {b->history, in->actor, parts, in->part, BT_POSE_IDENTITY, b->open_ns, b->close_ns};
    uint32_t keys;
    bt_status status = choose_keys(&m, bt_world_name(s->world, actor->name), &keys);
    if (status == BT_OK) status = reserve_keys(b, keys);
    if (status != BT_OK) return status;
    s->instances[instance] =
        (bt_snapshot_instance){.first_key = s->key_count, .key_count = keys, .scale = 1.0f};
    set_lamps(b, in->actor, parts[in->part].lamp_mask, &s->instances[instance]);
    fill_keys(&m, s->origin_world_m, keys, s->keys + s->key_count);
    s->key_count += keys;
    return add_skin(b, &m, instance);
}

static bt_status add_actors(builder *b)
{
    const bt_world *w = b->snapshot->world;
    for (uint32_t i = 0; i < w->actor_count; i++) {
        const bt_world_actor *actor = &w->actors[i];
        for (uint32_t k = 0; k < actor->instance_count; k++) {
            bt_status status = add_part(b, actor->first_instance + k);
            if (status != BT_OK) return status;
        }
    }
    return BT_OK;
}

static bt_status add_camera(builder *b, const bt_snapshot_desc *desc)
{
    bt_snapshot *s = b->snapshot;
    mover m = {b->history,           desc->camera_actor, NULL,       BT_NO_INDEX,
               desc->actor_from_cam, b->open_ns,         b->close_ns};
    s->origin_world_m = world_from_thing(&m, 0.5 * (b->open_ns + b->close_ns)).pos;
    const char *name = bt_world_name(s->world, s->world->actors[desc->camera_actor].name);
    bt_status status = choose_keys(&m, name, &s->camera_key_count);
    if (status != BT_OK) return status;
    s->camera = bt_alloc(s->camera_key_count, sizeof *s->camera);
    if (s->camera == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a snapshot");
    fill_keys(&m, s->origin_world_m, s->camera_key_count, s->camera);
    return BT_OK;
}

static bt_status check_desc(const bt_world *world, const bt_pose_history *history,
                            const bt_snapshot_desc *desc)
{
    bt_time_ns oldest_ns = bt_pose_history_oldest_ns(history);
    bt_time_ns newest_ns = bt_pose_history_newest_ns(history);
    if (history->world != world)
        return bt_fail(BT_ERR_INTERNAL, "snapshot: the history is of another world");
    if (desc->open_ns >= desc->close_ns)
        return bt_fail(BT_ERR_INPUT, "snapshot: it opens at %lld ns and closes at %lld ns",
                       (long long)desc->open_ns, (long long)desc->close_ns);
    if (history->count == 0 || desc->open_ns < oldest_ns || desc->close_ns > newest_ns)
        return bt_fail(BT_ERR_INPUT,
                       "snapshot: %lld .. %lld ns is outside the history, %lld .. %lld ns",
                       (long long)desc->open_ns, (long long)desc->close_ns, (long long)oldest_ns,
                       (long long)newest_ns);
    if (desc->camera_actor >= world->actor_count)
        return bt_fail(BT_ERR_INPUT, "snapshot: the camera is on actor %u of %u",
                       desc->camera_actor, world->actor_count);
    return BT_OK;
}

bt_status bt_snapshot_create(const bt_world *world, const bt_pose_history *history,
                             const bt_snapshot_desc *desc, bt_snapshot **snapshot)
{
    *snapshot = NULL;
    bt_status status = check_desc(world, history, desc);
    if (status != BT_OK) return status;

    bt_snapshot *s = bt_alloc(1, sizeof *s);
    if (s == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a snapshot");
    *s = (bt_snapshot){.world = world,
                       .open_ns = desc->open_ns,
                       .close_ns = desc->close_ns,
                       .camera_actor = desc->camera_actor};
    s->instances = bt_alloc(world->instance_count, sizeof *s->instances);
    if (s->instances == NULL) status = bt_fail(BT_ERR_MEMORY, "no memory for a snapshot");

    bt_time_ns oldest_ns = bt_pose_history_oldest_ns(history);
    builder b = {.snapshot = s,
                 .history = history,
                 .px_per_rad = desc->px_per_rad,
                 .open_ns = (double)(desc->open_ns - oldest_ns),
                 .close_ns = (double)(desc->close_ns - oldest_ns)};
    if (status == BT_OK) status = add_camera(&b, desc);
    if (status == BT_OK) status = add_statics(&b);
    if (status == BT_OK) status = add_actors(&b);
    if (status != BT_OK) {
        bt_snapshot_destroy(s);
        return status;
    }
    *snapshot = s;
    return BT_OK;
}

static bt_status check_particles(const bt_snapshot *s, const bt_snapshot_particle *particles,
                                 const bt_snapshot_instance *instances, uint32_t count,
                                 uint32_t key_count)
{
    uint64_t all = (uint64_t)s->world->instance_count + s->particle_count + count;
    if (all > UINT32_MAX || (uint64_t)s->key_count + key_count > UINT32_MAX)
        return bt_fail(BT_ERR_LIMIT, "snapshot: too many particles");
    for (uint32_t i = 0; i < count; i++)
        if (particles[i].mesh >= s->world->mesh_count || instances[i].key_count == 0 ||
            instances[i].first_key > key_count ||
            instances[i].key_count > key_count - instances[i].first_key)
            return bt_fail(BT_ERR_INTERNAL, "snapshot: particle %u has no such mesh or keys", i);
    return BT_OK;
}

bt_status bt_snapshot_add_particles(bt_snapshot *s, const bt_snapshot_particle *particles,
                                    const bt_snapshot_instance *instances, uint32_t count,
                                    const bt_snapshot_key *keys, uint32_t key_count)
{
    bt_status status = check_particles(s, particles, instances, count, key_count);
    if (status != BT_OK) return status;
    size_t before = (size_t)s->world->instance_count + s->particle_count;
    bt_snapshot_instance *more = bt_realloc(s->instances, before + count, sizeof *more);
    if (more) s->instances = more;
    bt_snapshot_particle *what =
        bt_realloc(s->particles, (size_t)s->particle_count + count, sizeof *what);
    if (what) s->particles = what;
    bt_snapshot_key *where = bt_realloc(s->keys, (size_t)s->key_count + key_count, sizeof *where);
    if (where) s->keys = where;
    if (!more || !what || !where)
        return bt_fail(BT_ERR_MEMORY, "no memory for %u particles", count);
    for (uint32_t i = 0; i < count; i++) {
        more[before + i] = instances[i];
        more[before + i].first_key += s->key_count;
        what[s->particle_count + i] = particles[i];
    }
    for (uint32_t i = 0; i < key_count; i++)
        where[s->key_count + i] = keys[i];
    s->particle_count += count;
    s->key_count += key_count;
    return BT_OK;
}

void bt_snapshot_destroy(bt_snapshot *snapshot)
{
    if (snapshot == NULL) return;
    bt_free(snapshot->instances);
    bt_free(snapshot->keys);
    bt_free(snapshot->particles);
    bt_free(snapshot->deformed);
    bt_free(snapshot->deformed_vertices);
    bt_free(snapshot->camera);
    bt_free(snapshot);
}
