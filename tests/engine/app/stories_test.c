// stories_test.c: every example of scenarios/STORIES.md runs and ends as it says; every scenario of the folder
// starts; stories that ask the impossible are refused by name; distributions do what they say.
#include "engine/app/rehearsal.h"
#include "engine/app/scenario.h"
#include "engine/core/file.h"
#include "engine/core/log.h"
#include "tests/support/check.h"
#include "tests/support/sanitized.h"
#include "tests/support/temp.h"

#include <stdlib.h>

#define ASSETS "assets"

static char folder[256];

static bt_status rehearse_text(const char *text, double seconds, bt_settings *settings,
                               bt_rehearsal_result *result)
{
    char path[4096];
    bt_settings none = {0};
    bt_scenario scenario = {0};
    snprintf(path, sizeof path, "%s/example.lua", folder);
    CHECK_OK(bt_file_write(path, text, strlen(text)));
    bt_status status = bt_scenario_load(path, ASSETS, settings ? settings : &none, NULL, &scenario);
    bt_rehearsal_desc desc = {.scenario = &scenario, .assets = ASSETS, .seconds = seconds};
    if (status == BT_OK) status = bt_rehearse(&desc, result);
    bt_scenario_clear(&scenario);
    return status;
}

// ---- the manual -------------------------------------------------------------------------------
static void run_example(const char *text)
{
    bt_rehearsal_result result = {0};
    char verdict[64] = "";
    CHECK(sscanf(text, "-- verdict: %63s", verdict) == 1);
    CHECK_OK(rehearse_text(text, 0.0, NULL, &result));
    bool as_said = strcmp(bt_verdict_name(result.verdict), verdict) == 0;
    CHECK(as_said);
    if (!as_said)
        fprintf(stderr, "    %s at %.2f s, expected %s, of:\n%.300s\n",
                bt_verdict_name(result.verdict), result.end_s, verdict, text);
    CHECK(result.events > 0);
}

static void check_manual(void)
{
    char *text = NULL;
    size_t count;
    int examples = 0;
    CHECK_OK(bt_file_read("scenarios/STORIES.md", 0, &text, &count));
    for (char *at = text; at && (at = strstr(at, "```lua\n")) != NULL; examples++) {
        at += strlen("```lua\n");
        char *end = strstr(at, "```");
        CHECK(end != NULL);
        if (!end) break;
        *end = '\0';
        run_example(at);
        at = end + 3;
    }
    CHECK(examples >= 4);
    bt_free(text);
}

// ---- the folder -------------------------------------------------------------------------------
static void start_scenario(const char *name)
{
    char path[256];
    bt_settings settings = {0};
    bt_scenario scenario = {0};
    bt_rehearsal_result result = {0};
    snprintf(path, sizeof path, "scenarios/%s", name);
    bt_status status = bt_scenario_load(path, ASSETS, &settings, NULL, &scenario);
    bt_rehearsal_desc desc = {.scenario = &scenario, .assets = ASSETS, .seconds = 0.1};
    // one that is a scene from a file has nothing to rehearse
    if (status == BT_OK && !scenario.only_scene) status = bt_rehearse(&desc, &result);
    CHECK_OK(status);
    if (status != BT_OK) fprintf(stderr, "    in %s\n", path);
    CHECK(scenario.only_scene || result.verdict == BT_VERDICT_RUNNING);
    bt_scenario_clear(&scenario);
}

// Every scenario of a sanitized build's share starts; run_test.sh's audit plays all of them for longer.
static void check_folder(void)
{
    char **names = NULL;
    size_t count = 0;
    int scenarios = 0;
    CHECK_OK(bt_folder_list("scenarios", &names, &count));
    for (size_t i = 0; i < count; i++) {
        size_t letters = strlen(names[i]);
        if (letters < 5 || strcmp(names[i] + letters - 4, ".lua") != 0) continue;
        if (scenarios++ % (int)SANITIZED_SHARE == 0) start_scenario(names[i]);
    }
    CHECK(scenarios >= 20);
    bt_folder_list_free(names, count);
}

#define EGO "ego = { start = { road = '1', s_m = 60, lane = -3 }, speed_m_s = 20 },"

