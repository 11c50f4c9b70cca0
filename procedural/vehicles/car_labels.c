// car_labels.c: the labelled cuboid and keypoints of a car.
#include "procedural/vehicles/car_internal.h"

static void both_sides(bt_car *car, const char *left, const char *right, bt_vec3 at)
{
    bt_body_add_keypoint(car->body, left, BT_NO_INDEX, at);
    bt_body_add_keypoint(car->body, right, BT_NO_INDEX, bt_vec3_make(at.x, -at.y, at.z));
}

void bt_car_add_labels(bt_car *car)
{
    const bt_car_params *p = car->params;
    double w = p->width_m / 1.8;
    bt_vec3 low = {car->rear_m, -0.5 * p->width_m, 0.0};
    bt_vec3 high = {car->front_m, 0.5 * p->width_m, p->height_m};
    bt_body_add_cuboid(car->body, BT_CLASS_CAR, BT_NO_INDEX, low, high);
    double nose = bt_lerp(p->clearance_m, p->nose_height_m, 0.84);
    both_sides(car, "headlamp_left", "headlamp_right",
               bt_shell_find(&car->lower, 0.74 * w, nose).pos);
    // where a driving camera sits: behind the glass before the inner mirror, free view ahead
    bt_patch_vertex glass = bt_shell_find(&car->cabin, 0.0, 0.74 * car->cabin.row_up_scale_m);
    bt_body_add_keypoint(car->body, "windscreen_camera", BT_NO_INDEX,
                         bt_vec3_make(glass.pos.x - 0.07, 0.0, glass.pos.z));
    double end = bt_shell_around(&car->lower, 1.0);
    double deck = bt_lerp(p->clearance_m, p->deck_height_m, 0.77);
    both_sides(car, "tail_lamp_left", "tail_lamp_right",
               bt_shell_find(&car->lower, end - 0.78 * w, deck).pos);
    both_sides(car, "roof_front_left", "roof_front_right",
               bt_shell_ring(&car->cabin, 3.5 / 14.0, 0.86));
    both_sides(car, "roof_rear_left", "roof_rear_right",
               bt_shell_ring(&car->cabin, 10.6 / 14.0, 0.86));
}
