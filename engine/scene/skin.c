// skin.c: dual quaternions blended over a mesh.
#include "engine/scene/skin.h"

#include "engine/core/memory.h"

#include <math.h>

#include "shaders/shared/octahedral.h"

// ---- unit dual quaternions: a turn and, as its dual part, half the way times the turn -----------
typedef struct dual {
    bt_quat turn, way;
} dual;

static dual dual_from_pose(bt_pose pose)
{
    bt_quat half = {0.0, 0.5 * pose.pos.x, 0.5 * pose.pos.y, 0.5 * pose.pos.z};
    return (dual){pose.rot, bt_quat_mul(half, pose.rot)};
}

static bt_pose pose_from_dual(const dual *d)
{
    bt_quat half = bt_quat_mul(d->way, bt_quat_conjugate(d->turn));
    return (bt_pose){{2.0 * half.x, 2.0 * half.y, 2.0 * half.z}, d->turn};
}

static double quat_dot(bt_quat a, bt_quat b)
{
    return a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z;
}
static bt_quat quat_add(bt_quat a, bt_quat b, double weight)
{
    return (bt_quat){a.w + weight * b.w, a.x + weight * b.x, a.y + weight * b.y,
                     a.z + weight * b.z};
}
static bt_quat quat_scale(bt_quat a, double scale)
{
    return quat_add((bt_quat){0.0, 0.0, 0.0, 0.0}, a, scale);
}

// Kavan et al. 2008, eq. 4: the normalised sum, all in the first one's hemisphere.
static bt_pose blend(const dual *moves, const bt_skin_vertex *v)
{
    const dual *first = &moves[v->part[0]];
    dual sum = {{0.0, 0.0, 0.0, 0.0}, {0.0, 0.0, 0.0, 0.0}};
    for (int k = 0; k < BT_SKIN_PARTS; k++) {
        const dual *m = &moves[v->part[k]];
        double weight = (double)v->weight[k];
        if (quat_dot(first->turn, m->turn) < 0.0) weight = -weight;
        sum.turn = quat_add(sum.turn, m->turn, weight);
        sum.way = quat_add(sum.way, m->way, weight);
    }
    double length = sqrt(quat_dot(sum.turn, sum.turn));
    if (!(length > 1e-6)) return pose_from_dual(first); // opposite turns: no way between
    sum.turn = quat_scale(sum.turn, 1.0 / length);
    sum.way = quat_scale(sum.way, 1.0 / length);
    return pose_from_dual(&sum);
}

// ---- how parts have moved -------------------------------------------------------------------------
static bt_pose part_pose(const bt_world_part *parts, uint32_t part, const bt_actor_pose *pose)
{
    bt_pose actor_from_part = BT_POSE_IDENTITY;
    for (uint32_t i = part; i != BT_NO_INDEX; i = parts[i].parent)
        actor_from_part = bt_pose_mul(bt_world_part_pose(&parts[i], pose), actor_from_part);
    return actor_from_part;
}

// What takes a point of part `skin`, at rest and following part `part`, to where it is now.
static dual move_of(const bt_world_part *parts, uint32_t skin, uint32_t part,
                    const bt_actor_pose *pose)
{
    static const bt_actor_pose rest;
    bt_pose part_from_skin =
        bt_pose_mul(bt_pose_inverse(part_pose(parts, part, &rest)), part_pose(parts, skin, &rest));
    bt_pose skin_from_part =
        bt_pose_mul(bt_pose_inverse(part_pose(parts, skin, pose)), part_pose(parts, part, pose));
    bt_pose move = bt_pose_mul(skin_from_part, part_from_skin);
    move.rot = bt_quat_normalize(move.rot);
    return dual_from_pose(move);
}

static bt_deformed_vertex bend(const bt_pose *move, const float *position, const float *normal)
{
    bt_vec3 p = {(double)position[0], (double)position[1], (double)position[2]};
    bt_vec3 n = {(double)normal[0], (double)normal[1], (double)normal[2]};
    p = bt_pose_point(*move, p);
    n = bt_quat_rotate(move->rot, n);
    return (bt_deformed_vertex){{(float)p.x, (float)p.y, (float)p.z},
                                bt_normal_pack(float3((float)n.x, (float)n.y, (float)n.z))};
}

bt_status bt_skin_bend(const bt_world *world, uint32_t actor, uint32_t part,
                       const bt_actor_pose *pose, uint32_t step, bt_deformed_vertex *vertices)
{
    const bt_world_model *model = &world->models[world->actors[actor].model];
    const bt_world_part *parts = world->parts + model->first_part;
    const bt_world_mesh *mesh = &world->meshes[parts[part].mesh];
    dual *moves = bt_alloc(model->part_count, sizeof *moves);
    if (moves == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a skin");
    for (uint32_t i = 0; i < model->part_count; i++)
        moves[i] = move_of(parts, part, i, pose);
    const float *positions = world->positions + 3 * (size_t)mesh->first_vertex;
    const float *normals = world->normals + 3 * (size_t)mesh->first_vertex;
    const bt_skin_vertex *skin = world->skins + parts[part].first_skin;
    for (size_t i = 0; i < mesh->vertex_count; i += step) {
        bt_pose move = blend(moves, &skin[i]);
        *vertices++ = bend(&move, positions + 3 * i, normals + 3 * i);
    }
    bt_free(moves);
    return BT_OK;
}
