// gait.c: leg and arm angles from the phase of the stride.
#include "engine/sim/gait.h"

#include <math.h>

#define GRAVITY_M_S2 9.80665
#define PERSON_STANCE 0.6 // share of the stride that a foot stands
#define DOG_STANCE 0.5    // a trot without flight
#define PERSON_LEG (BT_GAIT_THIGH + BT_GAIT_SHANK)
#define DOG_LEG (BT_GAIT_DOG_UPPER + BT_GAIT_DOG_LOWER)
#define REACH 0.995       // of the straight leg, so that knees never lock
#define HEEL_MAX_RAD 1.0  // heel rise at toe-off in a full stride
#define TOES_MAX_RAD 0.38 // toes up at landing
#define LANDING 0.38      // share of the stance ahead of the hip
#define SAMPLES 24        // of the stride, to find how high the hips may be
#define TOGETHER_M 0.02
#define LEAST_LIFT 0.3 // short steps lift the feet as those of such a share of a full stride
#define SETTLE_STRIDES_S 0.7

// Where an ankle is: relative to the hip in x, above its standing height in z; the foot's pitch.
typedef struct ankle {
    double x, z, toes_up_rad;
} ankle;

static double hip_height(double height_m, bool four_legged)
{
    return height_m * (four_legged ? DOG_LEG : PERSON_LEG + BT_GAIT_ANKLE);
}

double bt_gait_stride_m(double height_m, bool four_legged, double speed_m_s)
{
    double hip = hip_height(height_m, four_legged);
    double froude = speed_m_s * speed_m_s / (GRAVITY_M_S2 * hip);
    // nobody steps farther than the legs reach
    double longest = height_m * (four_legged ? 1.1 : 1.0);
    return speed_m_s > 0.0 ? fmin(longest, 2.3 * hip * pow(froude, 0.3)) : 0.0;
}

static double smooth(double u)
{
    u = u < 0.0 ? 0.0 : u > 1.0 ? 1.0 : u;
    return u * u * (3.0 - 2.0 * u);
}

// Cubic through both ends with given slopes there.
static double hermite(double from, double slope_from, double to, double slope_to, double u)
{
    double v = 1.0 - u;
    return from * v * v * (1.0 + 2.0 * u) + to * u * u * (3.0 - 2.0 * u) + slope_from * u * v * v -
           slope_to * u * u * v;
}

// ---- person -----------------------------------------------------------------------------------
// How long a stride is for this body, 0 to 1.
static double fullness(double height, double stride)
{
    return fmin(1.0, stride / (0.75 * height));
}

// A standing foot, u from landing to toe-off, its sole flat at `x` ahead of the hip: it comes down about
// the heel, stands flat, and rises about the ball.
static ankle person_stance(double height, double full, double x, double u)
{
    double down = TOES_MAX_RAD * full * (1.0 - smooth(u / 0.15));
    double rise = HEEL_MAX_RAD * full * smooth((u - 0.5) / 0.5);
    double up = BT_GAIT_ANKLE * height;
    double heel = BT_GAIT_HEEL * height, ball = BT_GAIT_BALL * height;
    ankle a = {.x = x, .toes_up_rad = down - rise};
    a.x -= heel * (1.0 - cos(down)) + up * sin(down);
    a.z += heel * sin(down) - up * (1.0 - cos(down));
    a.x += ball * (1.0 - cos(rise)) + up * sin(rise);
    a.z += ball * sin(rise) - up * (1.0 - cos(rise));
    return a;
}

// How far ahead of the hips a foot lands.
static double landing(bool four_legged, double stride)
{
    return stride * (four_legged ? 0.5 * DOG_STANCE : LANDING * PERSON_STANCE);
}

static double stance_share(bool four_legged)
{
    return four_legged ? DOG_STANCE : PERSON_STANCE;
}

// A swinging foot, u from toe-off to landing; it leaves the ground at the ground's speed and is
// slowing down when it lands. `lifted`: where it stood last.
static ankle person_swing(double height, double stride, double least, double lifted, double u)
{
    double full = fullness(height, stride), x = landing(false, stride);
    ankle from = person_stance(height, full, lifted, 1.0);
    ankle to = person_stance(height, full, x, 0.0);
    double back = -stride * (1.0 - PERSON_STANCE);
    double lift = sin(BT_PI * u), eased = smooth(u);
    // a foot that only catches up is lifted too
    double high = fmax(fmax(full, least), fullness(height, fabs(x - lifted) / PERSON_STANCE));
    ankle a = {.x = hermite(from.x, back, to.x, 0.0, u)};
    a.z = from.z + (to.z - from.z) * eased + 0.03 * height * high * lift * lift;
    a.toes_up_rad = from.toes_up_rad + (to.toes_up_rad - from.toes_up_rad) * eased;
    return a;
}

