// spread_test.c: films and what a lens makes of them, against closed forms: sharpness, the guard band, images beside.
#include "tests/sensors/camera/optics/spread_fixture.h"

#include "engine/core/memory.h"

static double perfect_mtf(double v)
{
    return v < 1.0 ? 2.0 / BT_PI * (acos(v) - v * sqrt(1.0 - v * v)) : 0.0;
}

// ---- sharpness --------------------------------------------------------------------------------
// Transform of the whole kernel along x, times that of the renderer's filter: what a slanted edge sees.
static double system_mtf(const bt_kernel *k, double f)
{
    double sum = 0.0;
    int side = BT_KERNEL_TAPS, reach = k->near_radius;
    for (int j = 0; j < side; j++)
        for (int i = 0; i < side; i++)
            sum += (double)k->core[j * side + i] * cos(2.0 * BT_PI * f * (i - BT_KERNEL_CORE));
    for (int j = -reach; j <= reach; j++)
        for (int i = -reach; i <= reach; i++)
            sum += (double)k->near[(j + reach) * (2 * reach + 1) + i + reach] *
                   cos(2.0 * BT_PI * f * i);
    return sum * bt_kernel_filter_mtf(k->filter_sigma_px, f);
}

// A perfect lens and a square pixel, up to the Nyquist frequency.
static void test_mtf(void)
{
    static const double f_numbers[] = {1.6, 2.0, 4.0}, pitches_m[] = {3.75e-6, 2.1e-6};
    for (int n = 0; n < 3; n++)
        for (int p = 0; p < 2; p++) {
            glass g = {.pupil = {.f_number = f_numbers[n]}};
            bt_kernel_desc desc = desc_of(&g, pitches_m[p]);
            bt_kernel *k = kernel_of(&desc);
            double worst = 0.0, at = 0.0;
            for (double f = 0.02; f <= 0.5001; f += 0.04) {
                double want = perfect_mtf(f / pitches_m[p] * LAMBDA_M * f_numbers[n]) * sinc(f);
                double off = fabs(system_mtf(k, f) - want);
                if (off > worst) at = f;
                worst = fmax(worst, off);
            }
            CHECK_NEAR(worst, 0.0, 0.002);
            if (worst > 0.002)
                fprintf(stderr, "    f/%g, %g um, sigma %g, at %g\n", f_numbers[n],
                        pitches_m[p] * 1e6, k->filter_sigma_px, at);
            for (size_t i = 0; i < bt_kernel_core_size(); i++)
                CHECK(k->core[i] >= 0.0f);
            bt_kernel_destroy(k);
        }
}

// Modulation transfer of a pupil and a square pixel by its autocorrelation (Goodman 2005, 6.4), along an angle.
static double pupil_mtf(const bt_exit_pupil *p, double pitch_m, double f, double angle)
{
    enum { CELLS = 50, REACH_CELLS = 63 };
    double s = LAMBDA_M * p->f_number * f / pitch_m, dx = s * cos(angle), dy = s * sin(angle);
    double re = 0.0, im = 0.0, area = 0.0;
    for (int j = -REACH_CELLS; j <= REACH_CELLS; j++)
        for (int i = -REACH_CELLS; i <= REACH_CELLS; i++) {
            double x = (double)i / CELLS, y = (double)j / CELLS, cell = 1.0 / CELLS;
            area += bt_pupil_open(p, x, y, cell);
            double both = bt_pupil_open(p, x + dx, y + dy, cell);
            if (both > 0.0) both *= bt_pupil_open(p, x - dx, y - dy, cell);
            if (!(both > 0.0)) continue;
            double turn =
                2.0 * BT_PI / LAMBDA_M *
                (bt_pupil_wavefront(p, x + dx, y + dy) - bt_pupil_wavefront(p, x - dx, y - dy));
            re += both * cos(turn);
            im += both * sin(turn);
        }
    return hypot(re, im) / area * sinc(f * cos(angle)) * sinc(f * sin(angle));
}

