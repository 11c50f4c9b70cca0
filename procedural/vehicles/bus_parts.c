// bus_parts.c: what is on a bus and in it: lamps, mirrors, bonnet, floor, seats; and a school bus's lamps, rails and arm.
#include "procedural/vehicles/bus_internal.h"

static void box(bt_bus_section *s, uint8_t slot, bt_vec3 low, bt_vec3 high, double radius)
{
    s->car.mesh->slot = slot;
    bt_truck_box(s->car.mesh, low, high, radius);
}

// A lamp on both sides, as boxes against a face that looks along x.
typedef struct lamp {
    const char *name, *right;
    uint8_t slot;
    uint32_t left_mask, right_mask;
    double y, z, half_y, half_z;
} lamp;

static void add_lamps(bt_bus_section *s, double x, int towards, const lamp *lamps, int count)
{
    for (int i = 0; i < count; i++) {
        const lamp *l = &lamps[i];
        uint32_t part;
        bt_mesh_builder *mesh = bt_car_lamp_begin(&s->car, l->name, l->slot, l->left_mask, &part);
        bt_truck_box(
            mesh,
            bt_vec3_make(x + (towards > 0 ? -0.02 : -0.012), l->y - l->half_y, l->z - l->half_z),
            bt_vec3_make(x + (towards > 0 ? 0.012 : 0.02), l->y + l->half_y, l->z + l->half_z),
            0.008);
        bt_car_lamp_end(&s->car, part, l->right, l->right_mask);
    }
}

// Where the skin is at this place of the front (or rear): lamps lie on it.
static double skin_x(const bt_bus_section *s, double y, double z, bool rear)
{
    const bt_shell *shell = &s->car.lower;
    double around = rear ? bt_shell_around(shell, 1.0) - y : y;
    return bt_shell_find(shell, around, z).pos.x;
}

// ---- front ------------------------------------------------------------------------------------
static void add_front_lamps(bt_bus_section *s, double x, double y, double z)
{
    const bt_car_slots *k = &s->car.slots;
    bt_mesh_mark start = bt_mesh_here(s->car.mesh);
    box(s, k->black, bt_vec3_make(x - 0.06, y - 0.30, z - 0.11),
        bt_vec3_make(x - 0.004, y + 0.24, z + 0.11), 0.03);
    bt_mesh_mirror_y(s->car.mesh, start);
    const lamp lamps[] = {
        {"lamp_low_beam", "", k->low_beam, BT_LAMP_LOW_BEAM, BT_LAMP_LOW_BEAM, y + 0.02, z, 0.07,
         0.07},
        {"lamp_high_beam", "", k->high_beam, BT_LAMP_HIGH_BEAM, BT_LAMP_HIGH_BEAM, y - 0.17, z,
         0.07, 0.07},
        {"lamp_day", "", k->day, BT_LAMP_DAY, BT_LAMP_DAY, y - 0.07, z - 0.095, 0.17, 0.012},
        {"lamp_indicator_front_left", "lamp_indicator_front_right", k->indicator,
         BT_LAMP_INDICATOR_LEFT, BT_LAMP_INDICATOR_RIGHT, y + 0.17, z, 0.05, 0.06},
    };
    add_lamps(s, x, 1, lamps, 4);
}

