// folder_test.c: a world that was written tile by tile, driven from its files, is the world that is made; what is wrong
// with an index or a tile is refused by name.
#include "procedural/roads/window.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/road/match.h"
#include "engine/road/opendrive.h"
#include "tests/support/check.h"
#include "tests/support/temp.h"

static char folder[256];
static const bt_world_desc world = {7,
                                    BT_WORLD_MIXED}; // a town, a motorway with ramps, country roads

static bt_road_network *parse(bt_xodr_writer *w)
{
    const char *text = NULL;
    size_t count = 0;
    bt_road_network *net = NULL;
    CHECK_OK(bt_xodr_finish(w, &text, &count));
    CHECK_OK(bt_opendrive_parse("window", text, count, &net));
    bt_xodr_clear(w);
    return net;
}

// ---- the same world ---------------------------------------------------------------------------
static int count_differences(const bt_road_network *a, const bt_road_network *b)
{
    bt_road_match match;
    int differ =
        bt_road_count(a) != bt_road_count(b) || bt_road_lane_count(a) != bt_road_lane_count(b);
    CHECK_OK(bt_road_match_init(a, b, &match));
    for (uint32_t i = 0; i < bt_road_lane_count(a) && !differ; i++) {
        uint32_t next[2][64], there = bt_road_match_lane(&match, i);
        if (there == BT_ROAD_NONE) return 1;
        uint32_t count = bt_lane_successors(a, i, next[0], 64);
        differ += bt_lane_successors(b, there, next[1], 64) != count;
        for (uint32_t k = 0; k < count && !differ; k++)
            differ += bt_road_match_lane(&match, next[0][k]) != next[1][k];
    }
    for (uint32_t i = 0; i < bt_road_signal_count(a); i++)
        differ += match.signals[i] == BT_ROAD_NONE;
    bt_road_match_clear(&match);
    return differ;
}

static void test_same(const bt_world_folder *f)
{
    bt_xodr_writer w;
    bt_world_report report;
    bt_xodr_init(&w);
    CHECK_OK(bt_window_write(&world, 1, 1.0, 1.0, &w, &report));
    bt_road_network *made = parse(&w);
    bt_xodr_init(&w);
    CHECK_OK(bt_window_write_from(f, 1, 1.0, 1.0, &w, &report));
    CHECK(report.tiles == 9);
    bt_road_network *read = parse(&w);
    CHECK(bt_world_folder_world(f).kind == world.kind && bt_world_folder_world(f).seed == 7);
    CHECK(count_differences(made, read) == 0);
    CHECK(bt_road_warning_count(made) == bt_road_warning_count(read));
    bt_road_network_destroy(made);
    bt_road_network_destroy(read);
}

// A window goes as far as there are tiles.
static void test_rim(const bt_world_folder *f)
{
    bt_window *window = NULL;
    bool moved = false;
    CHECK_OK(bt_window_create_from(f, 1, 1.0, 1.0, &window));
    CHECK(bt_window_tile_count(window) == 9);
    CHECK_OK(bt_window_follow(window, 2000.0, 1.0, &moved));
    uint32_t there = 0;
    for (int i = 0; i < 9; i++)
        there += bt_world_folder_has(f, i % 3, i / 3 - 1);
    CHECK(moved && there >= 6 && there < 9 && bt_window_tile_count(window) == there);
    CHECK(!bt_world_folder_has(f, 2, 0));
    CHECK_OK(bt_window_follow(window, 4000.0, 1.0, &moved));
    CHECK(!moved);
    bt_window_destroy(window);
    CHECK(bt_window_create_from(f, 1, 9000.0, 1.0, &window) == BT_ERR_INPUT);
    CHECK(window == NULL);
}

// ---- hostile ----------------------------------------------------------------------------------
static void put(const char *name, const char *text, size_t count)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK_OK(bt_file_write(path, text, count));
}

