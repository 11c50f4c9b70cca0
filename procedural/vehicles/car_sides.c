// car_sides.c: wheel arches, doors, sills and their trim.
#include "procedural/vehicles/car_internal.h"

#define SHUT_M 0.0045

// ---- arches -----------------------------------------------------------------------------------
typedef struct arch {
    double x, z, radius_m;
} arch;

static double arch_distance(const void *context, const bt_patch_vertex *v)
{
    const arch *a = context;
    return bt_hypot(v->pos.x - a->x, v->pos.z - a->z) - a->radius_m;
}

static void cut_arch(bt_car *car, double x)
{
    const bt_car_params *p = car->params;
    arch a = {x, p->wheel_radius_m + 0.008, car->arch_radius_m};
    bt_patch lip = {0}, hole = {0};
    double band = p->cladding ? 0.055 : 0.016;
    bt_patch_cut(&car->skin, arch_distance, &a, band, &lip);
    bt_patch_cut(&lip, arch_distance, &a, 0.0, &hole);
    car->mesh->slot = p->cladding ? car->slots.trim : car->slots.paint;
    double raised = p->cladding ? -0.005 : -0.0015;
    bt_patch_emit(&lip, car->mesh, raised);
    if (p->cladding) {
        bt_mesh_mark walls = bt_mesh_here(car->mesh);
        bt_patch_emit_walls(&lip, car->mesh, 0.0, raised);
        bt_mesh_flip(car->mesh, walls);
    }
    bt_patch_emit_walls(&hole, car->mesh, raised, 0.055);
    bt_patch_clear(&lip);
    bt_patch_clear(&hole);
}

void bt_car_cut_arches(bt_car *car)
{
    cut_arch(car, 0.0);
    cut_arch(car, car->params->wheelbase_m);
}

// ---- doors ------------------------------------------------------------------------------------
// In side view. The upper edge lies above the belt: the line goes on in the window's frame.
static void door_line(bt_car *car, double front, double rear, bool haunch)
{
    const bt_car_params *p = car->params;
    double low = p->clearance_m + 0.115, high = p->height_m;
    double r = car->arch_radius_m + 0.045;
    bt_corner c[8];
    size_t n = 0;
    c[n++] = (bt_corner){front, high, 0.0};
    if (haunch) {
        // the rear door's edge runs round the arch
        double up = p->wheel_radius_m + 0.10;
        c[n++] = (bt_corner){rear - 0.06, high, 0.0};
        c[n++] = (bt_corner){rear, up + r * 0.98, 0.10};
        c[n++] = (bt_corner){fmax(rear, 0.82 * r) + 0.10, up + 0.35 * r, 0.12};
        c[n++] = (bt_corner){r + 0.06, low, 0.05};
    } else {
        c[n++] = (bt_corner){rear, high, 0.0};
        c[n++] = (bt_corner){rear, low, 0.05};
    }
    c[n++] = (bt_corner){front + (haunch ? 0.0 : 0.015), low, 0.05};
    bt_car_region region = bt_car_region_make(BT_CAR_PLANE_SIDE, c, n);
    region.min_x = -0.3;
    region.max_x = p->wheelbase_m;
    region.min_z = low - 0.05;
    bt_car_shut_line(car, &car->skin, &region, SHUT_M);
}

void bt_car_cut_doors(bt_car *car)
{
    const bt_car_params *p = car->params;
    double front = p->wheelbase_m - car->arch_radius_m - 0.115;
    if (p->kind == BT_CAR_VAN) front = p->wheelbase_m - car->arch_radius_m - 0.05;
    door_line(car, front, car->door_split_x, false);
    if (p->doors < 2) return;
    if (p->kind == BT_CAR_PICKUP) {
        door_line(car, car->door_split_x - 0.012, p->roof_rear_m + 0.08, false);
    } else if (p->kind == BT_CAR_VAN) {
        door_line(car, car->door_split_x - 0.012, 0.46, false);
    } else {
        door_line(car, car->door_split_x - 0.012, fmax(0.02, p->side_glass_end_m + 0.14), true);
    }
}

// ---- trim -------------------------------------------------------------------------------------
// A point of the lower body's side at this x and z.
static bt_patch_vertex side_point(const bt_car *car, double x, double z)
{
    double s = bt_shell_find_x(&car->lower, 0.55, x, 0.2, 0.85);
    return bt_shell_find(&car->lower, bt_shell_around(&car->lower, s), z);
}

// A handle: a bar that stands off over a dark hollow.
static void add_handle(bt_car *car, double x, double z)
{
    bt_mesh_builder *mesh = car->mesh;
    bt_patch_vertex at = side_point(car, x, z);
    mesh->slot = car->slots.black;
    bt_mesh_add_rounded_slab(mesh, bt_car_on_skin(&at, 0.0), bt_vec3_make(0.15, 0.052, 0.003), 0.02,
                             0.002, 4);
    mesh->slot = car->params->cladding ? car->slots.black : car->slots.paint;
    bt_mesh_add_rounded_slab(mesh, bt_car_on_skin(&at, 0.004), bt_vec3_make(0.205, 0.028, 0.012),
                             0.0135, 0.006, 4);
}

// What is left of the skin below a line along the sills is trim.
typedef struct sill_line {
    double z, front_x, rear_x;
} sill_line;

static double sill_distance(const void *context, const bt_patch_vertex *v)
{
    const sill_line *s = context;
    return fmax(v->pos.z - s->z, fmax(v->pos.x - s->front_x, s->rear_x - v->pos.x));
}

void bt_car_add_side_trim(bt_car *car)
{
    const bt_car_params *p = car->params;
    double z = bt_car_belt(p, 0.5 * p->wheelbase_m) - 0.125;
    double rear_end = p->kind == BT_CAR_PICKUP ? p->roof_rear_m + 0.08
                      : p->kind == BT_CAR_VAN  ? 0.46
                                               : fmax(0.02, p->side_glass_end_m + 0.14);
    add_handle(car, car->door_split_x + 0.16, z);
    if (p->doors > 1) add_handle(car, fmax(rear_end, 0.1) + 0.20, z + 0.01);
    double high = p->clearance_m + (p->cladding ? 0.12 : 0.035);
    sill_line line = {high, p->wheelbase_m + car->arch_radius_m + 0.1, -car->arch_radius_m - 0.1};
    bt_patch sill = {0};
    bt_patch_cut(&car->skin, sill_distance, &line, 0.0, &sill);
    car->mesh->slot = car->slots.trim;
    bt_patch_emit(&sill, car->mesh, p->cladding ? -0.004 : 0.0);
    bt_patch_clear(&sill);
}
