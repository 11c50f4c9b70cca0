// wheelchair.c: a manual wheelchair: driving wheels with hand rims, castors, seat, footrests.
#include "procedural/gear/gear_internal.h"

#define SEAT_M 0.42 // deep and wide
#define TUBE_M 0.0125
#define TRAIL_M 0.045

// A hand rim: a ring outside the wheel.
static void add_hand_rim(bt_gear_maker *m, uint32_t wheel, double y, double radius)
{
    enum { STEPS = 48 };
    bt_vec3 path[STEPS + 1];
    double radii[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
        double angle = 2.0 * BT_PI * (i % STEPS) / STEPS;
        path[i] = bt_vec3_make(radius * bt_sin(angle), y, radius * bt_cos(angle));
        radii[i] = 0.009;
    }
    bt_mesh_add_tube(bt_body_mesh(m->body, wheel, m->alloy), path, radii, STEPS + 1, 10);
}

static void add_wheels(bt_gear_maker *m)
{
    const bt_gear *g = &m->gear;
    for (int side = 1; side >= -1; side -= 2) {
        bool left = side > 0;
        double y = side * 0.5 * g->track_m;
        bt_gear_wheel drive = {g->rear_radius_m, 0.014, 28, false};
        uint32_t wheel =
            bt_gear_add_axle(m, left ? "wheel_rear_left" : "wheel_rear_right", BT_NO_INDEX,
                             bt_vec3_make(0.0, y, g->rear_radius_m),
                             left ? BT_CHANNEL_SPIN_REAR_LEFT : BT_CHANNEL_SPIN_REAR_RIGHT);
        bt_gear_add_wheel(m, wheel, &drive);
        add_hand_rim(m, wheel, side * 0.04, 0.27);
        // castors swing about an upright axle ahead of their own
        bt_pose pivot = {{g->front_x_m + TRAIL_M, 0.76 * y, 0.0}, BT_QUAT_IDENTITY};
        uint32_t fork =
            bt_body_add_joint(m->body, left ? "castor_left" : "castor_right", BT_NO_INDEX, pivot,
                              bt_vec3_make(0.0, 0.0, 1.0), BT_CHANNEL_STEER_LEFT, 1.0);
        double top = 2.0 * g->front_radius_m + 0.02;
        for (int k = -1; k <= 1; k += 2)
            bt_gear_add_bar(m, fork, m->black, bt_vec3_make(-TRAIL_M, k * 0.024, g->front_radius_m),
                            bt_vec3_make(0.0, k * 0.024, top), 0.007);
        bt_gear_add_bar(m, fork, m->black, bt_vec3_make(0.0, -0.024, top),
                        bt_vec3_make(0.0, 0.024, top), 0.010);
        bt_gear_wheel castor = {g->front_radius_m, 0.015, 0, false};
        uint32_t roll =
            bt_gear_add_axle(m, left ? "wheel_front_left" : "wheel_front_right", fork,
                             bt_vec3_make(-TRAIL_M, 0.0, g->front_radius_m),
                             left ? BT_CHANNEL_SPIN_FRONT_LEFT : BT_CHANNEL_SPIN_FRONT_RIGHT);
        bt_gear_add_wheel(m, roll, &castor);
    }
}

// One side of the frame: from the push handle down the back, along the seat, down to the footrest.
static void add_side(bt_gear_maker *m, uint32_t part, int side)
{
    const bt_gear *g = &m->gear;
    double y = side * 0.5 * (SEAT_M + 0.02), seat = g->seat_z_m - 0.03, back = -0.06;
    double front = back + SEAT_M, foot_x = g->sole[0].x_m - 0.02, foot_z = g->sole[0].z_m - 0.012;
    bt_vec3 path[7] = {{back - 0.16, y, 0.93},
                       {back - 0.05, y, 0.92},
                       {back - 0.02, y, 0.88},
                       {back, y, seat},
                       {front, y, seat},
                       {front + 0.05, y, seat - 0.05},
                       {foot_x - 0.08, 0.7 * y, foot_z}};
    for (int i = 0; i < 6; i++)
        bt_gear_add_bar(m, part, m->paint, path[i], path[i + 1], TUBE_M);
    bt_gear_add_bar(m, part, m->black, path[0], bt_vec3_make(back - 0.06, y, 0.92), 0.017);
    bt_gear_add_bar(m, part, m->paint, path[3], bt_vec3_make(0.0, y, g->rear_radius_m), TUBE_M);
    bt_gear_add_bar(m, part, m->paint, bt_vec3_make(0.0, y, g->rear_radius_m),
                    bt_vec3_make(g->front_x_m + TRAIL_M, y, 0.25), TUBE_M);
    bt_gear_add_bar(m, part, m->paint,
                    bt_vec3_make(g->front_x_m + TRAIL_M, y, 2.0 * g->front_radius_m + 0.02),
                    bt_vec3_make(front, y, seat), TUBE_M);
    bt_gear_add_bar(m, part, m->alloy, bt_vec3_make(0.0, y, g->rear_radius_m),
                    bt_vec3_make(0.0, side * 0.5 * g->track_m, g->rear_radius_m), 0.009);
    // side panel and footplate
    bt_gear_add_block(m, part, m->black, bt_vec3_make(back + 0.20, y + side * 0.014, seat + 0.09),
                      bt_vec3_make(0.34, 0.006, 0.16), 0.0025);
    bt_gear_add_block(m, part, m->black,
                      bt_vec3_make(foot_x + 0.02, side * g->sole_aside_m[0], foot_z),
                      bt_vec3_make(0.20, 0.15, 0.012), 0.004);
}

void bt_gear_add_wheelchair(bt_gear_maker *m)
{
    const bt_gear *g = &m->gear;
    uint32_t part = bt_body_add_part(m->body, "chair", BT_NO_INDEX, BT_POSE_IDENTITY);
    for (int side = -1; side <= 1; side += 2)
        add_side(m, part, side);
    double seat = g->seat_z_m - 0.035;
    bt_gear_add_block(m, part, m->cloth, bt_vec3_make(-0.06 + 0.5 * SEAT_M, 0.0, seat + 0.01),
                      bt_vec3_make(SEAT_M, SEAT_M, 0.05), 0.02);
    bt_pose back = {{-0.085, 0.0, seat + 0.22}, bt_quat_yaw_pitch_roll(0.0, -0.05, 0.0)};
    bt_mesh_add_rounded_box(bt_body_mesh(m->body, part, m->cloth), back,
                            bt_vec3_make(0.03, SEAT_M, 0.40), 0.012, 2);
    // the folding cross below the seat
    for (int side = -1; side <= 1; side += 2)
        bt_gear_add_bar(m, part, m->black, bt_vec3_make(0.12, side * 0.5 * SEAT_M, seat - 0.02),
                        bt_vec3_make(0.12, -side * 0.5 * SEAT_M, 0.24), 0.010);
    add_wheels(m);
}
