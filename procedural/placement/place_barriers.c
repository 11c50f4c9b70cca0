// place_barriers.c: what keeps cars on the road, shows its edge, and keeps its noise away: guard rails and
// delineators beside it, a concrete barrier in a motorway's median, noise walls where people live.
//
// Where things stand, after AASHTO's Roadside Design Guide (2011) and the German RPS 2009 and RAL, as
// remembered: a rail's face half a metre from the paved edge, where the land falls by 1.6 m within 7 m, and
// along fast roads by stretches; ends turned down into the ground; delineators every 50 m half a metre from
// the paved edge, behind a rail where there is one. Noise walls: within 300 m a motorway of 40 000 vehicles
// a day is louder by night than the 49 dB(A) of the German 16. BImSchV for houses; from three houses on (as
// FHWA's 23 CFR 772 asks whether a wall is reasonable; three is chosen).
#include "procedural/placement/placer.h"

#include "engine/core/memory.h"

#include <math.h>

#define RAIL_EVERY_M 4.0
#define RAIL_FACE_M 0.5   // from the paved edge
#define RAIL_DEPTH_M 0.1  // of the beam, before its module's middle
#define MODULE_LOOKS 8    // places between its ends that are looked at
#define STEEPEST 0.2      // of a module
#define RAIL_LEAST 4      // modules in a row
#define RAIL_DOWN_M 0.6   // of a turned-down end
#define BEHIND_RAIL_M 0.4 // of delineators
#define FALL_M 1.6
#define FALL_AT_M 7.0
#define DELINEATOR_EVERY_M 50.0
#define DELINEATOR_M 0.5 // from the paved edge
#define NOISE_REACH_M 300.0
#define NOISE_WIDE 1.5     // of a house's distance, that its wall reaches to either side of it
#define NOISE_BEYOND_M 1.0 // of the wall, from the road's outer border
#define NOISE_EVERY_M 4.0
#define NOISE_HOUSES 3
#define LOUD_M_S 24.0 // ramps are not

typedef struct border {
    bt_placer *p;
    const bt_frontage *side;
    const bt_frontage_place *places;
    uint8_t *houses; // (places) that a noise wall there keeps quiet
    uint8_t *rail;   // (places) 1: a module's middle, 2: one stands there
} border;

static bool at_spacing(const border *b, size_t i, double spacing)
{
    double s = b->places[i].s_m;
    double before = i > 0 ? b->places[i - 1].s_m : s - BT_FRONTAGE_STEP_M;
    return floor(s / spacing) != floor(before / spacing);
}

static double out_of_paved_edge(const bt_frontage_place *place, double metres)
{
    return metres - place->kerb_m;
}

// ---- modules ----------------------------------------------------------------------------------
// The ends of a module along the road, on the ground; false: one is on a road, or the road on a bridge.
static bool module_ends(const border *b, size_t i, double out, double module_m, bt_vec3 ends[2])
{
    const bt_frontage_place *place = &b->places[i];
    double x = place->edge_world_m.x + out * place->out_x;
    double y = place->edge_world_m.y + out * place->out_y;
    for (int k = 0; k <= MODULE_LOOKS; k++) {
        double shift = module_m * ((double)k / MODULE_LOOKS - 0.5);
        if (!bt_placer_disc_free(b->p, x - shift * place->out_y, y + shift * place->out_x, 0.1,
                                 BT_FOOTPRINT_VEHICLES, 0.3, BT_TAKEN_PAVED))
            return false;
    }
    for (int k = 0; k < 2; k++) {
        double shift = k == 0 ? -0.5 * module_m : 0.5 * module_m;
        ends[k] = (bt_vec3){x - shift * place->out_y, y + shift * place->out_x, 0.0};
        ends[k].z = bt_placer_stand_height(b->p, ends[k].x, ends[k].y);
        // a bridge has its parapet; what is higher is another road's
        if (fabs(ends[k].z - place->edge_world_m.z) > 1.0) return false;
    }
    return fabs(ends[1].z - ends[0].z) < STEEPEST * module_m;
}

