// light_tree.h: chooses one lamp among many, about as often as it matters, and a point on it.
//
// Conty Estevez and Kulla 2018, "Importance sampling of many lights with adaptive tree splitting":
// a node's importance is its power over the square of its distance, times the most that its cone of
// directions and the surface's cosine can be; bounding angles as in Pharr, Jakob and Humphreys 2023,
// "Physically based rendering", 4th ed., section 12.6.3. One lamp is drawn by walking down with
// probabilities of the children's importance. The trail of turns kept with each light gives the
// probability of a lamp that was met by chance. Lamps with a photometric web have, besides the cosine
// lobe that stands for their stray light, a beam: a cone that holds all but the faintest of the web.
#ifndef BT_SHARED_LIGHT_TREE_H
#define BT_SHARED_LIGHT_TREE_H

#include "shaders/shared/hit.h"
#include "shaders/shared/scene.h"

#define BT_LIGHT_MAX_DEPTH 32u

// Who asks: a point on a surface, or (normal zero) in the air.
STRUCT(bt_light_asker)
{
    float3 pos, normal;
    bool both;   // light from behind counts too
    float along; // above 0: all of a ray in the air, so far from `pos` along `normal`
    float fade;  // 1/m, of what comes to the ray's start, along it and from the lamp to it
};
FN bt_light_asker bt_asker_in_air(float3 pos)
{
    bt_light_asker who;
    who.pos = pos;
    who.normal = splat3(0.0f);
    who.both = true;
    who.along = 0.0f;
    who.fade = 0.0f;
    return who;
}

FN float bt_cos_difference(float cos_a, float sin_a, float cos_b, float sin_b)
{
    // of max(0, a - b)
    return cos_a > cos_b ? 1.0f : cos_a * cos_b + sin_a * sin_b;
}
FN float bt_sin_of(float cosine)
{
    return sqrt(max(0.0f, 1.0f - cosine * cosine));
}

// A node's bounds, seen from a place.
STRUCT(bt_light_sight)
{
    float3 to;                 // their middle, not unit
    float distance2, radius2;  // to it; of the ball about them
    float sin_b, cos_b;        // the angle that they take up
};
FN bt_light_sight bt_light_see(bt_light_node n, float3 from)
{
    float3 low = float3(n.low[0], n.low[1], n.low[2]);
    float3 high = float3(n.high[0], n.high[1], n.high[2]);
    float3 half_size = (high - low) * 0.5f;
    bt_light_sight s;
    s.to = (low + high) * 0.5f - from;
    s.radius2 = dot3(half_size, half_size);
    s.distance2 = dot3(s.to, s.to);
    bool inside = s.distance2 <= s.radius2;
    s.sin_b = inside ? 0.0f : sqrt(s.radius2 / s.distance2);
    s.cos_b = inside ? -1.0f : bt_sin_of(s.sin_b);
    return s;
}
// Upper bound of a node's intensity towards a place that sees it along w, about; 0: nothing.
FN float bt_light_intensity(bt_light_node n, bt_light_sight s, float3 w)
{
    // between the axis and the way there, less what bounds and cone allow
    float cos_w = -dot3(float3(n.axis[0], n.axis[1], n.axis[2]), w);
    float sin_w = bt_sin_of(cos_w);
    float sin_o = bt_sin_of(n.cos_o);
    float cos_x = bt_cos_difference(cos_w, sin_w, n.cos_o, sin_o);
    float sin_x = cos_w > n.cos_o ? 0.0f : sin_w * n.cos_o - cos_w * sin_o;
    float cos_least = bt_cos_difference(cos_x, sin_x, s.cos_b, s.sin_b);
    if (cos_least <= n.cos_e) return 0.0f;
    // where the cone is wider than a half-space the cosine says nothing more
    float intensity = n.power * max(cos_least, 0.02f);
    if (bt_cos_difference(cos_w, sin_w, n.cos_b, bt_sin_of(n.cos_b)) >= s.cos_b)
        intensity = intensity + n.beam;
    return intensity;
}
FN float3 bt_light_way(bt_light_sight s)
{
    return s.to * (1.0f / sqrt(max(s.distance2, 1e-12f)));
}
FN float bt_light_intensity_at(bt_light_node n, float3 from)
{
    bt_light_sight s = bt_light_see(n, from);
    return bt_light_intensity(n, s, bt_light_way(s));
}

