// gltf_check.c: every reference of a glTF document exists, and every accessor lies in its bytes.
#include "engine/scene/gltf_document.h"

#include <stdio.h>
#include <string.h>

#include "engine/core/memory.h"

#define MAX_ITEMS 1000000u // of any kind, chosen
#define MAX_DEPTH 200      // of nodes, chosen

static bt_status wrong(const bt_gltf_document *d, const char *what, size_t number, const char *why)
{
    return bt_fail(BT_ERR_INPUT, "%s: %s[%zu]: %s", d->path, what, number, why);
}

// A whole number below `end` under the key; -1: absent, -2: something else.
static int64_t index_at(const json_t *object, const char *key, size_t end)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL) return -1;
    if (!json_is_integer(value)) return -2;
    json_int_t number = json_integer_value(value);
    return number >= 0 && (uint64_t)number < end ? (int64_t)number : -2;
}

static void keep_only(json_t *object, const char *const *keys)
{
    void *next;
    const char *key;
    json_t *value;
    json_object_foreach_safe(object, next, key, value)
    {
        bool kept = false;
        for (size_t i = 0; keys[i] != NULL; i++)
            kept = kept || strcmp(key, keys[i]) == 0;
        if (!kept) json_object_del(object, key);
    }
}

// ---- the whole ------------------------------------------------------------------------------------
static bt_status check_lists(bt_gltf_document *d)
{
    static const char *const lists[] = {"bufferViews", "accessors", "meshes", "nodes",    "scenes",
                                        "materials",   "textures",  "images", "samplers", NULL};
    for (size_t k = 0; lists[k] != NULL; k++) {
        const json_t *list = json_object_get(d->json, lists[k]);
        if (list != NULL && !json_is_array(list))
            return bt_fail(BT_ERR_INPUT, "%s: %s: expected an array", d->path, lists[k]);
        size_t count = json_array_size(list);
        if (count > MAX_ITEMS)
            return bt_fail(BT_ERR_LIMIT, "%s: %zu %s; at most %u", d->path, count, lists[k],
                           MAX_ITEMS);
        for (size_t i = 0; i < count; i++)
            if (!json_is_object(json_array_get(list, i)))
                return wrong(d, lists[k], i, "expected an object");
    }
    return BT_OK;
}

static bt_status check_extensions(bt_gltf_document *d)
{
    const json_t *list = json_object_get(d->json, "extensionsRequired");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name == NULL || (strncmp(name, "KHR_materials_", 14) != 0 &&
                             strcmp(name, "KHR_texture_transform") != 0))
            return bt_fail(BT_ERR_INPUT,
                           "%s: it requires %.60s; of the required extensions only KHR_materials_* "
                           "and KHR_texture_transform can be read",
                           d->path, name ? name : "no name");
    }
    return BT_OK;
}

// What the reader has no use for, said once.
static void strip(bt_gltf_document *d)
{
    static const char *const root[] = {"asset",    "scene",     "scenes",      "nodes",
                                       "meshes",   "accessors", "images",      "textures",
                                       "samplers", "materials", "bufferViews", NULL};
    static const char *const named[] = {"animations", "skins", "cameras", NULL};
    static const char *const asset[] = {"version", NULL};
    for (size_t i = 0; named[i] != NULL; i++) {
        size_t count = bt_gltf_count(d->json, named[i]);
        if (count > 0) bt_gltf_warn(d, "%zu %s left out", count, named[i]);
    }
    if (bt_gltf_extension(d->json, "KHR_lights_punctual") != NULL)
        bt_gltf_warn(d, "its point, spot and directional lights left out");
    keep_only(d->json, root);
    keep_only(json_object_get(d->json, "asset"), asset);
}

// ---- accessors ------------------------------------------------------------------------------------
typedef struct layout {
    size_t first, stride, count, components, component_bytes;
    int type;
} layout;

static size_t component_size(int type)
{
    static const size_t sizes[] = {1, 1, 2, 2, 0, 4, 4};
    return type >= 5120 && type <= 5126 ? sizes[type - 5120] : 0;
}

static size_t components_of(const char *type)
{
    static const char *const names[] = {"", "SCALAR", "VEC2", "VEC3", "VEC4", NULL};
    for (size_t i = 1; type != NULL && names[i] != NULL; i++)
        if (strcmp(type, names[i]) == 0) return i;
    return 0;
}

