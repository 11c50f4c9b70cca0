// car_shell.c: control nets of the lower body and the cabin.
//
// The lower body is a chain of five profiles (nose, fender, door, haunch, tail), each ten points from
// the floor to the shoulder or hood edge; columns round the plan outline blend neighbours in the
// chain. The cabin is a stack of plan outlines from below the belt to the roof's edge.
#include "procedural/vehicles/car_internal.h"

#include <string.h>

#define ROWS 10
#define COLUMNS 18

typedef struct profile {
    double inset[ROWS], z[ROWS];
} profile;

typedef struct column {
    double x, y;  // on the widest outline
    double chain; // 0 nose, 1 fender, 2 door, 3 haunch, 4 tail
} column;

// ---- lines along the car ----------------------------------------------------------------------
double bt_car_belt(const bt_car_params *p, double x)
{
    double u = (p->wheelbase_m * 0.5 - x) / p->wheelbase_m; // 0 half way, + rearward
    return p->belt_height_m + p->belt_rise_m * bt_clamp(u, -0.9, 0.8);
}

static double roof_front(const bt_car_params *p)
{
    return p->wheelbase_m - p->cowl_behind_m - p->windscreen_run_m;
}

// The roof over y = 0: highest about a third back from its front edge.
static double roof_height(const bt_car_params *p, double x)
{
    double front = roof_front(p), rear = p->roof_rear_m;
    double peak = bt_lerp(front, rear, 0.36);
    double front_drop = 0.055;
    double u = x > peak ? (x - peak) / (front - peak) : (peak - x) / (peak - rear);
    return p->height_m - (x > peak ? front_drop : p->roof_drop_m) * u * u;
}

double bt_car_rail(const bt_car_params *p, double x)
{
    double crown = 0.05 * p->width_m / 1.8;
    return roof_height(p, x) - crown;
}

// ---- the lower body ---------------------------------------------------------------------------
static profile nose_profile(const bt_car_params *p)
{
    double c = p->clearance_m, h = p->nose_height_m, k = h - c;
    return (profile){
        {0.30, 0.07, 0.02, 0.004, 0.0, 0.008, 0.035, 0.075, 0.15, 0.30},
        {c + 0.05, c + 0.0, c + 0.06, c + 0.26 * k, c + 0.46 * k, c + 0.64 * k, c + 0.82 * k,
         h - 0.03, h + 0.012, h + 0.05},
    };
}

static profile fender_profile(const bt_car_params *p)
{
    double c = p->clearance_m;
    double top = 0.45 * p->nose_height_m + 0.55 * bt_car_belt(p, p->wheelbase_m) + 0.03;
    double k = top - c;
    return (profile){
        {0.24, 0.05, 0.022, 0.02, 0.006, 0.0, 0.006, 0.025, 0.065, 0.17},
        {c + 0.02, c - 0.005, c + 0.07, c + 0.28 * k, c + 0.46 * k, c + 0.64 * k, c + 0.82 * k,
         top - 0.045, top + 0.005, top + 0.035},
    };
}

static profile door_profile(const bt_car_params *p)
{
    double c = p->clearance_m, belt = bt_car_belt(p, 0.5 * p->wheelbase_m), k = belt - c;
    double ledge = p->shoulder_m;
    return (profile){
        {0.24, 0.055, 0.03, 0.04, 0.022, 0.002, 0.004, 0.018, 0.030, 0.030 + ledge},
        {c + 0.02, c - 0.005, c + 0.07, c + 0.27 * k, c + 0.46 * k, c + 0.66 * k, c + 0.84 * k,
         belt - 0.055, belt - 0.004, belt + 0.010},
    };
}

static profile haunch_profile(const bt_car_params *p)
{
    profile door = door_profile(p);
    double rise = bt_car_belt(p, 0.0) - bt_car_belt(p, 0.5 * p->wheelbase_m);
    static const double inset[ROWS] = {0.24, 0.05, 0.022, 0.02, 0.004, 0.0, 0.004, 0.014, 0.026};
    for (int k = 0; k < ROWS; k++) {
        door.z[k] += rise * (double)k / (ROWS - 1);
        if (k < ROWS - 1) door.inset[k] = inset[k];
    }
    return door;
}

