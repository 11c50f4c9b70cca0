// truck_trailer.c: a box semi-trailer: body with ribs and doors, frame, legs, guards, three axles.
#include "procedural/vehicles/truck_internal.h"

#define TYRE_M 0.37 // 385/65 R 22.5

typedef struct trailer {
    bt_truck *truck;
    bt_mesh_builder *mesh;
    bt_car_slots slots; // of the trailer's class
    uint8_t box;
    double front, rear, w, low, high; // of the box, in the hitch's frame
} trailer;

static void add_box(trailer *r)
{
    bt_mesh_builder *mesh = r->mesh;
    mesh->slot = r->box;
    double in = 0.012;
    bt_truck_box(mesh, bt_vec3_make(r->rear + 0.02, -r->w + in, r->low),
                 bt_vec3_make(r->front, r->w - in, r->high - 0.004), 0.03);
    // rails along the edges, corner posts
    mesh->slot = r->slots.alloy;
    for (int side = -1; side <= 1; side += 2) {
        double outer = side * r->w, inner = side * (r->w - 0.05);
        double y0 = fmin(outer, inner), y1 = fmax(outer, inner);
        bt_truck_box(mesh, bt_vec3_make(r->rear, y0, r->low - 0.03),
                     bt_vec3_make(r->front, y1, r->low + 0.11), 0.01);
        bt_truck_box(mesh, bt_vec3_make(r->rear, y0, r->high - 0.09),
                     bt_vec3_make(r->front, y1, r->high), 0.01);
        bt_truck_box(mesh, bt_vec3_make(r->front - 0.08, y0, r->low),
                     bt_vec3_make(r->front, y1, r->high), 0.01);
        bt_truck_box(mesh, bt_vec3_make(r->rear, y0, r->low),
                     bt_vec3_make(r->rear + 0.09, y1, r->high), 0.01);
        // seams of the side panels
        mesh->slot = r->box;
        double y = side * (r->w - in - 0.003);
        int panels = (int)((r->front - r->rear) / 1.22);
        for (int i = 1; i < panels; i++) {
            double x = bt_lerp(r->front, r->rear, (double)i / panels);
            bt_truck_box(mesh, bt_vec3_make(x - 0.03, y - 0.007, r->low + 0.11),
                         bt_vec3_make(x + 0.03, y + 0.007, r->high - 0.09), 0.003);
        }
        mesh->slot = r->slots.alloy;
    }
}

static void add_doors(trailer *r)
{
    bt_mesh_builder *mesh = r->mesh;
    mesh->slot = r->slots.black;
    bt_truck_box(mesh, bt_vec3_make(r->rear + 0.012, -0.008, r->low + 0.1),
                 bt_vec3_make(r->rear + 0.03, 0.008, r->high - 0.09), 0.0);
    mesh->slot = r->slots.steel;
    for (int i = 0; i < 4; i++) {
        double y = (i < 2 ? -1.0 : 1.0) * (i % 2 ? 0.86 : 0.30);
        bt_mesh_add_cylinder(mesh, bt_vec3_make(r->rear + 0.012, y, r->low + 0.06),
                             bt_vec3_make(r->rear + 0.012, y, r->high - 0.06), 0.016, 0.016, 10);
        for (int k = 0; k < 4; k++) {
            double z = bt_lerp(r->low + 0.2, r->high - 0.2, k / 3.0);
            bt_truck_box(mesh, bt_vec3_make(r->rear, y - 0.045, z - 0.03),
                         bt_vec3_make(r->rear + 0.03, y + 0.045, z + 0.03), 0.005);
        }
        bt_truck_box(mesh, bt_vec3_make(r->rear, fmin(y, 0.5 * y), r->low + 0.78),
                     bt_vec3_make(r->rear + 0.02, fmax(y, 0.5 * y), r->low + 0.82), 0.005);
    }
}

// From the foremost axle's middle to the last one's half the way.
static double half_group(const bt_truck_params *p)
{
    return 0.5 * (floor(p->size.trailer_axles) - 1.0) * p->size.trailer_axle_gap_m;
}

