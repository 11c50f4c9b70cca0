// decide.c: one driver's look along the way: curves, limits, whoever is ahead, stops; lamps.
#include "engine/sim/traffic.h"

#include "engine/sim/decide_internal.h"
#include "engine/sim/sweep.h"

#include <math.h>

#define LIMIT_UNKNOWN_M_S 13.9 // 50 km/h
#define VIEW_STEP_M 2.0        // at least; at most VIEW_MAX points
#define VIEW_FAR_M 310.0
#define CURVE_BRAKE_M_S2 1.2 // brakes ahead of curves from this need on
#define MERGE_S 5.0          // looks this far ahead for lanes that become one
#define MERGE_BRAKE_M_S2 (-3.0)
#define GO_ON_BRAKING_M_S2 0.4
#define LEVEL_M 2.5
#define SWEEP_NEED_M_S2 1.2
#define SWEEP_SEES_M 4.0
#define SWEEP_STOP_M 1.0 // before it would touch
#define PRESSED_S 6.0
#define PRESSED_ROOM_M 0.15 // where it was rolled and where it crawls are 0.1 apart, by a soak
#define CRAWL_M_S 0.8
#define CRAWL_S 1.0
#define GUARD_M_S 6.0
#define GUARD_M_S2 4.0
#define GUARD_M 0.8
#define GUARD_STANDS_M_S 0.3
#define GUARD_STEP_M 0.4
#define GUARD_ROOM_M 0.1
#define GUARD_LEAST_M 0.02
#define STRIP_M 16.0     // to each side of the way: who walks at 2 m/s is in it 8 s before
#define SIDE_ROOM_M 0.25 // beside the swept path
#define WALKER_ROOM_M 0.6
#define WALKER_LEAST_M 0.15 // at a standstill; all of it from so fast on
#define WALKER_PASS_M_S 2.0
#define SPARE_CAR_S 0.7    // a car that crosses is out of the way this long before we come
#define SPARE_WALKER_S 1.0 // before and after us
#define SPARE_SEEN_S 3.0   // whom we gave way to already
#define WALKER_STOP_M 1.5
#define WALKER_BRAKE_M_S2 1.0
#define STOP_SHORT_M 1.0 // stands this far before a line
#define INDICATE_M 40.0
#define INDICATE_RAD (25.0 * BT_RAD_PER_DEG)
#define BRAKE_ON_M_S2 (-0.8)
#define BRAKE_OFF_M_S2 (-0.4)
#define QUEUE_M 5.0 // who stands so near behind another waits for that

void bt_look_ahead(const bt_traffic *t, const bt_car *car, bt_view *w)
{
    double see = fmin(VIEW_FAR_M, 40.0 + car->speed_m_s * (2.0 + car->speed_m_s / 3.0));
    w->step_m = fmax(VIEW_STEP_M, see / (VIEW_MAX - 2));
    w->from_m = 0.0;
    w->count = (uint32_t)(see / w->step_m) + 2;
    if (w->count > VIEW_MAX) w->count = VIEW_MAX;
    bt_view_fill(t->graph, &car->way, car, w);
}

static bt_view_part part_of(const bt_lane_point *points, uint32_t count)
{
    const bt_lane_point *middle = &points[count / 2];
    double square = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        double dx = points[i].x_m - middle->x_m, dy = points[i].y_m - middle->y_m;
        square = fmax(square, dx * dx + dy * dy);
    }
    return (bt_view_part){middle->x_m, middle->y_m, sqrt(square)};
}

void bt_view_fill(const bt_lane_graph *graph, const bt_itinerary *way, const bt_car *car,
                  bt_view *w)
{
    bt_itinerary_sample(graph, way, car->q_m + w->from_m, w->step_m, w->count, w->points);
    for (uint32_t i = 0; i < w->count; i += VIEW_PART) {
        uint32_t left = w->count - i;
        w->parts[i / VIEW_PART] = part_of(&w->points[i], left < VIEW_PART ? left : VIEW_PART);
    }
}

