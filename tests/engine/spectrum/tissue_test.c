// tissue_test.c: the random walk in tissue against adding and doubling, and the infrared of
// assets/spectra/skin_10nm.csv against the walk.
#include "tests/support/tissue.h"

#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "engine/spectrum/spectrum_csv.h"
#include "tests/support/check.h"

#define SKIN "assets/spectra/skin_10nm.csv"

// iadpython 0.5.3 with 64 quadrature points, its layers added by hand; total light sent back, gloss
// included. The first is Giovanelli's 0.2600 of 1955.
static void test_walk(void)
{
    const struct {
        tissue t;
        double back;
    } known[] = {{{{{10, 90}, {10, 90}}, 1.0, 1.5}, 0.25991},
                 {{{{1, 99}, {1, 99}}, 1.0, 1.4}, 0.63122},
                 {{{{2, 40}, {2, 40}}, 0.01, 1.4}, 0.39468},
                 {{{{60, 50}, {3, 48}}, 0.008, 1.4}, 0.11894},
                 {{{{20, 30}, {0.5, 25}}, 0.01, 1.4}, 0.25775},
                 {{{{150, 55}, {8, 55}}, 0.01, 1.4}, 0.05147}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        tissue_light light = tissue_reflect(&known[i].t, 20000);
        CHECK(light.error < 0.003);
        CHECK_NEAR(light.back + light.gloss, known[i].back, 4.0 * light.error);
    }
}

typedef struct skin {
    const char *column;
    double melanin, blood, oxygen; // shares
} skin;

// Per centimetre and molar, haemoglobin with oxygen and without (Prahl); water per centimetre.
static const struct {
    double nm, with, without, water;
} chromophores[] = {{700, 290, 1794.28, 0.006},
                    {760, 586, 1548.52, 0.0252},
                    {850, 1058, 691.32, 0.04075},
                    {970, 1162, 429.32, 0.425}};

// As assets/spectra/SOURCE.md describes it.
static double walk(const skin *s, size_t at)
{
    double nm = chromophores[at].nm;
    double rest = 7.84e8 * pow(nm, -3.255) + 0.65 * chromophores[at].water;
    double molar = s->oxygen * chromophores[at].with + (1.0 - s->oxygen) * chromophores[at].without;
    double blood = 2.303 * molar * 150.0 / 64500.0;
    double melanin = 6.6e11 * pow(nm, -3.33);
    double scatter = 46.0 * pow(nm / 500.0, -1.421);
    tissue t = {{{s->melanin * melanin + (1.0 - s->melanin) * rest, scatter},
                 {s->blood * blood + (1.0 - s->blood) * rest, scatter}},
                0.006,
                1.4};
    return tissue_reflect(&t, 8000).back;
}

static void test_skin(void)
{
    const skin skins[] = {{"light", 0.0175, 0.0129, 0.99},
                          {"medium", 0.0671, 0.0100, 0.70},
                          {"dark", 0.1599, 0.0164, 0.70}};
    for (size_t i = 0; i < sizeof skins / sizeof *skins; i++) {
        float spectrum[BT_SPECTRUM_BINS];
        CHECK_OK(bt_spectrum_read_csv(SKIN, skins[i].column, spectrum));
        double red = walk(&skins[i], 0);
        for (size_t k = 1; k < sizeof chromophores / sizeof *chromophores; k++) {
            double shape = walk(&skins[i], k) / red;
            double kept = bt_spectrum_value(spectrum, chromophores[k].nm) /
                          bt_spectrum_value(spectrum, chromophores[0].nm);
            CHECK_NEAR(kept / shape, 1.0, 0.025); // the walks' own errors: 0.5 % each
        }
        // haemoglobin: two dips with light between them, then the step to the red
        double green = bt_spectrum_value(spectrum, 560.0);
        CHECK(bt_spectrum_value(spectrum, 620.0) > 1.2 * green);
        CHECK(bt_spectrum_value(spectrum, 420.0) < 0.7 * green);
    }
}

// As instruments see it, the gloss of index 1.4 kept, under D65: what colour-science 0.4 makes of the same table.
static void test_colour(void)
{
    const struct {
        const char *column;
        double lab[3];
    } skins[] = {{"light", {62.436, 12.660, 14.517}},
                 {"medium", {53.223, 10.234, 17.907}},
                 {"dark", {41.054, 10.568, 15.329}}};
    for (size_t i = 0; i < sizeof skins / sizeof *skins; i++) {
        float spectrum[BT_SPECTRUM_BINS];
        double xyz[3], lab[3];
        CHECK_OK(bt_spectrum_read_csv(SKIN, skins[i].column, spectrum));
        for (size_t k = 0; k < BT_SPECTRUM_BINS; k++)
            spectrum[k] += 0.028f;
        bt_spectrum_xyz_reflected(spectrum, bt_illuminant_d65, xyz);
        bt_lab_from_xyz(xyz, lab);
        for (int k = 0; k < 3; k++)
            CHECK_NEAR(lab[k], skins[i].lab[k], 0.05);
    }
}

int main(void)
{
    test_walk();
    test_skin();
    test_colour();
    return check_end();
}
