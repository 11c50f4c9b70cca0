// road_mesh_test.c: the mesh against the surface it stands for.
#include "engine/road/opendrive.h"
#include "engine/road/road_mesh.h"
#include "tests/support/check.h"

#include <stdlib.h>

typedef struct corner3 {
    bt_vec3 pos[3], normal[3];
    double uv[3][2];
} corner3;

static corner3 triangle_of(const bt_road_tile *tile, uint32_t triangle)
{
    corner3 c;
    for (int k = 0; k < 3; k++) {
        uint32_t i = tile->indices[3 * triangle + (uint32_t)k];
        const float *p = tile->positions + 3 * (size_t)i;
        const float *n = tile->normals + 3 * (size_t)i;
        c.pos[k] =
            bt_vec3_add(tile->origin_world_m, (bt_vec3){(double)p[0], (double)p[1], (double)p[2]});
        c.normal[k] = (bt_vec3){(double)n[0], (double)n[1], (double)n[2]};
        c.uv[k][0] = (double)tile->uvs[2 * (size_t)i];
        c.uv[k][1] = (double)tile->uvs[2 * (size_t)i + 1];
    }
    return c;
}

static bt_vec3 face_normal(const corner3 *c) // length: twice the area
{
    return bt_vec3_cross(bt_vec3_sub(c->pos[1], c->pos[0]), bt_vec3_sub(c->pos[2], c->pos[0]));
}

static int lies_flat(const corner3 *c)
{
    return c->normal[0].z > 0.3 && c->normal[1].z > 0.3 && c->normal[2].z > 0.3;
}

// Faces under the edges hang straight down.
static int is_skirt(const corner3 *c)
{
    bt_vec3 n = face_normal(c);
    return fabs(n.z) < 1e-3 * bt_vec3_length(n);
}

static bt_road_network *load(const char *path)
{
    bt_road_network *net;
    CHECK_OK(bt_opendrive_load(path, &net));
    return net;
}

static bt_road_mesh *build(const bt_road_network *net)
{
    bt_road_mesh *mesh;
    CHECK_OK(bt_road_mesh_build(net, NULL, &mesh));
    return mesh;
}

// ---- chord error ----------------------------------------------------------------------------------------
// Inside each flat surface triangle uv interpolates to (s, t); the true surface there must be within
// the promised centimetre of the triangle, across and up. (Along s a chord may slide: where curvature
// changes, a metre of s is not everywhere the same length beside the reference line.)
static void check_chords(const bt_road_network *net, const bt_road_mesh *mesh, int *checked)
{
    static const double inside[4][3] = {
        {1.0 / 3, 1.0 / 3, 1.0 / 3}, {0.02, 0.49, 0.49}, {0.49, 0.02, 0.49}, {0.49, 0.49, 0.02}};
    double worst = 0.0;
    for (uint32_t i = 0; i < mesh->tile_count; i++) {
        const bt_road_tile *tile = &mesh->tiles[i];
        if (bt_road_get(net, tile->road)->junction != BT_ROAD_NONE) continue; // uv are world x, y
        for (uint32_t k = 0; k < tile->triangle_count; k++) {
            if (tile->kinds[k] > BT_SURFACE_GRASS) continue;
            corner3 c = triangle_of(tile, k);
            if (!lies_flat(&c) || is_skirt(&c)) continue;
            CHECK(face_normal(&c).z > 0.0); // counter-clockwise from above
            for (int b = 0; b < 4; b++) {
                bt_vec3 p = {0.0, 0.0, 0.0};
                double s = 0.0;
                double t = 0.0;
                for (int v = 0; v < 3; v++) {
                    p = bt_vec3_mad(p, c.pos[v], inside[b][v]);
                    s += c.uv[v][0] * inside[b][v];
                    t += c.uv[v][1] * inside[b][v];
                }
                // a border that bends with s is a chord too: beside a kerb the point may truly
                // lie on the other lane, by less than the chord error
                double d = INFINITY;
                for (int side = -1; side <= 1; side++) {
                    bt_pose true_pose = bt_road_pose(net, tile->road, s, t + 0.008 * side);
                    bt_vec3 off = bt_pose_point(bt_pose_inverse(true_pose), p);
                    d = fmin(d, hypot(off.y, off.z));
                }
                worst = fmax(worst, d);
                CHECK(d < 0.01);
                (*checked)++;
            }
        }
    }
    printf("chord error: worst %.4f m\n", worst);
}