// ---- speed ------------------------------------------------------------------------------------
static double lane_speed(const bt_traffic *t, const bt_car *car, double factor, double q_m)
{
    const bt_itinerary *way = &car->way;
    uint32_t slot = bt_itinerary_slot(way, q_m);
    double limit = t->graph->lanes[bt_itinerary_lane(way, slot)].limit_m_s;
    if (car->desired_m_s > 0.0) return car->desired_m_s;
    return (limit > 0.0 ? limit : LIMIT_UNKNOWN_M_S) * factor;
}

// Who brakes goes on braking until there is hardly any need: no flicker.
static bool is_braking(const bt_car *car)
{
    return (car->lamps & BT_LAMP_BRAKE) && car->speed_m_s > 0.1;
}

// Accelerates to the speed allowed here, brakes early for slower stretches ahead.
static double accel_free(const bt_traffic *t, const bt_car *car, double factor, const bt_view *w,
                         double *allowed)
{
    double v = car->speed_m_s, brake = 0.0;
    *allowed = lane_speed(t, car, factor, car->q_m);
    for (uint32_t i = 1; i < w->count; i++) {
        double at = w->step_m * i;
        double slow = fmin(lane_speed(t, car, factor, car->q_m + at), w->points[i].speed_m_s);
        if (slow < v) brake = fmin(brake, (slow * slow - v * v) / (2.0 * at));
    }
    return brake < -(is_braking(car) ? GO_ON_BRAKING_M_S2 : CURVE_BRAKE_M_S2) ? brake : FAR_M;
}

// ---- who is ahead -----------------------------------------------------------------------------
// The point of a view nearest to a place; false: none within reach_m. Looks only into circles that reach so far.
static bool find_nearest(const bt_view *w, double x, double y, double reach_m, uint32_t *nearest)
{
    double least = reach_m * reach_m;
    bool found = false;
    for (uint32_t first = 0; first < w->count; first += VIEW_PART) {
        const bt_view_part *part = &w->parts[first / VIEW_PART];
        double px = part->x_m - x, py = part->y_m - y, far = part->radius_m + reach_m;
        if (px * px + py * py > far * far) continue;
        for (uint32_t i = first; i < first + VIEW_PART && i < w->count; i++) {
            double dx = w->points[i].x_m - x, dy = w->points[i].y_m - y;
            if (dx * dx + dy * dy >= least) continue;
            least = dx * dx + dy * dy;
            *nearest = i;
            found = true;
        }
    }
    return found;
}

// False: too far aside to be of concern.
bool bt_see_body(const bt_view *w, const bt_car *car, const bt_obstacle *o, double reach_m,
                 bt_sight *seen)
{
    uint32_t i;
    if (!find_nearest(w, o->box.x_m, o->box.y_m, reach_m + 0.5 * w->step_m, &i)) return false;
    double cw = cos(w->points[i].heading_rad), sw = sin(w->points[i].heading_rad);
    double dx = o->box.x_m - w->points[i].x_m, dy = o->box.y_m - w->points[i].y_m;
    double turn = o->box.yaw_rad - w->points[i].heading_rad;
    double c = fabs(cos(turn)), s = fabs(sin(turn)), l = o->box.half_length_m;
    double course = o->heading_rad - w->points[i].heading_rad;
    *seen = (bt_sight){.q = car->q_m + w->from_m + w->step_m * i + dx * cw + dy * sw,
                       .aside = -dx * sw + dy * cw,
                       .above = o->box.z_low_m - w->points[i].z_m,
                       .half_along = l * c + o->box.half_width_m * s,
                       .half_across = l * s + o->box.half_width_m * c,
                       .along_m_s = o->speed_m_s * cos(course),
                       .across_m_s = o->speed_m_s * sin(course),
                       .facing = cos(turn)};
    return true;
}

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
    double enter = inside ? 0.0 : inward > 0.0 ? (fabs(b->aside) - reach) / across : FAR_M;
    double arrive = fmax(gap, 0.0) / fmax(car->speed_m_s, 1.0);
    if (!walker) return inside && leave > arrive - spare;
    double pass = 6.0 / fmax(car->speed_m_s, 1.0); // a car's length goes by
    return enter < arrive + pass + spare && leave > arrive - spare;
}

