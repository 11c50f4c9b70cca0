// gltf.h: reads a glTF 2.0 scene (.gltf or .glb) into a spec, so that scenes made elsewhere can be
// rendered and compared.
//
// Geometry and nodes come through Assimp, from a copy that has been checked (gltf_document.h). y up
// becomes z up. Meshes are shared by the nodes that show them; where a node mirrors or scales
// unevenly, it gets a copy. Materials: metallic-roughness, transmission and volume (glass, thin
// where the volume has no thickness, else tinted by its attenuation), ior, clear coat over what is
// no metal, emissive with its strength (luminance in cd m^-2, as the standard says); alpha cut out,
// or covering a part by chance; images from files beside the scene, from the binary chunk, or from
// data URIs, and one
// texture transform for each material. Surfaces are seen from both sides, lamps shine from their
// front. Left out, each with a warning that names it: animations, skins, cameras, point and spot
// lights, vertex colours, second uv sets, textures that cannot be read (the plain factor shows).
#ifndef BT_SCENE_GLTF_H
#define BT_SCENE_GLTF_H

#include "engine/scene/spec.h"

typedef struct bt_gltf_info {
    uint32_t meshes, statics, materials, textures, warnings;
    uint64_t triangles; // of the meshes, each counted once
} bt_gltf_info;

// Where a scene stands: its own axes, z up, in the world. All zero: at the origin, as it is.
typedef struct bt_gltf_place {
    bt_vec3 pos_world_m;
    double heading_rad; // about z, from x towards y
    double scale;       // 0: 1
} bt_gltf_place;

// Fails for a malformed file (one line that names it); the spec may then hold a part. place NULL: at
// the origin.
BT_CHECKED bt_status bt_gltf_load(bt_spec *spec, const char *path, const bt_gltf_place *place,
                                  bt_gltf_info *info);

#endif
