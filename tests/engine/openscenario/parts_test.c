// parts_test.c: controllers, trailers, selections, programmes of lights and distances aside, read and played against
// closed forms; a catalog by itself.
#include "engine/openscenario/openscenario.h"

#include "engine/core/file.h"
#include "engine/road/opendrive.h"
#include "engine/sim/idm.h"
#include "engine/sim/sim.h"
#include "engine/story/play.h"
#include "tests/support/check.h"

#include <string.h>

#define FILE_NAME "tests/engine/openscenario/parts.xosc"
#define STEP_NS (20 * BT_NS_PER_MS)
#define LIGHTS 3 // of the ids 11 to 13

// ---- lights -----------------------------------------------------------------------------------
typedef struct lights {
    int shows[LIGHTS];
    int told;
} lights;

static bool show(void *context, const char *id, int phase)
{
    lights *l = context;
    int i = (id[0] - '1') * 10 + id[1] - '1';
    if (i < 0 || i >= LIGHTS) return false;
    l->shows[i] = phase;
    l->told++;
    return true;
}

static int shown(void *context, const char *id)
{
    const lights *l = context;
    return l->shows[id[1] - '1'];
}

// ---- stage ------------------------------------------------------------------------------------
typedef struct stage {
    bt_openscenario *scenario;
    bt_road_network *net;
    bt_story_player *player;
    lights lights;
} stage;

static bool set(stage *s)
{
    bt_osc_desc desc = {.path = FILE_NAME};
    *s = (stage){0};
    CHECK_OK(bt_openscenario_load(&desc, &s->scenario));
    if (!s->scenario) return false;
    CHECK_OK(bt_opendrive_load(s->scenario->map, &s->net));
    bt_story_senses senses = {&s->lights, shown, show};
    CHECK_OK(bt_story_player_create(s->scenario->story, s->net, &senses, &s->player));
    return s->player != NULL;
}

static void strike(stage *s)
{
    bt_story_player_destroy(s->player);
    bt_road_network_destroy(s->net);
    bt_openscenario_destroy(s->scenario);
}

static const bt_role *role(const stage *s, const char *name)
{
    return bt_story_player_role(s->player, bt_story_find_actor(s->scenario->story, name));
}

static void play_until(stage *s, double time_s)
{
    bt_status status = BT_OK;
    while (status == BT_OK && bt_seconds(bt_story_player_time_ns(s->player)) < time_s - 1e-6)
        status = bt_story_player_step(s->player, STEP_NS);
    CHECK_OK(status);
}

static double bar(const stage *s)
{
    const bt_role *car = role(s, "Slow"), *trailer = role(s, "Trailer");
    return hypot(car->pos.x - cos(car->yaw_rad) - trailer->pos.x,
                 car->pos.y - sin(car->yaw_rad) - trailer->pos.y);
}

// ---- checks -----------------------------------------------------------------------------------
static void check_beginning(const stage *s)
{
    CHECK_NEAR(role(s, "Slow")->speed_m_s, 3.0, 1e-12); // by its selection
    CHECK_NEAR(role(s, "Trailer")->pos.x, 60.0 - 1.0 - 3.0, 1e-9);
    CHECK_NEAR(bar(s), 3.0, 1e-9);
    CHECK(s->scenario->traffic.vehicles == 7 && s->scenario->traffic.radius_m == 120.0);
    CHECK_NEAR(s->scenario->story->actors[0].length_m, 4.0, 1e-12); // by its own parameter
}

static void check_lights(stage *s)
{
    play_until(s, 0.4);
    CHECK(s->lights.told == 0);
    play_until(s, 1.0); // from 0.5 s on
    CHECK(s->lights.shows[0] == BT_PHASE_GREEN && s->lights.shows[1] == BT_PHASE_RED);
    CHECK(s->lights.shows[2] == 0);
    play_until(s, 2.0); // the second: 1 s after the first
    CHECK(s->lights.shows[2] == BT_PHASE_AMBER);
    play_until(s, 3.0);
    CHECK(s->lights.shows[0] == BT_PHASE_RED && s->lights.shows[1] == BT_PHASE_GREEN);
    play_until(s, 5.9);
    CHECK(s->lights.shows[0] == BT_PHASE_GREEN);
    play_until(s, 6.1); // by an action
    CHECK(s->lights.shows[0] == BT_PHASE_RED);
    play_until(s, 9.1); // whose phase lasts for its whole time
    CHECK(s->lights.shows[0] == BT_PHASE_GREEN);
    CHECK(strcmp(bt_story_player_variable(s->player, 0), "3") == 0);
}

