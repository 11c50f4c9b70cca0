// scene_internal.h: what scene.c shares with wave.c. Include last: it brings portable.h's macros.
#ifndef BT_RENDER_VULKAN_SCENE_INTERNAL_H
#define BT_RENDER_VULKAN_SCENE_INTERNAL_H

#include "engine/render/bvh.h"
#include "engine/render/vulkan/scene.h"
#include "engine/render/vulkan/arguments.h"
#include "engine/render/vulkan/structures.h"

enum { // what lives as long as the renderer
    TRIANGLES,
    SLOTS,
    MATERIALS,
    UVS,
    LAMPS,
    NODES,
    BOXED_TRIANGLES,
    ROOTS,
    TEXTURES,
    TEXELS,
    POOL,
    SAMPLES,
    RATES,
    PATHS, // these and those below: paths on their way
    SHADOWS,
    MET,
    LIT,
    OPEN,
    QUEUE,
    RECORDS,
    RENDERER_BUFFERS
};

struct bt_vulkan_renderer {
    bt_vulkan *vulkan;
    bt_bvh *bvh;
    bt_vulkan_buffer buffers[RENDERER_BUFFERS];
    bt_vulkan_structures structures; // where the device traces by its own ray tracing
    bt_vulkan_tables tables;
    uint32_t frame_at; // of the frame's own tables in the pool
    bt_vulkan_wave wave;
    bt_sample_place *samples; // where the buffers of these are mapped
    float4 *rates;
    uint32_t piece; // samples that are traced together
};

enum { // what lives as long as the stage
    PLACED,
    KEYS,
    LIGHTS,
    LIGHT_NODES,
    DEFORMED,
    DEFORMED_VERTICES,
    THINGS,
    THING_TRIANGLES,
    THING_ROOTS,
    LATTICE,
    CAMERA_KEYS,
    ARGUMENTS,
    STAGE_BUFFERS
};

struct bt_vulkan_stage {
    bt_vulkan_renderer *renderer;
    const bt_stage *stage;
    bt_vulkan_buffer buffers[STAGE_BUFFERS];
    bt_vulkan_top top; // likewise: of what keeps still
    bt_vulkan_arguments arguments;
};

// Room for samples, what they bring, and the paths between. wave.c
BT_CHECKED bt_status bt_vulkan_wave_create(bt_vulkan_renderer *renderer);

#endif
