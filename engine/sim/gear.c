// gear.c: sizes and rolling of what people ride, push and lean on.
#include "engine/sim/gear_internal.h"

#define GRAVITY_M_S2 9.80665

// ---- bicycle ------------------------------------------------------------------------------------
// ISO 5775 37-622: rim of 622 mm, tyre of 37 mm, a little flattened. Wheelbase, bracket and bar: usual of city bicycles.
#define BIKE_WHEEL_M 0.345
#define BIKE_BASE_M 1.08
#define BIKE_CRANK_M 0.170
#define BIKE_TUBE_RAD 1.274 // seat tube, 73 degrees from the level
// At the lowest pedal: 25 to 35 degrees (Holmes, Pruitt, Whalen 1994; from memory).
#define BIKE_KNEE_RAD 0.52
#define BIKE_DEVELOPMENT_M 5.2   // of a turn of the crank: 38 to 16 teeth
#define BIKE_COASTS_M_S2 (-0.25) // who slows down so does not pedal
// Who stands, chosen: a flat foot, the leg nearly straight.
#define GROUND_ASIDE_M 0.24
#define OFF_SADDLE 0.10 // so far ahead of it, of the height
#define STAND_STRAIGHT 0.985
#define STAND_BACK_RAD 0.18  // the trunk is so much more upright
#define FOOT_SLOW_M_S 1.0    // from here on the foot leaves its pedal,
#define FOOT_S 0.5           // and takes so long
#define FOOT_LOW 0.9         // from here on it moves with the ground
#define FOOT_STANDS_M_S 0.12 // slower a foot can stand on it
#define FOOT_STEPS 0.7       // as high it is carried over the ground,
#define FOOT_BACK_M_S 0.6    // so fast, until it is
#define FOOT_AT_M 0.03       // at its place again
#define PUSH_M 0.15          // it stays on the ground for so far as they set off
#define STAND_LEAST_RAD                                                                            \
    0.025 // so far they lean to it at least, and at most, where the ground is not level
#define STAND_MOST_RAD 0.16
#define SADDLE 0.055 // hip joints above it, of the height: chosen
#define REACHES 0.94 // of the straight arm, at a bar
// ---- others -------------------------------------------------------------------------------------
#define KICK_WHEEL_M 0.1025 // 205 mm, makers' sheets
#define E_WHEEL_M 0.127     // 10 in; 1.17 x 0.47 x 1.2 m, makers' sheets
// Drive wheels of 24 in, seat 0.5 m high; within the 1.2 x 0.7 m of ISO 7193, 1.09 m high.
#define CHAIR_WHEEL_M 0.305
#define CHAIR_CASTOR_M 0.09
#define STROLLER_REAR_M 0.125
#define STROLLER_FRONT_M 0.095
#define CASTORS_S 0.25 // that castors take to swing round

static const struct {
    const char *name;
    bool ridden, leans;
    bt_gear_limits limits;
} kinds[BT_GEAR_KIND_COUNT] = {
    [BT_GEAR_NONE] = {"none", false, false, {{1.1, 1.6}, 1.0, 2.3, 9.0, 0.0}},
    // with a stick about 0.8 m/s: 0.63 to 0.91 (Rubin and others, in Sun 1996, and Fruin 1971)
    [BT_GEAR_CANE] = {"cane", false, false, {{0.65, 1.0}, 0.6, 2.0, 9.0, 0.0}},
    [BT_GEAR_WHITE_CANE] = {"white_cane", false, false, {{0.8, 1.2}, 0.6, 2.0, 9.0, 0.0}},
    [BT_GEAR_STROLLER] = {"stroller", false, false, {{1.0, 1.4}, 0.7, 1.2, 9.0, 0.0}},
    [BT_GEAR_WHEELCHAIR] = {"wheelchair", true, false, {{0.8, 1.3}, 0.6, 1.3, 1.5, 0.0}},
    [BT_GEAR_KICK_SCOOTER] = {"kick_scooter", true, true, {{1.8, 2.8}, 0.8, 1.5, 1.5, 1.0}},
    [BT_GEAR_E_SCOOTER] = {"e_scooter", true, true, {{2.2, 3.6}, 1.0, 1.5, 2.0, 1.2}},
    // 3 to 8 m/s; steady 0.2 g in bends
    [BT_GEAR_BICYCLE] = {"bicycle", true, true, {{3.0, 4.0}, 0.8, 1.2, 2.0, 2.0}},
};

const char *bt_gear_name(bt_gear_kind kind)
{
    return kinds[kind].name;
}

bool bt_gear_is_ridden(bt_gear_kind kind)
{
    return kinds[kind].ridden;
}

bool bt_gear_leans(bt_gear_kind kind)
{
    return kinds[kind].leans;
}

