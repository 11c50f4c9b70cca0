// render_fixture.h: small worlds to trace: quads, spheres, boxes, a camera on an actor of its own.
#ifndef BT_TESTS_RENDER_FIXTURE_H
#define BT_TESTS_RENDER_FIXTURE_H

#include "engine/core/memory.h"
#include "engine/render/render.h"
#include "tests/support/check.h"
#include "tests/support/eye.h"
#include "tests/support/skies.h"

#include <stdlib.h>

#define FX_MAX_ACTORS 16

typedef struct fx_scene {
    bt_spec *spec;
    bt_world *world;
    bt_pose_history *history;
    bt_renderer *renderer;
    bt_snapshot *snapshot;
    bt_stage *stage;
    bt_weather weather;
    uint32_t camera; // actor
} fx_scene;

// A scene with nothing but a camera actor.
static inline void fx_begin(fx_scene *s)
{
    *s = (fx_scene){.weather = {.sun_azimuth_rad = 0.6, .sun_elevation_rad = 0.7}};
    CHECK_OK(bt_spec_create(&s->spec));
    CHECK_OK(eye_add(s->spec, &s->camera));
}

static inline uint32_t fx_flat(fx_scene *s, double value)
{
    char name[40];
    snprintf(name, sizeof name, "flat %.9g", value);
    double nm[2] = {380.0, 780.0}, values[2] = {value, value};
    uint32_t index;
    CHECK_OK(bt_spec_add_spectrum(s->spec, name, nm, values, 2, &index));
    return index;
}

static inline uint32_t fx_material(fx_scene *s, const char *name, bt_material m)
{
    uint32_t index;
    CHECK_OK(bt_spec_add_material(s->spec, name, &m, &index));
    return index;
}
// A material with flat reflectances.
static inline uint32_t fx_plain(fx_scene *s, const char *name, uint32_t kind, double reflectance,
                                float roughness)
{
    bt_material m = {.kind = kind,
                     .reflectance = fx_flat(s, reflectance),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = BT_NO_SPECTRUM,
                     .roughness = roughness};
    return fx_material(s, name, m);
}

// Black, and shines evenly: radiance W m^-2 sr^-1 nm^-1 at all wavelengths; `both`: from the back of its triangles too.
static inline uint32_t fx_lamp_of(fx_scene *s, const char *name, double radiance, bool both)
{
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(s, 0.0),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(s, 1.0),
                     .emission_scale = (float)radiance,
                     .shines_both = both};
    return fx_material(s, name, m);
}
static inline uint32_t fx_lamp(fx_scene *s, const char *name, double radiance)
{
    return fx_lamp_of(s, name, radiance, false);
}

// A parallelogram; its front is where edge1 x edge2 points.
static inline uint32_t fx_quad(fx_scene *s, uint32_t material, bt_vec3 corner, bt_vec3 edge1,
                               bt_vec3 edge2)
{
    bt_vec3 p[4] = {corner, bt_vec3_add(corner, edge1),
                    bt_vec3_add(bt_vec3_add(corner, edge1), edge2), bt_vec3_add(corner, edge2)};
    float positions[12], uvs[8];
    for (int i = 0; i < 4; i++) {
        positions[3 * i] = (float)p[i].x;
        positions[3 * i + 1] = (float)p[i].y;
        positions[3 * i + 2] = (float)p[i].z;
        uvs[2 * i] = (float)((i == 1 || i == 2) * bt_vec3_length(edge1));
        uvs[2 * i + 1] = (float)((i >= 2) * bt_vec3_length(edge2));
    }
    static const uint32_t indices[6] = {0, 1, 2, 0, 2, 3};
    bt_slot slot = {material, BT_CLASS_PROP};
    bt_mesh_desc desc = {.name = "quad",
                         .positions = positions,
                         .uvs = uvs,
                         .vertex_count = 4,
                         .indices = indices,
                         .triangle_count = 2,
                         .slots = &slot,
                         .slot_count = 1};
    uint32_t mesh;
    CHECK_OK(bt_spec_add_mesh(s->spec, &desc, &mesh));
    return mesh;
}

