// spread.c: see spread.h.
#include "sensors/camera/optics/spread.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"
#include "sensors/camera/optics/spread_internal.h"

#define CORE BT_KERNEL_CORE
#define PAD 16              // floats of nothing before and after a row: at least CORE
#define SMALL_GHOST_PX 12.0 // smaller ones come of pixels, larger ones of blocks

struct bt_spread {
    bt_spread_desc desc;
    bt_level near, far;
    float *hat;     // (nodes_x x film width): share of each node in a column
    float *squared; // the core's taps squared, as the core
    // the shape of each ghost: share of its energy per pixel, (2 reach + 1)^2
    float *sprite[BT_SPREAD_MAX_GHOSTS];
    int sprite_reach[BT_SPREAD_MAX_GHOSTS];
};

// One plane of a film on its way.
typedef struct work {
    const bt_spread *s;
    const bt_film *film;
    bt_film *out;
    uint32_t plane, border;
    float *light, *variance;                 // (bands x film height x padded width)
    float *sums;                             // (film height x film width)
    float *halo;                             // (bands x film height x film width): near by
    float *blocks, *block_sums, *block_halo; // (bands x) far height x far width
    float *rows;                             // (workers x (2 bands + 1) x padded width)
    bt_bright bright[BT_SPREAD_BRIGHT], bright_blocks[BT_SPREAD_BRIGHT];
    uint32_t bright_count, block_count;
} work;

static size_t padded(const bt_kernel *k)
{
    return (size_t)k->film_width_px + 2 * PAD;
}

// ---- making -----------------------------------------------------------------------------------
static void fill_hats(bt_spread *s)
{
    const bt_kernel *k = s->desc.kernel;
    for (uint32_t x = 0; x < k->film_width_px; x++) {
        uint32_t first;
        double v;
        bt_kernel_between(k->node_x_px, k->nodes_x, x, &first, &v);
        s->hat[(size_t)first * k->film_width_px + x] = (float)(1.0 - v);
        if (k->nodes_x > 1) s->hat[(size_t)(first + 1) * k->film_width_px + x] = (float)v;
    }
}

static bt_status fill_sprite(void *context, uint32_t ghost, uint32_t worker)
{
    (void)worker;
    bt_spread *s = context;
    double radius = fmax(s->desc.ghosts[ghost].radius_px, 0.5), sum = 0.0;
    int reach = s->sprite_reach[ghost] = (int)ceil(BT_PUPIL_EXTENT * radius) + 1;
    size_t side = 2 * (size_t)reach + 1, at = 0;
    float *sprite = s->sprite[ghost] = bt_alloc(side * side, sizeof *sprite);
    if (!sprite) return bt_fail(BT_ERR_MEMORY, "no memory for a ghost of %g px", radius);
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++, at++) {
            sprite[at] = (float)bt_pupil_open(&s->desc.shape, x / radius, y / radius, 1.0 / radius);
            sum += (double)sprite[at];
        }
    double scale = sum > 0.0 ? s->desc.ghosts[ghost].share / sum : 0.0;
    for (size_t i = 0; i < side * side; i++)
        sprite[i] *= (float)scale;
    return BT_OK;
}

bt_status bt_spread_create(const bt_spread_desc *desc, bt_jobs *jobs, bt_spread **spread)
{
    *spread = NULL;
    const bt_kernel *k = desc->kernel;
    size_t core = (size_t)k->nodes_x * k->nodes_y * k->band_count * bt_kernel_core_size();
    bt_spread *s = bt_alloc(1, sizeof *s);
    if (!s) return bt_fail(BT_ERR_MEMORY, "no memory for a point spread");
    s->desc = *desc;
    s->hat = bt_alloc((size_t)k->nodes_x * k->film_width_px, sizeof *s->hat);
    s->squared = bt_alloc(core, sizeof *s->squared);
    bt_status status = BT_OK;
    if (!s->hat || !s->squared) status = bt_fail(BT_ERR_MEMORY, "no memory for a point spread");
    if (status == BT_OK)
        status =
            bt_level_init(k, k->near, bt_kernel_near_size(k), k->film_width_px, k->film_height_px,
                          1.0, k->near_radius, k->near_radius, jobs, &s->near);
    if (status == BT_OK)
        status = bt_level_init(k, k->far, bt_kernel_far_size(k), k->far_width, k->far_height,
                               BT_KERNEL_BLOCK, k->far_rx, k->far_ry, jobs, &s->far);
    if (status != BT_OK) {
        bt_spread_destroy(s);
        return status;
    }
    fill_hats(s);
    for (size_t i = 0; i < core; i++)
        s->squared[i] = k->core[i] * k->core[i];
    status = bt_jobs_run(jobs, desc->ghost_count, fill_sprite, s);
    if (status == BT_OK)
        *spread = s;
    else
        bt_spread_destroy(s);
    return status;
}