// Braking that stops a little before somebody, once that takes some effort.
static double accel_before_walker(const bt_car *car, double gap)
{
    double speed = car->speed_m_s, least = is_braking(car) ? GO_ON_BRAKING_M_S2 : WALKER_BRAKE_M_S2;
    double needed = speed * speed / (2.0 * fmax(gap - WALKER_STOP_M, 0.2));
    if (speed < 0.3 && gap < 2.0 * WALKER_STOP_M) return -1.0; // stays where it is
    // creeping up to somebody: a stop half a metre before
    if (gap < 2.0 * WALKER_STOP_M) return -fmax(1.0, speed * speed / (2.0 * fmax(gap - 0.5, 0.1)));
    return needed > least ? -needed : FAR_M;
}

// Beside people who stand there is less need the slower one goes.
static double walker_room(const bt_car *car, const bt_obstacle *o)
{
    if (o->speed_m_s > 0.3) return WALKER_ROOM_M;
    return bt_lerp(WALKER_LEAST_M, WALKER_ROOM_M, fmin(1.0, car->speed_m_s / WALKER_PASS_M_S));
}

// Bumper-to-bumper IDM behind one body; FAR when it is of no concern.
static double accel_behind(const bt_traffic *t, uint32_t index, const bt_car *car, const bt_view *w,
                           const bt_idm *idm, const bt_obstacle *o, double *gap_out,
                           double *speed_out)
{
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    double half = 0.5 * v->length_m, front = bt_car_front(v, car);
    if (o->part == BT_PART_SWEEP) return FAR_M; // bend.c
    double reach = w->step_m * w->count + o->radius_m + v->length_m;
    double dx = o->box.x_m - car->x_m, dy = o->box.y_m - car->y_m;
    if (dx * dx + dy * dy > reach * reach) return FAR_M;
    bt_sight b;
    double aside = o->radius_m + 0.5 * v->width_m + (o->walker ? STRIP_M : 2.0);
    if (!bt_see_body(w, car, o, aside, &b)) return FAR_M;
    if (fabs(b.above) > LEVEL_M) return FAR_M; // on a bridge, or below one
    // beside or behind: the one whose middle is ahead goes first; lower index when level
    double lead = b.q - (front - half);
    if (lead < -0.05 || (lead < 0.05 && o->actor > t->car_actor[index])) return FAR_M;
    if (b.q > car->q_m + w->step_m * (w->count - 1) + 1.0) return FAR_M;
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
    if (o->walker && gap < 0.0 && fabs(b.aside) > room + b.half_across) return FAR_M;
    bool seen = o->actor == (o->walker ? car->watched : car->followed);
    double spare = seen ? SPARE_SEEN_S : o->walker ? SPARE_WALKER_S : SPARE_CAR_S;
    if (!in_path(&b, car, gap, room, spare, o->walker)) return FAR_M;
    *gap_out = gap;
    *speed_out = b.along_m_s;
    if (o->walker) return accel_before_walker(car, gap);
    if (gap <= 0.0 || b.along_m_s < 1.0) return bt_idm_accel(idm, car->speed_m_s, gap, b.along_m_s);
    return bt_idm_accel_cool(idm, car->speed_m_s, gap, b.along_m_s, o->accel_m_s2);
}

// ---- merging ----------------------------------------------------------------------------------
static double merge_view(const bt_car *car)
{
    return 10.0 + MERGE_S * car->speed_m_s;
}

static bool holds(const bt_car *car, uint32_t slot)
{
    for (uint32_t i = 0; i < car->hold_count; i++)
        if (slot >= car->hold[i].first && slot < car->hold[i].end) return true;
    return false;
}

bool bt_comes_onto(const bt_traffic *t, const bt_car *car, uint32_t lane, double see,
                   bool through_junctions, double *distance)
{
    const bt_itinerary *way = &car->way;
    for (uint32_t slot = way->head; slot < way->tail; slot++) {
        uint32_t here = way->lane[slot % BT_ITINERARY_RING];
        *distance = way->start_m[slot % BT_ITINERARY_RING] - car->q_m;
        bool junction = t->graph->lanes[here].junction != BT_ROAD_NONE;
        if (*distance > see || (junction && !(through_junctions && holds(car, slot)))) return false;
        if (here == lane) return true;
    }
    return false;
}

