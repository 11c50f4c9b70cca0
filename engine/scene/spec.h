// spec.h: bt_spec, the editable description of what can be seen. Generators and Lua write it;
// bt_world_compile (world.h) turns it into the constant bt_world.
//
// Ownership: the spec copies all it is given. Threads: one at a time.
// Everything is named by index in order of creation, so the same calls give the same bytes.
#ifndef BT_SCENE_SPEC_H
#define BT_SCENE_SPEC_H

#include "engine/core/status.h"
#include "engine/math/pose.h"
#include "engine/scene/actor_pose.h"
#include "engine/scene/classes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BT_NO_INDEX UINT32_MAX

typedef struct bt_spec bt_spec;

BT_CHECKED bt_status bt_spec_create(bt_spec **spec);
void bt_spec_destroy(bt_spec *spec); // NULL is fine

// ---- spectra and materials --------------------------------------------------------------------
// Materials are described in Lua sheets (assets/materials/*.lua) and known by name: "asphalt",
// "marking_white", ... engine/scene/material_lua.h reads a sheet into the spec.

// Adds a tabulated spectrum: `count` values at ascending wavelengths_nm, linear between, constant
// beyond the ends. Reflectances in [0, 1]; emissions in W m^-2 sr^-1 nm^-1.
BT_CHECKED bt_status bt_spec_add_spectrum(bt_spec *spec, const char *name,
                                          const double *wavelengths_nm, const double *values,
                                          size_t count, uint32_t *spectrum);
// Adds the smooth reflectance whose colour under D65 is this sRGB (0..1, gamma-encoded).
// Jakob and Hanika 2019.
BT_CHECKED bt_status bt_spec_add_reflectance_srgb(bt_spec *spec, const char *name, double red,
                                                  double green, double blue, uint32_t *spectrum);

// An image on surfaces, named by materials. Copied and brought down to 1 x 1 by halves (box filter on
// linear values).
typedef struct bt_texture_desc {
    const char *name;
    const uint8_t *rgba; // (height x width x 4), rows from the top
    uint32_t width_px, height_px;
    bool color;              // r, g, b are sRGB-encoded colour; false: numbers as they are
    uint32_t wrap_u, wrap_v; // BT_WRAP_* (shaders/shared/types.h); 0: repeat
} bt_texture_desc;
#define BT_TEXTURE_MAX_SIDE_PX 16384u
// Fails for a size of 0 or beyond 16384 each way, and when all textures exceed 2^30 words.
// texture: what bt_material.texture_* hold, never 0.
BT_CHECKED bt_status bt_spec_add_texture(bt_spec *spec, const bt_texture_desc *desc,
                                         uint32_t *texture);

// What a lamp's material may name: see photometry.h. Copied. web: what bt_material.web holds, never 0.
struct bt_photometric_web;
BT_CHECKED bt_status bt_spec_add_web(bt_spec *spec, const struct bt_photometric_web *desc,
                                     uint32_t *web);

// All materials added so far shine with the mean of their flicker, always: for comparing exposures.
void bt_spec_steady_lamps(bt_spec *spec);

struct bt_material; // shaders/shared/types.h: the portable struct; its spectra are spec indices
BT_CHECKED bt_status bt_spec_add_material(bt_spec *spec, const char *name,
                                          const struct bt_material *material, uint32_t *index);
// The material shines only where the weather's dusk_lamps are lit: street lamps, windows.
BT_CHECKED bt_status bt_spec_light_at_dusk(bt_spec *spec, uint32_t material);
// The same, and only from one hour of the local day (0..24) to another, over midnight when from_h > to_h:
// somebody is in, a shop is open. Fails (BT_ERR_INPUT) for other hours.
BT_CHECKED bt_status bt_spec_light_between(bt_spec *spec, uint32_t material, double from_h,
                                           double to_h);
// The material of that name. Fails with the list of nearest names when there is none.
BT_CHECKED bt_status bt_spec_find_material(const bt_spec *spec, const char *name, uint32_t *index);
// A copy of material `base` whose base reflectance is this sRGB colour: car paints, clothes.
// Cloth keeps its base's infrared, which dyes let pass. The same base and colour give the same material.
BT_CHECKED bt_status bt_spec_tint_material(bt_spec *spec, uint32_t base, double red, double green,
                                           double blue, uint32_t *index);

