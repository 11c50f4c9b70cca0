// trail.c: see trail.h.
#include "engine/story/trail.h"

#include "engine/core/memory.h"

#define CLOTHOID_STEP_M 0.2
#define SPLINE_STEP_M 0.1
#define SPLINE_POINTS_MAX 128u
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
    to->curved = from->curved;
    return BT_OK;
}

void bt_trail_finish(bt_trail *p)
{
    p->timed = p->count > 0;
    for (uint32_t i = 0; i < p->count; i++) {
        bool last = i + 1 == p->count;
        bt_vec3 a = p->points[last && i > 0 ? i - 1 : i], b = p->points[last ? i : i + 1];
        double yaw = bt_atan2(b.y - a.y, b.x - a.x);
        bool stays = bt_hypot(b.x - a.x, b.y - a.y) < 1e-9;
        if (isnan(p->yaw_rad[i])) p->yaw_rad[i] = stays && i > 0 ? p->yaw_rad[i - 1] : yaw;
        double step = i == 0 ? 0.0
                             : bt_hypot(p->points[i].x - p->points[i - 1].x,
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
        double off = bt_hypot(pos.x - a.x - u * dx, pos.y - a.y - u * dy);
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
        pos.x += h / 6.0 * (bt_cos(yaw[0]) + 4.0 * bt_cos(yaw[1]) + bt_cos(yaw[2]));
        pos.y += h / 6.0 * (bt_sin(yaw[0]) + 4.0 * bt_sin(yaw[1]) + bt_sin(yaw[2]));
        bt_status status = bt_trail_add(p, pos, NAN);
        if (status != BT_OK) return status;
        p->yaw_rad[p->count - 1] = yaw[2];
        *end = (bt_trail_point){pos, yaw[2]};
    }
    return BT_OK;
}

// Second derivatives m of one coordinate at the knots: a tridiagonal system, clamped at its beginning, free at its
// end. `c`: scratch.
static void solve_spline(const double *t, const double *y, uint32_t n, double first, double *c,
                         double *m)
{
    double h = t[1] - t[0];
    c[0] = 0.5;
    m[0] = 3.0 / h * ((y[1] - y[0]) / h - first);
    for (uint32_t i = 1; i + 1 < n; i++) {
        double before = t[i] - t[i - 1], after = t[i + 1] - t[i];
        double right = 6.0 * ((y[i + 1] - y[i]) / after - (y[i] - y[i - 1]) / before);
        double pivot = 2.0 * (before + after) - before * c[i - 1];
        c[i] = after / pivot;
        m[i] = (right - before * m[i - 1]) / pivot;
    }
    m[n - 1] = 0.0;
    for (uint32_t i = n - 1; i-- > 0;)
        m[i] -= c[i] * m[i + 1];
}

static double spline_at(const double *t, const double *y, const double *m, uint32_t i, double u)
{
    double h = t[i + 1] - t[i], b = (u - t[i]) / h, a = 1.0 - b;
    return a * y[i] + b * y[i + 1] +
           h * h / 6.0 * ((a * a * a - a) * m[i] + (b * b * b - b) * m[i + 1]);
}

bt_status bt_trail_add_spline(bt_trail *p, const bt_vec3 *points, uint32_t count, double yaw_rad)
{
    double t[SPLINE_POINTS_MAX], v[2][SPLINE_POINTS_MAX], m[2][SPLINE_POINTS_MAX];
    double c[SPLINE_POINTS_MAX];
    uint32_t n = 0;
    if (count > SPLINE_POINTS_MAX)
        return bt_fail(BT_ERR_LIMIT, "a curve through more than %u points", SPLINE_POINTS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        double step = n == 0 ? 1.0 : bt_hypot(points[i].x - v[0][n - 1], points[i].y - v[1][n - 1]);
        if (step < 1e-3) continue;
        t[n] = n == 0 ? 0.0 : t[n - 1] + step;
        v[0][n] = points[i].x;
        v[1][n++] = points[i].y;
    }
    if (n < 2) return bt_trail_add(p, points[0], NAN);
    solve_spline(t, v[0], n, bt_cos(yaw_rad), c, m[0]);
    solve_spline(t, v[1], n, bt_sin(yaw_rad), c, m[1]);
    uint32_t steps = 1 + (uint32_t)fmin(t[n - 1] / SPLINE_STEP_M, BT_TRAIL_MAX_POINTS - 2.0);
    uint32_t at = 0;
    for (uint32_t k = 0; k <= steps; k++) {
        double u = t[n - 1] * k / steps;
        while (at + 2 < n && u > t[at + 1])
            at++;
        double z = bt_lerp(points[0].z, points[count - 1].z, u / t[n - 1]); // the ground decides
        bt_vec3 pos = {spline_at(t, v[0], m[0], at, u), spline_at(t, v[1], m[1], at, u), z};
        bt_status status = bt_trail_add(p, pos, NAN);
        if (status != BT_OK) return status;
    }
    return BT_OK;
}

// The span of knots that holds u, and the basis functions that are not zero there: those of the control points
// span - order + 1 to span ("The NURBS Book", algorithms A2.1 and A2.2).
static uint32_t basis_at(const double *knots, uint32_t count, uint32_t order, double u,
                         double value[NURBS_ORDER_MAX])
{
    double left[NURBS_ORDER_MAX], right[NURBS_ORDER_MAX];
    uint32_t span = order - 1;
    while (span + 1 < count && knots[span + 1] <= u)
        span++;
    value[0] = 1.0;
    for (uint32_t j = 1; j < order; j++) {
        double saved = 0.0;
        left[j] = u - knots[span + 1 - j];
        right[j] = knots[span + j] - u;
        for (uint32_t r = 0; r < j; r++) {
            double part = value[r] / (right[r + 1] + left[j - r]);
            value[r] = saved + right[r + 1] * part;
            saved = left[j - r] * part;
        }
        value[j] = saved;
    }
    return span;
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

// The curve's point, and where the basis functions there begin. False: the weights vanish.
static bool nurbs_at(const nurbs *n, double u, bt_vec3 *point, uint32_t *first,
                     double value[NURBS_ORDER_MAX])
{
    double sum = 0.0;
    *point = (bt_vec3){0};
    *first = basis_at(n->knots, n->count, n->order, u, value) + 1 - n->order;
    for (uint32_t k = 0; k < n->order; k++) {
        double part = n->weight[*first + k] * value[k];
        sum += part;
        *point = bt_vec3_mad(*point, n->control[*first + k], part);
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
    double u0 = knots[order - 1], u1 = knots[count], value[NURBS_ORDER_MAX];
    double peak[NURBS_POINTS_MAX] = {0}, most[NURBS_POINTS_MAX] = {0};
    uint32_t steps = NURBS_STEPS * (count - 1), first = p->count;
    for (uint32_t k = 0; k <= steps && status == BT_OK; k++) {
        // the last knot's span is open above
        double u = fmin(bt_lerp(u0, u1, (double)k / steps), u1 - 1e-9 * (u1 - u0));
        bt_vec3 point;
        uint32_t at;
        if (!nurbs_at(&n, u, &point, &at, value))
            return bt_fail(BT_ERR_INPUT, "the weights of a NURBS vanish");
        for (uint32_t i = 0; i < order; i++)
            if (value[i] > most[at + i]) most[at + i] = value[i], peak[at + i] = u;
        status = bt_trail_add(p, point, u);
    }
    for (uint32_t k = first; k < p->count; k++)
        p->time_s[k] = time_at(peak, time_s, count, p->time_s[k]);
    return status;
}
