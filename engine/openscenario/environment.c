// environment.c: the weather of the beginning.
#include "engine/openscenario/internal.h"

#include <math.h>
#include <string.h>

static void read_sun(osc_reader *r, xml_node *weather, bt_osc_weather *w)
{
    xml_node *sun = xml_child(weather, "Sun");
    if (!sun) return;
    w->sun_azimuth_rad = osc_number_in(r, sun, "azimuth", NAN, -100.0, 100.0);
    w->sun_elevation_rad = osc_number_in(r, sun, "elevation", NAN, -100.0, 100.0);
    if (osc_has(sun, "illuminance") || osc_has(sun, "intensity"))
        osc_mark_node(r, sun, BT_OSC_SUPPORTED, "its place; how bright it is follows from that");
}

// Millimetres an hour: 1.1 says so, 1.0 has a share of the strongest (50 mm/h: chosen).
static void read_fall(osc_reader *r, xml_node *weather, bt_osc_weather *w)
{
    static const char *const types[] = {"dry", "rain", "snow", NULL};
    xml_node *fall = xml_child(weather, "Precipitation");
    if (!fall) return;
    int type = osc_choice(r, fall, "precipitationType", types, 0);
    double rate = osc_has(fall, "precipitationIntensity")
                      ? osc_number_in(r, fall, "precipitationIntensity", NAN, 0.0, 1e4)
                      : 50.0 * osc_number_in(r, fall, "intensity", 0.0, 0.0, 1.0);
    if (type == 1) w->rain_mm_h = fmin(rate, 100.0);
    if (type == 2) w->snow_mm_h = fmin(rate, 50.0);
}

static void read_cloud(osc_reader *r, xml_node *weather, bt_osc_weather *w)
{
    static const char *const words[] = {"free", "cloudy", "overcast", "rainy", "skyOff", NULL};
    static const double cover[] = {0.0, 0.5, 1.0, 1.0, NAN};
    if (osc_has(weather, "fractionalCloudCover")) {
        const char *text = osc_text(r, weather, "fractionalCloudCover", "");
        static const char *const oktas[] = {"zero", "one", "two",   "three", "four",
                                            "five", "six", "seven", "eight", NULL};
        for (int i = 0; oktas[i]; i++)
            if (strncmp(text, oktas[i], strlen(oktas[i])) == 0) w->cloud = i / 8.0; // "sixOktas"
    } else if (osc_has(weather, "cloudState")) {
        w->cloud = cover[osc_choice(r, weather, "cloudState", words, 0)];
    }
}

static void read_weather(osc_reader *r, xml_node *weather, bt_osc_weather *w)
{
    read_sun(r, weather, w);
    read_fall(r, weather, w);
    read_cloud(r, weather, w);
    xml_node *fog = xml_child(weather, "Fog");
    if (fog) w->fog_range_m = osc_number_in(r, fog, "visualRange", NAN, 0.0, 1e9);
    osc_ignore(r, fog, "BoundingBox", "fog is everywhere");
    osc_ignore(r, weather, "Wind", "moves nothing but what falls");
    osc_ignore(r, weather, "DomeImage", "the sky is computed");
}

static void read_clock(osc_reader *r, xml_node *environment, bt_osc_weather *w)
{
    xml_node *clock = xml_child(environment, "TimeOfDay");
    if (!clock) return;
    const char *text = osc_text(r, clock, "dateTime", "");
    const char *t = strchr(text, 'T');
    if (t && strlen(t) >= 6 && t[1] >= '0' && t[1] <= '2' && t[2] >= '0' && t[2] <= '9')
        w->hour = (t[1] - '0') * 10.0 + (t[2] - '0') + ((t[4] - '0') * 10.0 + (t[5] - '0')) / 60.0;
    osc_mark_node(r, clock, BT_OSC_IGNORED, "the sun stands where Weather has it");
}

static void read_road(osc_reader *r, xml_node *environment, bt_osc_weather *w)
{
    static const char *const words[] = {"dry",        "moist",       "wetWithPuddles",
                                        "lowFlooded", "highFlooded", NULL};
    static const double film[] = {0.0, 0.3, 1.0, 1.0, 1.0};
    xml_node *road = xml_child(environment, "RoadCondition");
    if (!road) return;
    (void)osc_number(r, road, "frictionScaleFactor", 1.0);
    if (osc_has(road, "wetness")) w->wetness = film[osc_choice(r, road, "wetness", words, 0)];
    osc_ignore(r, road, "Properties", "for other programs");
}

void osc_read_environment_entry(osc_reader *r, xml_node *environment)
{
    bt_osc_weather *w = &r->out->weather;
    read_clock(r, environment, w);
    xml_node *weather = xml_child(environment, "Weather");
    if (weather) read_weather(r, weather, w);
    read_road(r, environment, w);
}

bool osc_read_environment(osc_reader *r, xml_node *holder)
{
    xml_node *own = xml_child(holder, "Environment");
    xml_node *reference = xml_child(holder, "CatalogReference");
    osc_entry entry = {0};
    if (!own && !reference) return false;
    if (reference) entry = osc_enter_entry(r, reference);
    xml_node *environment = reference ? entry.node : own;
    if (environment && r->status == BT_OK) {
        if (!reference) {
            osc_scope_open(r, environment);
            osc_read_declarations(r, environment, false);
        }
        osc_read_environment_entry(r, environment);
        if (!reference) osc_scope_close(r);
    }
    osc_leave_entry(r, &entry);
    return true;
}
