// read_lanes.c: <lanes>: laneOffset, laneSection, lane, its widths, marks, heights, speed.
#include "engine/road/reader.h"

#include <stdlib.h>
#include <string.h>

// ---- road marks -----------------------------------------------------------------------------------
typedef struct word_value {
    const char *word;
    int value;
} word_value;

static int word_lookup(const word_value *table, size_t count, const char *word, int fallback)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].word, word) == 0) return table[i].value;
    return fallback;
}

static const word_value mark_types[] = {
    {"none", BT_MARK_NONE},
    {"solid", BT_MARK_SOLID},
    {"broken", BT_MARK_BROKEN},
    {"solid solid", BT_MARK_SOLID_SOLID},
    {"solid broken", BT_MARK_SOLID_BROKEN},
    {"broken solid", BT_MARK_BROKEN_SOLID},
    {"broken broken", BT_MARK_BROKEN_BROKEN},
    {"botts dots", BT_MARK_BOTTS_DOTS},
    {"grass", BT_MARK_GRASS},
    {"curb", BT_MARK_CURB},
    {"custom", BT_MARK_CUSTOM},
    {"edge", BT_MARK_EDGE},
};

static const word_value mark_colors[] = {
    {"standard", BT_MARK_WHITE}, {"white", BT_MARK_WHITE},   {"yellow", BT_MARK_YELLOW},
    {"blue", BT_MARK_BLUE},      {"red", BT_MARK_RED},       {"orange", BT_MARK_ORANGE},
    {"green", BT_MARK_GREEN},    {"violet", BT_MARK_VIOLET},
};

int read_mark_color(const xml_node *node, int fallback)
{
    const char *word = xml_attribute_of(node, "color");
    if (word == NULL) return fallback;
    return word_lookup(mark_colors, sizeof mark_colors / sizeof *mark_colors, word, fallback);
}

static void read_mark_lines(reader *r, xml_node *parent, bool once, double width_m,
                            bt_road_mark *mark)
{
    for (xml_node *node = xml_child(parent, "line"); node != NULL && !reader_failed(r);
         node = xml_next(node)) {
        bt_road_mark_line line = {
            .length_m = read_number_or(r, node, "length", 0.0),
            .space_m = once ? 0.0 : read_number_or(r, node, "space", 0.0),
            .t_offset_m = read_number_or(r, node, "tOffset", 0.0),
            .s_offset_m = read_number_or(r, node, "sOffset", 0.0),
            .width_m = read_number_or(r, node, "width", width_m),
            .once = once,
            .color = read_mark_color(node, -1),
        };
        reader_keep(r, ROAD_PUSH(r->net->mark_lines, line));
        mark->line_count++;
    }
}

static void read_mark(reader *r, xml_node *node, double base_s_m)
{
    const char *type = xml_attribute_of(node, "type");
    const char *change = xml_attribute_of(node, "laneChange");
    bt_road_mark mark = {
        .s0_m = base_s_m + read_number_or(r, node, "sOffset", 0.0),
        .width_m = read_number_or(r, node, "width", 0.0),
        .heavy = read_is(node, "weight", "bold"),
        .color = (bt_mark_color)read_mark_color(node, BT_MARK_WHITE),
        .change_left = change == NULL || strcmp(change, "none") != 0,
        .change_right = change == NULL || strcmp(change, "none") != 0,
        .first_line = (uint32_t)r->net->mark_lines.count,
    };
    if (change != NULL && strcmp(change, "increase") == 0) mark.change_right = false;
    if (change != NULL && strcmp(change, "decrease") == 0) mark.change_left = false;
    int kind = type == NULL
                   ? BT_MARK_NONE
                   : word_lookup(mark_types, sizeof mark_types / sizeof *mark_types, type, -1);
    if (kind < 0) READER_WARN(r, node, "road mark type '%.40s': not known, not painted", type);
    mark.type = kind < 0 ? BT_MARK_NONE : (bt_mark_type)kind;

    (void)xml_child(node, "sway"); // wobble of worn paint: known, not followed
    xml_node *pattern = xml_child(node, "type");
    if (pattern != NULL)
        read_mark_lines(r, pattern, false, read_number_or(r, pattern, "width", mark.width_m),
                        &mark);
    xml_node *explicit_lines = xml_child(node, "explicit");
    if (explicit_lines != NULL) read_mark_lines(r, explicit_lines, true, mark.width_m, &mark);
    reader_keep(r, ROAD_PUSH(r->net->marks, mark));
}

