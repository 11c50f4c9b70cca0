// bvh_scene.c: what goes into the trees: a mesh's triangles, and the things of a snapshot with all the
// places they pass.
#include "engine/core/memory.h"
#include "engine/render/bvh_internal.h"

static void set_primitive(struct RTCBuildPrimitive *p, const bt_bvh_box *box, uint32_t id)
{
    *p = (struct RTCBuildPrimitive){.lower_x = box->low[0],
                                    .lower_y = box->low[1],
                                    .lower_z = box->low[2],
                                    .upper_x = box->high[0],
                                    .upper_y = box->high[1],
                                    .upper_z = box->high[2],
                                    .primID = id};
}

// ---- meshes -----------------------------------------------------------------------------------
typedef struct mesh_source {
    const bt_renderer *renderer;
    uint32_t first_triangle;
} mesh_source;

static bt_bvh_triangle triangle_make(const mesh_source *source, uint32_t index)
{
    const bt_renderer *r = source->renderer;
    const bt_triangle *t = &r->triangles[source->first_triangle + index];
    bt_bvh_triangle made = {.triangle = index};
    for (int k = 0; k < 3; k++) {
        made.corner[k] = t->pos[k];
        made.edge1[k] = t->pos[k] - t->pos[3 + k];
        made.edge2[k] = t->pos[6 + k] - t->pos[k];
    }
    const bt_material *m = &r->materials[r->slots[t->slot].material];
    if (m->kind == BT_MATERIAL_GLASS_THIN) made.part = BT_BVH_GLASS;
    if (m->alpha != BT_ALPHA_OPAQUE) made.part = BT_BVH_HOLES;
    return made;
}

static bt_status triangle_leaf(bt_bvh_build *build, const uint32_t *primitives, uint32_t count,
                               uint32_t *child)
{
    bt_bvh *out = build->out;
    bt_status status =
        BT_ARRAY_RESERVE(out->triangles, out->triangle_capacity, out->triangle_count + count);
    if (status != BT_OK) return status;
    if (out->triangle_count + count > BT_BVH_FIRST)
        return bt_fail(BT_ERR_LIMIT, "more than %u triangles", BT_BVH_FIRST);
    *child = BT_BVH_LEAF | (count - 1) << BT_BVH_COUNT_SHIFT | (uint32_t)out->triangle_count;
    for (uint32_t i = 0; i < count; i++)
        out->triangles[out->triangle_count++] = triangle_make(build->context, primitives[i]);
    return BT_OK;
}

// The box of a triangle; false: it is not finite.
static bool triangle_box(const bt_triangle *t, bt_bvh_box *box)
{
    bt_bvh_box_clear(box);
    bool finite = true;
    for (int i = 0; i < 9; i++)
        finite = finite && isfinite(t->pos[i]);
    for (int k = 0; k < 3; k++)
        bt_bvh_box_add(box, t->pos + 3 * k);
    return finite;
}

static bt_status add_mesh(const bt_renderer *renderer, uint32_t index, bt_bvh *bvh)
{
    const bt_world_mesh *mesh = &renderer->world->meshes[index];
    bt_bvh_mesh *made = &bvh->meshes[index];
    mesh_source source = {renderer, mesh->first_triangle};
    bt_bvh_build build = {
        .leaf_most = BT_BVH_LEAF_TRIANGLES, .out = bvh, .leaf = triangle_leaf, .context = &source};
    build.primitives = bt_alloc(mesh->triangle_count, sizeof *build.primitives);
    if (!build.primitives) return bt_fail(BT_ERR_MEMORY, "boxes of a mesh");
    bt_bvh_box_clear(&made->box);
    made->first = (uint32_t)bvh->triangle_count;
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        bt_bvh_box box;
        if (!triangle_box(&renderer->triangles[mesh->first_triangle + i], &box)) continue;
        set_primitive(&build.primitives[build.count++], &box, i);
        bt_bvh_box_add(&made->box, box.low);
        bt_bvh_box_add(&made->box, box.high);
    }
    bt_status status = bt_bvh_build_tree(renderer->device, &build, &made->root, &made->stack);
    made->count = (uint32_t)bvh->triangle_count - made->first;
    bvh->roots[index] = made->root;
    bt_free(build.primitives);
    return status;
}

