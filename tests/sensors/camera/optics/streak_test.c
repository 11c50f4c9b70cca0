// streak_test.c: streaks of scratches against closed forms and against the pupil's own Fourier transform.
#include "sensors/camera/optics/streak.h"

#include "engine/math/pose.h"
#include "tests/support/check.h"

#define LAMBDA_M 550e-9
#define PITCH_M 3.75e-6

static bt_streak_light light_of(double loss, double bend_rad)
{
    static const double lambda_m[1] = {LAMBDA_M}, weight[1] = {1.0};
    bt_streak_light light;
    bt_streak_desc desc = {.loss = loss,
                           .bend_rad = bend_rad,
                           .f_number = 2.0,
                           .pixel_pitch_m = PITCH_M,
                           .band_count = 1,
                           .wave_count = 1,
                           .lambda_m = lambda_m,
                           .weight = {weight}};
    bt_streak_light_init(&desc, &light);
    return light;
}

// Along it a slit's sinc^2, in sum |1 - z|^2; of a groove without loss and half a wave deep that is 4.
static void test_along(void)
{
    bt_streak_light light = light_of(1.0, 0.0), groove = light_of(0.0, BT_PI),
                    none = light_of(0.0, 0.0);
    double unit = PITCH_M / (2.0 * LAMBDA_M * 2.0), width = 0.01, sum = 0.0, worst = 0.0;
    for (int r = -40000; r <= 40000; r++)
        sum += bt_streak_along(&light, 0, width, fabs((double)r));
    CHECK_NEAR(sum, 1.0, 2e-3); // beyond 40000 px lie 2 / (2 pi^2 w unit 40000) = 1.5e-4
    for (double r = 1.0; r < 55.0; r += 1.0) { // to the first dark place, 58.7 px
        double x = BT_PI * width * r * unit, want = width * unit * pow(sin(x) / x, 2.0);
        worst = fmax(worst, fabs(bt_streak_along(&light, 0, width, r) - want) / (width * unit));
    }
    printf("slit: %.4f of its energy, along it off by %.4f of its height at worst\n", sum, worst);
    CHECK(worst < 0.005);
    CHECK_NEAR(light.thrown[0], 1.0, 1e-12);
    CHECK_NEAR(groove.thrown[0], 4.0, 1e-12);
    CHECK_NEAR(none.thrown[0], 0.0, 1e-12);
    double lost, thrown;
    // half the energy taken, no phase: t = sqrt(1/2); what is lost is thrown or taken
    bt_streak_energies(0.5, 0.0, LAMBDA_M, &lost, &thrown);
    CHECK_NEAR(lost, 2.0 * (1.0 - sqrt(0.5)), 1e-12);
    CHECK_NEAR(lost - thrown, 0.5, 1e-12);
    // a groove's phase falls with the wavelength
    bt_streak_energies(0.0, 1.0, 2.0 * BT_PUPIL_BEND_M, &lost, &thrown);
    CHECK_NEAR(thrown, 2.0 - 2.0 * cos(0.5), 1e-12);
}

// A scratch of radius 500 whose middle lies towards `turn`: all but straight through the pupil's middle.
static bt_pupil_scratch scratch_at(double turn, double width)
{
    return (bt_pupil_scratch){.x0 = 500.0 * cos(turn),
                              .y0 = 500.0 * sin(turn),
                              .stretch = 1.0,
                              .radius = 500.0,
                              .width = width,
                              .loss = 1.0};
}

