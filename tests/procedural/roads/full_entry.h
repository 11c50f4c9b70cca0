// full_entry.h: a queue at an entry of a roundabout of four arms, and a stream of cars that pass it on the ring.
//
// On arm 0 a queue stands; cars from arm 3 pass it on the ring and leave by arm 1. Counted from when the first of them
// passes until the queue or the stream ends. Their headways are bunched exponential: LEAST_S behind another, or longer by
// an exponential time (Cowan 1975, "Useful headway models", M3), the share of free ones that of Akcelik and Chung 1994,
// "Calibration of the bunched exponential distribution of arrival headways", for roundabouts (from memory).
#ifndef BT_TESTS_ROADS_FULL_ENTRY_H
#define BT_TESTS_ROADS_FULL_ENTRY_H

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/road/opendrive.h"
#include "engine/sim/audit.h"
#include "procedural/roads/layout.h"
#include "tests/engine/sim/fixture.h"

#include <math.h>
#include <stdio.h>

#define ARMS 4
#define QUEUE_MOST 80u
#define STREAM 200u
#define ACTORS (2u * QUEUE_MOST + 2u * STREAM)
#define GOAL_M 30.0 // before the arm's end; who is there is out of the way
#define LEAST_S 2.0
#define BUNCHING 2.5
#define SPEED_M_S 11.0
#define BEHIND_RAD 0.7 // so far on the ring behind the arm's axis who came in is among the others

typedef struct place {
    bt_layout layout;
    bt_roundabout desc;
    bt_arm arms[ARMS];
    bt_road_network *net;
    double far_m;   // where the arms end
    uint32_t queue; // cars on each lane of arm 0, QUEUE_MOST at most
} place;

static bt_cross_section arm_section(int lanes)
{
    bt_side side = {.drive = lanes,
                    .drive_m = 3.25,
                    .median_m = BT_SPLITTER_M,
                    .median = BT_MEDIAN_ISLAND_GOES_ON,
                    .edge_m = 0.5,
                    .curb_m = 0.15};
    return (bt_cross_section){
        .left = side, .right = side, .marked = true, .line_m = 3.0, .gap_m = 6.0};
}

static void add_arm(place *p, int i, double angle_rad, const bt_cross_section *cross)
{
    double reach = bt_roundabout_reach(&p->desc), c = cos(angle_rad), s = sin(angle_rad);
    bt_corner corners[2] = {{reach * c, reach * s, 0.0, 0.0},
                            {p->far_m * c, p->far_m * s, 0.0, 0.0}};
    bt_layout_road_desc desc = {.name = "Arm",
                                .type = "town",
                                .corners = corners,
                                .corner_count = 2,
                                .speed_km_h = 50.0,
                                .wish = 1.2,
                                .start = *cross,
                                .end = *cross};
    uint32_t road = bt_layout_add_road(&p->layout, &desc);
    if (p->layout.status != BT_OK) return;
    bt_stretch stretch = {.s1_m = p->layout.roads[road].street->alignment.length_m,
                          .from = *cross,
                          .to = *cross,
                          .mouth_at_start = true};
    bt_layout_set_stretches(&p->layout, road, &stretch, 1);
    p->arms[i] = (bt_arm){.road = road, .outward_rad = angle_rad};
}

static bt_status make_place(double far_m, uint32_t queue, int lanes, place *p)
{
    double angles[ARMS];
    for (int i = 0; i < ARMS; i++)
        angles[i] = bt_wrap_angle(0.5 * BT_PI * i);
    *p = (place){.desc = {.name = "Ring", .lanes = lanes}, .far_m = far_m, .queue = queue};
    p->desc.radius_m = bt_roundabout_radius(angles, ARMS, lanes);
    bt_land flat = {0, 0.0, 1000.0};
    bt_layout_init(&p->layout, 0, &flat);
    bt_cross_section cross = arm_section(lanes);
    for (int i = 0; i < ARMS; i++)
        add_arm(p, i, angles[i], &cross);
    bt_layout_add_roundabout(&p->layout, &p->desc, p->arms, ARMS);
    bt_xodr_writer w;
    const char *text;
    size_t count;
    bt_xodr_init(&w);
    bt_status status = p->layout.status;
    if (status == BT_OK) status = bt_layout_write(&p->layout, "roundabout", &w);
    if (status == BT_OK) status = bt_xodr_finish(&w, &text, &count);
    if (status == BT_OK) status = bt_opendrive_parse("roundabout", text, count, &p->net);
    bt_xodr_clear(&w);
    return status;
}

