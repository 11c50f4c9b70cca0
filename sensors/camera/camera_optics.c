// camera_optics.c: a camera's point spread from its sheet.
#include <math.h>
#include <string.h>

#include "sensors/camera/camera_internal.h"
#include "sensors/camera/optics/ghost.h"
#include "sensors/camera/optics/lens.h"
#include "sensors/camera/optics/shield.h"
#include "shaders/shared/lens.h"

// the guard band: a picture's larger side over these, and what may come from beyond it of a place at its edge
#define LEAST_GUARD_PART 20.0
#define MOST_GUARD_PART 8.0
#define GUARD_BEYOND 0.01
#define LEAST_GUARD_PX 8.0
#define CORE_NODES                                                                                 \
    9 // aberrations change with the field's square: between nodes by a hundredth of it
#define HALO_NODES 3
#define LEAST_GHOST 1e-9 // of the direct image's energy

static double number(const bt_camera *camera, bt_sheet_key key)
{
    return bt_sheet_get(&camera->sheet, key);
}

// ---- places of the film -----------------------------------------------------------------------
// Where a film pixel looks, tangents from the axis and the angle; beyond the field: its edge.
typedef struct look {
    double tan_x, tan_y, theta_rad;
} look;

static look look_at(const bt_camera *camera, double out_x_px, double out_y_px)
{
    const bt_lens *lens = &camera->lens;
    bt_lens_ray ray = {.valid = 0u};
    for (double share = 1.0; share > 0.05 && ray.valid == 0u; share -= 0.02)
        ray = bt_lens_unproject(*lens, (float)(share * out_x_px) + lens->cx,
                                (float)(share * out_y_px) + lens->cy);
    if (ray.valid == 0u) return (look){0.0, 0.0, 0.0};
    double z = fmax((double)ray.dir[2], 0.05);
    return (look){(double)ray.dir[0] / z, (double)ray.dir[1] / z, (double)bt_lens_angle(ray.dir)};
}

static void add_zernikes(const bt_camera_sheet *sheet, bt_exit_pupil *pupil)
{
    pupil->zernike_count = sheet->zernike_count;
    for (uint32_t i = 0; i < sheet->zernike_count; i++)
        pupil->zernikes[i] = (bt_pupil_zernike){sheet->zernikes[i].noll, sheet->zernikes[i].axis_m,
                                                sheet->zernikes[i].edge_m};
}

// What the stops leave of the pupil there: relative illumination without cos^4, at most 1.
static void clip(const bt_camera *camera, double theta_rad, double towards_rad,
                 bt_exit_pupil *pupil)
{
    const bt_sheet_curve *table = &camera->sheet.illumination;
    double axis = bt_sheet_curve_at(table, 0.0, 1.0);
    double share = bt_sheet_curve_at(table, theta_rad / BT_RAD_PER_DEG, 1.0) / fmax(axis, 1e-6);
    if (!(share < 1.0)) return;
    double shift = bt_pupil_clip(fmax(share, 0.05));
    pupil->clip_x = -shift * cos(towards_rad);
    pupil->clip_y = -shift * sin(towards_rad);
}

static double glass(const bt_camera *camera, bt_windshield_key key)
{
    return bt_windshield_get(&camera->windshield, key);
}

// Each scratch of the sheet is as long as it says: so many cross a metre of a wiper's radius, within its
// sweep; some lie anyhow. The groove's phase is that at 550 nm.
static void add_scratches(const bt_camera *camera, bt_pane_marks *m)
{
    double stray = glass(camera, BT_WINDSHIELD_SCRATCH_STRAY);
    double index = bt_windshield_index(&camera->windshield, BT_SHIELD_BEND_NM);
    m->pivot_count = camera->windshield.arc_count;
    for (uint32_t i = 0; i < m->pivot_count; i++) {
        m->pivot_m[i][0] = camera->windshield.arcs[i].pivot_m[0];
        m->pivot_m[i][1] = -camera->windshield.arcs[i].pivot_m[1];
        m->radius_min_m[i] = camera->windshield.arcs[i].radius_min_m;
        m->radius_max_m[i] = camera->windshield.arcs[i].radius_max_m;
        m->from_rad[i] = camera->windshield.arcs[i].from_rad;
        m->to_rad[i] = camera->windshield.arcs[i].to_rad;
    }
    m->scratch_length_m = glass(camera, BT_WINDSHIELD_SCRATCH_LENGTH_M);
    m->scratches_per_m = glass(camera, BT_WINDSHIELD_SCRATCH_DENSITY_M2) * m->scratch_length_m *
                         (1.0 - stray) / fmax(m->pivot_count, 1.0);
    m->strays_per_m2 = glass(camera, BT_WINDSHIELD_SCRATCH_DENSITY_M2) * stray;
    m->scratch_width_m = glass(camera, BT_WINDSHIELD_SCRATCH_WIDTH_M);
    m->scratch_spread = glass(camera, BT_WINDSHIELD_SCRATCH_WIDTH_SIGMA);
    m->scratch_loss = glass(camera, BT_WINDSHIELD_SCRATCH_OPACITY);
    m->scratch_bend_rad = 2.0 * BT_PI * (index - 1.0) *
                          glass(camera, BT_WINDSHIELD_SCRATCH_DEPTH_M) / (BT_SHIELD_BEND_NM * 1e-9);
}

