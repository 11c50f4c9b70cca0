// rays.c: stages that trace as ray-tracing pipelines: is there such a thing, shaders, and the table that
// says which of them a ray calls (Vulkan 1.3 specification, chapters 40 and 41).
#include "engine/core/memory.h"
#include "engine/render/vulkan/arguments.h"
#include "engine/render/vulkan/device_internal.h"

#include <string.h>

const char *const bt_vulkan_ray_extensions[BT_VULKAN_RAY_EXTENSIONS] = {
    VK_KHR_ACCELERATION_STRUCTURE_EXTENSION_NAME, VK_KHR_RAY_TRACING_PIPELINE_EXTENSION_NAME,
    VK_KHR_DEFERRED_HOST_OPERATIONS_EXTENSION_NAME};

// ---- shaders ----------------------------------------------------------------------------------
static const uint32_t rays_generate[] = {
#include "shaders/rays.rgen.inc"
};
static const uint32_t rays_miss[] = {
#include "shaders/rays.rmiss.inc"
};
static const uint32_t rays_nearest[] = {
#include "shaders/rays.rchit.inc"
};
static const uint32_t shadows_generate[] = {
#include "shaders/shadows.rgen.inc"
};
static const uint32_t shadows_miss[] = {
#include "shaders/shadows.rmiss.inc"
};
static const uint32_t panes[] = {
#include "shaders/panes.rahit.inc"
};
static const uint32_t holes[] = {
#include "shaders/holes.rahit.inc"
};

const bt_ray_words bt_rays_words = {.generate = {rays_generate, sizeof rays_generate},
                                    .miss = {rays_miss, sizeof rays_miss},
                                    .nearest = {rays_nearest, sizeof rays_nearest},
                                    .hole = {holes, sizeof holes}};
const bt_ray_words bt_shadows_words = {.generate = {shadows_generate, sizeof shadows_generate},
                                       .miss = {shadows_miss, sizeof shadows_miss},
                                       .pane = {panes, sizeof panes},
                                       .hole = {holes, sizeof holes}};

// ---- what the device has ----------------------------------------------------------------------
static bool has_extensions(const bt_vulkan *v)
{
    uint32_t count = 0, found = 0;
    if (v->api.EnumerateDeviceExtensionProperties(v->physical, NULL, &count, NULL) < 0)
        return false;
    VkExtensionProperties *all = bt_alloc(count, sizeof *all);
    if (all && v->api.EnumerateDeviceExtensionProperties(v->physical, NULL, &count, all) >= 0)
        for (uint32_t i = 0; i < count; i++)
            for (uint32_t k = 0; k < BT_VULKAN_RAY_EXTENSIONS; k++)
                found += strcmp(all[i].extensionName, bt_vulkan_ray_extensions[k]) == 0;
    bt_free(all);
    return found == BT_VULKAN_RAY_EXTENSIONS;
}

static bool has_features(const bt_vulkan *v)
{
    VkPhysicalDeviceAccelerationStructureFeaturesKHR structures = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ACCELERATION_STRUCTURE_FEATURES_KHR};
    VkPhysicalDeviceRayTracingPipelineFeaturesKHR pipelines = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_RAY_TRACING_PIPELINE_FEATURES_KHR,
        .pNext = &structures};
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
                                          .pNext = &pipelines};
    v->api.GetPhysicalDeviceFeatures2(v->physical, &features);
    return structures.accelerationStructure && pipelines.rayTracingPipeline;
}

