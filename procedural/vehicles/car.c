// car.c: puts a car together.
#include "procedural/vehicles/car_internal.h"

#include "engine/core/memory.h"

void bt_car_find_slots(bt_car *car)
{
    bt_body *b = car->body;
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
        .head = bt_body_material(b, "lamp_headlight"),
        .tail = bt_body_material(b, "lamp_tail"),
        .brake = bt_body_material(b, "lamp_brake"),
        .indicator = bt_body_material(b, "lamp_indicator"),
        .reverse = bt_body_material(b, "lamp_reverse"),
    };
}

static void sample_shells(bt_car *car)
{
    bt_shell_sampling lower = {.step_m = 0.055, .row_steps = 3, .cap_steps = 7};
    bt_shell_sampling upper = {.step_m = 0.06, .row_steps = 3, .cap_steps = 7};
    bt_shell_sample(&car->lower, &lower, &car->skin);
    bt_shell_sample(&car->cabin, &upper, &car->upper);
}

// ---- left half --------------------------------------------------------------------------------
static double cabin_distance(const void *context, const bt_patch_vertex *v)
{
    const bt_car_region *floor = context;
    return bt_car_region_distance(floor, v);
}

// Takes away the lower body's skin under the cabin: one looks in through the windows.
static void open_cabin(bt_car *car)
{
    bt_corner corners[64];
    size_t count = 0;
    double v = 1.0 / (car->cabin.rows - 1); // at the belt
    double front = bt_shell_ring(&car->cabin, 0.0, v).x;
    double rear = bt_shell_ring(&car->cabin, 1.0, v).x;
    for (int i = 0; i <= 40; i++) {
        bt_vec3 p = bt_shell_ring(&car->cabin, i / 40.0, v);
        // both raked windows stand well inside their feet
        double x = bt_clamp(p.x, rear + 0.10, front - 0.17);
        corners[count++] = (bt_corner){x, i == 0 || i == 40 ? -0.1 : p.y, 0.0};
    }
    bt_car_region floor = bt_car_region_make(BT_CAR_PLANE_PLAN, corners, count);
    floor.min_z = 0.6 * car->params->belt_height_m;
    bt_patch_cut(&car->skin, cabin_distance, &floor, -0.03, NULL);
}

static void cut_skin(bt_car *car)
{
    const bt_car_params *p = car->params;
    car->door_split_x = 0.45 * p->wheelbase_m;
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
    car->mesh->slot = car->slots.paint;
    bt_patch_emit(&car->skin, car->mesh, 0.0);
    bt_patch_emit(&car->upper, car->mesh, 0.0);
    car->mesh->slot = car->slots.interior;
    bt_patch_emit_back(&car->upper, car->mesh, 0.03);
    bt_patch_clear(&car->skin);
    bt_patch_clear(&car->upper);
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
    bt_car_add_interior(&car);
    bt_car_add_wheels(&car);
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
