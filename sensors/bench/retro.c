// retro.c: sign sheeting and road marking that send light back, at observation angles of 0.1 to 2 degrees, as a
// camera's light tells it: R_A and R_L. camera.md 1.10; CIE 54.2; row 15.
//
// A lamp so small that it is a point shines from below the camera, as far from the sheet as this. Per lux on
// a plane across its beam the sheet has the luminance f cos(i), i the entrance angle; times the cosine of the
// angle that it is seen at that is R_A, as it is R_L. The sheet's numbers say
//     f = y [P D(a) (cos(i) cos(o))^q + body],   D(a) = (1 + (2 sin(a / 2) / w)^2)^-k
// with P from R_A at 0.2 and 4 degrees (ASTM D4956) or R_L at 1.05 and 88.76 (EN 1436), and under it what
// Lambert's law sends of what the lobe leaves, on both ways: (1 - E(i)) (1 - E(o)) / (pi (1 - its mean)),
// E(t) = P cos(t)^p times the integral of D, p = 2 q + 1. No gloss lies over it.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/exr.h"
#include "engine/scene/retro.h"

#define NM 550.0
#define LAMP_M 1e-3     // its side
#define LIT_E 300.0     // chosen: of a pixel in a frame: shot noise hides the light's
#define HALF_WIDE_M 1.0 // of the sheet
#define HALF_LONG_M 3.0
#define LIMIT 0.01 // camera.md 4, row 15

typedef struct sheeting {
    const char *name, *quantity, *unit;
    bool marking;
    double measure;               // R_A, or R_L in thousandths
    double y, spread_deg, tail;   // as materials have them: material_lua.c
    double tilt;                  // q
    double known_deg, turned_deg; // observation and entrance at which it has the measure
    double away_m;
} sheeting;

static const sheeting sheets[] = {
    {"sheeting", "R_A", "cd/lx/m2", false, 250.0, 0.5, 0.52, 1.5, 0.5, 0.2, 4.0, 10.0},
    {"marking", "R_L", "mcd/m2/lx", true, 150.0, 0.6, 4.0, 1.5, -0.5, 1.05, 88.76, 30.0}};
#define SHEETS (sizeof sheets / sizeof *sheets)
static const double observations_deg[] = {0.1, 0.2, 0.33, 0.5, 1.05, 2.0};
#define OBSERVATIONS (sizeof observations_deg / sizeof *observations_deg)

typedef struct range {
    bench *b;
    uint32_t band;
    bench_text table;
} range;

// ---- the sheet's promise ----------------------------------------------------------------------
static double lobe(const sheeting *s, double observation_deg)
{
    double chord = 2.0 * sin(0.5 * observation_deg * BT_RAD_PER_DEG);
    return pow(1.0 + pow(chord / (s->spread_deg * BT_RAD_PER_DEG), 2.0), -s->tail);
}

static double cosine(double deg)
{
    return cos(deg * BT_RAD_PER_DEG);
}

static double strength(const sheeting *s)
{
    double i = cosine(s->turned_deg), o = cosine(s->turned_deg - s->known_deg);
    double seen = s->marking ? i : i * o, measure = s->measure * (s->marking ? 1e-3 : 1.0);
    return measure / (s->y * lobe(s, s->known_deg) * pow(i * o, s->tilt) * seen);
}

// Integral of D over the half-space about the lamp's direction, in squares of the chord.
static double lobe_integral(const sheeting *s)
{
    double width2 = pow(s->spread_deg * BT_RAD_PER_DEG, 2.0);
    return BT_PI * width2 / (s->tail - 1.0) * (1.0 - pow(1.0 + 4.0 / width2, 1.0 - s->tail));
}

// Luminance for one lux across the beam.
static double true_luminance(const sheeting *s, double observation_deg)
{
    double i = cosine(s->turned_deg), o = cosine(s->turned_deg - observation_deg);
    double p = strength(s), taken = p * lobe_integral(s), power = 2.0 * s->tilt + 1.0;
    double body = (1.0 - taken * pow(i, power)) * (1.0 - taken * pow(o, power)) /
                  (BT_PI * (1.0 - 2.0 * taken / (power + 2.0)));
    return s->y * (p * lobe(s, observation_deg) * pow(i * o, s->tilt) + body) * i;
}

// ---- pictures ---------------------------------------------------------------------------------
// The sheet's middle is ahead; from its normal the camera is seen, farther from it the lamp, both below.
static void hang(lab *l, const sheeting *s, double observation_deg, double radiance)
{
    double turn = (s->turned_deg - observation_deg) * BT_RAD_PER_DEG,
           at = observation_deg * BT_RAD_PER_DEG;
    bt_material m = {.kind = BT_MATERIAL_RETRO,
                     .reflectance = lab_flat(l, s->y),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = BT_NO_SPECTRUM,
                     .roughness = 0.7f,
                     .ior = 1.0f};
    if (s->marking)
        bt_retro_marking(&m, s->measure, s->y, s->spread_deg, s->tail);
    else
        bt_retro_sheeting(&m, s->measure, s->y, s->spread_deg, s->tail);
    // its normal is turned up from the way to the camera
    bt_vec3 long_way = {0, cos(turn), -sin(turn)};
    bt_vec3 corner = {-HALF_WIDE_M, -HALF_LONG_M * long_way.y,
                      s->away_m - HALF_LONG_M * long_way.z};
    lab_panel(l, lab_material(l, &m), corner, (bt_vec3){2.0 * HALF_WIDE_M, 0, 0},
              bt_vec3_scale(long_way, 2.0 * HALF_LONG_M));
    // the lamp faces the sheet's middle; seen from there, left is right
    bt_vec3 lamp = {0, s->away_m * sin(at), s->away_m * (1.0 - cos(at))};
    bt_vec3 right = {-LAMP_M, 0, 0}, down = {0, LAMP_M * cos(at), LAMP_M * sin(at)};
    bt_vec3 first = bt_vec3_sub(lamp, bt_vec3_scale(bt_vec3_add(right, down), 0.5));
    lab_panel(l, lab_lamp(l, lab_flat(l, 1.0), radiance), first, right, down);
}

