// run_options.c: see run_options.h.
#include "engine/app/run_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "engine/app/arguments.h"
#include "engine/label/clip.h"

const char bt_run_help[] =
    "usage: blacktop run SCENARIO.lua|FILE.xosc --out DIR [options]\n"
    "\n"
    "Runs a scenario, closed loop with its autopilot, and writes a labelled clip to DIR.\n"
    "A run that was killed is completed by the same command.\n"
    "\n"
    "  --out DIR            where the clip goes; made if absent\n"
    "  --set KEY=VALUE      a setting, distribution or parameter of the scenario (repeatable):\n"
    "                       blacktop scenario parameters lists them\n"
    "  --seed N             instead of the scenario's seed\n"
    "  --frames A:B         render only frames A to B, both included (A, A: and :B work too)\n"
    "  --spp N              light samples per pixel, 1 to 65536\n"
    "  --sensor-share F     end a pixel before that, from 16 samples on, when the variance they\n"
    "                       leave is below F of its own shot and read noise, 0 to 1 (0.02: no eye\n"
    "                       sees it, but by day it takes thousands); 0, unless the scenario says\n"
    "                       otherwise: all samples everywhere. Writes .samples.exr maps\n"
    "  --by-need            --spp is a pixel's mean: samples go where the sensor sees most of\n"
    "                       their noise. From 24 on; unbiased. Writes .samples.exr maps\n"
    "  --denoise            smooth light's sampling noise out of every frame before the sensor\n"
    "                       reads it; recorded in clip.json\n"
    "  --size WxH           picture size; the field of view stays\n"
    "  --cameras LIST       only these cameras, comma-separated\n"
    "  --labels LIST        of depth,normal,flow,instance,semantic,boxes; or all (default), none\n"
    "  --images on|off      8-bit images besides the raw ones (default on)\n"
    "  --raw fused|reads    fused: the raw picture as the sensor sends it; reads: each of the "
    "reads that\n"
    "                       an HDR sensor fuses as well, .read_NAME.png (default fused)\n"
    "  --backend cpu|vulkan|vulkan-rt\n"
    "                       where light is traced (default: the scenario's, which is cpu).\n"
    "                       vulkan-rt: what keeps still is met by the device's own ray tracing\n"
    "                       (VK_KHR_ray_tracing_pipeline); bench.vulkan_rays says whether that is\n"
    "                       faster: an H200, which has no units for it, is slower\n"
    "  --threads N          default: every processor; results do not depend on it\n"
    "  --ahead on|off       of endless roads, the next window is made on a thread of its own while "
    "the\n"
    "                       run goes on (default on); off: when it is needed, in less memory. "
    "Results\n"
    "                       do not depend on it\n"
    "  --autopilot FILE     another Lua autopilot than the scenario's\n"
    "  --quiet              no progress, no notes\n"
    "  --help\n"
    "\n"
    "Exit codes: 0 done; 1 the verdict is fail; 2 bad input; 75 try again (disk, memory);\n"
    "128+n ended by signal n, with nothing half-written.\n";

bool bt_list_holds(const char *list, const char *name)
{
    if (!list) return true;
    size_t count = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',')) {
        if (*at == ',') at++;
        size_t word = strcspn(at, ",");
        if (word == count && memcmp(at, name, count) == 0) return true;
    }
    return false;
}

// A, A:B, A: or :B
static bt_status parse_frames(const char *text, bt_run_options *options)
{
    char first[32], last[32];
    size_t before = strcspn(text, ":");
    bool range = text[before] == ':';
    options->first_frame = 0;
    options->last_frame = UINT64_MAX;
    if (before >= sizeof first || strlen(text + before) > sizeof last || text[0] == '\0' ||
        strcmp(text, ":") == 0)
        return bt_fail(BT_ERR_INPUT, "--frames %s: expected A:B, two frame numbers", text);
    snprintf(first, sizeof first, "%.*s", (int)before, text);
    snprintf(last, sizeof last, "%s", range ? text + before + 1 : first);
    bt_status status = BT_OK;
    if (first[0]) status = bt_argument_u64("--frames", first, 0, 999999, &options->first_frame);
    if (status == BT_OK && last[0])
        status = bt_argument_u64("--frames", last, 0, 999999, &options->last_frame);
    if (status == BT_OK && options->first_frame > options->last_frame)
        return bt_fail(BT_ERR_INPUT, "--frames %s: the first frame comes after the last", text);
    options->has_frames = true;
    return status;
}

static bt_status parse_raw(const char *text, bt_run_options *options)
{
    options->reads = strcmp(text, "reads") == 0;
    if (options->reads || strcmp(text, "fused") == 0) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "--raw %s: expected fused or reads", text);
}

static bt_status parse_backend(const char *text, bt_run_options *options)
{
    options->has_backend = true;
    for (int i = 0; i < BT_BACKENDS; i++) {
        options->backend = (bt_backend)i;
        if (strcmp(text, bt_backend_names[i]) == 0) return BT_OK;
    }
    return bt_fail(BT_ERR_INPUT, "--backend %s: expected cpu, vulkan or vulkan-rt", text);
}

