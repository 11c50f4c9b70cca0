// lock_test.c: tests engine/sim/bend.c, due.c and right_of_way.c: drivers who would wait for each other, or for somebody who
// cannot go on, where a real one goes, or lets the other go.
#include "engine/sim/sim.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

// Steps until the first actor has gone so far, for at most so long; gives how long that took.
static double time_to(const bt_sim *sim, bt_state *state, double way_m, double most_s)
{
    uint32_t touched = 0;
    int i = 0;
    for (; i < (int)(100.0 * most_s) && bt_state_motion(state, 0)->route_m < way_m; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i % 10 == 0) touched += fixture_touches(sim, state);
    }
    CHECK(touched == 0);
    return 0.01 * i;
}

// ---- ahead of a lorry -------------------------------------------------------------------------
#define STRAIGHT_M 90.0
#define RADIUS_M 14.0
#define SECTION_M 140.0

// Two lanes one way: straight, a quarter circle to the right, straight; a car that has its goal on the right lane behind
// SECTION_M shifts over in the bend.
static bt_road_network *network_two_lanes(void)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_corner(t, STRAIGHT_M, RADIUS_M, -1.0);
    text_add(t, "<lanes>\n");
    for (int part = 0; part < 2; part++) {
        const char *side = part ? "predecessor" : "successor";
        text_add(t,
                 "<laneSection s=\"%g\"><center><lane id=\"0\" type=\"none\"/></center><right>\n",
                 part * SECTION_M);
        for (int lane = -1; lane >= -2; lane--) {
            char link[64];
            snprintf(link, sizeof link, "<link><%s id=\"%d\"/></link>", side, lane);
            text_lane(t, lane, "driving", 3.5, link);
        }
        text_add(t, "</right></laneSection>\n");
    }
    text_add(t, "</lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

// A car that changes its lane before a lorry's nose, in the bend where the lorry needs both lanes, goes on: the lorry
// cannot pass it.
static void test_ahead_of_lorry(void)
{
    bt_road_network *net = network_two_lanes();
    for (double way = 60.0; way < 90.0; way += 5.0) {
        uint32_t left = bt_lane_find(net, 0, way, -1);
        bt_actor_desc actors[2] = {fixture_driver(left, way, 1.0, 12.0),
                                   fixture_driver(left, way - 9.5, 1.0, 12.0)};
        actors[0].goal_lane = bt_lane_find(net, 0, SECTION_M + 40.0, -2);
        actors[0].goal_s_m = SECTION_M + 40.0;
        actors[1].vehicle = fixture_truck();
        bt_state *state;
        bt_sim *sim = fixture_sim(net, actors, 2, &state);
        CHECK(time_to(sim, state, 60.0, 60.0) < 20.0);
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    bt_road_network_destroy(net);
}

// ---- for somebody on foot ---------------------------------------------------------------------
static bt_actor_desc goes_to(const bt_road_network *net, int from, int to, double s_m,
                             double speed_m_s)
{
    bt_actor_desc d =
        fixture_driver(bt_lane_find(net, (uint32_t)from, 50.0, 1), s_m, speed_m_s, 12.0);
    d.goal_lane = bt_lane_find(net, (uint32_t)to, 50.0, -1);
    d.goal_s_m = CROSSING_ARM_M - 20.0;
    return d;
}

// One of those who cross an arm one behind the other, from its right side as seen from the junction.
static bt_actor_desc walker(uint32_t arm, uint32_t i, bt_vec3 path[2])
{
    const double out_m = CROSSING_BOX_M + 3.5, ends_m[2] = {8.0 + 2.0 * i, -60.0};
    double c = cos(0.5 * BT_PI * arm), s = sin(0.5 * BT_PI * arm);
    for (int k = 0; k < 2; k++)
        path[k] = (bt_vec3){out_m * c + ends_m[k] * s, out_m * s - ends_m[k] * c, 0.0};
    bt_actor_desc d = {.kind = BT_ACTOR_WALKER,
                       .height_m = 1.75,
                       .path = path,
                       .path_count = 2,
                       .careless = true,
                       .walk_speed_m_s = 1.2};
    snprintf(d.name, sizeof d.name, "walker %u", i);
    return d;
}

// People cross an arm one behind the other; who stands there for them, and would go straight on, does not keep the junction
// from one who turns left across its way.
#define WALKERS 10u

static void test_on_foot(void)
{
    bt_road_network *net = network_crossing(0);
    bt_actor_desc actors[2 + WALKERS];
    bt_vec3 paths[WALKERS][2];
    actors[0] = goes_to(net, 0, 3, 70.0, 8.0);
    actors[1] = goes_to(net, 2, 0, 12.0, 0.0);
    for (uint32_t i = 0; i < WALKERS; i++)
        actors[2 + i] = walker(2, i, paths[i]);
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 2 + WALKERS, &state);
    CHECK(time_to(sim, state, 100.0, 100.0) < 25.0);
    CHECK(bt_state_motion(state, 1)->speed_m_s == 0.0); // they still cross
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// A lorry waits to turn left; another one stands across its way, for people on foot behind the junction. That is no queue
// behind the junction: those who come towards the first let it go before them, as it has waited for so long. And those do
// not go in as far as the tail that is just in their way.
#define MANY 26u
#define QUEUE 6u

static void test_stands_across(double from_m)
{
    bt_road_network *net = network_crossing(0);
    bt_actor_desc actors[2 + QUEUE + MANY];
    bt_vec3 paths[MANY][2];
    actors[0] = goes_to(net, 0, 3, 40.0, 0.0);
    actors[1] = goes_to(net, 3, 1, 16.0, 6.0);
    for (uint32_t i = 0; i < 2; i++)
        actors[i].vehicle = fixture_truck();
    for (uint32_t i = 0; i < QUEUE; i++)
        actors[2 + i] = goes_to(net, 2, 0, from_m + 7.5 * i, 0.0);
    for (uint32_t i = 0; i < MANY; i++)
        actors[2 + QUEUE + i] = walker(1, i, paths[i]);
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 2 + QUEUE + MANY, &state);
    CHECK(time_to(sim, state, 75.0, 90.0) < 70.0);
    CHECK(bt_state_motion(state, 1)->route_m > 100.0);
    CHECK(bt_state_motion(state, 2)->route_m < from_m);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// A lorry comes to the junction, another one stands so far behind it. The first goes in only if it gets out again, though at
// rest it sees little farther than over the junction.
static void test_room_behind(double before_m, double behind_m, bool goes)
{
    bt_road_network *net = network_crossing(0);
    bt_actor_desc actors[2];
    actors[0] = goes_to(net, 0, 2, before_m, 0.0);
    actors[1] = fixture_driver(bt_lane_find(net, 2, 50.0, -1), behind_m + 11.0, 0.0, 0.02);
    for (uint32_t i = 0; i < 2; i++)
        actors[i].vehicle = fixture_truck();
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 2, &state);
    for (int i = 0; i < 3000; i++)
        CHECK_OK(bt_sim_step(sim, state, NULL));
    double x = bt_state_motion(state, 0)->pose.world_from_actor.pos.x;
    CHECK(goes ? x < -CROSSING_BOX_M : x > CROSSING_BOX_M);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// ---- at signals -------------------------------------------------------------------------------
// A lorry turns left where another one stands at its line, which turns right past the first one's: each waits so far back
// that the other gets by, or none would ever go. Those who come towards the first fill its greens.
#define OPPOSITE 4u

static void test_two_lorries(void)
{
    bt_road_network *net = network_crossing(CROSSING_SIGNALS);
    bt_actor_desc actors[2 + OPPOSITE];
    actors[0] = goes_to(net, 0, 3, 40.0, 8.0);
    actors[1] = goes_to(net, 3, 0, 40.0, 8.0);
    for (uint32_t i = 0; i < 2; i++)
        actors[i].vehicle = fixture_truck();
    for (uint32_t i = 0; i < OPPOSITE; i++)
        actors[2 + i] = goes_to(net, 2, i % 3 ? 0 : 3, 6.0 + 7.5 * i, 0.0);
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 2 + OPPOSITE, &state);
    CHECK(time_to(sim, state, 50.0, 120.0) < 100.0);
    CHECK(bt_state_motion(state, 1)->route_m > 50.0);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// Many come towards a lorry that turns left, and people walk to and fro over the arm that it turns to: it loses a
// green to them, not the next one. Those on the kerb let it go.
#define TOWARDS 12u
#define STROLLERS 8u

static bt_actor_desc stroller(uint32_t i, bt_vec3 path[2])
{
    bt_actor_desc d = walker(3, i, path);
    for (int k = 0; k < 2; k++)
        path[k] = (bt_vec3){i % 2 == (uint32_t)k ? -4.6 : 4.6, -CROSSING_BOX_M - 2.0 - i, 0.0};
    d.careless = false;
    d.path_loop = true;
    d.walk_speed_m_s = 1.2 + 0.07 * i;
    return d;
}

static void test_people_on_kerb(uint32_t towards, double most_s)
{
    bt_road_network *net = network_crossing(CROSSING_SIGNALS);
    bt_actor_desc actors[1 + TOWARDS + STROLLERS];
    bt_vec3 paths[STROLLERS][2];
    actors[0] = goes_to(net, 0, 3, 40.0, 8.0);
    actors[0].vehicle = fixture_truck();
    for (uint32_t i = 0; i < STROLLERS; i++)
        actors[1 + i] = stroller(i, paths[i]);
    for (uint32_t i = 0; i < towards; i++)
        actors[1 + STROLLERS + i] = goes_to(net, 2, i % 3 ? 0 : 3, 6.0 + 7.5 * i, 0.0);
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 1 + STROLLERS + towards, &state);
    CHECK(time_to(sim, state, 50.0, 150.0) < most_s);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// ---- parked behind a junction -----------------------------------------------------------------
#define ONCOMING 5u

// Who comes to a junction right behind which a car is parked in its lane goes round that out of the junction, when those
// who come towards it are gone; before, it waits outside.
static void test_parked_behind(uint32_t oncoming)
{
    bt_road_network *net = network_crossing(0);
    for (double at = 3.0; at < 20.0; at += 4.0) {
        bt_actor_desc actors[2 + ONCOMING];
        actors[0] = goes_to(net, 2, 0, 60.0, 8.0);
        actors[1] = fixture_driver(bt_lane_find(net, 0, at, -1), at, 0.0, 12.0);
        actors[1].parked = true;
        for (uint32_t i = 0; i < oncoming; i++)
            actors[2 + i] = goes_to(net, 0, i % 2 ? 2 : 3, 30.0 + 12.0 * i, 7.0);
        bt_state *state;
        bt_sim *sim = fixture_sim(net, actors, 2 + oncoming, &state);
        CHECK(time_to(sim, state, 120.0, 60.0) < (oncoming > 0 ? 50.0 : 20.0));
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    bt_road_network_destroy(net);
}

// ---- a lane that ends -------------------------------------------------------------------------
// Nobody changes to a lane that ends to get past a slow one: it would stand there.
static void test_lane_ends(void)
{
    bt_road_network *net = network_narrowing_after(0, 420.0);
    uint32_t lane = bt_lane_find(net, 0, 20.0, -1);
    bt_actor_desc actors[2] = {fixture_driver(lane, 20.0, 8.0, 12.0),
                               fixture_driver(lane, 45.0, 5.0, 12.0)};
    actors[1].desired_speed_m_s = 5.0;
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 2, &state);
    CHECK(time_to(sim, state, 450.0, 120.0) < 100.0);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// Two half circles: of the two lanes of the first the right one goes on as one of its own, which ends.
#define HALF_M 900.0

static bt_road_network *network_dead_end(void)
{
    static const char *through = "<link><predecessor id=\"-1\"/><successor id=\"-1\"/></link>";
    const char *lanes[2][3] = {{through, "<link><successor id=\"-3\"/></link>", NULL},
                               {through, "", "<link><predecessor id=\"-2\"/></link>"}};
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    for (int i = 0; i < 2; i++) {
        double y = i == 0 ? 0.0 : 2.0 * HALF_M / BT_PI;
        text_add(t,
                 "<road id=\"%d\" length=\"%g\" junction=\"-1\"><link>"
                 "<predecessor elementType=\"road\" elementId=\"%d\" contactPoint=\"end\"/>"
                 "<successor elementType=\"road\" elementId=\"%d\" contactPoint=\"start\"/></link>"
                 "<planView><geometry s=\"0\" x=\"0\" y=\"%.9g\" hdg=\"%.9g\" length=\"%g\">"
                 "<arc curvature=\"%.12g\"/></geometry></planView>\n<lanes><laneSection s=\"0\">"
                 "<center><lane id=\"0\" type=\"none\"/></center><right>\n",
                 i + 1, HALF_M, 2 - i, 2 - i, y, i * BT_PI, HALF_M, BT_PI / HALF_M);
        for (int k = 0; k < 3 && lanes[i][k]; k++)
            text_lane(t, -k - 1, i > 0 && k == 1 ? "none" : "driving", 3.5, lanes[i][k]);
        text_add(t, "</right></laneSection></lanes></road>\n");
    }
    text_add(t, "</OpenDRIVE>\n");
    return text_take(t);
}

// Nor to one that leads nowhere but to such a lane, however far that is.
static void test_dead_end(void)
{
    bt_road_network *net = network_dead_end();
    uint32_t lane = bt_lane_find(net, 0, 20.0, -1);
    bt_actor_desc actors[2] = {fixture_driver(lane, 20.0, 8.0, 12.0),
                               fixture_driver(lane, 45.0, 5.0, 12.0)};
    actors[1].desired_speed_m_s = 5.0;
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 2, &state);
    CHECK(time_to(sim, state, 200.0, 60.0) < 50.0);
    CHECK(bt_state_motion(state, 0)->lane == lane);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_ahead_of_lorry();
    test_on_foot();
    test_stands_across(60.0);
    test_stands_across(100.0);
    test_room_behind(35.0, 9.0, false);
    test_room_behind(9.0, 9.0, false);
    test_room_behind(35.0, 30.0, true);
    test_two_lorries();
    test_people_on_kerb(0, 80.0);
    test_people_on_kerb(TOWARDS, 100.0);
    test_parked_behind(0);
    test_parked_behind(ONCOMING);
    test_lane_ends();
    test_dead_end();
    return check_end();
}
