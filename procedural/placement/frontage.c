// frontage.c: walks along all roads and looks to both sides.
#include "procedural/placement/frontage.h"

#include "engine/core/memory.h"

#include <string.h>

#define MAX_PLACES 2000000u
#define RAMP_M 90.0

static const bt_lane *outermost(const bt_road_network *net, const bt_lane_section *section,
                                int side, uint32_t nth, uint32_t *index)
{
    if (nth >= section->lane_count) return NULL;
    *index = section->first_lane + (side > 0 ? nth : section->lane_count - 1 - nth);
    const bt_lane *lane = bt_road_lane_get(net, *index);
    return lane->id * side > 0 ? lane : NULL;
}

static bool for_vehicles(bt_lane_type type)
{
    return bt_lane_type_drivable(type) || type == BT_LANE_SHOULDER || type == BT_LANE_STOP ||
           type == BT_LANE_PARKING || type == BT_LANE_BIKING || type == BT_LANE_RESTRICTED;
}

// Walks inward from the outermost lane until a lane for vehicles.
static double look_inward(const bt_road_network *net, const bt_lane_section *section, int side,
                          double s, bt_frontage_place *place)
{
    double edge = 0.0;
    bool first = true, walking = true;
    place->walk_m = place->parking_m = place->kerb_m = 0.0;
    for (uint32_t nth = 0;; nth++) {
        uint32_t index;
        const bt_lane *lane = outermost(net, section, side, nth, &index);
        if (!lane) break;
        double inner, outer, width;
        bt_lane_borders(net, index, s, &inner, &outer);
        width = fabs(outer - inner);
        if (first) edge = outer;
        first = false;
        if (width < 0.02) continue;
        if (for_vehicles(lane->type)) {
            if (lane->type == BT_LANE_PARKING) place->parking_m = width;
            break;
        }
        if (lane->type != BT_LANE_SIDEWALK && lane->type != BT_LANE_CURB) walking = false;
        if (walking) place->walk_m += width;
        place->kerb_m += width;
    }
    return edge;
}

static const bt_lane_section *section_at(const bt_road_network *net, const bt_road *road, double s)
{
    const bt_lane_section *section = bt_road_section_get(net, road->first_section);
    for (uint32_t i = 1; i < road->section_count; i++) {
        const bt_lane_section *next = bt_road_section_get(net, road->first_section + i);
        if (next->s0_m > s) break;
        section = next;
    }
    return section;
}

static void fill_place(const bt_road_network *net, uint32_t road_index, int side, double s,
                       bt_frontage_place *place)
{
    const bt_road *road = bt_road_get(net, road_index);
    double heading, curvature, edge = look_inward(net, section_at(net, road, s), side, s, place);
    bt_road_heading(net, road_index, s, &heading, &curvature);
    place->s_m = s;
    place->edge_world_m = bt_road_point(net, road_index, s, edge);
    place->out_x = -side * bt_sin(heading);
    place->out_y = side * bt_cos(heading);
    // right lanes drive with s in right-hand traffic
    double with = (side < 0) != road->left_hand_traffic ? 1.0 : -1.0;
    place->along_x = with * bt_cos(heading);
    place->along_y = with * bt_sin(heading);
    place->end_m = fmin(s, road->length_m - s);
}

// ---- land use ---------------------------------------------------------------------------------

typedef struct road_look {
    double speed_m_s, vehicles_m;
    bool walked, shouldered;
    int lanes, backward; // backward: of those against s
} road_look;

static road_look look_at_road(const bt_road_network *net, const bt_road *road)
{
    road_look look = {0};
    double s = 0.5 * road->length_m;
    const bt_lane_section *section = section_at(net, road, s);
    for (uint32_t i = 0; i < section->lane_count; i++) {
        uint32_t index = section->first_lane + i;
        const bt_lane *lane = bt_road_lane_get(net, index);
        double width = bt_lane_width(net, index, s);
        look.speed_m_s = fmax(look.speed_m_s, lane->speed_limit_m_s);
        if (width < 0.3) continue;
        if (for_vehicles(lane->type)) look.vehicles_m += width;
        if (bt_lane_type_drivable(lane->type)) look.lanes++;
        if (bt_lane_type_drivable(lane->type) && !lane->forward) look.backward++;
        if (lane->type == BT_LANE_SIDEWALK) look.walked = true;
        if (lane->type == BT_LANE_SHOULDER || lane->type == BT_LANE_STOP) look.shouldered = true;
    }
    return look;
}

