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
#define SIDE_SHARE 0.5   // of a stride ahead: so long is one sideways
#define TURN_STRIDES 0.3 // made for a radian
#define DOWN_SHARE 0.15  // of the stance: the foot comes down about its heel
#define LANDS_SHARE 0.93 // of the stride: later it lands where it was going to
#define FLAT 0.05        // of a full stride: less comes down flat

// Where an ankle is, in the plane of its leg: relative to the hip in x, above its standing height in z; the foot's pitch.
typedef struct ankle {
    double x, z, toes_up_rad;
    double y; // of the sole, left of below the hip joint
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
    return speed_m_s > 0.0 ? bt_min(longest, 2.3 * hip * bt_pow(froude, 0.3)) : 0.0;
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
    return bt_min(1.0, stride / (0.75 * height));
}

// A standing foot, u from landing (with a stride as full as `fall`) to toe-off, its sole flat at `x` ahead of the hip: it comes down about
// the heel, stands flat, and rises about the ball.
static ankle person_stance(double height, double full, double fall, double x, double u)
{
    double down = TOES_MAX_RAD * fall * (1.0 - smooth(u / DOWN_SHARE));
    double rise = HEEL_MAX_RAD * full * smooth((u - 0.5) / 0.5);
    double up = BT_GAIT_ANKLE * height;
    double heel = BT_GAIT_HEEL * height, ball = BT_GAIT_BALL * height;
    ankle a = {.x = x, .toes_up_rad = down - rise};
    a.x -= heel * (1.0 - bt_cos(down)) + up * bt_sin(down);
    a.z += heel * bt_sin(down) - up * (1.0 - bt_cos(down));
    a.x += ball * (1.0 - bt_cos(rise)) + up * bt_sin(rise);
    a.z += ball * bt_sin(rise) - up * (1.0 - bt_cos(rise));
    return a;
}

