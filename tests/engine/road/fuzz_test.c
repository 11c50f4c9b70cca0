// fuzz_test.c: many damaged files: each is refused with a line, or read and then used. None
// crashes, runs on, or leaks (the sanitizers say so). Deterministic: mutation n is always the same.
#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/road/opendrive.h"
#include "engine/road/road_check.h"
#include "engine/road/road_mesh.h"
#include "tests/support/check.h"
#include "tests/support/mutate_xml.h"

#include <stdlib.h>

typedef struct text {
    char *bytes;
    size_t count, capacity;
} text;

typedef struct dice { // a row of numbers for one mutation
    uint64_t mutation;
    uint32_t drawn;
} dice;

static uint32_t below(dice *d, size_t count)
{
    return bt_random_below(20, BT_STREAM_TEST, d->mutation, d->drawn++,
                           count > 0 ? (uint32_t)count : 1u);
}

static void splice(text *t, size_t at, size_t remove, const char *insert, size_t insert_count)
{
    if (BT_ARRAY_RESERVE(t->bytes, t->capacity, t->count - remove + insert_count + 1) != BT_OK)
        abort();
    memmove(t->bytes + at + insert_count, t->bytes + at + remove, t->count - at - remove);
    memcpy(t->bytes + at, insert, insert_count);
    t->count += insert_count;
    t->count -= remove;
}

// The value of a random attribute: from the quote after '=' to the next quote.
static int pick_value(const text *t, dice *d, size_t *from, size_t *to)
{
    size_t start = below(d, t->count);
    for (size_t i = start; i + 2 < t->count; i++) {
        if (t->bytes[i] != '=' || t->bytes[i + 1] != '"') continue;
        const char *end = memchr(t->bytes + i + 2, '"', t->count - i - 2);
        if (end == NULL) return 0;
        *from = i + 2;
        *to = (size_t)(end - t->bytes);
        return 1;
    }
    return 0;
}

// A random element: from '<' to '>'.
static int pick_tag(const text *t, dice *d, size_t *from, size_t *to)
{
    size_t start = below(d, t->count);
    const char *open = memchr(t->bytes + start, '<', t->count - start);
    if (open == NULL) return 0;
    const char *close = memchr(open, '>', t->count - (size_t)(open - t->bytes));
    if (close == NULL) return 0;
    *from = (size_t)(open - t->bytes);
    *to = (size_t)(close - t->bytes) + 1;
    return 1;
}

static const char *const nasty[] = {
    "nan",         "inf",        "-inf",      "0",          "-0",    "1",     "-1",
    "1e308",       "1e12",       "1e-300",    "-1e6",       "1e5",   "0.001", "2",
    "-2",          "256",        "100000",    "4294967296", "",      " ",     "x",
    "0x10",        "1e3",        "-5.5",      "west",       "start", "end",   "junction",
    "solid solid", "normalized", "arcLength", "3.14159",    "1e-9",  "1e999"};

static void mutate_once(text *t, dice *d)
{
    size_t from;
    size_t to;
    switch (below(d, 8)) {
    case 0: { // a byte
        char byte = (char)below(d, 256);
        if (t->count > 0) t->bytes[below(d, t->count)] = byte;
        break;
    }
    case 1: // cut off the rest
        if (below(d, 4) == 0) t->count = below(d, t->count);
        break;
    case 2: // lose a tag
        if (pick_tag(t, d, &from, &to)) splice(t, from, to - from, "", 0);
        break;
    case 3: // a tag again
        if (pick_tag(t, d, &from, &to)) {
            char copy[512];
            size_t count = to - from < sizeof copy ? to - from : sizeof copy;
            memcpy(copy, t->bytes + from, count);
            splice(t, to, 0, copy, count);
        }
        break;
    default: // a nasty value
        if (pick_value(t, d, &from, &to)) {
            const char *value = nasty[below(d, sizeof nasty / sizeof *nasty)];
            splice(t, from, to - from, value, strlen(value));
        }
    }
}

