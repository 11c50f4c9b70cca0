// bench_test.c: the bench's own arithmetic, its files, its refusals, and every shipped sheet before it.
#include "sensors/bench/bench.h"
#include "sensors/bench/bench_internal.h"
#include "sensors/camera/camera_lua.h"

#include <stdlib.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "tests/support/check.h"
#include "tests/support/sanitized.h"
#include "tests/support/temp.h"

static const char *const roots[] = {"assets", "tests/sensors/bench"};
static const char *const sheets[] = {"front_1mp",    "fisheye_190",    "eight_wide", "eight_narrow",
                                     "eight_pillar", "eight_repeater", "eight_rear", "ar0231",
                                     "ox03c10",      "imx490"};
static bt_camera_sheet sheet;

static bt_bench_desc desc_of(const char *chart, const char *out)
{
    return (bt_bench_desc){.sheet = &sheet,
                           .chart = chart,
                           .out = out,
                           .assets = "assets",
                           .width_px = 16,
                           .height_px = 16,
                           .samples = 4,
                           .seed = 3};
}

// The way back from a pixel is the way there, for every shipped lens.
static void test_projections(void)
{
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        char name[64];
        snprintf(name, sizeof name, "cameras/%s.lua", sheets[i]);
        CHECK_OK(bt_camera_sheet_load(name, roots, 2, &sheet));
        for (int k = 0; k < 9; k++) {
            double x, y, u = 0.1 + 0.4 * (k % 3), v = 0.1 + 0.4 * (k / 3);
            double px = u * bt_sheet_get(&sheet, BT_SHEET_WIDTH_PX);
            double py = v * bt_sheet_get(&sheet, BT_SHEET_HEIGHT_PX);
            bt_vec3 way = bench_unproject(&sheet, px, py);
            bench_project(&sheet, bt_vec3_scale(way, 7.0), &x, &y);
            CHECK_NEAR(x, px, 1e-6);
            CHECK_NEAR(y, py, 1e-6);
        }
    }
}

// A window sees what the array saw there, also where its principal point lies left of it: at -1, which would mean its
// middle, too.
static void test_window(void)
{
    for (int i = 0; i < 3; i++) {
        static const double first_px[] = {480.0, 320.0,
                                          320.5}; // the last one's principal point is at -1
        bench b;
        bt_lens lens;
        double x, y;
        CHECK_OK(bt_camera_sheet_load("mono.lua", roots, 2, &b.sheet));
        b.truth = b.sheet;
        bt_vec3 way = bench_unproject(&b.truth, first_px[i] + 7.0, 11.0);
        bench_window(&b, first_px[i], 0.0, 160, 160);
        bench_project(&b.truth, way, &x, &y);
        CHECK_NEAR(x, 7.0, 1e-5);
        CHECK_NEAR(y, 11.0, 1e-5);
        bt_sheet_lens(&b.sheet, &lens);
        CHECK_NEAR((double)lens.cx, 319.5 - first_px[i], 1e-5);
    }
}

// Every shipped sensor with each kind of lens is read out before an even light, and keeps its promise. (The other
// sheets are front_1mp's sensor behind one of these lenses; tests/bench/every_sheet.sh takes all to all charts.)
static void test_sheets(const char *out)
{
    static const char *const shone_on[] = {"front_1mp", "fisheye_190", "eight_wide",
                                           "ar0231",    "ox03c10",     "imx490"};
    for (size_t i = 0; i < sizeof shone_on / sizeof *shone_on; i += SANITIZED_SHARE) {
        char name[64];
        bt_bench_result result;
        bt_bench_desc desc = desc_of("energy", out);
        snprintf(name, sizeof name, "cameras/%s.lua", shone_on[i]);
        CHECK_OK(bt_camera_sheet_load(name, roots, 2, &sheet));
        desc.samples = sheet.read_count > 1 ? 256 : 128; // exposures share the samples
        CHECK_OK(bt_bench_run(&desc, &result));
        printf("%s: %u of %u off\n", shone_on[i], result.failed, result.scored);
        CHECK(result.scored % 9 == 0 && result.scored > 0 && result.failed == 0);
    }
}

static char *read_text(const char *out, const char *name)
{
    char path[4096], *text = NULL;
    size_t count;
    CHECK_OK(bt_path_join(path, sizeof path, out, name));
    CHECK_OK(bt_file_read(path, 0, &text, &count));
    return text;
}

// The same seed gives the same bytes for any number of threads; another seed others.
static void test_repeats(const char *out)
{
    char *texts[3];
    for (int i = 0; i < 3; i++) {
        bt_jobs *jobs = NULL;
        bt_bench_result result;
        bt_bench_desc desc = desc_of("dark", out);
        if (i == 1) CHECK_OK(bt_jobs_create(3, &jobs));
        desc.jobs = jobs;
        desc.seed = i == 2 ? 4 : 3;
        CHECK_OK(bt_camera_sheet_load("mono.lua", roots, 2, &sheet));
        CHECK_OK(bt_bench_run(&desc, &result));
        texts[i] = read_text(out, "dark.csv");
        bt_jobs_destroy(jobs);
    }
    CHECK(strcmp(texts[0], texts[1]) == 0);
    CHECK(strcmp(texts[0], texts[2]) != 0);
    for (int i = 0; i < 3; i++)
        bt_free(texts[i]);
}