const bt_gear_limits *bt_gear_limits_of(bt_gear_kind kind)
{
    return &kinds[kind].limits;
}

// ---- sizes --------------------------------------------------------------------------------------
// A bar of this height as far ahead as arms reach, a little bent.
static void place_grip(bt_gear *g, double z, double aside)
{
    bt_gear_point shoulder = bt_gear_shoulders(g);
    double arm = (BT_GAIT_UPPER_ARM + BT_GAIT_FOREARM + BT_GAIT_GRIP) * g->height_m * REACHES;
    double down = shoulder.z_m - z;
    g->grip = (bt_gear_point){shoulder.x_m + sqrt(fmax(0.01, arm * arm - down * down)), z};
    g->grip_aside_m = aside;
}

// The hips where the knee is bent by BIKE_KNEE_RAD with the pedal at its lowest, in line with the seat tube.
static void fit_saddle(bt_gear *g)
{
    double h = g->height_m, c = bt_cos(BIKE_TOES_RAD), s = bt_sin(BIKE_TOES_RAD);
    double back = -BT_GAIT_BALL * h, up = BT_GAIT_ANKLE * h;
    bt_gear_point ankle = {g->crank.x_m + back * c - up * s,
                           g->crank.z_m - g->crank_m + back * s + up * c};
    double a = BT_GAIT_THIGH * h, b = BT_GAIT_SHANK * h;
    double square = a * a + b * b + 2.0 * a * b * bt_cos(BIKE_KNEE_RAD);
    double x = g->crank.x_m - ankle.x_m, z = g->crank.z_m - ankle.z_m;
    double along = -x * bt_cos(BIKE_TUBE_RAD) + z * bt_sin(BIKE_TUBE_RAD);
    double up_tube = -along + sqrt(along * along - (x * x + z * z - square));
    g->hips = (bt_gear_point){g->crank.x_m - up_tube * bt_cos(BIKE_TUBE_RAD),
                              g->crank.z_m + up_tube * bt_sin(BIKE_TUBE_RAD)};
}

// The hips ahead of the saddle, so high that the right foot is flat on the ground; and what they swing about.
static void fit_stand(bt_gear *g)
{
    double h = g->height_m, leg = STAND_STRAIGHT * (BT_GAIT_THIGH + BT_GAIT_SHANK) * h;
    double x = g->hips.x_m + OFF_SADDLE * h, across = GROUND_ASIDE_M - BT_GAIT_HIP_ASIDE * h;
    g->ground = (bt_vec3){x + BT_GAIT_BALL * h, -GROUND_ASIDE_M,
                          GROUND_ASIDE_M * bt_tan(BT_GEAR_STAND_RAD)};
    double z = g->ground.z + BT_GAIT_ANKLE * h + sqrt(leg * leg - across * across);
    // (R - 1) o is the way of the hips, o from the pivot to them
    double a = bt_cos(STAND_BACK_RAD) - 1.0, b = -bt_sin(STAND_BACK_RAD), det = a * a + b * b;
    double dx = x - g->hips.x_m, dz = z - g->hips.z_m;
    g->swing_rad = -STAND_BACK_RAD;
    g->swing = (bt_gear_point){g->hips.x_m - (a * dx - b * dz) / det,
                               g->hips.z_m - (b * dx + a * dz) / det};
}

static void make_bicycle(bt_gear *g)
{
    g->rear_radius_m = g->front_radius_m = BIKE_WHEEL_M;
    g->front_x_m = BIKE_BASE_M;
    g->crank = (bt_gear_point){0.455, 0.285};
    g->crank_m = BIKE_CRANK_M;
    g->lean_rad = 0.33;
    fit_saddle(g);
    g->seat_z_m = g->hips.z_m - SADDLE * g->height_m;
    place_grip(g, g->seat_z_m + 0.09, 0.265);
    g->steer_x_m = g->grip.x_m + 0.07;
    g->sole_aside_m[0] = g->sole_aside_m[1] = 0.125;
    fit_stand(g);
    g->back_m = BIKE_WHEEL_M + 0.01;
    g->nose_m = BIKE_BASE_M + BIKE_WHEEL_M;
    g->half_width_m = 0.32;
}

