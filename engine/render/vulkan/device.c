// device.c: chooses and opens a Vulkan device, and submits work to it.
#include "engine/render/vulkan/device_internal.h"

#include "engine/core/log.h"
#include "engine/core/memory.h"

#include <stdio.h>
#include <string.h>

#define MAX_DEVICES 16u
#define MAX_LAYERS 64u
#define MAX_QUEUE_FAMILIES 32u
#define VALIDATION_LAYER "VK_LAYER_KHRONOS_validation"

// ---- errors -----------------------------------------------------------------------------------
bt_status bt_vulkan_check(VkResult result, const char *what)
{
    switch (result) {
    case VK_SUCCESS:
        return BT_OK;
    case VK_ERROR_OUT_OF_HOST_MEMORY:
        return bt_fail(BT_ERR_MEMORY, "Vulkan: %s: the host is out of memory", what);
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
        return bt_fail(
            BT_ERR_LIMIT,
            "Vulkan: %s: the device is out of memory; a smaller scene or picture, or the "
            "backend cpu",
            what);
    case VK_ERROR_DEVICE_LOST:
        return bt_fail(
            BT_ERR_DEVICE,
            "Vulkan: %s: the device was lost (reset, unplugged, or its watchdog ended the "
            "work); try again, or use the backend cpu",
            what);
    default:
        return bt_fail(BT_ERR_DEVICE, "Vulkan: %s failed (VkResult %d)", what, (int)result);
    }
}

// ---- validation -------------------------------------------------------------------------------
static VKAPI_ATTR VkBool32 VKAPI_CALL complain(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
                                               VkDebugUtilsMessageTypeFlagsEXT types,
                                               const VkDebugUtilsMessengerCallbackDataEXT *data,
                                               void *user)
{
    (void)severity;
    (void)types;
    bt_vulkan *v = user;
    v->complaints++;
    bt_log(BT_LOG_ERROR, "Vulkan validation: %s", data->pMessage);
    return VK_FALSE;
}

static VkDebugUtilsMessengerCreateInfoEXT messenger_info(bt_vulkan *v)
{
    return (VkDebugUtilsMessengerCreateInfoEXT){
        .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
        .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                           VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
        .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT |
                       VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT,
        .pfnUserCallback = complain,
        .pUserData = v};
}

static bool has_validation_layer(const bt_vk_api *api)
{
    VkLayerProperties layers[MAX_LAYERS];
    uint32_t count = MAX_LAYERS;
    if (api->EnumerateInstanceLayerProperties(&count, layers) < 0) return false;
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(layers[i].layerName, VALIDATION_LAYER) == 0) return true;
    return false;
}

// ---- the instance -----------------------------------------------------------------------------
static bt_status create_instance(bt_vulkan *v, bool validate)
{
    static const char *const layers[] = {VALIDATION_LAYER};
    static const char *const extensions[] = {VK_EXT_DEBUG_UTILS_EXTENSION_NAME};
    validate = validate && has_validation_layer(&v->api);
    VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info(v);
    VkApplicationInfo application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
                                     .pApplicationName = "blacktop",
                                     .apiVersion = VK_API_VERSION_1_2};
    VkInstanceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
                                 .pApplicationInfo = &application};
    if (validate) {
        info.enabledLayerCount = 1;
        info.ppEnabledLayerNames = layers;
        info.enabledExtensionCount = 1;
        info.ppEnabledExtensionNames = extensions;
    }
    VkResult result = v->api.CreateInstance(&info, NULL, &v->instance);
    if (result == VK_ERROR_INCOMPATIBLE_DRIVER)
        return bt_fail(BT_ERR_INPUT,
                       "backend vulkan: there is no Vulkan driver; install "
                       "mesa-vulkan-drivers or the GPU's own, or use the backend cpu");
    bt_status status = bt_vulkan_check(result, "creating an instance");
    if (status == BT_OK) status = bt_vk_api_bind(v->instance, &v->api);
    if (status != BT_OK || !validate || !v->api.CreateDebugUtilsMessengerEXT) return status;
    result = v->api.CreateDebugUtilsMessengerEXT(v->instance, &messenger, NULL, &v->messenger);
    return bt_vulkan_check(result, "listening to the validation layer");
}

// ---- choosing ---------------------------------------------------------------------------------
// How much a kind of device is wanted; 0: not at all.
static int rank_of(VkPhysicalDeviceType type)
{
    switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return 4;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return 3;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return 2;
    default:
        return 1;
    }
}

static bool find_compute_queue(const bt_vulkan *v, VkPhysicalDevice device, uint32_t *family)
{
    VkQueueFamilyProperties families[MAX_QUEUE_FAMILIES];
    uint32_t count = MAX_QUEUE_FAMILIES;
    v->api.GetPhysicalDeviceQueueFamilyProperties(device, &count, families);
    for (uint32_t i = 0; i < count; i++) {
        *family = i;
        if (families[i].queueCount > 0 && families[i].queueFlags & VK_QUEUE_COMPUTE_BIT)
            return true;
    }
    return false;
}

