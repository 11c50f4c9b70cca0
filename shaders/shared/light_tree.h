// light_tree.h: chooses one lamp among many, about as often as it matters, and a point on it.
//
// Conty Estevez and Kulla 2018, "Importance sampling of many lights with adaptive tree splitting":
// a node's importance is its intensity towards the asker over the square of its distance, times the
// surface's cosine, and none where bounds say that none comes; bounding angles as in Pharr, Jakob and
// Humphreys 2023, "Physically based rendering", 4th ed., section 12.6.3. Within bounds it is a mean, not the
// most that may come: bounds make much of what is far away and faces all ways, and the one lamp above
// the asker would seldom be drawn.
//
// Nodes that are near for their size are opened (the cut). From there one lamp is drawn by walking down
// with probabilities of the children's importance, four at once, so that they are found in step. The trail
// kept with each light gives the probability of a lamp that was met by chance. Lamps with a photometric
// web have, besides the cosine lobe that stands for their stray light, a beam: a cone that holds all but
// the faintest of the web.
#ifndef BT_SHARED_LIGHT_TREE_H
#define BT_SHARED_LIGHT_TREE_H

#include "shaders/shared/hit.h"
#include "shaders/shared/scene.h"

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

// ---- importance ----------------------------------------------------------------------------------
// Of a node's children, lane by lane.
//
// The cosine of max(0, a - b).
FN float4 bt_cos_difference(float4 cos_a, float4 sin_a, float4 cos_b, float4 sin_b)
{
    return above4(cos_a, cos_b, splat4(1.0f), cos_a * cos_b + sin_a * sin_b);
}
FN float4 bt_sin_of(float4 cosine)
{
    return sqrt(max(splat4(0.0f), 1.0f - cosine * cosine));
}

// Places that see the children, one each.
STRUCT(bt_light_places)
{
    float4 x, y, z;
};
FN bt_light_places bt_light_place(float3 pos)
{
    bt_light_places p;
    p.x = splat4(pos[0]);
    p.y = splat4(pos[1]);
    p.z = splat4(pos[2]);
    return p;
}
// So far along the asker's ray.
FN bt_light_places bt_light_places_along(bt_light_asker who, float4 far)
{
    bt_light_places p;
    p.x = who.pos[0] + who.normal[0] * far;
    p.y = who.pos[1] + who.normal[1] * far;
    p.z = who.pos[2] + who.normal[2] * far;
    return p;
}

// The children's bounds, seen from there.
STRUCT(bt_light_sight)
{
    float4 x, y, z;      // ways to their middles, unit
    float4 distance2;    // to them
    float4 sin_b, cos_b; // the angles that they take up
};
FN bt_light_sight bt_light_see(IN(bt_light_node) n, IN(bt_light_places) from)
{
    bt_light_sight s;
    s.x = D(n).x - D(from).x;
    s.y = D(n).y - D(from).y;
    s.z = D(n).z - D(from).z;
    s.distance2 = max(s.x * s.x + s.y * s.y + s.z * s.z, splat4(1e-12f));
    float4 unit = 1.0f / sqrt(s.distance2);
    s.x = s.x * unit;
    s.y = s.y * unit;
    s.z = s.z * unit;
    float4 sine = sqrt(min(D(n).radius2, s.distance2)) * unit;
    // from within them: all directions
    s.sin_b = above4(s.distance2, D(n).radius2, sine, splat4(0.0f));
    s.cos_b = above4(s.distance2, D(n).radius2, bt_sin_of(sine), splat4(-1.0f));
    return s;
}
// About their intensity towards places that see them so; 0: nothing. Of normals that all are one the
// cosine lobe is known, of normals all round a quarter of it goes each way; between both by the length
// of their sum. Bounds only say where nothing goes.
FN float4 bt_light_intensity(IN(bt_light_node) n, IN(bt_light_sight) s)
{
    // between the axis and the way there, less what bounds and cone allow
    float4 cos_w = -(D(n).axis_x * D(s).x + D(n).axis_y * D(s).y + D(n).axis_z * D(s).z);
    float4 sin_w = bt_sin_of(cos_w);
    float4 cos_x = bt_cos_difference(cos_w, sin_w, D(n).cos_o, D(n).sin_o);
    float4 sin_x = above4(cos_w, D(n).cos_o, splat4(0.0f), sin_w * D(n).cos_o - cos_w * D(n).sin_o);
    float4 cos_least = bt_cos_difference(cos_x, sin_x, D(s).cos_b, D(s).sin_b);
    float4 lobe = D(n).faces_x * D(s).x + D(n).faces_y * D(s).y + D(n).faces_z * D(s).z;
    float4 stray = max(-lobe, splat4(0.0f)) + D(n).even;
    float4 off_beam = bt_cos_difference(cos_w, sin_w, D(n).cos_b, D(n).sin_b);
    float4 all = stray + above4(D(s).cos_b, off_beam, splat4(0.0f), D(n).beam);
    return above4(cos_least, D(n).cos_e, all, splat4(0.0f));
}
FN float4 bt_light_intensity_at(IN(bt_light_node) n, bt_light_places from)
{
    bt_light_sight s = bt_light_see(n, A(from));
    return bt_light_intensity(n, A(s));
}

