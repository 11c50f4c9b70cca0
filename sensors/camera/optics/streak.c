// streak.c: see streak.h.
#include "sensors/camera/optics/streak.h"

#include <math.h>

#include "engine/math/pose.h"

#define MOST_Q 200.0 // of a table; beyond, sinc^2 is its mean
#define WAVE_PARTS                                                                                 \
    5 // steps between two wavelengths: far out the pattern changes within a band's steps
#define Q_PARTS 8        // steps between two points of the table
#define ARC_POINTS 96    // along a scratch, over twice the pupil
#define PIECE_RAD 1.5e-3 // what a piece may turn: a pixel at 700

// ---- light along a streak ---------------------------------------------------------------------
static double sinc2(double x)
{
    double t = BT_PI * x;
    return fabs(t) < 1e-9 ? 1.0 : sin(t) * sin(t) / (t * t);
}

typedef struct wave {
    double weight[BT_STREAK_BANDS];
    double unit; // cycles per radius and pixel
    double thrown;
} wave;

void bt_streak_energies(double loss, double bend_rad, double lambda_m, double *lost, double *thrown)
{
    double t = sqrt(fmax(1.0 - loss, 0.0)), re = t * cos(bend_rad * BT_PUPIL_BEND_M / lambda_m);
    *lost = 2.0 * (1.0 - re);
    *thrown = 1.0 - 2.0 * re + t * t;
}

// Between the wavelengths given, weights are linear.
static uint32_t fill_waves(const bt_streak_desc *d, wave *waves)
{
    uint32_t count = 0;
    for (uint32_t w = 0; w < d->wave_count; w++)
        for (int part = 0; part < WAVE_PARTS; part++) {
            double at = d->wave_count > 1 ? (part + 0.5) / WAVE_PARTS - 0.5 : 0.0;
            uint32_t other = at < 0.0 ? (w > 0 ? w - 1 : w) : (w + 1 < d->wave_count ? w + 1 : w);
            double step_m = d->wave_count > 1 ? d->lambda_m[1] - d->lambda_m[0] : 0.0;
            double lambda_m = d->lambda_m[w] + at * step_m;
            wave *to = &waves[count++];
            double lost;
            *to = (wave){.unit = d->pixel_pitch_m / (2.0 * lambda_m * d->f_number)};
            bt_streak_energies(d->loss, d->bend_rad, lambda_m, &lost, &to->thrown);
            for (uint32_t b = 0; b < d->band_count; b++)
                to->weight[b] =
                    ((1.0 - fabs(at)) * d->weight[b][w] + fabs(at) * d->weight[b][other]) /
                    WAVE_PARTS;
        }
    return count;
}

// Weights of a part are linear between wavelengths, which does not keep their sum: made 1 again.
static void normalise(wave *waves, uint32_t count, uint32_t bands)
{
    for (uint32_t b = 0; b < bands; b++) {
        double sum = 0.0;
        for (uint32_t w = 0; w < count; w++)
            sum += waves[w].weight[b];
        for (uint32_t w = 0; w < count; w++)
            waves[w].weight[b] /= sum > 0.0 ? sum : 1.0;
    }
}

// Mean over what lies nearer to a point of the table than to others.
static void fill_point(const wave *waves, uint32_t count, uint32_t point, bt_streak_light *light)
{
    double sums[BT_STREAK_BANDS] = {0};
    for (int part = 0; part < Q_PARTS; part++) {
        double at = fmax(point + (part + 0.5) / Q_PARTS - 0.5, 0.0) * light->q_step;
        for (uint32_t w = 0; w < count; w++) {
            double value = waves[w].thrown * waves[w].unit * sinc2(at * at * waves[w].unit);
            for (uint32_t b = 0; b < light->band_count; b++)
                sums[b] += waves[w].weight[b] * value / Q_PARTS;
        }
    }
    for (uint32_t b = 0; b < light->band_count; b++)
        light->along[b][point] = (float)sums[b];
}

void bt_streak_light_init(const bt_streak_desc *desc, bt_streak_light *light)
{
    wave waves[40 * WAVE_PARTS];
    *light =
        (bt_streak_light){.band_count = desc->band_count, .q_step = sqrt(MOST_Q) / BT_STREAK_STEPS};
    uint32_t count = fill_waves(desc, waves);
    normalise(waves, count, desc->band_count);
    for (uint32_t i = 0; i <= BT_STREAK_STEPS; i++)
        fill_point(waves, count, i, light);
    for (uint32_t b = 0; b < desc->band_count; b++)
        for (uint32_t w = 0; w < count; w++) {
            light->thrown[b] += waves[w].weight[b] * waves[w].thrown;
            // the mean of sinc^2 is 1 / (2 pi^2 x^2)
            light->tail[b] +=
                waves[w].weight[b] * waves[w].thrown / (2.0 * BT_PI * BT_PI * waves[w].unit);
        }
}

