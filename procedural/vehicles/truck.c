// truck.c: parameters of a truck and how it is put together.
#include "procedural/vehicles/truck_internal.h"

#include "engine/core/random.h"

// Chosen within directive 96/53/EC: 16.5 m over all, 2.55 m wide, 4.0 m high.
bt_truck_params bt_truck_defaults(void)
{
    return (bt_truck_params){.size = {.length_m = 5.95,
                                      .width_m = 2.55,
                                      .height_m = 4.0,
                                      .wheelbase_m = 3.70,
                                      .rear_overhang_m = 0.85,
                                      .track_m = 2.05,
                                      .wheel_radius_m = 0.50,
                                      .trailer_length_m = 13.6,
                                      .hitch_from_rear_m = 0.60,
                                      .trailer_wheelbase_m = 7.70,
                                      .trailer_axles = 3.0,
                                      .trailer_axle_gap_m = 1.31,
                                      .trailer_track_m = 2.12},
                             .cab_length_m = 2.25,
                             .cab_height_m = 3.85,
                             .colour = {0.86, 0.86, 0.85},
                             .trailer_colour = {0.88, 0.88, 0.87}};
}

bt_truck_params bt_truck_random(uint64_t seed, uint64_t index)
{
    bt_truck_params p = bt_truck_defaults();
    bt_car_random_colour(seed, index, p.colour);
    double own = bt_random_unit(seed, BT_STREAM_VEHICLE, index, 200);
    if (own < 0.35) bt_car_random_colour(seed, index ^ 0x5555u, p.trailer_colour);
    p.seed = seed ^ (index * 0x9E3779B97F4A7C15u);
    return p;
}

