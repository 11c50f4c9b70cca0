// read_plan.h: when the reads of a row expose, and which of them share their charge.
//
// A plane is one exposure of one photodiode (view.h). Reads of the same photodiode over the same time
// read the same charge: one plane. Exposures are whole rows, at least one, where rows take time.
//
// Threads: pure functions.
#ifndef BT_CAMERA_IMAGER_READ_PLAN_H
#define BT_CAMERA_IMAGER_READ_PLAN_H

#include "sensors/camera/sheet.h"

typedef struct bt_read_plane {
    bool small;        // of the small photodiode
    double start_s;    // from the row's opening
    double exposure_s; // as it is, which a ratio may not quite allow
} bt_read_plane;

typedef struct bt_read_plan {
    uint32_t plane_count, read_count;
    bt_read_plane planes[BT_SHEET_READS_MAX];
    uint32_t plane_of[BT_SHEET_READS_MAX]; // of each read
    double open_s;                         // of the row: first start to last end
} bt_read_plan;

// `exposure_s`: of the first read.
void bt_read_plan_make(const bt_camera_sheet *sheet, double exposure_s, bt_read_plan *plan);

#endif
