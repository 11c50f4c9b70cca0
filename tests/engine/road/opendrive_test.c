// opendrive_test.c: what the reader understands, what it forgives, what it refuses and how.
#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "tests/support/check.h"

#include <stdlib.h>

static bt_road_network *parse(const char *text)
{
    bt_road_network *net;
    bt_status status = bt_opendrive_parse("t.xodr", text, strlen(text), &net);
    CHECK_OK(status);
    return net;
}

static void refuse(const char *text, const char *message)
{
    bt_road_network *net;
    bt_status status = bt_opendrive_parse("t.xodr", text, strlen(text), &net);
    CHECK(status != BT_OK);
    CHECK(net == NULL);
    CHECK_CONTAINS(bt_error_message(), message);
    if (strstr(bt_error_message(), message) == NULL)
        fprintf(stderr, "    got '%s'\n", bt_error_message());
    bt_road_network_destroy(net);
}

static int warned(const bt_road_network *net, const char *part)
{
    for (uint32_t i = 0; i < bt_road_warning_count(net); i++)
        if (strstr(bt_road_warning(net, i), part) != NULL) return 1;
    fprintf(stderr, "    no warning holds '%s' among %u\n", part, bt_road_warning_count(net));
    return 0;
}

#define PLAN(length)                                                                               \
    "<planView><geometry s='0' x='0' y='0' hdg='0' length='" length                                \
    "'><line/></geometry></planView>"
#define LANE(id, type, width)                                                                      \
    "<lane id='" id "' type='" type "'><width sOffset='0' a='" width "' b='0' c='0' "              \
    "d='0'/></lane>"
#define SECTION                                                                                    \
    "<laneSection s='0'><left>" LANE("1", "driving", "3") "</left><center><lane id='0'/></center>" \
                                                          "<right>" LANE("-1", "driving", "3.5")   \
                                                              LANE("-2", "sidewalk",               \
                                                                   "2") "</right></laneSection>"
#define ROAD(attributes, inside)                                                                   \
    "<OpenDRIVE><header revMajor='1' revMinor='6'/><road id='7' length='100' " attributes          \
    ">" PLAN("100") inside "</road></OpenDRIVE>"

// ---- the rich map -----------------------------------------------------------------------------------
static void test_rich_lanes(const bt_road_network *net)
{
    CHECK(bt_road_count(net) == 2);
    uint32_t a = bt_road_find(net, "1");
    CHECK(strcmp(bt_road_get(net, a)->name, "a") == 0);
    CHECK(bt_road_get(net, a)->section_count == 2);
    CHECK(strcmp(bt_road_geo_reference(net), "+proj=utm +zone=32") == 0);
    CHECK(bt_road_find(net, "none") == BT_ROAD_NONE);

    uint32_t left = bt_lane_find(net, a, 10.0, 1);
    uint32_t right = bt_lane_find(net, a, 10.0, -1);
    const bt_lane *l = bt_road_lane_get(net, left);
    CHECK(l->type == BT_LANE_DRIVING && !l->forward);
    CHECK(bt_road_lane_get(net, right)->forward);
    CHECK_NEAR(l->speed_limit_m_s, 30.0 / 3.6, 1e-12);                            // its own
    CHECK_NEAR(bt_road_lane_get(net, right)->speed_limit_m_s, 50.0 / 3.6, 1e-12); // the road's
    CHECK_NEAR(bt_road_lane_get(net, bt_lane_find(net, a, 130.0, -1))->speed_limit_m_s,
               60.0 * 0.44704, 1e-12);
    CHECK_NEAR(bt_lane_width(net, left, 80.0), 3.3, 1e-12); // second width record: 3.5 - 0.01 * 20
    CHECK_NEAR(bt_lane_width(net, right, 10.0), 3.25, 1e-12); // a border, not a width
    CHECK_NEAR(bt_lane_width(net, bt_lane_find(net, a, 10.0, -2), 10.0), 2.0, 1e-12);
    double inner;
    double outer;
    bt_lane_borders(net, bt_lane_find(net, a, 130.0, -1), 130.0, &inner, &outer);
    CHECK_NEAR(inner, 0.5, 1e-12); // lane offset from 120 on
    CHECK_NEAR(outer, 0.5 - 3.75, 1e-12);

    // neighbours go by travel, over the centre
    CHECK(bt_lane_neighbour(net, right, 1) == left);
    CHECK(bt_lane_neighbour(net, left, 1) == right);
    CHECK(bt_lane_neighbour(net, bt_lane_find(net, a, 10.0, -2), -1) == BT_ROAD_NONE);
}

