// photometry_test.c: webs against closed forms; one lamp in every form of IES and EULUMDAT file is
// one web; bad files say where; damaged files never get through with nonsense.
#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/scene/photometry.h"
#include "tests/support/check.h"
#include "tests/support/mutate.h"
#include "tests/support/temp.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#define DEG BT_RAD_PER_DEG

// ---- webs ---------------------------------------------------------------------------------------
static bt_vec3 along(double plane_deg, double polar_deg)
{
    double s = sin(polar_deg * DEG);
    return (bt_vec3){s * cos(plane_deg * DEG), s * sin(plane_deg * DEG), -cos(polar_deg * DEG)};
}

// A Lambertian disc sends pi I0.
static void test_lambert_flux(void)
{
    enum { POLARS = 901 };
    double polar_deg[POLARS], cd[POLARS];
    for (int i = 0; i < POLARS; i++) {
        polar_deg[i] = 0.1 * i;
        cd[i] = 1000.0 * cos(polar_deg[i] * DEG);
    }
    cd[POLARS - 1] = 0.0;
    bt_photometric_web *w;
    bt_web_table t = {.axes = BT_AXES_LUMINAIRE,
                      .symmetry = BT_WEB_ROUND,
                      .planes = 1,
                      .polars = POLARS,
                      .plane_deg = (double[]){0.0},
                      .polar_deg = polar_deg,
                      .intensity_cd = cd};
    CHECK_OK(bt_photometry_expand(&t, &w));
    double flux = bt_photometry_flux_lm(w);
    printf("Lambertian disc: flux over pi I0 - 1 = %.2g\n", flux / (BT_PI * 1000.0) - 1.0);
    CHECK_NEAR(flux / (BT_PI * 1000.0), 1.0, 1e-6); // straight lines between 0.1 degrees
    CHECK_NEAR(bt_photometry_at(w, along(77.0, 60.0)), 500.0, 1e-9);
    CHECK(bt_photometry_at(w, along(77.0, 90.5)) == 0.0);
    bt_photometry_destroy(w);
}

// The flux is that of the interpolated web, on an uneven grid and with dark surroundings.
static void test_flux_is_the_integral(void)
{
    const double plane_deg[4] = {-20.0, -5.0, 0.0, 40.0}, polar_deg[4] = {60.0, 85.0, 90.0, 110.0};
    double cd[16];
    for (int i = 0; i < 16; i++)
        cd[i] = 10.0 + 7.0 * ((5 * i) % 16);
    bt_web_table t = {BT_AXES_LUMINAIRE, BT_WEB_PART, 4, 4, plane_deg, polar_deg, cd};
    bt_photometric_web *w;
    CHECK_OK(bt_photometry_expand(&t, &w));
    double sum = 0.0, step = 0.05; // midpoints
    for (double c = -20.0 + 0.5 * step; c < 40.0; c += step)
        for (double g = 60.0 + 0.5 * step; g < 110.0; g += step)
            sum += bt_photometry_at(w, along(c, g)) * sin(g * DEG) * step * step * DEG * DEG;
    CHECK_NEAR(bt_photometry_flux_lm(w) / sum, 1.0, 1e-6); // midpoint rule, step^2 / 24
    CHECK(bt_photometry_at(w, along(-20.5, 90.0)) == 0.0);
    CHECK_NEAR(bt_photometry_at(w, along(0.0, 90.0)), cd[10], 1e-9);
    CHECK_NEAR(bt_photometry_peak_cd(w), 115.0, 1e-12);
    bt_photometry_destroy(w);
}

// ---- files written here -------------------------------------------------------------------------
typedef struct text {
    char bytes[1 << 17];
    size_t count;
} text;

static void put(text *t, const char *format, ...) BT_PRINTF(2, 3);
static void put(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    t->count += (size_t)vsnprintf(t->bytes + t->count, sizeof t->bytes - t->count, format, args);
    va_end(args);
}

// A lamp with both symmetries, and one with none.
static double even_lamp(double plane_deg, double polar_deg)
{
    double x = sin(polar_deg * DEG) * cos(plane_deg * DEG);
    double y = sin(polar_deg * DEG) * sin(plane_deg * DEG);
    return floor(1000.0 * (1.0 + cos(polar_deg * DEG)) * (1.0 + 0.5 * x * x + 0.25 * y * y));
}

