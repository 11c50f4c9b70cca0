// truck_chassis.c: the tractor's frame, tanks, mudguards, fifth wheel and wheels.
#include "procedural/vehicles/truck_internal.h"

// A sheet bent over a wheel from angle to angle, with thickness.
void bt_truck_add_mudguard(bt_mesh_builder *mesh, bt_vec3 centre, double radius, double half_width)
{
    enum { STEPS = 14 };
    bt_vec3 sheet[4 * (STEPS + 1)];
    const double r[4] = {radius, radius + 0.015, radius + 0.015, radius};
    const double y[4] = {-half_width, -half_width, half_width, half_width};
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i <= STEPS; i++) {
            double angle = bt_lerp(0.02, 0.98, (double)i / STEPS) * BT_PI;
            sheet[k * (STEPS + 1) + i] = bt_vec3_make(
                centre.x + r[k] * bt_cos(angle), centre.y + y[k], centre.z + r[k] * bt_sin(angle));
        }
    }
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_mesh_add_grid(mesh, sheet, 4, STEPS + 1, BT_GRID_WRAP_ROWS, 0.6);
    bt_mesh_flip(mesh, start);
}

static void add_tail_lamps(bt_truck *t)
{
    bt_car *cab = &t->cab;
    double x = -t->params->size.rear_overhang_m + 0.03, y = 0.78, z = 0.82;
    const struct {
        const char *name, *right;
        uint8_t slot;
        uint32_t left_mask, right_mask;
        double dy;
    } lamps[] = {{"lamp_indicator_rear_left", "lamp_indicator_rear_right",
                  cab->slots.indicator_rear, BT_LAMP_INDICATOR_LEFT, BT_LAMP_INDICATOR_RIGHT, 0.13},
                 {"lamp_tail", "", cab->slots.tail, BT_LAMP_TAIL, BT_LAMP_TAIL, 0.0},
                 {"lamp_brake", "", cab->slots.brake, BT_LAMP_BRAKE, BT_LAMP_BRAKE, -0.11},
                 {"lamp_reverse", "", cab->slots.reverse, BT_LAMP_REVERSE, BT_LAMP_REVERSE, -0.21}};
    bt_mesh_builder *mesh = cab->mesh;
    bt_mesh_mark start = bt_mesh_here(mesh);
    mesh->slot = cab->slots.black;
    bt_truck_box(mesh, bt_vec3_make(x, y - 0.28, z - 0.07),
                 bt_vec3_make(x + 0.08, y + 0.20, z + 0.07), 0.015);
    bt_mesh_mirror_y(mesh, start);
    for (int i = 0; i < 4; i++) {
        uint32_t part;
        bt_mesh_builder *lamp =
            bt_car_lamp_begin(cab, lamps[i].name, lamps[i].slot, lamps[i].left_mask, &part);
        bt_vec3 low = {x - 0.012, y + lamps[i].dy - 0.045, z - 0.05};
        bt_truck_box(lamp, low, bt_vec3_make(x + 0.01, low.y + 0.09, z + 0.05), 0.008);
        bt_car_lamp_end(cab, part, lamps[i].right, lamps[i].right_mask);
    }
}

void bt_truck_add_chassis(bt_truck *t)
{
    const bt_truck_params *p = t->params;
    bt_car *cab = &t->cab;
    bt_mesh_builder *mesh = cab->mesh;
    bt_mesh_mark start = bt_mesh_here(mesh);
    double rear = -p->size.rear_overhang_m, r = p->size.wheel_radius_m, w = 0.5 * p->size.width_m;
    mesh->slot = cab->slots.under;
    bt_truck_box(mesh, bt_vec3_make(rear + 0.1, 0.34, 0.74),
                 bt_vec3_make(t->front_m - 0.5, 0.43, 1.02), 0.01);
    // tank and boxes between the axles, front mudguard
    mesh->slot = cab->slots.alloy;
    bt_truck_box(mesh, bt_vec3_make(0.75, 0.50, 0.40), bt_vec3_make(1.95, w - 0.12, 0.98), 0.12);
    mesh->slot = cab->slots.trim;
    bt_truck_add_mudguard(mesh, bt_vec3_make(0.0, w - 0.36, r), r + 0.09, 0.33);
    bt_truck_add_mudguard(mesh, bt_vec3_make(p->size.wheelbase_m, w - 0.24, r), r + 0.07, 0.19);
    // mud flap
    bt_truck_box(mesh, bt_vec3_make(-0.63, w - 0.68, 0.22), bt_vec3_make(-0.61, w - 0.04, r + 0.02),
                 0.0);
    bt_mesh_mirror_y(mesh, start);
    mesh->slot = cab->slots.under;
    for (int i = 0; i < 2; i++) {
        double x = i ? p->size.wheelbase_m : 0.0;
        bt_mesh_add_cylinder(mesh, bt_vec3_make(x, -0.9, r), bt_vec3_make(x, 0.9, r), 0.08, 0.08,
                             12);
        bt_truck_box(mesh, bt_vec3_make(x - 0.6, -0.34, 0.86), bt_vec3_make(x - 0.5, 0.34, 0.98),
                     0.01);
    }
    bt_mesh_add_ellipsoid(mesh, (bt_pose){{0.0, 0.0, r}, BT_QUAT_IDENTITY},
                          bt_vec3_make(0.24, 0.22, 0.24), 18);
    // engine and gearbox seen from below
    bt_truck_box(mesh, bt_vec3_make(1.9, -0.33, 0.55), bt_vec3_make(t->front_m - 0.45, 0.33, 1.1),
                 0.08);
    // catwalk, fifth wheel
    mesh->slot = cab->slots.steel;
    bt_truck_box(mesh, bt_vec3_make(1.15, -0.5, 1.02),
                 bt_vec3_make(t->cab_back_m - 0.05, 0.5, 1.05), 0.0);
    bt_mesh_add_cylinder(mesh, bt_vec3_make(p->size.hitch_from_rear_m, 0.0, 1.03),
                         bt_vec3_make(p->size.hitch_from_rear_m, 0.0, 1.13), 0.46, 0.44, 28);
    bt_truck_box(mesh, bt_vec3_make(rear, -0.95, 0.74), bt_vec3_make(rear + 0.1, 0.95, 0.90), 0.01);
    add_tail_lamps(t);
}

