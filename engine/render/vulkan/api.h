// api.h: the Vulkan functions this room calls, looked up at run time: a program that never asks for a
// Vulkan device starts without the loader, let alone a driver.
#ifndef BT_RENDER_VULKAN_API_H
#define BT_RENDER_VULKAN_API_H

#include "engine/core/status.h"

#define VK_NO_PROTOTYPES
#include <vulkan/vulkan_core.h>

#define BT_VK_BEFORE_INSTANCE(DO)                                                                  \
    DO(CreateInstance)                                                                             \
    DO(EnumerateInstanceLayerProperties)

#define BT_VK_OF_INSTANCE(DO)                                                                      \
    DO(DestroyInstance)                                                                            \
    DO(EnumeratePhysicalDevices)                                                                   \
    DO(GetPhysicalDeviceProperties2)                                                               \
    DO(GetPhysicalDeviceFeatures2)                                                                 \
    DO(GetPhysicalDeviceQueueFamilyProperties)                                                     \
    DO(GetPhysicalDeviceMemoryProperties)                                                          \
    DO(EnumerateDeviceExtensionProperties)                                                         \
    DO(CreateDevice)                                                                               \
    DO(DestroyDevice)                                                                              \
    DO(GetDeviceQueue)                                                                             \
    DO(CreateBuffer)                                                                               \
    DO(DestroyBuffer)                                                                              \
    DO(GetBufferMemoryRequirements)                                                                \
    DO(GetBufferDeviceAddress)                                                                     \
    DO(AllocateMemory)                                                                             \
    DO(FreeMemory)                                                                                 \
    DO(BindBufferMemory)                                                                           \
    DO(MapMemory)                                                                                  \
    DO(CreateCommandPool)                                                                          \
    DO(DestroyCommandPool)                                                                         \
    DO(AllocateCommandBuffers)                                                                     \
    DO(BeginCommandBuffer)                                                                         \
    DO(EndCommandBuffer)                                                                           \
    DO(CreateFence)                                                                                \
    DO(DestroyFence)                                                                               \
    DO(ResetFences)                                                                                \
    DO(WaitForFences)                                                                              \
    DO(QueueSubmit)                                                                                \
    DO(DeviceWaitIdle)                                                                             \
    DO(CreateShaderModule)                                                                         \
    DO(DestroyShaderModule)                                                                        \
    DO(CreatePipelineLayout)                                                                       \
    DO(DestroyPipelineLayout)                                                                      \
    DO(CreateComputePipelines)                                                                     \
    DO(DestroyPipeline)                                                                            \
    DO(CmdBindPipeline)                                                                            \
    DO(CmdPushConstants)                                                                           \
    DO(CmdDispatch)                                                                                \
    DO(CmdCopyBuffer)                                                                              \
    DO(CmdPipelineBarrier)                                                                         \
    DO(CreateQueryPool)                                                                            \
    DO(DestroyQueryPool)                                                                           \
    DO(GetQueryPoolResults)                                                                        \
    DO(CmdResetQueryPool)                                                                          \
    DO(CmdWriteTimestamp)

// Of extensions: NULL where the loader does not know them.
#define BT_VK_OF_EXTENSIONS(DO)                                                                    \
    DO(CreateDebugUtilsMessengerEXT)                                                               \
    DO(DestroyDebugUtilsMessengerEXT)                                                              \
    DO(CreateAccelerationStructureKHR)                                                             \
    DO(DestroyAccelerationStructureKHR)                                                            \
    DO(GetAccelerationStructureBuildSizesKHR)                                                      \
    DO(GetAccelerationStructureDeviceAddressKHR)                                                   \
    DO(CmdBuildAccelerationStructuresKHR)                                                          \
    DO(CreateRayTracingPipelinesKHR)                                                               \
    DO(GetRayTracingShaderGroupHandlesKHR)                                                         \
    DO(CmdTraceRaysKHR)

#define BT_VK_POINTER(name) PFN_vk##name name;
typedef struct bt_vk_api {
    void *library;
    PFN_vkGetInstanceProcAddr get;
    BT_VK_BEFORE_INSTANCE(BT_VK_POINTER)
    BT_VK_OF_INSTANCE(BT_VK_POINTER)
    BT_VK_OF_EXTENSIONS(BT_VK_POINTER)
} bt_vk_api;
#undef BT_VK_POINTER

// Opens the loader; `library` is its file name.
BT_CHECKED bt_status bt_vk_api_open(const char *library, bt_vk_api *api);
// Looks up the rest, once there is an instance.
BT_CHECKED bt_status bt_vk_api_bind(VkInstance instance, bt_vk_api *api);
void bt_vk_api_close(bt_vk_api *api);

#endif
