// crowd.c: see crowd.h.
#include "engine/sim/crowd.h"

#include "engine/math/pose.h"

#include <math.h>

#define PARALLEL 1e-9
#define TURN_COS 0.99619469809174555 // 5 degrees apart
#define TURN_SIN 0.08715574274765817
#define REACT_S 0.5 // Moussaid's tau
// lanes: all chosen, so that bench.crowd_flow loses little to who comes
#define ASIDE_RAD (-0.06) // people who meet pass on the right
#define CROWD_RAD (-0.3)  // in a crowd further aside
#define PULL_RAD 6.0
#define PULL_MOST_RAD 0.9
#define PULL_M 2.0       // beside: half as strong
#define FOLLOWS 0.3      // share of those who go one's way
#define CROWD_WEIGHT 3.0 // of a crowd: 2.75 m wide, 0.5 people/m2
#define EDGE_M 0.7       // nearer to the edge of the way: less
#define FACES_AHEAD_M 1.2
#define FACES_ASIDE_M 0.6
#define CLOSE 0.7 // who is nearer than its radius is taken as smaller: the square of its share

static bt_plane minus(bt_plane a, bt_plane b)
{
    return (bt_plane){a.x - b.x, a.y - b.y};
}

static bt_plane mad(bt_plane a, bt_plane b, double k)
{
    return (bt_plane){a.x + b.x * k, a.y + b.y * k};
}

static double dot(bt_plane a, bt_plane b)
{
    return a.x * b.x + a.y * b.y;
}

static double det(bt_plane a, bt_plane b)
{
    return a.x * b.y - a.y * b.x;
}

static bt_plane unit(bt_plane a)
{
    double length = sqrt(dot(a, a));
    return length > 1e-12 ? (bt_plane){a.x / length, a.y / length} : (bt_plane){1.0, 0.0};
}

// ---- half planes ------------------------------------------------------------------------------
// From the round end of the cone of forbidden velocities: `w` from its middle, radius r / horizon.
static bt_crowd_line from_end(bt_plane w, double radius, bt_plane *change)
{
    double length = sqrt(dot(w, w));
    bt_plane n = unit(w);
    *change = (bt_plane){n.x * (radius - length), n.y * (radius - length)};
    return (bt_crowd_line){.along = {n.y, -n.x}};
}

// From a leg of the cone.
static bt_crowd_line from_leg(bt_plane place, bt_plane relative, bt_plane w, double radius,
                              bt_plane *change)
{
    double square = dot(place, place), leg = sqrt(square - radius * radius);
    bt_plane d;
    if (det(place, w) > 0.0)
        d = (bt_plane){(place.x * leg - place.y * radius) / square,
                       (place.x * radius + place.y * leg) / square};
    else
        d = (bt_plane){-(place.x * leg + place.y * radius) / square,
                       -(-place.x * radius + place.y * leg) / square};
    double along = dot(relative, d);
    *change = (bt_plane){along * d.x - relative.x, along * d.y - relative.y};
    return (bt_crowd_line){.along = d};
}

bt_crowd_line bt_crowd_disc(bt_plane place, bt_plane own, bt_plane other, double radius,
                            double horizon, double part, double share)
{
    bt_plane relative = minus(own, other), change;
    bt_crowd_line line;
    double square = dot(place, place);
    if (square <= radius * radius) {
        bt_plane w = mad(relative, place, -1.0 / part);
        line = from_end(w, radius / part, &change);
    } else {
        bt_plane w = mad(relative, place, -1.0 / horizon);
        double towards = dot(w, place), length = dot(w, w);
        bool end = towards < 0.0 && towards * towards > radius * radius * length;
        line = end ? from_end(w, radius / horizon, &change)
                   : from_leg(place, relative, w, radius, &change);
    }
    line.at = mad(own, change, share);
    return line;
}

bt_crowd_line bt_crowd_side(bt_plane n, double least)
{
    return (bt_crowd_line){.at = {n.x * least, n.y * least}, .along = {n.y, -n.x}};
}

// ---- linear programmes ------------------------------------------------------------------------
// On line i, within the circle and the lines before it: nearest to `wish`, or farthest along it.
static bool on_line(const bt_crowd_line *lines, uint32_t i, double speed, bt_plane wish,
                    bool direction, bt_plane *best)
{
    const bt_crowd_line *l = &lines[i];
    double along = dot(l->at, l->along);
    double inside = along * along + speed * speed - dot(l->at, l->at);
    if (inside < 0.0) return false;
    double root = sqrt(inside), low = -along - root, high = -along + root;
    for (uint32_t k = 0; k < i; k++) {
        double across = det(l->along, lines[k].along);
        double off = det(lines[k].along, minus(l->at, lines[k].at));
        if (fabs(across) <= PARALLEL) {
            if (off < 0.0) return false;
            continue;
        }
        double t = off / across;
        if (across >= 0.0)
            high = bt_min(high, t);
        else
            low = bt_max(low, t);
        if (low > high) return false;
    }
    double t = direction ? (dot(wish, l->along) > 0.0 ? high : low)
                         : bt_max(low, bt_min(high, dot(l->along, minus(wish, l->at))));
    *best = mad(l->at, l->along, t);
    return true;
}

