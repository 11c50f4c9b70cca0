// town_test.c: the default town is what its generator writes, and sound.
#include "procedural/roads/town.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/road/road_check.h"
#include "procedural/roads/alignment.h"
#include "tests/support/check.h"

#include <math.h>

static void print_finding(void *context, const char *finding)
{
    (void)context;
    fprintf(stderr, "    %s\n", finding);
}

static void test_file(void)
{
    bt_xodr_writer writer;
    bt_xodr_init(&writer);
    const char *text = NULL;
    size_t count = 0;
    CHECK_OK(bt_town_write(&writer));
    CHECK_OK(bt_xodr_finish(&writer, &text, &count));
    char *file;
    size_t file_count;
    CHECK_OK(bt_file_read("assets/maps/town.xodr", 0, &file, &file_count));
    // after a change of the generator: blacktop road make town --out assets/maps/town.xodr
    CHECK(file != NULL && count == file_count && memcmp(text, file, count) == 0);
    bt_free(file);

    bt_road_network *net;
    CHECK_OK(bt_opendrive_parse("town", text, count, &net));
    if (net != NULL) {
        CHECK(bt_road_warning_count(net) == 0);
        CHECK(bt_road_check(net, print_finding, NULL) == 0);
        double length = 0.0;
        for (uint32_t i = 0; i < bt_road_count(net); i++)
            if (bt_road_get(net, i)->junction == BT_ROAD_NONE)
                length += bt_road_get(net, i)->length_m;
        CHECK(length > 1500.0 && length < 3000.0);
    }
    bt_road_network_destroy(net);
    bt_xodr_clear(&writer);
}

// A corner of known measure: without spirals the tangent is R tan(turn / 2).
static void test_alignment(void)
{
    CHECK_NEAR(bt_alignment_radius(1.0, 0.0, 20.0), 20.0 / tan(0.5), 1e-9);
    bt_corner corners[3] = {{0, 0, 0, 0}, {100, 0, 30, 12}, {100, 80, 0, 0}};
    bt_alignment a;
    CHECK_OK(bt_alignment_build(corners, 3, &a));
    CHECK(a.count == 5); // line, spiral, arc, spiral, line
    const bt_alignment_piece *last = &a.pieces[4];
    // the last tangent ends in the last point
    CHECK_NEAR(last->x_m + last->length_m * cos(last->heading_rad), 100.0, 1e-9);
    CHECK_NEAR(last->y_m + last->length_m * sin(last->heading_rad), 80.0, 1e-9);
    corners[1].radius_m = 300.0;
    CHECK(bt_alignment_build(corners, 3, &a) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "too short");
}

static void test_writer(void)
{
    bt_xodr_writer w;
    bt_xodr_init(&w);
    bt_xodr_begin(&w, "a");
    bt_xodr_text(&w, "name", "<\"&>");
    bt_xodr_metres(&w, "zero", -1e-9);
    bt_xodr_begin(&w, "b");
    bt_xodr_end(&w);
    const char *text;
    size_t count;
    CHECK(bt_xodr_finish(&w, &text, &count) == BT_ERR_INTERNAL); // <a> is open
    bt_xodr_end(&w);
    CHECK_OK(bt_xodr_finish(&w, &text, &count));
    CHECK_CONTAINS(text, "<a name=\"&lt;&quot;&amp;>\" zero=\"0.000000\">");
    bt_xodr_clear(&w);
}

int main(void)
{
    test_file();
    test_alignment();
    test_writer();
    return check_end();
}
