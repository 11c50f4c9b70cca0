// crash_test.c: crashes in the simulation: momentum, spin and rest, pile-ups that lie apart, people who are thrown,
// traffic that copes, the same bytes again.
#include "engine/sim/wreck.h"
#include "engine/sim/ride.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#include <math.h>

#define STEP_S 0.01
#define DEEP_M 0.025 // BT_CRASH_DEPTH_M, and what bodies lean

static bt_road_network *net;

// Led at constant speed along its heading; on the plain beside the road or on it.
static bt_actor_desc led_at(const char *name, double x, double y, double yaw, double speed)
{
    bt_actor_desc d = {
        .kind = BT_ACTOR_VEHICLE,
        .vehicle = fixture_car(),
        .led = true,
        .goal_lane = BT_ROAD_NONE,
        .height_m = 1.75,
        .led_from = {.pos = {x, y, 0.0}, .yaw_rad = yaw, .speed_m_s = speed, .lane = BT_ROAD_NONE}};
    snprintf(d.name, sizeof d.name, "%s", name);
    return d;
}

typedef struct world {
    const bt_actor_desc *actors;
    uint32_t count;
    bt_sim *sim;
    bt_state *state;
    int steps;
    double deepest_m;
} world;

static world begin(const bt_actor_desc *actors, uint32_t count)
{
    world w = {.actors = actors, .count = count};
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &w.sim));
    CHECK_OK(bt_state_create(w.sim, &w.state));
    return w;
}

static void end(world *w)
{
    bt_state_destroy(w->state);
    bt_sim_destroy(w->sim);
}

static void look_for_overlap(world *w)
{
    for (uint32_t i = 0; i < 2 * w->count; i++)
        for (uint32_t k = 0; k < i; k++) {
            bt_footprint a, b;
            if (i / 2 == k / 2 || !bt_state_footprint(w->sim, w->state, i / 2, i % 2, &a) ||
                !bt_state_footprint(w->sim, w->state, k / 2, k % 2, &b))
                continue;
            if (bt_footprint_overlap(&a, &b))
                w->deepest_m = fmax(w->deepest_m, -bt_footprint_gap(&a, &b));
        }
}

static void step_state(world *w, bt_state *state, int step)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (!w->actors[i].led) continue;
        bt_led_place to = w->actors[i].led_from;
        double way = to.speed_m_s * STEP_S * step;
        to.pos.x += way * cos(to.yaw_rad);
        to.pos.y += way * sin(to.yaw_rad);
        bt_state_lead(state, i, &to);
    }
    CHECK_OK(bt_sim_step(w->sim, state, NULL));
}

static void run(world *w, int steps)
{
    for (int i = 0; i < steps; i++) {
        step_state(w, w->state, ++w->steps);
        look_for_overlap(w);
    }
}

static double speed_of(const world *w, uint32_t actor)
{
    bt_vec3 v = bt_state_motion(w->state, actor)->velocity_m_s;
    return hypot(v.x, v.y);
}

static double yaw_of(const world *w, uint32_t actor)
{
    return bt_quat_yaw(bt_state_motion(w->state, actor)->pose.world_from_actor.rot);
}

static void check_rests(world *w)
{
    bt_vec3 at[8];
    for (uint32_t i = 0; i < w->count; i++)
        at[i] = bt_state_motion(w->state, i)->pose.world_from_actor.pos;
    run(w, 100);
    for (uint32_t i = 0; i < w->count; i++) {
        bt_vec3 now = bt_state_motion(w->state, i)->pose.world_from_actor.pos;
        CHECK(now.x == at[i].x && now.y == at[i].y);
        CHECK(speed_of(w, i) == 0.0);
        CHECK(bt_state_is_wreck(w->state, i));
    }
}

