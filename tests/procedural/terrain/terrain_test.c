// terrain_test.c: the ground meets the road, stays below it, has no cracks and closes the horizon; it is
// the same in every window of a world.
#include "procedural/terrain/terrain.h"

#include "engine/core/random.h"
#include "engine/road/road_mesh.h"
#include "procedural/surfaces/road_surface.h"
#include "tests/engine/sim/networks.h"
#include "tests/procedural/scene_support.h"

typedef struct ground {
    bt_road_mesh mesh;
    bt_road_tile tile;
    bt_footprint *footprint;
    bt_terrain_desc desc;
    bt_terrain *terrain;
} ground;

static void make_ground(ground *g)
{
    support_road(&g->mesh, &g->tile);
    CHECK_OK(bt_footprint_create(&g->mesh, &g->footprint));
    g->desc = (bt_terrain_desc){.seed = 5, .far_radius_m = 1200.0, .field_share = 0.5};
    CHECK_OK(bt_terrain_create(g->footprint, &g->desc, &g->terrain));
}

static void clear_ground(ground *g)
{
    bt_terrain_destroy(g->terrain);
    bt_footprint_destroy(g->footprint);
    support_road_clear(&g->tile);
}

static void test_footprint(const ground *g)
{
    double distance = -1.0, height = 0.0;
    bt_footprint_hit hits[4];
    CHECK(bt_footprint_hits(g->footprint, 10.0, support_road_y(10.0), hits, 4) == 1);
    CHECK_NEAR(hits[0].height_m, support_road_z(10.0), 0.01);
    CHECK(bt_footprint_hits(g->footprint, 10.0, support_road_y(10.0) + 9.0, hits, 4) == 0);
    // straight across the crest of the S the edge is 4 m from the middle
    double x = 70.0 * BT_PI / 2.0, y = support_road_y(x);
    CHECK(bt_footprint_near(g->footprint, x, y + 14.0, 30.0, BT_FOOTPRINT_ALL, &distance, &height));
    CHECK_NEAR(distance, 10.0, 0.02);
    CHECK_NEAR(height, support_road_z(x), 0.05);
    CHECK(!bt_footprint_near(g->footprint, x, y + 14.0, 5.0, BT_FOOTPRINT_ALL, &distance, &height));
    CHECK(!bt_footprint_near(g->footprint, x, y, 5.0, BT_FOOTPRINT_WALKS, &distance, &height));
    double length = 0.0;
    for (uint32_t i = 0; i < bt_footprint_edge_count(g->footprint); i++)
        length += bt_footprint_edge(g->footprint, i)->length_m;
    CHECK(length > 800.0 && length < 1000.0); // two sides of a 430 m curve and its ends
}

// The mesh, not the function: the nearest triangle of ground below a plan point.
static bool mesh_height(const bt_world *world, uint32_t first_static, double x, double y,
                        double *height)
{
    bool found = false;
    for (uint32_t s = first_static; s < world->static_count; s++) {
        const bt_world_static *place = &world->statics[s];
        const bt_world_mesh *mesh = &world->meshes[place->mesh];
        double lx = x - place->world_from_mesh.pos.x, ly = y - place->world_from_mesh.pos.y;
        if (lx < (double)mesh->bounds_min[0] || lx > (double)mesh->bounds_max[0] ||
            ly < (double)mesh->bounds_min[1] || ly > (double)mesh->bounds_max[1])
            continue;
        const float *p = world->positions + 3 * (size_t)mesh->first_vertex;
        for (uint32_t t = 0; t < mesh->triangle_count; t++) {
            const uint32_t *i = world->indices + 3 * (size_t)(mesh->first_triangle + t);
            double w[3], sum = 0.0, z = 0.0;
            for (int k = 0; k < 3; k++) {
                const float *a = p + 3 * (size_t)i[(k + 1) % 3],
                            *b = p + 3 * (size_t)i[(k + 2) % 3];
                w[k] = ((double)a[0] - lx) * ((double)b[1] - ly) -
                       ((double)b[0] - lx) * ((double)a[1] - ly);
                sum += w[k];
            }
            if (w[0] < 0.0 || w[1] < 0.0 || w[2] < 0.0 || sum <= 0.0) continue;
            for (int k = 0; k < 3; k++)
                z += w[k] / sum * (double)p[3 * (size_t)i[k] + 2];
            *height = z + place->world_from_mesh.pos.z;
            found = true;
        }
    }
    return found;
}

