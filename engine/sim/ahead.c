// ahead.c: whoever is ahead in a driver's path, or about to be.
#include "engine/sim/decide_internal.h"

#include <math.h>

#define LEVEL_M 2.5
#define STRIP_M 16.0     // to each side of the way: who walks at 2 m/s is in it 8 s before
#define SIDE_ROOM_M 0.25 // beside the swept path
#define MEET_ROOM_M 0.1  // beside one that stands, when slow or when it faces us
#define LEAST_ROOM_M 0.03
#define HALVINGS 4 // of a step of the view
#define STANDS_M_S 0.3
#define CREEPS_M_S 1.0
#define WALKER_ROOM_M 0.6
#define WALKER_LEAST_M 0.15 // at a standstill; all of it from so fast on
#define SLOW_M_S 2.0
#define SPARE_CAR_S 0.7    // a car that crosses is out of the way this long before we come
#define SPARE_WALKER_S 1.0 // before and after us
#define SPARE_SEEN_S 3.0   // whom we gave way to already
#define WALKER_STOP_M 1.5
#define WALKER_BRAKE_M_S2 1.0
#define HARD_M_S2 3.0
#define LEADS_COS 0.7
#define PULL_IN_M 8.0 // a car is back in its lane after that
#define OUT_M 0.5

// Is a body in the path, given the room wanted, at the time we come there? Those who move across
// count until `spare` seconds before we arrive, walkers from a little before until a little after, also
// while they are still beside.
static bool in_path(const bt_sight *b, const bt_car *car, double gap, double room, double spare,
                    bool walker)
{
    double reach = room + b->half_across;
    bool inside = fabs(b->aside) < reach;
    double across = fabs(b->across_m_s);
    if (across < 0.3) return inside;
    double inward = b->aside * b->across_m_s < 0.0 ? 1.0 : -1.0; // towards the path's middle?
    // times at which it enters and leaves the path
    double leave = (reach + inward * fabs(b->aside)) / across;
    double enter = inside ? 0.0 : inward > 0.0 ? (fabs(b->aside) - reach) / across : BT_FAR_M;
    double arrive = fmax(gap, 0.0) / fmax(car->speed_m_s, 1.0);
    if (!walker) return inside && leave > arrive - spare;
    double pass = 6.0 / fmax(car->speed_m_s, 1.0); // a car's length goes by
    return enter < arrive + pass + spare && leave > arrive - spare;
}

// Braking that stops a little before somebody, once that takes some effort.
static double accel_before_walker(const bt_car *car, double gap)
{
    double speed = car->speed_m_s,
           least = bt_is_braking(car) ? BT_GO_ON_BRAKING_M_S2 : WALKER_BRAKE_M_S2;
    double needed = speed * speed / (2.0 * fmax(gap - WALKER_STOP_M, 0.2));
    if (speed < 0.3 && gap < 2.0 * WALKER_STOP_M) return -1.0; // stays where it is
    // creeping up to somebody: a stop half a metre before
    if (gap < 2.0 * WALKER_STOP_M) return -fmax(1.0, speed * speed / (2.0 * fmax(gap - 0.5, 0.1)));
    return needed > least ? -needed : BT_FAR_M;
}

// Beside people who stand there is less need the slower one goes.
static double walker_room(const bt_car *car, const bt_obstacle *o)
{
    if (o->speed_m_s > 0.3) return WALKER_ROOM_M;
    return bt_lerp(WALKER_LEAST_M, WALKER_ROOM_M, fmin(1.0, car->speed_m_s / SLOW_M_S));
}

// Is a car whose rear axle is at a point of its way, heading along it, so near to somebody who stands? In bends its nose
// comes out of the way, and bodies look wider across one that bends than they are.
static bool is_near(const bt_lane_point *p, const bt_vehicle *v, const bt_obstacle *o, double room)
{
    double middle = 0.5 * v->length_m - v->rear_overhang_m;
    double dx = o->box.x_m - p->x_m, dy = o->box.y_m - p->y_m;
    double reach = o->radius_m + v->length_m + v->width_m;
    if (dx * dx + dy * dy > reach * reach) return false;
    bt_footprint body = {.x_m = p->x_m + middle * (double)p->cos_heading,
                         .y_m = p->y_m + middle * (double)p->sin_heading,
                         .yaw_rad = p->heading_rad,
                         .half_length_m = 0.5 * v->length_m,
                         .half_width_m = 0.5 * v->width_m + room,
                         .z_low_m = o->box.z_low_m,
                         .z_high_m = o->box.z_high_m};
    return bt_footprint_overlap(&body, &o->box);
}

