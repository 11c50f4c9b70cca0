// spread_far_test.c: light that a lens throws far, against closed forms: energy, halo, streaks of edges and scratches.
#include "tests/sensors/camera/optics/spread_fixture.h"

// ---- energy -----------------------------------------------------------------------------------
static double sum_of(const bt_film *film)
{
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)film->width_px * film->height_px; i++)
        sum += (double)film->rate_e_s[i];
    return sum;
}

// What a point's light brings to the picture, with the share beyond it by the closed form: Airy's
// and haze's encircled energy at the picture's border (between its inscribed and outer circle).
static void test_energy(void)
{
    glass g = {.pupil = {.f_number = 2.0}};
    for (int hazy = 0; hazy < 2; hazy++) {
        bt_kernel_desc desc = desc_of(&g, 3.75e-6);
        if (hazy) {
            desc.lens_haze = (bt_haze){0.2, 0.02, 2.5, false};
            desc.dust = (bt_dust){0.05, 30e-6, 0.4};
            desc.film = (bt_haze){0.1, 0.05, 3.0, false};
        }
        bt_kernel *k = kernel_of(&desc);
        bt_spread *s = spread_of(k);
        bt_film *out = lamp_through(s, GUARD + WIDTH / 2, GUARD + HEIGHT / 2, 1e9f);
        double got = sum_of(out) * 1e-9, passed = hazy ? 0.95 : 1.0;
        CHECK_NEAR(k->passed[0], passed, 1e-6);
        double lost = 0.2 / (HEIGHT / 2 * 3.75e-6 / (LAMBDA_M * 2.0)); // 2 / (pi^2 r / lambda N)
        if (!hazy) CHECK_NEAR(got, 1.0 - lost, 0.002);
        if (hazy) {
            double sines[2] = {60.0 / hypot(60.0, 160.0), 100.0 / hypot(100.0, 160.0)}, within[2];
            for (int i = 0; i < 2; i++)
                within[i] = 0.95 * 0.2 * bt_haze_within(&desc.lens_haze, sines[i]) +
                            0.95 * 0.8 * 0.1 * bt_haze_within(&desc.film, sines[i]) +
                            0.95 * 0.8 * 0.9;
            CHECK(got > within[0] - 0.005 && got < within[1] + 0.005);
            if (!(got > within[0] - 0.005 && got < within[1] + 0.005))
                fprintf(stderr, "    %g, between %g and %g\n", got, within[0], within[1]);
        }
        // a sun of 1e9: nothing rings below 0, nothing is missed; next to the middle a tap may be 0, for
        // the filter has spread light there
        int below = 0, dark = 0;
        for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
            below += out->rate_e_s[i] < 0.0f;
            dark += out->rate_e_s[i] < 1.0f;
        }
        CHECK(below == 0 && dark <= 8);
        bt_film_destroy(out);
        bt_spread_destroy(s);
        bt_kernel_destroy(k);
    }
}

