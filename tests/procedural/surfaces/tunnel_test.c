// tunnel_test.c: tunnels of a map: read within their road, built clear of its traffic, faced inward.
#include "procedural/surfaces/tunnel.h"
#include "engine/road/opendrive.h"
#include "tests/procedural/scene_support.h"

#define HALF_M 3.5  // of the road: two lanes
#define CLEAR_M 4.5 // height that traffic may take up

static const char head[] = "<OpenDRIVE><header revMajor=\"1\" revMinor=\"6\"/><road name=\"\" "
                           "length=\"100\" id=\"1\" junction=\"-1\">"
                           "<planView><geometry s=\"0\" x=\"0\" y=\"0\" hdg=\"0\" "
                           "length=\"100\"><line/></geometry></planView>"
                           "<lanes><laneSection s=\"0\">"
                           "<left><lane id=\"1\" type=\"driving\" level=\"false\"><width "
                           "sOffset=\"0\" a=\"3.5\" b=\"0\" c=\"0\" d=\"0\"/></lane>"
                           "<lane id=\"2\" type=\"border\" level=\"false\"><width sOffset=\"0\" "
                           "a=\"6\" b=\"0\" c=\"0\" d=\"0\"/></lane></left>"
                           "<center><lane id=\"0\" type=\"none\" level=\"false\"/></center>"
                           "<right><lane id=\"-1\" type=\"driving\" level=\"false\"><width "
                           "sOffset=\"0\" a=\"3.5\" b=\"0\" c=\"0\" d=\"0\"/></lane></right>"
                           "</laneSection></lanes><objects>";
static const char tail[] = "</objects></road></OpenDRIVE>";

static bt_road_network *road_with(const char *tunnels)
{
    char text[4096];
    bt_road_network *net = NULL;
    snprintf(text, sizeof text, "%s%s%s", head, tunnels, tail);
    CHECK_OK(bt_opendrive_parse("tunnel.xodr", text, strlen(text), &net));
    return net;
}

static void test_reading(void)
{
    bt_road_network *net =
        road_with("<tunnel s=\"20\" length=\"60\" id=\"a\" type=\"standard\" lighting=\"0.5\" "
                  "daylight=\"0.9\"/>"
                  "<tunnel s=\"90\" length=\"50\" id=\"b\" type=\"underpass\" lighting=\"7\"/>"
                  "<tunnel s=\"200\" length=\"50\" id=\"far\"/>");
    CHECK(bt_road_tunnel_count(net) == 2);
    const bt_tunnel *a = bt_road_tunnel_get(net, 0), *b = bt_road_tunnel_get(net, 1);
    CHECK(a->s_m == 20.0 && a->length_m == 60.0 && !a->underpass && a->lighting == 0.5);
    CHECK(b->s_m == 90.0 && b->length_m == 10.0 && b->underpass && b->lighting == 1.0);
    CHECK(bt_road_warning_count(net) == 1);
    CHECK_CONTAINS(bt_road_warning(net, 0), "far");
    bt_road_network_destroy(net);

    char text[4096];
    snprintf(text, sizeof text, "%s<tunnel length=\"5\" id=\"x\"/>%s", head, tail);
    CHECK(bt_opendrive_parse("tunnel.xodr", text, strlen(text), &net) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "'s'");
}

// ---- geometry ---------------------------------------------------------------------------------
static bt_world *build(const bt_road_network *net)
{
    bt_road_mesh *mesh = NULL;
    bt_footprint *footprint = NULL;
    bt_world *world = NULL;
    bt_spec *spec = support_spec();
    CHECK_OK(bt_road_mesh_build(net, NULL, &mesh));
    CHECK_OK(bt_footprint_create(mesh, &footprint));
    bt_tunnel_desc desc = {net, footprint};
    CHECK_OK(bt_tunnel_add(spec, &desc));
    CHECK_OK(bt_world_compile(spec, &world));
    bt_spec_destroy(spec);
    bt_footprint_destroy(footprint);
    bt_road_mesh_destroy(mesh);
    return world;
}

typedef struct triangle {
    bt_vec3 middle, normal;
    double area_m2;
    bool intrudes; // a corner in the way of traffic
    bt_class class_id;
} triangle;

static triangle triangle_get(const bt_world *w, const bt_world_static *s, uint32_t index)
{
    const bt_world_mesh *m = &w->meshes[s->mesh];
    bt_vec3 p[3];
    triangle t = {0};
    for (int k = 0; k < 3; k++) {
        uint32_t v = m->first_vertex + w->indices[3 * (m->first_triangle + index) + (uint32_t)k];
        const float *at = w->positions + 3 * (size_t)v;
        p[k] = bt_pose_point(s->world_from_mesh,
                             (bt_vec3){(double)at[0], (double)at[1], (double)at[2]});
        t.middle = bt_vec3_mad(t.middle, p[k], 1.0 / 3.0);
        t.intrudes =
            t.intrudes || (fabs(p[k].y) < HALF_M - 0.01 && p[k].z > 0.01 && p[k].z < CLEAR_M);
    }
    bt_vec3 across = bt_vec3_cross(bt_vec3_sub(p[1], p[0]), bt_vec3_sub(p[2], p[0]));
    t.area_m2 = 0.5 * bt_vec3_length(across);
    t.normal = bt_vec3_normalize(across);
    uint8_t slot = w->triangle_slots[m->first_triangle + index];
    t.class_id = (bt_class)w->slots[m->first_slot + slot].class_id;
    return t;
}

static void test_building(const char *tunnels, bool covered)
{
    bt_road_network *net = road_with(tunnels);
    bt_world *w = build(net);
    uint32_t intruders = 0, outward = 0, earth = 0, sunk = 0;
    double walls_m2 = 0.0, low = HUGE_VAL, high = -HUGE_VAL;
    for (uint32_t i = 0; w && i < w->static_count; i++) {
        const bt_world_mesh *m = &w->meshes[w->statics[i].mesh];
        for (uint32_t k = 0; k < m->triangle_count; k++) {
            triangle t = triangle_get(w, &w->statics[i], k);
            intruders += t.intrudes;
            low = fmin(low, t.middle.x), high = fmax(high, t.middle.x);
            if (t.class_id == BT_CLASS_TERRAIN) {
                earth++;
                sunk += t.normal.z <= 0.0;
            }
            bool wall = t.class_id == BT_CLASS_TUNNEL && t.middle.x > 25.0 && t.middle.x < 75.0 &&
                        fabs(t.normal.y) > 0.9 && t.middle.z > 0.5 && t.middle.z < 3.0 &&
                        fabs(t.middle.y) < HALF_M + 0.9;
            if (!wall) continue;
            walls_m2 += t.area_m2;
            outward += t.normal.y * t.middle.y > 0.0;
        }
    }
    CHECK(intruders == 0);
    CHECK(low > 18.0 && low < 21.0 && high > 79.0 && high < 82.0);
    // 50 m of two walls of 3.3 m; of an underpass its columns alone
    CHECK(covered ? walls_m2 > 300.0 : walls_m2 < 60.0);
    CHECK(outward == 0);
    CHECK((earth > 0) == covered && sunk == 0);
    bt_world_destroy(w);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_reading();
    test_building("<tunnel s=\"20\" length=\"60\" id=\"a\" type=\"standard\" lighting=\"0.5\"/>",
                  true);
    test_building("<tunnel s=\"20\" length=\"60\" id=\"a\" type=\"underpass\" lighting=\"1\"/>",
                  false);
    return check_end();
}
