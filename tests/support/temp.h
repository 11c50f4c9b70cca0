// temp.h: a folder of a test's own, under TMPDIR or /tmp, removed with all that is in it.
#ifndef BT_TESTS_TEMP_H
#define BT_TESTS_TEMP_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline bool temp_folder(char *out, size_t out_size)
{
    const char *root = getenv("TMPDIR");
    snprintf(out, out_size, "%s/blacktop-test-XXXXXX", root != NULL ? root : "/tmp");
    if (mkdtemp(out) != NULL) return true;
    perror(out);
    return false;
}

static inline void temp_folder_remove(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        size_t bytes = strlen(path) + strlen(entry->d_name) + 2;
        char *inner = (char *)malloc(bytes);
        if (inner == NULL) break;
        snprintf(inner, bytes, "%s/%s", path, entry->d_name);
        // a link is removed, never followed
        if (unlink(inner) != 0) temp_folder_remove(inner);
        free(inner);
    }
    if (folder != NULL) closedir(folder);
    rmdir(path);
}

#endif
