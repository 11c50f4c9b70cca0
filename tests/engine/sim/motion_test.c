// motion_test.c: motions are the differences that they say they are, whoever asks for them and when.
#include "engine/sim/spawn.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/maps.h"

#include <stdlib.h>
#include <string.h>

#define STEPS 1500
#define STEP_S 0.01
#define ASKED 37 // steps; no divisor of those between decisions

typedef struct scene {
    bt_road_network *net;
    bt_spawn_list list;
    bt_actor_desc *actors;
    bt_sim *sim;
} scene;

// Cars round the first, which is the ego, so that some of them move by forces; trailers, parked cars and people.
static bool begin(scene *s)
{
    *s = (scene){.net = map_load("assets/maps/town.xodr")};
    if (!s->net) return false;
    bt_vehicle car = fixture_car(), truck = fixture_truck();
    bt_spawn_desc spawn = {.net = s->net,
                           .seed = 3,
                           .counts = {30, 3, 10, 20, 0, 3},
                           .cars = &car,
                           .car_models = 1,
                           .trucks = &truck,
                           .truck_models = 1,
                           .ego_lane = BT_ROAD_NONE};
    CHECK_OK(bt_spawn(&spawn, &s->list));
    s->actors = calloc(s->list.count + 1, sizeof *s->actors);
    for (uint32_t i = 0; i < s->list.count; i++)
        s->actors[i] = s->list.entries[i].desc;
    bt_sim_desc desc = {
        .net = s->net, .seed = 1, .actors = s->actors, .actor_count = s->list.count, .ego = 0};
    CHECK_OK(bt_sim_create(&desc, &s->sim));
    return s->sim != NULL;
}

static void end(scene *s)
{
    bt_sim_destroy(s->sim);
    free(s->actors);
    bt_spawn_clear(&s->list);
    bt_road_network_destroy(s->net);
}

static bool same_state(const bt_state *a, const bt_state *b)
{
    uint8_t x[32], y[32];
    return bt_state_digest(a, x) == BT_OK && bt_state_digest(b, y) == BT_OK &&
           memcmp(x, y, sizeof x) == 0;
}

static bool is_difference(bt_vec3 rate, bt_vec3 from, bt_vec3 to)
{
    bt_vec3 d = bt_vec3_scale(bt_vec3_sub(to, from), 1.0 / STEP_S);
    return rate.x == d.x && rate.y == d.y && rate.z == d.z;
}

// To the last bit: what one step is compared with is what the step before has said.
static void check_differences(const scene *s, const bt_state *state, bt_motion *before)
{
    for (uint32_t i = 0; i < s->list.count; i++) {
        const bt_motion *m = bt_state_motion(state, i), *b = &before[i];
        CHECK(is_difference(m->acceleration_m_s2, b->velocity_m_s, m->velocity_m_s));
        CHECK(m->accel_m_s2 == (m->speed_m_s - b->speed_m_s) / STEP_S);
        bt_vec3 p = m->pose.world_from_actor.pos, q = b->pose.world_from_actor.pos;
        CHECK_NEAR(m->velocity_m_s.z, (p.z - q.z) / STEP_S, 1e-9);
        before[i] = *m;
    }
}

// One state is asked in every step, another every now and then, a third is copied from that unasked.
static void test_asking(void)
{
    scene s;
    if (!begin(&s)) return;
    bt_state *asked = NULL, *left = NULL;
    CHECK_OK(bt_state_create(s.sim, &asked));
    CHECK_OK(bt_state_create(s.sim, &left));
    bt_motion *before = calloc(s.list.count + 1, sizeof *before);
    for (uint32_t i = 0; i < s.list.count; i++)
        before[i] = *bt_state_motion(asked, i);
    for (int k = 1; k <= STEPS; k++) {
        CHECK_OK(bt_sim_step(s.sim, asked, NULL));
        CHECK_OK(bt_sim_step(s.sim, left, NULL));
        check_differences(&s, asked, before);
        if (k % ASKED != 0) continue;
        bt_state *copy = NULL;
        CHECK_OK(bt_state_copy(left, &copy));
        CHECK(same_state(asked, left));
        CHECK(same_state(asked, copy));
        bt_state_destroy(left);
        left = copy;
    }
    free(before);
    bt_state_destroy(asked);
    bt_state_destroy(left);
    end(&s);
}

int main(void)
{
    test_asking();
    return check_end();
}
