// spread_streak.c: the streaks of scratches about bright things, each with the scratches of its very place,
// as thin lines however far.
//
// A bright pixel's near light takes its streaks as the near level takes its own (its excess). Far light is
// known per block: what a bright block has in excess goes to the bright pixels in it, as far as they have
// so much, the rest lies evenly over the block. Streaks of pixels in one block are the same.
#include "sensors/camera/optics/spread_internal.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"

#define BINS 2048        // directions of a half turn: 1.5 mrad, a pixel at 650
#define NODES 192        // of a profile, at the squares of a multiple of their number
#define LEAST_SHARE 1e-4 // of the film's mean light: where a streak ends

typedef struct source {
    double x, y;
    int side; // pixels: 1, or a block's
    uint32_t set;
    double near[BT_KERNEL_MAX_BANDS], far[BT_KERNEL_MAX_BANDS]; // energy
} source;

// The lines of a place, directions alike taken together; light per pixel of length and unit of energy.
typedef struct set {
    uint32_t block, line_count;
    uint32_t bins[2 * BT_STREAK_MAX]; // of each line
    float *light;                     // (lines x bands x (NODES + 1))
} set;

typedef struct ray {
    uint32_t source, line;
    double dx, dy, reach_px;
} ray;

struct bt_streak_lines {
    const bt_kernel *kernel;
    double step; // node i is at (i step)^2 pixels
    float near_part[NODES + 1];
    source sources[2 * BT_SPREAD_BRIGHT];
    uint32_t source_count, set_count;
    set *sets[2 * BT_SPREAD_BRIGHT];
    ray *rays;
    size_t ray_count, ray_capacity;
};

// ---- sources ----------------------------------------------------------------------------------
// Blocks that a pixel's light goes to, and the shares.
typedef struct tent {
    uint32_t block[4];
    double share[4];
} tent;

static tent tent_of(const bt_kernel *k, uint32_t x, uint32_t y)
{
    tent t;
    bt_spread_share u = bt_spread_share_of(x, k->far_width),
                    v = bt_spread_share_of(y, k->far_height);
    for (int i = 0; i < 4; i++) {
        t.block[i] = (i & 2 ? v.second : v.first) * k->far_width + (i & 1 ? u.second : u.first);
        t.share[i] = (double)(i & 1 ? u.v : 1.0f - u.v) * (double)(i & 2 ? v.v : 1.0f - v.v);
    }
    return t;
}

// Number of each block among the bright ones, -1 elsewhere.
static int32_t *number_blocks(const bt_kernel *k, const bt_bright *blocks, uint32_t count)
{
    size_t all = (size_t)k->far_width * k->far_height;
    int32_t *number = bt_alloc(all, sizeof *number);
    for (size_t i = 0; number && i < all; i++)
        number[i] = -1;
    for (uint32_t i = 0; number && i < count; i++)
        number[blocks[i].y * k->far_width + blocks[i].x] = (int32_t)i;
    return number;
}

// What the bright blocks hold of the bright pixels' excess.
static void sum_held(const bt_kernel *k, const bt_bright *pixels, uint32_t count,
                     const int32_t *number, double (*held)[BT_KERNEL_MAX_BANDS])
{
    for (uint32_t i = 0; i < count; i++) {
        tent t = tent_of(k, pixels[i].x, pixels[i].y);
        for (int c = 0; c < 4; c++)
            for (uint32_t b = 0; b < k->band_count && number[t.block[c]] >= 0; b++)
                held[number[t.block[c]]][b] += t.share[c] * pixels[i].excess[b];
    }
}

static source source_of_pixel(const bt_kernel *k, const bt_bright *pixel, const bt_bright *blocks,
                              const int32_t *number, double (*held)[BT_KERNEL_MAX_BANDS])
{
    source s = {.x = pixel->x, .y = pixel->y, .side = 1};
    tent t = tent_of(k, pixel->x, pixel->y);
    for (uint32_t b = 0; b < k->band_count; b++) {
        s.near[b] = pixel->excess[b];
        for (int c = 0; c < 4; c++) {
            int32_t n = number[t.block[c]];
            if (n < 0 || !(held[n][b] > 0.0)) continue;
            s.far[b] += t.share[c] * pixel->excess[b] * fmin(blocks[n].excess[b] / held[n][b], 1.0);
        }
    }
    return s;
}

static source source_of_block(const bt_kernel *k, const bt_bright *block, const double *held)
{
    const double middle = 0.5 * (BT_KERNEL_BLOCK - 1.0);
    source s = {.x = block->x * BT_KERNEL_BLOCK + middle,
                .y = block->y * BT_KERNEL_BLOCK + middle,
                .side = BT_KERNEL_BLOCK};
    for (uint32_t b = 0; b < k->band_count; b++)
        s.far[b] = fmax(block->excess[b] - held[b], 0.0);
    return s;
}