// What a device lacks; NULL: nothing.
static const char *lacks(const bt_vulkan *v, VkPhysicalDevice device,
                         const VkPhysicalDeviceProperties *properties)
{
    uint32_t family;
    VkPhysicalDeviceVulkan12Features features12 = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
                                          .pNext = &features12};
    if (properties->apiVersion < VK_API_VERSION_1_2) return "Vulkan 1.2";
    v->api.GetPhysicalDeviceFeatures2(device, &features);
    if (!features12.bufferDeviceAddress) return "buffer addresses";
    if (!find_compute_queue(v, device, &family)) return "a queue that computes";
    return NULL;
}

static void take(bt_vulkan *v, VkPhysicalDevice device)
{
    VkPhysicalDeviceVulkan11Properties properties11 = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES};
    VkPhysicalDeviceVulkan12Properties properties12 = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES, .pNext = &properties11};
    VkPhysicalDeviceProperties2 properties = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &properties12};
    v->api.GetPhysicalDeviceProperties2(device, &properties);
    v->physical = device;
    v->largest_allocation = properties11.maxMemoryAllocationSize;
    v->software = properties.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    snprintf(v->name, sizeof v->name, "%s, %s", properties.properties.deviceName,
             properties12.driverInfo);
    v->api.GetPhysicalDeviceMemoryProperties(device, &v->memory);
    find_compute_queue(v, device, &v->queue_family);
}

static bt_status choose_device(bt_vulkan *v)
{
    VkPhysicalDevice devices[MAX_DEVICES];
    uint32_t count = MAX_DEVICES;
    char refused[600] = "";
    int best = 0;
    VkResult result = v->api.EnumeratePhysicalDevices(v->instance, &count, devices);
    if (result < 0) count = 0;
    for (uint32_t i = 0; i < count; i++) {
        VkPhysicalDeviceProperties2 p = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
        v->api.GetPhysicalDeviceProperties2(devices[i], &p);
        const char *missing = lacks(v, devices[i], &p.properties);
        size_t used = strlen(refused);
        if (missing)
            snprintf(refused + used, sizeof refused - used, "; %s lacks %s",
                     p.properties.deviceName, missing);
        if (missing || rank_of(p.properties.deviceType) <= best) continue;
        best = rank_of(p.properties.deviceType);
        take(v, devices[i]);
    }
    if (best > 0) return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "backend vulkan: no device with Vulkan 1.2 and buffer addresses%s; install a "
                   "driver (mesa-vulkan-drivers has a software one) or use the backend cpu",
                   refused);
}

// ---- opening ----------------------------------------------------------------------------------
static bt_status open_device(bt_vulkan *v)
{
    float priority = 1.0f;
    VkDeviceQueueCreateInfo queue = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                     .queueFamilyIndex = v->queue_family,
                                     .queueCount = 1,
                                     .pQueuePriorities = &priority};
    VkPhysicalDeviceVulkan12Features features = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
        .bufferDeviceAddress = VK_TRUE};
    VkPhysicalDeviceAccelerationStructureFeaturesKHR structures = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ACCELERATION_STRUCTURE_FEATURES_KHR,
        .accelerationStructure = VK_TRUE};
    VkPhysicalDeviceRayTracingPipelineFeaturesKHR pipelines = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_RAY_TRACING_PIPELINE_FEATURES_KHR,
        .pNext = &structures,
        .rayTracingPipeline = VK_TRUE};
    if (v->own_rays) features.pNext = &pipelines;
    VkDeviceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                               .pNext = &features,
                               .queueCreateInfoCount = 1,
                               .pQueueCreateInfos = &queue,
                               .enabledExtensionCount = v->own_rays ? BT_VULKAN_RAY_EXTENSIONS : 0,
                               .ppEnabledExtensionNames = bt_vulkan_ray_extensions};
    VkResult result = v->api.CreateDevice(v->physical, &info, NULL, &v->device);
    if (result == VK_SUCCESS) v->api.GetDeviceQueue(v->device, v->queue_family, 0, &v->queue);
    return bt_vulkan_check(result, "opening the device");
}

static bt_status create_commands(bt_vulkan *v)
{
    VkCommandPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                    .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                    .queueFamilyIndex = v->queue_family};
    VkFenceCreateInfo fence = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    VkResult result = v->api.CreateCommandPool(v->device, &pool, NULL, &v->pool);
    if (result == VK_SUCCESS) {
        VkCommandBufferAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                            .commandPool = v->pool,
                                            .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                            .commandBufferCount = 1};
        result = v->api.AllocateCommandBuffers(v->device, &info, &v->commands);
    }
    if (result == VK_SUCCESS) result = v->api.CreateFence(v->device, &fence, NULL, &v->fence);
    return bt_vulkan_check(result, "creating a command buffer");
}

