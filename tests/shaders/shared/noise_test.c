// noise_test.c: noise has zero mean, unit variance, true derivatives, and fades with the footprint.
#include "tests/support/check.h"

#include "shaders/shared/noise.h"

#define COUNT 1000000

// Points all over a square of 16 km in cells of 1: (x, y) from one index.
static float spread(uint i, uint which)
{
    return (noise_unit(noise_mix(i * 2u + which)) - 0.5f) * 16384.0f;
}

static void check_moments(const char *name, double sum, double sum2, double tolerance)
{
    double mean = sum / COUNT, variance = sum2 / COUNT;
    printf("%s: mean %.4f, variance %.4f\n", name, mean, variance);
    CHECK_NEAR(mean, 0.0, 0.01);
    CHECK_NEAR(variance, 1.0, tolerance);
}

// Standard error of the variance of a million samples is about 0.2 %; the constants have 3 digits.
static void test_moments(void)
{
    double s1[2] = {0.0, 0.0}, s2[2] = {0.0, 0.0}, s3[2] = {0.0, 0.0};
    for (uint i = 0; i < COUNT; i++) {
        float x = spread(i, 0), y = spread(i, 1), z = spread(i + COUNT, 0);
        float2 a = noise_gradient1(x, 3u);
        float3 b = noise_gradient2(x, y, 3u);
        float c = noise_gradient3(x, y, z, 3u);
        s1[0] += (double)a[0], s1[1] += (double)(a[0] * a[0]);
        s2[0] += (double)b[0], s2[1] += (double)(b[0] * b[0]);
        s3[0] += (double)c, s3[1] += (double)(c * c);
    }
    check_moments("1-D", s1[0], s1[1], 0.02);
    check_moments("2-D", s2[0], s2[1], 0.02);
    check_moments("3-D", s3[0], s3[1], 0.02);
}

// Different seeds and neighbouring cells know nothing of each other: correlation within 5 sigma.
static void test_independence(void)
{
    double seeds = 0.0, cells = 0.0, cells_z = 0.0;
    for (uint i = 0; i < COUNT; i++) {
        float x = spread(i, 0), y = spread(i, 1);
        float here = noise_value2(x, y, 1u);
        seeds += (double)(here * noise_value2(x, y, 2u));
        cells += (double)(here * noise_value2(x + 2.0f, y, 1u));
        cells_z += (double)(noise_gradient3(x, y, 0.5f, 1u) * noise_gradient3(x, y, 2.5f, 1u));
    }
    CHECK_NEAR(seeds / COUNT, 0.0, 0.005);
    CHECK_NEAR(cells / COUNT, 0.0, 0.005);
    CHECK_NEAR(cells_z / COUNT, 0.0, 0.005);
}

// The octave in metres: its slopes are those of its value, turned back to u and v.
static void test_octave(void)
{
    double worst = 0.0;
    const float h = 1.0f / 1024.0f, cell_m = 0.4f;
    for (uint i = 0; i < 20000; i++) {
        float u = spread(i, 0) * (1.0f / 1024.0f), v = spread(i, 1) * (1.0f / 1024.0f);
        float3 n = noise_octave2(u, v, cell_m, 0.01f, 7u);
        float du =
            noise_plane2(u + h, v, cell_m, 0.01f, 7u) - noise_plane2(u - h, v, cell_m, 0.01f, 7u);
        float dv =
            noise_plane2(u, v + h, cell_m, 0.01f, 7u) - noise_plane2(u, v - h, cell_m, 0.01f, 7u);
        worst = fmax(worst, (double)abs(n[1] - du / (2.0f * h)));
        worst = fmax(worst, (double)abs(n[2] - dv / (2.0f * h)));
    }
    CHECK(worst < 0.02); // as below, per metre
}

// Derivatives against central differences; the value alone is the same value.
static void test_derivatives(void)
{
    double worst = 0.0;
    const float h = 1.0f / 256.0f;
    for (uint i = 0; i < 20000; i++) {
        float x = spread(i, 0) * (1.0f / 256.0f), y = spread(i, 1) * (1.0f / 256.0f);
        float3 n = noise_gradient2(x, y, 7u);
        float dx = (noise_value2(x + h, y, 7u) - noise_value2(x - h, y, 7u)) / (2.0f * h);
        float dy = (noise_value2(x, y + h, 7u) - noise_value2(x, y - h, 7u)) / (2.0f * h);
        float2 line = noise_gradient1(x, 7u);
        float2 before = noise_gradient1(x - h, 7u), after = noise_gradient1(x + h, 7u);
        worst = fmax(worst, (double)abs(n[1] - dx));
        worst = fmax(worst, (double)abs(n[2] - dy));
        worst = fmax(worst, (double)abs(line[1] - (after[0] - before[0]) / (2.0f * h)));
        CHECK_NEAR(n[0], noise_value2(x, y, 7u), 1e-5);
    }
    // third derivative of order 100 times h^2 / 6, and rounding of 6e-8 * 64 / h
    CHECK(worst < 0.01);
}

static void test_bands(void)
{
    CHECK_NEAR(noise_band(1.0f, 0.0f), 1.0, 0.0);
    CHECK_NEAR(noise_band(1.0f, 0.5f), 1.0, 0.0);
    CHECK_NEAR(noise_band(1.0f, 1.0f), 0.0, 0.0);
    CHECK_NEAR(noise_band(1.0f, 5.0f), 0.0, 0.0);
    float before = 1.0f;
    for (int i = 0; i <= 100; i++) {
        float band = noise_band(1.0f, 0.4f + 0.007f * (float)i);
        CHECK(band <= before + 1e-6f && before - band < 0.06f);
        before = band;
    }
}

// A box over a line keeps its area, whatever the box.
static void test_cover_line(void)
{
    const float widths[4] = {0.001f, 0.03f, 0.2f, 1.0f};
    for (int k = 0; k < 4; k++) {
        double area = 0.0;
        for (int i = -200000; i < 200000; i++)
            area += (double)cover_line((float)i * 1e-5f, 0.05f, widths[k]) * 1e-5;
        CHECK_NEAR(area, 0.1, 1e-4);
    }
    CHECK_NEAR(cover_line(0.0f, 0.05f, 0.0f), 1.0, 0.0);
    CHECK_NEAR(cover_line(0.06f, 0.05f, 0.0f), 0.0, 0.0);
}

// The four-cell search against all nine: how often a nearer point is missed, and by how much.
static void test_cells(void)
{
    int bad = 0;
    for (uint i = 0; i < 100000; i++) {
        float x = spread(i, 0) * 0.01f, y = spread(i, 1) * 0.01f;
        float4 c = noise_cells2(x, y, 5u);
        float4 there = noise_cells2(x + c[2] * 0.98f, y + c[3] * 0.98f, 5u);
        CHECK(c[0] >= 0.0f && c[0] < 1.3f && c[1] >= 0.0f && c[1] < 1.0f);
        if (there[1] != c[1]) bad++; // going to the point must find the same point
    }
    printf("cells: %d of 100000 not found again\n", bad);
    CHECK(bad < 100);
    for (uint i = 0; i < 10000; i++) {
        float edge = noise_edges2(spread(i, 0) * 0.01f, spread(i, 1) * 0.01f, 5u);
        CHECK(edge >= 0.0f && edge < 0.8f);
    }
}

int main(void)
{
    test_moments();
    test_independence();
    test_derivatives();
    test_octave();
    test_bands();
    test_cover_line();
    test_cells();
    return check_end();
}