static profile tail_profile(const bt_car_params *p)
{
    double c = p->clearance_m + 0.04, h = p->deck_height_m, k = h - c;
    bool deck = p->kind == BT_CAR_SEDAN;
    profile tail = {
        {0.30, 0.09, 0.03, 0.006, 0.0, 0.02, 0.045, 0.055, 0.065, 0.14},
        {c + 0.05, c, c + 0.05, c + 0.22 * k, c + 0.40 * k, c + 0.56 * k, c + 0.74 * k, h - 0.10,
         h - 0.005, h + 0.004},
    };
    if (!deck) {
        static const double inset[ROWS] = {0.30,  0.09, 0.03, 0.004, 0.0,
                                           0.035, 0.06, 0.08, 0.10,  0.16};
        memcpy(tail.inset, inset, sizeof inset);
    }
    if (p->kind == BT_CAR_VAN || p->kind == BT_CAR_PICKUP) {
        static const double inset[ROWS] = {0.30,  0.08,  0.02,  0.0,   0.0,
                                           0.028, 0.034, 0.036, 0.045, 0.10};
        memcpy(tail.inset, inset, sizeof inset);
    }
    return tail;
}

static double arch_radius(const bt_car_params *p)
{
    return p->wheel_radius_m + (p->cladding ? 0.065 : 0.048);
}

static int outline_columns(const bt_car *car, column *out)
{
    const bt_car_params *p = car->params;
    double w = 0.5 * p->width_m, f = car->front_m, r = car->rear_m, wb = p->wheelbase_m;
    double nb = p->nose_bow_m, tb = p->tail_bow_m, fo = f - wb, ro = -r;
    column columns[COLUMNS] = {
        {f, 0.0, 0.0},
        {f - 0.04 * nb, 0.34 * w, 0.0},
        {f - 0.32 * nb, 0.66 * w, 0.06},
        {f - 1.05 * nb, 0.885 * w, 0.25},
        {f - 0.16 - 1.2 * nb, 0.972 * w, 0.58},
        {wb + 0.40 * fo, 0.992 * w, 0.88},
        {wb, w, 1.0},
        {wb - 0.18 * wb, w, 1.45},
        {0.62 * wb, w, 2.0},
        {0.40 * wb, w, 2.2},
        {0.18 * wb, w, 2.75},
        {0.0, w, 3.0},
        {-0.42 * ro, 0.988 * w, 3.12},
        {r + 0.14 + 1.4 * tb, 0.955 * w, 3.4},
        {r + 1.15 * tb, 0.86 * w, 3.76},
        {r + 0.36 * tb, 0.64 * w, 3.94},
        {r + 0.05 * tb, 0.33 * w, 4.0},
        {r, 0.0, 4.0},
    };
    if (p->kind == BT_CAR_VAN || p->kind == BT_CAR_PICKUP) {
        columns[12].y = 0.997 * w;
        columns[13] = (column){r + 0.10 + tb, 0.985 * w, 3.3};
        columns[14] = (column){r + 0.7 * tb, 0.915 * w, 3.8};
        columns[15].y = 0.66 * w;
    }
    memcpy(out, columns, sizeof columns);
    return COLUMNS;
}

// The outward direction of the outline at a column.
static bt_vec3 column_normal(const column *columns, int count, int j)
{
    if (j == 0) return bt_vec3_make(1.0, 0.0, 0.0);
    if (j == count - 1) return bt_vec3_make(-1.0, 0.0, 0.0);
    double dx = columns[j + 1].x - columns[j - 1].x, dy = columns[j + 1].y - columns[j - 1].y;
    return bt_vec3_normalize(bt_vec3_make(dy, -dx, 0.0));
}

