// dog_test.c: size, closed parts, paws on the ground while trotting.
#include "procedural/animals/dog.h"

#include "tests/procedural/animals/stride.h"
#include "tests/procedural/support/body_check.h"

static bt_body *build(const bt_dog_params *params)
{
    bt_body *body = NULL;
    CHECK_OK(bt_dog_build(params, &body));
    return body;
}

static void test_standing(const bt_dog_params *p)
{
    bt_body *body = build(p);
    if (!body) return;
    body_bounds b = check_body_meshes(body, NULL);
    CHECK_NEAR(b.min_m.z, 0.0, 0.002);
    CHECK(b.max_m.z > p->withers_m && b.max_m.z < 1.6 * p->withers_m);
    CHECK(b.max_m.x - b.min_m.x > 1.3 * p->withers_m);
    CHECK(b.against < b.triangles / 50);
    for (uint32_t i = 0; i < body->part_count; i++) {
        bt_mesh_report report;
        CHECK_OK(bt_mesh_check(&body->parts[i].mesh, &report));
        CHECK(report.open_edges == 0);
        CHECK(report.volume_m3 > 0.0);
    }
    bt_body_destroy(body);
}

static void test_trot(void)
{
    bt_dog_params p = bt_dog_defaults();
    bt_body *body = build(&p);
    if (!body) return;
    check_stride(body, p.withers_m, "paw_");
    bt_body_destroy(body);
}

int main(void)
{
    bt_dog_params p = bt_dog_defaults();
    test_standing(&p);
    test_trot();
    for (uint64_t i = 0; i < 6; i++) {
        p = bt_dog_random(2, i);
        CHECK_OK(bt_dog_check(&p));
        test_standing(&p);
    }
    bt_body *first = build(&p), *second = build(&p);
    CHECK(strcmp(body_digest(first).hex, body_digest(second).hex) == 0);
    check_body_in_spec(first, 0);
    bt_body_destroy(first);
    bt_body_destroy(second);
    p.withers_m = NAN;
    CHECK(bt_dog_build(&p, &first) == BT_ERR_INPUT);
    CHECK(first == NULL);
    CHECK_CONTAINS(bt_error_message(), "withers_m");
    return check_end();
}
