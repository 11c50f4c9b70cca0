// camera_command.c: `blacktop camera bench|sheet`.
#include "engine/app/camera_command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/app/arguments.h"
#include "engine/app/assets.h"
#include "engine/app/exit_code.h"
#include "engine/core/memory.h"
#include "sensors/bench/bench.h"
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/sheet_text.h"

static const char help[] =
    "usage: blacktop camera sheet SHEET.lua [--json]\n"
    "       blacktop camera bench SHEET.lua --chart NAME --out DIR [options]\n"
    "\n"
    "  sheet   the data sheet in the manner of EMVA 1288: every number with its unit, where it is\n"
    "          from and what follows from it; what is assumed is marked\n"
    "  bench   the virtual laboratory: a chart before the camera, as files that outside "
    "evaluators\n"
    "          read, and the true values; bench --help lists charts\n";

static const char bench_help[] =
    "usage: blacktop camera bench SHEET.lua --chart NAME --out DIR [options]\n"
    "\n"
    "Renders a chart with the shipping renderer, reads it with the camera of the sheet, and "
    "writes\n"
    "what a laboratory writes: images, a table of true values with allowed deviations and the\n"
    "standard error that Monte-Carlo light brings (truth.csv), what the bench measured itself\n"
    "(scores.csv), and how (note.txt).\n"
    "\n"
    "  --chart NAME     see below\n"
    "  --out DIR        where to; made if absent\n"
    "  --size WxH       pixels that are read out; most charts window the array, so that a pixel\n"
    "                   stays the sheet's pixel\n"
    "  --steps N        exposures, poses, lights, lamps, panes, or places with their wavelengths\n"
    "                   and distances, by chart\n"
    "  --samples N      of light, per pixel and render (there are two); with corners and points the\n"
    "                   most. Light whose variance is above 2 % of shot noise's is not scored\n"
    "  --reads N        frames of a stack or of a mean\n"
    "  --seed N         of light, noise and poses (default 1)\n"
    "  --threads N      default: every processor; results do not depend on it\n"
    "  --report         also report.html: figures, values beside truth, pass or fail\n"
    "  --truth SHEET    true values of another sheet: a camera that breaks its word fails\n"
    "\n"
    "Charts:\n";

static const char bench_help_end[] = "\n"
                                     "A sensor of several reads: flat-field, spatial and steps take "
                                     "each read by itself (steps\n"
                                     "what is fused as well); energy each photodiode's light; "
                                     "windshield, star, headlamp, retro and flare\n"
                                     "but for flare_counts, the light of the first exposure, before "
                                     "it is read; all others what\n"
                                     "is fused, expanded, which in light as weak as that of rolling "
                                     "is the most sensitive read.\n"
                                     "note.txt says what was read.\n"
                                     "\n"
                                     "Exit codes: 0 done; 1 a quantity that the bench measures "
                                     "itself is off; 2 bad input, or light\n"
                                     "too noisy to score.\n";

typedef struct options {
    const char *sheet, *truth;
    uint32_t threads;
    bt_bench_desc desc;
} options;

static void print_bench_help(void)
{
    fputs(bench_help, stdout);
    for (size_t i = 0; i < bt_bench_chart_count(); i++) {
        const bt_bench_chart_info *info = bt_bench_chart_get(i);
        printf("  %-13s %s\n%16s%s\n", info->name, info->summary, "", info->files);
    }
    fputs(bench_help_end, stdout);
}

// ---- options ----------------------------------------------------------------------------------
static const struct option names[] = {
    {"chart", required_argument, NULL, 'c'},
    {"out", required_argument, NULL, 'o'},
    {"size", required_argument, NULL, 's'},
    {"steps", required_argument, NULL, 'n'},
    {"samples", required_argument, NULL, 'l'},
    {"reads", required_argument, NULL, 'r'},
    {"seed", required_argument, NULL, 'e'},
    {"threads", required_argument, NULL, 't'},
    {"report", no_argument, NULL, 'p'},
    {"truth", required_argument, NULL, 'u'},
    {NULL, 0, NULL, 0},
};

static bt_status take_option(int letter, options *o)
{
    bt_bench_desc *desc = &o->desc;
    switch (letter) {
    case 'c':
        desc->chart = optarg;
        return BT_OK;
    case 'o':
        desc->out = optarg;
        return BT_OK;
    case 's':
        return bt_argument_size("--size", optarg, 8192, &desc->width_px, &desc->height_px);
    case 'p':
        desc->report = true;
        return BT_OK;
    case 'u':
        o->truth = optarg;
        return BT_OK;
    case 'e':
        return bt_argument_u64("--seed", optarg, 0, UINT64_MAX, &desc->seed);
    case 'n':
        return bt_argument_u32("--steps", optarg, 1, 10000, &desc->steps);
    case 'l':
        return bt_argument_u32("--samples", optarg, 1, 65536, &desc->samples);
    case 'r':
        return bt_argument_u32("--reads", optarg, 1, 10000, &desc->reads);
    default:
        return bt_argument_u32("--threads", optarg, 1, 1024, &o->threads);
    }
}

