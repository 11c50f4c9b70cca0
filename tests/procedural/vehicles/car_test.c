// car_test.c: cars of every kind: sizes, wheels on the ground, symmetry, sound meshes, repeatable.
#include "procedural/vehicles/car.h"

#include "tests/procedural/support/body_check.h"

static bt_body *build(const bt_car_params *params)
{
    bt_body *body = NULL;
    CHECK_OK(bt_car_build(params, &body));
    return body;
}

static bool is_wheel(const bt_body *body, uint32_t part)
{
    return strncmp(body->parts[part].name, "wheel_", 6) == 0;
}

static void test_size(const bt_car_params *p, const bt_body *body)
{
    body_bounds b = check_body_meshes(body, NULL);
    // the parameters are the truth; a centimetre is what labels promise
    CHECK_NEAR(b.max_m.x - b.min_m.x, p->length_m, 0.01);
    CHECK_NEAR(b.max_m.y - b.min_m.y, p->width_m, 0.01);
    CHECK_NEAR(b.max_m.z, p->height_m, 0.01);
    CHECK_NEAR(b.min_m.x, -p->rear_overhang_m, 0.01);
    CHECK_NEAR(b.min_m.z, 0.0, 0.001);
    CHECK(b.triangles > 20000 && b.triangles < 110000);
    CHECK(b.against < b.triangles / 50);
    const bt_cuboid_desc *c = &body->cuboids[0];
    CHECK(body->cuboid_count == 1);
    CHECK(b.min_m.x > c->centre_m.x - 0.5 * c->size_m.x - 0.01);
    CHECK(b.max_m.x < c->centre_m.x + 0.5 * c->size_m.x + 0.01);
    CHECK(b.max_m.y < c->centre_m.y + 0.5 * c->size_m.y + 0.01);
    CHECK(b.max_m.z < c->centre_m.z + 0.5 * c->size_m.z + 0.01);
}

