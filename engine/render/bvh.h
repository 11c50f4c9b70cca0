// bvh.h: a scene's boxes for backends that have no Embree, as shaders/shared/traverse.h walks them:
// one tree per mesh, made once, and one over what a snapshot places.
//
// Built by rtcBuildBVH with one thread: the same trees every time. Triangles that are not finite are
// left out.
//
// Ownership: who creates destroys. Threads: finished trees are constant.
#ifndef BT_RENDER_BVH_H
#define BT_RENDER_BVH_H

#include "engine/render/render.h"

#include "shaders/shared/traverse.h"

typedef struct bt_bvh_box {
    float low[3], high[3];
} bt_bvh_box;

typedef struct bt_bvh_mesh {
    bt_bvh_box box;
    uint32_t root;         // BT_NONE: nothing in it
    uint32_t stack;        // entries that a walk needs at most
    uint32_t first, count; // of the tree's triangles
} bt_bvh_mesh;

typedef struct bt_bvh {
    bt_bvh_node *nodes;
    size_t node_count, node_capacity;
    bt_bvh_triangle *triangles;
    size_t triangle_count, triangle_capacity;
    bt_bvh_mesh *meshes; // (meshes); NULL: of things
    uint32_t *roots;     // (root_count) as the walk wants them: of meshes, or of things
    uint32_t root_count;
} bt_bvh;

// All meshes of a renderer's world.
BT_CHECKED bt_status bt_bvh_create(const bt_renderer *renderer, bt_bvh **bvh);
// What a stage has placed, over the meshes of `meshes`; with trees of their own for what deforms, whose
// triangles lack their corners.
BT_CHECKED bt_status bt_bvh_create_things(const bt_stage *stage, const bt_bvh *meshes,
                                          bt_bvh **bvh);
// The same of those alone that move or deform while the snapshot lasts.
BT_CHECKED bt_status bt_bvh_create_movers(const bt_stage *stage, const bt_bvh *meshes,
                                          bt_bvh **bvh);
static inline bool bt_placed_moves(const bt_placed *p)
{
    return p->key_count > 1 || p->deformed != 0;
}
void bt_bvh_destroy(bt_bvh *bvh); // NULL is fine

#endif
