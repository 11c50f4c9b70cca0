// person_test.c: heights, feet that stay on the ground while walking, closed limbs, variety.
#include "procedural/people/person_internal.h"

#include "engine/sim/gait.h"
#include "tests/procedural/support/body_check.h"

static bt_body *build(const bt_person_params *params)
{
    bt_body *body = NULL;
    CHECK_OK(bt_person_build(params, &body));
    return body;
}

// ---- closed pieces ------------------------------------------------------------------------------
typedef struct corner {
    float pos[3];
    uint32_t vertex;
} corner;

static int compare_corners(const void *a, const void *b)
{
    const corner *p = a, *q = b;
    int order = memcmp(p->pos, q->pos, sizeof p->pos);
    return order != 0 ? order : (p->vertex > q->vertex) - (p->vertex < q->vertex);
}

static uint32_t root(uint32_t *group, uint32_t i)
{
    while (group[i] != i)
        i = group[i] = group[group[i]];
    return i;
}

// Gives each vertex the first of the piece it belongs to: joined by triangles and by equal places.
static void find_pieces(const bt_mesh_builder *mesh, uint32_t *group)
{
    corner *corners = bt_alloc(mesh->vertex_count, sizeof *corners);
    for (uint32_t i = 0; i < mesh->vertex_count; i++) {
        group[i] = i;
        for (int k = 0; k < 3; k++)
            corners[i].pos[k] = mesh->positions[3 * i + (size_t)k] + 0.0f;
        corners[i].vertex = i;
    }
    qsort(corners, mesh->vertex_count, sizeof *corners, compare_corners);
    for (size_t i = 1; i < mesh->vertex_count; i++)
        if (memcmp(corners[i].pos, corners[i - 1].pos, sizeof corners[i].pos) == 0)
            group[root(group, corners[i].vertex)] = root(group, corners[i - 1].vertex);
    for (size_t t = 0; t < mesh->triangle_count; t++)
        for (int k = 1; k < 3; k++)
            group[root(group, mesh->indices[3 * t + (size_t)k])] =
                root(group, mesh->indices[3 * t]);
    bt_free(corners);
}

// No closed piece is inside out: each has a positive volume.
static void check_pieces(const bt_body_part *part)
{
    const bt_mesh_builder *mesh = &part->mesh;
    uint32_t *group = bt_alloc(mesh->vertex_count, sizeof *group), pieces = 0;
    double *volume = bt_alloc(mesh->vertex_count, sizeof *volume);
    find_pieces(mesh, group);
    for (size_t t = 0; t < mesh->triangle_count; t++) {
        const uint32_t *v = mesh->indices + 3 * t;
        uint32_t piece = root(group, v[0]);
        bt_vec3 o = bt_mesh_position(mesh, piece); // near: less is lost
        bt_vec3 a = bt_vec3_sub(bt_mesh_position(mesh, v[0]), o);
        bt_vec3 b = bt_vec3_sub(bt_mesh_position(mesh, v[1]), o);
        bt_vec3 c = bt_vec3_sub(bt_mesh_position(mesh, v[2]), o);
        volume[piece] += bt_vec3_dot(a, bt_vec3_cross(b, c)) / 6.0;
    }
    for (uint32_t i = 0; i < mesh->vertex_count; i++) {
        if (root(group, i) != i) continue;
        pieces++;
        CHECK(volume[i] > 0.0);
        if (!(volume[i] > 0.0))
            printf("%s: piece of slot vertex %u at %g %g %g\n", part->name, i,
                   (double)mesh->positions[3 * i], (double)mesh->positions[3 * i + 1],
                   (double)mesh->positions[3 * i + 2]);
    }
    CHECK(pieces > 0);
    bt_free(volume);
    bt_free(group);
}