static double odd_lamp(double plane_deg, double polar_deg)
{
    return even_lamp(plane_deg, polar_deg) +
           floor(300.0 * sin(polar_deg * DEG) * (1.0 + cos((plane_deg - 35.0) * DEG)));
}

typedef double lamp(double plane_deg, double polar_deg);

#define STEP 15
#define POLARS 13

static void put_ies(text *t, const char *edition, lamp *l, int from_deg, int to_deg)
{
    t->count = 0;
    int planes = (to_deg - from_deg) / STEP + 1;
    if (edition[0]) put(t, "%s\r\n", edition);
    put(t, "[TEST] written by the test\r\nTILT=NONE\r\n");
    put(t, "1 1000 0.5 %d %d 1 2 0.1 0.1 0\r\n1.0 1.0 100\r\n", POLARS, planes);
    for (int g = 0; g < POLARS; g++)
        put(t, "%d%s", g * STEP, g % 7 == 6 ? "\r\n" : " ");
    put(t, "\r\n");
    for (int c = 0; c < planes; c++)
        put(t, "%d, ", from_deg + c * STEP);
    for (int c = 0; c < planes; c++)
        for (int g = 0; g < POLARS; g++)
            put(t, "%s%.17g", g % 5 ? " " : "\n", 2.0 * l(from_deg + c * STEP, g * STEP));
    put(t, "\n");
}

static void put_number(text *t, double value, char point)
{
    char number[40];
    snprintf(number, sizeof number, "%.17g", value);
    char *dot = strchr(number, '.');
    if (dot) *dot = point;
    put(t, "%s\n", number);
}

// 2000 lm of lamps and a factor of 0.25: numbers are twice the candela.
static void put_ldt(text *t, int isym, lamp *l, char point)
{
    static const int first[5] = {0, 0, 0, 270, 0}, last[5] = {345, 0, 180, 450, 90};
    t->count = 0;
    put(t, "company\n3\n%d\n24\n15\n13\n15\nreport\nlamp\nnumber\nfile\ndate\n", isym);
    for (int i = 0; i < 9; i++)
        put(t, "100\n");
    put(t, "100\n95%c5\n0%c25\n0\n1\n2\nLED\n2000\n4000\n80\n50\n", point, point);
    for (int i = 0; i < 10; i++)
        put(t, "0%c5\n", point);
    for (int c = 0; c < 24; c++)
        put(t, "%d\n", c * STEP);
    for (int g = 0; g < POLARS; g++)
        put(t, "%d\n", g * STEP);
    for (int c = first[isym]; c <= last[isym]; c += STEP)
        for (int g = 0; g < POLARS; g++)
            put_number(t, 2.0 * l(c % 360, g * STEP), point);
}

// At the grid's points the lamp, between them what another web of it gives.
static void check_lamp(const bt_photometric_web *w, lamp *l, const bt_photometric_web *same)
{
    double worst = 0.0;
    for (int c = -180; c <= 360; c += STEP)
        for (int g = STEP; g < 180; g += STEP)
            worst = fmax(worst, fabs(bt_photometry_at(w, along(c, g)) - l(c, g)));
    CHECK(worst < 1e-6);
    for (uint32_t i = 0; same && i < 200; i++) {
        double c = 360.0 * bt_random_unit(7, BT_STREAM_TEST, i, 0);
        double g = 180.0 * bt_random_unit(7, BT_STREAM_TEST, i, 1);
        CHECK_NEAR(bt_photometry_at(w, along(c, g)), bt_photometry_at(same, along(c, g)), 1e-7);
    }
    if (same) CHECK_NEAR(bt_photometry_flux_lm(w), bt_photometry_flux_lm(same), 1e-6);
}