// ---- lane -----------------------------------------------------------------------------------------
static road_run read_heights(reader *r, xml_node *lane, double base_s_m)
{
    node_list list = read_sorted(r, lane, "height", "sOffset");
    road_run run = {(uint32_t)r->net->heights.count, list.count};
    for (uint32_t i = 0; i < list.count && !reader_failed(r); i++) {
        const xml_node *node = list.items[i];
        road_height height = {base_s_m + read_number_or(r, node, "sOffset", 0.0),
                              read_number_or(r, node, "inner", 0.0),
                              read_number_or(r, node, "outer", 0.0)};
        reader_keep(r, ROAD_PUSH(r->net->heights, height));
    }
    if (reader_failed(r)) run.count = 0;
    return run;
}

static road_run read_lane_links(reader *r, xml_node *link, const char *name)
{
    road_run run = {(uint32_t)r->net->link_ids.count, 0};
    for (xml_node *node = xml_child(link, name); node != NULL && !reader_failed(r);
         node = xml_next(node)) {
        if (xml_attribute_of(node, "id") == NULL) continue;
        int32_t id = read_integer_or(r, node, "id", 0);
        reader_keep(r, ROAD_PUSH(r->net->link_ids, id));
        run.count++;
    }
    if (reader_failed(r)) run.count = 0;
    return run;
}

static double lane_speed(reader *r, xml_node *lane, const road_detail *road, double s_m)
{
    node_list list = read_sorted(r, lane, "speed", "sOffset");
    if (list.count > 0) return read_speed_m_s(r, list.items[0]);
    if (road->speeds.count == 0) return 0.0;
    const road_speed *speeds = r->net->speeds.items + road->speeds.first;
    return speeds[road_record_at(speeds, sizeof *speeds, road->speeds.count, s_m)].limit_m_s;
}

