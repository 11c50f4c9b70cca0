// stroller.c: a pushchair before somebody who walks: frame, seat with a child under a hood, four wheels.
//
// Sizes: usual of the kind (EN 1888 gives none), chosen.
#include "procedural/gear/gear_internal.h"

#define TUBE_M 0.012

static void add_wheels(bt_gear_maker *m, uint32_t part)
{
    const bt_gear *g = &m->gear;
    for (int side = 1; side >= -1; side -= 2) {
        bool left = side > 0;
        double y = side * 0.5 * g->track_m;
        bt_gear_wheel rear = {g->rear_radius_m, 0.018, 0, false};
        bt_gear_wheel front = {g->front_radius_m, 0.016, 0, false};
        bt_gear_add_wheel(
            m,
            bt_gear_add_axle(m, left ? "wheel_rear_left" : "wheel_rear_right", part,
                             bt_vec3_make(g->rear_x_m, y, g->rear_radius_m),
                             left ? BT_CHANNEL_SPIN_REAR_LEFT : BT_CHANNEL_SPIN_REAR_RIGHT),
            &rear);
        bt_pose pivot = {{g->front_x_m + 0.03, 0.5 * y, 0.0}, BT_QUAT_IDENTITY};
        uint32_t castor =
            bt_body_add_joint(m->body, left ? "castor_left" : "castor_right", part, pivot,
                              bt_vec3_make(0.0, 0.0, 1.0), BT_CHANNEL_STEER_LEFT, 1.0);
        bt_gear_add_bar(m, castor, m->black, bt_vec3_make(-0.03, side * 0.03, g->front_radius_m),
                        bt_vec3_make(0.0, side * 0.03, 0.21), 0.009);
        bt_gear_add_wheel(
            m,
            bt_gear_add_axle(m, left ? "wheel_front_left" : "wheel_front_right", castor,
                             bt_vec3_make(-0.03, 0.0, g->front_radius_m),
                             left ? BT_CHANNEL_SPIN_FRONT_LEFT : BT_CHANNEL_SPIN_FRONT_RIGHT),
            &front);
    }
    bt_gear_add_bar(m, part, m->alloy,
                    bt_vec3_make(g->rear_x_m, -0.5 * g->track_m, g->rear_radius_m),
                    bt_vec3_make(g->rear_x_m, 0.5 * g->track_m, g->rear_radius_m), 0.010);
}

static void add_frame(bt_gear_maker *m, uint32_t part)
{
    const bt_gear *g = &m->gear;
    for (int side = -1; side <= 1; side += 2) {
        double y = side * 0.24;
        bt_vec3 grip = {g->grip.x_m, y, g->grip.z_m}, joint = {g->rear_x_m + 0.14, y, 0.52};
        bt_gear_add_bar(m, part, m->alloy, grip, joint, TUBE_M);
        bt_gear_add_bar(
            m, part, m->alloy, joint,
            bt_vec3_make(g->rear_x_m, side * 0.5 * g->track_m - side * 0.03, g->rear_radius_m),
            TUBE_M);
        bt_gear_add_bar(m, part, m->alloy, joint,
                        bt_vec3_make(g->front_x_m + 0.03, side * 0.125 + side * 0.03, 0.21),
                        TUBE_M);
    }
    bt_gear_add_bar(m, part, m->black, bt_vec3_make(g->grip.x_m, -0.24, g->grip.z_m),
                    bt_vec3_make(g->grip.x_m, 0.24, g->grip.z_m), 0.016);
}

