// road_check_test.c: each fault of a map is named, with its place: by the reader where it cannot be read,
// else by the check; a sound road has none.
#include "engine/road/road_check.h"

#include "engine/road/opendrive.h"
#include "tests/support/check.h"

#include <string.h>

typedef struct heard {
    char text[4096];
} heard;

static void hear(void *context, const char *finding)
{
    heard *h = context;
    size_t used = strlen(h->text);
    snprintf(h->text + used, sizeof h->text - used, "%s\n", finding);
}

#define LINE "<geometry s='0' x='0' y='0' hdg='0' length='100'><line/></geometry>"
#define LANE "<lane id='-1' type='driving'><width sOffset='0' a='3.5' b='0' c='0' d='0'/></lane>"

// What is said about one road of this length, link, plan and right lanes.
static const char *said(const char *length, const char *link, const char *plan, const char *lanes,
                        const char *more)
{
    static heard h;
    char text[4096];
    h.text[0] = '\0';
    snprintf(text, sizeof text,
             "<OpenDRIVE><header revMajor='1' revMinor='7'/><road id='1' length='%s' "
             "junction='-1'><link>%s</link><planView>%s</planView><lanes><laneSection s='0'>"
             "<center><lane id='0' type='none'/></center><right>%s</right></laneSection></lanes>"
             "</road>%s</OpenDRIVE>",
             length, link, plan, lanes, more);
    bt_road_network *net = NULL;
    if (bt_opendrive_parse("map", text, strlen(text), &net) != BT_OK) return bt_error_message();
    uint32_t count = bt_road_check(net, hear, &h);
    CHECK((count == 0) == (h.text[0] == '\0'));
    bt_road_network_destroy(net);
    return h.text;
}

int main(void)
{
    CHECK(said("100", "", LINE, LANE, "")[0] == '\0');
    CHECK_CONTAINS(said("100", "", LINE,
                        "<lane id='-1' type='driving'><width sOffset='0' a='1' b='-0.02' c='0' "
                        "d='0'/></lane>",
                        ""),
                   "road '1' lane -1 s 50.495: width is -0.0099 m");
    CHECK_CONTAINS(said("5000", "",
                        "<geometry s='0' x='0' y='0' hdg='0' length='5000'><spiral curvStart='0' "
                        "curvEnd='0.5'/></geometry>",
                        LANE, ""),
                   "map:1:");
    CHECK_CONTAINS(bt_error_message(), "spiral turns up to 2500 rad: at most 200 are accepted");
    CHECK_CONTAINS(said("3000", "",
                        "<geometry s='0' x='0' y='0' hdg='0' length='3000'><spiral curvStart='0' "
                        "curvEnd='0.02'/></geometry>",
                        LANE, ""),
                   "road '1' s 0.000: a spiral of 3000.0 m turns by 30.0 rad");
    CHECK_CONTAINS(said("100", "",
                        "<geometry s='0' x='0' y='0' hdg='0' length='50'><line/></geometry>"
                        "<geometry s='50' x='70' y='0' hdg='0' length='50'><line/></geometry>",
                        LANE, ""),
                   "gap of 20.000 m before this <geometry>, at s 50.000");
    CHECK_CONTAINS(said("100", "<successor elementType='road' elementId='1' contactPoint='start'/>",
                        LINE, LANE, ""),
                   "road '1': successor is itself");
    CHECK_CONTAINS(said("100", "<successor elementType='road' elementId='7' contactPoint='start'/>",
                        LINE, LANE, ""),
                   "link to road '7': there is none");
    CHECK_CONTAINS(said("100", "", LINE, LANE, "<wormhole/>"),
                   "unknown element <wormhole> in <OpenDRIVE>");
    CHECK_CONTAINS(said("-5", "", LINE, LANE, ""), "road length -5 is negative");
    CHECK_CONTAINS(said("100", "", "", LANE, ""), "has no length");
    return check_end();
}