static void lower_net(bt_car *car)
{
    const bt_car_params *p = car->params;
    profile chain[5] = {nose_profile(p), fender_profile(p), door_profile(p), haunch_profile(p),
                        tail_profile(p)};
    column columns[COLUMNS];
    bt_shell *shell = &car->lower;
    shell->columns = outline_columns(car, columns);
    shell->rows = ROWS;
    for (int j = 0; j < shell->columns; j++) {
        int at = (int)fmin(columns[j].chain, 3.0);
        double u = columns[j].chain - at;
        bt_vec3 out = column_normal(columns, shell->columns, j);
        for (int k = 0; k < ROWS; k++) {
            double inset = bt_lerp(chain[at].inset[k], chain[at + 1].inset[k], u);
            double z = bt_lerp(chain[at].z[k], chain[at + 1].z[k], u);
            bt_vec3 p3 = {columns[j].x, columns[j].y, z};
            shell->net[j][k] = bt_vec3_mad(p3, out, -inset);
            if (j == 0 || j == shell->columns - 1) shell->net[j][k].y = 0.0;
            shell->net[j][k].y = fmax(shell->net[j][k].y, 0.0);
        }
    }
}

// What stands out from the smooth skin: creases and flares, handles, number plate, trim.
#define PROUD_SIDE_M 0.010
#define PROUD_FRONT_M 0.008
#define PROUD_REAR_M 0.006

// B-splines run inside their nets: stretches the net until the skin, with what stands out from it,
// reaches both ends and the width.
static void fit_net(bt_car *car)
{
    bt_shell *shell = &car->lower;
    double low = INFINITY, high = -INFINITY, wide = 0.0;
    for (int i = 0; i <= 400; i++) {
        for (int j = 0; j <= 60; j++) {
            bt_vec3 p = bt_shell_ring(shell, i / 400.0, j / 60.0);
            low = fmin(low, p.x);
            high = fmax(high, p.x);
            wide = fmax(wide, p.y);
        }
    }
    double rear = car->rear_m + PROUD_REAR_M;
    double scale_x = (car->front_m - PROUD_FRONT_M - rear) / (high - low);
    double scale_y = (0.5 * car->params->width_m - PROUD_SIDE_M) / wide;
    for (int j = 0; j < shell->columns; j++) {
        for (int k = 0; k < shell->rows; k++) {
            bt_vec3 *p = &shell->net[j][k];
            p->x = rear + (p->x - low) * scale_x;
            p->y *= scale_y;
        }
    }
}

static void lower_spine(bt_car *car)
{
    const bt_car_params *p = car->params;
    bt_shell *shell = &car->lower;
    double front = bt_shell_ring(shell, 0.0, 1.0).x, rear = bt_shell_ring(shell, 1.0, 1.0).x;
    double front_z = bt_shell_ring(shell, 0.0, 1.0).z, rear_z = bt_shell_ring(shell, 1.0, 1.0).z;
    double cowl = p->wheelbase_m - p->cowl_behind_m;
    shell->spine_front_m = front - fmin(0.30, 0.4 * (front - cowl));
    shell->spine_rear_m = rear + fmin(0.25, 0.5 * (p->glass_rear_m - rear));
    double reach = front - cowl;
    bt_curve_add(&shell->spine, front, front_z);
    bt_curve_add(&shell->spine, front - 0.35 * reach, bt_lerp(front_z, p->cowl_height_m, 0.50));
    bt_curve_add(&shell->spine, front - 0.72 * reach, bt_lerp(front_z, p->cowl_height_m, 0.84));
    bt_curve_add(&shell->spine, cowl, p->cowl_height_m);
    bt_curve_add(&shell->spine, cowl - 0.4, p->cowl_height_m + 0.01);
    bt_curve_add(&shell->spine, p->glass_rear_m + 0.2, rear_z + 0.012);
    bt_curve_add(&shell->spine, rear, rear_z);
}

// ---- the cabin --------------------------------------------------------------------------------
#define CABIN_ROWS 8
#define CABIN_COLUMNS 15

// Row k of the cabin: how far up from belt (0) to roof edge (1), how far in from the line that
// leads there, and how far above the edge.
static const double cabin_up[CABIN_ROWS] = {-0.50, 0.02, 0.30, 0.58, 0.82, 0.955, 1.01, 1.02};
static const double cabin_in[CABIN_ROWS] = {0.0, 0.0, 0.0, 0.0, 0.0, 0.012, 0.06, 0.15};

