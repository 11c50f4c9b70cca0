// spec_piece.c: pieces of a scene that are built once and taken over by the scenes that follow.
//
// A piece holds indices of three kinds. Its meshes and models are counted from its own first ones. Its materials are
// those of the sheets, which all scenes of a run begin with, and tints: these are asked for again, in the same order.
#include "engine/scene/spec_internal.h"

#include <string.h>

// ---- lists ------------------------------------------------------------------------------------
bt_status bt_piece_list_copy(const bt_piece_list *from, bt_piece_list **to)
{
    bt_piece_list *copy = bt_alloc(1, sizeof *copy);
    *to = copy;
    if (copy == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a scene's pieces");
    bt_status status = BT_ARRAY_RESERVE(copy->items, copy->capacity, from->count);
    if (status == BT_OK)
        status = BT_ARRAY_RESERVE(copy->tints, copy->tint_capacity, from->tint_count);
    if (status != BT_OK) return status;
    for (size_t i = 0; i < from->count; i++)
        copy->items[i] = from->items[i];
    for (size_t i = 0; i < from->tint_count; i++)
        copy->tints[i] = from->tints[i];
    copy->count = from->count;
    copy->tint_count = from->tint_count;
    copy->sheet_materials = from->sheet_materials;
    return BT_OK;
}

void bt_piece_list_clear(bt_piece_list *list)
{
    bt_free(list->items);
    bt_free(list->tints);
    *list = (bt_piece_list){0};
}

static const bt_piece *find_piece(const bt_piece_list *list, const bt_sha256 *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (memcmp(&list->items[i].key, key, sizeof *key) == 0) return &list->items[i];
    return NULL;
}

// ---- materials --------------------------------------------------------------------------------
bt_status bt_spec_note_tint(bt_spec *spec, const bt_spec_tint *tint)
{
    bt_piece_list *list = &spec->pieces;
    if (list->sheet_materials == 0) list->sheet_materials = tint->material;
    if (!spec->building) return BT_OK;
    bt_status status = BT_ARRAY_RESERVE(list->tints, list->tint_capacity, list->tint_count + 1);
    if (status != BT_OK) return status;
    list->tints[list->tint_count++] = *tint;
    list->items[list->count - 1].tint_count++;
    return BT_OK;
}

// What a material is now that was `old` where the piece was built; here: what its first tints have become.
static uint32_t material_now(const bt_piece_list *list, const bt_piece *piece, const uint32_t *here,
                             uint32_t known, uint32_t old)
{
    if (old < list->sheet_materials) return old;
    for (uint32_t i = 0; i < known; i++)
        if (list->tints[piece->first_tint + i].material == old) return here[i];
    return BT_NO_INDEX;
}

static bt_status ask_tints(bt_spec *spec, const bt_piece *piece, uint32_t *here)
{
    const bt_piece_list *list = spec->before->pieces;
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < piece->tint_count && status == BT_OK; i++) {
        const bt_spec_tint *t = &list->tints[piece->first_tint + i];
        uint32_t base = material_now(list, piece, here, i, t->base);
        status = bt_spec_tint_material(spec, base, t->rgb[0], t->rgb[1], t->rgb[2], &here[i]);
    }
    return status;
}

