// scenario_command.c: see scenario_command.h.
#include "engine/app/scenario_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/app/arguments.h"
#include "engine/app/assets.h"
#include "engine/app/exit_code.h"
#include "engine/app/rehearsal.h"
#include "engine/app/scenario.h"
#include "engine/app/terminal.h"
#include "engine/openscenario/openscenario.h"

static const char help[] =
    "usage: blacktop scenario parameters FILE [--seed N] [--set KEY=VALUE]\n"
    "       blacktop scenario coverage FILE.xosc [--set KEY=VALUE]\n"
    "       blacktop scenario play FILE [--seed N] [--set KEY=VALUE] [--seconds S] [--csv S]\n"
    "                          [--autopilot FILE] [--ahead on|off]\n"
    "\n"
    "parameters  what may be set from outside, by name: kind, range, and the value that this seed "
    "draws\n"
    "coverage    which elements of an OpenSCENARIO file are supported, ignored, refused\n"
    "play        rehearses without light: prints the verdict; --csv S: where everybody is, every "
    "S\n"
    "            seconds (0: every step); --ahead off: the next window of an endless road is made "
    "when\n"
    "            it is needed, not on a thread of its own before (same results)\n"
    "\n"
    "Exit codes: 0 done; 1 the verdict is fail, or something is refused; 2 bad input.\n";

#define LONGEST_S 1e6

typedef struct options {
    const char *file, *autopilot;
    bt_settings settings;
    bool has_seed, csv, ahead, help;
    uint64_t seed;
    double seconds, csv_step_s;
} options;

// ---- command line -----------------------------------------------------------------------------
static bt_status parse_option(const char *option, char *value, options *o)
{
    if (!value) return bt_fail(BT_ERR_INPUT, "%s: a value is missing", option);
    if (strcmp(option, "--set") == 0) return bt_settings_add(&o->settings, value);
    if (strcmp(option, "--seed") == 0) {
        o->has_seed = true;
        return bt_argument_u64(option, value, 0, UINT64_MAX, &o->seed);
    }
    if (strcmp(option, "--seconds") == 0)
        return bt_argument_number(option, value, 0.01, LONGEST_S, &o->seconds);
    if (strcmp(option, "--csv") == 0) {
        o->csv = true;
        return bt_argument_number(option, value, 0.0, LONGEST_S, &o->csv_step_s);
    }
    if (strcmp(option, "--ahead") == 0) return bt_argument_switch(option, value, &o->ahead);
    if (strcmp(option, "--autopilot") == 0) {
        o->autopilot = value;
        return BT_OK;
    }
    return bt_fail(BT_ERR_INPUT,
                   "scenario: unknown option %s; accepted: --set, --seed, --seconds, --csv, "
                   "--autopilot, --ahead",
                   option);
}

static bt_status parse(int argc, char **argv, options *o)
{
    for (int i = 2; i < argc; i++) {
        bt_status status = BT_OK;
        if (argv[i][0] != '-' && !o->file)
            o->file = argv[i];
        else if (argv[i][0] != '-')
            status = bt_fail(BT_ERR_INPUT, "scenario: one file, please: %s", argv[i]);
        else
            status = parse_option(argv[i], i + 1 < argc ? argv[i + 1] : NULL, o), i++;
        if (status != BT_OK) return status;
    }
    return o->file ? BT_OK : bt_fail(BT_ERR_INPUT, "scenario: which file?");
}

static bt_status load(options *o, char *assets, size_t size, bt_scenario *scenario)
{
    bt_status status = bt_assets_find(assets, size);
    if (status != BT_OK) return status;
    return bt_scenario_load(o->file, assets, &o->settings, o->has_seed ? &o->seed : NULL, scenario);
}

// ---- parameters -------------------------------------------------------------------------------
static void print_parameter(const bt_parameter *p)
{
    printf("%-24s %-8s %-24s ", p->name, bt_parameter_kind_names[p->kind], p->value);
    if (p->kind == BT_PARAMETER_UNIFORM) printf("%g to %g", p->low, p->high);
    if (p->kind == BT_PARAMETER_CHOICE) printf("of %s", p->choices);
    if (p->kind == BT_PARAMETER_NORMAL) {
        printf("mean %g, sigma %g", p->mean, p->sigma);
        if (p->low > -BT_PARAMETER_NO_CUT) printf(", from %g", p->low);
        if (p->high < BT_PARAMETER_NO_CUT) printf(", to %g", p->high);
    }
    printf("%s\n", p->given ? " (given)" : "");
}