void bt_spread_destroy(bt_spread *spread)
{
    if (!spread) return;
    bt_level_clear(&spread->near);
    bt_level_clear(&spread->far);
    for (uint32_t g = 0; g < BT_SPREAD_MAX_GHOSTS; g++)
        bt_free(spread->sprite[g]);
    bt_free(spread->hat);
    bt_free(spread->squared);
    bt_free(spread);
}

uint32_t bt_spread_ghosts(const bt_spread *spread)
{
    return spread->desc.ghost_count;
}

size_t bt_spread_bytes(const bt_spread *spread)
{
    return bt_level_bytes(&spread->near) + bt_level_bytes(&spread->far);
}

// ---- the film, laid out -----------------------------------------------------------------------
static bt_status lay_row(void *context, uint32_t y, uint32_t worker)
{
    (void)worker;
    work *w = context;
    const bt_kernel *k = w->s->desc.kernel;
    uint32_t width = k->film_width_px, bands = k->band_count;
    size_t from = w->plane * bt_film_plane_stride(w->film) + (size_t)y * width * bands;
    float *sums = w->sums + (size_t)y * width;
    memset(sums, 0, width * sizeof *sums);
    for (uint32_t b = 0; b < bands; b++) {
        size_t line = (size_t)b * k->film_height_px + y;
        float *light = w->light + line * padded(k) + PAD;
        float *variance = w->variance + line * padded(k) + PAD;
        for (uint32_t x = 0; x < width; x++) {
            light[x] = w->film->rate_e_s[from + (size_t)x * bands + b];
            variance[x] = w->film->variance_e2_s2[from + (size_t)x * bands + b];
            sums[x] += light[x];
        }
    }
    for (uint32_t x = 0; x < width; x++)
        if (!isfinite(sums[x]))
            return bt_fail(BT_ERR_INTERNAL, "film: pixel (%u, %u) is not a number", x, y);
    return BT_OK;
}

// The block whose middle lies before a coordinate, the next one, and the share of that.
typedef struct share {
    uint32_t first, second;
    float v;
} share;

static share share_of(uint32_t at_px, uint32_t count)
{
    double at = bt_clamp((at_px + 0.5) / BT_KERNEL_BLOCK - 0.5, 0.0, count - 1.0);
    uint32_t first = (uint32_t)at;
    return (share){first, first + 1 < count ? first + 1 : first, (float)(at - first)};
}

// Light goes to the two nearest blocks each way, so that its middle stays where it is.
static void lay_line(const bt_kernel *k, const float *row, float part, float *out)
{
    for (uint32_t x = 0; x < k->film_width_px; x++) {
        share s = share_of(x, k->far_width);
        out[s.first] += part * (1.0f - s.v) * row[x];
        out[s.second] += part * s.v * row[x];
    }
}

static bt_status lay_blocks(void *context, uint32_t by, uint32_t worker)
{
    (void)worker;
    work *w = context;
    const bt_kernel *k = w->s->desc.kernel;
    const uint32_t side = BT_KERNEL_BLOCK, height = k->film_height_px;
    float *sums = w->block_sums + (size_t)by * k->far_width;
    memset(sums, 0, k->far_width * sizeof *sums);
    for (uint32_t b = 0; b < k->band_count; b++) {
        float *out = w->blocks + ((size_t)b * k->far_height + by) * k->far_width;
        memset(out, 0, k->far_width * sizeof *out);
        uint32_t y = by * side > side ? by * side - side : 0;
        for (; y < by * side + 2 * side && y < height; y++) {
            share s = share_of(y, k->far_height);
            float part = (s.first == by ? 1.0f - s.v : 0.0f) + (s.second == by ? s.v : 0.0f);
            if (part > 0.0f)
                lay_line(k, w->light + ((size_t)b * height + y) * padded(k) + PAD, part, out);
        }
        for (uint32_t x = 0; x < k->far_width; x++)
            sums[x] += out[x];
    }
    return BT_OK;
}

