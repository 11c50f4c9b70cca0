// denoise_regress.c: one strength of the denoiser. Bitterli et al. 2016, sections 4 and 5; patch
// distances as in Rousselle et al. 2012, eq. 5 and 6.
//
// A job makes a strip of rows in two passes over the window's offsets, a row at a time, so that
// inner loops run along rows and become vectors:
//   1. model p: normal equations of the light at q = p + offset over all offsets, solved
//   2. pixel q: mean over all p = q - offset of model p at q, weighted as q was in p's fit
// Strips overlap in pass 1 by the window, and share nothing that is written.
#include "engine/render/denoise_internal.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

#define STRIP_ROWS 48
#define TERMS (BT_FEATURE_COUNT + 1) // with the constant
#define PAIRS (TERMS * (TERMS + 1) / 2)

// Feature differences at which a pixel counts little, chosen: of unit normals, of nearness relative
// to its sum. Albedo does not count: it is divided out.
#define NORMAL_REACH 0.6f
#define NEARNESS_REACH 0.08f
// Ridge: slopes over less than these differences are not believed. Relative nearness for its own.
static const float ridge_reach[BT_FEATURE_COUNT] = {0.05f, 0.05f, 0.05f, 0.01f, 0.05f};
#define RIDGE 0.05f

// Rows of floats, `width` each. Model row: see MODEL_*; sums of pass 1 lie where the model will.
#define MODEL_INVERSE 0    // PAIRS rows: upper triangle of the inverse normal matrix
#define MODEL_SLOPES PAIRS // TERMS x bands rows
#define MODEL_NOISE(bands) (PAIRS + TERMS * (bands)) // bands rows: sum of w^2 variance
#define MODEL_ROWS(bands) (PAIRS + TERMS * (bands) + (bands))

typedef struct regress {
    const bt_denoise_field *field;
    bt_denoise_result *result;
    float strength2;
    uint32_t strips;
} regress;

typedef struct strip {
    const regress *job;
    const bt_denoise_field *f;
    int width;
    int first, end;             // rows of the result
    int model_first, model_end; // rows of models
    float *memory;
    float *models;   // (model rows x MODEL_ROWS x width)
    float *weights;  // (model rows x width)
    float *distance; // ((model rows + patch) x (width + patch))
    float *sums;     // (rows x (2 bands + 2) x width): light, variance, weight, leverage
    float *terms;    // (TERMS x width): the regressors of a row, then weighted
} strip;

// ---- weights ----------------------------------------------------------------------------------
// How much brighter or darker q is than p, in units of noise: mean over bands.
static void distance_row(const strip *s, int y, int dx, int dy, float *out)
{
    const bt_denoise_field *f = s->f;
    size_t p = bt_denoise_at(f, -BT_DENOISE_PATCH, y);
    size_t q = bt_denoise_at(f, dx - BT_DENOISE_PATCH, y + dy);
    int count = s->width + 2 * BT_DENOISE_PATCH;
    memset(out, 0, (size_t)count * sizeof *out);
    float share = 1.0f / (float)f->bands, k2 = s->job->strength2;
    for (uint32_t b = 0; b < f->bands; b++) {
        const float *restrict lp = f->light[b] + p, *restrict lq = f->light[b] + q;
        const float *restrict vp = f->variance[b] + p, *restrict vq = f->variance[b] + q;
        float *restrict to = out;
        for (int x = 0; x < count; x++) {
            float apart = lp[x] - lq[x];
            float least = vp[x] < vq[x] ? vp[x] : vq[x];
            float floor = 1e-9f * (lp[x] * lp[x] + lq[x] * lq[x]) + 1e-30f;
            to[x] += share * (apart * apart - (vp[x] + least)) / (floor + k2 * (vp[x] + vq[x]));
        }
    }
}

// (1 - d/8)^8 stands for exp(-d): the same to second order, and 0 from 8 on.
static inline float fall(float d)
{
    float left = 1.0f - 0.125f * (d > 0.0f ? d : 0.0f);
    left = left > 0.0f ? left : 0.0f;
    left *= left;
    left *= left;
    return left * left;
}

#define SIDE (2 * BT_DENOISE_PATCH + 1)

// Sums over SIDE neighbours along a row, in place: the sum about pixel x ends up at x.
static void sum_along(const strip *s, float *row)
{
    for (int x = 0; x < s->width; x++)
        row[x] = row[x] + row[x + 1] + row[x + 2] + row[x + 3] + row[x + 4];
}
_Static_assert(SIDE == 5, "sum_along adds five");

