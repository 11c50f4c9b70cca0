// traverse.h: rays through a scene's boxes, where there is no Embree: two levels of nodes with four
// children each, their boxes in bytes between the node's own corners (after Ylitie, Karras and Laine
// 2017, "Efficient incoherent ray traversal on GPUs through compressed wide BVHs", who take eight).
//
// The upper level holds things in their places, the lower ones triangles in their mesh's frame. A ray
// enters a thing where it is at the ray's own time. engine/render/bvh.c builds both. Triangles are met
// as Embree meets them: Moeller and Trumbore 1997 with its order of operations.
#ifndef BT_SHARED_TRAVERSE_H
#define BT_SHARED_TRAVERSE_H

#include "shaders/shared/pane.h"

#define BT_BVH_STACK 96 // bt_bvh_create refuses what would need more
#define BT_BVH_LEAF 0x80000000u
#define BT_BVH_COUNT_SHIFT 28u // of a leaf's triangles less one: up to 8
#define BT_BVH_FIRST 0x0fffffffu
#define BT_BVH_FAR 3.0e38f

// 64 bytes.
STRUCT(bt_bvh_node)
{
    float origin[3];
    uint step;   // biased exponents of the step along x, y, z, a byte each
    uint low[3]; // along x, y, z: a byte per child, in steps from the origin
    uint high[3];
    uint child[4]; // a node; or BT_BVH_LEAF and what it holds; BT_NONE: there is none
    uint pad0, pad1;
};

#define BT_BVH_SOLID 0u
#define BT_BVH_GLASS 1u // thin: filters shadow rays
#define BT_BVH_HOLES 2u // rays may pass: bt_is_hole

// 48 bytes.
STRUCT(bt_bvh_triangle)
{
    float corner[3];
    uint triangle;  // of its mesh
    float edge1[3]; // first corner less second
    uint part;      // BT_BVH_*
    float edge2[3]; // third corner less first
    uint pad;
};

