// network.c: what a road network holds, by index and by name; and its end.
#include "engine/road/road_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    bt_lane_type type;
    const char *name;
} lane_types[] = {
    {BT_LANE_NONE, "none"},
    {BT_LANE_DRIVING, "driving"},
    {BT_LANE_STOP, "stop"},
    {BT_LANE_SHOULDER, "shoulder"},
    {BT_LANE_BIKING, "biking"},
    {BT_LANE_SIDEWALK, "sidewalk"},
    {BT_LANE_BORDER, "border"},
    {BT_LANE_RESTRICTED, "restricted"},
    {BT_LANE_PARKING, "parking"},
    {BT_LANE_BIDIRECTIONAL, "bidirectional"},
    {BT_LANE_MEDIAN, "median"},
    {BT_LANE_CURB, "curb"},
    {BT_LANE_ENTRY, "entry"},
    {BT_LANE_EXIT, "exit"},
    {BT_LANE_ON_RAMP, "onRamp"},
    {BT_LANE_OFF_RAMP, "offRamp"},
    {BT_LANE_CONNECTING_RAMP, "connectingRamp"},
    {BT_LANE_SLIP_LANE, "slipLane"},
    {BT_LANE_TRAM, "tram"},
    {BT_LANE_RAIL, "rail"},
    {BT_LANE_ROAD_WORKS, "roadWorks"},
    {BT_LANE_BUS, "bus"},
    {BT_LANE_TAXI, "taxi"},
    {BT_LANE_HOV, "HOV"},
    {BT_LANE_SPECIAL, "special1"},
};

const char *bt_lane_type_name(bt_lane_type type)
{
    for (size_t i = 0; i < sizeof lane_types / sizeof *lane_types; i++)
        if (lane_types[i].type == type) return lane_types[i].name;
    return "none";
}

bool road_lane_type_find(const char *name, bt_lane_type *type)
{
    // other spellings of the versions 1.4 to 1.8
    static const struct {
        const char *name;
        bt_lane_type type;
    } others[] = {
        {"walking", BT_LANE_SIDEWALK},     {"mwyEntry", BT_LANE_ENTRY},
        {"mwyExit", BT_LANE_EXIT},         {"special2", BT_LANE_SPECIAL},
        {"special3", BT_LANE_SPECIAL},     {"sliplane", BT_LANE_SLIP_LANE},
        {"roadworks", BT_LANE_ROAD_WORKS}, {"hov", BT_LANE_HOV},
        {"shared", BT_LANE_BIDIRECTIONAL},
    };
    for (size_t i = 0; i < sizeof lane_types / sizeof *lane_types; i++)
        if (strcmp(lane_types[i].name, name) == 0) {
            *type = lane_types[i].type;
            return true;
        }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].name, name) == 0) {
            *type = others[i].type;
            return true;
        }
    *type = BT_LANE_NONE;
    return false;
}

bool bt_lane_type_drivable(bt_lane_type type)
{
    switch (type) {
    case BT_LANE_DRIVING:
    case BT_LANE_BIDIRECTIONAL:
    case BT_LANE_ENTRY:
    case BT_LANE_EXIT:
    case BT_LANE_ON_RAMP:
    case BT_LANE_OFF_RAMP:
    case BT_LANE_CONNECTING_RAMP:
    case BT_LANE_SLIP_LANE:
    case BT_LANE_BUS:
    case BT_LANE_TAXI:
    case BT_LANE_HOV:
        return true;
    default:
        return false;
    }
}

// count and pointer to one item, for arrays that are plain
#define ROAD_GETTERS(count_name, get_name, type, array)                                            \
    uint32_t count_name(const bt_road_network *net)                                                \
    {                                                                                              \
        return (uint32_t)net->array.count;                                                         \
    }                                                                                              \
    const type *get_name(const bt_road_network *net, uint32_t index)                               \
    {                                                                                              \
        assert(index < net->array.count);                                                          \
        return &net->array.items[index];                                                           \
    }

ROAD_GETTERS(bt_road_count, bt_road_get, bt_road, roads)
ROAD_GETTERS(bt_road_section_count, bt_road_section_get, bt_lane_section, sections)
ROAD_GETTERS(bt_road_lane_count, bt_road_lane_get, bt_lane, lanes)
ROAD_GETTERS(bt_road_junction_count, bt_road_junction_get, bt_junction, junctions)
ROAD_GETTERS(bt_road_connection_count, bt_road_connection_get, bt_junction_connection, connections)
ROAD_GETTERS(bt_road_signal_count, bt_road_signal_get, bt_signal, signals)
ROAD_GETTERS(bt_road_signal_reference_count, bt_road_signal_reference_get, bt_signal_reference,
             signal_references)
