// stages_test.c: the ISP's optional stages against closed forms: expansion, defects, shading, noise
// and the matrix, sharpening, local tone; mosaics other than Bayer's.
#include "sensors/camera/isp/isp.h"

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "tests/sensors/camera/isp/isp_fixture.h"
#include "tests/support/check.h"

#define WIDTH 96
#define HEIGHT 64
#define PIXELS (WIDTH * HEIGHT)

static bt_isp plain_isp(void)
{
    static const uint8_t rggb[4] = {0, 1, 1, 2};
    return fixture_isp(WIDTH, HEIGHT, rggb);
}

// Sum of twelve uniform numbers less six: variance one, near enough to a Gaussian here.
static double deviate(uint32_t i)
{
    double sum = -6.0;
    for (uint32_t k = 0; k < 3; k++) {
        bt_random4 block = bt_random_block(5, 1, i, k);
        for (int c = 0; c < 4; c++)
            sum += block.v[c] * 0x1p-32;
    }
    return sum;
}

static double mean_of(const float *rgb, int band)
{
    double sum = 0.0;
    for (int i = 0; i < PIXELS; i++)
        sum += (double)rgb[3 * i + band] / PIXELS;
    return sum;
}
static double covariance(const float *rgb, int a, int b)
{
    double ma = mean_of(rgb, a), mb = mean_of(rgb, b), sum = 0.0;
    for (int i = 0; i < PIXELS; i++)
        sum += ((double)rgb[3 * i + a] - ma) * ((double)rgb[3 * i + b] - mb) / PIXELS;
    return sum;
}

// Companded codes: what a piecewise linear sensor wrote comes back within half a code's worth.
static void test_expand(void)
{
    bt_isp isp = plain_isp();
    CHECK(bt_isp_expand(&isp, 1234.0) == 1234.0);
    const double code[4] = {0, 1024, 2048, 4095}, linear[4] = {0, 1024, 17408, 1048575};
    bt_sheet_curve knees = {.count = 4};
    memcpy(knees.value, code, sizeof code);
    memcpy(knees.at, linear, sizeof linear);
    isp.knees = &knees;
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(bt_isp_expand(&isp, code[i]), linear[i], 1e-9);
    for (double x = 0.0; x < 1048575.0; x += 777.7) {
        int k = x <= linear[1] ? 1 : x <= linear[2] ? 2 : 3;
        double slope = (code[k] - code[k - 1]) / (linear[k] - linear[k - 1]);
        double written = floor(code[k - 1] + (x - linear[k - 1]) * slope + 0.5);
        CHECK_NEAR(bt_isp_expand(&isp, written), x, 0.5 / slope + 1e-6);
    }
}

// Pixels known to be hot go; a point of light of one pixel stays; what noise hides is left.
static void test_defects(void)
{
    static float in[PIXELS], out[PIXELS], dark[PIXELS];
    bt_isp isp = plain_isp();
    isp.defects = 6.0;
    isp.noise_dn = 8.0;
    isp.gain_dn_e = 0.16;
    isp.dark = dark;
    isp.dark_e = 1.0; // six deviations are 300 electrons
    for (uint32_t i = 0; i < PIXELS; i++) {
        double level = i % WIDTH < 48 ? 0.1 : 0.5;
        in[i] = (float)(level + deviate(i) * bt_isp_sigma(&isp, 1, level));
        dark[i] = 1.0f;
    }
    in[40 * WIDTH + 20] = 0.9f; // a far lamp
    in[10 * WIDTH + 11] = 0.4f; // hot
    dark[10 * WIDTH + 11] = 302.0f;
    dark[20 * WIDTH + 70] = 300.0f; // not hot enough
    uint32_t changed = 0;
    for (uint32_t row = 0; row < HEIGHT; row++) {
        bt_isp_mend(&isp, in, row, out + row * WIDTH);
        for (uint32_t x = 0; x < WIDTH; x++)
            changed += out[row * WIDTH + x] != in[row * WIDTH + x];
    }
    CHECK_NEAR(out[10 * WIDTH + 11], 0.1, 0.02);
    CHECK(out[40 * WIDTH + 20] == 0.9f);
    CHECK(changed == 1);
    isp.defects = 0.0;
    bt_isp_mend(&isp, in, 10, out);
    CHECK(out[11] == 0.4f);
}

