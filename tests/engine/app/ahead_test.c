// ahead_test.c: the next window of an endless world is made while the run goes on: the drive is, to the bit, the one
// that stops for it, whether the thread was early or late; also where another window was foreseen, where the run ends
// before it is ready, and where it fails.
#define _GNU_SOURCE // fopencookie
#include "engine/app/production.h"
#include "engine/app/rehearsal.h"
#include "engine/core/file.h"
#include "procedural/roads/world_folder.h"
#include "tests/support/check.h"
#include "tests/support/temp.h"

#define ASSETS "assets"

static char folder[256];

// The ego begins 110 m before the window moves.
static const char scene[] =
    "return { map = road.make { endless = true, %s, around = { 800, 800 }, radius = 700 },\n"
    "    seed = 5, duration_s = 8, ego = { speed_m_s = 20, start = { road = '10001', s_m = 100, "
    "lane = -1 } },\n"
    "    actors = { { name = 'far', start = { road = '50001', s_m = 20, lane = -1 }, speed_m_s = "
    "5,\n"
    "                 events = { { when = when.time { after_s = 99 }, act.brake {} } } },\n"
    "               { name = 'near', start = { of = 'ego', ahead_m = 40 }, speed_m_s = 20,\n"
    "                 events = { { when = when.time { after_s = 99 }, act.brake {} } } } },\n"
    "    traffic = { cars = 12, trucks = 1, pedestrians = 4, radius_m = 500 },\n"
    "    weather = { sun_elevation_deg = 40 }, cameras = { front = {} } }\n";
static const char made[] = "kind = 'rural', seed = 7";

static bt_status load(const char *map, bt_scenario *scenario)
{
    char path[512], text[1024];
    bt_settings settings = {0};
    snprintf(path, sizeof path, "%s/scene.lua", folder);
    snprintf(text, sizeof text, scene, map);
    CHECK_OK(bt_file_write(path, text, strlen(text)));
    return bt_scenario_load(path, ASSETS, &settings, NULL, scenario);
}

// Somebody who reads slowly where everybody is: the simulation waits, and the thread is early.
static ssize_t read_slowly(void *cookie, const char *text, size_t bytes)
{
    (void)cookie, (void)text;
    usleep(100000);
    return (ssize_t)bytes;
}

static bt_status rehearse(const char *map, double seconds, bool no_ahead, FILE *csv,
                          bt_rehearsal_result *result)
{
    bt_scenario scenario = {0};
    *result = (bt_rehearsal_result){0};
    bt_status status = load(map, &scenario);
    bt_rehearsal_desc desc = {.scenario = &scenario,
                              .assets = ASSETS,
                              .seconds = seconds,
                              .csv = csv,
                              .csv_step_s = 0.5,
                              .no_ahead = no_ahead};
    if (status == BT_OK) status = bt_rehearse(&desc, result);
    bt_scenario_clear(&scenario);
    return status;
}

static void test_same(uint8_t digest[32])
{
    static const char *const names[] = {"there and then", "ahead", "ahead, early"};
    FILE *slow = fopencookie(NULL, "w", (cookie_io_functions_t){.write = read_slowly});
    bt_rehearsal_result results[3];
    CHECK(slow != NULL);
    for (int i = 0; i < 3; i++) {
        CHECK_OK(rehearse(made, 0.0, i == 0, i == 2 ? slow : NULL, &results[i]));
        printf("%s: %.0f m through %u windows, %.2f s of standing still\n", names[i],
               results[i].travelled_m, results[i].windows + 1, results[i].stood_s);
        CHECK(results[i].windows == 1 && results[i].ahead == (i > 0));
        CHECK(memcmp(results[i].digest, results[0].digest, sizeof results[0].digest) == 0);
    }
    fclose(slow);
    memcpy(digest, results[0].digest, 32);
}

