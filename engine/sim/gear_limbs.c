// gear_limbs.c: limbs of who rides, pushes or leans on gear, and its wheels: channels from sizes and state.
#include "engine/sim/gear_internal.h"

#define BIKE_ANKLING_RAD 0.12 // chosen
#define HEEL_RAD_M 3.0    // who pushes off raises the heel by so much for every metre on: chosen
#define KICK_ON_M 0.42    // foot on the ground
#define KICK_AHEAD_M 0.16 // of the hips, where it is put down
#define CHAIR_RIM_M 0.27  // hand rims

// ---- limbs --------------------------------------------------------------------------------------
bt_vec3 bt_gear_grip_from_shoulder(const bt_gear *g, double shoulder_aside)
{
    bt_gear_point shoulder = bt_gear_shoulders(g);
    double x = g->grip.x_m - shoulder.x_m, z = g->grip.z_m - shoulder.z_m;
    double c = bt_cos(g->lean_rad), s = bt_sin(g->lean_rad);
    return (bt_vec3){x * c - z * s, g->grip_aside_m - shoulder_aside, x * s + z * c};
}

// An arm whose fist is at a place of the plane; built turned out by what straight on asks for.
static void set_arm(const bt_gear *g, bool right, bt_gear_point at,
                    double channel[BT_CHANNEL_COUNT])
{
    bt_gear_point shoulder = bt_gear_shoulders(g);
    double h = g->height_m, c = bt_cos(g->lean_rad), s = bt_sin(g->lean_rad);
    double x = at.x_m - shoulder.x_m, z = at.z_m - shoulder.z_m;
    double ahead = x * c - z * s, down = -(x * s + z * c);
    double aside = g->grip_aside_m - BT_GAIT_SHOULDER_ASIDE * h;
    bt_two_links arm =
        bt_two_links_reach(BT_GAIT_UPPER_ARM * h, (BT_GAIT_FOREARM + BT_GAIT_GRIP) * h, ahead,
                           copysign(bt_hypot(down, aside), down));
    channel[BT_CHANNEL_SHOULDER_LEFT + right] = arm.line_rad - arm.open_rad; // elbows point back
    channel[BT_CHANNEL_ELBOW_LEFT + right] = arm.fold_rad;
}

// Hands go with the bar.
static void set_arms_on_bar(const bt_gear *g, double steer, double channel[BT_CHANNEL_COUNT])
{
    double behind = g->grip.x_m - g->steer_x_m;
    for (int right = 0; right < 2; right++) {
        double side = right ? -1.0 : 1.0;
        bt_gear_point at = {g->steer_x_m + behind * bt_cos(steer) -
                                side * g->grip_aside_m * bt_sin(steer),
                            g->grip.z_m};
        set_arm(g, right, at, channel);
    }
}

static void set_leg(const bt_gear *g, bool right, bt_gear_point ankle, double toes_up,
                    double channel[BT_CHANNEL_COUNT])
{
    double aside = g->sole_aside_m[right] - BT_GAIT_HIP_ASIDE * g->height_m;
    double down = g->hips.z_m - ankle.z_m;
    bt_gait_set_leg(g->height_m, right, ankle.x_m - g->hips.x_m,
                    copysign(bt_hypot(down, aside), down), toes_up, g->lean_rad, channel);
}

static bt_gear_point ankle_over(const bt_gear *g, bt_gear_point sole)
{
    return (bt_gear_point){sole.x_m, sole.z_m + BT_GAIT_ANKLE * g->height_m};
}

double bt_gear_leg_out(const bt_gear *g, bool right)
{
    double low = g->kind == BT_GEAR_BICYCLE ? g->crank.z_m : g->sole[0].z_m;
    return bt_atan2(g->sole_aside_m[right] - BT_GAIT_HIP_ASIDE * g->height_m, g->hips.z_m - low);
}

// Its hips part of the way off the saddle.
static bt_gear off_saddle(const bt_gear *g, double part)
{
    bt_gear moved = *g;
    double turn = part * g->swing_rad, c = bt_cos(turn), s = bt_sin(turn);
    double x = g->hips.x_m - g->swing.x_m, z = g->hips.z_m - g->swing.z_m;
    moved.hips = (bt_gear_point){g->swing.x_m + x * c + z * s, g->swing.z_m - x * s + z * c};
    moved.lean_rad += turn;
    return moved;
}

