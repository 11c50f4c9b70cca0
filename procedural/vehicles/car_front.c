// car_front.c: hood, grille, air intakes, headlamps, front plate.
//
// Heights are fractions of the nose: 0 at the bumper's lower lip, 1 at the hood's edge.
#include "procedural/vehicles/car_internal.h"

static double nose_z(const bt_car_params *p, double u)
{
    return bt_lerp(p->clearance_m, p->nose_height_m, u);
}

// An opening across the middle, symmetric: half widths below and above.
static bt_car_region opening(const bt_car_params *p, double half_low, double half_high, double low,
                             double high, double radius)
{
    double w = p->width_m / 1.8;
    const bt_corner c[] = {{-half_low * w, nose_z(p, low), radius},
                           {half_low * w, nose_z(p, low), radius},
                           {half_high * w, nose_z(p, high), radius},
                           {-half_high * w, nose_z(p, high), radius}};
    return bt_car_region_make(BT_CAR_PLANE_CHART, c, 4);
}

// ---- grilles ----------------------------------------------------------------------------------
typedef struct bar {
    double z, half_m;
} bar;

static double bar_distance(const void *context, const bt_patch_vertex *v)
{
    const bar *b = context;
    return fabs(v->up_m - b->z) - b->half_m;
}

// Bars across an opening at this depth; they have thickness enough to be seen from above and below.
static void add_bars(bt_car *car, bt_patch *patch, double low, double high, int count,
                     double half_m, uint8_t slot, double depth_m)
{
    for (int i = 0; i < count; i++) {
        bar b = {bt_lerp(low, high, (i + 0.5) / count), half_m};
        bt_patch strip = {0};
        bt_patch_cut(patch, bar_distance, &b, 0.0, &strip);
        car->mesh->slot = slot;
        bt_patch_emit(&strip, car->mesh, depth_m);
        bt_mesh_mark walls = bt_mesh_here(car->mesh);
        bt_patch_emit_walls(&strip, car->mesh, depth_m, depth_m + 0.015);
        bt_mesh_flip(car->mesh, walls);
        bt_patch_clear(&strip);
    }
}

static void add_rim(bt_car *car, const bt_car_region *region, double width_m, double out_m,
                    uint8_t slot)
{
    bt_patch rim = {0}, inner = {0};
    bt_patch_cut(&car->skin, bt_car_region_distance, region, width_m, &rim);
    bt_patch_cut(&rim, bt_car_region_distance, region, 0.0, &inner);
    car->mesh->slot = slot;
    bt_patch_emit(&rim, car->mesh, -out_m);
    bt_mesh_mark walls = bt_mesh_here(car->mesh);
    bt_patch_emit_walls(&rim, car->mesh, -out_m, 0.0);
    bt_mesh_flip(car->mesh, walls);
    // the opening goes back to the skin, for the recess
    for (size_t t = 0, first = car->skin.vertex_count; t <= inner.triangle_count; t++) {
        if (t == 0) {
            for (size_t i = 0; i < inner.vertex_count; i++)
                bt_patch_add_vertex(&car->skin, &inner.vertices[i]);
            continue;
        }
        const uint32_t *i = inner.indices + 3 * (t - 1);
        bt_patch_add_triangle(&car->skin, (uint32_t)first + i[0], (uint32_t)first + i[1],
                              (uint32_t)first + i[2]);
    }
    bt_patch_clear(&rim);
    bt_patch_clear(&inner);
}

static void cut_grille(bt_car *car)
{
    const bt_car_params *p = car->params;
    const bt_car_grille *g = bt_car_grille_of(p);
    uint8_t bright = g->bright ? car->slots.chrome : car->slots.black;
    bt_car_region region = opening(p, g->half_low_m, g->half_high_m, g->low, g->high, 0.045);
    add_rim(car, &region, 0.014, 0.004, bright);
    bt_patch patch = {0};
    bt_car_recess(car, &region, 0.055, car->slots.black, car->slots.trim, &patch);
    add_bars(car, &patch, nose_z(p, g->low), nose_z(p, g->high), g->bars, 0.0085, bright, 0.012);
    bt_patch_clear(&patch);
    // badge
    bt_patch_vertex at = bt_shell_find(
        &car->lower, 0.0, nose_z(p, bt_lerp(g->low, g->high, g->bars > 5 ? 0.86 : 0.5)));
    car->mesh->slot = car->slots.chrome;
    bt_mesh_add_cylinder(car->mesh, bt_vec3_mad(at.pos, at.normal, -0.02),
                         bt_vec3_mad(at.pos, at.normal, 0.006), g->bars > 2 ? 0.048 : 0.034,
                         g->bars > 2 ? 0.044 : 0.031, 24);
}

