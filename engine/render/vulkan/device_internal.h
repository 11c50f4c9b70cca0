// device_internal.h: what device.c shares with buffer.c and kernel.c.
#ifndef BT_RENDER_VULKAN_DEVICE_INTERNAL_H
#define BT_RENDER_VULKAN_DEVICE_INTERNAL_H

#include "engine/render/vulkan/device.h"

#define BT_VULKAN_STAGING_BYTES ((size_t)8 << 20)

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
};

// Commands are recorded between these; the second submits them and waits.
BT_CHECKED bt_status bt_vulkan_begin(bt_vulkan *vulkan);
BT_CHECKED bt_status bt_vulkan_finish(bt_vulkan *vulkan, const char *what);

// The staging buffer, mapped for as long as it lives. buffer.c
BT_CHECKED bt_status bt_vulkan_staging_create(bt_vulkan *vulkan);

#endif
