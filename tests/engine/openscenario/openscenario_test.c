// openscenario_test.c: a file of nearly all elements is read, run to its end, and refused by line where it is wrong.
#include "engine/openscenario/openscenario.h"

#include "engine/core/file.h"
#include "engine/road/opendrive.h"
#include "engine/story/play.h"
#include "tests/support/check.h"

#include <stdlib.h>

#define FILE_NAME "tests/engine/openscenario/broad.xosc"

// ---- expressions ------------------------------------------------------------------------------
static const char *look_up(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "x") == 0 ? "2.5" : strcmp(name, "word") == 0 ? "abc" : NULL;
}

static void check_expressions(void)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"1+2*3", 7},
                {"(1 + 2) * 3", 9},
                {"-2 * -3", 6},
                {"10 % 4", 2},
                {"$x * 2", 5},
                {"pow(2, 10)", 1024},
                {"sqrt(9)/3", 1},
                {"sin(pi/2)", 1},
                {"round(2.5)", 3},
                {"max(1,min(5,3))", 3},
                {"1 < 2 and not false", 1},
                {"0 or 0", 0},
                {"1e3/1E-1", 1e4},
                {"sign(-7)", -1},
                {"acos(-1)", 3.14159265358979312}};
    static const char *const bad[] = {"",         "1+",      "(1",  "1/0", "$nobody", "$word+1",
                                      "sqrt(-1)", "nope(1)", "1 2", "foo", "pow(1)",  "--"};
    const char *why;
    double value;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CHECK(bt_osc_evaluate(good[i].text, look_up, NULL, &value, &why));
        CHECK_NEAR(value, good[i].value, 1e-12);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!bt_osc_evaluate(bad[i], look_up, NULL, &value, &why) && why[0] != '\0');
    char deep[4096];
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    CHECK(!bt_osc_evaluate(deep, look_up, NULL, &value, &why));
}

// ---- the whole --------------------------------------------------------------------------------
static const bt_osc_element *element(const bt_openscenario *s, const char *name)
{
    for (size_t i = 0; i < s->element_count; i++)
        if (strcmp(s->elements[i].name, name) == 0) return &s->elements[i];
    return NULL;
}

static void check_reading(void)
{
    bt_osc_setting setting = {"Speed_kph", "72", false};
    bt_osc_desc desc = {.path = FILE_NAME, .settings = &setting, .setting_count = 1};
    bt_openscenario *s = NULL;
    CHECK_OK(bt_openscenario_load(&desc, &s));
    if (!s) return;
    CHECK(setting.used);
    CHECK(s->story->actors_count == 4 && s->parameter_count == 3);
    CHECK(strcmp(s->parameters[1].value, "20") ==
          0); // 72 km/h in the expression that follows from it
    CHECK_NEAR(s->weather.cloud, 0.5, 1e-12);
    CHECK_NEAR(s->weather.rain_mm_h, 2.0, 1e-12);
    CHECK_NEAR(s->weather.fog_range_m, 900.0, 1e-12);
    const bt_osc_element *event = element(s, "Event"), *axles = element(s, "Axles");
    CHECK(event && event->counts[BT_OSC_SUPPORTED] == 8 && event->counts[BT_OSC_IGNORED] == 0);
    CHECK(axles && axles->counts[BT_OSC_SUPPORTED] == 2 && axles->reason[0] == '\0');
    const bt_osc_element *wheel = element(s, "FrontAxle@wheelDiameter");
    CHECK(wheel && wheel->counts[BT_OSC_IGNORED] == 1 && wheel->reason[0] != '\0');
    CHECK(!element(s, "FrontAxle@positionX"));
    CHECK_NEAR(s->story->actors[0].wheelbase_m, 3.0, 1e-12);
    bt_openscenario_destroy(s);
}

static double ended(const bt_story_player *p, uint32_t node)
{
    for (uint32_t i = 0; i < bt_story_player_event_count(p); i++) {
        const bt_story_event *e = bt_story_player_event(p, i);
        if (e->node == node && e->change == BT_ENDS) return bt_seconds(e->time_ns);
    }
    return -1.0;
}

static void check_playing(void)
{
    bt_osc_desc desc = {.path = FILE_NAME};
    bt_openscenario *s = NULL;
    bt_road_network *net = NULL;
    bt_story_player *p = NULL;
    CHECK_OK(bt_openscenario_load(&desc, &s));
    CHECK_OK(bt_opendrive_load(s->map, &net));
    CHECK_OK(bt_story_player_create(s->story, net, NULL, &p));
    if (!p) return;
    uint32_t lead = bt_story_find_actor(s->story, "Lead");
    uint32_t walker = bt_story_find_actor(s->story, "Walker");
    CHECK_NEAR(bt_story_player_role(p, lead)->pos.x, 60.0, 1e-9);
    CHECK_NEAR(bt_story_player_role(p, lead)->speed_m_s, 5.0, 1e-9);
    CHECK_NEAR(bt_story_player_role(p, walker)->yaw_rad, 1.57, 1e-9);
    // the box stands 5 m to the left of a walker who looks across the road
    CHECK_NEAR(bt_story_player_role(p, bt_story_find_actor(s->story, "Box"))->pos.x, 145.0, 0.01);
    while (!bt_story_player_ended(p) && bt_story_player_time_ns(p) < 20 * BT_NS_PER_S) {
        if (bt_story_player_step(p, 10 * BT_NS_PER_MS) == BT_OK) continue;
        CHECK(false);
        break;
    }
    CHECK_NEAR(bt_seconds(bt_story_player_time_ns(p)), 12.02, 0.011); // its stop trigger
    CHECK_NEAR(bt_story_player_role(p, walker)->pos.y, 5.0, 1e-3);    // the end of its NURBS
    CHECK_NEAR(bt_story_player_role(p, lead)->on.aside_m, 0.1, 1e-9); // the target's offset
    // the offset took pi sqrt(d / 2a): 2.08 s from 2.5 s on
    uint32_t ego = bt_story_find_actor(s->story, "Ego");
    uint32_t offset = bt_story_find_node(s->story, BT_STORY_NONE, BT_NODE_EVENT, "aside::offset");
    uint32_t acquire = bt_story_find_node(s->story, BT_STORY_NONE, BT_NODE_EVENT, "acquire");
    CHECK_NEAR(bt_story_player_role(p, ego)->on.aside_m, -0.5, 1e-9);
    CHECK_NEAR(ended(p, offset), 2.5 + BT_PI * sqrt(0.7 / 1.6), 0.025);
    CHECK(bt_story_player_runs(p, acquire) == 1);
    // 1 -> 2 -> 4 -> 8: three executions and no more
    CHECK(atof(bt_story_player_variable(p, bt_story_find_variable(s->story, "count"))) == 8.0);
    bt_story_player_destroy(p);
    bt_road_network_destroy(net);
    bt_openscenario_destroy(s);
}

