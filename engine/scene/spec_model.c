// spec_model.c: bodies that move: models (trees of parts) and the actors made from them.
#include "engine/scene/spec_internal.h"

#include <math.h>

// ---- checks: parts may only hang on earlier parts, so that trees have no cycles -----------------
static bt_status check_part(const bt_spec *spec, const char *model, const bt_model_desc *desc,
                            uint32_t index)
{
    const bt_part_desc *p = &desc->parts[index];
    const char *name = p->name ? p->name : "";
    if (p->mesh != BT_NO_INDEX && p->mesh >= spec->meshes_count)
        return bt_fail(BT_ERR_INPUT, "model '%s': part '%s' has mesh %u of %u", model, name,
                       p->mesh, spec->meshes_count);
    if (p->parent != BT_NO_INDEX && p->parent >= index)
        return bt_fail(BT_ERR_INPUT,
                       "model '%s': part '%s' (%u) hangs on part %u; expected an earlier one",
                       model, name, index, p->parent);
    if (p->channel < -1 || p->channel >= BT_CHANNEL_COUNT)
        return bt_fail(BT_ERR_INPUT, "model '%s': part '%s' has channel %d; expected -1 to %d",
                       model, name, p->channel, BT_CHANNEL_COUNT - 1);
    if (p->channel >= 0 && !(fabs(bt_vec3_length(p->axis) - 1.0) < 1e-3))
        return bt_fail(BT_ERR_INPUT, "model '%s': part '%s': its axis is not of length 1", model,
                       name);
    if (!(fabs(p->gain) <= 1e3))
        return bt_fail(BT_ERR_INPUT, "model '%s': part '%s': gain %g; expected -1000 to 1000",
                       model, name, p->gain);
    return BT_OK;
}

static bool is_weight(const bt_skin_vertex *v, uint32_t parts)
{
    float sum = 0.0f;
    for (int k = 0; k < BT_SKIN_PARTS; k++) {
        if (!(v->weight[k] >= 0.0f && v->weight[k] <= 1.0f) || v->part[k] >= parts) return false;
        sum += v->weight[k];
    }
    return fabsf(sum - 1.0f) < 1e-3f;
}

static bool emits(const bt_spec *spec, const bt_world_mesh *mesh)
{
    for (uint32_t i = 0; i < mesh->slot_count; i++) {
        const bt_material *m = &spec->materials[spec->slots[mesh->first_slot + i].material];
        if (m->emission != BT_NO_SPECTRUM && m->emission_scale > 0.0f) return true;
    }
    return false;
}

// After check_part.
static bt_status check_skin(const bt_spec *spec, const char *model, const bt_model_desc *desc,
                            uint32_t index)
{
    const bt_part_desc *p = &desc->parts[index];
    const char *name = p->name ? p->name : "";
    if (p->skin == NULL) return BT_OK;
    if (p->mesh == BT_NO_INDEX)
        return bt_fail(BT_ERR_INPUT, "model '%s': part '%s' has a skin but no mesh", model, name);
    const bt_world_mesh *mesh = &spec->meshes[p->mesh];
    if (p->skin_count != mesh->vertex_count)
        return bt_fail(BT_ERR_INPUT, "model '%s': part '%s': a skin of %u vertices on a mesh of %u",
                       model, name, p->skin_count, mesh->vertex_count);
    if (emits(spec, mesh))
        return bt_fail(BT_ERR_INPUT, "model '%s': the skin of part '%s' has lamps; expected none",
                       model, name);
    for (uint32_t i = 0; i < mesh->vertex_count; i++)
        if (!is_weight(&p->skin[i], desc->part_count))
            return bt_fail(BT_ERR_INPUT,
                           "model '%s': part '%s': vertex %u of its skin: expected parts below %u "
                           "and weights from 0 to 1 with a sum of 1",
                           model, name, i, desc->part_count);
    return BT_OK;
}

