// clip_check.c: the order of the checks, and their findings.
#include "engine/label/clip_check.h"

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/label/check_internal.h"
#include "engine/road/opendrive.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// Lines reported of a file so far; NULL when there is no memory to count them.
static uint32_t *lines_of(check *c, const char *path)
{
    for (size_t i = 0; i < c->reported_count; i++) {
        if (strncmp(c->reported[i].path, path, sizeof c->reported[i].path - 1) == 0) {
            return &c->reported[i].lines;
        }
    }
    if (BT_ARRAY_RESERVE(c->reported, c->reported_capacity, c->reported_count + 1) != BT_OK) {
        return NULL;
    }
    check_file_count *file = &c->reported[c->reported_count++];
    snprintf(file->path, sizeof file->path, "%s", path);
    return &file->lines;
}

void check_found(check *c, const char *path, const char *format, ...)
{
    char what[1024], line[1400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    c->counts.findings++;
    uint32_t *lines = lines_of(c, path);
    if (lines != NULL && ++*lines > CHECK_LINES_PER_FILE) return;
    snprintf(line, sizeof line, "%.300s: %s", path, what);
    if (c->report != NULL) c->report(c->context, line);
}

bt_status check_path(const check *c, const char *path, char *out, size_t size)
{
    return bt_path_join(out, size, c->dir, path);
}

static bt_status check_all(check *c)
{
    bt_status status = BT_OK;
    check_files(c);
    check_map(c);
    check_commands(c);
    check_load_truth(c);
    check_truth(c);
    for (size_t i = 0; i < c->frame_count && status == BT_OK; i++) {
        bt_progress("checking frames", i, c->frame_count);
        status = bt_cancel_signal() != 0 ? bt_fail(BT_ERR_CANCELLED, "the check was interrupted")
                                         : check_frame_images(c, i);
        c->counts.frames++;
    }
    return status;
}

static void clear(check *c)
{
    json_decref(c->root);
    json_decref(c->truth);
    bt_road_network_destroy(c->net);
    bt_free(c->reported);
    bt_free(c->cameras);
    bt_free(c->objects);
    bt_free(c->frames);
}

bt_status bt_clip_check(const char *dir, bt_jobs *jobs, bt_finding_fn report, void *context,
                        bt_check_counts *counts)
{
    check c = {.dir = dir, .jobs = jobs, .report = report, .context = context};
    char path[4096], *text;
    size_t bytes;
    *counts = (bt_check_counts){0};
    bt_status status = check_path(&c, "clip.json", path, sizeof path);
    if (status == BT_OK) status = bt_file_read(path, 0, &text, &bytes);
    if (status != BT_OK) return bt_fail_prefix(status, "'%s' is no finished clip", dir);
    bool loaded = check_load(&c, text, bytes);
    bt_free(text);
    if (loaded) status = check_all(&c);
    *counts = c.counts;
    clear(&c);
    return status;
}
