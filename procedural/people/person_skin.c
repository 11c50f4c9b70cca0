// person_skin.c: how trunk, limbs and clothes follow the joints.
//
// Lengths are fractions of the body height, in the pelvis part's frame: the hip joints are at z = 0.
// How far round a joint cloth and flesh give way is chosen by eye.
#include "procedural/people/person_internal.h"

#include "engine/sim/gait.h"

#define WAIST_LOW 0.03 // the trunk's twist sets in here
#define WAIST_HIGH 0.12
#define KNEE_HALF 0.045 // half the length of a bend
#define ELBOW_HALF 0.032

static bt_skin_vertex mix(const uint32_t *parts, const double *weights, int count)
{
    bt_skin_vertex v = {{0}, {0.0f}};
    for (int k = 0; k < count; k++) {
        v.part[k] = (uint16_t)parts[k];
        v.weight[k] = (float)weights[k];
    }
    return v;
}

// ---- trunk --------------------------------------------------------------------------------------
typedef struct trunk_bind {
    const bt_person *p;
    double top, bottom, most; // thighs carry the cloth along: from nothing at the top to `most`
    double middle;            // half the width over which one thigh gives way to the other
} trunk_bind;

static bt_skin_vertex bind_trunk(const void *context, bt_vec3 pos)
{
    const trunk_bind *t = context;
    const bt_person *p = t->p;
    double z = pos.z / p->h;
    double spine = bt_person_ramp(WAIST_LOW, WAIST_HIGH, z);
    double thighs = t->most * bt_person_ramp(t->top, t->bottom, z) * (1.0 - spine);
    double left = bt_person_ramp(-t->middle, t->middle, pos.y / p->h);
    const uint32_t parts[4] = {p->pelvis, p->spine, p->thigh[1], p->thigh[0]};
    const double weights[4] = {1.0 - spine - thighs, spine, thighs * left, thighs * (1.0 - left)};
    return mix(parts, weights, 4);
}

// The trunk was made straight; at rest the back is bent from the waist up.
static void bend(bt_person *p, size_t from)
{
    bt_body_part *skin = &p->body->parts[p->pelvis];
    bt_pose spine = p->body->parts[p->spine].rest;
    for (size_t i = from; i < skin->skin_count && p->posture->stoop_rad != 0.0; i++) {
        double share = 0.0;
        for (int k = 0; k < 4; k++)
            if (skin->skin[i].part[k] == p->spine) share += (double)skin->skin[i].weight[k];
        bt_quat turn =
            bt_quat_axis_angle(bt_vec3_make(0.0, 1.0, 0.0), share * p->posture->stoop_rad);
        bt_vec3 at = bt_vec3_sub(bt_mesh_position(&skin->mesh, (uint32_t)i), spine.pos);
        at = bt_vec3_add(bt_quat_rotate(turn, at), spine.pos);
        float *n = skin->mesh.normals + 3 * i;
        bt_vec3 normal =
            bt_quat_rotate(turn, bt_vec3_make((double)n[0], (double)n[1], (double)n[2]));
        const double to[6] = {at.x, at.y, at.z, normal.x, normal.y, normal.z};
        for (int k = 0; k < 3; k++) {
            skin->mesh.positions[3 * i + (size_t)k] = (float)to[k];
            n[k] = (float)to[3 + k];
        }
    }
}

void bt_person_bind_trunk(bt_person *p, bt_person_garment garment)
{
    size_t from = p->body->parts[p->pelvis].skin_count;
    static const trunk_bind binds[] = {
        [BT_GARMENT_PLAIN] = {.top = 0.055, .bottom = -0.030, .most = 0.92, .middle = 0.05},
        [BT_GARMENT_TOP] = {.top = 0.035, .bottom = -0.045, .most = 0.88, .middle = 0.06},
        [BT_GARMENT_SKIRT] = {.top = 0.05, .bottom = -0.14, .most = 0.9, .middle = 0.07},
        [BT_GARMENT_COAT] = {.top = 0.05, .bottom = -0.12, .most = 0.90, .middle = 0.09}};
    trunk_bind bind = binds[garment];
    bind.p = p;
    bt_body_bind(p->body, p->pelvis, bind_trunk, &bind);
    if (!p->body->status) bend(p, from);
}

// ---- legs ---------------------------------------------------------------------------------------
typedef struct leg_bind {
    const bt_person *p;
    bool left;
} leg_bind;

static bt_skin_vertex bind_leg(const void *context, bt_vec3 pos)
{
    const leg_bind *l = context;
    const bt_person *p = l->p;
    double z = pos.z / p->h;
    double leg = bt_person_ramp(0.03, -0.07, z);
    double shin = bt_person_ramp(-BT_GAIT_THIGH + KNEE_HALF, -BT_GAIT_THIGH - KNEE_HALF, z);
    const uint32_t parts[3] = {p->pelvis, p->thigh[l->left], p->shin[l->left]};
    const double weights[3] = {1.0 - leg, leg - shin, shin};
    return mix(parts, weights, 3);
}

void bt_person_bind_leg(bt_person *p, bool left)
{
    leg_bind bind = {p, left};
    bt_body_bind(p->body, p->pelvis, bind_leg, &bind);
}

// ---- arms ---------------------------------------------------------------------------------------
typedef struct arm_bind {
    const bt_person *p;
    uint32_t upper, lower;
    bt_pose upper_from_pelvis;
} arm_bind;

static double forearm_share(double z)
{
    return bt_person_ramp(-BT_GAIT_UPPER_ARM + ELBOW_HALF, -BT_GAIT_UPPER_ARM - ELBOW_HALF, z);
}

static bt_skin_vertex bind_arm(const void *context, bt_vec3 pos)
{
    const arm_bind *a = context;
    double z = bt_pose_point(a->upper_from_pelvis, pos).z / a->p->h;
    double arm = bt_person_ramp(0.014, -0.045, z);
    double lower = forearm_share(z);
    const uint32_t parts[3] = {a->p->spine, a->upper, a->lower};
    const double weights[3] = {1.0 - arm, arm - lower, lower};
    return mix(parts, weights, 3);
}

// The arm was made straight; at rest its forearm is turned a little at the elbow.
static void turn_forearm(bt_person *p, const arm_bind *a, bt_pose pelvis_from_upper)
{
    bt_body_part *skin = &p->body->parts[p->pelvis];
    bt_pose turn = p->body->parts[a->lower].rest;
    for (size_t i = skin->skin_count; i < skin->mesh.vertex_count; i++) {
        bt_vec3 pos = bt_mesh_position(&skin->mesh, (uint32_t)i);
        bt_vec3 straight = bt_pose_point(a->upper_from_pelvis, pos);
        bt_vec3 turned = bt_pose_point(turn, bt_vec3_sub(straight, turn.pos));
        double share = forearm_share(straight.z / p->h);
        pos = bt_pose_point(pelvis_from_upper, bt_vec3_lerp(straight, turned, share));
        float *to = skin->mesh.positions + 3 * i;
        to[0] = (float)pos.x;
        to[1] = (float)pos.y;
        to[2] = (float)pos.z;
    }
}

void bt_person_bind_arm(bt_person *p, uint32_t upper, uint32_t lower, bt_pose shoulder)
{
    arm_bind bind = {p, upper, lower, bt_pose_inverse(shoulder)};
    turn_forearm(p, &bind, shoulder);
    bt_body_bind(p->body, p->pelvis, bind_arm, &bind);
}
