// demosaic.c: a full colour at every pixel of a mosaic with luma (green, clear, yellow) on a diagonal.
//
// Zhang and Wu 2005, "Color demosaicking via directional linear minimum mean square-error estimation",
// IEEE Transactions on Image Processing 14(12); Getreuer 2011, "Zhang-Wu directional LMMSE image
// demosaicking", IPOL 1: luma less colour, which is smooth, is measured along rows and along columns
// (Hamilton and Adams' second-order filter); each measurement is the smooth difference and an error that
// alternates from pixel to pixel; a Gaussian of nine taps tells the two variances apart, and the linear
// estimate of least error weighs them, then rows against columns by the errors that are left. It starts
// from the Gaussian's own output, as the authors' program does, not from the window's mean as the text.
// Differences at the other places: the mean of four neighbours, here weighed by how like their luma is to
// that of the place, so that what is wrong at the rim of a lamp does not colour the dark beside it.
//
// Luma stays between its four neighbours or what both colours say, and a colour between its own neighbours
// and luma here: at the rim of a lamp, decades brighter, filters of any kind overshoot.
#include <math.h>
#include <stddef.h>

#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

#define SPAN BT_ISP_SPAN
#define PAD 12 // what a span looks at on either side: 2 + 4 + 4, even
#define WIDE (SPAN + 2 * PAD)
#define ALIKE_SHARE 0.3f  // chosen: of luma; nearer than that it is alike
#define ALIKE_LEVEL 0.03f // chosen: of white
#define LEAST 1e-12f      // of a variance: below, nothing varies

typedef struct demosaic {
    const bt_isp *isp;
    const float *mosaic;
    float *along, *smooth; // planes: luma less colour along columns; the same through the Gaussian
    float *own, *other; // planes, at colours: luma less own and less the other one (over `along`)
    float *rgb;
} demosaic;

static const float *row_of(const demosaic *d, const float *plane, int64_t y)
{
    return plane + (size_t)bt_isp_mirrored(y, d->isp->height_px) * d->isp->width_px;
}

// Is the pixel luma?
static bool is_luma(const bt_isp *isp, uint32_t x, uint32_t y)
{
    return isp->mosaic[2 * (y & 1) + (x & 1)] == 1;
}

// A row from x0 - PAD on, mirrored at its ends.
static void window(const float *row, uint32_t width, uint32_t x0, float *restrict out)
{
    for (uint32_t i = 0; i < WIDE; i++)
        out[i] = row[bt_isp_mirrored((int64_t)x0 + i - PAD, width)];
}

// Second-order measurement of luma less colour at the middle of five pixels that alternate; negative
// where the middle is a colour.
static inline float difference(float a, float b, float c, float d, float e)
{
    return 0.25f * (a + e) - 0.5f * (b + d) + 0.5f * c;
}

static const float gaussian[5] = {26.0f / 128, 23.0f / 128, 15.0f / 128, 9.0f / 128, 4.0f / 128};

// ---- along columns ------------------------------------------------------------------------------
static bt_status measure_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const demosaic *d = context;
    uint32_t width = d->isp->width_px;
    const float *m[5];
    for (int k = 0; k < 5; k++)
        m[k] = row_of(d, d->mosaic, (int64_t)row + k - 2);
    float sign[2] = {is_luma(d->isp, 0, row) ? 1.0f : -1.0f,
                     is_luma(d->isp, 1, row) ? 1.0f : -1.0f};
    float *restrict out = d->along + (size_t)row * width;
    for (uint32_t x = 0; x < width; x++)
        out[x] = sign[x & 1] * difference(m[0][x], m[1][x], m[2][x], m[3][x], m[4][x]);
    return BT_OK;
}