static int parameters(options *o)
{
    char assets[4096];
    bt_scenario scenario = {0};
    bt_status status = load(o, assets, sizeof assets, &scenario);
    if (status != BT_OK) return bt_exit_failure(status);
    printf("seed %" PRIu64 "\n", scenario.seed);
    for (size_t i = 0; i < o->settings.declared_count; i++)
        print_parameter(&o->settings.declared[i]);
    bt_scenario_clear(&scenario);
    return BT_EXIT_DONE;
}

// ---- coverage ---------------------------------------------------------------------------------
static int coverage(options *o)
{
    bt_osc_setting given[BT_SETTINGS_MAX];
    if (!bt_openscenario_is_name(o->file))
        return bt_exit_usage("scenario coverage: %s: expected an .xosc file", o->file);
    for (size_t i = 0; i < o->settings.given_count; i++)
        given[i] = (bt_osc_setting){o->settings.given[i].key, o->settings.given[i].value, false};
    bt_osc_desc desc = {.path = o->file,
                        .settings = given,
                        .setting_count = o->settings.given_count,
                        .only_coverage = true};
    bt_openscenario *file;
    bt_status status = bt_openscenario_load(&desc, &file);
    if (status != BT_OK) return bt_exit_failure(status);
    uint32_t all[3] = {0};
    printf("%-36s %9s %7s %7s\n", "element", "supported", "ignored", "refused");
    for (size_t i = 0; i < file->element_count; i++) {
        const bt_osc_element *e = &file->elements[i];
        printf("%-36s %9u %7u %7u", e->name, e->counts[0], e->counts[1], e->counts[2]);
        if (e->reason[0]) printf("  line %u: %s", e->line, e->reason);
        printf("\n");
        for (int k = 0; k < 3 && !strchr(e->name, '@'); k++)
            all[k] += e->counts[k];
    }
    printf("OpenSCENARIO %u.%u: elements: %u supported, %u ignored, %u refused\n", file->major,
           file->minor, all[0], all[1], all[2]);
    bt_openscenario_destroy(file);
    return all[2] > 0 ? BT_EXIT_VERDICT : BT_EXIT_DONE;
}

// ---- play -------------------------------------------------------------------------------------
static int play(options *o)
{
    char assets[4096];
    bt_scenario scenario = {0};
    bt_rehearsal_result result = {0};
    bt_terminal_open(false);
    bt_status status = load(o, assets, sizeof assets, &scenario);
    bt_rehearsal_desc desc = {.scenario = &scenario,
                              .assets = assets,
                              .autopilot = o->autopilot,
                              .seconds = o->seconds,
                              .csv = o->csv ? stdout : NULL,
                              .csv_step_s = o->csv_step_s,
                              .no_ahead = !o->ahead};
    if (status == BT_OK) status = bt_rehearse(&desc, &result);
    bt_terminal_close();
    if (status == BT_OK)
        fprintf(o->csv ? stderr : stdout,
                "%s: %s%s%s at %.2f s after %.0f m, %u events of its story\n", scenario.title,
                bt_verdict_name(result.verdict), result.other[0] ? " with " : "", result.other,
                result.end_s, result.travelled_m, result.events);
    if (status == BT_OK && scenario.make.endless)
        fprintf(
            o->csv ? stderr : stdout,
            "the window of the road moved %u times; the run stood still for %.2f s, at most for "
            "%.2f s\n",
            result.windows, result.stood_s, result.stood_most_s);
    bt_scenario_clear(&scenario);
    if (status != BT_OK) return bt_exit_failure(status);
    bool fails = result.verdict != BT_VERDICT_RUNNING && !result.passed;
    return fails ? BT_EXIT_VERDICT : BT_EXIT_DONE;
}

int bt_scenario_command(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(options *o);
    } kinds[] = {{"parameters", parameters}, {"coverage", coverage}, {"play", play}};
    options o = {.ahead = true};
    if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return BT_EXIT_DONE;
    }
    for (size_t i = 0; argc >= 2 && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(argv[1], kinds[i].name) != 0) continue;
        bt_status status = parse(argc, argv, &o);
        return status == BT_OK ? kinds[i].run(&o) : bt_exit_failure(status);
    }
    return bt_exit_usage(
        "scenario: expected parameters, coverage or play; see blacktop scenario --help");
}
