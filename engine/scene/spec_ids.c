// spec_ids.c: ids of the instance image that do not follow the order of creation.
#include "engine/scene/spec_internal.h"

#include "engine/core/memory.h"

#include <string.h>

uint32_t bt_spec_object_count(const bt_spec *spec)
{
    return spec->objects_count - 1;
}

uint32_t bt_spec_actor_count(const bt_spec *spec)
{
    return spec->actors_count;
}

void bt_spec_object_places(const bt_spec *spec, bt_vec3 *places_world_m)
{
    memset(places_world_m, 0, bt_spec_object_count(spec) * sizeof *places_world_m);
    for (uint32_t i = spec->statics_count; i > 0; i--) {
        const bt_world_static *s = &spec->statics[i - 1];
        if (s->object_id > 0) places_world_m[s->object_id - 1] = s->world_from_mesh.pos;
    }
}

// Notes that an id is taken; false: it was, or is none.
static bool take(uint8_t *taken, uint16_t id)
{
    if (id == 0 || taken[id]) return false;
    taken[id] = 1;
    return true;
}

static uint16_t *copy(const uint16_t *ids, size_t count)
{
    uint16_t *own = bt_alloc(count + 1, sizeof *own);
    if (own && count > 0) memcpy(own, ids, count * sizeof *own);
    return own;
}

bt_status bt_spec_set_ids(bt_spec *spec, const uint16_t *object_ids, const uint16_t *actor_ids)
{
    uint32_t objects = bt_spec_object_count(spec), actors = spec->actors_count;
    uint8_t *taken = bt_alloc(UINT16_MAX + 1u, 1);
    bool distinct = taken != NULL;
    for (uint32_t i = 0; i < objects && distinct; i++)
        distinct = take(taken, object_ids[i]);
    for (uint32_t i = 0; i < actors && distinct; i++)
        distinct = take(taken, actor_ids[i]);
    bool memory = taken != NULL;
    bt_free(taken);
    if (memory && !distinct)
        return bt_fail(BT_ERR_LIMIT, "an id of an object is 0, or is there twice");
    bt_free(spec->object_ids);
    bt_free(spec->actor_ids);
    spec->object_ids = memory ? copy(object_ids, objects) : NULL;
    spec->actor_ids = memory ? copy(actor_ids, actors) : NULL;
    if (spec->object_ids && spec->actor_ids) return BT_OK;
    return bt_fail(BT_ERR_MEMORY, "no memory for %u ids", objects + actors);
}
