// spread_level.c: the wide parts of a point spread, on a grid: transforms and splats.
#include "sensors/camera/optics/spread_internal.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"

#define BRIGHT_MEANS 32.0 // times the mean that is bright: chosen
#define STEPS_PER_OCTAVE 8
#define OCTAVES 256
#define BINS (STEPS_PER_OCTAVE * OCTAVES)

void bt_kernel_between(const double *nodes, uint32_t count, double at, uint32_t *first, double *v)
{
    *first = 0;
    *v = 0.0;
    if (count < 2) return;
    while (*first + 2 < count && at >= nodes[*first + 1])
        (*first)++;
    double u = (at - nodes[*first]) / (nodes[*first + 1] - nodes[*first]);
    *v = u < 0.0 ? 0.0 : u > 1.0 ? 1.0 : u;
}

// ---- bright things ----------------------------------------------------------------------------
// Bins of equal ratio, so that a threshold is found in one pass.
static int bin_of(double value)
{
    int exponent;
    double mantissa = frexp(value, &exponent); // 0.5 to 1
    int bin = (exponent + OCTAVES / 2) * STEPS_PER_OCTAVE +
              (int)((mantissa - 0.5) * 2.0 * STEPS_PER_OCTAVE);
    return bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
}

static double bin_floor(int bin)
{
    double mantissa = 0.5 + 0.5 * (bin % STEPS_PER_OCTAVE) / STEPS_PER_OCTAVE;
    return ldexp(mantissa, bin / STEPS_PER_OCTAVE - OCTAVES / 2);
}

static double threshold_of(const float *sums, size_t count)
{
    uint32_t bins[BINS] = {0};
    double total = 0.0;
    for (size_t i = 0; i < count; i++)
        total += (double)sums[i];
    double least = BRIGHT_MEANS * total / (double)count;
    if (!(least > 0.0)) return INFINITY;
    for (size_t i = 0; i < count; i++)
        if ((double)sums[i] > least) bins[bin_of((double)sums[i])]++;
    uint32_t above = 0;
    int bin = BINS;
    while (bin > 0 && above + bins[bin - 1] <= BT_SPREAD_BRIGHT)
        above += bins[--bin];
    return bin > 0 ? fmax(least, bin_floor(bin)) : least;
}

uint32_t bt_bright_find(const float *sums, uint32_t width, uint32_t height, bt_bright *bright)
{
    double threshold = threshold_of(sums, (size_t)width * height);
    uint32_t count = 0;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            double sum = (double)sums[(size_t)y * width + x];
            if (!(sum > threshold) || count == BT_SPREAD_BRIGHT) continue;
            bright[count++] = (bt_bright){.x = x, .y = y, .share = 1.0 - threshold / sum};
        }
    return count;
}

// ---- a level ----------------------------------------------------------------------------------
static const float *part_of(const bt_level *level, uint32_t node, uint32_t band)
{
    return level->part + ((size_t)node * level->kernel->band_count + band) * level->part_size;
}

static void add_kernel(const bt_level *level, const float *from, double scale, size_t stride,
                       double *data)
{
    for (int y = -level->ry; y <= level->ry; y++) {
        size_t row = (size_t)((y + (int)level->rows) % (int)level->rows) * stride;
        for (int x = -level->rx; x <= level->rx; x++)
            data[row + (size_t)((x + (int)level->columns) % (int)level->columns)] +=
                scale * (double)*from++;
    }
}

// The mean kernel's spectrum, with its middle at (0, 0).
static bt_status make_spectrum(void *context, uint32_t band, uint32_t worker)
{
    (void)worker;
    bt_level *level = context;
    const bt_kernel *k = level->kernel;
    uint32_t nodes = bt_kernel_node_count(&k->halo_grid);
    size_t stride = bt_fourier_stride(level->columns);
    double *data = level->spectrum[band];
    double scale = 1.0 / ((double)level->rows * level->columns);
    for (uint32_t i = 0; i < nodes; i++)
        add_kernel(level, part_of(level, i, band), scale / nodes, stride, data);
    if (level->streaks)
        add_kernel(level, level->streaks + band * level->part_size, scale, stride, data);
    bt_fourier_forward(level->fourier, data);
    return BT_OK;
}

