// terminal.c: see terminal.h.
#include "engine/app/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/core/file.h"
#include "engine/core/log.h"

// One program, one terminal: what is being shown on it.
static struct {
    bool interactive;
    bool line_open;
    const char *what;
    double begun_s;
    uint64_t begun_at;
} terminal;

static void end_line(void)
{
    if (terminal.line_open) fputc('\n', stderr);
    terminal.line_open = false;
}

static void on_log(void *context, bt_log_level level, const char *message)
{
    static const char *const prefixes[] = {"error: ", "warning: ", "", "debug: "};
    (void)context;
    end_line();
    fprintf(stderr, "%s%s\n", prefixes[level], message);
}

// "frames 3 of 20, 4.1 s each, 70 s left"
static void on_progress(void *context, const char *what, uint64_t done, uint64_t total)
{
    (void)context;
    double now_s = bt_clock_s();
    if (!terminal.what || strcmp(terminal.what, what) != 0) {
        end_line();
        terminal.what = what;
        terminal.begun_s = now_s;
        terminal.begun_at = done > 0 ? done - 1 : 0;
    }
    double each_s = done > terminal.begun_at
                        ? (now_s - terminal.begun_s) / (double)(done - terminal.begun_at)
                        : 0.0;
    if (terminal.interactive) fputs("\r\033[K", stderr);
    fprintf(stderr, "%s %" PRIu64, what, done);
    if (total >= done && total > 0)
        fprintf(stderr, " of %" PRIu64 ", %.1f s each, %.0f s left", total, each_s,
                each_s * (double)(total - done));
    terminal.line_open = terminal.interactive;
    if (!terminal.interactive) fputc('\n', stderr);
    fflush(stderr);
}

void bt_terminal_open(bool quiet)
{
    terminal.interactive = isatty(STDERR_FILENO);
    bt_log_set(on_log, NULL, quiet ? BT_LOG_WARNING : BT_LOG_INFO);
    bt_progress_set(quiet ? NULL : on_progress, NULL);
}

void bt_terminal_close(void)
{
    end_line();
}