// How far it can go on until it is; BT_FAR_M: as far as is seen.
static double way_to(const bt_view *w, const bt_vehicle *v, const bt_obstacle *o, double room)
{
    uint32_t i = 1; // where it is now it is
    while (i < w->count && !is_near(&w->points[i], v, o, room))
        i++;
    if (i == w->count) return BT_FAR_M;
    double clear = 0.0, near = 1.0;
    for (int k = 0; k < HALVINGS; k++) {
        double middle = 0.5 * (clear + near);
        bt_lane_point p = bt_lane_point_mix(&w->points[i - 1], &w->points[i], middle);
        *(is_near(&p, v, o, room) ? &near : &clear) = middle;
    }
    return w->step_m * (i - 1 + clear);
}

// The gap that counts before one who comes towards us because it passes somebody: it keeps room to go back into its lane.
static double gap_to_passing(const bt_traffic *t, const bt_car *car, const bt_idm *idm,
                             const bt_obstacle *o, const bt_sight *b, double gap)
{
    if (o->car == BT_SIM_NONE || b->facing > -0.5 || car->way.pass_m != 0.0) return gap;
    const bt_car *other = &t->cars[o->car];
    bool passes = fabs(other->way.pass_m) > OUT_M && !other->makes_way;
    return passes ? fmax(gap - PULL_IN_M, fmin(gap, idm->min_gap_m)) : gap;
}

// Behind or before somebody who stands; who is nearer to it already than drivers like to be goes by inches.
static double accel_to_standing(const bt_traffic *t, const bt_view *w, const bt_car *car,
                                const bt_vehicle *v, const bt_obstacle *o, const bt_idm *idm,
                                const bt_sight *b, double *gap_out)
{
    double share = b->facing < -0.5 ? 0.0 : fmin(1.0, car->speed_m_s / SLOW_M_S);
    double room = bt_lerp(MEET_ROOM_M, SIDE_ROOM_M, share);
    bt_footprint here = bt_car_box(v, car, room);
    if (bt_footprint_gap(&here, &o->box) <= 0.0) room = LEAST_ROOM_M;
    double way = way_to(w, v, o, room);
    if (way >= BT_FAR_M) return BT_FAR_M;
    // in line its rear end counts, between the points
    double gap = bt_clamp(b->q - b->half_along - bt_car_front(v, car), way,
                          way + w->step_m / (1 << HALVINGS));
    *gap_out = gap;
    gap = gap_to_passing(t, car, idm, o, b, gap);
    return bt_idm_accel(idm, car->speed_m_s, gap, b->along_m_s);
}

// Bumper-to-bumper IDM behind one body; FAR when it is of no concern.
static double accel_behind(const bt_traffic *t, uint32_t index, const bt_car *car, const bt_view *w,
                           const bt_idm *idm, const bt_obstacle *o, double *gap_out,
                           double *speed_out)
{
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    double half = 0.5 * v->length_m, front = bt_car_front(v, car);
    if (o->part == BT_PART_SWEEP) return BT_FAR_M; // bend.c
    double reach = w->step_m * w->count + o->radius_m + v->length_m;
    double dx = o->box.x_m - car->x_m, dy = o->box.y_m - car->y_m;
    if (dx * dx + dy * dy > reach * reach) return BT_FAR_M;
    bt_sight b;
    double aside = o->radius_m + 0.5 * v->width_m + (o->walker ? STRIP_M : 2.0);
    if (!bt_see_body(w, car, o, aside, &b)) return BT_FAR_M;
    if (fabs(b.above) > LEVEL_M) return BT_FAR_M; // on a bridge, or below one
    *speed_out = b.along_m_s;
    if (!o->walker && o->speed_m_s < STANDS_M_S && !bt_sweep_concerns(v))
        return accel_to_standing(t, w, car, v, o, idm, &b, gap_out);
    // beside or behind: the one whose middle is ahead goes first; lower index when level
    double lead = b.q - (front - half);
    if (lead < -0.05 || (lead < 0.05 && o->actor > t->car_actor[index])) return BT_FAR_M;
    if (b.q > car->q_m + w->step_m * (w->count - 1) + 1.0) return BT_FAR_M;
    double gap = b.q - b.half_along - front;
    double room = 0.5 * v->width_m + (o->walker ? walker_room(car, o) : SIDE_ROOM_M);
    bool oncoming = b.along_m_s < -1.0 || (o->car != BT_SIM_NONE && b.facing < -0.5);
    // but who has gone back stands where it can
    oncoming = oncoming && !(o->car != BT_SIM_NONE && t->cars[o->car].lets_by != BT_SIM_NONE);
    if (oncoming && !o->walker) { // its nose keeps to its own side
        room -= SIDE_ROOM_M;
        b.half_across = 0.5 * (b.half_across + o->box.half_width_m);
    }
    // who walks up to our side comes behind us
    if (o->walker && gap < 0.0 && fabs(b.aside) > room + b.half_across) return BT_FAR_M;
    bool seen = o->actor == (o->walker ? car->watched : car->followed);
    double spare = seen ? SPARE_SEEN_S : o->walker ? SPARE_WALKER_S : SPARE_CAR_S;
    if (!in_path(&b, car, gap, room, spare, o->walker)) {
        // beside the way, but in bends our nose comes out of it: who creeps may be met there as who stands
        if (o->walker || o->speed_m_s >= CREEPS_M_S || bt_sweep_concerns(v)) return BT_FAR_M;
        return accel_to_standing(t, w, car, v, o, idm, &b, gap_out);
    }
    *gap_out = gap;
    if (o->walker) {
        double accel = accel_before_walker(car, gap);
        // who would have to brake hard for one that comes behind, or is gone before, goes on: if that one minds cars
        const bt_actor_desc *d = &t->actors[o->actor];
        bool minds = !d->led && !d->careless;
        bool clear = minds && !in_path(&b, car, gap, room, 0.0, true);
        return accel < -HARD_M_S2 && clear ? BT_FAR_M : accel;
    }
    gap = gap_to_passing(t, car, idm, o, &b, gap);
    if (gap <= 0.0 || b.along_m_s < 1.0) return bt_idm_accel(idm, car->speed_m_s, gap, b.along_m_s);
    return bt_idm_accel_cool(idm, car->speed_m_s, gap, b.along_m_s, o->accel_m_s2);
}

