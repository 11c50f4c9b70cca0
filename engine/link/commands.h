// commands.h: commands.jsonl: every command held and every event, so that a replay feeds the same
// commands and gives the same bytes.
//
// One object a line, times ascending, numbers with 17 significant digits (exact round trip):
//   {"time_ns": 0, "command": {"steer_rad": 0, "accel_m_s2": 1.5, "indicators": 0}}
//   {"time_ns": 4200000000, "event": {"kind": "collision", "other": 3, "value": 7.25}}
// A collision with what stands beside the road has one member more:
//   "thing": {"name": "street lamp", "id": 812, "class": "pole", "closing_m_s": 9.1, "delta_v_m_s": 1.2}
// A command holds from its time until the next one. "other" is null where there is none.
#ifndef BT_LINK_COMMANDS_H
#define BT_LINK_COMMANDS_H

#include "engine/link/link.h"

// ---- writing ----------------------------------------------------------------------------------
typedef struct bt_command_log bt_command_log;

BT_CHECKED bt_status bt_command_log_create(bt_command_log **log);
void bt_command_log_destroy(bt_command_log *log); // NULL is fine
BT_CHECKED bt_status bt_command_log_command(bt_command_log *log, bt_time_ns time_ns,
                                            const bt_command *command);
BT_CHECKED bt_status bt_command_log_event(bt_command_log *log, const bt_verdict_event *event);
// All lines so far; zero-terminated, valid until the next one is added.
const char *bt_command_log_text(const bt_command_log *log, size_t *bytes);

// ---- reading ----------------------------------------------------------------------------------
typedef struct bt_command_record {
    bt_time_ns time_ns;
    bt_command command;
} bt_command_record;

typedef struct bt_command_list {
    bt_command_record *commands;
    size_t command_count, command_capacity;
    bt_verdict_event *events;
    size_t event_count, event_capacity;
} bt_command_list;

// Rejects what does not belong, "file:line: what". `name` stands for the file in messages.
BT_CHECKED bt_status bt_command_list_parse(const char *name, const char *text, size_t bytes,
                                           bt_command_list *list);
BT_CHECKED bt_status bt_command_list_load(const char *path, bt_command_list *list);
void bt_command_list_clear(bt_command_list *list);
// The command held at a time; false before the first one (then *command is zero).
bool bt_command_list_at(const bt_command_list *list, bt_time_ns time_ns, bt_command *command);

#endif
