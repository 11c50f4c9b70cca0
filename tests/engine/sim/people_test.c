// people_test.c: two crowds that meet: nobody is walked into, however dense; all come through where there is room. Cars that
// turn, and people who cross before them or stand at their corners.
#include "engine/core/random.h"
#include "engine/sim/audit.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#define ROW_M 2.0
#define PEOPLE_MAX 160

static double draw(uint32_t i, uint32_t k)
{
    return bt_random_below(3, BT_STREAM_TRAFFIC, i, k, 1u << 20) / (double)(1u << 20);
}

// Half on each side of a street 10 m wide, in rows behind each other, far off any road.
static void place(uint32_t i, double width, bool gear, bt_vec3 path[2], bt_actor_desc *d)
{
    uint32_t n = i / 2, columns = (uint32_t)(width / 0.9);
    double sign = i % 2 ? 1.0 : -1.0, x = 2000.0 + 0.9 * (n % columns) + 0.2 * draw(i, 0);
    double from = sign * (5.0 + ROW_M * (n / columns) + 0.2 * draw(i, 1));
    path[0] = (bt_vec3){x, from, 0.0};
    path[1] = (bt_vec3){x, -from, 0.0};
    *d = (bt_actor_desc){.kind = BT_ACTOR_WALKER,
                         .height_m = 1.55 + 0.35 * draw(i, 3),
                         .walk_speed_m_s = 1.1 + 0.5 * draw(i, 4),
                         .path = path,
                         .path_count = 2};
    if (gear && i % 3 == 0) {
        d->gear = (bt_gear_kind)(1 + i / 3 % (BT_GEAR_BICYCLE - 1));
        d->walk_speed_m_s = bt_gear_limits_of(d->gear)->speed_m_s[0];
    }
    snprintf(d->name, sizeof d->name, "person %u", i);
}

// How many are past the middle after some seconds; nobody touched anybody.
static uint32_t cross(uint32_t count, double width, double seconds, bool gear)
{
    static bt_actor_desc actors[PEOPLE_MAX];
    static bt_vec3 paths[2 * PEOPLE_MAX];
    bt_road_network *net = network_crossing(0);
    for (uint32_t i = 0; i < count; i++)
        place(i, width, gear, &paths[2 * i], &actors[i]);
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
    for (int i = 0; i < (int)(100.0 * seconds); i++) {
        audited_step(&a, i, NULL);
    }
    CHECK(bt_audit_get(a.audit)->walker_touches == 0);
    CHECK(bt_audit_get(a.audit)->worst[BT_AUDIT_FOOT].over == 0);
    uint32_t over = 0;
    for (uint32_t i = 0; i < count; i++)
        over += bt_state_motion(a.state, i)->pose.world_from_actor.pos.y * paths[2 * i].y < 0.0;
    audited_end(&a);
    bt_road_network_destroy(net);
    return over;
}

// Whoever pushes a stroller round a corner and to and fro goes round its rear axle, whose wheels do not slip aside.
static void push_round(void)
{
    bt_road_network *net = network_crossing(0);
    bt_vec3 path[3] = {{2000.0, 0.0, 0.0}, {2006.0, 0.0, 0.0}, {2006.0, 6.0, 0.0}};
    bt_actor_desc actor = {.kind = BT_ACTOR_WALKER,
                           .name = "parent",
                           .height_m = 1.7,
                           .walk_speed_m_s = 1.2,
                           .gear = BT_GEAR_STROLLER,
                           .path = path,
                           .path_count = 3,
                           .path_loop = true};
    bt_gear gear = bt_gear_make(BT_GEAR_STROLLER, actor.height_m);
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = &actor, .actor_count = 1, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
    bt_vec3 before = {0.0, 0.0, 0.0};
    double slip = 0.0, turned = 0.0, yaw = 0.0, most_y = 0.0, aside = 0.0;
    for (int i = 0; i < 6000; i++) {
        audited_step(&a, i, NULL);
        bt_pose pose = bt_state_motion(a.state, 0)->pose.world_from_actor;
        bt_vec3 axle = bt_pose_point(pose, bt_vec3_make(gear.rear_x_m, 0.0, 0.0));
        double now = bt_quat_yaw(pose.rot), middle = now - 0.5 * bt_wrap_angle(now - yaw);
        double left = -(axle.x - before.x) * sin(middle) + (axle.y - before.y) * cos(middle);
        if (i > 0) slip = fmax(slip, fabs(left) / 0.01);
        if (i > 0) turned += fabs(bt_wrap_angle(now - yaw));
        most_y = fmax(most_y, pose.pos.y);
        aside = fmax(aside, fmax(pose.pos.x - 2006.0, -pose.pos.y));
        before = axle;
        yaw = now;
    }
    printf("stroller: slips by %.4f m/s at most, turned by %.1f rad, %.2f m off its path\n", slip,
           turned, aside);
    CHECK(slip < 0.01);
    CHECK(turned > 6.0 * BT_PI && most_y > 5.0); // corners, and turned back at ends
    CHECK(bt_audit_get(a.audit)->worst[BT_AUDIT_FOOT].over == 0);
    audited_end(&a);
    bt_road_network_destroy(net);
}

