// lamp.h: how much of its material's emission a lamp sends at a moment, in a direction.
//
// Direction: a photometric web gives the intensity I(w) that all triangles of a slot send together, in
// candela. They share one radiance, so that L(w) times the area they take up seen from w is I(w):
//
//   L(w, lambda) = S(lambda) I(w) / max(facing . w, least)
//
// with S the material's spectrum per candela and `facing` the sum of area times normal. That is exact
// where w sees the front of them all; for a flat lamp it is I / (A cos). Within 3 degrees of the
// lamp's own horizon `least` keeps the radiance finite, and the intensity falls short of the web's.
// Of a lamp that shines into less than a half-space only triangles that face its beam emit (renderer.c).
// Closed bodies (a globe) that shine all round have no facing; they get a quarter of their surface
// (Cauchy's mean
// projected area of a convex body).
//
// Time: pulse width modulation of LEDs and the ripple of lamps on the mains keep the mean. Frequencies
// are whole hertz, so that a float holds all that matters of the time: the seconds since the last
// full one.
#ifndef BT_SHARED_LAMP_H
#define BT_SHARED_LAMP_H

#include "shaders/shared/scene.h"
#include "shaders/shared/web.h"

// Emission over its mean, `after_s` seconds after a full second. hash: of the thing; its lamps' clock.
FN float bt_lamp_flicker(bt_material m, uint hash, float after_s)
{
    if (!(m.flicker_hz > 0.0f)) return 1.0f;
    float cycles = after_s * m.flicker_hz;
    if (m.flicker_duty > 0.0f) {
        float phase = cycles + to_f(hash >> 8) * (1.0f / 16777216.0f);
        phase = phase - floor(phase);
        return phase < m.flicker_duty ? 1.0f / m.flicker_duty : 0.0f;
    }
    // the mains' three phases: each power waves a third of its period after the last
    float phase = cycles + to_f(hash % 3u) * (1.0f / 3.0f);
    phase = phase - floor(phase);
    return 1.0f + m.flicker_ripple * pm_cos(2.0f * BT_PI_F * phase);
}

// Cosine with which a lamp's triangle shines, out of that on its front; below 0: not at all.
FN float bt_lamp_cos(bt_material m, float cos_front)
{
    return m.shines_both != 0u ? abs(cos_front) : cos_front;
}

// Of the web, over the area the slot's lamps take up. dir: of a ray towards the lamp, unit, in the
// snapshot.
FN float bt_lamp_spread(bt_scene_ref sc, bt_slot_shade slot, bt_material m, bt_placement at,
                        float scale, float3 dir)
{
    float3 leaves = bt_placement_vector_back(at, dir * -1.0f) * (1.0f / scale);
    float3 facing = float3(slot.lamp_facing[0], slot.lamp_facing[1], slot.lamp_facing[2]);
    float area = max(dot3(facing, leaves), slot.lamp_least_m2) * scale * scale;
    return bt_web_intensity(bt_web_at(scene_of(sc).tables.webs, m.web - 1u), leaves) / area;
}

// Factor on the material's emission spectrum: what a ray along `dir` meets at normalised time u.
FN float bt_lamp_emission(bt_scene_ref sc, bt_placed p, bt_slot_shade slot, bt_material m,
                          bt_placement at, float3 dir, float u)
{
    float emission = bt_placed_emission(p, u);
    if (m.emission == BT_NO_SPECTRUM || !(emission > 0.0f)) return 0.0f;
    if (m.flicker_hz > 0.0f)
        emission =
            emission * bt_lamp_flicker(m, p.hash, scene_of(sc).open_s + u * scene_of(sc).span_s);
    if (m.web != 0u) emission = emission * bt_lamp_spread(sc, slot, m, at, p.scale, dir);
    return emission;
}

#endif
