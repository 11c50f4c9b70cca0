// car_wheels.c: wheels behind their joints, brake calipers, and the wells they turn in.
#include "procedural/vehicles/car_internal.h"

#include "procedural/vehicles/wheel.h"

typedef struct corner {
    const char *hub, *wheel, *keypoint;
    int side; // +1 left
    bool front;
    bt_channel spin, steer, travel;
} corner;

static const corner corners[4] = {
    {"hub_front_left", "wheel_front_left", "wheel_front_left", 1, true, BT_CHANNEL_SPIN_FRONT_LEFT,
     BT_CHANNEL_STEER_LEFT, BT_CHANNEL_TRAVEL_FRONT_LEFT},
    {"hub_front_right", "wheel_front_right", "wheel_front_right", -1, true,
     BT_CHANNEL_SPIN_FRONT_RIGHT, BT_CHANNEL_STEER_RIGHT, BT_CHANNEL_TRAVEL_FRONT_RIGHT},
    {"hub_rear_left", "wheel_rear_left", "wheel_rear_left", 1, false, BT_CHANNEL_SPIN_REAR_LEFT,
     BT_CHANNEL_STEER_LEFT, BT_CHANNEL_TRAVEL_REAR_LEFT},
    {"hub_rear_right", "wheel_rear_right", "wheel_rear_right", -1, false,
     BT_CHANNEL_SPIN_REAR_RIGHT, BT_CHANNEL_STEER_RIGHT, BT_CHANNEL_TRAVEL_REAR_RIGHT},
};

static void add_caliper(bt_car *car, uint32_t hub, int side, bool front)
{
    const bt_car_params *p = car->params;
    bt_mesh_builder *mesh = bt_body_mesh(car->body, hub, car->slots.grey);
    double r = 0.60 * p->rim_radius_m, x = front ? -r : r;
    bt_pose pose = {{x, side * 0.06 * p->tyre_width_m, 0.10 * r}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(mesh, pose, bt_vec3_make(0.42 * r, 0.07, 0.75 * r), 0.015, 2);
}

static void add_wheel(bt_car *car, int i, uint32_t *first)
{
    const bt_car_params *p = car->params;
    const corner *c = &corners[i];
    bt_body *body = car->body;
    bt_pose at = {{c->front ? p->wheelbase_m : 0.0, c->side * 0.5 * p->track_m, p->wheel_radius_m},
                  BT_QUAT_IDENTITY};
    bt_vec3 up = {0.0, 0.0, 1.0};
    uint32_t arm = bt_vehicle_add_arm(body, BT_NO_INDEX, c->hub, c->travel, &at);
    uint32_t hub = c->front ? bt_body_add_joint(body, c->hub, arm, at, up, c->steer, 1.0)
                            : bt_body_add_part(body, c->hub, arm, at);
    add_caliper(car, hub, c->side, c->front);
    // right wheels are left wheels turned round: their own y axis points to the right
    bt_pose turned = {{0.0, 0.0, 0.0},
                      c->side > 0 ? BT_QUAT_IDENTITY : (bt_quat){0.0, 0.0, 0.0, 1.0}};
    bt_vec3 axis = {0.0, (double)c->side, 0.0};
    uint32_t wheel = bt_body_add_joint(body, c->wheel, hub, turned, axis, c->spin, 1.0);
    bt_body_add_keypoint(body, c->keypoint, hub, bt_vec3_make(0.0, 0.0, 0.0));
    if (*first != BT_NO_INDEX) {
        body->parts[wheel].same_mesh_as = *first;
        return;
    }
    *first = wheel;
    bt_wheel_params how = {.radius_m = p->wheel_radius_m,
                           .width_m = p->tyre_width_m,
                           .rim_radius_m = p->rim_radius_m,
                           .spokes = p->spokes,
                           .steel = p->steel_wheels};
    bt_wheel_slots slots = {car->slots.rubber,
                            p->steel_wheels ? car->slots.steel : car->slots.alloy, car->slots.under,
                            car->slots.steel, car->slots.chrome};
    bt_wheel_build(bt_body_mesh(body, wheel, car->slots.rubber), &how, &slots);
}

// The well: a half drum over the wheel, seen from below, and its inner wall.
static void add_well(bt_car *car, double x)
{
    enum { STEPS = 20 };
    const bt_car_params *p = car->params;
    double r = car->arch_radius_m + 0.002, z = p->wheel_radius_m + 0.008;
    double outer = 0.5 * p->width_m - 0.045;
    double low = bt_asin(bt_clamp((p->clearance_m + 0.02 - z) / r, -0.9, 0.0));
    double inner = 0.5 * p->track_m - 0.5 * p->tyre_width_m - 0.07;
    bt_vec3 sheet[3 * (STEPS + 1)];
    for (int i = 0; i <= STEPS; i++) {
        double angle = bt_lerp(low, BT_PI - low, (double)i / STEPS);
        bt_vec3 out = {bt_cos(angle), 0.0, bt_sin(angle)};
        bt_vec3 centre = {x, 0.0, z};
        for (int row = 0; row < 2; row++) {
            bt_vec3 point = bt_vec3_mad(centre, out, r);
            point.y = row == 0 ? inner : outer;
            sheet[row * (STEPS + 1) + i] = point;
        }
    }
    car->mesh->slot = car->slots.under;
    bt_mesh_add_grid(car->mesh, sheet, 2, STEPS + 1, 0, BT_PI / 3.0);
    // inner wall as a fan
    bt_vec3 wall[STEPS + 1];
    for (int i = 0; i <= STEPS; i++)
        wall[i] = sheet[STEPS - i];
    bt_mesh_add_polygon(car->mesh, wall, STEPS + 1);
}

void bt_car_add_wells(bt_car *car)
{
    add_well(car, 0.0);
    add_well(car, car->params->wheelbase_m);
}

void bt_car_add_wheels(bt_car *car)
{
    uint32_t first = BT_NO_INDEX;
    for (int i = 0; i < 4; i++)
        add_wheel(car, i, &first);
}
