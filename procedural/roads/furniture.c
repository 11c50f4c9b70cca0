// furniture.c: objects and signals as OpenDRIVE elements.
#include "procedural/roads/furniture.h"

#include "engine/math/pose.h"
#include "procedural/roads/cross_section.h"

#include <math.h>

static void begin_object(bt_xodr_writer *w, int id, const bt_furniture_object *o)
{
    bt_xodr_begin(w, "object");
    bt_xodr_text(w, "type", o->type);
    bt_xodr_text(w, "name", o->name);
    bt_xodr_integer(w, "id", id);
    bt_xodr_metres(w, "s", o->s_m);
    bt_xodr_metres(w, "t", o->t_m);
    bt_xodr_metres(w, "zOffset", 0.0);
    bt_xodr_text(w, "orientation", "none");
    bt_xodr_metres(w, "length", o->length_m);
    bt_xodr_metres(w, "width", o->width_m);
    bt_xodr_metres(w, "height", o->height_m);
    bt_xodr_number(w, "hdg", o->heading_rad);
}

static void write_repeat(bt_xodr_writer *w, const bt_furniture_object *o)
{
    bt_xodr_begin(w, "repeat");
    bt_xodr_metres(w, "s", o->s_m);
    bt_xodr_metres(w, "length", o->repeat_m);
    bt_xodr_metres(w, "distance", o->distance_m);
    bt_xodr_metres(w, "tStart", o->t_m);
    bt_xodr_metres(w, "tEnd", o->t_end_m);
    bt_xodr_metres(w, "zOffsetStart", 0.0);
    bt_xodr_metres(w, "zOffsetEnd", 0.0);
    bt_xodr_end(w);
}

static void write_paint(bt_xodr_writer *w, double width_m, double length_m)
{
    bt_xodr_metres(w, "width", width_m);
    bt_xodr_text(w, "color", "white");
    bt_xodr_metres(w, "zOffset", 0.0);
    bt_xodr_metres(w, "lineLength", length_m);
    bt_xodr_metres(w, "spaceLength", 0.0);
    bt_xodr_metres(w, "startOffset", 0.0);
    bt_xodr_metres(w, "stopOffset", 0.0);
}

