// arguments.h: the values of command line options, checked.
//
// Each function reads all of `text` or fails with BT_ERR_INPUT and one line: the option, the text, what is
// accepted. `option` is named as the user wrote it, with its dashes. On failure the value is left alone.
#ifndef BT_APP_ARGUMENTS_H
#define BT_APP_ARGUMENTS_H

#include "engine/core/status.h"

#include <stdbool.h>
#include <stdint.h>

BT_CHECKED bt_status bt_argument_u64(const char *option, const char *text, uint64_t least,
                                     uint64_t most, uint64_t *value);
BT_CHECKED bt_status bt_argument_u32(const char *option, const char *text, uint32_t least,
                                     uint32_t most, uint32_t *value);
// Finite, decimal or with an exponent.
BT_CHECKED bt_status bt_argument_number(const char *option, const char *text, double least,
                                        double most, double *value);
// "on" or "off".
BT_CHECKED bt_status bt_argument_switch(const char *option, const char *text, bool *value);
// WIDTHxHEIGHT, each 16 to `most`, at most 99999.
BT_CHECKED bt_status bt_argument_size(const char *option, const char *text, uint32_t most,
                                      uint32_t *width_px, uint32_t *height_px);

#endif
