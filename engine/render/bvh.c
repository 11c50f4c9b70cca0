// bvh.c: a tree by Embree's builder, flattened to nodes of four children whose boxes are bytes.
#include "engine/core/memory.h"
#include "engine/render/bvh_internal.h"

#define CHILDREN 4
#define MAX_DEPTH 28u // of the builder's tree: three stack entries each fit BT_BVH_STACK

// ---- boxes ------------------------------------------------------------------------------------
void bt_bvh_box_clear(bt_bvh_box *box)
{
    for (int k = 0; k < 3; k++) {
        box->low[k] = INFINITY;
        box->high[k] = -INFINITY;
    }
}

void bt_bvh_box_add(bt_bvh_box *box, const float point[3])
{
    for (int k = 0; k < 3; k++) {
        box->low[k] = fminf(box->low[k], point[k]);
        box->high[k] = fmaxf(box->high[k], point[k]);
    }
}

// ---- what Embree calls back -------------------------------------------------------------------
typedef struct branch {
    uint32_t children; // 0: a leaf
    uint32_t count;    // of a leaf's primitives
    struct branch *child[CHILDREN];
    bt_bvh_box box[CHILDREN];
    uint32_t primitives[8];
} branch;

static void *create_node(RTCThreadLocalAllocator allocator, unsigned count, void *user)
{
    (void)user;
    branch *b = rtcThreadLocalAlloc(allocator, sizeof *b, 16);
    memset(b, 0, sizeof *b);
    b->children = count;
    return b;
}
static void set_children(void *node, void **children, unsigned count, void *user)
{
    (void)user;
    for (unsigned i = 0; i < count; i++)
        ((branch *)node)->child[i] = children[i];
}
static void set_bounds(void *node, const struct RTCBounds **bounds, unsigned count, void *user)
{
    (void)user;
    for (unsigned i = 0; i < count; i++) {
        const struct RTCBounds *b = bounds[i];
        ((branch *)node)->box[i] = (bt_bvh_box){{b->lower_x, b->lower_y, b->lower_z},
                                                {b->upper_x, b->upper_y, b->upper_z}};
    }
}
static void *create_leaf(RTCThreadLocalAllocator allocator,
                         const struct RTCBuildPrimitive *primitives, size_t count, void *user)
{
    branch *leaf = create_node(allocator, 0, user);
    leaf->count = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        leaf->primitives[i] = primitives[i].primID;
    return leaf;
}

// ---- flattening -------------------------------------------------------------------------------
// The power of two that steps from low to high in at most 255, and its exponent as a float has it.
static uint32_t step_of(float low, float high)
{
    int exponent;
    frexpf((high - low) / 255.0f, &exponent);
    int biased = exponent + 127;
    while (biased < 254 && ceilf((high - low) / u2f((uint32_t)biased << 23)) > 255.0f)
        biased++;
    return (uint32_t)(biased < 1 ? 1 : biased);
}

// A box is widened by more than the walk's rounding, so that it loses nothing and is never flat.
static float margin_of(float low, float high)
{
    return 1e-6f * fmaxf(fmaxf(fabsf(low), fabsf(high)), high - low) + 1e-20f;
}

static void pack_axis(bt_bvh_node *node, const branch *b, int k)
{
    float low = INFINITY, high = -INFINITY;
    for (uint32_t i = 0; i < b->children; i++) {
        low = fminf(low, b->box[i].low[k]);
        high = fmaxf(high, b->box[i].high[k]);
    }
    float margin = margin_of(low, high);
    low -= 2.0f * margin;
    high += 2.0f * margin;
    uint32_t exponent = step_of(low, high);
    float step = u2f(exponent << 23);
    node->origin[k] = low;
    node->step |= exponent << (8 * k);
    for (uint32_t i = 0; i < b->children; i++) {
        float from = floorf((b->box[i].low[k] - margin - low) / step);
        float to = ceilf((b->box[i].high[k] + margin - low) / step);
        node->low[k] |= (uint32_t)fmaxf(from, 0.0f) << (8 * i);
        node->high[k] |= (uint32_t)fminf(to, 255.0f) << (8 * i);
    }
}

