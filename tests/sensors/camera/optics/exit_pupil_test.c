// exit_pupil_test.c: point spreads against closed forms: Airy, Rayleigh, Strehl, Babinet.
#include "sensors/camera/optics/pupil.h"

#include "engine/core/memory.h"
#include "engine/math/pose.h"
#include "sensors/camera/optics/scatter.h"
#include "tests/support/check.h"

#define LAMBDA_M 550e-9

static bt_fourier *fourier, *small; // 1024 and 512 points a side

static bt_spread_table table_with(const bt_exit_pupil *pupil, double across, double focus_shift_m,
                                  const bt_fourier *with, uint32_t n)
{
    bt_pupil_grid grid;
    bt_spread_table table;
    CHECK_OK(bt_pupil_grid_init(pupil, across, false, &grid));
    CHECK_OK(bt_spread_table_init(&grid, LAMBDA_M, focus_shift_m, with, n, false, &table));
    bt_pupil_grid_clear(&grid);
    return table;
}

static bt_spread_table table_of(const bt_exit_pupil *pupil, double across, double focus_shift_m)
{
    return table_with(pupil, across, focus_shift_m, fourier, 1024);
}

// Energy per square unit at a point of the table's lattice, (i, j) steps off the middle.
static double at(const bt_spread_table *t, int i, int j)
{
    double x = i * t->step, y = j * t->step, h = 0.5 * t->step;
    return bt_spread_table_box(t, x - h, y - h, x + h, y + h) / (t->step * t->step);
}

// [2 J1(x) / x]^2, x = pi r / (lambda N).
static double airy(double x)
{
    double a = x > 0.0 ? 2.0 * j1(x) / x : 1.0;
    return a * a;
}

// Born and Wolf, 8.5.2: rings, first dark ring at 1.22 lambda N, energy within.
static void test_airy(void)
{
    bt_exit_pupil pupil = {.f_number = 2.0};
    bt_spread_table t = table_of(&pupil, 40.0, 0.0);
    double peak = at(&t, 0, 0), lambda_n = 0.5; // in units of 2 lambda N
    CHECK_NEAR(peak, BT_PI, 0.01 * BT_PI);      // area over the square of 2 lambda N
    double worst = 0.0;
    for (int i = 1; i * t.step < 5.0 * lambda_n; i++) {
        double x = BT_PI * i * t.step / lambda_n, ring = 8.0 / (BT_PI * x * x * x); // its envelope
        worst = fmax(worst, fabs(at(&t, i, 0) / peak - airy(x)) / fmin(ring, 1.0));
    }
    CHECK_NEAR(worst, 0.0, 0.01);
    int dark = 1;
    while (at(&t, dark + 1, 0) < at(&t, dark, 0))
        dark++;
    double a = at(&t, dark - 1, 0), b = at(&t, dark, 0), c = at(&t, dark + 1, 0);
    double zero = (dark + 0.5 * (a - c) / (a - 2.0 * b + c)) * t.step / lambda_n;
    CHECK_NEAR(2.0 * zero, 2.44, 0.01);

    static const double radii[] = {0.61, 1.22, 2.233, 5.0, 12.0};
    for (int k = 0; k < 5; k++) {
        double sum = 0.0;
        int reach = (int)(radii[k] * lambda_n / t.step) + 1;
        for (int j = -reach; j <= reach; j++)
            for (int i = -reach; i <= reach; i++) {
                double off = radii[k] * lambda_n / t.step - hypot(i, j);
                sum += at(&t, i, j) * t.step * t.step * bt_clamp(off + 0.5, 0.0, 1.0);
            }
        CHECK_NEAR(sum, bt_airy_within(BT_PI * radii[k]), 0.005);
    }
    bt_spread_table_clear(&t);
}

// (2/pi)(acos v - v sqrt(1 - v^2)), v = f lambda N: Goodman 6.4.
static void test_perfect_mtf(void)
{
    bt_exit_pupil pupil = {.f_number = 2.0};
    bt_spread_table t = table_of(&pupil, 112.0, 0.0);
    for (double v = 0.05; v < 1.0; v += 0.1) {
        double sum = 0.0;
        for (int i = -511; i < 512; i++) {
            double x = i * t.step, h = 0.5 * t.step, reach = bt_spread_table_reach(&t);
            // f = v / (lambda N) = 2 v per unit
            sum += bt_spread_table_box(&t, x - h, -reach, x + h, reach) * cos(4.0 * BT_PI * v * x);
        }
        // the table is made to be read with a cell's blur
        double blur = sin(2.0 * BT_PI * v * t.step) / (2.0 * BT_PI * v * t.step);
        CHECK_NEAR(sum * blur, 2.0 / BT_PI * (acos(v) - v * sqrt(1.0 - v * v)), 0.004);
    }
    bt_spread_table_clear(&t);
}

