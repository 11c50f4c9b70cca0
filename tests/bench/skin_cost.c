// skin_cost.c: what walkers whose bodies bend cost a frame: bending them, and building their stage,
// in processor time of one thread.
//
//   bench.skin_cost [WALKERS EXPOSURE_MS AHEAD_M PX_PER_RAD]
#include "engine/scene/material_lua.h"
#include "engine/sim/gait.h"
#include "procedural/people/person.h"
#include "tests/engine/render/render_fixture.h"

#include <time.h>

#define MAX_WALKERS 400u

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void walk(bt_actor_pose *pose, double height_m, double phase, double ahead_m, uint32_t i)
{
    bt_gait gait = {height_m, false, 1.35, phase};
    *pose = (bt_actor_pose){.world_from_actor = BT_POSE_IDENTITY};
    pose->world_from_actor.pos = (bt_vec3){ahead_m + i / 5, (i % 5) - 2.0, 0.0};
    pose->world_from_actor.pos.z = -bt_gait_pose(&gait, pose->channel_rad);
}

// Two ticks of 10 ms about the exposure.
static void history(fx_scene *s, const double *heights, uint32_t walkers, double ahead_m)
{
    static bt_actor_pose poses[MAX_WALKERS + 1];
    CHECK_OK(bt_pose_history_create(s->world, 8, &s->history));
    for (int tick = 0; tick < 5; tick++) {
        poses[0] = (bt_actor_pose){.world_from_actor = {{0, 0, 1.2}, BT_QUAT_IDENTITY}};
        for (uint32_t i = 0; i < walkers; i++)
            walk(&poses[1 + i], heights[i],
                 0.13 * i + 0.01 * tick * 1.35 / bt_gait_stride_m(heights[i], false, 1.35), ahead_m,
                 i);
        CHECK_OK(bt_pose_history_push(s->history, tick * 10 * BT_NS_PER_MS, poses));
    }
}

static void measure(fx_scene *s, double exposure_ms, double px_per_rad)
{
    bt_snapshot_desc desc = {.open_ns = 2 * BT_NS_PER_MS,
                             .close_ns = 2 * BT_NS_PER_MS + (bt_time_ns)(1e6 * exposure_ms),
                             .camera_actor = s->camera,
                             .px_per_rad = px_per_rad,
                             .actor_from_cam = {{0, 0, 0}, bt_quat_vehicle_from_camera()}};
    for (int run = 0; run < 3; run++) {
        double start = seconds();
        CHECK_OK(bt_snapshot_create(s->world, s->history, &desc, &s->snapshot));
        double bent = seconds();
        CHECK_OK(bt_stage_create(s->renderer, s->snapshot, NULL, 0, &s->stage));
        double built = seconds();
        printf("%u that bend, %u vertices at all keys: bent %.1f ms, stage %.1f ms\n",
               s->snapshot->deformed_count, s->snapshot->deformed_vertex_count,
               1e3 * (bent - start), 1e3 * (built - bent));
        bt_stage_destroy(s->stage);
        bt_snapshot_destroy(s->snapshot);
    }
    s->stage = NULL;
    s->snapshot = NULL;
}

int main(int argc, char **argv)
{
    fx_scene s;
    double heights[MAX_WALKERS];
    uint32_t walkers = argc > 1 ? (uint32_t)atoi(argv[1]) : 20, actor;
    double exposure_ms = argc > 2 ? atof(argv[2]) : 25.0;
    double ahead_m = argc > 3 ? atof(argv[3]) : 4.0, px_per_rad = argc > 4 ? atof(argv[4]) : 0.0;
    if (walkers > MAX_WALKERS) walkers = MAX_WALKERS;
    fx_begin(&s);
    CHECK_OK(bt_material_sheet_load(s.spec, "assets/materials/street.lua"));
    uint32_t models[24], model; // as the garage keeps
    for (uint32_t i = 0; i < walkers; i++) {
        bt_person_params p = bt_person_random(1, i % 24);
        heights[i] = p.height_m;
        if (i < 24) CHECK_OK(bt_person_generate(s.spec, &p, &models[i]));
        model = models[i % 24];
        CHECK_OK(bt_spec_add_actor(s.spec, model, "walker", BT_CLASS_PERSON, &actor));
    }
    bt_spec_set_weather(s.spec, &s.weather);
    CHECK_OK(bt_world_compile(s.spec, &s.world));
    CHECK_OK(bt_renderer_create(s.world, &s.renderer));
    history(&s, heights, walkers, ahead_m);
    measure(&s, exposure_ms, px_per_rad);
    fx_end(&s);
    return check_end();
}
