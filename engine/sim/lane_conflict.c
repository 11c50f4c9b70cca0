// lane_conflict.c: see lane_conflict.h.
#include "engine/sim/lane_conflict.h"

#include "engine/core/memory.h"
#include "engine/core/task.h"
#include "engine/sim/sweep.h"
#include "engine/sim/swept.h"

#include <math.h>

#define ROOM_M 0.2      // on each side of each body: drivers are not exactly in the middle
#define ABREAST_M 0.05  // likewise of two cars that come from lanes abreast and go on abreast
#define BESIDE_M 0.3    // whoever keeps so near to its way needs no room on other lanes
#define STRAIGHT_M 80.0 // radius beyond which a trailer's axle follows within that (L^2 / 2R)
#define APART_M 5.0     // bends farther apart are two
#define NEVER_M (-1e9)
#define SWINGS_M 13.0 // so far before a junction a long vehicle begins to swing out for it
#define SHALLOW_RAD (60.0 * BT_RAD_PER_DEG)

// What all bodies sweep on each lane, found when it is asked for.
typedef struct finder {
    bt_lane_graph *graph;
    const bt_bodies *bodies;
    bt_swept *swept[BT_BODY_COUNT]; // (lanes)
    uint8_t *known[BT_BODY_COUNT];
    bt_swept *narrow; // (lanes) of cars with less room
    uint8_t *narrow_known;
    bt_bounds *round; // (lanes) the points of each that lane_near looks at, with room
    uint32_t *first;  // (junctions + 1), into inside
    uint32_t *inside; // lanes of junctions, junction after junction, in order
    uint32_t junctions;
} finder;

static bt_status sweep(finder *f, uint32_t lane, bt_body_kind body, const bt_swept **out)
{
    bt_swept *s = &f->swept[body][lane];
    bt_status status = BT_OK;
    *out = s;
    if (f->known[body][lane]) return BT_OK;
    f->known[body][lane] = 1;
    if (f->graph->lanes[lane].cycles) // nobody else goes there
        return f->bodies->cycle ? bt_swept_add(f->graph, f->bodies->cycle, lane, ROOM_M, 0.0, s)
                                : BT_OK;
    if (body == BT_BODY_CAR && f->bodies->car)
        status = bt_swept_add(f->graph, f->bodies->car, lane, ROOM_M, 0.0, s);
    for (uint32_t i = 0; body == BT_BODY_LONG && i < f->bodies->long_count && status == BT_OK; i++)
        status = bt_swept_add(f->graph, f->bodies->longs[i], lane, ROOM_M, 0.0, s);
    return status;
}

static bt_status sweep_narrow(finder *f, uint32_t lane, const bt_swept **out)
{
    bt_swept *s = &f->narrow[lane];
    *out = s;
    if (f->narrow_known[lane] || !f->bodies->car || f->graph->lanes[lane].cycles) return BT_OK;
    f->narrow_known[lane] = 1;
    return bt_swept_add(f->graph, f->bodies->car, lane, ABREAST_M, 0.0, s);
}

static bool hits(const bt_swept *a, const bt_swept_box *box)
{
    return bt_swept_find(a, box, 0) < a->count;
}

// The last place on b where a body is in the way of one on a.
static double last_hit(const bt_swept *a, const bt_swept *b)
{
    double last = NEVER_M;
    if (a->count == 0 || b->count == 0 || !bt_bounds_meet(&a->bounds, &b->bounds)) return last;
    for (uint32_t end = b->count; end > 0;) {
        uint32_t first = (end - 1) / BT_SWEPT_PART * BT_SWEPT_PART, k = end;
        end = first;
        if (!bt_swept_near(a, &b->parts[first / BT_SWEPT_PART])) continue;
        while (k-- > first)
            if (b->boxes[k].at_m > last && hits(a, &b->boxes[k])) last = b->boxes[k].at_m;
    }
    return last;
}

// The stretch of b on which a body is in the way of one on a.
static bt_lane_stretch hit_stretch(const bt_swept *a, const bt_swept *b)
{
    bt_lane_stretch s = {-NEVER_M, last_hit(a, b)};
    for (uint32_t k = 0; s.to_m > NEVER_M && k < b->count; k++)
        if (b->boxes[k].at_m < s.from_m && hits(a, &b->boxes[k])) s.from_m = b->boxes[k].at_m;
    return s;
}

static bool follows(const bt_lane_graph *g, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < g->lanes[a].next_count; i++)
        if (g->nexts[g->lanes[a].first_next + i] == b) return true;
    return false;
}

