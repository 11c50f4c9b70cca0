// audit_command.h: `blacktop audit SCENARIO.lua ...`.
#ifndef BT_APP_AUDIT_COMMAND_H
#define BT_APP_AUDIT_COMMAND_H

// argv[0] is "audit". Gives the exit code: 0 all motion is possible, 1 findings, 2 bad input.
int bt_audit_command(int argc, char **argv);

#endif
