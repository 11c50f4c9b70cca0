// rays.c: rays through a stage, one by one and sixteen at once, and shadow rays through glass.
#include "engine/render/internal.h"

#include "shaders/shared/pane.h"

// ---- making rays --------------------------------------------------------------------------------
static struct RTCRay ray_make(float3 origin, float3 dir, float u, float distance)
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
    ray.tfar = distance;
    ray.mask = 0xffffffffu;
    ray.id = 0;
    ray.flags = 0;
    return ray;
}
// What is the same for all lanes of a packet.
static void ray16_begin(struct RTCRay16 *ray)
{
    for (uint32_t i = 0; i < BT_BUNDLE; i++)
        ray->tnear[i] = 0.0f;
    for (uint32_t i = 0; i < BT_BUNDLE; i++)
        ray->mask[i] = 0xffffffffu;
    for (uint32_t i = 0; i < BT_BUNDLE; i++)
        ray->id[i] = i;
    for (uint32_t i = 0; i < BT_BUNDLE; i++)
        ray->flags[i] = 0;
}
// Four vectors by their axes, the fourth lanes left out.
static void turn4(const float3 *const from[4], float *x, float *y, float *z)
{
    float4 a = *from[0], b = *from[1], c = *from[2], d = *from[3];
    float4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5),
           cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    float4 z_ab = __builtin_shufflevector(a, b, 2, 6, 2, 6);
    float4 z_cd = __builtin_shufflevector(c, d, 2, 6, 2, 6);
    float4 xs = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    float4 ys = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    float4 zs = __builtin_shufflevector(z_ab, z_cd, 0, 1, 4, 5);
    memcpy(x, &xs, sizeof xs);
    memcpy(y, &ys, sizeof ys);
    memcpy(z, &zs, sizeof zs);
}
// Where the rays of a packet start and whither they go.
static void ray16_set(struct RTCRay16 *ray, const float3 *const origins[BT_BUNDLE],
                      const float3 *const dirs[BT_BUNDLE])
{
    for (uint32_t i = 0; i < BT_BUNDLE; i += 4) {
        turn4(origins + i, ray->org_x + i, ray->org_y + i, ray->org_z + i);
        turn4(dirs + i, ray->dir_x + i, ray->dir_y + i, ray->dir_z + i);
    }
}
// Which lanes are asked: the first `count`.
static void lanes_set(int valid[BT_BUNDLE], uint32_t count)
{
    for (uint32_t i = 0; i < BT_BUNDLE; i++)
        valid[i] = i < count ? -1 : 0;
}

static void record(bt_ray_log *log, float3 origin, float3 dir, float u, float distance,
                   bool occlusion)
{
    if (!log) return;
    float o[3] = {origin[0], origin[1], origin[2]}, d[3] = {dir[0], dir[1], dir[2]};
    bt_ray_log_add(log, o, d, u, distance, occlusion);
}

// What Embree says was met, but for the distance.
static bt_hit hit_of(const bt_stage *stage, uint32_t placed, unsigned part, uint32_t primitive,
                     float u, float v)
{
    bt_hit hit = {.placed = placed, .bary_u = u, .bary_v = v};
    const bt_mesh_accel *accel = &stage->renderer->meshes[stage->placed[placed].mesh];
    hit.triangle = bt_mesh_accel_triangle(accel, part, primitive, &hit.bary_u, &hit.bary_v);
    return hit;
}

// ---- holes --------------------------------------------------------------------------------------
// What filters find as their context.
typedef struct stage_query {
    bt_embree_query query; // first
    const bt_stage *stage;
} stage_query;

static void stage_query_init(stage_query *q, const bt_stage *stage)
{
    q->stage = stage;
    bt_embree_query_init(&q->query);
}

// Embree's accessors are C++ only: a packet's fields lie one after the other, N lanes each:
// ray: origin, tnear, dir, time, tfar, mask, id, flags; hit: Ng, u, v, primID, geomID, instID
#define RAY_ID 10
#define HIT_U 3
#define HIT_V 4
#define HIT_PRIMITIVE 5
#define HIT_GEOMETRY 6
#define HIT_INSTANCE 7

