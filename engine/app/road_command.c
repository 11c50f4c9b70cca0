// road_command.c: `blacktop road info|check|sample|make`.
#include "engine/app/road_command.h"

#include "engine/app/arguments.h"
#include "engine/core/file.h"
#include "engine/road/network_write.h"
#include "engine/road/opendrive.h"
#include "engine/road/road.h"
#include "engine/road/road_check.h"
#include "procedural/roads/town.h"
#include "procedural/roads/window.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "info FILE, check FILE, sample FILE [--step M], convert FILE --out FILE, "
    "make [town] --out FILE";

static int fail(void)
{
    fprintf(stderr, "blacktop road: %s\n", bt_error_message());
    return 2;
}

static int misuse(const char *what)
{
    fprintf(stderr, "blacktop road: %s; accepted: %s\n", what, usage);
    return 2;
}

// ---- sample ---------------------------------------------------------------------------------------
static void print_station(const bt_road_network *net, const bt_lane_section *section, double s)
{
    // lanes from right to left, as the reference data has them
    for (uint32_t i = section->lane_count; i-- > 0;) {
        uint32_t lane = section->first_lane + i;
        const bt_lane *l = bt_road_lane_get(net, lane);
        double inner;
        double outer;
        bt_lane_borders(net, lane, s, &inner, &outer);
        bt_vec3 p = bt_lane_border_point(net, lane, s, true);
        printf("%s,%.3f,%d,%s,%.4f,%.5f,%.5f,%.5f\n", bt_road_get(net, section->road)->id, s,
               (int)l->id, bt_lane_type_name(l->type), outer, p.x, p.y, p.z);
    }
}

// Every section from its start in steps, and its end.
static int sample(const bt_road_network *net, double step_m)
{
    printf("road,s,lane,type,t_outer,x,y,z\n");
    for (uint32_t i = 0; i < bt_road_section_count(net); i++) {
        const bt_lane_section *section = bt_road_section_get(net, i);
        double length = section->s1_m - section->s0_m;
        for (double k = 0.0; k == 0.0 || k * step_m < length; k += 1.0)
            print_station(net, section, section->s0_m + k * step_m);
        if (length > 0.0) print_station(net, section, section->s1_m);
    }
    return 0;
}

// ---- info -----------------------------------------------------------------------------------------
static void print_lane_lengths(const bt_road_network *net)
{
    double lengths[BT_LANE_TYPE_COUNT] = {0};
    for (uint32_t i = 0; i < bt_road_lane_count(net); i++)
        if (bt_road_lane_get(net, i)->id != 0)
            lengths[bt_road_lane_get(net, i)->type] += bt_lane_length(net, i);
    for (int type = 0; type < BT_LANE_TYPE_COUNT; type++)
        if (lengths[type] > 0.0)
            printf("  %-16s %10.1f m\n", bt_lane_type_name((bt_lane_type)type), lengths[type]);
}

static int info(const bt_road_network *net)
{
    double length = 0.0;
    uint32_t in_junctions = 0;
    for (uint32_t i = 0; i < bt_road_count(net); i++) {
        length += bt_road_get(net, i)->length_m;
        in_junctions += bt_road_get(net, i)->junction != BT_ROAD_NONE;
    }
    uint32_t kinds[4] = {0};
    for (uint32_t i = 0; i < bt_road_junction_count(net); i++)
        kinds[bt_road_junction_get(net, i)->kind]++;
    bt_vec3 low;
    bt_vec3 high;
    bt_road_bounds(net, &low, &high);
    printf("roads        %u (%u in junctions), %.1f m\n", bt_road_count(net), in_junctions, length);
    printf("sections     %u\n", bt_road_section_count(net));
    printf("junctions    %u (%u direct, %u virtual, %u crossings), %u connections\n",
           bt_road_junction_count(net), kinds[BT_JUNCTION_DIRECT], kinds[BT_JUNCTION_VIRTUAL],
           kinds[BT_JUNCTION_CROSSING], bt_road_connection_count(net));
    printf("signals      %u, references %u, controllers %u\n", bt_road_signal_count(net),
           bt_road_signal_reference_count(net), bt_road_controller_count(net));
    printf("objects      %u\n", bt_road_object_count(net));
    printf("bounds       x %.2f .. %.2f, y %.2f .. %.2f, z %.2f .. %.2f m\n", low.x, high.x, low.y,
           high.y, low.z, high.z);
    if (bt_road_geo_reference(net)[0] != '\0')
        printf("geoReference %s\n", bt_road_geo_reference(net));
    printf("lanes, metres along s\n");
    print_lane_lengths(net);
    printf("warnings     %u\n", bt_road_warning_count(net));
    for (uint32_t i = 0; i < bt_road_warning_count(net); i++)
        printf("  %s\n", bt_road_warning(net, i));
    return 0;
}

// ---- check ----------------------------------------------------------------------------------------
static void print_finding(void *context, const char *finding)
{
    (void)context;
    puts(finding);
}