// A straight line through the middle: share 2 w / pi, streak across it, which fans out by the angle that
// 2 radii of the pupil are of 500.
static void test_pieces(void)
{
    for (double turn = -3.0; turn < 3.0; turn += 0.7) {
        bt_exit_pupil pupil = {
            .f_number = 2.0, .scratch_count = 1, .scratches = {scratch_at(turn, 0.01)}};
        bt_streak streaks[BT_STREAK_MAX];
        double covered, fan = 0.0;
        uint32_t count = bt_streaks_of(&pupil, streaks, &covered);
        CHECK(count >= 1 && count <= BT_STREAK_PIECES);
        CHECK_NEAR(covered, 0.02 / BT_PI,
                   0.02 * 0.02 / BT_PI); // a point of the arc is 1 / 25 of it
        for (uint32_t i = 0; i < count; i++) {
            CHECK_NEAR(streaks[i].width, 0.01, 1e-5);
            double off = fabs(streaks[i].x * sin(turn) - streaks[i].y * cos(turn));
            fan = fmax(fan, off);
        }
        CHECK(fan <= 1.0 / 500.0 && fan > 0.3 / 500.0);
    }
    // obscured to half the radius: the line loses a half, the area a quarter
    bt_exit_pupil ring = {.f_number = 2.0,
                          .obscuration = 0.5,
                          .scratch_count = 1,
                          .scratches = {scratch_at(0.4, 0.01)}};
    bt_streak streaks[BT_STREAK_MAX];
    double covered;
    (void)bt_streaks_of(&ring, streaks, &covered);
    CHECK_NEAR(covered, 0.01 / (BT_PI * 0.75), 0.05 * 0.01 / (BT_PI * 0.75));
}

// A line's chords through all pixels add up to its length.
static void test_chords(void)
{
    for (double turn = 0.0; turn < BT_PI; turn += 0.1) {
        double sum = 0.0, x = cos(turn), y = sin(turn);
        for (int j = -60; j <= 60; j++)
            for (int i = -60; i <= 60; i++)
                if (fabs(i * x + j * y) <= 40.0) sum += bt_streak_chord(x, y, 1.0, i, j);
        CHECK_NEAR(sum, 80.0, 1.5);
    }
    CHECK_NEAR(bt_streak_chord(1.0, 0.0, 1.0, 7.0, 0.2), 1.0, 1e-12);
    CHECK_NEAR(bt_streak_chord(1.0, 0.0, 1.0, 7.0, 0.6), 0.0, 1e-12);
    CHECK_NEAR(bt_streak_chord(sqrt(0.5), sqrt(0.5), 1.0, 3.0, 3.0), sqrt(2.0), 1e-12);
}

// The transform of the scratched pupil less that of the bare one, in strips across the streak.
static void test_transform(void)
{
    enum { N = 1024 };
    const double across = 224.0, width = 0.03;
    bt_exit_pupil pupil = {.f_number = 2.0}, scratched = pupil;
    scratched.scratch_count = 1;
    scratched.scratches[0] = scratch_at(0.0, width);
    bt_fourier *fourier = NULL;
    bt_spread_table tables[2];
    CHECK_OK(bt_fourier_create_square(N, &fourier));
    for (int i = 0; i < 2; i++) {
        bt_pupil_grid grid;
        CHECK_OK(bt_pupil_grid_init(i ? &scratched : &pupil, across, true, &grid));
        CHECK_OK(bt_spread_table_init(&grid, LAMBDA_M, 0.0, fourier, N, false, &tables[i]));
        bt_pupil_grid_clear(&grid);
    }
    bt_streak streaks[BT_STREAK_MAX];
    double covered;
    (void)bt_streaks_of(&scratched, streaks, &covered);
    // in units of 2 lambda N: from 6 to 12 along, 4 to each side: what the bare lens has there is small
    for (double u = 6.0; u < 24.0; u += 6.0) {
        double got = bt_spread_table_box(&tables[1], u, -4.0, u + 6.0, 4.0) -
                     bt_spread_table_box(&tables[0], u, -4.0, u + 6.0, 4.0);
        double want = 0.0;
        for (double v = u + 0.01; v < u + 6.0; v += 0.02) {
            double x = BT_PI * width * v;
            want += 0.02 * covered * width * pow(sin(x) / x, 2.0);
        }
        printf("strip at %g: %.3g, closed form %.3g\n", u, got, want);
        CHECK_NEAR(got / want, 1.0,
                   0.1); // of the pupil's grid, 6.7 cells a scratch; and sinc tails across
    }
    bt_spread_table_clear(&tables[0]);
    bt_spread_table_clear(&tables[1]);
    bt_fourier_destroy(fourier);
}

int main(void)
{
    test_along();
    test_pieces();
    test_chords();
    test_transform();
    return check_end();
}
