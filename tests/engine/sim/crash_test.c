// crash_test.c: crashes in the simulation: momentum, spin and rest, pile-ups that lie apart, people who are thrown,
// traffic that copes, the same bytes again.
#include "engine/sim/carry.h"
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

static void step_state(const world *w, const bt_sim *sim, bt_state *state, int step)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (!w->actors[i].led) continue;
        bt_led_place to = w->actors[i].led_from;
        double way = to.speed_m_s * STEP_S * step;
        to.pos.x += way * cos(to.yaw_rad);
        to.pos.y += way * sin(to.yaw_rad);
        bt_state_lead(state, i, &to);
    }
    CHECK_OK(bt_sim_step(sim, state, NULL));
}

static void run(world *w, int steps)
{
    for (int i = 0; i < steps; i++) {
        step_state(w, w->sim, w->state, ++w->steps);
        look_for_overlap(w);
    }
}

// The same world again, by way of carry.h, into another simulation of the same roads.
static bt_state *carried_from(const world *w, bt_sim **sim)
{
    bt_road_match match;
    bt_actor_desc actors[8];
    uint32_t origins[8];
    bt_state *to = NULL;
    CHECK_OK(bt_road_match_init(net, net, &match));
    for (uint32_t i = 0; i < w->count; i++) {
        CHECK(bt_carry_possible(w->state, &match, i));
        actors[i] = bt_carry_describe(w->state, &match, i);
        origins[i] = i;
    }
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = w->count, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, sim));
    bt_carry carry = {w->state, &match, origins};
    CHECK_OK(bt_state_carry(*sim, &carry, &to));
    bt_road_match_clear(&match);
    return to;
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

// Runs until there is one, for at most four seconds.
static const bt_impact *first_impact(world *w)
{
    while (bt_state_impact_count(w->state) == 0 && w->steps < 400)
        run(w, 1);
    const bt_impact *hit = bt_state_impact(w->state, 0);
    CHECK(hit != NULL);
    return hit;
}