// Who stands on a deck, one foot before the other.
static void make_scooter(bt_gear *g, double radius, double base, double deck_z, double bar_z)
{
    bool kick = g->kind == BT_GEAR_KICK_SCOOTER;
    g->rear_radius_m = g->front_radius_m = radius;
    g->front_x_m = base;
    g->sole[0] = (bt_gear_point){0.50, deck_z};
    g->sole[1] = (bt_gear_point){0.24, deck_z};
    g->sole_aside_m[0] = kick ? 0.01 : 0.035;
    g->sole_aside_m[1] = kick ? 0.14 : 0.035;
    g->hips = (bt_gear_point){0.36, deck_z + 0.965 * BT_GAIT_HIP * g->height_m};
    if (kick) { // so low that the other foot reaches the ground
        double leg = 0.97 * (BT_GAIT_THIGH + BT_GAIT_SHANK) * g->height_m, far = 0.15;
        g->hips.z_m = sqrt(leg * leg - far * far) + BT_GAIT_ANKLE * g->height_m;
    }
    g->lean_rad = kick ? 0.18 : 0.08;
    place_grip(g, bar_z, 0.22);
    g->grip.x_m = fmin(g->grip.x_m, base - 0.08);
    g->steer_x_m = g->grip.x_m + 0.02;
    g->back_m = radius + 0.05;
    g->nose_m = base + radius;
    g->half_width_m = 0.25;
}

static void make_wheelchair(bt_gear *g)
{
    double h = g->height_m;
    g->rear_radius_m = CHAIR_WHEEL_M;
    g->front_radius_m = CHAIR_CASTOR_M;
    g->front_x_m = 0.40;
    g->track_m = 0.56;
    g->seat_z_m = 0.50;
    g->hips = (bt_gear_point){0.06, g->seat_z_m + SADDLE * h};
    g->lean_rad = 0.03;
    for (int i = 0; i < 2; i++) {
        g->sole[i] = (bt_gear_point){0.06 + BT_GAIT_THIGH * h + 0.10, 0.13};
        g->sole_aside_m[i] = BT_GAIT_HIP_ASIDE * h;
    }
    g->grip = (bt_gear_point){0.10, CHAIR_WHEEL_M + 0.25};
    g->grip_aside_m = 0.5 * g->track_m + 0.04;
    g->steer_x_m = g->grip.x_m;
    g->back_m = CHAIR_WHEEL_M + 0.02;
    g->nose_m = g->sole[0].x_m + 0.17;
    g->half_width_m = 0.5 * g->track_m + 0.06;
}

static void make_stroller(bt_gear *g)
{
    double h = g->height_m;
    g->rear_radius_m = STROLLER_REAR_M;
    g->front_radius_m = STROLLER_FRONT_M;
    g->rear_x_m = 0.36 * h + 0.12; // feet swing behind it
    g->front_x_m = g->rear_x_m + 0.52;
    g->track_m = 0.50;
    g->hips = (bt_gear_point){0.0, BT_GAIT_HIP * h};
    g->grip = (bt_gear_point){0.25 * h, fmin(1.06, 0.6 * h)};
    g->grip_aside_m = 0.17;
    g->steer_x_m = g->grip.x_m;
    g->back_m = 0.085 * h;
    g->nose_m = g->front_x_m + STROLLER_FRONT_M;
    g->half_width_m = 0.31;
}

// A stick as long as the wrist is high (usual fitting, from memory), a white cane as the breastbone.
static void make_cane(bt_gear *g)
{
    double h = g->height_m;
    bool white = g->kind == BT_GEAR_WHITE_CANE;
    g->hips = (bt_gear_point){0.0, BT_GAIT_HIP * h};
    g->grip = white ? (bt_gear_point){0.16 * h, 0.56 * h} : (bt_gear_point){0.08 * h, 0.49 * h};
    g->grip_aside_m = white ? 0.04 : 0.13 * h;
    g->steer_x_m = g->grip.x_m;
    g->back_m = 0.085 * h;
    g->nose_m = white ? 0.62 * h : 0.25 * h;
    g->half_width_m = 0.13 * h;
}

bt_gear bt_gear_make(bt_gear_kind kind, double height)
{
    bt_gear g = {.kind = kind, .height_m = height};
    switch (kind) {
    case BT_GEAR_BICYCLE:
        make_bicycle(&g);
        break;
    case BT_GEAR_KICK_SCOOTER:
        make_scooter(&g, KICK_WHEEL_M, 0.82, 0.08, fmin(1.0, 0.58 * height));
        break;
    case BT_GEAR_E_SCOOTER:
        make_scooter(&g, E_WHEEL_M, 0.90, 0.175, 1.12);
        break;
    case BT_GEAR_WHEELCHAIR:
        make_wheelchair(&g);
        break;
    case BT_GEAR_STROLLER:
        make_stroller(&g);
        break;
    case BT_GEAR_CANE:
    case BT_GEAR_WHITE_CANE:
        make_cane(&g);
        break;
    default:
        g.back_m = g.nose_m = 0.085 * height;
        g.half_width_m = 0.12 * height;
        break;
    }
    bool ridden = bt_gear_is_ridden(kind);
    g.tall_m = ridden ? g.hips.z_m + (1.0 - BT_GAIT_HIP) * height * bt_cos(g.lean_rad) : height;
    return g;
}