bt_status bt_truck_check(const bt_truck_params *p)
{
    const struct {
        const char *name;
        double value, low, high;
    } limits[] = {
        {"length_m", p->size.length_m, 4.5, 8.0},
        {"width_m", p->size.width_m, 2.0, 3.0},
        {"height_m", p->size.height_m, 2.8, 4.6},
        {"wheelbase_m", p->size.wheelbase_m, 2.8, 5.5},
        {"rear_overhang_m", p->size.rear_overhang_m, 0.6, 2.0},
        {"track_m", p->size.track_m, 1.6, p->size.width_m - 0.3},
        {"wheel_radius_m", p->size.wheel_radius_m, 0.35, 0.65},
        {"cab_length_m", p->cab_length_m, 1.6, 2.7},
        {"cab_height_m", p->cab_height_m, 2.6, p->size.height_m},
        {"trailer_length_m", p->size.trailer_length_m, 0.0, 20.0},
        {"colour", fmin(p->colour[0], fmin(p->colour[1], p->colour[2])), 0.0, 1.0},
        {"colour", fmax(p->colour[0], fmax(p->colour[1], p->colour[2])), 0.0, 1.0},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (!(limits[i].value >= limits[i].low && limits[i].value <= limits[i].high))
            return bt_fail(BT_ERR_INPUT, "truck: %s is %g: expected from %g to %g", limits[i].name,
                           limits[i].value, limits[i].low, limits[i].high);
    double front = p->size.length_m - p->size.rear_overhang_m - p->size.wheelbase_m;
    if (!(front > p->size.wheel_radius_m + 0.3 && front < p->cab_length_m))
        return bt_fail(BT_ERR_INPUT, "truck: %g m before the front axle: expected from %g to %g",
                       front, p->size.wheel_radius_m + 0.3, p->cab_length_m);
    if (p->size.trailer_length_m <= 0.0) return BT_OK;
    if (!(p->size.trailer_axles >= 1.0 && p->size.trailer_axles <= 3.0))
        return bt_fail(BT_ERR_INPUT, "truck: trailer_axles is %g: expected from 1 to 3",
                       p->size.trailer_axles);
    if (!(p->size.trailer_track_m >= 1.6 && p->size.trailer_track_m <= p->size.width_m - 0.37))
        return bt_fail(BT_ERR_INPUT, "truck: trailer_track_m is %g: expected from 1.6 to %g",
                       p->size.trailer_track_m, p->size.width_m - 0.37);
    double behind = p->size.trailer_length_m - BT_TRUCK_TRAILER_NOSE_M;
    if (!(p->size.trailer_wheelbase_m > 3.5 && p->size.trailer_wheelbase_m < behind - 2.0))
        return bt_fail(BT_ERR_INPUT, "truck: trailer_wheelbase_m is %g: expected from 3.5 to %g",
                       p->size.trailer_wheelbase_m, behind - 2.0);
    if (!(fabs(p->size.hitch_from_rear_m) < 2.0))
        return bt_fail(BT_ERR_INPUT, "truck: hitch_from_rear_m is %g: expected from -2 to 2",
                       p->size.hitch_from_rear_m);
    return BT_OK;
}

void bt_truck_box(bt_mesh_builder *mesh, bt_vec3 low, bt_vec3 high, double radius)
{
    bt_pose pose = {bt_vec3_lerp(low, high, 0.5), BT_QUAT_IDENTITY};
    bt_vec3 size = bt_vec3_sub(high, low);
    if (radius > 0.0)
        bt_mesh_add_rounded_box(mesh, pose, size, radius, 2);
    else
        bt_mesh_add_box(mesh, pose, size);
}

static void add_labels(bt_truck *t)
{
    const bt_truck_params *p = t->params;
    double w = 0.5 * p->size.width_m;
    bt_body_add_cuboid(t->body, BT_CLASS_TRUCK, BT_NO_INDEX,
                       bt_vec3_make(-p->size.rear_overhang_m, -w, 0.0),
                       bt_vec3_make(t->front_m, w, p->cab_height_m));
    if (p->size.trailer_length_m <= 0.0) return;
    double nose = BT_TRUCK_TRAILER_NOSE_M;
    bt_body_add_cuboid(t->body, BT_CLASS_TRAILER, t->trailer,
                       bt_vec3_make(nose - p->size.trailer_length_m, -w, 0.0),
                       bt_vec3_make(nose, w, p->size.height_m));
}

static void build_all(bt_truck *t)
{
    bt_car_find_slots(&t->cab);
    t->cab.part = bt_body_add_part(t->body, "body", BT_NO_INDEX, BT_POSE_IDENTITY);
    t->cab.mesh = &t->body->parts[t->cab.part].mesh;
    bt_truck_shape_cab(t);
    bt_truck_cut_cab(t);
    bt_truck_add_cab_inside(t);
    bt_truck_add_chassis(t);
    bt_truck_add_wheels(t);
    if (t->params->size.trailer_length_m > 0.0) bt_truck_add_trailer(t);
    add_labels(t);
}

bt_status bt_truck_build(const bt_truck_params *params, bt_body **body)
{
    *body = NULL;
    bt_status status = bt_truck_check(params);
    if (!status) status = bt_body_create(BT_CLASS_TRUCK, body);
    if (status) return status;
    bt_truck t = {.params = params, .body = *body};
    t.as_car = bt_car_defaults(BT_CAR_VAN);
    for (int k = 0; k < 3; k++)
        t.as_car.colour[k] = params->colour[k];
    t.as_car.seed = params->seed;
    t.cab.params = &t.as_car;
    t.cab.body = t.body;
    t.front_m = params->size.length_m - params->size.rear_overhang_m;
    t.cab_back_m = t.front_m - params->cab_length_m;
    build_all(&t);
    status = bt_body_status(*body);
    if (status) {
        bt_body_destroy(*body);
        *body = NULL;
    }
    return status;
}

bt_status bt_truck_generate(bt_spec *spec, const bt_truck_params *params, uint32_t *model)
{
    *model = BT_NO_INDEX;
    bt_body *body = NULL;
    bt_status status = bt_truck_build(params, &body);
    if (!status) status = bt_body_finish(body, spec, "truck", model);
    bt_body_destroy(body);
    return status;
}
