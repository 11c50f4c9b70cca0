// lamp_webs.c: see lamp_webs.h. Numbers without a source are chosen so that the tests' limits hold.
#include "engine/scene/lamp_webs.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"

#define MAX_ANGLES 400

// h to the right, v up, degrees.
typedef double intensity(const void *lamp, double h, double v);

static double bell(double x, double sigma)
{
    return bt_exp(-0.5 * x * x / (sigma * sigma));
}

// ---- grids --------------------------------------------------------------------------------------
typedef struct angles {
    double deg[MAX_ANGLES];
    uint32_t count;
} angles;

typedef struct stretch {
    double to, step;
} stretch;

// From -last to +last: steps of each stretch from the middle outward.
static void fill_even(const stretch *stretches, int count, double shift, angles *a)
{
    double out[MAX_ANGLES / 2] = {0.0};
    uint32_t n = 1;
    for (int i = 0; i < count; i++)
        for (int k = 1; out[n - 1] < stretches[i].to - 1e-9 && n < MAX_ANGLES / 2; k++)
            out[n] = out[n - 1] + stretches[i].step, n++;
    a->count = 0;
    for (uint32_t i = n; i-- > 1;)
        a->deg[a->count++] = shift - out[i];
    for (uint32_t i = 0; i < n; i++)
        a->deg[a->count++] = shift + out[i];
}

static bt_status sample_front(const angles *h, const angles *v, intensity *of, const void *lamp,
                              bool rear, bt_photometric_web **web)
{
    bt_status status = bt_photometry_create(h->count, v->count, web);
    if (status != BT_OK) return status;
    bt_photometric_web *w = *web;
    w->axes = BT_AXES_LUMINAIRE;
    if (rear) w->axes = (bt_web_axes){{0.0, 0.0, -1.0}, {-1.0, 0.0, 0.0}, {0.0, -1.0, 0.0}};
    for (uint32_t i = 0; i < h->count; i++)
        w->plane_rad[i] = h->deg[i] * BT_RAD_PER_DEG;
    for (uint32_t i = 0; i < v->count; i++)
        w->polar_rad[i] = (90.0 + v->deg[i]) * BT_RAD_PER_DEG;
    for (uint32_t i = 0; i < h->count; i++)
        for (uint32_t k = 0; k < v->count; k++) // planes grow to the left
            w->intensity_cd[(size_t)i * v->count + k] = of(lamp, -h->deg[i], v->deg[k]);
    return BT_OK;
}

// ---- headlamps ----------------------------------------------------------------------------------
#define SHOULDER_SLOPE 0.26794919243112270647 // of 15 degrees
#define SHOULDER_MOST_DEG 1.7                 // then the cut-off is level again, 1.1 degrees up
#define SOFTNESS_DEG 0.12 // of the cut-off: 0.15 to 0.36 decades in 0.1 degree across it

typedef struct low_beam {
    double dip_deg, side, level; // side 1: the shoulder is on the right
} low_beam;

static double low_intensity(const void *lamp, double h, double v)
{
    const low_beam *b = lamp;
    double across = h * b->side;
    double edge = -b->dip_deg + bt_clamp(across * SHOULDER_SLOPE, 0.0, SHOULDER_MOST_DEG);
    double under = edge - v, lit = 1.0 / (1.0 + bt_exp(-under / SOFTNESS_DEG));
    double hot = 20000.0 * bell(across - 1.5, 3.2) * bell(under - 0.5, 0.65);
    double wide = 7000.0 * bell(h, 20.0) * bt_exp(-fmax(under, 0.0) / 4.5);
    double stray = (60.0 + 110.0 * bell(h, 9.0) * bt_exp(-fabs(v) / 5.0)) * bell(h, 35.0);
    return b->level * ((hot + wide) * lit + stray * bell(v, 20.0));
}