static int check(const bt_road_network *net, const char *path)
{
    uint32_t count = bt_road_check(net, print_finding, NULL);
    if (count == 0) {
        printf("%s: no fault found\n", path);
        return 0;
    }
    printf("%s: %u found\n", path, count);
    return 1;
}

// ---- make -----------------------------------------------------------------------------------------
static int make_town(const char *path)
{
    bt_xodr_writer writer;
    bt_xodr_init(&writer);
    const char *text;
    size_t count;
    bt_status status = bt_town_write(&writer);
    if (status == BT_OK) status = bt_xodr_finish(&writer, &text, &count);
    if (status == BT_OK) status = bt_file_write(path, text, count);
    bt_xodr_clear(&writer);
    return status == BT_OK ? 0 : fail();
}

typedef struct make_options {
    bt_world_desc world;
    double km;
    bool around;
    double x_m, y_m, radius_m;
    const char *out;
} make_options;

static int parse_kind(const char *value, bt_world_kind *kind)
{
    for (int i = 0; i < BT_WORLD_KIND_COUNT; i++)
        if (strcmp(value, bt_world_kind_names[i]) == 0) {
            *kind = (bt_world_kind)i;
            return 0;
        }
    return misuse("--kind: rural, suburb, downtown, highway or mixed");
}

static int parse_option(const char *name, const char *value, make_options *o)
{
    char *end = NULL;
    if (strcmp(name, "--kind") == 0) return parse_kind(value, &o->world.kind);
    if (strcmp(name, "--out") == 0) {
        o->out = value;
        return value[0] != '\0' ? 0 : misuse("--out: a file or a folder, please");
    }
    if (strcmp(name, "--around") == 0) {
        o->around = true;
        o->x_m = strtod(value, &end);
        const char *comma = end;
        bool good = end != value && *comma == ',';
        if (good) o->y_m = strtod(comma + 1, &end);
        good =
            good && end != comma + 1 && *end == '\0' && fabs(o->x_m) <= 1e7 && fabs(o->y_m) <= 1e7;
        return good ? 0 : misuse("--around: X,Y in metres, each at most 10000000 either way");
    }
    bt_status status = BT_OK;
    if (strcmp(name, "--radius") == 0)
        status = bt_argument_number(name, value, 1.0, 8000.0, &o->radius_m);
    else if (strcmp(name, "--km") == 0)
        status = bt_argument_number(name, value, 0.001, BT_WORLD_MAX_KM, &o->km);
    else if (strcmp(name, "--seed") == 0)
        status = bt_argument_u64(name, value, 0, UINT64_MAX, &o->world.seed);
    else
        return misuse("make: an option that is not known");
    return status == BT_OK ? 0 : fail();
}

static int make_world(const make_options *o)
{
    bt_world_report report;
    size_t last = strlen(o->out) - 1;
    if (o->out[last] == '/') {
        if (bt_world_write_folder(&o->world, o->km, o->out, &report) != BT_OK) return fail();
    } else {
        bt_xodr_writer w;
        bt_xodr_init(&w);
        const char *text;
        size_t count;
        bt_status status =
            o->around ? bt_window_write(&o->world, bt_window_reach(o->world.kind, o->radius_m),
                                        o->x_m, o->y_m, &w, &report)
                      : bt_world_write_file(&o->world, o->km, &w, &report);
        if (status == BT_OK) status = bt_xodr_finish(&w, &text, &count);
        if (status == BT_OK) status = bt_file_write(o->out, text, count);
        bt_xodr_clear(&w);
        if (status != BT_OK) return fail();
    }
    printf("%s: %.3f km of road in %u tiles, %.1f MB\n", o->out, 1e-3 * report.length_m,
           report.tiles, 1e-6 * (double)report.bytes);
    return 0;
}

static int make(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[2], "town") == 0 && strcmp(argv[3], "--out") == 0)
        return make_town(argv[4]);
    make_options options = {
        .world = {.seed = 1, .kind = BT_WORLD_MIXED}, .km = 5.0, .radius_m = 1500.0};
    if (argc % 2 != 0) return misuse("make: every option takes a value");
    for (int i = 2; i < argc; i += 2) {
        int wrong = parse_option(argv[i], argv[i + 1], &options);
        if (wrong) return wrong;
    }
    if (options.out == NULL) return misuse("make: --out is missing");
    if (options.around && options.out[strlen(options.out) - 1] == '/')
        return misuse("make: --around goes into one file, not a folder");
    return make_world(&options);
}

// ---- convert --------------------------------------------------------------------------------------
static int convert(const bt_road_network *net, const char *from, const char *out)
{
    bt_xodr_writer w;
    const char *text;
    size_t count;
    bt_xodr_init(&w);
    bt_status status = bt_road_network_write(net, from, &w);
    if (status == BT_OK) status = bt_xodr_finish(&w, &text, &count);
    if (status == BT_OK) status = bt_file_write(out, text, count);
    bt_xodr_clear(&w);
    if (status != BT_OK) return fail();
    printf("%s: %u roads, %.1f MB\n", out, bt_road_count(net), 1e-6 * (double)count);
    return 0;
}

