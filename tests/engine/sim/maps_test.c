// maps_test.c: traffic on real maps of all kinds: nothing breaks, touches, jumps or differs.
#include "engine/sim/spawn.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/maps.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define SECONDS 6.0
#define LONG_SECONDS 20.0
#else
#define SECONDS 20.0
#define LONG_SECONDS 300.0
#endif
#define CARS 20
#define STEP_S 0.01

typedef struct scene {
    bt_road_network *net;
    bt_spawn_list list;
    bt_actor_desc *actors;
    bt_sim *sim;
    bt_state *state;
} scene;

static bool scene_begin(scene *s, const char *map, uint32_t cars, uint64_t seed)
{
    *s = (scene){.net = map_load(map)};
    if (!s->net) return false;
    bt_vehicle car = fixture_car();
    bt_spawn_desc spawn = {.net = s->net,
                           .seed = seed,
                           .counts = {cars, 0, 10, 8, 3},
                           .cars = &car,
                           .car_models = 1,
                           .ego_lane = BT_ROAD_NONE};
    CHECK_OK(bt_spawn(&spawn, &s->list));
    s->actors = calloc(s->list.count + 1, sizeof *s->actors);
    for (uint32_t i = 0; i < s->list.count; i++)
        s->actors[i] = s->list.entries[i].desc;
    bt_sim_desc desc = {.net = s->net,
                        .seed = seed,
                        .actors = s->actors,
                        .actor_count = s->list.count,
                        .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &s->sim));
    if (s->sim) CHECK_OK(bt_state_create(s->sim, &s->state));
    return s->sim != NULL;
}

static void scene_end(scene *s)
{
    bt_state_destroy(s->state);
    bt_sim_destroy(s->sim);
    free(s->actors);
    bt_spawn_clear(&s->list);
    bt_road_network_destroy(s->net);
}

static uint32_t overlaps(const scene *s)
{
    uint32_t count = 0, n = bt_sim_actor_count(s->sim);
    for (uint32_t i = 0; i < n; i++) {
        bt_footprint a, b;
        if (s->actors[i].kind != BT_ACTOR_VEHICLE) continue;
        bt_state_footprint(s->sim, s->state, i, 0, &a);
        for (uint32_t k = 0; k < i; k++) {
            if (s->actors[k].kind != BT_ACTOR_VEHICLE) continue;
            bt_state_footprint(s->sim, s->state, k, 0, &b);
            if (!bt_footprint_overlap(&a, &b)) continue;
            if (count++ == 0)
                printf("  %.2f s: %s and %s touch at %.1f %.1f\n",
                       bt_seconds(bt_state_time_ns(s->state)), s->actors[i].name, s->actors[k].name,
                       a.x_m, a.y_m);
        }
    }
    return count;
}

typedef struct worst {
    double jump_m, turn_rad, brake_m_s2, side_m_s2, tilt_rad;
    double hard_s; // of braking harder than 4 m/s^2, all cars together
} worst;

// How far a step departs from what its speed says.
static void measure(const bt_motion *before, const bt_motion *now, worst *w)
{
    bt_vec3 way = bt_vec3_sub(now->pose.world_from_actor.pos, before->pose.world_from_actor.pos);
    bt_vec3 mean =
        bt_vec3_scale(bt_vec3_add(now->velocity_m_s, before->velocity_m_s), 0.5 * STEP_S);
    w->jump_m = fmax(w->jump_m, hypot(way.x - mean.x, way.y - mean.y));
    w->turn_rad = fmax(w->turn_rad, fabs(now->angular_velocity_rad_s.z));
    w->brake_m_s2 = fmax(w->brake_m_s2, -now->accel_m_s2);
    if (now->accel_m_s2 < -4.0) w->hard_s += STEP_S;
    w->side_m_s2 = fmax(w->side_m_s2, fabs(now->speed_m_s * now->angular_velocity_rad_s.z));
    bt_vec3 up = bt_pose_dir(now->pose.world_from_actor, bt_vec3_make(0.0, 0.0, 1.0));
    w->tilt_rad = fmax(w->tilt_rad, acos(fmin(1.0, up.z)));
}

// Gives how often (looked at ten times a second) vehicles touch.
static uint32_t drive(scene *s, double seconds, worst *w)
{
    uint32_t n = bt_sim_actor_count(s->sim), touched = 0;
    bt_motion *before = calloc(n + 1, sizeof *before);
    for (int step = 0; step < (int)(seconds / STEP_S + 0.5); step++) {
        for (uint32_t i = 0; i < n; i++)
            before[i] = *bt_state_motion(s->state, i);
        CHECK_OK(bt_sim_step(s->sim, s->state, NULL));
        for (uint32_t i = 0; i < n; i++)
            if (s->actors[i].kind == BT_ACTOR_VEHICLE)
                measure(&before[i], bt_state_motion(s->state, i), w);
        if (step % 10 == 0) touched += overlaps(s);
    }
    free(before);
    return touched;
}

