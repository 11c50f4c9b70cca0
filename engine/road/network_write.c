// network_write.c: header, roads, lanes, junctions of a loaded network.
#include "engine/road/network_write_internal.h"

static void write_text(bt_xodr_writer *w, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') bt_xodr_text(w, name, value);
}

static void write_header(const bt_road_network *net, const char *name, bt_xodr_writer *w)
{
    bt_xodr_begin(w, "header");
    bt_xodr_integer(w, "revMajor", 1);
    bt_xodr_integer(w, "revMinor", 8);
    bt_xodr_text(w, "name", name);
    bt_xodr_text(w, "vendor", "Blacktop");
    if (net->geo_reference != NULL && net->geo_reference[0] != '\0') {
        bt_xodr_begin(w, "geoReference");
        bt_xodr_content(w, net->geo_reference);
        bt_xodr_end(w);
    }
    if (net->offset_z_m != 0.0) { // the rest of it is in the geometry
        bt_xodr_begin(w, "offset");
        bt_xodr_exact(w, "x", 0.0);
        bt_xodr_exact(w, "y", 0.0);
        bt_xodr_exact(w, "z", net->offset_z_m);
        bt_xodr_exact(w, "hdg", 0.0);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

// ---- plan and profiles ------------------------------------------------------------------------
static void write_polynomial(bt_xodr_writer *w, const char *const names[4], const double c[4])
{
    for (int i = 0; i < 4; i++)
        bt_xodr_exact(w, names[i], c[i]);
}

static void write_shape(bt_xodr_writer *w, const road_curve *c)
{
    static const char *const v_names[4] = {"a", "b", "c", "d"};
    static const char *const pu_names[4] = {"aU", "bU", "cU", "dU"};
    static const char *const pv_names[4] = {"aV", "bV", "cV", "dV"};
    switch (c->kind) {
    case ROAD_CURVE_LINE:
        bt_xodr_begin(w, "line");
        break;
    case ROAD_CURVE_ARC:
        bt_xodr_begin(w, "arc");
        bt_xodr_exact(w, "curvature", c->curvature_1_m);
        break;
    case ROAD_CURVE_SPIRAL:
        bt_xodr_begin(w, "spiral");
        bt_xodr_exact(w, "curvStart", c->curvature_1_m);
        bt_xodr_exact(w, "curvEnd", c->curvature_1_m + c->curvature_rate_1_m2 * c->length_m);
        break;
    case ROAD_CURVE_POLY3:
        bt_xodr_begin(w, "poly3");
        write_polynomial(w, v_names, c->v);
        break;
    case ROAD_CURVE_PARAM:
        bt_xodr_begin(w, "paramPoly3");
        bt_xodr_text(w, "pRange", c->p_end == 1.0 ? "normalized" : "arcLength");
        write_polynomial(w, pu_names, c->u);
        write_polynomial(w, pv_names, c->v);
        break;
    }
    bt_xodr_end(w);
}

static void write_plan(const bt_road_network *net, road_run run, bt_xodr_writer *w)
{
    bt_xodr_begin(w, "planView");
    for (uint32_t i = 0; i < run.count; i++) {
        const road_curve *c = &net->curves.items[run.first + i];
        bt_xodr_begin(w, "geometry");
        bt_xodr_exact(w, "s", c->s0_m);
        bt_xodr_exact(w, "x", c->x_m);
        bt_xodr_exact(w, "y", c->y_m);
        bt_xodr_exact(w, "hdg", c->heading_rad);
        bt_xodr_exact(w, "length", c->length_m);
        write_shape(w, c);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

// Stations as exact as those of the sections that they meet.
static void write_cubics(const bt_road_network *net, road_run run, const char *name,
                         const char *key, double base_s_m, bt_xodr_writer *w)
{
    for (uint32_t i = 0; i < run.count; i++) {
        const road_cubic *c = &net->cubics.items[run.first + i];
        bt_xodr_begin(w, name);
        bt_xodr_exact(w, key, c->s0_m - base_s_m);
        write_polynomial(w, (const char *const[]){"a", "b", "c", "d"},
                         (double[]){c->a, c->b, c->c, c->d});
        bt_xodr_end(w);
    }
}

static void write_crossfall(const bt_road_network *net, road_run run, const char *side,
                            bt_xodr_writer *w)
{
    for (uint32_t i = 0; i < run.count; i++) {
        const road_cubic *c = &net->cubics.items[run.first + i];
        bt_xodr_begin(w, "crossfall");
        bt_xodr_text(w, "side", side);
        bt_xodr_exact(w, "s", c->s0_m);
        write_polynomial(w, (const char *const[]){"a", "b", "c", "d"},
                         (double[]){c->a, c->b, c->c, c->d});
        bt_xodr_end(w);
    }
}

static void write_profiles(const bt_road_network *net, const road_detail *detail, bt_xodr_writer *w)
{
    bt_xodr_begin(w, "elevationProfile");
    write_cubics(net, detail->elevation, "elevation", "s", 0.0, w);
    bt_xodr_end(w);
    bt_xodr_begin(w, "lateralProfile");
    write_cubics(net, detail->superelevation, "superelevation", "s", 0.0, w);
    write_crossfall(net, detail->crossfall_left, "left", w);
    write_crossfall(net, detail->crossfall_right, "right", w);
    for (uint32_t i = 0; i < detail->shapes.count; i++) {
        const road_shape *s = &net->shapes.items[detail->shapes.first + i];
        bt_xodr_begin(w, "shape");
        bt_xodr_exact(w, "s", s->s0_m);
        bt_xodr_exact(w, "t", s->t0_m);
        write_polynomial(w, (const char *const[]){"a", "b", "c", "d"},
                         (double[]){s->a, s->b, s->c, s->d});
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_speed(bt_xodr_writer *w, const char *key, double limit_m_s)
{
    if (limit_m_s <= 0.0) return;
    bt_xodr_begin(w, "speed");
    if (key != NULL) bt_xodr_exact(w, key, 0.0);
    bt_xodr_exact(w, "max", limit_m_s);
    bt_xodr_text(w, "unit", "m/s");
    bt_xodr_end(w);
}

static void write_types(const bt_road_network *net, road_run run, bt_xodr_writer *w)
{
    for (uint32_t i = 0; i < run.count; i++) {
        const road_speed *speed = &net->speeds.items[run.first + i];
        bt_xodr_begin(w, "type");
        bt_xodr_exact(w, "s", speed->s0_m);
        bt_xodr_text(w, "type", "unknown");
        write_speed(w, NULL, speed->limit_m_s);
        bt_xodr_end(w);
    }
}

// ---- lanes ------------------------------------------------------------------------------------
const char *network_write_color(bt_mark_color color)
{
    static const char *const names[BT_MARK_COLOR_COUNT] = {"white",  "yellow", "blue",  "red",
                                                           "orange", "green",  "violet"};
    return names[color];
}

static const char *mark_type(bt_mark_type type)
{
    static const char *const names[] = {
        "none",          "solid",      "broken", "solid solid", "solid broken", "broken solid",
        "broken broken", "botts dots", "grass",  "curb",        "custom",       "edge"};
    return names[type];
}

static void write_mark_lines(const bt_road_network *net, const bt_road_mark *mark, bool once,
                             bt_xodr_writer *w)
{
    bool open = false;
    for (uint32_t i = 0; i < mark->line_count; i++) {
        const bt_road_mark_line *line = &net->mark_lines.items[mark->first_line + i];
        if (line->once != once) continue;
        if (!open) {
            bt_xodr_begin(w, once ? "explicit" : "type");
            if (!once) bt_xodr_text(w, "name", mark_type(mark->type));
            if (!once) bt_xodr_exact(w, "width", mark->width_m);
            open = true;
        }
        bt_xodr_begin(w, "line");
        bt_xodr_exact(w, "length", line->length_m);
        if (!once) bt_xodr_exact(w, "space", line->space_m);
        bt_xodr_exact(w, "tOffset", line->t_offset_m);
        bt_xodr_exact(w, "sOffset", line->s_offset_m);
        bt_xodr_exact(w, "width", line->width_m);
        if (line->color >= 0) bt_xodr_text(w, "color", network_write_color(line->color));
        bt_xodr_end(w);
    }
    if (open) bt_xodr_end(w);
}

static void write_marks(const bt_road_network *net, road_run run, double base_s_m,
                        bt_xodr_writer *w)
{
    for (uint32_t i = 0; i < run.count; i++) {
        const bt_road_mark *mark = &net->marks.items[run.first + i];
        static const char *const changes[] = {"none", "increase", "decrease", "both"};
        bt_xodr_begin(w, "roadMark");
        bt_xodr_exact(w, "sOffset", mark->s0_m - base_s_m);
        bt_xodr_text(w, "type", mark_type(mark->type));
        bt_xodr_text(w, "weight", mark->heavy ? "bold" : "standard");
        bt_xodr_text(w, "color", network_write_color(mark->color));
        bt_xodr_exact(w, "width", mark->width_m);
        bt_xodr_text(w, "laneChange",
                     changes[(mark->change_left ? 1 : 0) + (mark->change_right ? 2 : 0)]);
        write_mark_lines(net, mark, false, w);
        write_mark_lines(net, mark, true, w);
        bt_xodr_end(w);
    }
}

static void write_links(const bt_road_network *net, road_run run, const char *name,
                        bt_xodr_writer *w)
{
    for (uint32_t i = 0; i < run.count; i++) {
        bt_xodr_begin(w, name);
        bt_xodr_integer(w, "id", net->link_ids.items[run.first + i]);
        bt_xodr_end(w);
    }
}

static void write_lane(const bt_road_network *net, uint32_t index, bt_xodr_writer *w)
{
    const bt_lane *lane = &net->lanes.items[index];
    const lane_detail *detail = &net->lane_details.items[index];
    bool usual = (lane->id < 0) != net->roads.items[lane->road].left_hand_traffic;
    bt_xodr_begin(w, "lane");
    bt_xodr_integer(w, "id", lane->id);
    bt_xodr_text(w, "type", bt_lane_type_name(lane->type));
    bt_xodr_text(w, "level", detail->level ? "true" : "false");
    if (lane->id != 0 && lane->forward != usual) bt_xodr_text(w, "direction", "reversed");
    bt_xodr_begin(w, "link");
    write_links(net, detail->predecessors, "predecessor", w);
    write_links(net, detail->successors, "successor", w);
    bt_xodr_end(w);
    write_cubics(net, detail->widths, detail->border ? "border" : "width", "sOffset", lane->s0_m,
                 w);
    write_marks(net, detail->marks, lane->s0_m, w);
    if (lane->id != 0) write_speed(w, "sOffset", lane->speed_limit_m_s);
    for (uint32_t i = 0; i < detail->heights.count; i++) {
        const road_height *h = &net->heights.items[detail->heights.first + i];
        bt_xodr_begin(w, "height");
        bt_xodr_exact(w, "sOffset", h->s0_m - lane->s0_m);
        bt_xodr_exact(w, "inner", h->inner_m);
        bt_xodr_exact(w, "outer", h->outer_m);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_section(const bt_road_network *net, const bt_lane_section *section,
                          bt_xodr_writer *w)
{
    static const char *const sides[3] = {"left", "center", "right"};
    int side = -1;
    bt_xodr_begin(w, "laneSection");
    bt_xodr_exact(w, "s", section->s0_m);
    for (uint32_t i = 0; i < section->lane_count; i++) {
        int32_t id = net->lanes.items[section->first_lane + i].id;
        int own = id > 0 ? 0 : id == 0 ? 1 : 2;
        if (own != side && side >= 0) bt_xodr_end(w);
        if (own != side) bt_xodr_begin(w, sides[own]);
        side = own;
        write_lane(net, section->first_lane + i, w);
    }
    if (side >= 0) bt_xodr_end(w);
    bt_xodr_end(w);
}

// ---- roads ------------------------------------------------------------------------------------
static void write_link(const char *name, const road_link *link, bt_xodr_writer *w)
{
    if (link->kind == ROAD_LINK_NONE) return;
    bool road = link->kind == ROAD_LINK_ROAD;
    bt_xodr_begin(w, name);
    bt_xodr_text(w, "elementType", road ? "road" : "junction");
    bt_xodr_text(w, "elementId", link->element_id);
    if (road) bt_xodr_text(w, "contactPoint", link->contact == ROAD_END ? "end" : "start");
    bt_xodr_end(w);
}

static void write_road(const bt_road_network *net, uint32_t index, bt_xodr_writer *w)
{
    const bt_road *road = &net->roads.items[index];
    const road_detail *detail = &net->road_details.items[index];
    bt_xodr_begin(w, "road");
    bt_xodr_text(w, "name", road->name);
    bt_xodr_exact(w, "length", road->length_m);
    bt_xodr_text(w, "id", road->id);
    bt_xodr_text(w, "junction",
                 road->junction != BT_ROAD_NONE ? net->junctions.items[road->junction].id : "-1");
    bt_xodr_text(w, "rule", road->left_hand_traffic ? "LHT" : "RHT");
    bt_xodr_begin(w, "link");
    write_link("predecessor", &detail->predecessor, w);
    write_link("successor", &detail->successor, w);
    bt_xodr_end(w);
    write_types(net, detail->speeds, w);
    write_plan(net, detail->curves, w);
    write_profiles(net, detail, w);
    bt_xodr_begin(w, "lanes");
    write_cubics(net, detail->lane_offset, "laneOffset", "s", 0.0, w);
    for (uint32_t i = 0; i < road->section_count; i++)
        write_section(net, &net->sections.items[road->first_section + i], w);
    bt_xodr_end(w);
    network_write_things(net, index, w);
    bt_xodr_end(w);
}

// ---- junctions --------------------------------------------------------------------------------
static void write_connection(const bt_road_network *net, const bt_junction *junction,
                             const bt_junction_connection *c, bt_xodr_writer *w)
{
    bool direct = junction->kind == BT_JUNCTION_DIRECT;
    bt_xodr_begin(w, "connection");
    bt_xodr_text(w, "id", c->id);
    if (c->incoming_road != BT_ROAD_NONE)
        bt_xodr_text(w, "incomingRoad", net->roads.items[c->incoming_road].id);
    if (c->connecting_road != BT_ROAD_NONE)
        bt_xodr_text(w, direct ? "linkedRoad" : "connectingRoad",
                     net->roads.items[c->connecting_road].id);
    bt_xodr_text(w, "contactPoint", c->at_end ? "end" : "start");
    for (uint32_t i = 0; i < c->link_count; i++) {
        const bt_lane_link *link = &net->lane_links.items[c->first_link + i];
        bt_xodr_begin(w, "laneLink");
        bt_xodr_integer(w, "from", link->from);
        bt_xodr_integer(w, "to", link->to);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_junction(const bt_road_network *net, const bt_junction *junction,
                           bt_xodr_writer *w)
{
    static const char *const kinds[] = {"default", "direct", "virtual", "crossing"};
    bt_xodr_begin(w, "junction");
    bt_xodr_text(w, "id", junction->id);
    write_text(w, "name", junction->name);
    bt_xodr_text(w, "type", kinds[junction->kind]);
    for (uint32_t i = 0; i < junction->connection_count; i++)
        write_connection(net, junction, &net->connections.items[junction->first_connection + i], w);
    bt_xodr_end(w);
}

bt_status bt_road_network_write(const bt_road_network *net, const char *name, bt_xodr_writer *w)
{
    bt_xodr_begin(w, "OpenDRIVE");
    write_header(net, name, w);
    for (uint32_t i = 0; i < net->roads.count; i++)
        write_road(net, i, w);
    network_write_controllers(net, w);
    for (uint32_t i = 0; i < net->junctions.count; i++)
        write_junction(net, &net->junctions.items[i], w);
    bt_xodr_end(w);
    return w->status;
}