// ---- command --------------------------------------------------------------------------------------
static int parse_step(int argc, char **argv, double *step_m)
{
    *step_m = 5.0;
    if (argc == 3) return 0;
    if (argc != 5 || strcmp(argv[3], "--step") != 0) return misuse("too many arguments");
    return bt_argument_number("--step", argv[4], 0.001, 1e6, step_m) == BT_OK ? 0 : fail();
}

static const char help[] =
    "usage: blacktop road info FILE.xodr\n"
    "       blacktop road check FILE.xodr\n"
    "       blacktop road sample FILE.xodr [--step M]\n"
    "       blacktop road make [--seed N] [--km K] [--kind rural|suburb|downtown|highway|mixed]\n"
    "                          [--around X,Y [--radius M]] --out FILE.xodr|FOLDER/\n"
    "       blacktop road make town --out FILE.xodr\n"
    "       blacktop road convert FILE.xodr --out FILE.xodr\n"
    "\n"
    "  info    lengths, counts, junctions, lanes, and what was odd about the file\n"
    "  check   gaps, links to nowhere, widths below zero: one line each; exit code 1 when any\n"
    "  sample  outer lane borders every M metres (5) as CSV: road,s,lane,type,t_outer,x,y,z\n"
    "  convert writes what was read as OpenDRIVE 1.8, geometry to the bit: whatever the version of "
    "the\n"
    "          file, without what is foreign or broken; repeats come as one object each\n"
    "  make    lays out road from a seed: the same options give the same bytes.\n"
    "    --seed N    0 to 2^64 - 1 (1)\n"
    "    --km K      at least so much road, in whole tiles round the origin (5; 0.001 or more; at\n"
    "                most 1000 in one file, 100000 in a folder)\n"
    "    --around X,Y  instead the tiles round a place of the endless world, metres, each within\n"
    "                  10^7 of the origin and of the world's tiles (about 200 tiles either way)\n"
    "    --radius M    of those tiles, from the place's own tile (1500; 1 to 8000)\n"
    "    --out NAME  one file; a name that ends in / gets a file per tile and index.json, one tile "
    "in\n"
    "                memory at a time\n"
    "    --kind      (mixed)\n"
    "      rural     tiles of 1600 m: two-lane roads for 70 to 90 km/h over hills of 28 m; "
    "junctions\n"
    "                of 3 to 6 arms with stop signs, lanes to turn left from, or roundabouts; farm "
    "lanes\n"
    "      suburb    800 m: collectors for 50 km/h with closes off them; roundabouts, signals, "
    "signs\n"
    "      downtown  360 m: 3 by 3 streets, avenues with bicycle lanes, signals, roundabouts of "
    "two\n"
    "                lanes, parking, road works\n"
    "      highway   3000 m: 2 to 4 lanes each way for 120 km/h; diamonds, dumbbells, parclos,\n"
    "                cloverleaves, trumpets; road works\n"
    "      mixed     1600 m: rural tiles, a third of them with a town of downtown's streets; in\n"
    "                every fourth row a motorway: a diamond, dumbbell or trumpet every third tile\n"
    "          make town writes the town that is assets/maps/town.xodr.\n"
    "\n"
    "Exit codes: 0 done; 1 check found faults; 2 bad input.\n";

int bt_road_command(int argc, char **argv)
{
    if (argc > 1 && argc < 4 && strcmp(argv[argc - 1], "--help") == 0) { // of any verb too
        fputs(help, stdout);
        return 0;
    }
    if (argc < 3) return misuse("a verb and a file, please");
    const char *verb = argv[1];
    double step_m = 0.0;
    bool converts = strcmp(verb, "convert") == 0;
    if (strcmp(verb, "make") == 0) return make(argc, argv);
    if (strcmp(verb, "sample") == 0) {
        int wrong = parse_step(argc, argv, &step_m);
        if (wrong) return wrong;
    } else if (converts) {
        if (argc != 5 || strcmp(argv[3], "--out") != 0 || argv[4][0] == '\0')
            return misuse("convert: a file and --out FILE");
    } else if (strcmp(verb, "info") != 0 && strcmp(verb, "check") != 0) {
        return misuse("verbs are info, check, sample, convert and make");
    } else if (argc != 3) {
        return misuse("too many arguments");
    }
    bt_road_network *net;
    if (bt_opendrive_load(argv[2], &net) != BT_OK) return fail();
    int code;
    if (converts) {
        code = convert(net, argv[2], argv[4]);
    } else if (step_m > 0.0) {
        code = sample(net, step_m);
    } else {
        code = strcmp(verb, "check") == 0 ? check(net, argv[2]) : info(net);
    }
    bt_road_network_destroy(net);
    return code;
}
