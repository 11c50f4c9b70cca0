// stage.c: the top level of one snapshot, and rays through it.
//
// Every instance is an Embree instance of its mesh's scene; those that move have one quaternion key
// per snapshot key, which Embree interpolates as bt_snapshot_instance_at does. The top level is
// built anew for each snapshot: about a millisecond for 500 instances.
#include "engine/core/memory.h"
#include "engine/render/internal.h"

// ---- building ---------------------------------------------------------------------------------
bt_placement bt_placement_make(const bt_snapshot_key *key, float scale)
{
    float w = key->rot[0], x = key->rot[1], y = key->rot[2], z = key->rot[3];
    bt_placement p;
    p.x = float3(1.0f - 2.0f * (y * y + z * z), 2.0f * (x * y + w * z), 2.0f * (x * z - w * y));
    p.y = float3(2.0f * (x * y - w * z), 1.0f - 2.0f * (x * x + z * z), 2.0f * (y * z + w * x));
    p.z = float3(2.0f * (x * z + w * y), 2.0f * (y * z - w * x), 1.0f - 2.0f * (x * x + y * y));
    p.x = p.x * scale;
    p.y = p.y * scale;
    p.z = p.z * scale;
    p.pos = float3(key->pos[0], key->pos[1], key->pos[2]);
    return p;
}

// To [-period/2, period/2), where floats are finest.
static float wrap_noise(double x)
{
    double period = (double)BT_NOISE_PERIOD_M;
    return (float)(x - period * (double)(int64_t)(x / period + (x < 0.0 ? -0.5 : 0.5)));
}