// Mean distance over the patch about each pixel of a row; `rows`: SIDE rows of sums along.
static void patch_row(const strip *s, const float *rows, float *out)
{
    int stride = s->width + 2 * BT_DENOISE_PATCH;
    memset(out, 0, (size_t)s->width * sizeof *out);
    for (int row = 0; row < SIDE; row++) {
        const float *restrict from = rows + row * stride;
        float *restrict to = out;
        for (int x = 0; x < s->width; x++)
            to[x] += from[x] * (1.0f / (SIDE * SIDE));
    }
}

// From distances to weights, in place.
static void weight_row(const strip *s, int y, int dx, int dy, float *row)
{
    const bt_denoise_field *f = s->f;
    size_t p = bt_denoise_at(f, 0, y), q = bt_denoise_at(f, dx, y + dy);
    const float *restrict near_p = f->feature[BT_FEATURE_NEARNESS] + p;
    const float *restrict near_q = f->feature[BT_FEATURE_NEARNESS] + q;
    const float *restrict doubt_p = f->doubt[BT_FEATURE_NEARNESS] + p;
    const float *restrict doubt_q = f->doubt[BT_FEATURE_NEARNESS] + q;
    const float *restrict usable = f->usable + q;
    float *restrict to = row;
    for (int x = 0; x < s->width; x++) {
        float normal = 0.0f;
        for (int i = 0; i < 3; i++) {
            float apart = f->feature[i][p + (size_t)x] - f->feature[i][q + (size_t)x];
            normal += apart * apart - f->doubt[i][p + (size_t)x] - f->doubt[i][q + (size_t)x];
        }
        float apart = near_p[x] - near_q[x], level = near_p[x] + near_q[x] + 1e-12f;
        float nearness = (apart * apart - doubt_p[x] - doubt_q[x]) / (level * level);
        float d = to[x] > 0.0f ? to[x] : 0.0f;
        d += normal > 0.0f ? normal * (1.0f / (NORMAL_REACH * NORMAL_REACH)) : 0.0f;
        d += nearness > 0.0f ? nearness * (1.0f / (NEARNESS_REACH * NEARNESS_REACH)) : 0.0f;
        to[x] = fall(d) * usable[x];
    }
}

// Weights that rows [first, end) of p give to q = p + (dx, dy).
static void weigh(const strip *s, int first, int end, int dx, int dy)
{
    int stride = s->width + 2 * BT_DENOISE_PATCH;
    for (int y = first - BT_DENOISE_PATCH; y < end + BT_DENOISE_PATCH; y++) {
        float *row = s->distance + (y - first + BT_DENOISE_PATCH) * stride;
        distance_row(s, y, dx, dy, row);
        sum_along(s, row);
    }
    for (int y = first; y < end; y++) {
        float *row = s->weights + (size_t)(y - first) * (size_t)s->width;
        patch_row(s, s->distance + (y - first) * stride, row);
        weight_row(s, y, dx, dy, row);
    }
}

// ---- models -----------------------------------------------------------------------------------
static float *model_row(const strip *s, int y, uint32_t row)
{
    size_t at = (size_t)(y - s->model_first) * MODEL_ROWS(s->f->bands) + row;
    return s->models + at * (size_t)s->width;
}

// The regressors of q as p sees them: 1 and differences of features, for columns [x0, x1) of p.
static void terms_row(const strip *s, int y, int dx, int dy, int x0, int x1)
{
    const bt_denoise_field *f = s->f;
    for (int x = x0; x < x1; x++)
        s->terms[x] = 1.0f;
    for (int i = 0; i < BT_FEATURE_COUNT; i++) {
        const float *restrict p = f->feature[i] + bt_denoise_at(f, 0, y);
        const float *restrict q = f->feature[i] + bt_denoise_at(f, 0, y + dy) + dx;
        float *restrict to = s->terms + (i + 1) * s->width;
        if (i == BT_FEATURE_NEARNESS)
            for (int x = x0; x < x1; x++)
                to[x] = (q[x] - p[x]) / (p[x] + 1e-12f);
        else
            for (int x = x0; x < x1; x++)
                to[x] = q[x] - p[x];
    }
}

static void add_product(float *restrict sum, const float *restrict a, const float *restrict b,
                        int count)
{
    for (int x = 0; x < count; x++)
        sum[x] += a[x] * b[x];
}