static bt_status create_timer(bt_vulkan *v)
{
    VkQueryPoolCreateInfo info = {.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
                                  .queryType = VK_QUERY_TYPE_TIMESTAMP,
                                  .queryCount = BT_VULKAN_MOST_STEPS + 1u};
    VkPhysicalDeviceProperties2 p = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    v->api.GetPhysicalDeviceProperties2(v->physical, &p);
    v->tick_s = (double)p.properties.limits.timestampPeriod * 1e-9;
    return bt_vulkan_check(v->api.CreateQueryPool(v->device, &info, NULL, &v->timer),
                           "creating a timer");
}

bt_status bt_vulkan_create(const bt_vulkan_desc *desc, bt_vulkan **vulkan)
{
    *vulkan = NULL;
    bt_vulkan *v = bt_alloc(1, sizeof *v);
    if (!v) return bt_fail(BT_ERR_MEMORY, "Vulkan device");
    bt_status status = bt_vk_api_open(desc->library ? desc->library : "libvulkan.so.1", &v->api);
    if (status == BT_OK) status = create_instance(v, desc->validate);
    if (status == BT_OK) status = choose_device(v);
    v->own_rays = status == BT_OK && desc->own_rays && bt_vulkan_find_rays(v);
    if (status == BT_OK) status = open_device(v);
    if (status == BT_OK) status = create_commands(v);
    if (status == BT_OK && desc->timed) status = create_timer(v);
    if (status == BT_OK) status = bt_vulkan_staging_create(v);
    if (status != BT_OK) {
        bt_vulkan_destroy(v);
        return status;
    }
    *vulkan = v;
    return BT_OK;
}

void bt_vulkan_destroy(bt_vulkan *v)
{
    if (!v) return;
    if (v->device) {
        v->api.DeviceWaitIdle(v->device);
        for (int i = 0; i < BT_VULKAN_PATH_STAGES; i++)
            bt_vulkan_kernel_clear(v, &v->path[i]);
        bt_vulkan_buffer_clear(v, &v->staging);
        v->api.DestroyQueryPool(v->device, v->timer, NULL);
        v->api.DestroyFence(v->device, v->fence, NULL);
        v->api.DestroyCommandPool(v->device, v->pool, NULL);
        v->api.DestroyDevice(v->device, NULL);
    }
    if (v->messenger) v->api.DestroyDebugUtilsMessengerEXT(v->instance, v->messenger, NULL);
    if (v->instance && v->api.DestroyInstance) v->api.DestroyInstance(v->instance, NULL);
    bt_vk_api_close(&v->api);
    bt_free(v);
}

const char *bt_vulkan_name(const bt_vulkan *v)
{
    return v->name;
}
bool bt_vulkan_is_software(const bt_vulkan *v)
{
    return v->software;
}
bool bt_vulkan_validates(const bt_vulkan *v)
{
    return v->messenger != VK_NULL_HANDLE;
}
uint32_t bt_vulkan_complaints(const bt_vulkan *v)
{
    return v->complaints;
}
bool bt_vulkan_has_own_rays(const bt_vulkan *v)
{
    return v->own_rays;
}
double bt_vulkan_stage_s(const bt_vulkan *v, int stage)
{
    return v->stage_s[stage];
}
size_t bt_vulkan_memory_bytes(const bt_vulkan *v)
{
    VkDeviceSize most = 0;
    for (uint32_t i = 0; i < v->memory.memoryHeapCount; i++)
        if (v->memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT &&
            v->memory.memoryHeaps[i].size > most)
            most = v->memory.memoryHeaps[i].size;
    return (size_t)most;
}
double bt_vulkan_busy_s(const bt_vulkan *v)
{
    return v->busy_s;
}

// ---- work -------------------------------------------------------------------------------------
bt_status bt_vulkan_begin(bt_vulkan *v)
{
    VkCommandBufferBeginInfo info = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                     .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    return bt_vulkan_check(v->api.BeginCommandBuffer(v->commands, &info), "recording commands");
}

bt_status bt_vulkan_finish(bt_vulkan *v, const char *what)
{
    VkSubmitInfo submit = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                           .commandBufferCount = 1,
                           .pCommandBuffers = &v->commands};
    VkResult result = v->api.EndCommandBuffer(v->commands);
    if (result == VK_SUCCESS) result = v->api.QueueSubmit(v->queue, 1, &submit, v->fence);
    if (result == VK_SUCCESS)
        result = v->api.WaitForFences(v->device, 1, &v->fence, VK_TRUE, UINT64_MAX);
    if (result == VK_SUCCESS) result = v->api.ResetFences(v->device, 1, &v->fence);
    return bt_vulkan_check(result, what);
}
