// surface_overlap.c: by how much the surfaces of roads that lie over each other differ, map by map.
//
//     bench.surface_overlap MAP.xodr ...
//
// Every driving lane is looked at each half metre, five times across. Kinds: a driving lane of the same junction lies there, a
// driving lane of another road, something else (a sidewalk, grass). Metres of lane, counted once for each kind, over 1 cm and
// over 10 cm; the greatest difference and where. Surfaces more than 2 m apart pass over each other (road.h).
#include "engine/road/opendrive.h"

#include <math.h>
#include <stdio.h>

#define STEP_M 0.5
#define BEND_M 0.25
#define ACROSS 5
#define LEVELS_MOST 16
#define BEYOND_M 1e-4
#define KINDS 3

typedef struct tally {
    double worst_m, cm_m, dm_m; // difference; metres of lane that differ by more than 1 cm, 10 cm
    uint32_t road, other;
    bt_vec3 place;
} tally;

static const char *const names[KINDS] = {"driving lanes of one junction", "other driving lanes",
                                         "what is not driven"};

// Roads are found a little beyond their ends too.
static bool is_beyond(const bt_road_network *net, const bt_road_location *at, bt_vec3 place)
{
    if (at->s_m > 0.0 && at->s_m < bt_road_get(net, at->road)->length_m) return false;
    bt_vec3 on = bt_road_point(net, at->road, at->s_m, at->t_m);
    return hypot(place.x - on.x, place.y - on.y) > BEYOND_M;
}

static int kind_of(const bt_road_network *net, uint32_t road, const bt_road_location *at)
{
    uint32_t junction = bt_road_get(net, road)->junction;
    if (!bt_lane_type_drivable(bt_road_lane_get(net, at->lane)->type)) return 2;
    return junction != BT_ROAD_NONE && junction == bt_road_get(net, at->road)->junction ? 0 : 1;
}

static void look(const bt_road_network *net, uint32_t road, bt_vec3 place, tally *tallies,
                 double worst[KINDS])
{
    bt_road_location at[LEVELS_MOST];
    uint32_t count = bt_road_locate_all(net, place, at, LEVELS_MOST);
    for (uint32_t i = 0; i < count && i < LEVELS_MOST; i++) {
        if (at[i].road == road || is_beyond(net, &at[i], place)) continue;
        int kind = kind_of(net, road, &at[i]);
        double off = fabs(at[i].height_m);
        worst[kind] = fmax(worst[kind], off);
        tally *t = &tallies[kind];
        if (off > t->worst_m) {
            t->worst_m = off;
            t->road = road;
            t->other = at[i].road;
            t->place = place;
        }
    }
}

static void look_at_lane(const bt_road_network *net, uint32_t lane, tally *tallies)
{
    const bt_lane *l = bt_road_lane_get(net, lane);
    if (!bt_lane_type_drivable(l->type)) return;
    for (double s = l->s0_m + 0.01; s < l->s1_m; s += STEP_M) {
        double worst[KINDS] = {0.0}, inner, outer;
        bt_lane_borders(net, lane, s, &inner, &outer);
        for (int i = 0; i < ACROSS; i++) {
            double t = bt_lerp(inner, outer, 0.02 + 0.96 * i / (ACROSS - 1));
            look(net, l->road, bt_road_point(net, l->road, s, t), tallies, worst);
        }
        for (int k = 0; k < KINDS; k++) {
            tallies[k].cm_m += worst[k] > 0.01 ? STEP_M : 0.0;
            tallies[k].dm_m += worst[k] > 0.1 ? STEP_M : 0.0;
        }
    }
}

// How far surfaces were moved from the file's along lanes' middles, how steeply, and how sharply that changes.
static void tell_moved(const bt_road_network *net)
{
    double most = 0.0, steepest = 0.0, sharpest = 0.0;
    for (uint32_t lane = 0; lane < bt_road_lane_count(net); lane++) {
        const bt_lane *l = bt_road_lane_get(net, lane);
        if (!bt_lane_type_drivable(l->type)) continue;
        for (double s = l->s0_m; s < l->s1_m; s += 0.5 * STEP_M) {
            double inner, outer;
            bt_lane_borders(net, lane, s, &inner, &outer);
            double t = 0.5 * (inner + outer), here = bt_road_moved(net, l->road, s, t);
            double before = bt_road_moved(net, l->road, s - BEND_M, t);
            double behind = bt_road_moved(net, l->road, s + BEND_M, t);
            most = fmax(most, fabs(here));
            steepest = fmax(steepest, fabs(behind - before) / (2.0 * BEND_M));
            sharpest = fmax(sharpest, fabs(behind + before - 2.0 * here) / (BEND_M * BEND_M));
        }
    }
    if (most > 0.0)
        printf("  moved by %.3f m at most, by %.3f m a metre, bent by %.3f 1/m over %g m\n", most,
               steepest, sharpest, 2.0 * BEND_M);
}

static int look_at(const char *map)
{
    bt_road_network *net;
    if (bt_opendrive_load(map, &net) != BT_OK) {
        fprintf(stderr, "%s\n", bt_error_message());
        return 2;
    }
    tally tallies[KINDS] = {0};
    for (uint32_t lane = 0; lane < bt_road_lane_count(net); lane++)
        look_at_lane(net, lane, tallies);
    printf("%s\n", map);
    for (int k = 0; k < KINDS; k++) {
        const tally *t = &tallies[k];
        if (t->worst_m > 0.001)
            printf(
                "  over %-30s %.3f m at most, %.1f m of lane > 1 cm, %.1f m > 10 cm; road %s over "
                "%s at %.1f %.1f %.2f\n",
                names[k], t->worst_m, t->cm_m, t->dm_m, bt_road_get(net, t->road)->id,
                bt_road_get(net, t->other)->id, t->place.x, t->place.y, t->place.z);
    }
    tell_moved(net);
    bt_road_network_destroy(net);
    return 0;
}

int main(int argc, char **argv)
{
    int code = argc < 2 ? 2 : 0;
    for (int i = 1; i < argc; i++)
        if (look_at(argv[i]) != 0) code = 2;
    return code;
}
