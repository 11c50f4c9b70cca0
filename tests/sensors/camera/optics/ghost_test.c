// ghost_test.c: ghosts of a lens against closed forms.
#include "sensors/camera/optics/ghost.h"

#include "engine/math/pose.h"
#include "tests/support/check.h"

// A thin lens and a filter before the sensor: light reflected at both of the filter's faces has gone
// 2 t / n too far when it arrives.
static void test_filter_ghost(void)
{
    double focal = 5e-3, index = 1.5, t = 0.8e-3, pupil = 1.2e-3, gap = 1e-3;
    bt_lens_surface s[4] = {
        {0.5 * focal, 0.0, 1.5, 0.005}, // plano-convex, thin: f = R / (n - 1)
        {0.0, focal - gap - t / index, 1.0, 0.005},
        {0.0, t, index, 0.02},
        {0.0, gap, 1.0, 0.03},
    };
    bt_ghost ghosts[BT_GHOST_MAX];
    uint32_t count;
    double got_focal;
    CHECK_OK(bt_ghosts_trace(s, 4, 0.0, pupil, 0.0, ghosts, &count, &got_focal));
    CHECK(count == 6); // 4 x 3 / 2
    CHECK_NEAR(got_focal, focal, 1e-9);
    double extra = 2.0 * t / index;
    CHECK_NEAR(ghosts[0].share, 0.02 * 0.03, 1e-12); // strongest first
    CHECK_NEAR(ghosts[0].scale, 1.0 + extra / focal, 1e-9);
    CHECK_NEAR(ghosts[0].radius_m, pupil * extra / focal, 1e-9);
    for (uint32_t i = 1; i < count; i++)
        CHECK(ghosts[i].share <= ghosts[i - 1].share);
}

// A ball's two faces: light reflected at the back and then at the front, by rays near the axis.
static void test_ball_ghost(void)
{
    double r = 2e-3, n = 1.5, gap = 1e-3, h0 = 1e-7;
    bt_lens_surface s[2] = {{r, 2.0 * r, n, 0.04}, {-r, gap, 1.0, 0.04}};
    bt_ghost ghosts[BT_GHOST_MAX];
    uint32_t count;
    double focal;
    CHECK_OK(bt_ghosts_trace(s, 2, 0.0, h0, 0.0, ghosts, &count, &focal));
    CHECK(count == 1);
    CHECK_NEAR(ghosts[0].share, 0.0016, 1e-15);
    // angles to first order, all measured from the axis at the ball's middle
    double in = h0 / r, bent = in / n, along = in; // place on the front: angle `along`
    // a chord of a circle turns the place by pi - 2 bent; each reflection keeps the angle
    double place = along + 3.0 * (BT_PI - 2.0 * bent); // after three chords it leaves at the back
    double leaving = place + in - bent * 0.0;          // direction off the normal there is `in`
    double height = r * sin(place - 3.0 * BT_PI);
    double slope = (place - 3.0 * BT_PI) + in;
    (void)leaving;
    CHECK_NEAR(ghosts[0].radius_m / fabs(-height - gap * slope), 1.0, 1e-3);
}

static void test_bad_surfaces(void)
{
    bt_lens_surface s[2] = {{1e-3, 1e-3, 0.5, 0.0}, {0.0, 1e-3, 1.0, 0.0}};
    bt_ghost ghosts[BT_GHOST_MAX];
    uint32_t count;
    double focal;
    CHECK(bt_ghosts_trace(s, 2, 0.0, 1e-3, 0.0, ghosts, &count, &focal) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "index 0.5");
    CHECK(bt_ghosts_trace(s, 1, 0.0, 1e-3, 0.0, ghosts, &count, &focal) == BT_ERR_INPUT);
}

int main(void)
{
    test_filter_ghost();
    test_ball_ghost();
    test_bad_surfaces();
    return check_end();
}
