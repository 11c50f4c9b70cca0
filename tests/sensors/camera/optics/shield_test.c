// shield_test.c: rays through glass against closed forms and a ray trace of spheres; the ghost; drops
// and wipers.
#include "sensors/camera/optics/shield.h"

#include "sensors/camera/camera_lua.h"
#include "tests/support/check.h"

#include <stdio.h>

#include "shaders/shared/shield.h"
#undef sqrt
#undef abs

#define N 1.52

static bt_windshield plate(double rake_deg)
{
    bt_windshield w;
    bt_windshield_init(&w);
    w.numbers[BT_WINDSHIELD_RAKE_DEG].value = rake_deg;
    w.numbers[BT_WINDSHIELD_THICKNESS_M].value = 5e-3;
    w.numbers[BT_WINDSHIELD_INDEX].value = N;
    return w;
}

static const bt_pose level = {{0, 0, 0}, {0.5, -0.5, 0.5, -0.5}};
static float glass[2 * BT_SPECTRUM_BINS];

static bt_shield made(const bt_windshield *w)
{
    bt_shield s;
    CHECK_OK(bt_windshield_check(w));
    CHECK_OK(bt_shield_make(w, level, 7, &s, glass));
    return s;
}

static bt_shield_ray along(const bt_shield *s, double x, double y, double z)
{
    return bt_shield_through(s, float3(0.0f, 0.0f, 0.0f),
                             normalize3(float3((float)x, (float)y, (float)z)), 0.0f);
}

static bt_wavelengths green(void)
{
    bt_wavelengths w = {.nm = splat4(550.0f)};
    float place = (550.0f - BT_SPECTRUM_MIN_NM) / BT_SPECTRUM_STEP_NM;
    w.bin = splat_u4((uint)place);
    w.part = splat4(place - (float)(uint)place);
    return w;
}

// t sin(a) (1 - cos(a) / sqrt(n^2 - sin^2(a))): 2.6 mm for 5 mm at 60 degrees. And what comes through.
static void test_plate(void)
{
    for (double deg = 0.0; deg <= 75.0; deg += 15.0) {
        bt_windshield w = plate(deg);
        bt_shield s = made(&w);
        bt_shield_ray r = along(&s, 0, 0, 1);
        double a = deg * BT_RAD_PER_DEG, sine = sin(a);
        double want = 5e-3 * sine * (1.0 - cos(a) / sqrt(N * N - sine * sine));
        double open = (double)bt_shield_open(glass, r, green())[1];
        printf("%2.0f deg: shift %.4f mm, open %.4f\n", deg,
               1e3 * (double)hypotf(r.origin[0], r.origin[1]), open);
        CHECK(r.open);
        CHECK_NEAR(hypot((double)r.origin[0], (double)r.origin[1]), want, 2e-8);
        CHECK_NEAR(hypot((double)r.dir[0], (double)r.dir[1]), 0.0, 5e-7);
        CHECK_NEAR(open, bt_shield_straight_ratio(N, a), 2e-6);
    }
    CHECK_NEAR(5e-3 * sin(BT_PI / 3) * (1.0 - 0.5 / sqrt(N * N - 0.75)), 2.6e-3, 5e-5);
    CHECK_NEAR(bt_shield_straight_ratio(N, BT_PI / 3), 0.83, 5e-3);
}

// Tint is of the straight thickness; a slanted ray goes further.
static void test_tint(void)
{
    bt_windshield w = plate(60.0);
    w.transmission = (bt_sheet_curve){.count = 1, .at = {550}, .value = {0.9}};
    bt_shield s = made(&w);
    double open = (double)bt_shield_open(glass, along(&s, 0, 0, 1), green())[0];
    double longer = N / sqrt(N * N - 0.75);
    CHECK_NEAR(open, bt_shield_straight_ratio(N, BT_PI / 3) * pow(0.9, longer), 3e-6);
    w.numbers[BT_WINDSHIELD_WIDTH_M].value = 0.02;
    w.numbers[BT_WINDSHIELD_HEIGHT_M].value = 0.02;
    s = made(&w);
    CHECK(along(&s, 0, 0, 1).open);
    CHECK(!along(&s, 0.3, 0, 1).open); // 15 mm beside: past the clear part
}

// Minimum of what a prism does: (n - 1) wedge at normal incidence, away from its edge's side.
static void test_wedge(void)
{
    bt_windshield w = plate(0.0);
    w.numbers[BT_WINDSHIELD_WEDGE_RAD].value = 2e-3;
    w.numbers[BT_WINDSHIELD_WEDGE_DIRECTION_DEG].value = 90.0;
    bt_shield s = made(&w);
    bt_shield_ray r = along(&s, 0, 0, 1);
    // light bends towards the base: from the camera outward too; the base is up, y is down
    double want = asin(N * sin(2e-3)) - 2e-3;
    CHECK_NEAR((double)r.dir[1], -want, 3e-7);
    CHECK_NEAR((double)r.dir[0], 0.0, 1e-7);
}