// The same from the transform, and nothing beyond 1, however far.
static void test_transfer(void)
{
    bt_exit_pupil pupil = {.f_number = 2.0};
    bt_pupil_grid grid;
    bt_spread_table t;
    double zero[2], at[2];
    CHECK_OK(bt_pupil_grid_init(&pupil, 40.0, false, &grid));
    CHECK_OK(bt_spread_table_init(&grid, LAMBDA_M, 0.0, small, 512, true, &t));
    bt_spread_table_transfer(&t, 0.0, 0.0, zero);
    for (double v = 0.05; v < 1.0; v += 0.1) {
        bt_spread_table_transfer(&t, -2.0 * v, 0.0, at);
        double truth = 2.0 / BT_PI * (acos(v) - v * sqrt(1.0 - v * v));
        CHECK_NEAR(hypot(at[0], at[1]) / zero[0], truth, 0.01);
    }
    for (double v = 1.2; v < 1000.0; v *= 1.7) {
        bt_spread_table_transfer(&t, -2.0 * v, 2.0 * v, at);
        CHECK_NEAR(hypot(at[0], at[1]), 0.0, 1e-3);
    }
    bt_spread_table_clear(&t);
    bt_pupil_grid_clear(&grid);
}

// Noll 1976: orthonormal on the disc.
static void test_zernikes(void)
{
    for (uint32_t a = 1; a <= 15; a++)
        for (uint32_t b = a; b <= 15; b++) {
            double sum = 0.0;
            int count = 80, inside = 0;
            for (int j = -count; j <= count; j++)
                for (int i = -count; i <= count; i++) {
                    double x = (double)i / count, y = (double)j / count;
                    if (x * x + y * y > 1.0) continue;
                    sum += bt_zernike(a, x, y) * bt_zernike(b, x, y);
                    inside++;
                }
            CHECK_NEAR(sum / inside, a == b ? 1.0 : 0.0, 0.02);
        }
    // table I: defocus, astigmatism, coma, spherical
    double x = 0.3, y = 0.6, r2 = x * x + y * y;
    CHECK_NEAR(bt_zernike(4, x, y), sqrt(3.0) * (2.0 * r2 - 1.0), 1e-12);
    CHECK_NEAR(bt_zernike(5, x, y), sqrt(6.0) * 2.0 * x * y, 1e-12);
    CHECK_NEAR(bt_zernike(6, x, y), sqrt(6.0) * (x * x - y * y), 1e-12);
    CHECK_NEAR(bt_zernike(8, x, y), sqrt(8.0) * (3.0 * r2 - 2.0) * x, 1e-12);
    CHECK_NEAR(bt_zernike(11, x, y), sqrt(5.0) * (6.0 * r2 * r2 - 6.0 * r2 + 1.0), 1e-12);
    CHECK(bt_zernike_order(8) == 1 && bt_zernike_order(6) == 2 && bt_zernike_order(11) == 0);
}

// Strehl's ratio exp(-(2 pi sigma)^2) for any small aberration (Mahajan 1983), and for a defocus of w
// waves [sin(pi w) / (pi w)]^2 exactly, w = z / (8 N^2 lambda).
static void test_strehl(void)
{
    bt_exit_pupil flat = {.f_number = 2.0};
    bt_spread_table t = table_with(&flat, 50.0, 0.0, small, 512);
    double peak = at(&t, 0, 0);
    bt_spread_table_clear(&t);
    static const uint32_t kinds[] = {4, 6, 8, 11, 22};
    for (int k = 0; k < 5; k++) {
        double sigma = 0.04; // waves
        bt_exit_pupil bent = {
            .f_number = 2.0, .zernike_count = 1, .zernikes = {{kinds[k], sigma * LAMBDA_M, 0.0}}};
        t = table_with(&bent, 50.0, 0.0, small, 512);
        double most = 0.0; // coma moves the peak
        for (int j = -3; j <= 3; j++)
            for (int i = -3; i <= 3; i++)
                most = fmax(most, at(&t, i, j));
        double strehl = exp(-4.0 * BT_PI * BT_PI * sigma * sigma);
        CHECK_NEAR(most / peak, strehl, 0.006);
        CHECK_NEAR(t.passed, 1.0, 1e-9);
        bt_spread_table_clear(&t);
    }
    for (double waves = 0.25; waves <= 1.5; waves += 0.25) {
        t = table_with(&flat, 50.0, waves * LAMBDA_M * 8.0 * 4.0, small, 512);
        double u = BT_PI * waves, want = sin(u) / u * sin(u) / u;
        CHECK_NEAR(at(&t, 0, 0) / peak, want, 0.004);
        bt_spread_table_clear(&t);
    }
}