static void test_wheels(const bt_car_params *p, const bt_body *body)
{
    body_bounds w = check_body_meshes(body, is_wheel);
    CHECK_NEAR(w.min_m.z, 0.0, 0.001);
    CHECK_NEAR(w.max_m.x - w.min_m.x, p->wheelbase_m + 2.0 * p->wheel_radius_m, 0.004);
    CHECK_NEAR(w.max_m.y - w.min_m.y, p->track_m + p->tyre_width_m, 0.004);
    // steering left turns the front of the front wheels to the left; rolling forward moves the
    // top of every wheel forward
    double channels[BT_CHANNEL_COUNT] = {0};
    channels[BT_CHANNEL_STEER_LEFT] = channels[BT_CHANNEL_STEER_RIGHT] = 0.3;
    for (int c = BT_CHANNEL_SPIN_FRONT_LEFT; c <= BT_CHANNEL_SPIN_REAR_RIGHT; c++)
        channels[c] = 0.1;
    bt_pose rest[BT_BODY_MAX_PARTS], turned[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(body, NULL, rest);
    bt_body_pose_parts(body, channels, turned);
    int wheels = 0;
    for (uint32_t i = 0; i < body->part_count; i++) {
        if (!is_wheel(body, i)) continue;
        wheels++;
        bt_vec3 top = {0.0, 0.0, 1.0};
        bt_vec3 moved = bt_pose_dir(turned[i], top);
        bool front = rest[i].pos.x > 1.0;
        CHECK_NEAR(moved.x, sin(0.1) * (front ? cos(0.3) : 1.0), 1e-9);
        CHECK_NEAR(moved.y, front ? sin(0.1) * sin(0.3) : 0.0, 1e-9);
        CHECK_NEAR(rest[i].pos.z, p->wheel_radius_m, 1e-12);
    }
    CHECK(wheels == 4);
}

static void test_lamps(const bt_body *body)
{
    uint32_t seen = 0;
    for (uint32_t i = 0; i < body->part_count; i++) {
        uint32_t mask = body->parts[i].lamp_mask;
        seen |= mask;
        if (mask == 0) continue;
        bt_mesh_report report;
        CHECK_OK(bt_mesh_check(&body->parts[i].mesh, &report));
        // left and right indicators are on their sides
        if (mask == BT_LAMP_INDICATOR_LEFT) CHECK(report.min_m.y > 0.3);
        if (mask == BT_LAMP_INDICATOR_RIGHT) CHECK(report.max_m.y < -0.3);
        if (mask == BT_LAMP_BRAKE) CHECK(report.max_m.x < 0.0);
        if (mask == BT_LAMP_LOW_BEAM) CHECK(report.min_m.x > 1.0);
    }
    CHECK(seen == (BT_LAMP_LOW_BEAM | BT_LAMP_TAIL | BT_LAMP_BRAKE | BT_LAMP_INDICATOR_LEFT |
                   BT_LAMP_INDICATOR_RIGHT | BT_LAMP_REVERSE | BT_LAMP_HIGH_BEAM | BT_LAMP_DAY));
}

// Skin, lamps and mirrors are even; plates have text, the driver sits on one side.
static void test_symmetry(const bt_body *body)
{
    const char *const even[] = {"body", "lamp_tail", "lamp_low_beam", "mirrors"};
    int found = 0;
    for (uint32_t i = 0; i < body->part_count; i++) {
        for (int k = 0; k < 4; k++) {
            if (strcmp(body->parts[i].name, even[k]) != 0) continue;
            found++;
            CHECK(asymmetric_vertices(&body->parts[i].mesh) == 0);
        }
    }
    CHECK(found == 4);
}

static void test_detail(void)
{
    size_t triangles[3];
    for (int i = 0; i < 3; i++) {
        bt_car_params p = bt_car_defaults(BT_CAR_WAGON);
        p.detail = 0.5 * (double)(i + 1);
        bt_body *body = build(&p);
        triangles[i] = body ? check_body_meshes(body, NULL).triangles : 0;
        if (body) test_size(&p, body);
        bt_body_destroy(body);
    }
    CHECK(triangles[0] < triangles[1] && triangles[1] < triangles[2]);
    CHECK(triangles[0] < 0.75 * (double)triangles[1]);
}

static void test_kind(bt_car_kind kind)
{
    bt_car_params p = bt_car_defaults(kind);
    bt_body *body = build(&p);
    if (!body) return;
    test_size(&p, body);
    test_wheels(&p, body);
    test_lamps(body);
    test_symmetry(body);
    uint32_t lamps = 0;
    for (uint32_t i = 0; i < body->part_count; i++)
        lamps += body->parts[i].lamp_mask != 0;
    if (kind == BT_CAR_HATCH) check_body_in_spec(body, lamps);
    bt_body_destroy(body);
}

static void test_repeats(void)
{
    bt_car_params p = bt_car_defaults(BT_CAR_HATCH);
    bt_body *first = build(&p), *second = build(&p);
    p.seed = 5;
    bt_body *other = build(&p);
    CHECK(strcmp(body_digest(first).hex, body_digest(second).hex) == 0);
    CHECK(strcmp(body_digest(first).hex, body_digest(other).hex) != 0);
    p = bt_car_defaults(BT_CAR_HATCH);
    p.doors = 1;
    bt_body *coupe = build(&p);
    CHECK(strcmp(body_digest(first).hex, body_digest(coupe).hex) != 0);
    if (coupe) test_size(&p, coupe);
    bt_body_destroy(coupe);
    bt_body_destroy(first);
    bt_body_destroy(second);
    bt_body_destroy(other);
}

static void test_resize(void)
{
    bt_car_params p = bt_car_defaults(BT_CAR_SEDAN);
    bt_car_resize(&p, 4.9, 1.9, 1.5, 2.95, 1.1, 1.6, 0.34);
    bt_body *body = build(&p);
    if (body) test_size(&p, body);
    bt_body_destroy(body);
}

// Every face on every kind keeps its lamps and its size.
static void test_styles(void)
{
    for (int i = 0; i < BT_TAILS_COUNT; i++) {
        bt_car_params p = bt_car_defaults((bt_car_kind)(i % BT_CAR_KIND_COUNT));
        p.grille = (bt_car_grille_style)((i + 1) % BT_GRILLE_COUNT);
        p.lamps = (bt_car_lamp_style)((i + 2) % BT_LAMPS_COUNT);
        p.tails = (bt_car_tail_style)((i + 2) % BT_TAILS_COUNT);
        bt_body *body = build(&p);
        if (body) {
            test_size(&p, body);
            test_lamps(body);
        }
        bt_body_destroy(body);
    }
}

static void test_random(void)
{
    int kinds[BT_CAR_KIND_COUNT] = {0}, plain = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        bt_car_params p = bt_car_random(7, i);
        CHECK_OK(bt_car_check(&p));
        kinds[p.kind]++;
        double low = fmin(p.colour[0], fmin(p.colour[1], p.colour[2]));
        double high = fmax(p.colour[0], fmax(p.colour[1], p.colour[2]));
        plain += high - low < 0.03;
    }
    for (int k = 0; k < BT_CAR_KIND_COUNT; k++)
        CHECK(kinds[k] > 5);
    // white, black, grey and silver: 81 % of the table; 4 sigma of 1000 draws is 5 %
    CHECK(plain > 760 && plain < 860);
}

static void test_refusals(void)
{
    bt_car_params p = bt_car_defaults(BT_CAR_HATCH);
    bt_body *body = NULL;
    p.width_m = NAN;
    CHECK(bt_car_build(&p, &body) == BT_ERR_INPUT);
    CHECK(body == NULL);
    CHECK_CONTAINS(bt_error_message(), "width_m");
    p = bt_car_defaults(BT_CAR_HATCH);
    p.wheelbase_m = 3.3;
    CHECK(bt_car_build(&p, &body) == BT_ERR_INPUT);
    p = bt_car_defaults(BT_CAR_HATCH);
    p.spokes = 4000000000u;
    CHECK(bt_car_build(&p, &body) == BT_ERR_INPUT);
}

int main(void)
{
    for (int kind = 0; kind < BT_CAR_KIND_COUNT; kind++)
        test_kind((bt_car_kind)kind);
    test_repeats();
    test_resize();
    test_detail();
    test_styles();
    test_random();
    test_refusals();
    return check_end();
}
