// spawn_test.c: tests engine/sim/spawn.c: where nobody parks or begins to walk.
#include "engine/sim/spawn.h"
#include "tests/engine/sim/fixture.h"
#include "tests/engine/sim/networks.h"

#define LENGTH_M 200.0
#define LANE_M 3.5
#define PARKING_M 2.5

// A road with a parking lane and a sidewalk, along the x axis; one across it at half its length, no junction in the map.
static bt_road_network *network_crossed(void)
{
    text *t = calloc(1, sizeof *t);
    text_begin(t);
    for (int i = 0; i < 2; i++) {
        text_add(
            t,
            "<road id=\"%d\" length=\"%g\" junction=\"-1\"><planView><geometry s=\"0\" x=\"%g\" "
            "y=\"%g\" hdg=\"%.12g\" length=\"%g\"><line/></geometry></planView>\n<lanes>"
            "<laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center><right>\n",
            i + 1, LENGTH_M, i * 0.5 * LENGTH_M, i * -0.5 * LENGTH_M, i * 0.5 * BT_PI, LENGTH_M);
        text_lane(t, -1, "driving", LANE_M, "");
        if (i == 0) text_lane(t, -2, "parking", PARKING_M, "");
        if (i == 0) text_lane(t, -3, "sidewalk", PARKING_M, "");
        text_add(t, "</right></laneSection></lanes></road>\n");
    }
    text_add(t, "</OpenDRIVE>\n");
    return text_take(t);
}

// All of the parking lane is taken but for where the other road leads across it.
static void test_parked(void)
{
    bt_road_network *net = network_crossed();
    bt_vehicle car = fixture_car();
    bt_spawn_desc desc = {.net = net,
                          .seed = 1,
                          .counts = {[BT_SPAWN_PARKED] = 100},
                          .cars = &car,
                          .car_models = 1,
                          .ego_lane = BT_ROAD_NONE};
    bt_spawn_list list;
    CHECK_OK(bt_spawn(&desc, &list));
    // a place every 6.5 m; none with half a car within a metre of the other lane's middle
    double middle = 0.5 * LENGTH_M + 0.5 * LANE_M, nearest = LENGTH_M;
    for (uint32_t i = 0; i < list.count; i++) {
        const bt_actor_desc *d = &list.entries[i].desc;
        double centre = d->s_m + 0.5 * car.length_m - car.rear_overhang_m;
        nearest = fmin(nearest, fabs(centre - middle));
    }
    CHECK(nearest > 1.0 + 0.5 * car.length_m);
    CHECK(nearest < 1.0 + 0.5 * car.length_m + 6.5 + 2.0 * 0.4);
    CHECK(list.count >= 28 && list.count <= 30);
    bt_spawn_clear(&list);
    bt_road_network_destroy(net);
}

// A right bend of BEND_M radius between two straights, a parking lane along its inner side.
#define BEND_M 16.0
static bt_road_network *network_bent(void)
{
    text *t = calloc(1, sizeof *t);
    double arc = 0.5 * BT_PI * BEND_M;
    text_begin(t);
    text_add(
        t,
        "<road id=\"1\" length=\"%.12g\" junction=\"-1\"><planView>"
        "<geometry s=\"0\" x=\"0\" y=\"0\" hdg=\"0\" length=\"%g\"><line/></geometry>"
        "<geometry s=\"%g\" x=\"%g\" y=\"0\" hdg=\"0\" length=\"%.12g\">"
        "<arc curvature=\"%.12g\"/></geometry>"
        "<geometry s=\"%.12g\" x=\"%g\" y=\"%g\" hdg=\"%.12g\" length=\"%g\"><line/></geometry>"
        "</planView>\n<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center>"
        "<right>\n",
        2.0 * LENGTH_M + arc, LENGTH_M, LENGTH_M, LENGTH_M, arc, -1.0 / BEND_M, LENGTH_M + arc,
        LENGTH_M + BEND_M, -BEND_M, -0.5 * BT_PI, LENGTH_M);
    text_lane(t, -1, "driving", LANE_M, "");
    text_lane(t, -2, "parking", PARKING_M, "");
    text_add(t, "</right></laneSection></lanes></road>\n</OpenDRIVE>\n");
    return text_take(t);
}

static uint32_t parked_in_bend(const bt_road_network *net, uint32_t trucks, uint32_t *all)
{
    bt_vehicle car = fixture_car(), truck = fixture_truck();
    bt_spawn_desc desc = {.net = net,
                          .seed = 1,
                          .counts = {[BT_SPAWN_PARKED] = 100, [BT_SPAWN_TRUCK] = trucks},
                          .cars = &car,
                          .car_models = 1,
                          .trucks = &truck,
                          .truck_models = 1,
                          .ego_lane = BT_ROAD_NONE};
    bt_spawn_list list;
    uint32_t there = 0;
    CHECK_OK(bt_spawn(&desc, &list));
    *all = 0;
    for (uint32_t i = 0; i < list.count; i++) {
        if (list.entries[i].kind != BT_SPAWN_PARKED) continue;
        double s = list.entries[i].desc.s_m;
        there += s > LENGTH_M && s < LENGTH_M + 0.5 * BT_PI * BEND_M;
        ++*all;
    }
    bt_spawn_clear(&list);
    return there;
}

// Where lorries drive nobody parks on the inside of a tight bend, over which their trailers come.
static void test_lorries(void)
{
    bt_road_network *net = network_bent();
    uint32_t all[2], without = parked_in_bend(net, 0, &all[0]),
                     with = parked_in_bend(net, 1, &all[1]);
    CHECK(without >= 2 && with == 0);
    CHECK(all[1] > all[0] - 8); // and elsewhere as before
    bt_road_network_destroy(net);
}

// Cars stand on the sidewalk: people begin between them.
static void test_walkers(void)
{
    bt_road_network *net = network_crossed();
    bt_vehicle car = fixture_car();
    bt_actor_desc present[10] = {0};
    for (uint32_t i = 0; i < 10; i++)
        present[i] = (bt_actor_desc){.kind = BT_ACTOR_VEHICLE,
                                     .vehicle = car,
                                     .lane = bt_lane_find(net, 0, 0.0, -3),
                                     .s_m = 10.0 + 20.0 * i,
                                     .parked = true};
    uint32_t begun = 0;
    for (uint64_t seed = 1; seed < 20; seed++) {
        bt_spawn_desc desc = {.net = net,
                              .seed = seed,
                              .counts = {[BT_SPAWN_PEDESTRIAN] = 10},
                              .present = present,
                              .present_count = 10,
                              .ego_lane = BT_ROAD_NONE};
        bt_spawn_list list;
        CHECK_OK(bt_spawn(&desc, &list));
        for (uint32_t i = 0; i < list.count; i++) {
            double x = list.entries[i].desc.path[0].x, rear = fmod(x, 20.0) - 10.0;
            CHECK(rear < -car.rear_overhang_m || rear > car.length_m - car.rear_overhang_m);
        }
        begun += list.count;
        bt_spawn_clear(&list);
    }
    CHECK(begun > 50);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_parked();
    test_lorries();
    test_walkers();
    return check_end();
}