static void test_rich_links(const bt_road_network *net)
{
    uint32_t a = bt_road_find(net, "1");
    uint32_t b = bt_road_find(net, "2");
    uint32_t next[4];
    CHECK(bt_lane_successors(net, bt_lane_find(net, a, 10.0, -1), next, 4) == 1);
    CHECK(next[0] == bt_lane_find(net, a, 130.0, -1));
    CHECK(bt_lane_successors(net, next[0], next, 4) == 1);
    CHECK(next[0] == bt_lane_find(net, b, 10.0, -1));
    // left lanes run against s: from road b into a
    CHECK(bt_lane_successors(net, bt_lane_find(net, b, 10.0, 1), next, 4) == 1);
    CHECK(next[0] == bt_lane_find(net, a, 130.0, 1));
    CHECK(bt_lane_predecessors(net, bt_lane_find(net, b, 10.0, -1), next, 4) == 1);
    CHECK(bt_lane_successors(net, bt_lane_find(net, b, 10.0, -1), next, 4) == 0);
}

static void test_rich_marks(const bt_road_network *net)
{
    uint32_t a = bt_road_find(net, "1");
    uint32_t count;
    const bt_road_mark *marks = bt_lane_marks(net, bt_lane_find(net, a, 10.0, 0), &count);
    CHECK(count == 2);
    CHECK(marks[0].type == BT_MARK_BROKEN && marks[0].color == BT_MARK_YELLOW && marks[0].heavy);
    CHECK(marks[0].change_left && !marks[0].change_right);
    CHECK(marks[0].line_count == 1);
    const bt_road_mark_line *line = bt_road_mark_line_get(net, marks[0].first_line);
    CHECK_NEAR(line->space_m, 9.0, 0.0);
    CHECK_NEAR(line->t_offset_m, 0.1, 0.0);
    CHECK(marks[1].type == BT_MARK_SOLID_BROKEN);
    CHECK_NEAR(marks[1].s0_m, 50.0, 0.0);
    marks = bt_lane_marks(net, bt_lane_find(net, a, 10.0, -1), &count);
    CHECK(count == 1 && marks[0].line_count == 1);
    CHECK(bt_road_mark_line_get(net, marks[0].first_line)->once);
    CHECK(bt_lane_marks(net, bt_lane_find(net, a, 130.0, 0), &count) == NULL && count == 0);
}

static void test_rich_furniture(const bt_road_network *net)
{
    CHECK(bt_road_signal_count(net) == 2);
    const bt_signal *light = bt_road_signal_get(net, 0);
    CHECK(light->dynamic && light->orientation == 1 && light->controller == 0);
    CHECK(light->from_lane == -1 && light->to_lane == -1);
    // it faces the traffic that comes along s
    double heading;
    bt_road_heading(net, light->road, light->s_m, &heading, NULL);
    bt_vec3 face = bt_pose_dir(light->world_from_signal, (bt_vec3){1.0, 0.0, 0.0});
    CHECK_NEAR(face.x, -cos(heading), 1e-9);
    CHECK_NEAR(face.y, -sin(heading), 1e-9);
    CHECK(bt_road_signal_reference_count(net) == 1);
    CHECK(bt_road_signal_reference_get(net, 0)->signal == 0);
    CHECK(bt_road_signal_reference_get(net, 0)->orientation == -1);
    CHECK(bt_road_controller_count(net) == 1);
    CHECK(bt_road_controller_signal(net, bt_road_controller_get(net, 0)->first_signal) == 0);

    uint32_t poles = 0;
    uint32_t pieces = 0;
    double piece_length = 0.0;
    for (uint32_t i = 0; i < bt_road_object_count(net); i++) {
        const bt_road_object *o = bt_road_object_get(net, i);
        poles += strcmp(o->id, "o2") == 0;
        if (strcmp(o->id, "o3") == 0) {
            pieces++;
            piece_length += o->length_m;
        }
        if (strcmp(o->id, "o4") == 0) {
            CHECK(o->corner_count == 3);
            CHECK_NEAR(bt_road_object_corner(net, o->first_corner + 2)->height_m, 5.0, 0.0);
        }
        if (strcmp(o->id, "o5") == 0) CHECK(o->marking_count == 1);
    }
    CHECK(poles == 5);                                 // 0, 25, 50, 75, 100
    CHECK(pieces >= 6);                                // 60 m in pieces of at most 10
    CHECK(piece_length > 60.0 && piece_length < 75.0); // outside of a left bend: longer than in s
}

static void test_rich(void)
{
    bt_road_network *net;
    CHECK_OK(bt_opendrive_load("tests/engine/road/maps/rich.xodr", &net));
    if (net == NULL) return;
    test_rich_lanes(net);
    test_rich_links(net);
    test_rich_marks(net);
    test_rich_furniture(net);
    bt_road_network_destroy(net);
}

