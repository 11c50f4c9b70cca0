// ray_sort.c: see ray_sort.h: keys of direction and place, sorted by their digits.
#include "engine/render/ray_sort.h"

#include "shaders/shared/sampler.h"

// Chosen by the first drive's time: 16 x 16 directions, and within each the places in Morton's order.
#define DIR_BITS 4u
#define PLACE_BITS 5u
#define KEY_BITS (2u * DIR_BITS + 3u * PLACE_BITS)
#define DIGIT_BITS 8u
#define DIGITS (1u << DIGIT_BITS)

// ---- keys ---------------------------------------------------------------------------------------
// Nothing here branches: the compiler makes many keys at once.

// One of so many cells of [0, 1).
static inline uint32_t cell(float x, uint32_t bits)
{
    const float cells = to_f(1u << bits);
    float at = x > 0.0f ? x * cells : 0.0f; // nor is NaN
    return (uint32_t)(int32_t)min(at, cells - 1.0f);
}

// Bits of x moved to every third place; x below 1024.
static inline uint32_t spread_thirds(uint32_t x)
{
    x = (x | x << 16) & 0x030000ffu;
    x = (x | x << 8) & 0x0300f00fu;
    x = (x | x << 4) & 0x030c30c3u;
    return (x | x << 2) & 0x09249249u;
}

// The cell of a direction folded onto a square: octahedral.h.
static inline uint32_t turn_of(float x, float y, float z)
{
    float per = 0.5f / max(abs(x) + abs(y) + abs(z), 1e-30f);
    float u = x * per, v = y * per;
    float over_u = 0.5f - abs(v), over_v = 0.5f - abs(u);
    over_u = u >= 0.0f ? over_u : -over_u;
    over_v = v >= 0.0f ? over_v : -over_v;
    u = z < 0.0f ? over_u : u;
    v = z < 0.0f ? over_v : v;
    return bt_spread_bits(cell(u + 0.5f, DIR_BITS)) | bt_spread_bits(cell(v + 0.5f, DIR_BITS)) << 1;
}

// The cube about all origins: its low corner, and its size.
static float find_cube(const bt_ray_sort *sort, uint32_t count, float low[3])
{
    float high[3];
    for (int axis = 0; axis < 3; axis++)
        low[axis] = high[axis] = sort->origins[axis][0];
    for (uint32_t i = 1; i < count; i++)
        for (int axis = 0; axis < 3; axis++) {
            low[axis] = min(low[axis], sort->origins[axis][i]);
            high[axis] = max(high[axis], sort->origins[axis][i]);
        }
    return max(max(high[0] - low[0], high[1] - low[1]), max(high[2] - low[2], 1e-6f));
}

static void fill_keys(bt_ray_sort *sort, uint32_t count)
{
    float low[3];
    float per_m = 1.0f / find_cube(sort, count, low);
    const float *ox = sort->origins[0], *oy = sort->origins[1], *oz = sort->origins[2];
    const float *dx = sort->dirs[0], *dy = sort->dirs[1], *dz = sort->dirs[2];
    uint32_t *restrict keys = sort->keys[0];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = spread_thirds(cell((ox[i] - low[0]) * per_m, PLACE_BITS)) |
                         spread_thirds(cell((oy[i] - low[1]) * per_m, PLACE_BITS)) << 1 |
                         spread_thirds(cell((oz[i] - low[2]) * per_m, PLACE_BITS)) << 2;
        keys[i] = turn_of(dx[i], dy[i], dz[i]) << (3u * PLACE_BITS) | place;
    }
}

// ---- order --------------------------------------------------------------------------------------
// By one digit of the key; what has the same keeps its order.
static void sort_digit(const uint32_t *keys, const uint32_t *rays, uint32_t count, uint32_t shift,
                       uint32_t *keys_out, uint32_t *rays_out)
{
    uint32_t ends[DIGITS] = {0};
    for (uint32_t i = 0; i < count; i++)
        ends[keys[i] >> shift & (DIGITS - 1u)]++;
    for (uint32_t digit = 0, before = 0; digit < DIGITS; digit++) {
        uint32_t many = ends[digit];
        ends[digit] = before;
        before += many;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t to = ends[keys[i] >> shift & (DIGITS - 1u)]++;
        keys_out[to] = keys[i];
        rays_out[to] = rays[i];
    }
}

void bt_ray_sort_run(bt_ray_sort *sort, uint32_t count, uint32_t *rays)
{
    if (count < 2) return;
    fill_keys(sort, count);
    uint32_t *from = rays, *to = sort->spare;
    uint32_t turn = 0;
    for (uint32_t shift = 0; shift < KEY_BITS; shift += DIGIT_BITS, turn++) {
        sort_digit(sort->keys[turn & 1u], from, count, shift, sort->keys[~turn & 1u], to);
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != rays) memcpy(rays, from, count * sizeof *rays);
}