// One offset's share of the normal equations of a row of models.
static void fit_add(const strip *s, int y, int dx, int dy, const float *weight, float *weighted)
{
    const bt_denoise_field *f = s->f;
    int width = s->width;
    size_t q = bt_denoise_at(f, dx, y + dy);
    terms_row(s, y, dx, dy, 0, width);
    uint32_t pair = MODEL_INVERSE;
    for (uint32_t i = 0; i < TERMS; i++) {
        const float *term = s->terms + i * (uint32_t)width;
        for (int x = 0; x < width; x++)
            weighted[x] = weight[x] * term[x];
        for (uint32_t k = i; k < TERMS; k++)
            add_product(model_row(s, y, pair++), weighted, s->terms + k * (uint32_t)width, width);
        for (uint32_t b = 0; b < f->bands; b++)
            add_product(model_row(s, y, MODEL_SLOPES + i * f->bands + b), weighted, f->light[b] + q,
                        width);
    }
    for (int x = 0; x < width; x++)
        weighted[x] = weight[x] * weight[x];
    for (uint32_t b = 0; b < f->bands; b++)
        add_product(model_row(s, y, MODEL_NOISE(f->bands) + b), weighted, f->variance[b] + q,
                    width);
}

// Inverse of a symmetric positive matrix by Cholesky's method; false: it is not one.
static bool invert(double a[TERMS][TERMS], double inverse[TERMS][TERMS])
{
    double l[TERMS][TERMS] = {{0}}, m[TERMS][TERMS] = {{0}}; // A = L L^T, M = L^-1
    for (int i = 0; i < TERMS; i++)
        for (int k = 0; k <= i; k++) {
            double sum = a[i][k];
            for (int j = 0; j < k; j++)
                sum -= l[i][j] * l[k][j];
            if (i == k && !(sum > 0.0)) return false;
            l[i][k] = i == k ? sqrt(sum) : sum / l[k][k];
        }
    for (int i = 0; i < TERMS; i++)
        for (int k = 0; k <= i; k++) {
            double sum = i == k ? 1.0 : 0.0;
            for (int j = k; j < i; j++)
                sum -= l[i][j] * m[j][k];
            m[i][k] = sum / l[i][i];
        }
    for (int i = 0; i < TERMS; i++)
        for (int k = 0; k < TERMS; k++) {
            inverse[i][k] = 0.0;
            for (int j = i > k ? i : k; j < TERMS; j++)
                inverse[i][k] += m[j][i] * m[j][k];
        }
    return true;
}

// The sums of a pixel as a matrix, with what keeps slopes from following noise: a ridge, and the
// features' own variance (errors in variables: a feature no clearer than its noise explains
// nothing).
static void normal_matrix(const strip *s, int x, int y, double a[TERMS][TERMS])
{
    const bt_denoise_field *f = s->f;
    uint32_t pair = MODEL_INVERSE;
    for (int i = 0; i < TERMS; i++)
        for (int k = i; k < TERMS; k++)
            a[i][k] = a[k][i] = (double)model_row(s, y, pair++)[x];
    size_t at = bt_denoise_at(f, x, y);
    for (int i = 0; i < BT_FEATURE_COUNT; i++) {
        double doubt = (double)f->doubt[i][at], reach = (double)ridge_reach[i];
        if (i == BT_FEATURE_NEARNESS) {
            double near = (double)f->feature[i][at] + 1e-12;
            doubt /= near * near;
        }
        a[i + 1][i + 1] += a[0][0] * (2.0 * doubt + (double)RIDGE * reach * reach);
    }
}

// Turns the sums of a pixel into its model. A pixel that resembles nothing is its own mean.
static void solve(const strip *s, int x, int y)
{
    uint32_t bands = s->f->bands;
    double a[TERMS][TERMS], inverse[TERMS][TERMS] = {{0}};
    normal_matrix(s, x, y, a);
    if (!invert(a, inverse)) {
        memset(inverse, 0, sizeof inverse);
        inverse[0][0] = a[0][0] > 0.0 ? 1.0 / a[0][0] : 0.0;
    }
    uint32_t pair = MODEL_INVERSE;
    for (int i = 0; i < TERMS; i++)
        for (int k = i; k < TERMS; k++)
            model_row(s, y, pair++)[x] = (float)inverse[i][k];
    for (uint32_t b = 0; b < bands; b++) {
        double sums[TERMS];
        for (uint32_t i = 0; i < TERMS; i++)
            sums[i] = (double)model_row(s, y, MODEL_SLOPES + i * bands + b)[x];
        for (uint32_t i = 0; i < TERMS; i++) {
            double slope = 0.0;
            for (uint32_t k = 0; k < TERMS; k++)
                slope += inverse[i][k] * sums[k];
            model_row(s, y, MODEL_SLOPES + i * bands + b)[x] = (float)slope;
        }
        float *noise = model_row(s, y, MODEL_NOISE(bands) + b) + x;
        *noise = a[0][0] > 0.0 ? *noise / (float)a[0][0] : 0.0f;
    }
}

