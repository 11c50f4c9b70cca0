// person_head.c: a head as somebody has it, put on its joint.
//
// Head height is about 0.13 of an adult's height (Drillis and Contini 1966); children's heads are
// larger for their height.
#include "procedural/people/person_head.h"

#include "engine/core/random.h"

enum { DIM_TRAIT = 940 };

static double trait(const bt_person *p, uint32_t which)
{
    double z = bt_random_normal(p->params->looks, BT_STREAM_PEDESTRIAN, which, DIM_TRAIT);
    return bt_clamp(0.65 * z, -1.2, 1.2);
}

void bt_person_add_head(bt_person *p)
{
    double h = p->h, joint = 0.868 * h, soft = p->params->femininity;
    bool child = h < 1.45;
    bt_head head = {.scale = bt_clamp(0.5 + 0.5 * h / 1.75, 0.7, 1.08),
                    .nose = trait(p, 0) - (child ? 1.0 : 0.0),
                    .nose_wide = trait(p, 1) + (p->params->skin == BT_SKIN_DARK ? 0.5 : 0.0),
                    .jaw = trait(p, 2),
                    .lips = trait(p, 3) + (p->params->skin == BT_SKIN_DARK ? 0.6 : 0.0),
                    .brow = trait(p, 4),
                    .cheek = trait(p, 5),
                    .eyes = trait(p, 6) + (child ? 1.0 : 0.0),
                    .soft = child ? 1.0 : soft,
                    .looks = p->params->looks};
    head.base_z = h - joint - BT_HEAD_TALL * head.scale;
    bt_pose rest = {
        {-0.004 * h, 0.0, joint - p->hip_z - 0.08 * h},
        bt_quat_yaw_pitch_roll(0.0, -p->posture->head_up_rad - 0.75 * p->posture->stoop_rad, 0.0)};
    p->head = bt_body_add_joint(p->body, "head", p->spine, rest, bt_vec3_make(0.0, 0.0, 1.0),
                                BT_CHANNEL_HEAD, 1.0);
    bt_person_add_face(p, &head);
    bt_person_add_hair(p, &head);
}