static void add_frame(trailer *r, double axle)
{
    double group = half_group(r->truck->params);
    bt_mesh_builder *mesh = r->mesh;
    double wheel = r->truck->params->size.wheel_radius_m;
    bt_mesh_mark start = bt_mesh_here(mesh);
    mesh->slot = r->slots.under;
    bt_truck_box(mesh, bt_vec3_make(r->rear + 0.1, 0.45, 0.82), bt_vec3_make(-1.2, 0.55, r->low),
                 0.01);
    bt_truck_box(mesh, bt_vec3_make(-1.3, 0.45, 1.02), bt_vec3_make(r->front - 0.1, 0.55, r->low),
                 0.01);
    // landing leg
    mesh->slot = r->slots.steel;
    bt_truck_box(mesh, bt_vec3_make(-2.55, 0.78, 0.42), bt_vec3_make(-2.39, 0.94, r->low), 0.01);
    bt_truck_box(mesh, bt_vec3_make(-2.62, 0.72, 0.36), bt_vec3_make(-2.32, 1.00, 0.40), 0.01);
    // side guard: two rails on posts
    mesh->slot = r->slots.alloy;
    double from = -3.0, to = axle + group + wheel + 0.15;
    for (int i = 0; i < 2; i++)
        bt_truck_box(mesh, bt_vec3_make(to, r->w - 0.06, 0.52 + 0.32 * i),
                     bt_vec3_make(from, r->w - 0.03, 0.64 + 0.32 * i), 0.008);
    for (int i = 0; i < 3; i++) {
        double x = bt_lerp(from - 0.2, to + 0.2, i / 2.0);
        bt_truck_box(mesh, bt_vec3_make(x - 0.03, r->w - 0.10, 0.5),
                     bt_vec3_make(x + 0.03, r->w - 0.06, r->low), 0.005);
    }
    // mudguards as flat covers, high enough for a wheel that is pushed up, flaps
    mesh->slot = r->slots.trim;
    bt_truck_box(mesh, bt_vec3_make(axle - group - wheel - 0.1, r->w - 0.44, 2.0 * wheel + 0.10),
                 bt_vec3_make(axle + group + wheel + 0.1, r->w - 0.02, 2.0 * wheel + 0.125), 0.01);
    bt_truck_box(mesh, bt_vec3_make(axle - group - wheel - 0.12, r->w - 0.44, 0.22),
                 bt_vec3_make(axle - group - wheel - 0.10, r->w - 0.02, 2.0 * wheel + 0.11), 0.0);
    bt_mesh_mirror_y(mesh, start);
    mesh->slot = r->slots.under;
    for (double x = r->rear + 0.5; x < r->front - 0.3; x += 0.8)
        bt_truck_box(mesh, bt_vec3_make(x - 0.04, -r->w + 0.08, r->low - 0.10),
                     bt_vec3_make(x + 0.04, r->w - 0.08, r->low), 0.0);
    bt_mesh_add_cylinder(mesh, bt_vec3_make(0.0, 0.0, 1.08), bt_vec3_make(0.0, 0.0, r->low), 0.05,
                         0.05, 12);
    // rear underrun bar
    mesh->slot = r->slots.steel;
    bt_truck_box(mesh, bt_vec3_make(r->rear + 0.06, -r->w + 0.06, 0.46),
                 bt_vec3_make(r->rear + 0.16, r->w - 0.06, 0.58), 0.012);
    for (int side = -1; side <= 1; side += 2)
        bt_truck_box(mesh, bt_vec3_make(r->rear + 0.08, side * 0.5 - 0.04, 0.55),
                     bt_vec3_make(r->rear + 0.18, side * 0.5 + 0.04, r->low), 0.01);
}

