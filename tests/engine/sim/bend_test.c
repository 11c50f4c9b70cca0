// bend_test.c: tests engine/sim/bend.c and lane_conflict.c: semi-trailers in a tight bend with oncoming traffic.
#include "engine/sim/lane_conflict.h"
#include "engine/sim/sim.h"
#include "engine/sim/swept.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#define STRAIGHT_M 120.0
#define RADIUS_M 9.0
#define BEND_M (0.5 * BT_PI * RADIUS_M)

// A way along the corner: where each of its lanes is entered.
static bt_actor_desc driver(const bt_road_network *net, bool is_long, bool forward, double way_m)
{
    double s = forward ? way_m : 2.0 * STRAIGHT_M + BEND_M - way_m;
    bt_actor_desc d = {.kind = BT_ACTOR_VEHICLE,
                       .vehicle = is_long ? fixture_truck() : fixture_car(),
                       .lane = bt_lane_find(net, 0, s, forward ? -1 : 1),
                       .s_m = s,
                       .speed_m_s = 8.0,
                       .goal_lane = BT_ROAD_NONE,
                       .desired_speed_m_s = 10.0};
    snprintf(d.name, sizeof d.name, "%s %s %.0f", is_long ? "truck" : "car",
             forward ? "there" : "back", way_m);
    return d;
}

// Nobody touches, and after so long all have come round and stand at the road's ends.
static void check_all_come_round(const bt_road_network *net, const bt_actor_desc *actors,
                                 uint32_t count, double seconds)
{
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, &state));
    uint32_t touched = 0;
    for (int i = 0; i < (int)(100.0 * seconds); i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i % 10 == 0) touched += fixture_touches(sim, state);
    }
    CHECK(touched == 0);
    for (uint32_t i = 0; i < count; i++) {
        double s = bt_state_motion(state, i)->s_m, length = 2.0 * STRAIGHT_M + BEND_M;
        bool forward = bt_road_lane_get(net, actors[i].lane)->forward;
        CHECK((forward ? s : length - s) > STRAIGHT_M + BEND_M + 30.0);
    }
    bt_state_destroy(state);
    bt_sim_destroy(sim);
}

// A trailer of 7.5 m to its axle cuts a bend of 9 m by two metres and more: into the lane of those who come.
static void test_oncoming(const bt_road_network *net, bool forward)
{
    bt_actor_desc actors[5];
    actors[0] = driver(net, true, forward, 60.0);
    for (uint32_t i = 1; i < 5; i++)
        actors[i] = driver(net, false, !forward, 15.0 + 14.0 * i);
    check_all_come_round(net, actors, 5, 60.0);
}

// Two that meet in the bend, whatever the distance, each with a car behind.
static void test_meeting(const bt_road_network *net)
{
    for (double way = 40.0; way < 75.0; way += 10.0) {
        bt_actor_desc actors[4];
        for (uint32_t i = 0; i < 2; i++) {
            actors[2 * i] = driver(net, true, i == 0, i == 0 ? 60.0 : way);
            actors[2 * i + 1] = driver(net, false, i == 0, i == 0 ? 30.0 : way - 30.0);
        }
        check_all_come_round(net, actors, 4, 60.0);
    }
}

// Two that stand face to face in the bend, neither of which can go on: one goes back, so that the other comes round,
// and then itself. They lock for good where nobody backs up.
static void test_face_to_face(const bt_road_network *net)
{
    for (double way = 117.0; way < 122.0; way += 3.0) {
        bt_actor_desc actors[2] = {driver(net, true, true, 108.0), driver(net, true, false, way)};
        actors[0].speed_m_s = actors[1].speed_m_s = 0.0;
        check_all_come_round(net, actors, 2, 110.0);
    }
}

// ---- a bend behind a junction -----------------------------------------------------------------
#define BOX_M 12.0
#define BETWEEN_M                                                                                  \
    20.0 // the bend begins behind the junction, but too near for a lorry to stand before it