bt_status bt_web_low_beam(const bt_low_beam_desc *desc, bt_photometric_web **web)
{
    static const stretch across[] = {{3.0, 0.25}, {12.0, 0.5}, {20.0, 2.0}, {80.0, 5.0}};
    static const stretch up[] = {{1.0, 0.05}, {4.0, 0.1}, {10.0, 0.5}, {50.0, 2.5}};
    low_beam b = {desc->dip_deg == 0.0 ? bt_atan(0.01) / BT_RAD_PER_DEG : desc->dip_deg,
                  desc->left_traffic ? -1.0 : 1.0, desc->level == 0.0 ? 1.0 : desc->level};
    angles h, v;
    *web = NULL;
    if (!(fabs(b.dip_deg) <= 5.0 && b.level > 0.0 && b.level <= 100.0))
        return bt_fail(BT_ERR_INPUT,
                       "low beam: dip %g degrees, level %g; expected -5 to 5, above 0 to 100",
                       b.dip_deg, b.level);
    fill_even(across, 4, 0.0, &h);
    fill_even(up, 4, -b.dip_deg, &v);
    return sample_front(&h, &v, low_intensity, &b, false, web);
}

static double high_intensity(const void *lamp, double h, double v)
{
    const double *level = lamp;
    return *level * (55000.0 * bell(h, 2.6) * bell(v, 1.4) + 9000.0 * bell(h, 9.0) * bell(v, 2.5) +
                     100.0 * bell(h, 30.0) * bell(v, 15.0));
}

bt_status bt_web_high_beam(double level, bt_photometric_web **web)
{
    static const stretch across[] = {{8.0, 0.5}, {24.0, 2.0}, {80.0, 8.0}};
    static const stretch up[] = {{5.0, 0.25}, {10.0, 1.0}, {40.0, 5.0}};
    angles h, v;
    *web = NULL;
    if (!(level > 0.0 && level <= 100.0))
        return bt_fail(BT_ERR_INPUT, "high beam: level %g; expected above 0 to 100", level);
    fill_even(across, 3, 0.0, &h);
    fill_even(up, 3, 0.0, &v);
    return sample_front(&h, &v, high_intensity, &level, false, web);
}

// ---- signals ------------------------------------------------------------------------------------
static double signal_intensity(const void *lamp, double h, double v)
{
    const bt_signal_web_desc *d = lamp;
    double half = sqrt(2.0 * bt_ln(2.0)); // standard deviations to half
    double facing = fmax(bt_cos(h * BT_RAD_PER_DEG) * bt_cos(v * BT_RAD_PER_DEG), 0.0);
    return d->peak_cd *
           (0.98 * bell(h, d->width_deg / half) * bell(v, d->height_deg / half) + 0.02 * facing);
}

bt_status bt_web_signal(const bt_signal_web_desc *desc, bt_photometric_web **web)
{
    static const stretch across[] = {{30.0, 2.0}, {90.0, 5.0}};
    bt_signal_web_desc d = *desc;
    if (d.width_deg == 0.0) d.width_deg = 18.0;
    if (d.height_deg == 0.0) d.height_deg = 11.0;
    angles a;
    *web = NULL;
    if (!(d.peak_cd > 0.0 && d.peak_cd <= 1e6 && d.width_deg >= 2.0 && d.width_deg <= 90.0 &&
          d.height_deg >= 2.0 && d.height_deg <= 90.0))
        return bt_fail(BT_ERR_INPUT,
                       "signal: %g cd, %g x %g degrees; expected up to 1e6 cd, 2 to 90 degrees",
                       d.peak_cd, d.width_deg, d.height_deg);
    fill_even(across, 2, 0.0, &a);
    return sample_front(&a, &a, signal_intensity, &d, d.rear, web);
}

