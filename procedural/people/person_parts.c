// person_parts.c: legs and arms with what is worn on them.
//
// Girths are of an average adult (chosen from anthropometric tables' middle range: chest 0.16 x
// 0.24 of the shoulder height and so on, rounded), as fractions of the body height.
#include "procedural/people/person_internal.h"

#include "engine/sim/gait.h"

#define HIP_HALF 0.052      // hip joint from the middle
#define SHOULDER_HALF 0.108 // shoulder joint from the middle

// ---- legs -------------------------------------------------------------------------------------
// A stretch of a limb at rest, sections from its upper joint down, put into the skin by `pose`.
static void limb(bt_person *p, bt_pose pose, uint8_t slot, const bt_limb_section *s, size_t count,
                 double ease, bt_limb_drape drape)
{
    bt_limb_section scaled[16];
    for (size_t i = 0; i < count; i++)
        scaled[i] = (bt_limb_section){s[i].z * p->h,
                                      s[i].x * p->g,
                                      s[i].y * p->g,
                                      s[i].front * p->g + ease,
                                      s[i].back * p->g + ease,
                                      s[i].side * p->g + ease,
                                      s[i].square};
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->pelvis, slot);
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_limb_add_draped(mesh, scaled, count,
                       drape.out ? BT_PERSON_DRAPED_ROWS : BT_PERSON_PLAIN_ROWS, BT_PERSON_SEGMENTS,
                       drape);
    bt_mesh_transform(mesh, start, pose);
}

// Two stretches: one limb without a seam where both are of the same stuff, else each with an end of
// its own. `upper` ends and `lower` begins with sections that only close an end; `joint_z` is where
// the lower one hangs.
typedef struct limb_pair {
    const bt_limb_section *upper, *lower;
    size_t upper_count, upper_end, lower_count, lower_end;
    double joint_z, upper_ease, lower_ease;
    uint8_t upper_slot, lower_slot;
    bool upper_bare; // skin has no folds; below another stuff there are none either
    bt_limb_drape drape;
} limb_pair;

static void limbs(bt_person *p, bt_pose pose, const limb_pair *l)
{
    bt_limb_section s[16];
    size_t count = 0;
    if (l->upper_slot != l->lower_slot) {
        bt_pose lower =
            bt_pose_mul(pose, (bt_pose){{0.0, 0.0, l->joint_z * p->h}, BT_QUAT_IDENTITY});
        limb(p, pose, l->upper_slot, l->upper, l->upper_count, l->upper_ease,
             l->upper_bare ? (bt_limb_drape){0} : l->drape);
        limb(p, lower, l->lower_slot, l->lower, l->lower_count, l->lower_ease, (bt_limb_drape){0});
        return;
    }
    for (size_t i = 0; i + l->upper_end < l->upper_count; i++)
        s[count++] = l->upper[i];
    for (size_t i = l->lower_end; i < l->lower_count; i++) {
        s[count] = l->lower[i];
        s[count++].z += l->joint_z;
    }
    limb(p, pose, l->upper_slot, s, count, 0.5 * (l->upper_ease + l->lower_ease),
         l->upper_bare ? (bt_limb_drape){0} : l->drape);
}

