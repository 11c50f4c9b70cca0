// check_command.h: `blacktop check DIR`.
#ifndef BT_APP_CHECK_COMMAND_H
#define BT_APP_CHECK_COMMAND_H

// argv[0] is "check". Gives the exit code: 0 consistent, 1 findings, 2 not a clip.
int bt_check_command(int argc, char **argv);

#endif
