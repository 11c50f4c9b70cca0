// standing_test.c: who leaves the road hits what stands there: walls that nothing moves, posts that break, bins that fly, rails
// that yield and lead back; found without looking at all of them; the same bytes again.
#include "engine/sim/standing.h"
#include "engine/core/random.h"
#include "engine/sim/impact.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#include <math.h>
#include <string.h>

#define STEP_S 0.01
#define MPH 0.44704

static bt_road_network *net;

static bt_standing thing_at(bt_standing_kind kind, double x, double y, double yaw,
                            double half_length, double half_width)
{
    bt_standing s = {.box = {x, y, yaw, half_length, half_width, -1.0, 3.0},
                     .kind = kind,
                     .id = 7,
                     .class_id = BT_CLASS_POLE};
    snprintf(s.name, sizeof s.name, "thing");
    return s;
}

typedef struct run {
    bt_sim *sim;
    bt_state *state;
    bt_actor_desc car;
    int steps;
} run;

// One car, led along its heading until it hits something.
static run begin(bt_vehicle vehicle, double x, double y, double yaw, double speed,
                 const bt_standing *things, uint32_t count)
{
    run r = {
        .car = {
            .kind = BT_ACTOR_VEHICLE, .vehicle = vehicle, .led = true, .goal_lane = BT_ROAD_NONE}};
    r.car.led_from = (bt_led_place){
        .pos = {x, y, 0.0}, .yaw_rad = yaw, .speed_m_s = speed, .lane = BT_ROAD_NONE};
    snprintf(r.car.name, sizeof r.car.name, "car");
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = &r.car, .actor_count = 1, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &r.sim));
    CHECK(!bt_sim_knows_standing(r.sim));
    CHECK_OK(bt_sim_stand(r.sim, things, count));
    CHECK(bt_sim_knows_standing(r.sim) && bt_sim_standing_count(r.sim) == count);
    CHECK_OK(bt_state_create(r.sim, &r.state));
    return r;
}

static void go(run *r, int steps)
{
    for (int i = 0; i < steps; i++) {
        bt_led_place to = r->car.led_from;
        double way = to.speed_m_s * STEP_S * ++r->steps;
        to.pos.x += way * cos(to.yaw_rad);
        to.pos.y += way * sin(to.yaw_rad);
        bt_state_lead(r->state, 0, &to);
        CHECK_OK(bt_sim_step(r->sim, r->state, NULL));
    }
}

static void end(run *r)
{
    bt_state_destroy(r->state);
    bt_sim_destroy(r->sim);
}

static double nose_of(const bt_vehicle *v)
{
    return v->length_m - v->rear_overhang_m;
}

// The first impact; what it is with is told.
static const bt_impact *impact_of(const run *r)
{
    const bt_impact *i = bt_state_impact(r->state, 0);
    CHECK(i && i->actor[0] == 0 && i->actor[1] == BT_SIM_NONE);
    const bt_standing *thing = i ? bt_sim_standing(r->sim, i->standing) : NULL;
    CHECK(thing && thing->id == 7 && strcmp(thing->name, "thing") == 0);
    return i;
}

// ---- solid ------------------------------------------------------------------------------------
// Nothing moves a wall: the car comes back with e times its speed, and stays out of it.
static void test_wall(void)
{
    bt_vehicle v = fixture_car();
    double wall_x = 130.0;
    bt_standing wall = thing_at(BT_STANDING_RIGID, wall_x, 60.0, 0.0, 0.2, 10.0);
    run r = begin(v, 100.0, 60.0, 0.0, 15.0, &wall, 1);
    double deepest = 0.0;
    for (int i = 0; i < 600; i++) {
        bt_footprint box;
        go(&r, 1);
        CHECK(bt_state_footprint(r.sim, r.state, 0, 0, &box));
        if (bt_footprint_overlap(&box, &wall.box))
            deepest = fmax(deepest, -bt_footprint_gap(&box, &wall.box));
    }
    const bt_impact *i = impact_of(&r);
    CHECK_NEAR(i->closing_m_s, 15.0, 0.01);
    CHECK_NEAR(-i->delta_v_m_s[0][0], 15.0 * (1.0 + bt_impact_restitution(15.0)), 0.02);
    CHECK_NEAR(i->impulse_ns, v.mass_kg * -i->delta_v_m_s[0][0], 1.0);
    CHECK(!i->gave_way && bt_state_standing_yield_m(r.state, 0) == 0.0);
    CHECK(deepest < 0.025);
    CHECK(bt_state_motion(r.state, 0)->speed_m_s == 0.0);
    CHECK(bt_state_motion(r.state, 0)->impact_standing == 0);
    end(&r);
}