static void find_bright(work *w)
{
    const bt_kernel *k = w->s->desc.kernel;
    uint32_t width = k->film_width_px, height = k->film_height_px;
    w->bright_count = bt_bright_find(w->sums, width, height, w->bright);
    w->block_count = bt_bright_find(w->block_sums, k->far_width, k->far_height, w->bright_blocks);
    for (uint32_t b = 0; b < k->band_count; b++) {
        for (uint32_t i = 0; i < w->bright_count; i++) {
            bt_bright *p = &w->bright[i];
            size_t line = (size_t)b * height + p->y;
            p->excess[b] = p->share * (double)w->light[line * padded(k) + PAD + p->x];
            p->variance[b] =
                p->share * p->share * (double)w->variance[line * padded(k) + PAD + p->x];
        }
        for (uint32_t i = 0; i < w->block_count; i++) {
            bt_bright *p = &w->bright_blocks[i];
            size_t line = (size_t)b * k->far_height + p->y;
            p->excess[b] = p->share * (double)w->blocks[line * k->far_width + p->x];
        }
    }
}

// ---- transforms -------------------------------------------------------------------------------
static bt_status transform_band(void *context, uint32_t item, uint32_t worker)
{
    (void)worker;
    work *w = context;
    const bt_kernel *k = w->s->desc.kernel;
    uint32_t bands = k->band_count, b = item % bands;
    size_t pixels = (size_t)k->film_width_px * k->film_height_px;
    size_t blocks = (size_t)k->far_width * k->far_height;
    if (item < bands)
        return bt_level_transform(&w->s->near, b,
                                  w->light + (size_t)b * k->film_height_px * padded(k) + PAD,
                                  padded(k), w->bright, w->bright_count, w->halo + b * pixels);
    return bt_level_transform(&w->s->far, b, w->blocks + b * blocks, k->far_width, w->bright_blocks,
                              w->block_count, w->block_halo + b * blocks);
}

static bt_status splat_blocks(void *context, uint32_t by, uint32_t worker)
{
    (void)worker;
    work *w = context;
    const bt_kernel *k = w->s->desc.kernel;
    for (uint32_t b = 0; b < k->band_count; b++)
        bt_level_splat(&w->s->far, b, w->bright_blocks, w->block_count, by,
                       w->block_halo + ((size_t)b * k->far_height + by) * k->far_width, NULL);
    return BT_OK;
}

// ---- the core ---------------------------------------------------------------------------------
static void convolve(const float *restrict in, uint32_t count, const float *restrict taps,
                     float *restrict out)
{
    for (uint32_t x = 0; x < count; x++) {
        float sum = out[x];
        for (int t = 0; t < BT_KERNEL_TAPS; t++)
            sum += taps[t] * in[(ptrdiff_t)x + CORE - t];
        out[x] = sum;
    }
}

// Taps of one row of a node's kernel, mixed between the nodes above and below.
static void mix_taps(const bt_kernel *k, const float *core, uint32_t node_x, uint32_t ny, double v,
                     uint32_t band, int down, float *taps)
{
    size_t size = bt_kernel_core_size(), row = (size_t)(down + CORE) * BT_KERNEL_TAPS;
    uint32_t below = ny + 1 < k->nodes_y ? ny + 1 : ny;
    const float *a = core + ((size_t)(ny * k->nodes_x + node_x) * k->band_count + band) * size;
    const float *b = core + ((size_t)(below * k->nodes_x + node_x) * k->band_count + band) * size;
    for (int t = 0; t < BT_KERNEL_TAPS; t++)
        taps[t] = (float)((1.0 - v) * (double)a[row + (size_t)t] + v * (double)b[row + (size_t)t]);
}