// Head on with full overlap, equal cars: both lose half of the closing speed and (1 + e) of it; no turn.
static void test_head_on(void)
{
    bt_actor_desc actors[2] = {led_at("west", 0.0, 0.0, 0.0, 8.0),
                               led_at("east", 30.0, 0.0, BT_PI, 4.0)};
    world w = begin(actors, 2);
    while (bt_state_impact_count(w.state) == 0 && w.steps < 400)
        run(&w, 1);
    const bt_impact *hit = bt_state_impact(w.state, 0);
    CHECK(hit != NULL);
    if (!hit) return;
    double e = bt_impact_restitution(12.0), change = 0.5 * (1.0 + e) * 12.0;
    CHECK_NEAR(hit->closing_m_s, 12.0, 0.01);
    CHECK_NEAR(hit->delta_v_m_s[0][0], -change, 0.01);
    CHECK_NEAR(hit->delta_v_m_s[1][0], change, 0.01);
    CHECK_NEAR(hit->impulse_ns, 1500.0 * change, 20.0);
    CHECK_NEAR(bt_state_motion(w.state, 0)->velocity_m_s.x, 8.0 - change, 0.02);
    // fronts 3.6 m ahead of both origins
    CHECK_NEAR(bt_seconds(hit->time_ns), (30.0 - 7.2) / 12.0, 0.011);
    run(&w, 800);
    CHECK_NEAR(yaw_of(&w, 0), 0.0, 1e-4);
    CHECK(w.deepest_m < DEEP_M);
    check_rests(&w);
    // led no longer: the story would have had it 60 m on
    CHECK(fabs(bt_state_motion(w.state, 0)->pose.world_from_actor.pos.x) < 25.0);
    end(&w);
}

// Struck at the tail by one that crosses: it spins, both move on, momentum as it was; then all rests, apart.
static void test_side(void)
{
    bt_actor_desc actors[2] = {led_at("runner", 0.0, -20.0, 0.5 * BT_PI, 14.0),
                               led_at("crosser", -15.0, 0.0, 0.0, 11.0)};
    world w = begin(actors, 2);
    while (bt_state_impact_count(w.state) == 0 && w.steps < 400)
        run(&w, 1);
    const bt_impact *hit = bt_state_impact(w.state, 0);
    CHECK(hit != NULL);
    if (!hit) return;
    printf("side impact: %.1f m/s, closes by %.1f, change %.1f and %.1f m/s\n", hit->speed_m_s,
           hit->closing_m_s, hypot(hit->delta_v_m_s[0][0], hit->delta_v_m_s[0][1]),
           hypot(hit->delta_v_m_s[1][0], hit->delta_v_m_s[1][1]));
    // of equal masses: what one gets the other loses
    CHECK_NEAR(hit->delta_v_m_s[0][0], -hit->delta_v_m_s[1][0], 1e-9);
    CHECK_NEAR(hit->delta_v_m_s[0][1], -hit->delta_v_m_s[1][1], 1e-9);
    double turned = 0.0, before = yaw_of(&w, 1), fastest = 0.0;
    for (int i = 0; i < 900; i++) {
        run(&w, 1);
        turned += bt_wrap_angle(yaw_of(&w, 1) - before);
        before = yaw_of(&w, 1);
        fastest = fmax(fastest, fabs(bt_state_motion(w.state, 1)->angular_velocity_rad_s.z));
    }
    printf("it spins by %.0f degrees, at %.1f rad/s at most; deepest %.3f m\n",
           turned / BT_RAD_PER_DEG, fastest, w.deepest_m);
    CHECK(fabs(turned) > 0.7);
    CHECK(w.deepest_m < DEEP_M);
    check_rests(&w);
    end(&w);
}