#if defined(VULKAN)
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_bvh_node_buffer
{
    bt_bvh_node at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_bvh_triangle_buffer
{
    bt_bvh_triangle at[];
};
// Read by 16 bytes at once: a driver that reads a struct's members one by one takes longer.
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_quad_buffer
{
    uint4 at[];
};
bt_bvh_node bt_bvh_node_at(bt_bvh_node_buffer nodes, uint i)
{
    bt_quad_buffer quads = bt_quad_buffer(uvec2(nodes));
    uint4 a = quads.at[4u * i];
    uint4 b = quads.at[4u * i + 1u];
    uint4 c = quads.at[4u * i + 2u];
    uint4 d = quads.at[4u * i + 3u];
    return bt_bvh_node(float[3](u2f(a[0]), u2f(a[1]), u2f(a[2])), a[3], uint[3](b[0], b[1], b[2]),
                       uint[3](b[3], c[0], c[1]), uint[4](c[2], c[3], d[0], d[1]), d[2], d[3]);
}
bt_bvh_triangle bt_bvh_triangle_at(bt_bvh_triangle_buffer triangles, uint i)
{
    bt_quad_buffer quads = bt_quad_buffer(uvec2(triangles));
    uint4 a = quads.at[3u * i];
    uint4 b = quads.at[3u * i + 1u];
    uint4 c = quads.at[3u * i + 2u];
    return bt_bvh_triangle(float[3](u2f(a[0]), u2f(a[1]), u2f(a[2])), a[3],
                           float[3](u2f(b[0]), u2f(b[1]), u2f(b[2])), b[3],
                           float[3](u2f(c[0]), u2f(c[1]), u2f(c[2])), c[3]);
}
#else
#define bt_bvh_node_at(nodes, i) ((nodes)[i])
#define bt_bvh_triangle_at(triangles, i) ((triangles)[i])
#endif

STRUCT(bt_bvh_ref)
{
    BT_ARRAY(bt_bvh_node) things;        // the first is the root; a leaf is one placed thing
    BT_ARRAY(bt_bvh_node) nodes;         // of all meshes
    BT_ARRAY(bt_bvh_triangle) triangles; // of all meshes, those of a leaf together
    BT_UINTS roots;                      // (meshes) their first nodes; BT_NONE: empty
    // of things that deform: their nodes are among `things`, their triangles' corners are elsewhere
    // at every moment
    BT_ARRAY(bt_bvh_triangle) thing_triangles;
    BT_UINTS thing_roots; // (placed) BT_NONE: it keeps its mesh's shape
};

STRUCT(bt_bvh_query)
{
    float3 origin, dir;
    float u;        // normalised time
    float distance; // the ray's end
    uint shadow;    // 1: ends at anything opaque, panes filter it; 0: looks for the nearest
    bt_wavelengths wavelengths; // of a shadow ray
};
STRUCT(bt_bvh_answer)
{
    bool met; // by a shadow ray: something opaque
    bt_hit hit;
    float4 open; // of a shadow ray that met nothing opaque: what the panes leave
};

// ---- boxes --------------------------------------------------------------------------------------
FN float4 bt_bvh_bytes(uint w)
{
    return float4(to_f(w & 255u), to_f((w >> 8) & 255u), to_f((w >> 16) & 255u), to_f(w >> 24));
}
FN float bt_bvh_inverse(float d)
{
    return 1.0f / (abs(d) > 1e-18f ? d : (d < 0.0f ? -1e-18f : 1e-18f));
}

// A node's children in the order in which a ray enters their boxes; BT_BVH_FAR: it does not.
STRUCT(bt_bvh_order)
{
    float4 enter;
    uint4 child;
};
FN void bt_bvh_sort(int a, int b, INOUT(bt_bvh_order) o)
{
    float near_a = D(o).enter[a];
    float near_b = D(o).enter[b];
    uint child_a = D(o).child[a];
    uint child_b = D(o).child[b];
    bool swap = near_b < near_a;
    D(o).enter[a] = swap ? near_b : near_a;
    D(o).enter[b] = swap ? near_a : near_b;
    D(o).child[a] = swap ? child_b : child_a;
    D(o).child[b] = swap ? child_a : child_b;
}
FN bt_bvh_order bt_bvh_enter(bt_bvh_node n, float3 origin, float3 inverse, float distance)
{
    float4 enter = splat4(0.0f);
    float4 leave = splat4(distance);
    for (int k = 0; k < 3; k++) {
        float slope = u2f(((n.step >> to_u(8 * k)) & 255u) << 23) * inverse[k];
        float4 start = splat4((n.origin[k] - origin[k]) * inverse[k]);
        float4 a = bt_bvh_bytes(n.low[k]) * slope + start;
        float4 b = bt_bvh_bytes(n.high[k]) * slope + start;
        enter = max(enter, min(a, b));
        leave = min(leave, max(a, b));
    }
    leave = leave * 1.000001f; // what rounding may take
    bt_bvh_order o;
    o.child = uint4(n.child[0], n.child[1], n.child[2], n.child[3]);
    o.enter = enter;
    for (int i = 0; i < 4; i++)
        if (o.child[i] == BT_NONE || !(enter[i] <= leave[i])) o.enter[i] = BT_BVH_FAR;
    bt_bvh_sort(0, 1, A(o));
    bt_bvh_sort(2, 3, A(o));
    bt_bvh_sort(0, 2, A(o));
    bt_bvh_sort(1, 3, A(o));
    bt_bvh_sort(1, 2, A(o));
    return o;
}

// ---- triangles ----------------------------------------------------------------------------------
// Distance to a triangle; negative: it is missed, or not nearer than `distance`.
FN bt_hit bt_bvh_meet(bt_bvh_triangle t, float3 origin, float3 dir, float distance)
{
    float3 edge1 = float3(t.edge1[0], t.edge1[1], t.edge1[2]);
    float3 edge2 = float3(t.edge2[0], t.edge2[1], t.edge2[2]);
    float3 to = float3(t.corner[0], t.corner[1], t.corner[2]) - origin;
    float3 normal = cross3(edge2, edge1);
    float3 turn = cross3(to, dir);
    float den = dot3(normal, dir);
    float sign = den < 0.0f ? -1.0f : 1.0f;
    float size = abs(den);
    float b = dot3(turn, edge2) * sign;
    float c = dot3(turn, edge1) * sign;
    float far = dot3(normal, to) * sign;
    bt_hit hit;
    hit.placed = 0u;
    hit.triangle = t.triangle;
    hit.distance = -1.0f;
    hit.bary_u = 0.0f;
    hit.bary_v = 0.0f;
    if (!(size > 0.0f) || !(b >= 0.0f) || !(c >= 0.0f) || !(b + c <= size)) return hit;
    if (!(far > 0.0f) || !(far < size * distance)) return hit;
    float inverse = 1.0f / size;
    hit.distance = far * inverse;
    hit.bary_u = b * inverse;
    hit.bary_v = c * inverse;
    return hit;
}

// ---- the walk -----------------------------------------------------------------------------------
// The ray where the walk is: in the snapshot's frame, or in that of the thing it is in.
STRUCT(bt_bvh_place)
{
    float3 origin, dir, inverse;
    uint placed; // BT_NONE: in none
    bool bends;  // in one that deforms
};
FN bt_bvh_place bt_bvh_outside(IN(bt_bvh_query) q)
{
    bt_bvh_place p;
    p.origin = D(q).origin;
    p.dir = D(q).dir;
    p.inverse =
        float3(bt_bvh_inverse(p.dir[0]), bt_bvh_inverse(p.dir[1]), bt_bvh_inverse(p.dir[2]));
    p.placed = BT_NONE;
    p.bends = false;
    return p;
}
// Distances along the ray stay what they are.
FN bt_bvh_place bt_bvh_into(bt_scene_ref sc, IN(bt_bvh_query) q, uint placed)
{
    bt_placed thing = scene_placed(sc, placed);
    bt_placement at = scene_placement(sc, thing, D(q).u);
    float over = 1.0f / (thing.scale * thing.scale);
    bt_bvh_place p;
    p.origin = bt_placement_vector_back(at, D(q).origin - at.pos) * over;
    p.dir = bt_placement_vector_back(at, D(q).dir) * over;
    p.inverse =
        float3(bt_bvh_inverse(p.dir[0]), bt_bvh_inverse(p.dir[1]), bt_bvh_inverse(p.dir[2]));
    p.placed = placed;
    p.bends = thing.deformed != 0u;
    return p;
}

// A triangle of something that deforms, as it is at u.
FN bt_bvh_triangle bt_bvh_bend(bt_scene_ref sc, uint placed, bt_bvh_triangle from, float u)
{
    bt_bvh_triangle t = from;
    bt_triangle now = bt_placed_triangle(sc, scene_placed(sc, placed), from.triangle, u);
    for (int k = 0; k < 3; k++) {
        t.corner[k] = now.pos[k];
        t.edge1[k] = now.pos[k] - now.pos[3 + k];
        t.edge2[k] = now.pos[6 + k] - now.pos[k];
    }
    return t;
}

// What the triangles of a leaf do to a ray; true: nothing further matters.
FN bool bt_bvh_leaf(bt_scene_ref sc, bt_bvh_ref bvh, IN(bt_bvh_query) q, bt_bvh_place place,
                    uint leaf, INOUT(bt_bvh_answer) answer, INOUT(uint) panes)
{
    uint first = leaf & BT_BVH_FIRST;
    uint count = ((leaf >> BT_BVH_COUNT_SHIFT) & 7u) + 1u;
    for (uint i = 0u; i < count; i++) {
        bt_bvh_triangle t;
        if (place.bends)
            t = bt_bvh_bend(sc, place.placed, bt_at(bvh.thing_triangles, first + i), D(q).u);
        else
            t = bt_bvh_triangle_at(bvh.triangles, first + i);
        bt_hit hit = bt_bvh_meet(t, place.origin, place.dir, D(answer).hit.distance);
        if (!(hit.distance > 0.0f)) continue;
        hit.placed = place.placed;
        if (t.part == BT_BVH_HOLES &&
            bt_is_hole(sc, place.placed, hit.triangle, hit.bary_u, hit.bary_v))
            continue;
        if (D(q).shadow == 0u) {
            D(answer).met = true;
            D(answer).hit = hit;
            continue;
        }
        D(answer).met = t.part != BT_BVH_GLASS || D(panes) >= BT_MAX_PANES_OPEN;
        if (D(answer).met) return true;
        D(answer).open = D(answer).open * bt_pane_open(sc, hit, D(q).dir, D(q).u, D(q).wavelengths);
        D(panes) = D(panes) + 1u;
    }
    return false;
}

// Before anything is met.
FN bt_bvh_answer bt_bvh_unmet(IN(bt_bvh_query) q)
{
    bt_bvh_answer answer;
    answer.met = false;
    answer.open = splat4(1.0f);
    answer.hit.distance = D(q).distance;
    answer.hit.bary_u = 0.0f;
    answer.hit.bary_v = 0.0f;
    answer.hit.placed = 0u;
    answer.hit.triangle = 0u;
    return answer;
}

// Goes on from an answer and the panes that were met for it.
FN void bt_bvh_walk(bt_scene_ref sc, bt_bvh_ref bvh, IN(bt_bvh_query) q,
                    INOUT(bt_bvh_answer) answer, INOUT(uint) panes)
{
    uint stack[BT_BVH_STACK];
    uint depth = 0u;
    uint entered = 0u; // how deep the stack was outside the thing
    uint at = 0u;
    bt_bvh_place place = bt_bvh_outside(q);
    for (;;) {
        bool inside = place.placed != BT_NONE;
        if ((at & BT_BVH_LEAF) == 0u) {
            bt_bvh_node n;
            if (inside && !place.bends)
                n = bt_bvh_node_at(bvh.nodes, at);
            else
                n = bt_bvh_node_at(bvh.things, at);
            bt_bvh_order o = bt_bvh_enter(n, place.origin, place.inverse, D(answer).hit.distance);
            for (int i = 3; i > 0; i--)
                if (o.enter[i] < BT_BVH_FAR) {
                    stack[depth] = o.child[i];
                    depth = depth + 1u;
                }
            if (o.enter[0] < BT_BVH_FAR) {
                at = o.child[0];
                continue;
            }
        } else if (!inside) {
            place = bt_bvh_into(sc, q, at & BT_BVH_FIRST);
            if (place.bends)
                at = bt_at(bvh.thing_roots, place.placed);
            else
                at = bt_at(bvh.roots, scene_placed(sc, place.placed).mesh);
            entered = depth;
            continue;
        } else if (bt_bvh_leaf(sc, bvh, q, place, at, answer, panes)) {
            return;
        }
        // what the stack still holds of the thing comes before what is outside
        if (depth == entered && place.placed != BT_NONE) place = bt_bvh_outside(q);
        if (depth == 0u) return;
        depth = depth - 1u;
        at = stack[depth];
    }
}

FN bt_bvh_answer bt_bvh_trace(bt_scene_ref sc, bt_bvh_ref bvh, IN(bt_bvh_query) q)
{
    bt_bvh_answer answer = bt_bvh_unmet(q);
    uint panes = 0u;
    bt_bvh_walk(sc, bvh, q, A(answer), A(panes));
    return answer;
}

#endif