// Out of the junction: straight on for so far, then, if it bends, a quarter circle to the left, and straight.
static void arm(text *t, int id, double x, double y, double heading, double straight, bool bends)
{
    double c = cos(heading), s = sin(heading);
    text_add(t,
             "<road id=\"%d\" length=\"%.12g\" junction=\"-1\"><link><predecessor "
             "elementType=\"junction\" elementId=\"100\"/></link><planView><geometry s=\"0\" "
             "x=\"%.12g\" y=\"%.12g\" hdg=\"%.12g\" length=\"%.12g\"><line/></geometry>\n",
             id, bends ? straight + BEND_M + STRAIGHT_M : straight, x, y, heading, straight);
    x += straight * c;
    y += straight * s;
    if (bends)
        text_add(t,
                 "<geometry s=\"%.12g\" x=\"%.12g\" y=\"%.12g\" hdg=\"%.12g\" length=\"%.12g\">"
                 "<arc curvature=\"%.12g\"/></geometry><geometry s=\"%.12g\" x=\"%.12g\" "
                 "y=\"%.12g\" hdg=\"%.12g\" length=\"%.12g\"><line/></geometry>\n",
                 straight, x, y, heading, BEND_M, 1.0 / RADIUS_M, straight + BEND_M,
                 x + RADIUS_M * (c - s), y + RADIUS_M * (s + c), heading + 0.5 * BT_PI, STRAIGHT_M);
    text_add(t, "</planView><lanes><laneSection s=\"0\"><left>\n");
    text_lane(t, 1, "driving", 3.5, "");
    text_add(t, "</left><center><lane id=\"0\" type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", 3.5, "");
    text_add(t, "</right></laneSection></lanes></road>\n");
}

// A lane through the junction.
static void way_through(text *t, int id, int from, int to, double x, double heading, double length,
                        double curvature)
{
    text_add(t,
             "<road id=\"%d\" length=\"%.12g\" junction=\"100\"><link><predecessor "
             "elementType=\"road\" elementId=\"%d\" contactPoint=\"start\"/><successor "
             "elementType=\"road\" elementId=\"%d\" contactPoint=\"start\"/></link><planView>"
             "<geometry s=\"0\" x=\"%.12g\" y=\"0\" hdg=\"%.12g\" length=\"%.12g\"><arc "
             "curvature=\"%.12g\"/></geometry></planView>\n<lanes><laneSection s=\"0\"><center>"
             "<lane id=\"0\" type=\"none\"/></center><right>\n",
             id, length, from, to, x, heading, length, curvature);
    text_lane(t, -1, "driving", 3.5, "<link><predecessor id=\"1\"/><successor id=\"-1\"/></link>");
    text_add(t, "</right></laneSection></lanes></road>\n");
}

// From the west one goes straight on to the east, where the road bends; from the east to the left, to the south.
static bt_road_network *network_junction_and_bend(double between_m)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    arm(t, 1, -BOX_M, 0.0, BT_PI, STRAIGHT_M, false);
    arm(t, 2, BOX_M, 0.0, 0.0, between_m, true);
    arm(t, 3, 0.0, -BOX_M, -0.5 * BT_PI, STRAIGHT_M, false);
    way_through(t, 10, 1, 2, -BOX_M, 0.0, 2.0 * BOX_M, 1e-9);
    way_through(t, 11, 2, 3, BOX_M, BT_PI, 0.5 * BT_PI * BOX_M, 1.0 / BOX_M);
    text_add(t, "<junction id=\"100\" name=\"turn\">\n");
    for (int i = 0; i < 2; i++)
        text_add(t,
                 "<connection id=\"%d\" incomingRoad=\"%d\" connectingRoad=\"%d\" "
                 "contactPoint=\"start\"><laneLink from=\"1\" to=\"-1\"/></connection>\n",
                 i, i + 1, 10 + i);
    text_add(t, "</junction></OpenDRIVE>\n");
    return text_take(t);
}

