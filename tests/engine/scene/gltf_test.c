// gltf_test.c: a small scene comes in as it was meant; damaged ones are refused with a line.
#include "engine/scene/gltf.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "engine/scene/gltf_document.h"
#include "engine/scene/world.h"
#include "tests/support/check.h"
#include "tests/support/mutate.h"
#include "tests/support/temp.h"

static char dir[4096], path[4200];

// A triangle (0,0,0) (1,0,0) (0,1,0) facing +z in glTF, with uv and indices, shown by three nodes:
// moved and doubled, mirrored, stretched.
static const char *const scene =
    "{\"asset\":{\"version\":\"2.0\"},\"scene\":0,\"scenes\":[{\"nodes\":[0,1,2]}],"
    "\"nodes\":[{\"mesh\":0,\"translation\":[1,2,3],\"scale\":[2,2,2]},"
    "{\"mesh\":0,\"scale\":[-1,1,1]},{\"mesh\":0,\"scale\":[1,3,1]}],"
    "\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":0,\"TEXCOORD_0\":1},"
    "\"indices\":2,\"material\":0}]}],"
    "\"materials\":[{\"pbrMetallicRoughness\":{\"baseColorFactor\":[0.5,0.5,0.5,1],"
    "\"metallicFactor\":0.25,\"roughnessFactor\":0.5,\"baseColorTexture\":{\"index\":0,"
    "\"extensions\":{\"KHR_texture_transform\":{\"offset\":[0,1],\"rotation\":1.5707963267948966,"
    "\"scale\":[0.5,0.5]}}}},"
    "\"alphaMode\":\"BLEND\",\"doubleSided\":true,\"emissiveFactor\":[1,1,1],\"extensions\":{"
    "\"KHR_materials_emissive_strength\":{\"emissiveStrength\":300}}},"
    "{\"extensions\":{\"KHR_materials_transmission\":{\"transmissionFactor\":1},"
    "\"KHR_materials_ior\":{\"ior\":1.4}}},"
    "{\"extensions\":{\"KHR_materials_transmission\":{\"transmissionFactor\":1},"
    "\"KHR_materials_volume\":{\"thicknessFactor\":0.01,\"attenuationDistance\":0.5,"
    "\"attenuationColor\":[0.25,0.25,0.25]}}}],"
    "\"textures\":[{\"source\":0}],\"images\":[{\"uri\":\"%s\"}],"
    "\"accessors\":[{\"bufferView\":0,\"componentType\":5126,\"count\":3,\"type\":\"VEC3\","
    "\"min\":[0,0,0],\"max\":[1,1,0]},"
    "{\"bufferView\":1,\"componentType\":5126,\"count\":3,\"type\":\"VEC2\"},"
    "{\"bufferView\":2,\"componentType\":5123,\"count\":3,\"type\":\"SCALAR\"}],"
    "\"bufferViews\":[{\"buffer\":0,\"byteOffset\":0,\"byteLength\":36},"
    "{\"buffer\":0,\"byteOffset\":36,\"byteLength\":24},"
    "{\"buffer\":0,\"byteOffset\":60,\"byteLength\":6}],"
    "\"buffers\":[{\"byteLength\":66,\"uri\":\"data:application/octet-stream;base64,"
    "AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAAAAAAAAAAAAAAAIA/AAAAAAAAAAAAAIA/AAABAAIA"
    "\"}]}";

static void write_bytes(const char *bytes, size_t count)
{
    remove(path); // a file cut to nothing and written again is flushed by some file systems
    FILE *file = fopen(path, "wb"); // without the syncs of bt_file_write
    CHECK(file != NULL && fwrite(bytes, 1, count, file) == count);
    if (file != NULL) fclose(file);
}

static bt_status load(bt_world **world, bt_gltf_info *info)
{
    bt_spec *spec;
    *world = NULL;
    CHECK_OK(bt_spec_create(&spec));
    bt_status status = bt_gltf_load(spec, path, NULL, info);
    if (status == BT_OK) status = bt_world_compile(spec, world);
    bt_spec_destroy(spec);
    return status;
}