static bool breaks(const bt_crowd_line *l, bt_plane v)
{
    return det(l->along, minus(l->at, v)) > 0.0;
}

// Gives how many lines could be kept to: count when all.
static uint32_t in_plane(const bt_crowd_line *lines, uint32_t count, double speed, bt_plane wish,
                         bool direction, bt_plane *best)
{
    double length = sqrt(dot(wish, wish));
    *best = wish;
    if (direction)
        *best = (bt_plane){wish.x * speed, wish.y * speed};
    else if (length > speed)
        *best = (bt_plane){wish.x * speed / length, wish.y * speed / length};
    for (uint32_t i = 0; i < count; i++) {
        bt_plane was = *best;
        if (!breaks(&lines[i], *best)) continue;
        if (on_line(lines, i, speed, wish, direction, best)) continue;
        *best = was;
        return i;
    }
    return count;
}

// The line on which line i is broken as much as line k; false: none, they point the same way.
static bool as_much(const bt_crowd_line *a, const bt_crowd_line *b, bt_crowd_line *line)
{
    double across = det(a->along, b->along);
    if (fabs(across) <= PARALLEL) {
        if (dot(a->along, b->along) > 0.0) return false;
        line->at = (bt_plane){0.5 * (a->at.x + b->at.x), 0.5 * (a->at.y + b->at.y)};
    } else {
        line->at = mad(a->at, a->along, det(b->along, minus(a->at, b->at)) / across);
    }
    line->along = unit(minus(b->along, a->along));
    return true;
}

// From line `from` on all are broken as little as the worst of them must be.
static void least_broken(const bt_crowd_line *lines, uint32_t count, uint32_t hard, uint32_t from,
                         double speed, bt_plane *best)
{
    double worst = 0.0;
    for (uint32_t i = from; i < count; i++) {
        if (det(lines[i].along, minus(lines[i].at, *best)) <= worst) continue;
        bt_crowd_line part[BT_CROWD_LINES];
        uint32_t parts = 0;
        for (uint32_t k = 0; k < hard && k < i; k++)
            part[parts++] = lines[k];
        for (uint32_t k = hard; k < i; k++)
            parts += as_much(&lines[i], &lines[k], &part[parts]);
        bt_plane was = *best, out = {-lines[i].along.y, lines[i].along.x};
        if (in_plane(part, parts, speed, out, true, best) < parts) *best = was;
        worst = det(lines[i].along, minus(lines[i].at, *best));
    }
}

bt_plane bt_crowd_solve(const bt_crowd_line *lines, uint32_t count, uint32_t hard, double speed,
                        bt_plane preferred)
{
    bt_plane best;
    uint32_t kept = in_plane(lines, count, speed, preferred, false, &best);
    if (kept < count) least_broken(lines, count, hard, kept, speed, &best);
    return best;
}

// ---- bodies -----------------------------------------------------------------------------------
// From a point to the nearest of a line.
static bt_plane to_line(bt_plane p, const bt_crowd_body *b)
{
    bt_plane along = minus(b->to, b->from), off = minus(b->from, p);
    double square = dot(along, along);
    double u = square > 0.0 ? bt_max(0.0, bt_min(1.0, -dot(off, along) / square)) : 0.0;
    return mad(off, along, u);
}

static bool cross(const bt_crowd_body *a, const bt_crowd_body *b)
{
    bt_plane u = minus(a->to, a->from), v = minus(b->to, b->from);
    double one = det(u, minus(b->from, a->from)), two = det(u, minus(b->to, a->from));
    double three = det(v, minus(a->from, b->from)), four = det(v, minus(a->to, b->from));
    return one * two < 0.0 && three * four < 0.0;
}

bt_plane bt_crowd_between(const bt_crowd_body *a, const bt_crowd_body *b)
{
    bool points = a->from.x == a->to.x && a->from.y == a->to.y && b->from.x == b->to.x &&
                  b->from.y == b->to.y;
    if (points) return minus(b->from, a->from);
    if (cross(a, b)) return (bt_plane){0.0, 0.0};
    // else an end of one of them is nearest
    bt_plane ways[4] = {to_line(a->from, b), to_line(a->to, b), to_line(b->from, a),
                        to_line(b->to, a)};
    bt_plane best = ways[0];
    for (int i = 1; i < 4; i++) {
        bt_plane way = i < 2 ? ways[i] : (bt_plane){-ways[i].x, -ways[i].y};
        if (dot(way, way) < dot(best, best)) best = way;
    }
    return best;
}