// The hit of lane `i` of a filter's arguments.
static bt_hit filter_hit(const bt_stage *stage, const struct RTCFilterFunctionNArguments *arguments,
                         unsigned i)
{
    const uint32_t *hit = (const uint32_t *)(const void *)arguments->hit;
    unsigned n = arguments->N;
    return hit_of(stage, hit[HIT_INSTANCE * n + i], hit[HIT_GEOMETRY * n + i],
                  hit[HIT_PRIMITIVE * n + i], u2f(hit[HIT_U * n + i]), u2f(hit[HIT_V * n + i]));
}

// Lets rays through where a surface has holes.
void bt_tracer_hole_filter(const struct RTCFilterFunctionNArguments *arguments)
{
    const stage_query *q = (const stage_query *)(const void *)arguments->context;
    for (unsigned i = 0; i < arguments->N; i++) {
        if (arguments->valid[i] == 0) continue;
        bt_hit met = filter_hit(q->stage, arguments, i);
        if (bt_is_hole(&q->stage->scene, met.placed, met.triangle, met.bary_u, met.bary_v))
            arguments->valid[i] = 0;
    }
}

// ---- nearest hits -------------------------------------------------------------------------------
bool bt_tracer_closest(const bt_tracer *tracer, float3 origin, float3 dir, float u, bt_hit *hit)
{
    record(tracer->log, origin, dir, u, INFINITY, false);
    stage_query q;
    stage_query_init(&q, tracer->stage);
    struct RTCRayHit r;
    r.ray = ray_make(origin, dir, u, INFINITY);
    r.hit.geomID = RTC_INVALID_GEOMETRY_ID;
    r.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
    bt_embree_intersect(tracer->stage->top, &q.query, &r);
    if (r.hit.geomID == RTC_INVALID_GEOMETRY_ID) return false;
    *hit = hit_of(tracer->stage, r.hit.instID[0], r.hit.geomID, r.hit.primID, r.hit.u, r.hit.v);
    hit->distance = r.ray.tfar;
    return true;
}

void bt_tracer_closest16(const bt_tracer *tracer, const bt_path *paths, const uint32_t *which,
                         uint32_t count, bool coherent, bt_met *mets)
{
    int valid[BT_BUNDLE] __attribute__((aligned(64)));
    struct RTCRayHit16 r;
    lanes_set(valid, count);
    ray16_begin(&r.ray);
    for (uint32_t i = 0; i < BT_BUNDLE; i++)
        r.hit.geomID[i] = RTC_INVALID_GEOMETRY_ID;
    for (uint32_t i = 0; i < BT_BUNDLE; i++)
        r.hit.instID[0][i] = RTC_INVALID_GEOMETRY_ID;
    const float3 *origins[BT_BUNDLE], *dirs[BT_BUNDLE];
    for (uint32_t i = 0; i < BT_BUNDLE; i++) {
        const bt_path *p = &paths[which[i < count ? i : 0]];
        if (tracer->log && i < count) record(tracer->log, p->origin, p->dir, p->u, INFINITY, false);
        origins[i] = &p->origin;
        dirs[i] = &p->dir;
        r.ray.time[i] = p->u;
        r.ray.tfar[i] = INFINITY;
    }
    ray16_set(&r.ray, origins, dirs);
    stage_query q;
    stage_query_init(&q, tracer->stage);
    coherent = coherent && !tracer->stage->renderer->has_holes;
    bt_embree_intersect16(tracer->stage->top, &q.query, valid, coherent, &r);
    for (uint32_t i = 0; i < count; i++) {
        bt_hit *hit = &mets[i].hit;
        mets[i].met = r.hit.geomID[i] != RTC_INVALID_GEOMETRY_ID;
        if (!mets[i].met) continue;
        *hit = hit_of(tracer->stage, r.hit.instID[0][i], r.hit.geomID[i], r.hit.primID[i],
                      r.hit.u[i], r.hit.v[i]);
        hit->distance = r.ray.tfar[i];
        bt_hit_prefetch(&tracer->stage->scene, hit);
    }
}

