// track.c: a ring of the last ticks' motions and signal phases.
#include "engine/label/track.h"

#include "engine/core/memory.h"

#include <string.h>

struct bt_track {
    const bt_sim *sim;
    uint32_t capacity, count, first; // ring: tick i is at (first + i) % capacity
    uint32_t actor_count, signal_count;
    bt_time_ns *times_ns;    // (capacity)
    bt_motion *motions;      // (capacity x actors)
    bt_signal_phase *phases; // (capacity x signals)
};

bt_status bt_track_create(const bt_sim *sim, uint32_t ticks, bt_track **out)
{
    *out = NULL;
    if (ticks < 1) return bt_fail(BT_ERR_INPUT, "a track of no ticks");
    bt_track *track = bt_alloc(1, sizeof *track);
    if (track == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a track");
    const bt_road_network *net = bt_sim_network(sim);
    track->sim = sim;
    track->capacity = ticks;
    track->actor_count = bt_sim_actor_count(sim);
    track->signal_count = net != NULL ? bt_road_signal_count(net) : 0;
    track->times_ns = bt_alloc(ticks, sizeof *track->times_ns);
    track->motions = bt_alloc((size_t)ticks * track->actor_count, sizeof *track->motions);
    track->phases = bt_alloc((size_t)ticks * track->signal_count, sizeof *track->phases);
    if (track->times_ns == NULL || track->motions == NULL || track->phases == NULL) {
        bt_track_destroy(track);
        return bt_fail(BT_ERR_MEMORY, "no memory for a track of %u ticks", ticks);
    }
    *out = track;
    return BT_OK;
}

void bt_track_destroy(bt_track *track)
{
    if (track == NULL) return;
    bt_free(track->times_ns);
    bt_free(track->motions);
    bt_free(track->phases);
    bt_free(track);
}

const bt_sim *bt_track_sim(const bt_track *track)
{
    return track->sim;
}

static uint32_t place_of(const bt_track *track, uint32_t tick)
{
    return (track->first + tick) % track->capacity;
}

bt_status bt_track_push(bt_track *track, const bt_state *state)
{
    bt_time_ns time_ns = bt_state_time_ns(state);
    if (track->count > 0 && time_ns <= track->times_ns[place_of(track, track->count - 1)]) {
        return bt_fail(BT_ERR_INPUT, "track: time %lld ns does not ascend", (long long)time_ns);
    }
    uint32_t place = place_of(track, track->count);
    if (track->count == track->capacity) {
        track->first = (track->first + 1) % track->capacity;
    } else {
        track->count++;
    }
    track->times_ns[place] = time_ns;
    for (uint32_t i = 0; i < track->actor_count; i++) {
        track->motions[(size_t)place * track->actor_count + i] = *bt_state_motion(state, i);
    }
    for (uint32_t i = 0; i < track->signal_count; i++) {
        track->phases[(size_t)place * track->signal_count + i] = bt_state_signal(state, i);
    }
    return BT_OK;
}

// The last tick at or before a time, and how far on to the next one.
static bt_status find(const bt_track *track, bt_time_ns time_ns, uint32_t *tick, double *u)
{
    uint32_t i = track->count;
    while (i > 0 && track->times_ns[place_of(track, i - 1)] > time_ns)
        i--;
    bool past = i == track->count && i > 0 && track->times_ns[place_of(track, i - 1)] < time_ns;
    if (i == 0 || past) {
        return bt_fail(BT_ERR_INPUT, "track: %lld ns is outside the %u ticks kept",
                       (long long)time_ns, track->count);
    }
    *tick = i - 1;
    *u = 0.0;
    if (i == track->count) return BT_OK;
    bt_time_ns from_ns = track->times_ns[place_of(track, i - 1)];
    bt_time_ns to_ns = track->times_ns[place_of(track, i)];
    *u = (double)(time_ns - from_ns) / (double)(to_ns - from_ns);
    return BT_OK;
}

static bt_actor_pose lerp_pose(const bt_actor_pose *a, const bt_actor_pose *b, double u)
{
    bt_actor_pose pose = {.world_from_actor =
                              bt_pose_lerp(a->world_from_actor, b->world_from_actor, u),
                          .lamps = a->lamps};
    for (int i = 0; i < BT_CHANNEL_COUNT; i++) {
        pose.channel_rad[i] = bt_lerp(a->channel_rad[i], b->channel_rad[i], u);
    }
    return pose;
}

static bt_motion lerp_motion(const bt_motion *a, const bt_motion *b, double u)
{
    bt_motion m = *a; // lane and its s: the earlier tick's
    m.pose = lerp_pose(&a->pose, &b->pose, u);
    m.velocity_m_s = bt_vec3_lerp(a->velocity_m_s, b->velocity_m_s, u);
    m.acceleration_m_s2 = bt_vec3_lerp(a->acceleration_m_s2, b->acceleration_m_s2, u);
    m.angular_velocity_rad_s =
        bt_vec3_lerp(a->angular_velocity_rad_s, b->angular_velocity_rad_s, u);
    m.speed_m_s = bt_lerp(a->speed_m_s, b->speed_m_s, u);
    m.accel_m_s2 = bt_lerp(a->accel_m_s2, b->accel_m_s2, u);
    m.steer_rad = bt_lerp(a->steer_rad, b->steer_rad, u);
    m.route_m = bt_lerp(a->route_m, b->route_m, u);
    return m;
}

bt_status bt_track_motion(const bt_track *track, bt_time_ns time_ns, uint32_t actor,
                          bt_motion *motion)
{
    uint32_t tick = 0;
    double u = 0.0;
    memset(motion, 0, sizeof *motion);
    if (actor >= track->actor_count) return bt_fail(BT_ERR_INPUT, "track: no actor %u", actor);
    bt_status status = find(track, time_ns, &tick, &u);
    if (status != BT_OK) return status;
    const bt_motion *a =
        &track->motions[(size_t)place_of(track, tick) * track->actor_count + actor];
    if (u <= 0.0) {
        *motion = *a;
        return BT_OK;
    }
    const bt_motion *b =
        &track->motions[(size_t)place_of(track, tick + 1) * track->actor_count + actor];
    *motion = lerp_motion(a, b, u);
    return BT_OK;
}

bt_status bt_track_signal(const bt_track *track, bt_time_ns time_ns, uint32_t signal,
                          bt_signal_phase *phase)
{
    uint32_t tick = 0;
    double u = 0.0;
    *phase = BT_PHASE_OFF;
    if (signal >= track->signal_count) return bt_fail(BT_ERR_INPUT, "track: no signal %u", signal);
    bt_status status = find(track, time_ns, &tick, &u);
    if (status != BT_OK) return status;
    *phase = track->phases[(size_t)place_of(track, tick) * track->signal_count + signal];
    return BT_OK;
}
