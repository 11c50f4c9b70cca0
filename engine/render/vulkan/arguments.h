// arguments.h: what shaders/path.comp reads, as the host writes it: the GLSL side of bt_scene, bt_eye
// and the rest, where arrays are addresses and tables are places in the pool.
//
// tests/engine/render/vulkan/layout_test.c holds every offset against the compiled kernel's.
#ifndef BT_RENDER_VULKAN_ARGUMENTS_H
#define BT_RENDER_VULKAN_ARGUMENTS_H

#include "engine/render/vulkan/device.h"

#include "shaders/shared/eye.h"
#include "shaders/shared/path_types.h"
#include "shaders/shared/traverse.h"

typedef struct bt_vulkan_tables { // bt_scene_tables
    uint32_t spectra, ggx, sky_spectra, sky_radiance, sky_pick, fog, webs;
} bt_vulkan_tables;

typedef struct bt_vulkan_textures { // bt_textures
    VkDeviceAddress levels, texels;
    uint32_t basis;
} bt_vulkan_textures;

typedef struct bt_vulkan_scene { // bt_scene_ref
    VkDeviceAddress triangles, placed, keys, slots, materials, uvs, lights, light_nodes, lamps;
    VkDeviceAddress deformed, deformed_vertices;
    bt_vulkan_textures textures;
    bt_vulkan_tables tables;
    bt_sky sky;
    bt_fog fog;
    float sun_irradiance, sky_irradiance;
    float open_s, span_s;
    uint32_t light_count;
} bt_vulkan_scene;

// A new field of bt_scene: put it into bt_vulkan_scene, fill it in scene_make (scene.c),
// then correct the size here.
_Static_assert(sizeof(bt_scene) == 480, "bt_vulkan_scene says all that bt_scene does");
_Static_assert(sizeof(bt_scene_tables) == 7 * sizeof(float *), "bt_vulkan_tables says it all");

typedef struct bt_vulkan_bvh { // bt_bvh_ref
    VkDeviceAddress things, nodes, triangles, roots, thing_triangles, thing_roots;
} bt_vulkan_bvh;
_Static_assert(sizeof(bt_bvh_ref) == sizeof(bt_vulkan_bvh), "bt_vulkan_bvh says all of it");

typedef struct bt_vulkan_still { // bt_still
    VkDeviceAddress top, firsts, triangles;
} bt_vulkan_still;

typedef struct bt_vulkan_eye { // bt_eye
    VkDeviceAddress lattice, keys;
    uint32_t limits_nm, response, vignette, glass, color;
    int32_t left, top, columns, rows;
    uint32_t key_count, band_count, first_log2, seed;
    float theta_max_rad, filter_sigma_px, filter_radius_px, cone_rad;
    float u_first, u_row, u_exposure;
    float row_first, row_last;
    uint32_t fog_exact, stretch_count, color_on;
    bt_eye_stretch stretches[BT_EYE_STRETCHES];
    bt_lens lens;
    bt_pupil pupil;
    bt_shield shield;
} bt_vulkan_eye;
_Static_assert(sizeof(bt_eye) == 592, "bt_vulkan_eye says all that bt_eye does");

// ---- paths on their way (shaders/wave.h), which only kernels read and write -----------------------
#define BT_WAVE_PATH_BYTES 240u
#define BT_WAVE_SHADOW_BYTES 32u
#define BT_WAVE_MET_BYTES 24u
#define BT_WAVE_RECORDS 4u
#define BT_WAVE_COUNTS 4u
#define BT_WAVE_CLASSES 18u
_Static_assert(BT_WAVE_CLASSES == BT_PATTERN_COUNT + 1u, "nothing, and each pattern");

typedef struct bt_vulkan_wave { // bt_wave
    VkDeviceAddress paths, shadows, met, lit, open, queue, records;
    uint32_t slots;
} bt_vulkan_wave;

// A new field of bt_path: bt_wave_store or bt_wave_create (shaders/wave.h) keeps it, then correct this.
_Static_assert(sizeof(bt_path) == 560, "bt_wave_path holds all that goes on with a path");

typedef struct bt_vulkan_arguments { // bt_path_arguments
    bt_vulkan_scene scene;
    bt_vulkan_bvh bvh;
    bt_vulkan_still still;
    bt_vulkan_eye eye;
    bt_path_setup setup;
    VkDeviceAddress samples, rates;
    bt_vulkan_wave wave;
    uint32_t count;
} bt_vulkan_arguments;

// SPIR-V of the stages of shaders/path.comp.
typedef struct bt_kernel_words {
    const uint32_t *words;
    size_t bytes;
} bt_kernel_words;
// And of the stages that trace, by the device's own ray tracing: NULL where a stage has no such shader.
typedef struct bt_ray_words {
    bt_kernel_words generate, miss, nearest, pane, hole;
} bt_ray_words;
extern const bt_ray_words bt_rays_words, bt_shadows_words;
extern const bt_kernel_words bt_path_kernels[BT_VULKAN_PATH_STAGES];

#endif