static void cut_intakes(bt_car *car)
{
    const bt_car_params *p = car->params;
    const bt_car_grille *g = bt_car_grille_of(p);
    bt_car_region lower = opening(p, g->intake.half_low_m, g->intake.half_high_m, g->intake.low,
                                  g->intake.high, 0.03);
    bt_patch patch = {0};
    bt_car_recess(car, &lower, 0.06, car->slots.trim, car->slots.under, &patch);
    add_bars(car, &patch, nose_z(p, g->intake.low), nose_z(p, g->intake.high), 3, 0.006,
             car->slots.trim, 0.02);
    bt_patch_clear(&patch);
    double w = p->width_m / 1.8;
    const bt_corner fog[] = {{0.60 * w, nose_z(p, 0.15), 0.02},
                             {0.80 * w, nose_z(p, 0.20), 0.03},
                             {0.84 * w, nose_z(p, 0.42), 0.03},
                             {0.62 * w, nose_z(p, 0.34), 0.03}};
    bt_car_region side = bt_car_region_make(BT_CAR_PLANE_CHART, fog, 4);
    bt_car_recess(car, &side, 0.03, car->slots.trim, car->slots.trim, NULL);
    bt_patch_vertex at = bt_shell_find(&car->lower, 0.72 * w, nose_z(p, 0.27));
    bt_vec3 ahead = {1.0, 0.15, 0.0};
    bt_vec3 base = bt_vec3_mad(at.pos, at.normal, -0.034);
    car->mesh->slot = car->slots.chrome;
    bt_mesh_add_cylinder(car->mesh, base, bt_vec3_mad(base, ahead, 0.016), 0.038, 0.042, 20);
    car->mesh->slot = car->slots.reflector;
    bt_mesh_add_cylinder(car->mesh, base, bt_vec3_mad(base, ahead, 0.018), 0.034, 0.034, 20);
}

// ---- headlamps --------------------------------------------------------------------------------
static bt_car_region headlamp_region(const bt_car_params *p)
{
    const bt_car_lamp_shape *shape = bt_car_headlamp_of(p);
    bt_corner c[6];
    for (int i = 0; i < 6; i++)
        c[i] = (bt_corner){shape->corners[i].x * p->width_m / 1.8, nose_z(p, shape->corners[i].y),
                           shape->corners[i].radius};
    return bt_car_region_make(BT_CAR_PLANE_CHART, c, 6);
}

// A projector: chrome ring, dark tube, domed lens that is the emitter.
static void add_projector(bt_car *car, bt_mesh_builder *lamp, double around_m, double up_m,
                          double radius_m)
{
    bt_patch_vertex at = bt_shell_find(&car->lower, around_m, up_m);
    bt_vec3 base = bt_vec3_mad(at.pos, at.normal, -0.062);
    bt_pose pose = bt_pose_along(base, bt_vec3_make(1.0, 0.12, 0.0), bt_vec3_make(0.0, 0.0, 1.0));
    double r = radius_m;
    const bt_point2 ring[] = {{r * 1.30, 0.0},
                              {r * 1.25, 0.030},
                              {r * 1.15, 0.036},
                              {r * 1.02, 0.028},
                              {r * 0.95, 0.004}};
    car->mesh->slot = car->slots.chrome;
    bt_mesh_add_lathe(car->mesh, pose, ring, 5, 24, 0.6);
    const bt_point2 dome[] = {{r, 0.012}, {r * 0.7, 0.021}, {0.0, 0.027}};
    bt_mesh_add_lathe(lamp, pose, dome, 3, 14, BT_PI);
}

static void add_beam(bt_car *car, const bt_corner *at, const char *name, uint8_t slot,
                     uint32_t lamp)
{
    uint32_t part;
    bt_mesh_builder *mesh = bt_car_lamp_begin(car, name, slot, lamp, &part);
    add_projector(car, mesh, at->x * car->params->width_m / 1.8, nose_z(car->params, at->y),
                  at->radius);
    bt_car_lamp_end(car, part, "", lamp);
}

typedef struct beyond {
    double around_m;
} beyond;

static double beyond_distance(const void *context, const bt_patch_vertex *v)
{
    const beyond *b = context;
    return b->around_m - v->around_m;
}