// A lens with everything: blades, a central stop, a second one that clips, field curvature, astigmatism, coma,
// spherical aberration; coma's rises and falls over the field.
static bt_exit_pupil bad_lens(double field, double field_rad)
{
    double clip = 0.3 * field;
    return (bt_exit_pupil){
        .f_number = 2.0,
        .blades = 7,
        .blade_rotation_rad = 0.3,
        .obscuration = 0.25,
        .clip_x = -clip * cos(field_rad),
        .clip_y = -clip * sin(field_rad),
        .field_rad = field_rad,
        .field = field,
        .zernike_count = 4,
        .zernikes = {{4, 20e-9, 60e-9}, {6, 0.0, 45e-9}, {8, 0.0, 50e-9}, {11, 35e-9, 0.0}}};
}

static void bad_place_at(const void *context, double x_px, double y_px, bt_kernel_place *place)
{
    const glass *g = context;
    double x = x_px - g->axis_x_px, y = y_px - g->axis_y_px;
    double corner = hypot(g->axis_x_px, g->axis_y_px);
    *place = (bt_kernel_place){.pupil = bad_lens(hypot(x, y) / corner, atan2(y, x))};
}

// What a lamp in a film pixel becomes, as a slanted edge through the filter sees it.
static double lamp_mtf(const bt_film *out, uint32_t x, uint32_t y, double sigma, double f,
                       double angle)
{
    double re = 0.0, im = 0.0;
    for (uint32_t j = 0; j < out->height_px; j++)
        for (uint32_t i = 0; i < out->width_px; i++) {
            double along = ((double)i - x) * cos(angle) + ((double)j - y) * sin(angle);
            double light = (double)out->rate_e_s[j * out->width_px + i] / 1e6;
            re += light * cos(2.0 * BT_PI * f * along);
            im += light * sin(2.0 * BT_PI * f * along);
        }
    return hypot(re, im) * bt_kernel_filter_mtf(sigma, f);
}