static void add_mirrors(const bt_bus *bus, bt_bus_section *s, double x)
{
    const bt_bus_params *p = bus->params;
    uint32_t part = bt_body_add_part(s->car.body, "mirrors", s->car.part, BT_POSE_IDENTITY);
    s->car.body->parts[part].beyond_cuboid = true;
    bt_mesh_builder *mesh = bt_body_mesh(s->car.body, part, s->car.slots.black);
    double y = 0.5 * p->size.width_m + 0.14, z = p->school ? 1.9 : 2.15;
    bt_mesh_add_rounded_box(mesh, (bt_pose){{x, y, z}, BT_QUAT_IDENTITY},
                            bt_vec3_make(0.10, 0.22, 0.42), 0.04, 3);
    bt_mesh_add_capsule(mesh, bt_vec3_make(x - 0.25, y - 0.26, z + 0.24),
                        bt_vec3_make(x, y, z + 0.16), 0.02, 0.02, 8);
    mesh->slot = s->car.slots.chrome;
    bt_pose glass = bt_pose_along(bt_vec3_make(x - 0.052, y, z), bt_vec3_make(-1.0, 0.0, 0.0),
                                  bt_vec3_make(0.0, 1.0, 0.0));
    bt_mesh_add_rounded_slab(mesh, glass, bt_vec3_make(0.18, 0.36, 0.004), 0.03, 0.001, 4);
    bt_mesh_mirror_y(mesh, (bt_mesh_mark){0, 0});
    bt_body_add_keypoint(s->car.body, "mirror_left", part, bt_vec3_make(x, y, z));
    bt_body_add_keypoint(s->car.body, "mirror_right", part, bt_vec3_make(x, -y, z));
}

// Engine under a bonnet between round wings, a grille, a bumper.
static void add_bonnet(const bt_bus *bus, bt_bus_section *s)
{
    const bt_bus_params *p = bus->params;
    const bt_car_slots *k = &s->car.slots;
    double f = s->front_m, back = f - p->bonnet_m - 0.25, w = 0.5 * p->size.width_m;
    box(s, k->paint, bt_vec3_make(back, -0.78, 0.62), bt_vec3_make(f - 0.14, 0.78, 1.62), 0.22);
    box(s, k->trim, bt_vec3_make(back, -0.62, 0.5), bt_vec3_make(f - 0.30, 0.62, 1.1), 0.05);
    bt_mesh_mark start = bt_mesh_here(s->car.mesh);
    double top = 2.0 * p->size.wheel_radius_m + 0.16;
    box(s, k->paint, bt_vec3_make(f - 0.62, 0.62, 0.62), bt_vec3_make(f - 0.18, w - 0.06, top),
        0.16);
    box(s, k->paint, bt_vec3_make(back, 0.62, top - 0.20), bt_vec3_make(f - 0.40, w - 0.05, top),
        0.09);
    bt_mesh_mirror_y(s->car.mesh, start);
    box(s, k->black, bt_vec3_make(f - 0.16, -0.46, 0.80), bt_vec3_make(f - 0.125, 0.46, 1.36),
        0.02);
    for (int i = 0; i < 5; i++)
        box(s, k->chrome, bt_vec3_make(f - 0.13, -0.44, 0.86 + 0.1 * i),
            bt_vec3_make(f - 0.115, 0.44, 0.89 + 0.1 * i), 0.006);
    box(s, k->black, bt_vec3_make(f - 0.12, -w + 0.04, 0.42), bt_vec3_make(f, w - 0.04, 0.72),
        0.05);
}

void bt_bus_add_front(bt_bus *bus, bt_bus_section *s)
{
    const bt_bus_params *p = bus->params;
    double w = 0.5 * p->size.width_m;
    if (p->bonnet_m > 0.0) {
        add_bonnet(bus, s);
        add_front_lamps(s, s->front_m - 0.175, 0.86, 0.88);
    } else {
        box(s, s->car.slots.black, bt_vec3_make(s->front_m - 0.1, -0.9, 0.30),
            bt_vec3_make(s->front_m + 0.0, 0.9, 0.46), 0.04);
        add_front_lamps(s, skin_x(s, w - 0.42, 0.72, false), w - 0.42, 0.72);
    }
    add_mirrors(bus, s, s->front_m - p->bonnet_m + 0.10);
    bt_patch_vertex plate = {{s->front_m + 0.001, 0.0, 0.56}, {1.0, 0.0, 0.0}, 0.0, 0.0};
    if (p->bonnet_m <= 0.0) plate.pos.x = skin_x(s, 0.0, 0.56, false);
    bt_car_add_plate(&s->car, &plate, 0.003);
}