// ---- rolling ------------------------------------------------------------------------------------
// How far round a stroke goes on the way.
static double stroke_of(const bt_gear *g, double way, double accel)
{
    switch (g->kind) {
    case BT_GEAR_BICYCLE:
        return accel < BIKE_COASTS_M_S2 ? 0.0 : way / BIKE_DEVELOPMENT_M;
    case BT_GEAR_WHEELCHAIR:
        return way / CHAIR_PUSH_M;
    case BT_GEAR_KICK_SCOOTER:
        return way / KICK_EVERY_M;
    default:
        return 0.0;
    }
}

// A foot on the ground stays where it is while the bicycle goes on from it, until it is PUSH_M behind its place.
static void leave_foot(const bt_gear *g, double way, double turn, bt_gear_state *s)
{
    double x = g->ground.x + s->foot_x_m - way * bt_cos(0.5 * turn);
    double y = g->ground.y + s->foot_y_m - way * bt_sin(0.5 * turn);
    s->foot_x_m = x * bt_cos(turn) + y * bt_sin(turn) - g->ground.x;
    s->foot_y_m = y * bt_cos(turn) - x * bt_sin(turn) - g->ground.y;
}

// Where it is in plan: on the ground and just above it where it was in the world; in the air it comes back to its place
// beside the bicycle.
static void carry_foot(const bt_gear *g, double way, double turn, double dt, bt_gear_state *s)
{
    if (s->foot_down > FOOT_LOW) {
        leave_foot(g, way, turn, s);
        return;
    }
    double most = FOOT_BACK_M_S * dt;
    s->foot_x_m -= bt_clamp(s->foot_x_m, -most, most);
    s->foot_y_m -= bt_clamp(s->foot_y_m, -most, most);
}

// A foot goes down as it gets slow, is put on the ground when it nearly stands, pushes as it sets off, and goes up again;
// who creeps on takes steps with it.
static void move_foot(const bt_gear *g, double before_m_s, double way, double turn, double dt,
                      bt_gear_state *s)
{
    double speed = fabs(s->speed_m_s), step = dt / FOOT_S;
    carry_foot(g, way, turn, dt, s);
    double behind = bt_hypot(s->foot_x_m, s->foot_y_m);
    if (s->foot_down >= 1.0 && behind < PUSH_M) return;
    double wanted = bt_clamp(1.0 - speed / FOOT_SLOW_M_S, 0.0, FOOT_LOW - 2.0 * step);
    if (speed < FOOT_STANDS_M_S)
        wanted = behind > FOOT_AT_M ? FOOT_STEPS : 1.0;
    else if (speed > fabs(before_m_s))
        wanted = 0.0;
    s->foot_down += bt_clamp(wanted - s->foot_down, -step, step);
}

double bt_gear_stand_lean(const bt_gear_state *s)
{
    double up = bt_clamp(s->foot_up_m * bt_cos(BT_GEAR_STAND_RAD) / GROUND_ASIDE_M, -0.9, 0.9);
    double lean = bt_clamp(BT_GEAR_STAND_RAD - bt_asin(up), STAND_LEAST_RAD, STAND_MOST_RAD);
    return -lean * bt_gear_eased(s->foot_down);
}

void bt_gear_foot_place(const bt_gear *g, const bt_gear_state *s, double *x_m, double *y_m)
{
    *x_m = g->ground.x + s->foot_x_m;
    *y_m = g->ground.y + s->foot_y_m;
}

void bt_gear_roll(const bt_gear *g, double way, double turn, double dt, bt_gear_state *s)
{
    double before = s->speed_m_s, half = 0.5 * g->track_m * turn;
    s->speed_m_s = way / dt;
    s->turn_rad_s = turn / dt;
    s->rolled_m[0] += way - half;
    s->rolled_m[1] += way + half;
    s->stroke += stroke_of(g, way, (s->speed_m_s - before) / dt);
    if (g->kind == BT_GEAR_BICYCLE) move_foot(g, before, way, turn, dt, s);
    double base = g->front_x_m - g->rear_x_m;
    if (bt_gear_leans(g->kind)) {
        if (s->speed_m_s > 0.2) s->steer_rad = bt_atan(base * s->turn_rad_s / s->speed_m_s);
    } else if (g->track_m > 0.0 && bt_hypot(way, turn) > 1e-5) {
        // castors swing round to where they are dragged
        double course = bt_atan2(turn * base, fmax(way, 1e-6));
        s->steer_rad += (course - s->steer_rad) * fmin(1.0, dt / CASTORS_S);
    }
}

double bt_gear_lean(const bt_gear_state *s)
{
    return bt_atan(s->speed_m_s * s->turn_rad_s / GRAVITY_M_S2);
}

double bt_gear_roll_of(const bt_gear_state *s)
{
    return -bt_gear_lean(s) - bt_gear_stand_lean(s);
}
