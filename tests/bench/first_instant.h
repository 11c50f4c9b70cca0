// first_instant.h: the first instant of a scenario, standing still, through its first camera.
#ifndef BT_TESTS_BENCH_FIRST_INSTANT_H
#define BT_TESTS_BENCH_FIRST_INSTANT_H

#include "engine/app/production.h"
#include "engine/core/memory.h"
#include "tests/support/check.h"

#include <string.h>

// A scenario as `blacktop run` prepares it. To be cleared, whether a check failed or not.
typedef struct prepared {
    char assets[4096];
    bt_scenario scenario;
    bt_production production;
} prepared;

// From the arguments from `first` on: NAME=VALUE.
static inline void prepared_set(int argc, char **argv, int first, bt_settings *settings)
{
    for (int i = first; i < argc; i++)
        CHECK_OK(bt_settings_add(settings, argv[i]));
}

// width, height 0: the sheet's. jobs NULL: none.
static inline void prepared_init(const char *path, bt_settings *settings, uint32_t width_px,
                                 uint32_t height_px, bt_jobs *jobs, prepared *p)
{
    memset(p, 0, sizeof *p);
    CHECK_OK(bt_assets_find(p->assets, sizeof p->assets));
    CHECK_OK(bt_scenario_load(path, p->assets, settings, NULL, &p->scenario));
    bt_production_desc desc = {.scenario = &p->scenario,
                               .assets = p->assets,
                               .width_px = width_px,
                               .height_px = height_px,
                               .jobs = jobs};
    if (check_failed_count == 0) CHECK_OK(bt_production_init(&desc, &p->production));
}

static inline void prepared_clear(prepared *p)
{
    bt_production_clear(&p->production);
    bt_scenario_clear(&p->scenario);
}

// Of the interval, which lies within the first second; with what falls, within that angle of the camera's axis (0: all round).
// The caller's; NULL where a check failed.
static inline bt_snapshot *first_instant(const bt_production *p, bt_time_ns open_ns,
                                         bt_time_ns close_ns, double half_angle_rad)
{
    bt_state *state = NULL;
    bt_pose_history *history = NULL;
    bt_snapshot *snapshot = NULL;
    bt_actor_pose *poses = bt_alloc(p->leg.world->actor_count, sizeof *poses);
    bt_snapshot_desc desc = {.open_ns = open_ns,
                             .close_ns = close_ns,
                             .camera_actor = bt_sim_ego(p->leg.sim),
                             .actor_from_cam = p->cameras[0].vehicle_from_cam};
    CHECK_OK(bt_state_create(p->leg.sim, &state));
    CHECK_OK(bt_pose_history_create(p->leg.world, 2, &history));
    bt_state_poses(state, poses);
    CHECK_OK(bt_pose_history_push(history, 0, poses));
    CHECK_OK(bt_pose_history_push(history, BT_NS_PER_S, poses));
    CHECK_OK(bt_snapshot_create(p->leg.world, history, &desc, &snapshot));
    if (snapshot)
        CHECK_OK(bt_precipitation_place(
            &p->leg.fall, &(bt_fall_view){.half_angle_rad = half_angle_rad}, snapshot));
    bt_pose_history_destroy(history);
    bt_state_destroy(state);
    bt_free(poses);
    return snapshot;
}

// During a frame of this label time.
static inline bt_snapshot *first_frame(const bt_production *p, const bt_view *view,
                                       bt_time_ns label_time_ns)
{
    bt_time_ns open_ns, close_ns;
    bt_view_interval_ns(view, label_time_ns, &open_ns, &close_ns);
    return first_instant(p, open_ns, close_ns, (double)view->theta_max_rad);
}

// The same, and the first camera's view of it without the margin beyond the picture.
static inline bt_snapshot *first_picture(bt_production *p, bt_time_ns label_time_ns, bt_view *view)
{
    bt_drive_camera *camera = &p->cameras[0];
    bt_camera_view(camera->camera, &camera->state, camera->vehicle_from_cam, view);
    view->guard_px = 0;
    return first_frame(p, view, label_time_ns);
}

#endif