// ---- rear -------------------------------------------------------------------------------------
void bt_bus_add_rear(bt_bus *bus, bt_bus_section *s)
{
    const bt_car_slots *k = &s->car.slots;
    double w = 0.5 * bus->params->size.width_m, y = w - 0.22, z = bus->params->school ? 1.0 : 0.95;
    double x = skin_x(s, y, z, true);
    const lamp lamps[] = {
        {"lamp_indicator_rear_left", "lamp_indicator_rear_right", k->indicator_rear,
         BT_LAMP_INDICATOR_LEFT, BT_LAMP_INDICATOR_RIGHT, y, z + 0.28, 0.06, 0.06},
        {"lamp_brake", "", k->brake, BT_LAMP_BRAKE, BT_LAMP_BRAKE, y, z + 0.14, 0.06, 0.06},
        {"lamp_tail", "", k->tail, BT_LAMP_TAIL, BT_LAMP_TAIL, y, z, 0.06, 0.06},
        {"lamp_reverse", "", k->reverse, BT_LAMP_REVERSE, BT_LAMP_REVERSE, y, z - 0.14, 0.06, 0.05},
    };
    bt_mesh_mark start = bt_mesh_here(s->car.mesh);
    box(s, k->black, bt_vec3_make(x + 0.004, y - 0.08, z - 0.21),
        bt_vec3_make(x + 0.06, y + 0.08, z + 0.36), 0.02);
    bt_mesh_mirror_y(s->car.mesh, start);
    add_lamps(s, x, -1, lamps, 4);
    box(s, k->black, bt_vec3_make(s->rear_m, -w + 0.1, 0.40),
        bt_vec3_make(s->rear_m + 0.12, w - 0.1, 0.60), 0.04);
    bt_patch_vertex plate = {{s->rear_m - 0.001, 0.0, 0.75}, {-1.0, 0.0, 0.0}, 0.0, 0.0};
    plate.pos.x = fmin(plate.pos.x, skin_x(s, 0.0, 0.75, true));
    bt_car_add_plate(&s->car, &plate, 0.003);
}

// ---- inside -----------------------------------------------------------------------------------
static void add_seat(bt_bus_section *s, double x, double y, double floor)
{
    uint8_t cloth = s->car.slots.cloth;
    box(s, cloth, bt_vec3_make(x - 0.20, y - 0.21, floor + 0.36),
        bt_vec3_make(x + 0.22, y + 0.21, floor + 0.46), 0.03);
    box(s, cloth, bt_vec3_make(x - 0.24, y - 0.21, floor + 0.40),
        bt_vec3_make(x - 0.17, y + 0.21, floor + 1.05), 0.03);
}

// The floor leaves room for the wheels, under boxes on which seats stand.
static void add_floor(const bt_bus *bus, bt_bus_section *s, double from, double to, double w)
{
    const bt_bus_params *p = bus->params;
    const bt_car_slots *k = &s->car.slots;
    double r = p->size.wheel_radius_m, room = r + 0.16, top = 2.0 * r + 0.10;
    for (int i = s->axle_count; i-- > 0;) {
        double x = s->axles[i];
        box(s, k->interior, bt_vec3_make(x + room, -w, p->floor_m - 0.04),
            bt_vec3_make(from, w, p->floor_m), 0.0);
        box(s, k->interior, bt_vec3_make(x - room, -0.60, p->floor_m - 0.04),
            bt_vec3_make(x + room, 0.60, p->floor_m), 0.0);
        for (int side = -1; side <= 1; side += 2) {
            double inner = side * 0.60, outer = side * w;
            box(s, k->interior, bt_vec3_make(x - room, fmin(inner, outer), top),
                bt_vec3_make(x + room, fmax(inner, outer), top + 0.03), 0.0);
            box(s, k->interior, bt_vec3_make(x - room, inner - 0.01, p->floor_m),
                bt_vec3_make(x + room, inner + 0.01, fmax(top, p->floor_m + 0.01)), 0.0);
        }
        from = x - room;
    }
    box(s, k->interior, bt_vec3_make(to, -w, p->floor_m - 0.04), bt_vec3_make(from, w, p->floor_m),
        0.0);
}

