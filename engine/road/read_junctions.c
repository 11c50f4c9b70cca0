// read_junctions.c: <junction>: connections and their lane links; <controller>.
#include "engine/road/reader.h"

#include <string.h>

static bt_junction_kind junction_kind(reader *r, const xml_node *node)
{
    const char *type = xml_attribute_of(node, "type");
    if (type == NULL || type[0] == '\0' || strcmp(type, "default") == 0 ||
        strcmp(type, "common") == 0)
        return BT_JUNCTION_DEFAULT;
    if (strcmp(type, "direct") == 0) return BT_JUNCTION_DIRECT;
    if (strcmp(type, "virtual") == 0) return BT_JUNCTION_VIRTUAL;
    if (strcmp(type, "crossing") == 0) return BT_JUNCTION_CROSSING;
    READER_WARN(r, node, "junction type '%.40s': not known, 'default' taken", type);
    return BT_JUNCTION_DEFAULT;
}

static uint32_t find_road(reader *r, const xml_node *node, const char *attribute)
{
    const char *id = xml_attribute_of(node, attribute);
    if (id == NULL) return BT_ROAD_NONE;
    uint32_t road = bt_road_find(r->net, id);
    if (road == BT_ROAD_NONE) READER_WARN(r, node, "%s '%.40s': no such road", attribute, id);
    return road;
}

static void read_connection(reader *r, xml_node *node, uint32_t junction)
{
    bool linked = xml_attribute_of(node, "linkedRoad") != NULL;
    bt_junction_connection connection = {
        .id = read_text_or(r, node, "id", ""),
        .junction = junction,
        .incoming_road = find_road(r, node, "incomingRoad"),
        .connecting_road = find_road(r, node, linked ? "linkedRoad" : "connectingRoad"),
        .at_end = read_is(node, "contactPoint", "end"),
        .first_link = (uint32_t)r->net->lane_links.count,
    };
    for (xml_node *link = xml_child(node, "laneLink"); link != NULL && !reader_failed(r);
         link = xml_next(link)) {
        bt_lane_link ids = {read_integer_or(r, link, "from", 0), read_integer_or(r, link, "to", 0)};
        reader_keep(r, ROAD_PUSH(r->net->lane_links, ids));
        connection.link_count++;
    }
    // a virtual junction's connections say where they leave the main road: kept by nobody here
    (void)xml_child(node, "predecessor");
    (void)xml_child(node, "successor");
    reader_source source = {node->line, node->column};
    reader_keep(r, ROAD_PUSH(r->net->connections, connection));
    reader_keep(r, ROAD_PUSH(r->connection_sources, source));
}

static void read_junction(reader *r, xml_node *node)
{
    uint32_t index = (uint32_t)r->net->junctions.count;
    bt_junction junction = {
        .id = read_text_or(r, node, "id", ""),
        .name = read_text_or(r, node, "name", ""),
        .kind = junction_kind(r, node),
        .first_connection = (uint32_t)r->net->connections.count,
    };
    for (xml_node *child = xml_child(node, "connection"); child != NULL && !reader_failed(r);
         child = xml_next(child)) {
        read_connection(r, child, index);
        junction.connection_count++;
    }
    if (reader_failed(r)) return;
    // part of the standard, not needed to drive: right of way, which controllers, the surface
    static const char *const others[] = {"priority", "controller", "surface"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (xml_node *other = xml_child(node, others[i]); other != NULL; other = xml_next(other))
            continue;
    if (junction.kind == BT_JUNCTION_VIRTUAL)
        READER_WARN(r, node, "virtual junction '%.40s': kept, but no lane leads through it",
                    junction.id);
    road_name name = {junction.id, index};
    reader_keep(r, ROAD_PUSH(r->net->junctions, junction));
    reader_keep(r, ROAD_PUSH(r->junctions_by_id, name));
}

void read_junctions(reader *r, xml_node *root)
{
    for (xml_node *node = xml_child(root, "junction"); node != NULL && !reader_failed(r);
         node = xml_next(node))
        read_junction(r, node);
    for (xml_node *node = xml_child(root, "junctionGroup"); node != NULL; node = xml_next(node))
        for (xml_node *member = xml_child(node, "junctionReference"); member != NULL;
             member = xml_next(member))
            continue;
    if (reader_failed(r)) return;
    road_names_sort(r->junctions_by_id.items, r->junctions_by_id.count);
    for (size_t i = 1; i < r->junctions_by_id.count; i++)
        if (strcmp(r->junctions_by_id.items[i].id, r->junctions_by_id.items[i - 1].id) == 0)
            reader_warn(r, 0, 0, "junction id '%.40s' more than once: the first holds",
                        r->junctions_by_id.items[i].id);
}

// ---- controllers ----------------------------------------------------------------------------------
static void read_control(reader *r, const xml_node *control, uint32_t controller)
{
    const char *id = xml_attribute_of(control, "signalId");
    if (id == NULL) id = "";
    uint32_t signal = road_names_find(r->signals_by_id.items, r->signals_by_id.count, id);
    if (signal == BT_ROAD_NONE) {
        READER_WARN(r, control, "controller controls signal '%.40s': no such signal", id);
        return;
    }
    if (r->net->signals.items[signal].controller == BT_ROAD_NONE)
        r->net->signals.items[signal].controller = controller;
    reader_keep(r, ROAD_PUSH(r->net->controller_signals, signal));
}

void read_controllers(reader *r, xml_node *root)
{
    for (xml_node *node = xml_child(root, "controller"); node != NULL && !reader_failed(r);
         node = xml_next(node)) {
        bt_controller controller = {
            .id = read_text_or(r, node, "id", ""),
            .name = read_text_or(r, node, "name", ""),
            .first_signal = (uint32_t)r->net->controller_signals.count,
        };
        for (xml_node *control = xml_child(node, "control"); control != NULL && !reader_failed(r);
             control = xml_next(control))
            read_control(r, control, (uint32_t)r->net->controllers.count);
        controller.signal_count =
            (uint32_t)r->net->controller_signals.count - controller.first_signal;
        reader_keep(r, ROAD_PUSH(r->net->controllers, controller));
    }
}
