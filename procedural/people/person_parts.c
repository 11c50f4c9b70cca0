// person_parts.c: torso, legs and arms with what is worn on them.
//
// Girths are of an average adult (chosen from anthropometric tables' middle range: chest 0.16 x
// 0.24 of the shoulder height and so on, rounded), as fractions of the body height.
#include "procedural/people/person_internal.h"

#include "engine/sim/gait.h"

#define HIP_HALF 0.052      // hip joint from the middle
#define SHOULDER_HALF 0.108 // shoulder joint from the middle

// ---- torso ------------------------------------------------------------------------------------
// Rows between sections and columns round a trunk: folds are drawn finer than what lies under them.
#define PLAIN_ROWS 3
#define DRAPED_ROWS 5

// Sections of a garment, in fractions of the height above the ground; `ease` is the cloth's distance
// from the skin.
static void trunk(const bt_person *p, uint8_t slot, const bt_limb_section *s, size_t count,
                  double ease, bt_person_cut cut)
{
    bt_limb_section scaled[16];
    for (size_t i = 0; i < count; i++) {
        double g = p->g;
        scaled[i] = (bt_limb_section){
            s[i].z * p->h - p->hip_z, s[i].x * g,           0.0,        s[i].front * g + ease,
            s[i].back * g + ease,     s[i].side * g + ease, s[i].square};
    }
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->pelvis, slot);
    bt_person_drape drape;
    if (cut == BT_CUT_TIGHT)
        bt_limb_add(mesh, scaled, count, PLAIN_ROWS, 28);
    else
        bt_limb_add_draped(mesh, scaled, count, DRAPED_ROWS, 32,
                           bt_person_drape_make(p, cut, false, &drape));
}

static void add_pelvis(bt_person *p)
{
    double f = p->params->femininity, wide = 0.094 + 0.008 * f;
    const bt_limb_section hips[] = {{0.478, 0.000, 0.0, 0.036, 0.044, 0.062, 0.1},
                                    {0.494, -0.002, 0.0, 0.052, 0.061, wide - 0.010, 0.15},
                                    {0.525, -0.004, 0.0, 0.062, 0.070, wide, 0.15},
                                    {0.560, -0.002, 0.0, 0.062, 0.062, wide - 0.005, 0.1},
                                    {0.600, 0.000, 0.0, 0.060, 0.052, 0.084 - 0.006 * f, 0.1},
                                    {0.630, 0.002, 0.0, 0.057, 0.050, 0.080 - 0.008 * f, 0.1}};
    trunk(p, p->slots.legs, hips, 6, 0.004, BT_CUT_TIGHT);
    bt_person_bind_trunk(p, BT_GARMENT_PLAIN);
    if (p->params->legs != BT_LEGS_SKIRT) return;
    // under a coat a skirt lies close and goes with it
    bool covered = p->params->top == BT_TOP_COAT;
    double in = covered ? 0.022 : 0.0;
    const bt_limb_section skirt[] = {
        {0.315, 0.008, 0.0, 0.088 - in, 0.088 - in, 0.115 - in, 0.1},
        {0.40, 0.004, 0.0, 0.080 - in, 0.084 - in, 0.112 - in, 0.1},
        {0.48, 0.000, 0.0, 0.072 - in, 0.078 - in, 0.106 - in, 0.1},
        {0.55, -0.002, 0.0, 0.065 - 0.5 * in, 0.068 - 0.5 * in, wide + 0.003 - 0.5 * in, 0.1},
        {0.605, 0.0, 0.0, 0.060, 0.054, 0.084, 0.1}};
    trunk(p, p->slots.legs, skirt, 5, covered ? 0.0 : 0.010, covered ? BT_CUT_TIGHT : BT_CUT_SKIRT);
    bt_person_bind_trunk(p, covered ? BT_GARMENT_COAT : BT_GARMENT_SKIRT);
}

