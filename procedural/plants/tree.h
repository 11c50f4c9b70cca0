// tree.h: trees and shrubs as meshes: tapered branches and leaves of real leaf shape.
//
// A prototype is grown once and instanced many times, turned and scaled.
#ifndef BT_PROCEDURAL_TREE_H
#define BT_PROCEDURAL_TREE_H

#include "engine/scene/spec.h"
#include "procedural/plants/growth.h"

typedef enum bt_tree_kind {
    BT_TREE_OAK,    // broad, heavy limbs
    BT_TREE_MAPLE,  // dense and round
    BT_TREE_BIRCH,  // slender, hanging twigs, white bark
    BT_TREE_POPLAR, // tall and narrow
    BT_TREE_PINE,   // bare reddish trunk, crown at the top
    BT_TREE_SPRUCE, // conical, branches to the ground
    BT_TREE_YOUNG,  // street tree, few years old
    BT_TREE_SHRUB,  // many stems from the ground
    BT_TREE_BUSH,   // low and wide
    BT_TREE_KIND_COUNT
} bt_tree_kind;

const bt_tree_species *bt_tree_species_get(bt_tree_kind kind);

typedef struct bt_plant {
    uint32_t mesh;
    double height_m, radius_m; // of the crown, about the foot
    double trunk_radius_m;
    double low_radius_m; // reach of what hangs lower than 4.5 m
} bt_plant;

// detail in (0, 1]: 1 a tree to stand beside; below, fewer and larger leaves and only the thick
// stems, the crown's mass kept. 20 000 to 170 000 triangles at 1, in proportion below.
#define BT_FAR_TREE_DETAIL 0.12 // of one that is seen from afar
BT_CHECKED bt_status bt_tree_build(bt_spec *spec, const bt_tree_species *species, uint64_t seed,
                                   uint64_t index, double detail, bt_plant *plant);

// A clump of `count` far trees of the species over a disc, one mesh, for wooded hills.
typedef struct bt_grove_desc {
    const bt_tree_species *const *species; // (species_count), mixed at random
    uint32_t species_count;
    uint32_t tree_count;
    double radius_m;
    double detail; // of each tree
} bt_grove_desc;
BT_CHECKED bt_status bt_grove_build(bt_spec *spec, const bt_grove_desc *desc, uint64_t seed,
                                    uint64_t index, bt_plant *plant);

#endif