static bool layout_of(const bt_gltf_document *d, size_t accessor, layout *out)
{
    const json_t *a = bt_gltf_item(d->json, "accessors", accessor);
    int64_t view = index_at(a, "bufferView", bt_gltf_count(d->json, "bufferViews"));
    int64_t type = index_at(a, "componentType", 6000);
    int64_t count = index_at(a, "count", (size_t)1 << 30);
    int64_t offset = index_at(a, "byteOffset", (size_t)1 << 30);
    if (view < 0 || type < 0 || count < 1 || offset == -2) return false;
    const json_t *v = bt_gltf_item(d->json, "bufferViews", (size_t)view);
    int64_t stride = index_at(v, "byteStride", 253);
    *out = (layout){.count = (size_t)count,
                    .type = (int)type,
                    .component_bytes = component_size((int)type),
                    .components = components_of(json_string_value(json_object_get(a, "type")))};
    size_t element = out->components * out->component_bytes;
    out->stride = stride > 0 ? (size_t)stride : element;
    out->first = (size_t)bt_gltf_number(v, "byteOffset", 0.0) + (offset > 0 ? (size_t)offset : 0);
    size_t within = (offset > 0 ? (size_t)offset : 0) + (out->count - 1) * out->stride + element;
    return element > 0 && stride != -2 && stride != 0 && out->stride >= element &&
           within <= (size_t)bt_gltf_number(v, "byteLength", 0.0);
}

static bt_status check_accessors(bt_gltf_document *d)
{
    static const char *const keys[] = {"bufferView", "byteOffset", "componentType", "count", "type",
                                       "normalized", NULL};
    size_t count = bt_gltf_count(d->json, "accessors");
    for (size_t i = 0; i < count; i++) {
        json_t *accessor = bt_gltf_item(d->json, "accessors", i);
        layout l;
        if (json_object_get(accessor, "sparse") != NULL)
            return wrong(d, "accessors", i, "sparse accessors cannot be read");
        // matrices belong to skins, which nobody reads
        if (!layout_of(d, i, &l) && !json_is_object(json_object_get(accessor, "matrix"))) {
            const char *type = json_string_value(json_object_get(accessor, "type"));
            if (type == NULL || strncmp(type, "MAT", 3) != 0)
                return wrong(d, "accessors", i,
                             "it does not lie in its bufferView, or its type is unknown");
        }
        keep_only(accessor, keys);
    }
    return BT_OK;
}

// ---- meshes -----------------------------------------------------------------------------------------
static bt_status check_indices(const bt_gltf_document *d, size_t mesh, size_t accessor,
                               size_t vertices)
{
    layout l;
    if (!layout_of(d, accessor, &l) || l.components != 1 ||
        (l.type != 5121 && l.type != 5123 && l.type != 5125))
        return wrong(d, "meshes", mesh, "indices that are no whole numbers");
    for (size_t i = 0; i < l.count; i++) {
        const uint8_t *p = d->bytes + l.first + i * l.stride;
        size_t index = p[0];
        if (l.component_bytes >= 2) index |= (size_t)p[1] << 8;
        if (l.component_bytes == 4) index |= (size_t)p[2] << 16 | (size_t)p[3] << 24;
        if (index >= vertices) return wrong(d, "meshes", mesh, "an index beyond its vertices");
    }
    return BT_OK;
}

// Keeps the attributes that are read; all must have as many items as there are positions.
static bt_status check_attributes(bt_gltf_document *d, size_t mesh, json_t *attributes,
                                  size_t *vertices)
{
    static const char *const keys[] = {"POSITION", "NORMAL", "TEXCOORD_0", NULL};
    static const size_t width[] = {3, 3, 2};
    if (json_object_get(attributes, "COLOR_0") != NULL)
        bt_gltf_warn(d, "meshes[%zu]: vertex colours left out", mesh);
    keep_only(attributes, keys);
    *vertices = 0;
    for (size_t k = 0; keys[k] != NULL; k++) {
        layout l;
        int64_t accessor = index_at(attributes, keys[k], bt_gltf_count(d->json, "accessors"));
        if (accessor == -1 && k > 0) continue;
        if (accessor < 0 || !layout_of(d, (size_t)accessor, &l) || l.components != width[k])
            return wrong(d, "meshes", mesh, "a POSITION, NORMAL or TEXCOORD_0 is missing or wrong");
        if (l.type != 5126 && k < 2)
            return wrong(d, "meshes", mesh, "positions and normals: expected 32-bit floats");
        if (k == 0) *vertices = l.count;
        if (l.count != *vertices) return wrong(d, "meshes", mesh, "attributes of unequal counts");
    }
    return BT_OK;
}