static bt_status smooth_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const demosaic *d = context;
    uint32_t width = d->isp->width_px;
    const float *m[9];
    for (int k = 0; k < 9; k++)
        m[k] = row_of(d, d->along, (int64_t)row + k - 4);
    float *restrict out = d->smooth + (size_t)row * width;
    for (uint32_t x = 0; x < width; x++) {
        float sum = gaussian[0] * m[4][x];
        for (int k = 1; k < 5; k++)
            sum += gaussian[k] * (m[4 - k][x] + m[4 + k][x]);
        out[x] = sum;
    }
    return BT_OK;
}

// ---- luma at colours ----------------------------------------------------------------------------
// Estimates along one direction and the variances of their errors.
typedef struct estimates {
    float value[SPAN], error[SPAN];
} estimates;

// From nine places: smooth[k], raw[k] point to the span's pixels moved by k - 4.
static void estimate(const float *const smooth[9], const float *const raw[9], estimates *restrict e)
{
    for (int x = 0; x < SPAN; x++) {
        float sum = 0.0f, square = 0.0f, noise = 0.0f;
        for (int k = 0; k < 9; k++) {
            // about the middle, so that squares of large numbers do not cancel
            float s = smooth[k][x] - smooth[4][x], r = raw[k][x] - smooth[k][x];
            sum += s;
            square += s * s;
            noise += r * r;
        }
        float signal = square - sum * sum * (1.0f / 9.0f);
        signal = signal > 0.0f ? signal : 0.0f;
        float all = signal + noise + LEAST;
        e->value[x] = smooth[4][x] + signal / all * (raw[4][x] - smooth[4][x]);
        e->error[x] = signal * noise / all + LEAST;
    }
}

static void estimate_rows(const float *mosaic, float first_sign, estimates *e)
{
    float raw[WIDE] = {0}, smooth[WIDE] = {0};
    for (int i = 2; i < WIDE - 2; i++)
        raw[i] = (i & 1 ? -first_sign : first_sign) *
                 difference(mosaic[i - 2], mosaic[i - 1], mosaic[i], mosaic[i + 1], mosaic[i + 2]);
    for (int i = 6; i < WIDE - 6; i++) {
        float sum = gaussian[0] * raw[i];
        for (int k = 1; k < 5; k++)
            sum += gaussian[k] * (raw[i - k] + raw[i + k]);
        smooth[i] = sum;
    }
    const float *s[9], *r[9];
    for (int k = 0; k < 9; k++) {
        s[k] = smooth + PAD + k - 4;
        r[k] = raw + PAD + k - 4;
    }
    estimate(s, r, e);
}

static void estimate_columns(const demosaic *d, uint32_t row, uint32_t x0, estimates *e)
{
    float tail[18][SPAN]; // where the row ends within the span
    const float *s[9], *r[9];
    bool whole = x0 + SPAN <= d->isp->width_px;
    for (int k = 0; k < 9; k++) {
        s[k] = row_of(d, d->smooth, (int64_t)row + k - 4) + x0;
        r[k] = row_of(d, d->along, (int64_t)row + k - 4) + x0;
        for (uint32_t x = 0; !whole && x < SPAN; x++) {
            bool in = x0 + x < d->isp->width_px;
            tail[k][x] = in ? s[k][x] : 0.0f;
            tail[9 + k][x] = in ? r[k][x] : 0.0f;
        }
        if (!whole) s[k] = tail[k], r[k] = tail[9 + k];
    }
    estimate(s, r, e);
}

static float within(float value, float low, float high)
{
    return bt_isp_lower(bt_isp_upper(value, low), high);
}

