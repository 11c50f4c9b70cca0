// memory.h: allocation with high-water marks, and arenas freed whole.
//
// Everything the engine allocates goes through here, so that the program can say how much it used.
// bt_alloc & co. are thread-safe. An arena belongs to one thread at a time.
#ifndef BT_CORE_MEMORY_H
#define BT_CORE_MEMORY_H

#include "engine/core/status.h"

#include <stddef.h>
#include <stdint.h>

// Zeroed memory, aligned to 64 bytes; NULL when there is none (sizes whose product overflows give
// NULL too). `count * size == 0` gives a valid, freeable pointer.
void *bt_alloc(size_t count, size_t size);
// Keeps the first min(old, new) bytes; added bytes are zero. On failure NULL, and `memory` is kept.
void *bt_realloc(void *memory, size_t count, size_t size);
void bt_free(void *memory); // NULL is fine

// Gives back to the system what is free, as far as it can: after much was freed that will not be needed again.
void bt_memory_trim(void);

// Bytes in use now, and the most there ever were.
size_t bt_memory_in_use(void);
size_t bt_memory_high_water(void);

// Makes room for at least `need` items in a growable array; doubles. New items are zero.
// `*items` may be NULL with *capacity 0. On failure everything is as it was.
BT_CHECKED bt_status bt_array_reserve(void *items_address, size_t *capacity, size_t need,
                                      size_t item_size);
// Shorthand: BT_ARRAY_RESERVE(a.items, a.capacity, a.count + 1)
#define BT_ARRAY_RESERVE(items, capacity, need)                                                    \
    bt_array_reserve(&(items), &(capacity), (need), sizeof *(items))

typedef struct bt_arena bt_arena;

typedef struct bt_arena_desc {
    const char *name;   // for messages; kept by pointer
    size_t block_bytes; // 0: 64 KiB
    size_t limit_bytes; // 0: none
} bt_arena_desc;

BT_CHECKED bt_status bt_arena_create(const bt_arena_desc *desc, bt_arena **arena);
void bt_arena_destroy(bt_arena *arena); // NULL is fine

// Zeroed, aligned to 16 bytes; NULL when the limit or memory is reached (bt_error_message says).
// Lives until the arena is reset or destroyed.
void *bt_arena_alloc(bt_arena *arena, size_t count, size_t size);
char *bt_arena_strdup(bt_arena *arena, const char *text);
// Forgets everything allocated, keeps the blocks.
void bt_arena_reset(bt_arena *arena);
size_t bt_arena_in_use(const bt_arena *arena);
size_t bt_arena_high_water(const bt_arena *arena);

#endif
