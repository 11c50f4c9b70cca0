// cane.c: a walking stick in the right hand, or a white cane with a red band (ISO 23599 speaks of its use; the band
// is custom). The white one reflects.
#include "procedural/gear/gear_internal.h"

static uint32_t hand_joint(bt_gear_maker *m, bt_pose at, bt_vec3 axis)
{
    return bt_body_add_joint(m->body, "cane", m->person.forearm[1], at, axis, BT_CHANNEL_CANE, 1.0);
}

static bt_vec3 fist(const bt_gear_maker *m)
{
    return bt_vec3_make(0.0, 0.0, -(BT_GAIT_FOREARM + BT_GAIT_GRIP) * m->gear.height_m);
}

// Hangs straight down from the fist at channel 0 of arm and stick; a crook to hold.
static void add_stick(bt_gear_maker *m)
{
    static const double wood[3] = {0.24, 0.15, 0.08};
    uint8_t slot = bt_body_tinted(m->body, "car_paint_solid", wood);
    double length = m->gear.grip.z_m;
    uint32_t part =
        hand_joint(m, (bt_pose){fist(m), BT_QUAT_IDENTITY}, bt_vec3_make(0.0, -1.0, 0.0));
    bt_gear_add_bar(m, part, slot, bt_vec3_make(0.0, 0.0, 0.0),
                    bt_vec3_make(0.0, 0.0, 0.025 - length), 0.0095);
    bt_gear_add_bar(m, part, slot, bt_vec3_make(-0.05, 0.0, 0.004), bt_vec3_make(0.055, 0.0, 0.008),
                    0.0115);
    bt_gear_add_bar(m, part, m->rubber, bt_vec3_make(0.0, 0.0, 0.04 - length),
                    bt_vec3_make(0.0, 0.0, 0.014 - length), 0.0135);
}

// Points ahead and down to the ground, swings about the upright.
static void add_white(bt_gear_maker *m)
{
    const bt_gear *g = &m->gear;
    uint8_t white = bt_body_material(m->body, "sign_white"),
            red = bt_body_material(m->body, "sign_red");
    double channels[BT_CHANNEL_COUNT] = {0};
    bt_gait gait = {.height_m = g->height_m};
    bt_gait_feet feet = {0};
    bt_gear_state still = {0};
    bt_gear_pose_walker(g, &still, &gait, &feet, 0.0, channels);
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(m->body, channels, poses);
    bt_pose forearm = poses[m->person.forearm[1]];
    bt_vec3 at = bt_pose_point(forearm, fist(m));
    // level in the world as the arm is held
    uint32_t part = hand_joint(m, (bt_pose){fist(m), bt_quat_conjugate(forearm.rot)},
                               bt_vec3_make(0.0, 0.0, 1.0));
    double length = 0.72 * g->height_m, ahead = sqrt(fmax(0.04, length * length - at.z * at.z));
    // its end towards the middle
    bt_vec3 tip = {ahead, -at.y, 0.012 - at.z}, hand = {0.0, 0.0, 0.0};
    bt_gear_add_bar(m, part, m->rubber, bt_vec3_scale(tip, -0.07), bt_vec3_scale(tip, 0.13), 0.013);
    bt_gear_add_bar(m, part, white, bt_vec3_mad(hand, tip, 0.12), bt_vec3_scale(tip, 0.80), 0.0075);
    bt_gear_add_bar(m, part, red, bt_vec3_scale(tip, 0.80), bt_vec3_scale(tip, 0.97), 0.0072);
    bt_gear_add_bar(m, part, m->black, bt_vec3_scale(tip, 0.97), tip, 0.011);
}

void bt_gear_add_cane(bt_gear_maker *m)
{
    if (m->gear.kind == BT_GEAR_CANE)
        add_stick(m);
    else
        add_white(m);
}
