// particles.c: what falls, in a top level of its own beside the one that labels see.
#include "engine/render/internal.h"

#define SHELTER_M 60.0f // a roof higher than this is not looked for

static bt_placed particle_make(const bt_stage *stage, uint32_t index)
{
    const bt_snapshot *s = stage->snapshot;
    uint32_t instance = s->world->instance_count + index;
    const bt_snapshot_instance *in = &s->instances[instance];
    bt_placement at = bt_placement_from_key(s->keys[in->first_key], in->scale);
    return (bt_placed){.x = at.x,
                       .y = at.y,
                       .z = at.z,
                       .pos = at.pos,
                       .scale = in->scale,
                       .first_key = in->first_key,
                       .key_count = in->key_count,
                       .first_triangle = s->world->meshes[s->particles[index].mesh].first_triangle,
                       .first_light = BT_NONE,
                       .first_lamp = BT_NONE,
                       .hash = s->particles[index].hash,
                       .actor = 1,
                       .instance = instance,
                       .mesh = s->particles[index].mesh};
}

// Does anything stand where this particle came from? Looks back along its fall, so that nothing
// falls under roofs, in cabins, in houses or below the ground.
static bool is_sheltered(const bt_tracer *world, uint32_t index)
{
    const bt_snapshot *s = world->stage->snapshot;
    uint32_t instance = s->world->instance_count + index;
    const bt_snapshot_instance *in = &s->instances[instance];
    const bt_snapshot_key *first = &s->keys[in->first_key], *last = first + in->key_count - 1;
    float3 at = float3(last->pos[0], last->pos[1], last->pos[2]);
    float3 fall = at - float3(first->pos[0], first->pos[1], first->pos[2]);
    float3 up = fall[2] < 0.0f ? normalize3(fall * -1.0f) : float3(0.0f, 0.0f, 1.0f);
    bt_hit hit;
    return bt_tracer_closest(world, at, up, 0.5f, &hit) && hit.distance < SHELTER_M;
}

bt_status bt_stage_add_particles(bt_stage *stage)
{
    const bt_renderer *renderer = stage->renderer;
    bt_stage without = *stage;
    without.top = stage->world;
    bt_tracer world = {.stage = &without};
    stage->top = rtcNewScene(renderer->device);
    if (!stage->top) return bt_fail(BT_ERR_MEMORY, "stage: no memory for particles");
    uint32_t solid = stage->count;
    for (uint32_t i = 0; i < solid; i++)
        bt_stage_attach(stage, stage->top, i);
    unsigned old = bt_embree_float_begin();
    for (uint32_t i = 0; i < stage->snapshot->particle_count; i++) {
        if (is_sheltered(&world, i)) continue;
        stage->placed[stage->count] = particle_make(stage, i);
        bt_stage_attach(stage, stage->top, stage->count++);
    }
    bt_embree_float_end(old);
    rtcCommitScene(stage->top);
    return bt_embree_check(renderer->device, "top level build");
}
