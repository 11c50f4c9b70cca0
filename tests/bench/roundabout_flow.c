// roundabout_flow.c: how many cars an hour a full entry of a roundabout lets in, by how many pass it on the ring.
//
//   bench.roundabout_flow [LANES [SEED]]    1 lane, seed 1, unless said
//
// Four arms. On arm 0 a queue stands; cars from arm 3, whose distances are drawn (exponential, 2 s at least), pass it on
// the ring and leave by arm 1. Counted from when the first of them passes until the queue or the stream ends. Beside it
// the capacity of the Highway Capacity Manual, 6th edition, eq. 22-1 to 22-7: 1380 exp(-1.02e-3 v) vehicles an hour a
// lane for one lane against one; 1420 exp(-0.91e-3 v) for each of two against one; 1420 exp(-0.85e-3 v), right, and
// 1350 exp(-0.92e-3 v), left, against two.
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/road/opendrive.h"
#include "engine/sim/audit.h"
#include "procedural/roads/layout.h"
#include "tests/engine/sim/fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ARMS 4
#define FAR_M 1500.0
#define QUEUE 45u
#define STREAM 90u
#define ACTORS (2u * QUEUE + 2u * STREAM)
#define GOAL_M 30.0 // before the arm's end; who is there is out of the way
#define LEAST_S 2.0
#define SPEED_M_S 11.0

typedef struct place {
    bt_layout layout;
    bt_roundabout desc;
    bt_arm arms[ARMS];
    bt_road_network *net;
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
    bt_corner corners[2] = {{reach * c, reach * s, 0.0, 0.0}, {FAR_M * c, FAR_M * s, 0.0, 0.0}};
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

static bt_status make(place *p, int lanes)
{
    double angles[ARMS];
    for (int i = 0; i < ARMS; i++)
        angles[i] = bt_wrap_angle(0.5 * BT_PI * i);
    *p = (place){.desc = {.name = "Ring", .lanes = lanes}};
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
    actor->goal_lane = arm_lane(p, to, false, nth, FAR_M - GOAL_M - bt_roundabout_reach(&p->desc),
                                &actor->goal_s_m);
}

// The queue, then the stream; `gap_s` is the stream's mean, per lane.
static uint32_t fill(const place *p, double gap_s, uint64_t seed, bt_actor_desc *actors)
{
    uint32_t count = 0;
    for (int nth = 0; nth < p->desc.lanes; nth++)
        for (uint32_t i = 0; i < QUEUE; i++)
            add_car(p, 0, 2, nth, 12.0 + 7.5 * i, 0.0, &actors[count++]);
    for (int nth = 0; nth < p->desc.lanes; nth++) {
        double out_m = 40.0;
        for (uint32_t i = 0; i < STREAM && gap_s > 0.0 && out_m < FAR_M - 60.0; i++) {
            double u = bt_random_unit(seed, BT_STREAM_TEST, i, (uint32_t)nth);
            add_car(p, 3, 1, nth, out_m, SPEED_M_S, &actors[count++]);
            out_m += SPEED_M_S * fmax(LEAST_S, LEAST_S - (gap_s - LEAST_S) * log(1.0 - u));
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        snprintf(actors[i].name, sizeof actors[i].name, "car %u", i);
        actors[i].driver = bt_driver_draw(seed, i);
    }
    return count;
}

typedef struct tally {
    uint32_t entered, passed, touches;
    double from_s, to_s;
} tally;

typedef struct watch {
    bool in[ACTORS], past[ACTORS];
} watch;

static void look(const place *p, const bt_state *state, uint32_t count, double now_s, watch *w,
                 tally *t)
{
    uint32_t queued = QUEUE * (uint32_t)p->desc.lanes;
    for (uint32_t i = 0; i < count; i++) {
        bt_vec3 at = bt_state_motion(state, i)->pose.world_from_actor.pos;
        bool ring = hypot(at.x, at.y) < p->desc.radius_m;
        if (i < queued && ring && !w->in[i]) {
            w->in[i] = true;
            t->entered += t->from_s > 0.0;
        }
        // by the entry of arm 0, at an angle of 0
        if (i < queued || w->past[i] || !ring || at.x < 0.0 || at.y < 0.0) continue;
        w->past[i] = true;
        if (t->from_s > 0.0)
            t->passed++;
        else
            t->from_s = now_s;
    }
}

// Until the queue has gone, or the stream has.
static bt_status observe(const place *p, double gap_s, uint64_t seed, tally *t)
{
    bt_actor_desc *actors = bt_alloc(ACTORS, sizeof *actors);
    watch *w = bt_alloc(1, sizeof *w);
    if (!actors || !w) return bt_fail(BT_ERR_MEMORY, "no memory");
    uint32_t count = fill(p, gap_s, seed, actors), queued = QUEUE * (uint32_t)p->desc.lanes;
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
    if (status == BT_OK) t->touches = (uint32_t)bt_audit_get(audit)->touches;
    bt_audit_destroy(audit);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_free(actors);
    bt_free(w);
    return status;
}

static double manual(int lanes, double flow)
{
    if (lanes == 1) return 1380.0 * exp(-1.02e-3 * flow);
    return 1420.0 * exp(-0.85e-3 * flow) + 1350.0 * exp(-0.92e-3 * flow);
}

int main(int argc, char **argv)
{
    static const double gaps_s[] = {0.0, 12.0, 8.0, 6.0, 4.5, 3.5, 2.8};
    int lanes = argc > 1 && atoi(argv[1]) == 2 ? 2 : 1;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    place p;
    bt_status status = make(&p, lanes);
    printf("%d lane%s: on the ring, in: veh/h; HCM; share; touches\n", lanes, lanes > 1 ? "s" : "");
    for (size_t i = 0; i < sizeof gaps_s / sizeof *gaps_s && status == BT_OK; i++) {
        tally t = {0};
        status = observe(&p, gaps_s[i], seed, &t);
        double hours = (t.to_s - t.from_s) / 3600.0;
        if (status != BT_OK || !(hours > 0.0)) continue;
        double ring = t.passed / hours, in = t.entered / hours;
        printf("%6.0f %6.0f %6.0f   %.2f   %u   (%.0f s)\n", ring, in, manual(lanes, ring),
               in / manual(lanes, ring), t.touches, 3600.0 * hours);
        fflush(stdout);
    }
    if (status != BT_OK) fprintf(stderr, "%s\n", bt_error_message());
    bt_road_network_destroy(p.net);
    bt_layout_clear(&p.layout);
    return status == BT_OK ? 0 : 2;
}
