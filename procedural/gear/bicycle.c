// bicycle.c: a city bicycle: low frame, mudguards, rack, lamps and reflectors.
//
// Tubes and angles: usual of the kind, chosen; what wheels, saddle, pedals and bar need is gear.h's.
#include "procedural/gear/gear_internal.h"

#define CROWN_M 0.405 // along the steering axis above the axle's height
#define HEAD_M 0.60
#define STAY_HALF_M 0.062

// Places of the frame.
typedef struct frame {
    bt_vec3 rear, bracket, cluster, saddle, axis_low, head_low, head_high, front;
    bt_vec3 axis; // up the steering axis
} frame;

static frame frame_of(const bt_gear *g)
{
    double r = g->rear_radius_m, lean = g->crank.x_m - g->hips.x_m,
           rise = g->hips.z_m - g->crank.z_m;
    double length = bt_hypot(lean, rise);
    bt_vec3 up = {-lean / length, 0.0, rise / length};
    frame f = {.rear = {0.0, 0.0, r}, .front = {g->front_x_m, 0.0, r}};
    f.bracket = bt_vec3_make(g->crank.x_m, 0.0, g->crank.z_m);
    f.cluster = bt_vec3_mad(f.bracket, up, 0.47);
    f.saddle = bt_vec3_mad(f.bracket, up, (g->seat_z_m - 0.05 - g->crank.z_m) / up.z);
    f.axis = bt_vec3_make(-bt_cos(BT_GEAR_HEAD_RAD), 0.0, bt_sin(BT_GEAR_HEAD_RAD));
    f.axis_low = bt_vec3_make(g->front_x_m - BT_GEAR_RAKE_M / bt_sin(BT_GEAR_HEAD_RAD), 0.0, r);
    f.head_low = bt_vec3_mad(f.axis_low, f.axis, CROWN_M + 0.02);
    f.head_high = bt_vec3_mad(f.axis_low, f.axis, HEAD_M);
    return f;
}

// A strip round a wheel, over part of its turn, angles from straight up towards the front.
static void add_mudguard(bt_gear_maker *m, uint32_t part, bt_vec3 centre, double from, double to)
{
    enum { STEPS = 18 };
    static const double out[4] = {0.002, 0.002, 0.0, 0.0}, y[4] = {0.024, -0.024, -0.024, 0.024};
    bt_vec3 points[4 * (STEPS + 1)];
    for (int i = 0; i <= STEPS; i++)
        for (int k = 0; k < 4; k++) {
            double angle = bt_lerp(from, to, (double)i / STEPS);
            double radius = m->gear.rear_radius_m + 0.014 + out[k];
            points[4 * i + k] = bt_vec3_make(centre.x + radius * bt_sin(angle), y[k],
                                             centre.z + radius * bt_cos(angle));
        }
    bt_mesh_add_grid(bt_body_mesh(m->body, part, m->black), points, STEPS + 1, 4,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, 0.7);
}

static void add_tubes(bt_gear_maker *m, uint32_t part, const frame *f)
{
    bt_gear_add_bar(m, part, m->paint, f->bracket, f->cluster, 0.0155);
    // a low step: both tubes run down from the head
    bt_vec3 low = bt_vec3_lerp(f->head_low, f->head_high, 0.15);
    bt_gear_add_bar(m, part, m->paint, low, f->bracket, 0.018);
    bt_vec3 high = bt_vec3_lerp(f->head_low, f->head_high, 0.8);
    bt_gear_add_bar(m, part, m->paint, high, bt_vec3_lerp(f->bracket, f->cluster, 0.80), 0.0145);
    bt_gear_add_bar(m, part, m->paint, f->head_low, f->head_high, 0.019);
    for (int side = -1; side <= 1; side += 2) {
        bt_vec3 drop = {f->rear.x, side * STAY_HALF_M, f->rear.z};
        bt_vec3 foot = {f->bracket.x - 0.02, side * 0.03, f->bracket.z};
        bt_vec3 top = {f->cluster.x, side * 0.02, f->cluster.z - 0.02};
        bt_gear_add_bar(m, part, m->paint, drop, foot, 0.009);
        bt_gear_add_bar(m, part, m->paint, drop, top, 0.008);
    }
    bt_gear_add_bar(m, part, m->alloy, bt_vec3_make(f->rear.x, -0.075, f->rear.z),
                    bt_vec3_make(f->rear.x, 0.075, f->rear.z), 0.007);
    bt_gear_add_bar(m, part, m->alloy, f->cluster, f->saddle, 0.0135);
    bt_gear_add_bar(m, part, m->black, bt_vec3_make(f->bracket.x, -0.036, f->bracket.z),
                    bt_vec3_make(f->bracket.x, 0.036, f->bracket.z), 0.021);
}

