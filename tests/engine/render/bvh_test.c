// bvh_test.c: the walk of shaders/shared/traverse.h, run in C, against Embree on the same rays.
//
// Both meet triangles by the same formula, but round differently (Embree multiplies and adds at
// once), so distances differ by rounding and a ray through an edge may slip past one of them.
#include "tests/engine/render/render_fixture.h"

#include "engine/render/bvh_internal.h"
#include "engine/core/random.h"

#include "shaders/shared/traverse.h"

#if defined(__SANITIZE_ADDRESS__)
#define RAYS 100000u
#else
#define RAYS 1000000u
#endif
#define BODIES 5 // of FX_MAX_ACTORS

static double unit(uint32_t index, uint32_t dim)
{
    return bt_random_unit(7, BT_STREAM_TEST, index, dim);
}

// Walls of boards and panes, bumpy balls, some of them on the move and turning.
static void fill(fx_scene *s)
{
    uint32_t grey = fx_plain(s, "grey", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    uint32_t glass = fx_plain(s, "glass", BT_MATERIAL_GLASS_THIN, 0.8, 0.0f);
    fx_static(s, fx_quad(s, grey, (bt_vec3){-30, -30, 0}, (bt_vec3){60, 0, 0}, (bt_vec3){0, 60, 0}),
              0, 0, 0);
    uint32_t pane = fx_quad(s, glass, (bt_vec3){0, 0, 0}, (bt_vec3){0, 3, 0}, (bt_vec3){0.3, 0, 3});
    uint32_t ball = fx_sphere(s, grey, 0.7, 24), bubble = fx_sphere(s, glass, 0.5, 12);
    for (uint32_t i = 0; i < 60; i++)
        fx_static(s, i % 3 == 0 ? pane : (i % 3 == 1 ? ball : bubble), 40 * unit(i, 0) - 20,
                  40 * unit(i, 1) - 20, 3 * unit(i, 2));
    for (uint32_t i = 0; i < BODIES; i++)
        fx_actor(s, i & 1 ? pane : ball);
}

static void place(fx_scene *s)
{
    bt_pose from[FX_MAX_ACTORS], to[FX_MAX_ACTORS];
    from[s->camera] = to[s->camera] = fx_look((bt_vec3){0, 0, 1.4}, (bt_vec3){6, 0, 0.9});
    for (uint32_t i = 1; i <= BODIES; i++) {
        from[i] = (bt_pose){{20 * unit(i, 3) - 10, 20 * unit(i, 4) - 10, 1.0}, {1, 0, 0, 0}};
        to[i] = (bt_pose){{from[i].pos.x + 2, from[i].pos.y - 1, 1.5}, {0, 0.6, 0, 0.8}};
    }
    fx_place(s, from, to, 200 * BT_NS_PER_MS, 800 * BT_NS_PER_MS);
}

static bt_path random_ray(uint32_t i)
{
    bt_path p;
    memset(&p, 0, sizeof p);
    float z = 2.0f * (float)unit(i, 10) - 1.0f, turn = 6.2831853f * (float)unit(i, 11);
    float r = sqrtf(1.0f - z * z);
    p.dir = float3(r * cosf(turn), r * sinf(turn), z);
    p.origin = float3((float)(30 * unit(i, 12) - 15), (float)(30 * unit(i, 13) - 15),
                      (float)(4 * unit(i, 14)));
    p.u = (float)unit(i, 15);
    p.wavelengths = (bt_wavelengths){.nm = splat4(550.0f), .bin = splat_u4(34u)};
    return p;
}

typedef struct tally {
    uint32_t hits, one_sided, far_off, other_thing; // of the nearest
    uint32_t open, shut, filtered, disagree, leaks; // of shadow rays
} tally;

static void compare_nearest(const fx_scene *s, const bt_bvh_ref *bvh, const bt_path *p, tally *t)
{
    bt_tracer tracer = {.stage = s->stage};
    bt_hit want;
    bool met = bt_tracer_closest(&tracer, p->origin, p->dir, p->u, &want);
    bt_bvh_query q = {
        .origin = p->origin, .dir = p->dir, .u = p->u, .distance = BT_BVH_FAR, .shadow = 0};
    bt_bvh_answer got = bt_bvh_trace(&s->stage->scene, *bvh, &q);
    t->hits += met;
    t->one_sided += met != got.met;
    if (!met || !got.met) return;
    float off = fabsf(got.hit.distance - want.distance);
    bool same = off <= 1e-5f * fmaxf(want.distance, 1.0f);
    // Embree's own interpolation of turns puts what moves elsewhere by up to a hundredth of a
    // millimetre, across the surface
    if (s->stage->placed[want.placed].key_count > 1)
        same =
            same || off * fabsf(dot3(p->dir, bt_hit_normal(&s->stage->scene, want, p->u))) < 3e-5f;
    t->far_off += !same;
    t->other_thing += same && got.hit.placed != want.placed;
}

static void compare_shadow(const fx_scene *s, const bt_bvh_ref *bvh, const bt_path *p, uint32_t i,
                           tally *t)
{
    bt_tracer tracer = {.stage = s->stage};
    bt_shadow_ray ray = {
        .origin = p->origin, .dir = p->dir, .distance = i & 1 ? BT_FAR : 8.0f, .lit = splat4(1.0f)};
    float4 want = bt_tracer_open(&tracer, p, &ray);
    bt_bvh_query q = {.origin = p->origin,
                      .dir = p->dir,
                      .u = p->u,
                      .distance = ray.distance,
                      .shadow = 1,
                      .wavelengths = p->wavelengths};
    bt_bvh_answer got = bt_bvh_trace(&s->stage->scene, *bvh, &q);
    float open = got.met ? 0.0f : got.open[0];
    t->open += want[0] == 1.0f;
    t->shut += want[0] == 0.0f;
    t->filtered += want[0] > 0.0f && want[0] < 1.0f;
    t->disagree += fabsf(open - want[0]) > 1e-5f;
}

static void test_against_embree(void)
{
    fx_scene s;
    fx_begin(&s);
    fill(&s);
    fx_compile(&s);
    place(&s);
    bt_bvh *meshes = NULL, *things = NULL;
    CHECK_OK(bt_bvh_create(s.renderer, &meshes));
    CHECK_OK(bt_bvh_create_things(s.stage, meshes, &things));
    bt_bvh_ref bvh = {things->nodes, meshes->nodes,     meshes->triangles,
                      meshes->roots, things->triangles, things->roots};
    tally t = {0};
    for (uint32_t i = 0; i < RAYS; i++) {
        bt_path p = random_ray(i);
        compare_nearest(&s, &bvh, &p, &t);
        compare_shadow(&s, &bvh, &p, i, &t);
    }
    printf("%u rays, %u hits; met by one alone: %u, elsewhere: %u, another thing there: %u\n", RAYS,
           t.hits, t.one_sided, t.far_off, t.other_thing);
    printf("shadow rays: %u open, %u shut, %u through panes; disagree: %u\n", t.open, t.shut,
           t.filtered, t.disagree);
    printf("%zu nodes, %zu triangles, %zu nodes of things\n", meshes->node_count,
           meshes->triangle_count, things->node_count);
    CHECK(t.hits > RAYS / 3 && t.open > RAYS / 20 && t.shut > RAYS / 20 && t.filtered > RAYS / 20);
    // edges are where rounding decides: fewer than one ray in 1e5
    CHECK(t.one_sided + t.far_off <= RAYS / 100000u);
    CHECK(t.other_thing <= RAYS / 100000u);
    CHECK(t.disagree <= RAYS / 50000u); // a shadow ray meets several triangles
    bt_bvh_destroy(things);
    bt_bvh_destroy(meshes);
    fx_end(&s);
}

// Sixteen shadow rays, and what is left of them on their whole way and on two parts of it.
typedef struct parted {
    bt_path paths[BT_BUNDLE];
    bt_shadow_ray shadows[BT_BUNDLE];
    float4 whole[BT_BUNDLE], near[BT_BUNDLE], beyond[BT_BUNDLE];
} parted;

static void trace_part(const fx_scene *s, const parted *p, bt_ray_part part, float4 *open)
{
    bt_tracer tracer = {.stage = s->stage};
    const bt_shadow_ray *rays[BT_BUNDLE];
    uint32_t which[BT_BUNDLE];
    for (uint32_t i = 0; i < BT_BUNDLE; i++) {
        rays[i] = &p->shadows[i];
        which[i] = i;
    }
    bt_tracer_open16(&tracer, p->paths, which, rays, BT_BUNDLE, part, open);
}

static void trace_parts(const fx_scene *s, float cut_m, parted *p)
{
    trace_part(s, p, (bt_ray_part){0.0f, BT_FAR}, p->whole);
    trace_part(s, p, (bt_ray_part){0.0f, cut_m}, p->near);
    trace_part(s, p, (bt_ray_part){cut_m, BT_FAR}, p->beyond);
}

static void put_rays(uint32_t first, parted *p)
{
    for (uint32_t i = 0; i < BT_BUNDLE; i++) {
        p->paths[i] = random_ray(first + i);
        p->shadows[i] = (bt_shadow_ray){.origin = p->paths[i].origin,
                                        .dir = p->paths[i].dir,
                                        .distance = i & 1 ? BT_FAR : 8.0f,
                                        .lit = splat4(1.0f)};
    }
}

static void add_parts(const parted *p, tally *t)
{
    for (uint32_t i = 0; i < BT_BUNDLE; i++) {
        float whole = p->whole[i][0], both = p->near[i][0] * p->beyond[i][0];
        t->open += whole == 1.0f;
        t->shut += whole == 0.0f;
        t->filtered += whole > 0.0f && whole < 1.0f;
        t->disagree += !(fabsf(both - whole) <= 1e-6f);
        t->leaks += both > whole + 1e-6f;
    }
}

// Each thing is met on one part of a ray's way, and nothing slips through where it is cut.
static void test_parts_of_a_way(void)
{
    fx_scene s;
    fx_begin(&s);
    fill(&s);
    fx_compile(&s);
    place(&s);
    tally apart = {0}, at_things = {0};
    bt_tracer tracer = {.stage = s.stage};
    for (uint32_t first = 0; first < RAYS; first += BT_BUNDLE) {
        parted p;
        put_rays(first, &p);
        trace_parts(&s, 10.0f * (float)unit(first, 16), &p);
        add_parts(&p, &apart);
        bt_hit hit;
        if (!bt_tracer_closest(&tracer, p.paths[0].origin, p.paths[0].dir, p.paths[0].u, &hit))
            continue;
        trace_parts(&s, hit.distance, &p);
        add_parts(&p, &at_things);
    }
    printf("shadow rays in two parts: %u open, %u shut, %u through panes; disagree: %u; leak where "
           "something stands at the cut: %u\n",
           apart.open, apart.shut, apart.filtered, apart.disagree, at_things.leaks);
    CHECK(apart.open > RAYS / 20 && apart.shut > RAYS / 20 && apart.filtered > RAYS / 20);
    CHECK(apart.disagree == 0);
    CHECK(at_things.open > RAYS / 20 && at_things.leaks == 0);
    fx_end(&s);
}

// Every child's box holds what it stands for.
static void check_boxes(const bt_bvh *bvh, uint32_t at, uint32_t *wrong, bt_bvh_box *all)
{
    const bt_bvh_node *n = &bvh->nodes[at];
    bt_bvh_box_clear(all);
    for (int i = 0; i < 4; i++) {
        bt_bvh_box inside;
        bt_bvh_box_clear(&inside);
        if (n->child[i] == BT_NONE) continue;
        if (n->child[i] & BT_BVH_LEAF) {
            uint32_t first = n->child[i] & BT_BVH_FIRST;
            uint32_t count = (n->child[i] >> BT_BVH_COUNT_SHIFT & 7u) + 1u;
            for (uint32_t k = first; k < first + count; k++)
                bt_bvh_box_add(&inside, bvh->triangles[k].corner);
        } else {
            check_boxes(bvh, n->child[i], wrong, &inside);
        }
        for (int k = 0; k < 3; k++) {
            float step = u2f((n->step >> (8 * k) & 255u) << 23);
            float low = n->origin[k] + step * (float)(n->low[k] >> (8 * i) & 255u);
            float high = n->origin[k] + step * (float)(n->high[k] >> (8 * i) & 255u);
            *wrong += !(low < inside.low[k] && inside.high[k] < high);
        }
        bt_bvh_box_add(all, inside.low);
        bt_bvh_box_add(all, inside.high);
    }
}

// What must not break a tree: nothing at all, one triangle, many in one place, numbers that are none.
static void test_odd_meshes(void)
{
    fx_scene s;
    fx_begin(&s);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    fx_static(&s, fx_quad(&s, grey, (bt_vec3){1, 1, 1}, (bt_vec3){1, 0, 0}, (bt_vec3){0, 1, 0}), 0,
              0, 0);
    fx_static(&s, fx_sphere(&s, grey, 1e-7, 40), 5, 0, 0);
    fx_static(&s, fx_sphere(&s, grey, 1e5, 30), 0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 1.4}, (bt_vec3){6, 0, 0.9}));
    for (int i = 0; i < 3; i++)
        ((bt_triangle *)s.renderer->triangles)[20 + i].pos[i] = i == 1 ? NAN : INFINITY;
    bt_bvh *meshes = NULL, *things = NULL;
    CHECK_OK(bt_bvh_create(s.renderer, &meshes));
    CHECK_OK(bt_bvh_create_things(s.stage, meshes, &things));
    CHECK(meshes->triangle_count == s.world->triangle_count - 3u);
    uint32_t wrong = 0;
    bt_bvh_box all;
    for (uint32_t i = 0; i < meshes->root_count; i++)
        if (meshes->roots[i] != BT_NONE) check_boxes(meshes, meshes->roots[i], &wrong, &all);
    CHECK(wrong == 0);
    bt_bvh_destroy(things);
    uint32_t count = s.stage->count;
    s.stage->count = 0;
    CHECK_OK(bt_bvh_create_things(s.stage, meshes, &things));
    bt_bvh_ref bvh = {things->nodes, meshes->nodes,     meshes->triangles,
                      meshes->roots, things->triangles, things->roots};
    bt_path p = random_ray(1);
    bt_bvh_query q = {.origin = p.origin, .dir = p.dir, .distance = BT_BVH_FAR};
    CHECK(!bt_bvh_trace(&s.stage->scene, bvh, &q).met);
    s.stage->count = count;
    bt_bvh_destroy(things);
    bt_bvh_destroy(meshes);
    fx_end(&s);
}

int main(void)
{
    test_against_embree();
    test_parts_of_a_way();
    test_odd_meshes();
    return check_end();
}