static bt_status add_sources(bt_streak_lines *l, const bt_bright *pixels, uint32_t pixel_count,
                             const bt_bright *blocks, uint32_t block_count)
{
    const bt_kernel *k = l->kernel;
    int32_t *number = number_blocks(k, blocks, block_count);
    double(*held)[BT_KERNEL_MAX_BANDS] = bt_alloc(BT_SPREAD_BRIGHT, sizeof *held);
    bool whole = number && held;
    if (whole) {
        sum_held(k, pixels, pixel_count, number, held);
        for (uint32_t i = 0; i < pixel_count; i++)
            l->sources[l->source_count++] = source_of_pixel(k, &pixels[i], blocks, number, held);
        for (uint32_t i = 0; i < block_count; i++)
            l->sources[l->source_count++] = source_of_block(k, &blocks[i], held[i]);
    }
    bt_free(number);
    bt_free(held);
    return whole ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for streaks");
}

// ---- sets -------------------------------------------------------------------------------------
static uint32_t line_of(set *s, uint32_t bin)
{
    for (uint32_t i = 0; i < s->line_count; i++)
        if (s->bins[i] == bin) return i;
    s->bins[s->line_count] = bin;
    return s->line_count++;
}

static void add_profile(const bt_streak_lines *l, const bt_streak *streak, double share,
                        float *light)
{
    const bt_kernel *k = l->kernel;
    for (uint32_t b = 0; b < k->band_count; b++)
        for (int i = 0; i <= NODES; i++) {
            double r_px = (i * l->step) * (i * l->step);
            *light++ += (float)(k->straight * share * streak->share *
                                bt_streak_along(&k->streaks, b, streak->width, r_px));
        }
}

static bt_status make_set(void *context, uint32_t number, uint32_t worker)
{
    (void)worker;
    bt_streak_lines *l = context;
    const bt_kernel *k = l->kernel;
    set *s = l->sets[number];
    bt_streak streaks[BT_STREAK_MAX];
    bt_kernel_place place;
    double covered, middle = 0.5 * (BT_KERNEL_BLOCK - 1.0);
    k->place_at(k->context, s->block % k->far_width * (double)BT_KERNEL_BLOCK + middle,
                s->block / k->far_width * (double)BT_KERNEL_BLOCK + middle, &place);
    uint32_t count = bt_streaks_of(&place.pupil, streaks, &covered);
    size_t size = (size_t)k->band_count * (NODES + 1);
    s->light = bt_alloc(2 * (size_t)count * size + 1, sizeof *s->light);
    if (!s->light) return bt_fail(BT_ERR_MEMORY, "no memory for the streaks of a lamp");
    for (uint32_t i = 0; i < count; i++) {
        double turn = atan2(streaks[i].y, streaks[i].x) / BT_PI;
        double at = (turn - floor(turn)) * BINS - 0.5, first = floor(at);
        for (int side = 0; side < 2; side++) {
            uint32_t bin = (uint32_t)((int)first + side + BINS) % BINS;
            double share = side ? at - first : 1.0 - (at - first);
            add_profile(l, &streaks[i], share, s->light + line_of(s, bin) * size);
        }
    }
    return BT_OK;
}

static bt_status find_sets(bt_streak_lines *l)
{
    const bt_kernel *k = l->kernel;
    for (uint32_t i = 0; i < l->source_count; i++) {
        source *s = &l->sources[i];
        uint32_t block =
            (uint32_t)(s->y / BT_KERNEL_BLOCK) * k->far_width + (uint32_t)(s->x / BT_KERNEL_BLOCK);
        while (s->set < l->set_count && l->sets[s->set]->block != block)
            s->set++;
        if (s->set < l->set_count) continue;
        set *made = l->sets[l->set_count++] = bt_alloc(1, sizeof *made);
        if (!made) return bt_fail(BT_ERR_MEMORY, "no memory for the streaks of a lamp");
        made->block = block;
    }
    return BT_OK;
}

// ---- rays -------------------------------------------------------------------------------------
static double light_at_node(const bt_streak_lines *l, const source *s, const float *light, int node)
{
    double most = 0.0, near = (double)l->near_part[node];
    for (uint32_t b = 0; b < l->kernel->band_count; b++)
        most = fmax(most, (double)light[b * (NODES + 1) + (uint32_t)node] *
                              (near * s->near[b] + (1.0 - near) * s->far[b]));
    return most;
}

