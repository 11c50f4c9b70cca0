// scene.h: everything that shading reads, behind accessors: pointers in C, buffers by device address
// in GLSL (a scene there is larger than a storage buffer's range may be).
//
// Indices, never pointers, in what is stored. Float tables (spectra, sky, GGX, webs) lie in one pool
// in GLSL and are named by their offset there; in C by a pointer (tables.h).
#ifndef BT_SHARED_SCENE_H
#define BT_SHARED_SCENE_H

#include "shaders/shared/fog.h"
#include "shaders/shared/light_types.h"
#include "shaders/shared/motion.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/sky.h"
#include "shaders/shared/tables.h"
#include "shaders/shared/texture.h"
#include "shaders/shared/types.h"

#define BT_NONE 0xffffffffu

// What shading reads of a triangle, in one cache line: 64 bytes.
STRUCT(bt_triangle)
{
    float pos[9];   // three corners, in the mesh's frame
    uint normal[3]; // packed: octahedral.h
    uint slot;      // into the world's
    uint vertex[3]; // into the world's, for uv
};

// One thing in its place: 128 bytes.
STRUCT(bt_placed)
{
    float4 x, y, z; // axes of the mesh in the snapshot, times scale, when it stands still
    float4 pos;     // and its origin; last, when its lamps switch (bt_placed_emission)
    float4 noise;   // pos_noise = axes * position + this (standing) or pos_mesh + this (an actor)
    float scale;
    float emission;               // 0: its lamps are off all the time
    uint first_key, key_count;    // of its motion; one key: it stands still
    uint first_triangle;          // of its mesh
    uint first_light, first_lamp; // of its lamps (light_types.h); BT_NONE: it has none
    uint hash;                    // another one for each thing
    uint actor;                   // 1: moves with an actor, 0: part of the world
    uint instance, mesh;
    uint deformed; // 0: it keeps its shape; n: the scene's bt_deformed n - 1
};

// A slot's material, and what its emitting triangles look like together: 32 bytes.
STRUCT(bt_slot_shade)
{
    uint material;
    float lamp_facing[3]; // vector area in the mesh's frame: seen from w they take up facing . w
    float lamp_least_m2;  // but no less than this
    uint pad0, pad1, pad2;
};

