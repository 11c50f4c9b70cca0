// car_rear.c: trunk or tailgate, tail lamps, rear bumper, rear plate.
//
// The chart runs from the front's middle; here `a` counts from the rear's middle outward.
#include "procedural/vehicles/car_internal.h"

typedef struct tail {
    double end, w;    // chart length of the rear's middle; width scale
    double low, high; // z of the bumper's lower edge and of the deck's
} tail;

static tail tail_of(const bt_car *car)
{
    const bt_car_params *p = car->params;
    return (tail){bt_shell_around(&car->lower, 1.0), p->width_m / 1.8, p->clearance_m + 0.04,
                  p->deck_height_m};
}

static double tail_z(const tail *t, double u)
{
    return bt_lerp(t->low, t->high, u);
}

// Corners given as (a, u) with u the height fraction.
static bt_car_region tail_region(const tail *t, const bt_corner *corners, size_t count)
{
    bt_corner c[12];
    for (size_t i = 0; i < count; i++)
        c[i] =
            (bt_corner){t->end - corners[i].x * t->w, tail_z(t, corners[i].y), corners[i].radius};
    return bt_car_region_make(BT_CAR_PLANE_CHART, c, count);
}

// ---- lamps ------------------------------------------------------------------------------------
typedef struct divider {
    double around, up, slope; // keeps what lies above the line through here
} divider;

static double divider_distance(const void *context, const bt_patch_vertex *v)
{
    const divider *d = context;
    return v->up_m - d->up - d->slope * (v->around_m - d->around);
}

static double beyond_distance(const void *context, const bt_patch_vertex *v)
{
    const divider *d = context;
    return v->around_m - d->around;
}

static double inner_region(const void *context, const bt_patch_vertex *v)
{
    return bt_car_region_distance(context, v);
}

// The lower part is divided into indicator (outside) and reversing lamp; the upper is red.
static void cut_tail_lamps(bt_car *car)
{
    tail t = tail_of(car);
    const bt_car_tail_shape *shape = bt_car_tail_of(car->params);
    bt_car_region region = tail_region(&t, shape->corners, 6);
    bt_car_shut_line(car, &car->skin, &region, 0.005);
    bt_patch red = {0}, low = {0}, amber = {0}, brake = {0}, tail_band = {0}, core = {0};
    // white behind the red, as reflex optics look from afar
    bt_car_recess(car, &region, 0.040, car->slots.grey, car->slots.plate, &red);
    divider level = {t.end - 0.7 * t.w, tail_z(&t, shape->clear_below), 0.0};
    bt_patch_cut(&red, divider_distance, &level, 0.0, &low);
    divider split = {t.end - shape->split_m * t.w, 0.0, 0.0};
    bt_patch_cut(&low, beyond_distance, &split, 0.0, &amber);
    car->mesh->slot = car->slots.lens_red;
    bt_patch_emit(&red, car->mesh, -0.001);
    car->mesh->slot = car->slots.lens_clear;
    bt_patch_emit(&low, car->mesh, -0.001);
    car->mesh->slot = car->slots.lens_amber;
    bt_patch_emit(&amber, car->mesh, -0.001);
    // a band along the edge is the tail lamp, the core the brake lamp
    bt_patch_cut(&red, inner_region, &region, -0.014, &tail_band);
    bt_patch_cut(&tail_band, inner_region, &region, -0.030, &brake);
    bt_patch_cut(&brake, inner_region, &region, -0.044, &core);
    bt_car_lamp(car, &tail_band, 0.020, "lamp_tail", car->slots.tail, BT_LAMP_TAIL, BT_LAMP_TAIL);
    bt_car_lamp(car, &core, 0.018, "lamp_brake", car->slots.brake, BT_LAMP_BRAKE, BT_LAMP_BRAKE);
    bt_car_lamp(car, &low, 0.020, "lamp_reverse", car->slots.reverse, BT_LAMP_REVERSE,
                BT_LAMP_REVERSE);
    bt_car_lamp(car, &amber, 0.020, "lamp_indicator_rear", car->slots.indicator_rear,
                BT_LAMP_INDICATOR_LEFT, BT_LAMP_INDICATOR_RIGHT);
    bt_patch_clear(&red);
    bt_patch_clear(&low);
    bt_patch_clear(&amber);
    bt_patch_clear(&brake);
    bt_patch_clear(&tail_band);
    bt_patch_clear(&core);
}

