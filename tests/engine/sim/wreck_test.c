// wreck_test.c: persons who are thrown: how far, against closed forms and Searle's bounds; they lie on the ground in the end.
#include "engine/sim/wreck.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#include <math.h>

#define STEP_S 0.01

static bt_road_network *net;

typedef struct throw
{
    double way_m, highest_m, low_m; // of its foot, above the ground
    int steps;
    bool flew;
}
throw;

// Struck at once to a speed along x, by something of such a height, on the level.
static throw throw_person(double height_m, double speed, double by_height_m)
{
    bt_actor_desc d = {.kind = BT_ACTOR_WALKER, .height_m = height_m};
    bt_actor_desc by = {.kind = BT_ACTOR_VEHICLE, .vehicle = fixture_car()};
    by.vehicle.height_m = by_height_m;
    bt_wreck w = {.body.drive = {.x_m = 100.0, .y_m = 1.0, .vx_m_s = speed}};
    bt_ego_forget_ground(&w.body);
    bt_wreck_push(&d, speed, 0.0, &by, &w);
    throw t = {.flew = w.flies, .low_m = 1e9};
    double channel[BT_CHANNEL_COUNT] = {0.0};
    while (t.steps < 3000 && !bt_wreck_rests(&w)) {
        bt_wreck_step(net, &d, 0, STEP_S, &w, channel);
        double z = bt_wreck_pose(&d, &w, channel).pos.z - w.body.ground.z_m[0];
        t.highest_m = fmax(t.highest_m, z);
        t.low_m = fmin(t.low_m, z);
        t.steps++;
    }
    CHECK(bt_wreck_rests(&w));
    bt_pose pose = bt_wreck_pose(&d, &w, channel);
    CHECK_NEAR(bt_quat_rotate(pose.rot, (bt_vec3){0.0, 0.0, 1.0}).z, 0.0, 1e-9); // lies
    // its back on the ground: no thinner than a body, no higher
    CHECK_NEAR(pose.pos.z - w.body.ground.z_m[0], 0.07 * height_m, 1e-9);
    CHECK(t.low_m > -1e-9);
    t.way_m = w.body.drive.x_m - 100.0;
    return t;
}

// Searle and Searle 1983, "The Trajectories of Pedestrians, Motorcycles, Motorcyclists, etc., Following a Road Accident", SAE 831622:
// between these lie all speeds that throw so far, whatever the angle. Derived: from the ground at speed v and angle a the way is
//   v^2 (cos a + mu sin a)^2 / (2 mu g), most at tan a = mu: 1 + mu^2 times that of a = 0.
static void check_bounds(const char *who, double v, double fall_m, const throw *t)
{
    double mu = BT_BODY_FRICTION, g = BT_GRAVITY_M_S2;
    double fastest = sqrt(2.0 * mu * g * t->way_m);
    double slowest = sqrt(2.0 * mu * g * fmax(0.0, t->way_m - mu * fall_m) / (1.0 + mu * mu));
    printf("%s at %4.1f m/s: thrown %5.2f m, to %.2f m; Searle: %.1f to %.1f m/s\n", who, v,
           t->way_m, t->highest_m, slowest, fastest);
    CHECK(v > slowest && v < fastest * 1.001);
}

static void test_wrap(void)
{
    double mu = BT_BODY_FRICTION, g = BT_GRAVITY_M_S2;
    for (double u = 4.0; u < 21.0; u += 4.0) {
        throw t = throw_person(1.75, u, 1.45);
        double fall = (0.55 - 0.07) * 1.75, up = u * tan(BT_WRAP_RAD);
        CHECK(t.flew && t.highest_m > 0.0);
        check_bounds("wrap", hypot(u, up), fall, &t);
        // who comes down on foot or back before it lies falls less deep
        double flat = (u + mu * up) * (u + mu * up) / (2.0 * mu * g);
        CHECK(t.way_m > flat * 0.99 && t.way_m < flat * 1.01 + mu * fall);
    }
    // high enough to lie when it comes down: the closed form
    throw t = throw_person(1.75, 20.0, 1.45);
    double up = 20.0 * tan(BT_WRAP_RAD), fall = (0.55 - 0.07) * 1.75;
    CHECK_NEAR(t.way_m, (20.0 + mu * up) * (20.0 + mu * up) / (2.0 * mu * g) + mu * fall,
               0.02 * t.way_m);
}

// A child before a car, an adult before a lorry: forward.
static void test_forward(void)
{
    for (double u = 4.0; u < 21.0; u += 4.0) {
        throw child = throw_person(1.1, u, 1.45), adult = throw_person(1.75, u, 3.5);
        CHECK(!child.flew && !adult.flew);
        check_bounds("child", u, 0.0, &child);
        check_bounds("adult before a lorry", u, 0.0, &adult);
        CHECK_NEAR(child.way_m, u * u / (2.0 * BT_BODY_FRICTION * BT_GRAVITY_M_S2),
                   0.01 * child.way_m);
    }
}

int main(void)
{
    net = network_two_way(400.0);
    test_wrap();
    test_forward();
    bt_road_network_destroy(net);
    return check_end();
}
