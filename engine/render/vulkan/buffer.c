// buffer.c: memory on the device, and the way there and back through a staging buffer.
#include "engine/render/vulkan/device_internal.h"

#include <string.h>

#define LEAST_BYTES 256u // of a buffer that holds nothing

// The first type that is allowed and has all the flags; UINT32_MAX: none.
static uint32_t memory_type(const bt_vulkan *v, uint32_t allowed, VkMemoryPropertyFlags flags)
{
    for (uint32_t i = 0; i < v->memory.memoryTypeCount; i++)
        if (allowed >> i & 1u && (v->memory.memoryTypes[i].propertyFlags & flags) == flags)
            return i;
    return UINT32_MAX;
}

static bt_status allocate(bt_vulkan *v, const char *what, VkMemoryPropertyFlags flags,
                          VkMemoryPropertyFlags wished, bt_vulkan_buffer *buffer)
{
    VkMemoryRequirements needs;
    v->api.GetBufferMemoryRequirements(v->device, buffer->buffer, &needs);
    if (needs.size > v->largest_allocation)
        return bt_fail(BT_ERR_LIMIT,
                       "Vulkan: %s takes %llu MiB: %s gives at most %llu MiB at once; a smaller "
                       "scene or picture, or the backend cpu",
                       what, (unsigned long long)(needs.size >> 20), v->name,
                       (unsigned long long)(v->largest_allocation >> 20));
    uint32_t type = memory_type(v, needs.memoryTypeBits, flags | wished);
    if (type == UINT32_MAX) type = memory_type(v, needs.memoryTypeBits, flags);
    if (type == UINT32_MAX)
        return bt_fail(BT_ERR_DEVICE, "Vulkan: %s: %s has no memory of that kind", what, v->name);
    VkMemoryAllocateFlagsInfo address = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO,
                                         .flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT};
    VkMemoryAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                 .pNext = &address,
                                 .allocationSize = needs.size,
                                 .memoryTypeIndex = type};
    VkResult result = v->api.AllocateMemory(v->device, &info, NULL, &buffer->memory);
    if (result == VK_SUCCESS)
        result = v->api.BindBufferMemory(v->device, buffer->buffer, buffer->memory, 0);
    return bt_vulkan_check(result, what);
}

static bt_status create(bt_vulkan *v, const char *what, size_t bytes, VkMemoryPropertyFlags flags,
                        VkMemoryPropertyFlags wished, bt_vulkan_buffer *buffer)
{
    memset(buffer, 0, sizeof *buffer);
    buffer->bytes = bytes > LEAST_BYTES ? bytes : LEAST_BYTES;
    VkBufferUsageFlags rays = VK_BUFFER_USAGE_ACCELERATION_STRUCTURE_BUILD_INPUT_READ_ONLY_BIT_KHR |
                              VK_BUFFER_USAGE_ACCELERATION_STRUCTURE_STORAGE_BIT_KHR |
                              VK_BUFFER_USAGE_SHADER_BINDING_TABLE_BIT_KHR;
    VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
        .size = buffer->bytes,
        .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT |
                 VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT |
                 (v->own_rays ? rays : 0)};
    bt_status status =
        bt_vulkan_check(v->api.CreateBuffer(v->device, &info, NULL, &buffer->buffer), what);
    if (status == BT_OK) status = allocate(v, what, flags, wished, buffer);
    if (status != BT_OK) {
        bt_vulkan_buffer_clear(v, buffer);
        return status;
    }
    VkBufferDeviceAddressInfo address = {.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO,
                                         .buffer = buffer->buffer};
    buffer->address = v->api.GetBufferDeviceAddress(v->device, &address);
    return BT_OK;
}

bt_status bt_vulkan_buffer_create(bt_vulkan *v, const char *what, size_t bytes,
                                  bt_vulkan_buffer *buffer)
{
    return create(v, what, bytes, 0, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, buffer);
}

void bt_vulkan_buffer_clear(bt_vulkan *v, bt_vulkan_buffer *buffer)
{
    v->api.DestroyBuffer(v->device, buffer->buffer, NULL);
    v->api.FreeMemory(v->device, buffer->memory, NULL); // unmaps it too
    memset(buffer, 0, sizeof *buffer);
}