static double seat_floor(const bt_bus *bus, const bt_bus_section *s, double x)
{
    double r = bus->params->size.wheel_radius_m, floor = bus->params->floor_m;
    for (int i = 0; i < s->axle_count; i++)
        if (fabs(x - s->axles[i]) < r + 0.4) floor = fmax(floor, 2.0 * r + 0.13 - 0.36);
    return floor;
}

// Is the middle door of a section there?
static bool is_door(const bt_bus *bus, const bt_bus_section *s, double x)
{
    if (bus->params->school) return false;
    return fabs(x - (s->has_face ? 0.55 * bus->params->size.wheelbase_m : -1.8)) < 1.0;
}

void bt_bus_add_inside(bt_bus *bus, bt_bus_section *s)
{
    const bt_bus_params *p = bus->params;
    const bt_car_slots *k = &s->car.slots;
    double f = s->front_m - (s->has_face ? p->bonnet_m : 0.0), b = s->rear_m;
    double w = 0.5 * p->size.width_m - 0.07;
    add_floor(bus, s, f - 0.1, b + 0.1, w);
    box(s, k->under, bt_vec3_make(b + 0.25, -0.60, 0.30),
        bt_vec3_make(f - 0.35, 0.60, p->floor_m - 0.045), 0.0);
    double pitch = p->school ? 0.74 : 0.80, last = b + (s->has_tail && !p->school ? 1.2 : 0.6);
    for (double x = f - 2.0; x > last; x -= pitch)
        for (int side = -1; side <= 1; side += 2) {
            if (side < 0 && is_door(bus, s, x)) continue;
            double floor = seat_floor(bus, s, x);
            add_seat(s, x, side * (w - 0.25), floor);
            add_seat(s, x, side * (w - 0.70), floor);
        }
    if (!s->has_face) return;
    add_seat(s, f - 1.05, w - 0.45, p->floor_m + 0.15);
    box(s, k->interior, bt_vec3_make(f - 0.62, -w + 0.6, p->floor_m + 0.3),
        bt_vec3_make(f - 0.22, w, p->floor_m + 0.78), 0.06);
}

// ---- school buses -----------------------------------------------------------------------------
// Above the windows at each end: red outside, amber inside (which only warn before a stop, and stay dark here).
static void add_school_lamps(const bt_bus *bus, bt_bus_section *s, bool rear)
{
    const bt_bus_params *p = bus->params;
    double w = 0.5 * p->size.width_m, y = w - 0.28, z = p->size.height_m - 0.47;
    double x = skin_x(s, y, z, rear);
    int out = rear ? -1 : 1;
    bt_mesh_mark start = bt_mesh_here(s->car.mesh);
    box(s, s->car.slots.black, bt_vec3_make(x - 0.02, y - 0.42, z - 0.13),
        bt_vec3_make(x + 0.02, y + 0.13, z + 0.13), 0.015);
    double face = x + out * 0.022;
    box(s, s->car.slots.lens_amber, bt_vec3_make(face - 0.01, y - 0.38, z - 0.09),
        bt_vec3_make(face + 0.01, y - 0.20, z + 0.09), 0.008);
    bt_mesh_mirror_y(s->car.mesh, start);
    const lamp red = {
        rear ? "lamp_halt_rear_left" : "lamp_halt_front_left",
        rear ? "lamp_halt_rear_right" : "lamp_halt_front_right",
        bt_body_material(bus->body, rear ? "lamp_school_red_rear" : "lamp_school_red"),
        BT_LAMP_HALT_LEFT,
        BT_LAMP_HALT_RIGHT,
        y,
        z,
        0.09,
        0.09};
    add_lamps(s, x + out * 0.03, out, &red, 1);
}