// Adds to a row what a film row `down` above it brings; hats share columns among nodes.
static void add_film_row(const work *w, const float *core, const float *in, uint32_t band, int down,
                         uint32_t from_row, float *shared, float *out)
{
    const bt_kernel *k = w->s->desc.kernel;
    uint32_t ny, width = k->film_width_px;
    double v;
    float taps[BT_KERNEL_TAPS];
    bt_kernel_between(k->node_y_px, k->nodes_y, from_row, &ny, &v);
    if (k->nodes_x == 1) {
        mix_taps(k, core, 0, ny, v, band, down, taps);
        convolve(in, width, taps, out);
        return;
    }
    for (uint32_t n = 0; n < k->nodes_x; n++) {
        // the hat's columns, and those that its light reaches
        double left = n > 0 ? k->node_x_px[n - 1] : 0.0;
        double right = n + 1 < k->nodes_x ? k->node_x_px[n + 1] : width - 1.0;
        uint32_t x0 = (uint32_t)left, x1 = (uint32_t)ceil(right) + 1;
        x1 = x1 < width ? x1 : width;
        const float *hat = w->s->hat + (size_t)n * width;
        memset(shared + x0, 0, PAD * sizeof *shared);
        for (uint32_t x = x0; x < x1; x++)
            shared[PAD + x] = hat[x] * in[x];
        memset(shared + PAD + x1, 0, PAD * sizeof *shared);
        uint32_t y0 = x0 > CORE ? x0 - CORE : 0, y1 = x1 + CORE < width ? x1 + CORE : width;
        mix_taps(k, core, n, ny, v, band, down, taps);
        convolve(shared + PAD + y0, y1 - y0, taps, out + y0);
    }
}

static void core_row(const work *w, uint32_t row, uint32_t band, float *shared, float *light,
                     float *variance)
{
    const bt_kernel *k = w->s->desc.kernel;
    for (int down = -CORE; down <= CORE; down++) {
        int from = (int)row - down;
        if (from < 0 || from >= (int)k->film_height_px) continue;
        size_t at = ((size_t)band * k->film_height_px + (size_t)from) * padded(k) + PAD;
        add_film_row(w, k->core, w->light + at, band, down, (uint32_t)from, shared, light);
        add_film_row(w, w->s->squared, w->variance + at, band, down, (uint32_t)from, shared,
                     variance);
    }
}

// ---- ghosts -----------------------------------------------------------------------------------
// A row of a sprite, its middle at a broken column and row: linear between its points.
static void ghost_row(const bt_spread *s, uint32_t ghost, double x_px, double y_px,
                      const double *energy, uint32_t row, float *const *light)
{
    const bt_kernel *k = s->desc.kernel;
    double scale = s->desc.ghosts[ghost].scale;
    double cx = s->desc.axis_x_px + scale * (x_px - s->desc.axis_x_px);
    double cy = s->desc.axis_y_px + scale * (y_px - s->desc.axis_y_px);
    int reach = s->sprite_reach[ghost], width = (int)k->film_width_px;
    if (!(fabs(cx) < 1e6 && fabs(cy) < 1e6)) return;
    int left = (int)floor(cx), down = (int)row - (int)floor(cy); // 0 or 1 more than the sprite's
    if (down < -reach || down > reach + 1 || left + reach + 1 < 0 || left - reach >= width) return;
    float u = (float)(cx - floor(cx)), v = (float)(cy - floor(cy));
    size_t side = 2 * (size_t)reach + 1;
    const float *upper =
        down > -reach ? s->sprite[ghost] + (size_t)(down - 1 + reach) * side : NULL;
    const float *lower = down <= reach ? s->sprite[ghost] + (size_t)(down + reach) * side : NULL;
    for (int i = -reach; i <= reach + 1; i++) {
        int x = left + i;
        if (x < 0 || x >= width) continue;
        float sum = 0.0f;
        for (int side_x = 0; side_x < 2; side_x++) {
            int at = i - side_x + reach;
            if (at < 0 || at >= (int)side) continue;
            float part = side_x ? u : 1.0f - u;
            sum +=
                part * ((lower ? (1.0f - v) * lower[at] : 0.0f) + (upper ? v * upper[at] : 0.0f));
        }
        for (uint32_t b = 0; b < k->band_count && sum > 0.0f; b++)
            light[b][x] += sum * (float)energy[b];
    }
}