// Of sines from 0 to 1, never less than they. Abramowitz and Stegun 1964, 4.4.45: within 7e-5.
FN float4 bt_light_asin(float4 x)
{
    float4 p = ((x * -0.0187293f + 0.0742610f) * x - 0.2121144f) * x + 1.5707288f;
    return max(0.5f * BT_PI_F - sqrt(max(1.0f - x, splat4(0.0f))) * p, x);
}
// About exp(-x), x >= 0: a fifth more at 7.
FN float4 bt_light_fade(float4 x)
{
    float4 y = x * 0.0625f;
    float4 left = 1.0f / (1.0f + y + 0.5f * y * y);
    left = left * left;
    left = left * left;
    left = left * left;
    return left * left;
}
// What the children mean to an asker.
STRUCT(bt_light_worth)
{
    float4 importance;
    float4 distance2; // to their middles, from the nearest of the asker's places
};
// About what they can send to the places along a ray, all together: the integral of their intensity
// over the square of the distance, which goes with the angle that the ray takes up seen from them; the
// intensity is the largest of those at its ends and where it passes nearest, what the air leaves of it
// that of there.
FN bt_light_worth bt_light_worth_along(IN(bt_light_node) n, bt_light_asker who)
{
    float4 x = D(n).x - who.pos[0];
    float4 y = D(n).y - who.pos[1];
    float4 z = D(n).z - who.pos[2];
    float4 middle = x * who.normal[0] + y * who.normal[1] + z * who.normal[2];
    float4 line2 = max(x * x + y * y + z * z - middle * middle, splat4(0.0f));
    float4 aside2 = max(line2, max(D(n).radius2, splat4(1e-6f)));
    float4 past = who.along - middle;
    float4 sides2 = (middle * middle + aside2) * (past * past + aside2);
    float4 narrow = bt_light_asin(min(sqrt(aside2 / sides2) * who.along, splat4(1.0f)));
    float4 span = above4(middle * past, aside2, BT_PI_F - narrow, narrow);
    float4 aside = sqrt(aside2);

    float4 near = min(max(middle, splat4(0.0f)), splat4(who.along));
    float4 intensity = bt_light_intensity_at(n, bt_light_places_along(who, near));
    intensity = max(intensity, bt_light_intensity_at(n, bt_light_place(who.pos)));
    float4 end = splat4(who.along);
    intensity = max(intensity, bt_light_intensity_at(n, bt_light_places_along(who, end)));
    float4 ways = max(near + aside - 2.0f * sqrt(D(n).radius2), splat4(0.0f));
    bt_light_worth w;
    w.importance = intensity * (span / aside) * bt_light_fade(ways * who.fade);
    w.distance2 = line2 + (middle - near) * (middle - near);
    return w;
}
// Importance: about what they can send to the asker; 0: nothing.
FN bt_light_worth bt_light_worth_to(IN(bt_light_node) n, bt_light_asker who)
{
    if (who.along > 0.0f) return bt_light_worth_along(n, who);
    bt_light_places from = bt_light_place(who.pos);
    bt_light_sight s = bt_light_see(n, A(from));
    bt_light_worth w;
    w.distance2 = s.distance2;
    w.importance = bt_light_intensity(n, A(s)) / max(s.distance2, D(n).radius2);
    if (!(dot3(who.normal, who.normal) > 0.0f)) return w;
    float4 cos_i = who.normal[0] * s.x + who.normal[1] * s.y + who.normal[2] * s.z;
    if (who.both) cos_i = abs(cos_i);
    // the mean over cosines as far apart as they take up
    float4 wide = above4(s.distance2, D(n).radius2, max(s.sin_b, splat4(1e-4f)), splat4(1.0f));
    float4 part = max(cos_i + wide, splat4(0.0f));
    w.importance = w.importance * above4(cos_i, wide, cos_i, part * part / (4.0f * wide));
    return w;
}
// Of all lamps, about.
FN float bt_light_importance(bt_scene_ref sc, bt_light_asker who)
{
    bt_light_node root = scene_light_node(sc, 0u);
    return sum4(bt_light_worth_to(A(root), who).importance);
}