// The next lane that this car will share with others who are beside it now: after a shift, or
// where two lanes become one.
static uint32_t merges_onto(const bt_traffic *t, const bt_car *car)
{
    const bt_itinerary *way = &car->way;
    double see = merge_view(car);
    for (uint32_t slot = way->head; slot < way->tail; slot++) {
        uint32_t i = slot % BT_ITINERARY_RING;
        bool shifts =
            way->from_lane[i] != BT_ROAD_NONE && car->q_m < way->shift_m[i] + way->shift_way_m[i];
        double from = (shifts ? way->shift_m[i] : way->start_m[i]) - car->q_m;
        const bt_lane_path *path = &t->graph->lanes[way->lane[i]];
        if (from > see || path->junction != BT_ROAD_NONE) break;
        if (shifts || (slot > way->head && path->merges)) return way->lane[i];
    }
    return BT_ROAD_NONE;
}

// Gap to another car as if both were on the lane they will share; false: it is not ahead there.
static bool merge_gap(const bt_traffic *t, uint32_t index, uint32_t other_index, uint32_t lane,
                      double *gap)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    double own, theirs, see = merge_view(car);
    if (!bt_comes_onto(t, car, lane, see, false, &own) ||
        !bt_comes_onto(t, other, lane, see, false, &theirs))
        return false;
    double lead = own - theirs; // of its rear axle over ours
    if (lead < 0.0 || (lead == 0.0 && other_index > index)) return false;
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    const bt_vehicle *w = &t->actors[t->car_actor[other_index]].vehicle;
    *gap = lead + bt_car_rear(w, other) - other->q_m - (bt_car_front(v, car) - car->q_m);
    return true;
}

