// palette.h: a generator's list of materials, looked up by name into the slots of its meshes.
#ifndef BT_PROCEDURAL_PALETTE_H
#define BT_PROCEDURAL_PALETTE_H

#include "engine/scene/spec.h"

// One slot as a generator names it; its place in the list is the slot number.
typedef struct bt_palette_entry {
    const char *material;
    bt_class class_id;
} bt_palette_entry;

// Fills slots (count of them). Fails when a material is not in the spec.
BT_CHECKED static inline bt_status bt_palette_find(const bt_spec *spec,
                                                   const bt_palette_entry *entries, uint32_t count,
                                                   bt_slot *slots)
{
    for (uint32_t i = 0; i < count; i++) {
        slots[i].class_id = entries[i].class_id;
        bt_status status = bt_spec_find_material(spec, entries[i].material, &slots[i].material);
        if (status) return status;
    }
    return BT_OK;
}

#endif
