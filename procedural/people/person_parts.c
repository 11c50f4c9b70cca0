// person_parts.c: legs and arms with what is worn on them.
//
// Sections are of a slender body, in fractions of its height; person_shape.c widens them to somebody's girths.
#include "procedural/people/person_internal.h"

#include "engine/sim/gait.h"

#define HIP_HALF 0.052       // hip joint from the middle
#define SHOULDER_IN_M 0.0175 // the joint's middle inside the acromion, of an adult (chosen)

// ---- legs -------------------------------------------------------------------------------------
// A stretch of a limb at rest, sections from its upper joint down, put into the skin by `pose`.
typedef struct limb_cloth {
    double (*width)(const bt_person_shape *shape, double z);
    double ease; // of the cloth from the skin, metres
    unsigned hems;
    bt_limb_drape drape;
} limb_cloth;

// from_z: where the first joint is for what lies at z = 0 here.
static void limb(bt_person *p, bt_pose pose, uint8_t slot, const bt_limb_section *s, size_t count,
                 double from_z, const limb_cloth *c)
{
    bt_limb_section scaled[16];
    for (size_t i = 0; i < count; i++) {
        double g = p->h * c->width(&p->shape, s[i].z + from_z);
        scaled[i] = (bt_limb_section){s[i].z * p->h,
                                      s[i].x * p->h,
                                      s[i].y * p->h,
                                      s[i].front * g + c->ease,
                                      s[i].back * g + c->ease,
                                      s[i].side * g + c->ease,
                                      s[i].square};
    }
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->pelvis, slot);
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_limb_add_hemmed(mesh, scaled, count,
                       c->drape.out ? BT_PERSON_DRAPED_ROWS : BT_PERSON_PLAIN_ROWS,
                       BT_PERSON_SEGMENTS, c->drape, c->hems);
    bt_mesh_transform(mesh, start, pose);
}

// Both stretches as one limb: `upper` to its last but one section, `lower` from its third on, which hangs at joint_z.
static size_t join(const bt_limb_section *upper, size_t upper_count, const bt_limb_section *lower,
                   size_t lower_count, double joint_z, bt_limb_section *out)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < upper_count; i++)
        out[count++] = upper[i];
    for (size_t i = 2; i < lower_count; i++) {
        out[count] = lower[i];
        out[count++].z += joint_z;
    }
    return count;
}

// From tight, along the leg, to wide.
static size_t trouser_sections(const bt_person *p, const bt_limb_section *upper,
                               const bt_limb_section *tight, const bt_limb_section *wide,
                               bt_limb_section *out)
{
    bt_limb_section lower[8];
    double k = bt_clamp(p->params->leg_width, 0.0, 1.0);
    for (int i = 0; i < 8; i++) {
        const bt_limb_section *a = &tight[i], *b = &wide[i];
        double over =
            1.0 + 0.06 * k * k * bt_person_ramp(-0.04, -0.20, b->z); // wider than straight
        lower[i] = (bt_limb_section){b->z,
                                     a->x + k * (b->x - a->x),
                                     a->y + k * (b->y - a->y),
                                     (a->front + k * (b->front - a->front)) * over,
                                     (a->back + k * (b->back - a->back)) * over,
                                     (a->side + k * (b->side - a->side)) * over,
                                     0.0};
        double ankle = p->shape.ankle; // hems are no wider for thick ankles than for thin ones
        if (i == 7 && k > 0.3) lower[i].side /= fmax(1.0, 0.5 + 0.5 * ankle);
    }
    return join(upper, 7, lower, 8, -BT_GAIT_THIGH, out);
}
static void shorts_sections(const bt_limb_section *upper, bt_limb_section out[6])
{
    for (int i = 0; i < 6; i++)
        out[i] = upper[i];
    for (int i = 3; i < 6; i++) { // hang straight
        out[i].front = fmax(out[i].front, 0.043 - 0.001 * i);
        out[i].back = fmax(out[i].back, 0.043 - 0.001 * i);
        out[i].side = fmax(out[i].side, 0.041 - 0.001 * i);
    }
    out[4].z = -0.190;
    out[5].z = -0.212;
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
    const bt_limb_section trousers[] = {{0.012, 0.002, 0.0, 0.029, 0.027, 0.028, 0.0},
                                        {-0.005, 0.002, 0.0, 0.032, 0.030, 0.031, 0.0},
                                        {-0.040, -0.001, 0.0, 0.031, 0.034, 0.032, 0.0},
                                        {-0.085, -0.003, 0.0, 0.031, 0.037, 0.033, 0.0},
                                        {-0.140, -0.003, 0.0, 0.031, 0.034, 0.031, 0.0},
                                        {-0.195, -0.001, 0.0, 0.030, 0.032, 0.030, 0.0},
                                        {-0.232, 0.000, 0.0, 0.031, 0.032, 0.030, 0.0},
                                        {-0.244, 0.001, 0.0, 0.031, 0.032, 0.030, 0.0}};
    bt_limb_section whole[16];
    bt_person_drape drape;
    limb_cloth cloth = {bt_person_leg_width, 0.010, 0, {0}};
    if (bare) {
        // a skirt slides over what is below it; thighs begin where they cannot come through it
        size_t first = skirt ? 2 : 0;
        size_t count = join(upper, 7, lower, 8, -BT_GAIT_THIGH, whole);
        cloth.ease = skirt ? -0.008 : -0.003;
        limb(p, hip, p->slots.skin, whole + first, count - first, 0.0, &cloth);
    }
    if (!skirt) {
        cloth.ease = 0.004 + 0.008 * p->params->leg_width;
        cloth.hems = BT_LIMB_HEM_LAST;
        cloth.drape = bt_person_drape_make(p, BT_CUT_LEG, left, &drape);
        size_t count = 6; // shorts end above the knee
        if (bare)
            shorts_sections(upper, whole);
        else
            count = trouser_sections(p, upper, lower, trousers, whole);
        limb(p, hip, p->slots.legs, whole, count, 0.0, &cloth);
    }
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
    double h = p->height_m;
    return 0.5 * bt_person_girth(p, BT_PERSON_SHOULDERS) * h - SHOULDER_IN_M * h / 1.7;
}

