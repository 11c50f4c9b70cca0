// networks.h: small OpenDRIVE networks written out by code: a ring and a crossing with signals.
#ifndef BT_TESTS_SIM_NETWORKS_H
#define BT_TESTS_SIM_NETWORKS_H

#include "engine/road/opendrive.h"
#include "tests/support/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct text {
    char bytes[65536];
    size_t count;
} text;

static inline void text_add(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(t->bytes + t->count, sizeof t->bytes - t->count, format, args);
    va_end(args);
    if (n > 0) t->count += (size_t)n;
    CHECK(t->count < sizeof t->bytes);
}

static inline bt_road_network *text_parse(const text *t)
{
    bt_road_network *net = NULL;
    CHECK_OK(bt_opendrive_parse("test network", t->bytes, t->count, &net));
    return net;
}

// Likewise, and frees the text, which came from calloc.
static inline bt_road_network *text_take(text *t)
{
    bt_road_network *net = text_parse(t);
    free(t);
    return net;
}

static inline void text_begin(text *t)
{
    t->count = 0;
    text_add(t, "<?xml version=\"1.0\"?>\n<OpenDRIVE><header revMajor=\"1\" revMinor=\"6\"/>\n");
}

static inline void text_lane(text *t, int id, const char *type, double width, const char *link)
{
    text_add(
        t,
        "<lane id=\"%d\" type=\"%s\" level=\"false\">%s<width sOffset=\"0\" a=\"%.9g\" b=\"0\" "
        "c=\"0\" d=\"0\"/></lane>\n",
        id, type, link, width);
}

// Two half circles, `lanes` lanes 3.5 m wide driven to the left; the innermost's centre has radius r.
static inline bt_road_network *network_ring_lanes(double r, int lanes)
{
    text *t = calloc(1, sizeof *t);
    double reference = r - 1.75; // lanes lie to the right of it: outside
    text_begin(t);
    for (int i = 0; i < 2; i++) {
        int other = 2 - i;
        text_add(
            t,
            "<road id=\"%d\" length=\"%.12g\" junction=\"-1\"><link>"
            "<predecessor elementType=\"road\" elementId=\"%d\" contactPoint=\"end\"/>"
            "<successor elementType=\"road\" elementId=\"%d\" contactPoint=\"start\"/></link>\n",
            i + 1, BT_PI * reference, other, other);
        text_add(t,
                 "<planView><geometry s=\"0\" x=\"%.12g\" y=\"0\" hdg=\"%.12g\" length=\"%.12g\">"
                 "<arc curvature=\"%.12g\"/></geometry></planView>\n",
                 i == 0 ? reference : -reference, (i == 0 ? 0.5 : -0.5) * BT_PI, BT_PI * reference,
                 1.0 / reference);
        text_add(t, "<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center>"
                    "<right>\n");
        for (int k = 1; k <= lanes; k++) {
            char link[96];
            snprintf(link, sizeof link,
                     "<link><predecessor id=\"%d\"/><successor id=\"%d\"/></link>", -k, -k);
            text_lane(t, -k, "driving", 3.5, link);
        }
        text_add(t, "</right></laneSection></lanes></road>\n");
    }
    text_add(t, "</OpenDRIVE>\n");
    return text_take(t);
}

static inline bt_road_network *network_ring(double r)
{
    return network_ring_lanes(r, 1);
}