// Of who goes so fast, on a course with such a cosine and sine to straight ahead.
static double stride_on(double height, bool four_legged, double speed, double c, double s)
{
    double part = four_legged ? 1.0 : bt_hypot(c, SIDE_SHARE * s);
    return part * bt_gait_stride_m(height, four_legged, speed);
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

// ---- dog --------------------------------------------------------------------------------------
static ankle dog_swing(double height, double stride, double least, double lifted, double u)
{
    double x = landing(true, stride), back = -stride * (1.0 - DOG_STANCE);
    double lift = bt_sin(BT_PI * u), span = fabs(x - lifted) / DOG_STANCE;
    double high = bt_max(least, bt_min(1.0, bt_max(stride, span) / height));
    return (ankle){.x = hermite(lifted, back, x, back, u), .z = 0.12 * height * high * lift * lift};
}

// ---- either -----------------------------------------------------------------------------------
// One leg's body, stride and place.
typedef struct step {
    double height, stride, least_lift; // lift: as of a stride so full, though it may be shorter
    bool four_legged;
    double land[2][2]; // where each foot lands, ahead and aside
} step;

// A swinging foot, u from toe-off to landing; it leaves the ground at the ground's speed, and so it
// lands. `lifted`: where it stood last.
static ankle person_swing(const step *s, const double land[2], const double lifted[3], double u)
{
    double height = s->height, full = fullness(height, s->stride);
    double x = land[0], y = land[1];
    ankle from = person_stance(height, full, full, lifted[0], 1.0);
    ankle to = person_stance(height, full, full, x, 0.0);
    // of the ground, in a swing
    double back = -(1.0 - PERSON_STANCE) / landing(false, 1.0);
    double lift = bt_sin(BT_PI * u), eased = smooth(u);
    // a foot that only catches up is lifted too
    double span = bt_hypot(x - lifted[0], y - lifted[1]);
    double high = bt_max(bt_max(full, s->least_lift), fullness(height, span / PERSON_STANCE));
    ankle a = {.x = hermite(from.x, back * x, to.x, back * x, u),
               .y = hermite(lifted[1], back * y, y, back * y, u)};
    a.z = from.z + (to.z - from.z) * eased + 0.03 * height * high * lift * lift;
    a.toes_up_rad = from.toes_up_rad + (to.toes_up_rad - from.toes_up_rad) * eased;
    return a;
}

// share: of the stride since the foot landed; foot: ahead and aside where it stands, or was lifted, and its fall.
static ankle ankle_at(const step *s, int right, double share, const double foot[3])
{
    double stance = stance_share(s->four_legged);
    if (share < stance) {
        if (s->four_legged) return (ankle){.x = foot[0]};
        ankle a = person_stance(s->height, fullness(s->height, s->stride), foot[2], foot[0],
                                share / stance);
        a.y = foot[1];
        return a;
    }
    double u = (share - stance) / (1.0 - stance);
    return s->four_legged ? dog_swing(s->height, s->stride, s->least_lift, foot[0], u)
                          : person_swing(s, s->land[right], foot, u);
}

static double fraction(double phase)
{
    return phase - floor(phase);
}

// At a steady pace: a foot stands behind its landing by what has been walked since.
static double steady_foot(bool four_legged, double stride, double share)
{
    return landing(four_legged, stride) - stride * bt_min(share, stance_share(four_legged));
}

// ---- hips -------------------------------------------------------------------------------------
// Twice a stride the hips go up over the standing leg and down between steps.
static double bob(double height, bool four_legged, double stride, double phase)
{
    if (four_legged) return 0.0;
    return -0.012 * height * fullness(height, stride) * bt_cos(4.0 * BT_PI * (phase - 0.05));
}

static double sole_of(const step *s)
{
    return s->four_legged ? 0.0 : BT_GAIT_ANKLE * s->height;
}

// How high the hips may be over standing ankles. A leg put aside is tilted about its sole.
static double reach_of(const step *s, ankle a)
{
    double leg = REACH * s->height * (s->four_legged ? DOG_LEG : PERSON_LEG), sole = sole_of(s);
    double long_m = sqrt(bt_max(0.0, leg * leg - a.x * a.x)) + a.z + sole;
    return sqrt(bt_max(0.0, long_m * long_m - a.y * a.y)) - sole;
}

// Height of the hips over standing ankles, without their bob: as high as both legs reach through a
// stride of a steady pace.
static double sampled_hips(const step *s)
{
    double mean = REACH * s->height * (s->four_legged ? DOG_LEG : PERSON_LEG);
    for (int i = 0; i < SAMPLES; i++) {
        double share = (double)i / SAMPLES;
        const double foot[3] = {steady_foot(s->four_legged, s->stride, share), 0.0,
                                fullness(s->height, s->stride)};
        ankle a = ankle_at(s, 0, share, foot);
        mean = bt_min(mean, reach_of(s, a) - bob(s->height, s->four_legged, s->stride, share));
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
    double u = bt_min(at - i, 1.0);
    return s->height * (table[i] + u * (table[i + 1] - table[i]));
}

// ---- angles -----------------------------------------------------------------------------------
bt_two_links bt_two_links_reach(double upper, double lower, double x, double d)
{
    double r = bt_min(sqrt(x * x + d * d), 0.9999 * (upper + lower));
    r = bt_max(r, fabs(upper - lower) + 1e-6);
    double c = (upper * upper + r * r - lower * lower) / (2.0 * upper * r);
    double k = (upper * upper + lower * lower - r * r) / (2.0 * upper * lower);
    return (bt_two_links){.line_rad = bt_atan2(x, d),
                          .open_rad = bt_acos(bt_max(-1.0, bt_min(1.0, c))),
                          .fold_rad = BT_PI - bt_acos(bt_max(-1.0, bt_min(1.0, k)))};
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
        double swing = -bt_cos(2.0 * BT_PI * (phase + 0.5 * right));
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
    channel[BT_CHANNEL_TAIL] = 0.3 * bt_sin(2.0 * BT_PI * phase);
}

// ---- whole ------------------------------------------------------------------------------------
// The leg's plane is tilted, so that its sole is aside.
static void set_leg(const step *s, ankle a, double hip_m, int right,
                    double channel[BT_CHANNEL_COUNT])
{
    double sole = sole_of(s), high = hip_m + sole;
    bt_gait_set_leg(s->height, right == 1, a.x, sqrt(high * high + a.y * a.y) - sole - a.z,
                    a.toes_up_rad, 0.0, channel);
    channel[BT_CHANNEL_HIP_SIDE_LEFT + right] = bt_atan2(a.y, high);
}

// How high the hips are: at most at mean_m over standing ankles, and as high as both legs reach. Gives the ankles too.
static double hips_over(const step *s, double foot[2][3], double phase, double mean_m, ankle at[2])
{
    double hip_m = mean_m + bob(s->height, s->four_legged, s->stride, phase);
    for (int i = 0; i < 2; i++) {
        at[i] = ankle_at(s, i, fraction(phase + 0.5 * i), foot[i]);
        hip_m = bt_min(hip_m, reach_of(s, at[i]));
    }
    return hip_m;
}

// How far below standing straight that is.
static double sink_of(const step *s, double hip_m)
{
    return s->height * (s->four_legged ? DOG_LEG : PERSON_LEG) - hip_m;
}

// Channels for both feet.
static double pose(const step *s, double foot[2][3], double phase, double mean_m,
                   double channel[BT_CHANNEL_COUNT])
{
    ankle at[2];
    double hip_m = hips_over(s, foot, phase, mean_m, at);
    if (s->four_legged) {
        dog_legs(s, at, phase, hip_m, channel);
        return sink_of(s, hip_m);
    }
    set_leg(s, at[0], hip_m, 0, channel);
    set_leg(s, at[1], hip_m, 1, channel);
    person_arms(s, phase, channel);
    return sink_of(s, hip_m);
}

double bt_gait_pose(const bt_gait *g, double channel_rad[BT_CHANNEL_COUNT])
{
    step s = {.height = g->height_m,
              .stride = bt_gait_stride_m(g->height_m, g->four_legged, g->speed_m_s),
              .four_legged = g->four_legged};
    s.land[0][0] = s.land[1][0] = landing(s.four_legged, s.stride);
    double foot[2][3] = {{0.0}};
    for (int i = 0; i < 2; i++) {
        foot[i][0] = steady_foot(s.four_legged, s.stride, fraction(g->phase + 0.5 * i));
        foot[i][2] = fullness(s.height, s.stride);
    }
    return pose(&s, foot, g->phase, sampled_hips(&s), channel_rad);
}

static step step_of(const bt_gait *g, const bt_gait_feet *feet)
{
    const double(*land)[2] = feet->land_m;
    double far = 0.5 * (bt_hypot(land[0][0], land[0][1]) + bt_hypot(land[1][0], land[1][1]));
    return (step){.height = g->height_m,
                  .stride = far / landing(g->four_legged, 1.0),
                  .least_lift = LEAST_LIFT,
                  .four_legged = g->four_legged,
                  .land = {{land[0][0], land[0][1]}, {land[1][0], land[1][1]}}};
}

// Places and falls of both.
static void put_feet(const bt_gait_feet *feet, double foot[2][3])
{
    for (int i = 0; i < 2; i++) {
        foot[i][0] = feet->foot_m[i];
        foot[i][1] = feet->aside_m[i];
        foot[i][2] = feet->fall[i];
    }
}

double bt_gait_pose_feet(const bt_gait *g, const bt_gait_feet *feet,
                         double channel_rad[BT_CHANNEL_COUNT])
{
    step s = step_of(g, feet);
    double foot[2][3];
    put_feet(feet, foot);
    return pose(&s, foot, feet->phase, hips_of(&s), channel_rad);
}

double bt_gait_sink(const bt_gait *g, const bt_gait_feet *feet)
{
    step s = step_of(g, feet);
    double foot[2][3];
    ankle at[2];
    put_feet(feet, foot);
    return sink_of(&s, hips_over(&s, foot, feet->phase, hips_of(&s), at));
}

bt_gait_foot bt_gait_foot_at(const bt_gait *g, const bt_gait_feet *feet, bool right)
{
    step s = step_of(g, feet);
    double share = fraction(feet->phase + (right ? 0.5 : 0.0));
    const double foot[3] = {feet->foot_m[right], feet->aside_m[right], feet->fall[right]};
    ankle a = ankle_at(&s, right, share, foot);
    return (bt_gait_foot){a.x, a.z, share < PERSON_STANCE};
}

// Both feet on the ground, side by side?
static bool together(bool four_legged, const bt_gait_feet *f)
{
    for (int i = 0; i < 2; i++)
        if (bt_hypot(f->foot_m[i], f->aside_m[i]) > TOGETHER_M) return false;
    double stance = stance_share(four_legged);
    return fraction(f->phase) <= stance && fraction(f->phase + 0.5) <= stance;
}

// ---- feet ---------------------------------------------------------------------------------------
// What a foot is carried by in a step of the body.
typedef struct carry {
    double height, stride;
    bool four_legged;
    bt_gait_step by;
} carry;

// The place where a foot is on the ground stays, as the body goes on by a part of its step.
static void keep_place(const carry *c, int right, double share, double part, bt_gait_feet *f)
{
    if (c->four_legged) {
        f->foot_m[right] -= part * c->by.ahead_m;
        return;
    }
    if (c->by.turn_rad == 0.0) {
        f->foot_m[right] -= part * c->by.ahead_m;
        f->aside_m[right] -= part * c->by.left_m;
        return;
    }
    // it turns about what stands
    bool heel = share < DOWN_SHARE * PERSON_STANCE && f->fall[right] > 0.0;
    double from = (heel ? -BT_GAIT_HEEL : BT_GAIT_BALL) * c->height;
    double out = (right ? -1.0 : 1.0) * BT_GAIT_HIP_ASIDE * c->height;
    double half = 0.5 * part * c->by.turn_rad, ch = bt_cos(half), sh = bt_sin(half);
    // seen from the body before, in the middle of its turn it goes by the step
    double x = f->foot_m[right] + from, y = f->aside_m[right] + out;
    double xm = x * ch + y * sh - part * c->by.ahead_m, ym = -x * sh + y * ch - part * c->by.left_m;
    f->foot_m[right] = xm * ch + ym * sh - from;
    f->aside_m[right] = -xm * sh + ym * ch - out;
}

// One foot's share of the way: stands, is lifted, swings, lands.
static void walk_foot(const carry *c, int right, double from, double to, bt_gait_feet *f)
{
    double stance = stance_share(c->four_legged), change = to - from, share = fraction(from);
    if (share < stance) { // it may be lifted on the way
        double part = change > 0.0 ? bt_min(1.0, (stance - share) / change) : 1.0;
        keep_place(c, right, share, part, f);
    }
    if (floor(to) <= floor(from)) return;
    const double *land = f->land_m[right];
    f->foot_m[right] = land[0];
    f->aside_m[right] = land[1];
    f->fall[right] = fullness(c->height, bt_hypot(land[0], land[1]) / landing(false, 1.0));
    if (f->fall[right] < FLAT) f->fall[right] = 0.0;
    keep_place(c, right, 0.0, fraction(to) / change, f);
}

void bt_gait_walk(double height_m, bool four_legged, const bt_gait_step *by, double dt_s,
                  bt_gait_feet *f)
{
    double way = four_legged ? bt_max(0.0, by->ahead_m) : bt_hypot(by->ahead_m, by->left_m);
    double turned = fabs(by->turn_rad), speed = way / dt_s;
    bool straight = four_legged || way <= 0.0;
    double ahead = straight ? 1.0 : by->ahead_m / way, left = straight ? 0.0 : by->left_m / way;
    carry c = {height_m, stride_on(height_m, four_legged, speed, ahead, left), four_legged, *by};
    double far = landing(four_legged, c.stride), follow = bt_min(1.0, dt_s / BT_GAIT_LAND_S);
    for (int i = 0; i < 2; i++) {
        if (fraction(f->phase + 0.5 * i) > LANDS_SHARE) continue;
        f->land_m[i][0] += follow * (far * ahead - f->land_m[i][0]);
        f->land_m[i][1] += follow * (far * left - f->land_m[i][1]);
    }
    double change = way / bt_max(c.stride, 0.05 * height_m);
    if (!four_legged) change += TURN_STRIDES * turned;
    bool settles = speed < BT_GAIT_SETTLE_M_S && (turned > 0.1 * dt_s || !together(four_legged, f));
    if (settles) change = bt_max(change, SETTLE_STRIDES_S * dt_s);
    change = bt_min(change, 0.2); // of a stride in a step
    double next = f->phase + change;
    for (int i = 0; i < 2; i++)
        walk_foot(&c, i, f->phase + 0.5 * i, next + 0.5 * i, f);
    f->phase = next;
}
