// body.c: parts, slots, keypoints of a body in the making.
#include "procedural/support/body.h"

#include "engine/core/memory.h"

#include <stdio.h>
#include <string.h>

bt_status bt_body_create(bt_class class_id, bt_body **body)
{
    *body = bt_alloc(1, sizeof **body);
    if (!*body) return bt_fail(BT_ERR_MEMORY, "no memory for a body");
    (*body)->class_id = class_id;
    return BT_OK;
}

void bt_body_destroy(bt_body *body)
{
    if (!body) return;
    for (uint32_t i = 0; i < body->part_count; i++) {
        bt_mesh_clear(&body->parts[i].mesh);
        bt_free(body->parts[i].skin);
    }
    bt_free(body);
}

static void body_fail(bt_body *body, const char *what)
{
    if (!body->status) body->status = bt_fail(BT_ERR_LIMIT, "a body has too many %s", what);
}

static uint8_t find_slot(bt_body *body, const bt_body_slot *slot)
{
    for (uint32_t i = 0; i < body->slot_count; i++) {
        const bt_body_slot *s = &body->slots[i];
        if (strcmp(s->material, slot->material) == 0 && s->tinted == slot->tinted &&
            s->red == slot->red && s->green == slot->green && s->blue == slot->blue &&
            s->class_id == slot->class_id)
            return (uint8_t)i;
    }
    if (body->slot_count == BT_BODY_MAX_SLOTS) {
        body_fail(body, "materials");
        return 0;
    }
    body->slots[body->slot_count] = *slot;
    return (uint8_t)body->slot_count++;
}

uint8_t bt_body_material(bt_body *body, const char *material)
{
    bt_body_slot slot = {.material = material, .class_id = body->class_id};
    return find_slot(body, &slot);
}

uint8_t bt_body_tinted(bt_body *body, const char *material, const double srgb[3])
{
    bt_body_slot slot = {material, true, srgb[0], srgb[1], srgb[2], body->class_id};
    return find_slot(body, &slot);
}

uint32_t bt_body_add_part(bt_body *body, const char *name, uint32_t parent, bt_pose rest)
{
    if (body->part_count == BT_BODY_MAX_PARTS) {
        body_fail(body, "parts");
        return 0;
    }
    bt_body_part *part = &body->parts[body->part_count];
    snprintf(part->name, sizeof part->name, "%s", name);
    part->same_mesh_as = BT_NO_INDEX;
    part->parent = parent;
    part->rest = rest;
    part->axis = bt_vec3_make(0.0, 0.0, 1.0);
    part->channel = -1;
    part->gain = 1.0;
    return body->part_count++;
}

uint32_t bt_body_add_joint(bt_body *body, const char *name, uint32_t parent, bt_pose rest,
                           bt_vec3 axis, bt_channel channel, double gain)
{
    uint32_t index = bt_body_add_part(body, name, parent, rest);
    body->parts[index].axis = axis;
    body->parts[index].channel = (int)channel;
    body->parts[index].gain = gain;
    return index;
}

bt_mesh_builder *bt_body_mesh(bt_body *body, uint32_t part, uint8_t slot)
{
    bt_mesh_builder *mesh = &body->parts[part].mesh;
    mesh->slot = slot;
    return mesh;
}

void bt_body_bind(bt_body *body, uint32_t part, bt_body_bind_fn bind, const void *context)
{
    bt_body_part *p = &body->parts[part];
    bt_status status = BT_ARRAY_RESERVE(p->skin, p->skin_capacity, p->mesh.vertex_count);
    if (status) {
        if (!body->status) body->status = status;
        return;
    }
    for (; p->skin_count < p->mesh.vertex_count; p->skin_count++)
        p->skin[p->skin_count] = bind(context, bt_mesh_position(&p->mesh, (uint32_t)p->skin_count));
}

const bt_mesh_builder *bt_body_shown_mesh(const bt_body *body, uint32_t part)
{
    uint32_t other = body->parts[part].same_mesh_as;
    return &body->parts[other == BT_NO_INDEX ? part : other].mesh;
}

void bt_body_add_keypoint(bt_body *body, const char *name, uint32_t part, bt_vec3 pos_part_m)
{
    if (body->keypoint_count == BT_BODY_MAX_KEYPOINTS) {
        body_fail(body, "keypoints");
        return;
    }
    body->keypoints[body->keypoint_count++] = (bt_keypoint_desc){name, part, pos_part_m};
}

void bt_body_add_cuboid(bt_body *body, bt_class class_id, uint32_t part, bt_vec3 min_m,
                        bt_vec3 max_m)
{
    if (body->cuboid_count == BT_BODY_MAX_CUBOIDS) {
        body_fail(body, "cuboids");
        return;
    }
    body->cuboids[body->cuboid_count++] = (bt_cuboid_desc){
        class_id, part, bt_vec3_lerp(min_m, max_m, 0.5), bt_vec3_sub(max_m, min_m)};
}

void bt_body_pose_parts(const bt_body *body, const double *channel_rad, bt_pose *actor_from_part)
{
    for (uint32_t i = 0; i < body->part_count; i++) {
        const bt_body_part *part = &body->parts[i];
        bt_pose local = part->rest;
        if (part->channel >= 0 && channel_rad) {
            double angle = part->gain * channel_rad[part->channel];
            local.rot = bt_quat_mul(local.rot, bt_quat_axis_angle(part->axis, angle));
        }
        actor_from_part[i] =
            part->parent == BT_NO_INDEX ? local : bt_pose_mul(actor_from_part[part->parent], local);
    }
}

void bt_body_rest_bounds(const bt_body *body, bt_vec3 *min_m, bt_vec3 *max_m)
{
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(body, NULL, poses);
    *min_m = bt_vec3_make(HUGE_VAL, HUGE_VAL, HUGE_VAL);
    *max_m = bt_vec3_make(-HUGE_VAL, -HUGE_VAL, -HUGE_VAL);
    for (uint32_t i = 0; i < body->part_count; i++) {
        const bt_mesh_builder *mesh = bt_body_shown_mesh(body, i);
        for (size_t v = 0; v < mesh->vertex_count && !body->parts[i].beyond_cuboid; v++) {
            bt_vec3 p = bt_pose_point(poses[i], bt_mesh_position(mesh, (uint32_t)v));
            *min_m = bt_vec3_make(fmin(min_m->x, p.x), fmin(min_m->y, p.y), fmin(min_m->z, p.z));
            *max_m = bt_vec3_make(fmax(max_m->x, p.x), fmax(max_m->y, p.y), fmax(max_m->z, p.z));
        }
    }
}

bt_status bt_body_status(const bt_body *body)
{
    bt_status status = body->status;
    for (uint32_t i = 0; i < body->part_count && !status; i++)
        status = body->parts[i].mesh.status;
    return status;
}

bt_status bt_body_seal(bt_body **body, bt_class class_id)
{
    bt_vec3 low, high;
    bt_body_rest_bounds(*body, &low, &high);
    bt_body_add_cuboid(*body, class_id, BT_NO_INDEX, low, high);
    bt_status status = bt_body_status(*body);
    if (status) {
        bt_body_destroy(*body);
        *body = NULL;
    }
    return status;
}