// Where ways become one, keeps behind who will be there earlier, as if it were ahead already.
static double accel_merging(const bt_traffic *t, uint32_t index, const bt_idm *idm)
{
    const bt_car *car = &t->cars[index];
    double best = FAR_M;
    bt_grid *grid = &t->round->grid;
    bool merges = car->merge_lane != BT_ROAD_NONE;
    double reach = merge_view(car) + 20.0;
    // who merges looks at all round it, the others at those who merge
    bt_grid_begin(grid);
    if (merges)
        bt_grid_gather(grid, car->x_m - reach, car->y_m - reach, car->x_m + reach,
                       car->y_m + reach);
    uint32_t count = merges ? grid->found_count : t->round->merger_count;
    for (uint32_t i = 0; i < count; i++) {
        const bt_obstacle *o = merges ? &t->obstacles[grid->found[i]] : NULL;
        if (o && (o->car == BT_SIM_NONE || o->part > 0)) continue;
        uint32_t k = o ? o->car : t->round->mergers[i];
        const bt_car *other = &t->cars[k];
        double gap, dx = other->x_m - car->x_m, dy = other->y_m - car->y_m;
        if (k == index || dx * dx + dy * dy > reach * reach) continue;
        if (!merge_gap(t, index, k, merges ? car->merge_lane : other->merge_lane, &gap)) continue;
        // side by side there is no gap yet to keep: fall back gently
        best = fmin(best, bt_idm_accel_cool(idm, car->speed_m_s, fmax(gap, 1.0), other->speed_m_s,
                                            other->accel_m_s2));
    }
    return fmax(best, MERGE_BRAKE_M_S2);
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

static double accel_followed(const bt_traffic *t, uint32_t index, bt_car *car, const bt_view *w,
                             const bt_idm *idm)
{
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    double best = FAR_M, front = bt_car_front(v, car);
    uint32_t watched = BT_SIM_NONE;
    car->followed = car->leader;
    car->leader = BT_SIM_NONE;
    car->leader_q_m = FAR_M;
    car->leader_m_s = 0.0;
    const bt_grid *grid = &t->round->grid;
    gather_ahead(t, w);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->actor == t->car_actor[index]) continue;
        double gap, speed, a = accel_behind(t, index, car, w, idm, o, &gap, &speed);
        if (a >= FAR_M) continue;
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

// ---- stops ------------------------------------------------------------------------------------
// IDM up to a line: the bumper comes to rest STOP_SHORT_M before it.
static double accel_to_line(const bt_idm *idm, double speed, double distance)
{
    return bt_idm_accel(idm, speed, fmax(distance - STOP_SHORT_M + idm->min_gap_m, 0.05), 0.0);
}

static double accel_stops(const bt_traffic *t, uint32_t index, const bt_idm *idm)
{
    const bt_car *car = &t->cars[index];
    double front = bt_car_front(&t->actors[t->car_actor[index]].vehicle, car);
    double line = bt_traffic_signal_stop(t, index);
    bt_passage p;
    if (bt_traffic_next_passage(t, index, &p) && p.entry_m > front - 1.0)
        line = fmin(line, p.line_m);
    if (car->way.ended) line = fmin(line, car->way.end_m);
    line = fmin(line, bt_traffic_bend_stop(t, index));
    double distance = line - front;
    // farther than any driver looks
    if (distance > 60.0 + car->speed_m_s * 6.0) return FAR_M;
    return accel_to_line(idm, car->speed_m_s, distance);
}

// ---- lamps ------------------------------------------------------------------------------------
static uint32_t side_lamp(double turn)
{
    return turn > 0.0 ? BT_LAMP_INDICATOR_LEFT : BT_LAMP_INDICATOR_RIGHT;
}

// Indicates a turn at the junction ahead or under way, and a shift to another lane.
static uint32_t indicators(const bt_traffic *t, const bt_car *car)
{
    const bt_itinerary *way = &car->way;
    // out round an obstacle, and back
    if (fabs(way->pass_m) > 0.8) {
        if (car->q_m < way->pass_from_m + way->pass_ramp_m) return side_lamp(way->pass_m);
        if (car->q_m > way->pass_to_m - 8.0) return side_lamp(-way->pass_m);
    }
    double turn = 0.0, see = car->q_m + fmax(INDICATE_M, 3.0 * car->speed_m_s);
    uint32_t junction = BT_ROAD_NONE;
    for (uint32_t slot = way->head; slot < way->tail; slot++) {
        uint32_t i = slot % BT_ITINERARY_RING;
        const bt_lane_path *path = &t->graph->lanes[way->lane[i]];
        bool first = junction == BT_ROAD_NONE;
        if (first && way->start_m[i] > see) break;
        if (way->from_lane[i] != BT_ROAD_NONE && see > way->shift_m[i] &&
            car->q_m < way->shift_m[i] + way->shift_way_m[i]) {
            bt_lane_point to = bt_lane_graph_at(t->graph, way->lane[i], 0.0);
            bt_lane_point from = bt_lane_graph_at(t->graph, way->from_lane[i], 0.0);
            double side = (to.y_m - from.y_m) * cos(to.heading_rad) -
                          (to.x_m - from.x_m) * sin(to.heading_rad);
            return side_lamp(side);
        }
        if (!first && path->junction != junction) break;
        if (path->junction == BT_ROAD_NONE) continue;
        junction = path->junction;
        turn += path->turn_rad;
    }
    return fabs(turn) > INDICATE_RAD ? side_lamp(turn) : 0;
}

static uint32_t brake_lamp(const bt_car *car)
{
    bool was = car->lamps & BT_LAMP_BRAKE;
    bool stands = car->speed_m_s < 0.1 && car->accel_wanted_m_s2 <= 0.0;
    double on = was ? BRAKE_OFF_M_S2 : BRAKE_ON_M_S2;
    double accel = fmin(car->accel_wanted_m_s2, car->accel_m_s2);
    return stands || accel < on ? BT_LAMP_BRAKE : 0;
}

// ---- whole ------------------------------------------------------------------------------------
void bt_traffic_look(const bt_traffic *t)
{
    bt_round *r = t->round;
    r->merger_count = 0;
    for (uint32_t i = 0; i < t->car_count; i++) {
        bool drives = !t->cars[i].parked;
        t->cars[i].merge_lane = drives ? merges_onto(t, &t->cars[i]) : BT_ROAD_NONE;
        if (t->cars[i].merge_lane != BT_ROAD_NONE) r->mergers[r->merger_count++] = i;
    }
}

// Is an actor one that swings out, or has a trailer?
static bool is_long(const bt_traffic *t, uint32_t actor)
{
    return bt_sweep_concerns(&t->actors[actor].vehicle);
}

// Somebody on foot within reach? Or who stands with its nose in the way, if one of both is long.
static bool is_guarded(const bt_traffic *t, uint32_t index, const bt_obstacle *o, double reach)
{
    const bt_car *car = &t->cars[index];
    uint32_t own = t->car_actor[index];
    double dx = o->box.x_m - car->x_m, dy = o->box.y_m - car->y_m;
    if (o->actor == own || o->part == BT_PART_SWEEP) return false;
    if (!o->walker &&
        (o->speed_m_s > GUARD_STANDS_M_S || !(is_long(t, own) || is_long(t, o->actor))))
        return false;
    reach += o->walker ? 0.0 : o->radius_m;
    return dx * dx + dy * dy < reach * reach;
}

// Who is in the boxes of a body; NULL: nobody.
static const bt_obstacle *guarded_in(const bt_traffic *t, uint32_t index, double reach,
                                     const bt_footprint *boxes, uint32_t count)
{
    const bt_grid *grid = &t->round->grid;
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (!is_guarded(t, index, o, reach)) continue;
        for (uint32_t k = 0; k < count; k++)
            if (bt_footprint_overlap(&boxes[k], &o->box)) return o;
    }
    return NULL;
}

