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

static void test_standing(const bt_person_params *p)
{
    bt_body *body = build(p);
    if (!body) return;
    body_bounds b = check_body_meshes(body, NULL);
    CHECK_NEAR(b.max_m.z, p->height_m, 0.01);
    CHECK_NEAR(b.min_m.z, 0.0, 0.002);
    CHECK(b.max_m.y < 0.30 * p->height_m && b.min_m.y > -0.30 * p->height_m);
    CHECK(b.triangles > 4000 && b.triangles < 40000);
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
        CHECK(report.volume_m3 > 0.0);
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
        CHECK(low > -0.008 && high > 0.006 && high < 0.05);
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
    CHECK(low > 1.0 && low < 1.5 && high > 1.85 && high < 2.1);
    for (uint64_t i = 0; i < 6; i++) {
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
    test_folds();
    test_random();
    test_refusals();
    p = bt_person_defaults();
    bt_body *body = build(&p);
    if (body) check_body_in_spec(body, 0);
    bt_body_destroy(body);
    return check_end();
}