static void test_standing(const bt_person_params *p)
{
    bt_body *body = build(p);
    if (!body) return;
    body_bounds b = check_body_meshes(body, NULL);
    // hair stands on it
    CHECK(b.max_m.z > p->height_m - 0.002 && b.max_m.z < p->height_m + 0.055);
    CHECK_NEAR(b.min_m.z, 0.0, 0.002);
    CHECK(b.max_m.y < 0.30 * p->height_m && b.min_m.y > -0.30 * p->height_m);
    CHECK(b.triangles > 20000 && b.triangles < 60000);
    CHECK(b.against < b.triangles / 50);
    const bt_cuboid_desc *c = &body->cuboids[0];
    CHECK_NEAR(c->centre_m.z + 0.5 * c->size_m.z, b.max_m.z, 1e-6);
    CHECK_NEAR(c->centre_m.y, 0.0, 1e-9);
    CHECK(body->keypoint_count == 17); // as COCO has
    for (uint32_t i = 0; i < body->part_count; i++) {
        bt_mesh_report report;
        if (body->parts[i].mesh.triangle_count == 0) continue; // a joint of the skin
        CHECK_OK(bt_mesh_check(&body->parts[i].mesh, &report));
        CHECK(report.open_edges == 0); // every part is made of closed bodies
        check_pieces(&body->parts[i]);
    }
    bt_body_destroy(body);
}

static double lowest(const bt_body *body, const double *channels)
{
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(body, channels, poses);
    double low = INFINITY;
    for (uint32_t i = 0; i < body->part_count; i++) {
        const bt_mesh_builder *mesh = &body->parts[i].mesh;
        for (size_t v = 0; v < mesh->vertex_count; v++)
            low = fmin(low, bt_pose_point(poses[i], bt_mesh_position(mesh, (uint32_t)v)).z);
    }
    return low;
}

// The gait promises that feet stay on the ground; the shoe must have the foot's size.
static void test_walking(void)
{
    bt_person_params p = bt_person_defaults();
    bt_body *body = build(&p);
    if (!body) return;
    for (int i = 0; i < 20; i++) {
        bt_gait gait = {p.height_m, false, 1.4, i / 20.0};
        double channels[BT_CHANNEL_COUNT] = {0};
        double sink = bt_gait_pose(&gait, channels);
        // toes do not bend: when the heel is high, what lies before the ball dips,
        // 0.03 h sin(1 rad) less the toe's spring
        CHECK_NEAR(lowest(body, channels) - sink, 0.0, 0.04);
    }
    bt_body_destroy(body);
}

// Knees bend backward, elbows forward, hips swing the foot forward.
static void test_signs(void)
{
    bt_person_params p = bt_person_defaults();
    bt_body *body = build(&p);
    if (!body) return;
    const struct {
        bt_channel channel;
        const char *keypoint;
        double forward;
    } cases[] = {{BT_CHANNEL_HIP_LEFT, "left_ankle", 1.0},
                 {BT_CHANNEL_KNEE_RIGHT, "right_ankle", -1.0},
                 {BT_CHANNEL_SHOULDER_LEFT, "left_wrist", 1.0},
                 {BT_CHANNEL_ELBOW_RIGHT, "right_wrist", 1.0}};
    for (size_t i = 0; i < 4; i++) {
        double channels[BT_CHANNEL_COUNT] = {0};
        bt_pose rest[BT_BODY_MAX_PARTS], bent[BT_BODY_MAX_PARTS];
        channels[cases[i].channel] = 0.4;
        bt_body_pose_parts(body, NULL, rest);
        bt_body_pose_parts(body, channels, bent);
        for (uint32_t k = 0; k < body->keypoint_count; k++) {
            const bt_keypoint_desc *key = &body->keypoints[k];
            if (strcmp(key->name, cases[i].keypoint) != 0) continue;
            double moved = bt_pose_point(bent[key->part], key->pos_part_m).x -
                           bt_pose_point(rest[key->part], key->pos_part_m).x;
            CHECK(moved * cases[i].forward > 0.05);
        }
    }
    bt_body_destroy(body);
}

static bt_vec3 keypoint(const bt_body *body, const bt_pose *poses, const char *name)
{
    for (uint32_t k = 0; k < body->keypoint_count; k++)
        if (strcmp(body->keypoints[k].name, name) == 0)
            return bt_pose_point(poses[body->keypoints[k].part], body->keypoints[k].pos_part_m);
    CHECK(!"there is such a keypoint");
    return (bt_vec3){0.0, 0.0, 0.0};
}

// How far the nearest vertex of the head is from a place in its frame.
static double off_head(const bt_body *body, uint32_t part, bt_vec3 at)
{
    const bt_mesh_builder *mesh = &body->parts[part].mesh;
    double nearest = INFINITY;
    for (size_t v = 0; v < mesh->vertex_count; v++)
        nearest = fmin(nearest, bt_vec3_distance(bt_mesh_position(mesh, (uint32_t)v), at));
    return nearest;
}

