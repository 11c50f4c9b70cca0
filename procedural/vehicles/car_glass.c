// car_glass.c: windows, their black borders, and the pillars between, cut from the cabin's skin.
#include "procedural/vehicles/car_internal.h"

#define GLASS_DEPTH_M 0.004

// Cuts a window: a rim from `outside` the outline to `inside` it, glass within.
static void cut_window(bt_car *car, const bt_car_region *region, double outside_m, double inside_m,
                       uint8_t rim_slot, bt_patch *glass)
{
    bt_patch rim = {0};
    bt_patch_cut(&car->upper, bt_car_region_distance, region, outside_m, &rim);
    bt_patch_cut(&rim, bt_car_region_distance, region, -inside_m, glass);
    car->mesh->slot = rim_slot;
    bt_patch_emit(&rim, car->mesh, 0.001);
    car->mesh->slot = car->slots.interior;
    bt_patch_emit_back(&rim, car->mesh, 0.010);
    bt_patch_clear(&rim);
}

static void emit_glass(bt_car *car, bt_patch *glass, bool dark)
{
    car->mesh->slot = dark ? car->slots.glass_dark : car->slots.glass;
    bt_patch_emit(glass, car->mesh, GLASS_DEPTH_M);
    bt_patch_clear(glass);
}

static double column_around(const bt_car *car, double column)
{
    return bt_shell_around(&car->cabin, column / (car->cabin.columns - 1));
}

// Chart length where the cabin's side passes x at a height of the ring.
static double around_x(const bt_car *car, double x, double v)
{
    double s = bt_shell_find_x(&car->cabin, v, x, 4.0 / 14.0, 11.0 / 14.0);
    return bt_shell_around(&car->cabin, s);
}

// The panel between hood and windscreen, where the wipers lie.
static void cut_cowl(bt_car *car)
{
    double h = car->cabin.row_up_scale_m, a = column_around(car, 3.6);
    const bt_corner corners[] = {
        {-a, -2.0 * h, 0.0}, {a, -2.0 * h, 0.0}, {a, -0.02 * h, 0.03}, {-a, -0.02 * h, 0.0}};
    bt_car_region region = bt_car_region_make(BT_CAR_PLANE_CHART, corners, 4);
    bt_patch panel = {0};
    bt_patch_cut(&car->upper, bt_car_region_distance, &region, 0.0, &panel);
    car->mesh->slot = car->slots.trim;
    bt_patch_emit(&panel, car->mesh, 0.0);
    bt_patch_clear(&panel);
}

static void cut_windscreen(bt_car *car)
{
    double h = car->cabin.row_up_scale_m, a = column_around(car, 3.05);
    const bt_corner corners[] = {
        {-a, -0.06 * h, 0.0}, {a, -0.06 * h, 0.05}, {a, 0.90 * h, 0.10}, {-a, 0.90 * h, 0.0}};
    bt_car_region region = bt_car_region_make(BT_CAR_PLANE_CHART, corners, 4);
    bt_patch glass = {0};
    cut_window(car, &region, 0.006, 0.022, car->slots.black, &glass);
    emit_glass(car, &glass, false);
}

static void cut_rear_window(bt_car *car)
{
    const bt_car_params *p = car->params;
    double h = car->cabin.row_up_scale_m, end = column_around(car, 14.0);
    bool van = p->kind == BT_CAR_VAN;
    double a = column_around(car, p->kind == BT_CAR_SEDAN ? 11.35 : van ? 11.75 : 11.55);
    double low = p->kind == BT_CAR_SEDAN ? 0.12 : 0.10, high = van ? 0.84 : 0.88;
    const bt_corner corners[] = {{a, low * h, 0.07},
                                 {2.0 * end - a, low * h, 0.0},
                                 {2.0 * end - a, high * h, 0.0},
                                 {a, high * h, 0.09}};
    bt_car_region region = bt_car_region_make(BT_CAR_PLANE_CHART, corners, 4);
    bt_patch glass = {0};
    cut_window(car, &region, 0.006, 0.024, car->slots.black, &glass);
    emit_glass(car, &glass, p->privacy_glass);
}

