// car.c: puts a car together.
#include "procedural/vehicles/car_internal.h"

#include "engine/core/memory.h"

void bt_car_find_slots(bt_car *car)
{
    bt_body *b = car->body;
    // older faces have halogen lamps
    bool halogen = car->params->lamps == BT_LAMPS_SWEPT || car->params->lamps == BT_LAMPS_BLOCK;
    car->slots = (bt_car_slots){
        .paint = bt_body_tinted(b, "car_paint", car->params->colour),
        .glass = bt_body_material(b, "car_glass"),
        .glass_dark = bt_body_material(b, "car_glass_dark"),
        .rubber = bt_body_material(b, "rubber"),
        .alloy = bt_body_material(b, "wheel_alloy"),
        .steel = bt_body_material(b, "wheel_steel"),
        .chrome = bt_body_material(b, "chrome"),
        .black = bt_body_material(b, "plastic_black"),
        .grey = bt_body_material(b, "plastic_grey"),
        .trim = bt_body_material(b, "plastic_trim"),
        .lens_clear = bt_body_material(b, "headlamp_lens"),
        .lens_red = bt_body_material(b, "tail_lens_red"),
        .lens_amber = bt_body_material(b, "indicator_lens_amber"),
        .reflector = bt_body_material(b, "reflector_white"),
        .plate = bt_body_material(b, "license_plate"),
        .under = bt_body_material(b, "underbody"),
        .interior = bt_body_material(b, "interior_dark"),
        .cloth = bt_body_material(b, "seat_cloth"),
        .low_beam = bt_body_material(b, halogen ? "lamp_low_beam_halogen" : "lamp_low_beam"),
        .high_beam = bt_body_material(b, halogen ? "lamp_high_beam_halogen" : "lamp_high_beam"),
        .day = bt_body_material(b, "lamp_day"),
        .tail = bt_body_material(b, "lamp_tail"),
        .brake = bt_body_material(b, "lamp_brake"),
        .indicator = bt_body_material(b, "lamp_indicator"),
        .indicator_rear = bt_body_material(b, "lamp_indicator_rear"),
        .reverse = bt_body_material(b, "lamp_reverse"),
    };
}

// ---- skin -------------------------------------------------------------------------------------
static double bell(double x, double width)
{
    return bt_exp(-(x / width) * (x / width));
}

// A crease under the windows and one over the sill, and flares round the arches: what breaks the
// light on a car's side. Metres outward.
static double relief(const bt_car *car, double x, double z)
{
    const bt_car_params *p = car->params;
    double along = bt_clamp((p->wheelbase_m + 0.55 - x) / 0.8, 0.0, 1.0) *
                   bt_clamp((x - car->rear_m - 0.25) / 0.6, 0.0, 1.0);
    double over = z - (bt_car_belt(p, x) - 0.075);
    double crease = over < 0.0 ? bell(over, 0.075) : bell(over, 0.035);
    double sill = z - (p->clearance_m + 0.20);
    double low = sill < 0.0 ? bell(sill, 0.09) : bell(sill, 0.04);
    double wheel_z = p->wheel_radius_m + 0.008;
    double near = fmin(fabs(bt_hypot(x, z - wheel_z) - car->arch_radius_m),
                       fabs(bt_hypot(x - p->wheelbase_m, z - wheel_z) - car->arch_radius_m));
    double between = bt_clamp(x / 0.6, 0.0, 1.0) * bt_clamp((p->wheelbase_m - x) / 0.6, 0.0, 1.0);
    return 0.0075 * along * crease + 0.007 * between * low + 0.009 * bell(near, 0.055);
}

static bt_vec3 add_relief(const void *context, bt_vec3 pos)
{
    const bt_car *car = context;
    double half = 0.5 * car->params->width_m;
    double side = bt_clamp((pos.y - 0.80 * half) / (0.12 * half), 0.0, 1.0);
    if (side > 0.0) pos.y += side * side * (3.0 - 2.0 * side) * relief(car, pos.x, pos.z);
    return pos;
}

static void sample_shells(bt_car *car)
{
    double fine = car->params->detail > 0.0 ? car->params->detail : 1.0;
    bt_shell_sampling lower = {.step_m = 0.055 / fine,
                               .row_steps = fine > 0.7 ? 3 : 2,
                               .cap_steps = fine > 0.7 ? 6 : 4,
                               .detail = add_relief,
                               .context = car};
    bt_shell_sampling upper = {
        .step_m = 0.06 / fine, .row_steps = fine > 0.7 ? 3 : 2, .cap_steps = fine > 0.7 ? 6 : 4};
    bt_shell_sample(&car->lower, &lower, &car->skin);
    bt_shell_sample(&car->cabin, &upper, &car->upper);
}

// ---- left half --------------------------------------------------------------------------------
typedef struct cabin_floor {
    const bt_car_params *params;
    bt_car_region outline; // of the cabin at the belt
    double middle_x;
} cabin_floor;

// Distance to the cabin's wall at the vertex's own height: the vertex is moved along the lean of
// the windows to where the outline was taken.
static double cabin_distance(const void *context, const bt_patch_vertex *v)
{
    const cabin_floor *floor = context;
    const bt_car_params *p = floor->params;
    double base = v->pos.x > floor->middle_x ? p->cowl_height_m - 0.02 : bt_car_belt(p, v->pos.x);
    double up = fmax(0.0, (v->pos.z - base) / (bt_car_rail(p, v->pos.x) - base));
    bt_patch_vertex moved = *v;
    moved.pos.x += v->pos.x > floor->middle_x ? p->windscreen_run_m * up
                                              : (p->glass_rear_m - p->roof_rear_m) * up;
    moved.pos.y += p->tumblehome_m * up;
    return bt_car_region_distance(&floor->outline, &moved);
}

