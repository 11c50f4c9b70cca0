// road_command_test.c: `blacktop road`: exit codes, and that `make town` makes the town.
#include "engine/app/road_command.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "tests/support/check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static int run(int argc, ...)
{
    char *argv[8];
    va_list args;
    va_start(args, argc);
    for (int i = 0; i < argc; i++)
        argv[i] = va_arg(args, char *);
    va_end(args);
    return bt_road_command(argc, argv);
}

#define TOWN "assets/maps/town.xodr"
#define RICH "tests/engine/road/maps/rich.xodr" // its geometries do not meet

static void test_codes(void)
{
    CHECK(run(3, "road", "info", TOWN) == 0);
    CHECK(run(3, "road", "check", TOWN) == 0);
    CHECK(run(3, "road", "info", RICH) == 0);
    CHECK(run(3, "road", "check", RICH) == 1);
    CHECK(run(5, "road", "sample", RICH, "--step", "20") == 0);
    CHECK(run(3, "road", "info", "no/such.xodr") == 2);
    CHECK(run(3, "road", "info", "README.md") == 2);
    CHECK(run(2, "road", "info") == 2);
    CHECK(run(1, "road") == 2);
    CHECK(run(3, "road", "fly", TOWN) == 2);
    CHECK(run(5, "road", "sample", TOWN, "--step", "0") == 2);
    CHECK(run(5, "road", "sample", TOWN, "--step", "x") == 2);
    CHECK(run(5, "road", "sample", TOWN, "--steps", "5") == 2);
    CHECK(run(5, "road", "make", "town", "--out", "no/such/folder/town.xodr") == 2);
    CHECK(run(5, "road", "make", "city", "--out", "x") == 2);
    CHECK(run(3, "road", "make", "--help") == 0);
    CHECK(run(3, "road", "convert", TOWN) == 2);
    CHECK(run(5, "road", "convert", TOWN, "--out", "no/such/folder/town.xodr") == 2);
    CHECK(run(6, "road", "make", "--around", "5,x", "--out", "x.xodr") == 2);
    CHECK(run(6, "road", "make", "--around", "9e6,0", "--out", "x.xodr") ==
          2); // no tile has a number
    CHECK(run(6, "road", "make", "--around", "0,0", "--out", "folder/") == 2);
    CHECK(run(6, "road", "make", "--radius", "-1", "--out", "x.xodr") == 2);
}

static void test_make(void)
{
    char path[] = P_tmpdir "/blacktop-town-XXXXXX";
    int descriptor = mkstemp(path);
    CHECK(descriptor >= 0);
    if (descriptor < 0) return;
    close(descriptor);
    CHECK(run(5, "road", "make", "town", "--out", path) == 0);
    char *made;
    char *kept;
    size_t made_count;
    size_t kept_count;
    CHECK_OK(bt_file_read(path, 0, &made, &made_count));
    CHECK_OK(bt_file_read(TOWN, 0, &kept, &kept_count));
    CHECK(made_count == kept_count && memcmp(made, kept, made_count) == 0);
    bt_free(made);
    bt_free(kept);
    unlink(path);
}

int main(void)
{
    test_codes();
    test_make();
    return check_end();
}
