// commands.c: commands.jsonl, written and read.
#include "engine/link/commands.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/scene/classes.h"

#define LINE_LIMIT_BYTES 1024
#define THING_LIMIT_BYTES 256
#define FILE_LIMIT_BYTES ((size_t)256 << 20)
#define STEER_LIMIT_RAD 1.6
#define ACCEL_LIMIT_M_S2 50.0
#define INDICATOR_BITS (BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT)

// ---- writing ----------------------------------------------------------------------------------
struct bt_command_log {
    char *text;
    size_t bytes, capacity; // zero beyond the last line
};

bt_status bt_command_log_create(bt_command_log **out)
{
    *out = NULL;
    bt_command_log *log = bt_alloc(1, sizeof *log);
    if (!log) return bt_fail(BT_ERR_MEMORY, "no memory for the command log");
    bt_status status = BT_ARRAY_RESERVE(log->text, log->capacity, 1);
    if (status != BT_OK) {
        bt_free(log);
        return status;
    }
    *out = log;
    return BT_OK;
}

void bt_command_log_destroy(bt_command_log *log)
{
    if (!log) return;
    bt_free(log->text);
    bt_free(log);
}

static bt_status append(bt_command_log *log, const char *line)
{
    size_t count = strlen(line);
    bt_status status = BT_ARRAY_RESERVE(log->text, log->capacity, log->bytes + count + 1);
    if (status != BT_OK) return status;
    memcpy(log->text + log->bytes, line, count + 1);
    log->bytes += count;
    return BT_OK;
}

bt_status bt_command_log_command(bt_command_log *log, bt_time_ns time_ns, const bt_command *command)
{
    char line[LINE_LIMIT_BYTES];
    if (!isfinite(command->steer_rad) || !isfinite(command->accel_m_s2))
        return bt_fail(BT_ERR_INTERNAL, "a command that is not a number");
    snprintf(line, sizeof line,
             "{\"time_ns\": %lld, \"command\": {\"steer_rad\": %.17g, \"accel_m_s2\": %.17g, "
             "\"indicators\": %u}}\n",
             (long long)time_ns, command->steer_rad, command->accel_m_s2, command->indicators);
    return append(log, line);
}

// Names are those of generators: no quotes in them.
static void print_thing(const bt_verdict_thing *thing, char *text, size_t size)
{
    text[0] = '\0';
    if (thing->name[0] == '\0') return;
    snprintf(
        text, size,
        ", \"thing\": {\"name\": \"%s\", \"id\": %u, \"class\": \"%s\", \"closing_m_s\": %.17g, "
        "\"delta_v_m_s\": %.17g}",
        thing->name, thing->id, bt_class_get((bt_class)thing->class_id)->name, thing->closing_m_s,
        thing->delta_v_m_s);
}

bt_status bt_command_log_event(bt_command_log *log, const bt_verdict_event *event)
{
    char line[LINE_LIMIT_BYTES], other[16] = "null";
    if (!isfinite(event->value)) return bt_fail(BT_ERR_INTERNAL, "an event that is not a number");
    if (event->other != BT_SIM_NONE) snprintf(other, sizeof other, "%u", event->other);
    char thing[THING_LIMIT_BYTES];
    print_thing(&event->thing, thing, sizeof thing);
    snprintf(
        line, sizeof line,
        "{\"time_ns\": %lld, \"event\": {\"kind\": \"%s\", \"other\": %s, \"value\": %.17g%s}}\n",
        (long long)event->time_ns, bt_verdict_name(event->kind), other, event->value, thing);
    return append(log, line);
}

const char *bt_command_log_text(const bt_command_log *log, size_t *bytes)
{
    if (bytes) *bytes = log->bytes;
    return log->text;
}

// ---- reading ----------------------------------------------------------------------------------
typedef struct line_place {
    const char *name;
    size_t line;
} line_place;

static bt_status wrong(const line_place *at, const char *what)
{
    return bt_fail(BT_ERR_INPUT, "%s:%zu: %s", at->name, at->line, what);
}

