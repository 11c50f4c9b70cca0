// read_model.c: see read_model.h.
#include "sensors/bench/read_model.h"

#include <math.h>

#include "engine/math/pose.h"
#include "sensors/bench/bench_internal.h"
#include "sensors/camera/imager/read_plan.h"

#define SIGMAS 6.0 // of a code's probability that are summed
#define OFFSET_PARTS 10
#define WEAK_E 20 // where shot noise is not yet normal

static double own_or(const bt_camera_sheet *sheet, uint32_t read, bt_read_key key, double otherwise)
{
    if (read >= sheet->read_count) return otherwise;
    double own = bt_read_get(&sheet->reads[read], key);
    bool said = key == BT_READ_CONVERSION_E_DN || key == BT_READ_RANGE_E ? own > 0.0 : own >= 0.0;
    return said ? own : otherwise;
}

static void model_charge(const bt_camera_sheet *sheet, bool small, uint32_t read,
                         double analog_gain, read_model_read *r)
{
    double well = bt_sheet_get(sheet, small ? BT_SHEET_SMALL_FULL_WELL_E : BT_SHEET_FULL_WELL_E);
    double counts = exp2(bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH)) - 1.0 -
                    bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN);
    double fallback = bt_sheet_get(sheet, BT_SHEET_CONVERSION_E_DN);
    if (small || fallback <= 0.0) fallback = well / counts;
    r->gain_dn_e = analog_gain / own_or(sheet, read, BT_READ_CONVERSION_E_DN, fallback);
    r->full_e = fmin(fmin(well, counts / r->gain_dn_e), own_or(sheet, read, BT_READ_RANGE_E, well));
    double noise =
        own_or(sheet, read, BT_READ_READ_NOISE_E, bt_sheet_get(sheet, BT_SHEET_READ_NOISE_E));
    double row =
        own_or(sheet, read, BT_READ_ROW_NOISE_E, bt_sheet_get(sheet, BT_SHEET_ROW_NOISE_E));
    r->row_noise_e2 = row * row;
    r->noise_e2 = noise * noise + row * row;
}

static double of_diode(const bt_camera_sheet *sheet, bool small, bt_sheet_key large_key,
                       bt_sheet_key small_key)
{
    return bt_sheet_get(sheet, small ? small_key : large_key);
}

// How much of the large photodiode's light the read's own one sees in this band.
static double diode_share(const bt_camera_sheet *sheet, bool small, uint32_t band)
{
    if (!small) return 1.0;
    return bt_sheet_get(sheet, BT_SHEET_SMALL_SENSITIVITY) *
           bt_sheet_get(sheet, (bt_sheet_key)(BT_SHEET_SMALL_RED + sheet->filters[band]));
}

static read_model_read model_of(const bt_camera_sheet *sheet, const bt_read_plan *plan,
                                uint32_t read, double analog_gain, uint32_t band, double unit_e_s)
{
    read_model_read r = {.plane = plan->plane_of[read]};
    bool small = r.small = plan->planes[r.plane].small;
    r.exposure_s = plan->planes[r.plane].exposure_s;
    r.e_s = unit_e_s * diode_share(sheet, small, band);
    model_charge(sheet, small, read, analog_gain, &r);
    double kelvin = bt_sheet_get(sheet, BT_SHEET_TEMPERATURE_KELVIN);
    double dark = bench_dark_e_s(sheet, kelvin);
    if (small)
        dark *= bt_sheet_get(sheet, BT_SHEET_SMALL_DARK_CURRENT_E_S) /
                bt_sheet_get(sheet, BT_SHEET_DARK_CURRENT_E_S);
    r.dark_e = dark * r.exposure_s;
    r.prnu = of_diode(sheet, small, BT_SHEET_PRNU, BT_SHEET_SMALL_PRNU);
    r.dsnu_e = own_or(sheet, read, BT_READ_DSNU_E,
                      of_diode(sheet, small, BT_SHEET_DSNU_E, BT_SHEET_SMALL_DSNU_E));
    double range = r.full_e * r.gain_dn_e;
    r.low_dn = range * bt_sheet_get(sheet, BT_SHEET_BLEND_LOW);
    r.high_dn = range * bt_sheet_get(sheet, BT_SHEET_BLEND_HIGH);
    return r;
}