static bt_pane_marks marks_of(const bt_camera *camera)
{
    if (!camera->has_windshield) return (bt_pane_marks){0};
    bt_pane_marks m = {
        .cam_from_glass = camera->cam_from_glass,
        .seed = camera->glass_seed,
        .dust = {.cover = glass(camera, BT_WINDSHIELD_DUST_COVERAGE) *
                          glass(camera, BT_WINDSHIELD_DUST_OPACITY),
                 .diameter_m = glass(camera, BT_WINDSHIELD_DUST_DIAMETER_M),
                 .spread = glass(camera, BT_WINDSHIELD_DUST_DIAMETER_SIGMA)},
        .fog = {.cover = glass(camera, BT_WINDSHIELD_FOG_COVERAGE),
                .diameter_m = glass(camera, BT_WINDSHIELD_FOG_DIAMETER_M),
                .spread = glass(camera, BT_WINDSHIELD_FOG_DIAMETER_SIGMA)},
        .film = {.share = glass(camera, BT_WINDSHIELD_FILM_SCATTER),
                 .shoulder = glass(camera, BT_WINDSHIELD_FILM_SHOULDER),
                 .slope = -glass(camera, BT_WINDSHIELD_FILM_SLOPE),
                 .abg = camera->windshield.film == BT_WINDSHIELD_ABG},
    };
    add_scratches(camera, &m);
    return m;
}

// Where the pane's double image of what lands here lies: both far points are traced that land on one
// place, so the double image is as far on the other side.
static float3 float3_of(bt_vec3 v)
{
    return float3((float)v.x, (float)v.y, (float)v.z);
}

static void add_double(const bt_camera *camera, look seen, bt_kernel_place *place)
{
    bt_vec3 along = bt_vec3_normalize((bt_vec3){seen.tan_x, seen.tan_y, 1.0});
    bt_shield_ghost g = bt_shield_ghost_trace(&camera->windshield, camera->cam_from_glass,
                                              (bt_vec3){0.0, 0.0, 0.0}, along, BT_SHIELD_BEND_NM);
    if (!g.open) return;
    bt_lens_pixel a = bt_lens_project(camera->lens, float3_of(g.straight));
    bt_lens_pixel b = bt_lens_project(camera->lens, float3_of(g.ghost));
    if (a.valid == 0u || b.valid == 0u) return;
    place->double_x_px = (double)a.x - (double)b.x;
    place->double_y_px = (double)a.y - (double)b.y;
    place->double_ratio = g.ratio;
}

static double focal_m(const bt_camera *camera)
{
    return (double)camera->lens.fx / camera->scale * number(camera, BT_SHEET_PIXEL_PITCH_M);
}

// The renderer's rays have the corners of the blades at this angle, not their middles.
static double blade_rotation(const bt_camera *camera)
{
    double turn = number(camera, BT_SHEET_BLADE_ROTATION_DEG) * BT_RAD_PER_DEG;
    return turn + BT_PI / fmax(number(camera, BT_SHEET_BLADES), 1.0);
}

static bt_exit_pupil base_pupil(const bt_camera *camera)
{
    return (bt_exit_pupil){
        .f_number = number(camera, BT_SHEET_F_NUMBER),
        .blades = (uint32_t)number(camera, BT_SHEET_BLADES),
        .blade_rotation_rad = blade_rotation(camera),
        .obscuration = number(camera, BT_SHEET_OBSCURATION),
        .focus_shift_m = number(camera, BT_SHEET_FOCUS_SHIFT_M),
    };
}

static void place_at(const void *context, double x_px, double y_px, bt_kernel_place *place)
{
    const bt_camera *camera = context;
    memset(place, 0, sizeof *place);
    double out_x_px = x_px - (double)camera->guard_px - (double)camera->lens.cx;
    double out_y_px = y_px - (double)camera->guard_px - (double)camera->lens.cy;
    look seen = look_at(camera, out_x_px, out_y_px);
    bt_exit_pupil *pupil = &place->pupil;
    *pupil = base_pupil(camera);
    pupil->field_rad = atan2(out_y_px, out_x_px);
    double corner = bt_lens_corner_angle(&camera->lens, camera->width_px, camera->height_px);
    pupil->field = corner > 0.0 ? fmin(seen.theta_rad / corner, 1.2) : 0.0;
    add_zernikes(&camera->sheet, pupil);
    clip(camera, seen.theta_rad, pupil->field_rad, pupil);
    bt_pane_marks marks = marks_of(camera);
    bt_pane_scratches(&marks, seen.tan_x, seen.tan_y, 0.5 * focal_m(camera) / pupil->f_number,
                      pupil);
    if (camera->has_windshield) add_double(camera, seen, place);
}

