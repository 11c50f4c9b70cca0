// lens_test.c: shaders/shared/lens.h against the published formulas in double, and round trips.
#include "sensors/camera/optics/lens.h"

#include "engine/math/pose.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "shaders/shared/lens.h"
#undef sqrt // double again below

typedef struct lens_case {
    const char *name;
    bt_lens lens;
    uint32_t width_px, height_px;
    double field_rad; // asked for
    double tolerance_px;
} lens_case;

// Tolerances: float carries 24 bits, so a pixel near 2000 is known to 1.2e-4; a few roundings more.
static const lens_case cases[] = {
    {"plain pinhole",
     {.kind = BT_LENS_PINHOLE, .fx = 1000, .fy = 1000, .cx = 639.5f, .cy = 399.5f},
     1280,
     800,
     1.0,
     1e-3},
    {"telephoto, 1928 x 1208, f 2648 px",
     {.kind = BT_LENS_PINHOLE, .fx = 2648, .fy = 2648, .cx = 963.5f, .cy = 603.5f},
     1928,
     1208,
     0.5,
     2e-3},
    {"barrel, 5 terms with tangential",
     {.kind = BT_LENS_PINHOLE,
      .fx = 700,
      .fy = 690,
      .cx = 650,
      .cy = 380,
      .k = {-0.30f, 0.11f, 0.0012f, -0.0007f, -0.018f}},
     1280,
     720,
     1.2,
     2e-3},
    {"rational, 8 terms",
     {.kind = BT_LENS_PINHOLE,
      .fx = 1621.4f,
      .fy = 1620.0f,
      .cx = 960,
      .cy = 640,
      .k = {1.52f, 0.31f, 1e-4f, -2e-4f, 0.008f, 1.88f, 0.78f, 0.06f}},
     1920,
     1280,
     1.1,
     2e-3},
    {"pincushion",
     {.kind = BT_LENS_PINHOLE, .fx = 900, .fy = 900, .cx = 480, .cy = 300, .k = {0.2f, 0.05f}},
     960,
     600,
     0.9,
     2e-3},
    // camera.md 1.5: a published calibration of a 190 degree vehicle lens
    {"fisheye 190, ISX031",
     {.kind = BT_LENS_FISHEYE,
      .fx = 513.0f,
      .fy = 512.4f,
      .cx = 960.5f,
      .cy = 769.1f,
      .k = {0.1195f, -0.02288f, -0.00344f, 0.00053f}},
     1920,
     1536,
     95.0 * BT_RAD_PER_DEG,
     1e-3},
    {"fisheye 250, equidistant",
     {.kind = BT_LENS_FISHEYE, .fx = 300, .fy = 300, .cx = 700, .cy = 700},
     1400,
     1400,
     125.0 * BT_RAD_PER_DEG,
     1e-3},
    {"thin prism, 12 terms",
     {.kind = BT_LENS_PINHOLE,
      .fx = 900,
      .fy = 910,
      .cx = 640,
      .cy = 400,
      .k = {-0.25f, 0.08f, 8e-4f, -5e-4f, -0.01f, 0.02f, 0.005f, 0.001f},
      .s = {3e-3f, -7e-4f, -2e-3f, 5e-4f}},
     1280,
     800,
     1.0,
     2e-3},
    // the shape of a published 120 degree f-theta calibration; k1 = 938 px a radian
    {"f-theta 120, affine",
     {.kind = BT_LENS_FTHETA,
      .fx = 938,
      .fy = 938,
      .cx = 959.5f,
      .cy = 603.5f,
      .k = {1, -0.006f, -0.021f, 0.004f, -0.0035f},
      .s = {1.0007f, -2e-4f, 3e-4f}},
     1920,
     1208,
     70.0 * BT_RAD_PER_DEG,
     2e-3},
    {"tilted sensor, 14 terms",
     {.kind = BT_LENS_PINHOLE,
      .fx = 900,
      .fy = 910,
      .cx = 640,
      .cy = 400,
      .k = {-0.25f, 0.08f, 8e-4f, -5e-4f, -0.01f, 0.02f, 0.005f, 0.001f},
      .s = {3e-3f, -7e-4f, -2e-3f, 5e-4f},
      .tilt = {0.06f, -0.035f}},
     1280,
     800,
     1.0,
     2e-3},
    // as above by the other polynomial: angle against pixel distance, j1 = 1 / 938
    {"f-theta 120 by its inverse, affine",
     {.kind = BT_LENS_FTHETA_INVERSE,
      .fx = 938,
      .fy = 938,
      .cx = 959.5f,
      .cy = 603.5f,
      .k = {1, 0.006f, 0.022f, -0.003f, 0.005f},
      .s = {1.0007f, -2e-4f, 3e-4f}},
     1920,
     1208,
     70.0 * BT_RAD_PER_DEG,
     2e-3},
};
#define CASE_COUNT (sizeof cases / sizeof cases[0])