static bool number_within(const json_t *value, double limit, double *out)
{
    if (!json_is_number(value)) return false;
    *out = json_number_value(value);
    return *out >= -limit && *out <= limit;
}

static bt_status read_command(const line_place *at, const json_t *object, bt_command *command)
{
    if (json_object_size(object) != 3)
        return wrong(at, "expected command {steer_rad, accel_m_s2, indicators}");
    if (!number_within(json_object_get(object, "steer_rad"), STEER_LIMIT_RAD, &command->steer_rad))
        return wrong(at, "command.steer_rad: expected a number from -1.6 to 1.6");
    if (!number_within(json_object_get(object, "accel_m_s2"), ACCEL_LIMIT_M_S2,
                       &command->accel_m_s2))
        return wrong(at, "command.accel_m_s2: expected a number from -50 to 50");
    const json_t *lamps = json_object_get(object, "indicators");
    json_int_t bits = json_integer_value(lamps);
    if (!json_is_integer(lamps) || bits < 0 || (bits & ~(json_int_t)INDICATOR_BITS) != 0)
        return wrong(at, "command.indicators: expected bits 8 (left) and 16 (right)");
    command->indicators = (uint32_t)bits;
    return BT_OK;
}

static bool read_thing(const json_t *object, bt_verdict_thing *thing)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *class_name = json_string_value(json_object_get(object, "class"));
    const json_t *id = json_object_get(object, "id");
    json_int_t number = json_integer_value(id);
    if (json_object_size(object) != 5 || !name || !class_name) return false;
    if (name[0] == '\0' || strlen(name) >= sizeof thing->name) return false;
    if (!json_is_integer(id) || number < 0 || number > UINT16_MAX) return false;
    memcpy(thing->name, name, strlen(name) + 1);
    thing->id = (uint32_t)number;
    thing->class_id = BT_CLASS_COUNT;
    for (uint32_t i = 0; i < BT_CLASS_COUNT; i++)
        if (strcmp(class_name, bt_class_get((bt_class)i)->name) == 0) thing->class_id = i;
    return thing->class_id < BT_CLASS_COUNT &&
           number_within(json_object_get(object, "closing_m_s"), 1e300, &thing->closing_m_s) &&
           number_within(json_object_get(object, "delta_v_m_s"), 1e300, &thing->delta_v_m_s);
}

static bt_status read_event(const line_place *at, const json_t *object, bt_verdict_event *event)
{
    const json_t *thing = json_object_get(object, "thing");
    if (json_object_size(object) != (thing ? 4u : 3u))
        return wrong(at, "expected event {kind, other, value} and maybe thing");
    if (thing && !read_thing(thing, &event->thing))
        return wrong(at, "event.thing: expected {name, id, class, closing_m_s, delta_v_m_s}");
    const char *kind = json_string_value(json_object_get(object, "kind"));
    event->kind = BT_VERDICT_RUNNING;
    for (int i = 1; kind && i < BT_VERDICT_COUNT; i++)
        if (strcmp(kind, bt_verdict_name((bt_verdict_kind)i)) == 0)
            event->kind = (bt_verdict_kind)i;
    if (event->kind == BT_VERDICT_RUNNING)
        return wrong(at, "event.kind: expected the name of a verdict");
    const json_t *other = json_object_get(object, "other");
    json_int_t number = json_integer_value(other);
    if (!json_is_null(other) && (!json_is_integer(other) || number < 0 || number >= UINT32_MAX))
        return wrong(at, "event.other: expected null or the number of an actor or signal");
    event->other = json_is_null(other) ? BT_SIM_NONE : (uint32_t)number;
    if (!number_within(json_object_get(object, "value"), 1e300, &event->value))
        return wrong(at, "event.value: expected a number");
    return BT_OK;
}