// Head on with full overlap, equal cars: both lose half of the closing speed and (1 + e) of it; no turn.
static void test_head_on(void)
{
    bt_actor_desc actors[2] = {led_at("west", 0.0, 0.0, 0.0, 8.0),
                               led_at("east", 30.0, 0.0, BT_PI, 4.0)};
    world w = begin(actors, 2);
    const bt_impact *hit = first_impact(&w);
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
    const bt_impact *hit = first_impact(&w);
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

static void check_same(const bt_state *a, const bt_state *b)
{
    uint8_t one[32], two[32];
    CHECK_OK(bt_state_digest(a, one));
    CHECK_OK(bt_state_digest(b, two));
    CHECK(memcmp(one, two, sizeof one) == 0);
}

// Five into one that stands: in the end nobody lies in anybody, nobody trembles. And once more from a copy in the
// middle, and carried over into another simulation: the same bytes.
static void test_pile_up(void)
{
    bt_actor_desc actors[6];
    for (int i = 0; i < 6; i++)
        actors[i] = led_at("car", -22.0 * i, 0.35 * (i % 3), 0.0, i == 0 ? 0.0 : 20.0);
    world w = begin(actors, 6);
    bt_state *copy = NULL;
    run(&w, 130);
    CHECK_OK(bt_state_copy(w.state, &copy));
    bt_sim *other = NULL;
    bt_state *carried = carried_from(&w, &other);
    int from = w.steps;
    run(&w, 1100);
    uint64_t hits = bt_state_impact_count(w.state);
    printf("pile-up: %llu impacts, deepest %.3f m\n", (unsigned long long)hits, w.deepest_m);
    CHECK(hits >= 5);
    CHECK(w.deepest_m < DEEP_M);
    check_rests(&w);
    for (int i = from + 1; i <= w.steps && copy && carried; i++) {
        step_state(&w, w.sim, copy, i);
        step_state(&w, other, carried, i);
    }
    check_same(w.state, copy);
    check_same(w.state, carried);
    bt_state_destroy(carried);
    bt_sim_destroy(other);
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
    const bt_impact *hit = first_impact(&w);
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

// Ten drivers on a ring of two lanes, a wreck in one of them: they see it, pass it, and hit nothing.
static void test_traffic(void)
{
    bt_road_network *ring = network_ring_lanes(80.0, 2);
    bt_actor_desc actors[12];
    double from[12], way = 0.0;
    for (int i = 0; i < 10; i++) {
        double s_m = 60.0 + 18.0 * i;
        actors[i] = led_at("driver", 0.0, 0.0, 0.0, 0.0);
        actors[i].led = false;
        actors[i].lane = bt_lane_find(ring, 0, s_m, i % 2 ? -1 : -2);
        actors[i].s_m = s_m;
        actors[i].speed_m_s = 8.0;
    }
    bt_pose at = bt_lane_pose(ring, bt_lane_find(ring, 0, 20.0, -2), 20.0, 0.0);
    double yaw = bt_quat_yaw(at.rot);
    for (int i = 10; i < 12;
         i++) { // one behind the other, not to be seen by the others before they hit
        double behind = i == 10 ? 0.0 : 8.0;
        actors[i] = led_at(i == 10 ? "stands" : "comes", at.pos.x - behind * cos(yaw),
                           at.pos.y - behind * sin(yaw), yaw, i == 10 ? 0.0 : 6.0);
    }
    bt_sim_desc desc = {
        .net = ring, .seed = 1, .actors = actors, .actor_count = 12, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.wheels_every = 2});
    for (int i = 0; i < 6000; i++) {
        for (uint32_t k = 10; k < 12; k++) {
            bt_led_place to = actors[k].led_from;
            to.pos.x += 0.01 * (i + 1) * to.speed_m_s * cos(to.yaw_rad);
            to.pos.y += 0.01 * (i + 1) * to.speed_m_s * sin(to.yaw_rad);
            bt_state_lead(a.state, k, &to);
        }
        audited_step(&a, i, NULL);
        for (int k = 0; k < 10 && i == 4000; k++)
            from[k] = bt_state_motion(a.state, (uint32_t)k)->route_m;
    }
    for (int k = 0; k < 10; k++) {
        way += bt_state_motion(a.state, (uint32_t)k)->route_m - from[k];
        CHECK(!bt_state_is_wreck(a.state, (uint32_t)k));
    }
    const bt_audit_report *r = bt_audit_get(a.audit);
    bt_audit_print(a.audit, stdout);
    printf("a wreck in the way: in its last 20 s traffic goes %.0f m\n", way);
    CHECK(r->touches == 1);
    CHECK(way > 10 * 20.0 * 2.0);
    for (int k = 0; k < BT_AUDIT_KIND_COUNT; k++)
        CHECK(r->worst[k].over == 0);
    audited_end(&a);
    bt_road_network_destroy(ring);
}

// A trailer that is struck at its side between hitch and axle turns its tractor, one that is struck at its axle does not; a
// tractor that stands on is dragged back by what it draws.
static void test_trailer(void)
{
    const double places[2] = {-3.0, -7.5}; // of the trailer, from the hitch
    double rates[2];
    for (int i = 0; i < 2; i++) {
        bt_actor_desc actors[2] = {led_at("lorry", 0.0, 0.0, 0.0, 0.0),
                                   led_at("car", 0.6 + places[i], -20.0, 0.5 * BT_PI, 14.0)};
        actors[0].vehicle = fixture_truck();
        world w = begin(actors, 2);
        for (int k = 0; k < 300 && bt_state_impact_count(w.state) == 0; k++)
            run(&w, 1);
        const bt_impact *hit = bt_state_impact(w.state, 0);
        CHECK(hit && hit->actor[0] == 0);
        rates[i] = bt_state_motion(w.state, 0)->angular_velocity_rad_s.z;
        printf("a car of 1.5 t against a trailer, %.1f m behind its hitch: the tractor turns by "
               "%.3f rad/s\n",
               -places[i], rates[i]);
        end(&w);
    }
    // rigid bodies and a rod, as in impact_test.c; the hitch is 1 m behind the centre of gravity, 7.5 m before the axle
    double part = 1.0 - 3.0 / 7.5, hitch = 1.0 / 16000.0 + 1.0 / 60000.0;
    double per_kg = part * part * hitch + (1.0 - part) * (1.0 - part) / 12000.0 + 1.0 / 1500.0;
    double push = 14.0 * (1.0 + bt_impact_restitution(14.0)) / per_kg;
    CHECK_NEAR(rates[0], -part * push * 1.0 / 60000.0, 0.01);
    CHECK_NEAR(rates[1], 0.0, 0.01);
}

int main(void)
{
    net = network_two_way(400.0);
    test_head_on();
    test_side();
    test_pile_up();
    test_person();
    test_mixed();
    test_trailer();
    test_traffic();
    bt_road_network_destroy(net);
    return check_end();
}
