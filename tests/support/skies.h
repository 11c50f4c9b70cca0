// skies.h: a test's renderers, each of which follows one before: the sky of a weather and the tables of reflection, which
// take longer than all else of most tests' worlds, are made once in a program. The pictures are those of
// bt_renderer_create (render.h).
//
// Ownership: the first world and renderer of a weather are kept until skies_clear, or the program's end. One thread.
#ifndef BT_TESTS_SKIES_H
#define BT_TESTS_SKIES_H

#include "engine/render/render.h"

#include <stdlib.h>
#include <string.h>

#define SKIES_MAX 16

static struct {
    bt_world *world;
    bt_renderer *renderer;
} skies_kept[SKIES_MAX];
static int skies_count;

static inline bool skies_same(const bt_world *a, const bt_world *b)
{
    return memcmp(&a->weather, &b->weather, sizeof a->weather) == 0;
}

// At the end by itself; before it, of a test that counts what is left or closes a device that renderers use.
static inline void skies_clear(void)
{
    for (int i = 0; i < skies_count; i++) {
        bt_renderer_destroy(skies_kept[i].renderer);
        bt_world_destroy(skies_kept[i].world);
    }
    skies_count = 0;
}

// The renderer of a world that follows no other; both go with skies_destroy.
static inline bt_status skies_renderer_create(bt_world *world, bt_renderer **renderer)
{
    int same = 0;
    while (same < skies_count && !skies_same(skies_kept[same].world, world))
        same++;
    // of another weather: the tables of reflection
    int before = same < skies_count ? same : skies_count - 1;
    bt_status status =
        bt_renderer_follow(world, before < 0 ? NULL : skies_kept[before].renderer, renderer);
    if (status != BT_OK || same < skies_count || skies_count == SKIES_MAX) return status;
    if (skies_count == 0) atexit(skies_clear);
    skies_kept[skies_count].world = world;
    skies_kept[skies_count++].renderer = *renderer;
    return status;
}

static inline void skies_destroy(bt_world *world, bt_renderer *renderer)
{
    for (int i = 0; i < skies_count; i++)
        if (skies_kept[i].renderer == renderer && renderer) return;
    bt_renderer_destroy(renderer);
    bt_world_destroy(world);
}

#endif
