// map_json.c: lanes, edges, stop lines, crossings, signals.
#include "engine/label/map_json.h"

#include "engine/label/json_out.h"

#include <math.h>
#include <string.h>

#define MAX_LINKS 64 // chosen: successors written per lane; junctions have a dozen

static bt_vec3 surface_point(const bt_road_network *net, uint32_t road, double s, double t)
{
    return bt_road_point(net, road, s, t);
}

typedef enum side {
    BT_SIDE_CENTRE,
    BT_SIDE_INNER,
    BT_SIDE_OUTER,
} side;

static double side_t(const bt_road_network *net, uint32_t lane, double s, side which)
{
    double inner, outer;
    bt_lane_borders(net, lane, s, &inner, &outer);
    return which == BT_SIDE_INNER ? inner : which == BT_SIDE_OUTER ? outer : 0.5 * (inner + outer);
}

// From the lane's beginning to its end in the direction of travel.
static json_t *lane_line(json_maker *m, const bt_road_network *net, uint32_t index, side which)
{
    const bt_lane *lane = bt_road_lane_get(net, index);
    double length = lane->s1_m - lane->s0_m;
    uint32_t steps = (uint32_t)fmax(1.0, ceil(length / BT_MAP_STEP_M));
    json_t *line = json_array();
    for (uint32_t i = 0; i <= steps; i++) {
        uint32_t step = lane->forward ? i : steps - i;
        double s = lane->s0_m + length * (double)step / (double)steps;
        double t = side_t(net, index, s, which);
        out_add(m, line, out_vec3(m, surface_point(net, lane->road, s, t)));
    }
    return line;
}

static json_t *lane_json(json_maker *m, const bt_road_network *net, uint32_t index)
{
    const bt_lane *lane = bt_road_lane_get(net, index);
    const bt_road *road = bt_road_get(net, lane->road);
    json_t *o = json_object();
    out_put(m, o, "lane", json_integer(index));
    out_put(m, o, "road", json_string(road->id));
    out_put(m, o, "id", json_integer(lane->id));
    out_put(m, o, "type", json_string(bt_lane_type_name(lane->type)));
    out_put(m, o, "in_junction", json_boolean(road->junction != BT_ROAD_NONE));
    out_put(m, o, "speed_limit_m_s",
            lane->speed_limit_m_s > 0.0 ? out_real(lane->speed_limit_m_s) : json_null());

    uint32_t next[MAX_LINKS];
    uint32_t count = bt_lane_successors(net, index, next, MAX_LINKS);
    json_t *successors = json_array();
    for (uint32_t i = 0; i < count && i < MAX_LINKS; i++) {
        out_add(m, successors, json_integer(next[i]));
    }
    out_put(m, o, "successors", successors);
    out_put(m, o, "centre", lane_line(m, net, index, BT_SIDE_CENTRE));
    out_put(m, o, "inner_edge", lane_line(m, net, index, BT_SIDE_INNER));
    out_put(m, o, "outer_edge", lane_line(m, net, index, BT_SIDE_OUTER));
    return o;
}

static json_t *lanes_json(json_maker *m, const bt_road_network *net)
{
    json_t *lanes = json_array();
    for (uint32_t i = 0; i < bt_road_lane_count(net); i++) {
        if (bt_road_lane_get(net, i)->id != 0) out_add(m, lanes, lane_json(m, net, i));
    }
    return lanes;
}

// ---- signals ----------------------------------------------------------------------------------
static json_t *signal_json(json_maker *m, const bt_road_network *net, uint32_t index)
{
    const bt_signal *signal = bt_road_signal_get(net, index);
    json_t *o = json_object();
    out_put(m, o, "signal", json_integer(index));
    out_put(m, o, "id", json_string(signal->id));
    out_put(m, o, "name", json_string(signal->name));
    out_put(m, o, "type", json_string(signal->type));
    out_put(m, o, "subtype", json_string(signal->subtype));
    out_put(m, o, "country", json_string(signal->country));
    out_put(m, o, "text", json_string(signal->text));
    out_put(m, o, "value", out_real(signal->value));
    out_put(m, o, "dynamic", json_boolean(signal->dynamic));
    out_put(m, o, "road", json_string(bt_road_get(net, signal->road)->id));
    out_put(m, o, "world_from_signal", out_pose(m, signal->world_from_signal));

    // its face, closed: x points out of it
    double half = 0.5 * signal->width_m, height = signal->height_m;
    const double corners[5][2] = {
        {-half, 0.0}, {half, 0.0}, {half, height}, {-half, height}, {-half, 0.0}};
    json_t *face = json_array();
    for (int i = 0; i < 5; i++) {
        bt_vec3 corner = {0.0, corners[i][0], corners[i][1]};
        out_add(m, face, out_vec3(m, bt_pose_point(signal->world_from_signal, corner)));
    }
    out_put(m, o, "face", face);
    return o;
}