// A polygon of straight blades has the disc's area, and throws light at right angles to its blades.
static void test_blades(void)
{
    bt_exit_pupil pupil = {.f_number = 2.0, .blades = 6, .blade_rotation_rad = 0.2};
    bt_spread_table t = table_of(&pupil, 40.0, 0.0);
    CHECK_NEAR(at(&t, 0, 0), BT_PI, 0.01 * BT_PI);
    bt_spread_table_clear(&t);
    t = table_of(&pupil, 200.0, 0.0);
    double on = 0.0, off = 0.0; // along a blade's normal, and half-way to the next
    for (double r = 20.0; r < 60.0; r += 0.1) {
        for (int k = 0; k < 2; k++) {
            double turn = 0.2 + (k ? BT_PI / 6.0 : 0.0), x = r * cos(turn), y = r * sin(turn);
            double e = bt_spread_table_box(&t, x - 1.0, y - 1.0, x + 1.0, y + 1.0);
            *(k ? &off : &on) += e;
        }
    }
    CHECK(on > 10.0 * off);
    bt_spread_table_clear(&t);
}

// ---- scratches --------------------------------------------------------------------------------
#define SCRATCH_WIDTH 0.04
// A straight line through the middle: of a circle so large that it bends by nothing.
static bt_exit_pupil scratched(double normal_rad)
{
    double far = 1e5;
    bt_exit_pupil pupil = {.f_number = 2.0, .scratch_count = 1};
    pupil.scratches[0] = (bt_pupil_scratch){.x0 = -far * cos(normal_rad),
                                            .y0 = -far * sin(normal_rad),
                                            .stretch = 1.0,
                                            .radius = far,
                                            .width = SCRATCH_WIDTH,
                                            .loss = 1.0};
    return pupil;
}

// Babinet: a covered share c leaves (1 - c)^2 of the peak and 1 - c of the light.
static void test_babinet(void)
{
    for (int k = 0; k < 2; k++) {
        bt_exit_pupil bare = {.f_number = 2.0}, pupil = scratched(0.7 * k);
        bt_spread_table a = table_of(&bare, 200.0, 0.0), b = table_of(&pupil, 200.0, 0.0);
        double covered = SCRATCH_WIDTH * 2.0 / BT_PI; // a chord through the middle
        CHECK_NEAR(1.0 - b.passed, covered, 0.01 * covered);
        CHECK_NEAR(1.0 - sqrt(at(&b, 0, 0) / at(&a, 0, 0)), covered, 0.01 * covered);
        bt_spread_table_clear(&a);
        bt_spread_table_clear(&b);
    }
}

// The streak lies along the scratch's normal, within half a degree.
static void test_streak_angle(void)
{
    for (int k = 0; k < 2; k++) {
        double normal = 0.3 + 0.8 * k, moment_x = 0.0, moment_y = 0.0;
        bt_exit_pupil bare = {.f_number = 2.0}, pupil = scratched(normal);
        bt_spread_table a = table_of(&bare, 200.0, 0.0), b = table_of(&pupil, 200.0, 0.0);
        for (int j = -60; j <= 60; j++)
            for (int i = -60; i <= 60; i++) {
                double x = 0.4 * i, y = 0.4 * j, r = hypot(x, y);
                if (r < 6.0 || r > 22.0) continue;
                double e = bt_spread_table_box(&b, x - 0.2, y - 0.2, x + 0.2, y + 0.2) -
                           bt_spread_table_box(&a, x - 0.2, y - 0.2, x + 0.2, y + 0.2);
                moment_x += e * (x * x - y * y) / (r * r);
                moment_y += e * 2.0 * x * y / (r * r);
            }
        double got = 0.5 * atan2(moment_y, moment_x);
        double off = fmod(got - normal + 2.5 * BT_PI, BT_PI) - 0.5 * BT_PI;
        CHECK_NEAR(off / BT_RAD_PER_DEG, 0.0, 0.5);
        bt_spread_table_clear(&a);
        bt_spread_table_clear(&b);
    }
}