// Two lanes that lead onto one: those who merge look out for each other.
static bool share_a_way_on(const bt_lane_graph *g, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < g->lanes[a].next_count; i++)
        if (follows(g, b, g->nexts[g->lanes[a].first_next + i])) return true;
    return false;
}

static bool are_beside(const bt_lane_graph *g, uint32_t a, uint32_t b)
{
    const bt_lane *la = bt_road_lane_get(g->net, a), *lb = bt_road_lane_get(g->net, b);
    return a != b && la->section == lb->section && la->forward == lb->forward;
}

// Do lanes of a junction come from two abreast, and lead on to two abreast? Drivers keep abreast on them as before.
static bool go_abreast(const bt_lane_graph *g, uint32_t a, uint32_t b)
{
    const bt_lane_path *pa = &g->lanes[a], *pb = &g->lanes[b];
    if (pa->cycles || pb->cycles || pa->next_count != 1 || pb->next_count != 1) return false;
    return are_beside(g, pa->origin, pb->origin) &&
           are_beside(g, g->nexts[pa->first_next], g->nexts[pb->first_next]);
}

// ---- junctions --------------------------------------------------------------------------------
static bool is_inside(const bt_lane_path *path)
{
    return path->point_count > 0 && path->junction != BT_ROAD_NONE;
}

// Sorts the lanes of junctions by junction.
static bt_status list_inside(finder *f)
{
    const bt_lane_graph *g = f->graph;
    for (uint32_t i = 0; i < g->lane_count; i++)
        if (is_inside(&g->lanes[i]) && g->lanes[i].junction >= f->junctions)
            f->junctions = g->lanes[i].junction + 1;
    f->first = bt_alloc(f->junctions + 1, sizeof *f->first);
    f->inside = bt_alloc(g->lane_count, sizeof *f->inside);
    if (!f->first || !f->inside) return bt_fail(BT_ERR_MEMORY, "no memory for junctions' lanes");
    for (uint32_t i = 0; i < g->lane_count; i++)
        if (is_inside(&g->lanes[i])) f->first[g->lanes[i].junction]++;
    for (uint32_t j = 0; j < f->junctions; j++)
        f->first[j + 1] += f->first[j];
    // from the last to the first, each junction filled from its end
    for (uint32_t i = g->lane_count; i-- > 0;)
        if (is_inside(&g->lanes[i])) f->inside[--f->first[g->lanes[i].junction]] = i;
    return BT_OK;
}

static bt_status sweep_both(finder *f, uint32_t a, bt_body_kind own, uint32_t b, bt_body_kind other,
                            const bt_swept **sa, const bt_swept **sb)
{
    bool abreast = own == BT_BODY_CAR && other == BT_BODY_CAR && go_abreast(f->graph, a, b);
    bt_status status = abreast ? sweep_narrow(f, a, sa) : sweep(f, a, own, sa);
    if (status != BT_OK) return status;
    return abreast ? sweep_narrow(f, b, sb) : sweep(f, b, other, sb);
}

// Which way two cars head where they touch first differs little.
static bool is_shallow(const bt_lane_graph *g, uint32_t a, const bt_lane_conflict *c)
{
    double own =
        bt_lane_graph_at(g, a, 0.5 * (c->own_stretch.from_m + c->own_stretch.to_m)).heading_rad;
    double other =
        bt_lane_graph_at(g, c->other, 0.5 * (c->other_stretch.from_m + c->other_stretch.to_m))
            .heading_rad;
    return fabs(bt_wrap_angle(own - other)) < SHALLOW_RAD;
}

static bt_status look_at_pair(finder *f, uint32_t a, uint32_t b)
{
    bt_lane_graph *g = f->graph;
    bt_lane_conflict c = {.other = b};
    bool any = false;
    for (int own = 0; own < BT_BODY_COUNT; own++)
        for (int other = 0; other < BT_BODY_COUNT; other++) {
            const bt_swept *sa, *sb;
            bt_status status =
                sweep_both(f, a, (bt_body_kind)own, b, (bt_body_kind)other, &sa, &sb);
            if (status != BT_OK) return status;
            double last = last_hit(sa, sb);
            if (last > NEVER_M) last += BT_SWEPT_EVERY_M; // the first place where it does not
            c.until_m[own][other] = last;
            any = any || last > NEVER_M;
        }
    if (!any) return BT_OK;
    c.joins = share_a_way_on(g, a, b);
    if (c.until_m[BT_BODY_CAR][BT_BODY_CAR] > NEVER_M) {
        const bt_swept *sa, *sb;
        bt_status status = sweep_both(f, a, BT_BODY_CAR, b, BT_BODY_CAR, &sa, &sb);
        if (status != BT_OK) return status;
        c.own_stretch = hit_stretch(sb, sa);
        c.other_stretch = hit_stretch(sa, sb);
        c.shallow = is_shallow(g, a, &c);
    }
    bt_status status = BT_ARRAY_RESERVE(g->conflicts, g->conflict_capacity, g->conflict_count + 1);
    if (status != BT_OK) return status;
    g->conflicts[g->conflict_count++] = c;
    g->lanes[a].conflict_count++;
    return BT_OK;
}

