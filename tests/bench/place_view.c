// place_view.c: renders the generated surroundings of an OpenDRIVE map from one place.
//
//   bench.place_view MAP.xodr OUT.png X Y HEIGHT HEADING_DEG [PITCH_DEG WIDTH HEIGHT_PX SAMPLES SEED
//                    SUN_AZIMUTH_DEG SUN_ELEVATION_DEG FOCUS(0|1) HOUR]
//   bench.place_view MAP.xodr OUT.png ROAD_ID:S HEIGHT ...: 1.5 m right of a road's reference line
//
// Prints what was made and how long it took; SAMPLES 0 stops there. HEIGHT is above the road or ground there.
#include "engine/core/jobs.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "engine/render/render.h"
#include "engine/road/opendrive.h"
#include "engine/road/road_mesh.h"
#include "engine/scene/material_lua.h"
#include "procedural/placement/surroundings.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/eye.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHECK(call)                                                                                \
    do {                                                                                           \
        if ((call) != BT_OK) {                                                                     \
            fprintf(stderr, "%s\n", bt_error_message());                                           \
            return 2;                                                                              \
        }                                                                                          \
    } while (0)

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double number(int count, char **arguments, int index, double fallback)
{
    return index < count ? atof(arguments[index]) : fallback;
}

// The picture: metered on a small film first.
static int take_picture(bt_camera *camera, const bt_stage *stage, uint32_t samples, bt_jobs *jobs,
                        const char *path)
{
    bt_camera_state state;
    bt_camera_state_init(camera, &state);
    bt_view view;
    bt_camera_view(camera, &state, bt_camera_mount(0, 0, 0, 0, 0, 0), &view);
    bt_film *film;
    CHECK(bt_film_create_view(&view, &film));
    bt_render_settings settings = {.samples = 2, .seed = 1};
    CHECK(bt_render_film(stage, &view, 0, &settings, jobs, film));
    CHECK(bt_camera_meter(camera, film, &state.exposure));
    settings.samples = samples;
    double start = seconds();
    bt_camera_view(camera, &state, bt_camera_mount(0, 0, 0, 0, 0, 0), &view);
    CHECK(bt_render_film(stage, &view, 0, &settings, jobs, film));
    printf("render: %.1f s\n", seconds() - start);
    size_t pixels = (size_t)view.width_px * view.height_px;
    uint16_t *raw = bt_alloc(pixels, sizeof *raw);
    uint8_t *rgb = bt_alloc(pixels, 3);
    CHECK(bt_camera_read(camera, &state, film, 0, jobs, raw));
    CHECK(bt_camera_develop(camera, &state, raw, jobs, rgb));
    CHECK(bt_png_write_u8(path, view.width_px, view.height_px, 3, rgb));
    bt_film_destroy(film);
    bt_free(raw);
    bt_free(rgb);
    return 0;
}

// Fills the pose of the eye; a place "ROAD:S" moves the following arguments up by one.
static int find_eye(const bt_road_network *net, int count, char **v, bt_pose *eye, int *next)
{
    double x, y, heading_rad = 0.0, curvature;
    char *colon = strchr(v[3], ':');
    *next = 5;
    if (colon) {
        *colon = 0;
        uint32_t road = bt_road_find(net, v[3]);
        if (road == BT_ROAD_NONE) return 0;
        double s = atof(colon + 1);
        double t = bt_road_get(net, road)->left_hand_traffic ? 1.5 : -1.5;
        bt_vec3 at = bt_road_point(net, road, s, t);
        bt_road_heading(net, road, s, &heading_rad, &curvature);
        x = at.x, y = at.y;
        *next = 4;
    } else {
        x = atof(v[3]), y = number(count, v, 4, 0.0);
    }
    double ground = 0.0, distance;
    bt_road_height_near(net, x, y, 200.0, &ground, &distance);
    double height = number(count, v, *next, 1.4);
    double turn = number(count, v, *next + 1, 0.0), pitch = number(count, v, *next + 2, 0.0);
    eye->pos = (bt_vec3){x, y, ground + height};
    eye->rot =
        bt_quat_yaw_pitch_roll(heading_rad + turn * BT_RAD_PER_DEG, pitch * BT_RAD_PER_DEG, 0);
    *next += 3;
    return 1;
}

