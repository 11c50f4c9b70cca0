// itinerary_test.c: tests engine/sim/itinerary.c: changes of lane near where lanes end, begin aside, and part.
#include "engine/sim/itinerary.h"
#include "tests/engine/sim/networks.h"

#define STEP_M 0.1
#define LANE_M 3.5
#define AHEAD_M 340.0

typedef struct scene {
    bt_road_network *net;
    bt_lane_graph graph;
} scene;

static void scene_begin(bt_road_network *net, scene *s)
{
    s->net = net;
    CHECK_OK(bt_lane_graph_compile(net, &s->graph));
}

static void scene_end(scene *s)
{
    bt_lane_graph_clear(&s->graph);
    bt_road_network_destroy(s->net);
}

// Straight: a section of two lanes 200 m long; then, `aside` to the left, one of as many or of three, the first of which
// come both from the first lane.
static bt_road_network *network_steps(double aside, bool parts)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    text_add(t, "<road id=\"1\" length=\"600\" junction=\"-1\"><planView><geometry s=\"0\" x=\"0\" "
                "y=\"0\" hdg=\"0\" length=\"600\"><line/></geometry></planView>\n<lanes>");
    text_add(t,
             "<laneOffset s=\"0\" a=\"0\" b=\"0\" c=\"0\" d=\"0\"/>"
             "<laneOffset s=\"200\" a=\"%g\" b=\"0\" c=\"0\" d=\"0\"/>\n",
             aside);
    for (int i = 0; i < 2; i++) {
        text_add(t,
                 "<laneSection s=\"%d\"><center><lane id=\"0\" type=\"none\"/></center><right>\n",
                 200 * i);
        for (int k = 1; k <= (i > 0 && parts ? 3 : 2); k++) {
            char link[64] = "";
            int before = parts && k > 1 ? k - 1 : k;
            if (i > 0)
                snprintf(link, sizeof link, "<link><predecessor id=\"%d\"/></link>", -before);
            text_lane(t, -k, "driving", LANE_M, link);
        }
        text_add(t, "</right></laneSection>\n");
    }
    text_add(t, "</lanes></road></OpenDRIVE>\n");
    return text_take(t);
}

// Up to where it begins to change the way stays what it was but for lengths of lanes in a bend; after that it nowhere
// jumps; and at last it is on another lane.
static void check_change(const scene *s, bt_itinerary *it, uint32_t to, double at_m, double from_m,
                         double way_m)
{
    bt_itinerary was = *it;
    CHECK(bt_itinerary_change(&s->graph, it, to, from_m, way_m, AHEAD_M));
    CHECK(it->head == was.head);
    for (double q = at_m; q < from_m; q += STEP_M) {
        bt_lane_point a = bt_itinerary_at(&s->graph, &was, q);
        bt_lane_point b = bt_itinerary_at(&s->graph, it, q);
        double c = cos(a.heading_rad), n = sin(a.heading_rad), dx = b.x_m - a.x_m,
               dy = b.y_m - a.y_m;
        CHECK_NEAR(-dx * n + dy * c, 0.0, 0.002);
        CHECK_NEAR(dx * c + dy * n, 0.0, 0.25); // 30 m of bend, 3.5 m farther out of 500
    }
    double most = 0.0;
    bt_lane_point last = bt_itinerary_at(&s->graph, it, at_m);
    for (double q = at_m; q < from_m + way_m + 40.0; q += STEP_M) {
        bt_lane_point p = bt_itinerary_at(&s->graph, it, q + STEP_M);
        most = fmax(most, fabs(hypot(p.x_m - last.x_m, p.y_m - last.y_m) - STEP_M));
        last = p;
    }
    // at most as steep as a join over 30 m (1.5 d / 30) and a shift (1.875 d / way) together
    double steep = 1.5 * LANE_M / 30.0 + 1.875 * LANE_M / way_m;
    CHECK(most < STEP_M * (0.5 * steep * steep + LANE_M / 500.0));
    double end = from_m + way_m + 40.0;
    bt_lane_point a = bt_itinerary_at(&s->graph, &was, end);
    bt_lane_point b = bt_itinerary_at(&s->graph, it, end);
    double across = -(b.x_m - a.x_m) * sin(a.heading_rad) + (b.y_m - a.y_m) * cos(a.heading_rad);
    CHECK(fabs(across) > 0.9 * LANE_M);
}

// A driver who comes along a lane from the road's beginning, and at a place changes to another a second later.
static void check_at(const scene *s, int lane, int to, double q_m, uint64_t choice)
{
    bt_itinerary it;
    double speed = 25.0;
    bt_itinerary_init(&it, bt_lane_find(s->net, 0, 0.0, lane), 0.0, choice, NULL);
    bt_itinerary_advance(&s->graph, NULL, &it, 0.0, q_m + AHEAD_M);
    bt_itinerary_advance(&s->graph, NULL, &it, q_m, AHEAD_M);
    uint32_t beside = bt_lane_find(s->net, 0, bt_itinerary_station(&s->graph, &it, q_m), to);
    check_change(s, &it, beside, q_m, q_m + speed, 4.5 * speed);
}

// Where the lane ends before the change begins, both are abreast at its end: not where it begins.
static void test_end(void)
{
    scene s;
    scene_begin(network_ring_lanes(500.0, 3), &s);
    for (int lane = -3; lane < 0; lane++) {
        double length = s.graph.lanes[bt_lane_find(s.net, 0, 0.0, lane)].length_m;
        for (double left = 2.0; left < 60.0; left += 6.0)
            check_at(&s, lane, lane == -2 ? -3 : -2, length - left, 0);
    }
    scene_end(&s);
}

// Lanes that begin aside of those before: who changes there joins them as if it did not.
static void test_aside(void)
{
    scene s;
    scene_begin(network_steps(1.0, false), &s);
    for (double at = 60.0; at < 240.0; at += 6.0) {
        check_at(&s, -1, -2, at, 0);
        check_at(&s, -2, -1, at, 0);
    }
    scene_end(&s);
}

// Where the own lane parts before the change begins, it is followed to the branch that was chosen.
static void test_parting(void)
{
    scene s;
    scene_begin(network_steps(0.0, true), &s);
    for (uint64_t choice = 0; choice < 8; choice++)
        for (double left = 2.0; left < 60.0; left += 6.0)
            check_at(&s, -1, -2, 200.0 - left, choice);
    scene_end(&s);
}

int main(void)
{
    test_end();
    test_aside();
    test_parting();
    return check_end();
}