static void fit(const strip *s)
{
    int radius = (int)s->f->radius;
    float *weighted = s->terms + TERMS * s->width;
    for (int dy = -radius; dy <= radius; dy++)
        for (int dx = -radius; dx <= radius; dx++) {
            weigh(s, s->model_first, s->model_end, dx, dy);
            for (int y = s->model_first; y < s->model_end; y++)
                fit_add(s, y, dx, dy, s->weights + (size_t)(y - s->model_first) * (size_t)s->width,
                        weighted);
        }
    for (int y = s->model_first; y < s->model_end; y++)
        for (int x = 0; x < s->width; x++)
            solve(s, x, y);
}

// ---- what the models say ----------------------------------------------------------------------
#define SUM_LIGHT 0u
#define SUM_VARIANCE(bands) (bands)
#define SUM_WEIGHT(bands) (2u * (bands))
#define SUM_LEVERAGE(bands) (2u * (bands) + 1u)
#define SUM_ROWS(bands) (2u * (bands) + 2u)

static float *sum_row(const strip *s, int y, uint32_t row)
{
    size_t at = (size_t)(y - s->first) * SUM_ROWS(s->f->bands) + row;
    return s->sums + at * (size_t)s->width;
}

// x^T inverse x: how much of its own noise q keeps in model p, per unit of weight.
static void leverage_row(const strip *s, int y, int x0, int x1, float *out)
{
    memset(out + x0, 0, (size_t)(x1 - x0) * sizeof *out);
    uint32_t pair = MODEL_INVERSE;
    for (int i = 0; i < TERMS; i++)
        for (int k = i; k < TERMS; k++) {
            const float *restrict m = model_row(s, y, pair++);
            const float *restrict a = s->terms + i * s->width, *restrict b =
                                                                   s->terms + k * s->width;
            float *restrict to = out, twice = i == k ? 1.0f : 2.0f;
            for (int x = x0; x < x1; x++)
                to[x] += twice * m[x] * a[x] * b[x];
        }
}

// Adds what models (x, y) say about pixels (x + dx, y + dy). Sums are indexed by the pixel.
static void tell(const strip *s, int y, int dx, int dy, const float *weight, float *scratch)
{
    uint32_t bands = s->f->bands;
    int x0 = dx < 0 ? -dx : 0, x1 = dx > 0 ? s->width - dx : s->width;
    if (x0 >= x1) return;
    terms_row(s, y, dx, dy, x0, x1);
    float *leverage = scratch, *said = scratch + s->width;
    leverage_row(s, y, x0, x1, leverage);
    float *restrict total = sum_row(s, y + dy, SUM_WEIGHT(bands)) + dx;
    float *restrict own = sum_row(s, y + dy, SUM_LEVERAGE(bands)) + dx;
    for (int x = x0; x < x1; x++) {
        total[x] += weight[x];
        own[x] += weight[x] * weight[x] * leverage[x];
    }
    for (uint32_t b = 0; b < bands; b++) {
        memset(said + x0, 0, (size_t)(x1 - x0) * sizeof *said);
        for (uint32_t i = 0; i < TERMS; i++)
            add_product(said + x0, model_row(s, y, MODEL_SLOPES + i * bands + b) + x0,
                        s->terms + i * (uint32_t)s->width + x0, x1 - x0);
        add_product(sum_row(s, y + dy, SUM_LIGHT + b) + dx + x0, said + x0, weight + x0, x1 - x0);
        const float *restrict noise = model_row(s, y, MODEL_NOISE(bands) + b);
        float *restrict variance = sum_row(s, y + dy, SUM_VARIANCE(bands) + b) + dx;
        for (int x = x0; x < x1; x++)
            variance[x] += weight[x] * noise[x] * leverage[x];
    }
}