static void test_one_lamp_many_forms(void)
{
    static const char *const editions[5] = {"", "IESNA91", "IESNA:LM-63-1995", "IESNA:LM-63-2002",
                                            "IES:LM-63-2019"};
    static const int spans[4][2] = {{0, 360}, {0, 180}, {0, 90}, {90, 270}};
    text *t = malloc(sizeof *t);
    bt_photometric_web *whole, *w;
    put_ies(t, editions[3], even_lamp, 0, 360);
    CHECK_OK(bt_ies_parse("whole.ies", t->bytes, t->count, &whole));
    check_lamp(whole, even_lamp, NULL);
    for (int e = 0; e < 5; e++)
        for (int s = 0; s < 4; s++) {
            put_ies(t, editions[e], even_lamp, spans[s][0], spans[s][1]);
            CHECK_OK(bt_ies_parse("lamp.ies", t->bytes, t->count, &w));
            check_lamp(w, even_lamp, whole);
            bt_photometry_destroy(w);
        }
    for (int isym = 0; isym < 5; isym++) {
        if (isym == 1) continue;
        put_ldt(t, isym, even_lamp, isym % 2 ? ',' : '.');
        CHECK_OK(bt_eulumdat_parse("lamp.ldt", t->bytes, t->count, &w));
        check_lamp(w, even_lamp, whole);
        bt_photometry_destroy(w);
    }
    bt_photometry_destroy(whole);

    // without symmetry; a last plane of 345 is the same as one of 360
    put_ies(t, "IESNA:LM-63-2002", odd_lamp, 0, 360);
    CHECK_OK(bt_ies_parse("odd.ies", t->bytes, t->count, &whole));
    put_ies(t, "IESNA:LM-63-2002", odd_lamp, 0, 345);
    CHECK_OK(bt_ies_parse("odd.ies", t->bytes, t->count, &w));
    check_lamp(w, odd_lamp, whole);
    bt_photometry_destroy(w);
    put_ldt(t, 0, odd_lamp, ',');
    CHECK_OK(bt_eulumdat_parse("odd.ldt", t->bytes, t->count, &w));
    check_lamp(w, odd_lamp, whole);
    bt_photometry_destroy(w);
    bt_photometry_destroy(whole);
    free(t);
}

static double round_lamp(double plane_deg, double polar_deg)
{
    (void)plane_deg;
    return floor(1000.0 * (1.0 + cos(polar_deg * DEG)));
}

static void test_round(void)
{
    text *t = malloc(sizeof *t);
    bt_photometric_web *a, *b;
    put_ies(t, "", round_lamp, 0, 0);
    CHECK_OK(bt_ies_parse("round.ies", t->bytes, t->count, &a));
    check_lamp(a, round_lamp, NULL);
    put_ldt(t, 1, round_lamp, '.');
    CHECK_OK(bt_eulumdat_parse("round.ldt", t->bytes, t->count, &b));
    check_lamp(b, round_lamp, a);
    bt_photometry_destroy(a);
    bt_photometry_destroy(b);
    free(t);
}

// ---- types A and B ------------------------------------------------------------------------------
// h to the right, v up.
static bt_vec3 type_a(double h_deg, double v_deg)
{
    return (bt_vec3){cos(v_deg * DEG) * cos(h_deg * DEG), -cos(v_deg * DEG) * sin(h_deg * DEG),
                     sin(v_deg * DEG)};
}
// v turns about the level axis, from straight down to the front; h leaves that plane to the right.
static bt_vec3 type_b(double h_deg, double v_deg)
{
    return (bt_vec3){cos(h_deg * DEG) * sin(v_deg * DEG), -sin(h_deg * DEG),
                     -cos(h_deg * DEG) * cos(v_deg * DEG)};
}

static void put_front(text *t, int type, int from_h, int from_v)
{
    t->count = 0;
    put(t, "IESNA:LM-63-2002\nTILT=NONE\n1 -1 1 %d %d %d 1 0 0 0\n1 1 10\n", (90 - from_v) / 30 + 1,
        (90 - from_h) / 30 + 1, type);
    for (int v = from_v; v <= 90; v += 30)
        put(t, "%d ", v);
    for (int h = from_h; h <= 90; h += 30)
        put(t, "%d ", h);
    for (int h = from_h; h <= 90; h += 30)
        for (int v = from_v; v <= 90; v += 30)
            put(t, "\n%d", 10000 + 20 * (from_h < 0 ? h : abs(h)) + v);
}

static void test_front_types(void)
{
    text *t = malloc(sizeof *t);
    for (int type = 2; type <= 3; type++)
        for (int from = -90; from <= 0; from += 90) {
            bt_photometric_web *w;
            put_front(t, type, from, -90);
            CHECK_OK(bt_ies_parse("front.ies", t->bytes, t->count, &w));
            for (int h = -60; w && h <= 60; h += 30)
                for (int v = -60; v <= 60; v += 30) {
                    bt_vec3 dir = type == 3 ? type_a(h, v) : type_b(h, v);
                    double want = 10000 + 20 * (from < 0 ? h : abs(h)) + v;
                    CHECK_NEAR(bt_photometry_at(w, dir), want, 1e-6);
                }
            bt_photometry_destroy(w);
        }
    free(t);
}

