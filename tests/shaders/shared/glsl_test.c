// glsl_test.c: every shared header also compiles as GLSL: keeps the common subset honest.
//
// Includes each shaders/shared/*.h in a compute shader of its own and runs glslc over it. Skipped
// where glslc is not installed.
#include "tests/support/check.h"

#include <dirent.h>
#include <stdlib.h>

static int compiles(const char *header)
{
    char command[1024];
    snprintf(command, sizeof command,
             "printf '#version 450\\n#extension GL_GOOGLE_include_directive : require\\n"
             "#extension GL_EXT_buffer_reference : require\\n"
             "#extension GL_EXT_buffer_reference_uvec2 : require\\n"
             "#include \"shaders/shared/portable.h\"\\n#include \"shaders/shared/%s\"\\n"
             "layout(local_size_x = 64) in;\\nvoid main() {}\\n' |"
             " glslc -I . -fshader-stage=compute --target-env=vulkan1.2 -o /dev/null -",
             header);
    return system(command) == 0;
}

int main(void)
{
    if (system("glslc --version > /dev/null 2>&1") != 0) {
        puts("glslc is not installed: skipped");
        return CHECK_SKIP;
    }
    DIR *folder = opendir("shaders/shared");
    CHECK(folder != NULL);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || strcmp(dot, ".h") != 0) continue;
        if (!compiles(entry->d_name)) {
            fprintf(stderr, "shaders/shared/%s is not GLSL\n", entry->d_name);
            CHECK(!"compiles as GLSL");
            continue;
        }
        CHECK(1);
    }
    if (folder) closedir(folder);
    return check_end();
}