static void test_report(const char *out)
{
    bt_bench_result result;
    bt_bench_desc desc = desc_of("dark", out);
    desc.report = true;
    CHECK_OK(bt_bench_run(&desc, &result));
    char *text = read_text(out, "report.html");
    CHECK_CONTAINS(text, "<svg");
    CHECK_CONTAINS(text, "dark_doubling");
    bt_free(text);
}

static void test_bad_input(const char *out)
{
    bt_bench_result result;
    bt_bench_desc desc = desc_of("flatfield", out);
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "no chart 'flatfield'; there are flat-field, spatial");
    desc = desc_of("flat-field", out);
    desc.width_px = 17;
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "even sizes");
    desc = desc_of("flat-field", out);
    desc.steps = 2;
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "at least 8");
    // so few pixels would call a good camera bad
    desc = desc_of("flat-field", out);
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "expected a larger picture or more steps");
    desc = desc_of("colors", out);
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "expected at least 48 x 32");
}

// Light of a pulsed lamp, sampled by one ray a row: refused, and nothing is scored.
static void test_refusal(const char *out)
{
    char path[4096];
    bt_bench_result result;
    bt_bench_desc desc = desc_of("flicker", out);
    CHECK_OK(bt_camera_sheet_load("mono.lua", roots, 2, &sheet));
    desc.samples = 1;
    desc.steps = 1;
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "light's own noise is");
    CHECK_CONTAINS(bt_error_message(), "give --samples ");
    CHECK_OK(bt_path_join(path, sizeof path, out, "scores.csv"));
    CHECK_OK(bt_file_remove(path));
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT && result.scored == 0);
    CHECK(!bt_file_exists(path));
    desc = desc_of("edges", out);
    desc.width_px = desc.height_px = 96;
    desc.samples = desc.steps = desc.reads = 1;
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "light's own noise is");
    // every chart that shines says how noisy it was
    desc = desc_of("energy", out);
    desc.samples = 64;
    CHECK_OK(bt_bench_run(&desc, &result));
    char *text = read_text(out, "note.txt");
    CHECK_CONTAINS(text, "light's own noise: at most");
    bt_free(text);
}

// A flat chart is not before a fisheye's rim.
static void test_out_of_sight(const char *out)
{
    bt_bench_result result;
    bt_bench_desc desc = desc_of("edges", out);
    CHECK_OK(bt_camera_sheet_load("cameras/fisheye_190.lua", roots, 2, &sheet));
    desc.width_px = desc.height_px = 96;
    desc.steps = 1;
    CHECK(bt_bench_run(&desc, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "degrees off the axis");
    CHECK_CONTAINS(bt_error_message(), "give a smaller --size, or --steps");
}

// Share of rows of the quantity that are off.
static int off_rows(const char *out, const char *quantity)
{
    char *text = read_text(out, "scores.csv"), *rest = NULL;
    int off = 0;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        size_t length = strlen(line);
        off +=
            strncmp(line, quantity, strlen(quantity)) == 0 && strcmp(line + length - 3, ",no") == 0;
    }
    bt_free(text);
    return off;
}

typedef struct mutation {
    const char *chart, *quantity;
    bt_sheet_key key;
    double factor;
    uint32_t samples, steps, width_px, height_px, reads;
} mutation;

// A camera that breaks its word in one number: that quantity is off, no other, and none with its own sheet.
static void test_mutations(const char *out)
{
    static const mutation mutations[] = {
        {"dark", "dark_current", BT_SHEET_DARK_CURRENT_E_S, 1.1, 1, 2, 64, 64, 4},
        {"dark", "dark_", BT_SHEET_DARK_DOUBLING_KELVIN, 1.1, 1, 2, 64, 64, 4},
        {"rolling", "row_time", BT_SHEET_ROW_TIME_S, 1.004, 256, 1, 128, 96, 16},
        {"energy", "electrons", BT_SHEET_F_NUMBER, 1.02, 64, 1, 16, 16, 1},
    };
    for (size_t i = 0; i < sizeof mutations / sizeof *mutations; i++) {
        const mutation *m = &mutations[i];
        bt_camera_sheet truth;
        bt_bench_result result[2];
        bt_bench_desc desc = desc_of(m->chart, out);
        CHECK_OK(bt_camera_sheet_load("mono.lua", roots, 2, &sheet));
        truth = sheet;
        desc.samples = m->samples;
        desc.steps = m->steps;
        desc.width_px = m->width_px;
        desc.height_px = m->height_px;
        desc.reads = m->reads;
        desc.truth = &truth;
        CHECK_OK(bt_bench_run(&desc, &result[0]));
        CHECK(result[0].failed == 0);
        sheet.numbers[m->key].value *= m->factor;
        CHECK_OK(bt_bench_run(&desc, &result[1]));
        int off = off_rows(out, m->quantity);
        printf("%s: %u of %u off, %d of them %s\n", m->chart, result[1].failed, result[1].scored,
               off, m->quantity);
        CHECK(off > 0 && (uint32_t)off == result[1].failed);
    }
}

int main(void)
{
    char out[256];
    CHECK(temp_folder(out, sizeof out));
    test_projections();
    test_window();
    test_sheets(out);
    test_repeats(out);
    test_report(out);
    test_bad_input(out);
    test_refusal(out);
    test_out_of_sight(out);
    test_mutations(out);
    temp_folder_remove(out);
    return check_end();
}
