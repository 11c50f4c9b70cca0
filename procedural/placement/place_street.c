// place_street.c: what stands along roads by rule: lamps, furniture, covers, power lines; and where cars
// could park.
#include "procedural/placement/placer.h"

#include "engine/core/memory.h"

#define POLE_CLEAR_M 0.35 // from vehicles' surfaces

typedef struct walk {
    bt_placer *p;
    const bt_frontage *side;
    const bt_frontage_place *places;
    bt_draw draw;
    double phase; // 0 for left sides, half a spacing for right ones: lamps alternate
} walk;

static double yaw_to_road(const bt_frontage_place *place)
{
    return bt_atan2(-place->out_y, -place->out_x);
}

// A point `out` metres beyond the outer edge (negative: back towards the road).
static void beyond(const bt_frontage_place *place, double out, double *x, double *y)
{
    *x = place->edge_world_m.x + out * place->out_x;
    *y = place->edge_world_m.y + out * place->out_y;
}

// On the kerb's side of the sidewalk, or just off a road that has none.
static double pole_line(const bt_frontage_place *place)
{
    return place->walk_m > 0.9 ? 0.45 - place->kerb_m : 0.8;
}

static bt_status try_prop(walk *w, size_t i, bt_prop_kind kind, double out, double turn_rad)
{
    double x, y;
    beyond(&w->places[i], out, &x, &y);
    const bt_prop *prop;
    bt_status status = bt_placer_prop(w->p, kind, &prop);
    if (status) return status;
    if (!bt_placer_disc_free(w->p, x, y, prop->radius_m, BT_FOOTPRINT_VEHICLES, POLE_CLEAR_M - 0.1,
                             BT_TAKEN_SOLID))
        return BT_OK;
    return bt_placer_put_prop(w->p, kind, x, y, yaw_to_road(&w->places[i]) + turn_rad);
}

// Places nearest to a regular spacing.
static bool at_spacing(const walk *w, size_t i, double spacing, double shift)
{
    double s = w->places[i].s_m + shift;
    double before = i > 0 ? w->places[i - 1].s_m + shift : s - BT_FRONTAGE_STEP_M;
    return floor(s / spacing) != floor(before / spacing);
}

// ---- lamps and furniture ----------------------------------------------------------------------

static bt_status put_lamps(walk *w, size_t i)
{
    bt_land_use land = w->side->land;
    if (land != BT_LAND_URBAN && land != BT_LAND_RESIDENTIAL) return BT_OK;
    bool lantern = land == BT_LAND_RESIDENTIAL && w->side->vehicles_m < 7.2;
    double spacing = lantern ? 52.0 : 58.0; // on one side; both together 26 to 29 m
    if (!at_spacing(w, i, spacing, w->phase * spacing) || w->places[i].end_m < 4.0) return BT_OK;
    return try_prop(w, i, lantern ? BT_PROP_LAMP_POST : BT_PROP_LAMP_STREET,
                    pole_line(&w->places[i]), 0.0);
}

static bt_status put_furniture(walk *w, size_t i)
{
    const bt_frontage_place *place = &w->places[i];
    if (place->walk_m < 1.2 || place->end_m < 6.0) return BT_OK;
    double per_place = BT_FRONTAGE_STEP_M, busy = w->side->land == BT_LAND_URBAN ? 1.0 : 0.35;
    double pick = bt_draw_unit(&w->draw);
    const struct {
        bt_prop_kind kind;
        double every_m, out;
    } choices[] = {{BT_PROP_BIN, 45.0 / busy, 0.5 - place->kerb_m},
                   {BT_PROP_BENCH, 90.0 / busy, -0.55},
                   {BT_PROP_CABINET, 130.0, 0.28},
                   {BT_PROP_HYDRANT, 140.0, 0.5 - place->kerb_m},
                   {BT_PROP_MAILBOX, 260.0 / busy, -0.35},
                   {BT_PROP_BUS_SHELTER, place->walk_m > 2.6 ? 420.0 / busy : 1e9, -0.4}};
    for (size_t k = 0; k < sizeof choices / sizeof *choices; k++) {
        pick -= per_place / choices[k].every_m;
        if (pick < 0.0) return try_prop(w, i, choices[k].kind, choices[k].out, 0.0);
    }
    return BT_OK;
}

