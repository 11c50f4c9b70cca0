// gait_test.c: strides follow Froude's number, and standing feet stay where they are.
#include "engine/core/random.h"
#include "engine/sim/gait.h"
#include "tests/support/check.h"

static void test_stride(void)
{
    // Alexander 1976 solved for speed: v = 0.25 g^0.5 stride^1.67 hip^-1.17, to the rounding of
    // its constants
    double hip = 1.75 * (BT_GAIT_THIGH + BT_GAIT_SHANK + BT_GAIT_ANKLE);
    double stride = bt_gait_stride_m(1.75, false, 1.4);
    double v = 0.25 * sqrt(9.80665) * pow(stride, 1.67) * pow(hip, -1.17);
    CHECK_NEAR(v, 1.4, 0.04);
    CHECK(bt_gait_stride_m(1.75, false, 0.0) == 0.0);
    CHECK(bt_gait_stride_m(1.2, false, 1.0) < bt_gait_stride_m(1.8, false, 1.0));
}

// A point of the sole of the left or right foot, `ahead` of its ankle (in body heights), relative
// to the ground point below the hips.
static void person_sole(const bt_gait *g, int right, double ahead, double *x, double *z)
{
    double c[BT_CHANNEL_COUNT] = {0}, h = g->height_m;
    double drop = bt_gait_pose(g, c);
    double hip = c[BT_CHANNEL_HIP_LEFT + right];
    double shank = hip - c[BT_CHANNEL_KNEE_LEFT + right];
    double foot = shank + c[BT_CHANNEL_ANKLE_LEFT + right];
    double ax = h * (BT_GAIT_THIGH * sin(hip) + BT_GAIT_SHANK * sin(shank));
    double az = h * (BT_GAIT_THIGH + BT_GAIT_SHANK + BT_GAIT_ANKLE) - drop -
                h * (BT_GAIT_THIGH * cos(hip) + BT_GAIT_SHANK * cos(shank));
    // the foot turns toes up by `foot` about the ankle
    *x = ax + h * (ahead * cos(foot) + BT_GAIT_ANKLE * sin(foot));
    *z = az + h * (ahead * sin(foot) - BT_GAIT_ANKLE * cos(foot));
}

static void dog_paws(const bt_gait *g, double x[4], double z[4])
{
    double c[BT_CHANNEL_COUNT] = {0}, h = g->height_m;
    double top = h * (BT_GAIT_DOG_UPPER + BT_GAIT_DOG_LOWER) - bt_gait_pose(g, c);
    for (int i = 0; i < 4; i++) { // left fore, right fore, left hind, right hind
        int right = i & 1;
        double upper = i < 2 ? c[BT_CHANNEL_SHOULDER_LEFT + right] : c[BT_CHANNEL_HIP_LEFT + right];
        double lower = i < 2 ? upper + c[BT_CHANNEL_ELBOW_LEFT + right]
                             : upper - c[BT_CHANNEL_KNEE_LEFT + right];
        x[i] = h * (BT_GAIT_DOG_UPPER * sin(upper) + BT_GAIT_DOG_LOWER * sin(lower));
        z[i] = top - h * (BT_GAIT_DOG_UPPER * cos(upper) + BT_GAIT_DOG_LOWER * cos(lower));
    }
}