// ---- wavelengths ------------------------------------------------------------------------------
// Each band's answer to equal energy, shared between the wavelengths beside: so means over wavelength, of
// lateral colour above all, are those of straight lines. They add up to 1.
static void set_waves(const bt_camera *camera, bt_kernel_desc *desc)
{
    double first_nm = (double)BT_SPECTRUM_MIN_NM, last_nm = (double)BT_SPECTRUM_MAX_NM;
    desc->wave_count = (uint32_t)((last_nm - first_nm) / BT_CAMERA_WAVE_STEP_NM) + 1;
    for (uint32_t w = 0; w < desc->wave_count; w++) {
        double nm = first_nm + BT_CAMERA_WAVE_STEP_NM * w;
        desc->lambda_m[w] = nm * 1e-9;
        desc->focus_shift_m[w] = bt_sheet_curve_at(&camera->sheet.axial_color, nm, 0.0);
    }
    for (uint32_t b = 0; b < desc->band_count; b++) {
        double sum = 0.0;
        for (uint32_t bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
            double nm = first_nm + (double)BT_SPECTRUM_STEP_NM * bin;
            double at = (nm - first_nm) / BT_CAMERA_WAVE_STEP_NM;
            uint32_t w = (uint32_t)at, next = w + 1 < desc->wave_count ? w + 1 : w;
            double answer = (double)camera->response.band[b][bin];
            desc->weight[b][w] += answer * (1.0 - (at - w));
            desc->weight[b][next] += answer * (at - w);
            sum += (double)camera->response.band[b][bin];
        }
        for (uint32_t w = 0; w < desc->wave_count; w++)
            desc->weight[b][w] = sum > 0.0 ? desc->weight[b][w] / sum : w == 0;
    }
}

// ---- ghosts -----------------------------------------------------------------------------------
static void add_ghost(const bt_camera *camera, bt_ghost ghost, bt_spread_desc *desc)
{
    double pitch_m = number(camera, BT_SHEET_PIXEL_PITCH_M) / camera->scale;
    if (desc->ghost_count == BT_SPREAD_MAX_GHOSTS) return;
    desc->ghosts[desc->ghost_count++] =
        (bt_spread_ghost){.scale = ghost.scale,
                          .radius_px = fmax(ghost.radius_m / pitch_m, 0.5),
                          .share = ghost.share};
}

static bt_status add_ghosts(const bt_camera *camera, bt_spread_desc *desc)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    for (uint32_t i = 0; i < sheet->ghost_count; i++)
        add_ghost(
            camera,
            (bt_ghost){sheet->ghosts[i].scale, sheet->ghosts[i].radius_m, sheet->ghosts[i].share},
            desc);
    if (sheet->surface_count == 0) return BT_OK;
    bt_lens_surface surfaces[BT_SHEET_MAX_SURFACES];
    bt_ghost ghosts[BT_GHOST_MAX];
    uint32_t count;
    double focal;
    for (uint32_t i = 0; i < sheet->surface_count; i++)
        surfaces[i] = (bt_lens_surface){sheet->surfaces[i].radius_m, sheet->surfaces[i].thickness_m,
                                        sheet->surfaces[i].index, sheet->surfaces[i].reflectance};
    bt_status status =
        bt_ghosts_trace(surfaces, sheet->surface_count, number(camera, BT_SHEET_ENTRANCE_PUPIL_M),
                        0.5 * focal_m(camera) / number(camera, BT_SHEET_F_NUMBER), LEAST_GHOST,
                        ghosts, &count, &focal);
    if (status != BT_OK) return status;
    if (!(fabs(focal / focal_m(camera) - 1.0) < 0.05))
        return bt_fail(BT_ERR_INPUT,
                       "%s: lens.surfaces have a focal length of %g m, the lens one of %g m; "
                       "expected within 5 %%",
                       sheet->name, focal, focal_m(camera));
    for (uint32_t i = 0; i < count; i++)
        add_ghost(camera, ghosts[i], desc);
    return BT_OK;
}

