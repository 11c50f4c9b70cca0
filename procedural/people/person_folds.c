// person_folds.c: how cloth lies over a body: rings where a joint pushes it together, flutes where it
// hangs free, pulls from where it is held.
//
// Folds are part of the garment at rest and bend with it: inside a bent knee or elbow their rings
// come closer and stand steeper, outside they are drawn flat. Sizes are chosen by eye from people in
// street photographs: folds 45 to 90 mm apart, some millimetres high. Heights z are fractions of the
// body height, of limbs from their upper joint, of trunks from the ground; angles are about the
// limb's middle, 0 in front, growing to the left.
#include "procedural/people/person_internal.h"

#include "engine/core/random.h"

enum { DIM_FOLDS = 900 };

static double bell(double middle, double half, double at)
{
    double x = (at - middle) / half;
    return bt_exp(-x * x);
}
// -0.25 to 1.75: cloth rounds its crests, pinches its valleys, and has nowhere to go but out.
static double fold(double phase)
{
    return 1.0 + bt_sin(phase) + 0.25 * bt_cos(2.0 * phase);
}
// What makes a fold wander on its way round.
static double angle_wave(double angle, double phase)
{
    return bt_sin(angle + phase) + 0.35 * bt_sin(2.0 * angle + 1.7 * phase);
}
static double sqr(double x)
{
    return x * x;
}
// 0 away from `towards`, 1 there.
static double facing(double angle, double towards)
{
    return 0.5 + 0.5 * bt_cos(angle - towards);
}

// Rings about a limb, `apart` from one to the next, that rise and fall along their way round.
static double rings(const bt_person_drape *d, int own, double angle, double z, double apart)
{
    const double *p = d->phase + own;
    double sway = 1.3 * bt_sin(angle + p[0]) + 0.7 * bt_sin(2.0 * angle + p[1]);
    double most = 0.7 + 0.3 * bt_sin(angle + p[1] + 31.0 * z);
    return most * fold(2.0 * BT_PI * z / apart + sway + p[2]);
}

// ---- garments -----------------------------------------------------------------------------------
static double trouser_leg(const bt_person_drape *d, double angle, double z)
{
    const double *p = d->phase;
    double inner = d->left ? -0.5 * BT_PI : 0.5 * BT_PI;
    double knee = bell(-BT_GAIT_THIGH - 0.005, 0.042, z) * (0.35 + 0.65 * facing(angle, BT_PI));
    double shoe = bt_person_ramp(-0.390, -0.480, z) * (0.55 + 0.45 * bt_cos(angle - p[0]));
    double crotch =
        bt_person_ramp(-0.170, -0.060, z) * bt_person_ramp(0.02, -0.02, z) * facing(angle, inner);
    double pull = 2.0 * BT_PI * z / 0.058 + 2.2 * bt_cos(angle - inner) + p[1];
    // from the outer hip down to the inner knee and the calf, as weight swings over
    double long_pull =
        bell(-0.30, 0.15, z) * fold(2.0 * BT_PI * z / 0.105 + 1.9 * angle_wave(angle, p[2]));
    return 0.0042 * knee * rings(d, 0, angle, z, 0.036) +
           0.0048 * shoe * rings(d, 3, angle, z, 0.038) + 0.0042 * crotch * fold(pull) +
           0.0026 * long_pull;
}

static double sleeve(const bt_person_drape *d, double angle, double z)
{
    double elbow = bell(-BT_GAIT_UPPER_ARM, 0.045, z) * (0.4 + 0.6 * facing(angle, 0.0));
    double cuff = bt_person_ramp(-BT_GAIT_UPPER_ARM - 0.070, -BT_GAIT_UPPER_ARM - 0.130, z);
    double pit = bt_person_ramp(-0.140, -0.050, z) * bt_person_ramp(-0.005, -0.030, z) *
                 facing(angle, d->left ? -0.5 * BT_PI : 0.5 * BT_PI);
    double along = fold(2.0 * BT_PI * z / 0.085 + 1.8 * angle_wave(angle, d->phase[2]));
    return 0.0036 * elbow * rings(d, 0, angle, z, 0.030) +
           0.0028 * cuff * rings(d, 3, angle, z, 0.028) +
           0.0030 * pit * rings(d, 1, angle, z, 0.042) +
           0.0014 * bt_person_ramp(0.0, -0.05, z) * along;
}