bool bt_vulkan_find_rays(bt_vulkan *v)
{
    if (!v->api.CmdTraceRaysKHR || !has_extensions(v) || !has_features(v)) return false;
    VkPhysicalDeviceAccelerationStructurePropertiesKHR structures = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ACCELERATION_STRUCTURE_PROPERTIES_KHR};
    VkPhysicalDeviceRayTracingPipelinePropertiesKHR pipelines = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_RAY_TRACING_PIPELINE_PROPERTIES_KHR,
        .pNext = &structures};
    VkPhysicalDeviceProperties2 p = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
                                     .pNext = &pipelines};
    v->api.GetPhysicalDeviceProperties2(v->physical, &p);
    v->handle_bytes = pipelines.shaderGroupHandleSize;
    v->handle_align = pipelines.shaderGroupHandleAlignment;
    v->table_align = pipelines.shaderGroupBaseAlignment;
    v->scratch_align = structures.minAccelerationStructureScratchOffsetAlignment;
    return true;
}

// ---- the pipeline -----------------------------------------------------------------------------
enum { GENERATE, MISS, NEAREST, PANE, HOLE, SHADERS };
enum { GROUP_GENERATE, GROUP_MISS, GROUP_SOLID, GROUP_PANE, GROUP_HOLE, GROUPS };

typedef struct shaders {
    VkPipelineShaderStageCreateInfo stages[SHADERS];
    uint32_t at[SHADERS]; // VK_SHADER_UNUSED_KHR: there is no such one
    uint32_t count;
} shaders;

static bt_status add_shaders(bt_vulkan *v, const bt_ray_words *words, shaders *s)
{
    const struct {
        const bt_kernel_words *words;
        VkShaderStageFlagBits stage;
    } parts[SHADERS] = {[GENERATE] = {&words->generate, VK_SHADER_STAGE_RAYGEN_BIT_KHR},
                        [MISS] = {&words->miss, VK_SHADER_STAGE_MISS_BIT_KHR},
                        [NEAREST] = {&words->nearest, VK_SHADER_STAGE_CLOSEST_HIT_BIT_KHR},
                        [PANE] = {&words->pane, VK_SHADER_STAGE_ANY_HIT_BIT_KHR},
                        [HOLE] = {&words->hole, VK_SHADER_STAGE_ANY_HIT_BIT_KHR}};
    bt_status status = BT_OK;
    for (int i = 0; i < SHADERS && status == BT_OK; i++) {
        VkShaderModuleCreateInfo info = {.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
                                         .codeSize = parts[i].words->bytes,
                                         .pCode = parts[i].words->words};
        s->at[i] = VK_SHADER_UNUSED_KHR;
        if (!info.pCode) continue;
        VkPipelineShaderStageCreateInfo *stage = &s->stages[s->count];
        *stage = (VkPipelineShaderStageCreateInfo){
            .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
            .stage = parts[i].stage,
            .pName = "main"};
        status = bt_vulkan_check(v->api.CreateShaderModule(v->device, &info, NULL, &stage->module),
                                 "reading a shader");
        s->at[i] = s->count++;
    }
    return status;
}

static VkRayTracingShaderGroupCreateInfoKHR group_of(const shaders *s, int group)
{
    VkRayTracingShaderGroupCreateInfoKHR g = {
        .sType = VK_STRUCTURE_TYPE_RAY_TRACING_SHADER_GROUP_CREATE_INFO_KHR,
        .type = VK_RAY_TRACING_SHADER_GROUP_TYPE_GENERAL_KHR,
        .generalShader = VK_SHADER_UNUSED_KHR,
        .closestHitShader = VK_SHADER_UNUSED_KHR,
        .anyHitShader = VK_SHADER_UNUSED_KHR,
        .intersectionShader = VK_SHADER_UNUSED_KHR};
    if (group == GROUP_GENERATE || group == GROUP_MISS) {
        g.generalShader = s->at[group == GROUP_MISS ? MISS : GENERATE];
        return g;
    }
    g.type = VK_RAY_TRACING_SHADER_GROUP_TYPE_TRIANGLES_HIT_GROUP_KHR;
    g.closestHitShader = s->at[NEAREST];
    if (group == GROUP_PANE) g.anyHitShader = s->at[PANE];
    if (group == GROUP_HOLE) g.anyHitShader = s->at[HOLE];
    return g;
}