static bt_status parse_bench(int argc, char **argv, options *o)
{
    *o = (options){.desc = {.seed = 1}};
    optind = 0; // getopt starts again
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (letter == '?')
            return bt_fail(BT_ERR_INPUT,
                           "camera bench: '%.60s' is no option, or lacks its value; see "
                           "blacktop camera bench --help",
                           argv[optind - 1]);
        bt_status status = take_option(letter, o);
        if (status != BT_OK) return status;
    }
    if (optind != argc - 1)
        return bt_fail(BT_ERR_INPUT, "camera bench: expected one sheet; see blacktop camera bench "
                                     "--help");
    o->sheet = argv[optind];
    if (!o->desc.chart) return bt_fail(BT_ERR_INPUT, "camera bench: --chart is missing");
    if (!o->desc.out) return bt_fail(BT_ERR_INPUT, "camera bench: --out is missing");
    return BT_OK;
}

// ---- bench ------------------------------------------------------------------------------------
static bt_status load_sheet(const char *path, const char *assets, bt_camera_sheet *sheet)
{
    const char *roots[] = {assets};
    bt_status status = bt_camera_sheet_load(path, roots, 1, sheet);
    return status == BT_ERR_IO ? bt_fail_prefix(BT_ERR_INPUT, "sheet") : status;
}

static bt_status run_bench(options *o, bt_camera_sheet sheets[2], bt_bench_result *result)
{
    char assets[4096];
    bt_status status = bt_assets_find(assets, sizeof assets);
    if (status == BT_OK) status = load_sheet(o->sheet, assets, &sheets[0]);
    if (status == BT_OK && o->truth) status = load_sheet(o->truth, assets, &sheets[1]);
    if (status == BT_OK) status = bt_jobs_create(o->threads, &o->desc.jobs);
    if (status != BT_OK) return status;
    o->desc.sheet = &sheets[0];
    o->desc.truth = o->truth ? &sheets[1] : NULL;
    o->desc.assets = assets;
    status = bt_bench_run(&o->desc, result);
    bt_jobs_destroy(o->desc.jobs);
    return status;
}

static int bench_command(int argc, char **argv)
{
    options o;
    bt_bench_result result = {0};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        print_bench_help();
        return BT_EXIT_DONE;
    }
    bt_status status = parse_bench(argc, argv, &o);
    bt_camera_sheet *sheets = bt_alloc(2, sizeof *sheets);
    if (status == BT_OK && !sheets) status = bt_fail(BT_ERR_MEMORY, "no memory for sheets");
    if (status == BT_OK) status = run_bench(&o, sheets, &result);
    bt_free(sheets);
    if (status != BT_OK) return bt_exit_failure(status);
    printf("%s: %u quantities measured here, %u off; true values in %s/truth.csv\n", o.desc.chart,
           result.scored, result.failed, o.desc.out);
    return result.failed ? BT_EXIT_VERDICT : BT_EXIT_DONE;
}

// ---- sheet ------------------------------------------------------------------------------------
static bt_status print_sheet(const char *path, bool json)
{
    char assets[4096], *text = NULL;
    bt_camera_sheet *sheet = bt_alloc(1, sizeof *sheet);
    if (!sheet) return bt_fail(BT_ERR_MEMORY, "no memory for a sheet");
    bt_status status = bt_assets_find(assets, sizeof assets);
    if (status == BT_OK) status = load_sheet(path, assets, sheet);
    if (status == BT_OK)
        status =
            json ? bt_camera_sheet_text_json(sheet, &text) : bt_camera_sheet_text(sheet, &text);
    if (status == BT_OK) puts(text);
    bt_free(text);
    bt_free(sheet);
    return status;
}

static int sheet_command(int argc, char **argv)
{
    bool json = argc == 3 && strcmp(argv[2], "--json") == 0;
    if (argc < 2 || argv[1][0] == '-' || argc > 3 || (argc == 3 && !json))
        return bt_exit_usage("camera sheet: expected SHEET.lua and perhaps --json");
    bt_status status = print_sheet(argv[1], json);
    return status == BT_OK ? BT_EXIT_DONE : bt_exit_failure(status);
}

int bt_camera_command(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return BT_EXIT_DONE;
    }
    if (argc >= 2 && strcmp(argv[1], "sheet") == 0) return sheet_command(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "bench") == 0) return bench_command(argc - 1, argv + 1);
    return bt_exit_usage("camera: expected sheet or bench; see blacktop camera --help");
}
