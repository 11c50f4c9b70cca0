// lab.c: the room a chart hangs in, built as any world is.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/spectrum/spectrum.h"
#include "shaders/shared/lens.h"

#define LAB_MAX_ACTORS (LAB_MAX_MOVERS + 1)
// From the camera to the walls: beyond every chart (windshield.c has one at 5 km), but not far: stars shine on the air
// between. 100 km of it had 15 % of a point's glare 8 degrees from it.
#define ROOM_M 6e3
#define HIGH_M 8000.0 // above the sea, the most the air's tables go by
#define DISC_M 2.0    // half a side of the lit panel, 1 m away: fills every window of a bare sensor

// ---- what hangs in it -------------------------------------------------------------------------
// A body of one mesh, or none: the camera's stand, things that move.
static uint32_t add_actor(lab *l, const char *name, uint32_t mesh)
{
    bt_part_desc part = {
        .name = name, .mesh = mesh, .parent = BT_NO_INDEX, .rest = BT_POSE_IDENTITY, .channel = -1};
    bt_cuboid_desc cuboid = {BT_CLASS_PROP, BT_NO_INDEX, {0, 0, 0}, {1, 1, 1}};
    bt_model_desc model = {.name = name,
                           .class_id = BT_CLASS_PROP,
                           .parts = &part,
                           .part_count = 1,
                           .cuboids = &cuboid,
                           .cuboid_count = 1};
    uint32_t index = 0, actor = 0;
    if (l->status == BT_OK) l->status = bt_spec_add_model(l->spec, &model, &index);
    if (l->status == BT_OK)
        l->status = bt_spec_add_actor(l->spec, index, name, BT_CLASS_PROP, &actor);
    return actor;
}

void lab_begin(lab *l, const bench *b)
{
    *l = (lab){.bench = b};
    l->status = bt_spec_create(&l->spec);
    l->camera = add_actor(l, "camera", BT_NO_INDEX);
}

void lab_clear(lab *l)
{
    bt_pose_history_destroy(l->history);
    bt_renderer_destroy(l->renderer);
    bt_world_destroy(l->world);
    bt_spec_destroy(l->spec);
    memset(l, 0, sizeof *l);
}

uint32_t lab_spectrum(lab *l, const double *wavelengths_nm, const double *values, size_t count)
{
    char name[32];
    uint32_t index = 0;
    snprintf(name, sizeof name, "bench %u", l->spectrum_count++);
    if (l->status == BT_OK)
        l->status = bt_spec_add_spectrum(l->spec, name, wavelengths_nm, values, count, &index);
    return index;
}

uint32_t lab_flat(lab *l, double value)
{
    double nm[2] = {380.0, 780.0}, values[2] = {value, value};
    return lab_spectrum(l, nm, values, 2);
}

uint32_t lab_table(lab *l, const float *table)
{
    double nm[BT_SPECTRUM_BINS], values[BT_SPECTRUM_BINS];
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        nm[i] = bt_spectrum_bin_nm(i);
        values[i] = (double)table[i];
    }
    return lab_spectrum(l, nm, values, BT_SPECTRUM_BINS);
}

uint32_t lab_material(lab *l, const bt_material *material)
{
    char name[32];
    uint32_t index = 0;
    snprintf(name, sizeof name, "bench %u", l->spectrum_count++);
    if (l->status == BT_OK) l->status = bt_spec_add_material(l->spec, name, material, &index);
    return index;
}

uint32_t lab_lamp(lab *l, uint32_t spectrum, double scale)
{
    bt_material lamp = {.kind = BT_MATERIAL_DIFFUSE,
                        .reflectance = lab_flat(l, 0.0),
                        .reflectance2 = BT_NO_SPECTRUM,
                        .emission = spectrum,
                        .emission_scale = (float)scale};
    return lab_material(l, &lamp);
}

uint32_t lab_matte(lab *l, uint32_t spectrum)
{
    bt_material matte = {.kind = BT_MATERIAL_DIFFUSE,
                         .reflectance = spectrum,
                         .reflectance2 = BT_NO_SPECTRUM,
                         .emission = BT_NO_SPECTRUM};
    return lab_material(l, &matte);
}

// From the camera's frame to the room's, in which it looks along x.
static bt_vec3 room_from_cam(bt_vec3 p)
{
    return bt_quat_rotate(bt_quat_vehicle_from_camera(), p);
}