void bt_furniture_write_object(bt_xodr_writer *w, int id, const bt_furniture_object *o)
{
    begin_object(w, id, o);
    if (o->distance_m > 0.0) write_repeat(w, o);
    if (o->bay_lines) {
        bt_xodr_begin(w, "markings");
        bt_xodr_begin(w, "marking");
        bt_xodr_text(w, "side", "front");
        write_paint(w, 0.1, o->width_m + 0.1);
        bt_xodr_end(w);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

// ---- crossings --------------------------------------------------------------------------------
static void write_road_corner(bt_xodr_writer *w, int id, double s_m, double t_m)
{
    bt_xodr_begin(w, "cornerRoad");
    bt_xodr_integer(w, "id", id);
    bt_xodr_metres(w, "s", s_m);
    bt_xodr_metres(w, "t", t_m);
    bt_xodr_metres(w, "dz", 0.0);
    bt_xodr_metres(w, "height", 0.0);
    bt_xodr_end(w);
}

static void begin_outline(bt_xodr_writer *w, const char *closed)
{
    bt_xodr_begin(w, "outlines");
    bt_xodr_begin(w, "outline");
    bt_xodr_integer(w, "id", 0);
    bt_xodr_text(w, "closed", closed);
}

void bt_furniture_write_crossing(bt_xodr_writer *w, int id, double s_m, double t0_m, double t1_m)
{
    double half = 0.5 * (BT_CROSSING_FAR_M - BT_CROSSING_NEAR_M);
    bt_furniture_object o = {.type = "crosswalk",
                             .name = "zebra",
                             .s_m = s_m,
                             .t_m = 0.5 * (t0_m + t1_m),
                             .length_m = 2.0 * half,
                             .width_m = t1_m - t0_m};
    begin_object(w, id, &o);
    begin_outline(w, "true");
    write_road_corner(w, 0, s_m - half, t0_m);
    write_road_corner(w, 1, s_m + half, t0_m);
    write_road_corner(w, 2, s_m + half, t1_m);
    write_road_corner(w, 3, s_m - half, t1_m);
    bt_xodr_end(w);
    bt_xodr_end(w);
    bt_xodr_end(w);
}

// ---- islands, hatching ------------------------------------------------------------------------
static void begin_shape(bt_xodr_writer *w, int id, const char *type, const char *name,
                        const bt_furniture_shape *shape, double height_m, const char *closed)
{
    double reach[2] = {0.0, 0.0};
    for (int i = 0; i < shape->count; i++)
        for (int k = 0; k < 2; k++)
            reach[k] = fmax(reach[k], fabs(shape->corners_m[i][k]));
    bt_furniture_object o = {.type = type,
                             .name = name,
                             .s_m = shape->s_m,
                             .length_m = 2.0 * reach[0],
                             .width_m = 2.0 * reach[1],
                             .height_m = height_m};
    begin_object(w, id, &o);
    begin_outline(w, closed);
    for (int i = 0; i < shape->count; i++) {
        bt_xodr_begin(w, "cornerLocal");
        bt_xodr_integer(w, "id", i);
        bt_xodr_metres(w, "u", shape->corners_m[i][0]);
        bt_xodr_metres(w, "v", shape->corners_m[i][1]);
        bt_xodr_metres(w, "z", 0.0);
        bt_xodr_metres(w, "height", height_m);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
    bt_xodr_end(w);
}

// One marking per pair of corners.
static void write_lines(bt_xodr_writer *w, int count, double width_m, double length_m)
{
    bt_xodr_begin(w, "markings");
    for (int i = 0; i + 1 < count; i += 2) {
        bt_xodr_begin(w, "marking");
        write_paint(w, width_m, length_m);
        for (int j = 0; j < 2; j++) {
            bt_xodr_begin(w, "cornerReference");
            bt_xodr_integer(w, "id", i + j);
            bt_xodr_end(w);
        }
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

void bt_furniture_write_island(bt_xodr_writer *w, int id, const bt_furniture_shape *island)
{
    begin_shape(w, id, "trafficIsland", "splitter island", island, BT_ISLAND_HEIGHT_M, "true");
    bt_xodr_end(w);
}

void bt_furniture_write_hatch(bt_xodr_writer *w, int id, const bt_furniture_shape *hatch)
{
    begin_shape(w, id, "roadMark", "hatching", hatch, 0.0, "false");
    write_lines(w, hatch->count, 0.25, 20.0);
    bt_xodr_end(w);
}

// ---- arrows -----------------------------------------------------------------------------------
// Metres; u along travel, v to the left. Sizes chosen after photographs of arrows for 50 km/h.
#define ARROW_TAIL_M 2.5
#define ARROW_HALF_M 0.075
#define ARROW_BRANCH_M 0.4 // where a branch leaves the shaft

typedef struct arrow_outline {
    double corners[24][2];
    int count;
} arrow_outline;

static void add_corner(arrow_outline *o, double u, double v)
{
    o->corners[o->count][0] = u;
    o->corners[o->count++][1] = v;
}

// A head to one side (+1 left), from the shaft and back to it, downwards or upwards.
static void add_branch(arrow_outline *o, double side, bool upwards)
{
    static const double corners[7][2] = {{0.0, ARROW_HALF_M}, {0.1, 0.42}, {-0.3, 0.42},
                                         {0.3, 1.1},          {0.9, 0.42}, {0.5, 0.42},
                                         {0.42, ARROW_HALF_M}};
    for (int i = 0; i < 7; i++) {
        const double *c = corners[upwards ? i : 6 - i];
        add_corner(o, ARROW_BRANCH_M + c[0], side * c[1]);
    }
}

// Counter-clockwise: up the right side, down the left one.
static arrow_outline arrow_shape(int ways)
{
    arrow_outline o = {.count = 0};
    add_corner(&o, -ARROW_TAIL_M, -ARROW_HALF_M);
    if (ways & BT_ARROW_RIGHT) add_branch(&o, -1.0, true);
    if (ways & BT_ARROW_STRAIGHT) {
        add_corner(&o, 1.3, -ARROW_HALF_M);
        add_corner(&o, 1.3, -0.26);
        add_corner(&o, 2.5, 0.0);
        add_corner(&o, 1.3, 0.26);
        add_corner(&o, 1.3, ARROW_HALF_M);
    } else if (!(ways & BT_ARROW_RIGHT)) {
        add_corner(&o, ARROW_BRANCH_M + 0.42, -ARROW_HALF_M);
    } else if (!(ways & BT_ARROW_LEFT)) {
        add_corner(&o, ARROW_BRANCH_M + 0.42, ARROW_HALF_M);
    }
    if (ways & BT_ARROW_LEFT) add_branch(&o, 1.0, false);
    add_corner(&o, -ARROW_TAIL_M, ARROW_HALF_M);
    return o;
}

void bt_furniture_write_arrow(bt_xodr_writer *w, int id, double s_m, double t_m, bool forward,
                              int ways)
{
    arrow_outline shape = arrow_shape(ways);
    double sign = forward ? 1.0 : -1.0;
    bt_furniture_object o = {.type = "roadMark",
                             .name = "arrow",
                             .s_m = s_m,
                             .t_m = t_m,
                             .length_m = 2.0 * ARROW_TAIL_M,
                             .width_m = 2.2};
    begin_object(w, id, &o);
    begin_outline(w, "true");
    bt_xodr_text(w, "fillType", "paint");
    for (int i = 0; i < shape.count; i++)
        write_road_corner(w, i, s_m + sign * shape.corners[i][0], t_m + sign * shape.corners[i][1]);
    bt_xodr_end(w);
    bt_xodr_end(w);
    bt_xodr_end(w);
}

// ---- signals ----------------------------------------------------------------------------------
void bt_furniture_write_signal(bt_xodr_writer *w, int id, const bt_furniture_signal *signal)
{
    bt_xodr_begin(w, "signal");
    bt_xodr_metres(w, "s", signal->s_m);
    bt_xodr_metres(w, "t", signal->t_m);
    bt_xodr_integer(w, "id", id);
    bt_xodr_text(w, "name", signal->name);
    bt_xodr_text(w, "dynamic", signal->dynamic ? "yes" : "no");
    bt_xodr_text(w, "orientation", signal->forward ? "+" : "-");
    bt_xodr_metres(w, "zOffset", signal->z_m);
    bt_xodr_text(w, "country", signal->dynamic ? "OpenDRIVE" : "DE");
    bt_xodr_text(w, "type", signal->type);
    bt_xodr_text(w, "subtype", signal->subtype != NULL ? signal->subtype : "-1");
    bt_xodr_number(w, "value", signal->value);
    if (signal->value > 0.0) bt_xodr_text(w, "unit", "km/h");
    if (signal->text != NULL) bt_xodr_text(w, "text", signal->text);
    bt_xodr_number(w, "hOffset", signal->heading_rad);
    bt_xodr_number(w, "pitch", 0.0);
    bt_xodr_number(w, "roll", 0.0);
    bt_xodr_metres(w, "width", signal->width_m);
    bt_xodr_metres(w, "height", signal->height_m);
    if (signal->from_lane != 0) {
        bt_xodr_begin(w, "validity");
        bt_xodr_integer(w, "fromLane", signal->from_lane);
        bt_xodr_integer(w, "toLane", signal->to_lane);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}
