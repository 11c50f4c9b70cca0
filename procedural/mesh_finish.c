// mesh_finish.c: a finished mesh's way into a spec.
#include "procedural/mesh_builder.h"

bt_status bt_mesh_finish(const bt_mesh_builder *mesh, bt_spec *spec, const char *name,
                         const bt_slot *slots, uint32_t slot_count, uint32_t *index)
{
    *index = BT_NO_INDEX;
    if (mesh->status) return mesh->status;
    if (mesh->triangle_count == 0)
        return bt_fail(BT_ERR_INTERNAL, "mesh '%s' has no triangles", name);
    bt_mesh_desc desc = {
        .name = name,
        .positions = mesh->positions,
        .normals = mesh->normals,
        .uvs = mesh->uvs,
        .vertex_count = (uint32_t)mesh->vertex_count,
        .indices = mesh->indices,
        .triangle_count = (uint32_t)mesh->triangle_count,
        .triangle_slots = mesh->slots,
        .slots = slots,
        .slot_count = slot_count,
    };
    return bt_spec_add_mesh(spec, &desc, index);
}