static void refuse_index(const char *index, const char *part)
{
    bt_world_folder *f = NULL;
    put("index.json", index, strlen(index));
    CHECK(bt_world_folder_open(folder, &f) == BT_ERR_INPUT);
    CHECK(f == NULL);
    bool told = strstr(bt_error_message(), part) && strstr(bt_error_message(), "index.json");
    CHECK(told);
    if (!told) fprintf(stderr, "    '%s', expected '%s'\n", bt_error_message(), part);
    bt_world_folder_close(f);
}

#define HEAD "{\"seed\":7,\"kind\":\"mixed\",\"side_m\":1600.0,\"tiles\":"
#define TILE "{\"tile\":0,\"x\":0,\"y\":0,\"length_m\":10,\"gates\":"

static void test_bad_index(void)
{
    refuse_index("", ":1:");
    refuse_index("[1]", "kind");
    refuse_index("{\"seed\":7,\"kind\":\"moon\"}", "kind: expected rural");
    refuse_index("{\"seed\":7,\"kind\":\"mixed\",\"side_m\":1e9}", "side_m");
    refuse_index(HEAD "[]}", "tiles: expected a list");
    refuse_index(HEAD "[3]}", "tile 0 of the list");
    refuse_index(HEAD "[{\"tile\":-1}]}", "tile 0 of the list");
    refuse_index(HEAD "[{\"tile\":1,\"x\":5,\"y\":9,\"length_m\":1}]}", "not at (5, 9)");
    refuse_index(HEAD "[{\"tile\":0,\"x\":0,\"y\":0,\"length_m\":1e99}]}", "tile 0 of the list");
    refuse_index(HEAD "[" TILE "[{}]}]}", "gates that are none");
    refuse_index(HEAD "[" TILE "7}]}", "gates that are none");
    refuse_index(HEAD "[" TILE "[]}," TILE "[]}]}", "ascending");
}

static void refuse_tile(const char *text, const char *part)
{
    bt_world_folder *f = NULL;
    bt_window *window = NULL;
    put("index.json", HEAD "[" TILE "[]}]}", strlen(HEAD "[" TILE "[]}]}"));
    put("000000.xodr", text, strlen(text));
    CHECK_OK(bt_world_folder_open(folder, &f));
    CHECK(f && bt_window_create_from(f, 1, 1.0, 1.0, &window) == BT_ERR_INPUT);
    bool told = strstr(bt_error_message(), part) && strstr(bt_error_message(), "000000.xodr");
    CHECK(told);
    if (!told) fprintf(stderr, "    '%s', expected '%s'\n", bt_error_message(), part);
    bt_window_destroy(window);
    bt_world_folder_close(f);
}

static void test_bad_tile(void)
{
    char deep[2048] = "<OpenDRIVE>";
    for (int i = 0; i < 40; i++)
        strcat(deep, "<a>");
    for (int i = 0; i < 40; i++)
        strcat(deep, "</a>");
    strcat(deep, "</OpenDRIVE>");
    refuse_tile("<OpenDRIVE><road", ":1:");
    refuse_tile("<town/>", "<OpenDRIVE> is expected");
    refuse_tile(deep, "nested too deeply");
    refuse_tile("<OpenDRIVE><userData>]]&gt;</userData></OpenDRIVE>", "]]>");
}

int main(void)
{
    bt_world_folder *f = NULL;
    bt_world_report report;
    size_t in_use = bt_memory_in_use();
    CHECK(temp_folder(folder, sizeof folder));
    CHECK_OK(bt_world_write_folder(&world, 30.0, folder, &report));
    CHECK(report.tiles >= 9);
    CHECK_OK(bt_world_folder_open(folder, &f));
    if (f) test_same(f);
    if (f) test_rim(f);
    bt_world_folder_close(f);
    test_bad_index();
    test_bad_tile();
    CHECK(bt_memory_in_use() == in_use);
    temp_folder_remove(folder);
    return check_end();
}
