// model_view.c: renders generated bodies, side by side on asphalt, through the camera.
//
//   bench.model_view OUT.png AZIMUTH_DEG DISTANCE_M EYE_HEIGHT_M SAMPLES WHAT...
//
// WHAT: a sheet's name (hatch sedan wagon suv van pickup truck), car:N person:N dog:N deer:N moose:N (drawn from
// seed 1, index N), cane:N white_cane:N stroller:N wheelchair:N kick_scooter:N e_scooter:N
// bicycle:N likewise, ball:MATERIAL (a sphere of 0.8 m), house:N, tree:N and far_tree:N (kinds by turns, in the order of
// bt_building_kind and bt_tree_kind), lamps (all that follow have their lamps lit), aim:Z (looks at a height of Z m),
// turn:DEG (heads of who follows are turned so far to the left), stand:M (who follows on a bicycle stands with a foot down,
// so far behind as one who sets off has it), wet (the world is), overcast or size:WxH. Azimuth 0 looks at the front,
// 90 at the left side. People and dogs walk.
#include "engine/core/jobs.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "engine/render/render.h"
#include "engine/scene/material_lua.h"
#include "engine/sim/gait.h"
#include "procedural/animals/deer.h"
#include "procedural/animals/dog.h"
#include "procedural/buildings/building.h"
#include "procedural/gear/gear_body.h"
#include "procedural/mesh_shapes.h"
#include "procedural/people/person.h"
#include "procedural/plants/tree.h"
#include "procedural/vehicles/vehicle_body_lua.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/eye.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ACTORS 32u

