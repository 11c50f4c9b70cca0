// ray_sort_test.c: every ray once, like beside like, and nothing a ray may hold breaks it.
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/render/ray_sort.h"
#include "tests/support/check.h"

#define COUNT BT_RAY_SORT_MAX

static bt_ray_sort sort;
static uint32_t rays[COUNT];

static float unit(uint32_t i, uint32_t dim)
{
    return (float)bt_random_unit(1, BT_STREAM_TEST, i, dim);
}

// Rays up and rays down in turns, from all over a cube.
static void fill(void)
{
    for (uint32_t i = 0; i < COUNT; i++) {
        float up = i % 2 ? 1.0f : -1.0f;
        float3 dir = normalize3(float3(0.1f * unit(i, 0), 0.1f * unit(i, 1), up));
        float3 origin = float3(unit(i, 2), unit(i, 3), unit(i, 4)) * 100.0f;
        bt_ray_sort_put(&sort, i, &origin, &dir);
        rays[i] = i;
    }
}

static void check_each_once(void)
{
    static bool seen[COUNT];
    memset(seen, 0, sizeof seen);
    for (uint32_t i = 0; i < COUNT; i++) {
        CHECK(rays[i] < COUNT && !seen[rays[i]]);
        seen[rays[i] % COUNT] = true;
    }
}

static float3 origin_of(uint32_t ray)
{
    return float3(sort.origins[0][ray], sort.origins[1][ray], sort.origins[2][ray]);
}

// Mean distance of the starts of neighbours.
static float mean_step(void)
{
    float sum = 0.0f;
    for (uint32_t i = 1; i < COUNT; i++)
        sum += length3(origin_of(rays[i]) - origin_of(rays[i - 1]));
    return sum / to_f(COUNT - 1);
}

static void test_like_beside_like(void)
{
    fill();
    float before = mean_step();
    bt_ray_sort_run(&sort, COUNT, rays);
    check_each_once();
    uint32_t turns = 0;
    for (uint32_t i = 1; i < COUNT; i++)
        turns += (sort.dirs[2][rays[i]] > 0.0f) != (sort.dirs[2][rays[i - 1]] > 0.0f);
    CHECK(turns <= 8); // of 2047: one cell of directions ends where the next begins
    CHECK(mean_step() < 0.3f * before);
}

static void test_hostile(void)
{
    const float bad[] = {NAN, INFINITY, -INFINITY, 0.0f, 1e38f};
    fill();
    for (uint32_t i = 0; i < COUNT; i += 7) {
        sort.dirs[i % 3][i] = i % 2 ? NAN : 0.0f;
        sort.origins[i % 2][i] = bad[(i + 1) % 5];
    }
    bt_ray_sort_run(&sort, COUNT, rays);
    check_each_once();
    bt_ray_sort_run(&sort, 0, rays);
    check_each_once();
}

int main(void)
{
    test_like_beside_like();
    test_hostile();
    return check_end();
}