// ---- factors ------------------------------------------------------------------------------------
static double straight_down(const char *edition, const char *tilt, const char *ballast,
                            const char *path)
{
    text *t = malloc(sizeof *t);
    t->count = 0;
    put(t, "%s\nTILT=%s\n1 1000 2 2 1 1 1 0 0 0\n%s 10\n0 90\n0\n100 100\n", edition, tilt,
        ballast);
    bt_photometric_web *w = NULL;
    CHECK_OK(bt_ies_parse(path, t->bytes, t->count, &w));
    double cd = w ? bt_photometry_at(w, (bt_vec3){0, 0, -1}) : -1.0;
    bt_photometry_destroy(w);
    free(t);
    return cd;
}

static void test_factors(void)
{
    char folder[256], path[300];
    CHECK_NEAR(straight_down("IESNA:LM-63-2002", "NONE", "0.5 1", "a.ies"), 100.0, 1e-9);
    CHECK_NEAR(straight_down("IESNA91", "NONE", "0.5 0.5", "a.ies"), 50.0, 1e-9);
    CHECK_NEAR(straight_down("IESNA:LM-63-2002", "NONE", "0.5 0.5", "a.ies"), 100.0, 1e-9);
    const char *tilt = "INCLUDE\n1 3\n0 45 90\n0.9 0.8 0.7";
    CHECK_NEAR(straight_down("IESNA:LM-63-1995", tilt, "1 1", "a.ies"), 180.0, 1e-9);
    if (!temp_folder(folder, sizeof folder)) return;
    snprintf(path, sizeof path, "%s/lamp.tlt", folder);
    CHECK_OK(bt_file_write(path, "1 2\n-45 45\n0.5 0.7\n", 19));
    snprintf(path, sizeof path, "%s/lamp.ies", folder);
    CHECK_NEAR(straight_down("IESNA:LM-63-1995", "lamp.tlt", "1 1", path), 120.0, 1e-9);
    temp_folder_remove(folder);
}

// ---- bad files ----------------------------------------------------------------------------------
#define HEAD "IESNA:LM-63-2002\nTILT=NONE\n"
static void test_bad_ies(void)
{
    const struct {
        const char *text, *message;
    } bad[] = {
        {"", "bad.ies:0: no line TILT="},
        {"IESNA91\nhello\n", "bad.ies:2: no line TILT="},
        {"IESNA91\nTILT=../up\n", "bad.ies:2: TILT=../up: expected NONE, INCLUDE"},
        {"IESNA91\nTILT=gone.tlt\n", "bad.ies:2: TILT: "},
        {HEAD "1 1000 1 2 1 1 1 0 0 0", "ballast factor: the file ends too early"},
        {HEAD "1 1000 1 2 1 4 1 0 0 0", "bad.ies:3: photometric type is 4; expected 1 to 3"},
        {HEAD "1 1000 1\nx 1 1 1",
         "bad.ies:4: number of vertical angles: expected a number, got 'x'"},
        {HEAD "1 1000 1 2.5 1 1 1", "number of vertical angles is 2.5; expected a whole"},
        {HEAD "1 1000 1 99999 1 1 1", "vertical angles is 99999; expected 2 to 2048"},
        {HEAD "1 1000 1 2048 2048 1 1 0 0 0 1 1 1", "4194304 values; at most 1048576"},
        {HEAD "1 0 1 2 1 1 1 0 0 0 1 1 1 0 90 0 5 -5", "candela is -5; expected 0 to"},
        {HEAD "1 0 1 2 1 1 1 0 0 0 1 1 1 90 0 0 5 5", "polar angle 2 is 0 after 90"},
        {HEAD "1 0 1 2 2 1 1 0 0 0 1 1 1 0 90 0 70 5 5 5 5", "go from 0 to 70; type C expects"},
        {HEAD "1 0 1 2 2 3 1 0 0 0 1 1 1 0 95 0 70 5 5 5 5", "vertical angles go from 0 to 95"},
        {HEAD "1 0 1 2 1 1 1 0 0 0 1 1 1 0 90 0 nan 5", "candela: expected a number, got 'nan'"},
    };
    bt_photometric_web *w;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(bt_ies_parse("bad.ies", bad[i].text, strlen(bad[i].text), &w) != BT_OK && !w);
        CHECK_CONTAINS(bt_error_message(), bad[i].message);
        if (!strstr(bt_error_message(), bad[i].message)) puts(bt_error_message());
    }
    CHECK(bt_photometry_load("lamp.txt", &w) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "expected a photometric file, .ies or .ldt");
    CHECK(bt_photometry_load("no such.LDT", &w) == BT_ERR_IO);
}