static bt_status write_luminance(const range *g, const lab_light *light, double per_lux,
                                 const char *name)
{
    const bt_film *film = light->film;
    char path[4096];
    size_t pixels = (size_t)film->width_px * film->height_px;
    float *plane = bt_alloc(pixels, sizeof *plane);
    if (!plane) return bt_fail(BT_ERR_MEMORY, "no memory for %zu pixels", pixels);
    for (size_t i = 0; i < pixels; i++)
        plane[i] = (float)((double)film->rate_e_s[i * film->band_count + g->band] / per_lux);
    bt_exr_channel channel = {"Y", plane};
    bt_status status = bt_path_join(path, sizeof path, g->b->desc->out, name);
    if (status == BT_OK) status = bt_exr_write(path, film->width_px, film->height_px, &channel, 1);
    bt_free(plane);
    return status;
}

static double mean_rate(const range *g, const lab_light *light, int sign)
{
    double sum = 0.0, count = (double)g->b->width_px * g->b->height_px;
    for (uint32_t y = 0; y < g->b->height_px; y++)
        for (uint32_t x = 0; x < g->b->width_px; x++)
            sum += lab_rate(light, sign, g->band, x, y) / count;
    return sum;
}

static bt_status measure(range *g, const sheeting *s, double observation_deg, uint64_t number)
{
    bench *b = g->b;
    bench_shot shot;
    lab l;
    lab_light light = {0};
    char name[64], where[40];
    double exposure_s = bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_S);
    double one = bench_photons_s(b, 1.0, NM) * bench_qe(&b->truth, g->band, NM);
    double truth = true_luminance(s, observation_deg), lux = LIT_E / (exposure_s * one * truth);
    double radiance = lux * s->away_m * s->away_m / (LAMP_M * LAMP_M);
    bt_status status = bench_shot_begin(b, &shot);
    lab_begin(&l, b);
    l.max_depth = 2; // the lamp, the sheet
    hang(&l, s, observation_deg, radiance);
    lab_finish(&l);
    if (status == BT_OK) status = lab_film(&l, shot.camera, &shot.view, NULL, number, &light);
    if (status == BT_OK) status = lab_check_light(b, &light, exposure_s);
    snprintf(name, sizeof name, "%s_%.2f.exr", s->name, observation_deg);
    snprintf(where, sizeof where, "%.2f deg", observation_deg);
    if (status == BT_OK) status = write_luminance(g, &light, lux * one, name);
    bench_print(&g->table, "%s,%s,%g,%g\n", name, s->quantity, observation_deg, s->turned_deg);
    // to the quantity and its unit
    double seen = s->marking ? 1e3 : cosine(s->turned_deg - observation_deg), value[3];
    for (int i = 0; i < 3 && status == BT_OK; i++)
        value[i] = mean_rate(g, &light, i == 2 ? -1 : i) / (lux * one) * seen;
    if (status == BT_OK)
        status = bench_add(b, s->quantity, where, s->unit, truth * seen, LIMIT * truth * seen,
                           LIMIT * truth * seen, bench_half_apart(value[1], value[2]), value[0]);
    lab_light_clear(&light);
    lab_clear(&l);
    bench_shot_clear(&shot);
    return status;
}

// ---- the chart --------------------------------------------------------------------------------
static bt_status plot(bench *b)
{
    bt_status status = BT_OK;
    for (size_t k = 0; k < SHEETS && status == BT_OK; k++) {
        const sheeting *s = &sheets[k];
        size_t index;
        status =
            bench_plot_begin(b, s->name, "observation angle, degrees", s->unit, true, true, &index);
        for (size_t i = 0; i < OBSERVATIONS && status == BT_OK; i++) {
            const bench_row *row = &b->rows[k * OBSERVATIONS + i];
            status = bench_plot_add(b, index, "measured", BENCH_DOTS, observations_deg[i],
                                    row->measured);
            if (status == BT_OK)
                status =
                    bench_plot_add(b, index, "truth", BENCH_LINE, observations_deg[i], row->value);
        }
    }
    return status;
}

bt_status bench_retro(bench *b)
{
    range g = {.b = b, .band = b->truth.band_count > 1 ? 1 : 0};
    bench_take_lens_off(b);
    lab_judge_light(b);
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    bench_filter(b, NM);
    bench_print(&g.table, "file,quantity,observation_deg,entrance_deg\n");
    bt_status status = BT_OK;
    for (size_t k = 0; k < SHEETS; k++)
        for (size_t i = 0; i < OBSERVATIONS && status == BT_OK; i++)
            status = measure(&g, &sheets[k], observations_deg[i], k * OBSERVATIONS + i);
    if (status == BT_OK) status = plot(b);
    bt_status written = bench_text_write(b, &g.table, "retro.csv");
    return status != BT_OK ? status : written;
}