#define CHECK(call)                                                                                \
    do {                                                                                           \
        if ((call) != BT_OK) {                                                                     \
            fprintf(stderr, "%s\n", bt_error_message());                                           \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

typedef struct scene {
    bt_spec *spec;
    bt_actor_pose poses[MAX_ACTORS];
    double half_width_m[MAX_ACTORS];
    double look_at_m; // height of what the eye looks at
    uint32_t count, width_px, height_px;
    bool lamps;
    bool wet;
    double head_rad;
    bool stand;
    double pushed_m;
} scene;

static void add_ground(scene *s)
{
    bt_mesh_builder mesh = {0};
    bt_slot slot = {.class_id = BT_CLASS_ROAD};
    double r = 150.0;
    uint32_t index;
    CHECK(bt_spec_find_material(s->spec, "parking_asphalt", &slot.material));
    bt_mesh_add_quad(&mesh, bt_vec3_make(-r, -r, 0.0), bt_vec3_make(r, -r, 0.0),
                     bt_vec3_make(r, r, 0.0), bt_vec3_make(-r, r, 0.0));
    CHECK(bt_mesh_finish(&mesh, s->spec, "ground", &slot, 1, &index));
    CHECK(bt_spec_add_static(s->spec, index, BT_POSE_IDENTITY, 1.0, 0));
    bt_mesh_clear(&mesh);
    // something on the horizon to be mirrored in paint
    CHECK(bt_spec_find_material(s->spec, "leaf_hedge", &slot.material));
    slot.class_id = BT_CLASS_VEGETATION;
    for (int i = 0; i < 60; i++) {
        double angle = 2.0 * BT_PI * i / 60.0, tall = 4.0 + 2.5 * sin(7.0 * i);
        bt_pose pose = {{60.0 * cos(angle), 60.0 * sin(angle), 0.0}, BT_QUAT_IDENTITY};
        bt_mesh_add_ellipsoid(&mesh, pose, bt_vec3_make(4.5, 4.5, tall), 24);
    }
    CHECK(bt_mesh_finish(&mesh, s->spec, "trees", &slot, 1, &index));
    CHECK(bt_spec_add_static(s->spec, index, BT_POSE_IDENTITY, 1.0, 0));
    bt_mesh_clear(&mesh);
}

static void walk(bt_actor_pose *pose, double height_m, bool dog, double phase)
{
    bt_gait gait = {height_m, dog, dog ? 1.7 : 1.35, phase};
    pose->world_from_actor.pos.z = -bt_gait_pose(&gait, pose->channel_rad);
}

// Halfway through a stroke or step, by its number.
static void use(const scene *s, bt_actor_pose *pose, const bt_gear *gear, double phase)
{
    bt_gear_state state = {.stroke = phase, .rolled_m = {phase, phase}};
    if (gear->kind == BT_GEAR_BICYCLE && s->stand) {
        state.foot_down = 1.0;
        state.foot_x_m = -s->pushed_m;
        pose->world_from_actor.rot = bt_quat_yaw_pitch_roll(0.0, 0.0, -bt_gear_stand_lean(&state));
    }
    if (bt_gear_is_ridden(gear->kind)) {
        bt_gear_pose_rider(gear, &state, pose->channel_rad);
        return;
    }
    bt_gait gait = {.height_m = gear->height_m, .speed_m_s = 1.2};
    bt_gait_feet feet = {0};
    bt_gait_step step = {.ahead_m = 0.012};
    for (int i = 0; i < 100 + (int)(100.0 * phase); i++)
        bt_gait_walk(gear->height_m, false, &step, 0.01, &feet);
    double sink = bt_gait_pose_feet(&gait, &feet, pose->channel_rad);
    bt_gear_pose_walker(gear, &state, &gait, &feet, sink, pose->channel_rad);
    pose->world_from_actor.pos.z = -sink;
}

// BT_GEAR_NONE: no gear's name.
static bt_gear_kind gear_called(const char *what)
{
    for (int k = 1; k < BT_GEAR_KIND_COUNT; k++) {
        size_t length = strlen(bt_gear_name((bt_gear_kind)k));
        if (strncmp(what, bt_gear_name((bt_gear_kind)k), length) == 0 && what[length] == ':')
            return (bt_gear_kind)k;
    }
    return BT_GEAR_NONE;
}

// A mesh as a thing of one part.
static uint32_t add_model(scene *s, const char *name, uint32_t mesh, bt_cuboid_desc cuboid)
{
    bt_part_desc part = {
        .name = name, .mesh = mesh, .parent = BT_NO_INDEX, .rest = BT_POSE_IDENTITY, .channel = -1};
    bt_model_desc desc = {.name = name,
                          .class_id = cuboid.class_id,
                          .parts = &part,
                          .part_count = 1,
                          .cuboids = &cuboid,
                          .cuboid_count = 1};
    uint32_t model;
    CHECK(bt_spec_add_model(s->spec, &desc, &model));
    return model;
}

static uint32_t make_ball(scene *s, const char *material)
{
    bt_mesh_builder mesh = {0};
    bt_slot slot = {.class_id = BT_CLASS_PROP};
    uint32_t index;
    bt_cuboid_desc cuboid = {BT_CLASS_PROP, BT_NO_INDEX, {0, 0, 0.4}, {0.8, 0.8, 0.8}};
    CHECK(bt_spec_find_material(s->spec, material, &slot.material));
    bt_pose pose = {{0.0, 0.0, 0.4}, BT_QUAT_IDENTITY};
    bt_mesh_add_ellipsoid(&mesh, pose, bt_vec3_make(0.4, 0.4, 0.4), 64);
    CHECK(bt_mesh_finish(&mesh, s->spec, material, &slot, 1, &index));
    bt_mesh_clear(&mesh);
    return add_model(s, material, index, cuboid);
}

static uint32_t make_house(scene *s, uint64_t index, double *half_width_m)
{
    bt_building house;
    CHECK(bt_building_build(s->spec, (bt_building_kind)(index % BT_BUILDING_KIND_COUNT), 5, index,
                            &house));
    *half_width_m = 0.5 * house.width_m + 3.0;
    s->look_at_m = fmax(s->look_at_m, 0.4 * house.height_m);
    bt_cuboid_desc cuboid = {BT_CLASS_BUILDING,
                             BT_NO_INDEX,
                             {0.0, 0.5 * house.depth_m, 0.5 * house.height_m},
                             {house.width_m, house.depth_m, house.height_m}};
    return add_model(s, "house", house.mesh, cuboid);
}

static uint32_t make_tree(scene *s, uint64_t index, double detail, double *half_width_m)
{
    bt_plant tree;
    CHECK(bt_tree_build(s->spec, bt_tree_species_get((bt_tree_kind)(index % BT_TREE_KIND_COUNT)), 5,
                        index, detail, &tree));
    *half_width_m = tree.radius_m + 0.5;
    s->look_at_m = fmax(s->look_at_m, 0.5 * tree.height_m);
    bt_cuboid_desc cuboid = {BT_CLASS_VEGETATION,
                             BT_NO_INDEX,
                             {0.0, 0.0, 0.5 * tree.height_m},
                             {2.0 * tree.radius_m, 2.0 * tree.radius_m, tree.height_m}};
    return add_model(s, "tree", tree.mesh, cuboid);
}

// Makes the model called `what` and says how wide it stands.
static uint32_t make_model(scene *s, const char *what, bt_actor_pose *pose, double *half_width_m)
{
    uint32_t model = BT_NO_INDEX;
    const char *colon = strchr(what, ':');
    uint64_t index = colon ? strtoull(colon + 1, NULL, 10) : 0;
    bt_gear_kind gear = gear_called(what);
    if (gear != BT_GEAR_NONE) {
        bt_gear_params p = bt_gear_random(gear, 1, index);
        bt_gear made = bt_gear_make(gear, p.person.height_m);
        CHECK(bt_gear_body_generate(s->spec, &p, &model));
        use(s, pose, &made, 0.23 * (double)index);
        *half_width_m = 0.55;
    } else if (strncmp(what, "person", 6) == 0) {
        bt_person_params p = bt_person_random(1, index);
        CHECK(bt_person_generate(s->spec, &p, &model));
        walk(pose, p.height_m, false, 0.13 * (double)index);
        *half_width_m = 0.5;
    } else if (strncmp(what, "dog", 3) == 0) {
        bt_dog_params p = bt_dog_random(1, index);
        CHECK(bt_dog_generate(s->spec, &p, &model));
        walk(pose, p.withers_m, true, 0.13 * (double)index);
        *half_width_m = 0.4;
    } else if (strncmp(what, "deer", 4) == 0 || strncmp(what, "moose", 5) == 0) {
        bool moose = what[0] == 'm';
        bt_deer_params p = bt_deer_random(1, index, moose);
        CHECK(bt_deer_generate(s->spec, &p, &model));
        walk(pose, p.withers_m, true, 0.13 * (double)index);
        *half_width_m = 0.7 * p.withers_m;
    } else if (strncmp(what, "ball:", 5) == 0) {
        model = make_ball(s, colon + 1);
        *half_width_m = 0.45;
    } else if (strncmp(what, "house:", 6) == 0) {
        model = make_house(s, index, half_width_m);
        pose->world_from_actor.rot = bt_quat_axis_angle(bt_vec3_make(0.0, 0.0, 1.0), 0.5 * BT_PI);
    } else if (strncmp(what, "tree:", 5) == 0) {
        model = make_tree(s, index, 1.0, half_width_m);
    } else if (strncmp(what, "far_tree:", 9) == 0) {
        model = make_tree(s, index, BT_FAR_TREE_DETAIL, half_width_m);
    } else if (strncmp(what, "car", 3) == 0) {
        bt_car_params p = bt_car_random(1, index);
        CHECK(bt_car_generate(s->spec, &p, &model));
        *half_width_m = 0.5 * p.width_m + 0.5;
    } else {
        char path[256];
        bt_vehicle_body body;
        snprintf(path, sizeof path, "assets/vehicles/%s.lua", what);
        CHECK(bt_vehicle_body_load(path, &(const char *){"assets"}, 1, &body));
        bt_vehicle_body_vary(&body, 3, s->count);
        CHECK(bt_vehicle_body_generate(s->spec, &body, &model));
        *half_width_m = body.form == BT_FORM_CAR ? 1.5 : 2.0;
        pose->channel_rad[BT_CHANNEL_STEER_LEFT] = pose->channel_rad[BT_CHANNEL_STEER_RIGHT] = 0.15;
        pose->channel_rad[BT_CHANNEL_HITCH] = 0.4;
    }
    return model;
}

static void add_actor(scene *s, const char *what)
{
    uint32_t actor, i = s->count;
    bt_actor_pose *pose = &s->poses[i];
    pose->world_from_actor = BT_POSE_IDENTITY;
    pose->channel_rad[BT_CHANNEL_HEAD] = s->head_rad;
    uint32_t model = make_model(s, what, pose, &s->half_width_m[i]);
    if (s->lamps) pose->lamps = 0x3f | BT_LAMP_BEACON_LEFT | BT_LAMP_HALT_LEFT;
    // one to the right of the other
    double y = 0.0;
    if (i > 0)
        y = s->poses[i - 1].world_from_actor.pos.y - s->half_width_m[i - 1] - s->half_width_m[i];
    pose->world_from_actor.pos.y = y;
    CHECK(bt_spec_add_actor(s->spec, model, what, BT_CLASS_CAR, &actor));
    s->count++;
}

static uint32_t add_eye(scene *s, double azimuth_rad, double distance_m, double height_m)
{
    uint32_t actor;
    double middle_y = 0.5 * s->poses[s->count - 1].world_from_actor.pos.y;
    bt_vec3 at = {1.3, middle_y, 0.0};
    CHECK(eye_add(s->spec, &actor));
    bt_actor_pose *pose = &s->poses[s->count];
    pose->world_from_actor.pos = bt_vec3_make(at.x + distance_m * cos(azimuth_rad),
                                              at.y + distance_m * sin(azimuth_rad), height_m);
    double pitch = atan2(height_m - s->look_at_m, distance_m);
    pose->world_from_actor.rot = bt_quat_yaw_pitch_roll(azimuth_rad + BT_PI, pitch, 0.0);
    return actor;
}

static bt_snapshot *take_snapshot(const scene *s, const bt_world *world, uint32_t eye)
{
    bt_pose_history *history;
    bt_snapshot *snapshot;
    CHECK(bt_pose_history_create(world, 2, &history));
    CHECK(bt_pose_history_push(history, -200000000, s->poses));
    CHECK(bt_pose_history_push(history, 200000000, s->poses));
    bt_snapshot_desc desc = {-100000000, 100000000, eye, bt_camera_mount(0, 0, 0, 0, 0, 0), 0.0};
    CHECK(bt_snapshot_create(world, history, &desc, &snapshot));
    return snapshot;
}

// The picture: metered on a small film first.
static void take_picture(bt_camera *camera, const bt_stage *stage, uint32_t samples, bt_jobs *jobs,
                         const char *path)
{
    bt_camera_state state;
    bt_view view;
    bt_film *film;
    bt_pose mount = bt_camera_mount(0, 0, 0, 0, 0, 0);
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, mount, &view);
    CHECK(bt_film_create_view(&view, &film));
    bt_render_settings settings = {.samples = 2, .seed = 1};
    CHECK(bt_render_film(stage, &view, 0, &settings, jobs, film));
    CHECK(bt_camera_meter(camera, film, &state.exposure));
    settings.samples = samples;
    settings.max_depth = 8;
    bt_camera_view(camera, &state, mount, &view);
    CHECK(bt_render_film(stage, &view, 0, &settings, jobs, film));
    size_t pixels = (size_t)view.width_px * view.height_px;
    uint16_t *raw = bt_alloc(pixels, sizeof *raw);
    uint8_t *rgb = bt_alloc(pixels, 3);
    CHECK(bt_camera_read(camera, &state, film, 0, jobs, raw));
    CHECK(bt_camera_develop(camera, &state, raw, jobs, rgb));
    CHECK(bt_png_write_u8(path, view.width_px, view.height_px, 3, rgb));
    bt_film_destroy(film);
    bt_free(raw);
    bt_free(rgb);
}

int main(int count, char **v)
{
    if (count < 7 || count > (int)MAX_ACTORS + 4) {
        fprintf(stderr, "usage: %s OUT.png AZIMUTH_DEG DISTANCE_M EYE_HEIGHT_M SAMPLES WHAT...\n",
                v[0]);
        return 2;
    }
    scene s = {.look_at_m = 0.7, .width_px = 800, .height_px = 500};
    CHECK(bt_spec_create(&s.spec));
    CHECK(bt_material_sheet_load(s.spec, "assets/materials/street.lua"));
    bt_weather weather = {.sun_azimuth_rad = 50.0 * BT_RAD_PER_DEG,
                          .sun_elevation_rad = 45.0 * BT_RAD_PER_DEG};
    add_ground(&s);
    for (int i = 6; i < count; i++) {
        if (strcmp(v[i], "lamps") == 0)
            s.lamps = true;
        else if (strcmp(v[i], "wet") == 0)
            s.wet = true;
        else if (strcmp(v[i], "overcast") == 0)
            weather.cloud = 1.0, weather.cloud_optical_depth = 25.0;
        else if (strncmp(v[i], "aim:", 4) == 0)
            s.look_at_m = atof(v[i] + 4);
        else if (strncmp(v[i], "turn:", 5) == 0)
            s.head_rad = atof(v[i] + 5) * BT_RAD_PER_DEG;
        else if (sscanf(v[i], "stand:%lf", &s.pushed_m) == 1)
            s.stand = true;
        else if (sscanf(v[i], "size:%" SCNu32 "x%" SCNu32, &s.width_px, &s.height_px) == 2)
            continue;
        else
            add_actor(&s, v[i]);
    }
    if (s.count == 0) return 2;
    weather.wetness = s.wet ? 0.8 : 0.0;
    bt_spec_set_weather(s.spec, &weather);
    uint32_t eye = add_eye(&s, atof(v[2]) * BT_RAD_PER_DEG, atof(v[3]), atof(v[4]));
    bt_world *world;
    CHECK(bt_world_compile(s.spec, &world));
    printf("%u unique triangles\n", world->triangle_count);
    bt_snapshot *snapshot = take_snapshot(&s, world, eye);
    bt_renderer *renderer;
    bt_stage *stage;
    bt_jobs *jobs;
    bt_camera *camera;
    bt_camera_sheet sheet;
    const char *roots[] = {"assets"};
    CHECK(bt_renderer_create(world, &renderer));
    CHECK(bt_stage_create(renderer, snapshot, NULL, 0, &stage));
    CHECK(bt_camera_sheet_load("cameras/front_1mp.lua", roots, 1, &sheet));
    CHECK(bt_jobs_create(0, &jobs));
    bt_camera_desc desc = {
        .sheet = &sheet, .width_px = s.width_px, .height_px = s.height_px, .seed = 1};
    CHECK(bt_camera_create(&desc, jobs, &camera));
    take_picture(camera, stage, (uint32_t)atoi(v[5]), jobs, v[1]);
    return 0;
}
