// stream_test.c: a drive from window to window of an endless world against the drive through a map that
// holds them all: the ego the same to the bit; traffic goes on without a jump; two runs are one.
#include "procedural/roads/window.h"

#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/sim/carry.h"
#include "engine/sim/spawn.h"
#include "engine/sim/vehicle_lua.h"
#include "tests/support/check.h"

#include <math.h>
#include <string.h>

#define SEED 8u
#define LOOK_M 400.0
#define CARS 40u
#define STEPS 14000 // 140 s

static const bt_world_desc world = {7, BT_WORLD_RURAL};

static bt_road_network *whole_map(int reach)
{
    bt_xodr_writer w;
    bt_world_report report;
    const char *text = NULL;
    size_t count = 0;
    bt_road_network *net = NULL;
    bt_xodr_init(&w);
    CHECK_OK(bt_window_write(&world, reach, 800.0, 800.0, &w, &report));
    CHECK_OK(bt_xodr_finish(&w, &text, &count));
    CHECK_OK(bt_opendrive_parse("whole", text, count, &net));
    bt_xodr_clear(&w);
    return net;
}

static bt_vehicle hatch(void)
{
    static const char *const roots[] = {"assets"};
    bt_vehicle v = {0};
    CHECK_OK(bt_vehicle_load("assets/vehicles/hatch.lua", roots, 1, &v));
    return v;
}

// ---- the drive --------------------------------------------------------------------------------
typedef struct drive {
    bt_window *window; // NULL: the map is whole
    bt_road_network *net;
    bt_sim *sim;
    bt_state *state;
    bt_actor_desc *actors;
    uint32_t count, next_number, moves;
    double worst_jump_m, worst_speed_m_s, worst_accel_m_s2; // of who went over
} drive;

static bt_route_part part_of(const bt_window *window)
{
    double low[2], high[2];
    bt_window_rim(window, low, high);
    return (bt_route_part){LOOK_M, low[0], low[1], high[0], high[1]};
}

static void create_sim(drive *d, bt_route *route)
{
    bt_sim_desc desc = {.net = d->net,
                        .seed = SEED,
                        .actors = d->actors,
                        .actor_count = d->count,
                        .ego = 0,
                        .ego_route = route};
    CHECK_OK(bt_sim_create(&desc, &d->sim));
}

// Cars round the ego, not nearer than clear_m, as far as the map has room.
static void add_traffic(drive *d, uint32_t wanted, double clear_m, uint64_t seed)
{
    bt_vehicle car = hatch();
    bt_spawn_desc desc = {.net = d->net,
                          .seed = seed,
                          .counts = {wanted},
                          .cars = &car,
                          .car_models = 1,
                          .ego_lane = d->actors[0].lane,
                          .ego_s_m = d->actors[0].s_m,
                          .radius_m = 1200.0,
                          .clear_m = clear_m,
                          .present = d->actors,
                          .present_count = d->count};
    bt_spawn_list list;
    CHECK_OK(bt_spawn(&desc, &list));
    for (uint32_t i = 0; i < list.count; i++) {
        d->actors[d->count] = list.entries[i].desc;
        d->actors[d->count++].number = d->next_number++;
    }
    bt_spawn_clear(&list);
}

static void begin(drive *d, bool windowed, uint32_t cars)
{
    *d = (drive){.next_number = 1};
    d->actors = bt_alloc(CARS + 1, sizeof *d->actors);
    // the rim of the map is looked at in both alike
    bt_route_part part = {LOOK_M, -1e6, -1e6, 1e6, 1e6};
    if (windowed) {
        CHECK_OK(bt_window_create(&world, 1, 800.0, 800.0, &d->window));
        d->net = bt_window_release(d->window);
        part = part_of(d->window);
    } else {
        d->net = whole_map(4);
    }
    bt_actor_desc *ego = &d->actors[0];
    *ego = (bt_actor_desc){.name = "ego",
                           .kind = BT_ACTOR_VEHICLE,
                           .vehicle = hatch(),
                           .speed_m_s = 20.0,
                           .choice = SEED,
                           .goal_lane = BT_ROAD_NONE,
                           .external = true};
    uint32_t road = bt_road_find(d->net, "1");
    CHECK(road != BT_ROAD_NONE);
    ego->s_m = 300.0;
    ego->lane = bt_lane_find(d->net, road, ego->s_m, -1);
    d->count = 1;
    if (cars > 0) add_traffic(d, cars, 0.0, SEED);
    bt_route *route = NULL;
    CHECK_OK(bt_route_wander_part(d->net, &part, ego->lane, ego->s_m, 20000.0, SEED, &route));
    create_sim(d, route);
    CHECK_OK(bt_state_create(d->sim, &d->state));
}