static void add_saddle(bt_gear_maker *m, uint32_t part)
{
    const bt_gear *g = &m->gear;
    double top = g->seat_z_m, x = g->hips.x_m;
    const double at[] = {-0.10, -0.08, -0.03, 0.04, 0.12, 0.16};
    const double half[] = {0.055, 0.078, 0.072, 0.040, 0.024, 0.018};
    enum { ROWS = 6, AROUND = 12 };
    bt_vec3 points[ROWS * AROUND];
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < AROUND; k++) {
            double angle = 2.0 * BT_PI * k / AROUND, s = bt_sin(angle);
            points[i * AROUND + k] = bt_vec3_make(x + at[i], half[i] * bt_cos(angle),
                                                  top - 0.03 + (s > 0.0 ? 0.024 : 0.022) * s);
        }
    bt_mesh_add_grid(bt_body_mesh(m->body, part, m->black), points, ROWS, AROUND,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, BT_PI / 3.0);
}

static void add_rear(bt_gear_maker *m, uint32_t part, const frame *f)
{
    double top = f->rear.z + m->gear.rear_radius_m + 0.045, half = 0.05;
    add_mudguard(m, part, f->rear, -2.0, 0.55);
    for (int side = -1; side <= 1; side += 2) {
        bt_gear_add_bar(m, part, m->black, bt_vec3_make(-0.26, side * half, top),
                        bt_vec3_make(0.12, side * half, top), 0.005);
        bt_gear_add_bar(m, part, m->black, bt_vec3_make(-0.06, side * half, top),
                        bt_vec3_make(0.0, side * (STAY_HALF_M + 0.008), f->rear.z), 0.005);
    }
    for (int i = 0; i < 4; i++) {
        double x = -0.26 + 0.12 * i;
        bt_gear_add_bar(m, part, m->black, bt_vec3_make(x, -half, top), bt_vec3_make(x, half, top),
                        0.004);
    }
    bt_gear_add_lamp(m, part, true, bt_vec3_make(-0.30, 0.0, top - 0.015), 0.020);
    bt_gear_add_block(m, part, m->reflector_red, bt_vec3_make(-0.292, 0.0, top - 0.055),
                      bt_vec3_make(0.008, 0.08, 0.032), 0.003);
    // chain case, on the right
    bt_vec3 mid = {0.5 * f->bracket.x, -0.045, 0.5 * (f->bracket.z + f->rear.z)};
    double slope = bt_atan2(f->rear.z - f->bracket.z, f->bracket.x);
    bt_pose pose = {mid, bt_quat_yaw_pitch_roll(0.0, slope, 0.0)};
    bt_mesh_add_rounded_box(bt_body_mesh(m->body, part, m->black), pose,
                            bt_vec3_make(f->bracket.x + 0.13, 0.012, 0.085), 0.005, 2);
}

static bt_vec3 from_pivot(const frame *f, bt_vec3 p)
{
    return bt_vec3_sub(p, f->axis_low);
}

// Bar: from the stem out and back to the grips.
static void add_handlebar(bt_gear_maker *m, uint32_t part, const frame *f)
{
    const bt_gear *g = &m->gear;
    double z = g->grip.z_m;
    bt_vec3 top = bt_vec3_mad(f->axis_low, f->axis, (z - 0.03 - f->axis_low.z) / f->axis.z);
    bt_vec3 clamp = {top.x + 0.06, 0.0, z - 0.01};
    bt_gear_add_bar(m, part, m->alloy, from_pivot(f, f->head_high), from_pivot(f, top), 0.0135);
    bt_gear_add_bar(m, part, m->alloy, from_pivot(f, top), from_pivot(f, clamp), 0.0145);
    for (int side = -1; side <= 1; side += 2) {
        bt_vec3 path[5] = {{clamp.x, 0.0, clamp.z},
                           {clamp.x, side * 0.07, clamp.z + 0.005},
                           {0.5 * (clamp.x + g->grip.x_m) + 0.03, side * 0.16, z + 0.005},
                           {g->grip.x_m + 0.012, side * (g->grip_aside_m - 0.05), z},
                           {g->grip.x_m - 0.012, side * (g->grip_aside_m + 0.055), z}};
        double radii[5] = {0.011, 0.011, 0.011, 0.011, 0.011};
        for (int i = 0; i < 5; i++)
            path[i] = from_pivot(f, path[i]);
        bt_mesh_add_tube(bt_body_mesh(m->body, part, m->alloy), path, radii, 5, 10);
        bt_gear_add_bar(m, part, m->black, path[3], path[4], 0.0155);
        bt_vec3 lever = {path[3].x + 0.05, path[3].y, path[3].z - 0.02};
        bt_gear_add_bar(m, part, m->alloy, lever,
                        bt_vec3_make(path[4].x + 0.05, path[4].y, path[4].z - 0.02), 0.005);
        bt_gear_add_bar(m, part, m->alloy, lever, path[3], 0.005);
    }
}

