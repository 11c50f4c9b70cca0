// read_signals.c: <signals>: signal, its place, and signalReference.
#include "engine/road/reader.h"

#include <string.h>

// A thing's pose beside the road: on the road's plane at (s, t), upright, turned by `heading_rad`
// from the road's direction; pitch and roll are against the world's x/y plane.
bt_pose reader_place(const bt_road_network *net, uint32_t road, double s_m, double t_m,
                     double z_offset_m, double heading_rad, double pitch_rad, double roll_rad)
{
    double s = bt_clamp(s_m, 0.0, net->roads.items[road].length_m);
    road_frame frame = road_frame_at(net, road, s);
    double slope, along;
    double height = road_cross_height(net, road, s, t_m, &slope);
    if (road_is_blended(net, road)) height += road_blend_at(net, road, s, t_m, &along, &slope);
    bt_vec3 pos = road_frame_point(&frame, t_m, height);
    pos.z += z_offset_m;
    return (bt_pose){
        pos, bt_quat_yaw_pitch_roll(frame.plan.heading_rad + heading_rad, pitch_rad, roll_rad)};
}

static int read_orientation(const xml_node *node)
{
    if (read_is(node, "orientation", "+")) return 1;
    if (read_is(node, "orientation", "-")) return -1;
    return 0;
}

static void read_validity(reader *r, xml_node *node, int32_t *from_lane, int32_t *to_lane)
{
    *from_lane = *to_lane = 0;
    bool first = true;
    for (xml_node *child = xml_child(node, "validity"); child != NULL; child = xml_next(child)) {
        int32_t a = read_integer_or(r, child, "fromLane", 0);
        int32_t b = read_integer_or(r, child, "toLane", a);
        int32_t low = a < b ? a : b;
        int32_t high = a < b ? b : a;
        // several ranges: the least that holds them all
        if (first || low < *from_lane) *from_lane = low;
        if (first || high > *to_lane) *to_lane = high;
        first = false;
    }
}

// Where it stands, when that is given apart from where it holds.
static void read_physical_place(reader *r, xml_node *node, double facing_rad, bt_pose *pose)
{
    xml_node *on_road = xml_child(node, "positionRoad");
    xml_node *inertial = xml_child(node, "positionInertial");
    if (on_road != NULL) {
        const char *id = xml_attribute_of(on_road, "roadId");
        uint32_t road = id != NULL ? bt_road_find(r->net, id) : BT_ROAD_NONE;
        if (road == BT_ROAD_NONE) {
            READER_WARN(r, on_road, "position on road '%.40s': no such road", id != NULL ? id : "");
            return;
        }
        *pose = reader_place(
            r->net, road, read_number_or(r, on_road, "s", 0.0),
            read_number_or(r, on_road, "t", 0.0), read_number_or(r, on_road, "zOffset", 0.0),
            facing_rad + read_number_or(r, on_road, "hOffset", 0.0),
            read_number_or(r, on_road, "pitch", 0.0), read_number_or(r, on_road, "roll", 0.0));
    } else if (inertial != NULL) {
        const bt_road_network *net = r->net;
        double x = read_number_or(r, inertial, "x", 0.0);
        double y = read_number_or(r, inertial, "y", 0.0);
        double c = bt_cos(net->offset_heading_rad);
        double s = bt_sin(net->offset_heading_rad);
        pose->pos = (bt_vec3){x * c - y * s + net->offset_x_m, x * s + y * c + net->offset_y_m,
                              read_number_or(r, inertial, "z", 0.0) + net->offset_z_m};
        pose->rot = bt_quat_yaw_pitch_roll(
            read_number_or(r, inertial, "hdg", 0.0) + net->offset_heading_rad,
            read_number_or(r, inertial, "pitch", 0.0), read_number_or(r, inertial, "roll", 0.0));
    }
}

static void read_signal(reader *r, xml_node *node, uint32_t road)
{
    uint32_t index = (uint32_t)r->net->signals.count;
    bt_signal signal = {
        .id = read_text_or(r, node, "id", ""),
        .name = read_text_or(r, node, "name", ""),
        .type = read_text_or(r, node, "type", ""),
        .subtype = read_text_or(r, node, "subtype", ""),
        .country = read_text_or(r, node, "country", ""),
        .text = read_text_or(r, node, "text", ""),
        .road = road,
        .s_m = read_number_or(r, node, "s", 0.0),
        .t_m = read_number_or(r, node, "t", 0.0),
        .z_offset_m = read_number_or(r, node, "zOffset", 0.0),
        .value = read_number_or(r, node, "value", 0.0),
        .width_m = read_number_or(r, node, "width", 0.0),
        .height_m = read_number_or(r, node, "height", 0.0),
        .dynamic = read_flag_or(node, "dynamic", false),
        .orientation = read_orientation(node),
        .controller = BT_ROAD_NONE,
    };
    read_validity(r, node, &signal.from_lane, &signal.to_lane);
    // it faces the traffic it holds for: against s where it holds along s
    double facing = signal.orientation >= 0 ? BT_PI : 0.0;
    signal.world_from_signal =
        reader_place(r->net, road, signal.s_m, signal.t_m, signal.z_offset_m,
                     facing + read_number_or(r, node, "hOffset", 0.0),
                     read_number_or(r, node, "pitch", 0.0), read_number_or(r, node, "roll", 0.0));
    read_physical_place(r, node, facing, &signal.world_from_signal);
    // which signals depend on which is known, and nobody's business here
    (void)xml_child(node, "dependency");
    (void)xml_child(node, "reference");

    road_name name = {signal.id, index};
    reader_keep(r, ROAD_PUSH(r->net->signals, signal));
    reader_keep(r, ROAD_PUSH(r->signals_by_id, name));
}

void read_signals(reader *r, xml_node *road, uint32_t index)
{
    xml_node *signals = xml_child(road, "signals");
    for (xml_node *node = xml_child(signals, "signal"); node != NULL && !reader_failed(r);
         node = xml_next(node))
        read_signal(r, node, index);
}

void read_signal_references(reader *r, xml_node *road, uint32_t index)
{
    xml_node *signals = xml_child(road, "signals");
    for (xml_node *node = xml_child(signals, "signalReference"); node != NULL && !reader_failed(r);
         node = xml_next(node)) {
        const char *id = xml_attribute_of(node, "id");
        if (id == NULL) id = "";
        bt_signal_reference reference = {
            .signal = road_names_find(r->signals_by_id.items, r->signals_by_id.count, id),
            .road = index,
            .s_m = read_number_or(r, node, "s", 0.0),
            .t_m = read_number_or(r, node, "t", 0.0),
            .orientation = read_orientation(node),
        };
        read_validity(r, node, &reference.from_lane, &reference.to_lane);
        if (reference.signal == BT_ROAD_NONE) {
            READER_WARN(r, node, "reference to signal '%.40s': no such signal", id);
            continue;
        }
        reader_keep(r, ROAD_PUSH(r->net->signal_references, reference));
    }
}
