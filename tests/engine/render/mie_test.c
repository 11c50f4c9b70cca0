// mie_test.c: spheres against another program's figures and against the theory's own sums.
#include "engine/render/mie.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdio.h>

// Of miepython 3.3 (efficiencies_mx, i_unpolarized of norm "one"), an independent program.
static const struct reference {
    double x, index, efficiency;
    double phase[8]; // at 0, 1, 10, 60, 90, 120, 140, 180 degrees, 1/sr
} references[] = {
    {1.0,
     1.33,
     0.09392400121407174,
     {0.1783089216460495, 0.1782720208711553, 0.17466402000841758, 0.09175948933455744,
      0.057615049149633925, 0.05575881218668056, 0.06275668358730252, 0.0716990812942702}},
    {10.0,
     1.33,
     2.206548710184618,
     {5.155690196944854, 5.093215987866939, 1.240608676370631, 0.05385856768017308,
      0.012092021010250954, 0.010326212865111217, 0.027639314220241885, 0.02023850182248314}},
    {60.0,
     1.333,
     2.000724674042714,
     {143.38707805101612, 105.27612561662724, 0.454397890706838, 0.01269068721459133,
      0.0017336679841721842, 0.005430174131511614, 0.01637630281946291, 0.00025917618348668577}},
    {300.0,
     1.333,
     2.0704797519056557,
     {3711.0214320477407, 51.599126531781444, 0.17548616406864626, 0.02661525331590081,
      0.0019241674649124636, 0.001767766420467179, 0.044891019534571065, 0.0009080485936396686}},
    {100.0,
     1.5,
     2.094387814676545,
     {418.72329272113495, 181.97282510022023, 0.8920011715544547, 0.025384266307698636,
      0.007680510344572408, 0.0006095108275836014, 0.0037012682482880756, 0.06596765711067328}},
};

static void test_reference(const struct reference *r)
{
    static const double degrees[8] = {0, 1, 10, 60, 90, 120, 140, 180};
    double cosines[8], got[8], efficiency;
    for (int i = 0; i < 8; i++)
        cosines[i] = cos(degrees[i] * M_PI / 180.0);
    CHECK_OK(bt_mie_intensity(r->x, r->index, cosines, 8, got, &efficiency));
    CHECK_NEAR(efficiency, r->efficiency, 1e-9 * r->efficiency);
    double worst = 0.0;
    for (int i = 0; i < 8; i++) {
        double phase = got[i] / (M_PI * r->x * r->x * efficiency);
        worst = fmax(worst, fabs(phase / r->phase[i] - 1.0));
    }
    printf("size %g: %.1e of the reference at worst\n", r->x, worst);
    CHECK(worst < 1e-6);
}

// The optical theorem: what goes missing from the light ahead is what is scattered, so the intensity
// integrates to the efficiency; small spheres scatter as Rayleigh's law says.
static void test_small(void)
{
    double cosines[3] = {1.0, 0.0, -1.0}, got[3], efficiency, x = 0.02, m2 = 1.33 * 1.33;
    CHECK_OK(bt_mie_intensity(x, 1.33, cosines, 3, got, &efficiency));
    double polar = (m2 - 1.0) / (m2 + 2.0);
    CHECK_NEAR(efficiency / (8.0 / 3.0 * pow(x, 4.0) * polar * polar), 1.0, 1e-3);
    CHECK_NEAR(got[1] / got[0], 0.5, 1e-3);
    CHECK_NEAR(got[2] / got[0], 1.0, 1e-3);
    CHECK(bt_mie_intensity(0.0, 1.33, cosines, 3, got, NULL) == BT_ERR_INTERNAL);
    CHECK_CONTAINS(bt_error_message(), "0.01 to");
    CHECK(bt_mie_intensity((double)NAN, 1.33, cosines, 3, got, NULL) == BT_ERR_INTERNAL);
    CHECK_CONTAINS(bt_error_message(), "0.01 to");
}

int main(void)
{
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        test_reference(&references[i]);
    test_small();
    return check_end();
}