static void test_scene(const char *text)
{
    bt_world *w;
    bt_gltf_info info;
    write_bytes(text, strlen(text));
    CHECK_OK(load(&w, &info));
    if (w == NULL) return;
    CHECK(info.statics == 3 && info.meshes == 3 && info.triangles == 3);
    CHECK(info.textures == 1 && w->texture_count == 2 && info.warnings == 0);
    // y up is z up: (1, 2, 3) is (1, -3, 2); the corner (0, 1, 0) is (0, 0, 1)
    CHECK_NEAR(w->statics[0].world_from_mesh.pos.x, 1.0, 1e-6);
    CHECK_NEAR(w->statics[0].world_from_mesh.pos.y, -3.0, 1e-6);
    CHECK_NEAR(w->statics[0].world_from_mesh.pos.z, 2.0, 1e-6);
    CHECK_NEAR(w->statics[0].scale, 2.0, 1e-6);
    const float *p = w->positions;
    CHECK(p[3] == 1.0f && p[8] == 1.0f && p[7] == 0.0f);
    for (uint32_t m = 0; m < 3; m++) // all face glTF's +z, which is -y, mirrored or not
        CHECK_NEAR(w->normals[3 * w->meshes[m].first_vertex + 1], -1.0, 1e-6);
    CHECK(w->meshes[1].bounds_min[0] == -1.0f && w->meshes[2].bounds_max[2] == 3.0f);
    // glTF's v runs down, ours up; by the transform, an example of its specification, a quarter turn
    // onto the lower left quadrant: (0, 0) to (0, 1), (1, 0) to (0, 0.5), (0, 1) to (0.5, 1)
    const double uvs[6] = {0.0, 0.0, 0.0, 0.5, 0.5, 0.0};
    for (int i = 0; i < 6; i++)
        CHECK_NEAR(w->uvs[i], uvs[i], 1e-6);

    const bt_material *m = w->materials;
    CHECK(m[0].kind == BT_MATERIAL_COATED && m[0].metal == 0.25f && m[0].roughness == 0.5f);
    CHECK(m[0].texture_color == 1 && m[0].texture_surface == 0);
    CHECK(m[0].alpha == BT_ALPHA_SHARE && m[0].alpha_level == 1.0f);
    CHECK_NEAR(w->spectra[m[0].reflectance * BT_SPECTRUM_BINS + 40], 0.5, 1e-6);
    CHECK(m[0].emission != BT_NO_SPECTRUM && m[0].emission_scale == 1.0f);
    CHECK(m[0].shines_both == 1 && m[1].shines_both == 0);
    CHECK(m[1].kind == BT_MATERIAL_GLASS_THIN && m[1].ior == 1.4f);
    CHECK(m[2].kind == BT_MATERIAL_DIELECTRIC && m[2].tint_depth_m == 0.5f);
    CHECK(w->spectra[BT_SPECTRUM_BINS * m[2].reflectance] == 0.25f);
    bt_world_destroy(w);
}

static void test_hostile(const char *good, size_t count, uint64_t variants)
{
    char *bad = bt_alloc(count + 16, 1);
    int read = 0;
    for (uint64_t i = 0; i < variants; i++) {
        bt_world *w;
        bt_gltf_info info;
        write_bytes(bad, mutate(good, count, i, bad));
        if (load(&w, &info) == BT_OK) read++;
        bt_world_destroy(w);
    }
    printf("%d of %d read\n", read, (int)variants);
    CHECK(read > 50 && read < (int)variants - 50); // or the test tests nothing
    bt_free(bad);
}

