// sheet_derived.c: what follows from a data sheet's numbers. EMVA 1288 release 4.0 where it says so.
#include "sensors/camera/sheet_text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "engine/math/pose.h"
#include "engine/spectrum/spectrum.h"
#include "sensors/camera/optics/lens.h"

#define PLANCK_J_S 6.62607015e-34   // SI, exact
#define LIGHT_SPEED_M_S 299792458.0 // SI, exact
#define GREEN_NM 550.0              // chosen: where diffraction is stated

typedef struct list {
    bt_sheet_derived *items;
    size_t count;
} list;

static void add(list *l, const char *name, double value, const char *unit, const char *formula)
{
    if (l->count == BT_SHEET_DERIVED_MAX) return;
    bt_sheet_derived *d = &l->items[l->count++];
    d->value = value;
    snprintf(d->name, sizeof d->name, "%s", name);
    snprintf(d->unit, sizeof d->unit, "%s", unit);
    snprintf(d->formula, sizeof d->formula, "%s", formula);
}

// ---- sensor -----------------------------------------------------------------------------------
// Gives the saturation capacity.
static double add_sensor(list *l, const bt_camera_sheet *s)
{
    double pitch_um = 1e6 * bt_sheet_get(s, BT_SHEET_PIXEL_PITCH_M);
    double width = bt_sheet_get(s, BT_SHEET_WIDTH_PX), height = bt_sheet_get(s, BT_SHEET_HEIGHT_PX);
    double span =
        exp2(bt_sheet_get(s, BT_SHEET_BIT_DEPTH)) - 1.0 - bt_sheet_get(s, BT_SHEET_BLACK_LEVEL_DN);
    double well = bt_sheet_get(s, BT_SHEET_FULL_WELL_E);
    double conversion = bt_sheet_get(s, BT_SHEET_CONVERSION_E_DN);
    double gain = bt_sheet_get(s, BT_SHEET_ANALOG_GAIN);
    if (conversion <= 0.0) conversion = well / span;
    double k = gain / conversion, full = fmin(well, span / k);
    double dark =
        hypot(bt_sheet_get(s, BT_SHEET_READ_NOISE_E), bt_sheet_get(s, BT_SHEET_ROW_NOISE_E));
    double sigma = sqrt(dark * dark + 1.0 / (12.0 * k * k));
    double above = bt_sheet_get(s, BT_SHEET_TEMPERATURE_KELVIN) -
                   bt_sheet_get(s, BT_SHEET_DARK_TEMPERATURE_KELVIN);

    add(l, "pixel area", pitch_um * pitch_um, "um^2", "pitch^2");
    add(l, "array width", 1e-3 * pitch_um * width, "mm", "width x pitch");
    add(l, "array height", 1e-3 * pitch_um * height, "mm", "height x pitch");
    add(l, "system gain K", k, "DN/e", "analog gain / conversion");
    add(l, "1/K", 1.0 / k, "e/DN", "");
    add(l, "saturation capacity", full, "e", "smaller of full well and full counts");
    add(l, "SNR max", sqrt(full), "", "sqrt(saturation), EMVA 1288");
    add(l, "SNR max", 20.0 * log10(sqrt(full)), "dB", "20 lg");
    add(l, "temporal dark noise", dark, "e", "read and row noise, root sum of squares");
    add(l, "dynamic range", 20.0 * log10(full / (sigma + 0.5)), "dB",
        "saturation / (dark noise with rounding + 1/2), EMVA 1288");
    add(l, "dark current in use",
        bt_sheet_get(s, BT_SHEET_DARK_CURRENT_E_S) *
            exp2(above / bt_sheet_get(s, BT_SHEET_DARK_DOUBLING_KELVIN)),
        "e/s", "doubling from the reference temperature");
    return full;
}