// ---- surfaces ---------------------------------------------------------------------------------
static void place(lab *l, uint32_t mesh, const bt_vec3 *velocity_m_s)
{
    if (l->status != BT_OK) return;
    if (!velocity_m_s) {
        l->status = bt_spec_add_static(l->spec, mesh, BT_POSE_IDENTITY, 1.0, 0);
        return;
    }
    uint32_t mover = l->mover_count++;
    bt_vec3 v = room_from_cam(*velocity_m_s);
    l->movers[mover] = add_actor(l, "mover", mesh);
    // as modelled at the label time, half-way
    l->mover_at[mover][0] = bt_vec3_scale(v, -0.5);
    l->mover_at[mover][1] = bt_vec3_scale(v, 0.5);
}

static uint32_t slot_of(bt_slot *slots, uint32_t *count, uint32_t material)
{
    for (uint32_t i = 0; i < *count; i++)
        if (slots[i].material == material) return i;
    slots[*count] = (bt_slot){material, BT_CLASS_PROP};
    return (*count)++;
}

void lab_mesh(lab *l, const bt_vec3 *corners, const uint32_t *materials, uint32_t triangle_count,
              const bt_vec3 *velocity_m_s)
{
    bt_slot slots[255];
    uint32_t slot_count = 0, mesh = 0;
    size_t vertices = (size_t)triangle_count * 3;
    float *positions = bt_alloc(vertices * 3, sizeof *positions);
    uint32_t *indices = bt_alloc(vertices, sizeof *indices);
    uint8_t *triangle_slots = bt_alloc(triangle_count, 1);
    if (l->status == BT_OK && (!positions || !indices || !triangle_slots))
        l->status = bt_fail(BT_ERR_MEMORY, "no memory for a chart of %u triangles", triangle_count);
    for (size_t i = 0; i < vertices && l->status == BT_OK; i++) {
        bt_vec3 p = room_from_cam(corners[i]);
        positions[3 * i] = (float)p.x;
        positions[3 * i + 1] = (float)p.y;
        positions[3 * i + 2] = (float)p.z;
        indices[i] = (uint32_t)i;
        if (i % 3 == 0)
            triangle_slots[i / 3] = (uint8_t)slot_of(slots, &slot_count, materials[i / 3]);
    }
    bt_mesh_desc desc = {.name = "chart",
                         .positions = positions,
                         .vertex_count = (uint32_t)vertices,
                         .indices = indices,
                         .triangle_count = triangle_count,
                         .triangle_slots = triangle_slots,
                         .slots = slots,
                         .slot_count = slot_count};
    if (l->status == BT_OK) l->status = bt_spec_add_mesh(l->spec, &desc, &mesh);
    place(l, mesh, velocity_m_s);
    bt_free(positions);
    bt_free(indices);
    bt_free(triangle_slots);
}

void lab_quad(lab *l, uint32_t material, const bt_vec3 corner[4])
{
    // seen from the camera, y down: counter-clockwise is left top, left bottom, right bottom
    bt_vec3 six[6] = {corner[0], corner[3], corner[2], corner[0], corner[2], corner[1]};
    uint32_t materials[2] = {material, material};
    lab_mesh(l, six, materials, 2, NULL);
}

void lab_panel(lab *l, uint32_t material, bt_vec3 corner, bt_vec3 right, bt_vec3 down)
{
    bt_vec3 across = bt_vec3_add(corner, right);
    bt_vec3 four[4] = {corner, across, bt_vec3_add(across, down), bt_vec3_add(corner, down)};
    lab_quad(l, material, four);
}

void lab_box(lab *l, uint32_t material, double half_m)
{
    // right and down of each wall, as one inside sees it who looks at it
    static const double walls[6][2][3] = {
        {{1, 0, 0}, {0, 1, 0}},  {{-1, 0, 0}, {0, 1, 0}}, {{0, 0, 1}, {0, 1, 0}},
        {{0, 0, -1}, {0, 1, 0}}, {{1, 0, 0}, {0, 0, 1}},  {{1, 0, 0}, {0, 0, -1}},
    };
    for (int i = 0; i < 6; i++) {
        bt_vec3 right = {walls[i][0][0], walls[i][0][1], walls[i][0][2]};
        bt_vec3 down = {walls[i][1][0], walls[i][1][1], walls[i][1][2]};
        bt_vec3 out = bt_vec3_cross(right, down);
        bt_vec3 corner = bt_vec3_scale(bt_vec3_sub(bt_vec3_sub(out, right), down), half_m);
        lab_panel(l, material, corner, bt_vec3_scale(right, 2.0 * half_m),
                  bt_vec3_scale(down, 2.0 * half_m));
    }
}