static bt_status check_primitive(bt_gltf_document *d, size_t mesh, json_t *primitive)
{
    static const char *const keys[] = {"attributes", "indices", "material", "mode", NULL};
    size_t vertices;
    keep_only(primitive, keys);
    if (index_at(primitive, "mode", 7) == -2) return wrong(d, "meshes", mesh, "an unknown mode");
    if (index_at(primitive, "material", bt_gltf_count(d->json, "materials")) == -2)
        return wrong(d, "meshes", mesh, "a material that does not exist");
    int64_t indices = index_at(primitive, "indices", bt_gltf_count(d->json, "accessors"));
    if (indices == -2) return wrong(d, "meshes", mesh, "indices that do not exist");
    bt_status status =
        check_attributes(d, mesh, json_object_get(primitive, "attributes"), &vertices);
    if (status == BT_OK && indices >= 0) status = check_indices(d, mesh, (size_t)indices, vertices);
    return status;
}

static bt_status check_meshes(bt_gltf_document *d)
{
    static const char *const keys[] = {"primitives", NULL};
    size_t count = bt_gltf_count(d->json, "meshes");
    for (size_t i = 0; i < count; i++) {
        json_t *mesh = bt_gltf_item(d->json, "meshes", i);
        size_t primitives = bt_gltf_count(mesh, "primitives");
        if (primitives == 0) return wrong(d, "meshes", i, "it has no primitives");
        keep_only(mesh, keys);
        for (size_t k = 0; k < primitives; k++) {
            bt_status status = check_primitive(d, i, bt_gltf_item(mesh, "primitives", k));
            if (status != BT_OK) return status;
        }
    }
    return BT_OK;
}

// ---- nodes ------------------------------------------------------------------------------------------
static bool is_numbers(const json_t *list, size_t count)
{
    if (list == NULL) return true;
    bool good = json_is_array(list) && json_array_size(list) == count;
    for (size_t i = 0; good && i < count; i++)
        good = json_is_number(json_array_get(list, i));
    return good;
}

// Each node is met once: one parent at most, no cycles.
static bt_status walk(bt_gltf_document *d, const json_t *list, uint8_t *met, int depth)
{
    size_t count = bt_gltf_count(d->json, "nodes");
    if (list != NULL && !json_is_array(list))
        return bt_fail(BT_ERR_INPUT, "%s: children or nodes: expected an array", d->path);
    if (depth > MAX_DEPTH)
        return bt_fail(BT_ERR_LIMIT, "%s: nodes more than %d deep", d->path, MAX_DEPTH);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *number = json_array_get(list, i);
        json_int_t node = json_is_integer(number) ? json_integer_value(number) : -1;
        if (node < 0 || (uint64_t)node >= count || met[node])
            return bt_fail(BT_ERR_INPUT, "%s: a node that does not exist or hangs twice", d->path);
        met[node] = 1;
        bt_status status =
            walk(d, json_object_get(bt_gltf_item(d->json, "nodes", (size_t)node), "children"), met,
                 depth + 1);
        if (status != BT_OK) return status;
    }
    return BT_OK;
}

static bt_status check_scenes(bt_gltf_document *d)
{
    static const char *const keys[] = {"nodes", NULL};
    size_t scenes = bt_gltf_count(d->json, "scenes"), nodes = bt_gltf_count(d->json, "nodes");
    int64_t scene = index_at(d->json, "scene", scenes);
    if (scenes == 0 || scene == -2)
        return bt_fail(BT_ERR_INPUT, "%s: it has no scene, or names one that does not exist",
                       d->path);
    uint8_t *met = bt_alloc(nodes + 1, 1);
    if (met == NULL) return bt_fail(BT_ERR_MEMORY, "%s: no memory for its nodes", d->path);
    bt_status status = BT_OK;
    for (size_t i = 0; i < scenes && status == BT_OK; i++) {
        keep_only(bt_gltf_item(d->json, "scenes", i), keys);
        memset(met, 0, nodes + 1);
        status = walk(d, json_object_get(bt_gltf_item(d->json, "scenes", i), "nodes"), met, 0);
    }
    bt_free(met);
    return status;
}