// Nose, eyes and ears lie on the head, and turn with it: to the left when the channel is positive.
static void test_head(void)
{
    for (uint64_t i = 0; i < 5; i++) {
        bt_person_params p = bt_person_random(11, i);
        bt_body *body = build(&p);
        if (!body) return;
        double channels[BT_CHANNEL_COUNT] = {[BT_CHANNEL_HEAD] = 1.22};
        bt_pose rest[BT_BODY_MAX_PARTS], turned[BT_BODY_MAX_PARTS];
        bt_body_pose_parts(body, NULL, rest);
        bt_body_pose_parts(body, channels, turned);
        for (uint32_t k = 0; k < 5; k++) {
            const bt_keypoint_desc *key = &body->keypoints[k];
            CHECK(strcmp(body->parts[key->part].name, "head") == 0);
            CHECK(off_head(body, key->part, key->pos_part_m) < 0.012);
        }
        bt_vec3 nose = keypoint(body, rest, "nose"), eye = keypoint(body, rest, "left_eye");
        CHECK(nose.x > eye.x && nose.z < eye.z && eye.y > 0.0);
        CHECK_NEAR(2.0 * eye.y, 0.063 * (0.5 + 0.5 * p.height_m / 1.75), 0.003);
        CHECK(eye.z > 0.90 * p.height_m && eye.z < 0.96 * p.height_m);
        CHECK(keypoint(body, turned, "nose").y > nose.y + 0.05);
        CHECK_NEAR(keypoint(body, turned, "left_shoulder").y,
                   keypoint(body, rest, "left_shoulder").y, 1e-12);
        bt_body_destroy(body);
    }
}

// Every style of hair, bag and beard is a sound body.
static void test_styles(void)
{
    for (int hair = BT_HAIR_SHORT; hair <= BT_HAIR_HELMET; hair++) {
        bt_person_params p = bt_person_random(11, (uint64_t)hair);
        p.hair = (bt_person_hair)hair;
        p.beard = (bt_person_beard)(hair % 3);
        p.bag = (bt_person_bag)(hair % 3);
        p.top = (bt_person_top)(hair % 6);
        p.stuff = (bt_person_stuff)(hair % 5);
        p.hood = p.vest = hair % 2 == 0;
        p.open_front = hair % 4 < 2;
        p.legs = (bt_person_legs)(hair % 4);
        p.scarf = p.striped = p.print = true;
        test_standing(&p);
    }
}

// Cloth that ends in a hem is closed, sticks out of its end by no more than its own thickness, and has the girth it was given.
static void test_hems(void)
{
    const bt_limb_section tube[2] = {{0.0, 0.0, 0.0, 0.05, 0.05, 0.05, 0.0},
                                     {0.3, 0.0, 0.0, 0.05, 0.05, 0.05, 0.0}};
    bt_mesh_builder mesh = {0};
    bt_mesh_report r;
    CHECK_NEAR(bt_limb_girth(&tube[0]), 2.0 * BT_PI * 0.05, 1e-4);
    bt_limb_add_hemmed(&mesh, tube, 2, 4, 32, (bt_limb_drape){0},
                       BT_LIMB_HEM_FIRST | BT_LIMB_HEM_LAST);
    CHECK_OK(bt_mesh_check(&mesh, &r));
    CHECK(r.open_edges == 0 && r.degenerate == 0 && r.bad_normals == 0);
    CHECK(r.min_m.z > -0.002 && r.max_m.z < 0.302);
    // a cylinder less the hollows of both ends
    double hollow = 2.0 * BT_PI * 0.044 * 0.044 * 0.015;
    CHECK_NEAR(r.volume_m3, BT_PI * 0.05 * 0.05 * 0.3 - hollow, 6e-5);
    bt_mesh_clear(&mesh);
}

