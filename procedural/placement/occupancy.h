// occupancy.h: which square metres are taken, so that things do not stand in one another.
#ifndef BT_PROCEDURAL_OCCUPANCY_H
#define BT_PROCEDURAL_OCCUPANCY_H

#include "engine/core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Cells of half a metre, in square blocks that a hash table finds. Zeroed is empty.
typedef struct bt_occupancy {
    uint64_t *keys;   // (capacity) where a block lies; 0: none is there
    uint32_t *blocks; // (capacity) its number
    uint8_t *marks;   // (block_count x cells of a block)
    size_t capacity, block_count, mark_capacity;
} bt_occupancy;

void bt_occupancy_clear(bt_occupancy *set);
// Kinds of use, so that low things may share ground (a hedge at a house's lawn): a place is taken
// when it has any of the mask's bits.
#define BT_TAKEN_SOLID 1u // houses, trunks, poles, fences
#define BT_TAKEN_PAVED 2u // driveways and paths
#define BT_TAKEN_CROWN 4u // under a tree
#define BT_TAKEN_PLOT 8u  // gardens

BT_CHECKED bt_status bt_occupancy_add_disc(bt_occupancy *set, double x_m, double y_m,
                                           double radius_m, unsigned mark);
// A rectangle: centre, unit vector along its length, half length and half width.
BT_CHECKED bt_status bt_occupancy_add_box(bt_occupancy *set, double x_m, double y_m, double ux,
                                          double uy, double half_length_m, double half_width_m,
                                          unsigned mark);
bool bt_occupancy_disc_free(const bt_occupancy *set, double x_m, double y_m, double radius_m,
                            unsigned mask);
bool bt_occupancy_box_free(const bt_occupancy *set, double x_m, double y_m, double ux, double uy,
                           double half_length_m, double half_width_m, unsigned mask);

#endif
