// prop_parts.h: what the files of props share: their materials, the solids they are put together from, and each prop's
// mesh. A prop stands at the origin, z up, its front to +x; its slots are those of prop_slot.
#ifndef BT_PROCEDURAL_PROP_PARTS_H
#define BT_PROCEDURAL_PROP_PARTS_H

#include "procedural/mesh_shapes.h"

typedef enum prop_slot {
    GALVANISED,
    GREY,
    GREEN,
    BLACK,
    CONCRETE,
    WOOD,
    FENCE,
    STONE,
    PLASTIC,
    ORANGE,
    WHITE,
    RED,
    LAMP,
    SODIUM,
    LANTERN,
    RAIL,
    BRICK,
    GLASS,
    YELLOW,
    SLOTS
} prop_slot;

// Short names for tables of numbers.
static inline bt_vec3 at(double x, double y, double z)
{
    return (bt_vec3){x, y, z};
}

static inline void box(bt_mesh_builder *m, prop_slot slot, bt_vec3 low, bt_vec3 high)
{
    bt_pose pose = {bt_vec3_lerp(low, high, 0.5), BT_QUAT_IDENTITY};
    m->slot = (uint8_t)slot;
    bt_mesh_add_box(m, pose, bt_vec3_sub(high, low));
}

static inline void rounded(bt_mesh_builder *m, prop_slot slot, bt_vec3 low, bt_vec3 high,
                           double radius)
{
    bt_pose pose = {bt_vec3_lerp(low, high, 0.5), BT_QUAT_IDENTITY};
    m->slot = (uint8_t)slot;
    bt_mesh_add_rounded_box(m, pose, bt_vec3_sub(high, low), radius, 2);
}

static inline void rod(bt_mesh_builder *m, prop_slot slot, bt_vec3 from, bt_vec3 to, double r0,
                       double r1, unsigned sides)
{
    m->slot = (uint8_t)slot;
    bt_mesh_add_cylinder(m, from, to, r0, r1, sides);
}

// prop_furniture.c: what stands alone
void prop_lamp_street(bt_mesh_builder *m);
void prop_lamp_post(bt_mesh_builder *m);
void prop_lamp_motorway(bt_mesh_builder *m);
void prop_utility_pole(bt_mesh_builder *m);
void prop_delineator(bt_mesh_builder *m);
void prop_bollard(bt_mesh_builder *m);
void prop_bin(bt_mesh_builder *m);
void prop_wheeled_bin(bt_mesh_builder *m);
void prop_bench(bt_mesh_builder *m);
void prop_mailbox(bt_mesh_builder *m);
void prop_cabinet(bt_mesh_builder *m);
void prop_hydrant(bt_mesh_builder *m);
void prop_cone(bt_mesh_builder *m);
void prop_drum(bt_mesh_builder *m);
void prop_trestle(bt_mesh_builder *m);
void prop_manhole(bt_mesh_builder *m);
void prop_drain(bt_mesh_builder *m);
void prop_bus_shelter(bt_mesh_builder *m);

// prop_modules.c: what stands in rows, one module each, along y
void prop_guard_rail(bt_mesh_builder *m);
void prop_concrete_barrier(bt_mesh_builder *m);
void prop_noise_wall(bt_mesh_builder *m);
void prop_noise_wall_low(bt_mesh_builder *m);
void prop_fence_plank(bt_mesh_builder *m);
void prop_fence_picket(bt_mesh_builder *m);
void prop_fence_bars(bt_mesh_builder *m);
void prop_fence_rail(bt_mesh_builder *m);
void prop_wall(bt_mesh_builder *m);

#endif
