// star.c: points of light at five places of the field: Airy's rings and encircled energy, how far down a
// point can be followed, and the streaks of a wiped pane. camera.md 1.4, 1.9; row 6.
//
// The sheet's lens is taken off for a perfect one, so slow that its rings are pixels wide. A pixel's true
// light is the mean of Airy's pattern (2 J1(x) / x)^2, x = pi r / (lambda N), over all of its area and of the
// lamp's, by quadrature, of all five lamps. Encircled energy is the sum of the pixels whose middles are
// within a radius of a lamp, over that lamp's light. Light is seen pixel by pixel before the lens spreads
// it: what is finer than two pixels of a lamp comes back coarser, by its place among them. So pictures of
// lamps half a pixel on, across and down, are put between each other, and a quarter, a half and a quarter
// taken of three neighbours each way, which passes nothing of one cycle per pixel; of the truth as well.
//
// A faster lens shows how deep a point can be followed: far out Airy's pattern is, on average over its rings,
// lambda N / (pi^3 r^3) of the light in a unit of area (Keller's third power).
//
// The pane before that lens is scratched by one wiper. A scratch along T throws its light
// across itself: seen along d, towards d x T, which the projection carries to the picture. The streaks are
// what the picture has more, in shares, than that without a pane; their direction is the axis of
// their second moments in a ring about the lamp.
// Pictures are the light on the sensor: no noise, no counts.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/exr.h"
#include "sensors/camera/camera_lua.h"

#define NM 550.0
#define STARS 5
#define PHASES 4 // none, across, down, both
#define PHASE_PX 0.5
#define HALF_PX                                                                                    \
    1.0 // half a side of a lamp: two pixels across get the same light together wherever it is
#define FAR_M 100.0  // the air takes 5e-4 of the light
#define LEAST_PX 200 // one star's deep ring is free of the next ones
#define LIT_E                                                                                      \
    1000.0 // chosen: of a pixel in a frame that is all lamp: the light is then known to 0.4 %

#define LAMBDA_N_PX 6.0 // chosen: the f-number is what makes it so
#define SLOW_PX 2000.0  // focal lengths
#define FAST_PX 1500.0
#define FAST_F_NUMBER 4.0
#define PLOT_PX 40
#define FAR_PX 25.0
#define GAUSS 3 // nodes along a side of a pixel, and of a lamp

// Dark rings of Airy's pattern over lambda N (Born and Wolf 1999, table 8.2).
static const double dark_rings[] = {1.220, 2.233, 3.238};
#define RINGS (sizeof dark_rings / sizeof *dark_rings)
static const double deep_px[2] = {11.0, 15.0}; // there a pixel has 1 / 2^16 of the brightest

#define SHARE_LIMIT 0.005 // camera.md 4, row 6, as the next and STREAK_LIMIT_DEG
#define RING_LIMIT 0.01
#define DEEP_LIMIT 0.05 // of row 12's glare
#define STREAK_LIMIT_DEG 0.5

#define RAKE_DEG 60.0
#define PANE_M 0.2
#define THICK_M 4.96e-3
#define INDEX 1.52
#define PIVOT_U_M (-0.35) // of the wiper, from where the axis meets the glass
#define PIVOT_V_M (-0.25)
#define SCRATCH_M 30e-6
#define SCRATCH_DENSITY_M2 2.5e5
static const double streak_px[2] = {
    6.0, 24.0}; // of the ring; the first dark place of a scratch's is at 27

// Places from the picture's middle, shares of half its side.
static const bench_point places[STARS] = {
    {0, 0}, {-0.68, -0.62}, {0.67, -0.65}, {0.66, 0.68}, {-0.69, 0.63}};
static const char *const names[STARS] = {"middle", "left top", "right top", "right bottom",
                                         "left bottom"};

typedef struct sky {
    bench *b;
    uint32_t band;
    double f_number;
    bench_point at[STARS]; // pixels, at the first place
    double lamp_e_s;       // all of a lamp's light
    bench_text table;
} sky;

// ---- Airy's promise ---------------------------------------------------------------------------
// Shares of a point's light in a unit of area. The whole of (2 J1(x) / x)^2 has 4 (lambda N)^2 / pi.
static double airy(double radius_px, double lambda_n_px)
{
    double x = BT_PI * radius_px / lambda_n_px;
    double shape = x < 1e-6 ? 1.0 : pow(2.0 * j1(x) / x, 2.0);
    return shape * BT_PI / (4.0 * lambda_n_px * lambda_n_px);
}

static double far_airy(double radius_px, double lambda_n_px)
{
    return lambda_n_px / pow(BT_PI * radius_px, 3.0);
}

