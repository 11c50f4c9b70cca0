// dark.c: dark current against temperature: mean counts under the cap at two exposures each.
#include "sensors/bench/bench_internal.h"

#include <math.h>
#include <stdio.h>

#define COLDEST_KELVIN 298.15
#define HOTTEST_KELVIN 348.15 // chosen: what stands behind a sunlit windshield, and more
#define FILL_E 2000.0         // chosen: dark electrons of the long exposure
#define LONGEST_S 60.0

static bt_status mean_at(const bench *b, bench_shot *shot, const bt_film *cap, double exposure_s,
                         double *mean)
{
    bench_rect all = {0, 0, b->width_px, b->height_px};
    shot->state.exposure.exposure_s = exposure_s;
    bt_status status = bench_shot_read(b, shot, cap, b->reads);
    *mean = 0.0;
    for (uint32_t plane = 0; plane < bench_plane_count(&b->sheet); plane++)
        *mean += bench_rect_mean(b, shot, plane, all, NULL) / bench_plane_count(&b->sheet);
    return status;
}

static bt_status measure(bench *b, bench_shot *shot, const bt_film *cap, double kelvin,
                         bench_text *table, double *current)
{
    double truth = bench_dark_e_s(&b->truth, kelvin);
    double gain = bench_gain_dn_e(&b->truth, shot->state.exposure.analog_gain), dn[2] = {0};
    double longest = truth > 0.0 ? fmin(FILL_E / truth, LONGEST_S) : LONGEST_S;
    char where[40];
    shot->state.temperature_kelvin = kelvin;
    bt_status status = mean_at(b, shot, cap, 0.1 * longest, &dn[0]);
    if (status == BT_OK) status = mean_at(b, shot, cap, longest, &dn[1]);
    *current = (dn[1] - dn[0]) / gain / (0.9 * longest);
    bench_print(table, "%.2f,%.9g,%.9g,%.9g,%.9g\n", kelvin, 0.1 * longest, dn[0], longest, dn[1]);
    snprintf(where, sizeof where, "%.2f K", kelvin);
    if (status == BT_OK)
        status = bench_add(b, "dark_current", where, "e/s", truth, 0.03 * truth, 0.03 * truth, 0.0,
                           *current);
    return status;
}

static bt_status sweep(bench *b, bench_shot *shot, const bt_film *cap, bench_text *table)
{
    size_t plot;
    double first = 0.0, last = 0.0;
    bt_status status = bench_plot_begin(b, "Dark current", "temperature, K", "dark current, e/s",
                                        false, true, &plot);
    for (uint32_t i = 0; i < b->steps && status == BT_OK; i++) {
        double kelvin = bt_lerp(COLDEST_KELVIN, HOTTEST_KELVIN, i / (b->steps - 1.0));
        status = measure(b, shot, cap, kelvin, table, &last);
        if (i == 0) first = last;
        if (status == BT_OK) status = bench_plot_add(b, plot, "measured", BENCH_DOTS, kelvin, last);
        double truth = bench_dark_e_s(&b->truth, kelvin);
        if (status == BT_OK) status = bench_plot_add(b, plot, "truth", BENCH_LINE, kelvin, truth);
    }
    double doubling = bt_sheet_get(&b->truth, BT_SHEET_DARK_DOUBLING_KELVIN);
    if (status == BT_OK)
        status =
            bench_add(b, "dark_doubling", "all", "K", doubling, 0.03 * doubling, 0.03 * doubling,
                      0.0, (HOTTEST_KELVIN - COLDEST_KELVIN) / log2(last / first));
    return status;
}

bt_status bench_dark(bench *b)
{
    bench_shot shot;
    bt_film *cap = NULL;
    bench_text table = {0};
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_print(&table, "temperature_kelvin,exposure_1_s,mean_1_dn,exposure_2_s,mean_2_dn\n");
    bt_status status = bench_shot_begin(b, &shot);
    if (status == BT_OK) status = bench_cap(b, &shot, &cap);
    if (status == BT_OK) status = sweep(b, &shot, cap, &table);
    bt_film_destroy(cap);
    bench_shot_clear(&shot);
    bt_status written = bench_text_write(b, &table, "dark.csv");
    return status != BT_OK ? status : written;
}