// ---- details ------------------------------------------------------------------------------------------
static void test_heights(void)
{
    // grade, roll and crossfall against closed forms
    bt_road_network *net = parse(ROAD(
        "", "<elevationProfile><elevation s='0' a='2' b='0.05' c='0' d='0'/></elevationProfile>"
            "<lateralProfile><superelevation s='0' a='0.1' b='0' c='0' d='0'/></lateralProfile>"
            "<lanes>" SECTION "</lanes>"));
    bt_vec3 p = bt_road_point(net, 0, 40.0, 2.0);
    double grade = atan(0.05);
    CHECK_NEAR(p.z, 2.0 + 0.05 * 40.0 + 2.0 * sin(0.1) * cos(grade), 1e-12);
    CHECK_NEAR(p.x, 40.0 - 2.0 * sin(0.1) * sin(grade), 1e-12);
    CHECK_NEAR(p.y, 2.0 * cos(0.1), 1e-12);
    bt_road_network_destroy(net);

    net =
        parse(ROAD("", "<lateralProfile><crossfall side='right' s='0' a='0.02' b='0' c='0' d='0'/>"
                       "</lateralProfile><lanes>" SECTION "</lanes>"));
    CHECK_NEAR(bt_road_point(net, 0, 40.0, -3.0).z, -3.0 * tan(0.02), 1e-12);
    CHECK_NEAR(bt_road_point(net, 0, 40.0, 2.0).z, 0.0, 1e-12);
    bt_road_network_destroy(net);
}

static void test_hands(void)
{
    bt_road_network *net = parse(ROAD("rule='LHT'", "<lanes>" SECTION "</lanes>"));
    CHECK(bt_road_get(net, 0)->left_hand_traffic);
    CHECK(bt_road_lane_get(net, bt_lane_find(net, 0, 1.0, 1))->forward);
    CHECK(!bt_road_lane_get(net, bt_lane_find(net, 0, 1.0, -1))->forward);
    bt_road_network_destroy(net);
}

static void test_header_offset(void)
{
    bt_road_network *net =
        parse("<OpenDRIVE><header revMajor='1' revMinor='7'><offset x='1000' y='2000' z='30' "
              "hdg='1.5707963267948966'/></header><road id='7' length='100'>" PLAN(
                  "100") "<lanes>" SECTION "</lanes></road></OpenDRIVE>");
    bt_vec3 p = bt_road_point(net, 0, 10.0, 1.0);
    CHECK_NEAR(p.x, 999.0, 1e-9);
    CHECK_NEAR(p.y, 2010.0, 1e-9);
    CHECK_NEAR(p.z, 30.0, 1e-9);
    bt_road_network_destroy(net);
}

static void test_junction_kinds(void)
{
    bt_road_network *net = parse(ROAD("", "<lanes>" SECTION "</lanes>"));
    CHECK(bt_road_junction_count(net) == 0);
    bt_road_network_destroy(net);
    net = parse("<OpenDRIVE><header revMajor='1' revMinor='7'/><road id='7' length='100'>" PLAN(
        "100") "<lanes>" SECTION "</lanes></road>"
               "<junction id='a' type='virtual' mainRoad='7' sStart='1' sEnd='2'/>"
               "<junction id='b' type='direct'><connection id='0' incomingRoad='7' linkedRoad='7' "
               "contactPoint='end'><laneLink from='-1' to='-1'/></connection></junction>"
               "</OpenDRIVE>");
    CHECK(bt_road_junction_get(net, 0)->kind == BT_JUNCTION_VIRTUAL);
    CHECK(bt_road_junction_get(net, 1)->kind == BT_JUNCTION_DIRECT);
    CHECK(warned(net, "virtual junction 'a'"));
    CHECK(bt_road_connection_get(net, 0)->connecting_road == 0);
    CHECK(bt_road_connection_get(net, 0)->at_end);
    bt_road_network_destroy(net);
}

