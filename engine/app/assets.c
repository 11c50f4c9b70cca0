// assets.c: see assets.h.
#include "engine/app/assets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/hash.h"
#include "engine/core/memory.h"

static bool holds_assets(const char *folder)
{
    char probe[4096];
    return bt_path_join(probe, sizeof probe, folder, "materials/street.lua") == BT_OK &&
           bt_file_exists(probe);
}

bt_status bt_assets_find(char *folder, size_t size)
{
    // build/release/blacktop, bin/blacktop
    static const char *const beside[] = {"../../assets", "../share/blacktop/assets"};
    const char *given = getenv("BLACKTOP_ASSETS");
    if (given) {
        snprintf(folder, size, "%s", given);
        if (holds_assets(folder)) return BT_OK;
        return bt_fail(BT_ERR_INPUT, "BLACKTOP_ASSETS=%s holds no materials/street.lua", given);
    }
    char program[3000];
    bt_status status = bt_program_dir(program, sizeof program);
    if (status != BT_OK) return status;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        status = bt_path_join(folder, size, program, beside[i]);
        if (status != BT_OK) return status;
        if (holds_assets(folder)) return BT_OK;
    }
    snprintf(folder, size, "assets");
    if (holds_assets(folder)) return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "no asset folder at %s/%s nor ./assets; set BLACKTOP_ASSETS to where it is",
                   program, beside[0]);
}

bt_status bt_input_list_add(bt_input_list *list, const char *path)
{
    bt_sha256 digest;
    bt_status status = bt_sha256_of_file(path, &digest);
    if (status != BT_OK) return status;
    // the name without its folders: the same run elsewhere is the same run
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t need = strlen(name) + 1 + 64 + 1;
    status = BT_ARRAY_RESERVE(list->text, list->capacity, list->count + need + 1);
    if (status != BT_OK) return status;
    list->count += (size_t)snprintf(list->text + list->count, need + 1, "%s %s\n", name,
                                    bt_sha256_format(&digest).hex);
    return BT_OK;
}

void bt_input_list_clear(bt_input_list *list)
{
    bt_free(list->text);
    *list = (bt_input_list){0};
}
