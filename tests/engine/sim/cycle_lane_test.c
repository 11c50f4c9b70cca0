// cycle_lane_test.c: who rides a bicycle keeps to bicycle lanes, straight over a junction too, sways, and turns left from
// the lane for cars; cars stay out of bicycle lanes and, turning across one, let bicycles pass.
#include "engine/core/memory.h"
#include "engine/sim/audit.h"
#include "engine/sim/cycle_route.h"
#include "engine/sim/sim_internal.h"
#include "tests/engine/sim/audited.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#include <string.h>

#define CAR_M 3.25
#define CYCLE_M 1.6

// ---- the network ------------------------------------------------------------------------------
// To the east: road 1 (cars only), 2 (with a bicycle lane), junction 100, 3 (with one), 4 (cars only). From the
// junction road 5 leads south; if it is asked for, road 9 leads north, and a signal stands before the junction. Or the
// bicycle lane leads round the corner to road 5, and ends there.
static void add_road(text *t, int id, double x, double y, double heading, double length,
                     const char *links, int junction, double curvature, bool cycles, bool signal)
{
    text_add(t,
             "<road id=\"%d\" length=\"%.12g\" junction=\"%d\"><link>%s</link><type s=\"0\" "
             "type=\"town\"><speed max=\"50\" unit=\"km/h\"/></type><planView><geometry s=\"0\" "
             "x=\"%.12g\" y=\"%.12g\" hdg=\"%.12g\" length=\"%.12g\">",
             id, length, junction, links, x, y, heading, length);
    if (curvature != 0.0)
        text_add(t, "<arc curvature=\"%.12g\"/>", curvature);
    else
        text_add(t, "<line/>");
    text_add(t, "</geometry></planView><lanes><laneSection s=\"0\"><center><lane id=\"0\" "
                "type=\"none\"/></center><right>\n");
    // bicycle lanes go on among roads 2, 7 and 3 only, or 2 and 6
    bool ends = id == 3 || id == 6;
    bool begins = id == 2;
    text_lane(t, -1, "driving", CAR_M,
              "<link><predecessor id=\"-1\"/><successor id=\"-1\"/></link>");
    if (cycles)
        text_lane(t, -2, "biking", CYCLE_M,
                  begins ? ""
                  : ends ? "<link><predecessor id=\"-2\"/></link>"
                         : "<link><predecessor id=\"-2\"/><successor id=\"-2\"/></link>");
    text_add(t, "</right></laneSection></lanes>");
    if (signal)
        text_add(t, "<signals><signal id=\"1\" s=\"138\" t=\"-5\" zOffset=\"3\" orientation=\"+\" "
                    "dynamic=\"yes\" type=\"1000001\" subtype=\"-1\" country=\"OpenDRIVE\" "
                    "value=\"-1\"/></signals>");
    text_add(t, "</road>\n");
}

#define ROAD_LINK(which, id, contact)                                                              \
    "<" which " elementType=\"road\" elementId=\"" id "\" contactPoint=\"" contact "\"/>"
#define JUNCTION_LINK(which) "<" which " elementType=\"junction\" elementId=\"100\"/>"

static void add_left_turn(text *t)
{
    add_road(t, 9, 0.0, 10.0, 0.5 * BT_PI, 150.0, JUNCTION_LINK("predecessor"), -1, 0.0, false,
             false);
    add_road(t, 8, -10.0, 0.0, 0.0, 5.0 * BT_PI,
             ROAD_LINK("predecessor", "2", "end") ROAD_LINK("successor", "9", "start"), 100, 0.1,
             false, false);
}

