// memory.c: allocation that counts itself, growable arrays, arenas.
#define _GNU_SOURCE // mremap
#include "engine/core/memory.h"

#include <assert.h>
#include <malloc.h> // malloc_trim
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGNMENT ((size_t)64) // a cache line, and the widest vector
// What is at least so large may lie in pages of this size: rays that look all over a large world find
// fewer of them (chosen: some of each at least).
#define LARGE_PAGE ((size_t)2 << 20)
#define LARGE (4 * LARGE_PAGE)

// Sits in front of every allocation; a whole line, so that the memory behind it stays aligned.
typedef struct header {
    size_t bytes;
    char pad[ALIGNMENT - sizeof(size_t)];
} header;

_Static_assert(sizeof(header) == ALIGNMENT, "header fills one line");

static atomic_size_t in_use;
static atomic_size_t high_water;

static void count_up(size_t bytes)
{
    size_t now = atomic_fetch_add_explicit(&in_use, bytes, memory_order_relaxed) + bytes;
    size_t most = atomic_load_explicit(&high_water, memory_order_relaxed);
    while (now > most && !atomic_compare_exchange_weak_explicit(
                             &high_water, &most, now, memory_order_relaxed, memory_order_relaxed)) {
    }
}

static bool product(size_t count, size_t size, size_t *bytes)
{
    return !__builtin_mul_overflow(count, size, bytes) &&
           *bytes <= (size_t)PTRDIFF_MAX - 2 * LARGE_PAGE;
}

// ---- what is large ----------------------------------------------------------------------------
// Whole pages from the system, which gives them zeroed when they are first touched and moves them without
// copying: an array that doubles its room costs only what is written to it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(MREMAP_FIXED)
#define MAPS 0 // sanitizers watch the heap
#else
#define MAPS 1
#endif

static size_t whole_of(size_t bytes)
{
    return sizeof(header) + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}
static bool is_mapped(size_t bytes)
{
    return MAPS && whole_of(bytes) >= LARGE;
}