// About what a node can send to the places along a ray, all together: the integral of its intensity over
// the square of the distance, which goes with the angle that the ray takes up seen from it; the
// intensity is the largest of those at its ends and where it passes nearest, what the air leaves of it
// that of there.
FN float bt_light_importance_along(bt_light_node n, bt_light_asker who)
{
    bt_light_sight s = bt_light_see(n, who.pos);
    float middle = dot3(s.to, who.normal);
    float aside = sqrt(max(s.distance2 - middle * middle, max(s.radius2, 1e-6f)));
    float3 near = who.pos + who.normal * clampf(middle, 0.0f, who.along);
    float intensity = max(bt_light_intensity_at(n, near), bt_light_intensity(n, s, bt_light_way(s)));
    intensity = max(intensity, bt_light_intensity_at(n, who.pos + who.normal * who.along));
    if (!(intensity > 0.0f)) return 0.0f;
    float span = pm_atan2(who.along - middle, aside) - pm_atan2(-middle, aside);
    float ways = max(clampf(middle, 0.0f, who.along) + aside - 2.0f * sqrt(s.radius2), 0.0f);
    return intensity * span / aside * pm_exp(-who.fade * ways);
}
// Upper bound of what a node can send to the asker, about; 0: nothing.
FN float bt_light_importance(bt_light_node n, bt_light_asker who)
{
    if (who.along > 0.0f) return bt_light_importance_along(n, who);
    bt_light_sight s = bt_light_see(n, who.pos);
    float3 w = bt_light_way(s);
    float intensity = bt_light_intensity(n, s, w);
    if (!(intensity > 0.0f)) return 0.0f;
    float importance = intensity / max(s.distance2, s.radius2);
    if (dot3(who.normal, who.normal) > 0.0f) {
        float cos_i = dot3(who.normal, w);
        cos_i = who.both ? abs(cos_i) : cos_i;
        cos_i = bt_cos_difference(cos_i, bt_sin_of(cos_i), s.cos_b, s.sin_b);
        importance = importance * max(cos_i, 0.0f);
    }
    return importance;
}

STRUCT(bt_light_choice)
{
    uint light; // BT_NONE: none shines here
    float probability;
};

// Probability of going left, or negative: neither child matters.
FN float bt_light_go_left(bt_scene_ref sc, uint at, uint right, bt_light_asker who)
{
    float a = bt_light_importance(scene_light_node(sc, at + 1u), who);
    float b = bt_light_importance(scene_light_node(sc, right), who);
    return a + b > 0.0f ? a / (a + b) : -1.0f;
}

// Turns that a walk down the tree has come by, for the next walk of the same asker: most of the way is
// the same.
#define BT_LIGHT_TURNS 16u
STRUCT(bt_light_turns)
{
    uint node[BT_LIGHT_TURNS];
    float left[BT_LIGHT_TURNS];
};
FN bt_light_turns bt_light_turns_begin(void)
{
    bt_light_turns t;
    for (uint i = 0u; i < BT_LIGHT_TURNS; i++) {
        t.node[i] = BT_NONE;
        t.left[i] = 0.0f;
    }
    return t;
}
// As bt_light_go_left.
FN float bt_light_turn(bt_scene_ref sc, uint depth, uint at, uint right, bt_light_asker who,
                       INOUT(bt_light_turns) turns)
{
    if (depth >= BT_LIGHT_TURNS) return bt_light_go_left(sc, at, right, who);
    if (D(turns).node[depth] != at) {
        D(turns).node[depth] = at;
        D(turns).left[depth] = bt_light_go_left(sc, at, right, who);
    }
    return D(turns).left[depth];
}

FN bt_light_choice bt_light_choose(bt_scene_ref sc, bt_light_asker who, float u,
                                   INOUT(bt_light_turns) turns)
{
    bt_light_choice c;
    c.light = BT_NONE;
    c.probability = 1.0f;
    if (scene_of(sc).light_count == 0u) return c;
    uint at = 0u;
    for (uint depth = 0u; depth <= BT_LIGHT_MAX_DEPTH; depth++) {
        bt_light_node n = scene_light_node(sc, at);
        if (n.leaf != 0u) {
            // a turn never goes where nothing shines
            if (depth > 0u || bt_light_importance(n, who) > 0.0f) c.light = n.link;
            return c;
        }
        float left = bt_light_turn(sc, depth, at, n.link, who, turns);
        if (left < 0.0f) return c;
        if (u < left) {
            u = u / left;
            at = at + 1u;
            c.probability = c.probability * left;
        } else {
            u = (u - left) / max(1.0f - left, 1e-12f);
            at = n.link;
            c.probability = c.probability * (1.0f - left);
        }
        u = min(u, 0.99999994f);
    }
    return c;
}

