// reflector_test.c: the lobes of reflectors measured as the standards do; metals against their index.
#include "engine/render/ggx_table.h"
#include "engine/scene/metal.h"
#include "engine/scene/retro.h"
#include "tests/support/check.h"

#include "shaders/shared/bsdf.h"

static float ggx[BT_GGX_TABLE_FLOATS];

// f of the surface with the eye above the lamp, both in the plane of entrance.
static double f_at(bt_material m, float color, double entrance_deg, double observation_deg)
{
    double a = entrance_deg * M_PI / 180.0, b = (entrance_deg - observation_deg) * M_PI / 180.0;
    float3 n = float3(0.0f, 0.0f, 1.0f);
    float3 lamp = float3((float)sin(a), 0.0f, (float)cos(a));
    float3 eye = float3((float)sin(b), 0.0f, (float)cos(b));
    bt_bsdf s =
        bt_bsdf_make(m, ggx, n, n, eye, m.roughness, splat4(color), splat4(0.0f), true, 0.0f);
    return (double)(bt_bsdf_eval(&s, ggx, lamp).f_cos[0] / lamp[2]);
}

// Minima of white sheeting, ASTM D4956-01 type III: at least they, and not above three times.
static void test_sheeting(void)
{
    static const double table[4][3] = {
        {0.2, 4.0, 250.0}, {0.2, 30.0, 150.0}, {0.5, 4.0, 95.0}, {0.5, 30.0, 65.0}};
    bt_material m = {.kind = BT_MATERIAL_RETRO, .roughness = 0.35f, .ior = 1.5f};
    bt_retro_sheeting(&m, 250.0, 0.5, 0.52, 1.5);
    for (int i = 0; i < 4; i++) {
        double c = cos(table[i][1] * M_PI / 180.0);
        double o = cos((table[i][1] - table[i][0]) * M_PI / 180.0);
        double ra = f_at(m, 0.5f, table[i][1], table[i][0]) * c * o;
        printf("R_A at %.1f, %.0f degrees: %.1f, at least %.0f\n", table[i][0], table[i][1], ra,
               table[i][2]);
        CHECK(ra >= table[i][2] && ra < 3.0 * table[i][2]);
    }
}

// Lamps of a car 0.65 m and its driver's eyes 1.2 m above the road: EN 1436's 30 m geometry.
static void test_marking(void)
{
    static const double classes[4] = {100.0, 150.0, 200.0, 300.0};
    CHECK_NEAR(90.0 - atan2(0.65, 30.0) * 180.0 / M_PI, 88.76, 0.005);
    CHECK_NEAR(atan2(1.2, 30.0) * 180.0 / M_PI - (90.0 - 88.76), 1.05, 0.005);
    for (int i = 0; i < 4; i++) {
        bt_material m = {.kind = BT_MATERIAL_RETRO, .roughness = 0.7f, .ior = 1.5f};
        bt_retro_marking(&m, classes[i], 0.6, 4.0, 1.5);
        double lobe = f_at(m, 0.6f, 88.76, 1.05) * cos(88.76 * M_PI / 180.0) * 1000.0;
        m.retro = 0.0f;
        double body = f_at(m, 0.6f, 88.76, 1.05) * cos(88.76 * M_PI / 180.0) * 1000.0;
        printf("R_L %.0f: measured %.1f mcd m^-2 lx^-1, of it body %.2f\n", classes[i], lobe, body);
        CHECK_NEAR(lobe - body, classes[i], 0.02 * classes[i]);
    }
}

// From 15 to 60 m a marking is about as bright for the lux on it.
static void test_marking_distance(void)
{
    bt_material m = {.kind = BT_MATERIAL_RETRO, .roughness = 0.7f, .ior = 1.5f};
    bt_retro_marking(&m, 150.0, 0.6, 4.0, 1.5);
    for (int i = 0; i < 3; i++) {
        double distance = 15.0 * (1 << i), lamp = atan2(0.65, distance);
        double turn = (atan2(1.2, distance) - lamp) * 180.0 / M_PI;
        double rl = f_at(m, 0.6f, 90.0 - lamp * 180.0 / M_PI, turn) * sin(lamp) * 1000.0;
        printf("R_L at %.0f m: %.0f\n", distance, rl);
        CHECK(rl > 90.0 && rl < 230.0);
    }
}

// Reflectances at 550 nm: handbooks give 0.92 for aluminium; chromium lies between 0.55 (bulk, index
// 3.2 + 3.3 i) and 0.7 (bright plating); copper is red.
static void test_metals(void)
{
    float al[BT_SPECTRUM_BINS], cr[BT_SPECTRUM_BINS], cu[BT_SPECTRUM_BINS], dip[3];
    bt_metal_fill(BT_METAL_ALUMINIUM, al, &dip[0]);
    bt_metal_fill(BT_METAL_CHROMIUM, cr, &dip[1]);
    bt_metal_fill(BT_METAL_COPPER, cu, &dip[2]);
    printf("at 550 nm: Al %.3f Cr %.3f Cu %.3f; edge dips %.3f %.3f %.3f\n", (double)al[34],
           (double)cr[34], (double)cu[34], (double)dip[0], (double)dip[1], (double)dip[2]);
    CHECK_NEAR(al[34], 0.915, 0.015);
    CHECK(cr[34] > 0.55f && cr[34] < 0.70f);
    CHECK(cu[54] > 0.9f && cu[14] < 0.6f); // 650 nm, 450 nm
    // what the index says at any angle, and what the renderer's Fresnel makes of it
    double worst = 0.0;
    for (int metal = 0; metal < 3; metal++)
        for (int i = 1; i < 50; i++) {
            double n, k, c = i / 50.0;
            bt_metal_index((bt_metal)metal, 550.0, &n, &k);
            const float *f0 = metal == 0 ? al : metal == 1 ? cu : cr;
            float d = metal == 0 ? dip[0] : metal == 1 ? dip[2] : dip[1];
            double fit = (double)bt_metal_fresnel(splat4(f0[34]), d, (float)c)[0];
            worst = fmax(worst, fabs(fit - bt_metal_reflectance(n, k, c)));
        }
    printf("fresnel of metals: worst %.4f\n", worst);
    CHECK(worst < 0.025); // of one number for the dip of all wavelengths and angles
}

int main(void)
{
    bt_ggx_table_compute(ggx);
    test_sheeting();
    test_marking();
    test_marking_distance();
    test_metals();
    return check_end();
}
