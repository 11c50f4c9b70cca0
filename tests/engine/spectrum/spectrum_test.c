// spectrum_test.c: tables, resampling, colour of reflectances, luminance, Planck, CSV.
#include "engine/spectrum/spectrum.h"

#include "engine/core/file.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum_csv.h"
#include "tests/support/check.h"

static void fill(float spectrum[BT_SPECTRUM_BINS], float value)
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        spectrum[i] = value;
}

static void test_tables(void)
{
    float read[BT_SPECTRUM_BINS];
    const struct {
        const char *path, *column;
        const float *table;
    } tables[] = {{"assets/spectra/cie_1931_2deg_5nm.csv", "x_bar", bt_cie_1931_x},
                  {"assets/spectra/cie_1931_2deg_5nm.csv", "y_bar", bt_cie_1931_y},
                  {"assets/spectra/cie_1931_2deg_5nm.csv", "z_bar", bt_cie_1931_z},
                  {"assets/spectra/illuminants_5nm.csv", "a", bt_illuminant_a},
                  {"assets/spectra/illuminants_5nm.csv", "d65", bt_illuminant_d65}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        CHECK_OK(bt_spectrum_read_csv(tables[i].path, tables[i].column, read));
        for (int k = 0; k < BT_SPECTRUM_BINS; k++)
            CHECK_NEAR(read[k], tables[i].table[k], 1e-6 * (double)tables[i].table[k]);
    }
}

// CIE 015: chromaticities of A (0.44757, 0.40745) and D65 (0.31272, 0.32903), 2 degrees. The
// tables end at 780 nm and step by 5 nm: 1e-4.
static void test_white_points(void)
{
    float flat[BT_SPECTRUM_BINS];
    double xyz[3];
    fill(flat, 1.0f);
    bt_spectrum_xyz_reflected(flat, bt_illuminant_d65, xyz);
    double sum = xyz[0] + xyz[1] + xyz[2];
    CHECK_NEAR(xyz[1], 1.0, 1e-12);
    CHECK_NEAR(xyz[0] / sum, 0.31272, 1e-4);
    CHECK_NEAR(xyz[1] / sum, 0.32903, 1e-4);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(xyz[k], bt_white_d65_xyz[k], 1e-6);
    double rgb[3];
    bt_srgb_linear_from_xyz(xyz, rgb);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(rgb[k], 1.0, 1e-6);

    bt_spectrum_xyz_reflected(flat, bt_illuminant_a, xyz);
    sum = xyz[0] + xyz[1] + xyz[2];
    CHECK_NEAR(xyz[0] / sum, 0.44757, 1e-4);
    CHECK_NEAR(xyz[1] / sum, 0.40745, 1e-4);
}

// Beyond the eye: the observer is blind; A goes on as a black body of 2856 K (c2 of 1968: 2848 K by
// its formula's own, here with the exact constants within 0.5 %); D65 meets its extension at 830 nm,
// and the extension holds ASTM's band of water vapour at 935 nm.
static void test_infrared(void)
{
    float body[BT_SPECTRUM_BINS];
    bt_spectrum_blackbody(2856.0, body);
    for (int i = BT_SPECTRUM_VISIBLE_BINS; i < BT_SPECTRUM_BINS; i++) {
        CHECK(bt_cie_1931_x[i] == 0.0f && bt_cie_1931_y[i] == 0.0f && bt_cie_1931_z[i] == 0.0f);
        double ratio = (double)(body[i] / body[36]);
        CHECK_NEAR((double)bt_illuminant_a[i] / 100.0 / ratio, 1.0, 5e-3);
    }
    CHECK_NEAR(bt_illuminant_d65[90], 60.3125, 1e-4); // CIE 015, 830 nm
    CHECK_NEAR(bt_illuminant_d65[91] / bt_illuminant_d65[90], 1.0, 0.2);
    CHECK(bt_illuminant_d65[111] < 0.4f * bt_illuminant_d65[100]); // 935 and 880 nm
    float again[BT_SPECTRUM_BINS];
    memcpy(again, bt_illuminant_d65, sizeof again);
    bt_daylight_extend(again);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        CHECK_NEAR(again[i] / bt_illuminant_d65[i], 1.0, 5e-4); // four digits of each table
}

static void test_srgb(void)
{
    for (int i = -50; i <= 150; i++) {
        double x = i / 100.0;
        CHECK_NEAR(bt_srgb_decode(bt_srgb_encode(x)), x, 2e-7);
    }
    CHECK_NEAR(bt_srgb_encode(0.18), 0.46135, 1e-4);
    double xyz[3], rgb[3] = {0.2, 0.5, 0.7}, back[3];
    bt_xyz_from_srgb_linear(rgb, xyz);
    bt_srgb_linear_from_xyz(xyz, back);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(back[k], rgb[k], 1e-8);
    double lab[3];
    bt_lab_from_xyz(bt_white_d65_xyz, lab);
    CHECK_NEAR(lab[0], 100.0, 1e-9);
    CHECK_NEAR(lab[1], 0.0, 1e-9);
}

