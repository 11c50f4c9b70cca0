// device_internal.h: what device.c shares with buffer.c and kernel.c.
#ifndef BT_RENDER_VULKAN_DEVICE_INTERNAL_H
#define BT_RENDER_VULKAN_DEVICE_INTERNAL_H

#include "engine/render/vulkan/device.h"

#define BT_VULKAN_STAGING_BYTES ((size_t)8 << 20)
#define BT_VULKAN_MOST_STEPS 31u // in one go: as many can be timed
#define BT_VULKAN_RAY_EXTENSIONS 3u
extern const char *const bt_vulkan_ray_extensions[BT_VULKAN_RAY_EXTENSIONS];

struct bt_vulkan {
    bt_vk_api api;
    VkInstance instance;
    VkDebugUtilsMessengerEXT messenger;
    uint32_t complaints;
    double busy_s;
    VkPhysicalDevice physical;
    VkPhysicalDeviceMemoryProperties memory;
    VkDeviceSize largest_allocation; // bytes
    bool software;
    char name[VK_MAX_PHYSICAL_DEVICE_NAME_SIZE + VK_MAX_DRIVER_INFO_SIZE + 4];
    VkDevice device;
    uint32_t queue_family;
    VkQueue queue;
    VkCommandPool pool;
    VkCommandBuffer commands;
    VkFence fence;
    bt_vulkan_buffer staging;                     // seen by host and device
    void *staged;                                 // where it is mapped
    bt_vulkan_kernel path[BT_VULKAN_PATH_STAGES]; // made when first asked for
    // of its own ray tracing
    bool own_rays;
    uint32_t handle_bytes, handle_align, table_align, scratch_align;
    VkQueryPool timer; // none: it is not timed
    double tick_s;
    double stage_s[BT_VULKAN_PATH_STAGES];
};

// Up to the next multiple.
static inline VkDeviceSize bt_vulkan_aligned(VkDeviceSize bytes, VkDeviceSize to)
{
    return (bytes + to - 1u) / to * to;
}

// Commands are recorded between these; the second submits them and waits.
BT_CHECKED bt_status bt_vulkan_begin(bt_vulkan *vulkan);
BT_CHECKED bt_status bt_vulkan_finish(bt_vulkan *vulkan, const char *what);

// Does the device have ray tracing of its own? Notes what it asks of tables. rays.c
bool bt_vulkan_find_rays(bt_vulkan *vulkan);
// The layout of what takes the push constants of shaders/shared/tables.h. kernel.c
BT_CHECKED bt_status bt_vulkan_layout_create(bt_vulkan *vulkan, VkShaderStageFlags stages,
                                             bt_vulkan_kernel *kernel);
#define BT_VULKAN_RAY_STAGES                                                                       \
    (VK_SHADER_STAGE_RAYGEN_BIT_KHR | VK_SHADER_STAGE_MISS_BIT_KHR |                               \
     VK_SHADER_STAGE_CLOSEST_HIT_BIT_KHR | VK_SHADER_STAGE_ANY_HIT_BIT_KHR)
// A stage that traces as a ray-tracing pipeline. rays.c
struct bt_ray_words; // arguments.h
BT_CHECKED bt_status bt_vulkan_rays_create(bt_vulkan *vulkan, const struct bt_ray_words *words,
                                           bt_vulkan_kernel *kernel);

// The staging buffer, mapped for as long as it lives. buffer.c
BT_CHECKED bt_status bt_vulkan_staging_create(bt_vulkan *vulkan);

#endif