// Lanes of one origin part from a queue that keeps its order.
static bt_status conflicts_of(finder *f, uint32_t lane)
{
    bt_lane_path *path = &f->graph->lanes[lane];
    bt_status status = bt_task_go_on();
    path->first_conflict = (uint32_t)f->graph->conflict_count;
    for (uint32_t k = f->first[path->junction]; k < f->first[path->junction + 1]; k++) {
        uint32_t other = f->inside[k];
        if (other == lane || f->graph->lanes[other].origin == path->origin) continue;
        status = look_at_pair(f, lane, other);
        if (status != BT_OK) break;
    }
    return status;
}

// Do all who meet a lane's traffic in its junction wait for it?
static void find_right(bt_lane_graph *g, uint32_t lane)
{
    bt_lane_path *path = &g->lanes[lane];
    path->has_way = !path->yields && !g->lanes[path->origin].yields;
    for (uint32_t i = 0; i < path->conflict_count; i++) {
        const bt_lane_path *other = &g->lanes[g->conflicts[path->first_conflict + i].other];
        path->has_way = path->has_way && g->lanes[other->origin].yields;
    }
}

// So far along a lane of a junction a car's nose touches nobody on those that cross it or join it.
static void find_edge(finder *f, uint32_t lane)
{
    const bt_lane_graph *g = f->graph;
    const bt_vehicle *car = f->bodies->car;
    bt_lane_path *path = &f->graph->lanes[lane];
    double from = -NEVER_M, nose = car->length_m - car->rear_overhang_m;
    for (uint32_t i = 0; i < path->conflict_count; i++) {
        uint32_t other = g->conflicts[path->first_conflict + i].other;
        for (int body = 0; body < BT_BODY_COUNT; body++) {
            bt_lane_stretch own = hit_stretch(&f->swept[body][other], &f->swept[BT_BODY_CAR][lane]);
            from = fmin(from, own.from_m);
        }
    }
    path->edge_m = from + nose;
}

// ---- bends ------------------------------------------------------------------------------------
static bool may_need_room(const bt_lane_graph *g, uint32_t lane, uint32_t other)
{
    return other != lane && g->lanes[other].point_count > 0 &&
           g->lanes[other].junction == BT_ROAD_NONE && !follows(g, lane, other) &&
           !follows(g, other, lane) && !share_a_way_on(g, lane, other);
}

// The places on the other lane where a body would be touched by one box.
static bool touched_on(const bt_swept *other, const bt_swept_box *box, double *from, double *to)
{
    bool any = false;
    uint32_t k = bt_swept_find(other, box, 0);
    for (; k < other->count; k = bt_swept_find(other, box, k + 1)) {
        double at = other->boxes[k].at_m;
        *from = any ? fmin(*from, at) : at;
        *to = any ? fmax(*to, at) : at;
        any = true;
    }
    return any;
}

static bt_status add_bend(bt_lane_graph *g, uint32_t lane, const bt_lane_bend *bend)
{
    bt_status status = BT_ARRAY_RESERVE(g->bends, g->bend_capacity, g->bend_count + 1);
    if (status != BT_OK) return status;
    g->bends[g->bend_count++] = *bend;
    g->lanes[lane].bend_count++;
    return BT_OK;
}

// Takes a place of the long vehicle into one of the bends that were found on this lane with the same other one.
static void grow(bt_lane_bend *bend, double at, const bool any[BT_BODY_COUNT],
                 const double from[BT_BODY_COUNT], const double to[BT_BODY_COUNT])
{
    bend->from_m = fmin(bend->from_m, at);
    bend->to_m = fmax(bend->to_m, at);
    for (int body = 0; body < BT_BODY_COUNT; body++) {
        if (!any[body]) continue;
        bend->other_from_m[body] = fmin(bend->other_from_m[body], from[body]);
        bend->other_to_m[body] = fmax(bend->other_to_m[body], to[body]);
    }
}