// ---- cars that turn ---------------------------------------------------------------------------
// A car turns from one arm of a crossing into another, past somebody whose path is given; nobody is touched. Gives how hard
// it brakes at most.
static double turn_past(const bt_road_network *net, uint32_t to, double from_m,
                        bt_actor_desc walker)
{
    bt_actor_desc actors[2] = {fixture_driver(bt_lane_find(net, 0, from_m, 1), from_m, 8.0, 12.0),
                               walker};
    actors[0].goal_lane = bt_lane_find(net, to, 50.0, -1);
    actors[0].goal_s_m = CROSSING_ARM_M - 20.0;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
    double hardest = 0.0;
    for (int i = 0; i < 2000; i++) {
        audited_step(&a, i, NULL);
        hardest = fmin(hardest, bt_state_motion(a.state, 0)->accel_m_s2);
    }
    CHECK(bt_audit_get(a.audit)->touches == 0);
    audited_end(&a);
    return hardest;
}

static bt_actor_desc person(const bt_vec3 path[2], double start_s)
{
    return (bt_actor_desc){.kind = BT_ACTOR_WALKER,
                           .name = "person",
                           .height_m = 1.75,
                           .walk_speed_m_s = 1.3,
                           .path = path,
                           .path_count = 2,
                           .start_ns = bt_from_seconds(start_s)};
}

// Who crosses the arm that a car turns into, from either side, lets it pass or is over before it brakes hard.
static void cross_before_turning(const bt_road_network *net, uint32_t to)
{
    double hardest = 0.0,
           y = (to == 3 ? -1.0 : 1.0) * (CROSSING_BOX_M + 1.0); // arm 3 lies at y < 0
    for (int i = 0; i < 24; i++) {
        double x = i % 2 ? 7.0 : -7.0;
        bt_vec3 path[2] = {{x, y, 0.0}, {-x, y, 0.0}};
        hardest = fmin(hardest, turn_past(net, to, 20.0, person(path, 0.4 * (i / 2))));
    }
    printf("to arm %u: brakes by %.2f m/s^2 at most\n", to, -hardest);
    CHECK(hardest > -2.5);
}

// A car that stands in a bend sets off; somebody stands at its outer front corner, which comes out of the way. It stays where
// it is, or goes by where there is room.
static void stand_at_corner(const bt_road_network *net)
{
    uint32_t stayed = 0, count = 0;
    double on = 4.0;
    bt_actor_desc actors[2] = {fixture_driver(bt_lane_find(net, 4, on, -1), on, 0.0, 12.0)};
    const bt_vehicle *v = &actors[0].vehicle;
    bt_pose at = bt_lane_pose(net, actors[0].lane, on, 0.0);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 12; k++) {
            double ahead = v->length_m - v->rear_overhang_m + 0.25 + 0.06 * i;
            double left = 0.5 * v->width_m - 0.1 + 0.03 * k;
            bt_vec3 path[2] = {bt_pose_point(at, bt_vec3_make(ahead, left, 0.0)),
                               bt_pose_point(at, bt_vec3_make(ahead + 2.0, left, 0.0))};
            actors[1] = person(path, 1000.0);
            bt_sim_desc desc = {
                .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
            audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
            for (int step = 0; step < 400; step++)
                audited_step(&a, step, NULL);
            CHECK(bt_audit_get(a.audit)->touches == 0);
            stayed += bt_state_motion(a.state, 0)->route_m < 3.0;
            count++;
            audited_end(&a);
        }
    printf("at a corner: %u of %u cars stay\n", stayed, count);
    CHECK(stayed > count / 4 && stayed < count);
}

int main(void)
{
    push_round();
    bt_road_network *net = network_crossing(0);
    cross_before_turning(net, 1);
    cross_before_turning(net, 3);
    stand_at_corner(net);
    bt_road_network_destroy(net);
    uint32_t loose = cross(80, 36.0, 20.0, false), dense = cross(PEOPLE_MAX, 9.0, 16.0, false);
    printf("80 people in 36 m: %u over; %d in 9 m: %u over\n", loose, PEOPLE_MAX, dense);
    CHECK(loose == 80);
    // among people wheelchairs, strollers, sticks, scooters
    uint32_t mixed = cross(36, 24.0, 24.0, true);
    printf("36 people, every third with something: %u over\n", mixed);
    CHECK(mixed >= 35);
    return check_end();
}
