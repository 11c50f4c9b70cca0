// sheet_text.h: a camera's data sheet for people, in the manner of EMVA 1288: every number with unit,
// origin and source; what is assumed marked; and what follows from the numbers.
//
// Threads: pure functions.
#ifndef BT_CAMERA_SHEET_TEXT_H
#define BT_CAMERA_SHEET_TEXT_H

#include "sensors/camera/sheet.h"

#include <stddef.h>

#define BT_SHEET_DERIVED_MAX 40

// A number that follows from others, with its formula.
typedef struct bt_sheet_derived {
    char name[48];
    double value;
    char unit[20];
    char formula[96];
} bt_sheet_derived;

// Gives how many; at most BT_SHEET_DERIVED_MAX. The sheet has been checked.
size_t bt_sheet_derive(const bt_camera_sheet *sheet, bt_sheet_derived *derived);

// The caller frees the text with bt_free.
BT_CHECKED bt_status bt_camera_sheet_text(const bt_camera_sheet *sheet, char **text);
// { "sheet": as bt_camera_sheet_json gives it, "derived": { name: { value, unit, formula } } }
BT_CHECKED bt_status bt_camera_sheet_text_json(const bt_camera_sheet *sheet, char **text);

#endif
