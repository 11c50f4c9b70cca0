// spread.c: see spread.h.
#include "sensors/camera/optics/spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"
#include "sensors/camera/optics/spread_internal.h"

#define CORE BT_KERNEL_CORE
#define PAD 16         // floats of nothing before and after a row: at least CORE
#define LEAST_STRIP 8u // pixels
#define MOST_STRIP 32u
#define STRIPS_PER_NODE 4u
#define LEAST_VARIANCE 1e-5

struct bt_spread {
    bt_spread_desc desc;
    bt_level near, far;
    float *squared;    // the core's taps squared, as the core
    int variance_rows; // of them, above and below, that matter
    uint32_t strip;    // pixels of a row that have one kernel
    bt_ghost_shape ghosts[BT_SPREAD_MAX_GHOSTS];
    bt_spread_share *columns; // (film width): blocks about each pixel
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
    float *rows;                             // (workers x 2 bands x padded width)
    bt_bright bright[BT_SPREAD_BRIGHT], bright_blocks[BT_SPREAD_BRIGHT];
    uint32_t bright_count, block_count;
    bt_ghost_image *images;
    size_t image_count;
    double *steps;            // (workers x film width x BT_KERNEL_MAX_BANDS)
    bt_streak_lines *streaks; // NULL: no scratches
} work;

static size_t padded(const bt_kernel *k)
{
    return (size_t)k->film_width_px + 2 * PAD;
}

// ---- making -----------------------------------------------------------------------------------
// Rows beyond which all taps squared make less than LEAST_VARIANCE of the whole.
static int variance_rows(const bt_spread *s)
{
    const bt_kernel *k = s->desc.kernel;
    double by_row[CORE + 1] = {0}, all = 0.0, beyond = 0.0;
    for (size_t i = 0; i < (size_t)bt_kernel_node_count(&k->core_grid) * k->band_count; i++)
        for (size_t t = 0; t < bt_kernel_core_size(); t++) {
            double value = (double)s->squared[i * bt_kernel_core_size() + t];
            by_row[abs((int)(t / BT_KERNEL_TAPS) - CORE)] += value;
            all += value;
        }
    int rows = CORE;
    while (rows > 0 && beyond + by_row[rows] < LEAST_VARIANCE * all)
        beyond += by_row[rows--];
    return rows;
}

static uint32_t strip_of(const bt_kernel *k)
{
    if (k->core_grid.columns == 1) return k->film_width_px;
    uint32_t wanted = k->film_width_px / (k->core_grid.columns - 1) / STRIPS_PER_NODE;
    if (wanted < LEAST_STRIP) return LEAST_STRIP;
    return wanted < MOST_STRIP ? wanted : MOST_STRIP;
}

static bt_status make_ghost(void *context, uint32_t ghost, uint32_t worker)
{
    (void)worker;
    bt_spread *s = context;
    return bt_ghost_shape_init(&s->desc.shape, &s->desc.ghosts[ghost], &s->ghosts[ghost]);
}