// Stein's estimate of the squared error, bands relative to their own level.
static void finish_pixel(const strip *s, int x, int y)
{
    const bt_denoise_field *f = s->f;
    bt_denoise_result *result = s->job->result;
    size_t at = bt_denoise_at(f, x, y), pixel = (size_t)y * f->width + (size_t)x;
    double weight = (double)sum_row(s, y, SUM_WEIGHT(f->bands))[x], risk = 0.0;
    double share = weight > 0.0 ? 1.0 / weight : 0.0;
    double own = weight > 0.0 ? share * (double)sum_row(s, y, SUM_LEVERAGE(f->bands))[x] : 1.0;
    for (uint32_t b = 0; b < f->bands; b++) {
        double was = (double)f->light[b][at], noise = (double)f->variance[b][at];
        double light = was, left = noise;
        if (weight > 0.0) {
            light = fmax(0.0, share * (double)sum_row(s, y, SUM_LIGHT + b)[x]);
            left = share * (double)sum_row(s, y, SUM_VARIANCE(f->bands) + b)[x];
        }
        result->light[pixel * f->bands + b] = (float)light;
        result->variance[pixel * f->bands + b] = (float)left;
        double error = (light - was) * (light - was) - noise + 2.0 * noise * own;
        risk += error / (light * light + noise + 1e-30);
    }
    result->risk[pixel] = (float)risk;
}

static void ask_models(const strip *s)
{
    int radius = (int)s->f->radius;
    float *scratch = s->terms + TERMS * s->width;
    for (int dy = -radius; dy <= radius; dy++) {
        // p = q - dy
        int first = s->first - dy, end = s->end - dy;
        first = first < s->model_first ? s->model_first : first;
        end = end > s->model_end ? s->model_end : end;
        for (int dx = -radius; dx <= radius && first < end; dx++) {
            weigh(s, first, end, dx, dy);
            for (int y = first; y < end; y++)
                tell(s, y, dx, dy, s->weights + (size_t)(y - first) * (size_t)s->width, scratch);
        }
    }
    for (int y = s->first; y < s->end; y++)
        for (int x = 0; x < s->width; x++)
            finish_pixel(s, x, y);
}

// ---- strips -----------------------------------------------------------------------------------
static bt_status strip_begin(strip *s, const regress *job, uint32_t index)
{
    const bt_denoise_field *f = job->field;
    int radius = (int)f->radius, height = (int)f->height, first = (int)index * STRIP_ROWS;
    *s = (strip){.job = job, .f = f, .width = (int)f->width, .first = first};
    s->end = first + STRIP_ROWS < height ? first + STRIP_ROWS : height;
    s->model_first = first > radius ? first - radius : 0;
    s->model_end = s->end + radius < height ? s->end + radius : height;
    size_t width = f->width, rows = (size_t)(s->model_end - s->model_first);
    size_t models = rows * MODEL_ROWS(f->bands) * width, weights = rows * width;
    size_t distance = (rows + 2 * BT_DENOISE_PATCH) * (width + 2 * BT_DENOISE_PATCH);
    size_t sums = (size_t)(s->end - first) * SUM_ROWS(f->bands) * width;
    s->memory = bt_alloc(models + weights + distance + sums + (TERMS + 2) * width, sizeof(float));
    if (!s->memory) return bt_fail(BT_ERR_MEMORY, "denoiser: no memory for %zu rows", rows);
    s->models = s->memory;
    s->weights = s->models + models;
    s->distance = s->weights + weights;
    s->sums = s->distance + distance;
    s->terms = s->sums + sums;
    return BT_OK;
}

static bt_status make_strip(void *context, uint32_t item, uint32_t worker)
{
    (void)worker;
    if (bt_cancel_signal() != 0) return bt_fail(BT_ERR_CANCELLED, "asked to stop");
    strip s;
    bt_status status = strip_begin(&s, context, item);
    if (status != BT_OK) return status;
    fit(&s);
    ask_models(&s);
    bt_free(s.memory);
    return BT_OK;
}

bt_status bt_denoise_regress(const bt_denoise_field *field, float strength, bt_jobs *jobs,
                             bt_denoise_result *result)
{
    regress job = {.field = field,
                   .result = result,
                   .strength2 = strength * strength,
                   .strips = (field->height + STRIP_ROWS - 1) / STRIP_ROWS};
    return bt_jobs_run(jobs, job.strips, make_strip, &job);
}