// Walks a stride in small parts. While a foot stands (0.6 of the stride) the heel, then (from 0.09
// on) the ball keeps its place on the ground; no part of the sole ever goes below it.
static void test_person_feet(void)
{
    for (double speed = 0.3; speed <= 2.0; speed += 0.4) {
        bt_gait g = {.height_m = 1.75, .speed_m_s = speed};
        double part = 1e-3, way = part * bt_gait_stride_m(g.height_m, false, speed), low = 1.0;
        for (int i = 0; i < 1000; i++) {
            double x0, z0, x1, z1, heel_x, heel_z, share = fmod((i + 0.5) * part, 1.0);
            int right = i & 1;
            double ahead = share < 0.09 ? -BT_GAIT_HEEL : BT_GAIT_BALL;
            g.phase = 5.0 + i * part + 0.5 * right + 1e-9;
            person_sole(&g, right, ahead, &x0, &z0);
            person_sole(&g, right, -BT_GAIT_HEEL, &heel_x, &heel_z);
            low = fmin(low, fmin(z0, heel_z));
            g.phase += part - 2e-9;
            person_sole(&g, right, ahead, &x1, &z1);
            if (share > 0.6) continue;
            CHECK_NEAR(z0, 0.0, 1e-9);
            CHECK_NEAR(x1 - x0, -way, 1e-7);
        }
        CHECK(low > -1e-9);
        if (low <= -1e-9) printf("speed %.1f: sole %.1f mm deep\n", speed, -1e3 * low);
    }
}

static void test_dog_feet(void)
{
    bt_gait g = {.height_m = 0.55, .four_legged = true, .speed_m_s = 1.4};
    double stride = bt_gait_stride_m(g.height_m, true, g.speed_m_s), part = 1e-3;
    for (int i = 0; i < 1000; i++) {
        double x0[4], z0[4], x1[4], z1[4];
        g.phase = i * part;
        dog_paws(&g, x0, z0);
        g.phase += part;
        dog_paws(&g, x1, z1);
        // diagonal pairs move as one
        CHECK_NEAR(x0[0], x0[3], 1e-9);
        CHECK_NEAR(x0[1], x0[2], 1e-9);
        for (int k = 0; k < 4; k++) {
            CHECK(z0[k] > -1e-6);
            if (z0[k] < 1e-6 && z1[k] < 1e-6)
                CHECK_NEAR(x1[k] - x0[k], -stride * part, 1e-3 * stride * part);
        }
    }
}

// Angles change without jumps and stay within what joints allow.
static void test_smooth(void)
{
    double last[BT_CHANNEL_COUNT] = {0};
    bt_gait g = {.height_m = 1.75, .speed_m_s = 1.4};
    for (int i = 0; i <= 2000; i++) {
        double c[BT_CHANNEL_COUNT] = {0};
        g.phase = i * 1e-3;
        double drop = bt_gait_pose(&g, c);
        CHECK(drop > 0.0 && drop < 0.08);
        for (int k = 0; k < BT_CHANNEL_COUNT; k++) {
            if (i > 0) CHECK(fabs(c[k] - last[k]) < 0.02);
            last[k] = c[k];
        }
        for (int k = 0; k < 2; k++) {
            CHECK(c[BT_CHANNEL_KNEE_LEFT + k] >= 0.0 && c[BT_CHANNEL_KNEE_LEFT + k] < 1.4);
            CHECK(c[BT_CHANNEL_HIP_LEFT + k] > -0.6 && c[BT_CHANNEL_HIP_LEFT + k] < 0.9);
        }
    }
}

// As person_sole, for feet that stand where they are.
static void planted_sole(const bt_gait *g, const bt_gait_feet *f, int right, double ahead,
                         double *x, double *z)
{
    double c[BT_CHANNEL_COUNT] = {0}, h = g->height_m, drop = bt_gait_pose_feet(g, f, c);
    double hip = c[BT_CHANNEL_HIP_LEFT + right], shank = hip - c[BT_CHANNEL_KNEE_LEFT + right];
    double foot = shank + c[BT_CHANNEL_ANKLE_LEFT + right];
    *x = h * (BT_GAIT_THIGH * sin(hip) + BT_GAIT_SHANK * sin(shank) + ahead * cos(foot) +
              BT_GAIT_ANKLE * sin(foot));
    *z = h * (BT_GAIT_THIGH * (1.0 - cos(hip)) + BT_GAIT_SHANK * (1.0 - cos(shank)) +
              BT_GAIT_ANKLE + ahead * sin(foot) - BT_GAIT_ANKLE * cos(foot)) -
         drop;
}

