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

// A standing foot, u from landing to toe-off: it comes down about the heel, stands flat, and rises
// about the ball.
static ankle person_stance(double height, double stride, double u)
{
    double way = PERSON_STANCE * stride, full = fullness(height, stride);
    double down = TOES_MAX_RAD * full * (1.0 - smooth(u / 0.15));
    double rise = HEEL_MAX_RAD * full * smooth((u - 0.5) / 0.5);
    double up = BT_GAIT_ANKLE * height;
    double heel = BT_GAIT_HEEL * height, ball = BT_GAIT_BALL * height;
    ankle a = {.x = way * (LANDING - u), .toes_up_rad = down - rise};
    a.x -= heel * (1.0 - cos(down)) + up * sin(down);
    a.z += heel * sin(down) - up * (1.0 - cos(down));
    a.x += ball * (1.0 - cos(rise)) + up * sin(rise);
    a.z += ball * sin(rise) - up * (1.0 - cos(rise));
    return a;
}

// A swinging foot, u from toe-off to landing; it leaves the ground at the ground's speed and is
// slowing down when it lands.
static ankle person_swing(double height, double stride, double u)
{
    ankle from = person_stance(height, stride, 1.0), to = person_stance(height, stride, 0.0);
    double back = -stride * (1.0 - PERSON_STANCE), full = fullness(height, stride);
    double lift = sin(BT_PI * u), eased = smooth(u);
    ankle a = {.x = hermite(from.x, back, to.x, 0.0, u)};
    a.z = from.z + (to.z - from.z) * eased + 0.03 * height * full * lift * lift;
    a.toes_up_rad = from.toes_up_rad + (to.toes_up_rad - from.toes_up_rad) * eased;
    return a;
}

static ankle person_ankle(double height, double stride, double phase)
{
    double u = phase - floor(phase);
    if (u < PERSON_STANCE) return person_stance(height, stride, u / PERSON_STANCE);
    return person_swing(height, stride, (u - PERSON_STANCE) / (1.0 - PERSON_STANCE));
}

// ---- dog --------------------------------------------------------------------------------------
static ankle dog_paw(double height, double stride, double phase)
{
    double u = phase - floor(phase), way = DOG_STANCE * stride;
    if (u < DOG_STANCE) return (ankle){.x = way * (0.5 - u / DOG_STANCE)};
    double s = (u - DOG_STANCE) / (1.0 - DOG_STANCE), back = -stride * (1.0 - DOG_STANCE);
    double lift = sin(BT_PI * s), full = fmin(1.0, stride / height);
    return (ankle){.x = hermite(-0.5 * way, back, 0.5 * way, back, s),
                   .z = 0.12 * height * full * lift * lift};
}

// ---- hips -------------------------------------------------------------------------------------
// Twice a stride the hips go up over the standing leg and down between steps.
static double bob(double height, bool four_legged, double stride, double phase)
{
    if (four_legged) return 0.0;
    return -0.012 * height * fullness(height, stride) * cos(4.0 * BT_PI * (phase - 0.05));
}

// Height of the hips over standing ankles: as high as both legs reach through the stride.
static double hips(const bt_gait *g, double stride)
{
    double leg = REACH * g->height_m * (g->four_legged ? DOG_LEG : PERSON_LEG), mean = leg;
    for (int i = 0; i < SAMPLES; i++) {
        double phase = (double)i / SAMPLES;
        ankle a = g->four_legged ? dog_paw(g->height_m, stride, phase)
                                 : person_ankle(g->height_m, stride, phase);
        double reach = sqrt(fmax(0.0, leg * leg - a.x * a.x)) + a.z;
        mean = fmin(mean, reach - bob(g->height_m, g->four_legged, stride, phase));
    }
    return mean + bob(g->height_m, g->four_legged, stride, g->phase);
}