static void test_resample(void)
{
    float out[BT_SPECTRUM_BINS];
    double nm[401], values[401];
    // a line is kept, and constant beyond its ends
    double ends_nm[2] = {400.0, 700.0}, ends[2] = {0.1, 0.7};
    CHECK_OK(bt_spectrum_resample(ends_nm, ends, 2, out));
    CHECK_NEAR(out[0], 0.1, 1e-7);
    CHECK_NEAR(out[(550 - 380) / 5], 0.4, 1e-7);
    CHECK_NEAR(out[80], 0.7, 1e-7);
    CHECK_NEAR(bt_spectrum_value(out, 552.5), 0.405, 1e-6);
    CHECK_NEAR(bt_spectrum_value(out, 1000.0), 0.7, 1e-7);
    CHECK_NEAR(bt_spectrum_value(out, NAN), 0.1, 1e-7);

    // a table on the bins comes back as it is
    for (int i = 0; i < 81; i++)
        nm[i] = 380.0 + 5.0 * i, values[i] = (i * 37 % 11) * 0.1;
    CHECK_OK(bt_spectrum_resample(nm, values, 81, out));
    for (int i = 0; i < 81; i++)
        CHECK_NEAR(out[i], values[i], 1e-7);

    // a line 1 nm wide between two bins keeps its power
    for (int i = 0; i < 401; i++)
        nm[i] = 380.0 + i, values[i] = i == 203 ? 1.0 : 0.0;
    CHECK_OK(bt_spectrum_resample(nm, values, 401, out));
    double power = 0.0;
    for (int i = 0; i < 81; i++)
        power += 5.0 * (double)out[i];
    CHECK_NEAR(power, 1.0, 1e-6);

    double one_nm = 500.0, one = 0.25, twice_nm[2] = {500.0, 500.0}, hole[2] = {0.1, NAN};
    CHECK_OK(bt_spectrum_resample(&one_nm, &one, 1, out));
    CHECK_NEAR(out[40], 0.25, 0.0);
    CHECK(bt_spectrum_resample(&one_nm, &one, 0, out) == BT_ERR_INPUT);
    CHECK(bt_spectrum_resample(twice_nm, ends, 2, out) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "ascend");
    CHECK(bt_spectrum_resample(ends_nm, hole, 2, out) == BT_ERR_INPUT);
    one_nm = NAN;
    CHECK(bt_spectrum_resample(&one_nm, &one, 1, out) == BT_ERR_INPUT);
}

// Planck's law by its own constants of motion: Wien's displacement 2.897771955e-3 m K, and the
// ratio of two temperatures at one wavelength. Luminance of a black body at the freezing point of
// platinum (2041.4 K): the old definition of the candela, 60 cd/cm^2.
static void test_blackbody(void)
{
    double best_nm = 0.0, best = 0.0;
    for (double nm = 300.0; nm < 900.0; nm += 0.01) {
        double value = bt_blackbody_w_m2_sr_nm(nm, 5000.0);
        if (value > best) best = value, best_nm = nm;
    }
    CHECK_NEAR(best_nm, 2.897771955e6 / 5000.0, 0.02);
    float spectrum[BT_SPECTRUM_BINS];
    bt_spectrum_blackbody(2041.4, spectrum);
    // the definition was realised with 683 lm/W to about half a percent
    CHECK_NEAR(bt_spectrum_luminance_cd_m2(spectrum), 6.0e5, 0.01 * 6.0e5);
    double xyz[3];
    bt_spectrum_blackbody(2856.0, spectrum); // illuminant A is this black body (c2 of 1968)
    bt_spectrum_xyz_emitted(spectrum, xyz);
    CHECK_NEAR(xyz[0] / (xyz[0] + xyz[1] + xyz[2]), 0.4476, 5e-4);
    CHECK(bt_spectrum_set_luminance(spectrum, 1234.0));
    CHECK_NEAR(bt_spectrum_luminance_cd_m2(spectrum), 1234.0, 1e-3);
    fill(spectrum, 0.0f);
    CHECK(!bt_spectrum_set_luminance(spectrum, 1.0));
}

static bt_status parse(const char *text, const char *column, float out[BT_SPECTRUM_BINS])
{
    return bt_spectrum_parse_csv("t.csv", text, strlen(text), column, out);
}

