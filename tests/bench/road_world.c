// road_world.c: what a large world costs: seconds, megabytes, peak memory, and whether it is linear.
//
//   bench.road_world FOLDER [KM [KIND]]    3220 km (2000 miles) of a mixed world unless said
#include "procedural/roads/world.h"

#include "engine/core/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static int run(const bt_world_desc *desc, double km, const char *folder)
{
    bt_world_report report;
    double begin = bt_clock_s();
    if (bt_world_write_folder(desc, km, folder, &report) != BT_OK) {
        fprintf(stderr, "%s\n", bt_error_message());
        return 2;
    }
    double took = bt_clock_s() - begin;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec;
    printf("%s: %.0f km, %u tiles, %.1f MB; %.1f s (%.2f ms per km), %.0f s of processor so far; "
           "peak %.1f MB\n",
           bt_world_kind_names[desc->kind], 1e-3 * report.length_m, report.tiles,
           1e-6 * (double)report.bytes, took, 1e6 * took / report.length_m, cpu,
           (double)usage.ru_maxrss / 1024.0);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: bench.road_world FOLDER [KM [KIND]]\n");
        return 2;
    }
    double km = argc > 2 ? strtod(argv[2], NULL) : 3220.0;
    bt_world_desc desc = {7, BT_WORLD_MIXED};
    for (int i = 0; argc > 3 && i < BT_WORLD_KIND_COUNT; i++)
        if (strcmp(argv[3], bt_world_kind_names[i]) == 0) desc.kind = (bt_world_kind)i;
    int code = run(&desc, 0.1 * km, argv[1]); // a tenth first: as much per kilometre?
    return code != 0 ? code : run(&desc, km, argv[1]);
}