// What is swept on the way to a junction from here, or out of one, belongs to the junction's lanes: it depends on
// which is taken.
static bool belongs(const bt_lane_graph *g, uint32_t lane, double at)
{
    const bt_lane_path *path = &g->lanes[lane];
    uint32_t before;
    if (path->junction != BT_ROAD_NONE) return true;
    if (at < 0.0 && bt_lane_predecessors(g->net, lane, &before, 1) > 0)
        return g->lanes[before].junction == BT_ROAD_NONE;
    if (at > path->length_m - SWINGS_M && path->next_count > 0)
        return g->lanes[g->nexts[path->first_next]].junction == BT_ROAD_NONE;
    return true;
}

static bt_status look_at_bend(finder *f, const bt_swept *wide, uint32_t lane, uint32_t other)
{
    bt_lane_graph *g = f->graph;
    const bt_swept *on[BT_BODY_COUNT];
    bt_status status = BT_OK;
    for (int body = 0; body < BT_BODY_COUNT && status == BT_OK; body++)
        status = sweep(f, other, (bt_body_kind)body, &on[body]);
    size_t first = g->bend_count;
    for (uint32_t i = 0; i < wide->count && status == BT_OK; i++) {
        double from[BT_BODY_COUNT], to[BT_BODY_COUNT], at = wide->boxes[i].at_m;
        bool any[BT_BODY_COUNT];
        if (!belongs(g, lane, at)) continue;
        for (int body = 0; body < BT_BODY_COUNT; body++)
            any[body] = touched_on(on[body], &wide->boxes[i], &from[body], &to[body]);
        if (!any[BT_BODY_CAR] && !any[BT_BODY_LONG]) continue;
        size_t k = first;
        while (k < g->bend_count &&
               (at < g->bends[k].from_m - APART_M || at > g->bends[k].to_m + APART_M))
            k++;
        if (k == g->bend_count) {
            bt_lane_bend bend = {other, 0, at, at, {1e9, 1e9}, {NEVER_M, NEVER_M}};
            status = add_bend(g, lane, &bend);
        }
        if (status == BT_OK) grow(&g->bends[k], at, any, from, to);
    }
    return status;
}

#define NEAR_M 12.0 // of a lane's middle
#define NEAR_STEP 4 // points

static void bound_lanes(finder *f)
{
    const bt_lane_graph *g = f->graph;
    for (uint32_t lane = 0; lane < g->lane_count; lane++) {
        const bt_lane_path *path = &g->lanes[lane];
        f->round[lane] = BT_BOUNDS_NONE;
        for (uint32_t i = 0; i < path->point_count; i += NEAR_STEP) {
            const bt_lane_point *p = &g->points[path->first_point + i];
            bt_bounds_add(&f->round[lane], p->x_m, p->y_m, NEAR_M);
        }
    }
}

static bool lane_near(const finder *f, uint32_t lane, const bt_swept *s)
{
    const bt_lane_path *path = &f->graph->lanes[lane];
    if (!bt_bounds_meet(&f->round[lane], &s->bounds)) return false;
    for (uint32_t i = 0; i < path->point_count; i += NEAR_STEP) {
        const bt_lane_point *p = &f->graph->points[path->first_point + i];
        bt_bounds here = BT_BOUNDS_NONE;
        bt_bounds_add(&here, p->x_m, p->y_m, NEAR_M);
        if (bt_bounds_meet(&here, &s->bounds)) return true;
    }
    return false;
}

static bt_status bends_of(finder *f, uint32_t lane)
{
    bt_lane_graph *g = f->graph;
    bt_swept wide = {0};
    bt_status status = BT_OK;
    g->lanes[lane].first_bend = (uint32_t)g->bend_count;
    if (g->lanes[lane].radius_m > STRAIGHT_M) return BT_OK;
    for (uint32_t i = 0; i < f->bodies->long_count && status == BT_OK; i++)
        status = bt_swept_add(g, f->bodies->longs[i], lane, ROOM_M, BESIDE_M, &wide);
    for (uint32_t k = 0; k < g->lane_count && wide.count > 0 && status == BT_OK; k++)
        if (lane_near(f, k, &wide) && may_need_room(g, lane, k))
            status = look_at_bend(f, &wide, lane, k);
    bt_swept_clear(&wide);
    return status;
}