static void ghosts_row(const work *w, uint32_t row, float *const *light)
{
    const bt_spread_desc *d = &w->s->desc;
    const double middle = 0.5 * (BT_KERNEL_BLOCK - 1.0);
    for (uint32_t g = 0; g < d->ghost_count; g++) {
        bool small = d->ghosts[g].radius_px < SMALL_GHOST_PX;
        const bt_bright *bright = small ? w->bright : w->bright_blocks;
        uint32_t count = small ? w->bright_count : w->block_count;
        for (uint32_t i = 0; i < count; i++) {
            const bt_bright *p = &bright[i];
            double x = small ? p->x : p->x * BT_KERNEL_BLOCK + middle;
            double y = small ? p->y : p->y * BT_KERNEL_BLOCK + middle;
            ghost_row(w->s, g, x, y, p->excess, row, light);
        }
    }
}

// ---- rows of the picture ----------------------------------------------------------------------
// Light per pixel of the blocks about a row, linear between their middles.
static void far_row(const work *w, uint32_t row, uint32_t band, float *light)
{
    const bt_kernel *k = w->s->desc.kernel;
    share y = share_of(row, k->far_height);
    const float *blocks = w->block_halo + (size_t)band * k->far_height * k->far_width;
    const float *top = blocks + (size_t)y.first * k->far_width;
    const float *low = blocks + (size_t)y.second * k->far_width;
    for (uint32_t x = 0; x < k->film_width_px; x++) {
        share s = share_of(x, k->far_width);
        float a = top[s.first] * (1.0f - s.v) + top[s.second] * s.v;
        float b = low[s.first] * (1.0f - s.v) + low[s.second] * s.v;
        light[x] += a * (1.0f - y.v) + b * y.v;
    }
}

static void keep_row(const work *w, uint32_t row, float *const *light, float *const *variance)
{
    uint32_t bands = w->out->band_count, y = row - w->border;
    size_t to = w->plane * bt_film_plane_stride(w->out) + (size_t)y * w->out->width_px * bands;
    for (uint32_t x = 0; x < w->out->width_px; x++)
        for (uint32_t b = 0; b < bands; b++) {
            w->out->rate_e_s[to + (size_t)x * bands + b] = light[b][x + w->border];
            w->out->variance_e2_s2[to + (size_t)x * bands + b] = variance[b][x + w->border];
        }
    if (w->plane > 0) return;
    size_t at = (size_t)y * w->out->width_px;
    size_t from = (size_t)row * w->film->width_px + w->border;
    size_t bytes = w->out->width_px * sizeof(uint32_t);
    memcpy(w->out->samples + at, w->film->samples + from, bytes);
    memcpy(w->out->sensor_share + at, w->film->sensor_share + from, bytes);
}

static bt_status spread_row(void *context, uint32_t item, uint32_t worker)
{
    const work *w = context;
    const bt_kernel *k = w->s->desc.kernel;
    uint32_t row = item + w->border, bands = k->band_count, width = k->film_width_px;
    float *room = w->rows + worker * (2 * (size_t)bands + 1) * padded(k);
    float *light[BT_KERNEL_MAX_BANDS], *variance[BT_KERNEL_MAX_BANDS];
    for (uint32_t b = 0; b < bands; b++) {
        light[b] = room + (1 + 2 * (size_t)b) * padded(k);
        variance[b] = room + (2 + 2 * (size_t)b) * padded(k);
        memcpy(light[b], w->halo + ((size_t)b * k->film_height_px + row) * width,
               width * sizeof(float));
        memset(variance[b], 0, width * sizeof(float));
        core_row(w, row, b, room, light[b], variance[b]);
        bt_level_splat(&w->s->near, b, w->bright, w->bright_count, row, light[b], variance[b]);
        far_row(w, row, b, light[b]);
    }
    ghosts_row(w, row, light);
    keep_row(w, row, light, variance);
    return BT_OK;
}

