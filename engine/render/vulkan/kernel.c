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
static const uint32_t sort_words[] = {
#include "shaders/path.comp.2.inc"
};
static const uint32_t meet_words[] = {
#include "shaders/path.comp.3.inc"
};
static const uint32_t meet_fog_words[] = {
#include "shaders/path.comp.4.inc"
};
static const uint32_t shadows_words[] = {
#include "shaders/path.comp.5.inc"
};
static const uint32_t end_words[] = {
#include "shaders/path.comp.6.inc"
};

const bt_kernel_words bt_path_kernels[BT_VULKAN_PATH_STAGES] = {
    {begin_words, sizeof begin_words},       {rays_words, sizeof rays_words},
    {sort_words, sizeof sort_words},         {meet_words, sizeof meet_words},
    {meet_fog_words, sizeof meet_fog_words}, {shadows_words, sizeof shadows_words},
    {end_words, sizeof end_words},
};

typedef struct push_constants { // shaders/shared/tables.h
    VkDeviceAddress tables, arguments;
    uint32_t turn, pad;
} push_constants;

bt_status bt_vulkan_layout_create(bt_vulkan *v, VkShaderStageFlags stages, bt_vulkan_kernel *kernel)
{
    VkPushConstantRange range = {.stageFlags = stages, .size = sizeof(push_constants)};
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
    if (status == BT_OK) status = bt_vulkan_layout_create(v, VK_SHADER_STAGE_COMPUTE_BIT, kernel);
    if (status == BT_OK) status = create_pipeline(v, what, module, variant, kernel);
    v->api.DestroyShaderModule(v->device, module, NULL);
    if (status != BT_OK) bt_vulkan_kernel_clear(v, kernel);
    return status;
}

void bt_vulkan_kernel_clear(bt_vulkan *v, bt_vulkan_kernel *kernel)
{
    v->api.DestroyPipeline(v->device, kernel->pipeline, NULL);
    v->api.DestroyPipelineLayout(v->device, kernel->layout, NULL);
    bt_vulkan_buffer_clear(v, &kernel->table);
    memset(kernel, 0, sizeof *kernel);
}

static VkPipelineStageFlags kernel_stages(const bt_vulkan *v)
{
    return VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT |
           (v->own_rays ? VK_PIPELINE_STAGE_RAY_TRACING_SHADER_BIT_KHR : 0);
}

// What a kernel wrote is seen by the next one.
static void barrier(bt_vulkan *v)
{
    VkMemoryBarrier written = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                               .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT,
                               .dstAccessMask =
                                   VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT};
    v->api.CmdPipelineBarrier(v->commands, kernel_stages(v), kernel_stages(v), 0, 1, &written, 0,
                              NULL, 0, NULL);
}

// The host reads mapped buffers once the fence is passed.
static void barrier_to_host(bt_vulkan *v)
{
    VkMemoryBarrier written = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                               .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT,
                               .dstAccessMask = VK_ACCESS_HOST_READ_BIT};
    v->api.CmdPipelineBarrier(v->commands, kernel_stages(v), VK_PIPELINE_STAGE_HOST_BIT, 0, 1,
                              &written, 0, NULL, 0, NULL);
}

// ---- the time that stages take ----------------------------------------------------------------
// Tick `number` comes once all that was asked for is done.
static void tick(bt_vulkan *v, uint32_t number)
{
    if (!v->timer) return;
    if (number == 0) v->api.CmdResetQueryPool(v->commands, v->timer, 0, BT_VULKAN_MOST_STEPS + 1u);
    v->api.CmdWriteTimestamp(v->commands, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, v->timer, number);
}

static bt_status add_ticks(bt_vulkan *v, const bt_vulkan_step *steps, uint32_t count)
{
    uint64_t ticks[BT_VULKAN_MOST_STEPS + 1u];
    if (!v->timer) return BT_OK;
    VkResult result = v->api.GetQueryPoolResults(v->device, v->timer, 0, count + 1u, sizeof ticks,
                                                 ticks, sizeof ticks[0],
                                                 VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT);
    for (uint32_t i = 0; i < count; i++)
        for (int stage = 0; stage < BT_VULKAN_PATH_STAGES; stage++)
            if (steps[i].kernel == &v->path[stage])
                v->stage_s[stage] += (double)(ticks[i + 1] - ticks[i]) * v->tick_s;
    return bt_vulkan_check(result, "reading a timer");
}