// A lorry goes straight on, into the bend; from there come a car and a second lorry, who turn across its way. Who would
// have to wait for the bend with its trailer in the junction waits before the junction: where it goes in all three lock,
// as the car waits for the junction, and the second lorry behind it in the bend.
static void test_behind_junction(void)
{
    bt_road_network *net = network_junction_and_bend(BETWEEN_M);
    for (double behind = 44.0; behind < 49.0; behind += 1.0) {
        const double places_m[3] = {20.0, behind, behind - 14.0};
        bt_actor_desc actors[3];
        for (uint32_t i = 0; i < 3; i++) {
            actors[i] = driver(net, i < 2, true, 0.0);
            actors[i].s_m = places_m[i];
            actors[i].lane = bt_lane_find(net, i > 0, places_m[i], 1);
        }
        bt_sim *sim = NULL;
        bt_state *state = NULL;
        bt_sim_desc desc = {
            .net = net, .seed = 1, .actors = actors, .actor_count = 3, .ego = BT_SIM_NONE};
        CHECK_OK(bt_sim_create(&desc, &sim));
        CHECK_OK(bt_state_create(sim, &state));
        uint32_t touched = 0, backs = 0;
        for (int i = 0; i < 6000; i++) {
            CHECK_OK(bt_sim_step(sim, state, NULL));
            for (uint32_t k = 0; k < 3; k++)
                backs += bt_state_motion(state, k)->speed_m_s < 0.0;
            if (i % 10 == 0) touched += fixture_touches(sim, state);
        }
        CHECK(touched == 0 && backs == 0);
        for (uint32_t i = 0; i < 3; i++) { // far out on another arm
            const bt_motion *m = bt_state_motion(state, i);
            CHECK(bt_road_lane_get(net, m->lane)->road == (i == 0 ? 1u : 2u) && m->s_m > 60.0);
        }
        bt_state_destroy(state);
        bt_sim_destroy(sim);
    }
    bt_road_network_destroy(net);
}

// Where there is room for it between the junction and the bend, a lorry does not wait before the junction for one who creeps
// through the bend, but before that.
#define FAR_BETWEEN_M 45.0

static void test_far_behind_junction(void)
{
    bt_road_network *net = network_junction_and_bend(FAR_BETWEEN_M);
    double creeps_m = FAR_BETWEEN_M + BEND_M + 4.0;
    bt_actor_desc actors[2] = {driver(net, true, true, 0.0), driver(net, false, true, 0.0)};
    actors[0].lane = bt_lane_find(net, 0, 40.0, 1);
    actors[0].s_m = 40.0;
    actors[1].lane = bt_lane_find(net, 1, creeps_m, 1);
    actors[1].s_m = creeps_m;
    actors[1].speed_m_s = actors[1].desired_speed_m_s = 0.5;
    bt_state *state;
    bt_sim *sim = fixture_sim(net, actors, 2, &state);
    for (int i = 0; i < 2500; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i % 10 == 0) CHECK(fixture_touches(sim, state) == 0);
    }
    const bt_motion *lorry = bt_state_motion(state, 0), *car = bt_state_motion(state, 1);
    CHECK(car->s_m > FAR_BETWEEN_M);                        // it is in the bend still
    CHECK(bt_road_lane_get(net, lorry->lane)->road == 1u);  // behind the junction
    CHECK(lorry->s_m > 17.0 && lorry->s_m < FAR_BETWEEN_M); // with its trailer, before the bend
    CHECK(lorry->speed_m_s < 0.1);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// ---- a way that comes back --------------------------------------------------------------------
#define LOOP_M 15.0 // radius