// The old stoop: heads come forward and lower, arms hang as before.
static void test_age(void)
{
    bt_person_params p = bt_person_defaults();
    bt_body *young = build(&p), *old = NULL;
    p.age_years = 85.0;
    old = build(&p);
    if (young && old) {
        bt_pose a[BT_BODY_MAX_PARTS], b[BT_BODY_MAX_PARTS];
        bt_body_pose_parts(young, NULL, a);
        bt_body_pose_parts(old, NULL, b);
        bt_vec3 nose = bt_vec3_sub(keypoint(old, b, "nose"), keypoint(young, a, "nose"));
        // 12 degrees about a place 0.08 h above the hips, 0.33 h below the nose and 0.2 below the shoulder
        CHECK(nose.x > 0.07 && nose.x < 0.20 && nose.z < 0.0 && nose.z > -0.08);
        bt_vec3 arm =
            bt_vec3_sub(keypoint(old, b, "left_wrist"), keypoint(old, b, "left_shoulder"));
        CHECK_NEAR(arm.x, 0.0, 0.02);
        CHECK(arm.z < -0.45);
        CHECK(check_body_meshes(old, NULL).max_m.z < check_body_meshes(young, NULL).max_m.z);
    }
    bt_body_destroy(young);
    bt_body_destroy(old);
}

// Folds close round a limb, differ between people, and go out: cloth has a body inside, so that no valley
// is deeper than what it lies off the skin, 8 mm at least.
static void test_folds(void)
{
    double apart = 0.0;
    for (bt_person_cut cut = BT_CUT_LEG; cut < BT_CUT_TIGHT; cut++) {
        bt_person_params params[2] = {bt_person_random(11, 1), bt_person_random(11, 2)};
        bt_person_drape drapes[2];
        bt_limb_drape drape[2];
        for (int i = 0; i < 2; i++) {
            bt_person p = {.params = &params[i], .h = 1.75, .hip_z = BT_GAIT_HIP * 1.75};
            p.h += 0.01 * i;
            drape[i] = bt_person_drape_make(&p, cut, i == 1, &drapes[i]);
        }
        double low = 0.0, high = 0.0;
        for (int row = -100; row <= 80; row++) {
            double z = 0.01 * row;
            for (int k = 0; k < 24; k++) {
                double angle = BT_PI * k / 12.0, out = drape[0].out(drape[0].context, angle, z);
                CHECK_NEAR(drape[0].out(drape[0].context, angle + 2.0 * BT_PI, z), out, 1e-9);
                apart = fmax(apart, fabs(drape[1].out(drape[1].context, angle, z) - out));
                low = fmin(low, out);
                high = fmax(high, out);
            }
        }
        CHECK(low > -0.008 && high > (cut == BT_CUT_KNIT ? 0.002 : 0.006) && high < 0.05);
    }
    CHECK(apart > 0.005);
}

static void test_random(void)
{
    double low = INFINITY, high = 0.0;
    for (uint64_t i = 0; i < 400; i++) {
        bt_person_params p = bt_person_random(11, i);
        CHECK_OK(bt_person_check(&p));
        low = fmin(low, p.height_m);
        high = fmax(high, p.height_m);
    }
    CHECK(low > 0.95 && low < 1.3 && high > 1.85 && high < 2.1);
    for (uint64_t i = 0; i < 3; i++) {
        bt_person_params p = bt_person_random(11, i);
        test_standing(&p);
    }
    bt_person_params p = bt_person_random(11, 3);
    bt_body *first = build(&p), *second = build(&p);
    CHECK(strcmp(body_digest(first).hex, body_digest(second).hex) == 0);
    bt_body_destroy(first);
    bt_body_destroy(second);
}

static void test_refusals(void)
{
    bt_person_params p = bt_person_defaults();
    bt_body *body = NULL;
    p.height_m = 3.0;
    CHECK(bt_person_build(&p, &body) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "height_m");
    p = bt_person_defaults();
    p.top_colour[1] = NAN;
    CHECK(bt_person_build(&p, &body) == BT_ERR_INPUT);
    CHECK(body == NULL);
}

int main(void)
{
    bt_person_params p = bt_person_defaults();
    test_standing(&p);
    p.height_m = 1.2;
    p.legs = BT_LEGS_SKIRT;
    p.hair = BT_HAIR_LONG;
    p.femininity = 1.0;
    test_standing(&p);
    test_walking();
    test_signs();
    test_head();
    test_styles();
    test_hems();
    test_age();
    test_folds();
    test_random();
    test_refusals();
    p = bt_person_defaults();
    bt_body *body = build(&p);
    if (body) check_body_in_spec(body, 0);
    bt_body_destroy(body);
    return check_end();
}