// ---- a film -----------------------------------------------------------------------------------
static bt_status work_init(work *w, bt_jobs *jobs)
{
    const bt_kernel *k = w->s->desc.kernel;
    size_t bands = k->band_count, pixels = (size_t)k->film_width_px * k->film_height_px;
    size_t lines = bands * k->film_height_px, blocks = (size_t)k->far_width * k->far_height;
    uint32_t threads = jobs ? bt_jobs_threads(jobs) : 1;
    w->light = bt_alloc(lines * padded(k), sizeof(float));
    w->variance = bt_alloc(lines * padded(k), sizeof(float));
    w->halo = bt_alloc(bands * pixels, sizeof(float));
    w->sums = bt_alloc(pixels, sizeof(float));
    w->blocks = bt_alloc(bands * blocks, sizeof(float));
    w->block_halo = bt_alloc(bands * blocks, sizeof(float));
    w->block_sums = bt_alloc(blocks, sizeof(float));
    w->rows = bt_alloc(threads * (2 * bands + 1) * padded(k), sizeof(float));
    if (w->light && w->variance && w->halo && w->sums && w->blocks && w->block_halo &&
        w->block_sums && w->rows)
        return BT_OK;
    return bt_fail(BT_ERR_MEMORY, "no memory to spread the light of %u x %u px", k->film_width_px,
                   k->film_height_px);
}

static void work_clear(work *w)
{
    float *const all[] = {w->light,  w->variance,   w->halo,       w->sums,
                          w->blocks, w->block_halo, w->block_sums, w->rows};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        bt_free(all[i]);
    bt_free(w);
}

static bt_status spread_plane(work *w, bt_jobs *jobs)
{
    const bt_kernel *k = w->s->desc.kernel;
    size_t bands = k->band_count;
    if (w->plane > 0) {
        memset(w->halo, 0, bands * k->film_width_px * k->film_height_px * sizeof(float));
        memset(w->block_halo, 0, bands * k->far_width * k->far_height * sizeof(float));
    }
    bt_status status = bt_jobs_run(jobs, k->film_height_px, lay_row, w);
    if (status == BT_OK) status = bt_jobs_run(jobs, k->far_height, lay_blocks, w);
    if (status != BT_OK) return status;
    find_bright(w);
    status = bt_jobs_run(jobs, 2 * (uint32_t)bands, transform_band, w);
    if (status == BT_OK) status = bt_jobs_run(jobs, k->far_height, splat_blocks, w);
    if (status == BT_OK) status = bt_jobs_run(jobs, w->out->height_px, spread_row, w);
    return status;
}

static bt_status check_films(const bt_kernel *k, const bt_film *film, const bt_film *out)
{
    if (film->width_px != k->film_width_px || film->height_px != k->film_height_px ||
        film->band_count != k->band_count)
        return bt_fail(BT_ERR_INPUT, "spreading light: film is %u x %u x %u, expected %u x %u x %u",
                       film->width_px, film->height_px, film->band_count, k->film_width_px,
                       k->film_height_px, k->band_count);
    uint32_t border = film->width_px - out->width_px;
    if (out->width_px > film->width_px || border % 2 != 0 ||
        film->height_px != out->height_px + border || out->band_count != film->band_count ||
        out->plane_count != film->plane_count)
        return bt_fail(BT_ERR_INPUT,
                       "spreading light: a picture of %u x %u x %u x %u in a film of %u x %u x %u "
                       "x %u; expected an even border, bands and planes alike",
                       out->width_px, out->height_px, out->band_count, out->plane_count,
                       film->width_px, film->height_px, film->band_count, film->plane_count);
    return BT_OK;
}

bt_status bt_spread_apply(const bt_spread *spread, const bt_film *film, bt_jobs *jobs, bt_film *out)
{
    bt_status status = check_films(spread->desc.kernel, film, out);
    if (status != BT_OK) return status;
    work *w = bt_alloc(1, sizeof *w);
    if (!w) return bt_fail(BT_ERR_MEMORY, "no memory to spread light");
    w->s = spread;
    w->film = film;
    w->out = out;
    w->border = (film->width_px - out->width_px) / 2;
    status = work_init(w, jobs);
    for (w->plane = 0; w->plane < film->plane_count && status == BT_OK; w->plane++)
        status = spread_plane(w, jobs);
    work_clear(w);
    return status;
}