// ---- shadow rays through glass ------------------------------------------------------------------
// One ray's way through panes.
typedef struct pane_walk {
    uint32_t count;
    float4 open;                      // what is left of its light, once there was a pane
    uint64_t seen[BT_MAX_PANES_OPEN]; // instance and triangle
} pane_walk;

// Rays and their paths, as bt_tracer_open16 gets them, and what they went through, all by ray id.
typedef struct shadow_query {
    stage_query of; // first
    const bt_path *paths;
    const uint32_t *which;
    const bt_shadow_ray *const *rays;
    pane_walk *walks;
} shadow_query;

static float4 walk_open(const pane_walk *w)
{
    return w->count > 0 ? w->open : splat4(1.0f);
}

// Embree may offer a triangle twice where a spatial split cut it.
static bool seen_before(pane_walk *w, uint32_t placed, uint32_t triangle)
{
    uint64_t key = (uint64_t)placed << 32 | triangle;
    for (uint32_t i = 0; i < w->count; i++)
        if (w->seen[i] == key) return true;
    w->seen[w->count++] = key;
    return false;
}

static void walk_pane(const shadow_query *q, uint32_t id, bt_hit met)
{
    pane_walk *w = &q->walks[id];
    float4 before = walk_open(w);
    if (seen_before(w, met.placed, met.triangle)) return;
    const bt_path *path = &q->paths[q->which[id]];
    w->open = before *
              bt_pane_open(&q->of.stage->scene, met, q->rays[id]->dir, path->u, path->wavelengths);
}

// Lets shadow rays through, each pane once, and multiplies what it lets through.
void bt_tracer_glass_filter(const struct RTCFilterFunctionNArguments *arguments)
{
    const shadow_query *q = (const shadow_query *)(const void *)arguments->context;
    const uint32_t *ray = (const uint32_t *)(const void *)arguments->ray;
    unsigned n = arguments->N;
    for (unsigned i = 0; i < n; i++) {
        uint32_t id = ray[RAY_ID * n + i];
        if (arguments->valid[i] == 0) continue;
        if (q->walks[id].count >= BT_MAX_PANES_OPEN) continue; // taken as opaque
        walk_pane(q, id, filter_hit(q->of.stage, arguments, i));
        arguments->valid[i] = 0;
    }
}

float4 bt_tracer_open(const bt_tracer *tracer, const bt_path *path, const bt_shadow_ray *s)
{
    record(tracer->log, s->origin, s->dir, path->u, s->distance, true);
    pane_walk walk = {.count = 0};
    shadow_query q = {.paths = path, .which = &(uint32_t){0}, .rays = &s, .walks = &walk};
    stage_query_init(&q.of, tracer->stage);
    struct RTCRay ray = ray_make(s->origin, s->dir, path->u, s->distance);
    bt_embree_occluded(tracer->stage->top, &q.of.query, &ray);
    return ray.tfar < 0.0f ? splat4(0.0f) : walk_open(&walk);
}

void bt_tracer_open16(const bt_tracer *tracer, const bt_path *paths, const uint32_t *which,
                      const bt_shadow_ray *const *rays, uint32_t count, bt_ray_part part,
                      float4 *open)
{
    int valid[BT_BUNDLE] __attribute__((aligned(64)));
    pane_walk walks[BT_BUNDLE];
    const float3 *origins[BT_BUNDLE], *dirs[BT_BUNDLE];
    struct RTCRay16 r;
    lanes_set(valid, count);
    ray16_begin(&r);
    for (uint32_t i = 0; i < BT_BUNDLE; i++) {
        const bt_shadow_ray *ray = rays[i < count ? i : 0];
        const bt_path *path = &paths[which[i < count ? i : 0]];
        if (tracer->log && i < count && part.from == 0.0f)
            record(tracer->log, ray->origin, ray->dir, path->u, ray->distance, true);
        origins[i] = &ray->origin;
        dirs[i] = &ray->dir;
        r.time[i] = path->u;
        r.tnear[i] = part.from;
        r.tfar[i] = min(ray->distance, part.to);
        walks[i].count = 0;
    }
    ray16_set(&r, origins, dirs);
    shadow_query q = {.paths = paths, .which = which, .rays = rays, .walks = walks};
    stage_query_init(&q.of, tracer->stage);
    bt_embree_occluded16(tracer->stage->top, &q.of.query, valid, &r);
    for (uint32_t i = 0; i < count; i++)
        open[i] = r.tfar[i] < 0.0f ? splat4(0.0f) : walk_open(&walks[i]);
}

