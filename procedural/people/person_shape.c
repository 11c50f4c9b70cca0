// person_shape.c: how far trunk and limbs of somebody are from the average body's, so that girths are those measured
// (measures.h).
//
// Sections of trunk and limbs are written for a slender body. Each level has one girth to reach; how it is shared between
// front, back and side is chosen: bellies grow forward, buttocks back, a chest in depth.
#include "procedural/people/person_internal.h"

// ---- the slender body ---------------------------------------------------------------------------
static bt_limb_section trunk_at(const bt_person_params *q, bt_person_measure which)
{
    double f = q->femininity;
    if (which == BT_PERSON_HIP)
        return (bt_limb_section){0.525, 0.0, 0.0, 0.062, 0.070, 0.094 + 0.008 * f, 0.15};
    if (which == BT_PERSON_WAIST)
        return (bt_limb_section){0.615, 0.0, 0.0, 0.058, 0.051, 0.082 - 0.007 * f, 0.1};
    return (bt_limb_section){0.735, 0.0, 0.0, 0.066 + 0.012 * f, 0.061, 0.095 - 0.010 * f, 0.2};
}
// Where limbs are measured, in fractions of the height, as in person_parts.c.
static const double limb_girth[BT_PERSON_MEASURES] = {
    [BT_PERSON_THIGH] = 0.2895,
    [BT_PERSON_CALF] = 0.2045,
    [BT_PERSON_ANKLE] = 0.1210,
    [BT_PERSON_WRIST] = 0.0955,
};

static bt_limb_section widened(bt_limb_section s, const double by[3])
{
    s.front *= by[0];
    s.back *= by[1];
    s.side *= by[2];
    return s;
}

// What front, back and side are multiplied by for the section to have this girth.
static void reach(bt_limb_section slender, double girth, const double share[3], double by[3])
{
    double k = girth / bt_limb_girth(&slender);
    for (int round = 0; round < 8; round++) {
        for (int i = 0; i < 3; i++)
            by[i] = fmax(0.6, 1.0 + (k - 1.0) * share[i]);
        bt_limb_section s = widened(slender, by);
        k *= girth / bt_limb_girth(&s);
    }
}

double bt_person_girth(const bt_person_params *q, bt_person_measure which)
{
    if (q->girth[which] > 0.0) return q->girth[which];
    double h = 1.69; // of no sex in particular, at a body mass index of 25
    return 0.5 *
           (bt_measures_mean(false, h, 25.0 * h * h).m[which] +
            bt_measures_mean(true, h, 25.0 * h * h).m[which]) /
           h;
}

bt_person_shape bt_person_shape_make(const bt_person_params *q)
{
    static const double of_hip[3] = {0.8, 1.2, 0.9}, of_waist[3] = {1.35, 0.7, 0.95},
                        of_chest[3] = {1.2, 1.2, 0.7};
    bt_person_shape s;
    reach(trunk_at(q, BT_PERSON_HIP), bt_person_girth(q, BT_PERSON_HIP), of_hip, s.hip);
    reach(trunk_at(q, BT_PERSON_WAIST), bt_person_girth(q, BT_PERSON_WAIST), of_waist, s.waist);
    reach(trunk_at(q, BT_PERSON_CHEST), bt_person_girth(q, BT_PERSON_CHEST), of_chest, s.chest);
    s.shoulder = bt_person_shoulder_aside(q) / q->height_m / (0.108 - 0.008 * q->femininity);
    s.thigh = bt_person_girth(q, BT_PERSON_THIGH) / limb_girth[BT_PERSON_THIGH];
    s.calf = bt_person_girth(q, BT_PERSON_CALF) / limb_girth[BT_PERSON_CALF];
    s.ankle = bt_person_girth(q, BT_PERSON_ANKLE) / limb_girth[BT_PERSON_ANKLE];
    s.wrist = bt_person_girth(q, BT_PERSON_WRIST) / limb_girth[BT_PERSON_WRIST];
    // no line for it in the tables used here: goes with the thigh (chosen)
    s.arm = bt_clamp(0.25 + 0.65 * s.thigh, 0.8, 1.35);
    return s;
}

// ---- along the body -----------------------------------------------------------------------------
bt_limb_section bt_person_widen(const bt_person_shape *s, bt_limb_section section)
{
    double z = section.z, by[3];
    double waist = bt_person_ramp(0.545, 0.605, z), chest = bt_person_ramp(0.635, 0.715, z);
    double shoulder = bt_person_ramp(0.745, 0.785, z), neck = bt_person_ramp(0.800, 0.842, z);
    for (int i = 0; i < 3; i++) {
        double k = s->hip[i] + waist * (s->waist[i] - s->hip[i]);
        k += chest * (s->chest[i] - k);
        k += shoulder * ((i == 2 ? s->shoulder : 0.5 + 0.5 * s->chest[i]) - k);
        by[i] = k + neck * (1.0 - k);
    }
    return widened(section, by);
}

double bt_person_leg_width(const bt_person_shape *s, double z)
{
    double knee = bt_person_ramp(-0.140, -0.235, z), calf = bt_person_ramp(-0.255, -0.310, z);
    double ankle = bt_person_ramp(-0.360, -0.470, z), middle = 0.35 * s->thigh + 0.65 * s->calf;
    double k = s->thigh + knee * (middle - s->thigh);
    k += calf * (s->calf - k);
    return k + ankle * (s->ankle - k);
}

double bt_person_arm_width(const bt_person_shape *s, double z)
{
    double middle = 0.5 * (s->arm + s->wrist);
    // shoulders are rounder on nobody for being heavier
    double upper = s->arm * (1.0 - 0.16 * bt_person_ramp(-0.060, -0.010, z));
    double k = upper + bt_person_ramp(-0.100, -0.200, z) * (middle - upper);
    return k + bt_person_ramp(-0.220, -0.320, z) * (s->wrist - k);
}

double bt_person_section_girth(const bt_person_params *q, bt_person_measure which)
{
    bt_person_shape s = bt_person_shape_make(q);
    bt_limb_section at = bt_person_widen(&s, trunk_at(q, which));
    return bt_limb_girth(&at) * q->height_m;
}
