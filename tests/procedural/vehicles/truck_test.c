// truck_test.c: tractor and trailer: sizes, cuboids, hitch, wheels on the ground.
#include "procedural/vehicles/truck.h"

#include "engine/sim/sim.h"
#include "tests/procedural/support/body_check.h"

static bool in_trailer(const bt_body *body, uint32_t part)
{
    for (; part != BT_NO_INDEX; part = body->parts[part].parent)
        if (body->parts[part].channel == BT_CHANNEL_HITCH) return true;
    return false;
}

static bool in_tractor(const bt_body *body, uint32_t part)
{
    return !in_trailer(body, part);
}

static bool is_wheel(const bt_body *body, uint32_t part)
{
    return strstr(body->parts[part].name, "wheel_") != NULL;
}

static bt_body *build(const bt_truck_params *p)
{
    bt_body *body = NULL;
    CHECK_OK(bt_truck_build(p, &body));
    return body;
}

static void test_sizes(const bt_truck_params *p, const bt_body *body)
{
    body_bounds all = check_body_meshes(body, NULL);
    CHECK(all.triangles < 150000);
    CHECK(all.against < all.triangles / 50);
    CHECK_NEAR(all.min_m.z, 0.0, 0.001);
    body_bounds tractor = check_body_meshes(body, in_tractor);
    CHECK_NEAR(tractor.max_m.x - tractor.min_m.x, p->size.length_m, 0.01);
    CHECK_NEAR(tractor.min_m.x, -p->size.rear_overhang_m, 0.01 + 0.01);
    CHECK_NEAR(tractor.max_m.z, p->cab_height_m, 0.06);
    CHECK(tractor.max_m.y <= 0.5 * p->size.width_m + 0.001);
    body_bounds trailer = check_body_meshes(body, in_trailer);
    CHECK_NEAR(trailer.max_m.x - trailer.min_m.x, p->size.trailer_length_m, 0.01);
    CHECK_NEAR(trailer.max_m.x, p->size.hitch_from_rear_m + BT_TRAILER_NOSE_M, 0.01);
    CHECK_NEAR(trailer.max_m.y - trailer.min_m.y, p->size.width_m, 0.01);
    CHECK_NEAR(trailer.max_m.z, p->size.height_m, 0.01);
    CHECK_NEAR(BT_TRUCK_TRAILER_NOSE_M, BT_TRAILER_NOSE_M, 0.0);
    body_bounds wheels = check_body_meshes(body, is_wheel);
    CHECK_NEAR(wheels.min_m.z, 0.0, 0.001);
    CHECK_NEAR(wheels.max_m.z, 2.0 * p->size.wheel_radius_m, 0.005);
}

static void test_cuboids(const bt_truck_params *p, const bt_body *body)
{
    CHECK(body->cuboid_count == 2);
    CHECK(body->cuboids[0].class_id == BT_CLASS_TRUCK);
    CHECK(body->cuboids[1].class_id == BT_CLASS_TRAILER);
    CHECK(in_trailer(body, body->cuboids[1].part));
    CHECK_NEAR(body->cuboids[1].size_m.x, p->size.trailer_length_m, 1e-9);
    // the trailer's triangles are called trailer
    for (uint32_t i = 0; i < body->part_count; i++) {
        const bt_mesh_builder *mesh = &body->parts[i].mesh;
        bt_class want = in_trailer(body, i) ? BT_CLASS_TRAILER : BT_CLASS_TRUCK;
        size_t wrong = 0;
        for (size_t t = 0; t < mesh->triangle_count; t++)
            wrong += body->slots[mesh->slots[t]].class_id != want;
        CHECK(wrong == 0);
    }
}

// Turned left at the hitch the trailer's rear swings to the right (its front points left).
static void test_hitch(const bt_truck_params *p, const bt_body *body)
{
    double channels[BT_CHANNEL_COUNT] = {0};
    channels[BT_CHANNEL_HITCH] = 0.5;
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(body, channels, poses);
    bt_pose trailer = poses[body->cuboids[1].part];
    bt_vec3 rear = bt_pose_point(trailer, bt_vec3_make(-10.0, 0.0, 0.0));
    CHECK_NEAR(rear.y, -10.0 * sin(0.5), 1e-9);
    CHECK_NEAR(trailer.pos.x, p->size.hitch_from_rear_m, 1e-12);
}

int main(void)
{
    bt_truck_params p = bt_truck_defaults();
    bt_body *body = build(&p), *again = build(&p);
    if (body && again) {
        test_sizes(&p, body);
        test_cuboids(&p, body);
        test_hitch(&p, body);
        CHECK(strcmp(body_digest(body).hex, body_digest(again).hex) == 0);
        uint32_t lamps = 0;
        for (uint32_t i = 0; i < body->part_count; i++)
            lamps += body->parts[i].lamp_mask != 0;
        check_body_in_spec(body, lamps);
    }
    bt_body_destroy(body);
    bt_body_destroy(again);
    p.size.trailer_length_m = 0.0; // alone
    body = build(&p);
    CHECK(body && body->cuboid_count == 1);
    bt_body_destroy(body);
    p = bt_truck_defaults();
    p.size.trailer_wheelbase_m = 12.5;
    CHECK(bt_truck_build(&p, &body) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "trailer_wheelbase_m");
    CHECK(body == NULL);
    return check_end();
}