// The same scene as a binary file, whole and damaged.
static void test_binary(void)
{
    bt_gltf_document document;
    char *bytes;
    size_t count;
    bt_world *w;
    bt_gltf_info info;
    CHECK_OK(bt_gltf_document_load(path, &document));
    CHECK_OK(bt_gltf_document_pack(&document, &bytes, &count));
    bt_gltf_document_clear(&document);
    write_bytes(bytes, count);
    CHECK_OK(load(&w, &info));
    CHECK(info.statics == 3 && info.triangles == 3 && w != NULL);
    bt_world_destroy(w);
    test_hostile(bytes, count, 4000);
    bt_free(bytes);
}

static void test_missing_texture(const char *text)
{
    bt_world *w;
    bt_gltf_info info;
    write_bytes(text, strlen(text));
    CHECK_OK(load(&w, &info));
    CHECK(info.textures == 0 && info.warnings == 1);
    CHECK(w != NULL && w->materials[0].texture_color == 0);
    bt_world_destroy(w);
}

// A picture of 60000 pixels each way, as its header says, is a warning and the plain factor.
static void test_absurd_texture(const char *text, const char *image)
{
    static const char header[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06"
                                 "\0\0\0\x80\xd2\x75\x42";
    FILE *file = fopen(image, "wb");
    CHECK(file != NULL && fwrite(header, 1, sizeof header - 1, file) == sizeof header - 1);
    if (file != NULL) fclose(file);
    test_missing_texture(text);
}

// The primitives of a mesh are one mesh with a slot for each.
static void test_primitives(const char *text)
{
    static const char *const one = "\"indices\":2,\"material\":0}";
    char changed[8192];
    const char *at = strstr(text, one) + strlen(one);
    bt_world *w;
    bt_gltf_info info;
    snprintf(changed, sizeof changed, "%.*s,{\"attributes\":{\"POSITION\":0},\"material\":1}%s",
             (int)(at - text), text, at);
    write_bytes(changed, strlen(changed));
    CHECK_OK(load(&w, &info));
    if (w == NULL) return;
    CHECK(info.meshes == 3 && info.statics == 3 && info.triangles == 6);
    for (uint32_t i = 0; i < w->mesh_count; i++) {
        const bt_world_mesh *m = &w->meshes[i];
        CHECK(m->triangle_count == 2 && m->slot_count == 2);
        CHECK(w->triangle_slots[m->first_triangle] == 0);
        CHECK(w->triangle_slots[m->first_triangle + 1] == 1);
        CHECK(w->materials[w->slots[m->first_slot + 1].material].kind == BT_MATERIAL_GLASS_THIN);
        const float *p = w->positions + 3 * (size_t)m->first_vertex;
        for (size_t k = 0; k < 9; k++) // the same triangle twice, each with vertices of its own
            CHECK(p[3 * w->indices[3 * (size_t)m->first_triangle + k / 3] + k % 3] ==
                  p[3 * w->indices[3 * (size_t)m->first_triangle + 3 + k / 3] + k % 3]);
    }
    bt_world_destroy(w);
}

// alphaMode MASK: the limit is on the image's own alpha, and nothing is cut where nothing can be.
static void test_cut_out(const char *text)
{
    static const struct {
        const char *mode;
        uint32_t alpha;
        float level;
    } cases[] = {{"MASK\",\"alphaCutoff\":0.3,\"x\":\"", BT_ALPHA_CUT, 0.3f},
                 {"MASK", BT_ALPHA_CUT, 0.5f},
                 {"MASK\",\"alphaCutoff\":0,\"x\":\"", BT_ALPHA_OPAQUE, 0.0f},
                 {"OPAQUE", BT_ALPHA_OPAQUE, 0.0f}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char changed[8192];
        const char *at = strstr(text, "BLEND");
        bt_world *w;
        bt_gltf_info info;
        snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, cases[i].mode,
                 at + strlen("BLEND"));
        write_bytes(changed, strlen(changed));
        CHECK_OK(load(&w, &info));
        if (w == NULL) continue;
        CHECK(w->materials[0].alpha == cases[i].alpha);
        CHECK_NEAR(w->materials[0].alpha_level, cases[i].level, 1e-6);
        bt_world_destroy(w);
    }
}