static bt_status check_points(const char *model, const bt_model_desc *desc)
{
    for (uint32_t i = 0; i < desc->keypoint_count; i++) {
        const bt_keypoint_desc *k = &desc->keypoints[i];
        if ((k->part != BT_NO_INDEX && k->part >= desc->part_count) ||
            !bt_spec_finite3(k->pos_part_m))
            return bt_fail(BT_ERR_INPUT, "model '%s': keypoint '%s' has no place (part %u of %u)",
                           model, k->name ? k->name : "", k->part, desc->part_count);
    }
    for (uint32_t i = 0; i < desc->cuboid_count; i++) {
        const bt_cuboid_desc *c = &desc->cuboids[i];
        bool sized = c->size_m.x > 0.0 && c->size_m.y > 0.0 && c->size_m.z > 0.0;
        if ((c->part != BT_NO_INDEX && c->part >= desc->part_count) ||
            (unsigned)c->class_id >= BT_CLASS_COUNT)
            return bt_fail(BT_ERR_INPUT, "model '%s': cuboid %u has part %u of %u, class %u", model,
                           i, c->part, desc->part_count, (unsigned)c->class_id);
        if (!sized || !bt_spec_finite3(c->size_m) || !bt_spec_finite3(c->centre_m))
            return bt_fail(BT_ERR_INPUT, "model '%s': cuboid %u has no size", model, i);
    }
    return BT_OK;
}

static bt_status check_model(const bt_spec *spec, const char *name, const bt_model_desc *desc)
{
    const uint32_t most = 65535;
    if ((unsigned)desc->class_id >= BT_CLASS_COUNT)
        return bt_fail(BT_ERR_INPUT, "model '%s': class %u of %u", name, (unsigned)desc->class_id,
                       (unsigned)BT_CLASS_COUNT);
    if (desc->cuboid_count < 1)
        return bt_fail(BT_ERR_INPUT, "model '%s': it has no cuboid; expected at least one", name);
    if (desc->part_count > most || desc->keypoint_count > most || desc->cuboid_count > most)
        return bt_fail(BT_ERR_LIMIT, "model '%s': more than %u parts, keypoints or cuboids", name,
                       most);
    bt_status status = check_points(name, desc);
    for (uint32_t i = 0; status == BT_OK && i < desc->part_count; i++)
        status = check_part(spec, name, desc, i);
    for (uint32_t i = 0; status == BT_OK && i < desc->part_count; i++)
        status = check_skin(spec, name, desc, i);
    return status;
}

// ---- copying ------------------------------------------------------------------------------------
static bt_status keep_skin(bt_spec *spec, const bt_part_desc *desc, bt_world_part *part)
{
    part->first_skin = BT_NO_INDEX;
    if (desc->skin == NULL) return BT_OK;
    uint32_t count = spec->meshes[desc->mesh].vertex_count;
    bt_status status = BT_SPEC_GROW(spec, skins, count, 1);
    if (status != BT_OK) return status;
    part->first_skin = spec->skins_count;
    for (uint32_t i = 0; i < count; i++)
        spec->skins[spec->skins_count++] = desc->skin[i];
    return BT_OK;
}

static bt_status keep_part(bt_spec *spec, const bt_part_desc *desc)
{
    bt_world_part part = {.mesh = desc->mesh,
                          .parent = desc->parent,
                          .axis = {0.0, 0.0, 1.0},
                          .channel = desc->channel,
                          .gain = desc->gain == 0.0 ? 1.0 : desc->gain,
                          .lamp_mask = desc->lamp_mask};
    if (desc->channel >= 0) part.axis = bt_vec3_normalize(desc->axis);
    bt_status status = bt_spec_check_pose(desc->name ? desc->name : "part", desc->rest, &part.rest);
    if (status == BT_OK) status = bt_spec_keep_name(spec, desc->name, &part.name);
    if (status == BT_OK) status = keep_skin(spec, desc, &part);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, parts, 1, 1);
    if (status == BT_OK) spec->parts[spec->parts_count++] = part;
    return status;
}