// Its x towards the road; it follows the slope between its ends.
static bt_status put_module(border *b, size_t i, bt_prop_kind kind, const bt_vec3 ends[2])
{
    const bt_frontage_place *place = &b->places[i];
    const bt_prop *prop;
    bt_status status = bt_placer_prop(b->p, kind, &prop);
    bt_vec3 middle = bt_vec3_lerp(ends[0], ends[1], 0.5);
    if (status || !bt_placer_room_at(b->p, middle.x, middle.y, true)) return status;
    // +x is -out; y is z cross x
    bt_vec3 face = {-place->out_x, -place->out_y, 0.0};
    bt_vec3 along = bt_vec3_normalize(bt_vec3_sub(ends[0], ends[1]));
    bt_vec3 up = bt_vec3_normalize(bt_vec3_cross(face, along));
    if (up.z < 0.0) along = bt_vec3_scale(along, -1.0), up = bt_vec3_scale(up, -1.0);
    face = bt_vec3_cross(along, up);
    bt_pose pose = {middle, bt_quat_from_axes(face, along, up)};
    status = bt_occupancy_add_disc(&b->p->taken, middle.x, middle.y, 0.5, BT_TAKEN_SOLID);
    if (status) return status;
    status = bt_placer_put(b->p, prop->mesh, pose, 1.0, prop->name, prop->class_id, true);
    return status ? status : bt_placer_stand_prop(b->p, kind, pose);
}

// ---- noise walls ------------------------------------------------------------------------------
static size_t nearest_place(const border *b, bt_vec3 at, double *distance_m)
{
    size_t best = 0;
    *distance_m = 1e9;
    for (size_t i = 0; i < b->side->count; i++) {
        bt_vec3 edge = b->places[i].edge_world_m;
        double distance = bt_hypot(at.x - edge.x, at.y - edge.y);
        if (distance < *distance_m) *distance_m = distance, best = i;
    }
    return best;
}

// Marks where a wall keeps a house quiet: the road that it sees at less than a slant.
static void mark_house(border *b, bt_vec3 house)
{
    double distance;
    size_t nearest = nearest_place(b, house, &distance);
    const bt_frontage_place *place = &b->places[nearest];
    double out = (house.x - place->edge_world_m.x) * place->out_x +
                 (house.y - place->edge_world_m.y) * place->out_y;
    if (distance > NOISE_REACH_M || out < 0.5 * distance) return;
    double reach = NOISE_WIDE * distance + 20.0;
    for (size_t i = 0; i < b->side->count; i++)
        if (fabs(b->places[i].s_m - place->s_m) < reach && b->houses[i] < UINT8_MAX) b->houses[i]++;
}

static bool wants_wall(const border *b, size_t i)
{
    return i < b->side->count && b->houses[i] >= NOISE_HOUSES && b->places[i].end_m > 4.0;
}

// Lower where a wall begins and ends.
static bt_status put_walls(border *b)
{
    const size_t steps = (size_t)(NOISE_EVERY_M / BT_FRONTAGE_STEP_M);
    bt_status status = BT_OK;
    for (size_t i = 0; i < b->side->count && !status; i++) {
        if (!at_spacing(b, i, NOISE_EVERY_M) || !wants_wall(b, i)) continue;
        bool inside =
            i >= 2 * steps && wants_wall(b, i - 2 * steps) && wants_wall(b, i + 2 * steps);
        bt_vec3 ends[2];
        if (module_ends(b, i, NOISE_BEYOND_M, NOISE_EVERY_M, ends))
            status = put_module(b, i, inside ? BT_PROP_NOISE_WALL : BT_PROP_NOISE_WALL_LOW, ends);
    }
    return status;
}

// ---- guard rails ------------------------------------------------------------------------------
static bool wants_rail(const border *b, size_t i)
{
    const bt_frontage_place *place = &b->places[i];
    if (place->end_m < 5.0 || place->walk_m > 0.5) return false;
    if (wants_wall(b, i)) return true;
    double x = place->edge_world_m.x + FALL_AT_M * place->out_x;
    double y = place->edge_world_m.y + FALL_AT_M * place->out_y;
    if (place->edge_world_m.z - bt_terrain_height(b->p->terrain, x, y) > FALL_M) return true;
    if (b->side->land != BT_LAND_MOTORWAY) return false;
    return bt_random_unit(b->p->params.seed, BT_STREAM_PLACEMENT,
                          bt_placer_road_key(b->p, b->side->road) * 4096 +
                              (uint64_t)(place->s_m / 160.0),
                          b->side->side > 0 ? 5 : 6) < 0.72;
}

