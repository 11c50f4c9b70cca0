// energy.c: absolute electrons: a wall lit to 1000 lux by a square lamp, a furnace, and the lamp itself,
// against closed forms.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/file.h"
#include "engine/image/exr.h"
#include "engine/spectrum/spectrum.h"

#define LUX 1000.0
#define REFLECTANCE 0.5
#define WALL_M 2.0      // from the camera
#define LAMP_M 1.0      // behind the camera
#define LAMP_HALF_M 1.0 // half a side
#define FILL 0.003      // chosen: of saturation, the brightest band: shot noise hides the light's

// Configuration factor of a small patch to a parallel rectangle a x b, at distance c below its corner:
// Howell, "A catalog of radiation heat transfer configuration factors", B-3.
static double corner_factor(double a, double b, double c)
{
    double x = a / c, y = b / c;
    double rx = sqrt(1.0 + x * x), ry = sqrt(1.0 + y * y);
    return (x / rx * atan(y / rx) + y / ry * atan(x / ry)) / (2.0 * BT_PI);
}

static double square_factor(void)
{
    return 4.0 * corner_factor(LAMP_HALF_M, LAMP_HALF_M, WALL_M + LAMP_M);
}

typedef struct subject {
    const char *name;
    void (*hang)(lab *l, uint32_t light);
    double factor; // radiance seen over the lamp's
    uint32_t max_depth;
} subject;

static void hang_lamp(lab *l, uint32_t light)
{
    lab_panel(l, lab_lamp(l, light, 1.0), (bt_vec3){-3, -3, WALL_M}, (bt_vec3){6, 0, 0},
              (bt_vec3){0, 6, 0});
}

static void hang_wall(lab *l, uint32_t light)
{
    // seen from the wall, left is right
    lab_panel(l, lab_lamp(l, light, 1.0), (bt_vec3){LAMP_HALF_M, -LAMP_HALF_M, -LAMP_M},
              (bt_vec3){-2.0 * LAMP_HALF_M, 0, 0}, (bt_vec3){0, 2.0 * LAMP_HALF_M, 0});
    lab_panel(l, lab_matte(l, lab_flat(l, REFLECTANCE)), (bt_vec3){-3, -3, WALL_M},
              (bt_vec3){6, 0, 0}, (bt_vec3){0, 6, 0});
}

static void hang_furnace(lab *l, uint32_t light)
{
    bt_material wall = {.kind = BT_MATERIAL_DIFFUSE,
                        .reflectance = lab_flat(l, REFLECTANCE),
                        .reflectance2 = BT_NO_SPECTRUM,
                        .emission = light,
                        .emission_scale = 1.0f};
    lab_box(l, lab_material(l, &wall), 2.0);
}

static bt_status write_film(const bench *b, const bt_film *film, const char *name)
{
    char path[4096], file[64];
    bt_exr_channel channel = {"Y", film->rate_e_s};
    snprintf(file, sizeof file, "%s.exr", name);
    bt_status status = bt_path_join(path, sizeof path, b->desc->out, file);
    // bands innermost: one wide row of red, green, blue in turn
    if (status == BT_OK)
        status =
            bt_exr_write(path, film->width_px * film->band_count, film->height_px, &channel, 1);
    return status;
}

// Mean of a plane's rate in a band, and the light's standard error of it.
static double mean_rate(const lab_light *light, uint32_t plane, uint32_t band, double *error)
{
    const bt_film *film = light->film;
    size_t pixels = (size_t)film->width_px * film->height_px;
    size_t first = plane * bt_film_plane_stride(film) + band;
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < pixels; i++) {
        sum += (double)film->rate_e_s[first + i * film->band_count];
        squares += pow((double)light->half->rate_e_s[first + i * film->band_count], 2.0);
    }
    *error = sqrt(squares) / (double)pixels;
    return sum / (double)pixels;
}