// Far out an Airy pattern falls as 4 / (pi^4 r^3) per (lambda N)^2 times pi / 4, on average, over six
// decades; faint and bright lamps alike, splatted or transformed.
static void test_halo(void)
{
    glass g = {.pupil = {.f_number = 2.0}};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    bt_film *film = film_of(WIDTH + 2 * GUARD, HEIGHT + 2 * GUARD, 1),
            *even = film_of(WIDTH, HEIGHT, 1);
    bt_film *out = lamp_through(s, GUARD + WIDTH / 2, GUARD + HEIGHT / 2, 1e9f);
    double unit = 3.75e-6 / (LAMBDA_M * 2.0);
    for (int r = 12; r <= 52; r += 8) {
        double sum = 0.0, x = r * unit, want = 1e9 * unit * unit / (pow(BT_PI, 3.0) * x * x * x);
        int count = 0;
        for (int j = -r - 1; j <= r + 1; j++)
            for (int i = -r - 1; i <= r + 1; i++)
                if (fabs(hypot(i, j) - r) < 1.5) {
                    sum +=
                        (double)
                            out->rate_e_s[((int)HEIGHT / 2 + j) * (int)WIDTH + (int)WIDTH / 2 + i];
                    count++;
                }
        CHECK_NEAR(sum / count / want, 1.0, 0.06);
    }
    // a plane of even light stays even: all of it by transforms
    for (size_t i = 0; i < (size_t)film->width_px * film->height_px; i++)
        film->rate_e_s[i] = 50.0f;
    CHECK_OK(bt_spread_apply(s, film, NULL, even));
    CHECK_NEAR((double)even->rate_e_s[60 * WIDTH + 80], 50.0, 0.15);
    bt_film_destroy(out);
    bt_film_destroy(even);
    bt_film_destroy(film);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

// Mean over a ring of 3 pixels about (x0, y0) over Keller's third power, for a lamp of 1.
static double ring_over_keller(const bt_film *out, int x0, int y0, double r, double unit)
{
    double sum = 0.0, want = 0.0;
    for (int y = 0; y < (int)out->height_px; y++)
        for (int x = 0; x < (int)out->width_px; x++) {
            double d = hypot(x - x0, y - y0);
            if (fabs(d - r) >= 1.5) continue;
            sum += (double)out->rate_e_s[y * (int)out->width_px + x];
            want += unit * unit / pow(BT_PI * d * unit, 3.0);
        }
    return sum / want;
}

// From pixels to blocks (about 38 to 58 px) and on the halo goes as Keller says, wherever in a block the lamp
// is: linear weights of blocks leave 3 % where they begin.
static void test_hand_over(void)
{
    enum { SIDE = 288, MIDDLE = 144 };
    glass g = {.pupil = {.f_number = 2.0}};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    desc.film_width_px = desc.film_height_px = SIDE;
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    CHECK(k->near_radius == 64);
    double worst_near = 0.0, worst_far = 0.0;
    for (int off = 0; off < 8; off += 4) {
        bt_film *film = film_of(SIDE, SIDE, 1), *out = film_of(SIDE, SIDE, 1);
        film->rate_e_s[(MIDDLE + off) * SIDE + MIDDLE + off] = 1.0f;
        CHECK_OK(bt_spread_apply(s, film, NULL, out));
        for (int r = 28; r <= 132; r += 4) {
            double over =
                ring_over_keller(out, MIDDLE + off, MIDDLE + off, r, 3.75e-6 / (LAMBDA_M * 2.0));
            double *worst = r < 66 ? &worst_near : &worst_far;
            *worst = fmax(*worst, fabs(over - 1.0));
        }
        bt_film_destroy(film);
        bt_film_destroy(out);
    }
    printf("halo: %.3f of Keller's off to 64 px, %.3f beyond\n", worst_near, worst_far);
    CHECK(worst_near < 0.03);
    CHECK(worst_far < 0.012);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

// ---- streaks ----------------------------------------------------------------------------------
// The far part as it is read, linear between blocks, at an offset from the lamp.
static double far_at(const bt_kernel *k, double x_px, double y_px)
{
    double x = x_px / BT_KERNEL_BLOCK + k->far_rx, y = y_px / BT_KERNEL_BLOCK + k->far_ry;
    size_t i = (size_t)x, j = (size_t)y, side = 2 * (size_t)k->far_rx + 1;
    const float *a = k->far + j * side + i, *b = a + side;
    double u = x - (double)i, v = y - (double)j;
    return (1.0 - v) * ((1.0 - u) * (double)a[0] + u * (double)a[1]) +
           v * ((1.0 - u) * (double)b[0] + u * (double)b[1]);
}

// A thin streak through blocks: a tent that is read linearly is half as high between two blocks as on
// one, twice as wide, and never less; blocks that took in their own squares alone made beads of 1 : 35.
static void test_streaks(void)
{
    glass g = {.pupil = {.f_number = 2.0, .blades = 6, .blade_rotation_rad = 0.2}};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    desc.film_width_px = desc.film_height_px = 400;
    bt_kernel *k = kernel_of(&desc);
    double worst = 0.0, angle = 0.0, most = 0.0;
    for (double a = 0.0; a < 2.0 * BT_PI; a += 0.002)
        if (far_at(k, 160.0 * cos(a), 160.0 * sin(a)) > most) {
            most = far_at(k, 160.0 * cos(a), 160.0 * sin(a));
            angle = a;
        }
    double beside = far_at(k, 160.0 * cos(angle + 0.5), 160.0 * sin(angle + 0.5));
    for (double r = 120.0; r < 360.0; r += 1.0) {
        double least = INFINITY, best = 0.0;
        for (double s = r; s < r + 16.0; s += 1.0) {
            double value = far_at(k, s * cos(angle), s * sin(angle)) * s * s * s;
            least = fmin(least, value);
            best = fmax(best, value);
        }
        worst = fmax(worst, best / least);
    }
    printf("streak at %.3f rad, %.0f times what is beside it: beads of 1 : %.2f\n", angle,
           most / beside, worst);
    CHECK(most > 10.0 * beside);
    CHECK(worst < 2.0);
    bt_kernel_destroy(k);
}

// A lamp's streak, in a large film: energy within `half` px of the line along `turn`, from REACH before to
// REACH beyond a distance: so long that a pixel more or less is 2 % of it.
#define REACH 20.0
static double strip(const bt_film *out, int x0, int y0, double turn, double r, double half)
{
    double sum = 0.0, c = cos(turn), s = sin(turn);
    for (int y = 0; y < (int)out->height_px; y++)
        for (int x = 0; x < (int)out->width_px; x++) {
            double along = (x - x0) * c + (y - y0) * s, off = (y - y0) * c - (x - x0) * s;
            if (fabs(along - r) < REACH && fabs(off) < half)
                sum += (double)out->rate_e_s[y * (int)out->width_px + x];
        }
    return sum;
}

// Scratches throw thin lines however far, each place's own: before and beyond where far light is told by
// blocks (near radius 64) a streak has the slit's energy, nearly all of it within a pixel and a half, and runs
// as the scratch of the lamp's place, between nodes too; nothing runs as the nodes' do.
static void test_scratch_streaks(void)
{
    enum { SIDE = 480, X = 180, Y = 250 };
    glass g = {.pupil = {.f_number = 2.0}, .scratch_width = 0.012, .turn_per_px = 0.4 / SIDE};
    g.axis_x_px = g.axis_y_px = 0.5 * (SIDE - 1.0);
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    desc.film_width_px = desc.film_height_px = SIDE;
    desc.core_nodes = desc.halo_nodes = 3;
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    bt_film *film = film_of(SIDE, SIDE, 1), *out = film_of(SIDE, SIDE, 1);
    film->rate_e_s[Y * SIDE + X] = 1e9f;
    CHECK_OK(bt_spread_apply(s, film, NULL, out));
    double turn = 0.3 + g.turn_per_px * (X - g.axis_x_px), unit = 3.75e-6 / (2.0 * LAMBDA_M * 2.0);
    double share = 2.0 * g.scratch_width / BT_PI;
    CHECK(k->near_radius == 64);
    static const double at_px[] = {42.0, 64.0, 80.0, 115.0};
    for (size_t i = 0; i < sizeof at_px / sizeof at_px[0]; i++) {
        double r = at_px[i];
        double want = 0.0;
        double halo = 0.0; // the bare lens's own lies in the strip, too
        for (double x = r - REACH + 0.05; x < r + REACH; x += 0.1) {
            want += 0.1 * 1e9 * share * g.scratch_width * unit *
                    pow(sinc(g.scratch_width * unit * x), 2.0);
            halo += 0.1 * 3.0 * 0.5e9 * unit * unit / pow(BT_PI * x * unit, 3.0);
        }
        double thin = strip(out, X, Y, turn, r, 1.5), wide = strip(out, X, Y, turn, r, 8.0);
        double other = strip(out, X, Y, turn + 0.15, r, 1.5); // halfway to the next node's
        printf("scratch at %3.0f px: %.4f of the closed form, %.3f within 1.5 px, %.4f elsewhere\n",
               r, (thin - halo) / want, (thin - halo) / (wide - 16.0 / 3.0 * halo),
               (other - halo) / want);
        CHECK_NEAR((thin - halo) / want, 1.0, 0.05);
        CHECK_NEAR((thin - halo) / (wide - 16.0 / 3.0 * halo), 1.0, 0.06);
        CHECK_NEAR((other - halo) / want, 0.0, 0.02);
    }
    // energy: what is thrown and what is left make up what a covered share does not take
    double sum = 0.0;
    for (size_t i = 0; i < SIDE * SIDE; i++)
        sum += (double)out->rate_e_s[i] / 1e9;
    printf("scratch: %.5f of the light, passed %.5f\n", sum, k->passed[0]);
    CHECK_NEAR(k->passed[0], 1.0 - share, 0.01 * share);
    CHECK_NEAR(sum, 1.0 - share, 0.012); // the halo and the streak beyond the film
    bt_film_destroy(film);
    bt_film_destroy(out);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

// Even light has no streaks and loses what the scratches take, wherever blocks are bright or not.
static void test_scratch_veil(void)
{
    glass g = {.pupil = {.f_number = 2.0}, .scratch_width = 0.05};
    bt_kernel_desc desc = desc_of(&g, 3.75e-6);
    bt_kernel *k = kernel_of(&desc);
    bt_spread *s = spread_of(k);
    bt_film *film = film_of(WIDTH + 2 * GUARD, HEIGHT + 2 * GUARD, 1),
            *out = film_of(WIDTH, HEIGHT, 1);
    for (size_t i = 0; i < (size_t)film->width_px * film->height_px; i++)
        film->rate_e_s[i] = 50.0f;
    CHECK_OK(bt_spread_apply(s, film, NULL, out));
    // of what the streak throws 7 % leaves the film from its middle
    CHECK_NEAR((double)out->rate_e_s[60 * WIDTH + 80] / 50.0, 1.0 - 0.1 / BT_PI, 0.006);
    bt_film_destroy(film);
    bt_film_destroy(out);
    bt_spread_destroy(s);
    bt_kernel_destroy(k);
}

int main(void)
{
    test_energy();
    test_halo();
    test_hand_over();
    test_streaks();
    test_scratch_streaks();
    test_scratch_veil();
    return check_end();
}
