// commands.h: commands.jsonl: every command the autopilot gave and every verdict event, one JSON
// object a line, in order of time. Feeding the commands back gives the same bytes.
//
//   {"time_ns":50000000,"command":{"steer_rad":0.01,"accel_m_s2":-0.5,"indicators":0}}
//   {"time_ns":1230000000,"event":"collision","other":7,"value":4.2}
//
// Numbers are written so that reading gives the same double. A command holds until the next one.
#ifndef BT_LINK_COMMANDS_H
#define BT_LINK_COMMANDS_H

#include "engine/link/link.h"

typedef struct bt_command_log bt_command_log;

BT_CHECKED bt_status bt_command_log_create(bt_command_log **log);
void bt_command_log_destroy(bt_command_log *log); // NULL is fine
BT_CHECKED bt_status bt_command_log_command(bt_command_log *log, bt_time_ns time_ns,
                                            const bt_command *command);
BT_CHECKED bt_status bt_command_log_event(bt_command_log *log, const bt_verdict_event *event);
// The text so far; valid until the log is changed.
const char *bt_command_log_text(const bt_command_log *log, size_t *bytes);

// Reads a log from text; hostile lines fail with "name:line: what".
BT_CHECKED bt_status bt_command_log_parse(const char *name, const char *text, size_t bytes,
                                          bt_command_log **log);
// The command in force at a time: false before the first.
bool bt_command_log_at(const bt_command_log *log, bt_time_ns time_ns, bt_command *command);

#endif
