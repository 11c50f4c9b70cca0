// touch.c: see touch.h.
#include "engine/sim/touch.h"

#include <math.h>

#define POINTS_MOST 12

typedef struct point {
    double x, y;
} point;

// ---- what both cover --------------------------------------------------------------------------
static void corners(const bt_footprint *f, point p[4])
{
    double c = bt_cos(f->yaw_rad), s = bt_sin(f->yaw_rad);
    const double along[4] = {1.0, -1.0, -1.0, 1.0}, aside[4] = {1.0, 1.0, -1.0, -1.0};
    for (int i = 0; i < 4; i++) {
        double x = along[i] * f->half_length_m, y = aside[i] * f->half_width_m;
        p[i] = (point){f->x_m + x * c - y * s, f->y_m + x * s + y * c};
    }
}

// Of a convex polygon, what lies to the left of the line through p towards q (Sutherland and Hodgman 1974).
static int clip(const point *in, int count, point p, point q, point *out)
{
    int kept = 0;
    for (int i = 0; i < count; i++) {
        point a = in[i], b = in[(i + 1) % count];
        double da = (q.x - p.x) * (a.y - p.y) - (q.y - p.y) * (a.x - p.x);
        double db = (q.x - p.x) * (b.y - p.y) - (q.y - p.y) * (b.x - p.x);
        if (da >= 0.0) out[kept++] = a;
        if ((da >= 0.0) == (db >= 0.0)) continue;
        double u = da / (da - db);
        out[kept++] = (point){a.x + u * (b.x - a.x), a.y + u * (b.y - a.y)};
    }
    return kept;
}

static point middle_of(const point *p, int count)
{
    double area = 0.0, x = 0.0, y = 0.0;
    point mean = {0};
    for (int i = 0; i < count; i++) {
        mean.x += p[i].x / count;
        mean.y += p[i].y / count;
    }
    for (int i = 0; i < count; i++) {
        point a = {p[i].x - mean.x, p[i].y - mean.y};
        point b = {p[(i + 1) % count].x - mean.x, p[(i + 1) % count].y - mean.y};
        double part = a.x * b.y - a.y * b.x;
        area += part;
        x += (a.x + b.x) * part;
        y += (a.y + b.y) * part;
    }
    if (area < 1e-12) return mean;
    return (point){mean.x + x / (3.0 * area), mean.y + y / (3.0 * area)};
}

static point middle_of_both(const bt_footprint *a, const bt_footprint *b)
{
    point pa[4], pb[4], one[POINTS_MOST], two[POINTS_MOST];
    corners(a, pa);
    corners(b, pb);
    int count = clip(pa, 4, pb[0], pb[1], one);
    count = clip(one, count, pb[1], pb[2], two);
    count = clip(two, count, pb[2], pb[3], one);
    count = clip(one, count, pb[3], pb[0], two);
    if (count == 0) return (point){0.5 * (a->x_m + b->x_m), 0.5 * (a->y_m + b->y_m)};
    return middle_of(two, count);
}

// ---- axes -------------------------------------------------------------------------------------
static double reach_along(const bt_footprint *f, double nx, double ny)
{
    double c = bt_cos(f->yaw_rad), s = bt_sin(f->yaw_rad);
    return f->half_length_m * fabs(c * nx + s * ny) + f->half_width_m * fabs(-s * nx + c * ny);
}

bool bt_touch_find(const bt_footprint *a, const bt_footprint *b, const bt_impact_body *body_a,
                   const bt_impact_body *body_b, double within_s, bt_touch *touch)
{
    if (!bt_footprint_overlap(a, b)) return false;
    point at = middle_of_both(a, b);
    double vx, vy, best_ago = 1e300, best_depth = 1e300;
    bt_impact_relative(body_a, body_b, at.x, at.y, &vx, &vy);
    for (int i = 0; i < 4; i++) {
        const bt_footprint *f = i < 2 ? a : b;
        double yaw = f->yaw_rad + (i % 2 ? 0.5 * BT_PI : 0.0), nx = bt_cos(yaw), ny = bt_sin(yaw);
        double apart = (b->x_m - a->x_m) * nx + (b->y_m - a->y_m) * ny;
        if (apart < 0.0) nx = -nx, ny = -ny, apart = -apart;
        double depth = reach_along(a, nx, ny) + reach_along(b, nx, ny) - apart;
        double closing = -(vx * nx + vy * ny), ago = closing > 1e-6 ? depth / closing : 1e300;
        bool fresh = ago <= within_s, better = fresh ? ago < best_ago : depth < best_depth;
        if (!fresh && best_ago < 1e300) continue;
        if (!better && !(fresh && best_ago == 1e300)) continue;
        if (fresh) best_ago = ago;
        best_depth = depth;
        *touch = (bt_touch){at.x, at.y, nx, ny, depth, fresh ? ago : 0.0};
    }
    return true;
}