// ---- meshes -----------------------------------------------------------------------------------
// A slot gives triangles their material and what they are called in labels.
typedef struct bt_slot {
    uint32_t material;
    bt_class class_id;
} bt_slot;

// Front is where the vertices run counter-clockwise. Positions are in the mesh's own frame and
// should stay within a few hundred metres of its origin (float).
typedef struct bt_mesh_desc {
    const char *name;
    const float *positions; // (vertices x 3), metres
    const float *normals;   // (vertices x 3), unit, shading; NULL: from the triangles, faceted
    const float *uvs;       // (vertices x 2), METRES along the surface for patterns, or in units
                            // of the image (v upward) for textures; NULL: zero
    uint32_t vertex_count;
    const uint32_t *indices; // (triangles x 3)
    uint32_t triangle_count;
    const uint8_t *triangle_slots; // (triangles), index into slots; NULL: all 0
    const bt_slot *slots;
    uint32_t slot_count; // 1..255
} bt_mesh_desc;

// Fails for anything not finite, further than 1e8 m from the origin, or out of range, and for a mesh
// without triangles. Triangles without area are kept, never seen, and warned of; so are lamps that
// have no other.
BT_CHECKED bt_status bt_spec_add_mesh(bt_spec *spec, const bt_mesh_desc *desc, uint32_t *mesh);
// From here on meshes get their indices and are not kept: for who asks what stands where, and shows nothing. Such a
// spec is not compiled.
void bt_spec_keep_no_meshes(bt_spec *spec);

// ---- things that stand still ------------------------------------------------------------------
// No thing is further from the world's origin than 1e8 m, nor larger.
// An object is one thing with one id in the instance image (a tree, a house); surfaces without
// identity (road, ground) use object 0.
BT_CHECKED bt_status bt_spec_add_object(bt_spec *spec, const char *name, bt_class class_id,
                                        uint32_t *object);
BT_CHECKED bt_status bt_spec_add_static(bt_spec *spec, uint32_t mesh, bt_pose world_from_mesh,
                                        double scale, uint32_t object);

// ---- bodies that move -------------------------------------------------------------------------
// A model is a tree of parts. A part's frame turns about `axis` (in its own frame) by
// gain * channel angle, after its rest pose in the parent's frame:
// parent_from_part = rest * rotation(axis, gain * channel_rad[channel]).
//
// A mesh keeps its shape and moves with its part, unless it is a skin: then each vertex follows up to
// four parts of the model, by dual quaternions (skin.h). It is given at rest, all channels 0,
// and has no lamps.
#define BT_SKIN_PARTS 4
typedef struct bt_skin_vertex {
    uint16_t part[BT_SKIN_PARTS]; // indices into the model's parts
    float weight[BT_SKIN_PARTS];  // 0 to 1, their sum is 1
} bt_skin_vertex;

typedef struct bt_part_desc {
    const char *name;
    uint32_t mesh;              // BT_NO_INDEX: a joint only
    uint32_t parent;            // index of an earlier part; BT_NO_INDEX: the actor's own frame
    bt_pose rest;               // parent_from_part with the channel at 0
    bt_vec3 axis;               // unit; ignored without a channel
    int channel;                // bt_channel, or -1
    double gain;                // radians per radian; 0: 1
    uint32_t lamp_mask;         // emission of the mesh is lit while any of these bits is; 0: always
    const bt_skin_vertex *skin; // (skin_count); NULL: the mesh keeps its shape
    uint32_t skin_count;        // the mesh's vertices, three per triangle where it is faceted
} bt_part_desc;

typedef struct bt_keypoint_desc {
    const char *name; // "wheel_front_left", "head", ...
    uint32_t part;    // BT_NO_INDEX: the actor's frame
    bt_vec3 pos_part_m;
} bt_keypoint_desc;

// The labelled cuboid, in the frame of part `part` (BT_NO_INDEX: the actor). Mirrors excluded, as
// nuScenes does. A truck with a trailer has two.
typedef struct bt_cuboid_desc {
    bt_class class_id;
    uint32_t part;
    bt_vec3 centre_m;
    bt_vec3 size_m; // length (x), width (y), height (z)
} bt_cuboid_desc;

typedef struct bt_model_desc {
    const char *name;
    bt_class class_id;
    const bt_part_desc *parts;
    uint32_t part_count;
    const bt_keypoint_desc *keypoints;
    uint32_t keypoint_count;
    const bt_cuboid_desc *cuboids; // at least one
    uint32_t cuboid_count;
} bt_model_desc;

