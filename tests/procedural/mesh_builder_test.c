// mesh_builder_test.c: shapes against their closed forms; smoothing, mirroring, watertightness.
#include "procedural/mesh_shapes.h"

#include "tests/support/check.h"

static bt_mesh_report report_of(const bt_mesh_builder *mesh)
{
    bt_mesh_report report = {0};
    CHECK_OK(bt_mesh_check(mesh, &report));
    return report;
}

// What every closed shape must be.
static void check_closed(const bt_mesh_builder *mesh)
{
    bt_mesh_report report = report_of(mesh);
    CHECK(mesh->triangle_count > 0);
    CHECK(report.open_edges == 0);
    CHECK(report.degenerate == 0);
    CHECK(report.bad_normals == 0);
    CHECK(report.bad_numbers == 0);
    CHECK(report.against == 0);
    CHECK(report.volume_m3 > 0.0);
}

static const bt_pose tilted = {{1.0, -2.0, 0.5}, {0.9055842, 0.1, 0.4, -0.1}};

static bt_pose tilted_pose(void)
{
    return (bt_pose){tilted.pos, bt_quat_normalize(tilted.rot)};
}

static void test_box(void)
{
    bt_mesh_builder mesh = {0};
    bt_mesh_add_box(&mesh, tilted_pose(), bt_vec3_make(1.0, 2.0, 3.0));
    check_closed(&mesh);
    CHECK(mesh.triangle_count == 12);
    CHECK_NEAR(report_of(&mesh).volume_m3, 6.0, 1e-5);
    CHECK_NEAR(report_of(&mesh).area_m2, 22.0, 1e-5);
    bt_mesh_clear(&mesh);
}

static void test_rounded_box(void)
{
    bt_mesh_builder mesh = {0};
    double r = 0.2;
    bt_mesh_add_rounded_box(&mesh, tilted_pose(), bt_vec3_make(1.0, 2.0, 3.0), r, 8);
    check_closed(&mesh);
    // Steiner: inner box, its faces pushed out, quarter cylinders, a ball
    double inner = 0.6 * 1.6 * 2.6, faces = 2.0 * r * (0.6 * 1.6 + 1.6 * 2.6 + 0.6 * 2.6);
    double edges = BT_PI * r * r * (0.6 + 1.6 + 2.6), ball = 4.0 / 3.0 * BT_PI * r * r * r;
    CHECK_NEAR(report_of(&mesh).volume_m3, inner + faces + edges + ball, 0.003);
    bt_mesh_clear(&mesh);
}

static void test_slab(void)
{
    bt_mesh_builder mesh = {0};
    bt_mesh_add_rounded_slab(&mesh, tilted_pose(), bt_vec3_make(0.5, 0.3, 0.1), 0.05, 0.0, 12);
    check_closed(&mesh);
    double area = 0.5 * 0.3 - (4.0 - BT_PI) * 0.05 * 0.05;
    CHECK_NEAR(report_of(&mesh).volume_m3, area * 0.1, 2e-5);
    bt_mesh_clear(&mesh);
    bt_mesh_add_rounded_slab(&mesh, tilted_pose(), bt_vec3_make(0.5, 0.3, 0.1), 0.05, 0.02, 12);
    check_closed(&mesh);
    CHECK(report_of(&mesh).volume_m3 < area * 0.1 - 1e-5);
    bt_mesh_clear(&mesh);
}

static void test_prism(void)
{
    // an L: not convex
    bt_point2 outline[6] = {{0, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 3}, {0, 3}};
    bt_mesh_builder mesh = {0};
    bt_mesh_add_prism(&mesh, tilted_pose(), outline, 6, 1.0, 1.5);
    check_closed(&mesh);
    CHECK_NEAR(report_of(&mesh).volume_m3, 4.0 * 0.5, 1e-5);
    CHECK_NEAR(report_of(&mesh).area_m2, 2.0 * 4.0 + 0.5 * 10.0, 1e-5);
    bt_mesh_clear(&mesh);
}

// A many-sided prism's volume: of the polygon inscribed in the circle.
static double polygon_area(double radius, unsigned n)
{
    return 0.5 * (double)n * radius * radius * sin(2.0 * BT_PI / (double)n);
}

static void test_round(void)
{
    bt_mesh_builder mesh = {0};
    bt_vec3 from = {1.0, 1.0, 0.0}, to = {1.0, 2.0, 1.0};
    bt_mesh_add_cylinder(&mesh, from, to, 0.3, 0.3, 32);
    check_closed(&mesh);
    CHECK_NEAR(report_of(&mesh).volume_m3, polygon_area(0.3, 32) * sqrt(2.0), 1e-5);
    bt_mesh_clear(&mesh);

    bt_mesh_add_cylinder(&mesh, from, to, 0.3, 0.0, 32);
    check_closed(&mesh);
    CHECK_NEAR(report_of(&mesh).volume_m3, polygon_area(0.3, 32) * sqrt(2.0) / 3.0, 1e-5);
    bt_mesh_clear(&mesh);

    bt_mesh_add_capsule(&mesh, from, to, 0.3, 0.2, 24);
    check_closed(&mesh);
    bt_mesh_clear(&mesh);

    bt_mesh_add_ellipsoid(&mesh, tilted_pose(), bt_vec3_make(0.5, 0.3, 0.2), 64);
    check_closed(&mesh);
    double ball = 4.0 / 3.0 * BT_PI * 0.5 * 0.3 * 0.2;
    CHECK_NEAR(report_of(&mesh).volume_m3 / ball, 1.0, 0.006);
    bt_mesh_clear(&mesh);

    // a torus: Pappus
    bt_point2 ring[25];
    for (int i = 0; i < 25; i++) {
        double angle = 2.0 * BT_PI * (double)(i % 24) / 24.0;
        ring[i] = (bt_point2){0.5 + 0.1 * cos(angle), 0.1 * sin(angle)};
    }
    bt_mesh_add_lathe(&mesh, tilted_pose(), ring, 25, 48, BT_PI);
    check_closed(&mesh);
    CHECK_NEAR(report_of(&mesh).volume_m3, polygon_area(0.1, 24) * 2.0 * BT_PI * 0.5, 4e-4);
    bt_mesh_clear(&mesh);
}

