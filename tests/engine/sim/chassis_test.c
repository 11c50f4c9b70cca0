// chassis_test.c: wheels, hitch, pose and footprints against closed forms.
#include "engine/sim/chassis.h"
#include "engine/sim/vehicle.h"
#include "tests/support/check.h"

#define DT 0.01

static bt_vehicle truck(void)
{
    return (bt_vehicle){.mass_kg = 12500.0,
                        .yaw_inertia_kg_m2 = 42500.0,
                        .cg_from_rear_m = 1.7,
                        .cg_height_m = 1.1,
                        .wheelbase_m = 3.8,
                        .track_m = 2.0,
                        .wheel_radius_m = 0.5,
                        .length_m = 6.0,
                        .width_m = 2.5,
                        .height_m = 3.8,
                        .rear_overhang_m = 0.9,
                        .roll_gain_rad_s2_m = 0.006,
                        .pitch_gain_rad_s2_m = 0.004,
                        .trailer_length_m = 13.6,
                        .hitch_from_rear_m = 0.6,
                        .trailer_wheelbase_m = 7.7};
}

static void test_ackermann(void)
{
    bt_vehicle v = truck();
    double left, right;
    for (double steer = -0.6; steer <= 0.6; steer += 0.1) {
        bt_ackermann(&v, steer, &left, &right);
        // all four axles' normals meet in one point on the rear axle's line
        double radius = v.wheelbase_m / tan(steer);
        if (fabs(steer) < 0.05) continue;
        CHECK_NEAR(v.wheelbase_m / tan(left) + 0.5 * v.track_m, radius, 1e-9);
        CHECK_NEAR(v.wheelbase_m / tan(right) - 0.5 * v.track_m, radius, 1e-9);
    }
    bt_ackermann(&v, 0.0, &left, &right);
    CHECK(left == 0.0 && right == 0.0);
}

// On a circle each wheel rolls its own radius; the trailer settles where its axle runs on a circle
// about the same centre: R_t^2 = R^2 + hitch^2 - L_t^2.
static void test_circle(void)
{
    bt_vehicle v = truck();
    double radius = 20.0, speed = 5.0, seconds = 60.0;
    bt_ground_speed g = {speed, 0.0, speed / radius};
    double steer = atan(v.wheelbase_m / radius);
    double channel[BT_CHANNEL_COUNT] = {0};
    for (int i = 0; i < (int)(seconds / DT); i++)
        bt_wheels_step(&v, &g, steer, NULL, DT, channel);
    double way = speed * seconds / v.wheel_radius_m, half = 0.5 * v.track_m;
    CHECK_NEAR(channel[BT_CHANNEL_SPIN_REAR_LEFT], way * (radius - half) / radius, 1e-6);
    CHECK_NEAR(channel[BT_CHANNEL_SPIN_REAR_RIGHT], way * (radius + half) / radius, 1e-6);
    CHECK_NEAR(channel[BT_CHANNEL_SPIN_FRONT_LEFT],
               way * hypot(radius - half, v.wheelbase_m) / radius, 1e-6);
    CHECK_NEAR(channel[BT_CHANNEL_SPIN_FRONT_RIGHT],
               way * hypot(radius + half, v.wheelbase_m) / radius, 1e-6);
    double trailer_radius = sqrt(radius * radius + v.hitch_from_rear_m * v.hitch_from_rear_m -
                                 v.trailer_wheelbase_m * v.trailer_wheelbase_m);
    // turning left the trailer points right of the tractor: it lags, + would be left
    double want = atan2(v.hitch_from_rear_m, radius) - atan2(v.trailer_wheelbase_m, trailer_radius);
    CHECK_NEAR(channel[BT_CHANNEL_HITCH], want, 1e-6);
}

