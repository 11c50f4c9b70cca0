// pupil_test.c: rays from all over the pupil: sharp at the focus, circles of confusion elsewhere.
#include "tests/support/check.h"

#include <stdio.h>

#include "shaders/shared/pupil.h"
#undef sqrt

#define SAMPLES 4096

static float unit(double step, int i)
{
    return (float)fmod(step * (i + 0.5), 1.0);
}

static bt_pupil_ray ray_of(bt_pupil pupil, uint kind, float3 chief, int i)
{
    return bt_pupil_sample(pupil, kind, chief, unit(0.7548776662466927, i),
                           unit(0.5698402909980532, i));
}

// How far a ray passes from a point.
static double miss_m(bt_pupil_ray r, float3 point)
{
    float3 to = point - r.origin;
    return (double)length3(to - r.dir * dot3(to, r.dir));
}

static const bt_lens lenses[3] = {
    {.kind = BT_LENS_PINHOLE, .fx = 1300, .fy = 1300, .theta_max_rad = 1.2f, .k = {-0.1f, 0.02f}},
    {.kind = BT_LENS_FISHEYE, .fx = 500, .fy = 500, .theta_max_rad = 1.7f, .k = {0.1f, -0.02f}},
    {.kind = BT_LENS_FTHETA,
     .fx = 900,
     .fy = 900,
     .theta_max_rad = 1.3f,
     .k = {1, -0.01f, -0.02f},
     .s = {1, 0, 0}},
};

// All rays of a chief ray meet on it: at z = s of a pinhole, at the distance s of the others.
static void test_focus(void)
{
    bt_pupil pupil = {.radius_m = 2e-3f, .focus_m = 3.0f, .blades = 7, .turn_rad = 0.2f};
    for (uint k = 0; k < 3; k++)
        for (double theta = 0.0; theta < (double)lenses[k].theta_max_rad; theta += 0.2) {
            float3 chief =
                float3((float)(sin(theta) * 0.6), (float)(sin(theta) * 0.8), (float)cos(theta));
            float reach = lenses[k].kind == BT_LENS_PINHOLE ? 3.0f / chief[2] : 3.0f;
            double worst = 0.0;
            for (int i = 0; i < 200; i++)
                worst = fmax(worst, miss_m(ray_of(pupil, lenses[k].kind, chief, i), chief * reach));
            CHECK_NEAR(worst, 0.0, 3e-6 * (double)reach); // floats of metres
        }
}

// Light of a point on the axis at distance d lands in a disc: its diameter in metres against
// f^2 / (N (s - f)) |d - s| / d. Pixels whose ray from a pupil point goes through it.
static void test_confusion(void)
{
    const double focal = 4.9e-3, number = 2.0, focus = 5.0;
    bt_pupil pupil = {.radius_m = (float)(0.5 * focal / number), .focus_m = (float)focus};
    const double distances[] = {0.5, 1.0, 2.0, 5.0, 20.0, 1000.0};
    double image_m = focal * focus / (focus - focal); // the sensor, where the focus is sharp
    for (uint k = 0; k < 3; k++)
        for (int j = 0; j < 6; j++) {
            double d = distances[j], widest_px = 0.0;
            float3 point = float3(0.0f, 0.0f, (float)d);
            for (int i = 0; i < SAMPLES; i++) {
                bt_pupil_ray from = ray_of(pupil, lenses[k].kind, float3(0.0f, 0.0f, 1.0f), i);
                // where the ray through the point crosses what is in focus
                float3 on = from.origin + (point - from.origin) * (float)(focus / d);
                float3 chief = normalize3(on);
                bt_lens_pixel pixel = bt_lens_project(lenses[k], on);
                CHECK_NEAR(miss_m(ray_of(pupil, lenses[k].kind, chief, i), point), 0.0, 2e-5 * d);
                widest_px = fmax(widest_px, hypot((double)pixel.x, (double)pixel.y));
            }
            double want = focal * focal / (number * (focus - focal)) * fabs(d - focus) / d;
            double pitch = image_m / (double)lenses[k].fx; // on the axis
            double got = 2.0 * widest_px * pitch;
            CHECK_NEAR(got, want, 0.01 * want + 1e-9); // samples do not reach the rim
        }
}

// Area and centre of a pupil with blades and a central stop: weights bring back the open disc.
static void test_shapes(void)
{
    for (uint blades = 0; blades < 9; blades++) {
        bt_pupil pupil = {.radius_m = 1.0f, .obscuration = 0.3f, .blades = blades};
        if (blades == 1 || blades == 2) continue;
        double weight = 0.0, r2 = 0.0, x = 0.0;
        for (int i = 0; i < SAMPLES; i++) {
            float u0 = unit(0.7548776662466927, i), u1 = unit(0.5698402909980532, i);
            bt_pupil_point p =
                blades < 3 ? bt_pupil_round(pupil, u0, u1) : bt_pupil_bladed(pupil, u0, u1);
            weight += (double)p.weight / SAMPLES;
            x += (double)(p.weight * p.x) / SAMPLES;
            r2 += (double)(p.weight * (p.x * p.x + p.y * p.y)) / SAMPLES;
        }
        // mean square radius of a regular polygon of area pi, less the stop's
        double n = blades, turn = 2.0 * (double)BT_PI_F / (blades < 3 ? 1.0 : n);
        double whole = blades < 3 ? 0.5 : turn / sin(turn) * (2.0 + cos(turn)) / 6.0;
        double open = (whole - 0.5 * 0.0081) / 0.91;
        CHECK_NEAR(weight, 1.0, 0.01);
        CHECK_NEAR(x, 0.0, 0.01);
        CHECK_NEAR(r2, open, 0.01);
    }
}

int main(void)
{
    test_focus();
    test_confusion();
    test_shapes();
    return check_end();
}