// A corner whose end leads round a loop and back.
static bt_road_network *network_corner_and_loop(void)
{
    const double sixth = LOOP_M * BT_PI / 3.0, turns[3] = {-1.0, 5.0, -1.0};
    double x = STRAIGHT_M + RADIUS_M, y = STRAIGHT_M + RADIUS_M, heading = 0.5 * BT_PI, s = 0.0;
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_corner(t, STRAIGHT_M, RADIUS_M, 1.0);
    text_add(t, "<link><successor elementType=\"road\" elementId=\"2\" "
                "contactPoint=\"start\"/></link><lanes><laneSection s=\"0\"><left>\n");
    text_lane(t, 1, "driving", 3.5, "");
    text_add(t, "</left><center><lane id=\"0\" type=\"none\"/></center><right>\n");
    text_lane(t, -1, "driving", 3.5, "<link><successor id=\"-1\"/></link>");
    text_add(t,
             "</right></laneSection></lanes></road>\n<road id=\"2\" length=\"%.12g\" "
             "junction=\"-1\"><link><predecessor elementType=\"road\" elementId=\"1\" "
             "contactPoint=\"end\"/><successor elementType=\"road\" elementId=\"1\" "
             "contactPoint=\"end\"/></link><planView>\n",
             7.0 * sixth);
    for (int i = 0; i < 3; i++) { // three circles that touch each other
        double length = fabs(turns[i]) * sixth, k = (turns[i] > 0.0 ? 1.0 : -1.0) / LOOP_M;
        text_add(t,
                 "<geometry s=\"%.12g\" x=\"%.12g\" y=\"%.12g\" hdg=\"%.12g\" "
                 "length=\"%.12g\"><arc curvature=\"%.12g\"/></geometry>\n",
                 s, x, y, heading, length, k);
        x += (sin(heading + k * length) - sin(heading)) / k;
        y -= (cos(heading + k * length) - cos(heading)) / k;
        heading += k * length;
        s += length;
    }
    text_add(t, "</planView><lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/>"
                "</center><right>\n");
    text_lane(t, -1, "driving", 3.5, "<link><predecessor id=\"-1\"/><successor id=\"1\"/></link>");
    text_add(t, "</right></laneSection></lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

// A lorry that will come back on the lane of those who come towards it now: that lane is theirs all the same.
static void test_comes_back(void)
{
    bt_road_network *net = network_corner_and_loop();
    bt_actor_desc actors[3];
    actors[0] = driver(net, true, true, 60.0);
    for (uint32_t i = 1; i < 3; i++)
        actors[i] = driver(net, false, false, 15.0 + 14.0 * i);
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 3, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, &state));
    uint32_t touched = 0;
    for (int i = 0; i < 8000; i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i % 10 == 0) touched += fixture_touches(sim, state);
    }
    CHECK(touched == 0);
    CHECK(bt_state_motion(state, 0)->route_m > 3.0 * STRAIGHT_M); // and it is on the way back
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// ---- who stands with its nose out -------------------------------------------------------------
static void straight_road(text *t, int id, double x, double y, double heading, double length)
{
    text_add(
        t,
        "<road id=\"%d\" length=\"%g\" junction=\"-1\"><planView><geometry s=\"0\" x=\"%.12g\" "
        "y=\"%.12g\" hdg=\"%.12g\" length=\"%g\"><line/></geometry></planView><lanes>"
        "<laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center><right>\n",
        id, length, x, y, heading, length);
    text_lane(t, -1, "driving", 3.5, "");
    text_add(t, "</right></laneSection></lanes></road>\n");
}

// A lorry that comes towards one stands with a corner of its nose so far in one's lane that one would touch, though
// oncoming traffic keeps to its own side as a rule: a car that
// is slow enough to look at that stops before it.
static void test_nose_out(void)
{
    const double heading = BT_PI + 0.4, length = 80.0, corner_m = 0.3;
    bt_vehicle truck = fixture_truck(), car = fixture_car();
    // the tractor's middle, for its front corner to be so far beyond the car's left side; it stops 1 m before the end
    double out = 0.5 * truck.length_m * sin(0.4) + 0.5 * truck.width_m * cos(0.4);
    double y = -1.75 + 0.5 * car.width_m - corner_m + out;
    double to_end = 0.5 * truck.length_m + 1.0 - length;
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    straight_road(t, 1, -200.0, 0.0, 0.0, 400.0);
    straight_road(t, 2, to_end * cos(heading) - 1.75 * sin(heading),
                  y + to_end * sin(heading) + 1.75 * cos(heading), heading, length);
    text_add(t, "</OpenDRIVE>\n");
    bt_road_network *net = text_parse(t);
    free(t);
    bt_actor_desc actors[2] = {driver(net, false, true, 0.0), driver(net, true, true, 0.0)};
    actors[0].s_m = 100.0;
    actors[1].s_m = 50.0;
    actors[0].speed_m_s = actors[0].desired_speed_m_s = 5.0;
    for (uint32_t i = 0; i < 2; i++)
        actors[i].lane = bt_lane_find(net, i, 20.0, -1);
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = 2, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, &state));
    uint32_t touched = 0;
    for (int i = 0; i < 2400; i++) { // later it backs up, for the lorry
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i % 10 == 0) touched += fixture_touches(sim, state);
    }
    CHECK(touched == 0);
    const bt_motion *m = bt_state_motion(state, 0);
    double gap = -m->pose.world_from_actor.pos.x - 0.5 * truck.length_m;
    CHECK(m->speed_m_s == 0.0 && gap > 0.0 && gap < 12.0);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
}

