// scene.h: a renderer's world and a stage's things in a device's memory, and the kernel that walks
// paths through them.
//
// Ownership: who creates destroys, the stage before the renderer, both before the device. Threads:
// one at a time per device.
#ifndef BT_RENDER_VULKAN_SCENE_H
#define BT_RENDER_VULKAN_SCENE_H

#include "engine/render/vulkan/device.h"
#include "engine/render/internal.h"

#include "shaders/shared/eye.h"

typedef struct bt_vulkan_renderer bt_vulkan_renderer;
typedef struct bt_vulkan_stage bt_vulkan_stage;

// What does not change from frame to frame. `vulkan` outlives it.
BT_CHECKED bt_status bt_vulkan_renderer_create(const bt_renderer *renderer, bt_vulkan *vulkan,
                                               bt_vulkan_renderer **made);
void bt_vulkan_renderer_destroy(bt_vulkan_renderer *renderer); // NULL is fine

BT_CHECKED bt_status bt_vulkan_stage_create(bt_vulkan_renderer *renderer, const bt_stage *stage,
                                            bt_vulkan_stage **made);
void bt_vulkan_stage_destroy(bt_vulkan_stage *stage); // NULL is fine

// ---- frames -----------------------------------------------------------------------------------
// Which sample of which pixel: 8 bytes, as shaders/path.comp reads it.
typedef struct bt_sample_place {
    uint32_t pixel; // x in the low half, y in the high
    uint32_t number;
} bt_sample_place;

#define BT_VULKAN_MAX_SAMPLES (1u << 20) // in one call
#define BT_VULKAN_SAMPLE_SETS 3u         // which the host may fill or read while another is traced

// Gets ready for frames through this eye, whose lattice spans the film and the margin about it.
BT_CHECKED bt_status bt_vulkan_aim(bt_vulkan_stage *stage, const bt_eye *eye,
                                   const bt_path_setup *setup);
// Where a kernel finds the pool of tables and, once aimed, its arguments (shaders/arguments.h).
void bt_vulkan_stage_addresses(const bt_vulkan_stage *stage, VkDeviceAddress *tables,
                               VkDeviceAddress *arguments);
// Where samples of a set are put before they are traced: (BT_VULKAN_MAX_SAMPLES).
bt_sample_place *bt_vulkan_samples(const bt_vulkan_stage *stage, uint32_t set);
// Traces the first `count` of a set: electrons per second, (count x 4 bands), good until the set is traced
// again. In pieces short enough for a display's watchdog; between them it may be cancelled.
BT_CHECKED bt_status bt_vulkan_trace(bt_vulkan_stage *stage, uint32_t set, uint32_t count,
                                     const float4 **rates);

#endif