// The one who keeps aside goes against the other: left of it is right in its own lane.
static void check_aside(stage *s)
{
    play_until(s, 9.5);
    double apart = role(s, "Beside")->pos.y - role(s, "Slow")->pos.y;
    CHECK_NEAR(apart, 1.6 + 1.0 + 0.8, 0.02); // and both half widths
    CHECK(role(s, "Beside")->pos.x < 180.0);
}

static void check_trailer(stage *s)
{
    double most_angle = 0.0;
    for (double t = 9.5; t < 20.0; t += 0.1) {
        play_until(s, t);
        CHECK_NEAR(bar(s), 3.0, 1e-9);
        double angle = bt_wrap_angle(role(s, "Slow")->yaw_rad - role(s, "Trailer")->yaw_rad);
        most_angle = fmax(most_angle, fabs(angle));
    }
    // the offset is over long ago: in line again, to exp(-way / bar)
    CHECK(most_angle < 0.02);
    CHECK_NEAR(role(s, "Trailer")->pos.y, role(s, "Slow")->pos.y, 0.01);
    CHECK_NEAR(role(s, "Trailer")->pos.y, -1.75 - 0.8, 0.01);
}

// In the long run it goes as fast as who is ahead, at the model's own distance.
static void check_driver(stage *s)
{
    bt_idm idm = {9.0, 1.2, 2.0, 1.5, 2.0};
    play_until(s, 27.9);
    const bt_role *driver = role(s, "Driver"), *trailer = role(s, "Trailer");
    double gap = trailer->pos.x + 0.5 - 2.0 - (driver->pos.x + 1.0 + 2.0);
    CHECK_NEAR(driver->speed_m_s, 3.0, 0.05);
    CHECK_NEAR(gap, bt_idm_equilibrium_gap(&idm, 3.0), 0.1);
    CHECK(strcmp(bt_story_player_variable(s->player, 1), "true") == 0); // the cone was touched
}

static void check_uncoupled(stage *s)
{
    play_until(s, 30.0);
    CHECK(bar(s) > 4.0);
}

static const bt_osc_element *element(const bt_openscenario *s, const char *name)
{
    for (size_t i = 0; i < s->element_count; i++)
        if (strcmp(s->elements[i].name, name) == 0) return &s->elements[i];
    return NULL;
}

static void check_coverage(const bt_openscenario *s)
{
    const bt_osc_element *c = element(s, "Controller"), *p = element(s, "Property");
    CHECK(c && c->counts[BT_OSC_SUPPORTED] == 1 && c->counts[BT_OSC_IGNORED] == 1);
    CHECK(c && strcmp(c->reason, "driven by a person at a wheel") == 0);
    CHECK(p && p->counts[BT_OSC_SUPPORTED] == 5 && p->counts[BT_OSC_IGNORED] == 1);
    CHECK(element(s, "TrafficSignalState")->counts[BT_OSC_SUPPORTED] == 5);
    CHECK(element(s, "TrailerRef")->counts[BT_OSC_SUPPORTED] == 1);
}

// ---- mistakes ---------------------------------------------------------------------------------
typedef struct mistake {
    const char *from, *to, *message;
} mistake;

