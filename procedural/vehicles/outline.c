// outline.c: rounded polygons and their signed distance.
#include "procedural/vehicles/outline.h"

#define ROUND_STEPS 6

static void push(bt_outline *outline, double x, double y)
{
    if (outline->count < BT_OUTLINE_MAX) outline->points[outline->count++] = (bt_point2){x, y};
}

void bt_outline_round(bt_outline *outline, const bt_corner *corners, size_t count)
{
    outline->count = 0;
    for (size_t i = 0; i < count; i++) {
        bt_corner b = corners[i], a = corners[(i + count - 1) % count],
                  c = corners[(i + 1) % count];
        double ab = bt_hypot(a.x - b.x, a.y - b.y), cb = bt_hypot(c.x - b.x, c.y - b.y);
        double r = fmin(b.radius, 0.45 * fmin(ab, cb));
        if (r <= 0.0) {
            push(outline, b.x, b.y);
            continue;
        }
        double px = b.x + (a.x - b.x) / ab * r, py = b.y + (a.y - b.y) / ab * r;
        double qx = b.x + (c.x - b.x) / cb * r, qy = b.y + (c.y - b.y) / cb * r;
        for (int k = 0; k <= ROUND_STEPS; k++) {
            double u = (double)k / ROUND_STEPS, v = 1.0 - u;
            push(outline, v * v * px + 2.0 * u * v * b.x + u * u * qx,
                 v * v * py + 2.0 * u * v * b.y + u * u * qy);
        }
    }
}

static double segment_distance2(bt_point2 a, bt_point2 b, bt_point2 p)
{
    double dx = b.x - a.x, dy = b.y - a.y;
    double length2 = dx * dx + dy * dy;
    double u = length2 > 0.0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0.0;
    u = bt_clamp(u, 0.0, 1.0);
    double ex = p.x - a.x - u * dx, ey = p.y - a.y - u * dy;
    return ex * ex + ey * ey;
}

double bt_outline_distance(const bt_outline *outline, bt_point2 p)
{
    double best = INFINITY;
    bool inside = false;
    for (size_t i = 0, j = outline->count - 1; i < outline->count; j = i++) {
        bt_point2 a = outline->points[j], b = outline->points[i];
        best = fmin(best, segment_distance2(a, b, p));
        // even-odd rule
        if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y))
            inside = !inside;
    }
    return inside ? -sqrt(best) : sqrt(best);
}