static bt_road_network *make_network(bool left, bool right)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    if (left) add_left_turn(t);
    add_road(t, 1, -250.0, 0.0, 0.0, 100.0, ROAD_LINK("successor", "2", "start"), -1, 0.0, false,
             false);
    add_road(t, 2, -150.0, 0.0, 0.0, 140.0,
             ROAD_LINK("predecessor", "1", "end") JUNCTION_LINK("successor"), -1, 0.0, true, left);
    add_road(t, 3, 10.0, 0.0, 0.0, 120.0,
             JUNCTION_LINK("predecessor") ROAD_LINK("successor", "4", "start"), -1, 0.0, !right,
             false);
    add_road(t, 4, 130.0, 0.0, 0.0, 200.0, ROAD_LINK("predecessor", "3", "end"), -1, 0.0, false,
             false);
    add_road(t, 5, 0.0, -10.0, -0.5 * BT_PI, 150.0, JUNCTION_LINK("predecessor"), -1, 0.0, false,
             false);
    add_road(t, 6, -10.0, 0.0, 0.0, 5.0 * BT_PI,
             ROAD_LINK("predecessor", "2", "end") ROAD_LINK("successor", "5", "start"), 100, -0.1,
             right, false);
    add_road(t, 7, -10.0, 0.0, 0.0, 20.0,
             ROAD_LINK("predecessor", "2", "end") ROAD_LINK("successor", "3", "start"), 100, 0.0,
             !right, false);
    const char *cycles = "<laneLink from=\"-2\" to=\"-2\"/>";
    text_add(t,
             "<junction id=\"100\" name=\"\"><connection id=\"0\" incomingRoad=\"2\" "
             "connectingRoad=\"6\" contactPoint=\"start\"><laneLink from=\"-1\" to=\"-1\"/>%s"
             "</connection><connection id=\"1\" incomingRoad=\"2\" connectingRoad=\"7\" "
             "contactPoint=\"start\"><laneLink from=\"-1\" to=\"-1\"/>%s</connection>",
             right ? cycles : "", right ? "" : cycles);
    if (left)
        text_add(t, "<connection id=\"2\" incomingRoad=\"2\" connectingRoad=\"8\" "
                    "contactPoint=\"start\"><laneLink from=\"-1\" to=\"-1\"/></connection>");
    text_add(t, "</junction></OpenDRIVE>\n");
    return text_take(t);
}

static uint32_t lane_of(const bt_road_network *net, const char *road, int id)
{
    return bt_lane_find(net, bt_road_find(net, road), 1.0, id);
}

// ---- who goes there ---------------------------------------------------------------------------
static bt_actor_desc car(const bt_road_network *net, double s_m, const char *goal)
{
    bt_actor_desc d = {.kind = BT_ACTOR_VEHICLE,
                       .vehicle = fixture_car(),
                       .lane = lane_of(net, "2", -1),
                       .s_m = s_m,
                       .speed_m_s = 8.0,
                       .goal_lane = lane_of(net, goal, -1),
                       .goal_s_m = 100.0,
                       .desired_speed_m_s = 10.0};
    snprintf(d.name, sizeof d.name, "car");
    return d;
}

static bt_actor_desc cyclist(const bt_road_network *net, const char *road, int lane, double s_m)
{
    bt_actor_desc d = car(net, s_m, "3");
    snprintf(d.name, sizeof d.name, "cyclist");
    fixture_narrow(&d.vehicle);
    d.vehicle.rider_height_m = 1.75;
    d.lane = lane_of(net, road, lane);
    d.goal_lane = BT_ROAD_NONE;
    d.speed_m_s = d.desired_speed_m_s = 5.0;
    d.lateral_m = lane == -1 ? -0.7 : 0.0;
    return d;
}