static bt_status check_nodes(bt_gltf_document *d)
{
    static const char *const keys[] = {"children", "mesh",  "matrix", "translation",
                                       "rotation", "scale", NULL};
    for (size_t i = 0; i < bt_gltf_count(d->json, "nodes"); i++) {
        json_t *node = bt_gltf_item(d->json, "nodes", i);
        keep_only(node, keys);
        if (index_at(node, "mesh", bt_gltf_count(d->json, "meshes")) == -2)
            return wrong(d, "nodes", i, "a mesh that does not exist");
        if (!is_numbers(json_object_get(node, "matrix"), 16) ||
            !is_numbers(json_object_get(node, "translation"), 3) ||
            !is_numbers(json_object_get(node, "rotation"), 4) ||
            !is_numbers(json_object_get(node, "scale"), 3))
            return wrong(d, "nodes", i, "its transform is not so many numbers");
    }
    return BT_OK;
}

// ---- materials ----------------------------------------------------------------------------------------
static bt_status check_reference(bt_gltf_document *d, const char *list, const char *key,
                                 const char *to, bool needed)
{
    for (size_t i = 0; i < bt_gltf_count(d->json, list); i++) {
        int64_t index = index_at(bt_gltf_item(d->json, list, i), key, bt_gltf_count(d->json, to));
        if (index == -2 || (needed && index == -1)) {
            char why[96];
            snprintf(why, sizeof why, "%s: expected one of the %zu %s", key,
                     bt_gltf_count(d->json, to), to);
            return wrong(d, list, i, why);
        }
    }
    return BT_OK;
}

// Everything in a material that names a texture names one that exists. Values of odd kinds go.
static bool clean_material(bt_gltf_document *d, json_t *object, int depth)
{
    void *next;
    const char *key;
    json_t *value;
    if (depth > 8) return false;
    if (index_at(object, "index", bt_gltf_count(d->json, "textures")) == -2 ||
        index_at(object, "texCoord", 8) == -2)
        return false;
    json_object_foreach_safe(object, next, key, value)
    {
        if (strcmp(key, "extras") == 0 || json_is_null(value)) {
            json_object_del(object, key);
            continue;
        }
        size_t items = json_is_array(value) ? json_array_size(value) : 0;
        if (json_is_array(value) && (items < 2 || items > 4 || !is_numbers(value, items)))
            return false;
        size_t wanted = strcmp(key, "baseColorFactor") == 0 ? 4 : 3;
        if (strstr(key, "Factor") != NULL && items > 0 && items != wanted) return false;
        if (json_is_object(value) && !clean_material(d, value, depth + 1)) return false;
        if (strstr(key, "Texture") != NULL &&
            (!json_is_object(value) || json_object_get(value, "index") == NULL))
            return false;
    }
    return true;
}

static bt_status check_materials(bt_gltf_document *d)
{
    for (size_t i = 0; i < bt_gltf_count(d->json, "materials"); i++) {
        json_t *material = bt_gltf_item(d->json, "materials", i);
        if (!clean_material(d, material, 0))
            return wrong(d, "materials", i, "a texture that does not exist, or an odd value");
        char name[32];
        snprintf(name, sizeof name, "%zu", i);
        json_object_set_new(material, "name", json_string(name));
    }
    bt_status status = check_reference(d, "textures", "source", "images", true);
    if (status == BT_OK) status = check_reference(d, "textures", "sampler", "samplers", false);
    if (status == BT_OK) status = check_reference(d, "images", "bufferView", "bufferViews", false);
    return status;
}

bt_status bt_gltf_check(bt_gltf_document *document)
{
    bt_status status = check_lists(document);
    if (status == BT_OK) status = check_extensions(document);
    if (status == BT_OK) strip(document);
    if (status == BT_OK) status = check_accessors(document);
    if (status == BT_OK) status = check_meshes(document);
    if (status == BT_OK) status = check_scenes(document);
    if (status == BT_OK) status = check_nodes(document);
    if (status == BT_OK) status = check_materials(document);
    return status;
}
