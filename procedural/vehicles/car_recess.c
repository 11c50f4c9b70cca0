// car_recess.c: openings in the skin, and lamps in them.
#include "procedural/vehicles/car_internal.h"

#include <stdio.h>

bt_pose bt_car_on_skin(const bt_patch_vertex *at, double out_m)
{
    bt_vec3 level = bt_vec3_cross(at->normal, bt_vec3_make(0.0, 0.0, 1.0));
    return bt_pose_along(bt_vec3_mad(at->pos, at->normal, out_m), at->normal,
                         bt_vec3_scale(level, -1.0));
}

void bt_car_recess(bt_car *car, const bt_car_region *region, double depth_m, uint8_t wall_slot,
                   uint8_t back_slot, bt_patch *region_patch)
{
    bt_patch hole = {0};
    bt_patch_cut(&car->skin, bt_car_region_distance, region, 0.0, &hole);
    car->mesh->slot = wall_slot;
    bt_patch_emit_walls(&hole, car->mesh, 0.0, depth_m);
    car->mesh->slot = back_slot;
    bt_patch_emit(&hole, car->mesh, depth_m);
    if (region_patch)
        *region_patch = hole;
    else
        bt_patch_clear(&hole);
}

void bt_car_window(bt_car *car, const bt_car_region *region)
{
    bt_patch rim = {0}, glass = {0};
    bt_patch_cut(&car->skin, bt_car_region_distance, region, 0.012, &rim);
    bt_patch_cut(&rim, bt_car_region_distance, region, -0.025, &glass);
    car->mesh->slot = car->slots.black;
    bt_patch_emit(&rim, car->mesh, 0.002);
    car->mesh->slot = car->slots.glass;
    bt_patch_emit(&glass, car->mesh, 0.008);
    bt_patch_clear(&rim);
    bt_patch_clear(&glass);
}

bt_mesh_builder *bt_car_lamp_begin(bt_car *car, const char *name, uint8_t slot, uint32_t mask,
                                   uint32_t *part)
{
    *part = bt_body_add_part(car->body, name, car->part, BT_POSE_IDENTITY);
    car->body->parts[*part].lamp_mask = mask;
    return bt_body_mesh(car->body, *part, slot);
}

void bt_car_lamp_end(bt_car *car, uint32_t part, const char *right_name, uint32_t mask_right)
{
    bt_body *body = car->body;
    bt_mesh_mark start = {0, 0};
    if (mask_right == body->parts[part].lamp_mask) {
        bt_mesh_mirror_y(&body->parts[part].mesh, start);
        return;
    }
    uint32_t right = bt_body_add_part(body, right_name, car->part, BT_POSE_IDENTITY);
    body->parts[right].lamp_mask = mask_right;
    bt_mesh_append(&body->parts[right].mesh, &body->parts[part].mesh, BT_POSE_IDENTITY);
    bt_mesh_scale(&body->parts[right].mesh, start, bt_vec3_make(1.0, -1.0, 1.0));
}

void bt_car_lamp(bt_car *car, const bt_patch *patch, double depth_m, const char *name, uint8_t slot,
                 uint32_t mask_left, uint32_t mask_right)
{
    if (patch->triangle_count == 0) return;
    char left[48], right[48];
    bool both = mask_left == mask_right;
    snprintf(left, sizeof left, both ? "%s" : "%s_left", name);
    snprintf(right, sizeof right, "%s_right", name);
    uint32_t part;
    bt_patch_emit(patch, bt_car_lamp_begin(car, left, slot, mask_left, &part), depth_m);
    bt_car_lamp_end(car, part, right, mask_right);
}