// ---- the cut -------------------------------------------------------------------------------------
// A node in the middle of which the asker is hides which of its lamps is near. So those that are near for
// their size are opened, largest first, as long as there is room (Conty Estevez and Kulla's adaptive
// splitting).
#define BT_LIGHT_CUT 64u
#define BT_LIGHT_OPEN (BT_LIGHT_CUT / 4u)
#define BT_LIGHT_NEAR 2.0f // squared distance over squared radius; chosen by error times time (bench.noise_causes)
STRUCT(bt_light_cut)
{
    uint count;
    uint link[BT_LIGHT_CUT];  // as a node's
    float upto[BT_LIGHT_CUT]; // importance of those up to this one
};
FN float bt_light_cut_all(IN(bt_light_cut) cut)
{
    return D(cut).count > 0u ? D(cut).upto[D(cut).count - 1u] : 0.0f;
}
FN float bt_light_cut_before(IN(bt_light_cut) cut, uint i)
{
    return i > 0u ? D(cut).upto[i - 1u] : 0.0f;
}
// The root alone.
FN void bt_light_cut_root(bt_scene_ref sc, INOUT(bt_light_cut) cut)
{
    D(cut).count = scene_of(sc).light_count > 0u ? 1u : 0u;
    D(cut).link[0] = 0u;
    D(cut).upto[0] = 1.0f;
}
FN void bt_light_cut_make(bt_scene_ref sc, bt_light_asker who, INOUT(bt_light_cut) cut)
{
    uint open[BT_LIGHT_OPEN];
    uint open_count = scene_of(sc).light_count > 0u ? 1u : 0u;
    uint count = 0u;
    float all = 0.0f;
    open[0] = 0u;
    for (uint i = 0u; i < open_count; i++) {
        bt_light_node n = scene_light_node(sc, open[i]);
        bt_light_worth w = bt_light_worth_to(A(n), who);
        for (uint k = 0u; k < 4u; k++) {
            if (!(w.importance[k] > 0.0f)) continue;
            bool near = n.link[k] < BT_LIGHT_LEAF && w.distance2[k] < BT_LIGHT_NEAR * n.radius2[k];
            // each that waits to be opened may leave four, and this one what is left of it
            uint room = count + 4u * (open_count - i) + 3u - k;
            if (near && open_count < BT_LIGHT_OPEN && room <= BT_LIGHT_CUT) {
                open[open_count] = n.link[k];
                open_count = open_count + 1u;
                continue;
            }
            all = all + w.importance[k];
            D(cut).link[count] = n.link[k];
            D(cut).upto[count] = all;
            count = count + 1u;
        }
    }
    D(cut).count = count;
}

// ---- one of them ---------------------------------------------------------------------------------
STRUCT(bt_light_choice)
{
    uint light; // BT_NONE: none shines here
    float probability;
};

// How often each child of a node is chosen; all zero: none matters.
FN float4 bt_light_turn(bt_scene_ref sc, uint at, bt_light_asker who)
{
    bt_light_node n = scene_light_node(sc, at);
    bt_light_worth w = bt_light_worth_to(A(n), who);
    float all = sum4(w.importance);
    return all > 0.0f ? w.importance / all : splat4(0.0f);
}