// ---- curved: spheres, traced by themselves ----------------------------------------------------
static bt_vec3 through_sphere(bt_vec3 centre, double radius, double eta, bt_vec3 *pos, bt_vec3 dir)
{
    bt_vec3 from = bt_vec3_sub(*pos, centre);
    double b = bt_vec3_dot(from, dir), c = bt_vec3_dot(from, from) - radius * radius;
    *pos = bt_vec3_mad(*pos, dir, sqrt(b * b - c) - b); // from within
    bt_vec3 n = bt_vec3_scale(bt_vec3_sub(*pos, centre), 1.0 / radius);
    double cosine = bt_vec3_dot(dir, n);
    double out = sqrt(1.0 - eta * eta * (1.0 - cosine * cosine));
    return bt_vec3_mad(bt_vec3_scale(dir, eta), n, out - eta * cosine);
}

// A pane of 4 m radius at 60 degrees: what it does to directions all over a field of 40 degrees. The
// patch is a paraboloid: 8 cm from the anchor its slope is off by x^3 / 2 R^3, 4e-6, at both faces alike.
static void test_curved(void)
{
    bt_windshield w = plate(60.0);
    w.numbers[BT_WINDSHIELD_RADIUS_HORIZONTAL_M].value = 4.0;
    w.numbers[BT_WINDSHIELD_RADIUS_VERTICAL_M].value = 4.0;
    bt_shield s = made(&w);
    bt_pose cam_from_glass;
    CHECK_OK(bt_windshield_place(&w, level, &cam_from_glass));
    // anchor on the inner face, whose radius is half a thickness less
    bt_vec3 centre = bt_pose_point(cam_from_glass, (bt_vec3){0, 0, -(4.0 - 2.5e-3)});
    double worst = 0.0, bent = 0.0;
    for (int i = 0; i < 25; i++) {
        bt_vec3 dir = {0.18 * (i % 5 - 2), 0.12 * (i / 5 - 2), 1.0}, pos = {0, 0, 0};
        dir = bt_vec3_normalize(dir);
        bt_shield_ray r = along(&s, dir.x, dir.y, dir.z);
        CHECK(r.open);
        bt_vec3 in = through_sphere(centre, 4.0 - 2.5e-3, 1.0 / N, &pos, dir);
        bt_vec3 out = through_sphere(centre, 4.0 + 2.5e-3, N, &pos, in);
        bt_vec3 got = {(double)r.dir[0], (double)r.dir[1], (double)r.dir[2]};
        worst = fmax(worst, bt_vec3_distance(got, out));
        bent = fmax(bent, bt_vec3_distance(dir, out));
    }
    printf("curved pane: bends by %.1e rad at most, %.1e from spheres\n", bent, worst);
    CHECK(bent > 1e-4);
    CHECK_NEAR(worst, 0.0, 2e-6);
}

// ---- the ghost --------------------------------------------------------------------------------
static void test_ghost(void)
{
    const double want_ratio[] = {0.0018, 0.013, 0.021, 0.034};
    const double degrees[] = {0.0, 60.0, 65.0, 70.0};
    for (int i = 0; i < 4; i++) {
        bt_windshield w = plate(degrees[i]);
        w.numbers[BT_WINDSHIELD_WEDGE_RAD].value = 1e-4;
        bt_pose place;
        CHECK_OK(bt_windshield_place(&w, level, &place));
        bt_shield_ghost g =
            bt_shield_ghost_trace(&w, place, (bt_vec3){0, 0, 0}, (bt_vec3){0, 0, 1}, 550.0);
        double a = degrees[i] * BT_RAD_PER_DEG;
        double want = bt_shield_ghost_angle(1e-4, N, a);
        double got = bt_vec3_distance(g.straight, g.ghost);
        printf("%2.0f deg: ghost %.3f' off (closed form %.3f'), energy %.4f\n", degrees[i],
               got / BT_RAD_PER_DEG * 60, want / BT_RAD_PER_DEG * 60, g.ratio);
        CHECK(g.open);
        CHECK_NEAR(got, want, 2e-3 * want); // first order in the wedge
        CHECK_NEAR(g.ratio, bt_shield_ghost_ratio(N, a), 3e-3 * g.ratio);
        CHECK_NEAR(g.ratio, want_ratio[i], 0.04 * want_ratio[i]); // two published digits
    }
    CHECK_NEAR(bt_shield_ghost_angle(1e-4, N, BT_PI / 3), 1.7 / 60 * BT_RAD_PER_DEG, 2e-5);
}

