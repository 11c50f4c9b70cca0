// skyline_test.c: towns are highest in the middle; small and loose ones have no towers; what is loaded does not matter.
#include "procedural/placement/skyline.h"
#include "tests/procedural/scene_support.h"

// 6.5 km of streets over 720 m by 720 m, as four tiles of downtown have.
static void test_town(void)
{
    bt_placer p = {.frontage.town = {100.0, -50.0, 0.3826 * 720.0, 6500.0}};
    double last = bt_skyline_height(&p, 100.0, -50.0);
    CHECK_NEAR(last, 25.0 + 0.012 * 6500.0, 1e-9);
    for (double d = 50.0; d < 600.0; d += 50.0) {
        double height = bt_skyline_height(&p, 100.0 + d, -50.0);
        CHECK(height < last);
        CHECK_NEAR(height, bt_skyline_height(&p, 100.0, -50.0 - d), 1e-9);
        last = height;
    }
    CHECK(last < BT_SKYLINE_LEAST_M);
    p.frontage.town.radius_m *= 1.3; // 7.4 km per km2: a suburb
    CHECK(bt_skyline_height(&p, 100.0, -50.0) == 0.0);
    p.frontage.town = (bt_town){0.0, 0.0, 150.0, 3000.0}; // dense, but a village
    CHECK(bt_skyline_height(&p, 0.0, 0.0) == 0.0);
}

static void test_endless(void)
{
    bt_surroundings_window a = {
        .low_x_m = 0.0, .high_x_m = 1080.0, .tile_m = 360.0, .downtown = true};
    bt_surroundings_window b = {
        .low_x_m = 7200.0, .high_x_m = 8280.0, .tile_m = 360.0, .downtown = true};
    bt_placer p = {.params = {.seed = 11, .window = &a}},
              q = {.params = {.seed = 11, .window = &b}};
    double low = 1e9, high = 0.0;
    for (double x = -3600.0; x < 3600.0; x += 90.0) {
        for (double y = -3600.0; y < 3600.0; y += 90.0) {
            double height = bt_skyline_height(&p, x, y);
            CHECK(height == bt_skyline_height(&q, x, y));
            low = fmin(low, height), high = fmax(high, height);
        }
    }
    CHECK(low < BT_SKYLINE_LEAST_M && high > 100.0 && high <= 150.0);
    a.downtown = false;
    CHECK(bt_skyline_height(&p, 0.0, 0.0) == 0.0);
}

int main(void)
{
    test_town();
    test_endless();
    return check_end();
}
