// scooter.c: kick scooters and electric ones: a deck on small wheels and a bar on a column.
#include "procedural/gear/gear_internal.h"

#define COLUMN_RAD (76.0 * BT_RAD_PER_DEG) // steering axis from the level

static void add_front(bt_gear_maker *m, bool electric, bt_vec3 axle, bt_vec3 axis)
{
    const bt_gear *g = &m->gear;
    double r = g->front_radius_m, column = electric ? 0.022 : 0.016;
    uint32_t steer = bt_gear_add_steering(m, axle, axis);
    double rise = g->grip.z_m - axle.z;
    bt_vec3 top = bt_vec3_scale(axis, rise / axis.z),
            crown = bt_vec3_scale(axis, (r + 0.05) / axis.z);
    bt_gear_add_bar(m, steer, m->paint, crown, top, column);
    for (int side = -1; side <= 1; side += 2) {
        double y = side * (electric ? 0.045 : 0.028);
        bt_gear_add_bar(m, steer, m->black, bt_vec3_make(0.0, y, 0.0),
                        bt_vec3_make(crown.x, y, crown.z), 0.010);
        bt_gear_add_bar(m, steer, m->black, bt_vec3_make(crown.x, y, crown.z),
                        bt_vec3_make(crown.x, side * 0.003, crown.z), 0.012);
        double grip = side * g->grip_aside_m;
        bt_vec3 hand = {g->grip.x_m - axle.x, grip - side * 0.06, rise};
        bt_gear_add_bar(m, steer, m->black, bt_vec3_make(top.x, side * 0.003, top.z), hand, 0.012);
        bt_gear_add_bar(m, steer, m->rubber, hand, bt_vec3_make(hand.x, grip + side * 0.05, rise),
                        0.017);
    }
    if (electric) {
        bt_vec3 lamp = bt_vec3_make(top.x + 0.045, 0.0, top.z - 0.09);
        bt_gear_add_lamp(m, steer, false, lamp, 0.020);
        bt_gear_add_block(m, steer, m->reflector_clear,
                          bt_vec3_make(crown.x + 0.07, 0.0, crown.z + 0.16),
                          bt_vec3_make(0.008, 0.04, 0.04), 0.003);
    }
    bt_gear_wheel wheel = {r, electric ? 0.028 : 0.014, 0, false};
    bt_gear_add_wheel(m,
                      bt_gear_add_axle(m, "wheel_front", steer, bt_vec3_make(0.0, 0.0, 0.0),
                                       BT_CHANNEL_SPIN_FRONT_LEFT),
                      &wheel);
}

static void add_deck(bt_gear_maker *m, bool electric, bt_vec3 front, bt_vec3 axis)
{
    const bt_gear *g = &m->gear;
    uint32_t part = bt_body_add_part(m->body, "deck", BT_NO_INDEX, BT_POSE_IDENTITY);
    double top = g->sole[0].z_m, thick = electric ? 0.075 : 0.035, half = electric ? 0.08 : 0.065;
    double from = g->rear_radius_m + 0.01, to = g->front_x_m - g->front_radius_m - 0.10;
    bt_vec3 middle = {0.5 * (from + to), 0.0, top - 0.002 - 0.5 * thick};
    bt_gear_add_block(m, part, m->paint, middle, bt_vec3_make(to - from, 2.0 * half, thick), 0.012);
    bt_gear_add_block(m, part, m->rubber, bt_vec3_make(middle.x, 0.0, top - 0.002),
                      bt_vec3_make(to - from - 0.05, 1.7 * half, 0.004), 0.0015);
    // the neck to the column, the fork to the rear wheel
    bt_vec3 head = bt_vec3_mad(front, axis, 2.0 * g->front_radius_m + 0.16);
    bt_gear_add_bar(m, part, m->paint, bt_vec3_make(to - 0.03, 0.0, middle.z), head, 0.024);
    for (int side = -1; side <= 1; side += 2)
        bt_gear_add_bar(m, part, m->black, bt_vec3_make(0.0, side * 0.045, g->rear_radius_m),
                        bt_vec3_make(from + 0.04, side * 0.045, middle.z), 0.010);
    if (electric) {
        bt_gear_add_lamp(m, part, true, bt_vec3_make(-g->rear_radius_m - 0.03, 0.0, 0.27), 0.018);
        bt_gear_add_bar(m, part, m->black, bt_vec3_make(-g->rear_radius_m + 0.01, 0.0, 0.27),
                        bt_vec3_make(0.10, 0.0, 0.24), 0.016);
        for (int side = -1; side <= 1; side += 2)
            bt_gear_add_block(m, part, m->reflector_amber,
                              bt_vec3_make(to - 0.06, side * (half + 0.002), middle.z),
                              bt_vec3_make(0.05, 0.006, 0.02), 0.002);
    }
    bt_vec3 rear = {0.0, 0.0, g->rear_radius_m};
    bt_gear_wheel wheel = {g->rear_radius_m, electric ? 0.028 : 0.014, 0, false};
    bt_gear_add_wheel(
        m, bt_gear_add_axle(m, "wheel_rear", BT_NO_INDEX, rear, BT_CHANNEL_SPIN_REAR_LEFT), &wheel);
}

void bt_gear_add_scooter(bt_gear_maker *m)
{
    bool electric = m->gear.kind == BT_GEAR_E_SCOOTER;
    bt_vec3 axle = {m->gear.front_x_m, 0.0, m->gear.front_radius_m};
    bt_vec3 axis = {-bt_cos(COLUMN_RAD), 0.0, bt_sin(COLUMN_RAD)};
    add_deck(m, electric, axle, axis);
    add_front(m, electric, axle, axis);
}