// ---- drops and wipers -------------------------------------------------------------------------
static bt_windshield rainy(void)
{
    bt_windshield w = plate(0.0);
    w.numbers[BT_WINDSHIELD_DROP_DENSITY_M2].value = 1e4;
    w.numbers[BT_WINDSHIELD_DROP_RATE_M2_S].value = 5e3;
    w.numbers[BT_WINDSHIELD_DROP_DIAMETER_M].value = 2e-3;
    w.numbers[BT_WINDSHIELD_DROP_DIAMETER_MAX_M].value = 6e-3;
    return w;
}

// Share of the glass under drops: 1 - exp(-density area) of random discs, all of one size.
static double covered(const bt_shield *s, float time_u)
{
    int wet = 0, all = 0;
    for (int i = 0; i < 400; i++)
        for (int k = 0; k < 400; k++) {
            float x = -0.2f + 0.001f * (float)i, y = -0.2f + 0.001f * (float)k;
            if (bt_shield_wiped_at(s, x, -y, time_u).covered) continue;
            wet += bt_shield_drop_at(s, x, y, time_u).radius_m > 0.0f;
            all++;
        }
    return wet / (double)all;
}

static void test_drop_count(void)
{
    bt_windshield w = rainy();
    bt_shield s = made(&w);
    double area = BT_PI * 1e-6;
    CHECK_NEAR(covered(&s, 0.0f), 1.0 - exp(-1e4 * area), 6e-4); // 1600 drops: 2.5 % of that
    // 1.3 s after one stroke of a wiper that reaches everything
    w.numbers[BT_WINDSHIELD_WIPER_PERIOD_S].value = 100.0;
    w.numbers[BT_WINDSHIELD_WIPER_STROKE_S].value = 0.1;
    w.numbers[BT_WINDSHIELD_WIPER_FIRST_S].value = 0.0;
    w.arc_count = 1;
    w.arcs[0] = (bt_windshield_arc){{0, -1}, 0.1, 2.0, 0.0, BT_PI};
    s = made(&w);
    s.phase_s = 0.15f + 1.3f; // wiped on the way back at 0.15 s in the middle
    double there = 1.0 - exp(-1.3 / 2.0);
    CHECK_NEAR(covered(&s, 0.0f), 1.0 - exp(-1e4 * area * there),
               1.6e-3);       // 765 drops: three standard errors
    s.phase_s = 0.2f + 1e-3f; // just wiped
    CHECK_NEAR(covered(&s, 0.0f), 0.0, 1.5e-3);
}

// The blade goes as a crank drives it: at half its stroke it stands in the middle, and hides it.
static void test_blade(void)
{
    bt_windshield w = rainy();
    w.numbers[BT_WINDSHIELD_WIPER_PERIOD_S].value = 2.0;
    w.arc_count = 1;
    w.arcs[0] = (bt_windshield_arc){{0, -0.5}, 0.1, 0.8, 0.0, BT_PI};
    bt_shield s = made(&w);
    s.phase_s = 0.25f;
    CHECK(bt_shield_wiped_at(&s, 0.0f, 0.0f, 0.0f).covered);
    CHECK(!along(&s, 0, 0, 1).open);
    CHECK(!bt_shield_wiped_at(&s, 0.02f, 0.0f, 0.0f).covered);
    CHECK_NEAR((double)bt_shield_wiped_at(&s, 0.02f, 0.0f, 0.0f).age_s, 0.0, 0.02);
    CHECK((double)bt_shield_wiped_at(&s, -0.02f, 0.0f, 0.0f).age_s > 1.0);
    CHECK((double)bt_shield_wiped_at(&s, 0.0f, 0.5f, 0.0f).age_s > 1e8); // out of reach
    uint before = bt_shield_wiped_at(&s, 0.1f, 0.0f, 0.0f).event;
    s.phase_s = 2.25f; // beyond the period: the next sweep
    CHECK(bt_shield_wiped_at(&s, 0.1f, 0.0f, 0.0f).event == before + 4u);
}

static float unit_place(int i, double step)
{
    return (float)(0.4 * (fmod(step * i, 1.0) - 0.5));
}

