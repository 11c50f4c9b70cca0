// bus_shell.c: a bus section's skin: windows in bays, doors on the right, wheel arches, windscreen and rear window.
#include "procedural/vehicles/bus_internal.h"

#define ROWS 12
#define COLUMNS 14
#define PILLAR_M 0.09

// ---- shape ------------------------------------------------------------------------------------
// Heights of the net's rows as fractions of the height, and how far in they lie on the nose, the side, the tail, metres.
static const double row_z[ROWS] = {0.115, 0.085, 0.10, 0.20, 0.32,  0.46,
                                   0.60,  0.74,  0.86, 0.94, 0.978, 0.988};
static const double nose_in[ROWS] = {0.22, 0.05, 0.0,  0.0,  0.0,  0.005,
                                     0.02, 0.05, 0.09, 0.16, 0.33, 0.60};
static const double side_in[ROWS] = {0.20,  0.04,  0.012, 0.004, 0.0,  0.0,
                                     0.006, 0.018, 0.035, 0.065, 0.14, 0.27};
static const double tail_in[ROWS] = {0.20, 0.04, 0.01, 0.0,  0.0,  0.0,
                                     0.01, 0.02, 0.04, 0.08, 0.18, 0.35};

static void shape(const bt_bus *bus, bt_bus_section *s)
{
    const bt_bus_params *p = bus->params;
    double f = s->front_m - (s->has_face ? p->bonnet_m : 0.0), b = s->rear_m;
    double w = 0.5 * p->size.width_m, h = p->size.height_m;
    // x, y on the widest outline; shares of the nose's, side's and tail's way in
    const double c[COLUMNS][5] = {{f, 0.0, 1.0, 0.0, 0.0},
                                  {f, 0.40 * w, 1.0, 0.0, 0.0},
                                  {f - 0.02, 0.75 * w, 1.0, 0.2, 0.0},
                                  {f - 0.05, 0.93 * w, 0.9, 0.6, 0.0},
                                  {f - 0.14, 0.995 * w, 0.75, 0.95, 0.0},
                                  {f - 0.36, w, 0.4, 1.0, 0.0},
                                  {bt_lerp(f, b, 0.33), w, 0.0, 1.0, 0.0},
                                  {bt_lerp(f, b, 0.67), w, 0.0, 1.0, 0.0},
                                  {b + 0.36, w, 0.0, 1.0, 0.4},
                                  {b + 0.14, 0.995 * w, 0.0, 0.95, 0.75},
                                  {b + 0.05, 0.93 * w, 0.0, 0.6, 0.9},
                                  {b + 0.02, 0.75 * w, 0.0, 0.2, 1.0},
                                  {b, 0.40 * w, 0.0, 0.0, 1.0},
                                  {b, 0.0, 0.0, 0.0, 1.0}};
    bt_shell *shell = &s->car.lower;
    shell->columns = COLUMNS;
    shell->rows = ROWS;
    for (int j = 0; j < COLUMNS; j++)
        for (int k = 0; k < ROWS; k++)
            shell->net[j][k] =
                bt_vec3_make(c[j][0] - c[j][2] * nose_in[k] + c[j][4] * tail_in[k],
                             fmax(0.0, c[j][1] - c[j][3] * side_in[k]), row_z[k] * h);
    double front = bt_shell_ring(shell, 0.0, 1.0).x, rear = bt_shell_ring(shell, 1.0, 1.0).x;
    shell->spine_front_m = front - 0.3;
    shell->spine_rear_m = rear + 0.3;
    bt_curve_add(&shell->spine, front, bt_shell_ring(shell, 0.0, 1.0).z);
    bt_curve_add(&shell->spine, front - 0.6, h - 0.005);
    bt_curve_add(&shell->spine, rear + 0.6, h - 0.005);
    bt_curve_add(&shell->spine, rear, bt_shell_ring(shell, 1.0, 1.0).z);
}

// ---- cuts -------------------------------------------------------------------------------------
static bt_car_region across(double around_m, double half, double low, double high, double radius)
{
    const bt_corner c[] = {{around_m - half, low, radius},
                           {around_m + half, low, radius},
                           {around_m + half, high, radius},
                           {around_m - half, high, radius}};
    return bt_car_region_make(BT_CAR_PLANE_CHART, c, 4);
}

static bt_car_region beside(double from, double to, double low, double high, double radius)
{
    const bt_corner c[] = {
        {to, low, radius}, {from, low, radius}, {from, high, radius}, {to, high, radius}};
    bt_car_region region = bt_car_region_make(BT_CAR_PLANE_SIDE, c, 4);
    region.max_normal_z = 0.7;
    return region;
}

typedef struct circle {
    double x, z, radius_m;
} circle;

static double circle_distance(const void *context, const bt_patch_vertex *v)
{
    const circle *c = context;
    return bt_hypot(v->pos.x - c->x, v->pos.z - c->z) - c->radius_m;
}

static void cut_arches(const bt_bus *bus, bt_bus_section *s)
{
    double r = bus->params->size.wheel_radius_m;
    for (int i = 0; i < s->axle_count; i++) {
        circle c = {s->axles[i], r + 0.02, r + 0.10};
        bt_patch hole = {0};
        bt_patch_cut(&s->car.skin, circle_distance, &c, 0.0, &hole);
        s->car.mesh->slot = s->car.slots.trim;
        bt_patch_emit_walls(&hole, s->car.mesh, 0.0, 0.04);
        bt_patch_clear(&hole);
        bt_truck_add_mudguard(s->car.mesh,
                              bt_vec3_make(c.x, 0.5 * bus->params->size.width_m - 0.36, c.z),
                              c.radius_m - 0.01, 0.32);
    }
}

