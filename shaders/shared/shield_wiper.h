// shield_wiper.h: wipers over the glass: when a place was last wiped, where the blade is now.
//
// A sweep goes out and back, its angle as a crank drives it: (1 - cos(pi t / stroke)) / 2 of the span.
#ifndef BT_SHARED_SHIELD_WIPER_H
#define BT_SHARED_SHIELD_WIPER_H

#include "shaders/shared/pm_math.h"
#include "shaders/shared/shield_types.h"

STRUCT(bt_shield_wiped)
{
    float age_s;  // since it was last wiped; 1e9: never
    uint event;   // number of that wiping
    bool covered; // the blade lies on it
};

STRUCT(bt_shield_time)
{
    float phase_s; // since a sweep began, below the period
    uint sweep;    // its number
};

FN bt_shield_time bt_shield_time_at(IN(bt_shield) shield, float u)
{
    bt_shield_time at;
    at.phase_s = D(shield).phase_s + u * D(shield).span_s;
    at.sweep = D(shield).sweep;
    if (at.phase_s >= D(shield).period_s) {
        at.phase_s = at.phase_s - D(shield).period_s;
        at.sweep = at.sweep + 1u;
    }
    return at;
}

// How far along its span a wiper's blade is.
FN float bt_shield_blade(IN(bt_shield) shield, float phase_s)
{
    float t = min(phase_s, 2.0f * D(shield).stroke_s);
    return 0.5f - 0.5f * pm_cos(BT_PI_F * t / D(shield).stroke_s);
}

// How far along the span a place is; outside 0 to 1: not reached.
FN float bt_shield_along(bt_shield_wiper w, float u, float v)
{
    float x = u - w.pivot_u;
    float y = v - w.pivot_v;
    float r = sqrt(x * x + y * y);
    if (r < w.radius_min || r > w.radius_max) return -1.0f;
    float turned = (pm_atan2(y, x) - w.from_rad) / (2.0f * BT_PI_F);
    turned = turned - floor(turned);
    if (w.span_rad < 0.0f) turned = turned - 1.0f;
    return turned * 2.0f * BT_PI_F / w.span_rad;
}

FN bt_shield_wiped bt_shield_wiped_at(IN(bt_shield) shield, float u, float v, float time_u)
{
    bt_shield_wiped at;
    at.age_s = 1e9f;
    at.event = 0u;
    at.covered = false;
    if (D(shield).period_s <= 0.0f) return at;
    bt_shield_time now = bt_shield_time_at(shield, time_u);
    float blade = bt_shield_blade(shield, now.phase_s);
    for (uint i = 0u; i < BT_SHIELD_WIPERS; i++) {
        if (i >= D(shield).wiper_count) continue;
        bt_shield_wiper w = D(shield).wipers[i];
        float along = bt_shield_along(w, u, v);
        if (along < 0.0f) continue;
        float off = (along - blade) * w.span_rad;
        float x = u - w.pivot_u;
        float y = v - w.pivot_v;
        float beside = sqrt(x * x + y * y) * pm_sin(off);
        if (abs(off) < 1.0f && abs(beside) < D(shield).blade_half_m) at.covered = true;
        if (along > 1.0f) continue;
        float out_s = D(shield).stroke_s * (pm_acos(1.0f - 2.0f * along) * BT_INV_PI_F);
        float back_s = 2.0f * D(shield).stroke_s - out_s;
        // of the sweep before, on its way out, on its way back
        float age = now.phase_s + D(shield).period_s - back_s;
        uint event = 2u * now.sweep;
        if (now.phase_s >= out_s) {
            age = now.phase_s - out_s;
            event = event + 1u;
        }
        if (now.phase_s >= back_s) {
            age = now.phase_s - back_s;
            event = event + 1u;
        }
        if (age < at.age_s) {
            at.age_s = age;
            at.event = event * BT_SHIELD_WIPERS + i + 1u;
        }
    }
    return at;
}

#endif