static void luma_span(const demosaic *d, uint32_t row, uint32_t x0)
{
    uint32_t width = d->isp->width_px, count = width - x0 < SPAN ? width - x0 : SPAN;
    float middle[WIDE], above[WIDE], below[WIDE];
    window(row_of(d, d->mosaic, row), width, x0, middle);
    window(row_of(d, d->mosaic, (int64_t)row - 1), width, x0, above);
    window(row_of(d, d->mosaic, (int64_t)row + 1), width, x0, below);
    estimates rows, columns;
    estimate_rows(middle, is_luma(d->isp, x0, row) ? 1.0f : -1.0f, &rows);
    estimate_columns(d, row, x0, &columns);
    float *restrict out = d->own + (size_t)row * width + x0;
    for (uint32_t x = 0; x < count; x++) {
        float value = (rows.value[x] * columns.error[x] + columns.value[x] * rows.error[x]) /
                      (rows.error[x] + columns.error[x]);
        const float *m = middle + PAD + x;
        float up = above[PAD + x], down = below[PAD + x];
        float low = bt_isp_lower(bt_isp_lower(m[-1], m[1]), bt_isp_lower(up, down));
        float high = bt_isp_upper(bt_isp_upper(m[-1], m[1]), bt_isp_upper(up, down));
        // a line along a diagonal passes between the four: the other colour has it, too
        const float *u = above + PAD + x, *v = below + PAD + x;
        float darkest = bt_isp_lower(bt_isp_lower(u[-1], u[1]), bt_isp_lower(v[-1], v[1]));
        float brightest = bt_isp_upper(bt_isp_upper(u[-1], u[1]), bt_isp_upper(v[-1], v[1]));
        low = bt_isp_lower(low, bt_isp_upper(m[0], darkest));
        high = bt_isp_upper(high, bt_isp_lower(m[0], brightest));
        out[x] = within(m[0] + value, low, high) - m[0];
    }
}

static bt_status luma_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const demosaic *d = context;
    for (uint32_t x0 = 0; x0 < d->isp->width_px; x0 += SPAN)
        luma_span(d, row, x0);
    return BT_OK;
}

// ---- the two colours ----------------------------------------------------------------------------
// Columns before and after one.
typedef struct beside {
    uint32_t left, right;
} beside;

static beside beside_of(uint32_t x, uint32_t width)
{
    return (beside){bt_isp_mirrored((int64_t)x - 1, width), bt_isp_mirrored((int64_t)x + 1, width)};
}

// A colour from luma and luma less colour, between its neighbours and luma.
static float colour(float luma, float less, float low, float high)
{
    return within(luma - less, bt_isp_lower(low, luma), bt_isp_upper(high, luma));
}

// How like luma there is to luma here: weights of differences.
typedef struct likeness {
    float luma, least2;
} likeness;

static likeness likeness_at(float luma)
{
    float least = ALIKE_LEVEL + ALIKE_SHARE * bt_isp_upper(luma, 0.0f);
    return (likeness){luma, least * least};
}

static inline float weight_of(likeness l, float luma)
{
    float apart = luma - l.luma;
    return 1.0f / (apart * apart + l.least2);
}

// Rows above, at and below one.
typedef struct lines {
    const float *mosaic[3], *own[3], *other[3];
} lines;

static lines lines_of(const demosaic *d, uint32_t row)
{
    lines l;
    for (int k = 0; k < 3; k++) {
        l.mosaic[k] = row_of(d, d->mosaic, (int64_t)row + k - 1);
        l.own[k] = row_of(d, d->own, (int64_t)row + k - 1);
        l.other[k] = row_of(d, d->other, (int64_t)row + k - 1);
    }
    return l;
}

// Luma less the other colour at a colour, from the four corners.
static float other_at(const lines *l, uint32_t x, beside at)
{
    float luma = l->mosaic[1][x] + l->own[1][x], low = INFINITY, high = -INFINITY;
    float sum = 0.0f, all = 0.0f;
    likeness like = likeness_at(luma);
    for (int k = 0; k < 4; k++) {
        uint32_t i = k & 1 ? at.right : at.left;
        float m = l->mosaic[k & 2][i], less = l->own[k & 2][i], weight = weight_of(like, m + less);
        sum += weight * less;
        all += weight;
        low = bt_isp_lower(low, m);
        high = bt_isp_upper(high, m);
    }
    return luma - colour(luma, sum / all, low, high);
}