static bt_world *compile_ground(const ground *g)
{
    bt_spec *spec = support_spec();
    bt_world *world = NULL;
    CHECK_OK(bt_terrain_add(spec, g->terrain));
    CHECK_OK(bt_world_compile(spec, &world));
    bt_spec_destroy(spec);
    return world;
}

static void test_meets_road(const ground *g, const bt_world *world)
{
    double highest_under = -1e9, lowest_gap = 1e9, widest_gap = -1e9;
    for (double x = -190.0; x < 190.0; x += 7.3) {
        double slope = 40.0 / 70.0 * cos(x / 70.0), n = hypot(1.0, slope);
        for (double t = -4.3; t <= 4.31; t += 0.43) {
            double px = x - t * slope / n, py = support_road_y(x) + t / n, z = 0.0;
            if (!mesh_height(world, 0, px, py, &z)) {
                CHECK(!"no ground");
                continue;
            }
            bt_footprint_hit hit;
            if (bt_footprint_hits(g->footprint, px, py, &hit, 1))
                highest_under = fmax(highest_under, z - hit.height_m);
            else if (fabs(t) < 4.35) {
                lowest_gap = fmin(lowest_gap, support_road_z(x) - z);
                widest_gap = fmax(widest_gap, support_road_z(x) - z);
            }
        }
    }
    CHECK(highest_under < -0.005); // never through the road
    CHECK(lowest_gap > -0.01);     // nor above its edge
    CHECK(widest_gap < 0.09);      // and close below it
}

// Every edge that two triangles of a chunk do not share lies on the chunk's border.
static void test_no_cracks(const bt_world *world)
{
    size_t triangles = 0;
    double area = 0.0, low = 1e9, high = -1e9;
    for (uint32_t m = 0; m < world->mesh_count; m++) {
        const bt_world_mesh *mesh = &world->meshes[m];
        const float *p = world->positions + 3 * (size_t)mesh->first_vertex;
        for (uint32_t t = 0; t < mesh->triangle_count; t++) {
            const uint32_t *i = world->indices + 3 * (size_t)(mesh->first_triangle + t);
            const float *a = p + 3 * (size_t)i[0], *b = p + 3 * (size_t)i[1];
            const float *c = p + 3 * (size_t)i[2];
            double twice = ((double)b[0] - (double)a[0]) * ((double)c[1] - (double)a[1]) -
                           ((double)c[0] - (double)a[0]) * ((double)b[1] - (double)a[1]);
            CHECK(twice > 0.0);
            area += 0.5 * twice;
            low = fmin(low, (double)a[2]);
            high = fmax(high, (double)a[2]);
            triangles++;
        }
    }
    // triangles do not overlap (all face up, fans and quads) and fill the disc: area says no holes
    CHECK(area > BT_PI * 1400.0 * 1400.0);
    CHECK(fmod(area, 0.0625) < 1e-6 || fmod(area, 0.0625) > 0.0625 - 1e-6);
    CHECK(high - low > 25.0); // hills
    CHECK(triangles < 500000);
}

static void test_repeats(const ground *g, const bt_world *world)
{
    bt_world *again = compile_ground(g);
    CHECK(strcmp(support_world_hash(world).hex, support_world_hash(again).hex) == 0);
    bt_world_destroy(again);
}

#define TILE_M 360.0

// A road along x, level at some height.
static void add_road(text *t, int id, double from, double to, double y, double z)
{
    text_add(t,
             "<road id=\"%d\" length=\"%g\" junction=\"-1\"><planView><geometry s=\"0\" x=\"%g\" "
             "y=\"%g\" hdg=\"0\" length=\"%g\"><line/></geometry></planView><elevationProfile>"
             "<elevation s=\"0\" a=\"%g\" b=\"0\" c=\"0\" d=\"0\"/></elevationProfile>\n",
             id, to - from, from, y, to - from, z);
    text_add(t, "<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center>"
                "<right>\n");
    text_lane(t, -1, "driving", 3.5, "");
    text_add(t, "</right></laneSection></lanes></road>\n");
}