static const mistake mistakes[] = {
    {"entityRef=\"Trailer\"", "entityRef=\"Trolley\"",
     "TrailerRef: entityRef = 'Trolley': no such entity"},
    {"reference=\"first\"", "reference=\"zeroth\"", "no such controller before this one"},
    {"phase=\"stop\"", "phase=\"halt\"", "'first' has no such phase"},
    {"state=\"yellow\"", "state=\"mauve\"", "state = 'mauve': expected off, red"},
    {"duration=\"5\"", "duration=\"0\"", "its phases last for 0 s in all"},
    {"name=\"thw\" value=\"1.2\"", "name=\"thw\" value=\"-1\"", "value = -1: expected 0 to 60"},
    {"numberOfVehicles=\"7\"", "numberOfVehicles=\"7000\"",
     "numberOfVehicles = 7000: expected 0 to 500"},
    {"type=\"miscellaneous\"", "type=\"cheese\"",
     "expected one of vehicle, pedestrian, miscellaneous"},
};

static void check_mistakes(void)
{
    char *good = NULL;
    size_t count;
    CHECK_OK(bt_file_read(FILE_NAME, 0, &good, &count));
    char *bad = bt_alloc(count + 256, 1);
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char *at = strstr(good, mistakes[i].from);
        size_t head = at ? (size_t)(at - good) : 0, from = strlen(mistakes[i].from);
        CHECK(at != NULL);
        snprintf(bad, count + 256, "%.*s%s%s", (int)head, good, mistakes[i].to, good + head + from);
        bt_osc_desc desc = {.path = FILE_NAME};
        bt_openscenario *s = NULL;
        CHECK(bt_openscenario_parse(&desc, bad, strlen(bad), &s) == BT_ERR_INPUT);
        CHECK_CONTAINS(bt_error_message(), mistakes[i].message);
    }
    bt_free(bad);
    bt_free(good);
}

// ---- a catalog --------------------------------------------------------------------------------
static const char catalog[] =
    "<OpenSCENARIO><FileHeader revMajor='1' revMinor='1'/><Catalog name='mixed'>"
    "<Vehicle name='car' vehicleCategory='car'><ParameterDeclarations/><Axles/></Vehicle>"
    "<Controller name='ACCController'><Properties><Property name='timeGap' "
    "value='2'/></Properties></Controller>"
    "<Maneuver name='m'><Event name='e' priority='parallel'><Action "
    "name='a'><PrivateAction><LongitudinalAction>"
    "<LongitudinalDistanceAction entityRef='$who' "
    "distance='3'/></LongitudinalAction></PrivateAction></Action>"
    "</Event></Maneuver>"
    "<Maneuver name='n'><ParameterDeclarations><ParameterDeclaration name='who' "
    "parameterType='string' value='any'/>"
    "</ParameterDeclarations><Event name='e' priority='parallel'><Action "
    "name='a'><PrivateAction><LongitudinalAction>"
    "<LongitudinalDistanceAction entityRef='$who' "
    "distance='3'/></LongitudinalAction></PrivateAction></Action>"
    "</Event></Maneuver><Cheese name='c'/></Catalog></OpenSCENARIO>";

static void check_catalog(void)
{
    bt_osc_desc desc = {.path = "catalog.xosc", .only_coverage = true};
    bt_openscenario *s = NULL;
    CHECK_OK(bt_openscenario_parse(&desc, catalog, sizeof catalog - 1, &s));
    if (!s) return;
    const bt_osc_element *m = element(s, "Maneuver"), *c = element(s, "Cheese");
    CHECK(element(s, "Vehicle")->counts[BT_OSC_SUPPORTED] == 1);
    CHECK(element(s, "Property")->counts[BT_OSC_SUPPORTED] == 1);
    CHECK(m && m->counts[BT_OSC_SUPPORTED] == 1 && m->counts[BT_OSC_REFUSED] == 1);
    CHECK(m && strstr(m->reason, "entityRef = '$who': no such parameter") != NULL);
    CHECK(c && c->counts[BT_OSC_IGNORED] == 1);
    bt_openscenario_destroy(s);
    desc.only_coverage = false;
    CHECK(bt_openscenario_parse(&desc, catalog, sizeof catalog - 1, &s) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "nothing happens in it");
}

int main(void)
{
    stage s;
    if (set(&s)) {
        check_beginning(&s);
        check_lights(&s);
        check_aside(&s);
        check_trailer(&s);
        check_driver(&s);
        check_uncoupled(&s);
        check_coverage(s.scenario);
    }
    strike(&s);
    check_mistakes();
    check_catalog();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