// From the hip joint, in the frame of the trunk.
static bt_vec3 from_hip(const bt_gear *g, bt_vec3 p)
{
    double x = p.x - g->hips.x_m, z = p.z - g->hips.z_m, c = bt_cos(g->lean_rad),
           s = bt_sin(g->lean_rad);
    return (bt_vec3){x * c - z * s, p.y + BT_GAIT_HIP_ASIDE * g->height_m, x * s + z * c};
}

// The right leg with the ball of its foot at a place beside its built plane; off_saddle's gear.
static void reach_out(const bt_gear *g, double out_rad, bt_vec3 ball, double toes_up,
                      double channel[BT_CHANNEL_COUNT])
{
    double h = g->height_m, toes = toes_up + g->lean_rad, c = bt_cos(toes), s = bt_sin(toes);
    bt_vec3 v = from_hip(g, ball);
    double back = -BT_GAIT_BALL * h, up = BT_GAIT_ANKLE * h;
    bt_gait_set_leg(h, true, v.x + back * c - up * s, bt_hypot(v.y, v.z) - (back * s + up * c),
                    toes, 0.0, channel);
    channel[BT_CHANNEL_HIP_SIDE_RIGHT] = bt_atan2(v.y, -v.z) + out_rad;
}

bt_vec3 bt_gear_right_ball(const bt_gear *g, const double c[BT_CHANNEL_COUNT])
{
    bt_gear at = off_saddle(g, g->swing_rad != 0.0 ? c[BT_CHANNEL_SADDLE] / g->swing_rad : 0.0);
    double h = g->height_m, hip = c[BT_CHANNEL_HIP_RIGHT], knee = hip - c[BT_CHANNEL_KNEE_RIGHT];
    double foot = knee + c[BT_CHANNEL_ANKLE_RIGHT];
    double ahead = h * (BT_GAIT_THIGH * bt_sin(hip) + BT_GAIT_SHANK * bt_sin(knee) +
                        BT_GAIT_BALL * bt_cos(foot) + BT_GAIT_ANKLE * bt_sin(foot));
    double down = h * (BT_GAIT_THIGH * bt_cos(hip) + BT_GAIT_SHANK * bt_cos(knee) -
                       BT_GAIT_BALL * bt_sin(foot) + BT_GAIT_ANKLE * bt_cos(foot));
    double side = c[BT_CHANNEL_HIP_SIDE_RIGHT] - bt_gear_leg_out(g, true);
    double y = down * bt_sin(side) - BT_GAIT_HIP_ASIDE * h, z = -down * bt_cos(side);
    double cl = bt_cos(at.lean_rad), sl = bt_sin(at.lean_rad);
    return (bt_vec3){at.hips.x_m + ahead * cl + z * sl, y, at.hips.z_m - ahead * sl + z * cl};
}

static double toes_on_pedal(double angle)
{
    return BIKE_TOES_RAD + BIKE_ANKLING_RAD * bt_sin(angle);
}

static void pose_pedals(const bt_gear *g, const bt_gear_state *state,
                        double channel[BT_CHANNEL_COUNT])
{
    double h = g->height_m, turn = 2.0 * BT_PI * (state->stroke - floor(state->stroke));
    channel[BT_CHANNEL_CRANK] = 2.0 * BT_PI * state->stroke;
    for (int right = 0; right < 2; right++) {
        double angle = turn + (right ? BT_PI : 0.0);
        double toes = toes_on_pedal(angle), c = bt_cos(toes), s = bt_sin(toes);
        double back = -BT_GAIT_BALL * h, up = BT_GAIT_ANKLE * h + BT_GEAR_PEDAL_M;
        bt_gear_point ankle = {g->crank.x_m + g->crank_m * bt_sin(angle) + back * c - up * s,
                               g->crank.z_m + g->crank_m * bt_cos(angle) + back * s + up * c};
        set_leg(g, right, ankle, toes, channel);
    }
}

