// pose_test.c: rotations and poses against closed forms; the frames' conventions by example.
#include "engine/math/pose.h"

#include "engine/core/random.h"
#include "tests/support/check.h"

static void check_vec(bt_vec3 got, double x, double y, double z, double tolerance)
{
    CHECK_NEAR(got.x, x, tolerance);
    CHECK_NEAR(got.y, y, tolerance);
    CHECK_NEAR(got.z, z, tolerance);
}

static bt_quat random_quat(uint64_t i)
{
    return bt_quat_normalize((bt_quat){
        bt_random_normal(1, BT_STREAM_TEST, i, 0), bt_random_normal(1, BT_STREAM_TEST, i, 1),
        bt_random_normal(1, BT_STREAM_TEST, i, 2), bt_random_normal(1, BT_STREAM_TEST, i, 3)});
}

static bt_vec3 random_vec(uint64_t i)
{
    return (bt_vec3){bt_random_normal(2, BT_STREAM_TEST, i, 0),
                     bt_random_normal(2, BT_STREAM_TEST, i, 1),
                     bt_random_normal(2, BT_STREAM_TEST, i, 2)};
}

// Angle of the rotation from a to b.
static double angle_between(bt_quat a, bt_quat b)
{
    bt_quat d = bt_quat_mul(bt_quat_conjugate(a), b);
    return 2.0 * atan2(sqrt(d.x * d.x + d.y * d.y + d.z * d.z), fabs(d.w));
}

static void test_conventions(void)
{
    bt_vec3 forward = {1, 0, 0}, left = {0, 1, 0}, up = {0, 0, 1};
    // positive yaw turns left, positive pitch puts the nose down, positive roll leans right
    check_vec(bt_quat_rotate(bt_quat_yaw_pitch_roll(0.5 * BT_PI, 0, 0), forward), 0, 1, 0, 1e-15);
    check_vec(bt_quat_rotate(bt_quat_yaw_pitch_roll(0, 0.5 * BT_PI, 0), forward), 0, 0, -1, 1e-15);
    check_vec(bt_quat_rotate(bt_quat_yaw_pitch_roll(0, 0, 0.5 * BT_PI), left), 0, 0, 1, 1e-15);
    // the camera's x is the vehicle's right, its y down, its z forward
    bt_quat q = bt_quat_vehicle_from_camera();
    check_vec(bt_quat_rotate(q, forward), 0, -1, 0, 1e-15);
    check_vec(bt_quat_rotate(q, left), 0, 0, -1, 1e-15);
    check_vec(bt_quat_rotate(q, up), 1, 0, 0, 1e-15);
    CHECK_NEAR(bt_quat_yaw(bt_quat_yaw_pitch_roll(0.3, 0.1, -0.2)), 0.3, 1e-14);
}

// Rodrigues' formula.
static void test_axis_angle(void)
{
    for (uint64_t i = 0; i < 100; i++) {
        bt_vec3 axis = bt_vec3_normalize(random_vec(i));
        bt_vec3 v = random_vec(1000 + i);
        double angle = bt_random_range(3, BT_STREAM_TEST, i, 0, -7.0, 7.0);
        bt_vec3 want = bt_vec3_scale(v, cos(angle));
        want = bt_vec3_mad(want, bt_vec3_cross(axis, v), sin(angle));
        want = bt_vec3_mad(want, axis, bt_vec3_dot(axis, v) * (1.0 - cos(angle)));
        bt_vec3 got = bt_quat_rotate(bt_quat_axis_angle(axis, angle), v);
        check_vec(got, want.x, want.y, want.z, 1e-14);
    }
}

static void test_from_axes(void)
{
    for (uint64_t i = 0; i < 200; i++) {
        bt_quat q = random_quat(i);
        // half turns, where the trace is least, reach the other branches
        if (i < 3) q = (bt_quat){0, i == 0, i == 1, i == 2};
        bt_quat back = bt_quat_from_axes(bt_quat_rotate(q, (bt_vec3){1, 0, 0}),
                                         bt_quat_rotate(q, (bt_vec3){0, 1, 0}),
                                         bt_quat_rotate(q, (bt_vec3){0, 0, 1}));
        CHECK_NEAR(angle_between(q, back), 0.0, 1e-14);
    }
}

static void test_slerp(void)
{
    for (uint64_t i = 0; i < 200; i++) {
        bt_quat a = random_quat(i), b = random_quat(1000 + i);
        if (i % 4 == 0) { // nearly equal: the chord's branch
            b = bt_quat_mul(a, bt_quat_axis_angle(bt_vec3_normalize(random_vec(i)), 1e-5));
        }
        double whole = angle_between(a, b);
        double u = bt_random_unit(4, BT_STREAM_TEST, i, 0);
        bt_quat c = bt_quat_slerp(a, b, u);
        // constant speed along the shortest arc
        CHECK_NEAR(angle_between(a, c), u * whole, 1e-11);
        CHECK_NEAR(angle_between(c, b), (1.0 - u) * whole, 1e-11);
        CHECK_NEAR(angle_between(bt_quat_slerp(a, b, 0.0), a), 0.0, 1e-14);
        CHECK_NEAR(angle_between(bt_quat_slerp(a, b, 1.0), b), 0.0, 1e-14);
    }
}

static void test_poses(void)
{
    for (uint64_t i = 0; i < 100; i++) {
        bt_pose a_from_b = {random_vec(i), random_quat(i)};
        bt_pose b_from_c = {random_vec(500 + i), random_quat(500 + i)};
        bt_vec3 p = random_vec(1000 + i);
        bt_vec3 twice = bt_pose_point(a_from_b, bt_pose_point(b_from_c, p));
        bt_vec3 once = bt_pose_point(bt_pose_mul(a_from_b, b_from_c), p);
        check_vec(once, twice.x, twice.y, twice.z, 1e-13);
        bt_vec3 back = bt_pose_point(bt_pose_inverse(a_from_b), bt_pose_point(a_from_b, p));
        check_vec(back, p.x, p.y, p.z, 1e-13);
    }
}

static void test_angles(void)
{
    CHECK_NEAR(bt_wrap_angle(0.5 + 2.0 * BT_PI), 0.5, 1e-14);
    CHECK_NEAR(bt_wrap_angle(-0.5 - 6.0 * BT_PI), -0.5, 1e-14);
    CHECK_NEAR(bt_wrap_angle(1.5 * BT_PI), -0.5 * BT_PI, 1e-14);
    CHECK(bt_wrap_angle(BT_PI) == BT_PI);
    CHECK(bt_wrap_angle(-BT_PI) == BT_PI); // (-pi, pi]
    check_vec(bt_vec3_normalize((bt_vec3){0, 0, 0}), 0, 0, 0, 0);
    CHECK(bt_clamp(5, 0, 1) == 1 && bt_clamp(-5, 0, 1) == 0 && bt_lerp(2, 4, 0.5) == 3);
}

int main(void)
{
    test_conventions();
    test_axis_angle();
    test_from_axes();
    test_slerp();
    test_poses();
    test_angles();
    return check_end();
}