int main(int count, char **v)
{
    if (count < 4) {
        fprintf(stderr, "usage: %s MAP.xodr OUT.png X Y HEIGHT HEADING_DEG [...]\n", v[0]);
        return 2;
    }
    bt_road_network *net;
    CHECK(bt_opendrive_load(v[1], &net));
    bt_pose eye;
    int next;
    if (!find_eye(net, count, v, &eye, &next)) {
        fprintf(stderr, "no such road\n");
        return 2;
    }
    uint32_t width = (uint32_t)number(count, v, next, 640);
    uint32_t height = (uint32_t)number(count, v, next + 1, 400);
    uint32_t samples = (uint32_t)number(count, v, next + 2, 32);
    bt_spec *spec;
    CHECK(bt_spec_create(&spec));
    CHECK(bt_material_sheet_load(spec, "assets/materials/street.lua"));
    bt_weather weather = {.sun_azimuth_rad = number(count, v, next + 4, 220.0) * BT_RAD_PER_DEG,
                          .sun_elevation_rad = number(count, v, next + 5, 42.0) * BT_RAD_PER_DEG};
    weather.hour = number(count, v, next + 7, 21.0);
    weather.sky_glow_cd_m2 = 2e-3; // a small town's
    weather.dusk_lamps = weather.sun_elevation_rad < 3.0 * BT_RAD_PER_DEG;
    bt_spec_set_weather(spec, &weather);
    bt_surroundings_params params = {.seed = (uint64_t)number(count, v, next + 3, 1)};
    if (number(count, v, next + 6, 1) > 0.0) {
        params.focus_world_m = &eye.pos;
        params.focus_count = 1;
    }
    bt_surroundings_result result;
    double start = seconds();
    CHECK(bt_surroundings_generate(spec, net, &params, &result));
    CHECK(bt_surroundings_add_signals(spec, net, &result));
    double made = seconds();
    uint32_t actor;
    CHECK(eye_add(spec, &actor));
    bt_world *world;
    CHECK(bt_world_compile(spec, &world));
    printf("generate: %.2f s, compile: %.2f s\n", made - start, seconds() - made);
    printf("%u unique triangles, %u meshes, %u statics, %zu objects, %zu signals, %zu parking\n",
           world->triangle_count, world->mesh_count, world->static_count, result.object_count,
           result.signal_count, result.parking_count);
    if (samples == 0) return 0; // only counts
    bt_pose_history *history;
    CHECK(bt_pose_history_create(world, 2, &history));
    bt_actor_pose *poses = bt_alloc(world->actor_count, sizeof *poses);
    for (uint32_t i = 0; i < world->actor_count; i++)
        poses[i].world_from_actor = BT_POSE_IDENTITY;
    for (size_t i = 0; i < result.signal_count; i++) {
        poses[result.signals[i].actor].world_from_actor = result.signals[i].world_from_actor;
        poses[result.signals[i].actor].lamps = i % 2 ? BT_LAMP_SIGNAL_RED : BT_LAMP_SIGNAL_GREEN;
    }
    poses[actor].world_from_actor = eye;
    CHECK(bt_pose_history_push(history, -200000000, poses));
    CHECK(bt_pose_history_push(history, 200000000, poses));
    bt_snapshot_desc desc = {-100000000, 100000000, actor, bt_camera_mount(0, 0, 0, 0, 0, 0), 0.0};
    bt_snapshot *snapshot;
    CHECK(bt_snapshot_create(world, history, &desc, &snapshot));
    start = seconds();
    bt_renderer *renderer;
    bt_stage *stage;
    CHECK(bt_renderer_create(world, &renderer));
    CHECK(bt_stage_create(renderer, snapshot, NULL, 0, &stage));
    printf("acceleration structures: %.1f s\n", seconds() - start);
    bt_camera_sheet sheet;
    const char *roots[] = {"assets"};
    CHECK(bt_camera_sheet_load("cameras/front_1mp.lua", roots, 1, &sheet));
    bt_jobs *jobs;
    CHECK(bt_jobs_create(0, &jobs));
    bt_camera_desc camera_desc = {
        .sheet = &sheet, .width_px = width, .height_px = height, .seed = 1};
    bt_camera *camera;
    CHECK(bt_camera_create(&camera_desc, jobs, &camera));
    return take_picture(camera, stage, samples, jobs, v[2]);
}