static bt_status add_rays(bt_streak_lines *l, double least)
{
    for (uint32_t i = 0; i < l->source_count; i++) {
        const source *s = &l->sources[i];
        const set *at = l->sets[s->set];
        for (uint32_t line = 0; line < at->line_count; line++) {
            const float *light = at->light + (size_t)line * l->kernel->band_count * (NODES + 1);
            int node = NODES;
            while (node > 0 && light_at_node(l, s, light, node - 1) < least)
                node--;
            if (node == 0) continue;
            bt_status status = BT_ARRAY_RESERVE(l->rays, l->ray_capacity, l->ray_count + 1);
            if (status != BT_OK) return status;
            double turn = (at->bins[line] + 0.5) * BT_PI / BINS;
            l->rays[l->ray_count++] = (ray){.source = i,
                                            .line = line,
                                            .dx = cos(turn),
                                            .dy = sin(turn),
                                            .reach_px = (node * l->step) * (node * l->step)};
        }
    }
    return BT_OK;
}

bt_status bt_streak_lines_create(const bt_kernel *kernel, const bt_bright *pixels,
                                 uint32_t pixel_count, const bt_bright *blocks,
                                 uint32_t block_count, double mean_light, bt_jobs *jobs,
                                 bt_streak_lines **lines)
{
    *lines = NULL;
    bt_streak_lines *l = bt_alloc(1, sizeof *l);
    if (!l) return bt_fail(BT_ERR_MEMORY, "no memory for streaks");
    l->kernel = kernel;
    l->step = sqrt(hypot(kernel->film_width_px, kernel->film_height_px)) / NODES;
    for (int i = 0; i <= NODES; i++)
        l->near_part[i] = (float)bt_kernel_near_part(kernel, (i * l->step) * (i * l->step));
    bt_status status = add_sources(l, pixels, pixel_count, blocks, block_count);
    if (status == BT_OK) status = find_sets(l);
    if (status == BT_OK) status = bt_jobs_run(jobs, l->set_count, make_set, l);
    if (status == BT_OK) status = add_rays(l, LEAST_SHARE * mean_light);
    if (status == BT_OK)
        *lines = l;
    else
        bt_streak_lines_destroy(l);
    return status;
}

void bt_streak_lines_destroy(bt_streak_lines *lines)
{
    if (!lines) return;
    for (uint32_t i = 0; i < lines->set_count; i++) {
        if (lines->sets[i]) bt_free(lines->sets[i]->light);
        bt_free(lines->sets[i]);
    }
    bt_free(lines->rays);
    bt_free(lines);
}

// ---- rows -------------------------------------------------------------------------------------
static void add_pixel(const bt_streak_lines *l, const source *s, const float *light, double r_px,
                      double chord, int x, float *const *out)
{
    double at = sqrt(r_px) / l->step;
    int i = at < NODES ? (int)at : NODES - 1;
    double v = at - i;
    double near =
        (double)l->near_part[i] + v * ((double)l->near_part[i + 1] - (double)l->near_part[i]);
    for (uint32_t b = 0; b < l->kernel->band_count; b++) {
        const float *p = light + b * (NODES + 1) + (uint32_t)i;
        double value = (double)p[0] + v * ((double)p[1] - (double)p[0]);
        out[b][x] += (float)(chord * value * (near * s->near[b] + (1.0 - near) * s->far[b]));
    }
}

static void ray_row(const bt_streak_lines *l, const ray *r, uint32_t row, float *const *out)
{
    const source *s = &l->sources[r->source];
    double y = row - s->y, half = 0.5 * s->side * (fabs(r->dx) + fabs(r->dy));
    if (fabs(y) > r->reach_px * fabs(r->dy) + half) return;
    // where the line's distance, x dy - y dx, is within the square's, and the reach's end
    double from = -r->reach_px - 1.0, to = r->reach_px + 1.0;
    if (fabs(r->dy) > 1e-9) {
        double a = (y * r->dx - half) / r->dy, b = (y * r->dx + half) / r->dy;
        from = fmax(from, fmin(a, b));
        to = fmin(to, fmax(a, b));
    }
    int first = (int)fmax(ceil(s->x + from), 0.0);
    int last = (int)fmin(floor(s->x + to), l->kernel->film_width_px - 1.0);
    const float *light =
        l->sets[s->set]->light + (size_t)r->line * l->kernel->band_count * (NODES + 1);
    double area = (double)s->side * s->side;
    for (int i = first; i <= last; i++) {
        double x = i - s->x, along = fabs(x * r->dx + y * r->dy);
        if (along > r->reach_px) continue;
        // pixels within the core have theirs
        if (s->side == 1 && fabs(x) < BT_KERNEL_CORE + 0.5 && fabs(y) < BT_KERNEL_CORE + 0.5)
            continue;
        double chord = bt_streak_chord(r->dx, r->dy, s->side, x, y);
        if (chord > 0.0) add_pixel(l, s, light, along, chord / area, i, out);
    }
}

void bt_streak_row(const bt_streak_lines *lines, uint32_t row, float *const *out)
{
    for (size_t i = 0; i < lines->ray_count; i++)
        ray_row(lines, &lines->rays[i], row, out);
}
