// world.h: bt_world, what can be seen, compiled from a bt_spec: constant, flat arrays, indices.
//
// Shared by any number of states and threads. Plain data, so that a renderer can read it or copy it
// to a device; created and destroyed only here.
#ifndef BT_SCENE_WORLD_H
#define BT_SCENE_WORLD_H

#include "engine/scene/spec.h"
#include "shaders/shared/types.h"

#include <stdbool.h>

typedef struct bt_world_slot {
    uint32_t material;
    uint32_t class_id;
} bt_world_slot;

typedef struct bt_world_mesh {
    uint32_t first_vertex, vertex_count;
    uint32_t first_triangle, triangle_count;
    uint32_t first_slot, slot_count;
    float bounds_min[3], bounds_max[3]; // own frame
} bt_world_mesh;

typedef struct bt_world_static {
    bt_pose world_from_mesh;
    double scale;
    uint32_t mesh;
    uint32_t object_id; // as in the instance image; 0: no identity
} bt_world_static;

typedef struct bt_world_part {
    uint32_t mesh;   // BT_NO_INDEX: a joint only
    uint32_t parent; // index into the model's own parts, or BT_NO_INDEX
    bt_pose rest;
    bt_vec3 axis;
    int32_t channel; // -1: fixed
    double gain;
    uint32_t lamp_mask;
    uint32_t name;       // offset into names
    uint32_t first_skin; // of its mesh's first vertex; BT_NO_INDEX: it keeps its shape
} bt_world_part;

typedef struct bt_world_model {
    uint32_t first_part, part_count;
    uint32_t first_keypoint, keypoint_count;
    uint32_t first_cuboid, cuboid_count;
    uint32_t class_id;
    uint32_t name;
} bt_world_model;

typedef struct bt_world_keypoint {
    uint32_t part;
    bt_vec3 pos_part_m;
    uint32_t name;
} bt_world_keypoint;

typedef struct bt_world_actor {
    uint32_t model;
    uint32_t class_id;
    uint32_t object_id;      // as in the instance image; each actor has its own, 1..65535
    uint32_t first_instance; // of its parts that have meshes, in part order
    uint32_t instance_count;
    uint32_t name;
} bt_world_actor;

// What a snapshot places: first all statics, then all actors' parts. Index = instance number.
typedef struct bt_world_instance {
    uint32_t mesh;
    uint32_t object_id;
    uint32_t actor; // BT_NO_INDEX: static
    uint32_t part;  // index into the actor's model's parts
} bt_world_instance;

typedef struct bt_world_object {
    uint32_t class_id;
    uint32_t name;
} bt_world_object;

struct bt_world {
    // geometry
    float *positions;        // (vertices x 3)
    float *normals;          // (vertices x 3)
    float *uvs;              // (vertices x 2), metres, or units of a texture
    uint32_t *indices;       // (triangles x 3), relative to the mesh's first vertex
    uint8_t *triangle_slots; // (triangles), relative to the mesh's first slot
    uint32_t vertex_count, triangle_count;
    bt_world_mesh *meshes;
    uint32_t mesh_count;
    bt_world_slot *slots;
    uint32_t slot_count;

    // light and matter
    bt_material *materials;
    uint32_t material_count;
    float *spectra; // (spectra x BT_SPECTRUM_BINS), row-major: at BT_SPECTRUM_MIN_NM + i * STEP
    uint32_t spectrum_count;
    float *webs; // (web_floats) photometric webs: shaders/shared/web.h
    uint32_t web_count, web_floats;
    bt_texture *textures; // each followed by its smaller levels
    uint32_t texture_count;
    uint32_t *texels; // words, addressed by the textures
    uint32_t texel_count;
    uint32_t texture_basis; // first of three spectra that colours are mixed from; BT_NO_SPECTRUM:
                            // there is no colour texture
    bt_weather weather;

    // placement
    bt_world_static *statics;
    uint32_t static_count;
    bt_world_part *parts;
    uint32_t part_count;
    bt_skin_vertex *skins;
    uint32_t skin_count;
    bt_world_model *models;
    uint32_t model_count;
    bt_world_keypoint *keypoints;
    uint32_t keypoint_count;
    bt_cuboid_desc *cuboids;
    uint32_t cuboid_count;
    bt_world_actor *actors;
    uint32_t actor_count;
    bt_world_instance *instances;
    uint32_t instance_count;
    bt_world_object *objects; // by object id; 0 is "nothing", then objects, then actors
    uint32_t object_count;

    char *names; // zero-terminated strings, addressed by offset
    uint32_t names_bytes;

    // what the next world may take over
    uint32_t
        *mesh_origins; // (meshes) the same mesh in the world that this one follows, or BT_NO_INDEX
    struct bt_piece_list *pieces;
};
typedef struct bt_world bt_world;

// Checks the spec (indices in range, finite vertices, acyclic parts) and flattens it.
BT_CHECKED bt_status bt_world_compile(const bt_spec *spec, bt_world **world);
// The same in two steps, for a scene whose actors come last. The first takes the spec's geometry and matter over instead
// of copying them: a renderer can be made of this world, and from then on the spec is good for actors and ids alone. The
// second adds the rest, before anything else reads it. When one fails the spec is of no use, and the world is to be
// destroyed by whoever has it.
BT_CHECKED bt_status bt_world_compile_begin(bt_spec *spec, bt_world **world);
BT_CHECKED bt_status bt_world_compile_end(const bt_spec *spec, bt_world *world);
void bt_world_destroy(bt_world *world); // NULL is fine

static inline const char *bt_world_name(const bt_world *world, uint32_t offset)
{
    return world->names + offset;
}

// parent_from_part of a part whose body is bent as `pose` says.
static inline bt_pose bt_world_part_pose(const bt_world_part *part, const bt_actor_pose *pose)
{
    if (part->channel < 0) return part->rest;
    double angle_rad = part->gain * pose->channel_rad[part->channel];
    bt_quat turn = bt_quat_axis_angle(part->axis, angle_rad);
    return (bt_pose){part->rest.pos, bt_quat_mul(part->rest.rot, turn)};
}

// world_from_part of each of the actor's model's parts (including pure joints) for one pose;
// `poses` holds part_count of its model.
void bt_world_actor_parts(const bt_world *world, uint32_t actor, const bt_actor_pose *pose,
                          bt_pose *poses);

#endif