static void add_leg(bt_person *p, int side)
{
    bool left = side > 0, skirt = p->params->legs == BT_LEGS_SKIRT,
         bare = skirt || p->params->legs == BT_LEGS_SHORTS;
    bt_body *b = p->body;
    double h = p->h;
    bt_vec3 forward = {0.0, -1.0, 0.0}, back = {0.0, 1.0, 0.0};
    bt_pose hip = {{0.0, side * HIP_HALF * h, 0.0},
                   bt_quat_yaw_pitch_roll(0.0, 0.0, side * p->posture->leg_out_rad[!left])};
    bt_pose knee = {{0.0, 0.0, -BT_GAIT_THIGH * h}, BT_QUAT_IDENTITY};
    bt_pose ankle = {{0.0, 0.0, -BT_GAIT_SHANK * h}, BT_QUAT_IDENTITY};
    uint32_t side_joint = bt_body_add_joint(
        b, left ? "hip_left" : "hip_right", p->pelvis, hip, bt_vec3_make(1.0, 0.0, 0.0),
        left ? BT_CHANNEL_HIP_SIDE_LEFT : BT_CHANNEL_HIP_SIDE_RIGHT, 1.0);
    uint32_t thigh =
        bt_body_add_joint(b, left ? "thigh_left" : "thigh_right", side_joint, BT_POSE_IDENTITY,
                          forward, left ? BT_CHANNEL_HIP_LEFT : BT_CHANNEL_HIP_RIGHT, 1.0);
    uint32_t shin = bt_body_add_joint(b, left ? "shin_left" : "shin_right", thigh, knee, back,
                                      left ? BT_CHANNEL_KNEE_LEFT : BT_CHANNEL_KNEE_RIGHT, 1.0);
    p->thigh[left] = thigh;
    p->shin[left] = shin;
    uint32_t foot = bt_body_add_joint(b, left ? "foot_left" : "foot_right", shin, ankle, forward,
                                      left ? BT_CHANNEL_ANKLE_LEFT : BT_CHANNEL_ANKLE_RIGHT, 1.0);
    double in = -side * 0.004;
    // where stuffs meet, rounded ends overlap, so that a bent knee shows no gap
    const bt_limb_section upper[] = {{0.015, 0.000, in, 0.038, 0.042, 0.036, 0.0},
                                     {-0.030, 0.000, 0.0, 0.0455, 0.0490, 0.0435, 0.0},
                                     {-0.090, 0.003, 0.0, 0.047, 0.047, 0.045, 0.0},
                                     {-0.160, 0.003, 0.0, 0.040, 0.038, 0.037, 0.0},
                                     {-0.215, 0.003, 0.0, 0.034, 0.032, 0.032, 0.0},
                                     {-0.247, 0.002, 0.0, 0.032, 0.030, 0.031, 0.0},
                                     {-0.262, 0.002, 0.0, 0.028, 0.027, 0.027, 0.0}};
    const bt_limb_section lower[] = {{0.012, 0.002, 0.0, 0.029, 0.027, 0.028, 0.0},
                                     {-0.005, 0.002, 0.0, 0.031, 0.029, 0.030, 0.0},
                                     {-0.040, -0.002, 0.0, 0.029, 0.034, 0.031, 0.0},
                                     {-0.085, -0.004, 0.0, 0.028, 0.038, 0.032, 0.0},
                                     {-0.140, -0.003, 0.0, 0.025, 0.030, 0.027, 0.0},
                                     {-0.195, -0.002, 0.0, 0.021, 0.022, 0.021, 0.0},
                                     {-0.232, -0.002, 0.0, 0.020, 0.022, 0.019, 0.0},
                                     {-0.250, 0.000, 0.0, 0.019, 0.021, 0.018, 0.0}};
    // a trouser leg falls straight and hangs wide over the shoe
    const bt_limb_section cloth[] = {{0.012, 0.002, 0.0, 0.029, 0.027, 0.028, 0.0},
                                     {-0.005, 0.002, 0.0, 0.032, 0.030, 0.031, 0.0},
                                     {-0.040, -0.001, 0.0, 0.031, 0.034, 0.032, 0.0},
                                     {-0.085, -0.003, 0.0, 0.031, 0.037, 0.033, 0.0},
                                     {-0.140, -0.003, 0.0, 0.031, 0.034, 0.031, 0.0},
                                     {-0.195, -0.001, 0.0, 0.030, 0.032, 0.030, 0.0},
                                     {-0.232, 0.000, 0.0, 0.031, 0.032, 0.030, 0.0},
                                     {-0.244, 0.001, 0.0, 0.031, 0.032, 0.030, 0.0}};
    limb_pair leg = {.upper = upper,
                     .upper_count = 7,
                     .upper_end = 1,
                     .lower = bare ? lower : cloth,
                     .lower_count = 8,
                     .lower_end = 2,
                     .joint_z = -BT_GAIT_THIGH,
                     // a skirt slides over what is below it
                     .upper_ease = skirt ? -0.006 : 0.010,
                     .lower_ease = bare ? 0.0 : 0.012,
                     .upper_bare = skirt};
    leg.lower_slot = bare ? p->slots.skin : p->slots.legs;
    leg.upper_slot = skirt ? p->slots.skin : p->slots.legs;
    bt_person_drape drape;
    leg.drape = bt_person_drape_make(p, BT_CUT_LEG, left, &drape);
    limbs(p, hip, &leg);
    bt_person_bind_leg(p, left);
    bt_person_add_shoe(p, foot);
    bt_body_add_keypoint(b, left ? "left_hip" : "right_hip", thigh, bt_vec3_make(0.0, 0.0, 0.0));
    bt_body_add_keypoint(b, left ? "left_knee" : "right_knee", shin, bt_vec3_make(0.0, 0.0, 0.0));
    bt_body_add_keypoint(b, left ? "left_ankle" : "right_ankle", foot, bt_vec3_make(0.0, 0.0, 0.0));
}

void bt_person_add_legs(bt_person *p)
{
    add_leg(p, 1);
    add_leg(p, -1);
}

// ---- arms -------------------------------------------------------------------------------------
double bt_person_shoulder_aside(const bt_person_params *p)
{
    return (SHOULDER_HALF - 0.008 * p->femininity) * (0.75 + 0.25 * p->build) * p->height_m;
}

