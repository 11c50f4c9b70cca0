// reader.h: what the files that read OpenDRIVE share: attributes, warnings, the parts of a file.
//
// Errors are sticky: the first failure is kept in reader.status and later calls do nothing of
// consequence, so that callers look once per element. Outputs are always set.
#ifndef BT_ROAD_READER_H
#define BT_ROAD_READER_H

#include "engine/road/road_internal.h"
#include "engine/road/xml.h"

#define READER_MAX_NUMBER 1e12 // greater ones are refused: nothing on Earth is that far
#define READER_MAX_WARNINGS 1000u
#define READER_MAX_CORNERS 2000000u // corners placed or looked through, repeats counted

typedef struct reader_warning {
    uint32_t line, order;
    const char *text;
} reader_warning;

typedef struct reader_source {
    uint32_t line, column;
} reader_source;

// Lanes side by side that the file gives no height and the reader raises (read_kerbs.c).
typedef struct reader_chain {
    uint32_t first_drop, drop_count; // where another road lies over it, in order of s
    double
        drop_m[2]; // from its start and end to the nearest such place; infinite: none within a ramp
} reader_chain;

typedef struct reader_raised {
    uint32_t lane, chain; // those of a chain follow each other
    double inner_m, outer_m;
} reader_raised;

typedef struct reader_drop {
    double from_m, to_m;
} reader_drop;

typedef struct reader {
    const char *name; // of the file
    bt_arena *tree;   // the XML tree and lists of its nodes
    bt_road_network *net;
    bt_status status;
    ROAD_ARRAY(reader_warning) warnings;
    uint32_t warnings_lost;
    ROAD_ARRAY(const char *) road_junctions; // per road, the junction's id, "-1" when none
    ROAD_ARRAY(road_name) junctions_by_id;
    ROAD_ARRAY(reader_source) connection_sources;
    ROAD_ARRAY(road_name) signals_by_id;
    ROAD_ARRAY(reader_chain) chains;
    ROAD_ARRAY(reader_raised) raised;
    ROAD_ARRAY(reader_drop) drops;
    double total_length_m;
    uint32_t corners_seen;
} reader;

// Fails with "file:line:column: message".
void reader_fail(reader *r, const xml_node *node, const char *format, ...) BT_PRINTF(3, 4);
void reader_keep(reader *r, bt_status status); // adopts a failure in hand
void reader_warn(reader *r, uint32_t line, uint32_t column, const char *format, ...)
    BT_PRINTF(4, 5);
#define READER_WARN(r, node, ...) reader_warn((r), (node)->line, (node)->column, __VA_ARGS__)
static inline bool reader_failed(const reader *r)
{
    return r->status != BT_OK;
}

// Finite numbers only. The first fails when the attribute is missing or no number; the second
// gives the fallback when it is missing or empty, and warns when it is no number.
double read_number(reader *r, const xml_node *node, const char *name);
double read_number_or(reader *r, const xml_node *node, const char *name, double fallback);
int32_t read_integer_or(reader *r, const xml_node *node, const char *name, int32_t fallback);
bool read_flag_or(const xml_node *node, const char *name, bool fallback);
// A copy that lives with the network.
const char *read_text_or(reader *r, const xml_node *node, const char *name, const char *fallback);
// Is the attribute present and equal to this word?
bool read_is(const xml_node *node, const char *name, const char *word);

// Children of one name in ascending order of a number attribute (stable); warns when the file had
// them in another order.
typedef struct node_list {
    xml_node **items;
    uint32_t count;
} node_list;
node_list read_sorted(reader *r, xml_node *parent, const char *name, const char *key);

// Polynomial records a, b, c, d from `parent`'s children: absolute s = base + attribute `key`.
road_run read_cubics(reader *r, xml_node *parent, const char *name, const char *key,
                     double base_s_m);

// ---- the parts of a file, in the order they are read ---------------------------------------------
void read_roads(reader *r, xml_node *root);                      // read_road.c
void read_lanes(reader *r, xml_node *road, uint32_t index);      // read_lanes.c
void raise_sidewalks(reader *r, const bt_lane_section *section); // read_kerbs.c
void drop_sidewalks(reader *r);                                  // after links and locator
void read_junctions(reader *r, xml_node *root);                  // read_junctions.c
void link_lanes(reader *r);                                      // link.c
void read_objects(reader *r, xml_node *road, uint32_t index);    // read_objects.c
void read_signals(reader *r, xml_node *road, uint32_t index);    // read_signals.c
void read_signal_references(reader *r, xml_node *road, uint32_t index);
void read_controllers(reader *r, xml_node *root);

// Pose on the road's plane at (s, t), upright, turned from the road's direction.
bt_pose reader_place(const bt_road_network *net, uint32_t road, double s_m, double t_m,
                     double z_offset_m, double heading_rad, double pitch_rad, double roll_rad);
// bt_mark_color of attribute "color".
int read_mark_color(const xml_node *node, int fallback);
double read_speed_m_s(reader *r, const xml_node *speed); // 0: none

#endif
