// gltf_internal.h: what the parts of the glTF reader share.
#ifndef BT_SCENE_GLTF_INTERNAL_H
#define BT_SCENE_GLTF_INTERNAL_H

#include "engine/scene/gltf.h"
#include "engine/scene/gltf_document.h"

// Adds all materials and one for meshes without any, the last; *materials: spec indices
// (count + 1), freed with bt_free.
BT_CHECKED bt_status bt_gltf_add_materials(bt_gltf_document *document, bt_spec *spec,
                                           uint32_t **materials, bt_gltf_info *info);

#endif
