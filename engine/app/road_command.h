// road_command.h: `blacktop road info|check|sample|make`: describe, validate, sample and generate
// road networks.
#ifndef BT_APP_ROAD_COMMAND_H
#define BT_APP_ROAD_COMMAND_H

// argv[0] is "road", argv[1] the verb. Prints to stdout and stderr; gives the exit code: 0 done,
// 1 `check` found faults, 2 bad input.
int bt_road_command(int argc, char **argv);

#endif