static void test_graph(const bt_road_network *net)
{
    bt_actor_desc actors[2] = {car(net, 60.0, "5"), cyclist(net, "2", -2, 60.0)};
    bt_sim *sim = NULL;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &sim));
    const bt_lane_graph *g = &sim->graph;
    uint32_t cycle = lane_of(net, "2", -2), over = lane_of(net, "7", -2);
    uint32_t straight = lane_of(net, "7", -1), turn = lane_of(net, "6", -1);
    CHECK(bt_lane_graph_rideable(g, cycle) && !bt_lane_graph_drivable(g, cycle));
    CHECK(bt_lane_graph_cycle_lane(g, lane_of(net, "2", -1)) == cycle);
    CHECK(bt_lane_graph_cycle_lane(g, lane_of(net, "1", -1)) == BT_ROAD_NONE);
    CHECK(g->lanes[cycle].next_count == 1 && g->nexts[g->lanes[cycle].first_next] == over);
    int crossed = 0;
    int beside = 0;
    for (uint32_t i = 0; i < g->lanes[over].conflict_count; i++) {
        uint32_t other = g->conflicts[g->lanes[over].first_conflict + i].other;
        crossed += other == turn;
        beside += other == straight;
    }
    CHECK(crossed == 1 && beside == 0);
    bt_sim_destroy(sim);
    // a car may not begin on it
    actors[0].lane = cycle;
    CHECK(bt_sim_create(&desc, &sim) == BT_ERR_INPUT);
}

// At 5 m/s no more than three waves of one height at once, and what a change of speed or lane adds.
#define SWAY_M (0.15 + 0.03)

// From a lane for cars onto the bicycle lane, over the junction on it, and back where it ends: each
// within the lane, at 0.7 m from the middle of a lane for cars (which is at 1.625), in the middle of its own
// (3.25 + 0.8), but for the sway.
static void test_keeps_to_it(const bt_road_network *net)
{
    bt_actor_desc actor = cyclist(net, "1", -1, 20.0);
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = &actor, .actor_count = 1, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, &state));
    int seen = 0;
    double last_y = -2.325;
    double steepest = 0.0;
    for (int i = 0; i < 8000; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        bt_vec3 at = bt_state_motion(state, 0)->pose.world_from_actor.pos;
        if (at.x < -155.0) CHECK_NEAR(at.y, -2.325, SWAY_M);
        if (at.x > -110.0 && at.x < 40.0) CHECK_NEAR(at.y, -4.05, SWAY_M);
        if (at.x > 135.0 && at.x < 300.0) CHECK_NEAR(at.y, -2.325, SWAY_M);
        seen |= at.x < -155.0 ? 1 : at.x > -110.0 && at.x < 40.0 ? 2 : at.x > 135.0 ? 4 : 0;
        steepest = fmax(steepest, fabs(at.y - last_y));
        last_y = at.y;
        if (at.x > 300.0) break;
    }
    CHECK(seen == 7);
    CHECK(steepest < 0.05 * 5.0 * 0.35); // no jump: at most a third of the way goes aside
    bt_state_destroy(state);
    bt_sim_destroy(sim);
}

