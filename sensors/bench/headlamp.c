// headlamp.c: a goniophotometer: a passing beam on a matt wall 25 m ahead, as a camera's light tells it.
// camera.md 1.10; row 14.
//
// The beam is that of lamp_webs.h, written as an IES LM-63 file of type C, which the scene's lamp then
// reads. A lamp so small that it is a point throws I cos(t) / r^2 on the wall, t from its normal, and a
// pixel of a lens that does nothing sees 1 / pi of it times the wall's reflectance. So each pixel tells
// candela, and where UN R112's points lie they must be the file's, on average over the same pixels. The
// cut-off's sharpness is the largest G = lg E(b) - lg E(b + 0.1 degrees) up a column 2.5 degrees to the left.
// Limits of UN R112 class B and of G are known from memory: camera.md 1.10 says so.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/exr.h"
#include "engine/scene/lamp_webs.h"

#define WALL_M 25.0
#define LAMP_Z_M (-0.05) // behind the camera, which has no body
#define LAMP_M 2e-3      // its side
#define REFLECTANCE 0.5
#define NM 550.0
#define LIT_E 300.0   // chosen: in the brightest pixel of a frame: shot noise hides the light's
#define STEP_DEG 0.05 // of a pixel, on the axis: two of them are what G is measured over
#define G_ROWS 2
#define G_LEFT_DEG 2.5
#define G_HALF_PX 3 // half the columns that it is averaged over
#define G_LIMIT 0.01
#define INTENSITY_LIMIT 0.005 // camera.md 4, row 14, as G_LIMIT
#define NEAR_PX 1             // about a test point
#define PARTS 8               // of a pixel along a side: the file's mean
#define FILE_NAME "passing_beam.ies"

// Grid of the file: everywhere, and fine where the beam is.
#define COARSE_DEG 5.0
#define FINE_DEG 0.25
#define FINE_ACROSS_DEG 15.0
#define FINE_UP_DEG 5.0
#define MOST_ANGLES 400

typedef struct point {
    const char *name;
    double left_deg, up_deg, least_cd, most_cd; // by UN R112, class B, right-hand traffic
} point;

static const point points[] = {
    {"B50L", 3.43, 0.57, 0, 350},      {"BR", -2.5, 1.0, 0, 1750},
    {"75R", -1.15, -0.57, 10100, 1e6}, {"75L", 3.43, -0.57, 0, 10600},
    {"50R", -1.72, -0.86, 10100, 1e6}, {"50L", 3.43, -0.86, 0, 13200},
    {"50V", 0.0, -0.86, 5100, 1e6},    {"25L", 9.0, -1.72, 1700, 1e6},
    {"25R", -9.0, -1.72, 1700, 1e6},
};
#define POINTS (sizeof points / sizeof *points)
#define G_LEAST 0.13
#define G_MOST 0.40

typedef struct gonio {
    bench *b;
    uint32_t band;
    double focal_px, cd_rate; // a pixel's rate for one lux on the wall
    bt_photometric_web *web;  // as the file has it
} gonio;

// ---- the file ---------------------------------------------------------------------------------
// Angles from first to last, fine within `reach` of `middle`.
static uint32_t lay_angles(double first, double last, double middle, double reach, double *angles)
{
    uint32_t count = 0;
    for (double at = first; at < last - 1e-9;
         at += fabs(at + 1e-9 - middle) < reach || fabs(at + 1e-9 - middle - 360.0) < reach
                   ? FINE_DEG
                   : COARSE_DEG)
        angles[count++] = at;
    angles[count++] = last;
    return count;
}

static void print_angles(bench_text *text, const double *angles, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        bench_print(text, "%g%c", angles[i], i % 16 == 15 || i + 1 == count ? '\n' : ' ');
}

