// story.c: see story.h.
#include "engine/story/story.h"

#include <string.h>

#define ARENA_LIMIT_BYTES ((size_t)256 << 20)

bt_status bt_story_create(bt_story **story)
{
    *story = NULL;
    bt_story *s = bt_alloc(1, sizeof *s);
    if (!s) return bt_fail(BT_ERR_MEMORY, "no memory for a story");
    s->first_story = s->last_story = s->stop = BT_STORY_NONE;
    bt_arena_desc desc = {.name = "story", .limit_bytes = ARENA_LIMIT_BYTES};
    bt_status status = bt_arena_create(&desc, &s->arena);
    if (status != BT_OK) {
        bt_free(s);
        return status;
    }
    *story = s;
    return BT_OK;
}

void bt_story_destroy(bt_story *s)
{
    if (!s) return;
    bt_free(s->actors);
    bt_free(s->spots);
    bt_free(s->routes);
    bt_free(s->paths);
    bt_free(s->numbers);
    bt_free(s->subjects);
    bt_free(s->conditions);
    bt_free(s->groups);
    bt_free(s->triggers);
    bt_free(s->actions);
    bt_free(s->nodes);
    bt_free(s->variables);
    bt_free(s->controllers);
    bt_free(s->lights);
    bt_free(s->phases);
    bt_free(s->programmes);
    bt_free(s->init);
    bt_arena_destroy(s->arena);
    bt_free(s);
}

bt_status bt_story_add(void **items, size_t *count, size_t *capacity, const void *item, size_t size,
                       const char *what, uint32_t *index)
{
    if (*count >= BT_STORY_MAX_ITEMS)
        return bt_fail(BT_ERR_LIMIT, "a story of more than %u %s", BT_STORY_MAX_ITEMS, what);
    bt_status status = bt_array_reserve(items, capacity, *count + 1, size);
    if (status != BT_OK) return status;
    memcpy((char *)*items + *count * size, item, size);
    if (index) *index = (uint32_t)*count;
    (*count)++;
    return BT_OK;
}

bt_status bt_story_add_node(bt_story *s, uint32_t parent, const bt_story_node *node,
                            uint32_t *index)
{
    bt_story_node n = *node;
    n.parent = parent;
    n.first = n.last = n.next = BT_STORY_NONE;
    bt_status status = BT_STORY_ADD(s, nodes, n, index);
    if (status != BT_OK) return status;
    uint32_t *first = parent == BT_STORY_NONE ? &s->first_story : &s->nodes[parent].first;
    uint32_t *last = parent == BT_STORY_NONE ? &s->last_story : &s->nodes[parent].last;
    if (*first == BT_STORY_NONE)
        *first = *index;
    else
        s->nodes[*last].next = *index;
    *last = *index;
    return BT_OK;
}

uint32_t bt_story_find_actor(const bt_story *s, const char *name)
{
    for (size_t i = 0; i < s->actors_count; i++)
        if (strcmp(s->actors[i].name, name) == 0) return (uint32_t)i;
    return BT_STORY_NONE;
}

uint32_t bt_story_find_variable(const bt_story *s, const char *name)
{
    for (size_t i = 0; i < s->variables_count; i++)
        if (strcmp(s->variables[i].name, name) == 0) return (uint32_t)i;
    return BT_STORY_NONE;
}

uint32_t bt_story_find_programme(const bt_story *s, const char *name)
{
    for (size_t i = 0; i < s->programmes_count; i++)
        if (strcmp(s->programmes[i].name, name) == 0) return (uint32_t)i;
    return BT_STORY_NONE;
}

// Do the names of a node and of those above it end in "a::b::c"?
static bool answers_to(const bt_story *s, uint32_t node, const char *name)
{
    size_t left = strlen(name);
    while (node != BT_STORY_NONE) {
        const char *own = s->nodes[node].name;
        size_t count = strlen(own);
        if (count > left || strncmp(name + left - count, own, count) != 0) return false;
        left -= count;
        if (left == 0) return true;
        if (left < 2 || name[left - 1] != ':' || name[left - 2] != ':') return false;
        left -= 2;
        node = s->nodes[node].parent;
    }
    return false;
}

static bool lies_below(const bt_story *s, uint32_t node, uint32_t above)
{
    while (node != BT_STORY_NONE && node != above)
        node = s->nodes[node].parent;
    return node == above;
}

uint32_t bt_story_find_node(const bt_story *s, uint32_t from, bt_node_kind kind, const char *name)
{
    // the scope widens until it holds one of that name
    for (uint32_t scope = from;; scope = s->nodes[scope].parent) {
        for (size_t i = 0; i < s->nodes_count; i++) {
            if (s->nodes[i].kind != kind || !answers_to(s, (uint32_t)i, name)) continue;
            if (lies_below(s, (uint32_t)i, scope)) return (uint32_t)i;
        }
        if (scope == BT_STORY_NONE) return BT_STORY_NONE;
    }
}
