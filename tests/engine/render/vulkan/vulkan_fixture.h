// vulkan_fixture.h: a device for tests, with the validation layer where that is installed.
#ifndef BT_TESTS_VULKAN_FIXTURE_H
#define BT_TESTS_VULKAN_FIXTURE_H

#include "engine/core/log.h"
#include "engine/render/vulkan/device.h"
#include "tests/support/check.h"

#include <stdlib.h>

static inline void vk_print(void *context, bt_log_level level, const char *message)
{
    (void)context;
    (void)level;
    fprintf(stderr, "%s\n", message);
}

// NULL: there is none, and a line has said why the test is skipped.
static inline bt_vulkan *vk_open_as(bt_vulkan_desc desc)
{
    bt_vulkan *vulkan = NULL;
    bt_log_set(vk_print, NULL, BT_LOG_WARNING);
    desc.validate = true;
    if (bt_vulkan_create(&desc, &vulkan) != BT_OK) {
        printf("skipped: %s\n", bt_error_message());
        return NULL;
    }
    printf("on %s, %s\n", bt_vulkan_name(vulkan),
           bt_vulkan_validates(vulkan) ? "validated" : "no validation layer is installed");
    return vulkan;
}

static inline bt_vulkan *vk_open(void)
{
    return vk_open_as((bt_vulkan_desc){0});
}

// Nothing may have been complained about.
static inline void vk_close(bt_vulkan *vulkan)
{
    CHECK(bt_vulkan_complaints(vulkan) == 0);
    bt_vulkan_destroy(vulkan);
}

#endif