// Five into one that stands: in the end nobody lies in anybody, nobody trembles. And once more from a copy in the
// middle: the same bytes.
static void test_pile_up(void)
{
    bt_actor_desc actors[6];
    for (int i = 0; i < 6; i++)
        actors[i] = led_at("car", -22.0 * i, 0.35 * (i % 3), 0.0, i == 0 ? 0.0 : 20.0);
    world w = begin(actors, 6);
    bt_state *copy = NULL;
    run(&w, 130);
    CHECK_OK(bt_state_copy(w.state, &copy));
    int from = w.steps;
    run(&w, 1100);
    uint64_t hits = bt_state_impact_count(w.state);
    printf("pile-up: %llu impacts, deepest %.3f m\n", (unsigned long long)hits, w.deepest_m);
    CHECK(hits >= 5);
    CHECK(w.deepest_m < DEEP_M);
    check_rests(&w);
    for (int i = from + 1; i <= w.steps && copy; i++)
        step_state(&w, copy, i);
    uint8_t one[32], two[32];
    CHECK_OK(bt_state_digest(w.state, one));
    CHECK_OK(bt_state_digest(copy, two));
    CHECK(memcmp(one, two, sizeof one) == 0);
    bt_state_destroy(copy);
    end(&w);
}

// A person who stands before a car: thrown as far as Searle and Searle 1983 say, v^2 / 2 mu g from where it is struck; lies; the
// car has lost what the person got.
static void test_person(void)
{
    bt_actor_desc actors[2] = {led_at("car", 0.0, 0.0, 0.0, 12.0),
                               led_at("person", 20.0, 0.2, 1.2, 0.0)};
    actors[1].kind = BT_ACTOR_WALKER;
    world w = begin(actors, 2);
    while (bt_state_impact_count(w.state) == 0 && w.steps < 400)
        run(&w, 1);
    const bt_impact *hit = bt_state_impact(w.state, 0);
    CHECK(hit != NULL);
    if (!hit) return;
    double mass = 14.0 * 1.75 * 1.75 * 1.75, common = 12.0 * 1500.0 / (1500.0 + mass);
    CHECK_NEAR(hit->delta_v_m_s[1][0], common, 0.1);
    CHECK_NEAR(hit->delta_v_m_s[0][0], common - 12.0, 0.1);
    run(&w, 900);
    double way = bt_state_motion(w.state, 1)->pose.world_from_actor.pos.x - 20.0;
    double least = common * common / (2.0 * BT_BODY_FRICTION * BT_GRAVITY_M_S2);
    printf("thrown %.1f m (%.1f without a push from behind), deepest %.3f m\n", way, least,
           w.deepest_m);
    // a car that does not brake at once shoves it along
    CHECK(way > 0.98 * least);
    CHECK(way < 2.0 * least);
    bt_quat rot = bt_state_motion(w.state, 1)->pose.world_from_actor.rot;
    CHECK_NEAR(bt_quat_rotate(rot, (bt_vec3){0.0, 0.0, 1.0}).z, 0.0, 1e-9);
    CHECK(w.deepest_m < DEEP_M);
    check_rests(&w);
    end(&w);
}

// A lorry's trailer, a bicycle and a car in one heap; a walker who goes against a car that stands is not struck.
static void test_mixed(void)
{
    bt_actor_desc actors[4] = {led_at("lorry", 0.0, 0.0, 0.0, 9.0),
                               led_at("car", 20.0, -40.0, 0.5 * BT_PI, 13.0),
                               led_at("bicycle", 22.0, 0.3, 0.5 * BT_PI, 0.0),
                               led_at("walker", -60.0, 3.0, -0.5 * BT_PI, 1.3)};
    actors[0].vehicle = fixture_truck();
    actors[2].vehicle = fixture_bicycle();
    actors[3].kind = BT_ACTOR_WALKER;
    world w = begin(actors, 4);
    run(&w, 1300);
    for (uint32_t i = 0; i < 3; i++)
        CHECK(bt_state_is_wreck(w.state, i) && speed_of(&w, i) == 0.0);
    CHECK(!bt_state_is_wreck(w.state, 3));
    printf("heap: deepest %.3f m\n", w.deepest_m);
    CHECK(w.deepest_m < 0.05);
    end(&w);
}

int main(void)
{
    net = network_two_way(400.0);
    test_head_on();
    test_side();
    test_pile_up();
    test_person();
    test_mixed();
    bt_road_network_destroy(net);
    return check_end();
}