// ---- panels -----------------------------------------------------------------------------------
static void cut_lid(bt_car *car)
{
    const bt_car_params *p = car->params;
    tail t = tail_of(car);
    double foot = p->kind == BT_CAR_SEDAN ? 0.60 : p->kind == BT_CAR_PICKUP ? 0.42 : 0.46;
    double half = p->kind == BT_CAR_VAN || p->kind == BT_CAR_PICKUP ? 0.735 : 0.70;
    const bt_corner c[] = {
        {-half, foot, 0.05}, {half - 0.03, foot, 0.06}, {half, 1.6, 0.0}, {-half, 1.6, 0.0}};
    bt_car_region lid = tail_region(&t, c, 4);
    lid.max_x = car->rear_m + 0.45;
    if (p->kind == BT_CAR_SEDAN) lid.max_normal_z = 0.5;
    bt_car_shut_line(car, &car->skin, &lid, 0.005);
    if (p->kind != BT_CAR_SEDAN) return;
    double y = 0.665 * t.w;
    const bt_corner deck[] = {{car->rear_m - 0.3, -1.0, 0.0},
                              {car->rear_m - 0.3, y, 0.0},
                              {p->glass_rear_m + 0.06, y - 0.02, 0.08},
                              {p->glass_rear_m + 0.06, -1.0, 0.0}};
    bt_car_region top = bt_car_region_make(BT_CAR_PLANE_PLAN, deck, 4);
    top.min_normal_z = 0.5;
    top.max_x = p->glass_rear_m + 0.2;
    bt_car_shut_line(car, &car->skin, &top, 0.005);
}

static void cut_bumper(bt_car *car)
{
    tail t = tail_of(car);
    // seam from the lamp round to the arch
    double z = tail_z(&t, 0.50);
    const bt_corner c[] = {{0.0, -1.0, 0.0}, {9.0, -1.0, 0.0}, {9.0, z, 0.0}, {0.0, z, 0.0}};
    bt_car_region seam = bt_car_region_make(BT_CAR_PLANE_CHART, c, 4);
    seam.max_x = 0.0;
    bt_car_shut_line(car, &car->skin, &seam, 0.004);
    // dark valance below
    const bt_corner low[] = {
        {-0.62, 0.26, 0.04}, {0.62, 0.26, 0.10}, {0.78, -0.4, 0.0}, {-0.78, -0.4, 0.0}};
    bt_car_region valance = tail_region(&t, low, 4);
    bt_patch patch = {0};
    valance.max_x = car->rear_m + 0.5;
    bt_patch_cut(&car->skin, bt_car_region_distance, &valance, 0.0, &patch);
    car->mesh->slot = car->slots.trim;
    bt_patch_emit(&patch, car->mesh, 0.006);
    bt_patch_emit_walls(&patch, car->mesh, 0.0, 0.006);
    bt_patch_clear(&patch);
    // reflex reflectors
    bt_patch_vertex at = bt_shell_find(&car->lower, t.end - 0.70 * t.w, tail_z(&t, 0.31));
    car->mesh->slot = car->slots.lens_red;
    bt_mesh_add_rounded_slab(car->mesh, bt_car_on_skin(&at, 0.002), bt_vec3_make(0.13, 0.03, 0.008),
                             0.012, 0.002, 3);
}

static void cut_plate(bt_car *car)
{
    const bt_car_params *p = car->params;
    tail t = tail_of(car);
    double u = p->kind == BT_CAR_PICKUP ? 0.30 : p->kind == BT_CAR_SEDAN ? 0.72 : 0.62;
    double dz = 0.085 / (t.high - t.low);
    const bt_corner c[] = {
        {-0.30, u - dz, 0.03}, {0.30, u - dz, 0.03}, {0.32, u + dz, 0.03}, {-0.32, u + dz, 0.03}};
    bt_car_region niche = tail_region(&t, c, 4);
    bt_car_recess(car, &niche, 0.018, car->slots.paint, car->slots.paint, NULL);
    bt_patch_vertex at = bt_shell_find(&car->lower, t.end, tail_z(&t, u));
    bt_car_add_plate(car, &at, -0.010);
    // chrome strip over it
    bt_patch_vertex over = bt_shell_find(&car->lower, t.end, tail_z(&t, u + dz) + 0.012);
    car->mesh->slot = car->slots.chrome;
    bt_mesh_add_rounded_slab(car->mesh, bt_car_on_skin(&over, 0.004),
                             bt_vec3_make(0.56, 0.016, 0.014), 0.006, 0.003, 3);
}

// The bed of a pickup under its soft cover.
static void cut_bed(bt_car *car)
{
    const bt_car_params *p = car->params;
    double half = 0.5 * p->width_m - 0.13, front = p->glass_rear_m - 0.03,
           rear = car->rear_m + 0.13;
    const bt_corner c[] = {
        {front, -1.0, 0.0}, {front, half, 0.05}, {rear, half, 0.08}, {rear, -1.0, 0.0}};
    bt_car_region bed = bt_car_region_make(BT_CAR_PLANE_PLAN, c, 4);
    bed.min_normal_z = 0.4;
    bt_patch cover = {0};
    bt_patch_cut(&car->skin, bt_car_region_distance, &bed, 0.0, &cover);
    car->mesh->slot = car->slots.trim;
    bt_patch_emit(&cover, car->mesh, -0.012);
    bt_mesh_mark walls = bt_mesh_here(car->mesh);
    bt_patch_emit_walls(&cover, car->mesh, -0.012, 0.0);
    bt_mesh_flip(car->mesh, walls);
    bt_patch_clear(&cover);
}

void bt_car_cut_rear(bt_car *car)
{
    if (car->params->kind == BT_CAR_PICKUP) cut_bed(car);
    cut_tail_lamps(car);
    cut_plate(car);
    cut_lid(car);
    cut_bumper(car);
}