ROAD_GETTERS(bt_road_object_count, bt_road_object_get, bt_road_object, objects)
ROAD_GETTERS(bt_road_tunnel_count, bt_road_tunnel_get, bt_tunnel, tunnels)
ROAD_GETTERS(bt_road_controller_count, bt_road_controller_get, bt_controller, controllers)

const bt_lane_link *bt_road_lane_link_get(const bt_road_network *net, uint32_t link)
{
    assert(link < net->lane_links.count);
    return &net->lane_links.items[link];
}

const bt_object_corner *bt_road_object_corner(const bt_road_network *net, uint32_t corner)
{
    assert(corner < net->corners.count);
    return &net->corners.items[corner];
}

const bt_object_marking *bt_road_object_marking_get(const bt_road_network *net, uint32_t marking)
{
    assert(marking < net->object_markings.count);
    return &net->object_markings.items[marking];
}

const bt_vec3 *bt_road_marking_point(const bt_road_network *net, uint32_t point)
{
    assert(point < net->marking_points.count);
    return &net->marking_points.items[point];
}

uint32_t bt_road_controller_signal(const bt_road_network *net, uint32_t index)
{
    assert(index < net->controller_signals.count);
    return net->controller_signals.items[index];
}

const bt_road_mark *bt_lane_marks(const bt_road_network *net, uint32_t lane, uint32_t *count)
{
    road_run run = net->lane_details.items[lane].marks;
    *count = run.count;
    return run.count > 0 ? net->marks.items + run.first : NULL;
}

const bt_road_mark_line *bt_road_mark_line_get(const bt_road_network *net, uint32_t line)
{
    assert(line < net->mark_lines.count);
    return &net->mark_lines.items[line];
}

static int name_order(const void *left, const void *right)
{
    const road_name *a = left;
    const road_name *b = right;
    int order = strcmp(a->id, b->id);
    if (order != 0) return order;
    return a->index < b->index ? -1 : a->index > b->index;
}

void road_names_sort(road_name *names, size_t count)
{
    if (count > 1) qsort(names, count, sizeof *names, name_order);
}

uint32_t road_names_find(const road_name *names, size_t count, const char *id)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names[middle].id, id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && strcmp(names[low].id, id) == 0 ? names[low].index : BT_ROAD_NONE;
}

uint32_t bt_road_find(const bt_road_network *net, const char *id)
{
    return road_names_find(net->roads_by_id.items, net->roads_by_id.count, id);
}

const char *bt_road_geo_reference(const bt_road_network *net)
{
    return net->geo_reference;
}

void bt_road_bounds(const bt_road_network *net, bt_vec3 *low, bt_vec3 *high)
{
    *low = net->low;
    *high = net->high;
}

uint32_t bt_road_warning_count(const bt_road_network *net)
{
    return (uint32_t)net->warnings.count;
}

const char *bt_road_warning(const bt_road_network *net, uint32_t warning)
{
    assert(warning < net->warnings.count);
    return net->warnings.items[warning];
}

void bt_road_network_destroy(bt_road_network *net)
{
    if (net == NULL) return;
    void *arrays[] = {
        net->roads.items,
        net->road_details.items,
        net->sections.items,
        net->lanes.items,
        net->lane_details.items,
        net->junctions.items,
        net->connections.items,
        net->lane_links.items,
        net->signals.items,
        net->signal_references.items,
        net->objects.items,
        net->corners.items,
        net->object_markings.items,
        net->marking_points.items,
        net->tunnels.items,
        net->controllers.items,
        net->controller_signals.items,
        net->warnings.items,
        net->curves.items,
        net->knots.items,
        net->cubics.items,
        net->shapes.items,
        net->heights.items,
        net->speeds.items,
        net->marks.items,
        net->mark_lines.items,
        net->link_ids.items,
        net->joints.items,
        net->samples.items,
        net->road_samples.items,
        net->nodes.items,
        net->segments.items,
        net->roads_by_id.items,
        net->blends.items,
        net->blend_m.items,
        net->even_borders.items,
        net->even_first.items,
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        bt_free(arrays[i]);
    bt_arena_destroy(net->arena);
    bt_free(net);
}