void lab_finish(lab *l)
{
    // thin, clean air: that of a street takes a ten-thousandth of the light in a metre
    bt_weather dark = {.sun_elevation_rad = -1.0,
                       .moon = false,
                       .aerosol_optical_depth = 1e-9,
                       .altitude_m = HIGH_M};
    lab_box(l, lab_matte(l, lab_flat(l, 0.0)), ROOM_M);
    if (l->status != BT_OK) return;
    bt_spec_set_weather(l->spec, &dark);
    l->status = bt_world_compile(l->spec, &l->world);
    if (l->status == BT_OK) l->status = bt_renderer_create(l->world, &l->renderer);
}

// ---- films ------------------------------------------------------------------------------------
static bt_status take_snapshot(lab *l, const bt_view *view, const bt_pose *pose,
                               bt_snapshot **snapshot)
{
    bt_actor_pose poses[2][LAB_MAX_ACTORS];
    memset(poses, 0, sizeof poses);
    for (int end = 0; end < 2; end++) {
        for (int i = 0; i < LAB_MAX_ACTORS; i++)
            poses[end][i].world_from_actor = BT_POSE_IDENTITY;
        if (pose) poses[end][l->camera].world_from_actor = *pose;
        for (uint32_t i = 0; i < l->mover_count; i++)
            poses[end][l->movers[i]].world_from_actor.pos = l->mover_at[i][end];
    }
    bt_pose_history_destroy(l->history);
    l->history = NULL;
    bt_status status = bt_pose_history_create(l->world, 2, &l->history);
    if (status == BT_OK) status = bt_pose_history_push(l->history, 0, poses[0]);
    if (status == BT_OK) status = bt_pose_history_push(l->history, BT_NS_PER_S, poses[1]);
    bt_snapshot_desc desc = {.camera_actor = l->camera,
                             .actor_from_cam = {{0, 0, 0}, bt_quat_vehicle_from_camera()}};
    bt_view_interval_ns(view, LAB_LABEL_NS + l->later_ns, &desc.open_ns, &desc.close_ns);
    if (status == BT_OK) status = bt_snapshot_create(l->world, l->history, &desc, snapshot);
    return status;
}

static bt_status render(const lab *l, const bt_stage *stage, const bt_view *view, uint64_t frame,
                        bt_film **film)
{
    bt_render_settings settings = {.samples = l->samples ? l->samples : l->bench->samples,
                                   .max_depth = l->only_shines ? 1 : l->max_depth,
                                   .scatter_only = l->only_shines,
                                   .seed = l->bench->desc->seed,
                                   .frame = frame,
                                   .sensor_share =
                                       l->ends_early ? (float)BT_BENCH_NOISE_SHARE : 0.0f};
    bt_status status = bt_film_create_view(view, film);
    if (status == BT_OK)
        status = bt_render_film(stage, view, LAB_LABEL_NS + l->later_ns, &settings,
                                l->bench->desc->jobs, *film);
    return status;
}

// First becomes the mean of both, second half their difference.
static void join(bt_film *first, bt_film *second)
{
    size_t count = bt_film_plane_stride(first) * first->plane_count;
    for (size_t i = 0; i < count; i++) {
        float x = first->rate_e_s[i], y = second->rate_e_s[i];
        first->rate_e_s[i] = 0.5f * (x + y);
        second->rate_e_s[i] = 0.5f * (x - y);
    }
}

// The lens's point spread, where the camera has one: film becomes the picture.
static bt_status spread_film(const lab *l, const bt_camera *camera, const bt_view *view,
                             bt_film **film)
{
    bt_film *picture = NULL;
    bt_status status = bt_film_create_planes(view->width_px, view->height_px, view->band_count,
                                             bt_view_planes(view), &picture);
    if (status == BT_OK) status = bt_camera_spread(camera, *film, l->bench->desc->jobs, picture);
    bt_film_destroy(status == BT_OK ? *film : picture);
    if (status == BT_OK) *film = picture;
    return status;
}

static bt_status render_and_spread(const lab *l, const bt_stage *stage, const bt_camera *camera,
                                   const bt_view *view, uint64_t frame, bt_film **film)
{
    bt_status status = render(l, stage, view, frame, film);
    return status == BT_OK ? spread_film(l, camera, view, film) : status;
}

