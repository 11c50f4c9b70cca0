// prop_test.c: street furniture stands on the ground in its size; signs say what signals mean; the
// lenses of a signal head are lit by their own lamps.
#include "procedural/props/prop.h"
#include "procedural/props/sign.h"
#include "procedural/props/signal_head.h"
#include "procedural/props/strokes.h"
#include "tests/procedural/scene_support.h"

static void test_props(void)
{
    bt_spec *spec = support_spec();
    bt_prop props[BT_PROP_KIND_COUNT];
    bt_world *world = NULL;
    for (int kind = 0; kind < BT_PROP_KIND_COUNT; kind++)
        CHECK_OK(bt_prop_build(spec, (bt_prop_kind)kind, &props[kind]));
    CHECK_OK(bt_world_compile(spec, &world));
    for (int kind = 0; kind < BT_PROP_KIND_COUNT && world; kind++) {
        const bt_world_mesh *m = &world->meshes[props[kind].mesh];
        CHECK(m->bounds_min[2] <= 0.13f);
        CHECK_NEAR(m->bounds_max[2], props[kind].height_m, 1e-4);
        CHECK(world->slots[m->first_slot].class_id == (uint32_t)props[kind].class_id);
        if (props[kind].module_m <= 0.0) continue;
        // modules meet: as long as they say, to the width of a post
        double length = (double)m->bounds_max[1] - (double)m->bounds_min[1];
        CHECK(length > props[kind].module_m - 0.15 && length < props[kind].module_m + 0.15);
    }
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

static bt_signal signal_of(const char *country, const char *type, const char *subtype, double value)
{
    return (bt_signal){.id = "1",
                       .name = "",
                       .type = type,
                       .subtype = subtype,
                       .country = country,
                       .text = "",
                       .value = value};
}

static void test_sign_meanings(void)
{
    bt_signal de50 = signal_of("DE", "274", "-1", 50.0),
              de_sub = signal_of("de", "274", "274-70", 0.0);
    bt_signal se50 = signal_of("se", "c", "31", 5.0), stop = signal_of("de", "206", "", 0.0);
    bt_signal us = signal_of("US", "R2-1", "", 35.0), odd = signal_of("", "jin", "", -1.0);
    CHECK(bt_sign_describe(&de50).face == BT_SIGN_SPEED && bt_sign_describe(&de50).number == 50);
    CHECK(bt_sign_describe(&se50).face == BT_SIGN_SPEED && bt_sign_describe(&se50).number == 50);
    CHECK(bt_sign_describe(&us).face == BT_SIGN_SPEED_US && bt_sign_describe(&us).number == 35);
    CHECK(bt_sign_describe(&stop).face == BT_SIGN_STOP);
    CHECK(bt_sign_describe(&odd).face == BT_SIGN_PLATE);
    CHECK(bt_sign_describe(&de_sub).number == 70);
}

// The face looks along +x and nothing printed lies behind the sheet.
static void test_signs(void)
{
    bt_spec *spec = support_spec();
    for (int face = 0; face <= BT_SIGN_GUIDE; face++) {
        bt_sign_desc desc = {.face = (bt_sign_face)face, .number = 80, .text = "AB 12"};
        bt_sign sign;
        CHECK_OK(bt_sign_build(spec, &desc, 2.0, &sign));
        CHECK(sign.width_m > 0.3 && sign.width_m < 1.2);
    }
    bt_world *world = NULL;
    CHECK_OK(bt_world_compile(spec, &world));
    for (uint32_t i = 0; world && i < world->mesh_count; i++) {
        const bt_world_mesh *m = &world->meshes[i];
        CHECK_NEAR(m->bounds_min[2], -2.0, 1e-5); // the pole's foot
        CHECK(m->bounds_max[0] > 0.001f && m->bounds_max[0] < 0.01f);
    }
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

static void test_strokes(void)
{
    bt_mesh_builder mesh = {0};
    bt_strokes_add_text(&mesh, BT_POSE_IDENTITY, "0123456789", 0.6);
    CHECK(mesh.status == BT_OK && mesh.triangle_count > 60);
    double low = 1.0, high = -1.0;
    for (size_t i = 0; i < mesh.vertex_count; i++) {
        low = fmin(low, (double)mesh.positions[3 * i + 1]);
        high = fmax(high, (double)mesh.positions[3 * i + 1]);
    }
    CHECK_NEAR(high - low, bt_strokes_width("0123456789", 0.6), 0.12);
    bt_mesh_clear(&mesh);
    CHECK(bt_strokes_width("", 0.6) == 0.0);
}

static void test_signal_head(void)
{
    bt_spec *spec = support_spec();
    uint32_t cars, walkers, actor;
    CHECK_OK(bt_signal_head_build(spec, BT_SIGNAL_HEAD_CARS, &cars));
    CHECK_OK(bt_signal_head_build(spec, BT_SIGNAL_HEAD_WALKERS, &walkers));
    CHECK_OK(bt_spec_add_actor(spec, cars, "head", BT_CLASS_TRAFFIC_LIGHT, &actor));
    bt_world *world = NULL;
    CHECK_OK(bt_world_compile(spec, &world));
    if (!world) return;
    const bt_world_model *model = &world->models[cars];
    CHECK(model->part_count == 4);
    uint32_t lamps = 0;
    double red_z = 0.0, green_z = 0.0;
    for (uint32_t i = 0; i < model->part_count; i++) {
        const bt_world_part *part = &world->parts[model->first_part + i];
        lamps |= part->lamp_mask;
        if (part->lamp_mask == BT_LAMP_SIGNAL_RED) red_z = part->rest.pos.z;
        if (part->lamp_mask == BT_LAMP_SIGNAL_GREEN) green_z = part->rest.pos.z;
    }
    CHECK(lamps == (BT_LAMP_SIGNAL_RED | BT_LAMP_SIGNAL_AMBER | BT_LAMP_SIGNAL_GREEN));
    CHECK(red_z > green_z); // Vienna convention: red on top
    CHECK(world->models[walkers].part_count == 3);
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

int main(void)
{
    test_props();
    test_sign_meanings();
    test_signs();
    test_strokes();
    test_signal_head();
    return check_end();
}
