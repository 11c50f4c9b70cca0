// species_internal.h: the tables of species.c and species_low.c together.
#ifndef BT_PLANTS_SPECIES_INTERNAL_H
#define BT_PLANTS_SPECIES_INTERNAL_H

#include "procedural/plants/tree.h"

// Of what is lower than a tree: kinds from BT_TREE_YOUNG on.
const bt_tree_species *bt_species_low(bt_tree_kind kind);

#endif