// A sphere about the origin, smooth normals, n x 2n quads.
static inline uint32_t fx_sphere(fx_scene *s, uint32_t material, double radius, int n)
{
    int across = 2 * n + 1, vertices = (n + 1) * across, triangles = 4 * n * n;
    float *positions = calloc((size_t)vertices * 3, sizeof(float));
    float *normals = calloc((size_t)vertices * 3, sizeof(float));
    uint32_t *indices = calloc((size_t)triangles * 3, sizeof(uint32_t));
    for (int i = 0; i <= n; i++)
        for (int k = 0; k < across; k++) {
            double theta = BT_PI * i / n, phi = BT_PI * k / n;
            double d[3] = {sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta)};
            for (int c = 0; c < 3; c++) {
                normals[3 * (i * across + k) + c] = (float)d[c];
                positions[3 * (i * across + k) + c] = (float)(radius * d[c]);
            }
        }
    uint32_t *at = indices;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 2 * n; k++) {
            uint32_t a = (uint32_t)(i * across + k), b = a + (uint32_t)across;
            uint32_t six[6] = {a, b, b + 1, a, b + 1, a + 1};
            memcpy(at, six, sizeof six);
            at += 6;
        }
    bt_slot slot = {material, BT_CLASS_PROP};
    bt_mesh_desc desc = {.name = "sphere",
                         .positions = positions,
                         .normals = normals,
                         .vertex_count = (uint32_t)vertices,
                         .indices = indices,
                         .triangle_count = (uint32_t)triangles,
                         .slots = &slot,
                         .slot_count = 1};
    uint32_t mesh;
    CHECK_OK(bt_spec_add_mesh(s->spec, &desc, &mesh));
    free(positions);
    free(normals);
    free(indices);
    return mesh;
}

static inline void fx_static(fx_scene *s, uint32_t mesh, double x, double y, double z)
{
    bt_pose pose = BT_POSE_IDENTITY;
    pose.pos = (bt_vec3){x, y, z};
    CHECK_OK(bt_spec_add_static(s->spec, mesh, pose, 1.0, 0));
}

// A body of one mesh that moves as its actor does; it shines while any lamp of the mask is lit.
static inline uint32_t fx_actor_lamp(fx_scene *s, uint32_t mesh, uint32_t lamp_mask)
{
    bt_part_desc part = {.name = "body",
                         .mesh = mesh,
                         .parent = BT_NO_INDEX,
                         .rest = BT_POSE_IDENTITY,
                         .channel = -1,
                         .lamp_mask = lamp_mask};
    bt_cuboid_desc cuboid = {BT_CLASS_CAR, BT_NO_INDEX, {0, 0, 0}, {1, 1, 1}};
    bt_model_desc model = {.name = "body",
                           .class_id = BT_CLASS_CAR,
                           .parts = &part,
                           .part_count = 1,
                           .cuboids = &cuboid,
                           .cuboid_count = 1};
    uint32_t index, actor;
    CHECK_OK(bt_spec_add_model(s->spec, &model, &index));
    CHECK_OK(bt_spec_add_actor(s->spec, index, "body", BT_CLASS_CAR, &actor));
    return actor;
}

static inline uint32_t fx_actor(fx_scene *s, uint32_t mesh)
{
    return fx_actor_lamp(s, mesh, 0);
}

// Compiles the world and its renderer.
static inline void fx_compile(fx_scene *s)
{
    bt_spec_set_weather(s->spec, &s->weather);
    CHECK_OK(bt_world_compile(s->spec, &s->world));
    CHECK_OK(skies_renderer_create(s->world, &s->renderer));
    CHECK_OK(bt_pose_history_create(s->world, 4, &s->history));
}

// Places everything: each actor's pose at 0 s (NULL: it is known already) and at 1 s; the snapshot
// spans [open, close] ns,
// which is within them. A moving camera is an actor's business too.
static inline void fx_place_poses(fx_scene *s, const bt_actor_pose *at_0, const bt_actor_pose *at_1,
                                  bt_time_ns open_ns, bt_time_ns close_ns)
{
    if (at_0) CHECK_OK(bt_pose_history_push(s->history, 0, at_0));
    CHECK_OK(bt_pose_history_push(s->history, BT_NS_PER_S, at_1));
    bt_snapshot_desc desc = {.open_ns = open_ns,
                             .close_ns = close_ns,
                             .camera_actor = s->camera,
                             .actor_from_cam = {{0, 0, 0}, bt_quat_vehicle_from_camera()}};
    CHECK_OK(bt_snapshot_create(s->world, s->history, &desc, &s->snapshot));
    CHECK_OK(bt_stage_create(s->renderer, s->snapshot, NULL, 0, &s->stage));
}