bt_status bt_vulkan_buffer_create_mapped(bt_vulkan *v, const char *what, size_t bytes,
                                         bt_vulkan_buffer *buffer, void **mapped)
{
    // cached memory is far quicker to read from
    bt_status status = create(
        v, what, bytes, VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT,
        VK_MEMORY_PROPERTY_HOST_CACHED_BIT, buffer);
    if (status != BT_OK) return status;
    status = bt_vulkan_check(
        v->api.MapMemory(v->device, buffer->memory, 0, VK_WHOLE_SIZE, 0, mapped), what);
    if (status != BT_OK) bt_vulkan_buffer_clear(v, buffer);
    return status;
}

bt_status bt_vulkan_staging_create(bt_vulkan *v)
{
    return bt_vulkan_buffer_create_mapped(v, "the staging buffer", BT_VULKAN_STAGING_BYTES,
                                          &v->staging, &v->staged);
}

// ---- copies -----------------------------------------------------------------------------------
// What the host wrote and what kernels left is seen by the copy, what it copies by both.
static void barrier(bt_vulkan *v)
{
    VkMemoryBarrier all = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                           .srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT,
                           .dstAccessMask = VK_ACCESS_MEMORY_READ_BIT | VK_ACCESS_MEMORY_WRITE_BIT};
    v->api.CmdPipelineBarrier(v->commands,
                              VK_PIPELINE_STAGE_ALL_COMMANDS_BIT | VK_PIPELINE_STAGE_HOST_BIT,
                              VK_PIPELINE_STAGE_ALL_COMMANDS_BIT | VK_PIPELINE_STAGE_HOST_BIT, 0, 1,
                              &all, 0, NULL, 0, NULL);
}

static bt_status copy(bt_vulkan *v, VkBuffer from, size_t from_at, VkBuffer to, size_t to_at,
                      size_t bytes)
{
    VkBufferCopy region = {.srcOffset = from_at, .dstOffset = to_at, .size = bytes};
    bt_status status = bt_vulkan_begin(v);
    if (status != BT_OK) return status;
    barrier(v);
    v->api.CmdCopyBuffer(v->commands, from, to, 1, &region);
    barrier(v);
    return bt_vulkan_finish(v, "copying a buffer");
}

static bt_status check_range(const bt_vulkan_buffer *buffer, size_t offset, size_t bytes)
{
    if (offset <= buffer->bytes && bytes <= buffer->bytes - offset) return BT_OK;
    return bt_fail(BT_ERR_INTERNAL, "Vulkan: %zu bytes at %zu of a buffer of %zu", bytes, offset,
                   buffer->bytes);
}

bt_status bt_vulkan_write(bt_vulkan *v, const bt_vulkan_buffer *buffer, size_t offset,
                          const void *data, size_t bytes)
{
    bt_status status = check_range(buffer, offset, bytes);
    for (size_t at = 0; status == BT_OK && at < bytes; at += BT_VULKAN_STAGING_BYTES) {
        size_t part = bytes - at < BT_VULKAN_STAGING_BYTES ? bytes - at : BT_VULKAN_STAGING_BYTES;
        memcpy(v->staged, (const char *)data + at, part);
        status = copy(v, v->staging.buffer, 0, buffer->buffer, offset + at, part);
    }
    return status;
}

bt_status bt_vulkan_read(bt_vulkan *v, const bt_vulkan_buffer *buffer, size_t offset, void *data,
                         size_t bytes)
{
    bt_status status = check_range(buffer, offset, bytes);
    for (size_t at = 0; status == BT_OK && at < bytes; at += BT_VULKAN_STAGING_BYTES) {
        size_t part = bytes - at < BT_VULKAN_STAGING_BYTES ? bytes - at : BT_VULKAN_STAGING_BYTES;
        status = copy(v, buffer->buffer, offset + at, v->staging.buffer, 0, part);
        if (status == BT_OK) memcpy((char *)data + at, v->staged, part);
    }
    return status;
}

bt_status bt_vulkan_upload(bt_vulkan *v, const char *what, const void *data, size_t bytes,
                           bt_vulkan_buffer *buffer)
{
    bt_status status = bt_vulkan_buffer_create(v, what, bytes, buffer);
    if (status == BT_OK) status = bt_vulkan_write(v, buffer, 0, data, bytes);
    if (status != BT_OK) bt_vulkan_buffer_clear(v, buffer);
    return status;
}