// ---- paint ------------------------------------------------------------------------------------------------
static int is_paint(uint8_t kind)
{
    return kind >= BT_SURFACE_MARKING_WHITE && kind != BT_SURFACE_BOTTS_DOT;
}

// Height of a road's own surface mesh at a plan point; -INFINITY when there is none.
static double mesh_height(const bt_road_mesh *mesh, uint32_t road, double x, double y)
{
    double best = -INFINITY;
    for (uint32_t i = 0; i < mesh->tile_count; i++) {
        const bt_road_tile *tile = &mesh->tiles[i];
        if (tile->road != road) continue;
        for (uint32_t k = 0; k < tile->triangle_count; k++) {
            if (tile->kinds[k] > BT_SURFACE_GRASS) continue;
            corner3 c = triangle_of(tile, k);
            bt_vec3 n = face_normal(&c);
            if (n.z < 1e-9) continue;
            double w[3];
            for (int v = 0; v < 3; v++) {
                const bt_vec3 *a = &c.pos[(v + 1) % 3];
                const bt_vec3 *b = &c.pos[(v + 2) % 3];
                w[v] = ((a->x - x) * (b->y - y) - (a->y - y) * (b->x - x)) / n.z;
            }
            if (w[0] < -1e-6 || w[1] < -1e-6 || w[2] < -1e-6) continue;
            best = fmax(best, w[0] * c.pos[0].z + w[1] * c.pos[1].z + w[2] * c.pos[2].z);
        }
    }
    return best;
}

// Paint lies 3 to 4 mm over the triangles beneath it: nowhere through them.
static void check_paint(const bt_road_mesh *mesh)
{
    int seen = 0;
    for (uint32_t i = 0; i < mesh->tile_count; i++) {
        const bt_road_tile *tile = &mesh->tiles[i];
        for (uint32_t k = 0; k < tile->triangle_count; k++) {
            if (!is_paint(tile->kinds[k]) || seen++ % 97 != 0) continue;
            corner3 c = triangle_of(tile, k);
            CHECK(face_normal(&c).z > 0.0);
            bt_vec3 p =
                bt_vec3_scale(bt_vec3_add(c.pos[0], bt_vec3_add(c.pos[1], c.pos[2])), 1.0 / 3);
            double above = p.z - mesh_height(mesh, tile->road, p.x, p.y);
            CHECK(above > 0.0015 && above < 0.0055);
            if (!(above > 0.0015 && above < 0.0055))
                fprintf(stderr, "    %g m above road %u kind %d at %.2f %.2f\n", above, tile->road,
                        tile->kinds[k], p.x, p.y);
        }
    }
    CHECK(seen > 1000);
}

// ---- a straight road with known areas ---------------------------------------------------------------------
static double area_of(const bt_road_mesh *mesh, bt_surface_kind kind, int flat)
{
    double area = 0.0;
    for (uint32_t i = 0; i < mesh->tile_count; i++)
        for (uint32_t k = 0; k < mesh->tiles[i].triangle_count; k++) {
            corner3 c = triangle_of(&mesh->tiles[i], k);
            if (mesh->tiles[i].kinds[k] == (uint8_t)kind && lies_flat(&c) == flat)
                area += 0.5 * bt_vec3_length(face_normal(&c));
        }
    return area;
}

