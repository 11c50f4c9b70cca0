// response_test.c: light to electrons against closed forms; daylight; white balance.
#include "sensors/camera/response.h"

#include "engine/math/pose.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/spectrum_csv.h"
#include "tests/support/check.h"

#define SPECTRA "../shared/data/spectra/"

static bt_camera_sheet sheet;

static void flat_curve(bt_sheet_curve *curve, double value)
{
    curve->count = 1;
    curve->at[0] = 500.0;
    curve->value[0] = value;
}

static void plain_sheet(void)
{
    bt_sheet_init(&sheet);
    CHECK_OK(bt_sheet_set_mosaic(&sheet, "RGGB"));
    sheet.numbers[BT_SHEET_F_NUMBER].value = 2.0;
    sheet.numbers[BT_SHEET_TRANSMISSION].value = 0.9;
    for (int band = 0; band < 3; band++)
        flat_curve(&sheet.qe[band], 0.5);
}

// A Lambertian surface of constant spectral radiance, flat quantum efficiency: the integral of
// lambda over 380..1000 nm is (1000^2 - 380^2) / 2; the sum over bins adds half a bin at each end.
static void test_flat_radiance(void)
{
    plain_sheet();
    bt_response response;
    double area_m2 = 3e-6 * 3e-6;
    bt_response_compute(&sheet, area_m2, &response);
    float radiance[BT_SPECTRUM_BINS];
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
        radiance[bin] = 0.02f;
    double rates[3];
    bt_response_rates(&response, 3, radiance, rates);

    double photons_per_joule_nm = 1e-9 / (6.62607015e-34 * 299792458.0);
    double lambda_integral = 0.5 * (1002.5 * 1002.5 - 377.5 * 377.5); // nm^2, bins 5 nm wide
    double want =
        0.02 * area_m2 * (BT_PI / 17.0) * 0.9 * 0.5 * photons_per_joule_nm * lambda_integral;
    for (int band = 0; band < 3; band++)
        CHECK_NEAR(rates[band] / want, 1.0, 1e-6); // float tables
}

// EMVA 1288: mu_p = 50.34 A[um^2] t[ms] lambda[um] E[uW/cm^2] photons; a narrow line at 530 nm.
static void test_emva_constant(void)
{
    plain_sheet();
    bt_response response;
    bt_response_compute(&sheet, 9e-12, &response);
    float radiance[BT_SPECTRUM_BINS] = {0};
    radiance[30] = 0.01f; // 530 nm, 5 nm wide: 0.05 W m^-2 sr^-1
    double rates[3];
    bt_response_rates(&response, 3, radiance, rates);
    double irradiance_w_m2 = 0.05 * (BT_PI / 17.0) * 0.9;
    double photons_per_ms = 50.34 * 9.0 * 1.0 * 0.530 * (irradiance_w_m2 * 100.0);
    CHECK_NEAR(rates[1] * 1e-3 / (0.5 * photons_per_ms), 1.0, 2e-4); // 50.34 has four digits
}

// A white diffuser of given luminance, f/2: illuminance on the sensor is L pi / 17 tau, and
// equal-energy light has so many photons per lumen that the electrons follow by hand.
static void test_luminance(void)
{
    plain_sheet();
    bt_response response;
    bt_response_compute(&sheet, 1e-11, &response);
    float radiance[BT_SPECTRUM_BINS];
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
        radiance[bin] = bt_illuminant_d65[bin];
    CHECK(bt_spectrum_set_luminance(radiance, 5000.0));
    double rates[3];
    bt_response_rates(&response, 3, radiance, rates);

    double photons = 0.0, visible = 0.0, lumens = 0.0; // per unit of the table
    for (unsigned bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
        double power = (double)bt_illuminant_d65[bin];
        photons += power * bt_spectrum_bin_nm(bin) * 1e-9 / (6.62607015e-34 * 299792458.0);
        if (bin == BT_SPECTRUM_VISIBLE_BINS - 1) visible = photons;
        lumens += power * BT_LUMINOUS_EFFICACY_LM_W * (double)bt_cie_1931_y[bin];
    }
    double lux = 5000.0 * (BT_PI / 17.0) * 0.9;
    CHECK_NEAR(rates[0] / (lux * photons / lumens * 1e-11 * 0.5), 1.0, 1e-5);
    // magnitude: 1 lx of daylight is about 1.1e16 visible photons m^-2 s^-1 within 30 %
    CHECK_NEAR(visible / lumens / 1.1e16, 1.0, 0.3);
}

// The daylight formulas against CIE's own table of D65, which they generate.
static void test_daylight(void)
{
    float made[BT_SPECTRUM_BINS];
    bt_daylight(6504.0, made);
    double worst = 0.0;
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++)
        worst = fmax(worst, fabs((double)made[bin] - (double)bt_illuminant_d65[bin]));
    CHECK_NEAR(worst, 0.0, 0.05); // CIE rounds m1 and m2 to three decimals

    float d50[BT_SPECTRUM_BINS];
    if (bt_spectrum_read_csv(SPECTRA "cie_illuminants_A_D50_D65.csv", "D50", d50) != BT_OK) {
        puts("no table of D50 here: not compared");
        return;
    }
    bt_daylight(5003.0, made); // whose table here ends at 780 nm
    worst = 0.0;
    for (int bin = 0; bin < BT_SPECTRUM_VISIBLE_BINS; bin++)
        worst = fmax(worst, fabs((double)made[bin] - (double)d50[bin]));
    CHECK_NEAR(worst, 0.0, 0.05);
}

// A curve of efficiency ends where it ends; to 1000 nm where it goes on.
static void test_ends(void)
{
    plain_sheet();
    sheet.qe[BT_BAND_RED] = (bt_sheet_curve){.count = 2, .at = {400.0, 700.0}, .value = {0.2, 0.4}};
    sheet.qe[BT_BAND_GREEN] =
        (bt_sheet_curve){.count = 2, .at = {400.0, 1000.0}, .value = {0.2, 0.4}};
    bt_response response;
    bt_response_compute(&sheet, 1e-11, &response);
    for (unsigned bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
        double nm = bt_spectrum_bin_nm(bin);
        CHECK((response.band[BT_BAND_RED][bin] > 0.0f) == (nm >= 400.0 && nm <= 700.0));
        CHECK((response.band[BT_BAND_GREEN][bin] > 0.0f) == (nm >= 400.0));
    }
    double per_photon = (double)response.band[BT_BAND_GREEN][124] / 1000.0;
    CHECK_NEAR(per_photon / ((double)response.band[BT_BAND_GREEN][4] / 400.0), 2.0, 1e-5);
}

static void test_white_balance(void)
{
    plain_sheet();
    flat_curve(&sheet.qe[BT_BAND_RED], 0.25);
    flat_curve(&sheet.qe[BT_BAND_BLUE], 0.4);
    bt_response response;
    bt_response_compute(&sheet, 1e-11, &response);
    double gains[3];
    bt_white_balance(&response, bt_illuminant_d65, gains);
    CHECK_NEAR(gains[0], 2.0, 1e-6);
    CHECK_NEAR(gains[1], 1.0, 0.0);
    CHECK_NEAR(gains[2], 1.25, 1e-6);
}

int main(void)
{
    test_flat_radiance();
    test_emva_constant();
    test_luminance();
    test_daylight();
    test_ends();
    test_white_balance();
    return check_end();
}
