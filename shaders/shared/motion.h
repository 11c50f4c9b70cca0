// motion.h: where a thing is between two keys of a snapshot: position linear, rotation slerped
// (Shoemake 1985), vertices of what deforms linear. Keys are at most 20 degrees apart and in one
// hemisphere (engine/scene/snapshot.h).
#ifndef BT_SHARED_MOTION_H
#define BT_SHARED_MOTION_H

#include "shaders/shared/octahedral.h"
#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/types.h"

FN bt_snapshot_key bt_key_between(bt_snapshot_key a, bt_snapshot_key b, float v)
{
    bt_snapshot_key k;
    for (int i = 0; i < 3; i++)
        k.pos[i] = a.pos[i] * (1.0f - v) + b.pos[i] * v;
    float4 from = float4(a.rot[0], a.rot[1], a.rot[2], a.rot[3]);
    float4 to = float4(b.rot[0], b.rot[1], b.rot[2], b.rot[3]);
    float weight_a = 1.0f - v;
    float weight_b = v;
    float cosine = min(dot4(from, to), 1.0f);
    if (cosine < 0.999999f) {
        // the half chord tells a small angle better than the cosine does
        float4 across = to - from;
        float angle = 2.0f * pm_asin(min(0.5f * sqrt(dot4(across, across)), 1.0f));
        float scale = 1.0f / pm_sin(angle);
        weight_a = pm_sin((1.0f - v) * angle) * scale;
        weight_b = pm_sin(v * angle) * scale;
    }
    float4 r = from * weight_a + to * weight_b;
    r = r * (1.0f / sqrt(dot4(r, r)));
    for (int i = 0; i < 4; i++)
        k.rot[i] = r[i];
    return k;
}

// Which of `count` evenly spaced keys comes first at u in [0, 1], and how far on it is.
STRUCT(bt_key_place)
{
    uint first;
    float v;
};
FN bt_key_place bt_key_place_at(uint count, float u)
{
    float x = clampf(u, 0.0f, 1.0f) * to_f(count - 1u);
    bt_key_place p;
    p.first = min(to_u(x), max(count, 2u) - 2u);
    p.v = x - to_f(p.first);
    return p;
}

FN bt_deformed_vertex bt_deformed_between(bt_deformed_vertex a, bt_deformed_vertex b, float v)
{
    bt_deformed_vertex between;
    for (int i = 0; i < 3; i++)
        between.pos[i] = a.pos[i] * (1.0f - v) + b.pos[i] * v;
    between.normal = a.normal;
    if (a.normal != b.normal)
        between.normal = bt_normal_pack(normalize3(bt_normal_unpack(a.normal)) * (1.0f - v) +
                                        normalize3(bt_normal_unpack(b.normal)) * v);
    return between;
}

// Axes of a mesh placed by a key, times scale, and its position.
STRUCT(bt_placement)
{
    float3 x, y, z;
    float3 pos;
};
FN bt_placement bt_placement_from_key(bt_snapshot_key key, float scale)
{
    float w = key.rot[0];
    float x = key.rot[1];
    float y = key.rot[2];
    float z = key.rot[3];
    bt_placement p;
    p.x = float3(1.0f - 2.0f * (y * y + z * z), 2.0f * (x * y + w * z), 2.0f * (x * z - w * y));
    p.y = float3(2.0f * (x * y - w * z), 1.0f - 2.0f * (x * x + z * z), 2.0f * (y * z + w * x));
    p.z = float3(2.0f * (x * z + w * y), 2.0f * (y * z - w * x), 1.0f - 2.0f * (x * x + y * y));
    p.x = p.x * scale;
    p.y = p.y * scale;
    p.z = p.z * scale;
    p.pos = float3(key.pos[0], key.pos[1], key.pos[2]);
    return p;
}
FN float3 bt_placement_vector(bt_placement p, float3 v)
{
    return p.x * v[0] + p.y * v[1] + p.z * v[2];
}
// A direction or difference taken back into the mesh's frame, up to the square of the scale.
FN float3 bt_placement_vector_back(bt_placement p, float3 v)
{
    return float3(dot3(p.x, v), dot3(p.y, v), dot3(p.z, v));
}

#endif
