// ways_test.c: what is found for sixteen directions at once (haze_ways.h, sky_ways.h) is what the shared
// functions find for each alone, to the bit.
#include "engine/core/random.h"
#include "engine/render/haze_ways.h"
#include "engine/render/sky_ways.h"
#include "tests/support/check.h"

#include "shaders/shared/sampler.h"

#include <string.h>

#define TURNS 2000u

static float unit(uint32_t turn, uint32_t number)
{
    return (float)bt_random_unit(1, BT_STREAM_TEST, turn, number);
}

static float3 direction(uint32_t turn, uint32_t number)
{
    float3 d = float3(unit(turn, number) - 0.5f, unit(turn, number + 1) - 0.5f,
                      unit(turn, number + 2) - 0.5f);
    return normalize3(d);
}

static bool same(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) == 0;
}

static void test_haze(uint32_t turn)
{
    bt_haze_ways ways;
    for (uint32_t i = 0; i < BT_HAZE_WAYS; i++) {
        ways.z_m[i] = 400.0f * unit(turn, 8 * i) - 20.0f;
        ways.distance_m[i] = 20000.0f * sqr(unit(turn, 8 * i + 1));
        ways.rise[i] = i == 0 ? 0.0f : 2.0f * unit(turn, 8 * i + 2) - 1.0f;
        ways.cosine[i] = 2.0f * unit(turn, 8 * i + 3) - 1.0f;
    }
    bt_haze_ways_find(&ways, 0.7f);
    for (uint32_t i = 0; i < BT_HAZE_WAYS; i++) {
        bt_haze_way found = bt_haze_ways_at(&ways, i);
        bt_haze_way alone =
            bt_haze_way_along(ways.z_m[i], ways.rise[i], ways.distance_m[i], ways.cosine[i], 0.7f);
        CHECK(same(&found, &alone, sizeof alone));
    }
}

static bt_sky make_sky(uint32_t turn)
{
    bt_sky sky = {.sun_height = 1e-4f * unit(turn, 900), .sun_angle = 6e-5f, .aerosol_g = 0.7f};
    float2 turned = pm_sincos(6.0f * unit(turn, 901));
    sky.day.dir = direction(turn, 902);
    sky.day.side = float3(turned[1], turned[0], 0.0f);
    return sky;
}

// Limits of the sky's cells, ascending; the guides are not read.
static void fill_limits(uint32_t turn, float *limits, uint32_t cells)
{
    for (uint32_t i = 0; i <= cells; i++)
        limits[i] = i == cells ? 1.0f : ((float)i + 0.9f * unit(turn, 1000 + i)) / (float)cells;
    limits[0] = 0.0f;
}

static void test_sky(uint32_t turn)
{
    static float pick[BT_SKY_PICK_FLOATS];
    bt_sky sky = make_sky(turn);
    fill_limits(turn, pick, BT_SKY_PICK_ROWS);
    for (uint32_t row = 0; row < BT_SKY_PICK_ROWS; row++)
        fill_limits(turn + row, pick + BT_SKY_PICK_FIRST + row * BT_SKY_PICK_ROW,
                    BT_SKY_PICK_COLUMNS);
    bt_sky_picks picks;
    float *numbers[4] = {picks.sun_u0, picks.sun_u1, picks.sky_u0, picks.sky_u1};
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++)
        for (uint32_t k = 0; k < 4; k++)
            numbers[k][i] = unit(turn, 2000 + 4 * i + k);
    bt_sky_picks_find(&picks, &sky, pick);
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++) {
        bt_direction sun = bt_sun_sample(sky, picks.sun_u0[i], picks.sun_u1[i]);
        bt_direction sun_found = bt_sun_at(sky, bt_sky_picks_sun(&picks, i));
        CHECK(same(&sun.dir, &sun_found.dir, 3 * sizeof(float)) && sun.pdf == sun_found.pdf);
        bt_direction to = bt_sky_sample(sky, pick, picks.sky_u0[i], picks.sky_u1[i]);
        bt_sky_picked found = bt_sky_picks_sky(&picks, i);
        CHECK(same(&to.dir, &found, 3 * sizeof(float)) && to.pdf == found.pdf);
    }
}

static void test_spots(uint32_t turn)
{
    bt_sky sky = make_sky(turn);
    bt_sky_spots spots;
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++) {
        float3 dir = direction(turn, 3 * i);
        if (i == 0) dir = float3(0.0f, 0.0f, turn & 1u ? 1.0f : -1.0f);
        spots.x[i] = dir[0];
        spots.y[i] = dir[1];
        spots.z[i] = dir[2];
    }
    bt_sky_spots_find(&spots, &sky);
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++) {
        bt_sky_spot found = bt_sky_spots_at(&spots, i);
        float3 dir = float3(spots.x[i], spots.y[i], spots.z[i]);
        bt_sky_spot alone = bt_sky_spot_of(sky.day, sky.aerosol_g, dir);
        CHECK(same(&found, &alone, sizeof alone));
    }
}

int main(void)
{
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        test_haze(turn);
        test_spots(turn);
    }
    for (uint32_t turn = 0; turn < TURNS / 20; turn++)
        test_sky(turn);
    return check_failed_count > 0;
}