// Sags about the waist, pulls from the armpits across chest and back.
static double upper_body(const bt_person_drape *d, double angle, double z)
{
    const double *p = d->phase;
    double waist = bell(0.595, 0.050, z);
    double armpit = bell(0.740, 0.050, z) * bt_person_ramp(0.80, 0.77, z) * sqr(bt_sin(angle));
    double pull = 2.0 * BT_PI * (z / 0.062 - 1.1 * fabs(bt_cos(angle))) + p[3];
    double hem = bt_person_ramp(0.585, 0.515, z);
    double across = fold(2.0 * BT_PI * z / 0.130 + 2.0 * angle_wave(2.0 * angle, p[5]));
    return 0.0040 * waist * rings(d, 0, angle, z, 0.044) + 0.0036 * armpit * fold(pull) +
           0.0030 * hem * fold(4.0 * angle + p[4]) +
           0.0026 * bt_person_ramp(0.80, 0.72, z) * across;
}

static double flutes(const bt_person_drape *d, double angle, double z)
{
    const double *p = d->phase;
    double turn = 0.35 * bt_sin(2.0 * BT_PI * z / 0.30 + p[0]);
    return 0.6 * fold(4.0 * (angle + turn) + p[1]) + 0.4 * fold(7.0 * angle + p[2]);
}
static double coat(const bt_person_drape *d, double angle, double z)
{
    return upper_body(d, angle, fmax(z, 0.56)) +
           0.0070 * bt_person_ramp(0.56, 0.38, z) * flutes(d, angle, z);
}
// Rows of down, stitched through every few centimetres.
static double quilts(const bt_person_drape *d, double angle, double z)
{
    double row = z / 0.036 + 0.02 * bt_sin(2.0 * angle + d->phase[0]), in = row - floor(row);
    double full = 1.0 - bt_pow(fabs(2.0 * in - 1.0), 3.0);
    double creased = 1.0 + 0.22 * bt_sin(9.0 * angle + 5.0 * floor(row) + d->phase[1]);
    return 0.0085 * full * creased;
}
static double quilt(const bt_person_drape *d, double angle, double z)
{
    return quilts(d, angle, z) * bt_person_ramp(0.835, 0.80, z);
}
static double quilt_sleeve(const bt_person_drape *d, double angle, double z)
{
    return 0.8 * quilts(d, angle, z) * bt_person_ramp(0.0, -0.03, z);
}
// Knitwear clings: a few soft sags.
static double knit(const bt_person_drape *d, double angle, double z)
{
    return 0.0016 * fold(2.0 * BT_PI * z / 0.060 + 1.6 * angle_wave(angle, d->phase[2]));
}
static double skirt(const bt_person_drape *d, double angle, double z)
{
    return 0.0085 * bt_person_ramp(0.575, 0.34, z) * flutes(d, angle, z);
}

static double out_m(const void *context, double angle, double z_m)
{
    static double (*const cuts[])(const bt_person_drape *, double, double) = {
        [BT_CUT_LEG] = trouser_leg,
        [BT_CUT_SLEEVE] = sleeve,
        [BT_CUT_UPPER_BODY] = upper_body,
        [BT_CUT_COAT] = coat,
        [BT_CUT_SKIRT] = skirt,
        [BT_CUT_QUILT] = quilt,
        [BT_CUT_KNIT] = knit,
        [BT_CUT_QUILT_SLEEVE] = quilt_sleeve,
    };
    const bt_person_drape *d = context;
    // lengths grow with the body
    return d->h * cuts[d->cut](d, angle, (z_m + d->base_z) / d->h);
}

bt_limb_drape bt_person_drape_make(const bt_person *p, bt_person_cut cut, bool left,
                                   bt_person_drape *drape)
{
    bool trunk = cut == BT_CUT_UPPER_BODY || cut == BT_CUT_COAT || cut == BT_CUT_SKIRT ||
                 cut == BT_CUT_QUILT;
    *drape =
        (bt_person_drape){.cut = cut, .left = left, .h = p->h, .base_z = trunk ? p->hip_z : 0.0};
    // everyone's own folds, told apart by the body: a person is a function of the parameters alone
    uint64_t who = (uint64_t)(p->h * 1e6) * 1000003u + p->params->looks;
    for (uint32_t k = 0; k < BT_PERSON_FOLD_PHASES; k++)
        drape->phase[k] =
            2.0 * BT_PI *
            bt_random_unit(who, BT_STREAM_PEDESTRIAN, 2u * (uint32_t)cut + left, DIM_FOLDS + k);
    return (bt_limb_drape){out_m, drape};
}