// As the sensor scales by: one number for all filters.
static double sensitivity(const bt_camera_sheet *sheet, const read_model_read *r)
{
    return r->gain_dn_e * r->exposure_s *
           (r->small ? bt_sheet_get(sheet, BT_SHEET_SMALL_SENSITIVITY) : 1.0);
}

static void sort_reads(read_model *m)
{
    for (uint32_t k = 0; k < m->read_count; k++) {
        uint32_t at = k;
        for (; at > 0 && m->reads[m->order[at - 1]].scale > m->reads[k].scale; at--)
            m->order[at] = m->order[at - 1];
        m->order[at] = k;
    }
}

static void set_fusion(const bt_camera_sheet *sheet, read_model *m)
{
    bool several = sheet->read_count > 1;
    for (uint32_t k = 0; k < m->read_count; k++)
        m->reads[k].scale = sensitivity(sheet, &m->reads[0]) / sensitivity(sheet, &m->reads[k]);
    sort_reads(m);
    const read_model_read *first = &m->reads[0];
    double spread = bt_sheet_get(sheet, BT_SHEET_DARK_SPREAD); // log-normal, of mean 1
    m->offset_sigma_dn =
        first->gain_dn_e * hypot(first->dsnu_e, first->dark_e * sqrt(exp(spread * spread) - 1.0));
    m->fused_black_dn = several ? bt_sheet_get(sheet, BT_SHEET_HDR_BLACK_DN) : m->black_dn;
    m->top_dn = exp2(bt_sheet_get(sheet, several ? BT_SHEET_HDR_BITS : BT_SHEET_BIT_DEPTH)) - 1.0;
    if (sheet->companding.count > 0)
        m->top_dn = fmin(m->top_dn, sheet->companding.at[sheet->companding.count - 1]);
}

void read_model_make(const bt_camera_sheet *sheet, double exposure_s, double analog_gain,
                     uint32_t band, double unit_e_s, read_model *m)
{
    bt_read_plan plan;
    bt_read_plan_make(sheet, exposure_s, &plan);
    *m = (read_model){.sheet = sheet,
                      .read_count = plan.read_count,
                      .fused = sheet->read_count > 1 || sheet->companding.count > 0,
                      .black_dn = bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN)};
    for (uint32_t k = 0; k < m->read_count; k++)
        m->reads[k] = model_of(sheet, &plan, k, analog_gain, band, unit_e_s);
    set_fusion(sheet, m);
}

double read_model_range_e(const read_model *m)
{
    double most = 0.0;
    for (uint32_t k = 0; k < m->read_count; k++)
        if (m->reads[k].plane == m->reads[0].plane) most = fmax(most, m->reads[k].full_e);
    return most;
}

double read_model_electrons(const read_model_read *r, double light)
{
    return light * r->e_s * r->exposure_s + r->dark_e;
}

static read_signal one_read(const read_model_read *r, double light)
{
    double mu = read_model_electrons(r, light);
    double shot = mu < r->full_e ? mu : 0.0; // a full well, or the top count, is always the same
    return (read_signal){fmin(mu, r->full_e) * r->gain_dn_e,
                         r->gain_dn_e * r->gain_dn_e * (r->noise_e2 + shot) + 1.0 / 12.0};
}

// Linear, before rounding to counts and codes.
static read_signal linear_signal(const read_model *m, double light)
{
    double left = 1.0, plane_gain[BT_SHEET_READS_MAX] = {0}, charge[BT_SHEET_READS_MAX] = {0};
    read_signal f = {0};
    for (uint32_t k = 0; k < m->read_count; k++) {
        const read_model_read *r = &m->reads[m->order[k]];
        read_signal own = one_read(r, light);
        double weight = (r->high_dn - own.mean_dn) / (r->high_dn - r->low_dn);
        weight = k + 1 == m->read_count ? left : left * bt_clamp(weight, 0.0, 1.0);
        left -= weight;
        double mu = read_model_electrons(r, light);
        f.mean_dn += weight * r->scale * own.mean_dn;
        plane_gain[r->plane] += weight * r->scale * r->gain_dn_e;
        charge[r->plane] = mu < r->full_e ? mu : 0.0;
        f.variance_dn2 += weight * weight * r->scale * r->scale *
                          (r->gain_dn_e * r->gain_dn_e * r->noise_e2 + 1.0 / 12.0);
    }
    for (uint32_t p = 0; p < BT_SHEET_READS_MAX; p++)
        f.variance_dn2 += plane_gain[p] * plane_gain[p] * charge[p];
    return f;
}

