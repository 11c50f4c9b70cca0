// pass_test.c: round a parked car and a cyclist, oncoming traffic minded; who has no room waits.
#include "engine/sim/audit.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#include <string.h>

#define LENGTH_M 400.0

static bt_actor_desc driver(const bt_road_network *net, int lane, double s_m, double speed_m_s)
{
    bt_actor_desc d = {.kind = BT_ACTOR_VEHICLE,
                       .vehicle = fixture_car(),
                       .lane = bt_lane_find(net, 0, s_m, lane),
                       .s_m = s_m,
                       .speed_m_s = speed_m_s,
                       .goal_lane = BT_ROAD_NONE,
                       .desired_speed_m_s = 12.0};
    snprintf(d.name, sizeof d.name, "car %d %.0f", lane, s_m);
    return d;
}

static bt_actor_desc parked(const bt_road_network *net, int lane, double s_m, double lateral_m)
{
    bt_actor_desc d = driver(net, lane, s_m, 0.0);
    d.parked = true;
    d.lateral_m = lateral_m;
    return d;
}

static bt_actor_desc cyclist(const bt_road_network *net, double s_m)
{
    bt_actor_desc d = driver(net, -1, s_m, 4.5);
    fixture_narrow(&d.vehicle);
    d.desired_speed_m_s = 4.5;
    d.lateral_m = -1.0;
    return d;
}

typedef struct outcome {
    double x_m, least_m_s, most_aside_m, touches;
} outcome;

// How the first car fares within some seconds.
static outcome drive(const bt_road_network *net, const bt_actor_desc *actors, uint32_t count,
                     double seconds)
{
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
    outcome o = {.least_m_s = 1e9, .most_aside_m = -1e9};
    for (int i = 0; i < (int)(100.0 * seconds); i++) {
        CHECK_OK(bt_sim_step(a.sim, a.state, NULL));
        const bt_motion *m = bt_state_motion(a.state, 0);
        o.x_m = m->pose.world_from_actor.pos.x;
        o.least_m_s = fmin(o.least_m_s, m->speed_m_s);
        o.most_aside_m = fmax(o.most_aside_m, m->pose.world_from_actor.pos.y);
        if (i % 10 == 0) bt_audit_look(a.audit, a.state);
    }
    const bt_audit_report *r = bt_audit_get(a.audit);
    o.touches = r->touches;
    for (int k = 0; k < BT_AUDIT_WHEEL; k++)
        CHECK(r->worst[k].over == 0);
    audited_end(&a);
    return o;
}

// On a free road it goes round without standing, by as much as the room it wants.
static void test_parked(const bt_road_network *net)
{
    bt_actor_desc actors[2] = {driver(net, -1, 20.0, 10.0), parked(net, -1, 120.0, -0.6)};
    outcome o = drive(net, actors, 2, 30.0);
    CHECK(o.touches == 0 && o.x_m > 250.0 && o.least_m_s > 5.0);
    // lane's middle at -1.75; left edge of the parked car at -1.45, 0.6 m of room, half a width
    CHECK_NEAR(o.most_aside_m, -1.45 + 0.6 + 0.9, 0.2);
}

// Where there is room within the lane it stays there.
static void test_nudge(const bt_road_network *net)
{
    bt_actor_desc actors[3] = {driver(net, -1, 20.0, 10.0), parked(net, -1, 120.0, -2.3),
                               driver(net, 1, 200.0, 10.0)};
    outcome o = drive(net, actors, 3, 30.0);
    CHECK(o.touches == 0 && o.x_m > 250.0 && o.least_m_s > 5.0);
    CHECK(o.most_aside_m < -0.85);
}

// Those who come go first, a whole row of them; then it goes.
static void test_oncoming(const bt_road_network *net)
{
    bt_actor_desc actors[8] = {driver(net, -1, 20.0, 10.0), parked(net, -1, 120.0, -0.6)};
    for (uint32_t i = 0; i < 6; i++)
        actors[2 + i] = driver(net, 1, 180.0 + 35.0 * i, 10.0);
    outcome o = drive(net, actors, 8, 25.0);
    CHECK(o.touches == 0 && o.least_m_s < 1.0);
    CHECK(o.x_m < 120.0);
    o = drive(net, actors, 8, 60.0);
    CHECK(o.touches == 0 && o.x_m > 250.0);
}

// Two rows, each blocked at the same place: they take turns and nobody waits for ever.
static void test_both_blocked(const bt_road_network *net)
{
    bt_actor_desc actors[8] = {driver(net, -1, 60.0, 10.0), driver(net, 1, 200.0, 10.0),
                               parked(net, -1, 120.0, -0.6), parked(net, 1, 140.0, -0.6)};
    for (uint32_t i = 0; i < 2; i++) {
        actors[4 + 2 * i] = driver(net, -1, 40.0 - 18.0 * i, 10.0);
        actors[5 + 2 * i] = driver(net, 1, 220.0 + 18.0 * i, 10.0);
    }
    outcome o = drive(net, actors, 8, 90.0);
    CHECK(o.touches == 0 && o.x_m > 250.0);
}

// Behind a cyclist as long as somebody comes, then past.
static void test_cyclist(const bt_road_network *net)
{
    bt_actor_desc actors[3] = {driver(net, -1, 20.0, 10.0), cyclist(net, 60.0),
                               driver(net, 1, 250.0, 10.0)};
    outcome o = drive(net, actors, 3, 35.0);
    CHECK(o.touches == 0 && o.x_m > 250.0 && o.least_m_s > 2.0);
    CHECK(o.most_aside_m > -0.9);
}