// Two long vehicles that meet: one waits where it is out of the other's way, so its bend begins where the
// other's sweep does.
static void widen(bt_lane_bend *bend, const bt_lane_bend *theirs)
{
    double from = theirs->other_from_m[BT_BODY_LONG], to = theirs->other_to_m[BT_BODY_LONG];
    if (from > bend->to_m + APART_M || to < bend->from_m - APART_M) return;
    bend->from_m = fmin(bend->from_m, from);
    bend->to_m = fmax(bend->to_m, to);
}

static void widen_all(bt_lane_graph *g)
{
    for (uint32_t lane = 0; lane < g->lane_count; lane++)
        for (uint32_t i = 0; i < g->lanes[lane].bend_count; i++) {
            bt_lane_bend *bend = &g->bends[g->lanes[lane].first_bend + i];
            const bt_lane_path *other = &g->lanes[bend->other];
            for (uint32_t k = 0; k < other->bend_count; k++)
                if (g->bends[other->first_bend + k].other == lane)
                    widen(bend, &g->bends[other->first_bend + k]);
        }
}

// ---- whose bodies -----------------------------------------------------------------------------
void bt_body_choice_add(bt_body_choice *choice, const bt_vehicle *v)
{
    if (bt_vehicle_is_cycle(v)) choice->cycle = v;
    if (!bt_sweep_concerns(v)) {
        double width = fmax(choice->car.width_m, v->width_m);
        if (v->length_m > choice->car.length_m) choice->car = *v;
        choice->car.width_m = width;
    } else if (bt_vehicle_has_trailer(v)) {
        const bt_vehicle *most = choice->trailer;
        if (!most || v->trailer_wheelbase_m > most->trailer_wheelbase_m) choice->trailer = v;
    } else if (!choice->rigid || v->length_m > choice->rigid->length_m) {
        choice->rigid = v;
    }
}

bt_status bt_body_choice_find_conflicts(const bt_body_choice *choice, bt_lane_graph *graph)
{
    bt_bodies bodies = {.car = choice->car.length_m > 0.0 ? &choice->car : NULL,
                        .cycle = choice->cycle};
    if (choice->trailer) bodies.longs[bodies.long_count++] = choice->trailer;
    if (choice->rigid) bodies.longs[bodies.long_count++] = choice->rigid;
    return bt_lane_graph_find_conflicts(&bodies, graph);
}

// ---- whole ------------------------------------------------------------------------------------
static bt_status find_all(finder *f)
{
    bt_lane_graph *g = f->graph;
    bt_status status = list_inside(f);
    bound_lanes(f);
    for (uint32_t i = 0; i < g->lane_count && status == BT_OK; i++)
        if (is_inside(&g->lanes[i])) status = conflicts_of(f, i);
    for (uint32_t i = 0; i < g->lane_count && f->bodies->car && status == BT_OK; i++)
        if (is_inside(&g->lanes[i])) find_right(g, i), find_edge(f, i);
    for (uint32_t i = 0; i < g->lane_count && f->bodies->long_count > 0 && status == BT_OK; i++)
        if (g->lanes[i].point_count > 0) status = bends_of(f, i);
    if (status == BT_OK) widen_all(g);
    if (status == BT_OK && f->bodies->car) bt_lane_graph_hold_back(f->bodies, g);
    return status;
}

bt_status bt_lane_graph_find_conflicts(const bt_bodies *bodies, bt_lane_graph *g)
{
    finder f = {.graph = g, .bodies = bodies};
    f.round = bt_alloc(g->lane_count, sizeof *f.round);
    f.narrow = bt_alloc(g->lane_count, sizeof *f.narrow);
    f.narrow_known = bt_alloc(g->lane_count, 1);
    bool complete = f.round && f.narrow && f.narrow_known;
    for (int body = 0; body < BT_BODY_COUNT; body++) {
        f.swept[body] = bt_alloc(g->lane_count, sizeof *f.swept[body]);
        f.known[body] = bt_alloc(g->lane_count, 1);
        complete = complete && f.swept[body] && f.known[body];
    }
    bt_status status =
        complete ? find_all(&f) : bt_fail(BT_ERR_MEMORY, "no memory for lane conflicts");
    for (int body = 0; body < BT_BODY_COUNT; body++) {
        for (uint32_t i = 0; f.swept[body] && i < g->lane_count; i++)
            bt_swept_clear(&f.swept[body][i]);
        bt_free(f.swept[body]);
        bt_free(f.known[body]);
    }
    for (uint32_t i = 0; f.narrow && i < g->lane_count; i++)
        bt_swept_clear(&f.narrow[i]);
    bt_free(f.narrow);
    bt_free(f.narrow_known);
    bt_free(f.round);
    bt_free(f.first);
    bt_free(f.inside);
    return status;
}
