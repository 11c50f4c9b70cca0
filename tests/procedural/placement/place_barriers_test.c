// place_barriers_test.c: beside a straight motorway rails, delineators and the median's barrier stand where
// they should; noise walls keep a street of houses quiet, and only that.
#include "procedural/placement/surroundings.h"
#include "engine/road/opendrive.h"
#include "tests/procedural/scene_support.h"

#define LENGTH_M 1200.0
#define PAVED_M (2.0 + 2.0 * 3.6 + 3.0) // median's half, lanes, shoulder
#define STREET_FROM_M 400.0
#define STREET_TO_M 700.0

// ---- the network ------------------------------------------------------------------------------
typedef struct strip {
    const char *type;
    double width_m;
} strip;

static void add_lanes(char *text, size_t room, const strip *strips, int count, int sign)
{
    strcat(text, sign > 0 ? "<left>" : "<right>");
    for (int k = 0; k < count; k++) {
        int i = sign > 0 ? count - 1 - k : k;
        size_t at = strlen(text);
        snprintf(
            text + at, room - at,
            "<lane id=\"%d\" type=\"%s\" level=\"false\"><width sOffset=\"0\" a=\"%g\" b=\"0\" "
            "c=\"0\" d=\"0\"/></lane>",
            sign * (i + 1), strips[i].type, strips[i].width_m);
    }
    strcat(text, sign > 0 ? "</left>" : "</right>");
}

static void add_road(char *text, size_t room, int id, double x, double y, double length,
                     double speed_km_h, const strip *strips, int count)
{
    size_t at = strlen(text);
    snprintf(text + at, room - at,
             "<road id=\"%d\" length=\"%g\" junction=\"-1\"><type s=\"0\" type=\"town\"><speed "
             "max=\"%g\" unit=\"km/h\"/></type><planView><geometry s=\"0\" x=\"%g\" y=\"%g\" "
             "hdg=\"0\" length=\"%g\"><line/></geometry></planView><lanes><laneSection s=\"0\">",
             id, length, speed_km_h, x, y, length);
    add_lanes(text, room, strips, count, 1);
    strcat(text, "<center><lane id=\"0\" type=\"none\"/></center>");
    add_lanes(text, room, strips, count, -1);
    strcat(text, "</laneSection></lanes></road>");
}

// A motorway along x, a street of houses beside it.
static bt_world *make_world(double street_y_m)
{
    static const strip motorway[] = {
        {"median", 2.0}, {"driving", 3.6}, {"driving", 3.6}, {"shoulder", 3.0}, {"border", 4.0}};
    static const strip street[] = {{"driving", 3.25}, {"sidewalk", 2.2}};
    static char text[16384];
    snprintf(text, sizeof text, "<OpenDRIVE><header revMajor=\"1\" revMinor=\"6\"/>");
    add_road(text, sizeof text, 1, 0.0, 0.0, LENGTH_M, 120.0, motorway, 5);
    add_road(text, sizeof text, 2, STREET_FROM_M, street_y_m, STREET_TO_M - STREET_FROM_M, 50.0,
             street, 2);
    strcat(text, "</OpenDRIVE>");
    bt_road_network *net = NULL;
    bt_world *world = NULL;
    bt_surroundings_result result;
    bt_surroundings_params params = {.seed = 2, .far_radius_m = 200.0, .no_plants = true};
    bt_spec *spec = support_spec();
    CHECK_OK(bt_opendrive_parse("street", text, strlen(text), &net));
    CHECK_OK(bt_surroundings_generate(spec, net, &params, &result));
    CHECK_OK(bt_world_compile(spec, &world));
    bt_surroundings_result_clear(&result);
    bt_spec_destroy(spec);
    bt_road_network_destroy(net);
    return world;
}

// ---- what stands there ------------------------------------------------------------------------
static bool is_named(const bt_world *w, uint32_t i, const char *name)
{
    uint32_t object = w->statics[i].object_id;
    return object != 0 && strcmp(bt_world_name(w, w->objects[object].name), name) == 0;
}

static bt_vec3 place_of(const bt_world *w, uint32_t i)
{
    return w->statics[i].world_from_mesh.pos;
}

// On a road without falls rails come by stretches of 160 m; all beside the motorway, their faces half a
// metre from the paved edge: a beam 81 mm deep, placed 0.1 m behind.
static void test_rails(const bt_world *w)
{
    int rails = 0;
    for (uint32_t i = 0; i < w->static_count; i++) {
        if (!is_named(w, i, "guard rail")) continue;
        rails++;
        CHECK_NEAR(fabs(place_of(w, i).y), PAVED_M + 0.6, 1e-6);
    }
    CHECK(rails > 100); // of 600 modules
}

// Every 50 m on both sides, half a metre from the paved edge or behind a rail.
static void test_delineators(const bt_world *w)
{
    int sides[2] = {0, 0};
    for (uint32_t i = 0; i < w->static_count; i++) {
        if (!is_named(w, i, "delineator")) continue;
        bt_vec3 at = place_of(w, i);
        double out = fabs(at.y) - PAVED_M;
        CHECK(fabs(out - 0.5) < 1e-6 || fabs(out - 1.0) < 1e-6);
        CHECK(fabs(remainder(at.x, 50.0)) <= 2.0);
        sides[at.y > 0.0]++;
    }
    CHECK(sides[0] >= 22 && sides[1] >= 22);
}

// One module after another from end to end, in the middle.
static void test_median(const bt_world *w)
{
    double sum = 0.0;
    int modules = 0;
    for (uint32_t i = 0; i < w->static_count; i++) {
        if (!is_named(w, i, "concrete barrier")) continue;
        modules++;
        sum += place_of(w, i).x;
        CHECK_NEAR(place_of(w, i).y, 0.0, 1e-6);
    }
    CHECK(modules == 400);
    CHECK_NEAR(sum / 400.0, 0.5 * LENGTH_M, 1e-6);
}

// Gives the modules of walls; how far they reach.
static int find_walls(const bt_world *w, double *low_x, double *high_x)
{
    int walls = 0;
    *low_x = 1e9;
    *high_x = -1e9;
    for (uint32_t i = 0; i < w->static_count; i++) {
        if (!is_named(w, i, "noise wall")) continue;
        walls++;
        *low_x = fmin(*low_x, place_of(w, i).x);
        *high_x = fmax(*high_x, place_of(w, i).x);
        CHECK_NEAR(place_of(w, i).y, PAVED_M + 4.0 + 1.0, 1e-6); // on the houses' side
    }
    return walls;
}

static void test_walls(void)
{
    double low;
    double high;
    bt_world *near = make_world(150.0);
    int walls = find_walls(near, &low, &high);
    CHECK(walls > 100);
    CHECK(low < STREET_FROM_M - 50.0 && high > STREET_TO_M + 50.0);
    CHECK(low > 0.0 && high < LENGTH_M);
    CHECK(walls == 1 + (int)round((high - low) / 4.0)); // without a gap
    test_rails(near);
    test_delineators(near);
    test_median(near);
    bt_world_destroy(near);
    bt_world *far = make_world(420.0);
    CHECK(find_walls(far, &low, &high) == 0);
    bt_world_destroy(far);
}

int main(void)
{
    test_walls();
    return check_end();
}