// Who has had to slow down to a cyclist's speed gets faster beside it, once the lane is free.
static void test_cyclist_followed(void)
{
    bt_road_network *net = network_two_way(700.0);
    bt_actor_desc actors[8] = {driver(net, -1, 20.0, 10.0), cyclist(net, 50.0)};
    for (uint32_t i = 0; i < 6; i++)
        actors[2 + i] = driver(net, 1, 130.0 + 35.0 * i, 10.0);
    outcome o = drive(net, actors, 8, 14.0);
    CHECK(o.touches == 0 && o.x_m < 50.0 + 4.5 * 14.0 && o.least_m_s < 5.0);
    o = drive(net, actors, 8, 40.0);
    CHECK(o.touches == 0 && o.x_m > 50.0 + 4.5 * 40.0 + 50.0);
    bt_road_network_destroy(net);
}

// Whom no room is left for beyond the cyclist stays behind: a car is so slow that both follow it.
static void test_no_room_beyond(const bt_road_network *net)
{
    bt_actor_desc actors[3] = {driver(net, -1, 20.0, 10.0), cyclist(net, 50.0),
                               driver(net, -1, 62.0, 4.5)};
    actors[1].desired_speed_m_s = 6.5;
    actors[2].desired_speed_m_s = 4.5;
    outcome o = drive(net, actors, 3, 35.0);
    CHECK(o.touches == 0 && o.most_aside_m < -0.9);
}

// Who sets off slowly gets faster while it is passed: a car that is hardly faster in the end stays behind.
static void test_cyclist_sets_off(const bt_road_network *net)
{
    bt_actor_desc actors[2] = {driver(net, -1, 20.0, 6.0), cyclist(net, 50.0)};
    actors[0].desired_speed_m_s = 6.5;
    actors[1].speed_m_s = 0.0;
    actors[1].desired_speed_m_s = 6.0;
    outcome o = drive(net, actors, 2, 35.0);
    CHECK(o.touches == 0 && o.most_aside_m < -0.9);
}

// A pass takes so long that one who comes fast must be seen from afar: the first has its way undisturbed.
static void test_oncoming_fast(void)
{
    bt_road_network *net = network_two_way(1200.0);
    for (int i = 0; i < 8; i++) {
        bt_actor_desc actors[3] = {driver(net, 1, 700.0 + 20.0 * i, 17.0),
                                   driver(net, -1, 440.0, 16.0), cyclist(net, 520.0)};
        actors[0].desired_speed_m_s = 17.0;
        actors[1].desired_speed_m_s = 16.0;
        actors[2].desired_speed_m_s = actors[2].speed_m_s = 6.2;
        actors[2].lateral_m = 0.0;
        outcome o = drive(net, actors, 3, 16.0);
        CHECK(o.touches == 0 && o.least_m_s > 14.0);
    }
    bt_road_network_destroy(net);
}

// A lane each way: the one for those who come gets wider behind 150 m, by 6 m within 40, so that its middle goes aside.
static bt_road_network *network_widening(double length)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_add(t,
             "<road id=\"1\" length=\"%.9g\" junction=\"-1\"><planView><geometry s=\"0\" x=\"0\" "
             "y=\"0\" hdg=\"0\" length=\"%.9g\"><line/></geometry></planView>\n"
             "<lanes><laneSection s=\"0\"><left><lane id=\"1\" type=\"driving\" level=\"false\">"
             "<width sOffset=\"0\" a=\"3.5\" b=\"0\" c=\"0\" d=\"0\"/>"
             "<width sOffset=\"150\" a=\"3.5\" b=\"0.15\" c=\"0\" d=\"0\"/>"
             "<width sOffset=\"190\" a=\"9.5\" b=\"0\" c=\"0\" d=\"0\"/></lane></left>"
             "<center><lane id=\"0\" type=\"none\"/></center><right>\n",
             length, length);
    text_lane(t, -1, "driving", 3.5, "");
    text_add(t, "</right></laneSection></lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

// Who comes is beside the course of a pass where it is now, but not where both would meet.
// With others behind each nobody could back out of that.
static void test_lanes_that_close_in(void)
{
    bt_road_network *net = network_widening(600.0);
    for (int i = 0; i < 6; i++) {
        double from = 184.0 + 4.0 * i;
        bt_actor_desc actors[7] = {
            driver(net, -1, 60.0, 12.0), cyclist(net, 90.0),
            driver(net, 1, from, 11.0),  driver(net, 1, from + 16.0, 11.0),
            driver(net, -1, 46.0, 11.0), driver(net, 1, from + 32.0, 11.0),
            driver(net, -1, 32.0, 11.0),
        };
        actors[1].lateral_m = 0.0;
        outcome o = drive(net, actors, 7, 40.0);
        CHECK(o.touches == 0 && o.x_m > 200.0);
    }
    bt_road_network_destroy(net);
}

int main(void)
{
    bt_road_network *net = network_two_way(LENGTH_M);
    test_no_room_beyond(net);
    test_cyclist_sets_off(net);
    test_oncoming_fast();
    test_lanes_that_close_in();
    test_parked(net);
    test_nudge(net);
    test_oncoming(net);
    test_both_blocked(net);
    test_cyclist(net);
    test_cyclist_followed();
    bt_road_network_destroy(net);
    return check_end();
}