// ---- meshes -----------------------------------------------------------------------------------
static bt_status take_mesh(bt_spec *spec, const bt_piece *piece, uint32_t old, const uint32_t *here)
{
    const bt_world *w = spec->before;
    bt_world_mesh m = w->meshes[old];
    if (spec->positions_count + (uint64_t)m.vertex_count > BT_SPEC_MAX_ELEMENTS ||
        spec->indices_count + (uint64_t)m.triangle_count > BT_SPEC_MAX_ELEMENTS)
        return bt_fail(BT_ERR_LIMIT, "the scene exceeds %u vertices or triangles",
                       BT_SPEC_MAX_ELEMENTS);
    bt_status status = bt_spec_reserve_mesh(spec, m.vertex_count, m.triangle_count, m.slot_count);
    if (status != BT_OK) return status;
    size_t vertex = spec->positions_count, triangle = spec->indices_count;
    memcpy(spec->positions + 3 * vertex, w->positions + 3 * (size_t)m.first_vertex,
           3 * sizeof(float) * m.vertex_count);
    memcpy(spec->normals + 3 * vertex, w->normals + 3 * (size_t)m.first_vertex,
           3 * sizeof(float) * m.vertex_count);
    memcpy(spec->uvs + 2 * vertex, w->uvs + 2 * (size_t)m.first_vertex,
           2 * sizeof(float) * m.vertex_count);
    memcpy(spec->indices + 3 * triangle, w->indices + 3 * (size_t)m.first_triangle,
           3 * sizeof(uint32_t) * m.triangle_count);
    memcpy(spec->triangle_slots + triangle, w->triangle_slots + m.first_triangle, m.triangle_count);
    for (uint32_t i = 0; i < m.slot_count; i++) {
        bt_world_slot slot = w->slots[m.first_slot + i];
        slot.material = material_now(w->pieces, piece, here, piece->tint_count, slot.material);
        spec->slots[spec->slots_count + i] = slot;
    }
    m.first_vertex = spec->positions_count;
    m.first_triangle = spec->indices_count;
    m.first_slot = spec->slots_count;
    bt_spec_keep_mesh(spec, &m, old);
    return BT_OK;
}

// ---- models -----------------------------------------------------------------------------------
static bt_status take_part(bt_spec *spec, const bt_world_part *old, uint32_t first_mesh,
                           uint32_t mesh_now)
{
    const bt_world *w = spec->before;
    bt_world_part part = *old;
    if (old->mesh != BT_NO_INDEX) part.mesh = old->mesh - first_mesh + mesh_now;
    bt_status status = bt_spec_keep_name(spec, bt_world_name(w, old->name), &part.name);
    if (status == BT_OK && old->first_skin != BT_NO_INDEX) {
        uint32_t count = w->meshes[old->mesh].vertex_count;
        status = BT_SPEC_GROW(spec, skins, count, 1);
        if (status != BT_OK) return status;
        part.first_skin = spec->skins_count;
        memcpy(spec->skins + spec->skins_count, w->skins + old->first_skin,
               count * sizeof *spec->skins);
        spec->skins_count += count;
    }
    if (status == BT_OK) status = BT_SPEC_GROW(spec, parts, 1, 1);
    if (status == BT_OK) spec->parts[spec->parts_count++] = part;
    return status;
}

static bt_status take_keypoint(bt_spec *spec, const bt_world_keypoint *old)
{
    bt_world_keypoint keypoint = *old;
    bt_status status =
        bt_spec_keep_name(spec, bt_world_name(spec->before, old->name), &keypoint.name);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, keypoints, 1, 1);
    if (status == BT_OK) spec->keypoints[spec->keypoints_count++] = keypoint;
    return status;
}

static bt_status take_model(bt_spec *spec, const bt_world_model *old, uint32_t first_mesh,
                            uint32_t mesh_now)
{
    const bt_world *w = spec->before;
    bt_world_model model = *old;
    model.first_part = spec->parts_count;
    model.first_keypoint = spec->keypoints_count;
    model.first_cuboid = spec->cuboids_count;
    bt_status status = bt_spec_keep_name(spec, bt_world_name(w, old->name), &model.name);
    for (uint32_t i = 0; i < old->part_count && status == BT_OK; i++)
        status = take_part(spec, &w->parts[old->first_part + i], first_mesh, mesh_now);
    for (uint32_t i = 0; i < old->keypoint_count && status == BT_OK; i++)
        status = take_keypoint(spec, &w->keypoints[old->first_keypoint + i]);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, cuboids, old->cuboid_count, 1);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, models, 1, 1);
    if (status != BT_OK) return status;
    for (uint32_t i = 0; i < old->cuboid_count; i++)
        spec->cuboids[spec->cuboids_count++] = w->cuboids[old->first_cuboid + i];
    spec->models[spec->models_count++] = model;
    return BT_OK;
}