// ---- forgiven -------------------------------------------------------------------------------------------
static void test_warnings(void)
{
    bt_road_network *net = parse(ROAD(
        "", "<link><successor elementType='road' elementId='nowhere' contactPoint='start'/></link>"
            "<lanes>" SECTION "</lanes><strange/><strange><inner/></strange>"
            "<userData code='fine'/>"));
    CHECK(warned(net, "link to road 'nowhere': there is none"));
    CHECK(warned(net, "unknown element <strange> in <road>, 2 in all"));
    CHECK(bt_road_warning_count(net) == 2);
    CHECK_CONTAINS(bt_road_warning(net, 0), "t.xodr:1:");
    bt_road_network_destroy(net);

    net = parse("<OpenDRIVE><road id='7' length='100'>" PLAN(
        "100") "</road><road id='7' length='0'>" PLAN("0") "<lanes>" SECTION
                                                           "</lanes></road></OpenDRIVE>");
    CHECK(warned(net, "no <header>"));
    CHECK(warned(net, "no lane section"));
    CHECK(warned(net, "road id '7' again"));
    CHECK(warned(net, "has no length"));
    CHECK(bt_road_count(net) == 2);
    (void)bt_road_pose(net, 0, 50.0, 1.0); // without sections: the bare plane
    CHECK_NEAR(bt_road_point(net, 0, 50.0, 1.0).y, 1.0, 1e-12);
    bt_road_network_destroy(net);

    // records out of order are sorted, and the later of two at one station holds
    net = parse(ROAD("", "<elevationProfile><elevation s='50' a='5' b='0' c='0' d='0'/>"
                         "<elevation s='0' a='1' b='0' c='0' d='0'/>"
                         "<elevation s='50' a='6' b='0' c='0' d='0'/></elevationProfile>"
                         "<lanes>" SECTION "</lanes>"));
    CHECK(warned(net, "not in order"));
    CHECK(warned(net, "two <elevation> records"));
    CHECK_NEAR(bt_road_point(net, 0, 10.0, 0.0).z, 1.0, 1e-12);
    CHECK_NEAR(bt_road_point(net, 0, 60.0, 0.0).z, 6.0, 1e-12);
    bt_road_network_destroy(net);
}

// ---- refused --------------------------------------------------------------------------------------------
static void test_errors(void)
{
    refuse("", "t.xodr:1:1: not well-formed");
    refuse("<OpenDRIVE><road></OpenDRIVE>", "t.xodr:1:20: not well-formed XML: mismatched tag");
    refuse("<html/>", "t.xodr:1:1: root element is <html>");
    refuse("<OpenDRIVE>\n <road id='1' length='x'/>\n</OpenDRIVE>", "t.xodr:2:2: length of <road>");
    refuse("<OpenDRIVE>\n <road id='1' length='nan'/>\n</OpenDRIVE>", "'nan': a finite number");
    refuse("<OpenDRIVE>\n <road id='1' length='5'/>\n</OpenDRIVE>", "has no <planView>");
    refuse(ROAD("", "<lanes><laneSection s='inf'/></lanes>"), "finite number");
    refuse("<OpenDRIVE><road id='1' length='9'><planView><geometry s='0' x='0' y='0' hdg='0' "
           "length='9'><spiral curvStart='0' curvEnd='1000'/></geometry></planView></road>"
           "</OpenDRIVE>",
           "spiral turns up to");
    refuse("<OpenDRIVE><road id='1' length='9'><planView><geometry s='0' x='1e9' y='0' hdg='0' "
           "length='9'><line/></geometry></planView><lanes>" SECTION "</lanes></road></OpenDRIVE>",
           "farther than");
    refuse(ROAD("", "<lanes>" SECTION "</lanes><objects><object id='o' s='0' t='0'><repeat s='0' "
                    "length='100' distance='1e-9'/></object></objects>"),
           "<repeat> of");
    refuse(ROAD("", "<lanes><laneSection s='0'><right><lane id='-9999999'/></right></laneSection>"
                    "</lanes>"),
           "whole number");
    bt_road_network *net;
    CHECK(bt_opendrive_load("no/such/file.xodr", &net) == BT_ERR_IO);
    CHECK(net == NULL);
}

static void test_attacks(void)
{
    refuse("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
           "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><OpenDRIVE>&c;</OpenDRIVE>",
           "entity declarations are not accepted");
    refuse("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><OpenDRIVE>&a;</OpenDRIVE>",
           "entity declarations are not accepted");

    char *deep = bt_alloc(1, 1 << 16);
    size_t n = 0;
    for (int i = 0; i < 5000; i++)
        n += (size_t)sprintf(deep + n, "<a>");
    refuse(deep, "nested deeper than 64");

    // more lanes than any road has
    n = (size_t)sprintf(
        deep, "<OpenDRIVE><road id='1' length='9'>" PLAN("9") "<lanes><laneSection s='0'><right>");
    for (int i = 1; i < 400; i++)
        n += (size_t)sprintf(deep + n, "<lane id='-%d' type='driving'/>", i);
    sprintf(deep + n, "</right></laneSection></lanes></road></OpenDRIVE>");
    refuse(deep, "more than 255 lanes");
    bt_free(deep);
}

int main(void)
{
    test_rich();
    test_heights();
    test_hands();
    test_header_offset();
    test_junction_kinds();
    test_warnings();
    test_errors();
    test_attacks();
    return check_end();
}
