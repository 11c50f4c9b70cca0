// ray_sort.c: see ray_sort.h: keys of direction and place, sorted by their digits.
#include "engine/render/ray_sort.h"

#include "shaders/shared/octahedral.h"
#include "shaders/shared/sampler.h"

// Chosen by the first drive's time: 16 x 16 directions, and within each the places in Morton's order.
#define DIR_BITS 4u
#define PLACE_BITS 5u
#define KEY_BITS (2u * DIR_BITS + 3u * PLACE_BITS)
#define DIGIT_BITS 8u
#define DIGITS (1u << DIGIT_BITS)

// ---- keys ---------------------------------------------------------------------------------------
// One of the cells of [0, 1).
static uint32_t cell(float x)
{
    const float cells = to_f(1u << PLACE_BITS);
    return x > 0.0f ? to_u(min(x * cells, cells - 1.0f)) : 0u;
}

// Bits of x moved to every third place; x below 1024.
static uint32_t spread_thirds(uint32_t x)
{
    x = (x | x << 16) & 0x030000ffu;
    x = (x | x << 8) & 0x0300f00fu;
    x = (x | x << 4) & 0x030c30c3u;
    return (x | x << 2) & 0x09249249u;
}

static uint32_t key_of(float3 origin, float3 dir, float3 low, float per_m)
{
    uint32_t packed = bt_normal_pack(dir);
    uint32_t turn = bt_spread_bits((packed & 0xffffu) >> (16u - DIR_BITS)) |
                    bt_spread_bits(packed >> (32u - DIR_BITS)) << 1;
    float3 at = (origin - low) * per_m;
    uint32_t place = spread_thirds(cell(at[0])) | spread_thirds(cell(at[1])) << 1 |
                     spread_thirds(cell(at[2])) << 2;
    return turn << (3u * PLACE_BITS) | place;
}

static void fill_keys(bt_ray_sort *sort, uint32_t count)
{
    float3 low = sort->origins[0], high = low;
    for (uint32_t i = 1; i < count; i++) {
        low = min(low, sort->origins[i]);
        high = max(high, sort->origins[i]);
    }
    float3 size = high - low;
    float per_m = 1.0f / max(max(size[0], size[1]), max(size[2], 1e-6f));
    for (uint32_t i = 0; i < count; i++)
        sort->keys[0][i] = key_of(sort->origins[i], sort->dirs[i], low, per_m);
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
