// adaptive.c: how well a pixel is known, and whether its sensor could tell it from the truth.
//
// What counts is a pixel's excess: the variance that one sample brings, relative to the variance of
// the sensor's own noise there: shot noise, which is the mean itself, plus what there is in the dark.
// Over n samples a share of excess / n is left. Pixels go by the larger of their own excess and the
// mean of those around them: a few samples may all have missed a small light, those of nine pixels
// less likely so.
#include "engine/core/memory.h"
#include "engine/render/internal.h"

#define MOST_EXCESS 1e30      // so that it stays a float
#define NEVER_SEEN_SIGMAS 4.0 // above a full well, below which some frame might still show it

// ---- samples ----------------------------------------------------------------------------------
// Samples of a pixel are stratified, so their mean is better than their spread says. Means of groups,
// each a stratified set of its own, spread as little as such means really do; the more samples there
// are, the larger the groups.
uint32_t bt_sample_group_size(uint32_t number)
{
    uint32_t size = 4;
    for (uint32_t end = 16; number >= end && size < 256; end *= 4)
        size *= 2;
    return size;
}

uint32_t bt_sample_groups(uint32_t count)
{
    uint32_t groups = 0, begun = 0;
    for (uint32_t size = 4, end = 16; begun < count; size *= 2, end *= 4) {
        uint32_t last = size < 256 ? min(end, count) : count;
        groups += (last - begun) / size;
        begun = last;
    }
    return groups;
}

// Channels are dealt with four at once; those beyond the last stay zero.
#define AT_ONCE 4
_Static_assert(BT_MAX_CHANNELS % AT_ONCE == 0, "channels are dealt with in fours");

// West 1979, "Updating mean and variance estimates".
static void moments_add(bt_moments *restrict m, const double *restrict values, uint32_t channels,
                        double weight)
{
    m->weight += weight;
    double all = m->weight;
    for (uint32_t first = 0; first < channels; first += AT_ONCE)
        for (uint32_t c = first; c < first + AT_ONCE; c++) {
            double delta = values[c] - m->mean[c];
            m->mean[c] += delta * weight / all;
            m->square[c] += weight * delta * (values[c] - m->mean[c]);
        }
}

void bt_pixel_add(bt_pixel_samples *pixel, const float *rates, uint32_t channels)
{
    double values[BT_MAX_CHANNELS];
    uint32_t size = bt_sample_group_size(pixel->count++);
    double share = 1.0 / size; // a power of two: exact
    for (uint32_t first = 0; first < channels; first += AT_ONCE)
        for (uint32_t c = first; c < first + AT_ONCE; c++) {
            values[c] = (double)rates[c];
            pixel->open[c] += values[c] * share;
        }
    moments_add(&pixel->each, values, channels, 1.0);
    if (pixel->count % size != 0) return;
    moments_add(&pixel->groups, pixel->open, channels, size);
    memset(pixel->open, 0, sizeof pixel->open);
}

// ---- a frame so far ---------------------------------------------------------------------------
bt_status bt_tally_init(const bt_view *view, double share, bt_film *film, bt_tally *tally)
{
    size_t pixels = (size_t)film->width_px * film->height_px;
    *tally = (bt_tally){.view = view, .share = share, .film = film};
    tally->group_square = bt_alloc(bt_film_plane_stride(film), film->plane_count * sizeof(float));
    tally->excess = bt_alloc(pixels, sizeof *tally->excess);
    tally->goal = bt_alloc(pixels, sizeof *tally->goal);
    if (tally->group_square && tally->excess && tally->goal) return BT_OK;
    bt_tally_clear(tally);
    return bt_fail(BT_ERR_MEMORY, "film of %u x %u px: no memory for its statistics",
                   (unsigned)film->width_px, (unsigned)film->height_px);
}

void bt_tally_clear(bt_tally *tally)
{
    bt_free(tally->group_square);
    bt_free(tally->excess);
    bt_free(tally->goal);
    memset(tally, 0, sizeof *tally);
}

// Where a channel of a pixel lies in the film.
static size_t film_index(const bt_film *film, size_t pixel, uint32_t channel)
{
    uint32_t bands = film->band_count;
    return channel / bands * bt_film_plane_stride(film) + pixel * bands + channel % bands;
}

void bt_tally_load(const bt_tally *tally, size_t pixel, bt_pixel_samples *samples)
{
    const bt_film *film = tally->film;
    memset(samples, 0, sizeof *samples);
    double n = samples->count = film->samples[pixel];
    if (samples->count == 0) return;
    samples->each.weight = samples->groups.weight = n;
    for (uint32_t c = 0; c < film->band_count * film->plane_count; c++) {
        size_t i = film_index(film, pixel, c);
        samples->each.mean[c] = samples->groups.mean[c] = (double)film->rate_e_s[i];
        samples->each.square[c] = (double)film->variance_e2_s2[i] * n * (n - 1.0);
        samples->groups.square[c] = (double)tally->group_square[i];
    }
}