bt_status bt_level_init(const bt_kernel *kernel, const float *part, const float *streaks,
                        size_t part_size, uint32_t width, uint32_t height, double scale, int rx,
                        int ry, bt_jobs *jobs, bt_level *level)
{
    *level = (bt_level){.kernel = kernel,
                        .part = part,
                        .streaks = streaks,
                        .part_size = part_size,
                        .width = width,
                        .height = height,
                        .scale = scale,
                        .rx = rx,
                        .ry = ry,
                        // so long that what wraps round falls beyond the grid
                        .columns = bt_fourier_length(width + (uint32_t)rx),
                        .rows = bt_fourier_length(height + (uint32_t)ry)};
    bt_status status = bt_fourier_create_real(level->rows, level->columns, &level->fourier);
    for (uint32_t b = 0; b < kernel->band_count && status == BT_OK; b++) {
        level->spectrum[b] =
            bt_alloc(level->rows * bt_fourier_stride(level->columns), sizeof(double));
        if (!level->spectrum[b]) status = bt_fail(BT_ERR_MEMORY, "no memory for a point spread");
    }
    if (status == BT_OK) status = bt_jobs_run(jobs, kernel->band_count, make_spectrum, level);
    if (status != BT_OK) bt_level_clear(level);
    return status;
}

void bt_level_clear(bt_level *level)
{
    bt_fourier_destroy(level->fourier);
    for (uint32_t b = 0; b < BT_KERNEL_MAX_BANDS; b++)
        bt_free(level->spectrum[b]);
    memset(level, 0, sizeof *level);
}

size_t bt_level_bytes(const bt_level *level)
{
    return level->kernel->band_count * level->rows * bt_fourier_stride(level->columns) *
           sizeof(double);
}

// ---- transforms -------------------------------------------------------------------------------
static void multiply(const double *spectrum, size_t count, double *data)
{
    for (size_t i = 0; i < count; i += 2) {
        double re = data[i] * spectrum[i] - data[i + 1] * spectrum[i + 1];
        data[i + 1] = data[i] * spectrum[i + 1] + data[i + 1] * spectrum[i];
        data[i] = re;
    }
}

bt_status bt_level_transform(const bt_level *level, uint32_t band, const float *light,
                             size_t light_stride, const bt_bright *bright, uint32_t bright_count,
                             float *out)
{
    size_t stride = bt_fourier_stride(level->columns), count = level->rows * stride;
    double *data = bt_alloc(count, sizeof *data);
    if (!data) return bt_fail(BT_ERR_MEMORY, "no memory to spread light");
    for (uint32_t y = 0; y < level->height; y++)
        for (uint32_t x = 0; x < level->width; x++)
            data[y * stride + x] = (double)light[y * light_stride + x];
    for (uint32_t i = 0; i < bright_count; i++)
        data[bright[i].y * stride + bright[i].x] *= 1.0 - bright[i].share;
    bt_fourier_forward(level->fourier, data);
    multiply(level->spectrum[band], count, data);
    bt_fourier_inverse(level->fourier, data);
    for (uint32_t y = 0; y < level->height; y++)
        for (uint32_t x = 0; x < level->width; x++) {
            double value = data[y * stride + x];
            if (value > 0.0) out[(size_t)y * level->width + x] += (float)value;
        }
    bt_free(data);
    return BT_OK;
}

// ---- splats -----------------------------------------------------------------------------------
static void splat_node(const bt_level *level, const float *kernel_row, double e, double var,
                       uint32_t x, float *out, float *variance)
{
    int from = (int)x - level->rx, to = (int)x + level->rx;
    int first = from < 0 ? 0 : from;
    int last = to >= (int)level->width ? (int)level->width - 1 : to;
    float light = (float)e;
    for (int i = first; i <= last; i++)
        out[i] += light * kernel_row[i - from];
    if (!variance || !(var > 0.0)) return;
    float spread = (float)var;
    for (int i = first; i <= last; i++)
        variance[i] += spread * kernel_row[i - from] * kernel_row[i - from];
}

void bt_level_splat(const bt_level *level, uint32_t band, const bt_bright *bright,
                    uint32_t bright_count, uint32_t row, float *out, float *variance)
{
    const bt_kernel_grid *grid = &level->kernel->halo_grid;
    for (uint32_t i = 0; i < bright_count; i++) {
        const bt_bright *p = &bright[i];
        int down = (int)row - (int)p->y;
        if (down < -level->ry || down > level->ry) continue;
        uint32_t nx, ny;
        double u, v;
        bt_kernel_between(grid->x_px, grid->columns, p->x * level->scale, &nx, &u);
        bt_kernel_between(grid->y_px, grid->rows, p->y * level->scale, &ny, &v);
        for (uint32_t c = 0; c < 4; c++) {
            double weight = (c & 1 ? u : 1.0 - u) * (c & 2 ? v : 1.0 - v);
            if (!(weight > 0.0)) continue;
            uint32_t node = (ny + c / 2) * grid->columns + nx + (c & 1);
            const float *kernel_row = part_of(level, node, band) +
                                      (size_t)(down + level->ry) * (2 * (size_t)level->rx + 1);
            splat_node(level, kernel_row, weight * p->excess[band], weight * p->variance[band],
                       p->x, out, variance);
        }
    }
}
