// scatter_test.c: haze, dust and Airy's encircled energy against quadrature.
#include "sensors/camera/optics/scatter.h"

#include "engine/math/pose.h"
#include "tests/support/check.h"

static void test_haze(void)
{
    static const double slopes[] = {1.5, 2.0, 2.5, 4.0};
    for (int k = 0; k < 4; k++) {
        bt_haze haze = {0.01, 0.02, slopes[k], false};
        double sum = 0.0, half = 0.0;
        int count = 400000;
        for (int i = 0; i < count; i++) {
            double u = (i + 0.5) / count, x = u / haze.shoulder;
            double mass = 2.0 * BT_PI * u * pow(1.0 + x * x, -0.5 * haze.slope) / count;
            sum += mass;
            if (u < 0.1) half += mass;
        }
        CHECK_NEAR(bt_haze_within(&haze, 0.1), half / sum, 1e-4);
        CHECK(bt_haze_within(&haze, 0.0) == 0.0 && bt_haze_within(&haze, 1.0) == 1.0);
    }
}

static void test_abg(void)
{
    bt_haze haze = {0.01, 0.03, 2.6, true};
    double sum = 0.0, part = 0.0;
    int count = 400000;
    for (int i = 0; i < count; i++) {
        double u = (i + 0.5) / count, mass = u / (1.0 + pow(u / 0.03, 2.6));
        sum += mass;
        if (u < 0.08) part += mass;
    }
    CHECK_NEAR(bt_haze_within(&haze, 0.08), part / sum, 1e-3);
    CHECK(bt_haze_within(&haze, 1.0) == 1.0 && bt_haze_within(&haze, 0.0) == 0.0);
}

static void test_airy_within(void)
{
    double sum = 0.0, x = 0.0;
    // integral of [2 J1(x) / x]^2 x dx / 2
    for (; x < 3.8317059702; x += 1e-4) {
        double u = x + 5e-5, a = 2.0 * j1(u) / u;
        sum += 0.5 * a * a * u * 1e-4;
    }
    CHECK_NEAR(bt_airy_within(3.8317059702), sum, 1e-3);
    CHECK_NEAR(bt_airy_within(3.8317059702), 0.838, 0.001);
}

// Grains of one size: the first dark ring at sin = 1.22 lambda / d holds 84 %; blue goes less wide.
static void test_dust(void)
{
    bt_dust dust = {.cover = 0.01, .diameter_m = 40e-6, .spread = 0.0};
    CHECK_NEAR(bt_dust_within(&dust, 550e-9, 1.22 * 550e-9 / 40e-6), 0.838, 0.001);
    CHECK(bt_dust_within(&dust, 450e-9, 0.01) > bt_dust_within(&dust, 650e-9, 0.01));
    dust.spread = 0.5; // sizes mix the rings, the middle stays near
    double mixed = bt_dust_within(&dust, 550e-9, 1.22 * 550e-9 / 40e-6);
    CHECK(mixed > 0.7 && mixed < 0.9);
}

// A pane upright before the lens, 0.1 m away: a direction's tangent is a tenth of a metre on it.
static bt_pane_marks marks_of(void)
{
    return (bt_pane_marks){.cam_from_glass = {{0.0, 0.0, 0.1}, {1.0, 0.0, 0.0, 0.0}},
                           .scratch_length_m = 0.02,
                           .scratch_width_m = 1e-5,
                           .scratch_loss = 1.0,
                           .seed = 4};
}

// A wiper pivoted 0.3 m below that sweeps from 60 to 120 degrees between 0.29 and 0.31 m: scratches lie there
// and nowhere else.
static void test_sweep(void)
{
    bt_pane_marks marks = marks_of();
    marks.pivot_count = 1;
    marks.pivot_m[0][1] = 0.3; // y runs down
    marks.scratches_per_m = 4000.0;
    marks.radius_min_m[0] = 0.29;
    marks.radius_max_m[0] = 0.31;
    marks.from_rad[0] = 60.0 * BT_RAD_PER_DEG;
    marks.to_rad[0] = 120.0 * BT_RAD_PER_DEG;
    int seen = 0;
    for (double degrees = 40.0; degrees < 140.0; degrees += 2.5)
        for (double radius_m = 0.27; radius_m < 0.335; radius_m += 0.005) {
            double turn = degrees * BT_RAD_PER_DEG;
            bt_exit_pupil pupil = {.f_number = 2.0};
            CHECK(bt_pane_scratches(&marks, 10.0 * radius_m * cos(turn),
                                    10.0 * (0.3 - radius_m * sin(turn)), 1e-3, &pupil) == 0);
            bool within = degrees > 59.9 && degrees < 120.1;
            bool inside = within && radius_m > 0.2915 && radius_m < 0.3085;
            bool outside = !within || radius_m < 0.2885 || radius_m > 0.3115;
            // 3.5 mm of radius, fourteen scratches
            if (inside) CHECK(pupil.scratch_count >= 12 && pupil.scratch_count <= 16);
            if (outside) CHECK(pupil.scratch_count == 0);
            seen += inside;
        }
    CHECK(seen > 50);
}

// Stray scratches: a line of length l crosses a disc of diameter d with density l d; they run anyhow.
static void test_strays(void)
{
    bt_pane_marks marks = marks_of();
    marks.strays_per_m2 = 2e4;
    double count = 0.0, along = 0.0, across = 0.0;
    int places = 0;
    for (double x = -0.5; x < 0.5; x += 0.021)
        for (double y = -0.5; y < 0.5; y += 0.021, places++) {
            bt_exit_pupil pupil = {.f_number = 2.0};
            CHECK(bt_pane_scratches(&marks, 10.0 * x, 10.0 * y, 1e-3, &pupil) == 0);
            count += pupil.scratch_count;
            for (uint32_t i = 0; i < pupil.scratch_count; i++) {
                double turn = 2.0 * atan2(pupil.scratches[i].y0, pupil.scratches[i].x0);
                along += cos(turn);
                across += sin(turn);
            }
        }
    // reach is the pupil's extent on the pane, here times sqrt 2
    double want = 2e4 * 0.02 * 2.0 * 1e-3 * BT_PUPIL_EXTENT * sqrt(2.0);
    printf("strays: %.3f a place, closed form %.3f; directions even to %.3f, %.3f\n",
           count / places, want, along / count, across / count);
    CHECK_NEAR(count / places / want, 1.0, 4.5 / sqrt(count));
    CHECK_NEAR(along / count, 0.0, 4.5 / sqrt(2.0 * count));
    CHECK_NEAR(across / count, 0.0, 4.5 / sqrt(2.0 * count));
}

int main(void)
{
    test_haze();
    test_abg();
    test_airy_within();
    test_dust();
    test_sweep();
    test_strays();
    return check_end();
}