// Two leaves, nearly all glass.
static void cut_door(bt_bus_section *s, double middle, double width, double low, double high)
{
    bt_car_region frame = beside(middle + 0.5 * width, middle - 0.5 * width, low, high, 0.04);
    bt_car_shut_line(&s->car, &s->car.skin, &frame, 0.015);
    for (int leaf = -1; leaf <= 1; leaf += 2) {
        double at = middle + leaf * 0.25 * width, half = 0.25 * width - 0.05;
        bt_car_region pane = beside(at + half, at - half, low + 0.14, high - 0.08, 0.05);
        bt_car_window(&s->car, &pane);
    }
}

typedef struct span {
    double from, to; // x, from > to
} span;

// Bays of about the same length between where doors are.
static void cut_bays(bt_bus_section *s, span side, const span *doors, int count, double bay_m,
                     double low, double high)
{
    double from = side.from;
    for (int d = 0; d <= count; d++) {
        double to = d < count ? doors[d].from : side.to;
        int bays = (int)floor((from - to) / bay_m + 0.5);
        for (int i = 0; i < bays; i++) {
            double a = bt_lerp(from, to, (double)i / bays), b = bt_lerp(from, to, (i + 1.0) / bays);
            bt_car_region pane = beside(a - 0.5 * PILLAR_M, b + 0.5 * PILLAR_M, low, high, 0.05);
            bt_car_window(&s->car, &pane);
        }
        if (d < count) from = doors[d].to;
    }
}

static void cut_sides(const bt_bus *bus, bt_bus_section *s, bool right)
{
    const bt_bus_params *p = bus->params;
    double f = s->front_m - (s->has_face ? p->bonnet_m : 0.0), b = s->rear_m;
    double high = p->size.height_m - (p->school ? 0.72 : 0.50),
           door_high = fmin(p->floor_m + 2.1, p->size.height_m - 0.4);
    span doors[2];
    int count = 0;
    if (right && s->has_face) doors[count++] = (span){f - 0.38, f - (p->school ? 1.10 : 1.60)};
    if (right && !p->school && s->has_face)
        doors[count++] =
            (span){0.55 * p->size.wheelbase_m + 0.62, 0.55 * p->size.wheelbase_m - 0.62};
    if (right && !s->has_face) doors[count++] = (span){-1.2, -2.44};
    for (int i = 0; i < count; i++)
        cut_door(s, 0.5 * (doors[i].from + doors[i].to), doors[i].from - doors[i].to,
                 fmin(p->floor_m, 0.40) - 0.02, door_high);
    span side = {f - 0.42, b + 0.45};
    cut_bays(s, side, doors, count, p->school ? 0.74 : 1.45, p->sill_m, high);
}

static void cut_ends(const bt_bus *bus, bt_bus_section *s)
{
    const bt_bus_params *p = bus->params;
    double w = 0.5 * p->size.width_m, around = bt_shell_around(&s->car.lower, 1.0);
    if (s->has_face) {
        bt_car_region screen = across(0.0, w - 0.14, p->school ? 1.75 : 1.02,
                                      p->size.height_m - (p->school ? 0.68 : 0.60), 0.14);
        bt_car_window(&s->car, &screen);
    }
    if (s->has_face && !p->school) { // where it goes
        bt_car_region sign =
            across(0.0, w - 0.36, p->size.height_m - 0.53, p->size.height_m - 0.33, 0.04);
        uint8_t shines = bt_body_material(bus->body, "lamp_bus_sign");
        bt_car_recess(&s->car, &sign, 0.02, s->car.slots.black, shines, NULL);
    }
    if (!s->has_tail) return;
    bt_car_region window = across(around, w - 0.32, p->school ? p->sill_m : 1.55,
                                  p->size.height_m - (p->school ? 0.72 : 0.55), 0.10);
    bt_car_window(&s->car, &window);
    if (p->school) return;
    // the engine's flap
    bt_car_region flap = across(around, w - 0.30, 0.55, 1.35, 0.06);
    bt_car_shut_line(&s->car, &s->car.skin, &flap, 0.010);
}

static void emit_half(const bt_bus *bus, bt_bus_section *s, bool right)
{
    bt_shell_sampling how = {.step_m = 0.09, .row_steps = 4, .cap_steps = 6};
    bt_shell_sample(&s->car.lower, &how, &s->car.skin);
    cut_ends(bus, s);
    cut_sides(bus, s, right);
    cut_arches(bus, s);
    s->car.mesh->slot = s->car.slots.paint;
    bt_patch_emit(&s->car.skin, s->car.mesh, 0.0);
    s->car.mesh->slot = s->car.slots.interior;
    bt_patch_emit_back(&s->car.skin, s->car.mesh, 0.025);
    bt_patch_clear(&s->car.skin);
}

void bt_bus_add_shell(bt_bus *bus, bt_bus_section *s)
{
    shape(bus, s);
    bt_mesh_mark right = bt_mesh_here(s->car.mesh);
    emit_half(bus, s, true);
    bt_mesh_scale(s->car.mesh, right, bt_vec3_make(1.0, -1.0, 1.0));
    emit_half(bus, s, false);
}
