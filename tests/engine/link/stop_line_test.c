// stop_line_test.c: which line belongs to a light, and when it is passed.
#include "engine/link/stop_line.h"

#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "tests/support/check.h"

// A straight road of 200 m, one lane each way, a light at s = 100 for traffic along s; `more` goes
// among the objects or signals.
static bt_road_network *make_map(const char *objects, const char *signals)
{
    char text[4096];
    int count = snprintf(
        text, sizeof text,
        "<?xml version='1.0'?><OpenDRIVE><header revMajor='1' revMinor='6'/>"
        "<road id='1' length='200' junction='-1' rule='RHT'><planView>"
        "<geometry s='0' x='0' y='0' hdg='0' length='200'><line/></geometry></planView><lanes>"
        "<laneSection s='0'><left><lane id='1' type='driving' level='false'>"
        "<width sOffset='0' a='3' b='0' c='0' d='0'/></lane></left>"
        "<center><lane id='0' type='none' level='false'/></center>"
        "<right><lane id='-1' type='driving' level='false'>"
        "<width sOffset='0' a='3' b='0' c='0' d='0'/></lane></right></laneSection></lanes>"
        "<objects>%s</objects><signals><signal id='7' s='100' t='-4' zOffset='3' dynamic='yes' "
        "orientation='+' type='1000001' subtype='-1' value='-1'/>%s</signals></road></OpenDRIVE>",
        objects, signals);
    bt_road_network *net = NULL;
    CHECK_OK(bt_opendrive_parse("light.xodr", text, (size_t)count, &net));
    return net;
}

static void check_line(const char *objects, const char *signals, double x_m)
{
    bt_road_network *net = make_map(objects, signals);
    bt_stop_line *lines;
    uint32_t count;
    CHECK_OK(bt_stop_lines_find(net, &lines, &count));
    CHECK(count == 1);
    if (count == 1) {
        CHECK_NEAR(lines[0].pos_world_m.x, x_m, 1e-6);
        CHECK_NEAR(lines[0].pos_world_m.y, -1.5, 1e-6);
        CHECK_NEAR(lines[0].dir_x, 1.0, 1e-9);
        CHECK_NEAR(lines[0].half_width_m, 1.5, 1e-6);
        CHECK(bt_road_lane_get(net, lines[0].lane)->id == -1);
    }
    bt_free(lines);
    bt_road_network_destroy(net);
}

#define STOP_LINE(s)                                                                               \
    "<object id='1' type='roadMark' name='StopLine' s='" s "' t='-1.5' zOffset='0' hdg='0' "       \
    "length='0.3' width='3'/>"
#define CROSSWALK(s)                                                                               \
    "<object id='2' type='crosswalk' name='c' s='" s "' t='0' zOffset='0' hdg='0' length='4' "     \
    "width='6'/>"
#define SIGNAL(type, s, orientation)                                                               \
    "<signal id='8' s='" s "' t='-1.5' zOffset='0' dynamic='no' orientation='" orientation "' "    \
    "type='" type "' subtype='-1' value='-1'/>"

static void test_lines(void)
{
    check_line("", "", 100.0);
    check_line(STOP_LINE("94"), "", 94.0);
    check_line(STOP_LINE("75"), "", 100.0); // too far to be its own
    check_line(CROSSWALK("97"), "", 94.5);
    check_line(STOP_LINE("93") CROSSWALK("97"), "", 94.5);
    check_line(STOP_LINE("94"), SIGNAL("294", "90", "+"), 90.0);
    check_line(STOP_LINE("94"), SIGNAL("294", "90", "-"), 94.0); // for the others
    check_line("", SIGNAL("206", "90", "+"), 100.0);
    // lights on foot have none
    bt_road_network *net = make_map("", "<signal id='9' s='50' t='-4' zOffset='3' dynamic='yes' "
                                        "orientation='+' type='1000002' subtype='-1' value='-1'/>");
    bt_stop_line *lines;
    uint32_t count;
    CHECK_OK(bt_stop_lines_find(net, &lines, &count));
    CHECK(count == 1 && lines[0].signal == 0);
    bt_free(lines);
    bt_road_network_destroy(net);
}

static void test_passed(void)
{
    bt_stop_line line = {
        .pos_world_m = {10.0, 5.0, 1.0}, .dir_x = 0.6, .dir_y = 0.8, .half_width_m = 1.5};
    bt_vec3 before = {10.0 - 0.6, 5.0 - 0.8, 1.0}, behind = {10.0 + 1.8, 5.0 + 2.4, 1.0};
    double u = -1.0;
    CHECK(bt_stop_line_passed(&line, before, behind, &u));
    CHECK_NEAR(u, 0.25, 1e-12);
    CHECK(!bt_stop_line_passed(&line, behind, before, &u));
    CHECK(!bt_stop_line_passed(&line, behind, bt_vec3_mad(behind, behind, 0.1), &u));
    // 1.7 m beside the middle still straddles the line's end, 1.9 m passes beside
    bt_vec3 aside = {-0.8, 0.6, 0.0};
    CHECK(bt_stop_line_passed(&line, bt_vec3_mad(before, aside, 1.7),
                              bt_vec3_mad(behind, aside, 1.7), &u));
    CHECK(!bt_stop_line_passed(&line, bt_vec3_mad(before, aside, 1.9),
                               bt_vec3_mad(behind, aside, 1.9), &u));
    // on the bridge above
    bt_vec3 up = {0.0, 0.0, 5.0};
    CHECK(!bt_stop_line_passed(&line, bt_vec3_add(before, up), bt_vec3_add(behind, up), &u));
}

int main(void)
{
    test_lines();
    test_passed();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