// ---- pieces -----------------------------------------------------------------------------------
void bt_spec_follow(bt_spec *spec, const bt_world *before)
{
    spec->before = before;
}

static bt_status take(bt_spec *spec, const bt_piece *piece)
{
    uint32_t *here = bt_alloc((size_t)piece->tint_count + 1, sizeof *here);
    if (here == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a piece's materials");
    uint32_t mesh_now = spec->meshes_count;
    bt_status status = ask_tints(spec, piece, here);
    for (uint32_t i = 0; i < piece->mesh_count && status == BT_OK; i++)
        status = take_mesh(spec, piece, piece->first_mesh + i, here);
    for (uint32_t i = 0; i < piece->model_count && status == BT_OK; i++)
        status = take_model(spec, &spec->before->models[piece->first_model + i], piece->first_mesh,
                            mesh_now);
    bt_free(here);
    return status;
}

bt_status bt_spec_begin_piece(bt_spec *spec, const char *key, void *result, size_t bytes,
                              bool *found)
{
    bt_piece_list *list = &spec->pieces;
    *found = false;
    if (spec->building || bytes < sizeof(uint32_t) || bytes > BT_PIECE_RESULT_MAX)
        return bt_fail(BT_ERR_INTERNAL, "piece '%s': within another, or too large", key);
    bt_sha256 digest;
    bt_status status = bt_sha256_of(key, strlen(key), &digest);
    if (status == BT_OK) status = BT_ARRAY_RESERVE(list->items, list->capacity, list->count + 1);
    if (status != BT_OK) return status;
    if (list->sheet_materials == 0) list->sheet_materials = spec->materials_count;
    bt_piece *piece = &list->items[list->count++];
    *piece = (bt_piece){.key = digest,
                        .first_mesh = spec->meshes_count,
                        .first_model = spec->models_count,
                        .first_tint = (uint32_t)list->tint_count};
    spec->building = true;
    const bt_piece_list *before = spec->before != NULL ? spec->before->pieces : NULL;
    bool alike = before != NULL && before->sheet_materials == list->sheet_materials;
    const bt_piece *there = alike ? find_piece(before, &digest) : NULL;
    if (there == NULL || there->result_bytes != bytes) return BT_OK;
    status = take(spec, there);
    if (status != BT_OK) return status;
    memcpy(result, there->result, bytes);
    // what it began with before is another index here
    uint32_t index = there->model_count > 0 ? spec->models_count - 1 : spec->meshes_count - 1;
    memcpy(result, &index, sizeof index);
    *found = true;
    return bt_spec_end_piece(spec, result, bytes);
}

// Are all of its materials known where the piece may be taken?
static bool is_whole(const bt_spec *spec, const bt_piece *piece)
{
    const bt_piece_list *list = &spec->pieces;
    for (uint32_t i = 0; i < piece->mesh_count; i++) {
        const bt_world_mesh *m = &spec->meshes[piece->first_mesh + i];
        for (uint32_t k = m->first_slot; k < m->first_slot + m->slot_count; k++) {
            uint32_t material = spec->slots[k].material;
            bool known = material < list->sheet_materials;
            for (uint32_t t = 0; t < piece->tint_count && !known; t++)
                known = list->tints[piece->first_tint + t].material == material;
            if (!known) return false;
        }
    }
    return true;
}

bt_status bt_spec_end_piece(bt_spec *spec, const void *result, size_t bytes)
{
    bt_piece_list *list = &spec->pieces;
    if (!spec->building) return bt_fail(BT_ERR_INTERNAL, "a piece ends that has not begun");
    spec->building = false;
    bt_piece *piece = &list->items[list->count - 1];
    piece->mesh_count = spec->meshes_count - piece->first_mesh;
    piece->model_count = spec->models_count - piece->first_model;
    piece->result_bytes = (uint32_t)bytes;
    memcpy(piece->result, result, bytes);
    if (!is_whole(spec, piece)) list->count--; // it is built again where it is needed
    return BT_OK;
}