static int test_map(const char *map)
{
    scene s;
    if (!scene_begin(&s, map, CARS, 5)) return 0;
    worst w = {0};
    uint32_t touched = drive(&s, SECONDS, &w);
    // bends of 3 to 4.5 m radius between lanes 3 m apart: more than a car's steering can do
    bool tight = strstr(map, "parking_demo") || strstr(map, "Junction_with_building0");
    CHECK(touched <= (tight ? 5u : 0u));
    // the body leans about a point above the ground's: centimetres per second of it are no jump
    CHECK(w.jump_m < 0.005);
    CHECK(w.turn_rad < 1.5);
    CHECK(w.side_m_s2 < 5.0);
    double way = 0.0;
    uint32_t moving = 0;
    for (uint32_t i = 0; i < s.list.count; i++) {
        if (s.list.entries[i].kind != BT_SPAWN_CAR) continue;
        way += bt_state_motion(s.state, i)->route_m;
        moving++;
    }
    CHECK(moving > 0 && way > moving * 5.0);
    printf("%-50s %3u actors, %5.0f m each, brake %.1f, side %.1f m/s^2, turn %.2f rad/s, jump "
           "%.1f mm\n",
           map, s.list.count, way / fmax(1.0, moving), w.brake_m_s2, w.side_m_s2, w.turn_rad,
           1e3 * w.jump_m);
    scene_end(&s);
    return 1;
}

// Five minutes of dense traffic in a town: nobody touches, everybody gets along.
static void test_long(const char *map)
{
    scene s;
    if (!scene_begin(&s, map, 60, 3)) return;
    worst w = {0};
    CHECK(drive(&s, LONG_SECONDS, &w) == 0);
    for (uint32_t i = 0; i < s.list.count; i++)
        if (s.list.entries[i].kind == BT_SPAWN_CAR)
            CHECK(bt_state_motion(s.state, i)->route_m > 1.0 * LONG_SECONDS);
    // hard braking is rare: less than one car second in a car hour
    CHECK(w.hard_s < 60.0 * LONG_SECONDS / 3600.0);
    printf("%s: %.0f s of hard braking in %.0f car hours\n", map, w.hard_s,
           60.0 * LONG_SECONDS / 3600.0);
    scene_end(&s);
}

static void run(scene *s, int steps)
{
    for (int i = 0; i < steps; i++)
        CHECK_OK(bt_sim_step(s->sim, s->state, NULL));
}

// Two runs give the same bytes; a copied state goes on as the original does; another seed differs.
static void test_same_bytes(const char *map)
{
    scene a, b, c;
    if (!scene_begin(&a, map, CARS, 9)) return;
    scene_begin(&b, map, CARS, 9);
    scene_begin(&c, map, CARS, 10);
    uint8_t first[32], second[32], third[32];
    run(&a, 700);
    run(&b, 700);
    run(&c, 700);
    CHECK_OK(bt_state_digest(a.state, first));
    CHECK_OK(bt_state_digest(b.state, second));
    CHECK_OK(bt_state_digest(c.state, third));
    CHECK(memcmp(first, second, 32) == 0);
    CHECK(memcmp(first, third, 32) != 0);
    bt_state *branch = NULL;
    CHECK_OK(bt_state_copy(a.state, &branch));
    CHECK_OK(bt_state_digest(branch, second));
    CHECK(memcmp(first, second, 32) == 0);
    run(&a, 500);
    for (int i = 0; i < 500; i++)
        CHECK_OK(bt_sim_step(a.sim, branch, NULL));
    CHECK_OK(bt_state_digest(a.state, first));
    CHECK_OK(bt_state_digest(branch, second));
    CHECK(memcmp(first, second, 32) == 0);
    bt_state_destroy(branch);
    scene_end(&a);
    scene_end(&b);
    scene_end(&c);
}

int main(void)
{
    const char *town = "assets/maps/town.xodr";
    CHECK(test_map(town) == 1);
    test_long(town);
    test_same_bytes(town);
    int found = 0;
    for (size_t i = 0; i < MAP_COUNT; i++)
        found += test_map(maps[i]);
    if (found == 0) printf("no real maps beside the project: only our own town was driven\n");
    test_long("carla/Town01");
    test_same_bytes("carla/Town03");
    return check_end();
}