BT_CHECKED bt_status bt_spec_add_model(bt_spec *spec, const bt_model_desc *desc, uint32_t *model);

// An actor is one body in the world; its index is its place in every array of bt_actor_pose. Signal
// heads are actors too: they stand still, their lamps switch.
BT_CHECKED bt_status bt_spec_add_actor(bt_spec *spec, uint32_t model, const char *name,
                                       bt_class class_id, uint32_t *actor);

// ---- ids --------------------------------------------------------------------------------------
// The ids of the instance image, in place of 1 and up for objects and then actors, in order of creation: for a scene
// that is one of several which show parts of one world. Each 1 to 65535, no two alike; objects (object_count) from
// object 1 on.
BT_CHECKED bt_status bt_spec_set_ids(bt_spec *spec, const uint16_t *object_ids,
                                     const uint16_t *actor_ids);
uint32_t bt_spec_object_count(const bt_spec *spec); // without object 0
uint32_t bt_spec_actor_count(const bt_spec *spec);
// Where the objects (object_count, from object 1 on) stand: their first instances; (0, 0, 0) for one without.
void bt_spec_object_places(const bt_spec *spec, bt_vec3 *places_world_m);

// ---- pieces -----------------------------------------------------------------------------------
// A scene that shows the next part of a world has much in common with the one before: the same trees, houses,
// cars. What a generator builds between begin and end is a piece: tints, meshes, models. Its key says all that it
// follows from. A spec that follows a world takes the pieces of that world over instead of having them built again,
// and is then the same as if it had built them.
#define BT_PIECE_RESULT_MAX 128

// Before the first piece: where pieces come from. Both began with the same material sheets. The world outlives the
// use of the spec.
struct bt_world;
void bt_spec_follow(bt_spec *spec, const struct bt_world *before);
// *found: the piece is there, and *result (of so many bytes) is what it ended with. Else it has begun. A result starts
// with a uint32_t: the index of the piece's last model or, where it has none, of its last mesh.
BT_CHECKED bt_status bt_spec_begin_piece(bt_spec *spec, const char *key, void *result, size_t bytes,
                                         bool *found);
// What was begun is built. Not needed when that has failed, for then the spec is of no use.
BT_CHECKED bt_status bt_spec_end_piece(bt_spec *spec, const void *result, size_t bytes);

// ---- light ------------------------------------------------------------------------------------
typedef struct bt_weather {
    double sun_azimuth_rad;   // from +x (east) towards +y (north)
    double sun_elevation_rad; // above the horizon, without refraction; negative: it has set
    double sun_radius_rad;    // 0: 0.2665 degrees; a larger disc shines less, as much in all
    bool moon;                // there is one
    double moon_azimuth_rad, moon_elevation_rad;
    double moon_phase_rad;        // angle at the moon between sun and earth; 0: full, pi: new
    double sky_glow_cd_m2;        // of towns, at the zenith, clouds or not; 0: none
    double cloud;                 // cover, 0..1
    double cloud_optical_depth;   // of the thick parts; 0: 30
    double aerosol_optical_depth; // at 550 nm; 0: 0.10 (clear)
    double angstrom_exponent;     // 0: 1.3
    double ozone_atm_cm;          // 0: 0.34
    double ground_albedo;         // 0: 0.2
    double altitude_m;
    double rain_mm_h, snow_mm_h; // rates; snow as melted water
    double wind_m_s;
    double wind_azimuth_rad; // where it blows to, from +x (east) towards +y (north)
    // Fog: where a contrast of 1 is left with 0.05 (meteorological optical range, WMO-No. 8) at and
    // below the base; 0: there is none. Thinner above the base, by a factor of e each scale height.
    double fog_range_m;
    double fog_base_m;        // height in the world
    double fog_height_m;      // 0: 60 (chosen: half of a radiation fog is below 42 m)
    double fog_droplet_um;    // most frequent radius; 0: 4. shaders/shared/fog.h, fog_table.h
    double fall_extinction_m; // of what falls, 1/m, drawn as fog of large drops
    bool dusk_lamps;          // lamps of streets and houses are lit
    double hour;              // of the local day, 24: midnight, that lamps in houses go by; 0: 21
    double wetness;           // 0 dry .. 1 under a film of water, of all that is not sheltered
} bt_weather;

void bt_spec_set_weather(bt_spec *spec, const bt_weather *weather);

#endif