// How often bt_light_choose gives this light.
FN float bt_light_probability(bt_scene_ref sc, bt_light_asker who, uint light)
{
    bt_light l = scene_light(sc, light);
    float probability = 1.0f;
    uint at = 0u;
    for (uint depth = 0u; depth < l.depth; depth++) {
        bt_light_node n = scene_light_node(sc, at);
        float left = bt_light_go_left(sc, at, n.link, who);
        bool right = ((l.trail >> depth) & 1u) != 0u;
        probability = probability * (right ? 1.0f - left : left);
        if (left < 0.0f || !(probability > 0.0f)) return 0.0f;
        at = right ? n.link : at + 1u;
    }
    if (l.depth == 0u && !(bt_light_importance(scene_light_node(sc, at), who) > 0.0f)) return 0.0f;
    return probability;
}

// ---- the lamp's surface -------------------------------------------------------------------------
// Radiance that leaves a lamp, at the path's wavelengths; zero behind it. emission: bt_lamp_emission
// towards the asker; cos_lamp: between its normal and the way there.
FN float4 bt_lamp_radiance(bt_scene_ref sc, bt_material m, bt_wavelengths w, float emission,
                           float cos_lamp)
{
    if (m.emission == BT_NO_SPECTRUM || !(emission > 0.0f) || !(cos_lamp > 0.0f))
        return splat4(0.0f);
    return bt_spectrum_at(scene_spectrum(sc, m.emission), w) * (emission * m.emission_scale);
}

// What the image on a lamp leaves of that.
FN float4 bt_lamp_image(bt_scene_ref sc, bt_material m, bt_wavelengths w, float2 uv,
                        float footprint)
{
    if (m.texture_emission == 0u) return splat4(1.0f);
    float4 texel = bt_texture_factor(sc, m.texture_emission, uv, footprint);
    return bt_texel_spectrum(sc, m.texture_emission, texel, w);
}

// A point on a light, seen from the asker.
STRUCT(bt_lamp_point)
{
    float2 uv;      // where its material has texture_emission
    float3 dir;     // unit, to it
    float distance; // to it
    float cos_lamp; // between its normal and the way back; <= 0: seen from behind
    float area;     // of the triangle, in the snapshot
    bt_material material;
    float emission; // of the material's, towards the asker
};

FN bt_lamp_point bt_lamp_point_at(bt_scene_ref sc, bt_light light, float3 from, float u, float u0,
                                  float u1)
{
    bt_placed p = scene_placed(sc, light.placed);
    bt_triangle t = scene_triangle(sc, p.first_triangle + light.triangle);
    bt_slot_shade slot = scene_slot(sc, t.slot);
    bt_placement at = scene_placement(sc, p, u);
    // uniform over the triangle: Turk 1990, "Generating random points in triangles"
    float root = sqrt(u0);
    float3 pos =
        bt_placement_vector(at, bt_triangle_point(t, root * (1.0f - u1), root * u1)) + at.pos;
    float3 normal = bt_placement_vector(at, bt_triangle_normal(t));
    float twice_area = length3(normal);
    float3 to = pos - from;
    bt_lamp_point l;
    l.distance = length3(to);
    l.dir = to * (1.0f / max(l.distance, 1e-9f));
    l.cos_lamp = -dot3(normal, l.dir) / max(twice_area, 1e-20f);
    // axes carry the scale once, an area grows with its square
    l.area = 0.5f * twice_area * p.scale;
    l.material = scene_material(sc, slot.material);
    l.emission = bt_lamp_emission(sc, p, slot, l.material, at, l.dir, u);
    l.uv = float2(0.0f, 0.0f);
    if (l.material.texture_emission != 0u)
        l.uv = bt_triangle_uv(sc, t, root * (1.0f - u1), root * u1);
    return l;
}

// Number of the light that a hit belongs to; BT_NONE: it is none.
FN uint bt_light_of_hit(bt_scene_ref sc, bt_hit hit)
{
    bt_placed p = scene_placed(sc, hit.placed);
    if (p.first_light == BT_NONE) return BT_NONE;
    uint lamp = bt_at(scene_of(sc).lamps, p.first_lamp + hit.triangle);
    return lamp == BT_NONE ? BT_NONE : p.first_light + lamp;
}

#endif