typedef struct pattern {
    double (*at)(double radius_px, double lambda_n_px);
    double lambda_n_px;
} pattern;

// Share of a lamp's light in a pixel (x, y) away from it.
static double pixel_share(const pattern *p, double x, double y)
{
    static const double node[GAUSS] = {-0.7745966692414834, 0.0, 0.7745966692414834};
    static const double weight[GAUSS] = {5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};
    double sum = 0.0;
    // far from it nothing changes within both
    if (hypot(x, y) > FAR_PX) return p->at(hypot(x, y), p->lambda_n_px);
    for (int i = 0; i < GAUSS * GAUSS * GAUSS * GAUSS; i++) {
        int a = i % GAUSS, b = i / GAUSS % GAUSS, c = i / (GAUSS * GAUSS) % GAUSS,
            d = i / (GAUSS * GAUSS * GAUSS);
        double from_x = x + 0.5 * node[a] + HALF_PX * node[c];
        double from_y = y + 0.5 * node[b] + HALF_PX * node[d];
        sum += weight[a] * weight[b] * weight[c] * weight[d] *
               p->at(hypot(from_x, from_y), p->lambda_n_px);
    }
    return sum;
}

static double true_pixel(const sky *s, const pattern *p, double x, double y)
{
    double sum = 0.0;
    for (int k = 0; k < STARS; k++)
        sum += pixel_share(p, x - s->at[k].x, y - s->at[k].y);
    return sum;
}

typedef struct wanted {
    const char *quantity, *unit;
    int star;
    double inner_px, outer_px, limit; // the limit of the share, or relative
    bool mean;                        // of a pixel, not of all together
} wanted;

typedef struct ring {
    double share, true_share; // of one lamp's light, in its pixels together
    double count;             // of pixels
} ring;

// Counts pixel (x, y), which has `share` of all that it and its neighbours have together.
static void add_pixel(const sky *s, const pattern *p, const lab_light *light, int sign,
                      double share, double x, double y, ring *r)
{
    // lamps half a pixel on are seen by the next pixel from where it would be half a pixel before
    double column = ceil(x), row = ceil(y);
    uint32_t phase = (column > x) + 2u * (row > y);
    r->share += share * lab_rate(&light[phase], sign, s->band, (uint32_t)column, (uint32_t)row) /
                s->lamp_e_s;
    if (sign == 0) r->true_share += share * true_pixel(s, p, x, y);
}

// Pixels whose middles are from `inner` up to `outer` pixels from a star. soft: of the light between PHASES
// pictures, else of one.
static ring measure_ring(const sky *s, const pattern *p, const lab_light *light, bool soft,
                         int sign, wanted w)
{
    static const double part[3] = {0.25, 0.5, 0.25};
    ring r = {0};
    const bench_point *at = &s->at[w.star];
    for (uint32_t y = (uint32_t)(at->y - w.outer_px); y <= at->y + w.outer_px; y++)
        for (uint32_t x = (uint32_t)(at->x - w.outer_px); x <= at->x + w.outer_px; x++) {
            double away = hypot(x - at->x, y - at->y);
            if (away < w.inner_px || away >= w.outer_px) continue;
            r.count += 1.0;
            if (!soft) add_pixel(s, p, light, sign, 1.0, x, y, &r);
            for (int i = 0; i < 9 && soft; i++)
                add_pixel(s, p, light, sign, part[i % 3] * part[i / 3], x + PHASE_PX * (i % 3 - 1),
                          y + PHASE_PX * (i / 3 - 1), &r);
        }
    return r;
}

// ---- pictures ---------------------------------------------------------------------------------
static bt_windshield scratched_pane(void)
{
    bt_windshield w;
    bt_windshield_init(&w);
    snprintf(w.name, sizeof w.name, "bench");
    w.numbers[BT_WINDSHIELD_RAKE_DEG].value = RAKE_DEG;
    w.numbers[BT_WINDSHIELD_AZIMUTH_DEG].value = 0.0;
    w.numbers[BT_WINDSHIELD_DISTANCE_M].value = PANE_M;
    w.numbers[BT_WINDSHIELD_THICKNESS_M].value = THICK_M;
    w.numbers[BT_WINDSHIELD_INDEX].value = INDEX;
    w.numbers[BT_WINDSHIELD_WIDTH_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_HEIGHT_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_RADIUS_HORIZONTAL_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_RADIUS_VERTICAL_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_WEDGE_RAD].value = 0.0;
    w.numbers[BT_WINDSHIELD_ABBE].value = 0.0;
    w.numbers[BT_WINDSHIELD_SCRATCH_WIDTH_M].value = SCRATCH_M;
    w.numbers[BT_WINDSHIELD_SCRATCH_DENSITY_M2].value = SCRATCH_DENSITY_M2;
    w.arc_count = 1;
    w.arcs[0] = (bt_windshield_arc){{PIVOT_U_M, PIVOT_V_M}, 0.05, 1.2, -BT_PI, BT_PI};
    return w;
}

