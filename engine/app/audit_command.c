// audit_command.c: see audit_command.h.
#include "engine/app/audit_command.h"

#include <stdio.h>
#include <string.h>

#include "engine/app/arguments.h"
#include "engine/app/cast.h"
#include "engine/app/exit_code.h"
#include "engine/app/lead.h"
#include "engine/app/production.h"
#include "engine/sim/audit.h"

static const char help[] =
    "usage: blacktop audit [--seconds S] [--seed N] [--set KEY=VALUE] SCENARIO.lua ...\n"
    "\n"
    "Runs scenarios without pictures, the ego driving itself as the others do, and proves all "
    "motion\n"
    "possible: acceleration, braking, jerk, curvature, wheels on the road within 1 cm, feet that "
    "stand\n"
    "still, nobody in anybody, and wrecks moved by impacts and friction alone. Crashes that a "
    "scenario\n"
    "means to have (`crashes`) are no findings. One table a scenario (engine/sim/audit.h has "
    "limits and windows).\n"
    "\n"
    "  --seconds S          this long instead of the scenario's duration\n"
    "  --seed N             instead of the scenario's seed\n"
    "  --set KEY=VALUE      a setting of the scenario (repeatable)\n"
    "\n"
    "Exit codes: 0 all is possible; 1 findings; 2 bad input.\n";

#define LOOK_NS (100 * BT_NS_PER_MS)
#define WHEELS_EVERY 5

typedef struct options {
    double seconds; // 0: the scenario's
    bool has_seed;
    uint64_t seed;
    char *set[BT_SETTINGS_MAX];
    size_t set_count;
} options;

// One scenario's world without bodies that can be seen.
typedef struct rehearsal {
    bt_scenario scenario;
    char assets[BT_PATH_MAX];
    bt_production production;
    bt_spec *spec;
    bt_cast cast;
    bt_sim *sim;
    bt_state *state;
    bt_audit *audit;
} rehearsal;

static void rehearsal_clear(rehearsal *r)
{
    bt_audit_destroy(r->audit);
    bt_state_destroy(r->state);
    bt_sim_destroy(r->sim);
    bt_cast_clear(&r->cast);
    bt_spec_destroy(r->spec);
    bt_production_clear(&r->production);
    bt_scenario_clear(&r->scenario);
}

static bt_status rehearsal_begin(const char *path, const options *o, rehearsal *r)
{
    char *assets = r->assets;
    bt_settings settings = {0};
    bt_status status = bt_assets_find(assets, sizeof r->assets);
    for (size_t i = 0; i < o->set_count && status == BT_OK; i++) {
        char *copy = o->set[i];
        status = bt_settings_add(&settings, copy);
    }
    if (status == BT_OK)
        status =
            bt_scenario_load(path, assets, &settings, o->has_seed ? &o->seed : NULL, &r->scenario);
    if (status == BT_OK && r->scenario.only_scene) return BT_OK; // nobody moves
    bt_production_desc desc = {.scenario = &r->scenario, .assets = assets};
    if (status == BT_OK) status = bt_production_load_map(&desc, &r->production);
    if (status == BT_OK) status = bt_spec_create(&r->spec);
    if (status == BT_OK) status = bt_leg_add_materials(assets, &r->production.inputs, r->spec);
    bt_cast_desc cast = {.scenario = &r->scenario,
                         .assets = assets,
                         .net = r->production.net,
                         .spec = r->spec,
                         .inputs = &r->production.inputs,
                         .without_bodies = true};
    bt_cast_stock stock = {0};
    bt_cast_focus focus = {0};
    if (status == BT_OK) status = bt_cast_init(&cast, &stock, &focus, &r->cast);
    bt_cast_stock_clear(&stock);
    bt_cast_focus_clear(&focus);
    if (status != BT_OK) return status;
    r->cast.actors[0].external = false;
    bt_sim_desc sim = {.net = r->production.net,
                       .seed = r->scenario.seed,
                       .actors = r->cast.actors,
                       .actor_count = (uint32_t)r->cast.count,
                       .ego = 0};
    status = bt_sim_create(&sim, &r->sim);
    if (status == BT_OK) status = bt_state_create(r->sim, &r->state);
    bt_audit_desc how = {.sim = r->sim, .wheels_every = WHEELS_EVERY, .log = stdout};
    if (status == BT_OK) status = bt_audit_create(&how, &r->audit);
    return status;
}

