// spec_test.c: what a spec keeps, what compile makes of it, and one-line errors for wrong input.
#include "engine/scene/photometry.h"
#include "tests/engine/scene/scene_fixture.h"

#include "engine/core/memory.h"

static void test_compile(void)
{
    bt_spec *spec;
    bt_world *w;
    uint32_t house, tree, actor_a, actor_b;
    CHECK_OK(bt_spec_create(&spec));
    uint32_t mesh = fixture_mesh(spec, fixture_material(spec, "grey"));
    uint32_t cart = fixture_cart(spec, mesh);
    CHECK_OK(bt_spec_add_object(spec, "house", BT_CLASS_BUILDING, &house));
    CHECK_OK(bt_spec_add_object(spec, "tree", BT_CLASS_VEGETATION, &tree));
    CHECK(house == 1 && tree == 2);
    CHECK_OK(bt_spec_add_static(spec, mesh, BT_POSE_IDENTITY, 2.0, tree));
    CHECK_OK(bt_spec_add_actor(spec, cart, "a", BT_CLASS_EGO, &actor_a));
    CHECK_OK(bt_spec_add_actor(spec, cart, "b", BT_CLASS_CAR, &actor_b));
    CHECK_OK(bt_world_compile(spec, &w));
    bt_spec_destroy(spec);

    // faceted: six vertices of their own, normals of the two planes
    CHECK(w->vertex_count == 6 && w->triangle_count == 2 && w->mesh_count == 1);
    CHECK_NEAR(w->normals[2], 1.0, 0.0);
    CHECK_NEAR(w->normals[3 * 3 + 1], 1.0, 0.0);
    CHECK_NEAR(w->meshes[0].bounds_max[2], 1.0, 0.0);

    // one static, then three parts with a mesh for each of two actors
    CHECK(w->instance_count == 7 && w->object_count == 5);
    CHECK(w->instances[0].object_id == tree && w->instances[0].actor == BT_NO_INDEX);
    CHECK(w->actors[actor_b].first_instance == 4 && w->actors[actor_b].instance_count == 3);
    CHECK(w->instances[5].part == 2 && w->instances[5].actor == actor_b);
    CHECK(w->actors[actor_a].object_id == 3 && w->actors[actor_b].object_id == 4);
    CHECK(w->objects[3].class_id == BT_CLASS_EGO);
    CHECK(strcmp(bt_world_name(w, w->objects[4].name), "b") == 0);
    CHECK(strcmp(bt_world_name(w, w->parts[2].name), "wheel") == 0);
    CHECK_NEAR(w->weather.ozone_atm_cm, 0.34, 0.0);
    bt_world_destroy(w);
}

// The steered, spun wheel against its closed form.
static void test_actor_parts(void)
{
    bt_spec *spec;
    bt_world *w;
    uint32_t actor;
    CHECK_OK(bt_spec_create(&spec));
    uint32_t cart = fixture_cart(spec, fixture_mesh(spec, fixture_material(spec, "grey")));
    CHECK_OK(bt_spec_add_actor(spec, cart, "a", BT_CLASS_CAR, &actor));
    CHECK_OK(bt_world_compile(spec, &w));

    bt_actor_pose pose = {.world_from_actor = {{100.0, 200.0, 3.0}, {0}}};
    double yaw = 0.7, steer = 0.3, spin = 11.0;
    pose.world_from_actor.rot = bt_quat_yaw_pitch_roll(yaw, 0.0, 0.0);
    pose.channel_rad[BT_CHANNEL_STEER_LEFT] = steer;
    pose.channel_rad[BT_CHANNEL_SPIN_FRONT_LEFT] = spin;
    bt_pose parts[4];
    bt_world_actor_parts(w, actor, &pose, parts);
    CHECK_NEAR(parts[2].pos.x, 100.0 + 2.7 * cos(yaw) - 0.8 * sin(yaw) + 0.4 * cos(yaw + steer),
               1e-12);
    CHECK_NEAR(parts[2].pos.y, 200.0 + 2.7 * sin(yaw) + 0.8 * cos(yaw) + 0.4 * sin(yaw + steer),
               1e-12);
    CHECK_NEAR(parts[2].pos.z, 3.3, 1e-12);
    // spin about y takes the wheel's x axis to (cos spin, 0, -sin spin) before steering
    bt_vec3 x = bt_pose_dir(parts[2], (bt_vec3){1.0, 0.0, 0.0});
    CHECK_NEAR(x.x, cos(spin) * cos(yaw + steer), 1e-12);
    CHECK_NEAR(x.z, -sin(spin), 1e-12);
    bt_world_destroy(w);
    bt_spec_destroy(spec);
}