// Three tiles a side of a world from a place on, and its streets as far as they hold them: lower to the west, higher to
// the east.
static void make_window(double low_x, ground *g, bt_road_mesh **mesh)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    for (int i = 0; i < 6; i++) {
        double y = 30.0 + 60.0 * i;
        if (low_x < 0.0) add_road(t, 20 + i, -TILE_M, -10.0, y, -20.0);
        add_road(t, 30 + i, 0.0, 2.0 * TILE_M, y, 5.0);
        if (low_x >= 0.0) add_road(t, 40 + i, 2.0 * TILE_M + 10.0, 3.0 * TILE_M, y, 30.0);
    }
    text_add(t, "</OpenDRIVE>\n");
    bt_road_network *net = text_take(t);
    g->desc = (bt_terrain_desc){.seed = 5,
                                .low_x_m = low_x,
                                .low_y_m = -TILE_M,
                                .high_x_m = low_x + 3.0 * TILE_M,
                                .high_y_m = 2.0 * TILE_M,
                                .tile_m = TILE_M};
    CHECK_OK(bt_road_mesh_build(net, NULL, mesh));
    CHECK_OK(bt_footprint_create(*mesh, &g->footprint));
    CHECK_OK(bt_terrain_create(g->footprint, &g->desc, &g->terrain));
    bt_road_network_destroy(net);
}

// What is found where it is asked for is what is found beforehand, from the roads to the horizon and beyond.
static void check_as_asked(const ground *g)
{
    bt_terrain *asked;
    bt_terrain_desc desc = g->desc;
    desc.far_as_asked = true;
    CHECK_OK(bt_terrain_create(g->footprint, &desc, &asked));
    double half_m;
    bt_vec3 centre = bt_terrain_centre(g->terrain, &half_m);
    uint32_t differ = 0;
    for (int i = 0; asked && i < 1000; i++) {
        double reach = 1.1 * half_m * bt_random_unit(4, 0, (uint64_t)i, 0);
        double x = centre.x + bt_random_range(4, 0, (uint64_t)i, 1, -reach, reach);
        double y = centre.y + bt_random_range(4, 0, (uint64_t)i, 2, -reach, reach);
        differ += bt_terrain_height(g->terrain, x, y) != bt_terrain_height(asked, x, y);
        differ +=
            bt_terrain_edge_distance(g->terrain, x, y) != bt_terrain_edge_distance(asked, x, y);
        differ += bt_terrain_forest(g->terrain, x, y) != bt_terrain_forest(asked, x, y);
    }
    CHECK(asked && differ == 0);
    bt_terrain_destroy(asked);
}

// Well inside both of two windows the ground is the same to the bit.
static void test_windows(void)
{
    ground a = {0}, b = {0};
    bt_road_mesh *meshes[2] = {NULL, NULL};
    uint32_t differ = 0, rim_differs = 0;
    make_window(-TILE_M, &a, &meshes[0]);
    make_window(0.0, &b, &meshes[1]);
    for (int i = 0; a.terrain && b.terrain && i < 3000; i++) {
        double u = bt_random_unit(3, 0, (uint64_t)i, 0), v = bt_random_unit(3, 0, (uint64_t)i, 1);
        double x = TILE_M * (0.6 + 0.8 * u), y = TILE_M * v;
        double rim = TILE_M * (1.9 + 0.1 * u);
        differ += bt_terrain_height(a.terrain, x, y) != bt_terrain_height(b.terrain, x, y);
        rim_differs += bt_terrain_height(a.terrain, rim, y) != bt_terrain_height(b.terrain, rim, y);
    }
    printf("the ground differs at %u of 3000 places inside two windows, at %u on a rim\n", differ,
           rim_differs);
    CHECK(a.terrain && b.terrain && differ == 0);
    CHECK(rim_differs > 0); // it looks beyond what is loaded
    if (a.terrain) check_as_asked(&a);
    for (int i = 0; i < 2; i++) {
        bt_terrain_destroy(i ? b.terrain : a.terrain);
        bt_footprint_destroy(i ? b.footprint : a.footprint);
        bt_road_mesh_destroy(meshes[i]);
    }
}

int main(void)
{
    test_windows();
    ground g = {0};
    make_ground(&g);
    if (g.terrain) {
        test_footprint(&g);
        check_as_asked(&g);
        bt_world *world = compile_ground(&g);
        test_meets_road(&g, world);
        test_no_cracks(world);
        test_repeats(&g, world);
        bt_world_destroy(world);
    }
    clear_ground(&g);
    return check_end();
}