// Type C: the pole is straight down, C 0 straight ahead, C 90 to the left.
static bt_status write_file(const gonio *g, const bt_photometric_web *beam)
{
    double planes[MOST_ANGLES], polars[MOST_ANGLES];
    bench_text text = {0};
    uint32_t plane_count = lay_angles(0.0, 360.0, 0.0, FINE_ACROSS_DEG, planes);
    uint32_t polar_count = lay_angles(0.0, 180.0, 90.0, FINE_UP_DEG, polars);
    for (uint32_t i = 0; i < plane_count; i++) // the far end of the circle is ahead, too
        if (planes[i] > 360.0) planes[i] = 360.0;
    bench_print(&text,
                "IESNA:LM-63-2002\n[TEST] passing beam of the bench\nTILT=NONE\n"
                "1 -1 1 %u %u 1 2 0 0 0\n1 1 0\n",
                polar_count, plane_count);
    print_angles(&text, polars, polar_count);
    print_angles(&text, planes, plane_count);
    for (uint32_t c = 0; c < plane_count; c++)
        for (uint32_t v = 0; v < polar_count; v++) {
            double turn = planes[c] * BT_RAD_PER_DEG, down = polars[v] * BT_RAD_PER_DEG;
            bt_vec3 dir = {sin(down) * cos(turn), sin(down) * sin(turn), -cos(down)};
            bench_print(&text, "%.4f%c", bt_photometry_at(beam, dir),
                        v % 16 == 15 || v + 1 == polar_count ? '\n' : ' ');
        }
    return bench_text_write(g->b, &text, FILE_NAME);
}

static bt_status make_web(gonio *g)
{
    char path[4096];
    bt_photometric_web *beam = NULL;
    bt_status status = bt_web_low_beam(&(bt_low_beam_desc){0}, &beam);
    if (status == BT_OK) status = write_file(g, beam);
    if (status == BT_OK) status = bt_path_join(path, sizeof path, g->b->desc->out, FILE_NAME);
    if (status == BT_OK) status = bt_photometry_load(path, &g->web);
    bt_photometry_destroy(beam);
    return status;
}

// ---- the wall ---------------------------------------------------------------------------------
// From the lamp to where a place of the picture lies on the wall: x right, y down, z ahead.
static bt_vec3 from_lamp(const gonio *g, double x_px, double y_px)
{
    double x = (x_px - 0.5 * (g->b->width_px - 1.0)) / g->focal_px;
    double y = (y_px - 0.5 * (g->b->height_px - 1.0)) / g->focal_px;
    return (bt_vec3){WALL_M * x, WALL_M * y, WALL_M - LAMP_Z_M};
}

// cos(t) / r^2: lux for a candela.
static double lux_per_cd(bt_vec3 to)
{
    double r = bt_vec3_length(to);
    return to.z / (r * r * r);
}

static double file_lux(const gonio *g, double x_px, double y_px)
{
    bt_vec3 to = from_lamp(g, x_px, y_px);
    return bt_photometry_at(g->web, (bt_vec3){to.z, -to.x, -to.y}) * lux_per_cd(to);
}

typedef struct wall {
    double lux, file_lux, per_cd; // means over pixels
} wall;

static wall look(const gonio *g, const lab_light *light, int sign, bench_rect r)
{
    wall w = {0};
    double count = (double)(r.x1 - r.x0) * (r.y1 - r.y0);
    for (uint32_t y = r.y0; y < r.y1; y++)
        for (uint32_t x = r.x0; x < r.x1; x++) {
            w.lux += lab_rate(light, sign, g->band, x, y) / g->cd_rate / count;
            w.per_cd += lux_per_cd(from_lamp(g, x, y)) / count;
            for (int i = 0; i < PARTS * PARTS && sign == 0; i++)
                w.file_lux += file_lux(g, x + (i % PARTS + 0.5) / PARTS - 0.5,
                                       y + (i / PARTS + 0.5) / PARTS - 0.5) /
                              (count * PARTS * PARTS);
        }
    return w;
}

static bt_status photograph(gonio *g, lab_light *light)
{
    bench *b = g->b;
    bench_shot shot;
    lab l;
    bt_status status = bench_shot_begin(b, &shot);
    double exposure_s = bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_S);
    double one = bench_photons_s(b, 1.0, NM) * bench_qe(&b->truth, g->band, NM);
    double most = bt_photometry_peak_cd(g->web) / (WALL_M * WALL_M) * REFLECTANCE / BT_PI;
    double scale = LIT_E / (one * exposure_s * most);
    g->cd_rate = scale * one * REFLECTANCE / BT_PI;
    lab_begin(&l, b);
    l.max_depth = 2; // the lamp, the wall
    bt_material lamp = {.kind = BT_MATERIAL_DIFFUSE,
                        .reflectance = lab_flat(&l, 0.0),
                        .reflectance2 = BT_NO_SPECTRUM,
                        .emission = lab_flat(&l, 1.0),
                        .emission_scale = (float)scale};
    if (l.status == BT_OK) l.status = bt_spec_add_web(l.spec, g->web, &lamp.web);
    // seen from the wall, left is right
    lab_panel(&l, lab_material(&l, &lamp), (bt_vec3){0.5 * LAMP_M, -0.5 * LAMP_M, LAMP_Z_M},
              (bt_vec3){-LAMP_M, 0, 0}, (bt_vec3){0, LAMP_M, 0});
    lab_panel(&l, lab_matte(&l, lab_flat(&l, REFLECTANCE)), (bt_vec3){-WALL_M, -WALL_M, WALL_M},
              (bt_vec3){2.0 * WALL_M, 0, 0}, (bt_vec3){0, 2.0 * WALL_M, 0});
    lab_finish(&l);
    if (status == BT_OK) status = lab_film(&l, shot.camera, &shot.view, NULL, 0, light);
    if (status == BT_OK) status = lab_check_light(b, light, exposure_s);
    lab_clear(&l);
    bench_shot_clear(&shot);
    return status;
}

