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

static bt_vec3 load3(const float *v)
{
    return (bt_vec3){(double)v[0], (double)v[1], (double)v[2]};
}

static void store_normal(bt_vec3 n, bt_deformed_vertex *to)
{
    to->normal = bt_normal_pack(float3((float)n.x, (float)n.y, (float)n.z));
}

static bt_deformed_vertex bend(const bt_pose *move, const float *position, const float *normal)
{
    bt_vec3 p = bt_pose_point(*move, load3(position));
    bt_deformed_vertex v = {.pos = {(float)p.x, (float)p.y, (float)p.z}};
    store_normal(bt_quat_rotate(move->rot, load3(normal)), &v);
    return v;
}

// ---- normals --------------------------------------------------------------------------------------
// What bends a skin whole: its mesh, and room for a turn and two normals for each vertex.
typedef struct skin_work {
    const uint32_t *indices;
    const float *positions, *normals;
    uint32_t vertex_count, triangle_count;
    bt_quat *turns;      // of each vertex, by the blend
    bt_vec3 *rest, *now; // sums of the normals of the triangles about each vertex, by area
} skin_work;

static void add_face(const uint32_t *corner, bt_vec3 a, bt_vec3 b, bt_vec3 c, bt_vec3 *sums)
{
    bt_vec3 n = bt_vec3_cross(bt_vec3_sub(b, a), bt_vec3_sub(c, a));
    for (int k = 0; k < 3; k++)
        sums[corner[k]] = bt_vec3_add(sums[corner[k]], n);
}

// The shortest turn from one unit vector to another.
static bt_quat turn_between(bt_vec3 from, bt_vec3 to)
{
    bt_vec3 axis = bt_vec3_cross(from, to);
    double real = 1.0 + bt_vec3_dot(from, to);
    if (!(real > 0.1)) return BT_QUAT_IDENTITY; // folded over: nothing to go by
    return bt_quat_normalize((bt_quat){real, axis.x, axis.y, axis.z});
}

static void turn_normals(const skin_work *w, bt_deformed_vertex *vertices)
{
    for (size_t t = 0; t < w->triangle_count; t++) {
        const uint32_t *c = w->indices + 3 * t;
        add_face(c, load3(w->positions + 3 * (size_t)c[0]), load3(w->positions + 3 * (size_t)c[1]),
                 load3(w->positions + 3 * (size_t)c[2]), w->rest);
        add_face(c, load3(vertices[c[0]].pos), load3(vertices[c[1]].pos), load3(vertices[c[2]].pos),
                 w->now);
    }
    for (uint32_t i = 0; i < w->vertex_count; i++) {
        if (!(bt_vec3_length(w->rest[i]) > 0.0 && bt_vec3_length(w->now[i]) > 0.0)) continue;
        bt_vec3 blended = bt_quat_rotate(w->turns[i], bt_vec3_normalize(w->rest[i]));
        bt_quat further = turn_between(blended, bt_vec3_normalize(w->now[i]));
        bt_vec3 n = bt_quat_rotate(w->turns[i], load3(w->normals + 3 * (size_t)i));
        store_normal(bt_quat_rotate(further, n), &vertices[i]);
    }
}

// ---- the skin -------------------------------------------------------------------------------------
static void bend_all(const skin_work *w, const dual *moves, const bt_skin_vertex *skin,
                     uint32_t step, bt_deformed_vertex *vertices)
{
    for (size_t i = 0; i < w->vertex_count; i += step) {
        bt_pose move = blend(moves, &skin[i]);
        if (step == 1) w->turns[i] = move.rot;
        *vertices++ = bend(&move, w->positions + 3 * i, w->normals + 3 * i);
    }
}

bt_status bt_skin_bend(const bt_world *world, uint32_t actor, uint32_t part,
                       const bt_actor_pose *pose, uint32_t step, bt_deformed_vertex *vertices)
{
    const bt_world_model *model = &world->models[world->actors[actor].model];
    const bt_world_part *parts = world->parts + model->first_part;
    const bt_world_mesh *mesh = &world->meshes[parts[part].mesh];
    size_t room = step == 1 ? mesh->vertex_count : 0;
    skin_work w = {.indices = world->indices + 3 * (size_t)mesh->first_triangle,
                   .positions = world->positions + 3 * (size_t)mesh->first_vertex,
                   .normals = world->normals + 3 * (size_t)mesh->first_vertex,
                   .vertex_count = mesh->vertex_count,
                   .triangle_count = mesh->triangle_count,
                   .turns = bt_alloc(room, sizeof *w.turns),
                   .rest = bt_alloc(room, sizeof *w.rest),
                   .now = bt_alloc(room, sizeof *w.now)};
    dual *moves = bt_alloc(model->part_count, sizeof *moves);
    bool there = moves != NULL && w.turns != NULL && w.rest != NULL && w.now != NULL;
    if (there) {
        for (uint32_t i = 0; i < model->part_count; i++)
            moves[i] = move_of(parts, part, i, pose);
        bend_all(&w, moves, world->skins + parts[part].first_skin, step, vertices);
        if (step == 1) turn_normals(&w, vertices);
    }
    bt_free(moves);
    bt_free(w.turns);
    bt_free(w.rest);
    bt_free(w.now);
    return there ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for a skin");
}