// ---- every word -------------------------------------------------------------------------------
// Each condition and each action of the manual is read and begun.
static void check_words(void)
{
    static const char *const events[] = {
        "when = when.always {}, act.brake { rate_m_s2 = 3, to_m_s = 10, jerk_m_s3 = 0 }",
        "when = when.time { after_s = 0, delay_s = 0.01 }, act.speed { to_m_s = 20, over_m = 30 }",
        "when = when.distance { to = 'ego', above_m = 1, along = 'straight' }, act.offset { "
        "lateral_m = 0.3 }",
        "when = when.headway { to = 'ego', side = 'either', below_s = 99 }, act.change_lane { "
        "lanes = 1, over_m = 40, shape = 'cubic' }",
        "when = when.distance { to = 'ego', below_m = 99, along = 'aside', between_boxes = false "
        "}, act.speed_profile { { 1, 15 }, { 2, 25 }, jerk_m_s3 = 5 }",
        "when = when.reached { place = { of = 'a', ahead_m = 0 }, within_m = 5 }, "
        "act.keep_distance { to = 'ego', gap_s = 1, ahead = true }",
        "when = when.speed { above_m_s = 1 }, act.synchronize { with = 'ego', at = { road = '1', "
        "s_m = 400, lane = -2 }, when_at = { road = '1', s_m = 300, lane = -3 }, last_m_s = 20, "
        "steady_m = 10 }",
        "when = when.travelled { above_m = 0.01, of = 'a' }, act.follow { { of = 'a', ahead_m = 30 "
        "}, { of = 'a', ahead_m = 60, left_m = 2 }, speed_m_s = 15 }",
        "when = { when.stands { of = 'box' }, when.always {} }, act.lamps { left = true, brake = "
        "false, high_beam = true }",
        "when = when.collision { edge = 'falling' }, act.put { at = { road = '1', s_m = 500, t_m = "
        "-7 } }",
        "when = when.off_road { for_s = 1 }, act.speed { as = 'ego', times = 0.9, plus_m_s = 1, "
        "always = true }",
        "when = when.end_of_road {}, act.cross { to = { x_m = 100, y_m = 20 } }",
        "when = when.began { event = 'it' }, act.brake {}, times = 3, priority = 'skip'",
        "when = when.time_to_collision { to = 'ego', above_s = 1, edge = 'both' }, act.signal { id "
        "= 'x', shows = 'programme' }",
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        char text[2048];
        bt_rehearsal_result result = {0};
        snprintf(
            text, sizeof text,
            "return { duration_s = 1, map = 'maps/motorway.xodr', " EGO
            " actors = { { name = 'box', kind = 'thing', start = { road = '1', s_m = 600, lane = "
            "-2 } }, "
            "{ name = 'a', start = { of = 'ego', lanes = 1, ahead_m = 20 }, speed_m_s = 18, events "
            "= { { "
            "name = 'it', act.lamps { hazard = true } }, { %s } } } }, cameras = { front = {} } }",
            events[i]);
        bt_status status = rehearse_text(text, 0.1, NULL, &result);
        CHECK_OK(status);
        // four of them wait for what does not come
        bool waits = i == 9 || i == 10 || i == 11 || i == 13;
        CHECK(result.events >= (waits ? 1u : 2u));
        if (status != BT_OK || result.events < (waits ? 1u : 2u))
            fprintf(stderr, "    %s\n", events[i]);
    }
}

// ---- what is wrong ----------------------------------------------------------------------------
#define SCENARIO(actors)                                                                           \
    "return { duration_s = 1, map = 'maps/motorway.xodr', " EGO " actors = { " actors              \
    " }, cameras = { front = {} } }"

