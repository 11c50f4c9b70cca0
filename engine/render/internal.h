// internal.h: what the files of this room share. Include last: it brings portable.h's macros.
#ifndef BT_RENDER_INTERNAL_H
#define BT_RENDER_INTERNAL_H

#include "engine/render/embree_shim.h"
#include "engine/render/atmosphere.h"
#include "engine/render/mesh_accel.h"
#include "engine/render/ray_log.h"
#include "engine/render/render.h"
#include "engine/render/web_beam.h"

#include "engine/render/ray_sort.h"

#include "shaders/shared/path.h"

// ---- renderer ---------------------------------------------------------------------------------
struct bt_renderer {
    const bt_world *world;
    RTCDevice device;
    bt_triangle *triangles; // (world->triangle_count)
    bt_slot_shade *slots;   // (world->slot_count)
    bt_material *materials; // (world->material_count), as bt_scene wants them
    float *spectra;         // (world->spectrum_count + 1), the last is flat 0.5
    uint32_t *lamps;        // as bt_scene's, for the meshes that have any
    bt_mesh_accel *meshes;  // (world->mesh_count)
    bt_textures textures;   // of the world's, and spectra of the above
    bool has_holes;         // some mesh has surfaces of that kind
    bt_sky_tables *sky;
    float sun_irradiance, sky_irradiance; // as bt_scene's
    struct bt_vulkan_renderer *vulkan;    // NULL: films are traced by Embree too
    float *ggx;
    bool gloss, glass;  // what of it is filled in
    float *fog;         // (BT_FOG_FLOATS); NULL: the air is clear
    float fog_similar;  // as bt_fog's
    bt_web_beam *beams; // (world->web_count)
};

// Is this material's emission more than nothing?
static inline bool bt_material_emits(const bt_material *m)
{
    return m->emission != BT_NO_SPECTRUM && m->emission_scale > 0.0f;
}

// What the image on a lamp's triangle leaves of its light, in the mean; 1 without an image.
float bt_renderer_lamp_share(const bt_renderer *renderer, const bt_triangle *triangle);

// ---- stage ------------------------------------------------------------------------------------
struct bt_stage {
    const bt_renderer *renderer;
    const bt_snapshot *snapshot;
    RTCScene top;   // everything
    RTCScene world; // without particles: what labels see; the same as `top` where there are none
    uint32_t count;
    bt_placed *placed; // (count), particles last
    RTCScene *bent;    // (count), of those that deform; NULL: it is its mesh's
    bt_light *lights;  // (scene.light_count)
    bt_light_node *light_nodes;
    uint32_t light_node_count;
    bt_scene scene;                 // all of it, as shading sees it
    struct bt_vulkan_stage *vulkan; // where the renderer has one
};

// Adds a placed thing to a top level, as number `index`.
void bt_stage_attach(const bt_stage *stage, RTCScene scene, uint32_t index);
// Makes `top`: all that is in `world`, and the snapshot's particles that fall in the open. `placed`
// has room for them. particles.c
BT_CHECKED bt_status bt_stage_add_particles(bt_stage *stage);

// Fills the stage's lights and their tree from what is placed. light_tree.c
BT_CHECKED bt_status bt_stage_add_lights(bt_stage *stage);

// ---- rays -------------------------------------------------------------------------------------
typedef struct bt_tracer { // one per worker: what rays need besides themselves
    const bt_stage *stage;
    bt_ray_log *log; // NULL: rays are not recorded
} bt_tracer;

// Rays of up to 16 paths at once, those that `which` names: when they are alike this is faster than
// one by one. coherent: very much so. What a ray meets does not depend on those beside it.
#define BT_BUNDLE 16
typedef struct bt_met {
    bool met;
    bt_hit hit;
} bt_met;

void bt_tracer_closest16(const bt_tracer *tracer, const bt_path *paths, const uint32_t *which,
                         uint32_t count, bool coherent, bt_met *mets);
bool bt_tracer_closest(const bt_tracer *tracer, float3 origin, float3 dir, float u, bt_hit *hit);
// A part of a ray's way, m, as far as it goes. What stands within a rounding of an end is on it.
typedef struct bt_ray_part {
    float from, to;
} bt_ray_part;

// What is left of light on that part of its way along each ray: 0 behind anything opaque, else the product of
// all panes. `which` names the rays' paths.
void bt_tracer_open16(const bt_tracer *tracer, const bt_path *paths, const uint32_t *which,
                      const bt_shadow_ray *const *rays, uint32_t count, bt_ray_part part,
                      float4 *open);
float4 bt_tracer_open(const bt_tracer *tracer, const bt_path *path, const bt_shadow_ray *ray);
// Embree's callbacks: for panes in the way of shadow rays, and for holes.
void bt_tracer_glass_filter(const struct RTCFilterFunctionNArguments *arguments);
void bt_tracer_hole_filter(const struct RTCFilterFunctionNArguments *arguments);

// Ask for a hit's data before they are needed.
static inline void bt_hit_prefetch(const bt_scene *scene, const bt_hit *hit)
{
    __builtin_prefetch(
        &scene->triangles[scene->placed[hit->placed].first_triangle + hit->triangle]);
}
// The same for what its triangle names, once that has come.
static inline void bt_hit_prefetch_vertices(const bt_scene *scene, const bt_hit *hit)
{
    const bt_triangle *t =
        &scene->triangles[scene->placed[hit->placed].first_triangle + hit->triangle];
    for (int k = 0; k < 3; k++)
        __builtin_prefetch(&scene->uvs[t->vertex[k]]);
    __builtin_prefetch(&scene->slots[t->slot]);
}
// And for its material.
static inline void bt_hit_prefetch_material(const bt_scene *scene, const bt_hit *hit)
{
    const bt_triangle *t =
        &scene->triangles[scene->placed[hit->placed].first_triangle + hit->triangle];
    const char *material = (const char *)&scene->materials[scene->slots[t->slot].material];
    for (size_t at = 0; at < sizeof(bt_material); at += 64)
        __builtin_prefetch(material + at);
}

