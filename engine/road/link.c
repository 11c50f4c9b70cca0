// link.c: resolves links by id and joins lanes end to end: the graph that routes walk.
//
// Two lanes are joined when either side says so: a lane's successor or predecessor across sections
// and roads, or a junction's lane link. Joints are undirected; travel decides at the question.
#include "engine/road/reader.h"

#include <stdlib.h>
#include <string.h>

typedef struct joint_pair {
    road_joint from, to; // which end of which lane; both directions are stored
} joint_pair;

typedef struct linker {
    reader *r;
    bt_road_network *net;
    ROAD_ARRAY(joint_pair) pairs;
} linker;

static void join(linker *k, uint32_t lane_a, road_end end_a, uint32_t lane_b, road_end end_b)
{
    joint_pair forth = {lane_a * 2 + (end_a == ROAD_END), lane_b * 2 + (end_b == ROAD_END)};
    joint_pair back = {forth.to, forth.from};
    reader_keep(k->r, ROAD_PUSH(k->pairs, forth));
    reader_keep(k->r, ROAD_PUSH(k->pairs, back));
}

static uint32_t lane_in_section(const bt_road_network *net, uint32_t section, int32_t id)
{
    const bt_lane_section *sec = &net->sections.items[section];
    for (uint32_t i = 0; i < sec->lane_count; i++)
        if (net->lanes.items[sec->first_lane + i].id == id) return sec->first_lane + i;
    return BT_ROAD_NONE;
}

// Joins each lane at `end` of one section to the lanes it names in the other section.
static void join_sections(linker *k, uint32_t section, road_end end, uint32_t other,
                          road_end other_end)
{
    const bt_lane_section *sec = &k->net->sections.items[section];
    for (uint32_t i = 0; i < sec->lane_count; i++) {
        uint32_t lane = sec->first_lane + i;
        const lane_detail *detail = &k->net->lane_details.items[lane];
        road_run ids = end == ROAD_END ? detail->successors : detail->predecessors;
        for (uint32_t j = 0; j < ids.count && !reader_failed(k->r); j++) {
            int32_t id = k->net->link_ids.items[ids.first + j];
            uint32_t target = lane_in_section(k->net, other, id);
            if (target == BT_ROAD_NONE) {
                reader_warn(k->r, detail->line, detail->column,
                            "lane %d links to lane %d of road '%.40s': no such lane there",
                            (int)k->net->lanes.items[lane].id, (int)id,
                            k->net->roads.items[k->net->sections.items[other].road].id);
            } else if (id != 0) {
                join(k, lane, end, target, other_end);
            }
        }
    }
}

// The section at one end of a road; BT_ROAD_NONE when it has none.
static uint32_t end_section(const bt_road_network *net, uint32_t road, road_end end)
{
    const bt_road *r = &net->roads.items[road];
    if (r->section_count == 0) return BT_ROAD_NONE;
    return end == ROAD_START ? r->first_section : r->first_section + r->section_count - 1;
}

static void join_road(linker *k, uint32_t road)
{
    const bt_road *r = &k->net->roads.items[road];
    const road_detail *detail = &k->net->road_details.items[road];
    for (uint32_t i = 1; i < r->section_count; i++) {
        uint32_t section = r->first_section + i;
        join_sections(k, section - 1, ROAD_END, section, ROAD_START);
        join_sections(k, section, ROAD_START, section - 1, ROAD_END);
    }
    for (int e = 0; e < 2; e++) {
        road_end end = e == 0 ? ROAD_START : ROAD_END;
        const road_link *link = e == 0 ? &detail->predecessor : &detail->successor;
        if (link->kind != ROAD_LINK_ROAD || link->element == BT_ROAD_NONE) continue;
        uint32_t here = end_section(k->net, road, end);
        uint32_t there = end_section(k->net, link->element, link->contact);
        if (here != BT_ROAD_NONE && there != BT_ROAD_NONE)
            join_sections(k, here, end, there, link->contact);
    }
}

// ---- junctions ------------------------------------------------------------------------------------
static double end_distance(const bt_road_network *net, uint32_t road_a, road_end end_a,
                           uint32_t road_b, road_end end_b)
{
    double s_a = end_a == ROAD_END ? net->roads.items[road_a].length_m : 0.0;
    double s_b = end_b == ROAD_END ? net->roads.items[road_b].length_m : 0.0;
    road_plan a = road_plan_at(net, road_a, s_a);
    road_plan b = road_plan_at(net, road_b, s_b);
    return bt_hypot(a.x_m - b.x_m, a.y_m - b.y_m);
}

static bool leads_to(const road_link *link, uint32_t junction)
{
    return link->kind == ROAD_LINK_JUNCTION && link->element == junction;
}