// Off-tracking of a trailer hitched above the rear axle: R - sqrt(R^2 - L^2) in steady turning; at
// speed, with tyres that slip by K per m/s^2, the wheelbase is as if L + K v^2 along the trailer.
static void test_off_tracking(void)
{
    bt_vehicle v = truck();
    v.hitch_from_rear_m = 0.0;
    for (int fast = 0; fast < 2; fast++) {
        double radius = fast ? 120.0 : 15.0, speed = fast ? 20.0 : 3.0;
        v.trailer_slip_rad_s2_m = fast ? 0.02 : 0.0;
        bt_ground_speed g = {speed, 0.0, speed / radius};
        double channel[BT_CHANNEL_COUNT] = {0}, length = v.trailer_wheelbase_m;
        for (int i = 0; i < 20000; i++)
            bt_wheels_step(&v, &g, atan(v.wheelbase_m / radius), NULL, DT, channel);
        double phi = channel[BT_CHANNEL_HITCH], along = speed * cos(phi);
        double wanted = length + v.trailer_slip_rad_s2_m * along * along;
        // sin(phi) = -L' / R in steady turning
        CHECK_NEAR(sin(phi), -wanted / radius, 1e-9);
        if (fast) continue;
        bt_pose pose = BT_POSE_IDENTITY;
        bt_vec3 axle = bt_trailer_axle(&v, &pose, phi);
        double own = hypot(axle.x, axle.y - radius);
        CHECK_NEAR(radius - own, radius - sqrt(radius * radius - length * length), 1e-6);
    }
}

// An articulated bus: hinged behind the second axle, the third runs at sqrt(R^2 + h^2 - L^2); with h = L in the
// second's track.
static void test_articulated_bus(void)
{
    bt_vehicle v = truck();
    v.hitch_from_rear_m = -1.6;
    for (int i = 0; i < 2; i++) {
        double radius = 11.0, length = v.trailer_wheelbase_m = i ? 1.6 : 6.0;
        bt_ground_speed g = {3.0, 0.0, 3.0 / radius};
        double channel[BT_CHANNEL_COUNT] = {0};
        for (int k = 0; k < 20000; k++)
            bt_wheels_step(&v, &g, atan(v.wheelbase_m / radius), NULL, DT, channel);
        bt_pose pose = BT_POSE_IDENTITY;
        bt_vec3 axle = bt_trailer_axle(&v, &pose, channel[BT_CHANNEL_HITCH]);
        double own = hypot(axle.x, axle.y - radius);
        CHECK_NEAR(own, sqrt(radius * radius + 1.6 * 1.6 - length * length), 1e-6);
    }
}

// On a plane tilted both ways the pose's wheels lie on it.
static void test_pose(void)
{
    bt_vehicle v = truck();
    double yaw = 0.7, a = 0.06, b = -0.04; // z = 3 + a x + b y
    bt_ground ground;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y;
        bt_wheel_place(&v, (bt_wheel)i, &x, &y);
        double wx = 10.0 + x * cos(yaw) - y * sin(yaw), wy = 20.0 + x * sin(yaw) + y * cos(yaw);
        ground.z_m[i] = 3.0 + a * wx + b * wy;
    }
    bt_ride ride;
    bt_ride_init(&v, &ground, &ride);
    bt_pose pose = bt_chassis_pose(&v, 10.0, 20.0, yaw, &ride);
    double travel[BT_WHEEL_COUNT];
    bt_ride_travel(&v, &ride, travel);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y;
        bt_wheel_place(&v, (bt_wheel)i, &x, &y);
        bt_vec3 p = bt_pose_point(pose, bt_vec3_make(x, y, 0.0));
        // small angles: heights were taken below the level wheel places
        CHECK_NEAR(p.z, 3.0 + a * p.x + b * p.y, 4e-3);
        CHECK_NEAR(travel[i], 0.0, 1e-9);
    }
    CHECK_NEAR(bt_quat_yaw(pose.rot), yaw, 1e-9);
}