static void end(drive *d)
{
    bt_state_destroy(d->state);
    bt_sim_destroy(d->sim);
    bt_road_network_destroy(d->net);
    bt_window_destroy(d->window);
    bt_free(d->actors);
}

// Up to the nearest body on a strip ahead.
static double room_ahead(const drive *d, bt_pose pose)
{
    double room = 1e3, yaw = bt_quat_yaw(pose.rot);
    for (uint32_t i = 1; i < d->count; i++) {
        bt_vec3 to = bt_vec3_sub(bt_state_motion(d->state, i)->pose.world_from_actor.pos, pose.pos);
        double ahead = to.x * cos(yaw) + to.y * sin(yaw), left = -to.x * sin(yaw) + to.y * cos(yaw);
        if (ahead > 0.0 && fabs(left) < 2.4) room = fmin(room, ahead - 4.5);
    }
    return room;
}

// Steers for a point of the way ahead, at a speed that the bend and who is there allow.
static bt_command steer(const drive *d)
{
    const bt_motion *m = bt_state_motion(d->state, 0);
    const bt_vehicle *v = &bt_sim_actor(d->sim, 0)->vehicle;
    bt_pose pose = m->pose.world_from_actor;
    bt_pose ahead =
        bt_route_pose(d->net, bt_sim_route(d->sim, 0), m->route_m + 9.0, 0.0, NULL, NULL);
    double dx = ahead.pos.x - pose.pos.x, dy = ahead.pos.y - pose.pos.y;
    double yaw = bt_quat_yaw(pose.rot), left = -dx * sin(yaw) + dy * cos(yaw);
    double turn = 2.0 * left / (dx * dx + dy * dy);
    double slow = bt_clamp(32.0 / sqrt(1.0 + 10000.0 * turn * turn), 6.0, 32.0);
    slow = fmin(slow, fmax(0.0, 0.5 * (room_ahead(d, pose) - 4.0)));
    return (bt_command){.steer_rad = atan(v->wheelbase_m * turn),
                        .accel_m_s2 = bt_clamp(slow - m->speed_m_s, -7.0, 1.5)};
}

// ---- from window to window --------------------------------------------------------------------
// How far who went over is from where it was.
static void measure_jump(drive *d, const bt_state *before, uint32_t origin, uint32_t actor)
{
    const bt_motion *a = bt_state_motion(before, origin), *b = bt_state_motion(d->state, actor);
    double jump = bt_vec3_distance(a->pose.world_from_actor.pos, b->pose.world_from_actor.pos);
    d->worst_jump_m = fmax(d->worst_jump_m, jump);
    d->worst_speed_m_s = fmax(d->worst_speed_m_s, fabs(a->speed_m_s - b->speed_m_s));
}