#if MAPS
static size_t mapped_bytes(size_t bytes)
{
    return (whole_of(bytes) + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
}

// Pages that begin at a large one, with this protection.
static char *map_pages(size_t length, int protection)
{
    char *all = mmap(NULL, length + LARGE_PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) return NULL;
    size_t before = (LARGE_PAGE - (uintptr_t)all % LARGE_PAGE) % LARGE_PAGE;
    if (before > 0) (void)munmap(all, before);
    if (before < LARGE_PAGE) (void)munmap(all + before + length, LARGE_PAGE - before);
    return all + before;
}

static header *take_pages(size_t bytes)
{
    char *pages = map_pages(mapped_bytes(bytes), PROT_READ | PROT_WRITE);
    if (pages != NULL)
        (void)madvise(pages, mapped_bytes(bytes), MADV_HUGEPAGE); // small ones serve too
    return (header *)(void *)pages;
}

static void give_pages(header *head)
{
    (void)munmap(head, mapped_bytes(head->bytes));
}

// The same pages with another length, behind them zeros; NULL: there is no room.
static header *resize_pages(header *head, size_t bytes)
{
    size_t old = mapped_bytes(head->bytes), length = mapped_bytes(bytes);
    char *pages = (char *)head;
    if (length < old) {
        (void)munmap(pages + length, old - length);
    } else if (length > old && mremap(head, old, length, 0) == MAP_FAILED) {
        pages = map_pages(length, PROT_NONE);
        if (pages == NULL) return NULL;
        if (mremap(head, old, length, MREMAP_MAYMOVE | MREMAP_FIXED, pages) == MAP_FAILED) {
            (void)munmap(pages, length);
            return NULL;
        }
    }
    if (length > old) (void)madvise(pages, length, MADV_HUGEPAGE);
    header *moved = (header *)(void *)pages;
    // the old end's page may hold what was there before
    size_t end = old < length ? old : length, from = sizeof(header) + moved->bytes;
    if (from < end) memset(pages + from, 0, end - from);
    return moved;
}
#else
static header *take_pages(size_t bytes)
{
    (void)bytes;
    return NULL;
}
static void give_pages(header *head)
{
    (void)head;
}
static header *resize_pages(header *head, size_t bytes)
{
    (void)head, (void)bytes;
    return NULL;
}
#endif

// ---- allocation -------------------------------------------------------------------------------
// Memory behind a header, cleared where the system has not: from `kept` bytes on.
static void *take(size_t bytes, size_t kept)
{
    bool mapped = is_mapped(bytes);
    header *head = mapped ? take_pages(bytes) : aligned_alloc(ALIGNMENT, whole_of(bytes));
    if (head == NULL) return NULL;
    head->bytes = bytes;
    count_up(bytes);
    if (!mapped && kept < bytes) memset((char *)(head + 1) + kept, 0, bytes - kept);
    return head + 1;
}

void *bt_alloc(size_t count, size_t size)
{
    size_t bytes;
    return product(count, size, &bytes) ? take(bytes, 0) : NULL;
}

static void count_down(size_t bytes)
{
    atomic_fetch_sub_explicit(&in_use, bytes, memory_order_relaxed);
}

void *bt_realloc(void *memory, size_t count, size_t size)
{
    if (memory == NULL) return bt_alloc(count, size);
    size_t bytes;
    if (!product(count, size, &bytes)) return NULL;
    header *head = (header *)memory - 1;
    size_t old = head->bytes, kept = old < bytes ? old : bytes;
    if (is_mapped(old) && is_mapped(bytes)) {
        header *resized = resize_pages(head, bytes);
        if (resized == NULL) return NULL;
        resized->bytes = bytes;
        if (bytes > old)
            count_up(bytes - old);
        else
            count_down(old - bytes);
        return resized + 1;
    }
    char *moved = take(bytes, kept);
    if (moved == NULL) return NULL;
    memcpy(moved, memory, kept);
    bt_free(memory);
    return moved;
}

void bt_free(void *memory)
{
    if (memory == NULL) return;
    header *head = (header *)memory - 1;
    count_down(head->bytes);
    if (is_mapped(head->bytes))
        give_pages(head);
    else
        free(head);
}

void bt_memory_trim(void)
{
#if defined(__GLIBC__)
    (void)malloc_trim(0);
#endif
}

size_t bt_memory_in_use(void)
{
    return atomic_load_explicit(&in_use, memory_order_relaxed);
}

size_t bt_memory_high_water(void)
{
    return atomic_load_explicit(&high_water, memory_order_relaxed);
}

bt_status bt_array_reserve(void *items_address, size_t *capacity, size_t need, size_t item_size)
{
    if (need <= *capacity) return BT_OK;
    size_t grown = *capacity < 8 ? 8 : *capacity;
    while (grown < need) {
        if (grown > SIZE_MAX / 2) {
            grown = need;
            break;
        }
        grown *= 2;
    }

    // the pointer is read and written as bytes: its type is the caller's
    void *items;
    memcpy(&items, items_address, sizeof items);
    void *moved = bt_realloc(items, grown, item_size);
    if (moved == NULL) {
        return bt_fail(BT_ERR_MEMORY, "no memory for an array of %zu items of %zu bytes", grown,
                       item_size);
    }
    memcpy(items_address, &moved, sizeof moved);
    *capacity = grown;
    return BT_OK;
}

// ---- arenas -----------------------------------------------------------------------------------
#define ARENA_ALIGNMENT ((size_t)16)

typedef struct block {
    struct block *next;
    size_t bytes; // behind this struct
    size_t used;
    size_t pad; // keeps the bytes behind it aligned to 16
} block;

_Static_assert(sizeof(block) % 16 == 0, "blocks keep 16-byte alignment");

// Invariants: blocks before `current` are full enough to be skipped; those after it are empty.
struct bt_arena {
    const char *name;
    size_t block_bytes, limit_bytes;
    block *first, *current;
    size_t in_use, high_water;
};

bt_status bt_arena_create(const bt_arena_desc *desc, bt_arena **arena)
{
    *arena = bt_alloc(1, sizeof **arena);
    if (*arena == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for an arena");
    (*arena)->name = desc->name != NULL ? desc->name : "arena";
    (*arena)->block_bytes = desc->block_bytes > 0 ? desc->block_bytes : (size_t)64 << 10;
    (*arena)->limit_bytes = desc->limit_bytes > 0 ? desc->limit_bytes : SIZE_MAX;
    return BT_OK;
}

void bt_arena_destroy(bt_arena *arena)
{
    if (arena == NULL) return;
    for (block *b = arena->first; b != NULL;) {
        block *next = b->next;
        bt_free(b);
        b = next;
    }
    bt_free(arena);
}

// Makes `current` a block with room, reusing empty ones kept by a reset.
static bool find_room(bt_arena *arena, size_t bytes)
{
    while (arena->current != NULL && arena->current->bytes - arena->current->used < bytes) {
        if (arena->current->next == NULL) break;
        arena->current = arena->current->next;
    }
    block *last = arena->current;
    if (last != NULL && last->bytes - last->used >= bytes) return true;

    size_t room = bytes > arena->block_bytes ? bytes : arena->block_bytes;
    block *fresh = bt_alloc(1, sizeof(block) + room);
    if (fresh == NULL) return false;
    fresh->bytes = room;
    if (last != NULL) {
        last->next = fresh;
    } else {
        arena->first = fresh;
    }
    arena->current = fresh;
    return true;
}

void *bt_arena_alloc(bt_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (!product(count, size, &bytes)) {
        bt_fail(BT_ERR_MEMORY, "%s: %zu x %zu bytes is too much", arena->name, count, size);
        return NULL;
    }
    bytes = (bytes + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    if (bytes > arena->limit_bytes - arena->in_use) {
        bt_fail(BT_ERR_LIMIT, "%s: more than its limit of %zu bytes", arena->name,
                arena->limit_bytes);
        return NULL;
    }
    if (!find_room(arena, bytes)) {
        bt_fail(BT_ERR_MEMORY, "%s: no memory for %zu bytes", arena->name, bytes);
        return NULL;
    }

    block *b = arena->current;
    char *memory = (char *)(b + 1) + b->used;
    b->used += bytes;
    arena->in_use += bytes;
    if (arena->in_use > arena->high_water) arena->high_water = arena->in_use;
    memset(memory, 0, bytes); // a kept block has old bytes in it
    return memory;
}

char *bt_arena_strdup(bt_arena *arena, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = bt_arena_alloc(arena, bytes, 1);
    if (copy != NULL) memcpy(copy, text, bytes);
    return copy;
}

void bt_arena_reset(bt_arena *arena)
{
    for (block *b = arena->first; b != NULL; b = b->next)
        b->used = 0;
    arena->current = arena->first;
    arena->in_use = 0;
}

size_t bt_arena_in_use(const bt_arena *arena)
{
    return arena->in_use;
}

size_t bt_arena_high_water(const bt_arena *arena)
{
    return arena->high_water;
}
