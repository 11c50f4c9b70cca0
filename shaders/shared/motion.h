// motion.h: where a thing is between two keys of a snapshot: position linear, rotation slerped
// (Shoemake 1985), vertices of what deforms linear. Keys are at most 20 degrees apart and in one
// hemisphere (engine/scene/snapshot.h).
#ifndef BT_SHARED_MOTION_H
#define BT_SHARED_MOTION_H

#include "shaders/shared/octahedral.h"
#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/types.h"

FN_IN float bt_rot_dot(bt_snapshot_key a, bt_snapshot_key b)
{
    return (a.rot[0] * b.rot[0] + a.rot[1] * b.rot[1]) +
           (a.rot[2] * b.rot[2] + a.rot[3] * b.rot[3]);
}
// The rotations' mix, not yet of length 1.
FN_IN bt_snapshot_key bt_rot_mix(bt_snapshot_key a, bt_snapshot_key b, float of_a, float of_b)
{
    bt_snapshot_key k = a;
    k.rot[0] = a.rot[0] * of_a + b.rot[0] * of_b;
    k.rot[1] = a.rot[1] * of_a + b.rot[1] * of_b;
    k.rot[2] = a.rot[2] * of_a + b.rot[2] * of_b;
    k.rot[3] = a.rot[3] * of_a + b.rot[3] * of_b;
    return k;
}
// Is there so much of a turn from one to the other that the mix has to be weighed by angles?
FN_IN bool bt_key_turns(bt_snapshot_key a, bt_snapshot_key b)
{
    return bt_rot_dot(a, b) < 0.999999f;
}
// Weights of two rotations for what lies between them.
STRUCT(bt_key_weights)
{
    float a, b;
};
FN_IN bt_key_weights bt_key_weigh(bt_snapshot_key a, bt_snapshot_key b, float v)
{
    bt_key_weights w;
    w.a = 1.0f - v;
    w.b = v;
    if (bt_key_turns(a, b)) {
        // the half chord tells a small angle better than the cosine does
        bt_snapshot_key across = bt_rot_mix(b, a, 1.0f, -1.0f);
        float angle = 2.0f * pm_asin(min(0.5f * sqrt(bt_rot_dot(across, across)), 1.0f));
        float scale = 1.0f / pm_sin(angle);
        w.a = pm_sin((1.0f - v) * angle) * scale;
        w.b = pm_sin(v * angle) * scale;
    }
    return w;
}
// Number by number, so that many are found at once (engine/render/starts.c).
FN_IN bt_snapshot_key bt_key_mix(bt_snapshot_key a, bt_snapshot_key b, float v, bt_key_weights w)
{
    bt_snapshot_key k = bt_rot_mix(a, b, w.a, w.b);
    float scale = 1.0f / sqrt(bt_rot_dot(k, k));
    k.rot[0] = k.rot[0] * scale;
    k.rot[1] = k.rot[1] * scale;
    k.rot[2] = k.rot[2] * scale;
    k.rot[3] = k.rot[3] * scale;
    k.pos[0] = a.pos[0] * (1.0f - v) + b.pos[0] * v;
    k.pos[1] = a.pos[1] * (1.0f - v) + b.pos[1] * v;
    k.pos[2] = a.pos[2] * (1.0f - v) + b.pos[2] * v;
    return k;
}
FN bt_snapshot_key bt_key_between(bt_snapshot_key a, bt_snapshot_key b, float v)
{
    return bt_key_mix(a, b, v, bt_key_weigh(a, b, v));
}

// Which of `count` evenly spaced keys comes first at u in [0, 1], and how far on it is.
STRUCT(bt_key_place)
{
    uint first;
    float v;
};
FN_IN bt_key_place bt_key_place_at(uint count, float u)
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
    p.x = float3((1.0f - 2.0f * (y * y + z * z)) * scale, 2.0f * (x * y + w * z) * scale,
                 2.0f * (x * z - w * y) * scale);
    p.y = float3(2.0f * (x * y - w * z) * scale, (1.0f - 2.0f * (x * x + z * z)) * scale,
                 2.0f * (y * z + w * x) * scale);
    p.z = float3(2.0f * (x * z + w * y) * scale, 2.0f * (y * z - w * x) * scale,
                 (1.0f - 2.0f * (x * x + y * y)) * scale);
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
