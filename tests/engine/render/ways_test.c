// ways_test.c: what is found for sixteen directions or paths at once (haze_ways.h, sky_ways.h, starts.h) is what
// the shared functions find for each alone, to the bit.
#include "engine/core/random.h"
#include "engine/render/haze_ways.h"
#include "engine/render/sky_ways.h"
#include "engine/render/starts.h"
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
    bt_sky_turns_find(&spots, &sky);
    for (uint32_t i = 0; i < BT_SKY_WAYS; i++) {
        bt_sky_spot found = bt_sky_spots_at(&spots, i);
        float3 dir = float3(spots.x[i], spots.y[i], spots.z[i]);
        bt_sky_spot alone = bt_sky_spot_of(sky.day, sky.aerosol_g, dir);
        CHECK(same(&found, &alone, sizeof alone));
        float azimuth = bt_sky_turn(sky.day.side[0], sky.day.side[1], dir[0], dir[1]);
        CHECK(same(&azimuth, &spots.turn[i], sizeof azimuth));
    }
}

static void test_samplers(uint32_t turn)
{
    bt_start_samplers s;
    uint32_t first_log2 = turn % 8u;
    for (uint32_t i = 0; i < BT_STARTS; i++) {
        s.x[i] = bt_hash2(turn, 3 * i) >> 18;
        s.y[i] = bt_hash2(turn, 3 * i + 1) >> 18;
        s.number[i] = bt_hash2(turn, 3 * i + 2) >> (20u + turn % 11u);
    }
    bt_start_samplers_find(&s, first_log2, turn);
    for (uint32_t i = 0; i < BT_STARTS; i++) {
        bt_sampler found = bt_start_sampler_at(&s, i);
        bt_sampler alone = bt_sampler_begin_open(s.x[i], s.y[i], s.number[i], first_log2, turn);
        CHECK(same(&found, &alone, sizeof alone));
    }
}

// A key somewhere, turned by up to so much.
static bt_snapshot_key make_key(uint32_t turn, uint32_t number, float most_rad)
{
    float2 sc = pm_sincos(0.5f * most_rad * unit(turn, number));
    float3 axis = direction(turn, number + 1);
    return (bt_snapshot_key){
        .pos = {9.0f * unit(turn, number + 4), unit(turn, number + 5), unit(turn, number + 6)},
        .rot = {sc[1], sc[0] * axis[0], sc[0] * axis[1], sc[0] * axis[2]}};
}

static void test_cameras(uint32_t turn)
{
    bt_snapshot_key keys[4];
    uint32_t key_count = 2 + turn % 3;
    const float turns[3] = {0.0f, 1e-3f, 0.3f};
    for (uint32_t k = 0; k < key_count; k++)
        keys[k] = make_key(turn, 10 * k, turns[turn / 3 % 3]);
    bt_start_cameras cameras;
    for (uint32_t i = 0; i < BT_STARTS; i++)
        cameras.u[i] = i == 0 ? 1.0f : unit(turn, 100 + i);
    bt_start_cameras_find(&cameras, keys, key_count);
    for (uint32_t i = 0; i < BT_STARTS; i++) {
        bt_key_place at = bt_key_place_at(key_count, cameras.u[i]);
        bt_placement alone =
            bt_placement_from_key(bt_key_between(keys[at.first], keys[at.first + 1], at.v), 1.0f);
        bt_placement found = bt_start_camera_at(&cameras, i);
        CHECK(same(&found, &alone, sizeof alone)); // fourth lanes are zero in both
    }
}

int main(void)
{
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        test_haze(turn);
        test_spots(turn);
        test_samplers(turn);
        test_cameras(turn);
    }
    for (uint32_t turn = 0; turn < TURNS / 20; turn++)
        test_sky(turn);
    return check_failed_count > 0;
}