// Lamp clusters and red-white contour marks at the rear; amber side markers.
static void add_lamps(trailer *r)
{
    bt_truck *t = r->truck;
    bt_car as = t->cab; // the tools of cars, on the trailer's part
    as.part = t->trailer;
    as.slots = r->slots;
    double x = r->rear + 0.06, z = 0.74;
    bt_mesh_mark start = bt_mesh_here(r->mesh);
    r->mesh->slot = r->slots.black;
    bt_truck_box(r->mesh, bt_vec3_make(x, r->w - 0.62, z - 0.08),
                 bt_vec3_make(x + 0.08, r->w - 0.06, z + 0.08), 0.012);
    r->mesh->slot = r->slots.lens_red;
    for (int i = 0; i < 3; i++) {
        double y = 0.15 + 0.36 * i;
        bt_truck_box(r->mesh, bt_vec3_make(r->rear + 0.006, y, r->low + 0.02),
                     bt_vec3_make(r->rear + 0.02, y + 0.26, r->low + 0.07), 0.002);
    }
    r->mesh->slot = r->slots.lens_amber;
    for (int i = 0; i < 5; i++) {
        double at = bt_lerp(r->front - 0.8, r->rear + 0.6, i / 4.0);
        bt_truck_box(r->mesh, bt_vec3_make(at - 0.05, r->w - 0.01, r->low + 0.02),
                     bt_vec3_make(at + 0.05, r->w - 0.0005, r->low + 0.06), 0.004);
    }
    bt_mesh_mirror_y(r->mesh, start);
    const struct {
        const char *name, *right;
        uint8_t slot;
        uint32_t left_mask, right_mask;
        double from, to;
    } lamps[] = {
        {"trailer_indicator_left", "trailer_indicator_right", r->slots.indicator_rear,
         BT_LAMP_INDICATOR_LEFT, BT_LAMP_INDICATOR_RIGHT, 0.10, 0.22},
        {"trailer_tail", "", r->slots.tail, BT_LAMP_TAIL, BT_LAMP_TAIL, 0.23, 0.35},
        {"trailer_brake", "", r->slots.brake, BT_LAMP_BRAKE, BT_LAMP_BRAKE, 0.36, 0.47},
        {"trailer_reverse", "", r->slots.reverse, BT_LAMP_REVERSE, BT_LAMP_REVERSE, 0.48, 0.58}};
    for (int i = 0; i < 4; i++) {
        uint32_t part;
        bt_mesh_builder *mesh =
            bt_car_lamp_begin(&as, lamps[i].name, lamps[i].slot, lamps[i].left_mask, &part);
        bt_truck_box(mesh, bt_vec3_make(x - 0.012, r->w - lamps[i].to, z - 0.06),
                     bt_vec3_make(x + 0.01, r->w - lamps[i].from, z + 0.06), 0.008);
        bt_car_lamp_end(&as, part, lamps[i].right, lamps[i].right_mask);
    }
    bt_patch_vertex plate = {{r->rear + 0.05, 0.0, 0.95}, {-1.0, 0.0, 0.0}, 0.0, 0.0};
    bt_car_add_plate(&as, &plate, 0.01);
}

// The half of an axle that a wheel is on goes up and down with it.
static void build_half_axle(const trailer *r, uint32_t hub)
{
    bt_mesh_builder *mesh = bt_body_mesh(r->truck->body, hub, r->slots.steel);
    double half = 0.5 * r->truck->params->size.trailer_track_m;
    bt_mesh_add_cylinder(mesh, bt_vec3_make(0.0, -half, 0.0), bt_vec3_make(0.0, -0.05, 0.0), 0.075,
                         0.075, 12);
}

static void build_wheel(const trailer *r, uint32_t part)
{
    double radius = r->truck->params->size.wheel_radius_m;
    bt_wheel_params how = {.radius_m = radius,
                           .width_m = TYRE_M,
                           .rim_radius_m = 0.56 * radius,
                           .steel = true,
                           .truck = true};
    bt_wheel_slots slots = {r->slots.rubber, r->slots.steel, r->slots.under, r->slots.steel,
                            r->slots.chrome};
    bt_wheel_build(bt_body_mesh(r->truck->body, part, r->slots.rubber), &how, &slots);
}

