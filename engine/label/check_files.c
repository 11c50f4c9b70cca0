// check_files.c: sizes and hashes, the digest of clip.json, files that nobody lists; the map and the
// commands.
#include "engine/label/check_internal.h"

#include "engine/core/file.h"
#include "engine/core/hash.h"
#include "engine/core/memory.h"
#include "engine/label/json_out.h"
#include "engine/label/map_json.h"
#include "engine/road/opendrive.h"

#include <dirent.h>
#include <math.h>
#include <string.h>

// ---- sizes and hashes -------------------------------------------------------------------------
static void check_one(check *c, const json_t *file)
{
    const char *name = check_read_text(file, "path"), *hash = check_read_text(file, "sha256");
    char path[4096];
    int64_t bytes;
    uint64_t size;
    bt_sha256 digest;
    c->counts.files++;
    c->counts.checks += 2;
    if (name == NULL || hash == NULL || !check_read_integer(file, "bytes", &bytes)) {
        check_found(c, "clip.json", "a file without path, bytes or sha256");
        return;
    }
    if (check_path(c, name, path, sizeof path) != BT_OK || bt_file_size(path, &size) != BT_OK ||
        bt_sha256_of_file(path, &digest) != BT_OK) {
        check_found(c, name, "%s", bt_error_message());
        return;
    }
    if (bytes < 0 || size != (uint64_t)bytes) {
        check_found(c, name, "it has %llu bytes, clip.json says %lld", (unsigned long long)size,
                    (long long)bytes);
    }
    if (strcmp(bt_sha256_format(&digest).hex, hash) != 0) {
        check_found(c, name, "its SHA-256 is not the one in clip.json");
    }
}

static void check_digest(check *c)
{
    json_maker maker = {0};
    bt_sha256 digest;
    char *text;
    size_t bytes;
    const char *stated = check_read_text(c->root, "digest");
    json_t *rest = json_copy(c->root);
    json_object_del(rest, "digest");
    c->counts.checks++;
    if (out_text(&maker, rest, false, &text, &bytes) != BT_OK ||
        bt_sha256_of(text, bytes, &digest) != BT_OK) {
        check_found(c, "clip.json", "%s", bt_error_message());
    } else if (stated == NULL || strcmp(bt_sha256_format(&digest).hex, stated) != 0) {
        check_found(c, "clip.json", "its digest is not that of its other members");
    }
    bt_free(text);
    json_decref(rest);
}

// ---- files that nobody lists ------------------------------------------------------------------
// All paths that clip.json lists, as keys.
static json_t *listed_paths(const check *c)
{
    json_t *paths = json_object(), *file;
    const char *kind;
    const json_t *files = json_object_get(c->root, "files");
    const json_t *frames = json_object_get(c->root, "frames");
    json_object_set_new(paths, "clip.json", json_true());
    for (size_t i = 0; i < json_array_size(files); i++) {
        json_object_set_new(paths, check_read_text(json_array_get(files, i), "path"), json_true());
    }
    for (size_t i = 0; i < json_array_size(frames); i++) {
        json_object_foreach(json_object_get(json_array_get(frames, i), "files"), kind, file)
        {
            const char *path = check_read_text(file, "path");
            if (path != NULL) json_object_set_new(paths, path, json_true());
        }
    }
    return paths;
}

static void check_unlisted(check *c, const json_t *listed, const char *folder)
{
    char path[4096], name[512];
    if (check_path(c, folder, path, sizeof path) != BT_OK) return;
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        bool camera = false;
        for (uint32_t i = 0; i < c->camera_count; i++) {
            camera = camera || strcmp(c->cameras[i].name, entry->d_name) == 0;
        }
        if (folder[0] == '\0' && camera) continue;
        snprintf(name, sizeof name, "%s%s%s", folder, folder[0] != '\0' ? "/" : "", entry->d_name);
        c->counts.checks++;
        if (json_object_get(listed, name) == NULL)
            check_found(c, name, "no file of the clip: clip.json does not list it");
    }
    if (dir != NULL) closedir(dir);
}

void check_files(check *c)
{
    check_digest(c);
    const json_t *files = json_object_get(c->root, "files");
    for (size_t i = 0; i < json_array_size(files); i++)
        check_one(c, json_array_get(files, i));
    const json_t *frames = json_object_get(c->root, "frames");
    for (size_t i = 0; i < json_array_size(frames); i++) {
        const char *kind;
        json_t *file;
        json_object_foreach(json_object_get(json_array_get(frames, i), "files"), kind, file)
        {
            check_one(c, file);
        }
    }
    json_t *listed = listed_paths(c);
    check_unlisted(c, listed, "");
    for (uint32_t i = 0; i < c->camera_count; i++)
        check_unlisted(c, listed, c->cameras[i].name);
    json_decref(listed);
}

