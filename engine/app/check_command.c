// check_command.c: see check_command.h.
#include "engine/app/check_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/app/exit_code.h"
#include "engine/label/clip_check.h"

static const char help[] =
    "usage: blacktop check DIR\n"
    "\n"
    "Proves a clip consistent with itself, from its files alone: hashes, time stamps, cuboids and\n"
    "boxes against instance masks, flow against depth and poses, visible counts, ids, ranges.\n"
    "Exit codes: 0 consistent; 1 findings, one line each; 2 not a clip.\n";

static void print_finding(void *context, const char *finding)
{
    (void)context;
    printf("%s\n", finding);
}

static int check(const char *dir)
{
    bt_jobs *jobs = NULL;
    bt_check_counts counts = {0};
    bt_status status = bt_jobs_create(0, &jobs);
    if (status == BT_OK) status = bt_clip_check(dir, jobs, print_finding, NULL, &counts);
    bt_jobs_destroy(jobs);
    // a folder that cannot be read as a clip is bad input, not bad luck
    if (status == BT_ERR_IO) status = bt_fail_prefix(BT_ERR_INPUT, "check");
    if (status != BT_OK) return bt_exit_failure(status);
    printf("%s: %" PRIu64 " findings; %" PRIu64 " files, %" PRIu64 " frames, %" PRIu64 " checks\n",
           dir, counts.findings, counts.files, counts.frames, counts.checks);
    return counts.findings ? BT_EXIT_VERDICT : BT_EXIT_DONE;
}

int bt_check_command(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return BT_EXIT_DONE;
    }
    if (argc != 2 || argv[1][0] == '-')
        return bt_exit_usage("check: expected one folder; see blacktop check --help");
    return check(argv[1]);
}