// ---- wheels -----------------------------------------------------------------------------------
typedef struct corner {
    const char *hub, *wheel;
    int side;
    bool front;
    bt_channel spin, steer, travel;
} corner;

static const corner corners[4] = {
    {"hub_front_left", "wheel_front_left", 1, true, BT_CHANNEL_SPIN_FRONT_LEFT,
     BT_CHANNEL_STEER_LEFT, BT_CHANNEL_TRAVEL_FRONT_LEFT},
    {"hub_front_right", "wheel_front_right", -1, true, BT_CHANNEL_SPIN_FRONT_RIGHT,
     BT_CHANNEL_STEER_RIGHT, BT_CHANNEL_TRAVEL_FRONT_RIGHT},
    {"hub_rear_left", "wheel_rear_left", 1, false, BT_CHANNEL_SPIN_REAR_LEFT, BT_CHANNEL_STEER_LEFT,
     BT_CHANNEL_TRAVEL_REAR_LEFT},
    {"hub_rear_right", "wheel_rear_right", -1, false, BT_CHANNEL_SPIN_REAR_RIGHT,
     BT_CHANNEL_STEER_RIGHT, BT_CHANNEL_TRAVEL_REAR_RIGHT}};

// A front wheel's disc stands out, of a pair the outer lies deep.
static void build_wheel(bt_truck *t, uint32_t part, bool pair)
{
    bt_car *cab = &t->cab;
    bt_wheel_params how = {.radius_m = t->params->size.wheel_radius_m,
                           .width_m = 0.30,
                           .rim_radius_m = 0.56 * t->params->size.wheel_radius_m,
                           .steel = true,
                           .truck = pair};
    bt_wheel_slots slots = {cab->slots.rubber, cab->slots.alloy, cab->slots.under, cab->slots.steel,
                            cab->slots.chrome};
    bt_mesh_builder *mesh = bt_body_mesh(t->body, part, cab->slots.rubber);
    bt_wheel_build(mesh, &how, &slots);
    if (!pair) return;
    bt_mesh_transform(mesh, (bt_mesh_mark){0, 0}, (bt_pose){{0.0, 0.17, 0.0}, BT_QUAT_IDENTITY});
    bt_mesh_mark second = bt_mesh_here(mesh);
    bt_wheel_build(mesh, &how, &slots);
    bt_mesh_transform(mesh, second, (bt_pose){{0.0, -0.17, 0.0}, BT_QUAT_IDENTITY});
}

void bt_truck_add_wheels(bt_truck *t)
{
    const bt_truck_params *p = t->params;
    uint32_t first[2] = {BT_NO_INDEX, BT_NO_INDEX};
    for (int i = 0; i < 4; i++) {
        const corner *c = &corners[i];
        double y = c->front ? 0.5 * p->size.track_m : 0.5 * p->size.width_m - 0.36;
        bt_pose at = {{c->front ? p->size.wheelbase_m : 0.0, c->side * y, p->size.wheel_radius_m},
                      BT_QUAT_IDENTITY};
        uint32_t arm = bt_vehicle_add_arm(t->body, BT_NO_INDEX, c->hub, c->travel, &at);
        uint32_t hub = c->front ? bt_body_add_joint(t->body, c->hub, arm, at,
                                                    bt_vec3_make(0.0, 0.0, 1.0), c->steer, 1.0)
                                : bt_body_add_part(t->body, c->hub, arm, at);
        bt_pose turned = {{0.0, 0.0, 0.0},
                          c->side > 0 ? BT_QUAT_IDENTITY : (bt_quat){0.0, 0.0, 0.0, 1.0}};
        uint32_t wheel = bt_body_add_joint(t->body, c->wheel, hub, turned,
                                           bt_vec3_make(0.0, c->side, 0.0), c->spin, 1.0);
        bt_body_add_keypoint(t->body, c->wheel, hub, bt_vec3_make(0.0, 0.0, 0.0));
        int kind = c->front ? 0 : 1;
        if (first[kind] == BT_NO_INDEX) {
            first[kind] = wheel;
            build_wheel(t, wheel, kind == 1);
        } else {
            t->body->parts[wheel].same_mesh_as = first[kind];
        }
    }
}