// The ball of the foot on the ground, as the bicycle leans when it is there.
static bt_vec3 put_down(const bt_gear *g, const bt_gear_state *state)
{
    bt_gear_state down = *state;
    bt_vec3 p = {0.0, 0.0, 0.0};
    down.foot_down = 1.0;
    double lean = bt_gear_stand_lean(&down); // to the left
    bt_gear_foot_place(g, state, &p.x, &p.y);
    p.z = state->foot_up_m / bt_cos(lean) + p.y * bt_tan(lean);
    return p;
}

// The right foot goes from its pedal to the ground, the hips off the saddle.
static void pose_cyclist(const bt_gear *g, const bt_gear_state *state,
                         double channel[BT_CHANNEL_COUNT])
{
    double u = bt_gear_eased(state->foot_down);
    bt_gear at = off_saddle(g, u);
    pose_pedals(&at, state, channel);
    set_arms_on_bar(&at, state->steer_rad, channel);
    channel[BT_CHANNEL_SADDLE] = u * g->swing_rad;
    channel[BT_CHANNEL_HIP_SIDE_RIGHT] = 0.0;
    if (u <= 0.0) return;
    double angle = 2.0 * BT_PI * (state->stroke - floor(state->stroke)) + BT_PI;
    bt_vec3 pedal = {g->crank.x_m + g->crank_m * bt_sin(angle), -g->sole_aside_m[1],
                     g->crank.z_m + g->crank_m * bt_cos(angle) + BT_GEAR_PEDAL_M};
    double toes = (1.0 - u) * toes_on_pedal(angle) + u * HEEL_RAD_M * fmin(0.0, state->foot_x_m);
    reach_out(&at, bt_gear_leg_out(g, true), bt_vec3_lerp(pedal, put_down(g, state), u), toes,
              channel);
}

// The right foot pushes on the ground, then swings ahead beside the deck.
static void pose_kick(const bt_gear *g, const bt_gear_state *state,
                      double channel[BT_CHANNEL_COUNT])
{
    double u = (state->stroke - floor(state->stroke)) * KICK_EVERY_M,
           ahead = g->hips.x_m + KICK_AHEAD_M;
    bt_gear_point sole = {ahead - u, 0.0};
    double toes = 0.0;
    if (u < KICK_ON_M) {
        toes = -0.5 * fmax(0.0, u / KICK_ON_M - 0.5); // rises about the ball
        sole.z_m = BT_GAIT_BALL * g->height_m * bt_sin(-toes);
    } else {
        double swing = (u - KICK_ON_M) / (KICK_EVERY_M - KICK_ON_M);
        double eased = swing * swing * (3.0 - 2.0 * swing), lift = bt_sin(BT_PI * swing);
        sole.x_m = ahead - KICK_ON_M * (1.0 - eased);
        toes = -0.25 * (1.0 - eased);
        sole.z_m = BT_GAIT_BALL * g->height_m * bt_sin(-toes) + 0.13 * lift;
    }
    set_leg(g, false, ankle_over(g, g->sole[0]), 0.0, channel);
    set_leg(g, true, ankle_over(g, sole), toes, channel);
}

// Hands go with the rims for part of a stroke, then back below them.
static void pose_push(const bt_gear *g, const bt_gear_state *state,
                      double channel[BT_CHANNEL_COUNT])
{
    double u = state->stroke - floor(state->stroke), on = 0.33, from = -0.45;
    double turned = CHAIR_PUSH_M / g->rear_radius_m; // of the wheel, in a stroke
    double to = from + on * turned, angle, radius = CHAIR_RIM_M;
    if (u < on) {
        angle = from + u * turned;
    } else {
        double back = (u - on) / (1.0 - on), eased = back * back * (3.0 - 2.0 * back);
        angle = to + (from - to) * eased;
        radius += 0.05 * bt_sin(BT_PI * back);
    }
    bt_gear_point at = {radius * bt_sin(angle), g->rear_radius_m + radius * bt_cos(angle)};
    for (int right = 0; right < 2; right++) {
        set_arm(g, right, at, channel);
        set_leg(g, right, ankle_over(g, g->sole[right]), 0.0, channel);
    }
}