static bt_status keep_keypoint(bt_spec *spec, const bt_keypoint_desc *desc)
{
    bt_world_keypoint keypoint = {.part = desc->part, .pos_part_m = desc->pos_part_m};
    bt_status status = bt_spec_keep_name(spec, desc->name, &keypoint.name);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, keypoints, 1, 1);
    if (status == BT_OK) spec->keypoints[spec->keypoints_count++] = keypoint;
    return status;
}

static bt_status keep_model(bt_spec *spec, const bt_model_desc *desc)
{
    bt_world_model model = {.first_part = spec->parts_count,
                            .part_count = desc->part_count,
                            .first_keypoint = spec->keypoints_count,
                            .keypoint_count = desc->keypoint_count,
                            .first_cuboid = spec->cuboids_count,
                            .cuboid_count = desc->cuboid_count,
                            .class_id = (uint32_t)desc->class_id};
    bt_status status = bt_spec_keep_name(spec, desc->name, &model.name);
    for (uint32_t i = 0; status == BT_OK && i < desc->part_count; i++)
        status = keep_part(spec, &desc->parts[i]);
    for (uint32_t i = 0; status == BT_OK && i < desc->keypoint_count; i++)
        status = keep_keypoint(spec, &desc->keypoints[i]);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, cuboids, desc->cuboid_count, 1);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, models, 1, 1);
    if (status != BT_OK) return status;
    for (uint32_t i = 0; i < desc->cuboid_count; i++)
        spec->cuboids[spec->cuboids_count++] = desc->cuboids[i];
    spec->models[spec->models_count++] = model;
    return BT_OK;
}

bt_status bt_spec_add_model(bt_spec *spec, const bt_model_desc *desc, uint32_t *model)
{
    const char *name = desc->name ? desc->name : "";
    uint32_t parts = spec->parts_count, keypoints = spec->keypoints_count;
    uint32_t skins = spec->skins_count;
    *model = BT_NO_INDEX;
    if (spec->models_count >= BT_SPEC_MAX_ELEMENTS / 65536u)
        return bt_fail(BT_ERR_LIMIT, "more than %u models", BT_SPEC_MAX_ELEMENTS / 65536u);
    bt_status status = check_model(spec, name, desc);
    if (status == BT_OK) {
        status = keep_model(spec, desc);
        if (status != BT_OK) status = bt_fail_prefix(status, "model '%s'", name);
    }
    if (status != BT_OK) {
        // forget what was half kept
        spec->parts_count = parts;
        spec->keypoints_count = keypoints;
        spec->skins_count = skins;
        return status;
    }
    *model = spec->models_count - 1;
    return BT_OK;
}

bt_status bt_spec_add_actor(bt_spec *spec, uint32_t model, const char *name, bt_class class_id,
                            uint32_t *actor)
{
    *actor = BT_NO_INDEX;
    if (model >= spec->models_count)
        return bt_fail(BT_ERR_INPUT, "actor '%s': there is no model %u of %u", name ? name : "",
                       model, spec->models_count);
    if ((unsigned)class_id >= BT_CLASS_COUNT)
        return bt_fail(BT_ERR_INPUT, "actor '%s': class %u of %u", name ? name : "",
                       (unsigned)class_id, (unsigned)BT_CLASS_COUNT);
    if (spec->actors_count >= BT_SPEC_MAX_IDS)
        return bt_fail(BT_ERR_LIMIT, "more than %u actors: ids are 16 bits", BT_SPEC_MAX_IDS);
    bt_world_actor a = {.model = model, .class_id = (uint32_t)class_id};
    bt_status status = bt_spec_keep_name(spec, name, &a.name);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, actors, 1, 1);
    if (status != BT_OK) return status;
    spec->actors[spec->actors_count] = a;
    *actor = spec->actors_count++;
    return BT_OK;
}
