// device.h: a Vulkan device that computes: chosen, opened, with its buffers and kernels.
//
// Vulkan 1.2 with buffer addresses, and no extension, is all it needs; where it is asked to and the
// device can, two of the path tracer's stages are ray-tracing pipelines instead (rays.c). A kernel
// finds everything by address, so that buffers may be larger than what a binding can reach: its push
// constants are two addresses, that of the pool of float tables (shaders/shared/tables.h) and that of
// its arguments.
//
// Every call waits until it is done. Ownership: who creates destroys, before the device. Threads: one
// at a time per device.
#ifndef BT_RENDER_VULKAN_DEVICE_H
#define BT_RENDER_VULKAN_DEVICE_H

#include "engine/render/vulkan/api.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bt_vulkan bt_vulkan;

typedef struct bt_vulkan_desc {
    const char *library; // of the Vulkan loader; NULL: libvulkan.so.1
    bool validate;       // load the Khronos validation layer and count what it complains about
    bool own_rays;       // trace by the device's own ray tracing, where it has any
    bool timed;          // take the time of each stage
} bt_vulkan_desc;

// Opens the best device: discrete before integrated before virtual before software. The message of a
// failure says what there is and what it lacks.
BT_CHECKED bt_status bt_vulkan_create(const bt_vulkan_desc *desc, bt_vulkan **vulkan);
void bt_vulkan_destroy(bt_vulkan *vulkan); // NULL is fine

// "llvmpipe (LLVM 15.0.6, 256 bits), Mesa 22.3.6 (LLVM 15.0.6)": device and driver.
const char *bt_vulkan_name(const bt_vulkan *vulkan);
bool bt_vulkan_is_software(const bt_vulkan *vulkan);
// Is the validation layer there and listening?
bool bt_vulkan_validates(const bt_vulkan *vulkan);
// Warnings and errors of the validation layer so far; each was logged as an error.
uint32_t bt_vulkan_complaints(const bt_vulkan *vulkan);

// Does it trace by its own ray tracing (VK_KHR_ray_tracing_pipeline)?
bool bt_vulkan_has_own_rays(const bt_vulkan *vulkan);

// Seconds that kernels ran so far, as the host waited for them.
double bt_vulkan_busy_s(const bt_vulkan *vulkan);
// Of a stage of the path tracer (BT_VULKAN_PATH_*), by the device's own clock; 0 unless timed.
double bt_vulkan_stage_s(const bt_vulkan *vulkan, int stage);

// ---- buffers ----------------------------------------------------------------------------------
typedef struct bt_vulkan_buffer {
    VkBuffer buffer;
    VkDeviceMemory memory;
    VkDeviceAddress address;
    size_t bytes; // 0: there is none
} bt_vulkan_buffer;

// `what` names it in messages. Zero bytes make a small one, so that every address is good.
BT_CHECKED bt_status bt_vulkan_buffer_create(bt_vulkan *vulkan, const char *what, size_t bytes,
                                             bt_vulkan_buffer *buffer);
// One that both host and device see, `mapped` for as long as it lives: what is written before a kernel
// runs it reads, what it wrote is there once it is done.
BT_CHECKED bt_status bt_vulkan_buffer_create_mapped(bt_vulkan *vulkan, const char *what,
                                                    size_t bytes, bt_vulkan_buffer *buffer,
                                                    void **mapped);
void bt_vulkan_buffer_clear(bt_vulkan *vulkan, bt_vulkan_buffer *buffer);
BT_CHECKED bt_status bt_vulkan_write(bt_vulkan *vulkan, const bt_vulkan_buffer *buffer,
                                     size_t offset, const void *data, size_t bytes);
BT_CHECKED bt_status bt_vulkan_read(bt_vulkan *vulkan, const bt_vulkan_buffer *buffer,
                                    size_t offset, void *data, size_t bytes);
// Creates a buffer that holds a copy of `data`.
BT_CHECKED bt_status bt_vulkan_upload(bt_vulkan *vulkan, const char *what, const void *data,
                                      size_t bytes, bt_vulkan_buffer *buffer);

// ---- kernels ----------------------------------------------------------------------------------
#define BT_VULKAN_MAX_GROUPS 65535u // what every device can do
#define BT_VULKAN_GROUP 128u // invocations in a work group of the path tracer: shaders/path.comp

typedef struct bt_vulkan_kernel {
    VkPipelineLayout layout;
    VkPipeline pipeline;
    // of one that traces rays; else there is no table
    bt_vulkan_buffer table;
    VkStridedDeviceAddressRegionKHR generate, miss, hit;
} bt_vulkan_kernel;

// `spirv` is a module with one entry point `main`; `variant` becomes its specialization constant 0.
BT_CHECKED bt_status bt_vulkan_kernel_create(bt_vulkan *vulkan, const char *what,
                                             const uint32_t *spirv, size_t bytes, uint32_t variant,
                                             bt_vulkan_kernel *kernel);
void bt_vulkan_kernel_clear(bt_vulkan *vulkan, bt_vulkan_kernel *kernel);
// Runs `groups` work groups, at most BT_VULKAN_MAX_GROUPS: of BT_VULKAN_GROUP rays where it traces.
BT_CHECKED bt_status bt_vulkan_run(bt_vulkan *vulkan, const bt_vulkan_kernel *kernel,
                                   VkDeviceAddress tables, VkDeviceAddress arguments,
                                   uint32_t groups);

// Several runs in one go: each sees what those before it wrote. `turn` is for the kernel to know.
typedef struct bt_vulkan_step {
    const bt_vulkan_kernel *kernel;
    uint32_t groups, turn;
} bt_vulkan_step;
BT_CHECKED bt_status bt_vulkan_run_steps(bt_vulkan *vulkan, const bt_vulkan_step *steps,
                                         uint32_t count, VkDeviceAddress tables,
                                         VkDeviceAddress arguments);

// The stages of shaders/path.comp, made when first asked for; they live as long as the device. What rays meet is dealt
// with by MEET in clear air and by MEET_FOG in fog; `fog` says which is asked for.
enum {
    BT_VULKAN_PATH_BEGIN,
    BT_VULKAN_PATH_RAYS,
    BT_VULKAN_PATH_SORT,
    BT_VULKAN_PATH_MEET,
    BT_VULKAN_PATH_MEET_FOG,
    BT_VULKAN_PATH_SHADOWS,
    BT_VULKAN_PATH_END,
    BT_VULKAN_PATH_STAGES
};
BT_CHECKED bt_status bt_vulkan_path_kernels(bt_vulkan *vulkan, bool fog,
                                            const bt_vulkan_kernel **kernels);
// Bytes that the device has of its own memory.
size_t bt_vulkan_memory_bytes(const bt_vulkan *vulkan);

// Turns a result into a status: what was being done, why it failed, what would help.
BT_CHECKED bt_status bt_vulkan_check(VkResult result, const char *what);

#endif
