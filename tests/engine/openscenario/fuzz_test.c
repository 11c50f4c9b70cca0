// fuzz_test.c: OpenSCENARIO files with damage: each is read and played for a while, or refused in one line. The
// sanitizers look for the rest. Most are nearly right (mutate_xml.h): more than half of those are played.
#include "engine/openscenario/openscenario.h"

#include "engine/core/file.h"
#include "engine/road/opendrive.h"
#include "engine/story/play.h"
#include "tests/support/check.h"
#include "tests/support/mutate.h"
#include "tests/support/mutate_xml.h"

#include <stdlib.h>

#define BYTES 60       // files of damaged bytes
#define ATTRIBUTES 100 // files of hostile values
#define NEARLY 150     // of each of ours that are nearly right
#define REAL 50        // of each real file
#define STEPS 120
#define STEP_NS (50 * BT_NS_PER_MS)

typedef struct tally {
    int read, played, refused;
} tally;

static void play(const bt_openscenario *scenario, const bt_road_network *net, tally *t)
{
    bt_story_player *player = NULL;
    bt_status status = bt_story_player_create(scenario->story, net, NULL, &player);
    for (int i = 0; i < STEPS && status == BT_OK; i++)
        status = bt_story_player_step(player, STEP_NS);
    if (status == BT_OK)
        t->played++;
    else
        CHECK(status != BT_ERR_INTERNAL && strlen(bt_error_message()) > 10);
    bt_story_player_destroy(player);
}

static void try_at(const char *path, const char *bytes, size_t count, const bt_road_network *net,
                   tally *t)
{
    bt_osc_desc desc = {.path = path};
    bt_openscenario *scenario = NULL;
    bt_status status = bt_openscenario_parse(&desc, bytes, count, &scenario);
    if (status == BT_OK) {
        t->read++;
        play(scenario, net, t);
    } else {
        t->refused++;
        CHECK(strchr(bt_error_message(), '\n') == NULL && strlen(bt_error_message()) > 10);
    }
    bt_openscenario_destroy(scenario);
}

static void try_one(const char *bytes, size_t count, const bt_road_network *net, tally *t)
{
    try_at("tests/engine/openscenario/damaged.xosc", bytes, count, net, t);
}

static void try_nearly(const char *path, const char *good, size_t count, uint64_t variants,
                       const bt_road_network *net, tally *t)
{
    for (uint64_t i = 0; i < variants; i++) {
        xml_mutant m = mutate_xml(good, count, i);
        try_at(path, m.text, m.count, net, t);
        free(m.text);
    }
}

// How many are asked for by hand: the test takes few.
static uint64_t asked(uint64_t fallback)
{
    const char *text = getenv("BT_FUZZ");
    return text ? strtoull(text, NULL, 10) : fallback;
}

// Real files with their catalogs, where there are such.
static void try_real(const char *shared, const char *name, const char *map, tally *t)
{
    char path[1024], map_path[1024];
    char *good = NULL;
    size_t count = 0;
    bt_road_network *net = NULL;
    snprintf(path, sizeof path, "%s/data/openscenario/%s", shared, name);
    snprintf(map_path, sizeof map_path, "%s/data/openscenario/%s", shared, map);
    CHECK_OK(bt_file_read(path, 0, &good, &count));
    CHECK_OK(bt_opendrive_load(map_path, &net));
    try_nearly(path, good, count, asked(REAL), net, t);
    bt_free(good);
    bt_road_network_destroy(net);
}

static void try_ours(const char *path, const bt_road_network *net, tally *t)
{
    char *good = NULL;
    size_t count = 0;
    CHECK_OK(bt_file_read(path, 0, &good, &count));
    try_nearly(path, good, count, asked(NEARLY), net, t);
    bt_free(good);
}

static void try_shared(void)
{
    static const char *const tries[] = {"../shared", "../../shared"};
    const char *shared = getenv("BT_SHARED");
    for (size_t i = 0; !shared && i < sizeof tries / sizeof *tries; i++)
        if (bt_file_exists(tries[i])) shared = tries[i];
    if (!shared) return;
    tally t = {0};
    try_real(shared, "esmini/xosc/ltap-od.xosc", "esmini/xodr/fabriksgatan.xodr", &t);
    try_real(shared, "esmini/xosc/trajectory-test.xosc", "esmini/xodr/curves_elevation.xodr", &t);
    try_real(shared, "alks/alks_scenario_4_5_1_cut_out_fully_blocking_template.xosc",
             "alks/road_networks/alks_road_straight.xodr", &t);
    try_real(shared, "ncap/OpenSCENARIO/NCAP/AEB_VRU_2023/NCAP_AEB_VRU_CBNA_2023.xosc",
             "ncap/OpenDRIVE/NCAP/X-Intersection_NCAP.xodr", &t);
    printf("real files: %d read, %d played, %d refused\n", t.read, t.played, t.refused);
    CHECK(t.played > 2 * REAL && t.refused > 0);
}

// What an attacker writes by hand.
static void try_hostile(const bt_road_network *net)
{
    static const char bomb[] = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
                               "<OpenSCENARIO>&b;</OpenSCENARIO>";
    tally t = {0};
    try_one(bomb, sizeof bomb - 1, net, &t);
    CHECK_CONTAINS(bt_error_message(), "entity declarations are not accepted");
    char *deep = malloc(3 * 100000);
    for (int i = 0; i < 100000; i++)
        memcpy(deep + 3 * i, "<a>", 3);
    try_one(deep, 3 * 100000, net, &t);
    CHECK_CONTAINS(bt_error_message(), "nested deeper");
    free(deep);
    CHECK(t.refused == 2);
}

int main(void)
{
    char *good = NULL;
    size_t count = 0;
    bt_road_network *net = NULL;
    CHECK_OK(bt_file_read("tests/engine/openscenario/broad.xosc", 0, &good, &count));
    CHECK_OK(bt_opendrive_load("tests/support/straight.xodr", &net));
    char *bad = malloc(count + 4096);
    tally bytes = {0}, values = {0};
    for (uint64_t i = 0; i < BYTES; i++)
        try_one(bad, mutate(good, count, i, bad), net, &bytes);
    for (uint64_t i = 0; i < ATTRIBUTES; i++)
        try_one(bad, mutate_attributes(good, count, i, bad), net, &values);
    try_hostile(net);
    tally nearly = {0};
    try_ours("tests/engine/openscenario/broad.xosc", net, &nearly);
    try_ours("tests/engine/openscenario/parts.xosc", net, &nearly);
    printf("nearly right: %d read, %d played, %d refused\n", nearly.read, nearly.played,
           nearly.refused);
    CHECK(nearly.played > nearly.refused && nearly.refused > 0);
    try_shared();
    printf("damaged bytes: %d read, %d played, %d refused; damaged values: %d read, %d played, %d "
           "refused\n",
           bytes.read, bytes.played, bytes.refused, values.read, values.played, values.refused);
    // the mutator must reach beyond the parser, and not only there
    CHECK(values.refused > 20 && values.played > 5 && bytes.refused > 20);
    free(bad);
    bt_free(good);
    bt_road_network_destroy(net);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