// The mesh undoes a fall of cos^4 to the mesh's own error; half strength undoes half of it.
static void test_shading(void)
{
    bt_isp isp = plain_isp();
    double focal = 110.0, worst = 0.0;
    for (int k = 0; k < BT_ISP_MESH_ROWS * BT_ISP_MESH_COLUMNS; k++) {
        double x = (double)(k % BT_ISP_MESH_COLUMNS) / (BT_ISP_MESH_COLUMNS - 1) * (WIDTH - 1);
        double y = (double)(k / BT_ISP_MESH_COLUMNS) / (BT_ISP_MESH_ROWS - 1) * (HEIGHT - 1);
        double r2 = pow(x - 0.5 * (WIDTH - 1), 2.0) + pow(y - 0.5 * (HEIGHT - 1), 2.0);
        isp.illumination[k] = (float)pow(1.0 + r2 / (focal * focal), -2.0);
    }
    CHECK(bt_isp_shading_gain(&isp, 0, 0) == 1.0);
    isp.shading = 1.0;
    for (uint32_t y = 0; y < HEIGHT; y += 3)
        for (uint32_t x = 0; x < WIDTH; x++) {
            double r2 = pow(x - 0.5 * (WIDTH - 1), 2.0) + pow(y - 0.5 * (HEIGHT - 1), 2.0);
            double left = pow(1.0 + r2 / (focal * focal), -2.0);
            worst = fmax(worst, fabs(left * bt_isp_shading_gain(&isp, x, y) - 1.0));
        }
    printf("shading: worst %.5f of even\n", worst);
    CHECK(worst < 1e-3); // of linear steps of a thirty-second of the picture
    double whole = bt_isp_shading_gain(&isp, 0, 0);
    isp.shading = 0.5;
    CHECK_NEAR(bt_isp_shading_gain(&isp, 0, 0), 1.0 + 0.5 * (whole - 1.0), 1e-12);
}

// sigma: counts' noise in levels. Noise after the matrix: M Sigma M^T.
static void test_noise_of_color(void)
{
    static float rgb[PIXELS * 3];
    bt_isp isp = plain_isp();
    const double matrix[9] = {1.7, -0.6, -0.1, -0.2, 1.6, -0.4, 0.1, -0.7, 1.6};
    memcpy(isp.matrix, matrix, sizeof matrix);
    isp.white_balance[0] = 2.0;
    isp.white_balance[2] = 1.5;
    isp.noise_dn = 6.0;
    isp.gain_dn_e = 0.2;
    double unit = 4095.0 - 168.0, sigma[3];
    for (uint32_t c = 0; c < 3; c++) {
        double counts = 0.3 / isp.white_balance[c] * unit;
        sigma[c] = sqrt(36.0 + 0.2 * counts) * isp.white_balance[c] / unit;
        CHECK_NEAR(bt_isp_sigma(&isp, c, 0.3) / sigma[c], 1.0, 1e-12);
        for (uint32_t i = 0; i < PIXELS; i++)
            rgb[3 * i + c] = (float)(0.3 + sigma[c] * deviate(3 * i + c));
    }
    for (uint32_t y = 0; y < HEIGHT; y++)
        bt_isp_color(&isp, rgb + 3 * WIDTH * y);
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            double want = 0.0, size = 0.0;
            for (int c = 0; c < 3; c++) {
                want += matrix[3 * a + c] * sigma[c] * sigma[c] * matrix[3 * b + c];
                size += fabs(matrix[3 * a + c] * matrix[3 * b + c]) * sigma[c] * sigma[c];
            }
            // four standard errors of a covariance of 6144 pairs
            CHECK_NEAR(covariance(rgb, a, b), want, 4.0 * sqrt(2.0 / PIXELS) * size * 1.2);
        }
}

// Flat areas: variance falls, means stay; an edge of ten standard deviations stays where it is.
static void test_denoise(void)
{
    static float in[PIXELS * 3], out[PIXELS * 3];
    bt_isp isp = plain_isp();
    isp.noise_dn = 20.0;
    isp.gain_dn_e = 0.2;
    double sigma = bt_isp_sigma(&isp, 1, 0.2);
    for (uint32_t i = 0; i < PIXELS * 3; i++)
        in[i] = (float)(0.2 + sigma * deviate(i));
    isp.denoise = 3.0;
    for (uint32_t y = 0; y < HEIGHT; y++)
        bt_isp_denoise(&isp, in, y, out + 3 * WIDTH * y);
    double before = covariance(in, 1, 1), after = covariance(out, 1, 1);
    printf("noise: variance falls to %.3f\n", after / before);
    CHECK(after < 0.2 * before);
    CHECK_NEAR(mean_of(out, 1), mean_of(in, 1), 3.0 * sigma / sqrt(PIXELS));

    for (uint32_t i = 0; i < PIXELS * 3; i++)
        in[i] += i / 3 % WIDTH < 48 ? 0.0f : (float)(10.0 * sigma);
    for (uint32_t y = 0; y < HEIGHT; y++)
        bt_isp_denoise(&isp, in, y, out + 3 * WIDTH * y);
    double low = 0.0, high = 0.0;
    for (uint32_t y = 0; y < HEIGHT; y++) {
        low += (double)out[3 * (y * WIDTH + 47)] / HEIGHT;
        high += (double)out[3 * (y * WIDTH + 48)] / HEIGHT;
    }
    CHECK(high - low > 9.3 * sigma);
    isp.denoise = 0.0;
    bt_isp_denoise(&isp, in, 7, out);
    CHECK(memcmp(out, in + 3 * WIDTH * 7, 3 * WIDTH * sizeof *out) == 0);
}

