// building_test.c: every kind of house stands on its ground, has the size it says, and repeats.
#include "procedural/buildings/building.h"
#include "tests/procedural/scene_support.h"

static void test_kind(bt_building_kind kind, uint64_t index)
{
    bt_spec *spec = support_spec();
    bt_building building, again;
    bt_world *world = NULL;
    CHECK_OK(bt_building_build(spec, kind, 11, index, &building));
    CHECK_OK(bt_building_build(spec, kind, 11, index, &again));
    CHECK_OK(bt_world_compile(spec, &world));
    if (!world) return;
    const bt_world_mesh *m = &world->meshes[building.mesh], *n = &world->meshes[again.mesh];
    CHECK(m->triangle_count > 1200 && m->triangle_count < 40000);
    CHECK(m->vertex_count == n->vertex_count);
    CHECK(memcmp(world->positions + 3 * (size_t)m->first_vertex,
                 world->positions + 3 * (size_t)n->first_vertex,
                 3 * sizeof(float) * m->vertex_count) == 0);
    // walls go into the ground, the ridge (and what stands on it) is where it says
    CHECK((double)m->bounds_min[2] < -0.9);
    CHECK((double)m->bounds_max[2] > building.height_m - 0.1);
    CHECK((double)m->bounds_max[2] < building.height_m + 3.5);
    // nothing sticks out of the plot by more than eaves, balconies, porch or steps
    CHECK((double)m->bounds_min[1] > -2.2);
    CHECK((double)m->bounds_max[1] < building.depth_m + 2.2);
    CHECK((double)m->bounds_min[0] > -0.5 * building.width_m - 0.8);
    CHECK((double)m->bounds_max[0] < 0.5 * building.width_m + 0.8);
    CHECK(kind == BT_BUILDING_HALL || building.door_count > 0);
    for (unsigned i = 0; i < building.door_count; i++)
        CHECK(fabs(building.door_x_m[i]) < 0.5 * building.width_m);
    if (!isnan(building.garage_x_m)) CHECK(fabs(building.garage_x_m) < 0.5 * building.width_m);
    for (uint32_t i = 0; i < m->slot_count; i++)
        CHECK(world->slots[m->first_slot + i].class_id == BT_CLASS_BUILDING);
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

// Glass lies behind the wall's face: light falls into the reveal.
static void test_windows_are_recessed(void)
{
    bt_spec *spec = support_spec();
    bt_building building;
    bt_world *world = NULL;
    uint32_t glass;
    CHECK_OK(bt_spec_find_material(spec, "window_glass", &glass));
    CHECK_OK(bt_building_build(spec, BT_BUILDING_TERRACED, 3, 1, &building));
    CHECK_OK(bt_world_compile(spec, &world));
    if (!world) return;
    const bt_world_mesh *m = &world->meshes[building.mesh];
    size_t panes = 0, proud = 0;
    for (uint32_t t = 0; t < m->triangle_count; t++) {
        uint32_t slot = world->triangle_slots[m->first_triangle + t];
        if (world->slots[m->first_slot + slot].material != glass) continue;
        const uint32_t *i = world->indices + 3 * (size_t)(m->first_triangle + t);
        const float *p = world->positions + 3 * ((size_t)m->first_vertex + i[0]);
        if (p[2] > 6.5f) continue; // gable and roof windows
        bool front = p[1] > -0.5f && p[1] < 0.5f;
        panes++;
        proud += front && p[1] < 0.02f;
    }
    CHECK(panes >= 12);
    CHECK(proud == 0);
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

// Panes lean and bow by milliradians, each by its own; behind them rooms reach back by metres.
static void test_panes_and_rooms(void)
{
    bt_spec *spec = support_spec();
    bt_building building;
    bt_world *world = NULL;
    uint32_t glass, floor;
    CHECK_OK(bt_spec_find_material(spec, "window_glass", &glass));
    CHECK_OK(bt_spec_find_material(spec, "room_floor", &floor));
    CHECK_OK(bt_building_build(spec, BT_BUILDING_SHOPS, 3, 1, &building));
    CHECK_OK(bt_world_compile(spec, &world));
    if (!world) return;
    const bt_world_mesh *m = &world->meshes[building.mesh];
    float least = 1.0f, most = 0.0f, deepest = 0.0f;
    for (uint32_t t = 0; t < m->triangle_count; t++) {
        uint32_t slot = world->triangle_slots[m->first_triangle + t];
        uint32_t material = world->slots[m->first_slot + slot].material;
        for (int k = 0; k < 3; k++) {
            uint32_t i = world->indices[3 * (size_t)(m->first_triangle + t) + (size_t)k];
            const float *p = world->positions + 3 * ((size_t)m->first_vertex + i);
            const float *n = world->normals + 3 * ((size_t)m->first_vertex + i);
            bool front = p[1] > -0.5f && p[1] < 0.5f && n[1] < -0.9f;
            float lean = hypotf(n[0], n[2]);
            if (material == glass && front) least = fminf(least, lean), most = fmaxf(most, lean);
            if (material == floor) deepest = fmaxf(deepest, p[1]);
        }
    }
    CHECK(most > 0.004f && most < 0.015f);
    CHECK(least < 0.5f * most);
    CHECK(deepest > 2.0f);
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

static void test_outline(void)
{
    bt_spec *spec = support_spec();
    bt_vec3 corners[5] = {{0, 0, 0}, {14, 0, 0}, {14, 9, 0}, {6, 9, 0}, {0, 5, 0}};
    uint32_t mesh;
    bt_world *world = NULL;
    CHECK_OK(bt_building_from_outline(spec, corners, 5, 7.0, 1, 1, &mesh));
    CHECK(bt_building_from_outline(spec, corners, 2, 7.0, 1, 1, &mesh) == BT_ERR_INPUT);
    CHECK(bt_building_from_outline(spec, corners, 5, -1.0, 1, 1, &mesh) == BT_ERR_INPUT);
    CHECK_OK(bt_world_compile(spec, &world));
    if (world) CHECK_NEAR(world->meshes[0].bounds_max[2], 7.3, 0.01);
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

// Towers are as high as they say, wear panes of their own, have lamps of three kinds, and each leans.
static void test_tower(void)
{
    bt_spec *spec = support_spec();
    bt_building building;
    bt_world *world = NULL;
    uint32_t lamps[3], glass;
    CHECK_OK(bt_spec_find_material(spec, "lamp_office", &lamps[0]));
    CHECK_OK(bt_spec_find_material(spec, "lamp_office_late", &lamps[1]));
    CHECK_OK(bt_spec_find_material(spec, "lamp_office_night", &lamps[2]));
    CHECK_OK(bt_spec_find_material(spec, "tower_glass", &glass));
    CHECK_OK(bt_building_build(spec, BT_BUILDING_TOWER, 3, 506, &building));
    CHECK_OK(bt_world_compile(spec, &world));
    if (!world) return;
    CHECK(bt_building_tower_floors(506) == 26);
    CHECK(building.height_m > bt_building_tower_height_m(506));
    CHECK(building.height_m < bt_building_tower_height_m(506) + 25.0);
    const bt_world_mesh *m = &world->meshes[building.mesh];
    uint32_t lit[3] = {0}, panes = 0, below = 0;
    for (uint32_t t = 0; t < m->triangle_count; t++) {
        uint32_t slot = world->triangle_slots[m->first_triangle + t];
        uint32_t material = world->slots[m->first_slot + slot].material;
        for (int k = 0; k < 3; k++)
            lit[k] += material == lamps[k];
        panes += material == glass;
        uint32_t i = world->indices[3 * (size_t)(m->first_triangle + t)];
        float z = world->positions[3 * ((size_t)m->first_vertex + i) + 2];
        below += material == glass && z < 8.0f;
    }
    // 26 storeys of 8 rooms, four fifths of them lit at some hour, two triangles each
    double share = (lit[0] + lit[1] + lit[2]) / (2.0 * 26.0 * 8.0);
    CHECK(share > 0.7 && share < 0.9);
    CHECK(lit[1] > lit[2] && lit[0] > lit[1]);
    CHECK(panes > 2000 && below == 0);
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

int main(void)
{
    for (int kind = 0; kind < BT_BUILDING_KIND_COUNT; kind++) {
        for (uint64_t index = 0; index < 3; index++)
            test_kind((bt_building_kind)kind, index);
    }
    test_windows_are_recessed();
    test_panes_and_rooms();
    test_outline();
    test_tower();
    return check_end();
}
