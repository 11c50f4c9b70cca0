// shade.c: what a ray found: from triangle numbers to a surface that can be shaded.
#include "engine/render/internal.h"

#include "shaders/shared/pattern.h"

typedef struct corners {
    const bt_shade_triangle *t;
    const bt_shade_material *shade;
} corners;

static corners corners_of(const bt_stage *stage, const bt_hit *hit)
{
    const bt_renderer *renderer = stage->renderer;
    const bt_shade_triangle *t = bt_hit_triangle(stage, hit);
    return (corners){t, &renderer->materials[renderer->world->slots[t->slot].material]};
}

static float3 load3(const float *p)
{
    return float3(p[0], p[1], p[2]);
}
static float3 mix3(float3 a, float3 b, float3 c, const bt_hit *hit)
{
    float w = 1.0f - hit->bary_u - hit->bary_v;
    return a * w + b * hit->bary_u + c * hit->bary_v;
}
static float3 mesh_position(const corners *c, const bt_hit *hit)
{
    return mix3(load3(c->t->pos[0]), load3(c->t->pos[1]), load3(c->t->pos[2]), hit);
}
static float3 mesh_edge(const corners *c, int k)
{
    return load3(c->t->pos[k]) - load3(c->t->pos[0]);
}
static float3 mesh_normal(const corners *c)
{
    return cross3(mesh_edge(c, 1), mesh_edge(c, 2));
}
// Unfolds a packed normal (renderer.c); its length is between 0.57 and 1.
static float3 normal_unpack(uint32_t packed)
{
    float x = (to_f(packed & 0xffffu) - 32768.0f) * (1.0f / 32767.0f);
    float y = (to_f(packed >> 16) - 32768.0f) * (1.0f / 32767.0f);
    float z = 1.0f - abs(x) - abs(y);
    float fold = max(-z, 0.0f);
    return float3(x >= 0.0f ? x - fold : x + fold, y >= 0.0f ? y - fold : y + fold, z);
}
static float3 mesh_shading_normal(const corners *c, const bt_hit *hit)
{
    const uint32_t *n = c->t->normal;
    if (n[0] == n[1] && n[1] == n[2]) return normal_unpack(n[0]);
    return mix3(normalize3(normal_unpack(n[0])), normalize3(normal_unpack(n[1])),
                normalize3(normal_unpack(n[2])), hit);
}

static bt_placement placement_of(const bt_stage *stage, uint32_t placed, float u)
{
    const bt_placed *p = &stage->placed[placed];
    if (!p->moves) return p->at;
    bt_snapshot_key key = bt_snapshot_instance_at(stage->snapshot, p->instance, u);
    return bt_placement_make(&key, p->scale);
}

float3 bt_hit_normal(const bt_stage *stage, const bt_hit *hit, float u,
                     const bt_shade_material **shade)
{
    corners c = corners_of(stage, hit);
    *shade = c.shade;
    bt_placement at = placement_of(stage, hit->placed, u);
    return normalize3(bt_placement_vector(&at, mesh_normal(&c)));
}

// Directions of growing uv, orthonormal to the shading normal.
static void fill_tangents(const corners *c, const float *uv0, const float *uv1, const float *uv2,
                          const bt_placement *at, bt_surface *s)
{
    float3 e1 = mesh_edge(c, 1), e2 = mesh_edge(c, 2);
    float u1 = uv1[0] - uv0[0], v1 = uv1[1] - uv0[1];
    float u2 = uv2[0] - uv0[0], v2 = uv2[1] - uv0[1];
    float det = u1 * v2 - u2 * v1;
    float3 along = bt_placement_vector(at, (e1 * v2 - e2 * v1) * (det < 0.0f ? -1.0f : 1.0f));
    along = along - s->normal * dot3(along, s->normal);
    float length = length3(along);
    if (!(length > 1e-20f)) {
        bt_frame frame = bt_frame_about(s->normal);
        s->tangent = frame.x;
        s->bitangent = frame.y;
        return;
    }
    s->tangent = along * (1.0f / length);
    s->bitangent = cross3(s->normal, s->tangent);
    float3 up = bt_placement_vector(at, (e2 * u1 - e1 * u2) * (det < 0.0f ? -1.0f : 1.0f));
    if (dot3(up, s->bitangent) < 0.0f) s->bitangent = s->bitangent * -1.0f;
}