static double rail_out(const bt_frontage_place *place)
{
    return out_of_paved_edge(place, RAIL_FACE_M + RAIL_DEPTH_M);
}

// Marks the places of modules; leaves out rows too short to help.
static void plan_rails(border *b)
{
    size_t row[RAIL_LEAST];
    size_t count = 0;
    for (size_t i = 0; i <= b->side->count; i++) {
        if (i < b->side->count && !at_spacing(b, i, RAIL_EVERY_M)) continue;
        bt_vec3 ends[2];
        bool wanted = i < b->side->count && wants_rail(b, i) &&
                      module_ends(b, i, rail_out(&b->places[i]), RAIL_EVERY_M, ends);
        if (wanted) {
            b->rail[i] = 1;
            if (count < RAIL_LEAST) row[count] = i;
            count++;
            continue;
        }
        for (size_t k = 0; count < RAIL_LEAST && k < count; k++)
            b->rail[row[k]] = 0;
        count = 0;
    }
}

static bool has_rail(const border *b, size_t i)
{
    return i < b->side->count && b->rail[i] != 0;
}

static bt_status put_rails(border *b)
{
    const size_t steps = (size_t)(RAIL_EVERY_M / BT_FRONTAGE_STEP_M);
    bt_status status = BT_OK;
    for (size_t i = 0; i < b->side->count && !status; i++) {
        if (b->rail[i] == 0) continue;
        bool before = i >= steps && (has_rail(b, i - steps) || has_rail(b, i - steps + 1) ||
                                     (i > steps && has_rail(b, i - steps - 1)));
        bool after =
            has_rail(b, i + steps) || has_rail(b, i + steps - 1) || has_rail(b, i + steps + 1);
        bt_vec3 ends[2];
        if (!module_ends(b, i, rail_out(&b->places[i]), RAIL_EVERY_M, ends)) continue;
        // ends[1] lies where s grows on the left side, where it falls on the right
        bool left = b->side->side > 0;
        if (!before) ends[left ? 1 : 0].z -= RAIL_DOWN_M;
        if (!after) ends[left ? 0 : 1].z -= RAIL_DOWN_M;
        status = put_module(b, i, BT_PROP_GUARD_RAIL, ends);
    }
    return status;
}

// ---- delineators ------------------------------------------------------------------------------
static bool rail_near(const border *b, size_t i)
{
    return has_rail(b, i) || has_rail(b, i + 1) || (i > 0 && has_rail(b, i - 1));
}

static bt_status put_delineators(border *b)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < b->side->count && !status; i++) {
        const bt_frontage_place *place = &b->places[i];
        if (!at_spacing(b, i, DELINEATOR_EVERY_M) || place->end_m < 3.0) continue;
        double out = rail_near(b, i) ? rail_out(place) + BEHIND_RAIL_M
                                     : out_of_paved_edge(place, DELINEATOR_M);
        double x = place->edge_world_m.x + out * place->out_x;
        double y = place->edge_world_m.y + out * place->out_y;
        unsigned taken = rail_near(b, i) ? 0u : BT_TAKEN_SOLID;
        if (!bt_placer_disc_free(b->p, x, y, 0.08, BT_FOOTPRINT_VEHICLES, 0.25, taken)) continue;
        status = bt_placer_put_prop(b->p, BT_PROP_DELINEATOR, x, y,
                                    bt_atan2(-place->out_y, -place->out_x));
    }
    return status;
}

// ---- medians ----------------------------------------------------------------------------------
// The median's lane on one side of the axis, wide enough for a barrier; BT_ROAD_NONE: none.
static uint32_t median_lane(const bt_road_network *net, uint32_t road, double s_m, int32_t id)
{
    uint32_t lane = bt_lane_find(net, road, s_m, id);
    if (lane == BT_ROAD_NONE || bt_road_lane_get(net, lane)->type != BT_LANE_MEDIAN)
        return BT_ROAD_NONE;
    return bt_lane_width(net, lane, s_m) < 0.9 ? BT_ROAD_NONE : lane;
}