static double below_distance(const void *context, const bt_patch_vertex *v)
{
    const beyond *b = context;
    return v->up_m - b->around_m;
}

// A band along the lens's lower edge.
static void add_day_lamp(bt_car *car, const bt_car_region *region, bt_patch *lens)
{
    bt_patch band = {0}, core = {0}, low = {0};
    bt_patch_cut(lens, bt_car_region_distance, region, -0.008, &band);
    bt_patch_cut(&band, bt_car_region_distance, region, -0.020, &core);
    beyond middle = {nose_z(car->params, bt_car_headlamp_of(car->params)->projectors[0].y)};
    bt_patch_cut(&band, below_distance, &middle, 0.0, &low);
    bt_car_lamp(car, &low, 0.016, "lamp_day", car->slots.day, BT_LAMP_DAY, BT_LAMP_DAY);
    bt_patch_clear(&band);
    bt_patch_clear(&core);
    bt_patch_clear(&low);
}

static void cut_headlamps(bt_car *car)
{
    const bt_car_params *p = car->params;
    double w = p->width_m / 1.8;
    bt_car_region region = headlamp_region(p);
    bt_car_shut_line(car, &car->skin, &region, 0.006);
    bt_patch lens = {0}, amber = {0};
    bt_car_recess(car, &region, 0.075, car->slots.grey, car->slots.black, &lens);
    car->mesh->slot = car->slots.lens_clear;
    bt_patch_emit(&lens, car->mesh, 0.001);
    const bt_car_lamp_shape *shape = bt_car_headlamp_of(p);
    add_beam(car, &shape->projectors[1], "lamp_low_beam", car->slots.low_beam, BT_LAMP_LOW_BEAM);
    add_beam(car, &shape->projectors[0], "lamp_high_beam", car->slots.high_beam, BT_LAMP_HIGH_BEAM);
    // the indicator is the outer end, behind the same lens
    beyond end = {shape->indicator_m * w};
    bt_patch_cut(&lens, beyond_distance, &end, 0.0, &amber);
    bt_car_lamp(car, &amber, 0.030, "lamp_indicator_front", car->slots.indicator,
                BT_LAMP_INDICATOR_LEFT, BT_LAMP_INDICATOR_RIGHT);
    add_day_lamp(car, &region, &lens);
    bt_patch_clear(&amber);
    bt_patch_clear(&lens);
}

// ---- panels -----------------------------------------------------------------------------------
static void cut_hood(bt_car *car)
{
    const bt_car_params *p = car->params;
    double w = 0.5 * p->width_m, cowl = p->wheelbase_m - p->cowl_behind_m;
    double front = bt_shell_find(&car->lower, 0.0, nose_z(p, 0.985)).pos.x;
    double van = p->kind == BT_CAR_VAN ? 0.12 : 0.0;
    const bt_corner c[] = {{front, -1.0, 0.0},
                           {front, 0.42 * w, 0.10},
                           {front - 0.115 - van, 0.70 * w, 0.12},
                           {cowl + 0.50, 0.80 * w, 0.20},
                           {cowl - 0.30, 0.845 * w, 0.0},
                           {cowl - 0.30, -1.0, 0.0}};
    bt_car_region hood = bt_car_region_make(BT_CAR_PLANE_PLAN, c, 6);
    hood.min_x = cowl - 0.10;
    hood.min_normal_z = 0.30;
    bt_car_shut_line(car, &car->skin, &hood, 0.005);
}

static void cut_bumper(bt_car *car)
{
    const bt_car_params *p = car->params;
    double z = nose_z(p, 0.70);
    const bt_corner c[] = {{-3.0, -1.0, 0.0}, {3.0, -1.0, 0.0}, {3.0, z, 0.0}, {-3.0, z, 0.0}};
    bt_car_region seam = bt_car_region_make(BT_CAR_PLANE_CHART, c, 4);
    seam.min_x = p->wheelbase_m;
    seam.max_x = bt_shell_find(&car->lower, 0.96 * p->width_m / 1.8, z).pos.x;
    bt_car_shut_line(car, &car->skin, &seam, 0.004);
}

void bt_car_cut_front(bt_car *car)
{
    cut_headlamps(car);
    cut_grille(car);
    cut_intakes(car);
    cut_hood(car);
    cut_bumper(car);
    bt_patch_vertex at = bt_shell_find(&car->lower, 0.0, nose_z(car->params, 0.46));
    bt_car_add_plate(car, &at, 0.004);
}