// Last of all: nobody on foot, and nobody who stands, is where the body itself comes next, as it is steered now,
// within the way to stop. A nose swings out of the way in tight bends, and into that of others.
static double accel_guard(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    double speed = car->speed_m_s;
    if (speed > GUARD_M_S) return FAR_M;
    double room = GUARD_LEAST_M + GUARD_ROOM_M * fmin(speed, 1.0); // who stands goes by inches
    double ahead = speed * speed / (2.0 * GUARD_M_S2) + GUARD_M, reach = ahead + v->length_m + 1.0;
    double sees = reach + t->radius_max_m;
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, car->x_m - sees, car->y_m - sees, car->x_m + sees, car->y_m + sees);
    bt_car at = *car;
    bool any = false;
    for (uint32_t i = 0; i < grid->found_count && !any; i++)
        any = is_guarded(t, index, &t->obstacles[grid->found[i]], reach);
    for (double way = GUARD_STEP_M; any && way < ahead; way += GUARD_STEP_M) {
        bt_footprint boxes[2];
        bt_car_roll(t->graph, v, GUARD_STEP_M, fmax(speed, 1.0), &at);
        uint32_t count = bt_sweep_boxes(t->graph, v, &at, room, 0.0, boxes);
        const bt_obstacle *o = guarded_in(t, index, reach, boxes, count);
        if (!o) continue;
        if (!o->walker) bt_traffic_wait(t, index, BT_WAIT_SWEEP, o->car);
        return -fmax(1.0, speed * speed / (2.0 * fmax(way - GUARD_STEP_M, 0.05)));
    }
    return FAR_M;
}

// Somebody is where a long vehicle comes next: stops before; who has stood for a while and has just room
// crawls by.
static double accel_sweep(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    if (!is_long(t, t->car_actor[index])) return FAR_M;
    double v = car->speed_m_s, see = v * v / (2.0 * SWEEP_NEED_M_S2) + SWEEP_SEES_M;
    double stop = bt_traffic_sweep_reach(t, index, see, BT_SWEEP_ROOM_M) - SWEEP_STOP_M;
    bool waits = stop < SWEEP_STOP_M && v < 2.0 * CRAWL_M_S;
    car->trailer_ticks = waits ? car->trailer_ticks + 1 : 0;
    if (stop + SWEEP_STOP_M >= see) return FAR_M;
    double need = v * v / (2.0 * fmax(stop, 0.1));
    if (!waits) return need > SWEEP_NEED_M_S2 ? -need : FAR_M;
    if (car->trailer_ticks * t->decision_s > PRESSED_S &&
        bt_traffic_sweep_reach(t, index, SWEEP_SEES_M, PRESSED_ROOM_M) >= SWEEP_SEES_M)
        return bt_clamp((CRAWL_M_S - v) / CRAWL_S, -2.0, 0.6);
    return -fmax(1.0, need);
}