// ---- running ----------------------------------------------------------------------------------
static void record(bt_vulkan *v, const bt_vulkan_step *s, const push_constants *push)
{
    const bt_vulkan_kernel *k = s->kernel;
    bool rays = k->table.bytes > 0;
    v->api.CmdBindPipeline(
        v->commands, rays ? VK_PIPELINE_BIND_POINT_RAY_TRACING_KHR : VK_PIPELINE_BIND_POINT_COMPUTE,
        k->pipeline);
    v->api.CmdPushConstants(v->commands, k->layout,
                            rays ? BT_VULKAN_RAY_STAGES : VK_SHADER_STAGE_COMPUTE_BIT, 0,
                            sizeof *push, push);
    VkStridedDeviceAddressRegionKHR none = {0};
    if (rays)
        v->api.CmdTraceRaysKHR(v->commands, &k->generate, &k->miss, &k->hit, &none,
                               s->groups * BT_VULKAN_GROUP, 1, 1);
    else
        v->api.CmdDispatch(v->commands, s->groups, 1, 1);
}

bt_status bt_vulkan_run_steps(bt_vulkan *v, const bt_vulkan_step *steps, uint32_t count,
                              VkDeviceAddress tables, VkDeviceAddress arguments)
{
    if (count > BT_VULKAN_MOST_STEPS) return bt_fail(BT_ERR_INTERNAL, "Vulkan: %u steps", count);
    for (uint32_t i = 0; i < count; i++)
        if (steps[i].groups > BT_VULKAN_MAX_GROUPS)
            return bt_fail(BT_ERR_INTERNAL, "Vulkan: %u work groups", steps[i].groups);
    bt_status status = bt_vulkan_begin(v);
    if (status != BT_OK) return status;
    tick(v, 0);
    for (uint32_t i = 0; i < count; i++) {
        push_constants push = {tables, arguments, steps[i].turn, 0};
        record(v, &steps[i], &push);
        barrier(v);
        tick(v, i + 1u);
    }
    barrier_to_host(v);
    double begun_s = bt_clock_s();
    status = bt_vulkan_finish(v, "running a kernel");
    v->busy_s += bt_clock_s() - begun_s;
    return status == BT_OK ? add_ticks(v, steps, count) : status;
}

bt_status bt_vulkan_run(bt_vulkan *v, const bt_vulkan_kernel *kernel, VkDeviceAddress tables,
                        VkDeviceAddress arguments, uint32_t groups)
{
    bt_vulkan_step step = {.kernel = kernel, .groups = groups};
    return bt_vulkan_run_steps(v, &step, 1, tables, arguments);
}

static bt_status create_stage(bt_vulkan *v, uint32_t stage)
{
    if (v->own_rays && stage == BT_VULKAN_PATH_RAYS)
        return bt_vulkan_rays_create(v, &bt_rays_words, &v->path[stage]);
    if (v->own_rays && stage == BT_VULKAN_PATH_SHADOWS)
        return bt_vulkan_rays_create(v, &bt_shadows_words, &v->path[stage]);
    return bt_vulkan_kernel_create(v, "compiling the path tracer", bt_path_kernels[stage].words,
                                   bt_path_kernels[stage].bytes, stage, &v->path[stage]);
}

bt_status bt_vulkan_path_kernels(bt_vulkan *v, bool fog, const bt_vulkan_kernel **kernels)
{
    bt_status status = BT_OK;
    uint32_t without = fog ? BT_VULKAN_PATH_MEET : BT_VULKAN_PATH_MEET_FOG;
    *kernels = v->path;
    for (uint32_t i = 0; i < BT_VULKAN_PATH_STAGES && status == BT_OK; i++)
        if (!v->path[i].pipeline && i != without) status = create_stage(v, i);
    return status;
}