// From a node or light of the cut, drawn so often, down to a light.
FN bt_light_choice bt_light_descend(bt_scene_ref sc, bt_light_asker who, uint link, float probability,
                                    float u)
{
    bt_light_choice c;
    c.light = BT_NONE;
    c.probability = probability;
    for (uint depth = 0u; depth < BT_LIGHT_MAX_DEPTH && link < BT_LIGHT_LEAF; depth++) {
        float4 shares = bt_light_turn(sc, link, who);
        // the last child that matters where rounding would go past all
        uint child = 4u;
        float before = 0.0f;
        float sum = 0.0f;
        for (uint k = 0u; k < 4u; k++) {
            if (!(shares[k] > 0.0f) || (child < 4u && u < sum)) continue;
            child = k;
            before = sum;
            sum = sum + shares[k];
        }
        if (child == 4u) return c;
        c.probability = c.probability * shares[child];
        u = clampf((u - before) / shares[child], 0.0f, 0.99999994f);
        link = scene_light_link(sc, link, child);
    }
    if (link >= BT_LIGHT_LEAF) c.light = link - BT_LIGHT_LEAF;
    return c;
}
FN bt_light_choice bt_light_choose(bt_scene_ref sc, bt_light_asker who, IN(bt_light_cut) cut, float u)
{
    bt_light_choice none;
    none.light = BT_NONE;
    none.probability = 1.0f;
    if (D(cut).count == 0u) return none;
    float all = bt_light_cut_all(cut);
    float target = u * all;
    uint i = 0u;
    while (i + 1u < D(cut).count && target >= D(cut).upto[i])
        i = i + 1u;
    float before = bt_light_cut_before(cut, i);
    float own = D(cut).upto[i] - before;
    if (!(own > 0.0f)) return none;
    float rest = clampf((target - before) / own, 0.0f, 0.99999994f);
    return bt_light_descend(sc, who, D(cut).link[i], own / all, rest);
}

// How often a node or a light of the cut is chosen; 0: it is none.
FN float bt_light_cut_share(IN(bt_light_cut) cut, uint link)
{
    for (uint i = 0u; i < D(cut).count; i++)
        if (D(cut).link[i] == link)
            return (D(cut).upto[i] - bt_light_cut_before(cut, i)) / bt_light_cut_all(cut);
    return 0.0f;
}
// How often bt_light_choose gives this light.
FN float bt_light_probability(bt_scene_ref sc, bt_light_asker who, IN(bt_light_cut) cut, uint light)
{
    bt_light l = scene_light(sc, light);
    uint at = 0u;
    float probability = bt_light_cut_share(cut, at);
    for (uint depth = 0u; depth < l.depth; depth++) {
        uint child = (l.trail >> (2u * depth)) & 3u;
        bool below = probability > 0.0f;
        if (below) {
            float4 shares = bt_light_turn(sc, at, who);
            probability = probability * shares[child];
            if (!(probability > 0.0f)) return 0.0f;
        }
        at = scene_light_link(sc, at, child);
        if (!below) probability = bt_light_cut_share(cut, at);
    }
    return probability;
}

// ---- the lamp's surface -------------------------------------------------------------------------
// Radiance that leaves a lamp, at the path's wavelengths; zero behind it. emission: bt_lamp_emission
// towards the asker; cos_lamp: bt_lamp_cos of the way there.
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

#define BT_LAMP_STEP_M 1e-4f // beyond rounding, for tracers think of what moves a bit otherwise: chosen

// A point on a light, seen from the asker.
STRUCT(bt_lamp_point)
{
    float2 uv;      // where its material has texture_emission
    float3 before;  // right before it, where a ray from there ends so as not to meet it
    float3 dir;     // unit, to it
    float distance; // to it
    float cos_lamp; // between its normal and the way back; <= 0: seen from where it does not shine
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
    float3 turned = bt_placement_vector(at, bt_triangle_point(t, root * (1.0f - u1), root * u1));
    float3 pos = turned + at.pos;
    float3 normal = bt_placement_vector(at, bt_triangle_normal(t));
    float twice_area = length3(normal);
    float3 to = pos - from;
    bt_lamp_point l;
    l.distance = length3(to);
    l.dir = to * (1.0f / max(l.distance, 1e-9f));
    // axes carry the scale once, an area grows with its square
    l.area = 0.5f * twice_area * p.scale;
    l.material = scene_material(sc, slot.material);
    float cos_front = -dot3(normal, l.dir) / max(twice_area, 1e-20f);
    l.cos_lamp = bt_lamp_cos(l.material, cos_front);
    float step = BT_LAMP_STEP_M + bt_offset_step(bt_reach_of(pos, at, turned, l.distance));
    l.before = pos + normal * ((cos_front < 0.0f ? -step : step) / max(twice_area, 1e-20f));
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