// Everybody within a strip along the way, wide enough for those who walk or turn into it.
static void gather_ahead(const bt_traffic *t, const bt_view *w)
{
    bt_grid *grid = &t->round->grid;
    double aside = fmax(STRIP_M, t->radius_max_m + 4.0);
    uint32_t stride = (uint32_t)fmax(1.0, 16.0 / w->step_m);
    bt_grid_begin(grid);
    for (uint32_t i = 0; i < w->count; i += stride) {
        const bt_lane_point *a = &w->points[i];
        const bt_lane_point *b = &w->points[i + stride < w->count ? i + stride : w->count - 1];
        bt_grid_gather(grid, fmin(a->x_m, b->x_m) - aside, fmin(a->y_m, b->y_m) - aside,
                       fmax(a->x_m, b->x_m) + aside, fmax(a->y_m, b->y_m) + aside);
    }
}

double bt_accel_followed(const bt_traffic *t, uint32_t index, bt_car *car, const bt_view *w,
                         const bt_idm *idm)
{
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    double best = BT_FAR_M, front = bt_car_front(v, car);
    uint32_t watched = BT_SIM_NONE;
    car->followed = car->leader;
    car->leader = BT_SIM_NONE;
    car->leader_q_m = BT_FAR_M;
    car->leader_m_s = 0.0;
    const bt_grid *grid = &t->round->grid;
    gather_ahead(t, w);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->actor == t->car_actor[index]) continue;
        double gap = 0.0, speed = 0.0, a = accel_behind(t, index, car, w, idm, o, &gap, &speed);
        if (a >= BT_FAR_M) continue;
        if (o->walker && a < best) watched = o->actor;
        best = fmin(best, a);
        if (o->walker || front + gap >= car->leader_q_m) continue;
        car->leader = o->actor;
        car->leader_q_m = front + gap;
        car->leader_m_s = speed;
    }
    car->watched = watched;
    return best;
}

bool bt_traffic_leads(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    uint32_t leader = bt_traffic_car_of(t, car->leader);
    if (leader == BT_SIM_NONE) return car->leader != BT_SIM_NONE;
    double heading = bt_itinerary_at(t->graph, &car->way, car->leader_q_m).heading_rad;
    return bt_cos(t->cars[leader].yaw_rad - heading) > LEADS_COS;
}

bool bt_traffic_wait_for_leader(const bt_traffic *t, uint32_t index)
{
    bt_wait_kind kind = bt_traffic_leads(t, index) ? BT_WAIT_EXIT : BT_WAIT_JUNCTION;
    return bt_traffic_wait(t, index, kind, bt_traffic_car_of(t, t->cars[index].leader));
}
