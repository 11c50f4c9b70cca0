// main.c: the program `blacktop`: finds the command, sets up messages and signals, gives the exit
// code.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/app/audit_command.h"
#include "engine/app/camera_command.h"
#include "engine/app/check_command.h"
#include "engine/app/exit_code.h"
#include "engine/app/road_command.h"
#include "engine/app/run_command.h"
#include "engine/app/scenario_command.h"
#include "engine/core/jobs.h"

#ifndef BT_VERSION
#define BT_VERSION "unknown"
#endif

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} command;

static const command commands[] = {
    {"run", bt_run_command, "scenario to labelled clip, closed loop with its autopilot"},
    {"scenario", bt_scenario_command, "what may be set, what is understood, a rehearsal without light"},
    {"road", bt_road_command, "road networks: describe, validate, sample"},
    {"audit", bt_audit_command, "prove all motion of a scenario possible"},
    {"check", bt_check_command, "prove a clip consistent with itself"},
    {"camera", bt_camera_command, "data sheets, and the virtual laboratory"},
};

static void print_help(FILE *out)
{
    fputs("usage: blacktop COMMAND ...\n\n"
          "A photoreal, sensor-accurate driving simulator.\n\n",
          out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\nblacktop COMMAND --help tells more; blacktop --version names the version.\n"
          "Not built yet: export, farm.\n",
          out);
}

static void on_signal(int number)
{
    if (bt_cancel_signal()) _Exit(128 + number); // asked twice
    bt_cancel_request(number);
}

static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    // a limit on file sizes is a failed write, not a death
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
    watch_signals();
    if (argc < 2) {
        print_help(stderr);
        return BT_EXIT_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return BT_EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("blacktop " BT_VERSION);
        return BT_EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0) return commands[i].run(argc - 1, argv + 1);
    return bt_exit_usage("no command '%s'; there are run, scenario, road, audit, check, camera; see "
                         "blacktop --help",
                         argv[1]);
}