// However the body leans, wheels moved by their travel stand on the ground.
static void test_wheels_on_ground(void)
{
    bt_vehicle v = truck();
    bt_ground ground = {{0.0, 0.03, 0.12, -0.02}};
    bt_ride ride;
    bt_ride_init(&v, &ground, &ride);
    for (int i = 0; i < 400; i++)
        bt_ride_step(&v, &ground, -6.0, 3.0, DT, &ride);
    double channel[BT_CHANNEL_COUNT] = {0};
    bt_travel_pose(&v, &ride, &ground, channel);
    bt_pose pose = bt_chassis_pose(&v, 4.0, -3.0, 0.7, &ride);
    double travel[BT_WHEEL_COUNT];
    bt_vec3 feet[BT_WHEEL_COUNT], up, level = bt_pose_dir(pose, bt_vec3_make(0.0, 0.0, 1.0));
    bt_ride_travel(&v, &ride, travel);
    bt_wheel_feet(&v, 4.0, -3.0, 0.7, &ride, feet, &up);
    CHECK_NEAR(bt_vec3_distance(up, level), 0.0, 1e-15);
    CHECK(fabs(ride.pitch_rad) > 0.01 && fabs(ride.roll_rad) > 0.01);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        bt_vec3 foot = bt_wheel_foot(&v, &pose, (bt_wheel)i, travel[i]);
        CHECK_NEAR(bt_vec3_distance(feet[i], foot), 0.0, 1e-14);
        bt_vec3 hub = {0.0, 0.0,
                       BT_SUSPENSION_ARM_M * sin(channel[BT_CHANNEL_TRAVEL_FRONT_LEFT + i])};
        bt_wheel_place(&v, (bt_wheel)i, &hub.x, &hub.y);
        CHECK_NEAR(bt_pose_point(pose, hub).z, ground.z_m[i], 1e-3);
    }
}

static void test_footprints(void)
{
    bt_vehicle v = truck();
    bt_actor_pose pose = {.world_from_actor = BT_POSE_IDENTITY};
    bt_footprint body, trailer, none;
    CHECK(bt_chassis_footprint(&v, &pose, 0, &body));
    CHECK_NEAR(body.x_m, 2.1, 1e-12);
    CHECK(bt_chassis_footprint(&v, &pose, 1, &trailer));
    CHECK_NEAR(trailer.x_m + trailer.half_length_m, 0.6 + BT_TRAILER_NOSE_M, 1e-12);
    CHECK(!bt_chassis_footprint(&v, &pose, 2, &none));
    pose.channel_rad[BT_CHANNEL_HITCH] = 0.5;
    CHECK(bt_chassis_footprint(&v, &pose, 1, &trailer));
    CHECK(trailer.y_m < 0.0 && trailer.yaw_rad == 0.5);
    v.trailer_length_m = 0.0;
    CHECK(!bt_chassis_footprint(&v, &pose, 1, &none));
}

static void test_overlap(void)
{
    bt_footprint a = {0.0, 0.0, 0.0, 2.0, 1.0, 0.0, 1.5}, b = a;
    b.x_m = 3.99;
    CHECK(bt_footprint_overlap(&a, &b));
    b.x_m = 4.01;
    CHECK(!bt_footprint_overlap(&a, &b));
    // a diamond at the corner: its nearest point is 2 cos 45 + 1 sin 45 away along the diagonal
    b.yaw_rad = 0.25 * BT_PI;
    double reach = sqrt(0.5);
    b.x_m = 2.0 + 2.05 * reach;
    b.y_m = 1.0 + 2.05 * reach;
    CHECK(!bt_footprint_overlap(&a, &b) && !bt_footprint_overlap(&b, &a));
    b.x_m = 2.0 + 1.95 * reach;
    b.y_m = 1.0 + 1.95 * reach;
    CHECK(bt_footprint_overlap(&a, &b) && bt_footprint_overlap(&b, &a));
    b.z_low_m = 5.0;
    b.z_high_m = 6.0; // on a bridge
    CHECK(!bt_footprint_overlap(&a, &b));
}

int main(void)
{
    test_ackermann();
    test_circle();
    test_off_tracking();
    test_articulated_bus();
    test_pose();
    test_wheels_on_ground();
    test_footprints();
    test_overlap();
    return check_end();
}