// A post takes its impulse and is gone: the car is slower by that over its mass, and goes on.
static void test_post(void)
{
    bt_vehicle v = fixture_car();
    bt_standing post = thing_at(BT_STANDING_BREAKS, 120.0, 60.0, 0.3, 0.07, 0.07);
    run r = begin(v, 100.0, 60.0, 0.0, 15.0, &post, 1);
    go(&r, 180);
    const bt_impact *i = impact_of(&r);
    CHECK_NEAR(hypot(i->delta_v_m_s[0][0], i->delta_v_m_s[0][1]), BT_STANDING_BREAKS_NS / v.mass_kg,
               1e-6);
    CHECK(i->gave_way && isinf(bt_state_standing_yield_m(r.state, 0)));
    CHECK(bt_state_motion(r.state, 0)->pose.world_from_actor.pos.x > 121.0);
    CHECK(bt_state_impact_count(r.state) == 1);
    end(&r);
    // one who comes so slowly that he has not that much: it stands
    double slow = 0.8 * BT_STANDING_BREAKS_NS / v.mass_kg;
    r = begin(v, 120.0 - 0.3 - nose_of(&v), 60.0, 0.0, slow, &post, 1);
    go(&r, 300);
    i = impact_of(&r);
    CHECK(!i->gave_way && bt_state_standing_yield_m(r.state, 0) == 0.0);
    CHECK_NEAR(-i->delta_v_m_s[0][0], slow, 0.05 * slow);
    CHECK(bt_state_motion(r.state, 0)->pose.world_from_actor.pos.x + nose_of(&v) < 120.0);
    end(&r);
}

// A loose body: momentum is shared.
static void test_bin(void)
{
    bt_vehicle v = fixture_car();
    bt_standing bin = thing_at(BT_STANDING_LOOSE, 120.0, 60.0, 0.0, 0.3, 0.3);
    bin.mass_kg = 60.0;
    run r = begin(v, 100.0, 60.0, 0.0, 12.0, &bin, 1);
    go(&r, 200);
    const bt_impact *i = impact_of(&r);
    CHECK_NEAR(-i->delta_v_m_s[0][0], 12.0 * 60.0 / (60.0 + v.mass_kg), 1e-3);
    end(&r);
}

// ---- rails ------------------------------------------------------------------------------------
// Straight across, in the middle: v sqrt(m / k) deep, and no way back.
static void test_rail_depth(void)
{
    bt_vehicle v = fixture_car();
    bt_standing rail = thing_at(BT_STANDING_RAIL, 120.0, 60.0, 0.5 * BT_PI, 8.0, 0.1);
    run r = begin(v, 100.0, 60.0, 0.0, 6.0, &rail, 1);
    go(&r, 500);
    double depth = bt_state_standing_yield_m(r.state, 0);
    // a step's way, 6 cm, is what it may be off
    CHECK_NEAR(depth, 6.0 * sqrt(v.mass_kg / BT_RAIL_STIFFNESS_N_M), 0.06);
    const bt_impact *i = impact_of(&r);
    CHECK_NEAR(-i->delta_v_m_s[0][0], 6.0, 0.6); // its brakes do the rest
    bt_vec3 at = bt_state_motion(r.state, 0)->pose.world_from_actor.pos;
    CHECK(bt_state_motion(r.state, 0)->speed_m_s == 0.0 && at.x + nose_of(&v) > 119.9);
    CHECK_NEAR(at.y, 60.0, 0.05);
    end(&r);
}

// Tests MGS7S-1 and -2 of the Midwest Roadside Safety Facility (Wisconsin, Midwest Guardrail System with half post spacing): a
// car of 1100 kg at 62.8 mph and 25.2 degrees, a pick-up of 2270 kg at 62.6 mph and 25.4 degrees: both were contained and
// redirected.
static void test_redirects(double mass_kg, double speed_m_s, double angle_deg)
{
    bt_vehicle v = fixture_car();
    v.yaw_inertia_kg_m2 *= mass_kg / v.mass_kg;
    v.cornering_front_n_rad *= mass_kg / v.mass_kg;
    v.cornering_rear_n_rad *= mass_kg / v.mass_kg;
    v.mass_kg = mass_kg;
    bt_standing rails[60];
    for (int i = 0; i < 60; i++)
        rails[i] = thing_at(BT_STANDING_RAIL, 100.0 + 4.0 * i, 60.0, 0.0, 2.0, 0.1);
    double yaw = angle_deg * BT_PI / 180.0;
    run r = begin(v, 100.0, 50.0, yaw, speed_m_s, rails, 60);
    double deepest = 0.0, back = 0.0, out_m_s = 0.0, farthest = 0.0;
    for (int i = 0; i < 300; i++) {
        go(&r, 1);
        const bt_motion *m = bt_state_motion(r.state, 0);
        back = fmin(back, m->velocity_m_s.y);
        if (back < 0.0 && out_m_s == 0.0) out_m_s = hypot(m->velocity_m_s.x, m->velocity_m_s.y);
        farthest = fmax(farthest, m->pose.world_from_actor.pos.y);
    }
    for (uint32_t i = 0; i < 60; i++)
        deepest = fmax(deepest, bt_state_standing_yield_m(r.state, i));
    const bt_impact *i = impact_of(&r);
    printf("%.0f kg at %.1f m/s and %.1f degrees: rail %.2f m deep, on at %.1f m/s, delta-v %.1f "
           "m/s\n",
           mass_kg, speed_m_s, angle_deg, deepest, out_m_s,
           hypot(i->delta_v_m_s[0][0], i->delta_v_m_s[0][1]));
    CHECK(deepest > 0.2 && deepest < BT_RAIL_DEEPEST_M);
    CHECK(farthest < 60.0 + deepest);           // contained
    CHECK(back < 0.0);                          // redirected
    CHECK(out_m_s > 0.4 * speed_m_s);           // not stopped
    CHECK(bt_state_impact_count(r.state) == 1); // all its modules are one impact
    end(&r);
}