// Light on each photodiode that the sensor has.
static bt_status add_rates(bench *b, const subject *s, const bt_view *view, const lab_light *light,
                           const float *spectrum, bench_text *table)
{
    bt_status status = BT_OK;
    uint32_t bands = b->sheet.band_count, rows = bt_view_planes(view) * bands;
    double fall = bench_rect_illumination(&b->truth, (bench_rect){0, 0, b->width_px, b->height_px});
    for (uint32_t i = 0; i < rows && status == BT_OK; i++) {
        uint32_t plane = i / bands, band = i % bands;
        const char *name = bench_band_name(&b->sheet, band);
        char where[40];
        double error, mean = mean_rate(light, plane, band, &error);
        double gain = view->plane_count > 0 ? (double)view->planes[plane].gain : 1.0;
        double factor = gain * s->factor;
        double truth = factor * fall * bench_rate_e_s(b, band, spectrum, NULL);
        snprintf(where, sizeof where, "%s/%s", s->name, name);
        if (plane > 0) snprintf(where, sizeof where, "%s/%s/%u", s->name, name, plane + 1);
        bench_print(table, "%s,%s,%u,%.9g,%.9g,%.9g,%.3g\n", s->name, name, plane + 1, factor, fall,
                    mean, error);
        status = bench_add(b, "electrons", where, "e/s", truth, 0.002 * truth, 0.002 * truth, error,
                           mean);
    }
    return status;
}

// In a frame that it fills to FILL.
static bt_status check_light(bench *b, lab_light *light)
{
    double most = 0.0, error;
    for (uint32_t band = 0; band < b->sheet.band_count; band++)
        most = fmax(most, mean_rate(light, 0, band, &error));
    double full_e = bench_saturation_e(&b->sheet, bt_sheet_get(&b->sheet, BT_SHEET_ANALOG_GAIN));
    return lab_check_light(b, light, FILL * full_e / most);
}

static bt_status measure(bench *b, const subject *s, uint64_t number, const float *spectrum,
                         bench_text *table)
{
    lab l;
    bench_shot shot;
    lab_light light = {0};
    bt_status status = bench_shot_begin(b, &shot);
    lab_begin(&l, b);
    l.max_depth = s->max_depth;
    s->hang(&l, lab_table(&l, spectrum));
    lab_finish(&l);
    if (status == BT_OK) status = lab_film(&l, shot.camera, &shot.view, NULL, number, &light);
    if (status == BT_OK) status = check_light(b, &light);
    if (status == BT_OK) status = write_film(b, light.film, s->name);
    if (status == BT_OK) status = add_rates(b, s, &shot.view, &light, spectrum, table);
    lab_light_clear(&light);
    lab_clear(&l);
    bench_shot_clear(&shot);
    return status;
}

bt_status bench_energy(bench *b)
{
    const subject subjects[] = {{"lamp", hang_lamp, 1.0, 1},
                                {"wall", hang_wall, REFLECTANCE * square_factor(), 2},
                                {"furnace", hang_furnace, 1.0 / (1.0 - REFLECTANCE), 64}};
    float light[BT_SPECTRUM_BINS];
    bench_text table = {0};
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++)
        light[i] = bt_illuminant_d65[i];
    // E = pi L F
    bt_spectrum_set_luminance(light, LUX / (BT_PI * square_factor()));
    double x = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX) - b->width_px);
    double y = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX) - b->height_px);
    bench_window(b, floor(x), floor(y), b->width_px, b->height_px);
    // so small a window loses what a lens scatters beyond it
    bench_sharpen_lens(b);
    bench_print(&table,
                "subject,band,plane,factor,relative_illumination,mean_e_s,light_error_e_s\n");
    bt_status status = BT_OK;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects && status == BT_OK; i++)
        status = measure(b, &subjects[i], i, light, &table);
    bt_status written = bench_text_write(b, &table, "rates.csv");
    return status != BT_OK ? status : written;
}
