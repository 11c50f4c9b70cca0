// pattern.h: procedural variation over a surface: what keeps asphalt, paint, grass, concrete, brick,
// plaster, bark and leaves from looking like plastic.
//
// bt_pattern_apply changes a bt_surface (surface.h) by what the material's pattern finds there:
// weight of the second spectrum, tint, roughness, shading normal. Every octave fades to its mean
// before it is finer than the ray's footprint, and is then not computed at all: far surfaces are
// cheap. pattern_scale_m, bump, wear and strength of the material steer it (each pattern says how);
// strength 0, wear 0 and bump 0 leave a surface plain but for its joints and cracks.
//
// Where things are: road patterns use uv = (s, t) in metres along and across; brick, roof and boards
// use uv with v up the wall, cloth and hair use uv, which bends with them; all else uses pos_noise. Lattices do
// not wrap: where pos_noise does (surface.h: far from the world's origin), noise has a seam.
#ifndef BT_SHARED_PATTERN_H
#define BT_SHARED_PATTERN_H

#include "shaders/shared/pattern_ground.h"
#include "shaders/shared/pattern_road.h"
#include "shaders/shared/pattern_thing.h"
#include "shaders/shared/pattern_wall.h"

FN bt_relief pattern_find(bt_material m, bt_surface s)
{
    switch (m.pattern) {
    case BT_PATTERN_ASPHALT:
        return pattern_asphalt(m, s);
    case BT_PATTERN_CONCRETE:
        return pattern_concrete(m, s);
    case BT_PATTERN_MARKING:
        return pattern_marking(m, s);
    case BT_PATTERN_GROUND:
        return pattern_ground(m, s);
    case BT_PATTERN_BRICK:
        return pattern_brick(m, s);
    case BT_PATTERN_PLASTER:
        return pattern_plaster(m, s);
    case BT_PATTERN_ROOF:
        return pattern_roof(m, s);
    case BT_PATTERN_BARK:
        return pattern_bark(m, s);
    case BT_PATTERN_LEAF:
        return pattern_leaf(m, s);
    case BT_PATTERN_PAINT:
        return pattern_paint(m, s);
    case BT_PATTERN_METAL:
        return pattern_metal(m, s);
    case BT_PATTERN_PAVING:
        return pattern_paving(m, s);
    case BT_PATTERN_RUBBER:
        return pattern_rubber(m, s);
    case BT_PATTERN_CLOTH:
        return pattern_cloth(m, s);
    case BT_PATTERN_WOOD:
        return pattern_wood(m, s);
    case BT_PATTERN_HAIR:
        return pattern_hair(m, s);
    }
    return relief_plain();
}

FN void bt_pattern_apply(bt_material m, INOUT(bt_surface) surface)
{
    bt_surface s = D(surface);
    // a million metres is farther than any street, and still far from the end of an int
    s.uv = float2(clampf(s.uv[0], -1.0e6f, 1.0e6f), clampf(s.uv[1], -1.0e6f, 1.0e6f));
    for (int k = 0; k < 3; k++)
        s.pos_noise[k] = clampf(s.pos_noise[k], -1.0e6f, 1.0e6f);
    bt_relief r = pattern_find(m, s);
    float weight = clampf(r.weight, 0.0f, 1.0f);
    D(surface).weight = weight;
    D(surface).tint = clampf(s.tint * r.tint, 0.0f, 8.0f);
    D(surface).roughness =
        clampf(lerp(m.roughness, m.roughness2, weight) + r.roughness, 0.0f, 1.0f);

    // a bumped normal never leans so far that the viewer is behind it
    float lean = sqrt(r.slope_u * r.slope_u + r.slope_v * r.slope_v);
    if (lean > 0.0f) {
        float most = 1.2f;
        float scale = lean > most ? most / lean : 1.0f;
        float3 n = s.normal - s.tangent * (r.slope_u * scale) - s.bitangent * (r.slope_v * scale);
        D(surface).normal = normalize3(n);
    }
}

#endif