static bt_status rehearse(rehearsal *r, double seconds)
{
    const bt_lead lead = {r->cast.player, r->cast.story_actors, r->cast.story_count};
    bt_time_ns step = bt_sim_step_ns(r->sim), end = bt_from_seconds(seconds);
    bt_audit_look(r->audit, r->state);
    while (bt_state_time_ns(r->state) < end) {
        bt_status status = BT_OK;
        if (!bt_sim_knows_standing(r->sim) && bt_state_asks_for_standing(r->sim, r->state)) {
            const bt_leg_desc leg = {.scenario = &r->scenario,
                                     .assets = r->assets,
                                     .part = r->production.window ? &r->production.part : NULL};
            status = bt_leg_stand_late(&leg, r->production.net, r->sim);
        }
        if (status == BT_OK) status = bt_lead_step(&lead, r->sim, r->state);
        if (status == BT_OK) status = bt_sim_step(r->sim, r->state, NULL);
        if (status != BT_OK) return status;
        if (bt_state_time_ns(r->state) % LOOK_NS < step) bt_audit_look(r->audit, r->state);
    }
    return BT_OK;
}

// Crashes that a story means to have are none; that one of them did not come about is, when it was played to its end.
static uint64_t findings_of(const bt_audit_report *report, uint32_t crashes, bool whole)
{
    uint64_t count = report->walker_touches;
    if (report->touches > crashes) count += report->touches - crashes;
    if (report->touches < crashes && whole) count += crashes - report->touches;
    for (int k = 0; k < BT_AUDIT_KIND_COUNT; k++)
        count += report->worst[k].over;
    return count;
}

static bt_status audit(const char *path, const options *o, uint64_t *findings)
{
    rehearsal r = {0};
    bt_status status = rehearsal_begin(path, o, &r);
    if (status == BT_OK && r.sim) {
        double seconds = o->seconds > 0.0 ? o->seconds : r.scenario.duration_s;
        status = rehearse(&r, seconds);
        if (status == BT_OK) {
            uint64_t found = findings_of(bt_audit_get(r.audit), r.scenario.crashes,
                                         seconds >= r.scenario.duration_s);
            printf("%s: %u actors, %.1f s, %llu findings\n", path, bt_sim_actor_count(r.sim),
                   seconds, (unsigned long long)found);
            bt_audit_print(r.audit, stdout);
            *findings += found;
        }
    }
    rehearsal_clear(&r);
    return status;
}

static bt_status parse_option(const char *name, char *value, options *o)
{
    if (strcmp(name, "--seconds") == 0)
        return bt_argument_number(name, value, 0.01, 86400.0, &o->seconds);
    if (strcmp(name, "--seed") == 0) {
        o->has_seed = true;
        return bt_argument_u64(name, value, 0, UINT64_MAX, &o->seed);
    }
    if (strcmp(name, "--set") != 0)
        return bt_fail(BT_ERR_INPUT, "audit: unknown option %.60s; see blacktop audit --help",
                       name);
    if (o->set_count == BT_SETTINGS_MAX)
        return bt_fail(BT_ERR_INPUT, "audit: more than %d settings", BT_SETTINGS_MAX);
    o->set[o->set_count++] = value;
    return BT_OK;
}

// Takes options off the front; gives the index of the first scenario.
static bt_status parse(int argc, char **argv, options *o, int *first)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i += 2) {
        if (i + 1 == argc)
            return bt_fail(BT_ERR_INPUT, "audit: %.60s: a value is missing", argv[i]);
        bt_status status = parse_option(argv[i], argv[i + 1], o);
        if (status != BT_OK) return status;
    }
    *first = i;
    if (i >= argc) return bt_fail(BT_ERR_INPUT, "audit: which scenario? see blacktop audit --help");
    if (o->set_count > 0 && i + 1 < argc)
        return bt_fail(BT_ERR_INPUT, "audit: with --set one scenario, got %d", argc - i);
    return BT_OK;
}

int bt_audit_command(int argc, char **argv)
{
    options o = {0};
    uint64_t findings = 0;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return BT_EXIT_DONE;
    }
    int first = argc;
    bt_status parsed = parse(argc, argv, &o, &first);
    if (parsed != BT_OK) return bt_exit_failure(parsed);
    for (int i = first; i < argc; i++) {
        bt_status status = audit(argv[i], &o, &findings);
        if (status != BT_OK) return bt_exit_failure(status);
    }
    return findings ? BT_EXIT_VERDICT : BT_EXIT_DONE;
}