static bt_status other_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const demosaic *d = context;
    uint32_t width = d->isp->width_px;
    lines l = lines_of(d, row);
    float *out = d->other + (size_t)row * width;
    for (uint32_t x = is_luma(d->isp, 0, row) ? 1 : 0; x < width; x += 2)
        out[x] = other_at(&l, x, beside_of(x, width));
    return BT_OK;
}

// At luma, from the four beside: what lies along the row has the row's colour itself.
static void at_luma(const lines *l, uint32_t x, beside at, uint32_t band, float *rgb)
{
    const float *m = l->mosaic[1], *up = l->mosaic[0], *down = l->mosaic[2];
    const float *own = l->own[1], *other = l->other[1];
    float luma = m[x];
    likeness like = likeness_at(luma);
    float left = weight_of(like, m[at.left] + own[at.left]);
    float right = weight_of(like, m[at.right] + own[at.right]);
    float above = weight_of(like, up[x] + l->own[0][x]);
    float below = weight_of(like, down[x] + l->own[2][x]);
    float all = 1.0f / (left + right + above + below);
    float level = left * own[at.left] + right * own[at.right] + above * l->other[0][x] +
                  below * l->other[2][x];
    float upright = left * other[at.left] + right * other[at.right] + above * l->own[0][x] +
                    below * l->own[2][x];
    rgb[1] = luma;
    rgb[band] = colour(luma, level * all, bt_isp_lower(m[at.left], m[at.right]),
                       bt_isp_upper(m[at.left], m[at.right]));
    rgb[2 - band] =
        colour(luma, upright * all, bt_isp_lower(up[x], down[x]), bt_isp_upper(up[x], down[x]));
}

static bt_status colour_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const demosaic *d = context;
    uint32_t width = d->isp->width_px, luma = is_luma(d->isp, 0, row) ? 0 : 1;
    uint32_t band = d->isp->mosaic[2 * (row & 1) + (~luma & 1)]; // the row's colour
    lines l = lines_of(d, row);
    float *rgb = d->rgb + 3 * (size_t)row * width;
    for (uint32_t x = luma; x < width; x += 2)
        at_luma(&l, x, beside_of(x, width), band, rgb + 3 * (size_t)x);
    for (uint32_t x = 1 - luma; x < width; x += 2) {
        float *out = rgb + 3 * (size_t)x, green = l.mosaic[1][x] + l.own[1][x];
        out[band] = l.mosaic[1][x];
        out[1] = green;
        out[2 - band] = green - l.other[1][x];
    }
    return BT_OK;
}

// ---- other mosaics ------------------------------------------------------------------------------
static bt_status plain_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const demosaic *d = context;
    const bt_isp *isp = d->isp;
    float *rgb = d->rgb + 3 * (size_t)row * isp->width_px;
    const float *m = d->mosaic + (size_t)row * isp->width_px;
    if (isp->kind == BT_ISP_SPARSE)
        bt_isp_demosaic_sparse(isp, d->mosaic, row, rgb);
    else if (isp->kind == BT_ISP_TILE)
        bt_isp_demosaic_tile(isp, d->mosaic, row, rgb);
    else
        for (uint32_t x = 0; x < isp->width_px; x++)
            rgb[3 * x] = rgb[3 * x + 1] = rgb[3 * x + 2] = m[x];
    return BT_OK;
}

bt_status bt_isp_demosaic(const bt_isp *isp, const float *mosaic, bt_jobs *jobs, float *work,
                          float *rgb)
{
    size_t pixels = (size_t)isp->width_px * isp->height_px;
    uint32_t rows = isp->height_px;
    demosaic d = {.isp = isp,
                  .mosaic = mosaic,
                  .along = work,
                  .smooth = work + pixels,
                  .own = work + 2 * pixels,
                  .other = work,
                  .rgb = rgb};
    if (!bt_isp_is_quincunx(isp)) return bt_jobs_run(jobs, rows, plain_row, &d);
    bt_status status = bt_jobs_run(jobs, rows, measure_row, &d);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, smooth_row, &d);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, luma_row, &d);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, other_row, &d);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, colour_row, &d);
    return status;
}
