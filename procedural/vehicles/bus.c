// bus.c: parameters of a bus and how it is put together.
#include "procedural/vehicles/bus_internal.h"

#include <string.h>

// City bus: 12.135 m by 2.55 m by 3.12 m with 5.90 m between the axles, a Mercedes-Benz Citaro (omnibusarchiv.de and
// the maker's vehicle profile; overhangs shared out by pictures).
static const bt_bus_params city = {.size = {.length_m = 12.135,
                                            .width_m = 2.55,
                                            .height_m = 3.12,
                                            .wheelbase_m = 5.90,
                                            .rear_overhang_m = 3.46,
                                            .track_m = 2.05,
                                            .wheel_radius_m = 0.478}, // 275/70 R 22.5
                                   .floor_m = 0.36,
                                   .sill_m = 1.05,
                                   .colour = {0.86, 0.86, 0.84}};

// School bus of type C (with a bonnet) for some 77 pupils: 96 in wide, as the National School Transportation Specifications
// have it at most (102 in today), yellow by the same; other sizes chosen as typical of the class.
static const bt_bus_params school = {.size = {.length_m = 10.9,
                                              .width_m = 2.44,
                                              .height_m = 3.15,
                                              .wheelbase_m = 6.40,
                                              .rear_overhang_m = 3.45,
                                              .track_m = 2.05,
                                              .wheel_radius_m = 0.50},
                                     .bonnet_m = 1.15,
                                     .floor_m = 1.0,
                                     .sill_m = 1.62,
                                     .school = true,
                                     .colour = {0.96, 0.64, 0.05}};

bt_bus_params bt_bus_defaults(bool is_school)
{
    return is_school ? school : city;
}

