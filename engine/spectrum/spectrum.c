// spectrum.c: tables on a fixed grid: reading between, resampling, integrals.
#include "engine/spectrum/spectrum.h"

#include <math.h>

// Index of the last point at or below x; points ascend, x lies between the first and the last.
static size_t find_interval(const double *points, size_t count, double x)
{
    size_t low = 0, high = count - 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (points[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double interpolate(const double *points, const double *values, size_t count, double x)
{
    if (x <= points[0]) return values[0];
    if (x >= points[count - 1]) return values[count - 1];
    size_t i = find_interval(points, count, x);
    double u = (x - points[i]) / (points[i + 1] - points[i]);
    return values[i] + (values[i + 1] - values[i]) * u;
}

double bt_spectrum_value(const float spectrum[BT_SPECTRUM_BINS], double wavelength_nm)
{
    double x = (wavelength_nm - (double)BT_SPECTRUM_MIN_NM) / (double)BT_SPECTRUM_STEP_NM;
    if (!(x > 0.0)) return (double)spectrum[0];
    if (x >= BT_SPECTRUM_BINS - 1) return (double)spectrum[BT_SPECTRUM_BINS - 1];
    int i = (int)x;
    double u = x - i;
    return (double)spectrum[i] * (1.0 - u) + (double)spectrum[i + 1] * u;
}

static bt_status check_points(const double *nm, const double *values, size_t count)
{
    if (count == 0) return bt_fail(BT_ERR_INPUT, "spectrum: no values");
    for (size_t i = 0; i < count; i++) {
        if (!(nm[i] >= 1.0 && nm[i] <= 1e5))
            return bt_fail(BT_ERR_INPUT,
                           "spectrum: wavelength %zu is %g nm; expected 1 to 100000 nm", i + 1,
                           nm[i]);
        if (i > 0 && nm[i] <= nm[i - 1])
            return bt_fail(BT_ERR_INPUT, "spectrum: wavelength %zu (%g nm) does not ascend", i + 1,
                           nm[i]);
        if (!isfinite(values[i]))
            return bt_fail(BT_ERR_INPUT, "spectrum: value %zu is not a finite number", i + 1);
    }
    return BT_OK;
}

// Mean of the piecewise linear function over [low, high], its points being dense there: trapezoids
// between the ends and the points inside.
static double mean_over(const double *nm, const double *values, size_t count, double low,
                        double high)
{
    double at = low, value = interpolate(nm, values, count, low), area = 0.0;
    size_t i = find_interval(nm, count, low) + 1;
    for (; i < count && nm[i] < high; i++) {
        area += 0.5 * (value + values[i]) * (nm[i] - at);
        at = nm[i];
        value = values[i];
    }
    area += 0.5 * (value + interpolate(nm, values, count, high)) * (high - at);
    return area / (high - low);
}

bt_status bt_spectrum_resample(const double *wavelengths_nm, const double *values, size_t count,
                               float out[BT_SPECTRUM_BINS])
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        out[i] = 0.0f;
    bt_status status = check_points(wavelengths_nm, values, count);
    if (status != BT_OK) return status;

    const double half = 0.5 * (double)BT_SPECTRUM_STEP_NM;
    double last = wavelengths_nm[count - 1];
    for (unsigned bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
        double nm = bt_spectrum_bin_nm(bin);
        bool inside = nm - half >= wavelengths_nm[0] && nm + half <= last;
        size_t i = inside ? find_interval(wavelengths_nm, count, nm) : 0;
        bool dense = inside && wavelengths_nm[i + 1] - wavelengths_nm[i] < 0.999 * half;
        out[bin] = (float)(dense ? mean_over(wavelengths_nm, values, count, nm - half, nm + half)
                                 : interpolate(wavelengths_nm, values, count, nm));
    }
    return BT_OK;
}

void bt_spectrum_xyz_reflected(const float reflectance[BT_SPECTRUM_BINS],
                               const float illuminant[BT_SPECTRUM_BINS], double xyz[3])
{
    double sum[3] = {0.0, 0.0, 0.0}, white = 0.0;
    for (int i = 0; i < BT_SPECTRUM_VISIBLE_BINS; i++) {
        double light = (double)illuminant[i];
        double reflected = light * (double)reflectance[i];
        sum[0] += reflected * (double)bt_cie_1931_x[i];
        sum[1] += reflected * (double)bt_cie_1931_y[i];
        sum[2] += reflected * (double)bt_cie_1931_z[i];
        white += light * (double)bt_cie_1931_y[i];
    }
    for (int k = 0; k < 3; k++)
        xyz[k] = white > 0.0 ? sum[k] / white : 0.0;
}

void bt_spectrum_xyz_emitted(const float radiance[BT_SPECTRUM_BINS], double xyz[3])
{
    xyz[0] = xyz[1] = xyz[2] = 0.0;
    for (int i = 0; i < BT_SPECTRUM_VISIBLE_BINS; i++) {
        xyz[0] += (double)radiance[i] * (double)bt_cie_1931_x[i];
        xyz[1] += (double)radiance[i] * (double)bt_cie_1931_y[i];
        xyz[2] += (double)radiance[i] * (double)bt_cie_1931_z[i];
    }
    for (int k = 0; k < 3; k++)
        xyz[k] *= BT_LUMINOUS_EFFICACY_LM_W * (double)BT_SPECTRUM_STEP_NM;
}

double bt_spectrum_luminance_cd_m2(const float radiance[BT_SPECTRUM_BINS])
{
    double xyz[3];
    bt_spectrum_xyz_emitted(radiance, xyz);
    return xyz[1];
}

bool bt_spectrum_set_luminance(float spectrum[BT_SPECTRUM_BINS], double luminance_cd_m2)
{
    double have = bt_spectrum_luminance_cd_m2(spectrum);
    if (!(have > 0.0) || !isfinite(have)) return false;
    double scale = luminance_cd_m2 / have;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        spectrum[i] = (float)((double)spectrum[i] * scale);
    return true;
}

// Constants exact in the SI since 2019.
double bt_blackbody_w_m2_sr_nm(double wavelength_nm, double temperature_kelvin)
{
    const double planck_j_s = 6.62607015e-34, light_m_s = 299792458.0, boltzmann_j_k = 1.380649e-23;
    double lambda_m = wavelength_nm * 1e-9;
    double x = planck_j_s * light_m_s / (lambda_m * boltzmann_j_k * temperature_kelvin);
    double per_m = 2.0 * planck_j_s * light_m_s * light_m_s / (pow(lambda_m, 5.0) * expm1(x));
    return per_m * 1e-9;
}

void bt_spectrum_blackbody(double temperature_kelvin, float out[BT_SPECTRUM_BINS])
{
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++)
        out[i] = (float)bt_blackbody_w_m2_sr_nm(bt_spectrum_bin_nm(i), temperature_kelvin);
}