static void refuse(const char *text, const char *old, const char *new, const char *message)
{
    char changed[8192];
    const char *at = strstr(text, old);
    CHECK(at != NULL);
    if (at == NULL) return;
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    bt_world *w;
    bt_gltf_info info;
    write_bytes(changed, strlen(changed));
    CHECK(load(&w, &info) == BT_ERR_INPUT && w == NULL);
    CHECK_CONTAINS(bt_error_message(), path);
    CHECK_CONTAINS(bt_error_message(), message);
    if (strstr(bt_error_message(), message) == NULL) puts(bt_error_message());
    bt_world_destroy(w);
}

static void test_refused(const char *t)
{
    refuse(t, "\"2.0\"", "\"1.0\"", "expected 2.x");
    refuse(t, "\"byteLength\":66", "\"byteLength\":67", "but it has 66 bytes");
    refuse(t, "\"byteOffset\":60", "\"byteOffset\":61", "bytes 61 to 67 of a buffer of 66");
    refuse(t, "AAABAAIA", "AAABAAMA", "an index beyond its vertices");
    refuse(t, "AACAPwAA", "AADAfwAA", "is not finite");
    refuse(t, "\"count\":3", "\"count\":4", "does not lie in its bufferView");
    refuse(t, "[0,1,2]", "[0,1,1]", "hangs twice");
    refuse(t, "{\"mesh\":0,\"scale\":[1,3,1]}", "{\"children\":[2]}", "hangs twice");
    refuse(t, "\"material\":0", "\"material\":3", "a material that does not exist");
    refuse(t, "\"source\":0", "\"source\":1", "expected one of the 1 images");
    refuse(t, "\"index\":0", "\"index\":1", "a texture that does not exist");
    refuse(t, "\"scene\":0", "\"scene\":0,\"extensionsRequired\":[\"KHR_draco\"]", "KHR_draco");
    refuse(t, "data:application", "../../etc/passwd#data:application", "beside the scene");
}

// Other digits: still JSON, but of other counts, offsets and references.
static void test_other_numbers(const char *good, uint64_t variants)
{
    char bad[8192];
    int read = 0;
    for (uint64_t i = 0; i < variants; i++) {
        size_t count = strlen(good);
        memcpy(bad, good, count + 1);
        for (uint32_t changes = 0, k = 0; changes < 1 + i % 3; k++) {
            uint32_t at = bt_random_below(i, BT_STREAM_TEST, k, 7, (uint32_t)count);
            if (bad[at] < '0' || bad[at] > '9') continue;
            bad[at] = (char)('0' + bt_random_below(i, BT_STREAM_TEST, k, 8, 10));
            changes++;
        }
        bt_world *w;
        bt_gltf_info info;
        write_bytes(bad, count);
        if (load(&w, &info) == BT_OK) read++;
        bt_world_destroy(w);
    }
    printf("%d of %d with other numbers read\n", read, (int)variants);
    CHECK(read > 200 && read < (int)variants - 200);
}

int main(void)
{
    if (!temp_folder(dir, sizeof dir)) return 1;
    char text[8192], image[4300];
    snprintf(path, sizeof path, "%s/scene.gltf", dir);
    snprintf(image, sizeof image, "%s/a b.png", dir);
    const uint8_t four[12] = {128, 128, 128, 0, 0, 0, 255, 255, 255, 9, 9, 9};
    CHECK_OK(bt_png_write_u8(image, 2, 2, 3, four));
    snprintf(text, sizeof text, scene, "a%20b.png");
    test_scene(text);
    test_cut_out(text);
    test_primitives(text);
    write_bytes(text, strlen(text));
    test_binary();
    test_refused(text);
    test_hostile(text, strlen(text), 3000);
    test_other_numbers(text, 3000);
    snprintf(text, sizeof text, scene, "none.png");
    test_missing_texture(text);
    snprintf(text, sizeof text, scene, "a%20b.png");
    test_absurd_texture(text, image);
    temp_folder_remove(dir);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