bt_status bt_bvh_create(const bt_renderer *renderer, bt_bvh **bvh)
{
    *bvh = NULL;
    bt_bvh *made = bt_alloc(1, sizeof *made);
    if (!made) return bt_fail(BT_ERR_MEMORY, "trees of boxes");
    made->root_count = renderer->world->mesh_count;
    made->meshes = bt_alloc(made->root_count, sizeof *made->meshes);
    made->roots = bt_alloc(made->root_count, sizeof *made->roots);
    bt_status status = BT_OK;
    if (!made->meshes || !made->roots) status = bt_fail(BT_ERR_MEMORY, "trees of boxes");
    for (uint32_t i = 0; status == BT_OK && i < made->root_count; i++)
        status = add_mesh(renderer, i, made);
    if (status != BT_OK) {
        bt_bvh_destroy(made);
        return status;
    }
    *bvh = made;
    return BT_OK;
}

// ---- things -----------------------------------------------------------------------------------
// The shape of something that deforms, over all its keys: of a triangle, or of everything.
static void add_deformed(const bt_snapshot *snapshot, const bt_deformed *d,
                         const uint32_t *vertices, uint32_t count, bt_bvh_box *box)
{
    for (uint32_t k = 0; k < d->key_count; k++)
        for (uint32_t i = 0; i < count; i++) {
            uint32_t vertex = vertices ? vertices[i] - d->first_vertex : i;
            bt_bvh_box_add(
                box, snapshot->deformed_vertices[d->first + k * d->vertex_count + vertex].pos);
        }
}

static const bt_deformed *deformed_of(const bt_stage *stage, const bt_placed *p)
{
    return p->deformed ? &stage->snapshot->deformed[p->deformed - 1] : NULL;
}

// A tree for something that deforms: straight lines between keys stay within the boxes of both.
static bt_status add_bent(const bt_stage *stage, uint32_t index, bt_bvh *bvh, uint32_t *deepest)
{
    const bt_placed *p = &stage->placed[index];
    const bt_deformed *d = deformed_of(stage, p);
    const bt_world_mesh *mesh = &stage->renderer->world->meshes[p->mesh];
    mesh_source source = {stage->renderer, mesh->first_triangle};
    bt_bvh_build build = {
        .leaf_most = BT_BVH_LEAF_TRIANGLES, .out = bvh, .leaf = triangle_leaf, .context = &source};
    build.primitives = bt_alloc(mesh->triangle_count, sizeof *build.primitives);
    if (!build.primitives) return bt_fail(BT_ERR_MEMORY, "boxes of what deforms");
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        bt_bvh_box box;
        bt_bvh_box_clear(&box);
        const bt_triangle *t = &stage->renderer->triangles[mesh->first_triangle + i];
        add_deformed(stage->snapshot, d, t->vertex, 3, &box);
        if (isfinite(box.low[0] + box.low[1] + box.low[2] + box.high[0] + box.high[1] +
                     box.high[2]))
            set_primitive(&build.primitives[build.count++], &box, i);
    }
    uint32_t stack;
    bt_status status =
        bt_bvh_build_tree(stage->renderer->device, &build, &bvh->roots[index], &stack);
    *deepest = max(*deepest, stack);
    bt_free(build.primitives);
    return status;
}

// Corners of the mesh's box as placed; the farthest from the thing's origin is `reach` away.
static void add_placed(const bt_bvh_box *mesh, bt_placement at, float grow, bt_bvh_box *box,
                       float *reach)
{
    for (int corner = 0; corner < 8; corner++) {
        float3 p = float3(corner & 1 ? mesh->high[0] : mesh->low[0],
                          corner & 2 ? mesh->high[1] : mesh->low[1],
                          corner & 4 ? mesh->high[2] : mesh->low[2]);
        float3 turned = bt_placement_vector(at, p);
        *reach = max(*reach, length3(turned));
        for (int side = -1; side <= 1; side += 2) {
            float3 there = turned + at.pos + splat3(grow) * (float)side;
            float point[3] = {there[0], there[1], there[2]};
            bt_bvh_box_add(box, point);
        }
    }
}

// Between two keys a point on a thing that turns bulges out of the chord by its sagitta.
static float bulge(const bt_snapshot_key *a, const bt_snapshot_key *b, float reach)
{
    float cosine = 0.0f; // of half the angle
    for (int i = 0; i < 4; i++)
        cosine += a->rot[i] * b->rot[i];
    return reach * (1.0f - min(abs(cosine), 1.0f));
}

