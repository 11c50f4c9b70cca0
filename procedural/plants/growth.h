// growth.h: how a tree's stems and leaves come to be where they are.
//
// Weber and Penn 1995, "Creation and rendering of realistic trees": stems of a few levels, each with
// its own length, taper, curvature, splitting and branching, scaled by the crown's shape. Parameter
// names are the paper's, angles in degrees as in its tables.
//
// Ownership: a form owns its arrays, cleared by its holder. z is up, the trunk's foot the origin.
#ifndef BT_PROCEDURAL_GROWTH_H
#define BT_PROCEDURAL_GROWTH_H

#include "engine/core/status.h"
#include "engine/math/pose.h"

#include <stddef.h>
#include <stdint.h>

#define BT_TREE_MAX_LEVELS 4

typedef enum bt_crown_shape { // the paper's ShapeRatio, in its order
    BT_CROWN_CONICAL,
    BT_CROWN_SPHERICAL,
    BT_CROWN_HEMISPHERICAL,
    BT_CROWN_CYLINDRICAL,
    BT_CROWN_TAPERED_CYLINDRICAL,
    BT_CROWN_FLAME,
    BT_CROWN_INVERSE_CONICAL,
    BT_CROWN_TEND_FLAME,
} bt_crown_shape;

typedef struct bt_stem_level {
    double length, length_v; // fraction of the parent's (trunk: of the tree's height)
    double taper;            // 1: to a point
    int curve_res;           // segments
    double curve_deg, curve_back_deg, curve_v_deg;
    double seg_splits, split_angle_deg, split_angle_v_deg;
    double down_angle_deg, down_angle_v_deg;
    double rotate_deg, rotate_v_deg;
    int branches; // stems of this level on one parent, at most
} bt_stem_level;

typedef struct bt_tree_species {
    const char *name;
    const char *bark, *leaf; // material names
    bt_crown_shape shape;
    double height_m, height_v_m;
    double base_size; // fraction of the trunk without branches
    double ratio, ratio_power, flare;
    double attraction_up; // > 0: stems of level 2 and up bend to the light; < 0: they hang
    int base_splits;      // trunks from the first fork
    int level_count;
    bt_stem_level levels[BT_TREE_MAX_LEVELS];
    int leaves; // per stem of the last level
    double leaf_length_m, leaf_width_m, leaf_width_v;
    double leaf_down_deg;  // from the stem's direction
    double leaf_level;     // 0: as they grow .. 1: blade turned flat to the sky
    int leaf_blades;       // 1: a leaf; more: needles, leaflets or leaves of a spur in a fan
    double leaf_blade_deg; // opening of the fan
    double leaf_stalk;     // of a blade of a fan, as a share of its length
} bt_tree_species;

typedef struct bt_tree_node {
    bt_vec3 pos_m;
    double radius_m;
} bt_tree_node;

typedef struct bt_tree_stem {
    uint32_t first_node, node_count;
    int level;
} bt_tree_stem;

typedef struct bt_tree_leaf {
    bt_vec3 pos_m;
    bt_vec3 dir, normal; // along the midrib; out of the upper side
    double length_m, width_m;
} bt_tree_leaf;

typedef struct bt_tree_form {
    bt_tree_node *nodes;
    size_t node_count, node_capacity;
    bt_tree_stem *stems;
    size_t stem_count, stem_capacity;
    bt_tree_leaf *leaves;
    size_t leaf_count, leaf_capacity;
} bt_tree_form;

// `form` must be zeroed. On failure it holds a part; clear it all the same.
BT_CHECKED bt_status bt_tree_grow(const bt_tree_species *species, uint64_t seed, uint64_t index,
                                  bt_tree_form *form);
void bt_tree_form_clear(bt_tree_form *form);

// Table 1 of the paper: length of a stem at `ratio` (0 crown's top .. 1 its base) of the crown.
double bt_crown_shape_ratio(bt_crown_shape shape, double ratio);

#endif
