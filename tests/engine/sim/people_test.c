// people_test.c: two crowds that meet: nobody is walked into, however dense; all come through where there is room.
#include "engine/core/random.h"
#include "engine/sim/audit.h"
#include "tests/engine/sim/audited.h"
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

int main(void)
{
    push_round();
    uint32_t loose = cross(80, 36.0, 20.0, false), dense = cross(PEOPLE_MAX, 9.0, 16.0, false);
    printf("80 people in 36 m: %u over; %d in 9 m: %u over\n", loose, PEOPLE_MAX, dense);
    CHECK(loose == 80);
    // among people wheelchairs, strollers, sticks, scooters
    uint32_t mixed = cross(36, 24.0, 24.0, true);
    printf("36 people, every third with something: %u over\n", mixed);
    CHECK(mixed >= 35);
    return check_end();
}
