// read_plan.c: exposures of the reads of a row.
#include "sensors/camera/imager/read_plan.h"

#include <math.h>

#define SAME_S 1e-12

static double read_exposure_s(const bt_camera_sheet *sheet, const bt_sheet_read *read,
                              double exposure_s)
{
    double ratio = bt_read_get(read, BT_READ_EXPOSURE_RATIO);
    double low_s = bt_read_get(read, BT_READ_EXPOSURE_MIN_S);
    double high_s = bt_read_get(read, BT_READ_EXPOSURE_MAX_S);
    double row_s = bt_sheet_get(sheet, BT_SHEET_ROW_TIME_S);
    double wanted_s = fmax(exposure_s / ratio, low_s);
    if (high_s > 0.0) wanted_s = fmin(wanted_s, high_s);
    // what is asked for as it is needs no rounding
    if (row_s <= 0.0 || (ratio == 1.0 && wanted_s == exposure_s)) return wanted_s;
    return fmax(1.0, floor(wanted_s / row_s + 0.5)) * row_s;
}

static uint32_t add_plane(bt_read_plan *plan, const bt_read_plane *plane)
{
    for (uint32_t i = 0; i < plan->plane_count; i++) {
        const bt_read_plane *p = &plan->planes[i];
        if (p->small == plane->small && fabs(p->start_s - plane->start_s) < SAME_S &&
            fabs(p->exposure_s - plane->exposure_s) < SAME_S)
            return i;
    }
    plan->planes[plan->plane_count] = *plane;
    return plan->plane_count++;
}

// Times are from the first read's end until the first start is known.
static void open_row(bt_read_plan *plan)
{
    double first_s = INFINITY, last_s = -INFINITY;
    for (uint32_t i = 0; i < plan->plane_count; i++) {
        first_s = fmin(first_s, plan->planes[i].start_s);
        last_s = fmax(last_s, plan->planes[i].start_s + plan->planes[i].exposure_s);
    }
    for (uint32_t i = 0; i < plan->plane_count; i++)
        plan->planes[i].start_s -= first_s;
    plan->open_s = last_s - first_s;
}

void bt_read_plan_make(const bt_camera_sheet *sheet, double exposure_s, bt_read_plan *plan)
{
    *plan = (bt_read_plan){.plane_count = 1, .read_count = 1, .open_s = exposure_s};
    plan->planes[0].exposure_s = exposure_s;
    if (sheet->read_count == 0) return;
    plan->plane_count = 0;
    plan->read_count = sheet->read_count;
    double end_s = 0.0, row_s = bt_sheet_get(sheet, BT_SHEET_ROW_TIME_S);
    for (uint32_t k = 0; k < sheet->read_count; k++) {
        const bt_sheet_read *read = &sheet->reads[k];
        bt_read_plane plane = {.small = bt_read_get(read, BT_READ_SMALL) > 0.5,
                               .exposure_s = read_exposure_s(sheet, read, exposure_s)};
        if (bt_read_get(read, BT_READ_AFTER) > 0.5)
            end_s += bt_read_get(read, BT_READ_GAP_ROWS) * row_s + plane.exposure_s;
        plane.start_s = end_s - plane.exposure_s;
        plan->plane_of[k] = add_plane(plan, &plane);
    }
    open_row(plan);
}