#define STRAIGHT(marks)                                                                            \
    "<OpenDRIVE><header revMajor='1' revMinor='6'/><road id='a' length='90'><planView><geometry "  \
    "s='0' x='5' y='7' hdg='0.3' length='90'><line/></geometry></planView><lanes><laneSection "    \
    "s='0'><left><lane id='1' type='driving'><width sOffset='0' a='3' b='0' c='0' d='0'/></lane>"  \
    "</left><center><lane id='0'>" marks "</lane></center><right><lane id='-1' type='driving'>"    \
    "<width sOffset='0' a='3' b='0' c='0' d='0'/></lane><lane id='-2' type='sidewalk'><width "     \
    "sOffset='0' a='2' b='0' c='0' "                                                               \
    "d='0'/></lane></right></laneSection></lanes></road></OpenDRIVE>"

static bt_road_mesh *mesh_of(const char *text)
{
    bt_road_network *net;
    CHECK_OK(bt_opendrive_parse("straight", text, strlen(text), &net));
    if (net == NULL) return NULL;
    bt_road_mesh *mesh = build(net);
    bt_road_network_destroy(net);
    return mesh;
}

// On a sidewalk without a height of its own as on the road: what is found is what is seen.
static void test_default_curb(void)
{
    bt_road_network *net;
    static const char map[] = STRAIGHT("");
    CHECK_OK(bt_opendrive_parse("straight", map, sizeof map - 1, &net));
    if (net == NULL) return;
    CHECK_NEAR(bt_road_point(net, 0, 40.0, -2.9).z, 0.0, 1e-9);
    CHECK_NEAR(bt_road_point(net, 0, 40.0, -3.1).z, 0.12, 1e-9);
    bt_road_network_destroy(net);
}

// A road of 90 m whose sidewalk, 3 to 5 m to its right, another road of 6 m width crosses at s = 45; so far above.
#define CROSSED                                                                                    \
    "<OpenDRIVE><header revMajor='1' revMinor='6'/><road id='a' length='90'><planView><geometry "  \
    "s='0' x='0' y='0' hdg='0' length='90'><line/></geometry></planView><lanes><laneSection "      \
    "s='0'><center><lane id='0'/></center><right><lane id='-1' type='driving'><width sOffset='0' " \
    "a='3' b='0' c='0' d='0'/></lane><lane id='-2' type='sidewalk'><width sOffset='0' a='2' "      \
    "b='0' "                                                                                       \
    "c='0' d='0'/></lane></right></laneSection></lanes></road><road id='b' length='30'><planView>" \
    "<geometry s='0' x='45' y='-30' hdg='%.16g' length='30'><line/></geometry></planView>"         \
    "<elevationProfile><elevation s='0' a='%g' b='0' c='0' d='0'/></elevationProfile><lanes>"      \
    "<laneSection s='0'><left><lane id='1' type='%s'><width sOffset='0' a='3' b='0' c='0' d='0'/>" \
    "</lane></left><center><lane id='0'/></center><right><lane id='-1' type='%s'><width "          \
    "sOffset='0' a='3' b='0' c='0' "                                                               \
    "d='0'/></lane></right></laneSection></lanes></road></OpenDRIVE>"

// It drops to the road where cars drive over it, by ramps of 1:12 along it; not below a bridge, nor below grass.
static void test_dropped_curb(void)
{
    static const struct {
        double above_m;
        const char *type;
        double least_m;
    } tries[] = {
        {0.0, "driving", 0.0}, {0.3, "driving", 0.0}, {5.0, "driving", 0.12}, {0.0, "none", 0.12}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        char map[2048];
        int count = snprintf(map, sizeof map, CROSSED, 0.5 * BT_PI, tries[i].above_m, tries[i].type,
                             tries[i].type);
        bt_road_network *net;
        CHECK_OK(bt_opendrive_parse("crossed", map, (size_t)count, &net));
        if (net == NULL) return;
        for (int k = 0; k <= 180; k++) {
            double s = 0.5 * k, far = fmax(0.0, fabs(s - 45.0) - 3.0);
            double wanted = fmin(0.12, tries[i].least_m + far / 12.0);
            // where it begins is found within 2 cm
            CHECK_NEAR(bt_road_point(net, 0, s, -4.0).z, wanted, 0.02 / 12.0 + 1e-9);
        }
        bt_road_network_destroy(net);
    }
}