// ---- asking again, for benchmarks ---------------------------------------------------------------
uint64_t bt_ray_log_replay(const bt_stage *stage, const bt_ray_log *log)
{
    bt_path path = {.wavelengths = {.nm = splat4(550.0f), .bin = splat_u4(34u)}};
    bt_shadow_ray shadow = {.distance = 0.0f};
    const bt_shadow_ray *shadows = &shadow;
    pane_walk walk;
    shadow_query q = {.paths = &path, .which = &(uint32_t){0}, .rays = &shadows, .walks = &walk};
    stage_query_init(&q.of, stage);
    uint64_t hits = 0;
    unsigned old = bt_embree_float_begin();
    for (size_t i = 0; i < log->count; i++) {
        const bt_logged_ray *r = &log->rays[i];
        float3 dir = float3(r->dir[0], r->dir[1], r->dir[2]);
        struct RTCRayHit ray;
        ray.ray =
            ray_make(float3(r->origin[0], r->origin[1], r->origin[2]), dir, r->u, r->distance);
        path.u = r->u;
        shadow.dir = dir;
        walk.count = 0;
        if (r->occlusion) {
            bt_embree_occluded(stage->top, &q.of.query, &ray.ray);
            hits += ray.ray.tfar < 0.0f;
            continue;
        }
        ray.hit.geomID = RTC_INVALID_GEOMETRY_ID;
        ray.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
        bt_embree_intersect(stage->top, &q.of.query, &ray);
        hits += ray.hit.geomID != RTC_INVALID_GEOMETRY_ID;
    }
    bt_embree_float_end(old);
    return hits;
}

// ---- single rays, for labels --------------------------------------------------------------------
static float3 load3(const float *p)
{
    return float3(p[0], p[1], p[2]);
}
static void store3(float3 v, float out[3])
{
    for (int k = 0; k < 3; k++)
        out[k] = v[k];
}

bool bt_stage_trace(const bt_stage *stage, const float origin[3], const float dir[3], float u,
                    bt_surface_hit *out)
{
    bt_stage without_particles = *stage;
    without_particles.top = stage->world;
    bt_tracer tracer = {.stage = &without_particles};
    const bt_scene *sc = &stage->scene;
    const bt_world *world = stage->renderer->world;
    bt_hit hit;
    float3 d = load3(dir), o = load3(origin);
    if (!bt_tracer_closest(&tracer, o, d, u, &hit)) return false;
    const bt_placed *p = &stage->placed[hit.placed];
    bt_triangle t = bt_placed_triangle(sc, *p, hit.triangle, u);
    float3 normal = bt_hit_normal(sc, hit, u);
    out->distance_m = hit.distance;
    out->instance = p->instance;
    out->triangle = hit.triangle;
    out->class_id = world->slots[t.slot].class_id;
    out->object_id = world->instances[p->instance].object_id;
    store3(o + d * hit.distance, out->pos);
    out->bary_u = hit.bary_u;
    out->bary_v = hit.bary_v;
    store3(bt_triangle_point(t, hit.bary_u, hit.bary_v), out->pos_mesh);
    store3(dot3(normal, d) > 0.0f ? normal * -1.0f : normal, out->normal);
    return true;
}
