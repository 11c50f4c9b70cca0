// road_window.c: what it costs to drive through a world of 2000 miles that is never whole in memory.
//
//   bench.road_window [KM [KIND]]    3220 km of a mixed world unless said
//
// A place moves along the rows of the world, so that it comes to every tile; round it a window of three
// by three tiles is loaded and dropped. Prints moves, their time and the peak of memory after a tenth of
// the way and at its end: it must not grow.
#include "procedural/roads/window.h"

#include "engine/core/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static double peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

typedef struct drive {
    int rows; // of a square of tiles
    double first_peak_mb, longest_s, took_s;
    uint32_t moves, roads;
} drive;

static int go(bt_window *window, double side_m, drive *d)
{
    int tiles = d->rows * d->rows;
    for (int i = 0; i < tiles; i++) {
        int row = i / d->rows;
        int column = row % 2 ? d->rows - 1 - i % d->rows : i % d->rows; // to and fro
        bool moved;
        double begin = bt_clock_s();
        if (bt_window_follow(window, side_m * (column - d->rows / 2 + 0.5),
                             side_m * (row - d->rows / 2 + 0.5), &moved) != BT_OK) {
            fprintf(stderr, "%s\n", bt_error_message());
            return 2;
        }
        double took = bt_clock_s() - begin;
        d->took_s += took;
        d->longest_s = fmax(d->longest_s, took);
        d->moves += moved;
        d->roads = bt_road_count(bt_window_network(window));
        if (i == tiles / 10) d->first_peak_mb = peak_mb();
    }
    return 0;
}

int main(int argc, char **argv)
{
    double km = argc > 1 ? strtod(argv[1], NULL) : 3220.0;
    bt_world_desc world = {7, BT_WORLD_MIXED};
    for (int i = 0; argc > 2 && i < BT_WORLD_KIND_COUNT; i++)
        if (strcmp(argv[2], bt_world_kind_names[i]) == 0) world.kind = (bt_world_kind)i;
    // kilometres of a tile, from the first nine
    bt_xodr_writer w;
    bt_world_report report;
    bt_xodr_init(&w);
    bt_window *window = NULL;
    if (bt_window_write(&world, 1, 0.0, 0.0, &w, &report) != BT_OK ||
        bt_window_create(&world, 1, 0.0, 0.0, &window) != BT_OK) {
        fprintf(stderr, "%s\n", bt_error_message());
        return 2;
    }
    bt_xodr_clear(&w);
    drive d = {.rows = (int)ceil(sqrt(9e3 * km / report.length_m))};
    int code = go(window, bt_world_tile_side(world.kind), &d);
    printf("%s: %d tiles (about %.0f km of road) visited, %u moves of a window of 9: %.0f ms each, "
           "%.0f ms at most; %u roads loaded; peak %.1f MB after a tenth, %.1f MB at the end\n",
           bt_world_kind_names[world.kind], d.rows * d.rows,
           1e-3 * report.length_m / 9.0 * d.rows * d.rows, d.moves, 1e3 * d.took_s / d.moves,
           1e3 * d.longest_s, d.roads, d.first_peak_mb, peak_mb());
    bt_window_destroy(window);
    return code;
}