// One line of a good file replaced.
static void check_bad_line(const text *good, int line, const char *by, const char *message)
{
    text *t = malloc(sizeof *t);
    t->count = 0;
    const char *at = good->bytes;
    for (int i = 1; *at; i++) {
        size_t length = strcspn(at, "\n");
        if (i == line)
            put(t, "%s\n", by);
        else
            put(t, "%.*s\n", (int)length, at);
        at += length + (at[length] == '\n');
    }
    bt_photometric_web *w;
    CHECK(bt_eulumdat_parse("bad.ldt", t->bytes, t->count, &w) != BT_OK && !w);
    CHECK_CONTAINS(bt_error_message(), message);
    if (!strstr(bt_error_message(), message)) puts(bt_error_message());
    free(t);
}

static void test_bad_ldt(void)
{
    text *t = malloc(sizeof *t);
    put_ldt(t, 4, even_lamp, '.');
    check_bad_line(t, 3, "5", "bad.ldt:3: Isym is 5; expected 0 to 4");
    check_bad_line(t, 4, "x", "bad.ldt:4: Mc, the number of C planes: expected a number, got 'x'");
    check_bad_line(t, 4, "21", "21 C planes with Isym 4; expected a multiple of 4");
    check_bad_line(t, 6, "1", "bad.ldt:6: Ng, intensities per C plane is 1; expected 2 to 2048");
    check_bad_line(t, 24, "", "bad.ldt:24: conversion factor: expected a number, got ''");
    check_bad_line(t, 26, "0", "bad.ldt:26: number of sets of lamps is 0");
    check_bad_line(t, 45, "0", "plane angle 3 is 0 after 15");
    check_bad_line(t, 90, "-1", "bad.ldt:90: intensity is -1; expected 0 to 1e+09");
    put_ldt(t, 4, even_lamp, '.');
    bt_photometric_web *w;
    CHECK(bt_eulumdat_parse("cut.ldt", t->bytes, t->count / 2, &w) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "the file ends too early");
    free(t);
}

typedef bt_status parse(const char *path, const char *text, size_t count, bt_photometric_web **web);

// Damaged files: refused, or a web that holds what webs promise.
static void fuzz(parse *reader, const text *good, uint64_t variants)
{
    char *bad = malloc(good->count + 16);
    uint64_t accepted = 0;
    for (uint64_t i = 0; i < variants; i++) {
        size_t count = mutate(good->bytes, good->count, i, bad);
        bt_photometric_web *w;
        if (reader("fuzz", bad, count, &w) != BT_OK) {
            CHECK(w == NULL && bt_error_message()[0] != '\0');
            continue;
        }
        accepted++;
        CHECK_OK(bt_photometry_check(w));
        CHECK(isfinite(bt_photometry_flux_lm(w)) && bt_photometry_flux_lm(w) >= 0.0);
        bt_photometry_destroy(w);
    }
    CHECK(accepted > 0 && accepted < variants);
    free(bad);
}

static void test_fuzz(void)
{
    text *t = malloc(sizeof *t);
    put_ies(t, "IESNA:LM-63-2002", odd_lamp, 0, 180);
    fuzz(bt_ies_parse, t, 3000);
    put_front(t, 2, 0, -90);
    fuzz(bt_ies_parse, t, 3000);
    put_ldt(t, 4, even_lamp, ',');
    fuzz(bt_eulumdat_parse, t, 3000);
    put_ldt(t, 1, round_lamp, '.');
    fuzz(bt_eulumdat_parse, t, 3000);
    free(t);
}

int main(void)
{
    test_lambert_flux();
    test_flux_is_the_integral();
    test_one_lamp_many_forms();
    test_round();
    test_front_types();
    test_factors();
    test_bad_ies();
    test_bad_ldt();
    test_fuzz();
    return check_end();
}