static void hang(const sky *s, lab *l, double focal_px, uint32_t phase, double radiance)
{
    uint32_t lamp = lab_lamp(l, lab_flat(l, 1.0), radiance);
    double px_m = FAR_M / focal_px, side = 2.0 * HALF_PX * px_m;
    for (int i = 0; i < STARS; i++) {
        double x = s->at[i].x - 0.5 * (s->b->width_px - 1.0) - HALF_PX + PHASE_PX * (phase % 2);
        double y = s->at[i].y - 0.5 * (s->b->height_px - 1.0) - HALF_PX + PHASE_PX * (phase / 2);
        lab_panel(l, lamp, (bt_vec3){x * px_m, y * px_m, FAR_M}, (bt_vec3){side, 0, 0},
                  (bt_vec3){0, side, 0});
    }
}

// The stars' light through this lens and pane (NULL: none).
static bt_status photograph(sky *s, double focal_px, double f_number, const bt_windshield *glass,
                            uint32_t phase, lab_light *light)
{
    lab l;
    bt_view view;
    bt_camera *camera = NULL;
    bt_camera_state state;
    bench *b = s->b;
    double exposure_s = bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_S);
    bench_set(b, BT_SHEET_FX_PX, focal_px);
    bench_set(b, BT_SHEET_FY_PX, focal_px);
    bench_set(b, BT_SHEET_F_NUMBER, f_number);
    double one = bench_photons_s(b, 1.0, NM) * bench_qe(&b->truth, s->band, NM);
    double radiance = LIT_E / (one * exposure_s);
    s->lamp_e_s = radiance * one * 4.0 * HALF_PX * HALF_PX;
    bt_camera_desc desc = {.sheet = &b->sheet,
                           .width_px = b->width_px,
                           .height_px = b->height_px,
                           .seed = b->desc->seed,
                           .windshield = glass,
                           .vehicle_from_cam = bt_camera_mount(1.5, 0.0, 1.3, 0.0, 0.0, 0.0)};
    bt_status status = bt_camera_create(&desc, b->desc->jobs, &camera);
    lab_begin(&l, b);
    l.only_shines = true;
    l.ends_early = true;
    hang(s, &l, focal_px, phase, radiance);
    lab_finish(&l);
    if (status == BT_OK) {
        bt_camera_state_init(camera, &state);
        bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
        status = lab_film(&l, camera, &view, NULL, phase, light);
    }
    if (status == BT_OK) status = lab_check_light(b, light, exposure_s);
    lab_clear(&l);
    bt_camera_destroy(camera);
    return status;
}

static bt_status write_film(const sky *s, const bt_film *film, const char *name)
{
    char path[4096];
    size_t pixels = (size_t)film->width_px * film->height_px;
    float *plane = bt_alloc(pixels, sizeof *plane);
    if (!plane) return bt_fail(BT_ERR_MEMORY, "no memory for %zu pixels", pixels);
    for (size_t i = 0; i < pixels; i++)
        plane[i] = film->rate_e_s[i * film->band_count + s->band];
    bt_exr_channel channel = {"Y", plane};
    bt_status status = bt_path_join(path, sizeof path, s->b->desc->out, name);
    if (status == BT_OK) status = bt_exr_write(path, film->width_px, film->height_px, &channel, 1);
    bt_free(plane);
    return status;
}

// ---- rings ------------------------------------------------------------------------------------
static bt_status score_ring(sky *s, const pattern *p, const lab_light *light, bool soft, wanted w)
{
    char where[64];
    ring r[3];
    for (int i = 0; i < 3; i++)
        r[i] = measure_ring(s, p, light, soft, i == 2 ? -1 : i, w);
    double over = w.mean ? r[0].count : 1.0, truth = r[0].true_share / over;
    double limit = w.mean ? w.limit * truth : w.limit;
    snprintf(where, sizeof where, "%s/%.1f px", names[w.star], w.outer_px);
    return bench_add(s->b, w.quantity, where, w.unit, truth, limit, limit,
                     bench_half_apart(r[1].share, r[2].share) / over, r[0].share / over);
}