static bt_bvh_box thing_box(const bt_stage *stage, const bt_placed *p, const bt_bvh_box *rigid)
{
    const bt_deformed *d = deformed_of(stage, p);
    bt_bvh_box bent;
    bt_bvh_box_clear(&bent);
    if (d) add_deformed(stage->snapshot, d, NULL, d->vertex_count, &bent);
    const bt_bvh_box *mesh = d ? &bent : rigid;
    const bt_snapshot_key *keys = stage->snapshot->keys + p->first_key;
    bt_placement still = {p->x, p->y, p->z, p->pos};
    float reach = 0.0f, grow = 0.0f;
    bt_bvh_box box;
    bt_bvh_box_clear(&box);
    add_placed(mesh, still, 0.0f, &box, &reach);
    if (p->key_count < 2) return box;
    for (uint32_t k = 1; k < p->key_count; k++)
        grow = max(grow, bulge(&keys[k - 1], &keys[k], reach));
    for (uint32_t k = 0; k < p->key_count; k++)
        add_placed(mesh, bt_placement_from_key(keys[k], p->scale), grow, &box, &reach);
    return box;
}

static bt_status thing_leaf(bt_bvh_build *build, const uint32_t *primitives, uint32_t count,
                            uint32_t *child)
{
    (void)build;
    (void)count; // one
    *child = BT_BVH_LEAF | primitives[0];
    return BT_OK;
}

static bt_status build_top(const bt_stage *stage, const bt_bvh *meshes, bool movers, bt_bvh *bvh,
                           uint32_t *stack, uint32_t *deepest)
{
    uint32_t root;
    bt_bvh_build build = {.leaf_most = 1, .out = bvh, .leaf = thing_leaf};
    build.primitives = bt_alloc(stage->count, sizeof *build.primitives);
    if (!build.primitives) return bt_fail(BT_ERR_MEMORY, "boxes of %u things", stage->count);
    for (uint32_t i = 0; i < stage->count; i++) {
        const bt_bvh_mesh *mesh = &meshes->meshes[stage->placed[i].mesh];
        bvh->roots[i] = BT_NONE;
        if (mesh->root == BT_NONE || (movers && !bt_placed_moves(&stage->placed[i]))) continue;
        bt_bvh_box box = thing_box(stage, &stage->placed[i], &mesh->box);
        set_primitive(&build.primitives[build.count++], &box, i);
        *deepest = max(*deepest, mesh->stack);
    }
    bt_status status = bt_bvh_build_tree(stage->renderer->device, &build, &root, stack);
    bt_free(build.primitives);
    if (status != BT_OK || build.count > 0) return status;
    // a world with nothing in it: a node without children
    status = BT_ARRAY_RESERVE(bvh->nodes, bvh->node_capacity, 1);
    if (status == BT_OK)
        bvh->nodes[bvh->node_count++] =
            (bt_bvh_node){.step = 0x7f7f7f, .child = {BT_NONE, BT_NONE, BT_NONE, BT_NONE}};
    return status;
}

static bt_status build_things(const bt_stage *stage, const bt_bvh *meshes, bool movers, bt_bvh *bvh)
{
    uint32_t stack = 0, deepest = 0;
    bvh->root_count = stage->count;
    bvh->roots = bt_alloc(stage->count, sizeof *bvh->roots);
    if (!bvh->roots) return bt_fail(BT_ERR_MEMORY, "roots of %u things", stage->count);
    bt_status status = build_top(stage, meshes, movers, bvh, &stack, &deepest);
    for (uint32_t i = 0; status == BT_OK && i < stage->count; i++)
        if (stage->placed[i].deformed && meshes->meshes[stage->placed[i].mesh].root != BT_NONE)
            status = add_bent(stage, i, bvh, &deepest);
    if (status == BT_OK && stack + deepest > BT_BVH_STACK)
        return bt_fail(BT_ERR_LIMIT, "trees of boxes %u deep: at most %d", stack + deepest,
                       BT_BVH_STACK);
    return status;
}

static bt_status create_top(const bt_stage *stage, const bt_bvh *meshes, bool movers, bt_bvh **bvh)
{
    *bvh = NULL;
    bt_bvh *made = bt_alloc(1, sizeof *made);
    if (!made) return bt_fail(BT_ERR_MEMORY, "a tree of things");
    bt_status status = build_things(stage, meshes, movers, made);
    if (status != BT_OK) {
        bt_bvh_destroy(made);
        return status;
    }
    *bvh = made;
    return BT_OK;
}

bt_status bt_bvh_create_things(const bt_stage *stage, const bt_bvh *meshes, bt_bvh **bvh)
{
    return create_top(stage, meshes, false, bvh);
}
bt_status bt_bvh_create_movers(const bt_stage *stage, const bt_bvh *meshes, bt_bvh **bvh)
{
    return create_top(stage, meshes, true, bvh);
}