// ---- street lamps -------------------------------------------------------------------------------
// Relative. plane 0: across the street, 90: along it.
static double street_intensity(double plane_deg, double polar_deg)
{
    double from_wing = fabs(fabs(plane_deg) - 78.0);
    double c = bt_cos(polar_deg * BT_RAD_PER_DEG);
    // flat glass: little leaves it at grazing angles, nothing at its own horizon
    double out = bt_clamp((88.0 - polar_deg) / 16.0, 0.0, 1.0);
    double wing = bell(from_wing, 17.0) * bell(polar_deg - 62.0, 11.0);
    double front = fabs(plane_deg) < 90.0 ? 1.0 : bell(fabs(plane_deg) - 90.0, 30.0);
    double below = 0.52 * c * (0.35 + 0.65 * front);
    double across = 0.25 * bell(plane_deg, 40.0) * bell(polar_deg - 45.0, 14.0);
    return (wing + below + across) * out * out * (3.0 - 2.0 * out);
}

// Relative: what a bowl scatters. Of a half sphere under its rim (1 + cos) / 2 is seen from below; the
// housing, wider than the rim, hides it by 15 degrees above the horizon.
static double bowl_intensity(double polar_deg)
{
    double hidden = bt_clamp((polar_deg - 88.0) / 17.0, 0.0, 1.0);
    double rim = 1.0 - hidden * hidden * (3.0 - 2.0 * hidden);
    return 0.5 * (1.0 + bt_cos(polar_deg * BT_RAD_PER_DEG)) * rim;
}

static void fill_street(bt_photometric_web *w, uint32_t planes, uint32_t polars, double flux_lm,
                        bool bowl)
{
    for (uint32_t i = 0; i < planes; i++)
        for (uint32_t k = 0; k < polars; k++) {
            double polar_deg = 2.0 * k;
            w->intensity_cd[i * polars + k] =
                bowl ? bowl_intensity(polar_deg) : street_intensity(5.0 * i - 180.0, polar_deg);
        }
    double scale = flux_lm / bt_photometry_flux_lm(w);
    for (uint32_t i = 0; i < planes * polars; i++)
        w->intensity_cd[i] *= scale;
}

// Adds the bowl's part to what its optics throw through it.
static void add_bowl(bt_photometric_web *w, uint32_t planes, uint32_t polars, double flux_lm)
{
    size_t count = (size_t)planes * polars;
    double *thrown = bt_alloc(count, sizeof *thrown);
    memcpy(thrown, w->intensity_cd, count * sizeof *thrown);
    fill_street(w, planes, polars, flux_lm, true);
    for (size_t i = 0; i < count; i++)
        w->intensity_cd[i] += thrown[i];
    bt_free(thrown);
}

bt_status bt_web_street(double flux_lm, double scattered, bt_photometric_web **web)
{
    // every 5 degrees round, 2 down: to the horizon, and where a bowl ends above it
    const uint32_t PLANES = 73, POLARS = scattered > 0.0 ? 54 : 47;
    *web = NULL;
    if (!(flux_lm > 0.0 && flux_lm <= 1e6))
        return bt_fail(BT_ERR_INPUT, "street lamp: %g lm; expected above 0 to 1e6", flux_lm);
    if (!(scattered >= 0.0 && scattered <= 0.9))
        return bt_fail(BT_ERR_INPUT, "street lamp: %g of it scattered; expected 0 to 0.9",
                       scattered);
    bt_status status = bt_photometry_create(PLANES, POLARS, web);
    if (status != BT_OK) return status;
    bt_photometric_web *w = *web;
    for (uint32_t i = 0; i < PLANES; i++)
        w->plane_rad[i] = (5.0 * i - 180.0) * BT_RAD_PER_DEG;
    for (uint32_t k = 0; k < POLARS; k++)
        w->polar_rad[k] = 2.0 * k * BT_RAD_PER_DEG;
    fill_street(w, PLANES, POLARS, flux_lm * (1.0 - scattered), false);
    if (scattered > 0.0) add_bowl(w, PLANES, POLARS, flux_lm * scattered);
    return BT_OK;
}