static void add_wheels(trailer *r, double axle)
{
    static const char *const names[6] = {"trailer_wheel_1_left", "trailer_wheel_1_right",
                                         "trailer_wheel_2_left", "trailer_wheel_2_right",
                                         "trailer_wheel_3_left", "trailer_wheel_3_right"};
    static const char *const hubs[6] = {"trailer_hub_1_left", "trailer_hub_1_right",
                                        "trailer_hub_2_left", "trailer_hub_2_right",
                                        "trailer_hub_3_left", "trailer_hub_3_right"};
    bt_truck *t = r->truck;
    const bt_truck_params *p = t->params;
    uint32_t first_hub = BT_NO_INDEX, first = BT_NO_INDEX;
    for (int i = 0; i < 2 * (int)p->size.trailer_axles; i++) {
        int side = i % 2 ? -1 : 1;
        bt_pose at = {{axle + half_group(p) - p->size.trailer_axle_gap_m * (i / 2),
                       side * 0.5 * p->size.trailer_track_m, p->size.wheel_radius_m},
                      BT_QUAT_IDENTITY};
        bt_channel travel = (bt_channel)(BT_CHANNEL_TRAVEL_TRAILER + i);
        uint32_t arm = bt_vehicle_add_arm(t->body, t->trailer, hubs[i], travel, &at);
        // those to the right are those to the left turned round
        if (side < 0) at.rot = (bt_quat){0.0, 0.0, 0.0, 1.0};
        uint32_t hub = bt_body_add_part(t->body, hubs[i], arm, at);
        uint32_t wheel =
            bt_body_add_joint(t->body, names[i], hub, BT_POSE_IDENTITY,
                              bt_vec3_make(0.0, side, 0.0), BT_CHANNEL_SPIN_TRAILER, 1.0);
        bt_body_add_keypoint(t->body, names[i], hub, bt_vec3_make(0.0, 0.0, 0.0));
        if (i == 0) {
            first_hub = hub;
            first = wheel;
            build_half_axle(r, hub);
            build_wheel(r, wheel);
        } else {
            t->body->parts[hub].same_mesh_as = first_hub;
            t->body->parts[wheel].same_mesh_as = first;
        }
    }
}

void bt_truck_add_trailer(bt_truck *t)
{
    const bt_truck_params *p = t->params;
    bt_pose hitch = {{p->size.hitch_from_rear_m, 0.0, 0.0}, BT_QUAT_IDENTITY};
    uint32_t wheel = bt_body_add_joint(t->body, "fifth_wheel", BT_NO_INDEX, hitch,
                                       bt_vec3_make(0.0, 0.0, 1.0), BT_CHANNEL_HITCH, 1.0);
    uint32_t pitch = bt_body_add_joint(t->body, "hitch_pitch", wheel, BT_POSE_IDENTITY,
                                       bt_vec3_make(0.0, 1.0, 0.0), BT_CHANNEL_HITCH_PITCH, 1.0);
    t->trailer = bt_body_add_joint(t->body, "trailer", pitch, BT_POSE_IDENTITY,
                                   bt_vec3_make(1.0, 0.0, 0.0), BT_CHANNEL_HITCH_ROLL, 1.0);
    t->body->class_id = BT_CLASS_TRAILER;
    bt_car slots = {.params = &t->as_car, .body = t->body};
    bt_car_find_slots(&slots);
    trailer r = {.truck = t,
                 .mesh = &t->body->parts[t->trailer].mesh,
                 .slots = slots.slots,
                 .box = bt_body_tinted(t->body, "car_paint", p->trailer_colour),
                 .front = BT_TRUCK_TRAILER_NOSE_M,
                 .rear = BT_TRUCK_TRAILER_NOSE_M - p->size.trailer_length_m,
                 .w = 0.5 * p->size.width_m,
                 .low = 1.16,
                 .high = p->size.height_m};
    double axle = -p->size.trailer_wheelbase_m;
    add_box(&r);
    add_doors(&r);
    add_frame(&r, axle);
    add_lamps(&r);
    add_wheels(&r, axle);
    t->body->class_id = BT_CLASS_TRUCK;
}
