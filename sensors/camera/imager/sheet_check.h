// sheet_check.h: what of a sheet's imager must fit together.
#ifndef BT_CAMERA_IMAGER_SHEET_CHECK_H
#define BT_CAMERA_IMAGER_SHEET_CHECK_H

#include "sensors/camera/sheet.h"

// Well against converter, black level, reads, fusion, companding: BT_ERR_INPUT names what does not fit.
BT_CHECKED bt_status bt_sheet_check_imager(const bt_camera_sheet *sheet);

#endif