// A lane of an arm, counted from its island, and its station so far out.
static uint32_t arm_lane(const place *p, int arm, bool incoming, int nth, double out_m, double *s_m)
{
    const bt_arm *a = &p->arms[arm];
    char id[16];
    snprintf(id, sizeof id, "%d", p->layout.roads[a->road].street->id);
    int rank = bt_side_rank(bt_arm_side(&p->layout, a, incoming), BT_STRIP_DRIVE) + nth;
    *s_m = bt_arm_station(&p->layout, a, out_m);
    return bt_lane_find(p->net, bt_road_find(p->net, id), *s_m, bt_arm_sign(a, incoming) * rank);
}

// A car on an arm that will leave by another.
static void add_car(const place *p, int from, int to, int nth, double out_m, double speed_m_s,
                    bt_actor_desc *actor)
{
    *actor =
        (bt_actor_desc){.kind = BT_ACTOR_VEHICLE, .vehicle = fixture_car(), .speed_m_s = speed_m_s};
    actor->lane = arm_lane(p, from, true, nth, out_m, &actor->s_m);
    actor->goal_lane = arm_lane(
        p, to, false, nth, p->far_m - GOAL_M - bt_roundabout_reach(&p->desc), &actor->goal_s_m);
}

// To the next one of a stream with this mean; u in [0, 1).
static double headway(double mean_s, double u)
{
    double free = exp(-BUNCHING * LEAST_S / mean_s); // share of those not in a bunch
    return u < 1.0 - free ? LEAST_S : LEAST_S - (mean_s - LEAST_S) / free * log((1.0 - u) / free);
}