// Lux on the wall, and its luminance, cd m^-2.
static bt_status write_wall(const gonio *g, const lab_light *light)
{
    const bt_film *film = light->film;
    char path[4096];
    size_t pixels = (size_t)film->width_px * film->height_px;
    float *planes = bt_alloc(2 * pixels, sizeof *planes);
    if (!planes) return bt_fail(BT_ERR_MEMORY, "no memory for %zu pixels", pixels);
    for (size_t i = 0; i < pixels; i++) {
        planes[i] = (float)((double)film->rate_e_s[i * film->band_count + g->band] / g->cd_rate);
        planes[pixels + i] = (float)((double)planes[i] * REFLECTANCE / BT_PI);
    }
    bt_exr_channel channels[2] = {{"lux", planes}, {"Y", planes + pixels}};
    bt_status status = bt_path_join(path, sizeof path, g->b->desc->out, "wall.exr");
    if (status == BT_OK) status = bt_exr_write(path, film->width_px, film->height_px, channels, 2);
    bt_free(planes);
    return status;
}

// ---- scores -----------------------------------------------------------------------------------
static bench_point pixel_of(const gonio *g, double left_deg, double up_deg)
{
    double far = WALL_M - LAMP_Z_M, left = left_deg * BT_RAD_PER_DEG;
    double x_m = -far * tan(left), y_m = -hypot(far, x_m) * tan(up_deg * BT_RAD_PER_DEG);
    return (bench_point){0.5 * (g->b->width_px - 1.0) + g->focal_px * x_m / WALL_M,
                         0.5 * (g->b->height_px - 1.0) + g->focal_px * y_m / WALL_M};
}

static bt_status score_point(gonio *g, const lab_light *light, const point *p)
{
    bench_point at = pixel_of(g, p->left_deg, p->up_deg);
    uint32_t x = (uint32_t)(at.x + 0.5), y = (uint32_t)(at.y + 0.5);
    bench_rect near = {x - NEAR_PX, y - NEAR_PX, x + NEAR_PX + 1, y + NEAR_PX + 1};
    wall w[3];
    for (int i = 0; i < 3; i++)
        w[i] = look(g, light, i == 2 ? -1 : i, near);
    double cd = w[0].lux / w[0].per_cd, truth = w[0].file_lux / w[0].per_cd;
    bt_status status =
        bench_add(g->b, "intensity", p->name, "cd", truth, INTENSITY_LIMIT * truth,
                  INTENSITY_LIMIT * truth, bench_half_apart(w[1].lux, w[2].lux) / w[0].per_cd, cd);
    if (status != BT_OK) return status;
    return bench_add(g->b, "un_r112", p->name, "cd", p->least_cd, 0.0, p->most_cd - p->least_cd,
                     bench_half_apart(w[1].lux, w[2].lux) / w[0].per_cd, cd);
}

// Of a column, by the picture and by the file. up: rows from there to where light is E(b + 0.1 degrees).
static void sharpest(const gonio *g, const lab_light *light, int sign, double *measured,
                     double *truth)
{
    uint32_t x = (uint32_t)(pixel_of(g, G_LEFT_DEG, 0.0).x + 0.5);
    *measured = *truth = 0.0;
    for (uint32_t y = G_ROWS; y < g->b->height_px; y++) {
        bench_rect at = {x - G_HALF_PX, y, x + G_HALF_PX + 1, y + 1}, above = at;
        above.y0 -= G_ROWS;
        above.y1 -= G_ROWS;
        wall low = look(g, light, sign, at), high = look(g, light, sign, above);
        *measured = fmax(*measured, log10(low.lux / high.lux));
        if (sign == 0) *truth = fmax(*truth, log10(low.file_lux / high.file_lux));
    }
}