bt_status lab_film(lab *l, const bt_camera *camera, const bt_view *view, const bt_pose *pose,
                   uint64_t number, lab_light *light)
{
    *light = (lab_light){0};
    if (l->status != BT_OK) return l->status;
    bt_snapshot *snapshot = NULL;
    bt_stage *stage = NULL;
    bt_status status = take_snapshot(l, view, pose, &snapshot);
    if (status == BT_OK) status = bt_stage_create(l->renderer, snapshot, NULL, 0, &stage);
    if (status == BT_OK)
        status = render_and_spread(l, stage, camera, view, 2 * number, &light->film);
    if (status == BT_OK)
        status = render_and_spread(l, stage, camera, view, 2 * number + 1, &light->half);
    if (status == BT_OK) join(light->film, light->half);
    bt_stage_destroy(stage);
    bt_snapshot_destroy(snapshot);
    if (status != BT_OK) lab_light_clear(light);
    return status;
}

void lab_light_clear(lab_light *light)
{
    bt_film_destroy(light->film);
    bt_film_destroy(light->half);
    *light = (lab_light){0};
}

static void even_out(bt_film *film, bench_rect r)
{
    double pixels = (double)(r.x1 - r.x0) * (r.y1 - r.y0);
    for (uint32_t plane = 0; plane < film->plane_count; plane++)
        for (uint32_t band = 0; band < film->band_count; band++) {
            float *rate = film->rate_e_s + plane * bt_film_plane_stride(film) + band;
            double sum = 0.0;
            for (int pass = 0; pass < 2; pass++)
                for (uint32_t y = r.y0; y < r.y1; y++)
                    for (uint32_t x = r.x0; x < r.x1; x++) {
                        float *own = rate + ((size_t)y * film->width_px + x) * film->band_count;
                        if (pass == 1) *own = (float)(sum / pixels);
                        sum += pass == 0 ? (double)*own : 0.0;
                    }
        }
}

void lab_light_even_rect(lab_light *light, bench_rect rect)
{
    even_out(light->film, rect);
    even_out(light->half, rect);
}

void lab_light_even(lab_light *light)
{
    lab_light_even_rect(light, (bench_rect){0, 0, light->film->width_px, light->film->height_px});
}

// ---- single rays ------------------------------------------------------------------------------
static bt_vec3 trace(const bt_snapshot *snapshot, const bt_stage *stage, const bt_view *view,
                     bench_point pixel)
{
    const float middle = 0.5f; // of the shutter
    bt_surface_hit hit;
    float origin[3], dir[3], place[3], nowhere[3] = {0.0f, 0.0f, 0.0f};
    bt_snapshot_key camera = bt_snapshot_camera_at(snapshot, middle);
    bt_lens_ray ray = bt_lens_unproject(view->lens, (float)pixel.x, (float)pixel.y);
    float ahead[3] = {ray.dir[0], ray.dir[1], ray.dir[2]};
    bt_snapshot_key_point(&camera, 1.0f, nowhere, origin);
    bt_snapshot_key_dir(&camera, ahead, dir);
    if (ray.valid == 0u || !bt_stage_trace(stage, origin, dir, middle, &hit))
        return (bt_vec3){(double)NAN, (double)NAN, (double)NAN};
    bt_snapshot_key_point_inverse(&camera, 1.0f, hit.pos, place);
    return (bt_vec3){(double)place[0], (double)place[1], (double)place[2]};
}

bt_status lab_trace(lab *l, const bt_view *view, const bt_pose *pose, const bench_point *pixels,
                    uint32_t count, bt_vec3 *places)
{
    if (l->status != BT_OK) return l->status;
    bt_snapshot *snapshot = NULL;
    bt_stage *stage = NULL;
    bt_status status = take_snapshot(l, view, pose, &snapshot);
    if (status == BT_OK) status = bt_stage_create(l->renderer, snapshot, NULL, 0, &stage);
    for (uint32_t i = 0; i < count && status == BT_OK; i++)
        places[i] = trace(snapshot, stage, view, pixels[i]);
    bt_stage_destroy(stage);
    bt_snapshot_destroy(snapshot);
    return status;
}

// ---- even light -------------------------------------------------------------------------------
void lab_even_panel(lab *l, uint32_t material)
{
    lab_panel(l, material, (bt_vec3){-DISC_M, -DISC_M, 1.0}, (bt_vec3){2.0 * DISC_M, 0, 0},
              (bt_vec3){0, 2.0 * DISC_M, 0});
}

bt_status lab_even_film(const bench *b, const bt_camera *camera, const bt_view *view,
                        double radiance, uint64_t number, lab_light *light)
{
    lab l;
    lab_begin(&l, b);
    l.only_shines = true;
    lab_even_panel(&l, lab_lamp(&l, lab_flat(&l, 1.0), radiance));
    lab_finish(&l);
    bt_status status = lab_film(&l, camera, view, NULL, number, light);
    lab_clear(&l);
    return status;
}