// Along it sinc^2(w sin(theta) / lambda): w in radii times cycles per radius; adding up to c (1 - c).
static void test_streak_envelope(void)
{
    bt_exit_pupil bare = {.f_number = 2.0}, pupil = scratched(0.0);
    bt_spread_table a = table_of(&bare, 200.0, 0.0), b = table_of(&pupil, 200.0, 0.0);
    double covered = SCRATCH_WIDTH * 2.0 / BT_PI;
    static const double places[] = {6.0, 10.0, 15.0, 20.0, 32.0, 37.0};
    for (int k = 0; k < 6; k++) {
        double q = places[k], half = 2.0, strip = 3.0, got = 0.0, want = 0.0;
        got = bt_spread_table_box(&b, q - half, -strip, q + half, strip) -
              bt_spread_table_box(&a, q - half, -strip, q + half, strip);
        for (double x = q - half + 0.005; x < q + half; x += 0.01) {
            double u = BT_PI * SCRATCH_WIDTH * x;
            want += 0.01 * covered * SCRATCH_WIDTH * sin(u) / u * sin(u) / u;
        }
        CHECK_NEAR(got / want, 1.0, 0.06);
    }
    // dark where w q = 1
    double dark = bt_spread_table_box(&b, 24.5, -3.0, 25.5, 3.0);
    double light = bt_spread_table_box(&b, 9.5, -3.0, 10.5, 3.0);
    CHECK(dark < 0.03 * light);
    bt_spread_table_clear(&a);
    bt_spread_table_clear(&b);
}

// Grit of one wiper: neighbouring directions meet the same scratches, turned as the arc turns.
static void test_pane_scratches(void)
{
    double rake = 60.0 * BT_RAD_PER_DEG;
    bt_vec3 x = {1, 0, 0}, y = {0, cos(rake), sin(rake)};
    bt_pane_marks marks = {
        .cam_from_glass = {{0, 0, 0.06}, bt_quat_from_axes(x, y, bt_vec3_cross(x, y))},
        .pivot_count = 1,
        .pivot_m = {{0.2, 0.5}},
        .scratches_per_m = 2000.0,
        .scratch_width_m = 20e-6,
        .scratch_loss = 1.0,
        .seed = 7};
    bt_exit_pupil a = {.f_number = 2.0}, b = {.f_number = 2.0};
    CHECK(bt_pane_scratches(&marks, 0.0, 0.0, 1.2e-3, &a) == 0);
    CHECK(bt_pane_scratches(&marks, 0.001, 0.0, 1.2e-3, &b) == 0);
    CHECK(a.scratch_count >= 3 && a.scratch_count <= 30);
    int same = 0;
    for (uint32_t i = 0; i < a.scratch_count; i++)
        for (uint32_t k = 0; k < b.scratch_count; k++)
            same += a.scratches[i].radius == b.scratches[k].radius;
    CHECK(same + 2 >= (int)a.scratch_count);
    // on the axis the pane's coordinates are x and y / cos(rake)
    CHECK_NEAR(a.scratches[0].stretch, 2.0, 1e-9);
    CHECK_NEAR(a.scratches[0].shear, 0.0, 1e-12);
    CHECK_NEAR(a.scratches[0].x0 * 1.2e-3, 0.2, 1e-9);
    CHECK_NEAR(a.scratches[0].y0 * 1.2e-3 * 2.0, 0.5, 1e-9);
}