// The radius of an angle by bisection of theta = sum of k_i r^i, pixels over fx.
static double inverse_radius(const double k[8], double theta)
{
    double low = 0.0, high = 4.0;
    for (int step = 0; step < 80; step++) {
        double middle = 0.5 * (low + high), sum = 0.0;
        for (int i = 0; i < 5; i++)
            sum += k[i] * pow(middle, i + 1);
        if (sum < theta)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

// Of a sensor turned by tau_x, then tau_y: matrices as OpenCV's documentation prints them.
static void reference_tilt(const bt_lens *lens, double *x, double *y)
{
    double tx = (double)lens->tilt[0], ty = (double)lens->tilt[1];
    double rx[3][3] = {{1, 0, 0}, {0, cos(tx), sin(tx)}, {0, -sin(tx), cos(tx)}};
    double ry[3][3] = {{cos(ty), 0, -sin(ty)}, {0, 1, 0}, {sin(ty), 0, cos(ty)}};
    double r[3][3] = {{0}}, in[3] = {*x, *y, 1.0}, turned[3] = {0}, out[3] = {0};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int m = 0; m < 3; m++)
                r[i][j] += ry[i][m] * rx[m][j];
    double project[3][3] = {{r[2][2], 0, -r[0][2]}, {0, r[2][2], -r[1][2]}, {0, 0, 1}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            turned[i] += r[i][j] * in[j];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i] += project[i][j] * turned[j];
    *x = out[0] / out[2];
    *y = out[1] / out[2];
}

// OpenCV's documentation, word for word, in double.
static void reference_project(const bt_lens *lens, const double p[3], double pixel[2])
{
    double k[8];
    for (int i = 0; i < 8; i++)
        k[i] = (double)lens->k[i];
    double x, y, s[4];
    for (int i = 0; i < 4; i++)
        s[i] = (double)lens->s[i];
    if (lens->kind == BT_LENS_FTHETA || lens->kind == BT_LENS_FTHETA_INVERSE) {
        double across = hypot(p[0], p[1]), theta = atan2(across, p[2]), r = 0.0;
        for (int i = 0; i < 5; i++)
            r += k[i] * pow(theta, i + 1);
        if (lens->kind == BT_LENS_FTHETA_INVERSE) r = inverse_radius(k, theta);
        double a = across > 0.0 ? r * p[0] / across : 0.0;
        y = across > 0.0 ? r * p[1] / across : 0.0;
        x = s[0] * a + s[1] * y;
        y = s[2] * a + y;
    } else if (lens->kind == BT_LENS_FISHEYE) {
        double across = hypot(p[0], p[1]);
        double theta = atan2(across, p[2]);
        double bent = theta * (1.0 + k[0] * pow(theta, 2) + k[1] * pow(theta, 4) +
                               k[2] * pow(theta, 6) + k[3] * pow(theta, 8));
        x = across > 0.0 ? bent * p[0] / across : 0.0;
        y = across > 0.0 ? bent * p[1] / across : 0.0;
    } else {
        double a = p[0] / p[2], b = p[1] / p[2];
        double r2 = a * a + b * b;
        double factor = (1.0 + k[0] * r2 + k[1] * pow(r2, 2) + k[4] * pow(r2, 3)) /
                        (1.0 + k[5] * r2 + k[6] * pow(r2, 2) + k[7] * pow(r2, 3));
        x = a * factor + 2.0 * k[2] * a * b + k[3] * (r2 + 2.0 * a * a) + s[0] * r2 +
            s[1] * r2 * r2;
        y = b * factor + k[2] * (r2 + 2.0 * b * b) + 2.0 * k[3] * a * b + s[2] * r2 +
            s[3] * r2 * r2;
        reference_tilt(lens, &x, &y);
    }
    pixel[0] = (double)lens->fx * x + (double)lens->cx;
    pixel[1] = (double)lens->fy * y + (double)lens->cy;
}

static bt_lens ready(const lens_case *c)
{
    bt_lens lens = c->lens;
    (void)bt_lens_end(&lens, c->field_rad);
    return lens;
}

static double angle_between(const double a[3], float3 b)
{
    double cross[3] = {a[1] * (double)b[2] - a[2] * (double)b[1],
                       a[2] * (double)b[0] - a[0] * (double)b[2],
                       a[0] * (double)b[1] - a[1] * (double)b[0]};
    double dot = a[0] * (double)b[0] + a[1] * (double)b[1] + a[2] * (double)b[2];
    return atan2(sqrt(cross[0] * cross[0] + cross[1] * cross[1] + cross[2] * cross[2]), dot);
}

// Well-spread directions in a field: the Kronecker sequence of the plastic number.
static void direction_in(double field_rad, int i, double dir[3])
{
    double theta = field_rad * sqrt(fmod(0.7548776662466927 * i, 1.0));
    double around = 2.0 * BT_PI * fmod(0.5698402909980532 * i, 1.0);
    dir[0] = sin(theta) * cos(around);
    dir[1] = sin(theta) * sin(around);
    dir[2] = cos(theta);
}

// Projection as the formula says, and back to the direction.
static void test_directions(const lens_case *c)
{
    bt_lens lens = ready(c);
    double field = (double)lens.theta_max_rad - 1e-4;
    double worst_px = 0.0, worst_rad = 0.0;
    int invalid = 0;
    for (int i = 0; i < 20000; i++) {
        double dir[3], want[2];
        direction_in(field, i, dir);
        reference_project(&lens, dir, want);

        // a point at 37 m: length must not matter
        bt_lens_pixel got = bt_lens_project(
            lens, float3((float)(37.0 * dir[0]), (float)(37.0 * dir[1]), (float)(37.0 * dir[2])));
        bt_lens_ray back = bt_lens_unproject(lens, got.x, got.y);
        if (!got.valid || !back.valid) {
            invalid++;
            continue;
        }
        worst_px = fmax(worst_px, hypot((double)got.x - want[0], (double)got.y - want[1]));
        worst_rad = fmax(worst_rad, angle_between(dir, back.dir));
    }
    printf("%-36s field %6.2f deg, project %.1e px, there and back %.1e rad\n", c->name,
           (double)lens.theta_max_rad / BT_RAD_PER_DEG, worst_px, worst_rad);
    CHECK(invalid == 0);
    CHECK_NEAR(worst_px, 0.0, c->tolerance_px);
    // where the radius rises with BT_LENS_SLOPE_MIN a pixel error is 1/slope of that angle
    CHECK_NEAR(worst_rad, 0.0, c->tolerance_px / (double)lens.fx / BT_LENS_SLOPE_MIN);
}

// Every pixel (on a grid) either gives a direction that lands on it again, or lies beyond the
// field.
static void test_pixels(const lens_case *c)
{
    bt_lens lens = ready(c);
    double worst_px = 0.0;
    int wrong = 0, valid = 0;
    for (uint32_t y = 0; y < c->height_px; y += 7) {
        for (uint32_t x = 0; x < c->width_px; x += 7) {
            bt_lens_ray ray = bt_lens_unproject(lens, (float)x, (float)y);
            double length = sqrt((double)(ray.dir[0] * ray.dir[0] + ray.dir[1] * ray.dir[1] +
                                          ray.dir[2] * ray.dir[2]));
            if (fabs(length - 1.0) > 1e-6) wrong++;
            if (!ray.valid) continue;
            valid++;
            double dir[3] = {(double)ray.dir[0], (double)ray.dir[1], (double)ray.dir[2]};
            double back[2];
            reference_project(&lens, dir, back);
            worst_px = fmax(worst_px, hypot(back[0] - (double)x, back[1] - (double)y));
        }
    }
    CHECK(wrong == 0);
    CHECK(valid > 1000);
    CHECK_NEAR(worst_px, 0.0, c->tolerance_px);
}

// In double: the formula to rounding, and back to 1e-9 rad.
static void test_exact(const lens_case *c)
{
    bt_lens lens = ready(c);
    double field = (double)lens.theta_max_rad * (1.0 - 1e-9);
    double worst_px = 0.0, worst_rad = 0.0;
    for (int i = 0; i < 5000; i++) {
        double dir[3], want[2], x, y;
        direction_in(field, i, dir);
        bt_vec3 back;
        reference_project(&lens, dir, want);
        CHECK_OK(bt_lens_project_exact(&lens, (bt_vec3){dir[0], dir[1], dir[2]}, &x, &y));
        CHECK_OK(bt_lens_unproject_exact(&lens, x, y, &back));
        worst_px = fmax(worst_px, hypot(x - want[0], y - want[1]));
        worst_rad = fmax(worst_rad, bt_vec3_distance(back, (bt_vec3){dir[0], dir[1], dir[2]}));
    }
    CHECK_NEAR(worst_px, 0.0, 1e-8);
    CHECK_NEAR(worst_rad, 0.0, 1e-9);
    double x, y;
    bt_vec3 dir;
    double out = (double)lens.theta_max_rad + 1e-3;
    CHECK(bt_lens_project_exact(&lens, (bt_vec3){sin(out), 0.0, cos(out)}, &x, &y) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "the lens's field ends at");
    CHECK(bt_lens_unproject_exact(&lens, 1e6, -1e6, &dir) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "beyond the lens's field of");
}

#include "tests/sensors/camera/optics/opencv_points.h"

// cv2.projectPoints and cv2.fisheye.projectPoints of OpenCV 4.12.0 (opencv_points.py prints the table).
static void test_opencv(void)
{
    double worst_px = 0.0;
    for (size_t i = 0; i < sizeof opencv_points / sizeof opencv_points[0]; i++) {
        const opencv_point *p = &opencv_points[i];
        bt_lens lens = ready(&cases[p->lens]);
        double x, y;
        CHECK_OK(bt_lens_project_exact(&lens, (bt_vec3){p->x, p->y, p->z}, &x, &y));
        worst_px = fmax(worst_px, hypot(x - p->u, y - p->v));
    }
    // the table's coefficients are decimal, the lens's are floats: 6e-8 of a term of 300 px
    printf("OpenCV: %.1e px\n", worst_px);
    CHECK_NEAR(worst_px, 0.0, 2e-4);
}

static void test_limits(void)
{
    // x (1 - 0.3 x^2) has slope 1 - 0.9 r^2: 0.05 at r = sqrt(0.95/0.9)
    bt_lens barrel = {.kind = BT_LENS_PINHOLE, .fx = 1, .fy = 1, .k = {-0.3f}};
    CHECK_NEAR(tan(bt_lens_limit(&barrel, 0.0)), sqrt(0.95 / 0.9), 1e-6);
    // t (1 - 0.1 t^2): slope 1 - 0.3 t^2
    bt_lens fish = {.kind = BT_LENS_FISHEYE, .fx = 1, .fy = 1, .k = {-0.1f}};
    CHECK_NEAR(bt_lens_limit(&fish, 0.0), sqrt(0.95 / 0.3), 1e-6);
    // a denominator 1 - r^2 vanishes at 45 degrees
    bt_lens pole = {.kind = BT_LENS_PINHOLE, .fx = 1, .fy = 1, .k = {0, 0, 0, 0, 0, -1}};
    CHECK_NEAR(bt_lens_limit(&pole, 0.0), BT_PI / 4.0, 1e-6);
    // a sensor tilted by 0.5 rad about y is met by the ray with tan theta = cot 0.5
    bt_lens tilted = {.kind = BT_LENS_PINHOLE, .fx = 1, .fy = 1, .tilt = {0.0f, 0.5f}};
    CHECK_NEAR(tan(bt_lens_limit(&tilted, 0.0)), 0.95 / tan(0.5), 1e-6);
    // theta = r - 0.1 r^3: slope 1 - 0.3 r^2, 0.05 at r = sqrt(0.95 / 0.3)
    bt_lens inverse = {.kind = BT_LENS_FTHETA_INVERSE, .fx = 1, .fy = 1, .k = {1, 0, -0.1f}};
    double r = sqrt(0.95 / 0.3);
    CHECK_NEAR(bt_lens_end(&inverse, 0.0), r - 0.1 * r * r * r, 1e-4);
    CHECK_NEAR((double)inverse.k[5], r, 1e-3);
    // no distortion: as far as asked, a pinhole never beyond 89 degrees
    bt_lens plain = {.kind = BT_LENS_PINHOLE, .fx = 1, .fy = 1};
    CHECK_NEAR(bt_lens_limit(&plain, 0.7), 0.7, 0.0);
    CHECK_NEAR(bt_lens_limit(&plain, 3.0), 89.0 * BT_RAD_PER_DEG, 1e-9);
    // the corner of a plain pinhole picture
    bt_lens picture = {.kind = BT_LENS_PINHOLE,
                       .fx = 500,
                       .fy = 500,
                       .cx = 399.5f,
                       .cy = 299.5f,
                       .theta_max_rad = 1.5f};
    CHECK_NEAR(bt_lens_corner_angle(&picture, 800, 600), atan(1.0), 1e-9);
}

static void test_outside(void)
{
    bt_lens lens = ready(&cases[0]);
    CHECK(bt_lens_project(lens, float3(0.0f, 0.0f, -1.0f)).valid == 0);
    CHECK(bt_lens_project(lens, float3(0.0f, 0.0f, 0.0f)).valid == 0);
    CHECK(bt_lens_project(lens, float3(1.0f, 0.0f, 0.1f)).valid == 0);
    CHECK(bt_lens_project(lens, float3(0.0f, 0.0f, 5.0f)).valid == 1);
    CHECK(bt_lens_unproject(lens, 1e6f, 0.0f).valid == 0);
    CHECK(bt_lens_unproject(lens, NAN, 0.0f).valid == 0);

    bt_lens fish = ready(&cases[5]);
    CHECK_NEAR(bt_lens_angle(float3(0.0f, 1.0f, 0.0f)), BT_PI / 2.0, 1e-6);
    CHECK(bt_lens_project(fish, float3(1.0f, 0.0f, -0.05f)).valid == 1); // 92.9 degrees
    CHECK(bt_lens_project(fish, float3(1.0f, 0.0f, -0.15f)).valid == 0); // 98.5 degrees
    CHECK(bt_lens_unproject(fish, -5000.0f, 0.0f).valid == 0);
    CHECK(bt_lens_unproject(fish, NAN, 0.0f).valid == 0);
    bt_lens_ray axis = bt_lens_unproject(fish, fish.cx, fish.cy);
    CHECK(axis.valid == 1 && axis.dir[2] == 1.0f);
}

int main(void)
{
    for (size_t i = 0; i < CASE_COUNT; i++) {
        test_directions(&cases[i]);
        test_pixels(&cases[i]);
        test_exact(&cases[i]);
    }
    test_opencv();
    test_limits();
    test_outside();
    return check_end();
}
