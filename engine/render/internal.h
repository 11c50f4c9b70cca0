// internal.h: what the files of this room share. Include last: it brings portable.h's macros.
#ifndef BT_RENDER_INTERNAL_H
#define BT_RENDER_INTERNAL_H

#include "engine/render/embree_shim.h"
#include "engine/render/atmosphere.h"
#include "engine/render/ray_log.h"
#include "engine/render/render.h"

#include "shaders/shared/bsdf.h"
#include "shaders/shared/sampler.h"
#include "shaders/shared/sky.h"
#include "shaders/shared/spectral.h"
#include "shaders/shared/surface.h"

// ---- renderer ---------------------------------------------------------------------------------
// Embree geometry of a mesh: opaque triangles are geometry 0, thin glass geometry 1, so that shadow
// rays ask only about glass. `triangles`: the mesh's triangle of each primitive; NULL: the same.
typedef struct bt_mesh_part {
    uint32_t *triangles;
    uint32_t count;
} bt_mesh_part;

typedef struct bt_mesh_accel {
    RTCScene scene; // NULL: no triangles
    bt_mesh_part parts[2];
} bt_mesh_accel;

// A slot's material with what is often asked of it.
typedef struct bt_shade_material {
    bt_material material; // indices checked, numbers clamped
    const float *reflectance;
    const float *reflectance2;
    const float *emission; // NULL: none
} bt_shade_material;

// What shading reads of a triangle, in one cache line.
typedef struct bt_shade_triangle {
    float pos[3][3];
    uint32_t normal[3]; // octahedral: Meyer et al. 2010, "On floating-point normal vectors"
    uint32_t slot;      // into the world's
    uint32_t vertex[3]; // into the world's, for uv
} bt_shade_triangle;

_Static_assert(sizeof(bt_shade_triangle) == 64, "one cache line");

struct bt_renderer {
    const bt_world *world;
    RTCDevice device;
    bt_shade_triangle *triangles; // (world->triangle_count)
    bt_mesh_accel *meshes;        // (world->mesh_count)
    bt_shade_material *materials; // (world->material_count)
    bt_sky_tables *sky;
    float *ggx;
    float flat_half[BT_SPECTRUM_BINS]; // BT_NO_SPECTRUM
};

// ---- stage ------------------------------------------------------------------------------------
typedef struct bt_placement {
    float3 x, y, z; // axes of the mesh in the snapshot, times scale
    float3 pos;
} bt_placement;

typedef struct bt_placed { // one instance in the top level
    bt_placement at;       // when it stands still
    float3 noise_pos;      // pos_noise = axes * position + this (standing) or pos_mesh + this
    uint32_t instance, mesh, hash;
    float scale;
    float emission;
    bool moves; // more than one key
    bool actor;
} bt_placed;

struct bt_stage {
    const bt_renderer *renderer;
    const bt_snapshot *snapshot;
    RTCScene top;
    uint32_t count;
    bt_placed *placed; // (count)
};

bt_placement bt_placement_make(const bt_snapshot_key *key, float scale);

static inline float3 bt_placement_vector(const bt_placement *p, float3 v)
{
    return p->x * v[0] + p->y * v[1] + p->z * v[2];
}

// ---- rays -------------------------------------------------------------------------------------
typedef struct bt_tracer { // one per worker: what rays need besides themselves
    const bt_stage *stage;
    bt_ray_log *log; // NULL: rays are not recorded
} bt_tracer;

typedef struct bt_hit {
    float distance;
    float bary_u, bary_v;
    uint32_t placed; // index into the stage's
    uint32_t triangle;
} bt_hit;

// The first rays of up to 16 paths at once: they are coherent, so this is faster than one by one.
#define BT_BUNDLE 16
typedef struct bt_first_hit {
    bool met;
    bt_hit hit;
} bt_first_hit;
typedef struct bt_path_start bt_path_start;
void bt_tracer_bundle(const bt_tracer *tracer, const bt_path_start *starts, uint32_t count,
                      bt_first_hit *firsts);
bool bt_tracer_closest(const bt_tracer *tracer, float3 origin, float3 dir, float u, bt_hit *hit);
// What is left of light coming along `dir` from far away: 0 behind anything opaque, else the
// product of all panes.
float4 bt_tracer_open(const bt_tracer *tracer, const bt_wavelengths *w, float3 origin, float3 dir,
                      float u);
// Embree's callback for panes in the way of a shadow ray.
void bt_tracer_glass_filter(const struct RTCFilterFunctionNArguments *arguments);

// ---- surfaces ---------------------------------------------------------------------------------
typedef struct bt_shade_point {
    bt_surface surface;
    const bt_shade_material *shade;
    float3 pos;     // in the snapshot
    float reach;    // for bt_offset_origin
    float emission; // of the instance: 0, 1
    bool front;     // seen from outside
} bt_shade_point;

float3 bt_hit_normal(const bt_stage *stage, const bt_hit *hit, float u,
                     const bt_shade_material **shade); // geometric, unit, either side
// Everything about a hit that shading needs; cone_m: width of the ray's cone there.
void bt_shade_point_at(const bt_stage *stage, const bt_hit *hit, float3 origin, float3 dir, float u,
                       float cone_m, bt_shade_point *point);

// Ask for a hit's data before they are needed.
static inline const bt_shade_triangle *bt_hit_triangle(const bt_stage *stage, const bt_hit *hit)
{
    const bt_world_mesh *mesh = &stage->renderer->world->meshes[stage->placed[hit->placed].mesh];
    return &stage->renderer->triangles[mesh->first_triangle + hit->triangle];
}
static inline void bt_hit_prefetch(const bt_stage *stage, const bt_hit *hit)
{
    __builtin_prefetch(bt_hit_triangle(stage, hit));
}
// ---- paths ------------------------------------------------------------------------------------
typedef struct bt_path_setup {
    const bt_stage *stage;
    uint32_t max_depth;
    float caustic_alpha;   // least GGX alpha after a rough surface
    uint32_t cone_samples; // samples of a pixel share what a scattered cone covers
} bt_path_setup;

struct bt_path_start {
    float3 origin, dir;
    float u;        // normalised time
    float cone_rad; // angle of the ray's cone
    bt_sampler sampler;
    bt_wavelengths wavelengths;
};

// Radiance at the four wavelengths, W m^-2 sr^-1 nm^-1. first: what its first ray meets.
float4 bt_path_trace(const bt_path_setup *setup, const bt_tracer *tracer,
                     const bt_path_start *start, const bt_first_hit *first);

#endif