static bt_status plot_rings(sky *s, const pattern *p, const lab_light light[PHASES])
{
    size_t plot;
    bt_status status = bench_plot_begin(s->b, "A point in the middle", "pixels from it",
                                        "share of its light in a pixel", false, true, &plot);
    for (int px = 0; px < PLOT_PX && status == BT_OK; px++) {
        wanted w = {.star = 0, .inner_px = px, .outer_px = px + 1.0};
        ring r = measure_ring(s, p, light, true, 0, w);
        status = bench_plot_add(s->b, plot, "measured", BENCH_DOTS, px + 0.5, r.share / r.count);
        if (status == BT_OK)
            status =
                bench_plot_add(s->b, plot, "truth", BENCH_LINE, px + 0.5, r.true_share / r.count);
    }
    return status;
}

static bt_status score_star(sky *s, const pattern *p, const lab_light light[PHASES], int star)
{
    bt_status status = BT_OK;
    for (size_t k = 0; k < RINGS && status == BT_OK; k++) {
        double outer = dark_rings[k] * LAMBDA_N_PX;
        wanted share = {"encircled", "", star, 0.0, outer, SHARE_LIMIT, false};
        status = score_ring(s, p, light, true, share);
        if (k == 0 || status != BT_OK) continue;
        wanted bright = {"airy_ring", "1/px",     star, dark_rings[k - 1] * LAMBDA_N_PX,
                         outer,       RING_LIMIT, true};
        status = score_ring(s, p, light, true, bright);
    }
    return status;
}

static bt_status measure_rings(sky *s)
{
    lab_light light[PHASES] = {0};
    pattern p = {airy, LAMBDA_N_PX};
    bt_status status = BT_OK;
    for (uint32_t phase = 0; phase < PHASES && status == BT_OK; phase++) {
        char name[32];
        snprintf(name, sizeof name, "stars_%u.exr", phase);
        status = photograph(s, SLOW_PX, s->f_number, NULL, phase, &light[phase]);
        if (status == BT_OK) status = write_film(s, light[phase].film, name);
    }
    bench_print(&s->table, "rings,%.9g,%.9g,%.9g,%.9g\n", SLOW_PX, s->f_number, s->lamp_e_s, NM);
    for (int star = 0; star < STARS && status == BT_OK; star++)
        status = score_star(s, &p, light, star);
    if (status == BT_OK) status = plot_rings(s, &p, light);
    for (uint32_t phase = 0; phase < PHASES; phase++)
        lab_light_clear(&light[phase]);
    return status;
}

// ---- streaks ----------------------------------------------------------------------------------
// The wiper's scratch where a star is seen, as a streak of the picture: degrees from its right, downward.
static double true_streak_deg(const sky *s, int star)
{
    double rake = RAKE_DEG * BT_RAD_PER_DEG;
    double x = (s->at[star].x - 0.5 * (s->b->width_px - 1.0)) / FAST_PX;
    double y = (s->at[star].y - 0.5 * (s->b->height_px - 1.0)) / FAST_PX;
    bt_vec3 d = {x, y, 1.0};
    // u to the right, v up the pane, which leans away from the camera at its foot
    bt_vec3 u = {1, 0, 0}, v = {0, -cos(rake), -sin(rake)}, normal = bt_vec3_cross(u, v);
    bt_vec3 anchor = {0, 0, PANE_M};
    double far = bt_vec3_dot(anchor, normal) / bt_vec3_dot(d, normal);
    bt_vec3 on = bt_vec3_sub(bt_vec3_scale(d, far), anchor);
    double from_u = bt_vec3_dot(on, u) - PIVOT_U_M, from_v = bt_vec3_dot(on, v) - PIVOT_V_M;
    bt_vec3 along = bt_vec3_add(bt_vec3_scale(u, -from_v), bt_vec3_scale(v, from_u));
    bt_vec3 thrown = bt_vec3_cross(d, along);
    return atan2(thrown.y - y * thrown.z, thrown.x - x * thrown.z) / BT_RAD_PER_DEG;
}

static double measured_streak_deg(const sky *s, const lab_light *with, const lab_light *without,
                                  int sign, int star)
{
    double xx = 0.0, xy = 0.0, yy = 0.0;
    for (uint32_t j = 0; j < s->b->height_px; j++)
        for (uint32_t i = 0; i < s->b->width_px; i++) {
            double x = i - s->at[star].x, y = j - s->at[star].y, away = hypot(x, y);
            if (away < streak_px[0] || away >= streak_px[1]) continue;
            double more =
                lab_rate(with, sign, s->band, i, j) - lab_rate(without, sign, s->band, i, j);
            xx += more * x * x / (away * away);
            xy += more * x * y / (away * away);
            yy += more * y * y / (away * away);
        }
    return 0.5 * atan2(2.0 * xy, xx - yy) / BT_RAD_PER_DEG;
}