// The same in the body's frame, the leg tilted to its side; z over the ground.
static bt_vec3 sole_in_body(const bt_gait *g, const bt_gait_feet *f, int right, double ahead)
{
    double c[BT_CHANNEL_COUNT] = {0}, h = g->height_m, drop = bt_gait_pose_feet(g, f, c);
    double hip = c[BT_CHANNEL_HIP_LEFT + right], shank = hip - c[BT_CHANNEL_KNEE_LEFT + right];
    double foot = shank + c[BT_CHANNEL_ANKLE_LEFT + right];
    double tilt = c[BT_CHANNEL_HIP_SIDE_LEFT + right];
    double x = h * (BT_GAIT_THIGH * sin(hip) + BT_GAIT_SHANK * sin(shank) + ahead * cos(foot) +
                    BT_GAIT_ANKLE * sin(foot));
    double down = h * (BT_GAIT_THIGH * cos(hip) + BT_GAIT_SHANK * cos(shank) - ahead * sin(foot) +
                       BT_GAIT_ANKLE * cos(foot));
    double side = (right ? -1.0 : 1.0) * BT_GAIT_HIP_ASIDE * h;
    return (bt_vec3){x, side + down * sin(tilt), h * BT_GAIT_HIP - drop - down * cos(tilt)};
}

// Starts, slows, creeps, runs, stops: whatever stands keeps its place, nothing goes below the ground, and
// in the end both feet stand side by side.
static void test_pace_changes(void)
{
    static const double pace[] = {0.0, 1.4, 0.4, 1.6, 0.0, 0.2, 1.9, 0.0};
    bt_gait_feet f = {0};
    double v = 0.0, at = 0.0, last_x[4] = {0}, last_z[4] = {1.0, 1.0, 1.0, 1.0};
    int stood = 0;
    for (int i = 0; i < 8 * 400; i++) {
        double wanted = pace[i / 400], change = wanted > v ? 0.009 : 0.036;
        v += fmax(-change, fmin(change, wanted - v));
        at += v * 0.01;
        bt_gait_step step = {.ahead_m = v * 0.01};
        bt_gait_walk(1.75, false, &step, 0.01, &f);
        bt_gait g = {.height_m = 1.75, .speed_m_s = v};
        for (int k = 0; k < 4; k++) {
            double x, z;
            planted_sole(&g, &f, k / 2, k % 2 ? BT_GAIT_BALL : -BT_GAIT_HEEL, &x, &z);
            x += at;
            CHECK(z > -1e-6);
            bool stands = z < 1e-9 && last_z[k] < 1e-9;
            if (stands) CHECK_NEAR(x, last_x[k], 1e-3);
            stood += stands;
            last_x[k] = x;
            last_z[k] = z;
        }
    }
    CHECK(stood > 4000);
    CHECK(fabs(last_x[0] - last_x[2]) < 0.05 && last_z[1] < 1e-6 && last_z[3] < 1e-6);
}

static double draw(uint32_t i, uint32_t k, double low, double high)
{
    return bt_random_range(5, BT_STREAM_TRAFFIC, i, k, low, high);
}