bt_status bt_spread_create(const bt_spread_desc *desc, bt_jobs *jobs, bt_spread **spread)
{
    *spread = NULL;
    const bt_kernel *k = desc->kernel;
    size_t core =
        (size_t)bt_kernel_node_count(&k->core_grid) * k->band_count * bt_kernel_core_size();
    bt_spread *s = bt_alloc(1, sizeof *s);
    if (!s) return bt_fail(BT_ERR_MEMORY, "no memory for a point spread");
    s->desc = *desc;
    s->squared = bt_alloc(core, sizeof *s->squared);
    s->columns = bt_alloc(k->film_width_px, sizeof *s->columns);
    bt_status status = BT_OK;
    if (!s->squared || !s->columns) status = bt_fail(BT_ERR_MEMORY, "no memory for a point spread");
    if (status == BT_OK)
        status =
            bt_level_init(k, k->near, k->streak_near, bt_kernel_near_size(k), k->film_width_px,
                          k->film_height_px, 1.0, k->near_radius, k->near_radius, jobs, &s->near);
    if (status == BT_OK)
        status = bt_level_init(k, k->far, k->streak_far, bt_kernel_far_size(k), k->far_width,
                               k->far_height, BT_KERNEL_BLOCK, k->far_rx, k->far_ry, jobs, &s->far);
    if (status != BT_OK) {
        bt_spread_destroy(s);
        return status;
    }
    for (size_t i = 0; i < core; i++)
        s->squared[i] = k->core[i] * k->core[i];
    s->variance_rows = variance_rows(s);
    s->strip = strip_of(k);
    for (uint32_t x = 0; x < k->film_width_px; x++)
        s->columns[x] = bt_spread_share_of(x, k->far_width);
    status = bt_jobs_run(jobs, desc->ghost_count, make_ghost, s);
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
        bt_ghost_shape_clear(&spread->ghosts[g]);
    bt_free(spread->squared);
    bt_free(spread->columns);
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

// A band's rows about a block's middle, by how near they are.
static void sum_rows(const work *w, uint32_t band, uint32_t by, float *restrict sum)
{
    const bt_kernel *k = w->s->desc.kernel;
    const uint32_t side = BT_KERNEL_BLOCK, height = k->film_height_px;
    memset(sum, 0, k->film_width_px * sizeof *sum);
    for (uint32_t y = by * side > side ? by * side - side : 0; y < by * side + 2 * side; y++) {
        if (y >= height) return;
        bt_spread_share s = bt_spread_share_of(y, k->far_height);
        float part = (s.first == by ? 1.0f - s.v : 0.0f) + (s.second == by ? s.v : 0.0f);
        if (!(part > 0.0f)) continue;
        const float *row = w->light + ((size_t)band * height + y) * padded(k) + PAD;
        for (uint32_t x = 0; x < k->film_width_px; x++)
            sum[x] += part * row[x];
    }
}

// Light goes to the two nearest blocks each way, so that its middle stays where it is.
static bt_status lay_blocks(void *context, uint32_t by, uint32_t worker)
{
    work *w = context;
    const bt_kernel *k = w->s->desc.kernel;
    float *sums = w->block_sums + (size_t)by * k->far_width;
    float *row = w->rows + worker * 2 * (size_t)k->band_count * padded(k);
    memset(sums, 0, k->far_width * sizeof *sums);
    for (uint32_t b = 0; b < k->band_count; b++) {
        float *out = w->blocks + ((size_t)b * k->far_height + by) * k->far_width;
        memset(out, 0, k->far_width * sizeof *out);
        sum_rows(w, b, by, row);
        for (uint32_t x = 0; x < k->film_width_px; x++) {
            bt_spread_share s = w->s->columns[x];
            out[s.first] += (1.0f - s.v) * row[x];
            out[s.second] += s.v * row[x];
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

// Taps of one row of the kernels of all columns of nodes, mixed between the nodes above and below.
typedef struct row_taps {
    float at[BT_KERNEL_MAX_NODES][BT_KERNEL_TAPS];
} row_taps;

static row_taps mix_rows(const bt_kernel *k, const float *core, uint32_t ny, double v,
                         uint32_t band, int down)
{
    row_taps mixed = {0};
    size_t size = bt_kernel_core_size(), row = (size_t)(down + CORE) * BT_KERNEL_TAPS;
    const bt_kernel_grid *grid = &k->core_grid;
    uint32_t below = ny + 1 < grid->rows ? ny + 1 : ny;
    for (uint32_t n = 0; n < grid->columns; n++) {
        const float *a =
            core + ((size_t)(ny * grid->columns + n) * k->band_count + band) * size + row;
        const float *b =
            core + ((size_t)(below * grid->columns + n) * k->band_count + band) * size + row;
        for (int t = 0; t < BT_KERNEL_TAPS; t++)
            mixed.at[n][t] = (float)((1.0 - v) * (double)a[t] + v * (double)b[t]);
    }
    return mixed;
}

// Adds to a row what a film row `down` above it brings, a strip at a time with the kernel of
// their middle: kernels change so little from node to node that a strip is as good as a pixel.
static void add_film_row(const work *w, const float *core, const float *in, uint32_t band, int down,
                         uint32_t from_row, float *out)
{
    const bt_kernel *k = w->s->desc.kernel;
    uint32_t ny, nx, width = k->film_width_px, strip = w->s->strip;
    double u, v;
    bt_kernel_between(k->core_grid.y_px, k->core_grid.rows, from_row, &ny, &v);
    row_taps rows = mix_rows(k, core, ny, v, band, down);
    if (k->core_grid.columns == 1) {
        convolve(in, width, rows.at[0], out);
        return;
    }
    for (uint32_t x = 0; x < width; x += strip) {
        float taps[BT_KERNEL_TAPS];
        bt_kernel_between(k->core_grid.x_px, k->core_grid.columns, x + 0.5 * strip, &nx, &u);
        const float *a = rows.at[nx], *b = rows.at[nx + 1], part = (float)u;
        for (int t = 0; t < BT_KERNEL_TAPS; t++)
            taps[t] = a[t] + part * (b[t] - a[t]);
        convolve(in + x, width - x < strip ? width - x : strip, taps, out + x);
    }
}

static void core_row(const work *w, uint32_t row, uint32_t band, float *light, float *variance)
{
    const bt_kernel *k = w->s->desc.kernel;
    for (int down = -CORE; down <= CORE; down++) {
        int from = (int)row - down;
        if (from < 0 || from >= (int)k->film_height_px) continue;
        size_t at = ((size_t)band * k->film_height_px + (size_t)from) * padded(k) + PAD;
        add_film_row(w, k->core, w->light + at, band, down, (uint32_t)from, light);
        if (abs(down) <= w->s->variance_rows)
            add_film_row(w, w->s->squared, w->variance + at, band, down, (uint32_t)from, variance);
    }
}

// ---- rows of the picture ----------------------------------------------------------------------
// Light per pixel of the blocks about a row, linear between their middles.
static void far_row(const work *w, uint32_t row, uint32_t band, float *restrict mixed,
                    float *restrict light)
{
    const bt_kernel *k = w->s->desc.kernel;
    bt_spread_share y = bt_spread_share_of(row, k->far_height);
    const float *blocks = w->block_halo + (size_t)band * k->far_height * k->far_width;
    const float *top = blocks + (size_t)y.first * k->far_width;
    const float *low = blocks + (size_t)y.second * k->far_width;
    for (uint32_t x = 0; x < k->far_width; x++)
        mixed[x] = top[x] * (1.0f - y.v) + low[x] * y.v;
    for (uint32_t x = 0; x < k->film_width_px; x++) {
        bt_spread_share s = w->s->columns[x];
        light[x] += mixed[s.first] * (1.0f - s.v) + mixed[s.second] * s.v;
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
    float *room = w->rows + worker * 2 * (size_t)bands * padded(k);
    double *steps = w->steps + (size_t)worker * width * BT_KERNEL_MAX_BANDS;
    float *light[BT_KERNEL_MAX_BANDS], *variance[BT_KERNEL_MAX_BANDS];
    for (uint32_t b = 0; b < bands; b++) {
        light[b] = room + 2 * (size_t)b * padded(k);
        variance[b] = room + (2 * (size_t)b + 1) * padded(k);
        memcpy(light[b], w->halo + ((size_t)b * k->film_height_px + row) * width,
               width * sizeof(float));
        memset(variance[b], 0, width * sizeof(float));
        core_row(w, row, b, light[b], variance[b]);
        bt_level_splat(&w->s->near, b, w->bright, w->bright_count, row, light[b], variance[b]);
        far_row(w, row, b, (float *)steps, light[b]);
    }
    if (w->image_count > 0)
        bt_ghost_row(&w->s->desc, w->s->ghosts, w->images, w->image_count, row, steps, light);
    if (w->streaks) bt_streak_row(w->streaks, row, light);
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
    w->rows = bt_alloc(threads * 2 * bands * padded(k), sizeof(float));
    w->images = bt_alloc((size_t)w->s->desc.ghost_count * BT_SPREAD_BRIGHT + 1, sizeof *w->images);
    w->steps = bt_alloc((size_t)threads * k->film_width_px * BT_KERNEL_MAX_BANDS, sizeof *w->steps);
    if (w->light && w->variance && w->halo && w->sums && w->blocks && w->block_halo &&
        w->block_sums && w->rows && w->images && w->steps)
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
    bt_free(w->images);
    bt_free(w->steps);
    bt_streak_lines_destroy(w->streaks);
    bt_free(w);
}

static bt_status make_lines(work *w, bt_jobs *jobs)
{
    const bt_kernel *k = w->s->desc.kernel;
    double sum = 0.0;
    size_t pixels = (size_t)k->film_width_px * k->film_height_px;
    for (size_t i = 0; i < pixels; i++)
        sum += (double)w->sums[i];
    bt_streak_lines_destroy(w->streaks);
    return bt_streak_lines_create(k, w->bright, w->bright_count, w->bright_blocks, w->block_count,
                                  sum / ((double)pixels * k->band_count), jobs, &w->streaks);
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
    w->image_count = bt_ghost_images(&w->s->desc, w->s->ghosts, w->bright, w->bright_count,
                                     w->bright_blocks, w->block_count, w->images);
    if (k->streak_near) status = make_lines(w, jobs);
    if (status == BT_OK) status = bt_jobs_run(jobs, 2 * (uint32_t)bands, transform_band, w);
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