static void add_arm(bt_person *p, int side)
{
    bool left = side > 0,
         sleeve = p->params->top != BT_TOP_SHIRT || p->params->legs == BT_LEGS_JEANS;
    bt_body *b = p->body;
    double h = p->h, ease = p->params->top == BT_TOP_SHIRT ? 0.008 : 0.014;
    bt_vec3 forward = {0.0, -1.0, 0.0};
    bool fist = p->posture->fists;
    bt_pose shoulder = {{-BT_GAIT_SHOULDER_BACK * h, side * bt_person_shoulder_aside(p->params),
                         p->shoulder_z - p->hip_z - 0.08 * h},
                        bt_quat_yaw_pitch_roll(0.0, 0.0, side * p->posture->arm_out_rad[!left])};
    bt_pose elbow = {{0.0, 0.0, -BT_GAIT_UPPER_ARM * h},
                     bt_quat_yaw_pitch_roll(0.0, 0.0, fist ? 0.0 : -side * 0.04)};
    uint32_t upper =
        bt_body_add_joint(b, left ? "arm_left" : "arm_right", p->spine, shoulder, forward,
                          left ? BT_CHANNEL_SHOULDER_LEFT : BT_CHANNEL_SHOULDER_RIGHT, 1.0);
    uint32_t lower =
        bt_body_add_joint(b, left ? "forearm_left" : "forearm_right", upper, elbow, forward,
                          left ? BT_CHANNEL_ELBOW_LEFT : BT_CHANNEL_ELBOW_RIGHT, 1.0);
    double in = -side * 0.010;
    const bt_limb_section top[] = {{-0.003, 0.0, in, 0.018, 0.020, 0.015, 0.0},
                                   {-0.017, 0.0, in * 0.4, 0.027, 0.029, 0.0235, 0.0},
                                   {-0.045, 0.001, 0.0, 0.029, 0.029, 0.026, 0.0},
                                   {-0.100, 0.002, 0.0, 0.026, 0.027, 0.024, 0.0},
                                   {-0.150, 0.001, 0.0, 0.022, 0.023, 0.022, 0.0},
                                   {-0.176, 0.0, 0.0, 0.021, 0.022, 0.021, 0.0},
                                   {-0.186, 0.0, 0.0, 0.018, 0.019, 0.018, 0.0}};
    const bt_limb_section low[] = {{0.008, 0.0, 0.0, 0.020, 0.021, 0.020, 0.0},
                                   {-0.008, 0.0, 0.0, 0.022, 0.022, 0.021, 0.0},
                                   {-0.045, 0.001, 0.0, 0.024, 0.022, 0.021, 0.0},
                                   {-0.095, 0.001, 0.0, 0.019, 0.018, 0.017, 0.0},
                                   {-0.140, 0.000, 0.0, 0.016, 0.016, 0.0135, 0.0},
                                   {-0.150, 0.000, 0.0, 0.016, 0.016, 0.0130, 0.0}};
    limb_pair arm = {.upper = top,
                     .upper_count = 7,
                     .upper_end = 1,
                     .lower = low,
                     .lower_count = 6,
                     .lower_end = 2,
                     .joint_z = -BT_GAIT_UPPER_ARM,
                     .upper_ease = ease,
                     .lower_ease = sleeve ? 0.8 * ease : 0.0,
                     .upper_slot = p->slots.top,
                     .lower_slot = sleeve ? p->slots.top : p->slots.skin};
    bt_person_drape drape;
    arm.drape = bt_person_drape_make(p, BT_CUT_SLEEVE, left, &drape);
    bt_pose waist = p->body->parts[p->spine].rest;
    bt_mesh_mark start = bt_mesh_here(&b->parts[p->pelvis].mesh);
    limbs(p, bt_pose_mul(waist, shoulder), &arm);
    bt_person_weave(p, start, BT_PERSON_SEGMENTS);
    bt_person_bind_arm(p, upper, lower, bt_pose_mul(waist, shoulder));
    p->forearm[!left] = lower;
    if (fist)
        bt_person_add_fist(p, lower, side);
    else
        bt_person_add_hand(p, lower, side);
    bt_body_add_keypoint(b, left ? "left_shoulder" : "right_shoulder", upper,
                         bt_vec3_make(0.0, 0.0, 0.0));
    bt_body_add_keypoint(b, left ? "left_elbow" : "right_elbow", lower,
                         bt_vec3_make(0.0, 0.0, 0.0));
    bt_body_add_keypoint(b, left ? "left_wrist" : "right_wrist", lower,
                         bt_vec3_make(0.0, 0.0, -BT_GAIT_FOREARM * h));
}

void bt_person_add_arms(bt_person *p)
{
    add_arm(p, 1);
    add_arm(p, -1);
}
