// arrows_test.c: reads every #include line and fails on an arrow that points the wrong way.
//
//     shaders/shared <- engine <- {sensors, procedural} <- engine/app;   tests see all
//     in engine: math < core < {image, spectrum, script, road} < scene < {sim, render}
//                < {label, link, story} < {farm, openscenario} < app
//
// A room includes from lower rooms and itself only; sensors and procedural do not know each other;
// render does not know road, link does not know render; nothing but tests includes tests.
#include "tests/support/check.h"
#include "tests/support/temp.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct room {
    const char *folder;
    int level;            // a room includes from levels strictly below, and from itself
    const char *never[2]; // exceptions: folders not to be known although they are lower
} room;

static const room rooms[] = {
    {"shaders", 0, {0}},
    {"engine/math", 1, {0}},
    {"engine/core", 2, {0}},
    {"engine/image", 3, {0}},
    {"engine/spectrum", 3, {0}},
    {"engine/script", 3, {0}},
    {"engine/road", 3, {"shaders"}},
    {"engine/scene", 4, {0}},
    {"engine/sim", 5, {0}},
    {"engine/render", 5, {"engine/road"}},
    {"engine/story", 6, {"engine/render"}},
    {"engine/openscenario", 7, {"engine/render"}},
    {"engine/label", 6, {0}},
    {"engine/link", 6, {"engine/render"}},
    {"engine/farm", 7, {0}},
    {"sensors", 8, {0}},
    {"procedural", 8, {0}},
    {"engine/app", 9, {0}},
    {"tests", 10, {0}},
};
#define ROOM_COUNT (sizeof rooms / sizeof rooms[0])

typedef struct tally {
    int files, includes, wrong;
    char last[512]; // the last wrong arrow
    bool loud;
} tally;

static bool inside(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static const room *room_of(const char *path)
{
    for (size_t i = 0; i < ROOM_COUNT; i++) {
        if (inside(path, rooms[i].folder)) return &rooms[i];
    }
    return NULL;
}

// Why `from` may not include `path`; NULL when it may.
static const char *objection(const room *from, const char *path, bool quoted)
{
    const room *to = room_of(path);
    if (to == NULL) return quoted ? "not written from the project root" : NULL;
    if (to == from) return NULL;
    if (to->level >= from->level) return "the arrow points the other way";
    for (int i = 0; i < 2 && from->never[i] != NULL; i++) {
        if (inside(path, from->never[i])) return "these two do not know each other";
    }
    return NULL;
}

// The path of an include line, cut out of it in place; NULL for other lines.
static char *included(char *line, bool *quoted)
{
    char *p = line + strspn(line, " \t");
    if (*p++ != '#') return NULL;
    p += strspn(p, " \t");
    if (strncmp(p, "include", 7) != 0) return NULL;
    p += 7 + strspn(p + 7, " \t");
    if (*p != '"' && *p != '<') return NULL;
    *quoted = *p == '"';
    char *end = strchr(p + 1, *quoted ? '"' : '>');
    if (end == NULL) return NULL;
    *end = '\0';
    return p + 1;
}

static void read_file(const char *root, const char *path, tally *t)
{
    char full[8192], line[1024];
    const room *from = room_of(path);
    snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *file = fopen(full, "r");
    CHECK(file != NULL);
    if (file == NULL) return;
    t->files++;
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        bool quoted = false;
        const char *target = included(line, &quoted);
        if (target == NULL || from == NULL) continue;
        t->includes++;
        const char *why = objection(from, target, quoted);
        if (why == NULL) continue;
        t->wrong++;
        snprintf(t->last, sizeof t->last, "%.200s:%d: '%.200s': %s", path, number, target, why);
        if (t->loud) fprintf(stderr, "%s\n", t->last);
    }
    fclose(file);
}

static bool is_source(const char *name)
{
    static const char *const ends[] = {".c",    ".h",    ".cc",   ".cpp",
                                       ".comp", ".glsl", ".vert", ".frag"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof ends / sizeof ends[0]; i++) {
        if (strcmp(dot, ends[i]) == 0) return true;
    }
    return false;
}

static void read_folder(const char *root, const char *path, tally *t)
{
    char full[8192], inner[2048];
    snprintf(full, sizeof full, "%s/%s", root, path);
    DIR *folder = opendir(full);
    if (folder == NULL) return;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.') continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        snprintf(full, sizeof full, "%s/%s", root, inner);
        struct stat info;
        if (lstat(full, &info) != 0) continue;
        if (S_ISDIR(info.st_mode)) read_folder(root, inner, t);
        if (S_ISREG(info.st_mode) && is_source(inner)) read_file(root, inner, t);
    }
    closedir(folder);
}