// ---- exposures --------------------------------------------------------------------------------
// When rays are sent while a row is open, and what each is worth to each exposure plane: exposure.c
typedef struct bt_exposure_stretch {
    double begin_ns, length_ns; // from the row's opening
    double first, share;        // of the rays, in the order of time
    float weight[BT_VIEW_MAX_PLANES];
} bt_exposure_stretch;

typedef struct bt_exposures {
    uint32_t stretch_count;
    bt_exposure_stretch stretches[2 * BT_VIEW_MAX_PLANES];
} bt_exposures;

BT_CHECKED bt_status bt_exposures_check(const bt_view *view);
bt_exposures bt_exposures_make(const bt_view *view);
// The time of a ray after the row's opening, u in [0, 1); its weights are those of the stretch.
const bt_exposure_stretch *bt_exposures_pick(const bt_exposures *exposures, double u,
                                             double *after_ns);

// ---- samples ----------------------------------------------------------------------------------
// What a sample brings: every band of every exposure plane, bands innermost.
#define BT_MAX_CHANNELS (BT_VIEW_MAX_PLANES * BT_VIEW_MAX_BANDS)

typedef struct bt_moments {
    double mean[BT_MAX_CHANNELS], square[BT_MAX_CHANNELS]; // square: differences from it
    double weight;
} bt_moments;

typedef struct bt_pixel_samples {
    bt_moments each, groups;      // of single samples; of means of groups of them, by size
    double open[BT_MAX_CHANNELS]; // mean so far of the group that is not whole yet
    uint32_t count;
} bt_pixel_samples;

// rates: (BT_MAX_CHANNELS), zero past the channels.
void bt_pixel_add(bt_pixel_samples *pixel, const float *rates, uint32_t channels);
// Whole groups among so many samples.
uint32_t bt_sample_groups(uint32_t count);
// Samples of the group that the next one begins or goes on with.
uint32_t bt_sample_group_size(uint32_t count);

// What a frame knows of its pixels between rounds of sampling: the film, and what more a decision
// needs. Rows may be asked at once, and pixels stored at once, but not both.
typedef struct bt_tally {
    const bt_view *view;
    double share; // of the sensor's variance that is wanted
    bt_film *film;
    float *group_square; // (as the film's rates): bt_pixel_samples.groups.square
    float *excess;       // (height x width): variance of one sample over the sensor's
    uint32_t *goal;      // (height x width): samples that the pixel shall have after this round
} bt_tally;

// Is this pixel of the film beyond the picture?
static inline bool bt_tally_in_guard(const bt_tally *tally, uint32_t x, uint32_t y)
{
    const bt_view *view = tally->view;
    return x < view->guard_px || y < view->guard_px || x >= view->guard_px + view->width_px ||
           y >= view->guard_px + view->height_px;
}
BT_CHECKED bt_status bt_tally_init(const bt_view *view, double share, bt_film *film,
                                   bt_tally *tally);
void bt_tally_clear(bt_tally *tally);
// A pixel can go on only where its groups are whole.
void bt_tally_load(const bt_tally *tally, size_t pixel, bt_pixel_samples *samples);
BT_CHECKED bt_status bt_tally_store(const bt_tally *tally, size_t pixel,
                                    const bt_pixel_samples *samples);
// Sets the goals of a row, at most `most`; false: all of it is content.
bool bt_tally_set_goals(const bt_tally *tally, uint32_t row, uint32_t most);
void bt_tally_set_errors(const bt_tally *tally); // the film's sensor_share
// Sets all goals, so that the picture's pixels get `mean` samples on average: allot.c.
BT_CHECKED bt_status bt_tally_allot(const bt_tally *tally, double mean, bt_jobs *jobs);

// ---- paths ------------------------------------------------------------------------------------
// Paths that are walked together, and the room that this takes: one per worker. Among many a ray finds
// its like, but where rays are cheap it counts more that all of this stays in a core's cache
// (bench.ray_throughput's street).
#define BT_WAVE_PATHS BT_RAY_SORT_MAX

typedef enum bt_shadow_kind {
    BT_SHADOW_SUN,
    BT_SHADOW_SKY,
    BT_SHADOW_LAMP,
    BT_SHADOW_KINDS
} bt_shadow_kind;

typedef struct bt_wave {
    uint32_t count;
    bt_path paths[BT_WAVE_PATHS];
    uint32_t alive[BT_WAVE_PATHS]; // those that go on
    bt_shadow_rays shadows[BT_WAVE_PATHS];
    uint32_t asking[BT_SHADOW_KINDS][BT_WAVE_PATHS]; // those that have one now
    uint32_t asking_count[BT_SHADOW_KINDS];
    bt_ray_sort sort;
} bt_wave;

// Walks `count` paths to their ends: radiance at each one's wavelengths, W m^-2 sr^-1 nm^-1, is left in
// them, the same whatever other paths there are.
void bt_wave_trace(const bt_path_setup *setup, const bt_tracer *tracer, bt_wave *wave);

#endif