double bt_streak_along(const bt_streak_light *light, uint32_t band, double width, double r_px)
{
    double q = width * r_px;
    if (q >= MOST_Q) return width * light->tail[band] / (q * q);
    double at = sqrt(q) / light->q_step;
    uint32_t i = (uint32_t)at;
    const float *value = light->along[band] + i;
    return width * ((double)value[0] + (at - i) * ((double)value[1] - (double)value[0]));
}

// ---- streaks of a pupil -----------------------------------------------------------------------
// Area that the pupil leaves open, in squared radii.
static double open_area(const bt_exit_pupil *pupil)
{
    double d = fmin(hypot(pupil->clip_x, pupil->clip_y), 2.0);
    double common = 2.0 * acos(0.5 * d) - 0.5 * d * sqrt(4.0 - d * d);
    return fmax(common - BT_PI * pupil->obscuration * pupil->obscuration, 0.05);
}

// A point of a scratch and how it runs there, per radian of its circle.
typedef struct arc_point {
    double x, y, dx, dy;
} arc_point;

static arc_point arc_at(const bt_pupil_scratch *s, double turn)
{
    double v = s->radius * sin(turn), dv = s->radius * cos(turn);
    double y_off = v / s->stretch;
    arc_point p = {.y = s->y0 + y_off, .dy = dv / s->stretch};
    p.x = s->x0 + s->radius * cos(turn) - s->shear * y_off;
    p.dx = -s->radius * sin(turn) - s->shear * p.dy;
    return p;
}

// Pieces of the part of a scratch that lies before the pupil.
static uint32_t add_scratch(const bt_exit_pupil *pupil, const bt_pupil_scratch *s, double area,
                            bt_streak *streaks)
{
    // where it is nearest to the pupil's middle, and how far round that it may be before it
    double u = -s->x0 - s->shear * s->y0, v = -s->stretch * s->y0, nearest = atan2(v, u);
    double grown = hypot(1.0 + fabs(s->shear), s->stretch);
    double reach = fmin(1.5 * BT_PUPIL_EXTENT * grown / s->radius, BT_PI),
           step = 2.0 * reach / ARC_POINTS;
    double piece_rad = fmax(PIECE_RAD, 2.0 * reach / BT_STREAK_PIECES);
    uint32_t count = 0;
    double begun = -INFINITY;
    for (int i = 0; i < ARC_POINTS; i++) {
        double turn = nearest - reach + (i + 0.5) * step;
        arc_point p = arc_at(s, turn);
        double open = bt_pupil_open(pupil, p.x, p.y, 0.05), speed = hypot(p.dx, p.dy);
        if (!(open > 0.0)) continue;
        if (turn - begun > piece_rad && count < BT_STREAK_PIECES) {
            begun = turn;
            streaks[count++] = (bt_streak){0};
        }
        bt_streak *piece = &streaks[count - 1];
        double share = open * s->width * s->radius * step / s->stretch / area;
        piece->x += -p.dy * share / speed;
        piece->y += p.dx * share / speed;
        piece->width += share * s->width * s->radius / s->stretch / speed;
        piece->share += share;
    }
    for (uint32_t i = 0; i < count; i++) {
        double length = hypot(streaks[i].x, streaks[i].y);
        streaks[i].x /= length;
        streaks[i].y /= length;
        streaks[i].width /= streaks[i].share;
    }
    return count;
}

uint32_t bt_streaks_of(const bt_exit_pupil *pupil, bt_streak streaks[BT_STREAK_MAX],
                       double *covered)
{
    uint32_t count = 0;
    *covered = 0.0;
    for (uint32_t i = 0; i < pupil->scratch_count; i++)
        count += add_scratch(pupil, &pupil->scratches[i], open_area(pupil), streaks + count);
    for (uint32_t i = 0; i < count; i++)
        *covered += streaks[i].share;
    return count;
}

double bt_streak_chord(double x, double y, double side, double at_x, double at_y)
{
    double a = fabs(x), b = fabs(y), most = fmax(a, b), least = fmin(a, b);
    double off = fabs(at_x * y - at_y * x), half = 0.5 * side;
    if (off <= half * (most - least)) return side / most;
    double left = half * (most + least) - off;
    return left > 0.0 ? left / (most * least) : 0.0;
}