// A ramp stays, an edge gains contrast by what the mask says, noise below the core is left alone.
static void test_sharpen(void)
{
    static float in[PIXELS * 3];
    static uint8_t out[WIDTH * 3];
    bt_isp isp = plain_isp();
    isp.sharpen = 1.0;
    for (int i = 0; i < PIXELS * 3; i++)
        in[i] = i / 3 % WIDTH < 48 ? 0.4f : 0.6f;
    bt_isp_sharpen(&isp, in, 9, out);
    // beside the edge the mean of (1 2 1) / 4 is a quarter of the step away; the core takes 0.008
    CHECK(out[3 * 48] == (int)(255.0 * (0.6 + 0.05 - 0.008) + 0.5));
    CHECK(out[3 * 47] == (int)(255.0 * (0.4 - 0.05 + 0.008) + 0.5));
    CHECK(out[3 * 40] == (int)(255.0 * 0.4 + 0.5));
    for (int i = 0; i < PIXELS * 3; i++)
        in[i] = 0.2f + 0.005f * (float)(i / 3 % WIDTH);
    bt_isp_sharpen(&isp, in, 9, out);
    for (int x = 1; x < WIDTH - 1; x++)
        CHECK(out[3 * x] == (int)(255.0f * in[3 * x] + 0.5f));
}

// Two large areas seven stops apart come nearer by `local`, detail of a few pixels keeps its contrast.
static void test_local(void)
{
    static float rgb[PIXELS * 3];
    bt_isp isp = plain_isp();
    isp.local = 0.6;
    for (int i = 0; i < PIXELS; i++) {
        int x = i % WIDTH;
        float level = (x < 48 ? 0.01f : 1.28f) * ((x / 2 + i / WIDTH / 2) % 2 ? 1.1f : 1.0f);
        rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = level;
    }
    float *fit;
    CHECK_OK(bt_isp_local_fit(&isp, rgb, &fit));
    for (uint32_t y = 0; y < HEIGHT; y++)
        bt_isp_local(&isp, fit, y, rgb + 3 * WIDTH * y);
    bt_free(fit);
    const float *row = rgb + 3 * WIDTH * 32;
    double dark = log2((double)row[3 * 16]), bright = log2((double)row[3 * 80]);
    printf("local tone: 7 stops become %.2f, a tenth's detail %.3f\n", bright - dark,
           (double)(row[3 * 18] / row[3 * 16]));
    CHECK_NEAR(bright - dark, 7.0 * 0.4, 0.6);
    double detail = (double)(row[3 * 18] / row[3 * 16]);
    CHECK(fabs(log(detail)) > 0.7 * log(1.1) && fabs(log(detail)) < 1.1 * log(1.1));
}

// Red, clear, clear, clear: greys and planes come back; a red patch is red and its luma sharp.
static void test_other_mosaics(bt_isp_mosaic kind)
{
    static float scene[PIXELS * 3], mosaic[PIXELS], picture[PIXELS * 3], work[PIXELS * 3];
    bt_isp isp = plain_isp();
    isp.kind = kind;
    const uint8_t sparse[4] = {1, 1, 1, 0};
    // RGGB of two by two pixels each
    const uint8_t tile[16] = {0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 2, 2, 1, 1, 2, 2};
    memcpy(isp.mosaic, sparse, sizeof sparse);
    memcpy(isp.tile, tile, sizeof tile);
    isp.tile_px = 4;
    for (int i = 0; i < PIXELS; i++) {
        float plane = 0.3f + 0.002f * (float)(i % WIDTH) - 0.001f * (float)(i / WIDTH);
        scene[3 * i] = plane + 0.2f;
        scene[3 * i + 1] = plane;
        scene[3 * i + 2] = kind == BT_ISP_SPARSE ? plane : plane - 0.1f;
    }
    for (uint32_t i = 0; i < PIXELS; i++)
        mosaic[i] = scene[3 * i + bt_isp_band(&isp, i % WIDTH, i / WIDTH)];
    double worst = 0.0;
    CHECK_OK(bt_isp_demosaic(&isp, mosaic, NULL, work, picture));
    for (uint32_t y = 6; y < HEIGHT - 6; y++) {
        const float *rgb = picture + (size_t)3 * WIDTH * y;
        for (uint32_t x = 6; x < WIDTH - 6; x++)
            for (uint32_t c = 0; c < 3; c++)
                worst =
                    fmax(worst, fabs((double)(rgb[3 * x + c] - scene[3 * (y * WIDTH + x) + c])));
    }
    printf("mosaic %d: worst on a plane %.5f\n", (int)kind, worst);
    CHECK(worst <
          (kind == BT_ISP_SPARSE ? 1e-5 : 0.004)); // a tile's mean sits up to 2 pixels aside
}

int main(void)
{
    test_expand();
    test_defects();
    test_shading();
    test_noise_of_color();
    test_denoise();
    test_sharpen();
    test_local();
    test_other_mosaics(BT_ISP_SPARSE);
    test_other_mosaics(BT_ISP_TILE);
    return check_end();
}