// Places of the pane that a pencil of rays meets, against rays one by one.
static void test_footprint(void)
{
    bt_pose glass = {{0.01, -0.02, 0.08}, bt_quat_normalize((bt_quat){0.85, 0.45, 0.1, -0.05})};
    bt_vec3 normal = bt_pose_dir(glass, (bt_vec3){0, 0, 1});
    double tan_x = 0.3, tan_y = -0.2, h = 1e-3;
    bt_pane_footprint f = bt_pane_footprint_of(glass, tan_x, tan_y);
    for (int k = 0; k < 5; k++) {
        bt_vec3 start = {h * (k == 1) - h * (k == 2), h * (k == 3) - h * (k == 4), 0};
        bt_vec3 along = {tan_x, tan_y, 1.0};
        double far =
            bt_vec3_dot(bt_vec3_sub(glass.pos, start), normal) / bt_vec3_dot(along, normal);
        bt_vec3 met = bt_pose_point(bt_pose_inverse(glass), bt_vec3_mad(start, along, far));
        CHECK_NEAR(met.x, f.x_m + f.slope[0][0] * start.x + f.slope[0][1] * start.y, 1e-12);
        CHECK_NEAR(met.y, f.y_m + f.slope[1][0] * start.x + f.slope[1][1] * start.y, 1e-12);
        CHECK_NEAR(met.z, 0.0, 1e-12);
    }
    // a scratch of a turned pane lies where its circle is
    bt_pane_marks marks = {.cam_from_glass = glass,
                           .pivot_count = 1,
                           .pivot_m = {{0.1, 0.3}},
                           .scratches_per_m = 500.0,
                           .scratch_width_m = 20e-6,
                           .scratch_loss = 1.0};
    bt_exit_pupil pupil = {.f_number = 2.0};
    CHECK(bt_pane_scratches(&marks, tan_x, tan_y, h, &pupil) == 0 && pupil.scratch_count > 0);
    for (uint32_t i = 0; i < pupil.scratch_count; i++) {
        const bt_pupil_scratch *s = &pupil.scratches[i];
        double scale = hypot(f.slope[0][0], f.slope[1][0]);
        for (double px = -0.8; px <= 0.8; px += 0.4) {
            double at_x = f.x_m + h * (f.slope[0][0] * px + f.slope[0][1] * 0.3) - 0.1;
            double at_y = f.y_m + h * (f.slope[1][0] * px + f.slope[1][1] * 0.3) - 0.3;
            double u = px - s->x0 + s->shear * (0.3 - s->y0), v = s->stretch * (0.3 - s->y0);
            CHECK_NEAR(hypot(u, v) * scale * h, hypot(at_x, at_y), 1e-9);
        }
    }
}

// A groove takes no light: what leaves the middle is all thrown aside. 1 - c (1 - t) of the amplitude
// stays, t = exp(i bend).
static void test_groove(void)
{
    bt_exit_pupil bare = {.f_number = 2.0}, pupil = scratched(0.6);
    pupil.scratches[0].loss = 0.0;
    pupil.scratches[0].bend_rad = 2.0;
    bt_spread_table a = table_of(&bare, 200.0, 0.0), b = table_of(&pupil, 200.0, 0.0);
    double covered = SCRATCH_WIDTH * 2.0 / BT_PI;
    double re = 1.0 - covered * (1.0 - cos(2.0)), im = covered * sin(2.0);
    CHECK_NEAR(b.passed, 1.0, 1e-9);
    CHECK_NEAR(at(&b, 0, 0) / at(&a, 0, 0), re * re + im * im, 0.001);
    bt_spread_table_clear(&a);
    bt_spread_table_clear(&b);
}

// What a cat's eye leaves is what was asked for.
static void test_clip(void)
{
    bt_exit_pupil bare = {.f_number = 2.0};
    for (double share = 0.3; share < 1.0; share += 0.2) {
        bt_exit_pupil cut = bare;
        cut.clip_x = bt_pupil_clip(share);
        bt_pupil_grid a, b;
        CHECK_OK(bt_pupil_grid_init(&bare, 100.0, true, &a));
        CHECK_OK(bt_pupil_grid_init(&cut, 100.0, true, &b));
        CHECK_NEAR(b.bare / a.bare, share, 0.005);
        bt_pupil_grid_clear(&a);
        bt_pupil_grid_clear(&b);
    }
}

int main(void)
{
    CHECK_OK(bt_fourier_create_square(1024, &fourier));
    CHECK_OK(bt_fourier_create_square(512, &small));
    test_airy();
    test_perfect_mtf();
    test_transfer();
    test_zernikes();
    test_strehl();
    test_blades();
    test_babinet();
    test_streak_angle();
    test_streak_envelope();
    test_pane_scratches();
    test_footprint();
    test_groove();
    test_clip();
    bt_fourier_destroy(fourier);
    bt_fourier_destroy(small);
    return check_end();
}