static bt_status create_pipeline(bt_vulkan *v, const shaders *s, bt_vulkan_kernel *kernel)
{
    VkRayTracingShaderGroupCreateInfoKHR groups[GROUPS];
    for (int i = 0; i < GROUPS; i++)
        groups[i] = group_of(s, i);
    VkRayTracingPipelineCreateInfoKHR info = {
        .sType = VK_STRUCTURE_TYPE_RAY_TRACING_PIPELINE_CREATE_INFO_KHR,
        .stageCount = s->count,
        .pStages = s->stages,
        .groupCount = GROUPS,
        .pGroups = groups,
        .maxPipelineRayRecursionDepth = 1,
        .layout = kernel->layout};
    return bt_vulkan_check(v->api.CreateRayTracingPipelinesKHR(v->device, VK_NULL_HANDLE,
                                                               VK_NULL_HANDLE, 1, &info, NULL,
                                                               &kernel->pipeline),
                           "compiling the tracing of rays");
}

// ---- its table --------------------------------------------------------------------------------
static VkStridedDeviceAddressRegionKHR region(const bt_vulkan_kernel *kernel, uint32_t at,
                                              uint32_t stride, uint32_t bytes)
{
    return (VkStridedDeviceAddressRegionKHR){
        .deviceAddress = kernel->table.address + at, .stride = stride, .size = bytes};
}

// How rays begin, what a miss calls, and what a hit does on each kind of geometry (BT_BVH_*).
static bt_status create_table(bt_vulkan *v, bt_vulkan_kernel *kernel)
{
    uint32_t stride = (uint32_t)bt_vulkan_aligned(v->handle_bytes, v->handle_align);
    uint32_t one = (uint32_t)bt_vulkan_aligned(stride, v->table_align), hits = GROUPS - GROUP_SOLID;
    size_t bytes = 2u * one + hits * stride;
    uint8_t *handles = bt_alloc(GROUPS, v->handle_bytes), *table = bt_alloc(1, bytes);
    bt_status status = BT_OK;
    if (!handles || !table) status = bt_fail(BT_ERR_MEMORY, "a table of shaders");
    if (status == BT_OK)
        status = bt_vulkan_check(
            v->api.GetRayTracingShaderGroupHandlesKHR(v->device, kernel->pipeline, 0, GROUPS,
                                                      (size_t)GROUPS * v->handle_bytes, handles),
            "listing shaders");
    for (uint32_t i = 0; i < GROUPS && status == BT_OK; i++) {
        uint32_t at = i < GROUP_SOLID ? i * one : 2u * one + (i - GROUP_SOLID) * stride;
        memcpy(table + at, handles + i * v->handle_bytes, v->handle_bytes);
    }
    if (status == BT_OK)
        status = bt_vulkan_upload(v, "a table of shaders", table, bytes, &kernel->table);
    kernel->generate = region(kernel, 0, one, one);
    kernel->miss = region(kernel, one, stride, stride);
    kernel->hit = region(kernel, 2u * one, stride, hits * stride);
    bt_free(handles);
    bt_free(table);
    return status;
}

bt_status bt_vulkan_rays_create(bt_vulkan *v, const bt_ray_words *words, bt_vulkan_kernel *kernel)
{
    memset(kernel, 0, sizeof *kernel);
    shaders s = {0};
    bt_status status = add_shaders(v, words, &s);
    if (status == BT_OK) status = bt_vulkan_layout_create(v, BT_VULKAN_RAY_STAGES, kernel);
    if (status == BT_OK) status = create_pipeline(v, &s, kernel);
    if (status == BT_OK) status = create_table(v, kernel);
    for (uint32_t i = 0; i < s.count; i++)
        v->api.DestroyShaderModule(v->device, s.stages[i].module, NULL);
    if (status != BT_OK) bt_vulkan_kernel_clear(v, kernel);
    return status;
}
