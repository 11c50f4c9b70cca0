// api.c: see api.h.
#include "engine/render/vulkan/api.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define LOOK_UP_IF_THERE(name)                                                                     \
    api->name = (PFN_vk##name)(void (*)(void))api->get(instance, "vk" #name);
// Notes the first function that is not there.
#define LOOK_UP(name)                                                                              \
    LOOK_UP_IF_THERE(name)                                                                         \
    if (!api->name && !missing) missing = #name;

static bt_status check(const char *missing)
{
    if (!missing) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "backend vulkan: the loader lacks vk%s; 1.2 or later has it",
                   missing);
}

bt_status bt_vk_api_open(const char *library, bt_vk_api *api)
{
    memset(api, 0, sizeof *api);
    api->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!api->library)
        return bt_fail(
            BT_ERR_INPUT,
            "backend vulkan: there is no Vulkan loader here (%s); install libvulkan1 and "
            "a driver, or use the backend cpu",
            library);
    // POSIX lets an object pointer from dlsym stand for a function
    *(void **)(void *)&api->get = dlsym(api->library, "vkGetInstanceProcAddr");
    if (!api->get) return bt_fail(BT_ERR_INPUT, "backend vulkan: %s is no Vulkan loader", library);
    const char *missing = NULL;
    VkInstance instance = NULL;
    BT_VK_BEFORE_INSTANCE(LOOK_UP)
    return check(missing);
}

bt_status bt_vk_api_bind(VkInstance instance, bt_vk_api *api)
{
    const char *missing = NULL;
    BT_VK_OF_INSTANCE(LOOK_UP)
    BT_VK_OF_EXTENSIONS(LOOK_UP_IF_THERE)
    return check(missing);
}

void bt_vk_api_close(bt_vk_api *api)
{
    if (api->library) dlclose(api->library);
    api->library = NULL;
}