static void check_mistakes(void)
{
    static const struct {
        const char *actors, *message;
    } mistakes[] = {
        {"{ name = 'a', start = { of = 'ego', ahead_m = 1 }, events = { { act.brake {} } } }",
         "actor 'a' begins inside actor 'ego' at x ="},
        {"{ name = 'a', start = { road = '9', s_m = 1, lane = -3 }, events = { { act.brake {} } } "
         "}",
         "actors[1].start: the map has no road '9'"},
        {"{ name = 'a', start = { road = '1', s_m = 9000, lane = -3 }, events = { { act.brake {} } "
         "} }",
         "s = 9000 m, but road '1' is 2600 m long"},
        {"{ name = 'a', start = { of = 'ego', lanes = -7 }, events = { { act.brake {} } } }",
         "there are not so many lanes"},
        {"{ name = 'a', start = { of = 'ego', ahead_m = 9000 }, events = { { act.brake {} } } }",
         "beyond the end of the road"},
        {"{ name = 'a', start = { of = 'nobody' }, events = { { act.brake {} } } }",
         "no actor is named 'nobody'"},
        {"{ name = 'a', events = { { act.brake {} } } }", "actors[1].start: missing"},
        {"{ name = 'a', start = { of = 'ego', ahead_m = 30 }, events = { { act.fly {} } } }",
         "fly"},
        {"{ name = 'a', start = { of = 'ego', ahead_m = 30 }, events = { {} } }",
         "expected 1 to 16 actions"},
        {"{ name = 'a', start = { of = 'ego', ahead_m = 30 }, events = { { when = when.distance { "
         "to = "
         "'ego' }, act.brake {} } } }",
         "give either below_m or above_m"},
        {"{ name = 'a', start = { of = 'ego', ahead_m = 30 }, events = { { when = when.ended { "
         "event = "
         "'x' }, act.brake {} } } }",
         "waits for the event 'x', which nobody has"},
        {"{ name = 'a', start = { of = 'ego', ahead_m = 30 }, events = { { act.brake { rate = 2 } "
         "} } }",
         "rate: unknown key; accepted here:"},
        {"{ name = 'ego', start = { of = 'ego', ahead_m = 30 }, events = { { act.brake {} } } }",
         "there are two actors named 'ego'"},
        {"{ name = 'a', start = { of = 'ego', ahead_m = 30 }, events = { { act.speed { to_m_s = "
         "0/0 } } } }",
         "expected a number"},
        {"{ name = 'a', kind = 'thing', thing = 'snow', on = { actor = 'nobody' } }",
         "actors[1].on.actor: expected the name of another actor, got 'nobody'"},
        {"{ name = 'a', kind = 'thing', thing = 'ice', on = { actor = 'ego' }, events = { { "
         "act.fall { "
         "slab_m = { 1, 1, 0.1 } } } } }",
         "missing: where the slab's middle is"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char text[2048];
        bt_rehearsal_result result;
        snprintf(text, sizeof text,
                 "return { duration_s = 1, map = 'maps/motorway.xodr', " EGO
                 " actors = { %s }, cameras = { front = {} } }",
                 mistakes[i].actors);
        bt_status status = rehearse_text(text, 0.0, NULL, &result);
        CHECK(status == BT_ERR_INPUT);
        bool said = strstr(bt_error_message(), mistakes[i].message) != NULL;
        CHECK(said);
        if (!said)
            fprintf(stderr, "    '%s' has no '%s'\n", bt_error_message(), mistakes[i].message);
    }
}

// ---- warnings ---------------------------------------------------------------------------------
static char warned[4096];

static void keep_warning(void *context, bt_log_level level, const char *message)
{
    (void)context;
    if (level == BT_LOG_WARNING)
        snprintf(warned + strlen(warned), sizeof warned - strlen(warned), "%s|", message);
}

// What cannot be done and need not end the run.
static void check_warnings(void)
{
    static const char text[] = SCENARIO("{ name = 'far', start = { x_m = 5000, y_m = -5000 }, "
                                        "speed_m_s = 0, events = { { act.lamps { "
                                        "hazard = true } } } }, { name = 'edge', start = { of = "
                                        "'ego', lanes = -1, ahead_m = 30 }, events "
                                        "= { { act.change_lane { lanes = -5 } }, { act.signal { id "
                                        "= 'none', shows = 'red' } } } }");
    bt_rehearsal_result result;
    bt_log_set(keep_warning, NULL, BT_LOG_WARNING);
    CHECK_OK(rehearse_text(text, 0.0, NULL, &result));
    bt_log_set(NULL, NULL, BT_LOG_ERROR);
    CHECK_CONTAINS(warned, "far: begins at x = 5000.0, y = -5000.0 m, off the map");
    CHECK_CONTAINS(warned, "edge, at 0.00 s: there is no such lane to change to");
    CHECK_CONTAINS(warned, "no traffic signal 'none' to switch");
}

// ---- distributions ----------------------------------------------------------------------------
static void load_text(const char *text, bt_settings *settings, const uint64_t *seed,
                      bt_status expected)
{
    char path[4096];
    bt_scenario scenario = {0};
    snprintf(path, sizeof path, "%s/example.lua", folder);
    CHECK_OK(bt_file_write(path, text, strlen(text)));
    CHECK(bt_scenario_load(path, ASSETS, settings, seed, &scenario) == expected);
    bt_scenario_clear(&scenario);
}

static const bt_parameter *parameter(const bt_settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->declared_count; i++)
        if (strcmp(settings->declared[i].name, name) == 0) return &settings->declared[i];
    return NULL;
}

#define DRAWS 300
#define TAIL                                                                                       \
    " return { map = 'maps/motorway.xodr', ego = {}, actors = {}, cameras = { front = {} } }"