// A concrete barrier along the middle of a median, from where it is wide enough.
static bt_status put_median(bt_placer *p, uint32_t road)
{
    const bt_road *r = bt_road_get(p->net, road);
    const bt_prop *prop;
    bt_status status = bt_placer_prop(p, BT_PROP_CONCRETE_BARRIER, &prop);
    if (status) return status;
    // whole modules, stretched a little apart, so that roads' barriers meet
    uint32_t count = (uint32_t)fmax(1.0, round(r->length_m / prop->module_m));
    for (uint32_t k = 0; k < count && !status && bt_placer_room(p, true); k++) {
        double s = r->length_m * (k + 0.5) / count;
        uint32_t right = median_lane(p->net, road, s, -1);
        uint32_t left = median_lane(p->net, road, s, 1);
        if (right == BT_ROAD_NONE && left == BT_ROAD_NONE) continue;
        double t = 0.0;
        bool in_junction = r->junction != BT_ROAD_NONE;
        if (right == BT_ROAD_NONE || left == BT_ROAD_NONE) {
            double inner, outer;
            bt_lane_borders(p->net, right == BT_ROAD_NONE ? left : right, s, &inner, &outer);
            // a connecting road has but one half of the median
            t = in_junction ? outer : 0.5 * (inner + outer);
        }
        bt_pose pose = bt_road_pose(p->net, road, s, t);
        // modules run along y
        pose.rot = bt_quat_mul(pose.rot, bt_quat_axis_angle((bt_vec3){0, 0, 1}, -0.5 * BT_PI));
        status = bt_placer_put(p, prop->mesh, pose, 1.0, prop->name, prop->class_id, true);
        if (!status) status = bt_placer_stand_prop(p, BT_PROP_CONCRETE_BARRIER, pose);
    }
    return status;
}

static bool is_motorway(const bt_placer *p, uint32_t road)
{
    for (size_t i = 0; i < p->frontage.side_count; i++)
        if (p->frontage.sides[i].road == road) return p->frontage.sides[i].land == BT_LAND_MOTORWAY;
    return false;
}

// Where a motorway's ramps part from it its median goes on: on the connecting roads that run as the
// motorway's axis does, so that of both directions' one has the barrier.
static bt_status put_junction_medians(bt_placer *p)
{
    bt_status status = BT_OK;
    for (uint32_t j = 0; j < bt_road_junction_count(p->net) && !status; j++) {
        const bt_junction *junction = bt_road_junction_get(p->net, j);
        for (uint32_t k = 0; k < junction->connection_count && !status; k++) {
            const bt_junction_connection *c =
                bt_road_connection_get(p->net, junction->first_connection + k);
            if (c->incoming_road == BT_ROAD_NONE || c->link_count == 0 || c->at_end) continue;
            // travel with s comes in: lanes right of the axis
            if (bt_road_lane_link_get(p->net, c->first_link)->from > 0) continue;
            if (median_lane(p->net, c->connecting_road, 0.5, 1) == BT_ROAD_NONE) continue;
            if (is_motorway(p, c->incoming_road)) status = put_median(p, c->connecting_road);
        }
    }
    return status;
}

// ---- all --------------------------------------------------------------------------------------
static bt_status border_side(bt_placer *p, size_t index)
{
    const bt_frontage *side = &p->frontage.sides[index];
    bool motorway = side->land == BT_LAND_MOTORWAY;
    if ((side->land != BT_LAND_RURAL && !motorway) || side->count == 0) return BT_OK;
    border b = {.p = p,
                .side = side,
                .places = p->frontage.places + side->first,
                .houses = bt_alloc(side->count, 1),
                .rail = bt_alloc(side->count, 1)};
    bt_status status = b.houses && b.rail
                           ? BT_OK
                           : bt_fail(BT_ERR_MEMORY, "no memory for what stands along roads");
    bool loud = motorway && side->speed_m_s > LOUD_M_S;
    for (size_t i = 0; loud && !status && i < p->house_count; i++)
        mark_house(&b, p->houses[i]);
    if (!status) plan_rails(&b);
    if (!status) status = put_walls(&b);
    if (!status) status = put_rails(&b);
    if (!status) status = put_delineators(&b);
    if (!status && motorway && side->side > 0) status = put_median(p, side->road);
    bt_free(b.houses);
    bt_free(b.rail);
    return status;
}

bt_status bt_place_barriers(bt_placer *p)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < p->frontage.side_count && !status; i++)
        status = border_side(p, i);
    if (!status) status = put_junction_medians(p);
    return status;
}
