// emergency_test.c: a car under siren comes through a queue and over a red light, a parked car joins the traffic.
#include "engine/sim/audit.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

static audited begin(const bt_road_network *net, const bt_actor_desc *actors, uint32_t count)
{
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    return audited_begin(&desc, (bt_audit_desc){.log = stdout});
}

static void run(const audited *d, double seconds)
{
    for (int i = 0; i < (int)(100.0 * seconds + 0.5); i++)
        audited_step(d, i, NULL);
}

static bt_vec3 place(const audited *d, uint32_t actor)
{
    return bt_state_motion(d->state, actor)->pose.world_from_actor.pos;
}

static void end(audited *d)
{
    const bt_audit_report *r = bt_audit_get(d->audit);
    CHECK(r->touches == 0);
    for (int k = 0; k < BT_AUDIT_WHEEL; k++)
        CHECK(r->worst[k].over == 0);
    audited_end(d);
}

// From behind a row of slower cars, with others coming: all make way, and go on in their lane afterwards.
static void test_queue(void)
{
    bt_road_network *net = network_two_way(900.0);
    uint32_t own = bt_lane_find(net, 0, 10.0, -1), other = bt_lane_find(net, 0, 10.0, 1);
    bt_actor_desc actors[7] = {fixture_driver(own, 20.0, 12.0, 9.0)};
    actors[0].emergency = true;
    actors[0].desired_speed_m_s = 20.0;
    for (uint32_t i = 0; i < 4; i++)
        actors[1 + i] = fixture_driver(own, 70.0 + 25.0 * i, 9.0, 9.0);
    for (uint32_t i = 0; i < 2; i++)
        actors[5 + i] = fixture_driver(other, 300.0 + 60.0 * i, 9.0, 9.0);
    audited d = begin(net, actors, 7);
    run(&d, 45.0);
    for (uint32_t i = 1; i < 5; i++)
        CHECK(place(&d, 0).x > place(&d, i).x + 5.0);
    run(&d, 12.0);
    for (uint32_t i = 1; i < 5; i++) {
        CHECK(bt_state_motion(d.state, i)->speed_m_s > 7.0);
        CHECK_NEAR(place(&d, i).y, -1.75, 0.1);
    }
    end(&d);
    bt_road_network_destroy(net);
}

// How long it takes from one arm over the crossing, whose signal is red at first.
static double crossing_time(bool siren)
{
    bt_road_network *net = network_crossing(1);
    double best = 1e9, worst = 0.0;
    // from all arms: two of them have red
    for (uint32_t arm = 0; arm < 2; arm++) {
        bt_actor_desc actors[3] = {fixture_driver(bt_lane_find(net, arm, 50.0, 1), 50.0, 9.0, 9.0)};
        actors[0].emergency = siren;
        for (uint32_t i = 0; i < 2; i++) // cross traffic
            actors[1 + i] =
                fixture_driver(bt_lane_find(net, 1 - arm + 2 * i, 60.0, 1), 60.0, 9.0, 9.0);
        audited d = begin(net, actors, 3);
        double took = 0.0;
        double before = bt_state_motion(d.state, 0)->route_m;
        while (took < 60.0 && bt_state_motion(d.state, 0)->route_m < before + 90.0) {
            run(&d, 0.1);
            took += 0.1;
        }
        best = fmin(best, took);
        worst = fmax(worst, took);
        end(&d);
    }
    CHECK(best < worst || siren);
    bt_road_network_destroy(net);
    return worst;
}

static void test_red(void)
{
    double with = crossing_time(true), without = crossing_time(false);
    printf("over the crossing in %.1f s under siren, %.1f s else\n", with, without);
    CHECK(with < 20.0 && without > with + 3.0);
}

// Waits for those who come from behind, then goes, indicating.
static void test_pull_out(void)
{
    bt_road_network *net = network_crossing(0);
    uint32_t parking = bt_lane_find(net, 0, 80.0, -2), lane = bt_lane_find(net, 0, 20.0, -1);
    bt_actor_desc actors[5] = {
        fixture_driver(parking, 80.0, 0.0, 9.0), fixture_driver(parking, 97.0, 0.0, 9.0),
        fixture_driver(lane, 30.0, 8.0, 9.0), fixture_driver(lane, 48.0, 8.0, 9.0),
        fixture_driver(lane, 66.0, 8.0, 9.0)};
    actors[0].parked = actors[1].parked = true;
    actors[0].pull_out_ns = 1 * BT_NS_PER_S;
    audited d = begin(net, actors, 5);
    run(&d, 3.0);
    CHECK(bt_state_motion(d.state, 0)->speed_m_s == 0.0); // the last is still to come
    run(&d, 11.0);
    CHECK(place(&d, 2).x > place(&d, 0).x);
    CHECK(bt_state_motion(d.state, 0)->speed_m_s > 3.0);
    CHECK_NEAR(place(&d, 0).y, -1.75, 0.15);
    CHECK(bt_state_motion(d.state, 1)->speed_m_s == 0.0);
    end(&d);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_queue();
    test_red();
    test_pull_out();
    return check_end();
}