enum {
    OPTION_OUT = 256,
    OPTION_SET,
    OPTION_SEED,
    OPTION_FRAMES,
    OPTION_SPP,
    OPTION_SENSOR_SHARE,
    OPTION_BY_NEED,
    OPTION_DENOISE,
    OPTION_SIZE,
    OPTION_CAMERAS,
    OPTION_LABELS,
    OPTION_IMAGES,
    OPTION_RAW,
    OPTION_BACKEND,
    OPTION_THREADS,
    OPTION_AHEAD,
    OPTION_AUTOPILOT,
    OPTION_QUIET,
    OPTION_HELP,
};

static const struct option long_options[] = {
    {"out", required_argument, NULL, OPTION_OUT},
    {"set", required_argument, NULL, OPTION_SET},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"frames", required_argument, NULL, OPTION_FRAMES},
    {"spp", required_argument, NULL, OPTION_SPP},
    {"sensor-share", required_argument, NULL, OPTION_SENSOR_SHARE},
    {"by-need", no_argument, NULL, OPTION_BY_NEED},
    {"denoise", no_argument, NULL, OPTION_DENOISE},
    {"size", required_argument, NULL, OPTION_SIZE},
    {"cameras", required_argument, NULL, OPTION_CAMERAS},
    {"labels", required_argument, NULL, OPTION_LABELS},
    {"images", required_argument, NULL, OPTION_IMAGES},
    {"raw", required_argument, NULL, OPTION_RAW},
    {"backend", required_argument, NULL, OPTION_BACKEND},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"ahead", required_argument, NULL, OPTION_AHEAD},
    {"autopilot", required_argument, NULL, OPTION_AUTOPILOT},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bt_status parse_option(int option, char *value, bt_run_options *options)
{
    switch (option) {
    case OPTION_OUT:
        options->out = value;
        return BT_OK;
    case OPTION_SET:
        return bt_settings_add(&options->settings, value);
    case OPTION_SEED:
        options->has_seed = true;
        return bt_argument_u64("--seed", value, 0, UINT64_MAX, &options->seed);
    case OPTION_FRAMES:
        return parse_frames(value, options);
    case OPTION_SPP:
        return bt_argument_u32("--spp", value, 1, 65536, &options->samples);
    case OPTION_SENSOR_SHARE:
        options->has_sensor_share = true;
        return bt_argument_number("--sensor-share", value, 0.0, 1.0, &options->sensor_share);
    case OPTION_BY_NEED:
        options->by_need = true;
        return BT_OK;
    case OPTION_DENOISE:
        options->denoise = true;
        return BT_OK;
    case OPTION_SIZE:
        return bt_argument_size("--size", value, 16384, &options->width_px, &options->height_px);
    case OPTION_CAMERAS:
        options->cameras = value;
        return BT_OK;
    case OPTION_LABELS:
        return bt_label_parse(value, &options->labels);
    case OPTION_IMAGES:
        return bt_argument_switch("--images", value, &options->images);
    case OPTION_RAW:
        return parse_raw(value, options);
    case OPTION_BACKEND:
        return parse_backend(value, options);
    case OPTION_THREADS:
        return bt_argument_u32("--threads", value, 1, 1024, &options->threads);
    case OPTION_AHEAD:
        return bt_argument_switch("--ahead", value, &options->ahead);
    case OPTION_AUTOPILOT:
        options->autopilot = value;
        return BT_OK;
    case OPTION_QUIET:
        options->quiet = true;
        return BT_OK;
    case OPTION_HELP:
        options->help = true;
        return BT_OK;
    default:
        return bt_fail(BT_ERR_INTERNAL, "option %d has no handler", option);
    }
}

bt_status bt_run_options_parse(int argc, char **argv, bt_run_options *options)
{
    memset(options, 0, sizeof *options);
    options->labels = BT_LABEL_ALL;
    options->images = true;
    options->ahead = true;
    opterr = 0;
    optind = 0;
    for (int option; (option = getopt_long(argc, argv, ":", long_options, NULL)) != -1;) {
        if (option == ':')
            return bt_fail(BT_ERR_INPUT, "%s needs a value; see blacktop run --help",
                           argv[optind - 1]);
        if (option == '?')
            return bt_fail(BT_ERR_INPUT, "unknown option %s; see blacktop run --help",
                           argv[optind - 1]);
        bt_status status = parse_option(option, optarg, options);
        if (status != BT_OK || options->help) return status;
    }
    if (optind != argc - 1)
        return bt_fail(BT_ERR_INPUT, "expected one scenario file, got %d; see blacktop run --help",
                       argc - optind);
    options->scenario = argv[optind];
    if (options->by_need && options->has_sensor_share)
        return bt_fail(BT_ERR_INPUT, "--by-need and --sensor-share: give one of them");
    if (!options->out)
        return bt_fail(BT_ERR_INPUT, "where to? give --out DIR; see blacktop run --help");
    return BT_OK;
}
