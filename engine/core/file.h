// file.h: files and folders, with nothing half-written under a final name.
//
// The only place that talks to the operating system. All paths are UTF-8 bytes. Failures name the
// path and the system's reason.
#ifndef BT_CORE_FILE_H
#define BT_CORE_FILE_H

#include "engine/core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// Reads a whole regular file, at most `limit_bytes` (0: 1 GiB). *bytes has one zero byte more than
// *count, so text can be used as a string; the caller frees it with bt_free.
BT_CHECKED bt_status bt_file_read(const char *path, size_t limit_bytes, char **bytes,
                                  size_t *count);

// Writes to a temporary name beside `path`, syncs, renames, syncs the folder. What exists under
// `path` and is not a regular file (a device, a folder) is left alone: that fails.
BT_CHECKED bt_status bt_file_write(const char *path, const void *bytes, size_t count);

// The same for writers that want a stream or a name (libpng, OpenEXR): begin gives a temporary
// name in the same folder; write there; commit syncs and renames it to `path`; abort removes it.
typedef struct bt_file_pending {
    char path[4096];
    char temporary[4096];
} bt_file_pending;
BT_CHECKED bt_status bt_file_begin(const char *path, bt_file_pending *pending);
BT_CHECKED bt_status bt_file_commit(bt_file_pending *pending);
void bt_file_abort(bt_file_pending *pending);

// Makes the folder and its parents; fine when it exists.
BT_CHECKED bt_status bt_folder_make(const char *path);
// Removes temporary files that a killed process of ours left directly in `path`. A folder is
// written by one process at a time: whoever calls this owns it.
BT_CHECKED bt_status bt_folder_sweep(const char *path);
// Names of what lies in the folder, sorted, without "." and "..", at most 4096 of them (else BT_ERR_LIMIT).
// Freed by bt_folder_list_free.
BT_CHECKED bt_status bt_folder_list(const char *path, char ***names, size_t *count);
void bt_folder_list_free(char **names, size_t count);
bool bt_file_exists(const char *path);
BT_CHECKED bt_status bt_file_size(const char *path, uint64_t *bytes);
BT_CHECKED bt_status bt_file_remove(const char *path); // fine when there is none

// dir + "/" + name into `out`. Fails when it does not fit.
BT_CHECKED bt_status bt_path_join(char *out, size_t out_size, const char *dir, const char *name);
// The folder that holds `path` ("." when it names none).
BT_CHECKED bt_status bt_path_dir(char *out, size_t out_size, const char *path);
// The folder that this program's own file lies in.
BT_CHECKED bt_status bt_program_dir(char *out, size_t out_size);

// Seconds of the steady clock: for progress and benchmarks only, never for results.
double bt_clock_s(void);
// Seconds of processor that this thread has used.
double bt_thread_s(void);

#endif
