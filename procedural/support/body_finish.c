// body_finish.c: a finished body's way into a spec: materials found, meshes and model added.
#include "procedural/support/body.h"

#include <stdio.h>

static bt_status find_materials(const bt_body *body, bt_spec *spec, bt_slot *slots)
{
    for (uint32_t i = 0; i < body->slot_count; i++) {
        const bt_body_slot *from = &body->slots[i];
        bt_status status = bt_spec_find_material(spec, from->material, &slots[i].material);
        if (!status && from->tinted)
            status = bt_spec_tint_material(spec, slots[i].material, from->red, from->green,
                                           from->blue, &slots[i].material);
        if (status) return status;
        slots[i].class_id = from->class_id;
    }
    return BT_OK;
}

// Slots that a mesh may name: to the last it uses.
static uint32_t slots_of(const bt_mesh_builder *mesh)
{
    uint32_t count = 0;
    for (size_t i = 0; i < mesh->triangle_count; i++)
        if (mesh->slots[i] >= count) count = mesh->slots[i] + 1u;
    return count;
}

static bt_status add_mesh(const bt_body *body, uint32_t i, bt_spec *spec, const char *model_name,
                          const bt_slot *slots, uint32_t *meshes)
{
    const bt_body_part *part = &body->parts[i];
    meshes[i] = part->same_mesh_as == BT_NO_INDEX ? BT_NO_INDEX : meshes[part->same_mesh_as];
    if (part->mesh.triangle_count == 0) return BT_OK;
    char name[128];
    snprintf(name, sizeof name, "%s.%s", model_name, part->name);
    return bt_mesh_finish(&part->mesh, spec, name, slots, slots_of(&part->mesh), &meshes[i]);
}

bt_status bt_body_finish(const bt_body *body, bt_spec *spec, const char *name, uint32_t *model)
{
    *model = BT_NO_INDEX;
    bt_status status = bt_body_status(body);
    if (status) return status;
    bt_slot slots[BT_BODY_MAX_SLOTS];
    uint32_t meshes[BT_BODY_MAX_PARTS];
    bt_part_desc parts[BT_BODY_MAX_PARTS];
    status = find_materials(body, spec, slots);
    for (uint32_t i = 0; i < body->part_count && !status; i++) {
        const bt_body_part *from = &body->parts[i];
        status = add_mesh(body, i, spec, name, slots, meshes);
        parts[i] = (bt_part_desc){.name = from->name,
                                  .mesh = meshes[i],
                                  .parent = from->parent,
                                  .rest = from->rest,
                                  .axis = from->axis,
                                  .channel = from->channel,
                                  .gain = from->gain,
                                  .lamp_mask = from->lamp_mask,
                                  .skin = from->skin,
                                  .skin_count = (uint32_t)from->skin_count};
    }
    if (status) return bt_fail_prefix(status, "model '%s'", name);
    bt_model_desc desc = {
        .name = name,
        .class_id = body->class_id,
        .parts = parts,
        .part_count = body->part_count,
        .keypoints = body->keypoints,
        .keypoint_count = body->keypoint_count,
        .cuboids = body->cuboids,
        .cuboid_count = body->cuboid_count,
    };
    return bt_spec_add_model(spec, &desc, model);
}
