// structures.h: what keeps still, as a device's own ray tracing wants it: an acceleration structure for
// each mesh, made once, and one over the things of a stage.
//
// Ownership: who creates destroys, the top before the meshes, both before the device.
#ifndef BT_RENDER_VULKAN_STRUCTURES_H
#define BT_RENDER_VULKAN_STRUCTURES_H

#include "engine/render/bvh.h"
#include "engine/render/internal.h"
#include "engine/render/vulkan/device.h"

typedef struct bt_vulkan_structures {
    bt_vulkan_buffer memory;            // all structures lie in
    VkAccelerationStructureKHR *meshes; // (mesh_count)
    uint32_t mesh_count;
    bt_vulkan_buffer firsts, triangles; // as shaders/arguments.h has them in bt_still
} bt_vulkan_structures;

BT_CHECKED bt_status bt_vulkan_structures_create(bt_vulkan *vulkan, const bt_renderer *renderer,
                                                 const bt_bvh *meshes, bt_vulkan_structures *made);
void bt_vulkan_structures_clear(bt_vulkan *vulkan, bt_vulkan_structures *structures);

typedef struct bt_vulkan_top {
    bt_vulkan_buffer memory;
    VkAccelerationStructureKHR structure;
    VkDeviceAddress address;
} bt_vulkan_top;

BT_CHECKED bt_status bt_vulkan_top_create(bt_vulkan *vulkan, const bt_vulkan_structures *meshes,
                                          const bt_stage *stage, bt_vulkan_top *top);
void bt_vulkan_top_clear(bt_vulkan *vulkan, bt_vulkan_top *top);

#endif