// ---- dog --------------------------------------------------------------------------------------
static ankle dog_swing(double height, double stride, double least, double lifted, double u)
{
    double x = landing(true, stride), back = -stride * (1.0 - DOG_STANCE);
    double lift = sin(BT_PI * u), span = fabs(x - lifted) / DOG_STANCE;
    double high = fmax(least, fmin(1.0, fmax(stride, span) / height));
    return (ankle){.x = hermite(lifted, back, x, back, u), .z = 0.12 * height * high * lift * lift};
}

// ---- either -----------------------------------------------------------------------------------
// One leg's body, stride and place.
typedef struct step {
    double height, stride, least_lift; // lift: as of a stride so full, though it may be shorter
    bool four_legged;
} step;

// share: of the stride since the foot landed; foot: where it stands, or was lifted.
static ankle ankle_at(const step *s, double share, double foot)
{
    double stance = stance_share(s->four_legged);
    if (share < stance)
        return s->four_legged
                   ? (ankle){.x = foot}
                   : person_stance(s->height, fullness(s->height, s->stride), foot, share / stance);
    double u = (share - stance) / (1.0 - stance);
    return s->four_legged ? dog_swing(s->height, s->stride, s->least_lift, foot, u)
                          : person_swing(s->height, s->stride, s->least_lift, foot, u);
}

static double fraction(double phase)
{
    return phase - floor(phase);
}

// At a steady pace: a foot stands behind its landing by what has been walked since.
static double steady_foot(bool four_legged, double stride, double share)
{
    return landing(four_legged, stride) - stride * fmin(share, stance_share(four_legged));
}

// ---- hips -------------------------------------------------------------------------------------
// Twice a stride the hips go up over the standing leg and down between steps.
static double bob(double height, bool four_legged, double stride, double phase)
{
    if (four_legged) return 0.0;
    return -0.012 * height * fullness(height, stride) * cos(4.0 * BT_PI * (phase - 0.05));
}

static double reach_of(const step *s, ankle a)
{
    double leg = REACH * s->height * (s->four_legged ? DOG_LEG : PERSON_LEG);
    return sqrt(fmax(0.0, leg * leg - a.x * a.x)) + a.z;
}

// Height of the hips over standing ankles, without their bob: as high as both legs reach through a
// stride of a steady pace.
static double sampled_hips(const step *s)
{
    double mean = REACH * s->height * (s->four_legged ? DOG_LEG : PERSON_LEG);
    for (int i = 0; i < SAMPLES; i++) {
        double share = (double)i / SAMPLES;
        ankle a = ankle_at(s, share, steady_foot(s->four_legged, s->stride, share));
        mean = fmin(mean, reach_of(s, a) - bob(s->height, s->four_legged, s->stride, share));
    }
    return mean;
}

// sampled_hips of a body 1 m high, for strides of 0 to hips_stride in HIPS_PARTS parts; person, dog. The
// test takes it against the poses of a steady pace.
#define HIPS_PARTS 40
static const double hips_stride[2] = {1.0, 1.1};
static const double hips_table[2][HIPS_PARTS + 1] = {
    {0.488545, 0.488145, 0.487739, 0.487328, 0.486912, 0.486491, 0.486065, 0.485633, 0.485197,
     0.484755, 0.484308, 0.483855, 0.483398, 0.482935, 0.482467, 0.481994, 0.481516, 0.481032,
     0.480544, 0.480050, 0.479551, 0.479046, 0.478537, 0.478022, 0.477502, 0.476977, 0.476446,
     0.475799, 0.475132, 0.474450, 0.473754, 0.473323, 0.471094, 0.465310, 0.459216, 0.452798,
     0.446041, 0.438927, 0.431436, 0.423545, 0.415229},
    {0.646750, 0.646713, 0.646604, 0.646421, 0.646165, 0.645836, 0.645433, 0.644957, 0.644407,
     0.643783, 0.643086, 0.642313, 0.641467, 0.640545, 0.639548, 0.638475, 0.637327, 0.636102,
     0.634800, 0.633421, 0.631965, 0.630430, 0.628816, 0.627122, 0.625348, 0.623494, 0.621558,
     0.619539, 0.617438, 0.615252, 0.612982, 0.610608, 0.607903, 0.605091, 0.602168, 0.599135,
     0.595988, 0.592585, 0.588985, 0.585265, 0.581424}};

