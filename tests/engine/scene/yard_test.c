// yard_test.c: the example scene holds what its maker put in, each kind of image once.
#include "engine/core/memory.h"
#include "engine/scene/gltf.h"
#include "engine/scene/world.h"
#include "tests/support/check.h"

static const bt_material *material(const bt_world *w, uint32_t mesh)
{
    return &w->materials[w->slots[w->meshes[mesh].first_slot].material];
}

int main(void)
{
    bt_spec *spec;
    bt_world *w = NULL;
    bt_gltf_info info;
    // moved, turned by a quarter and halved
    bt_gltf_place place = {
        .pos_world_m = {10, 20, 30}, .heading_rad = 90 * BT_RAD_PER_DEG, .scale = 0.5};
    CHECK_OK(bt_spec_create(&spec));
    CHECK_OK(bt_gltf_load(spec, "assets/scenes/yard.glb", &place, &info));
    CHECK_OK(bt_world_compile(spec, &w));
    CHECK(info.statics == 8 && info.meshes == 8 && info.textures == 9 && info.warnings == 0);
    for (uint32_t i = 0; w && i < w->static_count; i++) {
        const bt_world_static *s = &w->statics[i];
        bt_vec3 at = bt_vec3_make(1, 0, 0);
        at = bt_pose_point(s->world_from_mesh, bt_vec3_scale(at, s->scale));
        CHECK_NEAR(at.x, 10.0, 1e-9);
        CHECK_NEAR(at.y, 20.5, 1e-9);
        CHECK_NEAR(at.z, 30.0, 1e-9);
    }
    if (w) {
        const bt_material *ground = material(w, 0), *ball = material(w, 2), *pane = material(w, 5);
        CHECK(ground->texture_color && ground->texture_surface && ground->texture_normal);
        CHECK(ground->bump == 1.0f && ground->metal == 0.0f);
        // the bricks' transform is in their uv: ten times across, three times up
        const float *uv = w->uvs + 2 * (size_t)w->meshes[1].first_vertex;
        CHECK_NEAR(uv[2] - uv[0], 10.0, 1e-5);
        CHECK_NEAR(uv[5] - uv[1], 3.0, 1e-5);
        CHECK(ball->kind == BT_MATERIAL_COATED && ball->metal == 1.0f && ball->texture_surface);
        CHECK(material(w, 3)->alpha == BT_ALPHA_CUT && material(w, 7)->alpha == BT_ALPHA_CUT);
        CHECK(material(w, 4)->texture_emission && material(w, 4)->emission != BT_NO_SPECTRUM);
        CHECK(pane->kind == BT_MATERIAL_GLASS_THIN);
        CHECK(material(w, 6)->alpha == BT_ALPHA_SHARE && material(w, 6)->alpha_level == 0.5f);
    }
    bt_world_destroy(w);
    bt_spec_destroy(spec);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