bt_status bt_bus_check(const bt_bus_params *p)
{
    double front = p->size.length_m - p->size.rear_overhang_m - p->size.wheelbase_m;
    const struct {
        const char *name;
        double value, low, high;
    } limits[] = {
        {"length_m", p->size.length_m, 7.0, 15.0},
        {"width_m", p->size.width_m, 2.2, 2.6},
        {"height_m", p->size.height_m, 2.6, 4.0},
        {"rear_overhang_m", p->size.rear_overhang_m, 1.0, 5.0},
        {"track_m", p->size.track_m, 1.6, p->size.width_m - 0.3},
        {"wheel_radius_m", p->size.wheel_radius_m, 0.35, 0.6},
        {"wheelbase_m", p->size.wheelbase_m, 3.5, 9.0},
        {"bonnet_m", p->bonnet_m, 0.0, 2.0},
        {"floor_m", p->floor_m, 0.25, 1.3},
        {"sill_m", p->sill_m, p->floor_m + 0.4, p->size.height_m - 1.0},
        {"what is before the front axle", front, p->size.wheel_radius_m + 0.15, 4.0},
        {"trailer_length_m", p->size.trailer_length_m, 0.0, 10.0},
        {"colour", fmin(p->colour[0], fmin(p->colour[1], p->colour[2])), 0.0, 1.0},
        {"colour", fmax(p->colour[0], fmax(p->colour[1], p->colour[2])), 0.0, 1.0},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (!(limits[i].value >= limits[i].low && limits[i].value <= limits[i].high))
            return bt_fail(BT_ERR_INPUT, "bus: %s is %g: expected from %g to %g", limits[i].name,
                           limits[i].value, limits[i].low, limits[i].high);
    if (p->size.trailer_length_m <= 0.0) return BT_OK;
    if (p->size.hitch_from_rear_m > -p->size.rear_overhang_m ||
        p->size.hitch_from_rear_m < -p->size.rear_overhang_m - 2.0)
        return bt_fail(BT_ERR_INPUT,
                       "bus: hitch_from_rear_m is %g: the joint lies up to 2 m behind the front "
                       "section, at most %g",
                       p->size.hitch_from_rear_m, -p->size.rear_overhang_m);
    if (!(p->size.trailer_wheelbase_m > 2.0 &&
          p->size.trailer_wheelbase_m < p->size.trailer_length_m - 1.0))
        return bt_fail(BT_ERR_INPUT, "bus: trailer_wheelbase_m is %g: expected from 2 to %g",
                       p->size.trailer_wheelbase_m, p->size.trailer_length_m - 1.0);
    return BT_OK;
}

// ---- sections ---------------------------------------------------------------------------------
static bt_bus_section begin_section(bt_bus *bus, uint32_t part, double front, double rear)
{
    bt_bus_section s = {.front_m = front, .rear_m = rear};
    s.car.params = &bus->truck.as_car;
    s.car.body = bus->body;
    bt_car_find_slots(&s.car);
    s.car.part = part;
    s.car.mesh = &bus->body->parts[part].mesh;
    s.car.front_m = front;
    s.car.rear_m = rear;
    return s;
}

static void add_front_section(bt_bus *bus)
{
    const bt_bus_params *p = bus->params;
    uint32_t part = bt_body_add_part(bus->body, "body", BT_NO_INDEX, BT_POSE_IDENTITY);
    bool bends = p->size.trailer_length_m > 0.0;
    double front = p->size.length_m - p->size.rear_overhang_m;
    bt_bus_section s = begin_section(bus, part, front, -p->size.rear_overhang_m);
    s.axles[0] = 0.0;
    s.axles[1] = p->size.wheelbase_m;
    s.axle_count = 2;
    s.has_face = true;
    s.has_tail = !bends;
    bt_bus_add_shell(bus, &s);
    bt_bus_add_front(bus, &s);
    if (!bends) bt_bus_add_rear(bus, &s);
    bt_bus_add_inside(bus, &s);
    if (p->school) bt_bus_add_school(bus, &s);
    bus->truck.cab = s.car;
    bt_truck_add_wheels(&bus->truck);
    double w = 0.5 * p->size.width_m;
    bt_body_add_cuboid(bus->body, BT_CLASS_BUS, BT_NO_INDEX,
                       bt_vec3_make(-p->size.rear_overhang_m, -w, 0.0),
                       bt_vec3_make(front, w, p->size.height_m));
}

// ---- bellows ----------------------------------------------------------------------------------
#define FOLDS 7
#define RING 20         // points round
#define FOLD_OUT_M 0.13 // from the sides of the sections
#define FOLD_IN_M 0.22
#define FOLD_ROUND_M 0.12 // corners

// What of the front section, what of the rear one carries a point of them.
typedef struct bellows {
    uint32_t own, rear;
    double joint_x_m, gap_m;
} bellows;

// Between the sections they go over evenly from one to the other.
static bt_skin_vertex bind_bellows(const void *context, bt_vec3 pos)
{
    const bellows *b = context;
    double front = bt_clamp((pos.x - b->joint_x_m) / b->gap_m, 0.0, 1.0);
    bt_skin_vertex v = {{(uint16_t)b->own, (uint16_t)b->rear},
                        {(float)front, (float)(1.0 - front)}};
    return v;
}

// A rounded rectangle across, its left side upwards first.
static void fold_ring(const bt_bus_params *p, double x, double in, bt_vec3 *points)
{
    double half = 0.5 * p->size.width_m - in, low = p->floor_m - 0.02,
           high = p->size.height_m - 0.5 * in;
    for (int k = 0; k < RING; k++) {
        int corner = k / (RING / 4); // top left, top right, bottom right, bottom left
        double angle = 0.5 * BT_PI * (corner + (k % (RING / 4)) / (RING / 4 - 1.0));
        double y = corner == 0 || corner == 3 ? half - FOLD_ROUND_M : FOLD_ROUND_M - half;
        double z = corner < 2 ? high - FOLD_ROUND_M : low + FOLD_ROUND_M;
        points[k] =
            bt_vec3_make(x, y + FOLD_ROUND_M * bt_cos(angle), z + FOLD_ROUND_M * bt_sin(angle));
    }
}

// Folds between the sections: one skin from the front section to the rear one, that bends with both.
static void add_bellows(const bt_bus *bus, const bt_bus_section *s)
{
    const bt_bus_params *p = bus->params;
    bt_vec3 points[(2 * FOLDS + 1) * RING];
    bellows b = {.rear = s->car.part,
                 .joint_x_m = p->size.hitch_from_rear_m,
                 .gap_m = -p->size.rear_overhang_m - p->size.hitch_from_rear_m};
    b.own = bt_body_add_part(bus->body, "bellows", BT_NO_INDEX, BT_POSE_IDENTITY);
    for (int i = 0; i <= 2 * FOLDS; i++)
        fold_ring(p, b.joint_x_m + b.gap_m * i / (2.0 * FOLDS), i % 2 ? FOLD_OUT_M : FOLD_IN_M,
                  &points[i * RING]);
    bt_mesh_add_grid(bt_body_mesh(bus->body, b.own, s->car.slots.trim), points, 2 * FOLDS + 1, RING,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, 0.5);
    bt_body_bind(bus->body, b.own, bind_bellows, &b);
}

static void add_rear_wheels(const bt_bus *bus, uint32_t parent)
{
    const bt_bus_params *p = bus->params;
    static const char *const names[2] = {"trailer_wheel_left", "trailer_wheel_right"};
    uint32_t shown = BT_NO_INDEX;
    for (uint32_t i = 0; i < bus->body->part_count; i++)
        if (strcmp(bus->body->parts[i].name, "wheel_rear_left") == 0) shown = i;
    for (int i = 0; i < 2; i++) {
        int side = i ? -1 : 1;
        bt_pose at = {{-p->size.trailer_wheelbase_m, side * 0.5 * p->size.trailer_track_m,
                       p->size.wheel_radius_m},
                      side > 0 ? BT_QUAT_IDENTITY : (bt_quat){0.0, 0.0, 0.0, 1.0}};
        bt_channel travel = (bt_channel)(BT_CHANNEL_TRAVEL_TRAILER + i);
        uint32_t arm = bt_vehicle_add_arm(bus->body, parent, names[i], travel, &at);
        uint32_t part =
            bt_body_add_joint(bus->body, names[i], arm, at, bt_vec3_make(0.0, side, 0.0),
                              BT_CHANNEL_SPIN_TRAILER, 1.0);
        bt_body_add_keypoint(bus->body, names[i], arm, at.pos);
        bus->body->parts[part].same_mesh_as = shown;
    }
}

static void add_rear_section(bt_bus *bus)
{
    const bt_bus_params *p = bus->params;
    bt_pose hitch = {{p->size.hitch_from_rear_m, 0.0, 0.0}, BT_QUAT_IDENTITY};
    uint32_t joint = bt_body_add_joint(bus->body, "joint", BT_NO_INDEX, hitch,
                                       bt_vec3_make(0.0, 0.0, 1.0), BT_CHANNEL_HITCH, 1.0);
    uint32_t pitch = bt_body_add_joint(bus->body, "joint_pitch", joint, BT_POSE_IDENTITY,
                                       bt_vec3_make(0.0, 1.0, 0.0), BT_CHANNEL_HITCH_PITCH, 1.0);
    uint32_t part = bt_body_add_joint(bus->body, "rear_section", pitch, BT_POSE_IDENTITY,
                                      bt_vec3_make(1.0, 0.0, 0.0), BT_CHANNEL_HITCH_ROLL, 1.0);
    bt_bus_section s = begin_section(bus, part, 0.0, -p->size.trailer_length_m);
    s.axles[0] = -p->size.trailer_wheelbase_m;
    s.axle_count = 1;
    s.has_tail = true;
    bt_bus_add_shell(bus, &s);
    bt_bus_add_rear(bus, &s);
    bt_bus_add_inside(bus, &s);
    add_bellows(bus, &s);
    add_rear_wheels(bus, part);
    double w = 0.5 * p->size.width_m;
    bt_body_add_cuboid(bus->body, BT_CLASS_BUS, part,
                       bt_vec3_make(-p->size.trailer_length_m, -w, 0.0),
                       bt_vec3_make(0.0, w, p->size.height_m));
}

// ---- whole ------------------------------------------------------------------------------------
static void lend_tools(bt_bus *bus)
{
    const bt_bus_params *p = bus->params;
    bus->as_truck = (bt_truck_params){.size = p->size};
    bus->truck = (bt_truck){.params = &bus->as_truck, .body = bus->body};
    bus->truck.as_car = bt_car_defaults(BT_CAR_VAN);
    bus->truck.as_car.seed = p->seed;
    for (int k = 0; k < 3; k++)
        bus->truck.as_car.colour[k] = p->colour[k];
}

bt_status bt_bus_build(const bt_bus_params *params, bt_body **body)
{
    *body = NULL;
    bt_status status = bt_bus_check(params);
    if (!status) status = bt_body_create(BT_CLASS_BUS, body);
    if (status) return status;
    bt_bus bus = {.params = params, .body = *body};
    lend_tools(&bus);
    add_front_section(&bus);
    if (params->size.trailer_length_m > 0.0) add_rear_section(&bus);
    status = bt_body_status(*body);
    if (status) {
        bt_body_destroy(*body);
        *body = NULL;
    }
    return status;
}

bt_status bt_bus_generate(bt_spec *spec, const bt_bus_params *params, uint32_t *model)
{
    *model = BT_NO_INDEX;
    bt_body *body = NULL;
    bt_status status = bt_bus_build(params, &body);
    if (!status) status = bt_body_finish(body, spec, "bus", model);
    bt_body_destroy(body);
    return status;
}
