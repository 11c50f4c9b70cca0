// trail.c: see trail.h.
#include "engine/story/trail.h"

#include "engine/core/memory.h"

#define CLOTHOID_STEP_M 0.2
#define CLOTHOID_STEP_RAD (1.0 * BT_RAD_PER_DEG)
#define NURBS_STEPS 100 // between two control points
#define NURBS_ORDER_MAX 8u
#define NURBS_POINTS_MAX 200u

void bt_trail_clear(bt_trail *path)
{
    bt_free(path->points);
    bt_free(path->along_m);
    bt_free(path->time_s);
    bt_free(path->yaw_rad);
    *path = (bt_trail){0};
}

static bool grow(void **items, uint32_t capacity, size_t size)
{
    void *more = bt_realloc(*items, capacity, size);
    if (more) *items = more;
    return more != NULL;
}

static bt_status reserve(bt_trail *p, uint32_t need)
{
    if (need <= p->capacity) return BT_OK;
    if (need > BT_TRAIL_MAX_POINTS)
        return bt_fail(BT_ERR_LIMIT, "a trajectory of more than %u points", BT_TRAIL_MAX_POINTS);
    uint32_t capacity = need < 32 ? 32 : 2 * need;
    bool grown = grow((void **)&p->points, capacity, sizeof *p->points) &&
                 grow((void **)&p->along_m, capacity, sizeof *p->along_m) &&
                 grow((void **)&p->time_s, capacity, sizeof *p->time_s) &&
                 grow((void **)&p->yaw_rad, capacity, sizeof *p->yaw_rad);
    if (!grown) return bt_fail(BT_ERR_MEMORY, "no memory for a trajectory");
    p->capacity = capacity;
    return BT_OK;
}

bt_status bt_trail_add(bt_trail *p, bt_vec3 point, double time_s)
{
    bt_status status = reserve(p, p->count + 1);
    if (status != BT_OK) return status;
    p->points[p->count] = point;
    p->time_s[p->count] = time_s;
    p->yaw_rad[p->count] = NAN;
    p->count++;
    return BT_OK;
}

bt_status bt_trail_copy(const bt_trail *from, bt_trail *to)
{
    *to = (bt_trail){0};
    bt_status status = reserve(to, from->count);
    if (status != BT_OK) return status;
    for (uint32_t i = 0; i < from->count; i++) {
        to->points[i] = from->points[i];
        to->along_m[i] = from->along_m[i];
        to->time_s[i] = from->time_s[i];
        to->yaw_rad[i] = from->yaw_rad[i];
    }
    to->count = from->count;
    to->timed = from->timed;
    return BT_OK;
}

void bt_trail_finish(bt_trail *p)
{
    p->timed = p->count > 0;
    for (uint32_t i = 0; i < p->count; i++) {
        bool last = i + 1 == p->count;
        bt_vec3 a = p->points[last && i > 0 ? i - 1 : i], b = p->points[last ? i : i + 1];
        double yaw = atan2(b.y - a.y, b.x - a.x);
        bool stays = hypot(b.x - a.x, b.y - a.y) < 1e-9;
        if (isnan(p->yaw_rad[i])) p->yaw_rad[i] = stays && i > 0 ? p->yaw_rad[i - 1] : yaw;
        double step = i == 0 ? 0.0
                             : hypot(p->points[i].x - p->points[i - 1].x,
                                     p->points[i].y - p->points[i - 1].y);
        p->along_m[i] = i == 0 ? 0.0 : p->along_m[i - 1] + step;
        p->timed = p->timed && !isnan(p->time_s[i]);
    }
}

double bt_trail_length(const bt_trail *p)
{
    return p->count > 0 ? p->along_m[p->count - 1] : 0.0;
}