// Rays near the middle of a drop: a plano-convex lens of f = R / (n - 1).
static void test_drop_lens(void)
{
    bt_windshield w = rainy();
    bt_shield s = made(&w);
    s.drop_sigma = 0.0f;
    int met = 0;
    double sphere = 1e-3 / sin(40.0 * BT_RAD_PER_DEG);
    for (int i = 0; i < 200000; i++) {
        float x = unit_place(i, 0.7548776662466927), y = unit_place(i, 0.5698402909980532);
        bt_shield_drop d = bt_shield_drop_at(&s, x, y, 0.0f);
        float off_x = x - d.x, off_y = y - d.y;
        if (d.radius_m == 0.0f || hypotf(off_x, off_y) > 1e-4f) continue;
        bt_shield_ray r = bt_shield_cross(&s, float3(x, y, -0.05f), float3(0.0f, 0.0f, 1.0f), 0.0f);
        CHECK(r.open && r.drop > 0.0f);
        double f = sphere / 0.333;
        CHECK_NEAR((double)r.dir[0], -(double)off_x / f, 2e-4);
        CHECK_NEAR((double)r.dir[1], -(double)off_y / f, 2e-4);
        // glass to water and water to air, straight on
        double foot = (N - 1.333) / (N + 1.333), cap = 0.333 / 2.333;
        CHECK_NEAR((double)r.drop, (1.0 - foot * foot) * (1.0 - cap * cap), 1e-4);
        met++;
    }
    CHECK(met > 30);
}

// A drop of length over width 1.5 downhill is a toric lens: of f = R s^2 / (n - 1) along its length and
// R / (s^2 (n - 1)) across, s^2 = 1.5. It covers as much as a round one, and is a half as long again as wide.
static void test_long_drops(void)
{
    bt_windshield w = rainy();
    w.numbers[BT_WINDSHIELD_DROP_STRETCH].value = 1.5;
    bt_shield s = made(&w);
    s.drop_sigma = 0.0f;
    int met = 0, wet = 0, tall = 0, broad = 0;
    double f = 1e-3 / sin(40.0 * BT_RAD_PER_DEG) / 0.333;
    const int count = 200000;
    for (int i = 0; i < count; i++) {
        float x = unit_place(i, 0.7548776662466927), y = unit_place(i, 0.5698402909980532);
        bt_shield_drop d = bt_shield_drop_at(&s, x, y, 0.0f);
        float off_x = x - d.x, off_y = y - d.y;
        if (d.radius_m == 0.0f) continue;
        wet++;
        tall += fabsf(off_y) > 1.1f * d.radius_m;
        broad += fabsf(off_x) > 0.9f * d.radius_m;
        if (hypotf(off_x, off_y) > 1e-4f) continue;
        bt_shield_ray r = bt_shield_cross(&s, float3(x, y, -0.05f), float3(0.0f, 0.0f, 1.0f), 0.0f);
        CHECK_NEAR((double)r.dir[0], -(double)off_x * 1.5 / f, 3e-4);
        CHECK_NEAR((double)r.dir[1], -(double)off_y / (1.5 * f), 3e-4);
        met++;
    }
    CHECK(met > 30);
    CHECK(tall > 20 && broad == 0);   // semi-axes 1.22 and 0.82 of the circle's
    double area = 1e4 * BT_PI * 1e-6; // as test_drop_count's
    CHECK_NEAR((double)wet / count, 1.0 - exp(-area), 3e-3);
}

// Stretches by chance: the logarithm of length over width has the spread asked for along any direction.
static void test_drop_shapes(void)
{
    bt_windshield w = rainy();
    w.numbers[BT_WINDSHIELD_DROP_STRETCH_SIGMA].value = 0.3;
    bt_shield s = made(&w);
    double along = 0.0, square = 0.0, aslant = 0.0;
    const int count = 40000;
    for (int i = 0; i < count; i++) {
        bt_shield_drop d = {.stretch = 1.0f, .along_y = 1.0f};
        bt_shield_stretch(&s, (uint)i * 7919u, &d);
        CHECK_NEAR(hypot((double)d.along_x, (double)d.along_y), 1.0, 1e-5);
        double much = 2.0 * log((double)d.stretch), c = (double)d.along_x, sn = (double)d.along_y;
        along += much * (c * c - sn * sn);
        square += pow(much * (c * c - sn * sn), 2.0);
        aslant += pow(much * 2.0 * c * sn, 2.0);
    }
    CHECK_NEAR(along / count, 0.0, 4.5 * 0.3 / sqrt(count));
    CHECK_NEAR(sqrt(square / count), 0.3, 4.5 * 0.3 / sqrt(2.0 * count));
    CHECK_NEAR(sqrt(aslant / count), 0.3, 4.5 * 0.3 / sqrt(2.0 * count));
}

int main(void)
{
    test_plate();
    test_tint();
    test_wedge();
    test_curved();
    test_ghost();
    test_drop_count();
    test_blade();
    test_drop_lens();
    test_long_drops();
    test_drop_shapes();
    return check_end();
}
