// spectrum_csv.h: spectra from comma-separated tables.
//
// The first line that is neither empty nor a comment (#) names the columns; the first column is the
// wavelength in nanometres, ascending. Empty cells are skipped. At most 4 MiB, 20000 rows, 64
// columns. Errors name file and line.
#ifndef BT_SPECTRUM_SPECTRUM_CSV_H
#define BT_SPECTRUM_SPECTRUM_CSV_H

#include "engine/core/status.h"
#include "shaders/shared/types.h"

#include <stddef.h>
#include <stdint.h>

#define BT_SPECTRUM_NAME_MAX 64

// Reads column `column` (its name; NULL: the second column) of a file onto the bins.
BT_CHECKED bt_status bt_spectrum_read_csv(const char *path, const char *column,
                                          float out[BT_SPECTRUM_BINS]);
// Names of the columns after the wavelength, in their order: at most `most`, longer ones are BT_ERR_INPUT.
BT_CHECKED bt_status bt_spectrum_csv_names(const char *path, uint32_t most,
                                           char names[][BT_SPECTRUM_NAME_MAX], uint32_t *count);
// A column from text in memory, `count` bytes; `name` is for messages.
BT_CHECKED bt_status bt_spectrum_parse_csv(const char *name, const char *text, size_t count,
                                           const char *column, float out[BT_SPECTRUM_BINS]);

#endif