// ---- the map ----------------------------------------------------------------------------------
static void load_map(check *c, const char *xodr, const char *json)
{
    char xodr_path[4096], json_path[4096], *derived = NULL, *stored = NULL;
    size_t derived_bytes, stored_bytes;
    c->counts.checks++;
    bt_road_network_destroy(c->net);
    c->net = NULL;
    if (check_path(c, xodr, xodr_path, sizeof xodr_path) != BT_OK ||
        bt_opendrive_load(xodr_path, &c->net) != BT_OK ||
        bt_map_json(c->net, &derived, &derived_bytes) != BT_OK) {
        check_found(c, xodr, "%s", bt_error_message());
    } else if (check_path(c, json, json_path, sizeof json_path) != BT_OK ||
               bt_file_read(json_path, 0, &stored, &stored_bytes) != BT_OK) {
        check_found(c, json, "%s", bt_error_message());
    } else if (derived_bytes != stored_bytes || memcmp(derived, stored, stored_bytes) != 0) {
        check_found(c, json, "it is not what %s gives", xodr);
    }
    bt_free(derived);
    bt_free(stored);
}

void check_map(check *c)
{
    load_map(c, "map.xodr", "map.json");
}

// ---- windows of an endless world --------------------------------------------------------------
// A file at the top of the clip that a window names; NULL: it names none.
static const char *file_of(const json_t *window, const char *key)
{
    const char *name = check_read_text(window, key);
    return name != NULL && name[0] != '.' && strchr(name, '/') == NULL ? name : NULL;
}

static bool load_objects(check *c, const char *name)
{
    char path[4096], *text;
    size_t bytes;
    if (check_path(c, name, path, sizeof path) != BT_OK ||
        bt_file_read(path, 0, &text, &bytes) != BT_OK)
        return false;
    json_t *objects = json_loadb(text, bytes, 0, NULL);
    bool loaded = check_load_objects(c, objects);
    json_decref(objects);
    bt_free(text);
    return loaded;
}

void check_enter_window(check *c, int64_t window)
{
    if (c->window == window) return;
    c->window = window;
    if (window == 0) {
        check_map(c);
        if (!check_load_objects(c, json_object_get(c->root, "objects")))
            check_found(c, "clip.json", "objects: wrong");
        return;
    }
    const json_t *windows = json_object_get(c->root, "windows");
    const json_t *it = window > 0 ? json_array_get(windows, (size_t)window - 1) : NULL;
    const char *map = file_of(it, "map"), *lanes = file_of(it, "lanes");
    const char *objects = file_of(it, "objects");
    if (map == NULL || lanes == NULL || objects == NULL) {
        check_found(c, "clip.json", "there is no window %lld", (long long)window);
        return;
    }
    load_map(c, map, lanes);
    if (!load_objects(c, objects)) check_found(c, objects, "it holds no table of objects");
}

// ---- commands ---------------------------------------------------------------------------------
static const char *command_error(const json_t *line, int64_t *time_ns)
{
    const json_t *command = json_object_get(line, "command");
    const json_t *event = json_object_get(line, "event");
    int64_t at;
    double steer, accel;
    if (!check_read_integer(line, "time_ns", &at) || at < 0) return "no time_ns";
    if (at < *time_ns) return "its time lies before the line above";
    *time_ns = at;
    if (json_is_object(command) == json_is_object(event)) return "neither a command nor an event";
    if (json_is_object(event))
        return check_read_text(event, "kind") != NULL ? NULL : "event without kind";
    if (!check_read_number(command, "steer_rad", &steer) ||
        !check_read_number(command, "accel_m_s2", &accel) || fabs(steer) > 2.0 ||
        fabs(accel) > 100.0) {
        return "steer_rad or accel_m_s2 missing or out of range";
    }
    return NULL;
}

// The verdict of clip.json, where it names one, must be among the events, by the time it states.
static void check_verdict(check *c, const json_t *events)
{
    const json_t *verdict = json_object_get(c->root, "verdict");
    const char *kind = check_read_text(verdict, "verdict");
    int64_t time_ns;
    c->counts.checks++;
    if (kind == NULL || !check_read_integer(verdict, "time_ns", &time_ns)) return;
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *line = json_array_get(events, i);
        const char *other = check_read_text(json_object_get(line, "event"), "kind");
        int64_t at;
        if (other != NULL && strcmp(other, kind) == 0 && check_read_integer(line, "time_ns", &at) &&
            at <= time_ns) {
            return;
        }
    }
    check_found(c, "commands.jsonl", "it has no event '%s' up to %lld ns, the verdict of clip.json",
                kind, (long long)time_ns);
}

void check_commands(check *c)
{
    char path[4096], *text;
    size_t bytes;
    if (check_path(c, "commands.jsonl", path, sizeof path) != BT_OK || !bt_file_exists(path))
        return;
    if (bt_file_read(path, 0, &text, &bytes) != BT_OK) {
        check_found(c, "commands.jsonl", "%s", bt_error_message());
        return;
    }
    json_t *events = json_array();
    int64_t time_ns = 0;
    size_t number = 1;
    for (size_t at = 0; at < bytes; number++) {
        const char *end = memchr(text + at, '\n', bytes - at);
        size_t length = end != NULL ? (size_t)(end - (text + at)) : bytes - at;
        json_t *line = json_loadb(text + at, length, JSON_REJECT_DUPLICATES, NULL);
        const char *wrong = line == NULL ? "no JSON" : command_error(line, &time_ns);
        c->counts.checks++;
        if (wrong != NULL) check_found(c, "commands.jsonl", "line %zu: %s", number, wrong);
        if (json_is_object(json_object_get(line, "event"))) json_array_append(events, line);
        json_decref(line);
        at += length + 1;
    }
    check_verdict(c, events);
    json_decref(events);
    bt_free(text);
}
