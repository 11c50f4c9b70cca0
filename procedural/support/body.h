// body.h: a body in the making: named parts with meshes and joints, materials by name, keypoints and
// cuboids; in the end written into a bt_spec as one model.
//
// Generators write a bt_body and never see a spec, so that their shapes can be tested and looked at
// alone. The first failure sticks, as in mesh_builder.h.
//
// Ownership: the body owns all; bt_body_clear frees it. Pointers to parts move when parts are added.
// Threads: one at a time.
#ifndef BT_PROCEDURAL_BODY_H
#define BT_PROCEDURAL_BODY_H

#include "procedural/mesh_builder.h"

#define BT_BODY_MAX_SLOTS 64u
#define BT_BODY_MAX_PARTS 96u
#define BT_BODY_MAX_KEYPOINTS 48u
#define BT_BODY_MAX_CUBOIDS 4u

typedef struct bt_body_slot {
    const char *material; // a name in assets/materials; kept by pointer
    bool tinted;
    double red, green, blue; // sRGB when tinted
    bt_class class_id;
} bt_body_slot;

typedef struct bt_body_part {
    char name[48];
    bt_mesh_builder mesh;
    uint32_t same_mesh_as; // an earlier part whose mesh is shown instead; BT_NO_INDEX: its own
    uint32_t parent;       // BT_NO_INDEX: the actor's frame
    bt_pose rest;
    bt_vec3 axis;
    int channel; // bt_channel, -1: fixed
    double gain;
    uint32_t lamp_mask;
    bt_skin_vertex *skin; // (skin_count = vertices of the mesh); NULL: it keeps its shape
    size_t skin_count, skin_capacity;
    bool beyond_cuboid; // mirrors, antenna: the labelled cuboid leaves them out
} bt_body_part;

typedef struct bt_body {
    bt_body_part parts[BT_BODY_MAX_PARTS];
    uint32_t part_count;
    bt_body_slot slots[BT_BODY_MAX_SLOTS];
    uint32_t slot_count;
    bt_keypoint_desc keypoints[BT_BODY_MAX_KEYPOINTS]; // names are kept by pointer: literals
    uint32_t keypoint_count;
    bt_cuboid_desc cuboids[BT_BODY_MAX_CUBOIDS];
    uint32_t cuboid_count;
    bt_class class_id; // of slots added from now on
    bt_status status;
} bt_body;

BT_CHECKED bt_status bt_body_create(bt_class class_id, bt_body **body);
void bt_body_destroy(bt_body *body); // NULL is fine

// The slot of a material; the same name and tint give the same slot.
uint8_t bt_body_material(bt_body *body, const char *material);
uint8_t bt_body_tinted(bt_body *body, const char *material, const double srgb[3]);

// A fixed part without a joint; its fields may be changed afterwards. Gives its index.
uint32_t bt_body_add_part(bt_body *body, const char *name, uint32_t parent, bt_pose rest);
// A part that turns about `axis` by the channel's angle (times gain).
uint32_t bt_body_add_joint(bt_body *body, const char *name, uint32_t parent, bt_pose rest,
                           bt_vec3 axis, bt_channel channel, double gain);
// The mesh of a part, its current slot set.
bt_mesh_builder *bt_body_mesh(bt_body *body, uint32_t part, uint8_t slot);
// Binds the part's vertices that are not bound yet: `bind` says how each follows the body's parts.
// A part that is bound at all must be bound to its last vertex.
typedef bt_skin_vertex (*bt_body_bind_fn)(const void *context, bt_vec3 pos_part_m);
void bt_body_bind(bt_body *body, uint32_t part, bt_body_bind_fn bind, const void *context);
const bt_mesh_builder *bt_body_shown_mesh(const bt_body *body, uint32_t part);
void bt_body_add_keypoint(bt_body *body, const char *name, uint32_t part, bt_vec3 pos_part_m);
void bt_body_add_cuboid(bt_body *body, bt_class class_id, uint32_t part, bt_vec3 min_m,
                        bt_vec3 max_m);

// The bounds of all parts at rest that count for a cuboid, in the actor's frame.
void bt_body_rest_bounds(const bt_body *body, bt_vec3 *min_m, bt_vec3 *max_m);

// Puts one box round all that is shown at rest, and gives the body's status; a body that failed is
// destroyed and becomes NULL.
BT_CHECKED bt_status bt_body_seal(bt_body **body, bt_class class_id);

// actor_from_part of every part for these channel angles (BT_CHANNEL_COUNT; NULL: all 0).
void bt_body_pose_parts(const bt_body *body, const double *channel_rad, bt_pose *actor_from_part);

// The first failure of the body or any of its meshes.
BT_CHECKED bt_status bt_body_status(const bt_body *body);
BT_CHECKED bt_status bt_body_finish(const bt_body *body, bt_spec *spec, const char *name,
                                    uint32_t *model);

#endif
