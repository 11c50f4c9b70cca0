// run_command.h: `blacktop run SCENARIO.lua --out DIR`: the main job.
#ifndef BT_APP_RUN_COMMAND_H
#define BT_APP_RUN_COMMAND_H

// argv[0] is "run". Gives the exit code.
int bt_run_command(int argc, char **argv);

#endif
