// gltf_internal.h: what the parts of the glTF reader share.
#ifndef BT_SCENE_GLTF_INTERNAL_H
#define BT_SCENE_GLTF_INTERNAL_H

#include "engine/scene/gltf.h"
#include "engine/scene/gltf_document.h"

// Where a material's images lie: glTF's uv (v downward) are turned by this before they are read.
// KHR_texture_transform; the same for all images of a material.
typedef struct bt_gltf_uv {
    double offset[2], scale[2], rotation_rad;
} bt_gltf_uv;

typedef struct bt_gltf_material {
    uint32_t index; // in the spec
    bt_gltf_uv uv;
} bt_gltf_material;

// Adds all materials and one for meshes without any, the last; *materials: (count + 1), freed with
// bt_free.
BT_CHECKED bt_status bt_gltf_add_materials(bt_gltf_document *document, bt_spec *spec,
                                           bt_gltf_material **materials, bt_gltf_info *info);

#endif