static void test_sweep(void)
{
    bt_vec3 path[4] = {{0, 0, 0}, {2, 0, 0}, {2, 3, 0}, {2, 3, 2}};
    double radii[4] = {0.1, 0.1, 0.1, 0.05};
    bt_point2 square[4] = {{-0.1, -0.1}, {0.1, -0.1}, {0.1, 0.1}, {-0.1, 0.1}};
    bt_mesh_builder mesh = {0};
    bt_mesh_add_sweep(&mesh, path, 4, square, 4, true, 0.5);
    check_closed(&mesh);
    // mitred at right angles: cross-section times the path's length
    CHECK_NEAR(report_of(&mesh).volume_m3, 0.04 * 7.0, 1e-4);
    bt_mesh_clear(&mesh);
    bt_mesh_add_tube(&mesh, path, radii, 4, 12);
    check_closed(&mesh);
    bt_mesh_clear(&mesh);
}

static void test_smooth(void)
{
    // a box stays faceted below its crease, and becomes round above it
    bt_mesh_builder mesh = {0};
    bt_mesh_mark start = bt_mesh_here(&mesh);
    bt_mesh_add_box(&mesh, BT_POSE_IDENTITY, bt_vec3_make(1.0, 1.0, 1.0));
    bt_mesh_smooth(&mesh, start, 60.0 * BT_RAD_PER_DEG);
    for (size_t v = 0; v < mesh.vertex_count; v++) {
        const float *n = mesh.normals + 3 * v;
        CHECK_NEAR(fmaxf(fabsf(n[0]), fmaxf(fabsf(n[1]), fabsf(n[2]))), 1.0, 1e-6);
    }
    bt_mesh_smooth(&mesh, start, 120.0 * BT_RAD_PER_DEG);
    for (size_t v = 0; v < mesh.vertex_count; v++)
        CHECK_NEAR(fabsf(mesh.normals[3 * v]), 1.0 / sqrt(3.0), 1e-5);
    bt_mesh_clear(&mesh);

    // a ball's normals point where its vertices lie
    bt_mesh_add_ellipsoid(&mesh, BT_POSE_IDENTITY, bt_vec3_make(1.0, 1.0, 1.0), 48);
    for (size_t v = 0; v < mesh.vertex_count; v++)
        for (size_t k = 0; k < 3; k++)
            CHECK_NEAR(mesh.normals[3 * v + k], mesh.positions[3 * v + k], 0.01);
    bt_mesh_clear(&mesh);
}

static void test_copies(void)
{
    bt_mesh_builder mesh = {0}, whole = {0};
    mesh.slot = 3;
    bt_mesh_add_box(&mesh, (bt_pose){{0.0, 2.0, 0.0}, BT_QUAT_IDENTITY},
                    bt_vec3_make(1.0, 1.0, 1.0));
    bt_mesh_mirror_y(&mesh, (bt_mesh_mark){0, 0});
    check_closed(&mesh);
    CHECK_NEAR(report_of(&mesh).volume_m3, 2.0, 1e-6);
    CHECK_NEAR(report_of(&mesh).min_m.y, -2.5, 1e-6);
    bt_mesh_add_rounded_box(&whole, BT_POSE_IDENTITY, bt_vec3_make(1.0, 1.0, 1.0), 0.1, 2);
    bt_mesh_append(&whole, &mesh, tilted_pose());
    check_closed(&whole);
    CHECK(whole.slots[whole.triangle_count - 1] == 3);
    bt_mesh_scale(&whole, (bt_mesh_mark){0, 0}, bt_vec3_make(2.0, -1.0, 1.0));
    check_closed(&whole);
    bt_mesh_clear(&whole);
    bt_mesh_clear(&mesh);
}

// The checks themselves must be able to fail.
static void test_check(void)
{
    bt_mesh_builder mesh = {0};
    bt_mesh_add_box(&mesh, BT_POSE_IDENTITY, bt_vec3_make(1.0, 1.0, 1.0));
    mesh.triangle_count--;
    CHECK(report_of(&mesh).open_edges == 3);
    mesh.normals[0] = 3.0f;
    CHECK(report_of(&mesh).bad_normals == 1);
    mesh.positions[5] = NAN;
    CHECK(report_of(&mesh).bad_numbers == 1);
    bt_mesh_clear(&mesh);
    bt_mesh_add_box(&mesh, BT_POSE_IDENTITY, bt_vec3_make(1.0, 1.0, 1.0));
    bt_mesh_flip(&mesh, (bt_mesh_mark){0, 0});
    CHECK(report_of(&mesh).volume_m3 < 0.0);
    bt_mesh_clear(&mesh);
}

int main(void)
{
    test_box();
    test_rounded_box();
    test_slab();
    test_prism();
    test_round();
    test_sweep();
    test_smooth();
    test_copies();
    test_check();
    return check_end();
}