// An octagon of 45 cm on a hinge below the driver's window (FMVSS 131: 450 mm across; from memory); folded back it lies along the side.
static void add_arm(const bt_bus *bus, bt_bus_section *s)
{
    const bt_bus_params *p = bus->params;
    bt_pose hinge = {{s->front_m - p->bonnet_m - 0.85, 0.5 * p->size.width_m + 0.015, 1.35},
                     BT_QUAT_IDENTITY};
    // out: turned about z by -90 degrees from lying along -x
    uint32_t arm = bt_body_add_joint(s->car.body, "stop_arm", s->car.part, hinge,
                                     bt_vec3_make(0.0, 0.0, -1.0), BT_CHANNEL_STOP_ARM, 1.0);
    s->car.body->parts[arm].beyond_cuboid = true;
    const double apothem = 0.225, rim = 0.205;
    bt_point2 outer[8], inner[8];
    for (int i = 0; i < 8; i++) {
        double angle = (i + 0.5) * BT_PI / 4.0, k = 1.0 / bt_cos(BT_PI / 8.0);
        outer[i] = (bt_point2){apothem * k * bt_cos(angle), apothem * k * bt_sin(angle)};
        inner[i] = (bt_point2){rim * k * bt_cos(angle), rim * k * bt_sin(angle)};
    }
    // the sign's plane holds x and z; it looks along y, and along x when it is out
    bt_pose plate = bt_pose_along(bt_vec3_make(-0.33, 0.0, 0.0), bt_vec3_make(0.0, 1.0, 0.0),
                                  bt_vec3_make(1.0, 0.0, 0.0));
    bt_mesh_builder *mesh =
        bt_body_mesh(s->car.body, arm, bt_body_material(s->car.body, "sign_white"));
    bt_mesh_add_prism(mesh, plate, outer, 8, -0.004, 0.004);
    mesh->slot = bt_body_material(s->car.body, "sign_red");
    bt_mesh_add_prism(mesh, plate, inner, 8, -0.006, 0.006);
    mesh->slot = s->car.slots.black;
    bt_truck_box(mesh, bt_vec3_make(-0.14, -0.012, -0.05), bt_vec3_make(0.02, 0.012, 0.05), 0.006);
    const double heights[2] = {0.13, -0.13};
    const uint32_t masks[2] = {BT_LAMP_HALT_LEFT, BT_LAMP_HALT_RIGHT};
    for (int i = 0; i < 2; i++) {
        uint32_t part = bt_body_add_part(s->car.body, i ? "lamp_arm_low" : "lamp_arm_high", arm,
                                         BT_POSE_IDENTITY);
        s->car.body->parts[part].lamp_mask = masks[i];
        s->car.body->parts[part].beyond_cuboid = true;
        bt_mesh_add_cylinder(
            bt_body_mesh(s->car.body, part, bt_body_material(s->car.body, "lamp_stop_arm")),
            bt_vec3_make(-0.33, -0.022, heights[i]), bt_vec3_make(-0.33, 0.022, heights[i]), 0.05,
            0.05, 16);
    }
}

void bt_bus_add_school(bt_bus *bus, bt_bus_section *s)
{
    const bt_bus_params *p = bus->params;
    double w = 0.5 * p->size.width_m, front = s->front_m - p->bonnet_m - 1.2,
           z[3] = {p->floor_m - 0.05, p->floor_m + 0.22, p->sill_m - 0.12};
    bt_mesh_mark start = bt_mesh_here(s->car.mesh);
    for (int i = 0; i < 3; i++)
        box(s, s->car.slots.black, bt_vec3_make(s->rear_m + 0.25, w - 0.01, z[i] - 0.045),
            bt_vec3_make(front, w + 0.012, z[i] + 0.045), 0.008);
    bt_mesh_mirror_y(s->car.mesh, start);
    add_school_lamps(bus, s, false);
    add_school_lamps(bus, s, true);
    add_arm(bus, s);
}