// Straight between knees; beyond them nothing.
static double along(const double *x, const double *y, uint32_t count, double at)
{
    uint32_t i = 1;
    while (i + 1 < count && at > x[i])
        i++;
    return y[i - 1] + (at - x[i - 1]) * (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
}

double read_model_expand(const read_model *m, double code)
{
    const bt_sheet_curve *c = &m->sheet->companding;
    return c->count ? along(c->value, c->at, c->count, code) : code;
}

double read_model_compress(const read_model *m, double linear)
{
    const bt_sheet_curve *c = &m->sheet->companding;
    return c->count ? along(c->at, c->value, c->count, linear) : linear;
}

// Mean and variance of what codes stand for, of a normal signal.
static read_signal normal_codes(const read_model *m, read_signal f)
{
    double mean = f.mean_dn + m->fused_black_dn, sigma = sqrt(f.variance_dn2);
    double top = floor(read_model_compress(m, m->top_dn));
    double first = bt_clamp(floor(read_model_compress(m, mean - SIGMAS * sigma)), 0.0, top);
    double last = bt_clamp(ceil(read_model_compress(m, mean + SIGMAS * sigma)), 0.0, top);
    double sum = 0.0, squares = 0.0, below = 0.0;
    for (double code = first; code <= last; code += 1.0) {
        double edge = (read_model_expand(m, code + 0.5) - mean) / sigma;
        double under = code < last ? 0.5 * erfc(-edge / sqrt(2.0)) : 1.0;
        double away = read_model_expand(m, code) - mean;
        sum += (under - below) * away;
        squares += (under - below) * away * away;
        below = under;
    }
    return (read_signal){mean + sum, squares - sum * sum};
}

// Of one pixel in weak light, which its first read alone sees: each number of electrons by itself.
static read_signal counted_codes(const read_model *m, double electrons, double offset_dn)
{
    const read_model_read *r = &m->reads[0];
    double weight = exp(-electrons), sum = 0.0, squares = 0.0;
    double noise = r->gain_dn_e * r->gain_dn_e * r->noise_e2 + 1.0 / 12.0;
    for (int k = 0; k < 3 * WEAK_E; k++) {
        read_signal own = normal_codes(m, (read_signal){k * r->gain_dn_e + offset_dn, noise});
        sum += weight * own.mean_dn;
        squares += weight * (own.variance_dn2 + own.mean_dn * own.mean_dn);
        weight *= electrons / (k + 1);
    }
    return (read_signal){sum, squares - sum * sum};
}

// Pixels differ by their offsets, and where the fused signal ends at 0 so does how much of their noise
// is left: means over pixels. The first read's alone: it is what is seen where offsets matter.
static read_signal coded_signal(const read_model *m, double light)
{
    const read_model_read *r = &m->reads[0];
    double weights = 0.0, electrons = read_model_electrons(r, light);
    if (electrons > WEAK_E) return normal_codes(m, linear_signal(m, light));
    read_signal sum = {0};
    for (int i = -OFFSET_PARTS; i <= OFFSET_PARTS; i++) {
        double z = 3.0 * i / OFFSET_PARTS, weight = exp(-0.5 * z * z);
        read_signal own = counted_codes(m, electrons, z * m->offset_sigma_dn);
        sum.mean_dn += weight * own.mean_dn;
        sum.variance_dn2 += weight * own.variance_dn2;
        weights += weight;
    }
    return (read_signal){sum.mean_dn / weights, sum.variance_dn2 / weights};
}

read_signal read_model_signal(const read_model *m, uint32_t signal, double light)
{
    if (signal < m->read_count) {
        read_signal own = one_read(&m->reads[signal], light);
        own.mean_dn += m->black_dn;
        return own;
    }
    return coded_signal(m, light);
}
