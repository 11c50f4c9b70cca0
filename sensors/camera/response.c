// response.c: spectral response of each band, daylight, white balance.
#include "sensors/camera/response.h"

#include <math.h>
#include <string.h>

#include "engine/math/pose.h"
#include "engine/spectrum/spectrum.h"

#define PLANCK_J_S 6.62607015e-34   // SI, exact
#define LIGHT_SPEED_M_S 299792458.0 // SI, exact

// A curve of efficiency says what a sensor answers to: nothing beyond its ends. One point is flat.
static double efficiency_at(const bt_sheet_curve *qe, double nm)
{
    bool inside =
        qe->count == 1 || (qe->count > 1 && nm >= qe->at[0] && nm <= qe->at[qe->count - 1]);
    return inside ? bt_sheet_curve_at(qe, nm, 0.0) : 0.0;
}

void bt_response_compute(const bt_camera_sheet *sheet, double pixel_area_m2, bt_response *response)
{
    double f_number = bt_sheet_get(sheet, BT_SHEET_F_NUMBER);
    // projected solid angle of the exit pupil on the axis for a far object
    double solid_angle_sr = BT_PI / (4.0 * f_number * f_number + 1.0);
    double optics = pixel_area_m2 * solid_angle_sr * bt_sheet_get(sheet, BT_SHEET_TRANSMISSION);
    memset(response, 0, sizeof *response);
    for (uint32_t band = 0; band < sheet->band_count; band++) {
        for (unsigned bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
            double nm = bt_spectrum_bin_nm(bin);
            double qe =
                efficiency_at(&sheet->qe[band], nm) * bt_sheet_curve_at(&sheet->ir_cut, nm, 1.0);
            double photons_per_joule = nm * 1e-9 / (PLANCK_J_S * LIGHT_SPEED_M_S);
            response->band[band][bin] = (float)(optics * qe * photons_per_joule);
        }
    }
}

void bt_response_rates(const bt_response *response, uint32_t band_count,
                       const float radiance[BT_SPECTRUM_BINS], double *rates_e_s)
{
    for (uint32_t band = 0; band < band_count; band++) {
        double sum = 0.0;
        for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
            sum += (double)response->band[band][bin] * (double)radiance[bin];
        rates_e_s[band] = sum * (double)BT_SPECTRUM_STEP_NM;
    }
}

// CIE 015:2018, table T.2: mean and first two components of daylight, 380 to 830 nm every 10 nm.
#define DAYLIGHT_ROWS 46
static const double daylight_s[DAYLIGHT_ROWS][3] = {
    {63.4, 38.5, 3.0},   {65.8, 35.0, 1.2},   {94.8, 43.4, -1.1},  {104.8, 46.3, -0.5},
    {105.9, 43.9, -0.7}, {96.8, 37.1, -1.2},  {113.9, 36.7, -2.6}, {125.6, 35.9, -2.9},
    {125.5, 32.6, -2.8}, {121.3, 27.9, -2.6}, {121.3, 24.3, -2.6}, {113.5, 20.1, -1.8},
    {113.1, 16.2, -1.5}, {110.8, 13.2, -1.3}, {106.5, 8.6, -1.2},  {108.8, 6.1, -1.0},
    {105.3, 4.2, -0.5},  {104.4, 1.9, -0.3},  {100.0, 0.0, 0.0},   {96.0, -1.6, 0.2},
    {95.1, -3.5, 0.5},   {89.1, -3.5, 2.1},   {90.5, -5.8, 3.2},   {90.3, -7.2, 4.1},
    {88.4, -8.6, 4.7},   {84.0, -9.5, 5.1},   {85.1, -10.9, 6.7},  {81.9, -10.7, 7.3},
    {82.6, -12.0, 8.6},  {84.9, -14.0, 9.8},  {81.3, -13.6, 10.2}, {71.9, -12.0, 8.3},
    {74.3, -13.3, 9.6},  {76.4, -12.9, 8.5},  {63.3, -10.6, 7.0},  {71.7, -11.6, 7.6},
    {77.0, -12.2, 8.0},  {65.2, -10.2, 6.7},  {47.7, -7.8, 5.2},   {68.6, -11.2, 7.4},
    {65.0, -10.4, 6.8},  {66.0, -10.6, 7.0},  {61.0, -9.7, 6.4},   {53.3, -8.3, 5.5},
    {58.9, -9.3, 6.1},   {61.9, -9.8, 6.5},
};

void bt_daylight(double kelvin, float out[BT_SPECTRUM_BINS])
{
    // chromaticity on the daylight locus
    double t = 1e3 / bt_clamp(kelvin, 4000.0, 25000.0);
    double x = kelvin <= 7000.0 ? ((-4.6070 * t + 2.9678) * t + 0.09911) * t + 0.244063
                                : ((-2.0064 * t + 1.9018) * t + 0.24748) * t + 0.237040;
    double y = -3.0 * x * x + 2.870 * x - 0.275;
    double m = 0.0241 + 0.2562 * x - 0.7341 * y;
    double m1 = (-1.3515 - 1.7703 * x + 5.9114 * y) / m;
    double m2 = (0.0300 - 31.4424 * x + 30.0717 * y) / m;

    for (int bin = 0; bin < 2 * DAYLIGHT_ROWS - 1; bin++) {
        const double *a = daylight_s[bin / 2];
        const double *b = daylight_s[(bin + 1) / 2];
        double s[3];
        for (int i = 0; i < 3; i++)
            s[i] = 0.5 * (a[i] + b[i]); // odd bins lie half-way
        out[bin] = (float)(s[0] + m1 * s[1] + m2 * s[2]);
    }
    bt_daylight_extend(out);
}

void bt_white_balance(const bt_response *response, const float illuminant[BT_SPECTRUM_BINS],
                      double gains[3])
{
    double rates[3];
    bt_response_rates(response, 3, illuminant, rates);
    double most = fmax(rates[0], fmax(rates[1], rates[2]));
    for (int i = 0; i < 3; i++)
        gains[i] = rates[i] > 0.0 ? most / rates[i] : 1.0;
}