// Bends are found where only long bodies leave their lane.
static void test_found(const bt_road_network *net)
{
    bt_vehicle car = fixture_car(), truck = fixture_truck();
    bt_bodies bodies = {.car = &car, .longs = {&truck}, .long_count = 1};
    for (int with = 0; with < 2; with++) {
        bt_lane_graph graph;
        bodies.long_count = (uint32_t)with;
        CHECK_OK(bt_lane_graph_compile(net, &graph));
        CHECK_OK(bt_lane_graph_find_conflicts(&bodies, &graph));
        for (uint32_t i = 0; i < graph.lane_count; i++) {
            const bt_lane_path *path = &graph.lanes[i];
            if (path->point_count == 0) continue;
            CHECK(path->bend_count == (with ? 1u : 0u));
            if (path->bend_count == 0) continue;
            // from where it swings out, to where its trailer is straight again
            const bt_lane_bend *b = &graph.bends[path->first_bend];
            CHECK(b->from_m > STRAIGHT_M - 25.0 && b->from_m < STRAIGHT_M + 5.0);
            CHECK(b->to_m > STRAIGHT_M + BEND_M - 5.0 && b->to_m < STRAIGHT_M + BEND_M + 30.0);
        }
        bt_lane_graph_clear(&graph);
    }
}

static uint32_t first_touched(const bt_swept *swept, const bt_footprint *box, uint32_t from)
{
    while (from < swept->count && !bt_footprint_overlap(&swept->boxes[from].box, box))
        from++;
    return from;
}

// What a truck sweeps is found as by looking at all its boxes, wherever a car is.
static void test_touched(const bt_road_network *net)
{
    bt_vehicle car = fixture_car(), truck = fixture_truck();
    bt_swept wide = {0}, narrow = {0};
    bt_lane_graph graph;
    uint32_t wrong = 0, touched = 0, asked = 0;
    uint32_t there = bt_lane_find(net, 0, 10.0, -1), back = bt_lane_find(net, 0, 10.0, 1);
    CHECK_OK(bt_lane_graph_compile(net, &graph));
    CHECK_OK(bt_swept_add(&graph, &truck, there, 0.2, 0.0, &wide));
    CHECK_OK(bt_swept_add(&graph, &car, back, 0.2, 0.0, &narrow));
    for (uint32_t i = 0; i < narrow.count; i++)
        for (int k = -4; k <= 4; k++) {
            bt_swept_box box = narrow.boxes[i];
            box.box.y_m += 0.83 * k;
            uint32_t first = first_touched(&wide, &box.box, 0);
            uint32_t next = first_touched(&wide, &box.box, first + 7);
            bool near = bt_swept_near(&wide, &box);
            wrong += bt_swept_find(&wide, &box, 0) != first || (first < wide.count && !near);
            wrong += first < wide.count && bt_swept_find(&wide, &box, first + 7) != next;
            touched += first < wide.count;
            asked++;
        }
    CHECK(wrong == 0);
    CHECK(touched > asked / 10 && touched < asked);
    bt_swept_clear(&wide);
    bt_swept_clear(&narrow);
    bt_lane_graph_clear(&graph);
}

int main(void)
{
    bt_road_network *net = network_corner(STRAIGHT_M, RADIUS_M);
    test_touched(net);
    test_found(net);
    test_oncoming(net, true);
    test_oncoming(net, false);
    test_meeting(net);
    test_face_to_face(net);
    bt_road_network_destroy(net);
    test_behind_junction();
    test_far_behind_junction();
    test_comes_back();
    test_nose_out();
    return check_end();
}