bt_idm bt_driver_idm(const bt_driver *d, double desired_m_s)
{
    bt_idm idm = bt_idm_city(desired_m_s);
    if (d->headway_s > 0.0) idm.headway_s = d->headway_s;
    if (d->min_gap_m > 0.0) idm.min_gap_m = d->min_gap_m;
    if (d->accel_m_s2 > 0.0) idm.accel_m_s2 = d->accel_m_s2;
    if (d->brake_m_s2 > 0.0) idm.brake_m_s2 = d->brake_m_s2;
    return idm;
}

double bt_accel_along(const bt_traffic *t, uint32_t index, bt_car *car, const bt_view *w,
                      bt_idm *idm)
{
    const bt_driver *driver = &t->actors[t->car_actor[index]].driver;
    double allowed, factor = driver->speed_factor > 0.0 ? driver->speed_factor : 1.0;
    double slow = accel_free(t, car, factor, w, &allowed);
    *idm = bt_driver_idm(driver, allowed);
    // a bend bounds the speed, but who follows in it keeps no more distance for that
    bt_idm bend = bt_driver_idm(driver, fmin(allowed, w->points[0].speed_m_s));
    double accel = bt_idm_accel(&bend, car->speed_m_s, BT_IDM_NO_GAP, 0.0);
    // over the limit a driver lifts the foot, the curve rule does the braking
    accel = fmax(accel, -idm->brake_m_s2);
    return fmin(fmin(accel, slow), accel_followed(t, index, car, w, idm));
}

// Does this driver look anew in this round? All in the first.
static bool decides_now(const bt_traffic *t, uint32_t index)
{
    double reaction = t->actors[t->car_actor[index]].driver.reaction_s;
    int64_t every = (int64_t)(reaction / t->decision_s + 0.5);
    int64_t round = (int64_t)(bt_seconds(t->time_ns) / t->decision_s + 0.5);
    return every <= 1 || round == 0 || (round + t->actors[t->car_actor[index]].number) % every == 0;
}

// For whom it waits, while it stands: who is near ahead, or what it was refused for in this round.
static bt_wait waits_for(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    double gap = car->leader_q_m - bt_car_front(&t->actors[t->car_actor[index]].vehicle, car);
    if (car->leader == BT_SIM_NONE || gap > QUEUE_M) return t->round->waits[index];
    return (bt_wait){BT_WAIT_AHEAD, bt_traffic_car_of(t, car->leader)};
}

void bt_traffic_decide(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    if (car->lets_by != BT_SIM_NONE) {
        bt_traffic_let_by(t, index);
        return;
    }
    if (!decides_now(t, index)) return;
    bt_view w;
    bt_idm idm;
    bt_look_ahead(t, car, &w);
    double accel = bt_accel_along(t, index, car, &w, &idm);
    accel = fmin(accel, bt_traffic_pass(t, index, &idm));
    accel = fmin(accel, bt_traffic_make_way(t, index));
    accel = fmin(accel, bt_traffic_siren_caution(t, index));
    accel = fmin(accel, accel_stops(t, index, &idm));
    accel = fmin(accel, accel_merging(t, index, &idm));
    accel = fmin(accel, accel_sweep(t, index));
    accel = fmin(accel, accel_guard(t, index));
    // nobody creeps the last centimetres
    if (car->speed_m_s < 0.05 && accel < 0.1) accel = fmin(accel, 0.0);
    car->accel_wanted_m_s2 = accel;
    car->wait = waits_for(t, index);
    car->lamps = indicators(t, car) | brake_lamp(car);
    bt_traffic_change_lane(t, index, accel, &w);
}
