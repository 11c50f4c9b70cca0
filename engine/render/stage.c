// stage.c: the top level of one snapshot.
//
// Every instance is an Embree instance of its mesh's scene; those that move have one quaternion key
// per snapshot key, which Embree interpolates as bt_snapshot_instance_at does. What deforms has a
// scene of its own, with the snapshot's vertices. All this is built anew for each snapshot: about a
// millisecond for 500 instances, and 4 to 12 ms for each walker of 11000 vertices that bends (2 to 4
// keys, bench.skin_cost).
#include "engine/core/memory.h"
#include "engine/render/vulkan/scene.h"
#include "engine/render/internal.h"

#define RANGE_DEPTH 2.995732 // -ln 0.05
#define FALL_HEIGHT_M 100.0  // chosen: scale height of what falls between things

// ---- building ---------------------------------------------------------------------------------
// To [-period/2, period/2), where floats are finest.
static float wrap_noise(double x)
{
    double period = (double)BT_NOISE_PERIOD_M;
    return (float)(x - period * (double)(int64_t)(x / period + (x < 0.0 ? -0.5 : 0.5)));
}

static bt_placed placed_make(const bt_stage *stage, uint32_t instance)
{
    const bt_renderer *renderer = stage->renderer;
    const bt_world *world = renderer->world;
    const bt_snapshot_instance *in = &stage->snapshot->instances[instance];
    const bt_world_instance *what = &world->instances[instance];
    bool acts = what->actor != BT_NO_INDEX;
    bt_placement at = bt_placement_from_key(stage->snapshot->keys[in->first_key], in->scale);
    bt_placed p = {.x = at.x,
                   .y = at.y,
                   .z = at.z,
                   .pos = at.pos,
                   .scale = in->scale,
                   .emission = in->emission,
                   .first_key = in->first_key,
                   .key_count = in->key_count,
                   .first_triangle = world->meshes[what->mesh].first_triangle,
                   .first_light = BT_NONE,
                   .first_lamp = renderer->meshes[what->mesh].first_lamp,
                   .hash = bt_hash2(what->object_id, acts ? 77u : instance),
                   .actor = acts,
                   .instance = instance,
                   .mesh = what->mesh,
                   .deformed = in->deformed};
    p.pos[3] = in->lamp_switch;
    if (acts) {
        // an offset of its own, within a quarter of the noise's period
        uint h = bt_hash(p.hash);
        p.noise = float3(to_f(h & 1023u), to_f((h >> 10) & 1023u), to_f(h >> 20) * 0.25f);
    } else {
        bt_vec3 pos = world->statics[instance].world_from_mesh.pos;
        p.noise = float3(wrap_noise(pos.x), wrap_noise(pos.y), wrap_noise(pos.z));
    }
    return p;
}

static struct RTCQuaternionDecomposition decomposition(const bt_snapshot_key *key, float scale)
{
    struct RTCQuaternionDecomposition q;
    rtcInitQuaternionDecomposition(&q);
    rtcQuaternionDecompositionSetQuaternion(&q, key->rot[0], key->rot[1], key->rot[2], key->rot[3]);
    rtcQuaternionDecompositionSetScale(&q, scale, scale, scale);
    rtcQuaternionDecompositionSetTranslation(&q, key->pos[0], key->pos[1], key->pos[2]);
    return q;
}

void bt_stage_attach(const bt_stage *stage, RTCScene scene, uint32_t index)
{
    const bt_placed *p = &stage->placed[index];
    RTCScene mesh =
        stage->bent[index] ? stage->bent[index] : stage->renderer->meshes[p->mesh].scene;
    if (!mesh) return;
    const bt_snapshot_instance *in = &stage->snapshot->instances[p->instance];
    const bt_snapshot_key *keys = stage->snapshot->keys + in->first_key;
    RTCGeometry geometry = rtcNewGeometry(stage->renderer->device, RTC_GEOMETRY_TYPE_INSTANCE);
    rtcSetGeometryInstancedScene(geometry, mesh);
    rtcSetGeometryTimeStepCount(geometry, in->key_count);
    rtcSetGeometryMask(geometry, 0xffffffffu);
    if (p->key_count > 1) {
        for (uint32_t k = 0; k < in->key_count; k++) {
            struct RTCQuaternionDecomposition q = decomposition(&keys[k], in->scale);
            rtcSetGeometryTransformQuaternion(geometry, k, &q);
        }
    } else {
        float columns[12] = {p->x[0], p->x[1], p->x[2], p->y[0],   p->y[1],   p->y[2],
                             p->z[0], p->z[1], p->z[2], p->pos[0], p->pos[1], p->pos[2]};
        rtcSetGeometryTransform(geometry, 0, RTC_FORMAT_FLOAT3X4_COLUMN_MAJOR, columns);
    }
    rtcCommitGeometry(geometry);
    rtcAttachGeometryByID(scene, geometry, index);
    rtcReleaseGeometry(geometry);
}

static bt_status check_instances(const bt_renderer *renderer, const bt_snapshot *snapshot,
                                 const uint32_t *instances, uint32_t count)
{
    if (snapshot->world != renderer->world)
        return bt_fail(BT_ERR_INTERNAL, "stage: the snapshot is of another world");
    for (uint32_t i = 0; instances && i < count; i++)
        if (instances[i] >= renderer->world->instance_count)
            return bt_fail(BT_ERR_INPUT, "stage: instance %u of %u", (unsigned)instances[i],
                           (unsigned)renderer->world->instance_count);
    return BT_OK;
}

