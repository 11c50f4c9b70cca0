// lamp_view.c: a vehicle's lamps at night: pictures without a sensor, and what they bring to a wall.
//
//   bench.lamp_view OUT.png VEHICLE VIEW WHITE_CD_M2 SAMPLES [LAMP...]
//
// VEHICLE: a sheet's name (hatch sedan suv truck ...). VIEW: wall (25 m ahead), road (from the
// driver's seat), bird (from 60 m above), face (from 30 m ahead), back (from 12 m behind).
// WHITE_CD_M2: the luminance that is white. LAMP: low high day tail brake left right reverse; none: low.
// View wall also prints lux on the wall, once measured and once from the webs alone: what is missing
// is lost in the lamps' recesses and lenses.
#include "engine/core/jobs.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "engine/render/render.h"
#include "engine/scene/lamp_webs.h"
#include "engine/scene/material_lua.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "procedural/mesh_shapes.h"
#include "procedural/vehicles/vehicle_body_lua.h"
#include "tests/support/eye.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(call)                                                                                \
    do {                                                                                           \
        if ((call) != BT_OK) {                                                                     \
            fprintf(stderr, "%s\n", bt_error_message());                                           \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

#define WALL_M 25.0
#define LUMENS_PER_WATT 683.002

typedef struct scene {
    bt_spec *spec;
    uint32_t car, eye;
    uint32_t lamps;
    bt_renderer *renderer;
    bt_world *world;
    bt_stage *stage;
    bt_jobs *jobs;
    double lamp_x_m; // of the headlamps, about
} scene;

// ---- the world ----------------------------------------------------------------------------------
static void add_quad(scene *s, const char *material, bt_vec3 a, bt_vec3 b, bt_vec3 c, bt_vec3 d)
{
    bt_mesh_builder mesh = {0};
    bt_slot slot = {.class_id = BT_CLASS_PROP};
    uint32_t index;
    CHECK(bt_spec_find_material(s->spec, material, &slot.material));
    bt_mesh_add_quad(&mesh, a, b, c, d);
    CHECK(bt_mesh_finish(&mesh, s->spec, material, &slot, 1, &index));
    CHECK(bt_spec_add_static(s->spec, index, BT_POSE_IDENTITY, 1.0, 0));
    bt_mesh_clear(&mesh);
}

static void add_wall(scene *s)
{
    double x = s->lamp_x_m + WALL_M, r = 20.0;
    double nm[2] = {380.0, 780.0}, half[2] = {0.5, 0.5};
    bt_material grey = {
        .kind = BT_MATERIAL_DIFFUSE, .reflectance2 = BT_NO_SPECTRUM, .emission = BT_NO_SPECTRUM};
    uint32_t index;
    CHECK(bt_spec_add_spectrum(s->spec, "half", nm, half, 2, &grey.reflectance));
    CHECK(bt_spec_add_material(s->spec, "wall", &grey, &index));
    add_quad(s, "wall", (bt_vec3){x, r, 0}, (bt_vec3){x, -r, 0}, (bt_vec3){x, -r, 8},
             (bt_vec3){x, r, 8});
}

static void add_road(scene *s)
{
    double far = 200.0;
    add_quad(s, "asphalt", (bt_vec3){-30, -4, 0}, (bt_vec3){far, -4, 0}, (bt_vec3){far, 5, 0},
             (bt_vec3){-30, 5, 0});
    add_quad(s, "grass", (bt_vec3){-30, -60, 0}, (bt_vec3){far, -60, 0}, (bt_vec3){far, -4, 0},
             (bt_vec3){-30, -4, 0});
    add_quad(s, "grass", (bt_vec3){-30, 5, 0}, (bt_vec3){far, 5, 0}, (bt_vec3){far, 60, 0},
             (bt_vec3){-30, 60, 0});
    for (int i = 0; i < 25; i++) {
        double x = 8.0 * i - 10.0;
        add_quad(s, "marking_white", (bt_vec3){x, 1.44, 0.003}, (bt_vec3){x + 4, 1.44, 0.003},
                 (bt_vec3){x + 4, 1.56, 0.003}, (bt_vec3){x, 1.56, 0.003});
        add_quad(s, "stone", (bt_vec3){x, -4.5, 0}, (bt_vec3){x, -4.7, 0}, (bt_vec3){x, -4.7, 1.0},
                 (bt_vec3){x, -4.5, 1.0});
        add_quad(s, "stone", (bt_vec3){x, 5.7, 0}, (bt_vec3){x, 5.5, 0}, (bt_vec3){x, 5.5, 1.0},
                 (bt_vec3){x, 5.7, 1.0});
    }
}

static void add_car(scene *s, const char *sheet)
{
    char path[256];
    bt_vehicle_body body;
    uint32_t model;
    snprintf(path, sizeof path, "assets/vehicles/%s.lua", sheet);
    CHECK(bt_vehicle_body_load(path, &(const char *){"assets"}, 1, &body));
    CHECK(bt_vehicle_body_generate(s->spec, &body, &model));
    CHECK(bt_spec_add_actor(s->spec, model, sheet, BT_CLASS_CAR, &s->car));
    CHECK(eye_add(s->spec, &s->eye));
}

// ---- light --------------------------------------------------------------------------------------
static bt_pose look(bt_vec3 eye, bt_vec3 target)
{
    bt_vec3 x = bt_vec3_normalize(bt_vec3_sub(target, eye));
    bt_vec3 up = fabs(x.z) > 0.999 ? (bt_vec3){1, 0, 0} : (bt_vec3){0, 0, 1};
    bt_vec3 y = bt_vec3_normalize(bt_vec3_cross(up, x));
    return (bt_pose){eye, bt_quat_from_axes(x, y, bt_vec3_cross(x, y))};
}

// XYZ of every pixel, Y in cd/m2.
static bt_film *see(scene *s, bt_pose eye, uint32_t width, uint32_t height, double focal_px,
                    uint32_t samples)
{
    const float *matching[3] = {bt_cie_1931_x, bt_cie_1931_y, bt_cie_1931_z};
    bt_actor_pose poses[2] = {{.world_from_actor = BT_POSE_IDENTITY, .lamps = s->lamps},
                              {.world_from_actor = eye}};
    bt_pose_history *history;
    CHECK(bt_pose_history_create(s->world, 2, &history));
    CHECK(bt_pose_history_push(history, 0, poses));
    CHECK(bt_pose_history_push(history, BT_NS_PER_S, poses));
    bt_snapshot_desc desc = {.open_ns = BT_NS_PER_S / 4,
                             .close_ns = BT_NS_PER_S * 3 / 4,
                             .camera_actor = s->eye,
                             .actor_from_cam = {{0, 0, 0}, bt_quat_vehicle_from_camera()}};
    bt_snapshot *snapshot;
    bt_stage *stage;
    bt_film *film;
    CHECK(bt_snapshot_create(s->world, history, &desc, &snapshot));
    CHECK(bt_stage_create(s->renderer, snapshot, NULL, 0, &stage));
    bt_view view = {.width_px = width,
                    .height_px = height,
                    .band_count = 3,
                    .theta_max_rad = 1.5f,
                    .exposure_ns = 2e7,
                    .filter_sigma_px = 0.5f};
    view.lens.kind = BT_LENS_PINHOLE;
    view.lens.fx = view.lens.fy = (float)focal_px;
    view.lens.cx = 0.5f * (float)(width - 1);
    view.lens.cy = 0.5f * (float)(height - 1);
    view.lens.theta_max_rad = 1.5f;
    view.vehicle_from_cam = BT_POSE_IDENTITY;
    for (int i = 0; i < BT_VIEW_VIGNETTE_BINS; i++)
        view.vignette[i] = 1.0f;
    for (int b = 0; b < 3; b++)
        for (int i = 0; i < BT_SPECTRUM_BINS; i++)
            view.response[b][i] = (float)LUMENS_PER_WATT * matching[b][i];
    CHECK(bt_film_create(width, height, 3, &film));
    bt_render_settings settings = {.samples = samples, .seed = 1};
    CHECK(bt_render_film(stage, &view, BT_NS_PER_S / 2, &settings, s->jobs, film));
    bt_stage_destroy(stage);
    bt_snapshot_destroy(snapshot);
    bt_pose_history_destroy(history);
    return film;
}

static void write_picture(const bt_film *film, double white_cd_m2, const char *path)
{
    size_t pixels = (size_t)film->width_px * film->height_px;
    uint8_t *rgb = bt_alloc(pixels, 3);
    for (size_t i = 0; i < pixels; i++) {
        double xyz[3], linear[3];
        for (int k = 0; k < 3; k++)
            xyz[k] = (double)film->rate_e_s[3 * i + (size_t)k] / white_cd_m2;
        bt_srgb_linear_from_xyz(xyz, linear);
        for (int k = 0; k < 3; k++)
            rgb[3 * i + (size_t)k] =
                (uint8_t)(255.0 * bt_srgb_encode(bt_clamp(linear[k], 0.0, 1.0)) + 0.5);
    }
    CHECK(bt_png_write_u8(path, film->width_px, film->height_px, 3, rgb));
    bt_free(rgb);
}

// Lux on the wall h degrees right of and v above the middle between the lamps, both for real and from
// two webs 1.3 m apart.
static void measure(scene *s, double lamp_y_m, double lamp_z_m)
{
    static const double points[][2] = {{-8, -1.2}, {-3.43, -1.2}, {-3.43, -0.86}, {-3.43, 0.57},
                                       {0, -1.2},  {0, -0.86},    {0, 0.5},       {1.5, -0.86},
                                       {4, -0.5},  {4, 1.5},      {8, -1.2}};
    bt_photometric_web *web;
    CHECK(bt_web_low_beam(&(bt_low_beam_desc){0}, &web));
    printf("   h     v   lux  webs  ratio\n");
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        bt_vec3 at = {s->lamp_x_m + WALL_M, -WALL_M * tan(points[i][0] * BT_RAD_PER_DEG),
                      lamp_z_m + WALL_M * tan(points[i][1] * BT_RAD_PER_DEG)};
        double want = 0.0;
        for (int side = -1; side <= 1; side += 2) {
            bt_vec3 to = bt_vec3_sub(at, (bt_vec3){s->lamp_x_m, side * lamp_y_m, lamp_z_m});
            double d = bt_vec3_length(to);
            want += bt_photometry_at(web, to) * to.x / (d * d * d);
        }
        bt_film *film = see(s, look(bt_vec3_add(at, (bt_vec3){-2, 0, 0.3}), at), 8, 8, 400.0, 256);
        double luminance = 0.0;
        for (int k = 0; k < 64; k++)
            luminance += (double)film->rate_e_s[3 * k + 1] / 64.0;
        double lux = luminance * BT_PI / 0.5;
        printf("%5.2f %5.2f %5.2f %5.2f  %.2f\n", points[i][0], points[i][1], lux, want,
               lux / want);
        bt_film_destroy(film);
    }
    bt_photometry_destroy(web);
}

static uint32_t lamp_of(const char *word)
{
    static const struct {
        const char *word;
        uint32_t lamp;
    } lamps[] = {{"low", BT_LAMP_LOW_BEAM},
                 {"high", BT_LAMP_HIGH_BEAM},
                 {"day", BT_LAMP_DAY},
                 {"tail", BT_LAMP_TAIL},
                 {"brake", BT_LAMP_BRAKE},
                 {"left", BT_LAMP_INDICATOR_LEFT},
                 {"right", BT_LAMP_INDICATOR_RIGHT},
                 {"reverse", BT_LAMP_REVERSE}};
    for (size_t i = 0; i < sizeof lamps / sizeof *lamps; i++)
        if (strcmp(word, lamps[i].word) == 0) return lamps[i].lamp;
    fprintf(stderr, "no lamp '%s'\n", word);
    exit(2);
}

static bt_keypoint_desc lamp_place(const scene *s)
{
    const bt_world *w = s->world;
    const bt_world_model *m = &w->models[w->actors[s->car].model];
    for (uint32_t i = 0; i < m->keypoint_count; i++) {
        const bt_world_keypoint *k = &w->keypoints[m->first_keypoint + i];
        if (strcmp(bt_world_name(w, k->name), "headlamp_left") == 0)
            return (bt_keypoint_desc){.pos_part_m = k->pos_part_m};
    }
    return (bt_keypoint_desc){.pos_part_m = {4.0, 0.7, 0.7}};
}

int main(int count, char **v)
{
    if (count < 6) {
        fprintf(stderr, "usage: %s OUT.png VEHICLE VIEW WHITE_CD_M2 SAMPLES [LAMP...]\n", v[0]);
        return 2;
    }
    scene s = {.lamp_x_m = 3.4};
    bool wall = strcmp(v[3], "wall") == 0;
    for (int i = 6; i < count; i++)
        s.lamps |= lamp_of(v[i]);
    if (s.lamps == 0) s.lamps = BT_LAMP_LOW_BEAM;
    CHECK(bt_spec_create(&s.spec));
    CHECK(bt_material_sheet_load(s.spec, "assets/materials/street.lua"));
    bt_weather night = {.sun_elevation_rad = -0.6};
    bt_spec_set_weather(s.spec, &night);
    add_car(&s, v[2]);
    if (wall)
        add_wall(&s);
    else
        add_road(&s);
    CHECK(bt_world_compile(s.spec, &s.world));
    CHECK(bt_renderer_create(s.world, &s.renderer));
    CHECK(bt_jobs_create(0, &s.jobs));
    bt_vec3 lamp = lamp_place(&s).pos_part_m;
    bt_pose eye = look((bt_vec3){1.3, 0.35, 1.25}, (bt_vec3){40, 0.35, 0.0});
    double focal = 400.0;
    if (wall) eye = look((bt_vec3){8, 0, 3}, (bt_vec3){28, 0, 1.2});
    if (strcmp(v[3], "bird") == 0) eye = look((bt_vec3){30, 0, 60}, (bt_vec3){30.01, 0, 0});
    if (strcmp(v[3], "face") == 0) {
        eye = look((bt_vec3){12, 2.5, 1.2}, (bt_vec3){3, 0, 0.7});
        focal = 1200.0;
    }
    if (strcmp(v[3], "back") == 0) {
        eye = look((bt_vec3){-8, 1.5, 1.3}, (bt_vec3){0, 0, 0.8});
        focal = 1200.0;
    }
    bt_film *film = see(&s, eye, 640, 400, focal, (uint32_t)atoi(v[5]));
    write_picture(film, atof(v[4]), v[1]);
    printf("headlamps %.2f m ahead, %.2f m aside, %.2f m up\n", lamp.x, lamp.y, lamp.z);
    if (wall) measure(&s, lamp.y, lamp.z);
    return 0;
}