static void cabin_row(bt_car *car, int k)
{
    const bt_car_params *p = car->params;
    double up = cabin_up[k], in = cabin_in[k];
    double t = fmax(up, -0.06); // below the belt a skirt falls straight
    double foot = p->wheelbase_m - p->cowl_behind_m, run = p->windscreen_run_m;
    // glass bulges a little in side view
    double bulge = 0.03 * 4.0 * bt_clamp(t, 0.0, 1.0) * (1.0 - bt_clamp(t, 0.0, 1.0));
    double front = foot - run * t + bulge - in * 1.2;
    double rear = bt_lerp(p->glass_rear_m, p->roof_rear_m, t) - bulge + in * 1.2;
    double base = 0.5 * p->width_m - 0.030 - 0.7 * p->shoulder_m;
    double w = base - p->tumblehome_m * (0.86 * t + 0.14 * t * fabs(t)) + 0.35 * bulge - in;
    double taper = p->kind == BT_CAR_VAN ? 0.02 : 0.075;
    double mid = front - 0.42, end = rear + 0.42;
    column c[CABIN_COLUMNS] = {
        {front, 0.0, 0.0},
        {front - 0.012, 0.36 * w, 0.0},
        {front - 0.055, 0.70 * w, 0.0},
        {front - 0.135, 0.905 * w, 0.0},
        {front - 0.24, 0.982 * w, 0.0},
        {mid, 1.0 * w, 0.0},
        {bt_lerp(mid, end, 0.25), 1.012 * w, 0.0},
        {bt_lerp(mid, end, 0.5), 1.006 * w, 0.0},
        {bt_lerp(mid, end, 0.75), w * (1.0 - 0.3 * taper), 0.0},
        {end, w * (1.0 - 0.75 * taper), 0.0},
        {rear + 0.20, w * (0.985 - taper), 0.0},
        {rear + 0.085, w * (0.93 - taper), 0.0},
        {rear + 0.03, w * (0.72 - taper), 0.0},
        {rear + 0.006, w * 0.36, 0.0},
        {rear, 0.0, 0.0},
    };
    for (int j = 0; j < CABIN_COLUMNS; j++) {
        double x = c[j].x, belt = bt_car_belt(p, x), rail = bt_car_rail(p, x);
        double u = bt_clamp((0.4 - (x - rear)) / 0.4, 0.0, 1.0);
        double v = bt_clamp((0.4 - (front - x)) / 0.4, 0.0, 1.0);
        belt = bt_lerp(belt, fmax(belt, p->deck_height_m - 0.02), u);
        belt = bt_lerp(belt, p->cowl_height_m - 0.02, v);
        car->cabin.net[j][k] = bt_vec3_make(x, c[j].y, bt_lerp(belt, rail, up));
    }
}

static void cabin_net(bt_car *car)
{
    const bt_car_params *p = car->params;
    bt_shell *shell = &car->cabin;
    shell->columns = CABIN_COLUMNS;
    shell->rows = CABIN_ROWS;
    double middle = 0.5 * p->wheelbase_m;
    shell->row_up = cabin_up;
    shell->row_up_scale_m = bt_car_rail(p, middle) - bt_car_belt(p, middle);
    for (int k = 0; k < CABIN_ROWS; k++)
        cabin_row(car, k);
    double front = bt_shell_ring(shell, 0.0, 1.0).x, rear = bt_shell_ring(shell, 1.0, 1.0).x;
    double front_z = bt_shell_ring(shell, 0.0, 1.0).z, rear_z = bt_shell_ring(shell, 1.0, 1.0).z;
    shell->spine_front_m = front - 0.4;
    shell->spine_rear_m = rear + 0.4;
    bt_curve_add(&shell->spine, front, front_z);
    bt_curve_add(&shell->spine, rear, rear_z);
    for (int i = 1; i < 6; i++) {
        double x = bt_lerp(front, rear, i / 6.0);
        bt_curve_add(&shell->spine, x, fmax(roof_height(p, x), fmin(front_z, rear_z)));
    }
}

void bt_car_shape(bt_car *car)
{
    const bt_car_params *p = car->params;
    car->rear_m = -p->rear_overhang_m;
    car->front_m = p->length_m - p->rear_overhang_m;
    car->arch_radius_m = arch_radius(p);
    lower_net(car);
    fit_net(car);
    lower_spine(car);
    cabin_net(car);
}