// The last point whose value is not beyond x; the last but one at the end.
static uint32_t find(const double *values, uint32_t count, double x)
{
    uint32_t low = 0, high = count - 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (values[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bt_trail_point bt_trail_at(const bt_trail *p, double along_m)
{
    if (p->count == 0) return (bt_trail_point){0};
    if (p->count == 1) return (bt_trail_point){p->points[0], p->yaw_rad[0]};
    uint32_t i = find(p->along_m, p->count, along_m);
    double span = p->along_m[i + 1] - p->along_m[i];
    double u = span > 0.0 ? bt_clamp((along_m - p->along_m[i]) / span, 0.0, 1.0) : 0.0;
    return (bt_trail_point){bt_vec3_lerp(p->points[i], p->points[i + 1], u),
                            u >= 1.0 ? p->yaw_rad[i + 1] : p->yaw_rad[i]};
}

double bt_trail_along_at_time(const bt_trail *p, double time_s)
{
    if (p->count < 2) return 0.0;
    uint32_t i = find(p->time_s, p->count, time_s);
    double span = p->time_s[i + 1] - p->time_s[i];
    double u = span > 0.0 ? bt_clamp((time_s - p->time_s[i]) / span, 0.0, 1.0) : 1.0;
    return bt_lerp(p->along_m[i], p->along_m[i + 1], u);
}

double bt_trail_nearest(const bt_trail *p, bt_vec3 pos)
{
    double best = 1e300, along = 0.0;
    for (uint32_t i = 0; i + 1 < p->count; i++) {
        bt_vec3 a = p->points[i], b = p->points[i + 1];
        double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
        double u = 0.0;
        if (square > 0.0)
            u = bt_clamp(((pos.x - a.x) * dx + (pos.y - a.y) * dy) / square, 0.0, 1.0);
        double off = hypot(pos.x - a.x - u * dx, pos.y - a.y - u * dy);
        if (off >= best) continue;
        best = off;
        along = bt_lerp(p->along_m[i], p->along_m[i + 1], u);
    }
    return along;
}

// ---- curves -----------------------------------------------------------------------------------
bt_status bt_trail_add_clothoid(bt_trail *p, bt_trail_point at, double length_m, double k0,
                                double k1, bt_trail_point *end)
{
    double turn = fmax(fabs(k0), fabs(k1)) * length_m;
    double wanted = fmax(length_m / CLOTHOID_STEP_M, turn / CLOTHOID_STEP_RAD);
    *end = at;
    if (!(length_m >= 0.0 && wanted < BT_TRAIL_MAX_POINTS))
        return bt_fail(BT_ERR_LIMIT, "a clothoid of %g m that turns by %g rad", length_m, turn);
    uint32_t steps = 1 + (uint32_t)wanted;
    double h = length_m / steps, slope = length_m > 0.0 ? (k1 - k0) / length_m : 0.0;
    bt_vec3 pos = at.pos;
    for (uint32_t i = 1; i <= steps; i++) {
        double s[3] = {h * (i - 1), h * (i - 0.5), h * i}, yaw[3];
        for (int k = 0; k < 3; k++)
            yaw[k] = at.yaw_rad + k0 * s[k] + 0.5 * slope * s[k] * s[k];
        pos.x += h / 6.0 * (cos(yaw[0]) + 4.0 * cos(yaw[1]) + cos(yaw[2]));
        pos.y += h / 6.0 * (sin(yaw[0]) + 4.0 * sin(yaw[1]) + sin(yaw[2]));
        bt_status status = bt_trail_add(p, pos, NAN);
        if (status != BT_OK) return status;
        p->yaw_rad[p->count - 1] = yaw[2];
        *end = (bt_trail_point){pos, yaw[2]};
    }
    return BT_OK;
}

// Basis functions of one parameter, by the recursion of Cox and de Boor.
static double basis(const double *knots, uint32_t i, uint32_t order, double u)
{
    if (order == 1) return u >= knots[i] && u < knots[i + 1] ? 1.0 : 0.0;
    double left = knots[i + order - 1] - knots[i], right = knots[i + order] - knots[i + 1];
    double sum = 0.0;
    if (left > 0.0) sum += (u - knots[i]) / left * basis(knots, i, order - 1, u);
    if (right > 0.0) sum += (knots[i + order] - u) / right * basis(knots, i + 1, order - 1, u);
    return sum;
}

static bt_status check_nurbs(uint32_t count, const double *knots, uint32_t order)
{
    if (order < 2 || order > NURBS_ORDER_MAX || count < order || count > NURBS_POINTS_MAX)
        return bt_fail(
            BT_ERR_INPUT,
            "a NURBS of order %u over %u points: expected order 2 to %u, and as many points "
            "as that, at most %u",
            order, count, NURBS_ORDER_MAX, NURBS_POINTS_MAX);
    for (uint32_t i = 1; i < count + order; i++)
        if (!(knots[i] >= knots[i - 1]))
            return bt_fail(BT_ERR_INPUT, "knot %u of a NURBS is below the one before", i + 1);
    if (knots[count] > knots[order - 1]) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "the knots of a NURBS span nothing");
}

typedef struct nurbs {
    const bt_vec3 *control;
    const double *weight, *knots;
    uint32_t count, order;
} nurbs;

// The curve's point, and each control point's basis function there. False: the weights vanish.
static bool nurbs_at(const nurbs *n, double u, bt_vec3 *point, double share[NURBS_POINTS_MAX])
{
    double sum = 0.0;
    *point = (bt_vec3){0};
    for (uint32_t i = 0; i < n->count; i++) {
        share[i] = basis(n->knots, i, n->order, u);
        sum += n->weight[i] * share[i];
        *point = bt_vec3_mad(*point, n->control[i], n->weight[i] * share[i]);
    }
    *point = bt_vec3_scale(*point, 1.0 / sum);
    return sum > 0.0;
}

// Each control point has its time where its basis function is greatest; between them time runs evenly with the
// parameter.
static double time_at(const double *peak, const double *time_s, uint32_t count, double u)
{
    uint32_t i = 0;
    while (i + 2 < count && peak[i + 1] <= u)
        i++;
    double span = peak[i + 1] - peak[i];
    return bt_lerp(time_s[i], time_s[i + 1], span > 0.0 ? (u - peak[i]) / span : 1.0);
}

bt_status bt_trail_add_nurbs(bt_trail *p, const bt_vec3 *control, const double *weight,
                             const double *time_s, uint32_t count, const double *knots,
                             uint32_t order)
{
    bt_status status = check_nurbs(count, knots, order);
    if (status != BT_OK) return status;
    nurbs n = {control, weight, knots, count, order};
    double u0 = knots[order - 1], u1 = knots[count], share[NURBS_POINTS_MAX];
    double peak[NURBS_POINTS_MAX] = {0}, most[NURBS_POINTS_MAX] = {0};
    uint32_t steps = NURBS_STEPS * (count - 1), first = p->count;
    for (uint32_t k = 0; k <= steps && status == BT_OK; k++) {
        // the last knot's span is open above
        double u = fmin(bt_lerp(u0, u1, (double)k / steps), u1 - 1e-9 * (u1 - u0));
        bt_vec3 point;
        if (!nurbs_at(&n, u, &point, share))
            return bt_fail(BT_ERR_INPUT, "the weights of a NURBS vanish");
        for (uint32_t i = 0; i < count; i++)
            if (share[i] > most[i]) most[i] = share[i], peak[i] = u;
        status = bt_trail_add(p, point, u);
    }
    for (uint32_t k = first; k < p->count; k++)
        p->time_s[k] = time_at(peak, time_s, count, p->time_s[k]);
    return status;
}
