// machine.h: the processor's name, printed beside what a benchmark measured.
#ifndef BT_TESTS_MACHINE_H
#define BT_TESTS_MACHINE_H

#include <stdio.h>
#include <string.h>

static inline void machine_name(char *name, size_t size)
{
    char line[256];
    snprintf(name, size, "unknown processor");
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || colon == NULL) continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(name, size, "%s", colon + 2);
        break;
    }
    if (file != NULL) fclose(file);
}

#endif
