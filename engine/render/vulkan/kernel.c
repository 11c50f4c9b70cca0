// kernel.c: compute pipelines and their dispatch.
#include "engine/core/file.h"
#include "engine/render/vulkan/arguments.h"
#include "engine/render/vulkan/device_internal.h"

#include <string.h>

static const uint32_t begin_words[] = {
#include "shaders/path.comp.0.inc"
};
static const uint32_t rays_words[] = {
#include "shaders/path.comp.1.inc"
};
static const uint32_t meet_words[] = {
#include "shaders/path.comp.2.inc"
};
static const uint32_t shadows_words[] = {
#include "shaders/path.comp.3.inc"
};
static const uint32_t end_words[] = {
#include "shaders/path.comp.4.inc"
};

const bt_kernel_words bt_path_kernels[BT_VULKAN_PATH_STAGES] = {
    {begin_words, sizeof begin_words}, {rays_words, sizeof rays_words},
    {meet_words, sizeof meet_words},   {shadows_words, sizeof shadows_words},
    {end_words, sizeof end_words},
};

typedef struct push_constants { // shaders/shared/tables.h
    VkDeviceAddress tables, arguments;
    uint32_t turn, pad;
} push_constants;

static bt_status create_layout(bt_vulkan *v, bt_vulkan_kernel *kernel)
{
    VkPushConstantRange range = {.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
                                 .size = sizeof(push_constants)};
    VkPipelineLayoutCreateInfo info = {.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                       .pushConstantRangeCount = 1,
                                       .pPushConstantRanges = &range};
    return bt_vulkan_check(v->api.CreatePipelineLayout(v->device, &info, NULL, &kernel->layout),
                           "creating a pipeline layout");
}

static bt_status create_pipeline(bt_vulkan *v, const char *what, VkShaderModule module,
                                 uint32_t variant, bt_vulkan_kernel *kernel)
{
    VkSpecializationMapEntry entry = {.constantID = 0, .offset = 0, .size = sizeof variant};
    VkSpecializationInfo constants = {
        .mapEntryCount = 1, .pMapEntries = &entry, .dataSize = sizeof variant, .pData = &variant};
    VkComputePipelineCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
        .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                  .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                  .module = module,
                  .pName = "main",
                  .pSpecializationInfo = &constants},
        .layout = kernel->layout};
    return bt_vulkan_check(
        v->api.CreateComputePipelines(v->device, VK_NULL_HANDLE, 1, &info, NULL, &kernel->pipeline),
        what);
}

bt_status bt_vulkan_kernel_create(bt_vulkan *v, const char *what, const uint32_t *spirv,
                                  size_t bytes, uint32_t variant, bt_vulkan_kernel *kernel)
{
    memset(kernel, 0, sizeof *kernel);
    VkShaderModule module = VK_NULL_HANDLE;
    VkShaderModuleCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = bytes, .pCode = spirv};
    bt_status status =
        bt_vulkan_check(v->api.CreateShaderModule(v->device, &info, NULL, &module), what);
    if (status == BT_OK) status = create_layout(v, kernel);
    if (status == BT_OK) status = create_pipeline(v, what, module, variant, kernel);
    v->api.DestroyShaderModule(v->device, module, NULL);
    if (status != BT_OK) bt_vulkan_kernel_clear(v, kernel);
    return status;
}

void bt_vulkan_kernel_clear(bt_vulkan *v, bt_vulkan_kernel *kernel)
{
    v->api.DestroyPipeline(v->device, kernel->pipeline, NULL);
    v->api.DestroyPipelineLayout(v->device, kernel->layout, NULL);
    memset(kernel, 0, sizeof *kernel);
}

// What a kernel wrote is seen by the next one.
static void barrier(bt_vulkan *v)
{
    VkMemoryBarrier written = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                               .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT,
                               .dstAccessMask =
                                   VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT};
    v->api.CmdPipelineBarrier(v->commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                              VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, 0, 1, &written, 0, NULL, 0,
                              NULL);
}

// The host reads mapped buffers once the fence is passed.
static void barrier_to_host(bt_vulkan *v)
{
    VkMemoryBarrier written = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                               .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT,
                               .dstAccessMask = VK_ACCESS_HOST_READ_BIT};
    v->api.CmdPipelineBarrier(v->commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                              VK_PIPELINE_STAGE_HOST_BIT, 0, 1, &written, 0, NULL, 0, NULL);
}

bt_status bt_vulkan_run_steps(bt_vulkan *v, const bt_vulkan_step *steps, uint32_t count,
                              VkDeviceAddress tables, VkDeviceAddress arguments)
{
    for (uint32_t i = 0; i < count; i++)
        if (steps[i].groups > BT_VULKAN_MAX_GROUPS)
            return bt_fail(BT_ERR_INTERNAL, "Vulkan: %u work groups", (unsigned)steps[i].groups);
    bt_status status = bt_vulkan_begin(v);
    if (status != BT_OK) return status;
    for (uint32_t i = 0; i < count; i++) {
        const bt_vulkan_step *s = &steps[i];
        push_constants push = {tables, arguments, s->turn, 0};
        v->api.CmdBindPipeline(v->commands, VK_PIPELINE_BIND_POINT_COMPUTE, s->kernel->pipeline);
        v->api.CmdPushConstants(v->commands, s->kernel->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                                sizeof push, &push);
        v->api.CmdDispatch(v->commands, s->groups, 1, 1);
        barrier(v);
    }
    barrier_to_host(v);
    double begun_s = bt_clock_s();
    status = bt_vulkan_finish(v, "running a kernel");
    v->busy_s += bt_clock_s() - begun_s;
    return status;
}

bt_status bt_vulkan_run(bt_vulkan *v, const bt_vulkan_kernel *kernel, VkDeviceAddress tables,
                        VkDeviceAddress arguments, uint32_t groups)
{
    bt_vulkan_step step = {.kernel = kernel, .groups = groups};
    return bt_vulkan_run_steps(v, &step, 1, tables, arguments);
}

bt_status bt_vulkan_path_kernels(bt_vulkan *v, const bt_vulkan_kernel **kernels)
{
    bt_status status = BT_OK;
    *kernels = v->path;
    for (uint32_t i = 0; i < BT_VULKAN_PATH_STAGES && status == BT_OK; i++)
        if (!v->path[i].pipeline)
            status =
                bt_vulkan_kernel_create(v, "compiling the path tracer", bt_path_kernels[i].words,
                                        bt_path_kernels[i].bytes, i, &v->path[i]);
    return status;
}