static inline void fx_place(fx_scene *s, const bt_pose *at_0, const bt_pose *at_1,
                            bt_time_ns open_ns, bt_time_ns close_ns)
{
    bt_actor_pose poses[2][FX_MAX_ACTORS];
    memset(poses, 0, sizeof poses);
    for (uint32_t i = 0; i < s->world->actor_count; i++) {
        poses[0][i].world_from_actor = at_0[i];
        poses[1][i].world_from_actor = at_1[i];
    }
    fx_place_poses(s, poses[0], poses[1], open_ns, close_ns);
}

// Everything still; the camera (actor 0) where it is put, looking along its x.
static inline void fx_place_still(fx_scene *s, bt_pose camera)
{
    bt_pose poses[FX_MAX_ACTORS];
    for (int i = 0; i < FX_MAX_ACTORS; i++)
        poses[i] = BT_POSE_IDENTITY;
    poses[s->camera] = camera;
    fx_place(s, poses, poses, 100 * BT_NS_PER_MS, 900 * BT_NS_PER_MS);
}

static inline void fx_end(fx_scene *s)
{
    bt_stage_destroy(s->stage);
    bt_snapshot_destroy(s->snapshot);
    bt_pose_history_destroy(s->history);
    skies_destroy(s->world, s->renderer);
    bt_spec_destroy(s->spec);
}

#define FX_SPAN_NM ((double)(BT_SPECTRUM_MAX_NM - BT_SPECTRUM_MIN_NM))

// A distortion-free camera whose band answers 1 at all of FX_SPAN_NM, no vignette.
// Label time is the middle: 0.5 s.
#define FX_LABEL_NS (500 * BT_NS_PER_MS)

static inline bt_view fx_view(uint32_t width_px, uint32_t height_px, double focal_px)
{
    bt_view v = {
        .width_px = width_px, .height_px = height_px, .band_count = 1, .theta_max_rad = 1.5f};
    v.lens.kind = BT_LENS_PINHOLE;
    v.lens.fx = v.lens.fy = (float)focal_px;
    v.lens.cx = 0.5f * (float)(width_px - 1);
    v.lens.cy = 0.5f * (float)(height_px - 1);
    v.lens.theta_max_rad = 1.5f;
    v.vehicle_from_cam = BT_POSE_IDENTITY;
    for (int i = 0; i < BT_VIEW_VIGNETTE_BINS; i++)
        v.vignette[i] = 1.0f;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        v.response[0][i] = 1.0f;
    return v;
}

// Looks from `eye` at `target`, x forward, z up.
static inline bt_pose fx_look(bt_vec3 eye, bt_vec3 target)
{
    bt_vec3 x = bt_vec3_normalize(bt_vec3_sub(target, eye));
    bt_vec3 up = fabs(x.z) > 0.999 ? (bt_vec3){1, 0, 0} : (bt_vec3){0, 0, 1};
    bt_vec3 y = bt_vec3_normalize(bt_vec3_cross(up, x));
    return (bt_pose){eye, bt_quat_from_axes(x, y, bt_vec3_cross(x, y))};
}

static inline bt_film *fx_render(const fx_scene *s, const bt_view *view,
                                 const bt_render_settings *settings, bt_jobs *jobs)
{
    bt_film *film = NULL;
    CHECK_OK(bt_film_create_view(view, &film));
    CHECK_OK(bt_render_film(s->stage, view, FX_LABEL_NS, settings, jobs, film));
    return film;
}

static inline double fx_mean(const bt_film *film, uint32_t band)
{
    double sum = 0.0;
    size_t pixels = (size_t)film->width_px * film->height_px;
    for (size_t i = 0; i < pixels; i++)
        sum += (double)film->rate_e_s[i * film->band_count + band];
    return sum / (double)pixels;
}

// Standard error of the mean of a film's one band.
static inline double fx_standard_error(const bt_film *film)
{
    double sum = 0.0;
    size_t count = (size_t)film->width_px * film->height_px;
    for (size_t i = 0; i < count; i++)
        sum += (double)film->variance_e2_s2[i];
    return sqrt(sum) / (double)count;
}

#endif