static void add_chest(bt_person *p)
{
    double f = p->params->femininity, bust = 0.012 * f, broad = 0.102 - 0.010 * f;
    // cloth hangs from the chest rather than follow the waist
    double hang = p->params->top == BT_TOP_SHIRT ? 0.004 : 0.008;
    double waist = 0.080 - 0.008 * f + hang, low = p->params->top == BT_TOP_COAT ? 0.36 : 0.515;
    double open = p->params->top == BT_TOP_COAT ? 0.018 : 0.0;
    const bt_limb_section chest[] = {
        {low, -0.004, 0.0, 0.064 + open, 0.071 + open, 0.099 + open, 0.15},
        {0.50 + 0.5 * (low - 0.47), -0.004, 0.0, 0.065 + 0.6 * open, 0.071 + 0.6 * open,
         0.099 + 0.4 * open, 0.15},
        {0.585, 0.000, 0.0, 0.061 + 0.5 * hang, 0.056 + hang, waist + 0.009, 0.12},
        {0.640, 0.003, 0.0, 0.058 + 0.5 * hang, 0.050 + hang, waist + 0.006, 0.12},
        {0.690, 0.004, 0.0, 0.061 + 0.4 * bust, 0.055, 0.087, 0.15},
        {0.735, 0.003, 0.0, 0.066 + bust, 0.061, broad - 0.007, 0.2},
        {0.775, 0.000, 0.0, 0.062 + 0.3 * bust, 0.064, broad, 0.2},
        {0.803, -0.004, 0.0, 0.050, 0.056, broad - 0.001, 0.1},
        {0.822, -0.007, 0.0, 0.042, 0.046, 0.084, 0.0},
        {0.837, -0.009, 0.0, 0.037, 0.040, 0.058, 0.0},
        {0.846, -0.009, 0.0, 0.035, 0.037, 0.044, 0.0}};
    trunk(p, p->slots.top, chest, 11, p->params->top == BT_TOP_SHIRT ? 0.010 : 0.018,
          p->params->top == BT_TOP_COAT ? BT_CUT_COAT : BT_CUT_UPPER_BODY);
    // collar
    const bt_limb_section collar[] = {{0.836, -0.008, 0.0, 0.046, 0.045, 0.056, 0.0},
                                      {0.852, -0.010, 0.0, 0.037, 0.041, 0.044, 0.0}};
    if (p->params->top != BT_TOP_SHIRT) trunk(p, p->slots.top, collar, 2, 0.010, BT_CUT_TIGHT);
    bt_person_bind_trunk(p, p->params->top == BT_TOP_COAT ? BT_GARMENT_COAT : BT_GARMENT_PLAIN);
}

// What an open jacket shows of the shirt: a wedge from the collar down to the first button.
static void add_shirt_front(bt_person *p)
{
    double bust = 0.012 * p->params->femininity;
    const bt_limb_section wedge[] = {{0.695, 0.040, 0.0, 0.032 + 0.5 * bust, 0.02, 0.003, 0.0},
                                     {0.735, 0.040, 0.0, 0.042 + bust, 0.02, 0.014, 0.0},
                                     {0.775, 0.035, 0.0, 0.040 + 0.4 * bust, 0.02, 0.024, 0.0},
                                     {0.805, 0.025, 0.0, 0.035, 0.02, 0.031, 0.0},
                                     {0.830, 0.010, 0.0, 0.035, 0.02, 0.033, 0.0},
                                     {0.848, 0.000, 0.0, 0.039, 0.02, 0.032, 0.0}};
    trunk(p, p->slots.shirt, wedge, 6, 0.004, BT_CUT_TIGHT);
    bt_person_bind_trunk(p, BT_GARMENT_PLAIN);
}

static void add_backpack(bt_person *p)
{
    double h = p->h, z = 0.70 * h - p->hip_z - 0.08 * h;
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->spine, p->slots.bag);
    bt_pose pack = {{-0.058 * p->g - 0.065 * h, 0.0, z}, bt_quat_yaw_pitch_roll(0.0, 0.06, 0.0)};
    bt_mesh_add_rounded_box(mesh, pack, bt_vec3_make(0.10 * h, 0.165 * h, 0.24 * h), 0.035 * h, 4);
    bt_pose pocket = {{-0.058 * p->g - 0.112 * h, 0.0, z - 0.04 * h}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(mesh, pocket, bt_vec3_make(0.04 * h, 0.12 * h, 0.11 * h), 0.018 * h, 3);
    for (int side = -1; side <= 1; side += 2) {
        double y = side * 0.058 * h;
        bt_vec3 strap[6] = {
            {-0.06 * h, y, z + 0.09 * h},           {-0.02 * h, y, z + 0.127 * h},
            {0.050 * h, y, z + 0.115 * h},          {0.083 * p->g, y, z + 0.05 * h},
            {0.080 * p->g, y * 1.25, z - 0.03 * h}, {-0.03 * h, y * 1.6, z - 0.08 * h}};
        double radii[6] = {0.011, 0.011, 0.011, 0.011, 0.010, 0.009};
        bt_mesh_add_tube(mesh, strap, radii, 6, 8);
    }
}

void bt_person_add_torso(bt_person *p)
{
    add_pelvis(p);
    add_chest(p);
    if (p->params->top != BT_TOP_SHIRT && p->params->open_front) add_shirt_front(p);
    if (p->params->backpack) add_backpack(p);
}

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
    bt_limb_add_draped(mesh, scaled, count, drape.out ? DRAPED_ROWS : PLAIN_ROWS,
                       BT_PERSON_SEGMENTS, drape);
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
    const bt_limb_section upper[] = {{0.015, 0.000, in, 0.047, 0.050, 0.044, 0.0},
                                     {-0.030, 0.000, 0.0, 0.049, 0.052, 0.047, 0.0},
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
    limbs(p, bt_pose_mul(waist, shoulder), &arm);
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