// Ahead, aside, back, turning meanwhile: whatever stands keeps its place on the ground.
static void test_any_way(void)
{
    bt_gait_feet f = {0};
    double x = 0.0, y = 0.0, yaw = 0.0, vx = 0.0, vy = 0.0, rate = 0.0, worst = 0.0, low = 0.0;
    bt_vec3 last[4] = {{0.0, 0.0, 1.0}, {0.0, 0.0, 1.0}, {0.0, 0.0, 1.0}, {0.0, 0.0, 1.0}};
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t k = i / 60; // a new wish every 0.6 s
        double ahead = draw(k, 0, -0.4, 1.9), aside = draw(k, 1, -0.6, 0.6);
        vx += fmax(-0.03, fmin(0.03, ahead - vx));
        vy += fmax(-0.03, fmin(0.03, aside - vy));
        rate += fmax(-0.1, fmin(0.1, (k % 3 ? draw(k, 2, -3.0, 3.0) : 0.0) - rate));
        if (k % 5 == 4) vx *= 0.9, vy *= 0.9;
        double turn = rate * 0.01, c = cos(yaw + 0.5 * turn), s = sin(yaw + 0.5 * turn);
        bt_gait_step step = {vx * 0.01, vy * 0.01, turn};
        x += c * step.ahead_m - s * step.left_m;
        y += s * step.ahead_m + c * step.left_m;
        yaw += turn;
        bt_gait_walk(1.75, false, &step, 0.01, &f);
        bt_gait g = {.height_m = 1.75, .speed_m_s = hypot(vx, vy)};
        for (int n = 0; n < 4; n++) {
            bt_vec3 p = sole_in_body(&g, &f, n / 2, n % 2 ? BT_GAIT_BALL : -BT_GAIT_HEEL);
            bt_vec3 at = {x + cos(yaw) * p.x - sin(yaw) * p.y, y + sin(yaw) * p.x + cos(yaw) * p.y,
                          p.z};
            // the ball counts where all is flat: a sole may turn about it
            bt_vec3 ball = sole_in_body(&g, &f, n / 2, BT_GAIT_BALL);
            bool stands = at.z < 1e-9 && last[n].z < 1e-9 && (n % 2 || ball.z > 1e-5);
            double slip = hypot(at.x - last[n].x, at.y - last[n].y) / 0.01;
            if (stands && slip > worst) worst = slip;
            low = fmin(low, at.z);
            last[n] = at;
        }
    }
    printf("any way: slips at most %.4f m/s, %.1f mm deep\n", worst, -1e3 * low);
    CHECK(worst < 0.005);
    CHECK(low > -1e-3);
}

// Feet that have walked a steady pace are where the steady gait has them.
static void test_feet_at_steady_pace(void)
{
    for (int dog = 0; dog < 2; dog++) {
        double height = dog ? 0.55 : 1.75, speed = 1.3, worst = 0.0;
        bt_gait_feet f = {0};
        bt_gait g = {.height_m = height, .four_legged = dog, .speed_m_s = speed};
        for (int i = 0; i < 2000; i++) {
            bt_gait_step step = {.ahead_m = speed * 0.005};
            bt_gait_walk(height, dog, &step, 0.005, &f);
            if (i < 600) continue;
            double a[BT_CHANNEL_COUNT] = {0}, b[BT_CHANNEL_COUNT] = {0};
            g.phase = f.phase;
            double drop = bt_gait_pose(&g, a);
            CHECK_NEAR(bt_gait_pose_feet(&g, &f, b), drop, 2e-3);
            for (int k = 0; k < BT_CHANNEL_COUNT; k++)
                worst = fmax(worst, fabs(a[k] - b[k]));
        }
        CHECK(worst < 0.03);
        if (worst >= 0.03) printf("%s: joints differ by %g rad\n", dog ? "dog" : "person", worst);
    }
}

static void test_stands(void)
{
    double c[BT_CHANNEL_COUNT] = {0};
    bt_gait g = {.height_m = 1.75, .phase = 0.3};
    double drop = bt_gait_pose(&g, c);
    CHECK(drop < 0.006);
    CHECK_NEAR(c[BT_CHANNEL_HIP_LEFT], c[BT_CHANNEL_HIP_RIGHT], 1e-9);
    CHECK(fabs(c[BT_CHANNEL_SHOULDER_LEFT]) < 0.1);
}

int main(void)
{
    test_stride();
    test_person_feet();
    test_dog_feet();
    test_smooth();
    test_pace_changes();
    test_any_way();
    test_feet_at_steady_pace();
    test_stands();
    return check_end();
}