static void check_draws(void)
{
    static const char text[] =
        "local a = uniform('a', 2, 4) local b = normal('b', 10, 2, 7, 14) local "
        "c = choice('c', { 'x', 'y', 'z' })" TAIL;
    static const char more[] = "local d = uniform('d', 0, 1) local b = normal('b', 10, 2, 7, 14) "
                               "local a = uniform('a', 2, 4) "
                               "local c = choice('c', { 'x', 'y', 'z' })" TAIL;
    double sum_a = 0.0, sum_b = 0.0, square_b = 0.0;
    int times[3] = {0};
    for (uint64_t seed = 1; seed <= DRAWS; seed++) {
        bt_settings one = {0}, other = {0};
        load_text(text, &one, &seed, BT_OK);
        double a = atof(parameter(&one, "a")->value), b = atof(parameter(&one, "b")->value);
        CHECK(a >= 2.0 && a < 4.0 && b >= 7.0 && b <= 14.0);
        sum_a += a;
        sum_b += b;
        square_b += b * b;
        times[parameter(&one, "c")->value[0] - 'x']++;
        if (seed % 50 != 0) continue;
        // another draw, and another order: the same values
        load_text(more, &other, &seed, BT_OK);
        for (int k = 0; k < 3; k++) {
            char name[2] = {(char)('a' + k), '\0'};
            CHECK(strcmp(parameter(&one, name)->value, parameter(&other, name)->value) == 0);
        }
    }
    // four standard errors; the cuts at -1.5 and +2 sigma move the mean by 0.19 and the spread to 1.59
    CHECK_NEAR(sum_a / DRAWS, 3.0, 4.0 * 2.0 / sqrt(12.0 * DRAWS));
    CHECK_NEAR(sum_b / DRAWS, 10.17, 4.0 * 1.62 / sqrt(DRAWS));
    double spread = sqrt(square_b / DRAWS - sum_b / DRAWS * (sum_b / DRAWS));
    CHECK_NEAR(spread, 1.62, 4.0 * 1.62 / sqrt(2.0 * DRAWS));
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(times[k], DRAWS / 3.0, 4.0 * sqrt(DRAWS * 2.0 / 9.0));
}

static void check_given(void)
{
    static const char text[] =
        "assert(uniform('a', 2, 4) == 3.5) assert(choice('c', { 10, 20 }) == 20)" TAIL;
    char a[] = "a=3.5", c[] = "c=20", bad[] = "a=9", worse[] = "c=15";
    bt_settings settings = {0}, wrong = {0}, wrong_too = {0};
    CHECK_OK(bt_settings_add(&settings, a));
    CHECK_OK(bt_settings_add(&settings, c));
    load_text(text, &settings, NULL, BT_OK);
    CHECK(parameter(&settings, "a")->given &&
          parameter(&settings, "a")->kind == BT_PARAMETER_UNIFORM);
    CHECK_OK(bt_settings_add(&wrong, bad));
    load_text(text, &wrong, NULL, BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "expected a number from 2");
    CHECK_OK(bt_settings_add(&wrong_too, worse));
    load_text("choice('c', { 10, 20 }) uniform('c', 0, 1)" TAIL, &wrong_too, NULL, BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "expected one of 10,20");
    bt_settings none = {0};
    load_text("choice('c', { 10, 20 }) uniform('c', 0, 1)" TAIL, &none, NULL, BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "the name is taken already");
}

// ---- repeats ----------------------------------------------------------------------------------
static void check_repeats(void)
{
    static const char text[] = SCENARIO("{ name = 'a', start = { of = 'ego', lanes = 1, ahead_m = "
                                        "5 }, speed_m_s = 22, events = { { "
                                        "act.change_lane { into = 'ego', over_s = 0.8 } } } }, { "
                                        "name = 'd', kind = 'dog', start = { of = "
                                        "'ego', ahead_m = 30, left_m = -8 }, events = { { "
                                        "act.cross { to = { of = 'ego', ahead_m = 30, "
                                        "left_m = 4 }, speed_m_s = 3 } } } }");
    bt_rehearsal_result one, two;
    CHECK_OK(rehearse_text(text, 0.0, NULL, &one));
    CHECK_OK(rehearse_text(text, 0.0, NULL, &two));
    CHECK(memcmp(one.digest, two.digest, sizeof one.digest) == 0);
    CHECK(one.events == 2);
}

int main(void)
{
    if (!temp_folder(folder, sizeof folder)) return 1;
    check_manual();
    check_folder();
    check_words();
    check_mistakes();
    check_warnings();
    check_draws();
    check_given();
    check_repeats();
    temp_folder_remove(folder);
    return check_end();
}