// ---- the whole --------------------------------------------------------------------------------
// As wide as the point spread throws more than a trifle, within shares of the picture: what lies farther out
// glares in by less.
static uint32_t guard_of(const bt_camera *camera, const bt_kernel_desc *kernel)
{
    double wanted = number(camera, BT_SHEET_GUARD_PX);
    double larger = camera->width_px > camera->height_px ? camera->width_px : camera->height_px;
    if (wanted < 0.0)
        wanted = bt_clamp(bt_kernel_reach_px(kernel, GUARD_BEYOND),
                          floor(larger / LEAST_GUARD_PART), larger / MOST_GUARD_PART);
    uint32_t guard = (uint32_t)fmax(wanted, LEAST_GUARD_PX);
    return (guard + 3) / 4 * 4; // mosaics repeat after 4 at most
}

// Whether the point spread changes over the field.
static bool varies(const bt_camera *camera)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    for (uint32_t i = 0; i < sheet->zernike_count; i++)
        if (sheet->zernikes[i].edge_m != 0.0 || bt_zernike_order(sheet->zernikes[i].noll) > 0)
            return true;
    return camera->has_windshield || sheet->illumination.count > 0;
}

bt_status bt_camera_set_optics(bt_camera *camera, const bt_camera_desc *from, bt_jobs *jobs)
{
    if (number(camera, BT_SHEET_POINT_SPREAD) < 0.5) return BT_OK;
    camera->glass_seed = from->seed; // the same pane for all cameras behind it
    if (camera->has_windshield) {
        bt_status placed = bt_windshield_place(&camera->windshield, from->vehicle_from_cam,
                                               &camera->cam_from_glass);
        if (placed != BT_OK) return placed;
    }
    bt_pane_marks marks = marks_of(camera);
    bt_kernel_desc desc = {
        .film_width_px = camera->width_px,
        .film_height_px = camera->height_px,
        .band_count = camera->sheet.band_count,
        .pixel_pitch_m = number(camera, BT_SHEET_PIXEL_PITCH_M) / camera->scale,
        .aperture_px = bt_camera_aperture_px(camera),
        .focal_px = (double)camera->lens.fx,
        .angle_is_radius = camera->lens.kind != BT_LENS_PINHOLE,
        .core_nodes = varies(camera) ? CORE_NODES : 1,
        .halo_nodes = varies(camera) ? HALO_NODES : 1,
        .lens_haze = {.share = number(camera, BT_SHEET_SCATTER_SHARE),
                      .shoulder = number(camera, BT_SHEET_SCATTER_SHOULDER),
                      .slope = -number(camera, BT_SHEET_SCATTER_SLOPE)},
        .film = marks.film,
        .dust = marks.dust,
        .fog = marks.fog,
        .place_at = place_at,
        .context = camera,
    };
    set_waves(camera, &desc);
    camera->guard_px = guard_of(camera, &desc);
    desc.film_width_px += 2 * camera->guard_px;
    desc.film_height_px += 2 * camera->guard_px;
    bt_status status = bt_kernel_create(&desc, jobs, &camera->kernel);
    if (status != BT_OK) return bt_fail_prefix(status, "%s", camera->sheet.name);
    bt_spread_desc spread = {.kernel = camera->kernel,
                             .axis_x_px = (double)camera->lens.cx + (double)camera->guard_px,
                             .axis_y_px = (double)camera->lens.cy + (double)camera->guard_px,
                             .shape = base_pupil(camera)};
    status = add_ghosts(camera, &spread);
    if (status == BT_OK) status = bt_spread_create(&spread, jobs, &camera->spread);
    return status;
}

static void copy_plane(const bt_film *film, uint32_t plane, bt_film *out)
{
    size_t at = plane * bt_film_plane_stride(film);
    size_t bytes = bt_film_plane_stride(film) * sizeof(float);
    memcpy(out->rate_e_s + at, film->rate_e_s + at, bytes);
    memcpy(out->variance_e2_s2 + at, film->variance_e2_s2 + at, bytes);
}

bt_status bt_camera_spread(const bt_camera *camera, const bt_film *film, bt_jobs *jobs,
                           bt_film *picture)
{
    if (camera->spread) return bt_spread_apply(camera->spread, film, jobs, picture);
    if (film->width_px != picture->width_px || film->height_px != picture->height_px ||
        film->band_count != picture->band_count || film->plane_count != picture->plane_count)
        return bt_fail(BT_ERR_INPUT,
                       "camera '%s' spreads no light: film and picture differ in size",
                       camera->sheet.name);
    for (uint32_t plane = 0; plane < film->plane_count; plane++)
        copy_plane(film, plane, picture);
    size_t pixels = (size_t)film->width_px * film->height_px;
    memcpy(picture->samples, film->samples, pixels * sizeof *film->samples);
    memcpy(picture->sensor_share, film->sensor_share, pixels * sizeof *film->sensor_share);
    return BT_OK;
}