// The seat is turned so far back; all in its frame: x ahead, z up the back.
static void add_seat(bt_gear_maker *m, uint32_t part)
{
    const bt_gear *g = &m->gear;
    bt_pose seat = {{g->rear_x_m + 0.20, 0.0, 0.50}, bt_quat_yaw_pitch_roll(0.0, -0.45, 0.0)};
    uint32_t tub = bt_body_add_part(m->body, "seat", part, seat);
    bt_gear_add_block(m, tub, m->cloth, bt_vec3_make(-0.02, 0.0, 0.25),
                      bt_vec3_make(0.05, 0.34, 0.54), 0.022);
    bt_gear_add_block(m, tub, m->cloth, bt_vec3_make(0.13, 0.0, 0.0),
                      bt_vec3_make(0.30, 0.34, 0.06), 0.025);
    for (int side = -1; side <= 1; side += 2)
        bt_gear_add_block(m, tub, m->cloth, bt_vec3_make(0.09, side * 0.175, 0.10),
                          bt_vec3_make(0.24, 0.02, 0.20), 0.009);
    bt_gear_add_block(m, tub, m->black, bt_vec3_make(0.30, 0.0, -0.14),
                      bt_vec3_make(0.03, 0.28, 0.26), 0.012);
    // hood
    enum { ROWS = 7, COLUMNS = 9 };
    bt_vec3 points[2 * ROWS * COLUMNS];
    for (int face = 0; face < 2; face++)
        for (int i = 0; i < ROWS; i++)
            for (int k = 0; k < COLUMNS; k++) {
                double turn = -0.35 + 1.55 * i / (ROWS - 1), over = BT_PI * k / (COLUMNS - 1);
                double r = 0.30 - 0.008 * face, w = 0.185 - 0.006 * face;
                bt_vec3 p = {0.02 + r * bt_sin(turn) * bt_sin(over), w * bt_cos(over),
                             0.30 + r * bt_cos(turn) * bt_sin(over)};
                points[(face * ROWS + (face ? ROWS - 1 - i : i)) * COLUMNS + k] = p;
            }
    bt_mesh_add_grid(bt_body_mesh(m->body, tub, m->cloth), points, 2 * ROWS, COLUMNS,
                     BT_GRID_WRAP_ROWS, 1.2);
    // a child under a blanket
    bt_mesh_builder *mesh = bt_body_mesh(m->body, tub, m->skin);
    bt_mesh_add_ellipsoid(mesh, (bt_pose){{0.085, 0.0, 0.40}, BT_QUAT_IDENTITY},
                          bt_vec3_make(0.075, 0.068, 0.085), 20);
    static const double wool[3] = {0.75, 0.72, 0.62};
    mesh->slot = bt_body_tinted(m->body, "cloth", wool);
    bt_mesh_add_ellipsoid(mesh, (bt_pose){{0.078, 0.0, 0.425}, BT_QUAT_IDENTITY},
                          bt_vec3_make(0.078, 0.074, 0.075), 20);
    bt_mesh_add_ellipsoid(mesh, (bt_pose){{0.10, 0.0, 0.19}, BT_QUAT_IDENTITY},
                          bt_vec3_make(0.10, 0.13, 0.18), 20);
    bt_mesh_add_ellipsoid(mesh, (bt_pose){{0.22, 0.0, 0.06}, bt_quat_yaw_pitch_roll(0.0, 0.2, 0.0)},
                          bt_vec3_make(0.17, 0.13, 0.08), 20);
}

void bt_gear_add_stroller(bt_gear_maker *m)
{
    // on an arm that lifts it against the walker's bob
    bt_pose pivot = {{BT_SUSPENSION_ARM_M, 0.0, 0.0}, BT_QUAT_IDENTITY};
    bt_pose back = {{-BT_SUSPENSION_ARM_M, 0.0, 0.0}, BT_QUAT_IDENTITY};
    bt_vec3 y = {0.0, 1.0, 0.0};
    uint32_t arm = bt_body_add_joint(m->body, "lift", BT_NO_INDEX, pivot, y, BT_CHANNEL_LIFT, 1.0);
    uint32_t part = bt_body_add_joint(m->body, "stroller", arm, back, y, BT_CHANNEL_LIFT, -1.0);
    add_wheels(m, part);
    add_frame(m, part);
    add_seat(m, part);
}