// ---- another window than was foreseen ---------------------------------------------------------
static void foresee_wrongly(const bt_production_desc *desc, bt_production *p)
{
    p->looked = true;
    p->ahead = (bt_ahead){
        .leg_desc = {.scenario = desc->scenario, .assets = desc->assets, .without_light = true},
        .before = &p->leg,
        .x_m = 2400.0,
        .y_m = 2400.0};
    CHECK_OK(bt_ahead_begin(&p->ahead));
}

static bt_status step(bt_production *p, bt_state *state, bt_command *command)
{
    const bt_observation seen = {.sim = p->leg.sim, .state = state};
    bt_status status = bt_lead_step(&p->lead, p->leg.sim, state);
    if (status == BT_OK && bt_state_time_ns(state) % bt_autopilot_period_ns(p->autopilot) == 0)
        status = bt_autopilot_step(p->autopilot, &seen, command);
    return status == BT_OK ? bt_sim_step(p->leg.sim, state, command) : status;
}

static bool is_there(const bt_sim *sim, const char *name)
{
    for (uint32_t i = 0; i < bt_sim_actor_count(sim); i++)
        if (strcmp(bt_sim_actor(sim, i)->name, name) == 0) return true;
    return false;
}

static void test_wrong(const uint8_t wanted[32])
{
    bt_scenario scenario = {0};
    bt_production p;
    bt_state *state = NULL, *next;
    bt_command command = {0};
    bool moved = false;
    uint8_t digest[32];
    CHECK_OK(load(made, &scenario));
    bt_production_desc desc = {.scenario = &scenario, .assets = ASSETS, .without_light = true};
    CHECK_OK(bt_production_init(&desc, &p));
    CHECK_OK(bt_state_create(p.leg.sim, &state));
    CHECK(is_there(p.leg.sim, "far") && is_there(p.leg.sim, "near"));
    foresee_wrongly(&desc, &p);
    while (bt_state_time_ns(state) < bt_from_seconds(8.0)) {
        bt_leg before = {0};
        CHECK_OK(step(&p, state, &command));
        CHECK_OK(bt_production_follow(&desc, &p, state, &before, &next));
        if (!next) continue;
        CHECK(!p.leg.ahead);
        moved = true;
        bt_state_destroy(state);
        bt_leg_clear(&before);
        state = next;
    }
    CHECK(moved);
    // who is led where no roads are any longer has left
    CHECK(!is_there(p.leg.sim, "far") && is_there(p.leg.sim, "near"));
    CHECK_OK(bt_lead_digest(&p.lead, state, digest));
    CHECK(memcmp(digest, wanted, sizeof digest) == 0);
    bt_state_destroy(state);
    bt_production_clear(&p);
    bt_scenario_clear(&scenario);
}

// ---- ends -------------------------------------------------------------------------------------
// The run is over while the thread is at work.
static void test_end(void)
{
    bt_rehearsal_result result;
    CHECK_OK(rehearse(made, 0.02, false, NULL, &result));
    CHECK(result.windows == 0);
}

// Tiles that the first window does not hold cannot be read.
static void test_failure(void)
{
    bt_world_desc world = {7, BT_WORLD_RURAL};
    bt_world_report report;
    char tiles[300], map[400], path[512];
    snprintf(tiles, sizeof tiles, "%s/world", folder);
    CHECK_OK(bt_world_write_folder(&world, 45.0, tiles, &report));
    CHECK(report.tiles > 9);
    for (unsigned n = 9; n < report.tiles; n++) {
        snprintf(path, sizeof path, "%s/%06u.xodr", tiles, n);
        CHECK_OK(bt_file_write(path, "<OpenDRIVE><road", 16));
    }
    snprintf(map, sizeof map, "folder = '%s'", tiles);
    bt_rehearsal_result result;
    CHECK(rehearse(map, 0.0, false, NULL, &result) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), ".xodr:1:");
    CHECK(strchr(bt_error_message(), '\n') == NULL);
}

int main(void)
{
    if (!temp_folder(folder, sizeof folder)) return 1;
    uint8_t digest[32];
    test_same(digest);
    test_wrong(digest);
    test_end();
    test_failure();
    temp_folder_remove(folder);
    return check_end();
}