// ---- what is wrong ----------------------------------------------------------------------------
// One text of the file is replaced by another; reading (or beginning) must then fail with this message.
typedef struct mistake {
    const char *from, *to, *message;
} mistake;

static const mistake mistakes[] = {
    {"value=\"36\"", "value=\"140\"", "breaks its constraints"},
    {"value=\"36\"", "value=\"fast\"", "is not of type double"},
    {"$Speed_kph / 3.6", "$Speed_mph / 3.6", "broad.xosc:12:"},
    {"revMajor=\"1\"", "revMajor=\"2\"", "1.0 to 1.3 are read"},
    {"entityRef=\"$Lead\"", "entityRef=\"Leader\"", "'Leader': no such entity"},
    {"roadId=\"1\" laneId=\"-1\" s=\"20\"", "roadId=\"9\" laneId=\"-1\" s=\"20\"",
     "broad.xosc:56: the map has no road '9'"},
    {"roadId=\"1\" laneId=\"-1\" s=\"20\"", "roadId=\"1\" laneId=\"-7\" s=\"20\"",
     "road '1' has no lane -7"},
    {"roadId=\"1\" laneId=\"-1\" s=\"20\"", "roadId=\"1\" laneId=\"-1\" s=\"2000\"",
     "s = 2000 m, but road '1' is 200 m long"},
    {"ds=\"40\"", "ds=\"400\"", "beyond the end of the road"},
    {"dLane=\"0\"", "dLane=\"5\"", "there are not so many lanes"},
    {"storyboardElementRef=\"profile\"", "storyboardElementRef=\"prophile\"",
     "a condition waits for 'prophile', which the storyboard has not"},
    {"name=\"Walker\"", "name=\"Lead\"", "there are two entities named 'Lead'"},
    {"dynamicsShape=\"sinusoidal\"", "dynamicsShape=\"round\"",
     "expected one of linear, cubic, sinusoidal, step"},
    {"<Knot value=\"0\"/><Knot", "<Knot value=\"9\"/><Knot", "is below the one before"},
    {"LateralAction", "LiteralAction", "refused"},
    {"<LogicFile filepath=\"../../support/straight.xodr\"/>", "", "which map is it on?"},
};

static bt_status read_and_begin(const char *bytes, size_t count)
{
    bt_osc_desc desc = {.path = FILE_NAME};
    bt_openscenario *s = NULL;
    bt_road_network *net = NULL;
    bt_story_player *p = NULL;
    bt_status status = bt_openscenario_parse(&desc, bytes, count, &s);
    if (status == BT_OK) status = bt_opendrive_load(s->map, &net);
    if (status == BT_OK) status = bt_story_player_create(s->story, net, NULL, &p);
    // what is only found when an action begins
    while (status == BT_OK && bt_story_player_time_ns(p) < 12 * BT_NS_PER_S)
        status = bt_story_player_step(p, 50 * BT_NS_PER_MS);
    bt_story_player_destroy(p);
    bt_road_network_destroy(net);
    bt_openscenario_destroy(s);
    return status;
}

static void check_mistake(const char *good, const mistake *m)
{
    // every place of it: what opens must close
    size_t from = strlen(m->from), to = strlen(m->to), room = 2 * strlen(good) + 64, used = 0;
    char *bad = calloc(room, 1);
    for (const char *at = good; *at && used + to + 2 < room;) {
        bool here = strncmp(at, m->from, from) == 0;
        if (here) memcpy(bad + used, m->to, to);
        if (!here) bad[used] = *at;
        used += here ? to : 1;
        at += here ? from : 1;
    }
    bt_status status = read_and_begin(bad, used);
    CHECK(status == BT_ERR_INPUT);
    bool said = strstr(bt_error_message(), m->message) != NULL;
    if (!said) fprintf(stderr, "    '%s' has no '%s'\n", bt_error_message(), m->message);
    CHECK(said);
    free(bad);
}

int main(void)
{
    char *good = NULL;
    size_t count;
    CHECK_OK(bt_file_read(FILE_NAME, 0, &good, &count));
    check_expressions();
    check_reading();
    check_playing();
    CHECK_OK(read_and_begin(good, count));
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
        check_mistake(good, &mistakes[i]);
    bt_free(good);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
