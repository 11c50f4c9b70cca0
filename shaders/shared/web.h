// web.h: photometric webs: how much light a lamp sends in each direction, in candela.
//
// A table of numbers: one head of BT_WEB_HEAD floats per web, then their angles and intensities.
// The grid is that of engine/scene/photometry.h: half planes about a pole, angles from the pole,
// intensity linear between grid points in both, 0 outside. It need not be even: a headlamp's cut-off
// takes a tenth of a degree, its sides take five.
#ifndef BT_SHARED_WEB_H
#define BT_SHARED_WEB_H

#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/tables.h"
#include "shaders/shared/types.h"

STRUCT(bt_web)
{
    float3 pole, zero, ninety; // in the lamp's mesh: gamma 0; C0 and C90 at gamma 90 degrees
    uint planes, polars;       // how many angles
    BT_FLOATS plane;           // (planes)
    BT_FLOATS polar;           // (polars)
    BT_FLOATS cd;              // (planes x polars)
};

FN float3 bt_web_axis(BT_FLOATS webs, uint at)
{
    return float3(floats_at(webs, at), floats_at(webs, at + 1u), floats_at(webs, at + 2u));
}
FN bt_web bt_web_at(BT_FLOATS webs, uint index)
{
    bt_web w;
    uint head = index * BT_WEB_HEAD;
    uint first = to_u(floats_at(webs, head + 11u));
    w.pole = bt_web_axis(webs, head);
    w.zero = bt_web_axis(webs, head + 3u);
    w.ninety = bt_web_axis(webs, head + 6u);
    w.planes = to_u(floats_at(webs, head + 9u));
    w.polars = to_u(floats_at(webs, head + 10u));
    w.plane = floats_from(webs, first);
    w.polar = floats_from(webs, first + w.planes);
    w.cd = floats_from(webs, first + w.planes + w.polars);
    return w;
}

// Where among ascending angles x lies; part < 0: beyond their ends.
STRUCT(bt_web_place)
{
    uint first;
    float part; // of the way to the next angle
};
FN bt_web_place bt_web_find(BT_FLOATS angles, uint count, float x)
{
    const float slack = 2e-6f; // a full turn's rounding
    uint low = 0u;
    uint high = count - 1u;
    for (uint i = 0u; i < BT_WEB_SEARCH_STEPS; i++) {
        uint middle = (low + high) / 2u;
        if (high - low > 1u && floats_at(angles, middle) <= x)
            low = middle;
        else if (high - low > 1u)
            high = middle;
    }
    float from = floats_at(angles, low);
    float to = floats_at(angles, low + 1u);
    bt_web_place p;
    p.first = low;
    p.part = clampf((x - from) / (to - from), 0.0f, 1.0f);
    if (x < from - slack || x > to + slack) p.part = -1.0f;
    return p;
}

// Candela in a direction (any length but 0) of the lamp's mesh.
FN float bt_web_intensity(bt_web w, float3 dir)
{
    float x = dot3(dir, w.zero);
    float y = dot3(dir, w.ninety);
    float polar = pm_atan2(sqrt(x * x + y * y), dot3(dir, w.pole));
    float plane = pm_atan2(y, x);
    // planes begin anywhere from one turn below 0 to one above
    float begin = floats_at(w.plane, 0u);
    plane = plane - 2.0f * BT_PI_F * floor((plane - begin) / (2.0f * BT_PI_F));
    bt_web_place p = bt_web_find(w.plane, w.planes, plane);
    bt_web_place g = bt_web_find(w.polar, w.polars, polar);
    if (p.part < 0.0f || g.part < 0.0f) return 0.0f;
    uint at = p.first * w.polars + g.first;
    float a = lerp(floats_at(w.cd, at), floats_at(w.cd, at + 1u), g.part);
    float b = lerp(floats_at(w.cd, at + w.polars), floats_at(w.cd, at + w.polars + 1u), g.part);
    return lerp(a, b, p.part);
}

#endif