// Over the whole field, on nodes and half way between them, along four angles up to the Nyquist frequency.
static void test_field(void)
{
    glass g = {.axis_x_px = 0.5 * (WIDTH + 2 * GUARD - 1.0),
               .axis_y_px = 0.5 * (HEIGHT + 2 * GUARD - 1.0)};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    desc.place_at = bad_place_at;
    desc.core_nodes = 9;
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    CHECK(k->core_grid.columns == 9 && k->core_grid.rows == 7);
    static const uint32_t places[][2] = {{95, 75}, {60, 63}, {107, 38}, {36, 38}};
    double worst = 0.0;
    for (int p = 0; p < 4; p++) {
        uint32_t x = places[p][0], y = places[p][1];
        bt_film *out = lamp_through(s, x, y, 1e6f);
        bt_kernel_place place;
        bad_place_at(&g, x, y, &place);
        for (double f = 0.1; f < 0.501; f += 0.1)
            for (double angle = 0.087; angle < 3.0; angle += 0.25 * BT_PI) {
                double want = pupil_mtf(&place.pupil, 3.75e-6, f, angle);
                double got = lamp_mtf(out, x - GUARD, y - GUARD, k->filter_sigma_px, f, angle);
                CHECK_NEAR(got, want, 0.005);
                worst = fmax(worst, fabs(got - want));
            }
        bt_film_destroy(out);
    }
    printf("a bad lens over its field: %.4f of the transfer off at worst\n", worst);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

// The filter's own edge: share of a Gaussian cut off at a radius that lies left of x.
static double filter_edge(double sigma, double x)
{
    double radius = fmin(3.0 * sigma, 2.0), sum = 0.0, left = 0.0;
    for (int j = -100; j <= 100; j++)
        for (int i = -100; i <= 100; i++) {
            double u = radius * i / 100.0, v = radius * j / 100.0, r2 = u * u + v * v;
            if (r2 > radius * radius) continue;
            double mass = exp(-0.5 * r2 / (sigma * sigma));
            sum += mass;
            left += mass * bt_clamp((x - u) * 100.0 / radius + 0.5, 0.0, 1.0);
        }
    return left / sum;
}

// A knife edge at any phase. Between the Nyquist frequency and twice it the filter passes up to 0.05 more
// than the lens would, which a single row sees as 0.015 of aliasing. Closed form: 1/2 + integral of MTF sin(2 pi f x) / (pi f).
static double edge_closed(double x, double pitch_m, double f_number)
{
    double sum = 0.5, step = 0.002, cutoff = pitch_m / (LAMBDA_M * f_number);
    for (double f = 0.5 * step; f < cutoff; f += step)
        sum += step * perfect_mtf(f / cutoff) * sinc(f) * sin(2.0 * BT_PI * f * x) / (BT_PI * f);
    return sum;
}

static void test_knife_edge(void)
{
    double pitch_m = 3.75e-6;
    glass g = {.pupil = {.f_number = 2.8}};
    bt_kernel_desc desc = desc_of(&g, pitch_m);
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    bt_film *film = film_of(WIDTH + 2 * GUARD, HEIGHT + 2 * GUARD, 1),
            *out = film_of(WIDTH, HEIGHT, 1);
    for (double shift = 0.0; shift < 1.0; shift += 0.25) {
        double edge = GUARD + 80.0 + shift;
        float row[WIDTH + 2 * GUARD];
        for (uint32_t x = 0; x < film->width_px; x++)
            row[x] = (float)filter_edge(k->filter_sigma_px, x - edge) * 1000.0f;
        for (uint32_t y = 0; y < film->height_px; y++)
            memcpy(film->rate_e_s + y * film->width_px, row, sizeof row);
        CHECK_OK(bt_spread_apply(s, film, NULL, out));
        for (int x = 76; x <= 85; x++) {
            double got = (double)out->rate_e_s[60u * WIDTH + (uint32_t)x] / 1000.0;
            CHECK_NEAR(got, edge_closed(x - 80.0 - shift, pitch_m, 2.8), 0.016);
        }
    }
    bt_film_destroy(film);
    bt_film_destroy(out);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

// ---- the guard band ---------------------------------------------------------------------------
// How far light goes: haze of slope 2 beyond a sine s is share (1 - ln(1 + s^2/l^2) / ln(1 + 1/l^2)), a round
// pupil's edge throws 2 lambda N / (pi^2 r); and no nearer than a double image.
static void test_reach(void)
{
    glass g = {.pupil = {.f_number = 2.0}};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    desc.film_width_px = desc.film_height_px = 2000;
    for (int hazy = 0; hazy < 2; hazy++) {
        if (hazy) desc.lens_haze = (bt_haze){0.02, 0.02, 2.0, false};
        double r = bt_kernel_reach_px(&desc, 0.005), t = r / desc.focal_px,
               s = t / sqrt(1.0 + t * t);
        double share = hazy ? 0.02 : 0.0, l2 = 4e-4;
        double want = share * (1.0 - log(1.0 + s * s / l2) / log(1.0 + 1.0 / l2)) +
                      (1.0 - share) * 2.0 * LAMBDA_M * 2.0 / (BT_PI * BT_PI * r * 3.75e-6);
        printf("beyond %.1f px lies %.5f\n", r, want);
        CHECK_NEAR(want, 0.005, 1e-4);
    }
    g.double_ratio = 0.01;
    g.double_x_px = 300.0;
    CHECK_NEAR(bt_kernel_reach_px(&desc, 0.005), 305.0, 1e-9);
}

// A lamp 4 px beyond the border glares into the picture like one 4 px within it glares outward.
static void test_guard(void)
{
    glass g = {.pupil = {.f_number = 2.0}};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    desc.lens_haze = (bt_haze){0.02, 0.02, 2.0, false};
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    uint32_t middle = GUARD + HEIGHT / 2;
    bt_film *outside = lamp_through(s, GUARD - 4, middle, 1e8f);
    bt_film *inside = lamp_through(s, GUARD + 40, middle, 1e8f);
    for (int off = 4; off < 40; off += 3) {
        double got = (double)outside->rate_e_s[HEIGHT / 2 * WIDTH + (uint32_t)off - 4];
        double want = (double)inside->rate_e_s[HEIGHT / 2 * WIDTH + 40 + (uint32_t)off];
        CHECK_NEAR(got / want, 1.0, 0.02);
        CHECK(got > 1.0);
    }
    bt_film_destroy(outside);
    bt_film_destroy(inside);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

// ---- double image, variance -------------------------------------------------------------------
// A copy 7 px aside with its share of the light.
static void test_double_image(void)
{
    glass g = {.pupil = {.f_number = 2.0}, .double_x_px = 7.0, .double_ratio = 0.0132};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    bt_film *out = lamp_through(s, GUARD + 60, GUARD + 60, 1e6f);
    g.double_ratio = 0.0;
    bt_kernel *bare = kernel_of(&desc);
    bt_spread *bare_s = spread_of(bare);
    bt_film *without = lamp_through(bare_s, GUARD + 60, GUARD + 60, 1e6f);
    double ghost = 0.0, moment = 0.0, direct = 0.0;
    for (int j = -2; j <= 2; j++)
        for (int i = -2; i <= 2; i++) {
            size_t at = (size_t)((60 + j) * (int)WIDTH + 67 + i);
            double more = (double)out->rate_e_s[at] - (double)without->rate_e_s[at];
            ghost += more;
            moment += i * more;
            direct += (double)without->rate_e_s[at - 7];
        }
    CHECK_NEAR(ghost / direct / 0.0132, 1.0, 0.02);
    CHECK_NEAR(moment / ghost, 0.0, 0.02);
    bt_film_destroy(out);
    bt_film_destroy(without);
    bt_spread_destroy(s);
    bt_spread_destroy(bare_s);
    bt_kernel_destroy(k);
    bt_kernel_destroy(bare);
}

static void test_variance(void)
{
    glass g = {.pupil = {.f_number = 2.8}};
    bt_kernel_desc desc = desc_of(&g, 2.1e-6);
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    bt_film *film = film_of(WIDTH + 2 * GUARD, HEIGHT + 2 * GUARD, 1),
            *out = film_of(WIDTH, HEIGHT, 1);
    double want = 0.0;
    for (size_t i = 0; i < (size_t)film->width_px * film->height_px; i++) {
        film->rate_e_s[i] = 1.0f;
        film->variance_e2_s2[i] = 4.0f;
        film->samples[i] = (uint32_t)i;
    }
    for (size_t i = 0; i < bt_kernel_core_size(); i++)
        want += 4.0 * (double)k->core[i] * (double)k->core[i];
    CHECK_OK(bt_spread_apply(s, film, NULL, out));
    CHECK_NEAR((double)out->variance_e2_s2[50 * WIDTH + 50] / want, 1.0, 1e-4);
    CHECK(want < 4.0); // neighbours are averaged, not set against each other
    CHECK(out->samples[3 * WIDTH + 5] == (3 + GUARD) * film->width_px + 5 + GUARD);
    bt_film_destroy(film);
    bt_film_destroy(out);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

// A lamp's ghost: at scale times its place, with its share.
static void test_ghost(void)
{
    glass g = {.pupil = {.f_number = 2.0}};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    bt_kernel *k = kernel_of(&desc);
    bt_spread_desc wanted = {.kernel = k,
                             .axis_x_px = 0.5 * (k->film_width_px - 1.0),
                             .axis_y_px = 0.5 * (k->film_height_px - 1.0),
                             .shape = {.f_number = 2.0},
                             .ghost_count = 1,
                             .ghosts = {{-0.7, 6.0, 0.01}}};
    bt_spread *with = NULL, *without = spread_of(k);
    CHECK_OK(bt_spread_create(&wanted, NULL, &with));
    uint32_t x = GUARD + 130, y = GUARD + 40;
    bt_film *a = lamp_through(with, x, y, 1e8f), *b = lamp_through(without, x, y, 1e8f);
    double sum = 0.0, mx = 0.0, my = 0.0;
    for (uint32_t j = 0; j < HEIGHT; j++)
        for (uint32_t i = 0; i < WIDTH; i++) {
            double more = (double)a->rate_e_s[j * WIDTH + i] - (double)b->rate_e_s[j * WIDTH + i];
            sum += more;
            mx += i * more;
            my += j * more;
        }
    // all but the threshold of the lamp is bright
    CHECK_NEAR(sum / 1e6, 1.0, 0.01);
    CHECK_NEAR(mx / sum, 79.5 - 0.7 * (130 - 79.5), 0.1);
    CHECK_NEAR(my / sum, 59.5 - 0.7 * (40 - 59.5), 0.1);
    bt_film_destroy(a);
    bt_film_destroy(b);
    bt_spread_destroy(with);
    bt_spread_destroy(without);
    bt_kernel_destroy(k);
}

// Same bytes for one thread and three.
static void test_threads(void)
{
    glass g = {.pupil = {.f_number = 2.0, .blades = 5},
               .axis_x_px = 90.0,
               .axis_y_px = 70.0,
               .scratch_width = 0.01,
               .turn_per_px = 0.003};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    desc.core_nodes = desc.halo_nodes = 2;
    bt_jobs *jobs = NULL;
    CHECK_OK(bt_jobs_create(3, &jobs));
    bt_film *film = film_of(WIDTH + 2 * GUARD, HEIGHT + 2 * GUARD, 1), *out[2];
    for (size_t i = 0; i < (size_t)film->width_px * film->height_px; i++)
        film->rate_e_s[i] = i % 997 == 0 ? 1e6f : (float)(i % 13);
    for (int i = 0; i < 2; i++) {
        bt_kernel *k = NULL;
        bt_spread *s = NULL;
        bt_spread_desc wanted = {.ghost_count = 1, .ghosts = {{-0.7, 20.0, 0.01}}};
        CHECK_OK(bt_kernel_create(&desc, i ? jobs : NULL, &k));
        wanted.kernel = k;
        wanted.shape = g.pupil;
        CHECK_OK(bt_spread_create(&wanted, i ? jobs : NULL, &s));
        out[i] = film_of(WIDTH, HEIGHT, 1);
        CHECK_OK(bt_spread_apply(s, film, i ? jobs : NULL, out[i]));
        bt_spread_destroy(s);
        bt_kernel_destroy(k);
    }
    CHECK(memcmp(out[0]->rate_e_s, out[1]->rate_e_s, WIDTH * HEIGHT * sizeof(float)) == 0);
    bt_film_destroy(out[0]);
    bt_film_destroy(out[1]);
    bt_film_destroy(film);
    bt_jobs_destroy(jobs);
}

static void test_bad_input(void)
{
    glass g = {.pupil = {.f_number = 2.0, .focus_shift_m = 1e-3}};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    bt_kernel *k = NULL;
    CHECK(bt_kernel_create(&desc, NULL, &k) == BT_ERR_INPUT && k == NULL);
    CHECK_CONTAINS(bt_error_message(), "wavefront turns by");
    g.pupil.focus_shift_m = 0.0;
    k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    bt_film *film = film_of(WIDTH, HEIGHT, 1), *out = film_of(WIDTH, HEIGHT, 1);
    CHECK(bt_spread_apply(s, film, NULL, out) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "film is 160 x 120 x 1, expected 192 x 152 x 1");
    bt_film_destroy(film);
    bt_film_destroy(out);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

int main(void)
{
    test_mtf();
    test_field();
    test_knife_edge();
    test_reach();
    test_guard();
    test_double_image();
    test_variance();
    test_ghost();
    test_threads();
    test_bad_input();
    return check_end();
}