static void move(drive *d)
{
    drive before = *d;
    bt_road_match match;
    bt_route *route = NULL;
    bt_route_part part = part_of(d->window);
    uint32_t origins[CARS + 1];
    d->net = bt_window_release(d->window);
    CHECK_OK(bt_road_match_init(before.net, d->net, &match));
    double along = bt_state_motion(before.state, 0)->route_m;
    CHECK_OK(
        bt_route_carry(bt_sim_route(before.sim, 0), &match, d->net, &part, along, 20000.0, &route));
    d->count = 0;
    for (uint32_t i = 0; i < bt_sim_actor_count(before.sim); i++) {
        if (!bt_carry_possible(before.state, &match, i)) continue;
        origins[d->count] = i;
        d->actors[d->count++] = bt_carry_describe(before.state, &match, i);
    }
    bt_route_pose(d->net, route, along, 0.0, &d->actors[0].lane, &d->actors[0].s_m);
    uint32_t carried = d->count;
    d->moves++;
    if (before.count > 1) add_traffic(d, CARS + 1 - carried, 500.0, SEED + d->moves);
    for (uint32_t i = carried; i < d->count; i++)
        origins[i] = BT_SIM_NONE;
    create_sim(d, route);
    bt_carry carry = {before.state, &match, origins};
    CHECK_OK(bt_state_carry(d->sim, &carry, &d->state));
    for (uint32_t i = 0; i < carried; i++)
        measure_jump(d, before.state, origins[i], i);
    bt_road_match_clear(&match);
    bt_state_destroy(before.state);
    bt_sim_destroy(before.sim);
    bt_road_network_destroy(before.net);
}

static void step(drive *d)
{
    double speeds[CARS + 1];
    for (uint32_t i = 0; i < d->count; i++)
        speeds[i] = bt_state_motion(d->state, i)->speed_m_s;
    bt_command command = steer(d);
    CHECK_OK(bt_sim_step(d->sim, d->state, &command));
    for (uint32_t i = 1; i < d->count; i++) {
        double change = fabs(bt_state_motion(d->state, i)->speed_m_s - speeds[i]) / 0.01;
        d->worst_accel_m_s2 = fmax(d->worst_accel_m_s2, change);
    }
    if (!d->window) return;
    bt_vec3 at = bt_state_motion(d->state, 0)->pose.world_from_actor.pos;
    bool moved = false;
    CHECK_OK(bt_window_follow(d->window, at.x, at.y, &moved));
    if (moved) move(d);
}

// ---- tests ------------------------------------------------------------------------------------
static void test_ego(void)
{
    drive a, b;
    begin(&a, true, 0);
    begin(&b, false, 0);
    int differ = 0;
    for (int i = 0; i < STEPS; i++) {
        step(&a);
        step(&b);
        const bt_motion *m = bt_state_motion(a.state, 0), *n = bt_state_motion(b.state, 0);
        differ += memcmp(&m->pose, &n->pose, sizeof m->pose) != 0 || m->speed_m_s != n->speed_m_s ||
                  m->route_m != n->route_m;
    }
    printf("%.0f m in %u windows: %d of %d poses differ from those on the whole map\n",
           bt_state_motion(a.state, 0)->route_m, a.moves + 1, differ, STEPS);
    CHECK(differ == 0);
    CHECK(a.moves >= 2);
    end(&a);
    end(&b);
}

static void test_traffic(uint8_t digest[32])
{
    drive d;
    begin(&d, true, CARS);
    uint32_t first = d.count;
    for (int i = 0; i < 2 * STEPS && d.moves < 2; i++)
        step(&d);
    for (int i = 0; i < 1000; i++)
        step(&d);
    printf("%u cars at first, %u at last, numbered up to %u; over %u borders they jump %g m and "
           "%g m/s; at most %.1f m/s2\n",
           first - 1, d.count - 1, d.next_number - 1, d.moves, d.worst_jump_m, d.worst_speed_m_s,
           d.worst_accel_m_s2);
    CHECK(d.moves >= 2);
    CHECK(d.worst_jump_m == 0.0);
    CHECK(d.worst_speed_m_s == 0.0);
    CHECK(d.worst_accel_m_s2 < 9.0); // tyres
    CHECK(d.count > CARS / 2);
    CHECK(d.next_number > first); // others have come
    CHECK_OK(bt_state_digest(d.state, digest));
    end(&d);
}

int main(void)
{
    uint8_t one[32], two[32];
    test_ego();
    test_traffic(one);
    test_traffic(two);
    CHECK(memcmp(one, two, sizeof one) == 0);
    return check_end();
}