// A pillar in side view.
typedef struct strip {
    double x, z;         // a point of its centre line
    double lean, half_m; // metres forward per metre up; half its width
} strip;

static double strip_side(const void *context, const bt_patch_vertex *v)
{
    const strip *s = context;
    return s->x + s->lean * (v->pos.z - s->z) - v->pos.x;
}

static double strip_distance(const void *context, const bt_patch_vertex *v)
{
    const strip *s = context;
    return fabs(strip_side(context, v)) - s->half_m;
}

// Cuts a pillar across the side glass and leaves what is in front of it in `front`.
static void cut_pillar(bt_car *car, bt_patch *glass, const strip *pillar, bt_patch *front)
{
    bt_patch_cut(glass, strip_side, pillar, 0.0, front);
    bt_patch *sides[2] = {glass, front};
    for (int i = 0; i < 2; i++) {
        bt_patch post = {0};
        bt_patch_cut(sides[i], strip_distance, pillar, 0.0, &post);
        car->mesh->slot = car->slots.black;
        bt_patch_emit(&post, car->mesh, 0.002);
        car->mesh->slot = car->slots.interior;
        bt_patch_emit_back(&post, car->mesh, 0.03);
        bt_patch_clear(&post);
    }
}

// The corners of all side windows together; gives their number.
static size_t side_corners(const bt_car *car, bt_corner *c)
{
    const bt_car_params *p = car->params;
    double h = car->cabin.row_up_scale_m, front = column_around(car, 3.95);
    double rear_low = around_x(car, p->side_glass_end_m, 0.2);
    double low = 0.045 * h, high = 0.865 * h;
    double lean = p->kind == BT_CAR_VAN || p->kind == BT_CAR_WAGON || p->kind == BT_CAR_PICKUP
                      ? 0.04
                      : 0.16; // the rear edge leans forward
    size_t n = 0;
    c[n++] = (bt_corner){front - 0.03, low, 0.03};
    c[n++] = (bt_corner){rear_low - 0.02, low + 0.004, 0.06};
    c[n++] = (bt_corner){rear_low - 0.3 * lean, bt_lerp(low, high, 0.45), 0.10};
    c[n++] = (bt_corner){rear_low - lean - 0.02, high, 0.12};
    c[n++] = (bt_corner){front + 0.05, high, 0.10};
    return n;
}

static void cut_side_windows(bt_car *car)
{
    const bt_car_params *p = car->params;
    bt_corner corners[8];
    size_t count = side_corners(car, corners);
    bt_car_region region = bt_car_region_make(BT_CAR_PLANE_CHART, corners, count);
    bt_patch glass = {0}, front = {0}, middle = {0};
    cut_window(car, &region, 0.012, 0.010, car->slots.black, &glass);
    double belt = p->belt_height_m;
    strip b_pillar = {car->door_split_x, belt, -0.08, p->kind == BT_CAR_VAN ? 0.06 : 0.045};
    cut_pillar(car, &glass, &b_pillar, &front);
    bool long_roof = p->kind == BT_CAR_WAGON || p->kind == BT_CAR_SUV;
    // the rear door's window ends before the quarter light
    strip c_pillar = {fmax(0.10, p->side_glass_end_m + 0.22), belt, 0.12, long_roof ? 0.04 : 0.012};
    if (p->kind == BT_CAR_VAN) c_pillar = (strip){0.44, belt, 0.0, 0.06};
    if (p->kind != BT_CAR_PICKUP) cut_pillar(car, &glass, &c_pillar, &middle);
    emit_glass(car, &front, false);
    emit_glass(car, &middle, p->privacy_glass);
    emit_glass(car, &glass, p->privacy_glass);
    car->mirror_around_m = corners[0].x;
}

void bt_car_cut_windows(bt_car *car)
{
    cut_windscreen(car);
    cut_cowl(car);
    cut_side_windows(car);
    cut_rear_window(car);
}