static double hips_of(const step *s)
{
    double at = s->stride / (s->height * hips_stride[s->four_legged]) * HIPS_PARTS;
    const double *table = hips_table[s->four_legged];
    int i = at >= HIPS_PARTS - 1 ? HIPS_PARTS - 1 : (int)at;
    double u = fmin(at - i, 1.0);
    return s->height * (table[i] + u * (table[i + 1] - table[i]));
}

// ---- angles -----------------------------------------------------------------------------------
bt_two_links bt_two_links_reach(double upper, double lower, double x, double d)
{
    double r = fmin(sqrt(x * x + d * d), 0.9999 * (upper + lower));
    r = fmax(r, fabs(upper - lower) + 1e-6);
    double c = (upper * upper + r * r - lower * lower) / (2.0 * upper * r);
    double k = (upper * upper + lower * lower - r * r) / (2.0 * upper * lower);
    return (bt_two_links){.line_rad = atan2(x, d),
                          .open_rad = acos(fmax(-1.0, fmin(1.0, c))),
                          .fold_rad = BT_PI - acos(fmax(-1.0, fmin(1.0, k)))};
}

void bt_gait_set_leg(double height, bool right, double ahead, double down, double toes_up,
                     double lean, double channel[BT_CHANNEL_COUNT])
{
    bt_two_links leg =
        bt_two_links_reach(BT_GAIT_THIGH * height, BT_GAIT_SHANK * height, ahead, down);
    double thigh = leg.line_rad + leg.open_rad; // the knee points forward
    channel[BT_CHANNEL_HIP_LEFT + right] = thigh + lean;
    channel[BT_CHANNEL_KNEE_LEFT + right] = leg.fold_rad;
    channel[BT_CHANNEL_ANKLE_LEFT + right] = toes_up - thigh + leg.fold_rad;
}

static void person_arms(const step *s, double phase, double channel[BT_CHANNEL_COUNT])
{
    double full = fullness(s->height, s->stride);
    for (int right = 0; right < 2; right++) {
        // an arm swings against the leg of its side
        double swing = -cos(2.0 * BT_PI * (phase + 0.5 * right));
        channel[BT_CHANNEL_SHOULDER_LEFT + right] = full * (0.05 + 0.35 * swing);
        channel[BT_CHANNEL_ELBOW_LEFT + right] = 0.15 + full * (0.15 + 0.12 * swing);
    }
}

static void dog_legs(const step *s, const ankle paws[2], double phase, double hip_m,
                     double channel[BT_CHANNEL_COUNT])
{
    double upper = BT_GAIT_DOG_UPPER * s->height, lower = BT_GAIT_DOG_LOWER * s->height;
    for (int right = 0; right < 2; right++) {
        ankle fore = paws[right], hind = paws[1 - right];
        bt_two_links leg = bt_two_links_reach(upper, lower, fore.x, hip_m - fore.z);
        channel[BT_CHANNEL_SHOULDER_LEFT + right] =
            leg.line_rad - leg.open_rad; // elbows point back
        channel[BT_CHANNEL_ELBOW_LEFT + right] = leg.fold_rad;
        leg = bt_two_links_reach(upper, lower, hind.x, hip_m - hind.z);
        channel[BT_CHANNEL_HIP_LEFT + right] = leg.line_rad + leg.open_rad;
        channel[BT_CHANNEL_KNEE_LEFT + right] = leg.fold_rad;
    }
    channel[BT_CHANNEL_TAIL] = 0.3 * sin(2.0 * BT_PI * phase);
}