// Fog and what falls, as one medium with the fog's profile, or, where there is no fog, with one that thins out
// above the streets: what falls above them takes a few percent of a cloud's light, is counted to the cloud, and
// would else be walked through by each path, some optical depths of it.
static bt_fog fog_make(const bt_renderer *renderer, const bt_snapshot *snapshot)
{
    const bt_weather *weather = &renderer->world->weather;
    double extinction = weather->fall_extinction_m, height_m = FALL_HEIGHT_M;
    if (weather->fog_range_m > 0.0) {
        extinction += RANGE_DEPTH / weather->fog_range_m;
        height_m = weather->fog_height_m;
    }
    return (bt_fog){.extinction = (float)extinction,
                    .base = (float)(weather->fog_base_m - snapshot->origin_world_m.z),
                    .inverse_height = (float)(1.0 / height_m),
                    .similar = renderer->fog_similar};
}

// Since the last full second.
static double seconds_past(bt_time_ns time_ns)
{
    bt_time_ns past = time_ns % BT_NS_PER_S;
    return bt_seconds(past < 0 ? past + BT_NS_PER_S : past);
}

static void fill_scene(bt_stage *stage)
{
    const bt_renderer *r = stage->renderer;
    stage->scene = (bt_scene){
        .triangles = r->triangles,
        .placed = stage->placed,
        .keys = stage->snapshot->keys,
        .slots = r->slots,
        .materials = r->materials,
        .uvs = (const float2 *)(const void *)r->world->uvs,
        .lamps = r->lamps,
        .deformed = stage->snapshot->deformed,
        .deformed_vertices = stage->snapshot->deformed_vertices,
        .textures = r->textures,
        .tables = {.spectra = r->spectra,
                   .ggx = r->ggx,
                   .sky_spectra = r->sky->spectra,
                   .sky_radiance = r->sky->radiance,
                   .sky_pick = r->sky->pick,
                   .fog = r->fog,
                   .webs = r->world->webs},
        .sky = r->sky->sky,
        .fog = fog_make(r, stage->snapshot),
        .sun_irradiance = r->sun_irradiance,
        .sky_irradiance = r->sky_irradiance,
        .open_s = (float)seconds_past(stage->snapshot->open_ns),
        .span_s = (float)bt_seconds(stage->snapshot->close_ns - stage->snapshot->open_ns)};
}

static bt_status add_instance(bt_stage *stage, uint32_t index, uint32_t instance)
{
    stage->placed[index] = placed_make(stage, instance);
    if (stage->placed[index].deformed != 0) {
        const bt_renderer *renderer = stage->renderer;
        bt_status status =
            bt_deformed_scene_create(renderer->device, &renderer->meshes[stage->placed[index].mesh],
                                     stage->snapshot, instance, &stage->bent[index]);
        if (status != BT_OK) return status;
    }
    bt_stage_attach(stage, stage->world, index);
    return BT_OK;
}

bt_status bt_stage_create(bt_renderer *renderer, const bt_snapshot *snapshot,
                          const uint32_t *instances, uint32_t count, bt_stage **stage)
{
    *stage = NULL;
    bt_status status = check_instances(renderer, snapshot, instances, count);
    if (status != BT_OK) return status;
    bt_stage *made = bt_alloc(1, sizeof *made);
    if (!made) return bt_fail(BT_ERR_MEMORY, "stage");
    made->renderer = renderer;
    made->snapshot = snapshot;
    made->count = instances ? count : renderer->world->instance_count;
    uint32_t particles = instances ? 0 : snapshot->particle_count;
    made->placed = bt_alloc((size_t)made->count + particles, sizeof *made->placed);
    made->bent = bt_alloc((size_t)made->count + particles, sizeof(RTCScene));
    made->world = rtcNewScene(renderer->device);
    if (!made->placed || !made->bent || !made->world) {
        bt_stage_destroy(made);
        return bt_fail(BT_ERR_MEMORY, "stage of %u instances", (unsigned)count);
    }
    for (uint32_t i = 0; i < made->count && status == BT_OK; i++)
        status = add_instance(made, i, instances ? instances[i] : i);
    rtcCommitScene(made->world);
    if (status == BT_OK) status = bt_embree_check(renderer->device, "top level build");
    if (status == BT_OK && particles > 0) status = bt_stage_add_particles(made);
    if (particles == 0) made->top = made->world;
    fill_scene(made);
    if (status == BT_OK) status = bt_stage_add_lights(made);
    if (status == BT_OK && renderer->vulkan)
        status = bt_vulkan_stage_create(renderer->vulkan, made, &made->vulkan);
    if (status != BT_OK) {
        bt_stage_destroy(made);
        return status;
    }
    *stage = made;
    return BT_OK;
}

void bt_stage_destroy(bt_stage *stage)
{
    if (!stage) return;
    bt_vulkan_stage_destroy(stage->vulkan);
    if (stage->top && stage->top != stage->world) rtcReleaseScene(stage->top);
    if (stage->world) rtcReleaseScene(stage->world);
    for (uint32_t i = 0; stage->bent && i < stage->count; i++)
        if (stage->bent[i]) rtcReleaseScene(stage->bent[i]);
    bt_free(stage->bent);
    bt_free(stage->light_nodes);
    bt_free(stage->lights);
    bt_free(stage->placed);
    bt_free(stage);
}
