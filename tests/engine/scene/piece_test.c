// piece_test.c: a scene that takes its pieces from the scene before is, to the bit, the one that builds them, and so
// is its picture.
#include "engine/core/memory.h"
#include "engine/scene/material_lua.h"
#include "procedural/people/person.h"
#include "procedural/plants/tree.h"
#include "procedural/vehicles/car.h"
#include "tests/engine/render/render_fixture.h"

#define SEED 7u
enum { TREE, PERSON, CAR, KINDS };

// Builds a piece, or takes it; gives its index, and whether it was taken.
static bool build(bt_spec *spec, int kind, uint32_t variant, uint32_t *index)
{
    char key[32];
    bool found = false;
    bt_plant plant = {0};
    void *result = kind == TREE ? (void *)&plant : (void *)index;
    size_t bytes = kind == TREE ? sizeof plant : sizeof *index;
    snprintf(key, sizeof key, "%d %u", kind, variant);
    CHECK_OK(bt_spec_begin_piece(spec, key, result, bytes, &found));
    if (!found) {
        bt_person_params person = bt_person_random(SEED, variant);
        bt_car_params car = bt_car_defaults((bt_car_kind)variant);
        if (kind == TREE)
            CHECK_OK(bt_tree_build(spec, bt_tree_species_get(BT_TREE_MAPLE), SEED, variant, 0.12,
                                   &plant));
        if (kind == PERSON) CHECK_OK(bt_person_generate(spec, &person, index));
        if (kind == CAR) CHECK_OK(bt_car_generate(spec, &car, index));
        CHECK_OK(bt_spec_end_piece(spec, result, bytes));
    }
    if (kind == TREE) {
        *index = plant.mesh;
        CHECK(plant.height_m > 1.0);
        bt_pose at = {{10.0 + variant, -2.0, 0.0}, BT_QUAT_IDENTITY};
        CHECK_OK(bt_spec_add_static(spec, plant.mesh, at, 1.0, 0));
    } else {
        uint32_t actor;
        CHECK_OK(bt_spec_add_actor(spec, *index, "somebody", BT_CLASS_CAR, &actor));
    }
    return found;
}

// A scene of these pieces; before NULL: all are built. Gives how many were taken.
static int make(fx_scene *s, const fx_scene *before, const int (*pieces)[2], int count)
{
    uint32_t material, tint, index;
    int taken = 0;
    fx_begin(s);
    CHECK_OK(bt_material_sheet_load(s->spec, "assets/materials/street.lua"));
    if (before) bt_spec_follow(s->spec, before->world);
    // a tint of its own moves the numbers of all that come
    CHECK_OK(bt_spec_find_material(s->spec, "asphalt", &material));
    CHECK_OK(bt_spec_tint_material(s->spec, material, 0.1 * count, 0.2, 0.3, &tint));
    for (int i = 0; i < count; i++)
        taken += build(s->spec, pieces[i][0], (uint32_t)pieces[i][1], &index);
    bt_spec_set_weather(s->spec, &s->weather);
    CHECK_OK(bt_world_compile(s->spec, &s->world));
    CHECK_OK(bt_renderer_follow(s->world, before ? before->renderer : NULL, &s->renderer));
    CHECK_OK(bt_pose_history_create(s->world, 4, &s->history));
    return taken;
}

#define SAME(a, b, array, count)                                                                   \
    CHECK((a)->count == (b)->count &&                                                              \
          memcmp((a)->array, (b)->array, (a)->count * sizeof *(a)->array) == 0)

static void check_same(const bt_world *a, const bt_world *b)
{
    CHECK(a->vertex_count == b->vertex_count);
    CHECK(memcmp(a->positions, b->positions, 12 * (size_t)a->vertex_count) == 0);
    CHECK(memcmp(a->normals, b->normals, 12 * (size_t)a->vertex_count) == 0);
    CHECK(memcmp(a->uvs, b->uvs, 8 * (size_t)a->vertex_count) == 0);
    CHECK(memcmp(a->indices, b->indices, 12 * (size_t)a->triangle_count) == 0);
    SAME(a, b, triangle_slots, triangle_count);
    SAME(a, b, slots, slot_count);
    SAME(a, b, meshes, mesh_count);
    SAME(a, b, materials, material_count);
    CHECK(a->spectrum_count == b->spectrum_count);
    CHECK(memcmp(a->spectra, b->spectra, a->spectrum_count * BT_SPECTRUM_BINS * sizeof(float)) ==
          0);
    SAME(a, b, statics, static_count);
    SAME(a, b, skins, skin_count);
    SAME(a, b, models, model_count);
    SAME(a, b, cuboids, cuboid_count);
    SAME(a, b, instances, instance_count);
    SAME(a, b, names, names_bytes);
    CHECK(a->part_count == b->part_count && a->keypoint_count == b->keypoint_count);
    for (uint32_t i = 0; i < a->part_count; i++)
        CHECK(a->parts[i].mesh == b->parts[i].mesh && a->parts[i].name == b->parts[i].name &&
              a->parts[i].first_skin == b->parts[i].first_skin);
}

static void check_picture(fx_scene *a, fx_scene *b)
{
    bt_view view = fx_view(48, 32, 40.0);
    bt_render_settings settings = {.samples = 2, .max_depth = 3};
    bt_film *films[2];
    fx_scene *scenes[2] = {a, b};
    for (int k = 0; k < 2; k++) {
        bt_pose places[FX_MAX_ACTORS];
        places[0] = fx_look((bt_vec3){0, 0, 1.5}, (bt_vec3){8, 0, 1.0});
        for (int i = 1; i < FX_MAX_ACTORS; i++)
            places[i] = (bt_pose){{5.0 + 2.0 * i, 1.5 * i - 4.0, 0.0}, BT_QUAT_IDENTITY};
        fx_place(scenes[k], places, places, 100 * BT_NS_PER_MS, 900 * BT_NS_PER_MS);
        films[k] = fx_render(scenes[k], &view, &settings, NULL);
    }
    size_t bytes = bt_film_plane_stride(films[0]) * sizeof(float);
    CHECK(fx_mean(films[0], 0) > 0.0);
    CHECK(memcmp(films[0]->rate_e_s, films[1]->rate_e_s, bytes) == 0);
    bt_film_destroy(films[0]);
    bt_film_destroy(films[1]);
}

int main(void)
{
    static const int first[][2] = {{TREE, 1}, {PERSON, 0}, {CAR, 1}, {TREE, 2}};
    static const int second[][2] = {{CAR, 1}, {TREE, 3}, {PERSON, 0}, {TREE, 1}, {PERSON, 1}};
    fx_scene a, built, took, again;
    size_t in_use = bt_memory_in_use();
    CHECK(make(&a, NULL, first, 4) == 0);
    CHECK(make(&built, NULL, second, 5) == 0);
    CHECK(make(&took, &a, second, 5) == 3);
    fx_end(&a); // what was taken stays
    CHECK(make(&again, &took, second, 5) == 5);
    check_same(built.world, took.world);
    check_same(built.world, again.world);
    check_picture(&built, &again);
    fx_end(&took);
    fx_end(&built);
    fx_end(&again);
    CHECK(bt_memory_in_use() == in_use);
    return check_end();
}