// An axis has no ends: the measured one's angle nearest to the true one.
static double beside(double angle_deg, double truth_deg)
{
    return angle_deg + 180.0 * floor((truth_deg - angle_deg) / 180.0 + 0.5);
}

static bt_status score_streaks(sky *s, const lab_light *with, const lab_light *without)
{
    bt_status status = BT_OK;
    for (int star = 0; star < STARS && status == BT_OK; star++) {
        double truth = true_streak_deg(s, star), angle[3];
        for (int i = 0; i < 3; i++)
            angle[i] = beside(measured_streak_deg(s, with, without, i == 2 ? -1 : i, star), truth);
        status = bench_add(s->b, "streak_angle", names[star], "deg", truth, STREAK_LIMIT_DEG,
                           STREAK_LIMIT_DEG, bench_half_apart(angle[1], angle[2]), angle[0]);
    }
    return status;
}

static bt_status score_deep(sky *s, const lab_light *light)
{
    double pitch_m = bt_sheet_get(&s->b->truth, BT_SHEET_PIXEL_PITCH_M);
    pattern p = {far_airy, NM * 1e-9 * FAST_F_NUMBER / pitch_m};
    bt_status status = BT_OK;
    for (int star = 0; star < STARS && status == BT_OK; star++) {
        wanted deep = {"deep_ring", "1/px", star, deep_px[0], deep_px[1], DEEP_LIMIT, true};
        status = score_ring(s, &p, light, false, deep);
    }
    return status;
}

static bt_status measure_streaks(sky *s)
{
    lab_light with = {0}, without = {0};
    bt_windshield pane = scratched_pane();
    bt_status status = photograph(s, FAST_PX, FAST_F_NUMBER, NULL, 0, &without);
    if (status == BT_OK) status = photograph(s, FAST_PX, FAST_F_NUMBER, &pane, 0, &with);
    if (status == BT_OK) status = write_film(s, without.film, "bare.exr");
    if (status == BT_OK) status = write_film(s, with.film, "scratched.exr");
    bench_print(&s->table, "streaks,%.9g,%.9g,%.9g,%.9g\n", FAST_PX, FAST_F_NUMBER, s->lamp_e_s,
                NM);
    if (status == BT_OK) status = score_deep(s, &without);
    if (status == BT_OK) status = score_streaks(s, &with, &without);
    lab_light_clear(&with);
    lab_light_clear(&without);
    return status;
}

// ---- the chart --------------------------------------------------------------------------------
static bt_status write_places(const sky *s)
{
    bench_text text = {0};
    bench_print(&text, "star,x_px,y_px,half_px\n");
    for (int i = 0; i < STARS; i++)
        bench_print(&text, "%s,%.9g,%.9g,%g\n", names[i], s->at[i].x, s->at[i].y, HALF_PX);
    return bench_text_write(s->b, &text, "places.csv");
}

bt_status bench_star(bench *b)
{
    sky s = {.b = b, .band = b->truth.band_count > 1 ? 1 : 0};
    if (b->width_px < LEAST_PX || b->height_px < LEAST_PX)
        return bt_fail(BT_ERR_INPUT, "star at %u x %u: expected at least %d each", b->width_px,
                       b->height_px, LEAST_PX);
    for (int i = 0; i < STARS; i++)
        s.at[i] = (bench_point){0.5 * ((1.0 + places[i].x) * b->width_px - 1.0),
                                0.5 * ((1.0 + places[i].y) * b->height_px - 1.0)};
    s.f_number = LAMBDA_N_PX * bt_sheet_get(&b->truth, BT_SHEET_PIXEL_PITCH_M) / (NM * 1e-9);
    bench_put_perfect_lens_on(b, SLOW_PX, s.f_number);
    lab_judge_light(b);
    bench_filter(b, NM);
    snprintf(
        b->note, sizeof b->note,
        "perfect lenses of %g pixels at f/%.1f and %g pixels at f/%g, %.0f nm; the light on the "
        "sensor\n",
        SLOW_PX, s.f_number, FAST_PX, FAST_F_NUMBER, NM);
    bench_print(&s.table, "chart,focal_px,f_number,lamp_e_s,wavelength_nm\n");
    bt_status status = measure_rings(&s);
    if (status == BT_OK) status = measure_streaks(&s);
    if (status == BT_OK) status = write_places(&s);
    bt_status written = bench_text_write(b, &s.table, "star.csv");
    return status != BT_OK ? status : written;
}