static bt_placed placed_make(const bt_stage *stage, uint32_t instance)
{
    const bt_world *world = stage->renderer->world;
    const bt_snapshot_instance *in = &stage->snapshot->instances[instance];
    const bt_world_instance *what = &world->instances[instance];
    bt_placed p = {.instance = instance,
                   .mesh = what->mesh,
                   .hash = bt_hash2(what->object_id, what->actor == BT_NO_INDEX ? instance : 77u),
                   .scale = in->scale,
                   .emission = in->emission,
                   .moves = in->key_count > 1,
                   .actor = what->actor != BT_NO_INDEX};
    p.at = bt_placement_make(&stage->snapshot->keys[in->first_key], in->scale);
    if (p.actor) {
        // an offset of its own, within a quarter of the noise's period
        uint h = bt_hash(p.hash);
        p.noise_pos = float3(to_f(h & 1023u), to_f((h >> 10) & 1023u), to_f(h >> 20) * 0.25f);
    } else {
        bt_vec3 pos = world->statics[instance].world_from_mesh.pos;
        p.noise_pos = float3(wrap_noise(pos.x), wrap_noise(pos.y), wrap_noise(pos.z));
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

static void instance_attach(bt_stage *stage, uint32_t index)
{
    const bt_placed *p = &stage->placed[index];
    RTCScene mesh = stage->renderer->meshes[p->mesh].scene;
    if (!mesh) return;
    const bt_snapshot_instance *in = &stage->snapshot->instances[p->instance];
    const bt_snapshot_key *keys = stage->snapshot->keys + in->first_key;
    RTCGeometry geometry = rtcNewGeometry(stage->renderer->device, RTC_GEOMETRY_TYPE_INSTANCE);
    rtcSetGeometryInstancedScene(geometry, mesh);
    rtcSetGeometryTimeStepCount(geometry, in->key_count);
    rtcSetGeometryMask(geometry, 0xffffffffu);
    if (p->moves) {
        for (uint32_t k = 0; k < in->key_count; k++) {
            struct RTCQuaternionDecomposition q = decomposition(&keys[k], in->scale);
            rtcSetGeometryTransformQuaternion(geometry, k, &q);
        }
    } else {
        const bt_placement *a = &p->at;
        float columns[12] = {a->x[0], a->x[1], a->x[2], a->y[0],   a->y[1],   a->y[2],
                             a->z[0], a->z[1], a->z[2], a->pos[0], a->pos[1], a->pos[2]};
        rtcSetGeometryTransform(geometry, 0, RTC_FORMAT_FLOAT3X4_COLUMN_MAJOR, columns);
    }
    rtcCommitGeometry(geometry);
    rtcAttachGeometryByID(stage->top, geometry, index);
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
    made->placed = bt_alloc(made->count, sizeof *made->placed);
    made->top = rtcNewScene(renderer->device);
    if (!made->placed || !made->top) {
        bt_stage_destroy(made);
        return bt_fail(BT_ERR_MEMORY, "stage of %u instances", (unsigned)count);
    }
    for (uint32_t i = 0; i < made->count; i++) {
        made->placed[i] = placed_make(made, instances ? instances[i] : i);
        instance_attach(made, i);
    }
    rtcCommitScene(made->top);
    status = bt_embree_check(renderer->device, "top level build");
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
    if (stage->top) rtcReleaseScene(stage->top);
    bt_free(stage->placed);
    bt_free(stage);
}

// ---- rays -------------------------------------------------------------------------------------
static struct RTCRay ray_make(float3 origin, float3 dir, float u)
{
    struct RTCRay ray;
    ray.org_x = origin[0];
    ray.org_y = origin[1];
    ray.org_z = origin[2];
    ray.tnear = 0.0f;
    ray.dir_x = dir[0];
    ray.dir_y = dir[1];
    ray.dir_z = dir[2];
    ray.time = u;
    ray.tfar = INFINITY;
    ray.mask = 0xffffffffu;
    ray.id = 0;
    ray.flags = 0;
    return ray;
}

static void record(bt_ray_log *log, float3 origin, float3 dir, float u, bool occlusion)
{
    float o[3] = {origin[0], origin[1], origin[2]}, d[3] = {dir[0], dir[1], dir[2]};
    bt_ray_log_add(log, o, d, u, occlusion);
}

static uint32_t triangle_of(const bt_stage *stage, uint32_t placed, unsigned part,
                            unsigned primitive)
{
    const bt_mesh_part *p = &stage->renderer->meshes[stage->placed[placed].mesh].parts[part];
    return p->triangles ? p->triangles[primitive] : primitive;
}

bool bt_tracer_closest(const bt_tracer *tracer, float3 origin, float3 dir, float u, bt_hit *hit)
{
    if (tracer->log) record(tracer->log, origin, dir, u, false);
    bt_embree_query query;
    bt_embree_query_init(&query);
    struct RTCRayHit r;
    r.ray = ray_make(origin, dir, u);
    r.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    r.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
    bt_embree_intersect(tracer->stage->top, &query, &r);
    if (r.hit.geomID == RTC_INVALID_GEOMETRY_ID) return false;
    hit->distance = r.ray.tfar;
    hit->bary_u = r.hit.u;
    hit->bary_v = r.hit.v;
    hit->placed = r.hit.instID[0];
    hit->triangle = triangle_of(tracer->stage, hit->placed, r.hit.geomID, r.hit.primID);
    return true;
}

void bt_tracer_bundle(const bt_tracer *tracer, const bt_path_start *starts, uint32_t count,
                      bt_first_hit *firsts)
{
    int valid[BT_BUNDLE] __attribute__((aligned(64)));
    struct RTCRayHit16 r;
    for (uint32_t i = 0; i < BT_BUNDLE; i++) {
        const bt_path_start *s = &starts[i < count ? i : 0];
        valid[i] = i < count ? -1 : 0;
        if (tracer->log && i < count) record(tracer->log, s->origin, s->dir, s->u, false);
        r.ray.org_x[i] = s->origin[0];
        r.ray.org_y[i] = s->origin[1];
        r.ray.org_z[i] = s->origin[2];
        r.ray.tnear[i] = 0.0f;
        r.ray.dir_x[i] = s->dir[0];
        r.ray.dir_y[i] = s->dir[1];
        r.ray.dir_z[i] = s->dir[2];
        r.ray.time[i] = s->u;
        r.ray.tfar[i] = INFINITY;
        r.ray.mask[i] = 0xffffffffu;
        r.ray.id[i] = i;
        r.ray.flags[i] = 0;
        r.hit.geomID[i] = RTC_INVALID_GEOMETRY_ID;
        r.hit.instID[0][i] = RTC_INVALID_GEOMETRY_ID;
    }
    bt_embree_query query;
    bt_embree_query_init(&query);
    bt_embree_intersect16(tracer->stage->top, &query, valid, &r);
    for (uint32_t i = 0; i < count; i++) {
        bt_hit *hit = &firsts[i].hit;
        firsts[i].met = r.hit.geomID[i] != RTC_INVALID_GEOMETRY_ID;
        if (!firsts[i].met) continue;
        hit->distance = r.ray.tfar[i];
        hit->bary_u = r.hit.u[i];
        hit->bary_v = r.hit.v[i];
        hit->placed = r.hit.instID[0][i];
        hit->triangle = triangle_of(tracer->stage, hit->placed, r.hit.geomID[i], r.hit.primID[i]);
        bt_hit_prefetch(tracer->stage, hit);
    }
}

// ---- shadow rays through glass ----------------------------------------------------------------
#define MAX_PANES 16

typedef struct shadow_query {
    bt_embree_query query; // first: filters find it as their context
    const bt_stage *stage;
    const bt_wavelengths *wavelengths;
    float3 dir;
    float u;
    float4 open;
    uint32_t count;
    uint64_t seen[MAX_PANES]; // instance and triangle
} shadow_query;

static bool seen_before(shadow_query *q, uint32_t placed, uint32_t triangle)
{
    uint64_t key = (uint64_t)placed << 32 | triangle;
    for (uint32_t i = 0; i < q->count; i++)
        if (q->seen[i] == key) return true;
    q->seen[q->count++] = key;
    return false;
}

static float4 pane_open(const shadow_query *q, uint32_t placed, uint32_t triangle)
{
    bt_hit hit = {.placed = placed, .triangle = triangle};
    const bt_shade_material *shade;
    float3 normal = bt_hit_normal(q->stage, &hit, q->u, &shade);
    float4 tint = bt_spectrum_at(shade->reflectance, *q->wavelengths);
    bt_pane pane = bt_pane_at(abs(dot3(normal, q->dir)), shade->material.ior, tint);
    return pane.transmitted;
}

// Lets shadow rays through, each pane once, and multiplies what it lets through. Embree may offer a
// triangle twice where a spatial split cut it.
void bt_tracer_glass_filter(const struct RTCFilterFunctionNArguments *arguments)
{
    shadow_query *q = (shadow_query *)(void *)arguments->context;
    if (arguments->N != 1 || arguments->valid[0] == 0) return;
    if (q->count >= MAX_PANES) return; // taken as opaque
    // the hit of a single ray: Ng, u, v, then these (Embree's accessors are C++ only)
    const uint32_t *hit = (const uint32_t *)(const void *)arguments->hit;
    uint32_t primitive = hit[5], part = hit[6], placed = hit[7];
    uint32_t triangle = triangle_of(q->stage, placed, part, primitive);
    if (!seen_before(q, placed, triangle)) q->open = q->open * pane_open(q, placed, triangle);
    arguments->valid[0] = 0;
}

static void shadow_query_init(shadow_query *q, const bt_stage *stage, const bt_wavelengths *w)
{
    bt_embree_query_init(&q->query);
    q->stage = stage;
    q->wavelengths = w;
}
static void shadow_query_begin(shadow_query *q, float3 dir, float u)
{
    q->dir = dir;
    q->u = u;
    q->open = splat4(1.0f);
    q->count = 0;
}

float4 bt_tracer_open(const bt_tracer *tracer, const bt_wavelengths *w, float3 origin, float3 dir,
                      float u)
{
    if (tracer->log) record(tracer->log, origin, dir, u, true);
    shadow_query q;
    shadow_query_init(&q, tracer->stage, w);
    shadow_query_begin(&q, dir, u);
    struct RTCRay ray = ray_make(origin, dir, u);
    bt_embree_occluded(tracer->stage->top, &q.query, &ray);
    return ray.tfar < 0.0f ? splat4(0.0f) : q.open;
}

uint64_t bt_ray_log_replay(const bt_stage *stage, const bt_ray_log *log)
{
    bt_wavelengths w = {.nm = splat4(550.0f), .bin = splat_u4(34u)};
    shadow_query q;
    shadow_query_init(&q, stage, &w);
    uint64_t hits = 0;
    unsigned old = bt_embree_float_begin();
    for (size_t i = 0; i < log->count; i++) {
        const bt_logged_ray *r = &log->rays[i];
        float3 dir = float3(r->dir[0], r->dir[1], r->dir[2]);
        struct RTCRayHit ray;
        ray.ray = ray_make(float3(r->origin[0], r->origin[1], r->origin[2]), dir, r->u);
        shadow_query_begin(&q, dir, r->u);
        if (r->occlusion) {
            bt_embree_occluded(stage->top, &q.query, &ray.ray);
            hits += ray.ray.tfar < 0.0f;
            continue;
        }
        ray.hit.geomID = RTC_INVALID_GEOMETRY_ID;
        ray.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
        bt_embree_intersect(stage->top, &q.query, &ray);
        hits += ray.hit.geomID != RTC_INVALID_GEOMETRY_ID;
    }
    bt_embree_float_end(old);
    return hits;
}