static bt_status score_cut_off(gonio *g, const lab_light *light)
{
    double measured[3], truth[3];
    for (int i = 0; i < 3; i++)
        sharpest(g, light, i == 2 ? -1 : i, &measured[i], &truth[i]);
    double error = bench_half_apart(measured[1], measured[2]);
    bt_status status =
        bench_add(g->b, "cut_off_G", "2.5 L", "", truth[0], G_LIMIT, G_LIMIT, error, measured[0]);
    if (status != BT_OK) return status;
    return bench_add(g->b, "un_cut_off", "2.5 L", "", G_LEAST, 0.0, G_MOST - G_LEAST, error,
                     measured[0]);
}

static bt_status plot_column(gonio *g, const lab_light *light)
{
    size_t plot;
    uint32_t x = (uint32_t)(pixel_of(g, G_LEFT_DEG, 0.0).x + 0.5);
    bt_status status =
        bench_plot_begin(g->b, "Wall, 2.5 degrees left", "degrees up", "lux", false, true, &plot);
    for (uint32_t y = 0; y < g->b->height_px && status == BT_OK; y++) {
        wall w = look(g, light, 0, (bench_rect){x, y, x + 1, y + 1});
        bt_vec3 to = from_lamp(g, x, y);
        double up_deg = atan2(-to.y, hypot(to.x, to.z)) / BT_RAD_PER_DEG;
        status = bench_plot_add(g->b, plot, "measured", BENCH_DOTS, up_deg, w.lux);
        if (status == BT_OK)
            status = bench_plot_add(g->b, plot, "the file", BENCH_LINE, up_deg, w.file_lux);
    }
    return status;
}

static bt_status score(gonio *g, const lab_light *light)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < POINTS && status == BT_OK; i++)
        status = score_point(g, light, &points[i]);
    if (status == BT_OK) status = score_cut_off(g, light);
    return status == BT_OK ? plot_column(g, light) : status;
}

// ---- the chart --------------------------------------------------------------------------------
static bt_status check_size(const gonio *g)
{
    const bench *b = g->b;
    for (size_t i = 0; i < POINTS; i++) {
        bench_point at = pixel_of(g, points[i].left_deg, points[i].up_deg);
        if (at.x > NEAR_PX + 1.0 && at.y > NEAR_PX + 1.0 && at.x < b->width_px - NEAR_PX - 2.0 &&
            at.y < b->height_px - NEAR_PX - 2.0)
            continue;
        return bt_fail(BT_ERR_INPUT,
                       "headlamp at %u x %u: point %s lies beyond: expected at least 376 x 84",
                       b->width_px, b->height_px, points[i].name);
    }
    return BT_OK;
}

bt_status bench_headlamp(bench *b)
{
    gonio g = {.b = b,
               .band = b->truth.band_count > 1 ? 1 : 0,
               .focal_px = 1.0 / (STEP_DEG * BT_RAD_PER_DEG)};
    lab_light light = {0};
    bench_text table = {0};
    bt_status status = check_size(&g);
    if (status != BT_OK) return status;
    bench_take_lens_off(b);
    lab_judge_light(b);
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    bench_set(b, BT_SHEET_FX_PX, g.focal_px);
    bench_set(b, BT_SHEET_FY_PX, g.focal_px);
    bench_filter(b, NM);
    snprintf(b->note, sizeof b->note,
             "a pinhole of %.2f degrees a pixel; UN R112's points and limits from memory\n",
             STEP_DEG);
    status = make_web(&g);
    if (status == BT_OK) status = photograph(&g, &light);
    if (status == BT_OK) status = write_wall(&g, &light);
    if (status == BT_OK) status = score(&g, &light);
    bench_print(&table, "file,wall_m,lamp_z_m,focal_px,reflectance\n%s,%g,%g,%.9g,%g\n", FILE_NAME,
                WALL_M, LAMP_Z_M, g.focal_px, REFLECTANCE);
    lab_light_clear(&light);
    bt_photometry_destroy(g.web);
    bt_status written = bench_text_write(b, &table, "headlamp.csv");
    return status != BT_OK ? status : written;
}