// A car that turns right comes to the junction as a cyclist does: the cyclist goes on, the car waits.
static void test_car_yields(const bt_road_network *net)
{
    int slowed = 0;
    for (int k = 0; k < 5; k++) { // the cyclist a little ahead or behind
        bt_actor_desc actors[2] = {car(net, 60.0, "5"), cyclist(net, "2", -2, 82.0 + 5.0 * k)};
        bt_sim_desc desc = {
            .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
        audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
        double cycle_m_s = 1e9;
        double car_m_s = 1e9;
        bt_vec3 at = {0};
        for (int i = 0; i < 3000; i++) {
            CHECK_OK(bt_sim_step(a.sim, a.state, NULL));
            const bt_motion *c = bt_state_motion(a.state, 1);
            at = bt_state_motion(a.state, 0)->pose.world_from_actor.pos;
            if (c->pose.world_from_actor.pos.x < 20.0) cycle_m_s = fmin(cycle_m_s, c->speed_m_s);
            if (at.y > -10.0) car_m_s = fmin(car_m_s, bt_state_motion(a.state, 0)->speed_m_s);
            if (i % 10 == 0) bt_audit_look(a.audit, a.state);
        }
        CHECK(bt_audit_get(a.audit)->touches == 0);
        CHECK(cycle_m_s > 4.0);
        CHECK(at.y < -60.0); // the car got through
        slowed += car_m_s < 2.0;
        audited_end(&a);
    }
    CHECK(slowed >= 2); // those that would have met
}

// Both turn right, from the bicycle lane and from the lane beside it, and that becomes one in the junction: one goes in
// behind the other.
static void test_merge_in_junction(void)
{
    bt_road_network *net = make_network(false, true);
    int slowed = 0;
    for (int k = 0; k < 6; k++) { // the cyclist a little ahead or behind
        bt_actor_desc actors[2] = {car(net, 60.0, "5"), cyclist(net, "2", -2, 84.0 + 2.0 * k)};
        bt_sim_desc desc = {
            .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
        audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
        double car_m_s = 1e9;
        bt_vec3 at[2] = {0};
        for (int i = 0; i < 3000; i++) {
            CHECK_OK(bt_sim_step(a.sim, a.state, NULL));
            for (int who = 0; who < 2; who++)
                at[who] = bt_state_motion(a.state, (uint32_t)who)->pose.world_from_actor.pos;
            if (at[0].y > -10.0) car_m_s = fmin(car_m_s, bt_state_motion(a.state, 0)->speed_m_s);
            if (i % 10 == 0) bt_audit_look(a.audit, a.state);
        }
        CHECK(bt_audit_get(a.audit)->touches == 0 && bt_audit_get(a.audit)->near_misses == 0);
        CHECK(at[0].y < -60.0 && at[1].y < -60.0); // both got through
        slowed += car_m_s < 3.5;
        audited_end(&a);
    }
    CHECK(slowed >= 1); // those that would have met
    bt_road_network_destroy(net);
}

// How much a cyclist sways over the last 1.6 km of 2: as cycle.h says, about its line. Sums of waves that differ in
// length: over so many of each, their mean square is half of their heights' squares, to a few hundredths.
static void test_sway(const bt_road_network *net, double speed_m_s, uint64_t choice)
{
    bt_actor_desc actor = cyclist(net, "1", -1, 20.0);
    bt_road_network *straight = network_two_way(2000.0);
    actor.lane = lane_of(straight, "1", -1);
    actor.speed_m_s = actor.desired_speed_m_s = speed_m_s;
    actor.driver.keep_lane_m_s2 = 1000.0;
    actor.choice = choice;
    audited a = audited_begin(
        &(bt_sim_desc){
            .net = straight, .seed = 1, .actors = &actor, .actor_count = 1, .ego = BT_SIM_NONE},
        (bt_audit_desc){.log = stdout});
    double sum = 0.0, squares = 0.0, most = 0.0, first = 0.0;
    int count = 0;
    for (int i = 0; i < 400000; i++) {
        CHECK_OK(bt_sim_step(a.sim, a.state, NULL));
        bt_vec3 at = bt_state_motion(a.state, 0)->pose.world_from_actor.pos;
        if (i == 0) first = at.y;
        if (i % 10 == 0) bt_audit_look(a.audit, a.state);
        if (at.x > 1900.0) break;
        if (at.x < 300.0) continue;
        sum += at.y - first;
        squares += (at.y - first) * (at.y - first);
        most = fmax(most, fabs(at.y - first));
        count++;
    }
    CHECK(count > 1000);
    double mean = sum / count, deviation = sqrt(squares / count - mean * mean);
    double expected = fmin(BT_CYCLE_SWAY_M * BT_CYCLE_SWAY_M_S / speed_m_s, BT_CYCLE_SWAY_MOST_M);
    printf("at %.1f m/s: sways by %.3f m, at most %.3f m\n", speed_m_s, deviation, most);
    CHECK_NEAR(mean, 0.0, 0.01);
    CHECK_NEAR(deviation, expected, 0.08 * expected);
    CHECK(most < 3.1 * sqrt(2.0 / 3.0) * expected);
    audited_end(&a);
    bt_road_network_destroy(straight);
}

// ---- to the left ------------------------------------------------------------------------------
static void test_ways(const bt_lane_graph *g)
{
    const bt_road_network *net = g->net;
    uint32_t from = lane_of(net, "2", -2);
    uint32_t straight[] = {from, lane_of(net, "7", -2), lane_of(net, "3", -2)};
    uint32_t left[] = {from, lane_of(net, "2", -1), lane_of(net, "8", -1), lane_of(net, "9", -1)};
    bt_plan plan;
    CHECK_OK(bt_cycle_route_find(g, from, 20.0, straight[2], 100.0, &plan));
    CHECK(plan.count == 3 && memcmp(plan.lanes, straight, sizeof straight) == 0);
    bt_free(plan.lanes);
    CHECK_OK(bt_cycle_route_find(g, from, 20.0, left[3], 100.0, &plan));
    CHECK(plan.count == 4 && memcmp(plan.lanes, left, sizeof left) == 0);
    bt_free(plan.lanes);
    CHECK(bt_cycle_route_find(g, left[3], 20.0, from, 100.0, &plan) == BT_ERR_INPUT);
    // too near to the end to change lane
    CHECK(bt_cycle_route_find(g, from, 130.0, left[3], 100.0, &plan) == BT_ERR_INPUT);
    // without a goal one of three turns left: of 300 so many within three standard deviations
    int turned = 0;
    for (uint64_t choice = 0; choice < 300; choice++) {
        bt_itinerary way;
        bt_itinerary_init(&way, from, 20.0, choice, NULL);
        way.cycles = 1;
        bt_itinerary_advance(g, NULL, &way, 0.0, 340.0);
        for (uint32_t slot = way.first; slot < way.tail; slot++)
            turned += bt_itinerary_lane(&way, slot) == left[2];
    }
    CHECK_NEAR(turned, 100.0, 3.0 * sqrt(300.0 / 3.0 * 2.0 / 3.0));
}

// It waits at the red light, in the middle of no bicycle lane, turns when it is green, and stands at its goal.
static void test_turns_left(const bt_road_network *net)
{
    bt_actor_desc actors[2] = {cyclist(net, "2", -2, 20.0), car(net, 5.0, "9")};
    actors[0].goal_lane = lane_of(net, "9", -1);
    actors[0].goal_s_m = 60.0;
    actors[1].goal_s_m = 140.0;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
    audited a = audited_begin(&desc, (bt_audit_desc){.log = stdout});
    test_ways(&a.sim->graph);
    bt_vec3 at = {0};
    for (int i = 0; i < 12000; i++) {
        bt_state_show_signal(a.state, 0, i < 6000 ? BT_PHASE_RED : BT_PHASE_GREEN);
        CHECK_OK(bt_sim_step(a.sim, a.state, NULL));
        const bt_motion *m = bt_state_motion(a.state, 0);
        at = m->pose.world_from_actor.pos;
        if (i % 10 == 0) bt_audit_look(a.audit, a.state);
        if (i != 5999) continue;
        CHECK(at.x > -30.0 && at.x < -12.0 && m->speed_m_s < 0.01);
        CHECK(at.y > -3.25); // on the lane for cars
    }
    CHECK(bt_audit_get(a.audit)->touches == 0);
    CHECK_NEAR(at.x, 0.5 * CAR_M, 1.2);
    CHECK(at.y > 60.0 && at.y < 71.0);
    CHECK(bt_state_motion(a.state, 0)->speed_m_s < 0.01);
    audited_end(&a);
}

int main(void)
{
    bt_road_network *net = make_network(true, false);
    test_turns_left(net);
    bt_road_network_destroy(net);
    net = make_network(false, false);
    test_sway(net, BT_CYCLE_SWAY_M_S, 1);
    test_sway(net, 7.0, 2);
    test_sway(net, 2.5, 3);
    test_graph(net);
    test_keeps_to_it(net);
    test_car_yields(net);
    test_merge_in_junction();
    bt_road_network_destroy(net);
    return check_end();
}