static void spin_wheels(const bt_gear *g, const bt_gear_state *s, double channel[BT_CHANNEL_COUNT])
{
    if (g->rear_radius_m <= 0.0) return;
    // what steers rolls the longer way
    double front = 1.0 / g->front_radius_m;
    for (int right = 0; right < 2; right++) {
        channel[BT_CHANNEL_SPIN_REAR_LEFT + right] = s->rolled_m[right] / g->rear_radius_m;
        channel[BT_CHANNEL_SPIN_FRONT_LEFT + right] = s->rolled_m[right] * front;
    }
    channel[BT_CHANNEL_STEER_LEFT] = channel[BT_CHANNEL_STEER_RIGHT] = s->steer_rad;
}

void bt_gear_pose_rider(const bt_gear *g, const bt_gear_state *s, double channel[BT_CHANNEL_COUNT])
{
    spin_wheels(g, s, channel);
    switch (g->kind) {
    case BT_GEAR_BICYCLE:
        pose_cyclist(g, s, channel);
        break;
    case BT_GEAR_KICK_SCOOTER:
        pose_kick(g, s, channel);
        set_arms_on_bar(g, s->steer_rad, channel);
        break;
    case BT_GEAR_E_SCOOTER:
        for (int right = 0; right < 2; right++)
            set_leg(g, right, ankle_over(g, g->sole[right]), 0.0, channel);
        set_arms_on_bar(g, s->steer_rad, channel);
        break;
    case BT_GEAR_WHEELCHAIR:
        pose_push(g, s, channel);
        break;
    default:
        break;
    }
}

// ---- who walks ----------------------------------------------------------------------------------
// The stick stands where it is put, with the left foot: beside it, a little ahead.
static void pose_cane(const bt_gear *g, const bt_gait *gait, const bt_gait_feet *feet, double sink,
                      double channel[BT_CHANNEL_COUNT])
{
    bt_gait_foot foot = bt_gait_foot_at(gait, feet, false);
    double tip = foot.stands ? feet->foot_m[0] : foot.ahead_m;
    double up = foot.stands ? 0.0 : fmin(0.06, 0.8 * foot.up_m), length = g->grip.z_m;
    tip += 0.06 * g->height_m;
    // the hand goes half the way along
    double x = 0.06 * g->height_m + 0.45 * tip, across = tip - x;
    bt_gear_point at = {x, sqrt(fmax(0.0, length * length - across * across)) + up + sink};
    set_arm(g, true, at, channel);
    double forearm = channel[BT_CHANNEL_SHOULDER_RIGHT] + channel[BT_CHANNEL_ELBOW_RIGHT];
    channel[BT_CHANNEL_CANE] = bt_asin(bt_clamp(across / length, -1.0, 1.0)) - forearm;
}

// The tip goes to the side of the foot that is about to be lifted.
static void pose_white_cane(const bt_gear *g, const bt_gait *gait, const bt_gait_feet *feet,
                            double sink, double channel[BT_CHANNEL_COUNT])
{
    bt_gear_point at = {g->grip.x_m, g->grip.z_m + sink};
    set_arm(g, true, at, channel);
    double wide = fmin(1.0, gait->speed_m_s / 0.5);
    channel[BT_CHANNEL_CANE] = 0.42 * wide * bt_sin(2.0 * BT_PI * (feet->phase - 0.15));
}

void bt_gear_pose_walker(const bt_gear *g, const bt_gear_state *s, const bt_gait *gait,
                         const bt_gait_feet *feet, double sink, double channel[BT_CHANNEL_COUNT])
{
    if (g->kind == BT_GEAR_CANE) pose_cane(g, gait, feet, sink, channel);
    if (g->kind == BT_GEAR_WHITE_CANE) pose_white_cane(g, gait, feet, sink, channel);
    if (g->kind != BT_GEAR_STROLLER) return;
    spin_wheels(g, s, channel);
    channel[BT_CHANNEL_LIFT] = bt_asin(bt_clamp(sink / BT_SUSPENSION_ARM_M, -0.9, 0.9));
    for (int right = 0; right < 2; right++)
        set_arm(g, right, (bt_gear_point){g->grip.x_m, g->grip.z_m + sink}, channel);
}
