// allot.c: a given number of samples, spread over a picture so that its sensor sees least of their noise.
//
// Of n samples a pixel keeps excess / n of the sensor's variance (adaptive.c). The sum over the picture is least when
// n goes with the root of the excess (Neyman 1934, "On the two different aspects of the representative method",
// section III). A pixel goes by the mean excess of the eight around it and not by its own: what its samples happen
// to bring does not tell how many there are, so that its mean is not biased; and edges and noisy surfaces are wider
// than a pixel.
#include "engine/core/jobs.h"
#include "engine/core/memory.h"
#include "engine/render/internal.h"

#define MOST_TIMES 8.0 // chosen: of the mean; few want more, and what they want is known badly
#define DOUBLINGS 8
#define HALVINGS 24 // of the interval that the samples per need are searched in

typedef struct allotment {
    const bt_tally *tally;
    double per_need, most;
    float *needs; // (height x width): samples are worth it in proportion
    double *sums; // (height)
} allotment;

// ---- what pixels need -------------------------------------------------------------------------
static double excess_around(const bt_tally *tally, uint32_t x, uint32_t y)
{
    const bt_film *film = tally->film;
    double sum = 0.0;
    uint32_t count = 0;
    for (uint32_t v = y > 0 ? y - 1 : 0; v <= min(y + 1, film->height_px - 1); v++)
        for (uint32_t u = x > 0 ? x - 1 : 0; u <= min(x + 1, film->width_px - 1); u++) {
            size_t pixel = (size_t)v * film->width_px + u;
            if ((u == x && v == y) || bt_sample_groups(film->samples[pixel]) < 2) continue;
            sum += (double)tally->excess[pixel];
            count++;
        }
    return count ? sum / count : 0.0;
}

static bt_status set_needs(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const allotment *a = context;
    const bt_tally *tally = a->tally;
    uint32_t width = tally->film->width_px;
    a->sums[row] = 0.0;
    for (uint32_t x = 0; x < width; x++) {
        float need =
            bt_tally_in_guard(tally, x, row) ? 0.0f : (float)sqrt(excess_around(tally, x, row));
        a->needs[(size_t)row * width + x] = need;
        a->sums[row] += (double)need;
    }
    return BT_OK;
}

// ---- goals ------------------------------------------------------------------------------------
// Whole groups; which of two such numbers is drawn, so that their mean is what is due.
static uint32_t goal_of(const allotment *a, uint32_t x, uint32_t y)
{
    size_t pixel = (size_t)y * a->tally->film->width_px + x;
    uint32_t has = a->tally->film->samples[pixel];
    double due = min(a->per_need * (double)a->needs[pixel], a->most);
    if (due <= has) return has;
    double drawn = bt_hash2(bt_hash2(x, y), has) * 0x1p-32;
    uint32_t step = bt_sample_group_size((uint32_t)due);
    return max(has, step * (uint32_t)(due / step + drawn));
}

static bt_status set_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const allotment *a = context;
    uint32_t width = a->tally->film->width_px;
    a->sums[row] = 0.0;
    for (uint32_t x = 0; x < width; x++) {
        bool guard = bt_tally_in_guard(a->tally, x, row);
        size_t pixel = (size_t)row * width + x;
        a->tally->goal[pixel] = guard ? a->tally->film->samples[pixel] : goal_of(a, x, row);
        if (!guard) a->sums[row] += a->tally->goal[pixel];
    }
    return BT_OK;
}

// In the order of rows, whichever threads they came from.
static double sum_rows(const allotment *a)
{
    double sum = 0.0;
    for (uint32_t row = 0; row < a->tally->film->height_px; row++)
        sum += a->sums[row];
    return sum;
}

static bt_status total_with(allotment *a, double per_need, bt_jobs *jobs, double *total)
{
    a->per_need = per_need;
    bt_status status = bt_jobs_run(jobs, a->tally->film->height_px, set_row, a);
    *total = sum_rows(a);
    return status;
}

// The most samples per need with which all goals together are no more than `wanted`.
static bt_status search(allotment *a, double wanted, double needs, bt_jobs *jobs)
{
    double low = 0.0, high = wanted / needs,
           total = 0.0; // `high` is enough, but for pixels that want too many
    bt_status status = BT_OK;
    for (int i = 0; i < DOUBLINGS && total < wanted && status == BT_OK; i++) {
        high *= 2.0;
        status = total_with(a, high, jobs, &total);
    }
    for (int i = 0; i < HALVINGS && status == BT_OK; i++) {
        double middle = 0.5 * (low + high);
        status = total_with(a, middle, jobs, &total);
        *(total > wanted ? &high : &low) = middle;
    }
    return status == BT_OK ? total_with(a, low, jobs, &total) : status;
}

static bt_status allot(allotment *a, double wanted, bt_jobs *jobs)
{
    const bt_film *film = a->tally->film;
    size_t pixels = (size_t)film->width_px * film->height_px;
    bt_status status = bt_jobs_run(jobs, film->height_px, set_needs, a);
    double needs = sum_rows(a);
    // a picture without any noise wants the same everywhere
    for (size_t i = 0; needs == 0.0 && i < pixels; i++)
        a->needs[i] = 1.0f;
    if (needs == 0.0) needs = (double)pixels;
    return status == BT_OK ? search(a, wanted, needs, jobs) : status;
}

bt_status bt_tally_allot(const bt_tally *tally, double mean, bt_jobs *jobs)
{
    const bt_film *film = tally->film;
    allotment a = {.tally = tally,
                   .most = MOST_TIMES * mean,
                   .needs = bt_alloc((size_t)film->width_px * film->height_px, sizeof *a.needs),
                   .sums = bt_alloc(film->height_px, sizeof *a.sums)};
    bt_status status = a.needs && a.sums
                           ? allot(&a, mean * tally->view->width_px * tally->view->height_px, jobs)
                           : bt_fail(BT_ERR_MEMORY, "no memory to allot samples");
    bt_free(a.needs);
    bt_free(a.sums);
    return status;
}
