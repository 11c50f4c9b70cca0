// windshield_json.h: a windshield sheet as JSON, each number with its origin; for this folder.
#ifndef BT_CAMERA_WINDSHIELD_JSON_H
#define BT_CAMERA_WINDSHIELD_JSON_H

#include <jansson.h>

#include "sensors/camera/optics/windshield.h"

// The caller owns the object; *failed becomes 1 when something could not be put.
json_t *windshield_json(const bt_windshield *windshield, int *failed);

#endif