static void add_efficiency(list *l, const bt_camera_sheet *s, double full_e)
{
    double pitch_um = 1e6 * bt_sheet_get(s, BT_SHEET_PIXEL_PITCH_M);
    for (uint32_t band = 0; band < s->band_count; band++) {
        double best = 0.0, at_nm = 0.0;
        char name[48];
        for (unsigned bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
            double nm = bt_spectrum_bin_nm(bin);
            const bt_sheet_curve *curve = &s->qe[band];
            if (curve->count > 1 && (nm < curve->at[0] || nm > curve->at[curve->count - 1]))
                continue;
            double qe = bt_sheet_curve_at(curve, nm, 0.0) * bt_sheet_curve_at(&s->ir_cut, nm, 1.0);
            if (qe > best) at_nm = nm;
            best = fmax(best, qe);
        }
        snprintf(name, sizeof name, "QE peak, %s", bt_filter_name((bt_filter)s->filters[band]));
        add(l, name, 100.0 * best, "%", "largest of curve times ir_cut");
        snprintf(name, sizeof name, "at, %s", bt_filter_name((bt_filter)s->filters[band]));
        add(l, name, at_nm, "nm", "");
        if (best <= 0.0) continue;
        double photons = full_e / best;
        double joule = PLANCK_J_S * LIGHT_SPEED_M_S / (at_nm * 1e-9);
        snprintf(name, sizeof name, "saturation exposure, %s",
                 bt_filter_name((bt_filter)s->filters[band]));
        // 1 J/m^2 is 1e5 nJ/cm^2
        add(l, name, photons * joule / (pitch_um * pitch_um * 1e-12) * 1e5, "nJ/cm^2",
            "saturation / QE x photon energy / area, at that wavelength");
    }
}

// ---- lens and time ----------------------------------------------------------------------------
static void add_field(list *l, const bt_camera_sheet *s)
{
    double width = bt_sheet_get(s, BT_SHEET_WIDTH_PX), height = bt_sheet_get(s, BT_SHEET_HEIGHT_PX);
    bt_lens lens;
    (void)bt_sheet_lens(s, &lens);
    double fx = (double)lens.fx, fy = (double)lens.fy, cx = (double)lens.cx, cy = (double)lens.cy;
    double left = bt_lens_angle_of_radius(&lens, (cx + 0.5) / fx);
    double right = bt_lens_angle_of_radius(&lens, (width - 0.5 - cx) / fx);
    double up = bt_lens_angle_of_radius(&lens, (cy + 0.5) / fy);
    double down = bt_lens_angle_of_radius(&lens, (height - 0.5 - cy) / fy);
    double across =
        hypot(fmax(cx + 0.5, width - 0.5 - cx) / fx, fmax(cy + 0.5, height - 0.5 - cy) / fy);
    const char *how = "inverse of the distortion at the border";
    add(l, "focal length", fx, "px", "");
    add(l, "field across", (left + right) / BT_RAD_PER_DEG, "deg", how);
    add(l, "field down", (up + down) / BT_RAD_PER_DEG, "deg", how);
    add(l, "half field to the corner", bt_lens_angle_of_radius(&lens, across) / BT_RAD_PER_DEG,
        "deg", how);
    add(l, "pixel on the axis", 60.0 / (fx * BT_RAD_PER_DEG), "arcmin", "1 / focal length");
}

static void add_optics(list *l, const bt_camera_sheet *s)
{
    double n = bt_sheet_get(s, BT_SHEET_F_NUMBER);
    double pitch_um = 1e6 * bt_sheet_get(s, BT_SHEET_PIXEL_PITCH_M);
    add_field(l, s);
    add(l, "Airy disc, first dark ring", 2.44e-3 * GREEN_NM * n, "um", "2.44 lambda N, 550 nm");
    add(l, "cut-off of diffraction", 1e3 * pitch_um / (GREEN_NM * n), "cycles/px",
        "pitch / (lambda N), 550 nm");
    add(l, "light on the sensor",
        BT_PI / (4.0 * n * n + 1.0) * bt_sheet_get(s, BT_SHEET_TRANSMISSION), "sr",
        "pi transmission / (4 N^2 + 1): irradiance over radiance");
}

static void add_time(list *l, const bt_camera_sheet *s)
{
    double row = bt_sheet_get(s, BT_SHEET_ROW_TIME_S);
    double height = bt_sheet_get(s, BT_SHEET_HEIGHT_PX);
    add(l, "row time", 1e6 * row, "us", row > 0.0 ? "" : "global shutter");
    add(l, "read-out of the array", 1e3 * row * height, "ms", "rows x row time");
    if (row > 0.0) add(l, "skew at 30 m/s", 30.0 * row * height, "m", "30 m/s x read-out");
}

size_t bt_sheet_derive(const bt_camera_sheet *sheet, bt_sheet_derived *derived)
{
    list l = {derived, 0};
    double full = add_sensor(&l, sheet);
    add_efficiency(&l, sheet, full);
    add_optics(&l, sheet);
    add_time(&l, sheet);
    return l.count;
}