// Covers and drains lie in the surface, tilted with it.
static bt_status put_cover(walk *w, size_t i)
{
    const bt_frontage_place *place = &w->places[i];
    if (w->side->land != BT_LAND_URBAN && w->side->land != BT_LAND_RESIDENTIAL) return BT_OK;
    bool drain = place->walk_m > 0.5 && at_spacing(w, i, 34.0, 9.0);
    bool cover = bt_draw_chance(&w->draw, BT_FRONTAGE_STEP_M / 38.0);
    double into = drain ? 0.27 : bt_draw_range(&w->draw, 1.2, 0.5 * w->side->vehicles_m);
    if (!drain && !cover) return BT_OK;
    const bt_prop *prop;
    bt_status status = bt_placer_prop(w->p, drain ? BT_PROP_DRAIN : BT_PROP_MANHOLE, &prop);
    if (status) return status;
    double x, y;
    beyond(place, -place->kerb_m - into, &x, &y);
    bt_road_location at;
    bt_vec3 point = {x, y, place->edge_world_m.z};
    if (!bt_road_locate(w->p->net, point, w->side->road, &at) || at.distance_m > 0.0) return BT_OK;
    if (at.road != w->side->road) return BT_OK;
    bt_pose pose = bt_road_pose(w->p->net, at.road, at.s_m, at.t_m);
    return bt_placer_put(w->p, prop->mesh, pose, 1.0, prop->name, prop->class_id, false);
}

// ---- power lines ------------------------------------------------------------------------------

static bt_status put_power_line(walk *w)
{
    bt_pose last = {0};
    bool have_last = false;
    bt_status status = BT_OK;
    for (size_t i = 0; i < w->side->count && !status; i++) {
        if (!at_spacing(w, i, 44.0, 13.0) || w->places[i].end_m < 8.0) continue;
        const bt_frontage_place *place = &w->places[i];
        double x, y;
        beyond(place, 5.5, &x, &y);
        if (!bt_placer_disc_free(w->p, x, y, 0.4, BT_FOOTPRINT_ALL, 1.0, BT_TAKEN_SOLID)) {
            have_last = false;
            continue;
        }
        bt_pose pose = {{x, y, bt_terrain_height(w->p->terrain, x, y)},
                        bt_quat_axis_angle((bt_vec3){0, 0, 1}, yaw_to_road(place))};
        status = bt_placer_put_prop(w->p, BT_PROP_UTILITY_POLE, x, y, yaw_to_road(place));
        if (!status && have_last && bt_vec3_distance(last.pos, pose.pos) < 60.0) {
            uint32_t mesh;
            status = bt_prop_wires_build(w->p->spec, last, pose, 0.022, &mesh);
            bt_pose at = {last.pos, BT_QUAT_IDENTITY};
            if (!status) status = bt_placer_put(w->p, mesh, at, 1.0, "wires", BT_CLASS_POLE, false);
        }
        last = pose;
        have_last = true;
    }
    return status;
}

// ---- parking lanes ----------------------------------------------------------------------------

static bt_status add_parking(walk *w, size_t i)
{
    const bt_frontage_place *place = &w->places[i];
    if (place->parking_m < 1.7 || place->end_m < 8.0 || !at_spacing(w, i, 6.2, 0.0)) return BT_OK;
    double x, y;
    beyond(place, -place->kerb_m - 0.5 * place->parking_m, &x, &y);
    if (!bt_occupancy_disc_free(&w->p->taken, x, y, 2.0, BT_TAKEN_SOLID)) return BT_OK; // a bay
    bt_surroundings_result *result = w->p->result;
    bt_status status =
        BT_ARRAY_RESERVE(result->parking, w->p->parking_capacity, result->parking_count + 1);
    if (status) return status;
    bt_pose pose = {
        {x, y, bt_placer_stand_height(w->p, x, y)},
        bt_quat_axis_angle((bt_vec3){0, 0, 1}, bt_atan2(place->along_y, place->along_x))};
    result->parking[result->parking_count++] = (bt_parking_pose){pose, 6.0, place->parking_m};
    return BT_OK;
}

// ---- all --------------------------------------------------------------------------------------

static bt_status walk_side(bt_placer *p, size_t index)
{
    const bt_frontage *side = &p->frontage.sides[index];
    walk w = {.p = p, .side = side, .places = p->frontage.places + side->first};
    w.draw = bt_draw_begin(p->params.seed, BT_STREAM_PLACEMENT,
                           0x200000000u + bt_placer_side_key(p, index));
    w.phase = side->side > 0 ? 0.25 : 0.75;
    bt_status status = BT_OK;
    for (size_t i = 0; i < side->count && !status; i++) {
        status = put_lamps(&w, i);
        if (!status) status = put_furniture(&w, i);
        if (!status) status = put_cover(&w, i);
        if (!status) status = add_parking(&w, i);
    }
    bool country = side->land == BT_LAND_RURAL || side->land == BT_LAND_RESIDENTIAL;
    if (!status && country && side->side > 0 && bt_draw_chance(&w.draw, 0.55))
        status = put_power_line(&w);
    return status;
}

bt_status bt_place_street(bt_placer *p)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < p->frontage.side_count && !status; i++)
        status = walk_side(p, i);
    return status;
}