// ---- whole ------------------------------------------------------------------------------------
// Channels for both feet; hips at most at mean_m over standing ankles, and as high as both legs reach.
static double pose(const step *s, const double foot[2], double phase, double mean_m,
                   double channel[BT_CHANNEL_COUNT])
{
    ankle at[2];
    double hip_m = mean_m + bob(s->height, s->four_legged, s->stride, phase);
    for (int i = 0; i < 2; i++) {
        at[i] = ankle_at(s, fraction(phase + 0.5 * i), foot[i]);
        hip_m = fmin(hip_m, reach_of(s, at[i]));
    }
    if (s->four_legged) {
        dog_legs(s, at, phase, hip_m, channel);
        return s->height * DOG_LEG - hip_m;
    }
    for (int i = 0; i < 2; i++)
        bt_gait_set_leg(s->height, i == 1, at[i].x, hip_m - at[i].z, at[i].toes_up_rad, 0.0,
                        channel);
    person_arms(s, phase, channel);
    return s->height * PERSON_LEG - hip_m;
}

double bt_gait_pose(const bt_gait *g, double channel_rad[BT_CHANNEL_COUNT])
{
    step s = {g->height_m, bt_gait_stride_m(g->height_m, g->four_legged, g->speed_m_s), 0.0,
              g->four_legged};
    double foot[2];
    for (int i = 0; i < 2; i++)
        foot[i] = steady_foot(s.four_legged, s.stride, fraction(g->phase + 0.5 * i));
    return pose(&s, foot, g->phase, sampled_hips(&s), channel_rad);
}

double bt_gait_pose_feet(const bt_gait *g, const bt_gait_feet *feet,
                         double channel_rad[BT_CHANNEL_COUNT])
{
    step s = {g->height_m, bt_gait_stride_m(g->height_m, g->four_legged, g->speed_m_s), LEAST_LIFT,
              g->four_legged};
    return pose(&s, feet->foot_m, feet->phase, hips_of(&s), channel_rad);
}

bt_gait_foot bt_gait_foot_at(const bt_gait *g, const bt_gait_feet *feet, bool right)
{
    step s = {g->height_m, bt_gait_stride_m(g->height_m, false, g->speed_m_s), LEAST_LIFT, false};
    double share = fraction(feet->phase + (right ? 0.5 : 0.0));
    ankle a = ankle_at(&s, share, feet->foot_m[right]);
    return (bt_gait_foot){a.x, a.z, share < PERSON_STANCE};
}

bool bt_gait_pivot(double height_m, const bt_gait_feet *feet, double *ahead_m, double *left_m)
{
    bool left = fraction(feet->phase) < PERSON_STANCE;
    bool right = fraction(feet->phase + 0.5) < PERSON_STANCE;
    if (left && right) return false;
    *ahead_m = feet->foot_m[left ? 0 : 1] + BT_GAIT_BALL * height_m;
    *left_m = (left ? 1.0 : -1.0) * BT_GAIT_HIP_ASIDE * height_m;
    return true;
}

// Both feet on the ground, side by side?
static bool together(bool four_legged, const bt_gait_feet *f)
{
    if (fabs(f->foot_m[0]) > TOGETHER_M || fabs(f->foot_m[1]) > TOGETHER_M) return false;
    double stance = stance_share(four_legged);
    return fraction(f->phase) <= stance && fraction(f->phase + 0.5) <= stance;
}

// One foot's share of the way: stands, is lifted, swings, lands.
static void walk_foot(bool four_legged, double stride, double from, double to, double way,
                      double *foot)
{
    double stance = stance_share(four_legged), change = to - from;
    double share = fraction(from);
    if (share < stance) { // it may be lifted on the way
        double part = change > 0.0 ? fmin(1.0, (stance - share) / change) : 1.0;
        *foot -= way * part;
    }
    if (floor(to) > floor(from)) *foot = landing(four_legged, stride) - way * fraction(to) / change;
}

void bt_gait_walk(double height_m, bool four_legged, double speed_m_s, double way_m, bool turns,
                  double dt_s, bt_gait_feet *f)
{
    double stride = bt_gait_stride_m(height_m, four_legged, speed_m_s);
    double change = way_m / fmax(stride, 0.05 * height_m);
    bool settles = speed_m_s < BT_GAIT_SETTLE_M_S && (turns || !together(four_legged, f));
    if (settles) change = fmax(change, SETTLE_STRIDES_S * dt_s);
    change = fmin(change, 0.2); // of a stride in a step
    double next = f->phase + change;
    for (int i = 0; i < 2; i++)
        walk_foot(four_legged, stride, f->phase + 0.5 * i, next + 0.5 * i, way_m, &f->foot_m[i]);
    f->phase = next;
}