static void read_lane_records(reader *r, xml_node *node, double base_s_m, lane_detail *detail)
{
    detail->widths = read_cubics(r, node, "width", "sOffset", base_s_m);
    if (detail->widths.count == 0) {
        detail->widths = read_cubics(r, node, "border", "sOffset", base_s_m);
        detail->border = detail->widths.count > 0;
    } else {
        (void)read_sorted(r, node, "border", "sOffset"); // width holds where both are given
    }
    detail->heights = read_heights(r, node, base_s_m);

    node_list marks = read_sorted(r, node, "roadMark", "sOffset");
    detail->marks = (road_run){(uint32_t)r->net->marks.count, marks.count};
    for (uint32_t i = 0; i < marks.count && !reader_failed(r); i++)
        read_mark(r, marks.items[i], base_s_m);
    if (reader_failed(r)) detail->marks.count = 0;

    xml_node *link = xml_child(node, "link");
    detail->predecessors = read_lane_links(r, link, "predecessor");
    detail->successors = read_lane_links(r, link, "successor");
    // part of the standard, of no use here
    static const char *const others[] = {"access", "material", "visibility", "rule"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (xml_node *other = xml_child(node, others[i]); other != NULL; other = xml_next(other))
            continue;
}

static void read_lane(reader *r, xml_node *node, int32_t id, const bt_lane_section *section,
                      uint32_t section_index)
{
    bt_lane lane = {.road = section->road,
                    .section = section_index,
                    .id = id,
                    .s0_m = section->s0_m,
                    .s1_m = section->s1_m,
                    .forward = (id < 0) != r->net->roads.items[section->road].left_hand_traffic};
    lane_detail detail = {0};
    if (node != NULL) {
        const char *type = xml_attribute_of(node, "type");
        bool known = type != NULL && road_lane_type_find(type, &lane.type);
        if (!known && (id != 0 || type != NULL))
            READER_WARN(r, node, "lane type '%.40s': not known, 'none' taken",
                        type != NULL ? type : "");
        if (read_is(node, "direction", "reversed")) lane.forward = !lane.forward;
        detail.line = node->line;
        detail.column = node->column;
        detail.level = read_flag_or(node, "level", false);
        lane.speed_limit_m_s =
            lane_speed(r, node, &r->net->road_details.items[section->road], section->s0_m);
        read_lane_records(r, node, section->s0_m, &detail);
    }
    if (id != 0 && detail.widths.count == 0 && node != NULL)
        READER_WARN(r, node, "lane %d has neither width nor border: zero taken", (int)id);
    reader_keep(r, ROAD_PUSH(r->net->lanes, lane));
    reader_keep(r, ROAD_PUSH(r->net->lane_details, detail));
}

// ---- lane section ---------------------------------------------------------------------------------
typedef struct lane_entry {
    int32_t id;
    uint32_t order;
    xml_node *node;
} lane_entry;

static int lane_order(const void *left, const void *right)
{
    const lane_entry *a = left;
    const lane_entry *b = right;
    if (a->id != b->id) return a->id > b->id ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

// All <lane>s of left, center and right, sorted from left to right; one more than the limit at most.
static uint32_t gather_lanes(reader *r, xml_node *section, lane_entry *entries)
{
    static const char *const sides[3] = {"left", "center", "right"};
    uint32_t count = 0;
    for (int side = 0; side < 3; side++) {
        xml_node *group = xml_child(section, sides[side]);
        for (xml_node *node = xml_child(group, "lane"); node != NULL; node = xml_next(node)) {
            if (count == ROAD_MAX_LANES - 1) {
                reader_fail(r, node, "more than %d lanes in a section", ROAD_MAX_LANES - 1);
                return 0;
            }
            (void)read_number(r, node, "id"); // must be there
            int32_t id = read_integer_or(r, node, "id", 0);
            if ((side == 0 && id <= 0) || (side == 1 && id != 0) || (side == 2 && id >= 0))
                READER_WARN(r, node, "lane %d inside <%s>: placed by its id", (int)id, sides[side]);
            entries[count] = (lane_entry){id, count, node};
            count++;
        }
    }
    qsort(entries, count, sizeof *entries, lane_order);
    return count;
}

static void read_section_lanes(reader *r, xml_node *node, bt_lane_section *section, uint32_t index)
{
    lane_entry entries[ROAD_MAX_LANES];
    uint32_t count = gather_lanes(r, node, entries);
    bool has_centre = false;
    for (uint32_t i = 0; i < count && !reader_failed(r); i++) {
        int32_t id = entries[i].id;
        if (i > 0 && entries[i - 1].id == id) {
            READER_WARN(r, entries[i].node, "lane %d again: left out", (int)id);
            continue;
        }
        if (id < 0 && !has_centre) { // the file has no centre lane
            read_lane(r, NULL, 0, section, index);
            section->lane_count++;
            has_centre = true;
        }
        if (id == 0) has_centre = true;
        read_lane(r, entries[i].node, id, section, index);
        section->lane_count++;
    }
    if (!has_centre && !reader_failed(r)) {
        read_lane(r, NULL, 0, section, index);
        section->lane_count++;
    }
}

static double section_start(reader *r, const xml_node *node, uint32_t i, double length_m)
{
    double s0 = read_number(r, node, "s");
    if (i == 0 && s0 > 1e-3)
        READER_WARN(r, node, "first <laneSection> begins at s %g: taken from 0 on", s0);
    if (s0 > length_m + 1e-3)
        READER_WARN(r, node, "<laneSection> at s %g beyond the road's end at %.3f", s0, length_m);
    if (i == 0) return 0.0;
    return bt_clamp(s0, 0.0, length_m);
}

void read_lanes(reader *r, xml_node *road, uint32_t index)
{
    xml_node *lanes = xml_child(road, "lanes");
    double length = r->net->roads.items[index].length_m;
    r->net->road_details.items[index].lane_offset = read_cubics(r, lanes, "laneOffset", "s", 0.0);

    node_list list = read_sorted(r, lanes, "laneSection", "s");
    if (list.count == 0)
        READER_WARN(r, road, "road '%.40s' has no lane section", r->net->roads.items[index].id);
    uint32_t first = (uint32_t)r->net->sections.count;
    for (uint32_t i = 0; i < list.count && !reader_failed(r); i++) {
        double s0 = section_start(r, list.items[i], i, length);
        double s1 = i + 1 < list.count
                        ? bt_clamp(read_number(r, list.items[i + 1], "s"), s0, fmax(s0, length))
                        : length;
        bt_lane_section section = {index, s0, fmax(s0, s1), (uint32_t)r->net->lanes.count, 0};
        read_section_lanes(r, list.items[i], &section, (uint32_t)r->net->sections.count);
        if (!reader_failed(r)) raise_sidewalks(r, &section);
        reader_keep(r, ROAD_PUSH(r->net->sections, section));
    }
    r->net->roads.items[index].first_section = first;
    r->net->roads.items[index].section_count =
        reader_failed(r) ? 0 : (uint32_t)r->net->sections.count - first;
}