// Who comes at the end of a rail breaks posts instead of being thrown aside.
static void test_end(void)
{
    bt_vehicle v = fixture_car();
    bt_standing rails[5];
    for (int i = 0; i < 5; i++)
        rails[i] = thing_at(BT_STANDING_RAIL, 120.0 + 4.0 * i, 60.1, 0.0, 2.0, 0.1);
    run r = begin(v, 100.0, 60.0, 0.0, 15.0, rails, 5);
    go(&r, 300);
    CHECK(isinf(bt_state_standing_yield_m(r.state, 0)));
    CHECK(fabs(bt_state_motion(r.state, 0)->pose.world_from_actor.pos.y - 60.0) < 2.0);
    end(&r);
}

// ---- search -----------------------------------------------------------------------------------
static void test_search(void)
{
    enum { COUNT = 2000 };
    static bt_standing things[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        double u[5];
        for (uint32_t k = 0; k < 5; k++)
            u[k] = bt_random_unit(11, 0, i, k);
        things[i] = thing_at(BT_STANDING_RIGID, 900.0 * u[0], 300.0 * u[1], 6.0 * u[2],
                             i % 50 == 0 ? 40.0 * u[3] : u[3], u[4]);
    }
    bt_standing_field field;
    CHECK_OK(bt_standing_field_create(things, COUNT, &field));
    for (uint32_t n = 0; n < 300; n++) {
        double x = 1000.0 * bt_random_unit(12, 0, n, 0) - 50.0;
        double y = 400.0 * bt_random_unit(12, 0, n, 1) - 50.0;
        uint32_t found[400], count = bt_standing_near(&field, x, y, x + 9.0, y + 9.0, found, 400);
        bool seen[COUNT] = {false};
        for (uint32_t i = 0; i < count; i++) {
            CHECK(!seen[found[i]]); // each once
            seen[found[i]] = true;
        }
        for (uint32_t i = 0; i < COUNT; i++) {
            const bt_footprint *f = &things[i].box;
            const bt_footprint asked = {x + 4.5, y + 4.5, 0.0, 4.5, 4.5, 0.0, 1.0};
            if (bt_footprint_overlap(f, &asked)) CHECK(seen[i]);
        }
    }
    bt_standing_field_clear(&field);
    CHECK_OK(bt_standing_field_create(NULL, 0, &field));
    uint32_t none;
    CHECK(bt_standing_near(&field, 0.0, 0.0, 1.0, 1.0, &none, 1) == 0);
    bt_standing_field_clear(&field);
}

// ---- again ------------------------------------------------------------------------------------
static void digest_of(uint8_t digest[32], bool copied)
{
    bt_standing rails[60];
    for (int i = 0; i < 60; i++)
        rails[i] = thing_at(i == 20 ? BT_STANDING_BREAKS : BT_STANDING_RAIL, 100.0 + 4.0 * i, 60.0,
                            0.0, i == 20 ? 0.1 : 2.0, 0.1);
    run r = begin(fixture_car(), 100.0, 50.0, 0.3, 25.0, rails, 60);
    go(&r, 170);
    if (copied) {
        bt_state *copy;
        CHECK_OK(bt_state_copy(r.state, &copy));
        bt_state_destroy(r.state);
        r.state = copy;
    }
    go(&r, 200);
    CHECK(bt_state_impact_count(r.state) > 0);
    CHECK_OK(bt_state_digest(r.state, digest));
    end(&r);
}

static void test_again(void)
{
    uint8_t a[32], b[32];
    digest_of(a, false);
    digest_of(b, true);
    CHECK(memcmp(a, b, sizeof a) == 0);
}

int main(void)
{
    net = network_two_way(400.0);
    test_wall();
    test_post();
    test_bin();
    test_rail_depth();
    test_redirects(1100.0, 62.8 * MPH, 25.2);
    test_redirects(2270.0, 62.6 * MPH, 25.4);
    test_end();
    test_search();
    test_again();
    bt_road_network_destroy(net);
    return check_end();
}