// ---- angles -----------------------------------------------------------------------------------
// Two links from a joint to a point (x ahead, d below): angle of the line to it, of the upper link
// from that line, and the fold between the links.
static void two_links(double upper, double lower, double x, double d, double *line, double *open,
                      double *fold)
{
    double r = fmin(sqrt(x * x + d * d), 0.9999 * (upper + lower));
    r = fmax(r, fabs(upper - lower) + 1e-6);
    double c = (upper * upper + r * r - lower * lower) / (2.0 * upper * r);
    double k = (upper * upper + lower * lower - r * r) / (2.0 * upper * lower);
    *line = atan2(x, d);
    *open = acos(fmax(-1.0, fmin(1.0, c)));
    *fold = BT_PI - acos(fmax(-1.0, fmin(1.0, k)));
}

static void person_leg(const bt_gait *g, double stride, double hip_m, int right,
                       double channel[BT_CHANNEL_COUNT])
{
    ankle a = person_ankle(g->height_m, stride, g->phase + 0.5 * right);
    double line, open, fold;
    two_links(BT_GAIT_THIGH * g->height_m, BT_GAIT_SHANK * g->height_m, a.x, hip_m - a.z, &line,
              &open, &fold);
    double hip = line + open; // the knee points forward
    channel[BT_CHANNEL_HIP_LEFT + right] = hip;
    channel[BT_CHANNEL_KNEE_LEFT + right] = fold;
    channel[BT_CHANNEL_ANKLE_LEFT + right] = a.toes_up_rad - hip + fold;
}

static void person_arms(const bt_gait *g, double stride, double channel[BT_CHANNEL_COUNT])
{
    double full = fullness(g->height_m, stride);
    for (int right = 0; right < 2; right++) {
        // an arm swings against the leg of its side
        double swing = -cos(2.0 * BT_PI * (g->phase + 0.5 * right));
        channel[BT_CHANNEL_SHOULDER_LEFT + right] = full * (0.05 + 0.35 * swing);
        channel[BT_CHANNEL_ELBOW_LEFT + right] = 0.15 + full * (0.15 + 0.12 * swing);
    }
}

static void dog_legs(const bt_gait *g, double stride, double hip_m,
                     double channel[BT_CHANNEL_COUNT])
{
    double line, open, fold, h = g->height_m;
    for (int right = 0; right < 2; right++) {
        ankle fore = dog_paw(h, stride, g->phase + 0.5 * right);
        two_links(BT_GAIT_DOG_UPPER * h, BT_GAIT_DOG_LOWER * h, fore.x, hip_m - fore.z, &line,
                  &open, &fold);
        channel[BT_CHANNEL_SHOULDER_LEFT + right] = line - open; // elbows point back
        channel[BT_CHANNEL_ELBOW_LEFT + right] = fold;
        ankle hind = dog_paw(h, stride, g->phase + 0.5 * (1 - right));
        two_links(BT_GAIT_DOG_UPPER * h, BT_GAIT_DOG_LOWER * h, hind.x, hip_m - hind.z, &line,
                  &open, &fold);
        channel[BT_CHANNEL_HIP_LEFT + right] = line + open;
        channel[BT_CHANNEL_KNEE_LEFT + right] = fold;
    }
    channel[BT_CHANNEL_TAIL] = 0.3 * sin(2.0 * BT_PI * g->phase);
}

double bt_gait_pose(const bt_gait *gait, double channel_rad[BT_CHANNEL_COUNT])
{
    double stride = bt_gait_stride_m(gait->height_m, gait->four_legged, gait->speed_m_s);
    double hip_m = hips(gait, stride);
    if (gait->four_legged) {
        dog_legs(gait, stride, hip_m, channel_rad);
        return gait->height_m * DOG_LEG - hip_m;
    }
    person_leg(gait, stride, hip_m, 0, channel_rad);
    person_leg(gait, stride, hip_m, 1, channel_rad);
    person_arms(gait, stride, channel_rad);
    return gait->height_m * PERSON_LEG - hip_m;
}