static bt_status new_node(bt_bvh *out, uint32_t *index)
{
    bt_status status = BT_ARRAY_RESERVE(out->nodes, out->node_capacity, out->node_count + 1);
    if (status != BT_OK) return status;
    if (out->node_count >= BT_BVH_FIRST) return bt_fail(BT_ERR_LIMIT, "a tree of too many boxes");
    *index = (uint32_t)out->node_count++;
    return BT_OK;
}

static bt_status flatten(bt_bvh_build *build, const branch *b, uint32_t *index, uint32_t *stack)
{
    bt_status status = new_node(build->out, index);
    bt_bvh_node node = {0};
    uint32_t deepest = 0;
    for (uint32_t i = 0; status == BT_OK && i < CHILDREN; i++) {
        uint32_t below = 0;
        node.child[i] = BT_NONE;
        if (i >= b->children) continue;
        const branch *child = b->child[i];
        if (child->children > 0)
            status = flatten(build, child, &node.child[i], &below);
        else
            status = build->leaf(build, child->primitives, child->count, &node.child[i]);
        deepest = max(deepest, below);
    }
    if (status != BT_OK) return status;
    for (int k = 0; k < 3; k++)
        pack_axis(&node, b, k);
    build->out->nodes[*index] = node;
    *stack = deepest + b->children - 1;
    return BT_OK;
}

// A tree that is one leaf gets a node of one child above it.
static branch lone_leaf(const bt_bvh_build *build, branch *leaf)
{
    branch b = {.children = 1, .child = {leaf}};
    bt_bvh_box_clear(&b.box[0]);
    for (uint32_t i = 0; i < build->count; i++) {
        const struct RTCBuildPrimitive *p = &build->primitives[i];
        float low[3] = {p->lower_x, p->lower_y, p->lower_z};
        float high[3] = {p->upper_x, p->upper_y, p->upper_z};
        bt_bvh_box_add(&b.box[0], low);
        bt_bvh_box_add(&b.box[0], high);
    }
    return b;
}

bt_status bt_bvh_build_tree(RTCDevice device, bt_bvh_build *build, uint32_t *root, uint32_t *stack)
{
    *root = BT_NONE;
    *stack = 0;
    if (build->count == 0) return BT_OK;
    build->builder = rtcNewBVH(device);
    struct RTCBuildArguments arguments = rtcDefaultBuildArguments();
    arguments.maxBranchingFactor = CHILDREN;
    arguments.maxDepth = MAX_DEPTH;
    arguments.maxLeafSize = build->leaf_most;
    arguments.bvh = build->builder;
    arguments.primitives = build->primitives;
    arguments.primitiveCount = build->count;
    arguments.primitiveArrayCapacity = build->count;
    arguments.createNode = create_node;
    arguments.setNodeChildren = set_children;
    arguments.setNodeBounds = set_bounds;
    arguments.createLeaf = create_leaf;
    branch *tree = rtcBuildBVH(&arguments);
    bt_status status = bt_embree_check(device, "building a tree of boxes");
    if (status == BT_OK && !tree) status = bt_fail(BT_ERR_DEVICE, "Embree built no tree");
    if (status == BT_OK && tree->children == 0) {
        branch above = lone_leaf(build, tree);
        status = flatten(build, &above, root, stack);
    } else if (status == BT_OK) {
        status = flatten(build, tree, root, stack);
    }
    rtcReleaseBVH(build->builder);
    return status;
}

void bt_bvh_destroy(bt_bvh *bvh)
{
    if (!bvh) return;
    bt_free(bvh->nodes);
    bt_free(bvh->triangles);
    bt_free(bvh->meshes);
    bt_free(bvh->roots);
    bt_free(bvh);
}
