// netconvert_test.c: an independent reader, netconvert of the sumo package, takes our networks
// without an error. Skipped where it is not installed.
#include "procedural/roads/world.h"

#include "engine/core/file.h"
#include "tests/support/check.h"
#include "tests/support/temp.h"

#include <stdlib.h>
#include <unistd.h>

static void test_kind(const char *folder, bt_world_kind kind, uint64_t seed, double km)
{
    bt_world_desc desc = {seed, kind};
    bt_world_report report;
    bt_xodr_writer w;
    const char *text;
    size_t count;
    char path[512];
    char command[4096];
    bt_xodr_init(&w);
    snprintf(path, sizeof path, "%s/%s%d.xodr", folder, bt_world_kind_names[kind], (int)seed);
    CHECK_OK(bt_world_write_file(&desc, km, &w, &report));
    CHECK_OK(bt_xodr_finish(&w, &text, &count));
    CHECK_OK(bt_file_write(path, text, count));
    bt_xodr_clear(&w);
    snprintf(command, sizeof command,
             "SUMO_HOME=/usr/share/sumo netconvert --opendrive-files '%s' -o '%s.net.xml' "
             ">'%s.log' 2>&1 && ! grep -q '^Error' '%s.log'",
             path, path, path, path);
    CHECK(system(command) == 0);
}

int main(void)
{
    if (access("/usr/bin/netconvert", X_OK) != 0) {
        printf("skipped: netconvert of the sumo package is not installed\n");
        return CHECK_SKIP;
    }
    char folder[256];
    CHECK(temp_folder(folder, sizeof folder));
    for (int kind = 0; kind < BT_WORLD_KIND_COUNT; kind++)
        test_kind(folder, (bt_world_kind)kind, 3, 4.0);
    test_kind(folder, BT_WORLD_HIGHWAY, 9, 4.0);  // a cloverleaf
    test_kind(folder, BT_WORLD_HIGHWAY, 5, 30.0); // trumpets
    test_kind(folder, BT_WORLD_MIXED, 7, 45.0);   // a motorway with a dumbbell between towns
    temp_folder_remove(folder);
    return check_end();
}