static void add_front(bt_gear_maker *m, const frame *f)
{
    uint32_t steer = bt_gear_add_steering(m, f->axis_low, f->axis);
    bt_vec3 crown = from_pivot(f, bt_vec3_mad(f->axis_low, f->axis, CROWN_M));
    bt_vec3 axle = from_pivot(f, f->front);
    for (int side = -1; side <= 1; side += 2) {
        bt_vec3 shoulder = {crown.x, side * 0.045, crown.z - 0.01};
        bt_gear_add_bar(m, steer, m->paint, shoulder, bt_vec3_make(axle.x, side * 0.052, axle.z),
                        0.011);
        bt_gear_add_bar(m, steer, m->paint, crown, shoulder, 0.014);
    }
    bt_gear_add_bar(m, steer, m->alloy, bt_vec3_make(axle.x, -0.062, axle.z),
                    bt_vec3_make(axle.x, 0.062, axle.z), 0.006);
    add_mudguard(m, steer, axle, -1.9, 0.45);
    add_handlebar(m, steer, f);
    bt_vec3 lamp = {crown.x + 0.075, 0.0, crown.z + 0.03};
    bt_gear_add_lamp(m, steer, false, lamp, 0.026);
    bt_gear_add_bar(m, steer, m->black, crown, bt_vec3_make(lamp.x - 0.04, 0.0, lamp.z), 0.006);
    bt_gear_add_block(m, steer, m->reflector_clear,
                      bt_vec3_make(lamp.x - 0.004, 0.0, lamp.z - 0.045),
                      bt_vec3_make(0.008, 0.05, 0.03), 0.003);
    bt_gear_wheel wheel = {m->gear.front_radius_m, BT_GEAR_TYRE_M, 32, true};
    bt_gear_add_wheel(
        m, bt_gear_add_axle(m, "wheel_front", steer, axle, BT_CHANNEL_SPIN_FRONT_LEFT), &wheel);
}

// Pedals hang level under the foot.
static void add_pedal(bt_gear_maker *m, uint32_t crank, int side)
{
    bool left = side > 0;
    const bt_gear *g = &m->gear;
    double reach = left ? g->crank_m : -g->crank_m, y = side * g->sole_aside_m[!left];
    bt_vec3 end = {0.0, side * 0.075, reach};
    bt_gear_add_bar(m, crank, m->alloy, bt_vec3_make(0.0, side * 0.062, 0.0), end, 0.0115);
    uint32_t pedal = bt_body_add_joint(m->body, left ? "pedal_left" : "pedal_right", crank,
                                       (bt_pose){bt_vec3_make(0.0, y, reach), BT_QUAT_IDENTITY},
                                       bt_vec3_make(0.0, 1.0, 0.0), BT_CHANNEL_CRANK, -1.0);
    bt_body_add_keypoint(m->body, left ? "pedal_left" : "pedal_right", pedal,
                         bt_vec3_make(0.0, 0.0, 0.0));
    // tilted as the foot is, heel up
    bt_pose tilt = {{0.0, 0.0, 0.0}, bt_quat_yaw_pitch_roll(0.0, 0.22, 0.0)};
    bt_mesh_builder *mesh = bt_body_mesh(m->body, pedal, m->black);
    bt_mesh_add_rounded_box(mesh, tilt, bt_vec3_make(0.09, 0.085, 0.022), 0.005, 2);
    mesh->slot = m->reflector_amber;
    for (int end_side = -1; end_side <= 1; end_side += 2) {
        bt_vec3 at = bt_pose_point(tilt, bt_vec3_make(end_side * 0.0455, 0.0, 0.0));
        bt_mesh_add_box(mesh, (bt_pose){at, tilt.rot}, bt_vec3_make(0.004, 0.06, 0.014));
    }
    bt_gear_add_bar(m, crank, m->alloy, end, bt_vec3_make(0.0, y, reach), 0.006);
}

void bt_gear_add_bicycle(bt_gear_maker *m)
{
    frame f = frame_of(&m->gear);
    uint32_t part = bt_body_add_part(m->body, "frame", BT_NO_INDEX, BT_POSE_IDENTITY);
    add_tubes(m, part, &f);
    add_saddle(m, part);
    add_rear(m, part, &f);
    bt_gear_wheel wheel = {m->gear.rear_radius_m, BT_GEAR_TYRE_M, 36, true};
    bt_gear_add_wheel(
        m, bt_gear_add_axle(m, "wheel_rear", BT_NO_INDEX, f.rear, BT_CHANNEL_SPIN_REAR_LEFT),
        &wheel);
    add_front(m, &f);
    uint32_t crank =
        bt_body_add_joint(m->body, "crank", BT_NO_INDEX, (bt_pose){f.bracket, BT_QUAT_IDENTITY},
                          bt_vec3_make(0.0, 1.0, 0.0), BT_CHANNEL_CRANK, 1.0);
    bt_gear_add_bar(m, crank, m->alloy, bt_vec3_make(0.0, -0.066, 0.0),
                    bt_vec3_make(0.0, 0.066, 0.0), 0.010);
    add_pedal(m, crank, 1);
    add_pedal(m, crank, -1);
}
