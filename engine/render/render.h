// render.h: the path tracer: from a world and a snapshot to a film; and single rays for labels.
//
//   bt_renderer  per world: meshes' acceleration structures, sky tables. Constant after creation.
//   bt_stage     per snapshot: the top level with everything placed and moving. Constant too.
//
// Threads: creation and bt_render_film use the pool given; bt_stage_trace may be called from any
// thread. The same inputs give the same bytes for any number of threads.
#ifndef BT_RENDER_RENDER_H
#define BT_RENDER_RENDER_H

#include "engine/core/jobs.h"
#include "engine/render/film.h"
#include "engine/render/view.h"
#include "engine/scene/snapshot.h"

#include <stdbool.h>

typedef struct bt_renderer bt_renderer;
typedef struct bt_stage bt_stage;
typedef struct bt_vulkan bt_vulkan; // engine/render/vulkan/device.h

typedef struct bt_render_settings {
    uint32_t samples;   // per pixel, at most; 0: 32
    uint32_t max_depth; // surface hits on a path; 0: 6
    uint64_t seed;
    uint64_t frame; // camera-and-frame number: another one gives other sampling noise
    // Least roughness of glossy surfaces that a path meets after a rough one, so that rare reflections
    // of the sun do not speckle the picture (a bias: Kaplanyan and Dachsbacher 2013, "Path space
    // regularization"); panes then mirror no sun at all. 0: 0.6; negative: none.
    float caustic_roughness;
    bool fog_exact; // no similar fog after the first scattering (shaders/shared/path_fog.h)
    // A pixel is sampled until the variance of its mean is below this share (0 to 1) of that of the
    // sensor's own noise there: shot noise plus bt_view.noise_e2, in the bands that it reads. 0: every
    // pixel gets all its samples. Ending when samples agree biases the mean; tests print by how much.
    float sensor_share;
    uint32_t min_samples; // before that may end a pixel; rounded up to 16, 32, 64, ...; 0: 16
    // `samples` is a pixel's mean: a quarter to a half of them go everywhere, the others where the sensor sees their noise most, so
    // that its mean over the picture, over the sensor's own, is least (engine/render/allot.c). Means are not biased.
    // From 24 samples on; the view's noise must be known; not with sensor_share.
    bool by_need;
    bool scatter_only; // lights are never asked, only met: the brute-force reference, noisy
} bt_render_settings;

// Do pixels get different numbers of samples, by what the sensor sees?
static inline bool bt_render_by_sensor(const bt_render_settings *settings)
{
    return settings->by_need || settings->sensor_share > 0.0f;
}

// The world outlives the renderer.
BT_CHECKED bt_status bt_renderer_create(const bt_world *world, bt_renderer **renderer);
// The renderer of a world that follows another (bt_spec_follow), whose renderer is `before` (NULL: none): what is
// alike, meshes, sky and fog, is taken over. The pictures are those of bt_renderer_create. `before` may go first.
BT_CHECKED bt_status bt_renderer_follow(const bt_world *world, const bt_renderer *before,
                                        bt_renderer **renderer);
void bt_renderer_destroy(bt_renderer *renderer); // NULL is fine

// From here on bt_render_film traces on this device, with the same samples; labels, and whatever else
// asks for single rays, stay with Embree. Before the first stage; the device outlives the renderer.
BT_CHECKED bt_status bt_renderer_use_vulkan(bt_renderer *renderer, bt_vulkan *vulkan);

// Places everything in the snapshot; `instances` limits it to those (count of them), NULL: all.
// Renderer and snapshot outlive the stage. One thread at a time per renderer.
BT_CHECKED bt_status bt_stage_create(bt_renderer *renderer, const bt_snapshot *snapshot,
                                     const uint32_t *instances, uint32_t count, bt_stage **stage);
void bt_stage_destroy(bt_stage *stage); // NULL is fine

// A film for this view: its size with the guard band, its bands and exposure planes.
BT_CHECKED bt_status bt_film_create_view(const bt_view *view, bt_film **film);

// Renders one frame whose label time is label_time_ns; the snapshot must span
// bt_view_interval_ns. Writes every pixel of the film (bt_film_create_view). Fails when a pixel is not finite; warns when all are black though something shines.
BT_CHECKED bt_status bt_render_film(const bt_stage *stage, const bt_view *view,
                                    bt_time_ns label_time_ns, const bt_render_settings *settings,
                                    bt_jobs *jobs, bt_film *film);

typedef struct bt_surface_hit {
    float distance_m; // along the unit direction
    uint32_t instance;
    uint32_t triangle; // within the instance's mesh
    uint32_t class_id; // of the triangle's slot
    uint32_t object_id;
    float bary_u, bary_v; // weights of the triangle's second and third corner
    float pos[3];         // in the snapshot's frame
    float pos_mesh[3];    // in the mesh's own frame, as bent at u and before its scale:
                          // bt_snapshot_key_point brings it back
    float normal[3];      // geometric, unit, facing against the ray, in the snapshot's frame
} bt_surface_hit;

// Nearest surface along a ray in the snapshot's frame at normalised time u; false: sky.
bool bt_stage_trace(const bt_stage *stage, const float origin[3], const float dir[3], float u,
                    bt_surface_hit *hit);

#endif