bool bt_person_short_sleeves(const bt_person_params *p)
{
    return p->top == BT_TOP_TSHIRT;
}

static double sleeve_ease(const bt_person *p)
{
    switch (p->params->top) {
    case BT_TOP_SHIRT:
        return p->params->stuff == BT_STUFF_KNIT ? 0.006 : 0.008;
    case BT_TOP_TSHIRT:
        return 0.009;
    case BT_TOP_BLOUSE:
        return 0.007;
    default:
        return 0.012;
    }
}

// The sleeve; its end is a hem or a tight rib below it.
static void add_sleeve(bt_person *p, bt_pose shoulder, const bt_limb_section *whole, size_t count,
                       bool left)
{
    const bt_person_params *q = p->params;
    bt_limb_section cut[16];
    bt_person_drape drape;
    bt_person_cut how = q->top == BT_TOP_PUFFER     ? BT_CUT_QUILT_SLEEVE
                        : q->stuff == BT_STUFF_KNIT ? BT_CUT_KNIT
                                                    : BT_CUT_SLEEVE;
    limb_cloth cloth = {bt_person_arm_width, sleeve_ease(p), BT_LIMB_HEM_LAST,
                        bt_person_drape_make(p, how, left, &drape)};
    for (size_t i = 0; i < count; i++)
        cut[i] = whole[i];
    if (bt_person_short_sleeves(q)) { // hangs free from the shoulder
        count = 4;
        cut[3] = whole[3];
        cut[3].z = -0.112;
        for (int i = 2; i < 4; i++) {
            cut[i].front *= 1.10;
            cut[i].back *= 1.12;
            cut[i].side *= 1.14;
        }
    }
    limb(p, shoulder, p->slots.top, cut, count, 0.0, &cloth);
    bool ribbed = q->hood || q->stuff == BT_STUFF_KNIT || q->top == BT_TOP_PUFFER;
    if (!ribbed || bt_person_short_sleeves(q)) return;
    bt_limb_section rib[2] = {whole[count - 2], whole[count - 1]};
    rib[1].z -= 0.012;
    limb_cloth tight = {bt_person_arm_width, 0.0035, BT_LIMB_HEM_LAST | BT_LIMB_HEM_FIRST, {0}};
    limb(p, shoulder, p->slots.rib, rib, 2, 0.0, &tight);
}

static void add_arm(bt_person *p, int side)
{
    bool left = side > 0;
    bt_body *b = p->body;
    double h = p->h;
    bt_vec3 forward = {0.0, -1.0, 0.0};
    bool fist = p->posture->fists;
    bt_pose shoulder = {
        {-BT_GAIT_SHOULDER_BACK * h, side * bt_person_shoulder_aside(p->params),
         p->shoulder_z - p->hip_z - 0.08 * h},
        bt_quat_yaw_pitch_roll(0.0, -p->posture->stoop_rad, side * p->posture->arm_out_rad[!left])};
    bt_pose elbow = {{0.0, 0.0, -BT_GAIT_UPPER_ARM * h},
                     bt_quat_yaw_pitch_roll(0.0, 0.0, fist ? 0.0 : -side * 0.04)};
    uint32_t upper =
        bt_body_add_joint(b, left ? "arm_left" : "arm_right", p->spine, shoulder, forward,
                          left ? BT_CHANNEL_SHOULDER_LEFT : BT_CHANNEL_SHOULDER_RIGHT, 1.0);
    uint32_t lower =
        bt_body_add_joint(b, left ? "forearm_left" : "forearm_right", upper, elbow, forward,
                          left ? BT_CHANNEL_ELBOW_LEFT : BT_CHANNEL_ELBOW_RIGHT, 1.0);
    double in = -side * 0.017; // the sleeve grows out of the shoulder
    const bt_limb_section top[] = {{-0.003, 0.0, in, 0.018, 0.020, 0.015, 0.0},
                                   {-0.017, 0.0, in * 0.55, 0.027, 0.029, 0.0245, 0.0},
                                   {-0.045, 0.001, in * 0.15, 0.029, 0.029, 0.026, 0.0},
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
    bt_limb_section whole[16];
    size_t count = join(top, 7, low, 6, -BT_GAIT_UPPER_ARM, whole);
    bt_pose waist = p->body->parts[p->spine].rest, hung = bt_pose_mul(waist, shoulder);
    bt_mesh_mark start = bt_mesh_here(&b->parts[p->pelvis].mesh);
    limb_cloth skin = {bt_person_arm_width, 0.0, 0, {0}};
    if (bt_person_short_sleeves(p->params)) limb(p, hung, p->slots.skin, whole, count, 0.0, &skin);
    add_sleeve(p, hung, whole, count, left);
    bt_person_weave(p, start, BT_PERSON_SEGMENTS);
    bt_person_bind_arm(p, upper, lower, hung);
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