// A straight road of two sections: two lanes one way of which the right one ends after so far, the other 300 m later. In
// left-hand traffic the ids' sides are swapped.
static inline bt_road_network *network_narrowing_after(int left_hand, double way_m)
{
    text *t = calloc(1, sizeof *t);
    int sign = left_hand ? 1 : -1;
    char link[2][96];
    snprintf(link[0], sizeof link[0], "<link><successor id=\"%d\"/></link>", sign);
    snprintf(link[1], sizeof link[1], "<link><predecessor id=\"%d\"/></link>", sign);
    text_begin(t);
    text_add(
        t,
        "<road id=\"1\" length=\"%g\" junction=\"-1\" rule=\"%s\"><planView><geometry "
        "s=\"0\" x=\"0\" y=\"0\" hdg=\"0\" length=\"%g\"><line/></geometry></planView><lanes>\n",
        way_m + 300.0, left_hand ? "LHT" : "RHT", way_m + 300.0);
    for (int part = 0; part < 2; part++) {
        text_add(t, "<laneSection s=\"%g\">", part * way_m);
        if (!left_hand)
            text_add(t, "<center><lane id=\"0\" type=\"none\"/></center><right>\n");
        else
            text_add(t, "<left>\n");
        if (left_hand && part == 0) text_lane(t, 2, "driving", 3.5, "");
        text_lane(t, sign, "driving", 3.5, link[part]);
        if (!left_hand && part == 0) text_lane(t, -2, "driving", 3.5, "");
        if (!left_hand)
            text_add(t, "</right></laneSection>\n");
        else
            text_add(t, "</left><center><lane id=\"0\" type=\"none\"/></center></laneSection>\n");
    }
    text_add(t, "</lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

static inline bt_road_network *network_narrowing(int left_hand)
{
    return network_narrowing_after(left_hand, 200.0);
}

// A straight road of a lane each way, 3.5 m wide, with sidewalks.
static inline bt_road_network *network_two_way(double length)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_add(t,
             "<road id=\"1\" length=\"%.9g\" junction=\"-1\"><planView><geometry s=\"0\" x=\"0\" "
             "y=\"0\" "
             "hdg=\"0\" length=\"%.9g\"><line/></geometry></planView>\n<lanes><laneSection "
             "s=\"0\"><left>\n",
             length, length);
    text_lane(t, 2, "sidewalk", 2.0, "");
    text_lane(t, 1, "driving", 3.5, "");
    text_add(t, "</left><center><lane id=\"0\" type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", 3.5, "");
    text_lane(t, -2, "sidewalk", 2.0, "");
    text_add(t, "</right></laneSection></lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

// Road 1, its plan: straight, a quarter circle (to the left: turn 1, to the right: -1), straight.
static inline void text_corner(text *t, double straight, double radius, double turn)
{
    double arc = 0.5 * BT_PI * radius;
    text_add(t, "<road id=\"1\" length=\"%.12g\" junction=\"-1\"><planView>\n",
             2.0 * straight + arc);
    text_add(t, "<geometry s=\"0\" x=\"0\" y=\"0\" hdg=\"0\" length=\"%.12g\"><line/></geometry>\n",
             straight);
    text_add(t,
             "<geometry s=\"%.12g\" x=\"%.12g\" y=\"0\" hdg=\"0\" length=\"%.12g\">"
             "<arc curvature=\"%.12g\"/></geometry>\n",
             straight, straight, arc, turn / radius);
    text_add(t,
             "<geometry s=\"%.12g\" x=\"%.12g\" y=\"%.12g\" hdg=\"%.12g\" length=\"%.12g\"><line/>"
             "</geometry></planView>\n",
             straight + arc, straight + radius, turn * radius, turn * 0.5 * BT_PI, straight);
}

// A road of a lane each way, 3.5 m wide: straight, a quarter circle to the left, straight.
static inline bt_road_network *network_corner(double straight, double radius)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_corner(t, straight, radius, 1.0);
    text_add(t, "<lanes><laneSection s=\"0\"><left>\n");
    text_lane(t, 1, "driving", 3.5, "");
    text_add(t, "</left><center><lane id=\"0\" type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", 3.5, "");
    text_add(t, "</right></laneSection></lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

// A lane 3.5 m wide to the right of the reference line, beyond it a sidewalk behind a kerb: straight, a quarter circle
// to the right (of the reference line: radius), straight.
static inline bt_road_network *network_kerb_corner(double straight, double radius, double kerb)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_corner(t, straight, radius, -1.0);
    text_add(
        t, "<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", 3.5, "");
    text_add(
        t,
        "<lane id=\"-2\" type=\"sidewalk\" level=\"false\"><width sOffset=\"0\" a=\"4\" b=\"0\" "
        "c=\"0\" d=\"0\"/><height sOffset=\"0\" inner=\"%.9g\" outer=\"%.9g\"/></lane>\n",
        kerb, kerb);
    text_add(t, "</right></laneSection></lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

#define CROSSING_BOX_M 12.0
#define CROSSING_ARM_M 160.0

// An arm of the crossing: out from the middle; signal for those who come in, or, on every other arm, a give-way sign.
#define CROSSING_SIGNALS 1
#define CROSSING_SIGNS 2
static inline void crossing_arm(text *t, int i, int signals)
{
    double angle = 0.5 * BT_PI * i;
    text_add(t,
             "<road id=\"%d\" length=\"%g\" junction=\"-1\"><link><predecessor "
             "elementType=\"junction\" elementId=\"100\"/></link>\n",
             i + 1, CROSSING_ARM_M);
    text_add(
        t,
        "<planView><geometry s=\"0\" x=\"%.12g\" y=\"%.12g\" hdg=\"%.12g\" length=\"%g\"><line/>"
        "</geometry></planView>\n<lanes><laneSection s=\"0\"><left>\n",
        CROSSING_BOX_M * cos(angle), CROSSING_BOX_M * sin(angle), angle, CROSSING_ARM_M);
    text_lane(t, 2, "sidewalk", 2.0, "");
    text_lane(t, 1, "driving", 3.5, "");
    text_add(t, "</left><center><lane id=\"0\" type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", 3.5, "");
    text_lane(t, -2, "parking", 2.5, "");
    text_lane(t, -3, "sidewalk", 2.0, "");
    text_add(t, "</right></laneSection></lanes>\n");
    if (signals == CROSSING_SIGNS && i % 2)
        text_add(t,
                 "<signals><signal id=\"%d\" s=\"2\" t=\"5\" zOffset=\"2\" orientation=\"-\" "
                 "dynamic=\"no\" type=\"205\" subtype=\"-1\" country=\"DE\" "
                 "value=\"-1\"/></signals>\n",
                 i + 1);
    if (signals == CROSSING_SIGNALS)
        text_add(t,
                 "<signals><signal id=\"%d\" s=\"2\" t=\"5\" zOffset=\"3\" orientation=\"-\" "
                 "dynamic=\"yes\" type=\"1000001\" subtype=\"-1\" country=\"OpenDRIVE\" "
                 "value=\"-1\"/></signals>\n",
                 i + 1);
    text_add(t, "</road>\n");
}

// From arm i to arm j: a line or a quarter circle.
static inline void crossing_way(text *t, int i, int j, int id)
{
    double angle = 0.5 * BT_PI * i, quarter = 0.5 * BT_PI * CROSSING_BOX_M;
    int turn = (j - i + 4) % 4; // 1: right turn, 2: straight, 3: left turn
    double length = turn == 2 ? 2.0 * CROSSING_BOX_M : quarter;
    text_add(t,
             "<road id=\"%d\" length=\"%.12g\" junction=\"100\"><link><predecessor "
             "elementType=\"road\" elementId=\"%d\" contactPoint=\"start\"/><successor "
             "elementType=\"road\" elementId=\"%d\" contactPoint=\"start\"/></link>\n",
             id, length, i + 1, j + 1);
    text_add(t,
             "<planView><geometry s=\"0\" x=\"%.12g\" y=\"%.12g\" hdg=\"%.12g\" length=\"%.12g\">",
             CROSSING_BOX_M * cos(angle), CROSSING_BOX_M * sin(angle), angle + BT_PI, length);
    if (turn == 2)
        text_add(t, "<line/>");
    else
        text_add(t, "<arc curvature=\"%.12g\"/>", (turn == 3 ? 1.0 : -1.0) / CROSSING_BOX_M);
    text_add(t, "</geometry></planView>\n<lanes><laneSection s=\"0\"><center><lane id=\"0\" "
                "type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", 3.5, "<link><predecessor id=\"1\"/><successor id=\"-1\"/></link>");
    text_add(t, "</right></laneSection></lanes></road>\n");
}

// Four arms, all turns; with signals: one controller for each pair of opposite arms; with signs: on arms 1 and 3.
static inline bt_road_network *network_crossing(int signals)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    for (int i = 0; i < 4; i++)
        crossing_arm(t, i, signals);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            if (i != j) crossing_way(t, i, j, 10 + 4 * i + j);
    for (int c = 0; signals == CROSSING_SIGNALS && c < 2; c++)
        text_add(t,
                 "<controller id=\"%d\" name=\"c\"><control signalId=\"%d\" type=\"0\"/><control "
                 "signalId=\"%d\" type=\"0\"/></controller>\n",
                 c + 1, c + 1, c + 3);
    text_add(t, "<junction id=\"100\" name=\"crossing\">\n");
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            if (i != j)
                text_add(t,
                         "<connection id=\"%d\" incomingRoad=\"%d\" connectingRoad=\"%d\" "
                         "contactPoint=\"start\"><laneLink from=\"1\" to=\"-1\"/></connection>\n",
                         4 * i + j, i + 1, 10 + 4 * i + j);
    text_add(t, "</junction></OpenDRIVE>\n");
    return text_take(t);
}

#endif
