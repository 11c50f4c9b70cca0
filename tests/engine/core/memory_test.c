// memory_test.c: allocation counts itself; arrays grow; arenas keep limits and blocks.
#include "engine/core/memory.h"

#include "tests/support/check.h"

#include <stdbool.h>

static bool all_zero(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0) return false;
    }
    return true;
}

static void test_alloc(void)
{
    size_t before = bt_memory_in_use();
    char *a = bt_alloc(1000, 3);
    CHECK(a != NULL && (uintptr_t)a % 64 == 0 && all_zero(a, 3000));
    CHECK(bt_memory_in_use() == before + 3000);
    memset(a, 7, 3000);

    a = bt_realloc(a, 5000, 1);
    CHECK(a[0] == 7 && a[2999] == 7 && all_zero(a + 3000, 2000));
    CHECK(bt_memory_in_use() == before + 5000);
    a = bt_realloc(a, 10, 1);
    CHECK(a[9] == 7 && bt_memory_in_use() == before + 10);
    bt_free(a);
    CHECK(bt_memory_in_use() == before);
    CHECK(bt_memory_high_water() >= before + 8000);

    // products that overflow, and sizes no machine has
    CHECK(bt_alloc(SIZE_MAX / 2, 3) == NULL);
    CHECK(bt_alloc(SIZE_MAX, 1) == NULL);
    void *empty = bt_alloc(0, 8);
    CHECK(empty != NULL);
    bt_free(empty);
    bt_free(NULL);
}

// What is large keeps its bytes wherever it goes, and what is added is zero, even where something was before.
static void test_large(void)
{
    const size_t mib = (size_t)1 << 20, sizes[] = {5, 9, 40, 11, 12, 200, 13, 3, 64};
    size_t before = bt_memory_in_use(), kept = 0;
    char *a = NULL;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t bytes = sizes[i] * mib + 12345;
        a = bt_realloc(a, bytes, 1);
        CHECK(a != NULL && (uintptr_t)a % 64 == 0);
        kept = kept < bytes ? kept : bytes;
        bool same = true;
        for (size_t k = 0; k < kept && same; k += 4096)
            same = a[k] == 7;
        CHECK(same && (kept == 0 || a[kept - 1] == 7));
        CHECK(all_zero(a + kept, bytes - kept));
        CHECK(bt_memory_in_use() == before + bytes);
        kept = bytes;
        memset(a, 7, kept);
    }
    bt_free(a);
    CHECK(bt_memory_in_use() == before);
}

static void test_array(void)
{
    uint64_t *items = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 1000; i++) {
        CHECK_OK(BT_ARRAY_RESERVE(items, capacity, i + 1));
        CHECK(items[i] == 0);
        items[i] = i;
    }
    CHECK(items[999] == 999 && capacity >= 1000 && capacity <= 2000);
    uint64_t *kept = items;
    CHECK(BT_ARRAY_RESERVE(items, capacity, SIZE_MAX / 2) == BT_ERR_MEMORY);
    CHECK(items == kept && capacity <= 2000);
    bt_free(items);
}

static void test_arena(void)
{
    bt_arena *arena;
    CHECK_OK(bt_arena_create(&(bt_arena_desc){.name = "test arena", .block_bytes = 1000}, &arena));
    for (size_t i = 0; i < 100; i++) {
        char *p = bt_arena_alloc(arena, i * 7, 1);
        CHECK(p != NULL && (uintptr_t)p % 16 == 0 && all_zero(p, i * 7));
        memset(p, 0xff, i * 7);
    }
    char *big = bt_arena_alloc(arena, 100000, 1); // larger than a block
    CHECK(big != NULL && all_zero(big, 100000));
    CHECK(strcmp(bt_arena_strdup(arena, "kept"), "kept") == 0);
    size_t most = bt_arena_in_use(arena);
    size_t held = bt_memory_in_use();

    // the second round reuses the blocks, cleared
    bt_arena_reset(arena);
    CHECK(bt_arena_in_use(arena) == 0 && bt_arena_high_water(arena) == most);
    for (size_t i = 0; i < 100; i++) {
        char *p = bt_arena_alloc(arena, i * 7, 1);
        CHECK(p != NULL && all_zero(p, i * 7));
    }
    CHECK(bt_arena_alloc(arena, 100000, 1) != NULL);
    CHECK(bt_memory_in_use() == held);
    bt_arena_destroy(arena);
    bt_arena_destroy(NULL);
}

static void test_arena_limit(void)
{
    bt_arena *arena;
    CHECK_OK(bt_arena_create(&(bt_arena_desc){.name = "small", .limit_bytes = 4096}, &arena));
    CHECK(bt_arena_alloc(arena, 4000, 1) != NULL);
    CHECK(bt_arena_alloc(arena, 4000, 1) == NULL);
    CHECK_CONTAINS(bt_error_message(), "small: more than its limit of 4096 bytes");
    CHECK(bt_arena_alloc(arena, SIZE_MAX, 2) == NULL);
    CHECK(bt_arena_alloc(arena, SIZE_MAX - 15, 1) == NULL);
    CHECK(bt_arena_alloc(arena, 96, 1) != NULL);
    bt_arena_destroy(arena);
}

int main(void)
{
    test_alloc();
    test_large();
    test_array();
    test_arena();
    test_arena_limit();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