static bt_status add_command(bt_command_list *list, bt_time_ns time_ns, const bt_command *command)
{
    bt_status status =
        BT_ARRAY_RESERVE(list->commands, list->command_capacity, list->command_count + 1);
    if (status != BT_OK) return status;
    list->commands[list->command_count++] = (bt_command_record){time_ns, *command};
    return BT_OK;
}

static bt_status add_event(bt_command_list *list, const bt_verdict_event *event)
{
    bt_status status = BT_ARRAY_RESERVE(list->events, list->event_capacity, list->event_count + 1);
    if (status != BT_OK) return status;
    list->events[list->event_count++] = *event;
    return BT_OK;
}

// One line; `last_ns` is the time of the line before.
static bt_status read_object(const line_place *at, const json_t *root, bt_time_ns *last_ns,
                             bt_command_list *list)
{
    const json_t *time = json_object_get(root, "time_ns");
    const json_t *command = json_object_get(root, "command");
    const json_t *event = json_object_get(root, "event");
    if (!json_is_integer(time) || json_integer_value(time) < 0)
        return wrong(at, "time_ns: expected a whole number of nanoseconds, not negative");
    bt_time_ns time_ns = (bt_time_ns)json_integer_value(time);
    if (time_ns < *last_ns) return wrong(at, "time_ns: expected times that ascend");
    *last_ns = time_ns;
    if (json_object_size(root) != 2 || !command == !event)
        return wrong(at, "expected time_ns and one of command, event");
    if (command) {
        bt_command read = {0};
        bt_status status = read_command(at, command, &read);
        return status != BT_OK ? status : add_command(list, time_ns, &read);
    }
    bt_verdict_event read = {.time_ns = time_ns};
    bt_status status = read_event(at, event, &read);
    return status != BT_OK ? status : add_event(list, &read);
}

static bt_status read_line(const line_place *at, const char *text, size_t bytes,
                           bt_time_ns *last_ns, bt_command_list *list)
{
    if (bytes == 0) return wrong(at, "empty line");
    if (bytes > LINE_LIMIT_BYTES) return wrong(at, "longer than 1024 bytes");
    json_error_t error;
    json_t *root = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        char what[JSON_ERROR_TEXT_LENGTH + 32];
        snprintf(what, sizeof what, "not JSON: %s", error.text);
        return wrong(at, what);
    }
    bt_status status = read_object(at, root, last_ns, list);
    json_decref(root);
    return status;
}

bt_status bt_command_list_parse(const char *name, const char *text, size_t bytes,
                                bt_command_list *list)
{
    *list = (bt_command_list){0};
    line_place at = {name, 0};
    bt_time_ns last_ns = 0;
    bt_status status = BT_OK;
    for (size_t first = 0; first < bytes && status == BT_OK;) {
        at.line++;
        const char *end = memchr(text + first, '\n', bytes - first);
        if (!end) {
            status = wrong(&at, "the last line is cut off");
            break;
        }
        size_t count = (size_t)(end - (text + first));
        status = read_line(&at, text + first, count, &last_ns, list);
        first += count + 1;
    }
    if (status != BT_OK) bt_command_list_clear(list);
    return status;
}

bt_status bt_command_list_load(const char *path, bt_command_list *list)
{
    *list = (bt_command_list){0};
    char *text;
    size_t bytes;
    bt_status status = bt_file_read(path, FILE_LIMIT_BYTES, &text, &bytes);
    if (status != BT_OK) return status;
    status = bt_command_list_parse(path, text, bytes, list);
    bt_free(text);
    return status;
}

void bt_command_list_clear(bt_command_list *list)
{
    bt_free(list->commands);
    bt_free(list->events);
    *list = (bt_command_list){0};
}

bool bt_command_list_at(const bt_command_list *list, bt_time_ns time_ns, bt_command *command)
{
    *command = (bt_command){0};
    // the last record whose time is not later
    size_t low = 0, high = list->command_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->commands[middle].time_ns <= time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) return false;
    *command = list->commands[low - 1].command;
    return true;
}
