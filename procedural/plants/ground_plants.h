// ground_plants.h: grass tufts, weeds, hedges: small plants of real blades and leaves.
#ifndef BT_PROCEDURAL_GROUND_PLANTS_H
#define BT_PROCEDURAL_GROUND_PLANTS_H

#include "procedural/plants/tree.h"

// A patch of grass about 0.6 m across: bent blades in tufts. `height_m` is the mean blade's.
// dryness 0..1 mixes "grass" and "dry_grass" blades.
typedef struct bt_grass_desc {
    double radius_m, height_m, dryness;
    uint32_t blades;
} bt_grass_desc;
BT_CHECKED bt_status bt_grass_build(bt_spec *spec, const bt_grass_desc *desc, uint64_t seed,
                                    uint64_t index, bt_plant *plant);

// A broad-leaved weed: rosette of leaves and a few stalks.
BT_CHECKED bt_status bt_weed_build(bt_spec *spec, uint64_t seed, uint64_t index, bt_plant *plant);

// A piece of clipped hedge along x: length, width and height about its foot's middle; a dark inner
// body with leaves all over it.
BT_CHECKED bt_status bt_hedge_build(bt_spec *spec, double length_m, double width_m, double height_m,
                                    uint64_t seed, uint64_t index, bt_plant *plant);

#endif