static void test_materials(void)
{
    bt_spec *spec;
    uint32_t index, red, again, spectrum;
    CHECK_OK(bt_spec_create(&spec));
    CHECK(bt_spec_find_material(spec, "asphalt", &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "no material sheet");
    uint32_t paint = fixture_material(spec, "car_paint");
    fixture_material(spec, "asphalt");
    fixture_material(spec, "asphalt_new");
    fixture_material(spec, "brick");
    CHECK(bt_spec_find_material(spec, "asfalt", &index) == BT_ERR_INPUT);
    CHECK(index == BT_NO_INDEX);
    CHECK_CONTAINS(bt_error_message(), "nearest names are 'asphalt', ");

    CHECK(bt_spec_find_material(spec, "paint", &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "nearest names are 'car_paint', ");

    CHECK_OK(bt_spec_tint_material(spec, paint, 0.8, 0.1, 0.1, &red));
    CHECK_OK(bt_spec_tint_material(spec, paint, 0.8, 0.1, 0.1, &again));
    CHECK(red == again && red != paint);
    CHECK(bt_spec_tint_material(spec, paint, 1.8, 0.1, 0.1, &again) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "0 to 1");

    double nm[2] = {400.0, 700.0}, bright[2] = {0.5, 1.5}, dark[2] = {0.5, -0.1};
    CHECK(bt_spec_add_spectrum(spec, "dark", nm, dark, 2, &spectrum) == BT_ERR_INPUT);
    CHECK_OK(bt_spec_add_spectrum(spec, "bright", nm, bright, 2, &spectrum));
    bt_material m = {
        .reflectance = spectrum, .reflectance2 = BT_NO_SPECTRUM, .emission = BT_NO_SPECTRUM};
    CHECK(bt_spec_add_material(spec, "shining", &m, &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "reflectance is");
    m.reflectance = 99;
    CHECK(bt_spec_add_material(spec, "lost", &m, &index) == BT_ERR_INPUT);
    m.reflectance = BT_NO_SPECTRUM;
    m.roughness = NAN;
    CHECK(bt_spec_add_material(spec, "nan", &m, &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "roughness");
    m.roughness = 0.5f;
    CHECK(bt_spec_add_material(spec, "brick", &m, &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "there already");
    bt_spec_destroy(spec);
}

// Webs come to the world one after the other; a lamp names one that is there.
static void test_webs(void)
{
    bt_spec *spec;
    bt_world *world;
    bt_photometric_web *web;
    uint32_t first, second, index;
    CHECK_OK(bt_spec_create(&spec));
    CHECK_OK(bt_photometry_create(2, 3, &web));
    CHECK(bt_spec_add_web(spec, web, &first) == BT_ERR_INPUT && first == 0); // angles are all 0
    for (int i = 0; i < 3; i++)
        web->polar_rad[i] = i;
    web->plane_rad[1] = 1e-9 + (web->plane_rad[0] = 1.0);
    CHECK(bt_spec_add_web(spec, web, &first) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "degrees apart");
    web->plane_rad[1] = 2.0;
    CHECK_OK(bt_spec_add_web(spec, web, &first));
    web->intensity_cd[5] = 7.0;
    CHECK_OK(bt_spec_add_web(spec, web, &second));
    CHECK(first == 1 && second == 2);

    bt_material m = {.reflectance = BT_NO_SPECTRUM,
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = BT_NO_SPECTRUM,
                     .web = 3};
    CHECK(bt_spec_add_material(spec, "lamp", &m, &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "no photometric web 3");
    m.web = 2;
    m.shines_both = 1;
    CHECK(bt_spec_add_material(spec, "lamp", &m, &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "shines_both is 1; expected 0, or 1 without a web");
    m.shines_both = 0;
    m.flicker_hz = 99.5f;
    CHECK(bt_spec_add_material(spec, "lamp", &m, &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "flicker_hz is 99.5; expected whole hertz");
    CHECK_OK(bt_world_compile(spec, &world));
    CHECK(world->web_count == 2 && world->web_floats == 2 * BT_WEB_HEAD + 2 * (2 + 3 + 6));
    uint32_t values = (uint32_t)world->webs[BT_WEB_HEAD + 11];
    CHECK(values == 2 * BT_WEB_HEAD + 11 && world->webs[values + 5 + 5] == 7.0f);
    bt_world_destroy(world);
    bt_photometry_destroy(web);
    bt_spec_destroy(spec);
}

// Meshes that are not kept have indices, hang where they are put, and are never seen.
static void test_no_meshes(void)
{
    bt_spec *spec;
    bt_world *w;
    CHECK_OK(bt_spec_create(&spec));
    bt_spec_keep_no_meshes(spec);
    uint32_t material = fixture_material(spec, "grey"), mesh = fixture_mesh(spec, material);
    CHECK(fixture_mesh(spec, material) == mesh + 1);
    CHECK_OK(bt_spec_add_static(spec, mesh + 1, BT_POSE_IDENTITY, 2.0, 0));
    CHECK(bt_spec_add_static(spec, mesh + 2, BT_POSE_IDENTITY, 2.0, 0) == BT_ERR_INPUT);
    CHECK(bt_world_compile(spec, &w) == BT_ERR_INTERNAL && w == NULL);
    bt_spec_destroy(spec);
}

static void test_bad_meshes(void)
{
    bt_spec *spec;
    uint32_t mesh;
    CHECK_OK(bt_spec_create(&spec));
    bt_slot slot = {fixture_material(spec, "grey"), BT_CLASS_CAR};
    const bt_mesh_desc good = fixture_mesh_desc(&slot);
    uint32_t far_indices[6] = {0, 1, 2, 0, 4, 1};
    float holes[12] = {0};
    uint8_t slots[2] = {0, 1};
    holes[7] = INFINITY;

    bt_mesh_desc bad = good;
    bad.indices = far_indices;
    CHECK(bt_spec_add_mesh(spec, &bad, &mesh) == BT_ERR_INPUT && mesh == BT_NO_INDEX);
    CHECK_CONTAINS(bt_error_message(), "triangle 1 names vertex 4 of 4");
    bad = good;
    bad.positions = holes;
    CHECK(bt_spec_add_mesh(spec, &bad, &mesh) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "position of vertex 2");
    bad = good;
    bad.triangle_slots = slots;
    CHECK(bt_spec_add_mesh(spec, &bad, &mesh) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "slot 1 of 1");
    bad = good;
    bad.triangle_count = 0;
    CHECK(bt_spec_add_mesh(spec, &bad, &mesh) == BT_ERR_INPUT);
    bad = good;
    bad.triangle_count = UINT32_MAX;
    CHECK(bt_spec_add_mesh(spec, &bad, &mesh) == BT_ERR_LIMIT);
    bad = good;
    bad.slot_count = 256;
    CHECK(bt_spec_add_mesh(spec, &bad, &mesh) == BT_ERR_INPUT);
    slot.material = 7;
    CHECK(bt_spec_add_mesh(spec, &good, &mesh) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "material 7 of 1");
    bt_spec_destroy(spec);
}

static void test_bad_placement(void)
{
    bt_spec *spec;
    uint32_t index;
    CHECK_OK(bt_spec_create(&spec));
    uint32_t mesh = fixture_mesh(spec, fixture_material(spec, "grey"));
    bt_pose bent = {{0.0, 0.0, 0.0}, {1.0, 1.0, 0.0, 0.0}};
    bt_pose lost = {{NAN, 0.0, 0.0}, {1.0, 0.0, 0.0, 0.0}};
    CHECK(bt_spec_add_static(spec, mesh, bent, 1.0, 0) == BT_ERR_INPUT);
    CHECK(bt_spec_add_static(spec, mesh, lost, 1.0, 0) == BT_ERR_INPUT);
    CHECK(bt_spec_add_static(spec, mesh, BT_POSE_IDENTITY, 0.0, 0) == BT_ERR_INPUT);
    CHECK(bt_spec_add_static(spec, mesh, BT_POSE_IDENTITY, 1.0, 5) == BT_ERR_INPUT);
    CHECK(bt_spec_add_static(spec, mesh + 1, BT_POSE_IDENTITY, 1.0, 0) == BT_ERR_INPUT);
    CHECK(bt_spec_add_actor(spec, 0, "nobody", BT_CLASS_CAR, &index) == BT_ERR_INPUT);

    bt_part_desc part = {
        .name = "loop", .mesh = mesh, .parent = 0, .rest = BT_POSE_IDENTITY, .channel = -1};
    bt_cuboid_desc cuboid = {BT_CLASS_CAR, BT_NO_INDEX, {0.0, 0.0, 0.0}, {1.0, 1.0, 1.0}};
    bt_model_desc model = {.name = "m",
                           .class_id = BT_CLASS_CAR,
                           .parts = &part,
                           .part_count = 1,
                           .cuboids = &cuboid,
                           .cuboid_count = 1};
    CHECK(bt_spec_add_model(spec, &model, &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "expected an earlier one");
    part.parent = BT_NO_INDEX;
    part.channel = 2;
    CHECK(bt_spec_add_model(spec, &model, &index) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "axis");
    part.channel = 1000;
    CHECK(bt_spec_add_model(spec, &model, &index) == BT_ERR_INPUT);
    part.channel = -1;
    cuboid.size_m.y = 0.0;
    CHECK(bt_spec_add_model(spec, &model, &index) == BT_ERR_INPUT);
    cuboid.size_m.y = 1.0;
    model.cuboid_count = 0;
    CHECK(bt_spec_add_model(spec, &model, &index) == BT_ERR_INPUT);
    model.cuboid_count = 1;
    CHECK_OK(bt_spec_add_model(spec, &model, &index));

    bt_world *w;
    bt_weather storm = {.sun_elevation_rad = 7.0};
    bt_spec_set_weather(spec, &storm);
    CHECK(bt_world_compile(spec, &w) == BT_ERR_INPUT && w == NULL);
    CHECK_CONTAINS(bt_error_message(), "sun_elevation_rad");
    bt_weather wide = {.sun_radius_rad = 0.5};
    bt_spec_set_weather(spec, &wide);
    CHECK(bt_world_compile(spec, &w) == BT_ERR_INPUT && w == NULL);
    CHECK_CONTAINS(bt_error_message(), "sun_radius_rad is 0.5; expected 0.0001 to 0.2");
    bt_weather wall = {.fog_range_m = 1e-300};
    bt_spec_set_weather(spec, &wall);
    CHECK(bt_world_compile(spec, &w) == BT_ERR_INPUT && w == NULL);
    CHECK_CONTAINS(bt_error_message(), "fog_range_m is 1e-300; expected 0, or 0.01 to 1e+06");
    bt_spec_destroy(spec);
}

static void test_id_limit(void)
{
    bt_spec *spec;
    bt_world *w;
    uint32_t index, actor;
    CHECK_OK(bt_spec_create(&spec));
    uint32_t cart = fixture_cart(spec, fixture_mesh(spec, fixture_material(spec, "grey")));
    for (int i = 0; i < 65535; i++)
        if (bt_spec_add_object(spec, "o", BT_CLASS_PROP, &index) != BT_OK) break;
    CHECK(index == 65535);
    CHECK(bt_spec_add_object(spec, "o", BT_CLASS_PROP, &index) == BT_ERR_LIMIT);
    CHECK_OK(bt_spec_add_actor(spec, cart, "a", BT_CLASS_CAR, &actor));
    CHECK(bt_world_compile(spec, &w) == BT_ERR_LIMIT);
    CHECK_CONTAINS(bt_error_message(), "16-bit");
    bt_spec_destroy(spec);
}

static void test_classes(void)
{
    for (int i = 0; i < BT_CLASS_COUNT; i++) {
        const bt_class_info *a = bt_class_get((bt_class)i);
        CHECK(a->name != NULL && a->name[0] != '\0' && a->cityscapes && a->nuscenes);
        for (int k = 0; k < i && a->name; k++) {
            const bt_class_info *b = bt_class_get((bt_class)k);
            CHECK(strcmp(a->name, b->name) != 0);
            CHECK(memcmp(a->color, b->color, 3) != 0);
        }
    }
}

int main(void)
{
    size_t before = bt_memory_in_use();
    test_compile();
    test_actor_parts();
    test_materials();
    test_webs();
    test_no_meshes();
    test_bad_meshes();
    test_bad_placement();
    test_id_limit();
    test_classes();
    CHECK(bt_memory_in_use() == before);
    return check_end();
}