static bt_town find_town(const bt_road_network *net)
{
    bt_town t = {0};
    for (int pass = 0; pass < 2; pass++) {
        double sum = 0.0;
        for (uint32_t i = 0; i < bt_road_count(net); i++) {
            const bt_road *road = bt_road_get(net, i);
            if (!look_at_road(net, road).walked) continue;
            bt_vec3 p = bt_road_point(net, i, 0.5 * road->length_m, 0.0);
            if (pass == 0) {
                t.x += road->length_m * p.x;
                t.y += road->length_m * p.y;
                t.walked_m += road->length_m;
            } else {
                sum += road->length_m * bt_hypot(p.x - t.x, p.y - t.y);
            }
        }
        if (t.walked_m <= 0.0) return t;
        if (pass == 0)
            t.x /= t.walked_m, t.y /= t.walked_m;
        else
            t.radius_m = sum / t.walked_m;
    }
    return t;
}

static bt_land_use judge(const bt_road_network *net, uint32_t index, const bt_town *t,
                         const road_look *look)
{
    // 90 km/h and more, or wide without sidewalks
    if (look->speed_m_s > 24.0) return BT_LAND_MOTORWAY;
    if (!look->walked && look->shouldered && look->lanes >= 4) return BT_LAND_MOTORWAY;
    // a ramp: one way, with shoulders, longer than a piece of a roundabout
    bool one_way = look->backward == 0 || look->backward == look->lanes;
    bool ramp = one_way && look->shouldered && bt_road_get(net, index)->length_m > RAMP_M;
    if (!look->walked && ramp) return BT_LAND_MOTORWAY;
    if (!look->walked) return BT_LAND_RURAL;
    bt_vec3 p = bt_road_point(net, index, 0.5 * bt_road_get(net, index)->length_m, 0.0);
    bool middle = t->walked_m > 1500.0 && bt_hypot(p.x - t->x, p.y - t->y) < 0.6 * t->radius_m;
    return middle || look->lanes > 3 ? BT_LAND_URBAN : BT_LAND_RESIDENTIAL;
}

static double usual_speed(bt_land_use land)
{
    return land == BT_LAND_MOTORWAY ? 33.0 : land == BT_LAND_RURAL ? 22.0 : 13.9;
}

static bt_status add_side(const bt_road_network *net, uint32_t road, bt_frontage side,
                          bt_frontage_list *list)
{
    double length = bt_road_get(net, road)->length_m;
    size_t count = (size_t)(length / BT_FRONTAGE_STEP_M) + 1;
    if (list->place_count + count > MAX_PLACES)
        return bt_fail(BT_ERR_LIMIT, "the network is longer than %u places", MAX_PLACES);
    bt_status status =
        BT_ARRAY_RESERVE(list->places, list->place_capacity, list->place_count + count);
    if (!status) status = BT_ARRAY_RESERVE(list->sides, list->side_capacity, list->side_count + 1);
    if (status) return status;
    side.first = list->place_count;
    side.count = count;
    for (size_t i = 0; i < count; i++)
        fill_place(net, road, side.side, length * ((double)i + 0.5) / (double)count,
                   &list->places[list->place_count++]);
    list->sides[list->side_count++] = side;
    return BT_OK;
}

bt_status bt_frontage_find(const bt_road_network *net, bt_land_use style, bool whole,
                           bt_frontage_list *list)
{
    memset(list, 0, sizeof *list);
    if (whole) list->town = find_town(net);
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < bt_road_count(net) && !status; i++) {
        const bt_road *road = bt_road_get(net, i);
        if (road->junction != BT_ROAD_NONE || road->length_m < 1.0) continue;
        road_look look = look_at_road(net, road);
        bt_frontage side = {.road = i, .vehicles_m = look.vehicles_m};
        side.land = style != BT_LAND_AUTO ? style : judge(net, i, &list->town, &look);
        side.speed_m_s = look.speed_m_s > 0.5 ? look.speed_m_s : usual_speed(side.land);
        for (side.side = 1; side.side >= -1 && !status; side.side -= 2)
            status = add_side(net, i, side, list);
    }
    if (status) bt_frontage_clear(list);
    return status;
}

void bt_frontage_clear(bt_frontage_list *list)
{
    bt_free(list->sides);
    bt_free(list->places);
    memset(list, 0, sizeof *list);
}