// The end of the incoming road at this junction: the one linked to it; where both or none are, the
// nearer to the connecting road.
static road_end incoming_end(const bt_road_network *net, const bt_junction_connection *connection)
{
    const road_detail *detail = &net->road_details.items[connection->incoming_road];
    bool at_start = leads_to(&detail->predecessor, connection->junction);
    bool at_end = leads_to(&detail->successor, connection->junction);
    if (at_start != at_end) return at_end ? ROAD_END : ROAD_START;
    road_end contact = connection->at_end ? ROAD_END : ROAD_START;
    double start = end_distance(net, connection->incoming_road, ROAD_START,
                                connection->connecting_road, contact);
    double end = end_distance(net, connection->incoming_road, ROAD_END, connection->connecting_road,
                              contact);
    return end < start ? ROAD_END : ROAD_START;
}

static void join_connection(linker *k, const bt_junction_connection *connection)
{
    if (connection->incoming_road == BT_ROAD_NONE || connection->connecting_road == BT_ROAD_NONE)
        return;
    road_end end = incoming_end(k->net, connection);
    road_end contact = connection->at_end ? ROAD_END : ROAD_START;
    uint32_t here = end_section(k->net, connection->incoming_road, end);
    uint32_t there = end_section(k->net, connection->connecting_road, contact);
    if (here == BT_ROAD_NONE || there == BT_ROAD_NONE) return;
    for (uint32_t i = 0; i < connection->link_count; i++) {
        const bt_lane_link *link = &k->net->lane_links.items[connection->first_link + i];
        uint32_t from = lane_in_section(k->net, here, link->from);
        uint32_t to = lane_in_section(k->net, there, link->to);
        if (from == BT_ROAD_NONE || to == BT_ROAD_NONE) {
            size_t index = (size_t)(connection - k->net->connections.items);
            reader_source source = k->r->connection_sources.items[index];
            reader_warn(k->r, source.line, source.column,
                        "connection '%.40s': lane link %d to %d names a lane that is not there",
                        connection->id, (int)link->from, (int)link->to);
        } else if (link->from != 0 && link->to != 0) {
            join(k, from, end, to, contact);
        }
    }
}

// ---- ids --------------------------------------------------------------------------------------------
static void resolve_link(reader *r, road_link *link)
{
    if (link->kind == ROAD_LINK_NONE) return;
    if (link->kind == ROAD_LINK_ROAD) {
        link->element = bt_road_find(r->net, link->element_id);
    } else {
        link->element =
            road_names_find(r->junctions_by_id.items, r->junctions_by_id.count, link->element_id);
    }
    if (link->element == BT_ROAD_NONE)
        reader_warn(r, link->line, link->column, "link to %s '%.40s': there is none",
                    link->kind == ROAD_LINK_ROAD ? "road" : "junction", link->element_id);
}

static void resolve_roads(reader *r)
{
    for (uint32_t i = 0; i < r->net->roads.count; i++) {
        road_detail *detail = &r->net->road_details.items[i];
        resolve_link(r, &detail->predecessor);
        resolve_link(r, &detail->successor);
        const char *junction = r->road_junctions.items[i];
        if (strcmp(junction, "-1") == 0 || junction[0] == '\0') continue;
        uint32_t index =
            road_names_find(r->junctions_by_id.items, r->junctions_by_id.count, junction);
        r->net->roads.items[i].junction = index;
        if (index == BT_ROAD_NONE)
            reader_warn(r, detail->line, detail->column,
                        "road '%.40s' is in junction '%.40s': "
                        "there is none",
                        r->net->roads.items[i].id, junction);
    }
}

// ---- joints per lane --------------------------------------------------------------------------------
static int pair_order(const void *left, const void *right)
{
    const joint_pair *a = left;
    const joint_pair *b = right;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

static void store_joints(linker *k)
{
    if (k->pairs.count > 1)
        qsort(k->pairs.items, k->pairs.count, sizeof *k->pairs.items, pair_order);
    for (size_t i = 0; i < k->pairs.count && !reader_failed(k->r); i++) {
        joint_pair pair = k->pairs.items[i];
        if (i > 0 && pair_order(&pair, &k->pairs.items[i - 1]) == 0) continue;
        lane_detail *detail = &k->net->lane_details.items[pair.from / 2];
        road_run *run = pair.from % 2 == 0 ? &detail->at_start : &detail->at_end;
        if (run->count == 0) run->first = (uint32_t)k->net->joints.count;
        run->count++;
        reader_keep(k->r, ROAD_PUSH(k->net->joints, pair.to));
    }
}

void link_lanes(reader *r)
{
    linker k = {.r = r, .net = r->net};
    resolve_roads(r);
    for (uint32_t i = 0; i < r->net->roads.count && !reader_failed(r); i++)
        join_road(&k, i);
    for (size_t i = 0; i < r->net->connections.count && !reader_failed(r); i++) {
        const bt_junction_connection *connection = &r->net->connections.items[i];
        if (r->net->junctions.items[connection->junction].kind != BT_JUNCTION_VIRTUAL)
            join_connection(&k, connection);
    }
    store_joints(&k);
    bt_free(k.pairs.items);
}