static void test_csv(void)
{
    float out[BT_SPECTRUM_BINS];
    CHECK_OK(parse("# c\r\n\r\nnm, a ,\"b\"\r\n400,1,2\r\n500, 3.5 ,4e-1\r\n600,,\r\n", "b", out));
    CHECK_NEAR(out[0], 2.0, 0.0);
    CHECK_NEAR(out[(500 - 380) / 5], 0.4, 1e-7);
    CHECK_OK(parse("nm,a\n400,-1.5e+2\n", NULL, out));
    CHECK_NEAR(out[5], -150.0, 0.0);

    const struct {
        const char *text, *message;
    } bad[] = {
        {"", "no values"},
        {"nm,a\n", "no values"},
        {"nm\n400\n", "t.csv:1: no column"},
        {"nm,b\n400,1\n", "no column 'a'"},
        {"nm,a\n400,x\n", "t.csv:2: expected a number"},
        {"nm,a\n400,1\n450,1e\n", "t.csv:3: expected a number"},
        {"nm,a\n400,1e999\n", "t.csv:2"},
        {"nm,a\n400,nan\n", "t.csv:2"},
        {"nm,a\n400,0x10\n", "t.csv:2"},
        {"nm,a\n400,1.2.3\n", "t.csv:2"},
        {"nm,a\n400\n", "1 cells"},
        {"nm,a\n500,1\n400,1\n", "ascend"},
        {"nm,a\n-5,1\n", "t.csv: spectrum: wavelength 1"},
        {"nm,a\n1e308,1\n", "t.csv:2"},
        {"nm,a\n1e30,1\n", "wavelength 1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(parse(bad[i].text, "a", out) == BT_ERR_INPUT);
        CHECK_CONTAINS(bt_error_message(), bad[i].message);
        CHECK(strchr(bt_error_message(), '\n') == NULL);
    }
    CHECK(bt_spectrum_read_csv("no/such/file.csv", NULL, out) != BT_OK);
    CHECK_CONTAINS(bt_error_message(), "no/such/file.csv");
}

// Any bytes: an error or a result, never a crash (the sanitizers watch).
static void test_hostile_csv(void)
{
    static char text[4096];
    static const char letters[] = "0123456789.,-+eE \n\r\"#\0nm";
    float out[BT_SPECTRUM_BINS];
    unsigned seed = 1;
    for (int round = 0; round < 2000; round++) {
        size_t count = (size_t)(round % 200);
        for (size_t i = 0; i < count; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        bt_status status = bt_spectrum_parse_csv("fuzz", text, count, NULL, out);
        CHECK(status == BT_OK || status == BT_ERR_INPUT);
    }
}

// Lab of the colour checker's patches under D65 against the chart's published sRGB-like order:
// white is the brightest, the six greys are neutral. The exact Lab needs the chart's own sheet.
static void test_colour_checker(void)
{
    const char *path = "../shared/data/spectra/colour_checker_babelcolor_average.csv";
    if (!bt_file_exists(path)) return;
    const struct {
        const char *patch;
        double lightness; // L* the chart is made to: 96.5, 81, 66, 50.5, 36, 20.5
    } greys[] = {{"neutral 8 (.23 D)", 81.0},
                 {"neutral 6.5 (.44 D)", 66.5},
                 {"neutral 5 (.70 D)", 51.0},
                 {"neutral 3.5 (1.05 D)", 36.0},
                 {"black 2 (1.5 D)", 20.5}};
    float reflectance[BT_SPECTRUM_BINS];
    double xyz[3], lab[3];
    for (size_t i = 0; i < sizeof greys / sizeof *greys; i++) {
        CHECK_OK(bt_spectrum_read_csv(path, greys[i].patch, reflectance));
        bt_spectrum_xyz_reflected(reflectance, bt_illuminant_d65, xyz);
        bt_lab_from_xyz(xyz, lab);
        CHECK_NEAR(lab[0], greys[i].lightness, 1.0);
        CHECK_NEAR(lab[1], 0.0, 1.5);
        CHECK_NEAR(lab[2], 0.0, 1.5);
    }
    CHECK_OK(bt_spectrum_read_csv(path, "red", reflectance));
    bt_spectrum_xyz_reflected(reflectance, bt_illuminant_d65, xyz);
    bt_lab_from_xyz(xyz, lab);
    CHECK(lab[1] > 45.0 && lab[2] > 15.0);
}

int main(void)
{
    test_tables();
    test_white_points();
    test_infrared();
    test_srgb();
    test_resample();
    test_blackbody();
    test_csv();
    test_hostile_csv();
    test_colour_checker();
    return check_end();
}
