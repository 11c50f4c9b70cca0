// drive_scene.c: the legs of a run: how frames on both sides of a change are taken and labelled.
//
// A frame belongs to one leg, by its label time alone. The leg before goes on beside the next one, with the same
// commands, until every frame taken in it has its labels: these need the motion of one frame more.
#include "engine/app/drive_internal.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"

static bt_status make(drive *d, drive_scene *scene)
{
    const bt_leg *leg = &scene->leg;
    bt_status status = bt_pose_history_create(leg->world, d->ticks, &scene->history);
    if (status == BT_OK) status = bt_track_create(leg->sim, d->ticks, &scene->track);
    scene->poses = bt_alloc(bt_sim_actor_count(leg->sim), sizeof *scene->poses);
    if (!scene->poses) return bt_fail(BT_ERR_MEMORY, "no memory for the actors");
    return status;
}

static void clear(drive_scene *scene)
{
    bt_track_destroy(scene->track);
    bt_pose_history_destroy(scene->history);
    bt_free(scene->poses);
    bt_state_destroy(scene->state);
    if (scene->ours) bt_leg_clear(&scene->leg);
    *scene = (drive_scene){0};
}

void drive_clear_scenes(drive *d)
{
    clear(&d->scenes[0]);
    clear(&d->scenes[1]);
}

bt_status drive_begin_scene(drive *d)
{
    drive_scene *first = drive_now(d);
    first->leg = *d->desc->leg;
    bt_status status = make(d, first);
    return status == BT_OK ? bt_state_create(first->leg.sim, &first->state) : status;
}

drive_scene *drive_scene_of(drive *d, bt_time_ns label_time_ns)
{
    bool earlier = d->changing && label_time_ns < drive_now(d)->from_ns;
    return earlier ? drive_before(d) : drive_now(d);
}

// ---- time goes on -----------------------------------------------------------------------------
static bt_status remember(drive_scene *scene)
{
    bt_state_poses(scene->state, scene->poses);
    bt_status status =
        bt_pose_history_push(scene->history, bt_state_time_ns(scene->state), scene->poses);
    return status == BT_OK ? bt_track_push(scene->track, scene->state) : status;
}

bt_status drive_remember(drive *d)
{
    bt_status status = remember(drive_now(d));
    return status == BT_OK && d->changing ? remember(drive_before(d)) : status;
}

bt_status drive_step_before(drive *d)
{
    drive_scene *before = drive_before(d);
    if (!d->changing) return BT_OK;
    const bt_cast *cast = &before->leg.cast;
    if (d->desc->lead) {
        const bt_lead there = {d->desc->lead->player, cast->story_actors, cast->story_count};
        bt_lead_echo(&there, drive_now(d)->leg.sim, before->leg.sim, before->state);
    }
    return bt_sim_step(before->leg.sim, before->state, &d->command);
}

// ---- from leg to leg --------------------------------------------------------------------------
static void let_go(drive *d)
{
    drive_scene *before = drive_before(d);
    for (uint32_t i = 0; i < d->desc->camera_count; i++)
        if (d->shooters[i].scene == before) drive_forget_snapshot(&d->shooters[i]);
    clear(before);
    d->changing = false;
}

static bt_status go_over(drive *d)
{
    bt_leg before = {0};
    const bt_leg *now;
    bt_state *state;
    double begun_s = bt_clock_s();
    bt_status status =
        d->desc->follow(d->desc->context, drive_now(d)->state, &before, &state, &now);
    if (status != BT_OK || !state) return status;
    drive_scene *old = drive_now(d);
    old->leg = before;
    old->ours = true;
    d->leg++;
    d->changing = true;
    drive_scene *next = drive_now(d);
    bt_time_ns time_ns = bt_state_time_ns(state);
    *next = (drive_scene){.leg = *now, .state = state, .from_ns = time_ns + d->longest_ns};
    // the ticks that are remembered are as many as a frame and its labels need
    old->to_ns = time_ns + d->ticks * bt_sim_step_ns(now->sim);
    status = make(d, next);
    if (status == BT_OK) status = bt_judge_carry(d->judge, now->sim, now->origins);
    if (status == BT_OK) bt_leg_report(now, state, bt_clock_s() - begun_s);
    return status;
}

bt_status drive_follow(drive *d)
{
    if (d->changing && bt_state_time_ns(drive_now(d)->state) >= drive_before(d)->to_ns) let_go(d);
    // the clip begins with the first leg's map; nobody is judged after the end
    bool may = d->desc->follow && !d->changing && d->clip && !d->ended;
    return may ? go_over(d) : BT_OK;
}