// OpenDRIVE's German catalogue: 294 is the stop line; others name it.
static bool is_stop_line(const char *type, const char *name)
{
    return strcmp(type, "294") == 0 || strcasecmp(type, "stopLine") == 0 ||
           strcasecmp(name, "stopLine") == 0 || strcasecmp(name, "stop_line") == 0;
}

static bool lane_obeys(const bt_lane *lane, const bt_signal *signal)
{
    if (lane->id == 0 || !bt_lane_type_drivable(lane->type)) return false;
    if (signal->orientation > 0 && !lane->forward) return false;
    if (signal->orientation < 0 && lane->forward) return false;
    if (signal->from_lane == 0 && signal->to_lane == 0) return true;
    int low = signal->from_lane < signal->to_lane ? signal->from_lane : signal->to_lane;
    int high = signal->from_lane < signal->to_lane ? signal->to_lane : signal->from_lane;
    return lane->id >= low && lane->id <= high;
}

// Across the lanes that obey a signal, where it stands along the road.
static json_t *signal_line(json_maker *m, const bt_road_network *net, const bt_signal *signal)
{
    double low = 0.0, high = 0.0;
    bool any = false;
    for (uint32_t i = 0; i < bt_road_lane_count(net); i++) {
        const bt_lane *lane = bt_road_lane_get(net, i);
        if (lane->road != signal->road || signal->s_m < lane->s0_m || signal->s_m > lane->s1_m) {
            continue;
        }
        if (!lane_obeys(lane, signal)) continue;
        double inner, outer;
        bt_lane_borders(net, i, signal->s_m, &inner, &outer);
        low = any ? fmin(low, fmin(inner, outer)) : fmin(inner, outer);
        high = any ? fmax(high, fmax(inner, outer)) : fmax(inner, outer);
        any = true;
    }
    if (!any) return NULL;
    json_t *line = json_array();
    out_add(m, line, out_vec3(m, surface_point(net, signal->road, signal->s_m, low)));
    out_add(m, line, out_vec3(m, surface_point(net, signal->road, signal->s_m, high)));
    return line;
}

static json_t *stop_lines_json(json_maker *m, const bt_road_network *net)
{
    json_t *lines = json_array();
    for (uint32_t i = 0; i < bt_road_signal_count(net); i++) {
        const bt_signal *signal = bt_road_signal_get(net, i);
        if (!signal->dynamic && !is_stop_line(signal->type, signal->name)) continue;
        json_t *line = signal_line(m, net, signal);
        if (line == NULL) continue;
        json_t *o = json_object();
        out_put(m, o, "signal", json_integer(i));
        out_put(m, o, "line", line);
        out_add(m, lines, o);
    }
    return lines;
}

// ---- objects ----------------------------------------------------------------------------------
static json_t *object_outline(json_maker *m, const bt_road_network *net,
                              const bt_road_object *object)
{
    json_t *line = json_array();
    for (uint32_t i = 0; i < object->corner_count; i++) {
        const bt_object_corner *corner = bt_road_object_corner(net, object->first_corner + i);
        out_add(m, line, out_vec3(m, corner->pos_world_m));
    }
    if (object->corner_count > 0) return line;
    double x = 0.5 * object->length_m, y = 0.5 * object->width_m;
    const double corners[4][2] = {{-x, -y}, {x, -y}, {x, y}, {-x, y}};
    for (int i = 0; i < 4; i++) {
        bt_vec3 corner = {corners[i][0], corners[i][1], 0.0};
        out_add(m, line, out_vec3(m, bt_pose_point(object->world_from_object, corner)));
    }
    return line;
}

static json_t *crossings_json(json_maker *m, const bt_road_network *net)
{
    json_t *crossings = json_array();
    for (uint32_t i = 0; i < bt_road_object_count(net); i++) {
        const bt_road_object *object = bt_road_object_get(net, i);
        if (strcasecmp(object->type, "crosswalk") != 0) continue;
        json_t *o = json_object();
        out_put(m, o, "id", json_string(object->id));
        out_put(m, o, "outline", object_outline(m, net, object));
        out_add(m, crossings, o);
    }
    return crossings;
}

bt_status bt_map_json(const bt_road_network *net, char **text, size_t *bytes)
{
    json_maker m = {0};
    json_t *map = json_object();
    out_put(&m, map, "schema", json_string("blacktop-map-1"));
    out_put(&m, map, "geo_reference", json_string(bt_road_geo_reference(net)));
    out_put(&m, map, "lanes", lanes_json(&m, net));
    json_t *signals = json_array();
    for (uint32_t i = 0; i < bt_road_signal_count(net); i++) {
        out_add(&m, signals, signal_json(&m, net, i));
    }
    out_put(&m, map, "signals", signals);
    out_put(&m, map, "stop_lines", stop_lines_json(&m, net));
    out_put(&m, map, "crossings", crossings_json(&m, net));
    bt_status status = out_text(&m, map, false, text, bytes);
    json_decref(map);
    return status;
}