static void test_areas(void)
{
    bt_road_mesh *mesh = mesh_of(STRAIGHT(
        "<roadMark sOffset='0' type='broken' width='0.12'><type name='broken' width='0.12'><line "
        "length='3' space='6' tOffset='0' sOffset='1' width='0.12'/></type></roadMark>"));
    if (mesh == NULL) return;
    CHECK_NEAR(area_of(mesh, BT_SURFACE_ASPHALT, 1), 90.0 * 6.0, 1e-3);
    CHECK_NEAR(area_of(mesh, BT_SURFACE_SIDEWALK, 1), 90.0 * 2.0, 1e-3);
    // dashes from 1, 10, ... 82 on: ten of 3 m
    CHECK_NEAR(area_of(mesh, BT_SURFACE_MARKING_WHITE, 1), 10.0 * 3.0 * 0.12, 1e-4);
    // the sidewalk has no height of its own: a kerb of 12 cm
    CHECK_NEAR(area_of(mesh, BT_SURFACE_CURB, 0), 90.0 * 0.12, 1e-3);
    // and closed ends: two caps of its width, and the skirt along it
    CHECK_NEAR(area_of(mesh, BT_SURFACE_SIDEWALK, 0), 0.35 * (2.0 * 2.0 + 90.0), 1e-3);
    CHECK(mesh->tile_count == 2); // 50 m, 40 m
    bt_road_mesh_destroy(mesh);

    mesh = mesh_of(STRAIGHT("<roadMark sOffset='0' type='solid solid' color='yellow' "
                            "width='0.1'/><roadMark sOffset='45' type='none'/>"));
    if (mesh == NULL) return;
    CHECK_NEAR(area_of(mesh, BT_SURFACE_MARKING_YELLOW, 1), 45.0 * 0.2, 1e-4);
    CHECK_NEAR(area_of(mesh, BT_SURFACE_MARKING_WHITE, 1), 0.0, 0.0);
    bt_road_mesh_destroy(mesh);
}

// Left of the centre line solid, right of it broken: as named from left to right.
static void test_pairs(void)
{
    bt_road_mesh *mesh =
        mesh_of(STRAIGHT("<roadMark sOffset='0' type='solid broken' width='0.1'/>"));
    if (mesh == NULL) return;
    double left = 0.0;
    double right = 0.0;
    for (uint32_t i = 0; i < mesh->tile_count; i++)
        for (uint32_t k = 0; k < mesh->tiles[i].triangle_count; k++) {
            if (mesh->tiles[i].kinds[k] != BT_SURFACE_MARKING_WHITE) continue;
            corner3 c = triangle_of(&mesh->tiles[i], k);
            double t = (c.uv[0][1] + c.uv[1][1] + c.uv[2][1]) / 3.0;
            *(t > 0.0 ? &left : &right) += 0.5 * bt_vec3_length(face_normal(&c));
        }
    CHECK_NEAR(left, 9.0, 1e-4);
    CHECK_NEAR(right, 3.0, 1e-4); // 3 of every 9 m
    bt_road_mesh_destroy(mesh);
}

static void test_repeatable(const bt_road_network *net, const bt_road_mesh *mesh)
{
    bt_road_mesh *again = build(net);
    if (again == NULL) return;
    CHECK(again->tile_count == mesh->tile_count);
    for (uint32_t i = 0; i < mesh->tile_count && i < again->tile_count; i++) {
        const bt_road_tile *a = &mesh->tiles[i];
        const bt_road_tile *b = &again->tiles[i];
        CHECK(a->vertex_count == b->vertex_count && a->triangle_count == b->triangle_count);
        CHECK(memcmp(a->positions, b->positions, 12 * (size_t)a->vertex_count) == 0);
        CHECK(memcmp(a->indices, b->indices, 12 * (size_t)a->triangle_count) == 0);
    }
    bt_road_mesh_destroy(again);
}