// Is the well, or the range of counts, so full that light's noise cannot show?
static bool is_full(double mean_e, double variance_e2, double full_e)
{
    return full_e > 0.0 && mean_e - NEVER_SEEN_SIGMAS * sqrt(variance_e2) > full_e;
}

static double channel_excess(const bt_view *view, const bt_pixel_samples *samples, uint32_t channel)
{
    uint32_t band = channel % view->band_count, plane = channel / view->band_count;
    double exposure_ns = view->plane_count ? view->planes[plane].exposure_ns : view->exposure_ns;
    double exposure_s = exposure_ns * 1e-9, mean_e = samples->each.mean[channel] * exposure_s;
    double sensor_e2 = mean_e + (double)view->noise_e2[plane][band];
    double sample_e2 = samples->groups.square[channel] / (bt_sample_groups(samples->count) - 1u) *
                       exposure_s * exposure_s;
    if (!(sample_e2 > 0.0 && sensor_e2 > 0.0)) return 0.0;
    if (is_full(mean_e, sensor_e2 + sample_e2 / samples->count, (double)view->full_e[plane][band]))
        return 0.0;
    return min(sample_e2 / sensor_e2, MOST_EXCESS);
}

// The largest of what the sensor reads there.
static double pixel_excess(const bt_view *view, uint32_t x, uint32_t y,
                           const bt_pixel_samples *samples)
{
    double largest = 0.0;
    uint32_t read = view->read_bands[(y & 3u) * 4u + (x & 3u)];
    if (bt_sample_groups(samples->count) < 2) return 0.0;
    for (uint32_t c = 0; c < view->band_count * bt_view_planes(view); c++)
        if (read == 0 || (read >> c % view->band_count & 1u))
            largest = max(largest, channel_excess(view, samples, c));
    return largest;
}

bt_status bt_tally_store(const bt_tally *tally, size_t pixel, const bt_pixel_samples *samples)
{
    const bt_film *film = tally->film;
    uint32_t x = (uint32_t)(pixel % film->width_px), y = (uint32_t)(pixel / film->width_px);
    double n = film->samples[pixel] = samples->count;
    for (uint32_t c = 0; c < film->band_count * film->plane_count; c++) {
        double mean = samples->each.mean[c], square = samples->each.square[c];
        size_t i = film_index(film, pixel, c);
        film->rate_e_s[i] = (float)mean;
        film->variance_e2_s2[i] = (float)(n > 1.0 ? square / (n * (n - 1.0)) : mean * mean);
        tally->group_square[i] = (float)samples->groups.square[c];
        if (!isfinite(mean))
            return bt_fail(BT_ERR_INTERNAL, "pixel (%u, %u) is not a number", (unsigned)x,
                           (unsigned)y);
    }
    tally->excess[pixel] = (float)pixel_excess(tally->view, x, y, samples);
    return BT_OK;
}

// ---- who needs more ---------------------------------------------------------------------------
static double mean_around(const bt_tally *tally, uint32_t x, uint32_t y)
{
    uint32_t width = tally->film->width_px, height = tally->film->height_px, count = 0;
    double sum = 0.0;
    for (uint32_t v = y > 0 ? y - 1 : 0; v <= min(y + 1, height - 1); v++)
        for (uint32_t u = x > 0 ? x - 1 : 0; u <= min(x + 1, width - 1); u++) {
            sum += (double)tally->excess[(size_t)v * width + u];
            count++;
        }
    return sum / count;
}

static double likely_excess(const bt_tally *tally, uint32_t x, uint32_t y)
{
    double own = (double)tally->excess[(size_t)y * tally->film->width_px + x];
    return max(own, mean_around(tally, x, y));
}

// Looking less often biases less, and a doubling is what the sampler likes; more than that is not
// taken on trust. Whole groups, and not so few more that a round of them is not worth while.
static uint32_t next_goal(uint32_t count, double needed, uint32_t most)
{
    uint32_t step = max(bt_sample_group_size(count), (uint32_t)BT_BUNDLE);
    uint32_t goal = (uint32_t)min(needed, 2.0 * count);
    goal = (max(goal, count + 1u) + step - 1u) / step * step;
    return min(goal, most);
}

bool bt_tally_set_goals(const bt_tally *tally, uint32_t row, uint32_t most)
{
    bool any = false;
    for (uint32_t x = 0; x < tally->film->width_px; x++) {
        size_t pixel = (size_t)row * tally->film->width_px + x;
        uint32_t count = tally->film->samples[pixel];
        double needed = likely_excess(tally, x, row) / tally->share;
        tally->goal[pixel] = count;
        if (needed <= count || count >= most || bt_tally_in_guard(tally, x, row)) continue;
        tally->goal[pixel] = next_goal(count, needed, most);
        any = true;
    }
    return any;
}

void bt_tally_set_errors(const bt_tally *tally)
{
    const bt_film *film = tally->film;
    for (uint32_t y = 0; y < film->height_px; y++)
        for (uint32_t x = 0; x < film->width_px; x++) {
            size_t pixel = (size_t)y * film->width_px + x;
            film->sensor_share[pixel] = (float)(likely_excess(tally, x, y) / film->samples[pixel]);
        }
}