#if defined(VULKAN)
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_triangle_buffer
{
    bt_triangle at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_placed_buffer
{
    bt_placed at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_material_buffer
{
    bt_material at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_slot_buffer
{
    bt_slot_shade at[];
};
layout(buffer_reference, std430, buffer_reference_align = 4) readonly buffer bt_snapshot_key_buffer
{
    bt_snapshot_key at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_light_buffer
{
    bt_light at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_light_node_buffer
{
    bt_light_node at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_deformed_buffer
{
    bt_deformed at[];
};
layout(buffer_reference, std430,
       buffer_reference_align = 16) readonly buffer bt_deformed_vertex_buffer
{
    bt_deformed_vertex at[];
};
layout(buffer_reference, std430, buffer_reference_align = 4) readonly buffer bt_uint_buffer
{
    uint at[];
};
layout(buffer_reference, std430, buffer_reference_align = 8) readonly buffer bt_uv_buffer
{
    float2 at[];
};
#define BT_ARRAY(T) T##_buffer
#define BT_UINTS bt_uint_buffer
#define bt_at(array, i) array.at[i]
#else
#define BT_ARRAY(T) const T *
#define BT_UINTS const uint *
#define bt_at(array, i) ((array)[i])
#endif

STRUCT(bt_scene_tables)
{
    BT_FLOATS spectra; // (spectra x BT_SPECTRUM_BINS), the last of them flat 0.5
    BT_FLOATS ggx;
    BT_FLOATS sky_spectra;
    BT_FLOATS sky_radiance;
    BT_FLOATS sky_pick;
    BT_FLOATS fog;  // fog.h
    BT_FLOATS webs; // web.h
};

#if defined(VULKAN)
struct bt_scene_ref {
    bt_triangle_buffer triangles;
    bt_placed_buffer placed;
    bt_snapshot_key_buffer keys;
    bt_slot_buffer slots;
    bt_material_buffer materials;
    bt_uv_buffer uvs;
    bt_light_buffer lights;
    bt_light_node_buffer light_nodes;
    bt_uint_buffer lamps;
    bt_deformed_buffer deformed;
    bt_deformed_vertex_buffer deformed_vertices;
    bt_textures textures;
    bt_scene_tables tables;
    bt_sky sky;
    bt_fog fog;
    float sun_irradiance, sky_irradiance;
    float open_s, span_s;
    uint light_count;
};
#define scene_of(scene) scene
#else
typedef struct bt_scene {
    const bt_triangle *triangles;     // (world's triangles)
    const bt_placed *placed;          // (placed)
    const bt_snapshot_key *keys;      // of all that moves
    const bt_slot_shade *slots;       // (world's slots)
    const bt_material *materials;     // (world's materials), indices checked, numbers clamped
    const float2 *uvs;                // (world's vertices)
    const bt_light *lights;           // (light_count), those of one placed thing together
    const bt_light_node *light_nodes; // the first is the root
    const uint *lamps;                // number of a triangle among its mesh's lamps
    const bt_deformed *deformed;      // what changes its shape
    const bt_deformed_vertex *deformed_vertices;
    bt_textures textures; // of the world's
    bt_scene_tables tables;
    bt_sky sky;
    bt_fog fog;
    float sun_irradiance, sky_irradiance; // about, of surfaces that face them, W m^-2 nm^-1
    float open_s, span_s; // the snapshot's opening after a whole second, and its length
    uint light_count;
} bt_scene;
typedef const bt_scene *bt_scene_ref;
#define scene_of(scene) (*(scene))
#endif

FN bt_triangle scene_triangle(bt_scene_ref sc, uint i)
{
    return bt_at(scene_of(sc).triangles, i);
}
FN bt_placed scene_placed(bt_scene_ref sc, uint i)
{
    return bt_at(scene_of(sc).placed, i);
}
FN bt_material scene_material(bt_scene_ref sc, uint i)
{
    return bt_at(scene_of(sc).materials, i);
}
FN bt_slot_shade scene_slot(bt_scene_ref sc, uint i)
{
    return bt_at(scene_of(sc).slots, i);
}
FN float2 scene_uv(bt_scene_ref sc, uint vertex)
{
    return bt_at(scene_of(sc).uvs, vertex);
}
FN bt_light scene_light(bt_scene_ref sc, uint i)
{
    return bt_at(scene_of(sc).lights, i);
}
FN bt_light_node scene_light_node(bt_scene_ref sc, uint i)
{
    return bt_at(scene_of(sc).light_nodes, i);
}
FN uint scene_light_link(bt_scene_ref sc, uint node, uint child)
{
    return bt_at(scene_of(sc).light_nodes, node).link[child];
}
FN bt_deformed scene_deformed(bt_scene_ref sc, uint i)
{
    return bt_at(scene_of(sc).deformed, i);
}
FN bt_deformed_vertex scene_deformed_vertex(bt_scene_ref sc, uint i)
{
    return bt_at(scene_of(sc).deformed_vertices, i);
}
FN BT_FLOATS scene_spectrum(bt_scene_ref sc, uint i)
{
    return floats_from(scene_of(sc).tables.spectra, i * to_u(BT_SPECTRUM_BINS));
}

// Are its lamps lit at normalised time u? They switch once at most: on at pos[3], off at -pos[3]; 0:
// never.
FN float bt_placed_emission(bt_placed p, float u)
{
    float at = p.pos[3];
    bool later = u >= abs(at);
    return at == 0.0f || (at > 0.0f) == later ? p.emission : 0.0f;
}

// Where a placed thing is at normalised time u.
FN_IN bt_placement scene_placement(bt_scene_ref sc, bt_placed p, float u)
{
    bt_placement at;
    if (p.key_count > 1u) {
        bt_key_place place = bt_key_place_at(p.key_count, u);
        bt_snapshot_key a = bt_at(scene_of(sc).keys, p.first_key + place.first);
        bt_snapshot_key b = bt_at(scene_of(sc).keys, p.first_key + place.first + 1u);
        return bt_placement_from_key(bt_key_between(a, b, place.v), p.scale);
    }
    at.x = first3(p.x);
    at.y = first3(p.y);
    at.z = first3(p.z);
    at.pos = first3(p.pos);
    return at;
}

#endif