// No hole in the town's junctions: around the middle of their arms' ends there is only asphalt. (At
// a T that is 3.7 m up the side street, 3.5 m wide to each side.)
static void test_junction_floor(const bt_road_network *net)
{
    for (uint32_t j = 0; j < bt_road_junction_count(net); j++) {
        bt_vec3 centre = {0.0, 0.0, 0.0};
        int ends = 0;
        for (uint32_t i = 0; i < bt_road_count(net); i++) {
            const bt_road *road = bt_road_get(net, i);
            if (road->junction != j) continue;
            centre = bt_vec3_add(centre, bt_road_point(net, i, 0.0, 0.0));
            centre = bt_vec3_add(centre, bt_road_point(net, i, road->length_m, 0.0));
            ends += 2;
        }
        centre = bt_vec3_scale(centre, 1.0 / ends);
        double radius = ends == 24 ? 5.0 : 3.0;
        int inside = 0;
        for (double x = -radius; x <= radius; x += 0.25)
            for (double y = -radius; y <= radius; y += 0.25) {
                if (hypot(x, y) > radius) continue;
                bt_road_location at;
                bt_vec3 p = {centre.x + x, centre.y + y, centre.z};
                CHECK(bt_road_locate_all(net, p, &at, 1) > 0);
                CHECK_NEAR(at.height_m, 0.0, 1e-6);
                inside++;
            }
        CHECK(inside > 400);
    }
}

// Strong superelevation that comes and goes, over a crest, on a bend: everything twists.
static void test_twist(int *checked)
{
    static const char map[] =
        "<OpenDRIVE><header revMajor='1' revMinor='6'/><road id='a' length='300'><planView>"
        "<geometry s='0' x='0' y='0' hdg='0' length='300'><arc curvature='0.01'/></geometry>"
        "</planView><elevationProfile><elevation s='0' a='0' b='0' c='0.006' d='-4e-5'/>"
        "<elevation s='100' a='20' b='0' c='-0.006' d='4e-5'/>"
        "<elevation s='200' a='0' b='0' c='0' d='0'/></elevationProfile><lateralProfile>"
        "<superelevation s='50' a='0' b='0' c='0.00015' d='-1e-6'/>"
        "<superelevation s='150' a='0.5' b='0' c='-0.00015' d='1e-6'/>"
        "<superelevation s='250' a='0' b='0' c='0' d='0'/>"
        "<shape s='0' t='-12' a='0' b='0' c='0.01' d='0'/></lateralProfile><lanes>"
        "<laneSection s='0'><left><lane id='1' type='driving'><width sOffset='0' a='4' b='0' c='0' "
        "d='0'/></lane></left><center><lane id='0'><roadMark sOffset='0' type='solid' "
        "width='0.12'/></lane></center><right><lane id='-1' type='driving'><width sOffset='0' a='4'"
        " b='0.01' c='0' d='0'/></lane></right></laneSection></lanes></road></OpenDRIVE>";
    bt_road_network *net;
    CHECK_OK(bt_opendrive_parse("twist", map, sizeof map - 1, &net));
    if (net == NULL) return;
    bt_road_mesh *mesh = build(net);
    if (mesh != NULL) check_chords(net, mesh, checked);
    bt_road_mesh_destroy(mesh);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_default_curb();
    test_dropped_curb();
    test_areas();
    test_pairs();
    int checked = 0;
    test_twist(&checked);
    CHECK(checked > 1000);
    bt_road_network *town = load("assets/maps/town.xodr");
    bt_road_mesh *mesh = town != NULL ? build(town) : NULL;
    if (mesh != NULL) {
        check_chords(town, mesh, &checked);
        check_paint(mesh);
        test_repeatable(town, mesh);
        test_junction_floor(town);
    }
    bt_road_mesh_destroy(mesh);
    bt_road_network_destroy(town);
    CHECK(checked > 10000);
    return check_end();
}