// The queue, then the stream; `gap_s` is the stream's mean, per lane.
static uint32_t fill(const place *p, double gap_s, uint64_t seed, bt_actor_desc *actors)
{
    uint32_t count = 0;
    for (int nth = 0; nth < p->desc.lanes; nth++)
        for (uint32_t i = 0; i < p->queue; i++)
            add_car(p, 0, 2, nth, 12.0 + 7.5 * i, 0.0, &actors[count++]);
    for (int nth = 0; nth < p->desc.lanes; nth++) {
        double out_m = 40.0;
        for (uint32_t i = 0; i < STREAM && gap_s > 0.0 && out_m < p->far_m - 60.0; i++) {
            double u = bt_random_unit(seed, BT_STREAM_TEST, i, (uint32_t)nth);
            add_car(p, 3, 1, nth, out_m, SPEED_M_S, &actors[count++]);
            out_m += SPEED_M_S * headway(gap_s, u);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        snprintf(actors[i].name, sizeof actors[i].name, "car %u", i);
        actors[i].driver = bt_driver_draw(seed, i);
    }
    return count;
}

// When a car comes by: before the entry of arm 0 on the ring, and behind it; 0: not yet.
typedef struct times {
    double before_s[ACTORS], behind_s[ACTORS], in_s[ACTORS];
} times;

typedef struct tally {
    uint32_t entered, passed, touches;
    double from_s, to_s;
    double gap_s[ACTORS];  // on the ring, (gaps)
    uint32_t into[ACTORS]; // so many went into it
    uint32_t gaps, follow_ups;
    double follow_up_s; // sum
} tally;

static void look(const place *p, const bt_state *state, uint32_t count, double now_s, times *w,
                 tally *t)
{
    uint32_t queued = p->queue * (uint32_t)p->desc.lanes;
    for (uint32_t i = 0; i < count; i++) {
        bt_vec3 at = bt_state_motion(state, i)->pose.world_from_actor.pos;
        bool ring = hypot(at.x, at.y) < p->desc.radius_m;
        double angle = atan2(at.y, at.x);
        if (i < queued && ring && w->in_s[i] <= 0.0) {
            w->in_s[i] = now_s;
            t->entered += t->from_s > 0.0;
        }
        bool by = ring && angle > 0.0 && angle < 1.5;
        if (by && angle > BEHIND_RAD && w->behind_s[i] <= 0.0) w->behind_s[i] = now_s;
        if (!by || i < queued || w->before_s[i] > 0.0) continue;
        w->before_s[i] = now_s;
        if (t->from_s > 0.0)
            t->passed++;
        else
            t->from_s = now_s;
    }
}

// The gaps of one lane's stream, and who went into each; cars of a lane keep their order.
static void find_gaps(const times *w, uint32_t count, uint32_t queued, tally *t)
{
    for (uint32_t i = queued; i + 1 < count && t->gaps < ACTORS; i++) {
        if (w->behind_s[i] <= 0.0 || w->behind_s[i + 1] <= 0.0) continue;
        uint32_t into = 0;
        double last_s = 0.0;
        for (uint32_t k = 0; k < queued; k++) {
            if (w->behind_s[k] <= w->behind_s[i] || w->behind_s[k] >= w->behind_s[i + 1]) continue;
            if (into++ > 0) t->follow_up_s += w->in_s[k] - last_s, t->follow_ups++;
            last_s = w->in_s[k];
        }
        t->into[t->gaps] = into;
        t->gap_s[t->gaps++] = w->before_s[i + 1] - w->before_s[i];
    }
}

// Until the queue has gone, or the stream has.
static bt_status observe(const place *p, double gap_s, uint64_t seed, tally *t)
{
    bt_actor_desc *actors = bt_alloc(ACTORS, sizeof *actors);
    times *w = bt_alloc(1, sizeof *w);
    if (!actors || !w) return bt_fail(BT_ERR_MEMORY, "no memory");
    uint32_t count = fill(p, gap_s, seed, actors), queued = p->queue * (uint32_t)p->desc.lanes;
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    bt_audit *audit = NULL;
    bt_sim_desc desc = {
        .net = p->net, .seed = seed, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    bt_status status = bt_sim_create(&desc, &sim);
    if (status == BT_OK) status = bt_state_create(sim, &state);
    if (status == BT_OK)
        status = bt_audit_create(&(bt_audit_desc){.sim = sim, .wheels_every = 1000}, &audit);
    *t = (tally){.from_s = gap_s > 0.0 ? 0.0 : 10.0};
    for (int i = 0; i < 60000 && status == BT_OK; i++) {
        status = bt_sim_step(sim, state, NULL);
        if (i % 10 != 0) continue;
        bt_audit_look(audit, state);
        t->to_s = 0.01 * i;
        if (gap_s <= 0.0 && t->to_s < t->from_s) continue; // the first ones only start
        look(p, state, count, t->to_s, w, t);
        bool gone = t->entered + 4 >= queued,
             over = t->passed + 2 + queued >= count && count > queued;
        if (gone || over) break;
    }
    if (p->desc.lanes == 1) find_gaps(w, count, queued, t);
    if (status == BT_OK) t->touches = (uint32_t)bt_audit_get(audit)->touches;
    bt_audit_destroy(audit);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_free(actors);
    bt_free(w);
    return status;
}

// The capacity of the Highway Capacity Manual, 6th edition, eq. 22-1 to 22-7: 1380 exp(-1.02e-3 v) vehicles an hour a lane
// for one lane against one; 1420 exp(-0.85e-3 v), right, and 1350 exp(-0.92e-3 v), left, against two.
static double manual_capacity(int lanes, double flow)
{
    if (lanes == 1) return 1380.0 * exp(-1.02e-3 * flow);
    return 1420.0 * exp(-0.85e-3 * flow) + 1350.0 * exp(-0.92e-3 * flow);
}

#endif
