// spec_internal.h: how the folder keeps a bt_spec: the world's own flat arrays, still growing.
#ifndef BT_SCENE_SPEC_INTERNAL_H
#define BT_SCENE_SPEC_INTERNAL_H

#include "engine/core/hash.h"
#include "engine/core/memory.h"
#include "engine/scene/world.h"

// Limits, chosen: 32-bit offsets stay far from overflow, ids fit the 16-bit instance image.
#define BT_SPEC_MAX_ELEMENTS (1u << 30)
#define BT_SPEC_MAX_IDS 65535u
// Beyond this a triangle's squared area, and what a tracer makes of it, leaves a float.
#define BT_SPEC_MAX_POSITION_M 1e8

typedef struct bt_spec_tint {
    uint32_t base, material;
    double rgb[3];
} bt_spec_tint;

// See bt_spec_begin_piece.
typedef struct bt_piece {
    bt_sha256 key;
    uint32_t first_mesh, mesh_count, first_model, model_count;
    uint32_t first_tint, tint_count; // calls for a tint, into the list's
    uint8_t result[BT_PIECE_RESULT_MAX];
    uint32_t result_bytes;
} bt_piece;

typedef struct bt_piece_list {
    bt_piece *items;
    size_t count, capacity;
    bt_spec_tint *tints; // as asked for, and what was given
    size_t tint_count, tint_capacity;
    uint32_t sheet_materials; // those before all tints
} bt_piece_list;

// An array that grows; `count` of them are in use.
// Lit by weather.dusk_lamps from one hour to another.
typedef struct bt_dusk_material {
    uint32_t material;
    double from_h, to_h;
} bt_dusk_material;

#define BT_SPEC_ARRAY(type, name)                                                                  \
    type *name;                                                                                    \
    size_t name##_capacity;                                                                        \
    uint32_t name##_count

struct bt_spec {
    BT_SPEC_ARRAY(char, names);
    BT_SPEC_ARRAY(float, spectra); // (spectra x BT_SPECTRUM_BINS); count is of spectra
    BT_SPEC_ARRAY(uint32_t, spectrum_names);
    BT_SPEC_ARRAY(bt_material, materials);
    BT_SPEC_ARRAY(uint32_t, material_names);
    BT_SPEC_ARRAY(bt_dusk_material, dusk_materials);
    BT_SPEC_ARRAY(bt_spec_tint, tints);

    BT_SPEC_ARRAY(float, web_heads);  // (webs x BT_WEB_HEAD); count is of webs
    BT_SPEC_ARRAY(float, web_values); // angles and candela, counted from where heads end

    BT_SPEC_ARRAY(bt_texture, textures); // with all their levels
    BT_SPEC_ARRAY(uint32_t, texels);     // words
    uint32_t texture_basis;              // first of three spectra; BT_NO_SPECTRUM: none yet

    BT_SPEC_ARRAY(float, positions); // (vertices x 3); count is of vertices, as for the next two
    BT_SPEC_ARRAY(float, normals);
    BT_SPEC_ARRAY(float, uvs);        // (vertices x 2)
    BT_SPEC_ARRAY(uint32_t, indices); // (triangles x 3); count is of triangles
    BT_SPEC_ARRAY(uint8_t, triangle_slots);
    BT_SPEC_ARRAY(bt_world_slot, slots);
    BT_SPEC_ARRAY(bt_world_mesh, meshes);

    BT_SPEC_ARRAY(bt_world_object, objects); // 0 is "nothing"
    BT_SPEC_ARRAY(bt_world_static, statics);
    BT_SPEC_ARRAY(bt_world_part, parts);
    BT_SPEC_ARRAY(bt_skin_vertex, skins);
    BT_SPEC_ARRAY(bt_world_keypoint, keypoints);
    BT_SPEC_ARRAY(bt_cuboid_desc, cuboids);
    BT_SPEC_ARRAY(bt_world_model, models);
    BT_SPEC_ARRAY(bt_world_actor, actors); // ids and instances are set by compile
    bt_weather weather;
    uint16_t *object_ids, *actor_ids; // (objects), (actors); NULL: by order

    const bt_world *before; // where pieces come from; NULL: nowhere
    BT_SPEC_ARRAY(uint32_t, mesh_origins);
    bt_piece_list pieces;
    bool building; // the last piece has begun and not ended
    bool given;    // its geometry is a world's now
    bool unseen;   // meshes are counted, not kept
};

// Room for `more` items beyond `count`, each of `width` array elements.
#define BT_SPEC_GROW(spec, name, more, width)                                                      \
    bt_array_reserve(&(spec)->name, &(spec)->name##_capacity,                                      \
                     ((size_t)(spec)->name##_count + (more)) * (width), sizeof *(spec)->name)

// Keeps a copy of `name` (NULL: "") and gives its offset.
BT_CHECKED bt_status bt_spec_keep_name(bt_spec *spec, const char *name, uint32_t *offset);
// Adds a table that is known to be good.
BT_CHECKED bt_status bt_spec_keep_spectrum(bt_spec *spec, const char *name,
                                           const float values[BT_SPECTRUM_BINS],
                                           uint32_t *spectrum);
// Fills the world's table of webs.
BT_CHECKED bt_status bt_spec_copy_webs(const bt_spec *spec, bt_world *world);
// Room for one more mesh; and its end, once its vertices, triangles and slots are written behind all others.
BT_CHECKED bt_status bt_spec_reserve_mesh(bt_spec *spec, uint32_t vertices, uint32_t triangles,
                                          uint32_t slots);
void bt_spec_keep_mesh(bt_spec *spec, const bt_world_mesh *mesh, uint32_t origin);
// Remembers a tint that was asked for, if a piece is being built.
BT_CHECKED bt_status bt_spec_note_tint(bt_spec *spec, const bt_spec_tint *tint);
BT_CHECKED bt_status bt_piece_list_copy(const bt_piece_list *from, bt_piece_list **to);
void bt_piece_list_clear(bt_piece_list *list);
// Finite position, rotation near unit length; gives it normalised.
BT_CHECKED bt_status bt_spec_check_pose(const char *what, bt_pose pose, bt_pose *clean);
bool bt_spec_finite3(bt_vec3 v);

#endif