// Takes away the lower body's skin under the cabin: one looks in through the windows.
static void open_cabin(bt_car *car)
{
    const bt_car_params *p = car->params;
    bt_corner corners[64];
    size_t count = 0;
    double v = 1.0 / (car->cabin.rows - 1); // at the belt
    for (int i = 0; i <= 40; i++) {
        bt_vec3 at = bt_shell_ring(&car->cabin, i / 40.0, v);
        corners[count++] = (bt_corner){at.x, i == 0 || i == 40 ? -0.1 : at.y, 0.0};
    }
    cabin_floor floor = {.params = p,
                         .outline = bt_car_region_make(BT_CAR_PLANE_PLAN, corners, count),
                         .middle_x = bt_lerp(p->glass_rear_m, p->wheelbase_m, 0.5)};
    floor.outline.min_z = 0.6 * p->belt_height_m;
    bt_patch_cut(&car->skin, cabin_distance, &floor, -0.025, NULL);
}

// A band of another paint along the side, as services have it.
static void cut_stripe(bt_car *car)
{
    const bt_car_params *p = car->params;
    if (p->stripe[0] + p->stripe[1] + p->stripe[2] <= 0.0) return;
    double high = p->belt_height_m - 0.10, low = high - 0.20;
    const bt_corner c[] = {{car->front_m - 0.75, low, 0.0},
                           {car->rear_m + 0.30, low, 0.0},
                           {car->rear_m + 0.30, high, 0.0},
                           {car->front_m - 0.75, high, 0.0}};
    bt_car_region region = bt_car_region_make(BT_CAR_PLANE_SIDE, c, 4);
    bt_patch band = {0};
    bt_patch_cut(&car->skin, bt_car_region_distance, &region, 0.0, &band);
    car->mesh->slot = bt_body_tinted(car->body, "car_paint_solid", p->stripe);
    bt_patch_emit(&band, car->mesh, 0.0);
    bt_patch_clear(&band);
}

static void cut_skin(bt_car *car)
{
    const bt_car_params *p = car->params;
    car->door_split_x = (p->doors > 1 ? 0.45 : 0.37) * p->wheelbase_m;
    if (p->kind == BT_CAR_PICKUP) car->door_split_x = 0.52 * p->wheelbase_m;
    if (p->kind == BT_CAR_VAN) car->door_split_x = 0.60 * p->wheelbase_m;
    open_cabin(car);
    bt_car_cut_arches(car);
    bt_car_cut_front(car);
    bt_car_cut_rear(car);
    bt_car_cut_doors(car);
    bt_car_add_side_trim(car);
    bt_car_cut_windows(car);
    bt_car_add_wells(car);
    bt_car_add_details(car);
    cut_stripe(car);
    car->mesh->slot = car->slots.paint;
    bt_patch_emit(&car->skin, car->mesh, 0.0);
    bt_patch_emit(&car->upper, car->mesh, 0.0);
    car->mesh->slot = car->slots.interior;
    bt_patch_emit_back(&car->upper, car->mesh, 0.03);
    bt_patch_clear(&car->skin);
    bt_patch_clear(&car->upper);
}

// Over the front seats, on the roof's middle.
static void add_beacons(bt_car *car)
{
    double x = car->door_split_x - 0.10;
    bt_vec3 foot = {x, 0.0, bt_curve_at(&car->cabin.spine, x) - 0.012};
    bt_vehicle_add_beacons(car->body, car->part, foot, 0.62 * car->params->width_m,
                           car->params->beacons);
}

bt_status bt_car_build(const bt_car_params *params, bt_body **body)
{
    *body = NULL;
    bt_status status = bt_car_check(params);
    if (!status) status = bt_body_create(BT_CLASS_CAR, body);
    if (status) return status;
    bt_car car = {.params = params, .body = *body};
    bt_car_find_slots(&car);
    car.part = bt_body_add_part(car.body, "body", BT_NO_INDEX, BT_POSE_IDENTITY);
    car.mesh = &car.body->parts[car.part].mesh;
    bt_car_shape(&car);
    sample_shells(&car);
    cut_skin(&car);
    bt_mesh_mirror_y(car.mesh, (bt_mesh_mark){0, 0});
    uint32_t inside = bt_body_add_part(car.body, "interior", car.part, BT_POSE_IDENTITY);
    car.mesh = &car.body->parts[inside].mesh;
    bt_car_add_interior(&car);
    bt_car_add_wheels(&car);
    add_beacons(&car);
    bt_car_add_labels(&car);
    status = bt_body_status(*body);
    if (status) {
        bt_body_destroy(*body);
        *body = NULL;
    }
    return status;
}

bt_status bt_car_generate(bt_spec *spec, const bt_car_params *params, uint32_t *model)
{
    *model = BT_NO_INDEX;
    bt_body *body = NULL;
    bt_status status = bt_car_build(params, &body);
    if (!status) status = bt_body_finish(body, spec, "car", model);
    bt_body_destroy(body);
    return status;
}