// ---- directions -------------------------------------------------------------------------------
// Way along a unit vector at a speed until it meets a disc that moves on; `most`: not before.
static double way_until(const bt_crowd_other *o, bt_plane e, double speed, double most)
{
    bt_plane w = {speed * e.x - o->velocity.x, speed * e.y - o->velocity.y};
    double nears = dot(w, o->place), square = dot(w, w), apart = dot(o->place, o->place);
    double inside = apart - bt_min(o->radius_m * o->radius_m, CLOSE * apart);
    if (nears <= 0.0) return most;
    double root = nears * nears - square * inside;
    if (root < 0.0) return most;
    return bt_min(most, speed * (nears - sqrt(root)) / square);
}

// The same to where the discs are now.
static double way_now(const bt_crowd_other *o, bt_plane e, double most)
{
    double along = dot(o->place, e), across = det(o->place, e);
    double radius = bt_min(o->radius_m * o->radius_m, CLOSE * dot(o->place, o->place));
    double inside = radius - across * across;
    if (along <= 0.0 || inside <= 0.0) return most;
    return bt_min(most, bt_max(0.0, along - sqrt(inside)));
}

// So far it is at least to each, whatever the direction.
static void find_least(const bt_crowd_other *others, uint32_t count, double speed, double *least)
{
    for (uint32_t k = 0; k < count; k++) {
        const bt_crowd_other *o = &others[k];
        double apart = sqrt(dot(o->place, o->place)), meets = sqrt(dot(o->velocity, o->velocity));
        least[k] = (apart - bt_min(o->radius_m, sqrt(CLOSE) * apart)) * speed / (speed + meets);
    }
}

bt_plane bt_crowd_heading(const bt_crowd_other *others, uint32_t count, bt_plane goal, double see,
                          double left, double right, uint32_t turns, bt_plane *course)
{
    double speed = bt_hypot(goal.x, goal.y), nearest = 1e300, least[BT_CROWD_SEEN];
    bt_plane ahead = unit(goal), best = ahead;
    *course = ahead;
    if (speed <= 0.0) return goal;
    count = count < BT_CROWD_SEEN ? count : BT_CROWD_SEEN;
    find_least(others, count, speed, least);
    double c = 1.0, s = 0.0;
    for (int i = 0; i <= 2 * (int)turns; i++) {
        // 0, right, left, further right
        if (i % 2) {
            double further = s * TURN_COS + c * TURN_SIN;
            c = c * TURN_COS - s * TURN_SIN;
            s = -further;
        } else {
            s = -s;
        }
        bt_plane e = {ahead.x * c - ahead.y * s, ahead.x * s + ahead.y * c};
        double way = see;
        if (s > 0.0) way = bt_min(way, left / s);
        if (s < 0.0) way = bt_min(way, right / -s);
        for (uint32_t k = 0; k < count && way > 0.0; k++)
            if (least[k] < way) way = way_until(&others[k], e, speed, way);
        double left_over = see * see + way * way - 2.0 * see * way * c;
        if (left_over >= nearest - 1e-9) continue;
        nearest = left_over;
        best = e;
    }
    double free = see;
    for (uint32_t k = 0; k < count; k++)
        free = way_now(&others[k], best, free);
    *course = best;
    double pace = bt_min(speed, free / REACT_S);
    return (bt_plane){pace * best.x, pace * best.y};
}

// ---- lanes ------------------------------------------------------------------------------------
void bt_crowd_stream_add(double ahead, double left, double along, bt_crowd_stream *stream)
{
    if (ahead <= 0.0) return;
    double aside = fabs(left), weight = 1.0 / (ahead + 1.0);
    double pull = along * weight * PULL_M / (PULL_M + aside) * (along > 0.0 ? FOLLOWS : 1.0);
    stream->pull += left > 0.0 ? pull : -pull;
    stream->weight += weight;
    stream->faces |= along < -0.5 && ahead < FACES_AHEAD_M && aside < FACES_ASIDE_M;
}

double bt_crowd_stream_turn_rad(const bt_crowd_stream *stream, double left_room, double right_room)
{
    double full = bt_max(stream->weight, CROWD_WEIGHT);
    double pull = bt_clamp(PULL_RAD * stream->pull / full, -PULL_MOST_RAD, PULL_MOST_RAD);
    double turn = ASIDE_RAD + CROWD_RAD * stream->weight / full + pull;
    return bt_clamp(turn, ASIDE_RAD - bt_max(0.0, right_room) / EDGE_M,
                    bt_max(0.0, left_room) / EDGE_M);
}
