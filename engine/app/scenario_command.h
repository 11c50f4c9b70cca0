// scenario_command.h: `blacktop scenario parameters|coverage|play`.
#ifndef BT_APP_SCENARIO_COMMAND_H
#define BT_APP_SCENARIO_COMMAND_H

// argv[0] is "scenario". Gives the exit code.
int bt_scenario_command(int argc, char **argv);

#endif
