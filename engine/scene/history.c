// history.c: a ring of the last ticks of all actors.
#include "engine/scene/history_internal.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

bt_status bt_pose_history_create(const bt_world *world, uint32_t ticks, bt_pose_history **history)
{
    *history = NULL;
    if (ticks < 1 || ticks > 1000000)
        return bt_fail(BT_ERR_INPUT, "pose history of %u ticks; expected 1 to 1000000", ticks);
    bt_pose_history *h = bt_alloc(1, sizeof *h);
    if (h == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a pose history");
    *h = (bt_pose_history){.world = world, .capacity = ticks, .actor_count = world->actor_count};
    h->times_ns = bt_alloc(ticks, sizeof *h->times_ns);
    h->poses = bt_alloc((size_t)ticks * world->actor_count, sizeof *h->poses);
    if (h->times_ns == NULL || h->poses == NULL) {
        bt_pose_history_destroy(h);
        return bt_fail(BT_ERR_MEMORY, "no memory for %u ticks of %u actors", ticks,
                       world->actor_count);
    }
    *history = h;
    return BT_OK;
}

void bt_pose_history_destroy(bt_pose_history *history)
{
    if (history == NULL) return;
    bt_free(history->times_ns);
    bt_free(history->poses);
    bt_free(history);
}

static bool is_sound(const bt_actor_pose *pose)
{
    bt_quat q = pose->world_from_actor.rot;
    bt_vec3 p = pose->world_from_actor.pos;
    double length2 = q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z;
    // further away nothing is: BT_SPEC_MAX_POSITION_M
    bool sound = bt_vec3_length(p) <= 1e8 && fabs(length2 - 1.0) < 1e-3;
    for (int i = 0; i < BT_CHANNEL_COUNT; i++)
        sound = sound && isfinite(pose->channel_rad[i]);
    return sound;
}

bt_status bt_pose_history_push(bt_pose_history *history, bt_time_ns time_ns,
                               const bt_actor_pose *poses)
{
    bt_pose_history *h = history;
    if (h->count > 0 && time_ns <= bt_pose_history_newest_ns(h))
        return bt_fail(BT_ERR_INPUT, "pose history: time %lld ns does not ascend",
                       (long long)time_ns);
    for (uint32_t i = 0; i < h->actor_count; i++)
        if (!is_sound(&poses[i]))
            return bt_fail(
                BT_ERR_INPUT,
                "pose history: the pose of actor %u (%s) is not finite or out of the world", i,
                bt_world_name(h->world, h->world->actors[i].name));

    uint32_t place = (h->first + h->count) % h->capacity;
    if (h->count == h->capacity)
        h->first = (h->first + 1) % h->capacity;
    else
        h->count++;
    h->times_ns[place] = time_ns;
    if (h->actor_count > 0)
        memcpy(h->poses + (size_t)place * h->actor_count, poses, h->actor_count * sizeof *poses);
    return BT_OK;
}

bt_time_ns bt_pose_history_oldest_ns(const bt_pose_history *history)
{
    return history->count > 0 ? bt_history_tick_ns(history, 0) : 0;
}

bt_time_ns bt_pose_history_newest_ns(const bt_pose_history *history)
{
    return history->count > 0 ? bt_history_tick_ns(history, history->count - 1) : 0;
}

uint32_t bt_history_find(const bt_pose_history *h, double after_oldest_ns)
{
    uint32_t low = 0, high = h->count - 1;
    bt_time_ns oldest_ns = bt_history_tick_ns(h, 0);
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if ((double)(bt_history_tick_ns(h, middle) - oldest_ns) <= after_oldest_ns)
            low = middle;
        else
            high = middle;
    }
    return low;
}

// Channels are interpolated as angles, so a wheel that turns several times between two ticks keeps
// its turns; the body's own rotation takes the shorter way.
bt_actor_pose bt_history_sample(const bt_pose_history *h, double after_oldest_ns, uint32_t actor)
{
    if (h->count == 1) return *bt_history_tick(h, 0, actor);
    uint32_t i = bt_history_find(h, after_oldest_ns);
    bt_time_ns oldest_ns = bt_history_tick_ns(h, 0);
    double from_ns = (double)(bt_history_tick_ns(h, i) - oldest_ns);
    double to_ns = (double)(bt_history_tick_ns(h, i + 1) - oldest_ns);
    double u = bt_clamp((after_oldest_ns - from_ns) / (to_ns - from_ns), 0.0, 1.0);

    const bt_actor_pose *a = bt_history_tick(h, i, actor), *b = bt_history_tick(h, i + 1, actor);
    bt_actor_pose out = {.world_from_actor =
                             bt_pose_lerp(a->world_from_actor, b->world_from_actor, u),
                         .lamps = u < 1.0 ? a->lamps : b->lamps};
    for (int k = 0; k < BT_CHANNEL_COUNT; k++)
        out.channel_rad[k] = bt_lerp(a->channel_rad[k], b->channel_rad[k], u);
    return out;
}

bt_status bt_pose_history_at(const bt_pose_history *history, bt_time_ns time_ns, uint32_t actor,
                             bt_actor_pose *pose)
{
    memset(pose, 0, sizeof *pose);
    if (actor >= history->actor_count)
        return bt_fail(BT_ERR_INPUT, "pose history: there is no actor %u of %u", actor,
                       history->actor_count);
    bt_time_ns oldest_ns = bt_pose_history_oldest_ns(history);
    if (history->count == 0 || time_ns < oldest_ns || time_ns > bt_pose_history_newest_ns(history))
        return bt_fail(BT_ERR_INPUT, "pose history: %lld ns is outside %lld .. %lld ns",
                       (long long)time_ns, (long long)oldest_ns,
                       (long long)bt_pose_history_newest_ns(history));
    *pose = bt_history_sample(history, (double)(time_ns - oldest_ns), actor);
    return BT_OK;
}