static void fill_position(const bt_stage *stage, const bt_hit *hit, const bt_placement *at,
                          float3 on_ray, float3 pos_mesh, bt_shade_point *point)
{
    const bt_placed *p = &stage->placed[hit->placed];
    float3 turned = bt_placement_vector(at, pos_mesh);
    // on what moves, the point of the ray: Embree's own idea of where the surface is
    point->pos = p->moves ? on_ray : turned + at->pos;
    float3 size = abs(point->pos) + abs(at->pos) + abs(turned);
    point->reach = max(size[0], max(size[1], size[2])) + hit->distance;
    if (point->shade->material.pattern == BT_PATTERN_NONE) return;
    bt_surface *s = &point->surface;
    s->pos_mesh = pos_mesh * p->scale;
    s->pos_noise = (p->actor ? s->pos_mesh : turned) + p->noise_pos;
    s->hash = p->hash;
}

static void fill_normals(const corners *c, const bt_hit *hit, const bt_placement *at, float3 dir,
                         bt_shade_point *point)
{
    bt_surface *s = &point->surface;
    float3 ng = normalize3(bt_placement_vector(at, mesh_normal(c)));
    float3 n = normalize3(bt_placement_vector(at, mesh_shading_normal(c, hit)));
    float facing = dot3(ng, dir);
    // a shading normal beyond the horizon of the true one is no use
    if (!(dot3(n, ng) > 0.1f)) n = dot3(n, ng) < -0.1f ? n * -1.0f : ng;
    point->front = facing <= 0.0f;
    s->normal_geometric = point->front ? ng : ng * -1.0f;
    s->normal = point->front ? n : n * -1.0f;
    s->cos_view = clampf(abs(facing), 1e-3f, 1.0f);
}

void bt_shade_point_at(const bt_stage *stage, const bt_hit *hit, float3 origin, float3 dir, float u,
                       float cone_m, bt_shade_point *point)
{
    corners c = corners_of(stage, hit);
    bt_placement at = placement_of(stage, hit->placed, u);
    point->shade = c.shade;
    point->emission = stage->placed[hit->placed].emission;
    fill_position(stage, hit, &at, origin + dir * hit->distance, mesh_position(&c, hit), point);
    fill_normals(&c, hit, &at, dir, point);

    bt_surface *s = &point->surface;
    const bt_material *m = &c.shade->material;
    s->footprint_m = cone_m;
    s->footprint_max_m = cone_m / s->cos_view;
    s->weight = 0.0f;
    s->tint = 1.0f;
    s->roughness = m->roughness;
    if (m->pattern == BT_PATTERN_NONE) return;
    const float *uvs = stage->renderer->world->uvs;
    const float *uv0 = uvs + 2 * (size_t)c.t->vertex[0], *uv1 = uvs + 2 * (size_t)c.t->vertex[1],
                *uv2 = uvs + 2 * (size_t)c.t->vertex[2];
    float w = 1.0f - hit->bary_u - hit->bary_v;
    s->uv = float2(uv0[0] * w + uv1[0] * hit->bary_u + uv2[0] * hit->bary_v,
                   uv0[1] * w + uv1[1] * hit->bary_u + uv2[1] * hit->bary_v);
    fill_tangents(&c, uv0, uv1, uv2, &at, s);
    bt_pattern_apply(*m, A(*s));
}

// ---- single rays, for labels ------------------------------------------------------------------
static void store3(float3 v, float out[3])
{
    for (int k = 0; k < 3; k++)
        out[k] = v[k];
}

bool bt_stage_trace(const bt_stage *stage, const float origin[3], const float dir[3], float u,
                    bt_surface_hit *out)
{
    bt_tracer tracer = {.stage = stage};
    bt_hit hit;
    float3 d = load3(dir), o = load3(origin);
    if (!bt_tracer_closest(&tracer, o, d, u, &hit)) return false;
    corners c = corners_of(stage, &hit);
    const bt_placed *p = &stage->placed[hit.placed];
    bt_placement at = placement_of(stage, hit.placed, u);
    float3 normal = normalize3(bt_placement_vector(&at, mesh_normal(&c)));
    float3 pos_mesh = mesh_position(&c, &hit);
    out->distance_m = hit.distance;
    out->instance = p->instance;
    out->triangle = hit.triangle;
    out->class_id = stage->renderer->world->slots[c.t->slot].class_id;
    out->object_id = stage->renderer->world->instances[p->instance].object_id;
    store3(o + d * hit.distance, out->pos);
    store3(pos_mesh, out->pos_mesh);
    store3(dot3(normal, d) > 0.0f ? normal * -1.0f : normal, out->normal);
    return true;
}