static void read_tree(const char *root, tally *t)
{
    static const char *const tops[] = {"shaders", "engine", "sensors", "procedural", "tests"};
    for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++)
        read_folder(root, tops[i], t);
}

// ---- the test can fail ------------------------------------------------------------------------
static void make_parents(char *path)
{
    for (char *p = path + 1; *p != '\0'; p++) {
        if (*p != '/') continue;
        *p = '\0';
        mkdir(path, 0777);
        *p = '/';
    }
}

// Wrong arrows found in a tree with one file that holds one include line.
static int planted(const char *dir, const char *path, const char *line)
{
    char full[8192];
    tally t = {0};
    snprintf(full, sizeof full, "%s/%s", dir, path);
    make_parents(full);
    FILE *file = fopen(full, "w");
    CHECK(file != NULL);
    if (file == NULL) return -1;
    fprintf(file, "// a file\n%s\n", line);
    fclose(file);
    read_tree(dir, &t);
    CHECK(t.files == 1 && t.includes == 1);
    remove(full);
    return t.wrong;
}

typedef struct plant {
    const char *path, *line;
    int wrong;
} plant;

static const plant plants[] = {
    {"engine/math/a.c", "#include \"engine/core/status.h\"", 1},
    {"engine/core/a.c", "#include \"engine/math/pose.h\"", 0},
    {"engine/image/a.c", "#include \"engine/road/road.h\"", 1},
    {"engine/road/a.c", "#include \"engine/math/pose.h\"", 0},
    {"engine/road/a.c", "#include \"engine/scene/spec.h\"", 1},
    {"engine/road/a.c", "#include \"shaders/shared/types.h\"", 1},
    {"engine/scene/a.c", "#include \"shaders/shared/types.h\"", 0},
    {"engine/scene/a.h", "#include \"engine/sim/sim.h\"", 1},
    {"engine/sim/a.c", "#include \"engine/render/film.h\"", 1},
    {"engine/render/a.c", "#include \"engine/sim/sim.h\"", 1},
    {"engine/render/a.c", "#include \"engine/road/road.h\"", 1},
    {"engine/label/a.c", "#include \"engine/render/view.h\"", 0},
    {"engine/label/a.c", "#include \"engine/link/link.h\"", 1},
    {"engine/link/a.c", "#include \"engine/render/view.h\"", 1},
    {"engine/link/a.c", "  #  include <engine/label/clip.h>", 1},
    {"engine/label/a.c", "#include \"engine/app/run.h\"", 1},
    {"engine/label/a.c", "#include \"sensors/camera/camera.h\"", 1},
    {"sensors/camera/a.c", "#include \"engine/render/view.h\"", 0},
    {"sensors/camera/a.c", "#include \"procedural/town.h\"", 1},
    {"procedural/a.c", "#include \"sensors/camera/camera.h\"", 1},
    {"procedural/a.c", "#include \"engine/app/run.h\"", 1},
    {"engine/app/a.c", "#include \"procedural/town.h\"", 0},
    {"engine/app/a.c", "#include \"tests/support/check.h\"", 1},
    {"shaders/shared/a.h", "#include \"engine/core/status.h\"", 1},
    {"shaders/a.comp", "#include \"shaders/shared/types.h\"", 0},
    {"engine/core/a.c", "#include \"status.h\"", 1},
    {"engine/core/a.c", "#include <stdio.h>", 0},
    {"tests/a.c", "#include \"engine/app/run.h\"", 0},
};

static void test_planted(void)
{
    char dir[4096];
    CHECK(temp_folder(dir, sizeof dir));
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        int wrong = planted(dir, plants[i].path, plants[i].line);
        CHECK(wrong == plants[i].wrong);
        if (wrong != plants[i].wrong) fprintf(stderr, "    %s\n", plants[i].line);
    }
    temp_folder_remove(dir);
}

int main(void)
{
    test_planted();
    tally t = {.loud = true};
    read_tree(".", &t);
    CHECK(t.files > 40 && t.includes > 100); // it looked at the tree
    CHECK(t.wrong == 0);
    printf("%d files, %d includes, %d wrong\n", t.files, t.includes, t.wrong);
    return check_end();
}
