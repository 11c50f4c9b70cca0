// device_test.c: a Vulkan device: opened, written, computed with, read; and what is said when there
// is none, or it has not enough.
#include "tests/engine/render/vulkan/vulkan_fixture.h"

#include "engine/core/memory.h"

static const uint32_t kernel_words[] = {
#include "tests/engine/render/vulkan/device_test.comp.inc"
};

#define COUNT 4000000u // 16 MB: more than one staging buffer

static void test_errors(void)
{
    bt_vulkan *vulkan;
    bt_vulkan_desc nowhere = {.library = "libno_such_loader.so.1"};
    CHECK(bt_vulkan_create(&nowhere, &vulkan) == BT_ERR_INPUT && vulkan == NULL);
    CHECK_CONTAINS(bt_error_message(), "libno_such_loader.so.1");
    CHECK_CONTAINS(bt_error_message(), "backend cpu");
    bt_vulkan_desc no_loader = {.library = "libm.so.6"};
    CHECK(bt_vulkan_create(&no_loader, &vulkan) == BT_ERR_INPUT && vulkan == NULL);
    CHECK_CONTAINS(bt_error_message(), "libm.so.6");

    CHECK(bt_vulkan_check(VK_SUCCESS, "a") == BT_OK);
    CHECK(bt_vulkan_check(VK_ERROR_DEVICE_LOST, "rendering") == BT_ERR_DEVICE);
    CHECK_CONTAINS(bt_error_message(), "rendering: the device was lost");
    CHECK(bt_vulkan_check(VK_ERROR_OUT_OF_DEVICE_MEMORY, "triangles") == BT_ERR_LIMIT);
    CHECK_CONTAINS(bt_error_message(), "triangles: the device is out of memory");
    CHECK(bt_vulkan_check(VK_ERROR_OUT_OF_HOST_MEMORY, "triangles") == BT_ERR_MEMORY);
    CHECK(bt_vulkan_check(VK_ERROR_UNKNOWN, "a") == BT_ERR_DEVICE);
}

// A loader without a driver: in the loader's own words of where to look.
static void test_no_driver(void)
{
    bt_vulkan *vulkan;
    bt_vulkan_desc desc = {0};
    setenv("VK_DRIVER_FILES", "/nonexistent/driver.json", 1);
    setenv("VK_ICD_FILENAMES", "/nonexistent/driver.json", 1);
    CHECK(bt_vulkan_create(&desc, &vulkan) == BT_ERR_INPUT && vulkan == NULL);
    CHECK_CONTAINS(bt_error_message(), "driver");
    unsetenv("VK_DRIVER_FILES");
    unsetenv("VK_ICD_FILENAMES");
}

static void test_buffers(bt_vulkan *vulkan)
{
    bt_vulkan_buffer buffer;
    char few[300] = {0}, back[300] = {1};
    CHECK_OK(bt_vulkan_upload(vulkan, "nothing", NULL, 0, &buffer));
    CHECK(buffer.address != 0);
    bt_vulkan_buffer_clear(vulkan, &buffer);
    for (int i = 0; i < 300; i++)
        few[i] = (char)i;
    CHECK_OK(bt_vulkan_upload(vulkan, "few", few, sizeof few, &buffer));
    CHECK_OK(bt_vulkan_read(vulkan, &buffer, 4, back, sizeof back - 4));
    CHECK(memcmp(few + 4, back, sizeof back - 4) == 0);
    CHECK(bt_vulkan_write(vulkan, &buffer, 4, few, sizeof few) == BT_ERR_INTERNAL);
    CHECK(bt_vulkan_read(vulkan, &buffer, 301, few, 0) == BT_ERR_INTERNAL);
    bt_vulkan_buffer_clear(vulkan, &buffer);

    CHECK(bt_vulkan_buffer_create(vulkan, "a huge thing", (size_t)1 << 44, &buffer) != BT_OK);
    CHECK_CONTAINS(bt_error_message(), "a huge thing");
    CHECK(buffer.bytes == 0);
}

static void test_kernel(bt_vulkan *vulkan)
{
    float *numbers = bt_alloc(COUNT, sizeof *numbers), table = 0.25f;
    for (uint32_t i = 0; i < COUNT; i++)
        numbers[i] = (float)(i & 0xffffu);
    bt_vulkan_buffer data, tables, arguments;
    bt_vulkan_kernel kernel;
    CHECK_OK(bt_vulkan_upload(vulkan, "numbers", numbers, COUNT * sizeof *numbers, &data));
    CHECK_OK(bt_vulkan_upload(vulkan, "table", &table, sizeof table, &tables));
    struct {
        VkDeviceAddress data;
        uint32_t count, pad;
    } a = {data.address, COUNT - 1u, 0u};
    CHECK_OK(bt_vulkan_upload(vulkan, "arguments", &a, sizeof a, &arguments));
    CHECK_OK(
        bt_vulkan_kernel_create(vulkan, "adding", kernel_words, sizeof kernel_words, 7u, &kernel));
    for (int i = 0; i < 2; i++)
        CHECK_OK(
            bt_vulkan_run(vulkan, &kernel, tables.address, arguments.address, (COUNT + 63u) / 64u));
    CHECK_OK(bt_vulkan_read(vulkan, &data, 0, numbers, COUNT * sizeof *numbers));
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < COUNT - 1u; i++)
        wrong += numbers[i] != (float)(i & 0xffffu) + 14.5f;
    CHECK(wrong == 0);
    CHECK(numbers[COUNT - 1u] == (float)((COUNT - 1u) & 0xffffu));
    bt_vulkan_kernel_clear(vulkan, &kernel);
    bt_vulkan_buffer_clear(vulkan, &arguments);
    bt_vulkan_buffer_clear(vulkan, &tables);
    bt_vulkan_buffer_clear(vulkan, &data);
    bt_free(numbers);
}

int main(void)
{
    test_errors();
    bt_vulkan *vulkan = vk_open();
    if (!vulkan) return check_failed_count > 0 ? 1 : CHECK_SKIP;
    test_no_driver();
    test_buffers(vulkan);
    test_kernel(vulkan);
    vk_close(vulkan);
    return check_end();
}