// What others would do with a network; results do not matter here, but must be finite where promised.
static void use(const bt_road_network *net, dice *d, int with_mesh)
{
    uint32_t lanes = bt_road_lane_count(net);
    bt_vec3 low;
    bt_vec3 high;
    bt_road_bounds(net, &low, &high);
    for (int i = 0; i < 4 && lanes > 0; i++) {
        uint32_t lane = below(d, lanes);
        const bt_lane *l = bt_road_lane_get(net, lane);
        double s = l->s0_m + (l->s1_m - l->s0_m) * 0.3;
        bt_pose pose = bt_lane_pose(net, lane, s, 0.2);
        bt_road_location location;
        (void)bt_road_locate(net, pose.pos, BT_ROAD_NONE, &location);
        bt_road_location all[4];
        (void)bt_road_locate_all(net, pose.pos, all, 4);
        double height;
        double distance;
        (void)bt_road_height_near(net, pose.pos.x, pose.pos.y, 20.0, &height, &distance);
        bt_route *route;
        uint32_t goal = below(d, lanes);
        bt_status status = bt_route_find(net, lane, s, goal, s, &route);
        if (status == BT_OK) {
            double half = 0.5 * bt_route_length(route);
            (void)bt_route_pose(net, route, half, 0.1, NULL, NULL);
            (void)bt_route_curvature(net, route, half);
            (void)bt_route_project(net, route, pose.pos, half, 10.0, NULL);
        }
        bt_route_destroy(route);
        if (bt_route_wander(net, lane, s, 300.0, 7, &route) == BT_OK)
            CHECK(bt_route_length(route) >= 0.0 || isnan(bt_route_length(route)));
        bt_route_destroy(route);
    }
    (void)bt_road_check(net, NULL, NULL);
    if (!with_mesh) return;
    bt_road_mesh *mesh;
    if (bt_road_mesh_build(net, NULL, &mesh) == BT_OK)
        for (uint32_t i = 0; i < mesh->tile_count; i++)
            for (uint32_t k = 0; k < 3 * mesh->tiles[i].triangle_count; k++)
                if (mesh->tiles[i].indices[k] >= mesh->tiles[i].vertex_count) {
                    CHECK(0 && "index beyond the vertices");
                    break;
                }
    bt_road_mesh_destroy(mesh);
}

typedef struct tally {
    int read, refused;
} tally;

static void try_bytes(const char *bytes, size_t count, dice *d, double mesh_length_m, tally *total)
{
    bt_road_network *net;
    bt_status status = bt_opendrive_parse("fuzz.xodr", bytes, count, &net);
    if (status != BT_OK) {
        total->refused++;
        CHECK(net == NULL);
        CHECK_CONTAINS(bt_error_message(), "fuzz.xodr:");
        return;
    }
    total->read++;
    double length = 0.0;
    for (uint32_t k = 0; k < bt_road_count(net); k++)
        length += bt_road_get(net, k)->length_m;
    use(net, d, length < mesh_length_m);
    bt_road_network_destroy(net);
}

static void run(const char *map, size_t count, uint64_t first, int mutations, double mesh_length_m,
                tally *total)
{
    text t = {0};
    for (int i = 0; i < mutations; i++) {
        dice d = {first + (uint64_t)i, 0};
        t.count = 0;
        splice(&t, 0, 0, map, count);
        uint32_t changes = 1 + below(&d, 4);
        for (uint32_t k = 0; k < changes; k++)
            mutate_once(&t, &d);
        try_bytes(t.bytes, t.count, &d, mesh_length_m, total);
    }
    bt_free(t.bytes);
}

// The same of files that are nearly right.
static void run_nearly(const char *map, size_t count, int mutations, double mesh_length_m,
                       tally *total)
{
    for (int i = 0; i < mutations; i++) {
        dice d = {(uint64_t)i, 0};
        xml_mutant m = mutate_xml(map, count, (uint64_t)i);
        try_bytes(m.text, m.count, &d, mesh_length_m, total);
        free(m.text);
    }
}

// How many are asked for by hand: the test takes few.
static int asked(int fallback)
{
    const char *count = getenv("BT_FUZZ");
    return count ? atoi(count) : fallback;
}

static void run_file(const char *path, uint64_t first, int mutations, int nearly_right,
                     double mesh_length_m, tally *damaged, tally *nearly)
{
    char *map;
    size_t count;
    CHECK_OK(bt_file_read(path, 0, &map, &count));
    if (map == NULL) return;
    run(map, count, first, mutations, mesh_length_m, damaged);
    run_nearly(map, count, asked(nearly_right), mesh_length_m, nearly);
    bt_free(map);
}

int main(void)
{
    tally damaged = {0, 0}, nearly = {0, 0};
    run_file("tests/engine/road/maps/rich.xodr", 0, 700, 300, 1e4, &damaged, &nearly);
    run_file("tests/engine/road/maps/junction.xodr", 100000, 400, 200, 1e4, &damaged, &nearly);
    run_file("assets/maps/town.xodr", 200000, 10, 20, 0.0, &damaged, &nearly);
    printf("damaged: %d read, %d refused; nearly right: %d read, %d refused\n", damaged.read,
           damaged.refused, nearly.read, nearly.refused);
    // both must happen often, or the test tests nothing
    CHECK(damaged.read > 100 && damaged.refused > 200);
    CHECK(nearly.read > nearly.refused && nearly.refused > 30);
    return check_end();
}
